//! Documents that are checked by pattern only (domain reference §4.1, marks `verify` and `page`).

use super::{DocType, DocumentError, Number, Warning};

/// 回乡证: H or M and 8 digits; the two issue digits of old cards are left out, because the person keeps the eight.
pub(super) fn home_return(text: &str) -> Result<Number, DocumentError> {
    let doc_type = DocType::HomeReturnPermit;
    let rest = text.strip_prefix(['H', 'M']).ok_or(DocumentError::Pattern(doc_type))?;
    let got = text.chars().count();
    match (digits(rest), rest.len()) {
        (true, 8) => Ok(Number::plain(doc_type, text.to_owned())),
        (true, 10) => {
            let mut number = Number::plain(doc_type, text.chars().take(9).collect());
            number.warnings.push(Warning::IssueDigitsDropped);
            Ok(number)
        }
        (true, _) => Err(DocumentError::Length { doc_type, got, want: "9或11" }),
        (false, _) => Err(DocumentError::Pattern(doc_type)),
    }
}

/// 台胞证: 8 digits.
pub(super) fn taiwan(text: &str) -> Result<Number, DocumentError> {
    let doc_type = DocType::TaiwanPermit;
    match (digits(text), text.len()) {
        (true, 8) => Ok(Number::plain(doc_type, text.to_owned())),
        (true, got) => Err(DocumentError::Length { doc_type, got, want: "8" }),
        (false, _) => Err(DocumentError::Pattern(doc_type)),
    }
}

/// 外国人永久居留身份证 2017: 3 letters of the country and 12 digits.
pub(super) fn foreign_2017(text: &str) -> Result<Number, DocumentError> {
    let doc_type = DocType::ForeignPr2017;
    let got = text.chars().count();
    if got != 15 {
        return Err(DocumentError::Length { doc_type, got, want: "15" });
    }
    let parts = text.split_at_checked(3).ok_or(DocumentError::Pattern(doc_type))?;
    if letters(parts.0) && digits(parts.1) {
        Ok(Number::plain(doc_type, text.to_owned()))
    } else {
        Err(DocumentError::Pattern(doc_type))
    }
}

/// 护照: any characters, at most 20.
pub(super) fn passport(text: &str) -> Result<Number, DocumentError> {
    if text.chars().count() > 20 {
        return Err(DocumentError::TooLong(20));
    }
    Ok(Number::plain(DocType::Passport, text.to_owned()))
}

/// A passport as passports usually look: 1 or 2 letters and 6 to 8 digits. Only for guessing.
pub(super) fn usual_passport(text: &str) -> Result<Number, DocumentError> {
    let count = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let usual = text.split_at_checked(count).is_some_and(|(_, rest)| digits(rest) && (6..=8).contains(&rest.len()));
    if usual && (1..=2).contains(&count) { passport(text) } else { Err(DocumentError::Pattern(DocType::Passport)) }
}

/// 军官证、士兵证: any characters such as 军字第1234567号, at most 20.
pub(super) fn military(text: &str) -> Result<Number, DocumentError> {
    if text.chars().count() > 20 {
        return Err(DocumentError::TooLong(20));
    }
    Ok(Number::plain(DocType::Military, text.to_owned()))
}

/// The generated number of a person without document: `TMP-STATION-SERIAL`.
pub(super) fn temporary_number(text: &str) -> Result<Number, DocumentError> {
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        ["TMP", station, serial]
            if !station.is_empty() && station.bytes().all(|b| b.is_ascii_alphanumeric()) && digits(serial) =>
        {
            Ok(Number::plain(DocType::None, text.to_owned()))
        }
        _ => Err(DocumentError::Pattern(DocType::None)),
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn letters(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase())
}
