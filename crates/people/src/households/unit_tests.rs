//! The rule of art. 7, case by case, and its properties over every combination of facts.

use super::*;

fn today() -> Day {
    day::parse("2026-11-23").unwrap()
}

fn candidate(relation: &str, birth: &str, facts: &[(&str, bool)]) -> Candidate {
    let mut c = Candidate {
        birth: (!birth.is_empty()).then(|| day::parse(birth).unwrap()),
        facts: UnitFacts {
            relation: (!relation.is_empty()).then(|| relation.to_owned()),
            religious_away: Some(false),
            away_by_law: Some(false),
            ..UnitFacts::default()
        },
    };
    for (name, value) in facts {
        *slot(&mut c.facts, name) = Some(*value);
    }
    c
}

fn slot<'a>(facts: &'a mut UnitFacts, name: &str) -> &'a mut Option<bool> {
    match name {
        "lives_together" => &mut facts.lives_together,
        "dependent" => &mut facts.dependent,
        "student" => &mut facts.student,
        "duty" => &mut facts.duty,
        "religious_away" => &mut facts.religious_away,
        "away_by_law" => &mut facts.away_by_law,
        other => panic!("no fact {other}"),
    }
}

#[test]
fn article_7_case_by_case() {
    let child = "2010-05-01";
    let adult = "2000-05-01";
    for (name, c, belongs, why, missing) in [
        ("the applicant", candidate("0", "", &[]), Yes, "applicant", vec![]),
        ("a spouse, wherever", candidate("1", "", &[("lives_together", false)]), Yes, "spouse", vec![]),
        ("a spouse in prison", candidate("1", "", &[("away_by_law", true)]), No, "away_by_law", vec![]),
        (
            "a minor child who lives elsewhere",
            candidate("2", child, &[("lives_together", false)]),
            Yes,
            "minor_child",
            vec![],
        ),
        ("a child of 17", candidate("3", "2008-11-24", &[]), Yes, "minor_child", vec![]),
        (
            "the same child on the 18th birthday",
            candidate("3", "2008-11-23", &[("student", false), ("dependent", false), ("lives_together", false)]),
            No,
            "independent_child",
            vec![],
        ),
        ("a student of 26", candidate("2", adult, &[("student", true)]), Yes, "student_child", vec![]),
        (
            "a dependent adult child",
            candidate("3", adult, &[("student", false), ("dependent", true)]),
            Yes,
            "dependent_child",
            vec![],
        ),
        (
            "an independent adult child at home",
            candidate("2", adult, &[("student", false), ("dependent", false), ("lives_together", true)]),
            Yes,
            "duty_together",
            vec![],
        ),
        (
            "an adult child nobody asked about",
            candidate("2", adult, &[]),
            Unknown,
            "incomplete",
            vec!["student", "dependent", "lives_together"],
        ),
        (
            "a child of unknown age",
            candidate("2", "", &[("student", false), ("dependent", false), ("lives_together", false)]),
            Unknown,
            "incomplete",
            vec!["birth_date"],
        ),
        ("a parent at home", candidate("5", "", &[("lives_together", true)]), Yes, "duty_together", vec![]),
        ("a parent elsewhere", candidate("5", "", &[("lives_together", false)]), No, "not_together", vec![]),
        (
            "a grandparent with the duty, at home",
            candidate("6", "", &[("lives_together", true), ("duty", true)]),
            Yes,
            "duty_together",
            vec![],
        ),
        (
            "a grandchild without the duty",
            candidate("4", child, &[("lives_together", true), ("duty", false)]),
            No,
            "no_duty",
            vec![],
        ),
        ("a sibling at home", candidate("7", "", &[("lives_together", true)]), Unknown, "incomplete", vec!["duty"]),
        (
            "a daughter-in-law without duty",
            candidate("8", "", &[("lives_together", true), ("duty", false)]),
            No,
            "no_duty",
            vec![],
        ),
        (
            "nobody said how they are related",
            candidate("", child, &[("lives_together", true)]),
            Unknown,
            "incomplete",
            vec!["relation"],
        ),
        (
            "religious staff away for three years",
            candidate("2", child, &[("religious_away", true)]),
            No,
            "religious_away",
            vec![],
        ),
    ] {
        let verdict = judge(&c, today());
        assert_eq!((verdict.belongs, verdict.why.as_str()), (belongs, why), "{name}");
        assert_eq!(verdict.missing, missing, "{name}");
    }
}

