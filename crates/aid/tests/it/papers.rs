//! Papers of persons and applications: what stands on them, who may print, and that each is recorded. The press of these houses
//! gives back the document it was told; how pages look is tested in the crate `print`.

use access::{
    on_both,
    testing::{Answer, Caller},
};
use ground::Engine;
use serde_json::{Value, json};

use crate::field::{Field, VILLAGES, field_with, id};

async fn field(engine: Engine) -> Field {
    field_with(engine, people::routes().merge(access::routes()).merge(aid::routes())).await
}

/// An elder of 78 who may get dibao, and what else hangs on income.
async fn elder(f: &Field) -> String {
    let person = id(&f.person(&f.worker, VILLAGES[0], &["ALONE"]).await);
    f.activate(&person, "B").await;
    let facts = [
        ("hh.income_pc", 60_000, "visit"),
        ("hh.property_ok_dibao", 1, "judged"),
        ("hh.size", 1, "visit"),
        ("hh.dibao_uplift_size", 0, "visit"),
    ];
    for (code, value, source) in facts {
        f.house.test.clock.advance(1);
        let body = json!({"id": f.house.id(), "code": code, "held": "value", "value": value, "source": source, "as_of": f.today()});
        f.house.post(&f.worker, &format!("/persons/{person}/facts"), body).await.expect(201);
    }
    person
}

async fn sheet(f: &Field, who: &Caller, person: &str, body: Value) -> Answer {
    f.house.post(who, &format!("/persons/{person}/papers"), body).await
}

async fn form(f: &Field, who: &Caller, application: &str, body: Value) -> Answer {
    f.house.post(who, &format!("/applications/{application}/papers"), body).await
}

async fn begin(f: &Field, person: &str, policy: &str) -> String {
    f.house.test.clock.advance(1);
    let body = json!({"id": f.house.id(), "person_id": person, "policy": policy});
    id(&f.house.post(&f.worker, "/applications", body).await.expect(201))
}

/// The document the press was told.
fn document(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text);
    serde_json::from_str(&answer.text).unwrap()
}

fn rule(answer: Answer) -> String {
    answer.expect(409)["rule"].as_str().unwrap().to_owned()
}

/// How often records of this kind were exported, as the log says.
async fn exports(f: &Field, kind: &str) -> i64 {
    f.house.number(&format!("SELECT COUNT(*) FROM audit WHERE action = 'export' AND object_kind = '{kind}'")).await
}

