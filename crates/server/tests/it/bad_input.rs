//! Bad input generated from the OpenAPI document: each field missing, null, of another type, too long, out of range, with an
//! unknown code, with NUL, in the future. The answer is a problem with a Chinese sentence, never a 500, never a success where
//! the schema forbids the value.

use access::{
    on_both,
    testing::{Answer, Caller},
};
use axum::http::Method;
use serde_json::{Value, json};

use crate::{
    town::{World, world},
    world::{Operation, document, filled, operations},
};

/// One way to spoil a field, and whether the schema itself forbids the result.
struct Spoiled {
    what: &'static str,
    value: Option<Value>,
    forbidden: bool,
}

fn resolve<'a>(doc: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(name) => resolve(doc, doc.pointer(name.trim_start_matches('#')).unwrap()),
        None => match schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            Some(list) => list.iter().find(|s| s["type"] != "null").map_or(schema, |s| resolve(doc, s)),
            None => schema,
        },
    }
}

fn nullable(schema: &Value) -> bool {
    let lists = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    schema["type"].as_array().is_some_and(|t| t.contains(&json!("null")))
        || lists.is_some_and(|l| l.iter().any(|s| s["type"] == "null"))
}

fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(t) => t,
        Value::Array(list) => list.iter().filter_map(Value::as_str).find(|t| *t != "null").unwrap_or("object"),
        _ => "object",
    }
}

/// A value the schema allows; ids are new, places lie in the test subset.
pub fn sample(doc: &Value, name: &str, schema: &Value, id: &str) -> Value {
    let schema = resolve(doc, schema);
    match kind(schema) {
        "string" => match schema["format"].as_str() {
            Some("uuid") => json!(id),
            Some("date") => json!("2026-01-05"),
            Some("date-time") => json!("2026-01-05T01:00:00.000Z"),
            _ => match name {
                "place" | "village" | "seat" => json!("stat:430703001001"),
                "sex" => json!("2"),
                "doc_type" => json!("none"),
                _ => json!("示例文字"),
            },
        },
        "integer" => json!(schema["minimum"].as_i64().unwrap_or(1)),
        "number" => json!(1.0),
        "boolean" => json!(false),
        "array" => json!([]),
        _ => {
            let mut out = serde_json::Map::new();
            for (field, inner) in schema["properties"].as_object().into_iter().flatten() {
                let required = schema["required"].as_array().is_some_and(|r| r.contains(&json!(field)));
                if required {
                    out.insert(field.clone(), sample(doc, field, inner, id));
                }
            }
            Value::Object(out)
        }
    }
}

