//! The canary sweep: a thousand secrets stand in restricted files, and nobody who is not on the lists meets one, or a figure
//! that moved because of them, in any reading operation of `api/openapi.json`, the log, the metrics or the database in clear.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    sync::{Arc, Mutex},
};

use access::{
    on_both,
    testing::{Caller, TestHouse},
};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use ground::Engine;
use kernel::Id;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use tower::util::ServiceExt as _;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use crate::world::{document, house, operations};

const STATION: &str = "430703002";
const VILLAGE: &str = "430703002001";
const FILES: usize = 25;
const PER_FILE: usize = 40;

/// The n-th secret: a name, a document number, a telephone number or a sentence, each found nowhere else.
fn canary(n: usize) -> String {
    let letter = |k: usize| char::from_u32(0x4e00 + u32::try_from(k % 3_000).unwrap()).unwrap();
    match n % 4 {
        0 => format!("龘{}{}", letter(n * 7 + 11), letter(n * 13 + 5)),
        1 => format!("43070319700101{:03}9", 100 + n / 4),
        2 => format!("1990009{:04}", n),
        _ => format!("暗桩第{n:04}号陈述"),
    }
}

/// Keeps everything that is logged, at every level, by anybody.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);
impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = write!(self.0, " {}={value}", field.name());
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        attributes.record(&mut Line(&mut self.0.lock().unwrap()));
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut Line(&mut self.0.lock().unwrap()));
    }
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut text = self.0.lock().unwrap();
        text.push('\n');
        text.push_str(event.metadata().target());
        event.record(&mut Line(&mut text));
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

struct World {
    house: TestHouse,
    router: Router,
    worker: Caller,
    head: Caller,
    people: Vec<Id>,
    visits: Vec<Id>,
    homes: Vec<Id>,
}

impl World {
    async fn new(engine: Engine) -> Self {
        server::health::install();
        let house = house(engine).await;
        let router = server::router(house.house.clone());
        let worker = house.account("sweep.worker", &[("SW", STATION)]).await;
        let head = house.account("sweep.head", &[("SH", STATION)]).await;
        let mut world = Self { house, router, worker, head, people: Vec::new(), visits: Vec::new(), homes: Vec::new() };
        world.populate().await;
        world
    }

    async fn populate(&mut self) {
        for n in 0..FILES {
            let (id, visit, home) = (self.house.id(), self.house.id(), self.house.id());
            let village = VILLAGE;
            let category = json!({"id": self.house.id(), "category": "DIBAO", "from": "2026-01-05",
                "evidence_kind": "decision_notice", "evidence_ref": "鼎民〔2026〕1号", "source": "document"});
            // Every fifth is a minor.
            let birth = if n % 5 == 0 { "2015-03-04" } else { "1956-03-04" };
            let body = json!({"id": id, "name": "测试甲", "sex": "2", "doc_type": "none", "no_number_reason": "遗失",
                "birth_date": birth, "village": village, "lead_source": "visit", "categories": [category]});
            self.house.post(&self.worker, "/persons", body).await.expect(201);
            let body = json!({"id": visit, "person_id": id, "kind": "first", "mode": "home", "visited_on": "2026-11-20",
                "contact_result": "met", "summary": "一般情况", "risk_signs": [], "needs": [], "services": ["visiting_care"],
                "work_field": "assistance"});
            self.house.post(&self.worker, "/visits", body).await.expect(201);
            let body = json!({"id": home, "kind": "cohabiting", "village": village,
                "members": [{"id": self.house.id(), "person_id": id, "relation": "0", "from": "2026-01-05"}]});
            self.house.post(&self.worker, "/households", body).await.expect(201);
            self.people.push(id);
            self.visits.push(visit);
            self.homes.push(home);
        }
    }

