//! Starting a bulk act and carrying it out row by row.

use access::{Body, Scope, Writing, Written};
use kernel::{Id, Outcome, Permit, Place, Problem, Sees, params::Params};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use serde_json::json;

use super::{
    Run,
    model::{self, Choice, DONE, NewRun, REFUSED, RunKind, WAITING, Wish},
    row::{bulk_row, bulk_run},
    store::{self, NewRow},
};
use crate::{
    due,
    ledger::{self, grading, model::Hands},
    persons::{
        self, Change,
        checks::Faults,
        revise::{self, Revision},
        row::person,
        store::Filter,
    },
};

/// What a row's work answers with.
type Boxed<'a, T> = std::pin::Pin<Box<dyn Future<Output = Outcome<T>> + Send + 'a>>;

/// Freezes what was chosen and starts the job; the same call again goes on where it stopped.
pub async fn start(scope: &Scope<Run>, body: Body<NewRun>) -> Outcome<Written> {
    let Body { value: new, digest } = body;
    new.check()?;
    must_hold(scope, new.kind)?;
    let home = scope.place_or_own("place", None).await?.place();
    let limits = Limits::at(scope, &home).await?;
    let people = chosen(scope, &new, limits.rows).await?;
    let (id, kind, wish) = (new.id, new.kind.code(), new.wish());
    let written = scope
        .write_once(id, &digest, move |tx| {
            Box::pin(async move {
                if people.is_empty() {
                    return Err(model::nobody());
                }
                let rows: Vec<NewRow> = people
                    .into_iter()
                    .map(|person| NewRow { person, state: WAITING, before: String::new(), after: String::new() })
                    .collect();
                put(tx, id, kind, &wish, &home, limits.undo_until, &rows).await
            })
        })
        .await?;
    carry_out(scope, id).await?;
    Ok(written)
}

/// Limits of bulk acts as they hold where the caller works.
pub(super) struct Limits {
    /// Most people.
    pub rows: i64,
    /// Until when (UTC milliseconds) an act begun now can be undone.
    pub undo_until: i64,
}

impl Limits {
    pub(super) async fn at(scope: &Scope<Run>, home: &Place) -> Outcome<Self> {
        let codes = due::codes_in(&scope.labels(home.path).await?, &home.path);
        let (params, places, today) = (Params::national(), due::nearest(&codes), scope.today());
        let hours = params.whole("bulk.undo_hours", &places, today).unwrap_or(0);
        let rows = params.whole("bulk.max_rows", &places, today).unwrap_or(0);
        Ok(Self { rows, undo_until: scope.now() + hours * 3_600_000 })
    }
}

/// The single act behind a bulk act needs its own permit.
fn must_hold(scope: &Scope<Run>, kind: RunKind) -> Outcome<()> {
    let held = match kind {
        RunKind::Assign => scope.holds::<Change>(),
        RunKind::Grade => scope.holds::<ledger::Move>() || scope.holds::<ledger::Approve>(),
        RunKind::Confirm => scope.holds::<ledger::Approve>(),
    };
    if held { Ok(()) } else { Err(Problem::Forbidden) }
}

/// Writes an act and its rows.
pub(super) async fn put<P: Permit + Sees<bulk_run::Entity>>(
    tx: &Writing<'_, P>,
    id: Id,
    kind: &str,
    wish: &Wish,
    home: &Place,
    undo_until: i64,
    rows: &[NewRow],
) -> Outcome<()> {
    let [province, city, county, township, village] = home.path;
    let row = bulk_run::ActiveModel {
        id: Set(id),
        kind: Set(kind.to_owned()),
        wish: Set(serde_json::to_string(wish).map_err(Problem::internal)?),
        actor_id: Set(tx.scope().actor()),
        total: Set(i32::try_from(rows.len()).unwrap_or(i32::MAX)),
        undo_until: Set(undo_until),
        undone_at: Set(None),
        province_id: Set(province),
        city_id: Set(city),
        county_id: Set(county),
        township_id: Set(township),
        village_id: Set(village),
        created_at: Set(tx.scope().now()),
        ..Default::default()
    };
    tx.insert::<bulk_run::Entity>(row).await?;
    store::put_rows(tx, id, rows).await
}

/// Who was chosen, each once, inside the reach.
async fn chosen(scope: &Scope<Run>, new: &NewRun, most: i64) -> Outcome<Vec<Id>> {
    let limit = usize::try_from(most).unwrap_or(0);
    if let Some(choice) = &new.filter {
        return by_filter(scope, choice, most).await;
    }
    let mut people = new.people.clone();
    people.sort_unstable();
    people.dedup();
    if people.len() > limit {
        return Err(model::too_many(most));
    }
    let mut found = Vec::with_capacity(people.len());
    for chunk in people.chunks(200) {
        let rows = scope.find::<person::Entity>().filter(person::Column::Id.is_in(chunk.to_vec())).all().await?;
        found.extend(rows.into_iter().map(|p| p.id));
    }
    // Somebody outside the reach is as if not there.
    if found.len() == people.len() { Ok(found) } else { Err(Problem::NotFound) }
}

async fn by_filter(scope: &Scope<Run>, choice: &Choice, most: i64) -> Outcome<Vec<Id>> {
    let filter = filter(scope, "filter.", choice).await?;
    let rows = u64::try_from(most).unwrap_or(0) + 1;
    let found = persons::store::listing(scope, &filter, None, rows).all().await?;
    if found.len() as u64 >= rows {
        return Err(model::too_many(most));
    }
    Ok(found.into_iter().map(|p| p.id).collect())
}

