//! A watch over one peer connection: whether it works, and when ICE is to be restarted.
//!
//! It goes on for as long as somebody wants the call: no interruption is too long. Both sides watch. One of
//! them offers the restarts, and the other asks it to: if that doesn't help, it offers one itself.
//!
//! The browser's word that a connection is there isn't enough: after a restart, both may say so while nothing
//! comes through in one direction. So each side asks the other for a sign of life, over the data channel:
//! from time to time, and after every restart.

use crate::input::ConnectionState;
use crate::time::Time;
use crate::view::ConnectionView;

/// How long two browsers may look for a way to each other.
pub(super) const CONNECT_TIMEOUT_MS: u64 = 30_000;
/// How long ICE that has failed with candidates still on their way may come round, before it is begun anew
/// and after that.
const EARLY_MS: u64 = 1_500;
const LATE_MS: u64 = 5_000;
/// How long an interrupted connection may come back by itself before ICE is restarted.
const RESTART_AFTER_MS: u64 = 2_000;
/// How long whoever was asked for a restart may take to offer one.
const ASKED_MS: u64 = 4_000;
/// How long a restart may take: doubled from the first to the last.
const FIRST_RESTART_MS: u64 = 4_000;
const LAST_RESTART_MS: u64 = 16_000;
/// After so many restarts that were answered and did not help, the connection is beyond repair.
const MAX_RESTARTS: u32 = 5;
/// How long an offer may wait for its answer, where the server would pass both on.
const UNANSWERED_MS: u64 = 30_000;
/// After so long without a word, the other side is asked for a sign of life. Whoever made the first offer
/// asks first, and to be asked is a sign of life as well.
const QUIET_MS: u64 = 3_000;
const LONGER_QUIET_MS: u64 = 4_000;
/// How long that may take before the connection counts as interrupted.
const ANSWER_MS: u64 = 2_500;
/// How long it may take when there is a reason to doubt.
const DOUBTED_ANSWER_MS: u64 = 1_000;
/// How long it may take after a restart: what waits in the channel is sent again first.
const RESTARTED_ANSWER_MS: u64 = 5_000;
/// How long nothing may come through while the browser says that there is a connection, before ICE is
/// restarted: the other page may only be busy.
const SILENT_MS: u64 = 6_000;

/// See the module's words.
#[derive(Debug)]
pub(super) struct Health {
    state: State,
    /// After how long without a word this side asks for a sign of life.
    quiet_ms: u64,
    /// Whether this side offers the restarts.
    pub(super) offers_restarts: bool,
    /// Whether the other side can be asked for a sign of life just now.
    pub(super) can_ask: bool,
    /// Whether the two could agree on another connection just now.
    pub(super) can_renew: bool,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// The call is not accepted yet: nothing to watch.
    Idle,
    Connecting {
        until: Time,
        /// ICE was begun anew, since it had failed too early.
        again: bool,
        /// It has failed with candidates still on their way. When something is done about it, if they don't
        /// help.
        early: Option<Time>,
    },
    Connected {
        heard: Time,
        asked: Option<Asked>,
        /// How many restarts there were in the interruption before, until a sign of life came.
        restarts: u32,
    },
    Interrupted {
        since: Time,
        /// When something is done about it.
        act_at: Time,
        restarts: u32,
        /// The other side was asked to restart.
        requested: bool,
        /// The browser says that there is a connection. When the other side is asked again.
        ask_at: Option<Time>,
    },
}

/// The other side was asked for a sign of life.
#[derive(Clone, Copy, Debug)]
struct Asked {
    until: Time,
    /// There was a reason to doubt: ICE is restarted at once if none comes.
    doubted: bool,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Ask the other side for a sign of life.
    Ask,
    Restart,
    /// Ask the other side to restart.
    RequestRestart,
    /// There was never a connection, and there will be none.
    NoConnection,
    /// It is beyond repair.
    Lost,
}

impl Health {
    /// `first` says whether this side made the first offer.
    pub(super) fn new(first: bool) -> Health {
        let quiet_ms = if first { QUIET_MS } else { LONGER_QUIET_MS };
        Health { state: State::Idle, quiet_ms, offers_restarts: false, can_ask: false, can_renew: false }
    }

