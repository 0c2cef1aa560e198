//! Open tasks follow their subject when it is handed over: none is orphaned, none stays in the inbox of who may no longer act.

use kernel::{Id, Level, Outcome, Permit, Place};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::{Writing, row::task};

/// The open tasks about a subject.
pub async fn open_of<P: Permit>(tx: &Writing<'_, P>, subject_kind: &str, subject: Id) -> Outcome<Vec<task::Model>> {
    Ok(task::Entity::find()
        .filter(task::Column::SubjectKind.eq(subject_kind))
        .filter(task::Column::SubjectId.eq(subject))
        .filter(task::Column::State.eq("open"))
        .all(tx.derived())
        .await?)
}

/// Takes the open tasks about a subject to another place and, where they were meant for one account, to another account.
pub async fn follow<P: Permit>(
    tx: &Writing<'_, P>,
    subject_kind: &str,
    subject: Id,
    place: &Place,
    account: Option<Id>,
) -> Outcome<()> {
    for row in open_of(tx, subject_kind, subject).await? {
        let at = |level| place.at(level);
        // Without an account yet, who heads the station sees it.
        let to_head = row.account_id.is_some() && account.is_none();
        tx.update_part::<task::Entity>(&row, |r| {
            r.village_id = Set(at(Level::Village));
            r.township_id = Set(at(Level::Township));
            r.county_id = Set(at(Level::County));
            r.city_id = Set(at(Level::City));
            r.province_id = Set(at(Level::Province));
            if row.account_id.is_some() {
                r.account_id = Set(account);
            }
            if to_head && row.role == "SW" {
                r.role = Set("SH".to_owned());
            }
        })
        .await?;
    }
    Ok(())
}