    /// Puts forty secrets into a file about each person, approved by the head; gives the ids of the files.
    async fn hide(&self) -> Vec<Id> {
        let kinds = ["child_protection", "domestic_violence", "mental_disorder", "correction", "detox"];
        let categories = ["VICTIM_MINOR", "DV_VICTIM", "MENTAL", "CORRECTION", "DETOX"];
        let mut files = Vec::new();
        for (n, person) in self.people.iter().enumerate() {
            let secret = |k: usize| canary(n * PER_FILE + k);
            let mut entries = vec![json!({"id": self.house.id(), "content": {"what": "category", "on": "2026-03-01",
                "text": secret(0), "category": {"code": categories[n % 5], "evidence_kind": "medical_diagnosis",
                "evidence_ref": secret(1), "source": "document"}}})];
            for k in 0..9 {
                let text: Vec<String> = (0..4).map(|j| secret(3 + k * 4 + j)).collect();
                let what = if k % 2 == 0 { "fact" } else { "note" };
                entries.push(json!({"id": self.house.id(), "content": {"what": what, "on": "2026-11-01", "text": text.join("；")}}));
            }
            let last =
                json!({"id": self.house.id(), "content": {"what": "note", "on": "2026-11-02", "text": secret(39)}});
            let file = self.house.id();
            let body = json!({"id": file, "kind": kinds[n % 5], "reason": secret(2), "follow_up_on": "2026-12-24",
                "names": [{"id": self.house.id(), "account": self.worker.id, "part": "owner"}], "entries": entries});
            self.house.post(&self.worker, &format!("/persons/{person}/restricted-files"), body).await.expect(201);
            let inbox = self.house.get(&self.head, "/clearances").await.expect(200);
            let row = inbox["items"].as_array().unwrap().iter().find(|r| r["way"] == "named").unwrap().clone();
            let path = format!("/clearances/{}/decide", row["id"].as_str().unwrap());
            self.house.post(&self.head, &path, json!({"rev": row["rev"], "approve": true})).await.expect(200);
            self.house.post(&self.worker, &format!("/restricted-files/{file}/entries"), last).await.expect(201);
            files.push(file);
        }
        files
    }

    async fn call(&self, who: &Caller, method: &str, path: &str, body: Option<Value>) -> (StatusCode, String) {
        let uri: String = path
            .bytes()
            .map(|b| if b.is_ascii() && b != b' ' { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect();
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .header("authorization", format!("Bearer {}", who.token))
            .header("content-type", "application/json");
        let request = request.body(body.map_or_else(Body::empty, |b| Body::from(b.to_string()))).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), 64 << 20).await.unwrap();
        (status, without_request_id(&String::from_utf8_lossy(&bytes)))
    }

    /// Every reading operation with the ids of this world and a value for each parameter: path → answer.
    async fn walk(&self, who: &Caller, more: &[Id]) -> BTreeMap<String, String> {
        // All walks together take longer than somebody may sit still; everybody stays signed in.
        self.house.sql(&format!("UPDATE session SET seen_at = {}", self.house.test.floor.now())).await;
        let mut answers = BTreeMap::new();
        for op in operations(&document()) {
            if op.method != "GET" || op.path.ends_with("/events") && op.path.starts_with("/jobs") {
                continue;
            }
            // The request limit of an account is per minute of the fixed clock.
            self.house.test.clock.advance(2_000);
            for path in self.paths(&op.path, more) {
                let mut required: Vec<String> =
                    op.query.iter().filter(|p| p["required"] == true).filter_map(|p| self.value(p)).collect();
                // A sample is drawn anew each time unless its seed is given.
                required.extend(op.path.ends_with("/sample").then(|| "seed=7".to_owned()));
                let mut queries = vec![required.clone()];
                for param in op.query.iter().filter(|p| p["required"] != true) {
                    if let Some(value) = self.value(param) {
                        queries.push(required.iter().cloned().chain([value]).collect());
                    }
                }
                for query in queries {
                    let path = format!("/api/v1{path}{}{}", if query.is_empty() { "" } else { "?" }, query.join("&"));
                    let (status, body) = self.call(who, "GET", &path, None).await;
                    assert_ne!(status.as_u16(), 429, "{path}");
                    assert!(status.as_u16() < 500, "{path}: {body}");
                    answers.insert(path, format!("{status} {body}"));
                }
            }
        }
        answers
    }

    fn paths(&self, path: &str, more: &[Id]) -> Vec<String> {
        if !path.contains('{') {
            return vec![path.to_owned()];
        }
        let mut ids: Vec<Id> = vec![self.people[0], self.people[2], self.visits[0], self.homes[1]];
        ids.extend(more.iter().take(2));
        let kinds: &[&str] = if path.contains("{kind}") {
            &["person", "visit", "household", "restricted_file", "restricted_entry", "clearance"]
        } else {
            &[""]
        };
        let mut all = Vec::new();
        for id in ids {
            for kind in kinds {
                let path = path.replace("{kind}", kind).replace("{code}", "430703");
                let mut out = String::new();
                let mut rest = path.as_str();
                while let Some((before, after)) = rest.split_once('{') {
                    let (_, after) = after.split_once('}').unwrap();
                    let _ = write!(out, "{before}{id}");
                    rest = after;
                }
                all.push(format!("{out}{rest}"));
            }
        }
        all.sort();
        all.dedup();
        all
    }

