//! Operations on persons.

use access::{Body, House, Page, Params, Problems, Scope, Segment, Written};
use axum::{Json, http::StatusCode};
use kernel::{Field, Id, Outcome, Problem, Secret, page as paging, params};
use sea_orm::ColumnTrait as _;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Change, Create, Read, Reveal,
    actions::{self, NewDeath},
    asked::{Asked, PersonQuery},
    checks::{Faults, SHORT},
    model::NewPerson,
    revise::{self, Revision},
    row::person,
    view::{self, Matched, PersonPage, PersonRow, page},
};
use crate::{merges, minors, visits};

/// A page of persons.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PersonList {
    /// The rows of this page.
    pub items: Vec<PersonRow>,
    /// Opaque cursor of the next page; null at the end.
    pub next: Option<String>,
    /// How many rows all pages hold; null where nobody counted (searches, and rare combinations over a whole city or more).
    pub total: Option<Total>,
}

/// A number of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Total {
    /// That many, or at least that many.
    pub rows: u64,
    /// Whether there are more than that.
    pub over: bool,
}

/// Persons inside the scope, newest first; with `q` the best matches, whole words before beginnings.
#[utoipa::path(get, path = "/persons", tag = "people", params(PersonQuery),
    responses((status = 200, body = PersonList), Problems), extensions(("x-permit" = json!("people.persons.read"))))]
async fn list(scope: Scope<Read>, Params(q): Params<PersonQuery>) -> Outcome<Json<PersonList>> {
    let limit = paging::limit(q.limit)?;
    let asked = Asked::check(&scope, &q).await?;
    // Every page of a list has the same total; the first one tells it.
    let total = if q.cursor.is_none() { asked.total(&scope).await? } else { None };
    let Page { items, next } = asked.page(&scope, q.cursor.as_deref(), limit).await?;
    let (people, by): (Vec<_>, Vec<_>) = items.into_iter().unzip();
    let mut rows = view::rows(&scope, people).await?;
    for (row, by) in rows.iter_mut().zip(by) {
        row.matched = by.map(|by| Matched { by });
    }
    Ok(Json(PersonList { items: rows, next, total }))
}

/// Enters a person: residence, ledger lead and categories come with it.
#[utoipa::path(post, path = "/persons", tag = "people", request_body = NewPerson,
    responses((status = 201, body = PersonPage), (status = 200, body = PersonPage), Problems),
    extensions(("x-permit" = json!("people.persons.create"))))]
async fn create(scope: Scope<Create>, body: Body<NewPerson>) -> Outcome<(StatusCode, Json<PersonPage>)> {
    let id = body.value.id;
    let odd = body.value.check(scope.today(), &mut Faults::default()).map(|c| c.warnings).unwrap_or_default();
    let written = actions::create(&scope, body.value, &body.digest).await?;
    let read: Scope<Read> = scope.also()?;
    let person = one(&read, id).await?;
    let page = view::page_of(&read, person, &odd).await?;
    Ok((if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }, Json(page)))
}

async fn one(scope: &Scope<Read>, id: Id) -> Outcome<person::Model> {
    scope.find_with_trail::<person::Entity>(None).filter(person::Column::Id.eq(id)).read_one().await
}

/// What to open with a person.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OpenQuery {
    /// So many of the latest visits the caller may see, 1 to 200; none when left out.
    pub visits: Option<u64>,
}

/// The page of a person; opening it is recorded. The address of a record that was merged leads to the one it went into: the
/// answer then has another id than was asked for.
#[utoipa::path(get, path = "/persons/{id}", tag = "people", params(("id" = Uuid, Path), OpenQuery),
    responses((status = 200, body = PersonPage), Problems), extensions(("x-permit" = json!("people.persons.read"))))]
async fn get_one(
    scope: Scope<Read>,
    Segment(id): Segment<Uuid>,
    Params(q): Params<OpenQuery>,
) -> Outcome<Json<PersonPage>> {
    let latest = q.visits.map(|n| paging::limit_of("visits", Some(n))).transpose()?;
    let person = match one(&scope, id).await {
        Err(Problem::NotFound) => merges::store::survivor_of(&scope, id).await?.ok_or(Problem::NotFound)?,
        other => other?,
    };
    let way = minors::way(&scope, &person).await?.map(|(way, _)| way);
    let page = minors::recorded(&scope, &person, way, async {
        let visits = match (latest, scope.also::<visits::Read>()) {
            (Some(rows), Ok(read)) => Some(visits::http::latest(&read, &person, rows).await?),
            _ => None,
        };
        let page = view::page_of(&scope, person.clone(), &[]).await?;
        Ok(PersonPage { visits, ..page })
    });
    page.await.map(Json)
}

