//! What policies ask for of many persons at once: a handful of statements per thousand persons, each led by the index of
//! persons in a place.

use std::collections::{HashMap, HashSet};

use access::{Line, scope::Report, visible::Lined as _};
use kernel::{Day, Id, Outcome};
use sea_orm::Value;

use crate::{
    categories::row::category_assignment,
    facts::{row::person_fact, store},
    persons::row::person,
};

/// Which persons of a place.
#[derive(Debug, Clone)]
pub enum Which {
    /// The next so many living ones behind this id, in order of id.
    Behind(Id, u64),
    /// These, whoever of them lives there; a hundred at the most.
    These(Vec<Id>),
}

/// What of a person policies depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub id: Id,
    pub rev: i32,
    pub birth_date: Option<Day>,
    pub ledger_state: String,
    pub province_id: i32,
    pub city_id: i32,
    pub county_id: i32,
    pub township_id: i32,
    pub village_id: i32,
    pub hukou_village_id: Option<i32>,
    pub worker_id: Option<Id>,
}

access::lined!(Subject of person:
    id,
    rev,
    birth_date,
    ledger_state,
    province_id,
    city_id,
    county_id,
    township_id,
    village_id,
    hukou_village_id,
    worker_id
);

const SUBJECT: &str = "p.id, p.rev, p.birth_date, p.ledger_state, p.province_id, p.city_id, p.county_id, p.township_id, \
                       p.village_id, p.hukou_village_id, p.worker_id";

impl Subject {
    /// Province, city, county, township and village of the residence.
    pub fn path(&self) -> [i32; 5] {
        [self.province_id, self.city_id, self.county_id, self.township_id, self.village_id]
    }
}

impl From<&person::Model> for Subject {
    fn from(p: &person::Model) -> Self {
        Self {
            id: p.id,
            rev: p.rev,
            birth_date: p.birth_date,
            ledger_state: p.ledger_state.clone(),
            province_id: p.province_id,
            city_id: p.city_id,
            county_id: p.county_id,
            township_id: p.township_id,
            village_id: p.village_id,
            hukou_village_id: p.hukou_village_id,
            worker_id: p.worker_id,
        }
    }
}

/// An open category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// Code of list `category`.
    pub category: String,
    /// First day.
    pub from_on: Day,
}

impl From<&category_assignment::Model> for Open {
    fn from(row: &category_assignment::Model) -> Self {
        Self { category: row.category.clone(), from_on: row.from_on }
    }
}

/// A person with everything that is known for policies.
#[derive(Debug, Clone)]
pub struct Known {
    /// The person.
    pub subject: Subject,
    /// Open categories, oldest first.
    pub categories: Vec<Open>,
    /// What was told of the person and of those assessed together, the newest first.
    pub told: Vec<person_fact::Model>,
    /// Who is assessed together, where a household says so; see [`store::unit_of`].
    pub together: Option<Vec<Id>>,
}

/// Reads these persons with what is known of them, in order of id; the dead are left out. The report is opened by the caller's
/// scope, so it covers the place; who is assessed together is read wherever they live.
pub async fn read(report: &Report, which: &Which) -> Outcome<Vec<Known>> {
    let place = report.column();
    let (condition, values): (String, Vec<Value>) = match which {
        Which::Behind(after, rows) => {
            let condition = format!("p.{place} = $1 AND p.id > $2 AND p.died_on IS NULL ORDER BY p.id LIMIT {rows}");
            (condition, vec![report.place().id.into(), (*after).into()])
        }
        Which::These(ids) => {
            let condition = format!("p.{place} = $1 AND p.id IN ({}) AND p.died_on IS NULL ORDER BY p.id", marks(ids));
            (condition, [report.place().id.into()].into_iter().chain(ids.iter().map(|id| (*id).into())).collect())
        }
    };
    let subjects: Vec<Subject> =
        report.lines(&format!("SELECT {SUBJECT} FROM person p WHERE {condition}"), values.clone()).await?;
    let (Some(first), Some(last)) = (subjects.first().map(|s| s.id), subjects.last().map(|s| s.id)) else {
        return Ok(Vec::new());
    };
    let range = match which {
        Which::Behind(..) => Range {
            condition: format!("p.{place} = $1 AND p.id >= $2 AND p.id <= $3"),
            values: vec![report.place().id.into(), first.into(), last.into()],
        },
        Which::These(ids) => Range { condition: format!("p.{place} = $1 AND p.id IN ({})", marks(ids)), values },
    };
    let mut categories = categories(report, &range).await?;
    let mut together = together(report, &range).await?;
    let told = told(report, &range).await?;
    let known = subjects.into_iter().map(|subject| {
        let together = together.remove(&subject.id);
        let everybody: HashSet<Id> = together.iter().flatten().copied().chain([subject.id]).collect();
        let mut told: Vec<person_fact::Model> =
            everybody.iter().filter_map(|id| told.get(id)).flatten().cloned().collect();
        told.sort_by_key(|t| std::cmp::Reverse(t.id));
        told.truncate(store::MOST);
        Known { categories: categories.remove(&subject.id).unwrap_or_default(), subject, told, together }
    });
    Ok(known.collect())
}

