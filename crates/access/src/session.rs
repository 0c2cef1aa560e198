//! Sessions (登录): opaque tokens in a cookie (browsers) or a bearer header (tools); dead at once when ended or suspended.

use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock},
};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use axum::http::{HeaderMap, HeaderValue, Method, header, request::Parts};
use ground::{Cells, Floor, Line, chance, crypto};
use kernel::{Day, Id, Level, Millis, Outcome, Place, Problem, Secret, params::Params};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbBackend, EntityTrait as _, IdenStatic as _, Iterable as _,
    QueryFilter as _, Statement,
};

use crate::{
    House,
    audit::{self, Detail, Entry, SYSTEM},
    known, placement,
    roles::Roles,
    row::{account, login_guard, role_grant, session},
    visible::reader,
};

/// Cookie name on plain loopback HTTP.
pub const COOKIE: &str = "sheqiao_session";
/// Cookie name under TLS.
pub const HOST_COOKIE: &str = "__Host-sheqiao_session";
/// How many times more failures an address may have than an account: a station shares one address.
const ADDRESS_FACTOR: i64 = 20;
const HOUR: Millis = 3_600_000;

/// A grant that is valid today.
#[derive(Debug, Clone)]
pub struct Granted {
    /// Role code.
    pub role: String,
    /// Its place.
    pub place: Place,
    /// The county of its place, for what is readable county-wide.
    pub county: Place,
}

/// Who is calling.
#[derive(Debug, Clone)]
pub struct Session {
    /// The account.
    pub account: account::Model,
    /// Its valid grants.
    pub grants: Vec<Granted>,
    /// End of the session.
    pub expires_at: Millis,
    /// Hash of the token, to end the session.
    pub token_hash: Vec<u8>,
    /// Generation of [`crate::known`] it was read under; negative where nothing remembered may be used.
    pub generation: i64,
    /// The password has to be changed before anything else.
    pub change_due: bool,
}

/// Whether a password must change: somebody else set it, or it is older than `password.max_age_days`.
fn change_due(account: &account::Model, now: Millis, today: Day) -> bool {
    let set_at = if account.password_set_at == 0 { account.created_at } else { account.password_set_at };
    let most = Params::national().whole("password.max_age_days", &["national"], today);
    account.must_change || most.is_some_and(|days| now - set_at > days * 24 * HOUR)
}

impl Session {
    /// Codes of all permits the grants carry.
    pub fn permits(&self) -> impl Iterator<Item = &str> {
        let codes: BTreeSet<&str> = self
            .grants
            .iter()
            .filter_map(|g| Roles::embedded().get(&g.role))
            .flat_map(|r| r.permits.keys().map(String::as_str))
            .collect();
        codes.into_iter()
    }
}

/// Reads cookie or bearer token and loads account and grants; every failure is 401 (a foreign origin 403).
pub async fn authenticate(parts: &Parts, house: &House) -> Outcome<Session> {
    let (token, from_cookie) = token_of(&parts.headers, house.over_tls).ok_or(Problem::Unauthenticated)?;
    if from_cookie && !matches!(parts.method, Method::GET | Method::HEAD) {
        same_origin(&parts.headers)?;
    }
    let floor = &house.floor;
    let now = floor.now();
    let hash = crypto::sha256(token.as_bytes());
    let Found { session: found, account, grants, generation } =
        find(floor, &hash, floor.today()).await?.ok_or(Problem::Unauthenticated)?;
    let idle = minutes("session.idle_minutes", 30, floor.today());
    if found.ended_at.is_some() || found.expires_at <= now || found.seen_at + idle <= now || found.bearer == from_cookie
    {
        return Err(Problem::Unauthenticated);
    }
    if account.state != "active" {
        return Err(Problem::Unauthenticated);
    }
    house.limits.request(account.id, now)?;
    // Polling in the background says so and does not keep a session alive.
    let polling = parts.headers.contains_key("x-background");
    if !polling && now - found.seen_at > 60_000 {
        touch(floor, hash.clone(), now).await?;
    }
    let change_due = change_due(&account, now, floor.today());
    Ok(Session { account, grants, expires_at: found.expires_at, token_hash: hash, generation, change_due })
}

