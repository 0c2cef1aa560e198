//! What comes into a restricted file, and its checks.

use chrono::NaiveDate;
use kernel::{Day, Field, codes};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::persons::checks::{Faults, LONG, SHORT};

/// Most names on one list.
const MOST_NAMES: usize = 12;

/// What an entry says; stored as one ciphertext.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// fact, note or category.
    pub what: String,
    /// Day the fact happened, the note speaks of or the category begins; today or earlier.
    pub on: NaiveDate,
    /// Facts as seen, or the note; for a category, remarks.
    #[schema(max_length = 4000)]
    pub text: String,
    /// The category, when `what` is category.
    pub category: Option<RestrictedCategory>,
}

/// A restricted category; it exists inside the file only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestrictedCategory {
    /// Code of list `category`, a restricted one.
    pub code: String,
    /// Code of list `evidence_kind`.
    pub evidence_kind: String,
    /// Number or name of the evidence.
    #[schema(max_length = 200)]
    pub evidence_ref: String,
    /// Code of list `category_source`.
    pub source: String,
    /// First day without it; null while open.
    pub to: Option<NaiveDate>,
    /// Why it ended.
    #[schema(max_length = 200)]
    pub end_reason: Option<String>,
}

/// An entry to add, or a new version of one.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEntry {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// The entry this corrects; null for a new one.
    pub replaces: Option<Uuid>,
    /// What it says.
    pub content: Content,
}

/// A name for the list.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewName {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// The account.
    pub account: Uuid,
    /// Code of list `restricted_part`.
    pub part: String,
}

/// A file to propose.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFile {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Code of list `restricted_kind`.
    pub kind: String,
    /// Why the file is needed, for whoever approves it.
    #[schema(max_length = 200)]
    pub reason: String,
    /// The named list; one owner, and whoever else must know.
    pub names: Vec<NewName>,
    /// First entries.
    pub entries: Vec<NewEntry>,
    /// When to look at it again.
    pub follow_up_on: Option<NaiveDate>,
}

/// A reason, asked for at each opening.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenWish {
    /// What it is opened for.
    #[schema(max_length = 200)]
    pub reason: String,
}

/// An emergency.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBreakGlass {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// What happened and why it cannot wait.
    #[schema(max_length = 200)]
    pub reason: String,
    /// For how long, 1 to 180 minutes; the parameter `restricted.break_glass_minutes` may allow less.
    #[schema(minimum = 1, maximum = 180)]
    pub minutes: i32,
}

/// More names for a list.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoreNames {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Why they must know.
    #[schema(max_length = 200)]
    pub reason: String,
    /// The names.
    pub names: Vec<NewName>,
}

/// A change of a file: another day to look at it, or its end.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileChange {
    /// Revision the caller saw.
    pub rev: i32,
    /// When to look at it again; null for no day.
    pub follow_up_on: Option<NaiveDate>,
    /// Whether to close the file: nothing can be added then.
    pub close: bool,
}

impl Content {
    /// Checks all that needs no database; `prefix` names the item.
    pub fn check(&self, prefix: &str, today: Day, faults: &mut Faults) {
        let at = |name: &str| format!("{prefix}{name}");
        faults.past(&at("on"), self.on, today);
        match (self.what.as_str(), &self.category) {
            ("fact" | "note", None) => {
                faults.text(&at("text"), &self.text, LONG);
            }
            ("category", Some(category)) => {
                faults.optional_text(&at("text"), Some(&self.text), LONG);
                category.check(&at("category."), self.on, today, faults);
            }
            ("category", None) => faults.push(Field::required(at("category"))),
            ("fact" | "note", Some(_)) => faults.push(Field::new(
                at("category"),
                "unexpected",
                "只有类别条目才能填写类别。",
                "Only an entry of a category carries one.",
            )),
            _ => faults.push(Field::new(
                at("what"),
                "unknown_code",
                "请选择：事实、工作记录或类别。",
                "Choose one of fact, note and category.",
            )),
        }
    }
}

impl RestrictedCategory {
    fn check(&self, prefix: &str, from: Day, today: Day, faults: &mut Faults) {
        let at = |name: &str| format!("{prefix}{name}");
        match codes::category(&self.code) {
            None => faults.push(Field::unknown_code(at("code"), "category")),
            Some(known) if known.restricted != Some(true) => faults.push(Field::new(
                at("code"),
                "not_restricted",
                "该类别不属于限制访问信息，请在“类别”页登记。",
                "This category is not restricted; record it among the ordinary categories.",
            )),
            Some(_) => {}
        }
        faults.code(&at("evidence_kind"), "evidence_kind", &self.evidence_kind);
        faults.text(&at("evidence_ref"), &self.evidence_ref, SHORT);
        faults.code(&at("source"), "category_source", &self.source);
        if self.code == "MENTAL" && (self.evidence_kind != "medical_diagnosis" || self.source == "worker_judgement") {
            faults.push(Field::new(
                at("evidence_kind"),
                "diagnosis",
                "精神障碍只能依据医疗机构的诊断登记，社工不得自行判断（精神卫生法第二十三、二十七条）。",
                "A mental disorder is recorded from the diagnosis of a medical institution only, never by a worker.",
            ));
        }
        if let Some(to) = self.to {
            faults.past(&at("to"), to, today);
            let (zh, en) = ("结束日期早于开始日期，请核对。", "The end lies before the beginning; check both dates.");
            faults.not_before(&at("to"), to, Some(from), zh, en);
            faults.text(&at("end_reason"), self.end_reason.as_deref().unwrap_or_default(), SHORT);
        }
    }
}

