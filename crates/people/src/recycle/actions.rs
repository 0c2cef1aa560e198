//! Removing what was entered in error.

use access::{
    Scope, Writing, Written,
    audit::Detail,
    cells::{Cell, Cells, RowOf, Type},
    tasks::{self, NewTask},
};
use kernel::{Id, Outcome, Permit};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    Approve, BINNED, DECLINED, Remove, WAITING,
    checks::{refuse, removable},
    row::recycled,
    store::{self, Removal},
};
use crate::{
    duplicates,
    households::{
        self,
        row::{household, membership},
    },
    merges::{
        actions::{audited, set_aside},
        carry::{Pen, place_cells},
        shell,
    },
    persons::{
        checks::{Faults, SHORT},
        row::person,
    },
};

/// Something entered in error.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRemoval {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// person, household or membership; visits go here when they are voided.
    pub kind: RemovalKind,
    /// Which.
    pub object_id: Uuid,
    /// Its revision as the caller saw it.
    pub rev: i32,
    /// Why it was never right.
    #[schema(max_length = 200)]
    pub reason: String,
}

/// What can be removed by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RemovalKind {
    /// A person, with a second person's approval.
    Person,
    /// A household.
    Household,
    /// A membership.
    Membership,
}

/// Removes a household or a membership, or asks for the removal of a person.
pub async fn remove(scope: &Scope<Remove>, new: NewRemoval, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    faults.id("id", new.id);
    let reason = faults.text("reason", &new.reason, SHORT);
    faults.done(Some(()))?;
    scope
        .write_once(new.id, digest, move |tx| {
            Box::pin(async move {
                if store::standing(tx, new.object_id).await?.is_some() {
                    return refuse(
                        "recycle.standing",
                        "已提出过删除，请勿重复提交。",
                        "The removal was asked for already.",
                    );
                }
                match new.kind {
                    RemovalKind::Person => ask(tx, &new, &reason).await,
                    RemovalKind::Household => household(tx, &new, &reason).await,
                    RemovalKind::Membership => membership(tx, &new, &reason).await,
                }
            })
        })
        .await
}

async fn ask(tx: &Writing<'_, Remove>, new: &NewRemoval, reason: &str) -> Outcome<()> {
    let person = tx.get_rev::<person::Entity>(new.object_id, new.rev).await?;
    removable(tx, &person).await?;
    let removal =
        Removal { id: new.id, kind: "person", object: person.id, person: Some(person.id), path: person.path(), reason };
    tx.insert::<recycled::Entity>(store::new_row(tx, &removal, true)).await?;
    // Where the head asks, the reviewer of the township is the second person.
    let role = if tx.scope().roles().any(|r| r == "SH") { "TR" } else { "SH" };
    let task = NewTask {
        kind: "removal_approve",
        role,
        place: person.place(),
        subject_kind: "recycled",
        subject_id: Some(new.id),
        account_id: None,
        due_on: None,
        detail: json!({ "person_id": person.id }),
    };
    tasks::raise(tx, task).await
}

/// Approves the removal of a person and carries it out.
pub async fn approve(scope: &Scope<Approve>, id: Id, rev: i32) -> Outcome<()> {
    scope
        .write(move |tx| {
            Box::pin(async move {
                let row = waiting(tx, id, rev).await?;
                if row.asked_by == tx.scope().actor() {
                    return refuse(
                        "recycle.two_people",
                        "须由另一人批准，提出人不能自行批准。",
                        "It takes a second person: who asked cannot approve.",
                    );
                }
                let person = tx.get::<person::Entity>(row.object_id).await?;
                removable(tx, &person).await?;
                let (now, actor, until) = (tx.scope().now(), tx.scope().actor(), store::until(tx));
                let row = tx
                    .update::<recycled::Entity>(&row, |r| {
                        r.state = Set(BINNED.to_owned());
                        r.decided_by = Set(Some(actor));
                        r.decided_at = Set(Some(now));
                        r.until_on = Set(Some(until));
                    })
                    .await?;
                tasks::settle(tx, "removal_approve", "recycled", row.id).await?;
                take_away(tx, &row, &person).await
            })
        })
        .await
}

