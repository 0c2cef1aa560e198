//! The review (复核、动态管理) of an entry: what was found, and what follows from it.

use access::{Scope, Writing, Written};
use chrono::NaiveDate;
use kernel::{Day, Field, Id, Outcome, Permit, Problem, Sees};
use sea_orm::ActiveValue::Set;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    actions, grading,
    model::{self, Evidence, Hands, NewStep},
    row::ledger_entry,
    store::{self, NewTransition},
};
use crate::{
    due,
    persons::{
        checks::{Faults, LONG, SHORT},
        row::person,
    },
};

/// A review of somebody's entry.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[schema(as = NewEntryReview)]
#[serde(deny_unknown_fields)]
pub struct NewReview {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Revision of the ledger entry the caller saw.
    pub rev: i32,
    /// Day of the review, today or earlier.
    pub on: NaiveDate,
    /// Code of list `review_outcome`.
    pub outcome: String,
    /// What was found.
    #[schema(min_length = 1, max_length = 4000)]
    pub note: String,
    /// What it rests on.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub evidence: Vec<Evidence>,
    /// New grade, for the outcome `regrade`.
    pub grade: Option<String>,
    /// Why the grade lies below the least one suggested.
    #[schema(max_length = 200)]
    pub floor_reason: Option<String>,
    /// Code of list `exit_reason`, for the outcome `exit`.
    pub reason: Option<String>,
}

impl NewReview {
    fn check(&self, today: Day, faults: &mut Faults) {
        faults.code("outcome", "review_outcome", &self.outcome);
        faults.past("on", self.on, today);
        faults.text("note", &self.note, LONG);
        faults.optional_text("floor_reason", self.floor_reason.as_deref(), SHORT);
        model::check_evidence(&self.evidence, faults);
        match self.outcome.as_str() {
            "regrade" => faults.code("grade", "grade", self.grade.as_deref().unwrap_or_default()),
            "exit" => faults.code("reason", "exit_reason", self.reason.as_deref().unwrap_or_default()),
            _ => {}
        }
        let extra = [
            ("grade", self.outcome != "regrade" && self.grade.is_some()),
            ("reason", self.outcome != "exit" && self.reason.is_some()),
        ];
        for (field, _) in extra.into_iter().filter(|(_, given)| *given) {
            let (zh, en) =
                ("此复核结论不需要填写该项，请清空。", "This outcome does not take this field; leave it empty.");
            faults.push(Field::new(field, "unexpected", zh, en));
        }
    }

    fn step(&self, to: &str) -> NewStep {
        NewStep {
            id: self.id,
            rev: self.rev,
            to: to.to_owned(),
            on: self.on,
            reason: self.reason.clone(),
            note: Some(self.note.clone()),
            grade: None,
            floor_reason: None,
            evidence: self.evidence.clone(),
        }
    }
}

/// Records a review; its timer starts again, and a change of grade, an exit or a resumption goes its usual way.
pub async fn review<P>(scope: &Scope<P>, hands: Hands, person: Id, new: NewReview, digest: &[u8]) -> Outcome<Written>
where
    P: Permit + Sees<person::Entity>,
{
    let mut faults = Faults::default();
    new.check(scope.today(), &mut faults);
    faults.done(Some(()))?;
    scope
        .write_once(new.id, &[digest, person.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let person = tx.get::<person::Entity>(person).await?;
                let entry = store::current_in(tx, &person).await?;
                if entry.rev != new.rev {
                    return Err(Problem::Stale(entry.rev));
                }
                must_run(&person, &entry, &new)?;
                let entry = note(tx, &person, &entry, &new).await?;
                follow(tx, hands, &person, &entry, &new).await
            })
        })
        .await
}

fn must_run(person: &person::Model, entry: &ledger_entry::Model, new: &NewReview) -> Outcome<()> {
    let state = entry.state.as_str();
    let runs = matches!(state, "active" | "suspended") && person.died_on.is_none();
    if !runs || (new.outcome == "resume" && state != "suspended") {
        return Err(Problem::refused(
            "ledger.no_review",
            "只有在册或暂停的对象可以复核；“恢复在册”只适用于暂停的对象。",
            "Only an active or suspended entry is reviewed; resuming is for suspended ones.",
        ));
    }
    let (zh, en) =
        ("复核日期早于本次建档或上次复核，请核对。", "The review lies before the entry or the last review; check it.");
    let mut faults = Faults::default();
    faults.not_before("on", new.on, entry.reviewed_on.into_iter().chain(entry.entered_on).max(), zh, en);
    faults.done(Some(()))
}

/// Writes the review down: a row of the course of the entry, and the day from which the next one counts.
async fn note<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    entry: &ledger_entry::Model,
    new: &NewReview,
) -> Outcome<ledger_entry::Model> {
    let on = new.on;
    let after = tx.update_part::<ledger_entry::Entity>(entry, |r| r.reviewed_on = Set(Some(on))).await?;
    let reason = format!("review_{}", new.outcome);
    let row = NewTransition {
        from: &entry.state,
        to: &entry.state,
        grade: &entry.grade,
        reason: &reason,
        note: new.note.trim(),
        on: new.on,
    };
    store::put_with(tx, person, entry.id, row, &new.evidence).await?;
    Ok(after)
}

/// What follows from the outcome.
async fn follow<P>(
    tx: &Writing<'_, P>,
    hands: Hands,
    person: &person::Model,
    entry: &ledger_entry::Model,
    new: &NewReview,
) -> Outcome<()>
where
    P: Permit + Sees<person::Entity>,
{
    match new.outcome.as_str() {
        "regrade" => {
            let (grade, reason) = (new.grade.as_deref(), new.floor_reason.as_deref());
            grading::with_reason(tx, hands, person, grade, &new.note, reason, None).await?;
        }
        "exit" => return step(tx, hands, person, entry, &new.step("exited")).await,
        "resume" => return step(tx, hands, person, entry, &new.step("active")).await,
        _ => {}
    }
    let person = tx.get::<person::Entity>(person.id).await?;
    due::refresh(tx, &person).await.map(|_| ())
}

async fn step<P>(
    tx: &Writing<'_, P>,
    hands: Hands,
    person: &person::Model,
    entry: &ledger_entry::Model,
    new: &NewStep,
) -> Outcome<()>
where
    P: Permit + Sees<person::Entity>,
{
    let step = model::find(&entry.state, &new.to).ok_or_else(|| model::no_step(&entry.state, &new.to))?;
    actions::check(tx, person, step, new).await?;
    actions::run(tx, hands, person, entry, step, new).await?;
    // A step that only asks the head leaves the person as it was; the review itself has moved the timer.
    let person = tx.get::<person::Entity>(person.id).await?;
    due::refresh(tx, &person).await.map(|_| ())
}
