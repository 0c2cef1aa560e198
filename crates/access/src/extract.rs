//! Reading requests: body, query and path, each with a sentence for every fault and never a 500.

use axum::{
    RequestPartsExt as _,
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::request::Parts,
};
use kernel::{Field, Problem};
use serde::de::DeserializeOwned;

use crate::house::House;

/// The problem answers every operation may give, for its OpenAPI entry: `responses((status = 200, body = X), problems!())`.
#[derive(utoipa::IntoResponses)]
#[allow(dead_code)] // read by the OpenAPI generator only
pub enum Problems {
    /// No valid session.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(kernel::problem::ProblemBody),
    /// Missing permit.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(kernel::problem::ProblemBody),
    /// Not there, or outside the scope.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(kernel::problem::ProblemBody),
    /// Conflict, stale revision or a refusal by rule.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(kernel::problem::ProblemBody),
    /// Something in the request is wrong.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(kernel::problem::ProblemBody),
    /// Too many requests.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(kernel::problem::ProblemBody),
    /// A part we depend on is away.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(kernel::problem::ProblemBody),
}

/// Largest JSON body.
const BODY_LIMIT: usize = 512 * 1024;

/// A JSON body, with the digest that tells a repeated write from another one with the same id.
pub struct Body<T> {
    /// What the client sent.
    pub value: T,
    /// Keyed hash of the canonical JSON.
    pub digest: Vec<u8>,
}

impl<T: DeserializeOwned> FromRequest<House> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, house: &House) -> Result<Self, Problem> {
        let bytes = axum::body::to_bytes(request.into_body(), BODY_LIMIT).await.map_err(|_| {
            Problem::invalid(Field::new(
                "body",
                "too_large",
                "提交的内容过大，请减少内容后重试。",
                "The request is too large; send less.",
            ))
        })?;
        let json: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| {
            Problem::invalid(Field::new(
                "body",
                "json",
                "提交的内容不是有效的 JSON，请刷新页面后重试。",
                "The request is not valid JSON; reload the page and try again.",
            ))
        })?;
        refuse_control(&json, &mut String::new())?;
        let canonical = serde_json::to_vec(&json).unwrap_or_default();
        let digest = house.floor.keys.index("body", &String::from_utf8_lossy(&canonical));
        let value = serde_path_to_error::deserialize(json).map_err(|e| {
            let path = e.path().to_string();
            Problem::invalid(explain(&path, &e.into_inner().to_string()))
        })?;
        Ok(Self { value, digest })
    }
}

/// A query string.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<House> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &House) -> Result<Self, Problem> {
        read_query(parts.uri.query().unwrap_or_default()).map(Params)
    }
}

/// Reads a query string in the one filter grammar of all lists: `field=value`, repeated means or, `field.from=` and `field.to=`.
///
/// # Errors
/// What is wrong, with the field at fault.
pub fn read_query<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let wrong = || {
        Problem::invalid(Field::new(
            "query",
            "format",
            "网址参数有误，请返回列表重新查询。",
            "The query string is not valid; go back to the list and search again.",
        ))
    };
    let pairs: Vec<(String, String)> = serde_html_form::from_str(query).map_err(|_| wrong())?;
    for (name, value) in &pairs {
        refuse_control(&serde_json::Value::String(value.clone()), &mut name.clone())?;
    }
    let form = serde_html_form::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(form).map_err(|e| {
        let path = e.path().to_string();
        Problem::invalid(explain(&path, &e.into_inner().to_string()))
    })
}

/// One path segment, for example an id.
pub struct Segment<T>(pub T);

impl<T: DeserializeOwned + Send + 'static> FromRequestParts<House> for Segment<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &House) -> Result<Self, Problem> {
        // A path that cannot name a record names none.
        parts.extract::<Path<T>>().await.map(|Path(v)| Segment(v)).map_err(|_| Problem::NotFound)
    }
}

/// Refuses NUL and other control characters in any text: PostgreSQL cannot store NUL and none belongs in a record.
fn refuse_control(json: &serde_json::Value, path: &mut String) -> Result<(), Problem> {
    let bad = |path: &str| {
        Problem::invalid(Field::new(
            path.trim_start_matches('.'),
            "control_character",
            "内容含有无法识别的控制字符，请删除后重新输入。",
            "The text holds a control character; delete it and type it again.",
        ))
    };
    match json {
        serde_json::Value::String(text) if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) => {
            Err(bad(path))
        }
        serde_json::Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                let length = path.len();
                path.push_str(&format!("[{i}]"));
                refuse_control(item, path)?;
                path.truncate(length);
            }
            Ok(())
        }
        serde_json::Value::Object(map) => {
            for (name, item) in map {
                let length = path.len();
                path.push('.');
                path.push_str(name);
                refuse_control(item, path)?;
                path.truncate(length);
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Turns a deserialiser's message into a field with a sentence.
fn explain(path: &str, message: &str) -> Field {
    let quoted = || message.split('`').nth(1).unwrap_or_default().to_owned();
    let join = |name: String| {
        if path.is_empty() || path == "." || name.is_empty() { name } else { format!("{path}.{name}") }
    };
    let here = || if path.is_empty() || path == "." { "body".to_owned() } else { path.to_owned() };
    if message.starts_with("missing field") {
        return Field::required(join(quoted()));
    }
    if message.starts_with("unknown field") {
        let name = quoted();
        let field = if path.ends_with(&name) { path.to_owned() } else { join(name) };
        return Field::new(
            field,
            "unknown_field",
            "不支持此项内容，请刷新页面后重试。",
            "This field is not known; reload the page and try again.",
        );
    }
    if message.starts_with("unknown variant") {
        return Field::new(
            here(),
            "unknown_code",
            "不是有效的选项，请从列表中选择。",
            "Not one of the options; choose one from the list.",
        );
    }
    if message.contains("null") {
        return Field::required(here());
    }
    Field::new(here(), "format", "格式不正确，请按要求的格式填写。", "The format is not right; fill it in as asked.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_is_refused_with_the_path_of_its_field() {
        let json = serde_json::json!({"a": [{"b": "x\u{0}"}]});
        let Err(Problem::Invalid(fields)) = refuse_control(&json, &mut String::new()) else { panic!() };
        assert_eq!(fields[0].field, "a[0].b");
    }
}
