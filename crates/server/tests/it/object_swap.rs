//! Foreign ids in every place of every write, and fields nobody may set: nothing changes, in no table.
//!
//! Writes with ids of a place are sent as their own people would send them, but with one id replaced by that of another township
//! or county: 404. In the end they are sent as they are, and taken: so the refusals were about the id. Operations that a
//! table of this test does not know are tried with generated bodies.

use std::collections::{BTreeMap, BTreeSet};

use access::{
    on_both,
    testing::{Caller, TestHouse},
};
use axum::http::Method;
use ground::Engine;
use kernel::Id;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::{
    bad_input::sample,
    town::{Town, World, stat, visited, world},
    world::{Operation, document, filled, operations},
};

/// Operations over everything (no row lies in a place), without ids of rows, that only ask, or whose ids are the caller's own (a draft is kept by account and id).
const WITHOUT: &[&str] = &[
    "POST /accounts",
    "PATCH /accounts/{id}",
    "POST /accounts/{id}/grants",
    "POST /grants/{id}/approve",
    "POST /grants/{id}/end",
    "POST /organisations",
    "POST /persons/duplicates",
    "PUT /drafts/{id}",
    "DELETE /drafts/{id}",
    "POST /session",
    "DELETE /session",
    "POST /session/password",
];

/// Text of every row of every table, but sessions, guesses and the large tables that no write of this test reaches.
struct Tables {
    queries: Vec<(String, String)>,
}

impl Tables {
    async fn new(house: &TestHouse) -> Self {
        const LEFT_OUT: &[&str] = &["session", "login_guard", "division_word", "seaql_migrations"];
        let names = match house.test.engine {
            Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            Engine::Postgres => "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()",
        };
        let mut queries = Vec::new();
        for row in rows(house, names).await {
            let name: String = row.try_get("", "name").unwrap();
            if LEFT_OUT.contains(&name.as_str()) {
                continue;
            }
            let text = match house.test.engine {
                Engine::Postgres => {
                    format!("SELECT COALESCE(string_agg(t::text, '|' ORDER BY t::text), '') AS x FROM {name} t")
                }
                Engine::Sqlite => {
                    let columns = rows(house, &format!("SELECT name FROM pragma_table_info('{name}')")).await;
                    let columns: Vec<String> = columns
                        .iter()
                        .map(|r| format!("quote({})", r.try_get::<String>("", "name").unwrap()))
                        .collect();
                    format!(
                        "SELECT COALESCE(group_concat({}, '|'), '') AS x FROM (SELECT * FROM {name} ORDER BY 1, 2)",
                        columns.join(" || ',' || ")
                    )
                }
            };
            queries.push((name, text));
        }
        assert!(queries.len() > 25, "only {} tables were found", queries.len());
        Self { queries }
    }

    async fn now(&self, house: &TestHouse) -> BTreeMap<String, String> {
        // Views of what was asked before are part of what is compared.
        house.house.views_written().await;
        let mut all = BTreeMap::new();
        for (name, text) in &self.queries {
            let text: String = rows(house, text).await[0].try_get("", "x").unwrap();
            all.insert(name.clone(), ground::crypto::sha256_hex(text.as_bytes()));
        }
        all
    }
}

async fn rows(house: &TestHouse, text: &str) -> Vec<sea_orm::QueryResult> {
    let db = house.test.floor.db.read();
    db.query_all_raw(Statement::from_string(db.get_database_backend(), text.to_owned())).await.unwrap()
}

/// A write as its own people send it.
struct Write<'a> {
    op: &'static str,
    who: &'a Caller,
    path: String,
    body: Value,
    /// Table and id whose revision goes into `rev` when it is sent.
    rev: Option<(&'static str, Id)>,
}

impl Write<'_> {
    async fn body(&self, w: &World) -> Value {
        let mut body = self.body.clone();
        if let Some((table, id)) = self.rev {
            body["rev"] = json!(w.rev(table, id).await);
        }
        body
    }
}

