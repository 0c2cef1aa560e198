//! The queue of unassigned (待归属): what lies in a village that an event divides or ends, and that no rule can place.
//!
//! Persons, households and seats of points are queued one by one; visits, open tasks and the place of registration follow
//! their person. Until a row is assigned it stays where it is, in everybody's lists and figures. A village that ends is closed
//! on the eve of the event once nothing lies in it any more; what was entered there meanwhile joins the queue.
//! Assigning itself is the room `people/placing`, which knows the persons.

use access::{Id, Outcome, Page, Permit, PlaceRef, Problem, Scope, Writing};
use kernel::{Place, Sees, place::DivisionId};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Order, Value,
    sea_query::{Expr, ExprTrait as _},
};
use serde::Serialize;

use super::{
    ChangeDivisions, ReadDivisions,
    plan::{Change, Opened},
    row::{division, event, queue, queue_item, queue_target},
    tree::{self, Mark},
};

/// What is queued one by one: kind and table.
pub const KINDS: [(&str, &str); 3] = [("household", "household"), ("person", "person"), ("point", "point")];

/// Opens the queue of an event; `targets` are the villages that may take what is queued.
pub async fn open(
    tx: &Writing<'_, ChangeDivisions>,
    change: &Change,
    opened: &Opened,
    targets: &[DivisionId],
    (mark, kind): (&Mark, &str),
) -> Outcome<queue::Model> {
    let from = &change.stays;
    let row = queue::ActiveModel {
        id: Set(mark.event),
        kind: Set(kind.to_owned()),
        from_id: Set(from.id),
        township_id: Set(from.township_id),
        county_id: Set(from.county_id),
        city_id: Set(from.city_id),
        province_id: Set(from.province_id),
        effective_on: Set(mark.on),
        closes: Set(opened.closes),
        state: Set("open".to_owned()),
        total: Set(0),
        open_items: Set(0),
        created_at: Set(tx.scope().now()),
        settled_at: Set(None),
        ..Default::default()
    };
    let row = tx.insert::<queue::Entity>(row).await?;
    for target in targets {
        let text = "INSERT INTO division_queue_target (queue_id, village_id) VALUES ($1, $2)";
        tx.execute(text, vec![row.id.into(), (*target).into()]).await?;
    }
    gather(tx, &row).await?;
    settle(tx, row).await
}

/// What has left the village by itself is placed; what lies in it and is not in the queue yet joins it.
async fn gather<P: Permit>(tx: &Writing<'_, P>, queue: &queue::Model) -> Outcome<()> {
    gone(tx, queue).await?;
    for (kind, table) in KINDS {
        let text = format!(
            "INSERT INTO division_queue_item (queue_id, kind, object_id, to_id) SELECT $1, '{kind}', id, 0 FROM {table} \
             WHERE village_id = $2 ON CONFLICT (queue_id, kind, object_id) DO NOTHING"
        );
        tx.execute(&text, vec![queue.id.into(), queue.from_id.into()]).await?;
    }
    Ok(())
}

/// Marks what has moved elsewhere in the meantime, by the ordinary way, with where it went.
async fn gone<P: Permit>(tx: &Writing<'_, P>, queue: &queue::Model) -> Outcome<()> {
    for (kind, table) in KINDS {
        let text = format!(
            "UPDATE division_queue_item SET to_id = (SELECT o.village_id FROM {table} o \
             WHERE o.id = division_queue_item.object_id) \
             WHERE queue_id = $1 AND to_id = 0 AND kind = '{kind}' AND EXISTS (SELECT 1 FROM {table} o \
             WHERE o.id = division_queue_item.object_id AND o.village_id <> $2)"
        );
        tx.execute(&text, vec![queue.id.into(), queue.from_id.into()]).await?;
    }
    Ok(())
}

/// How many rows an event would queue.
pub async fn count(scope: &Scope<ChangeDivisions>, from: &division::Model) -> Outcome<i64> {
    let report = scope.report(&from.place())?;
    let mut total = 0;
    for (_, table) in KINDS {
        let text = format!("SELECT COUNT(*) AS n FROM {table} WHERE village_id = $1");
        let rows = report.query(&text, vec![from.id.into()]).await?;
        total += rows.first().map_or(Ok(0), |r| r.try_get::<i64>("", "n"))?;
    }
    Ok(total)
}

