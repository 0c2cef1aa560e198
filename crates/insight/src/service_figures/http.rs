//! Services in figures over HTTP.

use access::{House, Level, Outcome, Params as Query, PlaceRef, Problems, Scope};
use axum::Json;
use chrono::NaiveDate;
use kernel::{Field, Problem, codes};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ReadServiceFigures,
    figures::{self, Figure, Span},
};

/// The two figures apart.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
pub struct FigureView {
    /// 人次: acts of service.
    pub acts: i64,
    /// 人数: distinct people in the span.
    pub people: i64,
    /// Service minutes, travel not counted.
    pub minutes: i64,
}

/// Figures of one code.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct KindFigure {
    /// Code of the list.
    pub code: String,
    /// Its figures.
    #[serde(flatten)]
    pub figure: FigureView,
}

/// Figures of one month.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MonthFigure {
    /// Month, 2026-11.
    pub month: String,
    /// Its figures.
    #[serde(flatten)]
    pub figure: FigureView,
}

/// Figures of one division below the asked place.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlaceFigure {
    /// The division.
    pub place: PlaceRef,
    /// Its figures.
    #[serde(flatten)]
    pub figure: FigureView,
}

/// Services of a place in a span.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ServiceFigures {
    /// The place.
    pub place: PlaceRef,
    /// The span as asked.
    pub span: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// All services.
    pub total: FigureView,
    /// By service, list `service_kind`; one act may carry several.
    pub services: Vec<KindFigure>,
    /// By work field, list `work_field`.
    pub fields: Vec<KindFigure>,
    /// By mode, list `visit_mode`.
    pub modes: Vec<KindFigure>,
    /// By month of the span.
    pub months: Vec<MonthFigure>,
    /// By division below, in the order of the tree; for the chosen service or field when one was asked.
    pub places: Vec<PlaceFigure>,
}

/// What to count.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FigureQuery {
    /// Place; the caller's own when left out.
    pub place: Option<String>,
    /// 2026-11, 2026-Q4 or 2026; this month when left out.
    pub span: Option<String>,
    /// The divisions below and the months for this service only, list `service_kind`.
    pub service: Option<String>,
    /// The divisions below and the months for this work field only, list `work_field`.
    pub field: Option<String>,
}

/// How many services were given to how many people.
#[utoipa::path(get, path = "/service-figures", tag = "coverage", params(FigureQuery),
    responses((status = 200, body = ServiceFigures), Problems),
    extensions(("x-permit" = json!("insight.service_figures.read"))))]
async fn get(scope: Scope<ReadServiceFigures>, Query(q): Query<FigureQuery>) -> Outcome<Json<ServiceFigures>> {
    let this_month = || scope.today().format("%Y-%m").to_string();
    let span = Span::parse(&q.span.clone().unwrap_or_else(this_month)).ok_or_else(|| {
        Problem::invalid(Field::new(
            "span",
            "format",
            "统计期格式不正确，请填写月（2026-11）、季度（2026-Q4）或年（2026）。",
            "Not a span; give a month (2026-11), a quarter (2026-Q4) or a year (2026).",
        ))
    })?;
    let kind = kind(&q)?;
    let place = scope.place_or_own("place", q.place.as_deref()).await?;
    let report = scope.report(&place.place())?;
    let found = figures::of_place(&report, &span).await?;
    let by = |prefix: &str, list: &str| {
        let items = codes::list(list).map_or(&[][..], |l| &l.items);
        let one = |code: &String| KindFigure {
            code: code.clone(),
            figure: shown(figures::over(&found, &span, &format!("{prefix}:{code}"))),
        };
        items.iter().map(|i| one(&i.code)).collect::<Vec<_>>()
    };
    let months = span
        .months
        .iter()
        .map(|month| {
            let figure = found.get(&(month.clone(), kind.clone())).copied().unwrap_or_default();
            MonthFigure { month: month.clone(), figure: shown(figure) }
        })
        .collect();
    let below = if place.place().level == Level::Village {
        Vec::new()
    } else {
        let figures = figures::below(&report, &span, &kind).await?;
        let labels = scope.labels(figures.keys().copied()).await?;
        figures
            .into_iter()
            .filter_map(|(id, f)| Some(PlaceFigure { place: labels.get(&id)?.clone(), figure: shown(f) }))
            .collect()
    };
    Ok(Json(ServiceFigures {
        place: place.short(),
        span: span.text.clone(),
        from: span.from,
        to: span.to,
        total: shown(figures::over(&found, &span, "*")),
        services: by("s", "service_kind"),
        fields: by("f", "work_field"),
        modes: by("m", "visit_mode"),
        months,
        places: below,
    }))
}

fn shown(f: Figure) -> FigureView {
    FigureView { acts: f.acts, people: f.people, minutes: f.minutes }
}

/// The counter kind that is asked for.
fn kind(q: &FigureQuery) -> Outcome<String> {
    let known = |field: &str, list: &str, code: &str, prefix: &str| {
        if codes::has(list, code) {
            Ok(format!("{prefix}:{code}"))
        } else {
            Err(Problem::invalid(Field::unknown_code(field, list)))
        }
    };
    match (q.service.as_deref(), q.field.as_deref()) {
        (None, None) => Ok("*".to_owned()),
        (Some(code), None) => known("service", "service_kind", code, "s"),
        (None, Some(code)) => known("field", "work_field", code, "f"),
        (Some(_), Some(_)) => Err(Problem::invalid(Field::new(
            "field",
            "one_way",
            "服务类型和工作领域请只选一项。",
            "Choose either a service or a work field.",
        ))),
    }
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(get))
}
