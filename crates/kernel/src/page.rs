//! Cursor pages: `{items, next}`. There is no OFFSET anywhere in the product.

use base64::Engine as _;
use serde::{Serialize, de::DeserializeOwned};

use crate::problem::{Field, Problem};

/// The largest page a list gives.
pub const MAX_LIMIT: u64 = 200;
/// The page size when none is asked for.
pub const DEFAULT_LIMIT: u64 = 20;

/// One page of a list and the cursor of the next.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// Opaque cursor of the next page; null at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page of everything there is.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// Cuts `rows` (fetched with one row too many) at `limit` and makes the cursor of the last row kept.
    pub fn cut<K: Serialize>(mut rows: Vec<T>, limit: u64, key: impl Fn(&T) -> K) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let next = if rows.len() > limit {
            rows.truncate(limit);
            rows.last().map(|row| encode(&key(row)))
        } else {
            None
        };
        Self { items: rows, next }
    }

    /// The same page with every row turned into something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}

/// The page size for what a request asked: 1 to [`MAX_LIMIT`].
pub fn limit(asked: Option<u64>) -> Result<u64, Problem> {
    limit_of("limit", asked)
}

/// The same for a field with another name.
pub fn limit_of(field: &str, asked: Option<u64>) -> Result<u64, Problem> {
    match asked {
        None => Ok(DEFAULT_LIMIT),
        Some(n) if (1..=MAX_LIMIT).contains(&n) => Ok(n),
        Some(_) => Err(Problem::invalid(Field::new(
            field,
            "range",
            "每页条数应在 1 到 200 之间，请修改后重试。",
            "The page size must be between 1 and 200; change it and try again.",
        ))),
    }
}

/// Makes an opaque cursor of a sort key.
pub fn encode<K: Serialize>(key: &K) -> String {
    let json = serde_json::to_vec(key).unwrap_or_default();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json)
}

/// Reads a cursor made by [`encode`]; a damaged one is refused with a sentence.
pub fn decode<K: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<K>, Problem> {
    let Some(text) = cursor else { return Ok(None) };
    let bad = || {
        Problem::invalid(Field::new(
            "cursor",
            "format",
            "翻页标记无效，请回到第一页重新查询。",
            "The page cursor is not valid; start again from the first page.",
        ))
    };
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
    serde_json::from_slice(&bytes).map(Some).map_err(|_| bad())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_round_trip() {
        let text = encode(&("2026-01-01", 7));
        let key: Option<(String, i32)> = decode(Some(&text)).unwrap();
        assert_eq!(key, Some(("2026-01-01".to_owned(), 7)));
    }

    #[test]
    fn a_damaged_cursor_is_refused_with_a_sentence() {
        assert!(decode::<(String, i32)>(Some("%%%")).is_err());
    }

    #[test]
    fn a_page_has_a_next_only_when_a_row_is_left_over() {
        let page = Page::cut(vec![1, 2, 3], 2, |n| *n);
        assert_eq!(page.items, [1, 2]);
        assert!(page.next.is_some());
        assert!(Page::cut(vec![1, 2], 2, |n| *n).next.is_none());
    }
}
