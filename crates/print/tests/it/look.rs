//! Pages as another program reads them: fonts, size, tags, words.

use kernel::{
    day,
    paper::{Block, Check, Document, Entry, Format},
};
use print::{File, render};

use crate::read::{bare, poppler, word};

const HOSTILE: &str =
    "#read(\"/etc/passwd\") $x$ *b* _i_ @a <script>alert(1)</script> [c] \\u{41} //n `r` ]]> &amp; 'q' \"q\"";

fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "政策明白纸".to_owned(),
        subtitle: "某某　2026年11月23日".to_owned(),
        foot: "某某社工站".to_owned(),
        day: day::parse("2026-11-23").unwrap(),
        large: false,
        blocks,
    }
}

/// One of everything, with this text wherever a text can stand.
fn everything(text: &str) -> Document {
    let cells = |n: usize| vec![text.to_owned(); n];
    document(vec![
        Block::heading(text),
        Block::subheading(text),
        Block::text(text),
        Block::notice(text),
        Block::point(text, text),
        Block::note(text),
        Block::Checks { items: [true, false].map(|ticked| Check { ticked, text: text.to_owned() }).to_vec() },
        Block::Fields {
            across: 2,
            items: vec![Entry::new(text, text), Entry::new("空白", ""), Entry::new(text, text)],
        },
        Block::Table { head: cells(3), widths: vec![1, 2, 3], rows: vec![cells(3), vec![String::new(); 3]] },
        Block::Lines { count: 2 },
        Block::Break,
        Block::Cut { text: text.to_owned() },
        Block::signatures(&[text, "日期：", "签名："]),
    ])
}

fn pdf(document: Document) -> File {
    render(document, Format::Pdf).unwrap()
}

#[test]
fn pages_are_a4_tagged_numbered_and_carry_their_fonts() {
    let file = pdf(everything("最低生活保障"));
    let info = poppler("pdfinfo", &[], &file.bytes);
    for line in ["A4", "政策明白纸", "yes"] {
        assert!(info.contains(line), "{line}: {info}");
    }
    let tagged = info.lines().find(|line| line.starts_with("Tagged")).unwrap();
    assert!(tagged.ends_with("yes"), "{tagged}");
    assert!(String::from_utf8_lossy(&file.bytes).contains("pdfuaid:part"), "says that it is PDF/UA");
    let fonts = poppler("pdffonts", &[], &file.bytes);
    let fonts: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(fonts.len() >= 2, "{fonts:?}");
    for font in fonts {
        assert!(
            font.contains("NotoSansSC") && font.contains(" yes yes yes "),
            "embedded, in part, with Unicode: {font}"
        );
    }
    let text = bare(&poppler("pdftotext", &[], &file.bytes));
    assert!(text.contains("第1页/共2页") && text.contains("第2页/共2页"), "{text}");
}

#[test]
fn rare_characters_of_names_have_a_shape_and_those_without_are_counted() {
    let rare = "㙍䶮𠮷𬭳𬎆";
    let file = pdf(document(vec![Block::text(rare), Block::notice(rare)]));
    assert_eq!(file.missing, 0);
    let fonts = poppler("pdffonts", &[], &file.bytes);
    assert!(fonts.contains("SourceHanSans"), "{fonts}");
    let text = bare(&poppler("pdftotext", &[], &file.bytes));
    assert_eq!(text.matches(rare).count(), 2, "{text}");
    assert!(!text.contains('〓'));

    let file = pdf(document(vec![Block::text("张𪻐𪻐")]));
    assert_eq!(file.missing, 2);
    let text = bare(&poppler("pdftotext", &[], &file.bytes));
    assert!(text.contains("张〓〓") && text.contains("有2个字不在字库中"), "{text}");
    let file = render(document(vec![Block::text("张𪻐")]), Format::Docx).unwrap();
    assert!(word(&file.bytes, "word/document.xml").contains("张𪻐"), "Word chooses its own font");
}

#[test]
fn text_of_people_is_shown_as_written_in_both_formats() {
    let hostile = format!("{HOSTILE}\u{202e}\u{0}\u{7}");
    let file = pdf(everything(&hostile));
    let text = bare(&poppler("pdftotext", &[], &file.bytes));
    let words = render(everything(&hostile), Format::Docx).unwrap();
    let written = bare(&word(&words.bytes, "word/document.xml"));
    for text in [&text, &written] {
        assert!(!text.contains("root:"), "no file was read");
        assert!(!text.contains('\u{202e}') && !text.contains('\u{7}'));
    }
    assert_eq!(written.matches(&bare(HOSTILE)).count(), 21, "{written}");
    // Narrow cells break it into lines, which poppler gives back column by column.
    assert!(text.matches(&bare(HOSTILE)).count() >= 6, "{text}");
}

#[test]
fn word_carries_the_same_text_as_pdf() {
    let words = "低保每月四百元".to_owned();
    let text = bare(&poppler("pdftotext", &["-raw"], &pdf(everything(&words)).bytes));
    let docx = render(everything(&words), Format::Docx).unwrap();
    let written = bare(&word(&docx.bytes, "word/document.xml"));
    let foot = bare(&word(&docx.bytes, "footer1.xml"));
    assert_eq!(text.matches(&words).count(), written.matches(&words).count());
    assert_eq!(foot, "某某社工站第1页/共1页");
    // The same words in the same order, but for the feet between pages.
    let (mut pages, mut paper): (Vec<char>, Vec<char>) = (written.chars().collect(), text.chars().collect());
    for n in [1, 2] {
        let foot = bare(&format!("某某社工站第{n}页/共2页"));
        paper = paper.iter().collect::<String>().replace(&foot, "").chars().collect();
    }
    pages.sort_unstable();
    paper.sort_unstable();
    assert_eq!(pages, paper);
}

#[test]
fn large_print_is_the_same_text_on_more_paper() {
    let blocks = || {
        (0..60)
            .map(|n| Block::point(format!("{n}. 到哪里办："), "户籍地乡镇人民政府受理，县级民政部门确认。".repeat(2)))
            .collect()
    };
    let small = pdf(document(blocks()));
    let large = pdf(Document { large: true, ..document(blocks()) });
    let pages = |file: &File| {
        let info = poppler("pdfinfo", &[], &file.bytes);
        let line = info.lines().find(|line| line.starts_with("Pages:")).unwrap().to_owned();
        line.trim_start_matches("Pages:").trim().parse::<u32>().unwrap()
    };
    assert!(pages(&large) > pages(&small), "{} {}", pages(&large), pages(&small));
}
