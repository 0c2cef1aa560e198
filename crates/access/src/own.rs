//! What every signed-in account may do: sign in and out, see itself, change its password, read code lists, watch own jobs.

use std::convert::Infallible;

use axum::{
    Json,
    extract::{ConnectInfo, Extension, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response, Sse, sse},
};
use kernel::{Field, Outcome, Problem, Secret, codes::CodeList, permits};
use sea_orm::ActiveValue::Set;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    Body, House, PlaceRef, Problems, Scope, Segment,
    accounts::{actions::end_sessions, store},
    iso,
    row::account,
    session::{self, Session},
    visible::reader,
};

permits! {
    /// Using the product at all.
    Own = "access.own", "登录使用", "Use the product", sees [account::Entity];
}

/// Name and password.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Sign-in name.
    #[schema(min_length = 1, max_length = 40)]
    pub username: String,
    /// Password.
    #[schema(min_length = 1, max_length = 128)]
    pub password: Secret,
    /// Give a token for tools instead of a cookie.
    #[serde(default)]
    pub bearer: bool,
}

/// Who is signed in and what is allowed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SessionView {
    /// The account.
    pub account: AccountRef,
    /// Role codes.
    pub roles: Vec<String>,
    /// Where each role holds.
    pub places: Vec<RolePlace>,
    /// Permit codes.
    pub permits: Vec<String>,
    /// End of the session.
    pub expires_at: String,
    /// Token for tools, only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// The account that is signed in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AccountRef {
    /// Id.
    pub id: Uuid,
    /// Sign-in name.
    pub username: String,
    /// Shown name.
    pub display_name: String,
    /// The first password has to be changed.
    pub must_change_password: bool,
}

/// A role at a place.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RolePlace {
    /// Role code.
    pub role: String,
    /// The place.
    #[serde(flatten)]
    pub place: PlaceRef,
}

/// Old and new password.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// Password of now.
    #[schema(min_length = 1, max_length = 128)]
    pub old_password: Secret,
    /// New password.
    #[schema(min_length = 12, max_length = 128)]
    pub new_password: Secret,
}

/// All code lists.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Codes {
    /// Lists by code.
    pub lists: std::collections::BTreeMap<String, CodeList>,
}

/// State of a background job.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct JobView {
    /// Id.
    pub id: Uuid,
    /// What it does.
    pub kind: String,
    /// running, done or failed.
    pub state: String,
    /// Steps done.
    pub done: u64,
    /// Steps in all; 0 while unknown.
    pub total: u64,
    /// What it does now (message code).
    pub message: String,
    /// Its result once done.
    pub result: Option<serde_json::Value>,
}

/// Signs in with name and password.
#[utoipa::path(post, path = "/session", tag = "access", request_body = SignIn,
    responses((status = 200, body = SessionView), Problems), extensions(("x-permit" = json!(null))))]
async fn sign_in(
    State(house): State<House>,
    address: Option<Extension<ConnectInfo<std::net::SocketAddr>>>,
    body: Body<SignIn>,
) -> Outcome<Response> {
    let SignIn { username, password, bearer } = body.value;
    if username.trim().is_empty() {
        return Err(Problem::invalid(Field::required("username")));
    }
    if username.chars().count() > 40 {
        return Err(Problem::invalid(Field::too_long("username", 40)));
    }
    if password.expose().chars().count() > 128 {
        return Err(Problem::invalid(Field::too_long("password", 128)));
    }
    let address = address.map(|Extension(ConnectInfo(a))| a.ip().to_string()).unwrap_or_default();
    let opened = session::sign_in(&house, &username, &password, bearer, &address).await?;
    let mut view = view(&house, &opened.session).await?;
    if bearer {
        view.token = Some(opened.token);
        return Ok(Json(view).into_response());
    }
    let mut headers = HeaderMap::new();
    if let Some(cookie) = session::cookie(house.over_tls, &opened.token) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    Ok((headers, Json(view)).into_response())
}

async fn view(house: &House, session: &Session) -> Outcome<SessionView> {
    let labels = crate::placement::labels(reader(&house.floor), session.grants.iter().map(|g| g.place.id)).await?;
    let mut roles: Vec<String> = session.grants.iter().map(|g| g.role.clone()).collect();
    roles.sort();
    roles.dedup();
    Ok(SessionView {
        account: AccountRef {
            id: session.account.id,
            username: session.account.username.clone(),
            display_name: session.account.display_name.clone(),
            must_change_password: session.change_due,
        },
        places: session
            .grants
            .iter()
            .filter_map(|g| labels.get(&g.place.id).map(|p| RolePlace { role: g.role.clone(), place: p.clone() }))
            .collect(),
        permits: session.permits().map(str::to_owned).collect(),
        expires_at: iso(session.expires_at),
        roles,
        token: None,
    })
}

/// Who is signed in.
#[utoipa::path(get, path = "/session", tag = "access",
    responses((status = 200, body = SessionView), Problems), extensions(("x-permit" = json!("access.own"))))]
async fn current(State(house): State<House>, scope: Scope<Own>) -> Outcome<Json<SessionView>> {
    view(&house, scope.session()).await.map(Json)
}

