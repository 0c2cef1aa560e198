use serde_json::json;

use super::{
    super::content::{NewVisit, ReviseVisit},
    *,
};

const TODAY: &str = "2026-11-23";
const NINE: Millis = 1_795_395_600_000;

fn d(text: &str) -> Day {
    day::parse(text).unwrap()
}

fn visit(changes: serde_json::Value) -> Content {
    let mut body = json!({
        "id": "01960000-0000-7000-8000-000000000001", "person_id": "01960000-0000-7000-8000-000000000002",
        "kind": "routine", "mode": "home", "visited_on": TODAY, "contact_result": "met",
        "summary": "身体好", "work_field": "elder_care",
    });
    for (key, value) in changes.as_object().unwrap() {
        body[key] = value.clone();
    }
    serde_json::from_value::<NewVisit>(body).unwrap().into()
}

fn faults(changes: serde_json::Value) -> Vec<String> {
    visit(changes).faults(NINE, d(TODAY)).into_iter().map(|f| format!("{}={}", f.field, f.code)).collect()
}

#[test]
fn the_work_field_follows_the_categories() {
    for (categories, field) in [
        (&[][..], "assistance"),
        (&["DIBAO"], "assistance"),
        (&["DIBAO", "ELDER80"], "elder_care"),
        (&["LEFT_CHILD", "DIBAO"], "left_child"),
        (&["DIS_4_1"], "assistance"),
        (&["MIGRANT"], "community"),
    ] {
        assert_eq!(work_field_of(codes::categories_mask(categories.iter().copied())), field, "{categories:?}");
    }
}

#[test]
fn minutes_come_from_begin_and_end_and_fit_between_them() {
    let times = json!({"started_at": "2026-11-23T00:10:00Z", "ended_at": "2026-11-23T00:50:00Z"});
    assert_eq!(visit(times.clone()).minutes, Some(40));
    let with = |n: i32| {
        let mut times = times.clone();
        times["minutes"] = json!(n);
        faults(times)
    };
    assert!(with(40).is_empty() && with(5).is_empty());
    assert_eq!(with(41), ["minutes=longer_than_visit"]);
}

#[test]
fn a_plain_visit_has_no_faults() {
    assert!(faults(json!({})).is_empty());
    let full = json!({
        "started_at": "2026-11-23T00:10:00Z", "ended_at": "2026-11-23T00:50:00Z", "minutes": 40, "companions": "李主任",
        "risk_signs": ["R8", "R8"], "needs": ["health"], "services": ["visiting_care"], "next_visit_on": "2026-12-20",
    });
    assert!(faults(full).is_empty());
}

#[test]
fn each_fault_is_named_with_its_field() {
    for (changes, fault) in [
        (json!({"kind": "tea"}), "kind=unknown_code"),
        (json!({"mode": ""}), "mode=unknown_code"),
        (json!({"contact_result": "MET"}), "contact_result=unknown_code"),
        (json!({"work_field": "x"}), "work_field=unknown_code"),
        (json!({"risk_signs": ["R1", "R99"]}), "risk_signs[1]=unknown_code"),
        (json!({"needs": ["love"]}), "needs[0]=unknown_code"),
        (json!({"services": ["x"]}), "services[0]=unknown_code"),
        (json!({"visited_on": "2026-11-24"}), "visited_on=future"),
        (json!({"visited_on": "2014-12-31"}), "visited_on=range"),
        (json!({"visited_on": "0001-01-01"}), "visited_on=range"),
        (json!({"started_at": "2026-11-22T15:59:59Z"}), "started_at=other_day"),
        (json!({"ended_at": "2026-11-23T00:50:00Z"}), "started_at=required"),
        (json!({"started_at": "2026-11-23T00:50:00Z", "ended_at": "2026-11-23T00:10:00Z"}), "ended_at=before_start"),
        (json!({"started_at": "2026-11-22T16:50:00Z", "ended_at": "2026-11-23T01:10:00Z"}), "ended_at=future"),
        (json!({"minutes": -1}), "minutes=range"),
        (json!({"minutes": 1441}), "minutes=range"),
        (json!({"next_visit_on": "2026-11-22"}), "next_visit_on=range"),
        (json!({"next_visit_on": "9999-12-31"}), "next_visit_on=range"),
        (json!({"summary": " \n "}), "summary=required"),
        (json!({"summary": "长".repeat(4001)}), "summary=too_long"),
        (json!({"actions": "长".repeat(4001)}), "actions=too_long"),
        (json!({"companions": "长".repeat(201)}), "companions=too_long"),
        (json!({"place_note": "长".repeat(201)}), "place_note=too_long"),
        (json!({"kind": "phone"}), "mode=kind_mismatch"),
        (json!({"kind": "application_survey"}), "companions=required"),
    ] {
        assert_eq!(faults(changes.clone()), [fault], "{changes}");
    }
}

#[test]
fn only_a_contact_in_a_served_mode_counts_as_service() {
    for (mode, result, counts) in [
        ("home", "met", true),
        ("home", "proxy_met", true),
        ("institution", "met", true),
        ("companion", "met", true),
        ("phone", "met", false),
        ("video", "met", false),
        ("neighbour", "proxy_met", false),
        ("delegated", "met", false),
        ("home", "not_home", false),
        ("home", "refused", false),
        ("home", "moved", false),
        ("home", "died", false),
    ] {
        let content = visit(json!({"mode": mode, "contact_result": result}));
        assert_eq!(content.qualifies(Params::national(), &[]), counts, "{mode} {result}");
    }
}

#[test]
fn failures_are_counted_back_to_the_last_contact() {
    assert_eq!(failed_in_row(["not_home", "refused", "met", "not_home"]), 2);
    assert_eq!(failed_in_row(["proxy_met", "not_home"]), 0);
    assert_eq!(failed_in_row(["moved"]), 1);
    assert_eq!(failed_in_row(["died", "not_home"]), 0);
    assert_eq!(failed_in_row([]), 0);
}

#[test]
fn a_correction_changes_what_it_names_and_null_empties() {
    let before = visit(json!({"minutes": 30, "place_note": "村口", "summary": "一"}));
    let by: ReviseVisit = serde_json::from_value(json!({"rev": 1, "summary": " 二 ", "minutes": null})).unwrap();
    let after = before.clone().revised(by);
    assert_eq!(after, Content { summary: "二".to_owned(), minutes: None, ..before });
}

#[test]
fn a_visit_locks_some_days_after_it_was_entered() {
    assert_eq!(locks_on(NINE, Params::national(), &[]), d("2026-11-30"));
}

#[test]
fn red_signs_are_told_from_orange_ones() {
    assert_eq!(visit(json!({"risk_signs": ["R8", "R3", "R1"]})).red_signs(), ["R3", "R1"]);
}

#[test]
fn leads_and_clients_are_visited_and_those_who_left_are_not() {
    for (state, may) in [
        ("lead", true),
        ("verifying", true),
        ("active", true),
        ("suspended", true),
        ("dismissed", false),
        ("exited", false),
        ("archived", false),
    ] {
        assert_eq!(may_be_visited(state), may, "{state}");
    }
}

#[test]
fn a_visit_is_entered_within_the_days_of_the_parameter() {
    let today = day::parse("2026-11-23").unwrap();
    for (on, late) in [("2026-11-23", false), ("2026-08-25", false), ("2026-08-24", true), ("2015-01-01", true)] {
        let faults = too_late(day::parse(on).unwrap(), today, Params::national(), &[]);
        assert_eq!(!faults.is_empty(), late, "{on}");
    }
}
