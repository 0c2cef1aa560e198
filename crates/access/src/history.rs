//! The history of a record (变更历史) and who opened it (访问记录), read from the audit chains.
//!
//! A record's history is open to whoever may see the record under this room's permits. Each room registers its kinds of
//! record with a finder; a kind nobody registered does not exist.

use axum::{Json, extract::State};
use futures::future::BoxFuture;
use kernel::{Id, Outcome, Page, Permit, Problem, Sees, page, permits};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, IntoActiveModel, ModelTrait, Order, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    House, Params, Placed, Problems, Scope, Segment, audit, iso,
    row::{account, audit as row, organisation, role_grant},
    visible::reader,
    writing::Kept,
};

permits! {
    /// Reading what changed on a record.
    ReadHistory = "access.history.read", "查看变更历史", "Read the history of a record",
        sees [account::Entity, role_grant::Entity, organisation::Entity];
    /// Reading who opened a record.
    ReadAccessLog = "access.access_log.read", "查看访问记录", "Read who opened a record",
        sees [account::Entity, role_grant::Entity, organisation::Entity];
}

/// Whether the caller may see the record; `NotFound` when not.
pub type Finder<P> = fn(Scope<P>, Id) -> BoxFuture<'static, Outcome<()>>;

/// A kind of record whose history can be read.
#[derive(Clone, Copy)]
pub struct Kind {
    /// Name in the path and in the audit log.
    pub name: &'static str,
    history: Finder<ReadHistory>,
    access: Finder<ReadAccessLog>,
}

impl Kind {
    /// The kind of an entity both permits may see.
    pub fn of<E>() -> Self
    where
        E: Kept + Placed,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
        ReadHistory: Sees<E>,
        ReadAccessLog: Sees<E>,
    {
        Self { name: E::KIND, history: find::<ReadHistory, E>, access: find::<ReadAccessLog, E> }
    }
}

impl Kind {
    /// A kind with finders of its own: `NotFound` or a refusal when the caller may not read this log.
    pub fn with(name: &'static str, history: Finder<ReadHistory>, access: Finder<ReadAccessLog>) -> Self {
        Self { name, history, access }
    }
}

fn find<P, E>(scope: Scope<P>, id: Id) -> BoxFuture<'static, Outcome<()>>
where
    P: Permit + Sees<E>,
    E: Kept + Placed,
    E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
{
    Box::pin(async move { scope.find_with_trail::<E>(None).filter(E::id_column().eq(id)).required().await.map(|_| ()) })
}

/// The kinds of record this wing keeps.
pub fn kinds() -> Vec<Kind> {
    vec![Kind::of::<account::Entity>(), Kind::of::<role_grant::Entity>(), Kind::of::<organisation::Entity>()]
}

/// Somebody who acted.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Actor {
    /// Account id.
    pub id: Uuid,
    /// Shown name; empty for a job of the system.
    pub name: String,
}

/// One act on a record.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HistoryItem {
    /// Number in the audit chain.
    pub seq: i64,
    /// When.
    pub at: String,
    /// Who.
    pub actor: Actor,
    /// insert, update, reveal …
    pub action: String,
    /// What changed.
    pub changes: Vec<audit::Change>,
    /// The reason a person gave.
    pub reason: Option<String>,
}

/// One opening of a record.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AccessItem {
    /// Number in the audit chain.
    pub seq: i64,
    /// When.
    pub at: String,
    /// Who.
    pub actor: Actor,
    /// open, reveal or export.
    pub action: String,
    /// The reason a person gave.
    pub reason: Option<String>,
}

/// Which part of the log.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct LogQuery {
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// What changed on a record, newest first.
#[utoipa::path(get, path = "/records/{kind}/{id}/history", tag = "access", params(("kind" = String, Path), ("id" = Uuid, Path), LogQuery),
    responses((status = 200, body = Page<HistoryItem>), Problems), extensions(("x-permit" = json!("access.history.read"))))]
async fn history(
    State(house): State<House>,
    scope: Scope<ReadHistory>,
    Segment((kind, id)): Segment<(String, Uuid)>,
    Params(q): Params<LogQuery>,
) -> Outcome<Json<Page<HistoryItem>>> {
    let found = house.kinds.iter().find(|k| k.name == kind).ok_or(Problem::NotFound)?;
    (found.history)(scope.clone(), id).await?;
    let page = log(&house, &kind, id, &q, false).await?;
    let names = scope.account_names(page.items.iter().map(|r| r.actor_id).collect()).await?;
    Ok(Json(page.map(|r| {
        let detail = audit::read_detail(&house.floor.keys, &r).unwrap_or_default();
        HistoryItem {
            seq: r.seq,
            at: iso(r.at),
            actor: Actor { id: r.actor_id, name: names.get(&r.actor_id).cloned().unwrap_or_default() },
            action: r.action,
            changes: detail.changes,
            reason: detail.reason,
        }
    })))
}

/// Who opened a record or revealed a secret of it, newest first.
#[utoipa::path(get, path = "/records/{kind}/{id}/access", tag = "access", params(("kind" = String, Path), ("id" = Uuid, Path), LogQuery),
    responses((status = 200, body = Page<AccessItem>), Problems), extensions(("x-permit" = json!("access.access_log.read"))))]
async fn access(
    State(house): State<House>,
    scope: Scope<ReadAccessLog>,
    Segment((kind, id)): Segment<(String, Uuid)>,
    Params(q): Params<LogQuery>,
) -> Outcome<Json<Page<AccessItem>>> {
    let found = house.kinds.iter().find(|k| k.name == kind).ok_or(Problem::NotFound)?;
    (found.access)(scope.clone(), id).await?;
    let page = log(&house, &kind, id, &q, true).await?;
    let names = scope.account_names(page.items.iter().map(|r| r.actor_id).collect()).await?;
    Ok(Json(page.map(|r| AccessItem {
        reason: audit::read_detail(&house.floor.keys, &r).and_then(|d| d.reason),
        seq: r.seq,
        at: iso(r.at),
        actor: Actor { id: r.actor_id, name: names.get(&r.actor_id).cloned().unwrap_or_default() },
        action: r.action,
    })))
}

async fn log(house: &House, kind: &str, id: Id, q: &LogQuery, views: bool) -> Outcome<Page<row::Model>> {
    let limit = page::limit(q.limit)?;
    let mut query = row::Entity::find()
        .filter(row::Column::ObjectId.eq(id))
        .filter(row::Column::ObjectKind.eq(kind))
        .order_by(row::Column::Seq, Order::Desc)
        .limit(limit + 1);
    query = if views {
        query.filter(row::Column::Action.is_in(["open", "reveal", "export"]))
    } else {
        query.filter(row::Column::Action.ne("open"))
    };
    if let Some(before) = page::decode::<i64>(q.cursor.as_deref())? {
        query = query.filter(row::Column::Seq.lt(before));
    }
    Ok(Page::cut(query.all(reader(&house.floor)).await?, limit, |r| r.seq))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(history)).routes(routes!(access))
}
