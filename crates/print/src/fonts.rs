//! Fonts built into the program, packed; opened in the child only.
//!
//! Noto Sans SC (思源黑体 of Google, OFL-1.1) in regular and bold has all of GBK and Extension A. Source Han Sans SC (OFL-1.1)
//! has some 2,100 more characters of Extension B and later, for rare names; it is opened only when a document needs it.

use std::io::Read as _;

use flate2::read::ZlibDecoder;
use kernel::paper::Document;
use typst::{
    foundations::Bytes,
    text::{Font, FontBook},
};

use crate::Fault;

const REGULAR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/regular"));
const BOLD: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/bold"));
const RARE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rare"));

/// Stands for a character no font has (缺字符 of printers).
pub const GETA: char = '〓';

/// The fonts a document is set in.
pub struct Fonts {
    all: Vec<Font>,
}

fn open(packed: &[u8]) -> Result<Font, Fault> {
    let mut plain = Vec::with_capacity(packed.len() * 2);
    ZlibDecoder::new(packed).read_to_end(&mut plain).map_err(|_| Fault::Font)?;
    Font::new(Bytes::new(plain), 0).ok_or(Fault::Font)
}

/// Whether a character draws nothing of its own: blanks, line breaks, selectors of variants.
fn needs_no_shape(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

impl Fonts {
    /// The fonts this document needs.
    ///
    /// # Errors
    /// A font of the program is broken.
    pub fn for_document(document: &mut Document) -> Result<Self, Fault> {
        let mut fonts = Self { all: vec![open(REGULAR)?, open(BOLD)?] };
        if document.texts().any(|text| text.chars().any(|c| !fonts.has(c))) {
            fonts.all.push(open(RARE)?);
        }
        Ok(fonts)
    }

    /// Whether one of these fonts has the character.
    pub fn has(&self, c: char) -> bool {
        // Bold has what regular has; a character only the third has is set in that one.
        needs_no_shape(c) || self.all.iter().any(|font| font.info().coverage.contains(c.into()))
    }

    /// Puts [`GETA`] where no font has the character, and counts such characters.
    pub fn replace_missing(&self, document: &mut Document) -> usize {
        let mut missing = 0;
        for text in document.texts() {
            let unknown = text.chars().filter(|c| !self.has(*c)).count();
            if unknown > 0 {
                missing += unknown;
                *text = text.chars().map(|c| if self.has(c) { c } else { GETA }).collect();
            }
        }
        missing
    }

    /// What typst chooses from.
    pub fn book(&self) -> FontBook {
        FontBook::from_fonts(&self.all)
    }

    /// The font with this number.
    pub fn get(&self, index: usize) -> Option<Font> {
        self.all.get(index).cloned()
    }
}
