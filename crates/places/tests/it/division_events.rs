//! Division events: names and codes change, townships and villages merge, and nothing is left behind.

use std::collections::BTreeMap;

use access::testing::{Caller, TestHouse};
use ground::Engine;
use places::divisions::moves::{How, MOVES, Names};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::divisions::house;

/// Columns of every table: table → column → type.
type Tables = BTreeMap<String, BTreeMap<String, String>>;

async fn tables(house: &TestHouse) -> Tables {
    let text = match house.test.engine {
        Engine::Sqlite => {
            "SELECT m.name AS t, p.name AS c, p.type AS k FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'"
        }
        Engine::Postgres => {
            "SELECT table_name::text AS t, column_name::text AS c, data_type::text AS k FROM information_schema.columns \
             WHERE table_schema = current_schema()"
        }
    };
    let db = house.test.floor.db.read();
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), text)).await.unwrap();
    let mut tables = Tables::new();
    for row in rows {
        let cell = |name: &str| row.try_get::<String>("", name).unwrap();
        tables.entry(cell("t")).or_default().insert(cell("c"), cell("k"));
    }
    tables
}

/// Inserts a row of anything: given columns as given, the others with some value of their type.
async fn insert(house: &TestHouse, tables: &Tables, table: &str, given: &[(&str, String)]) {
    let id = house.id();
    let mut names = Vec::new();
    let mut values = Vec::new();
    for (column, kind) in &tables[table] {
        let value = given.iter().find(|(c, _)| c == column).map(|(_, v)| v.clone());
        names.push(column.clone());
        values.push(value.unwrap_or_else(|| match kind.as_str() {
            "uuid_blob" => format!("x'{}'", id.simple()),
            "uuid" => format!("'{id}'"),
            "date_text" | "date" => "'2024-01-01'".to_owned(),
            "blob" => "x''".to_owned(),
            "bytea" => "''::bytea".to_owned(),
            "text" => "'x'".to_owned(),
            "boolean" => "false".to_owned(),
            _ => "1".to_owned(),
        }));
    }
    house.sql(&format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", "))).await;
}

async fn id_of(house: &TestHouse, code: &str) -> i64 {
    let (column, code) = match code.split_once(':') {
        Some((_, stat)) => ("code_stat", stat),
        None => ("code_civil", code),
    };
    house.number(&format!("SELECT id FROM division WHERE {column} = '{code}' AND level <> 3 ORDER BY id LIMIT 1")).await
}

/// Two townships of both lists with villages: their codes.
async fn two_towns(house: &TestHouse, who: &Caller) -> (Value, Value) {
    let children = house.get(who, "/divisions?parent=430703").await.expect(200);
    let mut towns =
        children["items"].as_array().unwrap().iter().filter(|d| d["kind"] == "town" && d["origin"] == "both");
    (towns.next().unwrap().clone(), towns.next().unwrap().clone())
}

fn merge(house: &TestHouse, from: &[&str], to: &str) -> Value {
    json!({"id": house.id(), "kind": "merge", "effective_on": "2026-11-01", "approval_no": "湘民函〔2026〕1号", "from": from, "to": to})
}

fn rename(house: &TestHouse, code: &str, name: &str) -> Value {
    json!({"id": house.id(), "kind": "rename", "effective_on": "2026-11-01", "approval_no": "湘民函〔2026〕2号", "from": [code], "to": code, "new_name": name})
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}

