//! Recording, correcting, adding to and voiding visits, and keeping the person in step with them.

use access::{Body, Scope, Writing, Written, tasks};
use kernel::{Day, Id, Outcome, Permit, Problem, params::Params};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use serde_json::json;

use super::{
    COMPLETED, Record, Revise, VOID, Void,
    content::{Content, NewVisit, ReviseVisit},
    model,
    row::{addendum, visit},
    store,
};
use crate::{
    due, figures,
    persons::row::person,
    recycle, risks,
    services::{self, hours},
    timers,
};

/// Most people beside the first who are served in one visit.
const MOST_TOGETHER: usize = 20;

/// Records a visit; the same id again changes nothing.
pub async fn record(scope: &Scope<Record>, body: Body<NewVisit>) -> Outcome<Written> {
    let Body { value: new, digest } = body;
    scope.write_once(new.id, &digest, move |tx| Box::pin(async move { put(tx, new).await })).await
}

/// Records a visit inside a running write.
pub async fn put(tx: &Writing<'_, Record>, new: NewVisit) -> Outcome<()> {
    let (id, confirmed) = (new.id, new.confirmed);
    let people = served_together(tx, &new).await?;
    let group = (people.len() > 1).then_some(id);
    let content = Content::from(new);
    for (n, person) in people.iter().enumerate() {
        let id = if n == 0 { id } else { tx.scope().new_id() };
        let place = Joint { id, group, confirmed, shared: n > 0 };
        put_one(tx, person, &place, content.clone()).await?;
    }
    Ok(())
}

/// Who was served: the person of the visit and the others named beside, each once and each in the caller's reach.
async fn served_together(tx: &Writing<'_, Record>, new: &NewVisit) -> Outcome<Vec<person::Model>> {
    if new.also.len() > MOST_TOGETHER {
        return Err(Problem::invalid(kernel::Field::new(
            "also",
            "too_many",
            format!("一次走访最多同时登记 {MOST_TOGETHER} 名其他对象，请分次记录。"),
            format!("At most {MOST_TOGETHER} others fit in one visit; record the rest separately."),
        )));
    }
    let mut people = vec![tx.get::<person::Entity>(new.person_id).await?];
    for id in &new.also {
        if !people.iter().any(|p| p.id == *id) {
            let found = tx.find::<person::Entity>().filter(person::Column::Id.eq(*id)).one().await?;
            people.push(found.ok_or_else(not_in_care)?);
        }
    }
    Ok(people)
}

/// Somebody beside the first who is not there for the caller.
fn not_in_care() -> Problem {
    Problem::invalid(kernel::Field::new(
        "also",
        "not_in_care",
        "同时服务的人中有人不在您负责的名单内，请去掉后保存，并请其责任社工记录。",
        "Somebody named as served beside is not in your care; leave them out and let their worker record it.",
    ))
}

/// Where one record stands among those of a visit.
struct Joint {
    id: Id,
    group: Option<Id>,
    confirmed: bool,
    shared: bool,
}

async fn put_one(tx: &Writing<'_, Record>, person: &person::Model, joint: &Joint, mut content: Content) -> Outcome<()> {
    let id = joint.id;
    let (now, today, worker) = (tx.scope().now(), tx.scope().today(), tx.scope().actor());
    if content.work_field.is_empty() {
        model::work_field_of(person.cat_bits).clone_into(&mut content.work_field);
    }
    model::refuse(content.faults(now, today))?;
    must_be_there(person)?;
    let places = due::place_codes_in(tx, person).await?;
    let places = due::nearest(&places);
    model::refuse(model::too_late(content.visited_on, today, Params::national(), &places))?;
    if !joint.shared {
        let who = (worker, id, joint.group);
        hours::check(tx, who, person.village_id, &content, &places, joint.confirmed).await?;
    }
    let qualifies = content.qualifies(Params::national(), &places);
    let mut row = visit::ActiveModel {
        id: Set(id),
        group_id: Set(joint.group),
        minutes_shared: Set(joint.shared),
        person_id: Set(person.id),
        worker_id: Set(worker),
        state: Set(COMPLETED.to_owned()),
        served_village_id: Set(person.village_id),
        village_id: Set(person.village_id),
        township_id: Set(person.township_id),
        county_id: Set(person.county_id),
        city_id: Set(person.city_id),
        province_id: Set(person.province_id),
        created_at: Set(now),
        void_reason: Set(None),
        ..Default::default()
    };
    fill(&mut row, &content, qualifies);
    let visit = tx.insert::<visit::Entity>(row).await?;
    let person = settle(tx, &visit).await?;
    services::counted(tx, &person, None, &visit).await?;
    alert(tx, &person, id, &content, None, &places).await
}

