//! What a saved list may hold; pure.

use kernel::{Field, Outcome, Problem};

use super::lists::List;
use crate::persons::checks::Faults;

/// Rows counted at the most; more are "over 10,000".
pub const MOST_COUNTED: u64 = 10_000;
/// The longest name.
pub const NAME: usize = 40;
/// The longest filter, in characters.
pub const QUERY: usize = 2_000;
/// The most columns.
pub const COLUMNS: usize = 40;
/// The most lists one account keeps of one kind.
pub const MOST: u64 = 50;

/// The words of a saved list, checked for shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Name.
    pub name: String,
    /// Filter, without leading question mark.
    pub query: String,
    /// JSON list of column keys.
    pub columns: String,
    /// Order, empty for the list's own.
    pub sort: String,
}

/// Checks the words of a saved list.
///
/// # Errors
/// Every field at fault, with a sentence.
pub fn words(list: List, name: &str, query: &str, columns: &[String], sort: &str) -> Outcome<Words> {
    let mut faults = Faults::default();
    let name = faults.text("name", name, NAME);
    let query = query.trim().trim_start_matches('?');
    if query.chars().count() > QUERY {
        faults.push(Field::too_long("query", QUERY));
    }
    let key = |c: &String| (1..=40).contains(&c.len()) && c.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if columns.len() > COLUMNS || !columns.iter().all(key) {
        faults.push(Field::new(
            "columns",
            "format",
            "显示列无法识别，请在列表上重新选择显示列后保存。",
            "The columns are not known; choose the columns on the list again and save.",
        ));
    }
    if !sort.is_empty() && !list.orders().contains(&sort) {
        faults.push(Field::new(
            "sort",
            "unknown_order",
            "这个列表不能按此列排序，请取消排序后保存。",
            "This list cannot be ordered by that column; take the order off and save.",
        ));
    }
    let columns = serde_json::to_string(columns).map_err(Problem::internal)?;
    faults.done(Some(Words { name, query: query.to_owned(), columns, sort: sort.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_list_needs_a_name_and_known_columns_and_order() {
        let ok = words(List::Persons, " 独居 ", "?grade=A&grade=B", &["name".to_owned()], "due").unwrap();
        assert_eq!(
            (ok.name.as_str(), ok.query.as_str(), ok.columns.as_str()),
            ("独居", "grade=A&grade=B", "[\"name\"]")
        );
        for (list, name, columns, sort) in [
            (List::Persons, "", vec![], ""),
            (List::Persons, "x", vec!["a b".to_owned()], ""),
            (List::Persons, "x", vec!["k".to_owned(); 41], ""),
            (List::Persons, "x", vec![], "name"),
            (List::Due, "x", vec![], "due"),
        ] {
            assert!(words(list, name, "", &columns, sort).is_err(), "{list:?} {name} {columns:?} {sort}");
        }
        assert!(words(List::Due, "x", &"a".repeat(2_001), &[], "").is_err());
    }
}
