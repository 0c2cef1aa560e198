//! HTTP of accounts, grants, roles and organisations.

use std::collections::HashMap;

use axum::{Json, http::StatusCode};
use chrono::NaiveDate;
use kernel::{Field, Id, Outcome, Page, Problem, Secret, page};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Condition, Order};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{ApproveGrants, ChangeAccounts, ReadAccounts, actions};
use crate::{
    Body, House, Params, PlaceRef, Problems, Scope, Segment, Written, iso,
    roles::Roles,
    row::{account, organisation, role_grant},
};

/// A role with what it may do.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RoleView {
    /// Code.
    pub code: String,
    /// Chinese name.
    pub label: String,
    /// English name.
    pub label_en: String,
    /// Permit codes.
    pub permits: Vec<String>,
}

/// A grant as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct GrantView {
    /// Id.
    pub id: Uuid,
    /// Role code.
    pub role: String,
    /// Where; null for roles of the whole system.
    pub place: Option<PlaceRef>,
    /// Organisation.
    pub org: Option<OrgRef>,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// proposed, approved, refused or ended.
    pub state: String,
    /// Who proposed it.
    pub proposed_by: Option<String>,
    /// Who decided.
    pub approved_by: Option<String>,
    /// Revision.
    pub rev: i32,
}

/// An organisation in short.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct OrgRef {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
}

/// An organisation.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OrgView {
    /// Id.
    pub id: Uuid,
    /// Kind, see code list `org_kind`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Where.
    pub place: Option<PlaceRef>,
}

/// An account as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AccountView {
    /// Id.
    pub id: Uuid,
    /// Sign-in name.
    pub username: String,
    /// Shown name.
    pub display_name: String,
    /// invited (has to change its first password), active or suspended.
    pub state: String,
    /// When it was made.
    pub created_at: String,
    /// Last sign-in.
    pub last_login_at: Option<String>,
    /// Revision.
    pub rev: i32,
    /// Grants, newest last.
    pub grants: Vec<GrantView>,
}

/// Which accounts to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccountQuery {
    /// Beginning of the sign-in name.
    pub q: Option<String>,
    /// active or suspended.
    pub state: Option<String>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// An account to make.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccountBody {
    /// Client-made UUIDv7.
    pub id: Uuid,
    /// Sign-in name.
    #[schema(min_length = 3, max_length = 40)]
    pub username: String,
    /// Shown name.
    #[schema(min_length = 1, max_length = 50)]
    pub display_name: String,
    /// First password.
    #[schema(min_length = 12, max_length = 128)]
    pub password: Secret,
    /// Grants to propose with it.
    #[serde(default)]
    #[schema(max_items = 16)]
    pub grants: Vec<NewGrantBody>,
}

/// A grant to propose.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGrantBody {
    /// Client-made UUIDv7.
    pub id: Uuid,
    /// Role code.
    pub role: String,
    /// Place code; left out for roles of the whole system.
    pub place: Option<String>,
    /// Organisation.
    pub org_id: Option<Uuid>,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: Option<NaiveDate>,
}

/// What may change on an account.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    /// Revision the caller saw.
    pub rev: i32,
    /// New shown name.
    #[schema(min_length = 1, max_length = 50)]
    pub display_name: Option<String>,
    /// active or suspended.
    pub state: Option<String>,
    /// A new first password.
    #[schema(min_length = 12, max_length = 128)]
    pub reset_password: Option<Secret>,
}

/// A decision on a grant.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Revision the caller saw.
    pub rev: i32,
    /// Refuse instead of approve.
    #[serde(default)]
    pub refuse: bool,
}

/// The end of a grant.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndGrant {
    /// Revision the caller saw.
    pub rev: i32,
    /// Why.
    #[schema(min_length = 1, max_length = 200)]
    pub reason: String,
}

/// An organisation to make.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrg {
    /// Client-made UUIDv7.
    pub id: Uuid,
    /// Kind, see code list `org_kind`.
    pub kind: String,
    /// Name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Place code.
    pub place: String,
}

/// Which organisations to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrgQuery {
    /// Beginning of the name.
    pub q: Option<String>,
    /// Exactly this place.
    pub place: Option<String>,
}

/// Roles with their permits.
#[utoipa::path(get, path = "/roles", tag = "access",
    responses((status = 200, body = Page<RoleView>), Problems), extensions(("x-permit" = json!("access.accounts.read"))))]
async fn roles(_: Scope<ReadAccounts>) -> Json<Page<RoleView>> {
    Json(Page::whole(
        Roles::embedded()
            .all()
            .map(|r| RoleView {
                code: r.code.clone(),
                label: r.label.clone(),
                label_en: r.label_en.clone(),
                permits: r.permits.keys().cloned().collect(),
            })
            .collect(),
    ))
}

