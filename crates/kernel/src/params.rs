//! Parameters (参数): numbers and lists that a place may set, by (code, place, day); never literals in code.
//!
//! A lookup walks up village → township → county → city → province → nation and takes the nearest value valid on the
//! day. National values stand in `data/params/*.toml`; a place adds its own with [`Params::with`]. `verified` is true
//! only where a text that states the value was read: design values and examples are false and say so in `source`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::Day;

/// The place word of values for the whole country.
pub const NATIONAL: &str = "national";

/// What a parameter holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A whole number in the parameter's unit.
    Whole(i64),
    /// A word, usually a code.
    Text(String),
    /// Several codes.
    List(Vec<String>),
}

/// How a national value binds places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// A place may set less, never more.
    Most,
    /// A place may set more, never less.
    Least,
}

/// A whole number as it holds at a place, after national anchors.
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    /// The number in force.
    pub value: i64,
    /// The parameter it comes from: the national one where a place went beyond its anchor.
    pub param: &'a Param,
    /// What the place had set and may not.
    pub wished: Option<i64>,
}

/// One value of one parameter at one place for one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Param {
    /// Parameter code, `visit.max_interval_days.A`.
    pub code: String,
    /// Civil code of the division (民政区划代码, any length) or `national`.
    pub place: String,
    /// First day of validity.
    pub from: chrono::NaiveDate,
    /// Last day of validity, inclusive; open when absent.
    pub to: Option<chrono::NaiveDate>,
    /// The value.
    pub value: Value,
    /// Unit: day, month, percent, person, or the list that codes belong to.
    pub unit: String,
    /// Chinese label.
    pub label: String,
    /// English label.
    pub label_en: String,
    /// Document or design note behind the value.
    pub source: String,
    /// Whether a text that states this value was read.
    pub verified: bool,
    /// On a national value: how it binds places.
    pub anchor: Option<Anchor>,
}

impl Param {
    /// The whole number, if it is one.
    pub fn whole(&self) -> Option<i64> {
        if let Value::Whole(n) = self.value { Some(n) } else { None }
    }

    /// The flag, if it is one.
    pub fn flag(&self) -> Option<bool> {
        if let Value::Flag(b) = self.value { Some(b) } else { None }
    }

    /// The word, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(t) = &self.value { Some(t) } else { None }
    }

    /// The codes; empty when the value is no list.
    pub fn codes(&self) -> &[String] {
        if let Value::List(list) = &self.value { list } else { &[] }
    }

    /// Whether the value is valid on a day.
    pub fn is_valid_on(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    fn overlaps(&self, other: &Param) -> bool {
        self.to.is_none_or(|to| other.from <= to) && other.to.is_none_or(|to| self.from <= to)
    }
}

/// Why a set of parameters is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParamError {
    /// The text is not a parameter file.
    #[error("not a parameter file: {0}")]
    Unreadable(String),
    /// Two values of the same parameter at the same place are valid on the same day.
    #[error("parameter {code} at {place} has two values from {from}")]
    Overlap {
        /// Parameter code.
        code: String,
        /// Place of both values.
        place: String,
        /// First day of the second value.
        from: Day,
    },
    /// The last day lies before the first.
    #[error("parameter {code} at {place} ends before it begins")]
    Backwards {
        /// Parameter code.
        code: String,
        /// Its place.
        place: String,
    },
    /// The place is neither `national` nor a division code of 2 to 12 digits.
    #[error("parameter {code} has no valid place: {place}")]
    Place {
        /// Parameter code.
        code: String,
        /// What stands there.
        place: String,
    },
}

impl ParamError {
    /// What is wrong and what to do, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Unreadable(why) => format!("参数文件无法读取，请按说明修改后重试：{why}"),
            Self::Overlap { code, place, from } => {
                format!("参数 {code} 在 {place} 自 {from} 起有两个值，请先结束原值再添加新值。")
            }
            Self::Backwards { code, place } => {
                format!("参数 {code}（{place}）的截止日早于起始日，请修改日期。")
            }
            Self::Place { code, place } => {
                format!("参数 {code} 的地区“{place}”无效，请填 national 或 2 至 12 位区划代码。")
            }
        }
    }

    /// What is wrong and what to do, in English.
    pub fn en(&self) -> String {
        match self {
            Self::Unreadable(why) => {
                format!("The parameter file cannot be read; correct it and try again: {why}")
            }
            Self::Overlap { code, place, from } => {
                format!("Parameter {code} has two values at {place} from {from}; end the old value first.")
            }
            Self::Backwards { code, place } => {
                format!("Parameter {code} at {place} ends before it begins; correct the days.")
            }
            Self::Place { code, place } => {
                format!(
                    "Place {place} of parameter {code} is not valid; give national or a division code of 2 to 12 digits."
                )
            }
        }
    }
}

