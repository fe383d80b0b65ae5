//! The words of the check page.

use tincan_session::Device;
use tincan_shared::LoginRefusal;

use super::report::{Fault, Item, Outcome, Report};
use crate::ui::catalogue::Catalogue;
use crate::ui::parts::device_note::failure;
use crate::ui::screens::server_trouble;

/// Returns what an item is called.
pub(super) fn name(item: Item, texts: &Catalogue) -> &'static str {
    match item {
        Item::SecurePage => texts.check_secure_page,
        Item::WebRtc => texts.check_webrtc,
        Item::Server => texts.check_server,
        Item::Addresses => texts.check_addresses,
        Item::Stun => texts.check_stun,
        Item::RelayUdp => texts.check_relay_udp,
        Item::RelayTcp => texts.check_relay_tcp,
        Item::RelayTls => texts.check_relay_tls,
        Item::Camera => texts.camera,
        Item::Microphone => texts.microphone,
    }
}

/// Returns an outcome in a word or two.
pub(super) fn outcome(outcome: &Outcome, texts: &Catalogue) -> String {
    match outcome {
        Outcome::Waiting => texts.check_waiting.to_owned(),
        Outcome::Running => texts.check_running.to_owned(),
        Outcome::Good(None) => texts.check_good.to_owned(),
        Outcome::Good(Some(ms)) => texts.check_good_in(&ms.to_string()).into_string(),
        Outcome::Bad(_) => texts.check_bad.to_owned(),
        Outcome::NotOffered => texts.check_not_offered.to_owned(),
    }
}

/// Returns what is wrong, and what to do about it. It names no address.
pub(super) fn advice(fault: &Fault, texts: &Catalogue) -> &'static str {
    match fault {
        Fault::NotSecure => texts.not_secure_advice,
        Fault::NoWebRtc => texts.no_webrtc_advice,
        Fault::NoServer(trouble) => server_trouble(trouble.as_ref(), texts),
        Fault::Refused(LoginRefusal::ServerFull) => texts.refused_server_full,
        Fault::Refused(LoginRefusal::TooMany) => texts.refused_too_many,
        Fault::Refused(_) => texts.refused_other,
        Fault::AddressesHidden => texts.no_path_hidden_mine,
        Fault::StunSilent => texts.check_stun_silent,
        Fault::RelaySilent => texts.check_relay_silent,
        Fault::RelayRefused => texts.check_relay_refused,
        Fault::RelayBlocked => texts.check_relay_blocked,
        Fault::Camera(error) => failure(Device::Camera, *error, texts),
        Fault::Microphone(error) => failure(Device::Microphone, *error, texts),
    }
}

/// Returns the report as text, to be sent to whoever helps.
pub(super) fn as_text(report: &Report, texts: &Catalogue) -> String {
    let mut lines = vec![texts.check_title.to_owned()];
    for (item, found) in report.items() {
        let mut line = [name(item, texts), ": ", &outcome(found, texts)].concat();
        if let Outcome::Bad(fault) = found {
            line += " – ";
            line += advice(fault, texts);
        }
        lines.push(line);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use tincan_session::ServerTrouble;
    use yew::Reducible;

    use super::super::report::Found;
    use super::*;
    use crate::ui::catalogue::Language;

    #[test]
    fn the_text_has_every_item_and_no_address() {
        let texts = Language::English.catalogue();
        let elsewhere = ServerTrouble::WrongAddress(Some("https://call.example".to_owned()));
        let bad = Outcome::Bad(Fault::NoServer(Some(elsewhere)));
        let report = Rc::new(Report::default()).reduce(Found(Item::Server, bad));
        let report = report.reduce(Found(Item::Stun, Outcome::Good(Some(12))));
        let text = as_text(&report, texts);
        assert_eq!(text.lines().count(), 1 + Item::ALL.len());
        assert!(text.contains("STUN answer: Works, 12 ms"), "{text}");
        assert!(text.contains("Server: Doesn’t work – ") && !text.contains("call.example"), "{text}");
    }
}
