//! Due days, the due list and the day's page through HTTP.

use access::{Scope, testing::Caller};
use axum::{
    extract::FromRequestParts as _,
    http::{Request, header},
};
use kernel::Permit as _;
use people::visits::Read;
use serde_json::{Value, json};

use crate::field::{Field, VILLAGES, field, id};

async fn due(field: &Field, query: &str) -> Vec<(String, String)> {
    let page = field.house.get(&field.worker, &format!("/due?limit=100{query}")).await.expect(200);
    let items = page["items"].as_array().unwrap();
    items.iter().map(|d| (id(&d["person"]), d["next_due_on"].as_str().unwrap().to_owned())).collect()
}

access::on_both! {
    async fn the_due_day_follows_state_grade_category_and_visits(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &["DIBAO"]).await);
        let day = async || field.page(&person).await["next_due_on"].clone();
        assert_eq!(day().await, field.days_ago(-3), "first contact with a lead");
        field.visit(&person, json!({"mode": "phone"})).await.expect(201);
        assert_eq!(day().await, field.days_ago(-10), "then verification");
        field.activate(&person, "C").await;
        assert_eq!(day().await, field.days_ago(-180), "a call is a contact for 一般");
        field.pass(40).await;
        let page = field.page(&person).await;
        let grade = json!({"id": field.house.id(), "rev": page["ledger"]["rev"], "grade": "A", "basis": "独居且失能"});
        field.house.post(&field.worker, &format!("/persons/{person}/grade"), grade.clone()).await;
        let mut confirm = grade;
        confirm["id"] = json!(field.house.id());
        confirm["rev"] = field.page(&person).await["ledger"]["rev"].clone();
        field.house.post(&field.reviewer, &format!("/persons/{person}/grade"), confirm).await;
        let page = field.page(&person).await;
        assert_eq!(page["grade"], "A");
        assert_eq!(page["next_due_on"], field.days_ago(10), "no visit at home yet: overdue at once");
        assert_eq!(page["due_state"], "overdue");
        field.visit(&person, json!({})).await.expect(201);
        assert_eq!(day().await, field.days_ago(-30));
        let page = field.page(&person).await;
        let away = json!({"id": field.house.id(), "rev": page["ledger"]["rev"], "to": "suspended", "on": field.today(), "reason": "hospital"});
        let answer = field.house.post(&field.head, &format!("/persons/{person}/ledger"), away).await;
        assert!(answer.status.is_success(), "{}", answer.text);
        assert_eq!(day().await, Value::Null, "nothing is due in suspension");
        field.pass(50).await;
        let page = field.page(&person).await;
        let back = json!({"id": field.house.id(), "rev": page["ledger"]["rev"], "to": "active", "on": field.today()});
        field.house.post(&field.head, &format!("/persons/{person}/ledger"), back).await;
        assert_eq!(day().await, field.days_ago(-30), "days in suspension do not count");
    }

    async fn the_due_list_has_windows_reasons_and_escalation(engine) {
        let field = field(engine).await;
        let mut people = Vec::new();
        for (village, categories) in [(0, &["DIBAO"][..]), (1, &["ALONE"]), (0, &["DIBAO"]), (1, &[])] {
            people.push(id(&field.person(&field.worker, VILLAGES[village], categories).await));
        }
        for (person, grade) in people.iter().zip(["A", "B", "C", "B"]) {
            field.activate(person, grade).await;
        }
        field.pass(31).await;
        let overdue = due(&field, "&state=overdue").await;
        let expected = [people[0].clone(), people[1].clone()];
        assert!(overdue.iter().all(|(p, _)| expected.contains(p)) && overdue.len() == 2, "{overdue:?}");
        assert!(due(&field, "&state=due").await.is_empty());
        let page = field.house.get(&field.worker, "/due?state=overdue").await.expect(200);
        for item in page["items"].as_array().unwrap() {
            let from = if item["person"]["id"] == json!(people[0]) { "grade:A" } else { "category:ALONE" };
            assert_eq!(item["why"]["from"], from);
            assert_eq!(item["why"]["interval_days"], 30);
            assert_eq!(item["why"]["verified"], false);
            assert_eq!((item["overdue_days"].as_i64(), item["escalated_to"].as_str()), (Some(1), Some("worker")));
            assert_eq!(item["person"]["due_state"], "overdue");
        }
        field.pass(6).await;
        assert_eq!(field.house.get(&field.head, "/due").await.expect(200)["items"][0]["escalated_to"], "head");
        field.pass(8).await;
        assert_eq!(field.house.get(&field.head, "/due").await.expect(200)["items"][0]["escalated_to"], "reviewer");
        field.pass(44).await;
        assert_eq!(due(&field, "&state=soon").await.len(), 1, "grade B is due in a day");
        field.pass(1).await;
        assert_eq!(due(&field, "&state=due").await.len(), 1);
        assert_eq!(due(&field, "").await.len(), 3);
        assert_eq!(due(&field, "&place=430703001001").await.len(), 1);
        assert_eq!(due(&field, &format!("&worker={}", field.worker.id)).await.len(), 3);
        assert_eq!(due(&field, &format!("&worker={}", field.other.id)).await.len(), 0);
    }

    async fn the_due_list_pages_by_cursor_in_order(engine) {
        let field = field(engine).await;
        for n in 0..9 {
            if n % 4 == 3 {
                field.pass(1).await;
            }
            field.person(&field.worker, VILLAGES[n % 2], &[]).await;
        }
        field.pass(5).await;
        let whole = due(&field, "").await;
        assert_eq!(whole.len(), 9);
        assert!(whole.windows(2).all(|w| (&w[0].1, &w[0].0) < (&w[1].1, &w[1].0)));
        let (mut read, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = field.house.get(&field.worker, &format!("/due?limit=2{cursor}")).await.expect(200);
            read.extend(page["items"].as_array().unwrap().iter().map(|d| id(&d["person"])));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(read, whole.into_iter().map(|(p, _)| p).collect::<Vec<_>>());
    }

    async fn the_day_page_counts_what_waits(engine) {
        let field = field(engine).await;
        let target = id(&field.person(&field.worker, VILLAGES[0], &["DIBAO"]).await);
        field.person(&field.worker, VILLAGES[0], &["LEFT_CHILD"]).await;
        field.person(&field.worker, VILLAGES[1], &[]).await;
        field.person(&field.other, VILLAGES[2], &["DIBAO"]).await;
        field.visit(&target, json!({})).await.expect(201);
        field.visit(&target, json!({"visited_on": field.days_ago(29)})).await.expect(201);
        field.visit(&target, json!({"visited_on": field.days_ago(30)})).await.expect(201);
        field.pass(1).await;
        let page = field.house.get(&field.worker, "/today").await.expect(200);
        assert_eq!(page["date"], field.today());
        assert_eq!(page["counts"]["leads"], 3);
        assert_eq!(page["counts"]["due_7d"], 2);
        assert_eq!(page["counts"]["overdue"], 0);
        assert_eq!(page["counts"]["capped"], false);
        assert_eq!(page["leads"].as_array().unwrap().len(), 3);
        let coverage = &page["coverage"];
        assert_eq!((&coverage["numerator"], &coverage["denominator"], &coverage["percent"]), (&json!(1), &json!(2), &json!("50.00")));
        assert_eq!(coverage["place"]["name"], "玉霞街道");
        let days = page["visits_by_day"].as_array().unwrap();
        assert_eq!(days.len(), 30);
        assert_eq!((&days[29]["n"], &days[28]["n"], &days[0]["n"]), (&json!(0), &json!(1), &json!(0)));
        assert_eq!(days.iter().map(|d| d["n"].as_i64().unwrap()).sum::<i64>(), 1);
        let county = field.house.get(&field.officer, "/today").await.expect(200);
        assert_eq!(county["counts"]["leads"], 4);
        assert_eq!((&county["coverage"]["numerator"], &county["coverage"]["denominator"]), (&json!(1), &json!(3)));
        assert_eq!(county["coverage"]["place"]["name"], "鼎城区");
        let auditor = field.house.account("sun", &[("AU", "")]).await;
        field.house.get(&auditor, "/today").await.expect(403);
    }

    async fn every_list_keeps_to_an_index(engine) {
        use people::{
            due, today,
            visits::{self, served},
        };
        let field = field(engine).await;
        let everywhere = Scope::<Read>::on_behalf_of(&field.house.house, Read::CODE).await.unwrap();
        let today = everywhere.today();
        let key = Some((today, field.house.id()));
        let mut statements = Vec::new();
        for code in ["430703001001", "430703001", "430703"] {
            let place = everywhere.resolve("place", code).await.unwrap().place();
            let filter = visits::store::Filter { from: Some(today), to: Some(today), kind: Some("routine".to_owned()), ..Default::default() };
            statements.extend(visits::store::of_place(&everywhere, &place, &filter, key, 21).statements());
            statements.extend(due::store::due_in(&everywhere, &place, None, (Some(today), today), key).limit(21).statements());
            statements.extend(due::store::due_in(&everywhere, &place, None, (None, today), None).limit(21).statements());
            statements.extend(served::unserved(&everywhere, &place, today, key).limit(21).statements());
            statements.extend(served::unserved(&everywhere, &place, today, None).limit(21).statements());
        }
        for code in ["430703001001", "430703001", "430703", "4307", "43"] {
            let place = everywhere.resolve("place", code).await.unwrap().place();
            let all = visits::store::Filter::default();
            statements.extend(visits::store::of_place(&everywhere, &place, &all, None, 21).statements());
        }
        for who in [&field.worker, &field.head, &field.officer] {
            let scope = scope_of(&field, who).await;
            let place = scope.place_or_own("place", None).await.unwrap().place();
            statements.extend(today::store::due(&scope, Some(today), today).limit(10).statements());
            statements.extend(today::store::due(&scope, None, today).limit(10).statements());
            statements.extend(today::store::not_reached(&scope, 2, today).limit(10).statements());
            statements.extend(today::store::in_state(&scope, "lead").limit(10).statements());
            statements.extend(due::store::due_in(&scope, &place, Some(who.id), (None, today), key).limit(21).statements());
            statements.extend(visits::store::of_place(&scope, &place, &visits::store::Filter::default(), key, 21).statements());
        }
        assert_eq!(statements.len(), 38);
        for statement in statements {
            let text = statement.to_string();
            let plan = plan(&field, statement).await;
            let bad = ["TEMP B-TREE", "Sort", "Seq Scan", "SCAN "].iter().find(|word| plan.contains(**word));
            assert_eq!(bad, None, "{text}\n{plan}");
            assert!(plan.contains("INDEX") || plan.contains("Index"), "{text}\n{plan}");
        }
    }
}

