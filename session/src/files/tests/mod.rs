mod guard;
mod hostile;
mod machine;
mod rules;
mod schedules;
mod window;
mod world;
