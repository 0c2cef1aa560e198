//! Reach: the places (or own rows) an account's grants open for one permit.

use kernel::{Id, Level, Place};

/// One part of a reach; a row is visible when any part covers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Rows inside a place.
    Inside(Place),
    /// Rows inside a place that name the account.
    Own(Place, Id),
    /// Every row, for objects without a place.
    All,
}

/// The most parts one permit may have; a grant that would exceed it is refused when it is made.
pub const MOST_PARTS: usize = 16;

impl Reach {
    /// The part of this reach that lies inside `place`.
    pub fn within(&self, place: &Place) -> Option<Reach> {
        let narrow = |granted: &Place| -> Option<Place> {
            if granted.contains(place) {
                Some(*place)
            } else if place.contains(granted) {
                Some(*granted)
            } else {
                None
            }
        };
        match self {
            Reach::Inside(granted) => narrow(granted).map(Reach::Inside),
            Reach::Own(granted, id) => narrow(granted).map(|p| Reach::Own(p, *id)),
            Reach::All => Some(Reach::Inside(*place)),
        }
    }

    /// Whether a row with this path and this responsible account is covered.
    pub fn covers(&self, path: &[i32; 5], owner: Option<Id>) -> bool {
        let inside = |p: &Place| {
            let [a, b, c, d, e] = *path;
            let at = match p.level {
                Level::Province => a,
                Level::City => b,
                Level::County => c,
                Level::Township => d,
                Level::Village => e,
            };
            at == p.id
        };
        match self {
            Reach::Inside(p) => inside(p),
            Reach::Own(p, id) => inside(p) && owner == Some(*id),
            Reach::All => true,
        }
    }
}

/// Drops parts that another part covers already, so that no row is listed twice.
pub fn simplify(parts: Vec<Reach>) -> Vec<Reach> {
    let mut kept: Vec<Reach> = Vec::new();
    for part in parts {
        if kept.iter().any(|k| covers_all(k, &part)) {
            continue;
        }
        kept.retain(|k| !covers_all(&part, k));
        kept.push(part);
    }
    kept
}

fn covers_all(big: &Reach, small: &Reach) -> bool {
    match (big, small) {
        (Reach::All, _) => true,
        (Reach::Inside(b), Reach::Inside(s) | Reach::Own(s, _)) => b.contains(s),
        (Reach::Own(b, x), Reach::Own(s, y)) => x == y && b.contains(s),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTY: Place = Place { id: 30, level: Level::County, path: [1, 2, 30, 0, 0] };
    const TOWN: Place = Place { id: 40, level: Level::Township, path: [1, 2, 30, 40, 0] };

    #[test]
    fn a_reach_inside_another_is_dropped() {
        assert_eq!(simplify(vec![Reach::Inside(TOWN), Reach::Inside(COUNTY)]), [Reach::Inside(COUNTY)]);
        assert_eq!(simplify(vec![Reach::Inside(COUNTY), Reach::Own(TOWN, Id::nil())]), [Reach::Inside(COUNTY)]);
    }

    #[test]
    fn narrowing_gives_the_smaller_of_the_two_places() {
        assert_eq!(Reach::Inside(COUNTY).within(&TOWN), Some(Reach::Inside(TOWN)));
        assert_eq!(Reach::Inside(TOWN).within(&COUNTY), Some(Reach::Inside(TOWN)));
        let other = Place { id: 41, level: Level::Township, path: [1, 2, 30, 41, 0] };
        assert_eq!(Reach::Inside(other).within(&TOWN), None);
    }
}
