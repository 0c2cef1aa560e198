//! Random requests of many accounts against a naive oracle that shares no code with `Scope`: it walks parents of divisions one
//! by one and knows the roles by a table of its own. Not one row outside the oracle's answer may come back, and none may lack.
//! Some persons were handed over: their read trails open pages, histories and the list of persons, never work lists and never a write.

use std::collections::{BTreeMap, BTreeSet};

use access::{
    on_both,
    testing::{Caller, TestHouse},
};
use ground::chance::Seeded;
use kernel::Id;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::json;

use crate::world::house;

/// Requests per engine; `make soak` asks for more.
fn requests() -> u64 {
    std::env::var("SHEQIAO_ORACLE_REQUESTS").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000)
}

#[derive(Clone, Copy, PartialEq)]
enum Reach {
    None,
    Place,
    Own,
}

/// What a role sees of: persons, visits, households, unserved people, histories.
fn sees(role: &str) -> [Reach; 5] {
    use Reach::{None, Own, Place};
    match role {
        "CA" | "TR" | "SH" | "TW" => [Place, Place, Place, Place, Place],
        "SW" => [Own, Own, Place, Own, Own],
        "SV" => [Place, Place, None, None, None],
        _ => [None, None, None, None, None],
    }
}

/// Where a role may change persons.
fn writes(role: &str) -> Reach {
    match role {
        "SH" | "TW" => Reach::Place,
        "SW" => Reach::Own,
        _ => Reach::None,
    }
}

struct Who {
    caller: Caller,
    grants: Vec<(String, i32)>,
}

struct Row {
    village: i32,
    owner: Option<Id>,
}

/// A read trail: of whom, where the person lay, who was responsible, and whether it still holds.
struct Share {
    subject: Id,
    place: Row,
    holds: bool,
}

struct Oracle {
    shares: Vec<Share>,
    parent: BTreeMap<i32, i32>,
    persons: BTreeMap<Id, Row>,
    visits: BTreeMap<Id, (Row, Id)>,
    households: BTreeMap<Id, Row>,
    unserved: BTreeSet<Id>,
}

impl Oracle {
    fn inside(&self, mut place: i32, outer: i32) -> bool {
        loop {
            if place == outer {
                return true;
            }
            match self.parent.get(&place) {
                Some(next) if *next != 0 => place = *next,
                _ => return false,
            }
        }
    }

    fn visible(&self, who: &Who, thing: usize, row: &Row) -> bool {
        who.grants.iter().any(|(role, place)| match sees(role)[thing] {
            Reach::None => false,
            Reach::Place => self.inside(row.village, *place),
            Reach::Own => self.inside(row.village, *place) && row.owner == Some(who.caller.id),
        })
    }

    /// Whether a read trail opens a person (and what belongs to the person).
    fn trail(&self, who: &Who, thing: usize, subject: Id, own: bool) -> bool {
        let mut mine = self.shares.iter().filter(|s| s.subject == subject && s.holds);
        mine.any(|s| {
            who.grants.iter().any(|(role, place)| match sees(role)[thing] {
                Reach::None => false,
                Reach::Place => self.inside(s.place.village, *place),
                Reach::Own => self.inside(s.place.village, *place) && s.place.owner == Some(who.caller.id) && own,
            })
        })
    }

    fn person(&self, who: &Who, thing: usize, id: Id) -> bool {
        self.visible(who, thing, &self.persons[&id]) || self.trail(who, thing, id, true)
    }

    fn visit(&self, who: &Who, id: Id) -> bool {
        let (row, person) = &self.visits[&id];
        self.visible(who, 1, row) || self.trail(who, 1, *person, row.owner == Some(who.caller.id))
    }

    fn may_write(&self, who: &Who, row: &Row) -> bool {
        who.grants.iter().any(|(role, place)| match writes(role) {
            Reach::None => false,
            Reach::Place => self.inside(row.village, *place),
            Reach::Own => self.inside(row.village, *place) && row.owner == Some(who.caller.id),
        })
    }

    fn holds(&self, who: &Who, thing: usize) -> bool {
        who.grants.iter().any(|(role, _)| sees(role)[thing] != Reach::None)
    }
}

