//! Asks the server why a WebSocket doesn't open, which no browser tells a page.
//!
//! What the answers mean is in `server/src/admission.rs`.

use tincan_session::ServerTrouble;

use crate::browser::js::{fetch, text_of};

pub(super) enum Admission {
    /// It should open.
    Admitted,
    Refused(ServerTrouble),
    /// There is no answer.
    NoAnswer,
}

pub(super) async fn ask() -> Admission {
    let Some(response) = fetch("admission", "method", "POST").await else { return Admission::NoAnswer };
    match response.status() {
        204 => Admission::Admitted,
        403 => {
            // Somebody in between may have answered with a page of theirs.
            let url = text_of(&response).await.filter(|url| url.starts_with("http") && url.len() < 200);
            Admission::Refused(ServerTrouble::WrongAddress(url))
        }
        429 => Admission::Refused(ServerTrouble::Busy),
        _ => Admission::Refused(ServerTrouble::NoServer),
    }
}
