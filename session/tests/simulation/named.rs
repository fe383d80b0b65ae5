//! Seeds that once failed, each named after what it found.

/// Runs the seed again, for good.
macro_rules! seeds {
    ($($name:ident = $seed:literal;)*) => {
        $(
            #[test]
            fn $name() {
                if let Err(error) = crate::run($seed, false) {
                    panic!("{error}");
                }
            }
        )*
    };
}

seeds! {
    the_first = 1;
}
