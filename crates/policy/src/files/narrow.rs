//! Narrow files (窄列文件): a ledger as it stands in memory, and the whole night over it: results and differences on disk.
//!
//! ```text
//! ledger       "SQNARROW", length of the head (u32), head (JSON: facts, places, segments), zeros up to a page; then the blocks
//! status       per block and policy 24 words: eligible, known, amount known (512 bits each)
//! differences  per block and policy 24 words: newly eligible, no longer eligible, newly unknown
//! amounts-<n>  of the blocks of thread n: the known amounts by block, policy and row, 4 bytes, or 8 where the bounds ask for it
//! ```
//! Words are little-endian. Blocks are read and written a few at a time at their own places in the files, so that memory does
//! not grow with the number of persons.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::num::NonZero;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::unopened;
use crate::block::STATUS;
use crate::dictionary::Dictionary;
use crate::fault::{Fault, Spot};
use crate::ledger::{Layout, Ledger, ROWS, Segment};
use crate::library::Plan;
use crate::screen::{Outcome, Screen};

/// First bytes of a ledger file.
const MAGIC: &[u8; 8] = b"SQNARROW";
/// Blocks begin on a page.
const PAGE: usize = 4_096;
/// Blocks that are read, screened and written at once.
const AT_ONCE: usize = 64;
/// Longest head.
const HEAD: usize = 64 << 20;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    /// Facts by their words, with their bounds: what the layout hangs on.
    facts: Vec<(String, i64, i64)>,
    stride: usize,
    places: Vec<u32>,
    /// Place, first block, blocks, rows.
    segments: Vec<(u32, usize, usize, usize)>,
}

/// A ledger on disk.
pub struct Narrow {
    file: File,
    name: String,
    start: u64,
    layout: Layout,
    segments: Vec<Segment>,
    /// Numbers of the places, as in the persons file.
    pub places: Vec<u32>,
}

/// Differences to the results before, by policy in the order of the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Night {
    /// Persons.
    pub persons: u64,
    /// Newly eligible, no longer eligible, newly unknown.
    pub differences: Vec<[u64; 3]>,
}

/// The facts a plan asks for.
pub(super) fn facts_of(plan: &Plan) -> Vec<u16> {
    let mut facts: Vec<_> = plan.policies.iter().flat_map(|p| p.facts.iter().chain(&p.amount_facts)).copied().collect();
    facts.sort_unstable();
    facts.dedup();
    facts
}

fn head_facts(dictionary: &Dictionary, plan: &Plan) -> Vec<(String, i64, i64)> {
    facts_of(plan).iter().filter_map(|id| dictionary.fact(*id)).map(|f| (f.id.clone(), f.min, f.max)).collect()
}

/// Writes a ledger, `times` times one behind the other (for measurements at a size nobody has a file of).
///
/// # Errors
/// A fault for a file that cannot be written.
pub fn pack(
    path: &Path,
    dictionary: &Dictionary,
    plan: &Plan,
    places: &[u32],
    ledger: &Ledger,
    times: NonZero<usize>,
) -> Result<(), Fault> {
    let blocks = ledger.blocks();
    let segments = (0..times.get())
        .flat_map(|n| ledger.segments().iter().map(move |s| (s.place, n * blocks + s.first, s.blocks, s.rows)));
    let head = Head {
        facts: head_facts(dictionary, plan),
        stride: ledger.layout().stride(),
        places: places.to_vec(),
        segments: segments.collect(),
    };
    let text = serde_json::to_vec(&head).map_err(|e| unopened(path, &e))?;
    let write = || -> std::io::Result<()> {
        let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
        file.write_all(MAGIC)?;
        file.write_all(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes())?;
        file.write_all(&text)?;
        let used = MAGIC.len() + 4 + text.len();
        file.write_all(&vec![0; used.next_multiple_of(PAGE) - used])?;
        for _ in 0..times.get() {
            for first in (0..blocks).step_by(AT_ONCE) {
                file.write_all(bytemuck::cast_slice(ledger.words(first, AT_ONCE.min(blocks - first))))?;
            }
        }
        file.flush()
    };
    write().map_err(|e| unopened(path, &e))
}

