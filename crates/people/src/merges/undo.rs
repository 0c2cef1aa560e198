//! Taking a merge back.

use access::{Scope, Writing, Written, cells::Cells};
use kernel::{Id, Outcome, Problem};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    DONE, Merge, UNDONE,
    actions::{audited, restate, told, visits_of},
    carry::{self, Aside, CARRIED, Carry, Part},
    model::Field,
    row::person_merge,
    shell, store,
};
use crate::{
    applications,
    categories::row::category_assignment,
    figures, persons,
    persons::{
        checks::{Faults, SHORT},
        row::person,
    },
    screening, services,
    visits::{self, row::visit},
};

const ACTION: &str = "undo_merge";

/// A merge to take back.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUndo {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Revision of the merge the caller saw.
    pub rev: i32,
    /// Why.
    #[schema(max_length = 200)]
    pub reason: String,
    /// Visits and categories entered since that belong to the other record.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub give_back: Vec<Uuid>,
}

/// Takes a merge back.
pub async fn undo(scope: &Scope<Merge>, id: Id, new: NewUndo, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    let reason = faults.text("reason", &new.reason, SHORT);
    faults.list("give_back", &new.give_back);
    faults.done(Some(()))?;
    scope
        .write_once(new.id, &[digest, id.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let row = tx.get_rev::<person_merge::Entity>(id, new.rev).await?;
                let act = Act::open(tx, row).await?;
                act.must_be_possible(tx).await?;
                act.take_back(tx, &new.give_back, &reason).await
            })
        })
        .await
}

/// A merge with everything its undo needs.
struct Act {
    row: person_merge::Model,
    asides: Vec<Aside>,
    survivor: person::Model,
    absorbed: person::Model,
    take: Vec<Field>,
}

impl Act {
    async fn open(tx: &Writing<'_, Merge>, row: person_merge::Model) -> Outcome<Self> {
        if row.state != DONE {
            return refuse(
                "merge.not_standing",
                "这次合并已经撤销或尚未生效，请刷新页面。",
                "This merge does not stand; reload the page.",
            );
        }
        let names: Vec<String> = serde_json::from_str(&row.choices).unwrap_or_default();
        Ok(Self {
            asides: carry::asides(tx, row.id).await?,
            survivor: store::person_in(tx, row.survivor_id).await?,
            absorbed: store::person_in(tx, row.absorbed_id).await?,
            take: names.iter().filter_map(|n| Field::named(n)).collect(),
            row,
        })
    }

    /// Refuses, with the reason, what cannot be taken back.
    async fn must_be_possible(&self, tx: &Writing<'_, Merge>) -> Outcome<()> {
        if self.survivor.county_id == 0 {
            return refuse(
                "merge.undo_survivor_gone",
                "保留的档案后来又被合并或移入回收站。请先撤销那一步，再撤销这次合并。",
                "The record that stayed was itself merged or removed later. Take that back first.",
            );
        }
        if store::into_in(tx, self.survivor.id).await?.first().is_some_and(|last| last.id != self.row.id) {
            return refuse(
                "merge.undo_later_first",
                "此后又有其他档案并入同一份档案。请先撤销最近的一次合并，再撤销这一次。",
                "Another record was merged into the same one later. Take the latest merge back first.",
            );
        }
        for (field, part) in [(Field::Ledger, Part::Ledger), (Field::Residence, Part::Residence)] {
            if self.take.contains(&field) && self.went_on(tx, part).await? {
                return refuse(
                    "merge.undo_went_on",
                    "合并时采用的台账或住址此后又有变动，两份档案已无法准确分开。请不要撤销，改为直接更正档案。",
                    "The ledger or residence taken over went on since, so the two can no longer be told apart. Correct the record instead.",
                );
            }
        }
        Ok(())
    }

    /// Whether rows that changed sides were added to or changed since.
    async fn went_on(&self, tx: &Writing<'_, Merge>, part: Part) -> Outcome<bool> {
        for what in CARRIED.iter().filter(|c| c.carry == Carry::Follow(part)) {
            let now = tx.cells(what.table, what.key, what.column, self.survivor.id).await?;
            let mut then: Vec<&Cells> =
                self.asides.iter().filter(|a| self.came_over(a, what.table)).map(|a| &a.key).collect();
            then.retain(|key| !now.contains(key));
            let came = self.asides.iter().filter(|a| self.came_over(a, what.table)).count();
            if !then.is_empty() || came != now.len() {
                return Ok(true);
            }
        }
        Ok(part == Part::Residence && self.survivor_moved())
    }

    /// Whether the survivor no longer lives where the merge left it.
    fn survivor_moved(&self) -> bool {
        let is_survivor =
            |a: &&Aside| a.table == "person" && a.key.iter().any(|(_, cell)| *cell == self.survivor.id.into());
        let mut cells = self.asides.iter().filter(is_survivor).flat_map(|a| &a.cells);
        cells.any(|(c, _, after)| c == "village_id" && *after != self.survivor.village_id.into())
    }

    fn came_over(&self, aside: &Aside, table: &str) -> bool {
        let side = |(c, _, after): &carry::Changed| c == "person_id" && *after == self.survivor.id.into();
        aside.table == table && aside.cells.iter().any(side)
    }

