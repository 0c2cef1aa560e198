//! A small world for the tests of this folder.

use access::{House, Scope, testing::TestHouse};
use ground::{Engine, Progress};
use places::divisions;
use serde_json::Value;

/// A house with all operations and the divisions of the test subset.
pub async fn house(engine: Engine) -> TestHouse {
    let test = TestHouse::with_kinds(engine, server::operations(), server::kinds()).await;
    load(&test.house).await;
    test
}

async fn load(house: &House) {
    let scope = Scope::<divisions::ChangeDivisions>::on_behalf_of(house, "divisions.load").await.unwrap();
    divisions::load(&scope, divisions::Source::Subset, Progress::silent()).await.unwrap();
}

/// One operation of the OpenAPI document.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `GET`, `POST` …
    pub method: String,
    /// Path behind `/api/v1`, with `{name}` parts.
    pub path: String,
    /// Permits of which one is demanded; none for open doors.
    pub permits: Vec<String>,
    /// Query parameters.
    pub query: Vec<Value>,
    /// Schema of the JSON body.
    pub body: Option<Value>,
}

/// The OpenAPI document as generated now.
pub fn document() -> Value {
    serde_json::from_str(&server::openapi::text()).unwrap()
}

/// All operations of the document.
pub fn operations(document: &Value) -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, op) in item.as_object().unwrap() {
            let query = op["parameters"].as_array().cloned().unwrap_or_default();
            all.push(Operation {
                method: method.to_uppercase(),
                path: path.trim_start_matches("/api/v1").to_owned(),
                permits: match &op["x-permit"] {
                    Value::String(one) => vec![one.clone()],
                    Value::Array(several) => several.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                    _ => Vec::new(),
                },
                query: query.into_iter().filter(|p| p["in"] == "query").collect(),
                body: op.pointer("/requestBody/content/application~1json/schema").cloned(),
            });
        }
    }
    all.sort_by_key(|o| (o.path.clone(), o.method.clone()));
    all
}

/// The path with something in each of its parts.
pub fn filled(path: &str, id: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap();
        out.push_str(before);
        out.push_str(match name {
            "kind" => "person",
            "code" => "430703",
            _ => id,
        });
        rest = after;
    }
    out.push_str(rest);
    out
}
