//! Exports of lists (导出): asked for, approved by a second person where that is needed, made as an encrypted file, fetched once.
//!
//! This room knows no list: a room with a list asks ([`request`]), writes the rows through a [`Draught`] and says when it is done
//! ([`finish`]). What is true of every export:
//! - Masked and of few people (`export.free_people`): it may be made at once. Unmasked, or of more: a purpose, and the approval of
//!   somebody else who holds `access.exports.approve` over that place; a task tells them. One approval is good for one file.
//! - The file is written encrypted, piece by piece, so that nothing readable is ever left behind; what a stopped process left is
//!   swept at the next start.
//! - The link belongs to the account, works once and for `export.link_minutes`; afterwards, and for everybody else, it is 404.
//! - The row keeps question, columns, purpose, who approved, rows and the SHA-256 of the file; every step is audited. [G5]

pub mod file;
pub mod http;
pub mod rules;

use kernel::{Id, Outcome, Permit, Place, Problem, Sealed, Sees, day};
use sea_orm::ActiveValue::Set;

use crate::{
    PlaceRef, Scope, Written,
    row::list_export,
    tasks::{self, NewTask},
};

pub use file::{Draught, sweep};
pub use http::routes;

kernel::permits! {
    /// Approving exports of others.
    Approve = "access.exports.approve", "审批名单导出", "Approve exports of lists", sees [list_export::Entity];
}

/// An export somebody asks for.
pub struct Request {
    /// Id made by the client.
    pub id: Id,
    /// The list.
    pub list: &'static str,
    /// Its filter and order, as a query string.
    pub query: String,
    /// Keys of the columns.
    pub columns: Vec<String>,
    /// Whether numbers and addresses are wanted in full.
    pub unmasked: bool,
    /// What it is for; may be empty where no approval is needed.
    pub purpose: String,
    /// Rows now.
    pub people: u64,
    /// Minors among them.
    pub minors: u64,
    /// Whether a second person must approve.
    pub needs_approval: bool,
    /// The place the list is of.
    pub place: Place,
}

/// Notes an export somebody asks for, and tells who may approve it.
///
/// # Errors
/// The same id with another question.
pub async fn request<P>(scope: &Scope<P>, wish: Request, digest: &[u8]) -> Outcome<Written>
where
    P: Permit + Sees<list_export::Entity>,
{
    let role = rules::approver(scope.roles());
    let due_on = day::add_days(scope.today(), rules::number("export.approval_days", scope.today()));
    let columns = serde_json::to_string(&wish.columns).map_err(Problem::internal)?;
    let county_id = wish.place.at(kernel::Level::County);
    let count = |n: u64| i32::try_from(n).unwrap_or(i32::MAX);
    scope
        .write_once(wish.id, digest, move |tx| {
            Box::pin(async move {
                let row = list_export::ActiveModel {
                    id: Set(wish.id),
                    place_id: Set(wish.place.id),
                    county_id: Set(county_id),
                    list: Set(wish.list.to_owned()),
                    query: Set(wish.query),
                    columns: Set(columns),
                    unmasked: Set(wish.unmasked),
                    purpose: Set(wish.purpose),
                    people: Set(count(wish.people)),
                    minors: Set(count(wish.minors)),
                    needs_approval: Set(wish.needs_approval),
                    state: Set(if wish.needs_approval { rules::WAITING } else { rules::APPROVED }.to_owned()),
                    created_at: Set(tx.scope().now()),
                    ..Default::default()
                };
                tx.insert_mine::<list_export::Entity>(row).await?;
                if !wish.needs_approval {
                    return Ok(());
                }
                let task = NewTask {
                    kind: "export_approve",
                    role,
                    place: wish.place,
                    subject_kind: "export",
                    subject_id: Some(wish.id),
                    account_id: None,
                    due_on: Some(due_on),
                    detail: serde_json::json!({"n": wish.people, "list": wish.list}),
                };
                tasks::raise(tx, task).await
            })
        })
        .await
}

/// An export of the caller that may be made now.
///
/// # Errors
/// Not there; not approved, refused, fetched already or too old, with a sentence.
pub async fn to_make<P>(scope: &Scope<P>, id: Id) -> Outcome<list_export::Model>
where
    P: Permit + Sees<list_export::Entity>,
{
    use sea_orm::ColumnTrait as _;
    let row = scope.mine::<list_export::Entity>().filter(list_export::Column::Id.eq(id)).required().await?;
    rules::may_make(&row, scope.now(), scope.today())?;
    Ok(row)
}

/// A secret in full, for a row of an export that was approved in full by somebody else.
///
/// # Errors
/// An export that was not approved so is refused.
pub fn in_full<P: Permit>(scope: &Scope<P>, export: &list_export::Model, sealed: &Sealed) -> Outcome<String> {
    let second = export.decided_by.is_some_and(|by| by != export.account_id);
    if export.unmasked && second && export.account_id == scope.actor() && export.state != rules::REFUSED {
        return Ok(scope.open_for_use(sealed)?.expose().to_owned());
    }
    Err(Problem::Forbidden)
}

/// What stands on every sheet: account, time, purpose.
pub fn watermark<P: Permit>(scope: &Scope<P>, export: &list_export::Model) -> String {
    let account = &scope.session().account;
    let who = format!("{} ({})", account.display_name, account.username);
    let id = export.id.simple().to_string();
    let parts = [who, rules::beijing(scope.now()), export.purpose.clone(), id.get(24..).unwrap_or_default().to_owned()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What a finished export leaves: the link to fetch it with, rows and hash.
#[derive(Debug, serde::Serialize)]
pub struct Made {
    /// Path of the file behind `/api/v1`.
    pub link: String,
    /// Rows.
    pub rows: u32,
    /// SHA-256 of the file.
    pub file_hash: String,
}

/// Notes that the file is there: rows, hash and the link that works once.
///
/// # Errors
/// Another run changed the export meanwhile.
pub async fn finish<P>(scope: &Scope<P>, export: &list_export::Model, draught: Draught, rows: u32) -> Outcome<Made>
where
    P: Permit + Sees<list_export::Entity>,
{
    let file_hash = draught.close().await?;
    let token = ground::chance::token(&*scope.floor().chance);
    let link_hash = ground::crypto::sha256(token.as_bytes());
    let until = scope.now() + rules::number("export.link_minutes", scope.today()) * 60_000;
    let (before, hash) = (export.clone(), file_hash.clone());
    let id = export.id;
    scope
        .write(move |tx| {
            Box::pin(async move {
                tx.update_part::<list_export::Entity>(&before, |r| {
                    r.state = Set(rules::READY.to_owned());
                    r.row_count = Set(i32::try_from(rows).ok());
                    r.file_hash = Set(Some(hash));
                    r.link_hash = Set(Some(link_hash));
                    r.link_until = Set(Some(until));
                })
                .await
            })
        })
        .await?;
    file::forget_later(scope.floor().clone(), id, until - scope.now());
    Ok(Made { link: format!("/exports/{id}/file/{token}"), rows, file_hash })
}

/// Short form of the place of an export.
async fn place_of<P: Permit>(scope: &Scope<P>, row: &list_export::Model) -> Outcome<Option<PlaceRef>> {
    Ok(scope.labels([row.place_id]).await?.remove(&row.place_id))
}
