//! Lanes (并行比较): the few inner loops that turn 512 values into 512 bits, in the widest form the processor has.
//!
//! The portable form works everywhere; on x86-64 the AVX2 and AVX-512 forms are chosen when the program runs. All three
//! give the same bits (tested on every value of a byte and on random wider ones).

use bytemuck::cast_mut;
pub use line::Line;

use crate::ledger::{ROWS, WORDS};

pub(crate) mod line;

/// Lines of 512 numbers of four bytes.
pub const LINES: usize = ROWS / 16;

/// Bits of the rows of a block.
pub type Bits = [u64; WORDS];

/// The inner loops. `run_*` ORs into `out` the rows whose value lies in `low ..= low + span`.
pub trait Lanes: Copy + Send + Sync {
    /// Values of one byte.
    fn run_1(self, column: &[u8; ROWS], low: u8, span: u8, out: &mut Bits) {
        each(out, |w| pack(column, w, |v| v.wrapping_sub(low) <= span));
    }

    /// Values of two bytes.
    fn run_2(self, column: &[u16; ROWS], low: u16, span: u16, out: &mut Bits) {
        each(out, |w| pack(column, w, |v| v.wrapping_sub(low) <= span));
    }

    /// Values of four bytes.
    fn run_4(self, column: &[u32; ROWS], low: u32, span: u32, out: &mut Bits) {
        each(out, |w| pack(column, w, |v| v.wrapping_sub(low) <= span));
    }

    /// Rows where `a < b`.
    fn less(self, a: &[i32; ROWS], b: &[i32; ROWS], out: &mut Bits) {
        each(out, |w| pack_two(a, b, w, |a, b| a < b));
    }

    /// Copies the values whose bit is set and writes zero elsewhere, in the words of 64 rows that `touched` names; the
    /// others are left as they are.
    fn keep(self, values: &[i32; ROWS], bits: &Bits, touched: &Bits, out: &mut [Line; LINES]) {
        let ((values, _), (out, _)) = (values.as_chunks::<64>(), cast_mut::<_, [i32; ROWS]>(out).as_chunks_mut::<64>());
        for ((value, out), (word, touched)) in values.iter().zip(out).zip(bits.iter().zip(touched)) {
            if *touched == 0 {
                continue;
            }
            for (lane, (v, o)) in (0..).zip(value.iter().zip(out)) {
                *o = v & mask(*word, lane);
            }
        }
    }

    /// Writes one value where the bit is set and zero elsewhere, in the words that `touched` names.
    fn fill(self, value: i32, bits: &Bits, touched: &Bits, out: &mut [Line; LINES]) {
        let (out, _) = cast_mut::<_, [i32; ROWS]>(out).as_chunks_mut::<64>();
        for (out, (word, touched)) in out.iter_mut().zip(bits.iter().zip(touched)) {
            if *touched == 0 {
                continue;
            }
            for (lane, o) in (0..).zip(out) {
                *o = value & mask(*word, lane);
            }
        }
    }

    /// Copies the values whose bit is set and leaves the others.
    fn blend(self, values: &[i32; ROWS], bits: &Bits, out: &mut [i32; ROWS]) {
        let ((values, _), (out, _)) = (values.as_chunks::<64>(), out.as_chunks_mut::<64>());
        for ((value, out), word) in values.iter().zip(out).zip(bits) {
            for (lane, (v, o)) in (0..).zip(value.iter().zip(out)) {
                let mask = mask(*word, lane);
                *o = *v & mask | *o & !mask;
            }
        }
    }

    /// Writes one value where the bit is set and leaves the others.
    fn blend_one(self, value: i32, bits: &Bits, out: &mut [i32; ROWS]) {
        let (out, _) = out.as_chunks_mut::<64>();
        for (out, word) in out.iter_mut().zip(bits) {
            for (lane, o) in (0..).zip(out) {
                let mask = mask(*word, lane);
                *o = value & mask | *o & !mask;
            }
        }
    }

    /// Ends a run: what it wrote past the caches may be read.
    fn settle(self) {}
}

/// All bits where bit `lane` of the word is set.
#[inline(always)]
fn mask(word: u64, lane: u32) -> i32 {
    // Taken from the half that holds the bit, so that the loop stays in 32-bit lanes.
    let half = if lane < 32 { word as u32 } else { (word >> 32) as u32 };
    0_i32.wrapping_sub((half >> (lane % 32) & 1).cast_signed())
}

#[inline(always)]
fn each(out: &mut Bits, word: impl Fn(usize) -> u64) {
    for (at, out) in out.iter_mut().enumerate() {
        *out |= word(at);
    }
}

/// The test of 64 values of word `w` as bits: eight yes-or-no bytes are gathered into one by a multiplication.
#[inline(always)]
pub(crate) fn pack<T: Copy>(column: &[T; ROWS], w: usize, test: impl Fn(T) -> bool) -> u64 {
    let (chunks, _) = column.as_chunks::<64>();
    let mut yes = [0_u8; 64];
    if let Some(chunk) = chunks.get(w) {
        for (y, v) in yes.iter_mut().zip(chunk) {
            *y = u8::from(test(*v));
        }
    }
    gather(&yes)
}

/// The same for two columns.
#[inline(always)]
pub(crate) fn pack_two<T: Copy>(a: &[T; ROWS], b: &[T; ROWS], w: usize, test: impl Fn(T, T) -> bool) -> u64 {
    let ((a, _), (b, _)) = (a.as_chunks::<64>(), b.as_chunks::<64>());
    let mut yes = [0_u8; 64];
    if let (Some(a), Some(b)) = (a.get(w), b.get(w)) {
        for (y, (a, b)) in yes.iter_mut().zip(a.iter().zip(b)) {
            *y = u8::from(test(*a, *b));
        }
    }
    gather(&yes)
}

#[inline(always)]
fn gather(yes: &[u8; 64]) -> u64 {
    let (eights, _) = yes.as_chunks::<8>();
    let mut word = 0;
    for eight in eights.iter().rev() {
        word = word << 8 | u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    }
    word
}

/// The form every processor has.
#[derive(Clone, Copy, Debug)]
pub struct Portable;

impl Lanes for Portable {}

#[cfg(target_arch = "x86_64")]
pub use x86::{Avx2, Avx512};

#[cfg(target_arch = "x86_64")]
mod x86;