fn spoil(doc: &Value, declared: &Value, required: bool) -> Vec<Spoiled> {
    let schema = resolve(doc, declared);
    let mut all = vec![
        Spoiled { what: "missing", value: None, forbidden: required },
        Spoiled { what: "null", value: Some(Value::Null), forbidden: required && !nullable(declared) },
    ];
    let mut add = |what, value, forbidden| all.push(Spoiled { what, value: Some(value), forbidden });
    match kind(schema) {
        "string" => {
            add("wrong type", json!(17), true);
            add("wrong type", json!({"a": 1}), true);
            add("nul", json!("a\u{0}b"), true);
            add("too long", json!("长".repeat(100_000)), true);
            match schema["format"].as_str() {
                Some("date") => {
                    add("impossible day", json!("2026-02-30"), true);
                    add("far future", json!("2999-12-31"), false);
                    add("far past", json!("0001-01-01"), false);
                    add("beyond years", json!("+262000-01-01"), false);
                }
                Some("uuid") => add("no id", json!("xyz"), true),
                _ => {
                    add("unknown code", json!("ZZZ_NO_SUCH_CODE"), false);
                    add("empty", json!(""), false);
                    if let Some(max) = schema["maxLength"].as_u64() {
                        add("one too long", json!("长".repeat(usize::try_from(max).unwrap() + 1)), true);
                    }
                }
            }
        }
        "integer" | "number" => {
            add("wrong type", json!("x"), true);
            add("huge", json!(9_223_372_036_854_775_807_i64), false);
            add("negative", json!(-2_147_483_648_i64), schema["minimum"].as_i64().is_some_and(|m| m >= 0));
            if kind(schema) == "integer" {
                add("fraction", json!(1.5), true);
            }
            if let Some(max) = schema["maximum"].as_i64() {
                add("over the maximum", json!(max + 1), true);
            }
        }
        "boolean" => add("wrong type", json!("yes"), true),
        "array" => {
            add("wrong type", json!("x"), true);
            add("too many", json!(vec!["x"; 2_000]), true);
            add("wrong items", json!([17, {}, null]), true);
        }
        _ => add("wrong type", json!("x"), true),
    }
    all
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// A problem of the product: its media type, its status again, a Chinese sentence for the whole and for each field.
fn is_problem(got: &Answer, case: &str) {
    let status = got.status.as_u16();
    assert_eq!(got.content_type, "application/problem+json", "{case}");
    assert!(is_chinese(got.json["title"].as_str().unwrap_or_default()), "{case}");
    assert_eq!(got.json["status"], status, "{case}");
    if status == 422 {
        for field in got.json["fields"].as_array().into_iter().flatten() {
            assert!(is_chinese(field["message"].as_str().unwrap_or_default()), "{case}");
        }
        assert!(got.json["fields"].as_array().is_some_and(|f| !f.is_empty()), "{case}");
    }
}

/// Puts real ids under the names of ids, however deep.
fn own_ids(w: &World, body: &mut Value) {
    match body {
        Value::Object(fields) => {
            for (name, value) in fields {
                match w.named(name) {
                    Some(id) => *value = json!(id),
                    None => own_ids(w, value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| own_ids(w, item)),
        _ => {}
    }
}

/// A whole body the schema allows, about a record that is there and as it is now.
async fn whole(w: &World, doc: &Value, op: &Operation, id: &str) -> (String, Value) {
    let mut body = sample(doc, "", op.body.as_ref().unwrap(), id);
    own_ids(w, &mut body);
    match w.record(&op.path) {
        Some((table, record)) => {
            if !body["rev"].is_null() {
                body["rev"] = json!(w.rev(table, record).await);
            }
            (filled(&op.path, &record.to_string()), body)
        }
        None => (filled(&op.path, id), body),
    }
}

on_both! {
    async fn bad_input_is_always_a_problem_with_a_chinese_sentence(engine) {
        let w = world(engine).await;
        let house = &w.house;
        let callers: Vec<&Caller> = vec![&w.towns[0].head, &w.towns[0].reviewer, &w.officer, &w.sa, &w.sec, &w.au];
        let doc = document();
        let (mut tried, mut behind) = (0, 0);
        for op in operations(&doc) {
            let Some(declared) = &op.body else { continue };
            let schema = resolve(&doc, declared).clone();
            let method = Method::from_bytes(op.method.as_bytes()).unwrap();
            // The request limit of an account is per minute of the fixed clock.
            house.test.clock.advance(61_000);
            for (field, inner) in schema["properties"].as_object().into_iter().flatten() {
                let required = schema["required"].as_array().is_some_and(|r| r.contains(&json!(field)));
                for bad in spoil(&doc, inner, required) {
                    let (path, mut body) = whole(&w, &doc, &op, &house.id().to_string()).await;
                    match &bad.value {
                        Some(value) => body[field] = value.clone(),
                        None => {
                            body.as_object_mut().unwrap().remove(field);
                        }
                    }
                    // The caller who may pass this door answers; the others are turned away with 403.
                    let mut answer = None;
                    for who in &callers {
                        let got = house.call(Some(*who), method.clone(), &path, Some(body.clone())).await;
                        if got.status.as_u16() != 403 {
                            answer = Some(got);
                            break;
                        }
                    }
                    let Some(got) = answer else { panic!("{} {path}: no role of the test may pass", op.method) };
                    tried += 1;
                    let status = got.status.as_u16();
                    let case = format!("{} {path} {field} {}: {status} {}", op.method, bad.what, got.text);
                    assert!(status < 500 && status != 429 && status != 401, "{case}");
                    assert!(!(bad.forbidden && status < 300), "the schema forbids it, the server took it: {case}");
                    // A record that is there never hides behind 404 what is wrong with the body.
                    if w.record(&op.path).is_some() && bad.forbidden {
                        behind += 1;
                        assert_ne!(status, 404, "{case}");
                    }
                    if status >= 400 {
                        is_problem(&got, &case);
                    }
                }
            }
            let (path, mut extra) = whole(&w, &doc, &op, &house.id().to_string()).await;
            extra["owner_id_of_somebody"] = json!("x");
            for who in &callers {
                let got = house.call(Some(*who), method.clone(), &path, Some(extra.clone())).await;
                assert!(matches!(got.status.as_u16(), 403 | 422), "{} {path} took an unknown field: {}", op.method, got.text);
            }
        }
        assert!(tried > 500 && behind > 300, "only {tried} cases were generated, {behind} of them for records that are there");
    }

    async fn bad_queries_are_problems_too(engine) {
        let w = world(engine).await;
        let house = &w.house;
        let (who, admin, auditor) = (&w.towns[0].head, &w.sa, &w.au);
        for op in operations(&document()) {
            if op.method != "GET" || op.path.ends_with("/events") && op.path.starts_with("/jobs") {
                continue;
            }
            let id = w.record(&op.path).map_or_else(|| house.id(), |(_, id)| id);
            let path = filled(&op.path, &id.to_string());
            let mut queries = vec!["?no_such_parameter=1".to_owned(), "?%ff=%ff".to_owned()];
            for param in &op.query {
                let name = param["name"].as_str().unwrap();
                for value in ["%00", "%E9%95%BF".repeat(400).as_str(), "-1", "0", "99999999999999999999", "2999-99-99", "ZZZ", "'%22;--", "🦆"] {
                    queries.push(format!("?{name}={value}"));
                }
            }
            for query in queries {
                for caller in [who, admin, auditor, &w.officer] {
                    let got = house.get(caller, &format!("{path}{query}")).await;
                    let status = got.status.as_u16();
                    assert!(status < 500, "GET {path}{query}: {status} {}", got.text);
                    if status >= 400 {
                        is_problem(&got, &format!("GET {path}{query}: {}", got.text));
                    }
                }
            }
        }
    }
}
