//! Phone numbers (电话号码): mobile, landline with area code, abroad; one written form for storing and hashing.

use std::fmt;

use super::half_width;
use crate::mask;

/// Kind of phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 手机: 11 digits from 13 to 19.
    Mobile,
    /// 固定电话: area code and number, perhaps an extension.
    Landline,
    /// 境外号码: `+` and country code.
    Abroad,
}

/// A phone number that was read. Its `Debug` is masked, so that no log repeats it.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone {
    /// Kind of number.
    pub kind: Kind,
    /// `13812345678`, `0736-7216666`, `0736-7216666-8001`, `+85291234567`.
    pub normal: String,
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({:?}, {})", self.kind, mask::phone(&self.normal))
    }
}

impl Phone {
    /// The last four digits (后四位), by which workers search; of a landline without its extension.
    pub fn last4(&self) -> String {
        let main = match self.kind {
            Kind::Landline => self.normal.splitn(3, '-').take(2).collect(),
            Kind::Mobile | Kind::Abroad => self.normal.clone(),
        };
        super::last4(&main)
    }
}

/// Why a phone number is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Nothing was typed.
    #[error("empty")]
    Empty,
    /// Something other than digits, spaces, `+`, `-` and brackets.
    #[error("impossible characters")]
    Characters,
    /// Begins like a mobile but has not 11 digits.
    #[error("a mobile number has 11 digits, not {0}")]
    MobileLength(usize),
    /// A landline without area code.
    #[error("area code missing")]
    NoAreaCode,
    /// Neither mobile, landline nor abroad.
    #[error("not a phone number")]
    Unknown,
}

impl PhoneError {
    /// Stable code of the fault for the field list.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "required",
            _ => "format",
        }
    }

    /// What is wrong and what to do, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "请填写电话号码。".into(),
            Self::Characters => "电话号码只能包含数字、空格、加号、短横和括号，请修改。".into(),
            Self::MobileLength(got) => format!("手机号码应为 11 位，现为 {got} 位，请核对。"),
            Self::NoAreaCode => "固定电话请加区号，例如 0736-7216666。".into(),
            Self::Unknown => "不是有效的电话号码；请填 11 位手机号，或带区号的固定电话，境外号码以 + 开头。".into(),
        }
    }

    /// What is wrong and what to do, in English.
    pub fn en(&self) -> String {
        match self {
            Self::Empty => "Enter a phone number.".into(),
            Self::Characters => "Use only digits, spaces, plus, hyphen and brackets in a phone number.".into(),
            Self::MobileLength(got) => {
                format!("A mobile number has 11 digits, {got} were given; check it.")
            }
            Self::NoAreaCode => "Add the area code to the landline, for example 0736-7216666.".into(),
            Self::Unknown => "Not a phone number; give 11 digits, a landline with area code, or + for abroad.".into(),
        }
    }
}

/// Reads a phone number and brings it to its one written form.
pub fn parse(text: &str) -> Result<Phone, PhoneError> {
    let (main, extension) = typed(text)?;
    let country = main.strip_prefix('+').or_else(|| main.strip_prefix("00"));
    let digits = match country {
        Some(rest) => match rest.strip_prefix("86") {
            Some(home) if is_mobile(home) || home.starts_with('0') => home.to_owned(),
            Some(home) => format!("0{home}"),
            None => return abroad(rest, &extension),
        },
        None => main.strip_prefix("86").filter(|rest| is_mobile(rest)).unwrap_or(&main).to_owned(),
    };
    if is_mobile(&digits) && extension.is_empty() {
        return Ok(Phone { kind: Kind::Mobile, normal: digits });
    }
    landline(&digits, &extension).ok_or_else(|| fault(&digits))
}

fn abroad(digits: &str, extension: &str) -> Result<Phone, PhoneError> {
    let fits = (6..=15).contains(&digits.len()) && extension.is_empty();
    if fits { Ok(Phone { kind: Kind::Abroad, normal: format!("+{digits}") }) } else { Err(PhoneError::Unknown) }
}

/// The digits typed (a leading `+` kept) and the digits after 转 or a second hyphen.
fn typed(text: &str) -> Result<(String, String), PhoneError> {
    let (mut main, mut extension, mut hyphens, mut in_extension) = (String::new(), String::new(), 0, false);
    for c in text.trim().chars().map(half_width) {
        match c {
            '+' if main.is_empty() => main.push(c),
            '0'..='9' if in_extension => extension.push(c),
            '0'..='9' => main.push(c),
            '转' | '#' if main.len() >= 10 => in_extension = true,
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {
                hyphens += 1;
                // 0736-7216666-8001: a hyphen after a whole landline begins the extension.
                in_extension |= hyphens >= 2 && main.starts_with('0') && main.len() >= 10;
            }
            '(' | ')' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{FEFF}' => {}
            c if c.is_whitespace() && !c.is_control() => {}
            _ => return Err(PhoneError::Characters),
        }
    }
    if main.is_empty() { Err(PhoneError::Empty) } else { Ok((main, extension)) }
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
}

/// Area code (010, 02x: three digits; others four) and 7 or 8 digits that begin with 2 to 9.
fn landline(digits: &str, extension: &str) -> Option<Phone> {
    let area = if digits.starts_with("010") || digits.starts_with("02") { 3 } else { 4 };
    let (code, number) = digits.split_at_checked(area)?;
    let valid = code.starts_with('0')
        && matches!(number.len(), 7 | 8)
        && matches!(number.as_bytes().first(), Some(b'2'..=b'9'));
    if !valid || extension.len() > 6 {
        return None;
    }
    let tail = if extension.is_empty() { String::new() } else { format!("-{extension}") };
    Some(Phone { kind: Kind::Landline, normal: format!("{code}-{number}{tail}") })
}

fn fault(digits: &str) -> PhoneError {
    match (digits.as_bytes(), digits.len()) {
        ([b'1', b'3'..=b'9', ..], got) if got >= 8 && got != 11 => PhoneError::MobileLength(got),
        ([b'2'..=b'9', ..], 7 | 8) => PhoneError::NoAreaCode,
        _ => PhoneError::Unknown,
    }
}
