//! Which timers run for somebody, and who is told when: pure rules over facts and parameters.

use kernel::{
    Day, Id, codes, day,
    params::{Held, Params},
};

use crate::persons::row::NEVER_DUE;

/// Kinds of timers, which are the kinds of the tasks they raise.
pub const KINDS: [&str; 9] = [
    "lead_contact",
    "lead_verify",
    "grade_due",
    "visit_overdue",
    "recheck_suspended",
    "archive_due",
    "entry_review",
    "category_review",
    "age_band",
];

/// What the timers of a person depend on, besides parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Alive.
    pub alive: bool,
    /// Ledger state of today.
    pub state: String,
    /// Grade; empty while ungraded.
    pub grade: String,
    /// Birth date.
    pub birth: Option<Day>,
    /// Beginning of the running episode.
    pub opened_on: Day,
    /// Entry into the ledger in this episode.
    pub entered_on: Option<Day>,
    /// Exit or dismissal.
    pub closed_on: Option<Day>,
    /// Last review of the entry.
    pub reviewed_on: Option<Day>,
    /// Day on which the present state began.
    pub state_since: Day,
    /// Day of the last contact in any mode.
    pub contact_on: Option<Day>,
    /// A red risk sign is open.
    pub red: bool,
    /// The last day in time for the next visit.
    pub next_due_on: Day,
    /// Finished suspensions.
    pub pauses: Vec<(Day, Day)>,
    /// Open categories.
    pub categories: Vec<Category>,
}

/// An open category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Assignment.
    pub id: Id,
    /// Code.
    pub code: String,
    /// Finer code.
    pub sub_code: String,
    /// First day.
    pub from_on: Day,
    /// Last review.
    pub reviewed_on: Option<Day>,
    /// Day set for the next review.
    pub next_review_on: Option<Day>,
    /// Last day of certificate or recognition.
    pub valid_until: Option<Day>,
    /// Why the next review comes early.
    pub cause: String,
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum To {
    /// The responsible worker; the head where there is none.
    Worker,
    /// Station head.
    Head,
    /// Township reviewer.
    Reviewer,
    /// County civil-affairs officer.
    County,
}

/// From which day somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// From this day on.
    pub on: Day,
    /// Who.
    pub to: To,
}

/// A running timer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// One of [`KINDS`].
    pub kind: &'static str,
    /// The category and its assignment, where it is about one. A category that is to begin has no assignment.
    pub category: Option<(String, Option<Id>)>,
    /// `end` or `begin` for a birthday; the cause of an early review; else empty.
    pub about: String,
    /// First day of the window.
    pub from: Day,
    /// Last day in time.
    pub until: Day,
    /// Document or design note behind the limit.
    pub source: String,
    /// Whether a text that states the limit was read.
    pub verified: bool,
    /// An authority owns the decision.
    pub statutory: bool,
    /// Who is told when.
    pub calls: Vec<Call>,
}

impl Timer {
    /// How the timer stands: `ok`, `open` (its window has begun), `due` (the last day) or `overdue`.
    pub fn state(&self, today: Day) -> &'static str {
        match day::days_between(today, self.until) {
            left if left < 0 => "overdue",
            0 => "due",
            _ if today >= self.from => "open",
            _ => "ok",
        }
    }

    /// What the task of a call is about exactly.
    pub fn mark(&self, to: To) -> String {
        let who = match to {
            To::Worker => "w",
            To::Head => "h",
            To::Reviewer => "r",
            To::County => "c",
        };
        let what = self.category.as_ref().map_or_else(String::new, |(code, id)| match id {
            Some(id) => format!(":{id}"),
            None => format!(":{code}"),
        });
        format!("{who}:{}{what}", self.until)
    }
}

/// Parameters as of a day and place.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// The values.
    pub params: &'a Params,
    /// Division codes, nearest first.
    pub places: &'a [&'a str],
    /// Today.
    pub today: Day,
}

