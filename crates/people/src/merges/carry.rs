//! Every column of the database that holds a person, and what a merge does with it; and the pen that writes changes down.
//!
//! A test compares [`CARRIED`] with the live schema: a new table with a `person_id` that is not named here turns it red.

use std::collections::BTreeMap;

use access::{
    Writing,
    cells::{Cell, Cells, RowOf, Type},
    row::task,
};
use kernel::{Id, Outcome, Permit, Problem};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::row::set_aside;
use crate::{
    applications::row::application,
    categories::row::{category_assignment, category_review},
    facts::row::person_fact,
    households::row::{household, membership},
    ledger::row::ledger_entry,
    persons::row::person,
    recycle::row::recycled,
    risks::row::risk,
    screening::row::screening_dismissal,
    visits::row::visit,
};

/// What of a record the survivor can take over as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Where the person lived when.
    Residence,
    /// The ledger: episodes and steps.
    Ledger,
}

/// What a merge does with a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carry {
    /// The rows go to the survivor.
    Go,
    /// The rows of the chosen side belong to the survivor, those of the other to the absorbed record.
    Follow(Part),
    /// Written anew from the record.
    Anew,
    /// A rule of its own in this room.
    Rule,
    /// Names the record itself and stays.
    Stay,
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct Carried {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
    /// The table's key.
    pub key: &'static [(&'static str, Type)],
    /// The kind of its rows in the audit log; none when they have no history of their own.
    pub kind: Option<&'static str>,
    /// What happens.
    pub carry: Carry,
    /// Only rows whose text column holds this word.
    pub only: Option<(&'static str, &'static str)>,
    /// The rows carry the place of the person.
    pub placed: bool,
    /// The word under which the preview counts the rows; empty when people need not know.
    pub word: &'static str,
}

const ID: &[(&str, Type)] = &[("id", Type::Id)];

const fn of(table: &'static str, column: &'static str, carry: Carry) -> Carried {
    Carried { table, column, key: ID, kind: None, carry, only: None, placed: false, word: "" }
}

/// Audited rows that go to the survivor.
const fn go(table: &'static str, kind: &'static str, word: &'static str) -> Carried {
    Carried { kind: Some(kind), word, ..of(table, "person_id", Carry::Go) }
}

/// All columns.
pub const CARRIED: &[Carried] = &[
    Carried { placed: true, ..go("visit", "visit", "visits") },
    go("category_assignment", "category_assignment", "categories"),
    go("category_review", "category_review", ""),
    go("risk", "risk", "risks"),
    go("person_fact", "person_fact", "facts"),
    go("screening_dismissal", "screening_dismissal", ""),
    Carried { placed: true, ..go("application", "application", "applications") },
    go("membership", "membership", "households"),
    Carried { column: "subject_id", only: Some(("subject_kind", "person")), ..go("task", "task", "tasks") },
    go("recycled", "recycled", ""),
    go("handover", "handover", ""),
    go("restricted_file", "restricted_file", ""),
    Carried { column: "applicant_id", ..go("unit_decision", "unit_decision", "") },
    Carried {
        key: &[("person_id", Type::Id), ("from_on", Type::Day)],
        word: "residences",
        ..of("residence", "person_id", Carry::Follow(Part::Residence))
    },
    Carried {
        kind: Some("ledger_entry"),
        word: "episodes",
        ..of("ledger_entry", "person_id", Carry::Follow(Part::Ledger))
    },
    Carried {
        key: &[("person_id", Type::Id), ("on_day", Type::Day), ("serial", Type::Big)],
        ..of("ledger_transition", "person_id", Carry::Follow(Part::Ledger))
    },
    of("person_key", "person_id", Carry::Anew),
    // The next run works them out for the record that stands then.
    of("screening_state", "person_id", Carry::Anew),
    of("screening_finding", "person_id", Carry::Anew),
    of("household", "head_id", Carry::Rule),
    of("person", "merged_into", Carry::Rule),
    of("person_twin", "first_id", Carry::Rule),
    of("person_twin", "second_id", Carry::Rule),
    // A bulk act names the records it touched; its own undo finds those that are still there.
    of("bulk_row", "person_id", Carry::Stay),
    // Who may look at a record was approved for that record; for the survivor it is asked for anew. An undo finds both as they were.
    of("clearance", "person_id", Carry::Stay),
    // A station that gave a record up reads that record for a while, not the one it went into.
    of("share", "subject_id", Carry::Stay),
    of("person_merge", "survivor_id", Carry::Stay),
    of("person_merge", "absorbed_id", Carry::Stay),
];

