//! Queries over accounts and grants.

use std::collections::HashMap;

use kernel::{Day, Id, Level, Outcome, Place};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use crate::row::{account, role_grant};

/// Display names by id.
pub async fn names(conn: &impl ConnectionTrait, mut ids: Vec<Id>) -> Outcome<HashMap<Id, String>> {
    ids.sort_unstable();
    ids.dedup();
    let mut out = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(400) {
        let rows: Vec<(Id, String)> = account::Entity::find()
            .select_only()
            .columns([account::Column::Id, account::Column::DisplayName])
            .filter(account::Column::Id.is_in(chunk.to_vec()))
            .into_tuple()
            .all(conn)
            .await?;
        out.extend(rows);
    }
    Ok(out)
}

/// Accounts that hold `role` today for `place` or one above it, nearest place first.
pub async fn holders(conn: &impl ConnectionTrait, role: &str, place: &Place, today: Day) -> Outcome<Vec<Id>> {
    let mut found = Vec::new();
    for level in Level::ALL.into_iter().rev() {
        let id = place.at(level);
        if id == 0 {
            continue;
        }
        let rows = role_grant::Entity::find()
            .filter(role_grant::Column::PlaceId.eq(id))
            .filter(role_grant::Column::Role.eq(role))
            .filter(role_grant::Column::State.eq("approved"))
            .all(conn)
            .await?;
        for row in rows {
            let valid = row.from_on <= today && row.to_on.is_none_or(|to| to >= today);
            if valid && !found.contains(&row.account_id) {
                found.push(row.account_id);
            }
        }
    }
    Ok(found)
}

/// Whether a session and its account are still good.
pub async fn session_is_open(conn: &impl ConnectionTrait, token_hash: Vec<u8>, now: i64) -> Outcome<bool> {
    use crate::row::session;
    let Some(found) = session::Entity::find_by_id(token_hash).one(conn).await? else { return Ok(false) };
    if found.ended_at.is_some() || found.expires_at <= now {
        return Ok(false);
    }
    let account = account::Entity::find_by_id(found.account_id).one(conn).await?;
    Ok(account.is_some_and(|a| a.state == "active"))
}
