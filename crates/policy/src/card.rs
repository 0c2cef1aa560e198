//! Policy card (政策): one policy as data, one TOML file each, with all its versions.
//!
//! ```toml
//! id = "gaoling"
//! title = "高龄津贴"
//! unit = "person"
//! [[version]]
//! from = 2026-07-01
//! source = "某县高龄津贴发放办法"
//! [version.when]
//! all = [{ is = "age >= 80", text = "年满80周岁", source = "办法 第三条" }]
//! [version.amount]
//! unit = "分/月"
//! table = [{ when = "age >= 100", is = "@hl100" }, { is = "@hl80" }]
//! ```
//! A node of `when` has exactly one of `is` (short text), `all`, `any`, `not`; each carries its own words and clause. An
//! amount is one expression (`is`) or a decision table: the first row whose condition holds decides, a row without
//! condition is for everyone left, and nobody left over gets an amount. `let` names a value for later use.

mod procedure;
mod raw;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::dictionary::{Unit, unreadable};
use crate::fault::{Fault, Spot};
use crate::text::{self, Ast};
pub use procedure::{Ends, Evidence, How, Limit, Nature, Review, Stacking, Stage};
use raw::{RawCard, RawClause, RawRow, RawVersion};

/// How an amount that does not come out whole is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Towards minus infinity (舍去).
    #[default]
    Down,
    /// Half away upwards (四舍五入).
    Half,
    /// Towards plus infinity (进位).
    Up,
}

/// Words and clause beside a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Chinese words; empty when the short text must do.
    pub text: String,
    /// English words.
    pub text_en: String,
    /// Clause: document and article.
    pub source: String,
    /// Short text as written, for a leaf.
    pub written: String,
    /// Whether it was read in its source; false is to be confirmed before it is shown as law (待核实).
    pub verified: bool,
}

/// A condition with its words.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// Words and clause.
    pub note: Note,
    /// Where it stands.
    pub spot: Spot,
    /// What it says.
    pub says: Says,
}

/// What a clause says.
#[derive(Debug, Clone, PartialEq)]
pub enum Says {
    /// A short text.
    Is(Ast),
    /// All hold.
    All(Vec<Clause>),
    /// At least one holds.
    Any(Vec<Clause>),
    /// Does not hold.
    Not(Box<Clause>),
}

/// A number: one expression or a decision table.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// One expression.
    Is(Ast, Spot),
    /// Rows in order; a row without condition takes everyone left.
    Table(Vec<Row>),
}

/// One row of a decision table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Condition.
    pub when: Option<Ast>,
    /// Value where it holds.
    pub is: Ast,
    /// Where it stands.
    pub spot: Spot,
}

/// An amount.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// How it is computed.
    pub value: Value,
    /// How it is rounded to a whole unit.
    pub rounding: Rounding,
    /// Unit in words: 分/月.
    pub unit: String,
    /// Words.
    pub text: String,
    /// English words.
    pub text_en: String,
    /// Clause.
    pub source: String,
    /// Whether it was read in its source.
    pub verified: bool,
}

/// One version of a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// First day in force.
    pub from: NaiveDate,
    /// Last day in force, inclusive; open when absent.
    pub to: Option<NaiveDate>,
    /// Document (文号).
    pub source: String,
    /// Condition.
    pub when: Clause,
    /// Named values in order; each may use those before it.
    pub names: Vec<(String, Value, Spot)>,
    /// Amount; a policy without one is a status (认定).
    pub amount: Option<Amount>,
}

