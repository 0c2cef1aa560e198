//! Results to CSV or Parquet: `person_id`, then per policy `status_<id>` (1, 0, empty) and `amount_<id>`.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int8Array, Int64Array, RecordBatch};
use parquet::arrow::ArrowWriter;

use super::read::Persons;
use super::unopened;
use crate::fault::Fault;
use crate::ledger::Ledger;
use crate::library::{Library, Plan};
use crate::screen::{Cell, Outcome};

/// Persons written at once.
const CHUNK: usize = 1 << 16;

/// Writes results in the order of the persons; an amount is empty unless the person is eligible and it is known.
///
/// # Errors
/// A fault for a file that cannot be written.
pub fn results(
    path: &Path,
    library: &Library,
    plan: &Plan,
    persons: &Persons,
    ledger: &Ledger,
    outcome: &Outcome,
) -> Result<(), Fault> {
    let file = File::create(path).map_err(|e| unopened(path, &e))?;
    let ids: Vec<&str> = plan.policies.iter().filter_map(|p| library.card(p.card)).map(|c| c.id.as_str()).collect();
    let mut sink = Sink::new(path, file, &ids)?;
    let rows: Vec<(i64, u32)> = persons.ids.iter().copied().zip(ledger.slots().iter().copied()).collect();
    for rows in rows.chunks(CHUNK) {
        sink.put(&ids, rows, outcome).map_err(|e| unopened(path, &e))?;
    }
    sink.close().map_err(|e| unopened(path, &e))
}

enum Sink {
    Csv(csv::Writer<BufWriter<File>>),
    Parquet(Option<ArrowWriter<BufWriter<File>>>, Option<BufWriter<File>>),
}

type Failed = Box<dyn std::error::Error>;

impl Sink {
    fn new(path: &Path, file: File, ids: &[&str]) -> Result<Sink, Fault> {
        let file = BufWriter::new(file);
        if path.extension().is_some_and(|e| e == "parquet") {
            return Ok(Sink::Parquet(None, Some(file)));
        }
        let mut writer = csv::Writer::from_writer(file);
        let head = ids.iter().flat_map(|id| [format!("status_{id}"), format!("amount_{id}")]);
        writer.write_record(std::iter::once("person_id".to_owned()).chain(head)).map_err(|e| unopened(path, &e))?;
        Ok(Sink::Csv(writer))
    }

    fn put(&mut self, ids: &[&str], rows: &[(i64, u32)], outcome: &Outcome) -> Result<(), Failed> {
        let cell = |policy, slot| outcome.cell(policy, slot).unwrap_or(Cell { status: None, amount: None });
        match self {
            Sink::Csv(writer) => {
                for (person, slot) in rows {
                    writer.write_field(person.to_string())?;
                    for policy in 0..ids.len() {
                        let Cell { status, amount } = cell(policy, *slot);
                        writer.write_field(status.map_or("", |s| if s { "1" } else { "0" }))?;
                        writer.write_field(amount.map_or_else(String::new, |a| a.to_string()))?;
                    }
                    writer.write_record(None::<&[u8]>)?;
                }
            }
            Sink::Parquet(writer, file) => {
                let persons: ArrayRef = Arc::new(Int64Array::from_iter_values(rows.iter().map(|r| r.0)));
                let mut columns: Vec<(String, ArrayRef, bool)> = vec![("person_id".to_owned(), persons, false)];
                for (policy, id) in ids.iter().enumerate() {
                    let status: Int8Array =
                        rows.iter().map(|(_, slot)| cell(policy, *slot).status.map(i8::from)).collect();
                    let amount: Int64Array = rows.iter().map(|(_, slot)| cell(policy, *slot).amount).collect();
                    columns.push((format!("status_{id}"), Arc::new(status), true));
                    columns.push((format!("amount_{id}"), Arc::new(amount), true));
                }
                let batch = RecordBatch::try_from_iter_with_nullable(columns)?;
                if writer.is_none()
                    && let Some(file) = file.take()
                {
                    *writer = Some(ArrowWriter::try_new(file, batch.schema(), None)?);
                }
                if let Some(writer) = writer {
                    writer.write(&batch)?;
                }
            }
        }
        Ok(())
    }

    fn close(self) -> Result<(), Failed> {
        match self {
            Sink::Csv(mut writer) => writer.flush()?,
            Sink::Parquet(Some(writer), _) => drop(writer.close()?),
            Sink::Parquet(None, _) => {}
        }
        Ok(())
    }
}
