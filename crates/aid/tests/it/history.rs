//! Random histories of a township through HTTP: people, categories, households, facts, days passing.

use ground::Engine;
use serde_json::{Value, json};

use crate::field::{Field, VILLAGES, field_with, id};

/// A village of another county, for registrations far away.
const FAR: &str = "500107001001";

/// A township in which things happen.
pub struct History {
    pub f: Field,
    /// Persons, living ones.
    pub people: Vec<String>,
    /// Everybody who ever was there.
    pub all: Vec<String>,
    kinds: Vec<Value>,
    homes: Vec<String>,
    /// Open memberships: id, person.
    members: Vec<(String, String)>,
    /// Open categories: id, person, code.
    categories: Vec<(String, String, String)>,
    active: Vec<String>,
    /// Categories and memberships that ended.
    pub ended: usize,
    seed: u64,
}

impl History {
    /// An empty township.
    pub async fn new(engine: Engine, seed: u64) -> Self {
        let routes = people::routes().merge(access::routes()).merge(aid::routes());
        let f = field_with(engine, routes).await;
        let kinds = f.house.get(&f.worker, "/policies").await.expect(200)["facts"].as_array().unwrap().clone();
        let open = |k: &&Value| !aid::entitlements::is_restricted(k["code"].as_str().unwrap());
        let kinds = kinds.iter().filter(open).cloned().collect();
        let mut history = Self {
            f,
            people: Vec::new(),
            all: Vec::new(),
            kinds,
            homes: Vec::new(),
            members: Vec::new(),
            categories: Vec::new(),
            active: Vec::new(),
            ended: 0,
            seed,
        };
        for _ in 0..8 {
            history.enter().await;
        }
        history
    }

