//! Fact dictionary (事实字典): every fact a condition may ask for, and every parameter it may name.
//!
//! A fact has a kind, bounds and a unit, so that amounts can be proved to fit their columns before anything runs, and a
//! Chinese label, a sensitivity, kinds of sources and a time it stays valid, so that an explanation and a question can be
//! written from the dictionary alone. A fact with `approved_of` is the *approved* status of another policy as the ledger
//! holds it (正在享受), never what this engine computed (可能符合).

use std::collections::HashMap;

use serde::Deserialize;

use crate::fault::{Fault, Spot};

/// What a fact holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Yes or no (是否).
    Flag,
    /// A number with a unit, in steps of 10^-decimals.
    Number,
    /// One of a list of codes (代码).
    Code,
}

/// Whom a fact or a policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// One person (个人).
    #[default]
    Person,
    /// One household (家庭); every member carries the same value.
    Household,
}

/// How a fact is protected on screen and in logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Not about a person.
    Plain,
    /// Personal information (个人信息).
    #[default]
    Personal,
    /// Sensitive personal information (敏感个人信息, 个人信息保护法 art. 28).
    Sensitive,
}

/// One code of a `code` fact.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The number that stands in the data.
    pub code: i64,
    /// Chinese label.
    pub label: String,
    /// English label.
    #[serde(default)]
    pub label_en: String,
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Word used in conditions: `hh.income_pc`.
    pub id: String,
    /// Chinese label.
    pub label: String,
    /// English label.
    #[serde(default)]
    pub label_en: String,
    /// What it holds.
    pub kind: Kind,
    /// Whom it is about.
    #[serde(default)]
    pub of: Unit,
    /// Unit in words: 元/月, 岁, 人.
    #[serde(default)]
    pub unit: String,
    /// Digits after the point; values are carried as whole steps of 10^-decimals.
    #[serde(default)]
    pub decimals: u32,
    /// Smallest value, in steps.
    #[serde(default)]
    pub min: i64,
    /// Largest value, in steps.
    #[serde(default)]
    pub max: i64,
    /// Protection.
    #[serde(default)]
    pub sensitivity: Sensitivity,
    /// Kinds of sources in order of trust.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Days a value stays valid after its date; always when absent.
    pub valid_days: Option<u32>,
    /// Question that asks for it.
    #[serde(default)]
    pub ask: String,
    /// Ages, both included, at which asking makes sense (提问年龄); at every age when absent. It orders questions and changes
    /// no answer.
    pub ask_ages: Option<[u16; 2]>,
    /// Value that stands for "does not apply to this person" (不适用), in steps; 0 and 1 for a flag.
    pub not_applicable: Option<i64>,
    /// Policy whose approved status this is.
    pub approved_of: Option<String>,
    /// Categories of the ledger (服务对象类别), any of which, open on the day, makes this flag true.
    #[serde(default)]
    pub categories: Vec<String>,
    /// The codes of a `code` fact.
    #[serde(default)]
    pub choices: Vec<Choice>,
}

/// One parameter as declared; its values by place and day stand in [`crate::params::Params`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Word used in conditions behind `@`: `dibao.std`.
    pub id: String,
    /// Chinese label.
    pub label: String,
    /// English label.
    #[serde(default)]
    pub label_en: String,
    /// Unit in words.
    #[serde(default)]
    pub unit: String,
    /// Digits after the point.
    #[serde(default)]
    pub decimals: u32,
}

/// Number of a fact in its dictionary.
pub type FactId = u16;
/// Number of a parameter in its dictionary.
pub type ParamId = u16;

/// All facts and parameters.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    facts: Vec<Fact>,
    params: Vec<Parameter>,
    fact_ids: HashMap<String, FactId>,
    param_ids: HashMap<String, ParamId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    fact: Vec<toml::Spanned<Fact>>,
    #[serde(default)]
    param: Vec<toml::Spanned<Parameter>>,
}

/// Codes and numbers stay within ±2^40, so that a product with a parameter of the same size can be judged in 128 bits.
const LIMIT: i64 = 1 << 40;

