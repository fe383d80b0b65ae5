//! Whatever throws in a video call, or while one begins: the call goes on, or ends with words; or the page
//! says that it has stopped, and has closed microphone and camera.

use std::time::Duration;

use tincan_e2e::{Page, Server, call, sign_in_two, until};

/// How long a page may take to go on, or to say why not.
const SOON: Duration = Duration::from_secs(15);

/// What somebody does.
#[derive(Clone, Copy, Debug)]
enum Act {
    TurnsCameraOffAndOn,
    MutesAndUnmutes,
    Writes,
    SharesScreen,
    LooksAtConnections,
    FillsScreen,
    MovesPictureOut,
    AttachesFile,
}

/// How it fails.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    Throws,
    Rejects,
}

use Act::{
    AttachesFile, FillsScreen, LooksAtConnections, MovesPictureOut, MutesAndUnmutes, SharesScreen,
    TurnsCameraOffAndOn, Writes,
};
use Fault::{Rejects, Throws};

/// What fails in the middle of a call, and what comes upon it.
const IN_A_CALL: &[(&str, Fault, Act)] = &[
    ("RTCRtpSender.prototype.replaceTrack", Throws, TurnsCameraOffAndOn),
    ("RTCRtpSender.prototype.replaceTrack", Rejects, TurnsCameraOffAndOn),
    ("RTCRtpSender.prototype.getParameters", Throws, TurnsCameraOffAndOn),
    ("RTCRtpTransceiver.prototype.direction=", Throws, TurnsCameraOffAndOn),
    ("RTCPeerConnection.prototype.setLocalDescription", Throws, TurnsCameraOffAndOn),
    ("RTCPeerConnection.prototype.setRemoteDescription", Rejects, TurnsCameraOffAndOn),
    ("MediaDevices.prototype.getUserMedia", Throws, TurnsCameraOffAndOn),
    ("MediaDevices.prototype.getDisplayMedia", Rejects, SharesScreen),
    ("MediaStreamTrack.prototype.enabled=", Throws, MutesAndUnmutes),
    ("HTMLMediaElement.prototype.srcObject=", Throws, TurnsCameraOffAndOn),
    ("AnalyserNode.prototype.getFloatTimeDomainData", Throws, MutesAndUnmutes),
    ("RTCPeerConnection.prototype.getStats", Throws, LooksAtConnections),
    ("RTCPeerConnection.prototype.getStats", Rejects, LooksAtConnections),
    ("RTCDataChannel.prototype.send", Throws, Writes),
    ("WebSocket.prototype.send", Throws, TurnsCameraOffAndOn),
    ("Date.prototype.toLocaleTimeString", Throws, Writes),
    ("Node.prototype.insertBefore", Throws, Writes),
    ("setTimeout", Throws, TurnsCameraOffAndOn),
    ("Element.prototype.requestFullscreen", Rejects, FillsScreen),
    ("HTMLVideoElement.prototype.requestPictureInPicture", Rejects, MovesPictureOut),
    ("Worker.prototype.postMessage", Throws, AttachesFile),
    ("RTCPeerConnection.prototype.createDataChannel", Throws, AttachesFile),
];

/// What fails while a call begins, and to whom: Anna calls, Bob answers.
const AS_A_CALL_BEGINS: &[(&str, Fault, &str)] = &[
    ("RTCPeerConnection", Throws, "Anna"),
    ("RTCPeerConnection.prototype.createDataChannel", Throws, "Anna"),
    ("RTCPeerConnection.prototype.setLocalDescription", Rejects, "Bob"),
    ("RTCPeerConnection.prototype.setRemoteDescription", Throws, "Bob"),
    ("RTCPeerConnection.prototype.addIceCandidate", Rejects, "Anna"),
    ("MediaDevices.prototype.getUserMedia", Rejects, "Anna"),
    ("RTCPeerConnection.prototype.addTransceiver", Throws, "Anna"),
    ("Audio", Throws, "Bob"),
    ("HTMLMediaElement.prototype.play", Throws, "Bob"),
    ("HTMLMediaElement.prototype.srcObject=", Throws, "Anna"),
];

impl Act {
    /// Does it, as far as the page still lets anybody.
    async fn perform(self, page: &Page) {
        match self {
            TurnsCameraOffAndOn => presses(page, &["Turn camera off", "Turn camera on"]).await,
            MutesAndUnmutes => presses(page, &["Mute microphone", "Unmute microphone"]).await,
            SharesScreen => presses(page, &["Share screen"]).await,
            LooksAtConnections => presses(page, &["Connections", "Connections"]).await,
            FillsScreen => presses(page, &["Full screen: Bob"]).await,
            MovesPictureOut => presses(page, &["Picture in picture: Bob"]).await,
            Writes => {
                page.textbox("Message").paste("what is this?").await;
                presses(page, &["Send"]).await;
            }
            AttachesFile => page.attaches().await,
        }
    }
}

/// Presses one button after the other, until one doesn't come.
async fn presses(page: &Page, buttons: &[&str]) {
    presses_unless(async || false, page, buttons).await;
}

/// [`presses`], and gives up as soon as it is clear that none will come.
async fn presses_unless(is_over: impl AsyncFn() -> bool, page: &Page, buttons: &[&str]) {
    for name in buttons {
        let pressed = until(SOON, async || {
            if has_stopped(page).await || is_over().await {
                return Some(false);
            }
            page.button(name).click_now().await.then_some(true)
        });
        if pressed.await != Some(true) {
            return;
        }
    }
}

