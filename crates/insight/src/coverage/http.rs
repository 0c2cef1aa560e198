//! `GET /coverage`: checks the question and sends it to the room that knows.

use access::{House, Outcome, Params, Problem, Problems, Scope, placement::division};
use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use chrono::NaiveDate;
use kernel::{Day, Field, codes, day};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{By, CoverageView, ServiceKind};
use crate::{
    network_coverage::{self, Kind, Mode, Question, ReadNetworkCoverage},
    service_coverage::{self, Answer},
};

/// A question of coverage.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CoverageQuery {
    /// Code of the place; the caller's own when left out.
    pub place: Option<String>,
    /// As of this day; today when left out.
    pub on: Option<NaiveDate>,
    /// First day of the period (services only).
    pub from: Option<NaiveDate>,
    /// station, point, staffing, service or ledger.
    pub kind: String,
    /// Points: strict (seated in the village, the default) or area (covering it).
    pub mode: Option<String>,
    /// Division kinds of the denominator (repeatable); those of the parameter when left out.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// child: one row per child division; township (service and ledger): one row per township inside the place.
    pub by: Option<String>,
}

/// The job that works an answer out; its result is the answer.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CoverageJob {
    /// Id for `/jobs/{id}`.
    pub job: Uuid,
}

/// Whether the caller asks for English first.
pub fn prefers_english(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).is_some_and(|v| v.trim_start().starts_with("en"))
}

/// Refuses a day that is no day of the past.
pub fn check_day(field: &str, on: Day, today: Day) -> Outcome<()> {
    if on > today {
        return Err(Problem::invalid(Field::future(field)));
    }
    if day::parse("1949-10-01").is_some_and(|first| on < first) {
        return Err(Problem::invalid(Field::new(
            field,
            "range",
            "日期过早，请填 1949-10-01 或之后的日期。",
            "The date is too early; give 1949-10-01 or later.",
        )));
    }
    Ok(())
}

fn choice(field: &str, options: &str) -> Problem {
    Problem::invalid(Field::new(
        field,
        "unknown_code",
        format!("不是有效的选项，请从 {options} 中选择。"),
        format!("Not one of the options; choose one of {options}."),
    ))
}

/// Reads `mode`.
pub fn mode(text: Option<&str>) -> Outcome<Mode> {
    match text {
        None | Some("strict") => Ok(Mode::Strict),
        Some("area") => Ok(Mode::Area),
        Some(_) => Err(choice("mode", "strict, area")),
    }
}

/// Refuses kinds that are no division kinds of the level the question counts.
pub fn check_kinds(kinds: &[String], kind: Kind) -> Outcome<()> {
    let level = if kind == Kind::Point { "5" } else { "4" };
    let known = |code: &str| {
        codes::list("division_kind").and_then(|l| l.get(code)).is_some_and(|i| i.level.as_deref() == Some(level))
    };
    let wrong: Vec<Field> = kinds
        .iter()
        .enumerate()
        .filter(|(_, code)| !known(code))
        .map(|(i, _)| Field::unknown_code(format!("kinds[{i}]"), "division_kind"))
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(Problem::Invalid(wrong)) }
}

/// Coverage of a place on a day, with formula, numerator and denominator.
#[utoipa::path(get, path = "/coverage", tag = "coverage", params(CoverageQuery),
    responses((status = 200, body = CoverageView), (status = 202, body = CoverageJob), Problems),
    extensions(("x-permit" = json!("insight.network_coverage.read"))))]
async fn coverage(
    scope: Scope<ReadNetworkCoverage>,
    headers: HeaderMap,
    Params(q): Params<CoverageQuery>,
) -> Outcome<Response> {
    let (today, english) = (scope.today(), prefers_english(&headers));
    let on = q.on.unwrap_or(today);
    check_day("on", on, today)?;
    if let Some(from) = q.from {
        check_day("from", from, on)?;
    }
    let by = match q.by.as_deref() {
        None => None,
        Some("child") => Some(By::Child),
        Some("township") if matches!(q.kind.as_str(), "service" | "ledger") => Some(By::Township),
        Some(_) => return Err(choice("by", "child, township")),
    };
    let mode = mode(q.mode.as_deref())?;
    let place = scope.place_or_own("place", q.place.as_deref()).await?;
    let network = |kind| -> Outcome<Question> {
        check_kinds(&q.kinds, kind)?;
        Ok(Question { kind, mode, on, kinds: q.kinds.clone(), by_child: by == Some(By::Child) })
    };
    let service = match q.kind.as_str() {
        "station" => return network_answer(&scope, &place, network(Kind::Station)?, english).await,
        "point" => return network_answer(&scope, &place, network(Kind::Point)?, english).await,
        "staffing" => return network_answer(&scope, &place, network(Kind::Staffing)?, english).await,
        "service" => ServiceKind::Service,
        "ledger" => ServiceKind::Ledger,
        _ => return Err(choice("kind", "station, point, staffing, service, ledger")),
    };
    match service_coverage::answer(&scope.also()?, &place, on, q.from, service, by, english).await? {
        Answer::Now(view) => Ok(Json(*view).into_response()),
        Answer::Job(job) => Ok((StatusCode::ACCEPTED, Json(CoverageJob { job })).into_response()),
    }
}

async fn network_answer(
    scope: &Scope<ReadNetworkCoverage>,
    place: &division::Model,
    question: Question,
    english: bool,
) -> Outcome<Response> {
    let view = network_coverage::figures(scope, place, question).await?;
    Ok(Json(view.spoken(english)).into_response())
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(coverage))
}
