//! Code lists (代码表): the closed vocabularies of forms, filters and reports.
//!
//! The lists are facts of the world and stand in `data/codes/*.toml`, one file per list, each with its standard and the
//! mark of confidence. A code once used is never renamed: it is stored in databases. Labels may be corrected.
//! `verified` is false for the marks `verify` and `page`: confirm such an item before showing it to users as law.
//!
//! Client categories (服务对象类别) also carry a frozen bit, so that "has any of these categories open" is one AND on an
//! integer column. The 28 disability codes `DIS_k_g` share two bits (severe = grade 1-2 of any kind, and the rest): the
//! mask finds candidates, an exact kind or grade is asked of the assignments.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

mod lists;

/// The language of a label (语言).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// 中文
    #[default]
    Zh,
    /// English
    En,
}

/// One code of a list with its labels and whatever this list says about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The stored code.
    pub code: String,
    /// Chinese label.
    pub label: String,
    /// English label.
    pub label_en: String,
    /// False when the domain reference asks to confirm this item first (marks `verify`, `page`).
    #[serde(default)]
    pub verified: bool,
    /// Mark of confidence of this item when it differs from the list's.
    #[serde(default, skip_serializing)]
    pub mark: Option<String>,
    /// Law, standard or design note behind this item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What a worker should know when choosing it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Group within the list (categories: assistance, child, elder, disability, …; services: art55, companion).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The code this one refines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Risk signs: red or orange. Division kinds: 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Risk signs: the immediate act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<String>,
    /// Risk signs: a mandatory report (强制报告) has to be considered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<bool>,
    /// Contact results: true when the visit resets the timer (met, proxy_met).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<bool>,
    /// The reason needs a written explanation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs_text: Option<bool>,
    /// Visit kinds: the least number of people who must go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_people: Option<u8>,
    /// Post kinds: where the post stands.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Station states: the states that may follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Vec<String>>,
    /// Categories: recognised by a decision (法定类别) rather than judged by the worker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statutory: Option<bool>,
    /// Categories: a restricted (C4) record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restricted: Option<bool>,
    /// Categories: the usual evidence, a code of `evidence_kind`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Categories: when it starts, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_rule: Option<String>,
    /// Categories: when it ends, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_rule: Option<String>,
    /// Categories: begins on the birthday of this age (周岁).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_age: Option<u16>,
    /// Categories: ends on the birthday of this age (周岁).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_age: Option<u16>,
    /// Categories: the frozen bit of the mask column, 0 to 62.
    #[serde(default, skip_serializing)]
    pub bit: Option<u8>,
}

impl Item {
    /// The label in the asked language.
    pub fn label(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.label,
            Lang::En => &self.label_en,
        }
    }
}

/// A code list (代码表) with the standard it follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CodeList {
    /// Name of the list, as in `data/codes/NAME.toml`.
    pub code: String,
    /// Chinese name.
    pub label: String,
    /// English name.
    pub label_en: String,
    /// Version of the standard or of the list.
    pub version: String,
    /// Standard, law or design note.
    pub source: String,
    /// Mark of confidence of the whole list: seed, rule, rule*, page, verify, design.
    pub confidence: String,
    /// The codes in the order of display.
    pub items: Vec<Item>,
}

impl CodeList {
    /// The item of this code.
    pub fn get(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|i| i.code == code)
    }

    /// Whether the list holds this code.
    pub fn has(&self, code: &str) -> bool {
        self.get(code).is_some()
    }

    /// The label of a code, if the list holds it.
    pub fn label(&self, code: &str, lang: Lang) -> Option<&str> {
        self.get(code).map(|i| i.label(lang))
    }
}

/// All lists by name.
pub fn lists() -> &'static BTreeMap<&'static str, CodeList> {
    static LISTS: LazyLock<BTreeMap<&'static str, CodeList>> = LazyLock::new(lists::load);
    &LISTS
}

/// The list of this name.
pub fn list(name: &str) -> Option<&'static CodeList> {
    lists().get(name)
}

/// Whether list `name` exists and holds `code`.
pub fn has(name: &str, code: &str) -> bool {
    list(name).is_some_and(|l| l.has(code))
}

/// The label of a code of a list; the code itself when unknown, so that old data stays readable.
pub fn label<'a>(name: &str, code: &'a str, lang: Lang) -> &'a str {
    list(name).and_then(|l| l.label(code, lang)).unwrap_or(code)
}

/// The category (服务对象类别) of this code, the generated `DIS_k_g` included.
pub fn category(code: &str) -> Option<&'static Item> {
    static BY_CODE: LazyLock<BTreeMap<&'static str, &'static Item>> = LazyLock::new(|| {
        let items = list("category").map_or(&[][..], |l| &l.items);
        items.iter().map(|i| (i.code.as_str(), i)).collect()
    });
    BY_CODE.get(code).copied()
}

/// The frozen bit (0 to 62) of a category in the mask column; `DIS_SEVERE` and `DIS_OTHER` name the two shared bits.
pub fn category_bit(code: &str) -> Option<u8> {
    match code {
        "DIS_SEVERE" => category("DIS_1_1")?.bit,
        "DIS_OTHER" => category("DIS_1_4")?.bit,
        _ => category(code)?.bit,
    }
}

/// The mask of one category or group word: any category code, `DIS_SEVERE`, `DIS_OTHER`, or `DIS` for both.
pub fn category_mask(code: &str) -> Option<i64> {
    if code == "DIS" {
        return Some(category_mask("DIS_SEVERE")? | category_mask("DIS_OTHER")?);
    }
    category_bit(code).map(|bit| 1_i64 << bit)
}

/// The union of the masks of several codes; an unknown code adds nothing, so check with [`category_mask`] first.
pub fn categories_mask<'a>(codes: impl IntoIterator<Item = &'a str>) -> i64 {
    codes.into_iter().filter_map(category_mask).fold(0, |mask, m| mask | m)
}

/// The mask of all restricted (C4) categories.
pub fn restricted_mask() -> i64 {
    static MASK: LazyLock<i64> = LazyLock::new(|| {
        let items = list("category").map_or(&[][..], |l| &l.items);
        categories_mask(items.iter().filter(|i| i.restricted == Some(true)).map(|i| i.code.as_str()))
    });
    *MASK
}

/// The mask of all categories of children.
pub fn children_mask() -> i64 {
    static MASK: LazyLock<i64> = LazyLock::new(|| {
        let items = list("category").map_or(&[][..], |l| &l.items);
        categories_mask(items.iter().filter(|i| i.group.as_deref() == Some("child")).map(|i| i.code.as_str()))
    });
    *MASK
}

#[cfg(test)]
mod tests;
