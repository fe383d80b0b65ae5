//! Shares the hub between the socket tasks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::hub::{Census, ClientAddress, ConnectionId, Drain, Hub, ReceivedFrame, TooMany};
use crate::turns::{Turn, Turns};

/// The hub behind a lock, which is held for one operation at a time and never across an `await`.
pub(crate) struct SharedHub {
    state: Mutex<State>,
    started: Instant,
    /// Notified when the next expiry changes.
    rescheduled: Notify,
    turns: Turns,
}

/// The longest frame by which who is in a call comes before others. It is larger than any description of a
/// call, and decoding it takes a fraction of a millisecond, whatever is in it.
const FIRST_BYTES: usize = 16 * 1024;

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
            turns: Turns::default(),
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
        let now = self.now_ms();
        self.lock().hub.may_connect(now, address)
    }

    /// Waits for the turn of what may wait for those who are in a call.
    pub(crate) async fn turn(&self) -> Turn<'_> {
        self.turns.take().await
    }

    /// Closes every connection.
    pub(crate) fn shut_down(&self) {
        self.operate(|hub, _| hub.shut_down());
    }

    pub(crate) fn connection_count(&self) -> usize {
        self.lock().hub.connection_count()
    }

    /// Counts what the hub holds.
    pub(crate) fn census(&self) -> Census {
        self.lock().hub.census()
    }

    /// Returns how many connections have a task.
    pub(crate) fn task_count(&self) -> usize {
        self.lock().tasks.len()
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

    /// Receives a frame: at once from whoever is in a call, and from others when it is their turn.
    pub(crate) async fn receive(&self, text: &str) {
        let is_first = text.len() <= FIRST_BYTES && self.shared_hub.lock().hub.is_in_call(self.id);
        let _turn = if is_first { None } else { self.shared_hub.turn().await };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::Limits;

    async fn signed_in(hub: &Arc<SharedHub>, name: &str) -> ClientHandle {
        let Ok(handle) = hub.connect(ClientAddress::Unknown, None) else { panic!("there is room") };
        handle.receive(&format!(r#"{{"type":"login","name":"{name}"}}"#)).await;
        handle
    }

    /// Everybody's frame is there at once, those of strangers first.
    #[tokio::test]
    async fn frames_of_a_call_come_first_unless_they_are_large() {
        let hub = Arc::new(SharedHub::new(Hub::new(Limits::default(), Vec::new(), Box::new(|| 0))));
        let (anna, bob) = (signed_in(&hub, "Anna").await, signed_in(&hub, "Bob").await);
        anna.receive(r#"{"type":"offer","name":"Bob","offer":{},"call":"c"}"#).await;
        bob.receive(r#"{"type":"answer","name":"Anna","answer":{},"call":"c"}"#).await;
        let small = r#"{"type":"ping"}"#.to_owned();
        let large = format!(r#"{{"type":"ping","x":"{}"}}"#, "x".repeat(FIRST_BYTES));
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = Vec::new();
        for (who, handle, frame) in [
            ("stranger", signed_in(&hub, "Eve").await, &small),
            ("stranger", signed_in(&hub, "Mallory").await, &large),
            ("large", anna, &large),
            ("small", bob, &small),
        ] {
            let (frame, order) = (frame.clone(), order.clone());
            tasks.push(tokio::spawn(async move {
                handle.receive(&frame).await;
                order.lock().unwrap().push(who);
                handle
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), ["small", "stranger", "stranger", "large"]);
    }
}
