//! Short text form of conditions and amounts: `hh_income_pc < 1.5 * @dibao_std and not tekun`.
//!
//! ```text
//! cond   = and { "or" and }            and = not { "and" not }          not = "not" not | test
//! test   = sum [ ("<" | "<=" | ">" | ">=" | "=" | "!=") sum [ same-direction sum ] ] | sum "in" "{" n | n..n , … "}"
//! sum    = prod { ("+" | "-") prod }   prod = unit { ("*" | "/") unit }
//! unit   = number | number% | fact | @parameter | "min" "(" sum , … ")" | "max" "(" … ")" | "-" unit | "(" cond ")"
//! ```
//! `≤ ≥ ≠ × ÷ 且 或 非` are read like `<= >= != * / and or not`. Numbers are exact decimals; division is by a number only.
//! There are no loops, no text values and no rounding inside a condition.

use crate::fault::{Fault, Spot};

/// An exact decimal number: `digits / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// All digits as one whole number.
    pub digits: i64,
    /// Digits after the point.
    pub scale: u32,
}

/// How two numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compare {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `=`
    Same,
    /// `!=`
    Other,
}

/// What was written, before facts and parameters are looked up.
#[derive(Debug, Clone, PartialEq)]
pub enum Ast {
    /// A number.
    Number(Decimal),
    /// A fact or a name given by `let`; with its column.
    Name(String, usize),
    /// A parameter; with its column.
    Param(String, usize),
    /// Sum.
    Add(Box<Ast>, Box<Ast>),
    /// Difference.
    Sub(Box<Ast>, Box<Ast>),
    /// Product.
    Mul(Box<Ast>, Box<Ast>),
    /// Quotient by a number.
    Div(Box<Ast>, Decimal),
    /// Smallest of several.
    Min(Vec<Ast>),
    /// Largest of several.
    Max(Vec<Ast>),
    /// Comparison.
    Test(Compare, Box<Ast>, Box<Ast>),
    /// Membership in runs of whole numbers, both ends included.
    In(Box<Ast>, Vec<(i64, i64)>),
    /// All hold.
    All(Vec<Ast>),
    /// At least one holds.
    Any(Vec<Ast>),
    /// Does not hold.
    Not(Box<Ast>),
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(Decimal),
    Name(String),
    Param(String),
    Sign(&'static str),
}

struct Reader<'a> {
    spot: &'a Spot,
    tokens: Vec<(Token, usize)>,
    next: usize,
    depth: usize,
}

/// Nesting beyond this is refused rather than overflow the stack.
const DEPTH: usize = 64;

const SIGNS: [(&str, &str); 30] = [
    ("<=", "<="),
    (">=", ">="),
    ("!=", "!="),
    ("==", "="),
    ("..", ".."),
    ("≤", "<="),
    ("≥", ">="),
    ("≠", "!="),
    ("×", "*"),
    ("÷", "/"),
    ("且", "and"),
    ("或", "or"),
    ("非", "not"),
    ("（", "("),
    ("）", ")"),
    ("，", ","),
    ("<", "<"),
    (">", ">"),
    ("=", "="),
    ("+", "+"),
    ("-", "-"),
    ("*", "*"),
    ("/", "/"),
    ("(", "("),
    (")", ")"),
    ("{", "{"),
    ("}", "}"),
    (",", ","),
    ("%", "%"),
    ("＝", "="),
];

/// Reads one text; `spot` is where it stands.
///
/// # Errors
/// A [`Fault`] that names the column of the first thing that does not fit.
pub fn read(spot: &Spot, text: &str) -> Result<Ast, Fault> {
    let mut reader = Reader { spot, tokens: tokens(spot, text)?, next: 0, depth: 0 };
    let ast = reader.or()?;
    match reader.peek() {
        None => Ok(ast),
        Some(_) => Err(reader.unexpected()),
    }
}

fn column(spot: &Spot, at: usize) -> Spot {
    let mut spot = spot.clone();
    spot.place = if spot.place.is_empty() { format!("column {at}") } else { format!("{}, column {at}", spot.place) };
    spot
}

fn tokens(spot: &Spot, text: &str) -> Result<Vec<(Token, usize)>, Fault> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let at = text.get(..text.len() - rest.len()).unwrap_or("").chars().count() + 1;
        if first.is_whitespace() {
            rest = rest.get(first.len_utf8()..).unwrap_or("");
            continue;
        }
        let (token, used) = if first.is_ascii_digit() {
            number(&column(spot, at), rest)?
        } else if first == '@' {
            let name = word(rest.get(1..).unwrap_or(""));
            (Token::Param(name.to_owned()), 1 + name.len())
        } else if first.is_ascii_alphabetic() || first == '_' {
            let name = word(rest);
            let token = match name {
                "and" => Token::Sign("and"),
                "or" => Token::Sign("or"),
                "not" => Token::Sign("not"),
                "in" => Token::Sign("in"),
                _ => Token::Name(name.to_owned()),
            };
            (token, name.len())
        } else if let Some((written, sign)) = SIGNS.iter().find(|(written, _)| rest.starts_with(written)) {
            (Token::Sign(sign), written.len())
        } else {
            return Err(
                column(spot, at).fault(format!("看不懂的符号“{first}”"), format!("`{first}` has no meaning here"))
            );
        };
        out.push((token, at));
        rest = rest.get(used..).unwrap_or("");
    }
    Ok(out)
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

