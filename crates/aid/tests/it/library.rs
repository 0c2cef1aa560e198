//! The public library: what a stranger may read, and that it holds nothing of anybody.

use access::on_both;
use axum::http::Method;
use ground::Engine;
use serde_json::{Value, json};

use crate::field::{Field, field_with};

async fn field(engine: Engine) -> Field {
    field_with(engine, people::routes().merge(access::tasks::routes()).merge(aid::routes())).await
}

async fn read(f: &Field, path: &str) -> Value {
    f.house.call(None, Method::GET, path, None).await.expect(200)
}

fn by<'a>(list: &'a Value, id: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|p| p["id"] == id || p["code"] == id).unwrap_or_else(|| panic!("{id}"))
}

/// Facts that nobody is questioned about: only restricted policies ask for them.
const NEVER_ASKED: [&str; 7] =
    ["p.hiv", "p.mental_severe", "p.mental_managed", "p.guardian_state", "p.correction", "p.detox", "p.recovery"];

on_both! {
    async fn a_stranger_reads_what_holds_at_a_place_with_marks_and_sources(engine) {
        let f = field(engine).await;
        let all = read(&f, "/library?place=430703").await;
        assert_eq!(all["places"][0]["name"], "鼎城区");
        assert_eq!(all["items"].as_array().unwrap().len(), 36);
        let dibao = by(&all["items"], "dibao");
        assert_eq!((&dibao["number"], &dibao["nature"], &dibao["checked"]), (&json!("P01"), &json!("benefit"), &json!(true)));
        let std = by(&dibao["params"], "dibao.std");
        assert_eq!((&std["value"], &std["example"], &std["verified"]), (&json!(100_000), &json!(true), &json!(false)));
        assert_eq!((&std["place_name"], &std["source"]), (&json!("鼎城区"), &json!("示例值，非真实标准")));
        assert_eq!(dibao["conditions"][1]["source"], "社会救助法 art. 18");
        assert!(dibao["limits"].as_array().unwrap().iter().any(|l| l["days"] == 30 && l["workdays"] == true));

        // What data matching obtains is not among what to bring (社会救助法 art. 62).
        assert_eq!(dibao["matched"], true);
        let bring: Vec<&str> = dibao["bring"].as_array().unwrap().iter().map(|p| p["text"].as_str().unwrap()).collect();
        assert!(bring.contains(&"申请书") && !bring.contains(&"身份证、户口簿"), "{bring:?}");

        let unverified = by(&all["items"], "dis_living");
        assert_eq!(unverified["verified"], false, "待核实");

        // The nation has rules and no amounts.
        let nation = read(&f, "/library").await;
        assert_eq!(nation["places"], json!([]));
        assert_eq!(by(&by(&nation["items"], "dibao")["params"], "dibao.std")["value"], Value::Null);
    }

    async fn restricted_policies_and_duties_are_described_and_never_asked_about(engine) {
        let f = field(engine).await;
        let all = read(&f, "/library?place=430703").await;
        for (id, nature) in [("hiv_child", "benefit"), ("mental_care", "benefit"), ("guardianship", "duty"), ("correction_help", "duty")] {
            let policy = by(&all["items"], id);
            assert_eq!((&policy["nature"], &policy["checked"]), (&json!(nature), &json!(false)), "{id}");
            assert!(!policy["route"].as_str().unwrap().is_empty(), "{id}");
        }
        let plan = f.house.call(None, Method::GET, "/library/conditions?place=430703", None).await;
        for fact in NEVER_ASKED {
            assert!(!plan.text.contains(&format!("\"{fact}\"")), "{fact}");
        }
        let plan = plan.expect(200);
        assert_eq!(plan["policies"].as_array().unwrap().len(), 32);
        let dibao = by(&plan["policies"], "dibao");
        assert_eq!((&dibao["example"], &dibao["params_missing"]), (&json!(true), &json!(true)), "bands have no value here");
        let fact = &plan["facts"][usize::try_from(dibao["receives"].as_u64().unwrap()).unwrap()];
        assert_eq!((&fact["code"], &fact["question"], &fact["status"]), (&json!("p.dibao"), &json!("您家现在是不是低保？"), &json!(true)));
    }

    async fn a_place_is_found_from_the_province_down_and_a_smaller_one_counts_as_its_county(engine) {
        let f = field(engine).await;
        let provinces = read(&f, "/library/places").await;
        assert_eq!(by(&provinces["items"], "43")["level"], 1);
        assert_eq!(by(&read(&f, "/library/places?under=43").await["items"], "4307")["name"], "常德市");
        assert_eq!(by(&read(&f, "/library/places?under=4307").await["items"], "430703")["name"], "鼎城区");
        assert_eq!(read(&f, "/library/places?under=430703").await["items"], json!([]), "nothing below counties");
        let names = |all: Value| -> Vec<String> {
            all["places"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(read(&f, "/library?place=stat:430703001001").await), ["430703", "4307", "43"]);
        assert_eq!(names(read(&f, "/library/conditions?place=43").await), ["43"]);
        for path in ["/library?place=999999", "/library/conditions?place=x", "/library/places?under=99"] {
            let refused = f.house.call(None, Method::GET, path, None).await.expect(422);
            assert_eq!(refused["fields"][0]["code"], "unknown_place", "{path}");
        }
    }

    async fn an_address_that_asks_too_often_waits(engine) {
        let f = field(engine).await;
        let mut last = 200;
        for _ in 0..1_300 {
            last = f.house.call(None, Method::GET, "/library/places?under=430703", None).await.status.as_u16();
            if last != 200 {
                break;
            }
        }
        assert_eq!(last, 429);
    }
}
