//! Runs: whom a county has to look at again, everybody when that cannot be told, and going on where a run was cut off.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::{Mutex, PoisonError},
};

use access::{House, Progress, Scope, audit, scope::Report};
use kernel::{Id, Level, Outcome, Place, Problem, params::Params};
use people::screening::{
    changed::{self, Told},
    known,
    row::screening_run,
    store,
};

use sea_orm::ColumnTrait as _;

use super::{
    Run, apply,
    evaluate::{Plans, Verdict},
    load::{Reader, Standards},
};
use crate::policies::{Chain, shelf::shelf};

/// The name under which the nightly runs appear in the audit log.
pub const JOB: &str = "policies.screening";
/// Everybody.
pub const FULL: &str = "full";
/// Whoever may differ.
pub const INCREMENTAL: &str = "incremental";
const RUNNING: &str = "running";
/// Ended.
pub const DONE: &str = "done";
/// A run of an earlier day that was never ended.
const CUT: &str = "cut";
/// Persons of one write, so that other writers wait a moment at most.
const WRITE: usize = 50;
/// Persons looked at by id at once.
const SOME: usize = 50;

/// What a night did.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Night {
    /// Counties gone through.
    pub counties: u64,
    /// Persons looked at.
    pub seen: i64,
    /// Persons of whom something differs.
    pub changed: i64,
    /// Persons a full run found different although the incremental one had just been there.
    pub missed: i64,
}

/// The nightly work as a job.
pub async fn job(scope: Scope<Run>, progress: Progress) -> Outcome<serde_json::Value> {
    let night = nightly(&scope, false, &progress).await?;
    serde_json::to_value(night).map_err(Problem::internal)
}

/// Goes through all counties: whoever may differ, and everybody where a week has passed since (or with `full`).
///
/// It may be stopped at any time; the next one goes on. A county that fails does not keep the others.
pub async fn nightly(scope: &Scope<Run>, full: bool, progress: &Progress) -> Outcome<Night> {
    let nation = Place { id: 0, level: Level::Province, path: [0; 5] };
    let mut night = Night::default();
    for place in store::counties(scope, &scope.report(&nation)?).await? {
        match of_county(scope, &place, full, progress).await {
            Ok(runs) => {
                night.counties += 1;
                night.seen += runs.iter().map(|r| r.seen).sum::<i64>();
                night.changed += runs.iter().map(|r| r.changed).sum::<i64>();
                night.missed += runs.iter().map(|r| r.missed).sum::<i64>();
            }
            Err(problem) => tracing::error!(county = place.id, cause = %problem, "a county was not screened"),
        }
    }
    tracing::info!(night.counties, night.seen, night.changed, night.missed, "policies screened");
    Ok(night)
}

async fn of_county(
    scope: &Scope<Run>,
    place: &Place,
    full: bool,
    progress: &Progress,
) -> Outcome<Vec<screening_run::Model>> {
    let today = scope.today();
    let days = Params::national().whole("screening.full_days", &[], today).unwrap_or(0).max(1);
    let run = county(scope, place, scope.actor(), progress).await?;
    let week = last(scope, place, Some(FULL)).await?.is_none_or(|l| kernel::day::days_between(l.day, today) >= days);
    if run.kind == INCREMENTAL && (full || week) {
        let check = check(scope, place, progress).await?;
        return Ok(vec![run, check]);
    }
    Ok(vec![run])
}

/// Whether a place is one that can be screened by itself: a county (or what stands for one) or a township.
pub fn can_run(place: &Place) -> bool {
    place.level == Level::Township || store::as_county(*place).id == place.id
}

/// Starts a screening of a place as a job of the caller; the work itself sees everybody there and is done under the job's name,
/// so that what is found does not hang on who asks.
pub async fn start(scope: &Scope<Run>, house: &House, id: Id, place: Place) -> Outcome<()> {
    if !can_run(&place) {
        return Err(Problem::invalid(kernel::Field::new(
            "place",
            "level",
            "请先选择一个县（市、区）或乡镇（街道）。",
            "Choose a county or a township first.",
        )));
    }
    drop(Turn::take(place.id)?);
    let (work, actor) = (Scope::<Run>::on_behalf_of(house, JOB).await?, scope.actor());
    scope.start_job(id, JOB, move |progress| async move {
        let run = match place.level {
            Level::Township => township(&work, &place, actor, &progress).await?,
            _ => county(&work, &store::as_county(place), actor, &progress).await?,
        };
        Ok(serde_json::json!({ "seen": run.seen, "changed": run.changed }))
    });
    Ok(())
}

/// Looks at whoever may differ in a county, or at everybody on its first run and when many changed at once.
pub async fn county(
    scope: &Scope<Run>,
    place: &Place,
    actor: Id,
    progress: &Progress,
) -> Outcome<screening_run::Model> {
    let _turn = Turn::take(place.id)?;
    let walk = Walk::new(scope, place)?;
    let last = last(scope, place, None).await?;
    let Some(last) = last else {
        let run = walk.begin(FULL, true, actor).await?;
        return walk.everybody(run, progress).await.map(|(run, _)| run);
    };
    let run = walk.begin(INCREMENTAL, false, actor).await?;
    match changed::told(&walk.report, last.seq, run.seq).await? {
        Told::Gap => {
            let run = walk.begin(FULL, false, actor).await?;
            walk.everybody(run, progress).await.map(|(run, _)| run)
        }
        Told::Persons(people) => walk.some(run, people, progress).await,
    }
}