fn number(spot: &Spot, text: &str) -> Result<(Token, usize), Fault> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_')).unwrap_or(text.len());
    let mut run = text.get(..end).unwrap_or("");
    if let Some(dots) = run.find("..") {
        run = run.get(..dots).unwrap_or("");
    }
    let plain = run.replace('_', "");
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let bad = || spot.fault(format!("数字“{run}”写法不对"), format!("`{run}` is not a number"));
    if part.len() > 6 || plain.ends_with('.') {
        return Err(bad());
    }
    let digits: i64 = format!("{whole}{part}").parse().map_err(|_| bad())?;
    let scale = u32::try_from(part.len()).map_err(|_| bad())?;
    Ok((Token::Number(Decimal { digits, scale }), run.len()))
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).or(self.tokens.last()).map_or(1, |(_, at)| *at)
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(s)) if *s == sign);
        self.next += usize::from(found);
        found
    }

    fn unexpected(&self) -> Fault {
        let spot = column(self.spot, self.at());
        match self.peek() {
            None => spot.fault("话没有写完", "the text ends too early"),
            Some(_) => {
                spot.fault("此处的写法不对，前面缺少运算符或多写了内容", "something stands here that does not fit")
            }
        }
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), Fault> {
        if self.take(sign) {
            return Ok(());
        }
        let spot = column(self.spot, self.at());
        Err(spot.fault(format!("此处应写“{sign}”"), format!("`{sign}` is expected here")))
    }

    fn or(&mut self) -> Result<Ast, Fault> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(column(self.spot, self.at()).fault("括号嵌套太深", "nested too deeply"));
        }
        let mut all = vec![self.and()?];
        while self.take("or") {
            all.push(self.and()?);
        }
        self.depth -= 1;
        Ok(one_or(all, Ast::Any))
    }

    fn and(&mut self) -> Result<Ast, Fault> {
        let mut all = vec![self.not()?];
        while self.take("and") {
            all.push(self.not()?);
        }
        Ok(one_or(all, Ast::All))
    }

    fn not(&mut self) -> Result<Ast, Fault> {
        let mut negated = false;
        while self.take("not") {
            negated = !negated;
        }
        let test = self.test()?;
        Ok(if negated { Ast::Not(Box::new(test)) } else { test })
    }

    fn compare(&mut self) -> Option<Compare> {
        [
            ("<", Compare::Less),
            ("<=", Compare::AtMost),
            (">", Compare::More),
            (">=", Compare::AtLeast),
            ("=", Compare::Same),
            ("!=", Compare::Other),
        ]
        .into_iter()
        .find(|(sign, _)| self.take(sign))
        .map(|(_, compare)| compare)
    }

    fn test(&mut self) -> Result<Ast, Fault> {
        let left = self.sum()?;
        if self.take("in") {
            return Ok(Ast::In(Box::new(left), self.set()?));
        }
        let Some(first) = self.compare() else { return Ok(left) };
        let middle = self.sum()?;
        let Some(second) = self.compare() else { return Ok(Ast::Test(first, Box::new(left), Box::new(middle))) };
        let upward = |c| matches!(c, Compare::Less | Compare::AtMost);
        let downward = |c| matches!(c, Compare::More | Compare::AtLeast);
        if !(upward(first) && upward(second) || downward(first) && downward(second)) {
            let spot = column(self.spot, self.at());
            return Err(spot
                .fault("区间的两个比较号方向要一致，例如 60 <= age < 80", "a band needs two signs of one direction"));
        }
        let right = self.sum()?;
        let lower = Ast::Test(first, Box::new(left), Box::new(middle.clone()));
        Ok(Ast::All(vec![lower, Ast::Test(second, Box::new(middle), Box::new(right))]))
    }

    fn set(&mut self) -> Result<Vec<(i64, i64)>, Fault> {
        self.expect("{")?;
        let mut runs = Vec::new();
        loop {
            let low = self.whole()?;
            let high = if self.take("..") { self.whole()? } else { low };
            if high < low {
                return Err(column(self.spot, self.at()).fault("区间的上限小于下限", "the run ends before it begins"));
            }
            runs.push((low, high));
            if !self.take(",") {
                break;
            }
        }
        self.expect("}")?;
        Ok(runs)
    }

    fn whole(&mut self) -> Result<i64, Fault> {
        let sign = if self.take("-") { -1 } else { 1 };
        match self.peek() {
            Some(Token::Number(Decimal { digits, scale: 0 })) => {
                let value = sign * digits;
                self.next += 1;
                Ok(value)
            }
            _ => Err(column(self.spot, self.at()).fault("此处应写整数", "a whole number is expected here")),
        }
    }

    fn sum(&mut self) -> Result<Ast, Fault> {
        let mut left = self.product()?;
        loop {
            if self.take("+") {
                left = Ast::Add(Box::new(left), Box::new(self.product()?));
            } else if self.take("-") {
                left = Ast::Sub(Box::new(left), Box::new(self.product()?));
            } else {
                return Ok(left);
            }
        }
    }

    fn product(&mut self) -> Result<Ast, Fault> {
        let mut left = self.unit()?;
        loop {
            if self.take("*") {
                left = Ast::Mul(Box::new(left), Box::new(self.unit()?));
            } else if self.take("/") {
                let at = self.at();
                match self.unit()? {
                    Ast::Number(by) if by.digits > 0 => left = Ast::Div(Box::new(left), by),
                    _ => {
                        return Err(column(self.spot, at)
                            .fault("只能除以大于零的数字", "only division by a number above zero is possible"));
                    }
                }
            } else {
                return Ok(left);
            }
        }
    }

    fn unit(&mut self) -> Result<Ast, Fault> {
        if self.take("(") {
            let inner = self.or()?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.take("-") {
            self.depth += 1;
            if self.depth > DEPTH {
                return Err(column(self.spot, self.at()).fault("嵌套太深", "nested too deeply"));
            }
            let inner = self.unit()?;
            self.depth -= 1;
            return Ok(Ast::Sub(Box::new(Ast::Number(Decimal { digits: 0, scale: 0 })), Box::new(inner)));
        }
        let at = self.at();
        let Some(token) = self.peek().cloned() else { return Err(self.unexpected()) };
        self.next += 1;
        match token {
            Token::Number(mut number) => {
                number.scale += if self.take("%") { 2 } else { 0 };
                Ok(Ast::Number(number))
            }
            Token::Param(name) => Ok(Ast::Param(name, at)),
            Token::Name(name) if name == "min" => Ok(Ast::Min(self.arguments()?)),
            Token::Name(name) if name == "max" => Ok(Ast::Max(self.arguments()?)),
            Token::Name(name) => Ok(Ast::Name(name, at)),
            Token::Sign(_) => {
                self.next -= 1;
                Err(self.unexpected())
            }
        }
    }

    fn arguments(&mut self) -> Result<Vec<Ast>, Fault> {
        self.expect("(")?;
        let mut all = vec![self.sum()?];
        while self.take(",") {
            all.push(self.sum()?);
        }
        self.expect(")")?;
        Ok(all)
    }
}

