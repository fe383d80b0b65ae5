//! The machine for files: its rules one by one, bad input, and random schedules with machines on two sides.

mod guard;
mod hostile;
mod machine;
mod rules;
mod schedules;
mod window;
mod world;