/// Corrects a visit that is not locked.
pub async fn revise(scope: &Scope<Revise>, id: Id, change: ReviseVisit) -> Outcome<()> {
    let confirmed = change.confirmed;
    scope
        .write(move |tx| {
            Box::pin(async move {
                let before = tx.get_rev::<visit::Entity>(id, change.rev).await?;
                must_stand(&before)?;
                let person = person_of(tx, &before).await?;
                let places = due::place_codes_in(tx, &person).await?;
                let places = due::nearest(&places);
                must_be_open(&before, tx.scope().today(), &places)?;
                let old = before.content();
                let new = old.clone().revised(change);
                model::refuse(new.faults(tx.scope().now(), tx.scope().today()))?;
                if !before.minutes_shared {
                    let who = (before.worker_id, before.id, before.group_id);
                    hours::check(tx, who, before.served_village_id, &new, &places, confirmed).await?;
                }
                if new.visited_on != old.visited_on {
                    model::refuse(model::too_late(new.visited_on, tx.scope().today(), Params::national(), &places))?;
                }
                let qualifies = new.qualifies(Params::national(), &places);
                let visit = tx.update::<visit::Entity>(&before, |row| fill(row, &new, qualifies)).await?;
                let person = settle(tx, &visit).await?;
                services::counted(tx, &person, Some(&before), &visit).await?;
                alert(tx, &person, id, &new, Some(&old), &places).await
            })
        })
        .await
}

/// Voids a visit entered in error.
pub async fn void(
    scope: &Scope<Void>,
    visit: Id,
    once: Id,
    rev: i32,
    reason: String,
    digest: &[u8],
) -> Outcome<Written> {
    let reason = reason.trim().to_owned();
    model::refuse(model::text_faults("reason", &reason, model::SHORT))?;
    scope
        .write_once(once, &[digest, visit.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let before = tx.get_rev::<visit::Entity>(visit, rev).await?;
                must_stand(&before)?;
                let visit = tx
                    .update::<visit::Entity>(&before, |row| {
                        row.state = Set(VOID.to_owned());
                        row.void_reason = Set(Some(reason.clone()));
                        row.qualifies = Set(false);
                    })
                    .await?;
                recycle::actions::voided(tx, &before, &visit, &reason).await?;
                let person = settle(tx, &visit).await?;
                services::counted(tx, &person, Some(&before), &visit).await?;
                hand_minutes_on(tx, &visit).await
            })
        })
        .await
}

/// When the row that carries the minutes of a visit to several people is voided, the next one that stands carries them.
async fn hand_minutes_on(tx: &Writing<'_, Void>, void: &visit::Model) -> Outcome<()> {
    let Some(group) = void.group_id.filter(|_| !void.minutes_shared) else { return Ok(()) };
    let Some(heir) = services::store::sharer(tx, group, void.id).await? else { return Ok(()) };
    let after = tx.update_part::<visit::Entity>(&heir, |row| row.minutes_shared = Set(false)).await?;
    let person = person_of(tx, &after).await?;
    services::counted(tx, &person, Some(&heir), &after).await
}

