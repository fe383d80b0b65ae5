//! What happened, to see that something did.

/// Declares the counters, and what can be done with all of them.
macro_rules! totals {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What happened in a run, to see that something did.
        #[derive(Clone, Debug, Default)]
        pub(crate) struct Totals {
            /// How many schedules were run.
            pub(crate) schedules: u64,
            $($(#[$doc])* pub(crate) $name: u64,)*
        }

        impl Totals {
            pub(crate) fn add(&mut self, more: &Totals) {
                $(self.$name += more.$name;)*
            }

            fn count(&self, name: &str) -> u64 {
                match name {
                    $(stringify!($name) => self.$name,)*
                    _ => 0,
                }
            }
        }
    };
}

totals! {
    events,
    connected,
    links_lost,
    resumed,
    duplicates,
    paths_broken,
    ice_restarts,
    renegotiations,
    lines,
    stale_events,
    mischief,
    /// The system muted a microphone or camera, or gave it back.
    system_mutes,
    /// Something of it was still so when all was quiet.
    interrupted,
    /// Lines that were read as they were edited.
    edited,
    /// A page didn't run for a while.
    sleeps,
    /// Somebody else had their name after the server had restarted.
    kept_out,
    // Calls
    reactions,
    rings,
    still_in_call,
    call_glare,
    /// A page was loaded anew.
    reloads,
    /// It went back into its call.
    returns,
    // Rooms
    /// Somebody came into a room.
    entered,
    /// Two pages asked to be let in in the same moment.
    entered_together,
    /// Pairs who were connected in a room when all was quiet.
    pairs,
    crashes,
    unplugged,
    /// The server lost its memory.
    restarts,
    /// A connection in a room that failed was made anew.
    reconnects,
    screens,
    renamed,
    /// Lines that nobody has any more who had them.
    taken_back,
    /// Somebody offered to show what was written to whoever comes.
    offers,
    /// Lines from before one came.
    earlier,
}

const EVERYWHERE: [&str; 15] = [
    "events",
    "connected",
    "links_lost",
    "resumed",
    "duplicates",
    "paths_broken",
    "ice_restarts",
    "renegotiations",
    "lines",
    "stale_events",
    "mischief",
    "system_mutes",
    "interrupted",
    "edited",
    "sleeps",
];

impl Totals {
    pub(crate) fn assert_calls_happened(&self) {
        self.assert_happened(&["rings", "still_in_call", "call_glare", "reactions", "reloads", "returns"]);
    }

    pub(crate) fn assert_rooms_happened(&self) {
        self.assert_happened(&[
            "entered",
            "entered_together",
            "reloads",
            "returns",
            "pairs",
            "crashes",
            "unplugged",
            "restarts",
            "reconnects",
            "screens",
            "renamed",
            "rings",
            "taken_back",
            "earlier",
        ]);
    }

    /// A simulation in which nothing happens proves nothing.
    fn assert_happened(&self, what: &[&str]) {
        if self.schedules >= 1_000 {
            for name in EVERYWHERE.iter().chain(what) {
                assert!(self.count(name) > 0, "no {name} in the whole simulation");
            }
        }
    }
}