/// The kind of audited rows of a table.
pub fn kind_of(table: &str) -> Option<&'static str> {
    match table {
        "person" => Some("person"),
        "household" => Some("household"),
        _ => CARRIED.iter().find(|c| c.table == table).and_then(|c| c.kind),
    }
}

/// Whether the rows of a table carry the place of their person.
pub fn is_placed(table: &str) -> bool {
    CARRIED.iter().any(|c| c.table == table && c.placed)
}

/// The tables whose rows change sides as a whole.
pub fn follows(table: &str) -> bool {
    CARRIED.iter().any(|c| c.table == table && matches!(c.carry, Carry::Follow(_)))
}

/// Place columns with the ids of this path.
pub fn place_cells([province, city, county, township, village]: [i32; 5]) -> Cells {
    [
        ("province_id", province),
        ("city_id", city),
        ("county_id", county),
        ("township_id", township),
        ("village_id", village),
    ]
    .map(|(column, id)| (column.to_owned(), Cell::from(id)))
    .to_vec()
}

/// One changed cell: column, before, after.
pub type Changed = (String, Cell, Cell);

/// A change that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// Table.
    pub table: String,
    /// Key after the act.
    pub key: Cells,
    /// Changed cells.
    pub cells: Vec<Changed>,
}

/// Carries an act out and sets aside what it changes.
pub struct Pen<'a, 'b, P> {
    /// The open write.
    pub tx: &'a Writing<'b, P>,
    act: Id,
    action: &'static str,
    serial: i32,
    /// Rows changed, by word.
    pub counts: BTreeMap<String, u64>,
}

impl<'a, 'b, P: Permit> Pen<'a, 'b, P> {
    /// A pen for this act, whose audit records carry this action.
    pub fn new(tx: &'a Writing<'b, P>, act: Id, action: &'static str) -> Self {
        Self { tx, act, action, serial: 0, counts: BTreeMap::new() }
    }

    /// Writes a change down without carrying it out.
    pub async fn note(&mut self, table: &str, key: &Cells, cells: &[Changed]) -> Outcome<()> {
        self.serial += 1;
        let json = |value: serde_json::Result<String>| value.map_err(Problem::internal);
        let row = set_aside::ActiveModel {
            act_id: Set(self.act),
            serial: Set(self.serial),
            table_name: Set(table.to_owned()),
            row_key: Set(json(serde_json::to_string(key))?),
            cells: Set(json(serde_json::to_string(cells))?),
        };
        set_aside::Entity::insert(row).exec_without_returning(self.tx.derived()).await?;
        Ok(())
    }

    /// Changes cells of one row and writes them down.
    pub async fn change(&mut self, row: &RowOf, before: &Cells, set: &Cells) -> Outcome<()> {
        let old = |column: &str| before.iter().find(|(c, _)| c == column).map(|(_, cell)| cell.clone());
        let mut cells: Vec<Changed> = Vec::new();
        for (column, after) in set {
            let before = old(column).ok_or_else(|| Problem::internal("a changed cell was not read before"))?;
            if before != *after {
                cells.push((column.clone(), before, after.clone()));
            }
        }
        if cells.is_empty() {
            return Ok(());
        }
        let set: Cells = cells.iter().map(|(c, _, after)| (c.clone(), after.clone())).collect();
        set_row(self.tx, row, &set, self.action).await?;
        let key: Cells = row
            .key
            .iter()
            .map(|(c, cell)| {
                (c.clone(), set.iter().find(|(s, _)| s == c).map_or_else(|| cell.clone(), |(_, a)| a.clone()))
            })
            .collect();
        self.note(&row.table, &key, &cells).await
    }

