//! Killing the server while the ledger is worked on (走访、移交、合并与撤销、导出、筛查): what was acknowledged is there, and the check of
//! everything finds nothing half done.

use std::{collections::BTreeMap, net::SocketAddr, path::Path, time::Duration};

use ground::{Db, Folder, chance::Seeded};
use sea_orm::Statement;
use serde_json::{Value, json};

use crate::{
    crash::database,
    program::{call, id, run, serve, serve_until},
};

const CYCLES: u64 = 18;
const POINTS: [&str; 5] = ["in_savepoint", "between_savepoints", "before_commit", "after_commit", "after_audit"];

/// One account of the demo world, signed in.
struct Desk {
    address: SocketAddr,
    token: String,
}

impl Desk {
    /// None when the server is gone.
    fn open(address: SocketAddr, data: &Path, username: &str) -> Option<Self> {
        let logins: Value = serde_json::from_slice(&std::fs::read(data.join("demo-logins.json")).unwrap()).unwrap();
        let login = logins.as_array().unwrap().iter().find(|l| l["username"] == username).unwrap();
        let body = json!({"username": username, "password": login["password"], "bearer": true});
        let (status, answer) = call(address, "POST", "/api/v1/session", None, Some(&body))?;
        assert_eq!(status, 200, "{answer}");
        Some(Self { address, token: answer["token"].as_str().unwrap().to_owned() })
    }

    fn get(&self, path: &str) -> Option<Value> {
        let (status, answer) = call(self.address, "GET", &format!("/api/v1{path}"), Some(&self.token), None)?;
        (status == 200).then_some(answer)
    }

    /// The status; none when the server is gone.
    fn post(&self, path: &str, body: &Value) -> Option<u16> {
        let (status, answer) = call(self.address, "POST", &format!("/api/v1{path}"), Some(&self.token), Some(body))?;
        assert!(status < 500 || status == 503, "{path}: {status} {answer}");
        Some(status)
    }
}

/// What was acknowledged: kind of act, and where to find it again.
type Told = Vec<(&'static str, String)>;

/// What the two offices work on.
struct Work<'a> {
    worker: &'a Desk,
    other: &'a Desk,
    dice: &'a Seeded,
    /// People of the worker, and a village of the other station.
    people: Vec<String>,
    /// Minors of the worker: to open the file of one is recorded before it is answered.
    minors: Vec<String>,
    away: String,
    other_account: String,
    day: String,
    told: Told,
}

