//! Signing in and out, guesses, origins, idle time.

use access::{
    House, Scope,
    accounts::{ChangeAccounts, actions},
    on_both,
    testing::TestHouse,
};
use axum::http::Method;
use ground::Engine;
use kernel::Secret;
use serde_json::json;

const PASSWORD: &str = "correct horse battery";

async fn house(engine: Engine) -> TestHouse {
    let house = TestHouse::new(engine, access::routes()).await;
    person(&house.house, "li.qing").await;
    house
}

async fn person(house: &House, name: &str) {
    let scope = Scope::<ChangeAccounts>::on_behalf_of(house, "test").await.unwrap();
    let new = actions::NewAccount {
        id: scope.new_id(),
        username: name.to_owned(),
        display_name: name.to_owned(),
        password: Secret::new(PASSWORD),
        is_demo: false,
    };
    let _ = actions::create(&scope, new, vec![], b"x").await.unwrap();
}

fn sign_in(name: &str, password: &str) -> serde_json::Value {
    json!({"username": name, "password": password, "bearer": true})
}

on_both! {
    async fn the_right_password_opens_a_session_and_signing_out_ends_it(engine) {
        let house = house(engine).await;
        let answer = house.call(None, Method::POST, "/session", Some(sign_in("Li.Qing", PASSWORD))).await.expect(200);
        let token = answer["token"].as_str().unwrap().to_owned();
        assert_eq!(token.len(), 64, "256 random bits");
        assert_eq!(answer["account"]["must_change_password"], true);
        let me = access::testing::Caller { id: kernel::Id::nil(), token };
        // Without a grant the account holds no permit at all, not even to read itself.
        house.get(&me, "/session").await.expect(403);
        house.get(&me, "/codes").await.expect(403);
    }

    async fn a_wrong_name_and_a_wrong_password_get_the_same_answer(engine) {
        let house = house(engine).await;
        let a = house.call(None, Method::POST, "/session", Some(sign_in("li.qing", "wrong password"))).await;
        let b = house.call(None, Method::POST, "/session", Some(sign_in("nobody", "wrong password"))).await;
        assert_eq!(a.status, b.status);
        assert_eq!(a.text, b.text);
        assert_eq!(a.status.as_u16(), 422);
    }

    async fn a_guess_too_many_waits_and_the_next_window_is_open_again(engine) {
        let house = house(engine).await;
        let most = kernel::params::Params::national().whole("login.max_failures", &["national"], house.test.floor.today()).unwrap();
        for _ in 0..most {
            house.call(None, Method::POST, "/session", Some(sign_in("li.qing", "wrong password"))).await.expect(422);
        }
        house.call(None, Method::POST, "/session", Some(sign_in("li.qing", PASSWORD))).await.expect(429);
        house.test.clock.advance(3_600_001);
        house.call(None, Method::POST, "/session", Some(sign_in("li.qing", PASSWORD))).await.expect(200);
    }

    async fn an_idle_session_ends_after_half_an_hour_and_polling_does_not_keep_it(engine) {
        let house = house(engine).await;
        let me = house.account("sa", &[("SA", "")]).await;
        house.get(&me, "/session").await.expect(200);
        house.test.clock.advance(29 * 60_000);
        house.get(&me, "/session").await.expect(200);
        house.test.clock.advance(31 * 60_000);
        house.get(&me, "/session").await.expect(401);
    }

    async fn nobody_gets_in_without_a_session(engine) {
        let house = house(engine).await;
        let stranger = access::testing::Caller { id: kernel::Id::nil(), token: "0".repeat(64) };
        house.get(&stranger, "/accounts").await.expect(401);
        house.call(None, Method::GET, "/accounts", None).await.expect(401);
    }

    async fn bad_input_is_named_in_chinese_with_what_to_do(engine) {
        let house = house(engine).await;
        for (body, field) in [
            (json!({"password": "x"}), "username"),
            (json!({"username": null, "password": "x"}), "username"),
            (json!({"username": 7, "password": "x"}), "username"),
            (json!({"username": "x".repeat(41), "password": "x"}), "username"),
            (json!({"username": "a\u{0}b", "password": "x"}), "username"),
            (json!({"username": "x", "password": "x", "admin": true}), "admin"),
        ] {
            let answer = house.call(None, Method::POST, "/session", Some(body.clone())).await.expect(422);
            assert_eq!(answer["fields"][0]["field"], field, "{body}");
            let message = answer["fields"][0]["message"].as_str().unwrap();
            assert!(message.contains('请'), "{message}");
        }
    }
}
