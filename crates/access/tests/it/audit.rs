//! The audit chains find every tampering.

use access::{
    audit::{self, Detail, Entry, checkpoint},
    on_both,
    testing::TestHouse,
};
use ground::{Engine, Floor, chance::Seeded};
use kernel::{Id, Problem};
use sea_orm::{ConnectionTrait as _, Statement};

/// What the n-th record tells.
fn entry(n: i32, chains: i32, detail: &Detail) -> Entry<'_> {
    Entry {
        chain: n % chains,
        actor: Id::from_u128(7),
        action: if n % 2 == 0 { "insert" } else { "update" },
        object_kind: "person",
        object: Id::from_u128(u128::try_from(n).unwrap()),
        rev: n,
        detail,
    }
}

async fn fill(floor: &std::sync::Arc<Floor>, chains: i32, records: i32) {
    for n in 0..records {
        let on = floor.clone();
        let detail = Detail { changes: vec![], reason: Some(format!("r{n}")) };
        floor
            .db
            .write(move |tx| {
                Box::pin(async move { audit::append(&tx.steps(), &on, entry(n, chains, &detail)).await.map(|_| ()) })
            })
            .await
            .unwrap();
    }
}

async fn tamper(floor: &Floor, text: String) {
    floor
        .db
        .write(move |tx| Box::pin(async move { Ok(tx.conn().execute_unprepared(&text).await.map(|_| ())?) }))
        .await
        .unwrap();
}

async fn faults(floor: &std::sync::Arc<Floor>) -> usize {
    audit::verify(floor).await.unwrap().0.len()
}

on_both! {
    async fn an_untouched_chain_is_clean_and_numbers_are_without_gap(engine) {
        let house = TestHouse::new(engine, access::routes()).await;
        let floor = &house.test.floor;
        fill(floor, 3, 40).await;
        checkpoint::write(floor).await.unwrap();
        let (faults, count) = audit::verify(floor).await.unwrap();
        assert_eq!(faults, []);
        assert_eq!(count, 40);
    }

    async fn chains_are_whole_when_records_come_alone_and_with_writes_at_the_same_time(engine) {
        let house = TestHouse::new(engine, access::routes()).await;
        let floor = &house.test.floor;
        let mut writes = Vec::new();
        for n in 0..300 {
            let on = floor.clone();
            writes.push(tokio::spawn(async move {
                let (db, detail) = (on.db.clone(), Detail { changes: vec![], reason: Some(format!("r{n}")) });
                // A third with others in a transaction, the rest as steps, and of both some that fail after the record.
                if n % 3 == 0 {
                    db.write(move |tx| Box::pin(async move {
                        audit::append(&tx.steps(), &on, entry(n, 3, &detail)).await?;
                        if n % 5 == 0 { Err(Problem::NotFound) } else { Ok(()) }
                    })).await
                } else {
                    db.write_steps(move |steps| Box::pin(async move {
                        audit::append(steps, &on, entry(n, 3, &detail)).await?;
                        if n % 5 == 0 { Err(Problem::NotFound) } else { Ok(()) }
                    })).await
                }
            }));
            // Now and then the writer comes to rest, so that lonely steps are among them.
            if n % 50 == 49 {
                tokio::time::sleep(std::time::Duration::from_millis(30)).await;
            }
        }
        for (n, write) in writes.into_iter().enumerate() {
            assert_eq!(write.await.unwrap(), if n % 5 == 0 { Err(Problem::NotFound) } else { Ok(()) });
        }
        checkpoint::write(floor).await.unwrap();
        let (faults, count) = audit::verify(floor).await.unwrap();
        assert_eq!(faults, []);
        assert_eq!(count, 240);
    }

    async fn a_tail_cut_with_a_repaired_head_is_found_by_the_checkpoint(engine) {
        let house = TestHouse::new(engine, access::routes()).await;
        let floor = &house.test.floor;
        fill(floor, 1, 10).await;
        checkpoint::write(floor).await.unwrap();
        tamper(floor, "DELETE FROM audit WHERE chain = 0 AND seq > 7".to_owned()).await;
        tamper(floor, "UPDATE audit_head SET seq = 7, mac = (SELECT mac FROM audit WHERE chain = 0 AND seq = 7) WHERE chain = 0".to_owned()).await;
        assert!(faults(floor).await > 0);
    }
}

