//! Merging two records and taking it back: 500 random merges undone leave every table as it was.

use std::collections::{BTreeMap, BTreeSet};

use access::{on_both, testing::Caller};
use people::merges::carry::{CARRIED, Carry};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::world::{DEAN, DINGCHENG, LINJIANG, World, id, next};

const FIELDS: [&str; 17] = [
    "name",
    "usual_name",
    "sex",
    "birth_date",
    "document",
    "phone",
    "residence",
    "hukou",
    "ledger",
    "worker",
    "marital",
    "education",
    "ethnicity",
    "nationality",
    "political",
    "told",
    "note",
];

/// Tables that tell of acts, not of persons: audit chains, receipts, sessions, and the merges themselves.
const ACTS: [&str; 8] =
    ["audit", "audit_head", "write_receipt", "session", "person_merge", "set_aside", "seaql_migrations", "login_guard"];

pub async fn texts(w: &World, sql: String) -> Vec<String> {
    let db = w.house.test.floor.db.read();
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|r| r.try_get_by_index::<String>(0).unwrap()).collect()
}

fn postgres(w: &World) -> bool {
    w.house.test.engine == ground::Engine::Postgres
}

async fn tables(w: &World) -> Vec<String> {
    let sql = if postgres(w) {
        "SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = current_schema()"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    };
    texts(w, sql.to_owned()).await
}

async fn columns(w: &World, table: &str) -> Vec<String> {
    let sql = if postgres(w) {
        format!(
            "SELECT CAST(column_name AS text) FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '{table}' ORDER BY ordinal_position"
        )
    } else {
        format!("SELECT name FROM pragma_table_info('{table}')")
    };
    texts(w, sql).await
}

/// All rows of all tables as text, without `rev` and `audit_no`, which only ever grow, and without the day on which the nightly
/// job looks at a person, which it works out by itself; tasks that ask for a merge belong to
/// the merge.
pub async fn everything(w: &World) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for table in tables(w).await {
        if ACTS.contains(&table.as_str()) {
            continue;
        }
        let columns = columns(w, &table).await;
        let shown = columns.iter().filter(|c| !["rev", "audit_no", "next_check_on"].contains(&c.as_str()));
        let cell = |c: &String| {
            if postgres(w) {
                format!("COALESCE(quote_literal(CAST({c} AS text)), 'NULL')")
            } else {
                format!("quote({c})")
            }
        };
        let text: Vec<String> = shown.map(cell).collect();
        let only = if table == "task" { " WHERE kind <> 'merge_confirm'" } else { "" };
        let rows = texts(w, format!("SELECT {} FROM {table}{only}", text.join(" || '|' || "))).await;
        all.insert(table, rows.into_iter().collect());
    }
    all
}

/// Audit chains, audited rows, counters, what rows repeat of others, and no row that hangs on a record that is not there.
pub async fn clean(w: &World) {
    let floor = &w.house.test.floor;
    // Openings of records are written a moment later: what was read between a chain and its head is read again.
    let mut faults = Vec::new();
    for _ in 0..50 {
        let snapshot = access::audit::Snapshot::of_now(floor).await.unwrap();
        faults = access::audit::verify_in(&snapshot, &people::watched()).await.unwrap().0;
        if faults.is_empty() {
            break;
        }
    }
    assert_eq!(faults, []);
    let snapshot = access::audit::Snapshot::of_now(floor).await.unwrap();
    assert_eq!(people::agreement::faults(&snapshot).await.unwrap(), []);
    assert_eq!(places::divisions::agreement::misplaced(&snapshot).await.unwrap(), []);
    drop(snapshot);
    w.figures_agree().await;
    for what in CARRIED {
        let only = what.only.map_or(String::new(), |(column, word)| format!("AND {column} = '{word}'"));
        let orphans = w
            .house
            .number(&format!(
                "SELECT COUNT(*) FROM {table} t WHERE {column} IS NOT NULL {only} AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id = t.{column})",
                table = what.table, column = what.column,
            ))
            .await;
        assert_eq!(orphans, 0, "{}.{}", what.table, what.column);
        if what.carry == Carry::Go {
            let left = w
                .house
                .number(&format!(
                    "SELECT COUNT(*) FROM {table} t JOIN person p ON p.id = t.{column} WHERE p.merged_into IS NOT NULL {only}",
                    table = what.table, column = what.column,
                ))
                .await;
            assert_eq!(left, 0, "{}.{} hangs on an absorbed record", what.table, what.column);
        }
    }
}

