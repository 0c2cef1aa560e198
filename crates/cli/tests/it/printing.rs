//! The printing child of the real program: limits, and what comes out of it.

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Output, Stdio},
    time::Duration,
};

use ground::press::{CHILD, Limits, Press};
use kernel::{
    Problem, day,
    paper::{Block, Document, Format},
};

use crate::program::program;

fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "政策明白纸".to_owned(),
        subtitle: String::new(),
        foot: String::new(),
        day: day::parse("2026-11-23").unwrap(),
        large: false,
        blocks,
    }
}

fn press(limits: Limits) -> Press {
    Press::of(PathBuf::from(env!("CARGO_BIN_EXE_sheqiao")), [CHILD.into()], limits)
}

/// The child alone, with this on its standard input.
fn child(input: &[u8]) -> Output {
    let mut command = program();
    command.arg(CHILD).env_clear().env("RAYON_NUM_THREADS", "1");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let write = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let out = child.wait_with_output().unwrap();
    write.join().unwrap();
    out
}

#[tokio::test]
async fn the_program_prints_itself_inside_its_limits() {
    let press = press(Limits::default());
    let paper = document(vec![Block::text("𠮷𪻐"), Block::signatures(&["签名："])]);
    let pdf = press.print(&paper, Format::Pdf).await.unwrap();
    assert_eq!((&pdf.bytes[..5], pdf.missing), (&b"%PDF-"[..], 1));
    let docx = press.print(&paper, Format::Docx).await.unwrap();
    assert_eq!(&docx.bytes[..4], b"PK\x03\x04");
}

#[tokio::test]
async fn what_takes_too_long_or_too_much_ends_with_words_and_the_next_one_prints() {
    let hurried = press(Limits { time: Duration::from_millis(1), ..Limits::default() });
    let problem = hurried.print(&document(vec![]), Format::Pdf).await.unwrap_err();
    assert!(matches!(&problem, Problem::Busy(text) if text.zh.contains("超时")), "{problem:?}");
    // A table no paper is meant for: the child ends by time or by a limit of its own, never the caller.
    let rows = (0..40_000).map(|n| vec![format!("{n}"), String::new(), String::new()]).collect();
    let endless =
        document(vec![Block::Table { head: vec!["甲".into(), "乙".into(), "丙".into()], widths: vec![1; 3], rows }]);
    let brief = press(Limits { time: Duration::from_secs(3), ..Limits::default() });
    let problem = brief.print(&endless, Format::Pdf).await.unwrap_err();
    assert!(matches!(&problem, Problem::Busy(_) | Problem::Refused("print.too_large", _)), "{problem:?}");
    assert!(press(Limits::default()).print(&document(vec![]), Format::Pdf).await.is_ok());
}

#[test]
fn a_child_that_is_told_nonsense_says_nothing() {
    for nonsense in [&b""[..], b"{}\n{}", b"{\"format\":\"pdf\"}", b"{\"format\":\"exe\"}\n{}", &[0xff, 0xfe, b'\n']] {
        let out = child(nonsense);
        assert_eq!((out.status.code(), out.stdout.len()), (Some(3), 0), "{nonsense:?}");
    }
}