impl Dictionary {
    /// Reads a dictionary from the text of a TOML file called `file`.
    ///
    /// # Errors
    /// A [`Fault`] for text that is no dictionary, an id used twice, or bounds that hold no value.
    pub fn read(file: &str, text: &str) -> Result<Dictionary, Fault> {
        let spot = Spot::file(file);
        let raw: Raw = toml::from_str(text).map_err(|e| unreadable(&spot, text, &e))?;
        let mut all = Dictionary::default();
        for fact in raw.fact {
            let spot = spot.at(text, fact.span().start);
            all.add_fact(&spot, fact.into_inner())?;
        }
        for param in raw.param {
            let spot = spot.at(text, param.span().start);
            let param = param.into_inner();
            let id = ParamId::try_from(all.params.len()).map_err(|_| spot.fault("参数太多", "too many parameters"))?;
            if all.param_ids.insert(param.id.clone(), id).is_some() {
                return Err(twice(&spot, &param.id));
            }
            all.params.push(param);
        }
        Ok(all)
    }

    fn add_fact(&mut self, spot: &Spot, mut fact: Fact) -> Result<(), Fault> {
        let spot = spot.within(&fact.id);
        match fact.kind {
            Kind::Flag => (fact.min, fact.max, fact.decimals) = (0, 1, 0),
            Kind::Code if !fact.choices.is_empty() => {
                fact.min = fact.choices.iter().map(|c| c.code).min().unwrap_or(0);
                fact.max = fact.choices.iter().map(|c| c.code).max().unwrap_or(0);
            }
            Kind::Code | Kind::Number => {}
        }
        if fact.min >= fact.max && fact.kind != Kind::Code || fact.min < -LIMIT || fact.max > LIMIT || fact.decimals > 6
        {
            return Err(spot.fault(
                "取值范围不成立：需要 min < max，且绝对值不超过 2^40，小数不超过 6 位",
                "the bounds hold no value: min < max within 2^40 and at most 6 decimals are needed",
            ));
        }
        if !fact.categories.is_empty() && fact.kind != Kind::Flag {
            return Err(spot.fault("只有“是否”类事实可以写 categories", "only a yes-or-no fact may have categories"));
        }
        if fact.not_applicable.is_some_and(|v| v < fact.min || v > fact.max) {
            return Err(spot.fault("不适用时的值超出取值范围", "the value for not applicable is out of bounds"));
        }
        let id = FactId::try_from(self.facts.len()).map_err(|_| spot.fault("事实太多", "too many facts"))?;
        if self.fact_ids.insert(fact.id.clone(), id).is_some() {
            return Err(twice(&spot, &fact.id));
        }
        self.facts.push(fact);
        Ok(())
    }

    /// The facts in order; a [`FactId`] is the place in this list.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The parameters in order.
    pub fn params(&self) -> &[Parameter] {
        &self.params
    }

    /// The number of a fact.
    pub fn fact_id(&self, word: &str) -> Option<FactId> {
        self.fact_ids.get(word).copied()
    }

    /// The number of a parameter.
    pub fn param_id(&self, word: &str) -> Option<ParamId> {
        self.param_ids.get(word).copied()
    }

    /// A fact by number.
    pub fn fact(&self, id: FactId) -> Option<&Fact> {
        self.facts.get(usize::from(id))
    }

    /// A parameter by number.
    pub fn param(&self, id: ParamId) -> Option<&Parameter> {
        self.params.get(usize::from(id))
    }
}

pub(crate) fn unreadable(spot: &Spot, text: &str, error: &toml::de::Error) -> Fault {
    let spot = error.span().map_or_else(|| spot.clone(), |span| spot.at(text, span.start));
    let message = error.message();
    spot.fault(format!("文件写法不对：{message}"), format!("not readable: {message}"))
}

fn twice(spot: &Spot, id: &str) -> Fault {
    spot.fault(format!("“{id}”定义了两次"), format!("`{id}` is defined twice"))
}
