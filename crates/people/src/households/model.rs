//! What comes in about households, and the checks that need no database.

use chrono::NaiveDate;
use kernel::{Day, Field, Secret};
use serde::Deserialize;
use uuid::Uuid;

use super::unit::UnitFacts;
use crate::persons::checks::{Faults, SHORT};

/// Relation code of the head (GB/T 4761).
pub const HEAD: &str = "0";

/// A new household with its members.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHousehold {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Code of list `household_kind`.
    pub kind: String,
    /// Village, as `place=`.
    pub village: String,
    /// Address below the village.
    #[schema(max_length = 200)]
    pub address: Option<Secret>,
    /// Members; exactly one with relation `0` (the head).
    #[schema(min_items = 1, max_items = 50)]
    pub members: Vec<NewMember>,
    /// For a means-test unit: the answers the rule was asked with, and why the unit differs from its proposal.
    pub unit: Option<UnitBasis>,
}

/// What a means-test unit is decided on.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitBasis {
    /// What is known of each person.
    #[schema(max_items = 50)]
    pub facts: Vec<UnitFacts>,
    /// Why the unit differs from what the rule proposes; required when it does.
    #[schema(max_length = 200)]
    pub reason: Option<String>,
}

/// A question to the rule: who belongs to the applicant's unit.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitQuestion {
    /// The applicant.
    pub applicant_id: Uuid,
    /// What is known of each person; what is left out is taken from the households.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub facts: Vec<UnitFacts>,
}

/// Checks what is said of the persons of a unit.
pub fn check_facts(prefix: &str, facts: &[UnitFacts], faults: &mut Faults) {
    faults.list(&format!("{prefix}facts"), facts);
    for (i, fact) in facts.iter().enumerate() {
        faults.optional_code(&format!("{prefix}facts[{i}].relation"), "relation", fact.relation.as_deref());
    }
}

/// A change of the head; everybody's relation to the new one.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHead {
    /// Revision of the household the caller saw.
    pub rev: i32,
    /// Every present member with the relation to the new head.
    #[schema(min_items = 1, max_items = 50)]
    pub relations: Vec<NewRelation>,
}

/// Members who go on as a household of their own (分户).
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// Id of the new household, made by the client (UUIDv7).
    pub id: Uuid,
    /// Revision of the household the caller saw.
    pub rev: i32,
    /// First day of the new household, today or earlier.
    pub on: NaiveDate,
    /// Why.
    #[schema(max_length = 200)]
    pub reason: String,
    /// Village of the new household, as `place=`; that of the old one when left out.
    pub village: Option<String>,
    /// Address below the village.
    #[schema(max_length = 200)]
    pub address: Option<Secret>,
    /// Who goes, with the relation to the new head; exactly one is the head.
    #[schema(min_items = 1, max_items = 50)]
    pub members: Vec<NewRelation>,
    /// When the head goes: everybody who stays, with the relation to the head from now on.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub staying: Vec<NewRelation>,
}

impl Split {
    /// Checks all that needs no database.
    pub fn check(&self, today: Day, faults: &mut Faults) {
        faults.id("id", self.id);
        faults.past("on", self.on, today);
        faults.text("reason", &self.reason, SHORT);
        relations("members", &self.members, faults);
        relations("staying", &self.staying, faults);
        if self.members.iter().filter(|m| m.relation == HEAD).count() != 1 {
            faults.push(one_head("members"));
        }
    }
}

/// All members of a household who join another one (并户).
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// Id of this act, made by the client (UUIDv7).
    pub id: Uuid,
    /// Revision of the household that ends, as the caller saw it.
    pub rev: i32,
    /// The household they join.
    pub into_id: Uuid,
    /// First day there, today or earlier.
    pub on: NaiveDate,
    /// Why.
    #[schema(max_length = 200)]
    pub reason: String,
    /// Everybody with the relation to the head of the household they join.
    #[schema(min_items = 1, max_items = 50)]
    pub members: Vec<NewRelation>,
}

impl Join {
    /// Checks all that needs no database.
    pub fn check(&self, today: Day, faults: &mut Faults) {
        faults.id("id", self.id);
        faults.past("on", self.on, today);
        faults.text("reason", &self.reason, SHORT);
        relations("members", &self.members, faults);
        if self.members.iter().any(|m| m.relation == HEAD) {
            faults.push(Field::new(
                "members",
                "one_head",
                "并入后以对方户主为户主，请填写每位成员与该户主的关系。",
                "The head of the other household stays the head; give everybody's relation to that person.",
            ));
        }
    }
}

fn relations(field: &str, all: &[NewRelation], faults: &mut Faults) {
    faults.list(field, all);
    for (i, new) in all.iter().enumerate() {
        faults.code(&format!("{field}[{i}].relation"), "relation", &new.relation);
    }
}

/// Whether the relations name each of these memberships once, with exactly one head.
pub fn settles(relations: &[NewRelation], staying: &[Uuid]) -> bool {
    names_each(relations, staying) && relations.iter().filter(|r| r.relation == HEAD).count() == 1
}