async fn query(house: &TestHouse, text: &str) -> Vec<sea_orm::QueryResult> {
    let db = house.test.floor.db.read();
    db.query_all_raw(Statement::from_string(db.get_database_backend(), text.to_owned())).await.unwrap()
}

struct Place {
    id: i32,
    code: String,
    level: i32,
}

async fn places(house: &TestHouse) -> Vec<Place> {
    let inside = "id IN (SELECT id FROM division WHERE code_stat LIKE '4307%' OR code_stat LIKE '5001%' OR code_stat LIKE '4419%' OR code_stat LIKE '429004%')";
    query(house, &format!("SELECT id, level, code_stat FROM division WHERE {inside} AND kind <> 'filler' AND code_stat IS NOT NULL ORDER BY id"))
        .await
        .into_iter()
        .map(|r| Place {
            id: r.try_get("", "id").unwrap(),
            level: r.try_get("", "level").unwrap(),
            code: format!("stat:{}", r.try_get::<String>("", "code_stat").unwrap()),
        })
        .collect()
}

fn pick<'a, T>(dice: &Seeded, items: &'a [T]) -> &'a T {
    &items[usize::try_from(dice.below(items.len() as u64)).unwrap()]
}

/// Accounts with random grants, and what their workers enter.
async fn populate(house: &TestHouse, dice: &Seeded, places: &[Place], parent: &BTreeMap<i32, i32>) -> Vec<Who> {
    const ROLES: &[&str] = &["CA", "TR", "SH", "TW", "SW", "SW", "SW", "SV", "PA", "AU"];
    let higher: Vec<&Place> = places.iter().filter(|p| p.level < 5).collect();
    let mut all = Vec::new();
    for n in 0..60 {
        let mut grants = Vec::new();
        for _ in 0..=dice.below(2) {
            let role = *pick(dice, ROLES);
            let place = *pick(dice, &higher);
            grants.push((role.to_owned(), place.id, place.code.clone()));
        }
        let named: Vec<(&str, &str)> =
            grants.iter().map(|(r, _, c)| (r.as_str(), if r == "AU" { "" } else { c.as_str() })).collect();
        let caller = house.account(&format!("random.{n}"), &named).await;
        all.push(Who { caller, grants: grants.into_iter().map(|(r, p, _)| (r, p)).collect() });
    }
    let walk = |mut place: i32, outer: i32| loop {
        if place == outer {
            break true;
        }
        match parent.get(&place) {
            Some(next) if *next != 0 => place = *next,
            _ => break false,
        }
    };
    for who in &all {
        for (role, at) in &who.grants {
            if !matches!(role.as_str(), "SH" | "TW" | "SW") {
                continue;
            }
            let villages: Vec<&Place> = places.iter().filter(|p| p.level == 5 && walk(p.id, *at)).collect();
            if villages.is_empty() {
                continue;
            }
            for _ in 0..8 {
                let id = house.id();
                let village = pick(dice, &villages).code.clone();
                let name = format!(
                    "{}{}{}",
                    pick(dice, &["王", "李", "单", "曾"]),
                    pick(dice, &["春", "秀", "国"]),
                    pick(dice, &["英", "兰", "华"])
                );
                let body = json!({
                    "id": id, "name": name, "sex": "2", "doc_type": "none", "no_number_reason": "测试", "village": village,
                    "lead_source": "visit",
                    "categories": [{"id": house.id(), "category": "DIBAO", "from": "2026-01-05", "evidence_kind": "decision_notice",
                        "evidence_ref": "测试", "source": "document"}]
                });
                let made = house.post(&who.caller, "/persons", body).await;
                assert_eq!(made.status.as_u16(), 201, "{}", made.text);
                if role == "SW" && dice.below(2) == 0 {
                    let visit = json!({
                        "id": house.id(), "person_id": id, "kind": "first", "mode": "home", "visited_on": "2026-11-20",
                        "contact_result": "met", "summary": "测试走访", "risk_signs": [], "needs": [], "services": ["visiting_care"],
                        "work_field": "assistance"
                    });
                    let made = house.post(&who.caller, "/visits", visit).await;
                    assert_eq!(made.status.as_u16(), 201, "{}", made.text);
                }
                if dice.below(3) == 0 {
                    let home = json!({"id": house.id(), "kind": "cohabiting", "village": village,
                        "members": [{"id": house.id(), "person_id": id, "relation": "0", "from": "2026-01-05"}]});
                    let made = house.post(&who.caller, "/households", home).await;
                    assert_eq!(made.status.as_u16(), 201, "{}", made.text);
                }
            }
        }
    }
    all
}

