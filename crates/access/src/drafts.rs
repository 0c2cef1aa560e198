//! Drafts (草稿): what somebody was typing when the session ended, the network went or the page was closed.
//!
//! A draft belongs to one account and one form and carries the client-made id the finished form would be sent with. It is kept
//! encrypted like a secret, expires (`draft.keep_days`), and is no record: it is not audited and is really removed. A draft whose
//! form was saved is spent: keeping it again does nothing, so that a late autosave can never come back over a newer record.
//! `base_rev` tells which revision of a record the draft was typed over; the form shows when the record has moved on since.

use axum::{Json, extract::State, http::StatusCode};
use ground::Tx;
use kernel::{Field, Id, Outcome, Problem, Secret, params::Params as Parameters};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, Order, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    Body, House, Params, Problems, Scope, Segment, iso,
    own::Own,
    row::{draft, write_receipt},
    visible::reader,
};

const DAY: i64 = 86_400_000;
/// The longest draft, in bytes of JSON.
const LONGEST: usize = 200_000;

/// A draft to keep.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeptDraft {
    /// Name of the form, with the id of its subject: `person-new`, `visit-new-…`.
    #[schema(min_length = 1, max_length = 100)]
    pub form: String,
    /// What was typed, as the form holds it.
    #[schema(value_type = Object)]
    pub content: serde_json::Map<String, serde_json::Value>,
    /// Revision of the record that is being changed; 0 for something new.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub base_rev: i32,
}

/// Whether the draft was kept.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DraftKept {
    /// False when the form was sent meanwhile: there is nothing left to keep.
    pub kept: bool,
    /// When (ISO 8601, UTC).
    pub saved_at: String,
}

/// A draft of the caller.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DraftView {
    /// The client-made id the form will be sent with.
    pub id: Uuid,
    /// Name of the form.
    pub form: String,
    /// What was typed.
    #[schema(value_type = Object)]
    pub content: serde_json::Value,
    /// Revision of the record the draft was typed over; 0 for something new.
    pub base_rev: i32,
    /// When it was kept (ISO 8601, UTC).
    pub saved_at: String,
}

/// Newest drafts of one form.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Drafts {
    /// The newest, if there is one.
    pub items: Vec<DraftView>,
}

/// Of which form.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DraftQuery {
    /// Name of the form.
    pub form: String,
}

fn number(scope: &Scope<Own>, code: &str, otherwise: i64) -> i64 {
    Parameters::national().whole(code, &[], scope.today()).unwrap_or(otherwise).max(1)
}

/// The newest draft of a form the caller has not sent yet.
#[utoipa::path(get, path = "/drafts", tag = "access", params(DraftQuery),
    responses((status = 200, body = Drafts), Problems), extensions(("x-permit" = json!("access.own"))))]
async fn newest(State(house): State<House>, scope: Scope<Own>, Params(q): Params<DraftQuery>) -> Outcome<Json<Drafts>> {
    let found = draft::Entity::find()
        .filter(draft::Column::AccountId.eq(scope.actor()))
        .filter(draft::Column::Form.eq(q.form))
        .filter(draft::Column::ExpiresAt.gt(scope.now()))
        .order_by(draft::Column::SavedAt, Order::Desc)
        .limit(5)
        .all(reader(&house.floor))
        .await?;
    for row in found {
        // A receipt with this id: the form was sent, only the draft was left behind.
        if write_receipt::Entity::find_by_id(row.id).one(reader(&house.floor)).await?.is_some() {
            continue;
        }
        let plain = scope.open_for_use(&row.content)?;
        let content = serde_json::from_str(plain.expose()).map_err(Problem::internal)?;
        let saved_at = iso(row.saved_at);
        let view = DraftView { id: row.id, form: row.form, content, base_rev: row.base_rev, saved_at };
        return Ok(Json(Drafts { items: vec![view] }));
    }
    Ok(Json(Drafts { items: Vec::new() }))
}

