//! What all policies say of a chunk of persons: the columnar engine, once per plan and place.

use std::{collections::HashMap, num::NonZero, sync::Arc};

use access::Scope;
use kernel::{Day, Outcome, Permit, Problem};
use people::screening::known::Subject;
use policy::{
    card::Nature,
    dictionary::FactId,
    ledger::{Layout, Ledger},
    person::Held,
    screen::Screen,
};

use super::{
    load::{Loaded, Standards},
    model,
};
use crate::policies::{Here, here};

/// Raised when what is kept means something else.
const FORM: &str = "1";

/// What one policy says of a person.
#[derive(Debug, Clone)]
pub struct Found {
    /// Word of the policy.
    pub policy: String,
    /// Fits, does not fit, or unknown.
    pub says: Option<bool>,
    /// Whether the ledger says that it is received.
    pub receives: bool,
    /// Amount in units of the card, where eligible and known.
    pub amount: Option<i64>,
    /// Whether the amount hangs on invented values (示例).
    pub is_example: bool,
}

/// What all policies say of a person.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The person as it was read.
    pub subject: Subject,
    /// County whose standards held.
    pub standard_id: i32,
    /// Digest of cards and parameters.
    pub basis: i64,
    /// First day on which the calendar alone may change something.
    pub next_on: Day,
    /// Policies that are screened: benefits of the open cards.
    pub found: Vec<Found>,
}

/// A policy of a plan that is screened.
struct Asked {
    /// Place in the plan.
    at: usize,
    policy: String,
    /// Facts that say it is received.
    received: Vec<FactId>,
}

/// A plan at a place made ready for many persons.
struct Ready {
    here: Here,
    screen: Screen,
    layout: Layout,
    facts: Vec<FactId>,
    asked: Vec<Asked>,
    has_examples: bool,
}

/// The plans a run has met, kept while it lasts.
pub struct Plans<'a, P> {
    scope: &'a Scope<P>,
    day: Day,
    /// Where the standards of a county are made ready, and the digest of that place.
    places: HashMap<Standards, (usize, i64)>,
    ready: Vec<Arc<Ready>>,
}

/// The plan and parameters that hold for these standards: the one way of this room to them.
async fn stand<P: Permit>(scope: &Scope<P>, standards: &Standards) -> Outcome<Here> {
    here(scope, scope.today(), &standards.chain).await
}

impl<'a, P: Permit> Plans<'a, P> {
    /// None met yet.
    pub fn new(scope: &'a Scope<P>) -> Self {
        Self { scope, day: scope.today(), places: HashMap::new(), ready: Vec::new() }
    }

    /// The digest of cards and parameters that hold for these standards today.
    pub async fn basis(&mut self, standards: &Standards) -> Outcome<i64> {
        self.of(standards).await.map(|(_, basis)| basis)
    }

    async fn of(&mut self, standards: &Standards) -> Outcome<(usize, i64)> {
        if let Some(found) = self.places.get(standards) {
            return Ok(*found);
        }
        let here = stand(self.scope, standards).await?;
        let same = |r: &Arc<Ready>| Arc::ptr_eq(&r.here.plan, &here.plan) && Arc::ptr_eq(&r.here.local, &here.local);
        let at = match self.ready.iter().position(same) {
            Some(at) => at,
            None => {
                self.ready.push(Arc::new(Ready::new(here)));
                self.ready.len() - 1
            }
        };
        let ready = self.ready.get(at).ok_or_else(|| Problem::internal("a plan was not kept"))?;
        let basis = ready.digest(standards);
        self.places.insert(standards.clone(), (at, basis));
        Ok((at, basis))
    }

    /// What all policies say of these persons, in their order.
    pub async fn verdicts(&mut self, chunk: &[Loaded]) -> Outcome<Vec<Verdict>> {
        let mut rows: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut verdicts = Vec::with_capacity(chunk.len());
        for (n, loaded) in chunk.iter().enumerate() {
            let (at, basis) = self.of(&loaded.standards).await?;
            rows.entry(at).or_default().push(n);
            let ready = self.ready.get(at).ok_or_else(|| Problem::internal("a plan was not kept"))?;
            let dictionary = ready.here.library.dictionary();
            verdicts.push(Verdict {
                subject: loaded.subject.clone(),
                standard_id: loaded.standards.county,
                basis,
                next_on: model::next_on(dictionary, &loaded.facts, loaded.subject.birth_date, self.day),
                found: Vec::new(),
            });
        }
        for (at, rows) in rows {
            let Some(ready) = self.ready.get(at) else { continue };
            let people: Vec<&Loaded> = rows.iter().filter_map(|n| chunk.get(*n)).collect();
            for (n, found) in rows.iter().zip(ready.run(&people, self.day)?) {
                if let Some(verdict) = verdicts.get_mut(*n) {
                    verdict.found = found;
                }
            }
        }
        Ok(verdicts)
    }
}

