//! One picture, or what is shown in place of it, with whose it is.

use web_sys::{Element, HtmlVideoElement};
use yew::prelude::*;

use super::arrangement::{Choice, TileKey};
use super::state::{Change, Dispatcher, dispatching};
use crate::browser::{
    Source, can_fullscreen, can_picture_in_picture, toggle_fullscreen, toggle_picture_in_picture,
};
use crate::ui::context::page::use_texts;
use crate::ui::parts::button::drawn_button;
use crate::ui::parts::cans::initial;
use crate::ui::parts::icon::{Glyph, icon};
use crate::ui::parts::video::Video;

#[derive(Properties, PartialEq)]
pub(super) struct TileProps {
    pub(super) tile: TileKey,
    /// See [`super::arrangement::tile_id`].
    pub(super) id: AttrValue,
    pub(super) class: &'static str,
    pub(super) source: Option<Source>,
    /// Whether there is something to see.
    pub(super) seen: bool,
    /// What the `<video>` is called.
    pub(super) label: AttrValue,
    /// Whose picture it is, or what it shows.
    pub(super) name: AttrValue,
    /// It is a guest's.
    pub(super) guest: bool,
    /// A word about the connection, or nothing.
    pub(super) state: &'static str,
    pub(super) muted: bool,
    pub(super) weak: bool,
    /// What the button chooses: everybody alike if this one is big, otherwise this one.
    pub(super) choice: Choice,
    pub(super) dispatcher: Dispatcher,
}

/// The `<video>` stays in its place whatever comes and goes, so that a picture that is there never starts
/// anew.
#[component]
pub(super) fn Tile(props: &TileProps) -> Html {
    let texts = use_texts();
    let tile = use_node_ref();
    let video = use_node_ref();
    let own = props.tile.address.is_empty();
    let name = &props.name;

    let full_screen = {
        let tile = tile.clone();
        Callback::from(move |_| {
            if let Some(tile) = tile.cast::<Element>() {
                toggle_fullscreen(&tile);
            }
        })
    };
    let float = {
        let video = video.clone();
        Callback::from(move |_| {
            if let Some(video) = video.cast::<HtmlVideoElement>() {
                toggle_picture_in_picture(&video);
            }
        })
    };
    let (glyph, choose_words) = match &props.choice {
        Choice::Big(_) => (Glyph::Enlarge, texts.make_big(name).into()),
        Choice::Everybody { .. } | Choice::Unmade => (Glyph::Everybody, texts.show_everybody.into()),
    };
    let choose = dispatching(&props.dispatcher, Change::Choose(props.choice.clone()));
    // The user's own camera is shown as in a mirror.
    let look = match (own, props.tile.screen) {
        // The element of somebody else is there without a picture too.
        _ if !props.seen => "video video--unseen",
        (true, false) => "video tile__picture video--mirrored",
        (_, true) => "video tile__picture tile__picture--screen",
        (false, false) => "video tile__picture",
    };
    let (fill_screen, float_words) = (texts.full_screen(name).into(), texts.picture_in_picture(name).into());
    html! {
        <div ref={tile} id={props.id.clone()} class={props.class}>
            if props.seen || !own {
                <Video element={video} class={look} source={props.source} label={props.label.clone()} />
            }
            if !props.seen {
                <div class="tile__nobody" aria-hidden="true">
                    <span class="avatar avatar--large">{ initial(&props.name) }</span>
                    <bdi class="tile__words">{ props.name.clone() }</bdi>
                </div>
            }
            <p class="tile__label" aria-hidden="true">
                if props.muted { { icon(Glyph::MicrophoneOff) } }
                if props.weak { { icon(Glyph::Weak) } }
                <bdi class="tile__name">{ props.name.clone() }</bdi>
                if props.guest { <span class="mark">{ texts.is_guest }</span> }
                if !props.state.is_empty() { <span>{ props.state }</span> }
            </p>
            <div class="tile__buttons">
                { drawn_button("tile__button tile__button--choose", glyph, choose_words, choose) }
                if props.seen && can_fullscreen() {
                    { drawn_button("tile__button", Glyph::FullScreen, fill_screen, full_screen) }
                }
                if props.seen && !own && can_picture_in_picture() {
                    { drawn_button("tile__button", Glyph::PictureInPicture, float_words, float) }
                }
            </div>
        </div>
    }
}