/// Accounts by sign-in name.
#[utoipa::path(get, path = "/accounts", tag = "access", params(AccountQuery),
    responses((status = 200, body = Page<AccountView>), Problems), extensions(("x-permit" = json!("access.accounts.read"))))]
async fn list(scope: Scope<ReadAccounts>, Params(q): Params<AccountQuery>) -> Outcome<Json<Page<AccountView>>> {
    let limit = page::limit(q.limit)?;
    let mut query = scope.find::<account::Entity>().order(account::Column::Username, Order::Asc).limit(limit + 1);
    if let Some(text) = q.q.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        let text = text.to_lowercase();
        query = query.filter(
            Condition::all()
                .add(account::Column::Username.gte(text.clone()))
                .add(account::Column::Username.lt(format!("{text}\u{10FFFF}"))),
        );
    }
    if let Some(state) = &q.state {
        if state != "active" && state != "suspended" {
            return Err(Problem::invalid(Field::unknown_code("state", "account_state")));
        }
        query = query.filter(account::Column::State.eq(state.clone()));
    }
    if let Some(after) = page::decode::<String>(q.cursor.as_deref())? {
        query = query.filter(account::Column::Username.gt(after));
    }
    let page = Page::cut(query.all().await?, limit, |a| a.username.clone());
    let next = page.next;
    Ok(Json(Page { items: views(&scope, page.items).await?, next }))
}

/// One account.
#[utoipa::path(get, path = "/accounts/{id}", tag = "access", params(("id" = Uuid, Path)),
    responses((status = 200, body = AccountView), Problems), extensions(("x-permit" = json!("access.accounts.read"))))]
async fn get_one(scope: Scope<ReadAccounts>, Segment(id): Segment<Uuid>) -> Outcome<Json<AccountView>> {
    one(&scope, id).await.map(Json)
}

async fn one(scope: &Scope<ReadAccounts>, id: Id) -> Outcome<AccountView> {
    let row = scope.find::<account::Entity>().filter(account::Column::Id.eq(id)).required().await?;
    views(scope, vec![row]).await?.into_iter().next().ok_or(Problem::NotFound)
}

async fn views(scope: &Scope<ReadAccounts>, rows: Vec<account::Model>) -> Outcome<Vec<AccountView>> {
    let mut grants: HashMap<Id, Vec<role_grant::Model>> = HashMap::new();
    for row in &rows {
        let held = scope
            .find::<role_grant::Entity>()
            .filter(role_grant::Column::AccountId.eq(row.id))
            .order(role_grant::Column::Id, Order::Asc)
            .all()
            .await?;
        grants.insert(row.id, held);
    }
    let all: Vec<&role_grant::Model> = grants.values().flatten().collect();
    let labels = scope.labels(all.iter().map(|g| g.place_id)).await?;
    let people = all.iter().flat_map(|g| [Some(g.proposed_by), g.approved_by]).flatten().collect();
    let names = scope.account_names(people).await?;
    let org_ids: Vec<Id> = all.iter().filter_map(|g| g.org_id).collect();
    let mut orgs: HashMap<Id, OrgRef> = HashMap::new();
    if !org_ids.is_empty() {
        let found = scope
            .find::<organisation::Entity>()
            .filter(organisation::Column::Id.is_in(org_ids))
            .limit(500)
            .all()
            .await?;
        orgs.extend(found.into_iter().map(|o| (o.id, OrgRef { id: o.id, name: o.name })));
    }
    Ok(rows
        .into_iter()
        .map(|row| AccountView {
            grants: grants
                .remove(&row.id)
                .unwrap_or_default()
                .into_iter()
                .map(|g| GrantView {
                    id: g.id,
                    role: g.role,
                    place: labels.get(&g.place_id).cloned(),
                    org: g.org_id.and_then(|id| orgs.get(&id).cloned()),
                    from: g.from_on,
                    to: g.to_on,
                    state: g.state,
                    proposed_by: names.get(&g.proposed_by).cloned(),
                    approved_by: g.approved_by.and_then(|id| names.get(&id).cloned()),
                    rev: g.rev,
                })
                .collect(),
            id: row.id,
            username: row.username,
            display_name: row.display_name,
            state: if row.must_change && row.state == "active" { "invited".to_owned() } else { row.state },
            created_at: iso(row.created_at),
            last_login_at: row.last_login_at.map(iso),
            rev: row.rev,
        })
        .collect())
}