impl Narrow {
    /// Opens a ledger file for a plan.
    ///
    /// # Errors
    /// A fault for a file that cannot be read, is none, or was packed for other facts.
    pub fn open(path: &Path, dictionary: &Dictionary, plan: &Plan) -> Result<Narrow, Fault> {
        let name = path.display().to_string();
        let spot = Spot::file(&name);
        let no = |e: &dyn std::fmt::Display| unopened(path, e);
        let file = File::open(path).map_err(|e| no(&e))?;
        let mut begin = [0_u8; 12];
        file.read_exact_at(&mut begin, 0).map_err(|e| no(&e))?;
        let (magic, length) = begin.split_at(MAGIC.len());
        let length = length.try_into().map_or(0, |bytes| u32::from_le_bytes(bytes) as usize);
        if magic != MAGIC || length > HEAD {
            return Err(spot.fault("不是窄列台账文件", "is no narrow ledger file"));
        }
        let mut text = vec![0; length];
        file.read_exact_at(&mut text, 12).map_err(|e| no(&e))?;
        let head: Head = serde_json::from_slice(&text).map_err(|e| no(&e))?;
        let layout = Layout::new(dictionary, &facts_of(plan));
        if head.facts != head_facts(dictionary, plan) || head.stride != layout.stride() {
            return Err(spot.fault(
                "文件里的事实与这些政策要用的不同，请重新生成",
                "was packed for other facts than these policies ask for; pack it again",
            ));
        }
        let start = (12 + length).next_multiple_of(PAGE) as u64;
        let segments: Vec<Segment> = head
            .segments
            .iter()
            .map(|(place, first, blocks, rows)| Segment { place: *place, first: *first, blocks: *blocks, rows: *rows })
            .collect();
        let blocks = segments.last().map_or(0, |s| s.first + s.blocks);
        let size = file.metadata().map_err(|e| no(&e))?.len();
        if size < start + (blocks * layout.stride() * 8) as u64 {
            return Err(spot.fault("文件不完整", "is cut off"));
        }
        Ok(Narrow { file, name, start, layout, segments, places: head.places })
    }

    /// The layout.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Persons.
    pub fn persons(&self) -> u64 {
        self.segments.iter().map(|s| s.rows as u64).sum()
    }

    fn blocks(&self) -> usize {
        self.segments.last().map_or(0, |s| s.first + s.blocks)
    }

    /// Screens everybody and writes results and differences into the folder `out`; `before` is the folder of an earlier
    /// night over the same file.
    ///
    /// # Errors
    /// A fault for a file that cannot be read or written, or results of another size.
    pub fn night(
        &self,
        screen: &Screen,
        policies: usize,
        before: Option<&Path>,
        out: &Path,
        threads: NonZero<usize>,
    ) -> Result<Night, Fault> {
        let no = |e: std::io::Error| unopened(out, &e);
        std::fs::create_dir_all(out).map_err(no)?;
        let size = (self.blocks() * policies * STATUS * 8) as u64;
        let make = |name: &str| -> Result<File, Fault> {
            let file = File::create(out.join(name)).map_err(no)?;
            file.set_len(size).map_err(no)?;
            Ok(file)
        };
        let (status, differences) = (make("status")?, make("differences")?);
        let before = match before {
            None => None,
            Some(folder) => {
                let path = folder.join("status");
                let file = File::open(&path).map_err(|e| unopened(&path, &e))?;
                if file.metadata().map_err(|e| unopened(&path, &e))?.len() != size {
                    return Err(Spot::file(&path.display().to_string())
                        .fault("不是同一台账的结果", "holds results of another ledger"));
                }
                Some(file)
            }
        };
        let share = self.blocks().div_ceil(threads.get()).max(1);
        let part = |at: usize| -> Result<Vec<[u64; 3]>, Fault> {
            let blocks = (at * share).min(self.blocks())..((at + 1) * share).min(self.blocks());
            let amounts = File::create(out.join(format!("amounts-{at}"))).map_err(no)?;
            let mut part = Part {
                narrow: self,
                screen,
                policies,
                before: before.as_ref(),
                status: &status,
                differences: &differences,
                amounts: BufWriter::with_capacity(1 << 20, amounts),
                counts: vec![[0; 3]; policies],
            };
            part.run(blocks).map_err(|e| unopened(Path::new(&self.name), &e))?;
            Ok(part.counts)
        };
        let mut night = Night { persons: self.persons(), differences: vec![[0; 3]; policies] };
        let part = &part;
        let parts: Vec<Result<Vec<[u64; 3]>, Fault>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..threads.get()).map(|at| scope.spawn(move || part(at))).collect();
            threads.into_iter().map(|t| t.join().unwrap_or_else(|_| Ok(Vec::new()))).collect()
        });
        for counts in parts {
            for (all, more) in night.differences.iter_mut().zip(counts?) {
                for (all, more) in all.iter_mut().zip(more) {
                    *all += more;
                }
            }
        }
        Ok(night)
    }
}

