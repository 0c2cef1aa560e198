//! What a revision says, and its checks: pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kernel::{Day, Field};
use people::persons::checks::{Faults, LONG, MOST_ITEMS, SHORT};
use policy::dictionary::Dictionary;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Numbers of a place.
pub const STANDARDS: &str = "standards";
/// Conditions and amounts of one policy.
pub const POLICY: &str = "policy";
/// Most characters of a document's number.
const NUMBER: usize = 64;
/// Most numbers of one document.
const MOST_VALUES: usize = 200;
/// Highest number, in steps of its unit.
const MOST: i64 = 1_000_000_000_000;
/// Deepest nesting of conditions.
const DEEPEST: usize = 6;
/// Most conditions of a version, groups included.
const MOST_CLAUSES: usize = 100;
/// Most rows of an amount table.
const MOST_ROWS: usize = 100;

/// A revision to draft, or a draft as it shall be.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRevision {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// standards (numbers) or policy (conditions and amounts of one policy).
    #[schema(max_length = 16)]
    pub kind: String,
    /// The place it holds for: county, city or province.
    #[schema(max_length = 64)]
    pub place: String,
    /// The document.
    pub document: Document,
    /// What changes.
    pub body: Body,
}

/// A draft as it shall be.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Redraft {
    /// Revision the caller saw.
    pub rev: i32,
    /// The document.
    pub document: Document,
    /// What changes.
    pub body: Body,
}

/// A document (红头文件).
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Its title, as printed.
    #[schema(max_length = 200)]
    pub name: String,
    /// Number (文号); may be empty while it is drafted.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub number: String,
    /// Who issued it.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub issuer: String,
    /// When it was issued.
    pub issued_on: Option<NaiveDate>,
    /// First day it holds.
    pub from_on: NaiveDate,
    /// Where the paper is kept, or its address.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub kept_at: String,
    /// Whether the author had the document itself at hand (对照原文).
    #[serde(default)]
    pub verified: bool,
    /// Note.
    #[serde(default)]
    #[schema(max_length = 4000)]
    pub note: String,
}

/// What changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Numbers (kind standards).
    #[serde(default)]
    pub values: Vec<NewValue>,
    /// Word of the policy (kind policy).
    #[serde(default)]
    #[schema(max_length = 64)]
    pub policy: Option<String>,
    /// Its new version (kind policy).
    pub version: Option<NewVersion>,
    /// Examples that must come out as said (kind policy).
    #[serde(default)]
    pub examples: Vec<Example>,
}

/// An act on a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RevisionAct)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Hand it in for the decision of a second person.
    HandIn,
    /// Let it come into force.
    Approve,
    /// Send it back.
    Refuse,
    /// Give it up.
    Withdraw,
    /// Take back what should not have come into force.
    Void,
}

/// An act as it comes in.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[schema(as = NewRevisionAct)]
#[serde(deny_unknown_fields)]
pub struct NewAct {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Revision the caller saw.
    pub rev: i32,
    /// What.
    pub act: Act,
    /// Why; needed to refuse and to void.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub note: String,
}

/// A number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewValue {
    /// Word of the parameter.
    #[schema(max_length = 64)]
    pub code: String,
    /// Value in steps of 10^-decimals of its unit (money in 分).
    pub value: i64,
    /// Last day, inclusive; open when left out.
    pub to: Option<NaiveDate>,
}

/// Conditions and amount of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVersion {
    /// The condition.
    pub when: NewClause,
    /// Named numbers, each may use those before it.
    #[serde(default, rename = "let", skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<NewName>,
    /// The amount; none for a status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<NewAmount>,
}

/// A condition: exactly one of `is`, `all`, `any`, `not`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(no_recursion)]
pub struct NewClause {
    /// Short text: `hh.income_pc < @dibao.std`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 400)]
    pub is: Option<String>,
    /// All hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all: Option<Vec<NewClause>>,
    /// At least one holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub any: Option<Vec<NewClause>>,
    /// Does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not: Option<Box<NewClause>>,
    /// Chinese words.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub text: String,
    /// English words.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub text_en: String,
    /// Clause of the document.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub source: String,
    /// Whether the clause was read in its document; yes when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
}

/// A named number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RevisionName)]
#[serde(deny_unknown_fields)]
pub struct NewName {
    /// Its name.
    #[schema(max_length = 64)]
    pub name: String,
    /// One expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 400)]
    pub is: Option<String>,
    /// Or a decision table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<Vec<NewRow>>,
}

