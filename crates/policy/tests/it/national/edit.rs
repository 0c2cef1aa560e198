//! Small changes of one policy (变异): each is one way a clerk or a programmer may get it wrong.

use policy::card::{Card, Clause, Row, Says, Value, Version};
use policy::dictionary::{Dictionary, Kind};
use policy::text::{Ast, Compare, Decimal};

/// A change in words, and what it makes of the thing.
pub type Changed<T> = Vec<(String, T)>;

/// All policies that differ from `card` in one place.
pub fn cards(dictionary: &Dictionary, card: &Card) -> Changed<Card> {
    let mut out = Vec::new();
    for (at, version) in card.versions.iter().enumerate() {
        for (words, new) in versions(dictionary, version) {
            let mut changed = card.clone();
            changed.versions[at] = new;
            out.push((words, changed));
        }
    }
    out
}

fn versions(dictionary: &Dictionary, version: &Version) -> Changed<Version> {
    let whens = clauses(dictionary, &version.when);
    let mut out: Changed<Version> =
        whens.into_iter().map(|(w, when)| (w, Version { when, ..version.clone() })).collect();
    for (at, (name, value, spot)) in version.names.iter().enumerate() {
        for (words, new) in values(dictionary, value) {
            let mut changed = version.clone();
            changed.names[at] = (name.clone(), new, spot.clone());
            out.push((format!("{name}: {words}"), changed));
        }
    }
    if let Some(amount) = &version.amount {
        for (words, value) in values(dictionary, &amount.value) {
            let mut changed = version.clone();
            changed.amount.as_mut().unwrap().value = value;
            out.push((format!("amount: {words}"), changed));
        }
        out.push(("without an amount".to_owned(), Version { amount: None, ..version.clone() }));
    }
    out
}

/// Wraps each change of a part into the whole.
fn wrap<T, U>(changes: Changed<T>, whole: impl Fn(T) -> U) -> Changed<U> {
    changes.into_iter().map(|(words, part)| (words, whole(part))).collect()
}

/// Each part dropped, where one is left, and each part changed.
fn parts<T: Clone>(list: &[T], name: impl Fn(&T) -> String, change: impl Fn(&T) -> Changed<T>) -> Changed<Vec<T>> {
    let mut out = Vec::new();
    for (at, part) in list.iter().enumerate() {
        if list.len() > 1 {
            let mut less = list.to_vec();
            less.remove(at);
            out.push((format!("without {}", name(part)), less));
        }
        for (words, new) in change(part) {
            let mut changed = list.to_vec();
            changed[at] = new;
            out.push((words, changed));
        }
    }
    out
}

fn called(clause: &Clause) -> String {
    match &clause.says {
        Says::Is(_) => clause.note.written.clone(),
        _ => format!("“{}”", clause.note.text),
    }
}

fn clauses(dictionary: &Dictionary, clause: &Clause) -> Changed<Clause> {
    let with = |says: Says| Clause { says, ..clause.clone() };
    let inner = |list: &[Clause]| parts(list, called, |part| clauses(dictionary, part));
    match &clause.says {
        Says::Is(ast) => wrap(conds(dictionary, ast), |ast| with(Says::Is(ast))),
        Says::All(list) => {
            let mut out = wrap(inner(list), |list| with(Says::All(list)));
            out.push((format!("any instead of all in {}", called(clause)), with(Says::Any(list.clone()))));
            out
        }
        Says::Any(list) => {
            let mut out = wrap(inner(list), |list| with(Says::Any(list)));
            out.push((format!("all instead of any in {}", called(clause)), with(Says::All(list.clone()))));
            out
        }
        Says::Not(part) => {
            let mut out = wrap(clauses(dictionary, part), |part| with(Says::Not(Box::new(part))));
            out.push((format!("without the not of {}", called(part)), (**part).clone()));
            out
        }
    }
}

fn values(dictionary: &Dictionary, value: &Value) -> Changed<Value> {
    match value {
        Value::Is(ast, spot) => wrap(nums(ast), |ast| Value::Is(ast, spot.clone())),
        Value::Table(list) => wrap(parts(list, |r| said(&r.is), |row| rows(dictionary, row)), Value::Table),
    }
}

fn rows(dictionary: &Dictionary, row: &Row) -> Changed<Row> {
    let mut out = wrap(nums(&row.is), |is| Row { is, ..row.clone() });
    if let Some(when) = &row.when {
        out.extend(wrap(conds(dictionary, when), |when| Row { when: Some(when), ..row.clone() }));
    }
    out
}

/// Changes of a condition.
fn conds(dictionary: &Dictionary, ast: &Ast) -> Changed<Ast> {
    let negated = (format!("not {}", said(ast)), Ast::Not(Box::new(ast.clone())));
    let inner = |list: &[Ast]| parts(list, said, |part| conds(dictionary, part));
    match ast {
        Ast::Test(compare, a, b) => {
            let pair = |c: Compare, a: &Ast, b: &Ast| Ast::Test(c, Box::new(a.clone()), Box::new(b.clone()));
            let mut out = vec![negated];
            out.extend(edge(*compare).map(|c| (format!("{c:?} in {}", said(ast)), pair(c, a, b))));
            out.extend(wrap(nums(a), |a| pair(*compare, &a, b)));
            out.extend(wrap(nums(b), |b| pair(*compare, a, &b)));
            out
        }
        Ast::In(of, runs) => {
            let mut out = vec![negated];
            out.extend(wrap(edges(dictionary, of, runs), |runs| Ast::In(of.clone(), runs)));
            out
        }
        Ast::All(list) => {
            let mut out = wrap(inner(list), Ast::All);
            out.push((format!("any instead of all in {}", said(ast)), Ast::Any(list.clone())));
            out
        }
        Ast::Any(list) => {
            let mut out = wrap(inner(list), Ast::Any);
            out.push((format!("all instead of any in {}", said(ast)), Ast::All(list.clone())));
            out
        }
        Ast::Not(part) => {
            let mut out = wrap(conds(dictionary, part), |part| Ast::Not(Box::new(part)));
            out.push((format!("{} without its not", said(ast)), (**part).clone()));
            out
        }
        _ => vec![negated],
    }
}