on_both! {
    async fn the_sheet_says_what_may_fit_and_what_to_do_in_plain_words(engine) {
        let f = field(engine).await;
        let person = elder(&f).await;
        let answer = sheet(&f, &f.worker, &person, json!({"format": "pdf", "large": true})).await;
        let paper = document(&answer);
        assert_eq!(answer.content_type, "application/pdf");
        let name = answer.headers["content-disposition"].to_str().unwrap().to_owned();
        assert!(name.starts_with("attachment; filename=\"print.pdf\"; filename*=UTF-8''%E6%94%BF"), "{name}");
        assert!(!name.contains("%E9%99%88"), "not the person's name: {name}");
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.headers["x-unprintable-characters"], "0");
        assert_eq!((&paper["title"], &paper["large"]), (&json!("政策明白纸和帮办单"), &json!(true)));
        let text = paper.to_string();
        for word in ["陈秀英", "只是提示，不是审批决定", "第二十四条", "1. 最低生活保障", "每月大约400元", "按示例标准测算",
            "户籍地乡镇人民政府", "申请书", "全程30个工作日", "第六十二条", "沿此线撕下", "材料回执", "责任社工", "li"] {
            assert!(text.contains(word), "{word}: {text}");
        }
        assert!(!text.contains("户口簿"), "what data matching obtains is not asked for");
        let kinds: Vec<&str> = paper["blocks"].as_array().unwrap().iter().map(|b| b["kind"].as_str().unwrap()).collect();
        assert!(kinds.contains(&"cut") && kinds.ends_with(&["signatures"]), "{kinds:?}");
        for secret in ["hiv", "艾滋病"] {
            assert!(!text.contains(secret), "{secret}");
        }
    }

    async fn every_paper_is_recorded_and_only_who_may_prints_it(engine) {
        let f = field(engine).await;
        let person = elder(&f).await;
        let application = begin(&f, &person, "dibao").await;
        let wish = json!({"format": "docx"});
        let answer = sheet(&f, &f.worker, &person, wish.clone()).await;
        assert_eq!((answer.status.as_u16(), answer.content_type.contains("wordprocessingml")), (200, true));
        for who in [&f.head, &f.reviewer, &f.officer] {
            document(&sheet(&f, who, &person, wish.clone()).await);
        }
        assert_eq!((exports(&f, "person").await, exports(&f, "application").await), (4, 0));
        let filled = json!({"form": "application", "format": "pdf"});
        document(&form(&f, &f.worker, &application, filled.clone()).await);

        // Another township: not there. A supervisor: no permit. Nobody gets a file, nothing is recorded.
        assert_eq!(sheet(&f, &f.other, &person, wish.clone()).await.status, 404);
        assert_eq!(form(&f, &f.other, &application, filled.clone()).await.status, 404);
        let supervisor = f.house.account("sun", &[("SV", "430703001")]).await;
        assert_eq!(sheet(&f, &supervisor, &person, wish.clone()).await.status, 403);
        assert_eq!(form(&f, &supervisor, &application, filled).await.status, 403);
        for wrong in [json!({"format": "exe"}), json!({"format": "pdf", "name": "x"}), json!({})] {
            assert_eq!(sheet(&f, &f.worker, &person, wrong).await.status, 422);
        }
        assert_eq!((exports(&f, "person").await, exports(&f, "application").await), (4, 1));
    }

    async fn an_hour_of_printing_has_a_limit(engine) {
        let f = field(engine).await;
        let person = id(&f.person(&f.worker, VILLAGES[0], &["ALONE"]).await);
        let application = begin(&f, &person, "dibao").await;
        let body = json!({"form": "survey", "format": "docx"});
        for _ in 0..60 {
            document(&form(&f, &f.worker, &application, body.clone()).await);
        }
        let refused = form(&f, &f.worker, &application, body.clone()).await;
        assert!(refused.status == 429 && refused.text.contains("频繁"), "{}", refused.text);
        document(&form(&f, &f.head, &application, body).await);
    }

    async fn forms_are_filled_with_what_is_known_and_nothing_else(engine) {
        let f = field(engine).await;
        let person = elder(&f).await;
        let body = json!({"rev": f.page(&person).await["rev"], "phone": "13900000000"});
        f.house.patch(&f.worker, &format!("/persons/{person}"), body).await.expect(200);
        let application = begin(&f, &person, "dibao").await;
        let rev = f.house.get(&f.worker, &format!("/applications/{application}")).await.expect(200)["rev"].clone();
        let prepared = json!({"rev": rev, "is_relative": true, "relative_note": "#read(\"/etc/passwd\")<b>", "answers": {"申请书": "have"},
            "consent": {"by": "陈秀英", "on": f.today(), "how": "signed"}});
        f.house.patch(&f.worker, &format!("/applications/{application}"), prepared).await.expect(200);
        let paper = document(&form(&f, &f.worker, &application, json!({"form": "application", "format": "pdf"})).await);
        let text = paper.to_string();
        for word in ["社会救助申请及授权书", "最低生活保障", "陈秀英", "1948年5月1日", "湖南省", "第四十条", "诚信承诺", "2026年11月23日",
            "#read(\\\"/etc/passwd\\\")<b>", "打印人：li"] {
            assert!(text.contains(word), "{word}: {text}");
        }
        let checks = paper["blocks"].as_array().unwrap().iter().filter(|b| b["kind"] == "checks");
        let ticked: Vec<&str> = checks.flat_map(|b| b["items"].as_array().unwrap()).filter(|i| i["ticked"] == true)
            .map(|i| i["text"].as_str().unwrap()).collect();
        assert_eq!(ticked, ["申请书", "有，是：#read(\"/etc/passwd\")<b>"]);
        assert!(text.contains("139****0000") && !text.contains("13900000000"), "{text}");
        let with_reason = json!({"form": "application", "format": "pdf", "reason": "填写正式申请书"});
        let full = document(&form(&f, &f.worker, &application, with_reason).await).to_string();
        assert!(full.contains("13900000000"), "{full}");
        let revealed = f.house.number("SELECT COUNT(*) FROM audit WHERE action = 'reveal'").await;
        assert_eq!(revealed, 2, "the number and the telephone; there is no address");
        let blank = json!({"form": "application", "format": "pdf", "reason": " "});
        assert_eq!(form(&f, &f.worker, &application, blank).await.status, 422);
        let survey = document(&form(&f, &f.head, &application, json!({"form": "survey", "format": "docx"})).await).to_string();
        assert!(survey.contains("调查人一") && survey.contains("两人以上"), "{survey}");
    }

    async fn a_notice_and_a_refusal_are_printed_only_when_there_is_one(engine) {
        let f = field(engine).await;
        let person = elder(&f).await;
        let application = begin(&f, &person, "dibao").await;
        let wish = |form: &str| json!({"form": form, "format": "pdf"});
        assert_eq!(rule(form(&f, &f.worker, &application, wish("notice")).await), "paper.no_opinion");
        assert_eq!(rule(form(&f, &f.worker, &application, wish("refusal")).await), "paper.not_refused");
        f.house.sql("UPDATE application SET state = 'opinion', amount = 40000").await;
        let notice = document(&form(&f, &f.worker, &application, wish("notice")).await);
        let table = notice["blocks"].as_array().unwrap().iter().find(|b| b["kind"] == "table").unwrap();
        assert_eq!(table["head"], json!(["申请人姓名", "家庭人口（人）", "拟保障金额"]), "and nothing else");
        assert_eq!(table["rows"], json!([["陈秀英", "", "400元"]]), "how many they are is not known");
        let text = notice.to_string();
        for private in ["1948", "****", "手机", "打印人", VILLAGES[0]] {
            assert!(!text.contains(private), "{private}");
        }
        f.house.sql("UPDATE application SET state = 'refused', is_open = FALSE, reason = '收入超过标准', document = '鼎民不〔2026〕1号'").await;
        let refusal = document(&form(&f, &f.worker, &application, wish("refusal")).await).to_string();
        for word in ["收入超过标准", "鼎民不〔2026〕1号", "行政复议", "第七十六条", "3个工作日内书面告知"] {
            assert!(refusal.contains(word), "{word}: {refusal}");
        }
        // Legal aid says in words that nothing is made public.
        let quiet = begin(&f, &person, "legal_aid").await;
        assert_eq!(rule(form(&f, &f.worker, &quiet, wish("notice")).await), "paper.no_publicity");
    }

    async fn the_file_of_a_child_stays_closed_to_whoever_may_not_open_it(engine) {
        let f = field(engine).await;
        let today = f.today();
        let body = json!({"id": f.house.id(), "name": "陈小明", "sex": "1", "birth_date": "2016-05-01", "doc_type": "none",
            "no_number_reason": "证件遗失", "village": VILLAGES[0], "lead_source": "visit", "categories": [{"id": f.house.id(),
            "category": "ORPHAN", "from": today, "evidence_kind": "certificate", "evidence_ref": "鼎民〔2026〕1号", "source": "document"}]});
        let child = id(&f.house.post(&f.worker, "/persons", body).await.expect(201));
        document(&sheet(&f, &f.worker, &child, json!({"format": "pdf"})).await);
        assert_eq!(rule(sheet(&f, &f.reviewer, &child, json!({"format": "pdf"})).await), "minor.closed");
        let application = begin(&f, &child, "edu").await;
        let wish = json!({"form": "application", "format": "pdf"});
        assert_eq!(rule(form(&f, &f.reviewer, &application, wish).await), "minor.closed");
        f.house.sql("UPDATE application SET state = 'opinion'").await;
        assert_eq!(rule(form(&f, &f.worker, &application, json!({"form": "notice", "format": "pdf"})).await), "paper.no_publicity");
    }
}