/// Every write that names rows of a place, in an order in which all can be taken.
fn writes<'a>(w: &'a World, t: &'a Town, task: Id, tasked: &'a Caller) -> Vec<Write<'a>> {
    let on = "2026-11-23";
    let mut all: Vec<Write<'a>> = Vec::new();
    let mut put = |op, path: String, rev, body: Value| all.push(Write { op, who: &t.head, path, body, rev });
    let new = || w.house.id();
    let [a, b, _, d, e, _] = t.persons[..] else { panic!("six persons") };
    let village = stat("430703001001");
    put("PATCH /areas/{id}", format!("/areas/{}", t.area), Some(("area", t.area)), json!({"name": "片区"}));
    put("POST /visits", "/visits".into(), None, {
        let mut v = visited(a, w.house.test.floor.today(), "met");
        v["id"] = json!(new());
        v
    });
    put("PATCH /visits/{id}", format!("/visits/{}", t.visit), Some(("visit", t.visit)), json!({"summary": "更正"}));
    put(
        "POST /visits/{id}/addenda",
        format!("/visits/{}/addenda", t.visit),
        None,
        json!({"id": new(), "text": "补充"}),
    );
    put(
        "POST /visits/{id}/void",
        format!("/visits/{}/void", t.visit),
        Some(("visit", t.visit)),
        json!({"id": new(), "reason": "重复"}),
    );
    put(
        "PATCH /persons/{id}",
        format!("/persons/{a}"),
        Some(("person", a)),
        json!({"note": "备注二", "worker_id": t.head.id}),
    );
    put(
        "POST /persons/{id}/reveal",
        format!("/persons/{a}/reveal"),
        None,
        json!({"field": "phone", "reason": "核对电话"}),
    );
    put(
        "POST /persons/{id}/categories",
        format!("/persons/{b}/categories"),
        None,
        json!({"id": new(), "category": "EMPTY", "from": "2026-01-05",
        "evidence_kind": "certificate", "evidence_ref": "民〔2026〕2号", "source": "document"}),
    );
    put(
        "POST /categories/{id}/end",
        format!("/categories/{}/end", t.category),
        Some(("category_assignment", t.category)),
        json!({"to": on, "reason": "recovered"}),
    );
    put(
        "POST /persons/{id}/ledger",
        format!("/persons/{d}/ledger"),
        None,
        json!({"id": new(), "rev": 1, "to": "verifying", "on": on}),
    );
    put(
        "POST /persons/{id}/grade",
        format!("/persons/{a}/grade"),
        None,
        json!({"id": new(), "rev": 3, "grade": "A", "basis": "病情加重"}),
    );
    put(
        "POST /persons/{id}/death",
        format!("/persons/{e}/death"),
        Some(("person", e)),
        json!({"id": new(), "died_on": on, "evidence_ref": "证明"}),
    );
    put(
        "POST /persons",
        "/persons".into(),
        None,
        json!({"id": new(), "name": "赵小兰", "sex": "2", "doc_type": "none", "no_number_reason": "遗失",
        "village": village, "lead_source": "visit", "household_id": t.household, "relation": "8"}),
    );
    put(
        "POST /households",
        "/households".into(),
        None,
        json!({"id": new(), "kind": "hukou", "village": village,
        "members": [{"id": new(), "person_id": a, "relation": "0", "from": "2026-01-05"}]}),
    );
    put(
        "POST /households/{id}/members",
        format!("/households/{}/members", t.household),
        None,
        json!({"id": new(), "person_id": b, "relation": "8", "from": "2026-01-05"}),
    );
    put(
        "POST /memberships/{id}/end",
        format!("/memberships/{}/end", t.membership),
        Some(("membership", t.membership)),
        json!({"to": on, "reason": "迁出"}),
    );
    put(
        "POST /points",
        "/points".into(),
        None,
        json!({"id": new(), "station_id": t.station, "area_id": t.area, "name": "新点", "seat": village}),
    );
    put(
        "PATCH /points/{id}",
        format!("/points/{}", t.point),
        Some(("point", t.point)),
        json!({"area_id": t.area, "name": "改名"}),
    );
    put(
        "POST /points/{id}/plaques",
        format!("/points/{}/plaques", t.point),
        None,
        json!({"id": new(), "kind": "hang", "on": on}),
    );
    put(
        "POST /points/{id}/status",
        format!("/points/{}/status", t.point),
        Some(("point", t.point)),
        json!({"id": new(), "status": "preparing", "on": on, "reason": "批复"}),
    );
    put("PATCH /posts/{id}", format!("/posts/{}", t.post), Some(("post", t.post)), json!({"headcount": 2}));
    put(
        "POST /posts/{id}/assignments",
        format!("/posts/{}/assignments", t.post),
        None,
        json!({"id": new(), "account_id": t.head.id, "worker_name": "王社工",
        "employment_mode": "township_contract", "share": 0.5, "from": on}),
    );
    put(
        "PATCH /assignments/{id}",
        format!("/assignments/{}", t.assignment),
        Some(("assignment", t.assignment)),
        json!({"to": on}),
    );
    put(
        "POST /stations",
        "/stations".into(),
        None,
        json!({"id": new(), "name": "第二站", "place": "430703001", "operating_mode": "mixed"}),
    );
    put(
        "PATCH /stations/{id}",
        format!("/stations/{}", t.station),
        Some(("station", t.station)),
        json!({"name": "改名站"}),
    );
    put(
        "POST /stations/{id}/areas",
        format!("/stations/{}/areas", t.station),
        None,
        json!({"id": new(), "name": "第二片区", "villages": [stat("430703001002")], "from": on}),
    );
    put(
        "POST /stations/{id}/plaques",
        format!("/stations/{}/plaques", t.station),
        None,
        json!({"id": new(), "kind": "remove", "on": on}),
    );
    put(
        "POST /stations/{id}/posts",
        format!("/stations/{}/posts", t.station),
        None,
        json!({"id": new(), "kind": "resident", "headcount": 1, "from": on, "point_id": t.point}),
    );
    put(
        "POST /stations/{id}/status",
        format!("/stations/{}/status", t.station),
        Some(("station", t.station)),
        json!({"id": new(), "status": "suspended", "on": on, "reason": "装修"}),
    );
    all.push(Write {
        op: "POST /tasks/{id}/done",
        who: tasked,
        path: format!("/tasks/{task}/done"),
        body: json!({"note": "已办", "late_reason": "workload"}),
        rev: Some(("task", task)),
    });
    all
}

