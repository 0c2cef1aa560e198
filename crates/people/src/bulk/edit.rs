//! Grid editing: a few columns of many people, as typed or pasted, in one transaction and with one undo.

use std::sync::{Arc, Mutex, PoisonError};

use access::{Body, Scope, Writing, Written};
use kernel::{Day, Field, Id, Outcome, Problem, Sealed, Secret};
use sea_orm::ActiveValue::Set;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Run,
    actions::{self, Limits},
    model::{self, DONE, REFUSED, Wish},
    row::bulk_row,
    store::NewRow,
    undo,
};
use crate::{
    ledger,
    persons::{
        self, Change,
        revise::{self, Revision},
        row::person,
    },
};

/// Most rows of one grid; a larger sheet is pasted in parts.
pub const MOST_ROWS: usize = 500;

/// Rows of a grid to save, or only to check.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEdit {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// The rows that changed.
    #[schema(min_items = 1, max_items = 500)]
    pub rows: Vec<EditRow>,
    /// Only check: nothing is saved.
    #[serde(default)]
    pub dry: bool,
    /// Save the good rows although others have faults.
    #[serde(default)]
    pub only_good: bool,
}

/// One row of a grid.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditRow {
    /// Whose row.
    pub person_id: Uuid,
    /// What is to stand there; what is left out stays, the empty text clears.
    pub values: EditValues,
}

/// The columns that may be edited in a grid, as typed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditValues {
    /// Telephone.
    #[schema(max_length = 60)]
    pub phone: Option<String>,
    /// Name in daily use.
    #[schema(max_length = 100)]
    pub usual_name: Option<String>,
    /// Address below the village.
    #[schema(max_length = 300)]
    pub address: Option<String>,
    /// Shown name or id of a worker of the station.
    #[schema(max_length = 100)]
    pub worker: Option<String>,
    /// Day a visit is planned for: 2026-11-23, 2026/11/23, 2026年11月23日.
    #[schema(max_length = 40)]
    pub planned_on: Option<String>,
}

/// A cell that cannot be saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CellFault {
    /// Index of the row in the request.
    pub row: usize,
    /// Column; null when the whole row is refused.
    pub column: Option<String>,
    /// What is wrong and what to do.
    pub message: String,
    /// The same in English.
    pub message_en: String,
}

/// What was found and saved.
pub struct Edited {
    /// Whether the write happened now, before, or not at all.
    pub written: Option<Written>,
    /// The cells that were not saved.
    pub faults: Vec<CellFault>,
}

/// Saves the rows: all of them, or with `only_good` those without faults; with `dry` none.
pub async fn save(scope: &Scope<Run>, body: Body<NewEdit>) -> Outcome<Edited> {
    let Body { value: new, digest } = body;
    check(&new)?;
    let home = scope.place_or_own("place", None).await?.place();
    let limits = Limits::at(scope, &home).await?;
    // A bulk act and the single act share one transaction: rows under the permit to change, the act under the permit to act.
    let change: Scope<Change> = scope.also()?;
    let found: Arc<Mutex<Vec<CellFault>>> = Arc::default();
    let told = found.clone();
    let (id, dry, only_good) = (new.id, new.dry, new.only_good);
    let rows = new.rows;
    let outcome = change
        .write_once(id, &digest, move |tx| {
            Box::pin(async move {
                let (kept, faults) = all_rows(tx, &rows).await?;
                let failed = !faults.is_empty();
                let fields = faults.iter().map(as_field).collect();
                *told.lock().unwrap_or_else(PoisonError::into_inner) = faults;
                if dry || (failed && !only_good) {
                    return Err(Problem::Invalid(fields));
                }
                actions::put(tx, id, "edit", &Wish::default(), &home, limits.undo_until, &kept).await
            })
        })
        .await;
    let faults = std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
    match outcome {
        Ok(written) => Ok(Edited { written: Some(written), faults }),
        Err(Problem::Invalid(_)) if dry => Ok(Edited { written: None, faults }),
        Err(problem) => Err(problem),
    }
}

fn check(new: &NewEdit) -> Outcome<()> {
    let mut ids: Vec<Id> = new.rows.iter().map(|r| r.person_id).collect();
    ids.sort_unstable();
    let twice = ids.windows(2).any(|w| w.first() == w.last());
    let fault = |code, zh: &str, en: &str| Err(Problem::invalid(Field::new("rows", code, zh, en)));
    if new.rows.is_empty() {
        return fault("required", "没有需要保存的修改。", "There is nothing to save.");
    }
    if new.rows.len() > MOST_ROWS {
        return fault("too_many", "一次最多保存 500 行，请分批粘贴。", "At most 500 rows at a time; paste in parts.");
    }
    if twice {
        return fault("twice", "同一对象出现了两行，请核对后合并。", "Somebody stands in two rows; keep one of them.");
    }
    Ok(())
}

