//! Saying what was found in a visit, and answering it.

use access::{Body, Level, Place, Scope, Written, tasks};
use kernel::{Id, Outcome, Problem, day, params::Params};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    Review,
    model::{NewReview, Verdict},
    row::visit_review,
};
use crate::{
    due,
    visits::{Revise, model, row::visit},
};

/// Kind of the task a worker gets.
const TASK: &str = "review_ask";

/// Writes a review; asking back becomes a task of the worker.
pub async fn record(scope: &Scope<Review>, body: Body<NewReview>) -> Outcome<Written> {
    let Body { value: new, digest } = body;
    model::refuse(new.faults())?;
    scope
        .write_once(new.id, &digest, move |tx| {
            Box::pin(async move {
                let visit = tx.get::<visit::Entity>(new.visit_id).await?;
                if visit.worker_id == tx.scope().actor() {
                    return Err(Problem::refused(
                        "review.own",
                        "这是您本人的走访记录，须由他人审阅。",
                        "This is your own visit; somebody else has to review it.",
                    ));
                }
                let verdict = if new.verdict == Verdict::Ok { "ok" } else { "ask" };
                let row = visit_review::ActiveModel {
                    id: Set(new.id),
                    visit_id: Set(visit.id),
                    worker_id: Set(visit.worker_id),
                    reviewer_id: Set(tx.scope().actor()),
                    verdict: Set(verdict.to_owned()),
                    reasons: Set(json!(new.reasons).to_string()),
                    comment: Set(new.comment().to_owned()),
                    answer: Set(None),
                    answered_at: Set(None),
                    village_id: Set(visit.village_id),
                    township_id: Set(visit.township_id),
                    county_id: Set(visit.county_id),
                    city_id: Set(visit.city_id),
                    province_id: Set(visit.province_id),
                    created_at: Set(tx.scope().now()),
                    ..Default::default()
                };
                tx.insert::<visit_review::Entity>(row).await?;
                if new.verdict == Verdict::Ok {
                    return Ok(());
                }
                let place = Place { id: visit.village_id, level: Level::Village, path: visit.path() };
                let codes = due::actions::codes_in(
                    &access::placement::labels(tx.derived(), visit.path()).await?,
                    &visit.path(),
                );
                let days = Params::national().whole("review.answer_days", &due::nearest(&codes), tx.scope().today());
                let task = tasks::NewTask {
                    kind: TASK,
                    role: "SW",
                    place,
                    subject_kind: "visit",
                    subject_id: Some(visit.id),
                    account_id: Some(visit.worker_id),
                    due_on: Some(day::add_days(tx.scope().today(), days.unwrap_or(0))),
                    detail: json!({ "reasons": new.reasons }),
                };
                tasks::raise(tx, task).await
            })
        })
        .await
}

/// The worker's answer to a question; it settles the task.
pub async fn answer(
    scope: &Scope<Revise>,
    review: Id,
    (once, rev): (Id, i32),
    text: String,
    digest: &[u8],
) -> Outcome<Written> {
    let text = text.trim().to_owned();
    model::refuse(model::text_faults("text", &text, model::LONG))?;
    scope
        .write_once(once, &[digest, review.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let before = tx.get_rev::<visit_review::Entity>(review, rev).await?;
                if before.verdict != "ask" || before.answer.is_some() {
                    return Err(Problem::refused(
                        "review.answered",
                        "这条审阅意见不需要答复，或已经答复过。",
                        "This review needs no answer, or was answered already.",
                    ));
                }
                let now = tx.scope().now();
                let after = tx
                    .update::<visit_review::Entity>(&before, |r| {
                        r.answer = Set(Some(text));
                        r.answered_at = Set(Some(now));
                    })
                    .await?;
                tasks::settle(tx, TASK, "visit", after.visit_id).await
            })
        })
        .await
}
