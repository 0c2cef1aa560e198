//! Who counts as a family member living together (共同生活的家庭成员) when a family is means-tested for dibao.
//!
//! 最低生活保障审核确认办法 (民发〔2021〕57号) art. 7, read in a third-party copy [rule*]. Included are the spouse; children
//! who are minors; adult children who cannot live independently, those in full-time study up to bachelor level among them;
//! and others with a legal duty of support who live together for long. Excluded are religious staff who have lived away from
//! the family for three years or more, people in prison, in compulsory detox or declared missing, and others the province
//! names. Duties of support: 民法典 (spouses 1059, parents and children 1067, grandparents 1074, siblings 1075; from memory,
//! to be verified), the last two only under conditions a person has to look at.
//!
//! The rule is a pure function in three values. What is not known stays not known, and the answer says which facts are
//! missing; a fact that becomes known never turns an answer back into "unknown". It proposes; a person decides [G13].

use chrono::NaiveDate;
use kernel::{Day, day};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Age from which somebody is an adult (民法典 art. 17).
pub const ADULT: u16 = 18;

/// Yes, no, or not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Maybe {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Not known.
    Unknown,
}

use Maybe::{No, Unknown, Yes};

impl Maybe {
    /// What is known of a fact.
    pub fn of(fact: Option<bool>) -> Self {
        fact.map_or(Unknown, |yes| if yes { Yes } else { No })
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (No, _) | (_, No) => No,
            (Yes, Yes) => Yes,
            _ => Unknown,
        }
    }

    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Yes, _) | (_, Yes) => Yes,
            (No, No) => No,
            _ => Unknown,
        }
    }

    fn not(self) -> Self {
        match self {
            Yes => No,
            No => Yes,
            Unknown => Unknown,
        }
    }
}

/// What is known of somebody besides name and birth date; what is left out is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitFacts {
    /// Who.
    #[serde(default)]
    pub person_id: Uuid,
    /// Relation to the applicant, code of list `relation`.
    pub relation: Option<String>,
    /// Lives together with the applicant for long.
    pub lives_together: Option<bool>,
    /// Adult child: cannot live independently (不能独立生活).
    pub dependent: Option<bool>,
    /// Adult child: in full-time study up to bachelor level.
    pub student: Option<bool>,
    /// Relatives with a conditional duty of support (grandparents, grandchildren, siblings, others): the duty exists.
    pub duty: Option<bool>,
    /// Religious staff who have lived away from the family for three years in a row or more.
    pub religious_away: Option<bool>,
    /// In prison, in compulsory detox or declared missing; which of the three is not asked.
    pub away_by_law: Option<bool>,
}

/// A question about one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Birth date.
    pub birth: Option<NaiveDate>,
    /// The rest.
    pub facts: UnitFacts,
}

/// Whether somebody belongs to the unit, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = UnitVerdict)]
pub struct Verdict {
    /// Who.
    pub person_id: Uuid,
    /// Relation to the applicant, as given or as it follows from the relations to the head.
    pub relation: Option<String>,
    /// Whether the person belongs.
    pub belongs: Maybe,
    /// Why: applicant, spouse, minor_child, student_child, dependent_child, duty_together, no_duty, not_together,
    /// independent_child, religious_away, away_by_law, incomplete.
    pub why: String,
    /// Facts that would decide: relation, birth_date, lives_together, dependent, student, duty, religious_away, away_by_law.
    pub missing: Vec<String>,
}

/// Relation codes of GB/T 4761 as this rule groups them.
fn is_child(relation: &str) -> bool {
    matches!(relation, "2" | "3")
}

