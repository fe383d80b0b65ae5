//! Joins the session to the browser. One task owns the session, and all its inputs reach it through one
//! channel.

use std::cell::Cell;
use std::rc::Rc;

use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use tincan_session::files::{FileInput, FileMachine, Remembered};
use tincan_session::{Input, Intent, Session, Time, View};
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use crate::browser::{
    EffectRunner, Events, FileEffects, MediaElements, Monitor, Sources, hear_page_leave, hear_waking,
    keep_page_when_files_are_dropped, lower_case, now, random_bits, recover,
};

/// The session looks at what is connected at most so often.
const LOOK_EVERY_MS: u64 = 1_000;

/// What files need. It is loaded after the first screen.
pub(crate) struct FileParts {
    /// What decides about files.
    pub(crate) machine: Box<dyn FileMachine>,
    /// Creates what carries out its effects.
    pub(crate) effects: fn(Events, Sources) -> Rc<dyn FileEffects>,
    /// What was kept from before the page was loaded.
    pub(crate) kept: Vec<Remembered>,
}

/// Holds them until the session's task takes them. Clones share it.
#[derive(Clone, Default)]
struct Loaded(Rc<Cell<Option<FileParts>>>);

impl PartialEq for Loaded {
    fn eq(&self, other: &Loaded) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The way from `ui/` to the session's task and to what `browser/` shows and watches.
#[derive(Clone, PartialEq)]
pub struct Handle {
    inputs: Callback<Input>,
    media: MediaElements,
    monitor: Monitor,
    sources: Sources,
    loaded: Loaded,
}

impl Handle {
    /// Tells the session what the user wants.
    pub fn intent(&self, intent: Intent) {
        self.inputs.emit(Input::Intent(intent));
    }

    /// Makes files possible from now on.
    pub(crate) fn share_files(&self, parts: FileParts) {
        self.loaded.0.set(Some(parts));
        self.inputs.emit(Input::Tick);
    }

    /// Brings back from now on what the system interrupts.
    pub(crate) fn recover(&self) {
        let inputs = self.inputs.clone();
        recover(&self.media, &self.monitor.microphone(), move || inputs.emit(Input::PageShown));
        let inputs = self.inputs.clone();
        hear_waking(move || inputs.emit(Input::NetworkChanged));
    }

    pub fn media_elements(&self) -> &MediaElements {
        &self.media
    }

    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    pub fn monitor(&self) -> &Monitor {
        &self.monitor
    }
}

/// Starts the session's task. Calls `on_view` with every new view, and with the first one before it returns.
pub fn start(on_view: Callback<Rc<View>>) -> Handle {
    let (sender, inputs) = unbounded();
    let events = Events::new(sender);
    let (media, monitor, sources) = (MediaElements::default(), Monitor::default(), Sources::default());
    let session = Session::new(Box::new(random_bits), lower_case);
    let first = Rc::new(session.view());
    on_view.emit(first.clone());
    let effect_runner = EffectRunner::new(events.clone(), media.clone(), monitor.clone());
    let heard = (hear_page_leave(events.clone()), keep_page_when_files_are_dropped());
    let loaded = Loaded::default();
    let files = FilesToCome { loaded: loaded.clone(), events: events.clone(), sources: sources.clone() };
    spawn_local(async move {
        run(session, inputs, effect_runner, files, first, on_view).await;
        drop(heard);
    });
    let inputs = Callback::from(move |input| events.tell(input));
    Handle { inputs, media, monitor, sources, loaded }
}

/// Gives the session what files need, once that is loaded.
struct FilesToCome {
    loaded: Loaded,
    events: Events,
    sources: Sources,
}

impl FilesToCome {
    /// Returns what the machine is told before anything else.
    fn take(&self, session: &mut Session, effect_runner: &EffectRunner) -> Option<Input> {
        let FileParts { machine, effects, kept } = self.loaded.0.take()?;
        session.share_files(machine);
        effect_runner.share_files(effects(self.events.clone(), self.sources.clone()));
        Some(Input::File(FileInput::Kept(kept)))
    }
}

/// Runs for as long as the page is there.
async fn run(
    mut session: Session,
    mut inputs: UnboundedReceiver<Input>,
    mut effect_runner: EffectRunner,
    files: FilesToCome,
    mut shown: Rc<View>,
    on_view: Callback<Rc<View>>,
) {
    let mut looks = Looks::default();
    loop {
        let due = session.next_timeout();
        let Some(input) = next_input(due.into_iter().chain(looks.due()).min(), &mut inputs).await else {
            return;
        };
        let kept = files.take(&mut session, &effect_runner);
        let now = now();
        // A peer that never stops sending must not keep time from passing.
        // By patterns: to compare inputs takes code for each of them.
        let overdue = due.is_some_and(|due| due <= now) && !matches!(input, Input::Tick);
        let look = looks.take(now, matches!(input, Input::NetworkChanged));
        let first = [kept, look.then_some(Input::NetworkChanged), overdue.then_some(Input::Tick)];
        let input = Some(input).filter(|input| !matches!(input, Input::NetworkChanged));
        for input in first.into_iter().chain([input]).flatten() {
            for effect in session.handle(now, input) {
                effect_runner.perform(effect);
            }
        }
        let view = session.view();
        if view != *shown {
            shown = Rc::new(view);
            on_view.emit(shown.clone());
        }
    }
}

/// When the session is told that the network may have changed. What comes too soon after the last is told as
/// soon as that may be.
#[derive(Default)]
struct Looks {
    last: Time,
    wanted: bool,
}

impl Looks {
    fn due(&self) -> Option<Time> {
        self.wanted.then(|| self.last.plus(LOOK_EVERY_MS))
    }

    /// Returns whether it is told now. `wanted`: it may have changed again.
    fn take(&mut self, now: Time, wanted: bool) -> bool {
        self.wanted |= wanted;
        let told = self.due().is_some_and(|due| due <= now);
        if told {
            *self = Looks { last: now, wanted: false };
        }
        told
    }
}

/// Waits for the next input, or until something is due.
async fn next_input(due: Option<Time>, inputs: &mut UnboundedReceiver<Input>) -> Option<Input> {
    let Some(due) = due else { return inputs.next().await };
    let wait = due.0.saturating_sub(now().0).min(u64::from(u32::MAX / 2)) as u32;
    match select(inputs.next(), TimeoutFuture::new(wait)).await {
        Either::Left((input, _)) => input,
        Either::Right(_) => Some(Input::Tick),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_at_once_and_those_after_it_once_a_second() {
        let mut looks = Looks::default();
        assert!(!looks.take(Time(9_000), false));
        assert_eq!(looks.due(), None);
        assert!(looks.take(Time(10_000), true));
        // Two more, of which one is left to tell.
        assert!(!looks.take(Time(10_300), true) && !looks.take(Time(10_900), true));
        assert_eq!(looks.due(), Some(Time(11_000)));
        assert!(looks.take(Time(11_000), false));
        assert_eq!(looks.due(), None);
    }
}
