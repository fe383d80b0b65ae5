//! Starts the page.

fn main() {
    tincan_client::ui::start();
}
