//! Restricted files: the named list, approval by a second person, openings, break-glass.

use access::{
    Scope, on_both,
    testing::{Caller, TestHouse},
};
use axum::{
    extract::FromRequestParts as _,
    http::{Request, header},
};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::{DEAN, LINJIANG, World, audited, id, later};

/// A file about abuse, with a fact and a restricted category.
fn file(w: &World, names: &[(&Caller, &str)]) -> Value {
    let names: Vec<Value> =
        names.iter().map(|(who, part)| json!({"id": w.house.id(), "account": who.id, "part": part})).collect();
    json!({
        "id": w.house.id(), "kind": "mental_disorder", "reason": "需要长期跟进", "names": names, "follow_up_on": "2026-12-01",
        "entries": [
            entry(&w.house, "fact", "本人拒绝服药三周"),
            {"id": tick(&w.house), "content": {"what": "category", "on": "2026-03-01", "text": "", "category": {
                "code": "MENTAL", "evidence_kind": "medical_diagnosis", "evidence_ref": "区医院〔2026〕7号", "source": "document"}}}
        ]
    })
}

fn entry(house: &TestHouse, what: &str, text: &str) -> Value {
    json!({"id": tick(house), "content": {"what": what, "on": "2026-11-20", "text": text}})
}

/// An id behind all before it: ids of one millisecond have no order among them.
fn tick(house: &TestHouse) -> Uuid {
    house.test.clock.advance(1);
    house.id()
}

async fn person(w: &World) -> Value {
    w.enter(&w.worker, w.body("单大川", DEAN)).await
}

/// A file in force: proposed by the worker, approved by the head.
async fn in_force(w: &World, of: &Value) -> Uuid {
    let body = file(w, &[(&w.worker, "owner"), (&w.head, "head"), (&w.supervisor, "supervisor")]);
    w.house.post(&w.worker, &format!("/persons/{}/restricted-files", id(of)), body.clone()).await.expect(201);
    approve_first(w, &w.head).await.expect(200);
    id(&body)
}

async fn approve_first(w: &World, who: &Caller) -> access::testing::Answer {
    let inbox = w.house.get(who, "/clearances").await.expect(200);
    let row = &inbox["items"][0];
    let path = format!("/clearances/{}", row["id"].as_str().unwrap());
    let asked = w.house.get(who, &path).await.expect(200);
    w.house.post(who, &format!("{path}/decide"), json!({"rev": asked["rev"], "approve": true})).await
}

async fn open(w: &World, who: &Caller, file: Uuid) -> access::testing::Answer {
    w.house.post(who, &format!("/restricted-files/{file}/open"), json!({"reason": "回访前了解情况"})).await
}

async fn files(w: &World, who: &Caller, of: &Value) -> usize {
    let list = w.house.get(who, &format!("/persons/{}/restricted-files", id(of))).await.expect(200);
    list["items"].as_array().unwrap().len()
}

