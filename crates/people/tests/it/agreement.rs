//! Persons follow parameters that begin to hold other values, and `faults` finds what does not agree with the facts.

use access::{Progress, Scope, audit::Snapshot, on_both};
use kernel::params::{Param, Params, Value as Set};
use people::{
    agreement::{Caught, catch_up_with, faults},
    persons::Change,
};
use serde_json::{Value, json};

use crate::world::{DINGCHENG, LINJIANG, World, id};

fn param(code: &str, from: &str, value: Set) -> Param {
    Param {
        code: code.to_owned(),
        place: "430703".to_owned(),
        from: kernel::day::parse(from).unwrap(),
        to: None,
        value,
        unit: "day".to_owned(),
        label: code.to_owned(),
        label_en: code.to_owned(),
        source: "test".to_owned(),
        verified: false,
        anchor: None,
    }
}

/// National values, and from the first of December shorter visits to grade B and another target population in 鼎城.
fn later() -> &'static Params {
    let more = [
        param("visit.max_interval_days.B", "2026-12-01", Set::Whole(30)),
        param("coverage.target_categories", "2026-12-01", Set::List(vec!["ALONE".to_owned()])),
    ];
    Box::leak(Box::new(Params::national().clone().with(more).unwrap()))
}

impl World {
    async fn catch_up(&self, params: &'static Params) -> Caught {
        let scope = Scope::<Change>::on_behalf_of(&self.house.house, "people.catch_up").await.unwrap();
        catch_up_with(&scope, params, &Progress::silent()).await.unwrap()
    }

    /// An active client with a visit four days ago.
    async fn client(&self, name: &str, village: &str, grade: &str, category: &str) -> Value {
        let mut body = self.body(name, village);
        body["categories"] = json!([self.category(category)]);
        let page = self.enter(&self.resident, body).await;
        let page = self.step(&self.resident, &page, "verifying", json!({})).await.expect(201);
        let page = self.step(&self.resident, &page, "active", json!({"grade": grade})).await.expect(201);
        let page = self.step(&self.reviewer, &page, "active", json!({})).await.expect(201);
        let visit = json!({"id": self.house.id(), "person_id": id(&page), "kind": "routine", "mode": "home", "visited_on": "2026-11-19",
            "contact_result": "met", "summary": "看望", "risk_signs": [], "needs": [], "services": ["visiting_care"], "work_field": "assistance"});
        self.house.post(&self.resident, "/visits", visit).await.expect(201);
        self.page(&page).await
    }

    async fn page(&self, page: &Value) -> Value {
        self.house.get(&self.resident, &format!("/persons/{}", id(page))).await.expect(200)
    }

    async fn pass_to_december(&self) {
        self.house.test.clock.advance(8 * 86_400_000);
        self.house.sql(&format!("UPDATE session SET seen_at = {}", self.house.test.floor.now())).await;
    }

    async fn setting(&self, name: &str) -> String {
        use sea_orm::ConnectionTrait as _;
        let db = self.house.test.floor.db.read();
        let text = format!("SELECT value FROM setting WHERE name = '{name}'");
        let row = db.query_one_raw(sea_orm::Statement::from_string(db.get_database_backend(), text)).await.unwrap();
        row.unwrap().try_get("", "value").unwrap()
    }
}

