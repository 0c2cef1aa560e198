//! The facts of many persons at once: one query per table and range of persons.

use std::collections::{BTreeSet, HashMap};

use access::{Id, Outcome, PlaceRef, placement};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QueryResult, QuerySelect as _, Statement,
};

use crate::{
    categories::row::category_assignment,
    due,
    ledger::row::{ledger_entry, ledger_transition},
    persons::row::{person, residence},
    visits::{COMPLETED, store::Told},
};

/// Everything a person row repeats, from the tables that own it.
pub(super) struct Facts {
    pub person: person::Model,
    /// Codes of village, township, county, city and province.
    pub places: Vec<String>,
    /// Open categories.
    pub categories: Vec<category_assignment::Model>,
    /// The running episode.
    pub entry: Option<ledger_entry::Model>,
    pub steps: Vec<ledger_transition::Model>,
    /// Completed visits, the newest first.
    pub visits: Vec<Told>,
    /// Whether every visit lies where the person lives.
    pub visits_follow: bool,
    /// Open residences.
    pub homes: Vec<residence::Model>,
    /// Search keys, each with its county.
    pub words: BTreeSet<(i32, String)>,
}

/// Which tables are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// What due day, target and counters depend on.
    Derived,
    /// Residences, search keys and places of visits too.
    Whole,
}

/// Persons of a range of ids, and persons that only other tables know.
pub(super) struct Range {
    pub known: Vec<Facts>,
    pub orphans: BTreeSet<Id>,
}

/// Names of divisions, kept from range to range.
pub(super) type Labels = HashMap<i32, PlaceRef>;

/// Reads facts of these persons (in order of id), who are all there are behind `after` and up to `upto`.
pub(super) async fn read(
    conn: &DatabaseTransaction,
    labels: &mut Labels,
    persons: Vec<person::Model>,
    (after, upto): (Id, Id),
    depth: Depth,
) -> Outcome<Range> {
    let unknown: Vec<i32> =
        persons.iter().flat_map(person::Model::path).filter(|id| !labels.contains_key(id)).collect();
    labels.extend(placement::labels(conn, unknown).await?);
    let known = persons.into_iter().map(|person| facts(person, labels)).collect();
    let mut range = Range { known, orphans: BTreeSet::new() };
    categories(conn, &mut range, after, upto).await?;
    ledger(conn, &mut range, after, upto).await?;
    visits(conn, &mut range, after, upto).await?;
    if depth == Depth::Whole {
        homes(conn, &mut range, after, upto).await?;
        words(conn, &mut range, after, upto).await?;
    }
    Ok(range)
}

fn facts(person: person::Model, labels: &Labels) -> Facts {
    Facts {
        places: due::codes_in(labels, &person.path()),
        person,
        categories: Vec::new(),
        entry: None,
        steps: Vec::new(),
        visits: Vec::new(),
        visits_follow: true,
        homes: Vec::new(),
        words: BTreeSet::new(),
    }
}

impl Range {
    /// The person with this id; whoever is not there is noted.
    fn of(&mut self, id: Id) -> Option<&mut Facts> {
        match self.known.binary_search_by_key(&id, |facts| facts.person.id) {
            Ok(at) => self.known.get_mut(at),
            Err(_) => {
                self.orphans.insert(id);
                None
            }
        }
    }
}

async fn rows(conn: &DatabaseTransaction, text: &str, after: Id, upto: Id) -> Outcome<Vec<QueryResult>> {
    let backend = conn.get_database_backend();
    let text = if backend == DbBackend::Postgres { text.to_owned() } else { text.replace('$', "?") };
    Ok(conn.query_all_raw(Statement::from_sql_and_values(backend, text, [after.into(), upto.into()])).await?)
}

