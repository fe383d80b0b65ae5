mod hostile;
mod rules;
mod schedules;
mod world;
