//! A township with a worker, a head and a reviewer, for the tests of this wing.

use access::{
    House, Scope,
    testing::{Answer, Caller, TestHouse},
};
use ground::{Engine, Progress};
use places::divisions::{self, ChangeDivisions, Source};
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;

/// Two villages of one township, one of another.
pub const VILLAGES: [&str; 3] = ["430703001001", "430703001002", "430703002001"];

/// Milliseconds of a day.
pub const DAY: i64 = 86_400_000;

/// People at work in 鼎城区.
pub struct Field {
    /// The house.
    pub house: TestHouse,
    /// Service worker of township 430703001.
    pub worker: Caller,
    /// Its station head.
    pub head: Caller,
    /// Its reviewer.
    pub reviewer: Caller,
    /// County officer.
    pub officer: Caller,
    /// Service worker of another township.
    pub other: Caller,
}

/// Everything this wing answers, and tasks.
pub async fn field(engine: Engine) -> Field {
    field_with(engine, people::routes().merge(access::tasks::routes())).await
}

/// The same people with these routes.
pub async fn field_with(engine: Engine, routes: OpenApiRouter<House>) -> Field {
    let house = TestHouse::new(engine, routes).await;
    let scope = Scope::<ChangeDivisions>::on_behalf_of(&house.house, "divisions.load").await.unwrap();
    divisions::load(&scope, Source::Subset, Progress::silent()).await.unwrap();
    Field {
        worker: house.account("li", &[("SW", "430703001")]).await,
        head: house.account("zhang", &[("SH", "430703001")]).await,
        reviewer: house.account("wang", &[("TR", "430703001")]).await,
        officer: house.account("zhao", &[("CA", "430703")]).await,
        other: house.account("qian", &[("SW", "430703002")]).await,
        house,
    }
}

impl Field {
    /// Today as text.
    pub fn today(&self) -> String {
        self.house.test.floor.today().to_string()
    }

    /// The day so many days ago.
    pub fn days_ago(&self, days: i64) -> String {
        kernel::day::add_days(self.house.test.floor.today(), -days).to_string()
    }

    /// Lets days pass; everybody stays signed in.
    pub async fn pass(&self, days: i64) {
        self.house.test.clock.advance(days * DAY);
        self.house.sql(&format!("UPDATE session SET seen_at = {}", self.house.test.floor.now())).await;
    }

    /// Enters somebody with these categories as a lead in the care of `who`; gives the page.
    pub async fn person(&self, who: &Caller, village: &str, categories: &[&str]) -> Value {
        let today = self.today();
        let categories: Vec<Value> = categories
            .iter()
            .map(|code| {
                json!({"id": self.house.id(), "category": code, "from": today, "evidence_kind": "certificate",
                    "evidence_ref": "鼎民〔2026〕1号", "source": "document"})
            })
            .collect();
        let body = json!({"id": self.house.id(), "name": "陈秀英", "sex": "2", "birth_date": "1948-05-01", "doc_type": "none",
            "no_number_reason": "证件遗失", "village": village, "lead_source": "visit", "categories": categories});
        self.house.post(who, "/persons", body).await.expect(201)
    }

    /// Brings somebody from lead to active with a grade.
    pub async fn activate(&self, person: &str, grade: &str) {
        let today = self.today();
        for (who, to, grade) in
            [(&self.worker, "verifying", None), (&self.worker, "active", Some(grade)), (&self.reviewer, "active", None)]
        {
            let rev =
                self.house.get(&self.head, &format!("/persons/{person}")).await.expect(200)["ledger"]["rev"].clone();
            let mut body = json!({"id": self.house.id(), "rev": rev, "to": to, "on": today});
            if let Some(grade) = grade {
                body["grade"] = json!(grade);
                body["floor_reason"] = json!("家属照料到位，经核实");
            }
            let answer = self.house.post(who, &format!("/persons/{person}/ledger"), body).await;
            assert!(answer.status.is_success(), "{}", answer.text);
        }
    }

    /// What a plain visit to somebody says, with changes.
    pub fn visit_body(&self, person: &str, changes: &Value) -> Value {
        let mut body = json!({"id": self.house.id(), "person_id": person, "kind": "routine", "mode": "home",
            "visited_on": self.today(), "contact_result": "met", "summary": "身体尚好，药够用。", "work_field": "elder_care"});
        for (key, value) in changes.as_object().unwrap() {
            body[key] = value.clone();
        }
        body
    }

    /// Records a visit by the worker.
    pub async fn visit(&self, person: &str, changes: Value) -> Answer {
        self.visit_by(&self.worker, person, changes).await
    }

    /// Records a visit by somebody.
    pub async fn visit_by(&self, who: &Caller, person: &str, changes: Value) -> Answer {
        let body = self.visit_body(person, &changes);
        let on = body["visited_on"].as_str().and_then(|day| day.parse::<chrono::NaiveDate>().ok());
        let back = on.map_or(0, |on| kernel::day::days_between(on, self.house.test.floor.today()));
        if !(91..=3_650).contains(&back) {
            return self.house.post(who, "/visits", body).await;
        }
        // An old visit can no longer be entered: it is entered on its day, by people who were in office then.
        self.house.sql("UPDATE role_grant SET from_on = '2010-01-01'").await;
        self.house.test.clock.advance(-back * DAY);
        let answer = self.house.post(who, "/visits", body).await;
        self.house.test.clock.advance(back * DAY);
        answer
    }

    /// The page of a person as the head sees it.
    pub async fn page(&self, person: &str) -> Value {
        self.house.get(&self.head, &format!("/persons/{person}")).await.expect(200)
    }

    /// Whether every counter says what the persons say.
    pub async fn counters_are_exact(&self) {
        let wrong = people::figures::differences(self.house.test.floor.db.read()).await.unwrap();
        assert_eq!(wrong, [], "counters differ");
    }
}

/// The id of a page.
pub fn id(page: &Value) -> String {
    page["id"].as_str().unwrap().to_owned()
}
