//! Joins the session to the browser: one task owns the session, and everything reaches it through one channel.

use std::rc::Rc;

use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use tincan_session::{Input, Intent, Session, View};
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use crate::browser::{Events, Machinery, Monitor, Stage, hear_page_leave, now, seed};

/// The way from the page to the session's task.
#[derive(Clone, PartialEq)]
pub struct Handle {
    intents: Callback<Intent>,
    stage: Stage,
    monitor: Monitor,
}

impl Handle {
    /// Tells the session what the user wants.
    pub fn intent(&self, intent: Intent) {
        self.intents.emit(intent);
    }

    /// Where pictures and sound are shown.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Where levels and statistics are watched.
    pub fn monitor(&self) -> &Monitor {
        &self.monitor
    }
}

/// Starts the session's task. Every new view goes to `on_view`; the first before this returns.
pub fn start(on_view: Callback<Rc<View>>) -> Handle {
    let (sender, inputs) = unbounded();
    let events = Events::new(sender);
    let (stage, monitor) = (Stage::default(), Monitor::default());
    let session = Session::new(seed());
    let first = Rc::new(session.view());
    on_view.emit(first.clone());
    let machinery = Machinery::new(events.clone(), stage.clone(), monitor.clone());
    let leave = hear_page_leave(events.clone());
    spawn_local(async move {
        run(session, inputs, machinery, first, on_view).await;
        drop(leave);
    });
    let intents = Callback::from(move |intent| events.tell(Input::Intent(intent)));
    Handle { intents, stage, monitor }
}

/// Runs for as long as the page is there.
async fn run(
    mut session: Session,
    mut inputs: UnboundedReceiver<Input>,
    mut machinery: Machinery,
    mut shown: Rc<View>,
    on_view: Callback<Rc<View>>,
) {
    loop {
        let Some(input) = next_input(&session, &mut inputs).await else { return };
        let now = now();
        // A peer that never stops talking must not keep the clock from ticking.
        let overdue = session.next_timeout().is_some_and(|due| due <= now) && input != Input::Tick;
        for input in overdue.then_some(Input::Tick).into_iter().chain([input]) {
            for effect in session.handle(now, input) {
                machinery.perform(effect);
            }
        }
        let view = session.view();
        if view != *shown {
            shown = Rc::new(view);
            on_view.emit(shown.clone());
        }
    }
}

/// What happens next, be it only that time passes.
async fn next_input(session: &Session, inputs: &mut UnboundedReceiver<Input>) -> Option<Input> {
    let Some(due) = session.next_timeout() else { return inputs.next().await };
    let wait = due.0.saturating_sub(now().0).min(u64::from(u32::MAX / 2)) as u32;
    match select(inputs.next(), TimeoutFuture::new(wait)).await {
        Either::Left((input, _)) => input,
        Either::Right(_) => Some(Input::Tick),
    }
}