/// One policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Word that other cards and results use.
    pub id: String,
    /// Number in the policy library: P01.
    pub number: String,
    /// When it is looked at.
    pub stage: Stage,
    /// Order within its stage, smallest first.
    pub rank: u16,
    /// Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Benefit or duty.
    pub nature: Nature,
    /// Whom the amount is for.
    pub unit: Unit,
    /// Place it belongs to; the nation when empty.
    pub place: String,
    /// Whether values are examples, not law.
    pub example: bool,
    /// Confidence mark of the source.
    pub confidence: String,
    /// Whether the policy as a whole was read in its source; false for local rules and for those from memory (待核实).
    pub verified: bool,
    /// Documents.
    pub legal: Vec<String>,
    /// Where to apply.
    pub route: String,
    /// English words for the route.
    pub route_en: String,
    /// Whether the publicity step is skipped (保护隐私不公示).
    pub no_publicity: bool,
    /// What is made public and for how long (公示、公布), in words.
    pub publicity: String,
    /// Whether who gets it is a restricted record (限制知悉).
    pub restricted: bool,
    /// Months until the review.
    pub review_months: Option<u16>,
    /// Rules of the review.
    pub reviews: Vec<Review>,
    /// Time limits.
    pub limits: Vec<Limit>,
    /// Evidence list.
    pub evidence: Vec<Evidence>,
    /// Policies that cannot be received together with this one.
    pub conflicts: Vec<String>,
    /// How it goes together with others.
    pub stacking: Vec<Stacking>,
    /// Versions by first day.
    pub versions: Vec<Version>,
    /// The file.
    pub spot: Spot,
}

struct File<'a> {
    text: &'a str,
    spot: Spot,
}

/// Reads one policy from the text of a TOML file called `file`.
///
/// # Errors
/// A [`Fault`] with line and place for anything that is not a policy.
pub fn read(file: &str, text: &str) -> Result<Card, Fault> {
    let spot = Spot::file(file);
    let raw: RawCard = toml::from_str(text).map_err(|e| unreadable(&spot, text, &e))?;
    let file = File { text, spot: spot.clone() };
    let mut versions = Vec::new();
    for version in raw.version {
        versions.push(file.version(version)?);
    }
    versions.sort_by_key(|v| v.from);
    for pair in versions.windows(2) {
        if let [earlier, later] = pair
            && earlier.to.is_none_or(|to| to >= later.from)
        {
            return Err(spot.fault(
                format!("{} 起有两个版本同时有效，请给前一版写上 to", later.from),
                format!("two versions are in force from {}; end the earlier one with `to`", later.from),
            ));
        }
    }
    Ok(Card {
        id: raw.id,
        number: raw.number,
        stage: raw.stage,
        rank: raw.rank,
        title: raw.title,
        title_en: raw.title_en,
        nature: raw.nature,
        unit: raw.unit,
        place: raw.place,
        example: raw.example,
        confidence: raw.confidence,
        verified: raw.verified,
        legal: raw.legal,
        route: raw.route,
        route_en: raw.route_en,
        no_publicity: raw.no_publicity,
        publicity: raw.publicity,
        restricted: raw.restricted,
        review_months: raw.review_months,
        reviews: raw.review,
        limits: raw.limit,
        evidence: raw.evidence,
        conflicts: raw.conflicts,
        stacking: raw.stacking,
        versions,
        spot,
    })
}

impl Card {
    /// The version in force on a day.
    pub fn version_on(&self, day: NaiveDate) -> Option<&Version> {
        self.versions.iter().find(|v| v.from <= day && v.to.is_none_or(|to| day <= to))
    }
}

pub(crate) fn day(spot: &Spot, written: &toml::value::Datetime) -> Result<NaiveDate, Fault> {
    written
        .to_string()
        .parse()
        .map_err(|_| spot.fault(format!("“{written}”不是日期"), format!("`{written}` is not a day")))
}

