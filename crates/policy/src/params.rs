//! Parameters (参数) by word, place and day, inherited down the tree of places, each value with its document.
//!
//! A place takes its own value valid on the day, else its parent's, and so on to the root. Of several periods that hold on
//! the day there may be only one per place: overlapping periods are refused at load. A value may be an expression over
//! other parameters at the same place (`1.5 * @dibao.std`); rings are refused. A word without a value anywhere on the way
//! up is *unknown*, and so is every condition that hangs on it.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::card::day;
use crate::dictionary::{Dictionary, ParamId, unreadable};
use crate::fault::{Fault, Spot};
use crate::text::{self, Ast, Decimal};

/// The tree of places by their codes; a code without parent is a root.
#[derive(Debug, Clone, Default)]
pub struct Places {
    parent: HashMap<String, String>,
}

/// What stands in one period.
#[derive(Debug, Clone, PartialEq)]
enum Held {
    Number(Decimal),
    Formula(Ast),
}

#[derive(Debug, Clone)]
struct Period {
    from: NaiveDate,
    to: Option<NaiveDate>,
    held: Held,
    source: String,
    example: bool,
    verified: bool,
    spot: Spot,
}

/// All values of all parameters.
#[derive(Debug, Clone, Default)]
pub struct Params {
    periods: HashMap<(ParamId, String), Vec<Period>>,
}

/// One value as it holds at a place on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// Value in steps of 10^-decimals of the parameter.
    pub value: i64,
    /// Place it was set at: the place itself or one above it.
    pub place: String,
    /// First day of its period.
    pub from: NaiveDate,
    /// Document.
    pub source: String,
    /// Whether it is an invented value for tests and training (示例), never a value of a real place.
    pub example: bool,
    /// Whether it was read in its document; false is to be confirmed before it is shown as law (待核实).
    pub verified: bool,
}

