//! Division events of every kind in random order: nobody is lost, every figure of today is exact, and every figure of a day
//! before stays what it was.

use std::collections::BTreeMap;

use access::{
    Scope,
    audit::{self, Detail},
    on_both,
    testing::{Caller, TestHouse},
};
use ground::{Engine, Progress};
use places::divisions::{self, ChangeDivisions, Source};
use serde_json::{Value, json};

/// The day whose figures must never change again.
const BEFORE: &str = "2026-10-31";
const COUNTIES: [&str; 2] = ["430703", "500107"];
/// Every table whose rows are proved by the audit chains.
fn watched() -> Vec<audit::Watched> {
    places::watched().into_iter().chain(people::watched()).collect()
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

struct World {
    house: TestHouse,
    province: Caller,
    county: Caller,
    worker: Caller,
    made: usize,
}

impl World {
    async fn new(engine: Engine) -> Self {
        let routes = places::routes().merge(people::routes()).merge(insight::routes()).merge(access::own::routes());
        let house = TestHouse::new(engine, routes).await;
        let scope = Scope::<ChangeDivisions>::on_behalf_of(&house.house, "divisions.load").await.unwrap();
        divisions::load(&scope, Source::Subset, Progress::silent()).await.unwrap();
        let world = Self {
            province: house.account("province", &[("PA", "43"), ("PA", "50")]).await,
            county: house.account("county", &[("CA", "430703"), ("CA", "500107")]).await,
            worker: house.account("worker", &[("SW", "430703"), ("SW", "500107")]).await,
            house,
            made: 0,
        };
        world.network().await;
        world
    }

    /// A station in most townships and a point in every third village of both counties, all at work since spring.
    async fn network(&self) {
        let (house, on) = (&self.house, "2026-03-01");
        let id = if house.test.engine == Engine::Sqlite { "randomblob(16)" } else { "gen_random_uuid()" };
        let inside = "d.county_id IN (SELECT id FROM division WHERE code_civil IN ('430703', '500107') AND level = 3)";
        let place = "d.county_id, d.city_id, d.province_id";
        let own = "township_id, county_id, city_id, province_id";
        for text in [
            format!(
                "INSERT INTO station (id, name, {own}, operating_mode, facilities, opened_on, plaque_on, status, status_on, \
                 created_at, rev, audit_no) SELECT {id}, d.name, d.id, {place}, 'direct_hire', '[]', '{on}', '{on}', \
                 'operating', '{on}', 0, 1, 0 FROM division d WHERE d.level = 4 AND d.counted AND d.id % 5 <> 0 AND {inside}"
            ),
            format!(
                "INSERT INTO point (id, station_id, name, village_id, {own}, plaque_on, status, status_on, created_at, rev, \
                 audit_no) SELECT {id}, s.id, d.name, d.id, d.township_id, {place}, '{on}', 'operating', '{on}', 0, 1, 0 \
                 FROM division d JOIN station s ON s.township_id = d.township_id WHERE d.level = 5 AND d.id % 3 = 0 AND {inside}"
            ),
            format!(
                "INSERT INTO point_village (point_id, village_id, from_on, {own}) SELECT p.id, v.id, '{on}', p.township_id, \
                 p.county_id, p.city_id, p.province_id FROM point p JOIN division v ON v.township_id = p.township_id \
                 AND v.level = 5 AND v.id BETWEEN p.village_id AND p.village_id + 1"
            ),
            format!(
                "INSERT INTO post (id, station_id, kind, headcount, {own}, from_on, rev, audit_no) SELECT {id}, id, \
                 'resident', 2, {own}, '{on}', 1, 0 FROM station"
            ),
            format!(
                "INSERT INTO assignment (id, post_id, station_id, worker_name, employment_mode, share_pct, {own}, from_on, \
                 rev, audit_no) SELECT {id}, id, station_id, '李', 'township_contract', 100, {own}, '{on}', 1, 0 FROM post"
            ),
            format!(
                "INSERT INTO area (id, station_id, name, from_on, county_id, rev, audit_no) SELECT {id}, id, '东片', '{on}', \
                 county_id, 1, 0 FROM station"
            ),
            format!(
                "INSERT INTO area_village (area_id, village_id, station_id, from_on) SELECT a.id, v.id, s.id, '{on}' FROM area a \
                 JOIN station s ON s.id = a.station_id JOIN division v ON v.township_id = s.township_id AND v.level = 5"
            ),
        ] {
            house.sql(&text).await;
        }
        for (table, host) in [("station", "township_id"), ("point", "village_id")] {
            house
                .sql(&format!(
                    "INSERT INTO network_status (owner_id, on_day, serial, owner_kind, status, host_id, reason, actor_id, at, \
                     county_id) SELECT id, '{on}', 0, '{table}', 'operating', {host}, '', id, 0, county_id FROM {table}"
                ))
                .await;
            house
                .sql(&format!(
                    "INSERT INTO plaque (id, owner_kind, owner_id, kind, on_day, county_id, rev, audit_no) SELECT {id}, \
                     '{table}', id, 'hang', '{on}', county_id, 1, 0 FROM {table}"
                ))
                .await;
        }
        for table in ["station", "point", "post", "assignment", "area", "plaque"] {
            self.bless(table).await;
        }
        self.seal().await;
    }

    /// Rows made by hand get the record of a bulk load.
    async fn bless(&self, table: &'static str) {
        let scope = Scope::<ChangeDivisions>::on_behalf_of(&self.house.house, "test.load").await.unwrap();
        for county in COUNTIES {
            let county = i32::try_from(self.id_of(county).await).unwrap();
            let id = kernel::Id::nil();
            scope
                .write(move |tx| {
                    Box::pin(async move {
                        let number = tx.append("load", table, id, county, 1, &Detail::default()).await?;
                        let text = format!("UPDATE {table} SET audit_no = $1 WHERE county_id = $2 AND audit_no = 0");
                        tx.execute(&text, vec![number.into(), county.into()]).await
                    })
                })
                .await
                .unwrap();
        }
    }

    /// Seals what was loaded by hand, as the demo worlds do.
    async fn seal(&self) {
        audit::seal_loads(&self.house.test.floor, &watched(), self.worker.id).await.unwrap();
    }

    async fn id_of(&self, code: &str) -> i64 {
        let (column, code) = match code.split_once(':') {
            Some((_, stat)) => ("code_stat", stat),
            None => ("code_civil", code),
        };
        self.house.number(&format!("SELECT id FROM division WHERE {column} = '{code}' AND kind <> 'filler' ORDER BY valid_to IS NOT NULL, id LIMIT 1")).await
    }

    async fn children(&self, parent: &str, on: &str) -> Vec<Value> {
        let (mut rows, mut cursor) = (Vec::new(), String::new());
        // Nobody asks so fast; the limit of calls per minute looks at the clock.
        self.house.test.clock.advance(300);
        loop {
            let path = format!("/divisions?parent={parent}&on={on}&limit=200{cursor}");
            let page = self.house.get(&self.province, &path).await.expect(200);
            rows.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return rows,
            }
        }
    }

    /// Open townships or villages of today by code.
    async fn open(&self, level: i64) -> Vec<String> {
        use sea_orm::ConnectionTrait as _;
        let text = format!(
            "SELECT COALESCE(code_civil, 'stat:' || code_stat) AS code FROM division WHERE level = {level} AND valid_to IS NULL \
             AND kind <> 'filler' AND county_id IN (SELECT id FROM division WHERE code_civil IN ('430703', '500107')) ORDER BY id"
        );
        let db = self.house.test.floor.db.read();
        let rows = db.query_all_raw(sea_orm::Statement::from_string(db.get_database_backend(), text)).await.unwrap();
        rows.iter().map(|row| row.try_get::<String>("", "code").unwrap()).collect()
    }

    /// A small part of the tree, so that events meet each other.
    async fn some(&self, level: i64, dice: &mut Dice, n: usize) -> Vec<String> {
        let all = self.open(level).await;
        (0..n).map(|_| all[dice.below(all.len().min(if level == 5 { 24 } else { 30 }))].clone()).collect()
    }

    async fn parent(&self, code: &str) -> String {
        let page = self.house.get(&self.province, &format!("/divisions/{code}")).await.expect(200);
        page["ancestors"].as_array().unwrap().last().unwrap()["code"].as_str().unwrap().to_owned()
    }

    async fn enter(&self, village: &str, n: usize) -> String {
        let category = ["DIBAO", "ORPHAN", "ELDER80", "VETERAN"][n % 4];
        let body = json!({"id": self.house.id(), "name": format!("人{n}"), "sex": "2", "birth_date": "1940-05-01",
            "doc_type": "none", "no_number_reason": "证件遗失", "village": village, "lead_source": "visit",
            "residence_since": "2026-02-01", "phone": format!("1390000{n:04}"), "hukou_village": village,
            "categories": [{"id": self.house.id(), "category": category, "from": "2026-02-01", "source": "document",
                "evidence_kind": "certificate", "evidence_ref": "民〔2026〕1号"}]});
        self.house.test.clock.advance(1);
        let page = self.house.post(&self.worker, "/persons", body).await.expect(201);
        page["id"].as_str().unwrap().to_owned()
    }

    async fn visit(&self, person: &str, on: &str) {
        let body = json!({"id": self.house.id(), "person_id": person, "kind": "routine", "mode": "home", "visited_on": on,
            "contact_result": "met", "summary": "身体尚好。", "work_field": "elder_care"});
        self.house.post(&self.worker, "/visits", body).await.expect(201);
    }

    async fn household(&self, head: &str) {
        let (id, head) = match self.house.test.engine {
            Engine::Sqlite => ("randomblob(16)", format!("x'{}'", head.replace('-', ""))),
            Engine::Postgres => ("gen_random_uuid()", format!("'{head}'")),
        };
        self.house
            .sql(&format!(
                "INSERT INTO household (id, kind, head_id, village_id, township_id, county_id, city_id, province_id, from_on, \
                 created_at, rev, audit_no) SELECT {id}, 'hukou', id, village_id, township_id, county_id, city_id, \
                 province_id, '2026-02-01', 0, 1, 0 FROM person WHERE id = {head}"
            ))
            .await;
    }

    /// Tree and figures of the day before every event.
    async fn before(&self) -> BTreeMap<String, Value> {
        self.house.sql(&format!("UPDATE session SET seen_at = {}", self.house.test.floor.now())).await;
        let mut seen = BTreeMap::new();
        for county in COUNTIES {
            let towns = self.children(county, BEFORE).await;
            for town in &towns {
                let code = town["code"].as_str().unwrap();
                let names = |rows: &[Value]| -> Value {
                    rows.iter().map(|r| json!([r["code"], r["name"], r["kind"]])).collect()
                };
                seen.insert(format!("tree {code}"), names(&self.children(code, BEFORE).await));
                seen.insert(format!("town {code}"), json!([town["name"], town["kind"]]));
            }
            for kind in ["station", "point&mode=strict", "point&mode=area", "staffing", "service", "ledger"] {
                let path = format!("/coverage?place={county}&on={BEFORE}&kind={kind}&by=child");
                let answer = self.house.get(&self.county, &path).await.expect(200);
                let mut rows: Vec<Value> = answer["rows"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|r| r["denominator"] != 0)
                    .map(|r| json!([r["place"]["code"], r["numerator"], r["denominator"]]))
                    .collect();
                rows.sort_by_key(ToString::to_string);
                let total = &answer["total"];
                seen.insert(format!("{county} {kind}"), json!([rows, total["numerator"], total["denominator"]]));
            }
        }
        seen
    }

    async fn totals(&self) -> Vec<i64> {
        let mut found = Vec::new();
        for table in ["person", "visit", "household", "station", "point", "post", "assignment"] {
            found.push(self.house.number(&format!("SELECT COUNT(*) FROM {table}")).await);
        }
        let counties = "SELECT CAST(SUM(n) AS bigint) FROM client_counter WHERE category = '*' AND grade = '*' AND place_id IN \
                        (SELECT id FROM division WHERE level = 3)";
        found.push(self.house.number(counties).await);
        found
    }

    /// Everything `sheqiao check` looks at, and that nothing lies in a place that is gone.
    async fn is_clean(&self, what: &str) {
        let floor = &self.house.test.floor;
        assert_eq!(people::figures::differences(floor.db.read()).await.unwrap(), [], "{what}");
        assert_eq!(people::services::differences(floor.db.read()).await.unwrap(), [], "services after {what}");
        let snapshot = audit::Snapshot::of_now(floor).await.unwrap();
        assert_eq!(audit::verify_in(&snapshot, &watched()).await.unwrap().0, [], "{what}");
        for table in ["person", "household", "point", "visit", "task"] {
            let gone = format!(
                "SELECT COUNT(*) FROM {table} t JOIN division d ON d.id = t.village_id WHERE d.valid_to IS NOT NULL OR \
                 d.township_id <> t.township_id OR d.county_id <> t.county_id OR d.city_id <> t.city_id OR \
                 d.province_id <> t.province_id"
            );
            assert_eq!(self.house.number(&gone).await, 0, "{table} after {what}");
        }
        for table in ["station", "post", "assignment"] {
            let gone = format!(
                "SELECT COUNT(*) FROM {table} t JOIN division d ON d.id = t.township_id WHERE d.valid_to IS NOT NULL OR \
                 d.county_id <> t.county_id OR d.city_id <> t.city_id OR d.province_id <> t.province_id"
            );
            assert_eq!(self.house.number(&gone).await, 0, "{table} after {what}");
        }
        let keys =
            "SELECT COUNT(*) FROM person_key k JOIN person p ON p.id = k.person_id WHERE p.county_id <> k.county_id";
        assert_eq!(self.house.number(keys).await, 0, "search words after {what}");
        let children = "SELECT COUNT(*) FROM division d WHERE d.level = 4 AND d.valid_to IS NULL AND d.children <> \
                        (SELECT COUNT(*) FROM division c WHERE c.parent_id = d.id AND c.valid_to IS NULL)";
        assert_eq!(self.house.number(children).await, 0, "children after {what}");
        let apart = "SELECT COUNT(*) FROM residence r JOIN person p ON p.id = r.person_id WHERE r.to_on IS NULL AND \
                     (r.village_id <> p.village_id OR r.township_id <> p.township_id OR r.county_id <> p.county_id)";
        assert_eq!(self.house.number(apart).await, 0, "residences after {what}");
    }

    /// A code nobody has, of 9 or 12 digits.
    fn fresh(&mut self, digits: usize) -> String {
        self.made += 1;
        if digits == 9 { format!("430703{:03}", 900 + self.made) } else { format!("430703999{:03}", self.made) }
    }

    /// The body of one event of a kind over what chance chooses; it may be impossible, and is then refused.
    async fn event(&mut self, kind: &str, on: &str, dice: &mut Dice) -> Value {
        let villages = self.some(5, dice, 3).await;
        let towns = self.some(4, dice, 3).await;
        let low = dice.below(2) == 0;
        let (two, digits) = if low { (&villages, 12) } else { (&towns, 9) };
        let (a, b) = (two[0].clone(), two[1].clone());
        let mut event = json!({"id": self.house.id(), "kind": kind, "effective_on": on, "approval_no": "民函〔2026〕1号",
            "from": [a]});
        let below_a = if low { Vec::new() } else { self.children(&a, "2026-11-23").await };
        let codes = |rows: &[Value]| -> Value { rows.iter().map(|v| v["code"].clone()).collect() };
        match kind {
            "rename" => event["new_name"] = json!(format!("新名{}", self.made + 1)),
            "recode" => event["new_code_stat"] = json!(self.fresh(digits)),
            "convert" => event["new_kind"] = json!(if low { "residents_committee" } else { "subdistrict" }),
            "reparent" => {
                event["to"] = json!(if low { self.parent(&b).await } else { COUNTIES[dice.below(2)].to_owned() })
            }
            "merge" => {
                let siblings = self.children(&self.parent(&a).await, "2026-11-23").await;
                event["to"] = siblings[dice.below(siblings.len())]["code"].clone();
            }
            "boundary" if low => event["to"] = json!(b),
            "boundary" => {
                event["to"] = json!(b);
                event["villages"] = codes(&below_a[..below_a.len().min(2)]);
            }
            "split" => {
                let closes = dice.below(2) == 0;
                let half = below_a.len() / 2;
                let parts = [&below_a[..half], if closes { &below_a[half..] } else { &[] }];
                event["closes"] = json!(closes);
                event["parts"] = parts
                    .iter()
                    .map(|part| json!({"name": format!("新设{}", self.made), "code_stat": self.fresh(digits), "villages": codes(part)}))
                    .collect();
            }
            "abolish" => match dice.below(3) {
                0 if low => {}
                1 if low => event["successors"] = json!([villages[1], villages[2]]),
                _ => {
                    let siblings = self.children(&self.parent(&a).await, "2026-11-23").await;
                    event["to"] = siblings[dice.below(siblings.len())]["code"].clone();
                }
            },
            "create" => {
                event["from"] = json!([]);
                event["to"] = json!(if low { towns[0].clone() } else { "430703".to_owned() });
                event["new_name"] = json!(format!("新立{}", self.made));
                event["new_kind"] = json!(if low { "village_committee" } else { "town" });
                event["new_code_stat"] = json!(self.fresh(digits));
            }
            other => panic!("{other}"),
        }
        event
    }

    /// Assigns what waits, row by row and then all the rest; gives the number of rows.
    async fn settle(&self, queue: &str, dice: &mut Dice) -> i64 {
        let page = self.house.get(&self.county, &format!("/division-queues/{queue}")).await.expect(200);
        let targets: Vec<String> = match page["targets"].as_array().unwrap().as_slice() {
            [] => {
                let town = page["township"]["code"].as_str().unwrap();
                let own = page["from"]["code"].as_str().unwrap();
                let below = self.children(town, "2026-11-23").await;
                below.iter().map(|v| v["code"].as_str().unwrap().to_owned()).filter(|c| c != own).collect()
            }
            some => some.iter().map(|t| t["code"].as_str().unwrap().to_owned()).collect(),
        };
        let path = format!("/division-queues/{queue}");
        if targets.is_empty() {
            return 0;
        }
        let people = self.house.get(&self.county, &format!("{path}/items?kind=person&limit=200")).await.expect(200);
        for item in people["items"].as_array().unwrap().iter().take(3) {
            assert!(!item["name"].as_str().unwrap().is_empty());
            let to = &targets[dice.below(targets.len())];
            let body = json!({"id": self.house.id(), "to": to, "items": [{"kind": "person", "id": item["id"]}]});
            self.house.post(&self.county, &format!("{path}/assign"), body.clone()).await.expect(201);
            self.house.post(&self.county, &format!("{path}/assign"), body).await.expect(200);
        }
        for kind in ["person", "household", "point"] {
            let body = json!({"id": self.house.id(), "to": targets[dice.below(targets.len())], "rest": kind});
            let answer = self.house.post(&self.county, &format!("{path}/assign"), body).await;
            assert!(matches!(answer.status.as_u16(), 200 | 201 | 409), "{}", answer.text);
        }
        let state = self.house.get(&self.county, &path).await.expect(200);
        assert_eq!((&state["open_items"], &state["state"]), (&json!(0), &json!("settled")), "{state}");
        state["total"].as_i64().unwrap()
    }
}

