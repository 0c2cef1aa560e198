//! Visits over HTTP.

use std::collections::HashMap;

use access::{Body, House, Page, Params, PlaceRef, Problems, Scope, Segment, Written, iso};
use axum::{Json, http::StatusCode};
use chrono::NaiveDate;
use kernel::{Field, Id, Outcome, Problem, page, params};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    COMPLETED, Read, Record, Revise, Void, actions,
    asked::{Asked, VisitQuery},
    content::{NewVisit, ReviseVisit},
    model,
    row::visit,
    store,
};
use crate::{
    due, minors,
    persons::{
        Named,
        row::{PersonLine, person},
    },
};

/// A later word on a visit (补充记录).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AddendumView {
    /// Id.
    pub id: Uuid,
    /// Text.
    pub text: String,
    /// Who wrote it.
    pub by: Named,
    /// When (ISO 8601, UTC).
    pub at: String,
}

/// A visit as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VisitView {
    /// Id.
    pub id: Uuid,
    /// Who was visited.
    pub person: Named,
    /// Kind, list `visit_kind`.
    pub kind: String,
    /// Mode, list `visit_mode`.
    pub mode: String,
    /// Day.
    pub visited_on: NaiveDate,
    /// Begin (ISO 8601, UTC).
    pub started_at: Option<String>,
    /// End (ISO 8601, UTC).
    pub ended_at: Option<String>,
    /// Minutes.
    pub minutes: Option<i32>,
    /// Result, list `contact_result`.
    pub contact_result: String,
    /// Who came along.
    pub companions: String,
    /// What was seen and said.
    pub summary: String,
    /// Risk signs, list `risk_sign`.
    pub risk_signs: Vec<String>,
    /// Needs, list `need_domain`.
    pub needs: Vec<String>,
    /// Services, list `service_kind`.
    pub services: Vec<String>,
    /// Field of work, list `work_field`.
    pub work_field: String,
    /// Policies that were explained.
    pub policies_explained: String,
    /// What was done or arranged.
    pub actions: String,
    /// Day promised for the next visit.
    pub next_visit_on: Option<NaiveDate>,
    /// Where exactly, if not at home.
    pub place_note: Option<String>,
    /// Why there is no signature.
    pub no_signature_reason: Option<String>,
    /// Village where the visit took place.
    pub place: Option<PlaceRef>,
    /// Who visited.
    pub worker: Named,
    /// completed or void.
    pub state: String,
    /// Why it was voided.
    pub void_reason: Option<String>,
    /// Whether it can no longer be changed.
    pub locked: bool,
    /// First day on which it can no longer be changed.
    pub locks_on: NaiveDate,
    /// Later words; filled for a single visit, empty in lists.
    pub addenda: Vec<AddendumView>,
    /// Whether what was seen and said is kept back: the visit is to a minor, whose file is opened by itself.
    pub closed: bool,
    /// Whether it counts in service coverage.
    pub counts_as_served: bool,
    /// Whether a visit like this starts an interval of the person anew, by the person's grade and categories of today.
    pub resets_timer: bool,
    /// The visit to several people this record belongs to.
    pub group_id: Option<Uuid>,
    /// The minutes stand on another record of the same visit.
    pub minutes_shared: bool,
    /// When it was entered (ISO 8601, UTC).
    pub created_at: String,
    /// Revision.
    pub rev: i32,
}

/// An addendum to write.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAddendum {
    /// Id made by the client (UUIDv7).
    pub id: Uuid,
    /// Text.
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
}

/// A visit to void.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidVisit {
    /// Id of this act, made by the client (UUIDv7).
    pub id: Uuid,
    /// Revision the caller saw.
    pub rev: i32,
    /// Why.
    #[schema(min_length = 1, max_length = 200)]
    pub reason: String,
}

/// Visits, newest first.
#[utoipa::path(get, path = "/visits", tag = "people", params(VisitQuery),
    responses((status = 200, body = Page<VisitView>), Problems), extensions(("x-permit" = json!("people.visits.read"))))]
async fn list(scope: Scope<Read>, Params(q): Params<VisitQuery>) -> Outcome<Json<Page<VisitView>>> {
    let limit = page::limit(q.limit)?;
    let page = Asked::check(&scope, &q).await?.page(&scope, q.cursor.as_deref(), limit).await?;
    let items = views(&scope, page.items, q.person.is_some()).await?;
    Ok(Json(Page { items, next: page.next }))
}

/// What narrows a list beyond its index needs a first day, so that no rare service is looked for in all of history.
pub(super) fn check_acts(q: &VisitQuery) -> Outcome<()> {
    let asked =
        [("service", "service_kind", &q.service), ("field", "work_field", &q.field), ("mode", "visit_mode", &q.mode)];
    let mut faults = Vec::new();
    for (field, list, code) in asked {
        let Some(code) = code else { continue };
        if !kernel::codes::has(list, code) {
            faults.push(Field::unknown_code(field, list));
        } else if q.from.is_none() && q.person.is_none() {
            faults.push(Field::new(
                "from",
                "required",
                "按服务、领域或方式查找时，请同时填写开始日期。",
                "To look for a service, field or mode, give the first day as well.",
            ));
        }
    }
    model::refuse(faults)
}

