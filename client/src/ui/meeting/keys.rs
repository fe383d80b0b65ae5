//! The keyboard: a letter for every button, and a key to hold for push to talk.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use tincan_session::{Device, DeviceView, Intent, LocalMediaView};
use web_sys::Element;
use yew::prelude::*;

use super::arrangement::Choice;
use super::state::{Change, Dialog, Dispatcher};
use crate::browser::{Key, KeyWatch, can_share_screen, now};
use crate::ui::catalogue::Catalogue;
use crate::ui::context::page::Page;
use crate::ui::context::settings::Settings;
use crate::ui::parts::device_settings::key_name;
use crate::ui::parts::effect::{end_of, use_effect_on};
use crate::ui::parts::focus::focus;
use crate::ui::parts::toggle::is_wanted;

/// What the keys act on.
#[derive(Clone, PartialEq)]
pub(super) struct Keys {
    pub(super) page: Page,
    pub(super) dispatcher: Dispatcher,
    pub(super) local: LocalMediaView,
    /// The choice to see everybody alike.
    pub(super) everybody: Choice,
    pub(super) in_room: bool,
    /// How many lines the conversation has.
    pub(super) lines: usize,
    pub(super) chat_hidden: bool,
    /// The box to write in.
    pub(super) message: NodeRef,
}

/// Handles the keys for as long as the meeting is drawn.
#[hook]
pub(super) fn use_keys(keys: Keys) {
    // Whether the key for push to talk is held.
    let held = use_memo((), |()| Cell::new(false));
    let typist = use_memo((), |()| Typist::default());
    {
        // With push to talk, the microphone begins muted.
        let (held, handle) = (held.clone(), keys.page.handle.clone());
        let talk = keys.page.settings.push_to_talk;
        let open = match keys.local.microphone {
            DeviceView::On { capture }
            | DeviceView::Muted { capture }
            | DeviceView::Interrupted { capture } => Some(capture),
            DeviceView::Off | DeviceView::Starting | DeviceView::Failed(_) => None,
        };
        use_effect_on((talk, open), move || {
            if talk && open.is_some() && !held.get() {
                handle.intent(Intent::SetMicrophone(false));
            }
            None
        });
    }
    use_effect_on(keys.clone(), move || {
        let watch = KeyWatch::new(move |key| {
            let released = match key {
                Key::Pressed(event) => return keys.pressed(event, &held, &typist),
                Key::Released(event) => event.code() == keys.page.settings.talk_key,
                Key::AllReleased => true,
            };
            if released && held.replace(false) {
                keys.page.handle.intent(Intent::SetMicrophone(false));
                if let Key::Released(event) = key {
                    // Otherwise it would press the button that was clicked last.
                    event.prevent_default();
                }
            }
        });
        end_of(watch)
    });
}

impl Keys {
    fn pressed(&self, event: &KeyboardEvent, held: &Cell<bool>, typist: &Typist) {
        let target = event.target_dyn_into::<Element>();
        let within =
            |which| target.as_ref().is_some_and(|target| matches!(target.closest(which), Ok(Some(_))));
        let combined = event.ctrl_key() || event.alt_key() || event.meta_key();
        // Where text is typed or something is chosen, the key belongs to that.
        if combined || within("input, textarea, select, dialog") {
            return;
        }
        let settings = &*self.page.settings;
        if settings.push_to_talk && event.code() == settings.talk_key {
            // A button that the keyboard has reached, and not one that was only clicked.
            let presses_a_button = matches!(&*settings.talk_key, "Space" | "Enter")
                && within("button:focus-visible, a:focus-visible");
            if !presses_a_button {
                event.prevent_default();
                if !event.repeat() {
                    held.set(true);
                    self.page.handle.intent(Intent::SetMicrophone(true));
                }
            }
        } else if event.key() == "Escape" {
            self.dispatcher.dispatch(Change::Close);
        } else if settings.shortcuts && !event.repeat() {
            self.shortcut(event, typist);
        }
    }

