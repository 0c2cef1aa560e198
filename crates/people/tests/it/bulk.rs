//! Bulk acts through HTTP: results per row, the rules of the single act, one undo; and the grid.

use access::testing::{Answer, Caller};
use serde_json::{Value, json};

use crate::field::{Field, VILLAGES, field_with, id};

async fn field(engine: ground::Engine) -> Field {
    field_with(engine, people::routes().merge(access::routes())).await
}

/// Begins an act and waits until its job is over; gives the act.
async fn run(field: &Field, who: &Caller, body: Value) -> Value {
    let id: String = id(&field.house.post(who, "/bulk-runs", body).await.expect(201));
    finished(field, who, &id).await;
    field.house.get(who, &format!("/bulk-runs/{id}")).await.expect(200)
}

async fn finished(field: &Field, who: &Caller, job: &str) {
    let started = std::time::Instant::now();
    loop {
        let job = field.house.get(who, &format!("/jobs/{job}")).await.expect(200);
        match job["state"].as_str() {
            Some("done") => return,
            Some("failed") => panic!("{job}"),
            _ => assert!(started.elapsed().as_secs() < 60, "{job}"),
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

async fn undo(field: &Field, who: &Caller, run: &Value) -> Value {
    let body = json!({"id": field.house.id()});
    let job = body["id"].as_str().unwrap().to_owned();
    field.house.post(who, &format!("/bulk-runs/{}/undo", id(run)), body).await.expect(201);
    finished(field, who, &job).await;
    field.house.get(who, &format!("/bulk-runs/{}", id(run))).await.expect(200)
}

async fn grid(field: &Field, who: &Caller, rows: Value, more: Value) -> Answer {
    let mut body = json!({"id": field.house.id(), "rows": rows});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    field.house.post(who, "/bulk-edits", body).await
}

access::on_both! {
    async fn people_are_given_to_a_worker_and_taken_back(engine) {
        let field = field(engine).await;
        let second = field.house.account("sun", &[("SW", "430703001")]).await;
        let mut people = Vec::new();
        for n in 0..5 {
            people.push(id(&field.person(&field.worker, VILLAGES[n % 2], &[]).await));
        }
        let body = json!({"id": field.house.id(), "kind": "assign", "worker_id": second.id, "people": people});
        let done = run(&field, &field.head, body.clone()).await;
        assert_eq!((&done["total"], &done["done"], &done["refused"], &done["can_undo"]), (&json!(5), &json!(5), &json!(0), &json!(true)));
        assert_eq!(done["worker"]["name"], "sun");
        for person in &people {
            assert_eq!(field.page(person).await["worker"]["name"], "sun");
        }
        // The same call again changes nothing.
        field.house.post(&field.head, "/bulk-runs", body).await.expect(200);
        // One is changed since: it stays, the others go back.
        let page = field.page(&people[0]).await;
        let other = json!({"rev": page["rev"], "worker_id": field.head.id});
        field.house.patch(&field.head, &format!("/persons/{}", people[0]), other).await.expect(200);
        let undone = undo(&field, &field.head, &done).await;
        assert_eq!((&undone["undone"], &undone["kept"], &undone["can_undo"]), (&json!(4), &json!(1), &json!(false)));
        assert_eq!(field.page(&people[1]).await["worker"]["name"], "li");
        assert_eq!(field.page(&people[0]).await["worker"]["name"], "zhang");
        let kept = field.house.get(&field.head, &format!("/bulk-runs/{}/rows?state=kept", id(&done))).await.expect(200);
        assert_eq!(kept["items"][0]["person"]["id"], json!(people[0]));
        assert!(kept["items"][0]["why"].as_str().unwrap().contains("已被修改"));
        let again = field.house.post(&field.head, &format!("/bulk-runs/{}/undo", id(&done)), json!({"id": field.house.id()})).await.expect(409);
        assert_eq!(again["rule"], "bulk.undone");
        field.counters_are_exact().await;
    }

    async fn a_bulk_grade_takes_two_people_like_a_single_one(engine) {
        let field = field(engine).await;
        let mut people = Vec::new();
        for n in 0..4 {
            people.push(id(&field.person(&field.worker, VILLAGES[n % 2], &["DIBAO"]).await));
        }
        for person in &people[..3] {
            field.activate(person, "C").await;
        }
        let body = json!({"id": field.house.id(), "kind": "grade", "grade": "A", "basis": "村两委核实", "people": people});
        let proposed = run(&field, &field.worker, body).await;
        assert_eq!((&proposed["done"], &proposed["refused"]), (&json!(3), &json!(1)));
        let refused = field.house.get(&field.worker, &format!("/bulk-runs/{}/rows?state=refused", id(&proposed))).await.expect(200);
        assert_eq!(refused["items"][0]["person"]["id"], json!(people[3]), "a lead has no grade");
        assert!(refused["items"][0]["why"].as_str().unwrap().contains("在册"));
        let page = field.page(&people[0]).await;
        assert_eq!((&page["grade"], &page["ledger"]["proposed_grade"]), (&json!("C"), &json!("A")));
        // The proposer confirms nothing; the reviewer confirms what waits, chosen by a filter.
        field.house.post(&field.worker, "/bulk-runs", json!({"id": field.house.id(), "kind": "confirm", "people": people})).await.expect(403);
        let filter = json!({"place": "430703001", "state": ["active"]});
        let confirmed = run(&field, &field.reviewer, json!({"id": field.house.id(), "kind": "confirm", "filter": filter})).await;
        assert_eq!((&confirmed["total"], &confirmed["done"]), (&json!(3), &json!(3)));
        assert_eq!(field.page(&people[1]).await["grade"], "A");
        field.counters_are_exact().await;
        // Undo gives the proposals back, not the grades.
        let undone = undo(&field, &field.reviewer, &confirmed).await;
        assert_eq!(undone["undone"], 3);
        let page = field.page(&people[1]).await;
        assert_eq!((&page["grade"], &page["ledger"]["proposed_grade"]), (&json!("C"), &json!("A")));
        let undone = undo(&field, &field.worker, &proposed).await;
        assert_eq!(undone["undone"], 3);
        assert_eq!(field.page(&people[1]).await["ledger"]["proposed_grade"], Value::Null);
        field.counters_are_exact().await;
    }

    async fn a_bulk_act_keeps_to_reach_limits_and_time(engine) {
        let field = field(engine).await;
        let mine = id(&field.person(&field.worker, VILLAGES[0], &[]).await);
        let foreign = id(&field.person(&field.other, VILLAGES[2], &[]).await);
        let assign = |people: Value| json!({"id": field.house.id(), "kind": "assign", "worker_id": field.head.id, "people": people});
        field.house.post(&field.head, "/bulk-runs", assign(json!([mine, foreign]))).await.expect(404);
        field.house.post(&field.officer, "/bulk-runs", assign(json!([mine]))).await.expect(403);
        let own = run(&field, &field.worker, assign(json!([mine]))).await;
        assert_eq!((&own["done"], &own["refused"]), (&json!(0), &json!(1)), "own clients cannot be handed over");
        let many: Vec<_> = (0..1001).map(|_| field.house.id()).collect();
        let answer = field.house.post(&field.head, "/bulk-runs", assign(json!(many))).await;
        assert!(matches!(answer.status.as_u16(), 409 | 422), "{}", answer.text);
        let nobody = json!({"id": field.house.id(), "kind": "confirm", "filter": {"grade": ["A"]}});
        let answer = field.house.post(&field.head, "/bulk-runs", nobody).await.expect(409);
        assert_eq!(answer["rule"], "bulk.nobody");
        let done = run(&field, &field.head, assign(json!([mine]))).await;
        field.house.get(&field.other, &format!("/bulk-runs/{}", id(&done))).await.expect(404);
        field.pass(2).await;
        let late = field.house.post(&field.head, &format!("/bulk-runs/{}/undo", id(&done)), json!({"id": field.house.id()})).await.expect(409);
        assert_eq!(late["rule"], "bulk.too_late");
    }

    async fn a_grid_saves_all_or_nothing_or_the_good_rows(engine) {
        let field = field(engine).await;
        let mut people = Vec::new();
        for n in 0..4 {
            people.push(id(&field.person(&field.worker, VILLAGES[n % 2], &[]).await));
        }
        let good = |n: usize| json!({"person_id": people[n], "values": {"phone": format!("'１３８００００００{n:02}"), "usual_name": "老陈", "planned_on": "2026/12/3"}});
        let bad = json!({"person_id": people[3], "values": {"phone": "138", "worker": "没有这个人", "planned_on": "明天"}});
        let rows = json!([good(0), good(1), bad]);
        let checked = grid(&field, &field.head, rows.clone(), json!({"dry": true})).await.expect(200);
        let fault = &checked["faults"][0];
        assert_eq!((&checked["run"], &fault["row"], &fault["column"]), (&Value::Null, &json!(2), &json!("planned_on")));
        assert!(fault["message"].as_str().unwrap().contains("日期无法识别"));
        let refused = grid(&field, &field.head, rows.clone(), json!({})).await.expect(422);
        assert_eq!(refused["fields"][0]["field"], "rows[2].planned_on");
        assert_eq!(field.page(&people[0]).await["phone_masked"], Value::Null, "nothing was saved");
        let saved = grid(&field, &field.head, rows, json!({"only_good": true})).await.expect(201);
        assert_eq!((&saved["run"]["done"], &saved["run"]["refused"]), (&json!(2), &json!(1)));
        assert_eq!(field.page(&people[0]).await["phone_masked"], "138****0000");
        assert_eq!(field.page(&people[1]).await["planned_on"], "2026-12-03");
        // Blank cells stay or clear as the caller says; a foreign row is not there.
        let foreign = id(&field.person(&field.other, VILLAGES[2], &[]).await);
        let rows = json!([{"person_id": foreign, "values": {"usual_name": "x"}}]);
        grid(&field, &field.head, rows, json!({})).await.expect(422);
        let clear = json!([{"person_id": people[0], "values": {"phone": ""}}]);
        let cleared = grid(&field, &field.head, clear, json!({})).await.expect(201);
        assert_eq!(field.page(&people[0]).await["phone_masked"], Value::Null);
        undo(&field, &field.head, &cleared["run"]).await;
        assert_eq!(field.page(&people[0]).await["phone_masked"], "138****0000");
        let undone = undo(&field, &field.head, &saved["run"]).await;
        assert_eq!((&undone["undone"], &undone["kept"]), (&json!(2), &json!(0)));
        assert_eq!(field.page(&people[1]).await["phone_masked"], Value::Null);
        assert_eq!(field.page(&people[1]).await["planned_on"], Value::Null);
        // Found again by the last four digits, and no longer.
        let twice = json!([{"person_id": people[0], "values": {}}, {"person_id": people[0], "values": {}}]);
        let answer = grid(&field, &field.head, twice, json!({})).await.expect(422);
        assert_eq!(answer["fields"][0]["code"], "twice");
        field.counters_are_exact().await;
    }

    async fn the_worker_column_takes_a_name_of_the_station(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &[]).await);
        let to = |who: &str| json!([{"person_id": person, "values": {"worker": who}}]);
        grid(&field, &field.head, to(" ｚhang "), json!({})).await.expect(201);
        assert_eq!(field.page(&person).await["worker"]["name"], "zhang");
        let answer = grid(&field, &field.head, to("qian"), json!({})).await.expect(422);
        assert!(answer["fields"][0]["message"].as_str().unwrap().contains("本站没有"));
    }
}
