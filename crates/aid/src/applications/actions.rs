//! Beginning an application, preparing it, and the acts on it.

use access::{
    Body, Scope, Writing, Written,
    tasks::{self, NewTask, Window},
};
use kernel::{Day, Field, Id, Outcome, Permit, Problem, Sees};
use people::{
    applications::{row::application, store},
    minors,
    persons::row::person,
};
use policy::card::{Card, Nature};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    Prepare,
    flow::{self, Act, State, Way},
    limits::{self, Calendar},
    model::{self, Changes, NewAct, NewApplication},
    outcome,
};
use crate::{
    policies::{shelf::shelf, standards_of},
    screening,
};

/// Kind of the task that asks for the next step of the township.
const STEP: &str = "application_step";
/// Kind of the task that asks to tell the person of the decision.
const TELL: &str = "application_tell";
/// Kind of the subject of both.
const SUBJECT: &str = "application";

/// The card of a policy.
pub fn card(policy: &str) -> Outcome<&'static Card> {
    let found = shelf()?.all.cards().iter().find(|card| card.id == policy);
    found.ok_or_else(|| {
        Problem::refused(
            "application.policy_lost",
            format!("政策“{policy}”的文件已不在数据目录的 policies 文件夹中，无法打开或继续办理；请系统管理员放回该文件并重新启动。"),
            format!("The file of the policy “{policy}” is gone from the folder policies of the data folder; whoever runs the server must put it back and start again."),
        )
    })
}

/// Begins an application; the same id again changes nothing.
pub async fn begin(scope: &Scope<Prepare>, body: Body<NewApplication>) -> Outcome<Written> {
    let Body { value: new, digest } = body;
    let card = applicable(&new.policy, scope.today())?;
    minors::must_open_id(scope, new.person_id).await?;
    scope
        .write_once(new.id, &digest, move |tx| {
            Box::pin(async move {
                let person = tx.get::<person::Entity>(new.person_id).await?;
                must_live(&person)?;
                must_hold_for(tx.scope(), card, &person).await?;
                // Two that begin the same at once wait here for each other.
                tx.queue_at(vec![person.county_id]).await?;
                if store::open_in(tx, &person, &card.id).await?.is_some() {
                    return Err(Problem::refused(
                        "application.open",
                        "该对象已有一件同一政策的申请正在办理，请在原申请上继续。",
                        "An application of this person for this policy is open already; go on with that one.",
                    ));
                }
                let row = store::begin(tx, &person, new.id, &card.id).await?;
                let step = store::Step {
                    id: tx.scope().new_id(),
                    act: "open",
                    on: tx.scope().today(),
                    text: String::new(),
                    detail: "{}".to_owned(),
                };
                store::put_step(tx, &row, step).await?;
                screening::apply::applied(tx, person.id, &card.id).await
            })
        })
        .await
}

/// The card of a policy that can be applied for.
fn applicable(policy: &str, today: Day) -> Outcome<&'static Card> {
    let card = shelf()?.all.cards().iter().find(|card| card.id == policy);
    let card = card.ok_or_else(|| Problem::invalid(Field::unknown_code("policy", "policy")))?;
    let (rule, zh, en) = if card.restricted {
        (
            "application.restricted",
            "该政策涉及限制访问信息，不在这里办理，请通过受限档案转介主管部门。",
            "This policy touches restricted records and is not applied for here; refer to the authority by a restricted file.",
        )
    } else if card.nature == Nature::Duty {
        (
            "application.duty",
            "这是部门的法定职责，不需要申请，请转介主管部门。",
            "This is a duty of an agency, nothing to apply for; refer to the agency.",
        )
    } else if card.version_on(today).is_none() {
        (
            "application.not_in_force",
            "该政策目前没有有效的版本，不能申请。",
            "No version of this policy is in force, so it cannot be applied for.",
        )
    } else {
        return Ok(card);
    };
    Err(Problem::refused(rule, zh, en))
}

fn must_live(person: &person::Model) -> Outcome<()> {
    if person.died_on.is_none() {
        return Ok(());
    }
    Err(Problem::refused(
        "application.dead",
        "该对象已登记死亡，不能再办理申请；未办结的申请请撤回。",
        "The person is recorded as dead; withdraw what is still open.",
    ))
}

/// Refuses where the card is of a place whose people this person is not one of.
async fn must_hold_for(scope: &Scope<Prepare>, card: &Card, person: &person::Model) -> Outcome<()> {
    if card.place.is_empty() {
        return Ok(());
    }
    let (chain, ..) = standards_of(scope, person).await?;
    if chain.places().iter().any(|(_, code)| *code == card.place) {
        return Ok(());
    }
    Err(Problem::refused(
        "application.other_place",
        "该政策只适用于其他地区：对象的户籍地（没有登记户籍的按居住地）不在其中，不能申请。",
        "This policy holds for people of another place: neither the registered place of this person nor, without one, the residence lies there.",
    ))
}

