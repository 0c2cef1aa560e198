//! Putting an answer together: counters for today, facts for a past day, rows for the place and those below it.

use std::collections::BTreeMap;

use access::{Level, Scope, placement, scope::Report};
use kernel::{Day, Id, Outcome, Problem, params::Params, place::DivisionId};
use people::visits::served::{self, Served, Unit};
use places::divisions::{children, codes_upward, division, outside, store::rows_by_id};

use super::{ReadServiceCoverage, words};
use crate::coverage::{By, CoverageRow, CoverageView, Figure, ServiceKind};

/// The most divisions right below another one.
const MOST_CHILDREN: u64 = 5_000;

/// A question of service or ledger coverage.
#[derive(Debug, Clone, Copy)]
struct Question {
    on: Day,
    from: Day,
    kind: ServiceKind,
    by: Option<By>,
}

/// An answer, or the job that works it out.
pub enum Answer {
    /// Here it is.
    Now(Box<CoverageView>),
    /// A job works on it; its result is the same view.
    Job(Id),
}

type Figures = (Served, BTreeMap<DivisionId, Served>);

/// Coverage of a place on a day, for service in `from..=on` (the usual period when `from` is left out): at once where that is quick, else as a job: a past day above the county.
pub async fn answer(
    scope: &Scope<ReadServiceCoverage>,
    place: &placement::division::Model,
    on: Day,
    from: Option<Day>,
    kind: ServiceKind,
    by: Option<By>,
    english: bool,
) -> Outcome<Answer> {
    let question = ask(scope, place, on, from, kind, by).await?;
    let report = scope.report(&place.place())?;
    let units = if on == scope.today() { Vec::new() } else { served::units(&report, on).await? };
    if units.len() < 2 {
        return view(scope, place, question, |_, _| {}).await.map(|v| Answer::Now(Box::new(v.spoken(english))));
    }
    let (id, scope_of_job, place) = (scope.new_id(), scope.clone(), place.clone());
    scope.start_job(id, "coverage.service", move |progress| async move {
        let told = move |done, total| progress.at(done, total, "counties");
        let view = view(&scope_of_job, &place, question, told).await?;
        serde_json::to_value(view.spoken(english)).map_err(Problem::internal)
    });
    Ok(Answer::Job(id))
}

async fn ask(
    scope: &Scope<ReadServiceCoverage>,
    place: &placement::division::Model,
    on: Day,
    from: Option<Day>,
    kind: ServiceKind,
    by: Option<By>,
) -> Outcome<Question> {
    let codes = codes_upward(scope, &place.place()).await?;
    let from = from.unwrap_or_else(|| served::period_from(Params::national(), &nearest(&codes), on));
    Ok(Question { on, from, kind, by })
}

fn nearest(codes: &[String]) -> Vec<&str> {
    codes.iter().map(String::as_str).collect()
}

async fn view(
    scope: &Scope<ReadServiceCoverage>,
    place: &placement::division::Model,
    question: Question,
    told: impl Fn(u64, u64) + Send,
) -> Outcome<CoverageView> {
    let report = scope.report(&place.place())?;
    let codes = codes_upward(scope, &place.place()).await?;
    let places = nearest(&codes);
    let past = question.on < scope.today();
    let (total, below) = if past {
        let categories = served::target_categories(Params::national(), &places, question.on);
        facts(&report, question, &categories, told).await?
    } else {
        let below = match question.by {
            None => BTreeMap::new(),
            Some(By::Child) => served::now_below(&report, question.from).await?,
            Some(By::Township) => served::now_by_township(&report, question.from).await?,
        };
        (served::now_in(&report, question.from).await?, below)
    };
    let own = rows_by_id(scope, vec![place.id]).await?.into_iter().next().ok_or(Problem::NotFound)?;
    let total = row(&own, total, question.kind);
    let rows = match question.by {
        None => vec![total.clone()],
        Some(By::Child) => child_rows(scope, place, question, below).await?,
        Some(By::Township) => township_rows(scope, question.kind, below).await?,
    };
    Ok(CoverageView {
        kind: match question.kind {
            ServiceKind::Service => "service",
            ServiceKind::Ledger => "ledger",
        },
        mode: None,
        formula: words::formula(question.kind),
        on: question.on,
        from: (question.kind == ServiceKind::Service).then_some(question.from),
        division_basis: "residence",
        included_kinds: Vec::new(),
        unit: "person",
        rows,
        total,
        notes: words::notes(question.kind, Params::national(), &places, question.on, past),
    })
}