/// Keeps a draft of the caller under the client-made id of its form; a later one replaces it.
#[utoipa::path(put, path = "/drafts/{id}", tag = "access", params(("id" = Uuid, Path)), request_body = KeptDraft,
    responses((status = 200, body = DraftKept), Problems), extensions(("x-permit" = json!("access.own"))))]
async fn keep(
    State(house): State<House>,
    scope: Scope<Own>,
    Segment(id): Segment<Uuid>,
    body: Body<KeptDraft>,
) -> Outcome<Json<DraftKept>> {
    let KeptDraft { form, content, base_rev } = body.value;
    if form.trim().is_empty() {
        return Err(Problem::invalid(Field::required("form")));
    }
    if form.chars().count() > 100 {
        return Err(Problem::invalid(Field::too_long("form", 100)));
    }
    if base_rev < 0 {
        return Err(Problem::invalid(Field::new(
            "base_rev",
            "range",
            "版本号不能小于 0，请刷新页面后重试。",
            "The revision cannot be below 0; reload the page and try again.",
        )));
    }
    let text = serde_json::Value::Object(content).to_string();
    if text.len() > LONGEST {
        return Err(Problem::invalid(Field::too_long("content", LONGEST)));
    }
    let (me, now) = (scope.actor(), scope.now());
    let row = draft::ActiveModel {
        account_id: Set(me),
        id: Set(id),
        form: Set(form),
        base_rev: Set(base_rev),
        content: Set(scope.seal(&Secret::new(text))?),
        saved_at: Set(now),
        expires_at: Set(now + number(&scope, "draft.keep_days", 14) * DAY),
    };
    let most = u64::try_from(number(&scope, "draft.max_per_account", 100)).unwrap_or(100);
    let kept = house.floor.db.write(move |tx| Box::pin(async move { put(tx, me, now, most, row).await })).await?;
    Ok(Json(DraftKept { kept, saved_at: iso(now) }))
}

/// Puts the draft, unless its form was sent; sweeps what has expired and the oldest beyond the bound.
async fn put(tx: &Tx, me: Id, now: i64, most: u64, row: draft::ActiveModel) -> Outcome<bool> {
    use draft::Column::{AccountId, BaseRev, Content, ExpiresAt, Form, Id as DraftId, SavedAt};
    let conn = tx.conn();
    if let sea_orm::ActiveValue::Set(id) = row.id
        && write_receipt::Entity::find_by_id(id).one(conn).await?.is_some()
    {
        draft::Entity::delete_by_id((me, id)).exec(conn).await?;
        return Ok(false);
    }
    draft::Entity::delete_many().filter(ExpiresAt.lte(now)).exec(conn).await?;
    let again = OnConflict::columns([AccountId, DraftId])
        .update_columns([Form, BaseRev, Content, SavedAt, ExpiresAt])
        .to_owned();
    draft::Entity::insert(row).on_conflict(again).exec_without_returning(conn).await?;
    let kept = draft::Entity::find()
        .select_only()
        .columns([DraftId])
        .filter(AccountId.eq(me))
        .order_by(SavedAt, Order::Desc)
        .limit(most + 50)
        .into_tuple::<Id>()
        .all(conn)
        .await?;
    for id in kept.into_iter().skip(usize::try_from(most).unwrap_or(usize::MAX)) {
        draft::Entity::delete_by_id((me, id)).exec(conn).await?;
    }
    Ok(true)
}

/// Throws an own draft away.
#[utoipa::path(delete, path = "/drafts/{id}", tag = "access", params(("id" = Uuid, Path)),
    responses((status = 204), Problems), extensions(("x-permit" = json!("access.own"))))]
async fn discard(State(house): State<House>, scope: Scope<Own>, Segment(id): Segment<Uuid>) -> Outcome<StatusCode> {
    let me = scope.actor();
    house
        .floor
        .db
        .write(move |tx| {
            Box::pin(async move {
                draft::Entity::delete_by_id((me, id)).exec(tx.conn()).await?;
                Ok(())
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(newest)).routes(routes!(keep, discard))
}
