//! Documents of blocks ([`kernel::paper`]) become PDF and Word files. Linked by the program only, for its printing child.
//!
//! [`child::run`] is all the program calls: it puts limits on its own process, reads one document from standard input and
//! writes one file to standard output. PDF is set by typst with fonts of our own and one template (`data/print/paper.typ`);
//! the template gets the document as data, so nothing in it is ever read as markup, and it can reach no file, package or
//! network: the world it lives in has none. Word comes from the same blocks. See `docs/adr/0015`.

pub mod child;
pub mod fonts;
mod pdf;
mod word;

use kernel::paper::{Document, Format};

/// Why a document could not be made; words of people never stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// What came in is no document.
    Unreadable,
    /// A font of the program cannot be opened.
    Font,
    /// The template or the blocks do not fit together; for developers.
    Layout(String),
}

/// A finished file.
#[derive(Debug)]
pub struct File {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Characters no font of ours has. They are printed as `〓`, with a line that says how many.
    pub missing: usize,
}

/// Makes a file of a document.
///
/// # Errors
/// A font or the template is broken: a defect of the program.
pub fn render(mut document: Document, format: Format) -> Result<File, Fault> {
    document.clean();
    match format {
        Format::Pdf => pdf::render(document),
        Format::Docx => word::render(&document).map(|bytes| File { bytes, missing: 0 }),
    }
}
