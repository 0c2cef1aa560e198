//! A division gets another parent: everything that lies in it says so from now on, in one transaction.
//!
//! Every placed table carries the ids of all levels, so a change of parent is one UPDATE per table of the columns above the
//! division. The tables are read from the live schema: a placed table of a later room is moved without being named here. Rows
//! without a level of their own (memberships, addenda …) follow the row they belong to.
//!
//! Three things are more than that. Residences are cut on the day, so that figures of earlier days stay where they were.
//! Counters are taken from the old ancestors and given to the new ones. And a row that comes to another county comes to
//! another audit chain: per table one record with the action `moved` stands there for all of its rows, and the search words
//! that are hashed with the county are made anew.

use std::collections::{BTreeMap, BTreeSet};

use access::{Day, Level, Outcome, Problem, Scope, Sealed, Writing};
use kernel::{
    document::{self, phone},
    place::DivisionId,
};
use sea_orm::Value;

use super::{
    ChangeDivisions,
    moves::{self, How, MOVES, Moved, Names},
    row::division,
    tree::Mark,
};

/// The columns of the levels, province first.
const COLUMNS: [&str; 5] = ["province_id", "city_id", "county_id", "township_id", "village_id"];
/// What a row without a level of its own belongs to: column, table.
const PARENTS: &[(&str, &str)] = &[
    ("visit_id", "visit"),
    ("person_id", "person"),
    ("household_id", "household"),
    ("point_id", "point"),
    ("station_id", "station"),
    ("owner_id", ""),
    ("file_id", "restricted_file"),
    ("application_id", "application"),
];
/// Persons whose search words are made anew at once.
const BATCH: usize = 500;

/// Tables with their columns.
pub type Tables = BTreeMap<String, BTreeSet<String>>;

/// A division and the path it gets.
#[derive(Debug, Clone)]
pub struct Shift {
    /// The division as it is before.
    pub division: division::Model,
    /// Its new parent.
    pub parent: DivisionId,
    /// Its new path.
    pub path: [DivisionId; 5],
}

impl Shift {
    /// A division below another parent.
    pub fn below(division: &division::Model, parent: &division::Model) -> Self {
        let path = path_below(division.id, division.level, parent);
        Self { division: division.clone(), parent: parent.id, path }
    }

    fn level(&self) -> usize {
        usize::try_from(self.division.level).unwrap_or(5)
    }

    /// The column that names the division in placed tables.
    fn key(&self) -> &'static str {
        self.level().checked_sub(1).and_then(|i| COLUMNS.get(i)).copied().unwrap_or("village_id")
    }

    /// Columns above the division that change, with their new ids.
    fn above(&self) -> Vec<(&'static str, DivisionId)> {
        let old = self.division.place().path;
        let each = COLUMNS.into_iter().zip(old).zip(self.path).take(self.level() - 1);
        each.filter(|((_, a), b)| a != b).map(|((column, _), new)| (column, new)).collect()
    }

    /// Whether everything in it comes to another county.
    fn new_county(&self) -> Option<DivisionId> {
        self.above().into_iter().find(|(column, _)| *column == "county_id").map(|(_, id)| id)
    }
}

/// The path of a division of a level below a parent; a missing level repeats the nearest ancestor.
pub fn path_below(id: DivisionId, level: i32, parent: &division::Model) -> [DivisionId; 5] {
    let mut path = parent.place().path;
    for (at, step) in (1..).zip(path.iter_mut()) {
        if at == level {
            *step = id;
        } else if at < level && *step == 0 {
            *step = parent.id;
        } else if at > level {
            *step = 0;
        }
    }
    path
}

/// How many rows of each kind a change of parent takes along; changes nothing.
pub async fn count(scope: &Scope<ChangeDivisions>, division: &division::Model) -> Outcome<Moved> {
    let place = division.place();
    let report = scope.report(&place)?;
    let mut moved = Moved::new();
    let tables = moves::concerned(if place.level == Level::Village { Level::Village } else { Level::Township });
    for m in tables.into_iter().filter(|m| !m.word.is_empty() && m.names != Names::Any) {
        let sql = format!("SELECT COUNT(*) AS n FROM {} WHERE {} = $1", m.table, report.column());
        let rows = report.query(&sql, vec![place.id.into()]).await?;
        let n: i64 = rows.first().map_or(Ok(0), |r| r.try_get("", "n"))?;
        *moved.entry(m.word.to_owned()).or_default() += n;
    }
    Ok(moved)
}

