//! Columns of the sheets, and the lines of CSV.

use kernel::{
    Outcome, Problem,
    codes::{Lang, label},
    sheet::safe,
};

use crate::{due::DueRow, persons::PersonRow, visits::VisitView, worklists::lists::List};

/// One column: key, Chinese and English heading, whether it is in full exports only.
pub struct Column(pub &'static str, &'static str, &'static str, pub bool);

const PERSON: &[Column] = &[
    Column("name", "姓名", "Name", false),
    Column("sex", "性别", "Sex", false),
    Column("age", "年龄", "Age", false),
    Column("birth", "出生日期", "Birth date", false),
    Column("categories", "类别", "Categories", false),
    Column("grade", "级别", "Grade", false),
    Column("state", "台账状态", "Ledger state", false),
    Column("township", "乡镇（街道）", "Township", false),
    Column("village", "村（社区）", "Village", false),
    Column("number", "证件号码", "Document number", false),
    Column("phone", "联系电话", "Phone", false),
    Column("address", "住址", "Address", false),
    Column("due", "下次走访", "Next visit", false),
    Column("lastVisit", "上次走访", "Last visit", false),
    Column("worker", "责任社工", "Worker", false),
    Column("overdue", "超期天数", "Days overdue", false),
];

const VISIT: &[Column] = &[
    Column("on", "走访日期", "Visited on", false),
    Column("person", "走访对象", "Person", false),
    Column("kind", "走访类型", "Kind", false),
    Column("mode", "走访方式", "Mode", false),
    Column("result", "见面情况", "Contact", false),
    Column("minutes", "时长（分钟）", "Minutes", false),
    Column("field", "工作领域", "Field of work", false),
    Column("services", "服务内容", "Services", false),
    Column("place", "走访地点", "Place", false),
    Column("worker", "走访人", "Worker", false),
    Column("state", "状态", "State", false),
    Column("risk", "风险迹象", "Risk signs", true),
    Column("needs", "需求", "Needs", true),
    Column("summary", "走访情况", "Summary", true),
    Column("actions", "采取措施", "Actions", true),
];

/// The columns a list can be exported with.
pub fn columns(list: List) -> &'static [Column] {
    match list {
        List::Persons | List::Due => PERSON,
        List::Visits => VISIT,
    }
}

/// The columns of one sheet: those asked for (all when none is), in that order, without what a masked sheet must not hold.
pub fn chosen(list: List, keys: &[String], unmasked: bool) -> Vec<&'static Column> {
    let fits = |c: &&'static Column| (unmasked || !c.3) && (c.0 != "overdue" || list == List::Due);
    if keys.is_empty() {
        return columns(list).iter().filter(fits).collect();
    }
    keys.iter().filter_map(|key| columns(list).iter().find(|c| c.0 == key)).filter(fits).collect()
}

/// What of a person is shown in full or masked, as the export was approved.
pub struct Secrets {
    /// Document number.
    pub number: String,
    /// Telephone.
    pub phone: String,
    /// Address below the village.
    pub address: String,
}

fn labels(list: &str, codes: &[String], lang: Lang) -> String {
    codes.iter().map(|c| label(list, c, lang)).collect::<Vec<_>>().join("、")
}

