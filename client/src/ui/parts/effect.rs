//! What components do besides drawing.
//!
//! Yew compiles its machinery for effects anew for every type of dependencies and every closure, which the first load pays
//! for. Here both are behind a pointer, so there is one of it.

use std::any::Any;

use yew::prelude::*;

/// What ends an effect, if anything has to.
pub(crate) type End = Option<Box<dyn FnOnce()>>;

/// Ends an effect by dropping `watch`.
pub(crate) fn end_of(watch: impl Sized + 'static) -> End {
    Some(Box::new(move || drop(watch)))
}

/// Runs `effect` after drawing, the first time and whenever `on` is another than before; and its end before it runs anew, or
/// when the component goes.
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

/// Something that can be compared with something of its own type.
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
