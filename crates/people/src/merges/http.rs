//! Operations on merges.

use std::collections::BTreeMap;

use access::{Body, House, Page, Params, PlaceRef, Problems, Scope, Segment, Written};
use axum::{Json, http::StatusCode};
use kernel::{Field, Id, Outcome, Permit, Problem, Sees, day, mask, page as paging, secret::SecretKind};
use sea_orm::ColumnTrait as _;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Confirm, DECLINED, DONE, Merge, PROPOSED, Read, UNDONE, actions,
    compare::{self, Comparison},
    model::NewMerge,
    row::{person_merge, survivor},
    store,
    undo::{self, NewUndo},
};
use crate::{
    ledger, minors,
    persons::{Named, row::person},
};

/// Which two records to compare.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompareQuery {
    /// The record that stays.
    pub survivor: Uuid,
    /// The record that goes into it.
    pub absorbed: Uuid,
}

/// Two records side by side, with the value proposed for each field and what would move.
#[utoipa::path(get, path = "/merges/compare", tag = "people", params(CompareQuery),
    responses((status = 200, body = Comparison), Problems), extensions(("x-permit" = json!("people.merges.merge"))))]
async fn compare(scope: Scope<Merge>, Params(q): Params<CompareQuery>) -> Outcome<Json<Comparison>> {
    if q.survivor == q.absorbed {
        return Err(Problem::invalid(Field::new(
            "absorbed",
            "same",
            "请选择两份不同的档案。",
            "Choose two different records.",
        )));
    }
    Ok(Json(compare::compare(&scope, q.survivor, q.absorbed).await?))
}

/// One record of a merge, masked where the caller does not reach it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MergeSide {
    /// Id.
    pub id: Uuid,
    /// Name as this caller may see it.
    pub name: String,
    /// Code of list `sex`.
    pub sex: String,
    /// Age in full years.
    pub age: Option<u16>,
    /// Township.
    pub township: Option<PlaceRef>,
    /// Document number, masked.
    pub id_number_masked: Option<String>,
}

/// One step of the ledger that stayed with the absorbed record.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OtherStep {
    /// Day.
    pub on: chrono::NaiveDate,
    /// Code of list `ledger_state`.
    pub to: String,
    /// Code of list `grade`.
    pub grade: Option<String>,
    /// Reason code.
    pub reason: String,
}

/// A merge.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MergeView {
    /// Id.
    pub id: Uuid,
    /// proposed, declined, merged or undone.
    pub state: String,
    /// The record that stays.
    pub survivor: MergeSide,
    /// The record that went into it.
    pub absorbed: MergeSide,
    /// Fields taken from the absorbed record.
    pub take: Vec<String>,
    /// Rows that moved, by kind.
    pub moved: BTreeMap<String, i64>,
    /// The ledger that did not go on, oldest step first; only while the merge stands.
    pub other_ledger: Vec<OtherStep>,
    /// Why the two are one person.
    pub reason: String,
    /// Who proposed or merged.
    pub proposed_by: Named,
    /// When.
    pub proposed_at: String,
    /// Who confirmed or declined.
    pub decided_by: Option<Named>,
    /// When.
    pub decided_at: Option<String>,
    /// Who took it back.
    pub undone_by: Option<Named>,
    /// When.
    pub undone_at: Option<String>,
    /// Why it was declined or taken back.
    pub undo_reason: Option<String>,
    /// The caller proposed it and so cannot confirm it.
    pub mine: bool,
    /// Revision.
    pub rev: i32,
}

async fn views<P>(scope: &Scope<P>, rows: Vec<person_merge::Model>) -> Outcome<Vec<MergeView>>
where
    P: Permit + Sees<person::Entity>,
{
    let people = rows.iter().flat_map(|r| [Some(r.proposed_by), r.decided_by, r.undone_by]).flatten().collect();
    let names = scope.account_names(people).await?;
    let named = |id: Id| Named { id, name: names.get(&id).cloned().unwrap_or_default() };
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let Some((survivor, absorbed)) = sides(scope, &row).await? else { continue };
        let other_ledger = if row.state == DONE { other_ledger(scope, &row).await? } else { Vec::new() };
        let moved: serde_json::Value = serde_json::from_str(&row.moved).unwrap_or_default();
        views.push(MergeView {
            take: serde_json::from_str(&row.choices).unwrap_or_default(),
            moved: moved.get("counts").cloned().and_then(|c| serde_json::from_value(c).ok()).unwrap_or_default(),
            reason: if scope.masked() { String::new() } else { row.reason },
            proposed_by: named(row.proposed_by),
            proposed_at: access::iso(row.proposed_at),
            decided_by: row.decided_by.map(named),
            decided_at: row.decided_at.map(access::iso),
            undone_by: row.undone_by.map(named),
            undone_at: row.undone_at.map(access::iso),
            undo_reason: row.undo_reason.filter(|_| !scope.masked()),
            mine: row.proposed_by == scope.actor(),
            id: row.id,
            state: row.state,
            rev: row.rev,
            survivor,
            absorbed,
            other_ledger,
        });
    }
    Ok(views)
}

