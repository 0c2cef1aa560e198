//! Applications: the way to a confirmed status that changes the ledger, what is refused on it, and who sees what.

use access::{
    on_both,
    testing::{Answer, Caller},
};
use aid::applications::Read;
use ground::Engine;
use people::applications::store::{self, Filter};
use serde_json::{Value, json};

use crate::field::{Field, VILLAGES, field_with, id};

async fn field(engine: Engine) -> Field {
    field_with(engine, people::routes().merge(access::tasks::routes()).merge(aid::routes())).await
}

/// An application as it stands, in the hands of those who carry it on.
struct File<'a> {
    f: &'a Field,
    id: String,
}

impl<'a> File<'a> {
    async fn begin(f: &'a Field, who: &Caller, person: &str, policy: &str) -> Self {
        // Ids of one millisecond have no order.
        f.house.test.clock.advance(1);
        let body = json!({"id": f.house.id(), "person_id": person, "policy": policy});
        let page = f.house.post(who, "/applications", body).await.expect(201);
        Self { f, id: id(&page) }
    }

    fn path(&self) -> String {
        format!("/applications/{}", self.id)
    }

    async fn page(&self) -> Value {
        // The worker sees an own client's file whenever somebody may.
        self.f.house.get(&self.f.worker, &self.path()).await.expect(200)
    }

    async fn change(&self, body: Value) -> Answer {
        let mut body = body;
        body["rev"] = self.page().await["rev"].clone();
        self.f.house.patch(&self.f.worker, &self.path(), body).await
    }

    async fn body(&self, act: &str, more: &Value) -> Value {
        let mut body =
            json!({"id": self.f.house.id(), "rev": self.page().await["rev"], "act": act, "on": self.f.today()});
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        body
    }

    async fn act(&self, who: &Caller, act: &str, more: Value) -> Answer {
        let body = self.body(act, &more).await;
        self.f.house.post(who, &format!("{}/acts", self.path()), body).await
    }

    /// An act of the reviewer that must go well.
    async fn done(&self, act: &str, more: Value) -> Value {
        self.act(&self.f.reviewer, act, more).await.expect(201)
    }

    /// A refusal, by its rule.
    async fn refused(&self, who: &Caller, act: &str, more: Value) -> String {
        let answer = self.act(who, act, more).await;
        let text = answer.text.clone();
        let body = answer.expect(409);
        assert!(body["title"].as_str().unwrap().chars().any(|c| c > '\u{4e00}'), "{text}");
        body["rule"].as_str().unwrap_or_default().to_owned()
    }

    /// Answers the relatives' question and every paper that may be asked for.
    async fn complete(&self) {
        let page = self.page().await;
        let asked = page["papers"].as_array().unwrap().iter().filter(|p| p["matched"] == false);
        let answers: Value = asked
            .map(|p| (p["text"].as_str().unwrap().to_owned(), json!("have")))
            .collect::<serde_json::Map<_, _>>()
            .into();
        self.change(json!({"is_relative": false, "answers": answers})).await.expect(200);
    }

    async fn authorise(&self) {
        self.change(json!({"consent": {"by": "陈秀英", "on": self.f.today(), "how": "signed"}})).await.expect(200);
    }
}

/// The open tasks of somebody about applications: kind, step and last day.
async fn asked(f: &Field, who: &Caller) -> Vec<(String, String, Value)> {
    let all = f.house.get(who, "/tasks?limit=200").await.expect(200);
    let about = all["items"].as_array().unwrap().iter().filter(|t| t["subject_kind"] == "application");
    let word = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    about.map(|t| (word(&t["kind"]), word(&t["detail"]["step"]), t["due_on"].clone())).collect()
}

async fn categories(f: &Field, person: &str) -> Vec<String> {
    let page = f.page(person).await;
    let open = page["categories_open"].as_array().unwrap();
    open.iter().map(|c| c["category"].as_str().unwrap().to_owned()).collect()
}

async fn client(f: &Field) -> String {
    id(&f.person(&f.worker, VILLAGES[0], &["ALONE"]).await)
}

