//! Effects: what components do besides drawing.
//!
//! Yew's hook for effects is generic over the dependencies and the closure, and every instance of it adds to
//! the first load. Here both are behind a pointer, so there is one instance.

use std::any::Any;

use yew::prelude::*;

/// What cleans up after an effect, if anything has to.
pub(crate) type End = Option<Box<dyn FnOnce()>>;

/// Returns the cleanup that drops `watch`.
pub(crate) fn end_of(watch: impl Sized + 'static) -> End {
    Some(Box::new(move || drop(watch)))
}

/// Runs `effect` after the first drawing, and after each one for which `on` has changed. What it returns runs
/// before its next run, and when the component goes.
#[hook]
pub(crate) fn use_effect_on<T: PartialEq + 'static>(on: T, effect: impl FnOnce() -> End + 'static) {
    use_erased(Box::new(on), Box::new(effect));
}

#[hook]
fn use_erased(on: Box<dyn Comparable>, effect: Box<dyn FnOnce() -> End>) {
    use_effect_with(on, move |_| {
        let end = effect();
        move || {
            if let Some(end) = end {
                end();
            }
        }
    });
}

/// A value that can be compared with another of unknown type. Values of different types are different.
trait Comparable {
    fn is(&self, other: &dyn Comparable) -> bool;
    fn as_any(&self) -> &dyn Any;
}

impl<T: PartialEq + 'static> Comparable for T {
    fn is(&self, other: &dyn Comparable) -> bool {
        other.as_any().downcast_ref() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl PartialEq for dyn Comparable {
    fn eq(&self, other: &dyn Comparable) -> bool {
        self.is(other)
    }
}