/// Refuses while the file of the applicant, a minor, is closed to the caller.
async fn must_open<P: Permit + Sees<application::Entity>>(scope: &Scope<P>, id: Id) -> Outcome<()> {
    let row = store::one(scope, id).await?;
    minors::must_open(scope, &store::person_of(scope, &row).await?).await.map(|_| ())
}

/// Changes what is being prepared.
pub async fn prepare(scope: &Scope<Prepare>, id: Id, new: Changes) -> Outcome<()> {
    must_open(scope, id).await?;
    scope
        .write(move |tx| {
            Box::pin(async move {
                let row = tx.get_rev::<application::Entity>(id, new.rev).await?;
                must_live(&tx.get::<person::Entity>(row.person_id).await?)?;
                let state = State::parse(&row.state);
                if !state.is_some_and(State::is_open) || state == Some(State::Submitted) {
                    return Err(Problem::refused(
                        "application.sent",
                        "申请已经上报或办结，不能再修改准备内容。",
                        "The application was sent on or is over; what was prepared can no longer change.",
                    ));
                }
                new.faults(card(&row.policy)?, tx.scope().today()).done(Some(()))?;
                let answers = new.answers.as_ref().map(|answers| json!(answers).to_string());
                let text = |text: String| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
                tx.update::<application::Entity>(&row, |r| {
                    if let Some(consent) = new.consent {
                        r.consent_by = Set(text(consent.by));
                        r.consent_on = Set(Some(consent.on));
                        r.consent_how = Set(Some(consent.how));
                    }
                    if let Some(is_relative) = new.is_relative {
                        r.is_relative = Set(Some(is_relative));
                        r.relative_note = Set(new.relative_note.filter(|_| is_relative).and_then(text));
                    }
                    if let Some(answers) = answers {
                        r.answers = Set(answers);
                    }
                    if let Some(note) = new.note {
                        r.note = Set(text(note));
                    }
                })
                .await
                .map(|_| ())
            })
        })
        .await
}

/// Carries an act out or writes down that it was done; the same id again changes nothing.
pub async fn act<P>(scope: &Scope<P>, id: Id, new: NewAct, digest: &[u8]) -> Outcome<Written>
where
    P: Permit + Sees<application::Entity> + Sees<person::Entity>,
{
    new.faults(scope.today()).done(Some(()))?;
    must_open(scope, id).await?;
    scope
        .write_once(new.id, &[digest, id.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let row = tx.get_rev::<application::Entity>(id, new.rev).await?;
                let person = tx.get::<person::Entity>(row.person_id).await?;
                let card = card(&row.policy)?;
                let until = check(tx, &row, &person, card, &new)?;
                let state = State::parse(&row.state).ok_or_else(|| Problem::internal("an unknown state"))?;
                let next = flow::after(new.act, state, new.objection == Some(true));
                let then = changed(&row, &new, next, until);
                let due_on = limits::due(&Calendar::of(tx.scope().today()), card, &then);
                let after = store::advance(tx, &row, application::Model { due_on, ..then }).await?;
                if new.act == Act::Confirm {
                    outcome::enter(tx, &person, card, &new).await?;
                }
                store::put_step(tx, &after, written(&new, until)).await?;
                ask_next(tx, &after, &person, card, new.act).await
            })
        })
        .await
}

/// Refuses an act that may not follow or lacks something; gives the last day of a notice that begins.
fn check<P: Permit>(
    tx: &Writing<'_, P>,
    row: &application::Model,
    person: &person::Model,
    card: &Card,
    new: &NewAct,
) -> Outcome<Option<Day>> {
    let way = Way::of(card);
    let state = State::parse(&row.state).ok_or_else(|| Problem::internal("an unknown state"))?;
    way.must_follow(new.act, state, row)?;
    if !matches!(new.act, Act::Withdraw | Act::Tell | Act::Refuse) {
        must_live(person)?;
    }
    let mut until = None;
    let mut faults = people::persons::checks::Faults::default();
    let (zh, en) = ("早于上一环节的日期，请核对。", "This lies before the act that came first; check both days.");
    faults.not_before("on", new.on, Some(row.state_on).filter(|_| state != State::Draft), zh, en);
    match new.act {
        Act::HandIn | Act::Accept => {
            if new.act == Act::Accept && row.opened_by == tx.scope().actor() {
                return Err(Problem::refused(
                    "application.own",
                    "这件申请由您本人帮办，须由他人受理。",
                    "You prepared this application; somebody else has to accept it.",
                ));
            }
            model::must_be_complete(card, row.is_relative, &row.answers, way.urgent)?;
        }
        Act::PublicityStart => {
            until = limits::notice_end(&Calendar::of(tx.scope().today()), card, new.on).or(new.until);
            match until {
                None => faults.push(Field::required("until")),
                Some(last) => {
                    let (zh, en) = ("公示截止日早于开始日，请核对。", "The notice ends before it begins.");
                    faults.not_before("until", last, Some(new.on), zh, en);
                }
            }
        }
        Act::PublicityEnd => {
            let last = row.publicity_to.filter(|_| new.objection != Some(true));
            let (zh, en) =
                ("公示期还没有满，请在期满后登记。", "The notice has not run out; record its end afterwards.");
            faults.not_before("on", new.on, last, zh, en);
        }
        Act::Submit if row.consent_on.is_none() => {
            return Err(Problem::refused(
                "application.consent",
                "请先登记核对授权（谁、何时、以什么方式授权），再上报。",
                "First record who authorised the means check, when and how; then submit.",
            ));
        }
        Act::Confirm => {
            outcome::category_of(card, new.category.as_deref())?;
        }
        _ => {}
    }
    faults.done(Some(()))?;
    Ok(until)
}

