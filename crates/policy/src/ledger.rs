//! Ledger of facts in narrow columns (窄列台账): what the bulk path reads.
//!
//! Persons stand sorted by place in blocks of 512; the rest of the last block of a place is filled up with rows that know
//! nothing. A block holds its facts one behind the other: a number as unsigned distance from its smallest value in as few
//! bytes as its bounds need plus a bit whether it is known, a yes-or-no fact as two bits, known-true and known-false. So a
//! block is one run of memory of a few kB that is read from front to end, and a file of blocks can be mapped as it is.

use crate::dictionary::{Dictionary, FactId, Kind};

/// Rows of a block.
pub const ROWS: usize = 512;
/// Words of a column of bits in a block.
pub const WORDS: usize = ROWS / 64;

/// How a fact is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Two columns of bits: known-true, known-false.
    Flag,
    /// One byte, then known bits.
    One,
    /// Two bytes, then known bits.
    Two,
    /// Four bytes, then known bits.
    Four,
    /// Eight bytes, then known bits.
    Eight,
}

/// Where a fact stands in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// How it is stored.
    pub width: Width,
    /// First word in the block.
    pub at: usize,
    /// Value that is stored as zero.
    pub min: i64,
    /// Largest value.
    pub max: i64,
}

impl Column {
    /// Words the values take, without known bits.
    pub(crate) fn words(&self) -> usize {
        match self.width {
            Width::Flag => WORDS,
            Width::One => ROWS / 8,
            Width::Two => ROWS / 4,
            Width::Four => ROWS / 2,
            Width::Eight => ROWS,
        }
    }
}

/// Which facts a block holds and where; the bits of the rows that are persons stand first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    columns: Vec<Option<Column>>,
    stride: usize,
}

impl Layout {
    /// The layout of these facts of a dictionary.
    pub fn new(dictionary: &Dictionary, facts: &[FactId]) -> Layout {
        let mut layout = Layout { columns: vec![None; dictionary.facts().len()], stride: WORDS };
        for id in facts {
            let Some(fact) = dictionary.fact(*id) else { continue };
            let width = match (fact.kind, fact.max.abs_diff(fact.min)) {
                (Kind::Flag, _) => Width::Flag,
                (_, 0..=0xff) => Width::One,
                (_, 0x100..=0xffff) => Width::Two,
                (_, 0x1_0000..=0xffff_ffff) => Width::Four,
                _ => Width::Eight,
            };
            let column = Column { width, at: layout.stride, min: fact.min, max: fact.max };
            let slot = layout.columns.get_mut(usize::from(*id));
            if let Some(slot @ None) = slot {
                layout.stride += column.words() + WORDS;
                *slot = Some(column);
            }
        }
        layout
    }

    /// Where a fact stands.
    pub fn column(&self, fact: FactId) -> Option<Column> {
        self.columns.get(usize::from(fact)).copied().flatten()
    }

    /// Words of a block.
    pub fn stride(&self) -> usize {
        self.stride
    }
}

/// The persons of one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Place, as the number the caller gave.
    pub place: u32,
    /// First block.
    pub first: usize,
    /// Blocks.
    pub blocks: usize,
    /// Persons.
    pub rows: usize,
}

/// A value outside the bounds of its fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfBounds {
    /// The fact.
    pub fact: FactId,
    /// Row as the caller numbers them, from 0.
    pub row: usize,
    /// The value.
    pub value: i64,
}

/// Facts of many persons.
#[derive(Debug, Clone)]
pub struct Ledger {
    layout: Layout,
    words: Vec<u64>,
    skip: usize,
    segments: Vec<Segment>,
    slots: Vec<u32>,
}

impl Ledger {
    /// An empty ledger for persons whose places are given row by row, each below `places`; a row of a place beyond is put
    /// into the last. All facts are unknown until filled.
    pub fn new(layout: Layout, place_of: &[u32], places: u32) -> Ledger {
        let last = places.max(1) - 1;
        let mut counts = vec![0_usize; last as usize + 1];
        for place in place_of {
            if let Some(count) = counts.get_mut((*place).min(last) as usize) {
                *count += 1;
            }
        }
        let mut segments = Vec::new();
        let mut next = Vec::with_capacity(counts.len());
        let mut first = 0;
        for (place, rows) in (0..).zip(&counts) {
            let blocks = rows.div_ceil(ROWS);
            next.push(first * ROWS);
            if *rows > 0 {
                segments.push(Segment { place, first, blocks, rows: *rows });
            }
            first += blocks;
        }
        let mut slots = Vec::with_capacity(place_of.len());
        for place in place_of {
            if let Some(slot) = next.get_mut((*place).min(last) as usize) {
                slots.push(u32::try_from(*slot).unwrap_or(u32::MAX));
                *slot += 1;
            }
        }
        // One cache line more, so that the first block can begin at the start of a line.
        let words = vec![0_u64; first * layout.stride + WORDS];
        let skip = words.as_ptr().align_offset(64).min(WORDS);
        let mut ledger = Ledger { layout, words, skip, segments, slots };
        ledger.mark_persons();
        ledger
    }