/// Says no to the removal of a person.
pub async fn decline(scope: &Scope<Approve>, id: Id, rev: i32) -> Outcome<()> {
    scope
        .write(move |tx| {
            Box::pin(async move {
                let row = waiting(tx, id, rev).await?;
                let (now, actor) = (tx.scope().now(), tx.scope().actor());
                tx.update::<recycled::Entity>(&row, |r| {
                    r.state = Set(DECLINED.to_owned());
                    r.decided_by = Set(Some(actor));
                    r.decided_at = Set(Some(now));
                })
                .await?;
                tasks::settle(tx, "removal_approve", "recycled", row.id).await
            })
        })
        .await
}

async fn waiting(tx: &Writing<'_, Approve>, id: Id, rev: i32) -> Outcome<recycled::Model> {
    let row = tx.get_rev::<recycled::Entity>(id, rev).await?;
    if row.state == WAITING {
        return Ok(row);
    }
    refuse("recycle.decided", "已经处理过，请刷新页面。", "This was decided already; reload the page.")
}

/// Takes a person away: memberships end, tasks are done, pairs wait aside, residences and the row lie in no place.
async fn take_away(tx: &Writing<'_, Approve>, row: &recycled::Model, person: &person::Model) -> Outcome<()> {
    let mut pen = Pen::new(tx, row.id, "remove");
    let homes = tx.parts::<membership::Entity, person::Entity>(person).filter(membership::Column::ToOn.is_null());
    for open in homes.all().await? {
        void_membership(&mut pen, &open).await?;
        let home = household::Entity::find_by_id(open.household_id).one(tx.derived()).await?;
        if let Some(home) = home.filter(|h| h.head_id == Some(person.id)) {
            close(&mut pen, &home, false).await?;
        }
    }
    let now = tx.scope().now();
    let done: Cells = vec![
        ("state".to_owned(), Cell::from("done")),
        ("done_at".to_owned(), Cell::Big(Some(now))),
        ("done_by".to_owned(), tx.scope().actor().into()),
    ];
    let columns = [("id", Type::Id), ("state", Type::Text), ("done_at", Type::Big), ("done_by", Type::Id)];
    let wanted: Cells = vec![
        ("subject_kind".to_owned(), Cell::from("person")),
        ("subject_id".to_owned(), person.id.into()),
        ("state".to_owned(), Cell::from("open")),
    ];
    for before in tx.cells_by("task", &columns, &wanted).await? {
        let key: Cells = before.iter().filter(|(c, _)| c == "id").cloned().collect();
        pen.change(&RowOf { table: "task".to_owned(), key, kind: Some("task") }, &before, &done).await?;
    }
    for pair in duplicates::store::pairs_in(tx, person.id).await? {
        if pair.state == duplicates::OPEN {
            set_aside(&mut pen, &pair, duplicates::ASIDE, None).await?;
        }
    }
    let mut columns = vec![("person_id", Type::Id), ("from_on", Type::Day)];
    columns.extend(["province_id", "city_id", "county_id", "township_id", "village_id"].map(|c| (c, Type::Int)));
    for before in tx.cells("residence", &columns, "person_id", person.id).await? {
        let key: Cells = before.iter().take(2).cloned().collect();
        pen.change(&RowOf { table: "residence".to_owned(), key, kind: None }, &before, &place_cells([0; 5])).await?;
    }
    shell::empty(&mut pen, person, None).await?;
    told(tx, "remove", "person", person.id, (person.county_id, person.rev), &row.reason).await
}

/// The act in the audit chain of the county.
pub(super) async fn told<P: Permit>(
    tx: &Writing<'_, P>,
    action: &str,
    kind: &str,
    id: Id,
    (county, rev): (i32, i32),
    reason: &str,
) -> Outcome<()> {
    let detail = Detail { changes: Vec::new(), reason: Some(reason.to_owned()) };
    tx.append(action, kind, id, county, rev, &detail).await.map(|_| ())
}

async fn household(tx: &Writing<'_, Remove>, new: &NewRemoval, reason: &str) -> Outcome<()> {
    let home = tx.get_rev::<household::Entity>(new.object_id, new.rev).await?;
    let path = [home.province_id, home.city_id, home.county_id, home.township_id, home.village_id];
    let removal = Removal { id: new.id, kind: "household", object: home.id, person: None, path, reason };
    let row = tx.insert::<recycled::Entity>(store::new_row(tx, &removal, false)).await?;
    let mut pen = Pen::new(tx, row.id, "remove");
    let members =
        membership::Entity::find().filter(membership::Column::HouseholdId.eq(home.id)).all(tx.derived()).await?;
    for member in members {
        void_membership(&mut pen, &member).await?;
    }
    close(&mut pen, &home, true).await?;
    told(tx, "remove", "household", home.id, (home.county_id, home.rev), reason).await
}

