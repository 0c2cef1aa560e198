//! Lines (缓存行): where amounts go. A run over many persons writes more than the caches hold and reads none of it back, so
//! the wide forms may write past the caches: an ordinary store would first read each line from memory.
//!
//! The only place of this crate with unsafe code: the processor's instruction for it takes a bare address.

use bytemuck::{Pod, Zeroable};

/// 64 bytes, one line of the caches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C, align(64))]
pub struct Line([u64; 8]);

/// Bytes of results from which on they are written past the caches: more than a core's share of them on the machines at hand.
pub(crate) const LARGE: usize = 16 << 20;

#[cfg(target_arch = "x86_64")]
mod x86 {
    #![allow(unsafe_code, reason = "writing past the caches takes a bare address")]

    use std::arch::x86_64::{__m256i, __m512i};

    use bytemuck::{cast, cast_mut};
    use pulp::x86::{V3, V4};

    use super::Line;

    impl Line {
        /// Writes all of it. After a write past the caches nobody may read the line before [`crate::lanes::Lanes::settle`].
        #[inline(always)]
        pub(crate) fn put_512(&mut self, s: V4, value: __m512i, past: bool) {
            if past {
                // SAFETY: the line is borrowed for writing and begins at a multiple of 64, as the type says. The run that
                // writes it calls `settle` before it gives the borrow back, and reads no line in between.
                unsafe { s.avx512f._mm512_stream_si512((&raw mut self.0).cast(), value) }
            } else {
                self.0 = cast(value);
            }
        }

        /// The same in two halves.
        #[inline(always)]
        pub(crate) fn put_256(&mut self, s: V3, halves: [__m256i; 2], past: bool) {
            let own: &mut [[u64; 4]; 2] = cast_mut(&mut self.0);
            for (own, value) in own.iter_mut().zip(halves) {
                if past {
                    // SAFETY: as above; half a line begins at a multiple of 32.
                    unsafe { s.avx._mm256_stream_si256((&raw mut *own).cast(), value) }
                } else {
                    *own = cast(value);
                }
            }
        }
    }
}
