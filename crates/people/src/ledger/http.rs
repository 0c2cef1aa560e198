//! Operations on the ledger of a person.

use access::{Body, House, Problems, Scope, Segment, Written};
use axum::{Json, extract::FromRequestParts, http::StatusCode, http::request::Parts};
use kernel::{Outcome, Problem};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Approve, Move, actions, grading,
    model::{self, Evidence, Hands, NewGrade, NewStep},
    review::{self, NewReview},
    row::{ledger_entry, ledger_transition},
    store,
    suggest::Suggestion,
};
use crate::{
    persons::{self, Named, PersonPage, Read, row::person},
    timers::{self, TimerView},
    visits,
};

/// One step as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TransitionView {
    /// When it was written down.
    pub at: String,
    /// Day of the step.
    pub on: chrono::NaiveDate,
    /// State before; empty at the beginning.
    pub from: String,
    /// State after; the same as before for a proposal or a grade.
    pub to: String,
    /// Grade after, or the proposed one; null when there is none.
    pub grade: Option<String>,
    /// Who.
    pub actor: Named,
    /// Reason code; `proposed` and `graded` mark proposals and confirmed grades.
    pub reason: String,
    /// Note; empty where names are masked.
    pub note: String,
    /// What the step rests on; empty where names are masked.
    pub evidence: Vec<Evidence>,
}

/// The running (or last) episode in the ledger.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LedgerView {
    /// Id of the entry.
    pub id: Uuid,
    /// Code of list `ledger_state`.
    pub state: String,
    /// Code of list `grade`.
    pub grade: Option<String>,
    /// Grade that waits for a second person.
    pub proposed_grade: Option<String>,
    /// Who proposed it.
    pub proposed_by: Option<Named>,
    /// Counts from 1.
    pub episode: i32,
    /// Day of the lead.
    pub opened_on: chrono::NaiveDate,
    /// Day of entry.
    pub entered_on: Option<chrono::NaiveDate>,
    /// Day of exit or dismissal.
    pub closed_on: Option<chrono::NaiveDate>,
    /// Day of the grade in force.
    pub graded_on: Option<chrono::NaiveDate>,
    /// Day of the last review.
    pub reviewed_on: Option<chrono::NaiveDate>,
    /// Within 在册: `graded`, `served` (a visit since entry) and `review_due`, as far as they hold.
    pub stages: Vec<String>,
    /// Running timers, the most urgent first.
    pub timers: Vec<TimerView>,
    /// Whether this caller may review the entry now.
    pub may_review: bool,
    /// Found by the station, not by a list.
    pub new_found: bool,
    /// Revision, for the next step.
    pub rev: i32,
    /// States this caller may ask for now.
    pub allowed: Vec<String>,
    /// Steps of all episodes, newest first.
    pub transitions: Vec<TransitionView>,
}

/// The ledger of a person as this caller sees it; `masked` leaves out what was written down about its steps.
pub(crate) async fn view(scope: &Scope<Read>, person: &person::Model, masked: bool) -> Outcome<LedgerView> {
    let entry = store::current_of(scope, person).await?;
    let rows = store::steps(scope, person).await?;
    let names = scope.account_names(rows.iter().map(|t| t.actor_id).collect()).await?;
    let named = |id: Uuid| Named { id, name: names.get(&id).cloned().unwrap_or_default() };
    let hands = Hands { moves: scope.holds::<Move>(), approves: scope.holds::<Approve>() };
    let waiting = grading::waiting_of(scope, person, &entry, &rows).await?;
    let timers = timers::view::of(scope, person, &entry, &rows).await?;
    let runs = matches!(entry.state.as_str(), "active" | "suspended") && person.died_on.is_none();
    let stages = stages(person, &entry, &timers);
    let allowed = model::allowed(&entry.state, person.died_on.is_none(), hands, waiting.as_ref());
    let proposed_by = store::proposer(&entry, &rows).map(named);
    let shown = |t: ledger_transition::Model| TransitionView {
        at: access::iso(t.at),
        on: t.on_day,
        from: t.from_state,
        to: t.to_state,
        grade: some(t.grade),
        actor: named(t.actor_id),
        reason: t.reason,
        note: if masked { String::new() } else { t.note },
        evidence: if masked { Vec::new() } else { serde_json::from_str(&t.evidence).unwrap_or_default() },
    };
    Ok(LedgerView {
        id: entry.id,
        state: entry.state,
        grade: some(entry.grade),
        proposed_grade: some(entry.proposed_grade),
        proposed_by,
        episode: entry.episode,
        opened_on: entry.opened_on,
        entered_on: entry.entered_on,
        closed_on: entry.closed_on,
        graded_on: entry.graded_on,
        reviewed_on: entry.reviewed_on,
        stages,
        timers,
        may_review: runs && (hands.moves || hands.approves),
        new_found: entry.new_found,
        rev: entry.rev,
        allowed: allowed.into_iter().map(str::to_owned).collect(),
        transitions: rows.into_iter().map(shown).collect(),
    })
}

