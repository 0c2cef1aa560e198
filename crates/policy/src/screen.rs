//! Screening (筛查): all policies of a plan over a whole ledger.
//!
//! ```text
//! per policy   eligible      1 bit per row    known-true
//!              known         1 bit per row    known-true or known-false
//!              amount        i32 (or i64 where the bounds ask for it); zero where not given
//!              amount_known  1 bit per row    eligible and every fact of the amount known
//! ```
//! Rows are the rows of the ledger's blocks; [`Ledger::slots`] leads from the caller's rows to them. Rows that only fill a
//! block up are never eligible and never known. The columns may be used again for the next run.

use std::num::NonZero;

use crate::block::{Lane, Spare, State, Table, Target};
use crate::core::{Cond, Num};
use crate::lanes::{Lanes, Portable};
use crate::ledger::{Layout, Ledger, ROWS, WORDS};
use crate::library::Plan;
use crate::local::Local;
use crate::program::Program;

/// Amounts of one policy over all rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amounts {
    /// The policy has no amount.
    None,
    /// All fit 32 bits.
    Narrow(Vec<i32>),
    /// Some may not.
    Wide(Vec<i64>),
}

/// Results of one policy over all rows of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Known to be eligible, one bit per row.
    pub eligible: Vec<u64>,
    /// Known either way, one bit per row.
    pub known: Vec<u64>,
    /// Amounts.
    pub amounts: Amounts,
    /// Amount given, one bit per row.
    pub amount_known: Vec<u64>,
}

/// Results of all policies, in the order of the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// One per policy.
    pub columns: Vec<Column>,
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
    amounts: Vec<bool>,
}

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
        let amounts = plan.policies.iter().map(|p| p.amount.is_some()).collect();
        Screen {
            narrow: Ready::new(plan, layout, locals, &narrow),
            wide: Ready::new(plan, layout, locals, &wide),
            policies: plan.policies.len(),
            amounts,
        }
    }

    /// Columns for the results over a ledger.
    pub fn outcome(&self, ledger: &Ledger) -> Outcome {
        let blocks = ledger.blocks();
        let columns = (0..self.policies).map(|policy| {
            let paid = self.amounts.get(policy).copied().unwrap_or(false);
            let amounts = match (paid, self.wide.program.policies.contains(&policy)) {
                (false, _) => Amounts::None,
                (true, false) => Amounts::Narrow(vec![0; blocks * ROWS]),
                (true, true) => Amounts::Wide(vec![0; blocks * ROWS]),
            };
            let bits = || vec![0; blocks * WORDS];
            Column { eligible: bits(), known: bits(), amounts, amount_known: if paid { bits() } else { Vec::new() } }
        });
        Outcome { columns: columns.collect() }
    }

    /// Runs all policies over a ledger on `threads` threads and writes into columns made by [`Screen::outcome`].
    pub fn run(&self, ledger: &Ledger, threads: NonZero<usize>, outcome: &mut Outcome) {
        self.run_at(Speed::Best, ledger, threads, outcome);
    }

    /// The same with chosen inner loops.
    pub fn run_at(&self, speed: Speed, ledger: &Ledger, threads: NonZero<usize>, outcome: &mut Outcome) {
        let share = ledger.blocks().div_ceil(threads.get()).max(1);
        let mut narrow: Vec<Vec<Target<'_, i32>>> = Vec::new();
        let mut wide: Vec<Vec<Target<'_, i64>>> = Vec::new();
        narrow.resize_with(threads.get(), Vec::new);
        wide.resize_with(threads.get(), Vec::new);
        for (policy, column) in outcome.columns.iter_mut().enumerate() {
            let bits = (column.eligible.as_mut_slice(), column.known.as_mut_slice(), column.amount_known.as_mut_slice());
            let is_wide = self.wide.program.policies.contains(&policy);
            match &mut column.amounts {
                Amounts::Narrow(list) => deal(share, bits, list, &mut narrow),
                Amounts::Wide(list) => deal(share, bits, list, &mut wide),
                Amounts::None if is_wide => deal(share, bits, &mut [], &mut wide),
                Amounts::None => deal(share, bits, &mut [], &mut narrow),
            }
        }
        let part = |(at, (mut narrow, mut wide)): (usize, (Vec<Target<'_, i32>>, Vec<Target<'_, i64>>))| {
            let blocks = (at * share).min(ledger.blocks())..((at + 1) * share).min(ledger.blocks());
            self.narrow.part(speed, ledger, blocks.clone(), &mut narrow);
            self.wide.part(speed, ledger, blocks, &mut wide);
        };
        let parts = narrow.into_iter().zip(wide).enumerate();
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

type BitColumns<'a> = (&'a mut [u64], &'a mut [u64], &'a mut [u64]);

