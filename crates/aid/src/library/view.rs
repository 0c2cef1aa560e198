//! Policies as anybody may read them, and the plan a browser asks by itself.

use std::collections::{BTreeSet, HashMap};

use access::PlaceRef;
use chrono::NaiveDate;
use kernel::{Outcome, Problem};
use policy::{
    card::{Amount, Card, Clause, Note, Says, Version},
    dictionary::{Fact, ParamId},
    lower::{Join, Line, Lowered},
};
use serde::Serialize;

use super::{
    conditions::{CheckCondition, CheckNumber, Data, is_checked},
    texts::{ImpliedFact, LifeSituation, Plain, Question, texts},
};
use crate::policies::{
    Here,
    view::{FactKind, LimitView, ParamView, PolicyPage, PolicyShort, unit_code},
};

/// The public shelf of a place.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PublicLibrary {
    /// The day whose rules hold.
    pub on: NaiveDate,
    /// The place and those above it, nearest first; empty for the nation.
    pub places: Vec<PlaceRef>,
    /// Situations of life.
    pub situations: Vec<LifeSituation>,
    /// Policies in the order they are looked at: statuses, special assistance, emergencies.
    pub items: Vec<PublicPolicy>,
}

/// A policy as anybody may read it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PublicPolicy {
    /// What lists show.
    #[serde(flatten)]
    pub short: PolicyShort,
    /// What it is, in plain words.
    pub what: String,
    /// English.
    pub what_en: String,
    /// Whom it is for, in plain words.
    pub who: String,
    /// English.
    pub who_en: String,
    /// Where to apply.
    pub route: String,
    /// English.
    pub route_en: String,
    /// What to bring; what data matching obtains is not among it (社会救助法 art. 62).
    pub bring: Vec<PublicPaper>,
    /// Whether data matching obtains further papers, which nobody may be asked for.
    pub matched: bool,
    /// Time limits.
    pub limits: Vec<LimitView>,
    /// What is made public; empty when nothing.
    pub publicity: String,
    /// Whether the public notice is skipped to protect somebody.
    pub no_publicity: bool,
    /// Policies that cannot be received together with this one.
    pub conflicts: Vec<PolicyShort>,
    /// The amount, in words.
    pub amount: Option<PublicAmount>,
    /// Standards of the place it hangs on, each with place and document.
    pub params: Vec<ParamView>,
    /// Conditions in words, parents before their parts.
    pub conditions: Vec<PublicCondition>,
    /// First day of the version in force.
    pub version_from: NaiveDate,
    /// Its document.
    pub version_source: String,
    /// Whether a self-check is offered; not for restricted records and duties.
    pub checked: bool,
}

/// A paper to bring.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PublicPaper {
    /// Words.
    pub text: String,
    /// English.
    pub text_en: String,
    /// Clause.
    pub source: String,
    /// Whether it was read in its source.
    pub verified: bool,
}

/// How the amount comes about.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PublicAmount {
    /// Unit: fen, fen_month, fen_year.
    pub unit: String,
    /// Words.
    pub text: String,
    /// English.
    pub text_en: String,
    /// Clause.
    pub source: String,
    /// Whether it was read in its source.
    pub verified: bool,
}

/// A condition in words; deeper ones are parts of the one above.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PublicCondition {
    /// Depth, from 0.
    pub depth: usize,
    /// leaf, all, any or not: how the deeper ones are joined.
    pub join: String,
    /// Words; empty where the parts must do.
    pub text: String,
    /// English.
    pub text_en: String,
    /// Clause.
    pub source: String,
    /// Whether it was read in its source.
    pub verified: bool,
}

/// The conditions of a place as data, for a browser that answers by itself. Nothing is ever sent back.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CheckPlan {
    /// The day whose rules hold.
    pub on: NaiveDate,
    /// The place and those above it, nearest first; empty for the nation.
    pub places: Vec<PlaceRef>,
    /// Facts to ask for, in the order of the dictionary.
    pub facts: Vec<CheckFact>,
    /// Conditions; a part stands before what is built of it.
    pub conditions: Vec<CheckCondition>,
    /// Numbers; a part stands before what is built of it.
    pub numbers: Vec<CheckNumber>,
    /// Policies.
    pub policies: Vec<CheckPolicy>,
}

/// A fact and how it is asked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CheckFact {
    /// The dictionary's word, label, kind, unit, bounds and choices.
    #[serde(flatten)]
    pub kind: FactKind,
    /// Question.
    pub question: String,
    /// English.
    pub question_en: String,
    /// What helps to answer.
    pub help: String,
    /// English.
    pub help_en: String,
    /// Ages, both included, at which asking makes sense.
    pub ages: Option<[u16; 2]>,
    /// Whether it is an approved status (认定) that a visitor can only tell of himself.
    pub status: bool,
    /// What an answer says of other facts.
    pub implies: Vec<ImpliedFact>,
}

