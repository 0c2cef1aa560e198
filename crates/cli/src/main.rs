//! `sheqiao`: the server and its commands in one binary.

mod bench;
mod check;
mod demo;
mod dev;
mod footprint;
mod policies;
mod screen;
mod serve;
mod user;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

/// Answers are built of many small pieces; this allocator hands them out at half the cost of the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// 社桥 sheqiao: the information system of township social-work stations.
#[derive(Parser)]
#[command(name = "sheqiao", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the web desk and the API.
    Serve(serve::Args),
    /// Fill a data folder with a synthetic demo world.
    Demo(demo::Args),
    /// Bring the database of a data folder up to this version and load the divisions.
    Migrate(DataArgs),
    /// Manage the first accounts.
    User {
        #[command(subcommand)]
        command: user::Command,
    },
    /// Look at the timers of the ledger now: raise the tasks of today (the server does so by itself every day).
    Timers(DataArgs),
    /// Screen policies now: whoever may differ since last time (the server does so by itself every night).
    Screening(serve::ScreeningArgs),
    /// Check audit chains, counters and invariants; exit 1 when anything is wrong.
    Check(DataArgs),
    /// Run policies over a file of persons: who may be entitled to what, and who cannot be told yet.
    Screen(screen::Args),
    /// Look over a folder of policies before it is used.
    Policies {
        #[command(subcommand)]
        command: policies::Command,
    },
    /// For measurements: the benchmark's data set in our own tables.
    Bench {
        #[command(subcommand)]
        command: bench::Command,
    },
    /// Make one file of one document, inside narrow limits; called by the server only.
    #[command(name = ground::press::CHILD, hide = true)]
    PrintChild,
    /// For developers: generated files.
    Dev {
        #[command(subcommand)]
        command: dev::Command,
    },
}

/// The data folder.
#[derive(clap::Args)]
pub struct DataArgs {
    /// Data folder.
    #[arg(long, env = "SHEQIAO_DATA")]
    pub data: PathBuf,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if matches!(cli.command, Command::PrintChild) {
        return print::child::run();
    }
    let json = matches!(std::env::var("SHEQIAO_LOG_JSON").as_deref(), Ok("1" | "true"));
    logging(json, matches!(cli.command, Command::Serve(_)));
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("sheqiao: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(async {
        match cli.command {
            Command::Serve(args) => serve::run(args).await.map(|()| ExitCode::SUCCESS),
            Command::Demo(args) => demo::run(args).await.map(|()| ExitCode::SUCCESS),
            Command::Migrate(args) => serve::migrate(&args.data).await.map(|()| ExitCode::SUCCESS),
            Command::User { command } => user::run(command).await.map(|()| ExitCode::SUCCESS),
            Command::Timers(args) => serve::timers(&args.data).await.map(|()| ExitCode::SUCCESS),
            Command::Screening(args) => serve::screening(&args).await.map(|()| ExitCode::SUCCESS),
            Command::Check(args) => check::run(&args.data).await,
            Command::Screen(args) => Ok(screen::run(&args)),
            Command::Policies { command } => Ok(policies::run(&command)),
            Command::PrintChild => Ok(print::child::run()),
            Command::Bench { command } => bench::run(command).await.map(|()| ExitCode::SUCCESS),
            Command::Dev { command } => dev::run(command).map(|()| ExitCode::SUCCESS),
        }
    });
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("sheqiao: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// One event per line on standard error; JSON for machines, plain for people. `RUST_LOG` narrows or widens.
fn logging(json: bool, serving: bool) {
    let otherwise = if serving { "info" } else { "warn" };
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| {
        tracing_subscriber::EnvFilter::new(format!("{otherwise},sqlx=warn,sea_orm=warn,sea_orm_migration=warn"))
    });
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json { builder.json().init() } else { builder.init() }
}
