//! The network through HTTP on both engines.

use access::{
    Scope, on_both,
    testing::{Caller, TestHouse},
};
use ground::{Engine, Progress};
use kernel::{Id, day};
use places::{
    divisions::{self, Source},
    network, points, stations,
};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

pub const COUNTY: &str = "430703";
pub const TOWN: &str = "430703105";
const OTHER_TOWN: &str = "430703101";
const OTHER_COUNTY_TOWN: &str = "500107001";
const FARM: &str = "stat:430703502";

pub async fn house(engine: Engine) -> TestHouse {
    let house = TestHouse::new(engine, places::routes()).await;
    let scope = Scope::<divisions::ChangeDivisions>::on_behalf_of(&house.house, "divisions.load").await.unwrap();
    divisions::load(&scope, Source::Subset, Progress::silent()).await.unwrap();
    house
}

/// Village codes of the test town, as the statistics write them.
async fn villages(house: &TestHouse, town: &str) -> Vec<String> {
    let db = house.test.floor.db.read();
    let text = format!("SELECT code_stat FROM division WHERE level = 5 AND code_stat LIKE '{town}%' ORDER BY id");
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), text)).await.unwrap();
    rows.iter().map(|r| format!("stat:{}", r.try_get_by_index::<String>(0).unwrap())).collect()
}

pub async fn station(house: &TestHouse, who: &Caller, place: &str, since: &str) -> Value {
    let body = json!({"id": house.id(), "name": "韩公渡镇社会工作站", "place": place, "operating_mode": "direct_hire", "opened_on": since});
    house.post(who, "/stations", body).await.expect(201)
}

pub fn id(view: &Value) -> String {
    view["id"].as_str().unwrap().to_owned()
}

async fn step(house: &TestHouse, who: &Caller, owner: &str, view: &Value, status: &str, on: &str) -> Value {
    let body = json!({"id": house.id(), "rev": view["rev"], "status": status, "on": on, "reason": "批复"});
    house.post(who, &format!("/{owner}/{}/status", id(view)), body).await.expect(201)
}

async fn operate(house: &TestHouse, who: &Caller, owner: &str, mut view: Value, on: &str) -> Value {
    for status in ["preparing", "staffed", "plaque_hung", "operating"] {
        view = step(house, who, owner, &view, status, on).await;
    }
    view
}

async fn plaque(house: &TestHouse, who: &Caller, owner: &str, view: &Value, kind: &str, on: &str) -> Value {
    let body = json!({"id": house.id(), "kind": kind, "on": on, "document_no": "民社〔2021〕1号"});
    house.post(who, &format!("/{owner}/{}/plaques", id(view)), body).await.expect(201)
}

async fn post_and_worker(house: &TestHouse, who: &Caller, station: &str, kind: &str, from: &str) -> (Value, Value) {
    let post = json!({"id": house.id(), "kind": kind, "headcount": 1, "from": from});
    let post = house.post(who, &format!("/stations/{station}/posts"), post).await.expect(201);
    let worker = json!({"id": house.id(), "worker_name": "李社工", "employment_mode": "township_contract", "share": 1, "from": from});
    let worker = house.post(who, &format!("/posts/{}/assignments", id(&post)), worker).await.expect(201);
    (post, worker)
}

