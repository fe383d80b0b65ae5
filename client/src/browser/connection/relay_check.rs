//! Finds out which ways through the network there are: an answer of STUN, and each way to a relay.

use futures_channel::mpsc::{UnboundedSender, unbounded};
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use tincan_session::IceSettings;
use tincan_shared::IceServer;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    RtcDataChannel, RtcDataChannelInit, RtcPeerConnection, RtcPeerConnectionIceEvent,
    RtcSessionDescriptionInit,
};

use super::bindings::bindings;
use super::peer::configuration;
use super::peer_events::is_refusal;
use crate::browser::js::now;
use crate::browser::page::{guard, release};

/// How long STUN may take to answer.
const STUN_WITHIN_MS: u32 = 5_000;
/// How long it may take until something has gone through a relay and back.
const RELAY_WITHIN_MS: u32 = 12_000;

/// A way to a relay (RFC 7065, section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Udp,
    Tcp,
    Tls,
}

/// What gathering candidates has brought.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gathered {
    /// The browser tells addresses at all.
    pub any: bool,
    /// STUN has answered, after so many milliseconds.
    pub reflexive_ms: Option<u64>,
}

/// Why nothing goes through a relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelayFault {
    /// It doesn't answer.
    Silent,
    /// It answers with an error.
    Refused,
    /// It gives an address, but nothing comes through it.
    Blocked,
}

/// Returns the server with only those addresses of it that lead to a relay by `transport`.
pub fn relay_by(transport: Transport, ice_servers: &[IceServer]) -> Option<IceServer> {
    let is_meant = |url: &String| match transport {
        Transport::Tls => url.starts_with("turns:"),
        Transport::Tcp => url.starts_with("turn:") && url.ends_with("?transport=tcp"),
        Transport::Udp => url.starts_with("turn:") && !url.ends_with("?transport=tcp"),
    };
    ice_servers.iter().find_map(|server| {
        let url = server.urls.iter().find(|url| is_meant(url))?;
        Some(IceServer { urls: vec![url.clone()], ..server.clone() })
    })
}

/// Returns what answers STUN: the servers for it, and else the relays, which do so, too.
fn stun(ice_servers: &[IceServer]) -> Vec<IceServer> {
    let urls = |scheme: &str| -> Vec<String> {
        let all = ice_servers.iter().flat_map(|server| &server.urls);
        let after = all.filter_map(|url| url.strip_prefix(scheme)?.split('?').next());
        after.map(|address| ["stun:", address].concat()).collect()
    };
    let mut found = urls("stun:");
    if found.is_empty() {
        found = urls("turn:");
    }
    found.truncate(1);
    found.into_iter().map(|url| IceServer { urls: vec![url], username: None, credential: None }).collect()
}

/// Gathers candidates as a call would, without a relay.
pub async fn gather(ice_servers: &[IceServer]) -> Gathered {
    let mut gathered = Gathered::default();
    let (tell, mut events) = unbounded();
    let ice = IceSettings { servers: stun(ice_servers), relay_only: false };
    let Ok(end) = End::new(0, &ice, &tell) else { return gathered };
    let begun = now().0;
    if end.describe().await.is_err() {
        return gathered;
    }
    let mut too_late = TimeoutFuture::new(STUN_WITHIN_MS);
    while let Either::Left((Some(event), _)) = select(events.next(), &mut too_late).await {
        if let Event::Candidate { candidate, .. } = event {
            let Some(candidate) = candidate else { break };
            gathered.any = true;
            if candidate.candidate().contains(" typ srflx") {
                gathered.reflexive_ms = Some(now().0.saturating_sub(begun));
                break;
            }
        }
    }
    gathered
}

/// Connects this page to itself through a relay. Returns how many milliseconds a message takes there and
/// back.
///
/// # Errors
/// If nothing comes through.
pub async fn check_relay(relay: &IceServer) -> Result<u64, RelayFault> {
    let (tell, mut events) = unbounded();
    let ice = IceSettings { servers: vec![relay.clone()], relay_only: true };
    let (Ok(here), Ok(there)) = (End::new(0, &ice, &tell), End::new(1, &ice, &tell)) else {
        return Err(RelayFault::Silent);
    };
    if agree(&here, &there).await.is_err() {
        return Err(RelayFault::Silent);
    }
    let ends = [here, there];
    let (mut opened, mut sent_at, mut fault) = (0, 0, RelayFault::Silent);
    let mut too_late = TimeoutFuture::new(RELAY_WITHIN_MS);
    while let Either::Left((Some(event), _)) = select(events.next(), &mut too_late).await {
        match event {
            Event::Candidate { of, candidate: Some(candidate) } => {
                fault = RelayFault::Blocked;
                ends[1 - of].add(&candidate);
            }
            Event::Candidate { candidate: None, .. } => {}
            Event::Refused if fault == RelayFault::Silent => return Err(RelayFault::Refused),
            Event::Refused => {}
            Event::Opened => {
                opened += 1;
                if opened == ends.len() {
                    sent_at = now().0;
                    ends[0].send();
                }
            }
            Event::Message { of: 0 } => return Ok(now().0.saturating_sub(sent_at)),
            Event::Message { of } => ends[of].send(),
        }
    }
    Err(fault)
}

