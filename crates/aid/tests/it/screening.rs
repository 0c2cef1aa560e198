//! Screening: bulk and single say the same, what changed is what a full run finds, and who sees what.

use access::{Progress, Scope, testing::Caller};
use aid::{
    policies::shelf::shelf,
    screening::{
        Run,
        load::{Loaded, Reader},
        model::{self, Letter},
        run,
    },
};
use people::screening::{
    row::{screening_finding, screening_run, screening_state},
    store::{self, Filter},
};
use policy::person::{Held, State};
use serde_json::{Value, json};

use crate::{
    field::{Field, VILLAGES, field_with, id},
    history::History,
    revisions::{approved, days_from, standards},
};

/// Everybody of the county as the bulk path reads them.
async fn everybody(h: &History) -> Vec<Loaded> {
    let scope: Scope<aid::entitlements::Read> = h.f.house.scope(&h.f.officer).await;
    let place = scope.resolve("place", "430703").await.unwrap().place();
    let mut reader = Reader::new(&scope, &place, shelf().unwrap().library.dictionary()).unwrap();
    let mut all = Vec::new();
    while let Some(chunk) = reader.next().await.unwrap() {
        all.extend(chunk);
    }
    all
}

/// The facts of a person as the page shows them.
fn shown(loaded: &Loaded, codes: &[String], today: kernel::Day) -> Vec<Value> {
    let dictionary = shelf().unwrap().library.dictionary();
    let line = |code: &String| {
        let id = dictionary.fact_id(code).unwrap();
        let seen = loaded.facts.seen(id).unwrap();
        let state = match loaded.facts.state(dictionary, id, today) {
            State::Known => "known",
            State::Unknown => "unknown",
            State::NotApplicable => "none",
            State::Stale => "stale",
            State::Contradictory => "contradictory",
        };
        let value = match seen.held {
            Held::Known(value) => Some(value),
            _ => None,
        };
        json!([code, state, value, seen.source, seen.as_of])
    };
    codes.iter().map(line).collect()
}

access::on_both! {
    async fn bulk_and_single_know_the_same_of_everybody(engine) {
        let mut h = History::new(engine, 7).await;
        let mut far = 0;
        for round in 0..4 {
            for _ in 0..35 {
                h.step().await;
            }
            let bulk = everybody(&h).await;
            assert_eq!(bulk.len(), h.people.len(), "everybody who lives, round {round}");
            let mut known = 0;
            for loaded in &bulk {
                let page = h.f.house.get(&h.f.head, &format!("/persons/{}/entitlements", loaded.subject.id)).await.expect(200);
                let facts = page["facts"].as_array().unwrap();
                let codes: Vec<String> = facts.iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect();
                let single: Vec<Value> =
                    facts.iter().map(|f| json!([f["code"], f["state"], f["value"], f["source"], f["as_of"]])).collect();
                assert_eq!(shown(loaded, &codes, h.f.house.test.floor.today()), single);
                assert_eq!(loaded.standards.chain.places()[0].1, page["place"]["code"].as_str().unwrap());
                let unit = loaded.together.as_ref().map_or(1, Vec::len);
                assert_eq!((&json!(unit), &json!(loaded.together.is_some())), (&page["unit"]["members"], &page["unit"]["known"]));
                far += usize::from(loaded.standards.chain.places()[0].1 != "430703");
                known += facts.iter().filter(|f| f["state"] == "known").count();
            }
            assert!(known > bulk.len() * 2, "the test says something: {known}");
        }
        assert!(far > 0, "somebody is registered in another county");
    }

    async fn the_readers_of_the_bulk_path_are_led_by_indexes(engine) {
        if engine == ground::Engine::Postgres {
            return;
        }
        let h = History::new(engine, 1).await;
        for sql in people::screening::known::statements("county_id") {
            let values = vec![1_i32.into(), kernel::Id::nil().into(), kernel::Id::max().into()];
            let many = sql.matches('$').count();
            let values: Vec<sea_orm::Value> = values.into_iter().take(many).collect();
            let plan = h.f.house.plan(sea_orm::Statement::from_sql_and_values(sea_orm::DbBackend::Sqlite, sql.replace('$', "?"), values)).await;
            assert!(plan.contains("person_county (county_id=? AND id>?") && !plan.contains("SCAN"), "{sql}\n{plan}");
        }
    }
}