/// The steps of the ledger that stayed with the absorbed record.
async fn other_ledger<P: Permit>(scope: &Scope<P>, row: &person_merge::Model) -> Outcome<Vec<OtherStep>> {
    let Some(gone) = scope.parts::<person::Entity, person_merge::Entity>(row).one().await? else {
        return Ok(Vec::new());
    };
    let mut steps = ledger::store::steps(scope, &gone).await?;
    steps.reverse();
    let view = |step: ledger::row::ledger_transition::Model| OtherStep {
        on: step.on_day,
        to: step.to_state,
        grade: Some(step.grade).filter(|grade| !grade.is_empty()),
        reason: step.reason,
    };
    Ok(steps.into_iter().map(view).collect())
}

/// The name of somebody whose record was merged or removed, as this caller may see it; of a minor only masked.
pub(crate) fn name_of<P: Permit>(scope: &Scope<P>, person: &survivor::Model) -> String {
    match minors::minor_by(person.birth_date, 0, scope.today()) {
        true => mask::name(&person.name),
        false => scope.show_name(&person.name),
    }
}

/// Both records; the one that stays may lie outside the reach of who decides, and is masked then.
async fn sides<P>(scope: &Scope<P>, row: &person_merge::Model) -> Outcome<Option<(MergeSide, MergeSide)>>
where
    P: Permit + Sees<person::Entity>,
{
    let kept = scope.parts::<survivor::Entity, person_merge::Entity>(row).one().await?;
    let gone = scope.parts::<person::Entity, person_merge::Entity>(row).one().await?;
    let (Some(kept), Some(gone)) = (kept, gone) else { return Ok(None) };
    let seen = scope.find::<person::Entity>().filter(person::Column::Id.eq(kept.id)).one().await?.is_some();
    let places = scope.labels([kept.township_id, row.township_id]).await?;
    let number =
        |sealed: &Option<kernel::Sealed>| sealed.as_ref().map(|s| scope.show(SecretKind::Number, s)).transpose();
    // A list opens no minor's file.
    let closed = |birth| minors::minor_by(birth, 0, scope.today());
    let age = |birth: Option<chrono::NaiveDate>| birth.and_then(|b| day::age_on(b, scope.today()));
    let survivor = MergeSide {
        name: if seen { name_of(scope, &kept) } else { mask::name(&kept.name) },
        age: age(kept.birth_date),
        township: places.get(&kept.township_id).cloned(),
        id_number_masked: number(&kept.id_number)?.filter(|_| !closed(kept.birth_date)),
        id: kept.id,
        sex: kept.sex,
    };
    let absorbed = MergeSide {
        name: if closed(gone.birth_date) { mask::name(&gone.name) } else { scope.show_name(&gone.name) },
        age: age(gone.birth_date),
        township: places.get(&row.township_id).cloned(),
        id_number_masked: number(&gone.id_number)?.filter(|_| !closed(gone.birth_date)),
        id: gone.id,
        sex: gone.sex,
    };
    Ok(Some((survivor, absorbed)))
}

/// Which merges to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MergeQuery {
    /// Division code; merges lie where the absorbed record lay.
    pub place: Option<String>,
    /// proposed, declined, merged or undone; merged when left out.
    pub state: Option<String>,
    /// Merges into this person, in any state.
    pub person: Option<Uuid>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// Merges inside the scope, newest first.
#[utoipa::path(get, path = "/merges", tag = "people", params(MergeQuery),
    responses((status = 200, body = Page<MergeView>), Problems), extensions(("x-permit" = json!("people.merges.read"))))]
