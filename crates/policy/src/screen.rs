//! Screening (筛查): all policies of a plan over a whole ledger.
//!
//! ```text
//! per block of 512 rows and policy   eligible      512 bits   known-true
//!                                    known         512 bits   known-true or known-false
//!                                    amount_known  512 bits   eligible and every fact of the amount known
//!                                    amount        512 x i32  (i64 where the bounds ask for it); zero where not given
//! ```
//! Rows are the rows of the ledger's blocks; [`Ledger::slots`] leads from the caller's rows to them. Rows that only fill a
//! block up are never eligible and never known. Results of a block lie side by side, so that a run writes memory from front
//! to end; the room may be used again for the next run.

use std::num::NonZero;
use std::ops::Range;

use bytemuck::allocation::zeroed_vec;

use crate::block::{STATUS, Spare, State, Table, Target};
use crate::core::{Cond, Num};
use crate::lane::Lane;
use crate::lanes::line::LARGE;
use crate::lanes::{Lanes, Line, Portable};
use crate::ledger::{Layout, Ledger, ROWS, WORDS};
use crate::library::Plan;
use crate::local::Local;
use crate::program::Program;

/// Results of all policies of a plan over all rows of a ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    policies: usize,
    /// Where the amounts of each policy stand in a block.
    places: Vec<Amounts>,
    narrow_places: usize,
    wide_places: usize,
    status: Vec<u64>,
    narrow: Vec<Line>,
    wide: Vec<Line>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Amounts {
    None,
    Narrow(usize),
    Wide(usize),
}

/// Result of one policy for one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Eligible, not, or unknown.
    pub status: Option<bool>,
    /// Amount; only where eligible and known.
    pub amount: Option<i64>,
}

/// A plan made ready for bulk runs over ledgers of one layout.
pub struct Screen {
    narrow: Ready<i32>,
    wide: Ready<i64>,
    policies: usize,
}

/// Status words, narrow and wide amounts of the blocks of one thread.
type Room<'a> = (&'a mut [u64], &'a mut [Line], &'a mut [Line]);

struct Ready<T> {
    program: Program,
    tables: Vec<Table<T>>,
}

/// Which inner loops to run; for measurements and tests, [`Screen::run`] takes the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speed {
    /// The widest the processor has.
    Best,
    /// AVX2 at most.
    Avx2,
    /// What every processor has.
    Portable,
}

impl Screen {
    /// Makes a plan ready. `locals` holds the plan at each place, in the order of the place numbers of the ledgers; the
    /// layout holds all facts of the plan.
    pub fn new(plan: &Plan, layout: &Layout, locals: &[Local]) -> Screen {
        let fits = narrow_numbers(plan, locals);
        let (narrow, wide): (Vec<usize>, Vec<usize>) =
            (0..plan.policies.len()).partition(|p| plan.policies.get(*p).is_some_and(|p| all_fit(plan, &fits, p)));
        Screen {
            narrow: Ready::new(plan, layout, locals, &narrow),
            wide: Ready::new(plan, layout, locals, &wide),
            policies: plan.policies.len(),
        }
    }

    /// Room for the results over a ledger.
    pub fn outcome(&self, ledger: &Ledger) -> Outcome {
        self.room(ledger.blocks())
    }

    /// Room for the results of so many blocks.
    pub(crate) fn room(&self, blocks: usize) -> Outcome {
        let place = |policy: usize| {
            let of = |paid: &[usize]| paid.iter().position(|p| *p == policy);
            let narrow = of(&self.narrow.program.paid).map(Amounts::Narrow);
            narrow.or(of(&self.wide.program.paid).map(Amounts::Wide)).unwrap_or(Amounts::None)
        };
        let (narrow_places, wide_places) = (self.narrow.program.paid.len(), self.wide.program.paid.len());
        Outcome {
            policies: self.policies,
            places: (0..self.policies).map(place).collect(),
            narrow_places,
            wide_places,
            status: vec![0; blocks * self.policies * STATUS],
            narrow: zeroed_vec(blocks * narrow_places * i32::LINES),
            wide: zeroed_vec(blocks * wide_places * i64::LINES),
        }
    }

    /// Runs all policies over a ledger on `threads` threads and writes into room made by [`Screen::outcome`].
    pub fn run(&self, ledger: &Ledger, threads: NonZero<usize>, outcome: &mut Outcome) {
        self.run_at(Speed::Best, ledger, threads, outcome);
    }