async fn agree(here: &End, there: &End) -> Result<(), JsValue> {
    let offer = here.describe().await?;
    there.hear(&offer).await?;
    let answer = there.describe().await?;
    here.hear(&answer).await
}

enum Event {
    Candidate { of: usize, candidate: Option<web_sys::RtcIceCandidate> },
    Refused,
    Opened,
    Message { of: usize },
}

/// One end of a connection from this page to itself.
struct End {
    connection: RtcPeerConnection,
    channel: RtcDataChannel,
    _listeners: Vec<EventListener>,
}

impl End {
    fn new(number: usize, ice: &IceSettings, tell: &UnboundedSender<Event>) -> Result<End, JsValue> {
        let connection = RtcPeerConnection::new_with_configuration(&configuration(ice)?)?;
        guard(&connection);
        let init = RtcDataChannelInit::new();
        init.set_negotiated(true);
        init.set_id(0);
        let channel = connection.create_data_channel_with_data_channel_dict("check", &init);
        // Nobody listens any more once the check is over.
        let teller = || {
            let tell = tell.clone();
            move |event| drop(tell.unbounded_send(event))
        };
        let (candidate, error, opened, message) = (teller(), teller(), teller(), teller());
        let listeners = vec![
            EventListener::new(&connection, "icecandidate", move |event| {
                if let Some(event) = event.dyn_ref::<RtcPeerConnectionIceEvent>() {
                    candidate(Event::Candidate { of: number, candidate: event.candidate() });
                }
            }),
            EventListener::new(&connection, "icecandidateerror", move |event| {
                if is_refusal(event) {
                    error(Event::Refused);
                }
            }),
            EventListener::new(&channel, "open", move |_| opened(Event::Opened)),
            EventListener::new(&channel, "message", move |_| message(Event::Message { of: number })),
        ];
        Ok(End { connection, channel, _listeners: listeners })
    }

    /// Makes an offer or an answer, as is due.
    async fn describe(&self) -> Result<RtcSessionDescriptionInit, JsValue> {
        JsFuture::from(bindings(&self.connection).set_local_description()?).await?;
        let description = self.connection.local_description().ok_or("no description")?;
        let init = RtcSessionDescriptionInit::new(description.type_());
        init.set_sdp(&description.sdp());
        Ok(init)
    }

    async fn hear(&self, description: &RtcSessionDescriptionInit) -> Result<(), JsValue> {
        JsFuture::from(self.connection.set_remote_description(description)).await.map(drop)
    }

    fn add(&self, candidate: &web_sys::RtcIceCandidate) {
        if let Ok(added) = bindings(&self.connection).add_ice_candidate(candidate) {
            // One that can't be added is of no use.
            wasm_bindgen_futures::spawn_local(async move { drop(JsFuture::from(added).await) });
        }
    }

    fn send(&self) {
        // If it can't be sent, nothing comes back.
        let _ = self.channel.send_with_str("?");
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.connection.close();
        release(&self.connection);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(urls: &[&str]) -> IceServer {
        IceServer { urls: urls.iter().map(|&url| url.to_owned()).collect(), username: None, credential: None }
    }

    #[test]
    fn each_way_to_a_relay_is_found_by_its_address() {
        let servers = [
            server(&["stun:a:1"]),
            server(&["turn:a:1", "turn:b:2?transport=tcp", "turns:c:443?transport=tcp"]),
        ];
        let url = |transport| relay_by(transport, &servers).map(|server| server.urls.concat());
        assert_eq!(url(Transport::Udp).as_deref(), Some("turn:a:1"));
        assert_eq!(url(Transport::Tcp).as_deref(), Some("turn:b:2?transport=tcp"));
        assert_eq!(url(Transport::Tls).as_deref(), Some("turns:c:443?transport=tcp"));
        assert_eq!(relay_by(Transport::Udp, &servers[..1]), None);
    }

    #[test]
    fn a_relay_answers_stun_where_nobody_else_does() {
        let both = [server(&["turn:b:2?transport=udp"]), server(&["stun:a:1"])];
        assert_eq!(stun(&both), [server(&["stun:a:1"])]);
        assert_eq!(stun(&both[..1]), [server(&["stun:b:2"])]);
        assert_eq!(stun(&[]), []);
    }
}
