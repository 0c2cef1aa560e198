//! Conditions as data (条件数据): the plan of a place for a machine that is not ours, a browser that answers for itself.
//!
//! The two arenas of the engine ([`policy::core`]), cut to what some policies need and with the parameters of the place
//! filled in: conditions and numbers name their parts by place in the list, a part stands before what is built of it.
//! Numbers stay below 2^53, the last whole number every browser reads exactly; one beyond counts as unknown.

use std::collections::{BTreeSet, HashMap};

use policy::{
    card::{Card, Rounding},
    core::{Cond, CondId, Core, Num, NumId, Order},
    dictionary::{Dictionary, FactId},
    library::Plan,
    local::{Local, Test},
    lower::Lowered,
};
use serde::Serialize;

/// Largest whole number that JSON readers keep exactly.
const MOST: i64 = (1 << 53) - 1;

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum CheckCondition {
    /// The same for everybody; null while a standard of the place is missing.
    Fixed {
        /// What it is.
        value: Option<bool>,
    },
    /// A yes-or-no fact.
    Flag {
        /// Place in the list of facts.
        fact: usize,
    },
    /// A fact whose value stands in one of these runs, both ends included.
    Runs {
        /// Place in the list of facts.
        fact: usize,
        /// Runs within the bounds of the fact; null while a standard of the place is missing.
        runs: Option<Vec<[i64; 2]>>,
    },
    /// Two numbers of several facts.
    Compare {
        /// less, at_most or same.
        order: String,
        /// Place of the left number.
        a: usize,
        /// Place of the right number.
        b: usize,
    },
    /// All hold (Kleene).
    All {
        /// Places of the parts.
        of: Vec<usize>,
    },
    /// At least one holds (Kleene).
    Any {
        /// Places of the parts.
        of: Vec<usize>,
    },
    /// Does not hold.
    Not {
        /// Place of the part.
        of: usize,
    },
}

/// A whole number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum CheckNumber {
    /// The same for everybody; null while a standard of the place is missing.
    Fixed {
        /// What it is.
        value: Option<i64>,
    },
    /// A fact in its steps.
    Fact {
        /// Place in the list of facts.
        fact: usize,
    },
    /// Two numbers made one.
    Both {
        /// add, sub, mul, min or max.
        how: String,
        /// Place of the left number.
        a: usize,
        /// Place of the right number.
        b: usize,
    },
    /// Quotient by a number above zero, rounded.
    Round {
        /// Place of the number.
        a: usize,
        /// The divisor.
        by: i64,
        /// down, half or up.
        how: String,
    },
    /// The value of the first row whose condition holds, else the last; unknown while a condition on the way is.
    Table {
        /// Places of condition and number, row by row.
        rows: Vec<[usize; 2]>,
        /// Place of the number for everybody else.
        other: Option<usize>,
    },
}

/// Conditions, numbers and the facts they ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Data {
    /// Facts in the order of the dictionary.
    pub facts: Vec<FactId>,
    /// Conditions.
    pub conditions: Vec<CheckCondition>,
    /// Numbers.
    pub numbers: Vec<CheckNumber>,
    conds: HashMap<CondId, usize>,
    nums: HashMap<NumId, usize>,
}

impl Data {
    /// What these policies need of a plan at a place.
    pub fn of<'a>(
        plan: &Plan,
        local: &Local,
        dictionary: &Dictionary,
        policies: impl IntoIterator<Item = &'a Lowered>,
    ) -> Self {
        let policies: Vec<&Lowered> = policies.into_iter().collect();
        let facts: BTreeSet<FactId> =
            policies.iter().flat_map(|p| p.facts.iter().chain(&p.amount_facts)).copied().collect();
        let data = Self { facts: facts.into_iter().collect(), ..Self::default() };
        let mut reader = Reader { core: &plan.core, local, dictionary, data };
        for policy in policies {
            reader.cond(policy.when);
            reader.lines(&policy.line);
            if let Some(amount) = policy.amount {
                reader.num(amount);
            }
        }
        reader.data
    }

    /// The place of a fact in the list.
    pub fn fact(&self, id: FactId) -> usize {
        self.facts.binary_search(&id).unwrap_or_default()
    }

    /// The places of several facts.
    pub fn places(&self, ids: &[FactId]) -> Vec<usize> {
        ids.iter().map(|id| self.fact(*id)).collect()
    }

    /// The place of a condition in the list.
    pub fn condition(&self, id: CondId) -> usize {
        self.conds.get(&id).copied().unwrap_or_default()
    }

    /// The place of a number in the list.
    pub fn number(&self, id: NumId) -> usize {
        self.nums.get(&id).copied().unwrap_or_default()
    }
}

