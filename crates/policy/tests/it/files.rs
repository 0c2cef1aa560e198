//! Persons and parameters from files to results in files, with the policies of the benchmark.

use std::num::NonZero;
use std::path::Path;

use policy::files;
use policy::screen::Screen;

const PERSONS: &str = "person_id,region,age,hh_income_pc,hh_assets,tekun,dibao,note\n\
    7,1,85,500,1000,false,,x\n8,0,30,,1000,false,true,\n9,0,101,900,,,,\n";
const TREE: &str = r#"{"province": {"dibao_std": [["2025-07-01", 600], ["2026-07-01", 700]], "asset_cap": [["2026-07-01", 5000]],
    "hl80": [["2026-07-01", 50]], "hl90": [["2026-07-01", 100]], "hl100": [["2026-07-01", 300]], "other": [["2026-07-01", 1]]},
    "prefecture": {"0": {}}, "county": {"0": {}, "1": {"dibao_std": [["2026-07-01", 760]]}}}"#;

fn run(folder: &Path, facts: &Path, out: &Path) {
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench/policy/policies");
    let library = files::library(&policies).unwrap();
    let plan = library.plan("2026-07-01".parse().unwrap()).unwrap();
    let regions = files::parameters(&folder.join("params.json"), library.dictionary()).unwrap();
    let persons = files::persons(facts, library.dictionary()).unwrap();
    let locals = files::locals(&library, &plan, &regions, &persons).unwrap();
    let ledger = files::ledger(&library, &plan, &persons).unwrap();
    let screen = Screen::new(&plan, ledger.layout(), &locals);
    let mut outcome = screen.outcome(&ledger);
    screen.run(&ledger, NonZero::<usize>::MIN, &mut outcome);
    files::results(out, &library, &plan, &persons, &ledger, &outcome).unwrap();
}

#[test]
fn results_stand_in_the_order_of_the_persons_with_nothing_for_unknown() {
    let folder = std::env::temp_dir().join(format!("sheqiao-files-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("params.json"), TREE).unwrap();
    std::fs::write(folder.join("persons.csv"), PERSONS).unwrap();
    run(&folder, &folder.join("persons.csv"), &folder.join("out.csv"));
    let text = std::fs::read_to_string(folder.join("out.csv")).unwrap();
    let mut lines = text.lines().map(|l| l.split(',').collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let rows: Vec<Vec<&str>> = lines.collect();
    let cell = |row: usize, name: &str| rows[row][head.iter().position(|h| *h == name).unwrap()].to_owned();
    assert_eq!((0..3).map(|r| cell(r, "person_id")).collect::<Vec<_>>(), ["7", "8", "9"]);
    let of = |name: &str| {
        (0..3).map(|r| (cell(r, &format!("status_{name}")), cell(r, &format!("amount_{name}")))).collect::<Vec<_>>()
    };
    let said = |list: [(&str, &str); 3]| list.map(|(s, a)| (s.to_owned(), a.to_owned())).to_vec();
    assert_eq!(of("dibao"), said([("1", "26000"), ("", ""), ("0", "")]));
    assert_eq!(of("gaoling"), said([("1", "50"), ("0", ""), ("1", "300")]));
    run(&folder, &folder.join("persons.csv"), &folder.join("out.parquet"));
    std::fs::write(folder.join("bad.csv"), "person_id,region,age\n1,0,500\n").unwrap();
    let library = files::library(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench/policy/policies")).unwrap();
    let plan = library.plan("2026-07-01".parse().unwrap()).unwrap();
    let persons = files::persons(&folder.join("bad.csv"), library.dictionary()).unwrap();
    let fault = files::ledger(&library, &plan, &persons).unwrap_err();
    assert!(
        fault.to_string().ends_with("bad.csv (row 1, age): 500 is outside the bounds of the dictionary"),
        "{fault}"
    );
    assert!(fault.zh.contains("第 1 行数据的“年龄”写的是 500，应在 0 到 130 之间"), "{}", fault.zh);
    assert!(std::fs::metadata(folder.join("out.parquet")).unwrap().len() > 500);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn places_are_numbered_as_they_occur_and_parameters_may_be_a_folder() {
    let folder = std::env::temp_dir().join(format!("sheqiao-places-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let persons = folder.join("persons.csv");
    std::fs::write(&persons, "person_id,region,p.age\n1,500107,80\n2,430703,80\n3,500107,81\n").unwrap();
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/policies");
    let library = files::library(&policies).unwrap();
    let persons = files::persons(&persons, library.dictionary()).unwrap();
    assert_eq!((persons.places.as_slice(), persons.regions.as_slice()), (&[430_703, 500_107][..], &[1, 0, 1][..]));
    let plan = library.plan("2026-07-15".parse().unwrap()).unwrap();
    let regions = files::parameters(&policies.join("params"), library.dictionary()).unwrap();
    let locals = files::locals(&library, &plan, &regions, &persons).unwrap();
    assert_eq!(locals.iter().map(|l| l.place.as_str()).collect::<Vec<_>>(), ["430703", "500107"]);
    std::fs::remove_dir_all(&folder).unwrap();
}
