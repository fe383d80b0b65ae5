//! The files that the user has chosen, by number.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use tincan_session::files::SourceId;
use web_sys::File;

use super::chosen::ChosenFile;

/// Keeps the browser's objects, which the session can't hold. Clones share them.
#[derive(Clone, Default)]
pub struct Sources(Rc<Inner>);

#[derive(Default)]
struct Inner {
    /// How many there have been: no number is given twice.
    count: Cell<u32>,
    files: RefCell<Vec<(SourceId, File)>>,
}

impl Sources {
    /// Keeps a file until the session releases it.
    pub fn add(&self, ChosenFile(file): ChosenFile) -> SourceId {
        self.0.count.update(|count| count + 1);
        let id = SourceId(self.0.count.get());
        self.0.files.borrow_mut().push((id, file));
        id
    }

    pub(super) fn get(&self, wanted: SourceId) -> Option<File> {
        self.0.files.borrow().iter().find(|(id, _)| *id == wanted).map(|(_, file)| Clone::clone(file))
    }

    pub(super) fn release(&self, unwanted: SourceId) {
        self.0.files.borrow_mut().retain(|(id, _)| *id != unwanted);
    }
}

impl PartialEq for Sources {
    fn eq(&self, other: &Sources) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}