/// Makes an account; its grants wait for approval.
#[utoipa::path(post, path = "/accounts", tag = "access", request_body = NewAccountBody,
    responses((status = 201, body = AccountView), (status = 200, body = AccountView), Problems),
    extensions(("x-permit" = json!("access.accounts.change"))))]
async fn create(scope: Scope<ChangeAccounts>, body: Body<NewAccountBody>) -> Outcome<(StatusCode, Json<AccountView>)> {
    let new = body.value;
    let username = new.username.trim().to_lowercase();
    let mut wrong = actions::check_names(&username, &new.display_name);
    let mut grants = Vec::with_capacity(new.grants.len());
    if new.grants.len() > 16 {
        wrong.push(Field::too_long("grants", 16));
    }
    for (i, grant) in new.grants.into_iter().take(16).enumerate() {
        let prefix = format!("grants[{i}].");
        let grant = grant_of(&scope, &prefix, grant).await?;
        wrong.extend(actions::check_grant(&prefix, &grant));
        grants.push(grant);
    }
    if !wrong.is_empty() {
        return Err(Problem::Invalid(wrong));
    }
    let account = actions::NewAccount {
        id: new.id,
        username,
        display_name: new.display_name,
        password: new.password,
        is_demo: false,
    };
    let written = actions::create(&scope, account, grants, &body.digest).await?;
    Ok((status(written), Json(one(&scope.also()?, new.id).await?)))
}

async fn grant_of(scope: &Scope<ChangeAccounts>, prefix: &str, body: NewGrantBody) -> Outcome<actions::NewGrant> {
    let place = match body.place.as_deref().filter(|p| !p.is_empty()) {
        Some(text) => Some(scope.resolve(&format!("{prefix}place"), text).await?.place()),
        None => None,
    };
    if let Some(org) = body.org_id {
        scope.find::<organisation::Entity>().filter(organisation::Column::Id.eq(org)).required().await?;
    }
    Ok(actions::NewGrant { id: body.id, role: body.role, place, org_id: body.org_id, from: body.from, to: body.to })
}

fn status(written: Written) -> StatusCode {
    if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }
}

/// Changes an account.
#[utoipa::path(patch, path = "/accounts/{id}", tag = "access", params(("id" = Uuid, Path)), request_body = AccountPatch,
    responses((status = 200, body = AccountView), Problems), extensions(("x-permit" = json!("access.accounts.change"))))]
async fn change(
    scope: Scope<ChangeAccounts>,
    Segment(id): Segment<Uuid>,
    body: Body<AccountPatch>,
) -> Outcome<Json<AccountView>> {
    let patch = body.value;
    let mut wrong = Vec::new();
    if let Some(name) = &patch.display_name {
        wrong.extend(actions::check_names("abc", name));
    }
    if patch.state.as_deref().is_some_and(|s| s != "active" && s != "suspended") {
        wrong.push(Field::unknown_code("state", "account_state"));
    }
    if !wrong.is_empty() {
        return Err(Problem::Invalid(wrong));
    }
    let to =
        actions::AccountChange { display_name: patch.display_name, state: patch.state, password: patch.reset_password };
    actions::change(&scope, id, patch.rev, to).await?;
    Ok(Json(one(&scope.also()?, id).await?))
}

/// Proposes a grant.
#[utoipa::path(post, path = "/accounts/{id}/grants", tag = "access", params(("id" = Uuid, Path)), request_body = NewGrantBody,
    responses((status = 201, body = AccountView), (status = 200, body = AccountView), Problems),
    extensions(("x-permit" = json!("access.accounts.change"))))]
async fn propose(
    scope: Scope<ChangeAccounts>,
    Segment(id): Segment<Uuid>,
    body: Body<NewGrantBody>,
) -> Outcome<(StatusCode, Json<AccountView>)> {
    let grant = grant_of(&scope, "", body.value).await?;
    let wrong = actions::check_grant("", &grant);
    if !wrong.is_empty() {
        return Err(Problem::Invalid(wrong));
    }
    let written = actions::propose(&scope, id, grant, &body.digest).await?;
    Ok((status(written), Json(one(&scope.also()?, id).await?)))
}

/// Approves (or refuses) a grant somebody else proposed.
#[utoipa::path(post, path = "/grants/{id}/approve", tag = "access", params(("id" = Uuid, Path)), request_body = Decision,
    responses((status = 200, body = AccountView), Problems), extensions(("x-permit" = json!("access.grants.approve"))))]
async fn decide(
    scope: Scope<ApproveGrants>,
    Segment(id): Segment<Uuid>,
    body: Body<Decision>,
) -> Outcome<Json<AccountView>> {
    actions::decide(&scope, id, body.value.rev, !body.value.refuse).await?;
    account_of_grant(&scope.also()?, id).await
}

