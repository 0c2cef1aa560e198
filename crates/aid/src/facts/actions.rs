//! Telling a fact.

use access::{Body, Scope, Written};
use kernel::{Field, Id, Outcome, Problem};
use people::{facts::store, minors, persons::row::person};

use super::{State, model::NewFact};
use crate::policies::shelf::shelf;

/// Tells a fact of a person; the same id again changes nothing.
pub async fn tell(scope: &Scope<State>, person: Id, body: Body<NewFact>) -> Outcome<Written> {
    let Body { value: new, digest } = body;
    let dictionary = shelf()?.library.dictionary();
    let fact = dictionary.fact_id(&new.code).and_then(|id| dictionary.fact(id));
    let Some(fact) = fact.filter(|f| !crate::entitlements::is_restricted(&f.id)) else {
        return Err(Problem::invalid(Field::unknown_code("code", "fact")));
    };
    let faults = new.faults(fact, scope.today());
    if !faults.is_empty() {
        return Err(Problem::Invalid(faults));
    }
    minors::must_open_id(scope, person).await?;
    scope
        .write_once(new.id, &[&digest[..], person.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let person = tx.get::<person::Entity>(person).await?;
                let told = store::Told {
                    held: new.held().unwrap_or(people::facts::UNKNOWN),
                    code: new.code,
                    value: new.value,
                    source: new.source,
                    as_of: new.as_of,
                    note: new.note.trim().to_owned(),
                };
                store::tell(tx, &person, new.id, told).await
            })
        })
        .await
}
