//! Which policies fit somebody: what the ledger knows, what is asked, what is told, and who may see it.

use access::{on_both, testing::Caller};
use ground::Engine;
use serde_json::{Value, json};

use crate::field::{Field, VILLAGES, field_with, id};

async fn field(engine: Engine) -> Field {
    field_with(engine, people::routes().merge(access::tasks::routes()).merge(aid::routes())).await
}

async fn entitled(f: &Field, who: &Caller, person: &str) -> Value {
    f.house.get(who, &format!("/persons/{person}/entitlements")).await.expect(200)
}

fn answer<'a>(all: &'a Value, policy: &str) -> &'a Value {
    all["items"].as_array().unwrap().iter().find(|a| a["policy"]["id"] == policy).unwrap_or_else(|| panic!("{policy}"))
}

fn fact<'a>(all: &'a Value, code: &str) -> &'a Value {
    all["facts"].as_array().unwrap().iter().find(|f| f["code"] == code).unwrap_or_else(|| panic!("{code}"))
}

fn told(f: &Field, code: &str, value: i64, source: &str) -> Value {
    // What is told in one millisecond has no order.
    f.house.test.clock.advance(1);
    json!({"id": f.house.id(), "code": code, "held": "value", "value": value, "source": source, "as_of": f.today()})
}

async fn tell(f: &Field, who: &Caller, person: &str, body: Value) -> access::testing::Answer {
    f.house.post(who, &format!("/persons/{person}/facts"), body).await
}

