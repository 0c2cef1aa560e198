//! The recycle bin: two people for a person, hidden everywhere, brought back exactly, and only while its time lasts.

use access::on_both;
use serde_json::{Value, json};

use crate::{
    merges::{clean, everything},
    world::{DEAN, LINJIANG, World, id, names},
};

fn removal(w: &World, kind: &str, object: &Value, rev: &Value) -> Value {
    w.house.test.clock.advance(1);
    json!({"id": w.house.id(), "kind": kind, "object_id": object, "rev": rev, "reason": "误录，查无此人"})
}

on_both! {
    async fn a_person_entered_in_error_goes_and_comes_back_exactly(engine) {
        let w = World::new(engine).await;
        w.enter(&w.resident, w.body("李四", LINJIANG)).await;
        let mut body = w.body("王误录", LINJIANG);
        body["phone"] = "13800000009".into();
        body["birth_date"] = "1954-03-08".into();
        body["categories"] = json!([w.category("ALONE")]);
        let person = w.enter(&w.resident, body).await;
        let home = json!({"id": w.house.id(), "kind": "hukou", "village": LINJIANG,
            "members": [{"id": w.house.id(), "person_id": person["id"], "relation": "0", "from": "2026-01-01"}]});
        w.house.post(&w.resident, "/households", home).await.expect(201);
        let mut before = everything(&w).await;
        assert_eq!(w.house.post(&w.worker, "/recycle-bin", removal(&w, "person", &person["id"], &person["rev"])).await.status, 403);
        assert_eq!(w.house.post(&w.head, "/recycle-bin", removal(&w, "person", &person["id"], &person["rev"])).await.status, 404);
        let asked = w.house.post(&w.resident, "/recycle-bin", removal(&w, "person", &person["id"], &person["rev"])).await.expect(201);
        assert_eq!(asked["state"], "waiting");
        let path = format!("/recycle-bin/{}", id(&asked));
        assert_eq!(names(&w.house.get(&w.resident, "/persons").await.expect(200)).len(), 2, "nothing is hidden while it waits");
        let own = w.house.post(&w.resident, &format!("{path}/approve"), json!({"rev": asked["rev"]})).await;
        assert_eq!(own.expect(409)["rule"], "recycle.two_people");
        assert_eq!(w.house.post(&w.head, &format!("{path}/approve"), json!({"rev": asked["rev"]})).await.status, 404);
        let gone = w.house.post(&w.reviewer, &format!("{path}/approve"), json!({"rev": asked["rev"]})).await.expect(200);
        assert_eq!((gone["state"].as_str(), gone["until"].as_str()), (Some("binned"), Some("2026-12-23")));
        clean(&w).await;
        assert_eq!(names(&w.house.get(&w.resident, "/persons").await.expect(200)), ["李四"]);
        for text in ["王误录", "wang", "13800000009"] {
            assert_eq!(w.house.get(&w.officer, &format!("/persons?q={text}")).await.expect(200)["items"], json!([]), "{text}");
        }
        assert_eq!(w.house.get(&w.officer, &format!("/persons/{}", id(&person))).await.status, 404);
        assert_eq!(w.house.number("SELECT COUNT(*) FROM residence WHERE county_id <> 0").await, 1);
        let bin = w.house.get(&w.resident, "/recycle-bin").await.expect(200);
        assert_eq!(bin["items"][0]["person"]["name"], "王误录");
        assert_eq!(w.house.get(&w.head, "/recycle-bin").await.expect(200)["items"], json!([]));
        let back = json!({"id": w.house.id(), "rev": gone["rev"]});
        assert_eq!(w.house.post(&w.worker, &format!("{path}/restore"), back.clone()).await.status, 403);
        assert_eq!(w.house.post(&w.head, &format!("{path}/restore"), back.clone()).await.status, 404);
        assert_eq!(w.house.post(&w.resident, &format!("{path}/restore"), back.clone()).await.expect(201)["state"], "restored");
        assert_eq!(w.house.post(&w.resident, &format!("{path}/restore"), back).await.expect(200)["state"], "restored");
        clean(&w).await;
        let mut after = everything(&w).await;
        // The removal itself, and the task that asked for it, stay as its record.
        for all in [&mut before, &mut after] {
            all.remove("recycled");
            all.get_mut("task").unwrap().retain(|row| !row.contains("removal_approve"));
        }
        assert_eq!(before, after);
    }

    async fn what_is_official_is_not_removed_and_the_time_runs_out(engine) {
        let w = World::new(engine).await;
        let mut body = w.body("张三", LINJIANG);
        body["categories"] = json!([w.category("DIBAO")]);
        let official = w.enter(&w.resident, body).await;
        let refused = w.house.post(&w.resident, "/recycle-bin", removal(&w, "person", &official["id"], &official["rev"])).await;
        assert_eq!(refused.expect(409)["rule"], "recycle.statutory");
        let other = w.enter(&w.worker, w.body("赵六", DEAN)).await;
        let asked = w.house.post(&w.head, "/recycle-bin", removal(&w, "person", &other["id"], &other["rev"])).await.expect(201);
        let path = format!("/recycle-bin/{}", id(&asked));
        let gone = w.house.post(&w.officer, &format!("{path}/approve"), json!({"rev": asked["rev"]})).await.expect(200);
        w.house.test.clock.advance(31 * 86_400_000);
        w.house.sql(&format!("UPDATE session SET seen_at = {}", w.house.test.floor.now())).await;
        let late = w.house.get(&w.head, "/recycle-bin").await.expect(200);
        assert_eq!(late["items"][0]["restorable"], false);
        let back = json!({"id": w.house.id(), "rev": gone["rev"]});
        assert_eq!(w.house.post(&w.head, &format!("{path}/restore"), back).await.expect(409)["rule"], "recycle.too_late");
        assert_eq!(w.house.number("SELECT COUNT(*) FROM person").await, 2, "nothing is deleted");
        clean(&w).await;
    }

    async fn a_voided_visit_and_a_household_that_never_was_come_back(engine) {
        let w = World::new(engine).await;
        let person = w.enter(&w.resident, w.body("孙七", LINJIANG)).await;
        let visit = json!({"id": w.house.id(), "person_id": person["id"], "kind": "routine", "mode": "home",
            "visited_on": "2026-11-20", "contact_result": "met", "companions": "", "summary": "情况稳定", "risk_signs": [],
            "needs": [], "services": [], "work_field": "assistance", "policies_explained": "", "actions": ""});
        let visit = w.house.post(&w.resident, "/visits", visit).await.expect(201);
        let home = json!({"id": w.house.id(), "kind": "hukou", "village": LINJIANG,
            "members": [{"id": w.house.id(), "person_id": person["id"], "relation": "0", "from": "2026-01-01"}]});
        let home = w.house.post(&w.resident, "/households", home).await.expect(201);
        let mut before = everything(&w).await;
        let void = json!({"id": w.house.id(), "rev": visit["rev"], "reason": "重复录入"});
        w.house.post(&w.resident, &format!("/visits/{}/void", id(&visit)), void).await.expect(201);
        let list = w.house.get(&w.resident, &format!("/visits?person={}", id(&person))).await.expect(200);
        assert_eq!(list["items"], json!([]), "a void visit is in no list");
        w.house.post(&w.resident, "/recycle-bin", removal(&w, "household", &home["id"], &home["rev"])).await.expect(201);
        assert_eq!(w.house.get(&w.resident, "/households").await.expect(200)["items"], json!([]));
        assert_eq!(w.house.get(&w.resident, &format!("/households/{}", id(&home))).await.status, 404);
        clean(&w).await;
        let bin = w.house.get(&w.resident, "/recycle-bin").await.expect(200);
        assert_eq!(bin["items"].as_array().unwrap().len(), 2);
        for item in bin["items"].as_array().unwrap() {
            w.house.test.clock.advance(1);
            let back = json!({"id": w.house.id(), "rev": item["rev"]});
            w.house.post(&w.resident, &format!("/recycle-bin/{}/restore", id(item)), back).await.expect(201);
        }
        clean(&w).await;
        let mut after = everything(&w).await;
        before.remove("recycled");
        after.remove("recycled");
        assert_eq!(before, after);
    }
}
