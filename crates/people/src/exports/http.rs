//! Asking for an export of a list, and making it.

use access::{
    Body, House, Problems, Scope, Segment, Written,
    exports::{self, Request},
};
use axum::{Json, http::StatusCode};
use kernel::{Field, Outcome, Problem, codes::Lang, day, params::Params};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{Make, job, sheet};
use crate::{
    persons::{Reveal, checks::Faults},
    worklists::{
        lists::{self, List},
        model,
    },
};

/// A list to export.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExport {
    /// Id made by the client (UUIDv7).
    pub id: Uuid,
    /// persons, due or visits.
    #[schema(max_length = 20)]
    pub list: String,
    /// Filter as a query string of that list, without page and order.
    #[schema(max_length = 2000)]
    pub query: String,
    /// Keys of the columns, in order; all when none is named.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Numbers, telephones, addresses and what visits found in full.
    #[serde(default)]
    pub unmasked: bool,
    /// What it is for; needed in full and for more than a few people.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub purpose: String,
}

/// What was noted of an export.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ExportAsked {
    /// Id.
    pub id: Uuid,
    /// Rows now.
    pub people: u64,
    /// Minors among them.
    pub minors: u64,
    /// Whether somebody else must approve it first.
    pub needs_approval: bool,
}

/// How to make an export.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeExport {
    /// Id of the job, made by the client (UUIDv7).
    pub job: Uuid,
    /// Headings and codes in English.
    #[serde(default)]
    pub english: bool,
}

/// The job that makes the file.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ExportJob {
    /// Id of the job; its result names link, rows and hash.
    pub job: Uuid,
}

/// Asks for an export; tells whether a second person must approve it.
#[utoipa::path(post, path = "/exports", tag = "people", request_body = NewExport,
    responses((status = 201, body = ExportAsked), (status = 200, body = ExportAsked), Problems),
    extensions(("x-permit" = json!("people.exports.make"))))]
async fn create(scope: Scope<Make>, body: Body<NewExport>) -> Outcome<(StatusCode, Json<ExportAsked>)> {
    let wish = body.value;
    let list = List::from_code(&wish.list).ok_or_else(|| Problem::invalid(Field::unknown_code("list", "list")))?;
    let most = exports::rules::number("export.max_rows", scope.today());
    let mut faults = Faults::default();
    if wish.query.chars().count() > model::QUERY {
        faults.push(Field::too_long("query", model::QUERY));
    }
    if wish.columns.len() > model::COLUMNS {
        faults.push(Field::too_long("columns", model::COLUMNS));
    }
    // Columns that only the screen knows are left out.
    let known = |key: &String| sheet::columns(list).iter().any(|c| c.0 == key);
    let columns: Vec<String> = wish.columns.into_iter().filter(known).collect();
    if wish.unmasked && !scope.holds::<Reveal>() {
        faults.push(Field::new(
            "unmasked",
            "forbidden",
            "您没有查看完整敏感信息的权限，只能导出脱敏名单。",
            "You may not see full numbers; export the masked list.",
        ));
    }
    faults.done(Some(()))?;
    let query = wish.query.trim().trim_start_matches('?').to_owned();
    let asked = lists::ask(&scope, list, &query, "").await?;
    let people = asked.within_reach(u64::try_from(most).unwrap_or(0) + 1).await?;
    if i64::try_from(people).unwrap_or(i64::MAX) > most {
        let zh = format!("一次最多导出 {most} 行，请缩小地区或查询条件后再导出。");
        let en = format!("At most {most} rows can be exported at once; narrow the place or the conditions.");
        return Err(Problem::refused("export.too_many", zh, en));
    }
    let minors = asked.born_after(day::add_months(scope.today(), -216), people.max(1)).await?;
    let free = Params::national().whole("export.free_people", &[], scope.today()).unwrap_or(0);
    let needs_approval = wish.unmasked || i64::try_from(people).unwrap_or(i64::MAX) > free;
    let mut faults = Faults::default();
    let purpose = match needs_approval {
        true => faults.text("purpose", &wish.purpose, 200),
        false => faults.optional_text("purpose", Some(wish.purpose.as_str()), 200).unwrap_or_default(),
    };
    faults.done(Some(()))?;
    let place = job::place_of(&scope, &query).await?;
    let id = wish.id;
    let request = Request {
        id,
        list: list.code(),
        query,
        columns,
        unmasked: wish.unmasked,
        purpose,
        people,
        minors,
        needs_approval,
        place,
    };
    let written = exports::request(&scope, request, &body.digest).await?;
    let status = if written == Written::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(ExportAsked { id, people, minors, needs_approval })))
}

/// Makes the file of an own export in the background; progress and link come with the job.
#[utoipa::path(post, path = "/exports/{id}/make", tag = "people", params(("id" = Uuid, Path)), request_body = MakeExport,
    responses((status = 202, body = ExportJob), Problems), extensions(("x-permit" = json!("people.exports.make"))))]
async fn make(
    scope: Scope<Make>,
    Segment(id): Segment<Uuid>,
    body: Body<MakeExport>,
) -> Outcome<(StatusCode, Json<ExportJob>)> {
    let MakeExport { job: job_id, english } = body.value;
    let export = exports::to_make(&scope, id).await?;
    let list = List::from_code(&export.list).ok_or(Problem::NotFound)?;
    let asked = lists::ask(&scope, list, &export.query, "").await?;
    let lang = if english { Lang::En } else { Lang::Zh };
    let on = scope.clone();
    scope.start_job(job_id, "people.export", move |progress| job::make(on, export, asked, lang, progress));
    Ok((StatusCode::ACCEPTED, Json(ExportJob { job: job_id })))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(make))
}