    /// Gives the rows of one column from one record to another.
    pub async fn give(&mut self, what: &Carried, from: Id, to: Id, path: [i32; 5]) -> Outcome<()> {
        let mut columns: Vec<(&str, Type)> = what.key.to_vec();
        if !columns.iter().any(|(c, _)| *c == what.column) {
            columns.push((what.column, Type::Id));
        }
        if what.placed {
            columns
                .extend(["province_id", "city_id", "county_id", "township_id", "village_id"].map(|c| (c, Type::Int)));
        }
        let mut wanted: Cells = vec![(what.column.to_owned(), from.into())];
        wanted.extend(what.only.map(|(column, word)| (column.to_owned(), Cell::from(word))));
        let rows = self.tx.cells_by(what.table, &columns, &wanted).await?;
        if !what.word.is_empty() && !rows.is_empty() {
            *self.counts.entry(what.word.to_owned()).or_default() += rows.len() as u64;
        }
        for before in rows {
            let key = before.iter().filter(|(c, _)| what.key.iter().any(|(k, _)| k == c)).cloned().collect();
            let mut set: Cells = vec![(what.column.to_owned(), to.into())];
            if what.placed {
                set.extend(place_cells(path));
            }
            let row = RowOf { table: what.table.to_owned(), key, kind: what.kind };
            self.change(&row, &before, &set).await?;
        }
        Ok(())
    }

    /// Lets the rows of two records change sides, by way of an id nobody has.
    pub async fn swap(&mut self, part: Part, one: Id, other: Id) -> Outcome<()> {
        for what in CARRIED.iter().filter(|c| c.carry == Carry::Follow(part)) {
            let mut columns: Vec<(&str, Type)> = what.key.to_vec();
            if !columns.iter().any(|(c, _)| *c == what.column) {
                columns.push((what.column, Type::Id));
            }
            let sides = [(one, other), (other, one)];
            let mut rows = Vec::new();
            for (from, to) in sides {
                rows.extend(
                    self.tx.cells(what.table, &columns, what.column, from).await?.into_iter().map(|r| (r, from, to)),
                );
            }
            self.counts.insert(what.word.to_owned(), rows.len() as u64);
            exchange(self.tx, what, one, other, self.act, self.action).await?;
            for (row, from, to) in rows {
                let moved =
                    |(c, cell): &(String, Cell)| (c.clone(), if c == what.column { to.into() } else { cell.clone() });
                let key: Cells = row.iter().filter(|(c, _)| what.key.iter().any(|(k, _)| k == c)).map(moved).collect();
                self.note(what.table, &key, &[(what.column.to_owned(), from.into(), to.into())]).await?;
            }
        }
        self.counts.remove("");
        Ok(())
    }
}

/// Lets all rows of two records in one table change sides.
pub async fn exchange<P: Permit>(
    tx: &Writing<'_, P>,
    what: &Carried,
    one: Id,
    other: Id,
    between: Id,
    action: &str,
) -> Outcome<()> {
    let Carried { table, column, .. } = what;
    for (from, to) in [(one, between), (other, one), (between, other)] {
        if what.kind.is_none() {
            let text = format!("UPDATE {table} SET {column} = $1 WHERE {column} = $2");
            tx.execute(&text, vec![to.into(), from.into()]).await?;
            continue;
        }
        for key in tx.cells(table, what.key, column, from).await? {
            let row = RowOf { table: (*table).to_owned(), key, kind: what.kind };
            set_row(tx, &row, &vec![((*column).to_owned(), to.into())], action).await?;
        }
    }
    Ok(())
}