fn one_or(mut all: Vec<Ast>, many: fn(Vec<Ast>) -> Ast) -> Ast {
    match all.pop() {
        Some(only) if all.is_empty() => only,
        Some(last) => {
            all.push(last);
            many(all)
        }
        None => many(all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        match read(&Spot::file("t"), text) {
            Ok(ast) => format!("{ast:?}"),
            Err(fault) => fault.to_string(),
        }
    }

    #[test]
    fn chinese_signs_read_like_plain_ones() {
        assert_eq!(said("age≥60且非b"), said("age>=60 and not b").replace("(\"b\", 17)", "(\"b\", 9)"));
        assert_eq!(said("a×2≠b"), said("a*2!=b").replace("(\"b\", 6)", "(\"b\", 5)"));
    }

    #[test]
    fn a_fault_names_the_column() {
        assert_eq!(said("age >= "), "t (column 5): the text ends too early");
        assert_eq!(said("age >= 60 60"), "t (column 11): something stands here that does not fit");
        assert_eq!(said("age # 3"), "t (column 5): `#` has no meaning here");
        assert_eq!(said("1 < age > 3"), "t (column 11): a band needs two signs of one direction");
        assert_eq!(said("x / y"), "t (column 5): only division by a number above zero is possible");
    }

    #[test]
    fn decimals_and_percents_are_exact() {
        assert_eq!(said("80.5%"), "Number(Decimal { digits: 805, scale: 3 })");
        assert_eq!(said("x in {1..3, 7}"), "In(Name(\"x\", 1), [(1, 3), (7, 7)])");
    }

    #[test]
    fn deep_nesting_is_refused_not_overflowed() {
        let text = format!("{}x{}", "(".repeat(100_000), ")".repeat(100_000));
        assert!(said(&text).contains("nested too deeply"));
        assert!(said(&format!("{}x", "- ".repeat(100_000))).contains("nested too deeply"));
    }
}