#[test]
fn exclusion_must_be_known_before_somebody_belongs() {
    let mut c = candidate("1", "", &[]);
    c.facts.away_by_law = None;
    let verdict = judge(&c, today());
    assert_eq!((verdict.belongs, verdict.missing), (Unknown, vec!["away_by_law".to_owned()]));
    // Whoever has no ground of inclusion is out, whatever else is not known.
    let mut c = candidate("5", "", &[("lives_together", false)]);
    c.facts.religious_away = None;
    assert_eq!(judge(&c, today()).belongs, No);
}

const FACTS: [&str; 6] = ["lives_together", "dependent", "student", "duty", "religious_away", "away_by_law"];

/// Every combination of relation, birth date and the six facts in three values.
fn every(mut see: impl FnMut(&Candidate)) {
    for relation in ["", "0", "1", "2", "3", "4", "5", "6", "7", "8"] {
        for birth in ["", "2010-05-01", "2000-05-01"] {
            for code in 0..3_u32.pow(6) {
                let mut c = candidate(relation, birth, &[]);
                let mut rest = code;
                for name in FACTS {
                    *slot(&mut c.facts, name) = [None, Some(false), Some(true)][(rest % 3) as usize];
                    rest /= 3;
                }
                see(&c);
            }
        }
    }
}

#[test]
fn a_fact_that_becomes_known_never_makes_an_answer_unknown() {
    every(|c| {
        let before = judge(c, today());
        for name in FACTS {
            for value in [false, true] {
                let mut more = c.clone();
                let slot = slot(&mut more.facts, name);
                if slot.is_none() {
                    *slot = Some(value);
                    let after = judge(&more, today());
                    assert!(before.belongs == Unknown || after.belongs == before.belongs, "{c:?} + {name}={value}");
                }
            }
        }
    });
}

#[test]
fn an_unknown_answer_names_what_would_decide_and_a_known_one_nothing() {
    every(|c| {
        let verdict = judge(c, today());
        assert_eq!(verdict.belongs == Unknown, !verdict.missing.is_empty(), "{c:?}: {verdict:?}");
        assert_eq!(verdict.belongs == Unknown, verdict.why == "incomplete", "{c:?}: {verdict:?}");
        for name in &verdict.missing {
            let known = match name.as_str() {
                "relation" => c.facts.relation.is_some(),
                "birth_date" => c.birth.is_some(),
                other => slot(&mut c.facts.clone(), other).is_some(),
            };
            assert!(!known, "{c:?} lacks {name}, which is known");
        }
    });
}

#[test]
fn relations_to_the_head_give_relations_to_the_applicant() {
    for (applicant, other, relation) in [
        ("0", "2", Some("2")),
        ("1", "0", Some("1")),
        ("1", "3", Some("3")),
        ("2", "0", Some("5")),
        ("3", "1", Some("5")),
        ("2", "3", Some("7")),
        ("2", "5", Some("6")),
        ("5", "0", Some("2")),
        ("5", "2", Some("4")),
        ("4", "0", Some("6")),
        ("7", "0", Some("7")),
        // A parent-in-law, a nephew, the child of an unknown brother: a person has to say it.
        ("1", "5", None),
        ("7", "2", None),
        ("2", "4", None),
        ("8", "0", None),
    ] {
        assert_eq!(relation_to(applicant, other), relation, "{applicant} {other}");
    }
}
