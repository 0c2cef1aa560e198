//! The day's page over HTTP.

use access::{
    House, PlaceRef, Problems, Scope,
    placement::division,
    tasks::{self, ReadTasks, TaskView},
};
use axum::Json;
use chrono::NaiveDate;
use kernel::{Day, Outcome, day, params};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::store::{self, MOST};
use crate::{
    due::{self, DueRow},
    persons::{self, PersonRow},
    visits::{Read, served},
};

/// Rows in front of each list.
const FRONT: u64 = 10;
/// Days of the chart.
const CHART_DAYS: i64 = 30;
/// Days that "due soon" looks ahead in the counts.
const WEEK: i64 = 7;

/// How much waits; a count stops at ten thousand.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TodayCounts {
    /// Visits overdue.
    pub overdue: u64,
    /// Visits due today or within seven days.
    pub due_7d: u64,
    /// Leads.
    pub leads: u64,
    /// Leads being verified.
    pub verifying: u64,
    /// Open tasks.
    pub tasks: u64,
    /// Open tasks past their last day.
    pub tasks_overdue: u64,
    /// Open tasks to review an entry or a category.
    pub reviews: u64,
    /// Priority clients not reached several times in a row.
    pub not_reached: u64,
    /// Whether some count stopped at ten thousand.
    pub capped: bool,
}

/// Service coverage of the caller's own place, as of today.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TodayCoverage {
    /// Target persons served in the period.
    pub numerator: i64,
    /// Target persons.
    pub denominator: i64,
    /// Percent with two decimals; null without target persons.
    pub percent: Option<String>,
    /// First day of the period.
    pub from: NaiveDate,
    /// Today.
    pub on: NaiveDate,
    /// The place.
    pub place: PlaceRef,
}

/// Visits of one day.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VisitsOfDay {
    /// The day.
    pub day: NaiveDate,
    /// Completed visits.
    pub n: u64,
}

/// The day's page.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TodayView {
    /// Today in Beijing.
    pub date: NaiveDate,
    /// How much waits.
    pub counts: TodayCounts,
    /// The first due visits.
    pub due: Vec<DueRow>,
    /// The oldest leads.
    pub leads: Vec<PersonRow>,
    /// The newest tasks.
    pub tasks: Vec<TaskView>,
    /// Service coverage; null where the caller sees own clients only and the place is above a county.
    pub coverage: Option<TodayCoverage>,
    /// Visits of the last thirty days, the oldest first.
    pub visits_by_day: Vec<VisitsOfDay>,
}

/// What waits for the caller today.
#[utoipa::path(get, path = "/today", tag = "people", responses((status = 200, body = TodayView), Problems),
    extensions(("x-permit" = json!("people.visits.read"))))]
async fn get_one(scope: Scope<Read>) -> Outcome<Json<TodayView>> {
    let today = scope.today();
    let place = scope.place_or_own("place", None).await?;
    let codes = due::codes_in(&scope.labels(place.place().path).await?, &place.place().path);
    let places = due::nearest(&codes);
    let (waiting, tasks) = match scope.also::<ReadTasks>() {
        Ok(own) => {
            let (open, first) = tasks::waiting(&own, FRONT, MOST).await?;
            let overdue = tasks::overdue(&own, MOST).await?;
            let reviews = tasks::of_kinds(&own, &["entry_review", "category_review"], MOST).await?;
            (Waiting { open, overdue, reviews }, first)
        }
        Err(_) => (Waiting::default(), Vec::new()),
    };
    let counts = counts(&scope, &places, waiting).await?;
    let soon = day::add_days(today, due::http::soon_days(&places, today));
    let due = store::due(&scope, None, soon).limit(FRONT).all().await?;
    let leads = store::in_state(&scope, "lead").limit(FRONT).all().await?;
    Ok(Json(TodayView {
        date: today,
        counts,
        due: due::http::rows_of(&scope, due).await?,
        leads: persons::rows(&scope, leads).await?,
        tasks,
        coverage: coverage(&scope, &place, &places, today).await?,
        visits_by_day: store::visits_by_day(&scope, CHART_DAYS, today)
            .await?
            .into_iter()
            .map(|(day, n)| VisitsOfDay { day, n })
            .collect(),
    }))
}

/// The caller's tasks, counted.
#[derive(Default)]
struct Waiting {
    open: u64,
    overdue: u64,
    reviews: u64,
}

async fn counts(scope: &Scope<Read>, places: &[&str], tasks: Waiting) -> Outcome<TodayCounts> {
    let today = scope.today();
    let (failures, until) = due::model::missed(places, today);
    let overdue = store::due(scope, None, day::add_days(today, -1)).count(MOST).await?;
    let due_7d = store::due(scope, Some(today), day::add_days(today, WEEK)).count(MOST).await?;
    let leads = store::in_state(scope, "lead").count(MOST).await?;
    let verifying = store::in_state(scope, "verifying").count(MOST).await?;
    let not_reached = store::not_reached(scope, failures, until).count(MOST).await?;
    let Waiting { open: tasks, overdue: tasks_overdue, reviews } = tasks;
    let capped =
        [overdue, due_7d, leads, verifying, tasks, tasks_overdue, reviews, not_reached].iter().any(|n| *n >= MOST);
    Ok(TodayCounts { overdue, due_7d, leads, verifying, tasks, tasks_overdue, reviews, not_reached, capped })
}

async fn coverage(
    scope: &Scope<Read>,
    place: &division::Model,
    places: &[&str],
    on: Day,
) -> Outcome<Option<TodayCoverage>> {
    let from = served::period_from(params::Params::national(), places, on);
    Ok(store::coverage(scope, place, from).await?.map(|figure| TodayCoverage {
        numerator: figure.served,
        denominator: figure.target,
        percent: served::percent(figure.served, figure.target),
        from,
        on,
        place: place.short(),
    }))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(get_one))
}