/// Corrects a person, or moves somebody inside the scope.
#[utoipa::path(patch, path = "/persons/{id}", tag = "people", params(("id" = Uuid, Path)), request_body = Revision,
    responses((status = 200, body = PersonPage), Problems), extensions(("x-permit" = json!("people.persons.change"))))]
async fn update(scope: Scope<Change>, Segment(id): Segment<Uuid>, body: Body<Revision>) -> Outcome<Json<PersonPage>> {
    minors::must_open_id(&scope, id).await?;
    revise::revise(&scope, id, body.value).await?;
    Ok(Json(page(&scope.also()?, id).await?))
}

/// A wish to see something masked.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealWish {
    /// id_number, phone, address, hukou_address or name.
    pub field: Masked,
    /// What it is needed for.
    #[schema(max_length = 200)]
    pub reason: String,
}

/// What can be revealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Masked {
    /// Document number.
    IdNumber,
    /// Telephone.
    Phone,
    /// Address below the village.
    Address,
    /// Address of registration.
    HukouAddress,
    /// Name.
    Name,
}

/// What was revealed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Revealed {
    /// The plain value.
    pub value: String,
}

/// Reveals one masked value; the reason is recorded before the answer, and an hour has a limit.
#[utoipa::path(post, path = "/persons/{id}/reveal", tag = "people", params(("id" = Uuid, Path)), request_body = RevealWish,
    responses((status = 200, body = Revealed), Problems), extensions(("x-permit" = json!("people.secrets.reveal"))))]
async fn reveal(scope: Scope<Reveal>, Segment(id): Segment<Uuid>, body: Body<RevealWish>) -> Outcome<Json<Revealed>> {
    let wish = body.value;
    let mut faults = Faults::default();
    let reason = faults.text("reason", &wish.reason, SHORT);
    faults.done(Some(()))?;
    let person = scope.find::<person::Entity>().filter(person::Column::Id.eq(id)).required().await?;
    minors::must_open(&scope, &person).await?;
    let value = revealed(&scope, &person, wish.field, &reason).await?.ok_or_else(|| {
        Problem::invalid(Field::new("field", "empty", "该项没有登记内容，无需查看。", "Nothing is recorded here."))
    })?;
    Ok(Json(Revealed { value }))
}

/// One masked value of a person in full; none when nothing is recorded. The reason is recorded before it is given, and an hour
/// has a limit. The caller has found the person inside the scope and may open the file.
pub async fn revealed(
    scope: &Scope<Reveal>,
    person: &person::Model,
    field: Masked,
    reason: &str,
) -> Outcome<Option<String>> {
    let (field, sealed) = match field {
        Masked::IdNumber => ("id_number", person.id_number.clone()),
        Masked::Phone => ("phone", person.phone.clone()),
        Masked::Address => ("address", person.address.clone()),
        Masked::HukouAddress => ("hukou_address", person.hukou_address.clone()),
        Masked::Name => ("name", Some(scope.seal(&Secret::new(person.name.clone()))?)),
    };
    let Some(sealed) = sealed else { return Ok(None) };
    let per_hour = params::Params::national().whole("reveal.per_hour", &[], scope.today()).unwrap_or(0);
    let per_hour = u32::try_from(per_hour).unwrap_or(0);
    scope.reveal::<person::Entity>(person, field, &sealed, reason, per_hour).await.map(Some)
}

/// Records a death: categories and ledger end, timers stop, the township is told.
#[utoipa::path(post, path = "/persons/{id}/death", tag = "people", params(("id" = Uuid, Path)), request_body = NewDeath,
    responses((status = 201, body = PersonPage), (status = 200, body = PersonPage), Problems),
    extensions(("x-permit" = json!("people.persons.change"))))]
async fn death(
    scope: Scope<Change>,
    Segment(id): Segment<Uuid>,
    body: Body<NewDeath>,
) -> Outcome<(StatusCode, Json<PersonPage>)> {
    let written = actions::record_death(&scope, id, body.value, &body.digest).await?;
    let page = page(&scope.also()?, id).await?;
    Ok((if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }, Json(page)))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .merge(super::hint::routes())
        .routes(routes!(get_one, update))
        .routes(routes!(reveal))
        .routes(routes!(death))
}
