//! Hand-overs: nothing to write for the sender at once, a read trail until it is answered and for a time after.

use access::{Scope, on_both, testing::Caller};
use people::handovers::{self, caseloads, store};
use serde_json::{Value, json};

use crate::world::{DEAN, DINGCHENG, LINJIANG, World, id, keeps_to_indexes, later, names};

/// Minutes.
const DAY: i64 = 24 * 60;

fn proposal(w: &World, person: &Value, village: &str) -> Value {
    json!({
        "id": w.house.id(), "rev": person["rev"], "village": village, "moved_on": "2026-11-23", "reason": "moved",
        "consent": "consent_oral", "address": "5组"
    })
}

async fn hand_over(w: &World, who: &Caller, person: &Value, village: &str) -> Value {
    let path = format!("/persons/{}/handover", id(person));
    w.house.post(who, &path, proposal(w, person, village)).await.expect(201)
}

async fn visit(w: &World, who: &Caller, person: &Value) -> access::testing::Answer {
    let body = json!({
        "id": w.house.id(), "person_id": person["id"], "kind": "routine", "mode": "home", "visited_on": "2026-11-20",
        "contact_result": "met", "summary": "情况稳定", "risk_signs": [], "needs": [], "services": ["visiting_care"],
        "work_field": "assistance"
    });
    w.house.post(who, "/visits", body).await
}

async fn answer(w: &World, who: &Caller, handover: &Value, act: &str, more: Value) -> access::testing::Answer {
    let mut body = json!({"id": w.house.id(), "rev": handover["rev"]});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    w.house.post(who, &format!("/handovers/{}/{act}", id(handover)), body).await
}

async fn read(w: &World, who: &Caller, person: &Value) -> Value {
    w.house.get(who, &format!("/persons/{}", id(person))).await.expect(200)
}

