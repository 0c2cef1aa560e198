//! Policies that an installation adds in the folder `policies` of its data folder.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::program::{call, run, serve};

/// A card of Dingcheng (430703) for everybody, so that whoever is asked about fits.
const CARD: &str = r#"
id = "dingcheng_winter"
number = "D01"
title = "鼎城区冬季慰问"
title_en = "Winter visit"
place = "430703"
stage = "special"
route = "户籍地乡镇人民政府"
route_en = "Township of the hukou"

[[version]]
from = 2026-01-01
source = "示例文件 第一条"

[version.when]
all = [
  { any = [
    { is = "p.age >= 0", text = "任何年龄", text_en = "Of any age", source = "示例文件 第一条" },
    { is = "p.age < 0", text = "（不会出现）", text_en = "(never)", source = "示例文件 第一条" },
  ], text = "本区居民", text_en = "Resident", source = "示例文件 第一条" },
]

[version.amount]
is = "20000"
unit = "分"
text = "每人200元"
text_en = "200 yuan each"
source = "示例文件 第二条"
"#;

fn put(data: &Path, text: &str) {
    put_as(data, "winter", text);
}

fn put_as(data: &Path, name: &str, text: &str) {
    fs::create_dir_all(data.join("policies")).unwrap();
    fs::write(data.join(format!("policies/{name}.toml")), text).unwrap();
}

fn ids(items: &Value) -> Vec<&str> {
    items["items"].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap()).collect()
}

#[test]
fn a_faulty_policy_is_told_with_file_and_line_and_nothing_starts() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &CARD.replace("p.age >= 0", "p.agee >= 0"));
    let folder = dir.path().join("policies");
    let (ok, text) = run(&["policies", "check", folder.to_str().unwrap(), "--on", "2026-11-26"], "");
    assert!(!ok && text.contains("winter.toml:18") && text.contains("p.agee") && text.contains("没有"), "{text}");
    let (ok, text) = run(&["serve", "--data", dir.path().to_str().unwrap(), "--listen", "127.0.0.1:0"], "");
    assert!(!ok && text.contains("winter.toml:18") && text.contains("p.agee"), "{text}");
    put(dir.path(), CARD);
    let (ok, text) = run(&["policies", "check", folder.to_str().unwrap(), "--on", "2026-11-26"], "");
    assert!(ok && text.contains("共 37 个"), "{text}");
}

#[test]
fn a_policy_of_a_county_is_matched_read_and_applied_for_there_and_nowhere_else() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    let (ok, text) = run(&["demo", "dingcheng", "--data", data, "--clients", "600"], "");
    assert!(ok, "{text}");
    put(dir.path(), CARD);
    let other = CARD.replace("dingcheng_winter", "wuling_winter").replace("430703", "430702").replace("D01", "W01");
    put_as(dir.path(), "wuling", &other);
    let server = serve(dir.path());
    let get = |path: &str, token: Option<&str>| {
        let (status, answer) = call(server.address, "GET", &format!("/api/v1{path}"), token, None).unwrap();
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    };
    // Anybody reads it at its place, in its own words where nobody wrote plainer ones.
    let here = get("/library?place=430703", None);
    let own = here["items"].as_array().unwrap().iter().find(|p| p["id"] == "dingcheng_winter").unwrap();
    assert_eq!((&own["what"], &own["who"]), (&json!("每人200元"), &json!("本区居民")));
    assert!(!ids(&get("/library?place=430702", None)).contains(&"dingcheng_winter"));
    assert!(!ids(&get("/library", None)).contains(&"dingcheng_winter"));

    let logins: Value =
        serde_json::from_str(&fs::read_to_string(dir.path().join("demo-logins.json")).unwrap()).unwrap();
    let workers = logins.as_array().unwrap().iter().filter(|l| l["role"] == "SW");
    let somebody = |token: &str| {
        let people = get("/persons?limit=50", Some(token));
        let adult = |p: &&Value| p["age"].as_i64().is_some_and(|age| age > 20) && p["died_on"].is_null();
        people["items"].as_array().unwrap().iter().find(adult).map(|p| p["id"].as_str().unwrap().to_owned())
    };
    let found = workers.into_iter().find_map(|worker| {
        let body = json!({"username": worker["username"], "password": worker["password"], "bearer": true});
        let (_, session) = call(server.address, "POST", "/api/v1/session", None, Some(&body)).unwrap();
        let token = session["token"].as_str().unwrap().to_owned();
        somebody(&token).map(|person| (token, person))
    });
    let (token, person) = found.expect("a worker with an adult");
    let token = Some(token.as_str());
    assert!(ids(&get("/policies", token)).contains(&"dingcheng_winter"));
    let said = get(&format!("/persons/{person}/entitlements"), token);
    let answer = said["items"].as_array().unwrap().iter().find(|a| a["policy"]["id"] == "dingcheng_winter").unwrap();
    assert_eq!((&answer["status"], &answer["amount"]), (&json!("eligible"), &json!(20_000)), "{answer}");
    assert_eq!(answer["example"], json!(false), "no invented standard is behind it");
    let why = get(&format!("/persons/{person}/entitlements/dingcheng_winter"), token);
    assert_eq!(why["reasons"][0]["source"], json!(""));
    assert_eq!(why["version_source"], json!("示例文件 第一条"));

    let new = json!({"id": "01937000-0000-7000-8000-000000000001", "person_id": person, "policy": "dingcheng_winter"});
    let (status, begun) = call(server.address, "POST", "/api/v1/applications", token, Some(&new)).unwrap();
    assert_eq!(status, 201, "{begun}");
    let (status, page) =
        call(server.address, "GET", "/api/v1/applications/01937000-0000-7000-8000-000000000001", token, None).unwrap();
    assert_eq!((status, &page["policy"]["id"]), (200, &json!("dingcheng_winter")), "{page}");
    // The neighbours' policy is not to be had here, whoever asks.
    let new = json!({"id": "01937000-0000-7000-8000-000000000002", "person_id": person, "policy": "wuling_winter"});
    let (status, refused) = call(server.address, "POST", "/api/v1/applications", token, Some(&new)).unwrap();
    assert_eq!((status, &refused["rule"]), (409, &json!("application.other_place")), "{refused}");

    // The file is taken away: what names it is still listed, and says what is the matter.
    drop(server);
    fs::remove_file(dir.path().join("policies/winter.toml")).unwrap();
    let server = serve(dir.path());
    let ask = |path: &str| call(server.address, "GET", &format!("/api/v1{path}"), token, None).unwrap();
    let (status, list) = ask("/applications");
    let row = list["items"].as_array().unwrap().iter().find(|a| a["policy"]["id"] == "dingcheng_winter");
    assert_eq!(status, 200, "{list}");
    assert!(row.unwrap()["policy"]["title"].as_str().unwrap().contains("政策文件已移除"), "{list}");
    let (status, page) = ask("/applications/01937000-0000-7000-8000-000000000001");
    assert_eq!((status, &page["rule"]), (409, &json!("application.policy_lost")), "{page}");
    assert_eq!(ask(&format!("/persons/{person}/entitlements")).0, 200);
}
