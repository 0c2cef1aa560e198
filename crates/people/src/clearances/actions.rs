//! Asking, deciding, revoking.

use access::{
    Level, Place, Scope, Writing,
    audit::Detail,
    restricted::{self, row::clearance},
    tasks::{self, NewTask},
};
use kernel::{Id, Outcome, Permit, Problem, Secret, params::Params};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::Decide;
use crate::{due, ledger, persons::row::person};

/// A clearance to ask for.
pub(crate) struct NewClearance<'a> {
    /// Id.
    pub id: Id,
    /// named, standing, minor or break_glass.
    pub way: &'static str,
    /// Who may look.
    pub account: Id,
    /// Role that decides.
    pub approver: &'a str,
    /// Why.
    pub reason: &'a str,
    /// The file, for a name on its list.
    pub file: Option<Id>,
    /// Part on the list.
    pub part: &'a str,
    /// How long an opening shall last.
    pub minutes: Option<i32>,
}

impl<'a> NewClearance<'a> {
    pub(crate) fn new(id: Id, way: &'static str, account: Id, approver: &'a str, reason: &'a str) -> Self {
        Self { id, way, account, approver, reason, file: None, part: "", minutes: None }
    }

    /// The row, waiting.
    pub(crate) fn row<P: Permit>(
        &self,
        tx: &Writing<'_, P>,
        person: &person::Model,
    ) -> Outcome<clearance::ActiveModel> {
        let [province, city, county, township, village] = person.path();
        Ok(clearance::ActiveModel {
            id: Set(self.id),
            way: Set(self.way.to_owned()),
            person_id: Set(person.id),
            file_id: Set(self.file),
            account_id: Set(self.account),
            part: Set(self.part.to_owned()),
            approver: Set(self.approver.to_owned()),
            reason: Set(tx.scope().seal(&Secret::new(self.reason.trim()))?),
            state: Set("waiting".to_owned()),
            minutes: Set(self.minutes),
            asked_by: Set(tx.scope().actor()),
            asked_at: Set(tx.scope().now()),
            decided_by: Set(None),
            decided_at: Set(None),
            until_at: Set(None),
            note: Set(None),
            village_id: Set(village),
            township_id: Set(township),
            county_id: Set(county),
            city_id: Set(city),
            province_id: Set(province),
            ..Default::default()
        })
    }
}

/// Puts a clearance that waits for its decision.
pub(crate) async fn ask<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    new: NewClearance<'_>,
) -> Outcome<clearance::Model> {
    restricted::clear(tx, new.row(tx, person)?).await
}

/// Raises a task that names the clearance, not the person, and lies in the township, not in the village.
pub(crate) async fn notice<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    kind: &'static str,
    role: &'static str,
    clearance: Option<Id>,
) -> Outcome<()> {
    let [province, city, county, township, _] = person.path();
    let place = Place { id: township, level: Level::Township, path: [province, city, county, township, 0] };
    let task = NewTask {
        kind,
        role,
        place,
        // The auditor has no inbox to decide in.
        subject_kind: if role == "AU" { "break_glass" } else { "clearance" },
        subject_id: clearance,
        account_id: None,
        // Whoever asks waits before a closed page, and whoever broke the glass is looking already.
        due_on: (kind != "minor_standing").then_some(tasks::AT_ONCE),
        detail: json!({}),
    };
    tasks::raise(tx, task).await
}

/// The role that decides on what `asker` asks for: the station head, but another where the station has one worker or no
/// other head (parameter `ledger.single_worker_approver`, the township reviewer).
pub(crate) async fn approver<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    asker: Id,
) -> Outcome<&'static str> {
    let place = person.place();
    let several = ledger::store::workers_in(tx, &place).await?.len() > 1;
    let other_head = ledger::store::holders_in(tx, "SH", &place).await?.into_iter().any(|head| head != asker);
    if several && other_head {
        return Ok("SH");
    }
    let codes = due::place_codes_in(tx, person).await?;
    let today = tx.scope().today();
    let param = Params::national().lookup("ledger.single_worker_approver", &due::nearest(&codes), today);
    Ok(if param.and_then(|p| p.text()) == Some("CA") { "CA" } else { "TR" })
}

/// Approves or refuses a waiting clearance; a proposed restricted file is decided with its whole list.
pub async fn decide(scope: &Scope<Decide>, id: Id, rev: i32, approve: bool, note: Option<String>) -> Outcome<()> {
    let note = note.map(Secret::new);
    scope
        .write(move |tx| {
            Box::pin(async move {
                let row = tx.get_rev::<clearance::Entity>(id, rev).await?;
                must_be_asked(tx.scope(), &row)?;
                for decided in restricted::decide(tx, row, approve, note.as_ref()).await? {
                    tasks::settle(tx, "clearance_waiting", "clearance", decided.id).await?;
                }
                Ok(())
            })
        })
        .await
}

/// What another role decides on is not there.
fn must_be_asked(scope: &Scope<Decide>, row: &clearance::Model) -> Outcome<()> {
    let asked = scope.roles().any(|role| role == row.approver);
    if asked { Ok(()) } else { Err(Problem::NotFound) }
}

/// Ends a clearance at once.
pub async fn revoke(scope: &Scope<Decide>, id: Id, rev: i32, reason: String) -> Outcome<()> {
    scope
        .write(move |tx| {
            Box::pin(async move {
                let row = tx.get_rev::<clearance::Entity>(id, rev).await?;
                must_be_asked(tx.scope(), &row)?;
                if !row.holds(tx.scope().now()) {
                    return Err(Problem::refused(
                        "clearance.not_in_force",
                        "该批准未生效或已结束，无需撤销。",
                        "This clearance is not in force; there is nothing to revoke.",
                    ));
                }
                let now = tx.scope().now();
                let row = tx
                    .update_part::<clearance::Entity>(&row, |r| {
                        r.state = Set("revoked".to_owned());
                        r.until_at = Set(Some(now));
                    })
                    .await?;
                let detail = Detail { changes: Vec::new(), reason: Some(reason) };
                tx.append("revoke", "clearance", row.id, row.county_id, row.rev, &detail).await.map(|_| ())
            })
        })
        .await
}
