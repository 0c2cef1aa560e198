//! A county for tests: 鼎城区 with its divisions, the accounts of two stations, and words to enter people.

use access::{
    Progress, Scope,
    testing::{Caller, TestHouse},
};
use ground::Engine;
use places::divisions::{self, ChangeDivisions, Source};
use serde_json::{Value, json};
use uuid::Uuid;

/// 玉霞街道 临江社区 and 鼎城社区; 红云街道 德安居委会.
pub const LINJIANG: &str = "430703001001";
pub const DINGCHENG: &str = "430703001002";
pub const DEAN: &str = "430703002001";

pub struct World {
    pub house: TestHouse,
    /// Resident of the one-person station of 玉霞街道: SH + TW + SW.
    pub resident: Caller,
    /// Reviewer of 玉霞街道.
    pub reviewer: Caller,
    /// Station of 红云街道: head and two service workers.
    pub head: Caller,
    pub worker: Caller,
    pub colleague: Caller,
    /// The county.
    pub officer: Caller,
    pub supervisor: Caller,
}

impl World {
    pub async fn new(engine: Engine) -> Self {
        let house = TestHouse::with_kinds(engine, people::routes().merge(access::routes()), people::kinds()).await;
        let scope = Scope::<ChangeDivisions>::on_behalf_of(&house.house, "divisions.load").await.unwrap();
        divisions::load(&scope, Source::Subset, Progress::silent()).await.unwrap();
        let (yuxia, hongyun) = ("430703001", "430703002");
        Self {
            resident: house.account("resident", &[("SH", yuxia), ("TW", yuxia), ("SW", yuxia)]).await,
            reviewer: house.account("reviewer", &[("TR", yuxia)]).await,
            head: house.account("head", &[("SH", hongyun)]).await,
            worker: house.account("worker", &[("SW", hongyun)]).await,
            colleague: house.account("colleague", &[("SW", hongyun)]).await,
            officer: house.account("officer", &[("CA", "430703")]).await,
            supervisor: house.account("supervisor", &[("SV", "430703")]).await,
            house,
        }
    }

    /// A body for a new person in a village.
    pub fn body(&self, name: &str, village: &str) -> Value {
        // Ids of one millisecond have no order among them.
        self.house.test.clock.advance(1);
        json!({
            "id": self.house.id(), "name": name, "sex": "2", "doc_type": "none", "no_number_reason": "证件遗失",
            "village": village, "lead_source": "visit"
        })
    }

    /// The same with a citizen number.
    pub fn numbered(&self, name: &str, village: &str, number: &str) -> Value {
        let mut body = self.body(name, village);
        body["doc_type"] = "citizen_id".into();
        body["number"] = number.into();
        body.as_object_mut().unwrap().remove("no_number_reason");
        body
    }

    /// A category as it comes in.
    pub fn category(&self, code: &str) -> Value {
        json!({
            "id": self.house.id(), "category": code, "from": "2026-01-01", "evidence_kind": "certificate",
            "evidence_ref": "鼎民字〔2026〕1号", "source": "document"
        })
    }

    /// Enters a person.
    pub async fn enter(&self, who: &Caller, body: Value) -> Value {
        self.house.post(who, "/persons", body).await.expect(201)
    }

    /// A step of the ledger of a page.
    pub async fn step(&self, who: &Caller, page: &Value, to: &str, more: Value) -> access::testing::Answer {
        let mut body = json!({"id": self.house.id(), "rev": page["ledger"]["rev"], "to": to, "on": "2026-11-23"});
        for (key, value) in more.as_object().into_iter().flatten() {
            body[key] = value.clone();
        }
        self.house.post(who, &format!("/persons/{}/ledger", id(page)), body).await
    }

    /// Counters and their recomputation agree.
    pub async fn figures_agree(&self) {
        let found = people::figures::differences(self.house.test.floor.db.read()).await.unwrap();
        assert_eq!(found, []);
    }
}

/// The id of a page or row.
pub fn id(page: &Value) -> Uuid {
    page["id"].as_str().unwrap().parse().unwrap()
}

/// The names in a list.
pub fn names(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap().to_owned()).collect()
}

/// A valid citizen number of 鼎城 from birth date and sequence.
pub fn number(birth: &str, sequence: u32) -> String {
    let head = format!("430703{birth}{sequence:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = head.chars().zip(weights).map(|(c, w)| c.to_digit(10).unwrap() * w).sum();
    let check = "10X98765432".chars().nth((sum % 11) as usize).unwrap();
    format!("{head}{check}")
}

/// Next number of a small generator, for random histories that repeat.
pub fn next(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) as usize
}

/// No sort and no scan; on PostgreSQL with everything but indexes discouraged, as the tables of a test are nearly empty.
pub async fn keeps_to_indexes(w: &World, statement: sea_orm::Statement) {
    use sea_orm::ConnectionTrait as _;
    let text = statement.to_string();
    let plan = if w.house.test.engine == ground::Engine::Sqlite {
        w.house.plan(statement).await
    } else {
        let explain = sea_orm::Statement { sql: format!("EXPLAIN {}", statement.sql), ..statement };
        let rows = w.house.test.floor.db.write(move |tx| {
            Box::pin(async move {
                for name in ["enable_seqscan", "enable_bitmapscan"] {
                    tx.conn().execute_unprepared(&format!("SET LOCAL {name} = off")).await?;
                }
                let rows = tx.conn().query_all_raw(explain).await?;
                Ok(rows.iter().map(|r| r.try_get_by_index::<String>(0).unwrap()).collect::<Vec<_>>())
            })
        });
        rows.await.unwrap().join("\n")
    };
    // A trail is led by its few shares; PostgreSQL may put those in order.
    let led_by_shares = text.contains("\"share\"") && w.house.test.engine == ground::Engine::Postgres;
    for bad in ["TEMP B-TREE", "Seq Scan", "SCAN "] {
        assert!(!plan.contains(bad), "{bad}:\n{text}\n{plan}");
    }
    assert!(led_by_shares || !plan.contains("Sort"), "{text}\n{plan}");
    assert!(plan.contains("INDEX") || plan.contains("Index"), "{text}\n{plan}");
}

/// Lets time pass without ending the sessions of the test.
pub async fn later(w: &World, minutes: i64) {
    let by = minutes * 60_000;
    w.house.test.clock.advance(by);
    w.house.sql(&format!("UPDATE session SET seen_at = seen_at + {by}")).await;
}

/// Audit records of one action on one kind of object.
pub async fn audited(w: &World, action: &str, kind: &str) -> i64 {
    w.house.number(&format!("SELECT COUNT(*) FROM audit WHERE action = '{action}' AND object_kind = '{kind}'")).await
}
