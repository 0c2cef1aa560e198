//! Entering, finding, correcting and protecting persons.

use access::{on_both, testing::Answer};
use ground::Engine;
use serde_json::{Value, json};

use crate::world::{DEAN, DINGCHENG, LINJIANG, World, id, names, number};

const ID: &str = "430703196002290000";

fn faults(answer: &Answer) -> Vec<(String, String)> {
    let fields = answer.json["fields"].as_array().cloned().unwrap_or_default();
    let text = |f: &Value, key: &str| f[key].as_str().unwrap().to_owned();
    fields.iter().map(|f| (text(f, "field"), text(f, "code"))).collect()
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

on_both! {
    async fn a_worker_with_a_new_name_is_shown_under_it_at_the_next_request(engine) {
        let w = World::new(engine).await;
        let sa = w.house.account("sa", &[("SA", "")]).await;
        w.enter(&w.worker, w.body("王芳", DEAN)).await;
        let shown = async || w.house.get(&w.officer, "/persons").await.expect(200)["items"][0]["worker"]["name"].clone();
        assert_eq!(shown().await, "worker");
        let path = format!("/accounts/{}", w.worker.id);
        w.house.patch(&sa, &path, json!({"rev": 1, "display_name": "新名字"})).await.expect(200);
        assert_eq!(shown().await, "新名字");
    }

    async fn a_person_enters_with_everything_in_one_step(engine) {
        let w = World::new(engine).await;
        let mut body = w.numbered("阿依古丽·买买提", LINJIANG, ID);
        body["sex"] = "2".into();
        body["phone"] = "138 1234 5678".into();
        body["address"] = "3组12号".into();
        body["ethnicity"] = "05".into();
        body["categories"] = json!([w.category("DIBAO"), w.category("DIS_4_1")]);
        body["told"] = json!({"on": "2026-11-23", "way": "oral"});
        body["hukou_village"] = "430703001002".into();
        let page = w.enter(&w.resident, body.clone()).await;
        assert_eq!(page["name"], "阿依古丽·买买提");
        assert_eq!(page["age"], 66);
        assert_eq!(page["birth_date"], "1960-02-29");
        assert_eq!(page["id_number_masked"], "430703********0000");
        assert_eq!(page["phone_masked"], "138****5678");
        assert_eq!(page["address_masked"], "玉霞街道 / 临江社区 ****");
        assert_eq!(page["categories"], json!(["DIBAO", "DIS_4_1"]));
        assert_eq!(page["mismatch"], true);
        assert_eq!(page["ledger"]["state"], "lead");
        assert_eq!(page["ledger"]["new_found"], false, "a statutory category was known at entry");
        assert_eq!(page["ledger"]["allowed"], json!(["verifying", "dismissed"]));
        assert_eq!(page["worker"]["name"], "resident");
        assert_eq!(page["told"]["way"], "oral");
        assert_eq!(page["next_due_on"], "2026-11-26", "first contact within three days");
        assert_eq!(page["warnings"], json!([]));

        let again = w.house.post(&w.resident, "/persons", body.clone()).await;
        assert_eq!(again.status, 200);
        assert_eq!(again.json, page);
        body["name"] = "别人".into();
        w.house.post(&w.resident, "/persons", body).await.expect(409);
        assert_eq!(w.house.number("SELECT COUNT(*) FROM person").await, 1);
        assert_eq!(w.house.number("SELECT COUNT(*) FROM residence WHERE to_on IS NULL").await, 1);
        assert_eq!(w.house.number("SELECT n FROM client_counter WHERE category = 'DIS_SEVERE' AND place_id = (SELECT county_id FROM person)").await, 1);
        w.figures_agree().await;
    }

    async fn a_person_without_category_or_document_is_served_too(engine) {
        let w = World::new(engine).await;
        let page = w.enter(&w.worker, w.body("李四", DEAN)).await;
        assert_eq!(page["categories"], json!([]));
        assert_eq!(page["ledger"]["new_found"], true);
        assert!(page["id_number_masked"].as_str().unwrap().starts_with("TMP-430703002-"), "{page}");
        let tasks = w.house.get(&w.worker, "/tasks").await.expect(200);
        assert_eq!(tasks["items"][0]["kind"], "document_missing");
        assert_eq!(w.house.number("SELECT COUNT(*) FROM served_counter").await, 0, "no target person");
        w.figures_agree().await;
    }

    async fn every_wrong_field_is_answered_with_a_sentence(engine) {
        let w = World::new(engine).await;
        let long = |n: usize| Value::from("长".repeat(n));
        let category = |key: &str, value: Value| {
            let mut category = w.category("DIBAO");
            category[key] = value;
            json!([category])
        };
        let cases = [
            ("name", json!(""), "name"),
            ("name", long(51), "name"),
            ("name", json!("王\u{200b}芳"), "name"),
            ("name", json!(7), "name"),
            ("name", json!("王\u{0}"), "name"),
            ("sex", json!("3"), "sex"),
            ("birth_date", json!("2026-11-24"), "birth_date"),
            ("birth_date", json!("0001-01-01"), "birth_date"),
            ("birth_date", json!("2026-02-30"), "birth_date"),
            ("doc_type", json!("ticket"), "doc_type"),
            ("number", json!("430703196002290001"), "number"),
            ("number", json!("430703196002300000"), "number"),
            ("number", json!("4307"), "number"),
            ("number", json!(null), "number"),
            ("phone", json!("12345"), "phone"),
            ("village", json!("430703"), "village"),
            ("village", json!("999999999999"), "village"),
            ("village", json!("临江"), "village"),
            ("hukou_village", json!("43"), "hukou_village"),
            ("address", long(201), "address"),
            ("hukou_address", long(201), "hukou_address"),
            ("residence_since", json!("2027-01-01"), "residence_since"),
            ("residence_since", json!("1950-01-01"), "residence_since"),
            ("usual_name", long(51), "usual_name"),
            ("former_names", json!(vec!["张"; 11]), "former_names"),
            ("ethnicity", json!("77"), "ethnicity"),
            ("marital", json!("99"), "marital"),
            ("education", json!("x"), "education"),
            ("political", json!("99"), "political"),
            ("nationality", json!("XXX"), "nationality"),
            ("lead_source", json!("dream"), "lead_source"),
            ("note", long(4001), "note"),
            ("categories", category("category", json!("NOPE")), "categories[0].category"),
            ("categories", category("from", json!("2027-01-01")), "categories[0].from"),
            ("categories", category("from", json!("1950-01-01")), "categories[0].from"),
            ("categories", category("evidence_kind", json!("gossip")), "categories[0].evidence_kind"),
            ("categories", category("evidence_ref", json!(" ")), "categories[0].evidence_ref"),
            ("categories", category("evidence_ref", long(201)), "categories[0].evidence_ref"),
            ("categories", category("source", json!("rumour")), "categories[0].source"),
            ("told", json!({"on": "2027-01-01", "way": "oral"}), "told.on"),
            ("told", json!({"on": "2026-01-01", "way": "dance"}), "told.way"),
            ("id", json!("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "id"),
            ("favourite_colour", json!("red"), "favourite_colour"),
        ];
        for (field, value, expected) in cases {
            let mut body = w.numbered("王芳", LINJIANG, ID);
            body[field] = value.clone();
            let answer = w.house.post(&w.resident, "/persons", body).await;
            assert_eq!(answer.status, 422, "{field} = {value}: {}", answer.text);
            assert!(faults(&answer).iter().any(|(f, _)| f == expected), "{field} = {value}: {}", answer.text);
            for fault in answer.json["fields"].as_array().unwrap() {
                assert!(is_chinese(fault["message"].as_str().unwrap()), "{fault}");
            }
        }
        let mut body = w.body("王芳", LINJIANG);
        body["no_number_reason"] = " ".into();
        let answer = w.house.post(&w.resident, "/persons", body).await;
        assert_eq!(faults(&answer), [("no_number_reason".to_owned(), "required".to_owned())]);
        assert_eq!(w.house.number("SELECT COUNT(*) FROM person").await, 0);
    }

    async fn an_old_number_is_upgraded_and_disagreements_are_warnings(engine) {
        let w = World::new(engine).await;
        let mut body = w.numbered("王强", LINJIANG, "130503670401001");
        body["sex"] = "2".into();
        body["birth_date"] = "1967-05-01".into();
        let page = w.enter(&w.resident, body).await;
        let codes: Vec<_> = page["warnings"].as_array().unwrap().iter().map(|x| x["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["upgraded", "sex_differs", "birth_differs"]);
        let found = w.house.get(&w.resident, "/persons?q=130503196704010016").await.expect(200);
        assert_eq!(names(&found), ["王强"]);
    }

    async fn restricted_categories_are_refused_and_unknown_to_filters(engine) {
        let w = World::new(engine).await;
        let page = w.enter(&w.resident, w.body("赵敏", LINJIANG)).await;
        for code in ["MENTAL", "CORRECTION", "DETOX", "RECOVERY", "DV_VICTIM", "VICTIM_MINOR"] {
            let mut body = w.body("钱二", LINJIANG);
            body["categories"] = json!([w.category(code)]);
            let refused = w.house.post(&w.resident, "/persons", body).await;
            assert_eq!(refused.json["rule"], "category.restricted", "{code}");
            let path = format!("/persons/{}/categories", id(&page));
            let refused = w.house.post(&w.resident, &path, w.category(code)).await;
            assert_eq!(refused.json["rule"], "category.restricted", "{code}");
            let listed = w.house.get(&w.resident, &format!("/persons?category={code}")).await;
            assert_eq!(listed.status, 422, "{code}");
        }
    }

    async fn a_number_known_inside_is_refused_and_one_outside_is_a_task_for_the_county(engine) {
        let w = World::new(engine).await;
        let first = w.enter(&w.resident, w.numbered("王芳", LINJIANG, ID)).await;
        let inside = w.house.post(&w.resident, "/persons", w.numbered("王芳", DINGCHENG, ID)).await;
        assert_eq!((inside.status.as_u16(), &inside.json["rule"]), (409, &json!("person.duplicate_number")));
        assert!(inside.json["title"].as_str().unwrap().contains(first["id"].as_str().unwrap()));

        let outside = w.house.post(&w.worker, "/persons", w.numbered("王芳", DEAN, ID)).await;
        assert_eq!(outside.status, 201);
        let plain = w.house.post(&w.worker, "/persons", w.numbered("刘洋", DEAN, &number("19700101", 1))).await;
        let keys = |answer: &Answer| answer.json.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&outside), keys(&plain), "the answer is the same");
        assert!(!outside.text.contains(first["id"].as_str().unwrap()));
        let tasks = w.house.get(&w.officer, "/tasks").await.expect(200);
        assert_eq!(tasks["items"].as_array().unwrap().len(), 1);
        assert_eq!(tasks["items"][0]["kind"], "duplicate_person");
        assert_eq!(tasks["items"][0]["detail"]["others"][0], first["id"]);

        // A colleague's client lies outside the reach of own clients.
        let colleague = w.house.post(&w.colleague, "/persons", w.numbered("王芳", DEAN, ID)).await;
        assert_eq!(colleague.status, 201);
        w.figures_agree().await;
    }

    async fn likely_duplicates_are_hinted_inside_the_scope_only(engine) {
        let w = World::new(engine).await;
        let first = w.enter(&w.resident, w.numbered("单芳", LINJIANG, ID)).await;
        let ask = |name: &str, more: Value| {
            let mut body = json!({"name": name});
            for (key, value) in more.as_object().unwrap() {
                body[key] = value.clone();
            }
            body
        };
        let why = |answer: Value| {
            let items = answer["items"].as_array().unwrap().clone();
            items.iter().map(|i| (i["person"]["id"].clone(), i["why"].clone())).collect::<Vec<_>>()
        };
        let path = "/persons/duplicates";
        let by_number = w.house.post(&w.resident, path, ask("别名", json!({"number": "43070319600229 0000"}))).await;
        assert_eq!(why(by_number.expect(200)), [(first["id"].clone(), json!(["same_number"]))]);
        let by_birth = w.house.post(&w.resident, path, ask("单芳", json!({"birth_date": "1960-02-29", "village": DINGCHENG}))).await;
        assert_eq!(why(by_birth.expect(200)), [(first["id"].clone(), json!(["same_name_birth"]))]);
        let by_sound = w.house.post(&w.resident, path, ask("山方", json!({"village": LINJIANG}))).await;
        assert_eq!(why(by_sound.expect(200)), [(first["id"].clone(), json!(["sounds_alike", "no_birth", "same_village"]))]);
        let by_name = w.house.post(&w.resident, path, ask("单芳", json!({"village": LINJIANG}))).await;
        assert_eq!(why(by_name.expect(200)), [(first["id"].clone(), json!(["same_name_village"]))]);
        let elsewhere = w.house.post(&w.worker, path, ask("单芳", json!({"number": ID, "birth_date": "1960-02-29", "village": LINJIANG}))).await;
        assert_eq!(why(elsewhere.expect(200)), []);
    }

    async fn people_are_found_by_name_sound_initials_and_last_four(engine) {
        let w = World::new(engine).await;
        let mut body = w.numbered("单曾", LINJIANG, ID);
        body["phone"] = "13812345678".into();
        body["usual_name"] = "曾大妈".into();
        let page = w.enter(&w.resident, body).await;
        w.enter(&w.resident, w.body("单曾氏", LINJIANG)).await;
        w.enter(&w.resident, w.body("欧阳娜", LINJIANG)).await;
        w.enter(&w.resident, w.body("𠮷田", DINGCHENG)).await;
        w.enter(&w.resident, w.body("阿依古丽·买买提", DINGCHENG)).await;
        w.enter(&w.worker, w.body("单曾", DEAN)).await;
        for (q, by, expected) in [
            ("单曾", "name", &["单曾", "单曾氏"][..]),
            ("单", "name", &["单曾", "单曾氏"]),
            ("曾大妈", "name", &["单曾"]),
            ("shanzeng", "pinyin", &["单曾", "单曾氏"]),
            ("danzeng", "pinyin", &["单曾", "单曾氏"]),
            ("Shan ceng", "pinyin", &["单曾", "单曾氏"]),
            ("sz", "initials", &["单曾", "单曾氏"]),
            ("dz", "initials", &["单曾", "单曾氏"]),
            ("szs", "initials", &["单曾氏"]),
            ("oyn", "initials", &["欧阳娜"]),
            ("ouyangna", "pinyin", &["欧阳娜"]),
            ("𠮷", "name", &["𠮷田"]),
            ("阿依古丽.买买提", "name", &["阿依古丽·买买提"]),
            ("阿依古丽•", "name", &["阿依古丽·买买提"]),
            (ID, "id_number", &["单曾"]),
            ("430703 1960 0229 0000", "id_number", &["单曾"]),
            ("0000", "id_last4", &["单曾"]),
            ("5678", "phone_last4", &["单曾"]),
            ("138-1234-5678", "phone", &["单曾"]),
            ("9999", "", &[]),
            ("钱", "", &[]),
        ] {
            let found = w.house.get(&w.resident, &format!("/persons?q={q}")).await.expect(200);
            assert_eq!(names(&found), expected, "{q}");
            for item in found["items"].as_array().unwrap() {
                assert_eq!(item["matched"]["by"], by, "{q}");
            }
            assert_eq!(found["next"], Value::Null);
        }
        for bad in ["s", "43070319600", &"长".repeat(65)] {
            assert_eq!(w.house.get(&w.resident, &format!("/persons?q={bad}")).await.status, 422, "{bad}");
        }
        // The county sees both townships, above it all counties are asked.
        for path in ["/persons?q=shanzeng", "/persons?q=shanzeng&place=4307", "/persons?q=shanzeng&place=43"] {
            let found = w.house.get(&w.officer, path).await.expect(200);
            assert_eq!(found["items"].as_array().unwrap().len(), 3, "{path}");
        }
        assert_eq!(names(&w.house.get(&w.officer, "/persons?q=0000&place=4307").await.expect(200)), ["单曾"]);
        let only = w.house.get(&w.officer, &format!("/persons?q=sz&place={DEAN}")).await.expect(200);
        assert_eq!(only["items"].as_array().unwrap().len(), 1);
        let graded = w.house.get(&w.officer, "/persons?q=sz&grade=A").await.expect(200);
        assert_eq!(names(&graded), Vec::<String>::new());

        // Keys follow a correction.
        let path = format!("/persons/{}", id(&page));
        w.house.patch(&w.resident, &path, json!({"rev": page["rev"], "name": "曾单", "phone": null})).await.expect(200);
        assert_eq!(names(&w.house.get(&w.resident, "/persons?q=zengdan").await.expect(200)), ["曾单"]);
        assert_eq!(names(&w.house.get(&w.resident, "/persons?q=5678").await.expect(200)), Vec::<String>::new());
    }

    async fn a_supervisor_sees_masked_names_and_numbers(engine) {
        let w = World::new(engine).await;
        let mut body = w.numbered("王小芳", LINJIANG, ID);
        body["usual_name"] = "芳姐".into();
        body["former_names"] = json!(["王大丫"]);
        body["note"] = "女儿王丽在外".into();
        body["categories"] = json!([w.category("DIBAO")]);
        let page = w.enter(&w.resident, body).await;
        let shown = w.house.get(&w.supervisor, &format!("/persons/{}", id(&page))).await;
        let json = shown.json;
        assert_eq!((&json["name"], &json["usual_name"], &json["note"]), (&json!("王**"), &json!("芳**"), &Value::Null));
        assert_eq!(json["birth_date"], Value::Null);
        for hidden in ["王小芳", "芳姐", "王大丫", "王丽", "鼎民字"] {
            assert!(!shown.text.contains(hidden), "{hidden}");
        }
        assert_eq!(names(&w.house.get(&w.supervisor, "/persons").await.expect(200)), ["王**"]);
        w.house.post(&w.supervisor, "/persons", w.body("新人", LINJIANG)).await.expect(403);
        let reveal = json!({"field": "name", "reason": "督导"});
        w.house.post(&w.supervisor, &format!("/persons/{}/reveal", id(&page)), reveal).await.expect(403);
    }

    async fn a_reveal_needs_a_reason_and_has_an_hourly_limit(engine) {
        let w = World::new(engine).await;
        let mut body = w.numbered("王芳", LINJIANG, ID);
        body["phone"] = "13812345678".into();
        let page = w.enter(&w.resident, body).await;
        let path = format!("/persons/{}/reveal", id(&page));
        let bare = w.house.post(&w.resident, &path, json!({"field": "phone", "reason": " "})).await;
        assert_eq!(bare.status, 422);
        let empty = w.house.post(&w.resident, &path, json!({"field": "address", "reason": "送医"})).await;
        assert_eq!(empty.status, 422);
        for (field, value) in [("id_number", ID), ("phone", "13812345678"), ("name", "王芳")] {
            let got = w.house.post(&w.resident, &path, json!({"field": field, "reason": "协助申请"})).await.expect(200);
            assert_eq!(got["value"], value);
        }
        for _ in 3..30 {
            w.house.post(&w.resident, &path, json!({"field": "phone", "reason": "协助申请"})).await.expect(200);
        }
        w.house.post(&w.resident, &path, json!({"field": "phone", "reason": "协助申请"})).await.expect(429);
        assert_eq!(w.house.number("SELECT COUNT(*) FROM audit WHERE action = 'reveal'").await, 30);
    }

    async fn a_worker_of_another_township_gets_404_everywhere(engine) {
        let w = World::new(engine).await;
        let mut body = w.numbered("王芳", LINJIANG, ID);
        body["categories"] = json!([w.category("DIBAO")]);
        let page = w.enter(&w.resident, body).await;
        let person = id(&page);
        let category = page["categories_open"][0]["id"].as_str().unwrap();
        let today = "2026-11-23";
        for who in [&w.worker, &w.head] {
            for (path, body) in [
                (format!("/persons/{person}"), None),
                (format!("/persons/{person}/reveal"), Some(json!({"field": "name", "reason": "好奇"}))),
                (format!("/persons/{person}/categories"), Some(w.category("NEAR"))),
                (format!("/categories/{category}/end"), Some(json!({"rev": 1, "to": today, "reason": "停保"}))),
                (format!("/persons/{person}/ledger"), Some(json!({"id": w.house.id(), "rev": 1, "to": "verifying", "on": today}))),
                (format!("/persons/{person}/grade"), Some(json!({"id": w.house.id(), "rev": 1, "grade": "A", "basis": "独居"}))),
                (format!("/persons/{person}/death"), Some(json!({"id": w.house.id(), "rev": 1, "died_on": today, "evidence_ref": "证明"}))),
            ] {
                let answer = match body {
                    None => w.house.get(who, &path).await,
                    Some(body) => w.house.post(who, &path, body).await,
                };
                assert_eq!(answer.status, 404, "{path}: {}", answer.text);
            }
            let change = json!({"rev": 1, "name": "改名"});
            w.house.patch(who, &format!("/persons/{person}"), change).await.expect(404);
            assert_eq!(names(&w.house.get(who, "/persons?place=430703").await.expect(200)), Vec::<String>::new());
            w.house.post(who, "/persons", w.body("外乡人", LINJIANG)).await.expect(404);
        }
        // Own clients: a colleague at the same station does not see them, the head does.
        let own = w.enter(&w.worker, w.body("李四", DEAN)).await;
        w.house.get(&w.colleague, &format!("/persons/{}", id(&own))).await.expect(404);
        w.house.get(&w.head, &format!("/persons/{}", id(&own))).await.expect(200);
    }

    async fn a_correction_of_an_old_copy_is_stale(engine) {
        let w = World::new(engine).await;
        let page = w.enter(&w.resident, w.body("王芳", LINJIANG)).await;
        let path = format!("/persons/{}", id(&page));
        let after = w.house.patch(&w.resident, &path, json!({"rev": page["rev"], "marital": "20"})).await.expect(200);
        assert_eq!(after["marital"], "20");
        let stale = w.house.patch(&w.resident, &path, json!({"rev": page["rev"], "marital": "30"})).await;
        assert_eq!((stale.status.as_u16(), &stale.json["rev"]), (409, &after["rev"]));
        let cleared = w.house.patch(&w.resident, &path, json!({"rev": after["rev"], "marital": null})).await.expect(200);
        assert_eq!(cleared["marital"], Value::Null);
        let doc = json!({"rev": cleared["rev"], "doc_type": "citizen_id", "number": ID, "birth_date": "1960-02-29"});
        let doc = w.house.patch(&w.resident, &path, doc).await.expect(200);
        assert_eq!(doc["id_number_masked"], "430703********0000");
        assert_eq!(doc["documents"][0]["doc_type"], "citizen_id");
    }

    async fn a_move_inside_the_reach_keeps_history_and_figures(engine) {
        let w = World::new(engine).await;
        let mut body = w.body("王芳", LINJIANG);
        body["categories"] = json!([w.category("DIBAO")]);
        body["residence_since"] = "2020-01-01".into();
        let page = w.enter(&w.resident, body).await;
        let path = format!("/persons/{}", id(&page));
        let early = json!({"rev": page["rev"], "village": DINGCHENG, "residence_since": "2019-01-01"});
        assert_eq!(w.house.patch(&w.resident, &path, early).await.status, 422);
        let out = json!({"rev": page["rev"], "village": DEAN});
        w.house.patch(&w.resident, &path, out).await.expect(404);
        let step = json!({"rev": page["rev"], "village": DINGCHENG, "residence_since": "2026-10-01"});
        let moved = w.house.patch(&w.resident, &path, step).await.expect(200);
        assert_eq!(moved["village"]["name"], "鼎城社区");
        assert_eq!(w.house.number("SELECT COUNT(*) FROM residence WHERE from_on = '2020-01-01' AND to_on = '2026-10-01'").await, 1);
        assert_eq!(w.house.number("SELECT COUNT(*) FROM residence WHERE from_on = '2026-10-01' AND to_on IS NULL").await, 1);
        w.figures_agree().await;
        assert_eq!(names(&w.house.get(&w.resident, &format!("/persons?place={LINJIANG}")).await.expect(200)), Vec::<String>::new());
        let since = json!({"rev": moved["rev"], "residence_since": "2026-11-01"});
        w.house.patch(&w.resident, &path, since).await.expect(200);
        assert_eq!(w.house.number("SELECT COUNT(*) FROM residence WHERE from_on = '2026-11-01' AND to_on IS NULL").await, 1);
    }

    async fn clients_are_handed_over_by_the_head_not_by_the_worker(engine) {
        let w = World::new(engine).await;
        let page = w.enter(&w.worker, w.body("王芳", DEAN)).await;
        let path = format!("/persons/{}", id(&page));
        let to = |caller: &access::testing::Caller, page: &Value| json!({"rev": page["rev"], "worker_id": caller.id});
        let refused = w.house.patch(&w.worker, &path, to(&w.colleague, &page)).await;
        assert_eq!(refused.json["rule"], "person.handover");
        let stranger = w.house.patch(&w.head, &path, to(&w.resident, &page)).await;
        assert_eq!(faults(&stranger), [("worker_id".to_owned(), "not_a_worker".to_owned())]);
        w.house.patch(&w.head, &path, to(&w.colleague, &page)).await.expect(200);
        w.house.get(&w.colleague, &path).await.expect(200);
        w.house.get(&w.worker, &path).await.expect(404);
    }

    async fn a_death_ends_categories_ledger_and_timers_and_tells_the_township(engine) {
        let w = World::new(engine).await;
        let mut body = w.numbered("王芳", LINJIANG, ID);
        body["categories"] = json!([w.category("DIBAO"), w.category("ELDER80")]);
        let page = w.enter(&w.resident, body).await;
        let path = format!("/persons/{}/death", id(&page));
        let mut death = json!({"id": w.house.id(), "rev": page["rev"], "died_on": "2026-11-24", "evidence_ref": "火化证"});
        assert_eq!(w.house.post(&w.resident, &path, death.clone()).await.status, 422);
        death["died_on"] = "1950-01-01".into();
        assert_eq!(w.house.post(&w.resident, &path, death.clone()).await.status, 422);
        death["died_on"] = "2026-11-20".into();
        let after = w.house.post(&w.resident, &path, death.clone()).await.expect(201);
        assert_eq!(after["ledger"]["state"], "dismissed");
        assert_eq!(after["categories"], json!([]));
        assert_eq!(after["categories_closed"][0]["to"], "2026-11-20");
        assert_eq!(after["next_due_on"], Value::Null);
        assert_eq!(w.house.post(&w.resident, &path, death).await.status, 200);
        let tasks = w.house.get(&w.reviewer, "/tasks").await.expect(200);
        assert_eq!(tasks["items"][0]["kind"], "person_died");
        assert_eq!(tasks["items"][0]["due_on"], "2027-02-20", "a dibao household is checked again within three months");
        let again = w.category("NEAR");
        let refused = w.house.post(&w.resident, &format!("/persons/{}/categories", id(&page)), again).await;
        assert_eq!(refused.json["rule"], "person.dead");
        assert_eq!(w.house.number("SELECT COUNT(*) FROM client_counter WHERE grade <> '!'").await, 0);
        w.figures_agree().await;
    }

    async fn lists_filter_page_and_keep_their_order(engine) {
        let w = World::new(engine).await;
        for n in 0..7 {
            let mut body = w.body(&format!("人{n}"), if n % 2 == 0 { LINJIANG } else { DINGCHENG });
            if n % 3 == 0 {
                body["categories"] = json!([w.category("DIS_4_1")]);
            }
            w.enter(&w.resident, body).await;
        }
        let all = w.house.get(&w.resident, "/persons?limit=3").await.expect(200);
        assert_eq!(names(&all), ["人6", "人5", "人4"]);
        let next = all["next"].as_str().unwrap();
        let more = w.house.get(&w.resident, &format!("/persons?limit=3&cursor={next}")).await.expect(200);
        assert_eq!(names(&more), ["人3", "人2", "人1"]);
        for (query, expected) in [
            ("category=DIS", &["人6", "人3", "人0"][..]),
            ("category=DIS_4_1&category=DIBAO", &["人6", "人3", "人0"]),
            ("category=DIBAO", &[]),
            ("state=lead&state=active&category=DIS", &["人6", "人3", "人0"]),
            ("state=active", &[]),
            ("grade=A&grade=B", &[]),
            ("place=430703001002", &["人5", "人3", "人1"]),
            ("place=43", &["人6", "人5", "人4", "人3", "人2", "人1", "人0"]),
            ("place=44", &[]),
        ] {
            assert_eq!(names(&w.house.get(&w.resident, &format!("/persons?{query}")).await.expect(200)), expected, "{query}");
        }
        for bad in ["category=X", "grade=D", "state=gone", "place=x", "limit=0", "limit=201", "cursor=zz", "colour=red"] {
            assert_eq!(w.house.get(&w.resident, &format!("/persons?{bad}")).await.status, 422, "{bad}");
        }
    }

    async fn writes_at_the_same_moment_neither_lose_nor_double_anything(engine) {
        let w = World::new(engine).await;
        let page = w.enter(&w.resident, w.body("王芳", LINJIANG)).await;
        let path = format!("/persons/{}/categories", id(&page));
        let assign = async |code: &str| w.house.post(&w.resident, &path, w.category(code)).await.status.as_u16();
        let enter = async |name: &str| w.house.post(&w.resident, "/persons", w.numbered(name, LINJIANG, ID)).await.status.as_u16();
        let (a, b, c, d, e, f, g, h) = tokio::join!(
            assign("DIBAO"), assign("DIS_4_1"), assign("ELDER80"), assign("ALONE"), enter("甲"), enter("乙"), enter("丙"), enter("丁")
        );
        assert_eq!([a, b, c, d], [201; 4]);
        let mut entered = [e, f, g, h];
        entered.sort_unstable();
        assert_eq!(entered, [201, 409, 409, 409]);
        let after = w.house.get(&w.resident, &format!("/persons/{}", id(&page))).await.expect(200);
        assert_eq!(after["categories"].as_array().unwrap().len(), 4);
        w.figures_agree().await;
    }

    async fn categories_overlap_end_and_begin_again(engine) {
        let w = World::new(engine).await;
        let page = w.enter(&w.resident, w.body("王芳", LINJIANG)).await;
        let path = format!("/persons/{}/categories", id(&page));
        let severe = w.category("DIS_4_1");
        let page = w.house.post(&w.resident, &path, severe.clone()).await.expect(201);
        assert_eq!(w.house.post(&w.resident, &path, severe).await.status, 200);
        let twice = w.house.post(&w.resident, &path, w.category("DIS_4_1")).await;
        assert_eq!(twice.json["rule"], "category.already_open");
        w.house.post(&w.resident, &path, w.category("DIS_1_2")).await.expect(201);
        let first = &page["categories_open"][0];
        let end = |to: &str| json!({"rev": first["rev"], "to": to, "reason": "证件到期"});
        let end_path = format!("/categories/{}/end", id(first));
        assert_eq!(w.house.post(&w.resident, &end_path, end("2025-01-01")).await.status, 422);
        assert_eq!(w.house.post(&w.resident, &end_path, end("2026-12-01")).await.status, 422);
        let after = w.house.post(&w.resident, &end_path, end("2026-11-23")).await.expect(200);
        assert_eq!(after["categories"], json!(["DIS_1_2"]), "the shared bit stays");
        assert_eq!(w.house.post(&w.resident, &end_path, end("2026-11-23")).await.status, 409);
        w.house.post(&w.resident, &path, w.category("DIS_4_1")).await.expect(201);
        w.figures_agree().await;
    }
}

/// Numbers, telephones and addresses are nowhere in the database file in clear, nor in any answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_stands_in_clear_in_the_database_or_an_answer() {
    let w = World::new(Engine::Sqlite).await;
    let (phone, address) = ("13812345678", "金丹路七号院三栋");
    let mut body = w.numbered("王芳", LINJIANG, ID);
    body["phone"] = phone.into();
    body["address"] = address.into();
    body["hukou_address"] = address.into();
    let made = w.house.post(&w.resident, "/persons", body).await;
    let path = format!("/persons/{}", id(&made.json));
    let change = json!({"rev": made.json["rev"], "phone": "13912345679", "address": "金丹路八号", "name": "王芳芳"});
    let mut answers = vec![made.text, w.house.patch(&w.resident, &path, change).await.text];
    for path in [
        path.as_str(),
        "/persons",
        "/persons?q=0000",
        &format!("/persons?q={ID}"),
        &format!("/records/person/{}/history", id(&made.json)),
    ] {
        answers.push(w.house.get(&w.resident, path).await.text);
    }
    w.house.number("PRAGMA wal_checkpoint(PASSIVE)").await;
    let folder = w.house.test.floor.folder.database();
    let mut stored = Vec::new();
    for file in std::fs::read_dir(folder.parent().unwrap()).unwrap() {
        stored.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    assert!(stored.windows(6).any(|part| part == "王芳".as_bytes()), "the name is there, so the file was read");
    for secret in [ID, phone, "13912345679", address, "金丹路八号"] {
        assert!(!stored.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret} stands in the database");
        assert!(answers.iter().all(|text| !text.contains(secret)), "{secret} stands in an answer");
    }
}