on_both! {
    async fn a_confirmed_dibao_changes_the_ledger(engine) {
        let f = field(engine).await;
        let person = client(&f).await;
        let file = File::begin(&f, &f.worker, &person, "dibao").await;
        let page = file.page().await;
        assert_eq!((&page["state"], &page["policy"]["number"]), (&json!("draft"), &json!("P01")));
        assert_eq!(page["acts"], json!(["hand_in", "withdraw"]), "the reviewer accepts");
        assert_eq!(page["holidays_known"], false, "and the page says so");

        // All that is missing is told at once; what a match obtains is not asked for.
        assert_eq!(file.refused(&f.worker, "hand_in", json!({})).await, "application.relative");
        file.change(json!({"is_relative": false})).await.expect(200);
        assert_eq!(file.refused(&f.worker, "hand_in", json!({})).await, "application.papers");
        let matched = file.change(json!({"answers": {"身份证、户口簿": "have"}})).await;
        assert!(matched.text.contains("数据比对"), "{}", matched.text);
        file.complete().await;
        file.act(&f.worker, "hand_in", json!({})).await.expect(201);
        assert_eq!(asked(&f, &f.reviewer).await, [("application_step".into(), "accept".into(), Value::Null)]);
        assert_eq!(file.act(&f.worker, "accept", json!({})).await.status, 403, "a worker does not accept");

        // Wednesday 2026-11-25 or whichever day it is: three working days, Monday to Friday.
        let accepted = file.done("accept", json!({})).await;
        let survey = accepted["limits"].as_array().unwrap().iter().find(|l| l["step"] == "入户调查启动").unwrap().clone();
        assert_eq!((&accepted["due_on"], &accepted["state"]), (&survey["due_on"], &json!("accepted")));
        assert_eq!(asked(&f, &f.reviewer).await, [("application_step".into(), "survey".into(), survey["due_on"].clone())]);

        let one = file.act(&f.reviewer, "survey", json!({"surveyors": ["王强"]})).await;
        assert!(one.status == 422 && one.text.contains("两人以上"), "{}", one.text);
        file.done("survey", json!({"surveyors": ["王强", "刘敏"], "text": "与老伴同住，无固定收入"})).await;
        assert_eq!(file.refused(&f.reviewer, "submit", json!({"upstream_no": "1"})).await, "application.order");
        file.done("opinion", json!({"agree": true, "text": "符合条件"})).await;
        assert_eq!(file.refused(&f.reviewer, "submit", json!({"upstream_no": "1"})).await, "application.notice_first");
        let notice = file.done("publicity_start", json!({})).await;
        let last = kernel::day::add_days(f.house.test.floor.today(), 7).to_string();
        assert_eq!((&notice["publicity_to"], &notice["due_on"]), (&json!(last), &json!(last)));
        assert_eq!(file.refused(&f.reviewer, "submit", json!({"upstream_no": "1"})).await, "application.notice_runs");
        let early = file.act(&f.reviewer, "publicity_end", json!({"objection": false})).await;
        assert!(early.status == 422 && early.text.contains("公示期还没有满"), "{}", early.text);
        f.pass(7).await;
        file.done("publicity_end", json!({"objection": false})).await;

        // Nothing is sent on without the authorisation to check.
        assert_eq!(file.refused(&f.reviewer, "submit", json!({"upstream_no": "SL-1"})).await, "application.consent");
        file.authorise().await;
        let sent = file.done("submit", json!({"upstream_no": "SL-2026-0001"})).await;
        assert_eq!((&sent["upstream_no"], &sent["can_prepare"]), (&json!("SL-2026-0001"), &json!(false)));
        assert_eq!(file.change(json!({"note": "x"})).await.status, 409);
        let early = file.refused(&f.reviewer, "announce", json!({})).await;
        assert_eq!(early, "application.announce_after", "the notice is not the publication");

        assert_eq!(categories(&f, &person).await, ["ALONE"]);
        let confirmed = file.done("confirm", json!({"document": "鼎民低〔2026〕18号", "amount": 40_000})).await;
        assert_eq!((&confirmed["state"], &confirmed["amount"]), (&json!("confirmed"), &json!(40_000)));
        assert_eq!(categories(&f, &person).await, ["ALONE", "DIBAO"]);
        let page = f.page(&person).await;
        let dibao = page["categories_open"].as_array().unwrap().iter().find(|c| c["category"] == "DIBAO").unwrap();
        assert_eq!((&dibao["evidence_ref"], &dibao["evidence_kind"]), (&json!("鼎民低〔2026〕18号"), &json!("decision_notice")));
        f.counters_are_exact().await;
        let worker = asked(&f, &f.worker).await;
        assert_eq!(worker[0].0, "application_tell", "{worker:?}");
        file.done("announce", json!({})).await;
        file.act(&f.worker, "tell", json!({"text": "入户告知，已送达确认通知书"})).await.expect(201);
        assert_eq!(asked(&f, &f.worker).await, []);
        assert_eq!(asked(&f, &f.reviewer).await, []);
        let over = file.page().await;
        assert_eq!(over["acts"], json!([]));
        let acts: Vec<&str> = over["steps"].as_array().unwrap().iter().map(|s| s["act"].as_str().unwrap()).collect();
        assert_eq!(acts, ["open", "hand_in", "accept", "survey", "opinion", "publicity_start", "publicity_end", "submit", "confirm", "announce", "tell"]);
        assert_eq!(over["steps"][3]["detail"]["surveyors"], json!(["刘敏", "王强"]));

        let snapshot = access::audit::Snapshot::of_now(&f.house.test.floor).await.unwrap();
        let watched: Vec<_> = aid::watched();
        assert_eq!(access::audit::verify_in(&snapshot, &watched).await.unwrap().0, []);
    }

    async fn a_refusal_says_how_to_appeal_and_changes_nothing(engine) {
        let f = field(engine).await;
        let person = client(&f).await;
        let file = File::begin(&f, &f.worker, &person, "near").await;
        file.complete().await;
        file.authorise().await;
        file.done("accept", json!({})).await;
        file.done("survey", json!({"surveyors": ["王强", "刘敏"]})).await;
        file.done("opinion", json!({"agree": false, "text": "收入高于界线"})).await;
        let open = file.act(&f.reviewer, "publicity_start", json!({})).await;
        assert!(open.status == 422 && open.text.contains("until"), "the card does not say how long: {}", open.text);
        file.done("publicity_start", json!({"until": f.today()})).await;

        // An objection leads back to the survey.
        let back = file.done("publicity_end", json!({"objection": true, "text": "邻居反映其子有车"})).await;
        assert_eq!((&back["state"], &back["publicity_to"]), (&json!("accepted"), &Value::Null));
        file.done("survey", json!({"surveyors": ["王强", "刘敏"]})).await;
        file.done("opinion", json!({"agree": true})).await;
        file.done("publicity_start", json!({"until": f.today()})).await;
        file.done("publicity_end", json!({"objection": false})).await;
        file.done("submit", json!({"upstream_no": "SL-2"})).await;
        let bare = file.act(&f.reviewer, "refuse", json!({})).await;
        assert!(bare.status == 422 && bare.text.contains("理由"), "{}", bare.text);
        let refused = file.done("refuse", json!({"text": "家庭财产超过规定", "document": "不予确认〔2026〕3号"})).await;
        assert!(refused["appeal"].as_str().unwrap().contains("行政复议"), "{refused}");
        assert!(refused["appeal_en"].as_str().unwrap().contains("art. 76"));
        assert_eq!((&refused["reason"], &refused["state"]), (&json!("家庭财产超过规定"), &json!("refused")));
        assert_eq!(categories(&f, &person).await, ["ALONE"]);
        assert_eq!(file.refused(&f.reviewer, "announce", json!({})).await, "application.order");
        let again = File::begin(&f, &f.worker, &person, "near").await;
        assert_ne!(again.id, file.id, "whoever was refused may apply again");
    }

    async fn an_orphan_is_not_put_on_a_wall_and_the_file_needs_an_approval(engine) {
        let f = field(engine).await;
        let body = json!({"id": f.house.id(), "name": "单小满", "sex": "1", "birth_date": "2016-03-01", "doc_type": "none",
            "no_number_reason": "未落户", "village": VILLAGES[0], "lead_source": "visit", "categories": []});
        let child = id(&f.house.post(&f.worker, "/persons", body).await.expect(201));
        let file = File::begin(&f, &f.worker, &child, "orphan").await;
        let page = file.page().await;
        assert_eq!((&page["public"], &page["categories"]), (&json!(false), &json!(["ORPHAN"])));
        file.complete().await;
        file.authorise().await;
        let closed = f.house.get(&f.reviewer, &file.path()).await.expect(409);
        assert_eq!(closed["rule"], "minor.closed");
        assert_eq!(file.refused(&f.reviewer, "accept", json!({})).await, "minor.closed");
        let list = f.house.get(&f.reviewer, "/applications").await.expect(200);
        assert_eq!(list["items"][0]["person"]["name"], "单**", "lists stay usable");
        let ask = json!({"id": f.house.id(), "reason": "办理孤儿认定", "minutes": 60});
        f.house.post(&f.reviewer, &format!("/persons/{child}/opening"), ask).await.expect(201);
        let inbox = f.house.get(&f.head, "/clearances").await.expect(200);
        let row = inbox["items"].as_array().unwrap().iter().find(|r| r["way"] == "minor").unwrap();
        let decide = format!("/clearances/{}/decide", row["id"].as_str().unwrap());
        f.house.post(&f.head, &decide, json!({"rev": row["rev"], "approve": true})).await.expect(200);

        file.done("accept", json!({})).await;
        file.done("survey", json!({"surveyors": ["王强", "刘敏"]})).await;
        file.done("opinion", json!({"agree": true})).await;
        assert_eq!(file.refused(&f.reviewer, "publicity_start", json!({})).await, "application.no_publicity");
        file.done("submit", json!({"upstream_no": "SL-3"})).await;
        file.done("confirm", json!({"document": "鼎民儿〔2026〕2号"})).await;
        assert_eq!(file.refused(&f.reviewer, "announce", json!({})).await, "application.no_publicity");
        assert_eq!(categories(&f, &child).await, ["ORPHAN"]);
    }

    async fn one_open_application_and_the_same_id_twice(engine) {
        let f = field(engine).await;
        let person = client(&f).await;
        let body = json!({"id": f.house.id(), "person_id": person, "policy": "dibao"});
        let page = f.house.post(&f.worker, "/applications", body.clone()).await.expect(201);
        assert_eq!(f.house.post(&f.worker, "/applications", body).await.expect(200)["steps"].as_array().unwrap().len(), 1);
        f.house.test.clock.advance(1);
        let twice = json!({"id": f.house.id(), "person_id": person, "policy": "dibao"});
        assert_eq!(f.house.post(&f.head, "/applications", twice.clone()).await.expect(409)["rule"], "application.open");
        let file = File { f: &f, id: id(&page) };
        let withdraw = file.body("withdraw", &json!({"text": "本人不再申请"})).await;
        let acts = format!("{}/acts", file.path());
        f.house.post(&f.worker, &acts, withdraw.clone()).await.expect(201);
        assert_eq!(f.house.post(&f.worker, &acts, withdraw).await.expect(200)["state"], "withdrawn");
        assert_eq!(file.page().await["steps"].as_array().unwrap().len(), 2);
        f.house.post(&f.head, "/applications", twice).await.expect(201);
        let open = f.house.get(&f.worker, "/applications").await.expect(200);
        assert_eq!(open["items"].as_array().unwrap().len(), 1);
        let over = f.house.get(&f.worker, "/applications?open=false&place=430703001").await.expect(200);
        assert_eq!(over["items"][0]["state"], "withdrawn");
        let of = f.house.get(&f.head, &format!("/applications?person={person}&limit=1")).await.expect(200);
        let next = of["next"].as_str().unwrap();
        let second = f.house.get(&f.head, &format!("/applications?person={person}&limit=1&cursor={next}")).await.expect(200);
        assert_eq!(second["items"][0]["id"], json!(file.id));
        f.house.get(&f.worker, "/applications?state=done").await.expect(422);
    }

    async fn who_may_not_stays_out(engine) {
        let f = field(engine).await;
        let person = client(&f).await;
        let new = |policy: &str| json!({"id": f.house.id(), "person_id": person, "policy": policy});
        for (policy, rule) in [("hiv_child", "application.restricted"), ("mental_care", "application.restricted"), ("guardianship", "application.restricted")] {
            assert_eq!(f.house.post(&f.worker, "/applications", new(policy)).await.expect(409)["rule"], rule, "{policy}");
        }
        f.house.post(&f.worker, "/applications", new("nothing")).await.expect(422);
        f.house.post(&f.officer, "/applications", new("dibao")).await.expect(403);
        f.house.post(&f.reviewer, "/applications", new("dibao")).await.expect(403);
        f.house.post(&f.other, "/applications", new("dibao")).await.expect(404);
        let file = File::begin(&f, &f.worker, &person, "dibao").await;
        f.house.get(&f.other, &file.path()).await.expect(404);
        assert_eq!(file.act(&f.other, "withdraw", json!({"text": "x"})).await.status, 404);
        assert_eq!(f.house.get(&f.other, "/applications").await.expect(200)["items"], json!([]));
        f.house.get(&f.officer, &file.path()).await.expect(200);

        // Who prepares does not accept.
        let both = f.house.account("both", &[("SH", "430703001"), ("TR", "430703001")]).await;
        let own = File::begin(&f, &both, &person, "near").await;
        own.complete().await;
        assert_eq!(own.refused(&both, "accept", json!({})).await, "application.own");
        own.done("accept", json!({})).await;
        let stale = json!({"id": f.house.id(), "rev": 1, "act": "survey", "on": f.today(), "surveyors": ["甲", "乙"]});
        assert_eq!(f.house.post(&f.reviewer, &format!("{}/acts", own.path()), stale).await.status, 409);

        // The dead do not apply; what is open is withdrawn.
        let rev = f.page(&person).await["rev"].clone();
        let death = json!({"id": f.house.id(), "rev": rev, "died_on": f.today(), "evidence_ref": "1"});
        f.house.post(&f.head, &format!("/persons/{person}/death"), death).await.expect(201);
        assert_eq!(f.house.post(&f.worker, "/applications", new("edu")).await.expect(409)["rule"], "application.dead");
        assert_eq!(own.refused(&f.reviewer, "survey", json!({"surveyors": ["甲", "乙"]})).await, "application.dead");
        own.act(&f.worker, "withdraw", json!({"text": "申请人去世"})).await.expect(201);
    }

    async fn what_excludes_it_is_ended_first(engine) {
        let f = field(engine).await;
        let person = id(&f.person(&f.worker, VILLAGES[0], &["DIBAO"]).await);
        let file = File::begin(&f, &f.worker, &person, "tekun").await;
        file.complete().await;
        file.authorise().await;
        file.done("accept", json!({})).await;
        file.done("survey", json!({"surveyors": ["王强", "刘敏"]})).await;
        file.done("opinion", json!({"agree": true})).await;
        file.done("publicity_start", json!({})).await;
        f.pass(7).await;
        file.done("publicity_end", json!({"objection": false})).await;
        file.done("submit", json!({"upstream_no": "SL-4"})).await;
        let open = file.act(&f.reviewer, "confirm", json!({"document": "1"})).await;
        assert!(open.status == 422 && open.text.contains("category"), "home or institution: {}", open.text);
        let confirm = json!({"document": "鼎民特〔2026〕1号", "category": "TEKUN_H"});
        assert_eq!(file.refused(&f.reviewer, "confirm", confirm.clone()).await, "application.excluded");
        assert_eq!(file.page().await["state"], "submitted", "nothing changed");
        let page = f.page(&person).await;
        let dibao = &page["categories_open"][0];
        let end = json!({"rev": dibao["rev"], "to": f.today(), "reason": "转为特困供养"});
        f.house.post(&f.head, &format!("/categories/{}/end", dibao["id"].as_str().unwrap()), end).await.expect(200);
        file.done("confirm", confirm).await;
        assert_eq!(categories(&f, &person).await, ["TEKUN_H"]);
    }

    async fn an_emergency_goes_straight_on(engine) {
        let f = field(engine).await;
        let person = client(&f).await;
        let file = File::begin(&f, &f.worker, &person, "temp_urgent").await;
        file.change(json!({"is_relative": true})).await.expect(422);
        file.change(json!({"is_relative": true, "relative_note": "民政办张某的姑母"})).await.expect(200);
        file.authorise().await;
        file.done("accept", json!({})).await;
        file.done("submit", json!({"upstream_no": "LS-1"})).await;
        file.done("confirm", json!({"document": "LS-1", "amount": 100_000})).await;
        assert_eq!(categories(&f, &person).await, ["ALONE"], "no status, no category");
    }

    async fn an_application_follows_the_person(engine) {
        let f = field(engine).await;
        let person = client(&f).await;
        let file = File::begin(&f, &f.worker, &person, "dibao").await;
        let hand = |village: &str, rev: &Value| json!({"id": f.house.id(), "rev": rev, "village": village, "moved_on": f.today(),
            "reason": "moved", "consent": "agreed"});
        let reason = kernel::codes::list("handover_reason").unwrap().items[0].code.clone();
        let consent = kernel::codes::list("handover_consent").unwrap().items.iter().find(|i| i.code != "not_needed").unwrap().code.clone();
        let mut body = hand(VILLAGES[2], &f.page(&person).await["rev"]);
        body["reason"] = json!(reason);
        body["consent"] = json!(consent);
        let handover = f.house.post(&f.head, &format!("/persons/{person}/handover"), body).await.expect(201);
        // The sender keeps a read trail of the person and no writable row.
        assert_eq!(f.house.get(&f.worker, &file.path()).await.status, 404);
        let sun = f.house.account("sun", &[("SH", "430703002")]).await;
        let accept = json!({"id": f.house.id(), "rev": handover["rev"], "worker_id": f.other.id});
        let path = format!("/handovers/{}/accept", id(&handover));
        f.house.post(&sun, &path, accept).await.expect(201);
        let page = f.house.get(&f.other, &file.path()).await.expect(200);
        assert_eq!(page["worker"]["id"], json!(f.other.id));
        let new = json!({"id": f.house.id(), "person_id": person, "policy": "edu"});
        assert_eq!(f.house.post(&f.head, "/applications", new).await.expect(404)["code"], "handed_over");
    }

    async fn lists_are_read_in_their_order(engine) {
        let f = field(engine).await;
        for person in [client(&f).await, client(&f).await] {
            File::begin(&f, &f.worker, &person, "dibao").await;
        }
        f.house.sql(if engine == Engine::Sqlite { "ANALYZE" } else { "ANALYZE application" }).await;
        let mut statements = Vec::new();
        for who in [&f.worker, &f.head, &f.officer] {
            let scope = f.house.scope::<Read>(who).await;
            let place = scope.place_or_own("place", None).await.unwrap().place();
            let last = Some(f.house.id());
            for worker in [None, Some(who.id)] {
                for state in [None, Some("draft".to_owned())] {
                    let filter = Filter { state, open: true, worker };
                    statements.extend(store::listing(&scope, Some(&place), &filter, last, 21).statements());
                    statements.extend(store::listing(&scope, None, &filter, None, 21).statements());
                }
            }
        }
        assert_eq!(statements.len(), 24);
        for statement in statements {
            let text = statement.to_string();
            let plan = plan(&f, statement).await;
            let bad = ["TEMP B-TREE", "Sort", "Seq Scan", "SCAN "].iter().find(|word| plan.contains(**word));
            assert_eq!(bad, None, "{text}\n{plan}");
            assert!(plan.contains("INDEX") || plan.contains("Index"), "{text}\n{plan}");
        }
    }
}

/// The plan of a statement; on PostgreSQL with everything but indexes discouraged, as the tables of a test are nearly empty.
pub async fn plan(f: &Field, statement: sea_orm::Statement) -> String {
    use sea_orm::ConnectionTrait as _;
    if f.house.test.engine == Engine::Sqlite {
        return f.house.plan(statement).await;
    }
    let explain = sea_orm::Statement { sql: format!("EXPLAIN {}", statement.sql), ..statement };
    let rows = f.house.test.floor.db.write(move |tx| {
        Box::pin(async move {
            for name in ["enable_seqscan", "enable_bitmapscan", "enable_sort"] {
                tx.conn().execute_unprepared(&format!("SET LOCAL {name} = off")).await?;
            }
            let rows = tx.conn().query_all_raw(explain).await?;
            Ok(rows.iter().map(|r| r.try_get_by_index::<String>(0).unwrap()).collect::<Vec<_>>())
        })
    });
    rows.await.unwrap().join("\n")
}
