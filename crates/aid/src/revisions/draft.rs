//! From a revision to the library and the numbers as they would hold: pure.

use std::collections::BTreeMap;

use kernel::{Day, Field, Problem};
use policy::{
    card::{self, Card},
    dictionary::Dictionary,
    fault::{Fault, Spot},
    library::Library,
    params::{Enacted, Params},
};

use super::{
    model::{Body, Document, Example, NewVersion},
    row::policy_revision,
};

/// What a place starts from.
pub struct Base<'a> {
    /// Cards that hold everywhere, and the dictionary.
    pub library: &'a Library,
    /// Their texts by policy.
    pub texts: &'a BTreeMap<&'static str, &'static str>,
    /// Values by place and day.
    pub params: &'a Params,
    /// Texts of the cards that hold at the place or one above it, by policy.
    pub placed: BTreeMap<String, String>,
}

/// What a place made of the library: its own cards and numbers.
pub struct Edition {
    /// Cards and dictionary; empty where they are those of the product.
    pub library: Library,
    /// Values by place and day.
    pub params: Params,
    /// Texts of the cards that differ from those of the product, by policy.
    pub own: BTreeMap<String, String>,
}

/// The body of a row.
///
/// # Errors
/// [`Problem::Internal`] for a row that was not written by this room.
pub fn body(row: &policy_revision::Model) -> Result<Body, Problem> {
    serde_json::from_str(&row.body).map_err(Problem::internal)
}

/// The text of a card with a version that holds from a day on: what began earlier ends the day before, what began later
/// gives way, because the newest document counts.
fn revised(text: &str, from: Day, source: &str, version: &NewVersion) -> Result<String, Fault> {
    let spot = Spot::file("revision");
    let unreadable =
        |e: &dyn std::fmt::Display| spot.fault(format!("修订内容无法读取：{e}"), format!("not readable: {e}"));
    let mut table: toml::Table = toml::from_str(text).map_err(|e| unreadable(&e))?;
    let mut new = toml::Table::try_from(version).map_err(|e| unreadable(&e))?;
    let stamp = |day: Day| day.to_string().parse::<toml::value::Datetime>().map_err(|e| unreadable(&e));
    new.insert("from".to_owned(), toml::Value::Datetime(stamp(from)?));
    new.insert("source".to_owned(), toml::Value::String(source.to_owned()));
    let versions = table.entry("version").or_insert_with(|| toml::Value::Array(Vec::new()));
    let Some(versions) = versions.as_array_mut() else { return Err(unreadable(&"version")) };
    let day = |v: &toml::Value, key: &str| v.get(key).and_then(|d| d.to_string().parse::<Day>().ok());
    versions.retain(|v| day(v, "from").is_some_and(|begin| begin < from));
    for earlier in versions.iter_mut().filter(|v| day(v, "to").is_none_or(|to| to >= from)) {
        if let (Some(earlier), Some(last)) = (earlier.as_table_mut(), from.pred_opt()) {
            earlier.insert("to".to_owned(), toml::Value::Datetime(stamp(last)?));
        }
    }
    versions.push(toml::Value::Table(new));
    toml::to_string(&table).map_err(|e| unreadable(&e))
}

