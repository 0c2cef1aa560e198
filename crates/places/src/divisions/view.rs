//! What of a division is shown.

use std::collections::HashMap;

use access::{Day, Outcome, PlaceRef, Scope};
use serde::Serialize;

use super::{
    ReadDivisions, SeesTree, history,
    moves::Moved,
    row::{division, review},
    store,
};

/// A division in the tree, in search and on its own page.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Division {
    /// Code for `place=`: the civil-affairs code, else `stat:` and the statistical one.
    pub code: String,
    /// Civil-affairs code.
    pub code_civil: Option<String>,
    /// Statistical code.
    pub code_stat: Option<String>,
    /// Official name.
    pub name: String,
    /// Kind, see code list `division_kind`.
    pub kind: String,
    /// Level 1 (province) to 5 (village).
    pub level: i32,
    /// Names from the province down, separated by ` / `.
    pub path: String,
    /// Pinyin initials.
    pub initials: String,
    /// Whether anything hangs below it.
    pub has_children: bool,
    /// Which list has it: both, stat, civil.
    pub origin: &'static str,
    /// Since when name, codes and parent are these; null when unknown.
    pub valid_from: Option<chrono::NaiveDate>,
    /// Last day; null while it exists.
    pub valid_to: Option<chrono::NaiveDate>,
    /// Why the two lists differ here: stat_only, civil_only, code_differs, fuzzy_name, abolished, no_civil_townships,
    /// counted_by_stat.
    pub notes: Vec<String>,
    /// Revision.
    pub rev: i32,
}

/// How many children each list knows, so that a screen can explain a difference.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Lists {
    /// In the statistical list.
    pub stat: i64,
    /// In the civil-affairs list.
    pub civil: i64,
    /// In both.
    pub both: i64,
    /// In the statistical list only.
    pub stat_only: i64,
    /// In the civil-affairs list only.
    pub civil_only: i64,
}

impl Lists {
    fn of(children: &[division::Model]) -> Self {
        let mut lists = Self::default();
        for child in children {
            match (&child.code_stat, &child.code_civil) {
                (Some(_), Some(_)) => lists.both += 1,
                (Some(_), None) => lists.stat_only += 1,
                (None, _) => lists.civil_only += 1,
            }
        }
        lists.stat = lists.both + lists.stat_only;
        lists.civil = lists.both + lists.civil_only;
        lists
    }
}

/// A division with what stands above it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct DivisionPage {
    /// The division.
    #[serde(flatten)]
    pub division: Division,
    /// From the province down to the parent.
    pub ancestors: Vec<PlaceRef>,
    /// `tree of 2023` when a day before the last published list was asked for.
    pub note_tree: Option<&'static str>,
    /// Its children by list (counties and above: by their codes; villages stand in the statistical list only).
    pub lists: Lists,
}

/// A change of a division, recorded here or published.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct DivisionEvent {
    /// Id of the event; of a published change `public:` and its number.
    pub id: String,
    /// Kind, see `EventKind`; of a published change its word in the source.
    pub kind: String,
    /// First day on which it holds; null when the source has only a year.
    pub effective_on: Option<chrono::NaiveDate>,
    /// Day or year as the source writes it.
    pub changed_on: String,
    /// Number of the document.
    pub approval_no: String,
    /// What happened.
    pub note: String,
    /// What it was.
    pub from: Vec<PlaceRef>,
    /// What it became.
    pub to: Vec<PlaceRef>,
    /// Rows moved, by kind.
    #[schema(value_type = HashMap<String, i64>)]
    pub moved: Moved,
}

/// A pair of the two lists that a person should look at.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Review {
    /// county_name_similar, same_code_other_name, moved_county, stat_only, civil_only.
    pub reason: String,
    /// County.
    pub county: PlaceRef,
    /// Code in the statistical list.
    pub code_stat: Option<String>,
    /// Name in the statistical list.
    pub name_stat: Option<String>,
    /// Code in the civil-affairs list.
    pub code_civil: Option<String>,
    /// Name in the civil-affairs list.
    pub name_civil: Option<String>,
    /// Decided: one division has both, by an event recorded here.
    pub settled: bool,
}

