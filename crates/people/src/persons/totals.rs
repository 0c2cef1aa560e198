//! How many rows a list of persons holds: from the counters where they can tell, else by counting up to a limit.

use access::{Level, Scope, reach::Reach};
use kernel::{Outcome, Permit, Place, Sees};
use sea_orm::Value;

use super::{
    http::Total,
    row::person,
    store::{self, Filter},
};
use crate::figures::{ANY, GONE, bits};

/// Where counting stops; more shows as "over 10,000".
const MOST: u64 = 10_000;

/// The total of a list; none for rare combinations over more than a county, which nobody counts while somebody waits.
pub async fn of<P>(scope: &Scope<P>, filter: &Filter) -> Outcome<Option<Total>>
where
    P: Permit + Sees<person::Entity>,
{
    let Some(inside) = of_reach(scope, filter).await? else { return Ok(None) };
    if filter.place.is_some() || inside.over {
        return Ok(Some(inside));
    }
    // Asked without a place the list also shows who was handed over.
    let away = store::matching(scope.find_trail::<person::Entity>(None), filter).count(MOST + 1).await?;
    Ok(Some(Total { rows: inside.rows + away, over: away > MOST }))
}

/// How many of them lie inside the reach.
async fn of_reach<P>(scope: &Scope<P>, filter: &Filter) -> Outcome<Option<Total>>
where
    P: Permit + Sees<person::Entity>,
{
    let parts: Vec<Reach> = match &filter.place {
        Some(place) => scope.reaches().iter().filter_map(|reach| reach.within(place)).collect(),
        None => scope.reaches().to_vec(),
    };
    if let (Some(category), Some(places)) = (counted(filter), whole(&parts)) {
        return counters(scope, &places, &category, &filter.grades).await.map(Some);
    }
    let small = parts.iter().all(|part| match part {
        Reach::Inside(place) => place.level >= Level::County,
        Reach::Own(..) => true,
        Reach::All => false,
    });
    if !small {
        return Ok(None);
    }
    let rows = store::narrowed(scope, filter, filter.place.as_ref()).count(MOST + 1).await?;
    Ok(Some(Total { rows: rows.min(MOST), over: rows > MOST }))
}

/// The one counter row a filter asks for: any category or one that is counted by itself, any ledger state and worker.
fn counted(filter: &Filter) -> Option<String> {
    if !filter.states.is_empty() || filter.worker.is_some() {
        return None;
    }
    match filter.mask {
        None => Some(ANY.to_owned()),
        Some(mask) => bits().iter().find(|(bit, _)| mask == 1_i64 << bit).map(|(_, code)| (*code).to_owned()),
    }
}

/// The places of a reach that covers whole places only.
fn whole(parts: &[Reach]) -> Option<Vec<Place>> {
    let place = |part: &Reach| match part {
        Reach::Inside(place) => Some(*place),
        Reach::Own(..) | Reach::All => None,
    };
    parts.iter().map(place).collect()
}

async fn counters<P: Permit>(scope: &Scope<P>, places: &[Place], category: &str, grades: &[String]) -> Outcome<Total> {
    let grades: Vec<&str> =
        if grades.is_empty() { vec![ANY, GONE] } else { grades.iter().map(String::as_str).collect() };
    let listed = (0..grades.len()).map(|n| format!("${}", n + 3)).collect::<Vec<_>>().join(", ");
    let wanted = format!("c.category = $2 AND c.grade IN ({listed})");
    let mut rows = 0;
    for place in places {
        let report = scope.report(place)?;
        let sql = if place.level >= Level::County {
            format!(
                "SELECT CAST(COALESCE(SUM(c.n), 0) AS BIGINT) FROM client_counter c WHERE c.place_id = $1 AND {wanted}"
            )
        } else {
            // Counters end at the county; a city without counties stands in for one and has its own.
            format!(
                "SELECT CAST(COALESCE(SUM(c.n), 0) AS BIGINT) FROM division d JOIN client_counter c ON c.place_id = d.id \
                 WHERE d.{} = $1 AND d.level <= 3 AND {wanted}",
                report.column()
            )
        };
        let mut values: Vec<Value> = vec![place.id.into(), category.into()];
        values.extend(grades.iter().map(|grade| Value::from(*grade)));
        for (n,) in report.lines::<(i64,)>(&sql, values).await? {
            rows += u64::try_from(n).unwrap_or(0);
        }
    }
    Ok(Total { rows, over: false })
}
