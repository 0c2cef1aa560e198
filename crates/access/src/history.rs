//! The history of a record (变更历史) and who opened it (访问记录), read from the audit chains.
//!
//! A record's history is open to whoever may see the record under this room's permits. Each room registers its kinds of
//! record with a finder; a kind nobody registered does not exist.

use axum::{Json, extract::State};
use futures::future::BoxFuture;
use kernel::{Id, Outcome, Page, Permit, Problem, Sees, codes, page, permits, place::DivisionId};
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
#[into_params(parameter_in = Query)]
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
    let page = page.map(|r| {
        let detail = audit::read_detail(&house.floor.keys, &r).unwrap_or_default();
        let changes: Vec<_> = detail.changes.into_iter().filter_map(readable).collect();
        (r, changes, detail.reason)
    });
    let changes = || page.items.iter().flat_map(|(_, changes, _)| changes);
    let named = changes().flat_map(ids::<Id>).chain(page.items.iter().map(|(r, ..)| r.actor_id));
    let names = scope.account_names(named.collect()).await?;
    let places = scope.labels(changes().flat_map(ids::<DivisionId>).collect::<Vec<_>>()).await?;
    Ok(Json(page.map(|(r, mut changes, reason)| {
        for change in &mut changes {
            if !holds_ids(&change.field) {
                continue;
            }
            for text in [&mut change.before, &mut change.after].into_iter().flatten() {
                let place = text.parse().ok().and_then(|id: DivisionId| places.get(&id));
                let account = text.parse().ok().and_then(|id: Id| names.get(&id));
                if let Some(name) = place.map(|p| &p.name).or(account) {
                    name.clone_into(text);
                }
            }
        }
        let actor = Actor { id: r.actor_id, name: names.get(&r.actor_id).cloned().unwrap_or_default() };
        HistoryItem { seq: r.seq, at: iso(r.at), actor, action: r.action, changes, reason }
    })))
}

/// A change as people read it; none of what only follows from another field. The bits of categories become their codes, those
/// of restricted ones left out (限制知悉类别, C4): they have a log of their own.
fn readable(change: audit::Change) -> Option<audit::Change> {
    match change.field.as_str() {
        "name_pinyin" | "id_hash" | "phone_hash" | "is_target" => None,
        "cat_bits" => {
            let open =
                |text: &Option<String>| text.as_ref()?.parse::<i64>().ok().map(|bits| bits & !codes::restricted_mask());
            let (before, after) = (open(&change.before), open(&change.after));
            let words = |bits: Option<i64>| bits.filter(|b| *b != 0).map(categories);
            (before.unwrap_or(0) != after.unwrap_or(0)).then(|| audit::Change {
                field: "categories".to_owned(),
                before: words(before),
                after: words(after),
            })
        }
        _ => Some(change),
    }
}

/// Codes of the categories in a mask, joined by commas; all kinds of disability are `DIS`.
fn categories(bits: i64) -> String {
    let Some(list) = codes::list("category") else { return String::new() };
    let mut found: Vec<&str> = Vec::new();
    for item in list.items.iter().filter(|item| item.bit.is_some_and(|bit| bits >> bit & 1 == 1)) {
        let code = if item.code.starts_with("DIS_") { "DIS" } else { item.code.as_str() };
        if !found.contains(&code) {
            found.push(code);
        }
    }
    found.join(",")
}

/// Whether a field names other rows; what people wrote themselves is never taken for an id.
fn holds_ids(field: &str) -> bool {
    field.ends_with("_id") || field.ends_with("_by")
}

/// The ids among the values of a change.
fn ids<T: std::str::FromStr>(change: &audit::Change) -> impl Iterator<Item = T> {
    let here = holds_ids(&change.field);
    [&change.before, &change.after].into_iter().flatten().filter(move |_| here).filter_map(|text| text.parse().ok())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn change(field: &str, before: &str, after: &str) -> audit::Change {
        audit::Change { field: field.to_owned(), before: Some(before.to_owned()), after: Some(after.to_owned()) }
    }

    #[test]
    fn bits_are_read_as_codes_and_restricted_ones_not_at_all() {
        let mask = |code| codes::category_mask(code).unwrap();
        let (dibao, severe, secret) = (mask("DIBAO"), mask("DIS_4_2"), mask("CORRECTION"));
        let read = readable(change("cat_bits", &severe.to_string(), &(severe | dibao | secret).to_string())).unwrap();
        assert_eq!(read.field, "categories");
        assert_eq!(read.before.as_deref(), Some("DIS"));
        let after = read.after.unwrap_or_default();
        assert_eq!(after.split(',').collect::<std::collections::BTreeSet<_>>(), ["DIBAO", "DIS"].into());
        assert!(readable(change("cat_bits", &dibao.to_string(), &(dibao | secret).to_string())).is_none());
        assert_eq!(readable(change("cat_bits", &secret.to_string(), &dibao.to_string())).unwrap().before, None);
        assert!(readable(change("name_pinyin", "a", "b")).is_none());
        assert_eq!(readable(change("grade", "B", "A")).unwrap().after.as_deref(), Some("A"));
    }

    #[test]
    fn only_fields_of_ids_hold_ids() {
        assert_eq!(ids::<DivisionId>(&change("village_id", "12", "13")).collect::<Vec<_>>(), [12, 13]);
        assert_eq!(ids::<DivisionId>(&change("minutes", "12", "13")).count(), 0);
        let account = Id::max().to_string();
        assert_eq!(ids::<Id>(&change("approved_by", "", &account)).collect::<Vec<_>>(), [Id::max()]);
        assert_eq!(ids::<Id>(&change("note", "", &account)).count(), 0, "a note is no account");
    }
}
