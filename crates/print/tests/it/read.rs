//! Reading PDF (by poppler) and Word (by zip and XML) back as text.

use std::{
    io::{Cursor, Read as _},
    process::Command,
};

/// Runs a program of poppler on a PDF; it is installed with the other needs of the tests.
pub fn poppler(program: &str, words: &[&str], pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paper.pdf");
    std::fs::write(&file, pdf).unwrap();
    let mut command = Command::new(program);
    command.args(words).arg(&file);
    if program == "pdftotext" {
        command.arg("-");
    }
    let out = command.output().unwrap_or_else(|error| panic!("{program} of poppler-utils: {error}"));
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// The text of the first part of a Word file whose name ends so; every part has to be well-formed.
pub fn word(docx: &[u8], part: &str) -> String {
    let mut all = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let names: Vec<String> = all.file_names().map(str::to_owned).collect();
    let mut found = None;
    for name in names.iter().filter(|name| name.ends_with(".xml") || name.ends_with(".rels")) {
        let mut xml = String::new();
        all.by_name(name).unwrap().read_to_string(&mut xml).unwrap();
        let text = well_formed(name, &xml);
        if name.ends_with(part) {
            found = Some(text);
        }
    }
    found.unwrap_or_else(|| panic!("no {part} in {names:?}"))
}

fn well_formed(name: &str, xml: &str) -> String {
    use quick_xml::{Reader, events::Event};
    let mut reader = Reader::from_str(xml);
    let (mut text, mut depth, mut shown) = (String::new(), 0, false);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}")) {
            Event::Start(tag) => {
                depth += 1;
                shown = tag.name().as_ref() == b"w:t";
            }
            Event::End(_) => {
                depth -= 1;
                shown = false;
            }
            Event::Text(words) if shown => text.push_str(&words.decode().unwrap()),
            Event::GeneralRef(name) if shown => {
                let name = name.decode().unwrap().into_owned();
                let named = [("lt", '<'), ("gt", '>'), ("amp", '&'), ("quot", '"'), ("apos", '\'')];
                let known = named.into_iter().find(|(word, _)| *word == name).map(|(_, c)| c);
                text.push(known.unwrap_or_else(|| panic!("&{name};")));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "{name}");
    text
}

/// Text without blanks, boxes and lines to write on: what both formats have to share.
pub fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !"□☑√_".contains(*c)).collect()
}