impl Rules<'_> {
    fn held(&self, code: &str) -> Option<Held<'_>> {
        self.params.held(code, self.places, self.today)
    }

    fn days(&self, code: &str) -> i64 {
        self.held(code).map_or(0, |h| h.value.max(0))
    }

    /// The `n`th working day behind `from`, with the holidays of the place.
    pub fn workdays(&self, from: Day, n: i64) -> Day {
        let list = |code| -> Vec<Day> {
            self.params.codes(code, self.places, self.today).iter().filter_map(|t| day::parse(t)).collect()
        };
        day::add_workdays(from, n, &list("calendar.days_off"), &list("calendar.extra_workdays"))
    }
}

fn months(from: Day, n: i64) -> Day {
    day::add_months(from, i32::try_from(n).unwrap_or(0))
}

fn later(day: Day, days: i64) -> Day {
    kernel::day::add_days(day, days).min(NEVER_DUE)
}

/// All timers that run.
pub fn timers(facts: &Facts, rules: &Rules<'_>) -> Vec<Timer> {
    let mut all: Vec<Timer> = Vec::new();
    if facts.state == "exited" {
        all.extend(archive(facts, rules));
    }
    if !facts.alive {
        return all;
    }
    match facts.state.as_str() {
        "lead" | "verifying" => all.extend(lead(facts, rules)),
        "active" => {
            all.extend(grading(facts, rules));
            all.extend(visit(facts, rules));
            all.extend(entry_review(facts, rules));
        }
        "suspended" => all.extend(suspended(facts, rules)),
        _ => return all,
    }
    all.extend(facts.categories.iter().filter_map(|c| category_review(c, rules)));
    all.extend(birthdays(facts, rules));
    all
}

fn timer(kind: &'static str, held: &Held<'_>, from: Day, until: Day, calls: Vec<Call>) -> Timer {
    Timer {
        kind,
        category: None,
        about: String::new(),
        from,
        until,
        source: held.param.source.clone(),
        verified: held.param.verified,
        statutory: false,
        calls,
    }
}

const fn call(on: Day, to: To) -> Call {
    Call { on, to }
}

/// A lead is contacted, then verified; a red sign cannot wait.
fn lead(facts: &Facts, rules: &Rules<'_>) -> Option<Timer> {
    let contacted = facts.contact_on.is_some_and(|on| on >= facts.opened_on);
    if facts.state == "lead" && !contacted {
        let held = rules.held("lead.contact_days")?;
        let until = if facts.red { facts.opened_on } else { later(facts.opened_on, held.value) };
        let head = if facts.red { until } else { later(until, 1) };
        let calls = vec![call(until, To::Worker), call(head, To::Head)];
        return Some(timer("lead_contact", &held, facts.opened_on, until, calls));
    }
    let held = rules.held("lead.verify_days")?;
    let from = if facts.state == "verifying" { facts.state_since } else { facts.opened_on };
    let until = later(from, held.value);
    let calls = vec![
        call(later(until, -rules.days("visit.soon_days")).max(from), To::Worker),
        call(later(until, 1), To::Head),
        call(later(until, rules.days("visit.esc2")), To::Reviewer),
    ];
    Some(timer("lead_verify", &held, from, until, calls))
}

/// Whoever came in without a grade is graded within some working days.
fn grading(facts: &Facts, rules: &Rules<'_>) -> Option<Timer> {
    let entered = facts.entered_on.filter(|_| facts.grade.is_empty())?;
    let held = rules.held("ledger.grade_workdays")?;
    let until = rules.workdays(entered, held.value);
    let calls = vec![call(entered, To::Worker), call(later(until, 1), To::Head)];
    Some(timer("grade_due", &held, entered, until, calls))
}

