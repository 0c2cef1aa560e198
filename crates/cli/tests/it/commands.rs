//! Commands that other programs call.

use serde_json::json;

use crate::program::{call, run, serve};

#[test]
fn the_first_admins_are_three_people_and_the_second_of_a_role_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    let add = |role: &str, name: &str| {
        run(
            &["user", "add", "--data", data, "--role", role, "--username", name, "--password-stdin"],
            "long enough password\n",
        )
    };
    assert!(add("SA", "anna").0);
    let (ok, text) = add("SEC", "anna");
    assert!(!ok && text.contains("taken"), "{text}");
    assert!(add("SEC", "bella").0);
    assert!(add("AU", "carl").0);
    let (ok, text) = add("SA", "dora");
    assert!(!ok && text.contains("already"), "{text}");
    let (ok, text) = add("SW", "emil");
    assert!(!ok && text.contains("SA, SEC or AU"), "{text}");
    let (ok, text) = run(&["check", "--data", data], "");
    assert!(ok && text.contains("Clean"), "{text}");
}

#[test]
fn a_server_refuses_to_listen_beyond_loopback_without_tls() {
    let dir = tempfile::tempdir().unwrap();
    let (ok, text) = run(&["serve", "--data", dir.path().to_str().unwrap(), "--listen", "0.0.0.0:0"], "");
    assert!(!ok && text.contains("TLS is required"), "{text}");
}

#[test]
fn the_demo_world_is_clean_and_every_login_of_its_file_signs_in() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    let (ok, text) = run(&["demo", "dingcheng", "--data", data, "--clients", "600"], "");
    assert!(ok, "{text}");
    let (ok, text) = run(&["check", "--data", data], "");
    assert!(ok && text.contains("Clean"), "{text}");
    let logins: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(dir.path().join("demo-logins.json")).unwrap()).unwrap();
    let server = serve(dir.path());
    let mut roles = std::collections::BTreeSet::new();
    for login in logins.as_array().unwrap() {
        let role = login["role"].as_str().unwrap();
        if !roles.insert(role.to_owned()) {
            continue;
        }
        let body = json!({"username": login["username"], "password": login["password"], "bearer": true});
        let (status, answer) = call(server.address, "POST", "/api/v1/session", None, Some(&body)).unwrap();
        assert_eq!(status, 200, "{answer}");
        assert!(answer["roles"].as_array().unwrap().contains(&json!(role)));
        let token = answer["token"].as_str().unwrap();
        let (status, me) = call(server.address, "GET", "/api/v1/session", Some(token), None).unwrap();
        assert_eq!((status, &me["account"]["username"]), (200, &login["username"]));
    }
    for role in ["SA", "SEC", "AU", "PA", "CA", "TR", "SH", "TW", "SW", "SV"] {
        assert!(roles.contains(role), "no demo login for {role}");
    }
    let (ok, text) = run(&["demo", "dingcheng", "--data", data], "");
    assert!(!ok && text.contains("already"), "{text}");
    let (ok, text) =
        run(&["serve", "--data", data, "--listen", "0.0.0.0:0", "--tls-cert", "a.pem", "--tls-key", "b.pem"], "");
    assert!(!ok && text.contains("demo accounts"), "{text}");
}

#[test]
fn jiulongpo_is_the_same_world_each_time_and_clean() {
    let load = || {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().to_str().unwrap();
        let (ok, text) = run(&["demo", "jiulongpo", "--data", data, "--clients", "500"], "");
        assert!(ok, "{text}");
        let (ok, text) = run(&["check", "--data", data], "");
        assert!(ok && text.contains("Clean"), "{text}");
        dir
    };
    let figures = |dir: &std::path::Path| {
        let server = serve(dir);
        let logins: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(dir.join("demo-logins.json")).unwrap()).unwrap();
        let login = logins.as_array().unwrap().iter().find(|l| l["username"] == "county").unwrap();
        let body = json!({"username": "county", "password": login["password"], "bearer": true});
        let (_, answer) = call(server.address, "POST", "/api/v1/session", None, Some(&body)).unwrap();
        let token = answer["token"].as_str().unwrap().to_owned();
        let total = |kind: &str| {
            let path = format!("/api/v1/coverage?kind={kind}&place=500107");
            let (status, answer) = call(server.address, "GET", &path, Some(&token), None).unwrap();
            assert_eq!(status, 200, "{answer}");
            answer["total"].clone()
        };
        ["station", "point", "staffing", "service", "ledger"].map(total)
    };
    let (one, two) = (load(), load());
    let seen = figures(one.path());
    assert_eq!(seen, figures(two.path()));
    assert_eq!((&seen[0]["numerator"], &seen[0]["denominator"]), (&json!(19), &json!(19)));
    assert_eq!(seen[2]["denominator"], json!(757), "the posts of the newspaper page");
    assert!(seen[3]["denominator"].as_i64().unwrap() > 100, "{}", seen[3]);
}
