//! Finding divisions by either code, by name or by pinyin initials: the beginning is enough.
//!
//! Each level is one range of one index, from province to village, so that what is higher comes first and a short word
//! costs no more than a long one. Inside a level the exact match comes first, then the shorter.

use access::{Day, Level, Outcome, Place, Scope, Visible};
use sea_orm::{
    ColumnTrait as _, Condition, Order,
    sea_query::{Expr, ExprTrait as _, LikeExpr},
};

use super::{
    ReadDivisions,
    row::{division, word},
    store,
};

/// The most divisions a search gives.
pub const MOST: usize = 50;
/// The longest text that is looked for.
pub const LONGEST: usize = 50;
/// The words read of one level; some belong to the same or to closed divisions.
const WORDS: u64 = 120;
/// Follows every character, so that `word < text + LAST` ends the range of words that begin with `text`.
const LAST: char = '\u{10FFFF}';

/// Which list a code was asked in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum In {
    Either,
    Civil,
    Stat,
}

/// A text as it is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sought {
    text: String,
    list: In,
    /// Shorter codes this one may be a padded form of, longest first.
    unpadded: Vec<String>,
}

impl Sought {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (list, rest) = match text.split_once([':', '：']) {
            Some(("stat", rest)) => (In::Stat, rest),
            Some(("civil", rest)) => (In::Civil, rest),
            _ => (In::Either, text),
        };
        let text: String = rest.trim().to_lowercase();
        if text.is_empty() || text.chars().count() > LONGEST {
            return None;
        }
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let unpadded = if digits && text.ends_with('0') {
            let cut = |n: usize| {
                text.split_at_checked(n).filter(|(_, tail)| !tail.is_empty() && tail.bytes().all(|b| b == b'0'))
            };
            [9, 6, 4, 2].into_iter().filter_map(cut).map(|(head, _)| head.to_owned()).collect()
        } else {
            Vec::new()
        };
        Some(Self { text, list, unpadded })
    }

    fn is_code(&self) -> bool {
        self.text.bytes().all(|b| b.is_ascii_digit())
    }

    fn end(&self) -> String {
        format!("{}{LAST}", self.text)
    }

    /// Whether the list that was asked for has a code of the row that begins so.
    fn fits(&self, row: &division::Model) -> bool {
        let begins = |code: &Option<String>| {
            code.as_ref().is_some_and(|c| c.starts_with(&self.text) || self.unpadded.contains(c))
        };
        match self.list {
            In::Either => true,
            In::Civil => begins(&row.code_civil),
            In::Stat => begins(&row.code_stat),
        }
    }

    /// Exact before longer, shorter before longer, then by the place in the lists.
    fn rank(&self, row: &division::Model) -> (bool, usize, i32) {
        let words = [Some(&row.name), Some(&row.initials), row.code_civil.as_ref(), row.code_stat.as_ref()];
        let exact = words.iter().flatten().any(|w| **w == self.text || self.unpadded.contains(w));
        let length = words.iter().flatten().filter(|w| w.starts_with(&self.text)).map(|w| w.chars().count()).min();
        (!exact, length.unwrap_or(usize::MAX), row.id)
    }
}

/// Divisions whose name, initials or code begins with `text`, highest level first; `None` when the text is no search.
pub async fn search(
    scope: &Scope<ReadDivisions>,
    text: &str,
    place: Option<&Place>,
    level: Option<Level>,
    on: Day,
) -> Outcome<Option<Vec<division::Model>>> {
    let Some(sought) = Sought::read(text) else { return Ok(None) };
    let mut found: Vec<division::Model> = Vec::new();
    for step in Level::ALL.into_iter().filter(|l| level.is_none_or(|wanted| wanted == *l)) {
        if found.len() >= MOST {
            break;
        }
        let mut rows = if step == Level::Village {
            villages(scope, &sought, place, on).await?
        } else {
            higher(scope, &sought, place, step).await?
        };
        rows.retain(|r| r.is_open_on(on) && sought.fits(r));
        rows.sort_by_key(|r| sought.rank(r));
        rows.dedup_by_key(|r| r.id);
        found.extend(rows);
    }
    found.truncate(MOST);
    Ok(Some(found))
}

/// The query over the words of one level, for plan tests.
pub fn words_query(
    scope: &Scope<ReadDivisions>,
    from: &str,
    end: &str,
    place: Option<&Place>,
    level: Level,
) -> Visible<'static, word::Entity> {
    let all = match place {
        Some(place) => scope.find_in::<word::Entity>(place),
        None => scope.find::<word::Entity>(),
    };
    all.filter(word::Column::Level.eq(level.number()))
        .filter(word::Column::Word.gte(from))
        .filter(word::Column::Word.lt(end))
        .order(word::Column::Word, Order::Asc)
        .order(word::Column::DivisionId, Order::Asc)
        .limit(WORDS)
}

