//! The inner loops for AVX2 and AVX-512.
//!
//! No closures here: a closure does not inherit the processor features of the function around it, so its intrinsics would
//! become calls; for the same reason the loops count instead of zipping.
#![allow(
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    reason = "all arrays have fixed sizes, the bounds are checked when compiling"
)]

use std::arch::x86_64::{__m256i, __m512i};

use bytemuck::{cast, cast_mut, cast_ref};
use pulp::x86::{V3, V4};

use super::{Bits, LINES, Lanes, Line};
use crate::ledger::{ROWS, WORDS};

/// 256 bits at once; amounts go past the caches where the flag is set.
#[derive(Clone, Copy, Debug)]
pub struct Avx2(pub V3, pub bool);

/// 512 bits at once; amounts go past the caches where the flag is set.
#[derive(Clone, Copy, Debug)]
pub struct Avx512(pub V4, pub bool);

#[inline(always)]
fn inside_1(s: V3, part: [u8; 32], low: __m256i, span: __m256i) -> u64 {
    let v = s.avx2._mm256_sub_epi8(cast(part), low);
    let inside = s.avx2._mm256_cmpeq_epi8(s.avx2._mm256_min_epu8(v, span), v);
    u64::from(s.avx2._mm256_movemask_epi8(inside).cast_unsigned())
}

#[inline(always)]
fn inside_2(s: V3, part: [u16; 16], low: __m256i, span: __m256i) -> __m256i {
    let v = s.avx2._mm256_sub_epi16(cast(part), low);
    s.avx2._mm256_cmpeq_epi16(s.avx2._mm256_min_epu16(v, span), v)
}

#[inline(always)]
fn narrow(s: V3, a: __m256i, b: __m256i) -> u64 {
    let bytes = s.avx2._mm256_permute4x64_epi64::<0b11_01_10_00>(s.avx2._mm256_packs_epi16(a, b));
    u64::from(s.avx2._mm256_movemask_epi8(bytes).cast_unsigned())
}

#[inline(always)]
fn inside_4(s: V3, part: [u32; 8], low: __m256i, span: __m256i) -> u64 {
    let v = s.avx2._mm256_sub_epi32(cast(part), low);
    let inside = s.avx2._mm256_cmpeq_epi32(s.avx2._mm256_min_epu32(v, span), v);
    u64::from(s.avx._mm256_movemask_ps(s.avx._mm256_castsi256_ps(inside)).cast_unsigned())
}

impl Lanes for Avx2 {
    #[inline(always)]
    fn run_1(self, column: &[u8; ROWS], low: u8, span: u8, out: &mut Bits) {
        let s = self.0;
        let low = s.avx._mm256_set1_epi8(low.cast_signed());
        let span = s.avx._mm256_set1_epi8(span.cast_signed());
        let parts: &[[[u8; 32]; 2]; WORDS] = cast_ref(column);
        for w in 0..WORDS {
            out[w] |= inside_1(s, parts[w][0], low, span) | inside_1(s, parts[w][1], low, span) << 32;
        }
    }

    #[inline(always)]
    fn run_2(self, column: &[u16; ROWS], low: u16, span: u16, out: &mut Bits) {
        let s = self.0;
        let low = s.avx._mm256_set1_epi16(low.cast_signed());
        let span = s.avx._mm256_set1_epi16(span.cast_signed());
        let parts: &[[[u16; 16]; 4]; WORDS] = cast_ref(column);
        for w in 0..WORDS {
            let [a, b, c, d] = parts[w];
            let first = narrow(s, inside_2(s, a, low, span), inside_2(s, b, low, span));
            out[w] |= first | narrow(s, inside_2(s, c, low, span), inside_2(s, d, low, span)) << 32;
        }
    }

    #[inline(always)]
    fn run_4(self, column: &[u32; ROWS], low: u32, span: u32, out: &mut Bits) {
        let s = self.0;
        let low = s.avx._mm256_set1_epi32(low.cast_signed());
        let span = s.avx._mm256_set1_epi32(span.cast_signed());
        let parts: &[[[u32; 8]; 8]; WORDS] = cast_ref(column);
        for w in 0..WORDS {
            for part in 0..8 {
                out[w] |= inside_4(s, parts[w][part], low, span) << (8 * part);
            }
        }
    }

    #[inline(always)]
    fn keep(self, values: &[i32; ROWS], bits: &Bits, touched: &Bits, out: &mut [Line; LINES]) {
        let s = self.0;
        let values: &[[[[i32; 8]; 2]; 4]; WORDS] = cast_ref(values);
        for (w, out) in out.as_chunks_mut::<4>().0.iter_mut().enumerate() {
            if touched[w] == 0 {
                continue;
            }
            let masks: [[u8; 2]; 4] = cast(bits[w]);
            for part in 0..4 {
                let half = |h: usize| s.avx2._mm256_and_si256(cast(values[w][part][h]), spread(s, masks[part][h]));
                out[part].put_256(s, [half(0), half(1)], self.1);
            }
        }
    }

    #[inline(always)]
    fn fill(self, value: i32, bits: &Bits, touched: &Bits, out: &mut [Line; LINES]) {
        let s = self.0;
        let value = s.avx._mm256_set1_epi32(value);
        for (w, out) in out.as_chunks_mut::<4>().0.iter_mut().enumerate() {
            if touched[w] == 0 {
                continue;
            }
            let masks: [[u8; 2]; 4] = cast(bits[w]);
            for part in 0..4 {
                let half = |h: usize| s.avx2._mm256_and_si256(value, spread(s, masks[part][h]));
                out[part].put_256(s, [half(0), half(1)], self.1);
            }
        }
    }

    #[inline(always)]
    fn settle(self) {
        self.0.sse._mm_sfence();
    }
}