/// Hands persons over at random; some are accepted, some given back, some trails have ended.
async fn hand_over(house: &TestHouse, dice: &Seeded, places: &[Place], all: &[Who], parent: &BTreeMap<i32, i32>) {
    let villages: Vec<&Place> = places.iter().filter(|p| p.level == 5).collect();
    let inside = |mut place: i32, outer: i32| loop {
        if place == outer {
            break true;
        }
        match parent.get(&place) {
            Some(next) if *next != 0 => place = *next,
            _ => break false,
        }
    };
    let mut open = Vec::new();
    for who in all.iter().filter(|w| w.grants.iter().any(|(r, _)| matches!(r.as_str(), "SH" | "TW"))) {
        let list = house.get(&who.caller, "/persons?limit=20").await.expect(200);
        for person in list["items"].as_array().unwrap() {
            if dice.below(3) != 0 {
                continue;
            }
            let village = *pick(dice, &villages);
            let id = house.id();
            let path = format!("/persons/{}", person["id"].as_str().unwrap());
            let rev = house.get(&who.caller, &path).await.expect(200)["rev"].clone();
            let body = json!({"id": id, "rev": rev, "village": village.code, "moved_on": "2026-11-23", "reason": "moved", "consent": "told"});
            let sent = house.post(&who.caller, &format!("{path}/handover"), body).await;
            // The same station, an open hand-over, or somebody seen but not to be written.
            assert!(matches!(sent.status.as_u16(), 201 | 404 | 409 | 422), "{}", sent.text);
            if sent.status == 201 {
                open.push((id, village.id));
            }
        }
    }
    assert!(open.len() > 20, "only {} hand-overs", open.len());
    for (id, village) in open {
        let heads = |w: &&Who| w.grants.iter().any(|(r, p)| r == "SH" && inside(village, *p));
        let Some(head) = all.iter().find(heads) else { continue };
        let body = match dice.below(3) {
            0 => ("accept", json!({"id": house.id(), "rev": 1, "worker_id": head.caller.id})),
            1 => ("decline", json!({"id": house.id(), "rev": 1, "reason": "not_here"})),
            _ => continue,
        };
        let got = house.post(&head.caller, &format!("/handovers/{id}/{}", body.0), body.1).await;
        assert_eq!(got.status.as_u16(), 201, "{}", got.text);
    }
    let until =
        "UPDATE share SET until_on = '2026-11-23' WHERE until_on > '2026-11-23' AND rev = 2 AND village_id % 2 = 0";
    house.sql(until).await;
}

async fn oracle(house: &TestHouse, parent: BTreeMap<i32, i32>) -> Oracle {
    let mut oracle = Oracle {
        shares: Vec::new(),
        parent,
        persons: BTreeMap::new(),
        visits: BTreeMap::new(),
        households: BTreeMap::new(),
        unserved: BTreeSet::new(),
    };
    for r in query(house, "SELECT id, village_id, worker_id FROM person").await {
        oracle.persons.insert(
            r.try_get("", "id").unwrap(),
            Row { village: r.try_get("", "village_id").unwrap(), owner: r.try_get("", "worker_id").unwrap() },
        );
    }
    for r in query(
        house,
        "SELECT v.id, p.village_id, v.worker_id, v.person_id FROM visit v JOIN person p ON p.id = v.person_id",
    )
    .await
    {
        let row = Row { village: r.try_get("", "village_id").unwrap(), owner: r.try_get("", "worker_id").unwrap() };
        oracle.visits.insert(r.try_get("", "id").unwrap(), (row, r.try_get("", "person_id").unwrap()));
    }
    for r in query(house, "SELECT subject_id, village_id, owner_id, until_on FROM share").await {
        let until: kernel::Day = r.try_get("", "until_on").unwrap();
        oracle.shares.push(Share {
            subject: r.try_get("", "subject_id").unwrap(),
            place: Row { village: r.try_get("", "village_id").unwrap(), owner: r.try_get("", "owner_id").unwrap() },
            holds: until > house.test.floor.today(),
        });
    }
    for r in query(house, "SELECT id, village_id FROM household").await {
        oracle
            .households
            .insert(r.try_get("", "id").unwrap(), Row { village: r.try_get("", "village_id").unwrap(), owner: None });
    }
    let served: BTreeSet<Id> = oracle.visits.values().map(|(_, person)| *person).collect();
    oracle.unserved = oracle.persons.keys().filter(|id| !served.contains(id)).copied().collect();
    oracle
}

