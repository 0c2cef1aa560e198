//! Document numbers (证件号码): reading, checking and the one form in which they are kept and compared.
//!
//! Two spellings of one number (15 or 18 characters, x or X, full-width digits, spaces) have the same `normal` form, so
//! that a keyed hash of it finds duplicates. Checks follow domain reference §4.1. What is certainly wrong is an error;
//! what only looks odd (unknown region, unlikely age) is a warning, because real papers are odd. No message ever repeats
//! the number.

use std::fmt;

use crate::{Day, mask};

pub mod citizen;
mod other;
pub mod phone;
mod words;

pub use words::{DocumentError, Warning};

/// Kind of document (证件类型), list `id_doc_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocType {
    /// 居民身份证, GB 11643-1999.
    CitizenId,
    /// 港澳台居民居住证, since 2018-09-01.
    ResidenceHmt,
    /// 港澳居民来往内地通行证（回乡证）.
    HomeReturnPermit,
    /// 台湾居民来往大陆通行证（台胞证）.
    TaiwanPermit,
    /// 外国人永久居留身份证, 2023 version.
    ForeignPr2023,
    /// 外国人永久居留身份证, 2017 version.
    ForeignPr2017,
    /// 护照.
    Passport,
    /// 军官证、士兵证.
    Military,
    /// 无证件: the number is a generated `TMP-…`.
    None,
}

impl DocType {
    /// All kinds in the order of rank: the highest valid one is a person's primary document.
    pub const ALL: [DocType; 9] = [
        DocType::CitizenId,
        DocType::ResidenceHmt,
        DocType::ForeignPr2023,
        DocType::ForeignPr2017,
        DocType::HomeReturnPermit,
        DocType::TaiwanPermit,
        DocType::Military,
        DocType::Passport,
        DocType::None,
    ];

    /// The stored code, as in `data/codes/id_doc_type.toml`.
    pub const fn code(self) -> &'static str {
        match self {
            DocType::CitizenId => "citizen_id",
            DocType::ResidenceHmt => "residence_hmt",
            DocType::HomeReturnPermit => "home_return_permit",
            DocType::TaiwanPermit => "taiwan_permit",
            DocType::ForeignPr2023 => "foreign_pr_2023",
            DocType::ForeignPr2017 => "foreign_pr_2017",
            DocType::Passport => "passport",
            DocType::Military => "military",
            DocType::None => "none",
        }
    }

    /// The kind with this stored code.
    pub fn from_code(code: &str) -> Option<DocType> {
        DocType::ALL.into_iter().find(|t| t.code() == code)
    }
}

/// Sex as a document number tells it (性别, GB/T 2261.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
}

impl Sex {
    /// The code of list `sex`.
    pub const fn code(self) -> &'static str {
        match self {
            Sex::Male => "1",
            Sex::Female => "2",
        }
    }
}

/// A number that was read: its one written form and what it tells. Its `Debug` is masked, so that no log repeats it.
#[derive(Clone, PartialEq, Eq)]
pub struct Number {
    /// Kind of document.
    pub doc_type: DocType,
    /// The form that is stored, compared and hashed.
    pub normal: String,
    /// Birth date, where the number carries one.
    pub birth: Option<Day>,
    /// Sex, where the number carries it.
    pub sex: Option<Sex>,
    /// What looks odd but is accepted.
    pub warnings: Vec<Warning>,
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = mask::document(&self.normal);
        f.debug_struct("Number")
            .field("doc_type", &self.doc_type)
            .field("normal", &number)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

impl Number {
    /// A number that carries nothing but itself.
    fn plain(doc_type: DocType, normal: String) -> Self {
        Self { doc_type, normal, birth: None, sex: None, warnings: Vec::new() }
    }

    /// The last four characters (后四位), by which workers search.
    pub fn last4(&self) -> String {
        last4(&self.normal)
    }

    /// The six-digit address code (地址码) of a citizen identity number.
    pub fn region(&self) -> Option<&str> {
        if self.doc_type == DocType::CitizenId { self.normal.get(..6) } else { None }
    }