fn as_field(fault: &CellFault) -> Field {
    let column = fault.column.as_deref().map(|c| format!(".{c}")).unwrap_or_default();
    Field::new(format!("rows[{}]{column}", fault.row), "cell", fault.message.clone(), fault.message_en.clone())
}

/// Carries every row out; gives the rows to keep and the cells that were refused.
async fn all_rows(tx: &Writing<'_, Change>, rows: &[EditRow]) -> Outcome<(Vec<NewRow>, Vec<CellFault>)> {
    let (mut kept, mut faults) = (Vec::with_capacity(rows.len()), Vec::new());
    for (n, row) in rows.iter().enumerate() {
        match one_row(tx, row).await {
            Ok((before, after)) => kept.push(NewRow { person: row.person_id, state: DONE, before, after }),
            Err(Problem::Invalid(fields)) => {
                faults.extend(fields.into_iter().map(|f| CellFault {
                    row: n,
                    column: Some(column_of(&f.field)),
                    message: f.zh,
                    message_en: f.en,
                }));
                kept.push(refused_row(row));
            }
            Err(problem @ (Problem::Internal(_) | Problem::Unavailable | Problem::Collided)) => return Err(problem),
            Err(problem) => {
                let (message, message_en) = model::why(&problem);
                let column = matches!(problem, Problem::Refused("person.handover", _)).then(|| "worker".to_owned());
                faults.push(CellFault { row: n, column, message, message_en });
                kept.push(refused_row(row));
            }
        }
    }
    Ok((kept, faults))
}

fn refused_row(row: &EditRow) -> NewRow {
    NewRow { person: row.person_id, state: REFUSED, before: String::new(), after: String::new() }
}

/// The column of the grid that a field of the single act belongs to.
fn column_of(field: &str) -> String {
    if field == "worker_id" { "worker".to_owned() } else { field.to_owned() }
}

async fn one_row(tx: &Writing<'_, Change>, row: &EditRow) -> Outcome<(String, String)> {
    let person = tx.get::<person::Entity>(row.person_id).await?;
    let revision = revision(tx, &person, &row.values).await?;
    let ready = revise::ready(tx.scope(), revision).await?;
    revise::apply(tx, person.id, &ready).await?;
    let after = tx.get::<person::Entity>(person.id).await?;
    let text = |p: &person::Model| serde_json::to_string(&Cells::of(p, &row.values)).map_err(Problem::internal);
    Ok((text(&person)?, text(&after)?))
}

/// The typed cells as a revision of the person.
async fn revision(tx: &Writing<'_, Change>, person: &person::Model, values: &EditValues) -> Outcome<Revision> {
    let typed = |cell: &Option<String>| cell.as_deref().map(clean);
    let some = |text: String| Some(text).filter(|t| !t.is_empty());
    let planned_on = match typed(&values.planned_on) {
        None => None,
        Some(text) if text.is_empty() => Some(None),
        Some(text) => Some(Some(day(&text).ok_or_else(not_a_day)?)),
    };
    let worker_id = match typed(&values.worker) {
        None => None,
        Some(text) if text.is_empty() => Some(None),
        Some(text) => Some(Some(worker_named(tx, person, &text).await?)),
    };
    Ok(Revision {
        phone: typed(&values.phone).map(|t| some(t).map(Secret::new)),
        usual_name: typed(&values.usual_name).map(some),
        address: typed(&values.address).map(|t| some(t).map(Secret::new)),
        planned_on,
        worker_id,
        ..Revision::nothing(person.rev)
    })
}

async fn worker_named(tx: &Writing<'_, Change>, person: &person::Model, text: &str) -> Outcome<Id> {
    let workers = ledger::store::workers_in(tx, &person.place()).await?;
    if let Ok(id) = text.parse::<Uuid>() {
        return Ok(id);
    }
    let names = access::accounts::store::names(tx.derived(), workers).await?;
    let mut hits = names.into_iter().filter(|(_, name)| clean(name) == text).map(|(id, _)| id);
    match (hits.next(), hits.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(Problem::invalid(Field::new(
            "worker",
            "ambiguous",
            "本站有多位社工同名，请从下拉列表中选择。",
            "Several workers have this name; choose from the list.",
        ))),
        _ => Err(Problem::invalid(Field::new(
            "worker",
            "not_a_worker",
            "本站没有叫这个名字的社工，请核对姓名或从下拉列表中选择。",
            "No worker of the station has this name; check it or choose from the list.",
        ))),
    }
}

fn not_a_day() -> Problem {
    Problem::invalid(Field::new(
        "planned_on",
        "format",
        "日期无法识别，请按 2026-11-23 的格式填写。",
        "Not a day; write it like 2026-11-23.",
    ))
}

