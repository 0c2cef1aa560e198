//! Lanes (并行比较): the few inner loops that turn 512 values into 512 bits, in the widest form the processor has.
//!
//! The portable form works everywhere; on x86-64 the AVX2 and AVX-512 forms are chosen when the program runs. All three
//! give the same bits (tested on every value of a byte and on random wider ones).

use crate::ledger::{ROWS, WORDS};

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

    /// Copies the values whose bit is set and writes zero elsewhere.
    fn keep(self, values: &[i32; ROWS], bits: &Bits, out: &mut [i32; ROWS]) {
        let (values, _) = values.as_chunks::<8>();
        let (out, _) = out.as_chunks_mut::<8>();
        for ((value, out), byte) in values.iter().zip(out).zip(bytes_of(bits)) {
            for (lane, (v, o)) in (0..).zip(value.iter().zip(out)) {
                *o = v & 0_i32.wrapping_sub(i32::from(byte) >> lane & 1);
            }
        }
    }

    /// Writes one value where the bit is set and zero elsewhere.
    fn fill(self, value: i32, bits: &Bits, out: &mut [i32; ROWS]) {
        let (out, _) = out.as_chunks_mut::<8>();
        for (out, byte) in out.iter_mut().zip(bytes_of(bits)) {
            for (lane, o) in (0..).zip(out) {
                *o = value & 0_i32.wrapping_sub(i32::from(byte) >> lane & 1);
            }
        }
    }
}

#[inline(always)]
fn bytes_of(bits: &Bits) -> impl Iterator<Item = u8> {
    bits.iter().flat_map(|w| w.to_le_bytes())
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
    let byte = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    eights.iter().rev().fold(0, |word, eight| word << 8 | byte(eight))
}

/// The form every processor has.
#[derive(Clone, Copy, Debug)]
pub struct Portable;

impl Lanes for Portable {}

