//! The `tincan` binary.

mod qr_code;

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

/// Prints where the server is found.
fn greet(server: &Server) -> std::io::Result<()> {
    let mut stdout = std::io::stdout();
    writeln!(stdout, "Tincan listens on {}", server.url())?;
    if server.is_self_signed() {
        let urls = server.lan_urls();
        if let Some(url) = urls.first() {
            writeln!(stdout, "Other devices of this network: {}", urls.join(" or "))?;
            if stdout.is_terminal() {
                write!(stdout, "{}", qr_code::draw(url))?;
            }
        }
        writeln!(stdout, "The certificate is its own: each browser asks once whether to go on.")?;
    }
    if server.awaits_certificate() {
        writeln!(stdout, "Its certificate is on its way. Until then no browser can open it.")?;
    }
    stdout.flush()
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
    // Our output may be closed, but that is no reason not to serve.
    let _ = greet(&server);
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
