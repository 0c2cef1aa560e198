//! `bench`: the benchmark's data set (`bench/ledger`) in our own tables, so that both peers answer about the same people.
//!
//! The data set is a generated ledger of one province: its persons, categories and service records become persons, category
//! assignments and visits; its users become accounts with the same reach, each with a bearer token that `bench sessions`
//! opens anew before a measurement. Document numbers of the data set are random and belong to nobody; it is never shipped.

use std::{
    collections::HashMap,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use access::{
    House, Scope,
    placement::division,
    row::{account, session},
};
use anyhow::{Context as _, anyhow, bail};
use ground::{Floor, bulk::Bulk, chance, clock, crypto};
use kernel::{Day, Id, codes, params::Params};
use people::{
    due::model::{Standing, next_due},
    persons::{Read, row::NEVER_DUE},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, Value};

use crate::demo::{
    load::Loader,
    rows::{self, Facts, Tables},
    visits::Told,
};

/// What to do.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Load the CSV files of the data set into an empty data folder.
    Load(Args),
    /// Open the sessions of its users anew; prints nothing, tokens are those of `users.json` and `worker-N`.
    Sessions(Args),
}

/// Where things are.
#[derive(clap::Args)]
pub struct Args {
    /// Folder with the CSV files and `users.json`.
    #[arg(long)]
    csv: PathBuf,
    /// Data folder.
    #[arg(long, env = "SHEQIAO_DATA")]
    data: PathBuf,
}

/// Runs a command.
pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Load(args) => load(args).await,
        Command::Sessions(args) => sessions(args).await,
    }
}

/// Category of the data set and ours. Severe mental disorder is a restricted category with us; another one stands in for it.
const CATEGORIES: &[(&str, &str)] = &[
    ("dibao", "DIBAO"),
    ("bianyuan", "NEAR"),
    ("tekun", "TEKUN_H"),
    ("canji", "DIS_1_2"),
    ("guer", "ORPHAN"),
    ("shishi", "DEFACTO"),
    ("liushou_et", "LEFT_CHILD"),
    ("liushou_lr", "LEFT_ELDER"),
    ("gaoling", "ELDER80"),
    ("zhongbing", "RIGID"),
    ("jingshen", "SUDDEN"),
];

/// Kind of the data set, our visit kind and a mode that counts as served: the data set counts every record.
const KINDS: &[(&str, &str, &str)] = &[
    ("visit", "routine", "home"),
    ("phone", "companion", "companion"),
    ("case", "follow_up", "home"),
    ("group", "companion", "companion"),
    ("referral", "routine", "home"),
    ("assess", "review", "home"),
];

#[derive(serde::Deserialize)]
struct User {
    scope: String,
    token: String,
}

#[derive(serde::Deserialize)]
struct PersonLine {
    id: usize,
    name: String,
    sex: String,
    birth: Day,
    id_no: String,
    phone: String,
    village_code: String,
    address: String,
    risk: u8,
    updated_at: String,
}

#[derive(serde::Deserialize)]
struct RecordLine {
    person_id: usize,
    date: Day,
    kind: String,
    hours: f64,
    text: String,
}

/// One service record of a person.
struct Record {
    on: Day,
    kind: &'static (&'static str, &'static str, &'static str),
    minutes: i32,
    text: String,
}

/// What a person has beside its own line.
#[derive(Default)]
struct Own {
    categories: Vec<&'static str>,
    records: Vec<Record>,
}

struct Source {
    csv: PathBuf,
    /// Divisions by statistical code.
    places: HashMap<String, division::Model>,
    /// By the number of the person.
    own: Vec<Own>,
}

