//! Measures the real server, as its own process, with many headless clients on loopback.
//!
//! ```sh
//! cargo build -p tincan-server --release
//! cargo run -p tincan-bench --release -- idle --connections 5000
//! cargo run -p tincan-bench --release -- relay --pairs 100
//! cargo run -p tincan-bench --release -- hostile
//! cargo run -p tincan-bench --release -- soak --seconds 60
//! cargo run -p tincan-bench --release -- turn
//! ```

mod client;
mod hostile;
mod idle;
mod relay;
mod server;
mod soak;
mod turn;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};
use tokio::runtime::Builder;

/// Measures Tincan's server.
#[derive(Parser)]
struct Args {
    /// The server to measure.
    #[arg(long, global = true, default_value = "target/release/tincan")]
    server: PathBuf,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The memory of signed-in connections that say nothing.
    Idle(idle::Options),
    /// What strangers and users who mean harm can do to two others.
    Hostile(hostile::Options),
    /// Frames a second, latency and processor time of relayed offers.
    Relay(relay::Options),
    /// Whether anything grows or sticks while many come and go, and the server is killed.
    Soak(soak::Options),
    /// Processor time, loss and memory of relaying by TURN, beside coturn.
    Turn(turn::Options),
}

fn main() -> Result<()> {
    let args = Args::parse();
    let mut runtime = match args.what {
        // Or the one that measures would wait for a thread on which its sockets are, beside the attackers.
        What::Hostile(_) => Builder::new_current_thread(),
        What::Idle(_) | What::Relay(_) | What::Soak(_) | What::Turn(_) => Builder::new_multi_thread(),
    };
    runtime.enable_all().build()?.block_on(async {
        match args.what {
            What::Idle(options) => idle::measure(&args.server, &options).await,
            What::Hostile(options) => hostile::measure(&args.server, &options).await,
            What::Relay(options) => relay::measure(&args.server, &options).await,
            What::Soak(options) => soak::measure(&args.server, &options).await,
            What::Turn(options) => turn::measure(&args.server, &options).await,
        }
    })
}
