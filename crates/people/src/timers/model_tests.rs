//! Every rule as a table of cases.

use super::*;

fn d(text: &str) -> Day {
    day::parse(text).unwrap_or_else(|| panic!("{text} is no day"))
}

fn id(n: u8) -> Id {
    Id::from_bytes([n; 16])
}

fn facts(state: &str) -> Facts {
    Facts {
        alive: true,
        state: state.to_owned(),
        grade: "C".to_owned(),
        birth: None,
        opened_on: d("2024-01-01"),
        entered_on: (state != "lead" && state != "verifying").then(|| d("2024-01-10")),
        closed_on: None,
        reviewed_on: None,
        state_since: d("2024-01-10"),
        contact_on: None,
        red: false,
        next_due_on: NEVER_DUE,
        pauses: Vec::new(),
        categories: Vec::new(),
    }
}

fn category(code: &str, from: &str) -> Category {
    Category {
        id: id(7),
        code: code.to_owned(),
        sub_code: String::new(),
        from_on: d(from),
        reviewed_on: None,
        next_review_on: None,
        valid_until: None,
        cause: String::new(),
    }
}

fn running(facts: &Facts, today: &str) -> Vec<Timer> {
    timers(facts, &Rules { params: Params::national(), places: &[], today: d(today) })
}

fn one(facts: &Facts, kind: &str) -> Option<Timer> {
    running(facts, "2024-06-01").into_iter().find(|t| t.kind == kind)
}

fn until(facts: &Facts, kind: &str) -> Option<String> {
    one(facts, kind).map(|t| t.until.to_string())
}

fn calls(timer: &Timer) -> Vec<(String, To)> {
    timer.calls.iter().map(|c| (c.on.to_string(), c.to)).collect()
}

fn said(on: &str, to: To) -> (String, To) {
    (on.to_owned(), to)
}

#[test]
fn a_lead_is_contacted_in_three_days_and_verified_in_ten() {
    for (state, since, contact, red, kind, expected) in [
        ("lead", "2024-01-01", None, false, "lead_contact", "2024-01-04"),
        ("lead", "2024-01-01", None, true, "lead_contact", "2024-01-01"),
        ("lead", "2024-01-01", Some("2023-12-31"), false, "lead_contact", "2024-01-04"),
        ("lead", "2024-01-01", Some("2024-01-02"), false, "lead_verify", "2024-01-11"),
        ("verifying", "2024-02-20", None, false, "lead_verify", "2024-03-01"),
        ("verifying", "2024-02-19", Some("2024-01-02"), false, "lead_verify", "2024-02-29"),
    ] {
        let mut f = facts(state);
        f.state_since = d(since);
        f.contact_on = contact.map(d);
        f.red = red;
        assert_eq!(until(&f, kind).as_deref(), Some(expected), "{state} {contact:?} {red}");
        assert_eq!(running(&f, "2024-06-01").len(), 1);
    }
    let mut f = facts("lead");
    assert_eq!(
        calls(&one(&f, "lead_contact").unwrap()),
        [said("2024-01-04", To::Worker), said("2024-01-05", To::Head)]
    );
    f.red = true;
    assert_eq!(
        calls(&one(&f, "lead_contact").unwrap()),
        [said("2024-01-01", To::Worker), said("2024-01-01", To::Head)],
        "a red sign is told at once"
    );
    f.state = "verifying".to_owned();
    assert_eq!(
        calls(&one(&f, "lead_verify").unwrap()),
        [said("2024-01-13", To::Worker), said("2024-01-21", To::Head), said("2024-02-04", To::Reviewer)]
    );
}

#[test]
fn whoever_has_no_grade_is_graded_within_ten_working_days() {
    let mut f = facts("active");
    assert_eq!(until(&f, "grade_due"), None);
    f.grade = String::new();
    for (entered, expected) in [
        ("2024-01-10", "2024-01-24"),
        ("2024-02-29", "2024-03-14"),
        ("2024-02-16", "2024-03-01"),
        ("2024-01-13", "2024-01-26"),
    ] {
        f.entered_on = Some(d(entered));
        assert_eq!(until(&f, "grade_due").as_deref(), Some(expected), "{entered}");
    }
    f.state = "suspended".to_owned();
    assert_eq!(until(&f, "grade_due"), None, "not while suspended");
}

