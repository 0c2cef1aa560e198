//! Words for everybody (通俗说法): situations of life, what a policy is in plain words, and how its facts are asked.
//!
//! They are data of `data/policies/public` and say nothing that cards and dictionary do not: no amount, no limit, no rule.

use std::sync::OnceLock;

use kernel::{Outcome, Problem};
use serde::{Deserialize, Serialize};

const SITUATIONS: &str = include_str!("../../../../data/policies/public/situations.toml");
const PLAIN: &str = include_str!("../../../../data/policies/public/plain.toml");
const QUESTIONS: &str = include_str!("../../../../data/policies/public/questions.toml");

/// A situation of life (生活情境) and the policies that may help in it.
#[derive(Debug, Clone, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LifeSituation {
    /// Word.
    pub id: String,
    /// Title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Opening words.
    pub intro: String,
    /// English opening words.
    pub intro_en: String,
    /// Policies, the first to think of first.
    pub policies: Vec<String>,
}

/// A policy in plain words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plain {
    /// The policy.
    pub id: String,
    /// What it is.
    pub what: String,
    /// English.
    pub what_en: String,
    /// Whom it is for.
    pub who: String,
    /// English.
    pub who_en: String,
}

/// How a fact is asked of somebody who answers for himself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The fact.
    pub fact: String,
    /// Question.
    pub ask: String,
    /// English question.
    pub ask_en: String,
    /// What helps to answer.
    #[serde(default)]
    pub help: String,
    /// English.
    #[serde(default)]
    pub help_en: String,
    /// What an answer says of other facts as well.
    #[serde(default)]
    pub implies: Vec<ImpliedFact>,
}

/// What an answer says of another fact (没有残疾人证，就没有等级).
#[derive(Debug, Clone, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImpliedFact {
    /// With this answer, in steps.
    pub answer: i64,
    /// This other fact
    pub fact: String,
    /// has this value.
    pub value: i64,
}

/// All of them.
#[derive(Debug)]
pub struct Texts {
    /// Situations in the order shown.
    pub situations: Vec<LifeSituation>,
    /// Plain words by policy.
    pub plain: Vec<Plain>,
    /// Questions by fact.
    pub questions: Vec<Question>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    situation: Vec<LifeSituation>,
    #[serde(default)]
    policy: Vec<Plain>,
    #[serde(default)]
    question: Vec<Question>,
}

impl Texts {
    fn read() -> Result<Self, toml::de::Error> {
        let raw = |text: &str| toml::from_str::<Raw>(text);
        Ok(Self {
            situations: raw(SITUATIONS)?.situation,
            plain: raw(PLAIN)?.policy,
            questions: raw(QUESTIONS)?.question,
        })
    }

    /// The plain words of a policy.
    pub fn plain(&self, policy: &str) -> Option<&Plain> {
        self.plain.iter().find(|p| p.id == policy)
    }

    /// The question for a fact.
    pub fn question(&self, fact: &str) -> Option<&Question> {
        self.questions.iter().find(|q| q.fact == fact)
    }
}

/// The words of the program.
///
/// # Errors
/// An internal problem when a file cannot be read, which a test excludes.
pub fn texts() -> Outcome<&'static Texts> {
    static TEXTS: OnceLock<Result<Texts, toml::de::Error>> = OnceLock::new();
    TEXTS.get_or_init(Texts::read).as_ref().map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::policies::shelf::shelf;

    fn words<'a>(all: impl IntoIterator<Item = &'a String>) -> BTreeSet<&'a str> {
        let list: Vec<&str> = all.into_iter().map(String::as_str).collect();
        let set: BTreeSet<&str> = list.iter().copied().collect();
        assert_eq!(set.len(), list.len(), "none stands twice");
        set
    }

    #[test]
    fn every_policy_stands_in_a_situation_and_has_plain_words_in_both_languages() {
        let texts = texts().unwrap();
        let cards = words(shelf().unwrap().library.cards().iter().map(|c| &c.id));
        let placed: BTreeSet<&str> = texts.situations.iter().flat_map(|s| &s.policies).map(String::as_str).collect();
        assert_eq!(placed, cards, "left: named by situations, right: in the library");
        assert_eq!(words(texts.plain.iter().map(|p| &p.id)), cards);
        words(texts.situations.iter().map(|s| &s.id));
        for s in &texts.situations {
            words(&s.policies);
            assert!([&s.title, &s.title_en, &s.intro, &s.intro_en].iter().all(|t| !t.is_empty()), "{}", s.id);
        }
        for p in &texts.plain {
            assert!([&p.what, &p.what_en, &p.who, &p.who_en].iter().all(|t| !t.is_empty()), "{}", p.id);
        }
    }

    #[test]
    fn every_fact_an_open_policy_asks_for_has_a_question_and_no_other() {
        let library = &shelf().unwrap().library;
        let dictionary = library.dictionary();
        let day = kernel::day::parse("2026-11-25").unwrap();
        let plan = library.plan(day).unwrap();
        let open = plan.policies.iter().filter(|p| library.card(p.card).is_some_and(|c| !c.restricted));
        let asked: BTreeSet<&str> = open
            .flat_map(|p| p.facts.iter().chain(&p.amount_facts))
            .map(|id| dictionary.fact(*id).unwrap().id.as_str())
            .collect();
        let questions = &texts().unwrap().questions;
        assert_eq!(words(questions.iter().map(|q| &q.fact)), asked);
        for q in questions {
            assert!(
                !q.ask.is_empty() && !q.ask_en.is_empty() && q.help.is_empty() == q.help_en.is_empty(),
                "{}",
                q.fact
            );
            for implied in &q.implies {
                let fact = dictionary.fact(dictionary.fact_id(&implied.fact).unwrap()).unwrap();
                assert!((fact.min..=fact.max).contains(&implied.value), "{}", q.fact);
            }
        }
    }

    #[test]
    fn plain_words_name_no_number_that_the_card_does_not() {
        // An amount, a limit or an age in plain words must stand in the card, in figures.
        let library = &shelf().unwrap().library;
        for plain in &texts().unwrap().plain {
            let card = library.cards().iter().find(|c| c.id == plain.id).unwrap();
            let said = format!("{card:?}");
            for text in [&plain.what, &plain.what_en, &plain.who, &plain.who_en] {
                for number in text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()) {
                    assert!(said.contains(number), "{}: {number} in “{text}”", plain.id);
                }
            }
        }
    }
}
