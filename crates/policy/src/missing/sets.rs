//! Smallest settling sets of a residual.

use super::residual::{NEVER, Residual};

/// Sets that can make a residual true and false; the empty set alone means that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub yes: Vec<u64>,
    pub no: Vec<u64>,
    pub exact: bool,
}

/// Sets kept per family; more are cut and `exact` says so.
const MOST_SETS: usize = 512;
/// Cells of a table, all its facts together, including "not known".
const MOST_CELLS: usize = 1 << 21;

/// The smallest sets of a residual over `facts` facts.
pub(crate) fn of(residual: &Residual, facts: usize) -> Found {
    match residual {
        Residual::Const(true) => Found { yes: vec![0], no: Vec::new(), exact: true },
        Residual::Const(false) => Found { yes: Vec::new(), no: vec![0], exact: true },
        Residual::Test { fact, .. } => Found { yes: vec![1 << fact], no: vec![1 << fact], exact: true },
        Residual::Joint { facts, .. } if facts & NEVER != 0 => Found { yes: Vec::new(), no: Vec::new(), exact: true },
        Residual::Joint { facts, .. } => Found { yes: vec![*facts], no: vec![*facts], exact: false },
        Residual::All(parts) => joined(parts, facts, false),
        Residual::Any(parts) => joined(parts, facts, true),
    }
}

/// Drops sets that contain another.
pub(crate) fn smallest(mut sets: Vec<u64>) -> Vec<u64> {
    sets.sort_unstable_by_key(|s| (s.count_ones(), *s));
    let mut kept: Vec<u64> = Vec::with_capacity(sets.len());
    for set in sets {
        if !kept.iter().any(|k| k & set == *k) {
            kept.push(set);
        }
    }
    kept
}

fn facts_of(residual: &Residual) -> u64 {
    match residual {
        Residual::Const(_) => 0,
        Residual::Test { fact, .. } => 1 << fact,
        Residual::Joint { facts, .. } => *facts,
        Residual::All(parts) | Residual::Any(parts) => parts.iter().fold(0, |all, part| all | facts_of(part)),
    }
}

/// Groups parts that share facts, answers each group and joins the answers.
fn joined(parts: &[Residual], facts: usize, any: bool) -> Found {
    let mut groups: Vec<(u64, Vec<&Residual>)> = Vec::new();
    for part in parts {
        let mut own = (facts_of(part), vec![part]);
        let (touched, apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(|(facts, _)| facts & own.0 != 0);
        for (facts, parts) in touched {
            own.0 |= facts;
            own.1.extend(parts);
        }
        groups = apart;
        groups.push(own);
    }
    let mut whole = if any {
        Found { yes: Vec::new(), no: vec![0], exact: true }
    } else {
        Found { yes: vec![0], no: Vec::new(), exact: true }
    };
    for (set, parts) in groups {
        let found = match parts.as_slice() {
            [only] => of(only, facts),
            several => table(several, set, any),
        };
        whole.exact &= found.exact;
        let (one, all) = if any { (&found.yes, &found.no) } else { (&found.no, &found.yes) };
        let (ones, alls) = if any { (&mut whole.yes, &mut whole.no) } else { (&mut whole.no, &mut whole.yes) };
        ones.extend(one);
        *ones = smallest(std::mem::take(ones));
        let product = alls.iter().flat_map(|a| all.iter().map(move |b| a | b)).take(MOST_SETS * MOST_SETS).collect();
        *alls = smallest(product);
        for list in [ones, alls] {
            whole.exact &= list.len() <= MOST_SETS;
            list.truncate(MOST_SETS);
        }
    }
    whole
}

/// A variable of a table: a missing fact cut into cells, or a joint comparison that may go either way.
struct Variable<'a> {
    /// Facts that must be known before it is.
    facts: u64,
    cells: usize,
    kind: Kind<'a>,
}

enum Kind<'a> {
    /// First values of the cells.
    Fact(usize, Vec<i64>),
    Joint(&'a Residual),
}

/// Answers parts that share facts by a table over all cells.
fn table(parts: &[&Residual], facts: u64, any: bool) -> Found {
    let mut variables = Vec::new();
    for part in parts {
        gather(part, &mut variables);
    }
    let mut exact = true;
    for variable in &mut variables {
        if let Kind::Fact(_, cuts) = &mut variable.kind {
            cuts.sort_unstable();
            cuts.dedup();
            variable.cells = cuts.len();
        } else {
            exact &= variable.facts & NEVER != 0;
        }
    }
    let size = variables.iter().try_fold(1_usize, |size, v| size.checked_mul(v.cells + 1).filter(|s| *s <= MOST_CELLS));
    if size.is_none() {
        let all = vec![facts & !NEVER];
        let never = facts & NEVER != 0;
        return Found {
            yes: if never { Vec::new() } else { all.clone() },
            no: if never { Vec::new() } else { all },
            exact: false,
        };
    }
    let count: usize = variables.iter().map(|v| v.cells).product();
    let trees: Option<Vec<Tree>> = parts.iter().map(|part| tree(part, &variables)).collect();
    let Some(trees) = trees else {
        return Found { yes: vec![facts & !NEVER], no: vec![facts & !NEVER], exact: false };
    };
    let mut cells = vec![0_usize; variables.len()];
    let mut truth = Vec::with_capacity(count);
    for _ in 0..count {
        let holds = if any { trees.iter().any(|t| t.holds(&cells)) } else { trees.iter().all(|t| t.holds(&cells)) };
        truth.push(if holds { 1 } else { 2 });
        for (cell, variable) in cells.iter_mut().zip(&variables) {
            *cell += 1;
            if *cell < variable.cells {
                break;
            }
            *cell = 0;
        }
    }
    let mut fold = Fold { variables: &variables, found: Found { yes: Vec::new(), no: Vec::new(), exact } };
    let left: Vec<usize> = (0..variables.len()).collect();
    fold.visit(&truth, &left, facts & !NEVER, 0);
    let Found { yes, no, exact } = fold.found;
    Found { yes: smallest(yes), no: smallest(no), exact }
}

