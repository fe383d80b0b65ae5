//! Videos: the camera, and whatever others send.

use tincan_session::DeviceView;
use web_sys::HtmlVideoElement;
use yew::prelude::*;

use super::effect::use_effect_on;
use crate::browser::Source;
use crate::ui::catalogue::Catalogue;
use crate::ui::context::page::use_page;

#[derive(Properties, PartialEq)]
pub(crate) struct VideoProps {
    /// What it shows, if there is anything yet.
    pub(crate) source: Option<Source>,
    /// Whose picture it is.
    pub(crate) label: AttrValue,
    pub(crate) class: &'static str,
    /// The element, for a component that needs it.
    #[prop_or_default]
    pub(crate) element: NodeRef,
}

/// Shows a source for as long as it is drawn. Sound is played by elements of its own.
#[component]
pub(crate) fn Video(props: &VideoProps) -> Html {
    let elements = use_page().handle.media_elements().clone();
    let own = matches!(props.source, Some(Source::Camera { .. } | Source::Screen { .. }));
    {
        let element = props.element.clone();
        let source = props.source;
        use_effect_on(source, move || {
            let video = element.cast::<HtmlVideoElement>()?;
            elements.show(source?, &video);
            Some(Box::new(move || elements.hide(&video)))
        });
    }
    html! {
        <video ref={props.element.clone()} class={props.class} aria-label={&props.label}
            autoplay=true playsinline=true disablepictureinpicture={own.then_some("")} />
    }
}

/// Returns the source for the local camera, while that is on.
pub(crate) fn camera_source(camera: DeviceView) -> Option<Source> {
    match camera {
        DeviceView::On { capture } | DeviceView::Muted { capture } => Some(Source::Camera { capture }),
        // Its picture stands still, or is black.
        DeviceView::Interrupted { .. } | DeviceView::Off | DeviceView::Starting | DeviceView::Failed(_) => {
            None
        }
    }
}

/// Draws what the local camera sees, as in a mirror, while it is on.
pub(crate) fn self_view(camera: DeviceView, class: &'static str, texts: &Catalogue) -> Html {
    match camera_source(camera) {
        Some(source) => {
            html! { <Video {class} {source} label={texts.you} /> }
        }
        None => Html::default(),
    }
}
