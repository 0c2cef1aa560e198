//! Reading the embedded files. A fault in them is a fault of the build, so it stops the program with a sentence.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{CodeList, Item};

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../../data/codes/", $name, ".toml")))),*]
    };
}

/// Every embedded list.
const FILES: &[(&str, &str)] = files![
    "sex",
    "ethnicity",
    "marital",
    "political",
    "education",
    "relation",
    "nationality",
    "id_doc_type",
    "disability_kind",
    "disability_grade",
    "category",
    "category_source",
    "category_sub",
    "recheck_cause",
    "review_outcome",
    "late_reason",
    "screening_reason",
    "evidence_kind",
    "grade",
    "ledger_state",
    "lead_source",
    "dismiss_reason",
    "suspend_reason",
    "exit_reason",
    "visit_kind",
    "visit_mode",
    "weekday",
    "contact_result",
    "work_field",
    "service_kind",
    "review_reason",
    "risk_sign",
    "need_domain",
    "told_way",
    "household_kind",
    "handover_reason",
    "handover_consent",
    "handover_answer",
    "operating_mode",
    "employment_mode",
    "post_kind",
    "station_status",
    "plaque_kind",
    "premises",
    "org_kind",
    "division_kind",
    "restricted_kind",
    "restricted_part",
];

/// A file of `data/codes`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    code: String,
    label: String,
    label_en: String,
    version: String,
    source: String,
    confidence: String,
    items: Vec<Item>,
    disability: Option<Disability>,
}

/// The pattern of the 28 disability categories.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Disability {
    label: String,
    label_en: String,
    group: String,
    severe_bit: u8,
    other_bit: u8,
    evidence: String,
    start_rule: String,
    end_rule: String,
    source: String,
}

/// Reads all embedded lists.
#[allow(clippy::panic, reason = "the files are part of the build")]
pub(super) fn load() -> BTreeMap<&'static str, CodeList> {
    let mut lists: BTreeMap<&'static str, CodeList> = BTreeMap::new();
    let mut pattern = None;
    for (name, text) in FILES {
        let file: File = match toml::from_str(text) {
            Ok(file) => file,
            Err(why) => panic!("data/codes/{name}.toml cannot be read: {why}"),
        };
        assert_eq!(*name, file.code, "data/codes/{name}.toml names itself differently");
        pattern = file.disability.or(pattern);
        let items = file.items.into_iter().map(|i| marked(i, &file.confidence)).collect();
        let list = CodeList {
            code: file.code,
            label: file.label,
            label_en: file.label_en,
            version: file.version,
            source: file.source,
            confidence: file.confidence,
            items,
        };
        lists.insert(name, list);
    }
    let disabilities = pattern.map_or_else(Vec::new, |p| disabilities(&p, &lists));
    if let Some(category) = lists.get_mut("category") {
        category.items.extend(disabilities);
    }
    lists
}

/// Sets `verified` by the mark: `verify` and `page` are not yet confirmed.
fn marked(mut item: Item, confidence: &str) -> Item {
    let mark = item.mark.as_deref().unwrap_or(confidence);
    item.verified = !matches!(mark, "verify" | "page");
    item
}

/// The 28 codes `DIS_kind_grade` of the two disability lists.
fn disabilities(pattern: &Disability, lists: &BTreeMap<&'static str, CodeList>) -> Vec<Item> {
    let items = |name| lists.get(name).map_or(&[][..], |l: &CodeList| &l.items);
    let mut made = Vec::new();
    for kind in items("disability_kind") {
        for grade in items("disability_grade") {
            let severe = matches!(grade.code.as_str(), "1" | "2");
            made.push(Item {
                code: format!("DIS_{}_{}", kind.code, grade.code),
                label: format!("{}（{}{}）", pattern.label, kind.label, grade.label),
                label_en: format!(
                    "{}: {}, {}",
                    pattern.label_en,
                    kind.label_en.to_lowercase(),
                    grade.label_en.to_lowercase()
                ),
                verified: true,
                mark: None,
                source: Some(pattern.source.clone()),
                note: None,
                group: Some(pattern.group.clone()),
                parent: Some(if severe { "DIS_SEVERE" } else { "DIS_OTHER" }.to_owned()),
                level: None,
                act: None,
                report: None,
                counts: None,
                needs_text: None,
                min_people: None,
                place: None,
                next: None,
                statutory: Some(true),
                restricted: Some(false),
                evidence: Some(pattern.evidence.clone()),
                start_rule: Some(pattern.start_rule.clone()),
                end_rule: Some(pattern.end_rule.clone()),
                from_age: None,
                to_age: None,
                bit: Some(if severe { pattern.severe_bit } else { pattern.other_bit }),
            });
        }
    }
    made
}