/// The worker has the due list; an overdue visit is told to the head, then to the reviewer.
fn visit(facts: &Facts, rules: &Rules<'_>) -> Option<Timer> {
    if facts.next_due_on >= NEVER_DUE {
        return None;
    }
    let held = rules.held("visit.esc1")?;
    let from = facts.contact_on.unwrap_or(facts.opened_on).min(facts.next_due_on);
    let until = facts.next_due_on;
    let calls = vec![
        call(later(until, held.value.max(1)), To::Head),
        call(later(until, rules.days("visit.esc2").max(1)), To::Reviewer),
    ];
    Some(timer("visit_overdue", &held, from, until, calls))
}

/// The entry itself is reviewed by grade; days in suspension do not count.
fn entry_review(facts: &Facts, rules: &Rules<'_>) -> Option<Timer> {
    let base = facts.reviewed_on.into_iter().chain(facts.entered_on).max()?;
    let grade = if facts.grade.is_empty() { "C" } else { &facts.grade };
    let held = rules.held(&format!("ledger.review_months.{grade}"))?;
    let paused: i64 = facts.pauses.iter().map(|(from, to)| day::days_between((*from).max(base), *to).max(0)).sum();
    let until = later(months(base, held.value), paused);
    let from = later(until, -rules.days("ledger.review_soon_days")).max(base);
    let calls = vec![
        call(from, To::Worker),
        call(later(until, rules.days("visit.esc1").max(1)), To::Head),
        call(later(until, rules.days("visit.esc2").max(1)), To::Reviewer),
    ];
    Some(timer("entry_review", &held, from, until, calls))
}

/// A suspended entry is looked at again by the head.
fn suspended(facts: &Facts, rules: &Rules<'_>) -> Option<Timer> {
    let held = rules.held("ledger.suspend_review_days")?;
    let base = facts.reviewed_on.unwrap_or(facts.state_since).max(facts.state_since);
    let until = later(base, held.value);
    let from = later(until, -rules.days("visit.soon_days")).max(base);
    let calls = vec![call(from, To::Head), call(later(until, rules.days("visit.esc2").max(1)), To::Reviewer)];
    Some(timer("recheck_suspended", &held, from, until, calls))
}

/// The file of whoever left is archived.
fn archive(facts: &Facts, rules: &Rules<'_>) -> Option<Timer> {
    let closed = facts.closed_on?;
    let held = rules.held("ledger.archive_days")?;
    let until = later(closed, held.value);
    let calls = vec![
        call(later(until, -rules.days("visit.soon_days")).max(closed), To::Worker),
        call(later(until, 1), To::Head),
    ];
    Some(timer("archive_due", &held, closed, until, calls))
}

/// The parameter that sets the period of a category: the finer code first, a disability by its group.
pub fn period_code(category: &str, sub_code: &str) -> String {
    match (category, sub_code) {
        ("DIBAO", "dibao_unstable") => "review.months.DIBAO.unstable".to_owned(),
        (dis, _) if dis.starts_with("DIS_") => "review.months.DIS".to_owned(),
        (other, _) => format!("review.months.{other}"),
    }
}

/// When a category is to be looked at next, counted from its last review or its beginning; none when nothing asks for it.
pub fn period_end(category: &str, sub_code: &str, base: Day, rules: &Rules<'_>) -> Option<Day> {
    rules.held(&period_code(category, sub_code)).map(|held| months(base, held.value))
}

/// Until when a cause asks for an early review, counted from the day it arose.
pub fn early_review(cause: &str, from: Day, rules: &Rules<'_>) -> Option<Day> {
    match cause {
        "member_died" => rules.held("review.months.DIBAO.after_death").map(|held| months(from, held.value)),
        "found_work" => rules.held("review.months.DIBAO.grace").map(|held| months(from, held.value)),
        "selfcare_changed" => rules.held("review.workdays.TEKUN_SELFCARE").map(|held| rules.workdays(from, held.value)),
        "situation_changed" => rules.held("ledger.review_soon_days").map(|held| later(from, held.value)),
        _ => None,
    }
}

