//! What is missing (缺什么): the smallest sets of facts that can settle an unknown condition.
//!
//! A set settles the condition when some values of its facts make it true, or false, whatever the other missing facts are:
//! the prime implicants of the residual and of its negation, by their facts. Each missing fact's domain is cut into cells at
//! all thresholds of the residual, so that `age >= 60 or age < 60` is seen to be true. Parts that share no fact are settled
//! apart and their sets joined; parts that do are judged by a table over all cells, folded fact by fact. So the answer is
//! sound and complete, with two exceptions that `exact` tells: a comparison of several missing facts counts as open until
//! all of them are known, and a part with too many cells is answered by all its facts together.

mod residual;
mod sets;

use crate::core::{CondId, Core};
use crate::dictionary::FactId;
use crate::local::Local;
use crate::person::Counted;

/// A set of facts, as bits over [`Missing::facts`].
pub type FactSet = u64;

/// What would settle a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Facts the bits of the sets stand for.
    pub facts: Vec<FactId>,
    /// Smallest sets that can make it true.
    pub yes: Vec<FactSet>,
    /// Smallest sets that can make it false.
    pub no: Vec<FactSet>,
    /// Smallest sets of both.
    pub sets: Vec<FactSet>,
    /// What it comes to whatever the missing facts are.
    pub settled: Option<bool>,
    /// Whether all smallest sets are here.
    pub exact: bool,
}

impl Default for Missing {
    fn default() -> Missing {
        Missing { facts: Vec::new(), yes: Vec::new(), no: Vec::new(), sets: Vec::new(), settled: None, exact: true }
    }
}

impl Missing {
    /// Facts that stand in a smallest set, each with whether it settles alone.
    pub fn asked(&self) -> impl Iterator<Item = (FactId, bool)> + '_ {
        (0_u32..).zip(&self.facts).filter_map(|(bit, fact)| {
            let of = 1_u64 << (bit & 63);
            self.sets.iter().any(|s| s & of != 0).then(|| (*fact, self.sets.contains(&of)))
        })
    }

    /// The facts of a set.
    pub fn named(&self, set: FactSet) -> impl Iterator<Item = FactId> + '_ {
        (0_u32..).zip(&self.facts).filter(move |(bit, _)| set >> (bit & 63) & 1 == 1).map(|(_, fact)| *fact)
    }
}

/// What would settle `cond`, whose facts are `facts`, at most 64.
pub(crate) fn of(core: &Core, local: &Local, counted: &Counted, facts: &[FactId], cond: CondId) -> Missing {
    let facts: Vec<FactId> = facts.iter().copied().filter(|f| counted.value(*f).is_none()).collect();
    let residual = residual::of(core, local, counted, &facts, cond);
    let found = sets::of(&residual, facts.len());
    let sets = sets::smallest(found.yes.iter().chain(&found.no).copied().collect());
    let settled = if found.yes == [0] { Some(true) } else { (found.no == [0]).then_some(false) };
    Missing {
        facts,
        sets: if settled.is_some() { Vec::new() } else { sets },
        settled,
        exact: found.exact,
        yes: found.yes,
        no: found.no,
    }
}
