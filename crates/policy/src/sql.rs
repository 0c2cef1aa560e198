//! The same policies as SQL, straight from the card: the oracle that the engine is checked against.
//!
//! Facts are columns of `f`, parameters columns of `p` (whole steps as in the dictionary), unknown is NULL; AND, OR and NOT
//! are Kleene's in SQL. What SQL does otherwise is written out: `CASE` takes a NULL condition for false, `LEAST` skips
//! NULLs, division of whole numbers cuts towards zero. Nothing of [`crate::lower`] is used.

use std::collections::HashMap;

use crate::card::{Card, Clause, Rounding, Row, Says, Value, Version};
use crate::dictionary::{Dictionary, Kind};
use crate::fault::{Fault, Spot};
use crate::text::{Ast, Compare};

/// One policy as two expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sql {
    /// Boolean; NULL is unknown.
    pub status: String,
    /// Whole number; NULL unless eligible and known. `NULL` for a policy without amount.
    pub amount: String,
}

#[derive(Clone)]
enum Typed {
    Cond(String),
    /// Text and denominator.
    Num(String, i128),
}

struct Writer<'a> {
    dictionary: &'a Dictionary,
    names: HashMap<&'a str, Typed>,
}

/// Writes one version of a card.
///
/// # Errors
/// A [`Fault`] for words the dictionary does not know; none after the library accepted the card.
pub fn write(dictionary: &Dictionary, card: &Card, version: &Version) -> Result<Sql, Fault> {
    let mut writer = Writer { dictionary, names: HashMap::new() };
    for (name, value, spot) in &version.names {
        let typed = writer.value(value, spot)?;
        writer.names.insert(name, typed);
    }
    let status = writer.clause(&version.when)?;
    let amount = match &version.amount {
        None => "NULL".to_owned(),
        Some(amount) => match writer.value(&amount.value, &card.spot)? {
            Typed::Num(text, den) => format!("CASE WHEN {status} THEN {} END", rounded(&text, den, amount.rounding)),
            Typed::Cond(_) => return Err(wrong(&card.spot)),
        },
    };
    Ok(Sql { status, amount })
}

fn rounded(text: &str, den: i128, rounding: Rounding) -> String {
    let floor = |text: &str, by: i128| format!("(({text} - ((({text}) % {by} + {by}) % {by})) // {by})");
    match rounding {
        _ if den == 1 => text.to_owned(),
        Rounding::Down => floor(text, den),
        Rounding::Half => floor(&format!("(2 * {text} + {den})"), 2 * den),
        Rounding::Up => format!("(-{})", floor(&format!("(-{text})"), den)),
    }
}

fn wrong(spot: &Spot) -> Fault {
    spot.fault("条件与数字用错了位置", "a condition stands where a number is needed, or the other way round")
}

impl<'a> Writer<'a> {
    fn clause(&self, clause: &Clause) -> Result<String, Fault> {
        let many = |parts: &[Clause], word: &str| -> Result<String, Fault> {
            let parts = parts.iter().map(|p| self.clause(p)).collect::<Result<Vec<_>, _>>()?;
            Ok(format!("({})", parts.join(word)))
        };
        match &clause.says {
            Says::Is(ast) => self.cond(ast, &clause.spot),
            Says::All(parts) => many(parts, " AND "),
            Says::Any(parts) => many(parts, " OR "),
            Says::Not(part) => Ok(format!("(NOT {})", self.clause(part)?)),
        }
    }

    fn value(&self, value: &Value, spot: &Spot) -> Result<Typed, Fault> {
        match value {
            Value::Is(ast, spot) => self.typed(ast, spot),
            Value::Table(rows) => self.table(rows, spot),
        }
    }

    fn table(&self, rows: &[Row], spot: &Spot) -> Result<Typed, Fault> {
        let mut nums = Vec::new();
        for row in rows {
            nums.push(self.num(&row.is, &row.spot)?);
        }
        let den = common(&nums);
        let mut text = "NULL".to_owned();
        for (row, num) in rows.iter().zip(&nums).rev() {
            let value = over(num, den);
            text = match &row.when {
                None => value,
                Some(when) => {
                    let when = self.cond(when, spot)?;
                    format!("(CASE WHEN {when} THEN {value} WHEN NOT {when} THEN {text} END)")
                }
            };
        }
        Ok(Typed::Num(text, den))
    }

    fn cond(&self, ast: &Ast, spot: &Spot) -> Result<String, Fault> {
        match self.typed(ast, spot)? {
            Typed::Cond(text) => Ok(text),
            Typed::Num(..) => Err(wrong(spot)),
        }
    }

    fn num(&self, ast: &Ast, spot: &Spot) -> Result<(String, i128), Fault> {
        match self.typed(ast, spot)? {
            Typed::Num(text, den) => Ok((text, den)),
            Typed::Cond(_) => Err(wrong(spot)),
        }
    }