/// What a token stands for.
struct Found {
    session: session::Model,
    account: account::Model,
    grants: Vec<Granted>,
    generation: i64,
}

/// Session, account, approved grants and where their places lie, in one statement: it runs before every answer.
fn found_sql() -> String {
    let columns = |table: &str, names: &[&str]| -> String {
        names.iter().map(|name| format!("{table}.{name} AS {table}_{name}")).collect::<Vec<_>>().join(", ")
    };
    let named = |table: &str, names: Vec<&'static str>| columns(table, &names);
    let path = ["id", "level", "province_id", "city_id", "county_id", "township_id", "village_id"];
    format!(
        "SELECT {s}, {a}, g.role AS g_role, g.place_id AS g_place_id, g.from_on AS g_from_on, g.to_on AS g_to_on, {d}, {c}, \
         (SELECT value FROM setting WHERE name = '{generation}') AS generation \
         FROM session s JOIN account a ON a.id = s.account_id \
         LEFT JOIN role_grant g ON g.account_id = a.id AND g.state = 'approved' \
         LEFT JOIN division d ON d.id = g.place_id LEFT JOIN division c ON c.id = d.county_id \
         WHERE s.token_hash = $1",
        s = named("s", session::Column::iter().map(|c| c.as_str()).collect()),
        a = named("a", account::Column::iter().map(|c| c.as_str()).collect()),
        d = columns("d", &path),
        c = columns("c", &path),
        generation = known::GENERATION,
    )
}

/// One row of that statement.
struct FoundLine {
    session: session::Model,
    account: account::Model,
    role: Option<String>,
    place_id: Option<i32>,
    from: Option<Day>,
    to: Option<Day>,
    place: Option<Place>,
    county: Option<Place>,
    generation: Option<String>,
}

impl Line for FoundLine {
    fn read(row: &mut Cells) -> Outcome<Self> {
        Ok(Self {
            session: session::Model::read(row)?,
            account: account::Model::read(row)?,
            role: row.take()?,
            place_id: row.take()?,
            from: row.take()?,
            to: row.take()?,
            place: placement::read_place(row)?,
            county: placement::read_place(row)?,
            generation: row.take()?,
        })
    }
}

impl FoundLine {
    /// The grant of a row, when it holds today.
    fn granted(&mut self, today: Day) -> Outcome<Option<Granted>> {
        let (Some(role), Some(from)) = (self.role.take(), self.from) else { return Ok(None) };
        if from > today || self.to.is_some_and(|to| to < today) {
            return Ok(None);
        }
        if self.place_id == Some(0) {
            return Ok(Some(Granted { role, place: NOWHERE, county: NOWHERE }));
        }
        let place = self.place.ok_or(Problem::NotFound)?;
        let county = if place.level <= Level::County { place } else { self.county.ok_or(Problem::NotFound)? };
        Ok(Some(Granted { role, place, county }))
    }
}

async fn find(floor: &Floor, hash: &[u8], today: Day) -> Outcome<Option<Found>> {
    static SQL: LazyLock<[String; 2]> =
        LazyLock::new(|| [DbBackend::Sqlite, DbBackend::Postgres].map(|backend| audit::sql(backend, &found_sql())));
    let backend = reader(floor).get_database_backend();
    let [sqlite, postgres] = &*SQL;
    let text = if backend == DbBackend::Postgres { postgres } else { sqlite };
    let statement = Statement::from_sql_and_values(backend, text.clone(), [hash.to_vec().into()]);
    let mut rows: Vec<FoundLine> = floor.db.lines(statement).await?;
    let grants: Vec<Option<Granted>> = rows.iter_mut().map(|row| row.granted(today)).collect::<Outcome<_>>()?;
    Ok(rows.into_iter().next().map(|first| Found {
        session: first.session,
        account: first.account,
        grants: grants.into_iter().flatten().collect(),
        generation: first.generation.and_then(|g| g.parse().ok()).unwrap_or(0),
    }))
}

/// Where roles of the whole system (SA, SEC, AU without place) lie.
const NOWHERE: Place = Place { id: 0, level: Level::Province, path: [0; 5] };

