//! From the words of a card to the core: facts and parameters looked up, types checked, decimals cleared.

use std::collections::HashMap;

use crate::card::{Card, Clause, Note, Rounding, Row, Says, Value, Version};
use crate::core::{Cond, CondId, Core, Num, NumId, Order};
use crate::dictionary::{Dictionary, FactId, Kind, ParamId};
use crate::fault::{Fault, Spot};
use crate::text::{Ast, Compare, Decimal};

/// A condition of the explanation: what a clause became.
#[derive(Debug, Clone)]
pub struct Line {
    /// Words and clause.
    pub note: Note,
    /// Where it stands.
    pub spot: Spot,
    /// Its condition.
    pub cond: CondId,
    /// How the lines below are joined.
    pub join: Join,
    /// Facts it asks for.
    pub facts: Vec<FactId>,
    /// Parameters it asks for.
    pub params: Vec<ParamId>,
    /// Lines below.
    pub below: Vec<Line>,
}

/// How lines are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// A condition of its own.
    Leaf,
    /// All hold.
    All,
    /// At least one holds.
    Any,
    /// Does not hold.
    Not,
}

/// What one policy became.
#[derive(Debug, Clone)]
pub struct Lowered {
    /// Place of its card in the library.
    pub card: usize,
    /// Its condition.
    pub when: CondId,
    /// Its condition with words.
    pub line: Line,
    /// Its amount.
    pub amount: Option<NumId>,
    /// Facts of the condition.
    pub facts: Vec<FactId>,
    /// Facts of the amount.
    pub amount_facts: Vec<FactId>,
}

/// Facts one policy may ask for: sets of them are kept in one word.
pub const MOST_FACTS: usize = 64;

#[derive(Clone, Copy)]
enum Typed {
    Cond(CondId),
    Num(Ratio),
}

/// A number with a denominator above zero.
#[derive(Clone, Copy)]
struct Ratio {
    num: NumId,
    den: i64,
}

pub(crate) struct Lowering<'a> {
    dictionary: &'a Dictionary,
    core: &'a mut Core,
    names: HashMap<&'a str, Typed>,
}

/// Lowers one version of a card.
pub(crate) fn version(
    dictionary: &Dictionary,
    core: &mut Core,
    index: usize,
    card: &Card,
    version: &Version,
) -> Result<Lowered, Fault> {
    let mut lowering = Lowering { dictionary, core, names: HashMap::new() };
    for (name, value, spot) in &version.names {
        if dictionary.fact_id(name).is_some() || lowering.names.contains_key(name.as_str()) {
            return Err(spot.fault(format!("名称“{name}”已经有了"), format!("the name `{name}` is taken")));
        }
        let typed = lowering.value(value, spot)?;
        lowering.names.insert(name, typed);
    }
    let line = lowering.clause(&version.when)?;
    let amount =
        version.amount.as_ref().map(|a| lowering.amount(&a.value, a.rounding, &version.when.spot)).transpose()?;
    let (facts, _) = core.asks(line.cond);
    let amount_facts = amount.map_or_else(Vec::new, |n| core.asks_num(n).0);
    let mut together: Vec<FactId> = facts.iter().chain(&amount_facts).copied().collect();
    together.sort_unstable();
    together.dedup();
    if together.len() > MOST_FACTS {
        return Err(card.spot.fault("一项政策最多使用 64 个事实", "a policy may ask for at most 64 facts"));
    }
    Ok(Lowered { card: index, when: line.cond, line, amount, facts, amount_facts })
}

impl<'a> Lowering<'a> {
    fn clause(&mut self, clause: &'a Clause) -> Result<Line, Fault> {
        let mut below = Vec::new();
        let (cond, join) = match &clause.says {
            Says::Is(ast) => (self.cond(ast, &clause.spot)?, Join::Leaf),
            Says::All(parts) | Says::Any(parts) => {
                for part in parts {
                    below.push(self.clause(part)?);
                }
                let ids: Vec<CondId> = below.iter().map(|line| line.cond).collect();
                match clause.says {
                    Says::All(_) => (self.core.all(&ids), Join::All),
                    _ => (self.core.any(&ids), Join::Any),
                }
            }
            Says::Not(part) => {
                let line = self.clause(part)?;
                let cond = self.core.not(line.cond);
                below.push(line);
                (cond, Join::Not)
            }
        };
        let (facts, params) = self.core.asks(cond);
        Ok(Line { note: clause.note.clone(), spot: clause.spot.clone(), cond, join, facts, params, below })
    }

    fn value(&mut self, value: &Value, spot: &Spot) -> Result<Typed, Fault> {
        match value {
            Value::Is(ast, spot) => self.typed(ast, spot),
            Value::Table(rows) => self.table(rows, spot).map(Typed::Num),
        }
    }

