//! Word from the same blocks. Fonts are those of the computer that opens it (宋体 and 黑体 are on every Chinese one).

use std::io::Cursor;

use docx_rs::{
    AlignmentType, BorderType, BreakType, Docx, Footer, HeightRule, LineSpacing, NumPages, PageMargin, PageNum,
    Paragraph, ParagraphBorder, ParagraphBorderPosition, ParagraphBorders, Run, RunFonts, Style, StyleType, Table,
    TableCell, TableLayoutType, TableRow, VAlignType, WidthType,
};
use kernel::paper::{Block, Check, Document, Entry};

use crate::Fault;

/// Width between the margins in twentieths of a point.
const WIDTH: usize = 9_638;
/// A millimetre in twentieths of a point.
const MM: i32 = 57;
/// Lowest height of a row to write in, in points.
const ROW: f32 = 440.0;
/// Places to sign in one row.
const SIGN: usize = 2;

/// Letters of a document: everything else follows their size.
struct Letters {
    /// In half points.
    size: usize,
}

/// Makes the file.
pub fn render(document: &Document) -> Result<Vec<u8>, Fault> {
    let letters = Letters { size: if document.large { 32 } else { 22 } };
    let mut docx = letters.styles(Docx::new()).page_size(11_906, 16_838).page_margin(margin()).footer(foot(document));
    docx = docx.add_paragraph(said(&document.title).style("Title").align(AlignmentType::Center));
    if !document.subtitle.is_empty() {
        docx = docx.add_paragraph(said(&document.subtitle).align(AlignmentType::Center));
    }
    let mut breaks = false;
    for block in &document.blocks {
        if *block == Block::Break {
            breaks = true;
            continue;
        }
        if std::mem::take(&mut breaks) {
            docx = docx.add_paragraph(Paragraph::new().add_run(Run::new().add_break(BreakType::Page)));
        }
        docx = letters.put(docx, block);
    }
    let mut file = Cursor::new(Vec::new());
    docx.build().pack(&mut file).map_err(|error| Fault::Layout(error.to_string()))?;
    Ok(file.into_inner())
}

fn margin() -> PageMargin {
    PageMargin {
        top: 18 * MM,
        left: 20 * MM,
        bottom: 20 * MM,
        right: 20 * MM,
        header: 10 * MM,
        footer: 10 * MM,
        gutter: 0,
    }
}

fn foot(document: &Document) -> Footer {
    let small = |text: &str| Run::new().add_text(text).size(17);
    let line = Paragraph::new()
        .add_run(small(&document.foot))
        .add_run(small("　第 "))
        .add_page_num(PageNum::new())
        .add_run(small(" 页 / 共 "))
        .add_num_pages(NumPages::new())
        .add_run(small(" 页"));
    Footer::new().add_paragraph(line)
}

/// A run with its line breaks.
fn run(text: &str) -> Run {
    let mut run = Run::new();
    for (i, line) in text.split('\n').enumerate() {
        if i > 0 {
            run = run.add_break(BreakType::TextWrapping);
        }
        run = run.add_text(line);
    }
    run
}

fn said(text: &str) -> Paragraph {
    Paragraph::new().add_run(run(text))
}

/// A paragraph with lines at these sides.
fn lined(mut paragraph: Paragraph, sides: &[ParagraphBorderPosition], kind: BorderType) -> Paragraph {
    let mut borders = ParagraphBorders::with_empty();
    for side in sides {
        borders = borders.set(ParagraphBorder::new(side.clone()).val(kind).size(6).space(4).color("595959"));
    }
    paragraph.property = paragraph.property.set_borders(borders);
    paragraph
}

impl Letters {
    fn styles(&self, docx: Docx) -> Docx {
        let heading = |id: &str, name: &str, size: usize, level: usize| {
            Style::new(id, StyleType::Paragraph)
                .name(name)
                .q_format(true)
                .fonts(RunFonts::new().ascii("黑体").hi_ansi("黑体").east_asia("黑体"))
                .size(size)
                .bold()
                .outline_lvl(level)
                .line_spacing(LineSpacing::new().before(200).after(100))
        };
        docx.default_fonts(RunFonts::new().ascii("宋体").hi_ansi("宋体").east_asia("宋体"))
            .default_size(self.size)
            .default_line_spacing(LineSpacing::new().after(80).line(320))
            .add_style(heading("Title", "Title", self.size * 3 / 2, 0))
            .add_style(heading("Heading1", "heading 1", self.size * 6 / 5, 0))
            .add_style(heading("Heading2", "heading 2", self.size, 1))
    }

