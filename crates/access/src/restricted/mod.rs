//! Restricted files (受限档案, class C4): a row rule of its own, the *named list*.
//!
//! A file is about one person; who may read it is written down by name. Each name is a [`clearance`](row::clearance) that
//! one person proposes and another approves. The tables have no place and no parent, so `scope.find` and `scope.parts`
//! do not compile for them. What stands in a file is reached through [`Opened`] only, and an `Opened` is made in one place:
//! [`open`], which checks the list, counts the opening and commits its audit record *before* anything is read.
//!
//! Break-glass (紧急查阅) is a clearance for every file of a person that somebody gives to himself, with a reason, for a short
//! time. The room that raises it tells the head and the auditor in the same transaction. It ends by the clock.
//!
//! Not visible is 404 here as everywhere: whoever is not on the list gets the answer of a file that does not exist.

mod open;
pub mod row;

use sea_orm::EntityTrait;

pub use open::{
    Cleared, Known, Opened, append, change_file, clear, clearances_of, cleared, decide, mine, names_on, newest_request,
    of_person, open, propose, reason_of, subject,
};

impl kernel::Sees<row::file::Entity> for crate::history::ReadAccessLog {}

/// A table whose rows stand in a restricted file and are reached through an opened one only.
pub trait InFile: EntityTrait {
    /// The column that holds the file's id.
    fn file_column() -> Self::Column;
}

/// Declares that rows of the entity in this module stand in restricted files.
#[macro_export]
macro_rules! in_file {
    ($column:ident) => {
        impl $crate::restricted::InFile for Entity {
            fn file_column() -> Column {
                Column::$column
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::row::file;
    use crate::{PartOf, Placed};

    /// Resolves for every type; ambiguous, hence no longer compiling, once the type has the trait.
    trait NotPlaced<T> {
        fn holds() {}
    }
    impl<E> NotPlaced<()> for E {}
    impl<E: Placed> NotPlaced<u8> for E {}

    trait NotPart<T> {
        fn holds() {}
    }
    impl<E> NotPart<()> for E {}
    impl<E: PartOf<file::Entity>> NotPart<u8> for E {}

    #[test]
    fn no_query_of_a_room_compiles_for_restricted_files() {
        <file::Entity as NotPlaced<_>>::holds();
        <file::Entity as NotPart<_>>::holds();
    }
}