/// Ends a grant today.
#[utoipa::path(post, path = "/grants/{id}/end", tag = "access", params(("id" = Uuid, Path)), request_body = EndGrant,
    responses((status = 200, body = AccountView), Problems), extensions(("x-permit" = json!("access.accounts.change"))))]
async fn end(
    scope: Scope<ChangeAccounts>,
    Segment(id): Segment<Uuid>,
    body: Body<EndGrant>,
) -> Outcome<Json<AccountView>> {
    let EndGrant { rev, reason } = body.value;
    match reason.trim().chars().count() {
        0 => return Err(Problem::invalid(Field::required("reason"))),
        1..=200 => {}
        _ => return Err(Problem::invalid(Field::too_long("reason", 200))),
    }
    actions::end_grant(&scope, id, rev, reason).await?;
    account_of_grant(&scope.also()?, id).await
}

async fn account_of_grant(scope: &Scope<ReadAccounts>, grant: Id) -> Outcome<Json<AccountView>> {
    let row = scope.find::<role_grant::Entity>().filter(role_grant::Column::Id.eq(grant)).required().await?;
    one(scope, row.account_id).await.map(Json)
}

/// Organisations by name or place.
#[utoipa::path(get, path = "/organisations", tag = "access", params(OrgQuery),
    responses((status = 200, body = Page<OrgView>), Problems), extensions(("x-permit" = json!("access.accounts.read"))))]
async fn organisations(scope: Scope<ReadAccounts>, Params(q): Params<OrgQuery>) -> Outcome<Json<Page<OrgView>>> {
    let mut query = scope.find::<organisation::Entity>().limit(50);
    if let Some(text) = &q.place {
        let place = scope.resolve("place", text).await?;
        query = query.filter(organisation::Column::PlaceId.eq(place.id)).order(organisation::Column::Id, Order::Asc);
    } else {
        let text = q.q.unwrap_or_default();
        query = query
            .filter(
                Condition::all()
                    .add(organisation::Column::Name.gte(text.clone()))
                    .add(organisation::Column::Name.lt(format!("{text}\u{10FFFF}"))),
            )
            .order(organisation::Column::Name, Order::Asc);
    }
    let rows = query.all().await?;
    let labels = scope.labels(rows.iter().map(|r| r.place_id)).await?;
    Ok(Json(Page::whole(rows.into_iter().map(|r| org_view(r, &labels)).collect())))
}

fn org_view(row: organisation::Model, labels: &HashMap<i32, PlaceRef>) -> OrgView {
    OrgView { place: labels.get(&row.place_id).cloned(), id: row.id, kind: row.kind, name: row.name }
}

/// Makes an organisation.
#[utoipa::path(post, path = "/organisations", tag = "access", request_body = NewOrg,
    responses((status = 201, body = OrgView), (status = 200, body = OrgView), Problems),
    extensions(("x-permit" = json!("access.accounts.change"))))]
async fn new_organisation(scope: Scope<ChangeAccounts>, body: Body<NewOrg>) -> Outcome<(StatusCode, Json<OrgView>)> {
    let new = body.value;
    let mut wrong = Vec::new();
    if !kernel::codes::has("org_kind", &new.kind) {
        wrong.push(Field::unknown_code("kind", "org_kind"));
    }
    match new.name.trim().chars().count() {
        0 => wrong.push(Field::required("name")),
        1..=200 => {}
        _ => wrong.push(Field::too_long("name", 200)),
    }
    if !wrong.is_empty() {
        return Err(Problem::Invalid(wrong));
    }
    let place = scope.resolve("place", &new.place).await?.place();
    let id = new.id;
    let written = scope
        .write_once(id, &body.digest, move |tx| {
            Box::pin(async move {
                tx.insert::<organisation::Entity>(organisation::ActiveModel {
                    id: Set(new.id),
                    kind: Set(new.kind),
                    name: Set(new.name.trim().to_owned()),
                    place_id: Set(place.id),
                    county_id: Set(place.at(kernel::Level::County)),
                    ..Default::default()
                })
                .await?;
                Ok(())
            })
        })
        .await?;
    let row = scope.find::<organisation::Entity>().filter(organisation::Column::Id.eq(id)).required().await?;
    let labels = scope.labels([row.place_id]).await?;
    Ok((status(written), Json(org_view(row, &labels))))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(roles))
        .routes(routes!(list, create))
        .routes(routes!(get_one, change))
        .routes(routes!(propose))
        .routes(routes!(decide))
        .routes(routes!(end))
        .routes(routes!(organisations, new_organisation))
}