/// An amount: one expression or a decision table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAmount {
    /// One expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 400)]
    pub is: Option<String>,
    /// Or a decision table: the first row whose condition holds decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<Vec<NewRow>>,
    /// How it is rounded: down, half, up.
    #[serde(default = "down")]
    #[schema(max_length = 8)]
    pub rounding: String,
    /// Unit in words: 分/月.
    #[serde(default)]
    #[schema(max_length = 16)]
    pub unit: String,
    /// Chinese words.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub text: String,
    /// English words.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub text_en: String,
    /// Clause of the document.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub source: String,
    /// Whether the clause was read in its document; yes when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
}

/// A row of a decision table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRow {
    /// Condition; only the last row may have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 400)]
    pub when: Option<String>,
    /// Value.
    #[schema(max_length = 400)]
    pub is: String,
}

/// An invented person and what the policy must say of him or her.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows.
    #[schema(max_length = 200)]
    pub name: String,
    /// Facts by their words, in steps; what is left out is unknown.
    pub facts: BTreeMap<String, i64>,
    /// eligible, not or unknown.
    #[schema(max_length = 16)]
    pub is: String,
    /// The amount in fen; not looked at when left out.
    pub amount: Option<i64>,
}

fn down() -> String {
    "down".to_owned()
}

impl Document {
    /// Everything that is wrong with it.
    pub fn faults(&self, faults: &mut Faults, today: Day) {
        faults.text("document.name", &self.name, SHORT);
        faults.optional_text("document.number", Some(&self.number), NUMBER);
        faults.optional_text("document.issuer", Some(&self.issuer), SHORT);
        faults.optional_text("document.kept_at", Some(&self.kept_at), SHORT);
        faults.optional_text("document.note", Some(&self.note), LONG);
        if let Some(on) = self.issued_on {
            faults.past("document.issued_on", on, today);
        }
        if !reasonable(self.from_on, today) {
            faults.push(Field::new(
                "document.from_on",
                "range",
                "生效日期须在2000年以后、今后十年以内，请核对年份。",
                "The first day must lie after 2000 and within ten years from now; check the year.",
            ));
        }
    }

    /// How the document is named beside a number: title and number.
    pub fn named(title: &str, number: &str) -> String {
        if number.is_empty() { title.to_owned() } else { format!("{title}（{number}）") }
    }
}

fn reasonable(on: Day, today: Day) -> bool {
    let earliest = Day::from_ymd_opt(2000, 1, 1).unwrap_or(Day::MIN);
    (earliest..=kernel::day::add_days(today, 3_653)).contains(&on)
}

impl Body {
    /// Everything that is wrong with it, as far as its own words tell.
    pub fn faults(&self, kind: &str, dictionary: &Dictionary, from: Day, faults: &mut Faults) {
        let unwanted = |faults: &mut Faults, field: &str| {
            faults.push(Field::new(
                field,
                "unwanted",
                "这一类修订不能填写此项，请清空。",
                "This kind of revision has no such part; leave it out.",
            ));
        };
        if kind == STANDARDS {
            if self.policy.is_some() || self.version.is_some() || !self.examples.is_empty() {
                unwanted(faults, "body.version");
            }
            self.values_faults(dictionary, from, faults);
        } else {
            if !self.values.is_empty() {
                unwanted(faults, "body.values");
            }
            self.policy_faults(dictionary, faults);
        }
    }

    fn values_faults(&self, dictionary: &Dictionary, from: Day, faults: &mut Faults) {
        if self.values.len() > MOST_VALUES {
            faults.push(Field::new(
                "body.values",
                "too_many",
                format!("一份文件最多调整{MOST_VALUES}项标准，请分开录入。"),
                format!("One document changes at most {MOST_VALUES} numbers; split it."),
            ));
        }
        let mut seen = BTreeSet::new();
        for (at, value) in self.values.iter().enumerate() {
            let field = |part: &str| format!("body.values[{at}].{part}");
            let Some(param) = dictionary.param_id(&value.code).and_then(|id| dictionary.param(id)) else {
                faults.push(Field::unknown_code(field("code"), "param"));
                continue;
            };
            if !seen.insert(&value.code) {
                faults.push(Field::new(
                    field("code"),
                    "twice",
                    format!("“{}”填写了两次，请保留一个。", param.label),
                    format!("`{}` is given twice; keep one.", param.label_en),
                ));
            }
            if !(0..=MOST).contains(&value.value) {
                faults.push(Field::new(
                    field("value"),
                    "range",
                    format!("“{}”的数值超出范围，请核对单位。", param.label),
                    format!("The value of `{}` is out of range; check its unit.", param.label_en),
                ));
            }
            if value.to.is_some_and(|to| to < from) {
                faults.push(Field::new(
                    field("to"),
                    "range",
                    "截止日期不能早于生效日期，请修改。",
                    "The last day must not come before the first.",
                ));
            }
        }
    }

