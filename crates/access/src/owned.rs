//! Rows that belong to an account (自己的): reached by their owner only, and read by the staff of a place once they are shared with it.

use kernel::{Outcome, Permit, Sees};
use sea_orm::{ActiveModelTrait, ColumnTrait as _, Condition, EntityTrait, IntoActiveModel, ModelTrait};

use crate::{
    Scope, Writing,
    visible::{Source, Visible},
    writing::Kept,
};

/// A table whose rows belong to an account.
pub trait Owned: EntityTrait {
    /// The column that holds the account.
    fn account() -> Self::Column;
    /// The column that holds the place a row is shared with (0: with nobody), where rows can be shared.
    fn shared() -> Option<Self::Column>;
}

/// Declares that rows of the entity in this module belong to an account: `owned!(AccountId; shared SharedPlaceId)`.
#[macro_export]
macro_rules! owned {
    ($account:ident $(; shared $shared:ident)?) => {
        impl $crate::owned::Owned for Entity {
            fn account() -> Column {
                Column::$account
            }
            fn shared() -> Option<Column> {
                #[allow(unreachable_code)]
                { $(return Some(Column::$shared);)? None }
            }
        }
    };
}

impl<P: Permit> Scope<P> {
    fn of_me<E: Owned>(&self) -> Condition {
        Condition::all().add(E::account().eq(self.actor()))
    }

    /// Rows of `E` that belong to the caller.
    pub fn mine<E: Owned>(&self) -> Visible<'static, E>
    where
        P: Sees<E>,
    {
        Visible::part(Source::Read(self.floor().clone()), self.of_me::<E>())
    }

    /// Rows of `E` that somebody shared with a place the caller works in: the place of a grant or one around it.
    pub fn shared_with_me<E: Owned>(&self) -> Visible<'static, E>
    where
        P: Sees<E>,
    {
        let mut places: Vec<i32> =
            self.session().grants.iter().flat_map(|g| g.place.path).filter(|id| *id > 0).collect();
        places.sort_unstable();
        places.dedup();
        let condition = match E::shared() {
            Some(column) => Condition::all().add(column.is_in(places)),
            None => Condition::all().add(E::account().is_null()),
        };
        Visible::part(Source::Read(self.floor().clone()), condition)
    }
}

impl<P: Permit> Writing<'_, P> {
    /// Rows of `E` that belong to the caller, as they are in this transaction.
    pub fn mine<E: Owned>(&self) -> Visible<'_, E>
    where
        P: Sees<E>,
    {
        Visible::part(Source::Write(self.derived()), self.scope().of_me::<E>())
    }

    /// Inserts a row that belongs to the caller.
    pub async fn insert_mine<E>(&self, mut row: E::ActiveModel) -> Outcome<E::Model>
    where
        E: Kept + Owned,
        P: Sees<E>,
        E::ActiveModel: ActiveModelTrait<Entity = E> + sea_orm::ActiveModelBehavior + Send,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
    {
        row.set(E::account(), self.scope().actor().into());
        self.insert_for_others::<E>(row).await
    }
}
