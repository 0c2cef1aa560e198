//! A lived-in town for tests over everything: two townships of 鼎城区 and one of another county, each with a station that has
//! an area, a point, a post, an assignment and a plaque, and with persons, households, visits and ledger steps. All of it is
//! entered through HTTP, as people do.

use access::testing::{Caller, TestHouse};
use ground::Engine;
use kernel::Id;
use serde_json::{Value, json};

use crate::world::house;

/// Townships with two of their villages.
const TOWNS: [(&str, &str, &str); 3] = [
    ("430703001", "430703001001", "430703001002"),
    ("430703002", "430703002001", "430703002002"),
    ("500107001", "500107001001", "500107001002"),
];

/// One township at work.
pub struct Town {
    /// Head, transactional and service worker in one.
    pub head: Caller,
    /// The reviewer.
    pub reviewer: Caller,
    pub station: Id,
    pub area: Id,
    pub point: Id,
    pub post: Id,
    pub assignment: Id,
    pub persons: Vec<Id>,
    pub household: Id,
    pub membership: Id,
    pub category: Id,
    pub visit: Id,
}

/// The whole world.
pub struct World {
    pub house: TestHouse,
    pub towns: Vec<Town>,
    /// County officer of 430703.
    pub officer: Caller,
    pub sa: Caller,
    pub sec: Caller,
    pub au: Caller,
    pub account: Id,
    pub grant: Id,
    pub organisation: Id,
}

impl World {
    /// Table and id of the row that an operation on one record is about: rows of the first town.
    pub fn record(&self, path: &str) -> Option<(&'static str, Id)> {
        let t = &self.towns[0];
        let word = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        Some(match word {
            _ if !path.contains("{id}") => return None,
            "accounts" => ("account", self.account),
            "grants" => ("role_grant", self.grant),
            "areas" => ("area", t.area),
            "assignments" => ("assignment", t.assignment),
            "categories" => ("category_assignment", t.category),
            "households" => ("household", t.household),
            "memberships" => ("membership", t.membership),
            "persons" => ("person", t.persons[0]),
            "points" => ("point", t.point),
            "posts" => ("post", t.post),
            "stations" => ("station", t.station),
            "visits" => ("visit", t.visit),
            _ => return None,
        })
    }

    /// A real id for a field of a body by its name.
    pub fn named(&self, field: &str) -> Option<Id> {
        let t = &self.towns[0];
        Some(match field {
            "person_id" => t.persons[0],
            "station_id" => t.station,
            "area_id" => t.area,
            "point_id" => t.point,
            "account_id" | "worker_id" => t.head.id,
            "household_id" => t.household,
            "membership_id" => t.membership,
            "org_id" => self.organisation,
            _ => return None,
        })
    }

    /// The revision of a row.
    pub async fn rev(&self, table: &str, id: Id) -> i64 {
        let id = match self.house.test.engine {
            Engine::Sqlite => format!("x'{}'", id.simple()),
            Engine::Postgres => format!("'{id}'"),
        };
        self.house.number(&format!("SELECT rev FROM {table} WHERE id = {id}")).await
    }
}

/// The id in an answer.
pub fn id(view: &Value) -> Id {
    view["id"].as_str().unwrap_or_else(|| panic!("no id in {view}")).parse().unwrap()
}

/// Enters everything.
pub async fn world(engine: Engine) -> World {
    let house = house(engine).await;
    let officer = house.account("officer", &[("CA", "430703"), ("CA", "500107")]).await;
    let (sa, sec) = (house.account("sa", &[("SA", "")]).await, house.account("sec", &[("SEC", "")]).await);
    let au = house.account("au", &[("AU", "")]).await;
    let mut towns = Vec::new();
    for (n, (town, ..)) in TOWNS.iter().enumerate() {
        let grants = [("SH", *town), ("TW", *town), ("SW", *town)];
        let head = house.account(&format!("head{n}"), &grants).await;
        let reviewer = house.account(&format!("reviewer{n}"), &[("TR", *town)]).await;
        towns.push(settle(&house, n, head, reviewer).await);
    }
    let body = json!({"id": house.id(), "username": "new.worker", "display_name": "新社工", "password": "long enough password",
        "grants": [{"id": house.id(), "role": "SW", "place": "430703001", "from": "2026-11-01"}]});
    let made = house.post(&sa, "/accounts", body).await.expect(201);
    let grant = id(&made["grants"][0]);
    house.post(&sec, &format!("/grants/{grant}/approve"), json!({"rev": 1})).await.expect(200);
    let body = json!({"id": house.id(), "kind": "station", "name": "某单位", "place": "430703"});
    let organisation = id(&house.post(&sa, "/organisations", body).await.expect(201));
    World { account: id(&made), grant, organisation, house, towns, officer, sa, sec, au }
}

