//! Signing in, calling and writing.

use crate::browser::Options;
use crate::page::Page;
use crate::server::Server;

impl Page {
    /// Signs in and waits for the home screen.
    pub async fn sign_in(&self, name: &str) {
        self.try_to_sign_in(name).await;
        self.textbox("Name to call").is_there().await;
        self.is_called(name.trim());
    }

    /// Has everything go through the server's relay. Before signing in.
    pub async fn hides_its_address(&self) {
        let label = "Send everything through the server’s relay, so that others don’t learn my address";
        self.button("Start a room").click().await;
        self.by_role("checkbox", label).click().await;
        self.button("Back").click().await;
        self.textbox("Your name").is_there().await;
    }

    /// Fills in the name and presses the button, whatever happens then.
    pub async fn try_to_sign_in(&self, name: &str) {
        self.textbox("Your name").paste(name).await;
        self.button("Sign in").click().await;
    }

    /// Calls somebody by one of the buttons `Text chat`, `Voice call` and `Video call`.
    pub async fn calls(&self, name: &str, by: &str) {
        self.textbox("Name to call").paste(name).await;
        self.button(by).click().await;
    }

    /// Waits for the ring of a call from `name` and answers with one of the dialog's buttons.
    pub async fn answers(&self, name: &str, with: &str) {
        self.is_rung_by(name).await;
        self.button(with).click().await;
    }

    /// Waits for the ring of a call.
    pub async fn is_rung_by(&self, name: &str) {
        self.dialog(&format!("Incoming call from {name}")).is_there().await;
    }

    /// Waits until a call is connected.
    pub async fn is_in_a_call(&self) {
        self.button("Hang up").is_there().await;
    }

    /// Waits for the home screen: no call is left, and another can be made.
    pub async fn is_home(&self) {
        self.textbox("Name to call").is_there().await;
        self.button("Hang up").is_gone().await;
    }

    /// Writes a line and sends it by the button.
    pub async fn sends(&self, text: &str) {
        self.textbox("Message").paste(text).await;
        self.button("Send").click().await;
    }

    /// Waits until the conversation shows `text`.
    pub async fn reads(&self, text: &str) {
        self.log("Conversation").contains(text).await;
    }
}

/// Opens two pages at once.
pub async fn open_two(server: &Server, first: Options, second: Options) -> (Page, Page) {
    tokio::join!(Page::open_with(server, first), Page::open_with(server, second))
}

/// Opens two pages and signs in as Anna and Bob.
pub async fn sign_in_two(server: &Server) -> (Page, Page) {
    let (anna, bob) = open_two(server, Options::default(), Options::default()).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    (anna, bob)
}

/// Anna calls Bob by the button `by`, Bob answers with the button `with`, and both are in the call.
pub async fn call(anna: &Page, bob: &Page, by: &str, with: &str) {
    anna.calls("Bob", by).await;
    bob.answers("Anna", with).await;
    tokio::join!(anna.is_in_a_call(), bob.is_in_a_call());
}

/// Connects Anna and Bob in a text chat, and waits until each has read a line of the other.
pub async fn connect_by_text(server: &Server) -> (Page, Page) {
    let (anna, bob) = sign_in_two(server).await;
    call(&anna, &bob, "Text chat", "Accept").await;
    anna.sends("can you read this?").await;
    bob.reads("can you read this?").await;
    bob.sends("yes, and you?").await;
    anna.reads("yes, and you?").await;
    (anna, bob)
}