/// The library and numbers with these revisions, in the order in which they were decided. `places` names the code of each
/// place by its id; a revision of another place is left out. Farther places come first, so that a nearer card wins.
pub fn edition(base: Base<'_>, places: &[(i32, String)], rows: &[policy_revision::Model]) -> Result<Edition, Problem> {
    let Base { library: base, texts, params, placed: mut own } = base;
    let mut params = params.clone();
    let mut sorted: Vec<(usize, &policy_revision::Model)> = rows
        .iter()
        .filter_map(|row| places.iter().position(|(id, _)| *id == row.place_id).map(|at| (places.len() - at, row)))
        .collect();
    sorted.sort_by_key(|(near, row)| (*near, row.decided_at.unwrap_or(i64::MAX), row.id));
    for (_, row) in sorted {
        let Some((_, code)) = places.iter().find(|(id, _)| *id == row.place_id) else { continue };
        let body = body(row)?;
        let source = Document::named(&row.title, &row.number);
        for value in &body.values {
            // A word the dictionary no longer has is a number nobody asks for.
            let Some(id) = base.dictionary().param_id(&value.code) else { continue };
            let enacted = Enacted {
                from: row.from_on,
                to: value.to,
                value: value.value,
                source: source.clone(),
                verified: row.is_verified,
            };
            let spot = Spot::file(&source).within(&value.code);
            params.enact(base.dictionary(), id, code, enacted, &spot).map_err(told)?;
        }
        if let (Some(policy), Some(version)) = (&body.policy, &body.version) {
            let before = own.get(policy).map(String::as_str).or_else(|| texts.get(policy.as_str()).copied());
            let Some(before) = before else { continue };
            let text = revised(before, row.from_on, &source, version).map_err(told)?;
            own.insert(policy.clone(), text);
        }
    }
    if own.is_empty() {
        return Ok(Edition { library: Library::default(), params, own });
    }
    let mut cards: Vec<Card> = base.cards().iter().filter(|c| !own.contains_key(&c.id)).cloned().collect();
    for (policy, text) in &own {
        cards.push(card::read(policy, text).map_err(told)?);
    }
    let library = Library::of(base.dictionary().clone(), cards)
        .map_err(|faults| faults.into_iter().next().map_or(Problem::Unavailable, told))?;
    Ok(Edition { library, params, own })
}

/// The version of a card's text that begins on a day, in the form a revision is written in.
///
/// # Errors
/// [`Problem::Internal`] when the text has no such version.
pub fn written(text: &str, from: Day) -> Result<NewVersion, Problem> {
    let mut table: toml::Table = toml::from_str(text).map_err(Problem::internal)?;
    let Some(toml::Value::Array(versions)) = table.remove("version") else {
        return Err(Problem::internal("a card without versions"));
    };
    let tables = versions.into_iter().filter_map(|v| if let toml::Value::Table(t) = v { Some(t) } else { None });
    let begins = |v: &toml::Table| v.get("from").map(ToString::to_string).and_then(|d| d.parse::<Day>().ok());
    let found = tables.into_iter().find(|v| begins(v) == Some(from));
    let mut found = found.ok_or_else(|| Problem::internal("a version without its text"))?;
    for known in ["from", "to", "source"] {
        found.remove(known);
    }
    found.try_into().map_err(Problem::internal)
}

/// A fault as a problem for the screen: where it stands and what is wrong.
pub fn told(fault: Fault) -> Problem {
    let at = |sentence: &str| {
        if fault.spot.place.is_empty() { sentence.to_owned() } else { format!("{}：{sentence}", fault.spot.place) }
    };
    Problem::invalid(Field::new("body.version", "policy", at(&fault.zh), at(&fault.en)))
}

/// The facts of an example.
pub fn facts_of(dictionary: &Dictionary, example: &Example) -> policy::person::Facts {
    let mut facts = policy::person::Facts::unknown(dictionary);
    for (code, value) in &example.facts {
        if let Some(id) = dictionary.fact_id(code) {
            let held = policy::person::Held::Known(*value);
            facts.set(id, policy::person::Seen { held, source: "declared".to_owned(), as_of: None });
        }
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::shelf::shelf;

    #[test]
    fn every_policy_can_be_written_down_and_read_back() {
        let shelf = shelf().unwrap();
        for card in shelf.library.cards() {
            let text = shelf.texts[card.id.as_str()];
            for version in &card.versions {
                let written = written(text, version.from).unwrap();
                let source = version.source.as_str();
                let again = card::read(&card.id, &revised(text, version.from, source, &written).unwrap()).unwrap();
                let same = again.version_on(version.from).unwrap();
                assert_eq!((same.from, &same.source), (version.from, &version.source), "{}", card.id);
                assert_eq!(leaves(&same.when), leaves(&version.when), "{}", card.id);
                assert_eq!(same.amount.as_ref().map(|a| &a.unit), version.amount.as_ref().map(|a| &a.unit));
            }
        }
    }

    /// What conditions say, without where they stand.
    fn leaves(clause: &card::Clause) -> Vec<card::Note> {
        let mut notes = vec![clause.note.clone()];
        match &clause.says {
            card::Says::Is(_) => {}
            card::Says::All(list) | card::Says::Any(list) => notes.extend(list.iter().flat_map(leaves)),
            card::Says::Not(one) => notes.extend(leaves(one)),
        }
        notes
    }
}
