//! Minors' files: standing approvals, single openings, the closed page.

use access::{on_both, testing::Caller};
use serde_json::{Value, json};

use crate::world::{DEAN, LINJIANG, World, id, later, number};

const DAYS: i64 = 24 * 60;

async fn child(w: &World) -> Value {
    let mut body = w.numbered("单小满", DEAN, &number("20160512", 0));
    body["note"] = "母亲再婚".into();
    let page = w.enter(&w.worker, body).await;
    let visit = json!({
        "id": w.house.id(), "person_id": id(&page), "kind": "first", "mode": "home", "visited_on": "2026-11-20",
        "contact_result": "met", "summary": "孩子独自在家", "risk_signs": [], "needs": [], "services": ["visiting_care"],
        "work_field": "left_child"
    });
    let made = w.house.post(&w.worker, "/visits", visit).await;
    assert!(made.status.is_success(), "{}", made.text);
    page
}

async fn page(w: &World, who: &Caller, of: &Value) -> Value {
    w.house.get(who, &format!("/persons/{}", id(of))).await.expect(200)
}

async fn way(w: &World, who: &Caller, of: &Value) -> Value {
    w.house.get(who, &format!("/persons/{}/opening", id(of))).await.expect(200)["way"].clone()
}

async fn decide(w: &World, who: &Caller, way: &str, approve: bool) {
    let inbox = w.house.get(who, "/clearances").await.expect(200);
    let row = inbox["items"].as_array().unwrap().iter().find(|r| r["way"] == way).unwrap();
    let path = format!("/clearances/{}/decide", row["id"].as_str().unwrap());
    w.house.post(who, &path, json!({"rev": row["rev"], "approve": approve})).await.expect(200);
}

/// How often the file was opened this way, by the access log.
async fn openings(w: &World, of: &Value, reason: &str) -> usize {
    let log = w.house.get(&w.head, &format!("/records/person/{}/access?limit=200", id(of))).await.expect(200);
    log["items"].as_array().unwrap().iter().filter(|i| i["reason"] == reason).count()
}

