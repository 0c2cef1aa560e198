//! Service and ledger coverage against a naive recomputation, and the list of the unserved.

use access::testing::{Answer, Caller};
use chrono::NaiveDate as Day;
use serde_json::{Value, json};

use crate::field::{Field, VILLAGES, field_with, id};

const TARGETS: [&str; 3] = ["DIBAO", "ELDER80", "DIS_1_1"];
const OTHERS: [&str; 2] = ["VETERAN", "ELDER60"];

async fn field(engine: ground::Engine) -> Field {
    let routes = people::routes().merge(insight::routes()).merge(access::tasks::routes()).merge(access::own::routes());
    field_with(engine, routes).await
}

async fn coverage(field: &Field, who: &Caller, query: &str) -> Value {
    field.house.get(who, &format!("/coverage?kind=service&{query}")).await.expect(200)
}

fn pair(row: &Value) -> (i64, i64) {
    (row["numerator"].as_i64().unwrap(), row["denominator"].as_i64().unwrap())
}

async fn total(field: &Field, query: &str) -> (i64, i64) {
    pair(&coverage(field, &field.officer, query).await["total"])
}

/// Waits for a job and gives its result.
async fn job(field: &Field, who: &Caller, started: Answer) -> Value {
    let job = started.expect(202)["job"].as_str().unwrap().to_owned();
    for _ in 0..200 {
        let state = field.house.get(who, &format!("/jobs/{job}")).await.expect(200);
        match state["state"].as_str().unwrap() {
            "done" => return state["result"].clone(),
            "failed" => panic!("{state}"),
            _ => tokio::task::yield_now().await,
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the job does not end");
}

/// What really happened to somebody, kept by the test itself.
struct Life {
    id: String,
    home: usize,
    /// Village (index) since a day.
    homes: Vec<(Day, usize)>,
    /// Category assignment: id, target or not, first day, first day without.
    categories: Vec<(String, bool, Day, Option<Day>)>,
    /// Dismissed or taken up again on a day.
    dismissed: Vec<(Day, bool)>,
    /// Active in the ledger since a day.
    active: Option<Day>,
    died: Option<Day>,
    /// Visit: id, day, whether it counts, whether it stands.
    visits: Vec<(String, Day, bool, bool)>,
}

impl Life {
    fn village_on(&self, on: Day) -> Option<usize> {
        self.homes.iter().rev().find(|(since, _)| *since <= on).map(|(_, village)| *village)
    }

    fn is_target_on(&self, on: Day) -> bool {
        let living = self.died.is_none_or(|d| on < d);
        let category =
            self.categories.iter().any(|(_, target, from, to)| *target && *from <= on && to.is_none_or(|to| on < to));
        let dismissed = self.dismissed.iter().rev().find(|(day, _)| *day <= on).is_some_and(|(_, is)| *is);
        living && category && !dismissed
    }

    fn is_served(&self, from: Day, on: Day) -> bool {
        self.visits.iter().any(|(_, day, counts, stands)| *counts && *stands && from <= *day && *day <= on)
    }

    fn is_active_on(&self, on: Day) -> bool {
        self.active.is_some_and(|since| since <= on) && self.died.is_none_or(|d| on < d)
    }
}

/// Numerator and denominator of service, and numerator of ledger, of a set of villages.
fn naive(lives: &[Life], villages: &[usize], from: Day, on: Day) -> (i64, i64, i64) {
    let there = |l: &&Life| l.village_on(on).is_some_and(|v| villages.contains(&v)) && l.is_target_on(on);
    let targets: Vec<&Life> = lives.iter().filter(there).collect();
    let served = targets.iter().filter(|l| l.is_served(from, on)).count();
    let active = targets.iter().filter(|l| l.is_active_on(on)).count();
    (served as i64, targets.len() as i64, active as i64)
}

/// A small deterministic source of chance.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

async fn ok(answer: Answer) -> Value {
    assert!(answer.status.is_success(), "{}", answer.text);
    answer.json
}

/// One random thing happens to a random person; the test writes it down on its own.
async fn happen(field: &Field, dice: &mut Dice, lives: &mut Vec<Life>) {
    let today = field.house.test.floor.today();
    if lives.len() < 6 || dice.below(6) == 0 {
        let home = dice.below(3);
        let mut codes: Vec<&str> = Vec::new();
        for _ in 0..dice.below(3) {
            codes.push(if dice.below(3) > 0 { *dice.one(&TARGETS) } else { *dice.one(&OTHERS) });
        }
        codes.sort_unstable();
        codes.dedup();
        let who = if home == 2 { &field.other } else { &field.worker };
        let page = field.person(who, VILLAGES[home], &codes).await;
        let categories = page["categories_open"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| (id(c), TARGETS.contains(&c["category"].as_str().unwrap()), today, None));
        let categories = categories.collect();
        let homes = vec![(today, home)];
        lives.push(Life {
            id: id(&page),
            home,
            homes,
            categories,
            dismissed: Vec::new(),
            active: None,
            died: None,
            visits: Vec::new(),
        });
        return;
    }
    let n = dice.below(lives.len());
    let life = &mut lives[n];
    let who = if life.home == 2 { &field.other } else { &field.worker };
    let path = format!("/persons/{}", life.id);
    let gone = life.died.is_some() || life.dismissed.last().is_some_and(|(_, is)| *is);
    match dice.below(12) {
        0..=4 if !gone => {
            let mode = *dice.one(&["home", "home", "institution", "companion", "phone", "video", "neighbour"]);
            let result = *dice.one(&["met", "met", "proxy_met", "not_home", "refused", "moved"]);
            let on = kernel::day::add_days(today, -(dice.below(30) as i64));
            let changes = json!({"mode": mode, "contact_result": result, "visited_on": on});
            let visit = ok(field.visit_by(who, &life.id, changes).await).await;
            let counts = ["home", "institution", "companion"].contains(&mode) && ["met", "proxy_met"].contains(&result);
            assert_eq!(visit["counts_as_served"], counts);
            life.visits.push((id(&visit), on, counts, true));
        }
        5 | 6 if !life.visits.is_empty() => {
            let n = dice.below(life.visits.len());
            let (visit, on, counts, stands) = &mut life.visits[n];
            if !*stands {
                return;
            }
            let shown = field.house.get(&field.officer, &format!("/visits/{visit}")).await.expect(200);
            if dice.below(2) == 0 {
                let head = if life.home == 2 {
                    field.house.account(&format!("h{}", field.house.id()), &[("SH", "430703002")]).await
                } else {
                    field.head.clone()
                };
                let body = json!({"id": field.house.id(), "rev": shown["rev"], "reason": "录入错误"});
                ok(field.house.post(&head, &format!("/visits/{visit}/void"), body).await).await;
                *stands = false;
            } else if shown["locked"] == false {
                let moved = kernel::day::add_days(today, -(dice.below(60) as i64));
                let body = json!({"rev": shown["rev"], "visited_on": moved, "mode": "home", "contact_result": "met"});
                ok(field.house.patch(who, &format!("/visits/{visit}"), body).await).await;
                *on = moved;
                *counts = true;
            }
        }
        7 if life.died.is_none() => {
            let Some(open) = life.categories.iter_mut().find(|c| c.3.is_none()) else { return };
            let page = field.house.get(who, &path).await.expect(200);
            let row =
                page["categories_open"].as_array().unwrap().iter().find(|c| c["id"] == json!(open.0)).unwrap().clone();
            let body = json!({"rev": row["rev"], "to": today, "reason": "复核不再符合"});
            ok(field.house.post(who, &format!("/categories/{}/end", open.0), body).await).await;
            open.3 = Some(today);
        }
        8 if life.died.is_none() => {
            let code = *dice.one(&TARGETS);
            let from = kernel::day::add_days(today, -(dice.below(20) as i64));
            let row = field.house.id();
            let body = json!({"id": row, "category": code, "from": from, "evidence_kind": "certificate", "evidence_ref": "x", "source": "document"});
            if field.house.post(who, &format!("{path}/categories"), body).await.status.is_success() {
                life.categories.push((row.to_string(), true, from, None));
            }
        }
        9 if life.died.is_none() && life.active.is_none() => {
            let page = field.house.get(who, &path).await.expect(200);
            let (to, reason, is) = if gone { ("lead", None, false) } else { ("dismissed", Some("not_in_need"), true) };
            let mut body = json!({"id": field.house.id(), "rev": page["ledger"]["rev"], "to": to, "on": today});
            if let Some(reason) = reason {
                body["reason"] = json!(reason);
            }
            ok(field.house.post(who, &format!("{path}/ledger"), body).await).await;
            life.dismissed.push((today, is));
        }
        10 if !gone && life.home != 2 && life.active.is_none() => {
            let grade = *dice.one(&["A", "B", "C"]);
            field.activate(&life.id, grade).await;
            life.active = Some(today);
        }
        11 if life.died.is_none() => {
            let page = field.house.get(who, &path).await.expect(200);
            if dice.below(2) == 0 {
                let died = kernel::day::add_days(today, -(dice.below(5) as i64));
                let body =
                    json!({"id": field.house.id(), "rev": page["rev"], "died_on": died, "evidence_ref": "死亡证明"});
                ok(field.house.post(who, &format!("{path}/death"), body).await).await;
                life.died = Some(died);
            } else if life.home != 2 && life.homes.last().unwrap().0 < today {
                let home = 1 - life.home;
                let body = json!({"rev": page["rev"], "village": VILLAGES[home], "residence_since": today});
                ok(field.house.patch(who, &path, body).await).await;
                life.home = home;
                life.homes.push((today, home));
            }
        }
        _ => {}
    }
}

/// Compares every question with the naive answer: places, children, kinds, at random first days.
async fn compare(field: &Field, dice: &mut Dice, lives: &[Life], on: Day) {
    let places = [
        ("430703001001", &[0][..]),
        ("430703001002", &[1]),
        ("430703001", &[0, 1]),
        ("430703002", &[2]),
        ("430703", &[0, 1, 2]),
    ];
    let province = field.house.account(&format!("p{}", field.house.id()), &[("PA", "43")]).await;
    for _ in 0..4 {
        let from = kernel::day::add_days(on, -(dice.below(70) as i64));
        for (code, villages) in places {
            let (served, target, active) = naive(lives, villages, from, on);
            let service = coverage(field, &field.officer, &format!("place={code}&from={from}&on={on}")).await;
            assert_eq!(pair(&service["total"]), (served, target), "{code} {from}..{on}");
            let ledger = field
                .house
                .get(&field.officer, &format!("/coverage?kind=ledger&place={code}&on={on}"))
                .await
                .expect(200);
            assert_eq!(pair(&ledger["total"]), (active, target), "ledger {code} {on}");
        }
        let (served, target, _) = naive(lives, &[0, 1, 2], from, on);
        let today = on == field.house.test.floor.today();
        for code in ["430703", "4307", "43"] {
            let answer = field
                .house
                .get(&province, &format!("/coverage?kind=service&by=child&place={code}&from={from}&on={on}"))
                .await;
            let view = if today || code == "430703" { answer.expect(200) } else { job(field, &province, answer).await };
            let rows = view["rows"].as_array().unwrap();
            let sum = rows.iter().map(pair).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
            assert_eq!(pair(&view["total"]), (served, target), "{code} {from}..{on}");
            assert_eq!(sum, (served, target), "children of {code} {from}..{on}");
        }
    }
}

access::on_both! {
    async fn random_histories_give_the_naive_figures_today_and_on_any_past_day(engine) {
        let field = field(engine).await;
        let mut lives = Vec::new();
        let mut dice = Dice(20_261_123);
        let mut days = vec![field.house.test.floor.today()];
        for round in 0..12 {
            for _ in 0..14 {
                happen(&field, &mut dice, &mut lives).await;
            }
            field.counters_are_exact().await;
            let today = field.house.test.floor.today();
            if round % 4 == 3 {
                compare(&field, &mut dice, &lives, today).await;
            }
            days.push(today);
            field.pass(1 + dice.below(9) as i64).await;
        }
        // Today by counters and, a day later, the same day by the facts.
        let mut asked = vec![days[days.len() - 1], kernel::day::add_days(days[3], 1), days[0], kernel::day::add_days(days[0], -1)];
        // Days on which something ended: the first without it.
        let of_targets = |l: &Life| l.died.filter(|d| l.is_target_on(kernel::day::add_days(*d, -1)));
        asked.extend(lives.iter().filter_map(of_targets).take(2));
        assert_eq!(asked.len(), 6, "two target persons died");
        asked.extend(lives.iter().flat_map(|l| &l.categories).filter(|c| c.1).filter_map(|c| c.3).take(3));
        for on in asked {
            compare(&field, &mut dice, &lives, on).await;
        }
        assert!(lives.iter().any(|l| l.died.is_some()) && lives.iter().any(|l| l.active.is_some()) && lives.iter().any(|l| l.homes.len() > 1));
        assert!(lives.iter().any(|l| !l.dismissed.is_empty()) && lives.iter().flat_map(|l| &l.visits).any(|v| !v.3));
    }

    async fn figures_move_with_every_visit_at_once(engine) {
        let field = field(engine).await;
        let village = format!("place={}", VILLAGES[0]);
        assert_eq!(coverage(&field, &field.officer, &village).await["total"]["percent"], Value::Null, "nothing by nothing");
        let person = id(&field.person(&field.worker, VILLAGES[0], &["DIBAO"]).await);
        assert_eq!(total(&field, &village).await, (0, 1));
        field.visit(&person, json!({"mode": "phone"})).await.expect(201);
        assert_eq!(total(&field, &village).await, (0, 1), "a telephone call is no service");
        let visit = field.visit(&person, json!({})).await.expect(201);
        assert_eq!(total(&field, &village).await, (1, 1));
        field.visit(&person, json!({})).await.expect(201);
        assert_eq!(total(&field, &village).await, (1, 1), "a second visit changes nothing");
        let found = id(&field.person(&field.worker, VILLAGES[0], &["ELDER80"]).await);
        field.visit(&found, json!({"kind": "first"})).await.expect(201);
        assert_eq!(total(&field, &village).await, (2, 2), "both by one");
        field.person(&field.worker, VILLAGES[0], &[]).await;
        field.person(&field.worker, VILLAGES[0], &["VETERAN"]).await;
        field.person(&field.worker, VILLAGES[0], &["DIS_2_3"]).await;
        field.person(&field.worker, VILLAGES[0], &["ELDER80"]).await;
        assert_eq!(total(&field, &village).await, (2, 4), "only target categories");
        for visit in [id(&visit)] {
            let body = json!({"id": field.house.id(), "rev": 1, "reason": "录入错误"});
            field.house.post(&field.head, &format!("/visits/{visit}/void"), body).await.expect(201);
        }
        assert_eq!(total(&field, &village).await, (2, 4), "the other visit stands");
        let other = field.house.get(&field.officer, &format!("/visits?person={person}")).await.expect(200);
        let stands = other["items"].as_array().unwrap().iter().find(|v| v["counts_as_served"] == true).unwrap().clone();
        let body = json!({"id": field.house.id(), "rev": 1, "reason": "录入错误"});
        field.house.post(&field.head, &format!("/visits/{}/void", id(&stands)), body).await.expect(201);
        assert_eq!(total(&field, &village).await, (1, 4));
        let view = coverage(&field, &field.officer, &village).await;
        assert_eq!((&view["total"]["percent"], &view["unit"]), (&json!("25.00"), &json!("person")));
        assert_eq!(view["from"], "2025-11-24", "twelve months that end today");
        assert_eq!(view["rows"], json!([view["total"]]));
        assert_eq!(view["total"]["code_stat"], VILLAGES[0]);
        let past = format!("{village}&from={}", field.days_ago(-1));
        field.house.get(&field.officer, &format!("/coverage?kind=service&{past}")).await.expect(422);
    }

    async fn the_unserved_are_named_inside_the_scope_only(engine) {
        let field = field(engine).await;
        let mut people = Vec::new();
        for n in 0..5 {
            people.push(id(&field.person(&field.worker, VILLAGES[n % 2], &["DIBAO"]).await));
        }
        let dismissed = field.person(&field.worker, VILLAGES[0], &["DIBAO"]).await;
        let step = json!({"id": field.house.id(), "rev": dismissed["ledger"]["rev"], "to": "dismissed", "on": field.today(), "reason": "not_in_need"});
        field.house.post(&field.worker, &format!("/persons/{}/ledger", id(&dismissed)), step).await.expect(201);
        field.person(&field.worker, VILLAGES[0], &["VETERAN"]).await;
        field.person(&field.other, VILLAGES[2], &["DIBAO"]).await;
        for (person, back) in people.iter().zip([400, 380, 500, 3]) {
            field.visit(person, json!({"visited_on": field.days_ago(back)})).await.expect(201);
        }
        let expected = [&people[4], &people[2], &people[0], &people[1]];
        let page = field.house.get(&field.head, "/coverage/unserved?place=430703001").await.expect(200);
        let names: Vec<String> = page["items"].as_array().unwrap().iter().map(id).collect();
        assert_eq!(names.iter().collect::<Vec<_>>(), expected, "longest unserved first");
        assert_eq!((&page["items"][0]["last_served_on"], &page["items"][1]["last_served_on"]), (&Value::Null, &json!(field.days_ago(500))));
        let (numerator, denominator) = total(&field, "place=430703001").await;
        assert_eq!(denominator - numerator, 4, "as many as the figure says");
        let (mut read, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = field.house.get(&field.worker, &format!("/coverage/unserved?limit=1{cursor}")).await.expect(200);
            read.extend(page["items"].as_array().unwrap().iter().map(id));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(read, names);
        let earlier = format!("/coverage/unserved?place=430703&from={}", field.days_ago(390));
        assert_eq!(field.house.get(&field.officer, &earlier).await.expect(200)["items"].as_array().unwrap().len(), 4);
        for (who, place, status) in [
            (&field.other, "430703001", 404),
            (&field.head, "430703", 404),
            (&field.head, "430703002", 404),
            (&field.officer, "4307", 404),
            (&field.officer, "500107", 404),
        ] {
            field.house.get(who, &format!("/coverage/unserved?place={place}")).await.expect(status);
            field.house.get(who, &format!("/coverage?kind=service&place={place}")).await.expect(status);
            field.house.get(who, &format!("/coverage?kind=ledger&place={place}&on={}", field.days_ago(9))).await.expect(status);
        }
        let city = field.house.account("city", &[("CA", "4307")]).await;
        let above = field.house.get(&city, "/coverage/unserved?place=4307").await.expect(422);
        assert_eq!(above["fields"][0]["code"], "above_county");
        for query in ["on=2020-01-01", "from=2999-01-01", "from=x", "limit=0", "cursor=e30", "place=1"] {
            field.house.get(&field.officer, &format!("/coverage/unserved?{query}")).await.expect(422);
        }
    }

    async fn a_city_without_counties_stands_in_for_one(engine) {
        let field = field(engine).await;
        let worker = field.house.account("dongguan", &[("SW", "stat:441900003")]).await;
        let city = field.house.account("civil", &[("CA", "4419")]).await;
        let person = id(&field.person(&worker, "441900003001", &["DIBAO"]).await);
        field.person(&worker, "441900003002", &["DIBAO"]).await;
        field.visit_by(&worker, &person, json!({})).await.expect(201);
        for on in [field.today(), field.days_ago(-1)] {
            let view = coverage(&field, &city, &format!("place=4419&by=child&on={}", on.min(field.today()))).await;
            assert_eq!(pair(&view["total"]), (1, 2));
            let rows: Vec<_> = view["rows"].as_array().unwrap().iter().filter(|r| r["denominator"] != 0).collect();
            assert_eq!(rows.len(), 1);
            assert_eq!((rows[0]["place"]["name"].as_str(), pair(rows[0])), (Some("东城街道"), (1, 2)));
            field.counters_are_exact().await;
        }
        field.pass(3).await;
        let past = format!("/coverage?kind=service&place=4419&by=child&on={}", field.days_ago(3));
        let view = field.house.get(&city, &past).await.expect(200);
        assert_eq!(pair(&view["total"]), (1, 2), "and needs no job");
        let unserved = field.house.get(&city, "/coverage/unserved?place=4419").await.expect(200);
        assert_eq!(unserved["items"].as_array().unwrap().len(), 1);
        let province = field.house.account("gd", &[("PA", "44")]).await;
        assert_eq!(pair(&coverage(&field, &province, "place=44&by=child").await["total"]), (1, 2));
        assert_eq!(coverage(&field, &province, "place=44&by=child").await["rows"][0]["place"]["name"], "东莞市");
        let answer = field.house.get(&province, &past.replace("4419", "44")).await;
        assert_eq!(pair(&job(&field, &province, answer).await["total"]), (1, 2));
    }

    async fn past_figures_keep_to_indexes(engine) {
        let field = field(engine).await;
        for n in 0..3 {
            field.person(&field.worker, VILLAGES[n % 2], &["DIBAO"]).await;
        }
        if engine == ground::Engine::Postgres {
            return; // Nearly empty tables are read whole there; the query is the same.
        }
        for (group, column) in [("village_id", "township_id"), ("township_id", "county_id")] {
            let sql = people::visits::served::past_sql(column, group, column, 2);
            let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, sql.replace('$', "?"));
            let plan = field.house.plan(statement).await;
            assert!(plan.contains(&format!("SEARCH r USING INDEX residence_{}", column.trim_end_matches("_id"))), "{plan}");
            assert!(plan.contains("USING COVERING INDEX visit_qualifying") || plan.contains("USING INDEX visit_qualifying"), "{plan}");
            assert!(!plan.contains("SCAN p") && !plan.contains("SCAN r"), "{plan}");
        }
    }
}