#[test]
fn an_overdue_visit_is_told_to_the_head_then_to_the_reviewer() {
    let mut f = facts("active");
    f.contact_on = Some(d("2024-01-30"));
    f.next_due_on = d("2024-02-29");
    let t = one(&f, "visit_overdue").unwrap();
    assert_eq!((t.from, t.until), (d("2024-01-30"), d("2024-02-29")));
    assert_eq!(calls(&t), [said("2024-03-07", To::Head), said("2024-03-15", To::Reviewer)]);
    for (today, state) in
        [("2024-01-29", "ok"), ("2024-01-30", "open"), ("2024-02-29", "due"), ("2024-03-01", "overdue")]
    {
        assert_eq!(t.state(d(today)), state, "{today}");
    }
    f.next_due_on = NEVER_DUE;
    assert_eq!(one(&f, "visit_overdue"), None);
}

#[test]
fn the_entry_is_reviewed_by_grade_and_suspension_does_not_count() {
    for (grade, entered, reviewed, pauses, expected) in [
        ("A", "2023-11-30", None, &[][..], "2024-02-29"),
        ("A", "2022-11-30", None, &[], "2023-02-28"),
        ("B", "2023-08-31", None, &[], "2024-02-29"),
        ("C", "2024-02-29", None, &[], "2025-02-28"),
        ("", "2023-03-01", None, &[], "2024-03-01"),
        ("A", "2023-01-01", Some("2024-01-31"), &[], "2024-04-30"),
        ("A", "2024-01-31", Some("2023-12-31"), &[], "2024-04-30"),
        ("A", "2024-01-01", None, &[("2024-02-01", "2024-03-01")], "2024-04-30"),
        ("A", "2023-01-01", Some("2024-02-15"), &[("2024-02-01", "2024-03-01")], "2024-05-30"),
        ("A", "2024-01-01", None, &[("2023-02-01", "2023-03-01")], "2024-04-01"),
    ] {
        let mut f = facts("active");
        f.grade = grade.to_owned();
        f.entered_on = Some(d(entered));
        f.reviewed_on = reviewed.map(d);
        f.pauses = pauses.iter().map(|(a, b)| (d(a), d(b))).collect();
        assert_eq!(until(&f, "entry_review").as_deref(), Some(expected), "{grade} {entered} {reviewed:?} {pauses:?}");
    }
    let mut f = facts("active");
    f.grade = "A".to_owned();
    let t = one(&f, "entry_review").unwrap();
    assert_eq!(t.until, d("2024-04-10"));
    assert_eq!(
        calls(&t),
        [said("2024-03-11", To::Worker), said("2024-04-17", To::Head), said("2024-04-25", To::Reviewer)]
    );
    assert!(!t.verified, "a period of our own design is no law");
}

#[test]
fn a_higher_grade_may_make_a_review_overdue_at_once() {
    let mut f = facts("active");
    let today = d("2024-06-01");
    assert_eq!(one(&f, "entry_review").unwrap().state(today), "ok");
    f.grade = "A".to_owned();
    assert_eq!(one(&f, "entry_review").unwrap().state(today), "overdue");
}

#[test]
fn a_suspended_entry_is_looked_at_again_within_ninety_days() {
    for (since, reviewed, expected) in [
        ("2023-12-01", None, "2024-02-29"),
        ("2022-12-01", None, "2023-03-01"),
        ("2024-01-10", Some("2024-03-01"), "2024-05-30"),
        ("2024-01-10", Some("2023-12-01"), "2024-04-09"),
    ] {
        let mut f = facts("suspended");
        f.state_since = d(since);
        f.reviewed_on = reviewed.map(d);
        assert_eq!(until(&f, "recheck_suspended").as_deref(), Some(expected), "{since} {reviewed:?}");
        assert_eq!(until(&f, "entry_review"), None, "its own review waits");
    }
}

