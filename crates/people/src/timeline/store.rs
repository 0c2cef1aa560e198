//! Gathers what the timeline of one person shows; each source is asked through the person, who is inside the scope.

use access::Scope;
use kernel::{Outcome, codes::Lang};
use sea_orm::ColumnTrait as _;

use super::model::{self, Item, Key};
use crate::{
    categories, handovers, households, ledger,
    persons::row::person,
    visits::{self, Read, row::visit},
};

/// The items of a page: everything of the small sources, and as many visits as the page can hold.
pub async fn items(
    scope: &Scope<Read>,
    person: &person::Model,
    after: Option<Key>,
    rows: usize,
    lang: Lang,
) -> Outcome<Vec<Item>> {
    let mut items = model::of_person(person, lang);
    items.extend(ledger::store::steps(scope, person).await?.iter().map(|step| model::of_step(step, lang)));
    for row in categories::store::of(scope, person).await? {
        items.extend(model::of_category(&row, lang));
    }
    for row in households::store::memberships_of(scope, person).await? {
        items.extend(model::of_membership(&row, lang));
    }
    for row in handovers::store::all_of(scope, person).await? {
        items.extend(model::of_handover(&row, lang));
    }
    // Visits of the cursor's own day may stand before or behind it; a day holds few.
    let to = after.map(|Key(on, ..)| on);
    let same_day = if after.is_some() { SAME_DAY } else { 0 };
    let mut history = visits::store::history_of(scope, person, to, rows as u64 + same_day);
    if visits::store::by_own_trail(scope, person).await? {
        history = history.filter(visit::Column::WorkerId.eq(scope.actor()));
    }
    for visit in history.all().await? {
        let addenda = visits::store::addenda(scope, &visit).await?;
        items.extend(model::of_visit(&visit, &addenda, lang));
    }
    Ok(model::merge(items, after, rows))
}

/// More visits than one person gets in a day.
const SAME_DAY: u64 = 30;
