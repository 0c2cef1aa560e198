//! Households: three units that are never merged, one head, people come and go.

use access::on_both;
use serde_json::{Value, json};

use crate::world::{DEAN, DINGCHENG, LINJIANG, World, id};

on_both! {
    async fn a_household_has_one_head_and_a_person_one_household_of_each_kind(engine) {
        let w = World::new(engine).await;
        let mother = w.enter(&w.resident, w.body("王芳", LINJIANG)).await;
        let son = w.enter(&w.resident, w.body("王小明", LINJIANG)).await;
        let aunt = w.enter(&w.resident, w.body("王兰", DINGCHENG)).await;
        let member = |person: &Value, relation: &str| json!({"id": w.house.id(), "person_id": person["id"], "relation": relation, "from": "2026-01-01"});
        let home = |kind: &str, members: Value| json!({"id": w.house.id(), "kind": kind, "village": LINJIANG, "address": "3组", "members": members});

        for (members, field) in [
            (json!([]), "members"),
            (json!([member(&mother, "1")]), "members"),
            (json!([member(&mother, "0"), member(&son, "0")]), "members"),
            (json!([member(&mother, "0"), member(&mother, "2")]), "members[1].person_id"),
            (json!([member(&mother, "0"), member(&son, "77")]), "members[1].relation"),
        ] {
            let answer = w.house.post(&w.resident, "/households", home("hukou", members.clone())).await;
            assert_eq!(answer.status, 422, "{members}");
            assert!(answer.text.contains(&format!("\"field\":\"{field}\"")), "{field}: {}", answer.text);
        }
        let made = home("hukou", json!([member(&mother, "0"), member(&son, "2")]));
        let page = w.house.post(&w.resident, "/households", made.clone()).await.expect(201);
        assert_eq!(w.house.post(&w.resident, "/households", made).await.status, 200);
        assert_eq!((&page["head"]["name"], page["members"].as_array().unwrap().len()), (&json!("王芳"), 2));
        assert_eq!(page["address_masked"], "临江社区 ****");

        let again = w.house.post(&w.resident, "/households", home("hukou", json!([member(&son, "0")]))).await;
        assert_eq!(again.json["rule"], "household.member_elsewhere");
        w.house.post(&w.resident, "/households", home("benefit_unit", json!([member(&son, "0")]))).await.expect(201);

        let path = format!("/households/{}/members", id(&page));
        let second = w.house.post(&w.resident, &path, member(&aunt, "0")).await;
        assert_eq!(second.json["rule"], "household.one_head");
        let page = w.house.post(&w.resident, &path, member(&aunt, "7")).await.expect(201);
        let shown = w.house.get(&w.resident, &format!("/persons/{}", id(&aunt))).await.expect(200);
        assert_eq!(shown["households"][0]["members"], 3);

        // The head leaves and names who follows.
        let memberships = page["members"].as_array().unwrap();
        let of = |name: &str| memberships.iter().find(|m| m["person"]["name"] == name).unwrap();
        let end = |more: Value| {
            let mut body = json!({"rev": 1, "to": "2026-11-01", "reason": "迁出"});
            body["relations"] = more;
            body
        };
        let path = format!("/memberships/{}/end", of("王芳")["membership_id"].as_str().unwrap());
        let alone = w.house.post(&w.resident, &path, end(json!([]))).await;
        assert_eq!(alone.json["rule"], "household.head_needed");
        let relations = json!([
            {"membership_id": of("王小明")["membership_id"], "relation": "0"},
            {"membership_id": of("王兰")["membership_id"], "relation": "8"}
        ]);
        let page = w.house.post(&w.resident, &path, end(relations)).await.expect(200);
        assert_eq!(page["head"]["name"], "王小明");
        assert_eq!(w.house.post(&w.resident, &path, end(json!([]))).await.status, 409, "she has left already");

        let list = w.house.get(&w.resident, "/households?q=王兰").await.expect(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        assert_eq!(list["items"][0]["members"], 2);
        assert_eq!(w.house.get(&w.resident, "/households").await.expect(200)["items"].as_array().unwrap().len(), 2);
        w.house.get(&w.worker, &format!("/households/{}", id(&page))).await.expect(404);
        assert_eq!(w.house.get(&w.worker, "/households").await.expect(200)["items"], json!([]));
    }

    async fn a_colleagues_client_stays_unnamed_in_a_household_of_the_place(engine) {
        let w = World::new(engine).await;
        let theirs = w.enter(&w.worker, w.body("李四", DEAN)).await;
        let body = json!({"id": w.house.id(), "kind": "cohabiting", "village": DEAN, "members": [
            {"id": w.house.id(), "person_id": theirs["id"], "relation": "0", "from": "2026-01-01"}
        ]});
        let page = w.house.post(&w.worker, "/households", body).await.expect(201);
        let seen = w.house.get(&w.colleague, &format!("/households/{}", id(&page))).await;
        assert_eq!((&seen.json["head"], &seen.json["members"][0]["person"]), (&Value::Null, &Value::Null));
        assert!(!seen.text.contains("李四"));
        let mut new = w.body("李小四", DEAN);
        new["household_id"] = page["id"].clone();
        new["relation"] = "2".into();
        let child = w.enter(&w.worker, new).await;
        assert_eq!(child["households"][0]["relation"], "2");
    }
}