/// Adds a later word to a visit, locked or not.
pub async fn add(scope: &Scope<Revise>, visit: Id, id: Id, text: String, digest: &[u8]) -> Outcome<Written> {
    let text = text.trim().to_owned();
    model::refuse(model::text_faults("text", &text, model::LONG))?;
    scope
        .write_once(id, &[digest, visit.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let visit = tx.get::<visit::Entity>(visit).await?;
                let row = addendum::ActiveModel {
                    id: Set(id),
                    text: Set(text),
                    author_id: Set(tx.scope().actor()),
                    at: Set(tx.scope().now()),
                    county_id: Set(visit.county_id),
                    ..Default::default()
                };
                tx.insert_part::<addendum::Entity, visit::Entity>(&visit, row).await.map(|_| ())
            })
        })
        .await
}

/// Brings what the visited person repeats of visits (last days, failures, next due day) and the counters in line with them.
///
/// Call it after the visit is written: the audited write queues behind other writers of the county, and only then is the
/// person read, so two visits to one person at the same time cannot miss each other.
pub async fn settle<P: Permit>(tx: &Writing<'_, P>, visit: &visit::Model) -> Outcome<person::Model> {
    let before = person_of(tx, visit).await?;
    if before.path() != visit.path() {
        follow(tx, &before).await?;
    }
    let trace = store::trace(|| tx.parts::<visit::Entity, person::Entity>(&before)).await?;
    let next_due_on = due::day_of(tx, &before, &trace).await?;
    let after = tx
        .update_part::<person::Entity>(&before, |row| {
            row.last_visit_on = Set(trace.last_visit_on);
            row.last_served_on = Set(trace.last_served_on);
            row.failed_in_row = Set(trace.failed_in_row);
            row.next_due_on = Set(next_due_on);
        })
        .await?;
    if after.last_served_on != before.last_served_on {
        figures::moved(tx, Some(&before), &after).await?;
    }
    timers::touch(tx, &after).await?;
    Ok(after)
}

/// Lets the visits of somebody who moved lie where the person lives now, so that scope follows; where each took place stays.
///
/// Into another county each visit goes with a record of its own: its audit chain is that of the county.
pub async fn follow<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<()> {
    let abroad = visit::Column::CountyId.ne(person.county_id);
    for visit in tx.parts::<visit::Entity, person::Entity>(person).filter(abroad).all().await? {
        let [province, city, county, township, village] = person.path();
        tx.update_part::<visit::Entity>(&visit, |row| {
            row.province_id = Set(province);
            row.city_id = Set(city);
            row.county_id = Set(county);
            row.township_id = Set(township);
            row.village_id = Set(village);
        })
        .await?;
    }
    let sql = "UPDATE visit SET village_id = $1, township_id = $2, county_id = $3, city_id = $4, province_id = $5 \
               WHERE person_id = $6";
    let [province, city, county, township, village] = person.path();
    let values = vec![village.into(), township.into(), county.into(), city.into(), province.into(), person.id.into()];
    tx.execute(sql, values).await.map(|_| ())
}

/// Tells the station head what cannot wait: a red sign, a reported death, a priority client not reached again.
async fn alert(
    tx: &Writing<'_, impl Permit>,
    person: &person::Model,
    visit: Id,
    now: &Content,
    before: Option<&Content>,
    places: &[&str],
) -> Outcome<()> {
    let (today, place) = (tx.scope().today(), person.place());
    let raise = |kind, subject_kind, subject_id, due_on, detail| {
        let new = tasks::NewTask {
            kind,
            role: "SH",
            place,
            subject_kind,
            subject_id: Some(subject_id),
            account_id: None,
            due_on: Some(due_on),
            detail,
        };
        tasks::raise(tx, new)
    };
    let known = before.map(Content::red_signs).unwrap_or_default();
    let fresh: Vec<&str> = now.red_signs().into_iter().filter(|sign| !known.contains(sign)).collect();
    if !fresh.is_empty() {
        // By visit, not by person: a second red sign must not hide behind an open task about the first.
        raise("risk_red", "visit", visit, tasks::AT_ONCE, json!({ "person_id": person.id, "signs": fresh })).await?;
        risks::open(tx, person, visit, &fresh).await?;
    }
    let new_result = before.is_none_or(|b| b.contact_result != now.contact_result);
    if new_result && now.contact_result == "died" {
        raise("death_reported", "person", person.id, today, json!({ "visit_id": visit, "on": now.visited_on })).await?;
    }
    let limit = Params::national().whole("visit.not_reached_alert", places, today).unwrap_or(i64::MAX);
    let failed = new_result && !now.is_contact() && now.contact_result != "died";
    if failed && person.grade == "A" && i64::from(person.failed_in_row) >= limit {
        raise("not_reached", "person", person.id, today, json!({ "failed_in_row": person.failed_in_row })).await?;
    }
    Ok(())
}