    fn policy_faults(&self, dictionary: &Dictionary, faults: &mut Faults) {
        if self.policy.as_deref().is_none_or(str::is_empty) {
            faults.push(Field::required("body.policy"));
        }
        match &self.version {
            None => faults.push(Field::required("body.version")),
            Some(version) => {
                let mut count = 0;
                clause_faults(&version.when, "body.version.when", 1, &mut count, faults);
                let tables = version.names.iter().filter_map(|n| n.table.as_ref());
                let rows: usize =
                    tables.chain(version.amount.iter().filter_map(|a| a.table.as_ref())).map(Vec::len).sum();
                if count > MOST_CLAUSES || rows > MOST_ROWS || version.names.len() > MOST_ITEMS {
                    faults.push(Field::new(
                        "body.version",
                        "too_many",
                        format!("条件最多{MOST_CLAUSES}项，档次表最多{MOST_ROWS}行，请精简。"),
                        format!("At most {MOST_CLAUSES} conditions and {MOST_ROWS} rows of tables."),
                    ));
                }
                if version.amount.as_ref().is_some_and(|a| !["down", "half", "up"].contains(&a.rounding.as_str())) {
                    faults.push(Field::unknown_code("body.version.amount.rounding", "rounding"));
                }
            }
        }
        if self.examples.len() > MOST_ITEMS {
            faults.push(Field::too_long("body.examples", MOST_ITEMS));
        }
        for (at, example) in self.examples.iter().enumerate() {
            let field = |part: &str| format!("body.examples[{at}].{part}");
            faults.text(&field("name"), &example.name, SHORT);
            if !["eligible", "not", "unknown"].contains(&example.is.as_str()) {
                faults.push(Field::unknown_code(field("is"), "example"));
            }
            for (code, value) in &example.facts {
                match dictionary.fact_id(code).and_then(|id| dictionary.fact(id)) {
                    None => faults.push(Field::unknown_code(field("facts"), "fact")),
                    Some(fact) if !(fact.min..=fact.max).contains(value) => faults.push(Field::new(
                        field("facts"),
                        "range",
                        format!("“{}”的数值超出范围，请核对单位和数值。", fact.label),
                        format!("The value of `{}` is out of range; check unit and value.", fact.id),
                    )),
                    Some(_) => {}
                }
            }
        }
    }
}

fn clause_faults(clause: &NewClause, field: &str, depth: usize, count: &mut usize, faults: &mut Faults) {
    *count += 1;
    if depth > DEEPEST {
        faults.push(Field::new(
            field,
            "too_deep",
            format!("条件最多嵌套{DEEPEST}层，请简化。"),
            format!("Conditions nest at most {DEEPEST} deep."),
        ));
        return;
    }
    let said = [clause.is.is_some(), clause.all.is_some(), clause.any.is_some(), clause.not.is_some()];
    let empty = clause.is.as_deref().is_some_and(|is| is.trim().is_empty())
        || [&clause.all, &clause.any].into_iter().flatten().any(Vec::is_empty);
    if said.iter().filter(|s| **s).count() != 1 || empty {
        faults.push(Field::new(
            field,
            "incomplete",
            "有一个条件没有填完整，请补充或删除。",
            "A condition is not complete; fill it in or remove it.",
        ));
    }
    for (word, list) in [("all", &clause.all), ("any", &clause.any)] {
        for (at, below) in list.iter().flatten().enumerate() {
            clause_faults(below, &format!("{field}.{word}[{at}]"), depth + 1, count, faults);
        }
    }
    if let Some(below) = &clause.not {
        clause_faults(below, &format!("{field}.not"), depth + 1, count, faults);
    }
}
