mod guard;
mod hostile;
mod rules;
mod schedules;
mod window;
mod world;
