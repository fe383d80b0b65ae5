//! Pictures of every screen of the real page, at the size of a desktop and of a phone, light and dark, in
//! English and 简体中文: `cargo xtask screenshots`. The files are named `SCREEN.SIZE.THEME.LANGUAGE.png`.

use std::path::{Path, PathBuf};
use std::{env, fs};

use tincan_e2e::{Options, Page, Server, Theme};

const SIZES: [(&str, (u32, u32)); 2] = [("desktop", (1280, 800)), ("phone", (390, 844))];
const THEMES: [(&str, Theme); 2] = [("light", Theme::Light), ("dark", Theme::Dark)];

/// The texts of the page by which the walk finds what it presses, as the page's catalogue has them.
struct Words {
    language: &'static str,
    your_name: &'static str,
    sign_in: &'static str,
    name_to_call: &'static str,
    video_call: &'static str,
    cancel: &'static str,
    accept: &'static str,
    hang_up: &'static str,
    message: &'static str,
    send: &'static str,
    you: &'static str,
    me: &'static str,
    other: &'static str,
    lines: [&'static str; 4],
}

const ENGLISH: Words = Words {
    language: "en-US",
    your_name: "Your name",
    sign_in: "Sign in",
    name_to_call: "Name to call",
    video_call: "Video call",
    cancel: "Cancel",
    accept: "Accept",
    hang_up: "Hang up",
    message: "Message",
    send: "Send",
    you: "You",
    me: "Anna",
    other: "Bob",
    lines: [
        "Hello! Did the parcel arrive?",
        "It did, this morning. Thank you!",
        "Here is how to put it together: https://example.org/shelf",
        "Shall I show you what I have so far?",
    ],
};

const SIMPLIFIED_CHINESE: Words = Words {
    language: "zh-CN",
    your_name: "你的名字",
    sign_in: "登录",
    name_to_call: "对方的名字",
    video_call: "视频通话",
    cancel: "取消",
    accept: "接听",
    hang_up: "挂断",
    message: "消息",
    send: "发送",
    you: "我",
    me: "李雷",
    other: "韩梅梅",
    lines: [
        "你好！包裹收到了吗？",
        "今天早上收到了，谢谢！",
        "安装说明在这里：https://example.org/shelf",
        "要不要我给你看看现在的样子？",
    ],
};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = PathBuf::from(env::args_os().nth(1).expect("the folder for the pictures"));
    fs::create_dir_all(&folder).expect("a folder for the pictures");
    for words in [ENGLISH, SIMPLIFIED_CHINESE] {
        let server = Server::start(&[]).await;
        walk(&server, &words, &Album { folder: &folder, language: words.language }).await;
    }
}

/// Walks from the first screen to the end of a call. The pictures are of one side. The other side is in
/// English.
async fn walk(server: &Server, words: &Words, album: &Album<'_>) {
    let me = Page::open_with(server, Options { language: words.language, ..Options::default() }).await;
    let other = Page::open(server).await;
    other.sign_in(words.other).await;

    me.textbox(words.your_name).is_there().await;
    album.take(&me, "start").await;

    me.textbox(words.your_name).paste(words.me).await;
    me.button(words.sign_in).click().await;
    me.textbox(words.name_to_call).is_there().await;
    album.take(&me, "home").await;

    me.textbox(words.name_to_call).paste(words.other).await;
    me.button(words.video_call).click().await;
    other.is_rung_by(words.me).await;
    album.take(&me, "calling").await;
    me.button(words.cancel).click().await;
    me.textbox(words.name_to_call).is_there().await;

    other.is_home().await;
    other.calls(words.me, "Video call").await;
    me.button(words.accept).is_there().await;
    album.take(&me, "ringing").await;
    other.button("Cancel").click().await;
    // My home is there while it rings, too, so its end is what tells the next ring from this one.
    me.button(words.accept).is_gone().await;

    other.is_home().await;
    other.calls(words.me, "Text chat").await;
    // A ring that follows another is not accepted in its first moment (session/src/rings.rs).
    me.expect("the call is accepted", async || {
        me.button(words.accept).click_now().await;
        me.button(words.hang_up).is_there_now().await.then_some(())
    })
    .await;
    other.is_in_a_call().await;
    for (number, line) in words.lines.into_iter().enumerate() {
        if number % 2 == 0 {
            me.textbox(words.message).paste(line).await;
            me.button(words.send).click().await;
            other.reads(line).await;
        } else {
            other.sends(line).await;
            me.says(&[line]).await;
        }
    }
    album.take(&me, "in-call-text").await;
    me.button(words.hang_up).click().await;
    me.textbox(words.name_to_call).is_there().await;

    other.is_home().await;
    other.calls(words.me, "Video call").await;
    me.button(words.accept).click().await;
    me.sees(words.other).await;
    me.shows_live_picture(words.you).await;
    album.take(&me, "in-call-video").await;

    other.button("Hang up").click().await;
    me.textbox(words.name_to_call).is_there().await;
    album.take(&me, "ended").await;
}

/// Where the pictures go.
struct Album<'a> {
    folder: &'a Path,
    language: &'a str,
}

impl Album<'_> {
    /// Takes one picture for each size and theme.
    async fn take(&self, page: &Page, screen: &str) {
        for (size_name, size) in SIZES {
            for (theme_name, theme) in THEMES {
                page.resize(size.0, size.1).await;
                page.set_theme(theme).await;
                page.is_drawn().await;
                let name = format!("{screen}.{size_name}.{theme_name}.{}.png", self.language);
                fs::write(self.folder.join(&name), page.screenshot().await)
                    .expect("the picture can be written");
                println!("{name}");
            }
        }
    }
}
