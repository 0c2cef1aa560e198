//! Screening: bulk and single say the same, what changed is what a full run finds, and who sees what.

use access::Scope;
use aid::{
    policies::shelf::shelf,
    screening::load::{Loaded, Reader},
};
use policy::person::{Held, State};
use serde_json::{Value, json};

use crate::history::History;

/// Everybody of the county as the bulk path reads them.
async fn everybody(h: &History) -> Vec<Loaded> {
    let scope: Scope<aid::entitlements::Read> = h.f.house.scope(&h.f.officer).await;
    let place = scope.resolve("place", "430703").await.unwrap().place();
    let mut reader = Reader::new(&scope, &place, shelf().unwrap().library.dictionary()).unwrap();
    let mut all = Vec::new();
    while let Some(chunk) = reader.next().await.unwrap() {
        all.extend(chunk);
    }
    all
}

/// The facts of a person as the page shows them.
fn shown(loaded: &Loaded, codes: &[String], today: kernel::Day) -> Vec<Value> {
    let dictionary = shelf().unwrap().library.dictionary();
    let line = |code: &String| {
        let id = dictionary.fact_id(code).unwrap();
        let seen = loaded.facts.seen(id).unwrap();
        let state = match loaded.facts.state(dictionary, id, today) {
            State::Known => "known",
            State::Unknown => "unknown",
            State::NotApplicable => "none",
            State::Stale => "stale",
            State::Contradictory => "contradictory",
        };
        let value = match seen.held {
            Held::Known(value) => Some(value),
            _ => None,
        };
        json!([code, state, value, seen.source, seen.as_of])
    };
    codes.iter().map(line).collect()
}

access::on_both! {
    async fn bulk_and_single_know_the_same_of_everybody(engine) {
        let mut h = History::new(engine, 7).await;
        let mut far = 0;
        for round in 0..4 {
            for _ in 0..35 {
                h.step().await;
            }
            let bulk = everybody(&h).await;
            assert_eq!(bulk.len(), h.people.len(), "everybody who lives, round {round}");
            let mut known = 0;
            for loaded in &bulk {
                let page = h.f.house.get(&h.f.head, &format!("/persons/{}/entitlements", loaded.subject.id)).await.expect(200);
                let facts = page["facts"].as_array().unwrap();
                let codes: Vec<String> = facts.iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect();
                let single: Vec<Value> =
                    facts.iter().map(|f| json!([f["code"], f["state"], f["value"], f["source"], f["as_of"]])).collect();
                assert_eq!(shown(loaded, &codes, h.f.house.test.floor.today()), single);
                assert_eq!(loaded.standards.chain.places()[0].1, page["place"]["code"].as_str().unwrap());
                let unit = loaded.together.as_ref().map_or(1, Vec::len);
                assert_eq!((&json!(unit), &json!(loaded.together.is_some())), (&page["unit"]["members"], &page["unit"]["known"]));
                far += usize::from(loaded.standards.chain.places()[0].1 != "430703");
                known += facts.iter().filter(|f| f["state"] == "known").count();
            }
            assert!(known > bulk.len() * 2, "the test says something: {known}");
        }
        assert!(far > 0, "somebody is registered in another county");
    }

    async fn the_readers_of_the_bulk_path_are_led_by_indexes(engine) {
        if engine == ground::Engine::Postgres {
            return;
        }
        let h = History::new(engine, 1).await;
        for sql in people::screening::known::statements("county_id") {
            let values = vec![1_i32.into(), kernel::Id::nil().into(), kernel::Id::max().into()];
            let many = sql.matches('$').count();
            let values: Vec<sea_orm::Value> = values.into_iter().take(many).collect();
            let plan = h.f.house.plan(sea_orm::Statement::from_sql_and_values(sea_orm::DbBackend::Sqlite, sql.replace('$', "?"), values)).await;
            assert!(plan.contains("person_county (county_id=? AND id>?") && !plan.contains("SCAN"), "{sql}\n{plan}");
        }
    }
}
