//! Runs the checks, and tells of each what came of it.

use futures_util::future::join;
use tincan_session::Device;
use tincan_shared::IceServer;
use yew::UseReducerDispatcher;

use super::report::{Fault, Found, Item, Outcome, Report};
use crate::browser::{
    Gathered, RelayFault, ServerFault, Support, Transport, check_device, check_relay, check_server, gather,
    relay_by,
};

pub(super) type Tell = UseReducerDispatcher<Report>;

/// The ways to a relay, each with its item.
const RELAYS: [(Item, Transport); 3] =
    [(Item::RelayUdp, Transport::Udp), (Item::RelayTcp, Transport::Tcp), (Item::RelayTls, Transport::Tls)];

/// Checks everything but the devices, for which the browser may ask its user.
pub(super) async fn check_network(support: Support, tell: Tell) {
    let say = |item, outcome| tell.dispatch(Found(item, outcome));
    let good_or = |bad: bool, fault| if bad { Outcome::Bad(fault) } else { Outcome::Good(None) };
    say(Item::SecurePage, good_or(support == Support::NotSecure, Fault::NotSecure));
    say(Item::WebRtc, good_or(support == Support::NoWebRtc, Fault::NoWebRtc));
    say(Item::Server, Outcome::Running);
    let ice_servers = match check_server().await {
        Ok(answer) => {
            say(Item::Server, Outcome::Good(Some(answer.round_trip_ms)));
            answer.ice_servers
        }
        Err(ServerFault::NotOpened(trouble)) => {
            return say(Item::Server, Outcome::Bad(Fault::NoServer(trouble)));
        }
        Err(ServerFault::Refused(reason)) => return say(Item::Server, Outcome::Bad(Fault::Refused(reason))),
    };
    if support == Support::NoWebRtc {
        return;
    }
    say(Item::Addresses, Outcome::Running);
    say(Item::Stun, Outcome::Running);
    let (gathered, relay_answers) = join(gather(&ice_servers), check_relays(&ice_servers, &tell)).await;
    say(Item::Addresses, good_or(!gathered.any, Fault::AddressesHidden));
    say(Item::Stun, stun(gathered, relay_answers, ice_servers.is_empty()));
}

/// Browsers say nothing of an answer that has no news, as it has none where nothing translates addresses. A
/// relay that answers over UDP answers STUN, too.
fn stun(gathered: Gathered, relay_answers: bool, nothing_offered: bool) -> Outcome {
    match gathered.reflexive_ms {
        Some(ms) => Outcome::Good(Some(ms)),
        None if relay_answers => Outcome::Good(None),
        None if nothing_offered => Outcome::NotOffered,
        None => Outcome::Bad(Fault::StunSilent),
    }
}

/// Tries each way to a relay. Returns whether it answers over UDP.
async fn check_relays(ice_servers: &[IceServer], tell: &Tell) -> bool {
    let mut answers = false;
    for (item, transport) in RELAYS {
        let say = |outcome| tell.dispatch(Found(item, outcome));
        let Some(relay) = relay_by(transport, ice_servers) else {
            say(Outcome::NotOffered);
            continue;
        };
        say(Outcome::Running);
        let result = check_relay(&relay).await;
        answers |= transport == Transport::Udp && !matches!(result, Err(RelayFault::Silent));
        say(match result {
            Ok(ms) => Outcome::Good(Some(ms)),
            Err(RelayFault::Silent) => Outcome::Bad(Fault::RelaySilent),
            Err(RelayFault::Refused) => Outcome::Bad(Fault::RelayRefused),
            Err(RelayFault::Blocked) => Outcome::Bad(Fault::RelayBlocked),
        });
    }
    answers
}

/// Opens camera and microphone, and closes them again.
pub(super) async fn check_devices(tell: Tell) {
    for (item, device, fault) in [
        (Item::Camera, Device::Camera, Fault::Camera as fn(_) -> _),
        (Item::Microphone, Device::Microphone, Fault::Microphone),
    ] {
        tell.dispatch(Found(item, Outcome::Running));
        let outcome = match check_device(device).await {
            Ok(()) => Outcome::Good(None),
            Err(error) => Outcome::Bad(fault(error)),
        };
        tell.dispatch(Found(item, outcome));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_stun_may_show_only_in_that_of_the_relay() {
        let reflexive = Gathered { any: true, reflexive_ms: Some(7) };
        let nothing = Gathered { any: true, reflexive_ms: None };
        for (gathered, relay_answers, nothing_offered, outcome) in [
            (reflexive, false, false, Outcome::Good(Some(7))),
            (nothing, true, false, Outcome::Good(None)),
            (nothing, false, true, Outcome::NotOffered),
            (nothing, false, false, Outcome::Bad(Fault::StunSilent)),
        ] {
            assert_eq!(stun(gathered, relay_answers, nothing_offered), outcome);
        }
    }
}