async fn higher(
    scope: &Scope<ReadDivisions>,
    sought: &Sought,
    place: Option<&Place>,
    level: Level,
) -> Outcome<Vec<division::Model>> {
    let place = match place {
        Some(place) if place.level > level => return Ok(Vec::new()),
        // Words have no column for villages, and a village has nothing below.
        Some(place) if place.level == Level::Village => return Ok(Vec::new()),
        other => other,
    };
    let mut words = words_query(scope, &sought.text, &sought.end(), place, level).all().await?;
    for code in sought.unpadded.iter().filter(|c| c.len() == code_length(level)) {
        words.extend(words_query(scope, code, &format!("{code} "), place, level).all().await?);
    }
    let mut ids: Vec<i32> = words.into_iter().map(|w| w.division_id).collect();
    ids.sort_unstable();
    ids.dedup();
    store::rows_by_id(scope, ids).await
}

fn code_length(level: Level) -> usize {
    match level {
        Level::Province => 2,
        Level::City => 4,
        Level::County => 6,
        Level::Township => 9,
        Level::Village => 12,
    }
}

/// The query over the villages of the country (or of one province) by one column, for plan tests.
pub fn villages_query(
    scope: &Scope<ReadDivisions>,
    column: division::Column,
    from: &str,
    end: &str,
    place: Option<&Place>,
    on: Day,
) -> Visible<'static, division::Entity> {
    let mut all = scope.find::<division::Entity>();
    if let Some(place) = place {
        // `+ 0` keeps both engines from walking the whole province instead of the range of words.
        all = all.filter(Expr::col(division::Column::ProvinceId).add(0).eq(place.id));
    }
    let range =
        all.filter(column.gte(from)).filter(column.lt(end)).filter(store::open_on(on)).order(column, Order::Asc);
    match column {
        // The codes of villages lie close together, with few others between: read a few more and leave those out.
        division::Column::CodeStat | division::Column::CodeCivil => range.limit(2 * MOST as u64),
        _ => range.filter(division::Column::Level.eq(Level::Village.number())).limit(MOST as u64),
    }
}

/// The query over the villages of one place, in the order of the lists, for plan tests.
pub fn villages_in_query(
    scope: &Scope<ReadDivisions>,
    text: &str,
    place: &Place,
    on: Day,
) -> Visible<'static, division::Entity> {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let begins = |column: division::Column| Expr::col(column).like(LikeExpr::new(format!("{escaped}%")).escape('\\'));
    let any = Condition::any()
        .add(begins(division::Column::Name))
        .add(begins(division::Column::Initials))
        .add(begins(division::Column::CodeStat))
        .add(begins(division::Column::CodeCivil));
    scope
        .find_in::<division::Entity>(place)
        .filter(division::Column::Level.eq(Level::Village.number()))
        .filter(any)
        .filter(store::open_on(on))
        .order(division::Column::Id, Order::Asc)
        .limit(MOST as u64)
}

async fn villages(
    scope: &Scope<ReadDivisions>,
    sought: &Sought,
    place: Option<&Place>,
    on: Day,
) -> Outcome<Vec<division::Model>> {
    // Few villages lie in a prefecture, and one letter is soon found: these are read in their own order. For a longer text
    // in a whole province the words lead.
    if let Some(place) = place
        && (place.level > Level::Province || sought.text.chars().count() == 1)
    {
        return villages_in_query(scope, &sought.text, place, on).all().await;
    }
    let columns: &[division::Column] = if sought.is_code() {
        &[division::Column::CodeStat, division::Column::CodeCivil]
    } else if sought.text.is_ascii() {
        &[division::Column::Initials, division::Column::Name]
    } else {
        &[division::Column::Name]
    };
    let mut rows = Vec::new();
    for column in columns {
        rows.extend(villages_query(scope, *column, &sought.text, &sought.end(), place, on).all().await?);
    }
    rows.retain(|r| r.level == Level::Village.number());
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_the_words_it_may_stand_for() {
        let sought = Sought::read(" stat:430703000000 ").unwrap();
        assert_eq!((sought.list, sought.unpadded.join(" ")), (In::Stat, "430703000 430703".to_owned()));
        assert_eq!(Sought::read("DCQ").unwrap().text, "dcq");
        assert_eq!(Sought::read("43").unwrap().unpadded, Vec::<String>::new());
        assert!(Sought::read("  ").is_none());
        assert!(Sought::read(&"长".repeat(51)).is_none());
    }
}
