//! Random histories of grants by many hands against a model: nobody ever holds more than two different people gave, and
//! never what the separation of the three admins forbids.

use std::collections::{BTreeMap, BTreeSet};

use access::{on_both, testing::Caller};
use ground::chance::Seeded;
use kernel::Id;
use serde_json::json;

use crate::world::house;

/// Histories per engine; `make soak` asks for ten thousand.
fn histories() -> u64 {
    std::env::var("SHEQIAO_ESCALATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(500)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Proposed,
    Approved,
    Gone,
}

#[derive(Clone, Debug)]
struct Grant {
    account: usize,
    role: &'static str,
    by: usize,
    state: State,
    rev: i32,
}

/// The people: their name and what they are from the beginning. Only SA propose and end, only SEC decide.
const PEOPLE: &[(&str, &str, &str)] = &[
    ("sa.one", "SA", ""),
    ("sa.two", "SA", ""),
    ("sec.one", "SEC", ""),
    ("sec.two", "SEC", ""),
    ("auditor", "AU", ""),
    ("province", "PA", "43"),
    ("county", "CA", "430703"),
    ("reviewer", "TR", "430703001"),
    ("head", "SH", "430703001"),
    ("worker", "SW", "430703001"),
];
const ROLES: &[&str] = &["SA", "SEC", "AU", "PA", "CA", "TR", "SH", "TW", "SW", "SV"];
const ADMINS: &[&str] = &["SA", "SEC", "AU"];

/// Whether one person may hold both, told again for the model: the three admins are three people.
fn together(a: &str, b: &str) -> bool {
    a == b || !(ADMINS.contains(&a) && ADMINS.contains(&b))
}

fn pick<'t, T>(dice: &Seeded, items: &'t [T]) -> &'t T {
    &items[usize::try_from(dice.below(items.len() as u64)).unwrap()]
}

on_both! {
    async fn no_random_history_of_grants_gives_anybody_more_than_two_others_gave(engine) {
        let house = house(engine).await;
        let seed = 0x00A5_2026;
        let dice = Seeded::new(seed);
        let mut people: Vec<Caller> = Vec::new();
        for (name, role, place) in PEOPLE {
            people.push(house.account(name, &[(role, place)]).await);
        }
        let (mut accepted, mut refused) = (0_u64, 0_u64);
        for history in 0..histories() {
            if history % 100 == 0 {
                house.test.clock.advance(61_000);
            }
            house.sql("DELETE FROM role_grant WHERE audit_no > 0").await;
            let mut grants: BTreeMap<Id, Grant> = BTreeMap::new();
            let held = |grants: &BTreeMap<Id, Grant>, who: usize, states: &[State]| -> BTreeSet<&'static str> {
                let given = grants.values().filter(|g| g.account == who && states.contains(&g.state)).map(|g| g.role);
                std::iter::once(PEOPLE[who].1).chain(given).collect()
            };
            for _ in 0..4 + dice.below(6) {
                let who = usize::try_from(dice.below(people.len() as u64)).unwrap();
                let mine = held(&grants, who, &[State::Approved]);
                let ids: Vec<Id> = grants.keys().copied().collect();
                let kind = if ids.is_empty() { 0 } else { dice.below(4) };
                let (path, body, wanted, id) = match kind {
                    0 | 1 => {
                        let account = usize::try_from(dice.below(people.len() as u64)).unwrap();
                        let role = *pick(&dice, ROLES);
                        let id = house.id();
                        let place = if ADMINS.contains(&role) { json!(null) } else { json!(pick(&dice, &["43", "430703", "430703001", "500107"])) };
                        let body = json!({"id": id, "role": role, "place": place, "from": "2026-11-01"});
                        let open = held(&grants, account, &[State::Approved, State::Proposed]);
                        let wanted = if !mine.contains("SA") { 403 } else if open.iter().all(|o| together(o, role)) { 201 } else { 409 };
                        if wanted == 201 {
                            grants.insert(id, Grant { account, role, by: who, state: State::Proposed, rev: 1 });
                        }
                        (format!("/accounts/{}/grants", people[account].id), body, wanted, id)
                    }
                    2 => {
                        let id = *pick(&dice, &ids);
                        let grant = grants.get_mut(&id).unwrap();
                        let wanted = if !mine.contains("SEC") { 403 } else if grant.by == who || grant.account == who || grant.state != State::Proposed { 409 } else { 200 };
                        let rev = grant.rev;
                        if wanted == 200 {
                            grant.state = State::Approved;
                            grant.rev += 1;
                        }
                        (format!("/grants/{id}/approve"), json!({"rev": rev}), wanted, id)
                    }
                    _ => {
                        let id = *pick(&dice, &ids);
                        let grant = grants.get_mut(&id).unwrap();
                        let wanted = if !mine.contains("SA") { 403 } else if grant.state == State::Gone { 409 } else { 200 };
                        let rev = grant.rev;
                        if wanted == 200 {
                            grant.state = State::Gone;
                            grant.rev += 1;
                        }
                        (format!("/grants/{id}/end"), json!({"rev": rev, "reason": "调整"}), wanted, id)
                    }
                };
                let got = house.post(&people[who], &path, body.clone()).await;
                let case = format!("seed {seed}, history {history}: {} {path} {body} (grant {id}): {} {}", PEOPLE[who].0, got.status, got.text);
                assert_eq!(got.status.as_u16(), wanted, "{case}");
                if got.status.is_success() { accepted += 1 } else { refused += 1 }
            }
            // What everybody holds now is what the model says, and separated.
            let who = usize::try_from(dice.below(people.len() as u64)).unwrap();
            let wanted = held(&grants, who, &[State::Approved]);
            let session = house.get(&people[who], "/session").await.expect(200);
            let found: BTreeSet<&str> = session["roles"].as_array().unwrap().iter().map(|r| r.as_str().unwrap()).collect();
            assert_eq!(found, wanted, "seed {seed}, history {history}: {}", PEOPLE[who].0);
            assert!(found.iter().filter(|r| ADMINS.contains(*r)).count() <= 1, "seed {seed}, history {history}: {found:?}");
        }
        assert!(accepted > histories() / 4 && refused > histories(), "{accepted} accepted, {refused} refused: too one-sided to tell anything");
    }
}
