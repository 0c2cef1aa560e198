//! Citizen identity numbers (公民身份号码) and the two documents that use the same 18 characters.
//!
//! GB 11643-1999: 6 address + 8 birth + 3 sequence (odd male, even female) + 1 check. The residence permit for Hong Kong,
//! Macao and Taiwan uses address codes 810000, 820000, 830000. The 2023 permanent residence card begins with 9 and keeps
//! birth and sequence in the same places (layout and check digit still to be confirmed, domain reference §4.1).

use super::{DocType, DocumentError, Number, Paper, Sex, Warning};
use crate::{Day, day};

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// First two digits of GB/T 2260 in use.
const PROVINCES: [&str; 34] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
];

/// Oldest age that is believed without a word.
const OLDEST: u16 = 120;

/// The check character (校验码) of the first 17 digits; `None` unless there are 17 digits.
pub fn check_digit(body: &str) -> Option<char> {
    let digits: Option<Vec<u32>> = body.chars().map(|c| c.to_digit(10)).collect();
    let digits = digits.filter(|d| d.len() == WEIGHTS.len())?;
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(d, w)| d * w).sum();
    CHECKS.get(usize::try_from(sum % 11).ok()?).copied()
}

/// The 18-character form of a number that has the shape of one (18 characters, or 15 digits of the first generation);
/// dates and check digit are not judged.
pub fn normal(folded: &str) -> Option<String> {
    let (digits, rest) = folded.split_at_checked(17.min(folded.len()))?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match (digits.len(), rest.as_bytes()) {
        (17, [b'0'..=b'9' | b'X']) => Some(folded.to_owned()),
        (15, []) => upgraded(folded),
        _ => None,
    }
}

/// 15 → 18: `19` after the sixth digit, `18` for the centenarians' sequence 996–999 (to be confirmed), and a check digit.
fn upgraded(fifteen: &str) -> Option<String> {
    let (address, rest) = fifteen.split_at_checked(6)?;
    let century = if is_centenarian(fifteen) { "18" } else { "19" };
    let body = format!("{address}{century}{rest}");
    let check = check_digit(&body)?;
    Some(format!("{body}{check}"))
}

fn is_centenarian(fifteen: &str) -> bool {
    fifteen.get(12..).is_some_and(|seq| matches!(seq, "996" | "997" | "998" | "999"))
}

/// Which of the three documents an 18-character number belongs to, by its first digits.
pub(super) fn doc_type_of(normal: &str) -> DocType {
    match normal.get(..6) {
        Some("810000" | "820000" | "830000") => DocType::ResidenceHmt,
        Some(address) if address.starts_with('9') => DocType::ForeignPr2023,
        _ => DocType::CitizenId,
    }
}

/// Reads one of the three documents from folded text.
pub(super) fn parse(doc_type: DocType, text: &str, today: Day, paper: Paper) -> Result<Number, DocumentError> {
    let typed = text.chars().count();
    let upgrade = typed == 15 && doc_type == DocType::CitizenId;
    if typed != 18 && !upgrade {
        let want = if doc_type == DocType::CitizenId { "18或15" } else { "18" };
        return Err(DocumentError::Length { doc_type, got: typed, want });
    }
    let normal = normal(text).ok_or(DocumentError::Pattern(doc_type))?;
    let mut warnings = belongs(doc_type, &normal)?;
    if upgrade {
        warnings.push(if is_centenarian(text) { Warning::Centenarian } else { Warning::Upgraded });
    }
    let birth = birth(&normal, today)?;
    if day::age_on(birth, today) > Some(OLDEST) {
        warnings.push(Warning::UnlikelyAge);
    }
    if normal.get(..17).and_then(check_digit) != normal.chars().last() {
        match paper {
            Paper::Seen => return Err(DocumentError::CheckDigit),
            Paper::Unverified => warnings.push(Warning::CheckDigit),
        }
    }
    let sex = sex(&normal);
    Ok(Number { doc_type, normal, birth: Some(birth), sex, warnings })
}

/// Whether the address part fits the document: an error where the document fixes it, else a warning.
fn belongs(doc_type: DocType, normal: &str) -> Result<Vec<Warning>, DocumentError> {
    let found = doc_type_of(normal);
    match doc_type {
        DocType::ResidenceHmt if found != doc_type => Err(DocumentError::AddressCode),
        DocType::ForeignPr2023 if found != doc_type => Err(DocumentError::Pattern(doc_type)),
        DocType::CitizenId if found != doc_type => Ok(vec![Warning::LooksLike(found)]),
        DocType::CitizenId if !normal.get(..2).is_some_and(|p| PROVINCES.contains(&p)) => {
            Ok(vec![Warning::RegionUnknown])
        }
        _ => Ok(Vec::new()),
    }
}

fn birth(normal: &str, today: Day) -> Result<Day, DocumentError> {
    let part = |range| normal.get(range).ok_or(DocumentError::ImpossibleDate);
    let written = format!("{}-{}-{}", part(6..10)?, part(10..12)?, part(12..14)?);
    match day::parse(&written) {
        Some(birth) if birth > today => Err(DocumentError::FutureBirth),
        Some(birth) => Ok(birth),
        None => Err(DocumentError::ImpossibleDate),
    }
}

/// Sequence 000 is not issued: such a number is invented and tells no sex.
fn sex(normal: &str) -> Option<Sex> {
    if normal.get(14..17) == Some("000") {
        return None;
    }
    let digit = normal.chars().nth(16)?.to_digit(10)?;
    Some(if digit % 2 == 1 { Sex::Male } else { Sex::Female })
}
