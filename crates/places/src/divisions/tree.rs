//! The tables of this room when an event happens: versions, ends, new names, new divisions.

use access::{Day, Id, Level, Outcome, Permit, Writing};
use kernel::place::DivisionId;
use sea_orm::{FromQueryResult as _, Value};

use super::{
    ChangeDivisions,
    plan::{Change, Fresh},
    row::division,
    shift,
};

/// Ids of divisions an event sets up begin here; those of the lists lie below.
const FIRST_NEW: i32 = 1_000_000;
/// The setting that holds the last id given.
const LAST_ID: &str = "divisions.last_id";

/// What every row an event touches is marked with.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    /// The event.
    pub event: Id,
    /// Its record in the audit chain.
    pub audit_no: i64,
    /// Its day.
    pub on: Day,
}

impl Mark {
    /// The last day of what was before.
    pub fn eve(&self) -> Day {
        kernel::day::add_days(self.on, -1)
    }
}

/// The division with this id, wherever it lies.
pub async fn by_id<P: Permit>(tx: &Writing<'_, P>, id: DivisionId) -> Outcome<division::Model> {
    let rows = tx.query("SELECT * FROM division WHERE id = $1", vec![id.into()]).await?;
    let row = rows.first().ok_or(kernel::Problem::NotFound)?;
    Ok(division::Model::from_query_result(row, "")?)
}

/// Copies today's rows into the versions that end on the eve; `$4` of the condition is `id`. What began on the very day of
/// the event lasted no day and leaves no version.
pub async fn keep_version<P: Permit>(tx: &Writing<'_, P>, condition: &str, id: i32, mark: &Mark) -> Outcome<()> {
    let text = format!(
        "INSERT INTO division_version (division_id, valid_to, serial, name, kind, code_civil, code_stat, parent_id, \
         valid_from, event_id, township_id, county_id, city_id, province_id, was_township_id, was_county_id, was_city_id, \
         was_province_id, was_counted) \
         SELECT id, $1, COALESCE((SELECT MAX(v.serial) FROM division_version v WHERE v.division_id = division.id AND \
         v.valid_to = $1), 0) + 1, name, kind, code_civil, code_stat, parent_id, valid_from, $2, township_id, county_id, \
         city_id, province_id, township_id, county_id, city_id, province_id, counted \
         FROM division WHERE {condition} AND (valid_from IS NULL OR valid_from < $3)"
    );
    let values: Vec<Value> = vec![mark.eve().into(), mark.event.into(), mark.on.into(), id.into()];
    tx.execute(&text, values).await.map(|_| ())
}

/// Gives the villages of a township that ends to the one that takes it in.
pub async fn give_villages(
    tx: &Writing<'_, ChangeDivisions>,
    closed: &division::Model,
    stays: &division::Model,
    mark: &Mark,
) -> Outcome<()> {
    if closed.level != Level::Township.number() {
        return Ok(());
    }
    keep_version(tx, "township_id = $4 AND level = 5", closed.id, mark).await?;
    let text = "UPDATE division SET parent_id = $1, township_id = $1, valid_from = $2, rev = rev + 1, audit_no = $3 \
                WHERE township_id = $4 AND level = 5";
    tx.execute(text, vec![stays.id.into(), mark.on.into(), mark.audit_no.into(), closed.id.into()]).await?;
    let text = "UPDATE division_version SET township_id = $1 WHERE township_id = $2 AND division_id <> $2";
    tx.execute(text, vec![stays.id.into(), closed.id.into()]).await?;
    let text = "UPDATE division_queue SET township_id = $1 WHERE township_id = $2";
    tx.execute(text, vec![stays.id.into(), closed.id.into()]).await?;
    let text = "UPDATE division SET children = children + $1 WHERE id = $2";
    tx.execute(text, vec![closed.children.into(), stays.id.into()]).await?;
    Ok(())
}

/// Ends a division on the eve.
pub async fn end<P: Permit>(tx: &Writing<'_, P>, closed: &division::Model, mark: &Mark) -> Outcome<()> {
    let text = "UPDATE division SET valid_to = $1, children = 0, rev = rev + 1, audit_no = $2 WHERE id = $3";
    tx.execute(text, vec![mark.eve().into(), mark.audit_no.into(), closed.id.into()]).await?;
    let text = "UPDATE division SET children = children - 1 WHERE id = $1";
    tx.execute(text, vec![closed.parent_id.into()]).await?;
    Ok(())
}