/// Carries out a change of parent in every table but those of this room.
pub async fn shift(tx: &Writing<'_, ChangeDivisions>, tables: &Tables, shift: &Shift, mark: &Mark) -> Outcome<Moved> {
    let (key, id, above) = (shift.key(), shift.division.id, shift.above());
    let mut moved = Moved::new();
    for (table, columns) in tables.iter().filter(|(t, _)| !t.starts_with("division")) {
        let sets: Vec<(&str, DivisionId)> = above.iter().filter(|(c, _)| columns.contains(*c)).copied().collect();
        if sets.is_empty() {
            continue;
        }
        if columns.contains(key) {
            let rows = if is_dated(table) {
                cut(tx, key, id, &sets, mark.on).await?
            } else {
                set(tx, table, &sets, &format!("{key} = $1"), id).await?
            };
            count_in(&mut moved, table, rows);
            if shift.new_county().is_some() {
                rechain(tx, (table, columns), shift, &format!("{key} = $1"), mark).await?;
            }
        } else if let Some(condition) = belonging(tables, columns, key) {
            set(tx, table, &sets, &condition, id).await?;
            if shift.new_county().is_some() {
                rechain(tx, (table, columns), shift, &condition, mark).await?;
            }
        }
    }
    if let Some(county) = shift.new_county() {
        renew_keys(tx, key, id, county).await?;
    }
    counters(tx, shift).await?;
    Ok(moved)
}

fn is_dated(table: &str) -> bool {
    MOVES.iter().any(|m| m.table == table && m.how == How::Dated)
}

fn count_in(moved: &mut Moved, table: &str, rows: u64) {
    let word = MOVES.iter().find(|m| m.table == table && !m.word.is_empty()).map(|m| m.word);
    if let Some(word) = word {
        *moved.entry(word.to_owned()).or_default() += i64::try_from(rows).unwrap_or(i64::MAX);
    }
}

/// The condition for rows that have no level of their own: they follow what they belong to; `$1` is the division.
fn belonging(tables: &Tables, columns: &BTreeSet<String>, key: &str) -> Option<String> {
    let placed = |table: &str| tables.get(table).is_some_and(|c| c.contains(key));
    if columns.contains("township_id") {
        // Placed at a township itself: a village that leaves takes nothing of it along.
        return None;
    }
    if columns.contains("place_id") {
        return Some(format!("place_id IN (SELECT id FROM division WHERE {key} = $1)"));
    }
    let (column, table) = PARENTS.iter().find(|(column, _)| columns.contains(*column))?;
    if table.is_empty() {
        let owners: Vec<String> = ["station", "point"]
            .into_iter()
            .filter(|t| placed(t))
            .map(|t| format!("SELECT id FROM {t} WHERE {key} = $1"))
            .collect();
        return Some(format!("{column} IN ({})", owners.join(" UNION ALL "))).filter(|_| !owners.is_empty());
    }
    let condition = if placed(table) {
        format!("{key} = $1")
    } else {
        // What it belongs to follows something else itself.
        belonging(tables, tables.get(*table).filter(|c| c.contains("county_id"))?, key)?
    };
    Some(format!("{column} IN (SELECT id FROM {table} WHERE {condition})"))
}

/// Sets columns where `condition` holds; `$1` of it is `id`.
async fn set(
    tx: &Writing<'_, ChangeDivisions>,
    table: &str,
    sets: &[(&str, DivisionId)],
    condition: &str,
    id: DivisionId,
) -> Outcome<u64> {
    let (list, values) = assignments(sets, id);
    tx.execute(&format!("UPDATE {table} SET {list} WHERE {condition}"), values).await
}

/// `a = $2, b = $3` and the values, `id` first.
pub(super) fn assignments(sets: &[(&str, DivisionId)], id: DivisionId) -> (String, Vec<Value>) {
    let list: Vec<String> = sets.iter().zip(2..).map(|((column, _), n)| format!("{column} = ${n}")).collect();
    let values = std::iter::once(id).chain(sets.iter().map(|(_, new)| *new)).map(Value::from).collect();
    (list.join(", "), values)
}

/// Cuts the residences that hold on a day there: the part before stays where it was, the part from the day on is elsewhere.
pub(super) async fn cut(
    tx: &Writing<'_, ChangeDivisions>,
    key: &str,
    id: DivisionId,
    sets: &[(&str, DivisionId)],
    on: Day,
) -> Outcome<u64> {
    let new = |column: &'static str| {
        sets.iter().position(|(c, _)| *c == column).map_or(column.to_owned(), |i| format!("${}", i + 3))
    };
    let columns: Vec<String> = COLUMNS.into_iter().map(|c| cast(&new(c))).collect();
    let insert = format!(
        "INSERT INTO residence (person_id, from_on, to_on, {}) SELECT person_id, $2, to_on, {} FROM residence \
         WHERE {key} = $1 AND from_on < $2 AND (to_on IS NULL OR to_on > $2) ON CONFLICT (person_id, from_on) DO NOTHING",
        COLUMNS.join(", "),
        columns.join(", ")
    );
    let mut values: Vec<Value> = vec![id.into(), on.into()];
    values.extend(sets.iter().map(|(_, new)| Value::from(*new)));
    tx.execute(&insert, values).await?;
    let end =
        format!("UPDATE residence SET to_on = $2 WHERE {key} = $1 AND from_on < $2 AND (to_on IS NULL OR to_on > $2)");
    let ended = tx.execute(&end, vec![id.into(), on.into()]).await?;
    let (list, mut values) = assignments(sets, id);
    values.push(on.into());
    let rest = format!("UPDATE residence SET {list} WHERE {key} = $1 AND from_on >= ${}", values.len());
    Ok(ended + tx.execute(&rest, values).await?)
}

