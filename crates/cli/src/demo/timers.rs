//! Reviews that were made and the day of the next look at somebody, so that a demo world does not begin with everything late.

use ::people::timers::model::{self, Category, Facts, Rules};
use ground::chance::Seeded;
use kernel::{Day, Id, day, params::Params};

use crate::demo::visits::Told;

/// One in so many reviews is late.
const LATE: u64 = 25;

/// What is known of somebody when the timers are set.
pub struct About<'a> {
    /// Ledger state.
    pub state: &'a str,
    /// Grade; empty when there is none.
    pub grade: &'a str,
    /// Birth date.
    pub birth: Day,
    /// Beginning of the episode, and of the state.
    pub since: Day,
    /// The last day in time for the next visit.
    pub next_due_on: Day,
}

/// The timers of one person.
pub struct Set {
    /// Last review of the entry.
    pub reviewed_on: Option<Day>,
    /// Next review of each category, in the order given.
    pub category_reviews: Vec<Option<Day>>,
    /// When the nightly job looks at the person.
    pub next_check_on: Day,
}

/// Days since the last review of a thing that is reviewed every `months`: a few are late.
fn since_review(dice: &Seeded, months: i64) -> i64 {
    let period = u64::try_from(months * 30).unwrap_or(0).max(2);
    let days = if dice.below(LATE) == 0 { period + dice.below(20) } else { dice.below(period - 1) };
    i64::try_from(days).unwrap_or(0)
}

/// Sets the timers of somebody with these categories.
pub fn set(dice: &Seeded, about: &About<'_>, categories: &[(Id, String, Day)], told: &Told, today: Day) -> Set {
    let rules = Rules { params: Params::national(), places: &[], today };
    let graded = matches!(about.state, "active" | "suspended");
    let months = rules.params.whole(&format!("ledger.review_months.{}", about.grade), &[], today).unwrap_or(12);
    let reviewed_on = graded.then(|| day::add_days(today, -since_review(dice, months)).max(about.since));
    let category_reviews: Vec<Option<Day>> = categories
        .iter()
        .map(|(_, code, from)| {
            let months = rules.params.whole(&model::period_code(code, ""), &[], today)?;
            let last = day::add_days(today, -since_review(dice, months)).max(*from);
            model::period_end(code, "", last, &rules)
        })
        .collect();
    let facts = Facts {
        alive: true,
        state: about.state.to_owned(),
        grade: about.grade.to_owned(),
        birth: Some(about.birth),
        opened_on: about.since,
        entered_on: (graded || about.state == "exited").then_some(about.since),
        closed_on: (about.state == "exited").then_some(about.since),
        reviewed_on,
        state_since: about.since,
        contact_on: told.last_contact,
        red: false,
        next_due_on: about.next_due_on,
        pauses: Vec::new(),
        categories: categories
            .iter()
            .zip(&category_reviews)
            .map(|((id, code, from), next)| Category {
                id: *id,
                code: code.clone(),
                sub_code: String::new(),
                from_on: *from,
                reviewed_on: None,
                next_review_on: *next,
                valid_until: None,
                cause: String::new(),
            })
            .collect(),
    };
    let timers = model::timers(&facts, &rules);
    let waits = timers.iter().flat_map(|t| &t.calls).any(|c| c.on <= today);
    let next_check_on = if waits { today } else { model::next_check(&timers, today) };
    Set { reviewed_on, category_reviews, next_check_on }
}
