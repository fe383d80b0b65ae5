//! The panel with figures of the connections.

use serde_json::Value;
use tincan_e2e::{Page, Server, everyone_sees_everyone, meet};

/// Returns the figures by their titles.
async fn figures(page: &Page) -> Option<Value> {
    let script = "return Object.fromEntries([...arguments[0].querySelectorAll('dt')]
        .map((title) => [title.textContent, title.nextElementSibling.textContent]));";
    page.by_role("region", "Connections").ask_now(script).await
}

/// Returns the whole numbers in a text.
fn numbers(text: &Value) -> Vec<u64> {
    let text = text.as_str().unwrap_or_default();
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

#[tokio::test]
async fn figures_are_plausible_and_change_nothing_but_themselves() {
    let server = Server::start(&[]).await;
    let [anna, bob] = meet(&server, "figures", ["Anna", "Bob"]).await;
    everyone_sees_everyone(&[&anna, &bob]).await;
    anna.button("Connections").click().await;
    anna.by_role("region", "Connections").is_there().await;
    let figures_now = anna
        .expect("every figure is known", async || {
            let figures = figures(&anna).await?;
            let known = ["Round trip", "Bitrate", "Camera"].iter().all(|row| {
                let text = figures[row].as_str().unwrap_or_default();
                !text.is_empty() && !text.contains('–')
            });
            known.then_some(figures)
        })
        .await;
    assert_eq!(figures_now["Path"], "Direct");
    assert!(numbers(&figures_now["Round trip"])[0] < 500, "{figures_now}");
    let [incoming, outgoing] = numbers(&figures_now["Bitrate"])[..] else { panic!("{figures_now}") };
    for rate in [incoming, outgoing] {
        assert!((20..5_000).contains(&rate), "kbit/s: {figures_now}");
    }
    let [width, height, a_second, sent_width, sent_height, sent_a_second] =
        numbers(&figures_now["Camera"])[..]
    else {
        panic!("{figures_now}")
    };
    for (width, height) in [(width, height), (sent_width, sent_height)] {
        assert!((100..=1280).contains(&width) && (90..=720).contains(&height), "{figures_now}");
    }
    for rate in [a_second, sent_a_second] {
        assert!((1..=35).contains(&rate), "{figures_now}");
    }
    assert!(figures_now["Screen"].as_str().is_some_and(|screen| screen.contains('–')), "no screen is shared");

    // Updating the figures touches nothing else on the page.
    let watch = "
        const panel = arguments[0];
        window.seen = { inside: 0, outside: [] };
        new MutationObserver((changes) => changes.forEach(({ target }) => {
            if (panel.contains(target) && target.closest('dd')) seen.inside += 1;
            else seen.outside.push(target.outerHTML || target.textContent);
        })).observe(document.body, { childList: true, characterData: true, subtree: true });";
    anna.by_role("region", "Connections").ask(watch).await;
    anna.expect("the figures were written thrice", async || {
        (anna.run("return seen.inside;", vec![]).await.as_u64()? >= 3 * 6).then_some(())
    })
    .await;
    assert_eq!(anna.run("return seen.outside;", vec![]).await, serde_json::json!([]));

    bob.leaves().await;
    anna.expect("there is no figure of who has left", async || {
        (figures(&anna).await? == serde_json::json!({})).then_some(())
    })
    .await;
    anna.button("Close").click().await;
    anna.by_role("region", "Connections").is_gone().await;
}
