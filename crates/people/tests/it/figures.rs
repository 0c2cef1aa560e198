//! Counters equal a recomputation after any history, and lists keep to their indexes.

use access::{Scope, on_both};
use kernel::name;
use people::persons::{
    search,
    store::{self, Filter},
};
use sea_orm::{ConnectionTrait as _, Statement, TransactionTrait as _};
use serde_json::{Value, json};

use crate::world::{DINGCHENG, LINJIANG, World, id, next};

const GRADES: [&str; 3] = ["A", "B", "C"];

on_both! {
    async fn after_five_hundred_random_acts_the_counters_say_what_the_persons_say(engine) {
        let w = World::new(engine).await;
        let (mut seed, mut people, mut done) = (7_u64, Vec::<Value>::new(), 0);
        let (mut tries, mut reached) = (0, std::collections::BTreeSet::new());
        while done < 500 && tries < 5_000 {
            tries += 1;
            let pick = if people.is_empty() { 0 } else { next(&mut seed) % people.len() };
            let answer = match (next(&mut seed) % 12, people.get(pick).cloned()) {
                (0..=2, _) | (_, None) if people.len() < 40 => {
                    let mut body = w.body(&format!("人{}", people.len()), [LINJIANG, DINGCHENG][next(&mut seed) % 2]);
                    let some = ["DIBAO", "DIS_4_1", "ELDER60", "ALONE", "VETERAN"];
                    let count = next(&mut seed) % 3;
                    body["categories"] = (0..count).map(|n| w.category(some[(n * 2 + next(&mut seed) % 2) % 5])).collect();
                    let answer = w.house.post(&w.resident, "/persons", body).await;
                    if answer.status == 201 {
                        people.push(answer.json);
                        done += 1;
                    }
                    continue;
                }
                (3, Some(p)) => {
                    let some = ["NEAR", "DIS_1_2", "DIS_1_4", "ALONE", "ELDER80"];
                    let category = w.category(some[next(&mut seed) % 5]);
                    w.house.post(&w.resident, &format!("/persons/{}/categories", id(&p)), category).await
                }
                (4, Some(p)) => {
                    let Some(open) = p["categories_open"].as_array().and_then(|c| c.first()) else { continue };
                    let end = json!({"rev": open["rev"], "to": "2026-11-23", "reason": "期满"});
                    w.house.post(&w.resident, &format!("/categories/{}/end", id(open)), end).await
                }
                (5, Some(p)) => {
                    let village = [LINJIANG, DINGCHENG][next(&mut seed) % 2];
                    w.house.patch(&w.resident, &format!("/persons/{}", id(&p)), json!({"rev": p["rev"], "village": village})).await
                }
                (6, Some(p)) if next(&mut seed).is_multiple_of(12) => {
                    let death = json!({"id": w.house.id(), "rev": p["rev"], "died_on": "2026-11-20", "evidence_ref": "证明"});
                    w.house.post(&w.resident, &format!("/persons/{}/death", id(&p)), death).await
                }
                (7, Some(p)) => {
                    let grade = GRADES[next(&mut seed) % 3];
                    let grade = json!({"id": w.house.id(), "rev": p["ledger"]["rev"], "grade": grade, "basis": "走访"});
                    let who = [&w.resident, &w.reviewer][next(&mut seed) % 2];
                    w.house.post(who, &format!("/persons/{}/grade", id(&p)), grade).await
                }
                (_, None) => continue,
                (_, Some(p)) => {
                    let who = [&w.resident, &w.reviewer][next(&mut seed) % 2];
                    let states = match p["ledger"]["state"].as_str().unwrap() {
                        "lead" => ["verifying", "verifying", "verifying", "dismissed"],
                        "verifying" => ["active", "active", "active", "dismissed"],
                        "active" => ["suspended", "active", "exited", "lead"],
                        "suspended" => ["active", "active", "exited", "verifying"],
                        _ => ["lead", "archived", "active", "lead"],
                    };
                    let to = states[next(&mut seed) % states.len()];
                    let reason = match to {
                        "dismissed" => json!("not_found"),
                        "suspended" => json!("away"),
                        "exited" => json!("need_met"),
                        _ => Value::Null,
                    };
                    let grade = GRADES[next(&mut seed) % 3];
                    w.step(who, &p, to, json!({"reason": reason, "grade": grade})).await
                }
            };
            assert!(answer.status.as_u16() < 500, "{}", answer.text);
            if matches!(answer.status.as_u16(), 200 | 201) {
                reached.insert(answer.json["ledger"]["state"].as_str().unwrap().to_owned());
                people[pick] = answer.json;
                done += 1;
            }
        }
        assert_eq!(done, 500, "acts carried out");
        assert_eq!(reached.len(), 7, "some state was never reached: {reached:?}");
        w.figures_agree().await;
        // The total of a list is what its pages hold: everybody, the dead and the dismissed too.
        for query in ["", "&category=DIBAO", "&category=DIS_1_4", "&grade=A", "&state=lead&category=ALONE", "&category=DIS"] {
            for (who, place) in [(&w.officer, "430703"), (&w.officer, LINJIANG), (&w.resident, "430703001")] {
                let path = format!("/persons?place={place}&limit=200{query}");
                let page = w.house.get(who, &path).await.expect(200);
                let held = page["items"].as_array().unwrap().len();
                assert_eq!(page["total"], json!({"rows": held, "over": false}), "{path}");
            }
        }

        // A rebuild gives the same tables; a falsified, missing or empty row is found.
        let sum = "SELECT CAST(SUM(n * n + place_id) AS bigint) FROM client_counter";
        let before = w.house.number(sum).await;
        w.house.sql("UPDATE client_counter SET n = n + 1 WHERE category = 'DIBAO' AND grade = '*'").await;
        w.house.sql("DELETE FROM served_counter WHERE in_ledger AND last_served_on < '9999-12-31'").await;
        w.house.sql("INSERT INTO client_counter (place_id, category, grade, n) VALUES (1, 'DIBAO', 'A', 0)").await;
        let found = people::figures::differences(w.house.test.floor.db.read()).await.unwrap();
        assert!(found.len() >= 5, "{found:?}");
        let tx = w.house.test.floor.db.raw_writer().begin().await.unwrap();
        people::figures::rebuild(&tx).await.unwrap();
        tx.commit().await.unwrap();
        w.figures_agree().await;
        assert_eq!(w.house.number(sum).await, before);
    }

    async fn lists_and_searches_keep_to_their_indexes_at_size(engine) {
        let w = World::new(engine).await;
        let first = w.enter(&w.resident, w.body("王芳", LINJIANG)).await;
        fill(&w, &first).await;
        let resident: Scope<people::persons::Read> = scope(&w, &w.resident).await;
        let officer: Scope<people::persons::Read> = scope(&w, &w.officer).await;
        let own: Scope<people::persons::Read> = scope(&w, &w.worker).await;
        let county = officer.resolve("place", "430703").await.unwrap().place();
        let township = officer.resolve("place", "430703001").await.unwrap().place();
        let city = officer.resolve("place", "4307").await.unwrap().place();
        let after = Some(w.house.id());
        let mask = kernel::codes::category_mask("ORPHAN");
        let states = vec!["lead".to_owned(), "active".to_owned()];
        let filters = [
            Filter::default(),
            Filter { place: Some(county), ..Filter::default() },
            Filter { place: Some(township), mask, ..Filter::default() },
            Filter { place: Some(county), states: states.clone(), ..Filter::default() },
            Filter { place: Some(county), states: vec!["lead".to_owned()], mask, ..Filter::default() },
            Filter { place: Some(county), grades: vec!["A".to_owned(), "B".to_owned()], ..Filter::default() },
            Filter { place: Some(city), worker: Some(w.worker.id), ..Filter::default() },
        ];
        for (who, scope) in [("township", &resident), ("county", &officer), ("own", &own)] {
            for filter in &filters {
                // Of one worker's clients PostgreSQL may rather sort the handful that is left than walk the index.
                let few = filter.worker.is_some() || who == "own";
                if few && w.house.test.engine == ground::Engine::Postgres {
                    continue;
                }
                for statement in store::listing(scope, filter, after, 21).statements() {
                    // Read trails are led by the few shares, which PostgreSQL may put in order (see `handovers`).
                    if statement.sql.contains("\"share\"") && w.house.test.engine == ground::Engine::Postgres {
                        continue;
                    }
                    keeps_to_indexes(&w, who, statement).await;
                }
            }
        }
        for text in ["王", "王芳", "wang", "wangfang", "wf"] {
            let typed = name::query_kind(text);
            for (who, scope) in [("township", &resident), ("county", &officer), ("own", &own)] {
                for statement in search::search_statements(scope, &Filter::default(), &typed, 20) {
                    keeps_to_indexes(&w, who, statement).await;
                }
            }
            let clock = std::time::Instant::now();
            let found = w.house.get(&w.officer, &format!("/persons?q={text}")).await.expect(200);
            assert!(!found["items"].as_array().unwrap().is_empty(), "{text}");
            println!("{engine:?} {text}: {:?}", clock.elapsed());
        }
    }
}

