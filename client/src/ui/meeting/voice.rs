//! Shows who is speaking.

use std::cell::Cell;

use tincan_session::DeviceView;
use yew::prelude::*;

use super::arrangement::tile_id;
use super::stage::OWN_TILE;
use super::state::{Change, Dispatcher};
use crate::browser::element_by_id;
use crate::ui::context::page::Page;
use crate::ui::parts::effect::{end_of, use_effect_on};

/// A level (0 to 1) from here on is speech.
const SPEECH: f64 = 0.05;
/// How long a pause between words may last, in reports. Those about others come 5 times a second, and those
/// about the user 10 times.
const PAUSE_OF_OTHERS: u32 = 3;
const OWN_PAUSE: u32 = 6;
/// The note about speech into a muted microphone comes after so many reports (10 a second) of it, and stays
/// for so many.
const NOTED_AFTER: u32 = 5;
const NOTED_FOR: u32 = 40;

/// The attribute that the style sheet marks a speaker by. Its value counts down the pause.
const SPEAKING: &str = "data-speaking";

/// Marks whoever speaks, straight on their tile, and keeps
/// [`MeetingState::speaking_while_muted`](super::state::MeetingState::speaking_while_muted) up to date.
#[hook]
pub(super) fn use_voice(microphone: DeviceView, in_room: bool, page: &Page, dispatcher: Dispatcher) {
    let monitor = page.handle.monitor();
    {
        let monitor = monitor.clone();
        use_effect_on((), move || {
            end_of(monitor.watch_speakers(|levels| {
                for (id, level) in levels {
                    mark(&tile_id(*id, false), *level, PAUSE_OF_OTHERS);
                }
            }))
        });
    }
    let monitor = monitor.clone();
    use_effect_on((microphone, in_room), move || {
        let muted = match microphone {
            // In a call, nobody needs to be told that they themselves speak.
            DeviceView::On { .. } if in_room => false,
            DeviceView::Muted { .. } => true,
            _ => return None,
        };
        let noted = dispatcher.clone();
        let loud = Cell::new(0);
        let watch = monitor.watch_microphone(move |level| {
            if muted {
                let (before, now) = (loud.get(), next(loud.get(), level));
                loud.set(now);
                if (before > NOTED_AFTER) != (now > NOTED_AFTER) {
                    noted.dispatch(Change::SpeakingWhileMuted(now > NOTED_AFTER));
                }
            } else {
                mark(OWN_TILE, level, OWN_PAUSE);
            }
        });
        Some(Box::new(move || {
            drop(watch);
            mark(OWN_TILE, 0.0, 0);
            dispatcher.dispatch(Change::SpeakingWhileMuted(false));
        }))
    });
}

/// Counts reports of speech up to the note. From there it counts down the time for which the note stays.
fn next(count: u32, level: f64) -> u32 {
    match count {
        NOTED_AFTER => NOTED_AFTER + NOTED_FOR,
        0..NOTED_AFTER if level < SPEECH => 0,
        0..NOTED_AFTER => count + 1,
        _ if count == NOTED_AFTER + 1 => 0,
        _ => count - 1,
    }
}

/// Marks a tile while its level is one of speech, and for a pause longer.
fn mark(tile: &str, level: f64, pause: u32) {
    let Some(tile) = element_by_id(tile) else { return };
    let left = tile.get_attribute(SPEAKING).and_then(|left| left.parse::<u32>().ok());
    let now = if level >= SPEECH && pause > 0 {
        Some(pause)
    } else {
        left.filter(|_| pause > 0).and_then(|left| left.checked_sub(1))
    };
    // An element that is there takes any attribute.
    let _ = match now {
        Some(now) if left != Some(now) => tile.set_attribute(SPEAKING, &now.to_string()),
        None if left.is_some() => tile.remove_attribute(SPEAKING),
        _ => Ok(()),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_second_of_speech_brings_the_note_for_four() {
        let mut count = 0;
        for _ in 0..NOTED_AFTER - 1 {
            count = next(count, 0.2);
        }
        assert_eq!(next(count, 0.0), 0);
        let mut noted = 0;
        for _ in 0..100 {
            count = next(count, if noted == 0 { 0.2 } else { 0.0 });
            noted += u32::from(count > NOTED_AFTER);
        }
        assert_eq!(noted, NOTED_FOR);
    }
}