/// A cell without what spreadsheets leave in it: full-width digits and letters, a leading apostrophe, odd blanks, line breaks.
pub fn clean(cell: &str) -> String {
    let plain: String = cell
        .chars()
        .filter(|c| !matches!(c, '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{feff}' | '\u{200e}' | '\u{200f}'))
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\u{a0}' | '\n' | '\r' | '\t' => ' ',
            _ => c,
        })
        .collect();
    let plain = plain.trim();
    plain.strip_prefix(['\'', '’', '‘']).unwrap_or(plain).trim().to_owned()
}

/// A day as people and spreadsheets write it.
pub fn day(text: &str) -> Option<Day> {
    let mut numbers: Vec<&str> = text.split(['-', '/', '.', '年', '月', '日', ' ']).filter(|p| !p.is_empty()).collect();
    // A time behind the day is what a spreadsheet adds.
    if numbers.len() > 3 && numbers.iter().skip(3).all(|p| p.contains(':')) {
        numbers.truncate(3);
    }
    let [year, month, day] = numbers.as_slice() else { return None };
    let four = year.len() == 4 && [year, month, day].iter().all(|p| p.bytes().all(|b| b.is_ascii_digit()));
    if !four {
        return None;
    }
    Day::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// The touched columns of a person as they stood; secrets stay sealed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Cells {
    touched: Vec<String>,
    phone: Option<Vec<u8>>,
    usual_name: Option<String>,
    address: Option<Vec<u8>>,
    worker: Option<Uuid>,
    planned_on: Option<Day>,
}

impl Cells {
    fn of(person: &person::Model, values: &EditValues) -> Self {
        let touched = [
            ("phone", values.phone.is_some()),
            ("usual_name", values.usual_name.is_some()),
            ("address", values.address.is_some()),
            ("worker", values.worker.is_some()),
            ("planned_on", values.planned_on.is_some()),
        ];
        Self::read(person, touched.into_iter().filter(|(_, t)| *t).map(|(name, _)| name.to_owned()).collect())
    }

    fn read(person: &person::Model, touched: Vec<String>) -> Self {
        let has = |name: &str| touched.iter().any(|t| t == name);
        let bytes = |sealed: &Option<Sealed>| sealed.as_ref().map(|s| s.0.clone());
        Self {
            phone: bytes(&person.phone).filter(|_| has("phone")),
            usual_name: person.usual_name.clone().filter(|_| has("usual_name")),
            address: bytes(&person.address).filter(|_| has("address")),
            worker: person.worker_id.filter(|_| has("worker")),
            planned_on: person.planned_on.filter(|_| has("planned_on")),
            touched,
        }
    }
}

/// Puts a row of a grid back when its cells still stand as they were set.
pub(super) async fn put_back(scope: &Scope<Change>, row: bulk_row::Model) -> Outcome<()> {
    scope
        .write(move |tx| {
            Box::pin(async move {
                let read = |text: &str| serde_json::from_str::<Cells>(text).map_err(Problem::internal);
                let (before, after) = (read(&row.before_json)?, read(&row.after_json)?);
                let person = tx.get::<person::Entity>(row.person_id).await?;
                let still = Cells::read(&person, after.touched.clone()) == after;
                if still {
                    restore(tx, &person, before).await?;
                }
                undo::note_back(tx, &row, still).await
            })
        })
        .await
}

async fn restore(tx: &Writing<'_, Change>, person: &person::Model, before: Cells) -> Outcome<()> {
    let phone = before.phone.clone().map(Sealed);
    let hash = match &phone {
        Some(sealed) => Some(tx.scope().index("phone", tx.scope().open_for_use(sealed)?.expose())),
        None => None,
    };
    let after = persons::change(tx, person, move |r| {
        let has = |name: &str| before.touched.iter().any(|t| t == name);
        if has("phone") {
            r.phone = Set(phone);
            r.phone_hash = Set(hash);
        }
        if has("usual_name") {
            r.usual_name = Set(before.usual_name.clone());
        }
        if has("address") {
            r.address = Set(before.address.clone().map(Sealed));
        }
        if has("worker") {
            r.worker_id = Set(before.worker);
        }
        if has("planned_on") {
            r.planned_on = Set(before.planned_on);
        }
    })
    .await?;
    persons::store::put_keys(tx, &after).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_spreadsheets_leave_in_cells_is_taken_out() {
        for (cell, expected) in [
            ("１３８００１３８０００", "13800138000"),
            ("'13800138000", "13800138000"),
            ("’０１２", "012"),
            ("　老陈\u{a0}", "老陈"),
            ("三组\r\n12号", "三组  12号"),
            ("\u{feff}\u{200b}", ""),
            ("", ""),
        ] {
            assert_eq!(clean(cell), expected, "{cell:?}");
        }
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        let expected = Day::from_ymd_opt(2026, 12, 3);
        for text in ["2026-12-03", "2026/12/3", "2026.12.3", "2026年12月3日", "2026/12/3 0:00:00"] {
            assert_eq!(day(text), expected, "{text}");
        }
        for text in ["12/3/2026", "2026-13-01", "2026-02-30", "明天", "20261203", "2026-12"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
