//! Whether the server takes new pages, for whoever watches it: a supervisor, a proxy, a monitor.
//!
//! `/healthz` says that the process answers, whatever else. `/readyz` says 503, and why, where a page that
//! comes now would not be served: the server is ending, has no certificate yet, or has as many connections as
//! it may have.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, RETRY_AFTER};

use crate::app::App;
use crate::hub::ClientAddress;
use crate::tls::CurrentCertificate;

/// What is known beside the number of connections.
#[derive(Debug, Default)]
pub(crate) struct Readiness {
    ending: AtomicBool,
    /// Of HTTPS, if the server does that itself.
    certificate: Option<Arc<CurrentCertificate>>,
}

impl Readiness {
    pub(crate) fn new(certificate: Option<Arc<CurrentCertificate>>) -> Readiness {
        Readiness { ending: AtomicBool::new(false), certificate }
    }

    /// From now on nobody new is taken.
    pub(crate) fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }

    /// Returns why a page that comes now would not be served.
    fn lacks(&self, app: &App) -> Option<&'static str> {
        if self.is_ending() {
            Some("ending\n")
        } else if self.certificate.as_ref().is_some_and(|current| current.get().is_none()) {
            Some("no certificate yet\n")
        } else if app.shared_hub.may_connect(ClientAddress::Unknown).is_err() {
            Some("too many connections\n")
        } else {
            None
        }
    }
}

/// Answers whoever asks whether the server is ready.
pub(crate) async fn ask(State(app): State<App>) -> Response {
    let no_store = [(CACHE_CONTROL, "no-store")];
    match app.readiness.lacks(&app) {
        None => (no_store, "ready\n").into_response(),
        Some(why) => (StatusCode::SERVICE_UNAVAILABLE, no_store, why).into_response(),
    }
}

/// Answers a page that comes while the server is ending. It tries again by itself.
pub(crate) fn come_back() -> Response {
    let text = "This server is ending; come back when it runs again\n";
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")], text).into_response()
}