/// The comparison that differs at the boundary alone.
fn edge(compare: Compare) -> Option<Compare> {
    match compare {
        Compare::Less => Some(Compare::AtMost),
        Compare::AtMost => Some(Compare::Less),
        Compare::More => Some(Compare::AtLeast),
        Compare::AtLeast => Some(Compare::More),
        Compare::Same | Compare::Other => None,
    }
}

/// Each run of codes dropped, or one code longer or shorter at either end; codes that do not exist are left out.
fn edges(dictionary: &Dictionary, of: &Ast, runs: &[(i64, i64)]) -> Changed<Vec<(i64, i64)>> {
    let fact = match of {
        Ast::Name(word, _) => dictionary.fact_id(word).and_then(|id| dictionary.fact(id)),
        _ => None,
    };
    let exists = |v: i64| {
        fact.is_none_or(|f| match f.kind {
            Kind::Code => f.choices.iter().any(|c| c.code == v),
            _ => f.min <= v && v <= f.max,
        })
    };
    let free = |v: i64| exists(v) && !runs.iter().any(|(a, b)| *a <= v && v <= *b);
    let change = |run: &(i64, i64)| {
        let (low, high) = *run;
        let mut out = Vec::new();
        out.extend(free(low - 1).then_some((low - 1, high)));
        out.extend(free(high + 1).then_some((low, high + 1)));
        if low < high {
            out.extend([(low + 1, high), (low, high - 1)]);
        }
        out.into_iter().map(|(a, b)| (format!("{} in {a}..{b}", said(of)), (a, b))).collect()
    };
    parts(runs, |(a, b)| format!("{a}..{b} of {}", said(of)), change)
}

/// Changes of a number.
fn nums(ast: &Ast) -> Changed<Ast> {
    type Two = fn(Box<Ast>, Box<Ast>) -> Ast;
    let both = |a: &Ast, b: &Ast, join: Two, other: Option<Two>| {
        let mut out = wrap(nums(a), |a| join(Box::new(a), Box::new(b.clone())));
        out.extend(wrap(nums(b), |b| join(Box::new(a.clone()), Box::new(b))));
        out.extend(
            other.map(|f| (format!("{} with the other sign", said(ast)), f(a.clone().into(), b.clone().into()))),
        );
        out
    };
    let many = |list: &[Ast], join: fn(Vec<Ast>) -> Ast, other: fn(Vec<Ast>) -> Ast| {
        let mut out = wrap(parts(list, said, nums), join);
        out.push((format!("min and max in {}", said(ast)), other(list.to_vec())));
        out
    };
    match ast {
        Ast::Number(d) => {
            vec![(format!("{} one more", said(ast)), Ast::Number(Decimal { digits: d.digits + 1, scale: d.scale }))]
        }
        Ast::Add(a, b) => both(a, b, Ast::Add, Some(Ast::Sub)),
        Ast::Sub(a, b) => both(a, b, Ast::Sub, Some(Ast::Add)),
        Ast::Mul(a, b) => both(a, b, Ast::Mul, None),
        Ast::Div(a, by) => wrap(nums(a), |a| Ast::Div(Box::new(a), *by)),
        Ast::Min(list) => many(list, Ast::Min, Ast::Max),
        Ast::Max(list) => many(list, Ast::Max, Ast::Min),
        _ => Vec::new(),
    }
}

/// A text in short, for the list of survivors.
fn said(ast: &Ast) -> String {
    let list = |parts: &[Ast], word: &str| parts.iter().map(said).collect::<Vec<_>>().join(word);
    match ast {
        Ast::Number(d) => format!("{}e-{}", d.digits, d.scale),
        Ast::Name(word, _) => word.clone(),
        Ast::Param(word, _) => format!("@{word}"),
        Ast::Add(a, b) => format!("({} + {})", said(a), said(b)),
        Ast::Sub(a, b) => format!("({} - {})", said(a), said(b)),
        Ast::Mul(a, b) => format!("{} * {}", said(a), said(b)),
        Ast::Div(a, by) => format!("{} / {}e-{}", said(a), by.digits, by.scale),
        Ast::Min(parts) => format!("min({})", list(parts, ", ")),
        Ast::Max(parts) => format!("max({})", list(parts, ", ")),
        Ast::Test(c, a, b) => format!("{} {c:?} {}", said(a), said(b)),
        Ast::In(a, runs) => format!("{} in {runs:?}", said(a)),
        Ast::All(parts) => list(parts, " and "),
        Ast::Any(parts) => list(parts, " or "),
        Ast::Not(part) => format!("not {}", said(part)),
    }
}