/// Looks at everybody of a county in which whoever might differ was just looked at: what differs now was missed.
pub async fn check(scope: &Scope<Run>, place: &Place, progress: &Progress) -> Outcome<screening_run::Model> {
    let _turn = Turn::take(place.id)?;
    let walk = Walk::new(scope, place)?;
    let before = last(scope, place, None).await?.map_or(0, |run| run.seq);
    let run = walk.begin(FULL, false, scope.actor()).await?;
    let (mut run, differ) = walk.everybody(run, progress).await?;
    // Whoever changed in the meantime was not missed.
    let missed = match changed::told(&walk.report, before, audit::newest(&walk.report).await?).await? {
        Told::Persons(people) => differ.iter().filter(|id| !people.contains(id)).count(),
        Told::Gap => 0,
    };
    if missed > 0 {
        tracing::error!(county = place.id, missed, "a full screening found what the incremental ones had missed");
        metrics::counter!("sheqiao_screening_missed").increment(missed as u64);
        run.missed = i64::try_from(missed).unwrap_or(i64::MAX);
        let kept = run.clone();
        scope.write(move |tx| Box::pin(async move { store::put_run(tx, &kept).await })).await?;
    }
    Ok(run)
}

/// Looks at everybody of a township, for whoever asks there; the county's own runs are not touched by it.
pub async fn township(
    scope: &Scope<Run>,
    place: &Place,
    actor: Id,
    progress: &Progress,
) -> Outcome<screening_run::Model> {
    let _turn = Turn::take(place.id)?;
    let walk = Walk::new(scope, place)?;
    let first = last(scope, &store::as_county(*place), None).await?.is_none();
    let run = walk.begin(FULL, first, actor).await?;
    walk.everybody(run, progress).await.map(|(run, _)| run)
}

/// The newest run of a county that was ended, of one kind where one is named.
async fn last(scope: &Scope<Run>, place: &Place, kind: Option<&str>) -> Outcome<Option<screening_run::Model>> {
    let mut runs = store::runs(scope, place.id, 0, DONE);
    if let Some(kind) = kind {
        runs = runs.filter(screening_run::Column::Kind.eq(kind));
    }
    runs.one().await
}

/// One run over one place.
struct Walk<'a> {
    scope: &'a Scope<Run>,
    place: Place,
    report: Report,
}

impl<'a> Walk<'a> {
    fn new(scope: &'a Scope<Run>, place: &Place) -> Outcome<Self> {
        Ok(Self { scope, place: *place, report: scope.report(place)? })
    }

    /// Begins a run, or goes on with one of today that was cut off.
    async fn begin(&self, kind: &str, first: bool, actor: Id) -> Outcome<screening_run::Model> {
        let today = self.scope.today();
        let [province_id, city_id, county_id, township_id, _] = self.place.path;
        let mut found = None;
        for mut run in store::runs(self.scope, county_id, township_id, RUNNING).all().await? {
            if found.is_none() && run.kind == kind && run.day == today && run.is_first == first {
                found = Some(run);
                continue;
            }
            CUT.clone_into(&mut run.state);
            self.scope.write(move |tx| Box::pin(async move { store::put_run(tx, &run).await })).await?;
        }
        if let Some(run) = found {
            return Ok(run);
        }
        let county = self.scope.report(&store::as_county(self.place))?;
        let run = screening_run::Model {
            id: self.scope.new_id(),
            township_id,
            county_id,
            city_id,
            province_id,
            kind: kind.to_owned(),
            state: RUNNING.to_owned(),
            is_first: first,
            day: today,
            seq: audit::newest(&county).await?,
            upto_id: Id::nil(),
            seen: 0,
            changed: 0,
            missed: 0,
            actor_id: actor,
            started_at: self.scope.now(),
            ended_at: None,
        };
        let kept = run.clone();
        self.scope.write(move |tx| Box::pin(async move { store::put_run(tx, &kept).await })).await?;
        Ok(run)
    }