/// How many persons live in the place of a report.
pub async fn living(report: &Report) -> Outcome<i64> {
    let sql = format!("SELECT COUNT(*) FROM person WHERE {} = $1 AND died_on IS NULL", report.column());
    let rows = report.lines::<(i64,)>(&sql, vec![report.place().id.into()]).await?;
    Ok(rows.first().map_or(0, |row| row.0))
}

/// A condition on persons `p` with its values.
struct Range {
    condition: String,
    values: Vec<Value>,
}

/// `$2, $3, …` for so many ids.
fn marks(ids: &[Id]) -> String {
    (2..).take(ids.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

async fn rows<L: Line>(report: &Report, sql: &str, range: &Range) -> Outcome<Vec<L>> {
    report.lines(&sql.replace("{range}", &range.condition), range.values.clone()).await
}

async fn categories(report: &Report, range: &Range) -> Outcome<HashMap<Id, Vec<Open>>> {
    let mut found: HashMap<Id, Vec<Open>> = HashMap::new();
    for (person, category, from_on) in rows::<(Id, String, Day)>(report, CATEGORIES, range).await? {
        found.entry(person).or_default().push(Open { category, from_on });
    }
    Ok(found)
}

/// Who is assessed together with each of these persons, by the rule of [`store::unit_of`].
async fn together(report: &Report, range: &Range) -> Outcome<HashMap<Id, Vec<Id>>> {
    let mut homes: HashMap<Id, Vec<(String, Id, Vec<Id>)>> = HashMap::new();
    for (person, home, kind, member) in rows::<(Id, Id, String, Option<Id>)>(report, UNITS, range).await? {
        let homes = homes.entry(person).or_default();
        if homes.last().is_none_or(|(_, last, _)| *last != home) {
            homes.push((kind, home, Vec::new()));
        }
        if let Some((.., members)) = homes.last_mut() {
            members.extend(member);
        }
    }
    let unit = |(person, mut homes): (Id, Vec<(String, Id, Vec<Id>)>)| {
        let at = store::UNITS.iter().find_map(|unit| homes.iter().position(|(kind, ..)| kind == unit))?;
        Some((person, homes.swap_remove(at).2))
    };
    Ok(homes.into_iter().filter_map(unit).collect())
}

/// What was told of these persons and of those who may be assessed together with them.
async fn told(report: &Report, range: &Range) -> Outcome<HashMap<Id, Vec<person_fact::Model>>> {
    let columns: Vec<String> = person_fact::Entity::FIELDS.iter().map(|field| format!("f.{field}")).collect();
    let mut found: HashMap<Id, Vec<person_fact::Model>> = HashMap::new();
    let mut seen = HashSet::new();
    for sql in [OWN, OTHERS] {
        let sql = sql.replace("{columns}", &columns.join(", "));
        for fact in rows::<person_fact::Model>(report, &sql, range).await? {
            if seen.insert(fact.id) {
                found.entry(fact.person_id).or_default().push(fact);
            }
        }
    }
    Ok(found)
}

const CATEGORIES: &str = "SELECT p.id, a.category, a.from_on FROM person p JOIN category_assignment a ON a.person_id = p.id \
                          WHERE {range} AND a.to_on IS NULL ORDER BY p.id, a.id";
const UNITS: &str = "SELECT p.id, h.id, h.kind, o.person_id FROM person p JOIN membership m ON m.person_id = p.id \
                     JOIN household h ON h.id = m.household_id \
                     LEFT JOIN membership o ON o.household_id = h.id AND o.to_on IS NULL AND o.is_cohabiting \
                     WHERE {range} AND m.to_on IS NULL ORDER BY p.id, m.id, o.id";
const OWN: &str = "SELECT {columns} FROM person p JOIN person_fact f ON f.person_id = p.id WHERE {range}";
const OTHERS: &str = "SELECT {columns} FROM person p JOIN membership m ON m.person_id = p.id \
                      JOIN membership o ON o.household_id = m.household_id AND o.to_on IS NULL AND o.is_cohabiting \
                      JOIN person_fact f ON f.person_id = o.person_id \
                      WHERE {range} AND m.to_on IS NULL AND o.person_id <> p.id";

/// The statements of a range, for plan tests.
pub fn statements(place: &str) -> Vec<String> {
    let range = format!("p.{place} = $1 AND p.id >= $2 AND p.id <= $3");
    let all = [CATEGORIES, UNITS, OWN, OTHERS].map(|sql| sql.replace("{range}", &range).replace("{columns}", "f.id"));
    let first = format!(
        "SELECT {SUBJECT} FROM person p WHERE p.{place} = $1 AND p.id > $2 AND p.died_on IS NULL ORDER BY p.id LIMIT 1000"
    );
    [first].into_iter().chain(all).collect()
}
