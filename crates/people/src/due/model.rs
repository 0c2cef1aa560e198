//! The next due day and its reason: pure rules over standing, contacts and parameters.

use kernel::{Day, codes, day, params::Params};
use serde::Serialize;

use crate::persons::row::NEVER_DUE;

/// Why somebody is due: the interval, what set it, and where that comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Why {
    /// Longest interval in days.
    pub interval_days: i64,
    /// `grade:A`, `category:ALONE`, `state:lead` (first contact) or `state:verifying`.
    pub from: String,
    /// Document or design note behind the interval.
    pub source: String,
    /// Whether a text that states the interval was read.
    pub verified: bool,
    /// The longer interval this place had set, which the national requirement does not allow; null when there is none.
    pub wished_days: Option<i64>,
}

/// The next visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The last day in time.
    pub on: Day,
    /// The rule behind it.
    pub why: Why,
}

/// What the next due day depends on, besides parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Ledger state of today.
    pub state: String,
    /// Grade A, B or C; empty while ungraded.
    pub grade: String,
    /// Open categories, as one bit each (`person.cat_bits`).
    pub cat_bits: i64,
    /// First day of the running ledger episode.
    pub opened_on: Day,
    /// Day on which the present state began.
    pub state_since: Day,
    /// Whether the person left the ledger before: contacts of earlier episodes no longer count.
    pub reopened: bool,
    /// Day of the latest contact (`met`, `proxy_met`) in each mode.
    pub contacts: Vec<(String, Day)>,
    /// Finished suspensions: first day, and the day of coming back.
    pub pauses: Vec<(Day, Day)>,
}

/// The next due day, or none when nothing is due in this standing.
///
/// `places` are division codes nearest first; parameters hold as of `today`.
pub fn next_due(standing: &Standing, params: &Params, places: &[&str], today: Day) -> Option<Next> {
    match standing.state.as_str() {
        "lead" => lead(standing, params, places, today),
        "verifying" => whole(params, "lead.verify_days", "state:verifying", places, today)
            .map(|why| from(standing.state_since, why)),
        "active" => timers(standing, params, places, today).min_by_key(|next| (next.on, next.why.interval_days)),
        _ => None,
    }
}

/// A lead is due for its first contact; once there was one, for its verification.
fn lead(standing: &Standing, params: &Params, places: &[&str], today: Day) -> Option<Next> {
    let contacted = standing.contacts.iter().any(|(_, on)| *on >= standing.opened_on);
    let (code, name) =
        if contacted { ("lead.verify_days", "state:verifying") } else { ("lead.contact_days", "state:lead") };
    whole(params, code, name, places, today).map(|why| from(standing.opened_on, why))
}

/// The rule of the grade, then those of the categories: longest interval, and the modes that reset it.
fn rules<'a>(
    grade: &str,
    cat_bits: i64,
    params: &'a Params,
    places: &'a [&'a str],
    today: Day,
) -> impl Iterator<Item = (Why, &'a [String])> {
    // Until it is graded (within `ledger.grade_workdays`) a client stands as 一般.
    let grade = if grade.is_empty() { "C" } else { grade };
    let by_grade = params.codes(&format!("visit.allowed_modes.{grade}"), places, today);
    let of_grade = whole(params, &format!("visit.max_interval_days.{grade}"), &format!("grade:{grade}"), places, today)
        .map(|why| (why, by_grade));
    let of_categories = categories(cat_bits).filter_map(move |code| {
        let name = format!("category:{code}");
        let why = whole(params, &format!("visit.category_interval_days.{code}"), &name, places, today)?;
        let own = params.codes(&format!("visit.allowed_category_modes.{code}"), places, today);
        Some((why, if own.is_empty() { by_grade } else { own }))
    });
    of_grade.into_iter().chain(of_categories)
}

/// Whether a call (telephone or video) resets every timer of somebody with this grade and these categories.
pub fn call_will_do(grade: &str, cat_bits: i64, params: &Params, places: &[&str], today: Day) -> bool {
    let mut any = false;
    let all = rules(grade, cat_bits, params, places, today)
        .inspect(|_| any = true)
        .all(|(_, modes)| modes.iter().any(|m| m == "phone" || m == "video"));
    all && any
}

