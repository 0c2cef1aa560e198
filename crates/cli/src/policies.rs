//! `policies`: looks over a folder of policies before it is used, and runs them over narrow ledgers night after night.

use std::{
    num::NonZero,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use kernel::Day;
use policy::{
    fault::Fault,
    files::{self, narrow::Narrow},
    library::Library,
    screen::Screen,
};

/// What to do with a folder of policies.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Read dictionary, policies and parameters of a folder; list every fault with its place and exit 1, or say what is there.
    /// A folder without a dictionary is looked over as what the data folder adds to the policies of the program.
    Check {
        /// Folder with dictionary.toml, one file per policy, and the parameters in params/; or with policies to add.
        folder: PathBuf,
        /// Day that versions and parameters are taken of, YYYY-MM-DD.
        #[arg(long)]
        on: Day,
    },
    /// Write a file of persons as a narrow ledger, for runs night after night.
    Pack {
        /// Persons (.csv or .parquet), as for `screen`.
        #[arg(long)]
        facts: PathBuf,
        /// Folder with dictionary.toml and one file per policy.
        #[arg(long)]
        policies: PathBuf,
        /// Day that versions are taken of, YYYY-MM-DD.
        #[arg(long)]
        on: Day,
        /// The narrow ledger.
        #[arg(long)]
        out: PathBuf,
        /// Write everybody so many times, for measurements.
        #[arg(long, default_value = "1")]
        times: NonZero<usize>,
    },
    /// Screen a narrow ledger: results and differences to an earlier night into a folder.
    Night {
        /// The narrow ledger.
        #[arg(long)]
        ledger: PathBuf,
        /// Folder with dictionary.toml and one file per policy.
        #[arg(long)]
        policies: PathBuf,
        /// Parameters by place and day, as for `screen`.
        #[arg(long)]
        params: PathBuf,
        /// Day that versions and parameters are taken of, YYYY-MM-DD.
        #[arg(long)]
        on: Day,
        /// Folder of the earlier night.
        #[arg(long)]
        before: Option<PathBuf>,
        /// Folder for results and differences.
        #[arg(long)]
        out: PathBuf,
        /// Threads; as many as the machine has when left out.
        #[arg(long)]
        threads: Option<NonZero<usize>>,
    },
}

/// Runs a command.
pub fn run(command: &Command) -> ExitCode {
    let done = match command {
        Command::Check { folder, on } => check(folder, *on),
        Command::Pack { facts, policies, on, out, times } => pack(facts, policies, *on, out, *times),
        Command::Night { ledger, policies, params, on, before, out, threads } => {
            night(ledger, policies, params, *on, before.as_deref(), out, *threads)
        }
    };
    match done {
        Ok(lines) => {
            lines.iter().for_each(|line| println!("{line}"));
            ExitCode::SUCCESS
        }
        Err(faults) => {
            crate::screen::say(&faults);
            ExitCode::FAILURE
        }
    }
}

fn check(folder: &Path, on: Day) -> Result<Vec<String>, Vec<Fault>> {
    let one = |fault: Fault| vec![fault];
    if !folder.join("dictionary.toml").exists() {
        let added = files::texts(folder).map_err(one)?;
        let count = aid::policies::shelf::stock(&added)?;
        return Ok(vec![format!("{} 个政策可以加入，连同程序自带的共 {count} 个", added.len())]);
    }
    let library = files::library(folder)?;
    let regions = files::parameters(&folder.join("params"), library.dictionary()).map_err(one)?;
    let plan = library.plan(on).map_err(one)?;
    let mut lines = vec![summary(&library, plan.policies.len(), on)];
    for place in regions.places.codes() {
        let local = plan.at(&library, &regions.params, &regions.places, place).map_err(one)?;
        let (held, all) = (local.params.iter().flatten().count(), local.params.len());
        let examples = local.params.iter().flatten().filter(|value| value.example).count();
        lines.push(format!("{place}: {all} 个参数中 {held} 个有值，其中 {examples} 个是示例；缺值的政策结果为未知"));
    }
    Ok(lines)
}

fn pack(facts: &Path, policies: &Path, on: Day, out: &Path, times: NonZero<usize>) -> Result<Vec<String>, Vec<Fault>> {
    let one = |fault: Fault| vec![fault];
    let library = files::library(policies)?;
    let plan = library.plan(on).map_err(one)?;
    let persons = files::persons(facts, library.dictionary()).map_err(one)?;
    let ledger = files::ledger(&library, &plan, &persons).map_err(one)?;
    files::narrow::pack(out, library.dictionary(), &plan, &persons.places, &ledger, times).map_err(one)?;
    Ok(vec![format!("{}: {} persons", out.display(), persons.ids.len() * times.get())])
}

fn night(
    ledger: &Path,
    policies: &Path,
    params: &Path,
    on: Day,
    before: Option<&Path>,
    out: &Path,
    threads: Option<NonZero<usize>>,
) -> Result<Vec<String>, Vec<Fault>> {
    let one = |fault: Fault| vec![fault];
    let begun = Instant::now();
    let library = files::library(policies)?;
    let plan = library.plan(on).map_err(one)?;
    let regions = files::parameters(params, library.dictionary()).map_err(one)?;
    let narrow = Narrow::open(ledger, library.dictionary(), &plan).map_err(one)?;
    let at = |place: &u32| plan.at(&library, &regions.params, &regions.places, &regions.place(*place));
    let locals = narrow.places.iter().map(at).collect::<Result<Vec<_>, _>>().map_err(one)?;
    let screen = Screen::new(&plan, narrow.layout(), &locals);
    let threads = threads.or(std::thread::available_parallelism().ok()).unwrap_or(NonZero::<usize>::MIN);
    let found = narrow.night(&screen, plan.policies.len(), before, out, threads).map_err(one)?;
    let seconds = begun.elapsed().as_secs_f64();
    let mut lines = vec![format!("{} persons, {} policies, {seconds:.3} s", found.persons, plan.policies.len())];
    for (policy, [gained, lost, unknown]) in plan.policies.iter().zip(&found.differences) {
        let id = library.card(policy.card).map_or("", |card| card.id.as_str());
        lines.push(format!("{id}: +{gained} -{lost} ?{unknown}"));
    }
    Ok(lines)
}

fn summary(library: &Library, in_force: usize, on: Day) -> String {
    let open = library.cards().iter().filter(|card| !card.verified).count();
    let facts = library.dictionary().facts().len();
    format!("{on}: {in_force} 项政策有效（{open} 项整体待核实），{facts} 个事实，写法没有错误")
}
