//! The tree as it was on an earlier day: today's rows with the dated versions laid over them.

use std::collections::{HashMap, HashSet};

use access::{Day, Outcome, Place, Scope};
use kernel::place::DivisionId;
use sea_orm::{ColumnTrait as _, Order};

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
    /// The differences of a day inside the reach, and inside `place` when one is given.
    pub async fn on<P: SeesTree>(scope: &Scope<P>, place: Option<&Place>, day: Day) -> Outcome<Self> {
        if day >= scope.today() {
            return Ok(Self::default());
        }
        let all = match place {
            Some(place) => scope.find_in::<version::Entity>(place),
            None => scope.find::<version::Entity>(),
        };
        let rows = all
            .filter(version::Column::ValidTo.gte(day))
            .order(version::Column::ValidTo, Order::Asc)
            .order(version::Column::DivisionId, Order::Asc)
            .order(version::Column::Serial, Order::Asc)
            .all()
            .await?;
        let mut versions = HashMap::new();
        for row in rows {
            // The first that ends on or after the day is the one that held; later ones follow it.
            versions.entry(row.division_id).or_insert(row);
        }
        let parents = versions.values().map(|v| v.parent_id).collect();
        Ok(Self { versions, parents })
    }

    /// Whether nothing was different.
    pub fn is_empty(&self) -> bool {
        self.versions.is_empty()
    }

    /// The division as it was.
    pub fn apply(&self, mut row: division::Model) -> division::Model {
        if let Some(was) = self.versions.get(&row.id) {
            row.name.clone_from(&was.name);
            row.kind.clone_from(&was.kind);
            row.code_civil.clone_from(&was.code_civil);
            row.code_stat.clone_from(&was.code_stat);
            row.valid_from = was.valid_from;
            if row.parent_id != was.parent_id && row.level == 5 {
                row.township_id = was.parent_id;
            }
            row.parent_id = was.parent_id;
        }
        if self.parents.contains(&row.id) {
            row.children = row.children.max(1);
        }
        row
    }

    /// Divisions that hung below `parent` then, whatever is above them today.
    pub fn were_below(&self, parent: DivisionId) -> Vec<DivisionId> {
        self.versions.values().filter(|v| v.parent_id == parent).map(|v| v.division_id).collect()
    }
}
