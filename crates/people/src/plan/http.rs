//! The plan over HTTP.

use std::collections::{BTreeMap, HashMap};

use access::{House, Params as Query, PlaceRef, Problems, Scope};
use axum::Json;
use chrono::NaiveDate;
use kernel::{Day, Field, Id, Level, Outcome, Place, Problem, day, params::Params};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    model::{self, Candidate, Capacity, How, Plan},
    store,
};
use crate::{
    due, ledger, minors,
    persons::{Named, row::person},
    visits::Read,
};

/// Most people that do not fit who are named; all are counted.
const NAMED: usize = 100;

/// One planned visit or call, or somebody who does not fit.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct StopView {
    /// Who.
    pub person: Named,
    /// Grade, if there is one.
    pub grade: Option<String>,
    /// Village.
    pub village: Option<PlaceRef>,
    /// visit or call; for those who do not fit, what would be needed.
    pub how: String,
    /// The day was set by hand.
    pub fixed: bool,
    /// Last day in time.
    pub next_due_on: NaiveDate,
    /// Days since then on the planned day; 0 while in time.
    pub overdue_days: i64,
}

/// One working day of a plan.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DayView {
    /// The day.
    pub day: NaiveDate,
    /// Village by village.
    pub stops: Vec<StopView>,
}

/// The plan of one worker.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlanView {
    /// Whose plan.
    pub worker: Named,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Visits one worker can make on a day.
    pub visits_per_day: i64,
    /// Calls one worker can make on a day.
    pub calls_per_day: i64,
    /// People due (or set by hand) within the plan.
    pub due: usize,
    /// Of them: planned as a visit.
    pub visits: usize,
    /// Of them: planned as a call.
    pub calls: usize,
    /// Of them: cannot be seen in time.
    pub unmet: usize,
    /// Working days in order.
    pub days: Vec<DayView>,
    /// Who cannot be seen in time, the most urgent first; the first hundred.
    pub unmet_people: Vec<StopView>,
    /// More people are due than a plan looks at.
    pub cut: bool,
}

/// What one worker has to do and can do.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WorkerLoad {
    /// The worker; null for people in nobody's care.
    pub worker: Option<Named>,
    /// People due within the plan.
    pub due: i64,
    /// Of them: priority clients.
    pub priority: i64,
    /// Visits that can be made.
    pub visits: i64,
    /// Calls that can be made.
    pub calls: i64,
    /// People who cannot be seen in time.
    pub unmet: i64,
}

/// What a township has to do and can do.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TownshipLoad {
    /// The township.
    pub place: PlaceRef,
    /// People due.
    pub due: i64,
    /// Priority clients among them.
    pub priority: i64,
    /// Visits that can be made.
    pub visits: i64,
    /// Calls that can be made.
    pub calls: i64,
    /// People who cannot be seen in time.
    pub unmet: i64,
    /// By worker; filled when one township is asked.
    pub workers: Vec<WorkerLoad>,
}

/// What a place has to do, what it can do, and what is left over.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LoadView {
    /// The place.
    pub place: PlaceRef,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Working days between.
    pub days: usize,
    /// People due.
    pub due: i64,
    /// People who cannot be seen in time.
    pub unmet: i64,
    /// By township, in the order of the tree.
    pub townships: Vec<TownshipLoad>,
}

/// Whose plan.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlanQuery {
    /// The worker; the caller when left out.
    pub worker: Option<Uuid>,
    /// Inside this place; the caller's own place when left out.
    pub place: Option<String>,
}

/// The load of which place.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LoadQuery {
    /// A county or township; the caller's own place when left out.
    pub place: Option<String>,
}

/// The plan of a worker: the days ahead filled up to what can be done, and who does not fit.
#[utoipa::path(get, path = "/visit-plan", tag = "people", params(PlanQuery),
    responses((status = 200, body = PlanView), Problems), extensions(("x-permit" = json!("people.visits.read"))))]
