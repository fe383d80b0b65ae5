//! Starts the worker.

fn main() {
    tincan_worker::serve();
}
