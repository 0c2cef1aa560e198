//! The one error of the product and its one way out: `application/problem+json` (RFC 9457).
//!
//! The client reads a stable `code`, a Chinese `title` that says what to do next (English by `Accept-Language`), the
//! fields at fault and a request id. The cause of an internal problem goes to the log and nowhere else.

use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// What most fallible functions return.
pub type Outcome<T> = Result<T, Problem>;

/// A field at fault, with a sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Path inside the request, `categories[0].from`.
    pub field: String,
    /// Stable code of the fault: required, format, range, too_long, unknown_code, future, …
    pub code: &'static str,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Field {
    /// A field with its fault in words.
    pub fn new(field: impl Into<String>, code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { field: field.into(), code, zh: zh.into(), en: en.into() }
    }

    /// A required field that was left empty.
    pub fn required(field: impl Into<String>) -> Self {
        Self::new(field, "required", "此项必填，请填写。", "This field is required; fill it in.")
    }

    /// A code that is not in its list.
    pub fn unknown_code(field: impl Into<String>, list: &str) -> Self {
        Self::new(
            field,
            "unknown_code",
            format!("不是有效的选项（代码表 {list}），请从列表中选择。"),
            format!("Not an option of list {list}; choose one from the list."),
        )
    }

    /// A text longer than allowed.
    pub fn too_long(field: impl Into<String>, max: usize) -> Self {
        Self::new(
            field,
            "too_long",
            format!("内容过长，最多 {max} 个字，请缩短。"),
            format!("Too long: at most {max} characters; shorten it."),
        )
    }

    /// A date after today.
    pub fn future(field: impl Into<String>) -> Self {
        Self::new(
            field,
            "future",
            "日期不能晚于今天，请改为今天或更早的日期。",
            "The date must not be after today; choose today or earlier.",
        )
    }
}