fn or_empty<T: ToString>(value: Option<T>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

/// The cell of a person.
pub fn person(key: &str, p: &PersonRow, secrets: &Secrets, overdue: Option<i64>, lang: Lang) -> String {
    match key {
        "name" => p.name.clone(),
        "sex" => label("sex", &p.sex, lang).to_owned(),
        "age" => or_empty(p.age),
        "birth" => or_empty(p.birth_date),
        "categories" => labels("category", &p.categories, lang),
        "grade" => p.grade.as_deref().map(|g| label("grade", g, lang).to_owned()).unwrap_or_default(),
        "state" => p.ledger_state.as_deref().map(|s| label("ledger_state", s, lang).to_owned()).unwrap_or_default(),
        "township" => or_empty(p.township.as_ref().map(|t| &t.name)),
        "village" => or_empty(p.village.as_ref().map(|v| &v.name)),
        "number" => secrets.number.clone(),
        "phone" => secrets.phone.clone(),
        "address" => secrets.address.clone(),
        "due" => or_empty(p.next_due_on),
        "lastVisit" => or_empty(p.last_visit_on),
        "worker" => or_empty(p.worker.as_ref().map(|w| &w.name)),
        "overdue" => or_empty(overdue),
        _ => String::new(),
    }
}

/// The cell of somebody due.
pub fn due(key: &str, row: &DueRow, secrets: &Secrets, lang: Lang) -> String {
    person(key, &row.person, secrets, Some(row.overdue_days), lang)
}

/// The cell of a visit.
pub fn visit(key: &str, v: &VisitView, lang: Lang) -> String {
    match key {
        "on" => v.visited_on.to_string(),
        "person" => v.person.name.clone(),
        "kind" => label("visit_kind", &v.kind, lang).to_owned(),
        "mode" => label("visit_mode", &v.mode, lang).to_owned(),
        "result" => label("contact_result", &v.contact_result, lang).to_owned(),
        "minutes" => or_empty(v.minutes),
        "field" => label("work_field", &v.work_field, lang).to_owned(),
        "services" => labels("service_kind", &v.services, lang),
        "place" => or_empty(v.place.as_ref().map(|p| &p.name)),
        "worker" => v.worker.name.clone(),
        "state" => match (v.state.as_str(), lang) {
            (crate::visits::VOID, Lang::Zh) => "已作废".to_owned(),
            (crate::visits::VOID, Lang::En) => "void".to_owned(),
            (_, Lang::Zh) => "有效".to_owned(),
            (_, Lang::En) => "valid".to_owned(),
        },
        "risk" => labels("risk_sign", &v.risk_signs, lang),
        "needs" => labels("need_domain", &v.needs, lang),
        "summary" => v.summary.clone(),
        "actions" => v.actions.clone(),
        _ => String::new(),
    }
}

/// The headings of a sheet; a full one has a column more for its mark.
pub fn headings(columns: &[&Column], unmasked: bool, lang: Lang) -> Vec<String> {
    let mark = unmasked.then(|| if lang == Lang::Zh { "水印".to_owned() } else { "Watermark".to_owned() });
    columns.iter().map(|c| if lang == Lang::Zh { c.1 } else { c.2 }.to_owned()).chain(mark).collect()
}

/// The last line: who made the sheet, when, what for.
pub fn closing(mark: &str, rows: u32, lang: Lang) -> Vec<String> {
    let words = match lang {
        Lang::Zh => format!("导出说明：{mark}；共 {rows} 行。仅限所述用途，不得外传。"),
        Lang::En => format!("Exported by {mark}; {rows} rows. For the stated purpose only; do not pass on."),
    };
    vec![words]
}

/// Lines of CSV (RFC 4180, CRLF); every cell is safe in a spreadsheet.
///
/// # Errors
/// Never for text in memory.
pub fn lines(rows: &[Vec<String>]) -> Outcome<String> {
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|cell| safe(cell))).map_err(Problem::internal)?;
    }
    String::from_utf8(writer.into_inner().map_err(Problem::internal)?).map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::sheet::restore;

    /// Payloads that made spreadsheets calculate, in every position that matters.
    fn payloads() -> Vec<String> {
        let cores = [
            "=1+1",
            "+1+1",
            "-1+1",
            "@SUM(1,1)",
            "=cmd|' /C calc'!A0",
            "=HYPERLINK(\"http://x\",\"y\")",
            "=IMPORTXML(A1,\"//a\")",
            "=WEBSERVICE(\"http://x\")",
            "＝1+1",
            "＋1",
            "－1",
            "＠x",
            "%0A=1",
            "|cmd",
            "'=1",
            "''=1",
            "430703196002290021",
            "1E10",
            "0012",
            "123456789012",
        ];
        let fronts =
            ["", " ", "  ", "\t", "\r", "\n", "\r\n", "\u{200B}", "\u{FEFF}", "\u{202E}", "\u{A0}", "\u{3000}"];
        let backs = ["", " ", ",x", "\"", "\n=2", "\r\n=2,=3", ";=1", "'"];
        let mut all = Vec::new();
        for core in cores {
            for front in fronts {
                all.extend(backs.iter().map(|back| format!("{front}{core}{back}")));
            }
        }
        all
    }

    #[test]
    fn no_payload_is_a_formula_and_each_comes_back_as_it_was() {
        let payloads = payloads();
        assert!(payloads.len() >= 500, "{}", payloads.len());
        let rows: Vec<Vec<String>> = payloads.iter().map(|p| vec![p.clone(), "x".to_owned(), p.clone()]).collect();
        let text = lines(&rows).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let mut seen = 0;
        for (read, payload) in reader.records().map(Result::unwrap).zip(&payloads) {
            assert_eq!(read.len(), 3, "{payload:?} broke its line");
            for cell in [&read[0], &read[2]] {
                let first =
                    cell.trim_start_matches(|c: char| !c.is_ascii_graphic() && !"＝＋－＠".contains(c)).chars().next();
                let calculated =
                    first.is_some_and(|c| "=+-@|%＝＋－＠".contains(c)) || cell.starts_with(['\t', '\r', '\n']);
                assert!(!calculated, "{payload:?} became {cell:?}");
                assert_eq!(restore(cell), payload);
            }
            seen += 1;
        }
        assert_eq!(seen, payloads.len());
    }

    #[test]
    fn a_masked_sheet_leaves_out_what_visits_found() {
        let keys = |list, keys: &[&str], full| {
            let keys: Vec<String> = keys.iter().map(|k| (*k).to_owned()).collect();
            chosen(list, &keys, full).iter().map(|c| c.0).collect::<Vec<_>>()
        };
        assert_eq!(keys(List::Visits, &["person", "summary", "on"], false), ["person", "on"]);
        assert_eq!(keys(List::Visits, &["person", "summary", "on"], true), ["person", "summary", "on"]);
        assert!(!keys(List::Persons, &[], true).contains(&"overdue"));
        assert!(keys(List::Due, &[], false).contains(&"overdue"));
    }
}
