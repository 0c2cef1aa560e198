//! Persons from CSV or Parquet.

use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::unopened;
use crate::dictionary::{Dictionary, FactId};
use crate::fault::{Fault, Spot};

/// Persons as read.
#[derive(Debug, Clone, Default)]
pub struct Persons {
    /// Name of the file.
    pub file: String,
    /// Number of each person.
    pub ids: Vec<i64>,
    /// Numbers of the places anybody lives at, in order.
    pub places: Vec<u32>,
    /// Where the place of each person stands in `places`.
    pub regions: Vec<u32>,
    /// Known and unknown values of each fact that has a column.
    pub facts: Vec<(FactId, Vec<Option<i64>>)>,
}

/// Reads persons from a `.csv` or `.parquet` file.
///
/// # Errors
/// A fault for a file that cannot be read, a column of another kind, or a person without number or region.
pub fn persons(path: &Path, dictionary: &Dictionary) -> Result<Persons, Fault> {
    let mut persons = Persons { file: path.display().to_string(), ..Persons::default() };
    if path.extension().is_some_and(|e| e == "parquet") {
        parquet(path, dictionary, &mut persons)?;
    } else {
        csv(path, dictionary, &mut persons)?;
    }
    persons.number_places();
    Ok(persons)
}

impl Persons {
    /// Numbers the places that occur, so that six-digit codes cost no more than small numbers.
    fn number_places(&mut self) {
        self.places = self.regions.clone();
        self.places.sort_unstable();
        self.places.dedup();
        for region in &mut self.regions {
            let at = self.places.binary_search(region).unwrap_or_else(|at| at);
            *region = u32::try_from(at).unwrap_or(u32::MAX);
        }
    }
}

fn key(persons: &mut Persons, name: &str, values: impl Iterator<Item = Option<i64>>) -> Result<(), Fault> {
    let spot = Spot::file(&persons.file);
    for (row, value) in values.enumerate() {
        let spot = || spot.within(&format!("row {}, {name}", row + 1));
        let value = value.ok_or_else(|| spot().fault("不能为空", "must not be empty"))?;
        if name == "person_id" {
            persons.ids.push(value);
        } else {
            persons
                .regions
                .push(u32::try_from(value).map_err(|_| spot().fault("地区编号不对", "not the number of a region"))?);
        }
    }
    Ok(())
}

fn parquet(path: &Path, dictionary: &Dictionary, persons: &mut Persons) -> Result<(), Fault> {
    let file = File::open(path).map_err(|e| unopened(path, &e))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| unopened(path, &e))?;
    let reader = reader.with_batch_size(1 << 16).build().map_err(|e| unopened(path, &e))?;
    for batch in reader {
        let batch = batch.map_err(|e| unopened(path, &e))?;
        for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
            let name = field.name().as_str();
            let spot = Spot::file(&persons.file).within(name);
            if name == "person_id" || name == "region" {
                let values = numbers(&spot, column)?;
                key(persons, name, values.into_iter())?;
            } else if let Some(fact) = dictionary.fact_id(name) {
                let values = numbers(&spot, column)?;
                match persons.facts.iter_mut().find(|(f, _)| *f == fact) {
                    Some((_, all)) => all.extend(values),
                    None => persons.facts.push((fact, values)),
                }
            }
        }
    }
    complete(persons)
}

fn complete(persons: &Persons) -> Result<(), Fault> {
    if persons.ids.len() == persons.regions.len() && (!persons.ids.is_empty() || persons.facts.is_empty()) {
        return Ok(());
    }
    Err(Spot::file(&persons.file).fault("缺少 person_id 或 region 列", "the column person_id or region is missing"))
}

fn numbers(spot: &Spot, column: &ArrayRef) -> Result<Vec<Option<i64>>, Fault> {
    macro_rules! of {
        ($kind:ty) => {
            column.as_primitive::<$kind>().iter().map(|v| v.map(i64::from)).collect()
        };
    }
    Ok(match column.data_type() {
        DataType::Boolean => column.as_boolean().iter().map(|v| v.map(i64::from)).collect(),
        DataType::Int8 => of!(Int8Type),
        DataType::Int16 => of!(Int16Type),
        DataType::Int32 => of!(Int32Type),
        DataType::Int64 => of!(Int64Type),
        DataType::UInt8 => of!(UInt8Type),
        DataType::UInt16 => of!(UInt16Type),
        DataType::UInt32 => of!(UInt32Type),
        other => {
            return Err(spot.fault(
                format!("列的类型 {other} 不支持，应为整数或是否"),
                format!("columns of {other} are not read; whole numbers or booleans are"),
            ));
        }
    })
}

fn csv(path: &Path, dictionary: &Dictionary, persons: &mut Persons) -> Result<(), Fault> {
    let mut reader = csv::Reader::from_path(path).map_err(|e| unopened(path, &e))?;
    let headers = reader.headers().map_err(|e| unopened(path, &e))?.clone();
    let columns: Vec<(usize, &str)> = headers.iter().enumerate().collect();
    let mut keys: [Vec<Option<i64>>; 2] = [Vec::new(), Vec::new()];
    let mut facts: Vec<(usize, FactId, Vec<Option<i64>>)> =
        columns.iter().filter_map(|(at, name)| dictionary.fact_id(name).map(|f| (*at, f, Vec::new()))).collect();
    let [person, region] =
        ["person_id", "region"].map(|key| columns.iter().find(|(_, name)| *name == key).map(|(at, _)| *at));
    let spot = Spot::file(&persons.file);
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|e| unopened(path, &e))?;
        let cell = |at: Option<usize>, name: &str| -> Result<Option<i64>, Fault> {
            let text = at.and_then(|at| record.get(at)).unwrap_or("").trim();
            let bad = || {
                let spot = Spot { line: row + 2, ..spot.within(name) };
                spot.fault(
                    format!("“{text}”不是整数或 true、false"),
                    format!("`{text}` is no whole number, true or false"),
                )
            };
            match text {
                "" => Ok(None),
                "true" | "是" => Ok(Some(1)),
                "false" | "否" => Ok(Some(0)),
                text => text.parse().map(Some).map_err(|_| bad()),
            }
        };
        for (list, (at, name)) in keys.iter_mut().zip([(person, "person_id"), (region, "region")]) {
            list.push(cell(at, name)?);
        }
        for (at, fact, list) in &mut facts {
            list.push(cell(Some(*at), dictionary.fact(*fact).map_or("", |f| f.id.as_str()))?);
        }
    }
    let [ids, regions] = keys;
    key(persons, "person_id", ids.into_iter())?;
    key(persons, "region", regions.into_iter())?;
    persons.facts = facts.into_iter().map(|(_, fact, list)| (fact, list)).collect();
    complete(persons)
}
