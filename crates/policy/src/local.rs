//! Local plan (本地口径): a plan with the parameters of one place filled in.
//!
//! Made once per place and run; the bulk path and the single person both stand on it, so that they cannot differ. Every
//! comparison with one fact has become a run of values, every number without facts a value, and every number with facts has
//! bounds that prove it fits 64 bits.

use std::cmp::Ordering;

use crate::core::{Cond, CondId, Core, Num, NumId, Order, rounded};
use crate::dictionary::Dictionary;
use crate::fault::Fault;
use crate::library::{Library, Plan};
use crate::params::{Params, Places, Resolved};

/// Numbers stay below this, so that doubling one for rounding fits 64 bits.
const MOST: u64 = 1 << 60;

/// What a condition has become at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// Built of others, or of several facts.
    Composite,
    /// The same for everybody; unknown when a parameter is missing.
    Fixed(Option<bool>),
    /// True where the fact stands in one of these runs, both ends included.
    Runs(Vec<(i64, i64)>),
    /// Unknown for everybody: the parameter is missing.
    Missing,
}

/// A plan at a place.
#[derive(Debug, Clone)]
pub struct Local {
    /// Code of the place.
    pub place: String,
    /// Parameters by their numbers; `None` when no value holds here.
    pub params: Vec<Option<Resolved>>,
    tests: Vec<Test>,
    values: Vec<Option<i64>>,
    bounds: Vec<(i64, i64)>,
}

impl Plan {
    /// The plan at a place.
    ///
    /// # Errors
    /// A [`Fault`] of a parameter formula, or of a policy whose numbers may leave 64 bits here.
    pub fn at(&self, library: &Library, params: &Params, places: &Places, place: &str) -> Result<Local, Fault> {
        let dictionary = library.dictionary();
        let mut used = vec![false; dictionary.params().len()];
        for num in self.core.nums() {
            if let Num::Param(id) = num
                && let Some(flag) = used.get_mut(usize::from(*id))
            {
                *flag = true;
            }
        }
        let mut resolved = Vec::with_capacity(used.len());
        for (id, used) in (0..).zip(used) {
            let value = if used { params.resolve(dictionary, places, id, place, self.day)? } else { None };
            resolved.push(value);
        }
        Local::new(&self.core, dictionary, place, resolved).map_err(|num| self.overflow(library, num))
    }

    fn overflow(&self, library: &Library, num: NumId) -> Fault {
        let holds = |p: &&crate::lower::Lowered| {
            let mut seen = Vec::new();
            numbers_below(&self.core, p.when, p.amount, &mut seen);
            seen.contains(&num)
        };
        let card = self.policies.iter().find(holds).and_then(|p| library.card(p.card));
        let spot = card.map(|c| c.spot.within(&c.id)).unwrap_or_default();
        spot.fault(
            "按事实的取值范围，计算结果可能超出 64 位整数，请缩小事实字典里的范围或系数",
            "within the bounds of the facts the result may leave 64 bits; narrow the bounds or the factors",
        )
    }
}

fn numbers_below(core: &Core, cond: CondId, amount: Option<NumId>, seen: &mut Vec<NumId>) {
    let mut conds = vec![cond];
    let mut nums: Vec<NumId> = amount.into_iter().collect();
    while !conds.is_empty() || !nums.is_empty() {
        if let Some(id) = conds.pop() {
            match core.cond(id) {
                Cond::All(parts) | Cond::Any(parts) => conds.extend(parts),
                Cond::Not(part) => conds.push(*part),
                Cond::Compare(_, a, b) => nums.extend([*a, *b]),
                Cond::Linear { rest, .. } => nums.push(*rest),
                Cond::Fixed(n, _) => nums.push(*n),
                Cond::Const(_) | Cond::Flag(_) | Cond::Within(..) => {}
            }
        }
        if let Some(id) = nums.pop() {
            seen.push(id);
            match core.num(id) {
                Num::Add(a, b) | Num::Sub(a, b) | Num::Mul(a, b) | Num::Min(a, b) | Num::Max(a, b) => {
                    nums.extend([*a, *b])
                }
                Num::Round(a, _, _) => nums.push(*a),
                Num::Table(rows, other) => {
                    conds.extend(rows.iter().map(|r| r.0));
                    nums.extend(rows.iter().map(|r| r.1).chain(*other));
                }
                Num::Const(_) | Num::Param(_) | Num::Fact(_) => {}
            }
        }
    }
}

