//! Invented dictionaries, policies, parameters and persons, from a seed.

use std::fmt::Write as _;

/// A small random source (xorshift), so that a failure can be repeated by its seed.
#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end.max(1)
    }

    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(high.abs_diff(low) + 1) as i64
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len() as u64) as usize]
    }
}

/// Facts of all widths and kinds: name, kind, min, max, decimals.
pub const FACTS: [(&str, &str, i64, i64, u32); 14] = [
    ("f0", "flag", 0, 1, 0),
    ("f1", "flag", 0, 1, 0),
    ("f2", "flag", 0, 1, 0),
    ("f3", "flag", 0, 1, 0),
    ("age", "number", 0, 120, 0),
    ("size", "number", 1, 9, 0),
    ("grade", "code", 0, 4, 0),
    ("class", "code", -3, 7, 0),
    ("income", "number", 0, 60_000, 2),
    ("assets", "number", -100_000, 3_000_000, 0),
    ("spend", "number", 0, 400_000, 1),
    ("area", "number", 0, 900, 1),
    ("far", "number", -5_000_000_000, 5_000_000_000, 0),
    ("temperature", "number", -40, 40, 0),
];

pub const PARAMS: [(&str, u32); 6] = [("std", 0), ("cap", 0), ("k", 2), ("on", 0), ("gone", 0), ("rate", 3)];

pub fn dictionary() -> String {
    let mut out = String::new();
    for (id, kind, min, max, decimals) in FACTS {
        let _ = writeln!(
            out,
            "[[fact]]\nid = \"{id}\"\nlabel = \"{id}\"\nkind = \"{kind}\"\nmin = {min}\nmax = {max}\ndecimals = {decimals}"
        );
    }
    for (id, decimals) in PARAMS {
        let _ = writeln!(out, "[[param]]\nid = \"{id}\"\nlabel = \"{id}\"\ndecimals = {decimals}");
    }
    out
}

/// A random number expression; `depth` bounds its nesting.
pub fn number(dice: &mut Dice, depth: u32) -> String {
    if depth == 0 || dice.chance(35) {
        return match dice.below(10) {
            0..=5 => dice
                .pick(&["age", "size", "grade", "class", "income", "assets", "spend", "area", "temperature", "far"])
                .to_owned(),
            6 => format!("@{}", dice.pick(&["std", "cap", "k", "on", "gone", "rate"])),
            7 => format!("{}.{}", dice.below(40), dice.below(100)),
            8 => format!("{}%", dice.below(200)),
            _ => dice.below(3000).to_string(),
        };
    }
    let a = number(dice, depth - 1);
    let b = number(dice, depth - 1);
    match dice.below(9) {
        0 | 1 => format!("({a} + {b})"),
        2 | 3 => format!("({a} - {b})"),
        4 => format!("{} * {a}", dice.between(0, 12)),
        5 => format!("{} * {a}", dice.pick(&["1.5", "0.8", "@k", "@rate", "size", "(-2)"])),
        6 => format!("min({a}, {b})"),
        7 => format!("max({a}, {b}, {})", dice.below(500)),
        _ => format!("{a} / {}", dice.between(1, 12)),
    }
}

fn threshold(dice: &mut Dice) -> String {
    let (name, _, min, max, decimals) = FACTS[4 + dice.below(10) as usize];
    let near = dice.between(min, max) / 10_i64.pow(decimals);
    let sign = dice.pick(&["<", "<=", ">", ">=", "=", "!="]);
    match dice.below(6) {
        0 => format!("{name} {sign} @{}", dice.pick(&["std", "cap", "k", "on", "gone"])),
        1 => format!("{} * {name} {sign} 1.5 * @std + {near}", dice.between(-4, 4)),
        2 => format!("{near} <= {name} < {}", near + dice.between(0, 50)),
        3 => format!("{name} in {{{near}, {}..{}, {}}}", near + 2, near + 4, near + 5),
        _ if near < 0 => format!("{name} {sign} ({near})"),
        _ => format!("{name} {sign} {near}"),
    }
}

/// A random condition in the short text form.
pub fn condition(dice: &mut Dice, depth: u32) -> String {
    if depth == 0 || dice.chance(25) {
        return match dice.below(10) {
            0..=3 => dice.pick(&["f0", "f1", "f2", "f3"]).to_owned(),
            4..=7 => threshold(dice),
            8 => format!("@{} {} {}", dice.pick(&["on", "gone", "k"]), dice.pick(&["=", ">", "<="]), dice.below(3)),
            _ => format!("{} {} {}", number(dice, 2), dice.pick(&["<", "<=", ">", ">=", "=", "!="]), number(dice, 1)),
        };
    }
    let count = 2 + dice.below(3);
    let parts: Vec<String> = (0..count).map(|_| condition(dice, depth - 1)).collect();
    match dice.below(5) {
        0 | 1 => format!("({})", parts.join(" and ")),
        2 | 3 => format!("({})", parts.join(" or ")),
        _ => format!("not ({})", parts.join(" and ")),
    }
}

/// A random policy file.
pub fn policy(dice: &mut Dice, id: &str) -> String {
    let mut out = format!("id = \"{id}\"\ntitle = \"{id}\"\n[[version]]\nfrom = 2026-01-01\n[version.when]\n");
    match dice.below(3) {
        0 => {
            let _ = writeln!(out, "is = \"{}\"", condition(dice, 3));
        }
        kind => {
            let word = if kind == 1 { "all" } else { "any" };
            let parts: Vec<String> = (0..1 + dice.below(4))
                .map(|_| {
                    let is = format!("{{ is = \"{}\" }}", condition(dice, 2));
                    if dice.chance(20) { format!("{{ not = {is} }}") } else { is }
                })
                .collect();
            let _ = writeln!(out, "{word} = [{}]", parts.join(", "));
        }
    }
    let named = dice.chance(30);
    if named {
        let _ = writeln!(
            out,
            "[[version.let]]\nname = \"part\"\ntable = [{{ when = \"{}\", is = \"80%\" }}, {{ when = \"{}\", is = \"{}\" }}]",
            condition(dice, 1),
            condition(dice, 1),
            number(dice, 1)
        );
    }
    if dice.chance(85) {
        let _ = writeln!(out, "[version.amount]\nrounding = \"{}\"", dice.pick(&["down", "half", "up"]));
        let part = if named { "part * " } else { "" };
        if dice.chance(40) {
            let mut rows: Vec<String> = (0..1 + dice.below(3))
                .map(|_| format!("{{ when = \"{}\", is = \"{part}{}\" }}", condition(dice, 1), number(dice, 2)))
                .collect();
            if dice.chance(60) {
                rows.push(format!("{{ is = \"{}\" }}", number(dice, 1)));
            }
            let _ = writeln!(out, "table = [{}]", rows.join(", "));
        } else {
            let _ = writeln!(out, "is = \"{part}{}\"", number(dice, 3));
        }
    }
    out
}

/// A random value of a fact; unknown for `unknown` of 100, near its ends and small values often.
pub fn value(dice: &mut Dice, fact: usize, unknown: u64) -> Option<i64> {
    let (_, _, min, max, _) = FACTS[fact];
    if dice.chance(unknown) {
        return None;
    }
    Some(match dice.below(6) {
        0 => min,
        1 => max,
        2 => dice.between(min.max(-200), max.min(200)),
        3 => dice.between(min.max(-5000), max.min(5000)),
        _ => dice.between(min, max),
    })
}
