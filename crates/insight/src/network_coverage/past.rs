//! Days before an event of divisions: each unit as it was, and each station or point where it then stood.
//!
//! An event rewrites where things lie today. The tree of the day comes from `places::divisions`; which township a station belonged
//! to stands in its status history. A unit that is gone from the tree of the day passes what it has to the one that took it in.

use std::collections::{HashMap, HashSet};

use access::{Level, Outcome, Place, Scope};
use kernel::place::DivisionId;
use places::divisions::{self, List, Past, Wanted, division};

use super::{Kind, Question, ReadNetworkCoverage, model::child_of, store};

/// A unit of the day with the number of its nearest shortfall (0 counts).
pub type Unit = (division::Model, i64);

/// Whether the tree around a place was different on the day.
pub async fn differs(scope: &Scope<ReadNetworkCoverage>, place: &Place, q: &Question) -> Outcome<bool> {
    let villages = q.kind == Kind::Staffing && place.level == Level::Village;
    if villages || q.on >= scope.today() {
        return Ok(false);
    }
    Ok(!Past::on(scope, Some(&around(scope, place).await?), q.on).await?.is_empty())
}

/// The place itself, or the county of a township or village.
async fn around(scope: &Scope<ReadNetworkCoverage>, place: &Place) -> Outcome<Place> {
    if place.level <= Level::County {
        return Ok(*place);
    }
    Ok(scope.division(place.at(Level::County)).await?.place())
}

/// Every unit of the denominator as it was on the day, in order of the tree.
pub async fn units(scope: &Scope<ReadNetworkCoverage>, place: &Place, q: &Question) -> Outcome<Vec<Unit>> {
    let wanted = Wanted { level: q.kind.level(), kinds: &q.kinds, list: List::Counted, on: q.on };
    let rows = divisions::descendants_at(scope, place, &wanted, None, u64::from(u32::MAX)).await?;
    let known: HashSet<DivisionId> = rows.iter().map(|r| r.id).collect();
    let around = around(scope, place).await?;
    let past = Past::on(scope, Some(&around), q.on).await?;
    let changed: Vec<DivisionId> = known.iter().copied().filter(|id| past.changed(*id)).collect();
    let mut lacking: HashMap<DivisionId, i64> = HashMap::new();
    for (today, host, number) in store::standing_owners(scope, q, &around, &changed).await? {
        let unit = if known.contains(&host) { host } else { today };
        let least = lacking.entry(unit).or_insert(number);
        *least = number.min(*least);
    }
    Ok(rows
        .into_iter()
        .map(|r| {
            let number = lacking.get(&r.id).copied().unwrap_or(6);
            (r, number)
        })
        .collect())
}

/// Units and covered units by child of a place.
pub async fn groups(scope: &Scope<ReadNetworkCoverage>, place: &Place, q: &Question) -> Outcome<store::Groups> {
    if q.kind == Kind::Staffing {
        return staff(scope, place, q).await;
    }
    let mut found = store::Groups::new();
    for (unit, lacking) in units(scope, place, q).await? {
        let (numerator, denominator) = found.entry(child_of(&unit, place)).or_default();
        *denominator += 1;
        if lacking == 0 {
            *numerator += 100;
        }
    }
    Ok(found)
}

/// Posts and people of the townships that lay in the place on the day.
async fn staff(scope: &Scope<ReadNetworkCoverage>, place: &Place, q: &Question) -> Outcome<store::Groups> {
    let wanted = Wanted { level: Level::Township, kinds: &q.kinds, list: List::All, on: q.on };
    let rows = divisions::descendants_at(scope, place, &wanted, None, u64::from(u32::MAX)).await?;
    let rows: HashMap<DivisionId, division::Model> = rows.into_iter().map(|r| (r.id, r)).collect();
    let around = around(scope, place).await?;
    let past = Past::on(scope, Some(&around), q.on).await?;
    let changed: Vec<DivisionId> = rows.keys().copied().filter(|id| past.changed(*id)).collect();
    let mut found = store::Groups::new();
    for (today, host, (filled, planned)) in store::staff_of(scope, q, &around, &changed).await? {
        let Some(row) = rows.get(&host).or_else(|| rows.get(&today)) else { continue };
        let (numerator, denominator) = found.entry(child_of(row, place)).or_default();
        *numerator += filled;
        *denominator += planned;
    }
    Ok(found)
}
