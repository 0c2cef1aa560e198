//! What stands on a card beside its conditions: limits, evidence, reviews and how it goes together with other policies.

use serde::Deserialize;

/// Whether a card is something a person may get or something the state must do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// A benefit (待遇).
    #[default]
    Benefit,
    /// A duty of an agency (法定职责), never shown as something to apply for.
    Duty,
}

/// When a policy is looked at: statuses first, because the others ask for them once they are approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Recognises a status (身份认定): 特困、低保、低保边缘、刚性支出.
    Identity,
    /// Special assistance and welfare (专项救助、福利).
    #[default]
    Special,
    /// Emergency assistance (急难救助).
    Emergency,
}

/// How two policies go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Both in full (可叠加).
    Together,
    /// The person chooses one (择一享受).
    Choose,
    /// This one pays only what the other leaves open (补差).
    TopUp,
}

/// One line on how this policy goes together with another (叠加规则). What excludes each other stands in `conflicts`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stacking {
    /// The other policy.
    pub with: String,
    /// How they go together.
    pub how: How,
    /// Words.
    #[serde(default)]
    pub text: String,
    /// English words.
    #[serde(default)]
    pub text_en: String,
    /// Clause.
    #[serde(default)]
    pub source: String,
    /// Whether it was read in its source; false is to be confirmed before it is shown as law (待核实).
    #[serde(default = "yes")]
    pub verified: bool,
}

/// The act by which a time limit is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ends {
    /// The home survey (入户调查), counted from acceptance.
    Survey,
    /// The opinion of the township (审核意见), counted from acceptance.
    Opinion,
    /// The public notice (公示), counted from its first day: it lasts so long.
    Publicity,
    /// The decision (确认、不予确认), counted from the submission.
    Result,
    /// The decision, counted from acceptance (全程).
    Whole,
    /// Telling the person of a refusal, counted from the decision.
    Told,
}

/// A time limit of the procedure.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Step: 受理、调查、审核、确认、告知.
    pub step: String,
    /// English words for the step.
    #[serde(default)]
    pub step_en: String,
    /// The act that ends it, where one does that an application keeps track of.
    pub ends: Option<Ends>,
    /// Days.
    pub days: u16,
    /// Whether working days are counted.
    #[serde(default)]
    pub workdays: bool,
    /// Clause.
    #[serde(default)]
    pub source: String,
    /// Whether it was read in its source.
    #[serde(default = "yes")]
    pub verified: bool,
}

/// A paper or statement that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Words.
    pub text: String,
    /// English words.
    #[serde(default)]
    pub text_en: String,
    /// Whether data matching obtains it, so that the applicant is not asked (社会救助法 art. 62).
    #[serde(default)]
    pub matched: bool,
    /// Clause.
    #[serde(default)]
    pub source: String,
    /// Whether it was read in its source.
    #[serde(default = "yes")]
    pub verified: bool,
}

/// One rule of the review (动态管理).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Months until it, where it has a period and is not caused by an event.
    pub months: Option<u16>,
    /// Words.
    pub text: String,
    /// English words.
    #[serde(default)]
    pub text_en: String,
    /// Clause.
    #[serde(default)]
    pub source: String,
    /// Whether it was read in its source.
    #[serde(default = "yes")]
    pub verified: bool,
}

/// What is not marked otherwise counts as read in its source.
pub(super) fn yes() -> bool {
    true
}