/// Enters somebody with random facts.
async fn somebody(w: &World, n: usize, seed: &mut u64) -> Value {
    let (who, village) = match next(seed) % 8 {
        0 => (&w.worker, DEAN),
        1..=4 => (&w.resident, LINJIANG),
        _ => (&w.resident, DINGCHENG),
    };
    let given: Vec<char> = "芳英伟军秀兰珍桂明红建平国玉梅志云香金辉勇生春喜福德文清海小".chars().collect();
    let name: String = ['王', '李', '张', '刘', '陈'][next(seed) % 5].to_string()
        + &given[next(seed) % 30].to_string()
        + &given[n % 30].to_string();
    let mut body = w.body(&name, village);
    body["sex"] = ["1", "2"][next(seed) % 2].into();
    let birth = format!("19{:02}-{:02}-{:02}", 30 + next(seed) % 60, 1 + next(seed) % 12, 1 + next(seed) % 28);
    if next(seed).is_multiple_of(2) {
        body["birth_date"] = birth.clone().into();
    }
    if next(seed).is_multiple_of(3) {
        let number = crate::world::number(&birth.replace('-', ""), u32::try_from(n).unwrap() % 1000);
        body["doc_type"] = "citizen_id".into();
        body["number"] = number.into();
        body["birth_date"] = birth.into();
        body.as_object_mut().unwrap().remove("no_number_reason");
    }
    for (field, value) in [
        ("phone", json!(format!("139{:08}", next(seed) % 100_000_000))),
        ("address", json!(format!("{}组{}号", 1 + next(seed) % 9, n))),
        ("usual_name", json!("阿妹")),
        ("marital", json!("20")),
        ("education", json!("70")),
        ("note", json!("备注")),
        ("told", json!({"on": "2026-11-01", "way": "oral"})),
    ] {
        if next(seed).is_multiple_of(2) {
            body[field] = value;
        }
    }
    let some = ["DIBAO", "DIS_4_1", "ALONE", "VETERAN", "NEAR"];
    let count = next(seed) % 3;
    body["categories"] = (0..count).map(|k| w.category(some[(k * 2 + next(seed) % 2) % 5])).collect();
    let mut page = w.enter(who, body).await;
    if next(seed).is_multiple_of(3) {
        let visit = json!({"id": w.house.id(), "person_id": page["id"], "kind": "routine", "mode": "home",
            "visited_on": format!("2026-11-{:02}", 1 + next(seed) % 22), "contact_result": (["met", "not_home"])[next(seed) % 2],
            "companions": "", "summary": "情况稳定", "risk_signs": [], "needs": [], "services": [], "work_field": "assistance",
            "policies_explained": "", "actions": ""});
        w.house.post(who, "/visits", visit).await;
    }
    if next(seed).is_multiple_of(2) {
        let step = w.step(who, &page, "verifying", json!({})).await;
        if step.status.is_success() {
            page = step.json;
        }
    }
    if next(seed).is_multiple_of(3) {
        let body = json!({"id": w.house.id(), "kind": (["hukou", "cohabiting"])[next(seed) % 2], "village": village,
            "members": [{"id": w.house.id(), "person_id": page["id"], "relation": "0", "from": "2026-01-01"}]});
        w.house.post(who, "/households", body).await;
    }
    page
}

async fn rev(w: &World, person: &str) -> i64 {
    let id = if postgres(w) { format!("'{person}'") } else { format!("X'{}'", person.replace('-', "")) };
    w.house.number(&format!("SELECT rev FROM person WHERE id = {id}")).await
}

async fn merge(w: &World, who: &Caller, survivor: &str, absorbed: &str, take: &[&str]) -> access::testing::Answer {
    let body = json!({"id": w.house.id(), "survivor_id": survivor, "survivor_rev": rev(w, survivor).await,
        "absorbed_id": absorbed, "absorbed_rev": rev(w, absorbed).await, "take": take, "reason": "核实为同一人"});
    w.house.test.clock.advance(1);
    w.house.post(who, "/merges", body).await
}

async fn undo(w: &World, who: &Caller, merge: &Value) -> access::testing::Answer {
    w.house.test.clock.advance(1);
    let body = json!({"id": w.house.id(), "rev": merge["rev"], "reason": "核实为两人"});
    w.house.post(who, &format!("/merges/{}/undo", id(merge)), body).await
}

