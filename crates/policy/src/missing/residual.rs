//! The residual: a condition after all known facts are put in, negations pushed down to its tests.

use crate::core::{Cond, CondId, Core, Num, NumId, Order};
use crate::dictionary::FactId;
use crate::local::{Local, Test, solved};
use crate::person::Counted;

/// A condition over missing facts, numbered by their place in the list of missing facts.
#[derive(Debug, Clone)]
pub(crate) enum Residual {
    /// Decided.
    Const(bool),
    /// One missing fact, true in these runs within its bounds.
    Test { fact: usize, bounds: (i64, i64), runs: Vec<(i64, i64)> },
    /// Several missing facts, or a missing parameter: open until all facts of the set are known. `id` tells equal ones,
    /// `not` a negated one. The highest bit of the set stands for what no fact can settle.
    Joint { facts: u64, id: CondId, not: bool },
    /// All hold.
    All(Vec<Residual>),
    /// At least one holds.
    Any(Vec<Residual>),
}

/// The bit no fact has: a missing parameter.
pub(crate) const NEVER: u64 = 1 << 63;

struct Reader<'a> {
    core: &'a Core,
    local: &'a Local,
    counted: &'a Counted,
    facts: &'a [FactId],
}

pub(crate) fn of(core: &Core, local: &Local, counted: &Counted, facts: &[FactId], cond: CondId) -> Residual {
    Reader { core, local, counted, facts }.cond(cond, false)
}

impl Reader<'_> {
    fn place(&self, fact: FactId) -> Option<usize> {
        self.facts.iter().position(|f| *f == fact)
    }

    fn cond(&self, id: CondId, not: bool) -> Residual {
        match self.core.cond(id) {
            Cond::Const(value) => Residual::Const(*value != not),
            Cond::Fixed(..) => match self.local.test(id) {
                Test::Fixed(Some(value)) => Residual::Const(*value != not),
                _ => Residual::Joint { facts: NEVER, id, not },
            },
            Cond::Flag(fact) => self.test(*fact, &[(1, 1)], id, not),
            Cond::Linear { fact, .. } | Cond::Within(fact, _) => match self.local.test(id) {
                Test::Runs(runs) => self.test(*fact, runs, id, not),
                _ => Residual::Joint { facts: NEVER, id, not },
            },
            Cond::Compare(order, a, b) => self.compare(*order, *a, *b, id, not),
            Cond::Not(part) => self.cond(*part, !not),
            Cond::All(parts) if not => self.many(parts, not, true),
            Cond::Any(parts) if not => self.many(parts, not, false),
            Cond::All(parts) => self.many(parts, not, false),
            Cond::Any(parts) => self.many(parts, not, true),
        }
    }

    /// `any` after negations are pushed down.
    fn many(&self, parts: &[CondId], not: bool, any: bool) -> Residual {
        let mut open = Vec::new();
        for part in parts {
            match self.cond(*part, not) {
                Residual::Const(value) if value == any => return Residual::Const(any),
                Residual::Const(_) => {}
                Residual::Any(inner) if any => open.extend(inner),
                Residual::All(inner) if !any => open.extend(inner),
                residual => open.push(residual),
            }
        }
        match open.len() {
            0 => Residual::Const(!any),
            1 => open.pop().unwrap_or(Residual::Const(!any)),
            _ if any => Residual::Any(open),
            _ => Residual::All(open),
        }
    }

    /// A test of one fact, cut to its bounds and turned round when negated.
    fn test(&self, fact: FactId, runs: &[(i64, i64)], id: CondId, not: bool) -> Residual {
        let (low, high, _) = self.counted.bounds(fact);
        let inside = runs.iter().map(|(a, b)| ((*a).max(low), (*b).min(high))).filter(|(a, b)| a <= b);
        let mut held: Vec<(i64, i64)> = inside.collect();
        if not {
            held = outside(&held, low, high);
        }
        match (held.as_slice(), self.place(fact)) {
            ([], _) => Residual::Const(false),
            ([(a, b)], _) if *a == low && *b == high => Residual::Const(true),
            (_, Some(fact)) => Residual::Test { fact, bounds: (low, high), runs: held },
            (_, None) => Residual::Joint { facts: NEVER, id, not },
        }
    }

    fn compare(&self, order: Order, a: NumId, b: NumId, id: CondId, not: bool) -> Residual {
        let (mut asked, _) = self.core.asks_num(a);
        asked.extend(self.core.asks_num(b).0);
        let places = asked.iter().filter_map(|f| self.place(*f));
        let facts = places.fold(0_u64, |set, place| set | 1 << place);
        let affine = self.affine(a).zip(self.affine(b));
        let one = (facts.count_ones() <= 1).then_some(affine).flatten();
        let Some(((k, s), (l, t))) = one else {
            return Residual::Joint { facts: if facts == 0 { NEVER } else { facts }, id, not };
        };
        let (Some(k), Some(rest)) = (k.checked_sub(l), s.checked_sub(t)) else {
            return Residual::Joint { facts, id, not };
        };
        match self.facts.get(facts.trailing_zeros() as usize) {
            Some(fact) if k != 0 => self.test(*fact, &solved(k, rest, order), id, not),
            _ => Residual::Const(order.holds(rest.cmp(&0)) != not),
        }
    }

    /// A number as `k · fact + rest` of the one missing fact, everything else put in.
    fn affine(&self, id: NumId) -> Option<(i64, i64)> {
        if self.core.is_scalar(id) {
            return self.local.value(id).map(|v| (0, v));
        }
        let both = |a: &NumId, b: &NumId| self.affine(*a).zip(self.affine(*b));
        match self.core.num(id) {
            Num::Fact(fact) => match self.counted.value(*fact) {
                Some(value) => Some((0, value)),
                None => Some((1, 0)),
            },
            Num::Add(a, b) => both(a, b).and_then(|((k, s), (l, t))| Some((k.checked_add(l)?, s.checked_add(t)?))),
            Num::Sub(a, b) => both(a, b).and_then(|((k, s), (l, t))| Some((k.checked_sub(l)?, s.checked_sub(t)?))),
            Num::Mul(a, b) => match both(a, b)? {
                ((0, s), (l, t)) | ((l, t), (0, s)) => Some((s.checked_mul(l)?, s.checked_mul(t)?)),
                _ => None,
            },
            Num::Min(a, b) | Num::Max(a, b) => match both(a, b)? {
                ((0, s), (0, t)) if matches!(self.core.num(id), Num::Min(..)) => Some((0, s.min(t))),
                ((0, s), (0, t)) => Some((0, s.max(t))),
                _ => None,
            },
            Num::Const(_) | Num::Param(_) | Num::Round(..) | Num::Table(..) => None,
        }
    }
}

/// What the runs leave of `low ..= high`.
fn outside(runs: &[(i64, i64)], low: i64, high: i64) -> Vec<(i64, i64)> {
    let mut out = Vec::new();
    let mut from = low;
    for (a, b) in runs {
        if *a > from {
            out.push((from, a - 1));
        }
        from = b.saturating_add(1);
    }
    if from <= high {
        out.push((from, high));
    }
    out
}
