//! Keeping the newest line in sight.

use web_sys::Element;
use yew::prelude::*;

use crate::browser::ResizeWatch;
use crate::ui::effect::{end_of, use_effect_on};

/// How far from the bottom, in CSS pixels, still counts as the bottom: scroll positions are fractions of a pixel.
const TOLERANCE: i32 = 4;

/// Keeps `element` scrolled to its bottom when it was there before what is `drawn` in it changed or its size did, so that
/// whoever reads further up is left in peace. A line of one's own (`mine` counts them) always comes into sight.
///
/// The answer belongs to the element's `onscroll`.
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
    Callback::from(move |event: Event| {
        let element: Element = event.target_unchecked_into();
        let below = element.scroll_height() - element.scroll_top() - element.client_height();
        *at_bottom.borrow_mut() = below <= TOLERANCE;
    })
}

fn scroll_down(element: &NodeRef) {
    if let Some(element) = element.cast::<Element>() {
        element.set_scroll_top(element.scroll_height());
    }
}
