//! Checks that all forms of the network share, each with a sentence that says what to do.

use kernel::{Day, Field, Outcome, Problem, codes, day};
use serde::{Deserialize, Deserializer};

/// Longest name.
const NAME: usize = 50;
/// Longest short text.
const SHORT: usize = 200;
/// Longest long text.
const LONG: usize = 4_000;

/// Faults found so far in one form.
#[derive(Default)]
pub struct Faults(Vec<Field>);

impl Faults {
    /// Adds a fault.
    pub fn push(&mut self, field: Field) {
        self.0.push(field);
    }

    /// The form is right, or every fault at once.
    pub fn finish(self) -> Outcome<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::Invalid(self.0)) }
    }

    /// A name that must be there.
    pub fn name(&mut self, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.push(Field::required(field));
        }
        self.at_most(field, text, NAME);
    }

    /// A short text that may be missing.
    pub fn short(&mut self, field: &str, text: Option<&str>) {
        self.at_most(field, text.unwrap_or_default(), SHORT);
    }

    /// A long text that may be missing.
    pub fn long(&mut self, field: &str, text: Option<&str>) {
        self.at_most(field, text.unwrap_or_default(), LONG);
    }

    fn at_most(&mut self, field: &str, text: &str, max: usize) {
        if text.chars().count() > max {
            self.push(Field::too_long(field, max));
        }
    }

    /// A code of a list.
    pub fn code(&mut self, field: &str, list: &str, code: &str) {
        if !codes::has(list, code) {
            self.push(Field::unknown_code(field, list));
        }
    }

    /// A day on which something happened: not before the People's Republic, not after today.
    pub fn past(&mut self, field: &str, on: Day, today: Day) {
        if on > today {
            self.push(Field::future(field));
        }
        self.not_ancient(field, on);
    }

    /// A day that may lie ahead, by ten years at most.
    pub fn planned(&mut self, field: &str, on: Day, today: Day) {
        if on > day::add_months(today, 120) {
            self.push(Field::new(
                field,
                "range",
                "日期过远，最多为今天之后十年，请修改。",
                "The date is too far ahead: at most ten years from today; change it.",
            ));
        }
        self.not_ancient(field, on);
    }

    fn not_ancient(&mut self, field: &str, on: Day) {
        if Day::from_ymd_opt(1949, 10, 1).is_some_and(|first| on < first) {
            self.push(Field::new(
                field,
                "range",
                "日期过早，请填 1949-10-01 或之后的日期。",
                "The date is too early; give 1949-10-01 or later.",
            ));
        }
    }

    /// The last day of something that began on `from`.
    pub fn end(&mut self, field: &str, from: Day, to: Day, today: Day) {
        if to < from {
            self.push(Field::new(
                field,
                "before_start",
                "截止日期不能早于起始日期，请修改。",
                "The last day must not be before the first; change it.",
            ));
        }
        self.planned(field, to, today);
    }

    /// A whole number between two bounds.
    pub fn range(&mut self, field: &str, number: i32, least: i32, most: i32) {
        if !(least..=most).contains(&number) {
            self.push(Field::new(
                field,
                "range",
                format!("数值应在 {least} 到 {most} 之间，请修改。"),
                format!("The number must be between {least} and {most}; change it."),
            ));
        }
    }

    /// A list of at most so many items.
    pub fn items<T>(&mut self, field: &str, items: &[T], most: usize) {
        if items.len() > most {
            self.push(Field::new(
                field,
                "too_many",
                format!("最多选择 {most} 项，请减少。"),
                format!("At most {most} items; choose fewer."),
            ));
        }
    }
}

/// An optional text as kept: trimmed, and nothing instead of empty.
pub fn kept(text: Option<String>) -> Option<String> {
    text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
}

/// Reads a field of a change: left out = as it is, null = cleared.
pub fn given<'de, D, T>(from: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(from).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Day {
        day::parse(text).unwrap()
    }

    #[test]
    fn days_outside_any_sense_are_refused() {
        let today = d("2026-11-23");
        for (on, past, planned) in [
            ("2026-11-23", 0, 0),
            ("2026-11-24", 1, 0),
            ("2036-11-24", 1, 1),
            ("9999-12-31", 1, 1),
            ("0001-01-01", 1, 1),
            ("1949-10-01", 0, 0),
        ] {
            let (mut a, mut b) = (Faults::default(), Faults::default());
            a.past("on", d(on), today);
            b.planned("on", d(on), today);
            assert_eq!((a.0.len(), b.0.len()), (past, planned), "{on}");
        }
    }

    #[test]
    fn an_empty_name_and_a_long_one_are_refused_and_all_faults_come_together() {
        let mut faults = Faults::default();
        faults.name("name", "  ");
        faults.name("other", &"社".repeat(51));
        faults.code("mode", "operating_mode", "nonsense");
        let Err(Problem::Invalid(fields)) = faults.finish() else { panic!() };
        let codes: Vec<_> = fields.iter().map(|f| f.code).collect();
        assert_eq!(codes, ["required", "too_long", "unknown_code"]);
    }
}
