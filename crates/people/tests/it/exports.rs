//! Exports of lists through HTTP: the same rows as the list, masked unless a second person said yes, fetched once.

use access::testing::Caller;
use serde_json::{Value, json};

use crate::world::{DEAN, DINGCHENG, LINJIANG, World, number};

fn wish(w: &World, list: &str, query: &str) -> Value {
    json!({"id": w.house.id(), "list": list, "query": query})
}

fn in_full(w: &World, query: &str) -> Value {
    let mut wish = wish(w, "persons", query);
    (wish["unmasked"], wish["purpose"]) = (json!(true), json!("慰问金发放核对"));
    wish
}

fn path(wish: &Value, more: &str) -> String {
    format!("/exports/{}{more}", wish["id"].as_str().unwrap())
}

/// Makes an export and waits for its job; gives the state of the job.
async fn make(w: &World, who: &Caller, wish: &Value) -> Value {
    let job = w.house.id();
    w.house.post(who, &path(wish, "/make"), json!({"job": job})).await.expect(202);
    let mut watched = w.house.test.floor.jobs.watch(job, who.id).unwrap();
    while watched.borrow().state == "running" {
        watched.changed().await.unwrap();
    }
    w.house.get(who, &format!("/jobs/{job}")).await.expect(200)
}

fn link(job: &Value) -> String {
    assert_eq!(job["state"], "done", "{job}");
    job["result"]["link"].as_str().unwrap().to_owned()
}

