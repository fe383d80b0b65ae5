//! What people do with lines: edit, take back, answer, react, pass on, save; and how they hear of new ones.

use serde_json::json;
use tincan_e2e::{Key, Page, Server, connect_by_text, each_with_each, meet};

/// Opens the actions of a line, and presses one of them.
async fn does_with(page: &Page, line: &str, action: &str) {
    page.button(&format!("Message actions: {line}")).click().await;
    page.button(action).click().await;
}

/// Returns how many lines have exactly this text.
async fn count(page: &Page, text: &str) -> u64 {
    let script = "return [...arguments[0].querySelectorAll('.line__text')].map((line) => line.innerText);";
    let lines = page.log("Conversation").ask(script).await;
    lines.as_array().expect("a list").iter().filter(|line| *line == text).count() as u64
}

async fn no_longer_reads(page: &Page, text: &str) {
    page.expect(&format!("nothing says {text:?}"), async || (count(page, text).await == 0).then_some(()))
        .await;
}

#[tokio::test]
async fn a_line_is_edited_and_taken_back_by_its_author_alone() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    anna.sends("see you at fife").await;
    bob.reads("see you at fife").await;
    does_with(&anna, "see you at fife", "Edit").await;
    assert_eq!(anna.textbox("Message").value().await, "see you at fife");
    anna.sends("see you at five").await;
    for page in [&anna, &bob] {
        page.reads("see you at five").await;
        page.reads("edited").await;
        no_longer_reads(page, "see you at fife").await;
    }
    // The Up key takes up the last line again. Escape leaves it as it is.
    anna.textbox("Message").press(Key::Up).await;
    assert_eq!(anna.textbox("Message").value().await, "see you at five");
    anna.textbox("Message").press(Key::Escape).await;
    anna.expect("the box is empty again", async || {
        anna.textbox("Message").value().await.is_empty().then_some(())
    })
    .await;

    bob.button("Message actions: see you at five").click().await;
    bob.button("Reply").is_there().await;
    assert!(!bob.button("Edit").is_there_now().await && !bob.button("Take back").is_there_now().await);
    does_with(&anna, "see you at five", "Take back").await;
    bob.reads("Anna: message taken back").await;
    anna.reads("You: message taken back").await;
    for page in [&anna, &bob] {
        no_longer_reads(page, "see you at five").await;
    }
}

#[tokio::test]
async fn a_reply_shows_what_it_answers() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    anna.sends("tea or coffee?").await;
    bob.reads("tea or coffee?").await;
    bob.textbox("Message").fill("tea, ple").await;
    does_with(&bob, "tea or coffee?", "Reply").await;
    assert_eq!(bob.textbox("Message").value().await, "tea, ple", "the draft stays");
    bob.textbox("Message").type_more("ase").await;
    bob.button("Send").click().await;
    for (page, author) in [(&anna, "You"), (&bob, "Anna")] {
        page.reads("tea, please").await;
        page.button(&format!("{author} tea or coffee?")).is_there().await;
    }
    // The next line answers nothing.
    bob.sends("with milk").await;
    anna.reads("with milk").await;
    assert_eq!(
        anna.log("Conversation").ask("return arguments[0].querySelectorAll('.quote').length;").await,
        1
    );
}

#[tokio::test]
async fn code_stands_out() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    anna.textbox("Message").paste("like `this`:\n```rust\nfn main() {\n    <b>\n}\n```").await;
    anna.textbox("Message").press(Key::Enter).await;
    bob.expect("the code is code", async || {
        let script = "return [...arguments[0].querySelectorAll('code')].map((code) => code.textContent);";
        let code = bob.log("Conversation").ask_now(script).await?;
        (code == json!(["this", "fn main() {\n    <b>\n}"])).then_some(())
    })
    .await;
}

#[tokio::test]
async fn who_writes_is_seen_to() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    anna.textbox("Message").fill("I was going to s").await;
    bob.says(&["Anna is writing…"]).await;
    anna.textbox("Message").type_more("ay").await;
    anna.button("Send").click().await;
    bob.reads("I was going to say").await;
    bob.expect("nobody is writing", async || {
        let shown = bob.run("return document.body.innerText;", vec![]).await;
        (!shown.as_str()?.contains("is writing")).then_some(())
    })
    .await;
}

#[tokio::test]
async fn three_react_and_everyone_sees_who() {
    let server = Server::start_alone(&[]).await;
    let [anna, bob, cleo] = meet(&server, "signs", ["Anna", "Bob", "Cleo"]).await;
    let people = [&anna, &bob, &cleo];
    each_with_each(&people, async |page, other| page.says(&[other]).await.truncate(0)).await;
    anna.sends("shall we?").await;
    for page in [&bob, &cleo] {
        page.reads("shall we?").await;
    }
    anna.reads("Delivered to everybody").await;
    does_with(&bob, "shall we?", "React with 👍").await;
    anna.button("👍: Bob").is_there().await;
    cleo.button("👍: Bob").click().await;
    anna.button("👍: Bob, Cleo").is_there().await;
    bob.button("👍: You, Cleo").is_there().await;
    cleo.button("👍: Bob, You").click().await;
    for (page, name) in [(&anna, "👍: Bob"), (&bob, "👍: You"), (&cleo, "👍: Bob")] {
        page.button(name).is_there().await;
    }
    // Cleo is gone. Lines still reach Bob.
    cleo.leaves().await;
    anna.sends("only Bob").await;
    bob.reads("only Bob").await;
}