/// A session without account row for a named job.
pub async fn of_job(house: &House, job: &'static str) -> Outcome<Session> {
    let floor = &house.floor;
    let id = job_id(job);
    let account = account::Model {
        id,
        username: job.to_owned(),
        display_name: job.to_owned(),
        password_hash: String::new(),
        state: "active".to_owned(),
        must_change: false,
        is_demo: false,
        county_id: SYSTEM,
        created_at: floor.now(),
        last_login_at: None,
        password_set_at: 0,
        rev: 0,
        audit_no: 0,
    };
    let detail = Detail { changes: Vec::new(), reason: Some(job.to_owned()) };
    let on = floor.clone();
    floor
        .db
        .write(move |tx| {
            Box::pin(async move {
                let entry = Entry {
                    chain: SYSTEM,
                    actor: id,
                    action: "job",
                    object_kind: "job",
                    object: id,
                    rev: 0,
                    detail: &detail,
                };
                audit::append(&tx.steps(), &on, entry).await.map(|_| ())
            })
        })
        .await?;
    Ok(Session {
        account,
        grants: Vec::new(),
        expires_at: Millis::MAX,
        token_hash: Vec::new(),
        generation: -1,
        change_due: false,
    })
}

/// The fixed id under which a named job appears in the audit log.
pub(crate) fn job_id(job: &str) -> Id {
    let hash = crypto::sha256(job.as_bytes());
    let mut bytes = [0_u8; 16];
    for (target, byte) in bytes.iter_mut().zip(hash) {
        *target = byte;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

async fn grants_of(conn: &impl ConnectionTrait, account: Id, today: Day) -> Outcome<Vec<Granted>> {
    let rows = role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(account))
        .filter(role_grant::Column::State.eq("approved"))
        .all(conn)
        .await?;
    let mut grants = Vec::with_capacity(rows.len());
    for row in rows {
        if row.from_on > today || row.to_on.is_some_and(|to| to < today) {
            continue;
        }
        let (place, county) = if row.place_id == 0 {
            (NOWHERE, NOWHERE)
        } else {
            let place = placement::by_id(conn, row.place_id).await?.place();
            (place, placement::county_of(conn, &place).await?)
        };
        grants.push(Granted { role: row.role, place, county });
    }
    Ok(grants)
}

fn token_of(headers: &HeaderMap, over_tls: bool) -> Option<(String, bool)> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        return value.to_str().ok()?.strip_prefix("Bearer ").map(|t| (t.to_owned(), false));
    }
    let name = if over_tls { HOST_COOKIE } else { COOKIE };
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .find_map(|pair| pair.trim().split_once('=').filter(|(n, _)| *n == name))
        .map(|(_, token)| (token.to_owned(), true))
}

/// A cookie write must come from our own pages: `Origin` is there and names the host that was asked.
fn same_origin(headers: &HeaderMap) -> Outcome<()> {
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok());
    let origin = headers.get(header::ORIGIN).and_then(|v| v.to_str().ok()).and_then(|o| o.split_once("://"));
    match (host, origin) {
        (Some(host), Some((_, origin))) if host == origin => Ok(()),
        _ => Err(Problem::Forbidden),
    }
}

/// Failures an account may have, and the window in milliseconds (params `login.max_failures`, `login.window_minutes`).
fn guesses(today: Day) -> (i64, Millis) {
    let most = Params::national().whole("login.max_failures", &["national"], today).unwrap_or(5);
    (most, minutes("login.window_minutes", 15, today))
}

fn minutes(param: &str, otherwise: i64, today: Day) -> Millis {
    Params::national().whole(param, &["national"], today).unwrap_or(otherwise) * 60_000
}

async fn touch(floor: &Arc<Floor>, hash: Vec<u8>, now: Millis) -> Outcome<()> {
    floor
        .db
        .write(move |tx| {
            Box::pin(async move {
                let seen = session::ActiveModel { token_hash: Set(hash), seen_at: Set(now), ..Default::default() };
                session::Entity::update(seen).exec(tx.conn()).await?;
                Ok(())
            })
        })
        .await
}