/// What an event moved.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Recorded {
    /// Id of the event.
    pub id: uuid::Uuid,
    /// Rows moved, by kind.
    #[schema(value_type = HashMap<String, i64>)]
    pub moved: Moved,
    /// What to look after: `stations_stay` (stations of the closed divisions go on in the one that stays),
    /// `grants_widened` (grants for a closed division hold for the one that stays), `pending` (people must assign what is
    /// queued), `points_apart` (points that moved keep their station, which now lies in another township).
    pub notes: Vec<&'static str>,
    /// The job that carries it out, when very many rows move; watch it under `/jobs/{id}`.
    pub job: Option<uuid::Uuid>,
}

impl Recorded {
    /// The answer of an event with its hints.
    pub fn new(id: uuid::Uuid, moved: Moved) -> Self {
        let any = |word: &str| moved.get(word).is_some_and(|n| *n > 0);
        let mut notes = Vec::new();
        if any("pending") {
            notes.push("pending");
        }
        if any("points") && any("villages") && !any("stations") {
            notes.push("points_apart");
        }
        if any("stations") && any("divisions") {
            notes.push("stations_stay");
        }
        if any("grants") && any("divisions") {
            notes.push("grants_widened");
        }
        Self { id, moved, notes, job: None }
    }
}

/// Rows as they are shown, with the names above them.
pub async fn divisions<P: SeesTree>(scope: &Scope<P>, rows: Vec<division::Model>) -> Outcome<Vec<Division>> {
    let above = scope.labels(rows.iter().flat_map(ancestor_ids)).await?;
    Ok(rows.into_iter().map(|r| one(r, &above)).collect())
}

/// Ids from the province down to the parent, each once.
fn ancestor_ids(row: &division::Model) -> Vec<i32> {
    let mut ids: Vec<i32> = row.place().path.into_iter().filter(|id| *id != 0 && *id != row.id).collect();
    ids.dedup();
    ids
}

fn one(row: division::Model, above: &HashMap<i32, PlaceRef>) -> Division {
    let mut names: Vec<&str> =
        ancestor_ids(&row).iter().filter_map(|id| above.get(id)).map(|p| p.name.as_str()).collect();
    names.push(&row.name);
    let path = names.join(" / ");
    Division {
        code: row.code(),
        path,
        has_children: row.children > 0,
        origin: match (&row.code_civil, &row.code_stat) {
            (Some(_), Some(_)) => "both",
            (Some(_), None) => "civil",
            (None, _) => "stat",
        },
        notes: row.flags.split(',').filter(|f| !f.is_empty()).map(str::to_owned).collect(),
        code_civil: row.code_civil,
        code_stat: row.code_stat,
        name: row.name,
        kind: row.kind,
        level: row.level,
        initials: row.initials,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        rev: row.rev,
    }
}

/// A division's own page as of a day.
pub async fn page(scope: &Scope<ReadDivisions>, row: division::Model, on: Day) -> Outcome<DivisionPage> {
    let ids = ancestor_ids(&row);
    let above = scope.labels(ids.clone()).await?;
    let children = if row.level < 4 {
        store::children(scope, Some(&row.place()), on, None, u64::from(u16::MAX)).await?
    } else {
        Vec::new()
    };
    let counted: Vec<division::Model> = children.into_iter().filter(|c| !c.flags.ends_with("abolished")).collect();
    Ok(DivisionPage {
        ancestors: ids.iter().filter_map(|id| above.get(id)).cloned().collect(),
        note_tree: (on < history::TREE_FROM).then_some("tree of 2023"),
        lists: Lists::of(&counted),
        division: one(row, &above),
    })
}

/// A review as it is shown.
pub fn review(row: review::Model, counties: &HashMap<i32, PlaceRef>, linked: &[division::Model]) -> Option<Review> {
    let some = |text: String| (!text.is_empty()).then_some(text);
    let has = |code: &Option<String>, wanted: &str| !wanted.is_empty() && code.as_deref() == Some(wanted);
    let settled = linked.iter().any(|d| has(&d.code_stat, &row.code_stat) || has(&d.code_civil, &row.code_civil));
    Some(Review {
        settled,
        county: counties.get(&row.county_id)?.clone(),
        reason: row.reason,
        code_stat: some(row.code_stat),
        name_stat: some(row.name_stat),
        code_civil: some(row.code_civil),
        name_civil: some(row.name_civil),
    })
}