on_both! {
    async fn a_station_counts_once_it_operates_with_plaque_and_people(engine) {
        let house = house(engine).await;
        let head = house.account("head", &[("SH", TOWN)]).await;
        let made = station(&house, &head, TOWN, "2021-10-20").await;
        assert_eq!(made["status"], "planned");
        assert_eq!(made["place"]["name"], "韩公渡镇");
        assert_eq!(made["county"]["name"], "鼎城区");
        assert_eq!(made["not_counted_why"], json!(["not_operating", "no_plaque", "no_assignment"]));
        let open = operate(&house, &head, "stations", made, "2021-10-20").await;
        assert_eq!(open["not_counted_why"], json!(["no_plaque", "no_assignment"]), "opening without them is allowed");
        let hung = plaque(&house, &head, "stations", &open, "hang", "2021-10-20").await;
        assert_eq!(hung["plaque_on"], "2021-10-20");
        let station = id(&hung);
        post_and_worker(&house, &head, &station, "resident", "2021-10-20").await;
        let page = house.get(&head, &format!("/stations/{station}")).await.expect(200);
        assert_eq!((page["counted"].clone(), page["workers"].clone()), (json!(true), json!(1)), "{page}");
        assert_eq!(page["statuses"].as_array().unwrap().len(), 5);
        assert_eq!(page["workload"][0]["worker"]["name"], "李社工");
        assert_eq!(page["posts"][0]["filled"], 1.0);
        let before = house.get(&head, &format!("/stations?place={TOWN}&on=2021-10-19")).await.expect(200);
        assert_eq!(before["items"], json!([]), "it was not even planned the day before");
        let then = house.get(&head, &format!("/stations?place={TOWN}&on=2021-10-20&status=operating")).await.expect(200);
        assert_eq!(then["items"][0]["counted"], true);
        let gone = plaque(&house, &head, "stations", &page, "remove", "2022-01-01").await;
        assert_eq!((gone["plaque_on"].clone(), gone["not_counted_why"].clone()), (Value::Null, json!(["no_plaque"])));
        let then = house.get(&head, &format!("/stations?place={TOWN}&on=2021-12-31")).await.expect(200);
        assert_eq!(then["items"][0]["counted"], true, "the past does not change");
    }

    async fn the_status_machine_refuses_jumps_futures_and_going_back(engine) {
        let house = house(engine).await;
        let head = house.account("head", &[("SH", TOWN)]).await;
        let made = station(&house, &head, TOWN, "2021-10-20").await;
        let path = format!("/stations/{}/status", id(&made));
        let body = |status: &str, on: &str, rev: &Value, reason: &str| {
            json!({"id": house.id(), "rev": rev, "status": status, "on": on, "reason": reason})
        };
        let jump = house.post(&head, &path, body("operating", "2021-10-20", &made["rev"], "")).await.expect(409);
        assert_eq!(jump["rule"], "network.status_step");
        house.post(&head, &path, body("preparing", "2026-11-24", &made["rev"], "")).await.expect(422);
        house.post(&head, &path, body("nonsense", "2026-11-23", &made["rev"], "")).await.expect(422);
        house.post(&head, &path, body("preparing", "0001-01-01", &made["rev"], "")).await.expect(422);
        house.post(&head, &path, body("preparing", "2026-11-23", &json!(7), "")).await.expect(409);
        let open = operate(&house, &head, "stations", made, "2021-11-01").await;
        let early = house.post(&head, &path, body("suspended", "2021-10-31", &open["rev"], "装修")).await.expect(409);
        assert_eq!(early["rule"], "network.status_order");
        let silent = house.post(&head, &path, body("suspended", "2022-01-01", &open["rev"], " ")).await.expect(422);
        assert_eq!(silent["fields"][0]["field"], "reason");
        let paused = step(&house, &head, "stations", &open, "suspended", "2026-10-24").await;
        assert!(!paused["not_counted_why"].as_array().unwrap().contains(&json!("suspended_too_long")), "30 days are within grace");
        let closed = step(&house, &head, "stations", &paused, "closed", "2026-11-01").await;
        assert_eq!(closed["closed_on"], "2026-11-01");
        let again = house.post(&head, &path, body("operating", "2026-11-02", &closed["rev"], "")).await.expect(409);
        assert_eq!(again["rule"], "network.closed");
        let more = json!({"id": house.id(), "kind": "resident", "headcount": 1, "from": "2026-11-20"});
        house.post(&head, &format!("/stations/{}/posts", id(&closed)), more).await.expect(409);
    }

    async fn a_first_step_older_than_the_plan_takes_the_plan_along(engine) {
        let house = house(engine).await;
        let head = house.account("head", &[("SH", TOWN)]).await;
        let seats = villages(&house, TOWN).await;
        let made = house.post(&head, "/stations", json!({"id": house.id(), "name": "站", "place": TOWN, "operating_mode": "mixed"})).await.expect(201);
        let point = json!({"id": house.id(), "station_id": made["id"], "name": "点", "seat": seats[0]});
        let point = house.post(&head, "/points", point).await.expect(201);
        let stepped = step(&house, &head, "stations", &made, "preparing", "2021-09-01").await;
        assert_eq!(stepped["statuses"][0]["on"], "2021-09-01");
        step(&house, &head, "points", &point, "preparing", "2022-03-01").await;
        let then = house.get(&head, &format!("/points?place={TOWN}&on=2022-03-01")).await.expect(200);
        assert_eq!(then["items"][0]["covered"].as_array().unwrap().len(), 1, "the seat is covered since the plan");
    }

    async fn a_write_sent_twice_is_one_write(engine) {
        let house = house(engine).await;
        let head = house.account("head", &[("SH", TOWN)]).await;
        let body = json!({"id": house.id(), "name": "站", "place": TOWN, "operating_mode": "mixed"});
        house.post(&head, "/stations", body.clone()).await.expect(201);
        house.post(&head, "/stations", body.clone()).await.expect(200);
        let mut other = body.clone();
        other["name"] = json!("另一个站");
        house.post(&head, "/stations", other).await.expect(409);
        assert_eq!(house.number("SELECT COUNT(*) FROM station").await, 1);
        assert_eq!(house.number("SELECT COUNT(*) FROM network_status").await, 1);
    }

    async fn the_network_is_read_in_the_county_and_changed_in_the_place(engine) {
        let house = house(engine).await;
        let head = house.account("head", &[("SH", TOWN)]).await;
        let worker = house.account("worker", &[("SW", OTHER_TOWN)]).await;
        let neighbour = house.account("neighbour", &[("SH", OTHER_TOWN)]).await;
        let stranger = house.account("stranger", &[("SH", OTHER_COUNTY_TOWN)]).await;
        let auditor = house.account("auditor", &[("AU", "")]).await;
        let made = station(&house, &head, TOWN, "2021-10-20").await;
        let path = format!("/stations/{}", id(&made));
        house.get(&worker, &path).await.expect(200);
        assert_eq!(house.get(&worker, &format!("/stations?place={COUNTY}")).await.expect(200)["items"].as_array().unwrap().len(), 1);
        house.get(&stranger, &path).await.expect(404);
        house.get(&stranger, &format!("/stations?place={COUNTY}")).await.expect(404);
        house.get(&auditor, &path).await.expect(403);
        let change = json!({"rev": 1, "phone": "0736-7382000"});
        house.patch(&worker, &path, change.clone()).await.expect(403);
        house.patch(&neighbour, &path, change.clone()).await.expect(404);
        house.patch(&stranger, &path, change.clone()).await.expect(404);
        assert_eq!(house.patch(&head, &path, change.clone()).await.expect(200)["phone"], "0736-7382000");
        let stale = house.patch(&head, &path, change).await.expect(409);
        assert_eq!((stale["code"].clone(), stale["rev"].clone()), (json!("stale"), json!(2)));
        let cleared = house.patch(&head, &path, json!({"rev": 2, "phone": null, "facilities": ["office"]})).await.expect(200);
        assert_eq!((cleared["phone"].clone(), cleared["facilities"].clone()), (Value::Null, json!(["office"])));
        let elsewhere = json!({"id": house.id(), "name": "站", "place": OTHER_TOWN, "operating_mode": "mixed"});
        house.post(&head, "/stations", elsewhere).await.expect(404);
        for (place, code) in [(COUNTY, "level"), ("999999999", "unknown_place"), ("abc", "unknown_place")] {
            let body = json!({"id": house.id(), "name": "站", "place": place, "operating_mode": "mixed"});
            assert_eq!(house.post(&head, "/stations", body).await.expect(422)["fields"][0]["code"], code);
        }
    }

    async fn a_farm_may_host_a_station(engine) {
        let house = house(engine).await;
        let officer = house.account("officer", &[("CA", COUNTY)]).await;
        let made = station(&house, &officer, FARM, "2021-10-20").await;
        assert_eq!(made["place"]["kind"], "farm");
    }

    async fn a_village_lies_in_one_open_area_and_inside_the_township(engine) {
        let house = house(engine).await;
        let head = house.account("head", &[("CA", COUNTY)]).await;
        let made = station(&house, &head, TOWN, "2021-10-20").await;
        let own = villages(&house, TOWN).await;
        let foreign = villages(&house, OTHER_TOWN).await;
        let path = format!("/stations/{}/areas", id(&made));
        let area = |name: &str, villages: &[String]| json!({"id": house.id(), "name": name, "villages": villages, "from": "2026-01-01"});
        let east = house.post(&head, &path, area("东片", &own[..2])).await.expect(201);
        assert_eq!(east["villages"].as_array().unwrap().len(), 2);
        let taken = house.post(&head, &path, area("西片", &own[1..3])).await.expect(409);
        assert_eq!(taken["rule"], "area.village_taken");
        let outside = house.post(&head, &path, area("外片", &foreign[..1])).await.expect(422);
        assert_eq!(outside["fields"][0]["code"], "outside_township");
        house.post(&head, &path, area("镇", &[TOWN.to_owned()])).await.expect(422);
        let change = json!({"rev": 1, "villages": [own[0], own[2]], "name": "东部片区"});
        let east = house.patch(&head, &format!("/areas/{}", id(&east)), change.clone()).await.expect(200);
        assert_eq!((east["rev"].clone(), east["villages"].as_array().unwrap().len()), (json!(3), 2), "{east}");
        house.patch(&head, &format!("/areas/{}", id(&east)), change).await.expect(409);
        house.post(&head, &path, area("西片", &own[1..2])).await.expect(201);
        let back = json!({"rev": 3, "villages": [own[0], own[2], own[1]]});
        assert_eq!(house.patch(&head, &format!("/areas/{}", id(&east)), back).await.expect(409)["rule"], "area.village_taken");
        let ended = house.patch(&head, &format!("/areas/{}", id(&east)), json!({"rev": 3, "to": "2026-12-31"})).await.expect(200);
        assert_eq!((ended["to"].clone(), ended["villages"].as_array().unwrap().len()), (json!("2026-12-31"), 2), "{ended}");
        house.post(&head, &path, area("南片", &own[2..3])).await.expect(201);
    }

    async fn plaques_follow_each_other_and_the_owner_follows_them(engine) {
        let house = house(engine).await;
        let head = house.account("head", &[("SH", TOWN)]).await;
        let made = station(&house, &head, TOWN, "2021-10-20").await;
        let path = format!("/stations/{}/plaques", id(&made));
        let body = |kind: &str, on: &str| json!({"id": house.id(), "kind": kind, "on": on});
        assert_eq!(house.post(&head, &path, body("remove", "2021-10-20")).await.expect(409)["rule"], "plaque.missing");
        plaque(&house, &head, "stations", &made, "hang", "2021-10-20").await;
        assert_eq!(house.post(&head, &path, body("hang", "2022-10-20")).await.expect(409)["rule"], "plaque.hangs");
        assert_eq!(house.post(&head, &path, body("replace", "2021-10-20")).await.expect(409)["rule"], "plaque.order");
        let page = plaque(&house, &head, "stations", &made, "replace", "2022-10-20").await;
        assert_eq!((page["plaque_on"].clone(), page["plaques"].as_array().unwrap().len()), (json!("2021-10-20"), 2));
        house.post(&head, &path, body("remove", "2026-11-24")).await.expect(422);
        house.post(&head, &path, body("paint", "2026-11-20")).await.expect(422);
    }

    async fn nobody_works_more_than_full_time(engine) {
        let house = house(engine).await;
        let head = house.account("head", &[("SH", TOWN)]).await;
        let other = house.account("other", &[("SH", OTHER_TOWN)]).await;
        let worker = house.account("li", &[("SW", TOWN), ("SW", OTHER_TOWN)]).await;
        let here = station(&house, &head, TOWN, "2021-10-20").await;
        let there = station(&house, &other, OTHER_TOWN, "2021-10-20").await;
        let post = |from: &str| json!({"id": house.id(), "kind": "service", "headcount": 2, "from": from});
        let here = house.post(&head, &format!("/stations/{}/posts", id(&here)), post("2026-01-01")).await.expect(201);
        let there = house.post(&other, &format!("/stations/{}/posts", id(&there)), post("2026-01-01")).await.expect(201);
        let work = |share: f64, from: &str| json!({"id": house.id(), "worker_name": "李四", "account_id": worker.id,
            "employment_mode": "part_time", "share": share, "from": from});
        let (here, there) = (format!("/posts/{}/assignments", id(&here)), format!("/posts/{}/assignments", id(&there)));
        let first = house.post(&head, &here, work(0.6, "2026-01-01")).await.expect(201);
        assert_eq!(house.post(&other, &there, work(0.5, "2026-06-01")).await.expect(409)["rule"], "assignment.beyond_full_time");
        house.post(&other, &there, work(0.4, "2026-06-01")).await.expect(201);
        house.post(&head, &here, work(1.5, "2026-06-01")).await.expect(422);
        house.post(&head, &here, work(0.2, "2025-12-31")).await.expect(409);
        let mut unknown = work(0.1, "2026-06-01");
        unknown["account_id"] = json!(house.id());
        assert_eq!(house.post(&head, &here, unknown).await.expect(422)["fields"][0]["field"], "account_id");
        let path = format!("/assignments/{}", id(&first));
        house.patch(&head, &path, json!({"rev": 1, "to": "2025-12-31"})).await.expect(422);
        assert_eq!(house.patch(&head, &path, json!({"rev": 1, "to": "2026-05-31"})).await.expect(200)["to"], "2026-05-31");
        house.post(&head, &here, work(0.6, "2026-06-01")).await.expect(201);
    }

    async fn only_workers_of_the_township_are_offered_for_a_post(engine) {
        let house = house(engine).await;
        let head = house.account("head", &[("SH", TOWN)]).await;
        let worker = house.account("li", &[("SW", TOWN)]).await;
        let elsewhere = house.account("wang", &[("SW", OTHER_TOWN)]).await;
        let roving = house.account("roving", &[("TW", COUNTY)]).await;
        house.account("reviewer", &[("TR", TOWN)]).await;
        let officer = house.account("officer", &[("CA", COUNTY)]).await;
        let stranger = house.account("stranger", &[("SH", OTHER_TOWN)]).await;
        let made = station(&house, &head, TOWN, "2021-10-20").await;
        let path = format!("/stations/{}/candidates", id(&made));
        let names = |list: &Value| -> Vec<String> {
            list["items"].as_array().unwrap().iter().map(|c| c["display_name"].as_str().unwrap().to_owned()).collect()
        };
        let seen = house.get(&head, &path).await.expect(200);
        assert_eq!(names(&seen), ["head", "li"], "whoever works for the whole county is not inside the head's place");
        assert_eq!(seen["items"][1].as_object().unwrap().len(), 2, "id and name, nothing else");
        assert_eq!(names(&house.get(&officer, &path).await.expect(200)), ["head", "li", "roving"]);
        house.get(&stranger, &path).await.expect(404);
        house.get(&worker, &path).await.expect(403);
        let post = json!({"id": house.id(), "kind": "service", "headcount": 2, "from": "2026-01-01"});
        let post = house.post(&head, &format!("/stations/{}/posts", id(&made)), post).await.expect(201);
        let path = format!("/posts/{}/assignments", id(&post));
        let work = |account: Id| json!({"id": house.id(), "worker_name": "李四", "account_id": account, "employment_mode": "part_time",
            "share": 0.5, "from": "2026-01-01"});
        for (who, account, status) in [(&head, elsewhere.id, 422), (&head, roving.id, 422), (&officer, roving.id, 201), (&head, worker.id, 201)] {
            house.post(who, &path, work(account)).await.expect(status);
        }
        let page = house.get(&head, &format!("/stations/{}", id(&made))).await.expect(200);
        assert!(page["workload"].as_array().unwrap().iter().any(|w| w["worker"]["id"] == json!(worker.id)), "{page}");
    }

    async fn a_station_hints_at_too_few_workers_and_too_many_clients_with_the_source_of_the_line(engine) {
        let house = house(engine).await;
        let head = house.account("head", &[("SH", TOWN)]).await;
        let made = station(&house, &head, TOWN, "2021-10-20").await;
        assert_eq!(made["hints"], json!([]), "a planned station has nothing to hint at");
        let open = operate(&house, &head, "stations", made, "2021-10-20").await;
        assert_eq!((&open["hints"][0]["code"], &open["hints"][0]["verified"]), (&json!("few_workers"), &json!(true)), "{}", open["hints"]);
        post_and_worker(&house, &head, &id(&open), "resident", "2021-10-20").await;
        let page = async || house.get(&head, &format!("/stations/{}", id(&open))).await.expect(200);
        assert_eq!(page().await["hints"], json!([]));
        house.sql(&format!("INSERT INTO client_counter SELECT id, '*', '*', 1001 FROM division WHERE code_civil = '{TOWN}'")).await;
        let hint = page().await["hints"][0].clone();
        assert_eq!((&hint["code"], &hint["value"], &hint["limit"], &hint["verified"]), (&json!("many_clients"), &json!(1001), &json!(1000), &json!(false)));
    }

    async fn stations_that_share_a_township_share_its_clients_by_their_villages(engine) {
        let house = house(engine).await;
        let head = house.account("head", &[("SH", TOWN)]).await;
        let own = villages(&house, TOWN).await;
        let first = station(&house, &head, TOWN, "2021-10-20").await;
        for (n, village) in own.iter().take(3).enumerate() {
            let code = village.trim_start_matches("stat:");
            house.sql(&format!("INSERT INTO client_counter SELECT id, '*', '*', {} FROM division WHERE code_stat = '{code}'", 10 * (n + 1))).await;
        }
        house.sql(&format!("INSERT INTO client_counter SELECT id, '*', '*', 60 FROM division WHERE code_civil = '{TOWN}'")).await;
        let shown = async |view: &Value| {
            let page = house.get(&head, &format!("/stations/{}", id(view))).await.expect(200);
            (page["clients"].as_i64().unwrap(), page["clients_by"].as_str().unwrap().to_owned())
        };
        assert_eq!(shown(&first).await, (60, "township".to_owned()), "the only station has them all");
        let second = station(&house, &head, TOWN, "2022-01-01").await;
        assert_eq!(shown(&first).await, (0, "none".to_owned()), "nobody said whose they are");
        let area = json!({"id": house.id(), "name": "东片", "villages": [own[0], own[1]], "from": "2022-01-01"});
        house.post(&head, &format!("/stations/{}/areas", id(&first)), area).await.expect(201);
        let point = json!({"id": house.id(), "station_id": second["id"], "name": "点", "seat": own[2], "from": "2022-01-01"});
        house.post(&head, "/points", point).await.expect(201);
        assert_eq!(shown(&first).await, (30, "areas".to_owned()));
        assert_eq!(shown(&second).await, (30, "points".to_owned()));
    }

    async fn a_point_covers_its_seat_and_what_it_names(engine) {
        let house = house(engine).await;
        let head = house.account("head", &[("CA", COUNTY)]).await;
        let made = station(&house, &head, TOWN, "2021-10-20").await;
        let own = villages(&house, TOWN).await;
        let foreign = villages(&house, OTHER_TOWN).await;
        let new = |seat: &str, covered: &[String]| json!({"id": house.id(), "station_id": made["id"], "name": "点", "seat": seat,
            "covered": covered, "days_open_per_week": 5, "premises": "村部一楼", "from": "2022-01-01"});
        let point = house.post(&head, "/points", new(&own[0], &own[1..3])).await.expect(201);
        assert_eq!(point["covered"].as_array().unwrap().len(), 3);
        assert_eq!(house.post(&head, "/points", new(&foreign[0], &[])).await.expect(422)["fields"][0]["field"], "seat");
        house.post(&head, "/points", new(&own[0], &foreign[..1])).await.expect(422);
        assert_eq!(house.post(&head, "/points", new(TOWN, &[])).await.expect(422)["fields"][0]["field"], "seat");
        let path = format!("/points/{}", id(&point));
        let less = house.patch(&head, &path, json!({"rev": 1, "covered": [own[3]], "days_open_per_week": null})).await.expect(200);
        assert_eq!(less["days_open_per_week"], Value::Null);
        let names: Vec<_> = less["covered"].as_array().unwrap().iter().map(|v| v["code"].clone()).collect();
        assert_eq!(names, [json!(own[0]), json!(own[3])]);
        let then = house.get(&head, &format!("/points?station={}&on=2022-06-01", id(&made))).await.expect(200);
        assert_eq!(then["items"][0]["covered"].as_array().unwrap().len(), 3, "the past keeps what was covered");
        let open = operate(&house, &head, "points", less, "2022-03-01").await;
        plaque(&house, &head, "points", &open, "hang", "2022-03-01").await;
        assert_eq!(house.get(&head, &path).await.expect(200)["not_counted_why"], json!(["no_assignment"]));
        post_and_worker(&house, &head, &id(&made), "resident", "2022-03-01").await;
        let page = house.get(&head, &path).await.expect(200);
        assert_eq!((page["counted"].clone(), page["station_name"].clone()), (json!(true), json!("韩公渡镇社会工作站")));
        let shown = house.get(&head, &format!("/stations/{}", id(&made))).await.expect(200);
        assert_eq!((shown["villages"].clone(), shown["points"].as_array().unwrap().len()), (json!(2), 1));
    }

    async fn closing_a_station_ends_what_belongs_to_it(engine) {
        let house = house(engine).await;
        let head = house.account("head", &[("SH", TOWN)]).await;
        let made = station(&house, &head, TOWN, "2021-10-20").await;
        let own = villages(&house, TOWN).await;
        let area = json!({"id": house.id(), "name": "东片", "villages": own[..2], "from": "2022-01-01"});
        house.post(&head, &format!("/stations/{}/areas", id(&made)), area).await.expect(201);
        post_and_worker(&house, &head, &id(&made), "resident", "2021-10-20").await;
        let page = step(&house, &head, "stations", &made, "closed", "2026-11-01").await;
        for to in [&page["areas"][0]["to"], &page["posts"][0]["to"], &page["posts"][0]["assignments"][0]["to"]] {
            assert_eq!(*to, "2026-11-01");
        }
        assert_eq!(page["workload"], json!([]));
    }

    async fn lists_page_by_cursor_and_search_by_the_beginning_of_the_name(engine) {
        let house = house(engine).await;
        let officer = house.account("officer", &[("CA", COUNTY)]).await;
        for (place, name) in [(TOWN, "甲站"), (OTHER_TOWN, "甲乙站"), (FARM, "丙站")] {
            let body = json!({"id": house.id(), "name": name, "place": place, "operating_mode": "mixed"});
            house.post(&officer, "/stations", body).await.expect(201);
        }
        let first = house.get(&officer, "/stations?limit=2").await.expect(200);
        assert_eq!(first["items"].as_array().unwrap().len(), 2);
        let second = house.get(&officer, &format!("/stations?limit=2&cursor={}", first["next"].as_str().unwrap())).await.expect(200);
        let mut names: Vec<String> = [&first, &second]
            .iter()
            .flat_map(|p| p["items"].as_array().unwrap())
            .map(|s| s["name"].as_str().unwrap().to_owned())
            .collect();
        names.sort_unstable();
        assert_eq!((names, second["next"].clone()), (vec!["丙站".to_owned(), "甲乙站".to_owned(), "甲站".to_owned()], Value::Null));
        let found = house.get(&officer, "/stations?q=甲").await.expect(200);
        assert_eq!(found["items"].as_array().unwrap().len(), 2);
        assert_eq!(house.get(&officer, "/stations?q=站").await.expect(200)["items"], json!([]));
        assert_eq!(house.get(&officer, "/stations?q=%25").await.expect(200)["items"], json!([]));
        for bad in ["limit=0", "limit=201", "cursor=x", "status=open", "on=2026-13-01", "on=2027-01-01", "place=zz", "colour=red"] {
            house.get(&officer, &format!("/stations?{bad}")).await.expect(422);
        }
    }

    async fn every_list_of_the_network_reads_an_index_in_order(engine) {
        let house = house(engine).await;
        house.account("officer", &[("CA", COUNTY)]).await;
        let scope = Scope::<network::Read>::on_behalf_of(&house.house, "plans").await.unwrap();
        fill_for_plans(&house).await;
        for code in ["43", "4307", COUNTY, TOWN] {
            let place = scope.resolve("place", code).await.unwrap();
            let (after, on) = (Some(house.id()), day::parse("2022-01-01"));
            let lists = [
                stations::store::page(&scope, &place, &stations::store::Filter { after, rows: 21, ..Default::default() }).statements(),
                stations::store::page(&scope, &place, &stations::store::Filter { name: Some("甲".into()), on, rows: 21, ..Default::default() }).statements(),
                points::store::page(&scope, &place, &points::store::Filter { after, rows: 21, ..Default::default() }).statements(),
                points::store::page(&scope, &place, &points::store::Filter { statuses: vec!["closed".into()], on, rows: 21, ..Default::default() }).statements(),
            ];
            for statement in lists.into_iter().flatten() {
                let text = statement.sql.clone();
                let plan = house.plan(statement).await;
                let sorted = plan.contains("TEMP B-TREE") || plan.contains("Sort");
                let scanned = plan.contains("SCAN station") || plan.contains("SCAN point") || plan.contains("Seq Scan on station") || plan.contains("Seq Scan on point");
                assert!(!sorted && !scanned, "{code}: {text}\n{plan}");
            }
        }
    }
}

