//! Keys that go to whatever has the focus.

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};

use super::Page;
use crate::browser::webdriver::computed_label;

/// The keys that tests press beside letters, as WebDriver's "normalised key values".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Enter,
    ShiftEnter,
    Escape,
    Tab,
    /// The arrow that points upwards.
    Up,
    /// A letter or mark, by what it writes.
    Letter(char),
    /// The space bar.
    Space,
}

impl Key {
    pub(super) fn sequence(self) -> String {
        match self {
            Key::Enter => "\u{E007}".to_owned(),
            Key::Up => "\u{E013}".to_owned(),
            // A null key lets go of Shift.
            Key::ShiftEnter => "\u{E008}\u{E007}\u{E000}".to_owned(),
            Key::Escape => "\u{E00C}".to_owned(),
            Key::Tab => "\u{E004}".to_owned(),
            Key::Space => " ".to_owned(),
            Key::Letter(letter) => letter.to_string(),
        }
    }
}

/// Selects all, then deletes it: a user's way to empty a field, which the page sees as one.
pub(super) const EMPTY_THE_FIELD: &str = "\u{E009}a\u{E000}\u{E017}";

impl Page {
    /// Presses a key, wherever the focus is.
    ///
    /// # Panics
    /// If nothing has the focus.
    pub async fn press(&self, key: Key) {
        let focused = self.client.active_element().await.expect("something has the focus");
        focused.send_keys(&key.sequence()).await.expect("keys go to what has the focus");
    }

    /// Returns the accessible name of what has the focus.
    ///
    /// # Panics
    /// If nothing has the focus.
    pub async fn focused_name(&self) -> String {
        let focused = self.client.active_element().await.expect("something has the focus");
        let label = self.client.issue_cmd(computed_label(focused.element_id().as_ref())).await;
        label.ok().and_then(|label| label.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Presses a key and keeps it down, wherever the focus is, until [`Page::let_go`].
    ///
    /// # Panics
    /// If the browser takes no keys.
    pub async fn hold(&self, key: char) {
        let down = KeyActions::new("keyboard".to_owned()).then(KeyAction::Down { value: key });
        self.client.perform_actions(down).await.expect("a key goes down");
    }

    /// Lets go of every key.
    ///
    /// # Panics
    /// If the browser takes no keys.
    pub async fn let_go(&self) {
        self.client.release_actions().await.expect("keys go up");
    }
}
