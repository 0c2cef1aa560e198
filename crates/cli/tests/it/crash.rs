//! Killing the server at every awkward moment: no acknowledged write is lost, no change is without its audit record.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use ground::{Db, chance::Seeded};
use sea_orm::ConnectionTrait as _;
use serde_json::json;

use crate::program::{call, id, run, serve, serve_until};

const CYCLES: u64 = 50;
const PASSWORD: &str = "long enough password";

fn sign_in(address: std::net::SocketAddr) -> Option<String> {
    let body = json!({"username": "anna", "password": PASSWORD, "bearer": true});
    let (_, answer) = call(address, "POST", "/api/v1/session", None, Some(&body))?;
    answer["token"].as_str().map(str::to_owned)
}

/// Writes from four threads until the server is gone; gives the ids it acknowledged.
fn write_until_death(address: std::net::SocketAddr, token: &str, seed: u64) -> Vec<String> {
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let acknowledged = acknowledged.clone();
            scope.spawn(move || {
                let chance = Seeded::new(seed * 10 + thread);
                for n in 0..400 {
                    let id = id(&chance);
                    let body = json!({"id": id, "kind": "station", "name": format!("单位 {n}"), "place": "430703"});
                    match call(address, "POST", "/api/v1/organisations", Some(token), Some(&body)) {
                        Some((201, _)) => acknowledged.lock().unwrap().push(id),
                        Some((429, _)) => std::thread::sleep(Duration::from_millis(50)),
                        Some((status, answer)) => panic!("{status} {answer}"),
                        None => return,
                    }
                }
            });
        }
    });
    Arc::try_unwrap(acknowledged).unwrap().into_inner().unwrap()
}

fn prepare(data: &Path, database: Option<&str>) {
    let text = data.to_str().unwrap();
    std::fs::create_dir_all(data).unwrap();
    let database = database.map(|url| format!("database_url = \"{url}\"\n")).unwrap_or_default();
    std::fs::write(data.join("sheqiao.toml"), format!("requests_per_minute = 1000000\n{database}")).unwrap();
    let (ok, out) =
        run(&["user", "add", "--data", text, "--role", "SA", "--username", "anna", "--password-stdin"], PASSWORD);
    assert!(ok, "{out}");
    // The divisions are loaded here, so that the first start is as quick as the others.
    let (ok, out) = run(&["migrate", "--data", text], "");
    assert!(ok, "{out}");
}

#[test]
fn fifty_kills_lose_no_acknowledged_write_and_leave_no_change_without_record_on_sqlite() {
    fifty_kills(None, &["in_savepoint", "between_savepoints", "before_commit", "after_commit", "after_audit"]);
}

/// The database server lives on; the program is killed between statements and around COMMIT.
#[test]
fn fifty_kills_lose_no_acknowledged_write_and_leave_no_change_without_record_on_postgres() {
    let url = database("crash");
    fifty_kills(Some(&url), &["in_transaction", "after_audit", "before_commit", "after_commit", "after_audit"]);
}

/// A fresh database on the server of the tests.
pub fn database(prefix: &str) -> String {
    let base =
        std::env::var("SHEQIAO_TEST_POSTGRES").expect("SHEQIAO_TEST_POSTGRES is not set: run through `make test`");
    let name = format!("{prefix}_{}", std::process::id());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let admin = Db::open_postgres(&format!("{base}/postgres"), 2).await.unwrap();
        let text = format!("CREATE DATABASE {name} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' ENCODING 'UTF8'");
        admin.raw_writer().execute_unprepared(&text).await.unwrap();
        admin.close().await;
    });
    format!("{base}/{name}")
}

fn fifty_kills(database: Option<&str>, points: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    prepare(dir.path(), database);
    let dice = Seeded::new(50);
    let mut all: Vec<String> = Vec::new();
    for cycle in 0..CYCLES {
        let at = 3 + dice.below(60);
        let plan = usize::try_from(cycle % 6).unwrap();
        let crash = points.get(plan).map(|p| format!("{p}:{at}"));
        // Jobs of the start write too, so the plan may strike before the first answer.
        let Some(mut server) = serve_until(dir.path(), crash.as_deref()) else { continue };
        let Some(token) = sign_in(server.address) else {
            // The plan may strike while signing in.
            continue;
        };
        if crash.is_none() {
            // A kill from outside at a random moment.
            let (pid, wait) = (server.child.id(), 5 + dice.below(200));
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(wait));
                let _ = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status();
            });
        }
        all.extend(write_until_death(server.address, &token, cycle + 1));
        let _ = server.child.kill();
        let _ = server.child.wait();
    }
    assert!(all.len() > 200, "only {} writes were acknowledged: the test tells nothing", all.len());
    let (clean, text) = run(&["check", "--data", dir.path().to_str().unwrap()], "");
    assert!(clean, "after {CYCLES} kills: {text}");
    let server = serve(dir.path());
    let token = sign_in(server.address).unwrap();
    let mut kept = std::collections::BTreeSet::new();
    // The list of one place is short, so the ids are asked for through repeats: a repeat of a kept write answers 200.
    for (n, chunk) in all.chunks(1).enumerate() {
        let body = json!({"id": chunk[0], "kind": "station", "name": "另一个", "place": "430703"});
        let (status, _) = call(server.address, "POST", "/api/v1/organisations", Some(&token), Some(&body)).unwrap();
        assert_eq!(status, 409, "write {n} was acknowledged and is gone");
        kept.insert(chunk[0].clone());
    }
    assert_eq!(kept.len(), all.len());
}
