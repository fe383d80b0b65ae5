//! Shares the hub between the socket tasks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::hub::{ClientAddress, ConnectionId, Drain, Hub, ReceivedFrame, TooMany};

/// The hub behind a lock, which is held for one operation at a time and never across an `await`.
pub(crate) struct SharedHub {
    state: Mutex<State>,
    started: Instant,
    /// Notified when the next expiry changes.
    rescheduled: Notify,
}

struct State {
    hub: Hub,
    /// Wakes each connection's task when there is something to drain.
    tasks: HashMap<ConnectionId, Arc<Notify>>,
}

impl SharedHub {
    pub(crate) fn new(hub: Hub) -> SharedHub {
        SharedHub {
            state: Mutex::new(State { hub, tasks: HashMap::new() }),
            started: Instant::now(),
            rescheduled: Notify::new(),
        }
    }

    /// Connects to the hub. The page came from `page_host`.
    pub(crate) fn connect(
        self: &Arc<Self>,
        address: ClientAddress,
        page_host: Option<&str>,
    ) -> Result<ClientHandle, TooMany> {
        let now = self.now_ms();
        let mut state = self.lock();
        let expiry = state.hub.next_expiry();
        let id = state.hub.connect(now, address)?;
        if let Some(host) = page_host {
            state.hub.came_from(id, host);
        }
        if state.hub.next_expiry() != expiry {
            self.rescheduled.notify_one();
        }
        let wake = Arc::new(Notify::new());
        state.tasks.insert(id, wake.clone());
        Ok(ClientHandle { id, wake, clean: false, shared_hub: self.clone() })
    }

    /// Says whether [`SharedHub::connect`] would be refused.
    pub(crate) fn may_connect(&self, address: ClientAddress) -> Result<(), TooMany> {
        self.lock().hub.may_connect(address)
    }

    /// Closes every connection.
    pub(crate) fn shut_down(&self) {
        self.operate(|hub, _| hub.shut_down());
    }

    pub(crate) fn connection_count(&self) -> usize {
        self.lock().hub.connection_count()
    }

    /// Ends users whose grace is over and closes connections on which nobody signs in. Never returns.
    pub(crate) async fn keep_expiring(&self) {
        loop {
            let next = self.lock().hub.next_expiry();
            let due = async {
                match next {
                    Some(ms) => tokio::time::sleep_until(self.started + Duration::from_millis(ms)).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = due => self.operate(|hub, now| hub.expire(now)),
                () = self.rescheduled.notified() => {}
            }
        }
    }

    /// Runs one operation, then wakes the tasks that have something to drain, and
    /// [`keep_expiring`](Self::keep_expiring) if the next expiry has changed.
    fn operate<T>(&self, operation: impl FnOnce(&mut Hub, u64) -> T) -> T {
        let now = self.now_ms();
        let mut guard = self.lock();
        let State { hub, tasks } = &mut *guard;
        let expiry = hub.next_expiry();
        let result = operation(hub, now);
        for id in hub.take_woken() {
            if let Some(wake) = tasks.get(&id) {
                wake.notify_one();
            }
        }
        if hub.next_expiry() != expiry {
            self.rescheduled.notify_one();
        }
        result
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic in the hub would be a bug. Going on with the state it left serves everyone else better than
        // failing from then on.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection's handle to the hub. Dropping it disconnects, whichever way the connection ends.
pub(crate) struct ClientHandle {
    id: ConnectionId,
    wake: Arc<Notify>,
    clean: bool,
    shared_hub: Arc<SharedHub>,
}

impl ClientHandle {
    pub(crate) fn id(&self) -> ConnectionId {
        self.id
    }

    /// Waits until there is something to drain.
    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }

    pub(crate) fn drain(&self) -> Drain {
        self.shared_hub.operate(|hub, _| hub.drain(self.id))
    }

    pub(crate) fn receive(&self, text: &str) {
        let frame = ReceivedFrame::decode(text);
        self.shared_hub.operate(|hub, now| hub.receive(now, self.id, frame));
    }

    pub(crate) fn receive_binary(&self) {
        self.shared_hub.operate(|hub, now| hub.receive_binary(now, self.id));
    }

    pub(crate) fn receive_control(&self) {
        self.shared_hub.operate(|hub, now| hub.receive_control(now, self.id));
    }

    pub(crate) fn receive_too_large(&self) {
        self.shared_hub.operate(|hub, _| hub.receive_too_large(self.id));
    }

    /// Notes that the client closed for good, so its user does not come back.
    pub(crate) fn client_closed(&mut self) {
        self.clean = true;
    }
}

impl Drop for ClientHandle {
    fn drop(&mut self) {
        self.shared_hub.operate(|hub, now| hub.disconnect(now, self.id, self.clean));
        self.shared_hub.lock().tasks.remove(&self.id);
    }
}