/// A parameter in a select list needs its type said on one of the engines.
fn cast(word: &str) -> String {
    if word.starts_with('$') { format!("CAST({word} AS integer)") } else { word.to_owned() }
}

/// Rows that came to another county: one record in its chain stands for all of one table.
async fn rechain(
    tx: &Writing<'_, ChangeDivisions>,
    (table, columns): (&str, &BTreeSet<String>),
    shift: &Shift,
    condition: &str,
    mark: &Mark,
) -> Outcome<()> {
    let kept = ["id", "rev", "audit_no", "county_id"].iter().all(|c| columns.contains(*c));
    let Some(county) = shift.new_county().filter(|_| kept) else { return Ok(()) };
    let any = format!("SELECT 1 AS one FROM {table} WHERE {condition} LIMIT 1");
    if tx.query(&any, vec![shift.division.id.into()]).await?.is_empty() {
        return Ok(());
    }
    let detail = access::audit::Detail { changes: Vec::new(), reason: Some(format!("division_event {}", mark.event)) };
    let number = tx.append("moved", table, mark.event, county, 1, &detail).await?;
    let text = format!("UPDATE {table} SET audit_no = $2, rev = rev + 1 WHERE {condition}");
    tx.execute(&text, vec![shift.division.id.into(), number.into()]).await?;
    Ok(())
}

/// Search words of persons that came to another county: the hash of the last four digits covers the county.
async fn renew_keys(tx: &Writing<'_, ChangeDivisions>, key: &str, id: DivisionId, county: DivisionId) -> Outcome<()> {
    let text = format!("SELECT id, id_number, phone FROM person WHERE {key} = $1");
    let rows = tx.query(&text, vec![id.into()]).await?;
    let delete = format!(
        "DELETE FROM person_key WHERE county_id = $2 AND word LIKE '4:%' AND person_id IN (SELECT id FROM person WHERE {key} = $1)"
    );
    tx.execute(&delete, vec![id.into(), county.into()]).await?;
    let scope = tx.scope();
    for chunk in rows.chunks(BATCH) {
        let (mut tuples, mut values): (Vec<String>, Vec<Value>) = (Vec::new(), vec![county.into()]);
        for row in chunk {
            let person: kernel::Id = row.try_get("", "id")?;
            let mut words = BTreeSet::new();
            for (column, is_phone) in [("id_number", false), ("phone", true)] {
                let Some(sealed) = row.try_get::<Option<Vec<u8>>>("", column)? else { continue };
                let plain = scope.open_for_use(&Sealed(sealed))?;
                let last = if is_phone {
                    phone::parse(plain.expose()).ok().map(|p| p.last4())
                } else {
                    Some(document::last4(plain.expose()))
                };
                words.extend(last.map(|l| document::last4_word(|p, t| scope.index(p, t), county, &l)));
            }
            for word in words {
                tuples.push(format!("($1, ${}, ${})", values.len() + 1, values.len() + 2));
                values.extend([Value::from(word), person.into()]);
            }
        }
        if !tuples.is_empty() {
            let insert = format!(
                "INSERT INTO person_key (county_id, word, person_id) VALUES {} ON CONFLICT (county_id, word, person_id) DO NOTHING",
                tuples.join(", ")
            );
            tx.execute(&insert, values).await?;
        }
    }
    Ok(())
}

/// Takes the kept figures of the division from its old ancestors and gives them to the new ones; counters end at the county.
async fn counters(tx: &Writing<'_, ChangeDivisions>, shift: &Shift) -> Outcome<()> {
    let ancestors = |path: [DivisionId; 5]| -> BTreeSet<DivisionId> {
        let [_, _, county, township, _] = path;
        let above = [(3, county), (4, township)].into_iter().filter(|(level, _)| *level < shift.level());
        above.map(|(_, id)| id).filter(|id| *id != 0 && *id != shift.division.id).collect()
    };
    let (old, new) = (ancestors(shift.division.place().path), ancestors(shift.path));
    for m in MOVES {
        let How::Sums(a, b) = m.how else { continue };
        for place in old.difference(&new) {
            moves::subtract(tx, m.table, (a, b), shift.division.id, *place).await?;
        }
        for place in new.difference(&old) {
            moves::add(tx, m.table, (a, b), shift.division.id, *place).await?;
        }
    }
    Ok(())
}

