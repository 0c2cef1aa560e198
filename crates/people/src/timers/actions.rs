//! Raising and settling the tasks of timers, at every change and at night.

use access::{
    Progress, Scope, Writing,
    tasks::{self, NewTask, Window},
};
use kernel::{Day, Id, Outcome, Permit, Sees, params::Params};
use serde_json::json;

use super::{
    model::{self, Call, Facts, KINDS, Rules, Timer, To},
    store,
};
use crate::{due, ledger, persons::row::person};

/// The name under which the job appears in the audit log.
pub const JOB: &str = "ledger.timers";

/// The nightly work as a job; its result is how many persons were looked at.
pub async fn job(scope: Scope<ledger::Move>, progress: Progress) -> Outcome<serde_json::Value> {
    let seen = nightly(&scope, progress).await?;
    tracing::info!(seen, "timers of the ledger looked at");
    Ok(json!({ "seen": seen }))
}

/// Persons per write of the nightly job, so that other writers wait a few milliseconds at most.
const BATCH: u64 = 20;

/// Brings the tasks of a person's timers in line with what is due today; repeated, it changes nothing.
pub async fn check<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<()> {
    let facts = store::facts_in(tx, person).await?;
    let places = due::place_codes_in(tx, person).await?;
    let near = due::nearest(&places);
    let today = tx.scope().today();
    let rules = Rules { params: Params::national(), places: &near, today };
    let timers = model::timers(&facts, &rules);
    let raised = tasks::of_subject(tx, "person", person.id, &KINDS).await?;
    let mut standing: Vec<(&str, String)> = Vec::new();
    for timer in &timers {
        for call in timer.calls.iter().filter(|c| c.on <= today) {
            let mark = timer.mark(call.to);
            if !raised.iter().any(|t| t.kind == timer.kind && t.mark == mark) {
                raise(tx, person, &facts, timer, *call, &rules, mark.clone()).await?;
            }
            standing.push((timer.kind, mark));
        }
    }
    for task in raised.iter().filter(|t| t.state == "open") {
        if !standing.iter().any(|(kind, mark)| task.kind == *kind && task.mark == *mark) {
            tasks::settle_one(tx, task).await?;
        }
    }
    let next = model::next_check(&timers, today);
    if next != person.next_check_on {
        store::set_check(tx, person.id, next).await?;
    }
    Ok(())
}

/// The same after a visit, at the price of one look-up: only somebody with an open task is worked out at once.
pub async fn touch<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<()> {
    let raised = tasks::of_subject(tx, "person", person.id, &KINDS).await?;
    if raised.iter().any(|t| t.state == "open") {
        return check(tx, person).await;
    }
    let at_latest = kernel::day::add_days(person.next_due_on, 1);
    if person.next_check_on > at_latest {
        store::set_check(tx, person.id, at_latest).await?;
    }
    Ok(())
}

async fn raise<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    facts: &Facts,
    timer: &Timer,
    call: Call,
    rules: &Rules<'_>,
    mark: String,
) -> Outcome<()> {
    let (role, account_id) = match (call.to, person.worker_id) {
        (To::Worker, Some(worker)) => ("SW", Some(worker)),
        (To::Worker, None) | (To::Head, _) => ("SH", None),
        (To::Reviewer, _) => ("TR", None),
        (To::County, _) => ("CA", None),
    };
    let (from, until) = window(timer, call, rules);
    let ends = timer.category.as_ref().and_then(|(_, id)| *id).filter(|_| timer.about == "end");
    let detail = json!({
        "until": timer.until,
        "category": timer.category.as_ref().map(|(code, _)| code),
        "assignment": timer.category.as_ref().and_then(|(_, id)| *id),
        "about": timer.about,
        "statutory": timer.statutory,
        "late": call.on > timer.until,
        "exit": ends.is_some_and(|id| model::leaves_nothing(facts, id)),
    });
    let new = NewTask {
        kind: timer.kind,
        role,
        place: person.place(),
        subject_kind: "person",
        subject_id: Some(person.id),
        account_id,
        due_on: Some(until),
        detail,
    };
    tasks::put(tx, new, Window { from: Some(from), mark }).await
}

/// The window of the task: that of the timer, or some days from now for whoever is told once it is late.
fn window(timer: &Timer, call: Call, rules: &Rules<'_>) -> (Day, Day) {
    if call.on <= timer.until {
        return (timer.from, timer.until);
    }
    let days = rules.params.whole("visit.esc1", rules.places, rules.today).unwrap_or(0).max(1);
    (call.on, kernel::day::add_days(call.on, days))
}

/// Looks at everybody whose day has come; gives how many.
///
/// It may be stopped at any time: whoever was looked at has a later day, so the next run goes on with the others.
pub async fn nightly(scope: &Scope<ledger::Move>, progress: Progress) -> Outcome<u64> {
    let mut seen = 0_u64;
    loop {
        let today = scope.today();
        let people: Vec<Id> = store::waiting(scope, today).limit(BATCH).all().await?.iter().map(|p| p.id).collect();
        if people.is_empty() {
            return Ok(seen);
        }
        let n = people.len() as u64;
        let began = std::time::Instant::now();
        if let Err(problem) = together(scope, people.clone()).await {
            tracing::warn!(cause = %problem, "timers of a group failed; one by one");
            one_by_one(scope, people, today).await?;
        }
        seen += n;
        progress.at(seen, 0, "");
        access::rest_after(began).await;
    }
}

async fn together(scope: &Scope<ledger::Move>, people: Vec<Id>) -> Outcome<()> {
    scope
        .write_again(|| {
            let people = people.clone();
            move |tx| {
                Box::pin(async move {
                    for id in people {
                        one(tx, id).await?;
                    }
                    Ok(())
                })
            }
        })
        .await
}

/// A person whose facts cannot be read must not keep the others from being looked at; he or she comes again tomorrow.
async fn one_by_one(scope: &Scope<ledger::Move>, people: Vec<Id>, today: Day) -> Outcome<()> {
    for id in people {
        if let Err(problem) = together(scope, vec![id]).await {
            tracing::error!(person = %id, cause = %problem, "timers of a person failed");
            let tomorrow = kernel::day::add_days(today, 1);
            scope.write(move |tx| Box::pin(async move { store::set_check(tx, id, tomorrow).await })).await?;
        }
    }
    Ok(())
}

async fn one<P: Permit + Sees<person::Entity>>(tx: &Writing<'_, P>, id: Id) -> Outcome<()> {
    let person = tx.get::<person::Entity>(id).await?;
    check(tx, &person).await
}