on_both! {
    async fn a_file_is_proposed_by_one_and_approved_by_another(engine) {
        let w = World::new(engine).await;
        let p = person(&w).await;
        let path = format!("/persons/{}/restricted-files", id(&p));
        let body = file(&w, &[(&w.worker, "owner"), (&w.head, "head")]);
        w.house.post(&w.worker, &path, body.clone()).await.expect(201);
        w.house.post(&w.worker, &path, body.clone()).await.expect(200);
        // The proposer knows of it and cannot open it yet; the head knows of a request only.
        assert_eq!((files(&w, &w.worker, &p).await, files(&w, &w.head, &p).await), (1, 0));
        open(&w, &w.worker, id(&body)).await.expect(404);
        let tasks = w.house.get(&w.head, "/tasks").await.expect(200);
        assert_eq!(tasks["items"][0]["kind"], "clearance_waiting");
        assert_eq!(tasks["items"][0]["subject_kind"], "clearance");
        let inbox = w.house.get(&w.head, "/clearances").await.expect(200);
        assert_eq!(inbox["items"].as_array().unwrap().len(), 2);
        assert!(!inbox.to_string().contains("mental"), "what a file is about is not in the inbox");
        w.house.get(&w.worker, "/clearances").await.expect(403);
        approve_first(&w, &w.head).await.expect(200);
        let left = w.house.get(&w.head, "/clearances").await.expect(200);
        assert_eq!(left["items"], json!([]), "the list is decided as a whole");
        let page = open(&w, &w.worker, id(&body)).await.expect(200);
        assert_eq!((page["kind"].as_str().unwrap(), page["part"].as_str().unwrap()), ("mental_disorder", "owner"));
        assert_eq!(page["entries"][0]["content"]["text"], "本人拒绝服药三周");
        assert_eq!(page["entries"][1]["content"]["category"]["code"], "MENTAL");
        assert_eq!(page["names"].as_array().unwrap().len(), 2);
        open(&w, &w.head, id(&body)).await.expect(200);
    }

    async fn the_head_of_a_station_does_not_approve_his_own_file(engine) {
        let w = World::new(engine).await;
        let p = w.enter(&w.resident, w.body("曾水生", LINJIANG)).await;
        let body = file(&w, &[(&w.resident, "owner")]);
        w.house.post(&w.resident, &format!("/persons/{}/restricted-files", id(&p)), body.clone()).await.expect(201);
        assert_eq!(w.house.get(&w.resident, "/clearances").await.expect(200)["items"], json!([]));
        approve_first(&w, &w.reviewer).await.expect(200);
        // Who approves is not on the list.
        open(&w, &w.reviewer, id(&body)).await.expect(403);
        open(&w, &w.resident, id(&body)).await.expect(200);
    }

    async fn who_is_not_on_the_list_finds_nothing_and_sees_the_person_as_before(engine) {
        let w = World::new(engine).await;
        let p = person(&w).await;
        let seen = |who: Caller| { let (w, path) = (&w, format!("/persons/{}", id(&p))); async move { w.house.get(&who, &path).await.expect(200) } };
        let before = [seen(w.officer.clone()).await, seen(w.head.clone()).await, seen(w.worker.clone()).await];
        let body = file(&w, &[(&w.worker, "owner"), (&w.supervisor, "supervisor")]);
        w.house.post(&w.worker, &format!("/persons/{}/restricted-files", id(&p)), body.clone()).await.expect(201);
        approve_first(&w, &w.head).await.expect(200);
        let after = [seen(w.officer.clone()).await, seen(w.head.clone()).await, seen(w.worker.clone()).await];
        assert_eq!(before, after);
        w.figures_agree().await;
        for who in [&w.head, &w.officer, &w.colleague] {
            let foreign = open(&w, who, id(&body)).await;
            let nothing = open(&w, who, w.house.id()).await;
            assert_eq!((foreign.status.as_u16(), &foreign.text), (404, &nothing.text));
        }
        assert_eq!(files(&w, &w.head, &p).await, 0);
        assert_eq!(files(&w, &w.officer, &p).await, 0);
        assert_eq!(files(&w, &w.supervisor, &p).await, 1);
        // The township next door does not even find the person.
        w.house.get(&w.resident, &format!("/persons/{}/restricted-files", id(&p))).await.expect(404);
        open(&w, &w.resident, id(&body)).await.expect(404);
        let mine = w.house.get(&w.supervisor, "/restricted-files").await.expect(200);
        assert_eq!(mine["items"][0]["file"]["follow_up_on"], "2026-12-01");
        assert_eq!(mine["items"][0]["person"]["name"], "单**");
    }

    async fn every_opening_is_one_audit_record_with_its_reason_and_the_31st_in_an_hour_waits(engine) {
        let w = World::new(engine).await;
        let p = person(&w).await;
        let file = in_force(&w, &p).await;
        let path = format!("/restricted-files/{file}/open");
        w.house.post(&w.worker, &path, json!({"reason": " "})).await.expect(422);
        w.house.post(&w.worker, &path, json!({})).await.expect(422);
        assert_eq!(audited(&w, "open", "restricted_file").await, 0);
        for n in 1..=30 {
            open(&w, &w.worker, file).await.expect(200);
            assert_eq!(audited(&w, "open", "restricted_file").await, n);
        }
        open(&w, &w.worker, file).await.expect(429);
        assert_eq!(audited(&w, "open", "restricted_file").await, 30);
        open(&w, &w.head, file).await.expect(200);
        let log = w.house.get(&w.head, &format!("/records/restricted_file/{file}/access?limit=200")).await.expect(200);
        assert_eq!(log["items"].as_array().unwrap().len(), 31);
        assert_eq!(log["items"][30]["reason"], "回访前了解情况");
        assert_eq!(log["items"][30]["actor"]["name"], "worker");
        w.house.get(&w.officer, &format!("/records/restricted_file/{file}/access")).await.expect(404);
        w.house.get(&w.head, &format!("/records/restricted_file/{file}/history")).await.expect(404);
        let auditor = w.house.account("auditor", &[("AU", "")]).await;
        w.house.get(&auditor, &format!("/records/restricted_file/{file}/access")).await.expect(200);
    }

    async fn an_entry_is_corrected_by_a_new_version_and_the_old_one_stays(engine) {
        let w = World::new(engine).await;
        let p = person(&w).await;
        let file = in_force(&w, &p).await;
        let path = format!("/restricted-files/{file}/entries");
        let first = entry(&w.house, "note", "与家属约定每周联系");
        w.house.post(&w.worker, &path, first.clone()).await.expect(201);
        w.house.post(&w.worker, &path, first.clone()).await.expect(200);
        let mut second = entry(&w.house, "note", "与家属约定每三天联系");
        second["replaces"] = first["id"].clone();
        w.house.post(&w.worker, &path, second).await.expect(201);
        let page = open(&w, &w.worker, file).await.expect(200);
        let entries = page["entries"].as_array().unwrap();
        assert_eq!(entries.len(), 4);
        assert_eq!((&entries[2]["version"], &entries[2]["replaced"]), (&json!(1), &json!(true)));
        assert_eq!((&entries[3]["version"], &entries[3]["replaced"]), (&json!(2), &json!(false)));
        assert_eq!(entries[3]["entry_id"], first["id"]);
        let mut lost = entry(&w.house, "note", "更正");
        lost["replaces"] = json!(w.house.id());
        w.house.post(&w.worker, &path, lost).await.expect(404);
        w.house.post(&w.colleague, &path, entry(&w.house, "note", "不在名单")).await.expect(404);
        w.house.post(&w.supervisor, &path, entry(&w.house, "note", "只读")).await.expect(403);
        let ordinary = json!({"id": w.house.id(), "content": {"what": "category", "on": "2026-01-01", "text": "", "category": {
            "code": "DIBAO", "evidence_kind": "certificate", "evidence_ref": "x", "source": "document"}}});
        w.house.post(&w.worker, &path, ordinary).await.expect(422);
        let rev = page["rev"].clone();
        let patch = format!("/restricted-files/{file}");
        w.house.patch(&w.worker, &patch, json!({"rev": 99, "follow_up_on": null, "close": true})).await.expect(409);
        w.house.patch(&w.worker, &patch, json!({"rev": rev, "follow_up_on": null, "close": true})).await.expect(200);
        let closed = w.house.post(&w.worker, &path, entry(&w.house, "note", "关闭后")).await.expect(409);
        assert_eq!(closed["rule"], "restricted.closed");
        open(&w, &w.worker, file).await.expect(200);
    }

    async fn a_name_is_added_by_two_people_and_revoked_at_once(engine) {
        let w = World::new(engine).await;
        let p = person(&w).await;
        let file = in_force(&w, &p).await;
        let more = json!({"id": w.house.id(), "reason": "县级介入", "names": [{"id": w.house.id(), "account": w.officer.id, "part": "officer"}]});
        let path = format!("/restricted-files/{file}/names");
        w.house.post(&w.colleague, &path, more.clone()).await.expect(404);
        let wrong = json!({"id": w.house.id(), "reason": "x", "names": [{"id": w.house.id(), "account": w.officer.id, "part": "head"}]});
        assert_eq!(w.house.post(&w.worker, &path, wrong).await.expect(422)["fields"][0]["code"], "role");
        w.house.post(&w.worker, &path, more).await.expect(201);
        open(&w, &w.officer, file).await.expect(404);
        approve_first(&w, &w.head).await.expect(200);
        let page = open(&w, &w.officer, file).await.expect(200);
        let name = page["names"].as_array().unwrap().iter().find(|n| n["part"] == "officer").unwrap().clone();
        let path = format!("/clearances/{}/revoke", name["id"].as_str().unwrap());
        w.house.post(&w.reviewer, &path, json!({"rev": name["rev"], "reason": "已结案"})).await.expect(404);
        w.house.post(&w.head, &path, json!({"rev": name["rev"], "reason": "已结案"})).await.expect(200);
        open(&w, &w.officer, file).await.expect(404);
        let again = w.house.post(&w.head, &path, json!({"rev": 3, "reason": "已结案"})).await.expect(409);
        assert_eq!(again["rule"], "clearance.not_in_force");
    }

    async fn break_glass_opens_for_a_short_time_and_head_and_auditor_are_told(engine) {
        let w = World::new(engine).await;
        let auditor = w.house.account("auditor", &[("AU", "")]).await;
        let p = person(&w).await;
        let plain = w.enter(&w.worker, w.body("单小川", DEAN)).await;
        let file = in_force(&w, &p).await;
        let glass = |of: &Value, minutes: i64| (format!("/persons/{}/break-glass", id(of)), json!({"id": w.house.id(), "reason": "本人持刀，公安在场", "minutes": minutes}));
        open(&w, &w.officer, file).await.expect(404);
        for minutes in [0, 181] {
            let (path, body) = glass(&p, minutes);
            w.house.post(&w.officer, &path, body).await.expect(422);
        }
        let (path, body) = glass(&p, 60);
        w.house.post(&w.colleague, &path, body.clone()).await.expect(404);
        w.house.post(&w.supervisor, &path, body.clone()).await.expect(403);
        let open_notices = |who: Caller, kind: &'static str| { let w = &w; async move {
            let tasks = w.house.get(&who, "/tasks").await.expect(200);
            tasks["items"].as_array().unwrap().iter().filter(|t| t["kind"] == kind).count()
        } };
        let answer = w.house.post(&w.officer, &path, body.clone()).await.expect(201);
        assert_eq!(answer.as_object().unwrap().len(), 1, "the answer tells nothing of files");
        assert_eq!(open_notices(w.head.clone(), "break_glass").await, 1);
        let first = w.house.get(&w.head, "/tasks?limit=1").await.expect(200);
        let notice = &first["items"][0];
        assert_eq!((&notice["kind"], &notice["at_once"], &notice["overdue"]), (&json!("break_glass"), &json!(true), &json!(false)));
        let late = w.house.get(&w.head, "/tasks?overdue=true&kind=break_glass").await.expect(200);
        assert_eq!(late["items"], json!([]), "what cannot wait is never late");
        assert_eq!(open_notices(auditor.clone(), "break_glass_audit").await, 1);
        assert_eq!(audited(&w, "break_glass", "clearance").await, 1);
        // The same for somebody without any file.
        let (other, body) = glass(&plain, 60);
        assert_eq!(w.house.post(&w.officer, &other, body).await.expect(201).as_object().unwrap().len(), 1);
        assert_eq!((files(&w, &w.officer, &p).await, files(&w, &w.officer, &plain).await), (1, 0));
        let page = open(&w, &w.officer, file).await.expect(200);
        assert_eq!(page["way"], "break_glass");
        assert_eq!(audited(&w, "open", "restricted_file").await, 1);
        later(&w, 59).await;
        open(&w, &w.officer, file).await.expect(200);
        later(&w, 1).await;
        open(&w, &w.officer, file).await.expect(404);
        assert_eq!(files(&w, &w.officer, &p).await, 0);
        assert_eq!(audited(&w, "open", "restricted_file").await, 2, "nothing is opened after the end");
    }

    async fn break_glass_lets_nobody_write_and_its_overseer_can_end_it(engine) {
        let w = World::new(engine).await;
        let p = person(&w).await;
        let body = file(&w, &[(&w.worker, "owner")]);
        w.house.post(&w.worker, &format!("/persons/{}/restricted-files", id(&p)), body.clone()).await.expect(201);
        approve_first(&w, &w.head).await.expect(200);
        let glass = json!({"id": w.house.id(), "reason": "急诊需要", "minutes": 180});
        w.house.post(&w.head, &format!("/persons/{}/break-glass", id(&p)), glass.clone()).await.expect(201);
        open(&w, &w.head, id(&body)).await.expect(200);
        let path = format!("/restricted-files/{}/entries", id(&body));
        let refused = w.house.post(&w.head, &path, entry(&w.house, "note", "x")).await.expect(409);
        assert_eq!(refused["rule"], "restricted.read_only");
        let list = w.house.get(&w.head, &format!("/persons/{}/clearances", id(&p))).await.expect(200);
        let row = &list["items"][0];
        assert_eq!((&row["way"], &row["in_force"]), (&json!("break_glass"), &json!(true)));
        // The only head does not oversee himself: the township reviewer does.
        let reviewer = w.house.account("reviewer.hongyun", &[("TR", "430703002")]).await;
        let tasks = w.house.get(&reviewer, "/tasks").await.expect(200);
        assert_eq!(tasks["items"][0]["kind"], "break_glass_review");
        let path = format!("/clearances/{}/revoke", row["id"].as_str().unwrap());
        w.house.post(&w.head, &path, json!({"rev": row["rev"], "reason": "情况解除"})).await.expect(404);
        w.house.post(&reviewer, &path, json!({"rev": row["rev"], "reason": "情况解除"})).await.expect(200);
        open(&w, &w.head, id(&body)).await.expect(404);
    }

    async fn the_inbox_and_the_list_of_a_worker_are_read_in_order_of_an_index(engine) {
        let w = World::new(engine).await;
        let p = person(&w).await;
        in_force(&w, &p).await;
        let mut statements = Vec::new();
        for who in [&w.head, &w.officer] {
            let scope = scope_of(&w, who).await;
            for query in people::clearances::store::inbox(&scope, "waiting", Some(w.house.id()), 21) {
                statements.extend(query.statements());
            }
            statements.extend(people::clearances::store::standing_query(&scope, w.worker.id, 201).statements());
        }
        assert_eq!(statements.len(), 4);
        for statement in statements {
            let text = statement.to_string();
            let plan = plan(&w, statement).await;
            let bad = ["TEMP B-TREE", "Sort", "Seq Scan", "SCAN "].iter().find(|word| plan.contains(**word));
            assert_eq!(bad, None, "{text}\n{plan}");
            assert!(plan.contains("clearance_"), "{text}\n{plan}");
        }
    }
}