/// All bits of the lanes whose bit is set.
#[inline(always)]
fn spread(s: V3, bits: u8) -> __m256i {
    let each = cast([1_i32, 2, 4, 8, 16, 32, 64, 128]);
    let own = s.avx2._mm256_and_si256(s.avx._mm256_set1_epi32(bits.into()), each);
    s.avx2._mm256_cmpeq_epi32(own, each)
}

#[inline(always)]
fn within_2(s: V4, part: [u16; 32], low: __m512i, span: __m512i) -> u64 {
    u64::from(s.avx512bw._mm512_cmple_epu16_mask(s.avx512bw._mm512_sub_epi16(cast(part), low), span))
}

#[inline(always)]
fn within_4(s: V4, part: [u32; 16], low: __m512i, span: __m512i) -> u64 {
    u64::from(s.avx512f._mm512_cmple_epu32_mask(s.avx512f._mm512_sub_epi32(cast(part), low), span))
}

impl Lanes for Avx512 {
    #[inline(always)]
    fn run_1(self, column: &[u8; ROWS], low: u8, span: u8, out: &mut Bits) {
        let s = self.0;
        let low = s.avx512f._mm512_set1_epi8(low.cast_signed());
        let span = s.avx512f._mm512_set1_epi8(span.cast_signed());
        let parts: &[[u8; 64]; WORDS] = cast_ref(column);
        for w in 0..WORDS {
            let v: __m512i = s.avx512bw._mm512_sub_epi8(cast(parts[w]), low);
            out[w] |= s.avx512bw._mm512_cmple_epu8_mask(v, span);
        }
    }

    #[inline(always)]
    fn run_2(self, column: &[u16; ROWS], low: u16, span: u16, out: &mut Bits) {
        let s = self.0;
        let low = s.avx512f._mm512_set1_epi16(low.cast_signed());
        let span = s.avx512f._mm512_set1_epi16(span.cast_signed());
        let parts: &[[[u16; 32]; 2]; WORDS] = cast_ref(column);
        for w in 0..WORDS {
            out[w] |= within_2(s, parts[w][0], low, span) | within_2(s, parts[w][1], low, span) << 32;
        }
    }

    #[inline(always)]
    fn run_4(self, column: &[u32; ROWS], low: u32, span: u32, out: &mut Bits) {
        let s = self.0;
        let low = s.avx512f._mm512_set1_epi32(low.cast_signed());
        let span = s.avx512f._mm512_set1_epi32(span.cast_signed());
        let parts: &[[[u32; 16]; 4]; WORDS] = cast_ref(column);
        for w in 0..WORDS {
            let [a, b, c, d] = parts[w];
            let first = within_4(s, a, low, span) | within_4(s, b, low, span) << 16;
            out[w] |= first | within_4(s, c, low, span) << 32 | within_4(s, d, low, span) << 48;
        }
    }

    #[inline(always)]
    fn less(self, a: &[i32; ROWS], b: &[i32; ROWS], out: &mut Bits) {
        let s = self.0;
        let a: &[[[i32; 16]; 4]; WORDS] = cast_ref(a);
        let b: &[[[i32; 16]; 4]; WORDS] = cast_ref(b);
        for w in 0..WORDS {
            for part in 0..4 {
                let found = s.avx512f._mm512_cmpgt_epi32_mask(cast(b[w][part]), cast(a[w][part]));
                out[w] |= u64::from(found) << (16 * part);
            }
        }
    }

    #[inline(always)]
    fn keep(self, values: &[i32; ROWS], bits: &Bits, touched: &Bits, out: &mut [Line; LINES]) {
        let s = self.0;
        let values: &[[[i32; 16]; 4]; WORDS] = cast_ref(values);
        for (w, out) in out.as_chunks_mut::<4>().0.iter_mut().enumerate() {
            if touched[w] == 0 {
                continue;
            }
            let masks: [u16; 4] = cast(bits[w]);
            for part in 0..4 {
                out[part].put_512(s, s.avx512f._mm512_maskz_mov_epi32(masks[part], cast(values[w][part])), self.1);
            }
        }
    }

    #[inline(always)]
    fn fill(self, value: i32, bits: &Bits, touched: &Bits, out: &mut [Line; LINES]) {
        let s = self.0;
        for (w, out) in out.as_chunks_mut::<4>().0.iter_mut().enumerate() {
            if touched[w] == 0 {
                continue;
            }
            let masks: [u16; 4] = cast(bits[w]);
            for part in 0..4 {
                out[part].put_512(s, s.avx512f._mm512_maskz_set1_epi32(masks[part], value), self.1);
            }
        }
    }

    #[inline(always)]
    fn settle(self) {
        self.0.sse._mm_sfence();
    }

    #[inline(always)]
    fn blend(self, values: &[i32; ROWS], bits: &Bits, out: &mut [i32; ROWS]) {
        let s = self.0;
        let values: &[[i32; 16]; 4 * WORDS] = cast_ref(values);
        let out: &mut [[i32; 16]; 4 * WORDS] = cast_mut(out);
        let masks: &[u16; 4 * WORDS] = cast_ref(bits);
        for part in 0..4 * WORDS {
            out[part] = cast(s.avx512f._mm512_mask_mov_epi32(cast(out[part]), masks[part], cast(values[part])));
        }
    }

    #[inline(always)]
    fn blend_one(self, value: i32, bits: &Bits, out: &mut [i32; ROWS]) {
        let s = self.0;
        let out: &mut [[i32; 16]; 4 * WORDS] = cast_mut(out);
        let masks: &[u16; 4 * WORDS] = cast_ref(bits);
        for part in 0..4 * WORDS {
            out[part] = cast(s.avx512f._mm512_mask_set1_epi32(cast(out[part]), masks[part], value));
        }
    }
}
