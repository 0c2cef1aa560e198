//! Keeping the due day of a person in step with grade, categories, ledger state and visits.

use std::collections::HashMap;

use access::{PlaceRef, Scope, Writing, placement};
use kernel::{Day, Outcome, Permit, params::Params};
use sea_orm::ActiveValue::Set;

use super::{model, store};
use crate::{
    persons::row::{NEVER_DUE, person},
    timers,
    visits::{
        row::visit,
        store::{Trace, trace},
    },
};

/// Works out the next due day of a person again, and the timers with it; call it after a change of grade, categories, ledger state or life.
pub async fn refresh<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<person::Model> {
    let trace = trace(|| tx.parts::<visit::Entity, person::Entity>(person)).await?;
    let next_due_on = day_of(tx, person, &trace).await?;
    let after = tx.update_part::<person::Entity>(person, |row| row.next_due_on = Set(next_due_on)).await?;
    timers::check(tx, &after).await?;
    Ok(after)
}

/// The due day of a person with these visits; [`NEVER_DUE`] when nothing is due.
pub(crate) async fn day_of<P: Permit>(tx: &Writing<'_, P>, person: &person::Model, trace: &Trace) -> Outcome<Day> {
    let standing = store::standing_in(tx, person, trace).await?;
    let places = place_codes_in(tx, person).await?;
    let next = model::next_due(&standing, Params::national(), &nearest(&places), tx.scope().today());
    Ok(next.map_or(NEVER_DUE, |n| n.on))
}

/// The codes of a person's village, township, county, city and province, for looking up parameters.
pub(crate) async fn place_codes<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<Vec<String>> {
    let labels = scope.labels(person.path()).await?;
    Ok(codes_in(&labels, &person.path()))
}

/// The same inside a write, on its own connection: a write that waited for a second one could wait for itself.
pub(crate) async fn place_codes_in<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<Vec<String>> {
    let labels = placement::labels(tx.derived(), person.path()).await?;
    Ok(codes_in(&labels, &person.path()))
}

/// The same from labels at hand.
pub fn codes_in(labels: &HashMap<i32, PlaceRef>, path: &[i32; 5]) -> Vec<String> {
    let mut ids: Vec<i32> = path.iter().rev().copied().collect();
    ids.dedup();
    ids.iter().filter_map(|id| labels.get(id)).map(|place| place.code.trim_start_matches("stat:").to_owned()).collect()
}

/// Codes as parameters are asked, nearest place first.
pub(crate) fn nearest(codes: &[String]) -> Vec<&str> {
    codes.iter().map(String::as_str).collect()
}