    /// The call is accepted: from now on the connection is expected to come about. Returns whether it was not
    /// before.
    pub(super) fn accepted(&mut self, now: Time) -> bool {
        let idle = self.is_idle();
        if idle {
            self.state = State::Connecting { until: now.plus(CONNECT_TIMEOUT_MS), again: false, early: None };
        }
        idle
    }

    pub(super) fn is_idle(&self) -> bool {
        matches!(self.state, State::Idle)
    }

    pub(super) fn view(&self) -> ConnectionView {
        match self.state {
            State::Idle | State::Connecting { .. } => ConnectionView::Connecting,
            State::Connected { .. } => ConnectionView::Connected,
            State::Interrupted { since, .. } => ConnectionView::Reconnecting { since },
        }
    }

    pub(super) fn next_timeout(&self) -> Option<Time> {
        match self.state {
            State::Idle => None,
            State::Connecting { until, early, .. } => Some(early.map_or(until, |early| early.min(until))),
            State::Connected { asked: Some(asked), .. } => Some(asked.until),
            State::Connected { heard, .. } => self.can_ask.then(|| heard.plus(self.quiet_ms)),
            State::Interrupted { act_at, ask_at, .. } => {
                ask_at.filter(|_| self.can_ask).into_iter().chain([act_at]).min()
            }
        }
    }

    /// The browser says something. `tried` says whether every way has been tried.
    pub(super) fn connection(&mut self, now: Time, said: ConnectionState, tried: bool) -> Option<Action> {
        match (said, self.state) {
            (ConnectionState::Connected, State::Connecting { .. } | State::Idle) => {
                self.state = State::Connected { heard: now, asked: None, restarts: 0 };
                None
            }
            (ConnectionState::Connected, State::Interrupted { restarts, .. }) => {
                self.state = State::Connected { heard: now, asked: None, restarts };
                self.ask(now, RESTARTED_ANSWER_MS, true)
            }
            // After a restart of a connection that was none the worse.
            (ConnectionState::Connected, State::Connected { .. }) => self.ask(now, RESTARTED_ANSWER_MS, true),
            (ConnectionState::Disconnected, State::Connected { .. }) => {
                self.interrupt(now, now.plus(RESTART_AFTER_MS), None);
                None
            }
            (ConnectionState::Failed, State::Connected { .. }) => {
                self.interrupt(now, now, None);
                None
            }
            (ConnectionState::Disconnected, State::Interrupted { .. }) => {
                self.no_way(None);
                None
            }
            // Nothing but a restart helps.
            (ConnectionState::Failed, State::Interrupted { restarts, .. }) => {
                self.no_way(Some(now.plus(u64::from(restarts) * 500)));
                None
            }
            // Chromium says so while it knows only of ways that a relay refuses, and goes on when it hears of
            // others.
            (ConnectionState::Failed, State::Connecting { until, again, .. }) if !tried => {
                let patience_ms = if again { LATE_MS } else { EARLY_MS };
                self.state = State::Connecting { until, again, early: Some(now.plus(patience_ms)) };
                None
            }
            (ConnectionState::Failed, State::Connecting { .. }) => Some(Action::NoConnection),
            (ConnectionState::Connecting, State::Connecting { until, again, .. }) => {
                self.state = State::Connecting { until, again, early: None };
                None
            }
            _ => None,
        }
    }

    /// Something has come from the other side, over the connection.
    pub(super) fn heard(&mut self, now: Time) {
        match &mut self.state {
            State::Connected { heard, asked, restarts } => {
                (*heard, *asked, *restarts) = (now, None, 0);
            }
            State::Interrupted { ask_at: Some(_), .. } => {
                self.state = State::Connected { heard: now, asked: None, restarts: 0 };
            }
            _ => {}
        }
    }

    /// There is a reason to doubt that it still works.
    pub(super) fn doubt(&mut self, now: Time) -> Option<Action> {
        match &mut self.state {
            State::Connected { .. } => self.ask(now, DOUBTED_ANSWER_MS, true),
            State::Interrupted { act_at, .. } => {
                *act_at = now;
                None
            }
            State::Idle | State::Connecting { .. } => None,
        }
    }

