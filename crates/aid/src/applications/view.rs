//! Applications as shown.

use std::collections::{BTreeMap, HashMap};

use access::{PlaceRef, Scope};
use kernel::{Day, Id, Outcome, day};
use people::{
    applications::{
        row::{application, application_step},
        store,
    },
    minors,
    persons::Named,
};
use policy::card::Card;
use serde::Serialize;
use uuid::Uuid;

use super::{
    Prepare, Process, Read, actions,
    flow::{Act, State, Way},
    limits::{self, Calendar},
    model::{self, Consent},
    outcome,
};
use crate::policies::view::{PolicyShort, unit_code};

/// How to appeal (社会救助法 art. 76).
pub const APPEAL: &str = "申请人对不予确认的决定不服的，可以依法申请行政复议或者提起行政诉讼（社会救助法第七十六条）。请把期限和受理机关一并告知。";
const APPEAL_EN: &str = "Whoever disagrees with the refusal may ask for administrative reconsideration or sue (Social \
                         Assistance Law art. 76). Tell the time limit and the office as well.";

/// An application in a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ApplicationRow {
    /// Id.
    pub id: Uuid,
    /// For whom.
    pub person: Named,
    /// Policy.
    pub policy: PolicyShort,
    /// Where it stands.
    pub state: State,
    /// Who answers for the person.
    pub worker: Named,
    /// Village.
    pub place: Option<PlaceRef>,
    /// Day it was begun.
    pub opened_on: chrono::NaiveDate,
    /// Day of the newest act.
    pub state_on: chrono::NaiveDate,
    /// Last day for the next act; null where the card knows no limit.
    pub due_on: Option<chrono::NaiveDate>,
    /// Days until then; negative when it has passed.
    pub days_left: Option<i64>,
    /// Revision.
    pub rev: i32,
}

/// A paper of the card and whether it is there.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Paper {
    /// Words; the key of `answers`.
    pub text: String,
    /// English words.
    pub text_en: String,
    /// Obtained by data match: not asked for (社会救助法 art. 62).
    pub matched: bool,
    /// have, not_needed, or null while open.
    pub answer: Option<String>,
}

/// A limit of the card and its day.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DueDay {
    /// Step.
    pub step: String,
    /// English words.
    pub step_en: String,
    /// Days.
    pub days: u16,
    /// Whether working days are counted.
    pub workdays: bool,
    /// Clause.
    pub source: String,
    /// Whether it was read in its source.
    pub verified: bool,
    /// Last day; null until the limit begins, or where no act ends it.
    pub due_on: Option<chrono::NaiveDate>,
}

/// An act that was done.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StepView {
    /// Id.
    pub id: Uuid,
    /// open, or the word of an act.
    pub act: String,
    /// Day.
    pub on: chrono::NaiveDate,
    /// Who wrote it down.
    pub actor: Named,
    /// When it was written down (ISO 8601, UTC).
    pub at: String,
    /// What was said; empty where names are masked.
    pub text: String,
    /// Surveyors, agreement, last day of the notice, numbers; empty where names are masked.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}

