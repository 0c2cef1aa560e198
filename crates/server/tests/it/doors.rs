//! The doors: every operation is tried as stranger, as an account without power and as every role; permits in code and in
//! `data/roles.toml` are the same; the matrix in `docs/authorisation-matrix.csv` is what the code does.

use std::collections::BTreeSet;

use access::{on_both, roles::Roles};
use axum::http::Method;
use serde_json::json;

use crate::world::{document, filled, house, operations};

const OPEN: &str = include_str!("../open_doors.txt");
const MATRIX: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/authorisation-matrix.csv");

fn open_doors() -> BTreeSet<&'static str> {
    OPEN.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).collect()
}

fn matrix() -> String {
    let roles: Vec<_> = Roles::embedded().all().collect();
    let mut text =
        format!("method,path,permit,{}\n", roles.iter().map(|r| r.code.as_str()).collect::<Vec<_>>().join(","));
    for op in operations(&document()) {
        let cells: Vec<String> = roles
            .iter()
            .map(|r| match op.permits.iter().find_map(|p| r.permits.get(p)) {
                Some(a) => format!("{:?}{}", a.rule, if a.masked { "+masked" } else { "" }).to_lowercase(),
                None if op.permits.is_empty() => "open".to_owned(),
                None => "-".to_owned(),
            })
            .collect();
        text.push_str(&format!("{},{},{},{}\n", op.method, op.path, op.permits.join(" or "), cells.join(",")));
    }
    text
}

#[test]
fn the_matrix_in_the_papers_is_what_the_code_does() {
    let now = matrix();
    if std::env::var_os("UPDATE_MATRIX").is_some() {
        std::fs::write(MATRIX, &now).unwrap();
    }
    let kept = std::fs::read_to_string(MATRIX).unwrap_or_default();
    assert!(
        kept == now,
        "docs/authorisation-matrix.csv is out of date: review the change and run the test with UPDATE_MATRIX=1"
    );
}

#[test]
fn every_operation_names_a_permit_or_stands_in_the_list_of_open_doors() {
    let open: BTreeSet<String> = operations(&document())
        .into_iter()
        .filter(|o| o.permits.is_empty())
        .map(|o| format!("{} {}", o.method, o.path))
        .collect();
    let listed: BTreeSet<String> = open_doors().into_iter().map(str::to_owned).collect();
    assert_eq!(open, listed, "open_doors.txt may only shrink");
}

#[test]
fn permits_in_code_and_in_the_roles_file_are_the_same() {
    let in_code: BTreeSet<&str> = server::permits().map(|(code, _, _)| code).collect();
    let in_roles: BTreeSet<&str> = Roles::embedded().all().flat_map(|r| r.permits.keys().map(String::as_str)).collect();
    let by_operations: BTreeSet<String> = operations(&document()).into_iter().flat_map(|o| o.permits).collect();
    assert_eq!(in_code, in_roles, "left: code, right: data/roles.toml");
    for permit in by_operations {
        assert!(in_code.contains(permit.as_str()), "an operation names {permit}, which no room declares");
    }
}

on_both! {
    async fn every_door_is_closed_to_strangers_and_to_accounts_without_power(engine) {
        let house = house(engine).await;
        let nobody = house.account("nobody", &[]).await;
        let open = open_doors();
        for op in operations(&document()) {
            if open.contains(format!("{} {}", op.method, op.path).as_str()) {
                continue;
            }
            let path = filled(&op.path, &house.id().to_string());
            let method = Method::from_bytes(op.method.as_bytes()).unwrap();
            let body = op.body.as_ref().map(|_| json!({}));
            let answer = house.call(None, method.clone(), &path, body.clone()).await;
            assert_eq!(answer.status.as_u16(), 401, "{} {path} as stranger: {}", op.method, answer.text);
            let answer = house.call(Some(&nobody), method, &path, body).await;
            assert_eq!(answer.status.as_u16(), 403, "{} {path} without power: {}", op.method, answer.text);
        }
    }

    async fn every_cell_of_the_matrix_holds(engine) {
        let house = house(engine).await;
        for role in Roles::embedded().all() {
            let whole = role.permits.values().all(|p| p.rule == access::roles::Rule::All);
            let place = if whole { "" } else { "430703" };
            let who = house.account(&format!("role.{}", role.code.to_lowercase()), &[(role.code.as_str(), place)]).await;
            for op in operations(&document()) {
                if op.permits.is_empty() {
                    continue;
                }
                // Signing out would end the session this walk needs.
                if op.path == "/session" && op.method == "DELETE" {
                    continue;
                }
                let path = filled(&op.path, &house.id().to_string());
                let method = Method::from_bytes(op.method.as_bytes()).unwrap();
                let answer = house.call(Some(&who), method, &path, op.body.as_ref().map(|_| json!({}))).await;
                let status = answer.status.as_u16();
                let allowed = op.permits.iter().any(|p| role.permits.contains_key(p));
                assert_eq!(status != 403, allowed, "{} {} {path}: {status} {}", role.code, op.method, answer.text);
                assert!(status != 401 && status < 500, "{} {} {path}: {status} {}", role.code, op.method, answer.text);
            }
        }
    }
}