on_both! {
    async fn income_is_asked_for_and_settles_what_hangs_on_it(engine) {
        let f = field(engine).await;
        let person = id(&f.person(&f.worker, VILLAGES[0], &["ALONE"]).await);
        f.activate(&person, "B").await;
        let before = entitled(&f, &f.worker, &person).await;
        assert_eq!(before["place"]["code"], "430703");
        let dibao = answer(&before, "dibao");
        assert_eq!((&dibao["status"], &dibao["policy"]["number"]), (&json!("unknown"), &json!("P01")));
        assert!(dibao["missing"].as_array().unwrap().iter().any(|set| set.as_array().unwrap().contains(&json!("hh.income_pc"))));
        assert_eq!(fact(&before, "p.dibao")["value"], 0, "the ledger knows that nobody approved it");
        assert_eq!(fact(&before, "p.dibao")["source"], "ledger");
        assert_eq!(fact(&before, "p.age")["value"], 78);
        let asked: Vec<&str> = before["questions"].as_array().unwrap().iter().map(|q| q["fact"].as_str().unwrap()).collect();
        let income = asked.iter().position(|code| *code == "hh.income_pc").expect("income is asked for");
        assert!(before["questions"][income]["helps"].as_u64().unwrap() >= 3, "{}", before["questions"][income]);

        assert!(!asked.contains(&"p.school_stage"), "nobody of 78 is asked for a school");
        assert_eq!((&answer(&before, "orphan")["unlikely"], &dibao["unlikely"]), (&json!(true), &json!(false)));

        // Above the standard rules dibao out whatever else there is; below it the property is still asked for.
        let high = tell(&f, &f.worker, &person, told(&f, "hh.income_pc", 200_000, "visit")).await.expect(201);
        assert_eq!(answer(&high, "dibao")["status"], "not");
        let body = told(&f, "hh.income_pc", 60_000, "visit");
        let low = tell(&f, &f.worker, &person, body.clone()).await.expect(201);
        assert_eq!(tell(&f, &f.worker, &person, body).await.status, 200, "the same id again");
        assert_eq!(answer(&low, "dibao")["missing"], json!([["hh.property_ok_dibao"]]));
        tell(&f, &f.worker, &person, told(&f, "hh.property_ok_dibao", 1, "judged")).await.expect(201);
        tell(&f, &f.worker, &person, told(&f, "hh.size", 1, "visit")).await.expect(201);
        tell(&f, &f.worker, &person, told(&f, "hh.dibao_uplift_size", 0, "visit")).await.expect(201);
        let now = entitled(&f, &f.worker, &person).await;
        let dibao = answer(&now, "dibao");
        assert_eq!((&dibao["status"], &dibao["amount"], &dibao["example"]), (&json!("eligible"), &json!(40_000), &json!(true)));
        assert_eq!(now["items"][0]["status"], "eligible", "what may be received now stands first");

        // Why: each condition with words, clause, fact and parameter with its document.
        let why = f.house.get(&f.worker, &format!("/persons/{person}/entitlements/dibao")).await.expect(200);
        let line = why["reasons"].as_array().unwrap().iter().find(|r| r["facts"] == json!(["hh.income_pc"])).unwrap();
        assert_eq!((&line["says"], &line["params"][0]["code"]), (&json!(true), &json!("dibao.std")));
        assert_eq!((&line["params"][0]["value"], &line["params"][0]["place"]), (&json!(100_000), &json!("430703")));
        assert_eq!((&line["params"][0]["example"], &line["params"][0]["verified"]), (&json!(true), &json!(false)));
        assert_eq!(line["source"], "社会救助法 art. 18");
        assert!(why["policy"]["evidence"].as_array().unwrap().iter().any(|e| e["matched"] == true));
    }

    async fn approved_statuses_come_from_the_ledger_and_a_match_against_it_is_looked_at(engine) {
        let f = field(engine).await;
        let person = id(&f.person(&f.worker, VILLAGES[0], &["DIBAO", "DIS_4_2"]).await);
        let lead = id(&f.person(&f.worker, VILLAGES[0], &["ALONE"]).await);
        f.activate(&person, "B").await;
        let all = entitled(&f, &f.worker, &person).await;
        assert_eq!(answer(&all, "dibao")["status"], "receives");
        for (code, value) in [("p.dibao", 1), ("p.dis_cert", 1), ("p.dis_kind", 4), ("p.dis_grade", 2), ("p.near", 0)] {
            assert_eq!(fact(&all, code)["value"], value, "{code}");
        }
        assert_eq!(answer(&all, "med_premium")["status"], "eligible");
        assert_eq!(fact(&entitled(&f, &f.worker, &lead).await, "p.near")["state"], "unknown", "a lead's silence says nothing");
        let said = tell(&f, &f.worker, &person, told(&f, "p.dibao", 0, "declared")).await;
        assert!(said.text.contains("来源"), "{}", said.text);
        let after = tell(&f, &f.worker, &person, told(&f, "p.dibao", 0, "matched")).await.expect(201);
        assert_eq!(fact(&after, "p.dibao")["state"], "contradictory");
        assert_eq!(answer(&after, "med_premium")["status"], "unknown");
    }

    async fn restricted_records_and_other_townships_stay_out(engine) {
        let f = field(engine).await;
        let person = id(&f.person(&f.worker, VILLAGES[0], &["ALONE"]).await);
        f.activate(&person, "B").await;
        let all = entitled(&f, &f.worker, &person).await;
        let text = all.to_string();
        for word in ["p.hiv", "hiv_child", "艾滋病"] {
            assert!(!text.contains(word), "{word}");
        }
        let body = told(&f, "p.hiv", 1, "document");
        assert_eq!(tell(&f, &f.worker, &person, body).await.status, 422);
        for path in [format!("/persons/{person}/entitlements"), format!("/persons/{person}/entitlements/dibao")] {
            assert_eq!(f.house.get(&f.other, &path).await.status, 404, "{path}");
        }
        let other = tell(&f, &f.other, &person, told(&f, "hh.size", 2, "visit")).await;
        assert_eq!(other.status, 404, "{}", other.text);
        f.house.get(&f.worker, &format!("/persons/{person}/entitlements/nothing")).await.expect(404);
        let officer = tell(&f, &f.officer, &person, told(&f, "hh.size", 2, "visit")).await;
        assert_eq!(officer.status, 403);
        let wrong = tell(&f, &f.worker, &person, told(&f, "hh.size", 0, "visit")).await;
        assert!(wrong.text.contains("超出范围"), "{}", wrong.text);
    }

    async fn a_household_is_asked_once(engine) {
        let f = field(engine).await;
        let (head, wife) = (f.person(&f.head, VILLAGES[0], &["ALONE"]).await, f.person(&f.head, VILLAGES[0], &["ALONE"]).await);
        let (head, wife) = (id(&head), id(&wife));
        let home = json!({"id": f.house.id(), "kind": "cohabiting", "village": VILLAGES[0],
            "members": [
                {"id": f.house.id(), "person_id": head, "relation": "0", "is_cohabiting": true, "from": f.today()},
                {"id": f.house.id(), "person_id": wife, "relation": "1", "is_cohabiting": true, "from": f.today()},
            ]});
        let made = f.house.post(&f.head, "/households", home).await;
        assert!(made.status.is_success(), "{}", made.text);
        tell(&f, &f.head, &head, told(&f, "hh.income_pc", 70_000, "visit")).await.expect(201);
        for (code, value) in [("hh.only_dwelling", 1), ("p.employed", 1)] {
            let mut body = told(&f, code, value, "visit");
            body["note"] = json!("只与本人有关");
            tell(&f, &f.head, &head, body).await.expect(201);
        }
        let all = entitled(&f, &f.head, &wife).await;
        assert_eq!((&all["unit"]["members"], &all["unit"]["known"]), (&json!(2), &json!(true)));
        assert_eq!(fact(&all, "hh.size")["value"], 2);
        assert_eq!(fact(&all, "hh.income_pc")["value"], 70_000, "what the household has is asked once");
        assert_eq!(fact(&all, "p.employed")["state"], "unknown", "what one person does says nothing of the other");
        assert_eq!(fact(&all, "p.employed")["told"], 0);
        assert_eq!(fact(&all, "hh.only_dwelling")["value"], 1);
        assert!(!all.to_string().contains("只与本人有关"), "notes stay with the person they are about");
    }
}