/// Whether a contact in this mode resets at least one timer of somebody with this grade and these categories.
pub fn resets(mode: &str, grade: &str, cat_bits: i64, params: &Params, places: &[&str], today: Day) -> bool {
    rules(grade, cat_bits, params, places, today).any(|(_, modes)| modes.iter().any(|m| m == mode))
}

/// Whether an interval is set for one of these categories.
pub fn has_category_interval(cat_bits: i64, params: &Params, places: &[&str], today: Day) -> bool {
    let interval = |code| params.whole(&format!("visit.category_interval_days.{code}"), places, today);
    categories(cat_bits).any(|code| interval(code).is_some())
}

/// The day of every rule, counted from the last contact it accepts.
fn timers<'a>(
    standing: &'a Standing,
    params: &'a Params,
    places: &'a [&'a str],
    today: Day,
) -> impl Iterator<Item = Next> + 'a {
    rules(&standing.grade, standing.cat_bits, params, places, today).map(move |(why, modes)| {
        let last = standing
            .contacts
            .iter()
            .filter(|(mode, on)| modes.contains(mode) && (!standing.reopened || *on >= standing.opened_on))
            .map(|(_, on)| *on)
            .max();
        let base = last.unwrap_or(standing.opened_on);
        from(day::add_days(base, paused(standing, base)), why)
    })
}

/// Days of suspension since `base`: they do not count.
fn paused(standing: &Standing, base: Day) -> i64 {
    let days = |(from, to): &(Day, Day)| day::days_between((*from).max(base), *to).max(0);
    standing.pauses.iter().map(days).sum()
}

fn from(base: Day, why: Why) -> Next {
    Next { on: day::add_days(base, why.interval_days).min(NEVER_DUE), why }
}

fn whole(params: &Params, code: &str, name: &str, places: &[&str], today: Day) -> Option<Why> {
    let held = params.held(code, places, today)?;
    Some(Why {
        interval_days: held.value.max(0),
        from: name.to_owned(),
        source: held.param.source.clone(),
        verified: held.param.verified,
        wished_days: held.wished,
    })
}

/// The day on which the present state began, from the states entered in order of time.
pub fn state_since(entered: &[(&str, Day)], state: &str) -> Option<Day> {
    entered.iter().rev().take_while(|(to, _)| *to == state).last().map(|(_, on)| *on)
}

/// The finished suspensions, from the states entered in order of time.
pub fn pauses(entered: &[(&str, Day)]) -> Vec<(Day, Day)> {
    let mut pauses = Vec::new();
    let mut since: Option<Day> = None;
    for (state, on) in entered {
        if *state == "suspended" {
            since = since.or(Some(*on));
        } else if let Some(from) = since.take() {
            pauses.push((from, *on));
        }
    }
    pauses
}

/// The reason of a due day when grade and categories alone tell it: all timers accept the same modes, so the least interval
/// is the earliest day. `None` asks for the whole standing.
pub fn plain_why(state: &str, grade: &str, cat_bits: i64, params: &Params, places: &[&str], today: Day) -> Option<Why> {
    if state != "active" {
        return None;
    }
    let mut rules = rules(grade, cat_bits, params, places, today);
    let (first, modes) = rules.next()?;
    rules.try_fold(first, |least, (why, other)| {
        let why = if why.interval_days < least.interval_days { why } else { least };
        (other == modes).then_some(why)
    })
}

/// The categories of a mask; disability as `DIS_SEVERE` and `DIS_OTHER`, whose kinds and grades share a bit each.
pub fn categories(bits: i64) -> impl Iterator<Item = &'static str> {
    let plain = codes::list("category").map_or(&[][..], |list| &list.items);
    let plain = plain.iter().map(|item| item.code.as_str()).filter(|code| !code.starts_with("DIS_"));
    plain
        .chain(["DIS_SEVERE", "DIS_OTHER"])
        .filter(move |code| codes::category_mask(code).is_some_and(|mask| bits & mask != 0))
}

