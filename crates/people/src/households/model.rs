//! What comes in about households, and the checks that need no database.

use chrono::NaiveDate;
use kernel::{Day, Field, Secret};
use serde::Deserialize;
use uuid::Uuid;

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
        let named = |id: &Uuid| self.relations.iter().filter(|r| r.membership_id == *id).count() == 1;
        let heads = self.relations.iter().filter(|r| r.relation == HEAD).count();
        self.relations.len() == staying.len() && staying.iter().all(named) && heads == 1
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