    fn value(&self, param: &Value) -> Option<String> {
        let name = param["name"].as_str()?;
        let value = match name {
            "place" => STATION.to_owned(),
            "q" => canary(0),
            "category" => "MENTAL".to_owned(),
            "limit" => "200".to_owned(),
            "person" => self.people[0].to_string(),
            "worker" | "actor" | "account" => self.worker.id.to_string(),
            "from" => "2026-01-01".to_owned(),
            "on" | "to" => "2026-11-23".to_owned(),
            "state" => "overdue".to_owned(),
            "kind" => "service".to_owned(),
            "grade" => "A".to_owned(),
            "parent" => "430703".to_owned(),
            _ => return None,
        };
        Some(format!("{name}={value}"))
    }

    /// Everything the database holds, as somebody reads it who has stolen the file.
    async fn stolen(&self) -> Vec<u8> {
        if self.house.test.engine == Engine::Sqlite {
            let path = self.house.test.floor.folder.database();
            let mut bytes = std::fs::read(&path).unwrap();
            for tail in ["-wal", "-shm"] {
                let mut name = path.clone().into_os_string();
                name.push(tail);
                bytes.extend(std::fs::read(name).unwrap_or_default());
            }
            return bytes;
        }
        let db = self.house.test.floor.db.read();
        let text = |sql: String| async move {
            let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
            rows.iter().map(|r| r.try_get_by_index::<String>(0).unwrap_or_default()).collect::<Vec<_>>()
        };
        let mut all = String::new();
        for table in
            text("SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'".into()).await
        {
            for row in text(format!("SELECT t::text FROM \"{table}\" t")).await {
                all.push_str(&row);
                all.push('\n');
            }
        }
        all.into_bytes()
    }
}

/// Finds secrets in one pass over a text, as plain bytes and as hexadecimal digits.
struct Finder {
    all: Vec<String>,
    begins: [bool; 256],
    heads: HashMap<[u8; 6], Vec<Vec<u8>>>,
}

impl Finder {
    fn new(all: Vec<String>) -> Self {
        let (mut begins, mut heads) = ([false; 256], HashMap::<_, Vec<Vec<u8>>>::new());
        for secret in &all {
            let hex: String = secret.bytes().map(|b| format!("{b:02x}")).collect();
            for pattern in [secret.as_bytes().to_vec(), hex.into_bytes()] {
                let head: [u8; 6] = pattern[..6].try_into().unwrap();
                begins[usize::from(head[0])] = true;
                heads.entry(head).or_default().push(pattern);
            }
        }
        Self { all, begins, heads }
    }

    /// The first secret in the text, if any.
    fn first(&self, text: &[u8]) -> Option<String> {
        for at in 0..text.len().saturating_sub(5) {
            if !self.begins[usize::from(text[at])] {
                continue;
            }
            let head: [u8; 6] = text[at..at + 6].try_into().unwrap();
            let hit = self.heads.get(&head).and_then(|all| all.iter().find(|p| text[at..].starts_with(p)));
            if let Some(hit) = hit {
                return Some(String::from_utf8_lossy(hit).into_owned());
            }
        }
        None
    }
}

/// The id of a request is another one each time.
fn without_request_id(text: &str) -> String {
    let Ok(mut json) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    let known = json.as_object_mut().is_some_and(|o| o.remove("request_id").is_some());
    if known { json.to_string() } else { text.to_owned() }
}

/// Answers that tell who opened what change by being asked.
fn counts_readers(path: &str) -> bool {
    path.contains("/access") || path.starts_with("/api/v1/audit")
}

