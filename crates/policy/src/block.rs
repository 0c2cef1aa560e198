//! One block of 512 rows through all steps of a program.
#![allow(
    clippy::indexing_slicing,
    reason = "registers and look-ups are numbered by `program` and sized by `State::new` and `Table::new`"
)]

use crate::card::Rounding;
use crate::core::{Order, rounded};
use crate::lane::Lane;
use crate::lanes::{Bits, Lanes, Line, pack, pack_two};
use crate::ledger::{Column, ROWS, WORDS, Width};
use crate::local::{Local, Test};
use crate::program::{Arith, Program, Signed, Step, Val};

/// A comparison with one fact at a place: runs in stored values, or nothing known.
#[derive(Debug, Clone, Copy)]
struct Strip {
    missing: bool,
    first: usize,
    count: usize,
}

/// What the steps look up at one place.
#[derive(Debug, Clone)]
pub(crate) struct Table<T> {
    strips: Vec<Strip>,
    runs: Vec<(u64, u64)>,
    fixed: Vec<(u64, u64)>,
    scalars: Vec<(T, u64)>,
}

impl<T: Lane> Table<T> {
    pub fn new(program: &Program, local: &Local) -> Table<T> {
        let mut runs = Vec::new();
        let strips = program.strips.iter().map(|(cond, column)| {
            let first = runs.len();
            let test = local.test(*cond);
            if let Test::Runs(list) = test {
                runs.extend(list.iter().filter_map(|(low, high)| {
                    let (low, high) = ((*low).max(column.min), (*high).min(column.max));
                    (low <= high).then(|| (low.abs_diff(column.min), high.abs_diff(low)))
                }));
            }
            Strip { missing: !matches!(test, Test::Runs(_)), first, count: runs.len() - first }
        });
        let strips = strips.collect();
        let fixed = program.fixed.iter().map(|cond| match local.test(*cond) {
            Test::Fixed(Some(true)) => (u64::MAX, 0),
            Test::Fixed(Some(false)) => (0, u64::MAX),
            _ => (0, 0),
        });
        let scalars =
            program.scalars.iter().map(|n| local.value(*n).map_or((T::default(), 0), |v| (T::of(v), u64::MAX)));
        Table { strips, runs, fixed: fixed.collect(), scalars: scalars.collect() }
    }
}

#[derive(Clone, Copy, Default)]
#[repr(C, align(64))]
struct Pair {
    yes: Bits,
    no: Bits,
}

#[repr(C, align(64))]
struct Numbers<T> {
    values: [T; ROWS],
    known: Bits,
}

/// The registers of one thread.
pub(crate) struct State<T> {
    bits: Vec<Pair>,
    nums: Vec<Option<Box<Numbers<T>>>>,
}

/// Room in which a number of the whole place is spread over the rows of a block.
pub(crate) type Spare<T> = ([T; ROWS], [T; ROWS]);

/// Where the results of one block go.
pub(crate) struct Target<'a> {
    /// Eligible, known and amount-known bits of all policies of the plan, [`STATUS`] words each.
    pub status: &'a mut [u64],
    /// Amounts of the policies of this program that have one, 512 numbers each.
    pub amounts: &'a mut [Line],
}

/// Words of the three bit columns of one policy in a block.
pub(crate) const STATUS: usize = 3 * WORDS;

impl<T: Lane> State<T> {
    pub fn new(program: &Program) -> State<T> {
        let numbers = || Some(Box::new(Numbers { values: [T::default(); ROWS], known: [0; WORDS] }));
        State {
            bits: vec![Pair::default(); program.bit_registers],
            nums: (0..program.num_registers).map(|_| numbers()).collect(),
        }
    }

    #[inline(always)]
    fn pair(&self, of: Signed) -> Pair {
        let Pair { yes, no } = self.bits[of.reg as usize];
        if of.not { Pair { yes: no, no: yes } } else { Pair { yes, no } }
    }

    #[inline(always)]
    fn known(&self, table: &Table<T>, of: Val) -> Bits {
        match of {
            Val::Lane(reg) => self.nums[reg as usize].as_ref().map_or([0; WORDS], |n| n.known),
            Val::Fixed(at) => [table.scalars[at as usize].1; WORDS],
        }
    }