impl Work<'_> {
    fn anybody(&self) -> String {
        self.people[usize::try_from(self.dice.below(self.people.len() as u64)).unwrap()].clone()
    }

    fn rev(&self, person: &str) -> Option<i64> {
        self.worker.get(&format!("/persons/{person}"))?["rev"].as_i64()
    }

    fn keep(&mut self, act: &'static str, path: String, status: Option<u16>) -> Option<()> {
        if status? == 201 {
            self.told.push((act, path));
        }
        Some(())
    }

    fn visit(&mut self) -> Option<()> {
        let visit = id(self.dice);
        let body = json!({"id": visit, "person_id": self.anybody(), "kind": "routine", "mode": "home", "visited_on": self.day,
            "contact_result": "met", "summary": "在家，情况平稳。", "risk_signs": [], "needs": [], "services": [], "work_field": "elder_care"});
        let status = self.worker.post("/visits", &body);
        self.keep("visit", format!("/visits/{visit}"), status)
    }

    fn merge(&mut self) -> Option<()> {
        let (survivor, absorbed, merge) = (self.anybody(), self.anybody(), id(self.dice));
        // Somebody merged or handed over has no page of this kind; another act follows.
        let (Some(one), Some(two)) = (self.rev(&survivor), self.rev(&absorbed)) else { return Some(()) };
        let body = json!({"id": merge, "survivor_id": survivor, "survivor_rev": one, "absorbed_id": absorbed, "absorbed_rev": two,
            "take": [], "reason": "同一人，登记了两次"});
        let status = self.worker.post("/merges", &body);
        self.keep("merge", format!("/merges/{merge}"), status)?;
        if status != Some(201) || self.dice.below(4) == 0 {
            return Some(());
        }
        let rev = self.worker.get(&format!("/merges/{merge}"))?["rev"].clone();
        let body = json!({"id": id(self.dice), "rev": rev, "reason": "核实后不是同一人", "give_back": []});
        let status = self.worker.post(&format!("/merges/{merge}/undo"), &body);
        self.keep("undo", format!("/persons/{absorbed}"), status)
    }

    fn hand_over(&mut self) -> Option<()> {
        let (person, handover) = (self.anybody(), id(self.dice));
        let Some(rev) = self.rev(&person) else { return Some(()) };
        let body = json!({"id": handover, "rev": rev, "village": self.away, "moved_on": self.day, "reason": "moved", "consent": "told"});
        let status = self.worker.post(&format!("/persons/{person}/handover"), &body);
        self.keep("hand over", format!("/handovers/{handover}"), status)?;
        if status != Some(201) || self.dice.below(2) == 0 {
            return Some(());
        }
        let rev = self.other.get(&format!("/handovers/{handover}"))?["rev"].clone();
        let body = json!({"id": id(self.dice), "rev": rev, "worker_id": self.other_account});
        let status = self.other.post(&format!("/handovers/{handover}/accept"), &body);
        self.keep("accept", format!("/handovers/{handover}"), status)
    }

    fn look(&mut self) -> Option<()> {
        let minor = &self.minors[usize::try_from(self.dice.below(self.minors.len() as u64)).unwrap()];
        // Merged there is nothing to open, and handed over or given to another worker the page tells nothing of the file.
        let open = |page: &Value| {
            page["id"] == minor.as_str() && page["opening"]["minor"] == true && page["opening"]["open"] == true
        };
        if self.worker.get(&format!("/persons/{minor}")).is_some_and(|page| open(&page)) {
            self.told.push(("opening", minor.clone()));
        }
        Some(())
    }

    fn export(&mut self) -> Option<()> {
        let export = id(self.dice);
        let status = self.worker.post("/exports", &json!({"id": export, "list": "persons", "query": ""}));
        self.keep("export", format!("/exports/{export}"), status)?;
        if status == Some(201) {
            self.worker.post(&format!("/exports/{export}/make"), &json!({"job": id(self.dice)}))?;
        }
        Some(())
    }

    fn screen(&mut self) -> Option<()> {
        let status = self.worker.post("/screening/runs", &json!({"id": id(self.dice)}))?;
        if status < 300 {
            self.told.push(("screening", "/today".to_owned()));
        }
        Some(())
    }

    /// Works until the server is gone, or for `acts`.
    fn go(&mut self, acts: u64) {
        for _ in 0..acts {
            let done = match self.dice.below(26) {
                0..6 => self.visit(),
                6..12 => self.merge(),
                12..17 => self.hand_over(),
                17 => self.export(),
                20..26 => self.look(),
                _ => self.screen(),
            };
            if done.is_none() && call(self.worker.address, "GET", "/healthz", None, None).is_none() {
                return;
            }
        }
    }
}

fn work(address: SocketAddr, data: &Path, dice: &Seeded) -> Option<Told> {
    let worker = Desk::open(address, data, "resident01")?;
    let other = Desk::open(address, data, "resident02")?;
    let mine = worker.get("/persons?state=active&limit=60")?;
    let theirs = other.get("/persons?state=active&limit=1")?;
    let ids = |wanted: &dyn Fn(&Value) -> bool| -> Option<Vec<String>> {
        let some = mine["items"].as_array()?.iter().filter(|p| wanted(p));
        Some(some.filter_map(|p| p["id"].as_str().map(str::to_owned)).collect())
    };
    // Some minors are only looked at, so that their files stay open to the worker.
    let mut minors = ids(&|p| p["age"].as_i64().is_some_and(|age| age < 18) && p["closed"] == false)?;
    minors.truncate(3);
    assert!(!minors.is_empty(), "a worker without minors opens no minor's file");
    let people = ids(&|p| !minors.iter().any(|minor| p["id"] == minor.as_str()))?;
    let mut work = Work {
        worker: &worker,
        other: &other,
        dice,
        people,
        minors,
        away: theirs["items"][0]["village"]["code"].as_str()?.to_owned(),
        other_account: other.get("/session")?["account"]["id"].as_str()?.to_owned(),
        day: worker.get("/today")?["date"].as_str()?.to_owned(),
        told: Told::new(),
    };
    work.go(60);
    Some(work.told)
}

