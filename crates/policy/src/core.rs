//! Core: conditions and numbers of all policies in two arenas, equal ones stored once.
//!
//! Everything is whole numbers here: decimals were cleared by multiplying both sides. A comparison that asks for one fact
//! only is kept as `k · fact + rest ⋚ 0` where `rest` hangs on parameters alone: for a given place it is a run of values.

use std::collections::HashMap;

use crate::card::Rounding;
use crate::dictionary::{FactId, ParamId};

/// Number of a condition in its arena.
pub type CondId = u32;
/// Number of a numeric expression in its arena.
pub type NumId = u32;

/// How a number is compared with another or with zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `=`
    Same,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cond {
    /// True or false whatever the facts.
    Const(bool),
    /// A yes-or-no fact.
    Flag(FactId),
    /// `k · fact + rest` compared with zero; `rest` holds no fact, `k` is not zero.
    Linear {
        /// The fact.
        fact: FactId,
        /// Its factor.
        k: i64,
        /// The part that hangs on parameters.
        rest: NumId,
        /// How it is compared with zero.
        order: Order,
    },
    /// A fact in runs of values, sorted and apart.
    Within(FactId, Vec<(i64, i64)>),
    /// A number without facts compared with zero.
    Fixed(NumId, Order),
    /// Two numbers of several facts.
    Compare(Order, NumId, NumId),
    /// All hold (Kleene).
    All(Vec<CondId>),
    /// At least one holds (Kleene).
    Any(Vec<CondId>),
    /// Does not hold.
    Not(CondId),
}

/// A whole number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Num {
    /// Given.
    Const(i64),
    /// A parameter in its steps.
    Param(ParamId),
    /// A fact in its steps.
    Fact(FactId),
    /// Sum.
    Add(NumId, NumId),
    /// Difference.
    Sub(NumId, NumId),
    /// Product.
    Mul(NumId, NumId),
    /// Smaller.
    Min(NumId, NumId),
    /// Larger.
    Max(NumId, NumId),
    /// Quotient by a number above zero, rounded.
    Round(NumId, i64, Rounding),
    /// The value of the first row whose condition holds, else the last; unknown while a condition on the way is.
    Table(Vec<(CondId, NumId)>, Option<NumId>),
}

/// The arenas.
#[derive(Debug, Clone, Default)]
pub struct Core {
    conds: Vec<Cond>,
    nums: Vec<Num>,
    scalar: Vec<bool>,
    cond_ids: HashMap<Cond, CondId>,
    num_ids: HashMap<Num, NumId>,
}

impl Core {
    /// All conditions; a part stands before what is built of it.
    pub fn conds(&self) -> &[Cond] {
        &self.conds
    }

    /// All numbers; a part stands before what is built of it.
    pub fn nums(&self) -> &[Num] {
        &self.nums
    }

    /// A condition by number.
    pub fn cond(&self, id: CondId) -> &Cond {
        self.conds.get(id as usize).unwrap_or(&Cond::Const(false))
    }

    /// A numeric expression by number.
    pub fn num(&self, id: NumId) -> &Num {
        self.nums.get(id as usize).unwrap_or(&Num::Const(0))
    }

    /// Whether a number holds no fact.
    pub fn is_scalar(&self, id: NumId) -> bool {
        self.scalar.get(id as usize).copied().unwrap_or(false)
    }

    pub(crate) fn put_num(&mut self, num: Num) -> NumId {
        if let Some(id) = self.num_ids.get(&num) {
            return *id;
        }
        let scalar = match &num {
            Num::Const(_) | Num::Param(_) => true,
            Num::Fact(_) => false,
            Num::Add(a, b) | Num::Sub(a, b) | Num::Mul(a, b) | Num::Min(a, b) | Num::Max(a, b) => {
                self.is_scalar(*a) && self.is_scalar(*b)
            }
            Num::Round(a, _, _) => self.is_scalar(*a),
            Num::Table(rows, other) => {
                let fixed = |c: &CondId| matches!(self.cond(*c), Cond::Fixed(..) | Cond::Const(_));
                rows.iter().all(|(c, n)| fixed(c) && self.is_scalar(*n)) && other.is_none_or(|n| self.is_scalar(n))
            }
        };
        let id = NumId::try_from(self.nums.len()).unwrap_or(NumId::MAX);
        self.nums.push(num.clone());
        self.scalar.push(scalar);
        self.num_ids.insert(num, id);
        id
    }

