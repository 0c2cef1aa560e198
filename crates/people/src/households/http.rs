//! Operations on households.

use std::collections::HashMap;

use access::{Body, House, Page, Params, PlaceRef, Problems, Scope, Segment, Written};
use axum::{Json, http::StatusCode};
use kernel::{Id, Outcome, Problem, name, page as paging};
use sea_orm::ColumnTrait as _;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Change, Read, actions, changes,
    model::{self, EndMembership, HEAD, Join, NewHead, NewHousehold, NewMember, Split, UnitQuestion},
    proposal::{self, UnitProposal},
    row::{household, membership},
    sheet, store,
    unit::Verdict,
};
use crate::{
    minors,
    persons::{self, Named, PersonRow, checks::Faults, row::person},
};

/// A household on the page of a person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HouseholdShort {
    /// Id.
    pub id: Uuid,
    /// Code of list `household_kind`.
    pub kind: String,
    /// The person's relation to the head.
    pub relation: String,
    /// Whether the person is the head.
    pub is_head: bool,
    /// Present members.
    pub members: u32,
    /// First day.
    pub from: chrono::NaiveDate,
}

/// A household in a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HouseholdRow {
    /// Id.
    pub id: Uuid,
    /// Code of list `household_kind`.
    pub kind: String,
    /// The head; null when the caller may not see the person.
    pub head: Option<Named>,
    /// Village.
    pub village: Option<PlaceRef>,
    /// Village, with stars where an address is kept.
    pub address_masked: String,
    /// Present members.
    pub members: u32,
    /// First day.
    pub from: chrono::NaiveDate,
    /// First day after it was closed.
    pub to: Option<chrono::NaiveDate>,
    /// Revision.
    pub rev: i32,
}

/// A member as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MemberView {
    /// Id of the membership.
    pub membership_id: Uuid,
    /// The person; null when the caller may not see the person.
    pub person: Option<PersonRow>,
    /// Code of list `relation`.
    pub relation: String,
    /// Whether this is the head.
    pub is_head: bool,
    /// Lives in the household.
    pub is_cohabiting: bool,
    /// First day.
    pub from: chrono::NaiveDate,
    /// First day outside.
    pub to: Option<chrono::NaiveDate>,
    /// Why the person left.
    pub end_reason: Option<String>,
    /// Revision.
    pub rev: i32,
}

/// The page of a household; `members` is the list here.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HouseholdPage {
    /// Id.
    pub id: Uuid,
    /// Code of list `household_kind`.
    pub kind: String,
    /// The head; null when the caller may not see the person.
    pub head: Option<Named>,
    /// Village.
    pub village: Option<PlaceRef>,
    /// Village, with stars where an address is kept.
    pub address_masked: String,
    /// Members of today and before.
    pub members: Vec<MemberView>,
    /// The household this one was split from.
    pub origin_id: Option<Uuid>,
    /// The household that took the members of this one.
    pub successor_id: Option<Uuid>,
    /// What a means-test unit was decided on.
    pub decision: Option<DecisionView>,
    /// First day.
    pub from: chrono::NaiveDate,
    /// First day after it was closed.
    pub to: Option<chrono::NaiveDate>,
    /// Revision.
    pub rev: i32,
}

/// A decision on a means-test unit as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DecisionView {
    /// Day.
    pub on: chrono::NaiveDate,
    /// Who.
    pub by: Named,
    /// Whether the unit differs from what the rule proposed.
    pub differs: bool,
    /// Why it differs.
    pub reason: Option<String>,
    /// What the rule said of those whom the caller may see.
    pub verdicts: Vec<Verdict>,
    /// Document behind the rule.
    pub source: String,
}

/// What households to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HouseholdQuery {
    /// Division code.
    pub place: Option<String>,
    /// A member: name, pinyin, number, last four.
    pub q: Option<String>,
    /// With `q`: only households whose head was found.
    pub head: Option<bool>,
    /// Code of list `household_kind`.
    pub kind: Option<String>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// The open households of a person that this caller may see.
pub async fn shorts(scope: &Scope<persons::Read>, person: &person::Model) -> Outcome<Vec<HouseholdShort>> {
    let Ok(homes) = scope.also::<Read>() else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for own in store::memberships_of(scope, person).await?.into_iter().filter(|m| m.to_on.is_none()) {
        if let Some(home) = store::find(&homes, None, own.household_id).await? {
            all.push(HouseholdShort {
                id: home.id,
                members: present(&store::members_of(&homes, &home).await?),
                kind: home.kind,
                is_head: own.relation == HEAD,
                relation: own.relation,
                from: own.from_on,
            });
        }
    }
    Ok(all)
}

