//! The one door of this room.

use access::{House, Outcome, Page, Params as Query, PlaceRef, Problems, Scope};
use axum::Json;
use kernel::params::{Anchor, NATIONAL, Param, Params, Value};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::ReadParams;
use crate::divisions;

/// The operations of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Where and when.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Place; the nation when left out.
    place: Option<String>,
    /// Day; today when left out.
    on: Option<chrono::NaiveDate>,
}

/// A parameter as it holds at a place on a day.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ParamView {
    /// Stable code.
    pub code: String,
    /// Chinese label.
    pub label: String,
    /// English label.
    pub label_en: String,
    /// The value.
    pub value: Value,
    /// Unit: day, month, percent, person, or the list that codes belong to.
    pub unit: String,
    /// The place that set it; code `national` for the whole country.
    pub place: PlaceRef,
    /// First day.
    pub from: chrono::NaiveDate,
    /// Last day, inclusive.
    pub to: Option<chrono::NaiveDate>,
    /// Document or design note behind it.
    pub source: String,
    /// Whether a text that states this value was read.
    pub verified: bool,
    /// How a national value binds places: `most` (a place may set less, never more) or `least`.
    pub anchor: Option<Anchor>,
    /// The number in force where the place went beyond a national anchor; null where the value itself holds.
    pub held_at: Option<i64>,
}

/// Lists every parameter as it holds at a place on a day.
#[utoipa::path(get, path = "/params", tag = "places", params(ListQuery),
    responses((status = 200, body = Page<ParamView>), Problems), extensions(("x-permit" = json!("places.params.read"))))]
async fn list(scope: Scope<ReadParams>, Query(query): Query<ListQuery>) -> Outcome<Json<Page<ParamView>>> {
    let on = query.on.unwrap_or_else(|| scope.today());
    let codes = match &query.place {
        Some(code) if !code.is_empty() => {
            let place = scope.resolve("place", code).await?.place();
            divisions::codes_upward(&scope, &place).await?
        }
        _ => Vec::new(),
    };
    let nearest: Vec<&str> = codes.iter().map(String::as_str).collect();
    let mut items = Vec::new();
    for param in Params::national().all(&nearest, on) {
        let held = Params::national().held(&param.code, &nearest, on).filter(|h| h.wished.is_some());
        items.push(ParamView { held_at: held.map(|h| h.value), ..shown(&scope, param).await? });
    }
    Ok(Json(Page::whole(items)))
}

async fn shown(scope: &Scope<ReadParams>, param: &Param) -> Outcome<ParamView> {
    let place = if param.place == NATIONAL {
        PlaceRef { code: NATIONAL.to_owned(), name: "全国".to_owned(), level: 0, kind: "nation".to_owned() }
    } else {
        scope.resolve("place", &format!("civil:{}", param.place)).await?.short()
    };
    Ok(ParamView {
        code: param.code.clone(),
        label: param.label.clone(),
        label_en: param.label_en.clone(),
        value: param.value.clone(),
        unit: param.unit.clone(),
        place,
        from: param.from,
        to: param.to,
        source: param.source.clone(),
        verified: param.verified,
        anchor: param.anchor,
        held_at: None,
    })
}
