//! Proposing, accepting, declining and withdrawing a hand-over between stations.

use access::{
    Scope, Writing, Written, placement, shares, task_moves,
    tasks::{self, NewTask},
};
use kernel::{Day, Field, Id, Level, Outcome, Permit, Place, Problem, Sees, day, params::Params};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use serde_json::json;

use super::{
    Decide, Propose,
    model::{self, ACCEPTED, Acceptance, DECLINED, NewHandover, OpenItems, OpenTask, PROPOSED, Refusal, WITHDRAWN},
    row::{handover, outgoing},
    store,
};
use crate::{
    due, households, ledger,
    persons::{
        self,
        checks::Faults,
        model::{BEFORE_BIRTH, secret_text},
        revise::{self, Moving},
        row::{NEVER_BEFORE, NEVER_DUE, person},
    },
};

/// Proposes to hand a person over to the station of another township.
pub async fn propose(scope: &Scope<Propose>, id: Id, new: NewHandover, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    new.check(scope.today(), &mut faults);
    let address = secret_text("address", new.address.as_ref(), &mut faults);
    let village = faults.keep(persons::actions::village(scope, "village", &new.village).await)?;
    let to = faults.done(village)?.place();
    let sealed = address.as_ref().map(|a| scope.seal(a)).transpose()?;
    scope
        .write_once(new.id, &[digest, id.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let person = tx.get_rev::<person::Entity>(id, new.rev).await?;
                check(tx, &person, &new, &to).await?;
                send(tx, &person, &new, &to, sealed).await
            })
        })
        .await
}

async fn check(tx: &Writing<'_, Propose>, person: &person::Model, new: &NewHandover, to: &Place) -> Outcome<()> {
    if person.died_on.is_some() {
        return Err(Problem::refused(
            "person.dead",
            "该对象已登记死亡，不能移交。",
            "The person is recorded as dead and cannot be handed over.",
        ));
    }
    if store::open_in(tx, person).await?.is_some() {
        return Err(Problem::refused(
            "handover.open",
            "该对象已有一项移交等待答复，请先由接收站答复或由移交方撤回。",
            "A hand-over of this person waits for an answer; it has to be answered or withdrawn first.",
        ));
    }
    if to.at(Level::Township) == person.township_id {
        return Err(Problem::invalid(Field::new(
            "village",
            "same_station",
            "该村（社区）属于本站。站内搬迁请修改居住地，更换责任社工请使用“调整责任社工”。",
            "This village belongs to the same station: change the residence, or reassign the worker.",
        )));
    }
    let mut faults = Faults::default();
    faults.not_before("moved_on", new.moved_on, person.birth_date, BEFORE_BIRTH.0, BEFORE_BIRTH.1);
    let since = persons::store::residence_from(tx, person).await?;
    let (zh, en) = ("早于上一处居住的时间，请核对。", "This lies before the residence that came first; check it.");
    faults.not_before("moved_on", new.moved_on, since, zh, en);
    faults.done(Some(()))
}

async fn send(
    tx: &Writing<'_, Propose>,
    person: &person::Model,
    new: &NewHandover,
    to: &Place,
    address: Option<kernel::Sealed>,
) -> Outcome<()> {
    tx.queue_at(vec![person.county_id, to.at(Level::County)]).await?;
    let (today, actor) = (tx.scope().today(), tx.scope().actor());
    let from_station = match person.station_id {
        Some(id) => Some(id),
        None => places::stations::store::serving(tx.derived(), person.township_id).await?.map(|s| s.id),
    };
    let to_station = places::stations::store::serving(tx.derived(), to.at(Level::Township)).await?.map(|s| s.id);
    let answer_by = day::add_days(today, whole(tx, to, "handover.answer_days").await?);
    let row = handover::ActiveModel {
        answer_by: Set(answer_by),
        open_items: Set(json!(open_items(tx, person).await?).to_string()),
        to_station_id: Set(to_station),
        from_station_id: Set(from_station),
        state: Set(PROPOSED.to_owned()),
        is_open: Set(true),
        proposed_by: Set(actor),
        moved_on: Set(new.moved_on),
        ..blank(tx, new.id, model::STATION, person, &to.path, (&new.reason, new.note.as_deref(), &new.consent))
    };
    let row = tx.insert_part::<handover::Entity, person::Entity>(person, row).await?;
    let share = shares::NewShare {
        subject: person.id,
        cause: row.id,
        path: person.path(),
        owner: person.worker_id,
        until: shares::OPEN,
    };
    shares::open(tx, share).await?;
    let moving = Moving { to: *to, since: new.moved_on, address: Some(address), worker: None, station: from_station };
    let after = revise::relocate(tx, person, moving).await?;
    task_moves::follow(tx, "person", person.id, to, None).await?;
    tasks::raise(tx, task("handover_incoming", &after, after.place(), Some(answer_by))).await
}

