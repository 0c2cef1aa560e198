//! Demo accounts: one single-role account per role, and the resident worker of each station.

use std::collections::HashMap;

use access::{
    House, Scope,
    accounts::ChangeAccounts,
    row::{account, role_grant},
    session,
};
use ground::chance;
use kernel::{Id, Place, Secret};
use sea_orm::ActiveValue::Set;
use serde::Serialize;

use super::world::World;

/// One line of `demo-logins.json`.
#[derive(Serialize)]
pub struct Login {
    /// Role code.
    pub role: String,
    /// Sign-in name.
    pub username: String,
    /// Password, random per data folder.
    pub password: String,
    /// Code of the place; empty for roles of the whole system.
    pub place: String,
}

/// The accounts that were made.
pub struct Logins {
    /// What goes into the file.
    pub file: Vec<Login>,
    /// Resident worker by station.
    pub residents: HashMap<Id, Id>,
    /// The account in whose name the world was entered where no worker has an account.
    pub anybody: Id,
}

/// Stations of the world that get accounts for their workers (a province would need 30,000 hashes).
const STATIONS_WITH_ACCOUNTS: usize = 22;

struct Wanted {
    username: String,
    display_name: String,
    roles: Vec<&'static str>,
    place: Option<(Place, String)>,
}

/// Makes the accounts; single-role accounts come first, so that the first line of a role holds that role alone.
pub async fn create(house: &House, world: &World) -> anyhow::Result<Logins> {
    let place = |d: &access::placement::division::Model| Some((d.place(), d.code()));
    let first = world.stations.first().ok_or_else(|| anyhow::anyhow!("the world has no station"))?;
    let county = access::placement::by_id(house.floor().db.read(), first.town.county_id).await?;
    let single = [
        ("SA", "sysadmin", "系统管理员", None),
        ("SEC", "security", "安全管理员", None),
        ("AU", "auditor", "审计员", None),
        ("PA", "province", "省级管理员", place(&world.province)),
        ("CA", "county", "县民政干部", place(&county)),
        ("TR", "township", "乡镇审核员", place(&first.town)),
        ("SH", "head", "站长", place(&first.town)),
        ("TW", "desk", "事务岗社工", place(&first.town)),
        ("SW", "worker", "服务岗社工", place(&first.town)),
        ("SV", "supervisor", "督导", place(&county)),
    ];
    let mut wanted: Vec<Wanted> = single
        .into_iter()
        .map(|(role, username, name, place)| Wanted {
            username: username.to_owned(),
            display_name: name.to_owned(),
            roles: vec![role],
            place,
        })
        .collect();
    let mut residents = HashMap::new();
    let own: Vec<_> = world.stations.iter().take(STATIONS_WITH_ACCOUNTS).enumerate().collect();
    for (n, station) in &own {
        let name = station.workers.first().cloned().unwrap_or_default();
        wanted.push(Wanted {
            username: format!("resident{:02}", n + 1),
            display_name: name,
            roles: vec!["SH", "TW", "SW"],
            place: place(&station.town),
        });
        if *n > 0 {
            wanted.push(Wanted {
                username: format!("reviewer{:02}", n + 1),
                display_name: format!("{}审核员", station.town.name),
                roles: vec!["TR"],
                place: place(&station.town),
            });
        }
    }
    let mut file = Vec::new();
    let mut by_name = HashMap::new();
    for account in wanted {
        let password = chance::password(&*house.floor().chance);
        let code = account.place.as_ref().map(|(_, code)| code.clone()).unwrap_or_default();
        for role in &account.roles {
            file.push(Login {
                role: (*role).to_owned(),
                username: account.username.clone(),
                password: password.clone(),
                place: code.clone(),
            });
        }
        by_name.insert(account.username.clone(), add(house, account, password).await?);
    }
    for (n, station) in &own {
        if let Some(id) = by_name.get(&format!("resident{:02}", n + 1)) {
            residents.insert(station.id, *id);
        }
    }
    let anybody = by_name.get("worker").copied().unwrap_or_default();
    Ok(Logins { file, residents, anybody })
}

async fn add(house: &House, wanted: Wanted, password: String) -> anyhow::Result<Id> {
    let scope = Scope::<ChangeAccounts>::on_behalf_of(house, "demo.accounts").await?;
    let approver = Scope::<access::accounts::ApproveGrants>::on_behalf_of(house, "demo.approve").await?.actor();
    let hash = session::hash(house, Secret::new(password)).await?;
    let id = scope.new_id();
    scope
        .write(move |tx| {
            Box::pin(async move {
                let (now, today, actor) = (tx.scope().now(), tx.scope().today(), tx.scope().actor());
                tx.insert::<account::Entity>(account::ActiveModel {
                    id: Set(id),
                    username: Set(wanted.username),
                    display_name: Set(wanted.display_name),
                    password_hash: Set(hash),
                    state: Set("active".to_owned()),
                    must_change: Set(false),
                    is_demo: Set(true),
                    county_id: Set(0),
                    created_at: Set(now),
                    last_login_at: Set(None),
                    ..Default::default()
                })
                .await?;
                for role in wanted.roles {
                    let place = wanted.place.as_ref().map(|(p, _)| *p);
                    tx.insert::<role_grant::Entity>(role_grant::ActiveModel {
                        id: Set(tx.scope().new_id()),
                        account_id: Set(id),
                        role: Set(role.to_owned()),
                        org_id: Set(None),
                        place_id: Set(place.map_or(0, |p| p.id)),
                        county_id: Set(place.map_or(0, |p| p.at(kernel::Level::County))),
                        from_on: Set(today),
                        to_on: Set(None),
                        state: Set("approved".to_owned()),
                        proposed_by: Set(actor),
                        approved_by: Set(Some(approver)),
                        end_reason: Set(None),
                        ..Default::default()
                    })
                    .await?;
                }
                Ok(())
            })
        })
        .await?;
    Ok(id)
}
