//! Operations on the ledger of a person.

use access::{Body, House, Problems, Scope, Segment, Written};
use axum::{Json, extract::FromRequestParts, http::StatusCode, http::request::Parts};
use kernel::{Outcome, Problem};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Approve, Move, actions, grading,
    model::{self, Hands, NewGrade, NewStep},
    row::ledger_transition,
    store,
};
use crate::persons::{self, Named, PersonPage, Read, row::person};

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
    /// Found by the station, not by a list.
    pub new_found: bool,
    /// Revision, for the next step.
    pub rev: i32,
    /// States this caller may ask for now.
    pub allowed: Vec<String>,
    /// Steps of all episodes, newest first.
    pub transitions: Vec<TransitionView>,
}

/// The ledger of a person as this caller sees it.
pub(crate) async fn view(scope: &Scope<Read>, person: &person::Model) -> Outcome<LedgerView> {
    let entry = store::current_of(scope, person).await?;
    let rows = store::steps(scope, person).await?;
    let names = scope.account_names(rows.iter().map(|t| t.actor_id).collect()).await?;
    let named = |id: Uuid| Named { id, name: names.get(&id).cloned().unwrap_or_default() };
    let hands = Hands { moves: scope.holds::<Move>(), approves: scope.holds::<Approve>() };
    let waiting = grading::waiting_of(scope, person, &entry, &rows).await?;
    let allowed = model::allowed(&entry.state, person.died_on.is_none(), hands, waiting.as_ref());
    let proposed_by = store::proposer(&entry, &rows).map(named);
    let masked = scope.masked();
    let shown = |t: ledger_transition::Model| TransitionView {
        at: access::iso(t.at),
        on: t.on_day,
        from: t.from_state,
        to: t.to_state,
        grade: some(t.grade),
        actor: named(t.actor_id),
        reason: t.reason,
        note: if masked { String::new() } else { t.note },
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
        new_found: entry.new_found,
        rev: entry.rev,
        allowed: allowed.into_iter().map(str::to_owned).collect(),
        transitions: rows.into_iter().map(shown).collect(),
    })
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|t| !t.is_empty())
}

/// A caller who may move the ledger, approve its steps, or both; whoever may do neither is refused.
struct Mover {
    read: Scope<Read>,
    moves: Option<Scope<Move>>,
    approves: Option<Scope<Approve>>,
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
    fn hands(&self) -> Hands {
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

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(step)).routes(routes!(grade))
}
