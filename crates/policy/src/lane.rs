//! The two widths of lane arithmetic: 32 bits where the bounds of the facts prove that everything fits, else 64.
#![allow(clippy::indexing_slicing, reason = "rows of a block index the words of its bits")]

use crate::lanes::{Bits, LINES, Lanes, Line, pack_two};
use crate::ledger::ROWS;
use crate::program::Arith;

/// A number of the lane arithmetic: 32 bits where the bounds of the facts allow it, else 64.
pub(crate) trait Lane: Copy + Default + Ord + Send + Sync {
    /// Lines of the numbers of a block.
    const LINES: usize;
    fn of(value: i64) -> Self;
    fn wide(self) -> i64;
    fn arith(op: Arith, a: Self, b: Self) -> Self;
    fn less<L: Lanes>(lanes: L, a: &[Self; ROWS], b: &[Self; ROWS], out: &mut Bits);
    fn keep<L: Lanes>(lanes: L, values: &[Self; ROWS], bits: &Bits, touched: &Bits, out: &mut [Line]);
    fn fill<L: Lanes>(lanes: L, value: Self, bits: &Bits, touched: &Bits, out: &mut [Line]);
    fn blend<L: Lanes>(lanes: L, values: &[Self; ROWS], bits: &Bits, out: &mut [Self; ROWS]);
    fn blend_one<L: Lanes>(lanes: L, value: Self, bits: &Bits, out: &mut [Self; ROWS]);
}

impl Lane for i32 {
    const LINES: usize = LINES;

    #[inline(always)]
    fn of(value: i64) -> i32 {
        value as i32
    }
    #[inline(always)]
    fn wide(self) -> i64 {
        self.into()
    }
    #[inline(always)]
    fn arith(op: Arith, a: i32, b: i32) -> i32 {
        match op {
            Arith::Add => a.wrapping_add(b),
            Arith::Sub => a.wrapping_sub(b),
            Arith::Mul => a.wrapping_mul(b),
            Arith::Min => a.min(b),
            Arith::Max => a.max(b),
        }
    }
    #[inline(always)]
    fn less<L: Lanes>(lanes: L, a: &[i32; ROWS], b: &[i32; ROWS], out: &mut Bits) {
        lanes.less(a, b, out);
    }
    #[inline(always)]
    fn keep<L: Lanes>(lanes: L, values: &[i32; ROWS], bits: &Bits, touched: &Bits, out: &mut [Line]) {
        if let Some(out) = out.first_chunk_mut() {
            lanes.keep(values, bits, touched, out);
        }
    }
    #[inline(always)]
    fn fill<L: Lanes>(lanes: L, value: i32, bits: &Bits, touched: &Bits, out: &mut [Line]) {
        if let Some(out) = out.first_chunk_mut() {
            lanes.fill(value, bits, touched, out);
        }
    }
    #[inline(always)]
    fn blend<L: Lanes>(lanes: L, values: &[i32; ROWS], bits: &Bits, out: &mut [i32; ROWS]) {
        lanes.blend(values, bits, out);
    }
    #[inline(always)]
    fn blend_one<L: Lanes>(lanes: L, value: i32, bits: &Bits, out: &mut [i32; ROWS]) {
        lanes.blend_one(value, bits, out);
    }
}

impl Lane for i64 {
    const LINES: usize = 2 * LINES;

    #[inline(always)]
    fn of(value: i64) -> i64 {
        value
    }
    #[inline(always)]
    fn wide(self) -> i64 {
        self
    }
    #[inline(always)]
    fn arith(op: Arith, a: i64, b: i64) -> i64 {
        match op {
            Arith::Add => a.wrapping_add(b),
            Arith::Sub => a.wrapping_sub(b),
            Arith::Mul => a.wrapping_mul(b),
            Arith::Min => a.min(b),
            Arith::Max => a.max(b),
        }
    }
    #[inline(always)]
    fn less<L: Lanes>(_: L, a: &[i64; ROWS], b: &[i64; ROWS], out: &mut Bits) {
        for (w, out) in out.iter_mut().enumerate() {
            *out |= pack_two(a, b, w, |a, b| a < b);
        }
    }
    #[inline(always)]
    fn keep<L: Lanes>(_: L, values: &[i64; ROWS], bits: &Bits, _: &Bits, out: &mut [Line]) {
        for (row, (out, value)) in bytemuck::cast_slice_mut::<Line, i64>(out).iter_mut().zip(values).enumerate() {
            *out = value & 0_i64.wrapping_sub((bits[row / 64] >> (row % 64) & 1).cast_signed());
        }
    }
    #[inline(always)]
    fn fill<L: Lanes>(lanes: L, value: i64, bits: &Bits, touched: &Bits, out: &mut [Line]) {
        Self::keep(lanes, &[value; ROWS], bits, touched, out);
    }
    #[inline(always)]
    fn blend<L: Lanes>(_: L, values: &[i64; ROWS], bits: &Bits, out: &mut [i64; ROWS]) {
        for (row, (out, value)) in out.iter_mut().zip(values).enumerate() {
            *out = if bits[row / 64] >> (row % 64) & 1 == 1 { *value } else { *out };
        }
    }
    #[inline(always)]
    fn blend_one<L: Lanes>(_: L, value: i64, bits: &Bits, out: &mut [i64; ROWS]) {
        for (row, out) in out.iter_mut().enumerate() {
            *out = if bits[row / 64] >> (row % 64) & 1 == 1 { value } else { *out };
        }
    }
}
