//! Which names people can sign in by, and when a name is free again.

use tincan_e2e::{Options, Page, Server, open_two};

#[tokio::test]
async fn a_name_is_trimmed_and_shown() {
    let server = Server::start(&[]).await;
    let anna = Page::open(&server).await;
    anna.sign_in("   Anna Maria   ").await;
    anna.says(&["Signed in as Anna Maria"]).await;
}

#[tokio::test]
async fn names_of_every_script_are_welcome() {
    let server = Server::start(&[]).await;
    for name in ["李雷", "Zoë", "משה", "👩‍🚀", "<b>Bob</b>", &"é".repeat(32)] {
        let page = Page::open(&server).await;
        page.sign_in(name).await;
        page.says(&[name]).await;
    }
}

#[tokio::test]
async fn a_name_that_cannot_be_is_refused_with_advice() {
    let server = Server::start(&[]).await;
    let page = Page::open(&server).await;
    for (name, advice) in [
        ("", "type the name"),
        ("   ", "type the name"),
        (&*"x".repeat(33), "at most 32"),
        ("An\u{7}na", "invisible"),
        ("Bob\u{202E}", "invisible"),
    ] {
        page.try_to_sign_in(name).await;
        page.alert_says(&[advice]).await;
        assert!(!page.textbox("Name to call").is_there_now().await, "{name:?} signed in");
    }
    page.sign_in("Anna").await;
}

#[tokio::test]
async fn a_name_in_use_is_refused_whatever_its_case_and_unicode_form() {
    let server = Server::start(&[]).await;
    let (first, second) = open_two(&server, Options::default(), Options::default()).await;
    first.sign_in("Zoé Straße").await;
    for same in ["Zoé Straße", "zoé straße", "ZOE\u{301} STRASSE", " Zoe\u{301} Straße "] {
        second.try_to_sign_in(same).await;
        second.alert_says(&["already uses"]).await;
    }
    second.sign_in("Zoe Strase").await;
}

#[tokio::test]
async fn a_name_is_free_again_once_its_tab_is_closed() {
    let server = Server::start(&[]).await;
    let (first, second) = open_two(&server, Options::default(), Options::default()).await;
    first.sign_in("Anna").await;
    second.try_to_sign_in("anna").await;
    second.alert_says(&["already uses"]).await;
    first.close_tab().await;
    // The server notices it a moment later.
    second
        .expect("the name can be taken", async || {
            let signed_in = second.textbox("Name to call").is_there_now().await;
            if !signed_in {
                second.button("Sign in").click_now().await;
            }
            signed_in.then_some(())
        })
        .await;
}

#[tokio::test]
async fn people_are_found_whatever_the_case_they_are_called_in() {
    let server = Server::start(&[]).await;
    let (anna, bob) = open_two(&server, Options::default(), Options::default()).await;
    tokio::join!(anna.sign_in("Anna"), bob.sign_in("Bob"));
    anna.calls(" bOB ", "Text chat").await;
    bob.answers("Anna", "Accept").await;
    tokio::join!(anna.is_in_a_call(), bob.is_in_a_call());
}