    /// A number below this.
    pub fn below(&mut self, n: usize) -> usize {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.seed >> 33).unwrap() % n
    }

    /// How many households were founded.
    pub fn homes(&self) -> usize {
        self.homes.len()
    }

    fn somebody(&mut self) -> String {
        let n = self.below(self.people.len());
        self.people[n].clone()
    }

    async fn enter(&mut self) {
        let births = ["1936-11-25", "1946-12-01", "1961-11-28", "1966-11-24", "1990-03-05"];
        let birth = births[self.below(births.len())];
        let categories: &[&[&str]] =
            &[&[], &["DIBAO"], &["NEAR"], &["DIS_4_2"], &["ALONE"], &["VETERAN", "DIS_1_1"], &["TEKUN_H"]];
        let categories = categories[self.below(categories.len())];
        let village = VILLAGES[self.below(2)];
        let today = self.f.today();
        let ids: Vec<String> = categories.iter().map(|_| self.f.house.id().to_string()).collect();
        let given: Vec<Value> = categories
            .iter()
            .zip(&ids)
            .map(|(code, id)| {
                json!({"id": id, "category": code, "from": today, "evidence_kind": "certificate",
                    "evidence_ref": "鼎民〔2026〕1号", "source": "document"})
            })
            .collect();
        let mut body = json!({"id": self.f.house.id(), "name": "陈秀英", "sex": "2", "birth_date": birth, "doc_type": "none",
            "no_number_reason": "证件遗失", "village": village, "lead_source": "visit", "categories": given});
        if self.below(5) == 0 {
            body["hukou_village"] = json!(FAR);
        }
        if self.below(6) == 0 {
            body.as_object_mut().unwrap().remove("birth_date");
        }
        let person = id(&self.f.house.post(&self.f.worker, "/persons", body).await.expect(201));
        for (code, id) in categories.iter().zip(ids) {
            self.categories.push((id, person.clone(), (*code).to_owned()));
        }
        self.people.push(person.clone());
        self.all.push(person);
    }

    /// Something happens; what the rules refuse does not.
    pub async fn step(&mut self) {
        self.f.house.test.clock.advance(1);
        match self.below(20) {
            0 => self.enter().await,
            1 | 2 => self.activate().await,
            3 => self.categorise().await,
            4 => self.end_category().await,
            5 | 6 => self.found().await,
            7 => self.join().await,
            8 => self.leave().await,
            9 => self.die().await,
            10 => {
                let days = [1, 1, 2, 30, 95][self.below(5)];
                self.f.pass(days).await;
            }
            _ => self.tell().await,
        }
    }

    async fn activate(&mut self) {
        let person = self.somebody();
        if !self.active.contains(&person) {
            self.f.activate(&person, "B").await;
            self.active.push(person);
        }
    }

    async fn categorise(&mut self) {
        let person = self.somebody();
        let codes = ["DIBAO", "NEAR", "RIGID", "VETERAN", "ORPHAN", "DIS_4_1", "TEKUN_H"];
        let code = codes[self.below(codes.len())];
        let id = self.f.house.id();
        let body = json!({"id": id, "category": code, "from": self.f.today(), "evidence_kind": "certificate",
            "evidence_ref": "鼎民〔2026〕1号", "source": "document"});
        let answer = self.f.house.post(&self.f.head, &format!("/persons/{person}/categories"), body).await;
        if answer.status.is_success() {
            self.categories.push((id.to_string(), person, code.to_owned()));
        }
    }

    async fn end_category(&mut self) {
        if self.categories.is_empty() {
            return;
        }
        let n = self.below(self.categories.len());
        let (id, ..) = self.categories.swap_remove(n);
        let rev =
            self.f.house.number(&format!("SELECT rev FROM category_assignment WHERE id = {}", self.literal(&id))).await;
        let body = json!({"rev": rev, "to": self.f.today(), "reason": "不再符合"});
        let ended = self.f.house.post(&self.f.head, &format!("/categories/{id}/end"), body).await;
        self.ended += usize::from(ended.status.is_success());
    }

    /// An id as a literal of the engine.
    pub fn literal(&self, id: &str) -> String {
        match self.f.house.test.engine {
            Engine::Sqlite => format!("X'{}'", id.replace('-', "")),
            Engine::Postgres => format!("'{id}'"),
        }
    }

    async fn found(&mut self) {
        let (a, b) = (self.somebody(), self.somebody());
        let kind = ["cohabiting", "cohabiting", "hukou"][self.below(3)];
        let (home, one, two) = (self.f.house.id(), self.f.house.id(), self.f.house.id());
        let today = self.f.today();
        let mut members =
            vec![json!({"id": one, "person_id": a, "relation": "0", "is_cohabiting": true, "from": today})];
        if a != b {
            let lives = self.below(4) > 0;
            members.push(json!({"id": two, "person_id": b, "relation": "1", "is_cohabiting": lives, "from": today}));
        }
        let body = json!({"id": home, "kind": kind, "village": VILLAGES[0], "members": members});
        if self.f.house.post(&self.f.head, "/households", body).await.status.is_success() {
            self.homes.push(home.to_string());
            self.members.push((one.to_string(), a.clone()));
            if a != b {
                self.members.push((two.to_string(), b));
            }
        }
    }

    async fn join(&mut self) {
        if self.homes.is_empty() {
            return;
        }
        let (person, n) = (self.somebody(), self.below(self.homes.len()));
        let (home, id) = (self.homes[n].clone(), self.f.house.id());
        let body =
            json!({"id": id, "person_id": person, "relation": "2", "is_cohabiting": true, "from": self.f.today()});
        let answer = self.f.house.post(&self.f.head, &format!("/households/{home}/members"), body).await;
        if answer.status.is_success() {
            self.members.push((id.to_string(), person));
        }
    }

    async fn leave(&mut self) {
        if self.members.is_empty() {
            return;
        }
        let n = self.below(self.members.len());
        let (id, _) = self.members[n].clone();
        let rev = self.f.house.number(&format!("SELECT rev FROM membership WHERE id = {}", self.literal(&id))).await;
        let body = json!({"rev": rev, "to": self.f.today(), "reason": "分家"});
        if self.f.house.post(&self.f.head, &format!("/memberships/{id}/end"), body).await.status.is_success() {
            self.members.swap_remove(n);
            self.ended += 1;
        }
    }

    async fn die(&mut self) {
        if self.people.len() < 6 {
            return;
        }
        let person = self.somebody();
        let page = self.f.page(&person).await;
        let body =
            json!({"id": self.f.house.id(), "rev": page["rev"], "died_on": self.f.today(), "evidence_ref": "死亡证明"});
        let answer = self.f.house.post(&self.f.head, &format!("/persons/{person}/death"), body).await;
        if answer.status.is_success() {
            self.people.retain(|p| *p != person);
        }
    }

    /// Tells a fact of somebody, or takes one back.
    pub async fn tell(&mut self) {
        let person = self.somebody();
        let n = self.below(self.kinds.len());
        let kind = self.kinds[n].clone();
        let sources: Vec<&str> =
            kind["sources"].as_array().unwrap().iter().filter_map(Value::as_str).filter(|s| *s != "ledger").collect();
        if sources.is_empty() {
            return;
        }
        let source = sources[self.below(sources.len())];
        let (low, high) = (kind["min"].as_i64().unwrap(), kind["max"].as_i64().unwrap());
        let value = match kind["kind"].as_str().unwrap() {
            "flag" => i64::try_from(self.below(2)).unwrap(),
            "code" => {
                let choices = kind["choices"].as_array().unwrap();
                choices[self.below(choices.len())]["code"].as_i64().unwrap()
            }
            _ => low + i64::try_from(self.below(usize::try_from((high - low).min(120_000)).unwrap() + 1)).unwrap(),
        };
        let held = ["value", "value", "value", "value", "unknown", "none"][self.below(6)];
        let held = if held == "none" && kind["may_not_apply"] != true { "value" } else { held };
        let days = [0, 0, 0, 20, 80, 170][self.below(6)];
        let mut body = json!({"id": self.f.house.id(), "code": kind["code"], "held": held, "source": source,
            "as_of": self.f.days_ago(days)});
        if held == "value" {
            body["value"] = json!(value);
        }
        self.f.house.post(&self.f.head, &format!("/persons/{person}/facts"), body).await.expect(201);
    }
}
