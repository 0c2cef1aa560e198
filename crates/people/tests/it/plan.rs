//! The visit plan and the load through HTTP.

use access::Scope;
use people::visits::Read;
use serde_json::{Value, json};

use crate::field::{Field, VILLAGES, field, id};

async fn plan(field: &Field, query: &str) -> Value {
    field.house.get(&field.worker, &format!("/visit-plan{query}")).await.expect(200)
}

access::on_both! {
    async fn priority_clients_come_first_and_days_are_capped(engine) {
        let field = field(engine).await;
        let mut people = Vec::new();
        for n in 0..10 {
            people.push(id(&field.person(&field.worker, VILLAGES[n % 2], &[]).await));
        }
        for (n, person) in people.iter().enumerate() {
            field.activate(person, if n < 2 { "A" } else { "B" }).await;
        }
        field.pass(100).await;
        let found = plan(&field, "").await;
        assert_eq!((&found["due"], &found["visits"], &found["unmet"]), (&json!(10), &json!(10), &json!(0)));
        assert_eq!(found["visits_per_day"], 8);
        let first = found["days"][0]["stops"].as_array().unwrap();
        assert_eq!(first.len(), 8, "no day has more than its visits");
        for person in &people[..2] {
            assert!(first.iter().any(|s| s["person"]["id"] == json!(person)), "重点 on the first day");
        }
        let villages: Vec<&str> = first.iter().map(|s| s["village"]["code"].as_str().unwrap()).collect();
        let changes = villages.windows(2).filter(|w| w[0] != w[1]).count();
        assert!(changes <= 1, "village by village: {villages:?}");
        assert_eq!(found["days"][1]["stops"].as_array().unwrap().len(), 2);
        // A day set by hand is kept.
        let later = found["days"][3]["day"].clone();
        let page = field.page(&people[5]).await;
        field.house.patch(&field.worker, &format!("/persons/{}", people[5]), json!({"rev": page["rev"], "planned_on": later})).await.expect(200);
        let found = plan(&field, "").await;
        let stop = &found["days"][3]["stops"][0];
        assert_eq!((&stop["person"]["id"], &stop["fixed"]), (&json!(people[5]), &json!(true)));
        // Others see it in their reach, or not at all.
        let head = field.house.get(&field.head, &format!("/visit-plan?worker={}", field.worker.id)).await.expect(200);
        assert_eq!(head["due"], 10);
        field.house.get(&field.other, &format!("/visit-plan?worker={}&place=430703001", field.worker.id)).await.expect(404);
        assert_eq!(field.house.get(&field.other, &format!("/visit-plan?worker={}", field.worker.id)).await.expect(200)["due"], 0);
    }

    async fn what_cannot_be_met_is_told_upward(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &[]).await);
        field.activate(&person, "A").await;
        field.pass(60).await;
        // 400 priority clients of one worker: more than the days hold.
        let columns = "name, former_names, name_pinyin, sex, doc_type, village_id, township_id, county_id, city_id, province_id, worker_id, \
            lead_source, cat_bits, is_target, ledger_state, grade, last_visit_on, last_served_on, next_due_on, failed_in_row, created_at, created_by, rev, audit_no";
        let (make, numbers) = if engine == ground::Engine::Postgres {
            ("CAST('019f0000' || lpad(to_hex(k), 24, '0') AS uuid)", "SELECT k FROM generate_series(1, 400) AS s (k)")
        } else {
            ("unhex('019f0000' || printf('%024x', k))", "WITH RECURSIVE s (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s WHERE k < 400) SELECT k FROM s")
        };
        field.house.sql(&format!("INSERT INTO person (id, {columns}) SELECT {make}, {columns} FROM person, ({numbers}) AS n")).await;
        let found = plan(&field, "").await;
        let days = i64::try_from(found["days"].as_array().unwrap().len()).unwrap();
        let unmet = 401 - days * 8;
        assert_eq!((&found["due"], &found["unmet"]), (&json!(401), &json!(unmet)));
        assert_eq!(found["unmet_people"].as_array().unwrap().len(), 100);
        let station = field.house.get(&field.head, "/visit-plan/load").await.expect(200);
        assert_eq!((&station["due"], &station["unmet"]), (&json!(401), &json!(unmet)));
        let worker = station["townships"][0]["workers"].as_array().unwrap().iter().find(|w| w["worker"]["name"] == "li").unwrap();
        assert_eq!((&worker["due"], &worker["priority"], &worker["unmet"]), (&json!(401), &json!(401), &json!(unmet)));
        let county = field.house.get(&field.officer, "/visit-plan/load").await.expect(200);
        assert_eq!((&county["unmet"], county["townships"].as_array().unwrap().len() > 20), (&json!(unmet), true));
        field.house.get(&field.officer, "/visit-plan/load?place=4307").await.expect(422);
        field.house.get(&field.worker, "/visit-plan/load").await.expect(404);
    }

    async fn the_load_of_a_township_is_read_from_one_index(engine) {
        if engine == ground::Engine::Postgres {
            return;
        }
        let w = crate::world::World::new(engine).await;
        let values = vec![1_i32.into(), kernel::day::parse("2026-12-31").unwrap().into()];
        let sql = people::plan::store::SHARES.replace('$', "?");
        let plan = w.house.plan(sea_orm::Statement::from_sql_and_values(sea_orm::DbBackend::Sqlite, sql, values)).await;
        assert!(plan.contains("COVERING INDEX person_load_township") && !plan.contains("SCAN"), "{plan}");
        let scope: Scope<Read> = crate::figures::scope(&w, &w.officer).await;
        let place = scope.resolve("place", "430703").await.unwrap().place();
        let (from, to) = (kernel::day::parse("2026-11-23").unwrap(), kernel::day::parse("2026-12-31").unwrap());
        for statement in people::plan::store::planned(&scope, &place, w.worker.id, (from, to)).statements() {
            let plan = w.house.plan(statement).await;
            assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{plan}");
        }
    }

    async fn a_mode_that_is_not_allowed_is_recorded_and_does_not_reset_the_timer(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &[]).await);
        field.activate(&person, "A").await;
        field.pass(10).await;
        let due = async || field.page(&person).await["next_due_on"].clone();
        let before = due().await;
        for (kind, mode) in [("phone", "phone"), ("video", "video"), ("neighbour", "neighbour"), ("routine", "delegated")] {
            let visit = field.visit(&person, json!({"kind": kind, "mode": mode})).await.expect(201);
            assert_eq!((&visit["resets_timer"], due().await), (&json!(false), before.clone()), "{mode}");
        }
        let visit = field.visit(&person, json!({})).await.expect(201);
        assert_eq!((&visit["resets_timer"], due().await), (&json!(true), json!(field.days_ago(-30))));
    }
}
