use super::*;
use crate::divisions::model::NewPart;

fn unit(id: i32, level: i32, parent_id: i32) -> division::Model {
    division::Model {
        id,
        level,
        kind: if level == 5 { "village_committee" } else { "town" }.into(),
        name: format!("区划{id}"),
        initials: "q".into(),
        code_civil: None,
        code_stat: Some(format!("{id:0>12}")),
        parent_id,
        province_id: 1,
        city_id: 2,
        county_id: 3,
        township_id: if level == 4 { id } else { parent_id },
        village_id: if level == 5 { id } else { 0 },
        flags: String::new(),
        counted: true,
        children: 3,
        valid_from: None,
        valid_to: None,
        rev: 1,
        audit_no: 0,
        begun_on: None,
    }
}

fn town(id: i32, parent_id: i32) -> division::Model {
    unit(id, 4, parent_id)
}

fn village(id: i32, parent_id: i32) -> division::Model {
    unit(id, 5, parent_id)
}

fn day(text: &str) -> Day {
    kernel::day::parse(text).unwrap()
}

fn event(kind: EventKind) -> NewEvent {
    let text = serde_json::json!({
        "id": uuid::Uuid::nil(), "kind": kind, "effective_on": "2026-01-01", "approval_no": "湘民函〔2026〕1号",
        "from": ["430703100"]
    });
    serde_json::from_value(text).unwrap()
}

fn pair(from: Vec<division::Model>, to: division::Model) -> Named {
    Named { from, to: Some(to), ..Named::default() }
}

fn rule(result: Outcome<Change>) -> &'static str {
    match result {
        Err(Problem::Refused(rule, _)) => rule,
        Err(Problem::Invalid(_)) => "invalid",
        _ => "none",
    }
}

#[test]
fn a_merge_needs_one_level_under_one_parent() {
    let new = event(EventKind::Merge);
    assert_eq!(rule(arrange(&new, pair(vec![town(10, 3)], town(11, 4)))), "division.merge_apart");
    let county = unit(10, 3, 2);
    assert_eq!(rule(arrange(&new, pair(vec![county.clone()], county.clone()))), "invalid");
    assert_eq!(rule(arrange(&new, pair(vec![county], unit(12, 3, 2)))), "division.merge_level");
    let mut closed = town(10, 3);
    closed.valid_to = Some(day("2025-01-01"));
    assert_eq!(rule(arrange(&new, pair(vec![closed], town(11, 3)))), "division.closed");
    let mut changed = town(10, 3);
    changed.valid_from = Some(day("2026-02-01"));
    assert_eq!(rule(arrange(&new, pair(vec![changed], town(11, 3)))), "division.later_event");
    let change = arrange(&new, pair(vec![town(11, 3), town(10, 3)], town(11, 3))).unwrap();
    assert_eq!((change.closed.len(), change.stays.id, change.stays_named), (1, 11, true));
    assert_eq!(rule(arrange(&new, pair(vec![town(10, 3), town(10, 3)], town(11, 3)))), "invalid");
}

#[test]
fn a_code_must_have_the_length_of_its_level() {
    let mut new = event(EventKind::Recode);
    let one = || Named { from: vec![town(10, 3)], ..Named::default() };
    new.new_code_civil = Some("430703".into());
    assert_eq!(rule(arrange(&new, one())), "invalid");
    new.new_code_civil = Some("430703999".into());
    assert_eq!(arrange(&new, one()).unwrap().code_civil.as_deref(), Some("430703999"));
}

#[test]
fn a_conversion_keeps_the_level() {
    let mut new = event(EventKind::Convert);
    for (kind, expected) in
        [("subdistrict", "none"), ("county", "invalid"), ("village_committee", "invalid"), ("town", "invalid")]
    {
        new.new_kind = Some(kind.into());
        let one = Named { from: vec![town(10, 3)], ..Named::default() };
        assert_eq!(rule(arrange(&new, one)), expected, "{kind}");
    }
}

