//! The unserved over HTTP; coverage itself is answered in `crate::coverage`.

use access::{House, Page, Params, Problems, Scope};
use axum::Json;
use chrono::NaiveDate;
use kernel::{Field, Level, Outcome, Place, Problem, page, params};
use people::{
    persons::{self, PersonRow},
    visits::{self, served},
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::ReadUnserved;

/// A target person not served in the period.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UnservedRow {
    /// Who.
    #[serde(flatten)]
    pub person: PersonRow,
    /// When last served; null when never.
    pub last_served_on: Option<NaiveDate>,
}

/// Which unserved persons to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UnservedQuery {
    /// A county or below; the caller's own place when left out.
    pub place: Option<String>,
    /// Today; names of a past day are not listed.
    pub on: Option<NaiveDate>,
    /// First day of the period; the usual period when left out.
    pub from: Option<NaiveDate>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// Target persons not served in the period that ends today, the longest unserved first.
#[utoipa::path(get, path = "/coverage/unserved", tag = "coverage", params(UnservedQuery),
    responses((status = 200, body = Page<UnservedRow>), Problems),
    extensions(("x-permit" = json!("insight.unserved.read"))))]
async fn unserved(scope: Scope<ReadUnserved>, Params(q): Params<UnservedQuery>) -> Outcome<Json<Page<UnservedRow>>> {
    let limit = page::limit(q.limit)?;
    let after = visits::model::day_key(q.cursor.as_deref())?;
    check(&q, scope.today())?;
    let place = scope.place_or_own("place", q.place.as_deref()).await?.place();
    scope.must_cover(&place)?;
    let county = as_county(&scope, place).await?;
    let codes = labels_upward(&scope, &place).await?;
    let places: Vec<&str> = codes.iter().map(String::as_str).collect();
    let from = q.from.unwrap_or_else(|| served::period_from(params::Params::national(), &places, scope.today()));
    let rows = served::unserved(&scope, &county, from, after).limit(limit + 1).all().await?;
    let page = Page::cut(rows, limit, |p| (p.last_served_on, p.id));
    let days: Vec<NaiveDate> = page.items.iter().map(|p| p.last_served_on).collect();
    let people = persons::rows(&scope, page.items).await?;
    let items = people
        .into_iter()
        .zip(days)
        .map(|(person, day)| UnservedRow { person, last_served_on: Some(day).filter(|d| *d > served::NEVER) })
        .collect();
    Ok(Json(Page { items, next: page.next }))
}

fn check(q: &UnservedQuery, today: NaiveDate) -> Outcome<()> {
    let mut faults: Vec<Field> = visits::model::day_faults("from", q.from).into_iter().collect();
    if q.from.is_some_and(|from| from > today) {
        faults.push(Field::future("from"));
    }
    if q.on.is_some_and(|on| on != today) {
        faults.push(Field::new(
            "on",
            "not_today",
            "未服务名单只提供今天的；往日请查看覆盖率数字。",
            "The unserved are listed as of today only; for a past day see the figures of coverage.",
        ));
    }
    visits::model::refuse(faults)
}

/// The place as its list is indexed: a county or below, or a city without counties in the part of one.
async fn as_county(scope: &Scope<ReadUnserved>, place: Place) -> Outcome<Place> {
    if place.level >= Level::County {
        return Ok(place);
    }
    let units = match scope.report(&place) {
        Ok(report) => served::units(&report, scope.today()).await?.len(),
        Err(_) => usize::MAX,
    };
    if units > 1 {
        return Err(Problem::invalid(Field::new(
            "place",
            "above_county",
            "名单只列到县（市、区），请先选择一个县（市、区）。",
            "Names are listed for a county or below; choose a county first.",
        )));
    }
    let [province, city, _, township, village] = place.path;
    Ok(Place { id: place.id, level: Level::County, path: [province, city, place.id, township, village] })
}

async fn labels_upward(scope: &Scope<ReadUnserved>, place: &Place) -> Outcome<Vec<String>> {
    let labels = scope.labels(place.path).await?;
    Ok(people::due::actions::codes_in(&labels, &place.path))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(unserved))
}