on_both! {
    async fn five_hundred_random_merges_undone_leave_every_table_as_it_was(engine) {
        let w = World::new(engine).await;
        let mut seed = 41_u64;
        let mut alive = Vec::new();
        for n in 0..560 {
            alive.push(somebody(&w, n, &mut seed).await["id"].as_str().unwrap().to_owned());
        }
        clean(&w).await;
        let before = everything(&w).await;
        let (mut merges, mut across, mut tries) = (Vec::new(), 0, 0);
        while merges.len() < 500 && tries < 2_000 {
            tries += 1;
            let (a, b) = (next(&mut seed) % alive.len(), next(&mut seed) % alive.len());
            if a == b {
                continue;
            }
            let take: Vec<&str> = FIELDS.iter().copied().filter(|_| next(&mut seed).is_multiple_of(3)).collect();
            let answer = merge(&w, &w.officer, &alive[a], &alive[b], &take).await;
            if answer.status == 409 {
                assert_eq!(answer.json["rule"], "merge.household_head", "{}", answer.text);
                continue;
            }
            let mut done = answer.expect(201);
            if done["state"] == "proposed" {
                across += 1;
                let confirm = format!("/merges/{}/confirm", id(&done));
                let mine = w.house.post(&w.officer, &confirm, json!({"rev": done["rev"]})).await;
                assert_eq!(mine.expect(409)["rule"], "merge.two_people");
                let yes = w.house.post(&w.resident, &confirm, json!({"rev": done["rev"]})).await;
                done = if yes.status == 404 {
                    w.house.post(&w.head, &confirm, json!({"rev": done["rev"]})).await.expect(200)
                } else {
                    yes.expect(200)
                };
            }
            assert_eq!(done["state"], "merged");
            alive.remove(b);
            merges.push(done);
            if merges.len() % 125 == 0 {
                clean(&w).await;
            }
        }
        assert_eq!(merges.len(), 500);
        assert!(across > 20, "merges across townships: {across}");
        assert_eq!(w.house.number("SELECT COUNT(*) FROM person WHERE merged_into IS NOT NULL").await, 500);
        assert_eq!(w.house.number("SELECT COUNT(*) FROM person_key k JOIN person p ON p.id = k.person_id WHERE p.county_id = 0").await, 0);
        while let Some(last) = merges.pop() {
            if merges.len() % 125 == 60 {
                clean(&w).await;
            }
            undo(&w, &w.officer, &last).await.expect(201);
        }
        clean(&w).await;
        let after = everything(&w).await;
        for (table, rows) in &before {
            let now = &after[table];
            let gone: Vec<_> = rows.difference(now).take(2).collect();
            let new: Vec<_> = now.difference(rows).take(2).collect();
            assert!(gone.is_empty() && new.is_empty(), "{table} differs\nbefore {gone:#?}\nafter {new:#?}");
        }
        assert_eq!(before.len(), after.len());
    }

    async fn the_absorbed_record_is_in_no_list_and_its_address_leads_on(engine) {
        let w = World::new(engine).await;
        let mut body = w.numbered("王小芳", LINJIANG, &crate::world::number("19540308", 2));
        body["categories"] = json!([w.category("DIBAO")]);
        body["birth_date"] = "1954-03-08".into();
        let keep = w.enter(&w.resident, body).await;
        let mut body = w.body("王晓芳", LINJIANG);
        body["birth_date"] = "1954-03-08".into();
        body["phone"] = "13800000009".into();
        body["categories"] = json!([w.category("DIBAO"), w.category("ALONE")]);
        let gone = w.enter(&w.resident, body).await;
        let (keep_id, gone_id) = (keep["id"].as_str().unwrap(), gone["id"].as_str().unwrap());
        let compare = w.house.get(&w.resident, &format!("/merges/compare?survivor={keep_id}&absorbed={gone_id}")).await.expect(200);
        let taken: Vec<&str> = compare["fields"].as_array().unwrap().iter().filter(|f| f["take"] == true).map(|f| f["field"].as_str().unwrap()).collect();
        assert_eq!(taken, ["phone"], "{compare}");
        assert_eq!(compare["moves"]["categories"], 2);
        assert_eq!(compare["needs_second"], false);
        assert_eq!(w.house.get(&w.head, &format!("/merges/compare?survivor={keep_id}&absorbed={gone_id}")).await.status, 404);
        assert_eq!(merge(&w, &w.worker, keep_id, gone_id, &[]).await.status, 403);
        assert_eq!(merge(&w, &w.head, keep_id, gone_id, &[]).await.status, 404);
        let done = merge(&w, &w.resident, keep_id, gone_id, &["phone"]).await.expect(201);
        assert_eq!(done["moved"]["categories"], 2);
        let list = w.house.get(&w.resident, "/persons").await.expect(200);
        assert_eq!(crate::world::names(&list), ["王小芳"]);
        for text in ["王晓芳", "wangxiaofang", "13800000009"] {
            let found = w.house.get(&w.resident, &format!("/persons?q={text}")).await.expect(200);
            assert_eq!(crate::world::names(&found), ["王小芳"], "found by {text}, a former name or the number it kept");
        }
        let page = w.house.get(&w.resident, &format!("/persons/{gone_id}")).await.expect(200);
        assert_eq!(page["id"], keep["id"]);
        let open: Vec<&str> = page["categories_open"].as_array().unwrap().iter().map(|c| c["category"].as_str().unwrap()).collect();
        assert_eq!(open, ["DIBAO", "ALONE"], "nobody has a category twice");
        assert_eq!(w.house.get(&w.head, &format!("/persons/{gone_id}")).await.status, 404);
        assert_eq!(w.house.get(&w.resident, "/duplicates").await.expect(200)["items"], json!([]));
        assert_eq!(w.house.patch(&w.resident, &format!("/persons/{gone_id}"), json!({"rev": 2, "note": "x"})).await.status, 404);
        clean(&w).await;
        // Merged again: the first undo is refused until the later one is taken back.
        let third = w.enter(&w.resident, w.body("王三", DINGCHENG)).await;
        let second = merge(&w, &w.resident, third["id"].as_str().unwrap(), keep_id, &[]).await.expect(201);
        assert_eq!(undo(&w, &w.resident, &done).await.expect(409)["rule"], "merge.undo_survivor_gone");
        assert_eq!(w.house.get(&w.resident, &format!("/persons/{gone_id}")).await.expect(200)["id"], third["id"]);
        undo(&w, &w.resident, &second).await.expect(201);
        // What was entered since is given back by choice.
        let late = w.category("VETERAN");
        w.house.post(&w.resident, &format!("/persons/{keep_id}/categories"), late.clone()).await.expect(201);
        let path = format!("/merges/{}/undo", id(&done));
        let body = json!({"id": w.house.id(), "rev": done["rev"], "reason": "两人", "give_back": [late["id"]]});
        assert_eq!(w.house.post(&w.head, &path, body.clone()).await.status, 404);
        assert_eq!(w.house.post(&w.worker, &path, body.clone()).await.status, 403);
        assert_eq!(w.house.post(&w.resident, &path, body.clone()).await.expect(201)["state"], "undone");
        assert_eq!(w.house.post(&w.resident, &path, body).await.expect(200)["state"], "undone");
        let back = w.house.get(&w.resident, &format!("/persons/{gone_id}")).await.expect(200);
        assert_eq!((back["id"].as_str(), back["name"].as_str()), (Some(gone_id), Some("王晓芳")));
        let open: BTreeSet<&str> = back["categories_open"].as_array().unwrap().iter().map(|c| c["category"].as_str().unwrap()).collect();
        assert_eq!(open, BTreeSet::from(["ALONE", "DIBAO", "VETERAN"]));
        clean(&w).await;
    }

    async fn what_cannot_be_told_apart_any_more_is_not_undone(engine) {
        let w = World::new(engine).await;
        let keep = w.enter(&w.resident, w.body("王一", LINJIANG)).await;
        let gone = w.enter(&w.resident, w.body("王二", DINGCHENG)).await;
        let (keep_id, gone_id) = (keep["id"].as_str().unwrap(), gone["id"].as_str().unwrap());
        let done = merge(&w, &w.resident, keep_id, gone_id, &["ledger", "residence"]).await.expect(201);
        let page = w.house.get(&w.resident, &format!("/persons/{keep_id}")).await.expect(200);
        assert!(page["village"]["code"].as_str().unwrap().ends_with(DINGCHENG));
        w.step(&w.resident, &page, "verifying", json!({})).await.expect(201);
        assert_eq!(undo(&w, &w.resident, &done).await.expect(409)["rule"], "merge.undo_went_on");
        clean(&w).await;
    }

    async fn every_column_that_holds_a_person_is_named(engine) {
        let w = World::new(engine).await;
        let holds = |column: &str| {
            column == "person_id" || column.ends_with("_person_id") || ["subject_id", "applicant_id", "head_id", "merged_into", "survivor_id", "absorbed_id", "first_id", "second_id"].contains(&column)
        };
        let mut live = BTreeSet::new();
        for table in tables(&w).await {
            for column in columns(&w, &table).await.iter().filter(|c| holds(c)) {
                live.insert(format!("{table}.{column}"));
            }
        }
        let named: BTreeSet<String> = CARRIED.iter().map(|c| format!("{}.{}", c.table, c.column)).collect();
        assert_eq!(live, named, "name the column in crates/people/src/merges/carry.rs and say what a merge does with it");
    }
}