    /// The same with chosen inner loops.
    pub fn run_at(&self, speed: Speed, ledger: &Ledger, threads: NonZero<usize>, outcome: &mut Outcome) {
        let past = size_of_val(&*outcome.narrow) + size_of_val(&*outcome.wide) > LARGE;
        let share = ledger.blocks().div_ceil(threads.get()).max(1);
        let mut status = outcome.status.chunks_mut(share * outcome.policies.max(1) * STATUS);
        let mut narrow = outcome.narrow.chunks_mut(share * outcome.narrow_places.max(1) * i32::LINES);
        let mut wide = outcome.wide.chunks_mut(share * outcome.wide_places.max(1) * i64::LINES);
        let parts = (0..threads.get()).map(|at| {
            let blocks = (at * share).min(ledger.blocks())..((at + 1) * share).min(ledger.blocks());
            let room =
                (status.next().unwrap_or_default(), narrow.next().unwrap_or_default(), wide.next().unwrap_or_default());
            (blocks, room)
        });
        let part = |(blocks, (status, narrow, wide)): (Range<usize>, Room<'_>)| {
            self.narrow.part(speed, past, ledger, blocks.clone(), Target { status, amounts: narrow });
            self.wide.part(speed, past, ledger, blocks, Target { status, amounts: wide });
        };
        if threads.get() == 1 {
            parts.for_each(part);
        } else {
            std::thread::scope(|scope| {
                for each in parts {
                    scope.spawn(move || part(each));
                }
            });
        }
    }
}

impl<T: Lane> Ready<T> {
    fn new(plan: &Plan, layout: &Layout, locals: &[Local], policies: &[usize]) -> Ready<T> {
        let program = Program::new(plan, layout, policies);
        let tables = locals.iter().map(|local| Table::new(&program, local)).collect();
        Ready { program, tables }
    }

    fn part(&self, speed: Speed, past: bool, ledger: &Ledger, blocks: Range<usize>, target: Target<'_>) {
        if self.program.steps.is_empty() || blocks.is_empty() {
            return;
        }
        let job = Job { ready: self, ledger, blocks, target };
        #[cfg(target_arch = "x86_64")]
        {
            if speed == Speed::Best
                && let Some(wide) = pulp::x86::V4::try_new()
            {
                return wide.vectorize(In(crate::lanes::Avx512(wide, past), job));
            }
            if speed != Speed::Portable
                && let Some(wide) = pulp::x86::V3::try_new()
            {
                return wide.vectorize(In(crate::lanes::Avx2(wide, past), job));
            }
        }
        job.run(Portable);
    }
}

struct Job<'a, T> {
    ready: &'a Ready<T>,
    ledger: &'a Ledger,
    blocks: Range<usize>,
    target: Target<'a>,
}

/// A job inside a function compiled for the processor's features.
#[cfg(target_arch = "x86_64")]
struct In<'a, L, T>(L, Job<'a, T>);

#[cfg(target_arch = "x86_64")]
impl<L: Lanes, T: Lane> pulp::NullaryFnOnce for In<'_, L, T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.1.run(self.0);
    }
}

impl<T: Lane> Job<'_, T> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let mut state = State::new(&self.ready.program);
        let Target { mut status, mut amounts } = self.target;
        let Some(status_stride) = status.len().checked_div(self.blocks.len()) else { return };
        let amounts_stride = amounts.len() / self.blocks.len();
        let mut spare: Box<Spare<T>> = Box::new(([T::default(); ROWS], [T::default(); ROWS]));
        for segment in self.ledger.segments() {
            let from = segment.first.max(self.blocks.start);
            let to = (segment.first + segment.blocks).min(self.blocks.end);
            let Some(table) = self.ready.tables.get(segment.place as usize) else { continue };
            for block in from..to {
                let (own, later) = (status.split_at_mut(status_stride), amounts.split_at_mut(amounts_stride));
                let target = Target { status: own.0, amounts: later.0 };
                state.block(lanes, &self.ready.program, table, self.ledger.words(block, 1), target, &mut spare);
                (status, amounts) = (own.1, later.1);
            }
        }
        lanes.settle();
    }
}

fn numbers<T: Lane + bytemuck::Pod>(lines: &[Line]) -> &[T] {
    bytemuck::cast_slice(lines)
}

/// Which numbers fit 32 bits at every place.
fn narrow_numbers(plan: &Plan, locals: &[Local]) -> Vec<bool> {
    let ids = (0..).take(plan.core.nums().len());
    let fits = |(low, high): (i64, i64)| i32::try_from(low).is_ok() && i32::try_from(high).is_ok();
    ids.map(|id| locals.iter().all(|l| fits(l.bounds(id)))).collect()
}