/// The county as a place for runs, under the name of the job.
async fn work(h: &Field) -> (Scope<Run>, access::Place) {
    let scope = Scope::<Run>::on_behalf_of(&h.house.house, run::JOB).await.unwrap();
    let place = scope.resolve("place", "430703").await.unwrap().place();
    (scope, place)
}

async fn screen(f: &Field) -> screening_run::Model {
    let (scope, place) = work(f).await;
    // Every run has a moment of its own.
    f.house.test.clock.advance(1);
    run::county(&scope, &place, scope.actor(), &Progress::silent()).await.unwrap()
}

/// Everything a run leaves behind: letters, bases and days of everybody, and who may fit what for how much.
async fn left(f: &Field) -> Vec<String> {
    use sea_orm::{EntityTrait as _, QueryFilter as _};
    let db = f.house.test.floor.db.read();
    let states = screening_state::Entity::find().all(db).await.unwrap();
    let kind = <screening_finding::Column as sea_orm::ColumnTrait>::eq(&screening_finding::Column::Kind, "eligible");
    let findings = screening_finding::Entity::find().filter(kind).all(db).await.unwrap();
    let states = states.into_iter().map(|s| format!("{s:?}"));
    let findings = findings.into_iter().map(|f| {
        format!("{} {} {:?} {} {:?}", f.person_id, f.policy, f.amount, f.is_example, (f.village_id, f.worker_id))
    });
    let mut all: Vec<String> = states.chain(findings).collect();
    all.sort();
    all
}

async fn tasks(f: &Field, who: &Caller, kind: &str) -> Vec<Value> {
    let list = f.house.get(who, &format!("/tasks?kind={kind}&limit=200")).await.expect(200);
    list["items"].as_array().unwrap().clone()
}

async fn found(f: &Field, who: &Caller, query: &str) -> Vec<Value> {
    let list = f.house.get(who, &format!("/screening/findings?limit=200{query}")).await.expect(200);
    list["items"].as_array().unwrap().clone()
}

async fn tell(f: &Field, person: &str, code: &str, value: i64, source: &str) {
    f.house.test.clock.advance(1);
    let body = json!({"id": f.house.id(), "code": code, "held": "value", "value": value, "source": source, "as_of": f.today()});
    f.house.post(&f.head, &format!("/persons/{person}/facts"), body).await.expect(201);
}

/// Somebody in the ledger who may fit dibao: everything told.
async fn poor(f: &Field) -> String {
    let person = id(&f.person(&f.worker, VILLAGES[0], &["ALONE"]).await);
    f.activate(&person, "B").await;
    for (code, value, source) in [
        ("hh.income_pc", 60_000, "visit"),
        ("hh.property_ok_dibao", 1, "judged"),
        ("hh.size", 1, "visit"),
        ("hh.dibao_uplift_size", 0, "visit"),
    ] {
        tell(f, &person, code, value, source).await;
    }
    person
}

async fn field(engine: ground::Engine) -> Field {
    field_with(engine, people::routes().merge(access::routes()).merge(aid::routes())).await
}