fn present(members: &[membership::Model]) -> u32 {
    count(members.iter().filter(|m| m.to_on.is_none()).count())
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The persons with these ids whom the caller may see.
async fn visible(scope: &Scope<Read>, ids: Vec<Id>) -> Outcome<HashMap<Id, person::Model>> {
    let Ok(people) = scope.also::<persons::Read>() else { return Ok(HashMap::new()) };
    let rows = people.find::<person::Entity>().filter(person::Column::Id.is_in(ids)).all().await?;
    Ok(rows.into_iter().map(|p| (p.id, p)).collect())
}

fn address(village: Option<&PlaceRef>, home: &household::Model) -> String {
    kernel::mask::address(village.map_or("", |v| v.name.as_str()), if home.address.is_some() { "*" } else { "" })
}

/// Households inside the scope, newest first; with `q` those of the people found.
#[utoipa::path(get, path = "/households", tag = "people", params(HouseholdQuery),
    responses((status = 200, body = Page<HouseholdRow>), Problems), extensions(("x-permit" = json!("people.households.read"))))]
async fn list(scope: Scope<Read>, Params(q): Params<HouseholdQuery>) -> Outcome<Json<Page<HouseholdRow>>> {
    let limit = paging::limit(q.limit)?;
    let after: Option<Id> = paging::decode(q.cursor.as_deref())?;
    let place = match q.place.as_deref() {
        Some(text) => Some(scope.resolve("place", text).await?.place()),
        None => None,
    };
    if q.kind.as_deref().is_some_and(|kind| !kernel::codes::has("household_kind", kind)) {
        return Err(Problem::invalid(kernel::Field::unknown_code("kind", "household_kind")));
    }
    let page = match name::query_kind(q.q.as_deref().unwrap_or_default()) {
        name::Query::Nothing => {
            let query = store::listing(&scope, place.as_ref(), q.kind.as_deref(), after, limit + 1);
            Page::cut(query.all().await?, limit, |h| h.id)
        }
        typed => Page::whole(of_people(&scope, place.as_ref(), &q, &typed, limit).await?),
    };
    let members = store::present_of(&scope, &page.items).await?;
    let heads = visible(&scope, page.items.iter().filter_map(|h| h.head_id).collect()).await?;
    let names = minors::names_of(&scope, heads.values()).await?;
    let places = scope.labels(page.items.iter().map(|h| h.village_id)).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for home in page.items {
        let village = places.get(&home.village_id).cloned();
        let head = home.head_id.and_then(|id| heads.get(&id));
        items.push(HouseholdRow {
            head: head.map(|p| Named { id: p.id, name: names.get(&p.id).cloned().unwrap_or_default() }),
            address_masked: address(village.as_ref(), &home),
            members: count(members.iter().filter(|m| m.household_id == home.id).count()),
            village,
            id: home.id,
            kind: home.kind,
            from: home.from_on,
            to: home.to_on,
            rev: home.rev,
        });
    }
    Ok(Json(Page { items, next: page.next }))
}

/// Households whose present members (or heads) match what was typed, in the order the people were found.
async fn of_people(
    scope: &Scope<Read>,
    place: Option<&kernel::Place>,
    asked: &HouseholdQuery,
    typed: &name::Query,
    limit: u64,
) -> Outcome<Vec<household::Model>> {
    let people: Scope<persons::Read> = scope.also()?;
    let filter = persons::store::Filter { place: place.copied(), ..Default::default() };
    let found = persons::search::search(&people, &filter, typed, limit).await?;
    let found: Vec<Id> = found.into_iter().map(|(person, _)| person.id).collect();
    let own = store::open_of_page(scope, &found).await?;
    let own = own.into_iter().filter(|m| asked.head != Some(true) || m.relation == HEAD);
    let ids: Vec<Id> = own.clone().map(|m| m.household_id).collect();
    let mut query = match place {
        Some(place) => scope.find_in::<household::Entity>(place),
        None => scope.find::<household::Entity>(),
    };
    query = query.filter(household::Column::Id.is_in(ids));
    if let Some(kind) = &asked.kind {
        query = query.filter(household::Column::Kind.eq(kind.as_str()));
    }
    let mut homes = query.all().await?;
    let rank = |home: &household::Model| {
        let members: Vec<Id> = own.clone().filter(|m| m.household_id == home.id).map(|m| m.person_id).collect();
        found.iter().position(|id| members.contains(id))
    };
    homes.sort_by_key(|home| (rank(home), home.id));
    homes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(homes)
}

