//! What an account likes to see (个人设置): columns of a list, their order and width, the way a list is walked. No record: kept as it is, not audited.

use axum::{Json, extract::State, http::StatusCode};
use kernel::{Field, Outcome, Problem};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Body, House, Problems, Scope, Segment, own::Own, row::preference, visible::reader};

/// The most settings one account keeps.
const MOST: u64 = 200;
/// The longest setting, in bytes of JSON.
const LONGEST: usize = 4_000;

/// The settings of the caller.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Preferences {
    /// Settings by name.
    #[schema(value_type = Object)]
    pub items: std::collections::BTreeMap<String, serde_json::Value>,
}

/// A setting to keep.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Preference {
    /// An object of up to 4,000 bytes; an empty one forgets the setting.
    #[schema(value_type = Object)]
    pub value: serde_json::Map<String, serde_json::Value>,
}

/// What the caller likes to see.
#[utoipa::path(get, path = "/preferences", tag = "access",
    responses((status = 200, body = Preferences), Problems), extensions(("x-permit" = json!("access.own"))))]
async fn list(State(house): State<House>, scope: Scope<Own>) -> Outcome<Json<Preferences>> {
    let rows = preference::Entity::find()
        .filter(preference::Column::AccountId.eq(scope.actor()))
        .limit(MOST)
        .all(reader(&house.floor))
        .await?;
    let read = |text: &str| serde_json::from_str(text).unwrap_or_default();
    Ok(Json(Preferences { items: rows.into_iter().map(|r| (r.name, read(&r.value))).collect() }))
}

/// Whether a name is `word.word`: lower-case letters, digits, dots, dashes.
fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    (1..=60).contains(&name.len()) && name.chars().all(fits)
}

/// Keeps a setting of the caller; the same again changes nothing.
#[utoipa::path(put, path = "/preferences/{name}", tag = "access", params(("name" = String, Path)), request_body = Preference,
    responses((status = 204), Problems), extensions(("x-permit" = json!("access.own"))))]
async fn keep(
    State(house): State<House>,
    scope: Scope<Own>,
    Segment(name): Segment<String>,
    body: Body<Preference>,
) -> Outcome<StatusCode> {
    if !is_name(&name) {
        return Err(Problem::NotFound);
    }
    let value = body.value.value;
    let forget = value.is_empty();
    let text = serde_json::Value::Object(value).to_string();
    if text.len() > LONGEST {
        return Err(Problem::invalid(Field::too_long("value", LONGEST)));
    }
    let (me, now) = (scope.actor(), scope.now());
    house
        .floor
        .db
        .write(move |tx| {
            Box::pin(async move {
                if forget {
                    preference::Entity::delete_by_id((me, name)).exec(tx.conn()).await?;
                    return Ok(());
                }
                let row =
                    preference::ActiveModel { account_id: Set(me), name: Set(name), value: Set(text), at: Set(now) };
                let again = OnConflict::columns([preference::Column::AccountId, preference::Column::Name])
                    .update_columns([preference::Column::Value, preference::Column::At])
                    .to_owned();
                preference::Entity::insert(row).on_conflict(again).exec_without_returning(tx.conn()).await?;
                Ok(())
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(keep))
}
