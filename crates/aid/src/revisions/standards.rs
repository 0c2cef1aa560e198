//! Numbers and conditions as they hold at a place.

use access::{PlaceRef, Scope};
use kernel::{Day, Outcome, Problem};
use policy::dictionary::ParamId;
use serde::Serialize;

use super::{actions, draft, model::NewVersion};
use crate::policies::{
    self, here,
    view::{ParamView, PolicyShort},
};

/// All numbers at a place.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Standards {
    /// The place.
    pub place: PlaceRef,
    /// The day.
    pub on: chrono::NaiveDate,
    /// Each number.
    pub items: Vec<StandardView>,
}

/// One number.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StandardView {
    /// As it holds.
    #[serde(flatten)]
    pub param: ParamView,
    /// Policies that ask for it.
    pub policies: Vec<PolicyShort>,
}

/// A version of a policy as it can be written.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VersionView {
    /// The policy.
    pub policy: PolicyShort,
    /// First day.
    pub from: chrono::NaiveDate,
    /// Last day, inclusive.
    pub to: Option<chrono::NaiveDate>,
    /// Document.
    pub source: String,
    /// Whether it differs from what the product brings.
    pub own: bool,
    /// Conditions and amount.
    pub version: NewVersion,
}

/// The numbers at a place, those that some policy asks for.
pub async fn at(scope: &Scope<policies::Read>, place: Option<&str>, on: Option<Day>) -> Outcome<Standards> {
    let (division, on) = (scope.place_or_own("place", place).await?, on.unwrap_or_else(|| scope.today()));
    let chain = actions::chain(scope, &division.place()).await?;
    let here = here(scope, on, &chain).await?;
    let labels = scope.labels(division.place().path).await?;
    let names = labels.values().map(|place| (format!("{:0<6}", place.code), place.name.clone())).collect();
    let dictionary = here.library.dictionary();
    let mut items = Vec::new();
    for (id, _) in (0..).zip(dictionary.params()) {
        let asked = here.plan.policies.iter().filter(|policy| asks(&here, policy, id));
        let cards: Vec<PolicyShort> =
            asked.filter_map(|p| here.library.card(p.card)).filter(|c| !c.restricted).map(PolicyShort::from).collect();
        if let Some(param) = ParamView::of(dictionary, &here.local, id, &names)
            && !cards.is_empty()
        {
            items.push(StandardView { param, policies: cards });
        }
    }
    Ok(Standards { place: division.short(), on, items })
}

fn asks(here: &policies::Here, policy: &policy::lower::Lowered, id: ParamId) -> bool {
    let core = &here.plan.core;
    core.asks(policy.when).1.contains(&id) || policy.amount.is_some_and(|amount| core.asks_num(amount).1.contains(&id))
}

/// Conditions and amount of a policy at a place on a day.
pub async fn version(
    scope: &Scope<policies::Read>,
    policy: &str,
    place: Option<&str>,
    on: Option<Day>,
) -> Outcome<VersionView> {
    let (division, on) = (scope.place_or_own("place", place).await?, on.unwrap_or_else(|| scope.today()));
    let chain = actions::chain(scope, &division.place()).await?;
    let here = here(scope, on, &chain).await?;
    let card = here.library.cards().iter().find(|c| c.id == policy && !c.restricted).ok_or(Problem::NotFound)?;
    let found = card.version_on(on).ok_or(Problem::NotFound)?;
    let text = here.text(policy).ok_or(Problem::NotFound)?;
    Ok(VersionView {
        policy: PolicyShort::from(card),
        from: found.from,
        to: found.to,
        source: found.source.clone(),
        own: here.own.contains_key(policy),
        version: draft::written(text, found.from)?,
    })
}
