//! Going into rooms and out of them.

use futures_util::future::join_all;

use crate::browser::{Devices, Options};
use crate::page::Page;
use crate::server::Server;

/// Returns the link of a room.
pub fn room_address(server: &Server, room: &str) -> String {
    format!("{}/r/{room}", server.url())
}

impl Page {
    /// Opens a room's link in a fresh Chromium with fake devices, and so stands in its lobby.
    pub async fn before_room(server: &Server, room: &str) -> Page {
        let address = Some(room_address(server, room));
        Page::open_with(server, Options { address, ..Options::default() }).await
    }

    /// [`Page::before_room`] for one of many browsers on this machine: its camera has few pictures a second.
    pub async fn before_room_of_many(server: &Server, room: &str) -> Page {
        let address = Some(room_address(server, room));
        let devices = Devices::Slow;
        Page::open_with(server, Options { address, devices, ..Options::default() }).await
    }

    /// Joins the room as a guest of this name, and waits to be in it.
    pub async fn goes_in_as(&self, name: &str) {
        self.tries_to_go_in_as(name).await;
        self.is_called(name);
        self.is_in_the_room().await;
    }

    /// Fills in a guest's name and presses `Join`, whatever happens then.
    pub async fn tries_to_go_in_as(&self, name: &str) {
        self.textbox("Your name").paste(name).await;
        self.button("Join").click().await;
    }

    /// Joins by the button alone: signed in, or as the guest whose name is filled in already.
    pub async fn goes_in(&self) {
        self.button("Join").click().await;
        self.is_in_the_room().await;
    }

    /// Joins the room again after having left it, with microphone and camera, which leaving has turned off.
    pub async fn comes_back(&self) {
        self.button("Unmute microphone").click().await;
        self.button("Turn camera on").click().await;
        self.shows_live_picture("You").await;
        self.goes_in().await;
    }

    /// Waits to be in a room.
    pub async fn is_in_the_room(&self) {
        self.by_role("list", "People").is_there().await;
        self.button("Leave").is_there().await;
    }

    /// Leaves, and waits for the lobby as a guest.
    pub async fn leaves(&self) {
        self.button("Leave").click().await;
        self.status_says(&["You have left the room"]).await;
        self.button("Join").is_there().await;
    }

    /// Waits until the list of people has exactly these names, in any order.
    ///
    /// # Panics
    /// If it has others.
    pub async fn people_are(&self, names: &[&str]) {
        let mut wanted = names.to_vec();
        wanted.sort_unstable();
        let people = self.by_role("list", "People");
        let script =
            "return [...arguments[0].querySelectorAll('bdi')].map((name) => name.textContent).sort();";
        self.expect(&format!("the people are {names:?}"), async || {
            let listed = people.ask_now(script).await?;
            (listed == serde_json::json!(wanted)).then_some(())
        })
        .await;
    }
}

/// Starts a browser for each of these people, all at once, and has them join the room as guests one after the
/// other. Where they are more than two, their cameras have few pictures a second: a browser that is short of
/// processor time sends less than it was told to.
pub async fn meet<const N: usize>(server: &Server, room: &str, names: [&str; N]) -> [Page; N] {
    let pages = join_all(names.map(|_| async {
        if N > 2 {
            Page::before_room_of_many(server, room).await
        } else {
            Page::before_room(server, room).await
        }
    }))
    .await;
    for (page, name) in pages.iter().zip(names) {
        page.goes_in_as(name).await;
    }
    pages.try_into().unwrap_or_else(|_| unreachable!("one page for each name"))
}
