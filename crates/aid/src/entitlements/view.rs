//! Answers, reasons, questions and facts of one person as shown.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use access::{PlaceRef, Scope};
use kernel::{Id, Outcome, Problem};
use people::{
    categories,
    facts::{row::person_fact, store},
    minors,
    persons::row::person,
    screening::known::{Open, Subject},
};
use policy::{
    card::Card,
    dictionary::FactId,
    lower::Join,
    person::{Answer, Case, Facts, Held, State, questions},
};
use sea_orm::ColumnTrait as _;

use super::{
    Read,
    http::{Answered, Entitlements, FactView, Question, Reason, Reasons, Unit},
    model::{self, Known},
};
use crate::policies::{
    Here, here, standards_of,
    view::{FactKind, ParamView, PolicyPage, unit_code},
};

/// A person with everything the engine asks for.
struct Asked {
    person: person::Model,
    place: Option<PlaceRef>,
    /// Names of county, city and province by code.
    names: HashMap<String, String>,
    here: Here,
    facts: Facts,
    told: Vec<person_fact::Model>,
    unit: Unit,
}

impl Asked {
    /// Whether asking for a fact makes sense at this person's age; without a birth date everything does.
    fn makes_sense(&self, fact: FactId) -> bool {
        let age = self.person.birth_date.and_then(|birth| kernel::day::age_on(birth, self.here.plan.day));
        let ages = self.here.library.dictionary().fact(fact).and_then(|f| f.ask_ages);
        age.zip(ages).is_none_or(|(age, [from, to])| (from..=to).contains(&age))
    }
}

/// Whether every set that can make it true holds a fact nobody asks for at this age.
fn unlikely(asked: &Asked, answer: &Answer<'_>) -> bool {
    let missing = &answer.missing;
    !missing.yes.is_empty() && missing.yes.iter().all(|set| missing.named(*set).any(|fact| !asked.makes_sense(fact)))
}

/// Opens the file of a person for `work`; see [`minors::recorded`].
async fn opened<T>(scope: &Scope<Read>, id: Id, work: impl AsyncFnOnce(person::Model) -> Outcome<T>) -> Outcome<T> {
    let person = scope.find::<person::Entity>().filter(person::Column::Id.eq(id)).read_one().await?;
    let way = minors::must_open(scope, &person).await?;
    minors::recorded(scope, &person, Some(way), work(person.clone())).await
}

async fn asked(scope: &Scope<Read>, person: person::Model) -> Outcome<Asked> {
    if person.died_on.is_some() {
        return Err(Problem::refused(
            "entitlements.dead",
            "该对象已登记去世，不再匹配政策。",
            "This person is registered as deceased; policies are not asked for any more.",
        ));
    }
    let (chain, county, labels) = standards_of(scope, &person).await?;
    let here = here(scope, scope.today(), &chain).await?;
    let (members, known) = match scope.also::<people::households::Read>() {
        Ok(homes) => store::unit_of(&homes, &person).await?,
        Err(_) => (vec![person.id], false),
    };
    let everybody: Vec<Id> = members.iter().copied().chain([person.id]).collect::<HashSet<_>>().into_iter().collect();
    let mut told = store::of(scope, &everybody).await?;
    // Of the others only what they have in common is looked at.
    let dictionary = here.library.dictionary();
    let shared = |code: &str| {
        dictionary
            .fact_id(code)
            .and_then(|id| dictionary.fact(id))
            .is_some_and(|f| f.of == policy::dictionary::Unit::Household)
    };
    told.retain(|t| t.person_id == person.id || shared(&t.code));
    let categories: Vec<Open> = categories::store::open_of(scope, &person).await?.iter().map(Open::from).collect();
    let unit = Unit { members: members.len(), known };
    let facts = model::facts(
        here.library.dictionary(),
        &Known {
            person: &Subject::from(&person),
            categories: &categories,
            told: &told,
            members: known.then_some(members.len()),
            today: scope.today(),
        },
    );
    let names = labels.values().map(|place| (format!("{:0<6}", place.code), place.name.clone())).collect();
    Ok(Asked { place: labels.get(&county).cloned(), names, person, here, facts, told, unit })
}