/// How a due day stands today: `none`, `ok`, `soon`, `due` or `overdue`.
pub fn due_state(next_due_on: Day, soon_days: i64, today: Day) -> &'static str {
    match day::days_between(today, next_due_on) {
        _ if next_due_on >= NEVER_DUE => "none",
        left if left < 0 => "overdue",
        0 => "due",
        left if left <= soon_days => "soon",
        _ => "ok",
    }
}

/// First (none: however long ago) and last due day of a list by state; all that is overdue, due or soon without one.
pub fn window(state: Option<&str>, soon_days: i64, today: Day) -> Option<(Option<Day>, Day)> {
    match state {
        None => Some((None, day::add_days(today, soon_days))),
        Some("overdue") => Some((None, day::add_days(today, -1))),
        Some("due") => Some((Some(today), today)),
        Some("soon") => Some((Some(day::add_days(today, 1)), day::add_days(today, soon_days))),
        Some(_) => None,
    }
}

/// From how many failed visits in a row a priority client counts as not reached, and the last due day such a client can have.
///
/// A failed visit does not move the due day, so whoever was not reached is due within one interval of grade A.
pub fn missed(places: &[&str], today: Day) -> (i32, Day) {
    let params = Params::national();
    let failures = params.whole("visit.not_reached_alert", places, today).and_then(|n| i32::try_from(n).ok());
    let interval = params.whole("visit.max_interval_days.A", places, today).unwrap_or(0);
    (failures.unwrap_or(i32::MAX), day::add_days(today, interval))
}

