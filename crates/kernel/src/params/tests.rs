use super::*;
use crate::{codes, day};

fn d(text: &str) -> Day {
    day::parse(text).unwrap_or_else(|| panic!("{text} is no day"))
}

fn row(place: &str, from: &str, to: Option<&str>, value: i64) -> Param {
    Param {
        code: "visit.soon_days".into(),
        place: place.into(),
        from: d(from),
        to: to.map(d),
        value: Value::Whole(value),
        unit: "day".into(),
        label: "例".into(),
        label_en: "example".into(),
        source: "example".into(),
        verified: false,
        anchor: None,
    }
}

/// From a village of 鼎城区 up to the province.
const CHAIN: &[&str] = &["430703001001", "430703001", "430703", "4307", "43"];

#[test]
fn the_nearest_place_valid_on_the_day_wins() {
    let params = Params::default()
        .with([
            row("national", "2020-01-01", None, 7),
            row("430000", "2022-01-01", None, 5),
            row("430703000000", "2023-01-01", Some("2023-12-31"), 3),
        ])
        .unwrap();
    for (day, places, value) in [
        ("2019-12-31", CHAIN, None),
        ("2021-06-01", CHAIN, Some(7)),
        ("2022-01-01", CHAIN, Some(5)),
        ("2023-01-01", CHAIN, Some(3)),
        ("2023-12-31", CHAIN, Some(3)),
        ("2024-01-01", CHAIN, Some(5)),
        ("2023-06-01", &["440305", "44"][..], Some(7)),
        ("2023-06-01", &[][..], Some(7)),
        ("2023-06-01", &["430703", "national"][..], Some(3)),
    ] {
        assert_eq!(params.whole("visit.soon_days", places, d(day)), value, "{day}");
    }
    assert_eq!(params.lookup("visit.unknown", CHAIN, d("2023-06-01")), None);
    assert_eq!(params.all(CHAIN, d("2023-06-01")).count(), 1);
}

#[test]
fn two_values_on_the_same_day_are_refused() {
    let set = |a, b| Params::default().with([a, b]);
    let overlap = set(row("43", "2020-01-01", None, 1), row("430000", "2021-01-01", None, 2));
    assert!(matches!(overlap, Err(ParamError::Overlap { .. })));
    let touching = set(row("43", "2020-01-01", Some("2020-12-31"), 1), row("43", "2020-12-31", None, 2));
    assert!(matches!(touching, Err(ParamError::Overlap { .. })));
    assert!(set(row("43", "2020-01-01", Some("2020-12-30"), 1), row("43", "2020-12-31", None, 2)).is_ok());
    let backwards = Params::default().with([row("43", "2021-01-01", Some("2020-01-01"), 1)]);
    assert!(matches!(backwards, Err(ParamError::Backwards { .. })));
    let nowhere = Params::default().with([row("湖南", "2021-01-01", None, 1)]);
    assert!(nowhere.is_err_and(|e| e.zh().contains("区划代码") && e.en().contains("division code")));
    assert!(Params::read(["[[param]]\ncode = 1"]).is_err());
}

#[test]
fn the_national_set_holds_what_the_rooms_ask_for() {
    let (params, day) = (Params::national(), d("2026-11-23"));
    for (code, value) in [
        ("visit.max_interval_days.A", 30),
        ("visit.max_interval_days.B", 90),
        ("visit.max_interval_days.C", 180),
        ("visit.category_interval_days.ALONE", 30),
        ("visit.category_interval_days.STREET_CHILD", 90),
        ("visit.soon_days", 7),
        ("visit.esc1", 7),
        ("visit.esc2", 15),
        ("visit.lock_days", 7),
        ("lead.contact_days", 3),
        ("lead.verify_days", 10),
        ("network.suspend_grace_days", 30),
        ("reveal.per_hour", 30),
        ("session.idle_minutes", 30),
        ("session.absolute_hours", 8),
        ("login.max_failures", 5),
        ("staff.per_station.min", 1),
        ("review.months.RIGID", 12),
    ] {
        assert_eq!(params.whole(code, &[], day), Some(value), "{code}");
    }
    assert_eq!(params.lookup("ledger.self_approval_when_single_worker", &[], day).unwrap().flag(), Some(false));
    assert_eq!(params.lookup("ledger.single_worker_approver", &[], day).unwrap().text(), Some("TR"));
    assert!(params.lookup("staff.per_station.min", CHAIN, day).unwrap().verified);
}

#[test]
fn codes_in_parameters_stand_in_their_lists() {
    let (params, day) = (Params::national(), d("2026-11-23"));
    for param in params.all(&[], day) {
        for code in param.codes() {
            let known = match param.unit.as_str() {
                "category" => codes::category_mask(code).is_some(),
                list => codes::has(list, code),
            };
            assert!(known, "{}: {code} is not in {}", param.code, param.unit);
        }
        assert!(!param.label.is_empty() && !param.label_en.is_empty() && !param.source.is_empty(), "{}", param.code);
        if let Some((_, key)) = param.code.split_once("_interval_days.") {
            assert!(codes::has("category", key) || codes::has("grade", key), "{}", param.code);
        }
    }
    assert!(!params.codes("coverage.target_categories", &[], day).is_empty());
}

#[test]
fn the_effective_interval_is_the_least_of_the_categories() {
    let (params, day) = (Params::national(), d("2026-11-23"));
    let least = |keys: &[&'static str]| {
        params.least("visit.category_interval_days", keys, CHAIN, day).map(|(key, p)| (key, p.whole(), p.verified))
    };
    assert_eq!(least(&["DIBAO", "STREET_CHILD"]), Some(("STREET_CHILD", Some(90), true)));
    assert_eq!(least(&["STREET_CHILD", "ALONE", "EMPTY"]), Some(("ALONE", Some(30), false)));
    assert_eq!(least(&["DIBAO"]), None);
}

#[test]
fn a_place_may_be_stricter_than_a_national_anchor_but_never_laxer() {
    let anchored = |value, anchor| Param { anchor, ..row("national", "2020-01-01", None, value) };
    for (national, anchor, local, value, wished) in [
        (30, Some(Anchor::Most), 20, 20, None),
        (30, Some(Anchor::Most), 30, 30, None),
        (30, Some(Anchor::Most), 45, 30, Some(45)),
        (2, Some(Anchor::Least), 3, 3, None),
        (2, Some(Anchor::Least), 1, 2, Some(1)),
        (30, None, 45, 45, None),
    ] {
        let params =
            Params::default().with([anchored(national, anchor), row("430703", "2020-01-01", None, local)]).unwrap();
        let held = params.held("visit.soon_days", CHAIN, d("2024-02-29")).unwrap();
        assert_eq!((held.value, held.wished), (value, wished), "{national} {anchor:?} {local}");
        assert_eq!(held.param.place == NATIONAL, wished.is_some(), "the source shown is that of the value in force");
        assert_eq!(
            params.whole("visit.soon_days", CHAIN, d("2024-02-29")),
            Some(value),
            "no reader gets the laxer one"
        );
    }
    let days = |on| Params::national().held("visit.category_interval_days.ALONE", &[], d(on)).map(|h| h.value);
    assert_eq!((days("2021-12-31"), days("2022-01-01")), (None, Some(30)));
}

#[test]
fn statutory_limits_are_anchors() {
    for code in ["visit.category_interval_days.STREET_CHILD", "review.months.DIBAO", "review.months.RIGID"] {
        let param = Params::national().lookup(code, &[], d("2026-11-23")).unwrap();
        assert_eq!(param.anchor, Some(Anchor::Most), "{code}");
    }
}
