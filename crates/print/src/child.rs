//! The printing child: one process, one document, narrow limits.
//!
//! The limits are set before anything is read. No further file or socket can be opened (three descriptors are open already and
//! there are no more), nothing can be written to disk, memory and processor time are bounded, and no core is left behind.

use std::{
    io::{self, Read as _, Write as _},
    process::ExitCode,
};

use kernel::paper::{Answer, Order};
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::{Fault, File, render};

/// Address space in bytes. Fonts, typst and one document take about a fifth of it; the allocator reserves more than it uses.
const SPACE: u64 = 3 << 30;
/// Processor seconds.
const SECONDS: u64 = 30;
/// Bytes of a document as JSON.
const MOST: u64 = 4 << 20;

/// Exit code: what came in is no document.
const UNREADABLE: u8 = 3;
/// Exit code: a defect of the program.
const DEFECT: u8 = 4;

/// Reads a document, writes a file. Its exit code tells what went wrong; the words of a fault go to standard error, which the
/// server does not read.
pub fn run() -> ExitCode {
    if let Err(error) = confine() {
        eprintln!("limits: {error}");
        return ExitCode::from(DEFECT);
    }
    match make() {
        Ok(()) => ExitCode::SUCCESS,
        Err(Fault::Unreadable) => ExitCode::from(UNREADABLE),
        Err(fault) => {
            eprintln!("{fault:?}");
            ExitCode::from(DEFECT)
        }
    }
}

fn confine() -> rustix::io::Result<()> {
    let limits = [
        (Resource::As, SPACE),
        (Resource::Cpu, SECONDS),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
        (Resource::Nofile, 3),
    ];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

fn make() -> Result<(), Fault> {
    let mut text = String::new();
    io::stdin().take(MOST).read_to_string(&mut text).map_err(|_| Fault::Unreadable)?;
    let (order, document) = text.split_once('\n').ok_or(Fault::Unreadable)?;
    let order: Order = serde_json::from_str(order).map_err(|_| Fault::Unreadable)?;
    let document = serde_json::from_str(document).map_err(|_| Fault::Unreadable)?;
    let File { bytes, missing } = render(document, order.format)?;
    write(&Answer { missing }, &bytes).map_err(|error| Fault::Layout(error.to_string()))
}

fn write(answer: &Answer, bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, answer)?;
    out.write_all(b"\n")?;
    out.write_all(bytes)?;
    out.flush()
}