/// Cuts the columns of one policy into one piece per thread.
fn deal<'a, T>(share: usize, bits: BitColumns<'a>, amounts: &'a mut [T], parts: &mut [Vec<Target<'a, T>>]) {
    let mut eligible = bits.0.chunks_mut(share * WORDS);
    let mut known = bits.1.chunks_mut(share * WORDS);
    let mut amount_known = bits.2.chunks_mut(share * WORDS);
    let mut amount = amounts.chunks_mut(share * ROWS);
    for part in parts {
        part.push(Target {
            eligible: eligible.next().unwrap_or_default(),
            known: known.next().unwrap_or_default(),
            amount: amount.next().unwrap_or_default(),
            amount_known: amount_known.next().unwrap_or_default(),
        });
    }
}

impl<T: Lane> Ready<T> {
    fn new(plan: &Plan, layout: &Layout, locals: &[Local], policies: &[usize]) -> Ready<T> {
        let program = Program::new(plan, layout, policies);
        let tables = locals.iter().map(|local| Table::new(&program, local)).collect();
        Ready { program, tables }
    }

    fn part(&self, speed: Speed, ledger: &Ledger, blocks: std::ops::Range<usize>, targets: &mut [Target<'_, T>]) {
        if targets.is_empty() || blocks.is_empty() {
            return;
        }
        let job = Job { ready: self, ledger, blocks, targets };
        #[cfg(target_arch = "x86_64")]
        {
            if speed == Speed::Best
                && let Some(wide) = pulp::x86::V4::try_new()
            {
                return wide.vectorize(In(crate::lanes::Avx512(wide), job));
            }
            if speed != Speed::Portable
                && let Some(wide) = pulp::x86::V3::try_new()
            {
                return wide.vectorize(In(crate::lanes::Avx2(wide), job));
            }
        }
        job.run(Portable);
    }
}

struct Job<'a, 'b, T> {
    ready: &'a Ready<T>,
    ledger: &'a Ledger,
    blocks: std::ops::Range<usize>,
    targets: &'a mut [Target<'b, T>],
}

/// A job inside a function compiled for the processor's features.
#[cfg(target_arch = "x86_64")]
struct In<'a, 'b, L, T>(L, Job<'a, 'b, T>);

#[cfg(target_arch = "x86_64")]
impl<L: Lanes, T: Lane> pulp::NullaryFnOnce for In<'_, '_, L, T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.1.run(self.0);
    }
}

impl<T: Lane> Job<'_, '_, T> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let mut state = State::new(&self.ready.program);
        let mut spare: Box<Spare<T>> = Box::new(([T::default(); ROWS], [T::default(); ROWS]));
        for segment in self.ledger.segments() {
            let from = segment.first.max(self.blocks.start);
            let to = (segment.first + segment.blocks).min(self.blocks.end);
            let Some(table) = self.ready.tables.get(segment.place as usize) else { continue };
            for block in from..to {
                let words = self.ledger.words(block, 1);
                state.block(lanes, &self.ready.program, table, words, block - self.blocks.start, self.targets, &mut spare);
            }
        }
    }
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
                Num::Add(a, b) | Num::Sub(a, b) | Num::Mul(a, b) | Num::Min(a, b) | Num::Max(a, b) => nums.extend([*a, *b]),
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
    /// Result of one policy at a place in the blocks.
    pub fn cell(&self, policy: usize, slot: u32) -> Option<Cell> {
        let column = self.columns.get(policy)?;
        let slot = slot as usize;
        let bit = |list: &[u64]| list.get(slot / 64).is_some_and(|w| w >> (slot % 64) & 1 == 1);
        let amount = match &column.amounts {
            Amounts::None => None,
            Amounts::Narrow(list) => list.get(slot).map(|v| i64::from(*v)),
            Amounts::Wide(list) => list.get(slot).copied(),
        };
        let status = bit(&column.known).then(|| bit(&column.eligible));
        Some(Cell { status, amount: amount.filter(|_| bit(&column.amount_known)) })
    }
}
