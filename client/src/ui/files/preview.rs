//! Small pictures of the files that are pictures.

use std::rc::Rc;

use tincan_session::files::{SourceId, TransferId};
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::browser::{NoPicture, PictureUrl};
use crate::ui::context::page::use_page;
use crate::ui::parts::effect::use_effect_on;

/// Where the file is.
#[derive(Clone, PartialEq)]
pub(super) enum Location {
    /// The user chose it.
    Chosen(SourceId),
    /// It was received completely.
    Received(TransferId),
    /// It is not here yet, or not any more.
    Nowhere,
}

#[derive(Properties, PartialEq)]
pub(super) struct PreviewProps {
    pub(super) name: String,
    pub(super) mime: String,
    pub(super) location: Location,
}

/// Shows the picture. It stays when the file goes.
#[component]
pub(super) fn Preview(props: &PreviewProps) -> Html {
    let page = use_page();
    let picture = use_state(|| Err(NoPicture::None));
    let forget = {
        let picture = picture.setter();
        Callback::from(move |_: Event| picture.set(Err(NoPicture::None)))
    };
    let text = page.texts().preview_of(&props.name).into_string();
    {
        let (sources, picture) = (page.handle.sources().clone(), picture.setter());
        let (mime, location) = (props.mime.clone(), props.location.clone());
        use_effect_on(props.location.clone(), move || {
            spawn_local(async move {
                let url = match location {
                    Location::Chosen(source) => PictureUrl::of_chosen(sources, source, &mime).await,
                    Location::Received(id) => PictureUrl::of_received(id, &mime).await,
                    Location::Nowhere => return,
                };
                picture.set(url.map(Rc::new));
            });
            None
        });
    }
    match &*picture {
        // A file that isn't the picture that its type says is not shown.
        Ok(picture) => html! {
            <img class="file__preview" src={picture.as_str().to_owned()} alt={text} decoding="async"
                onerror={forget} />
        },
        Err(NoPicture::TooLarge) => html! { <p class="hint">{ page.texts().picture_too_large }</p> },
        Err(NoPicture::None) => Html::default(),
    }
}