/// The columns every hand-over has, with neither answer nor station yet.
pub(super) fn blank<P: Permit>(
    tx: &Writing<'_, P>,
    id: Id,
    kind: &str,
    person: &person::Model,
    to: &[i32; 5],
    (reason, note, consent): (&str, Option<&str>, &str),
) -> handover::ActiveModel {
    let [province_id, city_id, county_id, township_id, village_id] = *to;
    handover::ActiveModel {
        id: Set(id),
        kind: Set(kind.to_owned()),
        batch_id: Set(None),
        person_id: Set(person.id),
        reason: Set(reason.to_owned()),
        note: Set(note.map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned)),
        consent: Set(consent.to_owned()),
        village_id: Set(village_id),
        township_id: Set(township_id),
        county_id: Set(county_id),
        city_id: Set(city_id),
        province_id: Set(province_id),
        to_worker_id: Set(None),
        from_village_id: Set(person.village_id),
        from_township_id: Set(person.township_id),
        from_county_id: Set(person.county_id),
        from_city_id: Set(person.city_id),
        from_province_id: Set(person.province_id),
        from_worker_id: Set(person.worker_id),
        decided_on: Set(None),
        decided_by: Set(None),
        answer: Set(None),
        answer_note: Set(None),
        trail_until: Set(None),
        created_at: Set(tx.scope().now()),
        ..Default::default()
    }
}

pub(super) async fn whole<P: Permit>(tx: &Writing<'_, P>, place: &Place, code: &str) -> Outcome<i64> {
    let labels = placement::labels(tx.derived(), place.path).await?;
    let here = due::actions::codes_in(&labels, &place.path);
    Ok(Params::national().whole(code, &due::actions::nearest(&here), tx.scope().today()).unwrap_or(0))
}

/// What is open about a person now.
pub(super) async fn open_items<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<OpenItems> {
    let entry = ledger::store::current_in(tx, person).await?;
    let tasks = task_moves::open_of(tx, "person", person.id).await?;
    let real = |day: Day, never: Day| (day != never).then_some(day);
    Ok(OpenItems {
        ledger_state: person.ledger_state.clone(),
        grade: person.grade.clone(),
        proposed_grade: entry.proposed_grade,
        next_due_on: real(person.next_due_on, NEVER_DUE),
        last_visit_on: real(person.last_visit_on, NEVER_BEFORE),
        failed_in_row: person.failed_in_row,
        tasks: tasks.into_iter().map(|t| OpenTask { kind: t.kind, due_on: t.due_on }).collect(),
        households: households::store::open_count(tx, person).await?,
    })
}

fn task(kind: &'static str, person: &person::Model, place: Place, due_on: Option<Day>) -> NewTask {
    NewTask {
        kind,
        role: "SH",
        place,
        subject_kind: "person",
        subject_id: Some(person.id),
        account_id: None,
        due_on,
        detail: json!({}),
    }
}

/// Takes a person on: a worker of the station answers from now on, and the sender's trail gets its last day.
pub async fn accept(scope: &Scope<Decide>, id: Id, yes: Acceptance, digest: &[u8]) -> Outcome<Written> {
    scope
        .write_once(yes.id, &[digest, id.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let row = tx.get_rev::<handover::Entity>(id, yes.rev).await?;
                must_wait(&row)?;
                let person = tx.get::<person::Entity>(row.person_id).await?;
                must_work_at(tx, &person.place(), yes.worker_id).await?;
                let today = tx.scope().today();
                let until = shares::until(today, whole(tx, &person.place(), "handover.trail_days").await?);
                let station = places::stations::store::serving(tx.derived(), person.township_id).await?.map(|s| s.id);
                tx.queue_at(vec![row.from_county_id, row.county_id]).await?;
                let actor = tx.scope().actor();
                tx.update::<handover::Entity>(&row, |r| {
                    answer(r, ACCEPTED, today, actor);
                    r.to_worker_id = Set(Some(yes.worker_id));
                    r.to_station_id = Set(station);
                    r.trail_until = Set(Some(until));
                })
                .await?;
                persons::change(tx, &person, |r| {
                    r.worker_id = Set(Some(yes.worker_id));
                    r.station_id = Set(station);
                })
                .await?;
                shares::end(tx, row.id, until).await?;
                tasks::settle(tx, "handover_incoming", "person", person.id).await?;
                task_moves::follow(tx, "person", person.id, &person.place(), Some(yes.worker_id)).await
            })
        })
        .await
}

