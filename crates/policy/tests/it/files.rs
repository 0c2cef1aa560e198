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

/// Persons of three places, enough for several blocks, from a fixed sequence.
fn many(rows: u64, shift: u64) -> String {
    let mut text = String::from("person_id,region,age,hh_income_pc,hh_assets,tekun,dibao\n");
    for n in 0..rows {
        let mixed = (n + shift).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
        let income = if mixed.is_multiple_of(7) { String::new() } else { (mixed % 1_500).to_string() };
        let flag = |bits: u64| ["true", "false", ""][(bits % 3) as usize];
        text += &format!(
            "{n},{},{},{income},{},{},{}\n",
            mixed % 2,
            (mixed >> 3) % 105,
            (mixed >> 9) % 9_000,
            flag(mixed >> 5),
            flag(mixed >> 7)
        );
    }
    text
}

#[test]
fn a_night_over_a_narrow_file_says_what_a_run_in_memory_says_and_what_changed() {
    use policy::files::narrow::{Narrow, pack};
    let folder = std::env::temp_dir().join(format!("sheqiao-narrow-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("params.json"), TREE).unwrap();
    let library = files::library(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench/policy/policies")).unwrap();
    let plan = library.plan("2026-07-01".parse().unwrap()).unwrap();
    let regions = files::parameters(&folder.join("params.json"), library.dictionary()).unwrap();
    let threads = NonZero::new(2).unwrap();
    let mut nights = Vec::new();
    for (n, shift) in [(1, 0), (2, 3)] {
        std::fs::write(folder.join("persons.csv"), many(70_000, shift)).unwrap();
        let persons = files::persons(&folder.join("persons.csv"), library.dictionary()).unwrap();
        // The same places for the same persons both nights.
        let mut persons = persons;
        persons.regions = (0..persons.ids.len()).map(|row| u32::from(row.is_multiple_of(3))).collect();
        let locals = files::locals(&library, &plan, &regions, &persons).unwrap();
        let ledger = files::ledger(&library, &plan, &persons).unwrap();
        let screen = Screen::new(&plan, ledger.layout(), &locals);
        let mut outcome = screen.outcome(&ledger);
        screen.run(&ledger, NonZero::<usize>::MIN, &mut outcome);
        let path = folder.join("ledger");
        pack(&path, library.dictionary(), &plan, &persons.places, &ledger, NonZero::<usize>::MIN).unwrap();
        let narrow = Narrow::open(&path, library.dictionary(), &plan).unwrap();
        assert_eq!(narrow.persons(), 70_000);
        let before = (n > 1).then(|| folder.join("night1"));
        let out = folder.join(format!("night{n}"));
        let night = narrow.night(&screen, plan.policies.len(), before.as_deref(), &out, threads).unwrap();
        let words = |name: &str| -> Vec<u64> {
            let bytes = std::fs::read(out.join(name)).unwrap();
            bytes.chunks_exact(8).map(|b| u64::from_le_bytes(b.try_into().unwrap())).collect()
        };
        let status = words("status");
        let mut amounts = 0;
        for slot in ledger.slots() {
            let (block, row) = (*slot as usize / 512, *slot as usize % 512);
            for policy in 0..plan.policies.len() {
                let cell = outcome.cell(policy, *slot).unwrap();
                let bit = |column: usize| {
                    status[(block * plan.policies.len() + policy) * 24 + column * 8 + row / 64] >> (row % 64) & 1 == 1
                };
                assert_eq!((cell.status, cell.amount.is_some()), (bit(1).then(|| bit(0)), bit(2)));
                amounts += usize::from(cell.amount.is_some());
            }
        }
        let written: u64 = (0..2).map(|n| std::fs::metadata(out.join(format!("amounts-{n}"))).unwrap().len()).sum();
        assert!(
            amounts > 1_000 && written >= amounts as u64 * 4 && written <= amounts as u64 * 8,
            "{amounts} {written}"
        );
        nights.push((outcome, night, words("differences")));
    }
    let (first, second) = (&nights[0], &nights[1]);
    let mut counted = vec![[0_u64; 3]; plan.policies.len()];
    let blocks = second.2.len() / plan.policies.len() / 24;
    for block in 0..blocks {
        for (policy, counts) in counted.iter_mut().enumerate() {
            let kinds = second.0.differences(&first.0, policy, block);
            let at = (block * plan.policies.len() + policy) * 24;
            assert_eq!(second.2[at..at + 24], kinds.concat());
            for (count, kind) in counts.iter_mut().zip(kinds) {
                *count += kind.iter().map(|w| u64::from(w.count_ones())).sum::<u64>();
            }
        }
    }
    assert_eq!(second.1.differences, counted);
    assert!(counted.iter().flatten().sum::<u64>() > 1_000);

    // A file that was cut off, or packed for other facts, is refused in words.
    let bytes = std::fs::read(folder.join("ledger")).unwrap();
    std::fs::write(folder.join("cut"), &bytes[..bytes.len() - 8]).unwrap();
    let cut = Narrow::open(&folder.join("cut"), library.dictionary(), &plan).err().unwrap();
    assert!(cut.zh.contains("不完整"), "{cut}");
    let national = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/policies");
    let other = files::library(&national).unwrap();
    let theirs = other.plan("2026-11-25".parse().unwrap()).unwrap();
    let refused = Narrow::open(&folder.join("ledger"), other.dictionary(), &theirs).err().unwrap();
    assert!(refused.zh.contains("请重新生成"), "{refused}");
    std::fs::remove_dir_all(&folder).unwrap();
}