async fn list(scope: Scope<Read>, Params(q): Params<MergeQuery>) -> Outcome<Json<Page<MergeView>>> {
    let limit = paging::limit(q.limit)?;
    let after: Option<Id> = paging::decode(q.cursor.as_deref())?;
    if let Some(id) = q.person {
        let person = scope.find::<person::Entity>().filter(person::Column::Id.eq(id)).required().await?;
        return Ok(Json(Page::whole(views(&scope, store::of(&scope, &person).await?).await?)));
    }
    let state = q.state.as_deref().unwrap_or(DONE);
    if ![PROPOSED, DECLINED, DONE, UNDONE].contains(&state) {
        return Err(Problem::invalid(Field::new(
            "state",
            "unknown_code",
            "状态只能是 proposed、declined、merged 或 undone。",
            "The state is proposed, declined, merged or undone.",
        )));
    }
    let place = match q.place.as_deref() {
        Some(text) => Some(scope.resolve("place", text).await?.place()),
        None => None,
    };
    let rows = store::listing(&scope, place.as_ref(), state, after, limit + 1).all().await?;
    let Page { items, next } = Page::cut(rows, limit, |row| row.id);
    Ok(Json(Page { items: views(&scope, items).await?, next }))
}

/// One merge.
#[utoipa::path(get, path = "/merges/{id}", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = MergeView), Problems), extensions(("x-permit" = json!("people.merges.read"))))]
async fn get_one(scope: Scope<Read>, Segment(id): Segment<Uuid>) -> Outcome<Json<MergeView>> {
    Ok(Json(view(&scope, id).await?))
}

async fn view<P>(scope: &Scope<P>, id: Id) -> Outcome<MergeView>
where
    P: Permit + Sees<person::Entity> + Sees<person_merge::Entity>,
{
    let row = scope.find::<person_merge::Entity>().filter(person_merge::Column::Id.eq(id)).required().await?;
    views(scope, vec![row]).await?.into_iter().next().ok_or(Problem::NotFound)
}

/// Merges two records of one township; across townships proposes it to the station that gives the record up.
#[utoipa::path(post, path = "/merges", tag = "people", request_body = NewMerge,
    responses((status = 201, body = MergeView), (status = 200, body = MergeView), Problems),
    extensions(("x-permit" = json!("people.merges.merge"))))]
async fn create(scope: Scope<Merge>, body: Body<NewMerge>) -> Outcome<(StatusCode, Json<MergeView>)> {
    let id = body.value.id;
    let written = actions::merge(&scope, body.value, &body.digest).await?;
    let view = view(&scope, id).await?;
    Ok((if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }, Json(view)))
}

/// A yes of the second person.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeYes {
    /// Revision the caller saw.
    pub rev: i32,
}

/// Confirms a merge across townships that somebody else proposed, and carries it out.
#[utoipa::path(post, path = "/merges/{id}/confirm", tag = "people", params(("id" = Uuid, Path)), request_body = MergeYes,
    responses((status = 200, body = MergeView), Problems), extensions(("x-permit" = json!("people.merges.confirm"))))]
async fn confirm(scope: Scope<Confirm>, Segment(id): Segment<Uuid>, body: Body<MergeYes>) -> Outcome<Json<MergeView>> {
    actions::confirm(&scope, id, body.value.rev).await?;
    Ok(Json(view(&scope, id).await?))
}

/// A no of the second person.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeNo {
    /// Revision the caller saw.
    pub rev: i32,
    /// Why.
    #[schema(max_length = 200)]
    pub reason: String,
}

/// Says no to a merge somebody else proposed.
#[utoipa::path(post, path = "/merges/{id}/decline", tag = "people", params(("id" = Uuid, Path)), request_body = MergeNo,
    responses((status = 200, body = MergeView), Problems), extensions(("x-permit" = json!("people.merges.confirm"))))]
async fn decline(scope: Scope<Confirm>, Segment(id): Segment<Uuid>, body: Body<MergeNo>) -> Outcome<Json<MergeView>> {
    actions::decline(&scope, id, body.value.rev, &body.value.reason).await?;
    Ok(Json(view(&scope, id).await?))
}

/// Takes a merge back; what was entered since stays with the survivor unless it is given back by choice.
#[utoipa::path(post, path = "/merges/{id}/undo", tag = "people", params(("id" = Uuid, Path)), request_body = NewUndo,
    responses((status = 201, body = MergeView), (status = 200, body = MergeView), Problems),
    extensions(("x-permit" = json!("people.merges.merge"))))]
async fn take_back(
    scope: Scope<Merge>,
    Segment(id): Segment<Uuid>,
    body: Body<NewUndo>,
) -> Outcome<(StatusCode, Json<MergeView>)> {
    let written = undo::undo(&scope, id, body.value, &body.digest).await?;
    let view = view(&scope, id).await?;
    Ok((if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }, Json(view)))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(compare))
        .routes(routes!(list, create))
        .routes(routes!(get_one))
        .routes(routes!(confirm))
        .routes(routes!(decline))
        .routes(routes!(take_back))
}