fn fill(row: &mut visit::ActiveModel, content: &Content, qualifies: bool) {
    let list = |codes: &[String]| serde_json::to_string(codes).unwrap_or_else(|_| "[]".to_owned());
    let c = content.clone();
    row.kind = Set(c.kind);
    row.mode = Set(c.mode);
    row.visited_on = Set(c.visited_on);
    row.started_at = Set(c.started_at);
    row.ended_at = Set(c.ended_at);
    row.minutes = Set(c.minutes);
    row.contact_result = Set(c.contact_result);
    row.companions = Set(c.companions);
    row.summary = Set(c.summary);
    row.risk_signs = Set(list(&c.risk_signs));
    row.needs = Set(list(&c.needs));
    row.service_bits = Set(services::mask(c.services.iter().map(String::as_str)));
    row.services = Set(list(&c.services));
    row.work_field = Set(c.work_field);
    row.policies_explained = Set(c.policies_explained);
    row.actions = Set(c.actions);
    row.next_visit_on = Set(c.next_visit_on);
    row.place_note = Set(c.place_note);
    row.no_signature_reason = Set(c.no_signature_reason);
    row.qualifies = Set(qualifies);
}

async fn person_of<P: Permit>(tx: &Writing<'_, P>, visit: &visit::Model) -> Outcome<person::Model> {
    tx.parts::<person::Entity, visit::Entity>(visit).required().await
}

fn must_be_there(person: &person::Model) -> Outcome<()> {
    if person.died_on.is_some() {
        return Err(Problem::refused(
            "visit.person_dead",
            "该对象已登记去世，不能再记录走访。如登记有误，请先联系站长更正。",
            "This person is registered as deceased and cannot be visited. If that is wrong, ask the station head to correct it first.",
        ));
    }
    if model::may_be_visited(&person.ledger_state) {
        return Ok(());
    }
    Err(Problem::refused(
        "visit.not_in_ledger",
        "该对象已不在台账中（不予建档、已退出或已归档），不能记录走访。请先重新登记线索。",
        "This person is no longer in the ledger (dismissed, exited or archived), so no visit can be recorded. Open a new lead first.",
    ))
}

fn must_stand(visit: &visit::Model) -> Outcome<()> {
    if visit.state == COMPLETED {
        return Ok(());
    }
    Err(Problem::refused(
        "visit.void",
        "这次走访已作废，不能再修改。如需记录，请新增一次走访。",
        "This visit is void and cannot be changed. Record a new visit instead.",
    ))
}

fn must_be_open(visit: &visit::Model, today: Day, places: &[&str]) -> Outcome<()> {
    let locks_on = model::locks_on(visit.created_at, Params::national(), places);
    if today < locks_on {
        return Ok(());
    }
    Err(Problem::refused(
        "visit.locked",
        format!("这次走访自 {locks_on} 起已锁定，不能修改。请用“补充记录”说明更正的内容。"),
        format!(
            "This visit has been locked since {locks_on} and cannot be changed. Write an addendum that says what is to be corrected."
        ),
    ))
}
