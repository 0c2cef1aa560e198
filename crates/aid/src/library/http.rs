//! The open doors of the library: the same answer for everybody at a place, so that any cache may keep it for a while.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use access::{House, Open, Params, PlaceRef, Problems};
use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use kernel::{Outcome, Problem, place::DivisionId};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    plan_for,
    view::{self, CheckPlan, PublicLibrary},
};

/// Whose standards.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Where {
    /// Code of a county, city or province; of a smaller place its county. The nation when left out.
    place: Option<String>,
}

/// Below which place.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Below {
    /// Code of a province or city; the provinces when left out.
    under: Option<String>,
}

/// Places to choose from.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PublicPlaces {
    /// Provinces, or the cities and counties right below a place; at most 400.
    pub items: Vec<PlaceRef>,
}

/// The public policy library of a place: situations of life, plain words, where to go, what to bring, limits, sources.
#[utoipa::path(get, path = "/library", tag = "library", params(Where),
    responses((status = 200, body = PublicLibrary), (status = 304, description = "As known."), Problems), extensions(("x-permit" = json!(null))))]
async fn shelf(door: Open, Params(query): Params<Where>, headers: HeaderMap) -> Outcome<Response> {
    let places = places(&door, &query).await?;
    let here = plan_for(&door, &places).await?;
    let places = places.into_iter().map(|(_, place)| place).collect();
    shared(&headers, &view::library(&here, places)?)
}

/// The conditions of a place as data: a browser asks and answers by itself, and sends nothing back.
#[utoipa::path(get, path = "/library/conditions", tag = "library", params(Where),
    responses((status = 200, body = CheckPlan), (status = 304, description = "As known."), Problems), extensions(("x-permit" = json!(null))))]
async fn conditions(door: Open, Params(query): Params<Where>, headers: HeaderMap) -> Outcome<Response> {
    let places = places(&door, &query).await?;
    let here = plan_for(&door, &places).await?;
    let places = places.into_iter().map(|(_, place)| place).collect();
    shared(&headers, &view::check(&here, places)?)
}

/// Provinces, or the cities and counties right below a place: names and codes of the public list.
#[utoipa::path(get, path = "/library/places", tag = "library", params(Below),
    responses((status = 200, body = PublicPlaces), (status = 304, description = "As known."), Problems), extensions(("x-permit" = json!(null))))]
async fn below(door: Open, Params(query): Params<Below>, headers: HeaderMap) -> Outcome<Response> {
    let under = query.under.as_deref().filter(|code| !code.is_empty());
    shared(&headers, &PublicPlaces { items: door.below("under", under).await? })
}

async fn places(door: &Open, query: &Where) -> Outcome<Vec<(DivisionId, PlaceRef)>> {
    match query.place.as_deref().filter(|code| !code.is_empty()) {
        Some(code) => door.way_up("place", code).await,
        None => Ok(Vec::new()),
    }
}

/// An answer that is nobody's: it may be kept for five minutes and then asked for by its mark.
fn shared<T: Serialize>(headers: &HeaderMap, answer: &T) -> Outcome<Response> {
    let text = serde_json::to_vec(answer).map_err(Problem::internal)?;
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let mark = format!("W/\"{:016x}\"", hasher.finish());
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains(&mark));
    let response = Response::builder()
        .header(header::CACHE_CONTROL, "public, max-age=300")
        .header(header::ETAG, &mark)
        .status(if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    let response = if known {
        response.body(Body::empty())
    } else {
        response.header(header::CONTENT_TYPE, "application/json").body(Body::from(text))
    };
    response.map_err(Problem::internal)
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(shelf)).routes(routes!(conditions)).routes(routes!(below))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn an_answer_that_is_known_is_not_sent_again() {
        let mut headers = HeaderMap::new();
        let first = shared(&headers, &["a"]).unwrap();
        assert_eq!(
            (first.status(), &first.headers()[header::CACHE_CONTROL]),
            (StatusCode::OK, &HeaderValue::from_static("public, max-age=300"))
        );
        headers.insert(header::IF_NONE_MATCH, first.headers()[header::ETAG].clone());
        assert_eq!(shared(&headers, &["a"]).unwrap().status(), StatusCode::NOT_MODIFIED);
        assert_eq!(shared(&headers, &["b"]).unwrap().status(), StatusCode::OK, "something else");
    }
}