async fn plan(scope: Scope<Read>, Query(q): Query<PlanQuery>) -> Outcome<Json<PlanView>> {
    let place = scope.place_or_own("place", q.place.as_deref()).await?.place();
    scope.must_cover(&place)?;
    let worker = q.worker.unwrap_or_else(|| scope.actor());
    let (from, to) = (scope.today(), model::until(scope.today()));
    let means = Means::at(&scope, &place).await?;
    let capacity = Capacity {
        days: model::working_days(from, to, &means.weekdays),
        visits: usize::try_from(means.visits).unwrap_or(0),
        calls: usize::try_from(means.calls).unwrap_or(0),
    };
    let mut people = store::due_by(&scope, &place, worker, to).all().await?;
    let cut = people.len() as u64 >= store::MOST;
    for one in store::planned(&scope, &place, worker, (from, to)).all().await? {
        if !people.iter().any(|p| p.id == one.id) {
            people.push(one);
        }
    }
    let labels = scope.labels(people.iter().flat_map(person::Model::path)).await?;
    let plan = model::plan(candidates(&people, &labels, from), &capacity);
    let names = scope.account_names(vec![worker]).await?;
    let worker = Named { id: worker, name: names.get(&worker).cloned().unwrap_or_default() };
    let shown = minors::names_of(&scope, people.iter()).await?;
    let view = Shown { names: &shown, people: people.iter().map(|p| (p.id, p)).collect(), labels: &labels };
    let n = |how| plan.stops.iter().filter(|s| s.how == how).count();
    Ok(Json(PlanView {
        worker,
        from,
        to,
        visits_per_day: means.visits,
        calls_per_day: means.calls,
        due: people.len(),
        visits: n(How::Visit),
        calls: n(How::Call),
        unmet: plan.unmet.len(),
        days: days(&view, &plan, &capacity.days),
        unmet_people: plan.unmet.iter().take(NAMED).filter_map(|id| view.stop(*id, How::Visit, false, to)).collect(),
        cut,
    }))
}

/// What a worker of a place can do on a day.
struct Means {
    visits: i64,
    calls: i64,
    weekdays: Vec<String>,
    /// Grades whose timers accept a call.
    callable: Vec<&'static str>,
}

impl Means {
    async fn at(scope: &Scope<Read>, place: &Place) -> Outcome<Self> {
        let codes = due::codes_in(&scope.labels(place.path).await?, &place.path);
        let (params, places, today) = (Params::national(), due::nearest(&codes), scope.today());
        let callable = ["A", "B", "C"];
        let callable = callable.into_iter().filter(|g| due::model::call_will_do(g, 0, params, &places, today));
        Ok(Self {
            visits: params.whole("plan.visits_per_day", &places, today).unwrap_or(0),
            calls: params.whole("plan.calls_per_day", &places, today).unwrap_or(0),
            weekdays: params.codes("plan.weekdays", &places, today).to_vec(),
            callable: callable.collect(),
        })
    }
}

fn candidates(people: &[person::Model], labels: &HashMap<i32, PlaceRef>, today: Day) -> Vec<Candidate> {
    let params = Params::national();
    people
        .iter()
        .map(|p| {
            let codes = due::codes_in(labels, &p.path());
            let places = due::nearest(&codes);
            Candidate {
                id: p.id,
                village: p.village_id,
                priority: p.grade == "A",
                statutory: due::model::has_category_interval(p.cat_bits, params, &places, today),
                due: p.next_due_on,
                planned: p.planned_on,
                call_will_do: due::model::call_will_do(&p.grade, p.cat_bits, params, &places, today),
            }
        })
        .collect()
}

/// People as a plan shows them.
struct Shown<'a> {
    names: &'a HashMap<Id, String>,
    people: HashMap<Id, &'a person::Model>,
    labels: &'a HashMap<i32, PlaceRef>,
}

impl Shown<'_> {
    fn stop(&self, id: Id, how: How, fixed: bool, on: Day) -> Option<StopView> {
        let p = self.people.get(&id)?;
        Some(StopView {
            person: Named { id, name: self.names.get(&id).cloned().unwrap_or_default() },
            grade: Some(p.grade.clone()).filter(|g| !g.is_empty()),
            village: self.labels.get(&p.village_id).cloned(),
            how: if how == How::Visit { "visit" } else { "call" }.to_owned(),
            fixed,
            next_due_on: p.next_due_on,
            overdue_days: day::days_between(p.next_due_on, on).max(0),
        })
    }
}

fn days(view: &Shown<'_>, plan: &Plan, days: &[Day]) -> Vec<DayView> {
    days.iter()
        .map(|on| {
            let of_day = plan.stops.iter().filter(|s| s.on == *on);
            let mut stops: Vec<StopView> = of_day.filter_map(|s| view.stop(s.id, s.how, s.fixed, s.on)).collect();
            // What was set by hand joins its village; calls come last.
            stops.sort_by_key(|s| (s.how == "call", s.village.as_ref().map(|v| v.code.clone())));
            DayView { day: *on, stops }
        })
        .collect()
}

/// What the workers of a place have to do and can do, and how many people are left over; a county goes by township.
#[utoipa::path(get, path = "/visit-plan/load", tag = "people", params(LoadQuery),
    responses((status = 200, body = LoadView), Problems), extensions(("x-permit" = json!("people.visits.read"))))]