/// Own ids with those that stand for them elsewhere; codes of places with codes outside.
fn foreign(t: &Town, other: &Town, tasks: (Id, Id), outside: &str) -> Vec<(String, String)> {
    let mut all: Vec<(Id, Id)> = vec![
        (t.station, other.station),
        (t.area, other.area),
        (t.point, other.point),
        (t.post, other.post),
        (t.assignment, other.assignment),
        (t.household, other.household),
        (t.membership, other.membership),
        (t.category, other.category),
        (t.visit, other.visit),
        (t.head.id, other.head.id),
        tasks,
    ];
    all.extend(t.persons.iter().copied().zip(other.persons.iter().copied()));
    let mut all: Vec<(String, String)> = all.into_iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
    all.push((format!("\"{}\"", stat("430703001001")), format!("\"{}\"", stat(&format!("{outside}001")))));
    all.push(("\"430703001\"".to_owned(), format!("\"{outside}\"")));
    all
}

async fn task_of(house: &TestHouse, who: &Caller) -> Id {
    let page = house.get(who, "/tasks?limit=200").await.expect(200);
    let open = page["items"].as_array().unwrap().first().unwrap_or_else(|| panic!("no task: {page}"))["id"].clone();
    open.as_str().unwrap().parse().unwrap()
}

fn method(op: &str) -> Method {
    Method::from_bytes(op.split(' ').next().unwrap().as_bytes()).unwrap()
}

/// Operations that write and have ids of rows, which the table does not know.
fn unknown<'d>(all: &'d [Operation], known: &BTreeSet<&str>) -> Vec<&'d Operation> {
    let name = |op: &&Operation| format!("{} {}", op.method, op.path);
    all.iter()
        .filter(|op| op.method != "GET" && !known.contains(name(op).as_str()) && !WITHOUT.contains(&name(op).as_str()))
        .collect()
}

/// Fields that belong to the server or to other operations.
const NOT_THEIRS: &[&str] = &[
    "owner_id",
    "org",
    "organisation_id",
    "state_of",
    "county_id",
    "township_id",
    "village_id",
    "audit_no",
    "created_at",
    "created_by",
    "cat_bits",
    "is_target",
    "ledger_state",
    "last_served_on",
    "next_due_on",
    "failed_in_row",
    "qualifies",
    "counts_as_served",
    "is_demo",
    "must_change",
    "password_hash",
    "approved_by",
    "proposed_by",
    "verified_by",
    "permits",
    "roles",
    "proposed_grade",
    "status_on",
    "counted",
];