/// A value a place has decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enacted {
    /// First day.
    pub from: NaiveDate,
    /// Last day, inclusive; open when absent.
    pub to: Option<NaiveDate>,
    /// Value in steps of 10^-decimals of the parameter.
    pub value: i64,
    /// Document.
    pub source: String,
    /// Whether it was read in its document.
    pub verified: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    place: Vec<RawPlace>,
    #[serde(default)]
    param: Vec<toml::Spanned<RawParam>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPlace {
    code: String,
    parent: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawParam {
    id: String,
    place: String,
    from: toml::value::Datetime,
    to: Option<toml::value::Datetime>,
    value: Option<toml::Value>,
    is: Option<String>,
    /// Unit in words; where written it must be that of the dictionary.
    unit: Option<String>,
    #[serde(default)]
    source: String,
    #[serde(default)]
    example: bool,
    #[serde(default = "yes")]
    verified: bool,
}

fn yes() -> bool {
    true
}

impl Places {
    /// Puts `code` below `parent`.
    pub fn put(&mut self, code: &str, parent: &str) {
        self.parent.insert(code.to_owned(), parent.to_owned());
    }

    /// The codes that have a parent, in order.
    pub fn codes(&self) -> Vec<&str> {
        let mut codes: Vec<&str> = self.parent.keys().map(String::as_str).collect();
        codes.sort_unstable();
        codes
    }

    /// The place itself, its parent and so on; a ring ends where it closes.
    pub fn upward<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a str> {
        std::iter::successors(Some(code), |at| self.parent.get(*at).map(String::as_str)).take(self.parent.len() + 1)
    }
}

impl Params {
    /// Reads `[[place]]` and `[[param]]` of a TOML text called `file` into `places` and `self`.
    ///
    /// # Errors
    /// A [`Fault`] for unknown words, values that do not fit, and overlapping periods.
    pub fn read(&mut self, dictionary: &Dictionary, places: &mut Places, file: &str, text: &str) -> Result<(), Fault> {
        let spot = Spot::file(file);
        let raw: Raw = toml::from_str(text).map_err(|e| unreadable(&spot, text, &e))?;
        for place in raw.place {
            if let Some(parent) = place.parent {
                places.put(&place.code, &parent);
            }
        }
        for param in raw.param {
            let spot = spot.at(text, param.span().start);
            let p = param.into_inner();
            let spot = spot.within(&format!("{} at {}", p.id, p.place));
            let id = dictionary.param_id(&p.id).ok_or_else(|| unknown(&spot, &p.id))?;
            let held = match (p.value, p.is) {
                (Some(value), None) => Held::Number(decimal(&spot, &value)?),
                (None, Some(is)) => Held::Formula(text::read(&spot, &is)?),
                _ => return Err(spot.fault("value 与 is 应恰好写一个", "exactly one of value and is is needed")),
            };
            let unit = dictionary.param(id).map_or("", |d| d.unit.as_str());
            if let Some(written) = p.unit.filter(|written| written != unit) {
                return Err(spot.fault(
                    format!("单位“{written}”与事实字典的“{unit}”不同"),
                    format!("the unit `{written}` is not `{unit}`, that of the dictionary"),
                ));
            }
            let to = p.to.as_ref().map(|to| day(&spot, to)).transpose()?;
            let (from, source, example, verified) = (day(&spot, &p.from)?, p.source, p.example, p.verified);
            let period = Period { from, to, held, source, example, verified, spot };
            self.add(id, &p.place, period)?;
        }
        Ok(())
    }

    /// Sets a whole number from a day on, until the next value set at the same place begins.
    ///
    /// # Errors
    /// A [`Fault`] when a value begins on the same day at the same place already.
    pub fn set(
        &mut self,
        id: ParamId,
        place: &str,
        from: NaiveDate,
        value: i64,
        source: &str,
        spot: &Spot,
    ) -> Result<(), Fault> {
        let list = self.periods.entry((id, place.to_owned())).or_default();
        let next = list.iter().map(|p| p.from).filter(|d| *d > from).min();
        for earlier in list.iter_mut().filter(|p| p.from < from && p.to.is_none_or(|to| to >= from)) {
            earlier.to = from.pred_opt();
        }
        let to = next.and_then(|day| day.pred_opt());
        let held = Held::Number(Decimal { digits: value, scale: 0 });
        let (source, spot) = (source.to_owned(), spot.clone());
        self.add(id, place, Period { from, to, held, source, example: false, verified: true, spot })
    }

    /// Enacts a value that a place decided later than all values read so far (a newer document at the same place): what
    /// began earlier ends the day before; an invented value or one of the same day gives way; a value that begins later
    /// stays and ends this one the day before.
    ///
    /// # Errors
    /// A [`Fault`] when the period ends before it begins.
    pub fn enact(
        &mut self,
        dictionary: &Dictionary,
        id: ParamId,
        place: &str,
        new: Enacted,
        spot: &Spot,
    ) -> Result<(), Fault> {
        let Enacted { from, mut to, value, source, verified } = new;
        let list = self.periods.entry((id, place.to_owned())).or_default();
        list.retain(|p| p.from < from || (p.from > from && !p.example));
        for earlier in list.iter_mut().filter(|p| p.from < from && p.to.is_none_or(|to| to >= from)) {
            earlier.to = from.pred_opt();
        }
        if let Some(next) = list.iter().map(|p| p.from).filter(|day| *day > from).min() {
            let last = next.pred_opt();
            to = if to.is_none() { last } else { to.min(last) };
        }
        let scale = dictionary.param(id).map_or(0, |p| p.decimals);
        let held = Held::Number(Decimal { digits: value, scale });
        self.add(id, place, Period { from, to, held, source, example: false, verified, spot: spot.clone() })
    }

    /// First days of all values of a parameter at a place itself, in order.
    pub fn begins(&self, id: ParamId, place: &str) -> Vec<NaiveDate> {
        let list = self.periods.get(&(id, place.to_owned())).map_or(&[][..], Vec::as_slice);
        let mut days: Vec<NaiveDate> = list.iter().map(|p| p.from).collect();
        days.sort_unstable();
        days
    }

    fn add(&mut self, id: ParamId, place: &str, period: Period) -> Result<(), Fault> {
        if period.to.is_some_and(|to| to < period.from) {
            return Err(period.spot.fault("参数的 to 早于 from", "the period ends before it begins"));
        }
        let list = self.periods.entry((id, place.to_owned())).or_default();
        let overlaps = |p: &&Period| p.to.is_none_or(|to| period.from <= to) && period.to.is_none_or(|to| p.from <= to);
        if let Some(other) = list.iter().find(overlaps) {
            return Err(period.spot.fault(
                format!("与 {} 起的另一个值重叠（{}）", other.from, other.spot),
                format!("overlaps the value from {} ({})", other.from, other.spot),
            ));
        }
        list.push(period);
        Ok(())
    }

    /// The value of one parameter at a place on a day, or `None` when it has none there.
    ///
    /// # Errors
    /// A [`Fault`] when a formula is no formula over parameters, stands in a ring or leaves 64 bits.
    pub fn resolve(
        &self,
        dictionary: &Dictionary,
        places: &Places,
        id: ParamId,
        place: &str,
        on: NaiveDate,
    ) -> Result<Option<Resolved>, Fault> {
        Scope { all: self, dictionary, places, place, on }.resolve(id, &mut Vec::new())
    }
}

struct Scope<'a> {
    all: &'a Params,
    dictionary: &'a Dictionary,
    places: &'a Places,
    place: &'a str,
    on: NaiveDate,
}

/// An exact number on the way: numerator and denominator above zero.
type Exact = (i128, i128);

