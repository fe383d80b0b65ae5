//! Handing the user a file.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, window};

use super::js;

/// Has the browser save `text` as a file of that name, where it saves what is downloaded.
pub fn save_text(name: &str, text: &str) {
    // It fails only where there is no page.
    let _ = save(name, text);
}

fn save(name: &str, text: &str) -> Result<(), JsValue> {
    let window = window().ok_or("no window")?;
    let document = window.document().ok_or("no document")?;
    let options = Object::new();
    js::set(&options, "type", &"text/plain;charset=utf-8".into());
    let make: Function = js::get(&window, "Blob").dyn_into()?;
    let parts: JsValue = Array::of1(&text.into()).into();
    let blob = Reflect::construct(&make, &Array::of2(&parts, &options))?;
    let urls = js::get(&window, "URL");
    let address = js::call(&urls, "createObjectURL", &Array::of1(&blob))?;
    let link: HtmlElement = document.create_element("a")?.dyn_into()?;
    js::set(&link, "href", &address);
    js::set(&link, "download", &name.into());
    link.click();
    // The browser has taken hold of it by then.
    js::call(&urls, "revokeObjectURL", &Array::of1(&address))?;
    Ok(())
}