/// An application with everything a worker needs for the next act.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ApplicationPage {
    /// What lists show.
    #[serde(flatten)]
    pub row: ApplicationRow,
    /// Where to apply.
    pub route: String,
    /// English words.
    pub route_en: String,
    /// What is made public.
    pub publicity: String,
    /// Whether there is a notice before the decision and a publication after it.
    pub public: bool,
    /// Whether the card says how long a notice lasts.
    pub notice_days_known: bool,
    /// 受理.
    pub accepted_on: Option<chrono::NaiveDate>,
    /// Last day of the notice.
    pub publicity_to: Option<chrono::NaiveDate>,
    /// 上报.
    pub submitted_on: Option<chrono::NaiveDate>,
    /// 受理号 of the deciding system.
    pub upstream_no: Option<String>,
    /// Day of the decision.
    pub decided_on: Option<chrono::NaiveDate>,
    /// Number of the decision.
    pub document: Option<String>,
    /// Why it was refused or withdrawn.
    pub reason: Option<String>,
    /// Confirmed amount in fen.
    pub amount: Option<i64>,
    /// Its unit, as in policies.
    pub amount_unit: String,
    /// Day the person was told.
    pub told_on: Option<chrono::NaiveDate>,
    /// Day it was published.
    pub announced_on: Option<chrono::NaiveDate>,
    /// The authorisation to check.
    pub consent: Option<Consent>,
    /// Whether a close relative works for the office; null until asked.
    pub is_relative: Option<bool>,
    /// Who.
    pub relative_note: Option<String>,
    /// Note of who prepares.
    pub note: Option<String>,
    /// Papers of the card.
    pub papers: Vec<Paper>,
    /// Limits of the card.
    pub limits: Vec<DueDay>,
    /// Whether holidays were entered; without them working days are Monday to Friday.
    pub holidays_known: bool,
    /// What was done, the oldest first.
    pub steps: Vec<StepView>,
    /// Acts this caller may do now.
    pub acts: Vec<Act>,
    /// Categories one of which a confirmation names.
    pub categories: Vec<String>,
    /// Whether this caller may change what is prepared.
    pub can_prepare: bool,
    /// How to appeal; only with a refusal.
    pub appeal: Option<String>,
    /// English words.
    pub appeal_en: Option<String>,
}

/// A page of applications as shown.
pub async fn rows(scope: &Scope<Read>, all: Vec<application::Model>) -> Outcome<Vec<ApplicationRow>> {
    let people = store::people_of(scope, &all).await?;
    let names = minors::names_of(scope, &people).await?;
    let workers = scope.account_names(all.iter().map(|row| row.worker_id).collect()).await?;
    let places = scope.labels(all.iter().map(|row| row.village_id)).await?;
    let today = scope.today();
    let policy = |row: &application::Model| {
        actions::card(&row.policy).map_or_else(|_| PolicyShort::lost(&row.policy), PolicyShort::from)
    };
    Ok(all.iter().map(|row| short(row, policy(row), (&names, &workers, &places), today)).collect())
}

/// Names as the caller may see them, by id.
type Names = HashMap<Id, String>;

fn short(
    row: &application::Model,
    policy: PolicyShort,
    (names, workers, places): (&Names, &Names, &HashMap<i32, PlaceRef>),
    today: Day,
) -> ApplicationRow {
    let named = |id: Id, names: &Names| Named { id, name: names.get(&id).cloned().unwrap_or_default() };
    ApplicationRow {
        id: row.id,
        person: named(row.person_id, names),
        policy,
        state: State::parse(&row.state).unwrap_or(State::Draft),
        worker: named(row.worker_id, workers),
        place: places.get(&row.village_id).cloned(),
        opened_on: row.opened_on,
        state_on: row.state_on,
        due_on: row.due_on,
        days_left: row.due_on.map(|due| day::days_between(today, due)),
        rev: row.rev,
    }
}

