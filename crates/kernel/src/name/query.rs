//! What somebody typed into the search box (检索框): the kind decides which column is asked.

use std::fmt;

use super::{is_han, name_key};
use crate::document::{self, DocType, half_width, phone};

/// A search as it was meant. Its `Debug` names the kind only, so that no log repeats what was typed.
#[derive(Clone, PartialEq, Eq)]
pub enum Query {
    /// Nothing was typed.
    Nothing,
    /// The beginning of a name: a prefix of `name_key`.
    Name(String),
    /// Letters: a prefix of a pinyin spelling or of initials, also of a Latin name; ü is written v.
    Letters(String),
    /// The last four of an identity or phone number (后四位); an X can only be an identity number.
    Last4(String),
    /// A whole document number in normal form.
    Document(DocType, String),
    /// A whole phone number in normal form.
    Phone(String),
    /// Digits that are neither: ask for the last four or the whole number.
    Partial(String),
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Query::Nothing => "Nothing",
            Query::Name(_) => "Name(…)",
            Query::Letters(_) => "Letters(…)",
            Query::Last4(_) => "Last4(…)",
            Query::Document(..) => "Document(…)",
            Query::Phone(_) => "Phone(…)",
            Query::Partial(_) => "Partial(…)",
        })
    }
}

/// Decides what was typed.
pub fn query_kind(text: &str) -> Query {
    let text: String = text.chars().map(half_width).collect();
    let text = text.trim();
    if text.is_empty() {
        return Query::Nothing;
    }
    if let Some(last4) = last4(text) {
        return Query::Last4(last4);
    }
    if let Ok(phone) = phone::parse(text) {
        return Query::Phone(phone.normal);
    }
    if let Some((doc_type, normal)) = document::guess(text) {
        return Query::Document(doc_type, normal);
    }
    if let Some(letters) = letters(text) {
        return Query::Letters(letters);
    }
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if digits.chars().all(|c| c.is_ascii_digit() || matches!(c, 'x' | 'X'))
        && digits.contains(|c: char| c.is_ascii_digit())
    {
        return Query::Partial(digits.to_ascii_uppercase());
    }
    match name_key(text) {
        key if key.is_empty() => Query::Nothing,
        key => Query::Name(key),
    }
}

/// Four digits, or three and an X.
fn last4(text: &str) -> Option<String> {
    let upper = text.to_ascii_uppercase();
    let fits = matches!(upper.as_bytes(), [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9' | b'X']);
    fits.then_some(upper)
}

/// Latin letters (with spaces, apostrophes, hyphens or ü) as a spelling is kept.
fn letters(text: &str) -> Option<String> {
    let mut letters = String::new();
    for c in text.to_lowercase().chars() {
        match c {
            'a'..='z' => letters.push(c),
            'ü' => letters.push('v'),
            ' ' | '\'' | '\u{2019}' | '-' => {}
            _ => return None,
        }
    }
    let latin = !letters.is_empty() && !text.chars().any(is_han);
    latin.then_some(letters)
}