/// The records of a sheet: heading, rows, closing line.
fn records(text: &str) -> Vec<Vec<String>> {
    let text = text.strip_prefix('\u{FEFF}').expect("a mark that says UTF-8");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

async fn exported(w: &World, who: &Caller, list: &str, query: &str) -> Vec<Vec<String>> {
    let wish = wish(w, list, query);
    w.house.post(who, "/exports", wish.clone()).await.expect(201);
    let job = make(w, who, &wish).await;
    records(&w.house.get(who, &link(&job)).await.text)
}

access::on_both! {
    async fn a_small_masked_list_is_made_at_once_and_fetched_once_by_its_owner(engine) {
        let w = World::new(engine).await;
        let born = number("19560312", 1);
        let mut body = w.numbered("=王小明", LINJIANG, &born);
        (body["phone"], body["address"]) = (json!("13800000000"), json!("3组12号"));
        w.enter(&w.resident, body).await;
        let wish = wish(&w, "persons", "");
        let asked = w.house.post(&w.resident, "/exports", wish.clone()).await.expect(201);
        assert_eq!((&asked["people"], &asked["needs_approval"]), (&json!(1), &json!(false)));
        let job = make(&w, &w.resident, &wish).await;
        let link = link(&job);
        let waiting = std::fs::read(w.house.test.floor.folder.root().join("jobs").join(format!("{}.export", wish["id"].as_str().unwrap()))).unwrap();
        assert!(!String::from_utf8_lossy(&waiting).contains("姓名"), "nothing readable lies on the disk");
        for stranger in [&w.reviewer, &w.head, &w.officer] {
            assert_eq!(w.house.get(stranger, &link).await.status, 404);
        }
        assert_eq!(w.house.get(&w.resident, &format!("{link}0")).await.status, 404);
        let file = w.house.get(&w.resident, &link).await;
        assert_eq!(file.status, 200);
        let rows = records(&file.text);
        assert_eq!(rows.len(), 3);
        let cell = |name: &str| rows[1][rows[0].iter().position(|h| h == name).unwrap()].clone();
        assert_eq!(cell("姓名"), "'=王小明", "a name is no formula");
        assert_eq!(cell("证件号码"), kernel::mask::document(&born));
        assert_eq!(cell("联系电话"), "138****0000");
        assert_eq!(cell("住址"), "＊＊＊");
        assert!(rows[2][0].contains("resident") && rows[2][0].contains("2026-11-23 09:00"), "{:?}", rows[2]);
        assert!(!file.text.contains(&born) && !file.text.contains("13800000000") && !file.text.contains("12号"));
        assert_eq!(w.house.get(&w.resident, &link).await.status, 404, "once");
        let hash = ground::crypto::sha256_hex(file.text.as_bytes());
        assert_eq!(job["result"]["file_hash"], hash);
        let kept = w.house.get(&w.resident, "/exports").await.expect(200)["items"][0].clone();
        assert_eq!((&kept["state"], &kept["file_hash"], &kept["row_count"]), (&json!("fetched"), &json!(hash), &json!(1)));
        assert_eq!(w.house.post(&w.resident, &path(&wish, "/make"), json!({"job": w.house.id()})).await.status, 409);
        assert_eq!(w.house.get(&w.head, "/exports").await.expect(200)["items"], json!([]));
    }

    async fn a_link_runs_out_after_fifteen_minutes_and_what_a_crash_left_is_swept(engine) {
        let w = World::new(engine).await;
        w.enter(&w.resident, w.body("王小明", LINJIANG)).await;
        let wish = wish(&w, "persons", "");
        w.house.post(&w.resident, "/exports", wish.clone()).await.expect(201);
        let first = link(&make(&w, &w.resident, &wish).await);
        assert_eq!(w.house.post(&w.resident, &path(&wish, "/make"), json!({"job": w.house.id()})).await.status, 409, "it is there");
        w.house.test.clock.advance(15 * 60_000);
        assert_eq!(w.house.get(&w.resident, &first).await.status, 404);
        let second = link(&make(&w, &w.resident, &wish).await);
        assert_eq!(w.house.get(&w.resident, &first).await.status, 404);
        assert_eq!(access::exports::sweep(&w.house.test.floor).unwrap(), 1);
        assert_eq!(w.house.get(&w.resident, &second).await.status, 404);
        assert_eq!(std::fs::read_dir(w.house.test.floor.folder.root().join("jobs")).unwrap().count(), 0);
    }

    async fn numbers_in_full_need_a_purpose_and_a_second_person(engine) {
        let w = World::new(engine).await;
        let born = number("20151103", 7);
        let mut body = w.numbered("小安", DEAN, &born);
        body["phone"] = json!("13800000000");
        body["birth_date"] = json!("2015-11-03");
        w.enter(&w.worker, body).await;
        let mut wish = in_full(&w, "");
        let purpose = wish["purpose"].take();
        wish["purpose"] = json!("");
        assert_eq!(w.house.post(&w.worker, "/exports", wish.clone()).await.expect(422)["fields"][0]["field"], "purpose");
        wish["purpose"] = purpose;
        let asked = w.house.post(&w.worker, "/exports", wish.clone()).await.expect(201);
        assert_eq!((&asked["minors"], &asked["needs_approval"]), (&json!(1), &json!(true)));
        assert_eq!(w.house.post(&w.worker, "/exports", wish.clone()).await.status, 200, "the same again changes nothing");
        let refused = w.house.post(&w.worker, &path(&wish, "/make"), json!({"job": w.house.id()})).await.expect(409);
        assert_eq!(refused["rule"], "export.waiting");

        let tasks = async || {
            let all = w.house.get(&w.head, "/tasks").await.expect(200)["items"].as_array().unwrap().clone();
            all.into_iter().filter(|t| t["kind"] == "export_approve").map(|t| t["subject_id"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(tasks().await, [wish["id"].clone()]);
        let decision = json!({"rev": 1, "approve": true});
        for stranger in [&w.resident, &w.reviewer] {
            assert_eq!(w.house.get(stranger, &path(&wish, "")).await.status, 404, "another township");
            assert_eq!(w.house.post(stranger, &path(&wish, "/decision"), decision.clone()).await.status, 404);
        }
        assert_eq!(w.house.post(&w.worker, &path(&wish, "/decision"), decision.clone()).await.status, 403);
        let seen = w.house.get(&w.head, &path(&wish, "")).await.expect(200);
        assert_eq!((&seen["purpose"], &seen["by"]["name"]), (&json!("慰问金发放核对"), &json!("worker")));
        w.house.post(&w.head, &path(&wish, "/decision"), json!({"rev": 1, "approve": false})).await.expect(422);
        assert_eq!(w.house.post(&w.head, &path(&wish, "/decision"), decision.clone()).await.expect(200)["state"], "approved");
        assert_eq!(w.house.post(&w.head, &path(&wish, "/decision"), decision).await.status, 409);
        assert_eq!(tasks().await, [Value::Null; 0], "settled");

        let job = make(&w, &w.worker, &wish).await;
        let rows = records(&w.house.get(&w.worker, &link(&job)).await.text);
        let at = |name: &str| rows[0].iter().position(|h| h == name).unwrap();
        assert_eq!(rows[1][at("证件号码")], format!("'{born}"), "as text");
        assert_eq!(kernel::sheet::restore(&rows[1][at("证件号码")]), born);
        assert_eq!(rows[1][at("联系电话")], "13800000000");
        assert!(rows[1][at("水印")].contains("worker") && rows[1][at("水印")].contains("慰问金发放核对"));
        let told = w.house.number("SELECT COUNT(*) FROM audit WHERE object_kind = 'person' AND action = 'export'").await;
        assert_eq!(told, 1, "the access log of the child names the export");
        let mine = w.house.get(&w.worker, "/exports").await.expect(200)["items"][0].clone();
        let written = w.house.number("SELECT COUNT(*) FROM audit WHERE object_kind = 'export'").await;
        assert_eq!(Some(written), mine["rev"].as_i64(), "each step is one record");
    }

    async fn nobody_approves_an_own_export_and_a_refusal_is_final(engine) {
        let w = World::new(engine).await;
        w.enter(&w.resident, w.body("王小明", LINJIANG)).await;
        let wish = in_full(&w, "");
        w.house.post(&w.resident, "/exports", wish.clone()).await.expect(201);
        let own = w.house.post(&w.resident, &path(&wish, "/decision"), json!({"rev": 1, "approve": true})).await.expect(409);
        assert_eq!(own["rule"], "export.self_approval");
        assert_eq!(w.house.get(&w.reviewer, "/tasks").await.expect(200)["items"][0]["kind"], "export_approve", "a head asks the reviewer");
        let no = json!({"rev": 1, "approve": false, "note": "请改用脱敏名单"});
        assert_eq!(w.house.post(&w.reviewer, &path(&wish, "/decision"), no).await.expect(200)["state"], "refused");
        assert_eq!(w.house.post(&w.resident, &path(&wish, "/make"), json!({"job": w.house.id()})).await.expect(409)["rule"], "export.refused");
        assert_eq!(w.house.post(&w.supervisor, "/exports", in_full(&w, "")).await.status, 403);
    }

    async fn what_is_exported_is_what_the_list_shows(engine) {
        let w = World::new(engine).await;
        for (n, village) in [LINJIANG, DINGCHENG, LINJIANG, DINGCHENG, LINJIANG].into_iter().enumerate() {
            w.enter(&w.resident, w.body(&format!("王小{n}"), village)).await;
        }
        for n in 0..4 {
            w.enter(if n % 2 == 0 { &w.worker } else { &w.colleague }, w.body(&format!("李小{n}"), DEAN)).await;
        }
        let places = format!("place={LINJIANG}");
        for (list, query) in [("persons", ""), ("persons", &*places), ("persons", "state=lead"), ("persons", "q=wx"), ("persons", "grade=A"), ("due", ""), ("due", "state=overdue")] {
            for who in [&w.resident, &w.worker, &w.colleague, &w.head, &w.officer] {
                let separator = if query.is_empty() { "?" } else { "&" };
                let query_text = if query.is_empty() { String::new() } else { format!("?{query}") };
                let shown = w.house.get(who, &format!("/{list}{query_text}{separator}limit=200")).await.expect(200);
                let name = |row: &Value| row["name"].as_str().or(row["person"]["name"].as_str()).unwrap().to_owned();
                let shown: Vec<String> = shown["items"].as_array().unwrap().iter().map(name).collect();
                let sheet = exported(&w, who, list, query).await;
                let rows: Vec<String> = sheet[1..sheet.len() - 1].iter().map(|r| r[0].clone()).collect();
                assert_eq!(rows, shown, "{list}?{query}");
            }
        }
        let (strange, wrong) = (wish(&w, "persons", "colour=red"), wish(&w, "tasks", ""));
        assert_eq!(w.house.post(&w.head, "/exports", strange).await.status, 422);
        assert_eq!(w.house.post(&w.head, "/exports", wrong).await.status, 422);
    }

    async fn more_than_two_hundred_people_need_approval_even_masked(engine) {
        let w = World::new(engine).await;
        for n in 0..201 {
            w.enter(&w.resident, w.body(&format!("王{n}"), LINJIANG)).await;
        }
        let mut many = wish(&w, "persons", "");
        assert_eq!(w.house.post(&w.resident, "/exports", many.clone()).await.expect(422)["fields"][0]["field"], "purpose");
        (many["id"], many["purpose"]) = (json!(w.house.id()), json!("年度核对"));
        let asked = w.house.post(&w.resident, "/exports", many.clone()).await.expect(201);
        assert_eq!((&asked["people"], &asked["needs_approval"]), (&json!(201), &json!(true)));
        w.house.post(&w.reviewer, &path(&many, "/decision"), json!({"rev": 1, "approve": true})).await.expect(200);
        let job = make(&w, &w.resident, &many).await;
        let rows = records(&w.house.get(&w.resident, &link(&job)).await.text);
        assert_eq!(rows.len(), 203, "heading, 201 rows over two pages, closing line");
        assert!(rows[202][0].contains("年度核对"));
    }
}
