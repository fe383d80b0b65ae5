//! Routes requests.

use std::sync::Arc;

use axum::extract::connect_info::ConnectInfo;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Router, middleware};
use http::StatusCode;
use http::request::Parts;

use ipnet::IpNet;

use crate::base_path::BasePath;
use crate::client_address::address_of;
use crate::hub::{ClientAddress, TooMany};
use crate::lan::Listening;
use crate::open_streams::OpenStreams;
use crate::origin::{Origins, Verdict, host_asked, host_of_page};
use crate::readiness::Readiness;
use crate::refusals::{Refusal, Refusals};
use crate::shared_hub::SharedHub;
use crate::tls::Peer;
use crate::websocket::{Upgrade, asks_for_websocket};
use crate::{admission, assets, host, lan_address, readiness, security_headers, socket};

/// The state that the request handlers share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) shared_hub: Arc<SharedHub>,
    pub(crate) origins: Arc<Origins>,
    pub(crate) trusted_proxies: Arc<[IpNet]>,
    pub(crate) refusals: Arc<Refusals>,
    pub(crate) streams: Arc<OpenStreams>,
    pub(crate) base_path: BasePath,
    pub(crate) readiness: Arc<Readiness>,
    /// Where it listens, if its certificate is its own.
    pub(crate) lan: Option<Listening>,
}

/// How many bytes to read cost as much as to answer a request. The shortest has 27, and a page's about 500.
const REQUEST_BYTES: usize = 2048;

impl App {
    pub(crate) fn router(self) -> Router {
        let base_path = self.base_path.clone();
        let router = Router::new()
            .route("/healthz", get("ok"))
            .route("/readyz", get(readiness::ask))
            .route("/ws", any(websocket))
            .route("/admission", post(admission::ask))
            .route("/lan", post(lan_address::tell))
            // Clients of the classic protocol connect here.
            .route("/", any(websocket_or_page))
            .fallback(assets::respond)
            .with_state(self.clone());
        base_path
            .of(router)
            .layer(middleware::from_fn(host::require))
            .layer(middleware::map_response(security_headers::add))
            .layer(middleware::from_fn_with_state(self, in_turn))
    }

    /// Returns where a request comes from.
    pub(crate) fn address_of(&self, request: &Parts) -> ClientAddress {
        let peer = request.extensions.get::<ConnectInfo<Peer>>();
        peer.map_or(ClientAddress::Unknown, |ConnectInfo(peer)| {
            address_of(peer.address.ip(), &request.headers, &self.trusted_proxies)
        })
    }
}

/// Answers a request when nobody who is in a call has anything to do.
async fn in_turn(State(app): State<App>, request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<Peer>>() {
        app.streams.spend(peer.address.ip(), REQUEST_BYTES);
    }
    let _turn = app.shared_hub.turn().await;
    // Reads no body, so it waits for nothing.
    next.run(request).await
}

async fn websocket_or_page(state: State<App>, request: Request) -> Response {
    if asks_for_websocket(&request) {
        websocket(state, request).await
    } else {
        assets::respond(request).await
    }
}

async fn websocket(State(app): State<App>, request: Request) -> Response {
    if app.readiness.is_ending() {
        return readiness::come_back();
    }
    let (mut parts, _) = request.into_parts();
    let address = app.address_of(&parts);
    let came_from = match app.origins.judge(&parts.headers) {
        Verdict::Own => Some(host_asked(&parts.headers)),
        // A proxy has rewritten the host, and only the page knows the right one.
        Verdict::Unclear => admission::is_proved(&parts.headers).then(|| host_of_page(&parts.headers)),
        Verdict::Foreign => None,
    };
    let Some(page_host) = came_from else {
        app.refusals.note(Refusal::Origin);
        let text = "This server takes no WebSockets from pages of that origin. Behind a proxy, --public-url \
            says where people find it; --allow-origin names other sites.\n";
        return (StatusCode::FORBIDDEN, text).into_response();
    };
    let upgrade = match Upgrade::of(&mut parts) {
        Ok(upgrade) => upgrade,
        Err(not_an_upgrade) => return not_an_upgrade.into_response(),
    };
    let (refusal, text) = match app.shared_hub.connect(address, page_host.as_deref()) {
        Ok(handle) => return socket::upgrade(upgrade, handle, app.refusals),
        Err(TooMany::InAll) => (Refusal::TooManyConnections, "Too many connections\n"),
        Err(TooMany::FromThere) => (Refusal::TooManyFromAddress, "Too many connections from your address\n"),
    };
    app.refusals.note(refusal);
    (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
}
