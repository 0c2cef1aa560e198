//! Paper (打印件): what a room wants on paper, as blocks of plain text. No markup: text of people stays text in PDF and Word.
//!
//! One document makes both formats, so they carry the same words. How blocks look is data (`data/print`); what renders them
//! runs in a process of its own and knows nothing but this.

use serde::{Deserialize, Serialize};

use crate::Day;

/// The kinds of file a document can become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// PDF with embedded fonts.
    Pdf,
    /// Word, to be edited.
    Docx,
}

impl Format {
    /// Ending of a file name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
        }
    }

    /// Media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }
}

/// What the printing child is told: one line of JSON before the document, which is JSON as well.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Order {
    /// The kind of file.
    pub format: Format,
}

/// What it answers: one line of JSON before the bytes of the file.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Answer {
    /// Characters that could not be printed.
    #[serde(default)]
    pub missing: usize,
}

/// A document of A4 pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Title, at the head of the first page and in the properties of the file.
    pub title: String,
    /// Smaller line below it; none when empty.
    #[serde(default)]
    pub subtitle: String,
    /// Line at the foot of every page, beside the page number.
    #[serde(default)]
    pub foot: String,
    /// Day it was made.
    pub day: Day,
    /// Large print (大字版).
    #[serde(default)]
    pub large: bool,
    /// Blocks from top to bottom.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A heading of a part.
    Heading {
        /// Words.
        text: String,
    },
    /// A heading below it.
    Subheading {
        /// Words.
        text: String,
    },
    /// A paragraph.
    Text {
        /// Words.
        text: String,
    },
    /// A paragraph that stands out: what must not be overlooked.
    Notice {
        /// Words.
        text: String,
    },
    /// A paragraph that begins with a bold word: `去哪里：…`.
    Point {
        /// Bold beginning.
        lead: String,
        /// The rest.
        text: String,
    },
    /// Small print.
    Note {
        /// Words.
        text: String,
    },
    /// A list of boxes to tick.
    Checks {
        /// The boxes.
        items: Vec<Check>,
    },
    /// Labels with values, so many beside each other; an empty value is a space to write in.
    Fields {
        /// Pairs in a row, 1 or 2.
        across: u8,
        /// The pairs.
        items: Vec<Entry>,
    },
    /// A table; empty cells are spaces to write in.
    Table {
        /// Heads of the columns.
        head: Vec<String>,
        /// Widths of the columns in relation to each other.
        widths: Vec<u16>,
        /// Rows of as many cells as there are heads.
        rows: Vec<Vec<String>>,
    },
    /// Ruled lines to write on.
    Lines {
        /// How many.
        count: u8,
    },
    /// Places to sign, two in a row.
    Signatures {
        /// What stands before each.
        items: Vec<String>,
    },
    /// The line along which a receipt is torn off.
    Cut {
        /// Words in the line.
        text: String,
    },
    /// What follows begins on a new page.
    Break,
}

/// A box to tick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Whether it is ticked already.
    pub ticked: bool,
    /// Words.
    pub text: String,
}

/// A label with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Label.
    pub label: String,
    /// Value; empty where somebody writes it by hand.
    pub value: String,
}

impl Entry {
    /// A label with its value.
    pub fn new(label: &str, value: impl Into<String>) -> Self {
        Self { label: label.to_owned(), value: value.into() }
    }
}

impl Block {
    /// A heading.
    pub fn heading(text: impl Into<String>) -> Self {
        Self::Heading { text: text.into() }
    }

    /// A heading below it.
    pub fn subheading(text: impl Into<String>) -> Self {
        Self::Subheading { text: text.into() }
    }

    /// A paragraph.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// A paragraph that stands out.
    pub fn notice(text: impl Into<String>) -> Self {
        Self::Notice { text: text.into() }
    }

    /// A paragraph with a bold beginning.
    pub fn point(lead: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Point { lead: lead.into(), text: text.into() }
    }

    /// Small print.
    pub fn note(text: impl Into<String>) -> Self {
        Self::Note { text: text.into() }
    }

    /// Boxes to tick, none ticked.
    pub fn checks<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::Checks { items: items.into_iter().map(|text| Check { ticked: false, text: text.into() }).collect() }
    }

    /// Places to sign.
    pub fn signatures(items: &[&str]) -> Self {
        Self::Signatures { items: items.iter().map(|text| (*text).to_owned()).collect() }
    }

    fn texts(&mut self) -> Vec<&mut String> {
        match self {
            Self::Heading { text }
            | Self::Subheading { text }
            | Self::Text { text }
            | Self::Notice { text }
            | Self::Note { text }
            | Self::Cut { text } => vec![text],
            Self::Point { lead, text } => vec![lead, text],
            Self::Checks { items } => items.iter_mut().map(|item| &mut item.text).collect(),
            Self::Fields { items, .. } => items.iter_mut().flat_map(|e| [&mut e.label, &mut e.value]).collect(),
            Self::Table { head, rows, .. } => head.iter_mut().chain(rows.iter_mut().flatten()).collect(),
            Self::Signatures { items } => items.iter_mut().collect(),
            Self::Lines { .. } | Self::Break => Vec::new(),
        }
    }
}

impl Document {
    /// Every piece of text, in order.
    pub fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        [&mut self.title, &mut self.subtitle, &mut self.foot]
            .into_iter()
            .chain(self.blocks.iter_mut().flat_map(Block::texts))
    }

    /// Takes out what is no character of a text: control characters, marks that turn the direction of writing around, and
    /// what XML cannot carry. Line breaks stay.
    pub fn clean(&mut self) {
        for text in self.texts() {
            text.retain(|c| c == '\n' || !is_invisible(c));
        }
    }
}

/// Controls, marks of direction, surrogate-like and private characters.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_taken_out_and_everything_else_stays() {
        let hostile = "甲\u{202e}乙\u{0}\u{7}\u{200b}\u{2066}丙\u{fffe}\n#read(\"/etc/passwd\") $x$ *b* <script>𠮷";
        let mut document = Document {
            title: hostile.to_owned(),
            subtitle: String::new(),
            foot: String::new(),
            day: crate::day::parse("2026-11-23").unwrap(),
            large: false,
            blocks: vec![
                Block::Table { head: vec![hostile.to_owned()], widths: vec![1], rows: vec![vec![hostile.to_owned()]] },
                Block::Fields { across: 1, items: vec![Entry::new(hostile, hostile)] },
                Block::checks([hostile]),
                Block::point(hostile, hostile),
            ],
        };
        document.clean();
        let texts: Vec<String> = document.texts().map(|text| text.clone()).filter(|text| !text.is_empty()).collect();
        assert_eq!(texts.len(), 8);
        for text in texts {
            assert_eq!(text, "甲乙丙\n#read(\"/etc/passwd\") $x$ *b* <script>𠮷");
        }
    }
}