/// A new session: its token (never stored) and end.
pub struct SignedIn {
    /// The token for cookie or bearer header.
    pub token: String,
    /// The session.
    pub session: Session,
}

/// Checks name and password and opens a session. Wrong name and wrong password look and last the same.
pub async fn sign_in(
    house: &House,
    username: &str,
    password: &Secret,
    bearer: bool,
    address: &str,
) -> Outcome<SignedIn> {
    let floor = house.floor.clone();
    let now = floor.now();
    let most = Params::national().whole("login.per_address_per_minute", &["national"], floor.today());
    let most = most.and_then(|n| u32::try_from(n).ok()).unwrap_or(u32::MAX);
    house.limits.take(job_id(&format!("address {address}")), "sign_in", most, 60_000, now)?;
    let username = username.trim().to_lowercase();
    let subjects = [format!("a:{}", hex::encode(crypto::sha256(username.as_bytes()))), format!("h:{address}")];
    guard(&floor, &subjects, now).await?;
    let found = account::Entity::find().filter(account::Column::Username.eq(username)).one(reader(&floor)).await?;
    let stored = found.as_ref().map_or(NOBODY, |a| a.password_hash.as_str()).to_owned();
    let right = verify(house, stored, password.clone()).await?;
    let account = match found {
        Some(account) if right && account.state == "active" => account,
        _ => {
            failed(&floor, subjects, now).await?;
            return Err(Problem::invalid(kernel::Field::new(
                "password",
                "wrong",
                "账号或密码不正确，请重新输入。忘记密码请联系系统管理员。",
                "The name or password is not right; try again. If you forgot it, ask the system administrator.",
            )));
        }
    };
    let token = chance::token(&*floor.chance);
    let hash = crypto::sha256(token.as_bytes());
    let hours = Params::national().whole("session.absolute_hours", &["national"], floor.today()).unwrap_or(8);
    let expires_at = now + hours * HOUR;
    let row = session::ActiveModel {
        token_hash: Set(hash.clone()),
        account_id: Set(account.id),
        bearer: Set(bearer),
        created_at: Set(now),
        seen_at: Set(now),
        expires_at: Set(expires_at),
        ended_at: Set(None),
    };
    let (on, id, subject) = (floor.clone(), account.id, subjects);
    floor
        .db
        .write(move |tx| {
            Box::pin(async move {
                session::Entity::insert(row).exec_without_returning(tx.conn()).await?;
                let [name, _] = subject;
                login_guard::Entity::delete_by_id(name).exec(tx.conn()).await?;
                let entry = Entry {
                    chain: SYSTEM,
                    actor: id,
                    action: "sign_in",
                    object_kind: "account",
                    object: id,
                    rev: 0,
                    detail: &Detail::default(),
                };
                audit::append(&tx.steps(), &on, entry).await?;
                let seen = account::ActiveModel { id: Set(id), last_login_at: Set(Some(now)), ..Default::default() };
                account::Entity::update(seen).exec(tx.conn()).await?;
                Ok(())
            })
        })
        .await?;
    let grants = grants_of(reader(&floor), account.id, floor.today()).await?;
    let change_due = change_due(&account, now, floor.today());
    let session = Session { account, grants, expires_at, token_hash: hash, generation: -1, change_due };
    Ok(SignedIn { token, session })
}

/// Ends one session.
pub async fn sign_out(house: &House, token_hash: Vec<u8>) -> Outcome<()> {
    let now = house.floor.now();
    house
        .floor
        .db
        .write(move |tx| {
            Box::pin(async move {
                let ended = session::ActiveModel {
                    token_hash: Set(token_hash),
                    ended_at: Set(Some(now)),
                    ..Default::default()
                };
                session::Entity::update(ended).exec(tx.conn()).await?;
                Ok(())
            })
        })
        .await
}

