//! The audit log as the auditor and the security admin read it: who did what to which kind of record, never its content.

use axum::{Json, extract::State};
use kernel::{Outcome, Page, page, permits};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, Order, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{House, Params, Problems, Scope, history::Actor, iso, row::audit, visible::reader};

permits! {
    /// Reading the audit log.
    ReadAudit = "access.audit.read", "查看审计日志", "Read the audit log";
}

/// One record of the audit log.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AuditItem {
    /// Chain number (one per county, 0 for the system).
    pub chain: i32,
    /// Number in the chain.
    pub seq: i64,
    /// When.
    pub at: String,
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: String,
    /// Kind of object.
    pub object_kind: String,
    /// Which object.
    pub object_id: Uuid,
}

/// Whose acts.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Account whose acts to list.
    pub actor: Uuid,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// The acts of one account, newest first.
#[utoipa::path(get, path = "/audit", tag = "access", params(AuditQuery),
    responses((status = 200, body = Page<AuditItem>), Problems), extensions(("x-permit" = json!("access.audit.read"))))]
async fn list(
    State(house): State<House>,
    scope: Scope<ReadAudit>,
    Params(q): Params<AuditQuery>,
) -> Outcome<Json<Page<AuditItem>>> {
    let limit = page::limit(q.limit)?;
    let mut query = audit::Entity::find()
        .filter(audit::Column::ActorId.eq(q.actor))
        .order_by(audit::Column::At, Order::Desc)
        .order_by(audit::Column::Chain, Order::Desc)
        .order_by(audit::Column::Seq, Order::Desc)
        .limit(limit + 1);
    if let Some((at, chain, seq)) = page::decode::<(i64, i32, i64)>(q.cursor.as_deref())? {
        use audit::Column::{At, Chain, Seq};
        query = query.filter(At.lte(at)).filter(
            Condition::any()
                .add(At.lt(at))
                .add(Condition::all().add(At.eq(at)).add(Chain.lt(chain)))
                .add(Condition::all().add(At.eq(at)).add(Chain.eq(chain)).add(Seq.lt(seq))),
        );
    }
    let rows = query.all(reader(&house.floor)).await?;
    let names = scope.account_names(vec![q.actor]).await?;
    let name = names.get(&q.actor).cloned().unwrap_or_default();
    Ok(Json(Page::cut(rows, limit, |r| (r.at, r.chain, r.seq)).map(|r| AuditItem {
        chain: r.chain,
        seq: r.seq,
        at: iso(r.at),
        actor: Actor { id: r.actor_id, name: name.clone() },
        action: r.action,
        object_kind: r.object_kind,
        object_id: r.object_id,
    })))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list))
}
