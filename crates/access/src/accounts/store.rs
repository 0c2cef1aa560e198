//! Queries over accounts and grants.

use std::collections::HashMap;

use kernel::{Day, Id, Level, Outcome, Place, place::DivisionId};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use crate::{
    placement::division,
    row::{account, role_grant},
};

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

/// Roles of those who work at a station.
pub const WORKERS: [&str; 3] = ["SH", "TW", "SW"];

/// Active accounts, by id and display name, that hold a worker's role today for `township`, for a village in it, or for one of
/// the places `above` it; in the order of their names.
pub async fn workers(
    conn: &impl ConnectionTrait,
    township: DivisionId,
    above: &[DivisionId],
    today: Day,
) -> Outcome<Vec<(Id, String)>> {
    let inside = division::Entity::find().filter(division::Column::TownshipId.eq(township));
    let mut places: Vec<DivisionId> = inside.select_only().column(division::Column::Id).into_tuple().all(conn).await?;
    places.extend(above.iter().chain([&township]));
    let mut ids = Vec::new();
    for places in places.chunks(400) {
        let grants = role_grant::Entity::find()
            .filter(role_grant::Column::PlaceId.is_in(places.to_vec()))
            .filter(role_grant::Column::Role.is_in(WORKERS))
            .filter(role_grant::Column::State.eq("approved"))
            .all(conn)
            .await?;
        let valid = |g: &&role_grant::Model| g.from_on <= today && g.to_on.is_none_or(|to| to >= today);
        ids.extend(grants.iter().filter(valid).map(|g| g.account_id));
    }
    ids.sort_unstable();
    ids.dedup();
    let mut found = Vec::new();
    for ids in ids.chunks(400) {
        let accounts = account::Entity::find()
            .filter(account::Column::Id.is_in(ids.to_vec()))
            .filter(account::Column::State.eq("active"))
            .all(conn)
            .await?;
        found.extend(accounts.into_iter().map(|a| (a.id, a.display_name)));
    }
    found.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    Ok(found)
}

/// Somebody's work for a place, now or before.
#[derive(Debug, Clone)]
pub struct Office {
    /// Who.
    pub account: Id,
    /// Where.
    pub place: Place,
    /// Whether it holds today: approved, inside its period, the account not suspended.
    pub holds: bool,
}

/// Everybody who holds or held one of these roles inside `place` or for a place above it.
pub async fn offices(conn: &impl ConnectionTrait, roles: &[&str], place: &Place, today: Day) -> Outcome<Vec<Office>> {
    let level = match place.level {
        Level::Province => division::Column::ProvinceId,
        Level::City => division::Column::CityId,
        Level::County => division::Column::CountyId,
        Level::Township => division::Column::TownshipId,
        Level::Village => division::Column::VillageId,
    };
    let inside = sea_orm::sea_query::Query::select()
        .column(division::Column::Id)
        .from(division::Entity)
        .and_where(level.eq(place.id))
        .to_owned();
    let above: Vec<i32> = place.path.into_iter().filter(|id| *id != 0).collect();
    let here = sea_orm::Condition::any()
        .add(role_grant::Column::PlaceId.in_subquery(inside))
        .add(role_grant::Column::PlaceId.is_in(above));
    let rows = role_grant::Entity::find()
        .filter(here)
        .filter(role_grant::Column::Role.is_in(roles.iter().copied()))
        .filter(role_grant::Column::State.is_in(["approved", "ended"]))
        .all(conn)
        .await?;
    let places: Vec<i32> = rows.iter().map(|r| r.place_id).collect();
    let places: HashMap<i32, Place> = division::Entity::find()
        .filter(division::Column::Id.is_in(places))
        .all(conn)
        .await?
        .into_iter()
        .map(|d| (d.id, d.place()))
        .collect();
    let accounts = rows.iter().map(|r| r.account_id).collect::<Vec<_>>();
    let active: Vec<Id> = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::Id.is_in(accounts))
        .filter(account::Column::State.eq("active"))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|r| {
            let in_time = r.state == "approved" && r.from_on <= today && r.to_on.is_none_or(|to| to >= today);
            let place = *places.get(&r.place_id)?;
            Some(Office { account: r.account_id, place, holds: in_time && active.contains(&r.account_id) })
        })
        .collect())
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
