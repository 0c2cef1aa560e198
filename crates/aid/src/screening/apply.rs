//! Bringing states, findings and tasks of some persons up to date, in one transaction.

use std::collections::{BTreeSet, HashSet};

use access::{
    Writing,
    tasks::{self, NewTask, Window},
};
use kernel::{Day, Id, Outcome, Permit, params::Params};
use people::{
    persons::row::person,
    screening::{
        row::{screening_finding, screening_run, screening_state},
        store::{self, Standing},
    },
};
use policy::card::Card;
use serde_json::json;

use super::{
    evaluate::Verdict,
    model::{self, ELIGIBLE, LOST, Letter, Letters, UNKNOWN},
};
use crate::policies::shelf::shelf;

/// Kinds of the tasks of this room, each with the kind of finding it asks to look at.
pub const TASKS: [(&str, &str); 4] = [
    ("screening_new", ELIGIBLE),
    ("screening_lost", LOST),
    ("screening_outgrown", LOST),
    ("screening_unknown", UNKNOWN),
];

/// What one transaction did.
#[derive(Debug, Clone, Default)]
pub struct Done {
    /// Persons looked at.
    pub seen: i64,
    /// Persons whose letters differ from last time.
    pub changed: Vec<Id>,
}

/// What is gathered for the statements that write many rows at once.
#[derive(Default)]
struct Gathered {
    done: Done,
    states: Vec<screening_state::Model>,
    found: Vec<screening_finding::Model>,
    gone: Vec<Id>,
    /// Persons whose open tasks may have become void.
    settled: HashSet<Id>,
}

/// Brings these persons up to date. `gone` were not read: they died, left, or are not there any more. Whoever changed since
/// the verdict was read is left to the next run, which is told of the change.
pub async fn apply<P: Permit>(
    tx: &Writing<'_, P>,
    run: &screening_run::Model,
    verdicts: Vec<Verdict>,
    gone: &[Id],
) -> Outcome<Done> {
    tx.queue_at(vec![run.county_id]).await?;
    let ids: Vec<Id> = verdicts.iter().map(|v| v.subject.id).chain(gone.iter().copied()).collect();
    let mut standing = store::standing(tx, &ids).await?;
    let mut gathered = Gathered::default();
    gathered.done.seen = i64::try_from(verdicts.len()).unwrap_or(i64::MAX);
    for id in gone {
        if standing.people.get(id).is_none_or(|p| !p.is_client()) {
            forget(tx, *id, &standing, &mut gathered).await?;
        }
    }
    for verdict in verdicts {
        let Some(person) = standing.people.remove(&verdict.subject.id) else { continue };
        if person.rev != verdict.subject.rev || person.path() != verdict.subject.path() {
            continue;
        }
        if person.is_client() {
            one(tx, run, &person, verdict, &mut standing, &mut gathered).await?;
        } else {
            forget(tx, person.id, &standing, &mut gathered).await?;
        }
    }
    store::put_states(tx, gathered.states).await?;
    store::drop_findings(tx, &gathered.gone).await?;
    store::put_findings(tx, gathered.found).await?;
    for person in gathered.settled {
        settle(tx, person).await?;
    }
    Ok(gathered.done)
}

/// Somebody who is no longer a client: nothing stands, and nobody is asked to look.
async fn forget<P: Permit>(
    tx: &Writing<'_, P>,
    person: Id,
    standing: &Standing,
    gathered: &mut Gathered,
) -> Outcome<()> {
    if standing.states.contains_key(&person) {
        store::forget(tx, person).await?;
        gathered.done.changed.push(person);
    }
    gathered.settled.insert(person);
    Ok(())
}

/// One person: the state, the findings, and a task for each kind of difference.
async fn one<P: Permit>(
    tx: &Writing<'_, P>,
    run: &screening_run::Model,
    person: &person::Model,
    verdict: Verdict,
    standing: &mut Standing,
    gathered: &mut Gathered,
) -> Outcome<()> {
    let today = tx.scope().today();
    let (letters, decided) = letters(&verdict, standing.applied.remove(&person.id).unwrap_or_default(), today);
    let before = standing.states.remove(&person.id);
    let known = before.as_ref().map(|s| model::read(&s.statuses)).unwrap_or_default();
    let speaks = matches!(person.ledger_state.as_str(), "active" | "suspended");
    let mut differences = model::differences(&known, &letters, speaks);
    let asked: HashSet<&str> = verdict.found.iter().map(|f| f.policy.as_str()).collect();
    // What no longer stands in the library did not become unknown.
    differences.unknown.retain(|policy| asked.contains(policy.as_str()));
    let [province_id, city_id, county_id, township_id, village_id] = person.path();
    let state = screening_state::Model {
        person_id: person.id,
        village_id,
        township_id,
        county_id,
        city_id,
        province_id,
        standard_id: verdict.standard_id,
        basis: verdict.basis,
        next_on: verdict.next_on.min(decided),
        statuses: model::written(&letters),
    };
    if before.as_ref().is_none_or(|b| b.statuses != state.statuses) {
        gathered.done.changed.push(person.id);
        gathered.settled.insert(person.id);
    }
    if before.as_ref() != Some(&state) {
        gathered.states.push(state);
    }
    let had = standing.findings.remove(&person.id).unwrap_or_default();
    let pairs: Vec<(String, String)> = had.iter().map(|f| (f.kind.clone(), f.policy.clone())).collect();
    let mut hold = model::holding(&letters, &differences, &pairs);
    hold.retain(|(_, policy)| asked.contains(policy.as_str()));
    for (kind, policy) in &hold {
        let found = verdict.found.iter().find(|f| f.policy == *policy);
        let (amount, is_example) = match (*kind, found) {
            (ELIGIBLE, Some(found)) => (found.amount, found.is_example),
            _ => (None, false),
        };
        match had.iter().find(|f| f.kind == *kind && f.policy == *policy) {
            Some(same) if (same.amount, same.is_example) == (amount, is_example) => {}
            Some(other) => store::set_amount(tx, other.id, amount, is_example).await?,
            None => gathered.found.push(screening_finding::Model {
                id: tx.scope().new_id(),
                person_id: person.id,
                worker_id: person.worker_id,
                village_id,
                township_id,
                county_id,
                city_id,
                province_id,
                policy: policy.clone(),
                kind: (*kind).to_owned(),
                is_dismissed: false,
                since_on: today,
                amount,
                is_example,
            }),
        }
    }
    let gone = had.iter().filter(|f| !hold.iter().any(|(kind, policy)| f.kind == *kind && f.policy == *policy));
    let gone: Vec<Id> = gone.map(|f| f.id).collect();
    if !gone.is_empty() {
        gathered.settled.insert(person.id);
        gathered.gone.extend(gone);
    }
    if !run.is_first {
        let is_received = |policy: &String| letters.get(policy) == Some(&Letter::Outgrown);
        let (outgrown, lost) = differences.lost.into_iter().partition(is_received);
        for ((task, _), policies) in TASKS.iter().zip([differences.gained, lost, outgrown, differences.unknown]) {
            raise(tx, run, person, task, &policies).await?;
        }
    }
    Ok(())
}

