//! Faults (错处): what is wrong in a policy, dictionary or parameter file, and where.

use std::fmt;

/// Where something stands in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spot {
    /// File name as the caller gave it.
    pub file: String,
    /// Line from 1; 0 when the fault is about the file as a whole.
    pub line: usize,
    /// Path inside the file: `version 2026-07-01 > when > all 2, column 7`.
    pub place: String,
}

/// One fault with a sentence in Chinese and in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands.
    pub spot: Spot,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Spot {
    /// The file as a whole.
    pub fn file(file: &str) -> Spot {
        Spot { file: file.to_owned(), ..Spot::default() }
    }

    /// The same file at the line that byte `offset` of its `text` stands in.
    pub fn at(&self, text: &str, offset: usize) -> Spot {
        let before = text.get(..offset.min(text.len())).unwrap_or("");
        Spot { line: before.matches('\n').count() + 1, ..self.clone() }
    }

    /// The same spot, one step deeper.
    pub fn within(&self, step: &str) -> Spot {
        let place = if self.place.is_empty() { step.to_owned() } else { format!("{} > {step}", self.place) };
        Spot { place, ..self.clone() }
    }

    /// A fault at this spot.
    pub fn fault(&self, zh: impl Into<String>, en: impl Into<String>) -> Fault {
        Fault { spot: self.clone(), zh: zh.into(), en: en.into() }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if self.place.is_empty() { Ok(()) } else { write!(f, " ({})", self.place) }
    }
}

impl Fault {
    /// Place and sentence in Chinese, for the screen.
    pub fn chinese(&self) -> String {
        format!("{}：{}", self.spot, self.zh)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.spot, self.en)
    }
}

impl std::error::Error for Fault {}