/// How far an active entry has come: graded, served in this episode, due for its review.
fn stages(person: &person::Model, entry: &ledger_entry::Model, timers: &[TimerView]) -> Vec<String> {
    if entry.state != "active" {
        return Vec::new();
    }
    let served = entry.entered_on.is_some_and(|on| person.last_visit_on >= on);
    let due = timers.iter().any(|t| t.kind == "entry_review" && t.state != "ok");
    let all = [("graded", !entry.grade.is_empty()), ("served", served), ("review_due", due)];
    all.into_iter().filter(|(_, holds)| *holds).map(|(stage, _)| stage.to_owned()).collect()
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|t| !t.is_empty())
}

/// A caller who may move the ledger, approve its steps, or both; whoever may do neither is refused.
pub(crate) struct Mover {
    /// Reading.
    pub(crate) read: Scope<Read>,
    /// Moving.
    pub(crate) moves: Option<Scope<Move>>,
    /// Approving.
    pub(crate) approves: Option<Scope<Approve>>,
}

impl FromRequestParts<House> for Mover {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Problem> {
        let read = Scope::<Read>::from_request_parts(parts, house).await?;
        let (moves, approves) = (read.also().ok(), read.also().ok());
        if moves.is_none() && approves.is_none() {
            return Err(Problem::Forbidden);
        }
        Ok(Self { read, moves, approves })
    }
}

impl Mover {
    /// What the caller may do.
    pub(crate) fn hands(&self) -> Hands {
        Hands { moves: self.moves.is_some(), approves: self.approves.is_some() }
    }
}

fn answer(written: Written, page: PersonPage) -> (StatusCode, Json<PersonPage>) {
    (if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }, Json(page))
}

/// Takes, proposes or confirms a step of the ledger.
///
/// Entry into the ledger takes two people: a worker proposes with a grade, another account that may approve sends the same.
#[utoipa::path(post, path = "/persons/{id}/ledger", tag = "people", params(("id" = Uuid, Path)), request_body = NewStep,
    responses((status = 201, body = PersonPage), (status = 200, body = PersonPage), Problems),
    extensions(("x-permit" = json!(["people.ledger.move", "people.ledger.approve"]))))]
async fn step(
    mover: Mover,
    Segment(id): Segment<Uuid>,
    body: Body<NewStep>,
) -> Outcome<(StatusCode, Json<PersonPage>)> {
    let (hands, new, digest) = (mover.hands(), body.value, &body.digest);
    // The permit depends on the step only, so that a repeated call is recognised.
    let workers = matches!(new.to.as_str(), "verifying" | "dismissed" | "archived");
    let written = match (&mover.moves, &mover.approves) {
        (Some(scope), Some(_)) if workers => actions::step(scope, hands, id, new, digest).await?,
        (_, Some(scope)) => actions::step(scope, hands, id, new, digest).await?,
        (Some(scope), None) => actions::step(scope, hands, id, new, digest).await?,
        (None, None) => return Err(Problem::Forbidden),
    };
    Ok(answer(written, persons::page(&mover.read, id).await?))
}

/// Proposes or confirms a grade.
#[utoipa::path(post, path = "/persons/{id}/grade", tag = "people", params(("id" = Uuid, Path)), request_body = NewGrade,
    responses((status = 201, body = PersonPage), (status = 200, body = PersonPage), Problems),
    extensions(("x-permit" = json!(["people.ledger.move", "people.ledger.approve"]))))]
async fn grade(
    mover: Mover,
    Segment(id): Segment<Uuid>,
    body: Body<NewGrade>,
) -> Outcome<(StatusCode, Json<PersonPage>)> {
    let (hands, new, digest) = (mover.hands(), body.value, &body.digest);
    let written = match (&mover.moves, &mover.approves) {
        (_, Some(scope)) => grading::grade(scope, hands, id, new, digest).await?,
        (Some(scope), None) => grading::grade(scope, hands, id, new, digest).await?,
        (None, None) => return Err(Problem::Forbidden),
    };
    Ok(answer(written, persons::page(&mover.read, id).await?))
}

/// Records a review of an entry; its timer starts again.
#[utoipa::path(post, path = "/persons/{id}/review", tag = "people", params(("id" = Uuid, Path)), request_body = NewReview,
    responses((status = 201, body = PersonPage), (status = 200, body = PersonPage), Problems),
    extensions(("x-permit" = json!(["people.ledger.move", "people.ledger.approve"]))))]
async fn review_entry(
    mover: Mover,
    Segment(id): Segment<Uuid>,
    body: Body<NewReview>,
) -> Outcome<(StatusCode, Json<PersonPage>)> {
    let (hands, new, digest) = (mover.hands(), body.value, &body.digest);
    let written = match (&mover.moves, &mover.approves) {
        (_, Some(scope)) => review::review(scope, hands, id, new, digest).await?,
        (Some(scope), None) => review::review(scope, hands, id, new, digest).await?,
        (None, None) => return Err(Problem::Forbidden),
    };
    Ok(answer(written, persons::page(&mover.read, id).await?))
}

/// Which grade the facts suggest, and why; people decide.
#[utoipa::path(get, path = "/persons/{id}/grading", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = Suggestion), Problems), extensions(("x-permit" = json!("people.persons.read"))))]
async fn suggestion(scope: Scope<Read>, Segment(id): Segment<Uuid>) -> Outcome<Json<Suggestion>> {
    let person = visits::store::person(&scope, id, None).await?;
    Ok(Json(grading::suggestion_of(&scope, &person).await?))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(step))
        .routes(routes!(grade))
        .routes(routes!(review_entry))
        .routes(routes!(suggestion))
}