/// What all policies say of a person.
pub async fn of(scope: &Scope<Read>, id: Id) -> Outcome<Entitlements> {
    opened(scope, id, async |person| said(scope, person).await).await
}

async fn said(scope: &Scope<Read>, person: person::Model) -> Outcome<Entitlements> {
    let asked = asked(scope, person).await?;
    let (library, plan) = (&asked.here.library, &asked.here.plan);
    let dictionary = library.dictionary();
    let mut case = Case::new(plan, &asked.here.local, dictionary, &asked.facts);
    let open = |card: &Card| !card.restricted;
    let policies = plan.policies.iter().filter(|p| library.card(p.card).is_some_and(open));
    let answers: Vec<Answer<'_>> = policies.map(|p| case.answer(p)).collect();
    let day = scope.today();
    let ranked = questions(&answers, &asked.facts, dictionary, day);
    let mut items: Vec<Answered> = answers.iter().filter_map(|a| answered(&asked, a)).collect();
    items.sort_by_cached_key(Answered::order);
    let waits = waits(&answers);
    let ask = ranked.iter().filter(|q| asked.makes_sense(q.fact)).filter_map(|q| {
        let fact = dictionary.fact(q.fact)?;
        let titles = waits.get(&q.fact).into_iter().flatten().filter_map(|card| asked.here.said.card(*card));
        Some(Question {
            fact: fact.id.clone(),
            settles: q.settles,
            helps: q.helps,
            policies: titles.map(|said| said.short.clone()).collect(),
        })
    });
    Ok(Entitlements {
        person_id: asked.person.id,
        on: day,
        place: asked.place.clone(),
        unit: asked.unit.clone(),
        questions: ask.collect(),
        facts: facts_of(scope, &asked, &answers),
        kinds: kinds(&asked, &answers),
        can_tell: scope.holds::<crate::facts::State>(),
        items,
    })
}

