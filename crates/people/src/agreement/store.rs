//! Comparing all persons with the facts, range by range.

use std::collections::BTreeSet;

use access::{Id, Outcome, audit::Snapshot};
use kernel::{
    Day,
    document::{self, DocType, phone},
    params::Params,
};

use super::{
    Fault, catch_up,
    facts::{self, Depth, Facts, Labels, Range},
    model::Derived,
    nowhere,
};
use crate::{
    due,
    persons::{keys, row::person},
    timers,
};

/// Persons compared at a time.
const STEP: u64 = 2_000;

/// Every person row that does not say what the facts say, and facts of persons that are not there.
pub async fn faults(snapshot: &Snapshot) -> Outcome<Vec<Fault>> {
    let conn = snapshot.conn();
    let (params, today) = (Params::national(), snapshot.today());
    let caught_up = catch_up::is_caught_up(conn, params, today).await?;
    let (mut found, mut labels, mut after) = (Vec::new(), Labels::new(), Id::nil());
    if !caught_up {
        found.push(Fault {
            person: Id::nil(),
            what: "parameters changed and persons have not caught up: start the server once",
        });
    }
    loop {
        let persons = facts::next(conn, after, STEP).await?;
        let last = (persons.len() as u64) < STEP;
        let upto = if last { Id::max() } else { persons.last().map_or(Id::max(), |p| p.id) };
        let Range { known, orphans } = facts::read(conn, &mut labels, persons, (after, upto), Depth::Whole).await?;
        found.extend(orphans.into_iter().map(|person| Fault { person, what: "rows of a person who is not there" }));
        for facts in &known {
            let person = facts.person.id;
            if nowhere::is_away(facts) {
                found.extend(nowhere::shows(facts).map(|what| Fault { person, what }));
                continue;
            }
            let differs = match Derived::of(facts, params, today) {
                Some(derived) => derived.differences(&facts.person),
                None => vec!["ledger entry"],
            };
            // Until the parameters are caught up with, what follows from them is not yet wrong.
            let differs = differs.into_iter().filter(|c| caught_up || !matches!(*c, "is_target" | "next_due_on"));
            found.extend(differs.map(|what| Fault { person, what }));
            found.extend(
                (caught_up && overslept(facts, params, today)).then_some(Fault { person, what: "next_check_on" }),
            );
            found.extend(rest(snapshot, facts)?.map(|what| Fault { person, what }));
        }
        if last {
            found.extend(nowhere::unexplained(conn).await?);
            return Ok(found);
        }
        after = upto;
    }
}

/// What else repeats the person: residence, visits, steps of the ledger, search keys.
fn rest(snapshot: &Snapshot, facts: &Facts) -> Outcome<impl Iterator<Item = &'static str>> {
    let home = match facts.homes.as_slice() {
        [home] => {
            [home.province_id, home.city_id, home.county_id, home.township_id, home.village_id] == facts.person.path()
        }
        _ => false,
    };
    let state = facts.entry.as_ref().map(|e| e.state.as_str());
    let steps = facts.steps.last().map(|s| s.to_state.as_str()) == state;
    let keys = right_keys(snapshot, facts)?;
    let all =
        [("residence", home), ("visit place", facts.visits_follow), ("ledger steps", steps), ("search keys", keys)];
    Ok(all.into_iter().filter(|(_, right)| !right).map(|(what, _)| what))
}

/// Whether the nightly job would come to this person too late. Coming too early does no harm: it finds nothing to do.
fn overslept(facts: &Facts, params: &Params, today: Day) -> bool {
    let Some(entry) = &facts.entry else { return false };
    let near = due::nearest(&facts.places);
    let known = timers::store::facts(&facts.person, entry, &facts.steps, facts.categories.clone());
    let calls = timers::model::timers(&known, &timers::model::Rules { params, places: &near, today });
    facts.person.next_check_on > timers::model::next_check(&calls, today)
}

/// Whether a person is found under exactly the words of name, number and telephone, in the county of today. A number or
/// telephone that cannot be opened was changed from outside and agrees with nothing.
fn right_keys(snapshot: &Snapshot, facts: &Facts) -> Outcome<bool> {
    let person = &facts.person;
    let word = |last4: &str| keys::last4_word(|purpose, text| snapshot.index(purpose, text), person.county_id, last4);
    let mut wanted = plain_words(person);
    if let Some(number) = person.id_number.as_ref().filter(|_| person.doc_type != DocType::None.code()) {
        let Ok(plain) = snapshot.open_for_use(number) else { return Ok(false) };
        wanted.insert(word(&document::last4(plain.expose())));
    }
    if let Some(number) = &person.phone {
        let Ok(plain) = snapshot.open_for_use(number) else { return Ok(false) };
        if let Ok(phone) = phone::parse(plain.expose()) {
            wanted.insert(word(&phone.last4()));
        }
    }
    Ok(facts.words == wanted.into_iter().map(|word| (person.county_id, word)).collect())
}

/// The words of names and birth.
fn plain_words(person: &person::Model) -> BTreeSet<String> {
    let former: Vec<String> = serde_json::from_str(&person.former_names).unwrap_or_default();
    let others = person.usual_name.as_deref().into_iter().chain(former.iter().map(String::as_str));
    let mut words = keys::name_words(&person.name, others);
    words.extend(person.birth_date.map(|birth| keys::birth_word(birth, &person.sex)));
    words
}