    pub(crate) fn put_cond(&mut self, cond: Cond) -> CondId {
        if let Some(id) = self.cond_ids.get(&cond) {
            return *id;
        }
        let id = CondId::try_from(self.conds.len()).unwrap_or(CondId::MAX);
        self.conds.push(cond.clone());
        self.cond_ids.insert(cond, id);
        id
    }

    pub(crate) fn constant(&mut self, value: i64) -> NumId {
        self.put_num(Num::Const(value))
    }

    fn known(&self, id: NumId) -> Option<i64> {
        if let Num::Const(v) = self.num(id) { Some(*v) } else { None }
    }

    /// Sum; `None` when a constant leaves 64 bits.
    pub(crate) fn add(&mut self, a: NumId, b: NumId) -> Option<NumId> {
        Some(match (self.known(a), self.known(b)) {
            (Some(x), Some(y)) => self.constant(x.checked_add(y)?),
            (Some(0), _) => b,
            (_, Some(0)) => a,
            _ => self.put_num(Num::Add(a, b)),
        })
    }

    /// Difference; `None` when a constant leaves 64 bits.
    pub(crate) fn sub(&mut self, a: NumId, b: NumId) -> Option<NumId> {
        Some(match (self.known(a), self.known(b)) {
            (Some(x), Some(y)) => self.constant(x.checked_sub(y)?),
            (_, Some(0)) => a,
            _ => self.put_num(Num::Sub(a, b)),
        })
    }

    /// Product; `None` when a constant leaves 64 bits. A product with zero is kept: it is unknown while its fact is.
    pub(crate) fn mul(&mut self, a: NumId, b: NumId) -> Option<NumId> {
        Some(match (self.known(a), self.known(b)) {
            (Some(x), Some(y)) => self.constant(x.checked_mul(y)?),
            (Some(1), _) => b,
            (_, Some(1)) => a,
            (Some(_), None) => self.put_num(Num::Mul(b, a)),
            _ => self.put_num(Num::Mul(a, b)),
        })
    }

    /// `a ⋚ b`; `None` when a constant leaves 64 bits.
    pub(crate) fn compare(&mut self, order: Order, a: NumId, b: NumId) -> Option<CondId> {
        if let (Some(x), Some(y)) = (self.known(a), self.known(b)) {
            return Some(self.put_cond(Cond::Const(order.holds(x.cmp(&y)))));
        }
        let left = self.linear(a);
        let right = self.linear(b);
        if let (Some((f, k, s)), Some((g, l, t))) = (left, right) {
            let fact = match (f, g) {
                (Some(f), Some(g)) if f != g => None,
                (f, g) => Some(f.or(g)),
            };
            if let Some(fact) = fact {
                let rest = self.sub(s, t)?;
                let k = k.checked_sub(l)?;
                return Some(match fact {
                    Some(fact) if k != 0 => self.put_cond(Cond::Linear { fact, k, rest, order }),
                    // The fact cancels out, yet the answer is unknown while the fact is.
                    Some(_) => self.put_cond(Cond::Compare(order, a, b)),
                    None => self.put_cond(Cond::Fixed(rest, order)),
                });
            }
        }
        Some(self.put_cond(Cond::Compare(order, a, b)))
    }

    /// `id` as `k · fact + rest`, if it is that.
    fn linear(&mut self, id: NumId) -> Option<(Option<FactId>, i64, NumId)> {
        if self.is_scalar(id) {
            return Some((None, 0, id));
        }
        match self.num(id).clone() {
            Num::Fact(f) => {
                let zero = self.constant(0);
                Some((Some(f), 1, zero))
            }
            Num::Add(a, b) | Num::Sub(a, b) => {
                let minus = matches!(self.num(id), Num::Sub(..));
                let (f, k, s) = self.linear(a)?;
                let (g, l, t) = self.linear(b)?;
                if f.is_some() && g.is_some() && f != g {
                    return None;
                }
                let k = if minus { k.checked_sub(l)? } else { k.checked_add(l)? };
                let rest = if minus { self.sub(s, t)? } else { self.add(s, t)? };
                (k != 0).then_some((f.or(g), k, rest))
            }
            Num::Mul(a, b) => {
                let by = self.known(b)?;
                let (f, k, s) = self.linear(a)?;
                let k = k.checked_mul(by)?;
                let by = self.constant(by);
                let rest = self.mul(s, by)?;
                (k != 0).then_some((f, k, rest))
            }
            _ => None,
        }
    }

    /// All of several, flattened; one alone is itself.
    pub(crate) fn all(&mut self, parts: &[CondId]) -> CondId {
        self.many(parts, true)
    }