/// Whether the relations name each of these memberships once and nobody else.
pub fn names_each(relations: &[NewRelation], wanted: &[Uuid]) -> bool {
    let named = |id: &Uuid| relations.iter().filter(|r| r.membership_id == *id).count() == 1;
    relations.len() == wanted.len() && wanted.iter().all(named)
}

/// A new member.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// The person.
    pub person_id: Uuid,
    /// Code of list `relation`.
    pub relation: String,
    /// First day, today or earlier.
    pub from: NaiveDate,
    /// Lives in the household; true when left out.
    pub is_cohabiting: Option<bool>,
}

/// The end of a membership.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndMembership {
    /// Revision the caller saw.
    pub rev: i32,
    /// First day outside the household, today or earlier.
    pub to: NaiveDate,
    /// Why.
    #[schema(max_length = 200)]
    pub reason: String,
    /// When the head leaves and others stay: everybody's relation to the new head.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub relations: Vec<NewRelation>,
}

/// A member's relation to the new head.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRelation {
    /// The membership.
    pub membership_id: Uuid,
    /// Code of list `relation`.
    pub relation: String,
}

impl NewHousehold {
    /// Checks all that needs no database.
    pub fn check(&self, today: Day, faults: &mut Faults) {
        faults.code("kind", "household_kind", &self.kind);
        if self.members.is_empty() {
            faults.push(Field::required("members"));
        }
        faults.list("members", &self.members);
        for (i, member) in self.members.iter().enumerate() {
            member.check(&format!("members[{i}]."), today, faults);
            if self.members.iter().take(i).any(|m| m.person_id == member.person_id || m.id == member.id) {
                faults.push(Field::new(
                    format!("members[{i}].person_id"),
                    "repeated",
                    "同一成员重复填写，请删除一项。",
                    "The member is given twice; remove one.",
                ));
            }
        }
        if let Some(unit) = &self.unit {
            check_facts("unit.", &unit.facts, faults);
            faults.optional_text("unit.reason", unit.reason.as_deref(), SHORT);
            if self.kind != "benefit_unit" {
                faults.push(Field::new(
                    "unit",
                    "only_units",
                    "只有救助核算单元需要认定依据，请删除。",
                    "Only a means-test unit has such a basis; leave it out.",
                ));
            }
        }
        let heads = self.members.iter().filter(|m| m.relation == HEAD).count();
        if !self.members.is_empty() && heads != 1 {
            faults.push(one_head("members"));
        }
    }

    /// First day of the household: that of its first member.
    pub fn from(&self) -> Option<Day> {
        self.members.iter().map(|m| m.from).min()
    }

    /// The head.
    pub fn head(&self) -> Option<Uuid> {
        self.members.iter().find(|m| m.relation == HEAD).map(|m| m.person_id)
    }
}

impl NewMember {
    /// Checks all that needs no database; `prefix` names the item in a list.
    pub fn check(&self, prefix: &str, today: Day, faults: &mut Faults) {
        faults.id(&format!("{prefix}id"), self.id);
        faults.code(&format!("{prefix}relation"), "relation", &self.relation);
        faults.past(&format!("{prefix}from"), self.from, today);
    }
}

impl EndMembership {
    /// Checks all that needs no database.
    pub fn check(&self, today: Day, faults: &mut Faults) {
        faults.past("to", self.to, today);
        faults.text("reason", &self.reason, SHORT);
        faults.list("relations", &self.relations);
        for (i, new) in self.relations.iter().enumerate() {
            faults.code(&format!("relations[{i}].relation"), "relation", &new.relation);
        }
    }

    /// Whether the relations name each of these memberships once, with exactly one head.
    pub fn settles(&self, staying: &[Uuid]) -> bool {
        settles(&self.relations, staying)
    }
}

/// The fault of a household without a head, or with several.
pub fn one_head(field: &str) -> Field {
    Field::new(
        field,
        "one_head",
        "每户须有且只有一名户主（与户主关系选“本人或户主”）。",
        "A household has exactly one head: choose relation `0` for one member.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Uuid = Uuid::from_u128(1);
    const B: Uuid = Uuid::from_u128(2);

    #[test]
    fn relations_settle_only_when_everybody_is_named_and_one_is_head() {
        let relation = |id, code: &str| NewRelation { membership_id: id, relation: code.to_owned() };
        for (relations, settles) in [
            (vec![relation(A, "0"), relation(B, "1")], true),
            (vec![relation(A, "0"), relation(B, "0")], false),
            (vec![relation(A, "0")], false),
            (vec![relation(A, "0"), relation(A, "1")], false),
            (vec![], false),
        ] {
            let to = kernel::day::parse("2026-01-01").unwrap();
            let end = EndMembership { rev: 1, to, reason: "分户".to_owned(), relations };
            assert_eq!(end.settles(&[A, B]), settles, "{end:?}");
        }
    }
}
