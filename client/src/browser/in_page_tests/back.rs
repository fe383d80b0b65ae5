//! The browser's Back, and what it leads to.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::window;

use crate::browser::{BackCatch, drop_mark};

/// A call that begins while the page still goes down from the entry of the last one is not about to be left.
#[wasm_bindgen_test]
async fn the_page_that_goes_back_by_itself_is_not_its_user() {
    let (window, heard, asked) = (window().unwrap(), Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let count = heard.clone();
    let _listener = EventListener::new(&window, "popstate", move |_| count.set(count.get() + 1));
    let until_heard = async |times| {
        while heard.get() < times {
            TimeoutFuture::new(5).await;
        }
    };
    let catch = || {
        let asked = asked.clone();
        BackCatch::new(move || asked.set(asked.get() + 1))
    };
    drop(catch());
    drop_mark();
    // It goes back in a task of its own, before this one.
    TimeoutFuture::new(0).await;
    let next = catch();
    until_heard(1).await;
    assert_eq!(asked.get(), 0);
    for times in 1..=2 {
        window.history().unwrap().back().unwrap();
        until_heard(1 + times).await;
        assert_eq!(asked.get(), times);
    }
    drop(next);
    drop_mark();
    until_heard(4).await;
    assert_eq!(asked.get(), 2);
}
