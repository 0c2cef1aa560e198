//! Coverage (覆盖率): one question for all kinds, asked of a place, a day and, for services, a period.
//!
//! Every answer tells its formula, its numerator and denominator, which units stand in the denominator and by which list, so
//! that nobody has to trust a percentage. This room holds the shape of the answer and sends a question to the room that knows:
//! [`crate::network_coverage`] (station, point, staffing) or [`crate::service_coverage`] (service, ledger). It is not a
//! ranking: rows come in the order of the tree.

pub mod http;

use access::PlaceRef;
use chrono::NaiveDate;
use kernel::problem::Text;
use serde::{Serialize, Serializer};

/// A number of the answer: whole, or (staffing) with two decimals; kept in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figure {
    hundredths: i64,
}

impl Figure {
    /// A whole number.
    pub fn whole(number: i64) -> Self {
        Self { hundredths: number.saturating_mul(100) }
    }

    /// A number of hundredths.
    pub fn hundredths(hundredths: i64) -> Self {
        Self { hundredths }
    }

    /// Percent of a whole number with two decimals, half up; nothing when there is nothing to divide by.
    pub fn percent_of(self, denominator: i64) -> Option<String> {
        if denominator <= 0 {
            return None;
        }
        let (n, d) = (i128::from(self.hundredths), i128::from(denominator));
        let percent = (2 * n * 100 + d).div_euclid(2 * d);
        Some(format!("{}.{:02}", percent / 100, percent % 100))
    }
}

impl std::ops::AddAssign for Figure {
    fn add_assign(&mut self, other: Self) {
        self.hundredths = self.hundredths.saturating_add(other.hundredths);
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.hundredths % 100 == 0 {
            to.serialize_i64(self.hundredths / 100)
        } else {
            #[allow(clippy::cast_precision_loss)] // two decimals of a head count
            to.serialize_f64(self.hundredths as f64 / 100.0)
        }
    }
}

/// A sentence of the answer, in Chinese until English is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    text: Text,
    english: bool,
}

impl Sentence {
    /// A sentence in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { text: Text::new(zh, en), english: false }
    }
}

impl Serialize for Sentence {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(if self.english { &self.text.en } else { &self.text.zh })
    }
}

/// Coverage of one place.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CoverageRow {
    /// The place.
    pub place: PlaceRef,
    /// Its civil-affairs code.
    pub code_civil: Option<String>,
    /// Its statistical code.
    pub code_stat: Option<String>,
    /// What is covered.
    #[schema(value_type = f64)]
    pub numerator: Figure,
    /// What should be.
    pub denominator: i64,
    /// Percent with two decimals; null when there is nothing to cover.
    pub percent: Option<String>,
}

impl CoverageRow {
    /// The row of a division with its percentage.
    pub fn new(row: &places::divisions::division::Model, numerator: Figure, denominator: i64) -> Self {
        Self::of(row.short(), (row.code_civil.clone(), row.code_stat.clone()), numerator, denominator)
    }

    /// The row of the place asked for.
    pub fn at(row: &access::placement::division::Model, numerator: Figure, denominator: i64) -> Self {
        Self::of(row.short(), (row.code_civil.clone(), row.code_stat.clone()), numerator, denominator)
    }

    fn of(place: PlaceRef, codes: (Option<String>, Option<String>), numerator: Figure, denominator: i64) -> Self {
        let (code_civil, code_stat) = codes;
        Self { place, code_civil, code_stat, numerator, denominator, percent: numerator.percent_of(denominator) }
    }
}

/// The answer to one question of coverage.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CoverageView {
    /// station, point, staffing, service or ledger.
    pub kind: &'static str,
    /// strict or area, for points.
    pub mode: Option<&'static str>,
    /// The formula in words.
    #[schema(value_type = String)]
    pub formula: Sentence,
    /// The day.
    pub on: NaiveDate,
    /// First day of the period, for services.
    pub from: Option<NaiveDate>,
    /// By which list units stand in the denominator.
    pub division_basis: &'static str,
    /// Division kinds in the denominator.
    pub included_kinds: Vec<String>,
    /// What is counted: township, village, fte, person.
    pub unit: &'static str,
    /// One row per child, or the place itself.
    pub rows: Vec<CoverageRow>,
    /// The place itself.
    pub total: CoverageRow,
    /// What to know when reading it.
    #[schema(value_type = Vec<String>)]
    pub notes: Vec<Sentence>,
}

impl CoverageView {
    /// The same answer with its sentences in the language of the caller.
    pub fn spoken(mut self, english: bool) -> Self {
        self.formula.english = english;
        for note in &mut self.notes {
            note.english = english;
        }
        self
    }
}

/// What the rows of an answer stand for, when it has any beside the place itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The divisions right below the place.
    Child,
    /// All townships inside it.
    Township,
}

/// The two questions the room of service coverage answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceKind {
    /// 服务覆盖率
    Service,
    /// 建档率
    Ledger,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_rounded_half_up_and_nothing_by_nothing_is_nothing() {
        for (n, d, percent) in [
            (Figure::whole(7), 8, Some("87.50")),
            (Figure::whole(1), 3, Some("33.33")),
            (Figure::whole(2), 3, Some("66.67")),
            (Figure::whole(1), 16_000, Some("0.01")),
            (Figure::whole(1), 40_000, Some("0.00")),
            (Figure::whole(22), 22, Some("100.00")),
            (Figure::whole(0), 22, Some("0.00")),
            (Figure::hundredths(150), 2, Some("75.00")),
            (Figure::whole(3), 2, Some("150.00")),
            (Figure::whole(0), 0, None),
        ] {
            assert_eq!(n.percent_of(d).as_deref(), percent, "{n:?} of {d}");
        }
    }

    #[test]
    fn whole_figures_have_no_decimals() {
        let shown = |f: Figure| serde_json::to_string(&f).unwrap();
        assert_eq!(shown(Figure::whole(22)), "22");
        assert_eq!(shown(Figure::hundredths(2_250)), "22.5");
        assert_eq!(shown(Figure::hundredths(29)), "0.29");
    }
}
