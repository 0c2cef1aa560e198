//! One person (一个人): every policy with its answer, the reasons and what is missing.
//!
//! The same plan as the bulk run, walked for one person whose facts carry source and date. A fact is known, known within
//! bounds, unknown, does not apply, is older than its dictionary allows, or contradicts itself between sources; the last two
//! count as unknown but are told apart, because only an unknown one asks a question. A status is the same as in bulk;
//! `settled` goes further: what every value of the missing facts would lead to (`age >= 60 or age < 60`).

use chrono::{Days, NaiveDate};

use crate::core::{Cond, CondId, Core, Num, NumId, rounded};
use crate::dictionary::{Dictionary, FactId};
use crate::library::Plan;
use crate::local::{Local, Test};
use crate::lower::{Line, Lowered};
use crate::missing::{self, Missing};

/// What is held of a fact; numbers in steps of the dictionary, a flag as 0 or 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Held {
    /// Nothing.
    #[default]
    Unknown,
    /// One value.
    Known(i64),
    /// A value within bounds, both included.
    Between(i64, i64),
    /// The fact does not apply to this person (不适用).
    NotApplicable,
    /// Sources disagree (来源不一致).
    Contradictory,
}

/// A fact with its source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// What is held.
    pub held: Held,
    /// Where it comes from.
    pub source: String,
    /// Day it was true.
    pub as_of: Option<NaiveDate>,
}

/// How a fact counts on the day of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Known, or known within bounds.
    Known,
    /// Unknown: worth a question.
    Unknown,
    /// Does not apply; its dictionary value counts.
    NotApplicable,
    /// Older than the dictionary allows; counts as unknown (已过期).
    Stale,
    /// Contradictory; counts as unknown.
    Contradictory,
}

/// What is held of all facts of a person.
#[derive(Debug, Clone)]
pub struct Facts {
    seen: Vec<Seen>,
}

/// Facts as they count on a day: bounds, and whether they are known.
#[derive(Debug, Clone)]
pub(crate) struct Counted {
    list: Vec<(i64, i64, State)>,
}

/// One policy for one person.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    /// The policy.
    pub policy: &'a Lowered,
    /// Eligible, not, or unknown: the same as in bulk.
    pub status: Option<bool>,
    /// What every value of the missing facts leads to; `status` where that is known.
    pub settled: Option<bool>,
    /// Amount; only where eligible and known.
    pub amount: Option<i64>,
    /// Smallest and largest amount that is possible, where not ruled out and no parameter is missing.
    pub range: Option<(i64, i64)>,
    /// What would settle an unknown status.
    pub missing: Missing,
    /// Facts an unknown amount waits for.
    pub amount_missing: Vec<FactId>,
}

/// One line of an explanation.
#[derive(Debug, Clone, Copy)]
pub struct Reason<'a> {
    /// Depth in the tree of conditions, from 0.
    pub depth: usize,
    /// Condition with words, clause, facts and parameters.
    pub line: &'a Line,
    /// True, false or unknown.
    pub says: Option<bool>,
}

/// A plan at a place, asked for one person.
pub struct Case<'a> {
    plan: &'a Plan,
    local: &'a Local,
    counted: Counted,
    memo: Vec<Memo>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Memo {
    Open,
    Done(Option<bool>),
}

impl Facts {
    /// A person of whom nothing is known.
    pub fn unknown(dictionary: &Dictionary) -> Facts {
        Facts { seen: vec![Seen::default(); dictionary.facts().len()] }
    }

    /// Sets a fact.
    pub fn set(&mut self, fact: FactId, seen: Seen) {
        if let Some(slot) = self.seen.get_mut(usize::from(fact)) {
            *slot = seen;
        }
    }

    /// What is held of a fact.
    pub fn seen(&self, fact: FactId) -> Option<&Seen> {
        self.seen.get(usize::from(fact))
    }

