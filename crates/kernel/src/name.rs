//! Names (姓名): what a name may be, and how it is found again.
//!
//! A name is kept as it stands on the document: any script, up to 50 code points, the dot of minority names (U+00B7)
//! included, rare characters of the extension planes included (GB 18030-2022). There is no split into family and given
//! name. Only the search keys fold: look-alike dots become U+00B7, letters become lower case, spaces go, and pinyin is
//! made with all readings of polyphonic characters, surname readings first.

use unicode_normalization::UnicodeNormalization;

mod query;
mod readings;

pub use query::{Query, query_kind};

use crate::document::half_width;

/// The longest name in code points.
pub const MAX_CHARS: usize = 50;
/// The most pinyin spellings kept for one name.
pub const MAX_SPELLINGS: usize = 16;

/// Why a name is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing but spaces.
    #[error("empty")]
    Empty,
    /// More than [`MAX_CHARS`] code points.
    #[error("{0} characters, at most {MAX_CHARS}")]
    TooLong(usize),
    /// A control, direction or invisible character, or the replacement mark of a damaged file.
    #[error("invisible or damaged character U+{0:04X}")]
    Character(u32),
    /// A private character of an old system, which no other system can show.
    #[error("private character U+{0:04X}")]
    Private(u32),
}

impl NameError {
    /// Stable code of the fault for the field list.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "required",
            Self::TooLong(_) => "too_long",
            Self::Character(_) | Self::Private(_) => "format",
        }
    }

    /// What is wrong and what to do, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "请填写姓名；姓名不详的，填“不详”并在备注中说明。".into(),
            Self::TooLong(got) => format!("姓名最多 {MAX_CHARS} 个字，现为 {got} 个，请核对。"),
            Self::Character(code) => {
                format!("姓名中有不可见或损坏的字符（U+{code:04X}），请删除后重新输入。")
            }
            Self::Private(code) => {
                format!("姓名中有旧系统自造字（U+{code:04X}），其他系统无法显示，请改用国标生僻字（GB 18030-2022）。")
            }
        }
    }

    /// What is wrong and what to do, in English.
    pub fn en(&self) -> String {
        match self {
            Self::Empty => "Enter a name; if it is not known, write so and explain in the note.".into(),
            Self::TooLong(got) => {
                format!("A name has at most {MAX_CHARS} characters, {got} were given; check it.")
            }
            Self::Character(code) => {
                format!("The name has an invisible or damaged character (U+{code:04X}); delete it and type again.")
            }
            Self::Private(code) => {
                format!("The name has a private character (U+{code:04X}); use the standard rare character instead.")
            }
        }
    }
}

/// Reads a name: trimmed, NFC, single spaces, none between two Chinese characters (padding like 王　芳).
pub fn parse(text: &str) -> Result<String, NameError> {
    let mut name = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}').nfc() {
        if let Some(fault) = fault(c) {
            return Err(fault);
        }
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        let padding = is_han(c) && name.chars().next_back().is_some_and(is_han);
        if gap && !padding {
            name.push(' ');
        }
        gap = false;
        name.push(c);
    }
    match name.chars().count() {
        0 => Err(NameError::Empty),
        n if n > MAX_CHARS => Err(NameError::TooLong(n)),
        _ => Ok(name),
    }
}

fn fault(c: char) -> Option<NameError> {
    let code = u32::from(c);
    match c {
        // ZWNJ and ZWJ (200C, 200D) are spelling in some scripts; the other invisible ones are not.
        '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => {
            Some(NameError::Character(code))
        }
        '\u{FFFC}' | '\u{FFFD}' => Some(NameError::Character(code)),
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' => Some(NameError::Private(code)),
        c if c.is_control() => Some(NameError::Character(code)),
        _ => None,
    }
}

/// The keys under which a name is found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keys {
    /// Folded name for equality and prefix search.
    pub name_key: String,
    /// Spellings in letters without tones, one per combination of readings, likeliest first; ü is written v.
    pub pinyin_full: Vec<String>,
    /// First letters of each spelling, without repeats.
    pub initials: Vec<String>,
}

/// Makes the search keys of a name.
pub fn search_keys(name: &str) -> Keys {
    let (pinyin_full, initials) = readings::spellings(name);
    Keys { name_key: name_key(name), pinyin_full, initials }
}

/// The folded form of a name: NFKC, lower case, without spaces and invisible characters, look-alike dots as U+00B7.
pub fn name_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.chars().map(dot).nfkc().map(half_width).map(dot) {
        let invisible =
            matches!(c, '\u{200B}'..='\u{200F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}');
        if !(c.is_whitespace() || c.is_control() || invisible) {
            key.extend(c.to_lowercase());
        }
    }
    key
}

/// Maps what is typed for the dot of minority names to U+00B7.
fn dot(c: char) -> char {
    match c {
        '.' | '\u{0387}' | '\u{16EB}' | '\u{2022}' | '\u{2024}' | '\u{2027}' | '\u{2219}' | '\u{22C5}' | '\u{25CF}'
        | '\u{2E31}' | '\u{2E33}' | '\u{30FB}' | '\u{FF0E}' | '\u{FF65}' => '\u{00B7}',
        c => c,
    }
}

/// Whether a character is a Chinese character (汉字), extension planes and compatibility forms included.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}')
}

#[cfg(test)]
mod tests;
