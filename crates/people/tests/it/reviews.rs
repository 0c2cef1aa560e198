//! Reviews of visits through HTTP: the sample, asking back, the answer, and who sees what.

use serde_json::json;

use crate::field::{Field, VILLAGES, field, id};

async fn tasks(field: &Field) -> Vec<serde_json::Value> {
    let page = field.house.get(&field.worker, "/tasks?limit=200").await.expect(200);
    page["items"].as_array().unwrap().iter().filter(|t| t["kind"] == "review_ask").cloned().collect()
}

access::on_both! {
    async fn a_supervisor_reads_a_sample_and_asks_back(engine) {
        let field = field(engine).await;
        let supervisor = field.house.account("su", &[("SV", "430703")]).await;
        let person = id(&field.person(&field.worker, VILLAGES[0], &[]).await);
        for n in 0..12 {
            field.visit(&person, json!({"visited_on": field.days_ago(n)})).await.expect(201);
        }
        field.visit(&person, json!({"visited_on": field.days_ago(60)})).await.expect(201);
        let sample = field.house.get(&supervisor, "/visit-reviews/sample?n=10&seed=7").await.expect(200);
        let items = sample["items"].as_array().unwrap();
        assert_eq!((items.len(), &sample["seed"]), (10, &json!(7)));
        assert_eq!(items[0]["person"]["name"], "陈**", "names are masked for supervisors");
        let again = field.house.get(&supervisor, "/visit-reviews/sample?n=10&seed=7").await.expect(200);
        assert_eq!(again["items"], sample["items"], "the same seed draws the same");
        let other = field.house.get(&supervisor, "/visit-reviews/sample?n=10&seed=8").await.expect(200);
        assert_ne!(other["items"], sample["items"]);

        let visit = id(&items[0]);
        let ask = json!({"id": field.house.id(), "visit_id": visit, "verdict": "ask", "reasons": ["too_short"], "comment": "请补充用药情况"});
        let review = field.house.post(&supervisor, "/visit-reviews", ask.clone()).await.expect(201);
        field.house.post(&supervisor, "/visit-reviews", ask).await.expect(200);
        assert_eq!((&review["verdict"], &review["can_answer"]), (&json!("ask"), &json!(false)));
        let open = tasks(&field).await;
        assert_eq!((open.len(), &open[0]["subject_id"], &open[0]["due_on"]), (1, &json!(visit), &json!(field.days_ago(-7))));
        let good = json!({"id": field.house.id(), "visit_id": id(&items[1]), "verdict": "ok"});
        field.house.post(&supervisor, "/visit-reviews", good).await.expect(201);
        let rest = field.house.get(&supervisor, "/visit-reviews/sample?n=100&seed=7").await.expect(200);
        assert_eq!(rest["items"].as_array().unwrap().len(), 10, "what was read is not drawn again, what is old neither");

        let mine = field.house.get(&field.worker, &format!("/visit-reviews?visit={visit}")).await.expect(200);
        let mine = &mine["items"][0];
        assert_eq!((&mine["can_answer"], &mine["comment"]), (&json!(true), &json!("请补充用药情况")));
        let answer = json!({"id": field.house.id(), "rev": mine["rev"], "text": "已在补充说明中写明"});
        let answered = field.house.post(&field.worker, &format!("/visit-reviews/{}/answer", id(mine)), answer.clone()).await.expect(201);
        assert_eq!(answered["answer"], "已在补充说明中写明");
        assert!(tasks(&field).await.is_empty(), "the answer settles the task");
        let mut late = answer;
        late["id"] = json!(field.house.id());
        late["rev"] = answered["rev"].clone();
        let refused = field.house.post(&field.worker, &format!("/visit-reviews/{}/answer", id(mine)), late).await.expect(409);
        assert_eq!(refused["rule"], "review.answered");
        let asked = field.house.get(&supervisor, "/visit-reviews?verdict=ask").await.expect(200);
        assert_eq!(asked["items"].as_array().unwrap().len(), 1);
    }

    async fn nobody_reviews_own_or_foreign_visits(engine) {
        let field = field(engine).await;
        let both = field.house.account("ma", &[("SH", "430703001"), ("SW", "430703001")]).await;
        let person = id(&field.person(&both, VILLAGES[0], &[]).await);
        let visit = id(&field.visit_by(&both, &person, json!({})).await.expect(201));
        let review = |verdict: &str| json!({"id": field.house.id(), "visit_id": visit, "verdict": verdict});
        let own = field.house.post(&both, "/visit-reviews", review("ok")).await.expect(409);
        assert_eq!(own["rule"], "review.own");
        assert!(field.house.get(&both, "/visit-reviews/sample").await.expect(200)["items"].as_array().unwrap().is_empty());
        let foreign = field.house.account("tang", &[("SH", "430703002")]).await;
        field.house.post(&foreign, "/visit-reviews", review("ok")).await.expect(404);
        field.house.post(&field.worker, "/visit-reviews", review("ok")).await.expect(403);
        field.house.get(&foreign, "/visit-reviews/sample?place=430703001").await.expect(404);
        let why = field.house.post(&field.head, "/visit-reviews", review("ask")).await.expect(422);
        assert_eq!(why["fields"][0]["field"], "comment");
        field.house.get(&field.head, "/visit-reviews/sample?n=0").await.expect(422);
    }

    async fn a_sample_is_drawn_by_index(engine) {
        if engine == ground::Engine::Postgres {
            return;
        }
        let w = crate::world::World::new(engine).await;
        let scope: access::Scope<people::reviews::Review> = crate::figures::scope(&w, &w.supervisor).await;
        let on = kernel::day::parse("2026-11-20").unwrap();
        for code in ["430703", "430703001"] {
            let place = scope.resolve("place", code).await.unwrap().place();
            for statement in people::reviews::store::of_day(&scope, &place, on).statements() {
                let plan = w.house.plan(statement).await;
                assert!(plan.contains("INDEX visit_") && !plan.contains("TEMP B-TREE") && !plan.contains("SCAN"), "{plan}");
            }
            for statement in people::reviews::store::of_place(&scope, &place, None, None, 21).statements() {
                let plan = w.house.plan(statement).await;
                assert!(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN"), "{plan}");
            }
        }
    }
}
