//! The writer: one commit for many, failures alone, nothing half done.

use access::{Scope, Writing, history::ReadHistory, on_both, testing::TestHouse};
use futures::future::BoxFuture;
use ground::Engine;
use kernel::{Outcome, Problem};
use sea_orm::{ConnectionTrait as _, Statement};

/// Adds to one value and a moment later to another.
fn cross<'a>(
    tx: &'a Writing<'a, ReadHistory>,
    first: &'static str,
    second: &'static str,
) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let more = "UPDATE setting SET value = value || 'x' WHERE name = $1";
        tx.execute(more, vec![first.into()]).await?;
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        tx.execute(more, vec![second.into()]).await.map(|_| ())
    })
}

on_both! {
    async fn a_failed_write_leaves_nothing_and_does_not_touch_its_neighbours(engine) {
        let house = TestHouse::new(engine, access::routes()).await;
        let db = house.test.floor.db.clone();
        let mut writes = Vec::new();
        for n in 0..300 {
            let db = db.clone();
            writes.push(tokio::spawn(async move {
                let text = format!("INSERT INTO setting (name, value) VALUES ('k{n}', 'v')");
                let end = move || if n % 3 == 0 { Err(Problem::NotFound) } else { Ok(n) };
                if n % 2 == 0 {
                    db.write(move |tx| Box::pin(async move {
                        tx.conn().execute_unprepared(&text).await?;
                        end()
                    })).await
                } else {
                    db.write_steps(move |steps| Box::pin(async move {
                        assert_eq!(steps.run(Statement::from_string(steps.backend(), text)).await?, 1);
                        end()
                    })).await
                }
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
        assert_eq!(kept, 200);
        assert_eq!(house.number("select count(*) from setting").await, kept);
    }

    async fn steps_that_fail_in_the_database_leave_nothing_and_the_next_ones_run(engine) {
        let house = TestHouse::new(engine, access::routes()).await;
        let db = house.test.floor.db.clone();
        let insert = |name: &str| Statement::from_string(db.read().get_database_backend(), format!("INSERT INTO setting (name, value) VALUES ('{name}', 'v')"));
        let twice = [insert("a"), insert("b"), insert("a")];
        let bad = db.write_steps(move |steps| Box::pin(async move {
            for one in twice { steps.run(one).await?; }
            Ok(())
        })).await;
        assert!(bad.is_err(), "{bad:?}");
        assert_eq!(house.number("select count(*) from setting").await, 0);
        let bad = db.write_steps::<(), _>(|_| Box::pin(async { panic!("on purpose") })).await;
        assert!(matches!(bad, Err(Problem::Internal(_))));
        // A statement that ends the transaction behind the writer's back: nothing is acknowledged.
        if engine == Engine::Sqlite {
            let (one, end) = (insert("c"), Statement::from_string(sea_orm::DbBackend::Sqlite, "ROLLBACK"));
            let lost = db.write_steps(move |steps| Box::pin(async move {
                steps.run(one).await?;
                steps.run(end).await
            })).await;
            assert!(matches!(lost, Err(Problem::Internal(_))), "{lost:?}");
        }
        let (one, count) = (insert("d"), Statement::from_string(db.read().get_database_backend(), "SELECT count(*) FROM setting"));
        let good = db.write_steps(move |steps| Box::pin(async move {
            steps.run(one).await?;
            steps.lines::<(i64,)>(count).await
        })).await;
        assert_eq!(good, Ok(vec![(1,)]));
        assert_eq!(house.number("select count(*) from setting").await, 1);
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

    async fn of_two_writes_that_wait_for_each_other_one_collided_and_succeeds_when_tried_again(engine) {
        let house = TestHouse::new(engine, access::routes()).await;
        house.sql("INSERT INTO setting (name, value) VALUES ('a', ''), ('b', '')").await;
        let scope = Scope::<ReadHistory>::on_behalf_of(&house.house, "test").await.unwrap();
        let (left, right) = tokio::join!(scope.write(|tx| cross(tx, "a", "b")), scope.write(|tx| cross(tx, "b", "a")));
        let collided = [&left, &right].into_iter().filter(|r| **r == Err(Problem::Collided)).count();
        assert_eq!(collided, usize::from(engine == Engine::Postgres), "{left:?} {right:?}");
        let (left, right) = tokio::join!(scope.write_again(|| |tx| cross(tx, "a", "b")), scope.write_again(|| |tx| cross(tx, "b", "a")));
        assert_eq!((left, right), (Ok(()), Ok(())));
        let all = if engine == Engine::Postgres { "xxx" } else { "xxxx" };
        assert_eq!(house.number(&format!("select count(*) from setting where value = '{all}'")).await, 2);
    }
}

#[tokio::test]
async fn the_schema_is_complete_on_a_fresh_database() {
    let house = TestHouse::new(Engine::Sqlite, access::routes()).await;
    assert!(house.number("select count(*) from sqlite_master where type = 'table'").await > 20);
}

/// How many pages of the write-ahead log are not in the file.
async fn behind(house: &TestHouse) -> i64 {
    let noop = Statement::from_string(sea_orm::DbBackend::Sqlite, "PRAGMA wal_checkpoint(NOOP)");
    let row = house.test.floor.db.read().query_one_raw(noop).await.unwrap().unwrap();
    row.try_get_by_index::<i64>(1).unwrap() - row.try_get_by_index::<i64>(2).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_go_back_to_the_file_in_a_moment_of_rest_and_at_once_when_they_are_many() {
    let house = TestHouse::new(Engine::Sqlite, access::routes()).await;
    let put = async |name: &str, pages: u32| {
        let text = format!("INSERT INTO setting (name, value) VALUES ('{name}', hex(zeroblob({})))", pages * 2_048);
        let db = &house.test.floor.db;
        db.write(move |tx| Box::pin(async move { Ok(tx.conn().execute_unprepared(&text).await.map(|_| ())?) }))
            .await
            .unwrap();
    };
    let gone = async |within_ms: u64| {
        let end = tokio::time::Instant::now() + std::time::Duration::from_millis(within_ms);
        while behind(&house).await > 0 && tokio::time::Instant::now() < end {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        behind(&house).await
    };
    // What the house itself wrote at its start goes back first.
    put("first", 5_000).await;
    assert_eq!(gone(5_000).await, 0, "many pages go back at once");
    put("few", 500).await;
    assert!(gone(1_000).await >= 500, "few pages may stay");
    put("more", 800).await;
    assert_eq!(gone(5_000).await, 0, "and go back together in a moment of rest");
}

#[tokio::test]
async fn what_collides_is_tried_six_times_and_anything_else_once() {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    let (tries, free_at) = (AtomicUsize::new(0), AtomicUsize::new(2));
    let work = || async {
        let n = tries.fetch_add(1, SeqCst);
        if n < free_at.load(SeqCst) { Err(Problem::Collided) } else { Ok(n) }
    };
    assert_eq!(access::again(work).await, Ok(2));
    tries.store(0, SeqCst);
    free_at.store(100, SeqCst);
    assert_eq!(access::again(work).await, Err(Problem::Collided));
    assert_eq!(tries.load(SeqCst), 6);
    tries.store(0, SeqCst);
    let refused = access::again(|| async {
        tries.fetch_add(1, SeqCst);
        Err::<(), _>(Problem::NotFound)
    });
    assert_eq!((refused.await, tries.load(SeqCst)), (Err(Problem::NotFound), 1));
}