/// A set of parameters without overlaps.
#[derive(Debug, Clone, Default)]
pub struct Params {
    /// code → padded place → values.
    values: BTreeMap<String, BTreeMap<String, Vec<Param>>>,
}

impl Params {
    /// The national values that come with the product.
    #[allow(clippy::panic, reason = "the files are part of the build")]
    pub fn national() -> &'static Params {
        static NATIONAL: LazyLock<Params> = LazyLock::new(|| match files::embedded() {
            Ok(params) => params,
            Err(why) => panic!("data/params: {why}"),
        });
        &NATIONAL
    }

    /// Reads parameter files (`[[param]]` tables).
    pub fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Params, ParamError> {
        let mut params = Params::default();
        for text in texts {
            params = params.with(files::read(text)?)?;
        }
        Ok(params)
    }

    /// The same set with more values; refuses overlaps.
    pub fn with(mut self, more: impl IntoIterator<Item = Param>) -> Result<Params, ParamError> {
        for param in more {
            self.put(param)?;
        }
        Ok(self)
    }

    fn put(&mut self, param: Param) -> Result<(), ParamError> {
        let (code, place) = (param.code.clone(), param.place.clone());
        let Some(key) = padded(&place) else {
            return Err(ParamError::Place { code, place });
        };
        if param.to.is_some_and(|to| to < param.from) {
            return Err(ParamError::Backwards { code, place });
        }
        let there = self.values.entry(code.clone()).or_default().entry(key).or_default();
        if there.iter().any(|p| p.overlaps(&param)) {
            return Err(ParamError::Overlap { code, place, from: param.from });
        }
        there.push(param);
        Ok(())
    }

    /// The value valid on `day` at the nearest of `places` (nearest first); the nation is always asked last.
    pub fn lookup(&self, code: &str, places: &[&str], day: Day) -> Option<&Param> {
        let by_place = self.values.get(code)?;
        let keys = places.iter().filter_map(|p| padded(p)).chain([NATIONAL.to_owned()]);
        keys.filter_map(|key| by_place.get(&key)).find_map(|values| values.iter().find(|p| p.is_valid_on(day)))
    }

    /// The whole number of [`Params::lookup`], held by the anchor of the national value of that day.
    pub fn held(&self, code: &str, places: &[&str], day: Day) -> Option<Held<'_>> {
        let param = self.lookup(code, places, day)?;
        let wished = param.whole()?;
        let national = self.lookup(code, &[], day);
        let limit = national.and_then(|n| Some((n, n.whole()?, n.anchor?)));
        Some(match limit {
            Some((n, limit, Anchor::Most)) if wished > limit => Held { value: limit, param: n, wished: Some(wished) },
            Some((n, limit, Anchor::Least)) if wished < limit => Held { value: limit, param: n, wished: Some(wished) },
            _ => Held { value: wished, param, wished: None },
        })
    }

    /// The number of [`Params::held`].
    pub fn whole(&self, code: &str, places: &[&str], day: Day) -> Option<i64> {
        self.held(code, places, day).map(|held| held.value)
    }

    /// The codes of [`Params::lookup`]; empty when the parameter is not set.
    pub fn codes(&self, code: &str, places: &[&str], day: Day) -> &[String] {
        self.lookup(code, places, day).map_or(&[], Param::codes)
    }

    /// The least whole number among `PREFIX.KEY` for the given keys: the effective interval of someone in several
    /// categories. The first key wins among equals.
    pub fn least<'k>(&self, prefix: &str, keys: &[&'k str], places: &[&str], day: Day) -> Option<(&'k str, &Param)> {
        let found = keys.iter().filter_map(|key| {
            self.held(&format!("{prefix}.{key}"), places, day).map(|held| (held.value, *key, held.param))
        });
        found.min_by_key(|(n, _, _)| *n).map(|(_, key, param)| (key, param))
    }

    /// Every value of every place that is valid on a day, by code and place.
    pub fn valid_on(&self, day: Day) -> impl Iterator<Item = &Param> {
        self.values.values().flat_map(BTreeMap::values).flatten().filter(move |p| p.is_valid_on(day))
    }

    /// Every parameter as it holds at a place on a day, by code.
    pub fn all<'a>(&'a self, places: &'a [&str], day: Day) -> impl Iterator<Item = &'a Param> {
        self.values.keys().filter_map(move |code| self.lookup(code, places, day))
    }
}

/// A division code padded to 12 digits, so that `43`, `430000` and `430000000000` are one place; `None` when it is no code.
fn padded(place: &str) -> Option<String> {
    if place == NATIONAL {
        return Some(place.to_owned());
    }
    let digits = (2..=12).contains(&place.len()) && place.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| format!("{place:0<12}"))
}

mod files;
#[cfg(test)]
mod tests;