#[tokio::test]
async fn who_comes_later_sees_what_was_written_only_if_somebody_offers_it() {
    let server = Server::start_alone(&[]).await;
    let [anna, bob] = meet(&server, "past", ["Anna", "Bob"]).await;
    anna.sends("the key is under the mat").await;
    bob.reads("the key is under the mat").await;

    let cleo = Page::before_room_of_many(&server, "past").await;
    cleo.goes_in_as("Cleo").await;
    cleo.reads("What was written before you came isn’t shown.").await;
    bob.sends("hello Cleo").await;
    cleo.reads("hello Cleo").await;
    assert_eq!(count(&cleo, "the key is under the mat").await, 0);
    cleo.leaves().await;

    for page in [&anna, &bob] {
        page.button("Settings").click().await;
        page.by_role("checkbox", "Show earlier messages to whoever joins").click().await;
        page.button("Close").click().await;
    }
    bob.reads("Anna: whoever joins from now on is shown the earlier messages.").await;
    cleo.comes_back().await;
    cleo.reads("passes on what was written before you came:").await;
    cleo.reads("the key is under the mat").await;
    anna.sends("welcome").await;
    cleo.reads("welcome").await;
    cleo.reads("hello Cleo").await;
    // Two people have passed the lines on, and each line is there once.
    for line in ["the key is under the mat", "hello Cleo", "welcome"] {
        assert_eq!(count(&cleo, line).await, 1, "{line}");
    }
}

#[tokio::test]
async fn the_title_counts_what_comes_while_nobody_looks() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    let title = async |page: &Page, wanted: &str| {
        page.expect(&format!("the title is {wanted:?}"), async || {
            (page.run("return document.title;", vec![]).await == wanted).then_some(())
        })
        .await;
    };
    title(&anna, "Call with Bob – Tincan").await;
    anna.goes_out_of_sight().await;
    bob.sends("are you there?").await;
    bob.sends("hello?").await;
    title(&anna, "(2) Call with Bob – Tincan").await;
    anna.comes_into_sight().await;
    title(&anna, "Call with Bob – Tincan").await;
}

#[tokio::test]
async fn a_notification_is_asked_for_first_and_remembered() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    // A page can't see what the system shows, but what the system was asked to show.
    let spy = "window.shown = []; window.asked = 0;
        window.Notification = class { constructor(title, options) { window.shown.push(options.body); }
            static permission = 'default';
            static requestPermission() {
                window.asked += 1;
                Notification.permission = arguments_[0];
                return Promise.resolve();
            }
        };";
    let answer = async |page: &Page, answer: &str| {
        page.run(&format!("const arguments_ = ['{answer}']; {spy}"), vec![]).await;
    };
    let shown = async |page: &Page| page.run("return window.shown;", vec![]).await;
    let switch = anna.by_role("checkbox", "Notifications while this page is hidden");

    answer(&anna, "denied").await;
    anna.button("Settings").click().await;
    switch.click().await;
    anna.alert_says(&["doesn’t allow notifications"]).await;
    answer(&anna, "granted").await;
    switch.click().await;
    anna.expect("it was asked", async || (anna.run("return window.asked;", vec![]).await == 1).then_some(()))
        .await;
    anna.button("Close").click().await;

    bob.sends("seen").await;
    anna.reads("seen").await;
    anna.goes_out_of_sight().await;
    bob.sends("not seen").await;
    anna.expect("it is told once, without the text", async || {
        (shown(&anna).await == json!(["Bob wrote a message."])).then_some(())
    })
    .await;
    anna.comes_into_sight().await;
}

#[tokio::test]
async fn the_conversation_can_be_saved() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    anna.sends("keep this").await;
    bob.reads("keep this").await;
    let spy = "window.saved = []; const make = URL.createObjectURL;
        URL.createObjectURL = (blob) => {
            blob.text().then((text) => window.saved.push(text));
            return make.call(URL, blob);
        };
        HTMLAnchorElement.prototype.click = function () { window.saved.push(this.download); };";
    bob.run(spy, vec![]).await;
    bob.button("Settings").click().await;
    bob.button("Save conversation").click().await;
    let saved = bob
        .expect("a file is saved", async || {
            let saved = bob.run("return window.saved;", vec![]).await;
            (saved.as_array()?.len() == 2).then_some(saved)
        })
        .await;
    let name = saved[0].as_str().expect("a name");
    assert!(name.starts_with("Tincan Anna 20") && name.ends_with(".txt"), "{name}");
    let text = saved[1].as_str().expect("a text");
    assert!(text.contains("] Anna: keep this\n"), "{text}");
    bob.button("Close").click().await;

    // The conversation can also be saved after the call.
    anna.button("Hang up").click().await;
    bob.is_home().await;
    bob.button("Save conversation").is_there().await;
}
