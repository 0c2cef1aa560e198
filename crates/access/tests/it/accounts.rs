//! Account administration: maker ≠ checker, three admins, nothing without grant.

use access::{on_both, testing::TestHouse};
use serde_json::json;

fn account(house: &TestHouse, name: &str, role: &str) -> serde_json::Value {
    json!({
        "id": house.id(), "username": name, "display_name": name, "password": "long enough password",
        "grants": [{"id": house.id(), "role": role, "from": "2026-11-01"}]
    })
}

on_both! {
    async fn a_grant_works_only_after_somebody_else_approved_it(engine) {
        let house = TestHouse::new(engine, access::routes()).await;
        let sa = house.account("sa", &[("SA", "")]).await;
        let sec = house.account("sec", &[("SEC", "")]).await;
        let made = house.post(&sa, "/accounts", account(&house, "auditor", "AU")).await.expect(201);
        let grant = &made["grants"][0];
        assert_eq!(grant["state"], "proposed");
        let path = format!("/grants/{}/approve", grant["id"].as_str().unwrap());
        house.post(&sa, &path, json!({"rev": 1})).await.expect(403);
        let after = house.post(&sec, &path, json!({"rev": 1})).await.expect(200);
        assert_eq!(after["grants"][0]["state"], "approved");
        house.post(&sec, &path, json!({"rev": 1})).await.expect(409);
    }

    async fn the_same_person_cannot_be_system_admin_and_auditor(engine) {
        let house = TestHouse::new(engine, access::routes()).await;
        let sa = house.account("sa", &[("SA", "")]).await;
        let made = house.post(&sa, "/accounts", account(&house, "wang", "SEC")).await.expect(201);
        let path = format!("/accounts/{}/grants", made["id"].as_str().unwrap());
        let answer = house.post(&sa, &path, json!({"id": house.id(), "role": "SA", "from": "2026-11-01"})).await.expect(409);
        assert_eq!(answer["rule"], "grant.separation");
    }

    async fn suspending_an_account_ends_its_sessions_at_once(engine) {
        let house = TestHouse::new(engine, access::routes()).await;
        let sa = house.account("sa", &[("SA", "")]).await;
        let au = house.account("au", &[("AU", "")]).await;
        house.get(&au, "/accounts").await.expect(200);
        let path = format!("/accounts/{}", au.id);
        house.patch(&sa, &path, json!({"rev": 1, "state": "suspended"})).await.expect(200);
        house.get(&au, "/accounts").await.expect(401);
        let own = format!("/accounts/{}", sa.id);
        house.patch(&sa, &own, json!({"rev": 1, "state": "suspended"})).await.expect(409);
    }

    async fn a_role_with_places_needs_a_place_and_a_known_code(engine) {
        let house = TestHouse::new(engine, access::routes()).await;
        let sa = house.account("sa", &[("SA", "")]).await;
        let answer = house.post(&sa, "/accounts", account(&house, "worker", "SW")).await.expect(422);
        assert_eq!(answer["fields"][0]["field"], "grants[0].place");
        house.post(&sa, "/accounts", account(&house, "worker", "XX")).await.expect(422);
    }

    async fn history_shows_what_changed_but_never_a_password(engine) {
        let house = TestHouse::new(engine, access::routes()).await;
        let sa = house.account("sa", &[("SA", "")]).await;
        let au = house.account("au", &[("AU", "")]).await;
        let made = house.post(&sa, "/accounts", account(&house, "chen", "PA")).await;
        let made = if made.status.as_u16() == 422 {
            house.post(&sa, "/accounts", account(&house, "chen", "AU")).await.expect(201)
        } else {
            made.expect(201)
        };
        let id = made["id"].as_str().unwrap();
        house.patch(&sa, &format!("/accounts/{id}"), json!({"rev": 1, "display_name": "陈 新"})).await.expect(200);
        let history = house.get(&au, &format!("/records/account/{id}/history")).await;
        assert!(!history.text.contains("argon2"), "a hash leaked");
        let items = history.expect(200);
        assert_eq!(items["items"][0]["changes"][0], json!({"field": "display_name", "before": "chen", "after": "陈 新"}));
        house.get(&sa, &format!("/records/account/{id}/history")).await.expect(403);
        house.get(&au, &format!("/records/nothing/{id}/history")).await.expect(404);
    }

    async fn a_repeated_write_changes_nothing_and_another_body_is_a_conflict(engine) {
        let house = TestHouse::new(engine, access::routes()).await;
        let sa = house.account("sa", &[("SA", "")]).await;
        let body = account(&house, "once", "AU");
        let first = house.post(&sa, "/accounts", body.clone()).await.expect(201);
        let again = house.post(&sa, "/accounts", body.clone()).await.expect(200);
        assert_eq!(first, again);
        let mut other = body;
        other["display_name"] = json!("somebody else");
        house.post(&sa, "/accounts", other).await.expect(409);
        assert_eq!(house.number("select count(*) from account where username = 'once'").await, 1);
    }

    async fn a_grant_that_ran_out_asks_once_for_the_clients_to_be_handed_over(engine) {
        let house = TestHouse::new(engine, access::routes()).await;
        let sa = house.account("sa", &[("SA", "")]).await;
        house.sql(
            "INSERT INTO division (id, level, kind, name, initials, parent_id, province_id, city_id, county_id, township_id, \
             village_id, flags, counted, children, rev, audit_no) \
             VALUES (7, 4, 'town', '某镇', 'mz', 3, 1, 2, 3, 7, 0, '', TRUE, 0, 1, 0)",
        )
        .await;
        let worker = house.account("worker", &[("SW", "")]).await;
        house.sql("UPDATE role_grant SET place_id = 7 WHERE role = 'SW'").await;
        let tasks = "SELECT COUNT(*) FROM task WHERE kind = 'caseload_left' AND role = 'SH' AND township_id = 7";
        assert_eq!(access::accounts::lapsed::remind(&house.house).await.unwrap(), 0);
        house.sql("UPDATE role_grant SET to_on = '2026-11-22' WHERE role = 'SW'").await;
        assert_eq!(access::accounts::lapsed::remind(&house.house).await.unwrap(), 1);
        assert_eq!(access::accounts::lapsed::remind(&house.house).await.unwrap(), 0, "asked once");
        assert_eq!(house.number(tasks).await, 1);
        // A suspended account asks at once, for each grant that still runs.
        house.sql("UPDATE role_grant SET to_on = NULL WHERE role = 'SW'").await;
        house.sql("DELETE FROM task").await;
        let path = format!("/accounts/{}", worker.id);
        house.patch(&sa, &path, json!({"rev": 1, "state": "suspended"})).await.expect(200);
        assert_eq!(house.number(tasks).await, 1);
    }
}
