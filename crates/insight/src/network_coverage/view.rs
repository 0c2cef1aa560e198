//! From groups to the answer.

use access::{Level, Outcome, Place, Scope, placement};
use kernel::params::Params;
use places::divisions::{self, division};
use sea_orm::{ColumnTrait as _, Order};

use super::{
    Kind, Mode, Question, ReadNetworkCoverage,
    model::formula,
    past,
    store::{self, Groups},
};
use crate::coverage::{CoverageRow, CoverageView, Figure, Sentence};

/// Most children of one division, and more.
const CHILDREN: u64 = 10_000;

/// Answers one question for a place inside the reach.
pub async fn figures(
    scope: &Scope<ReadNetworkCoverage>,
    place: &placement::division::Model,
    q: Question,
) -> Outcome<CoverageView> {
    let at = place.place();
    scope.report(&at)?;
    let q = complete(scope, &at, q).await?;
    let groups = if past::differs(scope, &at, &q).await? {
        past::groups(scope, &at, &q).await?
    } else {
        store::groups(scope, &q, &at).await?
    };
    let mut sum = (0, 0);
    for (numerator, denominator) in groups.values() {
        sum = (sum.0 + numerator, sum.1 + denominator);
    }
    let total = CoverageRow::at(place, Figure::hundredths(sum.0), sum.1);
    let rows = if q.by_child && at.level < q.kind.level() {
        children(scope, &at, &q, &groups).await?
    } else {
        vec![total.clone()]
    };
    Ok(CoverageView {
        kind: q.kind.code(),
        mode: (q.kind == Kind::Point).then(|| q.mode.code()),
        formula: formula(q.kind, q.mode),
        on: q.on,
        from: None,
        division_basis: basis(q.kind),
        notes: notes(scope, &at, &q).await?,
        included_kinds: q.kinds,
        unit: q.kind.unit(),
        rows,
        total,
    })
}

/// The question with the kinds of the parameter where none were chosen.
pub async fn complete(scope: &Scope<ReadNetworkCoverage>, place: &Place, mut q: Question) -> Outcome<Question> {
    if let (true, Some(code)) = (q.kinds.is_empty(), q.kind.parameter()) {
        let codes = divisions::codes_upward(scope, place).await?;
        let nearest: Vec<&str> = codes.iter().map(String::as_str).collect();
        q.kinds = Params::national().codes(code, &nearest, q.on).to_vec();
    }
    q.kinds.sort_unstable();
    q.kinds.dedup();
    Ok(q)
}

async fn children(
    scope: &Scope<ReadNetworkCoverage>,
    place: &Place,
    q: &Question,
    groups: &Groups,
) -> Outcome<Vec<CoverageRow>> {
    let rows = divisions::children(scope, Some(place), q.on, None, CHILDREN).await?;
    Ok(rows
        .iter()
        .map(|child| {
            let (numerator, denominator) = groups.get(&child.id).copied().unwrap_or_default();
            CoverageRow::new(child, Figure::hundredths(numerator), denominator)
        })
        .collect())
}

/// Villages stand in the statistical list only; townships count by the civil one; posts belong to stations.
fn basis(kind: Kind) -> &'static str {
    match kind {
        Kind::Station => "civil",
        Kind::Point => "stat",
        Kind::Staffing => "stations",
    }
}

async fn notes(scope: &Scope<ReadNetworkCoverage>, place: &Place, q: &Question) -> Outcome<Vec<Sentence>> {
    let mut notes = Vec::new();
    if q.on < divisions::history::TREE_FROM {
        notes.push(Sentence::new(
            "所选日期早于 2023-06-30，按 2023-06-30 的行政区划统计。",
            "The day lies before 2023-06-30: counted by the tree of 2023.",
        ));
    }
    if q.kind == Kind::Station {
        notes.extend(silent_places(scope, place).await?);
        if !q.kinds.iter().any(|k| matches!(k.as_str(), "farm" | "reservoir" | "zone" | "other_like_township")) {
            notes.push(Sentence::new(
                "农（林、牧、渔）场、开发区等不是乡镇（街道）的单位未计入分母；可在“区划类型”中选择计入。",
                "Farms, zones and other units that are no townships are not in the denominator; choose their kinds to count them.",
            ));
        }
    }
    if q.kind == Kind::Point {
        notes.push(Sentence::new(
            "村（居）以 2023-06-30 统计用区划为准；此后新设乡镇（街道）的村（居）待复核。",
            "Villages are those of the statistical list of 2023-06-30; those of townships set up later await review.",
        ));
        if q.mode == Mode::Strict {
            notes.push(Sentence::new(
                "严格口径只计社工点所在的村（居）；片区口径计社工点覆盖的全部村（居）。",
                "Strict counts the village a point is seated in; area mode counts every village it covers.",
            ));
        }
    }
    Ok(notes)
}

/// Names the places for which the civil list has no townships, so that statistical ones stand in.
async fn silent_places(scope: &Scope<ReadNetworkCoverage>, place: &Place) -> Outcome<Option<Sentence>> {
    let levels = [Level::City.number(), Level::County.number()];
    let mut rows = scope
        .find_in::<division::Entity>(place)
        .filter(division::Column::Level.is_in(levels))
        .filter(division::Column::Flags.contains("no_civil_townships"))
        .order(division::Column::Id, Order::Asc)
        .all()
        .await?;
    if place.level > Level::County {
        let above = places::divisions::store::rows_by_id(scope, vec![place.at(Level::County)]).await?;
        rows.extend(above.into_iter().filter(|r| r.flags.contains("no_civil_townships")));
    }
    if rows.is_empty() {
        return Ok(None);
    }
    let names: Vec<&str> = rows.iter().map(|r| r.name.as_str()).collect();
    Ok(Some(Sentence::new(
        format!("民政名录未列乡级单位，按统计用区划计算的地方：{}。", names.join("、")),
        format!(
            "The civil-affairs list names no townships here, so those of the statistical list count: {}.",
            names.join(", ")
        ),
    )))
}
