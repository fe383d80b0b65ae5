//! What a picture among the files looks like.

use std::rc::Rc;

use tincan_session::files::{SourceId, TransferId};
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::browser::PictureUrl;
use crate::ui::context::page::use_page;
use crate::ui::parts::effect::use_effect_on;

/// Where the picture is.
#[derive(Clone, PartialEq)]
pub(super) enum Place {
    /// The user has chosen it.
    Chosen(SourceId),
    /// It was received, and is here whole.
    Received(TransferId),
    /// Not here any more, or not yet.
    Nowhere,
}

#[derive(Properties, PartialEq)]
pub(super) struct PreviewProps {
    pub(super) name: String,
    pub(super) mime: String,
    pub(super) place: Place,
}

/// The picture, small. Once it was here it stays.
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
        let (mime, place) = (props.mime.clone(), props.place.clone());
        use_effect_on(props.place.clone(), move || {
            match place {
                Place::Chosen(source) => {
                    picture.set(PictureUrl::of_chosen(&sources, source, &mime).map(Rc::new));
                }
                Place::Received(id) => spawn_local(async move {
                    picture.set(PictureUrl::of_received(&id, &mime).await.map(Rc::new));
                }),
                Place::Nowhere => {}
            }
            None
        });
    }
    match &*picture {
        // What isn't the picture that it is called is not shown.
        Some(picture) => html! {
            <img class="file__preview" src={picture.as_str().to_owned()} alt={text} decoding="async" onerror={forget} />
        },
        None => Html::default(),
    }
}
