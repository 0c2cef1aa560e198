//! Who must not be let in, over every operation: suspended, signed out, timed out, deleted, with a password due for change, with
//! grants that are proposed, refused, ended, not begun or over; and that a withdrawal holds from the next request on.

use access::{
    on_both,
    testing::{Caller, TestHouse},
};
use axum::http::Method;
use ground::Engine;
use kernel::Id;
use serde_json::json;

use crate::world::{document, filled, house, operations};

fn literal(engine: Engine, id: Id) -> String {
    match engine {
        Engine::Sqlite => format!("x'{}'", id.simple()),
        Engine::Postgres => format!("'{id}'"),
    }
}

/// Calls every operation with a permit; gives the statuses with their operation.
async fn everywhere(house: &TestHouse, who: &Caller) -> Vec<(String, String, u16, String)> {
    let mut all = Vec::new();
    let mut ops = operations(&document());
    // Signing out comes last: after it nobody is signed in.
    ops.sort_by_key(|op| op.method == "DELETE" && op.path == "/session");
    for op in ops {
        if op.permits.is_empty() {
            continue;
        }
        let path = filled(&op.path, &house.id().to_string());
        let method = Method::from_bytes(op.method.as_bytes()).unwrap();
        let body = op.body.as_ref().map(|_| json!({}));
        let got = house.call(Some(who), method, &path, body).await;
        all.push((format!("{} {}", op.method, op.path), op.permits.join(" "), got.status.as_u16(), got.text));
    }
    assert!(all.len() > 60, "only {} operations", all.len());
    all
}

const EVERYWHERE: &[(&str, &str)] =
    &[("CA", "430703"), ("SH", "430703"), ("TW", "430703"), ("SW", "430703"), ("TR", "430703")];