impl Local {
    /// Fills in parameters; the error is the number that may leave 64 bits.
    pub(crate) fn new(
        core: &Core,
        dictionary: &Dictionary,
        place: &str,
        params: Vec<Option<Resolved>>,
    ) -> Result<Local, NumId> {
        let mut local =
            Local { place: place.to_owned(), params, tests: Vec::new(), values: Vec::new(), bounds: Vec::new() };
        for (id, num) in (0..).zip(core.nums()) {
            let bounds = local.bounds_of(dictionary, num);
            let fits = |v: i128| i64::try_from(v).ok().filter(|v| v.unsigned_abs() < MOST);
            local.bounds.push(fits(bounds.0).zip(fits(bounds.1)).ok_or(id)?);
            let value = if core.is_scalar(id) { local.value_of(core, num) } else { None };
            local.values.push(value);
        }
        for cond in core.conds() {
            let test = local.test_of(cond);
            local.tests.push(test);
        }
        Ok(local)
    }

    /// What a condition has become here.
    pub fn test(&self, id: CondId) -> &Test {
        self.tests.get(id as usize).unwrap_or(&Test::Missing)
    }

    /// The value of a number without facts; `None` when a parameter is missing.
    pub fn value(&self, id: NumId) -> Option<i64> {
        self.values.get(id as usize).copied().flatten()
    }

    /// Smallest and largest value of a number over all facts within their bounds.
    pub fn bounds(&self, id: NumId) -> (i64, i64) {
        self.bounds.get(id as usize).copied().unwrap_or((0, 0))
    }

    fn wide(&self, id: NumId) -> (i128, i128) {
        let (low, high) = self.bounds(id);
        (low.into(), high.into())
    }

    fn bounds_of(&self, dictionary: &Dictionary, num: &Num) -> (i128, i128) {
        match num {
            Num::Const(v) => ((*v).into(), (*v).into()),
            Num::Param(p) => {
                let value = self.params.get(usize::from(*p)).and_then(Option::as_ref).map_or(0, |r| r.value);
                (value.into(), value.into())
            }
            Num::Fact(f) => dictionary.fact(*f).map_or((0, 0), |f| (f.min.into(), f.max.into())),
            Num::Add(a, b) => {
                let ((a, b), (c, d)) = (self.wide(*a), self.wide(*b));
                (a + c, b + d)
            }
            Num::Sub(a, b) => {
                let ((a, b), (c, d)) = (self.wide(*a), self.wide(*b));
                (a - d, b - c)
            }
            Num::Mul(a, b) => {
                let ((a, b), (c, d)) = (self.wide(*a), self.wide(*b));
                let ends = [a * c, a * d, b * c, b * d];
                (ends.into_iter().fold(i128::MAX, i128::min), ends.into_iter().fold(i128::MIN, i128::max))
            }
            Num::Min(a, b) => {
                let ((a, b), (c, d)) = (self.wide(*a), self.wide(*b));
                (a.min(c), b.min(d))
            }
            Num::Max(a, b) => {
                let ((a, b), (c, d)) = (self.wide(*a), self.wide(*b));
                (a.max(c), b.max(d))
            }
            Num::Round(a, by, rounding) => {
                let (a, b) = self.bounds(*a);
                if by.unsigned_abs() >= MOST {
                    (i128::MIN, i128::MAX)
                } else {
                    (rounded(a, *by, *rounding).into(), rounded(b, *by, *rounding).into())
                }
            }
            Num::Table(rows, other) => {
                let ends = rows.iter().map(|r| r.1).chain(*other).map(|n| self.wide(n));
                ends.reduce(|(a, b), (c, d)| (a.min(c), b.max(d))).unwrap_or((0, 0))
            }
        }
    }

