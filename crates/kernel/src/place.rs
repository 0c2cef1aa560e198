//! Places (行政区划) as every room sees them: an own integer id and the ids of all levels above.
//!
//! Codes are attributes that change and that two official lists disagree on; the id never changes.
//! Where the real tree skips a level (东莞 has no counties, 仙桃 hangs below its province) the missing level repeats the
//! nearest ancestor, so that a list at any level is an equality on one column.

use serde::{Deserialize, Serialize};

/// Own id of a division; never shown to users.
pub type DivisionId = i32;

/// Administrative level: province 1, prefecture 2, county 3, township 4, village 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Level {
    /// 省、自治区、直辖市
    Province = 1,
    /// 地级市、地区、自治州、盟
    City = 2,
    /// 市辖区、县、县级市、旗
    County = 3,
    /// 乡、镇、街道
    Township = 4,
    /// 村、社区
    Village = 5,
}

impl Level {
    /// All levels from province to village.
    pub const ALL: [Level; 5] = [Level::Province, Level::City, Level::County, Level::Township, Level::Village];

    /// The level with this number, 1 to 5.
    pub fn from_number(number: i32) -> Option<Level> {
        Level::ALL.into_iter().find(|l| l.number() == number)
    }

    /// The number of this level, 1 to 5.
    pub fn number(self) -> i32 {
        self as i32
    }
}

/// A division with the ids of every level above it, filled as described in the module text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// Own id.
    pub id: DivisionId,
    /// Level of the division itself.
    pub level: Level,
    /// Ids for province, city, county, township, village; levels below its own are 0.
    pub path: [DivisionId; 5],
}

impl Place {
    /// The id of this place's ancestor (or itself) at `level`; 0 below its own level.
    pub fn at(&self, level: Level) -> DivisionId {
        let [p, c, k, t, v] = self.path;
        match level {
            Level::Province => p,
            Level::City => c,
            Level::County => k,
            Level::Township => t,
            Level::Village => v,
        }
    }

    /// Whether `other` is this place or lies inside it.
    pub fn contains(&self, other: &Place) -> bool {
        other.level >= self.level && other.at(self.level) == self.id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_contains_itself_and_what_lies_below_but_not_above() {
        let county = Place { id: 30, level: Level::County, path: [1, 2, 30, 0, 0] };
        let town = Place { id: 40, level: Level::Township, path: [1, 2, 30, 40, 0] };
        assert!(county.contains(&county));
        assert!(county.contains(&town));
        assert!(!town.contains(&county));
    }

    #[test]
    fn a_city_without_counties_contains_its_towns() {
        let city = Place { id: 2, level: Level::City, path: [1, 2, 0, 0, 0] };
        let town = Place { id: 40, level: Level::Township, path: [1, 2, 2, 40, 0] };
        assert!(city.contains(&town));
    }
}
