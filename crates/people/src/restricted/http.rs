//! Operations on restricted files.

use access::{
    Body, House, Page, Params, Problems, Scope, Segment, Written, iso,
    restricted::{self, Known, Opened},
};
use axum::{Json, http::StatusCode};
use chrono::NaiveDate;
use kernel::{Id, Outcome, Problem, page as paging, params};
use sea_orm::ColumnTrait as _;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    BreakGlass, Propose, Read, Write, actions,
    model::{Content, FileChange, MoreNames, NewBreakGlass, NewEntry, NewFile, OpenWish},
    store,
};
use crate::{
    clearances::http::{ClearanceView, view as clearance_view},
    persons::{
        self, Named, PersonRow,
        checks::{Faults, SHORT},
        row::person,
    },
};

/// A restricted file as it is known before it is opened: what it is about is not told.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FileShort {
    /// Id.
    pub id: Uuid,
    /// proposed, open, closed or refused.
    pub state: String,
    /// The caller's part on the list; empty by break-glass or for an own proposal.
    pub part: String,
    /// named or break_glass.
    pub way: String,
    /// When the caller's clearance ends (ISO 8601, UTC); null when it has no end.
    pub until: Option<String>,
    /// When to look at it again.
    pub follow_up_on: Option<NaiveDate>,
    /// When it was made (ISO 8601, UTC).
    pub created_at: String,
    /// Revision.
    pub rev: i32,
}

impl From<&Known> for FileShort {
    fn from(k: &Known) -> Self {
        Self {
            id: k.id,
            state: k.state.clone(),
            part: k.part.clone(),
            way: k.way.clone(),
            until: k.until.map(iso),
            follow_up_on: k.follow_up_on,
            created_at: iso(k.created_at),
            rev: k.rev,
        }
    }
}

/// A file of the caller's own list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MyFile {
    /// The file.
    pub file: FileShort,
    /// Whose.
    pub person: PersonRow,
}

/// One version of an entry.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EntryView {
    /// Id of this version.
    pub id: Uuid,
    /// Id of the entry: that of its first version.
    pub entry_id: Uuid,
    /// 1 for the first version.
    pub version: i32,
    /// Whether a later version stands.
    pub replaced: bool,
    /// What it says.
    pub content: Content,
    /// Who wrote it.
    pub by: Named,
    /// When (ISO 8601, UTC).
    pub at: String,
}

/// An opened restricted file.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FilePage {
    /// What was known before.
    #[serde(flatten)]
    pub file: FileShort,
    /// Code of list `restricted_kind`.
    pub kind: String,
    /// Whose.
    pub person: PersonRow,
    /// All versions of all entries, oldest first.
    pub entries: Vec<EntryView>,
    /// Everybody who is, was or may come on the list.
    pub names: Vec<ClearanceView>,
}

/// Somebody who may come on a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ClearanceCandidate)]
pub struct Candidate {
    /// Account.
    pub account: Named,
    /// Role code.
    pub role: String,
}

/// A page of the caller's own list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MyFilesQuery {
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// What was done.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Done {
    /// Id the client made.
    pub id: Uuid,
}

fn done(written: Written, id: Uuid) -> (StatusCode, Json<Done>) {
    (if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }, Json(Done { id }))
}

async fn one<P>(scope: &Scope<P>, id: Id) -> Outcome<person::Model>
where
    P: kernel::Permit + kernel::Sees<person::Entity>,
{
    scope.find::<person::Entity>().filter(person::Column::Id.eq(id)).required().await
}

/// The person of a file the caller may know of, when the person lies inside the reach as well.
async fn whose<P>(scope: &Scope<P>, file: Id) -> Outcome<person::Model>
where
    P: kernel::Permit + kernel::Sees<person::Entity> + kernel::Sees<restricted::row::file::Entity>,
{
    one(scope, restricted::subject(scope, file).await?).await
}

