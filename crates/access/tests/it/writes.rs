//! The writer: one commit for many, failures alone, nothing half done.

use access::{on_both, testing::TestHouse};
use ground::Engine;
use kernel::Problem;
use sea_orm::ConnectionTrait as _;

on_both! {
    async fn a_failed_write_leaves_nothing_and_does_not_touch_its_neighbours(engine) {
        let house = TestHouse::new(engine, access::routes()).await;
        let db = house.test.floor.db.clone();
        let mut writes = Vec::new();
        for n in 0..200 {
            let db = db.clone();
            writes.push(tokio::spawn(async move {
                db.write(move |tx| {
                    Box::pin(async move {
                        tx.conn().execute_unprepared(&format!("INSERT INTO setting (name, value) VALUES ('k{n}', 'v')")).await?;
                        if n % 3 == 0 { Err(Problem::NotFound) } else { Ok(n) }
                    })
                })
                .await
            }));
        }
        let mut kept = 0;
        for (n, write) in writes.into_iter().enumerate() {
            match write.await.unwrap() {
                Ok(got) => {
                    assert_eq!(got, n);
                    kept += 1;
                }
                Err(problem) => assert_eq!(problem, Problem::NotFound),
            }
        }
        assert_eq!(house.number("select count(*) from setting").await, kept);
    }

    async fn a_panic_in_one_write_is_a_problem_of_that_write_only(engine) {
        let house = TestHouse::new(engine, access::routes()).await;
        let db = house.test.floor.db.clone();
        let bad = db.write::<(), _>(|_| Box::pin(async { panic!("on purpose") })).await;
        assert!(matches!(bad, Err(Problem::Internal(_))));
        let good = db
            .write(|tx| Box::pin(async move {
                tx.conn().execute_unprepared("INSERT INTO setting (name, value) VALUES ('a', 'b')").await?;
                Ok(())
            }))
            .await;
        assert_eq!(good, Ok(()));
    }
}

#[tokio::test]
async fn the_schema_is_complete_on_a_fresh_database() {
    let house = TestHouse::new(Engine::Sqlite, access::routes()).await;
    assert!(house.number("select count(*) from sqlite_master where type = 'table'").await > 20);
}
