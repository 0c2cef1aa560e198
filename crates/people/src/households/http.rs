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
    Change, Read, actions,
    model::{EndMembership, HEAD, NewHousehold, NewMember},
    row::{household, membership},
    store,
};
use crate::persons::{self, Named, PersonRow, row::person};

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
    /// First day.
    pub from: chrono::NaiveDate,
    /// First day after it was closed.
    pub to: Option<chrono::NaiveDate>,
    /// Revision.
    pub rev: i32,
}

/// What households to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct HouseholdQuery {
    /// Division code.
    pub place: Option<String>,
    /// A member: name, pinyin, number, last four.
    pub q: Option<String>,
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
    u32::try_from(members.iter().filter(|m| m.to_on.is_none()).count()).unwrap_or(u32::MAX)
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
    let page = match name::query_kind(q.q.as_deref().unwrap_or_default()) {
        name::Query::Nothing => {
            Page::cut(store::listing(&scope, place.as_ref(), after, limit + 1).all().await?, limit, |h| h.id)
        }
        typed => Page::whole(of_people(&scope, place.as_ref(), &typed, limit).await?),
    };
    let heads = visible(&scope, page.items.iter().filter_map(|h| h.head_id).collect()).await?;
    let places = scope.labels(page.items.iter().map(|h| h.village_id)).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for home in page.items {
        let village = places.get(&home.village_id).cloned();
        let head = home.head_id.and_then(|id| heads.get(&id));
        items.push(HouseholdRow {
            head: head.map(|p| Named { id: p.id, name: scope.show_name(&p.name) }),
            address_masked: address(village.as_ref(), &home),
            members: present(&store::members_of(&scope, &home).await?),
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

/// Households whose present members match what was typed.
async fn of_people(
    scope: &Scope<Read>,
    place: Option<&kernel::Place>,
    typed: &name::Query,
    limit: u64,
) -> Outcome<Vec<household::Model>> {
    let people: Scope<persons::Read> = scope.also()?;
    let found = persons::search::search(&people, &persons::store::Filter::default(), typed, limit).await?;
    let mut homes: Vec<household::Model> = Vec::new();
    let people: Vec<Id> = found.into_iter().map(|(person, _)| person.id).collect();
    for own in store::open_of_page(scope, &people).await? {
        if homes.len() as u64 == limit {
            break;
        }
        if homes.iter().all(|h| h.id != own.household_id) {
            homes.extend(store::find(scope, place, own.household_id).await?);
        }
    }
    Ok(homes)
}

async fn page(scope: &Scope<Read>, id: Id) -> Outcome<HouseholdPage> {
    let home = store::find(scope, None, id).await?.ok_or(Problem::NotFound)?;
    let members = store::members_of(scope, &home).await?;
    let mut people = visible(scope, members.iter().map(|m| m.person_id).collect()).await?;
    let head = home.head_id.and_then(|id| people.get(&id)).map(|p| Named { id: p.id, name: scope.show_name(&p.name) });
    let village = scope.labels([home.village_id]).await?.remove(&home.village_id);
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
        id: home.id,
        kind: home.kind,
        from: home.from_on,
        to: home.to_on,
        rev: home.rev,
    })
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

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get_one))
        .routes(routes!(add))
        .routes(routes!(end))
}