/// Sets up a division; gives it as it stands in the table.
pub async fn set_up(
    tx: &Writing<'_, ChangeDivisions>,
    fresh: &Fresh,
    parent: &division::Model,
    mark: &Mark,
) -> Outcome<division::Model> {
    let id = next_id(tx).await?;
    let [province_id, city_id, county_id, township_id, village_id] = shift::path_below(id, fresh.level, parent);
    let initials = kernel::name::search_keys(&fresh.name).initials;
    let made = division::Model {
        id,
        level: fresh.level,
        kind: fresh.kind.clone(),
        name: fresh.name.clone(),
        initials: initials.first().cloned().unwrap_or_default(),
        code_civil: fresh.code_civil.clone(),
        code_stat: fresh.code_stat.clone(),
        parent_id: parent.id,
        province_id,
        city_id,
        county_id,
        township_id,
        village_id,
        flags: String::new(),
        counted: true,
        children: 0,
        valid_from: Some(mark.on),
        valid_to: None,
        rev: 1,
        audit_no: mark.audit_no,
        begun_on: Some(mark.on),
    };
    let text = "INSERT INTO division (id, level, kind, name, initials, code_civil, code_stat, parent_id, province_id, city_id, \
                county_id, township_id, village_id, flags, counted, children, valid_from, valid_to, rev, audit_no, begun_on) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', $14, 0, $15, NULL, 1, $16, $15)";
    let values: Vec<Value> = vec![
        made.id.into(),
        made.level.into(),
        made.kind.as_str().into(),
        made.name.as_str().into(),
        made.initials.as_str().into(),
        made.code_civil.clone().into(),
        made.code_stat.clone().into(),
        made.parent_id.into(),
        made.province_id.into(),
        made.city_id.into(),
        made.county_id.into(),
        made.township_id.into(),
        made.village_id.into(),
        made.counted.into(),
        mark.on.into(),
        made.audit_no.into(),
    ];
    tx.execute(text, values).await?;
    tx.execute("UPDATE division SET children = children + 1 WHERE id = $1", vec![parent.id.into()]).await?;
    put_words(tx, &made, initials).await?;
    Ok(made)
}

/// The next own id; the row of the setting keeps two events apart.
async fn next_id(tx: &Writing<'_, ChangeDivisions>) -> Outcome<DivisionId> {
    let text = "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) \
                DO UPDATE SET value = CAST(CAST(setting.value AS integer) + 1 AS text)";
    tx.execute(text, vec![LAST_ID.into(), FIRST_NEW.to_string().into()]).await?;
    let rows =
        tx.query("SELECT CAST(value AS integer) AS id FROM setting WHERE name = $1", vec![LAST_ID.into()]).await?;
    let id: Option<i32> = rows.first().map(|r| r.try_get("", "id")).transpose()?;
    id.ok_or_else(|| kernel::Problem::internal("no id for a new division"))
}

/// Gives the division that stays its new name, kind and codes.
pub async fn rewrite(tx: &Writing<'_, ChangeDivisions>, change: &Change, mark: &Mark) -> Outcome<()> {
    let stays = &change.stays;
    keep_version(tx, "id = $4", stays.id, mark).await?;
    let keys = kernel::name::search_keys(&change.name);
    let initials = keys.initials.first().cloned().unwrap_or_default();
    let initials = if change.name == stays.name { stays.initials.clone() } else { initials };
    // A farm or zone the civil list now names counts like any other.
    let counted = stays.counted || change.code_civil.is_some();
    // A unit that both lists know now no longer says that only one does.
    let both = change.code_civil.is_some() && change.code_stat.is_some();
    let told = |flag: &&str| !(both && matches!(*flag, "stat_only" | "civil_only"));
    let flags: Vec<&str> = stays.flags.split(',').filter(|f| !f.is_empty()).filter(told).collect();
    let text = "UPDATE division SET name = $1, initials = $2, code_civil = $3, code_stat = $4, valid_from = $5, \
                rev = rev + 1, audit_no = $6, kind = $8, counted = $9, flags = $10 WHERE id = $7";
    let values: Vec<Value> = vec![
        change.name.as_str().into(),
        initials.into(),
        change.code_civil.clone().into(),
        change.code_stat.clone().into(),
        mark.on.into(),
        mark.audit_no.into(),
        stays.id.into(),
        change.kind.as_str().into(),
        counted.into(),
        flags.join(",").into(),
    ];
    tx.execute(text, values).await?;
    if stays.level < Level::Village.number() {
        renew_words(tx, change, keys.initials).await?;
    }
    Ok(())
}

/// Old names are still found, old codes are not: another division may have them.
async fn renew_words(tx: &Writing<'_, ChangeDivisions>, change: &Change, initials: Vec<String>) -> Outcome<()> {
    let mut now = change.stays.clone();
    for code in [&now.code_civil, &now.code_stat].into_iter().flatten() {
        let text = "DELETE FROM division_word WHERE division_id = $1 AND word = $2";
        tx.execute(text, vec![now.id.into(), code.as_str().into()]).await?;
    }
    now.name.clone_from(&change.name);
    now.code_civil.clone_from(&change.code_civil);
    now.code_stat.clone_from(&change.code_stat);
    put_words(tx, &now, initials).await
}

async fn put_words(
    tx: &Writing<'_, ChangeDivisions>,
    division: &division::Model,
    initials: Vec<String>,
) -> Outcome<()> {
    if division.level >= Level::Village.number() {
        return Ok(());
    }
    let codes = [division.code_civil.clone(), division.code_stat.clone()].into_iter().flatten();
    for word in initials.into_iter().chain([division.name.clone()]).chain(codes).filter(|w| !w.is_empty()) {
        let text = "INSERT INTO division_word (level, word, division_id, township_id, county_id, city_id, province_id) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (level, word, division_id) DO NOTHING";
        let values: Vec<Value> = vec![
            division.level.into(),
            word.into(),
            division.id.into(),
            division.township_id.into(),
            division.county_id.into(),
            division.city_id.into(),
            division.province_id.into(),
        ];
        tx.execute(text, values).await?;
    }
    Ok(())
}