#[cfg(target_arch = "x86_64")]
pub use x86::{Avx2, Avx512};

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::__m512i;

    use bytemuck::cast;

    use super::{Bits, Lanes};
    use crate::ledger::ROWS;

    /// 256 bits at once.
    #[derive(Clone, Copy, Debug)]
    pub struct Avx2(pub pulp::x86::V3);

    /// 512 bits at once.
    #[derive(Clone, Copy, Debug)]
    pub struct Avx512(pub pulp::x86::V4);

    impl Lanes for Avx2 {
        #[inline(always)]
        fn run_1(self, column: &[u8; ROWS], low: u8, span: u8, out: &mut Bits) {
            let s = self.0;
            let low = s.avx._mm256_set1_epi8(low.cast_signed());
            let span = s.avx._mm256_set1_epi8(span.cast_signed());
            let (halves, _) = column.as_chunks::<32>();
            let (pairs, _) = halves.as_chunks::<2>();
            for (word, pair) in out.iter_mut().zip(pairs) {
                let [a, b] = pair.map(|half| {
                    let v = s.avx2._mm256_sub_epi8(cast(half), low);
                    let inside = s.avx2._mm256_cmpeq_epi8(s.avx2._mm256_min_epu8(v, span), v);
                    u64::from(s.avx2._mm256_movemask_epi8(inside).cast_unsigned())
                });
                *word |= a | b << 32;
            }
        }

        #[inline(always)]
        fn run_2(self, column: &[u16; ROWS], low: u16, span: u16, out: &mut Bits) {
            let s = self.0;
            let low = s.avx._mm256_set1_epi16(low.cast_signed());
            let span = s.avx._mm256_set1_epi16(span.cast_signed());
            let (eights, _) = column.as_chunks::<16>();
            let (words, _) = eights.as_chunks::<4>();
            for (word, four) in out.iter_mut().zip(words) {
                let [a, b, c, d] = four.map(|part| {
                    let v = s.avx2._mm256_sub_epi16(cast(part), low);
                    s.avx2._mm256_cmpeq_epi16(s.avx2._mm256_min_epu16(v, span), v)
                });
                let narrow = |a, b| {
                    let bytes = s.avx2._mm256_permute4x64_epi64::<0b11_01_10_00>(s.avx2._mm256_packs_epi16(a, b));
                    u64::from(s.avx2._mm256_movemask_epi8(bytes).cast_unsigned())
                };
                *word |= narrow(a, b) | narrow(c, d) << 32;
            }
        }

        #[inline(always)]
        fn run_4(self, column: &[u32; ROWS], low: u32, span: u32, out: &mut Bits) {
            let s = self.0;
            let low = s.avx._mm256_set1_epi32(low.cast_signed());
            let span = s.avx._mm256_set1_epi32(span.cast_signed());
            let (eights, _) = column.as_chunks::<8>();
            let (words, _) = eights.as_chunks::<8>();
            for (word, parts) in out.iter_mut().zip(words) {
                let found = parts.iter().rev().fold(0_u64, |found, part| {
                    let v = s.avx2._mm256_sub_epi32(cast(*part), low);
                    let inside = s.avx2._mm256_cmpeq_epi32(s.avx2._mm256_min_epu32(v, span), v);
                    let mask = s.avx._mm256_movemask_ps(s.avx._mm256_castsi256_ps(inside));
                    found << 8 | u64::from(mask.cast_unsigned())
                });
                *word |= found;
            }
        }
    }

    impl Lanes for Avx512 {
        #[inline(always)]
        fn run_1(self, column: &[u8; ROWS], low: u8, span: u8, out: &mut Bits) {
            let s = self.0;
            let low = s.avx512f._mm512_set1_epi8(low.cast_signed());
            let span = s.avx512f._mm512_set1_epi8(span.cast_signed());
            let (words, _) = column.as_chunks::<64>();
            for (word, part) in out.iter_mut().zip(words) {
                let v: __m512i = s.avx512bw._mm512_sub_epi8(cast(*part), low);
                *word |= s.avx512bw._mm512_cmple_epu8_mask(v, span);
            }
        }

        #[inline(always)]
        fn run_2(self, column: &[u16; ROWS], low: u16, span: u16, out: &mut Bits) {
            let s = self.0;
            let low = s.avx512f._mm512_set1_epi16(low.cast_signed());
            let span = s.avx512f._mm512_set1_epi16(span.cast_signed());
            let (halves, _) = column.as_chunks::<32>();
            let (words, _) = halves.as_chunks::<2>();
            for (word, pair) in out.iter_mut().zip(words) {
                let [a, b] = pair.map(|half| {
                    u64::from(s.avx512bw._mm512_cmple_epu16_mask(s.avx512bw._mm512_sub_epi16(cast(half), low), span))
                });
                *word |= a | b << 32;
            }
        }

        #[inline(always)]
        fn run_4(self, column: &[u32; ROWS], low: u32, span: u32, out: &mut Bits) {
            let s = self.0;
            let low = s.avx512f._mm512_set1_epi32(low.cast_signed());
            let span = s.avx512f._mm512_set1_epi32(span.cast_signed());
            let (quarters, _) = column.as_chunks::<16>();
            let (words, _) = quarters.as_chunks::<4>();
            for (word, four) in out.iter_mut().zip(words) {
                let [a, b, c, d] = four.map(|part| {
                    u64::from(s.avx512f._mm512_cmple_epu32_mask(s.avx512f._mm512_sub_epi32(cast(part), low), span))
                });
                *word |= a | b << 16 | c << 32 | d << 48;
            }
        }

        #[inline(always)]
        fn less(self, a: &[i32; ROWS], b: &[i32; ROWS], out: &mut Bits) {
            let s = self.0;
            let ((a, _), (b, _)) = (a.as_chunks::<16>(), b.as_chunks::<16>());
            let ((a, _), (b, _)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
            for (word, (a, b)) in out.iter_mut().zip(a.iter().zip(b)) {
                let found = a.iter().zip(b).rev().fold(0_u64, |found, (a, b)| {
                    found << 16 | u64::from(s.avx512f._mm512_cmpgt_epi32_mask(cast(*b), cast(*a)))
                });
                *word |= found;
            }
        }

        #[inline(always)]
        fn keep(self, values: &[i32; ROWS], bits: &Bits, out: &mut [i32; ROWS]) {
            let s = self.0;
            let ((values, _), (out, _)) = (values.as_chunks::<16>(), out.as_chunks_mut::<16>());
            for ((value, out), mask) in values.iter().zip(out).zip(halves_of(bits)) {
                *out = cast(s.avx512f._mm512_maskz_mov_epi32(mask, cast(*value)));
            }
        }

        #[inline(always)]
        fn fill(self, value: i32, bits: &Bits, out: &mut [i32; ROWS]) {
            let s = self.0;
            let (out, _) = out.as_chunks_mut::<16>();
            for (out, mask) in out.iter_mut().zip(halves_of(bits)) {
                *out = cast(s.avx512f._mm512_maskz_set1_epi32(mask, value));
            }
        }
    }

    #[inline(always)]
    fn halves_of(bits: &Bits) -> impl Iterator<Item = u16> {
        bits.iter().flat_map(|w| bytemuck::cast::<u64, [u16; 4]>(*w))
    }
}