    /// Any of several, flattened; one alone is itself.
    pub(crate) fn any(&mut self, parts: &[CondId]) -> CondId {
        self.many(parts, false)
    }

    fn many(&mut self, parts: &[CondId], all: bool) -> CondId {
        let mut flat: Vec<CondId> = Vec::with_capacity(parts.len());
        for part in parts {
            match (self.cond(*part), all) {
                (Cond::All(inner), true) | (Cond::Any(inner), false) => flat.extend_from_slice(inner),
                (Cond::Const(value), _) if *value == all => {}
                _ => flat.push(*part),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        match flat.as_slice() {
            [] => self.put_cond(Cond::Const(all)),
            [only] => *only,
            _ if all => self.put_cond(Cond::All(flat)),
            _ => self.put_cond(Cond::Any(flat)),
        }
    }

    /// The opposite.
    pub(crate) fn not(&mut self, part: CondId) -> CondId {
        match self.cond(part) {
            Cond::Not(inner) => *inner,
            Cond::Const(value) => {
                let value = !value;
                self.put_cond(Cond::Const(value))
            }
            _ => self.put_cond(Cond::Not(part)),
        }
    }

    /// Facts and parameters a condition hangs on, each once, in order of their numbers.
    pub fn asks(&self, cond: CondId) -> (Vec<FactId>, Vec<ParamId>) {
        let mut found = (Vec::new(), Vec::new());
        self.walk_cond(cond, &mut found);
        sorted(found)
    }

    /// Facts and parameters a number hangs on.
    pub fn asks_num(&self, num: NumId) -> (Vec<FactId>, Vec<ParamId>) {
        let mut found = (Vec::new(), Vec::new());
        self.walk_num(num, &mut found);
        sorted(found)
    }

    fn walk_cond(&self, cond: CondId, found: &mut (Vec<FactId>, Vec<ParamId>)) {
        match self.cond(cond) {
            Cond::Const(_) => {}
            Cond::Flag(f) | Cond::Within(f, _) => found.0.push(*f),
            Cond::Linear { fact, rest, .. } => {
                found.0.push(*fact);
                self.walk_num(*rest, found);
            }
            Cond::Fixed(n, _) => self.walk_num(*n, found),
            Cond::Compare(_, a, b) => {
                self.walk_num(*a, found);
                self.walk_num(*b, found);
            }
            Cond::All(parts) | Cond::Any(parts) => parts.iter().for_each(|p| self.walk_cond(*p, found)),
            Cond::Not(part) => self.walk_cond(*part, found),
        }
    }

    fn walk_num(&self, num: NumId, found: &mut (Vec<FactId>, Vec<ParamId>)) {
        match self.num(num) {
            Num::Const(_) => {}
            Num::Param(p) => found.1.push(*p),
            Num::Fact(f) => found.0.push(*f),
            Num::Add(a, b) | Num::Sub(a, b) | Num::Mul(a, b) | Num::Min(a, b) | Num::Max(a, b) => {
                self.walk_num(*a, found);
                self.walk_num(*b, found);
            }
            Num::Round(a, _, _) => self.walk_num(*a, found),
            Num::Table(rows, other) => {
                for (cond, num) in rows {
                    self.walk_cond(*cond, found);
                    self.walk_num(*num, found);
                }
                other.iter().for_each(|n| self.walk_num(*n, found));
            }
        }
    }
}

fn sorted(mut found: (Vec<FactId>, Vec<ParamId>)) -> (Vec<FactId>, Vec<ParamId>) {
    found.0.sort_unstable();
    found.0.dedup();
    found.1.sort_unstable();
    found.1.dedup();
    found
}

impl Order {
    /// Whether two numbers with this outcome of comparing stand in the order.
    pub fn holds(self, outcome: std::cmp::Ordering) -> bool {
        match self {
            Order::Less => outcome.is_lt(),
            Order::AtMost => outcome.is_le(),
            Order::Same => outcome.is_eq(),
        }
    }
}

/// A quotient rounded as asked; `by` is above zero, both are below 2^60 in size. A value beyond, left over in a row that
/// is unknown anyway, wraps.
#[inline(always)]
pub fn rounded(value: i64, by: i64, rounding: Rounding) -> i64 {
    match rounding {
        Rounding::Down => value.div_euclid(by),
        Rounding::Half => value.wrapping_mul(2).wrapping_add(by).div_euclid(2 * by),
        Rounding::Up => value.wrapping_neg().div_euclid(by).wrapping_neg(),
    }
}
