//! Networks of namespaces, and the quick scenarios of the lab; all scenarios: `cargo xtask lab`. They are
//! skipped where this can't be done, which takes root.

mod building;
mod calls_with_firefox;
mod faults;
mod judging;