/// A choice as the list of persons takes it; `before` stands before the names of its fields in faults.
pub(super) async fn filter(scope: &Scope<Run>, before: &str, choice: &Choice) -> Outcome<Filter> {
    let mut faults = Faults::default();
    for (field, list, codes) in [("grade", "grade", &choice.grade), ("state", "ledger_state", &choice.state)] {
        for code in codes {
            faults.code(&format!("{before}{field}"), list, code);
        }
    }
    for (field, codes, most) in
        [("category", &choice.category, 60), ("grade", &choice.grade, 10), ("state", &choice.state, 10)]
    {
        if codes.len() > most {
            faults.push(kernel::Field::new(
                format!("{before}{field}"),
                "too_many",
                "选择的条件过多，请减少后重试。",
                "Too many conditions are chosen; take some away.",
            ));
        }
    }
    if choice.category.iter().any(|c| kernel::codes::category_mask(c).is_none()) {
        faults.push(kernel::Field::unknown_code(format!("{before}category"), "category"));
    }
    let place = match choice.place.as_deref() {
        Some(text) => faults.keep(scope.resolve(&format!("{before}place"), text).await)?.map(|d| d.place()),
        None => None,
    };
    faults.done(Some(()))?;
    let mask = kernel::codes::categories_mask(choice.category.iter().map(String::as_str));
    Ok(Filter {
        place,
        mask: Some(mask).filter(|_| !choice.category.is_empty()),
        grades: choice.grade.clone(),
        states: choice.state.clone(),
        worker: choice.worker,
    })
}

/// Starts (or goes on with) the job of an act.
pub async fn carry_out(scope: &Scope<Run>, id: Id) -> Outcome<()> {
    let run = store::one(scope, id).await?;
    let Some(kind) = RunKind::of(&run.kind) else { return Ok(()) };
    let wish: Wish = serde_json::from_str(&run.wish).map_err(Problem::internal)?;
    let mine = scope.clone();
    let total = u64::try_from(run.total).unwrap_or(0);
    scope.start_job(id, "bulk", move |progress| async move {
        let mut done = total - store::waiting(&mine, &run).count(total).await?;
        loop {
            let rows = store::waiting(&mine, &run).all().await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                access::again(|| one_row(&mine, kind, &wish, row.clone())).await?;
                done += 1;
                progress.at(done, total, "bulk.row");
            }
        }
        Ok(json!({ "run": run.id }))
    });
    Ok(())
}

async fn one_row(scope: &Scope<Run>, kind: RunKind, wish: &Wish, row: bulk_row::Model) -> Outcome<()> {
    let kept = row.clone();
    let tried = match kind {
        RunKind::Assign => assign(&scope.also::<Change>()?, wish.worker_id, row).await,
        RunKind::Grade | RunKind::Confirm => {
            let (moves, approves) = (scope.also::<ledger::Move>().ok(), scope.also::<ledger::Approve>().ok());
            let hands = Hands { moves: moves.is_some(), approves: approves.is_some() };
            match (moves, approves) {
                (_, Some(scope)) => grade(&scope, hands, wish.clone(), row).await,
                (Some(scope), None) => grade(&scope, hands, wish.clone(), row).await,
                (None, None) => Err(Problem::Forbidden),
            }
        }
    };
    let Err(problem) = tried else { return Ok(()) };
    // What is no answer to this row ends the job; the row waits for the next call.
    if matches!(problem, Problem::Internal(_) | Problem::Unavailable | Problem::Collided | Problem::Unauthenticated) {
        return Err(problem);
    }
    let (zh, en) = model::why(&problem);
    scope
        .write(move |tx| {
            Box::pin(async move { store::mark(tx, &kept, REFUSED, ("", ""), (&zh, &en)).await.map(|_| ()) })
        })
        .await
}

/// Runs `work` and notes that the row is done, in one transaction.
async fn noted<P, F>(scope: &Scope<P>, row: bulk_row::Model, work: F) -> Outcome<()>
where
    P: Permit + Sees<person::Entity>,
    F: for<'a> FnOnce(&'a Writing<'a, P>, Id) -> Boxed<'a, (String, String)> + Send + 'static,
{
    scope
        .write(move |tx| {
            Box::pin(async move {
                let (before, after) = work(tx, row.person_id).await?;
                store::mark(tx, &row, DONE, (&before, &after), ("", "")).await.map(|_| ())
            })
        })
        .await
}

async fn assign(scope: &Scope<Change>, worker: Option<Id>, row: bulk_row::Model) -> Outcome<()> {
    let revision = Revision { worker_id: Some(worker), ..Revision::nothing(0) };
    let mut ready = revise::ready(scope, revision).await?;
    noted(scope, row, move |tx, id| {
        Box::pin(async move {
            let person = tx.get::<person::Entity>(id).await?;
            ready.at_rev(person.rev);
            revise::apply(tx, id, &ready).await?;
            Ok((json!(person.worker_id).to_string(), json!(worker).to_string()))
        })
    })
    .await
}

async fn grade<P>(scope: &Scope<P>, hands: Hands, wish: Wish, row: bulk_row::Model) -> Outcome<()>
where
    P: Permit + Sees<person::Entity>,
{
    noted(scope, row, move |tx, id| {
        Box::pin(async move {
            let person = tx.get::<person::Entity>(id).await?;
            let basis = wish.basis.as_deref().unwrap_or_default();
            let taken = grading::take(tx, hands, &person, wish.grade.as_deref(), basis, None).await?;
            Ok((serde_json::to_string(&taken).map_err(Problem::internal)?, String::new()))
        })
    })
    .await
}