    /// Room for so many blocks of this layout, to be filled with blocks from elsewhere.
    #[cfg(feature = "files")]
    pub(crate) fn window(layout: Layout, blocks: usize) -> Ledger {
        let words = vec![0_u64; blocks * layout.stride + WORDS];
        let skip = words.as_ptr().align_offset(64).min(WORDS);
        Ledger { layout, words, skip, segments: Vec::new(), slots: Vec::new() }
    }

    /// Blocks the room holds.
    #[cfg(feature = "files")]
    pub(crate) fn room(&self) -> usize {
        (self.words.len() - WORDS) / self.layout.stride
    }

    /// The words of the room.
    #[cfg(feature = "files")]
    pub(crate) fn room_mut(&mut self) -> &mut [u64] {
        let (skip, length) = (self.skip, self.words.len() - WORDS);
        self.words.get_mut(skip..skip + length).unwrap_or_default()
    }

    /// Says that the room holds the blocks from `first` on of a ledger with these segments.
    #[cfg(feature = "files")]
    pub(crate) fn show(&mut self, segments: &[Segment], first: usize) {
        let end = first + self.room();
        self.segments.clear();
        let begin = segments.partition_point(|s| s.first + s.blocks <= first);
        for s in segments.iter().skip(begin).take_while(|s| s.first < end) {
            let (from, to) = (s.first.max(first), (s.first + s.blocks).min(end));
            let rows = s.rows.saturating_sub((from - s.first) * ROWS).min((to - from) * ROWS);
            self.segments.push(Segment { place: s.place, first: from - first, blocks: to - from, rows });
        }
    }

    fn mark_persons(&mut self) {
        let segments = std::mem::take(&mut self.segments);
        for segment in &segments {
            for row in 0..segment.rows {
                self.set_bit(segment.first + row / ROWS, 0, row % ROWS);
            }
        }
        self.segments = segments;
    }

    fn set_bit(&mut self, block: usize, at: usize, row: usize) {
        if let Some(word) = self.words.get_mut(self.skip + block * self.layout.stride + at + row / 64) {
            *word |= 1 << (row % 64);
        }
    }

    /// Fills one fact of all rows in the caller's order; `None` is unknown. A flag is 0 or 1.
    ///
    /// # Errors
    /// The first value outside the bounds of the fact; the rows before it are filled.
    pub fn fill(&mut self, fact: FactId, values: impl IntoIterator<Item = Option<i64>>) -> Result<(), OutOfBounds> {
        let Some(column) = self.layout.column(fact) else { return Ok(()) };
        let slots = std::mem::take(&mut self.slots);
        let mut outcome = Ok(());
        for (row, (slot, value)) in slots.iter().zip(values).enumerate() {
            let Some(value) = value else { continue };
            if value < column.min || value > column.max {
                outcome = Err(OutOfBounds { fact, row, value });
                break;
            }
            self.put(column, *slot as usize, value.abs_diff(column.min));
        }
        self.slots = slots;
        outcome
    }

    fn put(&mut self, column: Column, slot: usize, stored: u64) {
        let (block, row) = (slot / ROWS, slot % ROWS);
        let per_word = match column.width {
            Width::Flag => {
                return self.set_bit(block, column.at + if stored == 1 { 0 } else { WORDS }, row);
            }
            Width::One => 8,
            Width::Two => 4,
            Width::Four => 2,
            Width::Eight => 1,
        };
        self.set_bit(block, column.at + column.words(), row);
        if let Some(word) = self.words.get_mut(self.skip + block * self.layout.stride + column.at + row / per_word) {
            *word |= stored << ((row % per_word) * (64 / per_word));
        }
    }

    /// The layout.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Places with their blocks.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Place in the blocks of each row of the caller: `block * 512 + row`.
    pub fn slots(&self) -> &[u32] {
        &self.slots
    }

    /// All blocks.
    pub fn blocks(&self) -> usize {
        self.segments.last().map_or(0, |s| s.first + s.blocks)
    }

    /// Words of blocks from `first` on.
    pub fn words(&self, first: usize, count: usize) -> &[u64] {
        let start = self.skip + first * self.layout.stride;
        self.words.get(start..start + count * self.layout.stride).unwrap_or(&[])
    }

    /// One fact of one row; `None` when unknown or not in the layout.
    pub fn get(&self, row: usize, fact: FactId) -> Option<i64> {
        let column = self.layout.column(fact)?;
        let slot = *self.slots.get(row)? as usize;
        let words = self.words(slot / ROWS, 1);
        let row = slot % ROWS;
        let bit = |at: usize| words.get(at + row / 64).is_some_and(|w| w >> (row % 64) & 1 == 1);
        if column.width == Width::Flag {
            return if bit(column.at) { Some(1) } else { bit(column.at + WORDS).then_some(0) };
        }
        if !bit(column.at + column.words()) {
            return None;
        }
        let per_word = ROWS / column.words();
        let word = words.get(column.at + row / per_word)? >> ((row % per_word) * (64 / per_word));
        let stored = if per_word == 1 { word } else { word & ((1 << (64 / per_word)) - 1) };
        column.min.checked_add_unsigned(stored)
    }
}
