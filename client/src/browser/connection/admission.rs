//! Asks the server why a WebSocket doesn't open, which no browser tells a page.
//!
//! What the answers mean is in `server/src/admission.rs`.

use tincan_session::ServerTrouble;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response, window};

pub(super) enum Admission {
    /// It should open.
    Admitted,
    Refused(ServerTrouble),
    /// There is no answer.
    NoAnswer,
}

pub(super) async fn ask() -> Admission {
    let Some(response) = post("admission").await else { return Admission::NoAnswer };
    match response.status() {
        204 => Admission::Admitted,
        403 => {
            // Somebody in between may have answered with a page of theirs.
            let url = text(&response).await.filter(|url| url.starts_with("http") && url.len() < 200);
            Admission::Refused(ServerTrouble::WrongAddress(url))
        }
        429 => Admission::Refused(ServerTrouble::Busy),
        _ => Admission::Refused(ServerTrouble::NoServer),
    }
}

/// Asks by POST, with which browsers say where the page is from.
pub(super) async fn post(path: &str) -> Option<Response> {
    let init = RequestInit::new();
    init.set_method("POST");
    let request = window()?.fetch_with_str_and_init(path, &init);
    JsFuture::from(request).await.ok()?.dyn_into().ok()
}

pub(super) async fn text(response: &Response) -> Option<String> {
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}
