//! What nearly every request asks for again: divisions by id and by code, and display names of accounts.
//!
//! Nothing here can be stale. Every audited change of a division, an account or a published rule raises `setting.known.generation` in its own
//! transaction; signing in a request reads it in the same statement as the session, and a memory of another generation is
//! not used. A row read under one generation is not kept when another has begun in the meantime.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use kernel::{Id, place::DivisionId};

use crate::placement::division;

/// Name of the row in `setting`.
pub const GENERATION: &str = "known.generation";
/// Entries of a kind before the memory starts afresh (about 10 MB in all).
const MOST: usize = 20_000;

/// The memory of one process.
#[derive(Default)]
pub struct Known(RwLock<Inner>);

#[derive(Default)]
struct Inner {
    generation: i64,
    divisions: HashMap<DivisionId, division::Model>,
    codes: HashMap<String, DivisionId>,
    names: HashMap<Id, String>,
}

impl Inner {
    fn begin(&mut self, generation: i64) {
        *self = Self { generation, ..Self::default() };
    }

    /// Whether rows read under this generation may be kept.
    fn takes(&mut self, generation: i64) -> bool {
        if generation > self.generation {
            self.begin(generation);
        }
        let full = self.divisions.len().max(self.codes.len()).max(self.names.len()) >= MOST;
        if full {
            self.begin(self.generation);
        }
        generation == self.generation
    }
}

/// Whether an audited act of this kind changes what is remembered.
pub(crate) fn changes(object_kind: &str, action: &str) -> bool {
    object_kind.starts_with("division")
        || object_kind == "policy_revision"
        || (object_kind == "account" && matches!(action, "insert" | "update"))
}

impl Known {
    fn read<T>(&self, generation: i64, find: impl FnOnce(&Inner) -> Option<T>) -> Option<T> {
        let inner = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if inner.generation == generation { find(&inner) } else { None }
    }

    fn keep(&self, generation: i64, put: impl FnOnce(&mut Inner)) {
        let mut inner = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if inner.takes(generation) {
            put(&mut inner);
        }
    }

    /// The division with this id.
    pub fn division(&self, generation: i64, id: DivisionId) -> Option<division::Model> {
        self.read(generation, |inner| inner.divisions.get(&id).cloned())
    }

    /// The division this text was found to name.
    pub fn coded(&self, generation: i64, text: &str) -> Option<division::Model> {
        self.read(generation, |inner| inner.codes.get(text).and_then(|id| inner.divisions.get(id)).cloned())
    }

    /// The display name of an account.
    pub fn name(&self, generation: i64, id: Id) -> Option<String> {
        self.read(generation, |inner| inner.names.get(&id).cloned())
    }

    /// Keeps divisions.
    pub fn keep_divisions(&self, generation: i64, rows: &[division::Model]) {
        self.keep(generation, |inner| inner.divisions.extend(rows.iter().map(|row| (row.id, row.clone()))));
    }

    /// Keeps what a text named.
    pub fn keep_code(&self, generation: i64, text: &str, row: &division::Model) {
        self.keep(generation, |inner| {
            inner.codes.insert(text.to_owned(), row.id);
            inner.divisions.insert(row.id, row.clone());
        });
    }

    /// Keeps names.
    pub fn keep_names<'a>(&self, generation: i64, rows: impl IntoIterator<Item = (&'a Id, &'a String)>) {
        self.keep(generation, |inner| {
            inner.names.extend(rows.into_iter().map(|(id, name)| (*id, name.clone())));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        let (known, id) = (Known::default(), Id::nil());
        let old = (id, "旧名".to_owned());
        let new = (id, "新名".to_owned());
        known.keep_names(5, [(&old.0, &old.1)]);
        assert_eq!(known.name(5, id).as_deref(), Some("旧名"));
        assert_eq!(known.name(6, id), None, "the next generation knows nothing yet");
        known.keep_names(6, [(&new.0, &new.1)]);
        known.keep_names(5, [(&old.0, &old.1)]);
        assert_eq!(known.name(6, id).as_deref(), Some("新名"));
        assert_eq!(known.name(5, id), None);
    }
}