    /// How a fact counts on a day.
    pub fn state(&self, dictionary: &Dictionary, fact: FactId, day: NaiveDate) -> State {
        let Some((seen, fact)) = self.seen(fact).zip(dictionary.fact(fact)) else { return State::Unknown };
        let last = |from: NaiveDate| fact.valid_days.and_then(|days| from.checked_add_days(Days::new(days.into())));
        let inside = |low: i64, high: i64| fact.min <= low && low <= high && high <= fact.max;
        match seen.held {
            Held::Known(_) | Held::Between(..) if seen.as_of.and_then(last).is_some_and(|last| last < day) => {
                State::Stale
            }
            Held::Known(v) if inside(v, v) => State::Known,
            Held::Between(low, high) if inside(low, high) => State::Known,
            Held::NotApplicable if fact.not_applicable.is_some() => State::NotApplicable,
            Held::Known(_) | Held::Between(..) | Held::Contradictory => State::Contradictory,
            Held::Unknown | Held::NotApplicable => State::Unknown,
        }
    }

    /// The one value a fact counts with on a day, as the bulk run reads it; none where it counts as unknown.
    pub fn value(&self, dictionary: &Dictionary, fact: FactId, day: NaiveDate) -> Option<i64> {
        match (self.state(dictionary, fact, day), self.seen(fact)?.held) {
            (State::Known, Held::Known(v)) => Some(v),
            (State::Known, Held::Between(low, high)) => (low == high).then_some(low),
            (State::NotApplicable, _) => dictionary.fact(fact)?.not_applicable,
            _ => None,
        }
    }

    fn counted(&self, dictionary: &Dictionary, day: NaiveDate) -> Counted {
        let list = (0..).zip(dictionary.facts()).map(|(id, fact)| {
            let state = self.state(dictionary, id, day);
            let held = self.seen(id).map_or(Held::Unknown, |s| s.held);
            match (state, held, fact.not_applicable) {
                (State::Known, Held::Known(v), _) => (v, v, state),
                (State::Known, Held::Between(low, high), _) => (low, high, state),
                (State::NotApplicable, _, Some(v)) => (v, v, state),
                _ => (fact.min, fact.max, state),
            }
        });
        Counted { list: list.collect() }
    }
}

impl Counted {
    /// Bounds of a fact, and whether it counts as known.
    pub fn bounds(&self, fact: FactId) -> (i64, i64, bool) {
        let (low, high, state) = self.list.get(usize::from(fact)).copied().unwrap_or((0, 0, State::Unknown));
        (low, high, matches!(state, State::Known | State::NotApplicable))
    }

    /// The one value of a fact, if it has one.
    pub fn value(&self, fact: FactId) -> Option<i64> {
        let (low, high, known) = self.bounds(fact);
        (known && low == high).then_some(low)
    }
}

