//! Small pictures of the files that are pictures.

use std::rc::Rc;

use tincan_session::files::{SourceId, TransferId};
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::browser::PictureUrl;
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
    let picture = use_state(|| None::<Rc<PictureUrl>>);
    let forget = {
        let picture = picture.setter();
        Callback::from(move |_: Event| picture.set(None))
    };
    let text = page.texts().preview_of(&props.name).into_string();
    {
        let (sources, picture) = (page.handle.sources().clone(), picture.setter());
        let (mime, location) = (props.mime.clone(), props.location.clone());
        use_effect_on(props.location.clone(), move || {
            match location {
                Location::Chosen(source) => {
                    picture.set(PictureUrl::of_chosen(&sources, source, &mime).map(Rc::new));
                }
                Location::Received(id) => spawn_local(async move {
                    picture.set(PictureUrl::of_received(id, &mime).await.map(Rc::new));
                }),
                Location::Nowhere => {}
            }
            None
        });
    }
    match &*picture {
        // A file that isn't the picture that its type says is not shown.
        Some(picture) => html! {
            <img class="file__preview" src={picture.as_str().to_owned()} alt={text} decoding="async"
                onerror={forget} />
        },
        None => Html::default(),
    }
}
