//! Network coverage through HTTP, and the Guangdong acceptance on the real divisions.

use access::{
    Scope, on_both,
    testing::{Caller, TestHouse},
};
use ground::{Engine, Progress};
use insight::network_coverage::{Kind, Mode, Question, ReadNetworkCoverage, store};
use kernel::{Level, day};
use places::divisions::{self, Source};
use serde_json::{Value, json};

const COUNTY: &str = "430703";
const TOWN: &str = "430703105";

async fn house(engine: Engine, source: Source) -> TestHouse {
    let house = TestHouse::new(engine, places::routes().merge(insight::routes())).await;
    let scope = Scope::<divisions::ChangeDivisions>::on_behalf_of(&house.house, "divisions.load").await.unwrap();
    divisions::load(&scope, source, Progress::silent()).await.unwrap();
    house
}

/// Opens a station with plaque and one worker in every unit of these kinds that may stand in a denominator, on a day.
async fn open_stations(house: &TestHouse, kinds: &str, on: &str) {
    let id = fresh(house.test.engine);
    house
        .sql(&format!(
            "INSERT INTO station (id, name, township_id, county_id, city_id, province_id, operating_mode, facilities, opened_on, \
             plaque_on, status, status_on, created_at, rev, audit_no) SELECT {id}, name, id, county_id, city_id, province_id, \
             'direct_hire', '[]', '{on}', '{on}', 'operating', '{on}', 0, 1, 0 FROM division \
             WHERE level = 4 AND counted AND valid_to IS NULL AND kind IN ({kinds})"
        ))
        .await;
    history(house, "station", "township_id", on).await;
    house
        .sql(&format!(
            "INSERT INTO post (id, station_id, kind, headcount, township_id, county_id, city_id, province_id, from_on, rev, audit_no) \
             SELECT {id}, id, 'resident', 2, township_id, county_id, city_id, province_id, '{on}', 1, 0 FROM station"
        ))
        .await;
    staff(house, on).await;
}

/// Opens a point with plaque and one worker in every village of the stations' townships.
async fn open_points(house: &TestHouse, on: &str) {
    let id = fresh(house.test.engine);
    house
        .sql(&format!(
            "INSERT INTO point (id, station_id, name, village_id, township_id, county_id, city_id, province_id, plaque_on, status, \
             status_on, created_at, rev, audit_no) SELECT {id}, s.id, d.name, d.id, d.township_id, d.county_id, d.city_id, \
             d.province_id, '{on}', 'operating', '{on}', 0, 1, 0 FROM division d JOIN station s ON s.township_id = d.township_id \
             WHERE d.level = 5"
        ))
        .await;
    house
        .sql(&format!(
            "INSERT INTO point_village (point_id, village_id, from_on, township_id, county_id, city_id, province_id) \
             SELECT id, village_id, '{on}', township_id, county_id, city_id, province_id FROM point"
        ))
        .await;
    history(house, "point", "village_id", on).await;
    house.sql("DELETE FROM assignment").await;
    house.sql("DELETE FROM post").await;
    house
        .sql(&format!(
            "INSERT INTO post (id, station_id, point_id, kind, headcount, township_id, county_id, city_id, province_id, from_on, \
             rev, audit_no) SELECT {id}, station_id, id, 'service', 1, township_id, county_id, city_id, province_id, '{on}', 1, 0 FROM point"
        ))
        .await;
    house
        .sql(&format!(
            "INSERT INTO post (id, station_id, kind, headcount, township_id, county_id, city_id, province_id, from_on, rev, audit_no) \
             SELECT {id}, id, 'transactional', 1, township_id, county_id, city_id, province_id, '{on}', 1, 0 FROM station"
        ))
        .await;
    staff(house, on).await;
}

async fn history(house: &TestHouse, table: &str, host: &str, on: &str) {
    let id = fresh(house.test.engine);
    house
        .sql(&format!(
            "INSERT INTO network_status (owner_id, on_day, serial, owner_kind, status, host_id, reason, actor_id, at, county_id) \
             SELECT id, '{on}', 0, '{table}', 'operating', {host}, '', id, 0, county_id FROM {table}"
        ))
        .await;
    house
        .sql(&format!(
            "INSERT INTO plaque (id, owner_kind, owner_id, kind, on_day, county_id, rev, audit_no) \
             SELECT {id}, '{table}', id, 'hang', '{on}', county_id, 1, 0 FROM {table}"
        ))
        .await;
}