impl<'a> Case<'a> {
    /// Asks a plan at a place for one person.
    pub fn new(plan: &'a Plan, local: &'a Local, dictionary: &Dictionary, facts: &Facts) -> Case<'a> {
        let counted = facts.counted(dictionary, plan.day);
        Case { plan, local, counted, memo: vec![Memo::Open; plan.core.conds().len()] }
    }

    /// The answer of one policy.
    pub fn answer(&mut self, policy: &'a Lowered) -> Answer<'a> {
        let core = &self.plan.core;
        let status = self.cond(core, policy.when);
        let missing = match status {
            Some(_) => Missing::default(),
            None => missing::of(core, self.local, &self.counted, &policy.facts, policy.when),
        };
        let settled = status.or(missing.settled);
        let strict = policy.amount.filter(|_| status == Some(true)).and_then(|n| self.num(core, n, true));
        let amount = strict.filter(|(low, high)| low == high).map(|(low, _)| low);
        let range = match (settled, amount) {
            (Some(false), _) => None,
            (_, Some(amount)) => Some((amount, amount)),
            _ => policy.amount.and_then(|n| self.num(core, n, false)),
        };
        let waits = settled != Some(false) && amount.is_none() && policy.amount.is_some();
        let unknown = |f: &&FactId| self.counted.value(**f).is_none();
        let amount_missing =
            if waits { policy.amount_facts.iter().filter(unknown).copied().collect() } else { Vec::new() };
        Answer { policy, status, settled, amount, range, missing, amount_missing }
    }

    /// Status and amount of one policy, without what is missing: the same as in bulk.
    pub fn verdict(&mut self, policy: &Lowered) -> (Option<bool>, Option<i64>) {
        let core = &self.plan.core;
        let status = self.cond(core, policy.when);
        let strict = policy.amount.filter(|_| status == Some(true)).and_then(|n| self.num(core, n, true));
        (status, strict.filter(|(low, high)| low == high).map(|(low, _)| low))
    }

    /// All answers, in the order of the plan.
    pub fn answers(&mut self) -> Vec<Answer<'a>> {
        self.plan.policies.iter().map(|policy| self.answer(policy)).collect()
    }

    /// The reasons of one policy, parents before their parts. Facts are looked up in [`Facts`], parameters in
    /// [`Local::params`], by the numbers on the line.
    pub fn reasons(&mut self, policy: &'a Lowered) -> Vec<Reason<'a>> {
        let mut out = Vec::with_capacity(16);
        self.reason(&policy.line, 0, &mut out);
        out
    }

    fn reason(&mut self, line: &'a Line, depth: usize, out: &mut Vec<Reason<'a>>) {
        out.push(Reason { depth, line, says: self.cond(&self.plan.core, line.cond) });
        for below in &line.below {
            self.reason(below, depth + 1, out);
        }
    }

    fn cond(&mut self, core: &Core, id: CondId) -> Option<bool> {
        if let Some(Memo::Done(value)) = self.memo.get(id as usize) {
            return *value;
        }
        let value = match core.cond(id) {
            Cond::Const(_) | Cond::Fixed(..) | Cond::Linear { .. } | Cond::Within(..) => self.single(core.cond(id), id),
            Cond::Flag(fact) => self.counted.value(*fact).map(|v| v == 1),
            Cond::Compare(order, a, b) => {
                let (a, b) = (self.num(core, *a, true), self.num(core, *b, true));
                a.zip(b).and_then(|((a, b), (c, d))| {
                    let ends = [order.holds(a.cmp(&d)), order.holds(b.cmp(&c))];
                    let point = a == b && c == d;
                    match order {
                        crate::core::Order::Same if point => Some(a == c),
                        crate::core::Order::Same => (b < c || d < a).then_some(false),
                        _ if ends == [true, true] => Some(true),
                        _ if ends == [false, false] => Some(false),
                        _ => None,
                    }
                })
            }
            Cond::All(parts) => self.many(core, parts, false),
            Cond::Any(parts) => self.many(core, parts, true),
            Cond::Not(part) => self.cond(core, *part).map(|v| !v),
        };
        if let Some(memo) = self.memo.get_mut(id as usize) {
            *memo = Memo::Done(value);
        }
        value
    }

    /// `decides` is the value that one part gives to the whole.
    fn many(&mut self, core: &Core, parts: &[CondId], decides: bool) -> Option<bool> {
        let mut all = Some(!decides);
        for part in parts {
            match self.cond(core, *part) {
                Some(value) if value == decides => return Some(decides),
                Some(_) => {}
                None => all = None,
            }
        }
        all
    }

    fn single(&self, cond: &Cond, id: CondId) -> Option<bool> {
        match (self.local.test(id), cond) {
            (Test::Fixed(value), _) => *value,
            (Test::Runs(runs), Cond::Linear { fact, .. } | Cond::Within(fact, _)) => {
                let (low, high, known) = self.counted.bounds(*fact);
                if !known {
                    return None;
                }
                if runs.iter().any(|(a, b)| *a <= low && high <= *b) {
                    return Some(true);
                }
                runs.iter().all(|(a, b)| high < *a || *b < low).then_some(false)
            }
            _ => None,
        }
    }

    /// Smallest and largest value. Strict: nothing when a fact is unknown; else its bounds count.
    fn num(&mut self, core: &Core, id: NumId, strict: bool) -> Option<(i64, i64)> {
        if core.is_scalar(id) {
            return self.local.value(id).map(|v| (v, v));
        }
        let mut both = |a: &NumId, b: &NumId| self.num(core, *a, strict).zip(self.num(core, *b, strict));
        match core.num(id) {
            Num::Const(v) => Some((*v, *v)),
            Num::Param(_) => None,
            Num::Fact(fact) => {
                let (low, high, known) = self.counted.bounds(*fact);
                (known || !strict).then_some((low, high))
            }
            Num::Add(a, b) => both(a, b).map(|((a, b), (c, d))| (a + c, b + d)),
            Num::Sub(a, b) => both(a, b).map(|((a, b), (c, d))| (a - d, b - c)),
            Num::Mul(a, b) => both(a, b).map(|((a, b), (c, d))| {
                let ends = [a * c, a * d, b * c, b * d];
                (ends.into_iter().fold(i64::MAX, i64::min), ends.into_iter().fold(i64::MIN, i64::max))
            }),
            Num::Min(a, b) => both(a, b).map(|((a, b), (c, d))| (a.min(c), b.min(d))),
            Num::Max(a, b) => both(a, b).map(|((a, b), (c, d))| (a.max(c), b.max(d))),
            Num::Round(a, by, rounding) => {
                self.num(core, *a, strict).map(|(a, b)| (rounded(a, *by, *rounding), rounded(b, *by, *rounding)))
            }
            Num::Table(rows, other) => self.table(core, rows, *other, strict),
        }
    }

    fn table(
        &mut self,
        core: &Core,
        rows: &[(CondId, NumId)],
        other: Option<NumId>,
        strict: bool,
    ) -> Option<(i64, i64)> {
        let mut hull: Option<(i64, i64)> = None;
        let join =
            |hull: Option<(i64, i64)>, new: (i64, i64)| Some(hull.map_or(new, |h| (h.0.min(new.0), h.1.max(new.1))));
        for (cond, num) in rows {
            match self.cond(core, *cond) {
                Some(true) => return join(hull, self.num(core, *num, strict)?),
                Some(false) => {}
                None if strict => return None,
                None => hull = join(hull, self.num(core, *num, strict)?),
            }
        }
        match other {
            Some(num) => join(hull, self.num(core, num, strict)?),
            None => hull,
        }
    }
}

