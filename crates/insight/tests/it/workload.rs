//! The workload of a station's workers through HTTP on both engines.

use access::{Scope, on_both, testing::TestHouse};
use ground::{Engine, Progress};
use insight::workload::store;
use kernel::day;
use places::divisions::{self, Source};
use serde_json::json;

const TOWN: &str = "430703105";

async fn house(engine: Engine) -> TestHouse {
    let house = TestHouse::new(engine, places::routes().merge(insight::routes())).await;
    let scope = Scope::<divisions::ChangeDivisions>::on_behalf_of(&house.house, "divisions.load").await.unwrap();
    divisions::load(&scope, Source::Subset, Progress::silent()).await.unwrap();
    house
}

fn key(house: &TestHouse, id: kernel::Id) -> String {
    match house.test.engine {
        Engine::Sqlite => format!("x'{}'", id.simple()),
        Engine::Postgres => format!("'{id}'"),
    }
}

/// A person in a worker's care, as far as this figure reads one.
async fn person(house: &TestHouse, worker: kernel::Id, state: &str, due: &str) -> kernel::Id {
    let id = house.id();
    let (person, worker) = (key(house, id), key(house, worker));
    house
        .sql(&format!(
            "INSERT INTO person (id, name, former_names, name_pinyin, sex, doc_type, village_id, township_id, county_id, city_id, \
             province_id, worker_id, lead_source, cat_bits, is_target, ledger_state, grade, last_visit_on, last_served_on, next_due_on, \
             failed_in_row, created_at, created_by, rev, audit_no) SELECT {person}, '王', '[]', 'wang', '1', 'none', 0, id, county_id, \
             city_id, province_id, {worker}, 'visit', 0, false, '{state}', 'A', '1900-01-01', '1900-01-01', '{due}', 0, 0, {worker}, 1, 0 \
             FROM division WHERE code_civil = '{TOWN}' AND level = 4"
        ))
        .await;
    id
}

async fn visit(house: &TestHouse, worker: kernel::Id, on: &str, state: &str) {
    let (id, worker) = (key(house, house.id()), key(house, worker));
    house
        .sql(&format!(
            "INSERT INTO visit (id, person_id, worker_id, kind, mode, visited_on, contact_result, companions, summary, risk_signs, needs, \
             services, work_field, policies_explained, actions, qualifies, state, served_village_id, village_id, township_id, county_id, \
             city_id, province_id, created_at, rev, audit_no) SELECT {id}, {id}, {worker}, 'regular', 'home', '{on}', 'met', '', '', '[]', \
             '[]', '[]', '', '', '', true, '{state}', 0, 0, id, county_id, city_id, province_id, 0, 1, 0 \
             FROM division WHERE code_civil = '{TOWN}' AND level = 4"
        ))
        .await;
}

on_both! {
    async fn a_workload_counts_clients_what_waits_and_what_was_done(engine) {
        let house = house(engine).await;
        let head = house.account("head", &[("SH", TOWN)]).await;
        let neighbour = house.account("neighbour", &[("SH", "430703101")]).await;
        let worker = house.account("li", &[("SW", TOWN)]).await;
        let made = json!({"id": house.id(), "name": "站", "place": TOWN, "operating_mode": "mixed", "opened_on": "2026-01-01"});
        let station = house.post(&head, "/stations", made).await.expect(201)["id"].as_str().unwrap().to_owned();
        let post = json!({"id": house.id(), "kind": "resident", "headcount": 2, "from": "2026-01-01"});
        let post = house.post(&head, &format!("/stations/{station}/posts"), post).await.expect(201)["id"].as_str().unwrap().to_owned();
        for (name, account) in [("李社工", Some(worker.id)), ("志愿者", None)] {
            let work = json!({"id": house.id(), "worker_name": name, "account_id": account, "employment_mode": "township_contract",
                "share": 1, "from": "2026-01-01"});
            house.post(&head, &format!("/posts/{post}/assignments"), work).await.expect(201);
        }
        for (state, due) in [("active", "2026-11-22"), ("active", "2026-11-23"), ("active", "2026-11-30"), ("lead", "2026-12-01"),
            ("suspended", "9999-12-31"), ("exited", "9999-12-31")] {
            person(&house, worker.id, state, due).await;
        }
        person(&house, head.id, "active", "2026-11-22").await;
        for (on, state) in [("2026-11-23", "completed"), ("2026-10-25", "completed"), ("2026-10-24", "completed"), ("2026-11-20", "void")] {
            visit(&house, worker.id, on, state).await;
        }
        let path = format!("/stations/{station}/workload");
        let found = house.get(&head, &path).await.expect(200);
        let mut items = found["items"].as_array().unwrap().clone();
        items.sort_by_key(|i| i["worker"]["id"].is_null());
        assert_eq!(items[0], json!({"worker": {"id": worker.id, "name": "李社工"}, "clients": 5, "due": 2, "overdue": 1, "visits_30d": 2, "volunteers": 0}));
        assert_eq!(items[1]["worker"], json!({"id": null, "name": "志愿者"}));
        assert_eq!(items[1]["clients"], 0);
        house.get(&neighbour, &path).await.expect(404);
        house.get(&neighbour, &format!("/stations/{station}")).await.expect(200);
    }

    async fn a_workload_reads_no_table_whole(engine) {
        let house = house(engine).await;
        let scope = Scope::<divisions::ReadDivisions>::on_behalf_of(&house.house, "plans").await.unwrap();
        let township = scope.resolve("place", TOWN).await.unwrap().place();
        let worker = house.account("li", &[("SW", TOWN)]).await;
        let values = store::values(worker.id, &township, day::parse("2026-11-23").unwrap(), 7);
        let (backend, text) = match engine {
            Engine::Sqlite => (sea_orm::DbBackend::Sqlite, store::LOAD.replace('$', "?")),
            Engine::Postgres => (sea_orm::DbBackend::Postgres, store::LOAD.to_owned()),
        };
        let plan = house.plan(sea_orm::Statement::from_sql_and_values(backend, text, values)).await;
        assert!(!plan.contains("SCAN p") && !plan.contains("SCAN v") && !plan.contains("Seq Scan"), "{plan}");
    }
}
