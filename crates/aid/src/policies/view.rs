//! Policies and their parts as shown.

use std::collections::HashMap;

use policy::{
    card::{Card, Nature, Stage},
    dictionary::{Dictionary, Fact, Kind, ParamId, Sensitivity, Unit},
    local::Local,
};
use serde::Serialize;

/// A parameter as it holds at a place (参数), with its document.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = PolicyParamView)]
pub struct ParamView {
    /// Word.
    pub code: String,
    /// Chinese label.
    pub label: String,
    /// English label.
    pub label_en: String,
    /// Unit: none, fen, fen_month, fen_year, people, years, items, months, level, times, ratio, sqm_head.
    pub unit: String,
    /// Digits after the point.
    pub decimals: u32,
    /// Value in steps of 10^-decimals; null when no value holds here.
    pub value: Option<i64>,
    /// Code of the place it was set at.
    pub place: Option<String>,
    /// Its name, where the caller's page knows it.
    pub place_name: String,
    /// First day it holds (ISO day).
    pub from: Option<chrono::NaiveDate>,
    /// Document.
    pub source: String,
    /// An invented value for tests and training (示例).
    pub example: bool,
    /// Whether it was read in its document; false is shown as 待核实.
    pub verified: bool,
}

impl ParamView {
    /// The parameter with this number at a place.
    pub fn of(dictionary: &Dictionary, local: &Local, id: ParamId, names: &HashMap<String, String>) -> Option<Self> {
        let param = dictionary.param(id)?;
        let held = local.params.get(usize::from(id)).and_then(Option::as_ref);
        Some(Self {
            code: param.id.clone(),
            label: param.label.clone(),
            label_en: param.label_en.clone(),
            unit: unit_code(&param.unit).to_owned(),
            decimals: param.decimals,
            value: held.map(|h| h.value),
            place: held.map(|h| h.place.clone()),
            place_name: held.and_then(|h| names.get(&h.place)).cloned().unwrap_or_default(),
            from: held.map(|h| h.from),
            source: held.map(|h| h.source.clone()).unwrap_or_default(),
            example: held.is_some_and(|h| h.example),
            verified: held.is_some_and(|h| h.verified),
        })
    }
}

/// One of the codes of a fact.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ChoiceView {
    /// Number.
    pub code: i64,
    /// Chinese label.
    pub label: String,
    /// English label.
    pub label_en: String,
}

/// A fact of the dictionary (事实字典).
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FactKind {
    /// Word.
    pub code: String,
    /// Chinese label.
    pub label: String,
    /// English label.
    pub label_en: String,
    /// flag, number or code.
    pub kind: String,
    /// person or household.
    pub of: String,
    /// Unit: none, fen, fen_month, fen_year, people, years, items, months, level, times, ratio, sqm_head.
    pub unit: String,
    /// Digits after the point of a number.
    pub decimals: u32,
    /// Smallest value in steps.
    pub min: i64,
    /// Largest value in steps.
    pub max: i64,
    /// Whether it is sensitive personal information (个人信息保护法 art. 28).
    pub sensitive: bool,
    /// Kinds of source, the most trusted first: matched, ledger, document, visit, declared, judged.
    pub sources: Vec<String>,
    /// Days a value stays valid; always when null.
    pub valid_days: Option<u32>,
    /// The question that asks for it.
    pub ask: String,
    /// Whether "does not apply" can be told.
    pub may_not_apply: bool,
    /// The codes of a code.
    pub choices: Vec<ChoiceView>,
}

impl From<&Fact> for FactKind {
    fn from(f: &Fact) -> Self {
        let kind = match f.kind {
            Kind::Flag => "flag",
            Kind::Number => "number",
            Kind::Code => "code",
        };
        Self {
            code: f.id.clone(),
            label: f.label.clone(),
            label_en: f.label_en.clone(),
            kind: kind.to_owned(),
            of: unit(f.of).to_owned(),
            unit: unit_code(&f.unit).to_owned(),
            decimals: f.decimals,
            min: f.min,
            max: f.max,
            sensitive: f.sensitivity == Sensitivity::Sensitive,
            sources: f.sources.clone(),
            valid_days: f.valid_days,
            ask: f.ask.clone(),
            may_not_apply: f.not_applicable.is_some(),
            choices: f
                .choices
                .iter()
                .map(|c| ChoiceView { code: c.code, label: c.label.clone(), label_en: c.label_en.clone() })
                .collect(),
        }
    }
}

/// A paper or statement (材料).
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct EvidenceView {
    /// Words.
    pub text: String,
    /// English words.
    pub text_en: String,
    /// Whether data matching obtains it: then nobody may be asked for it (社会救助法 art. 62).
    pub matched: bool,
}

/// A time limit of the procedure (办理时限).
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct LimitView {
    /// Step.
    pub step: String,
    /// English words for the step.
    pub step_en: String,
    /// Days.
    pub days: u16,
    /// Whether working days are counted.
    pub workdays: bool,
    /// Clause.
    pub source: String,
    /// Whether it was read in its source.
    pub verified: bool,
}

