//! Minors' files (未成年人档案): opened with an approval, and every opening recorded.
//!
//! A person under 18 (and one without birth date but with a category of children) is a minor here. The *file* is what tells
//! more than a list needs: the page with full name, birth date, documents, note and evidence, the narrative of visits, the
//! timeline's texts, a reveal, the history of changes. Lists and worklists stay usable: they show the masked row.
//!
//! Who may open it: the responsible worker with a standing approval (asked for by itself when a worker becomes responsible,
//! given at once when the head assigns, ended when somebody else becomes responsible, revocable); the station head as the
//! person in charge, but not for cases of his own; whoever registered the minor for `minors.provisional_days`; anybody else
//! who reaches the person after a request that the head approves, for a limited time; and break-glass.
//! Everybody else gets the closed page: the same answer, masked, with `closed` saying what to do.
//!
//! Source: 未成年人网络保护条例 art. 36 (approval by the person in charge and record); standing approvals: practice, §17.2 of
//! the domain reference.

pub mod actions;
pub mod http;
pub mod kinds;
pub mod store;

use kernel::{Day, codes, day, permits};

use crate::persons::row::person;

pub use actions::follow;
pub use http::{MinorAccess, routes};
pub use store::{Open, Way, must_open, must_open_id, names_in, names_of, open_among, record, recorded, way};

permits! {
    /// Asking for one opening of a minor's file.
    Ask = "people.minors.ask", "申请查阅未成年人档案", "Ask to open a minor's file", sees [person::Entity];
    /// Opening minors' files as the person in charge.
    Oversee = "people.minors.oversee", "查看未成年人档案（负责人）", "Open minors' files (person in charge)",
        sees [person::Entity];
}

/// Age at which somebody is no longer a minor (未成年人保护法 art. 2).
pub const ADULT: u16 = 18;

/// Whether the person is a minor today; without birth date a category of children decides.
pub fn is_minor(person: &person::Model, today: Day) -> bool {
    minor_by(person.birth_date, person.cat_bits, today)
}

/// The same from birth date and open categories.
pub fn minor_by(birth: Option<Day>, cat_bits: i64, today: Day) -> bool {
    match birth {
        Some(birth) => today < day::birthday(birth, ADULT),
        None => cat_bits & codes::children_mask() != 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_a_minor_until_the_day_of_the_18th_birthday() {
        let day = |text: &str| day::parse(text);
        let today = day("2026-11-23").unwrap();
        let orphan = codes::categories_mask(["ORPHAN"]);
        for (birth, bits, minor) in [
            (day("2008-11-24"), 0, true),
            (day("2008-11-23"), 0, false),
            (day("2008-11-23"), orphan, false),
            (None, orphan, true),
            (None, codes::categories_mask(["DIBAO"]), false),
        ] {
            assert_eq!(minor_by(birth, bits, today), minor, "{birth:?} {bits}");
        }
        let leap = day("2008-02-29");
        assert!(minor_by(leap, 0, day("2026-02-27").unwrap()));
        assert!(!minor_by(leap, 0, day("2026-02-28").unwrap()), "the last day of the month stands for the 29th");
    }
}
