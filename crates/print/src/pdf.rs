//! PDF by typst: tagged (PDF/UA-1), A4, fonts embedded in part.

use chrono::Datelike as _;
use kernel::paper::{Block, Document};
use typst::{
    Library, LibraryExt as _, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::{Fault, File, fonts::Fonts};

const TEMPLATE: &str = include_str!("../../../data/print/paper.typ");

/// All a template can see: itself, the document as JSON, and our fonts. No files, no packages, no clock.
struct Room {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Fonts,
    template: Source,
    data: (FileId, Bytes),
}

impl Room {
    fn new(fonts: Fonts, document: &Document, template: &str) -> Result<Self, Fault> {
        let json = serde_json::to_vec(document).map_err(|error| Fault::Layout(error.to_string()))?;
        Ok(Self {
            library: LazyHash::new(Library::builder().build()),
            book: LazyHash::new(fonts.book()),
            fonts,
            template: Source::new(path("/paper.typ")?, template.to_owned()),
            data: (path("/document.json")?, Bytes::new(json)),
        })
    }
}

fn path(name: &str) -> Result<FileId, Fault> {
    let inside = VirtualPath::new(name).map_err(|_| Fault::Layout(name.to_owned()))?;
    Ok(RootedPath::new(VirtualRoot::Project, inside).intern())
}

fn nothing_there(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_with_slash().into())
}

impl World for Room {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(nothing_there(id)) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let (data, bytes) = &self.data;
        if id == *data { Ok(bytes.clone()) } else { Err(nothing_there(id)) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Sets a document.
pub fn render(mut document: Document) -> Result<File, Fault> {
    let fonts = Fonts::for_document(&mut document)?;
    let missing = fonts.replace_missing(&mut document);
    if missing > 0 {
        let text = format!("〓：本件有 {missing} 个字不在字库中，无法打印，请手写补上。");
        document.blocks.push(Block::Notice { text });
    }
    let day = document.day;
    let room = Room::new(fonts, &document, TEMPLATE)?;
    let paged: PagedDocument = typst::compile(&room).output.map_err(|all| said(&all))?;
    let made = month_day(day.month()).zip(month_day(day.day()));
    let timestamp = made.and_then(|(month, of)| Datetime::from_ymd(day.year(), month, of)).map(Timestamp::new_utc);
    let standards = PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|fault| Fault::Layout(format!("{fault:?}")))?;
    let options = PdfOptions { timestamp, standards, ..PdfOptions::default() };
    let bytes = typst_pdf::pdf(&paged, &options).map_err(|all| said(&all))?;
    Ok(File { bytes, missing })
}

fn month_day(number: u32) -> Option<u8> {
    u8::try_from(number).ok()
}

/// What typst found wrong, in one line.
fn said<'a>(all: impl IntoIterator<Item = &'a SourceDiagnostic>) -> Fault {
    Fault::Layout(all.into_iter().map(|fault| fault.message.to_string()).collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiles(template: &str) -> bool {
        let mut document = Document {
            title: "纸".to_owned(),
            subtitle: String::new(),
            foot: String::new(),
            day: kernel::day::parse("2026-11-23").unwrap(),
            large: false,
            blocks: Vec::new(),
        };
        let fonts = Fonts::for_document(&mut document).unwrap();
        let room = Room::new(fonts, &document, template).unwrap();
        typst::compile::<PagedDocument>(&room).output.is_ok()
    }

    #[test]
    fn a_template_reaches_its_document_and_nothing_else() {
        assert!(compiles("#json(\"/document.json\").title"));
        for outside in [
            "#read(\"/etc/passwd\")",
            "#read(\"../../../../etc/passwd\")",
            "#image(\"/picture.png\")",
            "#include \"/other.typ\"",
            "#import \"@preview/cetz:0.3.0\": *",
            "#datetime.today().display()",
        ] {
            assert!(!compiles(outside), "{outside}");
        }
    }
}