/// The restricted files of a person that the caller may open; empty for everybody else.
#[utoipa::path(get, path = "/persons/{id}/restricted-files", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<FileShort>), Problems), extensions(("x-permit" = json!("people.restricted.read"))))]
async fn of_person(scope: Scope<Read>, Segment(id): Segment<Uuid>) -> Outcome<Json<Page<FileShort>>> {
    let person = one(&scope, id).await?;
    let known = restricted::of_person(&scope, person.id).await?;
    Ok(Json(Page::whole(known.iter().map(FileShort::from).collect())))
}

/// The restricted files that name the caller, newest first.
#[utoipa::path(get, path = "/restricted-files", tag = "people", params(MyFilesQuery),
    responses((status = 200, body = Page<MyFile>), Problems), extensions(("x-permit" = json!("people.restricted.read"))))]
async fn mine(scope: Scope<Read>, Params(q): Params<MyFilesQuery>) -> Outcome<Json<Page<MyFile>>> {
    let limit = paging::limit(q.limit)?;
    let after: Option<Id> = paging::decode(q.cursor.as_deref())?;
    let page = Page::cut(restricted::mine(&scope, after, limit + 1).await?, limit, |(id, _)| *id);
    let ids: Vec<Id> = page.items.iter().map(|(_, k)| k.person).collect();
    let people = scope.find::<person::Entity>().filter(person::Column::Id.is_in(ids)).all().await?;
    let rows = persons::rows(&scope, people).await?;
    let of = |k: &Known| rows.iter().find(|r| r.id == k.person).cloned();
    let items = page.items.iter().filter_map(|(_, k)| Some(MyFile { file: FileShort::from(k), person: of(k)? }));
    Ok(Json(Page { items: items.collect(), next: page.next }))
}

/// Proposes a restricted file; a second person approves it and its list.
#[utoipa::path(post, path = "/persons/{id}/restricted-files", tag = "people", params(("id" = Uuid, Path)), request_body = NewFile,
    responses((status = 201, body = Done), (status = 200, body = Done), Problems),
    extensions(("x-permit" = json!("people.restricted.propose"))))]
async fn propose(
    scope: Scope<Propose>,
    Segment(id): Segment<Uuid>,
    body: Body<NewFile>,
) -> Outcome<(StatusCode, Json<Done>)> {
    let file = body.value.id;
    Ok(done(actions::propose(&scope, id, body.value, &body.digest).await?, file))
}

/// Who may come on the list of a file about this person.
#[utoipa::path(get, path = "/persons/{id}/restricted-candidates", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<Candidate>), Problems), extensions(("x-permit" = json!("people.restricted.propose"))))]
async fn candidates(scope: Scope<Propose>, Segment(id): Segment<Uuid>) -> Outcome<Json<Page<Candidate>>> {
    let person = one(&scope, id).await?;
    let found = store::candidates(&scope, &person.place()).await?;
    let names = scope.account_names(found.iter().map(|(id, _)| *id).collect()).await?;
    let name = |id: Id| Named { id, name: names.get(&id).cloned().unwrap_or_default() };
    let items = found.into_iter().map(|(id, role)| Candidate { account: name(id), role: role.to_owned() });
    Ok(Json(Page::whole(items.collect())))
}

/// Opens a restricted file: asks for a reason, records the opening, then answers.
#[utoipa::path(post, path = "/restricted-files/{id}/open", tag = "people", params(("id" = Uuid, Path)), request_body = OpenWish,
    responses((status = 200, body = FilePage), Problems), extensions(("x-permit" = json!("people.restricted.read"))))]
async fn open(scope: Scope<Read>, Segment(id): Segment<Uuid>, body: Body<OpenWish>) -> Outcome<Json<FilePage>> {
    let mut faults = Faults::default();
    let reason = faults.text("reason", &body.value.reason, SHORT);
    faults.done(Some(()))?;
    let person = whose(&scope, id).await?;
    let per_hour = params::Params::national().whole("restricted.opens_per_hour", &[], scope.today()).unwrap_or(0);
    let per_hour = u32::try_from(per_hour).unwrap_or(0);
    let opened = restricted::open(&scope, person.id, id, &reason, per_hour).await?;
    page(&scope, person, &opened).await.map(Json)
}

