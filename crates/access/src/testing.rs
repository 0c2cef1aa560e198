//! A house for tests: a floor of either engine, accounts with grants and sessions, and calls through the real router.

use axum::{
    Router,
    body::Body as HttpBody,
    http::{Method, Request, StatusCode, header},
};
use ground::{Engine, chance, crypto, testing::TestFloor};
use kernel::Id;
use sea_orm::{ActiveValue::Set, EntityTrait as _};
use serde_json::Value;
use tower::util::ServiceExt as _;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    House, placement,
    row::{account, role_grant, session},
};

/// A house with its router.
pub struct TestHouse {
    /// Floor, clock, engine.
    pub test: TestFloor,
    /// The house.
    pub house: House,
    router: Router,
}

/// Somebody who can call.
#[derive(Clone)]
pub struct Caller {
    /// Account id.
    pub id: Id,
    /// Bearer token.
    pub token: String,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Body as JSON; null when empty or not JSON.
    pub json: Value,
    /// Body as text.
    pub text: String,
    /// Media type.
    pub content_type: String,
    /// Headers.
    pub headers: axum::http::HeaderMap,
}

impl Answer {
    /// The body when the status is as expected.
    ///
    /// # Panics
    /// When it is another status: the test is red and shows the body.
    #[track_caller]
    #[allow(clippy::panic)] // test support
    pub fn expect(self, status: u16) -> Value {
        if self.status.as_u16() != status {
            panic!("expected {status}, got {}: {}", self.status, self.text);
        }
        self.json
    }
}

impl TestHouse {
    /// A house on a fresh database of this engine with these routes under `/api/v1`.
    pub async fn new(engine: Engine, routes: OpenApiRouter<House>) -> Self {
        Self::with_kinds(engine, routes, Vec::new()).await
    }

    /// The same with kinds of record whose history can be read.
    pub async fn with_kinds(engine: Engine, routes: OpenApiRouter<House>, kinds: Vec<crate::history::Kind>) -> Self {
        let test = ground::testing::floor(engine).await;
        let house = House::build(test.floor.clone(), false).with_kinds(kinds);
        let (router, _) = OpenApiRouter::new().nest("/api/v1", routes).with_state(house.clone()).split_for_parts();
        Self { test, house, router }
    }

    /// An active account with approved grants of (role, place code; "" for roles without place) and an open session.
    ///
    /// # Panics
    /// When a place is unknown or the database fails.
    #[allow(clippy::expect_used)] // test support
    pub async fn account(&self, username: &str, grants: &[(&str, &str)]) -> Caller {
        let floor = &self.test.floor;
        let (id, now, today) = (floor.new_id(), floor.now(), floor.today());
        let mut rows = Vec::new();
        for (role, place) in grants {
            let (place_id, county_id) = if place.is_empty() {
                (0, 0)
            } else {
                let found = placement::resolve(floor.db.read(), "place", place).await.expect("place of a grant");
                (found.id, found.county_id)
            };
            rows.push(role_grant::ActiveModel {
                id: Set(floor.new_id()),
                account_id: Set(id),
                role: Set((*role).to_owned()),
                org_id: Set(None),
                place_id: Set(place_id),
                county_id: Set(county_id),
                from_on: Set(today),
                to_on: Set(None),
                state: Set("approved".to_owned()),
                proposed_by: Set(id),
                approved_by: Set(Some(Id::nil())),
                end_reason: Set(None),
                rev: Set(1),
                audit_no: Set(0),
            });
        }
        let row = account::ActiveModel {
            id: Set(id),
            username: Set(username.to_owned()),
            display_name: Set(username.to_owned()),
            password_hash: Set(String::new()),
            state: Set("active".to_owned()),
            must_change: Set(false),
            is_demo: Set(false),
            county_id: Set(0),
            created_at: Set(now),
            last_login_at: Set(None),
            // Time passes in tests; the password of a test does not age.
            password_set_at: Set(i64::MAX / 2),
            rev: Set(1),
            audit_no: Set(0),
        };
        let token = chance::token(&*floor.chance);
        let open = session::ActiveModel {
            token_hash: Set(crypto::sha256(token.as_bytes())),
            account_id: Set(id),
            bearer: Set(true),
            created_at: Set(now),
            seen_at: Set(now),
            expires_at: Set(now + 10 * 365 * 86_400_000),
            ended_at: Set(None),
        };
        floor
            .db
            .write(move |tx| {
                Box::pin(async move {
                    account::Entity::insert(row).exec_without_returning(tx.conn()).await?;
                    for grant in rows {
                        role_grant::Entity::insert(grant).exec_without_returning(tx.conn()).await?;
                    }
                    session::Entity::insert(open).exec_without_returning(tx.conn()).await?;
                    Ok(())
                })
            })
            .await
            .expect("account of a test");
        Caller { id, token }
    }

    /// Calls an operation; `path` begins behind `/api/v1`.
    ///
    /// # Panics
    /// When the request cannot be built.
    #[allow(clippy::expect_used)] // test support
    pub async fn call(&self, who: Option<&Caller>, method: Method, path: &str, body: Option<Value>) -> Answer {
        let uri: String = format!("/api/v1{path}")
            .bytes()
            .map(|b| if b.is_ascii() && b != b' ' { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect();
        let mut request = Request::builder().method(method).uri(uri);
        if let Some(who) = who {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", who.token));
        }
        let body = match body {
            Some(json) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                HttpBody::from(json.to_string())
            }
            None => HttpBody::empty(),
        };
        let request = request.body(body).expect("request");
        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        let status = response.status();
        let headers = response.headers().clone();
        let content_type = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let bytes = axum::body::to_bytes(response.into_body(), 64 << 20).await.expect("body");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status, json: serde_json::from_str(&text).unwrap_or(Value::Null), text, content_type, headers }
    }

