//! Catching up with parameters: when a value begins to hold (a later first day, or a new version of the program), persons
//! whose due day or target mark depends on it are settled anew.
//!
//! The values that held when persons were settled last stand in `setting` as `people.params`. At start and after each
//! midnight they are compared with those of today; usually nothing differs and nothing happens. Otherwise persons are gone
//! through in order of id, a few hundred in one write, so that nobody waits long behind it; each write also notes how far it
//! came (`people.catch_up`), so a stop in between loses nothing. Counters move with each person, and every change has its
//! audit record under the name of the job.

use std::collections::BTreeMap;

use access::{Day, Id, Outcome, Problem, Progress, Scope, Writing};
use kernel::{codes, params::Params};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, Statement};
use serde::{Deserialize, Serialize};

use super::{
    facts::{self, Depth, Labels},
    model::Derived,
};
use crate::{
    figures,
    persons::{Change, row::person},
    timers,
};

/// Persons of one write.
const STEP: u64 = 300;
/// Values under which persons were settled last.
const HELD: &str = "people.params";
/// How far a running catch-up came.
const RUNNING: &str = "people.catch_up";

/// Parameters a due day or target mark depends on: whole codes, and beginnings that end with a dot.
const WATCHED: &[&str] = &[
    "coverage.target_categories",
    "lead.contact_days",
    "lead.verify_days",
    "visit.max_interval_days.",
    "visit.allowed_modes.",
    "visit.category_interval_days.",
    "visit.allowed_category_modes.",
];

/// Value of each (code, place), as text.
type Values = BTreeMap<String, String>;

/// What a catch-up did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Caught {
    /// Codes whose values changed; all on the first run.
    pub changed: Vec<String>,
    /// Persons worked out again.
    pub looked_at: u64,
    /// Persons whose row changed.
    pub settled: u64,
}

#[derive(Serialize, Deserialize)]
struct Running {
    values: Values,
    after: Id,
}

/// Brings persons in line with the parameters of today.
pub async fn catch_up(scope: &Scope<Change>, progress: &Progress) -> Outcome<Caught> {
    catch_up_with(scope, Params::national(), progress).await
}

/// The same with other parameters.
pub async fn catch_up_with(scope: &Scope<Change>, params: &'static Params, progress: &Progress) -> Outcome<Caught> {
    let today = scope.today();
    let values = held_on(params, today);
    let (held, running, total) = scope.write(|tx| Box::pin(async move { begin(tx.derived()).await })).await?;
    if held.as_ref() == Some(&values) {
        return Ok(Caught::default());
    }
    let mut caught = Caught { changed: changed(held.unwrap_or_default(), &values), ..Caught::default() };
    let mut after = running.filter(|r| r.values == values).map_or(Id::nil(), |r| r.after);
    let (mut labels, mut done) = (Labels::new(), 0);
    loop {
        let (from, codes, values, known) = (after, caught.changed.clone(), values.clone(), labels);
        let step = scope
            .write_again(|| {
                let (codes, values, known) = (codes.clone(), values.clone(), known.clone());
                move |tx| Box::pin(async move { step(tx, params, from, &codes, values, known).await })
            })
            .await?;
        caught.looked_at += step.looked_at;
        caught.settled += step.settled;
        done += step.persons;
        progress.at(done, total.max(done), "people");
        labels = step.labels;
        match step.upto {
            Some(upto) => after = upto,
            None => return Ok(caught),
        }
    }
}

/// Whether persons were settled under the values of today, or never under others.
pub(super) async fn is_caught_up(conn: &DatabaseTransaction, params: &Params, today: Day) -> Outcome<bool> {
    let held: Option<Values> = setting(conn, HELD).await?;
    Ok(held.is_none_or(|held| held == held_on(params, today)))
}

/// The watched values that hold on a day.
fn held_on(params: &Params, day: Day) -> Values {
    let watched = |code: &str| WATCHED.iter().any(|w| code == *w || (w.ends_with('.') && code.starts_with(w)));
    params
        .valid_on(day)
        .filter(|p| watched(&p.code))
        .map(|p| (format!("{}@{}", p.code, p.place), serde_json::to_string(&p.value).unwrap_or_default()))
        .collect()
}

/// The codes whose values differ at any place.
fn changed(mut before: Values, after: &Values) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for (key, value) in after {
        if before.remove(key).as_ref() != Some(value) {
            keys.push(key.clone());
        }
    }
    keys.extend(before.into_keys());
    let mut codes: Vec<String> = keys.iter().filter_map(|k| k.split('@').next()).map(str::to_owned).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Whether any of these parameters bears on the person.
fn concerns(codes: &[String], person: &person::Model) -> bool {
    let active = person.ledger_state == "active";
    let grade = if person.grade.is_empty() { "C" } else { person.grade.as_str() };
    codes.iter().any(|code| match code.rsplit_once('.') {
        Some(("coverage", _)) => person.cat_bits != 0,
        Some(("lead", _)) => matches!(person.ledger_state.as_str(), "lead" | "verifying"),
        Some(("visit.max_interval_days" | "visit.allowed_modes", of)) => active && of == grade,
        Some((_, category)) => active && codes::category_mask(category).is_some_and(|bit| bit & person.cat_bits != 0),
        None => false,
    })
}