    fn pair(&self, a: &Ast, b: &Ast, spot: &Spot) -> Result<(String, String, i128), Fault> {
        let pair = [self.num(a, spot)?, self.num(b, spot)?];
        let den = common(&pair);
        let [a, b] = pair.map(|n| over(&n, den));
        Ok((a, b, den))
    }

    fn join(&self, parts: &[Ast], word: &str, spot: &Spot) -> Result<Typed, Fault> {
        let parts = parts.iter().map(|p| self.cond(p, spot)).collect::<Result<Vec<_>, _>>()?;
        Ok(Typed::Cond(format!("({})", parts.join(word))))
    }

    fn typed(&self, ast: &Ast, spot: &Spot) -> Result<Typed, Fault> {
        Ok(match ast {
            Ast::Number(d) => Typed::Num(format!("CAST({} AS HUGEINT)", d.digits), 10_i128.pow(d.scale)),
            Ast::Param(word, _) => {
                let param = self
                    .dictionary
                    .param_id(word)
                    .and_then(|id| self.dictionary.param(id))
                    .ok_or_else(|| wrong(spot))?;
                Typed::Num(format!("CAST(p.\"{word}\" AS HUGEINT)"), 10_i128.pow(param.decimals))
            }
            Ast::Name(word, _) => match self.names.get(word.as_str()) {
                Some(typed) => typed.clone(),
                None => {
                    let fact = self
                        .dictionary
                        .fact_id(word)
                        .and_then(|id| self.dictionary.fact(id))
                        .ok_or_else(|| wrong(spot))?;
                    if fact.kind == Kind::Flag {
                        Typed::Cond(format!("f.\"{word}\""))
                    } else {
                        Typed::Num(format!("CAST(f.\"{word}\" AS HUGEINT)"), 10_i128.pow(fact.decimals))
                    }
                }
            },
            Ast::Add(a, b) => {
                let (a, b, den) = self.pair(a, b, spot)?;
                Typed::Num(format!("({a} + {b})"), den)
            }
            Ast::Sub(a, b) => {
                let (a, b, den) = self.pair(a, b, spot)?;
                Typed::Num(format!("({a} - {b})"), den)
            }
            Ast::Mul(a, b) => {
                let ((a, c), (b, d)) = (self.num(a, spot)?, self.num(b, spot)?);
                Typed::Num(format!("({a} * {b})"), c * d)
            }
            Ast::Div(a, by) => {
                let (a, den) = self.num(a, spot)?;
                Typed::Num(format!("({a} * {})", 10_i128.pow(by.scale)), den * i128::from(by.digits))
            }
            Ast::Min(list) | Ast::Max(list) => {
                let nums = list.iter().map(|a| self.num(a, spot)).collect::<Result<Vec<_>, _>>()?;
                let den = common(&nums);
                let sign = if matches!(ast, Ast::Min(_)) { "<=" } else { ">=" };
                let join = |a: String, b: String| {
                    format!("(CASE WHEN {a} {sign} {b} THEN {a} WHEN NOT ({a} {sign} {b}) THEN {b} END)")
                };
                let text = nums.iter().map(|n| over(n, den)).reduce(join).ok_or_else(|| wrong(spot))?;
                Typed::Num(text, den)
            }
            Ast::Test(compare, a, b) => {
                let (a, b, _) = self.pair(a, b, spot)?;
                let sign = match compare {
                    Compare::Less => "<",
                    Compare::AtMost => "<=",
                    Compare::More => ">",
                    Compare::AtLeast => ">=",
                    Compare::Same => "=",
                    Compare::Other => "<>",
                };
                Typed::Cond(format!("({a} {sign} {b})"))
            }
            Ast::In(a, runs) => {
                let (text, den) = self.num(a, spot)?;
                let run = |(low, high): &(i64, i64)| {
                    let (low, high) = (i128::from(*low) * den, i128::from(*high) * den);
                    format!("{text} BETWEEN {low} AND {high}")
                };
                Typed::Cond(format!("({})", runs.iter().map(run).collect::<Vec<_>>().join(" OR ")))
            }
            Ast::All(parts) => self.join(parts, " AND ", spot)?,
            Ast::Any(parts) => self.join(parts, " OR ", spot)?,
            Ast::Not(part) => Typed::Cond(format!("(NOT {})", self.cond(part, spot)?)),
        })
    }
}

fn common(nums: &[(String, i128)]) -> i128 {
    fn gcd(a: i128, b: i128) -> i128 {
        if b == 0 { a } else { gcd(b, a % b) }
    }
    nums.iter().fold(1, |den, (_, d)| den / gcd(den, *d) * d)
}

fn over((text, den): &(String, i128), common: i128) -> String {
    if *den == common { text.clone() } else { format!("({text} * {})", common / den) }
}