fn all_fit(plan: &Plan, fits: &[bool], policy: &crate::lower::Lowered) -> bool {
    let core = &plan.core;
    let (mut conds, mut nums) = (vec![policy.when], policy.amount.into_iter().collect::<Vec<_>>());
    loop {
        if let Some(id) = conds.pop() {
            match core.cond(id) {
                Cond::All(parts) | Cond::Any(parts) => conds.extend(parts),
                Cond::Not(part) => conds.push(*part),
                Cond::Compare(_, a, b) => nums.extend([*a, *b]),
                Cond::Const(_) | Cond::Flag(_) | Cond::Linear { .. } | Cond::Within(..) | Cond::Fixed(..) => {}
            }
        } else if let Some(id) = nums.pop() {
            if !fits.get(id as usize).copied().unwrap_or(false) {
                return false;
            }
            match core.num(id) {
                Num::Add(a, b) | Num::Sub(a, b) | Num::Mul(a, b) | Num::Min(a, b) | Num::Max(a, b) => {
                    nums.extend([*a, *b])
                }
                Num::Round(a, _, _) => nums.push(*a),
                Num::Table(rows, other) => {
                    conds.extend(rows.iter().map(|r| r.0));
                    nums.extend(rows.iter().map(|r| r.1).chain(*other));
                }
                Num::Const(_) | Num::Param(_) | Num::Fact(_) => {}
            }
        } else {
            return true;
        }
    }
}

impl Outcome {
    /// Empties the room for other rows.
    #[cfg(feature = "files")]
    pub(crate) fn clear(&mut self) {
        self.status.fill(0);
    }

    /// Eligible, known and amount-known bits of all blocks and policies.
    #[cfg(feature = "files")]
    pub(crate) fn status_words(&self) -> &[u64] {
        &self.status
    }

    /// Appends the known amounts of the first blocks, by block, policy and row, little-endian.
    #[cfg(feature = "files")]
    pub(crate) fn known_amounts(&self, blocks: usize, out: &mut Vec<u8>) {
        for block in 0..blocks {
            for (policy, place) in self.places.iter().enumerate() {
                let at = (block * self.policies + policy) * STATUS + 2 * WORDS;
                let known = self.status.get(at..at + WORDS).unwrap_or_default();
                let each = |out: &mut Vec<u8>, put: &mut dyn FnMut(&mut Vec<u8>, usize)| {
                    for (word, bits) in known.iter().enumerate() {
                        let mut bits = *bits;
                        while bits != 0 {
                            put(out, word * 64 + bits.trailing_zeros() as usize);
                            bits &= bits - 1;
                        }
                    }
                };
                match place {
                    Amounts::None => {}
                    Amounts::Narrow(at) => {
                        let base = (block * self.narrow_places + at) * ROWS;
                        let values = numbers::<i32>(&self.narrow).get(base..base + ROWS).unwrap_or_default();
                        each(out, &mut |out, row| {
                            out.extend_from_slice(&values.get(row).copied().unwrap_or(0).to_le_bytes());
                        });
                    }
                    Amounts::Wide(at) => {
                        let base = (block * self.wide_places + at) * ROWS;
                        let values = numbers::<i64>(&self.wide).get(base..base + ROWS).unwrap_or_default();
                        each(out, &mut |out, row| {
                            out.extend_from_slice(&values.get(row).copied().unwrap_or(0).to_le_bytes());
                        });
                    }
                }
            }
        }
    }

    /// Result of one policy at a place in the blocks.
    pub fn cell(&self, policy: usize, slot: u32) -> Option<Cell> {
        let (block, row) = (slot as usize / ROWS, slot as usize % ROWS);
        let status = self.status.get((block * self.policies + policy) * STATUS..)?;
        let bit = |column: usize| status.get(column * WORDS + row / 64).is_some_and(|w| w >> (row % 64) & 1 == 1);
        let amount = match self.places.get(policy)? {
            Amounts::None => None,
            Amounts::Narrow(at) => {
                numbers::<i32>(&self.narrow).get((block * self.narrow_places + at) * ROWS + row).map(|v| i64::from(*v))
            }
            Amounts::Wide(at) => numbers::<i64>(&self.wide).get((block * self.wide_places + at) * ROWS + row).copied(),
        };
        Some(Cell { status: bit(1).then(|| bit(0)), amount: amount.filter(|_| bit(2)) })
    }

    /// Rows whose result of a policy differs from `before`, as bits of a block: [newly eligible, no longer eligible, newly
    /// unknown]. Both outcomes are of the same plan and ledger layout.
    pub fn differences(&self, before: &Outcome, policy: usize, block: usize) -> [[u64; WORDS]; 3] {
        let of = |outcome: &Outcome| {
            let words = outcome
                .status
                .get((block * outcome.policies + policy) * STATUS..)
                .and_then(|s| s.first_chunk::<STATUS>());
            *words.unwrap_or(&[0; STATUS])
        };
        let (now, then) = (of(self), of(before));
        let mut found = [[0; WORDS]; 3];
        let [gained, lost, unknown] = &mut found;
        let pairs = now.iter().zip(&then);
        let known = now.iter().zip(&then).skip(WORDS);
        for ((((now, then), (known, knew)), (gained, lost)), unknown) in
            pairs.zip(known).zip(gained.iter_mut().zip(lost)).zip(unknown)
        {
            *gained = now & !then;
            *lost = then & !now & known;
            *unknown = knew & !known;
        }
        found
    }
}