    fn put(&self, docx: Docx, block: &Block) -> Docx {
        use ParagraphBorderPosition::{Bottom, Left, Right, Top};
        match block {
            Block::Heading { text } => docx.add_paragraph(said(text).style("Heading1").keep_next(true)),
            Block::Subheading { text } => docx.add_paragraph(said(text).style("Heading2").keep_next(true)),
            Block::Text { text } => docx.add_paragraph(said(text)),
            Block::Notice { text } => {
                let bold = Paragraph::new().add_run(run(text).bold()).keep_lines(true);
                docx.add_paragraph(lined(bold, &[Top, Left, Bottom, Right], BorderType::Single))
            }
            Block::Point { lead, text } => {
                docx.add_paragraph(Paragraph::new().add_run(run(lead).bold()).add_run(run(text)))
            }
            Block::Note { text } => {
                let small = run(text).size(self.size * 6 / 7).color("595959");
                docx.add_paragraph(Paragraph::new().add_run(small))
            }
            Block::Checks { items } => items.iter().fold(docx, |docx, item| docx.add_paragraph(said(&tick(item)))),
            Block::Fields { across, items } => after_table(docx.add_table(fields(usize::from(*across), items))),
            Block::Table { head, widths, rows } => after_table(docx.add_table(table(head, widths, rows))),
            Block::Lines { count } => {
                (0..*count).fold(docx, |docx, _| docx.add_paragraph(lined(said(""), &[Bottom], BorderType::Single)))
            }
            Block::Signatures { items } => after_table(docx.add_table(signatures(items))),
            Block::Cut { text } => {
                let small = Paragraph::new().add_run(run(text).size(self.size * 6 / 7)).align(AlignmentType::Center);
                docx.add_paragraph(lined(small.keep_next(true), &[Top], BorderType::Dashed))
            }
            Block::Break => docx,
        }
    }
}

/// Two tables that touch would become one.
fn after_table(docx: Docx) -> Docx {
    docx.add_paragraph(said("").line_spacing(LineSpacing::new().after(0).line(200)))
}

fn tick(item: &Check) -> String {
    format!("{} {}", if item.ticked { "☑" } else { "□" }, item.text)
}

fn cell(paragraph: Paragraph, width: usize) -> TableCell {
    TableCell::new().add_paragraph(paragraph).width(width, WidthType::Dxa).vertical_align(VAlignType::Center)
}

fn grid(rows: Vec<TableRow>, widths: Vec<usize>) -> Table {
    Table::new(rows).set_grid(widths).layout(TableLayoutType::Fixed).width(WIDTH, WidthType::Dxa)
}

fn row(cells: Vec<TableCell>) -> TableRow {
    TableRow::new(cells).row_height(ROW).height_rule(HeightRule::AtLeast).cant_split()
}

fn fields(across: usize, items: &[Entry]) -> Table {
    let across = across.max(1);
    // The label takes a third of a pair, or less where a pair has the whole line.
    let pair = WIDTH / across;
    let label = if across == 1 { pair / 4 } else { pair / 3 };
    let widths: Vec<usize> = (0..across).flat_map(|_| [label, pair - label]).collect();
    let rows = items.chunks(across).map(|pairs| {
        let mut cells = Vec::new();
        for entry in pairs {
            cells.push(cell(said(&entry.label).align(AlignmentType::Center), label));
            cells.push(cell(said(&entry.value), pair - label));
        }
        for _ in pairs.len()..across {
            cells.push(cell(said(""), label));
            cells.push(cell(said(""), pair - label));
        }
        row(cells)
    });
    grid(rows.collect(), widths)
}

fn table(head: &[String], widths: &[u16], rows: &[Vec<String>]) -> Table {
    let sum = widths.iter().map(|w| usize::from(*w)).sum::<usize>().max(1);
    let widths: Vec<usize> = widths.iter().map(|w| usize::from(*w) * WIDTH / sum).collect();
    let line = |cells: Vec<Paragraph>| {
        row(cells.into_iter().zip(&widths).map(|(paragraph, width)| cell(paragraph, *width)).collect())
    };
    let mut all = vec![line(head.iter().map(|text| Paragraph::new().add_run(run(text).bold())).collect())];
    all.extend(rows.iter().map(|cells| line(cells.iter().map(|text| said(text)).collect())));
    grid(all, widths.clone())
}

fn signatures(items: &[String]) -> Table {
    let width = WIDTH / SIGN;
    let rows = items.chunks(SIGN).map(|pair| {
        let mut cells: Vec<TableCell> =
            pair.iter().map(|text| cell(said(&format!("{text}________________")), width)).collect();
        cells.extend((pair.len()..SIGN).map(|_| cell(said(""), width)));
        row(cells)
    });
    grid(rows.collect(), vec![width; SIGN]).clear_all_border()
}