#[test]
fn a_division_hangs_right_below_the_level_above_or_beside_its_equals() {
    let new = event(EventKind::Reparent);
    for (from, to, has, expected) in [
        (village(20, 10), town(11, 3), false, "none"),
        (village(20, 10), town(10, 3), false, "invalid"),
        (village(20, 10), unit(4, 3, 2), false, "division.parent_level"),
        (town(10, 3), unit(4, 3, 2), false, "none"),
        (town(10, 3), unit(5, 2, 1), false, "division.parent_level"),
        (town(10, 3), unit(5, 2, 1), true, "none"),
        (town(10, 3), village(20, 11), true, "division.parent_level"),
        (unit(5, 2, 1), unit(6, 1, 0), true, "division.parent_level"),
    ] {
        let named = Named { to_has_level: has, ..pair(vec![from.clone()], to.clone()) };
        assert_eq!(rule(arrange(&new, named)), expected, "{} below {}", from.name, to.name);
    }
}

fn part(code: &str) -> NewPart {
    NewPart { name: "新".into(), kind: None, code_civil: None, code_stat: Some(code.into()), villages: Vec::new() }
}

#[test]
fn a_township_that_ends_by_a_split_must_place_every_village() {
    let mut new = event(EventKind::Split);
    new.parts = vec![part("430703101"), part("430703102")];
    let named =
        |villages: Vec<Vec<division::Model>>| Named { from: vec![town(10, 3)], parts: villages, ..Named::default() };
    let two = vec![vec![village(20, 10)], vec![village(21, 10)]];
    let change = arrange(&new, named(two.clone())).unwrap();
    assert_eq!((change.moved.len(), change.heir, change.opened), (2, false, None));
    new.closes = true;
    assert_eq!(rule(arrange(&new, named(two))), "division.not_empty");
    let all = vec![vec![village(20, 10)], vec![village(21, 10), village(22, 10)]];
    assert!(arrange(&new, named(all)).unwrap().heir);
    let twice = vec![vec![village(20, 10)], vec![village(20, 10), village(21, 10)]];
    assert_eq!(rule(arrange(&new, named(twice))), "invalid");
    let foreign = vec![vec![village(20, 10)], vec![village(21, 11), village(22, 10)]];
    assert_eq!(rule(arrange(&new, named(foreign))), "invalid");
}

#[test]
fn what_lies_in_a_split_or_abolished_village_waits_for_people() {
    let mut new = event(EventKind::Split);
    new.parts = vec![part("430703100201")];
    let one = || Named { from: vec![village(20, 10)], ..Named::default() };
    let opened = arrange(&new, one()).unwrap().opened.unwrap();
    assert_eq!((opened.targets.len(), opened.closes), (2, false), "the new one, and the one that stays");
    let opened = arrange(&event(EventKind::Abolish), one()).unwrap().opened.unwrap();
    assert_eq!((opened.targets.len(), opened.closes), (0, true));
    let change = arrange(&event(EventKind::Abolish), pair(vec![village(20, 10)], village(21, 10))).unwrap();
    assert_eq!((change.closed.len(), change.opened), (1, None), "one successor takes all by rule");
    assert_eq!(
        rule(arrange(&event(EventKind::Abolish), Named { from: vec![town(10, 3)], ..Named::default() })),
        "division.not_empty"
    );
    let opened = arrange(&event(EventKind::Boundary), pair(vec![village(20, 10)], village(21, 11))).unwrap().opened;
    assert_eq!(opened.map(|o| (o.targets.len(), o.closes)), Some((2, false)));
}

#[test]
fn what_is_set_up_needs_a_parent_of_the_level_above() {
    let mut new = event(EventKind::Create);
    new.from.clear();
    new.new_name = Some("新村".into());
    new.new_kind = Some("village_committee".into());
    new.new_code_stat = Some("430703100299".into());
    let below = |to: division::Model| Named { to: Some(to), ..Named::default() };
    let change = arrange(&new, below(town(10, 3))).unwrap();
    assert_eq!((change.fresh.len(), change.fresh_below, change.is_rewritten()), (1, 10, false));
    assert_eq!(rule(arrange(&new, below(unit(3, 3, 2)))), "division.parent_level");
    new.new_kind = Some("county".into());
    assert_eq!(rule(arrange(&new, below(unit(2, 2, 1)))), "division.create_level");
}