/// Judges one person against the applicant.
pub fn judge(candidate: &Candidate, today: Day) -> Verdict {
    let facts = &candidate.facts;
    let verdict = |belongs, why: &str, missing: Vec<&str>| Verdict {
        person_id: facts.person_id,
        relation: facts.relation.clone(),
        belongs,
        why: why.to_owned(),
        missing: missing.into_iter().map(str::to_owned).collect(),
    };
    let Some(relation) = facts.relation.as_deref() else { return verdict(Unknown, "incomplete", vec!["relation"]) };
    if relation == "0" {
        return verdict(Yes, "applicant", Vec::new());
    }
    let (included, why, mut missing) = included(candidate, relation, today);
    if included == No {
        return verdict(No, why, Vec::new());
    }
    for (fact, name) in [(facts.religious_away, "religious_away"), (facts.away_by_law, "away_by_law")] {
        match fact {
            Some(true) => return verdict(No, name, Vec::new()),
            Some(false) => {}
            None => missing.push(name),
        }
    }
    let excluded = Maybe::of(facts.religious_away).or(Maybe::of(facts.away_by_law));
    match included.and(excluded.not()) {
        Yes => verdict(Yes, why, Vec::new()),
        _ => verdict(Unknown, "incomplete", missing),
    }
}

/// Whether one of the grounds of inclusion holds: the answer, the ground (or why none), and what is missing.
fn included<'a>(candidate: &Candidate, relation: &str, today: Day) -> (Maybe, &'a str, Vec<&'static str>) {
    let facts = &candidate.facts;
    if relation == "1" {
        return (Yes, "spouse", Vec::new());
    }
    let together = Maybe::of(facts.lives_together);
    if is_child(relation) {
        let age = candidate.birth.and_then(|birth| day::age_on(birth, today));
        let minor = Maybe::of(age.map(|age| age < ADULT));
        let (student, dependent) = (Maybe::of(facts.student), Maybe::of(facts.dependent));
        let grounds = [
            (minor, "minor_child"),
            (student, "student_child"),
            (dependent, "dependent_child"),
            (together, "duty_together"),
        ];
        if let Some((_, why)) = grounds.iter().find(|(holds, _)| *holds == Yes) {
            return (Yes, why, Vec::new());
        }
        let any = grounds.iter().fold(No, |any, (holds, _)| any.or(*holds));
        let names =
            [(minor, "birth_date"), (student, "student"), (dependent, "dependent"), (together, "lives_together")];
        let missing = names.iter().filter(|(holds, _)| *holds == Unknown).map(|(_, name)| *name).collect();
        return (any, "independent_child", missing);
    }
    // Parents and children owe each other support; towards the rest it depends on facts.
    let duty = if relation == "5" { Yes } else { Maybe::of(facts.duty) };
    let missing = [(duty, "duty"), (together, "lives_together")]
        .iter()
        .filter(|(holds, _)| *holds == Unknown)
        .map(|(_, name)| *name)
        .collect();
    let why = match (duty, together) {
        (No, _) => "no_duty",
        (_, No) => "not_together",
        _ => "duty_together",
    };
    (duty.and(together), why, missing)
}

/// The relation of somebody to the applicant, from both relations to the head; none where a person has to say it.
pub fn relation_to(applicant: &str, other: &str) -> Option<&'static str> {
    Some(match (applicant, other) {
        ("0", code) => same(code)?,
        // Of the head, seen from the member: the inverse.
        ("1", "0") => "1",
        ("2" | "3", "0") => "5",
        ("5", "0") => "2",
        ("4", "0") => "6",
        ("6", "0") => "4",
        ("7", "0") => "7",
        // The spouse of the head: the couple's children, and the couple's grandchildren.
        ("1", "2") => "2",
        ("1", "3") => "3",
        ("1", "4") => "4",
        // A child of the head: the other parent, brothers and sisters, grandparents.
        ("2" | "3", "1") => "5",
        ("2" | "3", "2" | "3") => "7",
        ("2" | "3", "5") => "6",
        // A parent of the head: the head's children, brothers and sisters.
        ("5", "2" | "3") => "4",
        ("5", "7") => "2",
        // A brother or sister of the head.
        ("7", "5") => "5",
        ("7", "6") => "6",
        ("7", "7") => "7",
        _ => return None,
    })
}

fn same(code: &str) -> Option<&'static str> {
    ["0", "1", "2", "3", "4", "5", "6", "7", "8"].into_iter().find(|known| *known == code)
}

#[cfg(test)]
#[path = "unit_tests.rs"]
mod tests;