    fn amount(&mut self, value: &Value, rounding: Rounding, when: &Spot) -> Result<NumId, Fault> {
        let spot = if let Value::Is(_, spot) = value { spot } else { when };
        match self.value(value, spot)? {
            Typed::Num(Ratio { num, den: 1 }) => Ok(num),
            Typed::Num(Ratio { num, den }) => Ok(self.core.put_num(Num::Round(num, den, rounding))),
            Typed::Cond(_) => Err(spot.fault("金额应是数字，不是条件", "an amount is a number, not a condition")),
        }
    }

    fn table(&mut self, rows: &[Row], spot: &Spot) -> Result<Ratio, Fault> {
        let mut conds = Vec::new();
        let mut ratios = Vec::new();
        for row in rows {
            if let Some(when) = &row.when {
                conds.push(self.cond(when, &row.spot)?);
            }
            ratios.push(self.num(&row.is, &row.spot)?);
        }
        let (nums, den) = self.level(&ratios, spot)?;
        let other = if conds.len() < nums.len() { nums.last().copied() } else { None };
        let rows = conds.into_iter().zip(nums).collect();
        Ok(Ratio { num: self.core.put_num(Num::Table(rows, other)), den })
    }

    fn cond(&mut self, ast: &Ast, spot: &Spot) -> Result<CondId, Fault> {
        match self.typed(ast, spot)? {
            Typed::Cond(cond) => Ok(cond),
            Typed::Num(_) => {
                Err(spot
                    .fault("此处需要条件（例如 age >= 60），写的是数字", "a condition is needed here, not a number"))
            }
        }
    }

    fn num(&mut self, ast: &Ast, spot: &Spot) -> Result<Ratio, Fault> {
        match self.typed(ast, spot)? {
            Typed::Num(ratio) => Ok(ratio),
            Typed::Cond(_) => Err(spot.fault("此处需要数字，写的是条件", "a number is needed here, not a condition")),
        }
    }

    fn typed(&mut self, ast: &Ast, spot: &Spot) -> Result<Typed, Fault> {
        Ok(match ast {
            Ast::Number(Decimal { digits, scale }) => {
                Typed::Num(Ratio { num: self.core.constant(*digits), den: 10_i64.pow(*scale) })
            }
            Ast::Name(word, at) => self.fact(word, *at, spot)?,
            Ast::Param(word, at) => {
                let id = self.dictionary.param_id(word).ok_or_else(|| {
                    let spot = named(spot, *at);
                    spot.fault(format!("没有名为“{word}”的参数"), format!("there is no parameter `{word}`"))
                })?;
                let decimals = self.dictionary.param(id).map_or(0, |p| p.decimals);
                Typed::Num(Ratio { num: self.core.put_num(Num::Param(id)), den: 10_i64.pow(decimals.min(6)) })
            }
            Ast::Add(a, b) | Ast::Sub(a, b) => {
                let pair = [self.num(a, spot)?, self.num(b, spot)?];
                let (nums, den) = self.level(&pair, spot)?;
                let [x, y] = nums.as_slice() else { return Err(too_large(spot)) };
                let num = if matches!(ast, Ast::Add(..)) { self.core.add(*x, *y) } else { self.core.sub(*x, *y) };
                Typed::Num(Ratio { num: num.ok_or_else(|| too_large(spot))?, den })
            }
            Ast::Mul(a, b) => {
                let (a, b) = (self.num(a, spot)?, self.num(b, spot)?);
                let num = self.core.mul(a.num, b.num).ok_or_else(|| too_large(spot))?;
                Typed::Num(Ratio { num, den: a.den.checked_mul(b.den).ok_or_else(|| too_large(spot))? })
            }
            Ast::Div(a, by) => {
                let a = self.num(a, spot)?;
                let up = self.core.constant(10_i64.pow(by.scale));
                let num = self.core.mul(a.num, up).ok_or_else(|| too_large(spot))?;
                Typed::Num(Ratio { num, den: a.den.checked_mul(by.digits).ok_or_else(|| too_large(spot))? })
            }
            Ast::Min(list) | Ast::Max(list) => {
                let ratios = list.iter().map(|a| self.num(a, spot)).collect::<Result<Vec<_>, _>>()?;
                let (nums, den) = self.level(&ratios, spot)?;
                let least = matches!(ast, Ast::Min(_));
                let join = |a, b| self.core.put_num(if least { Num::Min(a, b) } else { Num::Max(a, b) });
                Typed::Num(Ratio { num: nums.into_iter().reduce(join).ok_or_else(|| too_large(spot))?, den })
            }
            Ast::Test(compare, a, b) => {
                let pair = [self.num(a, spot)?, self.num(b, spot)?];
                let (nums, _) = self.level(&pair, spot)?;
                let [x, y] = nums.as_slice() else { return Err(too_large(spot)) };
                Typed::Cond(self.compare(*compare, *x, *y).ok_or_else(|| too_large(spot))?)
            }
            Ast::In(a, runs) => Typed::Cond(self.within(a, runs, spot)?),
            Ast::All(parts) => {
                let ids = parts.iter().map(|p| self.cond(p, spot)).collect::<Result<Vec<_>, _>>()?;
                Typed::Cond(self.core.all(&ids))
            }
            Ast::Any(parts) => {
                let ids = parts.iter().map(|p| self.cond(p, spot)).collect::<Result<Vec<_>, _>>()?;
                Typed::Cond(self.core.any(&ids))
            }
            Ast::Not(part) => {
                let id = self.cond(part, spot)?;
                Typed::Cond(self.core.not(id))
            }
        })
    }

