//! Leads a phone of the same network to this server, where it has a certificate of its own.

use yew::platform::spawn_local;
use yew::prelude::*;

use crate::browser::lan_address;
use crate::ui::context::page::use_texts;
use crate::ui::parts::button::text_button;
use crate::ui::parts::dialog::Dialog;
use crate::ui::parts::effect::use_effect_on;
use crate::ui::parts::icon::Glyph;
use crate::ui::parts::qr::qr_code;

/// Draws a button that shows the address and its QR code, if the server says one.
#[component]
pub(super) fn OnPhone() -> Html {
    let texts = use_texts();
    let (url, open) = (use_state_eq(|| None::<AttrValue>), use_state_eq(|| false));
    {
        let url = url.setter();
        use_effect_on((), move || {
            spawn_local(async move { url.set(lan_address().await.map(AttrValue::from)) });
            None
        });
    }
    let Some(url) = &*url else { return Html::default() };
    let (shown, hidden) = (open.setter(), open.setter());
    let show = Callback::from(move |_| shown.set(true));
    let hide = Callback::from(move |_| hidden.set(false));
    html! {
        <>
            { text_button("button button--quiet", Glyph::Phone, texts.on_phone, show) }
            if *open {
                <Dialog title={texts.on_phone} onclose={hide}>
                    <div class="invite">
                        { qr_code(url, texts.on_phone_code) }
                        <a href={url.clone()} dir="ltr">{ url }</a>
                        <p class="hint">{ texts.on_phone_hint }</p>
                    </div>
                </Dialog>
            }
        </>
    }
}
