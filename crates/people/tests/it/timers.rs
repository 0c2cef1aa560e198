//! Timers, reviews, risks and the inbox through HTTP, with the clock moved from day to day.

use access::{
    Progress, Scope,
    tasks::{ReadTasks, inbox},
    testing::Caller,
};
use axum::{
    extract::FromRequestParts as _,
    http::{Request, header},
};
use people::{ledger, timers};
use serde_json::{Value, json};

use crate::field::{Field, VILLAGES, field, id};

/// Runs the nightly work of today; gives how many persons were looked at.
async fn night(field: &Field) -> u64 {
    let scope = Scope::<ledger::Move>::on_behalf_of(&field.house.house, timers::JOB).await.unwrap();
    timers::nightly(&scope, Progress::silent()).await.unwrap()
}

async fn tasks(field: &Field, who: &Caller, query: &str) -> Vec<Value> {
    let page = field.house.get(who, &format!("/tasks?limit=100{query}")).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

async fn kinds(field: &Field, who: &Caller) -> Vec<String> {
    tasks(field, who, "").await.iter().map(|t| t["kind"].as_str().unwrap().to_owned()).collect()
}

async fn rev(field: &Field, person: &str) -> Value {
    field.page(person).await["ledger"]["rev"].clone()
}

async fn review(field: &Field, who: &Caller, person: &str, more: Value) -> access::testing::Answer {
    let mut body = json!({"id": field.house.id(), "rev": rev(field, person).await, "on": field.today(), "outcome": "keep", "note": "入户核实，情况稳定。"});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    field.house.post(who, &format!("/persons/{person}/review"), body).await
}

fn timer(page: &Value, kind: &str) -> Value {
    page["ledger"]["timers"].as_array().unwrap().iter().find(|t| t["kind"] == kind).cloned().unwrap_or(Value::Null)
}

async fn enter(field: &Field, birth: &str, categories: &[&str]) -> String {
    let page = field.person(&field.worker, VILLAGES[0], categories).await;
    let person = id(&page);
    let change = json!({"rev": page["rev"], "birth_date": birth});
    field.house.patch(&field.worker, &format!("/persons/{person}"), change).await.expect(200);
    person
}

access::on_both! {
    async fn an_overdue_visit_climbs_to_the_head_then_to_the_reviewer_once_each(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &[]).await);
        field.activate(&person, "A").await;
        night(&field).await;
        for (days, head, reviewer) in [(36, 0, 0), (1, 1, 0), (1, 1, 0), (6, 1, 0), (1, 1, 1), (10, 1, 1)] {
            field.pass(days).await;
            night(&field).await;
            assert_eq!(night(&field).await, 0, "a second run the same day has nothing to do");
            let count = async |who: &Caller| tasks(&field, who, "&kind=visit_overdue").await.len();
            assert_eq!((count(&field.head).await, count(&field.reviewer).await), (head, reviewer), "{}", field.today());
        }
        let task = tasks(&field, &field.head, "&kind=visit_overdue").await[0].clone();
        assert_eq!((&task["from_on"], &task["due_on"]), (&json!(field.days_ago(18)), &json!(field.days_ago(11))), "a window of days");
        assert_eq!(task["overdue"], true, "it does not vanish when late");
        assert_eq!(timer(&field.page(&person).await, "visit_overdue")["state"], "overdue");

        field.visit(&person, json!({})).await.expect(201);
        assert_eq!(tasks(&field, &field.head, "&kind=visit_overdue").await, Vec::<Value>::new(), "settled by the visit, the same moment");
        assert_eq!(tasks(&field, &field.reviewer, "&kind=visit_overdue").await, Vec::<Value>::new());
        assert_eq!(tasks(&field, &field.head, "&kind=visit_overdue&state=done").await.len(), 1);
        field.pass(37).await;
        night(&field).await;
        assert_eq!(tasks(&field, &field.head, "&kind=visit_overdue").await.len(), 1, "the next lateness is told again");
        assert_eq!(field.house.number("SELECT COUNT(*) FROM task WHERE kind = 'visit_overdue'").await, 3);
    }

    async fn a_run_cut_off_goes_on_and_a_repeated_one_changes_nothing(engine) {
        let field = field(engine).await;
        for _ in 0..45 {
            let person = id(&field.person(&field.worker, VILLAGES[0], &[]).await);
            assert!(!person.is_empty());
        }
        field.pass(4).await;
        field.house.sql("UPDATE person SET next_check_on = '1900-01-01'").await;
        assert_eq!(night(&field).await, 45);
        let count = "SELECT COUNT(*) FROM task WHERE kind = 'lead_contact'";
        assert_eq!(field.house.number(count).await, 90, "worker and head, for each lead not contacted");
        // As after a stop in the middle: some are to be looked at again.
        field.house.sql("UPDATE person SET next_check_on = '1900-01-01' WHERE village_id > 0").await;
        assert_eq!(night(&field).await, 45);
        assert_eq!(night(&field).await, 0);
        assert_eq!(field.house.number(count).await, 90);
        field.counters_are_exact().await;
    }

    async fn a_lead_is_told_about_until_it_is_contacted_and_verified(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &[]).await);
        night(&field).await;
        assert_eq!(tasks(&field, &field.worker, "&kind=lead_contact").await.len(), 0);
        field.pass(3).await;
        night(&field).await;
        let mine = tasks(&field, &field.worker, "&kind=lead_contact&mine=true").await;
        assert_eq!((mine.len(), &mine[0]["due_on"], &mine[0]["mine"]), (1, &json!(field.today()), &json!(true)));
        field.pass(1).await;
        night(&field).await;
        assert_eq!(tasks(&field, &field.head, "&kind=lead_contact").await.len(), 1);
        assert_eq!(tasks(&field, &field.worker, "&overdue=true").await.len(), 1);
        field.visit(&person, json!({"mode": "phone"})).await.expect(201);
        assert_eq!(tasks(&field, &field.head, "&kind=lead_contact").await.len(), 0);
        let page = field.page(&person).await;
        assert_eq!(timer(&page, "lead_verify")["until"], field.days_ago(-6));
        field.pass(7).await;
        night(&field).await;
        assert!(kinds(&field, &field.head).await.contains(&"lead_verify".to_owned()));
        field.activate(&person, "C").await;
        assert!(!kinds(&field, &field.head).await.contains(&"lead_verify".to_owned()));
    }

    async fn a_review_starts_its_timer_again_and_may_change_the_grade_or_end_the_entry(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &[]).await);
        field.activate(&person, "A").await;
        assert_eq!(field.page(&person).await["ledger"]["stages"], json!(["graded"]));
        field.visit(&person, json!({})).await.expect(201);
        assert_eq!(field.page(&person).await["ledger"]["stages"], json!(["graded", "served"]));
        assert_eq!(timer(&field.page(&person).await, "entry_review")["until"], "2027-02-23", "A: quarterly");
        field.pass(75).await;
        night(&field).await;
        let task = tasks(&field, &field.worker, "&kind=entry_review").await;
        assert_eq!((task.len(), &task[0]["due_on"]), (1, &json!("2027-02-23")));
        assert!(field.page(&person).await["ledger"]["stages"].as_array().unwrap().contains(&json!("review_due")));

        assert_eq!(review(&field, &field.worker, &person, json!({"outcome": "resume"})).await.json["rule"], "ledger.no_review");
        assert_eq!(review(&field, &field.worker, &person, json!({"note": " "})).await.status, 422);
        assert_eq!(review(&field, &field.worker, &person, json!({"outcome": "regrade"})).await.status, 422);
        assert_eq!(review(&field, &field.worker, &person, json!({"grade": "B"})).await.status, 422);
        review(&field, &field.officer, &person, json!({})).await.expect(403);
        review(&field, &field.other, &person, json!({})).await.expect(404);
        let evidence = json!([{"kind": "visit_record", "reference": "2027年2月走访"}]);
        let page = review(&field, &field.worker, &person, json!({"evidence": evidence})).await.expect(201);
        assert_eq!(page["ledger"]["reviewed_on"], field.today());
        assert_eq!(page["ledger"]["transitions"][0]["reason"], "review_keep");
        assert_eq!(page["ledger"]["transitions"][0]["evidence"], evidence);
        assert_eq!(timer(&page, "entry_review")["until"], "2027-05-06");
        assert_eq!(tasks(&field, &field.worker, "&kind=entry_review").await.len(), 0, "settled by the review");

        let page = review(&field, &field.worker, &person, json!({"outcome": "regrade", "grade": "B"})).await.expect(201);
        assert_eq!((&page["grade"], &page["ledger"]["proposed_grade"]), (&json!("A"), &json!("B")), "a second person confirms");
        let body = json!({"id": field.house.id(), "rev": page["ledger"]["rev"], "grade": "B", "basis": "同意"});
        let page = field.house.post(&field.reviewer, &format!("/persons/{person}/grade"), body).await.expect(201);
        assert_eq!(page["grade"], "B");
        assert_eq!(timer(&page, "entry_review")["until"], "2027-08-06", "B: half-yearly");
        let page = review(&field, &field.worker, &person, json!({"outcome": "exit", "reason": "need_met"})).await.expect(201);
        assert_eq!(page["ledger"]["state"], "active", "a worker only asks");
        let page = review(&field, &field.reviewer, &person, json!({"outcome": "exit", "reason": "need_met"})).await.expect(201);
        assert_eq!(page["ledger"]["state"], "exited");
        assert_eq!(timer(&page, "archive_due")["until"], field.days_ago(-30));
        field.counters_are_exact().await;
    }

    async fn suspended_entries_are_rechecked_and_exits_archived_and_taken_out_again(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &[]).await);
        field.activate(&person, "C").await;
        let step = async |who: &Caller, to: &str, more: Value| {
            let mut body = json!({"id": field.house.id(), "rev": rev(&field, &person).await, "to": to, "on": field.today()});
            for (key, value) in more.as_object().unwrap() {
                body[key] = value.clone();
            }
            field.house.post(who, &format!("/persons/{person}/ledger"), body).await
        };
        step(&field.reviewer, "suspended", json!({"reason": "hospital"})).await.expect(201);
        field.pass(83).await;
        night(&field).await;
        let task = tasks(&field, &field.head, "&kind=recheck_suspended").await;
        assert_eq!((task.len(), &task[0]["due_on"]), (1, &json!(field.days_ago(-7))));
        review(&field, &field.head, &person, json!({})).await.expect(201);
        assert_eq!(timer(&field.page(&person).await, "recheck_suspended")["until"], field.days_ago(-90));
        let page = review(&field, &field.reviewer, &person, json!({"outcome": "resume"})).await.expect(201);
        assert_eq!(page["ledger"]["state"], "active");
        assert_eq!(timer(&page, "entry_review")["until"], kernel::day::add_months(field.house.test.floor.today(), 12).to_string());

        assert_eq!(step(&field.reviewer, "exited", json!({"reason": "declined", "note": "本人不愿"})).await.status, 422, "a refusal needs evidence");
        let evidence = json!([{"kind": "other", "reference": "本人签字的退出声明"}]);
        step(&field.reviewer, "exited", json!({"reason": "declined", "note": "本人不愿", "evidence": evidence})).await.expect(201);
        field.pass(31).await;
        night(&field).await;
        assert_eq!(tasks(&field, &field.head, "&kind=archive_due").await.len(), 1);
        step(&field.worker, "archived", json!({})).await.expect(201);
        assert_eq!(tasks(&field, &field.head, "&kind=archive_due").await.len(), 0);
        assert_eq!(step(&field.worker, "exited", json!({})).await.status, 422, "taking out of the archive says why");
        let page = step(&field.worker, "exited", json!({"note": "补交材料"})).await.expect(201);
        assert_eq!((&page["ledger"]["state"], &page["ledger"]["transitions"][0]["note"]), (&json!("exited"), &json!("补交材料")));
        step(&field.worker, "archived", json!({})).await.expect(201);
        let page = step(&field.reviewer, "lead", json!({})).await.expect(201);
        assert_eq!(page["ledger"]["episode"], 2, "a reopened file is a new episode");
    }

    async fn a_red_sign_lifts_the_grade_and_closing_takes_two_people(engine) {
        let field = field(engine).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &[]).await);
        field.activate(&person, "C").await;
        field.visit(&person, json!({"risk_signs": ["R1", "R7"]})).await.expect(201);
        let page = field.page(&person).await;
        assert_eq!((&page["grade"], &page["red_open"]), (&json!("A"), &json!(1)), "orange signs open none");
        assert_eq!((&page["risks"][0]["sign"], &page["risks"][0]["state"]), (&json!("R1"), &json!("open")));
        assert_eq!(page["ledger"]["transitions"][0]["reason"], "red_sign");
        field.counters_are_exact().await;
        let grade = json!({"id": field.house.id(), "rev": page["ledger"]["rev"], "grade": "B", "basis": "已缓解", "floor_reason": "已缓解"});
        let refused = field.house.post(&field.worker, &format!("/persons/{person}/grade"), grade).await;
        assert_eq!(refused.json["rule"], "ledger.red_open");

        let risk = page["risks"][0]["id"].as_str().unwrap().to_owned();
        let close = async |who: &Caller| {
            let rev = field.page(&person).await["risks"][0]["rev"].clone();
            let body = json!({"id": field.house.id(), "rev": rev, "note": "家属陪护，已转介危机干预。"});
            field.house.post(who, &format!("/persons/{person}/risks/{risk}/close"), body).await
        };
        assert_eq!(close(&field.reviewer).await.json["rule"], "risk.not_asked");
        close(&field.officer).await.expect(403);
        close(&field.other).await.expect(404);
        let page = close(&field.worker).await.expect(201);
        assert_eq!((&page["risks"][0]["state"], &page["red_open"]), (&json!("closing"), &json!(1)));
        assert_eq!(close(&field.worker).await.json["rule"], "risk.own_request");
        assert!(kinds(&field, &field.head).await.contains(&"risk_close".to_owned()));
        let page = close(&field.reviewer).await.expect(201);
        assert_eq!((&page["risks"][0]["state"], &page["red_open"]), (&json!("closed"), &json!(0)));
        assert_eq!(page["grade"], "A", "a lower grade is again a matter of two people");
        assert!(!kinds(&field, &field.head).await.contains(&"risk_close".to_owned()));
        assert_eq!(close(&field.reviewer).await.json["rule"], "risk.closed");
        let masked = field.house.account("du", &[("SV", "430703")]).await;
        let seen = field.house.get(&masked, &format!("/persons/{person}")).await.expect(200);
        assert_eq!(seen["risks"][0]["sign"], "", "masked accounts see that there was one, not which");
    }

    async fn a_child_at_risk_does_not_leave_by_a_refusal(engine) {
        let field = field(engine).await;
        let person = enter(&field, "2015-05-01", &[]).await;
        field.activate(&person, "C").await;
        field.visit(&person, json!({"risk_signs": ["R9"]})).await.expect(201);
        let body = json!({"id": field.house.id(), "rev": rev(&field, &person).await, "to": "exited", "on": field.today(), "reason": "declined",
            "note": "监护人拒绝", "evidence": [{"kind": "other", "reference": "拒绝记录"}]});
        let refused = field.house.post(&field.reviewer, &format!("/persons/{person}/ledger"), body).await;
        assert_eq!(refused.json["rule"], "ledger.child_at_risk");
    }

    async fn a_grade_below_the_floor_needs_a_reason_and_the_suggestion_says_why(engine) {
        let field = field(engine).await;
        let person = enter(&field, "1940-05-01", &["ALONE", "ELDER80", "DIBAO"]).await;
        let path = format!("/persons/{person}/grading");
        let found = field.house.get(&field.worker, &path).await.expect(200);
        assert_eq!((&found["grade"], &found["floor"]), (&json!("A"), &json!("A")));
        assert_eq!(found["reasons"][0]["code"], "alone_old_need");
        field.house.get(&field.other, &path).await.expect(404);
        let step = |rev: Value, more: Value| {
            let mut body = json!({"id": field.house.id(), "rev": rev, "to": "active", "on": field.today()});
            for (key, value) in more.as_object().unwrap() {
                body[key] = value.clone();
            }
            body
        };
        let ledger = format!("/persons/{person}/ledger");
        let mut verify = step(rev(&field, &person).await, json!({}));
        verify["to"] = json!("verifying");
        field.house.post(&field.worker, &ledger, verify).await.expect(201);
        let low = step(rev(&field, &person).await, json!({"grade": "B"}));
        let refused = field.house.post(&field.worker, &ledger, low).await;
        assert_eq!((refused.status.as_u16(), &refused.json["fields"][0]["field"]), (422, &json!("floor_reason")), "{}", refused.text);
        let low = step(rev(&field, &person).await, json!({"grade": "B", "floor_reason": "女儿同住照料"}));
        let page = field.house.post(&field.worker, &ledger, low).await.expect(201);
        assert!(page["ledger"]["transitions"][0]["note"].as_str().unwrap().contains("女儿同住照料"));
        let page = field.house.post(&field.reviewer, &ledger, step(page["ledger"]["rev"].clone(), json!({}))).await.expect(201);
        assert_eq!(page["grade"], "B");
    }

    async fn categories_are_reviewed_and_causes_bring_a_review_forward(engine) {
        let field = field(engine).await;
        let person = enter(&field, "1950-05-01", &["DIBAO", "ALONE", "TEKUN_H"]).await;
        field.activate(&person, "B").await;
        let of = async |code: &str| {
            let page = field.page(&person).await;
            page["categories_open"].as_array().unwrap().iter().find(|c| c["category"] == code).cloned().unwrap()
        };
        let act = async |who: &Caller, code: &str, verb: &str, body: Value| {
            let c = of(code).await;
            let mut all = json!({"id": field.house.id(), "rev": c["rev"], "on": field.today()});
            for (key, value) in body.as_object().unwrap() {
                all[key] = value.clone();
            }
            field.house.post(who, &format!("/persons/{person}/categories/{}/{verb}", c["id"].as_str().unwrap()), all).await
        };
        assert_eq!(of("DIBAO").await["next_review_on"], "2027-11-23");
        assert_eq!(of("ALONE").await["next_review_on"], "2027-05-23");
        act(&field.worker, "TEKUN_H", "recheck", json!({"cause": "selfcare_changed"})).await.expect(201);
        assert_eq!((&of("TEKUN_H").await["next_review_on"], &of("TEKUN_H").await["review_cause"]), (&json!("2026-12-07"), &json!("selfcare_changed")));
        assert_eq!(act(&field.worker, "ALONE", "recheck", json!({"cause": "selfcare_changed"})).await.status, 422, "a cause of another category");
        assert_eq!(tasks(&field, &field.reviewer, "&kind=category_review").await.len(), 1, "the authority is reminded at once");

        field.pass(20).await;
        night(&field).await;
        assert_eq!(tasks(&field, &field.reviewer, "&kind=category_review&overdue=true").await.len(), 1);
        let keep = json!({"outcome": "keep", "note": "重新评估为全护理", "evidence_kind": "assessment_report", "evidence_ref": "评〔2026〕9号", "sub_code": "selfcare_none"});
        act(&field.officer, "TEKUN_H", "review", keep.clone()).await.expect(403);
        act(&field.other, "TEKUN_H", "review", keep.clone()).await.expect(404);
        assert_eq!(act(&field.worker, "DIBAO", "review", keep.clone()).await.status, 422, "a finer code of another category");
        act(&field.reviewer, "TEKUN_H", "review", keep).await.expect(201);
        assert_eq!(tasks(&field, &field.reviewer, "&kind=category_review").await.len(), 0);
        let c = of("TEKUN_H").await;
        assert_eq!((&c["reviewed_on"], &c["review_cause"], &c["sub_code"]), (&json!(field.today()), &Value::Null, &json!("selfcare_none")));
        assert_eq!(field.house.get(&field.worker, &format!("/persons/{person}/grading")).await.expect(200)["floor"], "A");
        let end = json!({"outcome": "end", "note": "子女返家同住", "evidence_kind": "visit_record", "evidence_ref": "走访"});
        let page = act(&field.worker, "ALONE", "review", end).await.expect(201);
        assert!(page["categories_open"].as_array().unwrap().iter().all(|c| c["category"] != "ALONE"));
        assert_eq!(field.house.number("SELECT COUNT(*) FROM category_review").await, 2);
        field.counters_are_exact().await;
    }

    async fn birthdays_are_proposed_to_the_worker_and_settled_by_what_she_decides(engine) {
        let field = field(engine).await;
        // Turns 80 in ten days; born on a leap day.
        let elder = enter(&field, "1946-12-03", &["ELDER60"]).await;
        let child = enter(&field, "2008-12-03", &["ORPHAN"]).await;
        for person in [&elder, &child] {
            field.activate(person, "A").await;
        }
        field.pass(9).await;
        night(&field).await;
        assert_eq!(tasks(&field, &field.worker, "&kind=age_band").await.len(), 0);
        field.pass(1).await;
        night(&field).await;
        let found = tasks(&field, &field.worker, "&kind=age_band").await;
        assert_eq!(found.len(), 2);
        let of = |person: &str| found.iter().find(|t| t["subject_id"] == person).unwrap()["detail"].clone();
        assert_eq!((&of(&elder)["category"], &of(&elder)["about"]), (&json!("ELDER80"), &json!("begin")));
        assert_eq!((&of(&child)["category"], &of(&child)["about"], &of(&child)["exit"]), (&json!("ORPHAN"), &json!("end"), &json!(true)));
        assert_eq!(field.page(&elder).await["categories"], json!(["ELDER60"]), "nothing changes silently");

        let add = json!({"id": field.house.id(), "category": "ELDER80", "from": field.today(), "evidence_kind": "id_document", "evidence_ref": "身份证", "source": "document"});
        field.house.post(&field.worker, &format!("/persons/{elder}/categories"), add).await.expect(201);
        let page = field.page(&child).await;
        let orphan = page["categories_open"][0].clone();
        let end = json!({"rev": orphan["rev"], "to": field.today(), "reason": "年满18周岁"});
        field.house.post(&field.worker, &format!("/categories/{}/end", orphan["id"].as_str().unwrap()), end).await.expect(200);
        assert_eq!(tasks(&field, &field.worker, "&kind=age_band").await.len(), 0);
        field.pass(40).await;
        night(&field).await;
        assert_eq!(tasks(&field, &field.worker, "&kind=age_band").await.len(), 0, "not told again");
        field.counters_are_exact().await;
    }

    async fn a_death_brings_the_review_of_the_dibao_household_forward(engine) {
        let field = field(engine).await;
        let (dead, left) = (enter(&field, "1940-05-01", &["DIBAO"]).await, enter(&field, "1942-05-01", &["DIBAO"]).await);
        let member = |person: &str, relation: &str| json!({"id": field.house.id(), "person_id": person, "relation": relation, "from": field.today()});
        let home = json!({"id": field.house.id(), "kind": "cohabiting", "village": VILLAGES[0], "members": [member(&dead, "0"), member(&left, "1")]});
        field.house.post(&field.head, "/households", home).await.expect(201);
        let page = field.page(&dead).await;
        let death = json!({"id": field.house.id(), "rev": page["rev"], "died_on": field.today(), "evidence_ref": "死亡证明"});
        field.house.post(&field.worker, &format!("/persons/{dead}/death"), death).await.expect(201);
        let page = field.page(&left).await;
        let dibao = &page["categories_open"][0];
        assert_eq!((&dibao["next_review_on"], &dibao["review_cause"]), (&json!("2027-02-23"), &json!("member_died")));
    }

    async fn a_task_done_late_says_why_and_the_inbox_is_in_the_order_of_limits(engine) {
        let field = field(engine).await;
        let first = id(&field.person(&field.worker, VILLAGES[0], &[]).await);
        field.pass(2).await;
        let second = id(&field.person(&field.worker, VILLAGES[1], &[]).await);
        field.pass(4).await;
        night(&field).await;
        let inbox = tasks(&field, &field.worker, "&kind=lead_contact").await;
        assert_eq!(inbox.iter().map(|t| t["subject_id"].as_str().unwrap()).collect::<Vec<_>>(), [&first, &second]);
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = field.house.get(&field.worker, &format!("/tasks?limit=1{cursor}")).await.expect(200);
            seen.extend(page["items"].as_array().unwrap().iter().map(|t| t["due_on"].clone()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), tasks(&field, &field.worker, "").await.len());
        assert!(seen.windows(2).all(|w| w[1].is_null() || w[0].as_str() <= w[1].as_str()), "{seen:?}");

        let path = format!("/tasks/{}/done", inbox[0]["id"].as_str().unwrap());
        let done = |more: Value| {
            let mut body = json!({"rev": 1, "note": "已电话联系"});
            for (key, value) in more.as_object().unwrap() {
                body[key] = value.clone();
            }
            body
        };
        let refused = field.house.post(&field.worker, &path, done(json!({}))).await;
        assert_eq!((refused.status.as_u16(), &refused.json["fields"][0]["field"]), (422, &json!("late_reason")));
        field.house.post(&field.other, &path, done(json!({}))).await.expect(404);
        let day = field.days_ago(4);
        let task = field.house.post(&field.worker, &path, done(json!({"late_reason": "entered_late", "done_on": day}))).await.expect(200);
        assert_eq!((&task["done_on"], &task["late_reason"]), (&json!(day), &json!("entered_late")));
        night(&field).await;
        assert_eq!(tasks(&field, &field.worker, "&kind=lead_contact").await.len(), 1, "done by hand is not raised again");
        let today = field.house.get(&field.head, "/today").await.expect(200);
        assert_eq!((&today["counts"]["tasks_overdue"], &today["counts"]["reviews"]), (&json!(0), &json!(0)));
        assert_eq!(field.house.get(&field.worker, "/today").await.expect(200)["counts"]["tasks_overdue"], 1);
    }

    async fn the_inbox_and_the_nightly_work_run_on_indexes(engine) {
        let field = field(engine).await;
        let mut statements = Vec::new();
        let job = Scope::<ledger::Move>::on_behalf_of(&field.house.house, timers::JOB).await.unwrap();
        statements.extend(timers::store::waiting(&job, job.today()).limit(20).statements());
        let day = job.today();
        for (who, role) in [(&field.worker, "SW"), (&field.head, "SH"), (&field.reviewer, "TR"), (&field.officer, "CA")] {
            let bearer = format!("Bearer {}", who.token);
            let (mut parts, ()) = Request::builder().header(header::AUTHORIZATION, bearer).body(()).unwrap().into_parts();
            let scope = Scope::<ReadTasks>::from_request_parts(&mut parts, &field.house.house).await.unwrap();
            for kind in [None, Some("entry_review".to_owned())] {
                for (before, account, after) in [(None, None, None), (Some(day), None, None), (None, Some(who.id), Some((day, who.id)))] {
                    let filter = inbox::Filter { done: false, kind: kind.clone(), before, account };
                    statements.extend(inbox::of_role(&scope, role.to_owned(), &filter, after).limit(51).statements());
                }
                let done = inbox::Filter { done: true, kind: kind.clone(), ..Default::default() };
                statements.extend(inbox::of_role(&scope, role.to_owned(), &done, None).limit(51).statements());
            }
        }
        assert_eq!(statements.len(), 33);
        for statement in statements {
            let text = statement.to_string();
            let plan = crate::due::plan(&field, statement).await;
            let bad = ["TEMP B-TREE", "Sort", "Seq Scan", "SCAN "].iter().find(|word| plan.contains(**word));
            assert_eq!(bad, None, "{text}\n{plan}");
            assert!(plan.contains("INDEX") || plan.contains("Index"), "{text}\n{plan}");
        }
    }
}