struct Step {
    upto: Option<Id>,
    persons: u64,
    looked_at: u64,
    settled: u64,
    labels: Labels,
}

/// Settles the next persons and notes how far that came; the last step notes the values instead.
async fn step(
    tx: &Writing<'_, Change>,
    params: &'static Params,
    after: Id,
    codes: &[String],
    values: Values,
    mut labels: Labels,
) -> Outcome<Step> {
    let all = facts::next(tx.derived(), after, STEP).await?;
    let last = (all.len() as u64) < STEP;
    let upto = all.last().map(|p| p.id).filter(|_| !last);
    let persons = all.len() as u64;
    let end = all.last().map_or(after, |p| p.id);
    let (mut looked_at, mut settled) = (0, 0);
    if all.iter().any(|p| concerns(codes, p)) {
        let range = facts::read(tx.derived(), &mut labels, all, (after, end), Depth::Derived).await?;
        for facts in range.known.iter().filter(|f| concerns(codes, &f.person)) {
            looked_at += 1;
            if let Some(derived) = Derived::of(facts, params, tx.scope().today()) {
                settled += u64::from(settle(tx, &facts.person, &derived).await?);
            }
        }
    }
    match upto {
        Some(after) => put(tx, RUNNING, &Running { values, after }).await?,
        None => {
            put(tx, HELD, &values).await?;
            tx.execute("DELETE FROM setting WHERE name = $1", vec![RUNNING.into()]).await?;
        }
    }
    Ok(Step { upto, persons, looked_at, settled, labels })
}

/// Writes due day and target mark when they differ; tells whether they did.
async fn settle(tx: &Writing<'_, Change>, before: &person::Model, derived: &Derived) -> Outcome<bool> {
    if before.next_due_on == derived.next_due_on && before.is_target == derived.is_target {
        return Ok(false);
    }
    let (next, target) = (derived.next_due_on, derived.is_target);
    let after = tx
        .update_part::<person::Entity>(before, |r| {
            r.next_due_on = Set(next);
            r.is_target = Set(target);
        })
        .await?;
    if after.is_target != before.is_target {
        figures::moved(tx, Some(before), &after).await?;
    }
    timers::touch(tx, &after).await?;
    Ok(true)
}

async fn begin(conn: &DatabaseTransaction) -> Outcome<(Option<Values>, Option<Running>, u64)> {
    let count = Statement::from_string(
        conn.get_database_backend(),
        "SELECT CAST(SUM(n) AS bigint) AS n FROM client_counter \
        WHERE category = '*' AND grade = '*' AND place_id IN (SELECT id FROM division WHERE level = 3)",
    );
    let row = conn.query_one_raw(count).await?;
    let total = row.map_or(Ok(None), |r| r.try_get::<Option<i64>>("", "n"))?.unwrap_or(0);
    Ok((setting(conn, HELD).await?, setting(conn, RUNNING).await?, u64::try_from(total).unwrap_or(0)))
}

async fn setting<T: serde::de::DeserializeOwned>(conn: &DatabaseTransaction, name: &str) -> Outcome<Option<T>> {
    let text = format!("SELECT value FROM setting WHERE name = '{name}'");
    let row = conn.query_one_raw(Statement::from_string(conn.get_database_backend(), text)).await?;
    let value = row.map(|r| r.try_get::<String>("", "value")).transpose()?;
    Ok(value.and_then(|v| serde_json::from_str(&v).ok()))
}

async fn put<T: Serialize + Sync>(tx: &Writing<'_, Change>, name: &str, value: &T) -> Outcome<()> {
    let text =
        "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    let value = serde_json::to_string(value).map_err(Problem::internal)?;
    tx.execute(text, vec![name.into(), value.into()]).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> Values {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn changed_ended_and_new_values_are_told_by_code() {
        let before = values(&[("a.1@national", "1"), ("b@43", "2"), ("c@national", "3")]);
        let after = values(&[("a.1@national", "2"), ("c@national", "3"), ("c@44", "4")]);
        assert_eq!(changed(before, &after), ["a.1", "b", "c"]);
        assert!(changed(after.clone(), &after).is_empty());
    }

    #[test]
    fn every_parameter_of_the_due_rules_is_watched() {
        let day = kernel::day::parse("2026-11-23").unwrap();
        let held = held_on(Params::national(), day);
        for code in [
            "visit.max_interval_days.A@national",
            "visit.category_interval_days.ALONE@national",
            "visit.allowed_modes.B@national",
            "visit.allowed_category_modes.ALONE@national",
            "lead.contact_days@national",
            "coverage.target_categories@national",
        ] {
            assert!(held.contains_key(code), "{code}");
        }
        assert!(!held.contains_key("visit.soon_days@national"));
    }
}
