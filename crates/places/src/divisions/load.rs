//! Loading both lists on the first start: one transaction, with progress, at most once.

use std::collections::HashMap;

use access::{Bulk, Indexes, Progress, Scope, Writing};
use kernel::{Outcome, Problem};
use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, Value,
    sea_query::{Alias, Expr, ExprTrait as _, Query},
};

use super::{
    ChangeDivisions,
    file::{self, File, Unit},
};

/// The setting that tells that divisions are loaded, and from where.
const LOADED: &str = "divisions.loaded";
/// How often progress is told.
const STEP: u64 = 10_000;

/// What to load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The whole country.
    Full,
    /// Three counties and a prefecture, for tests.
    Subset,
    /// One province (two digits) of the whole country.
    Province(String),
}

impl Source {
    fn word(&self) -> String {
        match self {
            Self::Full => "full".to_owned(),
            Self::Subset => "subset".to_owned(),
            Self::Province(code) => code.clone(),
        }
    }
}

/// Loads divisions, published changes and reviews; gives the number of divisions loaded, 0 when they were there already.
pub async fn load(scope: &Scope<ChangeDivisions>, source: Source, progress: Progress) -> Outcome<u64> {
    scope.write(move |tx| Box::pin(async move { fill(tx, &source, &progress).await })).await
}

async fn fill(tx: &Writing<'_, ChangeDivisions>, source: &Source, progress: &Progress) -> Outcome<u64> {
    if is_loaded(tx.derived()).await? {
        return Ok(0);
    }
    let text = file::text(*source == Source::Subset)?;
    let file = File::read(&text)?;
    let indexes =
        [Indexes::take_off(tx.derived(), "division").await?, Indexes::take_off(tx.derived(), "division_word").await?];
    let loaded = divisions(tx.derived(), &file, source, progress).await?;
    for taken in indexes {
        taken.put_back(tx.derived()).await?;
    }
    news(tx.derived(), &file, source).await?;
    reviews(tx.derived(), &file, &loaded.by_code).await?;
    tx.execute("INSERT INTO setting (name, value) VALUES ($1, $2)", vec![LOADED.into(), source.word().into()]).await?;
    Ok(loaded.rows)
}

async fn is_loaded(conn: &DatabaseTransaction) -> Outcome<bool> {
    let query = Query::select()
        .column(Alias::new("value"))
        .from(Alias::new("setting"))
        .and_where(Expr::col(Alias::new("name")).eq(LOADED))
        .to_owned();
    Ok(conn.query_one(&query).await?.is_some())
}

/// What the reviews need of the divisions.
struct Loaded {
    rows: u64,
    /// Six-digit codes of either list to province, city and county (or what stands for it).
    by_code: HashMap<String, [i32; 3]>,
}

async fn divisions(
    conn: &DatabaseTransaction,
    file: &File<'_>,
    source: &Source,
    progress: &Progress,
) -> Outcome<Loaded> {
    let backend = conn.get_database_backend();
    let mut rows = Bulk::new(backend, "division", DIVISION);
    let mut words = Bulk::new(backend, "division_word", WORD);
    let children = file.children();
    let total = u64::try_from(file.len()).unwrap_or_default();
    let mut loaded = Loaded { rows: 0, by_code: HashMap::new() };
    let mut wanted_province = true;
    for (at, unit) in (1_u64..).zip(file.units()) {
        let unit = unit?;
        if let Source::Province(code) = source
            && unit.level == 1
        {
            wanted_province = unit.code_stat == *code || unit.code_civil == *code;
        }
        if at % STEP == 0 || at == total {
            progress.at(at, total, "divisions");
        }
        if !wanted_province {
            continue;
        }
        let below = usize::try_from(unit.id).ok().and_then(|i| children.get(i)).copied().unwrap_or_default();
        for word in search_words(&unit) {
            words.push(conn, word_row(&unit, word)).await?;
        }
        remember(&mut loaded.by_code, &unit);
        rows.push(conn, row(unit, below, file)).await?;
    }
    words.finish(conn).await?;
    loaded.rows = rows.finish(conn).await?;
    if loaded.rows == 0 {
        return Err(Problem::internal("no division of the file was asked for"));
    }
    Ok(loaded)
}

const DIVISION: &[&str] = &[
    "id",
    "level",
    "kind",
    "name",
    "initials",
    "code_civil",
    "code_stat",
    "parent_id",
    "province_id",
    "city_id",
    "county_id",
    "township_id",
    "village_id",
    "flags",
    "counted",
    "children",
    "valid_from",
    "valid_to",
    "rev",
    "audit_no",
];

