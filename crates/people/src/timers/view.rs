//! Timers as the page of a person shows them.

use access::Scope;
use chrono::NaiveDate;
use kernel::{Outcome, Permit, params::Params};
use serde::Serialize;

use super::{
    model::{self, Rules, Timer},
    store,
};
use crate::{
    due,
    ledger::row::{ledger_entry, ledger_transition},
    persons::row::person,
};

/// A running timer.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TimerView {
    /// lead_contact, lead_verify, grade_due, visit_overdue, recheck_suspended, archive_due, entry_review, category_review or age_band.
    pub kind: String,
    /// Code of list `category`, where it is about one.
    pub category: Option<String>,
    /// `begin` or `end` for a birthday, the code of list `recheck_cause` for an early review; else empty.
    pub about: String,
    /// First day of the window.
    pub from: NaiveDate,
    /// Last day in time.
    pub until: NaiveDate,
    /// ok, open (its window has begun), due (the last day) or overdue.
    pub state: String,
    /// Document or design note behind the limit.
    pub source: String,
    /// Whether a text that states the limit was read.
    pub verified: bool,
    /// An authority owns the decision.
    pub statutory: bool,
}

/// Birthdays further away than this are not shown.
const YEAR: i64 = 366;

/// The timers of a person, the most urgent first.
pub async fn of<P: Permit>(
    scope: &Scope<P>,
    person: &person::Model,
    entry: &ledger_entry::Model,
    steps: &[ledger_transition::Model],
) -> Outcome<Vec<TimerView>> {
    let facts = store::facts_of(scope, person, entry, steps).await?;
    let places = due::actions::place_codes(scope, person).await?;
    let near = due::nearest(&places);
    let today = scope.today();
    let mut timers = model::timers(&facts, &Rules { params: Params::national(), places: &near, today });
    timers.retain(|t| t.kind != "age_band" || kernel::day::days_between(today, t.from) < YEAR);
    timers.sort_by_key(|t| t.until);
    Ok(timers.into_iter().map(|t| shown(t, today)).collect())
}

fn shown(timer: Timer, today: NaiveDate) -> TimerView {
    TimerView {
        state: timer.state(today).to_owned(),
        kind: timer.kind.to_owned(),
        category: timer.category.map(|(code, _)| code),
        about: timer.about,
        from: timer.from,
        until: timer.until,
        source: timer.source,
        verified: timer.verified,
        statutory: timer.statutory,
    }
}
