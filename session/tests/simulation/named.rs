//! Seeds that once failed, each named after what it found.

/// Runs the seed again, for good.
macro_rules! seeds {
    ($($name:ident = $scenario:ident $seed:literal;)*) => {
        $(
            #[test]
            fn $name() {
                if let Err(error) = crate::run(crate::Scenario::$scenario, $seed, false) {
                    panic!("{error}");
                }
            }
        )*
    };
}

seeds! {
    the_first_of_calls = Calls 1;
    the_first_of_rooms = Rooms 1;
    what_is_late_of_a_room_that_was_left_does_not_ring = Rooms 4;
}