/// The scope of a caller, for looking at statements.
pub async fn scope<P: kernel::Permit>(w: &World, who: &access::testing::Caller) -> Scope<P> {
    use axum::extract::FromRequestParts as _;
    let request =
        axum::http::Request::builder().header("authorization", format!("Bearer {}", who.token)).body(()).unwrap();
    let (mut parts, ()) = request.into_parts();
    Scope::from_request_parts(&mut parts, &w.house.house).await.unwrap()
}

async fn keeps_to_indexes(w: &World, who: &str, statement: Statement) {
    let sql = statement.sql.clone();
    let plan = w.house.plan(statement).await;
    for bad in ["TEMP B-TREE", "Sort", "SCAN person", "Seq Scan on person"] {
        assert!(!plan.contains(bad), "{bad} for {who}:\n{sql}\n{plan}");
    }
}

/// Copies the first person 60,000 times over the county, with keys, and lets the engine look at the statistics.
async fn fill(w: &World, first: &Value) {
    let db = w.house.test.floor.db.raw_writer();
    let postgres = w.house.test.engine == ground::Engine::Postgres;
    let person = id(first);
    let columns = "name, usual_name, former_names, name_pinyin, sex, birth_date, doc_type, lead_source, county_id, city_id, province_id, \
                   is_target, last_visit_on, last_served_on, next_due_on, failed_in_row, created_by, rev, audit_no";
    let (make_id, numbers) = if postgres {
        (
            "CAST('019f0000' || lpad(to_hex(k), 24, '0') AS uuid)".to_owned(),
            "SELECT k FROM generate_series(1, 60000) AS s (k)".to_owned(),
        )
    } else {
        (
            "unhex('019f0000' || printf('%024x', k))".to_owned(),
            "WITH RECURSIVE s (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s WHERE k < 60000) SELECT k FROM s"
                .to_owned(),
        )
    };
    let source = if postgres { format!("'{person}'") } else { format!("x'{}'", person.simple()) };
    let worker =
        if postgres { format!("CAST('{}' AS uuid)", w.worker.id) } else { format!("x'{}'", w.worker.id.simple()) };
    let people = format!(
        "INSERT INTO person (id, village_id, township_id, cat_bits, grade, ledger_state, worker_id, created_at, {columns}) \
         SELECT {make_id}, v.id, v.township_id, CASE WHEN k % 997 = 0 THEN 32 ELSE 1 END, \
                CASE k % 4 WHEN 0 THEN 'A' WHEN 1 THEN 'B' ELSE '' END, CASE k % 3 WHEN 0 THEN 'lead' ELSE 'active' END, \
                CASE WHEN k % 50 = 0 THEN {worker} ELSE p.worker_id END, k, {p} \
         FROM ({numbers}) AS n \
         JOIN (SELECT id, township_id, ROW_NUMBER() OVER (ORDER BY id) AS r FROM division WHERE level = 5 AND county_id = \
               (SELECT county_id FROM person WHERE id = {source})) AS v ON v.r = 1 + n.k % 300 \
         JOIN person AS p ON p.id = {source}",
        p = columns.split(", ").map(|c| format!("p.{}", c.trim())).collect::<Vec<_>>().join(", "),
    );
    let keys = "INSERT INTO person_key (county_id, word, person_id) \
                SELECT p.county_id, CASE w.kind \
                  WHEN 'n:' THEN w.kind || substr('王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡', CAST(1 + p.created_at % 40 AS integer), 1) \
                  WHEN 'p:' THEN w.kind || substr('wlzcyxhsgqdmtjfbpnkr', CAST(1 + p.created_at % 20 AS integer), 1) || 'ang' \
                  ELSE w.kind || substr('wlzcyxhsgqdmtjfbpnkr', CAST(1 + p.created_at % 20 AS integer), 1) END \
                || CASE w.kind WHEN 'i:' THEN substr('wlzcyxhsgqdmtjfbpnkr', CAST(1 + p.created_at / 20 % 20 AS integer), 1) \
                   ELSE CAST(p.created_at AS text) END, p.id \
                FROM person AS p JOIN (SELECT 'n:' AS kind UNION ALL SELECT 'p:' UNION ALL SELECT 'i:') AS w ON 1 = 1 \
                WHERE p.created_at <= 60000";
    for sql in [people.as_str(), keys, "ANALYZE"] {
        db.execute_raw(Statement::from_string(db.get_database_backend(), sql.to_owned())).await.unwrap();
    }
}