pub(super) async fn page(scope: &Scope<Read>, id: Id) -> Outcome<HouseholdPage> {
    let home = store::find(scope, None, id).await?.ok_or(Problem::NotFound)?;
    let members = store::members_of(scope, &home).await?;
    let mut people = visible(scope, members.iter().map(|m| m.person_id).collect()).await?;
    let names = minors::names_of(scope, people.values()).await?;
    let head = home.head_id.and_then(|id| people.get(&id));
    let head = head.map(|p| Named { id: p.id, name: names.get(&p.id).cloned().unwrap_or_default() });
    let village = scope.labels([home.village_id]).await?.remove(&home.village_id);
    let decision = decision(scope, &home, &people).await?;
    let mut views = Vec::with_capacity(members.len());
    for member in members {
        let person = match people.remove(&member.person_id) {
            Some(row) => persons::rows(scope, vec![row.clone()]).await?.into_iter().next().inspect(|_| {
                // Somebody may have left and come back.
                people.insert(row.id, row);
            }),
            None => None,
        };
        views.push(MemberView {
            membership_id: member.id,
            end_reason: member.end_reason.filter(|_| person.is_some()),
            person,
            is_head: member.relation == HEAD && member.to_on.is_none(),
            relation: member.relation,
            is_cohabiting: member.is_cohabiting,
            from: member.from_on,
            to: member.to_on,
            rev: member.rev,
        });
    }
    Ok(HouseholdPage {
        address_masked: address(village.as_ref(), &home),
        head,
        village,
        members: views,
        origin_id: home.origin_id,
        successor_id: home.successor_id,
        decision,
        id: home.id,
        kind: home.kind,
        from: home.from_on,
        to: home.to_on,
        rev: home.rev,
    })
}

async fn decision(
    scope: &Scope<Read>,
    home: &household::Model,
    people: &HashMap<Id, person::Model>,
) -> Outcome<Option<DecisionView>> {
    #[derive(serde::Deserialize)]
    struct Judged {
        verdict: Verdict,
    }
    #[derive(serde::Deserialize, Default)]
    struct Basis {
        verdicts: Vec<Judged>,
        source: String,
    }
    let Some(row) = store::decision_of(scope, home).await? else { return Ok(None) };
    let basis: Basis = serde_json::from_str(&row.basis).unwrap_or_default();
    let names = scope.account_names(vec![row.decided_by]).await?;
    let verdicts = basis.verdicts.into_iter().map(|j| j.verdict).filter(|v| people.contains_key(&v.person_id));
    Ok(Some(DecisionView {
        on: row.decided_on,
        by: Named { id: row.decided_by, name: names.get(&row.decided_by).cloned().unwrap_or_default() },
        differs: row.differs,
        reason: row.reason,
        verdicts: verdicts.collect(),
        source: basis.source,
    }))
}

/// Makes a household with its members.
#[utoipa::path(post, path = "/households", tag = "people", request_body = NewHousehold,
    responses((status = 201, body = HouseholdPage), (status = 200, body = HouseholdPage), Problems),
    extensions(("x-permit" = json!("people.households.change"))))]
async fn create(scope: Scope<Change>, body: Body<NewHousehold>) -> Outcome<(StatusCode, Json<HouseholdPage>)> {
    let id = body.value.id;
    let written = actions::create(&scope, body.value, &body.digest).await?;
    Ok((status(written), Json(page(&scope.also()?, id).await?)))
}

fn status(written: Written) -> StatusCode {
    if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }
}

/// The page of a household; opening it is recorded.
#[utoipa::path(get, path = "/households/{id}", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = HouseholdPage), Problems), extensions(("x-permit" = json!("people.households.read"))))]
async fn get_one(scope: Scope<Read>, Segment(id): Segment<Uuid>) -> Outcome<Json<HouseholdPage>> {
    let home = store::find(&scope, None, id).await?.ok_or(Problem::NotFound)?;
    scope.opened::<household::Entity>(&home).await?;
    Ok(Json(page(&scope, id).await?))
}

