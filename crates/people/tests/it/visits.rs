//! Visits through HTTP: recording, its consequences, correcting, adding, voiding, and who sees what.

use access::testing::Caller;
use serde_json::{Value, json};

use crate::field::{Field, VILLAGES, field, id};

async fn tasks(field: &Field, who: &Caller, kind: &str) -> Vec<Value> {
    let page = field.house.get(who, "/tasks?limit=200").await.expect(200);
    page["items"].as_array().unwrap().iter().filter(|t| t["kind"] == kind).cloned().collect()
}

access::on_both! {
    async fn a_visit_moves_the_person_and_the_counters(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &["DIBAO"]).await);
        let changes = json!({"services": ["visiting_care", "resource_link"], "needs": ["health"], "minutes": 40,
            "started_at": "2026-11-23T00:05:00Z", "ended_at": "2026-11-23T00:45:00.500Z", "companions": "村妇女主任"});
        let visit = field.visit(&person, changes).await.expect(201);
        assert_eq!(visit["counts_as_served"], true);
        assert_eq!(visit["state"], "completed");
        assert_eq!(visit["locked"], false);
        assert_eq!(visit["locks_on"], field.days_ago(-7));
        assert_eq!(visit["place"]["name"], "临江社区");
        assert_eq!(visit["worker"]["name"], "li");
        assert_eq!(visit["person"]["name"], "陈秀英");
        assert_eq!(visit["ended_at"], "2026-11-23T00:45:00.500Z");
        let page = field.page(&person).await;
        assert_eq!(page["last_visit_on"], field.today());
        assert_eq!(field.house.number("SELECT COUNT(*) FROM person WHERE last_served_on = '2026-11-23'").await, 1);
        field.counters_are_exact().await;
    }

    async fn visits_recorded_at_the_same_moment_do_not_miss_each_other(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &["DIBAO"]).await);
        let other = id(&field.person(&field.worker, VILLAGES[1], &["DIBAO"]).await);
        let at = async |who: &str, back: i64| field.visit(who, json!({"visited_on": field.days_ago(back)})).await.status;
        let all = tokio::join!(
            at(&person, 5), at(&person, 0), at(&other, 4), at(&person, 9), at(&other, 1), at(&person, 2), at(&person, 7), at(&other, 8)
        );
        assert_eq!(<[_; 8]>::from(all), [axum::http::StatusCode::CREATED; 8]);
        assert_eq!(field.page(&person).await["last_visit_on"], field.today());
        assert_eq!(field.page(&other).await["last_visit_on"], field.days_ago(1));
        field.counters_are_exact().await;
    }

    async fn a_telephone_visit_is_a_visit_but_no_service(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &["DIBAO"]).await);
        let visit = field.visit(&person, json!({"kind": "phone", "mode": "phone"})).await.expect(201);
        assert_eq!(visit["counts_as_served"], false);
        assert_eq!(field.page(&person).await["last_visit_on"], field.today());
        assert_eq!(field.house.number("SELECT COUNT(*) FROM person WHERE last_served_on = '1900-01-01'").await, 1);
        field.counters_are_exact().await;
    }

    async fn the_same_visit_sent_twice_is_recorded_once(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &[]).await);
        let body = field.visit_body(&person, &json!({}));
        let first = field.house.post(&field.worker, "/visits", body.clone()).await.expect(201);
        let again = field.house.post(&field.worker, "/visits", body.clone()).await.expect(200);
        assert_eq!(first, again);
        let mut other = body;
        other["summary"] = json!("另一段话");
        assert_eq!(field.house.post(&field.worker, "/visits", other).await.expect(409)["code"], "conflict");
        assert_eq!(field.house.number("SELECT COUNT(*) FROM visit").await, 1);
    }

    async fn a_visit_dated_in_the_past_lowers_nothing(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &["ELDER80"]).await);
        field.visit(&person, json!({"visited_on": field.days_ago(3)})).await.expect(201);
        field.visit(&person, json!({"visited_on": field.days_ago(40)})).await.expect(201);
        assert_eq!(field.page(&person).await["last_visit_on"], field.days_ago(3));
        field.visit(&person, json!({"visited_on": field.days_ago(1), "contact_result": "not_home"})).await.expect(201);
        assert_eq!(field.page(&person).await["last_visit_on"], field.days_ago(3));
        assert_eq!(field.house.number("SELECT failed_in_row FROM person").await, 1);
        field.counters_are_exact().await;
    }

    async fn a_void_takes_everything_back(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &["DIBAO"]).await);
        let before = field.visit(&person, json!({"visited_on": field.days_ago(20)})).await.expect(201);
        let visit = field.visit(&person, json!({})).await.expect(201);
        let path = format!("/visits/{}/void", id(&visit));
        let void = json!({"id": field.house.id(), "rev": 1, "reason": "重复录入"});
        assert_eq!(field.house.post(&field.worker, &path, void.clone()).await.status, 403, "a worker cannot void");
        let gone = field.house.post(&field.head, &path, void.clone()).await.expect(201);
        assert_eq!((gone["state"].as_str(), gone["void_reason"].as_str()), (Some("void"), Some("重复录入")));
        assert_eq!(gone["counts_as_served"], false);
        assert_eq!(field.house.post(&field.head, &path, void).await.expect(200)["rev"], gone["rev"]);
        let page = field.page(&person).await;
        assert_eq!(page["last_visit_on"], before["visited_on"]);
        field.counters_are_exact().await;
        let again = json!({"id": field.house.id(), "rev": 2, "reason": "再次"});
        assert_eq!(field.house.post(&field.head, &path, again).await.expect(409)["rule"], "visit.void");
        let first = json!({"id": field.house.id(), "rev": 1, "reason": "录错人"});
        field.house.post(&field.head, &format!("/visits/{}/void", id(&before)), first).await.expect(201);
        assert_eq!(field.page(&person).await["last_visit_on"], Value::Null);
        assert_eq!(field.house.number("SELECT COUNT(*) FROM person WHERE last_served_on = '1900-01-01'").await, 1);
        field.counters_are_exact().await;
    }

    async fn a_visit_can_be_corrected_until_it_locks_and_added_to_after(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &["DIBAO"]).await);
        let visit = field.visit(&person, json!({"minutes": 30})).await.expect(201);
        let path = format!("/visits/{}", id(&visit));
        let phone = json!({"rev": 1, "mode": "phone", "minutes": null, "next_visit_on": field.days_ago(-20)});
        let after = field.house.patch(&field.worker, &path, phone.clone()).await.expect(200);
        assert_eq!((after["rev"].as_i64(), &after["minutes"], &after["counts_as_served"]), (Some(2), &Value::Null, &json!(false)));
        assert_eq!(field.house.number("SELECT COUNT(*) FROM person WHERE last_served_on = '1900-01-01'").await, 1);
        field.counters_are_exact().await;
        assert_eq!(field.house.patch(&field.worker, &path, phone).await.expect(409)["rev"], 2, "stale");
        field.pass(6).await;
        field.house.patch(&field.worker, &path, json!({"rev": 2, "mode": "home"})).await.expect(200);
        field.pass(1).await;
        let late = field.house.patch(&field.worker, &path, json!({"rev": 3, "summary": "x"})).await.expect(409);
        assert_eq!(late["rule"], "visit.locked");
        let word = json!({"id": field.house.id(), "text": "更正：药已补领。"});
        let added = field.house.post(&field.worker, &format!("{path}/addenda"), word.clone()).await.expect(201);
        assert_eq!(added["addenda"][0]["text"], "更正：药已补领。");
        assert_eq!(added["locked"], true);
        let again = field.house.post(&field.worker, &format!("{path}/addenda"), word).await.expect(200);
        assert_eq!(again["addenda"].as_array().unwrap().len(), 1);
        field.counters_are_exact().await;
    }

    async fn who_left_or_died_is_not_visited(engine) {
        let field = field(engine).await;
        let lead = field.person(&field.worker, VILLAGES[0], &["DIBAO"]).await;
        let step = json!({"id": field.house.id(), "rev": lead["ledger"]["rev"], "to": "dismissed", "on": field.today(), "reason": "not_in_need"});
        field.house.post(&field.worker, &format!("/persons/{}/ledger", id(&lead)), step).await.expect(201);
        assert_eq!(field.visit(&id(&lead), json!({})).await.expect(409)["rule"], "visit.not_in_ledger");
        let dead = field.person(&field.worker, VILLAGES[1], &["DIBAO"]).await;
        let death = json!({"id": field.house.id(), "rev": dead["rev"], "died_on": field.today(), "evidence_ref": "死亡证明"});
        field.house.post(&field.worker, &format!("/persons/{}/death", id(&dead)), death).await.expect(201);
        assert_eq!(field.visit(&id(&dead), json!({})).await.expect(409)["rule"], "visit.person_dead");
        field.counters_are_exact().await;
    }

    async fn a_second_failed_visit_to_a_priority_client_alerts_the_head(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &["TEKUN_H"]).await);
        field.activate(&person, "A").await;
        field.visit(&person, json!({"contact_result": "not_home"})).await.expect(201);
        assert!(tasks(&field, &field.head, "not_reached").await.is_empty());
        field.pass(1).await;
        field.visit(&person, json!({"contact_result": "refused"})).await.expect(201);
        let told = tasks(&field, &field.head, "not_reached").await;
        assert_eq!(told.len(), 1);
        assert_eq!((told[0]["subject_id"].as_str(), told[0]["due_on"].as_str()), (Some(person.as_str()), Some("2026-11-24")));
        assert_eq!(field.house.get(&field.worker, "/today").await.expect(200)["counts"]["not_reached"], 1);
        field.visit(&person, json!({})).await.expect(201);
        assert_eq!(field.house.get(&field.worker, "/today").await.expect(200)["counts"]["not_reached"], 0);
    }

    async fn a_red_sign_and_a_reported_death_reach_the_head_at_once(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &["LEFT_CHILD"]).await);
        field.visit(&person, json!({"risk_signs": ["R8"]})).await.expect(201);
        assert!(tasks(&field, &field.head, "risk_red").await.is_empty(), "orange is no alert");
        let visit = field.visit(&person, json!({"risk_signs": ["R3", "R8"], "kind": "risk"})).await.expect(201);
        let red = tasks(&field, &field.head, "risk_red").await;
        assert_eq!(red.len(), 1);
        assert_eq!((&red[0]["subject_id"], &red[0]["at_once"]), (&visit["id"], &json!(true)), "before all that has a day");
        assert_eq!(red[0]["detail"], json!({"person_id": person, "signs": ["R3"]}));
        let path = format!("/visits/{}", id(&visit));
        field.house.patch(&field.worker, &path, json!({"rev": 1, "summary": "补充"})).await.expect(200);
        field.visit(&person, json!({"risk_signs": ["R1"]})).await.expect(201);
        assert_eq!(tasks(&field, &field.head, "risk_red").await.len(), 2, "a second sign does not hide behind the first");
        field.visit(&person, json!({"contact_result": "died"})).await.expect(201);
        assert_eq!(tasks(&field, &field.head, "death_reported").await.len(), 1);
        assert_eq!(field.page(&person).await["died_on"], Value::Null, "a report is no death");
    }

    async fn nobody_else_sees_a_visit(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &["DIBAO"]).await);
        let visit = id(&field.visit(&person, json!({})).await.expect(201));
        let path = format!("/visits/{visit}");
        for (who, status) in [(&field.worker, 200), (&field.head, 200), (&field.officer, 200), (&field.other, 404)] {
            field.house.get(who, &path).await.expect(status);
            field.house.get(who, &format!("/visits?person={person}")).await.expect(status);
            field.house.get(who, &format!("/persons/{person}/timeline")).await.expect(status);
        }
        field.house.patch(&field.other, &path, json!({"rev": 1, "summary": "x"})).await.expect(404);
        field.house.post(&field.other, &format!("{path}/addenda"), json!({"id": field.house.id(), "text": "x"})).await.expect(404);
        let theirs = field.house.post(&field.other, "/visits", field.visit_body(&person, &json!({}))).await;
        theirs.expect(404);
        assert_eq!(field.house.get(&field.other, "/visits?place=430703001").await.expect(200)["items"], json!([]));
        assert_eq!(field.house.get(&field.other, "/due?place=430703").await.expect(200)["items"], json!([]));
        let auditor = field.house.account("sun", &[("AU", "")]).await;
        field.house.get(&auditor, &path).await.expect(403);
        let supervisor = field.house.account("zhou", &[("SV", "430703")]).await;
        assert_eq!(field.house.get(&supervisor, &path).await.expect(200)["person"]["name"], "陈**");
    }

    async fn every_fault_of_a_visit_has_a_sentence_and_none_is_a_500(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &[]).await);
        for (changes, fault) in [
            (json!({"visited_on": field.days_ago(-1)}), "visited_on"),
            (json!({"visited_on": "0001-01-01"}), "visited_on"),
            (json!({"visited_on": "9999-12-31"}), "visited_on"),
            (json!({"visited_on": "2026-02-30"}), "visited_on"),
            (json!({"visited_on": null}), "visited_on"),
            (json!({"visited_on": "+262142-12-31"}), "visited_on"),
            (json!({"started_at": "x"}), "started_at"),
            (json!({"started_at": "+262142-12-31T00:00:00Z"}), "started_at"),
            (json!({"minutes": 99_999_999_999_i64}), "minutes"),
            (json!({"minutes": -1}), "minutes"),
            (json!({"kind": "x".repeat(10_000)}), "kind"),
            (json!({"summary": "字".repeat(4_001)}), "summary"),
            (json!({"summary": "a\u{0}b"}), "summary"),
            (json!({"risk_signs": vec!["R1"; 200_000 / 8]}), ""),
            (json!({"risk_signs": "R1"}), "risk_signs"),
            (json!({"risk_signs": ["R77"]}), "risk_signs[0]"),
            (json!({"next_visit_on": "9999-12-31"}), "next_visit_on"),
            (json!({"person_id": "nobody"}), "person_id"),
            (json!({"colour": "red"}), "colour"),
        ] {
            let answer = field.visit(&person, changes.clone()).await;
            if fault.is_empty() {
                assert!(answer.status.as_u16() < 500, "{}", answer.text);
                continue;
            }
            let body = answer.expect(422);
            assert!(body["fields"].as_array().unwrap().iter().any(|f| f["field"] == fault), "{fault}: {body}");
        }
        let nobody = field.visit(&field.house.id().to_string(), json!({})).await;
        nobody.expect(404);
        for query in ["from=-262143-01-01", "to=+262142-01-01", "kind=tea", "limit=0", "cursor=WyItMjYyMTQzLTAxLTAxIiwgIjAxOTYwMDAwLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMSJd", "place=999", "colour=red"] {
            field.house.get(&field.worker, &format!("/visits?{query}")).await.expect(422);
        }
        field.house.get(&field.worker, "/due?state=late").await.expect(422);
        field.house.get(&field.worker, &format!("/persons/{person}/timeline?cursor=WzFd")).await.expect(422);
    }

    async fn lists_are_newest_first_and_page_by_cursor(engine) {
        let field = field(engine).await;
        let (a, b) = (
            id(&field.person(&field.worker, VILLAGES[0], &["DIBAO"]).await),
            id(&field.person(&field.worker, VILLAGES[1], &["DIBAO"]).await),
        );
        for back in [5, 3, 3, 9, 0, 3, 1] {
            let who = if back % 2 == 0 { &b } else { &a };
            field.visit(who, json!({"visited_on": field.days_ago(back)})).await.expect(201);
        }
        for base in ["/visits?place=430703001".to_owned(), "/visits?limit=3".to_owned(), format!("/visits?person={a}")] {
            let whole = field.house.get(&field.worker, &format!("{base}&limit=50").replace("limit=3&", "")).await.expect(200);
            let whole = whole["items"].as_array().unwrap().clone();
            let key = |v: &Value| (v["visited_on"].as_str().unwrap().to_owned(), id(v));
            assert!(whole.windows(2).all(|w| key(&w[0]) > key(&w[1])), "{base}");
            let (mut read, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = field.house.get(&field.worker, &format!("{}&limit=2{cursor}", base.replace("limit=3", "kind=routine"))).await.expect(200);
                read.extend(page["items"].as_array().unwrap().clone());
                match page["next"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            assert_eq!(read, whole, "{base}");
        }
        let some = field.house.get(&field.head, &format!("/visits?place=430703001001&from={}&to={}", field.days_ago(4), field.days_ago(2))).await;
        assert_eq!(some.expect(200)["items"].as_array().unwrap().len(), 3);
    }

    async fn the_timeline_tells_everything_once_in_order(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &["DIBAO"]).await);
        field.activate(&person, "B").await;
        field.pass(2).await;
        let visit = id(&field.visit(&person, json!({})).await.expect(201));
        field.pass(3).await;
        field.visit(&person, json!({"mode": "phone"})).await.expect(201);
        field.house.post(&field.worker, &format!("/visits/{visit}/addenda"), json!({"id": field.house.id(), "text": "补一句"})).await.expect(201);
        let path = format!("/persons/{person}/timeline");
        let whole = field.house.get(&field.worker, &format!("{path}?limit=100")).await.expect(200)["items"].as_array().unwrap().clone();
        let kinds: Vec<&str> = whole.iter().map(|i| i["kind"].as_str().unwrap()).collect();
        assert_eq!(&kinds[..3], ["visit", "addendum", "visit"]);
        assert_eq!(whole[2]["title"], "例行走访 · 入户 · 见到本人");
        assert_eq!(whole[2]["actor"]["name"], "li");
        for (kind, n) in [("category", 1), ("person", 1)] {
            assert_eq!(kinds.iter().filter(|k| **k == kind).count(), n, "{kind}");
        }
        assert!(kinds.iter().filter(|k| **k == "ledger").count() >= 3);
        let (mut read, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = field.house.get(&field.worker, &format!("{path}?limit=2{cursor}")).await.expect(200);
            read.extend(page["items"].as_array().unwrap().clone());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(read, whole);
    }
}