/// One application as shown; opening a minor's is refused without an approval, and every opening is recorded.
pub async fn page(scope: &Scope<Read>, id: Id) -> Outcome<ApplicationPage> {
    let row = store::one(scope, id).await?;
    let person = store::person_of(scope, &row).await?;
    let way = minors::must_open(scope, &person).await?;
    minors::record(scope, &person, Some(way)).await?;
    let card = actions::card(&row.policy)?;
    let steps = steps(scope, store::steps(scope, &row).await?).await?;
    let calendar = Calendar::of(scope.today());
    let state = State::parse(&row.state).unwrap_or(State::Draft);
    let way = Way::of(card);
    let mine = |act: &Act| if act.is_of_worker() { scope.holds::<Prepare>() } else { scope.holds::<Process>() };
    let open = |text: &Option<String>| text.clone().filter(|_| !scope.masked());
    let refused = state == State::Refused;
    let short = rows(scope, vec![row.clone()]).await?.into_iter().next().ok_or(kernel::Problem::NotFound)?;
    Ok(ApplicationPage {
        route: card.route.clone(),
        route_en: card.route_en.clone(),
        publicity: card.publicity.clone(),
        public: way.public,
        notice_days_known: limits::notice_end(&calendar, card, scope.today()).is_some(),
        accepted_on: row.accepted_on,
        publicity_to: row.publicity_to,
        submitted_on: row.submitted_on,
        upstream_no: open(&row.upstream_no),
        decided_on: row.decided_on,
        document: open(&row.document),
        reason: open(&row.reason),
        amount: row.amount.filter(|_| !scope.masked()),
        amount_unit: unit(card, row.opened_on).to_owned(),
        told_on: row.told_on,
        announced_on: row.announced_on,
        consent: consent(&row).filter(|_| !scope.masked()),
        is_relative: row.is_relative,
        relative_note: open(&row.relative_note),
        note: open(&row.note),
        papers: papers(card, &row.answers),
        limits: due_days(&calendar, card, &row),
        holidays_known: calendar.knows_holidays(),
        steps,
        acts: way.next(state, &row).into_iter().filter(mine).collect(),
        categories: outcome::categories(card).into_iter().map(str::to_owned).collect(),
        can_prepare: scope.holds::<Prepare>() && state.is_open() && state != State::Submitted,
        appeal: refused.then(|| APPEAL.to_owned()),
        appeal_en: refused.then(|| APPEAL_EN.to_owned()),
        row: short,
    })
}

fn unit(card: &Card, on: Day) -> &'static str {
    let version = card.version_on(on).or_else(|| card.versions.last());
    version.and_then(|v| v.amount.as_ref()).map_or("none", |amount| unit_code(&amount.unit))
}

fn consent(row: &application::Model) -> Option<Consent> {
    Some(Consent { by: row.consent_by.clone()?, on: row.consent_on?, how: row.consent_how.clone()? })
}

fn papers(card: &Card, answers: &str) -> Vec<Paper> {
    let answers: BTreeMap<String, String> = serde_json::from_str(answers).unwrap_or_default();
    let known = |answer: &&String| [model::HAVE, model::NOT_NEEDED].contains(&answer.as_str());
    let paper = |e: &policy::card::Evidence| Paper {
        text: e.text.clone(),
        text_en: e.text_en.clone(),
        matched: e.matched,
        answer: answers.get(&e.text).filter(known).cloned(),
    };
    card.evidence.iter().map(paper).collect()
}

fn due_days(calendar: &Calendar, card: &Card, row: &application::Model) -> Vec<DueDay> {
    let due = |limit: &policy::card::Limit| DueDay {
        step: limit.step.clone(),
        step_en: limit.step_en.clone(),
        days: limit.days,
        workdays: limit.workdays,
        source: limit.source.clone(),
        verified: limit.verified,
        due_on: limits::last_day(calendar, limit, row),
    };
    card.limits.iter().map(due).collect()
}

async fn steps(scope: &Scope<Read>, all: Vec<application_step::Model>) -> Outcome<Vec<StepView>> {
    let names = scope.account_names(all.iter().map(|step| step.actor_id).collect()).await?;
    let masked = scope.masked();
    let view = |step: application_step::Model| StepView {
        id: step.id,
        act: step.act,
        on: step.on_day,
        actor: Named { id: step.actor_id, name: names.get(&step.actor_id).cloned().unwrap_or_default() },
        at: access::iso(step.at),
        text: if masked { String::new() } else { step.text },
        detail: if masked { serde_json::json!({}) } else { serde_json::from_str(&step.detail).unwrap_or_default() },
    };
    Ok(all.into_iter().map(view).collect())
}
