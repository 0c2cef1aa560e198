//! Where a division lies, as permission needs it: its id, level and the ids above it, found by code or id.
//!
//! The table belongs to the room `places/divisions`; this read-only view of it lives here because a scope must know the
//! path of a place before it can say whether a row lies inside.

use ground::Cells;
use kernel::{Field, Level, Outcome, Place, Problem, place::DivisionId};
use sea_orm::{entity::prelude::*, sea_query::Query};
use serde::{Deserialize, Serialize};

/// The columns of a division that permission and labels need.
pub mod division {
    use sea_orm::entity::prelude::*;

    /// A division as permission sees it.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "division")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub level: i32,
        pub kind: String,
        pub name: String,
        pub code_civil: Option<String>,
        pub code_stat: Option<String>,
        pub province_id: i32,
        pub city_id: i32,
        pub county_id: i32,
        pub township_id: i32,
        pub village_id: i32,
        pub valid_to: Option<Date>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    crate::lined!(
        id,
        level,
        kind,
        name,
        code_civil,
        code_stat,
        province_id,
        city_id,
        county_id,
        township_id,
        village_id,
        valid_to
    );
}

impl division::Model {
    /// The place of this division.
    pub fn place(&self) -> Place {
        Place {
            id: self.id,
            level: Level::from_number(self.level).unwrap_or(Level::Village),
            path: [self.province_id, self.city_id, self.county_id, self.township_id, self.village_id],
        }
    }

    /// The code to use in `place=`: the civil-affairs code, else the statistical one.
    pub fn code(&self) -> String {
        match (&self.code_civil, &self.code_stat) {
            (Some(civil), _) => civil.clone(),
            (None, Some(stat)) => format!("stat:{stat}"),
            (None, None) => String::new(),
        }
    }

    /// The short form shown inside other records.
    pub fn short(&self) -> PlaceRef {
        PlaceRef { code: self.code(), name: self.name.clone(), level: self.level, kind: self.kind.clone() }
    }
}

/// A division in the short form shown inside other records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PlaceRef {
    /// Code for `place=`: the civil-affairs code, else `stat:` and the statistical one.
    pub code: String,
    /// Official name.
    pub name: String,
    /// Level 1 (province) to 5 (village).
    pub level: i32,
    /// Kind, see code list `division_kind`.
    pub kind: String,
}

/// How a `place=` text is to be read.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    civil: bool,
    stat: bool,
    codes: Vec<String>,
}

/// Reads `430703`, `430703000000`, `civil:430703` or `stat:430703` into the codes that may be meant.
fn wanted(text: &str) -> Option<Wanted> {
    let (civil, stat, digits) = match text.split_once(':') {
        Some(("civil", rest)) => (true, false, rest),
        Some(("stat", rest)) => (false, true, rest),
        Some(_) => return None,
        None => (true, true, text),
    };
    if digits.len() < 2 || digits.len() > 12 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // A code may be padded with zeros to 12 digits, so every level it can stand for is tried, longest first.
    let mut codes = Vec::new();
    for length in [12, 9, 6, 4, 2] {
        if let Some((head, tail)) = digits.split_at_checked(length)
            && tail.bytes().all(|b| b == b'0')
        {
            codes.push(head.to_owned());
        }
    }
    if codes.is_empty() {
        return None;
    }
    Some(Wanted { civil, stat, codes })
}

/// A code as the statistics write it may end in zeros that belong to it, so the longest code that exists wins.
fn best(
    rows: Vec<division::Model>,
    codes: &[String],
    by: impl Fn(&division::Model) -> Option<&String>,
) -> Vec<division::Model> {
    for code in codes {
        let hit: Vec<_> =
            rows.iter().filter(|r| r.kind != "filler" && by(r).is_some_and(|c| c == code)).cloned().collect();
        if !hit.is_empty() {
            return hit;
        }
    }
    Vec::new()
}

