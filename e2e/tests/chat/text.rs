//! Lines arrive whole, once and in order, and are shown as what they are: text.

use std::time::Duration;

use tincan_e2e::{Key, Page, Server, connect_by_text};

/// The longest line, in bytes.
const LONGEST: usize = 64 * 1024;

#[tokio::test]
async fn shows_who_and_when() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    for (page, own, others) in
        [(&anna, "can you read this?", "yes, and you?"), (&bob, "yes, and you?", "can you read this?")]
    {
        let text = page.log("Conversation").text().await;
        assert!(text.contains(own) && text.contains(others), "{text}");
    }
    assert!(bob.log("Conversation").text().await.contains("Anna"));
    assert!(anna.log("Conversation").text().await.contains("Bob"));
    for page in [&anna, &bob] {
        let times =
            page.log("Conversation").ask("return arguments[0].querySelectorAll('time').length;").await;
        assert_eq!(times, 2, "each line says when");
        let clock =
            page.log("Conversation").ask("return /\\d{1,2}:\\d{2}/.test(arguments[0].innerText);").await;
        assert_eq!(clock, true);
    }
}

#[tokio::test]
async fn a_line_is_marked_delivered() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    anna.sends("has this arrived?").await;
    bob.reads("has this arrived?").await;
    let marks = "return (arguments[0].innerHTML.match(/(?<!not )delivered/gi) || []).length;";
    anna.expect("both of Anna's lines are marked delivered", async || {
        (anna.log("Conversation").ask(marks).await.as_u64()? >= 2).then_some(())
    })
    .await;
}

#[tokio::test]
async fn links_can_be_followed_safely() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    anna.sends("look: https://example.org/a?b=c&d=%20e. And javascript:alert(1), data:text/html,x").await;
    bob.link("https://example.org/a?b=c&d=%20e").is_there().await;
    let links = bob
        .log("Conversation")
        .ask(
            "return [...arguments[0].querySelectorAll('a')].map((a) => [a.href, a.target, a.rel].join(' '));",
        )
        .await;
    let links: Vec<&str> =
        links.as_array().expect("a list").iter().filter_map(|link| link.as_str()).collect();
    assert_eq!(links.len(), 1, "{links:?}");
    assert!(links[0].starts_with("https://example.org/a?b=c&d=%20e _blank"), "{links:?}");
    assert!(links[0].contains("noopener"), "{links:?}");
}

#[tokio::test]
async fn markup_stays_text() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    let markup = concat!(
        "<b>bold</b> <img src=x onerror=\"document.title='taken over'\"> &amp; ",
        "<script>document.title='taken over'</script>"
    );
    anna.sends(markup).await;
    for page in [&anna, &bob] {
        page.reads(markup).await;
        let made = page
            .log("Conversation")
            .ask("return arguments[0].querySelectorAll('b, img, script').length;")
            .await;
        assert_eq!(made, 0);
        assert_ne!(page.run("return document.title;", vec![]).await, "taken over");
    }
}

#[tokio::test]
async fn enter_sends_and_shift_enter_breaks_the_line() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    let message = anna.textbox("Message");
    message.fill("first line").await;
    message.press(Key::ShiftEnter).await;
    message.type_more("second line").await;
    assert_eq!(message.value().await, "first line\nsecond line");
    message.press(Key::Enter).await;
    bob.reads("first line\nsecond line").await;
    anna.expect("the box is empty again", async || message.value().await.is_empty().then_some(())).await;
}

#[tokio::test]
async fn nothing_is_not_sent() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    let lines = "return arguments[0].querySelectorAll('time').length;";
    let message = anna.textbox("Message");
    message.fill("   ").await;
    message.press(Key::Enter).await;
    anna.sends("something").await;
    bob.reads("something").await;
    assert_eq!(bob.log("Conversation").ask(lines).await, 3);
}

async fn arrives_whole(anna: &Page, bob: &Page, text: &str) {
    assert_eq!(text.len(), LONGEST);
    anna.sends(text).await;
    bob.reads(text).await;
    anna.reads(text).await;
}

#[tokio::test]
async fn a_text_of_64_kib_arrives_whole() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    arrives_whole(&anna, &bob, &"0123456789abcdef".repeat(LONGEST / 16)).await;
    // The limit is in bytes. Where a text is split into messages, no character is torn apart.
    arrives_whole(&bob, &anna, &format!("{}x", "字".repeat(LONGEST / 3))).await;
    anna.sends("and afterwards").await;
    bob.reads("and afterwards").await;
}

#[tokio::test]
async fn a_longer_text_is_refused_at_the_box_and_kept_there() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    let too_long = "x".repeat(LONGEST + 1);
    let message = anna.textbox("Message");
    message.paste(&too_long).await;
    message.press(Key::Enter).await;
    anna.says(&["64 KiB"]).await;
    assert_eq!(message.value().await.len(), too_long.len(), "the text is the user's, to shorten");
    anna.sends("shortened").await;
    bob.reads("shortened").await;
    assert!(!bob.log("Conversation").text().await.contains("xxxx"));
}

#[tokio::test]
async fn lines_come_once_and_in_order() {
    const LINES: usize = 25;
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    let talk = async |page: &Page, who: &str| {
        for number in 0..LINES {
            page.textbox("Message").paste(&format!("{who} says {number:03}")).await;
            page.textbox("Message").press(Key::Enter).await;
        }
    };
    tokio::join!(talk(&anna, "A"), talk(&bob, "B"));
    for (page, other) in [(&anna, "B"), (&bob, "A")] {
        page.reads(&format!("{other} says {:03}", LINES - 1)).await;
        let text = page.log("Conversation").text().await;
        for who in ["A", "B"] {
            let mark = format!("{who} says ");
            let seen: Vec<&str> =
                text.match_indices(&mark).map(|(at, _)| &text[at + mark.len()..][..3]).collect();
            let said: Vec<String> = (0..LINES).map(|number| format!("{number:03}")).collect();
            assert_eq!(seen, said);
        }
    }
}

#[tokio::test]
async fn a_line_that_nobody_got_says_so() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    bob.kill_browser();
    anna.sends("anybody?").await;
    let marked =
        anna.expect_within(Duration::from_secs(60), "the line is marked as not delivered", async || {
            anna.log("Conversation").text().await.to_lowercase().contains("not delivered").then_some(())
        });
    server.waits(marked).await;
}

#[tokio::test]
async fn what_was_typed_survives_the_other_sides_lines() {
    let server = Server::start(&[]).await;
    let (anna, bob) = connect_by_text(&server).await;
    anna.textbox("Message").fill("half a thou").await;
    bob.sends("interrupting").await;
    anna.reads("interrupting").await;
    assert_eq!(anna.textbox("Message").value().await, "half a thou");
}
