//! Entitlements over HTTP.

use std::sync::Arc;

use access::{House, PlaceRef, Problems, Scope, Segment};
use axum::Json;
use chrono::NaiveDate;
use kernel::{Outcome, Problem};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{Read, view};
use crate::policies::view::{FactKind, ParamView, PolicyPage, PolicyShort};

/// Who is assessed together (共同生活的家庭成员).
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Unit {
    /// How many; 1 when nothing says so.
    pub members: usize,
    /// Whether a household says so.
    pub known: bool,
}

/// What one policy says of a person: a hint, no decision.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Answered {
    /// The policy.
    pub policy: Arc<PolicyShort>,
    /// receives (已享受), eligible (可能符合), not (不符合), unknown (缺少情况).
    pub status: String,
    /// Amount in units of `amount_unit`, where known.
    pub amount: Option<i64>,
    /// Smallest possible amount.
    pub low: Option<i64>,
    /// Largest possible amount.
    pub high: Option<i64>,
    /// Unit of the amount: fen, fen_month, fen_year; empty without an amount.
    pub amount_unit: String,
    /// How the amount comes about.
    pub amount_text: String,
    /// The same in English.
    pub amount_text_en: String,
    /// Whether it hangs on invented values for tests and training (示例).
    pub example: bool,
    /// The smallest sets of facts that would settle it, as words of the dictionary.
    pub missing: Vec<Vec<String>>,
    /// Facts an unknown amount waits for.
    pub amount_missing: Vec<String>,
    /// Whether all that would settle it is usually not asked at this age (按年龄通常不涉及).
    pub unlikely: bool,
    /// Whether a standard of the place is missing (当地标准未录入).
    pub params_missing: bool,
}

impl Answered {
    /// Order of the hint list: what may be received now, what is open, what is received, what does not fit; then by amount.
    pub fn order(&self) -> (u8, bool, i64, String) {
        let rank = match self.status.as_str() {
            "eligible" => 0,
            "unknown" => 1,
            "receives" => 2,
            _ => 3,
        };
        (
            rank + u8::from(self.unlikely) * 4,
            self.policy.nature != "benefit",
            -self.high.unwrap_or(0),
            self.policy.number.clone(),
        )
    }
}

/// A question worth asking, the one that settles most first.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Question {
    /// The fact to ask for.
    pub fact: String,
    /// Policies its answer alone may settle.
    pub settles: usize,
    /// Policies it is part of an answer for.
    pub helps: usize,
    /// Those policies.
    pub policies: Vec<Arc<PolicyShort>>,
}

/// How a fact stands.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FactView {
    /// Word of the dictionary.
    pub code: String,
    /// known, unknown, none (不适用), stale (已过期), contradictory (来源不一致).
    pub state: String,
    /// Value in steps; null where unknown, or hidden from a caller who sees masked names.
    pub value: Option<i64>,
    /// Kind of source.
    pub source: String,
    /// Day it was true.
    pub as_of: Option<NaiveDate>,
    /// More in words.
    pub note: String,
    /// How often it was told.
    pub told: usize,
}

/// What policies say of a person on a day.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Entitlements {
    /// The person.
    pub person_id: Uuid,
    /// The day.
    pub on: NaiveDate,
    /// The county whose standards hold.
    pub place: Option<PlaceRef>,
    /// Who is assessed together.
    pub unit: Unit,
    /// Policies, what may be received now first.
    pub items: Vec<Answered>,
    /// Questions worth asking.
    pub questions: Vec<Question>,
    /// Facts as they stand.
    pub facts: Vec<FactView>,
    /// The dictionary of those facts.
    pub kinds: Vec<Arc<FactKind>>,
    /// Whether this caller may tell facts.
    pub can_tell: bool,
}

/// One line of the reasons; deeper lines are parts of the line above them.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Reason {
    /// Depth, from 0.
    pub depth: usize,
    /// leaf, all, any or not: how the deeper lines are joined.
    pub join: String,
    /// true, false, or null for unknown.
    pub says: Option<bool>,
    /// Words.
    pub text: String,
    /// English words.
    pub text_en: String,
    /// The condition as written.
    pub written: String,
    /// Document and article.
    pub source: String,
    /// Whether it was read in its source; false is shown as 待核实.
    pub verified: bool,
    /// Facts it asks for.
    pub facts: Vec<String>,
    /// Parameters it hangs on, with place and document.
    pub params: Vec<ParamView>,
}

/// One policy for one person, with reasons.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Reasons {
    /// The policy with where to apply, papers and time limits.
    pub policy: PolicyPage,
    /// The answer.
    pub answer: Answered,
    /// First day of the version that holds.
    pub version_from: Option<NaiveDate>,
    /// Its document.
    pub version_source: String,
    /// Reasons.
    pub reasons: Vec<Reason>,
    /// Facts as they stand.
    pub facts: Vec<FactView>,
    /// The dictionary of those facts.
    pub kinds: Vec<Arc<FactKind>>,
}

/// Which one.
#[derive(Debug, Deserialize)]
struct Which {
    id: Uuid,
    policy: String,
}

/// Which policies may fit a person, and what is missing.
#[utoipa::path(get, path = "/persons/{id}/entitlements", tag = "aid", params(("id" = Uuid, Path)),
    responses((status = 200, body = Entitlements), Problems), extensions(("x-permit" = json!("aid.entitlements.read"))))]
async fn list(scope: Scope<Read>, Segment(id): Segment<Uuid>) -> Outcome<Json<Entitlements>> {
    view::of(&scope, id).await.map(Json)
}

/// Why a policy fits a person or not.
#[utoipa::path(get, path = "/persons/{id}/entitlements/{policy}", tag = "aid",
    params(("id" = Uuid, Path), ("policy" = String, Path)),
    responses((status = 200, body = Reasons), Problems), extensions(("x-permit" = json!("aid.entitlements.read"))))]
async fn get_one(scope: Scope<Read>, Segment(which): Segment<Which>) -> Outcome<Json<Reasons>> {
    if which.policy.len() > 64 {
        return Err(Problem::NotFound);
    }
    view::one(&scope, which.id, &which.policy).await.map(Json)
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get_one))
}