/// Finds the division a `place=` text names; closed divisions are found too.
pub async fn resolve(conn: &impl ConnectionTrait, field: &str, text: &str) -> Outcome<division::Model> {
    let unknown = || {
        Problem::invalid(Field::new(
            field,
            "unknown_place",
            "没有这个行政区划代码，请从行政区划中选择。",
            "There is no division with this code; choose one from the tree.",
        ))
    };
    let wanted = wanted(text.trim()).ok_or_else(unknown)?;
    if wanted.civil {
        let rows =
            division::Entity::find().filter(division::Column::CodeCivil.is_in(wanted.codes.clone())).all(conn).await?;
        if let Some(found) = pick(best(rows, &wanted.codes, |r| r.code_civil.as_ref())) {
            return Ok(found);
        }
    }
    if wanted.stat {
        let rows =
            division::Entity::find().filter(division::Column::CodeStat.is_in(wanted.codes.clone())).all(conn).await?;
        if let Some(found) = pick(best(rows, &wanted.codes, |r| r.code_stat.as_ref())) {
            return Ok(found);
        }
    }
    Err(unknown())
}

/// The open division when a code was used twice over time, else the only one.
fn pick(mut rows: Vec<division::Model>) -> Option<division::Model> {
    rows.sort_by_key(|r| (r.valid_to.is_some(), r.id));
    rows.into_iter().next()
}

/// The place in the columns id, level, province, city, county, township, village of a joined row; none when it has none.
pub(crate) fn read_place(row: &mut Cells) -> Outcome<Option<Place>> {
    let mut numbers = [0; 7];
    for number in &mut numbers {
        *number = row.take::<Option<i32>>()?.unwrap_or(0);
    }
    let [id, level, province, city, county, township, village] = numbers;
    let level = Level::from_number(level);
    Ok(level.map(|level| Place { id, level, path: [province, city, county, township, village] }))
}

/// The division with this id.
pub async fn by_id(conn: &impl ConnectionTrait, id: DivisionId) -> Outcome<division::Model> {
    division::Entity::find_by_id(id).one(conn).await?.ok_or(Problem::NotFound)
}

/// Short forms of many divisions at once, keyed by id.
pub async fn labels(
    conn: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = DivisionId>,
) -> Outcome<std::collections::HashMap<DivisionId, PlaceRef>> {
    let mut wanted: Vec<DivisionId> = ids.into_iter().filter(|id| *id != 0).collect();
    wanted.sort_unstable();
    wanted.dedup();
    Ok(many(conn, wanted).await?.into_iter().map(|r| (r.id, r.short())).collect())
}

/// The divisions with these ids.
pub async fn many(conn: &impl ConnectionTrait, ids: Vec<DivisionId>) -> Outcome<Vec<division::Model>> {
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(400) {
        rows.extend(division::Entity::find().filter(division::Column::Id.is_in(chunk.to_vec())).all(conn).await?);
    }
    Ok(rows)
}

/// The county (or what stands for it) of a place, as a place of its own.
pub async fn county_of(conn: &impl ConnectionTrait, place: &Place) -> Outcome<Place> {
    if place.level <= Level::County {
        return Ok(*place);
    }
    let id = place.at(Level::County);
    Ok(by_id(conn, id).await?.place())
}

/// Whether any division is loaded at all.
pub async fn is_loaded(conn: &impl ConnectionTrait) -> Outcome<bool> {
    let query = Query::select().column(division::Column::Id).from(division::Entity).limit(1).to_owned();
    Ok(conn.query_one(&query).await?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_padded_code_may_stand_for_every_level_it_can_be_cut_to() {
        let w = wanted("430703000000").unwrap();
        assert_eq!(w.codes, ["430703000000", "430703000", "430703"]);
        assert_eq!(wanted("stat:44").unwrap(), Wanted { civil: false, stat: true, codes: vec!["44".to_owned()] });
        assert!(wanted("鼎城").is_none());
        assert!(wanted("4307x").is_none());
        assert!(wanted("foo:44").is_none());
    }
}