    #[inline(always)]
    fn lanes<'a>(&'a self, table: &Table<T>, of: Val, spare: &'a mut [T; ROWS]) -> &'a [T; ROWS] {
        match of {
            Val::Lane(reg) => self.nums[reg as usize].as_ref().map_or(&*spare, |n| &n.values),
            Val::Fixed(at) => {
                *spare = [table.scalars[at as usize].0; ROWS];
                spare
            }
        }
    }

    /// Runs all steps over one block.
    #[inline(always)]
    pub fn block<L: Lanes>(
        &mut self,
        lanes: L,
        program: &Program,
        table: &Table<T>,
        words: &[u64],
        target: Target<'_>,
        spare: &mut Spare<T>,
    ) {
        for step in &program.steps {
            match step {
                Step::Flag { column, out } => {
                    let (yes, no) = (bits(words, column.at), bits(words, column.at + WORDS));
                    self.bits[*out as usize] = Pair { yes: *yes, no: *no };
                }
                Step::Runs { column, strip, out } => {
                    self.bits[*out as usize] = runs(lanes, words, *column, table, table.strips[*strip as usize]);
                }
                Step::Fixed { fixed, out } => {
                    let (yes, no) = table.fixed[*fixed as usize];
                    self.bits[*out as usize] = Pair { yes: [yes; WORDS], no: [no; WORDS] };
                }
                Step::All { parts, out } => {
                    let mut sum = self.pair(parts[0]);
                    for part in &parts[1..] {
                        let part = self.pair(*part);
                        for w in 0..WORDS {
                            sum.yes[w] &= part.yes[w];
                            sum.no[w] |= part.no[w];
                        }
                    }
                    self.bits[*out as usize] = sum;
                }
                Step::Any { parts, out } => {
                    let mut sum = self.pair(parts[0]);
                    for part in &parts[1..] {
                        let part = self.pair(*part);
                        for w in 0..WORDS {
                            sum.yes[w] |= part.yes[w];
                            sum.no[w] &= part.no[w];
                        }
                    }
                    self.bits[*out as usize] = sum;
                }
                Step::Compare { order, a, b, out } => {
                    let (left, right) = (self.lanes(table, *a, &mut spare.0), self.lanes(table, *b, &mut spare.1));
                    let mut found = [0; WORDS];
                    match order {
                        Order::Less => T::less(lanes, left, right, &mut found),
                        Order::AtMost => {
                            T::less(lanes, right, left, &mut found);
                            found = less([u64::MAX; WORDS], found);
                        }
                        Order::Same => (0..WORDS).for_each(|w| found[w] = pack_two(left, right, w, |a, b| a == b)),
                    }
                    let known = both(self.known(table, *a), self.known(table, *b));
                    self.bits[*out as usize] = Pair { yes: both(found, known), no: less(known, found) };
                }
                Step::Load { column, out } => {
                    let Some(mut to) = self.nums[*out as usize].take() else { continue };
                    load(words, *column, &mut to.values);
                    to.known = *bits(words, column.at + column.words());
                    self.nums[*out as usize] = Some(to);
                }
                Step::Arith { op, a, b, out } => {
                    let Some(mut to) = self.nums[*out as usize].take() else { continue };
                    self.arith(table, *op, *a, *b, &mut to.values);
                    to.known = both(self.known(table, *a), self.known(table, *b));
                    self.nums[*out as usize] = Some(to);
                }
                Step::Round { a, by, rounding, out } => {
                    let Some(mut to) = self.nums[*out as usize].take() else { continue };
                    if let Some(from) = &self.nums[*a as usize] {
                        divide(&from.values, *by, *rounding, &mut to.values);
                        to.known = from.known;
                    }
                    self.nums[*out as usize] = Some(to);
                }
                Step::Table { rows, other, out } => {
                    let Some(mut to) = self.nums[*out as usize].take() else { continue };
                    self.table(lanes, table, rows, *other, &mut to);
                    self.nums[*out as usize] = Some(to);
                }
                Step::Emit { policy, when, amount } => {
                    let status = &mut target.status[policy * STATUS..][..STATUS];
                    let amounts = self.emit(table, *when, amount.map(|a| a.0), bits(words, 0), status);
                    if let Some((value, place)) = amount {
                        let out = &mut target.amounts[place * T::LINES..][..T::LINES];
                        self.pay(lanes, table, *value, &amounts, out);
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn arith(&self, table: &Table<T>, op: Arith, a: Val, b: Val, out: &mut [T; ROWS]) {
        match op {
            Arith::Add => self.zip(table, a, b, out, |a, b| T::arith(Arith::Add, a, b)),
            Arith::Sub => self.zip(table, a, b, out, |a, b| T::arith(Arith::Sub, a, b)),
            Arith::Mul => self.zip(table, a, b, out, |a, b| T::arith(Arith::Mul, a, b)),
            Arith::Min => self.zip(table, a, b, out, |a, b| T::arith(Arith::Min, a, b)),
            Arith::Max => self.zip(table, a, b, out, |a, b| T::arith(Arith::Max, a, b)),
        }
    }

    #[inline(always)]
    fn zip(&self, table: &Table<T>, a: Val, b: Val, out: &mut [T; ROWS], op: impl Fn(T, T) -> T) {
        let lane = |reg: u32| self.nums[reg as usize].as_ref().map(|n| &n.values);
        match (a, b) {
            (Val::Lane(a), Val::Lane(b)) => {
                if let (Some(a), Some(b)) = (lane(a), lane(b)) {
                    (0..ROWS).for_each(|i| out[i] = op(a[i], b[i]));
                }
            }
            (Val::Lane(a), Val::Fixed(b)) => {
                if let (Some(a), b) = (lane(a), table.scalars[b as usize].0) {
                    (0..ROWS).for_each(|i| out[i] = op(a[i], b));
                }
            }
            (Val::Fixed(a), Val::Lane(b)) => {
                if let (a, Some(b)) = (table.scalars[a as usize].0, lane(b)) {
                    (0..ROWS).for_each(|i| out[i] = op(a, b[i]));
                }
            }
            (Val::Fixed(a), Val::Fixed(b)) => {
                *out = [op(table.scalars[a as usize].0, table.scalars[b as usize].0); ROWS];
            }
        }
    }

    /// A row takes those who are still open and for whom its condition is true; only those for whom it is false stay open.
    #[inline(always)]
    fn table<L: Lanes>(
        &self,
        lanes: L,
        table: &Table<T>,
        rows: &[(Signed, Val)],
        other: Option<Val>,
        out: &mut Numbers<T>,
    ) {
        let mut open = [u64::MAX; WORDS];
        out.known = [0; WORDS];
        for (when, value) in rows {
            let when = self.pair(*when);
            self.row(lanes, table, both(open, when.yes), *value, out);
            open = both(open, when.no);
        }
        if let Some(value) = other {
            self.row(lanes, table, open, value, out);
        }
    }

    #[inline(always)]
    fn row<L: Lanes>(&self, lanes: L, table: &Table<T>, take: Bits, value: Val, out: &mut Numbers<T>) {
        if take == [0; WORDS] {
            return;
        }
        let known = self.known(table, value);
        for w in 0..WORDS {
            out.known[w] |= take[w] & known[w];
        }
        match value {
            Val::Fixed(at) => T::blend_one(lanes, table.scalars[at as usize].0, &take, &mut out.values),
            Val::Lane(reg) => {
                if let Some(from) = &self.nums[reg as usize] {
                    T::blend(lanes, &from.values, &take, &mut out.values);
                }
            }
        }
    }

    /// Writes the three bit columns of a policy; gives back the last, and the words where it was or is not empty. The room
    /// holds zero wherever its last column is not set, so the other words of the amounts need no writing.
    #[inline(always)]
    fn emit(
        &self,
        table: &Table<T>,
        when: Signed,
        amount: Option<Val>,
        persons: &Bits,
        status: &mut [u64],
    ) -> (Bits, Bits) {
        let Pair { yes, no } = self.pair(when);
        let yes = both(yes, *persons);
        let mut known = both(no, *persons);
        for w in 0..WORDS {
            known[w] |= yes[w];
        }
        let given = amount.map_or([0; WORDS], |amount| both(yes, self.known(table, amount)));
        let mut touched = given;
        for w in 0..WORDS {
            touched[w] |= status[2 * WORDS + w];
        }
        status[..WORDS].copy_from_slice(&yes);
        status[WORDS..2 * WORDS].copy_from_slice(&known);
        status[2 * WORDS..].copy_from_slice(&given);
        (given, touched)
    }

    #[inline(always)]
    fn pay<L: Lanes>(&self, lanes: L, table: &Table<T>, amount: Val, given: &(Bits, Bits), out: &mut [Line]) {
        match amount {
            Val::Fixed(value) => T::fill(lanes, table.scalars[value as usize].0, &given.0, &given.1, out),
            Val::Lane(reg) => {
                if let Some(from) = &self.nums[reg as usize] {
                    T::keep(lanes, &from.values, &given.0, &given.1, out);
                }
            }
        }
    }
}

#[inline(always)]
fn both(a: Bits, b: Bits) -> Bits {
    let mut out = a;
    for w in 0..WORDS {
        out[w] &= b[w];
    }
    out
}

/// `a` without `b`.
#[inline(always)]
fn less(a: Bits, b: Bits) -> Bits {
    let mut out = a;
    for w in 0..WORDS {
        out[w] &= !b[w];
    }
    out
}

#[inline(always)]
fn bits(words: &[u64], at: usize) -> &Bits {
    words[at..].first_chunk().unwrap_or(&[0; WORDS])
}

/// The stored values of a column as numbers of their width.
macro_rules! column {
    ($words:expr, $column:expr, $count:literal, $kind:ty) => {
        bytemuck::cast_ref::<[u64; $count], [$kind; ROWS]>($words[$column.at..].first_chunk().unwrap_or(&[0; $count]))
    };
}

#[inline(always)]
fn runs<T, L: Lanes>(lanes: L, words: &[u64], column: Column, table: &Table<T>, strip: Strip) -> Pair {
    if strip.missing {
        return Pair::default();
    }
    let mut found = [0; WORDS];
    for (low, span) in &table.runs[strip.first..strip.first + strip.count] {
        match column.width {
            Width::One => lanes.run_1(column!(words, column, 64, u8), *low as u8, *span as u8, &mut found),
            Width::Two => lanes.run_2(column!(words, column, 128, u16), *low as u16, *span as u16, &mut found),
            Width::Four => lanes.run_4(column!(words, column, 256, u32), *low as u32, *span as u32, &mut found),
            Width::Eight => {
                let values = column!(words, column, 512, u64);
                (0..WORDS).for_each(|w| found[w] |= pack(values, w, |v| v.wrapping_sub(*low) <= *span));
            }
            Width::Flag => {}
        }
    }
    let known = bits(words, column.at + column.words());
    Pair { yes: both(found, *known), no: less(*known, found) }
}

#[inline(always)]
fn load<T: Lane>(words: &[u64], column: Column, out: &mut [T; ROWS]) {
    let min = T::of(column.min);
    let add = |v: i64| T::arith(Arith::Add, T::of(v), min);
    match column.width {
        Width::One => out.iter_mut().zip(column!(words, column, 64, u8)).for_each(|(o, v)| *o = add((*v).into())),
        Width::Two => out.iter_mut().zip(column!(words, column, 128, u16)).for_each(|(o, v)| *o = add((*v).into())),
        Width::Four => out.iter_mut().zip(column!(words, column, 256, u32)).for_each(|(o, v)| *o = add((*v).into())),
        Width::Eight => {
            out.iter_mut().zip(column!(words, column, 512, u64)).for_each(|(o, v)| *o = add(v.cast_signed()))
        }
        Width::Flag => {}
    }
}

#[inline(always)]
fn divide<T: Lane>(from: &[T; ROWS], by: i64, rounding: Rounding, out: &mut [T; ROWS]) {
    for (o, v) in out.iter_mut().zip(from) {
        *o = T::of(rounded(v.wide(), by, rounding));
    }
}
