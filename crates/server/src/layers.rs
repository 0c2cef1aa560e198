//! Layers every request passes: request id, language of problems, one log line, metrics, security headers.

use std::{
    any::Any,
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};

use axum::{
    body::Body,
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use kernel::Problem;

/// Rewrites a problem in the caller's language with the request id, and logs its cause.
pub async fn answer(request: Request, next: Next) -> Response {
    let english = prefers_english(request.headers());
    let id = request_id();
    let (method, path) = (request.method().clone(), request.extensions().get::<MatchedPath>().cloned());
    let mut response = next.run(request).await;
    if response.status() == StatusCode::METHOD_NOT_ALLOWED && response.extensions().get::<Problem>().is_none() {
        let allow = response.headers().get(header::ALLOW).cloned();
        response = Problem::NotFound.into_response();
        *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    if let Some(problem) = response.extensions().get::<Problem>().cloned() {
        if let Problem::Internal(cause) = &problem {
            tracing::error!(request = %id, %method, path = path.as_ref().map_or("", |p| p.as_str()), %cause, "internal problem");
        }
        let mut body = problem.body(english, Some(id.clone()));
        body.status = response.status().as_u16();
        let text = serde_json::to_vec(&body).unwrap_or_default();
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response
            .headers_mut()
            .insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(if english { "en" } else { "zh-CN" }));
        *response.body_mut() = Body::from(text);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// Bodies up to this size are kept to try a write again.
const KEPT: usize = 4 << 20;
/// How often a write is tried at the most.
const TRIES: u32 = 4;
static TURN: AtomicU64 = AtomicU64::new(0);

/// Tries a write again that collided with another one ([`Problem::Collided`]): the database undid all of it, so nobody has to be
/// asked. Reads never collide, and bodies of unknown or great length are not kept.
pub async fn again(request: Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    let small = length.is_some_and(|n| n <= KEPT);
    if request.method().is_safe() || !small {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, KEPT).await else {
        return Problem::internal("the body ended before its length").into_response();
    };
    let mut tries = 1;
    loop {
        let response = next.clone().run(Request::from_parts(head.clone(), Body::from(body.clone()))).await;
        if response.extensions().get::<Problem>() != Some(&Problem::Collided) || tries == TRIES {
            return response;
        }
        metrics::counter!("sheqiao_writes_again").increment(1);
        // The other write is done soon; no two wait equally long, so that they part ways.
        let part = TURN.fetch_add(7, Ordering::Relaxed) % 20;
        tokio::time::sleep(std::time::Duration::from_millis((10 << tries) + part)).await;
        tries += 1;
    }
}

/// English only when the first language asked for is English; Chinese is the product's first language.
fn prefers_english(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.trim_start().to_ascii_lowercase().starts_with("en"))
}

/// A short id to quote: unique in one process, ordered, without meaning.
fn request_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{:x}-{n:x}", std::process::id())
}

/// Counts and times operations by their path pattern, never by the path itself.
pub async fn measure(request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map_or_else(String::new, |p| p.as_str().to_owned());
    let method = request.method().to_string();
    let began = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    let seconds = began.elapsed().as_secs_f64();
    metrics::histogram!("sheqiao_request_seconds", "method" => method.clone(), "path" => path.clone()).record(seconds);
    metrics::counter!("sheqiao_requests", "method" => method.clone(), "path" => path.clone(), "status" => status.clone()).increment(1);
    tracing::info!(method, path, status, ms = (seconds * 1_000.0).round(), "request");
    response
}

/// A panic becomes an internal problem without any text of it.
pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Problem::internal("a handler panicked").into_response()
}

/// Headers every answer carries: nothing from elsewhere, no framing, no sniffing, no caching of API answers but of those
/// that allow it themselves (what anybody may read).
pub async fn security_headers(request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
             connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use axum::{Router, middleware, routing::any};
    use tower::ServiceExt as _;

    use super::*;

    /// A server whose handler collides so many times, and counts how often it was asked with the whole body.
    fn colliding(times: u32) -> (Router, Arc<AtomicU32>) {
        let asked = Arc::new(AtomicU32::new(0));
        let count = asked.clone();
        let handler = any(move |body: String| {
            let count = count.clone();
            async move {
                let n = count.fetch_add(u32::from(body == "{}" || body.is_empty()), Ordering::SeqCst);
                if n < times { Problem::Collided.into_response() } else { StatusCode::CREATED.into_response() }
            }
        });
        (Router::new().route("/", handler).layer(middleware::from_fn(again)), asked)
    }

    async fn status(router: Router, method: &str, length: Option<usize>) -> u16 {
        let mut request = Request::builder().method(method).uri("/");
        if let Some(length) = length {
            request = request.header(header::CONTENT_LENGTH, length);
        }
        let body = if method == "GET" { Body::empty() } else { Body::from("{}") };
        router.oneshot(request.body(body).unwrap()).await.unwrap().status().as_u16()
    }

    #[tokio::test]
    async fn a_write_that_collided_is_tried_again_a_few_times_and_a_read_is_not() {
        for (times, method, length, expected, asked_for) in [
            (2, "POST", Some(2), 201, 3),
            (9, "PATCH", Some(2), 503, TRIES),
            (0, "POST", Some(2), 201, 1),
            (2, "GET", None, 503, 1),
            (2, "POST", None, 503, 1),
            (2, "POST", Some(KEPT + 1), 503, 1),
        ] {
            let (router, asked) = colliding(times);
            assert_eq!(status(router, method, length).await, expected, "{method} {length:?}");
            assert_eq!(asked.load(Ordering::SeqCst), asked_for, "{method} {length:?}");
        }
    }
}