async fn scope_of(field: &Field, who: &Caller) -> Scope<Read> {
    let bearer = format!("Bearer {}", who.token);
    let (mut parts, ()) = Request::builder().header(header::AUTHORIZATION, bearer).body(()).unwrap().into_parts();
    Scope::from_request_parts(&mut parts, &field.house.house).await.unwrap()
}

/// The plan of a statement; on PostgreSQL with everything but indexes discouraged, as the tables of a test are nearly empty.
pub async fn plan(field: &Field, statement: sea_orm::Statement) -> String {
    use sea_orm::ConnectionTrait as _;
    if field.house.test.engine == ground::Engine::Sqlite {
        return field.house.plan(statement).await;
    }
    let explain = sea_orm::Statement { sql: format!("EXPLAIN {}", statement.sql), ..statement };
    let rows = field.house.test.floor.db.write(move |tx| {
        Box::pin(async move {
            for name in ["enable_seqscan", "enable_bitmapscan", "enable_sort"] {
                tx.conn().execute_unprepared(&format!("SET LOCAL {name} = off")).await?;
            }
            let rows = tx.conn().query_all_raw(explain).await?;
            Ok(rows.iter().map(|r| r.try_get_by_index::<String>(0).unwrap()).collect::<Vec<_>>())
        })
    });
    rows.await.unwrap().join("\n")
}