/// Refuses an event about a village with an open queue, or one that an open queue gives to.
pub async fn refuse_open<P: Permit>(tx: &Writing<'_, P>, division: &division::Model) -> Outcome<()> {
    let text = "SELECT 1 AS one FROM division_queue WHERE from_id = $1 AND state = 'open' UNION ALL \
                SELECT 1 FROM division_queue_target t JOIN division_queue q ON q.id = t.queue_id \
                WHERE t.village_id = $1 AND q.state = 'open' LIMIT 1";
    if tx.query(text, vec![division.id.into()]).await?.is_empty() {
        return Ok(());
    }
    Err(Problem::refused(
        "division.queue_open",
        format!("“{}”还有待归属的对象，请先在“待归属”中全部归属，再登记新的变更。", division.name),
        format!("Something in {} still waits to be assigned; assign all of it first.", division.name),
    ))
}

/// The queue in the caller's reach, open or not.
pub async fn find<P: Permit + Sees<queue::Entity>>(tx: &Writing<'_, P>, id: Id) -> Outcome<queue::Model> {
    tx.get::<queue::Entity>(id).await
}

/// Notes what was assigned and, when nothing is left, ends the queue and closes the village if the event says so.
pub async fn settle<P: Permit + Sees<queue::Entity>>(
    tx: &Writing<'_, P>,
    queue: queue::Model,
) -> Outcome<queue::Model> {
    gone(tx, &queue).await?;
    let (mut total, mut left) = counts(tx, queue.id).await?;
    if left == 0 && queue.closes {
        gather(tx, &queue).await?;
        (total, left) = counts(tx, queue.id).await?;
    }
    let done = left == 0;
    let (now, was_open) = (tx.scope().now(), queue.state == "open");
    let after = tx
        .update::<queue::Entity>(&queue, |row| {
            row.total = Set(total);
            row.open_items = Set(left);
            if done && was_open {
                row.state = Set("settled".to_owned());
                row.settled_at = Set(Some(now));
            }
        })
        .await?;
    if done && was_open && queue.closes {
        close(tx, &after).await?;
    }
    Ok(after)
}

/// All and still open items.
async fn counts<P: Permit>(tx: &Writing<'_, P>, id: Id) -> Outcome<(i32, i32)> {
    let text = "SELECT CAST(COUNT(*) AS integer) AS total, \
                CAST(COALESCE(SUM(CASE WHEN to_id = 0 THEN 1 ELSE 0 END), 0) AS integer) AS open_items \
                FROM division_queue_item WHERE queue_id = $1";
    let rows = tx.query(text, vec![id.into()]).await?;
    match rows.first() {
        Some(row) => Ok((row.try_get("", "total")?, row.try_get("", "open_items")?)),
        None => Ok((0, 0)),
    }
}

/// Ends the village of a queue in which nothing is left: its coverage, its grants, and itself.
async fn close<P: Permit>(tx: &Writing<'_, P>, queue: &queue::Model) -> Outcome<()> {
    let village = tree::by_id(tx, queue.from_id).await?;
    let mark = Mark { event: queue.id, audit_no: queue.audit_no, on: queue.effective_on };
    let eve = mark.eve();
    for table in ["point_village", "area_village"] {
        let text = format!(
            "UPDATE {table} SET to_on = CASE WHEN from_on > $1 THEN from_on ELSE $1 END \
             WHERE village_id = $2 AND (to_on IS NULL OR to_on > $1)"
        );
        tx.execute(&text, vec![eve.into(), village.id.into()]).await?;
    }
    // What hangs on the village itself and is no person's: tasks go up to the township, organisations too, grants end.
    let up: Vec<Value> = vec![village.township_id.into(), village.id.into()];
    tx.execute("UPDATE organisation SET place_id = $1 WHERE place_id = $2", up).await?;
    tx.execute("UPDATE task SET village_id = 0 WHERE village_id = $1", vec![village.id.into()]).await?;
    end_grants(tx, &village, queue).await?;
    tree::end(tx, &village, &mark).await
}

async fn end_grants<P: Permit>(tx: &Writing<'_, P>, village: &division::Model, queue: &queue::Model) -> Outcome<()> {
    let text = "SELECT 1 AS one FROM role_grant WHERE place_id = $1 AND state IN ('proposed', 'approved') LIMIT 1";
    if tx.query(text, vec![village.id.into()]).await?.is_empty() {
        return Ok(());
    }
    let reason = Some(format!("division_event {}", queue.id));
    let detail = access::audit::Detail { changes: Vec::new(), reason };
    let number = tx.append("moved", "role_grant", queue.id, village.county_id, 1, &detail).await?;
    let text = "UPDATE role_grant SET state = 'ended', end_reason = $2, to_on = $3, rev = rev + 1, audit_no = $4 \
                WHERE place_id = $1 AND state IN ('proposed', 'approved')";
    let values: Vec<Value> =
        vec![village.id.into(), "行政区划变更，原村已撤销".into(), tx.scope().today().into(), number.into()];
    tx.execute(text, values).await.map(|_| ())
}

