//! The pictures of a meeting.

use std::rc::Rc;

use tincan_session::{ConnectionView, DeviceView, LocalMediaView, Meeting, MeetingKind, Participant};
use yew::prelude::*;

use super::arrangement::{Arrangement, Choice, TileKey, tile_id};
use super::state::Dispatcher;
use super::tile::Tile;
use super::visibility::STAGE;
use crate::browser::Source;
use crate::ui::catalogue::Catalogue;
use crate::ui::context::page::use_texts;
use crate::ui::parts::icon::{Glyph, icon};
use crate::ui::parts::invite::Invite;
use crate::ui::parts::toggle::is_live;
use crate::ui::parts::video::camera_source;

/// The id of the tile with the user's own camera.
pub(super) const OWN_TILE: &str = "own-tile";

#[derive(Properties, PartialEq)]
pub(super) struct StageProps {
    pub(super) meeting: Rc<Meeting>,
    pub(super) arrangement: Arrangement,
    /// Whether the invitation is shown in a dialog already.
    pub(super) inviting: bool,
    pub(super) dispatcher: Dispatcher,
}

/// Draws everybody's picture, and the screens that they show.
#[component]
pub(super) fn Stage(props: &StageProps) -> Html {
    let StageProps { meeting, arrangement, inviting, dispatcher } = props;
    let texts = use_texts();
    let alone = match &meeting.kind {
        MeetingKind::Room { name, .. } if meeting.others.is_empty() => Some(name),
        _ => None,
    };
    let in_call = matches!(meeting.kind, MeetingKind::Call { .. });
    let draw = |tile: &TileKey| {
        let big = arrangement.big.as_ref() == Some(tile);
        let choice = if big { arrangement.everybody() } else { Choice::Big(tile.clone()) };
        let other = meeting.others.iter().find(|other| other.address == tile.address);
        let own = tile.address.is_empty();
        let class = match (big, own) {
            (false, false) => "tile",
            (true, false) => "tile tile--big",
            (false, true) => "tile tile--own",
            (true, true) => "tile tile--own tile--big",
        };
        let Picture { id, source, seen, label, name, muted, weak, guest, state } = match other {
            Some(other) if tile.screen => screen_of(other, texts),
            Some(other) => camera_of(other, texts),
            None if tile.screen => own_screen(&meeting.local, texts),
            None => own_camera(meeting, texts),
        };
        // In the corner, the user's own tile is there only while it has a picture.
        if own && !seen && arrangement.pair && in_call {
            return None;
        }
        let key = [if tile.screen { "s" } else { "c" }, &tile.address].concat();
        Some(html! {
            <Tile {key} tile={tile.clone()} {id} {class} {source} {seen} {label} {name} {guest}
                {state} {muted}
                {weak}
                {choice} dispatcher={dispatcher.clone()} />
        })
    };
    // A list of their own: Yew keeps each element in its place only where everything in a list has a key.
    let tiles: Html = arrangement.tiles.iter().filter_map(draw).collect();
    let muted = meeting.others.first().filter(|other| in_call && other.remote.muted);
    html! {
        <div id={STAGE} class={shape(arrangement, alone.is_some())}>
            { tiles }
            if let Some(room) = alone {
                <div class="tile stage__alone">
                    <p>{ texts.alone }</p>
                    if !*inviting {
                        <Invite room={room.clone()} />
                    }
                </div>
            }
            // Only in a call: in a room, the list of people says so of everybody.
            <p class="stage__muted" role="status">
                if let Some(other) = muted {
                    { icon(Glyph::MicrophoneOff) }
                    <span>{ texts.peer_muted(&other.name) }</span>
                }
            </p>
        </div>
    }
}

/// Returns the classes by which the style sheet shares the stage among the pictures.
fn shape(arrangement: &Arrangement, alone: bool) -> String {
    const COUNTS: [(usize, &str); 9] = [
        (1, "stage--1"),
        (2, "stage--2"),
        (3, "stage--3"),
        (4, "stage--4"),
        (6, "stage--6"),
        (8, "stage--8"),
        (9, "stage--9"),
        (12, "stage--12"),
        (usize::MAX, "stage--16"),
    ];
    let arranged = match (arrangement.pair, &arrangement.big) {
        (true, _) => "stage--pair",
        (false, Some(_)) => "stage--big",
        (false, None) => "stage--grid",
    };
    // Beside a big one, the others share a strip.
    let count = arrangement.tiles.len() + usize::from(alone) - usize::from(arrangement.big.is_some());
    let count = COUNTS.iter().find(|(most, _)| count <= *most).map_or("", |(_, class)| class);
    ["stage", arranged, count].join(" ")
}

/// What a tile shows: see [`TileProps`](super::tile::TileProps).
struct Picture {
    id: AttrValue,
    source: Option<Source>,
    seen: bool,
    label: AttrValue,
    name: AttrValue,
    muted: bool,
    weak: bool,
    guest: bool,
    state: &'static str,
}

fn camera_of(other: &Participant, texts: &Catalogue) -> Picture {
    Picture {
        id: other.peer_connection.map(|id| tile_id(id, false)).unwrap_or_default().into(),
        source: other.peer_connection.map(|id| Source::Remote { id }),
        seen: other.remote.camera,
        label: other.name.clone().into(),
        name: other.name.clone().into(),
        muted: is_silent(other),
        weak: other.weak,
        guest: other.guest,
        state: connection(other.connection, texts),
    }
}

fn screen_of(other: &Participant, texts: &Catalogue) -> Picture {
    let label = AttrValue::from(texts.screen_of(&other.name));
    Picture {
        id: other.peer_connection.map(|id| tile_id(id, true)).unwrap_or_default().into(),
        source: other.peer_connection.map(|id| Source::RemoteScreen { id }),
        seen: true,
        label: label.clone(),
        name: label,
        muted: false,
        weak: false,
        guest: false,
        state: "",
    }
}

fn own_camera(meeting: &Meeting, texts: &'static Catalogue) -> Picture {
    let source = camera_source(meeting.local.camera);
    Picture {
        id: OWN_TILE.into(),
        source,
        seen: source.is_some(),
        label: texts.you.into(),
        name: meeting.me.clone().into(),
        muted: !is_live(meeting.local.microphone),
        weak: false,
        guest: false,
        state: "",
    }
}

fn own_screen(local: &LocalMediaView, texts: &'static Catalogue) -> Picture {
    let source = match local.screen {
        DeviceView::On { capture } | DeviceView::Muted { capture } => Some(Source::Screen { capture }),
        // Nothing is told of a screen that the system doesn't give.
        DeviceView::Interrupted { .. } | DeviceView::Off | DeviceView::Starting | DeviceView::Failed(_) => {
            None
        }
    };
    Picture {
        id: "own-screen".into(),
        source,
        seen: true,
        label: texts.your_screen.into(),
        name: texts.your_screen.into(),
        muted: false,
        weak: false,
        guest: false,
        state: "",
    }
}

/// Returns whether somebody is connected and can't be heard.
pub(super) fn is_silent(other: &Participant) -> bool {
    other.connection == ConnectionView::Connected && (other.remote.muted || !other.remote.microphone)
}

/// Returns a word about a connection that isn't up, and an empty text for one that is.
pub(super) fn connection(connection: ConnectionView, texts: &Catalogue) -> &'static str {
    match connection {
        ConnectionView::Connecting => texts.is_connecting,
        ConnectionView::Connected => "",
        ConnectionView::Reconnecting { .. } => texts.is_reconnecting,
        ConnectionView::Failed(_) => texts.is_not_connected,
    }
}
