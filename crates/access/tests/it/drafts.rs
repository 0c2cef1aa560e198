//! Drafts and settings of an account.

use access::testing::{Caller, TestHouse};
use axum::http::Method;
use serde_json::{Value, json};

async fn house(engine: ground::Engine) -> TestHouse {
    TestHouse::new(engine, access::routes()).await
}

/// Time goes by without the sessions falling asleep.
async fn pass(house: &TestHouse, by: i64) {
    house.test.clock.advance(by);
    house.sql(&format!("UPDATE session SET seen_at = {}", house.test.floor.now())).await;
}

async fn keep(house: &TestHouse, who: &Caller, id: kernel::Id, content: Value) -> Value {
    let body = json!({"form": "person-new", "content": content});
    house.call(Some(who), Method::PUT, &format!("/drafts/{id}"), Some(body)).await.expect(200)
}

async fn newest(house: &TestHouse, who: &Caller) -> Value {
    house.get(who, "/drafts?form=person-new").await.expect(200)["items"][0].clone()
}

access::on_both! {
    async fn a_draft_is_kept_sealed_for_its_owner_until_it_expires(engine) {
        let house = house(engine).await;
        let (me, other) = (house.account("me", &[("AU", "")]).await, house.account("other", &[("AU", "")]).await);
        let id = house.id();
        assert_eq!(keep(&house, &me, id, json!({"name": "金丝雀"})).await["kept"], true);
        house.test.clock.advance(1_000);
        keep(&house, &me, id, json!({"name": "金丝雀", "phone": "13800000000"})).await;
        let found = newest(&house, &me).await;
        assert_eq!((&found["content"]["phone"], &found["base_rev"]), (&json!("13800000000"), &json!(0)));
        assert_eq!(newest(&house, &other).await, Value::Null);
        let kept = <access::row::draft::Entity as sea_orm::EntityTrait>::find().all(house.test.floor.db.read()).await;
        assert_eq!(kept.unwrap_or_default().iter().filter(|d| String::from_utf8_lossy(&d.content.0).contains("金丝雀")).count(), 0);

        // Somebody else cannot take it away, nor come in its place.
        house.call(Some(&other), Method::DELETE, &format!("/drafts/{id}"), None).await.expect(204);
        keep(&house, &other, id, json!({"name": "别人"})).await;
        assert_eq!(newest(&house, &me).await["content"]["name"], "金丝雀");
        pass(&house, 14 * 86_400_000).await;
        assert_eq!(newest(&house, &me).await, Value::Null, "expired");
        keep(&house, &me, house.id(), json!({"name": "新"})).await;
        assert_eq!(house.number("SELECT COUNT(*) FROM draft").await, 1, "what expired is really gone");
    }

    async fn a_draft_whose_form_was_sent_never_comes_back(engine) {
        let house = house(engine).await;
        let me = house.account("me", &[("AU", "")]).await;
        let id = house.id();
        keep(&house, &me, id, json!({"name": "甲"})).await;
        let hex = id.simple().to_string();
        let (id_text, body) = match engine {
            ground::Engine::Sqlite => (format!("x'{hex}'"), "x'00'"),
            ground::Engine::Postgres => (format!("'{id}'"), "'\\x00'"),
        };
        // The receipt every write with a client-made id leaves.
        house.sql(&format!("INSERT INTO write_receipt (id, permit, account_id, body, at) VALUES ({id_text}, 'x', {id_text}, {body}, 1)")).await;
        assert_eq!(newest(&house, &me).await, Value::Null);
        assert_eq!(keep(&house, &me, id, json!({"name": "晚到的自动保存"})).await["kept"], false);
        assert_eq!(house.number("SELECT COUNT(*) FROM draft").await, 0);
    }

    async fn the_oldest_drafts_make_room_and_two_forms_do_not_disturb_each_other(engine) {
        let house = house(engine).await;
        let me = house.account("me", &[("AU", "")]).await;
        let first = house.id();
        keep(&house, &me, first, json!({"name": "甲"})).await;
        house.test.clock.advance(1);
        let second = house.id();
        keep(&house, &me, second, json!({"name": "乙"})).await;
        assert_eq!(newest(&house, &me).await["content"]["name"], "乙");
        house.call(Some(&me), Method::DELETE, &format!("/drafts/{second}"), None).await.expect(204);
        assert_eq!(newest(&house, &me).await["content"]["name"], "甲");
        for n in 0..105 {
            house.test.clock.advance(1_000);
            keep(&house, &me, house.id(), json!({"name": n.to_string()})).await;
        }
        assert_eq!(house.number("SELECT COUNT(*) FROM draft").await, 100);
        let long = json!({"form": "person-new", "content": {"note": "长".repeat(80_000)}});
        house.call(Some(&me), Method::PUT, &format!("/drafts/{first}"), Some(long)).await.expect(422);
    }

    async fn settings_are_the_accounts_own(engine) {
        let house = house(engine).await;
        let (me, other) = (house.account("me", &[("AU", "")]).await, house.account("other", &[("AU", "")]).await);
        let put = async |who: &Caller, value: Value| {
            house.call(Some(who), Method::PUT, "/preferences/columns.persons", Some(json!({"value": value}))).await
        };
        let read = async |who| house.get(who, "/preferences").await.expect(200)["items"]["columns.persons"].clone();
        for value in [json!({"shown": ["name"]}), json!({"shown": ["name", "grade"], "width": {"name": 120}})] {
            put(&me, value.clone()).await.expect(204);
            assert_eq!(read(&me).await, value);
        }
        assert_eq!(read(&other).await, Value::Null);
        put(&me, json!({"x": "长".repeat(2_000)})).await.expect(422);
        put(&me, json!({})).await.expect(204);
        assert_eq!(read(&me).await, Value::Null);
    }
}
