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
    the_lines_of_a_page_that_was_loaded_anew_are_its_own = Calls 8;
    what_is_on_its_way_through_the_server_is_not_sent_again = Calls 53;
    a_hang_up_that_was_lost_with_the_server_is_said_again = Calls 4983;
    who_sleeps_does_not_hold_it_against_the_others = Calls 3815;
    what_a_full_queue_kept_from_one_who_slept_is_told_again_at_once = Calls 932;
    a_call_that_is_over_does_not_ring_at_a_page_that_was_loaded_anew = Calls 7333;
    the_first_of_rooms = Rooms 1;
    what_is_late_of_a_room_that_was_left_does_not_ring = Rooms 4;
    lines_of_two_stays_are_told_apart = Rooms 107;
    a_line_that_is_passed_on_and_told_by_its_author_is_there_once = Rooms 2465;
    whoever_was_given_up_counts_anew_when_they_are_met_again = Rooms 574;
    who_left_and_came_again_meanwhile_is_not_who_was_there = Rooms 8273;
}
