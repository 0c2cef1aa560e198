//! Whom a draft would change (影响测算), over the whole ledger of its place.
//!
//! Everybody who lives in the place is asked twice on the first day of the draft, or today when that has passed: with what
//! is in force, and with the draft on top. Only persons whose standards come from the place can differ. Counts are kept with
//! the draft; names are told once, and only to who may read persons.

use std::collections::{BTreeMap, HashMap};

use access::{Place, Progress, Scope};
use kernel::{Day, Id, Outcome, Problem};
use people::persons::row::person;
use policy::person::{Case, Facts};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    Draft, actions,
    row::policy_revision,
    store,
    view::{Effect, PolicyEffect},
};
use crate::{
    policies::{Chain, Here, shelf::shelf},
    screening::load::Reader,
};

/// Most persons told by name.
const NAMED: usize = 200;
/// Most persons of one place.
const MOST: u64 = 100_000_000;

/// How an answer changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Gains,
    Loses,
    Unknown,
    Settled,
    More,
    Less,
}

impl How {
    fn word(self) -> &'static str {
        match self {
            Self::Gains => "gains",
            Self::Loses => "loses",
            Self::Unknown => "unknown",
            Self::Settled => "settled",
            Self::More => "more",
            Self::Less => "less",
        }
    }
}

/// Begins to work it out; gives the job.
pub async fn start(scope: &Scope<Draft>, id: Id) -> Outcome<Id> {
    let row = store::one(scope, id).await?;
    if row.state != "draft" {
        return Err(Problem::refused(
            "revision.sent",
            "只有草稿可以测算影响。",
            "Only for a draft it is worked out whom it changes.",
        ));
    }
    let (job, on) = (scope.new_id(), scope.clone());
    scope.start_job(job, "revision.effect", move |progress| async move { run(&on, row, progress).await });
    Ok(job)
}

async fn run(scope: &Scope<Draft>, row: policy_revision::Model, progress: Progress) -> Outcome<serde_json::Value> {
    let place = scope.division(row.place_id).await?.place();
    let day = row.from_on.max(scope.today());
    let total = store::persons(scope, &place, MOST).await?;
    let mut found = Found::default();
    let mut reader = Reader::new(scope, &place, shelf()?.library.dictionary())?;
    let mut plans = Plans { scope, row: &row, place, day, kept: HashMap::new() };
    while let Some(chunk) = reader.next().await? {
        for person in &chunk {
            found.persons += 1;
            if let Some((before, after)) = plans.of(&person.standards.chain).await? {
                found.compare(person.subject.id, before, after, &person.facts);
            }
        }
        progress.at(found.persons, total.max(found.persons), "");
        scope.still_open().await?;
    }
    let effect = found.effect()?;
    let text = serde_json::to_string(&effect).map_err(Problem::internal)?;
    let (id, rev, today) = (row.id, row.rev, scope.today());
    scope
        .write(move |tx| {
            Box::pin(async move {
                let row = tx.get_rev::<policy_revision::Entity>(id, rev).await?;
                tx.update::<policy_revision::Entity>(&row, |r| {
                    r.effect = Set(Some(text));
                    r.effect_on = Set(Some(today));
                })
                .await
                .map(|_| ())
            })
        })
        .await?;
    Ok(json!({ "effect": effect, "people": named(scope, &found.people).await? }))
}

/// Names of some who change, for who may read persons.
async fn named(scope: &Scope<Draft>, people: &[(Id, String, How)]) -> Outcome<Vec<serde_json::Value>> {
    if people.is_empty() || !scope.holds::<people::persons::Read>() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = people.iter().map(|(id, ..)| *id).collect();
    let rows: Vec<person::Model> = store::people(scope, ids).await?;
    let names: HashMap<Id, String> = rows.into_iter().map(|p| (p.id, scope.show_name(&p.name))).collect();
    let told = people.iter().filter_map(|(id, policy, how)| {
        Some(json!({ "id": id, "name": names.get(id)?, "policy": policy, "how": how.word() }))
    });
    Ok(told.collect())
}