#[test]
fn whoever_left_is_archived_within_thirty_days_and_nothing_else_runs() {
    let mut f = facts("exited");
    f.closed_on = Some(d("2024-01-30"));
    f.categories = vec![category("DIBAO", "2023-01-01")];
    f.birth = Some(d("1960-01-01"));
    for alive in [true, false] {
        f.alive = alive;
        let all = running(&f, "2024-06-01");
        assert_eq!(all.iter().map(|t| t.kind).collect::<Vec<_>>(), ["archive_due"], "alive: {alive}");
        assert_eq!(all.first().map(|t| t.until), Some(d("2024-02-29")));
    }
    for state in ["archived", "dismissed"] {
        f.state = state.to_owned();
        f.alive = true;
        assert_eq!(running(&f, "2024-06-01"), [], "{state}");
    }
    f.state = "active".to_owned();
    f.alive = false;
    assert_eq!(running(&f, "2024-06-01"), [], "nothing runs for the dead but the archive");
}

#[test]
fn categories_are_reviewed_by_their_own_periods() {
    type Case = (&'static str, &'static str, Option<&'static str>, Option<&'static str>, Option<&'static str>);
    let cases: [(Case, Option<&str>); 12] = [
        (("DIBAO", "", None, None, None), Some("2025-02-28")),
        (("DIBAO", "dibao_stable", None, None, None), Some("2025-02-28")),
        (("DIBAO", "dibao_unstable", None, None, None), Some("2024-08-29")),
        (("DIBAO", "", Some("2024-08-31"), None, None), Some("2025-08-31")),
        (("DIBAO", "", None, Some("2024-05-01"), None), Some("2024-05-01")),
        (("RIGID", "", None, None, None), Some("2025-02-28")),
        (("RIGID", "", None, None, Some("2024-12-31")), Some("2024-12-31")),
        (("DIS_1_1", "", None, None, Some("2030-02-28")), Some("2025-02-28")),
        (("ALONE", "", None, None, None), Some("2024-08-29")),
        (("EMPTY", "", Some("2024-08-29"), None, None), Some("2025-02-28")),
        (("ELDER80", "", None, None, None), None),
        (("MENTAL", "", None, Some("2024-05-01"), None), None),
    ];
    for ((code, sub, reviewed, next, valid), expected) in cases {
        let mut c = category(code, "2024-02-29");
        c.sub_code = sub.to_owned();
        c.reviewed_on = reviewed.map(d);
        c.next_review_on = next.map(d);
        c.valid_until = valid.map(d);
        let mut f = facts("active");
        f.categories = vec![c];
        assert_eq!(until(&f, "category_review").as_deref(), expected, "{code} {sub} {reviewed:?} {next:?} {valid:?}");
    }
}

#[test]
fn a_statutory_review_reminds_the_authority_and_a_judged_one_the_worker() {
    let mut f = facts("active");
    f.categories = vec![category("DIBAO", "2024-02-29")];
    let t = one(&f, "category_review").unwrap();
    assert!(t.statutory && t.verified && t.source.contains("art. 31"), "{t:?}");
    assert_eq!(calls(&t), [said("2025-01-29", To::Reviewer), said("2025-03-15", To::County)]);
    f.categories = vec![category("ALONE", "2024-02-29")];
    let t = one(&f, "category_review").unwrap();
    assert!(!t.statutory && !t.verified);
    assert_eq!(calls(&t), [said("2024-07-30", To::Worker), said("2024-09-05", To::Head)]);
}

#[test]
fn causes_of_early_reviews_have_their_own_limits() {
    let rules = Rules { params: Params::national(), places: &[], today: d("2024-06-01") };
    for (cause, from, expected) in [
        ("member_died", "2023-11-30", "2024-02-29"),
        ("found_work", "2023-08-31", "2024-02-29"),
        ("selfcare_changed", "2024-02-16", "2024-03-01"),
        ("situation_changed", "2024-01-30", "2024-02-29"),
    ] {
        assert_eq!(early_review(cause, d(from), &rules), Some(d(expected)), "{cause}");
        assert!(early_code(cause).is_some() && codes::has("recheck_cause", cause), "{cause}");
    }
    assert_eq!(early_review("bored", d("2024-01-01"), &rules), None);
    for item in &codes::list("recheck_cause").unwrap().items {
        assert!(early_code(&item.code).is_some(), "{}", item.code);
    }
}

#[test]
fn birthdays_begin_and_end_categories() {
    for (birth, open, opened, expected) in [
        // A child born on 29 February turns 18 on the last day of February (民法典 art. 202).
        ("2008-02-29", &["ORPHAN"][..], "2020-01-01", &[("end", "ORPHAN", "2026-02-28")][..]),
        ("2008-03-01", &["LEFT_CHILD"], "2020-01-01", &[("end", "LEFT_CHILD", "2024-03-01")]),
        (
            "2008-03-01",
            &["LEFT_CHILD", "DIFFICULT_CHILD"],
            "2020-01-01",
            &[("end", "DIFFICULT_CHILD", "2026-03-01"), ("end", "LEFT_CHILD", "2024-03-01")],
        ),
        (
            "1964-02-29",
            &[],
            "2024-01-01",
            &[
                ("begin", "ELDER60", "2024-02-29"),
                ("begin", "ELDER80", "2044-02-29"),
                ("begin", "ELDER100", "2064-02-29"),
            ],
        ),
        (
            "1944-02-29",
            &["ELDER60"],
            "2024-01-01",
            &[("begin", "ELDER80", "2024-02-29"), ("begin", "ELDER100", "2044-02-29")],
        ),
        // A birthday before the person was known is no news.
        ("1944-02-29", &["ELDER80"], "2024-03-01", &[("begin", "ELDER100", "2044-02-29")]),
        ("1920-01-01", &["ELDER100"], "2024-01-01", &[]),
    ] {
        let mut f = facts("active");
        f.opened_on = d(opened);
        f.birth = Some(d(birth));
        f.categories = open.iter().map(|c| category(c, "2020-01-01")).collect();
        let found: Vec<_> = running(&f, "2024-06-01")
            .into_iter()
            .filter(|t| t.kind == "age_band" && t.from < d("2065-01-01"))
            .map(|t| (t.about.clone(), t.category.clone().unwrap().0, t.from.to_string()))
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|(a, c, on)| ((*a).to_owned(), (*c).to_owned(), (*on).to_owned())).collect();
        assert_eq!(found, expected, "{birth} {open:?}");
    }
    let mut f = facts("active");
    f.birth = None;
    f.categories = vec![category("ORPHAN", "2020-01-01")];
    assert_eq!(until(&f, "age_band"), None, "no birth date, no birthday");
    assert!(leaves_nothing(&f, id(7)), "the exit is proposed with the last category");
    f.categories.push(Category { id: id(8), ..category("DIBAO", "2020-01-01") });
    assert!(!leaves_nothing(&f, id(7)));
}

