//! Divisions through HTTP and through the public functions other rooms call.

use access::{Progress, Scope, testing::TestHouse};
use ground::Engine;
use places::divisions::{self, ChangeDivisions, List, ReadDivisions, Source, Wanted};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

/// A house with the subset of divisions.
pub async fn house(engine: Engine) -> TestHouse {
    let house = TestHouse::new(engine, places::routes()).await;
    let scope = Scope::<ChangeDivisions>::on_behalf_of(&house.house, "divisions.load").await.unwrap();
    divisions::load(&scope, Source::Subset, Progress::silent()).await.unwrap();
    house
}

async fn reader(house: &TestHouse) -> Scope<ReadDivisions> {
    Scope::on_behalf_of(&house.house, "test").await.unwrap()
}

fn names(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|d| d["name"].as_str().unwrap().to_owned()).collect()
}

fn kinds(list: &[&str]) -> Vec<String> {
    list.iter().map(|k| (*k).to_owned()).collect()
}

/// Full list on the embedded database, once: the counts of both sources, and the time it takes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_country_has_the_counts_of_both_sources() {
    let house = TestHouse::new(Engine::Sqlite, places::routes()).await;
    let scope = Scope::<ChangeDivisions>::on_behalf_of(&house.house, "divisions.load").await.unwrap();
    let steps = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
    let seen = steps.clone();
    let progress = Progress::new(move |done, total, word| {
        assert!(done <= total && total == 666_629 && word == "divisions");
        seen.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    });
    let clock = std::time::Instant::now();
    assert_eq!(divisions::load(&scope, Source::Full, progress).await.unwrap(), 666_629);
    println!("loaded the whole country in {:?}", clock.elapsed());
    assert_eq!(steps.load(std::sync::atomic::Ordering::SeqCst), 67);
    assert_eq!(divisions::load(&scope, Source::Full, Progress::silent()).await.unwrap(), 0);
    for (level, stat, civil) in [(1, 31, 34), (2, 342, 333), (3, 2_978, 2_847), (4, 41_352, 38_749), (5, 620_573, 0)] {
        for (column, expected) in [("code_stat", stat), ("code_civil", civil)] {
            let sql = format!("SELECT COUNT(*) FROM division WHERE level = {level} AND {column} IS NOT NULL");
            assert_eq!(house.number(&sql).await, expected, "level {level} by {column}");
        }
    }
    assert_eq!(
        house
            .number(
                "SELECT COUNT(*) FROM division WHERE flags LIKE '%abolished%' AND valid_to IS NOT NULL AND NOT counted"
            )
            .await,
        213
    );
    assert_eq!(house.number("SELECT COUNT(*) FROM division_news").await, 5_276);
    assert_eq!(house.number("SELECT COUNT(*) FROM division_review").await, 1_866);

    let scope = reader(&house).await;
    let guangdong = scope.resolve("place", "44").await.unwrap().place();
    let defaults = kinds(&["town", "township", "ethnic_township", "subdistrict", "sumu"]);
    let on = scope.today();
    let count = async |list: List, kinds: &[String], level| {
        divisions::count_at(&scope, &guangdong, &Wanted { level, kinds, list, on }).await.unwrap()
    };
    assert_eq!(count(List::Stat, &[], kernel::Level::Township).await, 1_757);
    assert_eq!(count(List::Civil, &[], kernel::Level::Township).await, 1_548);
    let villages = kinds(&["residents_committee", "village_committee", "like_residents", "like_village"]);
    assert_eq!(count(List::Counted, &villages, kernel::Level::Village).await, 26_842);
    // 1,548 open civil units and those of 东莞 and 中山, where the civil list names none.
    let counted = count(List::Counted, &defaults, kernel::Level::Township).await;
    println!("Guangdong counts {counted} townships by default");
    assert!((1_548..1_620).contains(&counted), "{counted}");
}