    /// The scope of a permit in the hands of a caller, as a handler gets it.
    ///
    /// # Panics
    /// When the caller does not hold the permit.
    #[allow(clippy::expect_used)] // test support
    pub async fn scope<P: kernel::Permit>(&self, who: &Caller) -> crate::Scope<P> {
        use axum::extract::FromRequestParts as _;
        let bearer = format!("Bearer {}", who.token);
        let (mut parts, ()) =
            Request::builder().header(header::AUTHORIZATION, bearer).body(()).expect("request").into_parts();
        crate::Scope::from_request_parts(&mut parts, &self.house).await.expect("scope")
    }

    /// GET.
    pub async fn get(&self, who: &Caller, path: &str) -> Answer {
        self.call(Some(who), Method::GET, path, None).await
    }

    /// POST.
    pub async fn post(&self, who: &Caller, path: &str, body: Value) -> Answer {
        self.call(Some(who), Method::POST, path, Some(body)).await
    }

    /// PATCH.
    pub async fn patch(&self, who: &Caller, path: &str, body: Value) -> Answer {
        self.call(Some(who), Method::PATCH, path, Some(body)).await
    }

    /// A new client-made id.
    pub fn id(&self) -> Id {
        self.test.floor.new_id()
    }

    /// Runs raw SQL (one statement) for arranging a test.
    ///
    /// # Panics
    /// When the database says no.
    #[allow(clippy::expect_used)] // test support
    pub async fn sql(&self, text: &str) {
        use sea_orm::ConnectionTrait as _;
        let text = text.to_owned();
        self.test
            .floor
            .db
            .write(move |tx| Box::pin(async move { Ok(tx.conn().execute_unprepared(&text).await.map(|_| ())?) }))
            .await
            .expect("test SQL");
    }

    /// Reads one number by raw SQL.
    ///
    /// # Panics
    /// When the database says no.
    #[allow(clippy::expect_used)] // test support
    pub async fn number(&self, text: &str) -> i64 {
        use sea_orm::ConnectionTrait as _;
        let db = self.test.floor.db.read();
        let statement = sea_orm::Statement::from_string(db.get_database_backend(), text.to_owned());
        let row = db.query_one_raw(statement).await.expect("test SQL").expect("one row");
        row.try_get_by_index::<i64>(0).or_else(|_| row.try_get_by_index::<i32>(0).map(i64::from)).expect("a number")
    }

    /// The plan of a query as text. On SQLite the planner is told the statistics `ANALYZE` wrote
    /// for the Guangdong world with a million persons (`stat1_large.tsv`); on PostgreSQL, where statistics cannot be lent, it plans for what is there.
    ///
    /// # Panics
    /// When the database says no.
    #[allow(clippy::expect_used)] // test support
    pub async fn plan(&self, mut statement: sea_orm::Statement) -> String {
        use sea_orm::ConnectionTrait as _;
        let explain =
            |statement: &mut sea_orm::Statement, word: &str| statement.sql = format!("{word} {}", statement.sql);
        let (rows, column) = match self.test.engine {
            Engine::Sqlite => {
                explain(&mut statement, "EXPLAIN QUERY PLAN");
                self.lend_statistics().await;
                // Statistics are read when a connection opens.
                let path = self.test.floor.folder.database();
                let db = ground::Db::open_sqlite(&path, 1).await.expect("a fresh connection");
                let rows = db.read().query_all_raw(statement).await.expect("plan");
                db.close().await;
                (rows, 3)
            }
            Engine::Postgres => {
                explain(&mut statement, "EXPLAIN");
                (self.test.floor.db.read().query_all_raw(statement).await.expect("plan"), 0)
            }
        };
        rows.iter().map(|r| r.try_get_by_index::<String>(column).expect("plan line")).collect::<Vec<_>>().join("\n")
    }

    /// Puts the statistics of the Guangdong world, as `ANALYZE` wrote them, into the database of this test.
    async fn lend_statistics(&self) {
        self.sql("ANALYZE").await;
        self.sql("DELETE FROM sqlite_stat1").await;
        let rows: Vec<String> = include_str!("testing/stat1_large.tsv")
            .lines()
            .map(|line| {
                line.splitn(3, '\t')
                    .map(|word| if word.is_empty() { "NULL".to_owned() } else { format!("'{word}'") })
                    .collect::<Vec<_>>()
                    .join(", ")
            })
            .map(|row| format!("({row})"))
            .collect();
        self.sql(&format!("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES {}", rows.join(", "))).await;
    }
}

/// Runs each test on both engines: `on_both! { async fn name(engine) { … } }`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($engine:ident) $body:block)*) => {
        $(
            $(#[$meta])*
            mod $name {
                #[allow(unused_imports)]
                use super::*;
                async fn on_engine($engine: ground::Engine) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    on_engine(ground::Engine::Sqlite).await;
                }
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    on_engine(ground::Engine::Postgres).await;
                }
            }
        )*
    };
}
