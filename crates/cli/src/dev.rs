//! `dev`: files that are generated from the code and checked in.

use sea_orm::DbBackend;

/// What to print.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Print the OpenAPI document.
    Openapi,
    /// Print the DDL of one engine.
    Dump {
        /// sqlite or postgres.
        engine: String,
    },
    /// Print every permit with its labels.
    Permits,
}

/// Runs a command.
pub fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Openapi => print!("{}", server::openapi::text()),
        Command::Dump { engine } => {
            let backend = match engine.as_str() {
                "sqlite" => DbBackend::Sqlite,
                "postgres" => DbBackend::Postgres,
                other => anyhow::bail!("unknown engine {other}; use sqlite or postgres"),
            };
            print!("{}", schema::dump(backend));
        }
        Command::Permits => {
            for (code, zh, en) in server::permits() {
                println!("{code}\t{zh}\t{en}");
            }
        }
    }
    Ok(())
}
