//! Keeps the newest line in view.

use web_sys::Element;
use yew::prelude::*;

use crate::browser::ResizeWatch;
use crate::ui::parts::effect::{end_of, use_effect_on};

/// How far from the bottom still counts as the bottom, in CSS pixels. Scroll positions are fractions of a
/// pixel.
const TOLERANCE: i32 = 4;

/// Keeps `element` scrolled to its bottom if it was there before what is `drawn` in it, or its size, changed.
/// So it stays where it is for somebody who reads further up. A line of the user's own always comes into
/// view: `mine` counts them.
///
/// Returns the element's `onscroll`.
#[hook]
pub(super) fn use_stick_to_bottom<T: PartialEq + 'static>(
    element: &NodeRef,
    drawn: T,
    mine: usize,
) -> Callback<Event> {
    let at_bottom = use_mut_ref(|| true);
    {
        let (element, at_bottom) = (element.clone(), at_bottom.clone());
        use_effect_on(mine, move || {
            *at_bottom.borrow_mut() = true;
            scroll_down(&element);
            None
        });
    }
    {
        let (element, at_bottom) = (element.clone(), at_bottom.clone());
        use_effect_on(drawn, move || {
            if *at_bottom.borrow() {
                scroll_down(&element);
            }
            None
        });
    }
    {
        let (element, at_bottom) = (element.clone(), at_bottom.clone());
        use_effect_on((), move || {
            let watch = element.cast::<Element>().and_then(|watched| {
                ResizeWatch::new(&watched, move || {
                    if *at_bottom.borrow() {
                        scroll_down(&element);
                    }
                })
            });
            end_of(watch)
        });
    }
    // Where the element was scrolled to, and how high its content was, at the last event.
    let last = use_mut_ref(|| (0, 0));
    let element = element.clone();
    Callback::from(move |event: Event| {
        let scrolled: Element = event.target_unchecked_into();
        let (top, height) = (scrolled.scroll_top(), scrolled.scroll_height());
        let (last_top, last_height) = last.replace((top, height));
        let below = height - top - scrolled.client_height();
        // Only a person scrolls up while the content stays the same. A browser does it when lines come, to
        // keep what is seen in its place.
        let left = top < last_top && height == last_height;
        if below <= TOLERANCE {
            *at_bottom.borrow_mut() = true;
        } else if left {
            *at_bottom.borrow_mut() = false;
        } else if *at_bottom.borrow() {
            scroll_down(&element);
        }
    })
}

fn scroll_down(element: &NodeRef) {
    if let Some(element) = element.cast::<Element>() {
        element.set_scroll_top(element.scroll_height());
    }
}
