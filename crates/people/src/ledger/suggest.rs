//! Which grade the facts suggest, and why. Pure; the rules are data (`data/grading.toml`). People decide.

use std::{collections::BTreeSet, sync::LazyLock};

use kernel::{Day, codes, day};
use serde::{Deserialize, Serialize};

/// What a suggestion rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Open categories, as one bit each.
    pub cat_bits: i64,
    /// Finer codes of open categories.
    pub sub_codes: BTreeSet<String>,
    /// Age in full years; none while the birth date is unknown.
    pub age: Option<u16>,
    /// A red risk sign is open.
    pub red_open: bool,
    /// Visits missed in a row.
    pub failed_in_row: i32,
}

impl Known {
    /// What is known of somebody today; restricted categories stay out.
    pub fn of(person: &crate::persons::row::person::Model, sub_codes: BTreeSet<String>, today: Day) -> Self {
        Self {
            cat_bits: person.cat_bits & !codes::restricted_mask(),
            sub_codes,
            age: person.birth_date.and_then(|birth| day::age_on(birth, today)),
            red_open: person.red_open > 0,
            failed_in_row: person.failed_in_row,
        }
    }

    fn holds(&self, word: &str, need: i64) -> bool {
        let number = |text: &str| text.parse::<i64>().ok();
        let age = self.age.map(i64::from);
        if let Some(limit) = word.strip_prefix("age>=") {
            return age.zip(number(limit)).is_some_and(|(age, limit)| age >= limit);
        }
        if let Some(limit) = word.strip_prefix("age<") {
            return age.zip(number(limit)).is_some_and(|(age, limit)| age < limit);
        }
        if let Some(limit) = word.strip_prefix("failed>=") {
            return number(limit).is_some_and(|limit| i64::from(self.failed_in_row) >= limit);
        }
        match word {
            "red_open" => self.red_open,
            "need" => self.cat_bits & need != 0,
            other => {
                self.sub_codes.contains(other) || codes::category_mask(other).is_some_and(|m| self.cat_bits & m != 0)
            }
        }
    }
}

/// Why a grade is suggested: one rule that fired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = GradeReason)]
pub struct Reason {
    /// Code of the rule.
    pub code: String,
    /// In Chinese.
    pub label: String,
    /// In English.
    pub label_en: String,
    /// What it adds to the score.
    pub points: i64,
    /// The least grade it asks for.
    pub floor: Option<String>,
    /// Document or design note behind the rule.
    pub source: String,
    /// Whether a text that states it was read.
    pub verified: bool,
}

/// A suggested grade with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Suggestion {
    /// The grade: that of the score, or of the floor where this is higher.
    pub grade: String,
    /// Sum of the points.
    pub score: i64,
    /// The grade the score alone would give.
    pub by_score: String,
    /// The least grade; a lower one needs a reason.
    pub floor: Option<String>,
    /// The rules that fired, floors first, then by points.
    pub reasons: Vec<Reason>,
    /// Version of the rules.
    pub version: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    need: Vec<String>,
    score: Score,
    rule: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Score {
    #[serde(rename = "A")]
    a: i64,
    #[serde(rename = "B")]
    b: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    code: String,
    label: String,
    label_en: String,
    floor: Option<String>,
    points: i64,
    when: Vec<Vec<String>>,
    source: String,
    verified: bool,
}

#[allow(clippy::panic, reason = "the file is part of the build")]
fn rules() -> &'static File {
    static RULES: LazyLock<File> =
        LazyLock::new(|| match toml::from_str(include_str!("../../../../data/grading.toml")) {
            Ok(file) => file,
            Err(why) => panic!("data/grading.toml: {why}"),
        });
    &RULES
}

/// The order of grades: A is the highest.
pub fn rank(grade: &str) -> u8 {
    match grade {
        "A" => 3,
        "B" => 2,
        "C" => 1,
        _ => 0,
    }
}

/// The grade the facts suggest.
pub fn suggest(known: &Known) -> Suggestion {
    let file = rules();
    let need = codes::categories_mask(file.need.iter().map(String::as_str));
    let fires = |rule: &&Rule| rule.when.iter().any(|all| all.iter().all(|word| known.holds(word, need)));
    let mut reasons: Vec<Reason> = file.rule.iter().filter(fires).map(reason).collect();
    reasons.sort_by_key(|r| std::cmp::Reverse((r.floor.as_deref().map_or(0, rank), r.points)));
    let score = reasons.iter().map(|r| r.points).sum();
    let by_score = match score {
        s if s >= file.score.a => "A",
        s if s >= file.score.b => "B",
        _ => "C",
    };
    let floor = reasons.iter().filter_map(|r| r.floor.clone()).max_by_key(|grade| rank(grade));
    let grade = floor.clone().filter(|f| rank(f) > rank(by_score)).unwrap_or_else(|| by_score.to_owned());
    Suggestion { grade, score, by_score: by_score.to_owned(), floor, reasons, version: file.version.clone() }
}