fn row(unit: Unit<'_>, children: i32, file: &File<'_>) -> [Value; 20] {
    let [province, city, county, township, village] = unit.path;
    let code = |text: String| (!text.is_empty()).then_some(text);
    [
        unit.id.into(),
        unit.level.into(),
        unit.kind.into(),
        unit.name.into(),
        unit.initials.into(),
        code(unit.code_civil).into(),
        code(unit.code_stat).into(),
        unit.parent_id.into(),
        province.into(),
        city.into(),
        county.into(),
        township.into(),
        village.into(),
        unit.flags.into(),
        unit.counted.into(),
        children.into(),
        None::<kernel::Day>.into(),
        unit.abolished.then_some(file.civil_date).into(),
        1_i32.into(),
        0_i64.into(),
    ]
}

const WORD: &[&str] = &["level", "word", "division_id", "township_id", "county_id", "city_id", "province_id"];

/// What a unit above the villages is found by, each once; fillers are not found.
fn search_words<'u>(unit: &'u Unit<'_>) -> Vec<&'u str> {
    if unit.level == 5 || unit.kind == "filler" {
        return Vec::new();
    }
    let mut words: Vec<&str> = unit.alternates.split(' ').collect();
    words.extend([unit.name, unit.initials, unit.code_civil.as_str(), unit.code_stat.as_str()]);
    words.retain(|w| !w.is_empty());
    words.sort_unstable();
    words.dedup();
    words
}

fn word_row(unit: &Unit<'_>, word: &str) -> [Value; 7] {
    let [province, city, county, township, _] = unit.path;
    [unit.level.into(), word.into(), unit.id.into(), township.into(), county.into(), city.into(), province.into()]
}

/// Keeps the paths of counties by either code; the civil list wins a code both lists use, a filler never does.
fn remember(by_code: &mut HashMap<String, [i32; 3]>, unit: &Unit<'_>) {
    if !(2..=3).contains(&unit.level) || unit.kind == "filler" {
        return;
    }
    let [province, city, county, _, _] = unit.path;
    let path = [province, city, if county == 0 { unit.id } else { county }];
    if !unit.code_stat.is_empty() {
        by_code.entry(padded(&unit.code_stat)).or_insert(path);
    }
    if !unit.code_civil.is_empty() {
        by_code.insert(padded(&unit.code_civil), path);
    }
}

fn padded(code: &str) -> String {
    format!("{code:0<6}")
}

async fn news(conn: &DatabaseTransaction, file: &File<'_>, source: &Source) -> Outcome<()> {
    let columns = ["serial", "changed_on", "kind", "code", "name", "old_code", "old_name", "note"];
    let mut rows = Bulk::new(conn.get_database_backend(), "division_news", &columns);
    for (serial, line) in (1_i32..).zip(file.news()) {
        let [_, _, code, _, old_code, _, _] = line;
        if let Source::Province(province) = source
            && !code.starts_with(province)
            && !old_code.starts_with(province)
        {
            continue;
        }
        let row = std::iter::once(Value::from(serial)).chain(line.into_iter().map(Value::from));
        rows.push(conn, row).await?;
    }
    rows.finish(conn).await.map(|_| ())
}

async fn reviews(conn: &DatabaseTransaction, file: &File<'_>, by_code: &HashMap<String, [i32; 3]>) -> Outcome<()> {
    let columns = [
        "serial",
        "reason",
        "county_id",
        "city_id",
        "province_id",
        "code_stat",
        "name_stat",
        "code_civil",
        "name_civil",
    ];
    let mut rows = Bulk::new(conn.get_database_backend(), "division_review", &columns);
    for (serial, line) in (1_i32..).zip(file.reviews()) {
        let [reason, county, code_stat, name_stat, code_civil, name_civil] = line;
        let Some([province_id, city_id, county_id]) = by_code.get(&padded(county)).copied() else { continue };
        let row: [Value; 9] = [
            serial.into(),
            reason.into(),
            county_id.into(),
            city_id.into(),
            province_id.into(),
            code_stat.into(),
            name_stat.into(),
            code_civil.into(),
            name_civil.into(),
        ];
        rows.push(conn, row).await?;
    }
    rows.finish(conn).await.map(|_| ())
}