    fn shortcut(&self, event: &KeyboardEvent, typist: &Typist) {
        let alone = typist.presses();
        let switch = |device, state: DeviceView| {
            let (page, on) = (self.page.clone(), !is_wanted(state));
            if alone {
                typist.unless_more_is_typed(move || page.switch(device, on));
            }
        };
        let change = |change| self.dispatcher.dispatch(change);
        match &*letter(event) {
            "m" => switch(Device::Microphone, self.local.microphone),
            "v" => switch(Device::Camera, self.local.camera),
            "s" if can_share_screen() => switch(Device::Screen, self.local.screen),
            "c" if !self.chat_hidden => {
                // Otherwise the letter would be the first one of the message.
                event.prevent_default();
                focus(&self.message);
            }
            "c" | "h" => change(Change::ToggleChat(self.lines)),
            "g" => change(Change::Choose(self.everybody.clone())),
            "i" if self.in_room => change(Change::Open(Dialog::Invite)),
            "n" => change(Change::ToggleConnections),
            "o" => change(Change::Open(Dialog::Settings)),
            "?" => change(Change::Open(Dialog::Shortcuts)),
            _ => {}
        }
    }
}

/// Returns the letter of a key, in lower case: the Latin one in its place, where the layout has another
/// script.
fn letter(event: &KeyboardEvent) -> String {
    let key = event.key().to_lowercase();
    match event.code().strip_prefix("Key") {
        Some(place) if !key.is_ascii() => place.to_ascii_lowercase(),
        _ => key,
    }
}

/// Tells somebody who types, and has missed the text box, from somebody who presses one key: what is typed by
/// accident must not turn on a camera.
#[derive(Default)]
struct Typist {
    /// When a key was pressed last that could be a part of a word.
    last_ms: Rc<Cell<u64>>,
    /// What a key will do, if it stays alone.
    pending: RefCell<Option<Timeout>>,
}

/// Keys that follow each other so closely are typed.
const TYPING_MS: u64 = 600;
/// How long a key waits for another.
const ALONE_MS: u32 = 250;

impl Typist {
    /// A letter was pressed. Returns whether it stands alone so far.
    fn presses(&self) -> bool {
        let now = now().0;
        self.pending.take();
        now > self.last_ms.replace(now).saturating_add(TYPING_MS)
    }

    /// Does it soon, unless another key is pressed before.
    fn unless_more_is_typed(&self, action: impl FnOnce() + 'static) {
        let last_ms = self.last_ms.clone();
        let act = move || {
            // It was no part of a word, so the next may follow at once.
            last_ms.set(0);
            action();
        };
        self.pending.replace(Some(Timeout::new(ALONE_MS, act)));
    }
}

/// Draws a list of which key does what.
pub(super) fn help(in_room: bool, settings: &Settings, texts: &'static Catalogue) -> Html {
    let either = |one: &str, other: &str| [one, " / ", other].concat();
    let mut keys = Vec::new();
    let mut add = |key: &str, text: String| keys.push((key.to_owned(), text));
    if settings.push_to_talk {
        add(&key_name(&settings.talk_key, texts), texts.push_to_talk.to_owned());
    }
    if settings.shortcuts {
        add("M", either(texts.mute_microphone, texts.unmute_microphone));
        add("V", either(texts.turn_camera_on, texts.turn_camera_off));
        if can_share_screen() {
            add("S", either(texts.share_screen, texts.stop_sharing));
        }
        add("C", texts.write_message.to_owned());
        add("H", either(texts.show_conversation, texts.hide_conversation));
        add("G", texts.show_everybody.to_owned());
        if in_room {
            add("I", texts.invite_others.to_owned());
        }
        add("N", texts.connections.to_owned());
        add("O", texts.settings.to_owned());
        add("?", texts.keyboard_shortcuts.to_owned());
    }
    add("Esc", texts.close.to_owned());
    let keys =
        keys.into_iter().map(|(key, text)| html! { <><dt><kbd>{ key }</kbd></dt><dd>{ text }</dd></> });
    html! {
        <>
            <dl class="keys">{ for keys }</dl>
            <p class="hint">{ texts.shortcuts_hint }</p>
        </>
    }
}
