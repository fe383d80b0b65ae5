//! English, 简体中文, 繁體中文: the page takes the language from the browser, switches it, and remembers it.

use tincan_e2e::{Options, Page, Server};

async fn open_in(server: &Server, language: &'static str) -> Page {
    Page::open_with(server, Options { language, ..Options::default() }).await
}

async fn language_of(page: &Page) -> String {
    page.run("return document.documentElement.lang;", vec![]).await.as_str().unwrap_or_default().to_owned()
}

/// Chooses an option of the list of languages, as its user does.
async fn choose(page: &Page, list: &str, own_name: &str) {
    let script = format!(
        "const list = arguments[0];
         list.value = [...list.options].find((option) => option.textContent.trim() === {own_name:?}).value;
         list.dispatchEvent(new Event('change', {{ bubbles: true }}));"
    );
    page.by_role("combobox", list).ask(&script).await;
}

#[tokio::test]
async fn the_browsers_language_is_taken() {
    let server = Server::start(&[]).await;
    for (language, sign_in, tag) in [
        ("en-GB", "Sign in", "en"),
        ("zh-CN", "登录", "zh-Hans"),
        ("zh-SG", "登录", "zh-Hans"),
        ("zh-TW", "登入", "zh-Hant"),
        ("zh-HK", "登入", "zh-Hant"),
        // English is the fallback for every other language.
        ("fi", "Sign in", "en"),
    ] {
        let page = open_in(&server, language).await;
        page.button(sign_in).is_there().await;
        assert!(language_of(&page).await.starts_with(tag), "{language}: lang={}", language_of(&page).await);
    }
}

#[tokio::test]
async fn the_language_is_switched_in_the_page_and_remembered() {
    let server = Server::start(&[]).await;
    let page = open_in(&server, "en-US").await;
    page.textbox("Your name").fill("Anna").await;
    choose(&page, "Language", "简体中文").await;
    page.button("登录").is_there().await;
    page.textbox("你的名字").is_there().await;
    assert_eq!(page.textbox("你的名字").value().await, "Anna", "what was typed stays");
    choose(&page, "语言", "繁體中文").await;
    page.button("登入").is_there().await;
    page.reload().await;
    page.button("登入").is_there().await;
    choose(&page, "語言", "English").await;
    page.button("Sign in").is_there().await;
}