async fn staff(house: &TestHouse, on: &str) {
    let id = fresh(house.test.engine);
    house
        .sql(&format!(
            "INSERT INTO assignment (id, post_id, station_id, point_id, worker_name, employment_mode, share_pct, township_id, \
             county_id, city_id, province_id, from_on, rev, audit_no) SELECT {id}, id, station_id, point_id, '李', 'township_contract', \
             100, township_id, county_id, city_id, province_id, '{on}', 1, 0 FROM post"
        ))
        .await;
}

fn fresh(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "randomblob(16)",
        Engine::Postgres => "gen_random_uuid()",
    }
}

const TOWNSHIPS: &str = "'town', 'township', 'ethnic_township', 'subdistrict', 'sumu', 'ethnic_sumu'";

async fn coverage(house: &TestHouse, who: &Caller, query: &str) -> Value {
    house.get(who, &format!("/coverage?{query}")).await.expect(200)
}

fn of(view: &Value) -> (i64, i64, String) {
    let total = &view["total"];
    let percent = total["percent"].as_str().unwrap_or("null").to_owned();
    (total["numerator"].as_i64().unwrap(), total["denominator"].as_i64().unwrap(), percent)
}

async fn missing(house: &TestHouse, who: &Caller, query: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = house.get(who, &format!("/coverage/missing?limit=7&{query}{cursor}")).await.expect(200);
        for item in page["items"].as_array().unwrap() {
            found.push((item["place"]["name"].as_str().unwrap().to_owned(), item["why"].as_str().unwrap().to_owned()));
        }
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

on_both! {
    async fn each_missing_township_is_named_with_its_reason(engine) {
        let house = house(engine, Source::Subset).await;
        let officer = house.account("officer", &[("CA", COUNTY)]).await;
        let query = format!("place={COUNTY}&kind=station");
        let bare = coverage(&house, &officer, &query).await;
        assert_eq!(of(&bare), (0, 26, "0.00".to_owned()), "26 townships of the civil list, farms not counted");
        assert_eq!((bare["unit"].clone(), bare["division_basis"].clone(), bare["mode"].clone()), (json!("township"), json!("civil"), Value::Null));
        open_stations(&house, TOWNSHIPS, "2021-10-20").await;
        assert_eq!(of(&coverage(&house, &officer, &query).await), (26, 26, "100.00".to_owned()));
        let before = coverage(&house, &officer, &format!("{query}&on=2021-10-19")).await;
        assert_eq!(of(&before), (0, 26, "0.00".to_owned()));
        assert!(before["notes"][0].as_str().unwrap().contains("2023-06-30"), "{before}");
        let at = |name: &str| format!("(SELECT id FROM station WHERE name = '{name}' AND county_id = (SELECT id FROM division WHERE code_civil = '{COUNTY}'))");
        house.sql(&format!("UPDATE station SET status = 'closed', status_on = '2026-11-01' WHERE id = {}", at("韩公渡镇"))).await;
        house.sql(&format!("UPDATE station SET status = 'suspended', status_on = '2026-10-24' WHERE id = {}", at("蒿子港镇"))).await;
        house.sql(&format!("UPDATE station SET status = 'suspended', status_on = '2026-10-23' WHERE id = {}", at("中河口镇"))).await;
        house.sql(&format!("UPDATE station SET status = 'preparing', status_on = '2021-10-20' WHERE id = {}", at("十美堂镇"))).await;
        house.sql(&format!("UPDATE assignment SET to_on = '2026-11-22' WHERE station_id = {}", at("牛鼻滩镇"))).await;
        house.sql(&format!("UPDATE station SET plaque_on = NULL WHERE id = {}", at("石公桥镇"))).await;
        house.sql(&format!("UPDATE plaque SET kind = 'remove' WHERE owner_id = {}", at("石公桥镇"))).await;
        house.sql(&format!("DELETE FROM station WHERE id = {}", at("镇德桥镇"))).await;
        let found = missing(&house, &officer, &query).await;
        let expected = [
            ("中河口镇", "suspended_too_long"),
            ("十美堂镇", "not_operating"),
            ("牛鼻滩镇", "no_assignment"),
            ("韩公渡镇", "closed"),
            ("石公桥镇", "no_plaque"),
            ("镇德桥镇", "never_opened"),
        ];
        assert_eq!(found, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert_eq!(of(&coverage(&house, &officer, &query).await), (20, 26, "76.92".to_owned()));
        let by_child = coverage(&house, &officer, &format!("{query}&by=child")).await;
        let rows = by_child["rows"].as_array().unwrap();
        let row = |name: &str| rows.iter().find(|r| r["place"]["name"] == name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(row("韩公渡镇")["percent"], "0.00");
        assert_eq!(row("蒿子港镇")["percent"], "100.00");
        assert_eq!((row("花岩溪林场")["denominator"].clone(), row("花岩溪林场")["percent"].clone()), (json!(0), Value::Null));
        let above = coverage(&house, &officer, &format!("place={TOWN}&kind=station")).await;
        assert_eq!(of(&above), (0, 1, "0.00".to_owned()));
    }

    async fn farms_stand_in_the_denominator_by_choice_only(engine) {
        let house = house(engine, Source::Subset).await;
        let officer = house.account("officer", &[("CA", COUNTY)]).await;
        open_stations(&house, "'farm'", "2021-10-20").await;
        let query = format!("place={COUNTY}&kind=station&kinds=farm");
        let view = coverage(&house, &officer, &query).await;
        assert_eq!(of(&view), (2, 2, "100.00".to_owned()));
        assert_eq!(view["included_kinds"], json!(["farm"]));
        let both = coverage(&house, &officer, &format!("{query}&kinds=town&kinds=subdistrict&kinds=ethnic_township")).await;
        assert_eq!(of(&both), (2, 28, "7.14".to_owned()));
        let usual = coverage(&house, &officer, &format!("place={COUNTY}&kind=station")).await;
        assert_eq!(of(&usual), (0, 26, "0.00".to_owned()));
        assert!(usual["notes"].to_string().contains("农（林、牧、渔）场"));
    }

    async fn a_place_without_civil_townships_counts_by_the_other_list_and_says_so(engine) {
        let house = house(engine, Source::Subset).await;
        let officer = house.account("officer", &[("PA", "4419")]).await;
        let view = coverage(&house, &officer, "place=4419&kind=station&by=child").await;
        assert!(of(&view).1 >= 30, "{view}");
        assert!(view["notes"].to_string().contains("东莞市"), "{}", view["notes"]);
        let english = house.get(&officer, "/coverage?place=4419&kind=station").await.expect(200);
        assert!(english["formula"].as_str().unwrap().starts_with("社工站覆盖率"));
        open_stations(&house, TOWNSHIPS, "2021-10-20").await;
        assert_eq!(of(&coverage(&house, &officer, "place=4419&kind=station").await).2, "100.00");
    }

    async fn strict_counts_the_seat_and_area_mode_all_it_covers(engine) {
        let house = house(engine, Source::Subset).await;
        let officer = house.account("officer", &[("CA", COUNTY)]).await;
        open_stations(&house, TOWNSHIPS, "2021-10-20").await;
        open_points(&house, "2022-12-31").await;
        let query = format!("place={TOWN}&kind=point");
        let all = of(&coverage(&house, &officer, &query).await);
        assert_eq!((all.0, all.2.as_str()), (all.1, "100.00"));
        assert_eq!(of(&coverage(&house, &officer, &format!("{query}&on=2022-12-30")).await).0, 0);
        let town = format!("(SELECT id FROM division WHERE code_civil = '{TOWN}' AND level = 4)");
        let kept = format!("(SELECT MIN(village_id) FROM point WHERE township_id = {town})");
        // One point takes over its neighbours: its seat is one village, what it covers are all.
        let one = format!("(SELECT id FROM point WHERE village_id = {kept})");
        house.sql(&format!("UPDATE point_village SET point_id = {one} WHERE township_id = {town}")).await;
        house.sql(&format!("UPDATE point SET status = 'closed', status_on = '2024-01-01' WHERE township_id = {town} AND id <> {one}")).await;
        let strict = coverage(&house, &officer, &query).await;
        let area = coverage(&house, &officer, &format!("{query}&mode=area&by=child")).await;
        assert_eq!((of(&strict).0, of(&area).0, of(&area).1), (1, all.1, all.1));
        assert_eq!((strict["mode"].clone(), area["mode"].clone()), (json!("strict"), json!("area")));
        assert_eq!(area["rows"].as_array().unwrap().len(), usize::try_from(all.1).unwrap());
        assert_eq!(missing(&house, &officer, &query).await.len(), usize::try_from(all.1 - 1).unwrap());
        assert!(missing(&house, &officer, &format!("{query}&mode=area")).await.is_empty());
        house.sql(&format!("UPDATE point_village SET to_on = '2024-12-31' WHERE township_id = {town} AND village_id <> {kept}")).await;
        assert_eq!(of(&coverage(&house, &officer, &format!("{query}&mode=area")).await).0, 1);
        assert_eq!(of(&coverage(&house, &officer, &format!("{query}&mode=area&on=2024-12-31")).await).0, all.1);
    }

    async fn staffing_adds_shares_by_day_and_may_be_fractional(engine) {
        let house = house(engine, Source::Subset).await;
        let head = house.account("head", &[("SH", TOWN)]).await;
        let made = json!({"id": house.id(), "name": "站", "place": TOWN, "operating_mode": "mixed", "opened_on": "2026-01-01"});
        let made = house.post(&head, "/stations", made).await.expect(201);
        let post = json!({"id": house.id(), "kind": "transactional", "headcount": 3, "from": "2026-01-01"});
        let post = house.post(&head, &format!("/stations/{}/posts", made["id"].as_str().unwrap()), post).await.expect(201);
        for (share, from) in [(1.0, "2026-02-01"), (0.29, "2026-03-01")] {
            let work = json!({"id": house.id(), "worker_name": "李", "employment_mode": "part_time", "share": share, "from": from});
            house.post(&head, &format!("/posts/{}/assignments", post["id"].as_str().unwrap()), work).await.expect(201);
        }
        let rate = async |on: &str| {
            let view = coverage(&house, &head, &format!("place={TOWN}&kind=staffing&on={on}")).await;
            (view["total"]["numerator"].clone(), view["total"]["denominator"].clone(), view["total"]["percent"].clone())
        };
        assert_eq!(rate("2025-12-31").await, (json!(0), json!(0), Value::Null));
        assert_eq!(rate("2026-01-01").await, (json!(0), json!(3), json!("0.00")));
        assert_eq!(rate("2026-02-28").await, (json!(1), json!(3), json!("33.33")));
        assert_eq!(rate("2026-03-01").await, (json!(1.29), json!(3), json!("43.00")));
        let farms = coverage(&house, &head, &format!("place={COUNTY}&kind=staffing&kinds=farm&by=child")).await;
        assert_eq!(farms["total"]["denominator"], 0);
        let village = coverage(&house, &head, &format!("place={TOWN}&kind=staffing&by=child")).await;
        assert_eq!(village["rows"].as_array().unwrap().len(), 1, "a station does not divide by village");
    }

    async fn coverage_is_read_in_the_county_and_nowhere_else(engine) {
        let house = house(engine, Source::Subset).await;
        let worker = house.account("worker", &[("SW", TOWN)]).await;
        let stranger = house.account("stranger", &[("SW", "500107001")]).await;
        let auditor = house.account("auditor", &[("AU", "")]).await;
        for kind in ["station", "point", "staffing"] {
            for place in [COUNTY, TOWN, "430703101"] {
                house.get(&worker, &format!("/coverage?place={place}&kind={kind}&by=child")).await.expect(200);
                house.get(&stranger, &format!("/coverage?place={place}&kind={kind}")).await.expect(404);
            }
            house.get(&worker, &format!("/coverage?place=4307&kind={kind}")).await.expect(404);
            house.get(&auditor, &format!("/coverage?place={COUNTY}&kind={kind}")).await.expect(403);
        }
        house.get(&worker, &format!("/coverage/missing?place={COUNTY}&kind=station")).await.expect(200);
        house.get(&stranger, &format!("/coverage/missing?place={COUNTY}&kind=point")).await.expect(404);
        for bad in ["", "kind=none", "kind=station&on=2026-11-24", "kind=station&on=0001-01-01", "kind=station&by=colour",
            "kind=point&mode=vague", "kind=station&kinds=village_committee", "kind=point&kinds=town", "kind=station&kinds=x",
            "kind=station&place=zz", "kind=station&colour=red"] {
            house.get(&worker, &format!("/coverage?{bad}")).await.expect(422);
        }
        for bad in ["kind=staffing", "kind=station&limit=0", "kind=station&cursor=x", "kind=station&kinds=x"] {
            house.get(&worker, &format!("/coverage/missing?{bad}")).await.expect(422);
        }
    }

    async fn a_merge_leaves_the_figures_of_the_days_before_it(engine) {
        let house = house(engine, Source::Subset).await;
        let officer = house.account("officer", &[("CA", COUNTY)]).await;
        open_stations(&house, TOWNSHIPS, "2021-10-20").await;
        open_points(&house, "2022-12-31").await;
        let closed = "430703106";
        house.sql("UPDATE station SET status = 'closed', status_on = '2024-01-01' WHERE name = '石公桥镇'").await;
        let days = ["2023-12-31", "2025-12-31", "2026-11-19"];
        let mut before = Vec::new();
        for on in days {
            for query in ["kind=station", "kind=point", "kind=point&mode=area"] {
                before.push(coverage(&house, &officer, &format!("place={COUNTY}&by=child&on={on}&{query}")).await);
            }
        }
        let names = missing(&house, &officer, &format!("place={COUNTY}&kind=station&on=2026-11-19")).await;
        assert_eq!(names, [("石公桥镇".to_owned(), "closed".to_owned())]);
        let event = json!({"id": house.id(), "kind": "merge", "effective_on": "2026-11-20", "approval_no": "湘民〔2026〕1号",
            "from": [closed, TOWN], "to": TOWN});
        house.post(&officer, "/division-events", event).await.expect(201);
        let mut after = Vec::new();
        for on in days {
            for query in ["kind=station", "kind=point", "kind=point&mode=area"] {
                after.push(coverage(&house, &officer, &format!("place={COUNTY}&by=child&on={on}&{query}")).await);
            }
        }
        for (was, is) in before.iter().zip(&after) {
            assert_eq!(was["total"], is["total"]);
            assert_eq!(was["rows"], is["rows"]);
        }
        assert_eq!(missing(&house, &officer, &format!("place={COUNTY}&kind=station&on=2026-11-19")).await, names);
        let now = coverage(&house, &officer, &format!("place={COUNTY}&kind=station&on=2026-11-20")).await;
        assert_eq!(of(&now), (25, 25, "100.00".to_owned()), "one township, two stations, one of them open");
    }

    async fn coverage_reads_indexes_only(engine) {
        let house = house(engine, Source::Subset).await;
        open_stations(&house, TOWNSHIPS, "2021-10-20").await;
        open_points(&house, "2022-12-31").await;
        strangers(&house).await;
        house.sql("ANALYZE").await;
        let scope = Scope::<ReadNetworkCoverage>::on_behalf_of(&house.house, "plans").await.unwrap();
        for code in ["43", "4307", COUNTY, TOWN] {
            let place = scope.resolve("place", code).await.unwrap().place();
            for (kind, mode, kinds) in [
                (Kind::Station, Mode::Strict, vec!["town"]),
                (Kind::Point, Mode::Strict, vec!["village_committee"]),
                (Kind::Point, Mode::Area, vec!["village_committee"]),
                (Kind::Staffing, Mode::Strict, vec![]),
            ] {
                let kinds = kinds.into_iter().map(str::to_owned).collect();
                let q = Question { kind, mode, on: day::parse("2024-01-01").unwrap(), kinds, by_child: true };
                let asked = if kind == Kind::Staffing {
                    vec![store::staffing(&q, &place)]
                } else {
                    vec![store::grouped(&q, &place), store::missing(&q, &place, Some(5), 21)]
                };
                for (text, values) in asked {
                    check_plan(&house, place.level, text, values).await;
                }
            }
        }
    }
}

/// People of far stations, so that no planner reads the table whole because it is small.
async fn strangers(house: &TestHouse) {
    let id = fresh(house.test.engine);
    for _ in 0..10 {
        house
            .sql(&format!(
                "INSERT INTO assignment (id, post_id, station_id, point_id, worker_name, employment_mode, share_pct, township_id, \
                 county_id, city_id, province_id, from_on, rev, audit_no) SELECT {id}, {id}, {id}, {id}, '李', 'part_time', 100, id, \
                 id, id, id, '2021-10-20', 1, 0 FROM division"
            ))
            .await;
    }
}

async fn check_plan(house: &TestHouse, level: Level, text: String, values: Vec<sea_orm::Value>) {
    let (backend, text) = match house.test.engine {
        Engine::Sqlite => (sea_orm::DbBackend::Sqlite, text.replace('$', "?")),
        Engine::Postgres => (sea_orm::DbBackend::Postgres, text),
    };
    let plan = house.plan(sea_orm::Statement::from_sql_and_values(backend, text.clone(), values)).await;
    // The planner of PostgreSQL may well read a small table whole; SQLite never has a reason to.
    let whole = if house.test.engine == Engine::Sqlite {
        ["SCAN division", "SCAN d ", "SCAN o", "SCAN h", "SCAN q", "SCAN a", "SCAN v", "SCAN p", "AUTOMATIC"].as_slice()
    } else {
        ["Seq Scan on network_status", "Seq Scan on plaque", "Seq Scan on assignment", "Seq Scan on point_village"]
            .as_slice()
    };
    // The statistics are those of one province: its posts are all posts there are.
    let all_posts = level == Level::Province && house.test.engine == Engine::Sqlite;
    for word in whole.iter().filter(|word| !(all_posts && **word == "SCAN p")) {
        assert!(!plan.contains(*word), "{level:?} reads a table whole ({word}): {text}\n{plan}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guangdong_reaches_one_hundred_percent_on_the_day_and_names_what_closes() {
    let house = house(Engine::Sqlite, Source::Province("44".to_owned())).await;
    let province = house.account("province", &[("PA", "44")]).await;
    open_stations(&house, TOWNSHIPS, "2021-10-20").await;
    open_points(&house, "2021-10-20").await;
    house.sql("ANALYZE").await;
    let on = |day: &str| format!("place=44&kind=station&on={day}&by=child");
    let full = coverage(&house, &province, &on("2021-10-20")).await;
    let (n, d, percent) = of(&full);
    assert_eq!((n, percent.as_str()), (d, "100.00"));
    // Every township of the civil list that still exists, and those of 东莞 and 中山, for which it names none.
    let civil = house
        .number(
            "SELECT COUNT(*) FROM division WHERE level = 4 AND code_civil IS NOT NULL AND flags NOT LIKE '%abolished%'",
        )
        .await;
    let silent = house
        .number(&format!(
            "SELECT COUNT(*) FROM division WHERE level = 4 AND flags LIKE '%counted_by_stat%' AND kind IN ({TOWNSHIPS})"
        ))
        .await;
    assert_eq!(civil, 1_548);
    assert!(silent > 0);
    assert_eq!(d, civil + silent + abolished_then(&house).await);
    assert_eq!(full["rows"].as_array().unwrap().len(), 21, "21 prefectures");
    let notes = full["notes"].to_string();
    assert!(notes.contains("东莞市") && notes.contains("中山市"), "{notes}");
    assert_eq!(of(&coverage(&house, &province, &on("2021-10-19")).await), (0, d, "0.00".to_owned()));

    let points = coverage(&house, &province, "place=44&kind=point&by=child").await;
    let (covered, villages, _) = of(&points);
    assert!(villages > 26_000 && covered > 26_000, "{covered} of {villages}");

    let officer = house.account("officer", &[("CA", "440103")]).await;
    let station = house.get(&officer, "/stations?place=440103&limit=1").await.expect(200)["items"][0].clone();
    let id = station["id"].as_str().unwrap();
    let close =
        json!({"id": house.id(), "rev": station["rev"], "status": "closed", "on": "2026-11-23", "reason": "撤并"});
    house.post(&officer, &format!("/stations/{id}/status"), close).await.expect(201);
    let left = of(&coverage(&house, &province, "place=44&kind=station").await);
    assert_eq!(left.1 - left.0, 1);
    let named = missing(&house, &province, "place=44&kind=station").await;
    assert_eq!(named, [(station["place"]["name"].as_str().unwrap().to_owned(), "closed".to_owned())]);
    assert_eq!(of(&coverage(&house, &province, "place=44&kind=station&on=2026-11-22&by=child").await).2, "100.00");
}

/// Abolished units are not in any denominator.
async fn abolished_then(house: &TestHouse) -> i64 {
    house.number("SELECT COUNT(*) FROM division WHERE level = 4 AND counted AND flags LIKE '%abolished%'").await
}
