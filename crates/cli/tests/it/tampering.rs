//! `sheqiao check` finds tampering with audit and counters straight in the database file.

use ground::{Db, chance::Seeded};
use sea_orm::{ConnectionTrait as _, Statement};

use crate::program::run;

async fn execute(db: &Db, text: &str) {
    db.raw_writer().execute_unprepared(text).await.unwrap();
}

async fn number(db: &Db, text: &str) -> i64 {
    let conn = db.raw_writer();
    let row = conn.query_one_raw(Statement::from_string(conn.get_database_backend(), text)).await.unwrap();
    row.unwrap().try_get_by_index::<i64>(0).unwrap()
}

/// Edits, deletions and insertions of counter rows, rows without record and records without row: each is found by the program.
#[tokio::test(flavor = "multi_thread")]
async fn tampered_counters_and_rows_are_found_by_the_program() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    let (ok, text) = run(&["demo", "dingcheng", "--data", data, "--clients", "300"], "");
    assert!(ok, "{text}");
    let path = dir.path().join("db/sheqiao.sqlite");
    let dice = Seeded::new(12);
    for round in 0..12 {
        let db = Db::open_sqlite(&path, 1).await.unwrap();
        let rows = number(&db, "select count(*) from served_counter").await;
        let nth = dice.below(u64::try_from(rows).unwrap());
        let one = format!(
            "(place_id, last_served_on, in_ledger) = (SELECT place_id, last_served_on, in_ledger FROM served_counter LIMIT 1 OFFSET {nth})"
        );
        let (harm, mend) = match round % 6 {
            0 => (format!("UPDATE served_counter SET n = n + 1 WHERE {one}"), format!("UPDATE served_counter SET n = n - 1 WHERE {one}")),
            1 => (
                "INSERT INTO served_counter VALUES (999999, '2026-01-01', 1, 3)".to_owned(),
                "DELETE FROM served_counter WHERE place_id = 999999".to_owned(),
            ),
            2 => (
                "UPDATE client_counter SET n = n + 7 WHERE category = '*' AND grade = '*'".to_owned(),
                "UPDATE client_counter SET n = n - 7 WHERE category = '*' AND grade = '*'".to_owned(),
            ),
            3 => ("UPDATE station SET audit_no = audit_no + 100000".to_owned(), "UPDATE station SET audit_no = audit_no - 100000".to_owned()),
            4 => (
                "INSERT INTO client_counter VALUES (999999, '*', '*', 3)".to_owned(),
                "DELETE FROM client_counter WHERE place_id = 999999".to_owned(),
            ),
            _ => (
                "UPDATE person SET audit_no = 900000 WHERE id = (SELECT min(id) FROM person)".to_owned(),
                "UPDATE person SET audit_no = (SELECT max(audit_no) FROM person WHERE audit_no < 900000) WHERE audit_no = 900000".to_owned(),
            ),
        };
        execute(&db, &harm).await;
        db.close().await;
        let (clean, text) = run(&["check", "--data", data], "");
        assert!(!clean, "round {round} was not found: {harm}\n{text}");
        let db = Db::open_sqlite(&path, 1).await.unwrap();
        execute(&db, &mend).await;
        db.close().await;
        let (clean, text) = run(&["check", "--data", data], "");
        assert!(clean, "round {round} was not mended: {text}");
    }
}