/// A policy of the plan; numbers are places in the lists of the plan.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CheckPolicy {
    /// Word.
    pub id: String,
    /// Its condition.
    pub when: usize,
    /// Its amount.
    pub amount: Option<usize>,
    /// Facts of the condition.
    pub facts: Vec<usize>,
    /// Facts of the amount.
    pub amount_facts: Vec<usize>,
    /// The fact that says it is received already.
    pub receives: Option<usize>,
    /// Whether a standard of the place is missing (当地标准未录入).
    pub params_missing: bool,
    /// Whether it hangs on invented values (示例).
    pub example: bool,
    /// Reasons, parents before their parts.
    pub lines: Vec<CheckLine>,
}

/// One line of the reasons.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CheckLine {
    /// Words.
    #[serde(flatten)]
    pub words: PublicCondition,
    /// Its condition, a place in the list.
    pub condition: usize,
}

fn join(line: &Line) -> &'static str {
    match line.join {
        Join::Leaf => "leaf",
        Join::All => "all",
        Join::Any => "any",
        Join::Not => "not",
    }
}

fn lines<'a>(line: &'a Line, depth: usize, out: &mut Vec<(usize, &'a Line)>) {
    out.push((depth, line));
    line.below.iter().for_each(|below| lines(below, depth + 1, out));
}

fn in_words(policy: &Lowered) -> Vec<(PublicCondition, &Line)> {
    let mut all = Vec::new();
    lines(&policy.line, 0, &mut all);
    let words = |depth: usize, line: &Line| PublicCondition {
        depth,
        join: join(line).to_owned(),
        text: line.note.text.clone(),
        text_en: line.note.text_en.clone(),
        source: line.note.source.clone(),
        verified: line.note.verified,
    };
    all.into_iter().map(|(depth, line)| (words(depth, line), line)).collect()
}

/// Whether a self-check is offered: never for restricted records and duties, nor where a place revised a card so that it
/// asks for something nobody is to be questioned about.
fn is_offered(here: &Here, card: &Card, policy: &Lowered) -> bool {
    let has_question = |id: &u16| {
        let fact = here.library.dictionary().fact(*id);
        fact.zip(texts().ok()).is_some_and(|(fact, texts)| texts.question(&fact.id).is_some())
    };
    is_checked(card) && policy.facts.iter().chain(&policy.amount_facts).all(has_question)
}

/// Parameters the condition or the amount hangs on.
fn params(here: &Here, policy: &Lowered) -> BTreeSet<ParamId> {
    let core = &here.plan.core;
    let amount = policy.amount.map(|n| core.asks_num(n).1).unwrap_or_default();
    core.asks(policy.when).1.into_iter().chain(amount).collect()
}

/// The shelf of a place.
///
/// # Errors
/// An internal problem when a text is missing, which tests exclude.
pub fn library(here: &Here, places: Vec<PlaceRef>) -> Outcome<PublicLibrary> {
    let names: HashMap<String, String> = places.iter().map(|p| (format!("{:0<6}", p.code), p.name.clone())).collect();
    let in_force =
        |card: &Card| here.plan.policies.iter().find(|p| here.library.card(p.card).is_some_and(|c| c == card));
    let mut items = Vec::new();
    for card in here.library.in_order() {
        if let Some((policy, version)) = in_force(card).zip(card.version_on(here.plan.day)) {
            items.push(public(here, card, policy, version, &names)?);
        }
    }
    let mut situations = texts()?.situations.clone();
    for situation in &mut situations {
        situation.policies.retain(|id| items.iter().any(|p| p.short.id == *id));
    }
    Ok(PublicLibrary { on: here.plan.day, places, situations, items })
}

/// The words of a card that an installation added: what is paid (else its title) and its conditions, for nobody wrote
/// plainer ones.
fn own_words(card: &Card, version: &Version) -> Plain {
    fn words(clause: &Clause, of: fn(&Note) -> &String) -> Vec<String> {
        let below = |list: &[Clause]| list.iter().flat_map(|c| words(c, of)).collect();
        match &clause.says {
            _ if !of(&clause.note).is_empty() => vec![of(&clause.note).clone()],
            Says::All(list) | Says::Any(list) => below(list),
            Says::Is(_) | Says::Not(_) => Vec::new(),
        }
    }
    let who = |of, comma: &str| match &version.when.says {
        Says::All(list) => list.iter().flat_map(|c| words(c, of)).collect::<Vec<_>>().join(comma),
        _ => words(&version.when, of).join(comma),
    };
    let paid = |of: fn(&Amount) -> &String| version.amount.as_ref().map(of).filter(|words| !words.is_empty());
    Plain {
        id: card.id.clone(),
        what: paid(|a| &a.text).unwrap_or(&card.title).clone(),
        what_en: paid(|a| &a.text_en).unwrap_or(&card.title_en).clone(),
        who: who(|note| &note.text, "；"),
        who_en: who(|note| &note.text_en, "; "),
    }
}

