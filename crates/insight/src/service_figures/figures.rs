//! Reading `service_counter`, in the neutral subset of both engines.

use std::collections::BTreeMap;

use access::{Level, Outcome, scope::Report};
use kernel::{Day, day, place::DivisionId};
use sea_orm::{QueryResult, Value};

/// The two figures apart, and the minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figure {
    /// 人次: acts of service.
    pub acts: i64,
    /// 人数: distinct people.
    pub people: i64,
    /// Service minutes.
    pub minutes: i64,
}

/// A month, quarter or year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// As written: 2026-11, 2026-Q4, 2026.
    pub text: String,
    /// Its months, in order.
    pub months: Vec<String>,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

impl Span {
    /// Reads a span; none when it is not one, or lies outside 2000 to 2999.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, rest) = match text.split_once('-') {
            Some((year, rest)) => (year, Some(rest)),
            None => (text, None),
        };
        let good = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
        let year: i32 = year.parse().ok().filter(|y| good && (2000..3000).contains(y))?;
        let (first, count) = match rest {
            None => (1, 12),
            Some(q) if q.starts_with('Q') && q.len() == 2 => {
                let n: u32 = q.get(1..)?.parse().ok().filter(|n| (1..=4).contains(n))?;
                (n * 3 - 2, 3)
            }
            Some(m) if m.len() == 2 => (m.parse().ok().filter(|n| (1..=12).contains(n))?, 1),
            Some(_) => return None,
        };
        let from = Day::from_ymd_opt(year, first, 1)?;
        let to = day::add_days(day::add_months(from, i32::try_from(count).ok()?), -1);
        let months = (first..first + count).map(|m| format!("{year:04}-{m:02}")).collect();
        Some(Self { text: text.to_owned(), months, from, to })
    }
}

/// Acts and minutes by month, people by span, of every kind, at one place; counties and above it corrections are added up.
pub async fn of_place(report: &Report, span: &Span) -> Outcome<BTreeMap<(String, String), Figure>> {
    let place = report.place();
    let mut values: Vec<Value> = vec![place.id.into()];
    let spans = spans(span, &mut values);
    let figures = "SELECT c.span, c.kind, CAST(SUM(c.acts) AS BIGINT) AS acts, CAST(SUM(c.people) AS BIGINT) AS people, \
                   CAST(SUM(c.minutes) AS BIGINT) AS minutes";
    let sql = if place.level >= Level::County {
        format!("{figures} FROM service_counter c WHERE c.at_id = $1 AND c.span IN ({spans}) GROUP BY c.span, c.kind")
    } else {
        format!(
            "{figures} FROM (SELECT d.id FROM division d WHERE d.{} = $1 AND d.level <= 3 UNION ALL SELECT -CAST($1 AS integer)) AS p \
             JOIN service_counter c ON c.at_id = p.id WHERE c.span IN ({spans}) GROUP BY c.span, c.kind",
            report.column()
        )
    };
    let mut found = BTreeMap::new();
    for row in report.query(&sql, values).await? {
        found.insert((row.try_get("", "span")?, row.try_get("", "kind")?), figure(&row)?);
    }
    Ok(found)
}

