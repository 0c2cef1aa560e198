//! Numbers by a document and revised conditions: who may, from which day, for whom, and what the explanation says.

use access::{
    on_both,
    testing::{Answer, Caller},
};
use aid::revisions::{Read, row::policy_revision, store};
use ground::Engine;
use sea_orm::ColumnTrait as _;
use serde_json::{Value, json};

use crate::applications::plan;
use crate::field::{Field, VILLAGES, field_with, id};

async fn field(engine: Engine) -> Field {
    field_with(engine, people::routes().merge(access::tasks::routes()).merge(aid::routes())).await
}

pub fn days_from(f: &Field, days: i64) -> String {
    f.days_ago(-days)
}

fn document(f: &Field, from: &str) -> Value {
    json!({"name": "关于提高低保标准的通知", "number": "鼎民发〔2026〕12号", "issuer": "鼎城区民政局", "issued_on": f.today(),
        "from_on": from, "kept_at": "", "verified": true, "note": ""})
}

pub fn standards(f: &Field, place: &str, from: &str, values: Value) -> Value {
    json!({"id": f.house.id(), "kind": "standards", "place": place, "document": document(f, from), "body": {"values": values}})
}

async fn act(f: &Field, who: &Caller, revision: &Value, act: &str) -> Answer {
    f.house.test.clock.advance(1);
    let body = json!({"id": f.house.id(), "rev": revision["rev"], "act": act, "note": "按文件"});
    f.house.post(who, &format!("/policy-revisions/{}/acts", revision["id"].as_str().unwrap()), body).await
}

async fn page(f: &Field, who: &Caller, revision: &Value) -> Value {
    f.house.get(who, &format!("/policy-revisions/{}", revision["id"].as_str().unwrap())).await.expect(200)
}

/// Works out whom a draft changes and waits until it is kept.
async fn weighed(f: &Field, who: &Caller, revision: &Value) -> Value {
    let at = format!("/policy-revisions/{}/effect", revision["id"].as_str().unwrap());
    let job = f.house.post(who, &at, json!({})).await.expect(202);
    let job = uuid::Uuid::parse_str(job["job_id"].as_str().unwrap()).unwrap();
    let mut watched = f.house.test.floor.jobs.watch(job, who.id).unwrap();
    let over = watched.wait_for(|state| state.state != "running").await.unwrap().clone();
    assert_eq!(over.state, "done", "{over:?}");
    page(f, who, revision).await
}

pub async fn approved(f: &Field, revision: &Value, other: &Caller) -> Value {
    let ready = weighed(f, &f.officer, revision).await;
    let handed = act(f, &f.officer, &ready, "hand_in").await.expect(201);
    act(f, other, &handed, "approve").await.expect(201)
}

async fn dibao(f: &Field, person: &str) -> Value {
    let why = f.house.get(&f.worker, &format!("/persons/{person}/entitlements/dibao")).await.expect(200);
    let line =
        why["reasons"].as_array().unwrap().iter().find(|r| r["facts"] == json!(["hh.income_pc"])).unwrap().clone();
    json!({"says": line["says"], "param": line["params"][0], "status": why["answer"]["status"], "amount": why["answer"]["amount"]})
}

/// What a stranger reads of dibao in the public library of the county.
async fn public(f: &Field) -> Value {
    let all = f.house.call(None, axum::http::Method::GET, "/library?place=430703", None).await.expect(200);
    let of =
        |list: &Value, key: &str, id: &str| list.as_array().unwrap().iter().find(|p| p[key] == id).unwrap().clone();
    let dibao = of(&all["items"], "id", "dibao");
    let std = of(&dibao["params"], "code", "dibao.std");
    json!({"std": std["value"], "example": std["example"], "conditions": dibao["conditions"].as_array().unwrap().len(), "from": dibao["version_from"]})
}

async fn poor(f: &Field, income: i64) -> String {
    let person = id(&f.person(&f.worker, VILLAGES[0], &["ALONE"]).await);
    for (code, value, source) in [
        ("hh.income_pc", income, "visit"),
        ("hh.property_ok_dibao", 1, "judged"),
        ("hh.size", 1, "visit"),
        ("hh.dibao_uplift_size", 0, "visit"),
    ] {
        f.house.test.clock.advance(1);
        let body = json!({"id": f.house.id(), "code": code, "held": "value", "value": value, "source": source, "as_of": f.today()});
        f.house.post(&f.worker, &format!("/persons/{person}/facts"), body).await.expect(201);
    }
    person
}

