//! What a person row should say, from the facts and the parameters of a day.

use kernel::{Day, codes, params::Params};

use super::facts::Facts;
use crate::{
    categories, due,
    persons::row::{NEVER_DUE, person},
    visits::store::Trace,
};

/// The columns of a person that repeat facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Derived {
    pub cat_bits: i64,
    pub is_target: bool,
    pub ledger_state: String,
    pub grade: String,
    pub last_visit_on: Day,
    pub last_served_on: Day,
    pub failed_in_row: i32,
    pub next_due_on: Day,
}

impl Derived {
    /// From the facts; none when a person has no ledger entry, which must not be.
    pub fn of(facts: &Facts, params: &Params, today: Day) -> Option<Self> {
        let entry = facts.entry.as_ref()?;
        let places: Vec<&str> = facts.places.iter().map(String::as_str).collect();
        let cat_bits = codes::categories_mask(facts.categories.iter().map(|c| c.category.as_str()));
        let in_ledger = matches!(entry.state.as_str(), "active" | "suspended");
        let grade = if in_ledger { entry.grade.clone() } else { String::new() };
        let trace = Trace::of(&facts.visits);
        let person =
            person::Model { cat_bits, ledger_state: entry.state.clone(), grade: grade.clone(), ..facts.person.clone() };
        let standing = due::store::standing(&person, trace.contacts.clone(), entry, facts.steps.clone());
        let next = due::model::next_due(&standing, params, &places, today);
        Some(Self {
            cat_bits,
            is_target: categories::actions::is_target_of(cat_bits, params, &places, today),
            ledger_state: entry.state.clone(),
            grade,
            last_visit_on: trace.last_visit_on,
            last_served_on: trace.last_served_on,
            failed_in_row: trace.failed_in_row,
            next_due_on: next.map_or(NEVER_DUE, |n| n.on),
        })
    }

    /// The columns in which a person row says something else.
    pub fn differences(&self, row: &person::Model) -> Vec<&'static str> {
        [
            ("cat_bits", self.cat_bits == row.cat_bits),
            ("is_target", self.is_target == row.is_target),
            ("ledger_state", self.ledger_state == row.ledger_state),
            ("grade", self.grade == row.grade),
            ("last_visit_on", self.last_visit_on == row.last_visit_on),
            ("last_served_on", self.last_served_on == row.last_served_on),
            ("failed_in_row", self.failed_in_row == row.failed_in_row),
            ("next_due_on", self.next_due_on == row.next_due_on),
        ]
        .into_iter()
        .filter(|(_, same)| !same)
        .map(|(column, _)| column)
        .collect()
    }
}
