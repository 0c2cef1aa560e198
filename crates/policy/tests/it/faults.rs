//! Faults name file, line and place, in both languages.

use policy::library::Library;
use policy::params::{Params, Places};

const DICTIONARY: &str = r#"
[[fact]]
id = "age"
label = "年龄"
kind = "number"
min = 0
max = 120
[[fact]]
id = "alone"
label = "独居"
kind = "flag"
[[fact]]
id = "gets_a"
label = "正在享受甲"
kind = "flag"
approved_of = "a"
[[fact]]
id = "gets_b"
label = "正在享受乙"
kind = "flag"
approved_of = "b"
[[param]]
id = "std"
label = "标准"
"#;

fn card(id: &str, when: &str, rest: &str) -> String {
    format!("id = \"{id}\"\ntitle = \"题\"\n[[version]]\nfrom = 2026-01-01\nwhen = {when}\n{rest}")
}

fn faults(cards: &[(&str, String)]) -> Vec<String> {
    let read = Library::read(("dictionary.toml", DICTIONARY), cards.iter().map(|(n, t)| (*n, t.as_str())));
    read.err().unwrap_or_default().iter().map(|f| format!("{f} | {}", f.zh)).collect()
}

#[test]
fn a_fault_of_a_card_says_where_it_stands() {
    let one = |when: &str, rest: &str| faults(&[("a.toml", card("a", when, rest))]).join("\n");
    let cases = [
        (
            one(r#"{ is = "ages > 3" }"#, ""),
            "a.toml:5 (version 2026-01-01 > when, column 1): the dictionary has no fact `ages` | 事实字典里没有“ages”",
        ),
        (
            one(r#"{ all = [{ is = "alone" }, { is = "age > @sdt" }] }"#, ""),
            "a.toml:5 (version 2026-01-01 > when > all 2, column 7): there is no parameter `sdt` | 没有名为“sdt”的参数",
        ),
        (
            one(r#"{ is = "age" }"#, ""),
            "a.toml:5 (version 2026-01-01 > when): a condition is needed here, not a number | 此处需要条件（例如 age >= 60），写的是数字",
        ),
        (
            one(r#"{ is = "alone + 1 > 2" }"#, ""),
            "a.toml:5 (version 2026-01-01 > when): a number is needed here, not a condition | 此处需要数字，写的是条件",
        ),
        (
            one(r#"{ is = "alone", all = [] }"#, ""),
            "a.toml:5 (version 2026-01-01 > when): exactly one of is, all, any, not is needed | is、all、any、not 应恰好写一个",
        ),
        (one(r#"{ is = "alone", sources = "x" }"#, ""), "a.toml:5: not readable: unknown field `sources`"),
        (
            one(r#"{ is = "alone" }"#, "[version.amount]\ntable = [{ is = \"1\" },\n { is = \"2\" }]\n"),
            "a.toml:7 (version 2026-01-01 > amount > row 1): a row without condition can only be the last | 没有条件的行只能放在最后",
        ),
        (
            one(r#"{ is = "alone" }"#, "[[version]]\nfrom = 2026-05-01\nwhen = { is = \"alone\" }\n"),
            "a.toml: two versions are in force from 2026-05-01; end the earlier one with `to` | 2026-05-01 起有两个版本同时有效，请给前一版写上 to",
        ),
    ];
    for (said, expected) in cases {
        assert!(said.starts_with(expected), "{said}\n{expected}");
    }
}

#[test]
fn a_ring_of_approved_statuses_is_refused_with_its_clause() {
    let cards = [
        ("a.toml", card("a", r#"{ all = [{ is = "alone" }, { is = "not gets_b" }] }"#, "")),
        ("b.toml", card("b", r#"{ is = "gets_a" }"#, "")),
    ];
    assert_eq!(
        faults(&cards),
        [
            "b.toml:5 (version 2026-01-01 > when): policies refer to each other in a ring: a → b → a | 政策互相引用成环：a → b → a"
        ]
    );
    let alone = faults(&[("b.toml", card("b", r#"{ is = "gets_a" }"#, ""))]);
    assert_eq!(
        alone,
        [
            "b.toml:5 (version 2026-01-01 > when): asks for the approved status of `a`, which is no policy here | 引用了“a”的认定结果，但没有这项政策"
        ]
    );
}

#[test]
fn the_same_policy_twice_and_unknown_conflicts_are_refused() {
    let cards = [("a.toml", card("a", r#"{ is = "alone" }"#, "")), ("b.toml", card("a", r#"{ is = "alone" }"#, ""))];
    assert_eq!(faults(&cards), ["b.toml: policy `a` stands in a.toml already | 政策“a”在 a.toml 里已经有了"]);
    let conflict = card("a", r#"{ is = "alone" }"#, "").replace("title", "conflicts = [\"c\"]\ntitle");
    assert_eq!(faults(&[("a.toml", conflict)]), ["a.toml (conflicts): there is no policy `c` | 没有政策“c”"]);
    let stacking = card("a", r#"{ is = "alone" }"#, "[[stacking]]\nwith = \"d\"\nhow = \"top_up\"\n");
    assert_eq!(faults(&[("a.toml", stacking)]), ["a.toml (stacking): there is no policy `d` | 没有政策“d”"]);
}

#[test]
fn only_a_yes_or_no_fact_is_made_of_categories() {
    let of = |id: &str| {
        let line = format!("id = \"{id}\"");
        let text = DICTIONARY.replace(&line, &format!("{line}\ncategories = [\"DIBAO\"]"));
        policy::dictionary::Dictionary::read("d.toml", &text).map(|d| d.facts()[1].categories.clone())
    };
    assert_eq!(of("alone").unwrap(), ["DIBAO"]);
    let fault = of("age").unwrap_err();
    assert_eq!(fault.to_string(), "d.toml:2 (age): only a yes-or-no fact may have categories");
}

#[test]
fn numbers_that_may_leave_64_bits_are_refused_before_anything_runs() {
    let text = card(
        "a",
        r#"{ is = "alone" }"#,
        "[version.amount]\nis = \"age * age * age * age * age * age * age * age * age * age\"\n",
    );
    let library = Library::read(("d", DICTIONARY), [("a.toml", text.as_str())]).unwrap();
    let plan = library.plan("2026-07-01".parse().unwrap()).unwrap();
    let fault = plan.at(&library, &Params::default(), &Places::default(), "x").unwrap_err();
    assert!(
        fault.to_string().starts_with("a.toml (a): within the bounds of the facts the result may leave 64 bits"),
        "{fault}"
    );
}

#[test]
fn overlapping_periods_and_rings_of_parameters_are_refused() {
    let library = Library::read(("d", DICTIONARY), []).unwrap();
    let mut params = Params::default();
    let text = "[[param]]\nid = \"std\"\nplace = \"x\"\nfrom = 2026-01-01\nvalue = 1\n[[param]]\nid = \"std\"\nplace = \"x\"\nfrom = 2026-03-01\nvalue = 2\n";
    let fault = params.read(library.dictionary(), &mut Places::default(), "p.toml", text).unwrap_err();
    assert_eq!(fault.to_string(), "p.toml:6 (std at x): overlaps the value from 2026-01-01 (p.toml:1 (std at x))");
    let mut params = Params::default();
    let text = "[[param]]\nid = \"std\"\nplace = \"x\"\nfrom = 2026-01-01\nis = \"2 * @std\"\n";
    params.read(library.dictionary(), &mut Places::default(), "p.toml", text).unwrap();
    let found = params.resolve(library.dictionary(), &Places::default(), 0, "x", "2026-07-01".parse().unwrap());
    assert_eq!(found.unwrap_err().to_string(), "p.toml:1 (std at x): parameter formulas refer to each other in a ring");
}

#[test]
fn a_parameter_in_another_unit_than_its_dictionary_is_refused() {
    let dictionary = DICTIONARY.replace("label = \"标准\"", "label = \"标准\"\nunit = \"分/月\"");
    let library = Library::read(("d", dictionary.as_str()), []).unwrap();
    let of = |rest: &str| {
        let (mut params, mut places) = (Params::default(), Places::default());
        let text = format!("[[param]]\nid = \"std\"\nplace = \"x\"\nfrom = 2026-01-01\nvalue = 1\n{rest}");
        params.read(library.dictionary(), &mut places, "p.toml", &text).map(|()| (params, places))
    };
    let (params, places) = of("unit = \"分/月\"\nexample = true\nverified = false\n").unwrap();
    let day = "2026-07-01".parse().unwrap();
    let found = params.resolve(library.dictionary(), &places, 0, "x", day).unwrap().unwrap();
    assert_eq!((found.value, found.example, found.verified), (1, true, false));
    let fault = of("unit = \"元/月\"\n").unwrap_err();
    assert_eq!(
        format!("{fault} | {}", fault.zh),
        "p.toml:1 (std at x): the unit `元/月` is not `分/月`, that of the dictionary | 单位“元/月”与事实字典的“分/月”不同"
    );
}
