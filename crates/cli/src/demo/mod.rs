//! `demo`: synthetic worlds on real divisions. Every person is invented; document numbers use the sequence 000, which is not issued.
//!
//! A world is deterministic for its name, the number of clients and the day. Rows pass the rooms' own checks, are loaded in
//! bulk (one audit record `load` per county and kind), and `sheqiao check` is clean afterwards.

mod accounts;
pub mod clearances;
mod jiulongpo;
pub mod load;
mod names;
mod network;
mod people;
pub mod rows;
mod timers;
pub mod visits;
mod world;

use std::{path::PathBuf, sync::Arc};

use access::{House, placement};
use anyhow::bail;
use ground::{Floor, Folder};
use kernel::Outcome;

use world::World;

/// Which world.
#[derive(clap::Args)]
pub struct Args {
    /// dingcheng (鼎城区 430703), jiulongpo (九龙坡区 500107) or guangdong (广东省 44).
    world: String,
    /// Data folder; must not hold people yet.
    #[arg(long, env = "SHEQIAO_DATA")]
    data: PathBuf,
    /// How many clients. When left out: 30,000 in dingcheng, 20,000 in jiulongpo, 100,000 in guangdong. At most 1,000,000, in
    /// guangdong 3,000,000.
    #[arg(long)]
    clients: Option<u32>,
}

/// The most clients of a county.
const MOST_CLIENTS: u32 = 1_000_000;
/// The most clients of a province.
const MOST_IN_PROVINCE: u32 = 3_000_000;

/// Runs the command.
pub async fn run(args: Args) -> anyhow::Result<()> {
    let (usual, most) = match args.world.as_str() {
        "dingcheng" => (30_000, MOST_CLIENTS),
        "jiulongpo" => (20_000, MOST_CLIENTS),
        "guangdong" => (100_000, MOST_IN_PROVINCE),
        other => bail!("unknown world {other}; choose dingcheng, jiulongpo or guangdong"),
    };
    let clients = args.clients.unwrap_or(usual);
    if !(100..=most).contains(&clients) {
        bail!("--clients must be between 100 and {most} in {}", args.world);
    }
    let floor = crate::serve::open(&args.data).await?;
    if access::row::account::has_demo(&floor).await? {
        bail!("this data folder holds a demo world already");
    }
    if load::has_persons(&floor).await? {
        bail!("this data folder holds people; a demo world goes into an empty one");
    }
    println!("{}: about {} of disk and {} of time for {clients} clients.", args.world, disk(clients), time(clients));
    crate::serve::load_divisions(&floor).await?;
    let house = House::build(floor.clone(), false);
    let world = match args.world.as_str() {
        "dingcheng" => World::dingcheng(&house, clients).await?,
        "jiulongpo" => World::jiulongpo(&house, clients).await?,
        _ => World::guangdong(&house, clients).await?,
    };
    let logins = accounts::create(&house, &world).await?;
    load::everything(&house, &world, &logins).await?;
    Folder::write_private(&floor.folder.demo_logins(), &serde_json::to_vec_pretty(&logins.file)?)?;
    access::audit::checkpoint::write(&floor).await?;
    println!("Ready. The logins stand in {}.", floor.folder.demo_logins().display());
    // Closing folds the write-ahead log into the database file.
    floor.db.clone().close().await;
    Ok(())
}

/// Disk the database takes: the divisions and about 4.3 kB a client with a year of visits (measured on SQLite with 200,000).
fn disk(clients: u32) -> String {
    format!("{} MB", 230 + u64::from(clients) * 43 / 10_000)
}

/// Time a load takes on two cores, release build: the divisions and about 0.3 s per 1,000 clients.
fn time(clients: u32) -> String {
    format!("{} s", 8 + clients / 3_000)
}

/// The division a code names.
async fn division(floor: &Arc<Floor>, code: &str) -> Outcome<placement::division::Model> {
    placement::resolve(floor.db.read(), "place", code).await
}
