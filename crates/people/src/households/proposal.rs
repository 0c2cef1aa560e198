//! Asking the rule of [`super::unit`] about the people around an applicant: those of the registration book and those living together.

use access::Scope;
use kernel::{Id, Outcome, Problem};
use sea_orm::ColumnTrait as _;
use serde::Serialize;
use uuid::Uuid;

use super::{
    Read,
    model::UnitQuestion,
    row::{household, membership},
    store,
    unit::{self, Candidate, Maybe, UnitFacts, Verdict},
};
use crate::persons::{self, PersonRow, row::person};

/// What the rule says of one person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UnitMember {
    /// The person; null when the caller may not see the person.
    pub person: Option<PersonRow>,
    /// The verdict.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Kinds of household shared with the applicant: `hukou`, `cohabiting`.
    pub shared: Vec<String>,
    /// What the rule took as known.
    pub facts: UnitFacts,
    /// May be able to apply alone (art. 8): a disability certificate of grade 1 or 2, or of grade 3 for intellectual or mental disability.
    pub may_apply_alone: bool,
}

/// What the rule proposes for an applicant.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UnitProposal {
    /// The applicant.
    pub applicant_id: Uuid,
    /// Everybody in a household with the applicant, the applicant first.
    pub items: Vec<UnitMember>,
    /// Whether something still has to be found out.
    pub complete: bool,
    /// Document behind the rule.
    pub source: String,
    /// Whether a text of it was read from an official source.
    pub verified: bool,
}

/// Somebody around the applicant, from the households.
struct Around {
    person_id: Id,
    relation: Option<String>,
    lives_together: Option<bool>,
    shared: Vec<String>,
}

/// The proposal for an applicant the caller may see.
pub async fn propose(scope: &Scope<Read>, question: &UnitQuestion) -> Outcome<UnitProposal> {
    let people: Scope<persons::Read> = scope.also()?;
    let applicant =
        people.find::<person::Entity>().filter(person::Column::Id.eq(question.applicant_id)).required().await?;
    let around = around(scope, &applicant).await?;
    let ids: Vec<Id> = around.iter().map(|a| a.person_id).collect();
    let rows = people.find::<person::Entity>().filter(person::Column::Id.is_in(ids)).all().await?;
    let births: Vec<(Id, Option<kernel::Day>)> = rows.iter().map(|p| (p.id, p.birth_date)).collect();
    let shown = persons::rows(&people, rows).await?;
    let mut items: Vec<UnitMember> = around
        .into_iter()
        .map(|a| {
            let person = shown.iter().find(|p| p.id == a.person_id).cloned();
            let facts = facts(&a, question);
            let birth = births.iter().find(|(id, _)| *id == a.person_id).and_then(|(_, birth)| *birth);
            let verdict = unit::judge(&Candidate { birth, facts: facts.clone() }, scope.today());
            let may_apply_alone = person.as_ref().is_some_and(|p| p.categories.iter().any(|c| alone(c)));
            UnitMember { person, verdict, shared: a.shared, facts, may_apply_alone }
        })
        .collect();
    items.sort_by_key(|m| {
        (m.verdict.person_id != question.applicant_id, m.verdict.relation.clone(), m.verdict.person_id)
    });
    Ok(UnitProposal {
        applicant_id: applicant.id,
        complete: items.iter().all(|m| m.verdict.belongs != Maybe::Unknown),
        items,
        source: "最低生活保障审核确认办法（民发〔2021〕57号）第七条".to_owned(),
        verified: false,
    })
}

/// What the person said, and for the rest what the households say.
fn facts(around: &Around, question: &UnitQuestion) -> UnitFacts {
    let mut facts = question.facts.iter().find(|f| f.person_id == around.person_id).cloned().unwrap_or_default();
    facts.person_id = around.person_id;
    if around.person_id == question.applicant_id {
        facts.relation = Some("0".to_owned());
    } else if facts.relation.is_none() {
        facts.relation.clone_from(&around.relation);
    }
    facts.lives_together = facts.lives_together.or(around.lives_together);
    facts
}

/// Disability categories under which somebody may apply alone: `DIS_<kind>_<grade>`; kinds 5 and 6 are intellectual and mental.
fn alone(category: &str) -> bool {
    let Some((kind, grade)) = category.strip_prefix("DIS_").and_then(|rest| rest.split_once('_')) else { return false };
    matches!(grade, "1" | "2") || (grade == "3" && matches!(kind, "5" | "6"))
}

/// The people who share the applicant's registration book or home, the applicant first.
async fn around(scope: &Scope<Read>, applicant: &person::Model) -> Outcome<Vec<Around>> {
    let mut all =
        vec![Around { person_id: applicant.id, relation: None, lives_together: Some(true), shared: Vec::new() }];
    let own = store::memberships_of(scope, applicant).await?;
    let mut homes: Vec<(household::Model, String)> = Vec::new();
    for mine in own.into_iter().filter(|m| m.to_on.is_none()) {
        if let Some(home) = store::find(scope, None, mine.household_id).await?
            && home.kind != "benefit_unit"
        {
            homes.push((home, mine.relation));
        }
    }
    let has_home = homes.iter().any(|(home, _)| home.kind == "cohabiting");
    for (home, mine) in homes {
        for member in store::members_of(scope, &home).await?.into_iter().filter(|m| m.to_on.is_none()) {
            note(&mut all, &home, &mine, &member);
        }
    }
    if has_home {
        // Registered together, but not among the people living together.
        for other in all.iter_mut().filter(|a| a.lives_together.is_none()) {
            other.lives_together = Some(false);
        }
    }
    Ok(all)
}

fn note(all: &mut Vec<Around>, home: &household::Model, mine: &str, member: &membership::Model) {
    let relation = unit::relation_to(mine, &member.relation).map(str::to_owned);
    let together = (home.kind == "cohabiting").then_some(member.is_cohabiting);
    match all.iter_mut().find(|a| a.person_id == member.person_id) {
        Some(known) => {
            known.shared.push(home.kind.clone());
            known.relation = known.relation.take().or(relation);
            known.lives_together = known.lives_together.or(together);
        }
        None => all.push(Around {
            person_id: member.person_id,
            relation,
            lives_together: together,
            shared: vec![home.kind.clone()],
        }),
    }
}

/// Whether a unit with these members differs from the proposal: somebody it counts is left out, or somebody it does not is in.
pub fn differs(proposal: &UnitProposal, members: &[Id]) -> bool {
    let counted = |m: &&UnitMember| m.verdict.belongs == Maybe::Yes;
    let proposed: Vec<Id> = proposal.items.iter().filter(counted).map(|m| m.verdict.person_id).collect();
    proposed.len() != members.len() || proposed.iter().any(|id| !members.contains(id)) || !proposal.complete
}

/// What was decided without a question to the rule, or with one whose answer was not followed, needs a reason.
pub fn reason_needed() -> Problem {
    Problem::invalid(kernel::Field::new(
        "unit.reason",
        "required",
        "认定的成员与规则建议不同（或仍有未查清的情况），请说明理由。",
        "The unit differs from what the rule proposes, or something is not known yet; say why.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_severe_disability_may_open_an_application_of_ones_own() {
        for (category, may) in [
            ("DIS_1_1", true),
            ("DIS_1_2", true),
            ("DIS_1_3", false),
            ("DIS_5_3", true),
            ("DIS_6_3", true),
            ("DIS_6_4", false),
            ("DIBAO", false),
        ] {
            assert_eq!(alone(category), may, "{category}");
        }
    }
}
