//! Standing approvals that follow the responsible worker, and requests for one opening.

use access::{
    Scope, Writing, Written,
    restricted::{self, row::clearance},
};
use kernel::{Field, Id, Outcome, Permit, Problem, params::Params};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::{Ask, http::NewOpening, is_minor};
use crate::{
    clearances::actions::{NewClearance, approver, ask, notice},
    persons::{
        checks::{Faults, SHORT},
        row::person,
    },
};

/// Keeps standing approvals in step when a person is entered or another worker becomes responsible.
///
/// The worker before loses his; the new one gets one: approved when the head assigns somebody else, waiting otherwise.
pub async fn follow<P: Permit>(
    tx: &Writing<'_, P>,
    before: Option<&person::Model>,
    after: &person::Model,
) -> Outcome<()> {
    let today = tx.scope().today();
    let was = before.filter(|b| is_minor(b, today)).and_then(|b| b.worker_id);
    let now = after.worker_id.filter(|_| is_minor(after, today));
    if was == now {
        return Ok(());
    }
    if let Some(old) = was {
        end_standing(tx, after, old).await?;
    }
    let Some(worker) = now else { return Ok(()) };
    let me = tx.scope().actor();
    let by_head = me != worker && tx.scope().roles().any(|role| role == "SH");
    let role = approver(tx, after, worker).await?;
    let new = NewClearance::new(tx.scope().new_id(), "standing", worker, role, "责任社工");
    if by_head {
        let row = clearance::ActiveModel {
            state: Set("approved".to_owned()),
            decided_by: Set(Some(me)),
            decided_at: Set(Some(tx.scope().now())),
            ..new.row(tx, after)?
        };
        return restricted::clear(tx, row).await.map(|_| ());
    }
    ask(tx, after, new).await?;
    // One task for all that waits for this worker.
    notice(tx, after, "minor_standing", role, Some(worker)).await
}

async fn end_standing<P: Permit>(tx: &Writing<'_, P>, person: &person::Model, worker: Id) -> Outcome<()> {
    let rows = clearance::Entity::find()
        .filter(clearance::Column::PersonId.eq(person.id))
        .filter(clearance::Column::AccountId.eq(worker))
        .filter(clearance::Column::Way.eq("standing"))
        .filter(clearance::Column::State.is_in(["waiting", "approved"]))
        .all(tx.derived())
        .await?;
    let now = tx.scope().now();
    for row in rows {
        tx.update_part::<clearance::Entity>(&row, |r| {
            r.state = Set("revoked".to_owned());
            r.until_at = Set(Some(now));
        })
        .await?;
    }
    Ok(())
}

/// Asks for one opening; the person in charge decides.
pub async fn request(scope: &Scope<Ask>, person: Id, new: NewOpening, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    faults.id("id", new.id);
    faults.text("reason", &new.reason, SHORT);
    let most = Params::national().whole("minors.opening_minutes", &[], scope.today()).unwrap_or(60);
    if !(1..=most).contains(&i64::from(new.minutes)) {
        faults.push(Field::new(
            "minutes",
            "range",
            format!("请填写 1 至 {most} 分钟。"),
            format!("Give 1 to {most} minutes."),
        ));
    }
    faults.done(Some(()))?;
    scope
        .write_once(new.id, &[digest, person.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let person = tx.get::<person::Entity>(person).await?;
                if !is_minor(&person, tx.scope().today()) {
                    return Err(Problem::refused(
                        "minor.of_age",
                        "该对象不是未成年人，无需申请查阅。",
                        "This person is no minor; no approval is needed.",
                    ));
                }
                let me = tx.scope().actor();
                if waiting(tx, person.id, me).await? {
                    return Err(Problem::refused(
                        "minor.asked",
                        "您的查阅申请正在等待审批，无需重复提交。",
                        "Your request is waiting already.",
                    ));
                }
                let role = approver(tx, &person, me).await?;
                let minutes = Some(new.minutes);
                let wish = NewClearance { minutes, ..NewClearance::new(new.id, "minor", me, role, &new.reason) };
                ask(tx, &person, wish).await?;
                notice(tx, &person, "clearance_waiting", role, Some(new.id)).await
            })
        })
        .await
}

async fn waiting<P: Permit>(tx: &Writing<'_, P>, person: Id, account: Id) -> Outcome<bool> {
    let row = clearance::Entity::find()
        .filter(clearance::Column::PersonId.eq(person))
        .filter(clearance::Column::AccountId.eq(account))
        .filter(clearance::Column::Way.eq("minor"))
        .filter(clearance::Column::State.eq("waiting"))
        .one(tx.derived())
        .await?;
    Ok(row.is_some())
}