async fn categories(conn: &DatabaseTransaction, range: &mut Range, after: Id, upto: Id) -> Outcome<()> {
    let open = category_assignment::Entity::find()
        .filter(category_assignment::Column::PersonId.gt(after))
        .filter(category_assignment::Column::PersonId.lte(upto))
        .filter(category_assignment::Column::ToOn.is_null());
    for assignment in open.all(conn).await? {
        if let Some(facts) = range.of(assignment.person_id) {
            facts.categories.push(assignment);
        }
    }
    Ok(())
}

async fn ledger(conn: &DatabaseTransaction, range: &mut Range, after: Id, upto: Id) -> Outcome<()> {
    let entries = ledger_entry::Entity::find()
        .filter(ledger_entry::Column::PersonId.gt(after))
        .filter(ledger_entry::Column::PersonId.lte(upto))
        .order_by_asc(ledger_entry::Column::PersonId)
        .order_by_asc(ledger_entry::Column::Episode);
    for entry in entries.all(conn).await? {
        if let Some(facts) = range.of(entry.person_id) {
            facts.entry = Some(entry);
        }
    }
    let steps = ledger_transition::Entity::find()
        .filter(ledger_transition::Column::PersonId.gt(after))
        .filter(ledger_transition::Column::PersonId.lte(upto))
        .order_by_asc(ledger_transition::Column::PersonId)
        .order_by_asc(ledger_transition::Column::OnDay)
        .order_by_asc(ledger_transition::Column::Serial);
    for step in steps.all(conn).await? {
        if let Some(facts) = range.of(step.person_id) {
            facts.steps.push(step);
        }
    }
    Ok(())
}

async fn visits(conn: &DatabaseTransaction, range: &mut Range, after: Id, upto: Id) -> Outcome<()> {
    let text = "SELECT person_id, visited_on, mode, contact_result, qualifies, state, village_id, township_id, county_id, \
                city_id, province_id FROM visit WHERE person_id > $1 AND person_id <= $2 \
                ORDER BY person_id DESC, visited_on DESC, id DESC";
    for row in rows(conn, text, after, upto).await? {
        let Some(facts) = range.of(row.try_get("", "person_id")?) else { continue };
        let mut path = [0; 5];
        let columns = ["province_id", "city_id", "county_id", "township_id", "village_id"];
        for (place, column) in path.iter_mut().zip(columns) {
            *place = row.try_get("", column)?;
        }
        facts.visits_follow &= path == facts.person.path();
        if row.try_get::<String>("", "state")? == COMPLETED {
            facts.visits.push(Told {
                on: row.try_get("", "visited_on")?,
                mode: row.try_get("", "mode")?,
                result: row.try_get("", "contact_result")?,
                qualifies: row.try_get("", "qualifies")?,
            });
        }
    }
    Ok(())
}

async fn homes(conn: &DatabaseTransaction, range: &mut Range, after: Id, upto: Id) -> Outcome<()> {
    let homes = residence::Entity::find()
        .filter(residence::Column::PersonId.gt(after))
        .filter(residence::Column::PersonId.lte(upto))
        .filter(residence::Column::ToOn.is_null());
    for home in homes.all(conn).await? {
        if let Some(facts) = range.of(home.person_id) {
            facts.homes.push(home);
        }
    }
    Ok(())
}

async fn words(conn: &DatabaseTransaction, range: &mut Range, after: Id, upto: Id) -> Outcome<()> {
    let text = "SELECT person_id, county_id, word FROM person_key WHERE person_id > $1 AND person_id <= $2";
    for row in rows(conn, text, after, upto).await? {
        let word = (row.try_get("", "county_id")?, row.try_get("", "word")?);
        if let Some(facts) = range.of(row.try_get("", "person_id")?) {
            facts.words.insert(word);
        }
    }
    Ok(())
}

/// The next persons behind `after`, in order of id.
pub(super) async fn next(conn: &DatabaseTransaction, after: Id, most: u64) -> Outcome<Vec<person::Model>> {
    let query = person::Entity::find().filter(person::Column::Id.gt(after)).order_by_asc(person::Column::Id);
    Ok(query.limit(most).all(conn).await?)
}