/// One visit with its addenda.
#[utoipa::path(get, path = "/visits/{id}", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = VisitView), Problems), extensions(("x-permit" = json!("people.visits.read"))))]
async fn get_one(scope: Scope<Read>, Segment(id): Segment<Uuid>) -> Outcome<Json<VisitView>> {
    let visit = store::one(&scope, id).await?;
    scope.opened::<visit::Entity>(&visit).await?;
    if let Some(person) = store::people_of(&scope, std::slice::from_ref(&visit)).await?.remove(&visit.person_id) {
        opened(&scope, &person).await?;
    }
    one(&scope, visit).await.map(Json)
}

/// What is told of visits to a minor is part of the minor's file: opening it is recorded before the answer.
pub(super) async fn opened(scope: &Scope<Read>, person: &person::Model) -> Outcome<()> {
    match minors::way(scope, person).await? {
        Some((way, _)) if way != minors::Way::Adult => minors::record(scope, person, Some(way)).await,
        _ => Ok(()),
    }
}

/// Records a visit to somebody in the caller's care.
#[utoipa::path(post, path = "/visits", tag = "people", request_body = NewVisit,
    responses((status = 201, body = VisitView), (status = 200, body = VisitView), Problems),
    extensions(("x-permit" = json!("people.visits.record"))))]
async fn create(scope: Scope<Record>, body: Body<NewVisit>) -> Outcome<(StatusCode, Json<VisitView>)> {
    let id = body.value.id;
    let written = actions::record(&scope, body).await?;
    shown(&scope.also::<Read>()?, id, written).await
}

/// Corrects a visit that is not locked yet.
#[utoipa::path(patch, path = "/visits/{id}", tag = "people", params(("id" = Uuid, Path)), request_body = ReviseVisit,
    responses((status = 200, body = VisitView), Problems), extensions(("x-permit" = json!("people.visits.revise"))))]
async fn change(scope: Scope<Revise>, Segment(id): Segment<Uuid>, body: Body<ReviseVisit>) -> Outcome<Json<VisitView>> {
    actions::revise(&scope, id, body.value).await?;
    shown(&scope.also::<Read>()?, id, Written::Again).await.map(|(_, view)| view)
}

/// Adds a later word to a visit.
#[utoipa::path(post, path = "/visits/{id}/addenda", tag = "people", params(("id" = Uuid, Path)), request_body = NewAddendum,
    responses((status = 201, body = VisitView), (status = 200, body = VisitView), Problems),
    extensions(("x-permit" = json!("people.visits.revise"))))]
async fn add(
    scope: Scope<Revise>,
    Segment(id): Segment<Uuid>,
    body: Body<NewAddendum>,
) -> Outcome<(StatusCode, Json<VisitView>)> {
    let written = actions::add(&scope, id, body.value.id, body.value.text, &body.digest).await?;
    shown(&scope.also::<Read>()?, id, written).await
}

/// Voids a visit entered in error.
#[utoipa::path(post, path = "/visits/{id}/void", tag = "people", params(("id" = Uuid, Path)), request_body = VoidVisit,
    responses((status = 201, body = VisitView), (status = 200, body = VisitView), Problems),
    extensions(("x-permit" = json!("people.visits.void"))))]
async fn void(
    scope: Scope<Void>,
    Segment(id): Segment<Uuid>,
    body: Body<VoidVisit>,
) -> Outcome<(StatusCode, Json<VisitView>)> {
    let VoidVisit { id: once, rev, reason } = body.value;
    let written = actions::void(&scope, id, once, rev, reason, &body.digest).await?;
    shown(&scope.also::<Read>()?, id, written).await
}

async fn shown(scope: &Scope<Read>, id: Id, written: Written) -> Outcome<(StatusCode, Json<VisitView>)> {
    let visit = store::one(scope, id).await?;
    let status = if written == Written::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(one(scope, visit).await?)))
}

async fn one(scope: &Scope<Read>, visit: visit::Model) -> Outcome<VisitView> {
    let addenda = store::addenda(scope, &visit).await?;
    let names = scope.account_names(addenda.iter().map(|a| a.author_id).collect()).await?;
    let addenda = addenda
        .into_iter()
        .map(|a| AddendumView { id: a.id, text: a.text, by: named(&names, a.author_id), at: iso(a.at) })
        .collect();
    let view = views(scope, vec![visit], true).await?.into_iter().next().ok_or(Problem::NotFound)?;
    let addenda = if view.closed { Vec::new() } else { addenda };
    Ok(VisitView { addenda, ..view })
}

