//! What a worker sees: reasons, sources, missing facts, the next question.

use policy::library::{Library, Plan};
use policy::local::Local;
use policy::params::{Params, Places};
use policy::person::{Case, Facts, Held, Seen, State, questions};

const DICTIONARY: &str = r#"
[[fact]]
id = "income"
label = "家庭人均月收入"
kind = "number"
unit = "元/月"
min = 0
max = 100000
valid_days = 180
[[fact]]
id = "age"
label = "年龄"
kind = "number"
min = 0
max = 130
[[fact]]
id = "tekun"
label = "特困"
kind = "flag"
[[fact]]
id = "grade"
label = "残疾等级"
kind = "code"
choices = [{ code = 0, label = "无" }, { code = 1, label = "一级" }, { code = 2, label = "二级" }]
not_applicable = 0
[[param]]
id = "std"
label = "低保标准"
[[param]]
id = "edge"
label = "低保边缘线"
"#;

const DIBAO: &str = r#"
id = "dibao"
title = "最低生活保障"
unit = "household"
[[version]]
from = 2025-01-01
to = 2026-06-30
when = { is = "income < 600" }
[[version]]
from = 2026-07-01
source = "某办法"
[version.when]
all = [
  { is = "income < @std", text = "收入低于标准", source = "第一条" },
  { not = { is = "tekun" }, text = "不是特困", source = "第二条" },
]
[version.amount]
is = "@std - income"
"#;

const EDGE: &str =
    "id = \"edge\"\ntitle = \"边缘\"\n[[version]]\nfrom = 2026-01-01\nwhen = { is = \"@std <= income < @edge\" }\n";
const OLD: &str = "id = \"old\"\ntitle = \"高龄\"\n[[version]]\nfrom = 2026-01-01\nwhen = { is = \"age >= 80\" }\n[version.amount]\ntable = [{ when = \"age >= 100\", is = \"500\" }, { is = \"50\" }]\n";
const CARE: &str =
    "id = \"care\"\ntitle = \"护理\"\n[[version]]\nfrom = 2026-01-01\nwhen = { is = \"grade in {1, 2}\" }\n";

const PARAMS: &str = r#"
[[place]]
code = "county"
parent = "city"
[[place]]
code = "other"
parent = "city"
[[param]]
id = "std"
place = "city"
from = 2026-01-01
value = 700
source = "市文件1号"
[[param]]
id = "std"
place = "county"
from = 2026-06-01
to = 2026-12-31
value = 760
source = "县文件2号"
[[param]]
id = "edge"
place = "city"
from = 2026-01-01
is = "1.5 * @std"
source = "市文件3号"
"#;

struct Desk {
    library: Library,
    params: Params,
    places: Places,
}

impl Desk {
    fn new() -> Desk {
        let cards = [("dibao", DIBAO), ("edge", EDGE), ("old", OLD), ("care", CARE)];
        let library = Library::read(("dictionary", DICTIONARY), cards).unwrap_or_else(|f| panic!("{f:?}"));
        let (mut params, mut places) = (Params::default(), Places::default());
        params.read(library.dictionary(), &mut places, "params", PARAMS).unwrap();
        Desk { library, params, places }
    }

    fn plan(&self, day: &str) -> Plan {
        self.library.plan(day.parse().unwrap()).unwrap()
    }

    fn local(&self, plan: &Plan, place: &str) -> Local {
        plan.at(&self.library, &self.params, &self.places, place).unwrap()
    }

    fn facts(&self, known: &[(&str, Held, &str)]) -> Facts {
        let mut facts = Facts::unknown(self.library.dictionary());
        for (word, held, day) in known {
            let seen = Seen { held: *held, source: "入户".to_owned(), as_of: day.parse().ok() };
            facts.set(self.library.dictionary().fact_id(word).unwrap(), seen);
        }
        facts
    }
}