impl Scope<'_> {
    fn resolve(&self, id: ParamId, way: &mut Vec<ParamId>) -> Result<Option<Resolved>, Fault> {
        let decimals = self.dictionary.param(id).map_or(0, |p| p.decimals);
        for place in self.places.upward(self.place) {
            let list = self.all.periods.get(&(id, place.to_owned())).map_or(&[][..], Vec::as_slice);
            let Some(period) = list.iter().find(|p| p.from <= self.on && p.to.is_none_or(|to| self.on <= to)) else {
                continue;
            };
            if way.contains(&id) {
                return Err(period
                    .spot
                    .fault("参数公式互相引用成环", "parameter formulas refer to each other in a ring"));
            }
            way.push(id);
            let exact = match &period.held {
                Held::Number(d) => Some((i128::from(d.digits), 10_i128.pow(d.scale))),
                Held::Formula(ast) => self.exact(ast, &period.spot, way)?,
            };
            way.pop();
            return exact
                .map(|(n, d)| {
                    let steps = n.checked_mul(10_i128.pow(decimals)).map(|n| (2 * n + d).div_euclid(2 * d));
                    let value = steps.and_then(|v| i64::try_from(v).ok()).ok_or_else(|| too_large(&period.spot))?;
                    Ok(Resolved {
                        value,
                        place: place.to_owned(),
                        from: period.from,
                        source: period.source.clone(),
                        example: period.example,
                        verified: period.verified,
                    })
                })
                .transpose();
        }
        Ok(None)
    }

    fn exact(&self, ast: &Ast, spot: &Spot, way: &mut Vec<ParamId>) -> Result<Option<Exact>, Fault> {
        let mut pair = |a: &Ast, b: &Ast| -> Result<Option<(Exact, Exact)>, Fault> {
            Ok(self.exact(a, spot, way)?.zip(self.exact(b, spot, way)?))
        };
        let mul =
            |a: i128, b: i128| a.checked_mul(b).filter(|v| v.unsigned_abs() < 1 << 100).ok_or_else(|| too_large(spot));
        Ok(match ast {
            Ast::Number(d) => Some((i128::from(d.digits), 10_i128.pow(d.scale))),
            Ast::Param(word, _) => {
                let id = self.dictionary.param_id(word).ok_or_else(|| unknown(spot, word))?;
                let scale = 10_i128.pow(self.dictionary.param(id).map_or(0, |p| p.decimals));
                self.resolve(id, way)?.map(|r| (i128::from(r.value), scale))
            }
            Ast::Add(a, b) => match pair(a, b)? {
                Some((a, b)) => Some((mul(a.0, b.1)? + mul(b.0, a.1)?, mul(a.1, b.1)?)),
                None => None,
            },
            Ast::Sub(a, b) => match pair(a, b)? {
                Some((a, b)) => Some((mul(a.0, b.1)? - mul(b.0, a.1)?, mul(a.1, b.1)?)),
                None => None,
            },
            Ast::Mul(a, b) => match pair(a, b)? {
                Some((a, b)) => Some((mul(a.0, b.0)?, mul(a.1, b.1)?)),
                None => None,
            },
            Ast::Div(a, by) => match self.exact(a, spot, way)? {
                Some(a) => Some((mul(a.0, 10_i128.pow(by.scale))?, mul(a.1, i128::from(by.digits))?)),
                None => None,
            },
            Ast::Min(list) | Ast::Max(list) => {
                let mut best: Option<Exact> = None;
                for item in list {
                    let Some(v) = self.exact(item, spot, way)? else { return Ok(None) };
                    let better = match best {
                        None => true,
                        Some(b) => (mul(v.0, b.1)? < mul(b.0, v.1)?) == matches!(ast, Ast::Min(_)),
                    };
                    best = if better { Some(v) } else { best };
                }
                best
            }
            _ => {
                return Err(spot
                    .fault("参数公式只能用数字和其他参数", "a parameter formula may use numbers and parameters only"));
            }
        })
    }
}

fn too_large(spot: &Spot) -> Fault {
    spot.fault("数值太大", "the number is too large")
}

fn unknown(spot: &Spot, word: &str) -> Fault {
    spot.fault(format!("没有名为“{word}”的参数"), format!("there is no parameter `{word}`"))
}

fn decimal(spot: &Spot, value: &toml::Value) -> Result<Decimal, Fault> {
    let (sign, text) = match value {
        toml::Value::Boolean(b) => (1, u8::from(*b).to_string()),
        other => {
            let text = other.to_string();
            match text.strip_prefix('-') {
                Some(rest) => (-1, rest.to_owned()),
                None => (1, text),
            }
        }
    };
    match text::read(spot, &text) {
        Ok(Ast::Number(d)) => Ok(Decimal { digits: sign * d.digits, scale: d.scale }),
        _ => Err(spot.fault(format!("“{value}”不是数字"), format!("`{value}` is not a number"))),
    }
}
