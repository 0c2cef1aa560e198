//! Checks shared by the forms of persons, categories, ledger and households; each pushes a field with a sentence.

use kernel::{Day, Field, Id, codes, day};

use super::row::NEVER_BEFORE;

/// Longest short text.
pub const SHORT: usize = 200;
/// Longest long text.
pub const LONG: usize = 4_000;
/// Longest list in one request.
pub const MOST_ITEMS: usize = 50;

/// Faults found so far.
#[derive(Debug, Default)]
pub struct Faults(pub Vec<Field>);

impl Faults {
    /// Notes a fault.
    pub fn push(&mut self, field: Field) {
        self.0.push(field);
    }

    /// The result when nothing was wrong.
    pub fn done<T>(self, value: Option<T>) -> kernel::Outcome<T> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(kernel::Problem::Invalid(self.0)),
        }
    }

    /// Keeps a value, or the fields of the problem; other problems end the check.
    pub fn keep<T>(&mut self, outcome: kernel::Outcome<T>) -> kernel::Outcome<Option<T>> {
        match outcome {
            Ok(value) => Ok(Some(value)),
            Err(kernel::Problem::Invalid(fields)) => {
                self.0.extend(fields);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// A code of a list.
    pub fn code(&mut self, field: &str, list: &str, code: &str) {
        if code.is_empty() {
            self.push(Field::required(field));
        } else if !codes::has(list, code) {
            self.push(Field::unknown_code(field, list));
        }
    }

    /// A code of a list, when given.
    pub fn optional_code(&mut self, field: &str, list: &str, code: Option<&str>) {
        if let Some(code) = code {
            self.code(field, list, code);
        }
    }

    /// Text that must be there, trimmed.
    pub fn text(&mut self, field: &str, text: &str, max: usize) -> String {
        let text = text.trim();
        if text.is_empty() {
            self.push(Field::required(field));
        }
        self.short_enough(field, text, max);
        text.to_owned()
    }

    /// Text that may be missing, trimmed; blank is missing.
    pub fn optional_text(&mut self, field: &str, text: Option<&str>, max: usize) -> Option<String> {
        let text = text.map(str::trim).filter(|t| !t.is_empty())?;
        self.short_enough(field, text, max);
        Some(text.to_owned())
    }

    fn short_enough(&mut self, field: &str, text: &str, max: usize) {
        if text.chars().count() > max {
            self.push(Field::too_long(field, max));
        }
    }

    /// A day that lies neither in the future nor before living memory of the records.
    pub fn past(&mut self, field: &str, on: Day, today: Day) {
        self.between(field, on, NEVER_BEFORE, today);
    }

    /// A birth date.
    pub fn birth(&mut self, field: &str, on: Day, today: Day) {
        self.between(field, on, day::add_days(NEVER_BEFORE, -50 * 365), today);
    }

    fn between(&mut self, field: &str, on: Day, earliest: Day, today: Day) {
        if on > today {
            self.push(Field::future(field));
        } else if on < earliest {
            self.push(Field::new(field, "range", "日期过早，请核对年份。", "The date is too early; check the year."));
        }
    }

    /// A day that must not come before another.
    pub fn not_before(&mut self, field: &str, on: Day, start: Option<Day>, zh: &str, en: &str) {
        if start.is_some_and(|start| on < start) {
            self.push(Field::new(field, "range", zh, en));
        }
    }

    /// An id the client made.
    pub fn id(&mut self, field: &str, id: Id) {
        if id.get_version_num() != 7 {
            self.push(Field::new(
                field,
                "format",
                "编号格式不正确（应为 UUIDv7），请刷新页面后重试。",
                "The id must be a UUIDv7; reload the page and try again.",
            ));
        }
    }

    /// A list that is not too long.
    pub fn list<T>(&mut self, field: &str, items: &[T]) {
        if items.len() > MOST_ITEMS {
            self.push(Field::new(
                field,
                "too_many",
                format!("最多 {MOST_ITEMS} 项，请分次提交。"),
                format!("At most {MOST_ITEMS} items; send them in several steps."),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_kept_between_1900_and_today() {
        let today = day::parse("2026-11-23").unwrap();
        for (text, codes) in [
            ("2026-11-23", &[][..]),
            ("2026-11-24", &["future"]),
            ("1899-12-31", &["range"]),
            ("9999-12-31", &["future"]),
            ("0001-01-01", &["range"]),
        ] {
            let mut faults = Faults::default();
            faults.past("on", day::parse(text).unwrap(), today);
            assert_eq!(faults.0.iter().map(|f| f.code).collect::<Vec<_>>(), codes, "{text}");
        }
    }

    #[test]
    fn blank_text_is_missing_and_long_text_is_refused_by_code_points() {
        let mut faults = Faults::default();
        assert_eq!(faults.optional_text("note", Some("  "), 5), None);
        faults.text("note", " ", 5);
        faults.text("note", "𠮷𠮷𠮷𠮷𠮷", 5);
        faults.text("note", "𠮷𠮷𠮷𠮷𠮷𠮷", 5);
        assert_eq!(faults.0.iter().map(|f| f.code).collect::<Vec<_>>(), ["required", "too_long"]);
    }
}
