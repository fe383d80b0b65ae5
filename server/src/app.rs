//! Routes requests.

use std::sync::Arc;

use axum::extract::connect_info::ConnectInfo;
use axum::extract::{FromRequestParts, Request, State, WebSocketUpgrade};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Router, middleware};
use http::{StatusCode, header};

use ipnet::IpNet;

use crate::client_address::address_of;
use crate::hub::{ClientAddress, TooMany};
use crate::listener::Peer;
use crate::origin::Origins;
use crate::refusals::{Refusal, Refusals};
use crate::shared_hub::SharedHub;
use crate::{assets, host, security_headers, socket};

/// The state that the request handlers share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) shared_hub: Arc<SharedHub>,
    pub(crate) origins: Arc<Origins>,
    pub(crate) trusted_proxies: Arc<[IpNet]>,
    pub(crate) refusals: Arc<Refusals>,
}

impl App {
    pub(crate) fn router(self) -> Router {
        Router::new()
            .route("/healthz", get("ok"))
            .route("/ws", any(websocket))
            // Clients of the classic protocol connect here.
            .route("/", any(websocket_or_page))
            .fallback(assets::respond)
            .layer(middleware::from_fn(host::require))
            .layer(middleware::map_response(security_headers::add))
            .with_state(self)
    }
}

async fn websocket_or_page(state: State<App>, request: Request) -> Response {
    let upgrade = request.headers().get(header::UPGRADE);
    if upgrade.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket")) {
        websocket(state, request).await
    } else {
        assets::respond(request).await
    }
}

async fn websocket(State(app): State<App>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let peer = parts.extensions.get::<ConnectInfo<Peer>>().map(|ConnectInfo(peer)| peer.0.ip());
    let address =
        peer.map_or(ClientAddress::Unknown, |peer| address_of(peer, &parts.headers, &app.trusted_proxies));
    if !app.origins.admit(&parts.headers) {
        app.refusals.note(Refusal::Origin);
        let text = "This server takes no WebSockets from pages of that origin. Behind a proxy, --public-url \
            says where people find it; --allow-origin names other sites.\n";
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &app).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let (refusal, text) = match app.shared_hub.connect(address) {
        Ok(handle) => return socket::upgrade(upgrade, handle, app.refusals),
        Err(TooMany::InAll) => (Refusal::TooManyConnections, "Too many connections\n"),
        Err(TooMany::FromThere) => (Refusal::TooManyFromAddress, "Too many connections from your address\n"),
    };
    app.refusals.note(refusal);
    (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
}
