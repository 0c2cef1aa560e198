//! `GET /coverage/missing`: the names behind what is missing from one hundred percent.

use access::{House, Outcome, Page, Params, Problem, Problems, Scope};
use axum::Json;
use chrono::NaiveDate;
use kernel::{Field, page, place::DivisionId};
use places::{
    divisions::{self, Past, view::Division},
    network::status::Shortfall,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Kind, Question, ReadNetworkCoverage, past, store, view};
use crate::coverage::http::{check_day, check_kinds, mode};

/// Which units to name.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MissingQuery {
    /// Code of the place; the caller's own when left out.
    pub place: Option<String>,
    /// As of this day; today when left out.
    pub on: Option<NaiveDate>,
    /// station or point.
    pub kind: String,
    /// Points: strict (the default) or area.
    pub mode: Option<String>,
    /// Division kinds (repeatable); those of the parameter when left out.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// A unit that is not covered.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Missing {
    /// The township or village.
    pub place: Division,
    /// never_opened, no_plaque, no_assignment, not_operating, suspended_too_long or closed.
    pub why: &'static str,
}

/// Townships without a station that counts, or villages without a point that counts, in order of the tree.
#[utoipa::path(get, path = "/coverage/missing", tag = "coverage", params(MissingQuery),
    responses((status = 200, body = Page<Missing>), Problems),
    extensions(("x-permit" = json!("insight.network_coverage.read"))))]
async fn missing(scope: Scope<ReadNetworkCoverage>, Params(q): Params<MissingQuery>) -> Outcome<Json<Page<Missing>>> {
    let limit = page::limit(q.limit)?;
    let after: Option<DivisionId> = page::decode(q.cursor.as_deref())?;
    let on = q.on.unwrap_or_else(|| scope.today());
    check_day("on", on, scope.today())?;
    let kind = match q.kind.as_str() {
        "station" => Kind::Station,
        "point" => Kind::Point,
        _ => {
            return Err(Problem::invalid(Field::new(
                "kind",
                "unknown_code",
                "请选择 station（社工站）或 point（社工点）。",
                "Choose station or point.",
            )));
        }
    };
    check_kinds(&q.kinds, kind)?;
    let question = Question { kind, mode: mode(q.mode.as_deref())?, on, kinds: q.kinds, by_child: false };
    let place = scope.place_or_own("place", q.place.as_deref()).await?.place();
    scope.report(&place)?;
    let question = view::complete(&scope, &place, question).await?;
    let found = if past::differs(&scope, &place, &question).await? {
        past::units(&scope, &place, &question)
            .await?
            .into_iter()
            .filter(|(unit, lacking)| *lacking > 0 && after.is_none_or(|a| unit.id > a))
            .map(|(unit, lacking)| (unit.id, lacking))
            .take(usize::try_from(limit + 1).unwrap_or(usize::MAX))
            .collect()
    } else {
        store::lacking_units(&scope, &question, &place, after, limit + 1).await?
    };
    let page = Page::cut(found, limit, |(id, _)| *id);
    Ok(Json(Page { items: named(&scope, &question, page.items).await?, next: page.next }))
}

async fn named(
    scope: &Scope<ReadNetworkCoverage>,
    q: &Question,
    found: Vec<(DivisionId, i64)>,
) -> Outcome<Vec<Missing>> {
    let past = Past::on(scope, None, q.on).await?;
    let mut rows = divisions::store::rows_by_id(scope, found.iter().map(|(id, _)| *id).collect()).await?;
    rows.sort_by_key(|r| r.id);
    let rows = rows.into_iter().map(|r| past.apply(r)).collect();
    let shown = divisions::view::divisions(scope, rows).await?;
    let why = |number: i64| Shortfall::from_number(number).unwrap_or(Shortfall::NeverOpened).code();
    Ok(shown.into_iter().zip(found).map(|(place, (_, number))| Missing { place, why: why(number) }).collect())
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(missing))
}