/// A policy in a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PolicyShort {
    /// Word.
    pub id: String,
    /// Number in the library: P01.
    pub number: String,
    /// Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// benefit, or duty of an agency (never something to apply for).
    pub nature: String,
    /// identity (身份认定), special (专项), emergency (急难).
    pub stage: String,
    /// person or household.
    pub unit: String,
    /// Whether it was read in its source; false is shown as 待核实.
    pub verified: bool,
    /// Documents.
    pub legal: Vec<String>,
    /// Code of six digits of the county, city or province it holds in; everywhere when empty.
    pub place: String,
}

/// A policy with how to get it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PolicyPage {
    /// What lists show.
    #[serde(flatten)]
    pub short: PolicyShort,
    /// Where to apply.
    pub route: String,
    /// English words.
    pub route_en: String,
    /// What is made public; empty when nothing.
    pub publicity: String,
    /// Whether the public notice is skipped to protect somebody (保护隐私不公示).
    pub no_publicity: bool,
    /// Months until the review.
    pub review_months: Option<u16>,
    /// Time limits.
    pub limits: Vec<LimitView>,
    /// Papers.
    pub evidence: Vec<EvidenceView>,
    /// Policies that cannot be received together with this one.
    pub conflicts: Vec<PolicyShort>,
}

/// Units of the library by their words, with the code people's screens know.
pub(super) const UNITS: &[(&str, &str)] = &[
    ("", "none"),
    ("分", "fen"),
    ("分/月", "fen_month"),
    ("分/年", "fen_year"),
    ("人", "people"),
    ("岁", "years"),
    ("项", "items"),
    ("月", "months"),
    ("级", "level"),
    ("倍", "times"),
    ("比例", "ratio"),
    ("㎡/人", "sqm_head"),
];

/// The code of a unit; `none` for one that screens do not know, which a test excludes.
pub fn unit_code(words: &str) -> &'static str {
    UNITS.iter().find(|(known, _)| *known == words).map_or("none", |(_, code)| code)
}

/// person or household.
fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Person => "person",
        Unit::Household => "household",
    }
}

impl PolicyShort {
    /// Of a policy whose card was taken out of the data folder while rows still name it.
    pub fn lost(word: &str) -> Self {
        Self {
            id: word.to_owned(),
            number: String::new(),
            title: format!("{word}（政策文件已移除）"),
            title_en: format!("{word} (file of the policy removed)"),
            nature: "benefit".to_owned(),
            stage: "special".to_owned(),
            unit: "person".to_owned(),
            verified: false,
            legal: Vec::new(),
            place: String::new(),
        }
    }
}

impl From<&Card> for PolicyShort {
    fn from(c: &Card) -> Self {
        let nature = match c.nature {
            Nature::Benefit => "benefit",
            Nature::Duty => "duty",
        };
        let stage = match c.stage {
            Stage::Identity => "identity",
            Stage::Special => "special",
            Stage::Emergency => "emergency",
        };
        Self {
            id: c.id.clone(),
            number: c.number.clone(),
            title: c.title.clone(),
            title_en: c.title_en.clone(),
            nature: nature.to_owned(),
            stage: stage.to_owned(),
            unit: unit(c.unit).to_owned(),
            verified: c.verified,
            legal: c.legal.clone(),
            place: c.place.clone(),
        }
    }
}

impl PolicyPage {
    /// The page of a card among the others of its library.
    pub fn of(card: &Card, all: &[Card]) -> Self {
        let conflicts = all.iter().filter(|c| card.conflicts.contains(&c.id)).map(PolicyShort::from).collect();
        Self {
            short: PolicyShort::from(card),
            route: card.route.clone(),
            route_en: card.route_en.clone(),
            publicity: card.publicity.clone(),
            no_publicity: card.no_publicity,
            review_months: card.review_months,
            limits: card
                .limits
                .iter()
                .map(|l| LimitView {
                    step: l.step.clone(),
                    step_en: l.step_en.clone(),
                    days: l.days,
                    workdays: l.workdays,
                    source: l.source.clone(),
                    verified: l.verified,
                })
                .collect(),
            evidence: card
                .evidence
                .iter()
                .map(|e| EvidenceView { text: e.text.clone(), text_en: e.text_en.clone(), matched: e.matched })
                .collect(),
            conflicts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn screens_know_every_unit() {
        let shelf = crate::policies::shelf::shelf().unwrap();
        let dictionary = shelf.library.dictionary();
        let amounts = shelf.library.cards().iter().flat_map(|c| &c.versions).filter_map(|v| v.amount.as_ref());
        let units = dictionary.facts().iter().map(|f| &f.unit).chain(dictionary.params().iter().map(|p| &p.unit));
        for unit in units.chain(amounts.map(|a| &a.unit)) {
            assert!(UNITS.iter().any(|(words, _)| words == unit), "{unit}");
        }
    }
}
