//! Bringing back what was removed, exactly as it was.

use access::{Scope, Writing, Written, cells::Cells};
use kernel::{Id, Outcome, Problem};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Deserialize;
use uuid::Uuid;

use super::{BINNED, RESTORED, Restore, actions::told, checks::refuse, row::recycled};
use crate::{
    figures, households,
    households::row::{household, membership},
    merges::{carry, shell, store::person_in},
    persons::{self, row::person},
    services,
    visits::{self, row::visit},
};

const ACTION: &str = "restore";

/// Something to bring back.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRestore {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Revision of the removal the caller saw.
    pub rev: i32,
}

/// Brings something back while its time lasts.
pub async fn restore(scope: &Scope<Restore>, id: Id, new: NewRestore, digest: &[u8]) -> Outcome<Written> {
    scope
        .write_once(new.id, &[digest, id.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let row = tx.get_rev::<recycled::Entity>(id, new.rev).await?;
                if row.state != BINNED {
                    return refuse("recycle.not_there", "该记录不在回收站中，请刷新页面。", "This is not in the recycle bin; reload the page.");
                }
                if row.until_on.is_none_or(|until| until < tx.scope().today()) {
                    return refuse(
                        "recycle.too_late",
                        "已超过可恢复期限，不能在界面上恢复。数据仍保存在数据库中，确需恢复请联系系统管理员。",
                        "The time for bringing this back is over. It is still in the database; ask the administrator if it is needed.",
                    );
                }
                match row.kind.as_str() {
                    "person" => person(tx, &row).await?,
                    "visit" => visit(tx, &row).await?,
                    _ => home(tx, &row).await?,
                }
                let (now, actor) = (tx.scope().now(), tx.scope().actor());
                tx.update::<recycled::Entity>(&row, |r| {
                    r.state = Set(RESTORED.to_owned());
                    r.restored_by = Set(Some(actor));
                    r.restored_at = Set(Some(now));
                })
                .await
                .map(|_| ())
            })
        })
        .await
}

async fn person(tx: &Writing<'_, Restore>, row: &recycled::Model) -> Outcome<()> {
    let before = person_in(tx, row.object_id).await?;
    let mut after = before.clone();
    for aside in carry::asides(tx, row.id).await? {
        if aside.table == "person" {
            after = shell::put_back(tx, &aside.cells, &after, Some(row.path())).await?;
        } else {
            carry::put_back(tx, &aside, &Cells::new(), ACTION).await?;
        }
    }
    if let Some(hash) = after.id_hash.clone() {
        let same = person::Entity::find()
            .filter(person::Column::IdHash.eq(hash))
            .filter(person::Column::Id.ne(after.id))
            .filter(person::Column::CountyId.eq(after.county_id))
            .one(tx.derived())
            .await?;
        if same.is_some() {
            return refuse(
                "recycle.number_taken",
                "该证件号码此后已在本县另行登记，恢复会造成重复。请先核对那份档案。",
                "The document number was registered again in this county since. Look at that record first.",
            );
        }
    }
    figures::moved(tx, Some(&before), &after).await?;
    persons::store::put_words(tx, &after).await?;
    told(tx, ACTION, "person", after.id, (after.county_id, after.rev), &row.reason).await
}

async fn visit(tx: &Writing<'_, Restore>, row: &recycled::Model) -> Outcome<()> {
    let void = visit::Entity::find_by_id(row.object_id).one(tx.derived()).await?.ok_or(Problem::NotFound)?;
    for aside in carry::asides(tx, row.id).await? {
        carry::put_back(tx, &aside, &Cells::new(), ACTION).await?;
    }
    let visit = visit::Entity::find_by_id(row.object_id).one(tx.derived()).await?.ok_or(Problem::NotFound)?;
    if person_in(tx, visit.person_id).await?.county_id == 0 {
        return refuse(
            "recycle.person_gone",
            "这次走访的对象不在台账中（已移入回收站），请先恢复该对象。",
            "The visited person was removed; bring the person back first.",
        );
    }
    let person = visits::actions::settle(tx, &visit).await?;
    services::counted(tx, &person, Some(&void), &visit).await?;
    take_minutes_back(tx, &visit).await?;
    told(tx, ACTION, "visit", visit.id, (visit.county_id, visit.rev), &row.reason).await
}

/// While the row that carries the minutes of a visit to several people lay in the bin, another one carried them.
async fn take_minutes_back(tx: &Writing<'_, Restore>, back: &visit::Model) -> Outcome<()> {
    let Some(group) = back.group_id.filter(|_| !back.minutes_shared) else { return Ok(()) };
    let heirs = visit::Entity::find()
        .filter(visit::Column::GroupId.eq(group))
        .filter(visit::Column::Id.ne(back.id))
        .filter(visit::Column::MinutesShared.eq(false))
        .filter(visit::Column::State.eq(visits::COMPLETED))
        .all(tx.derived())
        .await?;
    for heir in heirs {
        let after = tx.update_part::<visit::Entity>(&heir, |row| row.minutes_shared = Set(true)).await?;
        let person = person_in(tx, after.person_id).await?;
        services::counted(tx, &person, Some(&heir), &after).await?;
    }
    Ok(())
}

/// A household or a membership; nobody may be in two households of one kind afterwards.
async fn home(tx: &Writing<'_, Restore>, row: &recycled::Model) -> Outcome<()> {
    let of = if row.kind == "membership" { membership::Column::Id } else { membership::Column::HouseholdId };
    let members = membership::Entity::find().filter(of.eq(row.object_id)).all(tx.derived()).await?;
    let asides = carry::asides(tx, row.id).await?;
    for member in &members {
        let opens = asides.iter().any(|a| {
            a.key.iter().any(|(_, cell)| *cell == member.id.into())
                && a.cells.iter().any(|(c, before, _)| c == "to_on" && *before == access::cells::Cell::Day(None))
        });
        let Some(home) = household::Entity::find_by_id(member.household_id).one(tx.derived()).await? else { continue };
        let person = person_in(tx, member.person_id).await?;
        if opens && households::store::is_member(tx, &person, &home.kind).await? {
            return refuse(
                "household.member_elsewhere",
                "成员此后已加入另一个同类家庭，不能恢复。请先为其办理离户。",
                "A member belongs to another household of this kind by now. End that membership first.",
            );
        }
    }
    for aside in asides {
        let place = if aside.table == "household" && aside.cells.iter().any(|(c, ..)| c == "county_id") {
            carry::place_cells(row.path())
        } else {
            Cells::new()
        };
        carry::put_back(tx, &aside, &place, ACTION).await?;
    }
    told(tx, ACTION, &row.kind, row.object_id, (row.county_id, row.rev), &row.reason).await
}