fn public(
    here: &Here,
    card: &Card,
    policy: &Lowered,
    version: &Version,
    names: &HashMap<String, String>,
) -> Outcome<PublicPolicy> {
    let plain = texts()?.plain(&card.id).cloned().unwrap_or_else(|| own_words(card, version));
    let page = PolicyPage::of(card, here.library.cards());
    let dictionary = here.library.dictionary();
    let paper = |e: &policy::card::Evidence| PublicPaper {
        text: e.text.clone(),
        text_en: e.text_en.clone(),
        source: e.source.clone(),
        verified: e.verified,
    };
    Ok(PublicPolicy {
        short: page.short,
        what: plain.what,
        what_en: plain.what_en,
        who: plain.who,
        who_en: plain.who_en,
        route: page.route,
        route_en: page.route_en,
        bring: card.evidence.iter().filter(|e| !e.matched).map(paper).collect(),
        matched: card.evidence.iter().any(|e| e.matched),
        limits: page.limits,
        publicity: page.publicity,
        no_publicity: page.no_publicity,
        conflicts: page.conflicts,
        amount: version.amount.as_ref().map(|a| PublicAmount {
            unit: unit_code(&a.unit).to_owned(),
            text: a.text.clone(),
            text_en: a.text_en.clone(),
            source: a.source.clone(),
            verified: a.verified,
        }),
        params: params(here, policy)
            .into_iter()
            .filter_map(|id| ParamView::of(dictionary, &here.local, id, names))
            .collect(),
        conditions: in_words(policy).into_iter().map(|(words, _)| words).collect(),
        version_from: version.from,
        version_source: version.source.clone(),
        checked: is_offered(here, card, policy),
    })
}

/// The plan of a place for a browser.
///
/// # Errors
/// An internal problem when a question is missing, which tests exclude.
pub fn check(here: &Here, places: Vec<PlaceRef>) -> Outcome<CheckPlan> {
    let (library, dictionary) = (&here.library, here.library.dictionary());
    let card = |p: &Lowered| library.card(p.card).filter(|c| is_offered(here, c, p));
    let mut chosen: Vec<(&Lowered, &Card)> = here.plan.policies.iter().filter_map(|p| Some((p, card(p)?))).collect();
    chosen.sort_by_key(|(_, c)| (c.stage, c.rank, c.number.as_str()));
    let data = Data::of(&here.plan, &here.local, dictionary, chosen.iter().map(|(p, _)| *p));
    let policies = chosen.iter().map(|(policy, card)| {
        let held: Vec<_> = params(here, policy)
            .iter()
            .map(|id| here.local.params.get(usize::from(*id)).and_then(Option::as_ref))
            .collect();
        let receives = data
            .facts
            .iter()
            .position(|id| dictionary.fact(*id).is_some_and(|f| f.approved_of.as_deref() == Some(card.id.as_str())));
        let line = |(words, line): (PublicCondition, &Line)| CheckLine { words, condition: data.condition(line.cond) };
        CheckPolicy {
            id: card.id.clone(),
            when: data.condition(policy.when),
            amount: policy.amount.map(|n| data.number(n)),
            facts: data.places(&policy.facts),
            amount_facts: data.places(&policy.amount_facts),
            receives,
            params_missing: held.iter().any(Option::is_none),
            example: held.iter().flatten().any(|p| p.example),
            lines: in_words(policy).into_iter().map(line).collect(),
        }
    });
    let policies = policies.collect();
    let mut facts = Vec::with_capacity(data.facts.len());
    for fact in data.facts.iter().filter_map(|id| dictionary.fact(*id)) {
        let question = texts()?.question(&fact.id).ok_or_else(|| Problem::internal("a fact without a question"))?;
        facts.push(asked(fact, question));
    }
    let (conditions, numbers) = (data.conditions, data.numbers);
    Ok(CheckPlan { on: here.plan.day, places, facts, conditions, numbers, policies })
}

fn asked(fact: &Fact, question: &Question) -> CheckFact {
    CheckFact {
        kind: FactKind::from(fact),
        question: question.ask.clone(),
        question_en: question.ask_en.clone(),
        help: question.help.clone(),
        help_en: question.help_en.clone(),
        ages: fact.ask_ages,
        status: fact.approved_of.is_some() || !fact.categories.is_empty(),
        implies: question.implies.clone(),
    }
}
