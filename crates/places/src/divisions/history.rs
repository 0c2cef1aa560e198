//! The tree as it was on an earlier day: today's rows with the dated versions laid over them.
//!
//! A version says what a division was and where it lay until a day. So the tree of a day is made of two parts: divisions
//! without a version that ends on or after that day, which are as they are today, and those with one, which [`Past`] holds
//! as they were. A division that has since moved out of a place still belongs to the figures of that place for its days.

use std::collections::{HashMap, HashSet};

use access::{Day, Level, Outcome, Place, Problem, Scope};
use kernel::place::DivisionId;
use sea_orm::{
    ColumnTrait as _, FromQueryResult as _, Order,
    sea_query::{Expr, ExprTrait as _, Query, SimpleExpr},
};

use super::{
    SeesTree,
    row::{division, version},
};

/// Villages and townships are those of this day; what changed before is not known here.
pub const TREE_FROM: Day = match Day::from_ymd_opt(2023, 6, 30) {
    Some(day) => day,
    None => Day::MIN,
};

/// What was different on a day; empty for today.
#[derive(Debug, Default)]
pub struct Past {
    versions: HashMap<DivisionId, version::Model>,
    parents: HashSet<DivisionId>,
}

impl Past {
    /// The differences of a day for what lies, or lay then, inside the reach, and inside `place` when one is given.
    pub async fn on<P: SeesTree>(scope: &Scope<P>, place: Option<&Place>, day: Day) -> Outcome<Self> {
        if day >= scope.today() {
            return Ok(Self::default());
        }
        let all = match place {
            Some(place) => scope.find_in::<version::Entity>(place),
            None => scope.find::<version::Entity>(),
        };
        let mut rows = all
            .filter(version::Column::ValidTo.gte(day))
            .order(version::Column::ValidTo, Order::Asc)
            .order(version::Column::DivisionId, Order::Asc)
            .order(version::Column::Serial, Order::Asc)
            .all()
            .await?;
        if let Some(place) = place {
            rows.extend(moved_out(scope, place, day).await?);
            rows.sort_by_key(|r| (r.valid_to, r.division_id, r.serial));
        }
        let mut versions = HashMap::new();
        for row in rows {
            // The first that ends on or after the day is the one that held; later ones follow it.
            versions.entry(row.division_id).or_insert(row);
        }
        let parents = versions.values().map(|v: &version::Model| v.parent_id).collect();
        Ok(Self { versions, parents })
    }

    /// Whether nothing was different.
    pub fn is_empty(&self) -> bool {
        self.versions.is_empty()
    }

    /// Whether this division was different.
    pub fn changed(&self, id: DivisionId) -> bool {
        self.versions.contains_key(&id)
    }

    /// The division as it was.
    pub fn apply(&self, mut row: division::Model) -> division::Model {
        if let Some(was) = self.versions.get(&row.id) {
            row.name.clone_from(&was.name);
            row.kind.clone_from(&was.kind);
            row.code_civil.clone_from(&was.code_civil);
            row.code_stat.clone_from(&was.code_stat);
            row.valid_from = was.valid_from;
            row.counted = was.was_counted;
            row.parent_id = was.parent_id;
            row.township_id = was.was_township_id;
            row.county_id = was.was_county_id;
            row.city_id = was.was_city_id;
            row.province_id = was.was_province_id;
        }
        if self.parents.contains(&row.id) {
            row.children = Ord::max(row.children, 1);
        }
        row
    }

    /// Every division that was different, as it was; also those that lie outside the reach today.
    pub async fn rows<P: SeesTree>(&self, scope: &Scope<P>, around: Option<&Place>) -> Outcome<Vec<division::Model>> {
        let ids: Vec<DivisionId> = self.versions.keys().copied().collect();
        let mut rows = super::store::rows_by_id(scope, ids.clone()).await?;
        let seen: HashSet<DivisionId> = rows.iter().map(|r| r.id).collect();
        let hidden: Vec<DivisionId> = ids.into_iter().filter(|id| !seen.contains(id)).collect();
        if let Some(place) = around {
            rows.extend(outside(scope, place, &hidden).await?);
        }
        Ok(rows.into_iter().map(|r| self.apply(r)).collect())
    }
}

/// Versions of divisions that lay inside `place` on the day and lie elsewhere today.
async fn moved_out<P: SeesTree>(scope: &Scope<P>, place: &Place, day: Day) -> Outcome<Vec<version::Model>> {
    // A township does not see the county around it; its villages of that day are then those it has today.
    let Ok(report) = scope.report(place) else { return Ok(Vec::new()) };
    let Some(column) = was(place.level) else { return Ok(Vec::new()) };
    let text = format!("SELECT * FROM division_version WHERE {column} = $1 AND valid_to >= $2");
    let rows = report.query(&text, vec![place.id.into(), day.into()]).await?;
    rows.iter().map(|row| version::Model::from_query_result(row, "").map_err(Problem::from)).collect()
}

/// Divisions that lie outside the reach today, for figures of days on which they lay inside `place`. Their names and codes
/// are public facts.
pub async fn outside<P: SeesTree>(
    scope: &Scope<P>,
    place: &Place,
    ids: &[DivisionId],
) -> Outcome<Vec<division::Model>> {
    let (Ok(report), Some(column)) = (scope.report(place), was(place.level)) else { return Ok(Vec::new()) };
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(400) {
        let marks: Vec<String> = (2..chunk.len() + 2).map(|n| format!("${n}")).collect();
        let text = format!(
            "SELECT d.* FROM division d WHERE d.id IN ({}) AND EXISTS (SELECT 1 FROM division_version v \
             WHERE v.division_id = d.id AND v.{column} = $1)",
            marks.join(", ")
        );
        let values = std::iter::once(place.id).chain(chunk.iter().copied()).map(sea_orm::Value::from).collect();
        for row in report.query(&text, values).await? {
            rows.push(division::Model::from_query_result(&row, "")?);
        }
    }
    Ok(rows)
}

/// The column that says where a division lay; villages contain nothing.
fn was(level: Level) -> Option<&'static str> {
    match level {
        Level::Province => Some("was_province_id"),
        Level::City => Some("was_city_id"),
        Level::County => Some("was_county_id"),
        Level::Township => Some("was_township_id"),
        Level::Village => None,
    }
}

/// The condition of divisions that are today what they were on the day.
pub(super) fn unchanged_since(day: Day) -> SimpleExpr {
    let version = version::Entity;
    let later = Query::select()
        .expr(Expr::val(1))
        .from(version)
        .and_where(Expr::col((version, version::Column::DivisionId)).equals((division::Entity, division::Column::Id)))
        .and_where(Expr::col((version, version::Column::ValidTo)).gte(day))
        .to_owned();
    Expr::exists(later).not()
}