/// Policies that a browser may ask about: benefits whose records are not restricted.
pub fn is_checked(card: &Card) -> bool {
    !card.restricted && card.nature == policy::card::Nature::Benefit
}

struct Reader<'a> {
    core: &'a Core,
    local: &'a Local,
    dictionary: &'a Dictionary,
    data: Data,
}

fn safe(value: i64) -> Option<i64> {
    (-MOST..=MOST).contains(&value).then_some(value)
}

impl Reader<'_> {
    fn lines(&mut self, line: &policy::lower::Line) {
        self.cond(line.cond);
        line.below.iter().for_each(|below| self.lines(below));
    }

    fn cond(&mut self, id: CondId) -> usize {
        if let Some(at) = self.data.conds.get(&id) {
            return *at;
        }
        let core = self.core;
        let condition = match core.cond(id) {
            Cond::Const(_) | Cond::Fixed(..) => CheckCondition::Fixed {
                value: match self.local.test(id) {
                    Test::Fixed(value) => *value,
                    _ => None,
                },
            },
            Cond::Flag(fact) => CheckCondition::Flag { fact: self.data.fact(*fact) },
            Cond::Linear { fact, .. } | Cond::Within(fact, _) => {
                CheckCondition::Runs { fact: self.data.fact(*fact), runs: self.runs(*fact, id) }
            }
            Cond::Compare(order, a, b) => {
                let order = match order {
                    Order::Less => "less",
                    Order::AtMost => "at_most",
                    Order::Same => "same",
                };
                CheckCondition::Compare { order: order.to_owned(), a: self.num(*a), b: self.num(*b) }
            }
            Cond::All(parts) => CheckCondition::All { of: parts.iter().map(|p| self.cond(*p)).collect() },
            Cond::Any(parts) => CheckCondition::Any { of: parts.iter().map(|p| self.cond(*p)).collect() },
            Cond::Not(part) => CheckCondition::Not { of: self.cond(*part) },
        };
        self.data.conditions.push(condition);
        let at = self.data.conditions.len() - 1;
        self.data.conds.insert(id, at);
        at
    }

    /// Runs cut to what the fact can be.
    fn runs(&self, fact: FactId, id: CondId) -> Option<Vec<[i64; 2]>> {
        let (Test::Runs(runs), Some(fact)) = (self.local.test(id), self.dictionary.fact(fact)) else { return None };
        let cut = runs.iter().map(|(a, b)| [(*a).max(fact.min), (*b).min(fact.max)]);
        Some(cut.filter(|[a, b]| a <= b).collect())
    }

    fn num(&mut self, id: NumId) -> usize {
        if let Some(at) = self.data.nums.get(&id) {
            return *at;
        }
        let core = self.core;
        let both = |reader: &mut Self, how: &str, a: &NumId, b: &NumId| CheckNumber::Both {
            how: how.to_owned(),
            a: reader.num(*a),
            b: reader.num(*b),
        };
        let number = if core.is_scalar(id) {
            CheckNumber::Fixed { value: self.local.value(id).and_then(safe) }
        } else {
            match core.num(id) {
                Num::Const(value) => CheckNumber::Fixed { value: safe(*value) },
                Num::Param(_) => CheckNumber::Fixed { value: None },
                Num::Fact(fact) => CheckNumber::Fact { fact: self.data.fact(*fact) },
                Num::Add(a, b) => both(self, "add", a, b),
                Num::Sub(a, b) => both(self, "sub", a, b),
                Num::Mul(a, b) => both(self, "mul", a, b),
                Num::Min(a, b) => both(self, "min", a, b),
                Num::Max(a, b) => both(self, "max", a, b),
                Num::Round(a, by, rounding) => {
                    let how = match rounding {
                        Rounding::Down => "down",
                        Rounding::Half => "half",
                        Rounding::Up => "up",
                    };
                    CheckNumber::Round { a: self.num(*a), by: *by, how: how.to_owned() }
                }
                Num::Table(rows, other) => {
                    let rows = rows.iter().map(|(c, n)| [self.cond(*c), self.num(*n)]).collect();
                    CheckNumber::Table { rows, other: other.map(|n| self.num(n)) }
                }
            }
        };
        self.data.numbers.push(number);
        let at = self.data.numbers.len() - 1;
        self.data.nums.insert(id, at);
        at
    }
}
