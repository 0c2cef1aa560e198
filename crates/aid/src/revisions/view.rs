//! Revisions as shown.

use std::collections::HashMap;

use access::{PlaceRef, Scope, iso};
use kernel::{Id, Outcome, Problem};
use people::persons::Named;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Read, actions, draft,
    model::{Act, Body, Document},
    row::policy_revision,
    store,
};
use crate::policies::{
    shelf::shelf,
    view::{ParamView, PolicyShort},
};

/// A revision in a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RevisionRow {
    /// Id.
    pub id: Uuid,
    /// standards or policy.
    pub kind: String,
    /// The place it holds for.
    pub place: Option<PlaceRef>,
    /// Title of the document, as printed.
    pub name: String,
    /// Its number.
    pub number: String,
    /// First day it holds.
    pub from_on: chrono::NaiveDate,
    /// draft, handed, in_force, withdrawn, void.
    pub state: String,
    /// The policy, for a revision of conditions.
    pub policy: Option<PolicyShort>,
    /// How many numbers change.
    pub values: usize,
    /// Who drafted it.
    pub author: Named,
    /// When it was drafted (UTC milliseconds as ISO 8601).
    pub created_at: String,
    /// Revision.
    pub rev: i32,
}

/// A number before and after.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ValueView {
    /// The parameter as it would hold at the place without this revision on its first day.
    pub before: ParamView,
    /// The new value in steps.
    pub value: i64,
    /// Last day, inclusive.
    pub to: Option<chrono::NaiveDate>,
}

/// How an example comes out.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ExampleResult {
    /// Its name.
    pub name: String,
    /// As said.
    pub passes: bool,
    /// eligible, not or unknown.
    pub is: String,
    /// Amount in fen.
    pub amount: Option<i64>,
}

/// Whom a revision changes, by policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Effect {
    /// Persons looked at.
    pub persons: u64,
    /// Policies with a difference.
    pub policies: Vec<PolicyEffect>,
}

/// Whom it changes at one policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PolicyEffect {
    /// Word of the policy.
    pub policy: String,
    /// Its Chinese title.
    pub title: String,
    /// Its English title.
    pub title_en: String,
    /// Would newly fit.
    pub gains: u64,
    /// Would no longer fit.
    pub loses: u64,
    /// Could no longer be told.
    pub unknown: u64,
    /// Could be told now, with a no.
    pub settled: u64,
    /// Would get more.
    pub more: u64,
    /// Would get less.
    pub less: u64,
}

/// A revision.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RevisionPage {
    /// What lists show.
    #[serde(flatten)]
    pub row: RevisionRow,
    /// The document.
    pub document: Document,
    /// What changes.
    pub body: Body,
    /// Its numbers before and after.
    pub values_shown: Vec<ValueView>,
    /// How its examples come out.
    pub examples: Vec<ExampleResult>,
    /// Whom it changes; null until worked out.
    pub effect: Option<Effect>,
    /// Day on which that was worked out.
    pub effect_on: Option<chrono::NaiveDate>,
    /// Who decided.
    pub decided_by: Option<Named>,
    /// When (UTC milliseconds as ISO 8601).
    pub decided_at: Option<String>,
    /// What was said then.
    pub decision_note: Option<String>,
    /// What the caller may do.
    pub acts: Vec<Act>,
    /// Whether the caller may change the draft and work out whom it changes.
    pub can_draft: bool,
}

/// Rows of a list.
pub async fn rows(scope: &Scope<Read>, found: Vec<policy_revision::Model>) -> Outcome<Vec<RevisionRow>> {
    let labels = scope.labels(found.iter().map(|row| row.place_id)).await?;
    let names = scope.account_names(found.iter().map(|row| row.author_id).collect()).await?;
    found.iter().map(|row| shown(row, &labels, &names)).collect()
}

fn shown(
    row: &policy_revision::Model,
    labels: &HashMap<i32, PlaceRef>,
    names: &HashMap<Id, String>,
) -> Outcome<RevisionRow> {
    let cards = shelf()?.all.cards();
    Ok(RevisionRow {
        id: row.id,
        kind: row.kind.clone(),
        place: labels.get(&row.place_id).cloned(),
        name: row.title.clone(),
        number: row.number.clone(),
        from_on: row.from_on,
        state: row.state.clone(),
        policy: row.policy.as_ref().and_then(|p| cards.iter().find(|c| c.id == *p)).map(PolicyShort::from),
        values: draft::body(row)?.values.len(),
        author: named(row.author_id, names),
        created_at: iso(row.created_at),
        rev: row.rev,
    })
}

fn named(id: Id, names: &HashMap<Id, String>) -> Named {
    Named { id, name: names.get(&id).cloned().unwrap_or_default() }
}

/// One revision with what it changes.
pub async fn page(scope: &Scope<Read>, id: Id) -> Outcome<RevisionPage> {
    let row = store::one(scope, id).await?;
    let place = scope.division(row.place_id).await?.place();
    let labels = scope.labels(place.path.into_iter().chain([place.id])).await?;
    let who = [Some(row.author_id), row.decided_by].into_iter().flatten().collect();
    let names = scope.account_names(who).await?;
    let chain = actions::chain(scope, &place).await?;
    let body = draft::body(&row)?;
    let without = actions::without(scope, &chain, &row).await?;
    let dictionary = without.library.dictionary();
    let places = labels.values().map(|place| (format!("{:0<6}", place.code), place.name.clone())).collect();
    let values = body.values.iter().filter_map(|value| {
        let before = ParamView::of(dictionary, &without.local, dictionary.param_id(&value.code)?, &places)?;
        Some(ValueView { before, value: value.value, to: value.to })
    });
    let effect = row.effect.as_deref().map(serde_json::from_str).transpose().map_err(Problem::internal)?;
    Ok(RevisionPage {
        document: Document {
            name: row.title.clone(),
            number: row.number.clone(),
            issuer: row.issuer.clone(),
            issued_on: row.issued_on,
            from_on: row.from_on,
            kept_at: row.kept_at.clone(),
            verified: row.is_verified,
            note: row.note.clone(),
        },
        values_shown: values.collect(),
        examples: actions::examples(scope, &place, &row).await?,
        effect,
        effect_on: row.effect_on,
        decided_by: row.decided_by.map(|id| named(id, &names)),
        decided_at: row.decided_at.map(iso),
        decision_note: row.decision_note.clone(),
        acts: actions::open_to(scope, &row),
        can_draft: scope.holds::<super::Draft>() && row.state == "draft" && row.author_id == scope.actor(),
        row: shown(&row, &labels, &names)?,
        body,
    })
}