fn answer(r: &mut handover::ActiveModel, state: &str, today: Day, actor: Id) {
    r.state = Set(state.to_owned());
    r.is_open = Set(false);
    r.decided_on = Set(Some(today));
    r.decided_by = Set(Some(actor));
}

pub(super) fn must_wait(row: &handover::Model) -> Outcome<()> {
    if row.is_open { Ok(()) } else { Err(model::answered()) }
}

/// Refuses an account that does not work at a place.
pub(super) async fn must_work_at<P: Permit>(tx: &Writing<'_, P>, place: &Place, worker: Id) -> Outcome<()> {
    if ledger::store::workers_in(tx, place).await?.contains(&worker) {
        return Ok(());
    }
    Err(Problem::invalid(Field::new(
        "worker_id",
        "not_a_worker",
        "该账号不是此地的社工，请从本站社工中选择。",
        "This account does not work here; choose a worker of the station.",
    )))
}

/// Gives a person back to the sender, with the reason.
pub async fn decline(scope: &Scope<Decide>, id: Id, no: Refusal, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    no.check(&mut faults);
    faults.done(Some(()))?;
    scope
        .write_once(no.id, &[digest, id.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let row = tx.get_rev::<handover::Entity>(id, no.rev).await?;
                give_back(tx, &row, DECLINED, &no).await
            })
        })
        .await
}

/// Takes a proposal back before it is answered.
pub async fn withdraw(scope: &Scope<Propose>, id: Id, no: Refusal, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    no.check(&mut faults);
    faults.done(Some(()))?;
    scope
        .write_once(no.id, &[digest, id.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let sent = tx.find::<outgoing::Entity>().filter(outgoing::Column::Id.eq(id)).required().await?;
                let row = tx.parts::<handover::Entity, outgoing::Entity>(&sent).required().await?;
                if row.rev != no.rev {
                    return Err(Problem::Stale(row.rev));
                }
                give_back(tx, &row, WITHDRAWN, &no).await
            })
        })
        .await
}

/// Residence and responsibility go back to where they came from, as far as the worker of then still works there.
async fn give_back<P>(tx: &Writing<'_, P>, row: &handover::Model, state: &str, no: &Refusal) -> Outcome<()>
where
    P: Permit + Sees<handover::Entity> + Sees<person::Entity>,
{
    must_wait(row)?;
    tx.queue_at(vec![row.from_county_id, row.county_id]).await?;
    // Reached through the hand-over: a receiver may have moved the person meanwhile, and a sender has no writable row of it.
    let person = tx.parts::<person::Entity, handover::Entity>(row).required().await?;
    let (today, actor) = (tx.scope().today(), tx.scope().actor());
    tx.update_part::<handover::Entity>(row, |r| {
        answer(r, state, today, actor);
        r.answer = Set(Some(no.reason.clone()));
        r.answer_note = Set(no.note.as_deref().map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned));
        r.trail_until = Set(Some(today));
    })
    .await?;
    let back = placement::by_id(tx.derived(), row.from_village_id).await?.place();
    let workers = ledger::store::workers_in(tx, &back).await?;
    let worker = row.from_worker_id.filter(|w| workers.contains(w));
    let moving = Moving { to: back, since: today, address: None, worker, station: None };
    let after = revise::relocate(tx, &person, moving).await?;
    shares::end(tx, row.id, today).await?;
    tasks::settle(tx, "handover_incoming", "person", person.id).await?;
    task_moves::follow(tx, "person", person.id, &back, worker).await?;
    if state == DECLINED {
        tasks::raise(tx, task("handover_declined", &after, back, None)).await?;
    }
    Ok(())
}
