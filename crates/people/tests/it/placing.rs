//! The queue of unassigned through HTTP: who may assign, what may not be chosen, and when a village ends.

use access::{Progress, Scope, on_both, testing::Caller};
use ground::Engine;
use places::divisions::{self, ChangeDivisions, Source};
use serde_json::{Value, json};

use crate::world::{DINGCHENG, LINJIANG, World, id};

/// A village of 玉霞街道 (临江社区) with three people, split into two new ones and ending.
struct Split {
    w: World,
    /// The county, with the routes of the divisions.
    officer: Caller,
    queue: String,
    people: Vec<Value>,
}

const NEW: [&str; 2] = ["stat:430703001801", "stat:430703001802"];

impl Split {
    async fn new(engine: Engine) -> Self {
        let mut w = World::new(engine).await;
        w.house =
            access::testing::TestHouse::new(engine, places::routes().merge(people::routes()).merge(access::routes()))
                .await;
        let scope = Scope::<ChangeDivisions>::on_behalf_of(&w.house.house, "divisions.load").await.unwrap();
        divisions::load(&scope, Source::Subset, Progress::silent()).await.unwrap();
        let (yuxia, hongyun) = ("430703001", "430703002");
        w.resident = w.house.account("resident", &[("SH", yuxia), ("TW", yuxia), ("SW", yuxia)]).await;
        w.reviewer = w.house.account("reviewer", &[("TR", yuxia)]).await;
        w.head = w.house.account("head", &[("SH", hongyun)]).await;
        w.worker = w.house.account("worker", &[("SW", yuxia)]).await;
        w.supervisor = w.house.account("supervisor", &[("SV", "430703")]).await;
        let officer = w.house.account("officer", &[("CA", "430703")]).await;
        let mut people = Vec::new();
        for name in ["王芳", "李娜", "张伟"] {
            people.push(w.enter(&w.resident, w.body(name, LINJIANG)).await);
        }
        let event = json!({"id": w.house.id(), "kind": "split", "effective_on": "2026-11-01", "approval_no": "鼎民函〔2026〕3号",
            "from": [LINJIANG], "closes": true, "parts": [
                {"name": "临江东社区", "code_stat": "430703001801"}, {"name": "临江西社区", "code_stat": "430703001802"}]});
        let seen = w.house.post(&officer, "/division-events/preview", event.clone()).await.expect(200);
        assert_eq!(seen["moved"]["pending"], 3);
        let answer = w.house.post(&officer, "/division-events", event.clone()).await.expect(201);
        assert_eq!((&answer["notes"][0], &answer["moved"]["created"]), (&json!("pending"), &json!(2)));
        Self { w, officer, queue: event["id"].as_str().unwrap().to_owned(), people }
    }

    fn path(&self, end: &str) -> String {
        format!("/division-queues/{}{end}", self.queue)
    }

    fn body(&self, to: &str, person: &Value) -> Value {
        json!({"id": self.w.house.id(), "to": to, "items": [{"kind": "person", "id": person["id"]}]})
    }

    async fn assign(&self, who: &Caller, body: Value) -> access::testing::Answer {
        self.w.house.post(who, &self.path("/assign"), body).await
    }

    async fn waiting(&self) -> usize {
        let page = self.w.house.get(&self.officer, &self.path("/items")).await.expect(200);
        page["items"].as_array().unwrap().len()
    }
}

on_both! {
    async fn a_queue_is_assigned_inside_the_place_and_by_nobody_else(engine) {
        let s = Split::new(engine).await;
        let body = s.body(NEW[0], &s.people[0]);
        for (who, status) in [(&s.w.head, 404), (&s.w.supervisor, 403), (&s.w.worker, 403)] {
            s.assign(who, body.clone()).await.expect(status);
            s.w.house.get(who, &s.path("/items")).await.expect(status);
        }
        assert_eq!(s.waiting().await, 3);
        for (to, field) in [(DINGCHENG, "to"), (LINJIANG, "to"), ("430703002", "to")] {
            let answer = s.assign(&s.w.reviewer, s.body(to, &s.people[0])).await.expect(422);
            assert_eq!(answer["fields"][0]["field"], field, "{to}");
        }
        let stranger = json!({"id": s.w.house.id()});
        s.assign(&s.w.reviewer, s.body(NEW[0], &stranger)).await.expect(422);
        let mut both = body.clone();
        both["rest"] = json!("person");
        s.assign(&s.w.reviewer, both).await.expect(422);
        let state = s.assign(&s.w.reviewer, body.clone()).await.expect(201);
        assert_eq!((&state["open_items"], &state["state"]), (&json!(2), &json!("open")));
        s.assign(&s.w.reviewer, body).await.expect(200);
        let page = s.w.house.get(&s.w.resident, &format!("/persons/{}", id(&s.people[0]))).await.expect(200);
        assert_eq!(page["village"]["code"], NEW[0], "{page}");
        // A choice can be changed while the queue is open.
        s.assign(&s.w.resident, s.body(NEW[1], &s.people[0])).await.expect(201);
        let done = s.w.house.get(&s.officer, &s.path("/items?assigned=true")).await.expect(200);
        assert_eq!(done["items"][0]["to"]["code"], NEW[1]);
        s.w.figures_agree().await;
    }

    async fn a_village_ends_only_when_nothing_lies_in_it(engine) {
        let s = Split::new(engine).await;
        let (w, officer) = (&s.w, &s.officer);
        let merge = json!({"id": w.house.id(), "kind": "merge", "effective_on": "2026-11-02", "approval_no": "1", "from": [LINJIANG], "to": DINGCHENG});
        let refused = w.house.post(officer, "/division-events", merge.clone()).await.expect(409);
        assert_eq!(refused["rule"], "division.queue_open");
        let rest = |to: &str| json!({"id": w.house.id(), "to": to, "rest": "person"});
        // One moves by the ordinary way, and somebody new is entered meanwhile.
        let rev = w.house.get(&w.resident, &format!("/persons/{}", id(&s.people[2]))).await.expect(200)["rev"].clone();
        let moved = json!({"rev": rev, "village": DINGCHENG, "residence_since": "2026-11-23"});
        w.house.patch(&w.resident, &format!("/persons/{}", id(&s.people[2])), moved).await.expect(200);
        let late = w.enter(&w.resident, w.body("赵敏", LINJIANG)).await;
        let state = s.assign(officer, rest(NEW[0])).await.expect(201);
        assert_eq!((&state["open_items"], &state["total"], &state["state"]), (&json!(1), &json!(4), &json!("open")), "who came late joins");
        let page = w.house.get(officer, &format!("/divisions/{LINJIANG}")).await.expect(200);
        assert_eq!(page["valid_to"], Value::Null);
        let state = s.assign(officer, rest(NEW[1])).await.expect(201);
        assert_eq!(state["state"], "settled");
        let page = w.house.get(officer, &format!("/divisions/{LINJIANG}")).await.expect(200);
        assert_eq!(page["valid_to"], "2026-10-31");
        let page = w.house.get(&w.resident, &format!("/persons/{}", id(&late))).await.expect(200);
        assert_eq!(page["village"]["code"], NEW[1]);
        let again = s.assign(officer, s.body(NEW[0], &late)).await.expect(409);
        assert_eq!(again["rule"], "placing.settled");
        let body = w.body("钱多", LINJIANG);
        assert!(w.house.post(&w.resident, "/persons", body).await.status.is_client_error(), "nobody is entered in a village that ended");
        w.figures_agree().await;
    }
}
