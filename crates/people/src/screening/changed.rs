//! Who has to be looked at again: whose records changed, whose day has come, whose standards are others.

use std::collections::BTreeSet;

use access::{audit, scope::Report};
use kernel::{Day, Id, Outcome};
use sea_orm::Value;

/// Tables whose rows belong to a person and count for policies; the kind of their records is the same word.
const OF_PERSON: [&str; 5] = ["category_assignment", "person_fact", "application", "ledger_entry", "membership"];
/// Ids in one statement.
const MANY: usize = 100;

/// What the audit chain of a county tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// These persons changed, or somebody who is assessed together with them.
    Persons(BTreeSet<Id>),
    /// Something happened to many at once, or to a row that is not there any more: everybody has to be looked at.
    Gap,
}

/// Whose records changed in a county behind one audit record and up to another.
pub async fn told(report: &Report, after: i64, upto: i64) -> Outcome<Told> {
    let mut people = BTreeSet::new();
    let mut homes: BTreeSet<Id> = BTreeSet::new();
    for changed in audit::changes(report, after, upto).await? {
        if changed.of_many
            && (changed.kind == "person" || changed.kind == "household" || OF_PERSON.contains(&changed.kind.as_str()))
        {
            return Ok(Told::Gap);
        }
        match changed.kind.as_str() {
            "person" => drop(people.insert(changed.object)),
            "household" => drop(homes.insert(changed.object)),
            _ => {}
        }
    }
    for kind in OF_PERSON {
        let (owner, home) =
            (format!("t.person_id FROM audit a LEFT JOIN {kind} t"), "a.chain = $1 AND a.seq > $2 AND a.seq <= $3");
        let sql = format!("SELECT DISTINCT {owner} ON t.id = a.object_id WHERE {home} AND a.object_kind = '{kind}'");
        let values = vec![report.place().id.into(), after.into(), upto.into()];
        for (person,) in report.lines::<(Option<Id>,)>(&sql, values.clone()).await? {
            match person {
                Some(person) => drop(people.insert(person)),
                None => return Ok(Told::Gap),
            }
        }
        if kind == "membership" {
            let sql = format!(
                "SELECT DISTINCT t.household_id FROM audit a JOIN membership t ON t.id = a.object_id WHERE {home} AND a.object_kind = 'membership'"
            );
            homes.extend(report.lines::<(Id,)>(&sql, values).await?.into_iter().map(|(home,)| home));
        }
    }
    let members = "SELECT DISTINCT o.person_id FROM membership o WHERE o.household_id IN ({}) AND o.to_on IS NULL";
    people.extend(ids(report, members, homes.into_iter().collect()).await?);
    let together = "SELECT DISTINCT o.person_id FROM membership m JOIN membership o ON o.household_id = m.household_id \
                    WHERE m.person_id IN ({}) AND o.to_on IS NULL";
    people.extend(ids(report, together, people.iter().copied().collect()).await?);
    Ok(Told::Persons(people))
}

/// The ids a statement gives for these, some at a time.
async fn ids(report: &Report, sql: &str, of: Vec<Id>) -> Outcome<Vec<Id>> {
    let mut found = Vec::new();
    for some in of.chunks(MANY) {
        let marks: Vec<String> = (1..=some.len()).map(|n| format!("${n}")).collect();
        let values: Vec<Value> = some.iter().map(|id| (*id).into()).collect();
        let rows = report.lines::<(Id,)>(&sql.replace("{}", &marks.join(", ")), values).await?;
        found.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(found)
}

/// Of these persons those who live in other counties than that of the report, with the county.
pub async fn elsewhere(report: &Report, people: &[Id]) -> Outcome<Vec<(Id, i32)>> {
    let mut found = Vec::new();
    for some in people.chunks(MANY) {
        let marks: Vec<String> = (2..some.len() + 2).map(|n| format!("${n}")).collect();
        let sql = format!(
            "SELECT id, county_id FROM person WHERE id IN ({}) AND {} <> $1 AND county_id > 0",
            marks.join(", "),
            report.column()
        );
        let values = [report.place().id.into()].into_iter().chain(some.iter().map(|id| (*id).into())).collect();
        found.extend(report.lines::<(Id, i32)>(&sql, values).await?);
    }
    Ok(found)
}

/// Persons whose day has come, behind an id, in the order of their ids.
pub async fn day_has_come(report: &Report, today: Day) -> Outcome<Vec<Id>> {
    let rows = report.lines::<(Id,)>(DAY_HAS_COME, vec![report.place().id.into(), today.into()]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The places whose standards were used in a county, each with a digest that was met.
pub async fn bases(report: &Report) -> Outcome<Vec<(i32, i64)>> {
    let mut found: Vec<(i32, i64)> = Vec::new();
    loop {
        let (standard, basis) = found.last().copied().unwrap_or((i32::MIN, i64::MIN));
        let values = vec![report.place().id.into(), standard.into(), basis.into()];
        match report.lines::<(i32, i64)>(NEXT_BASIS, values).await?.first() {
            Some(next) => found.push(*next),
            None => return Ok(found),
        }
    }
}

/// Persons who were screened under this digest of this place.
pub async fn under(report: &Report, standard: i32, basis: i64) -> Outcome<Vec<Id>> {
    let values = vec![report.place().id.into(), standard.into(), basis.into()];
    Ok(report.lines::<(Id,)>(UNDER, values).await?.into_iter().map(|(id,)| id).collect())
}

/// Persons with a state in a range of ids.
pub async fn kept(report: &Report, after: Id, upto: Id) -> Outcome<Vec<Id>> {
    let sql = kept_sql(report.column());
    let rows = report.lines::<(Id,)>(&sql, vec![report.place().id.into(), after.into(), upto.into()]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

fn kept_sql(column: &str) -> String {
    format!(
        "SELECT person_id FROM screening_state WHERE {column} = $1 AND person_id > $2 AND person_id <= $3 ORDER BY person_id"
    )
}

const DAY_HAS_COME: &str =
    "SELECT person_id FROM screening_state WHERE county_id = $1 AND next_on <= $2 ORDER BY next_on, person_id";
const NEXT_BASIS: &str = "SELECT standard_id, basis FROM screening_state WHERE county_id = $1 \
                          AND (standard_id > $2 OR (standard_id = $2 AND basis > $3)) ORDER BY standard_id, basis LIMIT 1";
const UNDER: &str =
    "SELECT person_id FROM screening_state WHERE county_id = $1 AND standard_id = $2 AND basis = $3 ORDER BY person_id";

/// The statements over the states of a county, for plan tests.
pub fn statements() -> Vec<String> {
    [DAY_HAS_COME, NEXT_BASIS, UNDER]
        .map(str::to_owned)
        .into_iter()
        .chain([kept_sql("county_id"), kept_sql("township_id")])
        .collect()
}