    fn fact(&mut self, word: &str, at: usize, spot: &Spot) -> Result<Typed, Fault> {
        if let Some(typed) = self.names.get(word) {
            return Ok(*typed);
        }
        let id = self.dictionary.fact_id(word).ok_or_else(|| {
            let spot = named(spot, at);
            spot.fault(format!("事实字典里没有“{word}”"), format!("the dictionary has no fact `{word}`"))
        })?;
        let fact = self.dictionary.fact(id);
        if fact.is_some_and(|f| f.kind == Kind::Flag) {
            return Ok(Typed::Cond(self.core.put_cond(Cond::Flag(id))));
        }
        let den = 10_i64.pow(fact.map_or(0, |f| f.decimals));
        Ok(Typed::Num(Ratio { num: self.core.put_num(Num::Fact(id)), den }))
    }

    fn compare(&mut self, compare: Compare, a: NumId, b: NumId) -> Option<CondId> {
        let (order, swap, opposite) = match compare {
            Compare::Less => (Order::Less, false, false),
            Compare::AtMost => (Order::AtMost, false, false),
            Compare::More => (Order::Less, true, false),
            Compare::AtLeast => (Order::AtMost, true, false),
            Compare::Same => (Order::Same, false, false),
            Compare::Other => (Order::Same, false, true),
        };
        let cond = if swap { self.core.compare(order, b, a)? } else { self.core.compare(order, a, b)? };
        Some(if opposite { self.core.not(cond) } else { cond })
    }

    fn within(&mut self, ast: &Ast, runs: &[(i64, i64)], spot: &Spot) -> Result<CondId, Fault> {
        let Ratio { num, den } = self.num(ast, spot)?;
        let scaled = |v: i64| v.checked_mul(den).ok_or_else(|| too_large(spot));
        let mut sorted = runs.iter().map(|(a, b)| Ok((scaled(*a)?, scaled(*b)?))).collect::<Result<Vec<_>, Fault>>()?;
        sorted.sort_unstable();
        let mut apart: Vec<(i64, i64)> = Vec::new();
        for (low, high) in sorted {
            match apart.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => apart.push((low, high)),
            }
        }
        if let (Num::Fact(fact), 1) = (self.core.num(num).clone(), den) {
            return Ok(self.core.put_cond(Cond::Within(fact, apart)));
        }
        // A fact with decimals or an expression: each run is a band.
        let mut any = Vec::new();
        for (low, high) in apart {
            let (low, high) = (self.core.constant(low), self.core.constant(high));
            let from = self.core.compare(Order::AtMost, low, num).ok_or_else(|| too_large(spot))?;
            let to = self.core.compare(Order::AtMost, num, high).ok_or_else(|| too_large(spot))?;
            any.push(self.core.all(&[from, to]));
        }
        Ok(self.core.any(&any))
    }

    /// The numbers over one common denominator.
    fn level(&mut self, ratios: &[Ratio], spot: &Spot) -> Result<(Vec<NumId>, i64), Fault> {
        let den = ratios.iter().try_fold(1_i64, |den, r| (den / gcd(den, r.den)).checked_mul(r.den));
        let den = den.ok_or_else(|| too_large(spot))?;
        let mut nums = Vec::with_capacity(ratios.len());
        for ratio in ratios {
            let up = self.core.constant(den / ratio.den);
            nums.push(self.core.mul(ratio.num, up).ok_or_else(|| too_large(spot))?);
        }
        Ok((nums, den))
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn named(spot: &Spot, at: usize) -> Spot {
    Spot { place: format!("{}, column {at}", spot.place), ..spot.clone() }
}

fn too_large(spot: &Spot) -> Fault {
    spot.fault("数值太大，超出 64 位整数", "the numbers leave 64 bits")
}
