//! Services counted: 人次 and 人数 apart, exact after any history; hours of a worker; several people in one visit.

use serde_json::{Value, json};

use crate::{
    field::{Field, VILLAGES, field, id},
    world::next,
};

/// Acts, people and minutes of a division in a span.
async fn figure(field: &Field, place: &str, span: &str, kind: &str) -> (i64, i64, i64) {
    let mut all = Vec::new();
    for column in ["acts", "people", "minutes"] {
        let sql = format!(
            "SELECT CAST(COALESCE(SUM(c.{column}), 0) AS bigint) FROM service_counter c JOIN division d ON d.id = c.at_id \
             WHERE (d.code_civil = '{place}' OR d.code_stat = '{place}') AND c.span = '{span}' AND c.kind = '{kind}'"
        );
        all.push(field.house.number(&sql).await);
    }
    (all[0], all[1], all[2])
}

access::on_both! {
    async fn acts_and_people_are_two_figures(engine) {
        let field = field(engine).await;
        let a = id(&field.person(&field.worker, VILLAGES[0], &["DIBAO"]).await);
        let b = id(&field.person(&field.worker, VILLAGES[1], &["ELDER80"]).await);
        let care = json!({"services": ["visiting_care", "spiritual_care"], "minutes": 30});
        let first = field.visit(&a, care.clone()).await.expect(201);
        field.visit(&a, json!({"visited_on": field.days_ago(20), "services": ["visiting_care"], "minutes": 10})).await.expect(201);
        let mut call = json!({"kind": "phone", "mode": "phone", "minutes": 5});
        call["work_field"] = Value::Null;
        let called = field.visit(&b, call).await.expect(201);
        assert_eq!(called["work_field"], "elder_care", "the field follows the categories when left out");
        field.visit(&b, json!({"contact_result": "not_home", "minutes": 20})).await.expect(201);
        let (town, month) = ("430703001", "2026-11");
        assert_eq!(figure(&field, town, month, "*").await, (3, 2, 45));
        assert_eq!(figure(&field, town, "2026-Q4", "*").await, (0, 2, 0), "acts stand in months");
        assert_eq!(figure(&field, town, month, "s:visiting_care").await, (2, 1, 40));
        assert_eq!(figure(&field, town, month, "s:spiritual_care").await, (1, 1, 30));
        assert_eq!(figure(&field, town, month, "m:phone").await, (1, 1, 5));
        assert_eq!(figure(&field, VILLAGES[0], month, "*").await, (2, 1, 40));
        assert_eq!(figure(&field, "430703", "2026", "*").await.1, 2);
        assert_eq!(figure(&field, "4307", "2026", "*").await, (0, 0, 0), "a city adds up its counties");

        // A correction moves the figures, a void takes them back.
        let change = json!({"rev": first["rev"], "services": ["capacity"], "minutes": 25});
        let revised = field.house.patch(&field.worker, &format!("/visits/{}", id(&first)), change).await.expect(200);
        assert_eq!(figure(&field, town, month, "s:spiritual_care").await, (0, 0, 0));
        assert_eq!(figure(&field, town, month, "s:capacity").await, (1, 1, 25));
        let void = json!({"id": field.house.id(), "rev": revised["rev"], "reason": "重复录入"});
        field.house.post(&field.head, &format!("/visits/{}/void", id(&first)), void).await.expect(201);
        assert_eq!(figure(&field, town, month, "*").await, (2, 2, 15));
        field.counters_are_exact().await;
    }

    async fn several_people_in_one_visit_are_several_acts_and_one_time(engine) {
        let field = field(engine).await;
        let mut people = Vec::new();
        for categories in [&["DIBAO"][..], &["LEFT_CHILD"], &["ELDER80"]] {
            people.push(id(&field.person(&field.worker, VILLAGES[0], categories).await));
        }
        let mut body = field.visit_body(&people[0], &json!({"minutes": 50, "also": [people[1], people[2], people[1]]}));
        body.as_object_mut().unwrap().remove("work_field");
        let visit = field.house.post(&field.worker, "/visits", body.clone()).await.expect(201);
        field.house.post(&field.worker, "/visits", body).await.expect(200);
        let (town, month) = ("430703001", "2026-11");
        assert_eq!(figure(&field, town, month, "*").await, (3, 3, 50), "one hour, three acts, three people");
        for (kind, expected) in [("f:assistance", (1, 1, 50)), ("f:left_child", (1, 1, 0)), ("f:elder_care", (1, 1, 0))] {
            assert_eq!(figure(&field, town, month, kind).await, expected, "{kind}");
        }
        assert_eq!(visit["group_id"], visit["id"]);
        for person in &people {
            assert_eq!(field.page(person).await["last_visit_on"], field.today(), "each has a record of the visit");
        }
        // The row that carries the minutes is voided: the next one carries them.
        let void = json!({"id": field.house.id(), "rev": visit["rev"], "reason": "此人不在场"});
        field.house.post(&field.head, &format!("/visits/{}/void", id(&visit)), void).await.expect(201);
        assert_eq!(figure(&field, town, month, "*").await, (2, 2, 50));
        field.counters_are_exact().await;
        // Somebody outside the reach is not there, and nothing of the visit is kept.
        let foreign = id(&field.person(&field.other, VILLAGES[2], &[]).await);
        let wrong = field.visit_body(&people[1], &json!({"also": [foreign]}));
        let refused = field.house.post(&field.worker, "/visits", wrong).await.expect(422);
        assert_eq!(refused["fields"][0]["field"], "also");
        assert_eq!(figure(&field, town, month, "*").await, (2, 2, 50));
    }

    async fn a_worker_is_at_one_place_and_a_day_has_24_hours(engine) {
        let field = field(engine).await;
        let here = id(&field.person(&field.worker, VILLAGES[0], &[]).await);
        let there = id(&field.person(&field.worker, VILLAGES[1], &[]).await);
        let day = field.days_ago(1);
        let at = |from: &str, to: &str, more: Value| {
            let mut body = json!({"visited_on": day, "started_at": format!("{day}T0{from}:00Z"), "ended_at": format!("{day}T0{to}:00Z")});
            for (key, value) in more.as_object().unwrap() {
                body[key] = value.clone();
            }
            body
        };
        let first = field.visit(&here, at("1:00", "2:00", json!({}))).await.expect(201);
        assert_eq!(first["minutes"], 60, "minutes come from begin and end");
        field.visit(&there, at("2:00", "3:00", json!({}))).await.expect(201);
        field.visit(&here, at("1:30", "1:40", json!({}))).await.expect(201);
        let asked = field.visit(&there, at("1:30", "2:30", json!({}))).await.expect(409);
        assert_eq!(asked["rule"], "service.overlap_ask");
        assert!(asked["title"].as_str().unwrap().contains("确认"));
        field.visit(&there, at("1:30", "2:30", json!({"mode": "phone", "kind": "phone"}))).await.expect(201);
        field.visit(&there, at("1:30", "2:30", json!({"confirmed": true}))).await.expect(201);
        field.visit(&there, at("5:00", "6:00", json!({"mode": "phone", "kind": "phone"}))).await.expect(201);
        field.visit(&here, at("5:00", "6:00", json!({}))).await.expect(201);
        let long = field.visit(&here, json!({"visited_on": field.days_ago(2), "minutes": 721})).await.expect(409);
        assert_eq!(long["rule"], "service.day_long_ask");
        field.visit(&here, json!({"visited_on": field.days_ago(2), "minutes": 721, "confirmed": true})).await.expect(201);
        let full = field.visit(&here, json!({"visited_on": field.days_ago(2), "minutes": 720, "confirmed": true})).await.expect(409);
        assert_eq!(full["rule"], "service.day_full", "no confirmation makes a day longer");
    }

    async fn acts_are_listed_by_service_inside_the_reach(engine) {
        let field = field(engine).await;
        let mine = id(&field.person(&field.worker, VILLAGES[0], &[]).await);
        let foreign = id(&field.person(&field.other, VILLAGES[2], &[]).await);
        let care = json!({"services": ["visiting_care"]});
        field.visit(&mine, care.clone()).await.expect(201);
        field.visit(&mine, json!({"services": ["capacity"]})).await.expect(201);
        field.visit(&mine, json!({"contact_result": "not_home", "services": ["visiting_care"]})).await.expect(201);
        field.visit_by(&field.other, &foreign, care).await.expect(201);
        let from = field.days_ago(30);
        let list = async |who, query: &str| {
            let page = field.house.get(who, &format!("/visits?from={from}&acts=true{query}")).await.expect(200);
            page["items"].as_array().unwrap().len()
        };
        assert_eq!(list(&field.head, "&service=visiting_care").await, 1);
        assert_eq!(list(&field.head, "").await, 2);
        assert_eq!(list(&field.officer, "&place=430703&service=visiting_care").await, 2);
        assert_eq!(list(&field.head, "&place=430703002").await, 0);
        let answer = field.house.get(&field.head, "/visits?service=visiting_care").await.expect(422);
        assert_eq!(answer["fields"][0]["field"], "from");
        field.house.get(&field.head, &format!("/visits?from={from}&service=nothing")).await.expect(422);
    }

    async fn after_any_history_the_counters_say_what_the_visits_say(engine) {
        let field = field(engine).await;
        let mut people = Vec::new();
        for n in 0..6 {
            people.push(id(&field.person(&field.worker, VILLAGES[n % 2], &[["DIBAO", "LEFT_CHILD", "ELDER80"][n % 3]]).await));
        }
        let (mut seed, mut visits) = (5_u64, Vec::<Value>::new());
        let services = ["visiting_care", "capacity", "spiritual_care", "social_inclusion", "means_survey"];
        for _ in 0..120 {
            let mut pick = |n: usize| next(&mut seed) % n;
            let given: Vec<&str> = (0..pick(3)).map(|n| services[n + pick(3)]).collect();
            let body = json!({
                "visited_on": field.days_ago(i64::try_from(pick(400)).unwrap()), "minutes": pick(60),
                "services": given,
                "contact_result": (["met", "proxy_met", "not_home"][pick(3)]),
                "work_field": (["assistance", "elder_care", "left_child"][pick(3)]), "confirmed": true,
            });
            let who = pick(people.len());
            let mut body = body;
            if pick(5) == 0 {
                body["also"] = json!([people[(who + 1) % people.len()]]);
            }
            match pick(4) {
                0 | 1 => visits.push(field.visit(&people[who], body).await.expect(201)),
                2 if !visits.is_empty() => {
                    let n = pick(visits.len());
                    let mut change = body;
                    change.as_object_mut().unwrap().remove("also");
                    change["rev"] = visits[n]["rev"].clone();
                    let answer = field.house.patch(&field.head, &format!("/visits/{}", id(&visits[n])), change).await;
                    assert!(answer.status.as_u16() < 500, "{}", answer.text);
                    if answer.status == 200 {
                        visits[n] = answer.json;
                    }
                }
                _ if !visits.is_empty() => {
                    let visit = visits.swap_remove(pick(visits.len()));
                    let void = json!({"id": field.house.id(), "rev": visit["rev"], "reason": "录入有误"});
                    let answer = field.house.post(&field.head, &format!("/visits/{}/void", id(&visit)), void).await;
                    assert!(answer.status.as_u16() < 500, "{}", answer.text);
                }
                _ => {}
            }
        }
        field.counters_are_exact().await;
        assert!(field.house.number("SELECT COUNT(*) FROM service_counter").await > 50);
        // A falsified, a missing and an empty row are found.
        field.house.sql("UPDATE service_counter SET people = people + 1 WHERE kind = '*' AND span = '2026'").await;
        field.house.sql("DELETE FROM service_counter WHERE kind = 'f:elder_care'").await;
        field.house.sql("INSERT INTO service_counter (at_id, span, kind, acts, people, minutes) VALUES (1, '2026', '*', 0, 0, 0)").await;
        let found = people::services::differences(field.house.test.floor.db.read()).await.unwrap();
        assert!(found.len() >= 4, "{found:?}");
    }

    async fn lists_of_acts_keep_to_their_indexes(engine) {
        use people::visits::store::{Filter, of_place};
        let w = crate::world::World::new(engine).await;
        let scope: access::Scope<people::visits::Read> = crate::figures::scope(&w, &w.officer).await;
        let filter = Filter {
            from: kernel::day::parse("2026-11-01"),
            to: kernel::day::parse("2026-11-30"),
            service: Some(1 << 10),
            field: Some("elder_care".to_owned()),
            mode: Some("home".to_owned()),
            acts: true,
            ..Filter::default()
        };
        if engine == ground::Engine::Postgres {
            return;
        }
        for code in ["430703", "430703001", "430703001001"] {
            let place = scope.resolve("place", code).await.unwrap().place();
            for statement in of_place(&scope, &place, &filter, None, 21).statements() {
                let plan = w.house.plan(statement).await;
                assert!(plan.contains("INDEX visit_") && !plan.contains("TEMP B-TREE") && !plan.contains("SCAN"), "{code}: {plan}");
            }
        }
        let one = "SELECT id FROM visit WHERE group_id = x'00' AND state = 'completed' ORDER BY id";
        let plan = w.house.plan(sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, one.to_owned())).await;
        assert!(plan.contains("visit_group"), "{plan}");
    }
}