async fn load(scope: Scope<Read>, Query(q): Query<LoadQuery>) -> Outcome<Json<LoadView>> {
    let asked = scope.place_or_own("place", q.place.as_deref()).await?;
    let place = asked.place();
    if place.level < Level::County {
        return Err(Problem::invalid(Field::new(
            "place",
            "above_county",
            "工作负荷按县（市、区）或乡镇（街道）查看，请先选择。",
            "The load is shown for a county or township; choose one first.",
        )));
    }
    let report = scope.report(&place)?;
    let (from, to) = (scope.today(), model::until(scope.today()));
    let means = Means::at(&scope, &place).await?;
    let days = model::working_days(from, to, &means.weekdays).len();
    let ids = store::townships(&report).await?;
    let labels = scope.labels(ids.iter().copied()).await?;
    let single = ids.len() == 1;
    let mut townships = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(label) = labels.get(&id).cloned() else { continue };
        let shares = store::shares(&report, id, to).await?;
        let at = scope.division(id).await?.place();
        let workers = scope.holders("SW", &at).await?;
        let loads = by_worker(&scope, shares, workers, &means, i64::try_from(days).unwrap_or(0)).await?;
        townships.push(township(label, loads, single));
    }
    let sum = |f: fn(&TownshipLoad) -> i64| -> i64 { townships.iter().map(f).sum() };
    Ok(Json(LoadView { place: asked.short(), from, to, days, due: sum(|t| t.due), unmet: sum(|t| t.unmet), townships }))
}

async fn by_worker(
    scope: &Scope<Read>,
    shares: Vec<store::Share>,
    at_work: Vec<Id>,
    means: &Means,
    days: i64,
) -> Outcome<Vec<WorkerLoad>> {
    // Due people, priority clients among them, and those a call will do for.
    let mut sums: BTreeMap<Option<Id>, (i64, i64, i64)> = at_work.into_iter().map(|id| (Some(id), (0, 0, 0))).collect();
    for share in shares {
        let sum = sums.entry(share.worker).or_default();
        let grade = if share.grade.is_empty() { "C" } else { &share.grade };
        sum.0 += share.n;
        sum.1 += if grade == "A" { share.n } else { 0 };
        sum.2 += if means.callable.contains(&grade) { share.n } else { 0 };
    }
    let names = scope.account_names(sums.keys().flatten().copied().collect()).await?;
    let mut loads: Vec<WorkerLoad> = sums
        .into_iter()
        .map(|(id, (due, priority, callable))| {
            let (visits, calls) = if id.is_some() { (means.visits * days, means.calls * days) } else { (0, 0) };
            WorkerLoad {
                worker: id.map(|id| Named { id, name: names.get(&id).cloned().unwrap_or_default() }),
                due,
                priority,
                visits,
                calls,
                unmet: model::unmet(due, callable, visits, calls),
            }
        })
        .collect();
    loads.sort_by(|a, b| {
        let name = |w: &WorkerLoad| (w.worker.is_none(), w.worker.as_ref().map(|n| n.name.clone()));
        name(a).cmp(&name(b))
    });
    Ok(loads)
}

fn township(place: PlaceRef, workers: Vec<WorkerLoad>, single: bool) -> TownshipLoad {
    let sum = |f: fn(&WorkerLoad) -> i64| -> i64 { workers.iter().map(f).sum() };
    TownshipLoad {
        place,
        due: sum(|w| w.due),
        priority: sum(|w| w.priority),
        visits: sum(|w| w.visits),
        calls: sum(|w| w.calls),
        unmet: sum(|w| w.unmet),
        workers: if single { workers } else { Vec::new() },
    }
}

/// Whom a station can give people to.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WorkersQuery {
    /// A township or village; the caller's own place when left out.
    pub place: Option<String>,
}

/// The workers of a place, for choosing one.
#[utoipa::path(get, path = "/workers", tag = "people", params(WorkersQuery),
    responses((status = 200, body = Vec<Named>), Problems), extensions(("x-permit" = json!("people.visits.read"))))]
async fn workers(scope: Scope<Read>, Query(q): Query<WorkersQuery>) -> Outcome<Json<Vec<Named>>> {
    let place = scope.place_or_own("place", q.place.as_deref()).await?.place();
    scope.must_cover(&place)?;
    let ids = ledger::store::workers_of(&scope, &place).await?;
    let names = scope.account_names(ids).await?;
    let mut workers: Vec<Named> = names.into_iter().map(|(id, name)| Named { id, name }).collect();
    workers.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(Json(workers))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(plan)).routes(routes!(load)).routes(routes!(workers))
}
