//! Search words (检索词) of a person: `n:` folded name, `p:` spelling, `i:` initials, `4:` keyed hash of the last four; and for
//! finding near duplicates `q:` the sound as it is misheard, `b:` birth date and sex.
//!
//! Words are kept per county, and the hash covers the county, so equal last digits in two counties cannot be joined.

use std::collections::BTreeSet;

pub use kernel::document::last4_word;
use kernel::name;

/// Words of the names: every name by its folded form, the name on the document by all spellings and initials too.
pub fn name_words<'a>(main: &str, others: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let keys = name::search_keys(main);
    let mut words = BTreeSet::from([format!("n:{}", keys.name_key)]);
    words.extend(keys.pinyin_full.iter().map(|spelling| format!("p:{spelling}")));
    words.extend(keys.pinyin_full.iter().map(|spelling| format!("q:{}", misheard(spelling))));
    words.extend(keys.initials.iter().map(|letters| format!("i:{letters}")));
    words.extend(others.into_iter().map(|other| format!("n:{}", name::name_key(other))));
    words
}

/// A spelling without the differences that southern ears and keyboards lose: zh/z, ch/c, sh/s, -ng/-n, l/n/r, f/h.
///
/// The migration that filled these words for older records spells the same steps in SQL.
pub fn misheard(spelling: &str) -> String {
    const STEPS: [(&str, &str); 7] =
        [("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("f", "h"), ("r", "n")];
    STEPS.iter().fold(spelling.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Word of birth date and sex.
pub fn birth_word(birth: kernel::Day, sex: &str) -> String {
    format!("b:{}{sex}", birth.format("%Y%m%d"))
}

/// The likeliest spelling, or the folded name when nobody can spell it.
pub fn pinyin(main: &str) -> String {
    let keys = name::search_keys(main);
    keys.pinyin_full.into_iter().next().unwrap_or(keys.name_key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_polyphonic_surname_is_found_by_each_reading() {
        let words = name_words("单曾", ["小单"]);
        for word in [
            "n:单曾",
            "n:小单",
            "p:shanzeng",
            "p:danzeng",
            "p:shanceng",
            "i:sz",
            "i:dz",
            "i:sc",
            "q:sanzen",
            "q:danzen",
        ] {
            assert!(words.contains(word), "{word} is missing in {words:?}");
        }
        assert_eq!(pinyin("单芳"), "shanfang");
    }

    #[test]
    fn the_last_four_hash_differs_by_county() {
        let index = |_: &str, text: &str| text.bytes().map(|b| b.wrapping_mul(31)).rev().collect::<Vec<u8>>();
        assert_ne!(last4_word(index, 1, "0000"), last4_word(index, 2, "0000"));
    }
}