/// Answers by policy id: status, amount, range.
fn table(desk: &Desk, plan: &Plan, place: &str, facts: &Facts) -> Vec<String> {
    let local = desk.local(plan, place);
    let mut case = Case::new(plan, &local, desk.library.dictionary(), facts);
    let line = |a: &policy::person::Answer<'_>| {
        let id = &desk.library.card(a.policy.card).unwrap().id;
        format!("{id} {:?} {:?} {:?}", a.status, a.amount, a.range)
    };
    case.answers().iter().map(line).collect()
}

#[test]
fn a_threshold_of_one_county_moves_only_its_people_from_its_day_on() {
    let desk = Desk::new();
    let facts = desk.facts(&[("income", Held::Known(730), "2026-07-01"), ("tekun", Held::Known(0), "2026-07-01")]);
    let of = |day: &str, place: &str| table(&desk, &desk.plan(day), place, &facts)[1].clone();
    assert_eq!(of("2026-07-01", "county"), "dibao Some(true) Some(30) Some((30, 30))");
    assert_eq!(of("2026-07-01", "other"), "dibao Some(false) None None");
    assert_eq!(
        of("2027-01-01", "county"),
        "dibao None None Some((-99300, 700))",
        "the income is stale by then, the county's value has ended"
    );
}

#[test]
fn the_version_of_the_day_decides() {
    let desk = Desk::new();
    let facts = desk.facts(&[("income", Held::Known(650), "2026-06-01"), ("tekun", Held::Known(0), "2026-06-01")]);
    assert_eq!(table(&desk, &desk.plan("2026-06-30"), "other", &facts)[1], "dibao Some(false) None None");
    assert_eq!(table(&desk, &desk.plan("2026-07-01"), "other", &facts)[1], "dibao Some(true) Some(50) Some((50, 50))");
    assert_eq!(desk.plan("2024-12-31").policies.len(), 0);
}

#[test]
fn reasons_carry_words_values_sources_and_documents() {
    let desk = Desk::new();
    let plan = desk.plan("2026-07-01");
    let local = desk.local(&plan, "county");
    let facts = desk.facts(&[("income", Held::Known(500), "2026-06-20")]);
    let dibao = &plan.policies[1];
    let mut case = Case::new(&plan, &local, desk.library.dictionary(), &facts);
    let mut said = Vec::new();
    for reason in case.reasons(dibao) {
        let note = &reason.line.note;
        let facts = reason
            .line
            .facts
            .iter()
            .map(|f| facts.seen(*f).unwrap())
            .map(|s| format!("{:?} {} {:?}", s.held, s.source, s.as_of));
        let params = reason.line.params.iter().map(|p| local.params[usize::from(*p)].as_ref().unwrap());
        let params = params.map(|p| format!("{} {} {}", p.value, p.place, p.source));
        said.push(format!(
            "{}{}|{}|{:?}|{}|{}",
            "  ".repeat(reason.depth),
            note.text,
            note.source,
            reason.says,
            facts.collect::<Vec<_>>().join(";"),
            params.collect::<Vec<_>>().join(";")
        ));
    }
    assert_eq!(
        said,
        [
            "||None|Known(500) 入户 Some(2026-06-20);Unknown  None|760 county 县文件2号",
            "  收入低于标准|第一条|Some(true)|Known(500) 入户 Some(2026-06-20)|760 county 县文件2号",
            "  不是特困|第二条|None|Unknown  None|",
            "    ||None|Unknown  None|",
        ]
    );
}