on_both! {
    async fn a_county_raises_a_standard_from_a_day_on_and_the_explanation_names_the_document(engine) {
        let f = field(engine).await;
        let second = f.house.account("sun", &[("CA", "430703")]).await;
        let person = poor(&f, 110_000).await;
        assert_eq!(dibao(&f, &person).await["says"], false, "above the standard of 1000 yuan");

        let begins = days_from(&f, 10);
        let new = standards(&f, "430703", &begins, json!([{"code": "dibao.std", "value": 120_000, "to": null}]));
        let draft = f.house.post(&f.officer, "/policy-revisions", new.clone()).await.expect(201);
        assert_eq!(f.house.post(&f.officer, "/policy-revisions", new).await.status, 200, "the same id again");
        assert_eq!((&draft["state"], &draft["values_shown"][0]["before"]["value"]), (&json!("draft"), &json!(100_000)));
        assert_eq!(dibao(&f, &person).await["param"]["value"], 100_000, "a draft holds for nobody");

        // Whom it changes has to be looked at first, and the author does not decide.
        let early = act(&f, &f.officer, &draft, "hand_in").await;
        assert_eq!((early.status.as_u16(), &early.json["fields"][0]["field"]), (422, &json!("effect")));
        // A colleague does not write under the author's name, who could then be decided about by that colleague.
        let theirs = json!({"rev": draft["rev"], "document": document(&f, &begins), "body": {"values": [{"code": "dibao.std", "value": 1, "to": null}]}});
        let path = format!("/policy-revisions/{}", draft["id"].as_str().unwrap());
        assert_eq!(f.house.patch(&second, &path, theirs).await.json["rule"], "revision.not_own");
        let ready = weighed(&f, &f.officer, &draft).await;
        assert_eq!(act(&f, &second, &ready, "hand_in").await.json["rule"], "revision.not_own");
        let effect = ready["effect"]["policies"].as_array().unwrap().iter().find(|p| p["policy"] == "dibao").unwrap().clone();
        assert_eq!((&effect["gains"], &effect["loses"]), (&json!(1), &json!(0)), "{}", ready["effect"]);
        let handed = act(&f, &f.officer, &ready, "hand_in").await.expect(201);
        assert_eq!(handed["state"], "handed");
        let own = act(&f, &f.officer, &handed, "approve").await;
        assert_eq!((own.status.as_u16(), &own.json["rule"]), (409, &json!("revision.own")));
        let waiting = f.house.get(&second, "/tasks").await.expect(200);
        assert!(waiting["items"].as_array().unwrap().iter().any(|t| t["kind"] == "policy_revision"));
        let done = act(&f, &second, &handed, "approve").await.expect(201);
        assert_eq!(done["state"], "in_force");
        let waiting = f.house.get(&second, "/tasks").await.expect(200);
        assert!(!waiting["items"].as_array().unwrap().iter().any(|t| t["kind"] == "policy_revision"), "decided");

        // Before its first day nothing changes; from then on the new number holds here and nowhere else.
        assert_eq!(dibao(&f, &person).await["says"], false);
        let at = |place: &'static str, on: String| {
            let f = &f;
            async move {
                let all = f.house.get(&f.officer, &format!("/policy-standards?place={place}&on={on}")).await.expect(200);
                let found = all["items"].as_array().unwrap().iter().find(|s| s["code"] == "dibao.std").unwrap().clone();
                (found["value"].clone(), found["source"].clone())
            }
        };
        assert_eq!(at("430703", days_from(&f, 9)).await.0, 100_000);
        assert_eq!(at("430703", begins.clone()).await, (json!(120_000), json!("关于提高低保标准的通知（鼎民发〔2026〕12号）")));
        assert_eq!(at("430700", begins.clone()).await.0, Value::Null, "the city has none of its own");
        f.pass(10).await;
        let now = dibao(&f, &person).await;
        assert_eq!((&now["says"], &now["status"], &now["amount"]), (&json!(true), &json!("eligible"), &json!(10_000)));
        assert_eq!(now["param"]["source"], "关于提高低保标准的通知（鼎民发〔2026〕12号）");
        assert_eq!((&public(&f).await["std"], &public(&f).await["example"]), (&json!(120_000), &json!(false)), "everybody reads it");
        assert_eq!((&now["param"]["verified"], &now["param"]["example"], &now["param"]["from"]), (&json!(true), &json!(false), &json!(begins)));

        // Taken back by somebody else than its author, what held before holds again.
        let void = act(&f, &f.officer, &done, "void").await;
        assert_eq!((void.status.as_u16(), &void.json["rule"]), (409, &json!("revision.own")));
        act(&f, &second, &done, "void").await.expect(201);
        assert_eq!(dibao(&f, &person).await["param"]["value"], 100_000);
        assert_eq!(public(&f).await["std"], 100_000);
    }

    async fn only_those_registered_in_the_county_change(engine) {
        let f = field(engine).await;
        let second = f.house.account("sun", &[("PA", "43")]).await;
        let here = poor(&f, 110_000).await;
        f.house.test.clock.advance(1);
        let elsewhere = poor(&f, 110_000).await;
        // Lives here, registered in another county.
        let village = f.house.number("SELECT MIN(v.id) FROM division v JOIN division c ON c.id = v.county_id WHERE v.level = 5 AND c.code_civil = '500107'").await;
        f.house.sql(&format!("UPDATE person SET hukou_village_id = {village} WHERE id = (SELECT id FROM person ORDER BY id DESC LIMIT 1)")).await;
        let new = standards(&f, "430703", &f.today(), json!([{"code": "dibao.std", "value": 120_000, "to": null}]));
        let draft = f.house.post(&f.officer, "/policy-revisions", new).await.expect(201);
        approved(&f, &draft, &second).await;
        assert_eq!(dibao(&f, &here).await["param"]["value"], 120_000);
        let other = dibao(&f, &elsewhere).await;
        assert_eq!(other["param"]["place"], "500000");
        assert_eq!(other["says"], true, "by the standard of 1200 yuan there, which did not change");
        let effect = page(&f, &f.officer, &draft).await["effect"].clone();
        let dibao = effect["policies"].as_array().unwrap().iter().find(|p| p["policy"] == "dibao").unwrap().clone();
        assert_eq!((&effect["persons"], &dibao["gains"]), (&json!(2), &json!(1)));
    }

    async fn revised_conditions_need_examples_that_come_out(engine) {
        let f = field(engine).await;
        let second = f.house.account("sun", &[("CA", "430703")]).await;
        let person = id(&f.person(&f.worker, VILLAGES[0], &["ALONE"]).await);
        let now = f.house.get(&f.officer, "/policies/dibao/version?place=430703").await.expect(200);
        assert_eq!(now["own"], false);
        let mut version = now["version"].clone();
        version["when"]["all"].as_array_mut().unwrap().push(json!({"is": "p.age >= 60", "text": "年满60周岁", "text_en": "60 or older", "source": "第三条", "verified": true}));
        let body = |examples: Value, version: &Value| json!({"values": [], "policy": "dibao", "version": version, "examples": examples});
        let new = |body: Value| json!({"id": f.house.id(), "kind": "policy", "place": "430703", "document": document(&f, &f.today()), "body": body});

        let mut wrong = version.clone();
        wrong["when"]["all"][0]["is"] = json!("hh.income_pc < @no.such");
        let refused = f.house.post(&f.officer, "/policy-revisions", new(body(json!([]), &wrong))).await;
        assert_eq!((refused.status.as_u16(), &refused.json["fields"][0]["field"]), (422, &json!("body.version")));

        let facts = |age: i64| json!({"hh.income_pc": 50_000, "hh.property_ok_dibao": 1, "hh.size": 1, "hh.dibao_uplift_size": 0, "p.age": age});
        let good = json!([{"name": "老人", "facts": facts(60), "is": "eligible", "amount": 50_000}, {"name": "未满60", "facts": facts(59), "is": "not", "amount": null}]);
        let bad = json!([{"name": "老人", "facts": facts(60), "is": "eligible", "amount": 1}, {"name": "未满60", "facts": facts(59), "is": "not", "amount": null}]);
        let draft = f.house.post(&f.officer, "/policy-revisions", new(body(bad, &version))).await.expect(201);
        assert_eq!(draft["examples"][0]["passes"], false);
        let ready = weighed(&f, &f.officer, &draft).await;
        assert_eq!(act(&f, &f.officer, &ready, "hand_in").await.status, 422, "an example does not come out");
        let change = json!({"rev": ready["rev"], "document": document(&f, &f.today()), "body": body(good, &version)});
        let changed = f.house.patch(&f.officer, &format!("/policy-revisions/{}", draft["id"].as_str().unwrap()), change).await.expect(200);
        assert_eq!((&changed["effect"], &changed["examples"][0]["passes"]), (&Value::Null, &json!(true)), "to be worked out anew");
        approved(&f, &changed, &second).await;

        let why = f.house.get(&f.worker, &format!("/persons/{person}/entitlements/dibao")).await.expect(200);
        assert!(why["reasons"].as_array().unwrap().iter().any(|r| r["written"] == "p.age >= 60" && r["says"] == true), "{why}");
        assert_eq!(why["version_from"], f.today());
        let read = public(&f).await;
        assert_eq!((&read["conditions"], &read["from"]), (&json!(4), &json!(f.today())), "all, and three parts");
        f.house.call(None, axum::http::Method::GET, "/library/conditions?place=430703", None).await.expect(200);
        let now = f.house.get(&f.officer, "/policies/dibao/version?place=430703").await.expect(200);
        assert_eq!((&now["own"], &now["version"]["when"]["all"].as_array().unwrap().len()), (&json!(true), &3));
        let other = f.house.get(&f.officer, "/policies/dibao/version?place=500107").await.expect(200);
        assert_eq!(other["own"], false, "only here");
    }

    async fn who_has_no_business_with_it_is_refused(engine) {
        let f = field(engine).await;
        let far = f.house.account("far", &[("CA", "500107")]).await;
        let new = standards(&f, "430703", &f.today(), json!([{"code": "dibao.std", "value": 120_000, "to": null}]));
        for who in [&f.worker, &f.head, &f.reviewer] {
            assert_eq!(f.house.post(who, "/policy-revisions", new.clone()).await.status, 403);
        }
        assert_eq!(f.house.post(&far, "/policy-revisions", new.clone()).await.status, 404);
        let wide = standards(&f, "43", &f.today(), json!([{"code": "dibao.std", "value": 120_000, "to": null}]));
        assert_eq!(f.house.post(&f.officer, "/policy-revisions", wide).await.status, 404, "not for the province");
        let draft = f.house.post(&f.officer, "/policy-revisions", new).await.expect(201);
        let at = format!("/policy-revisions/{}", draft["id"].as_str().unwrap());
        assert_eq!(f.house.get(&far, &at).await.status, 404);
        assert_eq!(act(&f, &far, &draft, "withdraw").await.status, 404);
        assert_eq!(f.house.post(&far, &format!("{at}/effect"), json!({})).await.status, 404);
        for (values, field) in [
            (json!([{"code": "no.such", "value": 1, "to": null}]), "body.values[0].code"),
            (json!([{"code": "dibao.std", "value": -1, "to": null}]), "body.values[0].value"),
            (json!([{"code": "dibao.std", "value": 1, "to": "2001-01-01"}]), "body.values[0].to"),
        ] {
            let answer = f.house.post(&f.officer, "/policy-revisions", standards(&f, "430703", &f.today(), values)).await;
            assert_eq!((answer.status.as_u16(), &answer.json["fields"][0]["field"]), (422, &json!(field)));
        }
        let town = standards(&f, "430703001", &f.today(), json!([]));
        assert_eq!(f.house.post(&f.officer, "/policy-revisions", town).await.status, 422);
    }

    async fn lists_are_read_in_their_order(engine) {
        let f = field(engine).await;
        let province = f.house.account("sun", &[("PA", "43")]).await;
        for place in ["430703", "430700"] {
            let who = if place == "430703" { &f.officer } else { &province };
            f.house.post(who, "/policy-revisions", standards(&f, place, &f.today(), json!([{"code": "dibao.std", "value": 120_000, "to": null}]))).await.expect(201);
        }
        f.house.sql(if engine == Engine::Sqlite { "ANALYZE" } else { "ANALYZE policy_revision" }).await;
        let mut statements = Vec::new();
        for who in [&f.officer, &province] {
            let scope = f.house.scope::<Read>(who).await;
            let place = scope.place_or_own("place", None).await.unwrap().place();
            for state in [None, Some("draft")] {
                statements.extend(store::listing(&scope, Some(&place), state, Some(f.house.id()), 21).statements());
                statements.extend(store::listing(&scope, None, state, None, 21).statements());
            }
            statements.extend(scope.published::<policy_revision::Entity>().filter(policy_revision::Column::PlaceId.is_in([1, 2, 3])).statements());
        }
        assert_eq!(statements.len(), 10);
        for statement in statements {
            let text = statement.to_string();
            let plan = plan(&f, statement).await;
            let bad = ["TEMP B-TREE", "Sort", "Seq Scan", "SCAN "].iter().find(|word| plan.contains(**word));
            assert_eq!(bad, None, "{text}\n{plan}");
        }
    }
}