/// Enough rows that an index is worth reading, and the figures planners go by.
async fn fill_for_plans(house: &TestHouse) {
    let series = match house.test.engine {
        Engine::Sqlite => "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)",
        Engine::Postgres => "WITH n(i) AS (SELECT * FROM generate_series(1, 4000))",
    };
    let id = match house.test.engine {
        Engine::Sqlite => "randomblob(16)",
        Engine::Postgres => "gen_random_uuid()",
    };
    let town = "t.i % 40 + 1000, t.i % 20 + 200, t.i % 10 + 50, t.i % 4 + 1";
    house
        .sql(&format!(
            "INSERT INTO station (id, name, township_id, county_id, city_id, province_id, operating_mode, facilities, status, status_on, \
             created_at, rev, audit_no) {series} SELECT {id}, '站', {town}, 'mixed', '[]', 'operating', '2021-01-01', 0, 1, 0 FROM n t"
        ))
        .await;
    house
        .sql(&format!(
            "INSERT INTO point (id, station_id, name, village_id, township_id, county_id, city_id, province_id, status, status_on, \
             created_at, rev, audit_no) {series} SELECT {id}, {id}, '点', t.i, {town}, 'operating', '2021-01-01', 0, 1, 0 FROM n t"
        ))
        .await;
    for table in ["station", "point"] {
        house
            .sql(&format!(
                "INSERT INTO network_status (owner_id, on_day, serial, owner_kind, status, reason, actor_id, at, county_id) \
                 SELECT id, '2021-01-01', 0, '{table}', 'operating', '', id, 0, 1 FROM {table}"
            ))
            .await;
    }
    house.sql("ANALYZE").await;
}