/// Checks names of a list.
pub fn check_names(names: &[NewName], faults: &mut Faults) {
    if names.is_empty() || names.len() > MOST_NAMES {
        faults.push(Field::new(
            "names",
            "range",
            format!("知悉人须为 1 至 {MOST_NAMES} 人，只列确有必要知悉的人。"),
            format!("Name 1 to {MOST_NAMES} people, only those who must know."),
        ));
    }
    for (n, name) in names.iter().enumerate() {
        faults.id(&format!("names[{n}].id"), name.id);
        faults.code(&format!("names[{n}].part"), "restricted_part", &name.part);
        if names.iter().take(n).any(|before| before.account == name.account) {
            faults.push(Field::new(
                format!("names[{n}].account"),
                "duplicate",
                "同一账号只能列一次。",
                "An account stands on the list once.",
            ));
        }
    }
}

impl NewFile {
    /// Checks all that needs no database.
    pub fn check(&self, today: Day, faults: &mut Faults) {
        faults.id("id", self.id);
        faults.code("kind", "restricted_kind", &self.kind);
        faults.text("reason", &self.reason, SHORT);
        check_names(&self.names, faults);
        if !self.names.is_empty() && self.names.iter().filter(|n| n.part == "owner").count() != 1 {
            faults.push(Field::new("names", "owner", "须且只能指定一名主责社工。", "Name exactly one owner."));
        }
        faults.list("entries", &self.entries);
        for (n, entry) in self.entries.iter().enumerate() {
            faults.id(&format!("entries[{n}].id"), entry.id);
            entry.content.check(&format!("entries[{n}].content."), today, faults);
            if entry.replaces.is_some() {
                faults.push(Field::new(
                    format!("entries[{n}].replaces"),
                    "unexpected",
                    "新建档案的内容没有可更正的旧条目。",
                    "A new file has no entry to correct.",
                ));
            }
        }
        check_follow_up(self.follow_up_on, today, faults);
    }
}

/// The day to look at a file again lies ahead, within two years.
pub fn check_follow_up(on: Option<Day>, today: Day, faults: &mut Faults) {
    if on.is_some_and(|on| on < today || on > kernel::day::add_months(today, 24)) {
        faults.push(Field::new(
            "follow_up_on",
            "range",
            "回访日期须为今天至两年内。",
            "The day must lie between today and two years from now.",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(code: &str, evidence: &str, source: &str) -> Content {
        Content {
            what: "category".to_owned(),
            on: kernel::day::parse("2026-01-01").unwrap(),
            text: String::new(),
            category: Some(RestrictedCategory {
                code: code.to_owned(),
                evidence_kind: evidence.to_owned(),
                evidence_ref: "诊断证明".to_owned(),
                source: source.to_owned(),
                to: None,
                end_reason: None,
            }),
        }
    }

    fn faults_of(content: &Content) -> Vec<&'static str> {
        let mut faults = Faults::default();
        content.check("", kernel::day::parse("2026-11-23").unwrap(), &mut faults);
        faults.0.iter().map(|f| f.code).collect()
    }

    #[test]
    fn a_mental_disorder_needs_the_diagnosis_of_a_medical_institution() {
        for (evidence, source, faults) in [
            ("medical_diagnosis", "document", &[][..]),
            ("visit_record", "document", &["diagnosis"]),
            ("medical_diagnosis", "worker_judgement", &["diagnosis"]),
        ] {
            assert_eq!(faults_of(&category("MENTAL", evidence, source)), faults, "{evidence} {source}");
        }
        assert_eq!(faults_of(&category("DETOX", "police_paper", "document")), [""; 0]);
    }

    #[test]
    fn only_restricted_categories_stand_in_a_file() {
        assert_eq!(faults_of(&category("DIBAO", "decision_notice", "document")), ["not_restricted"]);
        assert_eq!(faults_of(&category("ZZZ", "decision_notice", "document")), ["unknown_code"]);
        let bare = Content { category: None, ..category("DETOX", "police_paper", "document") };
        assert_eq!(faults_of(&bare), ["required"]);
        assert_eq!(faults_of(&Content { what: "rumour".to_owned(), ..bare }), ["unknown_code"]);
    }
}