access::on_both! {
    async fn every_column_that_names_a_division_is_known_to_the_merge(engine) {
        let house = house(engine).await;
        let mut found: Vec<(String, String)> = Vec::new();
        for (table, columns) in tables(&house).await {
            if table.starts_with("division") {
                continue;
            }
            let names = |c: &&String| ["township_id", "village_id", "place_id"].iter().any(|end| c.ends_with(end));
            found.extend(columns.keys().filter(names).map(|c| (table.clone(), c.clone())));
        }
        let mut known: Vec<(String, String)> = MOVES.iter().map(|m| (m.table.to_owned(), m.column.to_owned())).collect();
        known.sort();
        found.sort();
        assert_eq!(found, known, "name the new column in places/divisions/moves.rs");
    }

    async fn a_merge_of_townships_moves_everything_and_closes_the_source(engine) {
        let house = house(engine).await;
        let who = house.account("officer", &[("CA", "430703")]).await;
        let (a, b) = two_towns(&house, &who).await;
        let (from, to) = (text(&a, "code"), text(&b, "code"));
        let (from_id, to_id) = (id_of(&house, from).await, id_of(&house, to).await);
        let villages = house.number(&format!("SELECT COUNT(*) FROM division WHERE township_id = {from_id} AND level = 5")).await;
        let village = house.number(&format!("SELECT MIN(id) FROM division WHERE township_id = {from_id} AND level = 5")).await;
        let all = tables(&house).await;
        let mut done: Vec<&str> = Vec::new();
        for m in MOVES.iter().filter(|m| m.names != Names::Village && !done.contains(&m.table)).collect::<Vec<_>>() {
            done.push(m.table);
            for township in [from_id, from_id, to_id] {
                let mut given = vec![(m.column, township.to_string()), ("village_id", village.to_string())];
                if m.table.ends_with("counter") {
                    if township == from_id && house.number(&format!("SELECT COUNT(*) FROM {} WHERE place_id = {from_id}", m.table)).await > 0 {
                        continue;
                    }
                    given.push(("n", "7".to_owned()));
                }
                insert(&house, &all, m.table, &given).await;
            }
        }
        let event = merge(&house, &[from], to);
        let seen = house.post(&who, "/division-events/preview", event.clone()).await.expect(200);
        assert_eq!(house.number("SELECT COUNT(*) FROM division_event").await, 0);
        let answer = house.post(&who, "/division-events", event.clone()).await.expect(201);
        assert_eq!(answer["moved"], seen["moved"], "the preview tells what will happen");
        let stations = &answer["moved"]["stations"];
        assert_eq!((stations, &answer["moved"]["persons"], &answer["moved"]["villages"]), (&json!(2), &json!(2), &json!(villages)));
        assert_eq!(answer["notes"], json!(["stations_stay", "grants_widened"]));

        let residences = format!("SELECT COUNT(*) FROM residence WHERE township_id = {from_id}");
        assert_eq!(house.number(&residences).await, 2, "what ended before stays where it was");
        for m in MOVES.iter().filter(|m| m.names != Names::Village && m.how != How::Dated) {
            let count = async |id: i64| house.number(&format!("SELECT COUNT(*) FROM {} WHERE {} = {id}", m.table, m.column)).await;
            assert_eq!(count(from_id).await, 0, "{} {}", m.table, m.column);
            let expected = if m.table.ends_with("counter") { 1 } else { 3 };
            assert_eq!(count(to_id).await, expected, "{} {}", m.table, m.column);
            if m.table.ends_with("counter") {
                assert_eq!(house.number(&format!("SELECT n FROM {} WHERE place_id = {to_id}", m.table)).await, 14);
            }
        }
        assert_eq!(house.number(&format!("SELECT COUNT(*) FROM division WHERE (parent_id = {from_id} OR township_id = {from_id}) AND id <> {from_id}")).await, 0);
        assert_eq!(house.number("SELECT COUNT(*) FROM audit WHERE object_kind = 'division_event' AND action = 'insert'").await, 1);

        let page = house.get(&who, &format!("/divisions/{from}")).await.expect(200);
        assert_eq!((text(&page, "valid_to"), &page["has_children"]), ("2026-10-31", &json!(false)));
        let today = house.get(&who, "/divisions?parent=430703").await.expect(200);
        assert_eq!(today["items"].as_array().unwrap().len(), 27);
        let before = house.get(&who, "/divisions?parent=430703&on=2026-10-31").await.expect(200);
        assert_eq!(before["items"].as_array().unwrap().len(), 28);
        let then = house.get(&who, &format!("/divisions?parent={from}&on=2026-10-31")).await.expect(200);
        assert_eq!(i64::try_from(then["items"].as_array().unwrap().len()).unwrap(), villages, "its villages of that day");
        let there = house.get(&who, &format!("/divisions?parent={to}")).await.expect(200)["items"].as_array().unwrap().len();
        let there_then = house.get(&who, &format!("/divisions?parent={to}&on=2026-10-31")).await.expect(200)["items"].as_array().unwrap().len();
        assert_eq!(there - there_then, usize::try_from(villages).unwrap());
        let story = house.get(&who, &format!("/divisions/{to}/events")).await.expect(200);
        assert_eq!((&story["items"][0]["kind"], &story["items"][0]["from"][0]["name"]), (&json!("merge"), &a["name"]));

        let again = house.post(&who, "/division-events", event.clone()).await.expect(200);
        assert_eq!(again, answer, "the same event again is the same answer");
        let mut other = event;
        other["approval_no"] = json!("另一份文件");
        house.post(&who, "/division-events", other).await.expect(409);
        let late = house.post(&who, "/division-events", merge(&house, &[from], to)).await.expect(409);
        assert_eq!(late["rule"], "division.closed");
    }

    async fn past_figures_go_by_the_tree_of_their_day(engine) {
        use places::divisions::{self, List, ReadDivisions, Wanted};
        let house = house(engine).await;
        let who = house.account("officer", &[("CA", "430703")]).await;
        let (a, b) = two_towns(&house, &who).await;
        house.post(&who, "/division-events", merge(&house, &[text(&a, "code")], text(&b, "code"))).await.expect(201);
        let scope = access::Scope::<ReadDivisions>::on_behalf_of(&house.house, "test").await.unwrap();
        let kinds = ["town", "township", "ethnic_township", "subdistrict"].map(str::to_owned);
        let villages = ["residents_committee", "village_committee"].map(str::to_owned);
        let count = async |place: &str, level, kinds: &[String], day: &str| {
            let place = scope.resolve("place", place).await.unwrap().place();
            let on = kernel::day::parse(day).unwrap();
            let wanted = Wanted { level, kinds, list: List::Counted, on };
            let n = divisions::count_at(&scope, &place, &wanted).await.unwrap();
            let rows = divisions::descendants_at(&scope, &place, &wanted, None, 1_000).await.unwrap();
            assert_eq!(usize::try_from(n).unwrap(), rows.len());
            n
        };
        let towns = kernel::Level::Township;
        assert_eq!(count("430703", towns, &kinds, "2026-10-31").await, 26);
        assert_eq!(count("430703", towns, &kinds, "2026-11-23").await, 25);
        let (closed, stays) = (text(&a, "code"), text(&b, "code"));
        let villages_of = async |code: &str, day: &str| count(code, kernel::Level::Village, &villages, day).await;
        assert_eq!(villages_of(closed, "2026-11-23").await, 0);
        let moved = villages_of(closed, "2026-10-31").await;
        assert!(moved > 0);
        assert_eq!(villages_of(stays, "2026-11-23").await, villages_of(stays, "2026-10-31").await + moved);
    }

    async fn a_merge_of_villages_unites_their_periods(engine) {
        let house = house(engine).await;
        let who = house.account("officer", &[("CA", "430703")]).await;
        let (town, _) = two_towns(&house, &who).await;
        let below = house.get(&who, &format!("/divisions?parent={}", text(&town, "code"))).await.expect(200);
        let codes: Vec<String> = (0..3).map(|i| text(&below["items"][i], "code").to_owned()).collect();
        let mut ids = Vec::new();
        for code in &codes {
            ids.push(id_of(&house, code).await);
        }
        let all = tables(&house).await;
        let owner = match engine {
            Engine::Sqlite => "x'01900000000070008000000000000001'",
            Engine::Postgres => "'01900000-0000-7000-8000-000000000001'",
        };
        for (table, column) in [("point_village", "point_id"), ("area_village", "area_id")] {
            for (village, from, to) in [(ids[0], "'2024-01-01'", "NULL"), (ids[1], "'2024-01-01'", "'2026-10-31'"), (ids[2], "'2023-01-01'", "'2023-12-31'")] {
                let given = [(column, owner.to_owned()), ("village_id", village.to_string()), ("from_on", from.to_owned()), ("to_on", to.to_owned())];
                insert(&house, &all, table, &given).await;
            }
        }
        insert(&house, &all, "person", &[("village_id", ids[0].to_string()), ("hukou_village_id", ids[2].to_string())]).await;
        insert(&house, &all, "visit", &[("village_id", ids[0].to_string()), ("served_village_id", ids[2].to_string())]).await;
        let event = merge(&house, &[&codes[0], &codes[2], &codes[1]], &codes[1]);
        let answer = house.post(&who, "/division-events", event).await.expect(201);
        assert_eq!((&answer["moved"]["persons"], &answer["moved"]["divisions"]), (&json!(1), &json!(2)));
        for table in ["point_village", "area_village"] {
            assert_eq!(house.number(&format!("SELECT COUNT(*) FROM {table}")).await, 3);
            let whole = format!("SELECT COUNT(*) FROM {table} WHERE village_id = {} AND from_on = '2024-01-01' AND to_on IS NULL", ids[1]);
            assert_eq!(house.number(&whole).await, 1);
            let before = format!("SELECT COUNT(*) FROM {table} WHERE village_id IN ({}, {}) AND to_on < '2026-11-01'", ids[0], ids[2]);
            assert_eq!(house.number(&before).await, 2, "what was before the day stays with the village that ended");
        }
        let there = format!("SELECT COUNT(*) FROM person WHERE village_id = {0} AND hukou_village_id = {0}", ids[1]);
        assert_eq!(house.number(&there).await, 1);
        assert_eq!(house.number(&format!("SELECT COUNT(*) FROM visit WHERE village_id = {0} AND served_village_id = {0}", ids[1])).await, 1);
    }

    async fn a_rename_keeps_the_id_and_the_history(engine) {
        let house = house(engine).await;
        let who = house.account("officer", &[("CA", "430703")]).await;
        let (town, _) = two_towns(&house, &who).await;
        let (code, old) = (text(&town, "code"), text(&town, "name"));
        let id = id_of(&house, code).await;
        house.post(&who, "/division-events", rename(&house, code, "重阳镇")).await.expect(201);
        let page = house.get(&who, &format!("/divisions/{code}")).await.expect(200);
        assert_eq!((text(&page, "name"), text(&page, "valid_from"), text(&page, "initials")), ("重阳镇", "2026-11-01", "cyz"));
        assert_eq!((id_of(&house, code).await, &page["rev"]), (id, &json!(2)));
        let then = house.get(&who, &format!("/divisions/{code}?on=2026-10-31")).await.expect(200);
        assert_eq!(text(&then, "name"), old);
        for q in ["重阳", "zyz", "cyz", old] {
            let found = house.get(&who, &format!("/divisions?q={q}&place=430703")).await.expect(200);
            assert_eq!(text(&found["items"][0], "name"), "重阳镇", "{q}");
        }
        // A second one on the same day leaves one version, an earlier one is refused.
        house.post(&who, "/division-events", rename(&house, code, "重九镇")).await.expect(201);
        assert_eq!(house.number("SELECT COUNT(*) FROM division_version").await, 1);
        let mut early = rename(&house, code, "重十镇");
        early["effective_on"] = json!("2026-10-01");
        assert_eq!(house.post(&who, "/division-events", early).await.expect(409)["rule"], "division.later_event");
        let mut later = rename(&house, code, "重十镇");
        later["effective_on"] = json!("2026-11-20");
        house.post(&who, "/division-events", later).await.expect(201);
        for (day, name) in [("2026-10-31", old), ("2026-11-01", "重九镇"), ("2026-11-19", "重九镇"), ("2026-11-20", "重十镇")] {
            let then = house.get(&who, &format!("/divisions/{code}?on={day}")).await.expect(200);
            assert_eq!(text(&then, "name"), name, "{day}");
        }
        let story = house.get(&who, &format!("/divisions/{code}/events")).await.expect(200);
        assert_eq!(story["items"].as_array().unwrap().len(), 3);
    }

    async fn a_recode_changes_what_a_code_names(engine) {
        let house = house(engine).await;
        let who = house.account("officer", &[("CA", "430703")]).await;
        let (town, other) = two_towns(&house, &who).await;
        let (old, name) = (text(&town, "code"), text(&town, "name"));
        let event = |code: &str, new: &str| {
            json!({"id": house.id(), "kind": "recode", "effective_on": "2026-11-01", "approval_no": "1", "from": [code], "to": null, "new_code_civil": new})
        };
        let taken = house.post(&who, "/division-events", event(old, text(&other, "code"))).await.expect(409);
        assert_eq!(taken["rule"], "division.code_in_use");
        house.post(&who, "/division-events", event(old, "430703")).await.expect(422);
        let recode = event(old, "430703199");
        house.post(&who, "/division-events", recode.clone()).await.expect(201);
        house.post(&who, "/division-events", recode).await.expect(200);
        assert_eq!(text(&house.get(&who, "/divisions/430703199").await.expect(200), "name"), name);
        let found = house.get(&who, "/divisions?q=430703199").await.expect(200);
        assert_eq!(text(&found["items"][0], "name"), name);
        let gone = house.get(&who, &format!("/divisions?q=civil:{old}")).await.expect(200);
        assert!(gone["items"].as_array().unwrap().is_empty(), "{gone}");
    }

    async fn an_event_needs_the_permit_the_place_and_a_day_that_has_come(engine) {
        let house = house(engine).await;
        let who = house.account("officer", &[("CA", "430703")]).await;
        let other = house.account("foreigner", &[("CA", "500107")]).await;
        let worker = house.account("worker", &[("TW", "430703")]).await;
        let (a, b) = two_towns(&house, &who).await;
        let (from, to) = (text(&a, "code"), text(&b, "code"));
        for path in ["/division-events", "/division-events/preview"] {
            house.post(&other, path, merge(&house, &[from], to)).await.expect(404);
            house.post(&worker, path, merge(&house, &[from], to)).await.expect(403);
            let mut future = rename(&house, from, "明天镇");
            future["effective_on"] = json!("2026-11-24");
            let answer = house.post(&who, path, future).await.expect(422);
            assert_eq!((&answer["fields"][0]["field"], &answer["fields"][0]["code"]), (&json!("effective_on"), &json!("future")));
            house.post(&who, path, merge(&house, &[from], "stat:500107001")).await.expect(404);
            house.post(&who, path, merge(&house, &[from], "999999")).await.expect(422);
            house.post(&who, path, merge(&house, &[], to)).await.expect(422);
            house.post(&who, path, merge(&house, &[to], to)).await.expect(422);
            house.post(&who, path, rename(&house, from, text(&a, "name"))).await.expect(422);
            house.post(&who, path, rename(&house, from, &"长".repeat(51))).await.expect(422);
            let mut mixed = merge(&house, &[from], to);
            mixed["from"] = json!([from, "430703"]);
            assert_eq!(house.post(&who, path, mixed).await.expect(409)["rule"], "division.merge_apart");
        }
        assert_eq!(house.number("SELECT COUNT(*) FROM division_event").await, 0);
        assert_eq!(house.number("SELECT COUNT(*) FROM division WHERE rev > 1").await, 0);
    }

    async fn lists_of_events_and_queues_keep_to_indexes(engine) {
        use access::Scope;
        use places::divisions::{ReadDivisions, queue, story};
        let house = house(engine).await;
        let scope = Scope::<ReadDivisions>::on_behalf_of(&house.house, "test").await.unwrap();
        let after = Some(house.id());
        for code in ["43", "4307", "430703", "430703105"] {
            let place = scope.resolve("place", code).await.unwrap().place();
            let mut statements = queue::list_query(&scope, &place, "open", after, 21).statements();
            if place.level < kernel::Level::Township {
                statements.extend(story::recorded_query(&scope, &place, after, 21).statements());
            }
            for statement in statements {
                let plan = house.plan(statement).await;
                for bad in ["SCAN", "TEMP B-TREE", "Seq Scan", "Sort"] {
                    assert!(!plan.contains(bad), "{bad} in {code}:\n{plan}");
                }
            }
        }
    }

    async fn every_table_of_a_county_follows_a_change_of_parent(engine) {
        // A row that has no level of its own follows what it belongs to, by one of these columns.
        let parents = ["township_id", "place_id", "person_id", "visit_id", "household_id", "point_id", "station_id", "owner_id", "file_id",
            "application_id"];
        let free = ["account", "audit", "audit_head", "worklist"];
        let house = house(engine).await;
        for (table, columns) in tables(&house).await {
            if table.starts_with("division") || free.contains(&table.as_str()) || !columns.contains_key("county_id") {
                continue;
            }
            assert!(parents.iter().any(|c| columns.contains_key(*c)), "{table} has a county and nothing it follows: see divisions/shift.rs");
        }
    }
}