async fn page(scope: &Scope<Read>, person: person::Model, opened: &Opened) -> Outcome<FilePage> {
    let rows = store::entries(opened).await?;
    let listed = restricted::names_on(opened).await?;
    let authors = scope.account_names(rows.iter().map(|r| r.author_id).collect()).await?;
    let mut entries = Vec::with_capacity(rows.len());
    for row in &rows {
        let text = opened.text(&row.content)?;
        entries.push(EntryView {
            id: row.id,
            entry_id: row.entry_id,
            version: row.version,
            replaced: rows.iter().any(|other| other.entry_id == row.entry_id && other.version > row.version),
            // The cause goes to the log, so it must not quote what cannot be read.
            content: serde_json::from_str(&text).map_err(|_| Problem::internal("a restricted entry is unreadable"))?,
            by: Named { id: row.author_id, name: authors.get(&row.author_id).cloned().unwrap_or_default() },
            at: iso(row.at),
        });
    }
    let names = clearance_view(scope, listed).await?;
    let person = persons::rows(scope, vec![person]).await?.into_iter().next().ok_or(Problem::NotFound)?;
    Ok(FilePage { file: FileShort::from(opened.known()), kind: opened.kind()?, person, entries, names })
}

/// Adds an entry to a file that names the caller, or a new version of one.
#[utoipa::path(post, path = "/restricted-files/{id}/entries", tag = "people", params(("id" = Uuid, Path)), request_body = NewEntry,
    responses((status = 201, body = Done), (status = 200, body = Done), Problems),
    extensions(("x-permit" = json!("people.restricted.write"))))]
async fn write(
    scope: Scope<Write>,
    Segment(id): Segment<Uuid>,
    body: Body<NewEntry>,
) -> Outcome<(StatusCode, Json<Done>)> {
    let (entry, person) = (body.value.id, whose(&scope, id).await?);
    Ok(done(actions::write(&scope, (person.id, id), body.value, &body.digest).await?, entry))
}

/// Proposes more names for the list.
#[utoipa::path(post, path = "/restricted-files/{id}/names", tag = "people", params(("id" = Uuid, Path)), request_body = MoreNames,
    responses((status = 201, body = Done), (status = 200, body = Done), Problems),
    extensions(("x-permit" = json!("people.restricted.propose"))))]
async fn add_names(
    scope: Scope<Propose>,
    Segment(id): Segment<Uuid>,
    body: Body<MoreNames>,
) -> Outcome<(StatusCode, Json<Done>)> {
    let (act, person) = (body.value.id, whose(&scope, id).await?);
    Ok(done(actions::add_names(&scope, (person.id, id), body.value, &body.digest).await?, act))
}

/// Sets the day to look at a file again, or closes it.
#[utoipa::path(patch, path = "/restricted-files/{id}", tag = "people", params(("id" = Uuid, Path)), request_body = FileChange,
    responses((status = 200, body = Done), Problems), extensions(("x-permit" = json!("people.restricted.write"))))]
async fn change(scope: Scope<Write>, Segment(id): Segment<Uuid>, body: Body<FileChange>) -> Outcome<Json<Done>> {
    let person = whose(&scope, id).await?;
    actions::change(&scope, (person.id, id), body.value).await?;
    Ok(Json(Done { id }))
}

/// Opens a person's restricted files in an emergency, for a short time; head and auditor are told.
#[utoipa::path(post, path = "/persons/{id}/break-glass", tag = "people", params(("id" = Uuid, Path)), request_body = NewBreakGlass,
    responses((status = 201, body = Done), (status = 200, body = Done), Problems),
    extensions(("x-permit" = json!("people.restricted.break_glass"))))]
async fn break_glass(
    scope: Scope<BreakGlass>,
    Segment(id): Segment<Uuid>,
    body: Body<NewBreakGlass>,
) -> Outcome<(StatusCode, Json<Done>)> {
    let act = body.value.id;
    Ok(done(actions::break_glass(&scope, id, body.value, &body.digest).await?, act))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(of_person, propose))
        .routes(routes!(candidates))
        .routes(routes!(mine))
        .routes(routes!(change))
        .routes(routes!(open))
        .routes(routes!(write))
        .routes(routes!(add_names))
        .routes(routes!(break_glass))
}