async fn settle(house: &TestHouse, n: usize, head: Caller, reviewer: Caller) -> Town {
    let (town, village, other) = TOWNS[n];
    let day = "2024-03-01";
    let send = async |path: String, mut body: Value| {
        body["id"] = json!(house.id());
        house.post(&head, &path, body).await.expect(201)
    };
    let station = send(
        "/stations".into(),
        json!({"name": "社会工作站", "place": town, "operating_mode": "direct_hire", "opened_on": day}),
    )
    .await;
    let mut view = station.clone();
    for status in ["preparing", "staffed", "plaque_hung", "operating"] {
        view = send(
            format!("/stations/{}/status", id(&station)),
            json!({"rev": view["rev"], "status": status, "on": day, "reason": "批复"}),
        )
        .await;
    }
    let station = id(&station);
    send(format!("/stations/{station}/plaques"), json!({"kind": "hang", "on": day, "document_no": "民社〔2024〕1号"}))
        .await;
    let area = send(
        format!("/stations/{station}/areas"),
        json!({"name": "第一片区", "villages": [stat(village)], "from": day}),
    )
    .await;
    let point = send("/points".into(), json!({"station_id": station, "name": "社工点", "seat": stat(village)})).await;
    let post =
        send(format!("/stations/{station}/posts"), json!({"kind": "resident", "headcount": 1, "from": day})).await;
    let assignment = json!({"worker_name": "李社工", "employment_mode": "township_contract", "share": 1, "from": day});
    let assignment = send(format!("/posts/{}/assignments", id(&post)), assignment).await;
    let mut persons = Vec::new();
    let mut category = Id::nil();
    for k in 0..6_usize {
        let (entered, open) = person(house, &head, n, k, if k % 2 == 0 { village } else { other }).await;
        persons.push(entered);
        category = open.filter(|_| k == 0).unwrap_or(category);
    }
    let mut visit = Id::nil();
    for (k, person) in persons.iter().enumerate().take(4) {
        for (days, result) in [(20, "met"), (9, "not_home"), (3, if k == 2 { "not_home" } else { "met" })] {
            let on = kernel::day::add_days(house.test.floor.today(), -days - k as i64);
            visit = id(&send("/visits".into(), visited(*person, on, result)).await);
        }
    }
    send(format!("/visits/{visit}/addenda"), json!({"text": "补充一句"})).await;
    let members = json!([{"id": house.id(), "person_id": persons[0], "relation": "0", "from": "2026-01-05"},
        {"id": house.id(), "person_id": persons[2], "relation": "8", "from": "2026-01-05"}]);
    let home = send(
        "/households".into(),
        json!({"kind": "cohabiting", "village": stat(village), "address": "3组", "members": members}),
    )
    .await;
    let member = home["members"].as_array().unwrap().iter().find(|m| m["relation"] == "8").unwrap();
    let membership = member["membership_id"].as_str().unwrap().parse().unwrap();
    let town = Town {
        station,
        area: id(&area),
        point: id(&point),
        post: id(&post),
        assignment: id(&assignment),
        persons,
        household: id(&home),
        membership,
        category,
        visit,
        head,
        reviewer,
    };
    climb(house, &town).await;
    town
}

/// A place of the statistical list.
pub fn stat(code: &str) -> String {
    format!("stat:{code}")
}

/// A visit as it comes in, without id.
pub fn visited(person: Id, on: kernel::Day, result: &str) -> Value {
    json!({"person_id": person, "kind": "routine", "mode": "home", "visited_on": on, "contact_result": result, "summary": "看望",
        "risk_signs": [], "needs": [], "services": ["visiting_care"], "work_field": "assistance"})
}