access::on_both! {
    async fn both_lists_of_a_county_are_shown_with_their_differences(engine) {
        let house = house(engine).await;
        let who = house.account("worker", &[("CA", "430703")]).await;
        let page = house.get(&who, "/divisions/430703").await.expect(200);
        assert_eq!(page["lists"], json!({"stat": 25, "civil": 26, "both": 23, "stat_only": 2, "civil_only": 3}));
        assert_eq!(page["path"], "湖南省 / 常德市 / 鼎城区");
        assert_eq!(page["ancestors"][1]["name"], "常德市");
        assert_eq!(page["note_tree"], Value::Null);
        let then = house.get(&who, "/divisions/430703?on=2020-01-01").await.expect(200);
        assert_eq!(then["note_tree"], "tree of 2023");
        let children = house.get(&who, "/divisions?parent=430703").await.expect(200);
        let items = children["items"].as_array().unwrap();
        assert_eq!(items.len(), 28);
        let origin = |o: &str| items.iter().filter(|d| d["origin"] == o).count();
        assert_eq!((origin("both"), origin("stat"), origin("civil")), (23, 2, 3));
        for item in items {
            let note = match item["origin"].as_str().unwrap() {
                "stat" => "stat_only",
                "civil" => "civil_only",
                _ => continue,
            };
            assert!(item["notes"].as_array().unwrap().contains(&json!(note)), "{item}");
        }
        let farm = items.iter().find(|d| d["kind"] == "farm").unwrap();
        assert!(farm["code"].as_str().unwrap().starts_with("stat:430703"), "{farm}");
        assert_eq!(farm["has_children"], true);
        let chongqing = house.get(&who, "/divisions/500107").await.expect(200);
        assert_eq!(chongqing["lists"], json!({"stat": 19, "civil": 19, "both": 19, "stat_only": 0, "civil_only": 0}));
        assert_eq!(chongqing["path"], "重庆市 / 九龙坡区");
    }

    async fn irregular_trees_navigate(engine) {
        let house = house(engine).await;
        let who = house.account("worker", &[("CA", "430703")]).await;
        assert_eq!(house.get(&who, "/divisions?parent=root").await.expect(200)["items"].as_array().unwrap().len(), 34);
        assert_eq!(house.get(&who, "/divisions").await.expect(200)["items"].as_array().unwrap().len(), 34);
        let hubei = house.get(&who, "/divisions?parent=42").await.expect(200);
        assert_eq!(names(&hubei), ["仙桃市"]);
        let xiantao = house.get(&who, "/divisions/429004").await.expect(200);
        assert_eq!(xiantao["path"], "湖北省 / 仙桃市");
        assert_eq!(xiantao["level"], 3);
        assert_eq!(names(&house.get(&who, "/divisions?parent=44").await.expect(200)), ["东莞市"]);
        let dongguan = house.get(&who, "/divisions/4419").await.expect(200);
        assert!(dongguan["notes"].as_array().unwrap().contains(&json!("no_civil_townships")), "{dongguan}");
        let towns = house.get(&who, "/divisions?parent=4419").await.expect(200);
        assert!(towns["items"].as_array().unwrap().iter().all(|d| d["level"] == 4), "the filler is hidden: {towns}");
        let town = &towns["items"][0];
        assert!(town["path"].as_str().unwrap().starts_with("广东省 / 东莞市 / "), "{town}");
        let code = town["code"].as_str().unwrap();
        let villages = house.get(&who, &format!("/divisions?parent={code}")).await.expect(200);
        assert!(villages["items"].as_array().unwrap().iter().all(|d| d["level"] == 5 && d["has_children"] == false));

        let scope = reader(&house).await;
        let place = scope.resolve("place", "4419").await.unwrap().place();
        let wanted = kinds(&["town", "subdistrict", "township"]);
        let wanted = Wanted { level: kernel::Level::Township, kinds: &wanted, list: List::Counted, on: scope.today() };
        let rows = divisions::descendants_at(&scope, &place, &wanted, None, 200).await.unwrap();
        assert_eq!(rows.len(), 32, "the towns and subdistricts of 东莞 count by the statistical list");
        assert_eq!(divisions::count_at(&scope, &place, &wanted).await.unwrap(), 32);
        let rest = divisions::descendants_at(&scope, &place, &wanted, Some(rows[29].id), 200).await.unwrap();
        assert_eq!(rest, rows[30..]);
    }

    async fn farms_count_only_when_their_kind_is_asked_for(engine) {
        let house = house(engine).await;
        let scope = reader(&house).await;
        let place = scope.resolve("place", "430703").await.unwrap().place();
        let on = scope.today();
        let count = async |list: &[&str]| {
            let kinds = kinds(list);
            let wanted = Wanted { level: kernel::Level::Township, kinds: &kinds, list: List::Counted, on };
            divisions::count_at(&scope, &place, &wanted).await.unwrap()
        };
        let usual = ["town", "township", "ethnic_township", "subdistrict"];
        assert_eq!(count(&usual).await, 26);
        assert_eq!(count(&["town", "township", "ethnic_township", "subdistrict", "farm"]).await, 28);
        assert_eq!(divisions::codes_upward(&scope, &place).await.unwrap(), ["430703", "4307", "43"]);
        let kinds = kinds(&["residents_committee", "village_committee"]);
        let wanted = Wanted { level: kernel::Level::Village, kinds: &kinds, list: List::Counted, on };
        let rows = divisions::descendants_at(&scope, &place, &wanted, None, 1_000).await.unwrap();
        assert_eq!(rows.len(), usize::try_from(divisions::count_at(&scope, &place, &wanted).await.unwrap()).unwrap());
    }

    async fn children_come_in_pages(engine) {
        let house = house(engine).await;
        let who = house.account("worker", &[("CA", "430703")]).await;
        let whole = names(&house.get(&who, "/divisions?parent=430703").await.expect(200));
        let first = house.get(&who, "/divisions?parent=430703&limit=20").await.expect(200);
        let next = first["next"].as_str().unwrap();
        let second = house.get(&who, &format!("/divisions?parent=430703&limit=20&cursor={next}")).await.expect(200);
        assert_eq!(second["next"], Value::Null);
        assert_eq!([names(&first), names(&second)].concat(), whole);
    }

    async fn a_division_is_found_by_codes_name_and_initials(engine) {
        let house = house(engine).await;
        let who = house.account("worker", &[("CA", "430703")]).await;
        let find = async |query: &str| names(&house.get(&who, &format!("/divisions?{query}")).await.expect(200));
        assert_eq!(find("q=dcq").await[0], "鼎城区");
        assert_eq!(find("q=DCQ").await[0], "鼎城区");
        assert_eq!(find("q=鼎城").await[0], "鼎城区");
        assert_eq!(find("q=430703").await[0], "鼎城区");
        assert_eq!(find("q=430703000000").await[0], "鼎城区");
        assert_eq!(find("q=4307").await[..2], ["常德市", "鼎城区"]);
        // One code, two units: each list names its own.
        assert_eq!(find("q=430703122&level=4").await.len(), 2);
        assert_eq!(find("q=civil:430703122").await, ["石门桥镇"]);
        assert_eq!(find("q=stat:430703122&level=4").await, ["花岩溪镇"]);
        let villages = find("q=wskjwh").await;
        assert!(villages.contains(&"王市口居委会".to_owned()), "{villages:?}");
        assert_eq!(find("q=王市口").await, ["王市口居委会"]);
        assert_eq!(find("q=429004001001").await, ["王市口居委会"]);
        assert_eq!(find("q=王市口&place=430703").await, Vec::<String>::new());
        assert_eq!(find("q=王市口&place=429004").await, ["王市口居委会"]);
        assert_eq!(find("q=wskj&place=42").await, ["王市口居委会"]);
        assert!(find("q=s&place=430703").await.iter().any(|n| n == "石门桥镇"));
        assert!(find("q=%25&place=430703").await.is_empty(), "a percent sign is a character, not a pattern");
        assert_eq!(find("q=c&level=2").await, ["常德市"]);
        house.get(&who, "/divisions?q=").await.expect(422);
        house.get(&who, "/divisions?q=a&parent=43").await.expect(422);
        house.get(&who, "/divisions?q=a&level=9").await.expect(422);
        house.get(&who, "/divisions?parent=999999").await.expect(422);
        house.get(&who, "/divisions/999999").await.expect(404);
        house.get(&who, "/divisions?parent=43&cursor=x").await.expect(422);
    }

    async fn one_code_of_two_lists_names_two_units(engine) {
        let house = house(engine).await;
        let scope = reader(&house).await;
        let civil = scope.resolve("place", "civil:430703122").await.unwrap();
        let stat = scope.resolve("place", "stat:430703122").await.unwrap();
        assert_ne!(civil.id, stat.id);
        assert_eq!((civil.name.as_str(), stat.name.as_str()), ("石门桥镇", "花岩溪镇"));
        assert_eq!(scope.resolve("place", "430703000000").await.unwrap().name, "鼎城区");
        assert_eq!(scope.resolve("place", "441900000000").await.unwrap().level, 2);
    }

    async fn reviews_and_published_changes_are_shown(engine) {
        let house = house(engine).await;
        let who = house.account("worker", &[("CA", "430703")]).await;
        let all = house.get(&who, "/divisions/reviews").await.expect(200);
        assert_eq!(all["items"].as_array().unwrap().len(), 3);
        let city = house.get(&who, "/divisions/reviews?place=4307&limit=2").await.expect(200);
        assert_eq!(city["items"][0]["reason"], "moved_county");
        let next = city["next"].as_str().unwrap();
        let rest = house.get(&who, &format!("/divisions/reviews?place=4307&limit=2&cursor={next}")).await.expect(200);
        assert_eq!(rest["items"].as_array().unwrap().len(), 1);
        let story = house.get(&who, "/divisions/430703/events").await.expect(200);
        assert_eq!(story["items"][0]["changed_on"], "1988");
        assert!(story["items"][1]["note"].as_str().unwrap().contains("432421 常德县 → 430703 鼎城区"), "{story}");
    }

    async fn every_list_keeps_to_an_index(engine) {
        use divisions::{search, store};
        let house = house(engine).await;
        let scope = reader(&house).await;
        let on = scope.today();
        let county = scope.resolve("place", "430703").await.unwrap().place();
        let province = scope.resolve("place", "43").await.unwrap().place();
        let level = kernel::Level::Township;
        let kinds = kinds(&["town", "township"]);
        let wanted = Wanted { level, kinds: &kinds, list: List::Counted, on };
        let mut statements = Vec::new();
        statements.extend(store::children_query(&scope, county.id, on).limit(21).statements());
        for place in [&county, &province] {
            statements.extend(store::descendants_query(&scope, place, &wanted).limit(21).statements());
            let (sql, values) = store::count_sql(scope.report(place).unwrap().column(), place, &wanted);
            let backend = house.test.floor.db.read().get_database_backend();
            let sql = if engine == Engine::Sqlite { sql.replace('$', "?") } else { sql };
            statements.push(Statement::from_sql_and_values(backend, sql, values));
        }
        for place in [None, Some(&county), Some(&province)] {
            statements.extend(search::words_query(&scope, "dc", "dd", place, level).statements());
        }
        for place in [None, Some(&province)] {
            for column in [divisions::division::Column::Name, divisions::division::Column::Initials, divisions::division::Column::CodeStat, divisions::division::Column::CodeCivil] {
                statements.extend(search::villages_query(&scope, column, "a", "b", place, on).statements());
            }
        }
        statements.extend(search::villages_in_query(&scope, "王", &county, on).statements());
        assert!(statements.len() >= 16);
        for statement in statements {
            let text = statement.sql.clone();
            let plan = plan(&house, statement).await;
            match engine {
                Engine::Sqlite => assert!(!plan.contains("TEMP B-TREE") && plan.contains("INDEX") || plan.contains("PRIMARY KEY") && !plan.contains("TEMP"), "{text}\n{plan}"),
                Engine::Postgres => assert!(!plan.contains("Seq Scan") && !plan.contains("Sort"), "{text}\n{plan}"),
            }
            assert!(!plan.contains("SCAN "), "{text}\n{plan}");
        }
    }
}

/// The plan; on PostgreSQL with full reads and sorts made dear, because a small table would always be read in full.
async fn plan(house: &TestHouse, mut statement: Statement) -> String {
    use sea_orm::TransactionTrait as _;
    if house.test.engine == Engine::Sqlite {
        return house.plan(statement).await;
    }
    let tx = house.test.floor.db.read().begin().await.unwrap();
    for setting in ["enable_seqscan", "enable_sort", "enable_bitmapscan"] {
        tx.execute_unprepared(&format!("SET LOCAL {setting} = off")).await.unwrap();
    }
    statement.sql = format!("EXPLAIN {}", statement.sql);
    let rows = tx.query_all_raw(statement).await.unwrap();
    tx.rollback().await.unwrap();
    rows.iter().map(|r| r.try_get_by_index::<String>(0).unwrap()).collect::<Vec<_>>().join("\n")
}
