//! The way through the ledger, with one worker and with several.

use access::on_both;
use serde_json::{Value, json};

use crate::world::{DEAN, LINJIANG, World, id};

on_both! {
    async fn where_a_station_has_one_worker_the_reviewer_confirms(engine) {
        let w = World::new(engine).await;
        let mut body = w.body("王芳", LINJIANG);
        body["categories"] = json!([w.category("ALONE")]);
        let page = w.enter(&w.resident, body).await;
        let none = json!({});
        let jump = w.step(&w.resident, &page, "active", json!({"grade": "A"})).await;
        assert_eq!(jump.json["rule"], "ledger.transition");
        w.step(&w.reviewer, &page, "verifying", none.clone()).await.expect(403);
        let page = w.step(&w.resident, &page, "verifying", none.clone()).await.expect(201);
        assert_eq!(page["ledger"]["state"], "verifying");
        let early = w.step(&w.reviewer, &page, "active", json!({"grade": "A"})).await;
        assert_eq!(early.json["rule"], "ledger.no_proposal");
        let bare = w.step(&w.resident, &page, "active", none.clone()).await;
        assert_eq!(bare.status, 422, "a proposal needs a grade");

        let page = w.step(&w.resident, &page, "active", json!({"grade": "B", "note": "独居，高龄"})).await.expect(201);
        assert_eq!(page["ledger"]["state"], "verifying");
        assert_eq!(page["ledger"]["proposed_grade"], "B");
        assert_eq!(page["ledger"]["proposed_by"]["name"], "resident");
        assert_eq!(page["ledger"]["allowed"], json!(["dismissed"]));
        let own = w.step(&w.resident, &page, "active", none.clone()).await;
        assert_eq!(own.json["rule"], "ledger.own_proposal");
        let tasks = w.house.get(&w.reviewer, "/tasks").await.expect(200);
        assert_eq!(tasks["items"][0]["kind"], "ledger_approve");
        let seen = w.house.get(&w.reviewer, &format!("/persons/{}", id(&page))).await.expect(200);
        assert_eq!(seen["ledger"]["allowed"], json!(["active"]));

        let page = w.step(&w.reviewer, &page, "active", none).await.expect(201);
        assert_eq!(page["ledger"]["state"], "active");
        assert_eq!(page["grade"], "B");
        assert_eq!(page["ledger"]["entered_on"], "2026-11-23");
        assert_eq!(page["next_due_on"], "2026-12-23", "the monthly call on an elder living alone");
        assert_eq!(w.house.number("SELECT COUNT(*) FROM served_counter WHERE in_ledger AND last_served_on < '9999-12-31'").await, 3);
        w.figures_agree().await;
    }

    async fn where_there_are_several_workers_the_head_confirms_and_decides(engine) {
        let w = World::new(engine).await;
        let page = w.enter(&w.worker, w.body("李四", DEAN)).await;
        let page = w.step(&w.worker, &page, "verifying", json!({})).await.expect(201);
        let page = w.step(&w.worker, &page, "active", json!({"grade": "C"})).await.expect(201);
        assert_eq!(w.house.get(&w.head, "/tasks").await.expect(200)["items"][0]["kind"], "ledger_approve");
        let page = w.step(&w.head, &page, "active", json!({"grade": "A"})).await.expect(201);
        assert_eq!(page["grade"], "A", "whoever confirms may set another grade");

        let asked = w.step(&w.worker, &page, "suspended", json!({"reason": "hospital"})).await.expect(201);
        assert_eq!(asked["ledger"]["state"], "active", "a worker only asks");
        let page = w.step(&w.head, &page, "suspended", json!({"reason": "hospital"})).await.expect(201);
        assert_eq!((&page["ledger"]["state"], &page["next_due_on"]), (&json!("suspended"), &Value::Null));
        assert_eq!(page["grade"], "A");
        let page = w.step(&w.head, &page, "active", json!({})).await.expect(201);

        // A new grade takes two people as well.
        let grade = |page: &Value, grade: &str| json!({"id": w.house.id(), "rev": page["ledger"]["rev"], "grade": grade, "basis": "病情稳定"});
        let path = format!("/persons/{}/grade", id(&page));
        let page = w.house.post(&w.head, &path, grade(&page, "B")).await.expect(201);
        assert_eq!((&page["grade"], &page["ledger"]["proposed_grade"]), (&json!("A"), &json!("B")));
        assert_eq!(w.house.post(&w.head, &path, grade(&page, "B")).await.json["rule"], "ledger.own_proposal");
        let page = w.house.post(&w.worker, &path, grade(&page, "C")).await.expect(201);
        let page = w.house.post(&w.head, &path, grade(&page, "C")).await.expect(201);
        assert_eq!((&page["grade"], &page["ledger"]["proposed_grade"]), (&json!("C"), &Value::Null));

        for (more, status) in [
            (json!({}), 422),
            (json!({"reason": "bored"}), 422),
            (json!({"reason": "other"}), 422),
            (json!({"reason": "death"}), 409),
            (json!({"reason": "lost_contact"}), 409),
            (json!({"reason": "need_met", "on": "2026-11-24"}), 422),
            (json!({"reason": "need_met", "on": "2026-11-22"}), 422),
        ] {
            assert_eq!(w.step(&w.head, &page, "exited", more.clone()).await.status, status, "{more}");
        }
        let page = w.step(&w.head, &page, "exited", json!({"reason": "need_met"})).await.expect(201);
        assert_eq!(page["grade"], Value::Null);
        let page = w.step(&w.worker, &page, "archived", json!({})).await.expect(201);
        let page = w.step(&w.head, &page, "lead", json!({})).await.expect(201);
        assert_eq!((&page["ledger"]["episode"], &page["ledger"]["state"]), (&json!(2), &json!("lead")));
        assert_eq!(page["ledger"]["new_found"], false);
        let page = w.step(&w.worker, &page, "dismissed", json!({"reason": "not_in_need"})).await.expect(201);
        assert_eq!(w.house.number("SELECT COUNT(*) FROM client_counter WHERE grade <> '!'").await, 0, "a dismissed lead is no client");
        let page = w.step(&w.worker, &page, "lead", json!({})).await.expect(201);
        assert_eq!(page["ledger"]["episode"], 2);
        let states: Vec<_> = page["ledger"]["transitions"].as_array().unwrap().iter().rev().map(|t| t["to"].as_str().unwrap().to_owned()).collect();
        assert_eq!(states, ["lead", "verifying", "verifying", "active", "suspended", "active", "active", "active", "active", "exited", "archived", "lead", "dismissed", "lead"]);
        w.figures_agree().await;
    }

    async fn a_step_repeated_is_one_step_and_an_old_copy_is_stale(engine) {
        let w = World::new(engine).await;
        let page = w.enter(&w.resident, w.body("王芳", LINJIANG)).await;
        let path = format!("/persons/{}/ledger", id(&page));
        let body = json!({"id": w.house.id(), "rev": page["ledger"]["rev"], "to": "verifying", "on": "2026-11-23"});
        w.house.post(&w.resident, &path, body.clone()).await.expect(201);
        w.house.post(&w.resident, &path, body).await.expect(200);
        let stale = w.step(&w.resident, &page, "dismissed", json!({"reason": "not_found"})).await;
        assert_eq!(stale.json["code"], "stale");
        assert_eq!(w.house.number("SELECT COUNT(*) FROM ledger_transition").await, 2);
        let bad = json!({"id": w.house.id(), "rev": 1, "to": "heaven", "on": "2026-11-23"});
        assert_eq!(w.house.post(&w.resident, &path, bad).await.status, 422);
        w.step(&w.officer, &page, "verifying", json!({})).await.expect(403);
    }
}
