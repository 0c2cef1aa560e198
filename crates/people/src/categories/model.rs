//! What comes in about a category, and its checks.

use chrono::NaiveDate;
use kernel::{Day, Field, Problem, codes};
use serde::Deserialize;
use uuid::Uuid;

use super::review::must_belong;
use crate::persons::{
    checks::{Faults, SHORT},
    model::BEFORE_BIRTH,
};

/// A category to assign, with its evidence.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCategory {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Code of list `category`.
    pub category: String,
    /// First day, today or earlier.
    pub from: NaiveDate,
    /// Code of list `evidence_kind`.
    pub evidence_kind: String,
    /// Number or name of the evidence.
    #[schema(max_length = 200)]
    pub evidence_ref: String,
    /// Code of list `category_source`.
    pub source: String,
    /// Finer code of list `category_sub`.
    pub sub_code: Option<String>,
    /// Last day of the certificate or recognition.
    pub valid_until: Option<NaiveDate>,
}

/// The end of a category.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndCategory {
    /// Revision the caller saw.
    pub rev: i32,
    /// First day without the category, today or earlier.
    pub to: NaiveDate,
    /// Why it ends.
    #[schema(max_length = 200)]
    pub reason: String,
}

impl NewCategory {
    /// Checks all that needs no database; `prefix` names the item in a list.
    pub fn check(&self, prefix: &str, birth: Option<Day>, today: Day, faults: &mut Faults) {
        let at = |name: &str| format!("{prefix}{name}");
        faults.id(&at("id"), self.id);
        if codes::category(&self.category).is_none() {
            faults.push(Field::unknown_code(at("category"), "category"));
        }
        faults.past(&at("from"), self.from, today);
        faults.not_before(&at("from"), self.from, birth, BEFORE_BIRTH.0, BEFORE_BIRTH.1);
        faults.code(&at("evidence_kind"), "evidence_kind", &self.evidence_kind);
        faults.text(&at("evidence_ref"), &self.evidence_ref, SHORT);
        faults.code(&at("source"), "category_source", &self.source);
        faults.optional_code(&at("sub_code"), "category_sub", self.sub_code.as_deref());
        if let Some(code) = &self.sub_code {
            must_belong(&at("sub_code"), "category_sub", code, &self.category, faults);
        }
        if let Some(until) = self.valid_until {
            let (zh, en) = ("有效期止早于开始日期，请核对。", "The last day lies before the first; check both.");
            faults.not_before(&at("valid_until"), until, Some(self.from), zh, en);
        }
    }

    /// Restricted (C4) categories are not kept in the open ledger.
    pub fn refuse_restricted(&self) -> Result<(), Problem> {
        if codes::category(&self.category).and_then(|c| c.restricted) == Some(true) {
            return Err(Problem::refused(
                "category.restricted",
                "该类别属于限制访问信息，不能登记在普通台账中。请在“受限档案”中登记（更多 → 建立受限档案）。",
                "This category is restricted and cannot be kept in the open ledger. Record it in a restricted file (More → Propose a restricted file).",
            ));
        }
        Ok(())
    }

    /// Whether an authority decided it (法定类别) rather than the worker.
    pub fn is_statutory(&self) -> bool {
        codes::category(&self.category).and_then(|c| c.statutory) == Some(true)
    }
}

impl EndCategory {
    /// Checks all that needs no database.
    pub fn check(&self, today: Day, faults: &mut Faults) {
        faults.past("to", self.to, today);
        faults.text("reason", &self.reason, SHORT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(category: &str) -> NewCategory {
        NewCategory {
            id: "019f0000-0000-7000-8000-000000000002".parse().unwrap(),
            category: category.to_owned(),
            from: kernel::day::parse("2026-01-01").unwrap(),
            evidence_kind: "certificate".to_owned(),
            evidence_ref: "鼎民低〔2026〕12号".to_owned(),
            source: "document".to_owned(),
            sub_code: None,
            valid_until: None,
        }
    }

    #[test]
    fn every_restricted_category_is_refused() {
        let all = codes::list("category").unwrap();
        let refused: Vec<_> =
            all.items.iter().filter(|c| new(&c.code).refuse_restricted().is_err()).map(|c| c.code.as_str()).collect();
        for code in ["MENTAL", "CORRECTION", "DETOX", "RECOVERY", "DV_VICTIM", "VICTIM_MINOR"] {
            assert!(refused.contains(&code), "{code}");
        }
        assert!(!refused.contains(&"DIBAO"));
    }

    #[test]
    fn a_disability_needs_kind_and_grade() {
        let today = kernel::day::parse("2026-11-23").unwrap();
        for (category, faults) in [("DIS_4_1", 0), ("DIS", 1), ("DIS_SEVERE", 1), ("", 1)] {
            let mut found = Faults::default();
            new(category).check("", None, today, &mut found);
            assert_eq!(found.0.len(), faults, "{category}");
        }
    }
}