/// Adds a member.
#[utoipa::path(post, path = "/households/{id}/members", tag = "people", params(("id" = Uuid, Path)), request_body = NewMember,
    responses((status = 201, body = HouseholdPage), (status = 200, body = HouseholdPage), Problems),
    extensions(("x-permit" = json!("people.households.change"))))]
async fn add(
    scope: Scope<Change>,
    Segment(id): Segment<Uuid>,
    body: Body<NewMember>,
) -> Outcome<(StatusCode, Json<HouseholdPage>)> {
    let written = actions::add(&scope, id, body.value, &body.digest).await?;
    Ok((status(written), Json(page(&scope.also()?, id).await?)))
}

/// Ends a membership.
#[utoipa::path(post, path = "/memberships/{id}/end", tag = "people", params(("id" = Uuid, Path)), request_body = EndMembership,
    responses((status = 200, body = HouseholdPage), Problems), extensions(("x-permit" = json!("people.households.change"))))]
async fn end(
    scope: Scope<Change>,
    Segment(id): Segment<Uuid>,
    body: Body<EndMembership>,
) -> Outcome<Json<HouseholdPage>> {
    let home = actions::end(&scope, id, body.value).await?;
    Ok(Json(page(&scope.also()?, home).await?))
}

/// Names another head, with everybody's relation to that person.
#[utoipa::path(post, path = "/households/{id}/head", tag = "people", params(("id" = Uuid, Path)), request_body = NewHead,
    responses((status = 200, body = HouseholdPage), Problems), extensions(("x-permit" = json!("people.households.change"))))]
async fn head(scope: Scope<Change>, Segment(id): Segment<Uuid>, body: Body<NewHead>) -> Outcome<Json<HouseholdPage>> {
    changes::set_head(&scope, id, body.value).await?;
    Ok(Json(page(&scope.also()?, id).await?))
}

/// Lets some members go on as a household of their own; answers with the new one.
#[utoipa::path(post, path = "/households/{id}/split", tag = "people", params(("id" = Uuid, Path)), request_body = Split,
    responses((status = 201, body = HouseholdPage), (status = 200, body = HouseholdPage), Problems),
    extensions(("x-permit" = json!("people.households.change"))))]
async fn split(
    scope: Scope<Change>,
    Segment(id): Segment<Uuid>,
    body: Body<Split>,
) -> Outcome<(StatusCode, Json<HouseholdPage>)> {
    let new = body.value.id;
    let written = changes::split(&scope, id, body.value, &body.digest).await?;
    Ok((status(written), Json(page(&scope.also()?, new).await?)))
}

/// Takes all members into another household of the same kind; answers with that one.
#[utoipa::path(post, path = "/households/{id}/join", tag = "people", params(("id" = Uuid, Path)), request_body = Join,
    responses((status = 201, body = HouseholdPage), (status = 200, body = HouseholdPage), Problems),
    extensions(("x-permit" = json!("people.households.change"))))]
async fn join(
    scope: Scope<Change>,
    Segment(id): Segment<Uuid>,
    body: Body<Join>,
) -> Outcome<(StatusCode, Json<HouseholdPage>)> {
    let into = body.value.into_id;
    let written = changes::join(&scope, id, body.value, &body.digest).await?;
    Ok((status(written), Json(page(&scope.also()?, into).await?)))
}

/// Asks the rule who counts as a family member living together for an applicant; changes nothing.
#[utoipa::path(post, path = "/households/unit-proposals", tag = "people", request_body = UnitQuestion,
    responses((status = 200, body = UnitProposal), Problems), extensions(("x-permit" = json!("people.households.read"))))]
async fn unit(scope: Scope<Read>, body: Body<UnitQuestion>) -> Outcome<Json<UnitProposal>> {
    let mut faults = Faults::default();
    model::check_facts("", &body.value.facts, &mut faults);
    faults.done(Some(()))?;
    Ok(Json(proposal::propose(&scope, &body.value).await?))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get_one))
        .routes(routes!(add))
        .routes(routes!(end))
        .routes(routes!(head))
        .routes(routes!(split))
        .routes(routes!(join))
        .routes(routes!(unit))
        .merge(sheet::routes())
}
