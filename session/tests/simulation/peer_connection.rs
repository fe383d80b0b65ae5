//! An RTCPeerConnection as far as the session can tell: its signaling states, `negotiationneeded`,
//! candidates.
//!
//! It is stricter than a browser: what a browser would answer with an exception ends the run.

use std::collections::{BTreeMap, VecDeque};

use tincan_session::{Device, PeerConnectionId, PeerEffect, PeerEvent, TrackId};
use tincan_shared::{Description, DescriptionKind, IceCandidate};

/// Which side of which connection, in which ICE generation: what a description or a candidate is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin {
    pub(crate) node: usize,
    pub(crate) pc_id: PeerConnectionId,
    /// The ICE generation (`ice-ufrag`).
    pub(crate) generation: u32,
}

/// What stands in a simulated description.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sdp {
    origin: Origin,
    /// Counts the descriptions of one connection.
    serial: u32,
    /// For an answer: the offer it answers.
    answers: Option<(Origin, u32)>,
    media: BTreeMap<Device, Direction>,
}

/// `RTCRtpTransceiverDirection`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Direction {
    sends: bool,
    receives: bool,
}

impl Direction {
    /// What can be answered where `offered` was (RFC 8829, section 5.3.1).
    fn answering(self, offered: Direction) -> Direction {
        Direction { sends: self.sends && offered.receives, receives: self.receives && offered.sends }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signaling {
    Stable,
    HaveLocalOffer,
    HaveRemoteOffer,
}

/// What the connection wants of the world.
#[derive(Debug)]
pub(crate) enum PcOutput {
    /// To be given to the session, some time later; events of one connection keep their order.
    Event(PeerEvent),
    /// To be sent over the data channel.
    Text(String),
}

/// See the module's words.
#[derive(Debug)]
pub(crate) struct PeerConnection {
    origin: Origin,
    signaling: Signaling,
    /// The one operation that runs.
    running: Option<PeerEffect>,
    serial: u32,
    wanted: BTreeMap<Device, Direction>,
    local: Option<Sdp>,
    remote: Option<Sdp>,
    pending_local: Option<Sdp>,
    /// An offer that was made and not set.
    created: Option<Sdp>,
    pending_remote: Option<Sdp>,
    restart: bool,
    /// `negotiationneeded` was fired and not yet acted on.
    fired: bool,
    /// Origins of the candidates that were added.
    candidates: Vec<Origin>,
    /// What the remote side was last seen to send.
    seen: BTreeMap<Device, bool>,
    pub(crate) connected: bool,
    /// The data channel has opened.
    pub(crate) open: bool,
    /// The browser will say that it is open, or has said so.
    pub(crate) opens: bool,
    /// The ICE generation that has failed for good.
    pub(crate) failed: u32,
    /// Texts that wait for the connection to come back.
    pub(crate) outgoing: VecDeque<String>,
}

type Outcome = Result<Vec<PcOutput>, String>;

impl PeerConnection {
    pub(crate) fn new(node: usize, pc_id: PeerConnectionId) -> PeerConnection {
        PeerConnection {
            origin: Origin { node, pc_id, generation: 1 },
            signaling: Signaling::Stable,
            running: None,
            serial: 0,
            wanted: BTreeMap::new(),
            local: None,
            remote: None,
            pending_local: None,
            created: None,
            pending_remote: None,
            restart: false,
            fired: false,
            candidates: Vec::new(),
            seen: BTreeMap::new(),
            connected: false,
            open: false,
            opens: false,
            failed: 0,
            outgoing: VecDeque::new(),
        }
    }

    /// Takes an effect. Operations on descriptions end later, by [`finish`](Self::finish).
    pub(crate) fn act(&mut self, effect: PeerEffect) -> Outcome {
        match effect {
            PeerEffect::CreateOffer { .. }
            | PeerEffect::SetLocal(_)
            | PeerEffect::CreateAnswer
            | PeerEffect::SetRemote(_) => {
                if let Some(running) = &self.running {
                    return Err(format!("{effect:?} while {running:?} runs"));
                }
                self.running = Some(effect);
                Ok(Vec::new())
            }
            PeerEffect::AddCandidate(candidate) => {
                if self.remote.is_none() && self.pending_remote.is_none() {
                    return Err("a candidate before any remote description".to_owned());
                }
                // One of another generation than the descriptions is of no use, now or later.
                let known = [&self.remote, &self.pending_remote].into_iter().flatten().map(|sdp| sdp.origin);
                let origin = candidate.and_then(|candidate| parse_origin(&candidate.candidate));
                self.candidates.extend(known.filter(|known| Some(*known) == origin));
                Ok(Vec::new())
            }
            PeerEffect::RestartIce => {
                self.restart = true;
                Ok(self.check_needed())
            }
            PeerEffect::AddMedia { device, receive } => {
                self.wanted.insert(device, Direction { sends: false, receives: receive });
                Ok(self.check_needed())
            }
            PeerEffect::SetTrack { device, track } => {
                if !self.wanted.contains_key(&device) {
                    return Err(format!("there is no media section for {device:?} yet"));
                }
                let sends = track.is_some_and(|track: TrackId| track.device == device);
                self.wanted.insert(device, Direction { sends, receives: true });
                Ok(self.check_needed())
            }
            PeerEffect::SetSending { device, .. } => {
                if self.wanted.get(&device).is_some_and(|direction| direction.sends) {
                    Ok(Vec::new())
                } else {
                    Err(format!("limits {device:?}, which is not sent"))
                }
            }
            PeerEffect::SendText(_) if !self.open => Err("a text for a channel that is not open".to_owned()),
            PeerEffect::SendText(text) => Ok(vec![PcOutput::Text(text)]),
            PeerEffect::Create(_) | PeerEffect::SetIce(_) | PeerEffect::Close => Ok(Vec::new()),
        }
    }

    pub(crate) fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Ends the running operation.
    pub(crate) fn finish(&mut self) -> Outcome {
        let Some(operation) = self.running.take() else { return Ok(Vec::new()) };
        let mut out = Vec::new();
        match operation {
            PeerEffect::CreateOffer { provisional } => {
                let sdp = self.describe(None);
                out.push(PcOutput::Event(PeerEvent::LocalDescription(encode(DescriptionKind::Offer, &sdp))));
                if provisional {
                    self.created = Some(sdp);
                } else {
                    out.extend(self.set_offer(sdp)?);
                }
            }
            PeerEffect::SetLocal(description) => {
                let sdp = decode(&description)?;
                if self.created.take() != Some(sdp.clone()) {
                    return Err("a local offer that is not the last one made".to_owned());
                }
                out.push(PcOutput::Event(PeerEvent::LocalDescription(description)));
                out.extend(self.set_offer(sdp)?);
            }
            PeerEffect::CreateAnswer => {
                let Some(offer) = self.pending_remote.take() else {
                    return Err(format!("an answer in {:?}", self.signaling));
                };
                // Whoever answers takes what is sent, also where it was inactive.
                self.wanted.values_mut().for_each(|direction| direction.receives = true);
                let mut sdp = self.describe(Some((offer.origin, offer.serial)));
                sdp.media.retain(|device, _| offer.media.contains_key(device));
                for (device, direction) in &mut sdp.media {
                    *direction = direction.answering(offer.media[device]);
                }
                out.push(PcOutput::Event(PeerEvent::LocalDescription(encode(DescriptionKind::Answer, &sdp))));
                out.extend(gather(sdp.origin));
                self.local = Some(sdp);
                self.remote = Some(offer);
                out.extend(self.settled());
            }
            PeerEffect::SetRemote(description) if description.sdp.contains(NO_DESCRIPTION) => {
                out.push(PcOutput::Event(PeerEvent::DescriptionFailed));
            }
            PeerEffect::SetRemote(description) => {
                let sdp = decode(&description)?;
                match description.kind {
                    DescriptionKind::Offer => {
                        // A browser would roll a local offer back. Tincan never needs that.
                        if self.signaling != Signaling::Stable {
                            return Err(format!("a remote offer in {:?}", self.signaling));
                        }
                        // What is offered gets a transceiver that receives, at the least.
                        for device in sdp.media.keys() {
                            self.wanted.entry(*device).or_insert(Direction { sends: false, receives: true });
                        }
                        self.pending_remote = Some(sdp);
                        self.signaling = Signaling::HaveRemoteOffer;
                        out.push(PcOutput::Event(PeerEvent::RemoteDescriptionSet));
                    }
                    DescriptionKind::Answer => {
                        let Some(offer) = self.pending_local.take() else {
                            return Err(format!("a remote answer in {:?}", self.signaling));
                        };
                        if sdp.answers != Some((offer.origin, offer.serial)) {
                            return Err(format!("an answer to {:?} taken for {offer:?}", sdp.answers));
                        }
                        self.local = Some(offer);
                        self.remote = Some(sdp);
                        out.push(PcOutput::Event(PeerEvent::RemoteDescriptionSet));
                        out.extend(self.settled());
                    }
                }
            }
            other => return Err(format!("{other:?} is no operation")),
        }
        Ok(out)
    }

    /// Returns whether this end is set up to talk to `other`, and knows where it is.
    pub(crate) fn reaches(&self, other: &PeerConnection) -> bool {
        let (Some(local), Some(remote)) = (&self.local, &self.remote) else { return false };
        other.local.as_ref().is_some_and(|theirs| theirs.origin == remote.origin)
            && other.remote.as_ref().is_some_and(|theirs| theirs.origin == local.origin)
            && self.candidates.contains(&remote.origin)
            && local.origin.generation > self.failed
    }

    /// The ICE generation in use.
    pub(crate) fn generation(&self) -> u32 {
        self.local.as_ref().map_or(0, |sdp| sdp.origin.generation)
    }

    /// Returns whose it is, and which of theirs.
    pub(crate) fn place(&self) -> (usize, PeerConnectionId) {
        (self.origin.node, self.origin.pc_id)
    }

    /// Returns who the remote description is of.
    pub(crate) fn remote_origin(&self) -> Option<Origin> {
        self.remote.as_ref().map(|sdp| sdp.origin)
    }

    fn set_offer(&mut self, sdp: Sdp) -> Outcome {
        if self.signaling != Signaling::Stable {
            return Err(format!("a local offer in {:?}", self.signaling));
        }
        self.restart = false;
        self.signaling = Signaling::HaveLocalOffer;
        let gathered = gather(sdp.origin);
        self.pending_local = Some(sdp);
        Ok(gathered)
    }

    fn describe(&mut self, answers: Option<(Origin, u32)>) -> Sdp {
        self.serial += 1;
        let restarts = match (&answers, &self.pending_remote, &self.remote) {
            (None, _, _) => self.restart,
            (Some(_), Some(new), Some(old)) => new.origin.generation != old.origin.generation,
            (Some(_), _, _) => false,
        };
        if restarts {
            self.origin.generation += 1;
            // An answer with new credentials is as good as a restart of one's own.
            self.restart &= answers.is_none();
        }
        Sdp { origin: self.origin, serial: self.serial, answers, media: self.wanted.clone() }
    }

    /// Back in `stable`.
    fn settled(&mut self) -> Vec<PcOutput> {
        self.signaling = Signaling::Stable;
        self.fired = false;
        let mut out = Vec::new();
        let remote = self.remote.as_ref().map(|sdp| sdp.media.clone()).unwrap_or_default();
        let local = self.local.as_ref().map(|sdp| sdp.media.clone()).unwrap_or_default();
        for device in Device::ALL {
            let live = local.get(&device).is_some_and(|direction| direction.receives)
                && remote.get(&device).is_some_and(|direction| direction.sends);
            if self.seen.insert(device, live).unwrap_or(false) != live {
                out.push(PcOutput::Event(PeerEvent::RemoteTrack { device, live }));
            }
        }
        out.extend(self.check_needed());
        out
    }

    /// "Update the negotiation-needed flag" (W3C WebRTC, section 4.7.3). Whoever answered need not offer
    /// because the offer allowed less than was wanted, except to send: then the media section lacks an
    /// `a=msid`.
    fn check_needed(&mut self) -> Vec<PcOutput> {
        let negotiated = self.local.as_ref().zip(self.remote.as_ref()).is_some_and(|(local, remote)| {
            self.wanted.iter().all(|(device, wanted)| {
                let Some(agreed) = local.media.get(device) else { return false };
                let expected = match (local.answers, remote.media.get(device)) {
                    (Some(_), Some(offered)) => wanted.answering(*offered),
                    _ => *wanted,
                };
                *agreed == expected && (agreed.sends || !wanted.sends)
            })
        });
        let needed = self.restart || !negotiated;
        if self.signaling == Signaling::Stable && needed && !self.fired {
            self.fired = true;
            return vec![PcOutput::Event(PeerEvent::NegotiationNeeded)];
        }
        Vec::new()
    }

    /// The data channel makes a negotiation needed even without media.
    pub(crate) fn created(&mut self) -> Vec<PcOutput> {
        self.check_needed()
    }
}

fn gather(origin: Origin) -> Vec<PcOutput> {
    let candidate = IceCandidate {
        candidate: format_origin(origin),
        sdp_mid: Some("0".to_owned()),
        sdp_m_line_index: Some(0),
        username_fragment: None,
    };
    let events = [Some(candidate.clone()), Some(candidate), None];
    events.into_iter().map(|candidate| PcOutput::Event(PeerEvent::Candidate(candidate))).collect()
}

fn format_origin(origin: Origin) -> String {
    format!("{} {} {}", origin.node, origin.pc_id.0, origin.generation)
}

fn parse_origin(text: &str) -> Option<Origin> {
    let mut numbers = text.split(' ');
    Some(Origin {
        node: numbers.next()?.parse().ok()?,
        pc_id: PeerConnectionId(numbers.next()?.parse().ok()?),
        generation: numbers.next()?.parse().ok()?,
    })
}

fn encode(kind: DescriptionKind, sdp: &Sdp) -> Description {
    let mut text = format!("o={}\ns={}\n", format_origin(sdp.origin), sdp.serial);
    if let Some((origin, serial)) = sdp.answers {
        text += &format!("answers={}/{serial}\n", format_origin(origin));
    }
    for (device, Direction { sends, receives }) in &sdp.media {
        let media = media_kind(*device);
        let direction = match (sends, receives) {
            (true, true) => "sendrecv",
            (true, false) => "sendonly",
            (false, true) => "recvonly",
            (false, false) => "inactive",
        };
        text += &format!("m={media} 9\na={direction}\n");
    }
    Description { kind, sdp: text }
}

fn media_kind(device: Device) -> &'static str {
    if device.is_audio() { "audio" } else { "video" }
}

/// What no browser takes for a session description.
pub(crate) const NO_DESCRIPTION: &str = "a=of somebody hostile";

fn decode(description: &Description) -> Result<Sdp, String> {
    let broken = || format!("not a description of this simulation: {:?}", description.sdp);
    let line = |key: &str| description.sdp.lines().find_map(|line| line.strip_prefix(key));
    let origin = line("o=").and_then(parse_origin).ok_or_else(broken)?;
    let serial = line("s=").and_then(|text| text.parse().ok()).ok_or_else(broken)?;
    let answers = line("answers=").and_then(|text| {
        let (origin, serial) = text.split_once('/')?;
        Some((parse_origin(origin)?, serial.parse().ok()?))
    });
    let direction = |section: &str| {
        let has = |direction: &str| section.contains(direction);
        let both = has("sendrecv");
        Direction { sends: both || has("sendonly"), receives: both || has("recvonly") }
    };
    // Which section is whose, is told by their order among those of a kind.
    let of_kind = |wanted: &'static str| {
        let sections = description.sdp.split("m=").filter(move |section| section.starts_with(wanted));
        Device::ALL.into_iter().filter(move |device| media_kind(*device) == wanted).zip(sections)
    };
    let media =
        of_kind("audio").chain(of_kind("video")).map(|(device, section)| (device, direction(section)));
    let media = media.collect();
    Ok(Sdp { origin, serial, answers, media })
}