const EVENTS: [&str; 9] =
    ["rename", "recode", "convert", "reparent", "merge", "boundary", "split", "abolish", "create"];

async fn history(engine: Engine, seed: u64) {
    let mut world = World::new(engine).await;
    let mut dice = Dice(seed);
    for n in 0..40 {
        let village = world.some(5, &mut dice, 1).await.remove(0);
        let person = world.enter(&village, n).await;
        if n % 2 == 0 {
            world.visit(&person, "2026-10-15").await;
        }
        if n % 3 == 0 {
            world.household(&person).await;
        }
    }
    world.bless("household").await;
    world.seal().await;
    world.is_clean("the beginning").await;
    let (before, totals) = (world.before().await, world.totals().await);
    assert!(before.values().any(|v| v[1].as_i64() > Some(0)), "there is something to lose: {before:?}");
    let (mut done, mut queued): (BTreeMap<&str, usize>, i64) = (BTreeMap::new(), 0);
    for step in 0..44_usize {
        let kind = EVENTS[step % EVENTS.len()];
        let on = format!("2026-11-{:02}", 1 + step / 2);
        let event = world.event(kind, &on, &mut dice).await;
        let what = event.to_string();
        let seen = world.house.post(&world.province, "/division-events/preview", event.clone()).await;
        let answer = world.house.post(&world.province, "/division-events", event.clone()).await;
        assert!(matches!(answer.status.as_u16(), 201 | 404 | 409 | 422), "{what}: {}", answer.text);
        if answer.status.as_u16() != 201 {
            println!("refused {}: {what}", answer.text);
            continue;
        }
        *done.entry(kind).or_default() += 1;
        let (told, moved) = (&seen.expect(200)["moved"], &answer.json["moved"]);
        for word in ["persons", "households", "pending", "villages", "created"] {
            let number = |v: &Value| v[word].as_i64().unwrap_or(0);
            assert_eq!(number(told), number(moved), "{word}: the preview tells what happens: {what}");
        }
        world.is_clean(&what).await;
        if moved["pending"].as_i64().unwrap_or(0) > 0 {
            queued += world.settle(event["id"].as_str().unwrap(), &mut dice).await;
            world.is_clean(&format!("assigning after {what}")).await;
        }
        assert_eq!(world.totals().await, totals, "{what}");
        let now = world.before().await;
        for (key, was) in &before {
            assert_eq!(now.get(key), Some(was), "{key} of {BEFORE} after {what}");
        }
        assert_eq!(now.len(), before.len(), "{what}");
    }
    println!("{engine:?}: {done:?}, {queued} rows assigned");
    for kind in EVENTS {
        assert!(done.contains_key(kind), "{kind} never happened: {done:?}");
    }
    assert!(queued > 0, "nothing was ever queued");
}

on_both! {
    async fn random_events_lose_nobody_and_leave_every_earlier_figure(engine) {
        history(engine, 11).await;
    }

    async fn another_random_history_of_events_is_as_clean(engine) {
        history(engine, 2_024).await;
    }
}