async fn load(args: Args) -> anyhow::Result<()> {
    let floor = crate::serve::open(&args.data).await?;
    if crate::demo::load::has_persons(&floor).await? {
        bail!("this data folder holds people; the data set goes into an empty one");
    }
    crate::serve::load_divisions(&floor).await?;
    let house = House::build(floor.clone(), false);
    let mut source = Source { places: places(&floor).await?, own: read_own(&args.csv)?, csv: args.csv };
    let mut towns: std::collections::BTreeMap<i32, Vec<PersonLine>> = std::collections::BTreeMap::new();
    for line in lines::<PersonLine>(&source.csv, "person.csv")? {
        let line = line?;
        let town = place(&source.places, &line.village_code)?.township_id;
        towns.entry(town).or_default().push(line);
    }
    let (bar, progress) = crate::serve::bar("人员与记录 persons, records");
    let mut loader = Loader::begin(&floor, floor.new_id()).await?;
    let workers = accounts(&floor, &source, &mut loader, towns.values().flatten()).await?;
    let mut ids = std::io::BufWriter::new(std::fs::File::create(args.data.join("bench-ids.tsv"))?);
    let total = u64::try_from(towns.len())?;
    let scope = Scope::<Read>::on_behalf_of(&house, "bench.load").await?;
    let dice = chance::Seeded::new(0x5EED);
    for (n, (_, lines)) in towns.into_iter().enumerate() {
        let mut county = 0;
        let mut tables = rows::tables();
        for line in lines {
            let number = line.id;
            let worker = township_code(&line)?.to_owned();
            let home = place(&source.places, &line.village_code)?;
            county = home.county_id;
            let own = source.own.get_mut(number).map(std::mem::take).unwrap_or_default();
            let account = workers.get(&worker).copied().unwrap_or_default();
            let id = person(&mut tables, &scope, &line, home, own, account, &dice)?;
            writeln!(ids, "{number}\t{id}\t{worker}")?;
        }
        loader.put(tables.all(), county).await?;
        progress.at(u64::try_from(n + 1)?, total, "people");
    }
    ids.flush()?;
    bar.finish_and_clear();
    loader.finish().await?;
    settle(&house).await?;
    access::audit::checkpoint::write(&floor).await?;
    floor.db.clone().close().await;
    Ok(())
}

/// Brings the persons in line with the parameters of today, so that a server has no work left from the load when it is measured.
async fn settle(house: &House) -> anyhow::Result<()> {
    let scope = Scope::<people::persons::Change>::on_behalf_of(house, "people.catch_up").await?;
    let (bar, progress) = crate::serve::bar("参数 parameters");
    people::agreement::catch_up(&scope, &progress).await?;
    bar.finish_and_clear();
    // What is measured are the operations, without the nightly work beside them.
    let never = format!("UPDATE person SET next_check_on = '{NEVER_DUE}'");
    house.floor().db.write(move |tx| Box::pin(async move { Ok(tx.conn().execute_unprepared(&never).await?) })).await?;
    Ok(())
}

/// All divisions by statistical code.
async fn places(floor: &Arc<Floor>) -> anyhow::Result<HashMap<String, division::Model>> {
    let rows = division::Entity::find().filter(division::Column::CodeStat.is_not_null()).all(floor.db.read()).await?;
    Ok(rows.into_iter().filter_map(|d| d.code_stat.clone().map(|code| (code, d))).collect())
}

fn place<'a>(places: &'a HashMap<String, division::Model>, code: &str) -> anyhow::Result<&'a division::Model> {
    places.get(code).ok_or_else(|| anyhow!("no division with the statistical code {code}"))
}

/// The township in the data set's own reckoning: the head of the village code.
fn township_code(line: &PersonLine) -> anyhow::Result<&str> {
    line.village_code.get(..9).ok_or_else(|| anyhow!("a village code is too short"))
}

fn lines<T: serde::de::DeserializeOwned>(
    folder: &Path,
    name: &str,
) -> anyhow::Result<impl Iterator<Item = Result<T, csv::Error>> + use<T>> {
    let path = folder.join(name);
    Ok(csv::Reader::from_path(&path).with_context(|| format!("cannot read {}", path.display()))?.into_deserialize())
}