impl File<'_> {
    fn at(&self, span: &std::ops::Range<usize>, step: &str) -> Spot {
        self.spot.at(self.text, span.start).within(step)
    }

    fn version(&self, raw: toml::Spanned<RawVersion>) -> Result<Version, Fault> {
        let spot = self.at(&raw.span(), "version");
        let raw = raw.into_inner();
        let from = day(&spot, &raw.from)?;
        let to = raw.to.as_ref().map(|to| day(&spot, to)).transpose()?;
        let step = format!("version {from}");
        if to.is_some_and(|to| to < from) {
            return Err(spot.fault("版本的 to 早于 from", "the version ends before it begins"));
        }
        let when = self.clause(raw.when, &format!("{step} > when"))?;
        let mut names = Vec::new();
        for name in raw.names {
            let spot = self.at(&name.span(), &format!("{step} > let"));
            let name = name.into_inner();
            let value = self.value(&spot, name.is, name.table)?;
            names.push((name.name, value, spot));
        }
        let amount = match raw.amount {
            None => None,
            Some(amount) => {
                let spot = self.at(&amount.span(), &format!("{step} > amount"));
                let a = amount.into_inner();
                let value = self.value(&spot, a.is, a.table)?;
                Some(Amount {
                    value,
                    rounding: a.rounding,
                    unit: a.unit,
                    text: a.text,
                    text_en: a.text_en,
                    source: a.source,
                    verified: a.verified,
                })
            }
        };
        Ok(Version { from, to, source: raw.source, when, names, amount })
    }

    fn clause(&self, raw: toml::Spanned<RawClause>, step: &str) -> Result<Clause, Fault> {
        let spot = self.at(&raw.span(), step);
        let raw = raw.into_inner();
        let note = Note {
            text: raw.text,
            text_en: raw.text_en,
            source: raw.source,
            written: raw.is.clone().unwrap_or_default(),
            verified: raw.verified,
        };
        let many = |list: Vec<toml::Spanned<RawClause>>, word: &str| {
            if list.is_empty() {
                return Err(spot.fault(format!("“{word}”下面没有条件"), format!("`{word}` has no conditions")));
            }
            list.into_iter().enumerate().map(|(i, c)| self.clause(c, &format!("{step} > {word} {}", i + 1))).collect()
        };
        let says = match (raw.is, raw.all, raw.any, raw.not) {
            (Some(is), None, None, None) => Says::Is(text::read(&spot, &is)?),
            (None, Some(all), None, None) => Says::All(many(all, "all")?),
            (None, None, Some(any), None) => Says::Any(many(any, "any")?),
            (None, None, None, Some(not)) => Says::Not(Box::new(self.clause(*not, &format!("{step} > not"))?)),
            _ => return Err(spot.fault("is、all、any、not 应恰好写一个", "exactly one of is, all, any, not is needed")),
        };
        Ok(Clause { note, spot, says })
    }

    fn value(
        &self,
        spot: &Spot,
        is: Option<String>,
        table: Option<Vec<toml::Spanned<RawRow>>>,
    ) -> Result<Value, Fault> {
        match (is, table) {
            (Some(is), None) => Ok(Value::Is(text::read(spot, &is)?, spot.clone())),
            (None, Some(rows)) if !rows.is_empty() => self.rows(spot, rows).map(Value::Table),
            _ => Err(spot.fault(
                "is 与 table 应恰好写一个，table 不能为空",
                "exactly one of is and a table with rows is needed",
            )),
        }
    }

    fn rows(&self, spot: &Spot, rows: Vec<toml::Spanned<RawRow>>) -> Result<Vec<Row>, Fault> {
        let last = rows.len();
        let mut out = Vec::with_capacity(last);
        for (i, row) in rows.into_iter().enumerate() {
            let spot = spot.at(self.text, row.span().start).within(&format!("row {}", i + 1));
            let row = row.into_inner();
            if row.when.is_none() && i + 1 < last {
                return Err(spot.fault("没有条件的行只能放在最后", "a row without condition can only be the last"));
            }
            let when = row.when.map(|when| text::read(&spot, &when)).transpose()?;
            out.push(Row { when, is: text::read(&spot, &row.is)?, spot });
        }
        Ok(out)
    }
}
