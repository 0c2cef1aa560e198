//! `policies`: looks over a folder of policies before it is used.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use kernel::Day;
use policy::{fault::Fault, files, library::Library};

/// What to do with a folder of policies.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Read dictionary, policies and parameters of a folder; list every fault with its place and exit 1, or say what is there.
    Check {
        /// Folder with dictionary.toml, one file per policy, and the parameters in params/.
        folder: PathBuf,
        /// Day that versions and parameters are taken of, YYYY-MM-DD.
        #[arg(long)]
        on: Day,
    },
}

/// Runs a command.
pub fn run(command: &Command) -> ExitCode {
    let Command::Check { folder, on } = command;
    match check(folder, *on) {
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

fn summary(library: &Library, in_force: usize, on: Day) -> String {
    let open = library.cards().iter().filter(|card| !card.verified).count();
    let facts = library.dictionary().facts().len();
    format!("{on}: {in_force} 项政策有效（{open} 项整体待核实），{facts} 个事实，写法没有错误")
}