async fn membership(tx: &Writing<'_, Remove>, new: &NewRemoval, reason: &str) -> Outcome<()> {
    let member = households::store::membership(tx, new.object_id).await?;
    let home = tx.get::<household::Entity>(member.household_id).await?;
    if member.rev != new.rev {
        return Err(kernel::Problem::Stale(member.rev));
    }
    if home.head_id == Some(member.person_id) && member.to_on.is_none() {
        return refuse(
            "recycle.membership_head",
            "户主的成员关系不能单独删除。请先更换户主；整户误录的，请删除该户。",
            "The head's membership cannot be removed alone. Name another head, or remove the whole household.",
        );
    }
    let path = [home.province_id, home.city_id, home.county_id, home.township_id, home.village_id];
    let removal =
        Removal { id: new.id, kind: "membership", object: member.id, person: Some(member.person_id), path, reason };
    let row = tx.insert::<recycled::Entity>(store::new_row(tx, &removal, false)).await?;
    let mut pen = Pen::new(tx, row.id, "remove");
    void_membership(&mut pen, &member).await?;
    told(tx, "remove", "membership", member.id, (member.county_id, member.rev), reason).await
}

/// Reason of a membership that never was; it ends on the day it began.
pub const IN_ERROR: &str = "entered_in_error";

async fn void_membership<P: Permit>(pen: &mut Pen<'_, '_, P>, member: &membership::Model) -> Outcome<()> {
    let before: Cells = vec![
        ("to_on".to_owned(), Cell::Day(member.to_on)),
        ("end_reason".to_owned(), Cell::Text(member.end_reason.clone())),
    ];
    let set: Cells =
        vec![("to_on".to_owned(), Cell::Day(Some(member.from_on))), ("end_reason".to_owned(), Cell::from(IN_ERROR))];
    pen.change(&audited("membership", "membership", member.id), &before, &set).await
}

/// Closes a household that has nobody left, or lets it lie in no place.
async fn close<P: Permit>(pen: &mut Pen<'_, '_, P>, home: &household::Model, hide: bool) -> Outcome<()> {
    let path = [home.province_id, home.city_id, home.county_id, home.township_id, home.village_id];
    let mut before: Cells =
        vec![("head_id".to_owned(), Cell::Id(home.head_id)), ("to_on".to_owned(), Cell::Day(home.to_on))];
    let mut set: Cells = vec![
        ("head_id".to_owned(), Cell::Id(None)),
        ("to_on".to_owned(), Cell::Day(home.to_on.or(Some(home.from_on)))),
    ];
    if hide {
        before.extend(place_cells(path));
        set.extend(place_cells([0; 5]));
    }
    pen.change(&audited("household", "household", home.id), &before, &set).await
}

/// Notes a visit that was voided just now, inside the write that voids it.
pub(crate) async fn voided<P: Permit + kernel::Sees<recycled::Entity>>(
    tx: &Writing<'_, P>,
    before: &crate::visits::row::visit::Model,
    after: &crate::visits::row::visit::Model,
    reason: &str,
) -> Outcome<()> {
    let id = tx.scope().new_id();
    let removal =
        Removal { id, kind: "visit", object: before.id, person: Some(before.person_id), path: before.path(), reason };
    tx.insert::<recycled::Entity>(store::new_row(tx, &removal, false)).await?;
    let text = |value: &str| Cell::from(value);
    let cells = [
        ("state".to_owned(), text(&before.state), text(&after.state)),
        ("void_reason".to_owned(), Cell::Text(before.void_reason.clone()), Cell::Text(after.void_reason.clone())),
        ("qualifies".to_owned(), Cell::Bool(Some(before.qualifies)), Cell::Bool(Some(after.qualifies))),
    ];
    let changed: Vec<_> = cells.into_iter().filter(|(_, a, b)| a != b).collect();
    Pen::new(tx, id, "remove").note("visit", &vec![("id".to_owned(), before.id.into())], &changed).await
}
