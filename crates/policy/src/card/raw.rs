//! A policy file as TOML spells it.

use serde::Deserialize;

use super::Rounding;
use super::procedure::{Evidence, Limit, Nature, Review, Stacking, Stage, yes};
use crate::dictionary::Unit;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCard {
    pub id: String,
    #[serde(default)]
    pub number: String,
    #[serde(default)]
    pub stage: Stage,
    #[serde(default)]
    pub rank: u16,
    pub title: String,
    #[serde(default)]
    pub title_en: String,
    #[serde(default)]
    pub nature: Nature,
    #[serde(default)]
    pub unit: Unit,
    #[serde(default)]
    pub place: String,
    #[serde(default)]
    pub example: bool,
    #[serde(default)]
    pub confidence: String,
    #[serde(default = "yes")]
    pub verified: bool,
    #[serde(default)]
    pub legal: Vec<String>,
    #[serde(default)]
    pub route: String,
    #[serde(default)]
    pub route_en: String,
    #[serde(default)]
    pub no_publicity: bool,
    #[serde(default)]
    pub publicity: String,
    #[serde(default)]
    pub restricted: bool,
    pub review_months: Option<u16>,
    #[serde(default)]
    pub review: Vec<Review>,
    #[serde(default)]
    pub limit: Vec<Limit>,
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    #[serde(default)]
    pub conflicts: Vec<String>,
    #[serde(default)]
    pub stacking: Vec<Stacking>,
    pub version: Vec<toml::Spanned<RawVersion>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVersion {
    pub from: toml::value::Datetime,
    pub to: Option<toml::value::Datetime>,
    #[serde(default)]
    pub source: String,
    pub when: toml::Spanned<RawClause>,
    #[serde(default, rename = "let")]
    pub names: Vec<toml::Spanned<RawName>>,
    pub amount: Option<toml::Spanned<RawAmount>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawClause {
    pub is: Option<String>,
    pub all: Option<Vec<toml::Spanned<RawClause>>>,
    pub any: Option<Vec<toml::Spanned<RawClause>>>,
    pub not: Option<Box<toml::Spanned<RawClause>>>,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub text_en: String,
    #[serde(default)]
    pub source: String,
    #[serde(default = "yes")]
    pub verified: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawName {
    pub name: String,
    pub is: Option<String>,
    pub table: Option<Vec<toml::Spanned<RawRow>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAmount {
    pub is: Option<String>,
    pub table: Option<Vec<toml::Spanned<RawRow>>>,
    #[serde(default)]
    pub rounding: Rounding,
    #[serde(default)]
    pub unit: String,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub text_en: String,
    #[serde(default)]
    pub source: String,
    #[serde(default = "yes")]
    pub verified: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRow {
    pub when: Option<String>,
    pub is: String,
}
