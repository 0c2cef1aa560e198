//! Library (政策库): a dictionary and its cards, checked together, and the plan of one day.
//!
//! Loading finds every fault it can in one go. Cards may refer to each other's *approved* status, a fact of the ledger;
//! a ring of such references is refused, with the clause that closes it, because nobody could say which came first.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::card::{self, Card, Version};
use crate::core::Core;
use crate::dictionary::Dictionary;
use crate::fault::{Fault, Spot};
use crate::lower::{self, Line, Lowered};

/// A dictionary and its cards.
#[derive(Debug, Clone, Default)]
pub struct Library {
    dictionary: Dictionary,
    cards: Vec<Card>,
}

/// All policies in force on one day, in the core; the same for every place.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The day.
    pub day: NaiveDate,
    /// Conditions and numbers.
    pub core: Core,
    /// The policies in the order of the library.
    pub policies: Vec<Lowered>,
}

impl Library {
    /// Reads a dictionary and cards, each as (file name, text).
    ///
    /// # Errors
    /// All faults found: unreadable texts, unknown words, ids used twice, rings of references.
    pub fn read<'a>(
        dictionary: (&str, &str),
        cards: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Library, Vec<Fault>> {
        let dictionary = Dictionary::read(dictionary.0, dictionary.1).map_err(|f| vec![f])?;
        let mut faults = Vec::new();
        let mut read = Vec::new();
        for (file, text) in cards {
            match card::read(file, text) {
                Ok(card) => read.push(card),
                Err(fault) => faults.push(fault),
            }
        }
        Library::checked(dictionary, read, faults)
    }

    /// A library of cards already read: a draft among the others, before it is published.
    ///
    /// # Errors
    /// All faults found, as for [`Library::read`].
    pub fn of(dictionary: Dictionary, cards: Vec<Card>) -> Result<Library, Vec<Fault>> {
        Library::checked(dictionary, cards, Vec::new())
    }

    fn checked(dictionary: Dictionary, mut cards: Vec<Card>, mut faults: Vec<Fault>) -> Result<Library, Vec<Fault>> {
        cards.sort_by(|a, b| a.id.cmp(&b.id));
        let library = Library { dictionary, cards };
        library.check(&mut faults);
        if faults.is_empty() { Ok(library) } else { Err(faults) }
    }

    /// The cards in the order they are looked at: by stage, then rank, then number. A status stands before the policies
    /// that ask for it once it is approved (特困、低保、低保边缘、刚性支出, then 专项, then 急难).
    pub fn in_order(&self) -> Vec<&Card> {
        let mut cards: Vec<&Card> = self.cards.iter().collect();
        cards.sort_by_key(|c| (c.stage, c.rank, c.number.as_str(), c.id.as_str()));
        cards
    }

    /// The dictionary.
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// The cards by id.
    pub fn cards(&self) -> &[Card] {
        &self.cards
    }

    /// A card by its place.
    pub fn card(&self, index: usize) -> Option<&Card> {
        self.cards.get(index)
    }

    /// The plan of a day; policies without a version in force on it are left out.
    ///
    /// # Errors
    /// The first fault of a card; none after [`Library::read`] accepted it.
    pub fn plan(&self, day: NaiveDate) -> Result<Plan, Fault> {
        let mut core = Core::default();
        let mut policies = Vec::new();
        for (index, card) in self.cards.iter().enumerate() {
            if let Some(version) = card.version_on(day) {
                policies.push(lower::version(&self.dictionary, &mut core, index, card, version)?);
            }
        }
        Ok(Plan { day, core, policies })
    }

    fn check(&self, faults: &mut Vec<Fault>) {
        for pair in self.cards.windows(2) {
            if let [first, second] = pair
                && first.id == second.id
            {
                let words = (
                    format!("政策“{}”在 {} 里已经有了", second.id, first.spot),
                    format!("policy `{}` stands in {} already", second.id, first.spot),
                );
                faults.push(second.spot.fault(words.0, words.1));
            }
        }
        let known: HashMap<&str, usize> = self.cards.iter().enumerate().map(|(i, c)| (c.id.as_str(), i)).collect();
        let mut refers: Vec<Vec<(usize, Spot)>> = vec![Vec::new(); self.cards.len()];
        for (index, card) in self.cards.iter().enumerate() {
            let conflicts = card.conflicts.iter().map(|other| ("conflicts", other));
            let stacking = card.stacking.iter().map(|s| ("stacking", &s.with));
            for (step, other) in conflicts.chain(stacking).filter(|(_, other)| !known.contains_key(other.as_str())) {
                let words = (format!("没有政策“{other}”"), format!("there is no policy `{other}`"));
                faults.push(card.spot.within(step).fault(words.0, words.1));
            }
            for version in &card.versions {
                match self.references(index, card, version, &known) {
                    Ok(found) => {
                        if let Some(list) = refers.get_mut(index) {
                            list.extend(found);
                        }
                    }
                    Err(fault) => faults.push(fault),
                }
            }
        }
        if faults.is_empty()
            && let Some(fault) = self.ring(&refers)
        {
            faults.push(fault);
        }
    }

    /// Policies whose approved status a version asks for, each with the clause that does.
    fn references(
        &self,
        index: usize,
        card: &Card,
        version: &Version,
        known: &HashMap<&str, usize>,
    ) -> Result<Vec<(usize, Spot)>, Fault> {
        let mut core = Core::default();
        let lowered = lower::version(&self.dictionary, &mut core, index, card, version)?;
        let mut found = Vec::new();
        for fact in lowered.facts.iter().chain(&lowered.amount_facts) {
            let Some(other) = self.dictionary.fact(*fact).and_then(|f| f.approved_of.as_deref()) else { continue };
            let spot = spot_of(&lowered.line, *fact).unwrap_or(&version.when.spot).clone();
            match known.get(other) {
                Some(other) => found.push((*other, spot)),
                None => {
                    return Err(spot.fault(
                        format!("引用了“{other}”的认定结果，但没有这项政策"),
                        format!("asks for the approved status of `{other}`, which is no policy here"),
                    ));
                }
            }
        }
        Ok(found)
    }

    fn ring(&self, refers: &[Vec<(usize, Spot)>]) -> Option<Fault> {
        let mut done = vec![false; refers.len()];
        (0..refers.len()).find_map(|start| self.descend(start, refers, &mut done, &mut Vec::new()))
    }

    fn descend(
        &self,
        at: usize,
        refers: &[Vec<(usize, Spot)>],
        done: &mut [bool],
        way: &mut Vec<usize>,
    ) -> Option<Fault> {
        if done.get(at).copied().unwrap_or(true) {
            return None;
        }
        way.push(at);
        for (next, spot) in refers.get(at)? {
            if let Some(begin) = way.iter().position(|w| w == next) {
                let words =
                    way.iter().skip(begin).chain([next]).filter_map(|w| self.cards.get(*w)).map(|c| c.id.as_str());
                let ring = words.collect::<Vec<_>>().join(" → ");
                return Some(spot.fault(
                    format!("政策互相引用成环：{ring}"),
                    format!("policies refer to each other in a ring: {ring}"),
                ));
            }
            if let Some(fault) = self.descend(*next, refers, done, way) {
                return Some(fault);
            }
        }
        way.pop();
        if let Some(flag) = done.get_mut(at) {
            *flag = true;
        }
        None
    }
}

fn spot_of(line: &Line, fact: u16) -> Option<&Spot> {
    if !line.facts.contains(&fact) {
        return None;
    }
    line.below.iter().find_map(|below| spot_of(below, fact)).or(Some(&line.spot))
}
