//! Moving pictures.

use tincan_session::DeviceView;
use web_sys::HtmlVideoElement;
use yew::prelude::*;

use super::locale::use_texts;
use super::page::use_page;
use crate::browser::Source;

#[derive(Properties, PartialEq)]
pub(crate) struct VideoProps {
    /// What it shows; nothing yet where there is none.
    pub(crate) source: Option<Source>,
    /// Whose picture it is.
    pub(crate) label: AttrValue,
    /// Whether its sound is left out.
    #[prop_or_default]
    pub(crate) muted: bool,
    #[prop_or_default]
    pub(crate) class: Classes,
}

/// Shows a source for as long as it is drawn.
#[component]
pub(crate) fn Video(props: &VideoProps) -> Html {
    let element = use_node_ref();
    let stage = use_page().handle.stage().clone();
    {
        let element = element.clone();
        // The attribute `muted` only counts in HTML that is parsed: here the property is what mutes.
        use_effect_with(props.muted, move |muted| {
            if let Some(video) = element.cast::<HtmlVideoElement>() {
                video.set_muted(*muted);
            }
        });
    }
    {
        let element = element.clone();
        use_effect_with((props.source, stage), move |(source, stage)| {
            let shown = element.cast::<HtmlVideoElement>().zip(*source);
            if let Some((video, source)) = &shown {
                stage.show(*source, video);
            }
            let stage = stage.clone();
            move || {
                if let Some((video, _)) = shown {
                    stage.hide(&video);
                }
            }
        });
    }
    html! {
        <video ref={element} class={classes!("video", props.class.clone())} aria-label={&props.label} autoplay=true
            playsinline=true muted={props.muted} disablepictureinpicture={props.muted.then_some("")} />
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct SelfViewProps {
    pub(crate) camera: DeviceView,
    #[prop_or_default]
    pub(crate) class: Classes,
}

/// What the local camera sees, as in a mirror, while it is on.
#[component]
pub(crate) fn SelfView(props: &SelfViewProps) -> Html {
    let texts = use_texts();
    match props.camera {
        DeviceView::On { capture } | DeviceView::Muted { capture } => html! {
            <Video class={classes!("video--mirrored", props.class.clone())} source={Source::Local { capture }}
                label={texts.you} muted=true />
        },
        DeviceView::Off | DeviceView::Starting | DeviceView::Failed(_) => Html::default(),
    }
}
