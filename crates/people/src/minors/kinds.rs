//! The history of a person and of a visit, which is part of a minor's file.

use access::{
    Id, Kept as _, Scope,
    history::{Kind, ReadAccessLog, ReadHistory},
};
use futures::future::BoxFuture;
use kernel::{Outcome, Permit, Sees};
use sea_orm::ColumnTrait as _;

use super::must_open;
use crate::{persons::row::person, visits::row::visit};

async fn find_person<P: Permit + Sees<person::Entity>>(scope: &Scope<P>, id: Id) -> Outcome<person::Model> {
    scope.find_with_trail::<person::Entity>(None).filter(person::Column::Id.eq(id)).required().await
}

async fn find_visit<P: Permit + Sees<visit::Entity>>(scope: &Scope<P>, id: Id) -> Outcome<visit::Model> {
    scope.find_with_trail::<visit::Entity>(None).filter(visit::Column::Id.eq(id)).required().await
}

/// Persons: changes of a minor's data are read by whoever may open the file; who opened it is for the overseers.
pub fn person() -> Kind {
    fn history(scope: Scope<ReadHistory>, id: Id) -> BoxFuture<'static, Outcome<()>> {
        Box::pin(async move { must_open(&scope, &find_person(&scope, id).await?).await.map(|_| ()) })
    }
    fn access(scope: Scope<ReadAccessLog>, id: Id) -> BoxFuture<'static, Outcome<()>> {
        Box::pin(async move { find_person(&scope, id).await.map(|_| ()) })
    }
    Kind::with(person::Entity::KIND, history, access)
}

/// Visits: the same by the person who was visited.
pub fn visit() -> Kind {
    fn history(scope: Scope<ReadHistory>, id: Id) -> BoxFuture<'static, Outcome<()>> {
        Box::pin(async move {
            let visit = find_visit(&scope, id).await?;
            match scope.parts::<person::Entity, visit::Entity>(&visit).one().await? {
                Some(person) => must_open(&scope, &person).await.map(|_| ()),
                None => Ok(()),
            }
        })
    }
    fn access(scope: Scope<ReadAccessLog>, id: Id) -> BoxFuture<'static, Outcome<()>> {
        Box::pin(async move { find_visit(&scope, id).await.map(|_| ()) })
    }
    Kind::with(visit::Entity::KIND, history, access)
}
