//! The question and the words of its answer. Pure.

use access::{Level, Place};
use kernel::{Day, place::DivisionId};
use places::divisions::division;

use crate::coverage::Sentence;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 社工站覆盖率
    Station,
    /// 社工点覆盖率
    Point,
    /// 到岗率
    Staffing,
}

/// When a village is covered by a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A point is seated in it.
    Strict,
    /// A point covers it.
    Area,
}

/// One question.
#[derive(Debug, Clone)]
pub struct Question {
    /// Which coverage.
    pub kind: Kind,
    /// How points cover.
    pub mode: Mode,
    /// As of this day.
    pub on: Day,
    /// Kinds of units in the denominator; empty = those of the parameter (staffing: every kind).
    pub kinds: Vec<String>,
    /// One row per child.
    pub by_child: bool,
}

impl Kind {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Station => "station",
            Self::Point => "point",
            Self::Staffing => "staffing",
        }
    }

    /// What is counted.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Station => "township",
            Self::Point => "village",
            Self::Staffing => "fte",
        }
    }

    /// The level of the units in the denominator.
    pub fn level(self) -> Level {
        if self == Self::Point { Level::Village } else { Level::Township }
    }

    /// The parameter that says which kinds stand in the denominator.
    pub fn parameter(self) -> Option<&'static str> {
        match self {
            Self::Station => Some("coverage.include_kinds"),
            Self::Point => Some("coverage.village_kinds"),
            Self::Staffing => None,
        }
    }
}

impl Mode {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Area => "area",
        }
    }
}

/// The formula in words.
pub fn formula(kind: Kind, mode: Mode) -> Sentence {
    match (kind, mode) {
        (Kind::Station, _) => Sentence::new(
            "社工站覆盖率 = 当日有计入社工站（运作、已挂牌、有人任职）的乡镇（街道）数 ÷ 当日乡镇（街道）数",
            "Station coverage = townships with a station that counts on the day (operating, plaque hung, somebody assigned) ÷ townships on the day",
        ),
        (Kind::Point, Mode::Strict) => Sentence::new(
            "社工点覆盖率（严格口径）= 当日有计入社工点设在本村（居）的村（居）数 ÷ 当日村（居）数",
            "Point coverage (strict) = villages with a point that counts seated in them on the day ÷ villages on the day",
        ),
        (Kind::Point, Mode::Area) => Sentence::new(
            "社工点覆盖率（片区口径）= 当日被计入社工点覆盖的村（居）数 ÷ 当日村（居）数",
            "Point coverage (area mode) = villages covered by a point that counts on the day ÷ villages on the day",
        ),
        (Kind::Staffing, _) => Sentence::new(
            "到岗率 = 当日在岗全时当量 ÷ 当日岗位编制人数",
            "Staffing rate = full-time equivalents at work on the day ÷ headcount planned on the day",
        ),
    }
}

/// The child of `place` that a unit lies in; a level the tree skips repeats the one above and is passed over.
pub fn child_of(unit: &division::Model, place: &Place) -> DivisionId {
    let path = [unit.province_id, unit.city_id, unit.county_id, unit.township_id, unit.village_id];
    let levels = Level::ALL.into_iter().zip(path);
    let below = levels.filter(|(level, id)| *level > place.level && *id != 0 && *id != place.id);
    below.map(|(_, id)| id).next().unwrap_or(place.id)
}

/// The same for SQL: an expression over the place columns of `alias`, of a table whose rows reach down to `deepest`.
pub fn child_sql(alias: &str, place: Level, deepest: Level) -> String {
    let columns = ["province_id", "city_id", "county_id", "township_id", "village_id"];
    let mut below: Vec<(&str, &str)> = Vec::new();
    for (level, pair) in Level::ALL.into_iter().skip(1).zip(columns.windows(2)) {
        if let [above, column] = pair
            && level > place
            && level <= deepest
        {
            below.push((above, column));
        }
    }
    let Some((last, _)) = below.last().map(|(_, c)| (*c, ())) else {
        let own = columns.into_iter().zip(Level::ALL).find(|(_, l)| *l == place.min(deepest));
        return own.map_or_else(String::new, |(column, _)| format!("{alias}.{column}"));
    };
    let steps: Vec<String> = below
        .iter()
        .take(below.len() - 1)
        .map(|(above, column)| format!("WHEN {alias}.{column} <> {alias}.{above} THEN {alias}.{column}"))
        .collect();
    if steps.is_empty() {
        return format!("{alias}.{last}");
    }
    format!("CASE {} ELSE {alias}.{last} END", steps.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_child_expression_passes_over_skipped_levels() {
        assert_eq!(
            child_sql("d", Level::Province, Level::Township),
            "CASE WHEN d.city_id <> d.province_id THEN d.city_id WHEN d.county_id <> d.city_id THEN d.county_id ELSE d.township_id END"
        );
        assert_eq!(
            child_sql("d", Level::City, Level::Village),
            "CASE WHEN d.county_id <> d.city_id THEN d.county_id WHEN d.township_id <> d.county_id THEN d.township_id ELSE d.village_id END"
        );
        assert_eq!(child_sql("d", Level::County, Level::Township), "d.township_id");
        assert_eq!(child_sql("d", Level::Township, Level::Village), "d.village_id");
        assert_eq!(child_sql("d", Level::Township, Level::Township), "d.township_id");
        assert_eq!(child_sql("d", Level::Village, Level::Village), "d.village_id");
        assert_eq!(child_sql("d", Level::Village, Level::Township), "d.township_id");
    }
}