/// Figures of one kind for the divisions right below a place.
pub async fn below(report: &Report, span: &Span, kind: &str) -> Outcome<BTreeMap<DivisionId, Figure>> {
    let mut values: Vec<Value> = vec![report.place().id.into(), kind.into(), span.text.clone().into()];
    let months = months(span, &mut values);
    let sums = format!(
        "SELECT d.id AS child, CAST(SUM(CASE WHEN c.span IN ({months}) THEN c.acts ELSE 0 END) AS BIGINT) AS acts, \
         CAST(SUM(CASE WHEN c.span = $3 THEN c.people ELSE 0 END) AS BIGINT) AS people, \
         CAST(SUM(CASE WHEN c.span IN ({months}) THEN c.minutes ELSE 0 END) AS BIGINT) AS minutes"
    );
    let wanted = format!("c.kind = $2 AND (c.span = $3 OR c.span IN ({months}))");
    let own = format!(
        "{sums} FROM division d JOIN service_counter c ON c.at_id = d.id WHERE d.parent_id = $1 AND {wanted} GROUP BY d.id"
    );
    let counties = format!(
        "{sums} FROM division d JOIN division x ON x.city_id = d.id AND x.level = 3 \
         JOIN service_counter c ON c.at_id = x.id WHERE d.parent_id = $1 AND d.level = 2 AND {wanted} GROUP BY d.id"
    );
    let taken_back = format!(
        "{sums} FROM division d JOIN service_counter c ON c.at_id = -d.id \
         WHERE d.parent_id = $1 AND d.level = 2 AND {wanted} GROUP BY d.id"
    );
    let province = report.place().level == Level::Province;
    let mut found: BTreeMap<DivisionId, Figure> = BTreeMap::new();
    let above = if province { vec![&counties, &taken_back] } else { Vec::new() };
    for sql in std::iter::once(&own).chain(above) {
        for row in report.query(sql, values.clone()).await? {
            let (more, sum) = (figure(&row)?, found.entry(row.try_get("", "child")?).or_default());
            sum.acts += more.acts;
            sum.people += more.people;
            sum.minutes += more.minutes;
        }
    }
    Ok(found)
}

fn figure(row: &QueryResult) -> Outcome<Figure> {
    Ok(Figure {
        acts: row.try_get("", "acts")?,
        people: row.try_get("", "people")?,
        minutes: row.try_get("", "minutes")?,
    })
}

/// Binds the span and its months; gives their places in the statement.
fn spans(span: &Span, values: &mut Vec<Value>) -> String {
    values.push(span.text.clone().into());
    let own = format!("${}", values.len());
    let months = months(span, values);
    format!("{own}, {months}")
}

fn months(span: &Span, values: &mut Vec<Value>) -> String {
    let mut places = Vec::with_capacity(span.months.len());
    for month in &span.months {
        values.push(month.clone().into());
        places.push(format!("${}", values.len()));
    }
    places.join(", ")
}

/// The figure of one kind over a span: acts and minutes of its months, people of the span itself.
pub fn over(found: &BTreeMap<(String, String), Figure>, span: &Span, kind: &str) -> Figure {
    let at = |s: &str| found.get(&(s.to_owned(), kind.to_owned())).copied().unwrap_or_default();
    let mut sum = Figure { people: at(&span.text).people, ..Figure::default() };
    for month in &span.months {
        let figure = at(month);
        sum.acts += figure.acts;
        sum.minutes += figure.minutes;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_with_their_months_and_days() {
        for (text, months, from, to) in [
            ("2026-11", 1, "2026-11-01", "2026-11-30"),
            ("2024-02", 1, "2024-02-01", "2024-02-29"),
            ("2026-Q4", 3, "2026-10-01", "2026-12-31"),
            ("2026", 12, "2026-01-01", "2026-12-31"),
        ] {
            let span = Span::parse(text).unwrap();
            assert_eq!(
                (span.months.len(), span.from.to_string().as_str(), span.to.to_string().as_str()),
                (months, from, to)
            );
        }
        for text in ["", "26", "2026-13", "2026-Q5", "2026-1", "1999", "2026-11-01", "2026-00", "abcd"] {
            assert_eq!(Span::parse(text), None, "{text}");
        }
    }

    #[test]
    fn acts_add_up_over_months_and_people_do_not() {
        let span = Span::parse("2026-Q4").unwrap();
        let put = |s: &str, acts, people| ((s.to_owned(), "*".to_owned()), Figure { acts, people, minutes: acts * 10 });
        let found = BTreeMap::from([put("2026-10", 3, 2), put("2026-11", 4, 2), put("2026-Q4", 0, 3)]);
        assert_eq!(over(&found, &span, "*"), Figure { acts: 7, people: 3, minutes: 70 });
    }
}