/// Everything that can go wrong, as the client sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// No such record inside the caller's scope (404); also when it exists elsewhere.
    NotFound,
    /// The caller has a read trail of the record only: it was handed over (404, as nothing to write exists here).
    HandedOver,
    /// No valid session (401).
    Unauthenticated,
    /// The account does not hold the permit (403).
    Forbidden,
    /// Something in the request is wrong (422).
    Invalid(Vec<Field>),
    /// The same id came with other content, or a unique fact exists already (409).
    Conflict(Text),
    /// Somebody else changed the record (409); the current revision is given.
    Stale(i32),
    /// A rule of the field says no (409).
    Refused(&'static str, Text),
    /// Too many requests (429), with seconds to wait.
    TooMany(u64),
    /// A part we depend on is not available (503).
    Unavailable,
    /// A part has too much to do or takes too long (503), with a sentence.
    Busy(Text),
    /// Two writes wanted the same rows in another order, and the database undid this one as a whole (503). It may be tried again
    /// as it is: the server does so before anybody hears of it.
    Collided,
    /// A defect; the cause is for the log only (500).
    Internal(String),
}

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// A sentence in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// What the body of a problem looks like; the server fills language and request id.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ProblemBody {
    /// Stable code: not_found, handed_over, unauthenticated, forbidden, invalid, conflict, stale, refused, too_many, unavailable, internal.
    pub code: String,
    /// HTTP status.
    pub status: u16,
    /// What is wrong and what to do.
    pub title: String,
    /// Rule code of a refusal, for example `visit.locked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Current revision of a stale record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rev: Option<i32>,
    /// Fields at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldBody>,
    /// Id of the request, to quote to whoever helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// One field at fault as sent.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FieldBody {
    /// Path inside the request.
    pub field: String,
    /// Stable code of the fault.
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    /// One field at fault.
    pub fn invalid(field: Field) -> Self {
        Self::Invalid(vec![field])
    }

    /// A refusal by a rule of the field.
    pub fn refused(rule: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Refused(rule, Text::new(zh, en))
    }

    /// A conflict with what is there already.
    pub fn conflict(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Conflict(Text::new(zh, en))
    }

    /// A defect, with its cause for the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::HandedOver => "handed_over",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::Invalid(_) => "invalid",
            Self::Conflict(_) => "conflict",
            Self::Stale(_) => "stale",
            Self::Refused(..) => "refused",
            Self::TooMany(_) => "too_many",
            Self::Unavailable | Self::Busy(_) | Self::Collided => "unavailable",
            Self::Internal(_) => "internal",
        }
    }

    /// HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotFound | Self::HandedOver => 404,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::Invalid(_) => 422,
            Self::Conflict(_) | Self::Stale(_) | Self::Refused(..) => 409,
            Self::TooMany(_) => 429,
            Self::Unavailable | Self::Busy(_) | Self::Collided => 503,
            Self::Internal(_) => 500,
        }
    }

    fn title(&self) -> Text {
        match self {
            Self::NotFound => Text::new(
                "没有找到这条记录，或不在您的权限范围内。请返回列表重新查询。",
                "The record was not found or is outside your scope. Go back to the list and search again.",
            ),
            Self::HandedOver => Text::new(
                "该对象已移交，您只能查看，不能再修改；刚才的内容没有保存。如需补充，请联系接收站或接手的社工。",
                "The client was handed over: you may read but not change it, and nothing was saved. Ask the receiving station.",
            ),
            Self::Unauthenticated => {
                Text::new("登录已失效，请重新登录。", "You are not signed in. Please sign in again.")
            }
            Self::Forbidden => Text::new(
                "您的岗位没有此项权限。如工作需要，请联系系统管理员。",
                "Your role does not allow this. If your work needs it, ask the system administrator.",
            ),
            Self::Invalid(_) => Text::new(
                "填写的内容有误，请按提示修改后重新提交。",
                "Some fields are not right. Correct them as marked and send again.",
            ),
            Self::Conflict(text) | Self::Refused(_, text) | Self::Busy(text) => text.clone(),
            Self::Stale(_) => Text::new(
                "这条记录刚被他人修改过。请刷新查看最新内容后再改。",
                "Somebody has just changed this record. Reload it and make your change again.",
            ),
            Self::TooMany(seconds) => Text::new(
                format!("操作过于频繁，请 {seconds} 秒后再试。"),
                format!("Too many requests. Try again in {seconds} seconds."),
            ),
            Self::Collided => Text::new(
                "同一时间有别的修改在进行，您的内容没有保存，请再试一次。",
                "Other changes were under way at the same time; nothing was saved. Please try again.",
            ),
            Self::Unavailable => Text::new(
                "服务暂时不可用，您的内容没有保存，请稍后重试。",
                "The service is not available for the moment; nothing was saved. Try again shortly.",
            ),
            Self::Internal(_) => Text::new(
                "系统出现错误，您的内容没有保存。请稍后重试；若仍然出错，请把请求编号告诉管理员。",
                "Something went wrong and nothing was saved. Try again; if it persists, give the request id to your administrator.",
            ),
        }
    }

    /// The body in one language.
    pub fn body(&self, english: bool, request_id: Option<String>) -> ProblemBody {
        let pick = |t: Text| if english { t.en } else { t.zh };
        let fields = match self {
            Self::Invalid(fields) => fields
                .iter()
                .map(|f| FieldBody {
                    field: f.field.clone(),
                    code: f.code.to_owned(),
                    message: if english { f.en.clone() } else { f.zh.clone() },
                })
                .collect(),
            _ => Vec::new(),
        };
        ProblemBody {
            code: self.code().to_owned(),
            status: self.status(),
            title: pick(self.title()),
            rule: if let Self::Refused(rule, _) = self { Some((*rule).to_owned()) } else { None },
            rev: if let Self::Stale(rev) = self { Some(*rev) } else { None },
            fields,
            request_id,
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Internal(cause) => write!(f, "internal: {cause}"),
            Self::Invalid(fields) => {
                write!(f, "invalid:")?;
                fields.iter().try_for_each(|x| write!(f, " {}={}", x.field, x.code))
            }
            Self::Refused(rule, text) => write!(f, "refused {rule}: {}", text.en),
            Self::Conflict(text) => write!(f, "conflict: {}", text.en),
            other => f.write_str(other.code()),
        }
    }
}

impl std::error::Error for Problem {}

impl From<sea_orm::DbErr> for Problem {
    fn from(error: sea_orm::DbErr) -> Self {
        match error {
            sea_orm::DbErr::ConnectionAcquire(_) | sea_orm::DbErr::Conn(_) => Self::Unavailable,
            other if has_collided(&other) => Self::Collided,
            other => Self::internal(other),
        }
    }
}

/// PostgreSQL ended one of several transactions that waited for each other: serialization failure or deadlock (SQLSTATE 40001,
/// 40P01; class 40 of the SQL standard, "transaction rollback").
fn has_collided(error: &sea_orm::DbErr) -> bool {
    let (sea_orm::DbErr::Exec(cause) | sea_orm::DbErr::Query(cause)) = error else { return false };
    let sea_orm::RuntimeErr::SqlxError(cause) = cause else { return false };
    let code = cause.as_database_error().and_then(|e| e.code());
    matches!(code.as_deref(), Some("40001" | "40P01"))
}

impl IntoResponse for Problem {
    /// Answers in Chinese and leaves itself in the response's extensions; the server's outermost layer rewrites the body
    /// with the caller's language and the request id, and logs the cause.
    fn into_response(self) -> Response {
        let status =
            axum::http::StatusCode::from_u16(self.status()).unwrap_or(axum::http::StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(self.body(false, None))).into_response();
        response
            .headers_mut()
            .insert(axum::http::header::CONTENT_TYPE, axum::http::HeaderValue::from_static("application/problem+json"));
        if let Self::TooMany(seconds) = &self {
            response.headers_mut().insert(axum::http::header::RETRY_AFTER, (*seconds).into());
        }
        response.extensions_mut().insert(self);
        response
    }
}