fn gather<'a>(residual: &'a Residual, variables: &mut Vec<Variable<'a>>) {
    match residual {
        Residual::Const(_) => {}
        Residual::Test { fact, bounds, runs } => {
            let ends =
                runs.iter().flat_map(|(a, b)| [*a, b.saturating_add(1)]).filter(|v| (bounds.0..=bounds.1).contains(v));
            let found = variables.iter_mut().find_map(|v| match &mut v.kind {
                Kind::Fact(f, cuts) if f == fact => Some(cuts),
                _ => None,
            });
            match found {
                Some(cuts) => cuts.extend(ends),
                None => {
                    let cuts = ends.chain([bounds.0]).collect();
                    variables.push(Variable { facts: 1 << fact, cells: 0, kind: Kind::Fact(*fact, cuts) });
                }
            }
        }
        Residual::Joint { facts, id, .. } => {
            let same =
                |v: &Variable<'_>| matches!(&v.kind, Kind::Joint(Residual::Joint { id: other, .. }) if other == id);
            if !variables.iter().any(same) {
                variables.push(Variable { facts: *facts, cells: 2, kind: Kind::Joint(residual) });
            }
        }
        Residual::All(parts) | Residual::Any(parts) => parts.iter().for_each(|p| gather(p, variables)),
    }
}

/// A residual over the cells of a table's variables.
enum Tree {
    Const(bool),
    /// True in the cells of the mask.
    Leaf(usize, u64),
    All(Vec<Tree>),
    Any(Vec<Tree>),
}

impl Tree {
    fn holds(&self, cells: &[usize]) -> bool {
        match self {
            Tree::Const(value) => *value,
            Tree::Leaf(at, mask) => cells.get(*at).is_some_and(|cell| mask >> cell & 1 == 1),
            Tree::All(parts) => parts.iter().all(|p| p.holds(cells)),
            Tree::Any(parts) => parts.iter().any(|p| p.holds(cells)),
        }
    }
}

/// `None` when a fact has more cells than a mask has bits.
fn tree(residual: &Residual, variables: &[Variable<'_>]) -> Option<Tree> {
    let many = |parts: &[Residual]| parts.iter().map(|p| tree(p, variables)).collect::<Option<Vec<_>>>();
    Some(match residual {
        Residual::Const(value) => Tree::Const(*value),
        Residual::Test { fact, runs, .. } => variables.iter().enumerate().find_map(|(at, v)| match &v.kind {
            Kind::Fact(f, cuts) if f == fact && cuts.len() <= 64 => {
                let inside = |value: &i64| runs.iter().any(|(a, b)| (*a..=*b).contains(value));
                let mask =
                    (0..64).zip(cuts).filter(|(_, value)| inside(value)).fold(0, |mask, (bit, _)| mask | 1 << bit);
                Some(Tree::Leaf(at, mask))
            }
            _ => None,
        })?,
        Residual::Joint { id, not, .. } => variables.iter().enumerate().find_map(|(at, v)| match &v.kind {
            Kind::Joint(Residual::Joint { id: other, .. }) if other == id => {
                Some(Tree::Leaf(at, if *not { 1 } else { 2 }))
            }
            _ => None,
        })?,
        Residual::All(parts) => Tree::All(many(parts)?),
        Residual::Any(parts) => Tree::Any(many(parts)?),
    })
}

struct Fold<'a, 'b> {
    variables: &'a [Variable<'b>],
    found: Found,
}

impl Fold<'_, '_> {
    /// A cell of the table holds bit 0 for "true whatever the folded facts are", bit 1 for "false". `left` are its variables, the first varying fastest; `set` the facts taken as known. Facts below `from`
    /// have had their turn, so that every set is visited once.
    fn visit(&mut self, table: &[u8], left: &[usize], set: u64, from: u32) {
        let mut folded = None;
        // A joint comparison is known only with all its facts.
        if let Some(at) = left.iter().position(|v| self.variables.get(*v).is_some_and(|v| v.facts & !set != 0)) {
            folded = Some(self.fold(table, left, at));
        }
        if let Some((table, left)) = folded {
            return self.visit(&table, &left, set, from);
        }
        let reach = table.iter().fold(0, |all, cell| all | cell);
        if reach & 1 != 0 {
            self.found.yes.push(set);
        }
        if reach & 2 != 0 {
            self.found.no.push(set);
        }
        if reach == 0 {
            return;
        }
        for fact in (from..63).filter(|f| set >> f & 1 == 1) {
            self.visit(table, left, set & !(1 << fact), fact + 1);
        }
    }

    /// Takes a variable out: what holds for all its cells.
    fn fold(&self, table: &[u8], left: &[usize], at: usize) -> (Vec<u8>, Vec<usize>) {
        let cells = |v: &usize| self.variables.get(*v).map_or(1, |v| v.cells);
        let step: usize = left.iter().take(at).map(cells).product();
        let count = left.get(at).map_or(1, cells);
        let mut out = Vec::with_capacity(table.len() / count.max(1));
        for group in table.chunks(step * count) {
            for offset in 0..step {
                out.push(group.iter().skip(offset).step_by(step).fold(3, |all, cell| all & cell));
            }
        }
        let left = left.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, v)| *v).collect();
        (out, left)
    }
}
