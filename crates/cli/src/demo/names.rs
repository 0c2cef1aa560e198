//! Invented names, numbers and words, repeatable from a seed.

use std::collections::HashMap;

use ground::chance::Seeded;
use kernel::{Day, document::citizen};
use serde::Deserialize;

/// Word lists of `data/demo/names.toml`.
#[derive(Deserialize)]
pub struct Words {
    surnames: String,
    given_old: String,
    given_mid: String,
    given_new: String,
    minority: Vec<String>,
    lanes: Vec<String>,
    /// What a worker writes after a visit.
    pub summaries: Vec<String>,
    /// What a worker writes when nobody was met.
    pub failed: Vec<String>,
}

impl Words {
    /// The embedded lists.
    pub fn read() -> anyhow::Result<Self> {
        Ok(toml::from_str(include_str!("../../../../data/demo/names.toml"))?)
    }

    /// A name that fits the age.
    pub fn name(&self, dice: &Seeded, surname: Option<char>, age: i64) -> String {
        if dice.below(400) == 0 {
            return pick(dice, &self.minority).cloned().unwrap_or_default();
        }
        let given = match age {
            ..=17 => &self.given_new,
            18..=54 => &self.given_mid,
            _ => &self.given_old,
        };
        let mut name = String::new();
        name.extend(surname.or_else(|| letter(dice, &self.surnames)));
        name.extend(letter(dice, given));
        if dice.below(10) < 8 {
            name.extend(letter(dice, given));
        }
        // One in five hundred carries a character outside the basic plane or with a rare reading.
        if dice.below(500) == 0 {
            name.extend(letter(dice, "㙍䶮𠮷𬭳𬎆"));
        }
        name
    }

    /// A surname.
    pub fn surname(&self, dice: &Seeded) -> Option<char> {
        letter(dice, &self.surnames)
    }

    /// An address below the village.
    pub fn address(&self, dice: &Seeded) -> String {
        let lane = pick(dice, &self.lanes).cloned().unwrap_or_default();
        format!("{lane}{}号", 1 + dice.below(180))
    }
}

fn letter(dice: &Seeded, text: &str) -> Option<char> {
    let count = u64::try_from(text.chars().count()).unwrap_or(1);
    text.chars().nth(usize::try_from(dice.below(count)).unwrap_or(0))
}

/// One of several.
pub fn pick<'a, T>(dice: &Seeded, items: &'a [T]) -> Option<&'a T> {
    items.get(usize::try_from(dice.below(u64::try_from(items.len()).unwrap_or(0))).unwrap_or(0))
}

/// One of several by weight.
pub fn weighted<'a, T>(dice: &Seeded, items: &'a [(u64, T)]) -> Option<&'a T> {
    let total = items.iter().map(|(w, _)| w).sum();
    let mut at = dice.below(total);
    for (weight, item) in items {
        if at < *weight {
            return Some(item);
        }
        at -= weight;
    }
    None
}

/// Citizen numbers with the sequence 000: each birth date takes the next region code nobody of that date has.
#[derive(Default)]
pub struct Numbers {
    used: HashMap<Day, usize>,
}

impl Numbers {
    /// The next number of this birth date, or none when the region codes are used up.
    pub fn next(&mut self, regions: &[String], birth: Day) -> Option<String> {
        let turn = self.used.entry(birth).or_default();
        let region = regions.get(*turn)?;
        *turn += 1;
        let body = format!("{region}{}000", birth.format("%Y%m%d"));
        let check = citizen::check_digit(&body)?;
        Some(format!("{body}{check}"))
    }
}