/// Minors whose file was shown more often than the audit log tells.
fn unrecorded(database: Option<&str>, data: &Path, told: &Told) -> Vec<String> {
    let mut shown: BTreeMap<&str, i64> = BTreeMap::new();
    for (_, minor) in told.iter().filter(|(act, _)| *act == "opening") {
        *shown.entry(minor).or_default() += 1;
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = match database {
            Some(url) => Db::open_postgres(url, 2).await.unwrap(),
            None => Db::open_sqlite(&Folder::open(data).unwrap().database(), 1).await.unwrap(),
        };
        let mut missing = Vec::new();
        for (minor, times) in shown {
            let hex = minor.replace('-', "");
            let object = if database.is_some() { format!("'{minor}'") } else { format!("x'{hex}'") };
            let text = format!("SELECT count(*) FROM audit WHERE action = 'open' AND object_id = {object}");
            let statement = Statement::from_string(db.read().get_database_backend(), text);
            let (records,) = db.lines::<(i64,)>(statement).await.unwrap()[0];
            if records < times {
                missing.push(format!("{minor}: shown {times} times, {records} records"));
            }
        }
        db.close().await;
        missing
    })
}

fn killed_at_work(database: Option<&str>) {
    let dir = tempfile::tempdir().unwrap();
    let (data, text) = (dir.path(), dir.path().to_str().unwrap());
    let url = database.map(|url| format!("database_url = \"{url}\"\n")).unwrap_or_default();
    std::fs::write(data.join("sheqiao.toml"), format!("requests_per_minute = 1000000\n{url}")).unwrap();
    let (ok, out) = run(&["demo", "dingcheng", "--data", text, "--clients", "2500"], "");
    assert!(ok, "{out}");
    let dice = Seeded::new(77);
    let mut all = Told::new();
    for cycle in 0..CYCLES {
        let plan =
            POINTS.get(usize::try_from(cycle % 6).unwrap()).map(|point| format!("{point}:{}", 5 + dice.below(120)));
        let Some(mut server) = serve_until(data, plan.as_deref()) else { continue };
        if plan.is_none() {
            let (pid, wait) = (server.child.id(), 300 + dice.below(1500));
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(wait));
                let _ = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status();
            });
        }
        all.extend(work(server.address, data, &dice).unwrap_or_default());
        let _ = server.child.kill();
        let _ = server.child.wait();
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (act, _) in &all {
        *counts.entry(act).or_default() += 1;
    }
    for act in ["visit", "merge", "undo", "hand over", "accept", "export", "screening", "opening"] {
        assert!(counts.get(act).is_some_and(|n| *n >= 3), "{act} was hardly done: {counts:?}");
    }
    let (clean, found) = run(&["check", "--data", text], "");
    assert!(clean, "after {CYCLES} kills: {found}");
    assert_eq!(unrecorded(database, data, &all), Vec::<String>::new());
    let server = serve(data);
    let (worker, other) = (
        Desk::open(server.address, data, "resident01").unwrap(),
        Desk::open(server.address, data, "resident02").unwrap(),
    );
    for (act, path) in all.iter().filter(|(act, _)| *act != "opening") {
        // What was handed over or merged later is with the other station, or behind the record that stayed.
        let there = worker.get(path).or_else(|| other.get(path));
        assert!(there.is_some(), "{act} {path} was acknowledged and is gone");
    }
}

#[test]
fn kills_during_merges_handovers_exports_and_screening_leave_nothing_half_done_on_sqlite() {
    killed_at_work(None);
}

#[test]
fn kills_during_merges_handovers_exports_and_screening_leave_nothing_half_done_on_postgres() {
    killed_at_work(Some(&database("crash_ledger")));
}
