//! Saved lists through HTTP: own, shared, checked by the list itself, counted live.

use access::Scope;
use people::persons::asked::{Asked, PersonQuery};
use serde_json::{Value, json};

use crate::world::{DEAN, DINGCHENG, LINJIANG, World};

fn new(w: &World, name: &str, query: &str) -> Value {
    json!({"id": w.house.id(), "list": "persons", "name": name, "query": query, "columns": ["name", "grade"]})
}

/// The plan of a statement; on PostgreSQL with everything but indexes discouraged, as the tables of a test are nearly empty.
async fn plan(w: &World, statement: sea_orm::Statement) -> String {
    use sea_orm::ConnectionTrait as _;
    if w.house.test.engine == ground::Engine::Sqlite {
        return w.house.plan(statement).await;
    }
    let explain = sea_orm::Statement { sql: format!("EXPLAIN {}", statement.sql), ..statement };
    let rows = w.house.test.floor.db.write(move |tx| {
        Box::pin(async move {
            for name in ["enable_seqscan", "enable_bitmapscan", "enable_sort"] {
                tx.conn().execute_unprepared(&format!("SET LOCAL {name} = off")).await?;
            }
            let rows = tx.conn().query_all_raw(explain).await?;
            Ok(rows.iter().map(|r| r.try_get_by_index::<String>(0).unwrap()).collect::<Vec<_>>())
        })
    });
    rows.await.unwrap().join("\n")
}

fn saved(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|l| l["name"].as_str().unwrap()).collect()
}