/// One thousand random edits, deletions, insertions, swaps and tail cuts straight in the file; every one is found.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_thousand_of_one_thousand_random_tamperings_are_found() {
    let house = TestHouse::new(Engine::Sqlite, access::routes()).await;
    let floor = &house.test.floor;
    fill(floor, 2, 60).await;
    checkpoint::write(floor).await.unwrap();
    tamper(floor, "CREATE TABLE a_copy AS SELECT * FROM audit".to_owned()).await;
    tamper(floor, "CREATE TABLE h_copy AS SELECT * FROM audit_head".to_owned()).await;
    let seed = 20_261_123;
    let chance = Seeded::new(seed);
    let columns = ["at", "action", "object_kind", "rev", "actor_id", "object_id", "detail", "mac"];
    for round in 0..1_000 {
        let chain = chance.below(2);
        let (a, b) = (1 + chance.below(30), 1 + chance.below(30));
        let what = chance.below(6);
        let one = format!("chain = {chain} AND seq = {a}");
        match what {
            0 => {
                let column = columns[usize::try_from(chance.below(8)).unwrap()];
                let new = match column {
                    "at" | "rev" => format!("{column} + 1"),
                    "action" | "object_kind" => format!("{column} || 'x'"),
                    _ => "randomblob(16)".to_owned(),
                };
                tamper(floor, format!("UPDATE audit SET {column} = {new} WHERE {one}")).await;
            }
            1 => tamper(floor, format!("DELETE FROM audit WHERE {one}")).await,
            2 => {
                tamper(floor, format!(
                    "INSERT INTO audit SELECT chain, 31, at, actor_id, action, object_kind, object_id, rev, detail, mac FROM audit WHERE {one}"
                )).await;
            }
            3 if a != b => {
                // Two records change places, each keeping the other's number.
                tamper(floor, format!("UPDATE audit SET seq = 1000 WHERE {one}")).await;
                tamper(floor, format!("UPDATE audit SET seq = {a} WHERE chain = {chain} AND seq = {b}")).await;
                tamper(floor, format!("UPDATE audit SET seq = {b} WHERE chain = {chain} AND seq = 1000")).await;
            }
            4 => {
                let keep = a - 1;
                tamper(floor, format!("DELETE FROM audit WHERE chain = {chain} AND seq > {keep}")).await;
                tamper(floor, format!(
                    "UPDATE audit_head SET seq = {keep}, mac = coalesce((SELECT mac FROM audit WHERE chain = {chain} AND seq = {keep}), x'') WHERE chain = {chain}"
                )).await;
            }
            _ => tamper(floor, format!("UPDATE audit_head SET mac = randomblob(32) WHERE chain = {chain}")).await,
        }
        assert!(
            faults(floor).await > 0,
            "seed {seed} round {round}: tampering {what} at {chain}/{a}/{b} was not found"
        );
        tamper(floor, "DELETE FROM audit".to_owned()).await;
        tamper(floor, "INSERT INTO audit SELECT * FROM a_copy".to_owned()).await;
        tamper(floor, "DELETE FROM audit_head".to_owned()).await;
        tamper(floor, "INSERT INTO audit_head SELECT * FROM h_copy".to_owned()).await;
    }
    assert_eq!(faults(floor).await, 0, "restoring the chain must make it clean again");
    let db = floor.db.read();
    let left = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), "select count(*) from audit"))
        .await
        .unwrap();
    assert_eq!(left.unwrap().try_get_by_index::<i64>(0).unwrap(), 60);
}
