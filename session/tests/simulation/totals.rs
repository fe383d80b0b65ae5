//! What happened, to see that something did.

/// What happened in a run, to see that something did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Totals {
    pub(crate) events: u64,
    pub(crate) rings: u64,
    pub(crate) connected: u64,
    pub(crate) still_in_call: u64,
    pub(crate) links_lost: u64,
    pub(crate) resumed: u64,
    pub(crate) duplicates: u64,
    pub(crate) paths_broken: u64,
    pub(crate) ice_restarts: u64,
    pub(crate) renegotiations: u64,
    pub(crate) call_glare: u64,
    pub(crate) lines: u64,
    pub(crate) stale_events: u64,
    pub(crate) mischief: u64,
}

impl Totals {
    fn fields(&self) -> [(&'static str, u64); 14] {
        [
            ("events", self.events),
            ("rings", self.rings),
            ("connected", self.connected),
            ("still_in_call", self.still_in_call),
            ("links_lost", self.links_lost),
            ("resumed", self.resumed),
            ("duplicates", self.duplicates),
            ("paths_broken", self.paths_broken),
            ("ice_restarts", self.ice_restarts),
            ("renegotiations", self.renegotiations),
            ("call_glare", self.call_glare),
            ("lines", self.lines),
            ("stale_events", self.stale_events),
            ("mischief", self.mischief),
        ]
    }

    pub(crate) fn add(&mut self, more: &Totals) {
        self.events += more.events;
        self.rings += more.rings;
        self.connected += more.connected;
        self.still_in_call += more.still_in_call;
        self.links_lost += more.links_lost;
        self.resumed += more.resumed;
        self.duplicates += more.duplicates;
        self.paths_broken += more.paths_broken;
        self.ice_restarts += more.ice_restarts;
        self.renegotiations += more.renegotiations;
        self.call_glare += more.call_glare;
        self.lines += more.lines;
        self.stale_events += more.stale_events;
        self.mischief += more.mischief;
    }

    pub(crate) fn assert_everything_happened(&self) {
        for (name, count) in self.fields() {
            assert!(count > 0, "no {name} in the whole simulation");
        }
    }
}
