//! Opening risks and signing them off.

use access::{
    Scope, Writing, Written,
    tasks::{self, NewTask},
};
use kernel::{Id, Outcome, Permit, Problem, Sees};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::row::risk;
use crate::{
    due,
    ledger::{self, model::Hands},
    persons::{
        checks::{Faults, LONG},
        row::person,
    },
};

/// The closing of a risk, asked for or signed off.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseRisk {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Revision the caller saw.
    pub rev: i32,
    /// What was done, and why the danger is over.
    #[schema(min_length = 1, max_length = 4000)]
    pub note: String,
}

/// Opens a risk for every sign that is not open yet, and lifts the person to 重点.
pub async fn open<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    visit: Id,
    signs: &[&str],
) -> Outcome<person::Model> {
    let known = running(tx, person).await?;
    let scope = tx.scope();
    for sign in signs.iter().filter(|sign| !known.iter().any(|r| r.sign == **sign)) {
        let row = risk::ActiveModel {
            id: Set(scope.new_id()),
            sign: Set((*sign).to_owned()),
            visit_id: Set(visit),
            state: Set("open".to_owned()),
            opened_on: Set(scope.today()),
            opened_by: Set(scope.actor()),
            close_note: Set(String::new()),
            county_id: Set(person.county_id),
            ..Default::default()
        };
        tx.insert_part::<risk::Entity, person::Entity>(person, row).await?;
    }
    // A sign seen again while its closing waits is open as before.
    for row in known.iter().filter(|r| r.state == "closing" && signs.contains(&r.sign.as_str())) {
        tx.update_part::<risk::Entity>(row, |r| {
            r.state = Set("open".to_owned());
            r.asked_by = Set(None);
            r.asked_on = Set(None);
        })
        .await?;
    }
    let after = ledger::grading::lift(tx, &count(tx, person).await?).await?;
    due::refresh(tx, &after).await
}

/// The risks of a person that are not closed.
async fn running<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<Vec<risk::Model>> {
    tx.parts::<risk::Entity, person::Entity>(person).filter(risk::Column::State.ne("closed")).all().await
}

/// Renews the number of open risks that the person row repeats.
async fn count<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<person::Model> {
    let n = i32::try_from(running(tx, person).await?.len()).unwrap_or(i32::MAX);
    tx.update_part::<person::Entity>(person, |r| r.red_open = Set(n)).await
}

/// Asks for the closing of a risk, or signs it off; gives the person.
pub async fn close<P>(scope: &Scope<P>, hands: Hands, id: Id, new: CloseRisk, digest: &[u8]) -> Outcome<Written>
where
    P: Permit + Sees<person::Entity>,
{
    let mut faults = Faults::default();
    faults.text("note", &new.note, LONG);
    faults.done(Some(()))?;
    scope
        .write_once(new.id, &[digest, id.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let row = risk::Entity::find_by_id(id).one(tx.derived()).await?.ok_or(Problem::NotFound)?;
                let person = tx.get::<person::Entity>(row.person_id).await?;
                if row.rev != new.rev {
                    return Err(Problem::Stale(row.rev));
                }
                let note = new.note.trim().to_owned();
                match row.state.as_str() {
                    "open" if hands.moves => ask(tx, &person, &row, note).await,
                    "open" => Err(Problem::refused(
                        "risk.not_asked",
                        "请先由社工说明处置情况并申请解除，再由您确认。",
                        "A worker has to say what was done and ask first; then you sign off.",
                    )),
                    "closing" if hands.approves && row.asked_by != Some(tx.scope().actor()) => {
                        sign_off(tx, &person, &row, note).await
                    }
                    "closing" => Err(Problem::refused(
                        "risk.own_request",
                        "解除红色风险须由另一位审批人确认，请等待。",
                        "Somebody else who may approve has to sign this off; please wait.",
                    )),
                    _ => Err(Problem::refused(
                        "risk.closed",
                        "该风险已经解除，无需重复办理。",
                        "This risk is closed already.",
                    )),
                }
            })
        })
        .await
}

async fn ask<P: Permit>(tx: &Writing<'_, P>, person: &person::Model, row: &risk::Model, note: String) -> Outcome<()> {
    let (actor, today) = (tx.scope().actor(), tx.scope().today());
    tx.update_part::<risk::Entity>(row, |r| {
        r.state = Set("closing".to_owned());
        r.asked_by = Set(Some(actor));
        r.asked_on = Set(Some(today));
        r.close_note = Set(note);
    })
    .await?;
    let task = NewTask {
        kind: "risk_close",
        role: ledger::actions::approver(tx, person).await?,
        place: person.place(),
        subject_kind: "person",
        subject_id: Some(person.id),
        account_id: None,
        due_on: Some(today),
        detail: json!({"risk_id": row.id}),
    };
    tasks::raise(tx, task).await
}

async fn sign_off<P>(tx: &Writing<'_, P>, person: &person::Model, row: &risk::Model, note: String) -> Outcome<()>
where
    P: Permit + Sees<person::Entity>,
{
    let (actor, today) = (tx.scope().actor(), tx.scope().today());
    let both = format!("{}\n{note}", row.close_note);
    tx.update_part::<risk::Entity>(row, |r| {
        r.state = Set("closed".to_owned());
        r.closed_by = Set(Some(actor));
        r.closed_on = Set(Some(today));
        r.close_note = Set(both);
    })
    .await?;
    // Read again: the audited write before this one queued behind other writers of the county.
    let person = tx.get::<person::Entity>(person.id).await?;
    let after = count(tx, &person).await?;
    if running(tx, &after).await?.iter().all(|r| r.state != "closing") {
        tasks::settle(tx, "risk_close", "person", after.id).await?;
    }
    due::refresh(tx, &after).await.map(|_| ())
}