on_both! {
    async fn a_thousand_secrets_and_every_figure_of_restricted_files_stay_hidden(engine) {
        let log = Log::default();
        tracing::subscriber::set_global_default(log.clone()).unwrap();
        let w = World::new(engine).await;
        let canaries: Vec<String> = (0..FILES * PER_FILE).map(canary).collect();
        let finder = Finder::new(canaries.clone());
        assert_eq!(finder.first(b"nothing here"), None);
        assert_eq!(finder.first(format!("xx{}yy", canaries[7]).as_bytes()), Some(canaries[7].clone()));
        assert_eq!(finder.all.len(), 1_000);
        assert_eq!(canaries.iter().collect::<std::collections::BTreeSet<_>>().len(), 1_000);
        let mut outsiders = Vec::new();
        for (role, place) in [("CA", "430703"), ("TR", STATION), ("TW", STATION), ("SW", STATION), ("SV", "430703"), ("PA", "43"),
            ("SH", "430703001"), ("SEC", ""), ("SA", ""), ("AU", "")] {
            outsiders.push((role, w.house.account(&format!("out.{}", role.to_lowercase()), &[(role, place)]).await));
        }
        let mut before = Vec::new();
        for (_, who) in &outsiders {
            before.push(w.walk(who, &[]).await);
        }
        let files = w.hide().await;
        w.house.test.clock.advance(61_000);

        // Those on the list do meet them: the sweep can fail.
        let wish = json!({"reason": "核对"});
        let path = format!("/api/v1/restricted-files/{}/open", files[0]);
        let (status, text) = w.call(&w.worker, "POST", &path, Some(wish.clone())).await;
        assert_eq!(status, 200, "{text}");
        let met = canaries.iter().take(PER_FILE).filter(|c| text.contains(c.as_str())).count();
        assert_eq!(met, PER_FILE - 1, "all but the reason of the proposal");

        let mut read = 0;
        for ((role, who), before) in outsiders.iter().zip(&before) {
            let after = w.walk(who, &files).await;
            for (path, answer) in &after {
                read += 1;
                let plain = answer.replace(&canaries[0], "");
                // What the caller typed himself may come back in an answer; nothing else may.
                let text = if path.contains("q=") { plain.as_bytes() } else { answer.as_bytes() };
                assert_eq!(finder.first(text), None, "{role} {path}");
                if let Some(old) = before.get(path).filter(|_| !counts_readers(path)) {
                    assert_eq!(old, answer, "{role} {path}: the answer moved with restricted facts");
                }
            }
            for file in files.iter().take(2) {
                for (method, tail, body) in [("POST", "/open", wish.clone()), ("POST", "/entries", json!({})), ("PATCH", "", json!({})), ("POST", "/names", json!({}))] {
                    let (status, text) = w.call(who, method, &format!("/api/v1/restricted-files/{file}{tail}"), Some(body)).await;
                    assert!(matches!(status.as_u16(), 403 | 404 | 422), "{role} {tail}: {text}");
                    assert_eq!(finder.first(text.as_bytes()), None, "{role} {tail}");
                }
            }
        }
        assert!(read > 1_000, "only {read} answers were read");

        // The existence oracle: asking for a secret person and for nobody looks the same.
        let ask = |name: &str| json!({"name": name, "village": VILLAGE});
        let tw = &outsiders.iter().find(|(r, _)| *r == "TW").unwrap().1;
        let known = w.call(tw, "POST", "/api/v1/persons/duplicates", Some(ask(&canaries[0]))).await;
        let nobody = w.call(tw, "POST", "/api/v1/persons/duplicates", Some(ask("查无此人"))).await;
        assert_eq!(known, nobody);

        w.house.sql(&format!("UPDATE session SET seen_at = {}", w.house.test.floor.now())).await;
        // Break-glass reasons, the log, the metrics, the database in clear.
        let glass = json!({"id": w.house.id(), "reason": canaries[999], "minutes": 30});
        let ca = &outsiders.iter().find(|(r, _)| *r == "CA").unwrap().1;
        let (status, text) = w.call(ca, "POST", &format!("/api/v1/persons/{}/break-glass", w.people[0]), Some(glass)).await;
        assert_eq!(status, 201, "{text}");
        let (_, tasks) = w.call(&w.head, "GET", "/api/v1/tasks", None).await;
        assert!(tasks.contains("break_glass") && finder.first(tasks.as_bytes()).is_none(), "{tasks}");
        let (status, metrics) = w.call(&w.worker, "GET", "/metrics", None).await;
        assert_eq!((status.as_u16(), finder.first(metrics.as_bytes())), (200, None));
        assert!(metrics.contains("sheqiao_request"), "metrics were not collected");
        let logged = log.0.lock().unwrap().clone();
        assert!(logged.contains("request"), "nothing was logged");
        // The name typed into a search box stands in no log either.
        assert_eq!(finder.first(logged.as_bytes()), None, "in the log");
        let stolen = w.stolen().await;
        assert!(String::from_utf8_lossy(&stolen).contains("测试甲"), "the sweep reads the database");
        assert_eq!(finder.first(&stolen), None, "in the database");
    }
}