    async fn take_back(&self, tx: &Writing<'_, Merge>, give_back: &[Id], reason: &str) -> Outcome<()> {
        let later = self.later(tx).await?;
        if give_back.iter().any(|id| !later.contains(id)) {
            return Err(Problem::invalid(kernel::Field::new(
                "give_back",
                "unknown",
                "只能分还合并之后新增的走访和类别，请刷新页面后重选。",
                "Only visits and categories entered since the merge can be given back; reload the page.",
            )));
        }
        let path = self.row.path();
        let all = visits_of(tx, self.survivor.id).await?;
        let (mut survivor, mut absorbed) = (self.survivor.clone(), self.absorbed.clone());
        for aside in &self.asides {
            let is = |id: Id| aside.table == "person" && aside.key.iter().any(|(_, cell)| *cell == id.into());
            if is(self.absorbed.id) {
                absorbed = shell::put_back(tx, &aside.cells, &absorbed, Some(path)).await?;
            } else if is(self.survivor.id) {
                survivor = shell::put_back(tx, &aside.cells, &survivor, None).await?;
            } else if carry::follows(&aside.table) && aside.cells.iter().all(|(c, ..)| c == "person_id") {
                // Changes sides as a whole, below.
            } else {
                let place = if carry::is_placed(&aside.table) { carry::place_cells(path) } else { Cells::new() };
                carry::put_back(tx, aside, &place, ACTION).await?;
            }
        }
        for (field, part) in [(Field::Ledger, Part::Ledger), (Field::Residence, Part::Residence)] {
            if self.take.contains(&field) {
                for what in CARRIED.iter().filter(|c| c.carry == Carry::Follow(part)) {
                    carry::exchange(tx, what, self.survivor.id, self.absorbed.id, self.row.id, ACTION).await?;
                }
            }
        }
        self.give(tx, give_back, path).await?;
        if !later.is_empty() || self.touched() {
            survivor = restate(tx, &survivor).await?;
            absorbed = restate(tx, &absorbed).await?;
        }
        if survivor.path() != self.survivor.path() {
            visits::follow(tx, &survivor).await?;
        }
        applications::store::follow(tx, &survivor).await?;
        screening::store::follow(tx, &survivor).await?;
        applications::store::follow(tx, &absorbed).await?;
        screening::store::follow(tx, &absorbed).await?;
        services::regrouped(tx, &all, &visits_of(tx, self.survivor.id).await?).await?;
        services::regrouped(tx, &[], &visits_of(tx, self.absorbed.id).await?).await?;
        for (before, after) in [(&self.survivor, &survivor), (&self.absorbed, &absorbed)] {
            figures::moved(tx, Some(before), after).await?;
            persons::store::put_words(tx, after).await?;
        }
        told(tx, ACTION, (&survivor, &absorbed), reason).await?;
        let (now, actor, reason) = (tx.scope().now(), tx.scope().actor(), reason.to_owned());
        tx.update::<person_merge::Entity>(&self.row, |r| {
            r.state = Set(UNDONE.to_owned());
            r.undone_by = Set(Some(actor));
            r.undone_at = Set(Some(now));
            r.undo_reason = Set(Some(reason));
        })
        .await
        .map(|_| ())
    }

    /// Whether the surviving record was changed since the merge.
    fn touched(&self) -> bool {
        let moved: serde_json::Value = serde_json::from_str(&self.row.moved).unwrap_or_default();
        moved.get("survivor_rev").is_none_or(|rev| *rev != self.survivor.rev)
    }

    /// Ids of visits and categories of the survivor entered since the merge.
    async fn later(&self, tx: &Writing<'_, Merge>) -> Outcome<Vec<Id>> {
        let since = self.row.decided_at.unwrap_or(i64::MAX);
        let visits = visit::Entity::find()
            .filter(visit::Column::PersonId.eq(self.survivor.id))
            .filter(visit::Column::CreatedAt.gte(since))
            .all(tx.derived())
            .await?;
        let categories = category_assignment::Entity::find()
            .filter(category_assignment::Column::PersonId.eq(self.survivor.id))
            .all(tx.derived())
            .await?;
        let moved = |id: Id| self.asides.iter().any(|a| a.key.iter().any(|(_, cell)| *cell == id.into()));
        let made = |id: Id| id.get_timestamp().map_or(0, |t| i64::try_from(t.to_unix().0).unwrap_or(0)) * 1_000;
        let visits = visits.into_iter().map(|v| v.id);
        let categories = categories.into_iter().map(|c| c.id).filter(|id| made(*id) + 1_000 > since);
        Ok(visits.chain(categories).filter(|id| !moved(*id)).collect())
    }

    /// Gives chosen later rows to the record that comes back.
    async fn give(&self, tx: &Writing<'_, Merge>, ids: &[Id], path: [i32; 5]) -> Outcome<()> {
        for id in ids {
            let mut set: Cells = vec![("person_id".to_owned(), self.absorbed.id.into())];
            let is_visit = visit::Entity::find_by_id(*id).one(tx.derived()).await?.is_some();
            let row = if is_visit {
                set.extend(carry::place_cells(path));
                audited("visit", "visit", *id)
            } else {
                audited("category_assignment", "category_assignment", *id)
            };
            carry::set_row(tx, &row, &set, ACTION).await?;
        }
        Ok(())
    }
}

fn refuse<T>(rule: &'static str, zh: &str, en: &str) -> Outcome<T> {
    Err(Problem::refused(rule, zh, en))
}