/// Signs out; the session is dead at once.
#[utoipa::path(delete, path = "/session", tag = "access",
    responses((status = 204), Problems), extensions(("x-permit" = json!("access.own"))))]
async fn sign_out(State(house): State<House>, scope: Scope<Own>) -> Outcome<Response> {
    session::sign_out(&house, scope.session().token_hash.clone()).await?;
    let mut headers = HeaderMap::new();
    if let Some(cookie) = session::cookie(house.over_tls, "") {
        headers.insert(header::SET_COOKIE, cookie);
    }
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// Changes the own password and ends all other sessions.
#[utoipa::path(post, path = "/session/password", tag = "access", request_body = NewPassword,
    responses((status = 204), Problems), extensions(("x-permit" = json!("access.own"))))]
async fn change_password(
    State(house): State<House>,
    scope: Scope<Own>,
    body: Body<NewPassword>,
) -> Outcome<StatusCode> {
    let me = scope.session().account.clone();
    house.limits.take(me.id, "password", 10, 3_600_000, scope.now())?;
    if !session::is_password_of(&house, &me, body.value.old_password).await? {
        return Err(Problem::invalid(Field::new(
            "old_password",
            "wrong",
            "原密码不正确，请重新输入。",
            "The old password is not right; try again.",
        )));
    }
    session::acceptable(&me.username, &body.value.new_password, scope.today())
        .map_err(|p| rename(p, "new_password"))?;
    if session::is_password_of(&house, &me, body.value.new_password.clone()).await? {
        return Err(Problem::invalid(Field::new(
            "new_password",
            "same",
            "新密码不能与原密码相同，请换一个。",
            "The new password must differ from the old one; choose another.",
        )));
    }
    let hash = session::hash(&house, body.value.new_password).await?;
    let keep = scope.session().token_hash.clone();
    scope
        .write(move |tx| {
            Box::pin(async move {
                let now = tx.scope().now();
                tx.update_own::<account::Entity>(&me, |r| {
                    r.password_hash = Set(hash);
                    r.password_set_at = Set(now);
                    r.must_change = Set(false);
                })
                .await?;
                end_sessions(tx, me.id, Some(keep)).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn rename(problem: Problem, field: &str) -> Problem {
    match problem {
        Problem::Invalid(fields) => {
            Problem::Invalid(fields.into_iter().map(|f| Field { field: field.to_owned(), ..f }).collect())
        }
        other => other,
    }
}

/// The code lists of the product.
#[utoipa::path(get, path = "/codes", tag = "access",
    responses((status = 200, body = Codes), Problems), extensions(("x-permit" = json!("access.own"))))]
async fn codes(_: Scope<Own>) -> Json<Codes> {
    let lists = kernel::codes::lists().iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
    Json(Codes { lists })
}

/// State of an own job.
#[utoipa::path(get, path = "/jobs/{id}", tag = "access", params(("id" = Uuid, Path)),
    responses((status = 200, body = JobView), Problems), extensions(("x-permit" = json!("access.own"))))]
async fn job(State(house): State<House>, scope: Scope<Own>, Segment(id): Segment<Uuid>) -> Outcome<Json<JobView>> {
    let watched = house.floor.jobs.watch(id, scope.actor()).ok_or(Problem::NotFound)?;
    let state = watched.borrow().clone();
    Ok(Json(job_view(state)))
}

fn job_view(state: ground::jobs::JobState) -> JobView {
    JobView {
        id: state.id,
        kind: state.kind.to_owned(),
        state: state.state.to_owned(),
        done: state.done,
        total: state.total,
        message: state.message,
        result: state.result,
    }
}

/// Progress of an own job as server-sent events; closes when the job ends or the session does.
#[utoipa::path(get, path = "/jobs/{id}/events", tag = "access", params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "text/event-stream", body = String), Problems), extensions(("x-permit" = json!("access.own"))))]
async fn job_events(State(house): State<House>, scope: Scope<Own>, Segment(id): Segment<Uuid>) -> Outcome<Response> {
    let mut watched = house.floor.jobs.watch(id, scope.actor()).ok_or(Problem::NotFound)?;
    let stream = async_stream::stream! {
        loop {
            let state = watched.borrow_and_update().clone();
            let ended = state.state != "running";
            if let Ok(event) = sse::Event::default().event("progress").json_data(job_view(state)) {
                yield Ok::<_, Infallible>(event);
            }
            if ended || !still_open(&house, &scope).await {
                break;
            }
            let wait = tokio::time::timeout(std::time::Duration::from_secs(1), watched.changed()).await;
            if matches!(wait, Ok(Err(_))) {
                break;
            }
        }
    };
    Ok(Sse::new(stream).keep_alive(sse::KeepAlive::default()).into_response())
}

/// Whether the session behind a long answer is still good, so that a revoked one closes within a second.
async fn still_open(house: &House, scope: &Scope<Own>) -> bool {
    let hash = scope.session().token_hash.clone();
    let now: i64 = house.floor.now();
    store::session_is_open(reader(&house.floor), hash, now).await.unwrap_or(false)
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(sign_in, current, sign_out))
        .routes(routes!(change_password))
        .routes(routes!(codes))
        .routes(routes!(job))
        .routes(routes!(job_events))
}