    /// The data channel has closed, which the other side does when its page goes.
    pub(super) fn channel_closed(&mut self, now: Time) {
        self.can_ask = false;
        if let State::Connected { .. } = self.state {
            self.interrupt(now, now.plus(RESTART_AFTER_MS), None);
        }
    }

    /// The other side asks for a restart. `busy` says that an offer of this side is out.
    pub(super) fn restart_requested(&mut self, now: Time, busy: bool) -> Option<Action> {
        match &mut self.state {
            State::Connected { .. } if !busy => Some(Action::Restart),
            State::Interrupted { act_at, restarts, .. } if !busy => {
                *restarts += 1;
                *act_at = now.plus(patience(*restarts));
                Some(Action::Restart)
            }
            _ => None,
        }
    }

    /// Time has passed. `busy` says that an offer of this side is out.
    pub(super) fn tick(&mut self, now: Time, busy: bool) -> Option<Action> {
        match self.state {
            State::Idle => None,
            State::Connecting { until, again, early } => {
                let is_early = early.is_some_and(|early| now >= early);
                if now >= until || is_early && again {
                    return Some(Action::NoConnection);
                }
                is_early.then(|| {
                    self.state = State::Connecting { until, again: true, early: None };
                    Action::Restart
                })
            }
            State::Connected { heard, asked: Some(asked), .. } => {
                if now >= asked.until {
                    let act_at = if asked.doubted { now } else { now.plus(SILENT_MS) };
                    self.interrupt(heard, act_at, Some(now));
                    return self.tick(now, busy);
                }
                None
            }
            State::Connected { heard, .. } => {
                if now >= heard.plus(self.quiet_ms) {
                    self.ask(now, ANSWER_MS, false)
                } else {
                    None
                }
            }
            State::Interrupted { act_at, .. } if now >= act_at => self.act(now, busy),
            State::Interrupted { ref mut ask_at, .. } => {
                let due = self.can_ask && ask_at.is_some_and(|at| now >= at);
                due.then(|| {
                    *ask_at = Some(now.plus(DOUBTED_ANSWER_MS));
                    Action::Ask
                })
            }
        }
    }

    fn act(&mut self, now: Time, busy: bool) -> Option<Action> {
        let (offers, can_renew) = (self.offers_restarts, self.can_renew);
        let State::Interrupted { since, act_at, restarts, requested, .. } = &mut self.state else {
            return None;
        };
        if busy {
            // The offer of the last restart is on its way, or its answer: but not for ever.
            *act_at = now.plus(RESTART_AFTER_MS);
            return (can_renew && now >= since.plus(UNANSWERED_MS)).then_some(Action::Lost);
        }
        if !offers && !std::mem::replace(requested, true) {
            *act_at = now.plus(ASKED_MS);
            return Some(Action::RequestRestart);
        }
        if *restarts >= MAX_RESTARTS && can_renew {
            // Not again in the same moment, should nobody follow that.
            *act_at = now.plus(LAST_RESTART_MS);
            return Some(Action::Lost);
        }
        *restarts += 1;
        *requested = false;
        *act_at = now.plus(patience(*restarts));
        Some(Action::Restart)
    }

    fn ask(&mut self, now: Time, patience_ms: u64, doubted: bool) -> Option<Action> {
        let can_ask = self.can_ask;
        let State::Connected { asked, .. } = &mut self.state else { return None };
        if !can_ask {
            *asked = None;
            return None;
        }
        *asked = Some(Asked { until: now.plus(patience_ms), doubted });
        Some(Action::Ask)
    }

    fn interrupt(&mut self, since: Time, act_at: Time, ask_at: Option<Time>) {
        let restarts = if let State::Connected { restarts, .. } = self.state { restarts } else { 0 };
        self.state = State::Interrupted { since, act_at, restarts, requested: false, ask_at };
    }

    /// The browser says that there is no connection.
    fn no_way(&mut self, act_by: Option<Time>) {
        if let State::Interrupted { act_at, ask_at, .. } = &mut self.state {
            *ask_at = None;
            *act_at = act_by.map_or(*act_at, |by| by.min(*act_at));
        }
    }
}

/// How long the last of so many restarts may take.
fn patience(restarts: u32) -> u64 {
    (FIRST_RESTART_MS << restarts.saturating_sub(1).min(10)).min(LAST_RESTART_MS)
}