fn ids(answer: &serde_json::Value, pointer: &str) -> BTreeSet<Id> {
    answer["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|i| i.pointer(pointer).unwrap().as_str().unwrap().parse().unwrap())
        .collect()
}

/// Compares a list with the oracle: all and only what it expects (a list for a place outside the reach may also be 404).
async fn list(
    house: &TestHouse,
    who: &Who,
    path: &str,
    pointer: &str,
    holds: bool,
    wanted: &BTreeSet<Id>,
    whole: bool,
) {
    let got = house.get(&who.caller, path).await;
    match got.status.as_u16() {
        200 => {
            assert!(holds, "{path}: answered without permit");
            let found = ids(&got.json, pointer);
            let foreign: Vec<_> = found.difference(wanted).collect();
            assert!(foreign.is_empty(), "{path}: foreign rows {foreign:?}");
            if whole && got.json["next"].is_null() {
                let lacking: Vec<_> = wanted.difference(&found).collect();
                assert!(lacking.is_empty(), "{path}: rows lack {lacking:?}");
            }
        }
        403 => assert!(!holds, "{path}: refused with permit"),
        404 | 422 => assert!(
            wanted.is_empty() || !whole,
            "{path}: not found, but the oracle sees {} rows: {}",
            wanted.len(),
            got.text
        ),
        other => panic!("{path}: {other} {}", got.text),
    }
}

async fn single(house: &TestHouse, who: &Who, path: &str, holds: bool, visible: bool) {
    let got = house.get(&who.caller, path).await;
    let wanted = if !holds {
        403
    } else if visible {
        200
    } else {
        404
    };
    assert_eq!(got.status.as_u16(), wanted, "{path}: {}", got.text);
}

on_both! {
    async fn not_one_foreign_row_comes_back_in_many_random_requests(engine) {
        let house = house(engine).await;
        let seed = 0x5eed_2026;
        let dice = Seeded::new(seed);
        let parent: BTreeMap<i32, i32> = query(&house, "SELECT id, parent_id FROM division").await
            .into_iter().map(|r| (r.try_get("", "id").unwrap(), r.try_get("", "parent_id").unwrap())).collect();
        let places = places(&house).await;
        let people = populate(&house, &dice, &places, &parent).await;
        hand_over(&house, &dice, &places, &people, &parent).await;
        let oracle = oracle(&house, parent).await;
        assert!(oracle.persons.len() > 100 && oracle.visits.len() > 30, "the world is too small to tell anything");
        let holding = oracle.shares.iter().filter(|s| s.holds).count();
        assert!(holding > 15 && oracle.shares.len() > holding + 3, "too few read trails: {holding} of {}", oracle.shares.len());
        let mut by_trail_only = 0;
        let persons: Vec<Id> = oracle.persons.keys().copied().collect();
        let visits: Vec<Id> = oracle.visits.keys().copied().collect();
        let households: Vec<Id> = oracle.households.keys().copied().collect();
        for n in 0..requests() {
            // The request limit of an account is per minute of the fixed clock.
            if n % 10_000 == 0 {
                house.test.clock.advance(61_000);
            }
            let who = pick(&dice, &people);
            let place = pick(&dice, &places);
            let at = |row: &Row| oracle.inside(row.village, place.id);
            match dice.below(13) {
                0 | 1 => {
                    // A place means who lives there: trails show in the list of everybody.
                    let wanted = oracle.persons.iter().filter(|(_, r)| at(r) && oracle.visible(who, 0, r)).map(|(id, _)| *id).collect();
                    list(&house, who, &format!("/persons?place={}&limit=200", place.code), "/id", oracle.holds(who, 0), &wanted, true).await;
                }
                2 => {
                    // Whoever was handed over is asked for more often: few pairs meet by a trail.
                    let id = if dice.below(3) == 0 { &pick(&dice, &oracle.shares).subject } else { pick(&dice, &persons) };
                    by_trail_only += u32::from(oracle.person(who, 0, *id) && !oracle.visible(who, 0, &oracle.persons[id]));
                    single(&house, who, &format!("/persons/{id}"), oracle.holds(who, 0), oracle.person(who, 0, *id)).await;
                }
                3 => {
                    let q = *pick(&dice, &["王春", "lx", "shan", "zengguo", "c", "wang"]);
                    let wanted = oracle.persons.keys().filter(|id| oracle.person(who, 0, **id)).copied().collect();
                    list(&house, who, &format!("/persons?q={q}&limit=200"), "/id", oracle.holds(who, 0), &wanted, false).await;
                    let wanted = oracle.persons.iter().filter(|(_, r)| at(r) && oracle.visible(who, 0, r)).map(|(id, _)| *id).collect();
                    list(&house, who, &format!("/persons?place={}&q={q}&limit=200", place.code), "/id", oracle.holds(who, 0), &wanted, false).await;
                }
                4 => {
                    let wanted = oracle.visits.iter().filter(|(_, (r, _))| at(r) && oracle.visible(who, 1, r)).map(|(id, _)| *id).collect();
                    list(&house, who, &format!("/visits?place={}&limit=200", place.code), "/id", oracle.holds(who, 1), &wanted, true).await;
                }
                5 => {
                    let id = pick(&dice, &visits);
                    single(&house, who, &format!("/visits/{id}"), oracle.holds(who, 1), oracle.visit(who, *id)).await;
                }
                6 => {
                    let wanted = oracle.households.iter().filter(|(_, r)| at(r) && oracle.visible(who, 2, r)).map(|(id, _)| *id).collect();
                    list(&house, who, &format!("/households?place={}&limit=200", place.code), "/id", oracle.holds(who, 2), &wanted, true).await;
                }
                7 => {
                    let id = pick(&dice, &households);
                    single(&house, who, &format!("/households/{id}"), oracle.holds(who, 2), oracle.visible(who, 2, &oracle.households[id])).await;
                }
                8 => {
                    let wanted = oracle.persons.iter().filter(|(_, r)| at(r) && oracle.visible(who, 0, r)).map(|(id, _)| *id).collect();
                    let state = *pick(&dice, &["overdue", "due", "soon"]);
                    list(&house, who, &format!("/due?place={}&state={state}&limit=200", place.code), "/person/id", oracle.holds(who, 0), &wanted, false).await;
                }
                9 => {
                    let wanted = oracle.persons.iter()
                        .filter(|(id, r)| oracle.unserved.contains(id) && at(r) && oracle.visible(who, 3, r)).map(|(id, _)| *id).collect();
                    let path = format!("/coverage/unserved?place={}&from=2026-01-01&limit=200", place.code);
                    list(&house, who, &path, "/id", oracle.holds(who, 3), &wanted, place.level >= 3).await;
                }
                10 => {
                    let wanted = oracle.persons.keys().filter(|id| oracle.person(who, 0, **id)).copied().collect();
                    list(&house, who, "/persons?limit=200", "/id", oracle.holds(who, 0), &wanted, true).await;
                }
                11 => {
                    // Nobody writes by a read trail: the revision is wrong on purpose, so whoever may write hears "stale".
                    let id = pick(&dice, &persons);
                    let got = house.patch(&who.caller, &format!("/persons/{id}"), json!({"rev": 0, "note": "x"})).await;
                    let wanted = match who.grants.iter().any(|(r, _)| writes(r) != Reach::None) {
                        false => 403,
                        true if oracle.may_write(who, &oracle.persons[id]) => 409,
                        true => 404,
                    };
                    assert_eq!(got.status.as_u16(), wanted, "PATCH {id}: {}", got.text);
                }
                _ => {
                    let id = pick(&dice, &persons);
                    single(&house, who, &format!("/persons/{id}/timeline"), oracle.holds(who, 0), oracle.person(who, 0, *id)).await;
                    let auditor = who.grants.iter().any(|(r, _)| r == "AU");
                    let history = format!("/records/person/{id}/history");
                    single(&house, who, &history, auditor || oracle.holds(who, 4), auditor || oracle.person(who, 4, *id)).await;
                }
            }
        }
        assert!(by_trail_only > 0 || requests() < 5_000, "no request went by a read trail alone");
    }
}