on_both! {
    async fn persons_follow_a_parameter_on_the_day_it_begins_to_hold(engine) {
        let w = World::new(engine).await;
        let b = w.client("王芳", LINJIANG, "B", "DIBAO").await;
        let c = w.client("李秀英", LINJIANG, "C", "DIBAO").await;
        let alone = w.client("单曾", DINGCHENG, "C", "ALONE").await;
        assert_eq!(b["next_due_on"], "2027-02-17");
        let params = later();
        let first = w.catch_up(params).await;
        assert_eq!((first.looked_at, first.settled), (3, 0), "the first time all are looked at and all are right");
        assert_eq!(w.catch_up(params).await, Caught::default(), "nothing changed, nothing happens");
        assert_eq!(w.house.number("SELECT CAST(SUM(n) AS bigint) FROM served_counter WHERE last_served_on = '9999-12-31'").await, 3 * 3);

        w.pass_to_december().await;
        let caught = w.catch_up(params).await;
        assert_eq!(caught.changed, ["coverage.target_categories", "visit.max_interval_days.B"]);
        assert_eq!(caught.settled, 2, "B is due earlier and no target any more; C is no target; whoever is alone stays one");
        assert_eq!(w.page(&b).await["next_due_on"], "2026-12-19");
        assert_eq!(w.page(&c).await["next_due_on"], c["next_due_on"]);
        assert_eq!(w.page(&alone).await["next_due_on"], alone["next_due_on"]);
        assert_eq!(w.house.number("SELECT COUNT(*) FROM person WHERE is_target").await, 1);
        w.figures_agree().await;
        assert_eq!(w.catch_up(params).await, Caught::default());
        // Back under the values of the product: everything is as it was.
        let back = w.catch_up(Params::national()).await;
        assert_eq!(back.settled, 2);
        assert_eq!(w.page(&b).await["next_due_on"], "2027-02-17");
        w.figures_agree().await;
        let snapshot = Snapshot::of_now(&w.house.test.floor).await.unwrap();
        assert_eq!(faults(&snapshot).await.unwrap(), []);
    }

    async fn a_catch_up_goes_on_where_it_was_stopped(engine) {
        let w = World::new(engine).await;
        let one = w.client("王芳", LINJIANG, "B", "DIBAO").await;
        let two = w.client("李秀英", LINJIANG, "B", "DIBAO").await;
        let params = later();
        w.catch_up(params).await;
        let before = w.setting("people.params").await;
        w.pass_to_december().await;
        w.catch_up(params).await;
        let after = w.setting("people.params").await;
        assert_ne!(before, after);
        // As if the process had ended after the first of the two.
        w.house.sql("UPDATE person SET next_due_on = '2027-02-17'").await;
        w.house.sql(&format!("UPDATE setting SET value = '{before}' WHERE name = 'people.params'")).await;
        let running = json!({"values": serde_json::from_str::<Value>(&after).unwrap(), "after": id(&one)});
        w.house.sql(&format!("INSERT INTO setting (name, value) VALUES ('people.catch_up', '{running}')")).await;
        let caught = w.catch_up(params).await;
        assert_eq!((caught.looked_at, caught.settled), (1, 1));
        assert_eq!(w.page(&two).await["next_due_on"], "2026-12-19");
        assert_eq!(w.house.number("SELECT COUNT(*) FROM setting WHERE name = 'people.catch_up'").await, 0);
    }

    async fn a_record_that_lies_in_no_place_shows_nothing_and_says_why(engine) {
        let w = World::new(engine).await;
        let (one, two) = (w.client("王芳", LINJIANG, "B", "DIBAO").await, w.client("李秀英", LINJIANG, "B", "DIBAO").await);
        let found = async || {
            let snapshot = Snapshot::of_now(&w.house.test.floor).await.unwrap();
            faults(&snapshot).await.unwrap().into_iter().map(|f| f.what).collect::<Vec<_>>()
        };
        assert_eq!(found().await, Vec::<&str>::new());
        // Whoever hides somebody straight in the database leaves traces, and nothing says why the record is away.
        w.house.sql("UPDATE person SET village_id = 0, township_id = 0, county_id = 0, city_id = 0, province_id = 0 WHERE name = '王芳'").await;
        let hidden = found().await;
        for what in ["cat_bits", "ledger_state", "grade", "search keys", "residence", "lies in no place and was neither merged nor removed"] {
            assert!(hidden.contains(&what), "{what}: {hidden:?}");
        }
        let key = |page: &Value| match engine {
            ground::Engine::Sqlite => format!("x'{}'", id(page).simple()),
            ground::Engine::Postgres => format!("'{}'", id(page)),
        };
        w.house.sql(&format!("UPDATE person SET merged_into = {} WHERE id = {}", key(&one), key(&two))).await;
        assert!(found().await.contains(&"was merged and lies in a place"));
    }
}
