//! Keeping the status history: the first status, later steps, and reading it back.

use access::{Kept, Outcome, Permit, Placed, Problem, Scope, Writing};
use chrono::NaiveDate;
use kernel::{Day, Id};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, IntoActiveModel, ModelTrait, QueryFilter as _,
    QueryOrder as _,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{checks::Faults, row::network_status, sql::Owner, status};

/// A step of the status machine to take.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStatus {
    /// Client-made UUIDv7 of this step.
    pub id: Uuid,
    /// The revision of the station or point that was seen.
    pub rev: i32,
    /// The status, see code list `station_status`.
    pub status: String,
    /// The day from which it holds; today or earlier, and not before the status before it.
    pub on: NaiveDate,
    /// Why; must be told when it is suspended or closed.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub reason: Option<String>,
}

impl NewStatus {
    /// Checks the form.
    pub fn check(&self, today: Day) -> Outcome<()> {
        let mut faults = Faults::default();
        faults.code("status", "station_status", &self.status);
        faults.past("on", self.on, today);
        faults.short("reason", self.reason.as_deref());
        let must_tell = matches!(self.status.as_str(), "suspended" | "closed");
        if must_tell && self.reason.as_deref().unwrap_or_default().trim().is_empty() {
            faults.push(kernel::Field::required("reason"));
        }
        faults.finish()
    }
}

/// A status of the history as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StatusView {
    /// The status.
    pub status: String,
    /// From this day on.
    pub on: NaiveDate,
    /// Why.
    pub reason: String,
    /// When it was entered.
    pub at: String,
}

/// Who owns a history.
#[derive(Debug, Clone, Copy)]
pub struct OwnerKey {
    /// Station or point.
    pub kind: Owner,
    /// Its id.
    pub id: Id,
    /// Its county, for the audit chain.
    pub county: i32,
    /// Its township (station) or seat (point) at the time of entry.
    pub host: i32,
}

/// Writes the first status of a new station or point.
pub async fn begin<P: Permit>(tx: &Writing<'_, P>, owner: OwnerKey, on: Day) -> Outcome<()> {
    put(tx, owner, on, 0, "planned", "").await
}

/// A step that may follow, before it is written.
#[must_use]
pub struct Step {
    serial: i32,
    planned: Option<Day>,
}

/// Checks that a step may follow the newest status. The caller then updates the owner, whose revision keeps two steps at once
/// apart, and writes the step with [`write`].
pub async fn check<P: Permit>(tx: &Writing<'_, P>, owner: OwnerKey, current: &str, new: &NewStatus) -> Outcome<Step> {
    if !status::may_follow(current, &new.status) {
        return Err(refused_step(current, &new.status));
    }
    let last = network_status::Entity::find()
        .filter(network_status::Column::OwnerId.eq(owner.id))
        .order_by_desc(network_status::Column::OnDay)
        .order_by_desc(network_status::Column::Serial)
        .one(tx.derived())
        .await?
        .ok_or_else(|| Problem::internal("a station or point without status history"))?;
    let early = new.on < last.on_day;
    if early && last.serial > 0 {
        return Err(Problem::refused(
            "network.status_order",
            format!("日期不能早于上一状态的日期（{}），请修改日期。", last.on_day),
            format!("The date must not be before that of the status before ({}); change it.", last.on_day),
        ));
    }
    Ok(Step { serial: last.serial + 1, planned: early.then_some(last.on_day) })
}

/// Writes a checked step. A first step that is older than the plan takes the plan back with it, since nothing is planned after
/// it was done; the day the plan had is told.
pub async fn write<P: Permit>(
    tx: &Writing<'_, P>,
    owner: OwnerKey,
    step: Step,
    new: &NewStatus,
) -> Outcome<Option<Day>> {
    if step.planned.is_some() {
        tx.execute(
            "UPDATE network_status SET on_day = $1 WHERE owner_id = $2 AND serial = 0",
            vec![new.on.into(), owner.id.into()],
        )
        .await?;
    }
    put(tx, owner, new.on, step.serial, &new.status, new.reason.as_deref().unwrap_or_default().trim()).await?;
    Ok(step.planned)
}

async fn put<P: Permit>(
    tx: &Writing<'_, P>,
    owner: OwnerKey,
    on: Day,
    serial: i32,
    status: &str,
    reason: &str,
) -> Outcome<()> {
    let row = network_status::ActiveModel {
        owner_id: Set(owner.id),
        on_day: Set(on),
        serial: Set(serial),
        owner_kind: Set(owner.kind.word().to_owned()),
        status: Set(status.to_owned()),
        host_id: Set(Some(owner.host)),
        reason: Set(reason.to_owned()),
        actor_id: Set(tx.scope().actor()),
        at: Set(tx.scope().now()),
        county_id: Set(owner.county),
    };
    network_status::Entity::insert(row).exec_without_returning(tx.derived()).await?;
    Ok(())
}

fn refused_step(from: &str, to: &str) -> Problem {
    use kernel::codes::{Lang, label};
    let zh = |code| label("station_status", code, Lang::Zh).to_owned();
    let en = |code| label("station_status", code, Lang::En).to_owned();
    if from == "closed" {
        return Problem::refused(
            "network.closed",
            "已撤销的站点不能再变更状态；如重新设立，请新建站点。",
            "A closed one stays closed; set up a new one instead.",
        );
    }
    Problem::refused(
        "network.status_step",
        format!("当前状态为“{}”，不能直接变为“{}”，请按顺序办理。", zh(from), zh(to)),
        format!("From “{}” the next status cannot be “{}”; take the steps in order.", en(from), en(to)),
    )
}

/// The whole history of a visible owner, oldest first.
pub async fn list<P, E>(scope: &Scope<P>, owner: &E::Model) -> Outcome<Vec<StatusView>>
where
    P: Permit,
    E: Placed + Kept,
    E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
    network_status::Entity: access::PartOf<E>,
{
    let mut rows = scope.parts::<network_status::Entity, E>(owner).all().await?;
    rows.sort_by_key(|r| (r.on_day, r.serial));
    Ok(rows
        .into_iter()
        .map(|r| StatusView { status: r.status, on: r.on_day, reason: r.reason, at: access::iso(r.at) })
        .collect())
}
