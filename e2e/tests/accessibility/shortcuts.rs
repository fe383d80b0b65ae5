//! The keyboard in a room: shortcuts, and the Tab key.

use std::collections::BTreeSet;

use serde_json::json;
use tincan_e2e::{Key, Page, Server, meet};

#[tokio::test]
async fn letters_are_shortcuts_except_where_one_writes() {
    let server = Server::start(&[]).await;
    let [anna] = meet(&server, "keys", ["Anna"]).await;
    anna.shows_live_picture("You").await;
    let every_letter = "mvsgchinomvo ?";
    anna.textbox("Message").fill(every_letter).await;
    assert_eq!(anna.textbox("Message").value().await, every_letter);
    for name in ["Mute microphone", "Turn camera off", "Share screen"] {
        anna.button(name).is_there().await;
    }
    let dialogs = anna.run("return document.querySelectorAll('dialog[open]').length;", vec![]).await;
    assert_eq!(dialogs, 0);
    assert!(!anna.by_role("region", "Connections").is_there_now().await);

    anna.log("Conversation").click().await;
    anna.press(Key::Letter('m')).await;
    anna.button("Unmute microphone").is_there().await;
    anna.press(Key::Letter('v')).await;
    anna.button("Turn camera on").is_there().await;
    anna.press(Key::Letter('n')).await;
    anna.by_role("region", "Connections").is_there().await;
    anna.press(Key::Escape).await;
    anna.by_role("region", "Connections").is_gone().await;
    for (letter, dialog) in [('?', "Keyboard shortcuts"), ('o', "Settings"), ('i', "Invite others")] {
        anna.press(Key::Letter(letter)).await;
        anna.dialog(dialog).is_there().await;
        anna.press(Key::Escape).await;
        anna.dialog(dialog).is_gone().await;
    }
    anna.press(Key::Letter('c')).await;
    assert_eq!(anna.focused_name().await, "Message");
    assert_eq!(anna.textbox("Message").value().await, every_letter, "the letter is no part of the message");
}

/// Whoever types, and has missed the text box, is not filmed for it.
#[tokio::test]
async fn words_that_miss_the_text_box_switch_nothing() {
    let server = Server::start(&[]).await;
    let [anna] = meet(&server, "typed", ["Anna"]).await;
    anna.shows_live_picture("You").await;
    anna.button("Turn camera off").click().await;
    anna.button("Turn camera on").is_there().await;
    anna.button("Mute microphone").click().await;
    anna.button("Unmute microphone").is_there().await;
    anna.log("Conversation").click().await;
    // Of letters that switch devices, and of some that do nothing. As fast as can be, since on a busy machine
    // a slow key would be one that stands alone.
    let typed = "
        for (const key of 'vas mav sum v') {
            const options = { key, code: 'Key' + key.toUpperCase(), bubbles: true };
            for (const type of ['keydown', 'keyup'])
                document.activeElement.dispatchEvent(new KeyboardEvent(type, options));
        }";
    anna.run(typed, vec![]).await;
    // Longer than a key waits for another.
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    for name in ["Turn camera on", "Unmute microphone", "Share screen"] {
        assert!(anna.button(name).is_there_now().await, "{name}");
    }
    // On a keyboard of another script, the place of the key counts.
    let cyrillic = "
        const options = { key: 'ь', code: 'KeyM', bubbles: true };
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', options));";
    anna.run(cyrillic, vec![]).await;
    anna.button("Mute microphone").is_there().await;
}

/// Collects every control that can be seen, and returns their names.
const CONTROLS: &str = "
    window.controls = [...document.querySelectorAll('button, input, select, textarea, a[href]')]
        .filter((control) => !control.disabled && control.checkVisibility({ visibilityProperty: true }));
    return controls.map((control) => control.getAttribute('aria-label') || control.innerText || control.id);";

/// Presses Tab until every control has had the focus.
async fn tab_reaches_everything(page: &Page) {
    let controls = page.run(CONTROLS, vec![]).await;
    let names = controls.as_array().cloned().expect("names");
    assert!(names.len() > 5, "{names:?}");
    let mut reached = BTreeSet::new();
    // Lists that can be scrolled take the focus too, and so does the browser's own frame.
    for _ in 0..2 * names.len() + 10 {
        let focused = page.run("return controls.indexOf(document.activeElement);", vec![]).await;
        reached.extend(focused.as_u64());
        if reached.len() == names.len() {
            return;
        }
        page.press(Key::Tab).await;
    }
    let missed: Vec<_> = (0..names.len()).filter(|index| !reached.contains(&(*index as u64))).collect();
    let missed: Vec<_> = missed.into_iter().map(|index| names[index].clone()).collect();
    panic!("the Tab key doesn't reach {}", json!(missed));
}

#[tokio::test]
async fn the_tab_key_reaches_every_control() {
    let server = Server::start(&[]).await;
    let ([anna], bob) = tokio::join!(meet(&server, "tab", ["Anna"]), Page::before_room(&server, "tab"));
    bob.shows_live_picture("You").await;
    tab_reaches_everything(&bob).await;
    bob.textbox("Your name").fill("Bob").await;
    bob.textbox("Your name").press(Key::Enter).await;
    bob.is_in_the_room().await;
    tokio::join!(anna.decodes(&["Bob"]), bob.decodes(&["Anna"]));
    bob.button("Connections").click().await;
    tab_reaches_everything(&bob).await;
}
