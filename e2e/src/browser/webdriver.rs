//! WebDriver commands that fantoccini lacks.

use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// A command below the address of the WebDriver session.
#[derive(Debug)]
struct SessionCommand {
    path: String,
    body: Option<Value>,
}

impl WebDriverCompatibleCommand for SessionCommand {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/{}", session_id.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _request_url: &Url) -> (Method, Option<String>) {
        match &self.body {
            Some(body) => (Method::POST, Some(body.to_string())),
            None => (Method::GET, None),
        }
    }
}

/// Asks for the accessible name as the browser computes it (WebDriver, "Get Computed Label").
pub(crate) fn computed_label(element: &str) -> impl WebDriverCompatibleCommand + Send + 'static {
    SessionCommand { path: format!("element/{element}/computedlabel"), body: None }
}

/// Asks for the ARIA role as the browser computes it (WebDriver, "Get Computed Role").
pub(crate) fn computed_role(element: &str) -> impl WebDriverCompatibleCommand + Send + 'static {
    SessionCommand { path: format!("element/{element}/computedrole"), body: None }
}

/// Runs a command of the Chrome DevTools protocol. Only chromedriver knows it.
pub(crate) fn devtools(method: &str, parameters: &Value) -> impl WebDriverCompatibleCommand + Send + 'static {
    SessionCommand {
        path: "goog/cdp/execute".to_owned(),
        body: Some(json!({ "cmd": method, "params": parameters })),
    }
}