/// The latest visits to a person at hand, as far as the caller may see them; the opening of the person is recorded by then.
pub(crate) async fn latest(scope: &Scope<Read>, person: &person::Model, rows: u64) -> Outcome<Vec<VisitView>> {
    let visits = store::of_person(scope, person, &store::Filter::default(), None, rows).await?.read().await?;
    let people = HashMap::from([(person.id, person.clone())]);
    views_of(scope, visits, people, true).await
}

/// Turns visits into what the caller may see of them; `opened` says that the files of their people were opened for it.
pub(crate) async fn views(scope: &Scope<Read>, visits: Vec<visit::Model>, opened: bool) -> Outcome<Vec<VisitView>> {
    let people = store::people_of(scope, &visits).await?;
    views_of(scope, visits, people, opened).await
}

async fn views_of(
    scope: &Scope<Read>,
    visits: Vec<visit::Model>,
    people: HashMap<Id, person::Model>,
    opened: bool,
) -> Outcome<Vec<VisitView>> {
    let people: Vec<PersonLine> = people.into_values().map(PersonLine::from).collect();
    let open = minors::open_among(scope, &people).await?;
    let names = minors::names_in(scope, &people, &open);
    let workers = scope.account_names(visits.iter().map(|v| v.worker_id).collect()).await?;
    let labels = scope.labels(visits.iter().flat_map(|v| v.path().into_iter().chain([v.served_village_id]))).await?;
    // What was seen at a child's home is told where the child's file was opened, not in a list over a place.
    let told = |id: &Id| open.get(id).is_some_and(|(way, _)| opened || *way == minors::Way::Adult);
    let lines: HashMap<Id, &PersonLine> = people.iter().map(|p| (p.id, p)).collect();
    let shown = |visit| match view(scope, visit, (&lines, &names), &workers, &labels) {
        view if told(&view.person.id) => view,
        view => view.closed(),
    };
    Ok(visits.into_iter().map(shown).collect())
}

impl VisitView {
    /// The same without what was seen, said and done.
    fn closed(self) -> Self {
        Self {
            closed: true,
            companions: String::new(),
            summary: String::new(),
            risk_signs: Vec::new(),
            needs: Vec::new(),
            services: Vec::new(),
            policies_explained: String::new(),
            actions: String::new(),
            place_note: None,
            no_signature_reason: None,
            void_reason: None,
            addenda: Vec::new(),
            ..self
        }
    }
}

fn view(
    scope: &Scope<Read>,
    visit: visit::Model,
    (people, names): (&HashMap<Id, &PersonLine>, &HashMap<Id, String>),
    workers: &HashMap<Id, String>,
    labels: &HashMap<i32, PlaceRef>,
) -> VisitView {
    let places = due::codes_in(labels, &visit.path());
    let locks_on = model::locks_on(visit.created_at, params::Params::national(), &due::nearest(&places));
    let c = visit.content();
    let resets_timer = visit.state == COMPLETED
        && c.is_contact()
        && people.get(&visit.person_id).is_some_and(|p| resets(p, &c.mode, &due::nearest(&places), scope.today()));
    VisitView {
        id: visit.id,
        person: Named { id: visit.person_id, name: names.get(&visit.person_id).cloned().unwrap_or_default() },
        kind: c.kind,
        mode: c.mode,
        visited_on: c.visited_on,
        started_at: c.started_at.map(iso),
        ended_at: c.ended_at.map(iso),
        minutes: c.minutes,
        contact_result: c.contact_result,
        companions: c.companions,
        summary: c.summary,
        risk_signs: c.risk_signs,
        needs: c.needs,
        services: c.services,
        work_field: c.work_field,
        policies_explained: c.policies_explained,
        actions: c.actions,
        next_visit_on: c.next_visit_on,
        place_note: c.place_note,
        no_signature_reason: c.no_signature_reason,
        place: labels.get(&visit.served_village_id).cloned(),
        worker: named(workers, visit.worker_id),
        locked: visit.state != COMPLETED || scope.today() >= locks_on,
        state: visit.state,
        void_reason: visit.void_reason,
        locks_on,
        addenda: Vec::new(),
        closed: false,
        counts_as_served: visit.qualifies,
        resets_timer,
        group_id: visit.group_id,
        minutes_shared: visit.minutes_shared,
        created_at: iso(visit.created_at),
        rev: visit.rev,
    }
}

/// A lead and somebody being verified wait for any contact; whoever is in the ledger for a mode the rules accept.
fn resets(person: &PersonLine, mode: &str, places: &[&str], today: NaiveDate) -> bool {
    let params = params::Params::national();
    person.ledger_state != "active" || due::model::resets(mode, &person.grade, person.cat_bits, params, places, today)
}

/// An account by name.
pub(crate) fn named(names: &HashMap<Id, String>, id: Id) -> Named {
    Named { id, name: names.get(&id).cloned().unwrap_or_default() }
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get_one, change))
        .routes(routes!(add))
        .routes(routes!(void))
}