/// The row as the act leaves it.
fn changed(row: &application::Model, new: &NewAct, next: State, until: Option<Day>) -> application::Model {
    let on = Some(new.on);
    let said = Some(new.said().to_owned()).filter(|text| !text.is_empty());
    let trimmed = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let mut r = row.clone();
    r.state = next.word().to_owned();
    r.is_open = next.is_open();
    r.state_on = new.on;
    match new.act {
        Act::Accept => r.accepted_on = on,
        Act::PublicityStart => {
            r.publicity_to = until;
            r.publicity_ended_on = None;
        }
        Act::PublicityEnd if next == State::Publicity => r.publicity_ended_on = on,
        Act::PublicityEnd => r.publicity_to = None,
        Act::Submit => {
            r.submitted_on = on;
            r.upstream_no = trimmed(&new.upstream_no);
        }
        Act::Confirm | Act::Refuse => {
            r.decided_on = on;
            r.document = trimmed(&new.document);
            r.amount = new.amount.filter(|_| new.act == Act::Confirm);
            r.reason = said.filter(|_| new.act == Act::Refuse);
        }
        Act::Withdraw => r.reason = said,
        Act::Announce => r.announced_on = on,
        Act::Tell => r.told_on = on,
        Act::HandIn | Act::Survey | Act::Opinion => {}
    }
    r
}

/// The act as it is written down.
fn written(new: &NewAct, until: Option<Day>) -> store::Step {
    let detail = match new.act {
        Act::Survey => json!({ "surveyors": new.surveyors() }),
        Act::Opinion => json!({ "agree": new.agree }),
        Act::PublicityStart => json!({ "until": until }),
        Act::PublicityEnd => json!({ "objection": new.objection }),
        Act::Submit => json!({ "upstream_no": new.upstream_no }),
        Act::Confirm => json!({ "document": new.document, "amount": new.amount, "category": new.category }),
        Act::Refuse => json!({ "document": new.document }),
        _ => json!({}),
    };
    store::Step { id: new.id, act: new.act.word(), on: new.on, text: new.said().to_owned(), detail: detail.to_string() }
}

/// Settles what asked for this act, and asks whoever is next for the following one.
async fn ask_next<P: Permit>(
    tx: &Writing<'_, P>,
    row: &application::Model,
    person: &person::Model,
    card: &Card,
    act: Act,
) -> Outcome<()> {
    let state = State::parse(&row.state).ok_or_else(|| Problem::internal("an unknown state"))?;
    let next = Way::of(card).next(state, row);
    if act != Act::Tell {
        tasks::settle(tx, STEP, SUBJECT, row.id).await?;
    }
    if act != Act::Announce {
        tasks::settle(tx, TELL, SUBJECT, row.id).await?;
    }
    let task = |kind, role, account_id, step: Act| NewTask {
        kind,
        role,
        place: person.place(),
        subject_kind: SUBJECT,
        subject_id: Some(row.id),
        account_id,
        due_on: row.due_on,
        detail: json!({ "step": step.word(), "policy": card.title, "policy_en": card.title_en }),
    };
    let of_township = match state {
        State::Draft => (act == Act::HandIn).then_some(Act::Accept),
        _ => next.iter().copied().find(|act| !act.is_of_worker()),
    };
    if let Some(step) = of_township.filter(|_| act != Act::Tell) {
        let from = row.publicity_to.filter(|_| step == Act::PublicityEnd);
        tasks::put(tx, task(STEP, "TR", None, step), Window { from, mark: String::new() }).await?;
    }
    if matches!(act, Act::Confirm | Act::Refuse) {
        // Without a responsible worker whoever sits at the counter tells the person.
        let role = if person.worker_id.is_some() { "SW" } else { "TW" };
        tasks::raise(tx, task(TELL, role, person.worker_id, Act::Tell)).await?;
    }
    Ok(())
}