    /// Bounds were checked before, so nothing here can leave 64 bits.
    fn value_of(&self, core: &Core, num: &Num) -> Option<i64> {
        let both = |a: &NumId, b: &NumId| self.value(*a).zip(self.value(*b));
        match num {
            Num::Const(v) => Some(*v),
            Num::Param(p) => self.params.get(usize::from(*p)).and_then(Option::as_ref).map(|r| r.value),
            Num::Fact(_) => None,
            Num::Add(a, b) => both(a, b).map(|(a, b)| a.wrapping_add(b)),
            Num::Sub(a, b) => both(a, b).map(|(a, b)| a.wrapping_sub(b)),
            Num::Mul(a, b) => both(a, b).map(|(a, b)| a.wrapping_mul(b)),
            Num::Min(a, b) => both(a, b).map(|(a, b)| a.min(b)),
            Num::Max(a, b) => both(a, b).map(|(a, b)| a.max(b)),
            Num::Round(a, by, rounding) => self.value(*a).map(|v| rounded(v, *by, *rounding)),
            Num::Table(rows, other) => {
                for (cond, num) in rows {
                    match self.test_of(core.cond(*cond)) {
                        Test::Fixed(Some(true)) => return self.value(*num),
                        Test::Fixed(Some(false)) => {}
                        _ => return None,
                    }
                }
                other.and_then(|n| self.value(n))
            }
        }
    }

    fn test_of(&self, cond: &Cond) -> Test {
        match cond {
            Cond::Const(value) => Test::Fixed(Some(*value)),
            Cond::Fixed(num, order) => Test::Fixed(self.value(*num).map(|v| order.holds(v.cmp(&0)))),
            Cond::Linear { k, rest, order, .. } => match self.value(*rest) {
                Some(rest) => Test::Runs(solved(*k, rest, *order)),
                None => Test::Missing,
            },
            Cond::Within(_, runs) => Test::Runs(runs.clone()),
            Cond::Flag(_) | Cond::Compare(..) | Cond::All(_) | Cond::Any(_) | Cond::Not(_) => Test::Composite,
        }
    }
}

/// Values `x` for which `k · x + rest` stands in `order` to zero; `k` is not zero.
pub(crate) fn solved(k: i64, rest: i64, order: Order) -> Vec<(i64, i64)> {
    let (k, rest) = (i128::from(k), i128::from(rest));
    let clamp = |v: i128| i64::try_from(v.clamp(i64::MIN.into(), i64::MAX.into())).unwrap_or(0);
    let least = i128::from(order == Order::Less);
    match (order, k.cmp(&0)) {
        (Order::Same, _) if rest % k == 0 => vec![(clamp(-rest / k), clamp(-rest / k))],
        (Order::Same, _) | (_, Ordering::Equal) => Vec::new(),
        (_, Ordering::Greater) => vec![(i64::MIN, clamp((-rest - least).div_euclid(k)))],
        (_, Ordering::Less) => vec![(clamp(-(-rest - least).div_euclid(-k)), i64::MAX)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_solved_comparison_holds_exactly_where_the_arithmetic_says() {
        for k in [-7, -3, -2, -1, 1, 2, 3, 5] {
            for rest in -20..=20 {
                for order in [Order::Less, Order::AtMost, Order::Same] {
                    let runs = solved(k, rest, order);
                    for x in -50..=50 {
                        let inside = runs.iter().any(|(a, b)| (*a..=*b).contains(&x));
                        assert_eq!(inside, order.holds((k * x + rest).cmp(&0)), "{k} x + {rest} {order:?} at {x}");
                    }
                }
            }
        }
    }
}
