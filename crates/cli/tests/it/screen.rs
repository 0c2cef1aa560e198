//! `screen` as a program: a file of persons in, a file of statuses and amounts out, with the policies of the product.

use std::{collections::HashMap, fmt::Write as _, fs, path::Path};

use crate::program::run;

const DAY: &str = "2026-07-15";

/// One invented person; what is missing is unknown.
struct Person {
    id: i64,
    region: u32,
    age: Option<i64>,
    income: Option<i64>,
    size: Option<i64>,
    property_ok: Option<bool>,
    dibao: Option<bool>,
}

impl Person {
    /// Persons as the generator of the benchmark writes them: every fact is missing for some, independently.
    fn new(id: i64) -> Person {
        let held = |every: i64| id % every != 0;
        Person {
            id,
            region: if id % 3 == 0 { 430_703 } else { 500_107 },
            age: held(7).then_some(id % 111),
            income: held(5).then_some(id * 7_919 % 200_000),
            size: held(13).then_some(1 + id % 6),
            property_ok: held(11).then_some(id % 4 != 0),
            dibao: held(9).then_some(id % 2 == 0),
        }
    }

    fn line(&self) -> String {
        let number = |v: Option<i64>| v.map_or_else(String::new, |v| v.to_string());
        let flag = |v: Option<bool>| v.map_or_else(String::new, |v| v.to_string());
        let facts =
            [number(self.age), number(self.income), number(self.size), flag(self.property_ok), flag(self.dibao)];
        format!("{},{},{},0,0,false,false", self.id, self.region, facts.join(","))
    }

    /// 最低生活保障 by hand; the second county pays in bands, which the file does not tell, so it has no amount.
    fn dibao(&self) -> (Option<bool>, Option<i64>) {
        let std = if self.region == 430_703 { 100_000 } else { 120_000 };
        let status = both(self.income.map(|i| i < std), self.property_ok);
        let gap = self.income.zip(self.size).map(|(income, size)| (std - income) * size);
        (status, gap.filter(|_| status == Some(true) && self.region == 430_703))
    }

    /// 高龄津贴 by hand: everybody from 80 in the first county, low income from 70 in the second.
    fn elder_allowance(&self) -> (Option<bool>, Option<i64>) {
        let first = self.region == 430_703;
        let (least, amounts) =
            if first { (80, [0, 5_000, 10_000, 50_000]) } else { (70, [3_000, 6_000, 12_000, 60_000]) };
        let poor = if first { Some(true) } else { self.dibao };
        let status = both(self.age.map(|a| a >= least), poor);
        let band = |age: i64| [80, 90, 100].iter().filter(|edge| age >= **edge).count();
        (status, self.age.map(|age| amounts[band(age)]).filter(|_| status == Some(true)))
    }
}

/// And of Kleene.
fn both(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

const HEAD: &str = "person_id,region,p.age,hh.income_pc,hh.size,hh.property_ok_dibao,p.dibao,hh.dibao_uplift_size,hh.dibao_band,p.tekun,p.near\n";

fn screen(folder: &Path, persons: &str) -> (bool, String, String) {
    let facts = folder.join("persons.csv");
    fs::write(&facts, persons).unwrap();
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/policies");
    let (params, out) = (policies.join("params"), folder.join("out.csv"));
    let _ = fs::remove_file(&out);
    let path = |p: &Path| p.to_str().unwrap().to_owned();
    let files = [path(&facts), path(&policies), path(&params), path(&out)];
    let [facts, policies, params, to] = files.each_ref().map(String::as_str);
    let args = ["screen", "--facts", facts, "--policies", policies, "--params", params, "--on", DAY, "--out", to];
    let (ok, said) = run(&args, "");
    (ok, said, fs::read_to_string(&out).unwrap_or_default())
}

#[test]
fn a_file_of_persons_becomes_a_file_of_statuses_and_amounts() {
    let folder = tempfile::tempdir().unwrap();
    let persons: Vec<Person> = (1..=1500).map(Person::new).collect();
    let text = persons.iter().fold(HEAD.to_owned(), |mut all, person| {
        writeln!(all, "{}", person.line()).unwrap();
        all
    });
    let (ok, said, out) = screen(folder.path(), &text);
    assert!(ok, "{said}");
    let mut lines = out.lines();
    let head: HashMap<&str, usize> =
        lines.next().unwrap().split(',').enumerate().map(|(at, name)| (name, at)).collect();
    assert_eq!(head.len(), 1 + 2 * 36, "36 policies, status and amount each");
    let mut counts = [0; 3];
    for (person, line) in persons.iter().zip(lines.by_ref()) {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells[0], person.id.to_string());
        for (policy, (status, amount)) in [("dibao", person.dibao()), ("elder_allowance", person.elder_allowance())] {
            let status_text = status.map_or("", |s| if s { "1" } else { "0" });
            let amount_text = amount.map_or_else(String::new, |a| a.to_string());
            let said =
                (cells[head[format!("status_{policy}").as_str()]], cells[head[format!("amount_{policy}").as_str()]]);
            assert_eq!(said, (status_text, amount_text.as_str()), "{policy} of {}", person.line());
            counts[status.map_or(2, usize::from)] += 1;
        }
        assert_eq!(cells[head["status_temp_urgent"]], "", "no event is told, so nothing is assumed");
    }
    assert_eq!(lines.next(), None);
    assert!(counts.iter().all(|n| *n > 300), "not, eligible, unknown: {counts:?}");
}

#[test]
fn a_bad_row_is_named_in_chinese_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let good = Person::new(1).line();
    let cases = [
        ("2,430703,八十,0,1,true,false,0,0,false,false", "persons.csv:3 (p.age)：“八十”不是整数或 true、false"),
        (
            "2,430703,80,0,0,true,false,0,0,false,false",
            "第 2 行数据的“共同生活的家庭成员人数”写的是 0，应在 1 到 50 之间，请改正后重新运行",
        ),
        ("2,,80,0,1,true,false,0,0,false,false", "persons.csv (row 2, region)：不能为空"),
    ];
    for (bad, expected) in cases {
        let (ok, said, out) = screen(folder.path(), &format!("{HEAD}{good}\n{bad}\n"));
        assert!(!ok && said.contains(expected) && out.is_empty(), "{said}\n{expected}");
    }
}

#[test]
fn a_folder_of_policies_is_looked_over_before_it_is_used() {
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/policies");
    let (ok, said) = run(&["policies", "check", policies.to_str().unwrap(), "--on", DAY], "");
    assert!(ok && said.contains("36 项政策有效（8 项整体待核实）") && said.contains("430703: "), "{said}");
    let folder = tempfile::tempdir().unwrap();
    fs::copy(policies.join("dictionary.toml"), folder.path().join("dictionary.toml")).unwrap();
    fs::create_dir(folder.path().join("params")).unwrap();
    let card = fs::read_to_string(policies.join("P33-child-subsidy.toml")).unwrap();
    fs::write(folder.path().join("P33.toml"), card.replace("p.age < 3", "p.agee < 3")).unwrap();
    let (ok, said) = run(&["policies", "check", folder.path().to_str().unwrap(), "--on", DAY], "");
    assert!(!ok && said.contains("事实字典里没有“p.agee”") && said.contains("P33.toml:"), "{said}");
}