/// Categories and records of each person.
fn read_own(csv: &Path) -> anyhow::Result<Vec<Own>> {
    #[derive(serde::Deserialize)]
    struct CategoryLine {
        person_id: usize,
        category: String,
    }
    let mut own: Vec<Own> = Vec::new();
    let at = |n: usize, own: &mut Vec<Own>, add: &mut dyn FnMut(&mut Own)| {
        if own.len() <= n {
            own.resize_with(n + 1, Own::default);
        }
        if let Some(one) = own.get_mut(n) {
            add(one);
        }
    };
    for line in lines::<CategoryLine>(csv, "person_category.csv")? {
        let line = line?;
        let (_, code) =
            CATEGORIES.iter().find(|(theirs, _)| *theirs == line.category).ok_or_else(|| anyhow!("category"))?;
        at(line.person_id, &mut own, &mut |one| one.categories.push(code));
    }
    for line in lines::<RecordLine>(csv, "service_record.csv")? {
        let line = line?;
        let kind = KINDS.iter().find(|(theirs, ..)| *theirs == line.kind).ok_or_else(|| anyhow!("kind"))?;
        #[allow(clippy::cast_possible_truncation)] // a few hours
        let mut record = Some(Record { on: line.date, kind, minutes: (line.hours * 60.0) as i32, text: line.text });
        at(line.person_id, &mut own, &mut |one| one.records.extend(record.take()));
    }
    Ok(own)
}

/// Adds a person with all that belongs to it.
fn person(
    t: &mut Tables,
    scope: &Scope<Read>,
    line: &PersonLine,
    home: &division::Model,
    own: Own,
    worker: Id,
    dice: &chance::Seeded,
) -> anyhow::Result<Id> {
    let path = home.place().path;
    let changed = chrono::NaiveDateTime::parse_from_str(&line.updated_at, "%Y-%m-%d %H:%M:%S")?;
    // Lists are newest first by id, the peer's by the time of the last change.
    let id = chance::id(changed.and_utc().timestamp_millis(), dice);
    let found = changed.date();
    let grade = match line.risk {
        3 => "A",
        2 => "B",
        _ => "C",
    };
    let told = visits(t, id, worker, path, own.records, dice);
    let cat_bits = codes::categories_mask(own.categories.iter().copied());
    let standing = Standing {
        state: "active".to_owned(),
        grade: grade.to_owned(),
        cat_bits,
        opened_on: found,
        state_since: found,
        reopened: false,
        contacts: told.contacts.clone(),
        pauses: Vec::new(),
    };
    let last4 = |text: &str| text.get(text.len().saturating_sub(4)..).unwrap_or_default().to_owned();
    let facts = Facts {
        id,
        name: &line.name,
        sex: &line.sex,
        birth: line.birth,
        ethnicity: Some("01"),
        marital: None,
        education: None,
        doc_type: "citizen_id",
        number: &line.id_no,
        last4: Some(last4(&line.id_no)),
        no_number_reason: None,
        phone: Some((&line.phone, last4(&line.phone))),
        address: Some(&line.address),
        path,
        found,
        worker,
        source: "import",
        cat_bits,
        is_target: true,
        state: "active",
        grade,
        told: &told,
        next: next_due(&standing, Params::national(), &["national"], clock::beijing_day(scope.now()))
            .map_or(NEVER_DUE, |n| n.on),
        // What is measured are the operations, without the nightly work beside them.
        next_check_on: NEVER_DUE,
        actor: worker,
    };
    rows::person(t, scope, &facts)?;
    for category in own.categories {
        t.categories.push([
            chance::id(clock::start_of_day(found), dice).into(),
            id.into(),
            category.into(),
            "document".into(),
            "decision_notice".into(),
            "测试数据".into(),
            found.into(),
            Value::from(None::<Day>),
            Value::from(None::<Day>),
            home.county_id.into(),
        ]);
    }
    rows::ledger(dice, t, id, home.county_id, worker, "active", grade, found, false, None);
    Ok(id)
}