#[test]
fn the_question_that_settles_most_comes_first_and_only_unknown_facts_are_asked() {
    let desk = Desk::new();
    let plan = desk.plan("2026-07-01");
    let local = desk.local(&plan, "county");
    let ask = |facts: &Facts| {
        let answers = Case::new(&plan, &local, desk.library.dictionary(), facts).answers();
        let word = |fact| desk.library.dictionary().fact(fact).unwrap().id.clone();
        let all = questions(&answers, facts, desk.library.dictionary(), plan.day);
        all.iter().map(|q| format!("{} {} {}", word(q.fact), q.settles, q.helps)).collect::<Vec<_>>()
    };
    assert_eq!(ask(&desk.facts(&[])), ["income 2 2", "tekun 1 1", "age 1 1", "grade 1 1"]);
    let stale = desk.facts(&[
        ("income", Held::Known(1), "2025-01-01"),
        ("age", Held::Contradictory, ""),
        ("grade", Held::NotApplicable, ""),
    ]);
    assert_eq!(ask(&stale), ["tekun 1 1"]);
    let dictionary = desk.library.dictionary();
    let states = [0, 1, 2, 3].map(|f| stale.state(dictionary, f, plan.day));
    assert_eq!(states, [State::Stale, State::Contradictory, State::Unknown, State::NotApplicable]);
}

#[test]
fn bounds_of_a_household_income_can_be_enough() {
    let desk = Desk::new();
    let plan = desk.plan("2026-07-01");
    let facts = desk.facts(&[
        ("income", Held::Between(100, 400), "2026-07-01"),
        ("tekun", Held::Known(0), "2026-07-01"),
        ("age", Held::Between(85, 120), ""),
    ]);
    assert_eq!(
        table(&desk, &plan, "county", &facts),
        [
            "care None None None",
            "dibao Some(true) None Some((360, 660))",
            "edge Some(false) None None",
            "old Some(true) None Some((50, 500))"
        ]
    );
}

#[test]
fn every_value_leading_to_the_same_end_settles_what_kleene_leaves_open() {
    let text = "id = \"q\"\ntitle = \"q\"\n[[version]]\nfrom = 2026-01-01\nwhen = { is = \"age >= 60 or age < 60\" }\n";
    let library = Library::read(("d", DICTIONARY), [("q", text)]).unwrap();
    let plan = library.plan("2026-07-01".parse().unwrap()).unwrap();
    let local = plan.at(&library, &Params::default(), &Places::default(), "x").unwrap();
    let facts = Facts::unknown(library.dictionary());
    let answer = Case::new(&plan, &local, library.dictionary(), &facts).answer(&plan.policies[0]);
    assert_eq!((answer.status, answer.settled), (None, Some(true)));
    assert!(answer.missing.sets.is_empty());
}

#[test]
fn a_missing_parameter_leaves_unknown_and_asks_nothing() {
    let desk = Desk::new();
    let plan = desk.plan("2026-07-01");
    let facts = desk.facts(&[("tekun", Held::Known(0), "2026-07-01")]);
    let local = desk.local(&plan, "elsewhere");
    let answer = Case::new(&plan, &local, desk.library.dictionary(), &facts).answer(&plan.policies[1]);
    assert_eq!((answer.status, answer.settled, answer.range), (None, None, None));
    assert!(answer.missing.yes.is_empty() && answer.missing.no.is_empty());
}

#[test]
fn statuses_stand_before_the_policies_that_ask_for_them() {
    let card = |id: &str, head: &str| {
        let text = format!(
            "id = \"{id}\"\ntitle = \"题\"\n{head}\n[[version]]\nfrom = 2026-01-01\nwhen = {{ is = \"tekun\" }}\n"
        );
        policy::card::read(id, &text).unwrap_or_else(|f| panic!("{f}"))
    };
    let dictionary = policy::dictionary::Dictionary::read("d", DICTIONARY).unwrap();
    let cards = vec![
        card("fire", "stage = \"emergency\""),
        card("b", "number = \"P22\""),
        card("a", "number = \"P23\"\nverified = false"),
        card("near", "stage = \"identity\"\nrank = 3"),
        card("old", "stage = \"identity\"\nrank = 1"),
    ];
    let library = Library::of(dictionary, cards).unwrap();
    let order: Vec<(&str, bool)> = library.in_order().iter().map(|c| (c.id.as_str(), c.verified)).collect();
    assert_eq!(order, [("old", true), ("near", true), ("b", true), ("a", false), ("fire", true)]);
}