/// The letters of a verdict, and the first day on which a decision no longer keeps a hint away.
fn letters(verdict: &Verdict, applied: Vec<(String, Option<Day>)>, today: Day) -> (Letters, Day) {
    let days = Params::national().whole("screening.applied_days", &[], today).unwrap_or(0);
    let until = |on: &Option<Day>| on.map_or(model::NEVER, |on| kernel::day::add_days(on, days));
    let running: Vec<&(String, Option<Day>)> = applied.iter().filter(|(_, on)| until(on) > today).collect();
    let is_applied = |policy: &str| running.iter().any(|(p, _)| p == policy);
    let one = |f: &super::evaluate::Found| {
        Letter::of(f.says, f.receives, is_applied(&f.policy)).map(|letter| (f.policy.clone(), letter))
    };
    let letters = verdict.found.iter().filter_map(one).collect();
    (letters, running.iter().map(|(_, on)| until(on)).min().unwrap_or(model::NEVER))
}

/// Raises the task of one kind of difference, for who answers for the person or, without anybody, for the head of the station.
async fn raise<P: Permit>(
    tx: &Writing<'_, P>,
    run: &screening_run::Model,
    person: &person::Model,
    kind: &'static str,
    policies: &[String],
) -> Outcome<()> {
    if policies.is_empty() {
        return Ok(());
    }
    let today = tx.scope().today();
    let days = Params::national().whole("screening.task_days", &[], today).unwrap_or(0);
    let cards: Vec<&Card> = shelf()?.all.cards().iter().filter(|c| policies.contains(&c.id)).collect();
    let titles = |title: fn(&Card) -> &str, comma: &str| cards.iter().map(|c| title(c)).collect::<Vec<_>>().join(comma);
    let (role, account_id) = if person.worker_id.is_some() { ("SW", person.worker_id) } else { ("SH", None) };
    let new = NewTask {
        kind,
        role,
        place: person.place(),
        subject_kind: "person",
        subject_id: Some(person.id),
        account_id,
        due_on: Some(kernel::day::add_days(today, days)),
        detail: json!({
            "policies": policies,
            "policy": titles(|c| &c.title, "、"),
            "policy_en": titles(|c| &c.title_en, ", "),
        }),
    };
    tasks::put(tx, new, Window { from: Some(today), mark: run.id.to_string() }).await
}

/// Marks the tasks of a person done of whose policies none waits any more.
pub async fn settle<P: Permit>(tx: &Writing<'_, P>, person: Id) -> Outcome<()> {
    let kinds: Vec<&str> = TASKS.iter().map(|(task, _)| *task).collect();
    let open = tasks::of_subject(tx, "person", person, &kinds).await?;
    if !open.iter().any(|t| t.state == "open") {
        return Ok(());
    }
    let waiting: BTreeSet<(String, String)> = store::findings_in(tx, person)
        .await?
        .into_iter()
        .filter(|f| !f.is_dismissed)
        .map(|f| (f.kind, f.policy))
        .collect();
    for task in open.iter().filter(|t| t.state == "open") {
        let kind = TASKS.iter().find(|(t, _)| *t == task.kind).map_or("", |(_, kind)| *kind);
        let detail: serde_json::Value = serde_json::from_str(&task.detail).unwrap_or_default();
        let policies =
            detail.get("policies").and_then(|p| p.as_array()).into_iter().flatten().filter_map(|p| p.as_str());
        if !policies.into_iter().any(|p| waiting.contains(&(kind.to_owned(), p.to_owned()))) {
            tasks::settle_one(tx, task).await?;
        }
    }
    Ok(())
}

/// An application was begun: the hint has done its work.
pub async fn applied<P: Permit>(tx: &Writing<'_, P>, person: Id, policy: &str) -> Outcome<()> {
    let found = store::findings_in(tx, person).await?;
    let gone: Vec<Id> = found.iter().filter(|f| f.kind == ELIGIBLE && f.policy == policy).map(|f| f.id).collect();
    if gone.is_empty() {
        return Ok(());
    }
    store::drop_findings(tx, &gone).await?;
    settle(tx, person).await
}