async fn has_stopped(page: &Page) -> bool {
    page.dialog("The page has stopped").is_there_now().await
}

async fn holds_no_device(page: &Page) -> bool {
    until(SOON, async || (page.counts().await.tracks_live == 0).then_some(())).await.is_some()
}

/// What became of the call.
#[derive(Debug, PartialEq)]
enum End {
    GoesOn,
    /// It has ended, with words, and another can be made.
    Over,
    /// The page has stopped, and holds no device.
    Stopped,
}

/// Returns what became of Anna's page and call, now that nothing throws any more.
async fn what_became(anna: &Page, bob: &Page, line: &str) -> Result<End, &'static str> {
    let end = until(SOON, async || {
        if has_stopped(anna).await {
            return Some(End::Stopped);
        }
        if anna.textbox("Name to call").is_there_now().await {
            return Some(End::Over);
        }
        // The page does what it is told.
        let (off, on) = (anna.button("Mute microphone"), anna.button("Unmute microphone"));
        let (pressed, other) =
            if off.is_there_now().await { (off.click_now().await, on) } else { (on.click_now().await, off) };
        // And back, for what comes next.
        (pressed && other.click_now().await).then_some(End::GoesOn)
    });
    match end.await {
        Some(End::Stopped | End::Over) if !holds_no_device(anna).await => Err("a device is left live"),
        Some(End::GoesOn) => {
            anna.sends(line).await;
            let arrives = until(SOON, async || {
                let said = bob.log("Conversation").ask_now("return arguments[0].innerText;").await?;
                said.as_str()?.contains(line).then_some(())
            });
            arrives.await.map(|()| End::GoesOn).ok_or("the call goes on, but nothing arrives")
        }
        end => end.ok_or("the page stands still"),
    }
}

/// Returns whether what is broken has ended the call, or the page.
async fn is_over(broken: &Page) -> bool {
    if !broken.has_reached_what_is_broken().await {
        return false;
    }
    let ended =
        broken.textbox("Name to call").is_there_now().await && !broken.button("Cancel").is_there_now().await;
    ended || has_stopped(broken).await
}

async fn begin_again(anna: &Page, bob: &Page) {
    tokio::join!(anna.begins_anew(), bob.begins_anew());
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
}

#[tokio::test]
async fn whatever_throws_in_a_call_leaves_no_device_live_behind_a_dead_page() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    let mut in_call = false;
    let mut wrong = Vec::new();
    for (number, (path, fault, act)) in IN_A_CALL.iter().enumerate() {
        if !in_call {
            call(&anna, &bob, "Video call", "Accept").await;
            tokio::join!(anna.sees("Bob"), bob.sees("Anna"));
        }
        anna.makes_file(&format!("{number}.bin"), 1_000).await;
        anna.breaks(path, *fault == Rejects).await;
        act.perform(&anna).await;
        if matches!(act, AttachesFile) {
            presses(&bob, &["Accept file"]).await;
        }
        let reached = until(SOON, async || anna.has_reached_what_is_broken().await.then_some(())).await;
        if reached.is_none() {
            wrong.push(format!("{path} {fault:?}: nothing comes upon it"));
        }
        anna.mends().await;
        let end = what_became(&anna, &bob, &format!("line {number}")).await;
        eprintln!("{path} {fault:?}: {end:?}");
        in_call = end == Ok(End::GoesOn);
        if let Err(what) = end {
            wrong.push(format!("{path} {fault:?}: {what}"));
        }
        if !in_call {
            begin_again(&anna, &bob).await;
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn whatever_throws_as_a_call_begins_leaves_no_device_live_behind_a_dead_page() {
    let server = Server::start(&[]).await;
    let (anna, bob) = sign_in_two(&server).await;
    let mut wrong = Vec::new();
    for (path, fault, who) in AS_A_CALL_BEGINS {
        let broken = if *who == "Anna" { &anna } else { &bob };
        broken.breaks(path, *fault == Rejects).await;
        anna.calls("Bob", "Video call").await;
        // What fails at Anna's may end the call before it rings.
        presses_unless(async || *who == "Anna" && is_over(&anna).await, &bob, &["Accept"]).await;
        let settled = until(SOON, async || {
            let goes_on = async || {
                broken.has_reached_what_is_broken().await && broken.button("Hang up").is_there_now().await
            };
            (is_over(broken).await || goes_on().await).then_some(())
        });
        let settled = settled.await;
        let stopped = has_stopped(broken).await;
        if !stopped {
            broken.mends().await;
            // The page does what it is told.
            for button in ["Hang up", "Cancel"] {
                broken.button(button).click_now().await;
            }
        }
        let home = async || (stopped || broken.textbox("Name to call").is_there_now().await).then_some(());
        let end = if settled.is_none() {
            Err("nothing happens")
        } else if until(SOON, home).await.is_none() {
            Err("the page stands still")
        } else if !holds_no_device(broken).await {
            Err("a device is left live")
        } else {
            Ok(if stopped { End::Stopped } else { End::Over })
        };
        eprintln!("{path} {fault:?} to {who}: {end:?}");
        if let Err(what) = end {
            let (errors, counts) = (broken.errors().await, broken.counts().await);
            wrong.push(format!("{path} {fault:?} to {who}: {what}: {errors:?} {counts:?}"));
        }
        begin_again(&anna, &bob).await;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
