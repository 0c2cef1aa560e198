//! Reading parameter files.

use serde::Deserialize;

use super::{Anchor, Param, ParamError, Params, Value};
use crate::{Day, day};

const FILES: &[&str] = &[
    include_str!("../../../../data/params/coverage.toml"),
    include_str!("../../../../data/params/network.toml"),
    include_str!("../../../../data/params/visit.toml"),
    include_str!("../../../../data/params/service.toml"),
    include_str!("../../../../data/params/ledger.toml"),
    include_str!("../../../../data/params/access.toml"),
    include_str!("../../../../data/params/handover.toml"),
    include_str!("../../../../data/params/restricted.toml"),
    include_str!("../../../../data/params/screening.toml"),
];

/// The values that come with the product.
pub(super) fn embedded() -> Result<Params, ParamError> {
    Params::read(FILES.iter().copied())
}

/// A file of `data/params`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    param: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    code: String,
    place: String,
    from: toml::value::Datetime,
    to: Option<toml::value::Datetime>,
    value: Value,
    unit: String,
    label: String,
    label_en: String,
    source: String,
    verified: bool,
    #[serde(default)]
    anchor: Option<Anchor>,
}

/// Reads one file.
pub(super) fn read(text: &str) -> Result<Vec<Param>, ParamError> {
    let file: File = toml::from_str(text).map_err(|why| ParamError::Unreadable(why.to_string()))?;
    file.param.into_iter().map(param).collect()
}

fn param(row: Row) -> Result<Param, ParamError> {
    let from = written_day(&row.code, &row.from)?;
    let to = row.to.as_ref().map(|to| written_day(&row.code, to)).transpose()?;
    Ok(Param {
        code: row.code,
        place: row.place,
        from,
        to,
        value: row.value,
        unit: row.unit,
        label: row.label,
        label_en: row.label_en,
        source: row.source,
        verified: row.verified,
        anchor: row.anchor,
    })
}

fn written_day(code: &str, written: &toml::value::Datetime) -> Result<Day, ParamError> {
    day::parse(&written.to_string()).ok_or_else(|| ParamError::Unreadable(format!("{code}: {written} is not a day")))
}
