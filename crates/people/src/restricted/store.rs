//! Queries over entries and candidates for the list.

use access::{Id, Outcome, Permit, Place, Scope, Writing, restricted::Opened};
use kernel::Problem;
use sea_orm::{ColumnTrait as _, EntityTrait as _, Order, QueryFilter as _, QueryOrder as _};

use super::row::restricted_entry;

/// All versions that stand in an opened file, oldest first.
pub async fn entries(opened: &Opened) -> Outcome<Vec<restricted_entry::Model>> {
    opened.rows::<restricted_entry::Entity>().order(restricted_entry::Column::Id, Order::Asc).all().await
}

/// The number the next version of an entry of this file gets; says nothing of what the entry tells.
pub async fn next_version<P: Permit>(tx: &Writing<'_, P>, file: Id, entry: Id) -> Outcome<i32> {
    let newest = restricted_entry::Entity::find()
        .filter(restricted_entry::Column::EntryId.eq(entry))
        .filter(restricted_entry::Column::FileId.eq(file))
        .order_by_desc(restricted_entry::Column::Version)
        .one(tx.derived())
        .await?;
    newest.map(|row| row.version + 1).ok_or(Problem::NotFound)
}

/// The roles that may take a part on a list.
pub fn roles_of(part: &str) -> &'static [&'static str] {
    match part {
        "owner" => &["SW", "SH"],
        "head" => &["SH"],
        "supervisor" => &["SV"],
        "officer" => &["CA"],
        _ => &["SW"],
    }
}

/// The accounts that may take a part on the list of somebody who lives here, with the role they hold.
pub async fn candidates<P: Permit>(scope: &Scope<P>, place: &Place) -> Outcome<Vec<(Id, &'static str)>> {
    let mut all = Vec::new();
    for role in ["SH", "SW", "SV", "CA"] {
        all.extend(scope.holders(role, place).await?.into_iter().map(|id| (id, role)));
    }
    Ok(all)
}