/// Takes the division and all below it to the new parent in the tables of this room, with a version of what was.
pub async fn tree(tx: &Writing<'_, ChangeDivisions>, shift: &Shift, mark: &Mark) -> Outcome<()> {
    let (key, id, above) = (shift.key(), shift.division.id, shift.above());
    refuse_later_below(tx, key, &shift.division, mark.on).await?;
    super::tree::keep_version(tx, &format!("{key} = $4"), id, mark).await?;
    let (list, mut values) = assignments(&above, id);
    let comma = if list.is_empty() { "" } else { ", " };
    values.extend([Value::from(mark.on), mark.audit_no.into()]);
    let n = values.len();
    let text = format!(
        "UPDATE division SET {list}{comma}valid_from = ${}, rev = rev + 1, audit_no = ${n} WHERE {key} = $1",
        n - 1
    );
    tx.execute(&text, values).await?;
    tx.execute("UPDATE division SET parent_id = $2 WHERE id = $1", vec![id.into(), shift.parent.into()]).await?;
    for (parent, step) in [(shift.division.parent_id, "- 1"), (shift.parent, "+ 1")] {
        let text = format!("UPDATE division SET children = children {step} WHERE id = $1");
        tx.execute(&text, vec![parent.into()]).await?;
    }
    if above.is_empty() {
        return Ok(());
    }
    for table in ["division_word", "division_version", "division_queue"] {
        let condition = match (key, table) {
            ("village_id", "division_queue") => "from_id = $1".to_owned(),
            ("village_id", _) => "division_id = $1".to_owned(),
            _ => format!("{key} = $1"),
        };
        let (list, values) = assignments(&above, id);
        tx.execute(&format!("UPDATE {table} SET {list} WHERE {condition}"), values).await?;
    }
    if shift.new_county().is_some() {
        let condition = if key == "village_id" { "from_id = $1".to_owned() } else { format!("{key} = $1") };
        let columns: BTreeSet<String> = ["id", "rev", "audit_no", "county_id"].map(str::to_owned).into();
        rechain(tx, ("division_queue", &columns), shift, &condition, mark).await?;
    }
    Ok(())
}

/// An area groups villages of one station: a village that goes to another township leaves the areas of the old one.
pub async fn end_areas(tx: &Writing<'_, ChangeDivisions>, shift: &Shift, mark: &Mark) -> Outcome<()> {
    if shift.division.level != Level::Village.number() {
        return Ok(());
    }
    let text = "UPDATE area_village SET to_on = CASE WHEN from_on > $1 THEN from_on ELSE $1 END \
                WHERE village_id = $2 AND (to_on IS NULL OR to_on > $1)";
    tx.execute(text, vec![mark.eve().into(), shift.division.id.into()]).await?;
    Ok(())
}

/// What was changed below after the day cannot be taken along on it.
async fn refuse_later_below(
    tx: &Writing<'_, ChangeDivisions>,
    key: &str,
    division: &division::Model,
    on: Day,
) -> Outcome<()> {
    let text = format!("SELECT name FROM division WHERE {key} = $1 AND id <> $1 AND valid_from > $2 LIMIT 1");
    match tx.query(&text, vec![division.id.into(), on.into()]).await?.first() {
        Some(row) => Err(super::plan::later_event(&row.try_get::<String>("", "name").map_err(Problem::from)?)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_level_repeats_the_nearest_ancestor() {
        let mut parent = division::Model {
            id: 2,
            level: 2,
            kind: "prefecture_city".into(),
            name: "市".into(),
            initials: "s".into(),
            code_civil: None,
            code_stat: None,
            parent_id: 1,
            province_id: 1,
            city_id: 2,
            county_id: 0,
            township_id: 0,
            village_id: 0,
            flags: String::new(),
            counted: true,
            children: 0,
            valid_from: None,
            valid_to: None,
            rev: 1,
            audit_no: 0,
            begun_on: None,
        };
        assert_eq!(path_below(40, 4, &parent), [1, 2, 2, 40, 0]);
        (parent.level, parent.id, parent.county_id) = (3, 3, 3);
        assert_eq!(path_below(40, 4, &parent), [1, 2, 3, 40, 0]);
        assert_eq!(path_below(50, 5, &parent), [1, 2, 3, 3, 50]);
    }
}
