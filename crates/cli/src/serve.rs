//! `serve` and `migrate`: opening a data folder, loading the divisions with a progress bar, listening.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use access::{House, Scope};
use anyhow::Context as _;
use ground::{Floor, Progress};
use indicatif::{ProgressBar, ProgressStyle};
use places::divisions;
use server::start::{self, Listen};

/// Where to listen.
#[derive(clap::Args)]
pub struct Args {
    /// Data folder; made when missing.
    #[arg(long, env = "SHEQIAO_DATA")]
    data: PathBuf,
    /// Address and port.
    #[arg(long, env = "SHEQIAO_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Certificate chain (PEM); required beyond loopback unless a proxy is named in the settings.
    #[arg(long, requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Private key (PEM).
    #[arg(long, requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

/// Runs `serve`.
pub async fn run(args: Args) -> anyhow::Result<()> {
    let floor = open(&args.data).await?;
    let listen = Listen { address: args.listen, tls: args.tls_cert.zip(args.tls_key) };
    start::may_listen(&floor, &listen).await?;
    load_divisions(&floor).await?;
    let small = tokio::spawn(crate::footprint::keep_small());
    let served = start::serve(floor, listen).await;
    small.abort();
    Ok(served?)
}

/// Runs `migrate`.
pub async fn migrate(data: &Path) -> anyhow::Result<()> {
    let floor = open(data).await?;
    load_divisions(&floor).await?;
    println!("The data folder is up to date.");
    Ok(())
}

/// Runs `timers`.
pub async fn timers(data: &Path) -> anyhow::Result<()> {
    let floor = open(data).await?;
    let house = House::build(floor, false);
    let scope = Scope::<people::ledger::Move>::on_behalf_of(&house, people::timers::JOB).await?;
    let (bar, progress) = bar("台账时限 timers");
    let seen = people::timers::nightly(&scope, progress).await?;
    bar.finish_and_clear();
    println!("{seen} persons looked at.");
    Ok(())
}

/// What to screen.
#[derive(clap::Args)]
pub struct ScreeningArgs {
    /// Data folder.
    #[arg(long, env = "SHEQIAO_DATA")]
    data: PathBuf,
    /// Everybody, as the check of the runs before.
    #[arg(long)]
    full: bool,
}

/// Runs `screening`.
pub async fn screening(args: &ScreeningArgs) -> anyhow::Result<()> {
    let floor = open(&args.data).await?;
    let house = House::build(floor, false);
    let scope = Scope::<aid::screening::Run>::on_behalf_of(&house, aid::screening::run::JOB).await?;
    let (bar, progress) = bar("政策筛查 screening");
    let night = aid::screening::run::nightly(&scope, args.full, &progress).await?;
    bar.finish_and_clear();
    println!(
        "{} counties, {} persons looked at, {} differ from last time, {} missed by earlier runs.",
        night.counties, night.seen, night.changed, night.missed
    );
    Ok(())
}

/// Opens a data folder.
pub async fn open(data: &Path) -> anyhow::Result<Arc<Floor>> {
    start::open(data).await.with_context(|| format!("cannot open the data folder {}", data.display()))
}

/// Loads the divisions of both official lists on the first start.
pub async fn load_divisions(floor: &Arc<Floor>) -> anyhow::Result<()> {
    let house = House::build(floor.clone(), false);
    let scope = Scope::<divisions::ChangeDivisions>::on_behalf_of(&house, "divisions.load").await?;
    let (bar, progress) = bar("行政区划 divisions");
    divisions::load(&scope, divisions::Source::Full, progress).await?;
    bar.finish_and_clear();
    Ok(())
}

/// A terminal progress bar and the progress that moves it.
pub fn bar(what: &'static str) -> (ProgressBar, Progress) {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{prefix:<28} [{bar:32}] {pos}/{len} {elapsed}") {
        bar.set_style(style);
    }
    bar.set_prefix(what);
    let moved = bar.clone();
    let progress = Progress::new(move |done, total, _| {
        moved.set_length(total);
        moved.set_position(done);
    });
    (bar, progress)
}
