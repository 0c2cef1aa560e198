//! What `service_counter` should hold, as SQL of the neutral subset, and the recount of a place after a division event.
//!
//! 人次 could be added up when places are merged, 人数 cannot: somebody served in both would count twice. So the places an
//! event touches are counted again from the visits. The text stands here, below the room of the visits, because both that
//! room (bulk loads, `sheqiao check`) and the events need one and the same.

use access::{Outcome, Writing};
use kernel::{codes, place::DivisionId};

use super::ChangeDivisions;

/// Common table expressions that end in `expected (at_id, span, kind, acts, people, minutes)`, over visits `v` served in
/// divisions `d` that also meet `condition`.
pub fn expected(condition: &str) -> String {
    let list = |name: &str| codes::list(name).map_or(&[][..], |l| &l.items);
    let met: Vec<String> =
        list("contact_result").iter().filter(|i| i.counts == Some(true)).map(|i| format!("'{}'", i.code)).collect();
    let bits: Vec<String> = list("service_kind")
        .iter()
        .filter_map(|i| i.bit.map(|bit| format!("({}, '{}')", 1_i64 << bit, i.code)))
        .collect();
    let same = "who, month, minutes, village, township, county, city, province";
    let quarter = "substr(month, 1, 4) || '-Q' || CAST((CAST(substr(month, 6, 2) AS integer) + 2) / 3 AS text)";
    let year = "substr(month, 1, 4)";
    let distinct = |span: &str| {
        format!(
            "SELECT at_id, {span} AS span, kind, 0 AS acts, COUNT(DISTINCT who) AS people, 0 AS minutes \
             FROM placed GROUP BY at_id, {span}, kind"
        )
    };
    // Counties are added up above them; who was served in several of them counts once. Few people are. What is taken back
    // stands under the negative id, so that a city that stands in for a county keeps rows of its own.
    let twice = |column: &str, where_: &str, span: &str| {
        format!(
            "SELECT at_id, span, kind, 0 AS acts, -SUM(n - 1) AS people, 0 AS minutes FROM (\
               SELECT -{column} AS at_id, {span} AS span, kind, who, COUNT(DISTINCT county) AS n FROM kinded \
               WHERE who IN (SELECT who FROM roamer){where_} \
               GROUP BY {column}, {span}, kind, who HAVING COUNT(DISTINCT county) > 1) AS t_{column} \
             GROUP BY at_id, span, kind"
        )
    };
    let mut parts = vec![
        "SELECT at_id, month AS span, kind, COUNT(*) AS acts, COUNT(DISTINCT who) AS people, SUM(minutes) AS minutes \
         FROM placed GROUP BY at_id, month, kind"
            .to_owned(),
    ];
    parts.extend([quarter, year].map(distinct));
    for span in ["month", quarter, year] {
        parts.push(twice("city", " AND city <> province", span));
        parts.push(twice("province", "", span));
    }
    format!(
        "WITH bit (mask, code) AS (VALUES {bits}), \
         act AS MATERIALIZED (\
           SELECT v.person_id AS who, substr(CAST(v.visited_on AS text), 1, 7) AS month, v.service_bits AS bits, \
             v.work_field AS field, v.mode AS mode, \
             CASE WHEN v.minutes_shared THEN 0 ELSE COALESCE(v.minutes, 0) END AS minutes, \
             d.id AS village, d.township_id AS township, d.county_id AS county, d.city_id AS city, d.province_id AS province \
           FROM visit v JOIN division d ON d.id = v.served_village_id \
           WHERE v.state = 'completed' AND v.contact_result IN ({met}) AND {condition}), \
         roamer (who) AS MATERIALIZED (SELECT who FROM act GROUP BY who HAVING MIN(county) <> MAX(county)), \
         kinded AS (\
           SELECT {same}, '*' AS kind FROM act \
           UNION ALL SELECT {same}, 's:' || bit.code FROM act JOIN bit ON (act.bits & bit.mask) <> 0 \
           UNION ALL SELECT {same}, 'f:' || field FROM act \
           UNION ALL SELECT {same}, 'm:' || mode FROM act), \
         placed (at_id, month, kind, who, minutes) AS (\
           SELECT village, month, kind, who, minutes FROM kinded \
           UNION ALL SELECT township, month, kind, who, minutes FROM kinded WHERE township <> village \
           UNION ALL SELECT county, month, kind, who, minutes FROM kinded WHERE county <> township AND county <> village), \
         expected (at_id, span, kind, acts, people, minutes) AS ({parts}) ",
        bits = bits.join(", "),
        met = met.join(", "),
        parts = parts.join(" UNION ALL "),
    )
}

/// Counts the services of these villages and townships again, from the visits and the tree as they stand now.
pub async fn places(tx: &Writing<'_, ChangeDivisions>, ids: &[DivisionId]) -> Outcome<()> {
    for id in ids.iter().copied() {
        tx.execute("DELETE FROM service_counter WHERE at_id = $1", vec![id.into()]).await?;
        let inside = "v.served_village_id IN (SELECT x.id FROM division x WHERE x.township_id = $1 OR x.id = $1)";
        let sql = format!(
            "INSERT INTO service_counter (at_id, span, kind, acts, people, minutes) {} \
             SELECT at_id, span, kind, CAST(acts AS bigint), CAST(people AS bigint), CAST(minutes AS bigint) \
             FROM expected WHERE at_id = $1",
            expected(inside)
        );
        tx.execute(&sql, vec![id.into()]).await?;
    }
    Ok(())
}