/// The blocks of one thread.
struct Part<'a> {
    narrow: &'a Narrow,
    screen: &'a Screen,
    policies: usize,
    before: Option<&'a File>,
    status: &'a File,
    differences: &'a File,
    amounts: BufWriter<File>,
    counts: Vec<[u64; 3]>,
}

impl Part<'_> {
    fn run(&mut self, blocks: std::ops::Range<usize>) -> std::io::Result<()> {
        let one = NonZero::<usize>::MIN;
        let mut ready: Option<(Ledger, Outcome)> = None;
        let mut then: Vec<u64> = Vec::new();
        let mut found: Vec<u64> = Vec::new();
        let mut known: Vec<u8> = Vec::new();
        for first in blocks.clone().step_by(AT_ONCE) {
            let count = AT_ONCE.min(blocks.end - first);
            let fits = ready.as_ref().is_some_and(|(ledger, _)| ledger.room() == count);
            if !fits {
                let ledger = Ledger::window(self.narrow.layout.clone(), count);
                let outcome = self.screen.room(count);
                ready = Some((ledger, outcome));
            }
            let Some((ledger, outcome)) = ready.as_mut() else { continue };
            ledger.show(&self.narrow.segments, first);
            let at = self.narrow.start + (first * self.narrow.layout.stride() * 8) as u64;
            self.narrow.file.read_exact_at(bytemuck::cast_slice_mut(ledger.room_mut()), at)?;
            outcome.clear();
            self.screen.run(ledger, one, outcome);
            let now = outcome.status_words();
            let place = (first * self.policies * STATUS * 8) as u64;
            then.clear();
            then.resize(now.len(), 0);
            if let Some(before) = self.before {
                before.read_exact_at(bytemuck::cast_slice_mut(&mut then), place)?;
            }
            found.clear();
            found.resize(now.len(), 0);
            for (at, ((now, then), found)) in
                now.chunks_exact(STATUS).zip(then.chunks_exact(STATUS)).zip(found.chunks_exact_mut(STATUS)).enumerate()
            {
                let counts = differ(now, then, found);
                if let Some(all) = self.counts.get_mut(at % self.policies.max(1)) {
                    for (all, more) in all.iter_mut().zip(counts) {
                        *all += more;
                    }
                }
            }
            self.status.write_all_at(bytemuck::cast_slice(now), place)?;
            self.differences.write_all_at(bytemuck::cast_slice(&found), place)?;
            known.clear();
            outcome.known_amounts(count, &mut known);
            self.amounts.write_all(&known)?;
        }
        self.amounts.flush()
    }
}

/// Newly eligible, no longer eligible and newly unknown rows of one block and policy; gives how many of each.
fn differ(now: &[u64], then: &[u64], found: &mut [u64]) -> [u64; 3] {
    const W: usize = ROWS / 64;
    let mut counts = [0; 3];
    for word in 0..W {
        let of = |words: &[u64], column: usize| words.get(column * W + word).copied().unwrap_or(0);
        let (eligible, was, known, knew) = (of(now, 0), of(then, 0), of(now, 1), of(then, 1));
        let kinds = [eligible & !was, was & !eligible & known, knew & !known];
        for (column, (kind, count)) in kinds.into_iter().zip(&mut counts).enumerate() {
            if let Some(slot) = found.get_mut(column * W + word) {
                *slot = kind;
            }
            *count += u64::from(kind.count_ones());
        }
    }
    counts
}