async fn scope_of(w: &World, who: &Caller) -> Scope<people::clearances::Decide> {
    let bearer = format!("Bearer {}", who.token);
    let (mut parts, ()) = Request::builder().header(header::AUTHORIZATION, bearer).body(()).unwrap().into_parts();
    Scope::from_request_parts(&mut parts, &w.house.house).await.unwrap()
}

/// The plan of a statement; on PostgreSQL with everything but indexes discouraged, as the tables of a test are nearly empty.
async fn plan(w: &World, statement: sea_orm::Statement) -> String {
    if w.house.test.engine == ground::Engine::Sqlite {
        return w.house.plan(statement).await;
    }
    let explain = sea_orm::Statement { sql: format!("EXPLAIN {}", statement.sql), ..statement };
    let rows = w.house.test.floor.db.write(move |tx| {
        Box::pin(async move {
            for name in ["enable_seqscan", "enable_bitmapscan", "enable_sort"] {
                tx.conn().execute_unprepared(&format!("SET LOCAL {name} = off")).await?;
            }
            let rows = tx.conn().query_all_raw(explain).await?;
            Ok(rows.iter().map(|r| r.try_get_by_index::<String>(0).unwrap()).collect::<Vec<_>>())
        })
    });
    rows.await.unwrap().join("\n")
}
