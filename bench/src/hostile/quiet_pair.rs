//! The two whom nobody may disturb.

use std::time::{Duration, Instant};

use anyhow::Result;
use tincan_shared::{CallId, ClientMessage, Description, DescriptionKind, IceCandidate, ServerMessage};
use tokio::time::{interval, timeout};

use crate::client::Client;

/// Two who are in a call, and in a room.
pub(super) struct Pair {
    caller: Client,
    callee: Client,
    call: CallId,
}

/// How long a candidate took from one to the other.
#[derive(Clone, Copy)]
pub(super) struct Latencies {
    pub(super) p50: Duration,
    pub(super) p99: Duration,
}

impl std::fmt::Display for Latencies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ms = |it: Duration| it.as_secs_f64() * 1000.0;
        f.pad(&format!("{:.2}/{:.2} ms", ms(self.p50), ms(self.p99)))
    }
}

impl Pair {
    pub(super) async fn connect(port: u16) -> Result<Pair> {
        let mut caller = Client::sign_in(port, "Quiet caller".to_owned(), false).await?;
        let mut callee = Client::sign_in(port, "Quiet callee".to_owned(), false).await?;
        let call = CallId::from_random(1);
        caller.say(offer("Quiet callee", &call, 100)).await?;
        while !matches!(callee.hear().await?, ServerMessage::Offer { .. }) {}
        let answer = Description { kind: DescriptionKind::Answer, sdp: "v=0".to_owned() };
        let name = "Quiet caller".to_owned();
        callee.say(ClientMessage::Answer { name, answer, call: Some(call.clone()), stream: None }).await?;
        while !matches!(caller.hear().await?, ServerMessage::Answer { .. }) {}
        callee.say(ClientMessage::Join { room: "den".to_owned() }).await?;
        while !matches!(callee.hear().await?, ServerMessage::Room(_)) {}
        Ok(Pair { caller, callee, call })
    }

    /// 50 candidates a second, each waited for. What else the callee hears is read, and declined where it
    /// rings.
    pub(super) async fn latencies(&mut self, time: Duration) -> Result<Latencies> {
        let mut latencies = Vec::new();
        let mut clock = interval(Duration::from_millis(20));
        let end = Instant::now() + time;
        while Instant::now() < end {
            clock.tick().await;
            let sent = Instant::now();
            let candidate = IceCandidate {
                candidate: "x".repeat(200),
                sdp_mid: None,
                sdp_m_line_index: None,
                username_fragment: Some(latencies.len().to_string()),
            };
            let (name, call) = ("Quiet callee".to_owned(), Some(self.call.clone()));
            self.caller.say(ClientMessage::Candidate { name, candidate: Some(candidate), call }).await?;
            loop {
                match timeout(Duration::from_secs(10), self.callee.hear()).await?? {
                    ServerMessage::Candidate { call, .. } if call.as_ref() == Some(&self.call) => break,
                    ServerMessage::Offer { name, call, .. } => {
                        let leave = ClientMessage::Leave { name: Some(name), call, reason: None };
                        self.callee.say(leave).await?;
                    }
                    _ => {}
                }
            }
            latencies.push(sent.elapsed());
        }
        latencies.sort();
        let at = |share: f64| latencies.get((latencies.len() as f64 * share) as usize).copied();
        Ok(Latencies { p50: at(0.5).unwrap_or_default(), p99: at(0.99).unwrap_or_default() })
    }
}

/// An offer of so many bytes.
pub(super) fn offer(name: &str, call: &CallId, bytes: usize) -> ClientMessage {
    let offer = Description { kind: DescriptionKind::Offer, sdp: "x".repeat(bytes) };
    ClientMessage::Offer { name: name.to_owned(), offer, call: Some(call.clone()), files: None, stream: None }
}