impl Ready {
    fn new(here: Here) -> Self {
        let (library, plan) = (here.library.clone(), here.plan.clone());
        let dictionary = library.dictionary();
        let mut facts: Vec<FactId> =
            plan.policies.iter().flat_map(|p| p.facts.iter().chain(&p.amount_facts)).copied().collect();
        facts.sort_unstable();
        facts.dedup();
        let layout = Layout::new(dictionary, &facts);
        let screen = Screen::new(&plan, &layout, std::slice::from_ref(&*here.local));
        let asked = plan.policies.iter().enumerate().filter_map(|(at, policy)| {
            let card = library.card(policy.card).filter(|c| !c.restricted && c.nature == Nature::Benefit)?;
            let receives = |(id, fact): (FactId, &policy::dictionary::Fact)| {
                (fact.approved_of.as_deref() == Some(card.id.as_str())).then_some(id)
            };
            let received = (0..).zip(dictionary.facts()).filter_map(receives).collect();
            Some(Asked { at, policy: card.id.clone(), received })
        });
        let asked = asked.collect();
        let has_examples = here.local.params.iter().flatten().any(|p| p.example);
        Self { here, screen, layout, facts, asked, has_examples }
    }

    fn run(&self, people: &[&Loaded], day: Day) -> Outcome<Vec<Vec<Found>>> {
        let dictionary = self.here.library.dictionary();
        let mut ledger = Ledger::new(self.layout.clone(), &vec![0; people.len()], 1);
        for fact in &self.facts {
            let values = people.iter().map(|p| p.facts.value(dictionary, *fact, day));
            ledger
                .fill(*fact, values)
                .map_err(|out| Problem::internal(format!("a fact out of bounds: {}", out.fact)))?;
        }
        let mut outcome = self.screen.outcome(&ledger);
        self.screen.run(&ledger, NonZero::<usize>::MIN, &mut outcome);
        let found = people.iter().zip(ledger.slots()).map(|(person, slot)| {
            let one = |asked: &Asked| {
                let cell = outcome.cell(asked.at, *slot)?;
                let received = |id: &FactId| person.facts.seen(*id).is_some_and(|seen| seen.held == Held::Known(1));
                Some(Found {
                    policy: asked.policy.clone(),
                    says: cell.status,
                    receives: asked.received.iter().any(received),
                    amount: cell.amount,
                    is_example: self.has_examples && cell.amount.is_some(),
                })
            };
            self.asked.iter().filter_map(one).collect()
        });
        Ok(found.collect())
    }

    /// Digest of everything a result depends on besides facts and the calendar.
    fn digest(&self, standards: &Standards) -> i64 {
        let (core, dictionary) = (&self.here.plan.core, self.here.library.dictionary());
        let mut digest = Digest::new();
        digest.add(FORM);
        standards.chain.places().iter().for_each(|(_, code)| digest.add(code));
        digest.add(&format!("{:?}{:?}", core.conds(), core.nums()));
        for policy in &self.here.plan.policies {
            let card = self.here.library.card(policy.card);
            let card = card.map(|c| (&c.id, c.restricted, c.nature));
            digest.add(&format!("{card:?}{:?}{:?}", policy.when, policy.amount));
        }
        for fact in dictionary.facts() {
            digest.add(&format!("{:?}", (&fact.id, fact.kind, fact.min, fact.max, fact.not_applicable)));
            digest.add(&format!("{:?}", (fact.of, fact.valid_days, &fact.approved_of, &fact.categories)));
        }
        for param in &self.here.local.params {
            digest.add(&format!("{:?}", param.as_ref().map(|p| (p.value, p.example))));
        }
        digest.end()
    }
}

/// FNV-1a of 64 bits: small, and the same on every machine and in every version.
struct Digest(u64);

impl Digest {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn end(self) -> i64 {
        i64::from_ne_bytes(self.0.to_ne_bytes())
    }
}