/// Adds the records of a person as visits and tells what they left behind.
fn visits(t: &mut Tables, id: Id, worker: Id, path: [i32; 5], records: Vec<Record>, dice: &chance::Seeded) -> Told {
    let mut told = Told::default();
    let [province_id, city_id, county_id, township_id, village_id] = path;
    for record in records {
        let (_, kind, mode) = *record.kind;
        let at = clock::start_of_day(record.on) + 9 * 3_600_000;
        t.visits.push([
            chance::id(at, dice).into(),
            id.into(),
            worker.into(),
            kind.into(),
            mode.into(),
            record.on.into(),
            Some(record.minutes).into(),
            "met".into(),
            "".into(),
            record.text.into(),
            "[]".into(),
            "[]".into(),
            "[]".into(),
            "assistance".into(),
            "".into(),
            "".into(),
            true.into(),
            "completed".into(),
            village_id.into(),
            village_id.into(),
            township_id.into(),
            county_id.into(),
            city_id.into(),
            province_id.into(),
            at.into(),
            0_i64.into(),
        ]);
        let last = Some(record.on);
        told.last_contact = told.last_contact.max(last);
        told.last_served = told.last_served.max(last);
        match told.contacts.iter_mut().find(|(m, _)| m == mode) {
            Some((_, on)) => *on = (*on).max(record.on),
            None => told.contacts.push((mode.to_owned(), record.on)),
        }
    }
    told
}

/// The users of the data set and one worker per township as accounts; gives the workers by township code.
async fn accounts<'a>(
    floor: &Arc<Floor>,
    source: &Source,
    loader: &mut Loader,
    people: impl Iterator<Item = &'a PersonLine>,
) -> anyhow::Result<HashMap<String, Id>> {
    let mut wanted: Vec<(String, &'static str, &division::Model)> = Vec::new();
    for user in users(&source.csv)? {
        let role = match user.scope.len() {
            2 | 4 => "SV",
            6 => "CA",
            _ => "TR",
        };
        wanted.push((user.token, role, place(&source.places, &user.scope)?));
    }
    let towns: std::collections::BTreeSet<&str> = people.filter_map(|line| township_code(line).ok()).collect();
    for town in towns {
        wanted.push((worker_token(town), "SW", place(&source.places, town)?));
    }
    let mut workers = HashMap::new();
    let mut accounts = rows::accounts();
    let mut grants: std::collections::BTreeMap<i32, crate::demo::load::Rows> = std::collections::BTreeMap::new();
    let (now, today) = (floor.now(), floor.today());
    for (name, role, at) in wanted {
        let id = floor.new_id();
        if let Some(town) = name.strip_prefix(WORKER) {
            workers.insert(town.to_owned(), id);
        }
        accounts.push([
            id.into(),
            name.clone().into(),
            name.into(),
            "!".into(),
            "active".into(),
            false.into(),
            true.into(),
            0_i32.into(),
            now.into(),
        ]);
        let county = at.place().at(kernel::Level::County);
        grants.entry(county).or_insert_with(rows::grants).push([
            floor.new_id().into(),
            id.into(),
            role.into(),
            at.id.into(),
            county.into(),
            today.into(),
            "approved".into(),
            id.into(),
        ]);
    }
    loader.put(vec![accounts], 0).await?;
    for (county, rows) in grants {
        loader.put(vec![rows], county).await?;
    }
    Ok(workers)
}

/// Tokens of the workers begin with this; the township code follows.
const WORKER: &str = "worker-";

fn worker_token(town: &str) -> String {
    format!("{WORKER}{town}")
}

fn users(csv: &Path) -> anyhow::Result<Vec<User>> {
    Ok(serde_json::from_str(&std::fs::read_to_string(csv.join("users.json"))?)?)
}

/// One open session per account; the token is its user name.
async fn sessions(args: Args) -> anyhow::Result<()> {
    let floor = crate::serve::open(&args.data).await?;
    let all: Vec<account::Model> = account::Entity::find().all(floor.db.read()).await?;
    let now = floor.now();
    let backend = floor.db.read().get_database_backend();
    floor
        .db
        .write(move |tx| {
            Box::pin(async move {
                session::Entity::delete_many().exec(tx.conn()).await?;
                let columns = ["token_hash", "account_id", "bearer", "created_at", "seen_at", "expires_at"];
                let mut bulk = Bulk::new(backend, "session", &columns);
                for account in all {
                    let token = crypto::sha256(account.username.as_bytes());
                    let row: [Value; 6] = [
                        token.into(),
                        account.id.into(),
                        true.into(),
                        now.into(),
                        now.into(),
                        (now + 8 * 3_600_000).into(),
                    ];
                    bulk.push(tx.conn(), row).await?;
                }
                bulk.finish(tx.conn()).await.map(|_| ())
            })
        })
        .await?;
    floor.db.clone().close().await;
    Ok(())
}