/// A queue as it is shown.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct QueueView {
    /// Id; that of the event.
    pub id: uuid::Uuid,
    /// Kind of the event.
    pub kind: String,
    /// The village that is divided or ends.
    pub from: Option<PlaceRef>,
    /// Its township.
    pub township: Option<PlaceRef>,
    /// Villages that may take what is queued; empty: any village of the county.
    pub targets: Vec<PlaceRef>,
    /// First day of the event.
    pub effective_on: chrono::NaiveDate,
    /// Number of the approving document.
    pub approval_no: String,
    /// The village ends when nothing is left.
    pub closes: bool,
    /// open or settled.
    pub state: String,
    /// Rows queued so far.
    pub total: i32,
    /// Rows that still wait.
    pub open_items: i32,
}

/// The query behind [`list`], for plan tests.
pub fn list_query(
    scope: &Scope<ReadDivisions>,
    place: &Place,
    state: &str,
    after: Option<Id>,
    rows: u64,
) -> access::Visible<'static, queue::Entity> {
    let mut query = scope.find_in::<queue::Entity>(place).filter(queue::Column::State.eq(state));
    if let Some(after) = after {
        query = query.filter(queue::Column::Id.lt(after));
    }
    query.order(queue::Column::Id, Order::Desc).limit(rows)
}

/// Queues inside a place, newest first.
pub async fn list(
    scope: &Scope<ReadDivisions>,
    place: &Place,
    state: &str,
    after: Option<Id>,
    limit: u64,
) -> Outcome<Page<QueueView>> {
    let page = Page::cut(list_query(scope, place, state, after, limit + 1).all().await?, limit, |q| q.id);
    let next = page.next;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        items.push(view(scope, row).await?);
    }
    Ok(Page { items, next })
}

/// One queue.
pub async fn one(scope: &Scope<ReadDivisions>, id: Id) -> Outcome<QueueView> {
    let row = scope.find::<queue::Entity>().filter(queue::Column::Id.eq(id)).required().await?;
    view(scope, row).await
}

async fn view(scope: &Scope<ReadDivisions>, row: queue::Model) -> Outcome<QueueView> {
    let event = scope.find::<event::Entity>().filter(event::Column::Id.eq(row.id)).one().await?;
    let targets = scope.parts::<queue_target::Entity, queue::Entity>(&row).all().await?;
    let ids: Vec<DivisionId> = targets.iter().map(|t| t.village_id).collect();
    let labels = scope.labels(ids.iter().copied().chain([row.from_id, row.township_id])).await?;
    Ok(QueueView {
        id: row.id,
        kind: row.kind,
        from: labels.get(&row.from_id).cloned(),
        township: labels.get(&row.township_id).cloned(),
        targets: ids.iter().filter_map(|id| labels.get(id)).cloned().collect(),
        effective_on: row.effective_on,
        approval_no: event.map(|e| e.approval_no).unwrap_or_default(),
        closes: row.closes,
        state: row.state,
        total: row.total,
        open_items: row.open_items,
    })
}

/// Items of a queue in the order (kind, id), assigned or not, behind `after`.
pub async fn items<P: Permit>(
    scope: &Scope<P>,
    queue: &queue::Model,
    kind: &str,
    assigned: bool,
    after: Option<Id>,
    limit: u64,
) -> Outcome<Vec<queue_item::Model>> {
    let mut query = scope.parts::<queue_item::Entity, queue::Entity>(queue).filter(queue_item::Column::Kind.eq(kind));
    query = if assigned {
        // `+ 0` keeps the engines on the order of ids.
        query.filter(Expr::col(queue_item::Column::ToId).add(0).gt(0))
    } else {
        query.filter(queue_item::Column::ToId.eq(0))
    };
    if let Some(after) = after {
        query = query.filter(queue_item::Column::ObjectId.gt(after));
    }
    query.order(queue_item::Column::ObjectId, Order::Asc).limit(limit).all().await
}