/// Sets cells of one row: of an audited one through its entity, so that the record proves the row.
pub async fn set_row<P: Permit>(tx: &Writing<'_, P>, row: &RowOf, set: &Cells, action: &str) -> Outcome<()> {
    if row.kind.is_none() {
        return tx.set_cells(&row.table, &row.key, set).await;
    }
    let id = row.key.iter().find_map(|(_, cell)| if let Cell::Id(Some(id)) = cell { Some(*id) } else { None });
    let id = id.ok_or_else(|| Problem::internal("an audited row is named by its id"))?;
    match row.table.as_str() {
        "visit" => tx.set_kept_cells::<visit::Entity>(id, set, action).await,
        "category_assignment" => tx.set_kept_cells::<category_assignment::Entity>(id, set, action).await,
        "category_review" => tx.set_kept_cells::<category_review::Entity>(id, set, action).await,
        "person_fact" => tx.set_kept_cells::<person_fact::Entity>(id, set, action).await,
        "screening_dismissal" => tx.set_kept_cells::<screening_dismissal::Entity>(id, set, action).await,
        "application" => tx.set_kept_cells::<application::Entity>(id, set, action).await,
        "risk" => tx.set_kept_cells::<risk::Entity>(id, set, action).await,
        "membership" => tx.set_kept_cells::<membership::Entity>(id, set, action).await,
        "household" => tx.set_kept_cells::<household::Entity>(id, set, action).await,
        "task" => tx.set_kept_cells::<task::Entity>(id, set, action).await,
        "recycled" => tx.set_kept_cells::<recycled::Entity>(id, set, action).await,
        "ledger_entry" => tx.set_kept_cells::<ledger_entry::Entity>(id, set, action).await,
        "person" => tx.set_kept_cells::<person::Entity>(id, set, action).await,
        _ => Err(Problem::internal("an audited table that no merge knows")),
    }
}

/// What an act set aside, the last change first.
pub async fn asides<P: Permit>(tx: &Writing<'_, P>, act: Id) -> Outcome<Vec<Aside>> {
    let rows = set_aside::Entity::find()
        .filter(set_aside::Column::ActId.eq(act))
        .order_by_desc(set_aside::Column::Serial)
        .all(tx.derived())
        .await?;
    let read = |row: set_aside::Model| -> Outcome<Aside> {
        Ok(Aside {
            key: serde_json::from_str(&row.row_key).map_err(Problem::internal)?,
            cells: serde_json::from_str(&row.cells).map_err(Problem::internal)?,
            table: row.table_name,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Puts the cells of one row back that nobody changed since; what was changed later stays.
pub async fn put_back<P: Permit>(tx: &Writing<'_, P>, aside: &Aside, more: &Cells, action: &str) -> Outcome<()> {
    let types: Vec<(&str, Type)> = aside.cells.iter().map(|(c, before, _)| (c.as_str(), type_of(before))).collect();
    let Some(now) = tx.cells_by(&aside.table, &types, &aside.key).await?.into_iter().next() else { return Ok(()) };
    let mut set: Cells = Vec::new();
    for (column, before, after) in &aside.cells {
        let stands = now.iter().find(|(c, _)| c == column).map(|(_, cell)| cell);
        if stands == Some(after) {
            set.push((column.clone(), before.clone()));
        }
    }
    for (column, cell) in more {
        set.retain(|(c, _)| c != column);
        set.push((column.clone(), cell.clone()));
    }
    if set.is_empty() {
        return Ok(());
    }
    let row = RowOf { table: aside.table.clone(), key: aside.key.clone(), kind: kind_of(&aside.table) };
    set_row(tx, &row, &set, action).await
}

fn type_of(cell: &Cell) -> Type {
    match cell {
        Cell::Id(_) => Type::Id,
        Cell::Int(_) => Type::Int,
        Cell::Big(_) => Type::Big,
        Cell::Text(_) => Type::Text,
        Cell::Day(_) => Type::Day,
        Cell::Bool(_) => Type::Bool,
        Cell::Bytes(_) => Type::Bytes,
    }
}
