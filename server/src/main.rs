//! The `tincan` binary.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Result;
use tincan_server::{Args, Server};
use tokio::signal::unix::{SignalKind, signal};

fn main() -> ExitCode {
    let args = match Args::read() {
        Ok(args) => args,
        Err((text, 0)) => {
            print!("{text}");
            return ExitCode::SUCCESS;
        }
        Err((text, code)) => return fail(&text, code),
    };
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        // Prints one line, even if a cause has several.
        Err(error) => fail(&format!("{error:#}").replace('\n', " "), 2),
    }
}

fn fail(text: &str, code: u8) -> ExitCode {
    eprintln!("tincan: {text}");
    ExitCode::from(code)
}

#[tokio::main]
async fn run(args: &Args) -> Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(args.log_filter()?)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    tincan_server::raise_open_files_limit();
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let server = Server::bind(args.config()?).await?;
    let mut stdout = std::io::stdout();
    // Our output may be closed, but that is no reason not to serve.
    let _ = writeln!(stdout, "Tincan listens on {}", server.url()).and_then(|()| stdout.flush());
    server
        .run(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            tracing::info!("shutting down");
        })
        .await?;
    Ok(())
}