async fn person(house: &TestHouse, who: &Caller, town: usize, k: usize, village: &str) -> (Id, Option<Id>) {
    let names = ["王芳", "李秀英", "单曾", "欧阳国华", "张翠兰", "陈建国"];
    let code = [Some("DIBAO"), Some("ALONE"), None, Some("ELDER80"), Some("DIS_2_4"), Some("DIBAO")][k];
    house.test.clock.advance(1);
    let category = house.id();
    let mut body = json!({"id": house.id(), "name": names[k], "sex": "2", "village": stat(village), "lead_source": "visit",
        "address": "5组12号", "note": "备注", "usual_name": "小名", "birth_date": "1950-02-03"});
    if k < 3 {
        body["doc_type"] = json!("citizen_id");
        body["number"] = json!(number(town * 10 + k));
        body["phone"] = json!(format!("1990000{:04}", town * 10 + k));
        body["birth_date"] = json!("1950-01-05");
    } else {
        body["doc_type"] = json!("none");
        body["no_number_reason"] = json!("证件遗失");
    }
    if let Some(code) = code {
        body["categories"] = json!([{"id": category, "category": code, "from": "2026-01-05", "evidence_kind": "certificate",
            "evidence_ref": "鼎民〔2026〕1号", "source": "document"}]);
    }
    (id(&house.post(who, "/persons", body).await.expect(201)), code.map(|_| category))
}

/// A citizen number of 鼎城 with its check digit; sequence numbers ending 000 to 009 are not issued to anybody here.
fn number(sequence: usize) -> String {
    let head = format!("43070319500105{:03}", sequence * 2);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = head.chars().zip(weights).map(|(c, w)| c.to_digit(10).unwrap() * w).sum();
    format!("{head}{}", "10X98765432".chars().nth((sum % 11) as usize).unwrap())
}

/// The first two persons become clients, the third is dismissed, the fourth moves house, the last dies.
async fn climb(house: &TestHouse, town: &Town) {
    for person in &town.persons[..3] {
        let step = async |who: &Caller, to: &str, more: Value| {
            let page = house.get(&town.head, &format!("/persons/{person}")).await.expect(200);
            let mut body = json!({"id": house.id(), "rev": page["ledger"]["rev"], "to": to, "on": "2026-11-23"});
            for (key, value) in more.as_object().unwrap() {
                body[key] = value.clone();
            }
            house.post(who, &format!("/persons/{person}/ledger"), body).await.expect(201);
        };
        if *person == town.persons[2] {
            step(&town.head, "dismissed", json!({"reason": "not_in_need"})).await;
            continue;
        }
        step(&town.head, "verifying", json!({})).await;
        step(&town.head, "active", json!({"grade": "B"})).await;
        step(&town.reviewer, "active", json!({})).await;
    }
    let page = house.get(&town.head, &format!("/persons/{}", town.persons[3])).await.expect(200);
    let here =
        TOWNS.iter().find(|t| page["place"]["code"].as_str().is_some_and(|c| c.contains(t.0))).map_or("", |t| t.1);
    if !here.is_empty() {
        let body = json!({"rev": page["rev"], "village": stat(here), "residence_since": "2026-11-23"});
        house.patch(&town.head, &format!("/persons/{}", town.persons[3]), body).await.expect(200);
    }
    let page = house.get(&town.head, &format!("/persons/{}", town.persons[5])).await.expect(200);
    let body = json!({"id": house.id(), "rev": page["rev"], "died_on": "2026-11-22", "evidence_ref": "死亡证明"});
    house.post(&town.head, &format!("/persons/{}/death", town.persons[5]), body).await.expect(201);
}

/// Some changes after the first ones, so that rows have older versions.
pub async fn more_changes(world: &World) {
    let (house, town) = (&world.house, &world.towns[0]);
    for person in &town.persons[..2] {
        let page = house.get(&town.head, &format!("/persons/{person}")).await.expect(200);
        let body = json!({"rev": page["rev"], "note": "更正", "former_names": ["旧名"]});
        house.patch(&town.head, &format!("/persons/{person}"), body).await.expect(200);
        let mut visit = visited(*person, house.test.floor.today(), "met");
        visit["id"] = json!(house.id());
        house.post(&town.head, "/visits", visit).await.expect(201);
    }
    // Somebody with visits moves to another county, in the hands of who may do both.
    let mover = house.account("mover", &[("SH", "430703"), ("SH", "500107")]).await;
    let person = town.persons[1];
    let page = house.get(&mover, &format!("/persons/{person}")).await.expect(200);
    let body = json!({"rev": page["rev"], "village": stat(TOWNS[2].1), "worker_id": null});
    house.patch(&mover, &format!("/persons/{person}"), body).await.expect(200);
    let rev = house.get(&town.head, &format!("/visits/{}", town.visit)).await.expect(200)["rev"].clone();
    let void = json!({"id": house.id(), "rev": rev, "reason": "重复录入"});
    house.post(&town.head, &format!("/visits/{}/void", town.visit), void).await.expect(201);
    let seats = json!({"rev": 1, "villages": [stat(TOWNS[0].1), stat(TOWNS[0].2)]});
    house.patch(&town.head, &format!("/areas/{}", town.area), seats).await.expect(200);
}
