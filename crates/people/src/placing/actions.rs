//! Assigning rows of a queue to a village.

use access::{Scope, Writing, Written, placement::division};
use kernel::{Field, Id, Level, Outcome, Problem};
use places::divisions::{
    queue as queues,
    row::{queue, queue_item, queue_target},
};
use sea_orm::ColumnTrait as _;
use serde::Deserialize;
use uuid::Uuid;

use super::{Assign, moving};

/// The most rows of one call.
pub const MOST: usize = 500;

/// One row of the queue.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemRef {
    /// person, household or point.
    pub kind: String,
    /// Its id.
    pub id: Uuid,
}

/// Rows and the village they belong to.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlacing {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Code of the village; the divided village itself for those who stay.
    pub to: String,
    /// The rows, at most 500.
    #[serde(default)]
    pub items: Vec<ItemRef>,
    /// Instead of rows: the next 500 of this kind that still wait. Call again with a new id until none is left.
    pub rest: Option<String>,
}

/// Assigns; a repeat with the same id and body changes nothing.
pub async fn assign(scope: &Scope<Assign>, queue: Id, new: NewPlacing, digest: &[u8]) -> Outcome<Written> {
    check(&new)?;
    let to = scope.resolve("to", &new.to).await?;
    scope.write_once(new.id, digest, move |tx| Box::pin(async move { apply(tx, queue, &new, &to).await })).await
}

fn check(new: &NewPlacing) -> Outcome<()> {
    let known = |kind: &str| queues::KINDS.iter().any(|(k, _)| *k == kind);
    let mut faults = Vec::new();
    if new.items.is_empty() == new.rest.is_none() {
        faults.push(Field::new(
            "items",
            "choose",
            "请选择要归属的对象，或选择“其余全部”，二者选一。",
            "Name the rows, or ask for all the rest: one of the two.",
        ));
    }
    if new.items.len() > MOST {
        faults.push(Field::new(
            "items",
            "too_many",
            format!("一次最多归属 {MOST} 个，请分批提交。"),
            format!("At most {MOST} at once; send them in parts."),
        ));
    }
    let kinds = new.items.iter().enumerate().map(|(at, i)| (format!("items[{at}].kind"), i.kind.as_str()));
    for (field, kind) in kinds.chain(new.rest.iter().map(|k| ("rest".to_owned(), k.as_str()))) {
        if !known(kind) {
            faults.push(Field::new(
                field,
                "code",
                "类别应为人员、家庭或服务点。",
                "The kind is person, household or point.",
            ));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::Invalid(faults)) }
}

async fn apply(tx: &Writing<'_, Assign>, id: Id, new: &NewPlacing, to: &division::Model) -> Outcome<()> {
    let queue = queues::find(tx, id).await?;
    if queue.state != "open" {
        return Err(Problem::refused(
            "placing.settled",
            "这次变更的待归属已全部办结；如需更正，请在人员页面修改居住地。",
            "This queue is settled; correct a place on the page of the person.",
        ));
    }
    may_take(tx, &queue, to).await?;
    let items = match &new.rest {
        Some(kind) => waiting(tx, &queue, kind).await?,
        None => named(tx, &queue, &new.items).await?,
    };
    for item in items {
        if item.to_id != to.id {
            moving::place(tx, &queue, &item, to).await?;
        }
    }
    queues::settle(tx, queue).await.map(|_| ())
}

/// The village must be one the event names, or any other open one of the county where it names none, inside the reach.
async fn may_take(tx: &Writing<'_, Assign>, queue: &queue::Model, to: &division::Model) -> Outcome<()> {
    let targets = tx.parts::<queue_target::Entity, queue::Entity>(queue).all().await?;
    let place = to.place();
    let listed = if targets.is_empty() {
        to.id != queue.from_id && place.at(Level::County) == queue.county_id
    } else {
        targets.iter().any(|t| t.village_id == to.id)
    };
    if !listed || place.level != Level::Village || to.valid_to.is_some() {
        return Err(Problem::invalid(Field::new(
            "to",
            "not_a_target",
            "只能归属到这次变更涉及的村（社区），请从列表中选择。",
            "Only villages of this event can take it; choose one of the list.",
        )));
    }
    match tx.must_cover(&place) {
        Ok(()) => Ok(()),
        Err(_) => Err(Problem::refused(
            "placing.outside",
            "目标村（社区）不在您的管辖范围内，请由县级归属。",
            "This village lies outside your reach; ask the county to assign it.",
        )),
    }
}

async fn waiting(tx: &Writing<'_, Assign>, queue: &queue::Model, kind: &str) -> Outcome<Vec<queue_item::Model>> {
    tx.parts::<queue_item::Entity, queue::Entity>(queue)
        .filter(queue_item::Column::Kind.eq(kind))
        .filter(queue_item::Column::ToId.eq(0))
        .order(queue_item::Column::ObjectId, sea_orm::Order::Asc)
        .limit(MOST as u64)
        .all()
        .await
}

async fn named(tx: &Writing<'_, Assign>, queue: &queue::Model, items: &[ItemRef]) -> Outcome<Vec<queue_item::Model>> {
    let mut found = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let row = tx
            .parts::<queue_item::Entity, queue::Entity>(queue)
            .filter(queue_item::Column::Kind.eq(item.kind.as_str()))
            .filter(queue_item::Column::ObjectId.eq(item.id))
            .one()
            .await?;
        found.push(row.ok_or_else(|| {
            Problem::invalid(Field::new(
                format!("items[{at}].id"),
                "not_queued",
                "这一项不在待归属名单中，请刷新后重试。",
                "This row is not in the queue; reload and try again.",
            ))
        })?);
    }
    Ok(found)
}
