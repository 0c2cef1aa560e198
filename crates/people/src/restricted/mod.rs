//! Restricted files (受限档案, class C4): child protection, domestic violence, mental disorder, correction, detox.
//!
//! What is recorded here exists for the people on the file's named list and for nobody else. A file is proposed with its
//! list and its first entries by one person and approved by a second; names are added the same way. Kind, facts, notes and
//! the restricted categories are ciphertext inside the file and stand nowhere else: no category bit, no tag, no counter,
//! no due timer, no timeline. So for everybody else the person looks exactly as without the file, by construction.
//! To keep an urgent case in view the file has a day of its own (`follow_up_on`), shown to those on the list.
//!
//! Every opening asks for a reason and is one audit record, committed before the answer. Entries are never edited: a
//! correction is a new version, the old one stays. Break-glass opens every file of a person for a short time, with a
//! reason; the head and the auditor are told in the same transaction, which no parameter can switch off.
//!
//! A diagnosis of a mental disorder comes from a medical institution, never from a worker (精神卫生法 art. 23, 27).
//! Not here: approving (`clearances`), minors' ordinary files (`minors`), statistics over restricted facts (there are none).

pub mod actions;
pub mod http;
pub mod model;
pub mod row;
pub mod store;

use access::{
    Id, Kept as _, Scope,
    history::{Kind, ReadAccessLog, ReadHistory},
    restricted::row::file,
};
use futures::future::BoxFuture;
use kernel::{Outcome, Problem, permits};

use crate::persons::row::person;

pub use http::routes;

/// Who opened a restricted file: for those on its list who read access logs, and for the auditor. Its changes are not shown.
pub fn kind() -> Kind {
    fn history(_: Scope<ReadHistory>, _: Id) -> BoxFuture<'static, Outcome<()>> {
        Box::pin(async { Err(Problem::NotFound) })
    }
    fn access(scope: Scope<ReadAccessLog>, id: Id) -> BoxFuture<'static, Outcome<()>> {
        Box::pin(async move {
            if scope.roles().any(|role| role == "AU") {
                return Ok(());
            }
            access::restricted::subject(&scope, id).await.map(|_| ())
        })
    }
    Kind::with(file::Entity::KIND, history, access)
}

permits! {
    /// Opening restricted files that name the caller.
    Read = "people.restricted.read", "查看受限档案（须在知悉人名单内）", "Open restricted files (named only)",
        sees [file::Entity, person::Entity];
    /// Proposing restricted files and names for their list.
    Propose = "people.restricted.propose", "建立受限档案", "Propose restricted files", sees [file::Entity, person::Entity];
    /// Writing to restricted files that name the caller.
    Write = "people.restricted.write", "填写受限档案（须在知悉人名单内）", "Write to restricted files (named only)",
        sees [file::Entity, person::Entity];
    /// Opening a person's restricted files in an emergency.
    BreakGlass = "people.restricted.break_glass", "紧急查阅受限档案", "Break-glass", sees [file::Entity, person::Entity];
}