access::on_both! {
    async fn a_full_run_says_of_everybody_what_the_page_of_one_person_says(engine) {
        let mut h = History::new(engine, 11).await;
        for _ in 0..110 {
            h.step().await;
        }
        let run = screen(&h.f).await;
        assert_eq!((run.kind.as_str(), run.is_first, usize::try_from(run.seen).unwrap()), ("full", true, h.people.len()));
        let all = left(&h.f).await;
        let (mut letters, mut eligible) = (0, 0);
        for person in h.people.clone() {
            let page = h.f.house.get(&h.f.head, &format!("/persons/{person}/entitlements")).await.expect(200);
            let state = all.iter().find(|line| line.contains("statuses") && line.contains(&person)).expect("a state");
            let text = state.split("statuses: \"").nth(1).unwrap();
            let kept = model::read(text.trim_end_matches("\" }"));
            for answer in page["items"].as_array().unwrap().iter().filter(|a| a["policy"]["nature"] == "benefit") {
                let (policy, status) = (answer["policy"]["id"].as_str().unwrap(), answer["status"].as_str().unwrap());
                let found = all.iter().find(|line| line.starts_with(&format!("{person} {policy} ")));
                match kept.get(policy) {
                    Some(Letter::Eligible) => {
                        assert_eq!(status, "eligible", "{policy}");
                        let amount = format!("{:?}", answer["amount"].as_i64());
                        assert!(found.expect("a finding").contains(&amount), "{policy} {amount} {found:?}");
                        eligible += 1;
                    }
                    Some(Letter::Not) => assert_eq!(status, "not", "{policy}"),
                    Some(Letter::Receives | Letter::Outgrown) => assert_eq!(status, "receives", "{policy}"),
                    // The page looks further at what is missing.
                    None => assert_ne!(status, "receives", "{policy}"),
                    Some(Letter::Applied) => panic!("nobody applied"),
                }
                assert_eq!(found.is_some(), kept.get(policy) == Some(&Letter::Eligible), "{policy}");
                letters += usize::from(kept.contains_key(policy));
            }
        }
        assert!(letters > 100 && eligible > 3, "the test says something: {letters} {eligible}");
        assert!(!all.concat().contains("hiv_child"), "policies of restricted records are not screened");
    }

    async fn what_changed_is_what_a_full_run_finds(engine) {
        for seed in [3, 5] {
            let mut h = History::new(engine, seed).await;
            screen(&h.f).await;
            let (mut partly, mut days) = (0, h.f.today());
            for _ in 0..9 {
                for _ in 0..12 {
                    h.step().await;
                }
                let quick = screen(&h.f).await;
                assert_eq!(quick.kind, "incremental");
                partly += usize::from(usize::try_from(quick.seen).unwrap() < h.people.len());
                let after = left(&h.f).await;
                let (scope, place) = work(&h.f).await;
                h.f.house.test.clock.advance(1);
                let full = run::check(&scope, &place, &Progress::silent()).await.unwrap();
                assert_eq!((full.changed, full.missed, left(&h.f).await), (0, 0, after), "seed {seed}");
                assert_eq!(usize::try_from(full.seen).unwrap(), h.people.len());
                days = h.f.today();
            }
            assert!(partly > 0, "not everybody is looked at every time, {days}");
            let happened = (h.all.len() - h.people.len(), h.ended, h.homes());
            assert!(happened.0 > 0 && happened.1 > 1 && happened.2 > 1, "deaths, ends and homes: {happened:?}");
        }
    }

    async fn the_calendar_alone_is_noticed(engine) {
        let f = field(engine).await;
        let person = poor(&f).await;
        screen(&f).await;
        assert_eq!(found(&f, &f.worker, "&policy=dibao").await.len(), 1);
        assert_eq!(screen(&f).await.seen, 0, "nothing happened");
        f.pass(180).await;
        assert_eq!(found(&f, &f.worker, "&policy=dibao").await.len(), 1);
        f.pass(1).await;
        let run = screen(&f).await;
        assert_eq!((run.seen, run.changed), (1, 1), "income of half a year ago no longer counts");
        assert_eq!(found(&f, &f.worker, "&policy=dibao").await.len(), 0);
        let open = tasks(&f, &f.worker, "screening_unknown").await;
        assert_eq!((open.len(), &open[0]["subject_id"]), (1, &json!(person)));
        assert!(open[0]["detail"]["policies"].as_array().unwrap().contains(&json!("dibao")), "{}", open[0]);
        tell(&f, &person, "hh.income_pc", 60_000, "visit").await;
        tell(&f, &person, "hh.property_ok_dibao", 1, "judged").await;
        screen(&f).await;
        assert_eq!(tasks(&f, &f.worker, "screening_unknown").await.len(), 0, "it is known again");
        assert_eq!(tasks(&f, &f.worker, "screening_new").await.len(), 1);
    }

    async fn a_standard_that_begins_is_noticed_on_its_day(engine) {
        let f = field(engine).await;
        let second = f.house.account("sun", &[("CA", "430703")]).await;
        let person = poor(&f).await;
        tell(&f, &person, "hh.income_pc", 110_000, "visit").await;
        screen(&f).await;
        assert_eq!(found(&f, &f.worker, "&policy=dibao").await.len(), 0, "above the standard of 1000 yuan");
        let new = standards(&f, "430703", &days_from(&f, 10), json!([{"code": "dibao.std", "value": 120_000, "to": null}]));
        let draft = f.house.post(&f.officer, "/policy-revisions", new).await.expect(201);
        approved(&f, &draft, &second).await;
        assert_eq!(screen(&f).await.seen, 0, "it holds later");
        f.pass(10).await;
        let run = screen(&f).await;
        assert_eq!((run.kind.as_str(), run.seen, run.changed), ("incremental", 1, 1));
        assert_eq!(found(&f, &f.worker, "&policy=dibao").await[0]["amount"], 10_000);
        let open = tasks(&f, &f.worker, "screening_new").await;
        assert!(open.iter().any(|t| t["detail"]["policies"].as_array().unwrap().contains(&json!("dibao"))), "{open:?}");
        assert_eq!(screen(&f).await.seen, 0, "once");
    }

    async fn the_difference_is_a_task_for_who_answers_for_the_person(engine) {
        let f = field(engine).await;
        let first = poor(&f).await;
        screen(&f).await;
        assert_eq!(tasks(&f, &f.worker, "screening_new").await.len(), 0, "the first run is the baseline");
        let second = poor(&f).await;
        let run = screen(&f).await;
        assert_eq!((run.kind.as_str(), run.is_first), ("incremental", false));
        let open = tasks(&f, &f.worker, "screening_new").await;
        assert_eq!((open.len(), &open[0]["subject_id"], &open[0]["mine"]), (1, &json!(second), &json!(true)));
        assert!(open[0]["detail"]["policy"].as_str().unwrap().contains("最低生活保障"), "{}", open[0]);
        assert!(!open[0].to_string().contains("陈秀英") && !open[0].to_string().contains("60000"), "neither names nor values");
        assert!(tasks(&f, &f.other, "screening_new").await.is_empty());

        // An application: the hint has done its work, at once and for every later run.
        let wanted: Vec<Value> = open[0]["detail"]["policies"].as_array().unwrap().clone();
        for policy in &wanted {
            let body = json!({"id": f.house.id(), "person_id": second, "policy": policy});
            f.house.post(&f.worker, "/applications", body).await.expect(201);
        }
        assert_eq!(tasks(&f, &f.worker, "screening_new").await.len(), 0);
        screen(&f).await;
        let (scope, place) = work(&f).await;
        assert_eq!(run::check(&scope, &place, &Progress::silent()).await.unwrap().changed, 0);
        let people: Vec<Value> = found(&f, &f.worker, "").await.iter().map(|r| r["person"]["id"].clone()).collect();
        assert!(people.contains(&json!(first)) && !people.contains(&json!(second)));

        // Income rises: what was eligible is lost.
        tell(&f, &first, "hh.income_pc", 300_000, "visit").await;
        screen(&f).await;
        let lost = tasks(&f, &f.worker, "screening_lost").await;
        assert_eq!((lost.len(), tasks(&f, &f.worker, "screening_outgrown").await.len()), (1, 0));
        assert_eq!(found(&f, &f.worker, "&kind=lost&policy=dibao").await[0]["person"]["id"], json!(first));
    }

    async fn a_second_look_sets_a_finding_aside_while_it_holds(engine) {
        let f = field(engine).await;
        screen(&f).await;
        let person = poor(&f).await;
        screen(&f).await;
        let all = found(&f, &f.worker, "").await;
        assert!(all.iter().any(|r| r["policy"]["id"] == "dibao" && r["amount"] == 40_000 && r["is_example"] == true), "{all:?}");
        let path = |row: &Value| format!("/screening/findings/{}/dismissals", row["id"].as_str().unwrap());
        let body = |reason: &str, note: &str| json!({"id": f.house.id(), "reason": reason, "note": note});
        let wrong = f.house.post(&f.worker, &path(&all[0]), body("other", " ")).await;
        assert!(wrong.status == 422 && wrong.text.contains("写明情况"), "{}", wrong.text);
        f.house.post(&f.worker, &path(&all[0]), body("nothing", "")).await.expect(422);
        f.house.post(&f.other, &path(&all[0]), body("declined", "")).await.expect(404);
        f.house.post(&f.officer, &path(&all[0]), body("declined", "")).await.expect(403);
        for row in &all {
            let said = body("declined", "本人已知晓");
            f.house.post(&f.worker, &path(row), said.clone()).await.expect(201);
            f.house.post(&f.worker, &path(row), said).await.expect(200);
            f.house.post(&f.worker, &path(row), body("declined", "")).await.expect(409);
        }
        assert_eq!((found(&f, &f.worker, "").await.len(), tasks(&f, &f.worker, "screening_new").await.len()), (0, 0));
        let aside = found(&f, &f.head, "&dismissed=true").await;
        assert_eq!((aside.len(), &aside[0]["second_look"]["reason"]), (all.len(), &json!("declined")));
        tell(&f, &person, "hh.size", 1, "declared").await;
        screen(&f).await;
        assert_eq!(found(&f, &f.worker, "").await.len(), 0, "it stays aside while it holds");
        tell(&f, &person, "hh.income_pc", 300_000, "visit").await;
        screen(&f).await;
        f.pass(1).await;
        tell(&f, &person, "hh.income_pc", 60_000, "visit").await;
        screen(&f).await;
        assert!(found(&f, &f.worker, "&policy=dibao").await.len() == 1, "what holds anew is looked at anew");
    }

    async fn everybody_sees_the_own_reach_and_screens_the_own_place(engine) {
        let f = field(engine).await;
        let mine = poor(&f).await;
        let theirs = id(&f.person(&f.head, VILLAGES[0], &["ALONE"]).await);
        screen(&f).await;
        for who in [&f.head, &f.reviewer, &f.officer, &f.worker] {
            let people: Vec<Value> = found(&f, who, "").await.iter().map(|r| r["person"]["id"].clone()).collect();
            assert!(people.contains(&json!(mine)));
            assert!(!std::ptr::eq(who, &f.worker) || !people.contains(&json!(theirs)), "own persons only");
        }
        assert!(found(&f, &f.other, "").await.is_empty());
        assert!(found(&f, &f.other, "&place=430703001").await.is_empty());
        f.house.get(&f.other, "/screening?place=430703001").await.expect(404);
        let seen = f.house.get(&f.worker, "/screening").await.expect(200);
        let dibao = seen["policies"].as_array().unwrap().iter().find(|p| p["policy"]["id"] == "dibao").unwrap();
        assert_eq!((&dibao["eligible"]["waiting"], &dibao["eligible"]["more"], &dibao["eligible"]["new"]), (&json!(1), &json!(false), &json!(0)));
        assert_eq!((&seen["can_run"], &seen["can_dismiss"], &seen["last"]["is_first"]), (&json!(false), &json!(true), &json!(true)));
        assert!(!seen.to_string().contains("hiv"), "{seen}");
        f.house.get(&f.worker, "/screening/findings?policy=hiv_child").await.expect(422);
        f.house.get(&f.worker, "/screening/findings?kind=other").await.expect(422);
        let start = |place: &str| json!({"id": f.house.id(), "place": place});
        f.house.post(&f.worker, "/screening/runs", start("430703001")).await.expect(403);
        f.house.post(&f.head, "/screening/runs", start("430703")).await.expect(404);
        f.house.post(&f.head, "/screening/runs", start("430703001001")).await.expect(422);
        poor(&f).await;
        for (who, place, seen) in [(&f.head, "430703001", 3), (&f.officer, "430703", 1)] {
            f.house.test.clock.advance(1);
            let job = f.house.post(who, "/screening/runs", start(place)).await.expect(202)["job"].as_str().unwrap().to_owned();
            let mut state = json!(null);
            for _ in 0..400 {
                state = f.house.get(who, &format!("/jobs/{job}")).await.expect(200);
                if state["state"] != "running" {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
            assert_eq!((&state["state"], &state["result"]["seen"]), (&json!("done"), &json!(seen)), "{place}");
        }
        assert_eq!(tasks(&f, &f.worker, "screening_new").await.len(), 1, "once, by whoever came first");
    }

    async fn nobody_is_asked_to_look_at_somebody_who_died(engine) {
        let f = field(engine).await;
        screen(&f).await;
        let person = poor(&f).await;
        screen(&f).await;
        assert_eq!((tasks(&f, &f.worker, "screening_new").await.len(), found(&f, &f.worker, "&policy=dibao").await.len()), (1, 1));
        let page = f.page(&person).await;
        let body = json!({"id": f.house.id(), "rev": page["rev"], "died_on": f.today(), "evidence_ref": "死亡证明"});
        let died = f.house.post(&f.head, &format!("/persons/{person}/death"), body).await;
        assert!(died.status.is_success(), "{}", died.text);
        assert_eq!(found(&f, &f.worker, "").await.len(), 0, "at once");
        screen(&f).await;
        assert_eq!(tasks(&f, &f.worker, "screening_new").await.len(), 0);
        assert_eq!(left(&f).await, Vec::<String>::new());
    }

    async fn a_run_that_was_cut_off_goes_on(engine) {
        let mut h = History::new(engine, 2).await;
        for _ in 0..30 {
            h.step().await;
        }
        let run = screen(&h.f).await;
        let all = left(&h.f).await;
        // As it would stand after the third person.
        let mut people = h.people.clone();
        people.sort();
        let third = h.literal(&people[2]);
        h.f.house.sql(&format!("UPDATE screening_run SET state = 'running', ended_at = NULL, seen = 3, upto_id = {third}")).await;
        for table in ["screening_state", "screening_finding"] {
            h.f.house.sql(&format!("DELETE FROM {table} WHERE person_id > {third}")).await;
        }
        let again = screen(&h.f).await;
        assert_eq!((again.id, again.seen, again.is_first, again.state.as_str()), (run.id, run.seen, true, "done"));
        assert_eq!(left(&h.f).await, all);
        // What was cut off on another day is begun anew.
        h.f.house.sql(&format!("UPDATE screening_run SET state = 'running', ended_at = NULL, upto_id = {third}")).await;
        h.f.house.test.clock.advance(crate::field::DAY);
        let anew = screen(&h.f).await;
        assert!(anew.id != run.id && usize::try_from(anew.seen).unwrap() == h.people.len());
    }

    async fn a_bulk_load_makes_everybody_be_looked_at(engine) {
        let f = field(engine).await;
        poor(&f).await;
        screen(&f).await;
        assert_eq!(screen(&f).await.kind, "incremental");
        let (scope, place) = work(&f).await;
        scope
            .write(move |tx| {
                Box::pin(async move {
                    tx.append("load", "person", kernel::Id::nil(), place.id, 1, &access::audit::Detail::default()).await.map(|_| ())
                })
            })
            .await
            .unwrap();
        let run = screen(&f).await;
        assert_eq!((run.kind.as_str(), run.seen, run.changed), ("full", 1, 0));
        assert_eq!(screen(&f).await.kind, "incremental");
    }

    async fn every_list_of_findings_is_led_by_an_index(engine) {
        if engine == ground::Engine::Postgres {
            return;
        }
        let f = field(engine).await;
        poor(&f).await;
        screen(&f).await;
        let filter = |policy: Option<&str>| Filter { kind: "eligible".to_owned(), policy: policy.map(str::to_owned), dismissed: false };
        for who in [&f.worker, &f.head, &f.officer] {
            let scope: Scope<aid::screening::Read> = f.house.scope(who).await;
            for place in [None, Some("430703001"), Some("430703001001")] {
                let place = match place {
                    Some(code) => Some(scope.resolve("place", code).await.unwrap().place()),
                    None => None,
                };
                for (filter, after) in [(filter(None), None), (filter(Some("dibao")), Some(kernel::Id::max()))] {
                    for statement in store::listing(&scope, place.as_ref(), &filter, after, 21).statements() {
                        let plan = f.house.plan(statement).await;
                        assert!(plan.contains("USING INDEX screening_finding_") && !plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{plan}");
                    }
                }
            }
        }
        for sql in people::screening::changed::statements() {
            let values: Vec<sea_orm::Value> = match sql.matches('$').count() {
                2 => vec![1_i32.into(), kernel::day::parse("2026-11-23").unwrap().into()],
                _ if sql.contains("standard_id") => vec![1_i32.into(), 1_i32.into(), 1_i64.into()],
                _ => vec![1_i32.into(), kernel::Id::nil().into(), kernel::Id::max().into()],
            };
            let plan = f.house.plan(sea_orm::Statement::from_sql_and_values(sea_orm::DbBackend::Sqlite, sql.replace('$', "?"), values)).await;
            assert!(plan.contains("INDEX screening_state_") && !plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{sql}\n{plan}");
        }
    }
}
