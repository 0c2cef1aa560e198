//! `screen`: all policies of a folder over a file of persons, without a database (`bench/policy` has such files).

use std::{num::NonZero, path::PathBuf, process::ExitCode};

use kernel::Day;
use policy::{
    fault::Fault,
    files,
    screen::{Outcome, Screen},
};

/// What is read and written.
#[derive(clap::Args)]
pub struct Args {
    /// Persons (.csv or .parquet): person_id, region, one column per fact; an empty cell is unknown.
    #[arg(long)]
    facts: PathBuf,
    /// Folder with dictionary.toml and one file per policy.
    #[arg(long)]
    policies: PathBuf,
    /// Parameters by place and day (.toml, a folder of them, or the .json tree of the benchmark).
    #[arg(long)]
    params: PathBuf,
    /// Day that versions and parameters are taken of, YYYY-MM-DD.
    #[arg(long)]
    on: Day,
    /// Results (.csv or .parquet): person_id, then status_<id> (1, 0, empty for unknown) and amount_<id>.
    #[arg(long)]
    out: PathBuf,
    /// Threads; as many as the machine has when left out.
    #[arg(long)]
    threads: Option<NonZero<usize>>,
}

/// Screens, or prints every fault with its place in Chinese and English and ends with 1.
pub fn run(args: &Args) -> ExitCode {
    match screen(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(faults) => {
            say(&faults);
            ExitCode::FAILURE
        }
    }
}

/// Prints faults in Chinese and English.
pub fn say(faults: &[Fault]) {
    for fault in faults {
        eprintln!("{}\n{fault}", fault.chinese());
    }
}

fn screen(args: &Args) -> Result<(), Vec<Fault>> {
    let one = |fault: Fault| vec![fault];
    let library = files::library(&args.policies)?;
    let plan = library.plan(args.on).map_err(one)?;
    let regions = files::parameters(&args.params, library.dictionary()).map_err(one)?;
    let persons = files::persons(&args.facts, library.dictionary()).map_err(one)?;
    let locals = files::locals(&library, &plan, &regions, &persons).map_err(one)?;
    let ledger = files::ledger(&library, &plan, &persons).map_err(one)?;
    let screen = Screen::new(&plan, ledger.layout(), &locals);
    let mut outcome: Outcome = screen.outcome(&ledger);
    let threads = args.threads.or(std::thread::available_parallelism().ok()).unwrap_or(NonZero::<usize>::MIN);
    screen.run(&ledger, threads, &mut outcome);
    files::results(&args.out, &library, &plan, &persons, &ledger, &outcome).map_err(one)
}