    /// Everybody, in order of id; gives who differs from last time.
    async fn everybody(
        &self,
        mut run: screening_run::Model,
        progress: &Progress,
    ) -> Outcome<(screening_run::Model, Vec<Id>)> {
        let dictionary = shelf()?.library.dictionary();
        let mut reader = Reader::new(self.scope, &self.place, dictionary)?.behind(run.upto_id);
        let mut plans = Plans::new(self.scope);
        let mut differ = Vec::new();
        let total = u64::try_from(known::living(&self.report).await?).unwrap_or(0);
        loop {
            let chunk = reader.next().await?;
            let end = chunk.as_ref().and_then(|c| c.last()).map_or(Id::max(), |l| l.subject.id);
            let verdicts = plans.verdicts(chunk.as_deref().unwrap_or_default()).await?;
            let there: HashSet<Id> = verdicts.iter().map(|v| v.subject.id).collect();
            let kept = changed::kept(&self.report, run.upto_id, end).await?;
            let gone: Vec<Id> = kept.into_iter().filter(|id| !there.contains(id)).collect();
            for gone in gone.chunks(WRITE) {
                run = self.write(run, Vec::new(), gone.to_vec(), None, &mut differ).await?;
            }
            let mut rest = verdicts;
            while !rest.is_empty() {
                let later = rest.split_off(rest.len().min(WRITE));
                let upto = rest.last().map(|v| v.subject.id);
                run = self.write(run, rest, Vec::new(), upto, &mut differ).await?;
                rest = later;
                let done = u64::try_from(run.seen).unwrap_or(0);
                progress.at(done, total.max(done), "persons");
            }
            if chunk.is_none() {
                return self.end(run).await.map(|run| (run, differ));
            }
        }
    }

    /// These persons, and those whose day has come or whose standards are others.
    async fn some(
        &self,
        mut run: screening_run::Model,
        told: BTreeSet<Id>,
        progress: &Progress,
    ) -> Outcome<screening_run::Model> {
        let mut plans = Plans::new(self.scope);
        let mut people = told;
        people.extend(changed::day_has_come(&self.report, self.scope.today()).await?);
        for (standard, basis) in changed::bases(&self.report).await? {
            if plans.basis(&self.standards(standard).await?).await? != basis {
                people.extend(changed::under(&self.report, standard, basis).await?);
            }
        }
        let people: Vec<Id> = people.into_iter().collect();
        let total = people.len() as u64;
        let mut by_place: BTreeMap<i32, Vec<Id>> = BTreeMap::new();
        for (id, county) in changed::elsewhere(&self.report, &people).await? {
            by_place.entry(county).or_default().push(id);
        }
        let away: HashSet<Id> = by_place.values().flatten().copied().collect();
        by_place.insert(self.place.id, people.into_iter().filter(|id| !away.contains(id)).collect());
        let (mut done, mut differ) = (0, Vec::new());
        for (county, people) in by_place {
            let place = store::as_county(self.scope.division(county).await?.place());
            // Of a county without a first run nobody differs from anything.
            if county != self.place.id && last(self.scope, &place, None).await?.is_none() {
                continue;
            }
            let reader = Reader::new(self.scope, &place, shelf()?.library.dictionary())?;
            for some in people.chunks(SOME) {
                let loaded = reader.these(some.to_vec()).await?;
                let verdicts = plans.verdicts(&loaded).await?;
                let there: HashSet<Id> = verdicts.iter().map(|v| v.subject.id).collect();
                let gone = some.iter().filter(|id| !there.contains(id)).copied().collect();
                run = self.write(run, verdicts, gone, None, &mut differ).await?;
                done += some.len() as u64;
                progress.at(done, total, "persons");
            }
        }
        self.end(run).await
    }

    /// The standards of a county.
    async fn standards(&self, county: i32) -> Outcome<Standards> {
        let [province, city, ..] = self.scope.division(county).await?.place().path;
        let labels = self.scope.labels([county, city, province]).await?;
        let places = [county, city, province].into_iter();
        let chain = Chain::new(places.filter_map(|id| Some((id, labels.get(&id)?.code.as_str()))));
        Ok(Standards { county, chain })
    }

    async fn write(
        &self,
        run: screening_run::Model,
        verdicts: Vec<Verdict>,
        gone: Vec<Id>,
        upto: Option<Id>,
        differ: &mut Vec<Id>,
    ) -> Outcome<screening_run::Model> {
        let began = std::time::Instant::now();
        let (run, changed) = self
            .scope
            .write_again(|| {
                let (mut run, verdicts, gone) = (run.clone(), verdicts.clone(), gone.clone());
                move |tx| {
                    Box::pin(async move {
                        let done = apply::apply(tx, &run, verdicts, &gone).await?;
                        run.seen += done.seen;
                        run.changed += i64::try_from(done.changed.len()).unwrap_or(0);
                        run.upto_id = upto.unwrap_or(run.upto_id);
                        store::put_run(tx, &run).await?;
                        Ok((run, done.changed))
                    })
                }
            })
            .await?;
        differ.extend(changed);
        access::rest_after(began).await;
        Ok(run)
    }

    async fn end(&self, mut run: screening_run::Model) -> Outcome<screening_run::Model> {
        DONE.clone_into(&mut run.state);
        run.ended_at = Some(self.scope.now());
        let kept = run.clone();
        self.scope.write(move |tx| Box::pin(async move { store::put_run(tx, &kept).await })).await?;
        Ok(run)
    }
}

/// One run of a place at a time in this process.
struct Turn(i32);

static TURNS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

impl Turn {
    fn take(place: i32) -> Outcome<Self> {
        if TURNS.lock().unwrap_or_else(PoisonError::into_inner).insert(place) {
            return Ok(Self(place));
        }
        Err(Problem::refused(
            "screening.running",
            "这个地区正在筛查，请等它结束后再试。",
            "This place is being screened; wait until that is done.",
        ))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        TURNS.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}