/// The cards that wait for a fact, in the order of the answers.
fn waits(answers: &[Answer<'_>]) -> HashMap<FactId, Vec<usize>> {
    let mut found: HashMap<FactId, Vec<usize>> = HashMap::new();
    for answer in answers {
        let facts = answer.missing.asked().map(|(fact, _)| fact).chain(answer.amount_missing.iter().copied());
        for fact in facts {
            let cards = found.entry(fact).or_default();
            if cards.last() != Some(&answer.policy.card) {
                cards.push(answer.policy.card);
            }
        }
    }
    found
}

/// One policy with its reasons.
pub async fn one(scope: &Scope<Read>, id: Id, policy: &str) -> Outcome<Reasons> {
    opened(scope, id, async |person| explained(scope, person, policy).await).await
}

async fn explained(scope: &Scope<Read>, person: person::Model, policy: &str) -> Outcome<Reasons> {
    let asked = asked(scope, person).await?;
    let (library, plan) = (&asked.here.library, &asked.here.plan);
    let dictionary = library.dictionary();
    let found = plan.policies.iter().find(|p| library.card(p.card).is_some_and(|c| c.id == policy && !c.restricted));
    let (Some(found), Some(card)) = (found, found.and_then(|p| library.card(p.card))) else {
        return Err(Problem::NotFound);
    };
    let mut case = Case::new(plan, &asked.here.local, dictionary, &asked.facts);
    let answer = case.answer(found);
    let reasons = case.reasons(found).into_iter().map(|reason| {
        let line = reason.line;
        let join = match line.join {
            Join::Leaf => "leaf",
            Join::All => "all",
            Join::Any => "any",
            Join::Not => "not",
        };
        Reason {
            depth: reason.depth,
            join: join.to_owned(),
            says: reason.says,
            text: line.note.text.clone(),
            text_en: line.note.text_en.clone(),
            written: line.note.written.clone(),
            source: line.note.source.clone(),
            verified: line.note.verified,
            facts: line.facts.iter().filter_map(|f| dictionary.fact(*f)).map(|f| f.id.clone()).collect(),
            params: line
                .params
                .iter()
                .filter_map(|p| ParamView::of(dictionary, &asked.here.local, *p, &asked.names))
                .collect(),
        }
    });
    let version = card.version_on(scope.today());
    let answers = [answer];
    Ok(Reasons {
        policy: PolicyPage::of(card, library.cards()),
        version_from: version.map(|v| v.from),
        version_source: version.map(|v| v.source.clone()).unwrap_or_default(),
        reasons: reasons.collect(),
        facts: facts_of(scope, &asked, &answers),
        kinds: kinds(&asked, &answers),
        answer: answers.first().and_then(|a| answered(&asked, a)).ok_or(Problem::NotFound)?,
    })
}

fn answered(asked: &Asked, answer: &Answer<'_>) -> Option<Answered> {
    let (library, local) = (&asked.here.library, &asked.here.local);
    let dictionary = library.dictionary();
    let card = library.card(answer.policy.card)?;
    let word = |id: FactId| dictionary.fact(id).map(|f| f.id.clone());
    let said = asked.here.said.card(answer.policy.card)?;
    let receives = said.approved.iter().any(|id| asked.facts.seen(*id).is_some_and(|seen| seen.held == Held::Known(1)));
    let status = match (receives, answer.settled) {
        (true, _) => "receives",
        (_, Some(true)) => "eligible",
        (_, Some(false)) => "not",
        (_, None) => "unknown",
    };
    let held = |id: &u16| local.params.get(usize::from(*id)).and_then(Option::as_ref);
    let amount = card.version_on(asked.here.plan.day).and_then(|v| v.amount.as_ref());
    // An amount hangs on parameters the condition need not name.
    let of_amount = said.of_amount.iter().filter(|_| answer.amount.is_some());
    Some(Answered {
        policy: said.short.clone(),
        status: status.to_owned(),
        amount: answer.amount,
        low: answer.range.map(|r| r.0),
        high: answer.range.map(|r| r.1),
        amount_unit: amount.map(|a| unit_code(&a.unit).to_owned()).unwrap_or_default(),
        amount_text: amount.map(|a| a.text.clone()).unwrap_or_default(),
        amount_text_en: amount.map(|a| a.text_en.clone()).unwrap_or_default(),
        example: said.of_condition.iter().chain(of_amount).filter_map(held).any(|p| p.example),
        unlikely: status == "unknown" && unlikely(asked, answer),
        missing: answer.missing.sets.iter().map(|set| answer.missing.named(*set).filter_map(word).collect()).collect(),
        amount_missing: answer.amount_missing.iter().filter_map(|f| word(*f)).collect(),
        params_missing: said.of_condition.iter().any(|id| held(id).is_none()),
    })
}

/// The facts any of these answers asked for.
fn concerned<'a>(answers: &'a [Answer<'_>]) -> impl Iterator<Item = FactId> + 'a {
    let all: std::collections::BTreeSet<FactId> =
        answers.iter().flat_map(|a| a.policy.facts.iter().chain(&a.policy.amount_facts)).copied().collect();
    all.into_iter()
}

fn kinds(asked: &Asked, answers: &[Answer<'_>]) -> Vec<Arc<FactKind>> {
    concerned(answers).filter_map(|id| asked.here.said.kind(id)).cloned().collect()
}

/// How each fact stands; values are hidden where the caller sees masked names.
fn facts_of(scope: &Scope<Read>, asked: &Asked, answers: &[Answer<'_>]) -> Vec<FactView> {
    let dictionary = asked.here.library.dictionary();
    let views = concerned(answers).filter_map(|id| {
        let (fact, seen) = dictionary.fact(id).zip(asked.facts.seen(id))?;
        let state = match asked.facts.state(dictionary, id, asked.here.plan.day) {
            State::Known => "known",
            State::Unknown => "unknown",
            State::NotApplicable => "none",
            State::Stale => "stale",
            State::Contradictory => "contradictory",
        };
        let told: Vec<&person_fact::Model> = asked.told.iter().filter(|t| t.code == fact.id).collect();
        let value = match seen.held {
            Held::Known(value) => Some(value),
            _ => None,
        };
        Some(FactView {
            code: fact.id.clone(),
            state: state.to_owned(),
            value: value.filter(|_| !scope.masked()),
            source: seen.source.clone(),
            as_of: seen.as_of,
            // What was noted of somebody else stays with that person.
            note: told
                .first()
                .filter(|t| t.person_id == asked.person.id && !scope.masked())
                .map(|t| t.note.clone())
                .unwrap_or_default(),
            told: told.len(),
        })
    });
    views.collect()
}