on_both! {
    async fn the_sender_reads_and_never_writes_until_the_trail_ends(engine) {
        let w = World::new(engine).await;
        let mut body = w.body("王秀英", LINJIANG);
        body["hukou_village"] = LINJIANG.into();
        body["categories"] = json!([w.category("DIBAO")]);
        body["phone"] = json!("13800000123");
        let person = w.enter(&w.resident, body).await;
        let told = visit(&w, &w.resident, &person).await.expect(201);
        let person = read(&w, &w.resident, &person).await;
        let at = format!("/persons/{}", id(&person));

        let wrong = w.house.post(&w.resident, &format!("{at}/handover"), proposal(&w, &person, DINGCHENG)).await;
        assert!(wrong.text.contains("same_station"), "{}", wrong.text);
        w.house.post(&w.worker, &format!("{at}/handover"), proposal(&w, &person, DEAN)).await.expect(403);
        w.house.post(&w.head, &format!("{at}/handover"), proposal(&w, &person, DEAN)).await.expect(404);
        let body = proposal(&w, &person, DEAN);
        let sent = w.house.post(&w.resident, &format!("{at}/handover"), body.clone()).await.expect(201);
        assert_eq!(w.house.post(&w.resident, &format!("{at}/handover"), body).await.status, 200, "the same id again");
        assert_eq!((&sent["state"], &sent["open"], &sent["to"]["name"]), (&json!("proposed"), &json!(true), &json!("德安居委会")));
        assert_eq!(sent["open_items"]["ledger_state"], "lead");
        assert_eq!(sent["answer_by"], "2026-11-28");
        w.figures_agree().await;

        // At once: everything to read, nothing to write.
        let seen = read(&w, &w.resident, &person).await;
        assert_eq!((&seen["answers"]["read_only"], &seen["answers"]["read_until"]), (&json!(true), &Value::Null));
        assert_eq!(seen["village"]["name"], "德安居委会");
        assert_eq!((&seen["mismatch"], &seen["hukou_village"]["name"]), (&json!(true), &json!("临江社区")));
        assert_eq!(seen["answers"]["handover"]["to"]["name"], "红云街道");
        for path in [format!("{at}/timeline"), format!("/visits/{}", id(&told)), format!("/visits?person={}", id(&person))] {
            assert!(w.house.get(&w.resident, &path).await.expect(200).to_string().contains("稳定") || path.ends_with("timeline"), "{path}");
        }
        for path in ["/persons", "/persons?q=wxy", "/persons?q=王秀英", "/persons?q=0123", "/persons?q=13800000123"] {
            assert_eq!(names(&w.house.get(&w.resident, path).await.expect(200)), ["王秀英"], "{path}");
        }
        assert_eq!(w.house.get(&w.resident, "/persons").await.expect(200)["total"]["rows"], 1, "the total counts whom the list shows");
        let file = json!({"id": w.house.id(), "list": "persons", "query": ""});
        let file = w.house.post(&w.resident, "/exports", file).await.expect(201);
        assert_eq!((&file["people"], &file["minors"]), (&json!(0), &json!(0)), "a file holds none of those who are only looked at");
        assert_eq!(w.house.get(&w.resident, "/persons").await.expect(200)["items"][0]["away"], true);
        let own = format!("/persons?place={LINJIANG}");
        assert_eq!(names(&w.house.get(&w.resident, &own).await.expect(200)), Vec::<String>::new(), "not a client of the place");
        assert_eq!(w.house.get(&w.resident, "/due").await.expect(200)["items"], json!([]), "no work of theirs");
        let rev = &seen["rev"];
        let writes = [
            ("PATCH", at.clone(), json!({"rev": rev, "note": "改"})),
            ("POST", format!("{at}/categories"), w.category("ORPHAN")),
            ("POST", format!("{at}/ledger"), json!({"id": w.house.id(), "rev": 1, "to": "verifying", "on": "2026-11-23"})),
            ("POST", format!("{at}/death"), json!({"id": w.house.id(), "rev": rev, "died_on": "2026-11-22", "evidence_ref": "1"})),
            ("POST", format!("{at}/handover"), proposal(&w, &seen, LINJIANG)),
            ("PATCH", format!("/visits/{}", id(&told)), json!({"rev": told["rev"], "summary": "改"})),
        ];
        for (method, path, body) in writes {
            let got = if method == "PATCH" { w.house.patch(&w.resident, &path, body).await } else { w.house.post(&w.resident, &path, body).await };
            assert_eq!((got.status.as_u16(), &got.json["code"]), (404, &json!("handed_over")), "{method} {path}: {}", got.text);
            assert!(got.json["title"].as_str().unwrap().contains("已移交"));
        }
        assert_eq!(visit(&w, &w.resident, &person).await.json["code"], "handed_over");
        let reveal = json!({"field": "address", "reason": "核对"});
        w.house.post(&w.resident, &format!("{at}/reveal"), reveal.clone()).await.expect(404);

        // The receiver has an inbox, the open work, and the say.
        let inbox = w.house.get(&w.head, "/handovers").await.expect(200);
        assert_eq!(inbox["items"][0]["person"]["name"], "王秀英");
        assert_eq!(w.house.get(&w.resident, "/handovers").await.expect(200)["items"], json!([]));
        assert_eq!(w.house.get(&w.resident, "/handovers?side=out").await.expect(200)["items"][0]["id"], sent["id"]);
        let tasks = w.house.get(&w.head, "/tasks").await.expect(200);
        let kinds: Vec<&str> = tasks["items"].as_array().unwrap().iter().map(|t| t["kind"].as_str().unwrap()).collect();
        assert!(kinds.contains(&"handover_incoming") && kinds.contains(&"document_missing"), "{kinds:?}");
        answer(&w, &w.resident, &sent, "accept", json!({"worker_id": w.worker.id})).await.expect(404);
        let stranger = answer(&w, &w.head, &sent, "accept", json!({"worker_id": w.resident.id})).await;
        assert!(stranger.text.contains("not_a_worker"), "{}", stranger.text);
        let yes = answer(&w, &w.head, &sent, "accept", json!({"worker_id": w.worker.id})).await.expect(201);
        assert_eq!((&yes["state"], &yes["trail_until"]), (&json!("accepted"), &json!("2027-02-21")));
        let late = answer(&w, &w.head, &yes, "decline", json!({"reason": "not_here"})).await;
        assert_eq!(late.json["rule"], "handover.answered");
        assert_eq!(read(&w, &w.worker, &person).await["worker"]["name"], "worker");
        visit(&w, &w.worker, &person).await.expect(201);
        w.house.post(&w.head, &format!("{at}/reveal"), reveal).await.expect(200);
        let seen = read(&w, &w.resident, &person).await;
        assert_eq!(seen["answers"]["read_until"], "2027-02-20");
        w.figures_agree().await;

        // Ninety days later even the page is gone; on the last day it was there.
        later(&w, 89 * DAY).await;
        read(&w, &w.resident, &person).await;
        later(&w, DAY).await;
        for path in [at.clone(), format!("{at}/timeline"), format!("/visits/{}", id(&told))] {
            w.house.get(&w.resident, &path).await.expect(404);
        }
        assert_eq!(w.house.get(&w.resident, "/persons").await.expect(200)["items"], json!([]));
        let got = w.house.patch(&w.resident, &at, json!({"rev": 1, "note": "改"})).await;
        assert_eq!((got.status.as_u16(), &got.json["code"]), (404, &json!("not_found")));
        let out = w.house.get(&w.resident, "/handovers?side=out&open=false").await.expect(200);
        assert_eq!((&out["items"][0]["state"], &out["items"][0]["person"]), (&json!("accepted"), &Value::Null));
    }

    async fn a_case_moved_in_the_middle_of_an_edit_is_lost_to_the_old_side_and_whole_on_the_new(engine) {
        let w = World::new(engine).await;
        let person = w.enter(&w.head, w.body("李国华", DEAN)).await;
        let path = format!("/persons/{}", id(&person));
        let mut body = json!({"rev": person["rev"], "worker_id": w.worker.id});
        let person = w.house.patch(&w.head, &path, body.clone()).await.expect(200);
        visit(&w, &w.worker, &person).await.expect(201);
        // The worker has the form open while the head hands the person over.
        let form = read(&w, &w.worker, &person).await;
        let sent = hand_over(&w, &w.head, &form, LINJIANG).await;
        let stale = w.house.patch(&w.worker, &path, json!({"rev": form["rev"], "note": "刚写的"})).await;
        assert_eq!((stale.status.as_u16(), &stale.json["code"]), (404, &json!("handed_over")));
        for list in ["/due", "/visits"] {
            assert_eq!(w.house.get(&w.worker, list).await.expect(200)["items"], json!([]), "{list}");
        }
        // Own acts stay readable, a colleague's place does not open.
        assert_eq!(w.house.get(&w.worker, &format!("/visits?person={}", id(&person))).await.expect(200)["items"].as_array().unwrap().len(), 1);
        w.house.get(&w.colleague, &path).await.expect(404);
        answer(&w, &w.resident, &sent, "accept", json!({"worker_id": w.resident.id})).await.expect(201);
        let now = read(&w, &w.resident, &person).await;
        body = json!({"rev": now["rev"], "note": "接手"});
        let now = w.house.patch(&w.resident, &path, body).await.expect(200);
        assert_eq!(now["note"], "接手");
        // What the new worker does afterwards is not the old one's to read.
        visit(&w, &w.resident, &person).await.expect(201);
        let old = w.house.get(&w.worker, &format!("/visits?person={}", id(&person))).await.expect(200);
        assert_eq!(old["items"].as_array().unwrap().len(), 1);
        let told = |list: Value| list["items"].as_array().unwrap().iter().filter(|i| i["kind"] == "visit").count();
        let line = format!("{path}/timeline");
        assert_eq!(told(w.house.get(&w.worker, &line).await.expect(200)), 1);
        assert_eq!(told(w.house.get(&w.resident, &line).await.expect(200)), 2, "the whole history came along");
        assert!(w.house.get(&w.resident, &line).await.text.contains("移交已接收"));
        let head = w.house.get(&w.head, &format!("/visits?person={}", id(&person))).await.expect(200);
        assert_eq!(head["items"].as_array().unwrap().len(), 2, "the sending station follows the case");
        w.figures_agree().await;
    }

    async fn what_is_declined_or_withdrawn_goes_back_with_the_worker(engine) {
        let w = World::new(engine).await;
        let person = w.enter(&w.resident, w.body("曾春兰", LINJIANG)).await;
        let sent = hand_over(&w, &w.resident, &person, DEAN).await;
        let again = w.house.post(&w.head, &format!("/persons/{}/handover", id(&person)), proposal(&w, &read(&w, &w.head, &person).await, DINGCHENG)).await;
        assert_eq!(again.json["rule"], "handover.open");
        let mute = answer(&w, &w.head, &sent, "decline", json!({"reason": "other"})).await;
        assert!(mute.text.contains("\"note\""), "{}", mute.text);
        let no = answer(&w, &w.head, &sent, "decline", json!({"reason": "not_here", "note": "村里核实未居住"})).await.expect(201);
        assert_eq!((&no["state"], &no["answer_note"]), (&json!("declined"), &json!("村里核实未居住")));
        let back = read(&w, &w.resident, &person).await;
        assert_eq!((&back["village"]["name"], &back["worker"]["name"]), (&json!("临江社区"), &json!("resident")));
        assert_eq!((&back["answers"]["read_only"], &back["answers"]["handover"]), (&json!(false), &Value::Null));
        w.house.get(&w.head, &format!("/persons/{}", id(&person))).await.expect(404);
        let tasks = w.house.get(&w.resident, "/tasks").await.expect(200).to_string();
        assert!(tasks.contains("handover_declined"), "{tasks}");
        w.figures_agree().await;

        let sent = hand_over(&w, &w.resident, &back, DEAN).await;
        answer(&w, &w.head, &sent, "withdraw", json!({"reason": "wrong_village"})).await.expect(404);
        let gone = answer(&w, &w.resident, &sent, "withdraw", json!({"reason": "wrong_village"})).await.expect(201);
        assert_eq!(gone["state"], "withdrawn");
        let back = read(&w, &w.resident, &person).await;
        w.house.patch(&w.resident, &format!("/persons/{}", id(&person)), json!({"rev": back["rev"], "note": "在家"})).await.expect(200);
        assert_eq!(w.house.get(&w.head, "/handovers").await.expect(200)["items"], json!([]));
        assert_eq!(w.house.get(&w.head, "/tasks").await.expect(200)["items"].as_array().unwrap().iter().filter(|t| t["kind"] == "handover_incoming").count(), 0);
        w.figures_agree().await;
    }

    async fn a_caseload_goes_to_a_colleague_and_nobody_is_orphaned(engine) {
        let w = World::new(engine).await;
        let mut people = Vec::new();
        for name in ["李一", "李二", "李三"] {
            people.push(w.enter(&w.worker, w.body(name, DEAN)).await);
        }
        let place = "430703002";
        let loads = w.house.get(&w.head, &format!("/caseloads?place={place}")).await.expect(200);
        let of = |loads: &Value, name: &str| loads["items"].as_array().unwrap().iter().find(|l| l["worker"]["name"] == name).cloned().unwrap();
        assert_eq!((&of(&loads, "worker")["persons"], &of(&loads, "worker")["in_office"]), (&json!(3), &json!(true)));
        assert_eq!(w.house.get(&w.head, "/caseloads/unassigned").await.expect(200)["items"], json!([]));

        let batch = w.house.id();
        let step = |w: &World, to: &Caller, persons: Value| json!({
            "id": w.house.id(), "batch_id": batch, "place": place, "from_worker_id": w.worker.id, "to_worker_id": to.id,
            "reason": "staff_moved", "person_ids": persons
        });
        w.house.post(&w.worker, "/caseloads", step(&w, &w.colleague, json!([]))).await.expect(403);
        w.house.post(&w.resident, "/caseloads", step(&w, &w.colleague, json!([]))).await.expect(404);
        let foreign = w.house.post(&w.head, "/caseloads", step(&w, &w.resident, json!([]))).await;
        assert!(foreign.text.contains("not_a_worker"), "{}", foreign.text);
        let body = step(&w, &w.colleague, json!([people[0]["id"], people[1]["id"]]));
        let done = w.house.post(&w.head, "/caseloads", body.clone()).await.expect(201);
        assert_eq!(done["left"], 1);
        assert_eq!(w.house.post(&w.head, "/caseloads", body.clone()).await.status, 200);
        let mut other = body;
        other["id"] = json!(w.house.id());
        assert_eq!(w.house.post(&w.head, "/caseloads", other).await.json["rule"], "caseload.changed");

        let list = w.house.get(&w.head, &format!("/handovers?batch={batch}")).await.expect(200);
        let listed: Vec<&str> = list["items"].as_array().unwrap().iter().map(|h| h["person"]["name"].as_str().unwrap()).collect();
        let mut listed = listed;
        listed.sort_unstable();
        assert_eq!(listed, ["李一", "李二"]);
        assert_eq!(list["items"][0]["from_worker"]["name"], "worker");
        let path = format!("/persons/{}", id(&people[0]));
        let seen = read(&w, &w.worker, &people[0]).await;
        assert_eq!(seen["answers"]["read_only"], true);
        let got = w.house.patch(&w.worker, &path, json!({"rev": seen["rev"], "note": "改"})).await;
        assert_eq!(got.json["code"], "handed_over");
        w.house.patch(&w.colleague, &path, json!({"rev": seen["rev"], "note": "接手"})).await.expect(200);
        let tasks = w.house.get(&w.colleague, "/tasks").await.expect(200);
        assert_eq!(tasks["items"].as_array().unwrap().len(), 2, "the missing documents are the colleague's now");

        // The worker leaves: the third client has nobody, and is listed until somebody takes over.
        w.house.sql(&format!("UPDATE role_grant SET state = 'ended' WHERE account_id = {}", literal(&w, w.worker.id))).await;
        let lost = w.house.get(&w.head, "/caseloads/unassigned").await.expect(200);
        assert_eq!(names(&lost), ["李三"]);
        let loads = w.house.get(&w.head, "/caseloads").await.expect(200);
        assert_eq!((&of(&loads, "worker")["persons"], &of(&loads, "worker")["in_office"]), (&json!(1), &json!(false)));
        assert_eq!(names(&w.house.get(&w.officer, "/caseloads/unassigned").await.expect(200)), ["李三"]);
        w.house.post(&w.head, "/caseloads", step(&w, &w.colleague, json!([]))).await.expect(201);
        assert_eq!(w.house.get(&w.head, "/caseloads/unassigned").await.expect(200)["items"], json!([]));
        w.figures_agree().await;
    }

    async fn lists_of_hand_overs_keep_to_an_index(engine) {
        let w = World::new(engine).await;
        let after = Some(w.house.id());
        for who in [&w.resident, &w.worker, &w.officer] {
            let scope: Scope<handovers::Read> = scope(&w, who).await;
            let persons: Scope<people::persons::Read> = scope.also().unwrap();
            let place = scope.place_or_own("place", None).await.unwrap().place();
            let filter = people::persons::store::Filter::default();
            let typed = kernel::name::query_kind("wang");
            let mut statements = Vec::new();
            statements.extend(store::incoming(&scope, None, true, after, 21).statements());
            statements.extend(store::incoming(&scope, Some(&place), false, None, 21).statements());
            statements.extend(store::sent(&scope, None, true, after, 21).statements());
            statements.extend(store::sent(&scope, Some(&place), false, None, 21).statements());
            statements.extend(store::batch(&scope, w.house.id(), after, 21).statements());
            let offices = scope.offices(&caseloads::WORKERS, &place).await.unwrap();
            for query in caseloads::orphan_queries(&scope, &offices, &place, after, 21) {
                statements.extend(query.statements());
            }
            statements.extend(people::persons::store::listing(&persons, &filter, after, 21).statements());
            statements.extend(people::persons::search::handed_over_statements(&persons, &filter, &typed));
            assert!(statements.len() >= 9, "{}", statements.len());
            for statement in statements {
                keeps_to_indexes(&w, statement).await;
            }
        }
    }
}

/// An id as both engines write it in SQL.
fn literal(w: &World, id: uuid::Uuid) -> String {
    if w.house.test.engine == ground::Engine::Postgres { format!("'{id}'") } else { format!("x'{}'", id.simple()) }
}

async fn scope<P: kernel::Permit>(w: &World, who: &Caller) -> Scope<P> {
    use axum::extract::FromRequestParts as _;
    let bearer = format!("Bearer {}", who.token);
    let (mut parts, ()) = axum::http::Request::builder().header("authorization", bearer).body(()).unwrap().into_parts();
    Scope::from_request_parts(&mut parts, &w.house.house).await.unwrap()
}