/// A call that begins a screening is answered at once; what it writes afterwards is no trace of the next call.
async fn screened(house: &TestHouse) {
    let running = "SELECT COUNT(*) FROM screening_run WHERE state = 'running'";
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    for _ in 0..400 {
        if house.number(running).await == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("a screening goes on and on");
}

on_both! {
    async fn a_foreign_id_anywhere_in_a_write_is_not_found_and_changes_nothing(engine) {
        let w = world(engine).await;
        let (house, own) = (&w.house, &w.towns[0]);
        let tables = Tables::new(house).await;
        let mine = task_of(house, &own.head).await;
        let all = writes(&w, own, mine, &own.head);
        let doc = document();
        let ops = operations(&doc);
        let mut tried = 0;
        for (other, outside) in [(&w.towns[1], "430703002"), (&w.towns[2], "500107001")] {
            let theirs = task_of(house, &other.head).await;
            for write in &all {
                // A minute later, so that no limit is met, and nobody is signed out for being idle.
                house.test.clock.advance(61_000);
                house.sql(&format!("UPDATE session SET seen_at = {}", house.test.floor.now())).await;
                for (id, instead) in foreign(own, other, (mine, theirs), outside) {
                    let body = write.body(&w).await;
                    let text = body.to_string();
                    if !write.path.contains(&id) && !text.contains(&id) {
                        continue;
                    }
                    let path = write.path.replace(&id, &instead);
                    let body: Value = serde_json::from_str(&text.replace(&id, &instead)).unwrap();
                    let before = tables.now(house).await;
                    let got = house.call(Some(write.who), method(write.op), &path, Some(body.clone())).await;
                    let case = format!("{} {path} {body}: {} {}", write.op, got.status, got.text);
                    // A foreign id that an own row would name in its body is a fault of that field; where the row itself is
                    // foreign it is not there.
                    let field = matches!(got.status.as_u16(), 409 | 422) && write.path == path;
                    assert!(got.status == 404 || field, "{case}");
                    assert_eq!(tables.now(house).await, before, "rows changed: {case}");
                    tried += 1;
                }
            }
        }
        assert!(tried >= 60, "only {tried} swaps");
        // What the table does not know yet is tried with generated bodies and rows of the other county.
        let known: BTreeSet<&str> = all.iter().map(|w| w.op).collect();
        for op in unknown(&ops, &known) {
            let far = &w.towns[2];
            for id in [far.station, far.persons[0], far.visit, far.household, far.point, far.post] {
                let body = op.body.as_ref().map(|schema| sample(&doc, "", schema, &house.id().to_string()));
                let before = tables.now(house).await;
                let got = house.call(Some(&own.head), method(&op.method), &filled(&op.path, &id.to_string()), body).await;
                let case = format!("{} {} with {id}: {} {}", op.method, op.path, got.status, got.text);
                assert!(!op.path.contains("{id}") || got.status.is_client_error(), "{case}");
                if op.path.contains("{id}") {
                    assert_eq!(tables.now(house).await, before, "rows changed: {case}");
                } else {
                    screened(house).await;
                }
            }
        }
        // As they are, they are taken: so it was the id.
        for write in &all {
            house.test.clock.advance(61_000);
            let mut body = write.body(&w).await;
            if write.op.ends_with("/ledger") || write.op.ends_with("/grade") {
                let page = house.get(write.who, &write.path.replace("/ledger", "").replace("/grade", "")).await.expect(200);
                body["rev"] = page["ledger"]["rev"].clone();
            }
            let got = house.call(Some(write.who), method(write.op), &write.path, Some(body.clone())).await;
            assert!(got.status.is_success(), "{} {} {body}: {} {}", write.op, write.path, got.status, got.text);
        }
    }

    async fn no_body_takes_a_field_that_is_not_the_callers_to_set(engine) {
        let w = world(engine).await;
        let (house, own) = (&w.house, &w.towns[0]);
        let tables = Tables::new(house).await;
        let mine = task_of(house, &own.head).await;
        let all = writes(&w, own, mine, &own.head);
        let doc = document();
        let mut tried = 0;
        for op in operations(&doc).iter().filter(|op| op.body.is_some() && op.method != "GET") {
            let name = format!("{} {}", op.method, op.path);
            let write = all.iter().find(|w| w.op == name);
            let sampled = sample(&doc, "", op.body.as_ref().unwrap(), &house.id().to_string());
            house.test.clock.advance(61_000);
            // The walk takes longer than somebody may sit still; everybody stays signed in.
            house.sql(&format!("UPDATE session SET seen_at = {}", house.test.floor.now())).await;
            let before = tables.now(house).await;
            for field in NOT_THEIRS {
                let (path, mut body) = match write {
                    Some(write) => (write.path.clone(), write.body(&w).await),
                    None => (filled(&op.path, &house.id().to_string()), sampled.clone()),
                };
                if known_field(&doc, op.body.as_ref().unwrap(), field) {
                    continue;
                }
                body[*field] = json!("x");
                for who in [&own.head, &w.sa, &w.sec, &w.officer] {
                    let got = house.call(Some(who), method(&name), &path, Some(body.clone())).await;
                    let case = format!("{name} with {field}: {} {}", got.status, got.text);
                    assert!(matches!(got.status.as_u16(), 403 | 422), "{case}");
                    tried += 1;
                    if got.status == 422 {
                        break;
                    }
                }
            }
            assert_eq!(tables.now(house).await, before, "rows changed: {name}");
        }
        assert!(tried > 500, "only {tried} tries");
    }
}

fn known_field(doc: &Value, schema: &Value, field: &str) -> bool {
    let schema = schema["$ref"].as_str().map_or(schema, |name| doc.pointer(name.trim_start_matches('#')).unwrap());
    schema["properties"].as_object().is_some_and(|p| p.contains_key(field))
}
