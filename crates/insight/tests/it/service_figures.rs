//! Services in figures: acts and people apart, at every level, against a naive recount; and who may read them.

use std::collections::BTreeSet;

use access::testing::Caller;
use serde_json::{Value, json};

use crate::field::{Field, VILLAGES, field_with, id};

async fn field(engine: ground::Engine) -> Field {
    field_with(engine, people::routes().merge(insight::routes()).merge(access::tasks::routes())).await
}

async fn figures(field: &Field, who: &Caller, query: &str) -> Value {
    field.house.get(who, &format!("/service-figures?{query}")).await.expect(200)
}

fn pair(figure: &Value) -> (i64, i64) {
    (figure["acts"].as_i64().unwrap(), figure["people"].as_i64().unwrap())
}

access::on_both! {
    async fn the_two_figures_agree_with_a_naive_count_at_every_level(engine) {
        let field = field(engine).await;
        let mut people = Vec::new();
        for n in 0..4 {
            people.push((id(&field.person(&field.worker, VILLAGES[n % 2], &["DIBAO"]).await), n % 2));
        }
        let foreign = id(&field.person(&field.other, VILLAGES[2], &["ELDER80"]).await);
        // Person, village, day, services.
        let mut acts: Vec<(String, usize, String, Vec<&str>)> = Vec::new();
        let kinds = ["visiting_care", "capacity", "spiritual_care"];
        for n in 0..30_usize {
            let back = i64::try_from(n * 11 % 120).unwrap();
            let services = vec![kinds[n % 3]];
            let body = json!({"visited_on": field.days_ago(back), "services": services, "minutes": 10});
            if n % 6 == 5 {
                field.visit_by(&field.other, &foreign, body).await.expect(201);
                acts.push((foreign.clone(), 2, field.days_ago(back), services));
            } else {
                let (person, village) = people[n % 4].clone();
                field.visit(&person, body).await.expect(201);
                acts.push((person, village, field.days_ago(back), services));
            }
        }
        let naive = |span: &str, villages: &[usize], service: Option<&str>| {
            let months: &[&str] = match span {
                "2026-Q4" => &["2026-10", "2026-11", "2026-12"],
                other => &[other][..],
            };
            let within = |day: &str| months.iter().any(|m| day.starts_with(m));
            let of: Vec<_> = acts
                .iter()
                .filter(|(_, v, day, s)| villages.contains(v) && within(day) && service.is_none_or(|k| s.contains(&k)))
                .collect();
            let distinct: BTreeSet<&str> = of.iter().map(|(p, ..)| p.as_str()).collect();
            (i64::try_from(of.len()).unwrap(), i64::try_from(distinct.len()).unwrap())
        };
        for span in ["2026-11", "2026-10", "2026-Q4", "2026"] {
            for (place, villages) in [(VILLAGES[0], &[0][..]), ("430703001", &[0, 1]), ("430703002", &[2]), ("430703", &[0, 1, 2])] {
                let found = figures(&field, &field.officer, &format!("place={place}&span={span}")).await;
                assert_eq!(pair(&found["total"]), naive(span, villages, None), "{place} {span}");
                assert_eq!(found["total"]["minutes"], json!(pair(&found["total"]).0 * 10));
                for kind in kinds {
                    let row = found["services"].as_array().unwrap().iter().find(|r| r["code"] == kind).unwrap();
                    assert_eq!(pair(row), naive(span, villages, Some(kind)), "{place} {span} {kind}");
                }
                let months: i64 = found["months"].as_array().unwrap().iter().map(|m| pair(m).0).sum();
                assert_eq!(months, pair(&found["total"]).0, "acts add up over months");
            }
        }
        let county = figures(&field, &field.officer, "place=430703&span=2026&service=spiritual_care").await;
        let rows: Vec<_> = county["places"].as_array().unwrap().iter().map(|r| (r["place"]["code"].as_str().unwrap().to_owned(), pair(r))).collect();
        assert_eq!(rows, [
            ("430703001".to_owned(), naive("2026", &[0, 1], Some("spiritual_care"))), ("430703002".to_owned(), naive("2026", &[2], Some("spiritual_care"))),
        ]);
        field.counters_are_exact().await;
    }

    async fn above_the_county_people_count_once(engine) {
        let field = field(engine).await;
        let city = field.house.account("city", &[("PA", "43")]).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &["DIBAO"]).await);
        field.visit(&person, json!({"minutes": 20})).await.expect(201);
        let visit = field.visit(&person, json!({"minutes": 20})).await.expect(201);
        // The second visit took place in another county of the same city: 九龙坡 is lent to it for this test.
        let lent = "(SELECT id FROM division WHERE code_civil = '500107')";
        let own = |column: &str| format!("(SELECT {column} FROM division WHERE code_civil = '430703')");
        let lend = format!(
            "UPDATE division SET province_id = {}, city_id = {} WHERE county_id = {lent}",
            own("province_id"),
            own("city_id")
        );
        field.house.sql(&lend).await;
        let other = &format!("SELECT MIN(id) FROM division WHERE level = 5 AND county_id = {lent}");
        let there = field.house.number(other).await;
        let row = if engine == ground::Engine::Postgres { format!("'{}'", id(&visit)) } else { format!("x'{}'", id(&visit).replace('-', "")) };
        field.house.sql(&format!("UPDATE visit SET served_village_id = {there} WHERE id = {row}")).await;
        let tx = sea_orm::TransactionTrait::begin(field.house.test.floor.db.raw_writer()).await.unwrap();
        people::services::rebuild(&tx).await.unwrap();
        tx.commit().await.unwrap();
        let found = figures(&field, &city, "place=43&span=2026-11").await;
        assert_eq!(pair(&found["total"]), (2, 1), "two counties, one person");
        // A change through the door keeps both counties and the correction right.
        let change = json!({"rev": visit["rev"], "services": ["capacity"]});
        field.house.patch(&field.head, &format!("/visits/{}", id(&visit)), change).await.expect(200);
        field.counters_are_exact().await;
        let rev = field.house.get(&field.head, &format!("/visits/{}", id(&visit))).await.expect(200)["rev"].clone();
        let void = json!({"id": field.house.id(), "rev": rev, "reason": "录入有误"});
        field.house.post(&field.head, &format!("/visits/{}/void", id(&visit)), void).await.expect(201);
        field.counters_are_exact().await;
        assert_eq!(pair(&figures(&field, &city, "place=43&span=2026-11").await["total"]), (1, 1));
    }

    async fn figures_keep_to_the_reach_and_to_spans(engine) {
        let field = field(engine).await;
        field.house.get(&field.other, "/service-figures?place=430703001").await.expect(404);
        field.house.get(&field.worker, "/service-figures?place=430703").await.expect(404);
        let auditor = field.house.account("audit", &[("AU", "")]).await;
        field.house.get(&auditor, "/service-figures?place=430703").await.expect(403);
        for query in ["span=2026-13", "span=x", "service=nothing", "field=nothing", "service=capacity&field=talent"] {
            let answer = field.house.get(&field.worker, &format!("/service-figures?{query}")).await.expect(422);
            assert!(!answer["fields"][0]["message"].as_str().unwrap().is_ascii(), "{query}");
        }
        let empty = figures(&field, &field.worker, "").await;
        assert_eq!((pair(&empty["total"]), &empty["span"]), ((0, 0), &json!("2026-11")));
        assert_eq!(empty["services"].as_array().unwrap().len(), 13);
    }

    async fn figures_are_read_by_index(engine) {
        if engine == ground::Engine::Postgres {
            return;
        }
        let field = field(engine).await;
        for (sql, values) in [
            ("SELECT c.span, SUM(c.acts) FROM service_counter c WHERE c.at_id = ?1 AND c.span IN (?2, ?3) GROUP BY c.span, c.kind", 3),
            ("SELECT d.id, SUM(c.acts) FROM division d JOIN service_counter c ON c.at_id = d.id WHERE d.parent_id = ?1 AND c.kind = ?2 AND (c.span = ?3 OR c.span IN (?4)) GROUP BY d.id", 4),
        ] {
            let values: Vec<sea_orm::Value> = (0..values).map(|n| if n == 0 { 1.into() } else { "2026".into() }).collect();
            let plan = field.house.plan(sea_orm::Statement::from_sql_and_values(sea_orm::DbBackend::Sqlite, sql, values)).await;
            assert!(!plan.contains("SCAN c") && !plan.contains("SCAN service_counter") && !plan.contains("SCAN d"), "{plan}");
        }
    }
}