    /// What disagrees with the recorded sex code and birth date; warnings only, because corrections exist.
    pub fn disagreements(&self, sex_code: &str, birth: Option<Day>) -> Vec<Warning> {
        let sex = self.sex.filter(|s| matches!(sex_code, "1" | "2") && s.code() != sex_code);
        let day = self.birth.filter(|b| birth.is_some_and(|recorded| recorded != *b));
        sex.map(|_| Warning::SexDiffers).into_iter().chain(day.map(|_| Warning::BirthDiffers)).collect()
    }
}

/// How far a number was checked against its paper (`id_source`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    /// Seen on the document: a wrong check digit is an error.
    #[default]
    Seen,
    /// Copied from an unverified paper (`paper_unverified`): a wrong check digit is a warning.
    Unverified,
}

/// Reads a document number; `today` is the Beijing day against which a birth date counts as future.
pub fn parse(doc_type: DocType, text: &str, today: Day) -> Result<Number, DocumentError> {
    parse_from(doc_type, text, today, Paper::Seen)
}

/// Reads a document number, lenient about the check digit when it comes from an unverified paper.
pub fn parse_from(doc_type: DocType, text: &str, today: Day, paper: Paper) -> Result<Number, DocumentError> {
    let text = folded(text)?;
    match doc_type {
        DocType::CitizenId | DocType::ResidenceHmt | DocType::ForeignPr2023 => {
            citizen::parse(doc_type, &text, today, paper)
        }
        DocType::HomeReturnPermit => other::home_return(&text),
        DocType::TaiwanPermit => other::taiwan(&text),
        DocType::ForeignPr2017 => other::foreign_2017(&text),
        DocType::Passport => other::passport(&text),
        DocType::Military => other::military(&text),
        DocType::None => other::temporary_number(&text),
    }
}

/// The temporary number (临时编号) of a person without document: `TMP-` + station + serial.
pub fn temporary(station: &str, serial: u32) -> String {
    let station: String = station.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("TMP-{}-{serial}", station.to_ascii_uppercase())
}

/// The last four characters of a normal number; the whole of a shorter one.
pub fn last4(normal: &str) -> String {
    let skip = normal.chars().count().saturating_sub(4);
    normal.chars().skip(skip).collect()
}

/// Search word of the last four characters of a document or telephone number: a hash keyed by `index` that covers the county,
/// so that equal last digits in two counties cannot be joined.
pub fn last4_word(index: impl Fn(&str, &str) -> Vec<u8>, county: i32, last4: &str) -> String {
    let hash = index("last4", &format!("{county}|{last4}"));
    let hex: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("4:{hex}")
}

/// Guesses what kind of number was typed and brings it to normal form without judging dates or check digits, so that a
/// search finds the record whatever the spelling. `None` when it looks like no document number.
pub fn guess(text: &str) -> Option<(DocType, String)> {
    let text = folded(text).ok()?;
    if let Some(normal) = citizen::normal(&text) {
        let doc_type = citizen::doc_type_of(&normal);
        return Some((doc_type, normal));
    }
    let kinds: [Reader; 5] =
        [other::home_return, other::taiwan, other::foreign_2017, other::temporary_number, other::usual_passport];
    kinds.iter().find_map(|read| read(&text).ok()).map(|n| (n.doc_type, n.normal))
}

/// Reads one kind of document from folded text.
type Reader = fn(&str) -> Result<Number, DocumentError>;

/// Upper case, full-width folded, spaces and invisible characters removed.
fn folded(text: &str) -> Result<String, DocumentError> {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match half_width(c) {
            c if c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{FEFF}') => {}
            c if c.is_control() => return Err(DocumentError::Characters),
            c => folded.push(c.to_ascii_uppercase()),
        }
    }
    match folded.chars().count() {
        0 => Err(DocumentError::Empty),
        1..=64 => Ok(folded),
        _ => Err(DocumentError::TooLong(64)),
    }
}

/// The half-width form of a full-width ASCII character (全角转半角).
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    }
}

#[cfg(test)]
mod tests;