access::on_both! {
    async fn a_saved_list_is_private_until_the_head_shares_it_with_the_station(engine) {
        let w = World::new(engine).await;
        let own = w.house.post(&w.worker, "/worklists", new(&w, "我的低保", "category=DIBAO")).await.expect(201);
        assert_eq!((&own["mine"], &own["shared_with"]), (&json!(true), &Value::Null));
        let mut shared = new(&w, "本站重点", "grade=A&grade=B");
        shared["shared"] = json!(true);
        assert_eq!(w.house.post(&w.worker, "/worklists", shared.clone()).await.status, 403, "a worker may not share");
        let told = w.house.post(&w.head, "/worklists", shared.clone()).await.expect(201);
        assert_eq!(told["shared_with"]["code"], "430703002");
        assert_eq!(w.house.post(&w.head, "/worklists", shared).await.status, 200, "the same again changes nothing");

        let list = async |who| w.house.get(who, "/worklists?list=persons").await.expect(200);
        assert_eq!(saved(&list(&w.worker).await), ["我的低保", "本站重点"]);
        assert_eq!(saved(&list(&w.colleague).await), ["本站重点"]);
        for stranger in [&w.resident, &w.reviewer, &w.officer] {
            assert!(saved(&list(stranger).await).is_empty());
        }
        assert_eq!(saved(&w.house.get(&w.worker, "/worklists?list=due").await.expect(200)), Vec::<&str>::new());

        let path = format!("/worklists/{}", own["id"].as_str().unwrap());
        let change = json!({"rev": 1, "name": "低保户", "query": "category=DIBAO&state=active"});
        for stranger in [&w.colleague, &w.head, &w.resident] {
            assert_eq!(w.house.patch(stranger, &path, change.clone()).await.status, 404);
            assert_eq!(w.house.get(stranger, &format!("{path}/count")).await.status, 404);
            assert_eq!(w.house.post(stranger, &format!("{path}/remove"), json!({"rev": 1})).await.status, 404);
        }
        let shared = format!("/worklists/{}", told["id"].as_str().unwrap());
        assert_eq!(w.house.patch(&w.worker, &shared, json!({"rev": 1, "name": "x"})).await.status, 404, "read, not changed");
        assert_eq!(w.house.patch(&w.worker, &path, change.clone()).await.expect(200)["name"], "低保户");
        assert_eq!(w.house.patch(&w.worker, &path, change).await.status, 409, "stale");
        assert_eq!(w.house.patch(&w.head, &shared, json!({"rev": 1, "shared": false})).await.expect(200)["shared_with"], Value::Null);
        assert_eq!(saved(&list(&w.worker).await), ["低保户"]);
        assert_eq!(w.house.post(&w.worker, &format!("{path}/remove"), json!({"rev": 2})).await.status, 204);
        assert!(saved(&list(&w.worker).await).is_empty());
        assert_eq!(w.house.number("SELECT COUNT(*) FROM worklist").await, 2, "nothing is deleted");
    }

    async fn a_filter_is_checked_by_the_list_it_belongs_to(engine) {
        let w = World::new(engine).await;
        for (list, query, field) in [
            ("persons", "grade=Z", "grade"),
            ("persons", "colour=red", "colour"),
            ("persons", "limit=5", "query"),
            ("persons", "place=999999", "place"),
            ("persons", "q=1", "q"),
            ("due", "state=late", "state"),
            ("due", "grade=A", "grade"),
            ("visits", "kind=party", "kind"),
            ("visits", "visited_on.from=soon", "visited_on.from"),
            ("tasks", "", "list"),
        ] {
            let mut body = new(&w, "一个名字", query);
            body["list"] = list.into();
            let answer = w.house.post(&w.head, "/worklists", body).await;
            let json = answer.expect(422);
            let told = &json["fields"][0];
            assert!(told["field"].as_str().unwrap().starts_with(field), "{list}?{query}: {json}");
            assert!(told["message"].as_str().unwrap().chars().any(|c| c > '\u{4e00}'), "{json}");
        }
        let mut visits = new(&w, "本月走访", "visited_on.from=2026-11-01&visited_on.to=2026-11-30&kind=routine");
        visits["list"] = "visits".into();
        w.house.post(&w.head, "/worklists", visits).await.expect(201);
        let mut sorted = new(&w, "按时间", "state=active");
        sorted["sort"] = "due".into();
        w.house.post(&w.head, "/worklists", sorted.clone()).await.expect(201);
        (sorted["id"], sorted["sort"]) = (json!(w.house.id()), json!("-name"));
        assert_eq!(w.house.post(&w.head, "/worklists", sorted).await.expect(422)["fields"][0]["field"], "sort");
    }

    async fn a_count_is_live_and_inside_the_reach_of_whoever_opens_the_list(engine) {
        let w = World::new(engine).await;
        let mut body = new(&w, "全部线索", "state=lead");
        body["shared"] = json!(true);
        let kept = w.house.post(&w.officer, "/worklists", body).await.expect(201);
        let path = format!("/worklists/{}/count", kept["id"].as_str().unwrap());
        let count = async |who| w.house.get(who, &path).await.expect(200)["count"].clone();
        assert_eq!(count(&w.officer).await, 0);
        for (who, village) in [(&w.resident, LINJIANG), (&w.resident, DINGCHENG), (&w.worker, DEAN)] {
            w.enter(who, w.body("陈山", village)).await;
        }
        let seen = (count(&w.officer).await, count(&w.resident).await, count(&w.worker).await, count(&w.colleague).await);
        assert_eq!(seen, (json!(3), json!(2), json!(1), json!(0)));
        assert_eq!(w.house.get(&w.officer, &path).await.expect(200)["over"], false);
    }

    async fn saved_lists_and_the_ledger_by_due_day_keep_to_their_indexes(engine) {
        let w = World::new(engine).await;
        let keep: Scope<people::worklists::Keep> = w.house.scope(&w.worker).await;
        let mut statements = people::worklists::store::statements(&keep, "persons");
        for (who, order) in [(&w.officer, "due"), (&w.officer, "-due"), (&w.worker, "due"), (&w.resident, "due")] {
            let read: Scope<people::persons::Read> = w.house.scope(who).await;
            let query = PersonQuery { order: Some(order.to_owned()), grade: vec!["A".to_owned()], ..PersonQuery::default() };
            let asked = Asked::check(&read, &query).await.unwrap();
            let after = (Some(read.today()), w.house.id());
            statements.extend(asked.rows(&read, Some(after), 20).statements());
        }
        for statement in statements {
            let (sql, plan) = (statement.sql.clone(), plan(&w, statement).await);
            let bad = ["TEMP B-TREE", "SCAN", "Seq Scan", "Sort"].iter().find(|bad| plan.contains(**bad));
            assert_eq!(bad, None, "{sql}\n{plan}");
        }
    }

    async fn the_ledger_can_be_walked_by_due_day_both_ways(engine) {
        let w = World::new(engine).await;
        for n in 0..7 {
            w.enter(&w.resident, w.body(&format!("王小{n}"), LINJIANG)).await;
            w.house.test.clock.advance(86_400_000 * (n % 3));
            w.house.sql(&format!("UPDATE session SET seen_at = {}", w.house.test.floor.now())).await;
        }
        let walk = async |order: &str| {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = w.house.get(&w.resident, &format!("/persons?order={order}&limit=2{cursor}")).await.expect(200);
                seen.extend(page["items"].as_array().unwrap().iter().map(|p| (p["next_due_on"].as_str().unwrap().to_owned(), p["id"].as_str().unwrap().to_owned())));
                match page["next"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => return seen,
                }
            }
        };
        let rising = walk("due").await;
        assert_eq!(rising.len(), 7);
        assert!(rising.is_sorted(), "{rising:?}");
        assert_eq!(walk("-due").await, rising.into_iter().rev().collect::<Vec<_>>());
        assert_eq!(w.house.get(&w.resident, "/persons?order=name").await.status, 422);
    }
}
