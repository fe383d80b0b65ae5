//! Routes requests.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State, WebSocketUpgrade};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Router, middleware};
use http::{StatusCode, header};

use crate::shared_hub::SharedHub;
use crate::{assets, origin, security_headers, socket};

/// The state that the request handlers share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) shared_hub: Arc<SharedHub>,
    pub(crate) allowed_origins: Arc<[String]>,
}

impl App {
    pub(crate) fn router(self) -> Router {
        Router::new()
            .route("/healthz", get("ok"))
            .route("/ws", any(websocket))
            // Clients of the classic protocol connect here.
            .route("/", any(websocket_or_page))
            .fallback(assets::respond)
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
    if !origin::is_allowed(&parts.headers, &app.allowed_origins) {
        let text = "This server takes no WebSockets from pages of that origin; --allow-origin names others\n";
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &app).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    match app.shared_hub.connect() {
        Some(handle) => socket::upgrade(upgrade, handle),
        None => (StatusCode::SERVICE_UNAVAILABLE, "Too many connections\n").into_response(),
    }
}