on_both! {
    async fn the_responsible_worker_has_a_standing_approval_that_can_be_revoked(engine) {
        let w = World::new(engine).await;
        let p = child(&w).await;
        assert_eq!(page(&w, &w.worker, &p).await["opening"]["way"], "provisional");
        let tasks = w.house.get(&w.head, "/tasks").await.expect(200);
        assert_eq!(tasks["items"][0]["kind"], "minor_standing");
        later(&w, 3 * DAYS).await;
        let closed = page(&w, &w.worker, &p).await;
        assert_eq!((&closed["closed"], &closed["name"]), (&json!(true), &json!("单**")));
        let all = w.house.post(&w.head, "/clearances/standing", json!({"worker": w.worker.id})).await.expect(200);
        assert_eq!(all, json!({"approved": 1, "more": false}));
        let open = page(&w, &w.worker, &p).await;
        assert_eq!((&open["opening"]["way"], &open["name"], &open["note"]), (&json!("standing"), &json!("单小满"), &json!("母亲再婚")));
        let list = w.house.get(&w.head, &format!("/persons/{}/clearances", id(&p))).await.expect(200);
        let row = list["items"][0].clone();
        assert_eq!((&row["way"], &row["until"]), (&json!("standing"), &Value::Null));
        let path = format!("/clearances/{}/revoke", row["id"].as_str().unwrap());
        w.house.post(&w.head, &path, json!({"rev": row["rev"], "reason": "调离儿童岗位"})).await.expect(200);
        assert_eq!(page(&w, &w.worker, &p).await["closed"], true);
    }

    async fn a_station_of_one_worker_asks_its_reviewer(engine) {
        let w = World::new(engine).await;
        let p = w.enter(&w.resident, w.numbered("曾小雪", LINJIANG, &number("20170101", 0))).await;
        assert_eq!(way(&w, &w.resident, &p).await, "provisional");
        later(&w, 3 * DAYS).await;
        // The resident is head as well, but not over a case of his own.
        assert_eq!(way(&w, &w.resident, &p).await, Value::Null);
        w.house.post(&w.resident, "/clearances/standing", json!({"worker": w.resident.id})).await.expect(200);
        assert_eq!(way(&w, &w.resident, &p).await, Value::Null);
        decide(&w, &w.reviewer, "standing", true).await;
        assert_eq!(way(&w, &w.resident, &p).await, "standing");
    }

    async fn others_see_the_closed_page_until_an_opening_is_approved_and_it_closes_by_itself(engine) {
        let w = World::new(engine).await;
        let p = child(&w).await;
        let path = format!("/persons/{}", id(&p));
        let closed = page(&w, &w.officer, &p).await;
        assert_eq!((&closed["closed"], &closed["name"], &closed["birth_date"]), (&json!(true), &json!("单**"), &Value::Null));
        assert_eq!((&closed["note"], &closed["documents"][0]["number_masked"]), (&Value::Null, &Value::Null));
        assert_eq!(closed["age"], 10, "lists stay usable");
        let list = w.house.get(&w.officer, "/persons?place=430703").await.expect(200);
        assert_eq!((&list["items"][0]["name"], &list["items"][0]["closed"]), (&json!("单**"), &json!(true)));
        let visits = w.house.get(&w.officer, &format!("/visits?person={}", id(&p))).await.expect(200);
        assert_eq!((&visits["items"][0]["summary"], &visits["items"][0]["closed"]), (&json!(""), &json!(true)));
        let timeline = w.house.get(&w.officer, &format!("{path}/timeline")).await.expect(200);
        assert!(!timeline.to_string().contains("独自"), "{timeline}");
        let refused = w.house.post(&w.officer, &format!("{path}/reveal"), json!({"field": "name", "reason": "核对"})).await.expect(409);
        assert_eq!(refused["rule"], "minor.closed");
        w.house.get(&w.officer, &format!("/records/person/{}/history", id(&p))).await.expect(409);

        let ask = json!({"id": w.house.id(), "reason": "核对困境儿童补贴", "minutes": 60});
        w.house.post(&w.officer, &format!("{path}/opening"), ask.clone()).await.expect(201);
        w.house.post(&w.officer, &format!("{path}/opening"), ask).await.expect(200);
        let twice = json!({"id": w.house.id(), "reason": "再问", "minutes": 60});
        assert_eq!(w.house.post(&w.officer, &format!("{path}/opening"), twice).await.expect(409)["rule"], "minor.asked");
        assert_eq!(page(&w, &w.officer, &p).await["opening"]["request"], "waiting");
        decide(&w, &w.head, "minor", true).await;
        assert_eq!(openings(&w, &p, "minor:opening").await, 0);
        let open = page(&w, &w.officer, &p).await;
        assert_eq!((&open["opening"]["way"], &open["name"]), (&json!("opening"), &json!("单小满")));
        assert_eq!(openings(&w, &p, "minor:opening").await, 1, "recorded before the answer");
        let visits = w.house.get(&w.officer, &format!("/visits?person={}", id(&p))).await.expect(200);
        assert_eq!(visits["items"][0]["summary"], "孩子独自在家");
        assert_eq!(openings(&w, &p, "minor:opening").await, 2);
        // A list over a place never tells what was seen at a child's home.
        let visits = w.house.get(&w.officer, "/visits?place=430703").await.expect(200);
        assert_eq!(visits["items"][0]["summary"], "");
        later(&w, 60).await;
        assert_eq!(page(&w, &w.officer, &p).await["closed"], true);
    }

    async fn a_refused_request_opens_nothing_and_the_head_opens_as_the_person_in_charge(engine) {
        let w = World::new(engine).await;
        let p = child(&w).await;
        let ask = json!({"id": w.house.id(), "reason": "好奇", "minutes": 30});
        w.house.post(&w.officer, &format!("/persons/{}/opening", id(&p)), ask).await.expect(201);
        decide(&w, &w.head, "minor", false).await;
        let closed = page(&w, &w.officer, &p).await;
        assert_eq!((&closed["closed"], &closed["opening"]["request"]), (&json!(true), &json!("refused")));
        let head = page(&w, &w.head, &p).await;
        assert_eq!((&head["opening"]["way"], &head["name"]), (&json!("head"), &json!("单小满")));
        assert_eq!(openings(&w, &p, "minor:head").await, 1);
        let adult = w.enter(&w.worker, w.body("单大川", DEAN)).await;
        let ask = json!({"id": w.house.id(), "reason": "核对", "minutes": 30});
        let refused = w.house.post(&w.officer, &format!("/persons/{}/opening", id(&adult)), ask).await.expect(409);
        assert_eq!(refused["rule"], "minor.of_age");
        assert_eq!(page(&w, &w.officer, &adult).await["closed"], false);
    }
}