fn reason(rule: &Rule) -> Reason {
    Reason {
        code: rule.code.clone(),
        label: rule.label.clone(),
        label_en: rule.label_en.clone(),
        points: rule.points,
        floor: rule.floor.clone(),
        source: rule.source.clone(),
        verified: rule.verified,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(categories: &[&str], age: Option<u16>) -> Known {
        Known { cat_bits: codes::categories_mask(categories.iter().copied()), age, ..Known::default() }
    }

    #[test]
    fn every_word_of_the_rules_means_something() {
        let file = rules();
        for word in file.rule.iter().flat_map(|r| r.when.iter().flatten()) {
            let number = ["age>=", "age<", "failed>="]
                .iter()
                .any(|p| word.strip_prefix(p).is_some_and(|n| n.parse::<i64>().is_ok()));
            let fits = number
                || matches!(word.as_str(), "red_open" | "need")
                || codes::category_mask(word).is_some()
                || codes::has("category_sub", word);
            assert!(fits, "{word}");
            assert!(
                codes::category_mask(word).is_none_or(|m| m & codes::restricted_mask() == 0),
                "{word} is restricted"
            );
        }
        assert!(file.need.iter().all(|c| codes::category_mask(c).is_some()));
        assert!(file.rule.iter().all(|r| r.floor.as_deref().is_none_or(|f| rank(f) > 0) && !r.when.is_empty()));
        let mut codes: Vec<_> = file.rule.iter().map(|r| &r.code).collect();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), file.rule.len());
    }

    #[test]
    fn floors_and_score_suggest_a_grade_with_its_reasons() {
        for (categories, age, grade, floor, first) in [
            (&[][..], Some(40), "C", None, None),
            (&["DIBAO"], Some(40), "C", None, Some("dibao")),
            (&["DIBAO"], Some(59), "C", None, Some("dibao")),
            (&["DIBAO"], Some(60), "B", Some("B"), Some("dibao_weak")),
            (&["DIBAO"], Some(17), "B", Some("B"), Some("dibao_weak")),
            (&["DIBAO"], None, "C", None, Some("dibao")),
            (&["TEKUN_I"], Some(70), "B", Some("B"), Some("tekun")),
            (&["LEFT_CHILD"], Some(9), "B", Some("B"), Some("left_child")),
            (&["DIS_1_2"], Some(30), "B", Some("B"), Some("severe_disability")),
            (&["DIS_1_3"], Some(30), "C", None, Some("other_disability")),
            (&["RIGID"], Some(30), "B", Some("B"), Some("rigid")),
            (&["ALONE", "ELDER80"], Some(85), "B", Some("B"), Some("alone_old")),
            (&["ALONE", "ELDER80", "DIBAO"], Some(85), "A", Some("A"), Some("alone_old_need")),
            (&["ALONE", "NEAR"], Some(80), "A", Some("A"), Some("alone_old_need")),
            (&["ALONE", "NEAR"], Some(79), "C", None, Some("alone")),
            (&["ALONE", "DIS_2_1"], Some(50), "A", Some("A"), Some("alone_severe")),
            (&["DEFACTO"], Some(10), "A", Some("A"), Some("child_without_parents")),
            (&["STREET_CHILD"], Some(15), "A", Some("A"), Some("child_without_parents")),
            // The score alone lifts somebody whom no floor holds.
            (&["DISABLED_ELDER", "EMPTY", "NEAR", "POVERTY_WATCH"], Some(75), "A", None, Some("loss_of_ability")),
            (&["DIFFICULT_CHILD"], Some(10), "B", None, Some("difficult_child")),
        ] {
            let found = suggest(&known(categories, age));
            assert_eq!((found.grade.as_str(), found.floor.as_deref()), (grade, floor), "{categories:?} {age:?}");
            assert_eq!(found.reasons.first().map(|r| r.code.as_str()), first, "{categories:?} {age:?}");
            assert_eq!(found.score, found.reasons.iter().map(|r| r.points).sum::<i64>());
        }
    }

    #[test]
    fn an_open_red_sign_asks_for_the_highest_grade_whatever_else_is_known() {
        for categories in [&[][..], &["ELDER60"], &["DIBAO"]] {
            let found = suggest(&Known { red_open: true, ..known(categories, None) });
            assert_eq!((found.grade.as_str(), found.floor.as_deref()), ("A", Some("A")));
            assert_eq!(found.reasons.first().map(|r| r.code.as_str()), Some("red_sign"));
        }
    }

    #[test]
    fn total_loss_of_self_care_of_a_tekun_at_home_is_a_priority() {
        let mut k = known(&["TEKUN_H"], Some(70));
        assert_eq!(suggest(&k).grade, "B");
        k.sub_codes.insert("selfcare_none".to_owned());
        assert_eq!((suggest(&k).grade.as_str(), suggest(&k).floor.as_deref()), ("A", Some("A")));
        k.cat_bits = codes::categories_mask(["TEKUN_I"]);
        assert_eq!(suggest(&k).floor.as_deref(), Some("B"), "in an institution somebody is there");
    }

    #[test]
    fn restricted_categories_give_no_reason() {
        let bits = codes::restricted_mask();
        assert_eq!(suggest(&Known { cat_bits: bits & !codes::restricted_mask(), ..Known::default() }).reasons, []);
        assert_eq!(suggest(&known(&[], None)).grade, "C");
    }

    #[test]
    fn more_facts_never_lower_the_suggestion() {
        let all: Vec<&str> = codes::list("category").unwrap().items.iter().map(|i| i.code.as_str()).collect();
        for base in &all {
            let before = suggest(&known(&[base], Some(50)));
            for more in &all {
                let after = suggest(&known(&[base, more], Some(50)));
                assert!(rank(&after.grade) >= rank(&before.grade), "{base} + {more}");
            }
        }
    }
}