/// The cookie that carries a token, or (empty token) removes it.
pub fn cookie(over_tls: bool, token: &str) -> Option<HeaderValue> {
    let (name, secure) = if over_tls { (HOST_COOKIE, "; Secure") } else { (COOKIE, "") };
    let age = if token.is_empty() { "; Max-Age=0" } else { "" };
    HeaderValue::from_str(&format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict{secure}{age}")).ok()
}

async fn guard(floor: &Floor, subjects: &[String; 2], now: Millis) -> Outcome<()> {
    let (most, window) = guesses(floor.today());
    for (subject, most) in subjects.iter().zip([most, most * ADDRESS_FACTOR]) {
        let row = login_guard::Entity::find_by_id(subject.clone()).one(reader(floor)).await?;
        if let Some(row) = row
            && now - row.window_from < window
            && i64::from(row.failures) >= most
        {
            let wait = u64::try_from((row.window_from + window - now) / 1_000 + 1).unwrap_or(1);
            return Err(Problem::TooMany(wait));
        }
    }
    Ok(())
}

async fn failed(floor: &Arc<Floor>, subjects: [String; 2], now: Millis) -> Outcome<()> {
    let (_, window) = guesses(floor.today());
    floor
        .db
        .write(move |tx| {
            Box::pin(async move {
                for subject in subjects {
                    let conn = tx.conn();
                    let text = "INSERT INTO login_guard (subject, failures, window_from) VALUES ($1, 1, $2) \
                                ON CONFLICT (subject) DO UPDATE SET \
                                failures = CASE WHEN login_guard.window_from <= $3 THEN 1 ELSE login_guard.failures + 1 END, \
                                window_from = CASE WHEN login_guard.window_from <= $3 THEN $2 ELSE login_guard.window_from END";
                    let backend = conn.get_database_backend();
                    let values = [subject.into(), now.into(), (now - window).into()];
                    conn.execute_raw(Statement::from_sql_and_values(backend, audit::sql(backend, text), values)).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Hash of a password nobody has, so that an unknown name costs as much time as a wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2hlcWlhb19ub2JvZHkh$0000000000000000000000000000000000000000000";

/// Hashes a password with Argon2id (19 MiB, t=2, p=1); at most a few at once.
pub async fn hash(house: &House, password: Secret) -> Outcome<String> {
    let _permit = house.hashing.clone().acquire_owned().await.map_err(|_| Problem::Unavailable)?;
    let mut salt = [0_u8; 16];
    house.floor.chance.fill(&mut salt);
    tokio::task::spawn_blocking(move || {
        Argon2::default()
            .hash_password_with_salt(password.expose().as_bytes(), &salt)
            .map(|h| h.to_string())
            .map_err(Problem::internal)
    })
    .await
    .map_err(Problem::internal)?
}

async fn verify(house: &House, stored: String, password: Secret) -> Outcome<bool> {
    let _permit = house.hashing.clone().acquire_owned().await.map_err(|_| Problem::Unavailable)?;
    tokio::task::spawn_blocking(move || {
        PasswordHash::new(&stored)
            .is_ok_and(|hash| Argon2::default().verify_password(password.expose().as_bytes(), &hash).is_ok())
    })
    .await
    .map_err(Problem::internal)
}

/// Checks the password of an account that is signed in.
pub async fn is_password_of(house: &House, account: &account::Model, password: Secret) -> Outcome<bool> {
    verify(house, account.password_hash.clone(), password).await
}

/// Refuses a password that is too short, too long or the account's own name (ASVS 5.0 §6.2: length, not composition).
pub fn acceptable(username: &str, password: &Secret, today: Day) -> Outcome<()> {
    let text = password.expose();
    let length = text.chars().count();
    let least = Params::national().whole("password.min_length", &["national"], today).unwrap_or(12);
    let common = ["12345678", "123456789012", "password1234", "qwertyuiop12", "111111111111", "000000000000"];
    let weak = i64::try_from(length).unwrap_or(0) < least
        || length > 128
        || text.to_lowercase().contains(&username.to_lowercase())
        || common.contains(&text)
        || text.chars().collect::<BTreeSet<_>>().len() < 5;
    if weak {
        return Err(Problem::invalid(kernel::Field::new(
            "password",
            "weak",
            format!("密码至少 {least} 个字符，不能包含账号名，也不能是常见密码，请换一个。"),
            format!(
                "The password needs at least {least} characters, must not contain the account name or be a common one; choose another."
            ),
        )));
    }
    Ok(())
}