on_both! {
    async fn whoever_is_not_in_good_standing_is_refused_by_every_operation(engine) {
        let house = house(engine).await;
        let at = |id| literal(engine, id);
        let now = house.test.floor.now();
        for (state, harm) in [
            ("suspended", "UPDATE account SET state = 'suspended' WHERE id = {id}".to_owned()),
            ("invited elsewhere", "UPDATE account SET state = 'invited' WHERE id = {id}".to_owned()),
            ("deleted", "DELETE FROM account WHERE id = {id}".to_owned()),
            ("signed out", format!("UPDATE session SET ended_at = {now} WHERE account_id = {{id}}")),
            ("at its end", format!("UPDATE session SET expires_at = {now} WHERE account_id = {{id}}")),
            ("idle", format!("UPDATE session SET seen_at = {} WHERE account_id = {{id}}", now - 31 * 60_000)),
        ] {
            let who = house.account(&format!("one.{}", state.replace(' ', ".")), EVERYWHERE).await;
            house.get(&who, "/persons").await.expect(200);
            house.sql(&harm.replace("{id}", &at(who.id))).await;
            for (op, _, status, text) in everywhere(&house, &who).await {
                assert_eq!(status, 401, "{state}: {op}: {text}");
            }
        }
    }

    async fn a_password_due_for_change_opens_nothing_but_its_change(engine) {
        let house = house(engine).await;
        for (name, harm) in [
            ("first.password", "UPDATE account SET must_change = NOT must_change WHERE id = {id}".to_owned()),
            ("old.password", format!("UPDATE account SET password_set_at = {} WHERE id = {{id}}", house.test.floor.now() - 181 * 86_400_000)),
        ] {
            let who = house.account(name, EVERYWHERE).await;
            house.sql(&harm.replace("{id}", &literal(engine, who.id))).await;
            let mut signed_in = house.get(&who, "/session").await.expect(200);
            assert_eq!(signed_in["account"]["must_change_password"].take(), true, "{name}: the desk asks for a new one");
            for (op, permits, status, text) in everywhere(&house, &who).await {
                if permits != "access.own" {
                    assert!(status == 409 || status == 403, "{name}: {op}: {status} {text}");
                    assert!(status == 403 || text.contains("password.change_due"), "{name}: {op}: {text}");
                }
            }
        }
    }

    async fn a_grant_that_does_not_hold_today_opens_nothing(engine) {
        let house = house(engine).await;
        for (state, harm) in [
            ("proposed", "UPDATE role_grant SET state = 'proposed' WHERE account_id = {id}"),
            ("refused", "UPDATE role_grant SET state = 'refused' WHERE account_id = {id}"),
            ("ended", "UPDATE role_grant SET state = 'ended' WHERE account_id = {id}"),
            ("not begun", "UPDATE role_grant SET from_on = '2026-11-24' WHERE account_id = {id}"),
            ("over", "UPDATE role_grant SET from_on = '2026-01-01', to_on = '2026-11-22' WHERE account_id = {id}"),
        ] {
            let who = house.account(&format!("two.{}", state.replace(' ', ".")), EVERYWHERE).await;
            house.get(&who, "/persons").await.expect(200);
            house.sql(&harm.replace("{id}", &literal(engine, who.id))).await;
            for (op, _, status, text) in everywhere(&house, &who).await {
                assert_eq!(status, 403, "{state}: {op}: {text}");
            }
        }
    }

    async fn a_withdrawal_holds_from_the_next_request_on(engine) {
        let house = house(engine).await;
        let (sa, sec) = (house.account("sa", &[("SA", "")]).await, house.account("sec", &[("SEC", "")]).await);
        let who = house.account("head", &[("SW", "430703001")]).await;
        let grant = json!({"id": house.id(), "role": "SH", "place": "430703001", "from": "2026-11-01"});
        let page = house.post(&sa, &format!("/accounts/{}/grants", who.id), grant).await.expect(201);
        let grant = page["grants"].as_array().unwrap().iter().find(|g| g["role"] == "SH").unwrap()["id"].as_str().unwrap().to_owned();
        let station = json!({"id": house.id(), "name": "站", "place": "430703001", "operating_mode": "mixed"});
        house.post(&who, "/stations", station.clone()).await.expect(403);
        house.post(&sec, &format!("/grants/{grant}/approve"), json!({"rev": 1})).await.expect(200);
        house.post(&who, "/stations", station).await.expect(201);
        house.post(&sa, &format!("/grants/{grant}/end"), json!({"rev": 2, "reason": "调离"})).await.expect(200);
        let again = json!({"id": house.id(), "name": "站二", "place": "430703001", "operating_mode": "mixed"});
        house.post(&who, "/stations", again).await.expect(403);
        house.get(&who, "/persons").await.expect(200);
        house.patch(&sa, &format!("/accounts/{}", who.id), json!({"rev": 1, "state": "suspended"})).await.expect(200);
        house.get(&who, "/persons").await.expect(401);
    }

    async fn an_open_stream_closes_within_a_second_of_the_withdrawal(engine) {
        let house = house(engine).await;
        let sa = house.account("sa", &[("SA", "")]).await;
        let who = house.account("watcher", &[("CA", "430703")]).await;
        let job = house.id();
        house.test.floor.jobs.start(job, who.id, "test", |_| async {
            tokio::time::sleep(std::time::Duration::from_secs(60)).await;
            Ok(json!({}))
        });
        let begun = std::time::Instant::now();
        let path = format!("/jobs/{job}/events");
        let (closed, told) = tokio::join!(
            async { (house.get(&who, &path).await, begun.elapsed()) },
            async {
                tokio::time::sleep(std::time::Duration::from_millis(300)).await;
                house.patch(&sa, &format!("/accounts/{}", who.id), json!({"rev": 1, "state": "suspended"})).await.expect(200);
                begun.elapsed()
            }
        );
        assert_eq!(closed.0.status, 200);
        assert!(closed.0.text.contains("progress"), "{}", closed.0.text);
        let after = closed.1.saturating_sub(told);
        // A second of the stream's own rhythm, and what a busy machine adds.
        assert!(after < std::time::Duration::from_millis(1_500), "open for {after:?} after the withdrawal");
    }
}