/// A question and what it may bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// The fact to ask for.
    pub fact: FactId,
    /// Policies whose status its answer alone may settle.
    pub settles: usize,
    /// Policies it is part of a smallest set for, or whose amount waits for it.
    pub helps: usize,
    /// Largest possible amounts of the policies it may settle alone, added up.
    pub worth: i64,
}

/// The questions worth asking, best first: by policies settled alone, then by worth, then by policies helped.
pub fn questions(answers: &[Answer<'_>], facts: &Facts, dictionary: &Dictionary, day: NaiveDate) -> Vec<Question> {
    let mut all: Vec<Question> =
        (0..).zip(dictionary.facts()).map(|(fact, _)| Question { fact, settles: 0, helps: 0, worth: 0 }).collect();
    for answer in answers {
        let top = answer.range.map_or(0, |r| r.1.max(0));
        for (fact, alone) in answer.missing.asked() {
            if let Some(question) = all.get_mut(usize::from(fact)) {
                question.helps += 1;
                question.settles += usize::from(alone);
                question.worth = question.worth.saturating_add(if alone { top } else { 0 });
            }
        }
        if answer.status == Some(true) {
            for fact in &answer.amount_missing {
                if let Some(question) = all.get_mut(usize::from(*fact)) {
                    question.helps += 1;
                }
            }
        }
    }
    all.retain(|q| q.helps > 0 && facts.state(dictionary, q.fact, day) == State::Unknown);
    all.sort_by_key(|q| (std::cmp::Reverse((q.settles, q.worth, q.helps)), q.fact));
    all
}
