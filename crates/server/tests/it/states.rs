//! Member states: an account that is not in force passes no door, whatever it was granted.

use access::{on_both, testing::TestHouse};
use axum::http::Method;
use serde_json::json;

use crate::world::{document, filled, house, operations};

/// Every operation with a permit as this account: the statuses it may answer with.
async fn refused(house: &TestHouse, what: &str, sql: &str, allowed: &[u16]) {
    let name = format!("state.{what}");
    let roles = [("CA", "430703"), ("SH", "430703"), ("TW", "430703"), ("SW", "430703"), ("TR", "430703")];
    let who = house.account(&name, &roles).await;
    let may = house.get(&who, "/persons").await;
    assert_eq!(may.status.as_u16(), 200, "{what}: {}", may.text);
    let account = format!("(SELECT id FROM account WHERE username = '{name}')");
    house.sql(&sql.replace("{account}", &account)).await;
    for op in operations(&document()) {
        let own = op.permits.iter().all(|p| p == "access.own");
        if own && !allowed.contains(&401) {
            continue;
        }
        let path = filled(&op.path, &house.id().to_string());
        let method = Method::from_bytes(op.method.as_bytes()).unwrap();
        if op.permits.is_empty() {
            continue;
        }
        let answer = house.call(Some(&who), method, &path, op.body.as_ref().map(|_| json!({}))).await;
        assert!(allowed.contains(&answer.status.as_u16()), "{what}: {} {path}: {}", op.method, answer.text);
    }
}

on_both! {
    async fn an_account_that_is_not_in_force_passes_no_door(engine) {
        let house = house(engine).await;
        refused(&house, "suspended", "UPDATE account SET state = 'suspended' WHERE id = {account}", &[401]).await;
        refused(&house, "closed", "UPDATE account SET state = 'closed' WHERE id = {account}", &[401]).await;
        refused(&house, "signed.out", "UPDATE session SET ended_at = created_at WHERE account_id = {account}", &[401]).await;
        refused(&house, "expired", "UPDATE session SET expires_at = created_at WHERE account_id = {account}", &[401]).await;
        refused(&house, "idle", "UPDATE session SET seen_at = seen_at - 7200000 WHERE account_id = {account}", &[401]).await;
        refused(&house, "reset", "UPDATE account SET must_change = TRUE WHERE id = {account}", &[403, 409]).await;
        refused(&house, "proposed", "UPDATE role_grant SET state = 'proposed' WHERE account_id = {account}", &[403]).await;
        refused(&house, "over", "UPDATE role_grant SET from_on = '2026-01-01', to_on = '2026-11-22' WHERE account_id = {account}", &[403]).await;
        refused(&house, "to.come", "UPDATE role_grant SET from_on = '2026-11-24' WHERE account_id = {account}", &[403]).await;
    }
}