#[test]
fn the_next_check_is_the_next_day_on_which_somebody_is_told() {
    let mut f = facts("active");
    f.next_due_on = d("2024-05-31");
    for (today, expected) in [
        ("2024-06-01", "2024-06-07"),
        ("2024-06-07", "2024-06-15"),
        ("2024-06-15", "2024-12-11"),
        ("2024-12-11", "2025-01-17"),
        ("2025-01-17", "2025-01-25"),
        ("2025-01-25", "9999-12-31"),
    ] {
        assert_eq!(next_check(&running(&f, today), d(today)), d(expected), "{today}");
    }
}

#[test]
fn marks_tell_apart_who_is_told_what_for_which_day() {
    let mut f = facts("active");
    f.categories = vec![category("DIBAO", "2024-01-01"), Category { id: id(8), ..category("ALONE", "2024-01-01") }];
    f.next_due_on = d("2024-05-31");
    f.birth = Some(d("1944-02-29"));
    let all = running(&f, "2024-06-01");
    let mut marks: Vec<_> = all.iter().flat_map(|t| t.calls.iter().map(|c| (t.kind, t.mark(c.to)))).collect();
    let n = marks.len();
    marks.sort();
    marks.dedup();
    assert_eq!(marks.len(), n, "no two are alike");
    assert!(all.iter().all(|t| KINDS.contains(&t.kind)));
}