/// The plan before and after, by where somebody's standards come from.
struct Plans<'a> {
    scope: &'a Scope<Draft>,
    row: &'a policy_revision::Model,
    place: Place,
    day: Day,
    kept: HashMap<Chain, Option<(Here, Here)>>,
}

impl Plans<'_> {
    /// Both plans; none where the draft does not hold.
    async fn of(&mut self, chain: &Chain) -> Outcome<Option<&(Here, Here)>> {
        if !self.kept.contains_key(chain) {
            let pair = if chain.places().iter().any(|(id, _)| *id == self.place.id) {
                let before = actions::as_of(self.scope, chain, self.day).await?;
                Some((before, actions::planned(self.scope, chain, self.day, self.row).await?))
            } else {
                None
            };
            self.kept.insert(chain.clone(), pair);
        }
        Ok(self.kept.get(chain).and_then(Option::as_ref))
    }
}

#[derive(Default)]
struct Found {
    persons: u64,
    counts: BTreeMap<String, PolicyEffect>,
    people: Vec<(Id, String, How)>,
}

impl Found {
    /// Asks one person with both plans.
    fn compare(&mut self, person: Id, before: &Here, after: &Here, facts: &Facts) {
        let mut old = Case::new(&before.plan, &before.local, before.library.dictionary(), facts);
        let mut new = Case::new(&after.plan, &after.local, after.library.dictionary(), facts);
        for policy in &after.plan.policies {
            let Some(card) = after.library.card(policy.card).filter(|card| !card.restricted) else { continue };
            let same = |p: &&policy::lower::Lowered| before.library.card(p.card).is_some_and(|c| c.id == card.id);
            let was = before.plan.policies.iter().find(same).map_or((Some(false), None), |p| old.verdict(p));
            let Some(how) = differs(was, new.verdict(policy)) else { continue };
            let counts = self.counts.entry(card.id.clone()).or_insert_with(|| PolicyEffect {
                policy: card.id.clone(),
                title: card.title.clone(),
                title_en: card.title_en.clone(),
                ..PolicyEffect::default()
            });
            *match how {
                How::Gains => &mut counts.gains,
                How::Loses => &mut counts.loses,
                How::Unknown => &mut counts.unknown,
                How::Settled => &mut counts.settled,
                How::More => &mut counts.more,
                How::Less => &mut counts.less,
            } += 1;
            if self.people.len() < NAMED {
                self.people.push((person, card.id.clone(), how));
            }
        }
    }

    fn effect(&self) -> Outcome<Effect> {
        Ok(Effect { persons: self.persons, policies: self.counts.values().cloned().collect() })
    }
}

/// How an answer with its amount changes; none when it stays.
fn differs(was: (Option<bool>, Option<i64>), is: (Option<bool>, Option<i64>)) -> Option<How> {
    match (was, is) {
        ((Some(true), Some(a)), (Some(true), Some(b))) if a < b => Some(How::More),
        ((Some(true), Some(a)), (Some(true), Some(b))) if a > b => Some(How::Less),
        ((Some(true), _), (Some(true), _)) => None,
        ((_, _), (Some(true), _)) => Some(How::Gains),
        ((Some(true), _), (Some(false), _)) => Some(How::Loses),
        ((Some(_), _), (None, _)) => Some(How::Unknown),
        ((None, _), (Some(false), _)) => Some(How::Settled),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_of_an_answer_has_one_word() {
        let yes = |amount| (Some(true), amount);
        assert_eq!(differs((Some(false), None), yes(None)), Some(How::Gains));
        assert_eq!(differs((None, None), yes(Some(1))), Some(How::Gains));
        assert_eq!(differs(yes(Some(1)), (Some(false), None)), Some(How::Loses));
        assert_eq!(differs(yes(Some(1)), (None, None)), Some(How::Unknown));
        assert_eq!(differs((Some(false), None), (None, None)), Some(How::Unknown));
        assert_eq!(differs((None, None), (Some(false), None)), Some(How::Settled));
        assert_eq!(differs(yes(Some(1)), yes(Some(2))), Some(How::More));
        assert_eq!(differs(yes(Some(2)), yes(Some(1))), Some(How::Less));
        assert_eq!(differs(yes(Some(2)), yes(None)), None);
        assert_eq!(differs((None, None), (None, None)), None);
    }
}
