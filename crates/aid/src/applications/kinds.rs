//! The history of an application, which is part of a minor's file.

use access::{
    Id, Kept as _, Scope,
    history::{Kind, ReadAccessLog, ReadHistory},
};
use futures::future::BoxFuture;
use kernel::{Outcome, Permit, Sees};
use people::{applications::row::application, minors, persons::row::person};
use sea_orm::ColumnTrait as _;

async fn find<P: Permit + Sees<application::Entity>>(scope: &Scope<P>, id: Id) -> Outcome<application::Model> {
    scope.find_with_trail::<application::Entity>(None).filter(application::Column::Id.eq(id)).required().await
}

/// The history of an application: of a minor's, for whoever may open the file.
pub fn application() -> Kind {
    fn history(scope: Scope<ReadHistory>, id: Id) -> BoxFuture<'static, Outcome<()>> {
        Box::pin(async move {
            let row = find(&scope, id).await?;
            match scope.parts::<person::Entity, application::Entity>(&row).one().await? {
                Some(person) => minors::must_open(&scope, &person).await.map(|_| ()),
                None => Ok(()),
            }
        })
    }
    fn access(scope: Scope<ReadAccessLog>, id: Id) -> BoxFuture<'static, Outcome<()>> {
        Box::pin(async move { find(&scope, id).await.map(|_| ()) })
    }
    Kind::with(application::Entity::KIND, history, access)
}