/// The parameter behind an early review.
fn early_code(cause: &str) -> Option<&'static str> {
    Some(match cause {
        "member_died" => "review.months.DIBAO.after_death",
        "found_work" => "review.months.DIBAO.grace",
        "selfcare_changed" => "review.workdays.TEKUN_SELFCARE",
        "situation_changed" => "ledger.review_soon_days",
        _ => return None,
    })
}

fn category_review(c: &Category, rules: &Rules<'_>) -> Option<Timer> {
    let item = codes::category(&c.code);
    // Restricted categories have files of their own; a task would tell that they exist.
    if item.and_then(|i| i.restricted) == Some(true) {
        return None;
    }
    let base = c.reviewed_on.unwrap_or(c.from_on);
    let by_period = c.next_review_on.or_else(|| period_end(&c.code, &c.sub_code, base, rules));
    let until = by_period.into_iter().chain(c.valid_until).min()?;
    let statutory = item.and_then(|i| i.statutory) == Some(true);
    let soon = rules.days("ledger.review_soon_days");
    let from = later(until, -soon).max(base).min(until);
    let calls = if statutory {
        vec![call(from, To::Reviewer), call(later(until, rules.days("visit.esc2").max(1)), To::County)]
    } else {
        vec![call(from, To::Worker), call(later(until, rules.days("visit.esc1").max(1)), To::Head)]
    };
    let code = early_code(&c.cause).map_or_else(|| period_code(&c.code, &c.sub_code), str::to_owned);
    let held = rules.held(&code).filter(|_| c.valid_until != Some(until) || !c.cause.is_empty());
    let own = item.and_then(|i| i.end_rule.clone()).unwrap_or_default();
    Some(Timer {
        kind: "category_review",
        category: Some((c.code.clone(), Some(c.id))),
        about: c.cause.clone(),
        from,
        until,
        source: held.map_or(own, |h| h.param.source.clone()),
        verified: held.map_or(item.is_some_and(|i| i.verified), |h| h.param.verified),
        statutory,
        calls,
    })
}

/// Birthdays that end an open category, or begin one while somebody is in the ledger: proposals, people decide.
fn birthdays(facts: &Facts, rules: &Rules<'_>) -> Vec<Timer> {
    let Some(birth) = facts.birth else { return Vec::new() };
    let items = codes::list("category").map_or(&[][..], |l| &l.items);
    let mut all = Vec::new();
    for item in items.iter().filter(|i| i.restricted != Some(true)) {
        let open = facts.categories.iter().find(|c| c.code == item.code);
        let (on, about, id) = match (open, item.from_age, item.to_age) {
            (Some(c), _, Some(age)) => (day::birthday(birth, age), "end", Some(c.id)),
            // Only birthdays since the person is known: an old entry without the category is a judgement made before.
            (None, Some(age), _) if day::birthday(birth, age) > facts.opened_on => {
                (day::birthday(birth, age), "begin", None)
            }
            _ => continue,
        };
        let until = later(on, rules.days("ledger.age_band_days"));
        all.push(Timer {
            kind: "age_band",
            category: Some((item.code.clone(), id)),
            about: about.to_owned(),
            from: on,
            until,
            source: item.source.clone().unwrap_or_default(),
            verified: item.verified,
            statutory: item.statutory == Some(true),
            calls: vec![call(on, To::Worker), call(later(until, 1), To::Head)],
        });
    }
    all
}

/// Whether a birthday leaves a person without any category: then the exit (超过年龄) is proposed too.
pub fn leaves_nothing(facts: &Facts, ending: Id) -> bool {
    facts.state == "active" && facts.categories.iter().all(|c| c.id == ending)
}

/// The first day after `today` on which somebody is to be told something; [`NEVER_DUE`] when there is none.
pub fn next_check(timers: &[Timer], today: Day) -> Day {
    let calls = timers.iter().flat_map(|t| &t.calls);
    calls.map(|c| c.on).filter(|on| *on > today).min().unwrap_or(NEVER_DUE)
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