/// The figures of a past day, unit by unit.
async fn facts(report: &Report, question: Question, categories: &[&str], told: impl Fn(u64, u64)) -> Outcome<Figures> {
    let units = served::units(report, question.on).await?;
    let (mut total, mut below): Figures = (Served::default(), BTreeMap::new());
    for (done, Unit { id, child }) in units.iter().enumerate() {
        told(done as u64, units.len() as u64);
        let period = (question.from, question.on);
        let mut levels = columns(report, child.is_some());
        if question.by == Some(By::Township) {
            levels.1 = Level::Township;
        }
        for (group, figure) in served::at_day(report, levels, *id, period, categories).await? {
            total += figure;
            let row = if question.by == Some(By::Township) { group } else { child.unwrap_or(group) };
            *below.entry(row).or_default() += figure;
        }
    }
    told(units.len() as u64, units.len() as u64);
    Ok((total, below))
}

/// The place column of a unit and the one its rows are grouped by.
fn columns(report: &Report, inside: bool) -> (Level, Level) {
    match report.place().level {
        _ if inside => (Level::County, Level::County),
        Level::Village => (Level::Village, Level::Village),
        Level::Township => (Level::Township, Level::Village),
        // Also a city that stands in for a county: what lies in it names it as its county.
        Level::County | Level::City | Level::Province => (Level::County, Level::Township),
    }
}

/// One row for each division below the place on the day, and any other that still has target persons.
async fn child_rows(
    scope: &Scope<ReadServiceCoverage>,
    place: &placement::division::Model,
    question: Question,
    mut figures: BTreeMap<DivisionId, Served>,
) -> Outcome<Vec<CoverageRow>> {
    let mut divisions = children(scope, Some(&place.place()), question.on, None, MOST_CHILDREN).await?;
    let listed: std::collections::BTreeSet<DivisionId> = divisions.iter().map(|d| d.id).collect();
    let others: Vec<DivisionId> =
        figures.keys().copied().filter(|id| !listed.contains(id) && *id != place.id).collect();
    divisions.extend(rows_by_id(scope, others.clone()).await?);
    // What has gone to another place since is outside the reach today, yet its figures of that day belong here.
    let seen: std::collections::BTreeSet<DivisionId> = divisions.iter().map(|d| d.id).collect();
    let gone: Vec<DivisionId> = others.into_iter().filter(|id| !seen.contains(id)).collect();
    divisions.extend(outside(scope, &place.place(), &gone).await?);
    Ok(divisions.iter().map(|d| row(d, figures.remove(&d.id).unwrap_or_default(), question.kind)).collect())
}

/// One row for each township inside the place that has target persons, in the order of their own ids.
async fn township_rows(
    scope: &Scope<ReadServiceCoverage>,
    kind: ServiceKind,
    figures: BTreeMap<DivisionId, Served>,
) -> Outcome<Vec<CoverageRow>> {
    let divisions = scope.divisions(figures.keys().copied()).await?;
    let rows = figures.into_iter().filter_map(|(id, figure)| Some((divisions.get(&id)?, figure)));
    Ok(rows.map(|(division, figure)| CoverageRow::at(division, numerator(figure, kind), figure.target)).collect())
}

fn numerator(figure: Served, kind: ServiceKind) -> Figure {
    Figure::whole(match kind {
        ServiceKind::Service => figure.served,
        ServiceKind::Ledger => figure.in_ledger,
    })
}

fn row(division: &division::Model, figure: Served, kind: ServiceKind) -> CoverageRow {
    CoverageRow::new(division, numerator(figure, kind), figure.target)
}
