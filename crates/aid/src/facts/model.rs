//! What a fact may say.

use kernel::{Day, Field};
use people::facts;
use policy::dictionary::{Fact, Kind};
use serde::Deserialize;
use uuid::Uuid;

/// Most characters of a note.
const NOTE: usize = 500;

/// A fact to tell.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFact {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Word of the dictionary.
    #[schema(max_length = 64)]
    pub code: String,
    /// value, none (does not apply) or unknown (taken back).
    #[schema(max_length = 16)]
    pub held: String,
    /// Value in steps of the dictionary (money in 分); a flag as 0 or 1. Only with `held` = value.
    pub value: Option<i64>,
    /// Kind of source, one of those the dictionary names for the fact.
    #[schema(max_length = 16)]
    pub source: String,
    /// Day it was true.
    pub as_of: chrono::NaiveDate,
    /// More in words.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub note: String,
}

/// Sources that nobody tells by hand: the ledger speaks for itself.
const LEDGER: &str = "ledger";

impl NewFact {
    /// What `held` means; none for an unknown word.
    pub fn held(&self) -> Option<&'static str> {
        [facts::VALUE, facts::NONE, facts::UNKNOWN].into_iter().find(|word| *word == self.held)
    }

    /// What is wrong with it.
    pub fn faults(&self, fact: &Fact, today: Day) -> Vec<Field> {
        let mut faults = Vec::new();
        match self.held() {
            None => faults.push(Field::unknown_code("held", "held")),
            Some(facts::NONE) if fact.not_applicable.is_none() => faults.push(Field::new(
                "held",
                "not_applicable",
                "这一项没有“不适用”，请填写具体情况，或选择“不清楚”。",
                "This fact always applies; tell a value, or that it is not known.",
            )),
            Some(facts::VALUE) => faults.extend(self.value_fault(fact)),
            Some(_) if self.value.is_some() => faults.push(Field::new(
                "value",
                "unwanted",
                "选择“不适用”或“不清楚”时不能填写数值，请清空。",
                "Leave the value empty when it does not apply or is not known.",
            )),
            Some(_) => {}
        }
        if self.source == LEDGER || !fact.sources.contains(&self.source) {
            faults.push(Field::new(
                "source",
                "source",
                "这一项不能用这种来源登记，请从列出的来源中选择。",
                "This fact cannot come from that source; choose one of those listed.",
            ));
        }
        if self.as_of > today {
            faults.push(Field::new(
                "as_of",
                "future",
                "情况发生日期不能晚于今天，请修改。",
                "The day must not lie in the future.",
            ));
        }
        if self.note.chars().count() > NOTE {
            faults.push(Field::too_long("note", NOTE));
        }
        faults
    }

    fn value_fault(&self, fact: &Fact) -> Option<Field> {
        let Some(value) = self.value else {
            return Some(Field::new("value", "required", "请填写数值或选择一项。", "Tell a value."));
        };
        let fits = match fact.kind {
            Kind::Flag => (0..=1).contains(&value),
            Kind::Number => (fact.min..=fact.max).contains(&value),
            Kind::Code => fact.choices.iter().any(|c| c.code == value),
        };
        (!fits).then(|| {
            Field::new(
                "value",
                "range",
                format!("“{}”的数值超出范围，请核对单位和数值。", fact.label),
                format!("The value of `{}` is out of range; check unit and value.", fact.id),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::shelf::shelf;

    fn new(code: &str, held: &str, value: Option<i64>, source: &str) -> Vec<String> {
        let day = |text: &str| kernel::day::parse(text).unwrap();
        let new = NewFact {
            id: Uuid::nil(),
            code: code.to_owned(),
            held: held.to_owned(),
            value,
            source: source.to_owned(),
            as_of: day("2026-11-20"),
            note: String::new(),
        };
        let dictionary = shelf().unwrap().library.dictionary();
        let fact = dictionary.fact(dictionary.fact_id(code).unwrap()).unwrap();
        new.faults(fact, day("2026-11-25")).into_iter().map(|f| format!("{}/{}", f.field, f.code)).collect()
    }

    #[test]
    fn a_fact_says_what_its_dictionary_allows() {
        assert!(new("hh.income_pc", "value", Some(45_000), "visit").is_empty());
        assert!(new("hh.income_pc", "unknown", None, "visit").is_empty());
        assert!(new("p.employed", "value", Some(1), "declared").is_empty());
        assert_eq!(new("hh.income_pc", "value", None, "visit"), ["value/required"]);
        assert_eq!(new("hh.income_pc", "value", Some(-1), "visit"), ["value/range"]);
        assert_eq!(new("p.employed", "value", Some(2), "visit"), ["value/range"]);
        assert_eq!(new("p.supporter", "value", Some(99), "judged"), ["value/range"]);
        assert_eq!(new("hh.income_pc", "none", None, "visit"), ["held/not_applicable"]);
        assert_eq!(new("hh.income_pc", "unknown", Some(1), "visit"), ["value/unwanted"]);
        assert_eq!(new("p.dibao", "value", Some(1), "ledger"), ["source/source"], "the ledger speaks for itself");
        assert_eq!(new("p.dibao", "value", Some(1), "declared"), ["source/source"], "nobody declares an approval");
    }
}