/// Who should look at an overdue visit by now: `none`, `worker`, `head` (站长) or `reviewer` (乡镇、督导).
pub fn escalated_to(overdue_days: i64, params: &Params, places: &[&str], today: Day) -> &'static str {
    let at_least = |code| params.whole(code, places, today).is_some_and(|days| overdue_days >= days);
    match overdue_days {
        ..=0 => "none",
        _ if at_least("visit.esc2") => "reviewer",
        _ if at_least("visit.esc1") => "head",
        _ => "worker",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Day {
        day::parse(text).unwrap()
    }

    fn standing(grade: &str, categories: &[&str], contacts: &[(&str, &str)]) -> Standing {
        Standing {
            state: "active".to_owned(),
            grade: grade.to_owned(),
            cat_bits: codes::categories_mask(categories.iter().copied()),
            opened_on: d("2024-01-01"),
            state_since: d("2024-01-01"),
            reopened: false,
            contacts: contacts.iter().map(|(mode, on)| ((*mode).to_owned(), d(on))).collect(),
            pauses: Vec::new(),
        }
    }

    fn due(standing: &Standing, today: &str) -> Option<(String, String)> {
        next_due(standing, Params::national(), &[], d(today)).map(|n| (n.on.to_string(), n.why.from))
    }

    #[test]
    fn the_due_day_follows_grade_and_categories() {
        for (grade, categories, contacts, expected, from) in [
            // The longest interval of each grade, across a leap day.
            ("A", &[][..], &[("home", "2024-02-01")][..], "2024-03-02", "grade:A"),
            ("A", &[], &[("home", "2023-02-01")], "2023-03-03", "grade:A"),
            ("A", &[], &[("home", "2024-02-29")], "2024-03-30", "grade:A"),
            ("B", &[], &[("home", "2024-02-29")], "2024-05-29", "grade:B"),
            ("C", &[], &[("home", "2024-01-31")], "2024-07-29", "grade:C"),
            // Ungraded stands as 一般; never contacted counts from the opening.
            ("", &[], &[], "2024-06-29", "grade:C"),
            ("B", &[], &[], "2024-03-31", "grade:B"),
            // The least of grade and categories.
            ("C", &["ALONE"], &[("home", "2024-03-01")], "2024-03-31", "category:ALONE"),
            ("C", &["STREET_CHILD"], &[("home", "2024-03-01")], "2024-05-30", "category:STREET_CHILD"),
            ("C", &["STREET_CHILD", "ALONE"], &[("home", "2024-03-01")], "2024-03-31", "category:ALONE"),
            ("C", &["DIBAO"], &[("home", "2024-03-01")], "2024-08-28", "grade:C"),
            // A call resets the timer that accepts calls, and only that.
            ("A", &[], &[("home", "2024-03-01"), ("phone", "2024-03-20")], "2024-03-31", "grade:A"),
            ("B", &["ALONE"], &[("home", "2024-03-01"), ("phone", "2024-03-20")], "2024-04-19", "category:ALONE"),
            ("A", &["ALONE"], &[("home", "2024-03-01"), ("phone", "2024-03-20")], "2024-03-31", "grade:A"),
            // A category without modes of its own takes those of the grade.
            ("A", &["STREET_CHILD"], &[("phone", "2024-03-20")], "2024-01-31", "grade:A"),
        ] {
            let got = due(&standing(grade, categories, contacts), "2024-06-01");
            assert_eq!(got, Some((expected.to_owned(), from.to_owned())), "{grade} {categories:?} {contacts:?}");
        }
    }

    #[test]
    fn a_higher_grade_may_make_a_client_overdue_at_once() {
        let today = "2024-06-01";
        let before = due(&standing("C", &[], &[("home", "2024-04-01")]), today).unwrap().0;
        let after = due(&standing("A", &[], &[("home", "2024-04-01")]), today).unwrap().0;
        assert_eq!(due_state(d(&before), 7, d(today)), "ok");
        assert_eq!(after, "2024-05-01");
        assert_eq!(due_state(d(&after), 7, d(today)), "overdue");
    }

    #[test]
    fn leads_wait_for_a_contact_then_for_verification() {
        let mut lead = standing("", &["DIBAO"], &[]);
        lead.state = "lead".to_owned();
        assert_eq!(due(&lead, "2024-01-02"), Some(("2024-01-04".to_owned(), "state:lead".to_owned())));
        lead.contacts = vec![("phone".to_owned(), d("2023-12-31"))];
        assert_eq!(due(&lead, "2024-01-02").unwrap().0, "2024-01-04", "a contact before the lead is none");
        lead.contacts = vec![("phone".to_owned(), d("2024-01-02"))];
        assert_eq!(due(&lead, "2024-01-02"), Some(("2024-01-11".to_owned(), "state:verifying".to_owned())));
        lead.state = "verifying".to_owned();
        lead.state_since = d("2024-02-20");
        assert_eq!(due(&lead, "2024-02-21"), Some(("2024-03-01".to_owned(), "state:verifying".to_owned())));
    }

    #[test]
    fn nothing_is_due_outside_the_working_states() {
        for state in ["suspended", "exited", "dismissed", "archived", "dead"] {
            let mut s = standing("A", &["ALONE"], &[]);
            s.state = state.to_owned();
            assert_eq!(due(&s, "2024-06-01"), None, "{state}");
        }
    }

    #[test]
    fn days_in_suspension_do_not_count() {
        let mut s = standing("A", &[], &[("home", "2024-03-01")]);
        s.pauses = vec![(d("2024-01-10"), d("2024-01-20")), (d("2024-03-11"), d("2024-04-10"))];
        assert_eq!(due(&s, "2024-06-01").unwrap().0, "2024-04-30");
        s.contacts = vec![("home".to_owned(), d("2024-04-01"))];
        assert_eq!(due(&s, "2024-06-01").unwrap().0, "2024-05-10", "only the part after the contact");
    }

    #[test]
    fn suspensions_and_states_are_read_from_the_steps() {
        let steps = [
            ("lead", d("2024-01-01")),
            ("active", d("2024-01-05")),
            ("suspended", d("2024-02-01")),
            ("active", d("2024-03-01")),
        ];
        assert_eq!(pauses(&steps), [(d("2024-02-01"), d("2024-03-01"))]);
        assert_eq!(state_since(&steps, "active"), Some(d("2024-03-01")));
        assert_eq!(
            state_since(&[("active", d("2024-01-05")), ("active", d("2024-02-05"))], "active"),
            Some(d("2024-01-05"))
        );
        assert_eq!(pauses(&steps[..3]), [], "a running suspension is none yet");
    }

    #[test]
    fn the_plain_reason_agrees_with_the_whole_one_or_stays_silent() {
        let today = d("2024-06-01");
        for (grade, categories, plain) in [
            ("A", &[][..], Some("grade:A")),
            ("A", &["STREET_CHILD"], Some("grade:A")),
            ("B", &["ALONE"], Some("category:ALONE")),
            ("A", &["ALONE"], None),
        ] {
            let bits = codes::categories_mask(categories.iter().copied());
            let why = plain_why("active", grade, bits, Params::national(), &[], today);
            assert_eq!(why.as_ref().map(|w| w.from.as_str()), plain, "{grade} {categories:?}");
            if let Some(why) = why {
                let whole =
                    next_due(&standing(grade, categories, &[("home", "2024-03-01")]), Params::national(), &[], today);
                assert_eq!(why, whole.unwrap().why);
            }
        }
    }

    #[test]
    fn a_place_cannot_undercut_a_national_interval_and_is_told_so() {
        let local = |value| {
            let text = format!(
                "[[param]]\ncode = \"visit.category_interval_days.ALONE\"\nplace = \"430703\"\nfrom = 2022-01-01\n\
                 value = {value}\nunit = \"day\"\nlabel = \"本区\"\nlabel_en = \"local\"\nsource = \"本区方案\"\nverified = false\n"
            );
            let own = Params::read([text.as_str()]).unwrap();
            let own: Vec<_> = own.all(&["430703"], d("2024-06-01")).cloned().collect();
            Params::national().clone().with(own).unwrap()
        };
        for (value, due_on, wished, source) in [
            (60, "2024-03-31", Some(60), "十部门"),
            (30, "2024-03-31", None, "本区方案"),
            (15, "2024-03-16", None, "本区方案"),
        ] {
            let params = local(value);
            let s = standing("C", &["ALONE"], &[("home", "2024-03-01")]);
            let next = next_due(&s, &params, &["430703001", "430703"], d("2024-06-01")).unwrap();
            assert_eq!((next.on, next.why.wished_days), (d(due_on), wished), "{value}");
            assert!(next.why.source.contains(source), "{value}: {}", next.why.source);
        }
    }

    #[test]
    fn a_reopened_entry_begins_anew() {
        let mut s = standing("A", &[], &[("home", "2020-05-05")]);
        assert_eq!(due(&s, "2024-06-01").unwrap().0, "2020-06-04");
        s.reopened = true;
        assert_eq!(due(&s, "2024-06-01").unwrap().0, "2024-01-31");
    }

    #[test]
    fn the_state_of_a_due_day_changes_day_by_day() {
        for (next, state) in [
            ("2024-05-31", "overdue"),
            ("2024-06-01", "due"),
            ("2024-06-02", "soon"),
            ("2024-06-08", "soon"),
            ("2024-06-09", "ok"),
            ("9999-12-31", "none"),
        ] {
            assert_eq!(due_state(d(next), 7, d("2024-06-01")), state, "{next}");
        }
    }

    #[test]
    fn windows_of_the_due_list_touch_without_overlap() {
        let today = d("2024-02-29");
        assert_eq!(window(Some("overdue"), 7, today), Some((None, d("2024-02-28"))));
        assert_eq!(window(Some("due"), 7, today), Some((Some(today), today)));
        assert_eq!(window(Some("soon"), 7, today), Some((Some(d("2024-03-01")), d("2024-03-07"))));
        assert_eq!(window(None, 7, today), Some((None, d("2024-03-07"))));
        assert_eq!(window(Some("late"), 7, today), None);
    }

    #[test]
    fn overdue_visits_climb_from_worker_to_head_to_reviewer() {
        let today = d("2024-06-01");
        for (days, who) in
            [(-3, "none"), (0, "none"), (1, "worker"), (6, "worker"), (7, "head"), (14, "head"), (15, "reviewer")]
        {
            assert_eq!(escalated_to(days, Params::national(), &[], today), who, "{days}");
        }
    }

    #[test]
    fn disability_shows_as_its_two_shared_bits() {
        let bits = codes::categories_mask(["DIS_1_1", "ELDER80"]);
        let found: Vec<_> = categories(bits).collect();
        assert_eq!(found, ["ELDER80", "DIS_SEVERE"]);
    }
}
