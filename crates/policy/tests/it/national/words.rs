//! What every card of the library carries beside its conditions.

use policy::card::{Card, Clause, How, Nature, Says, Stage};
use policy::dictionary::Kind;

use super::Shelf;

fn leaves<'a>(clause: &'a Clause, out: &mut Vec<&'a Clause>) {
    match &clause.says {
        Says::Is(_) => out.push(clause),
        Says::All(parts) | Says::Any(parts) => parts.iter().for_each(|part| leaves(part, out)),
        Says::Not(part) => leaves(part, out),
    }
}

/// Words of a card that must not be empty.
fn words(card: &Card) -> Vec<&str> {
    let mut all = vec![card.title.as_str(), &card.title_en, &card.route, &card.route_en, &card.confidence];
    let limits = card.limits.iter().flat_map(|l| [l.step.as_str(), &l.step_en, &l.source]);
    let evidence = card.evidence.iter().flat_map(|e| [e.text.as_str(), &e.text_en, &e.source]);
    let reviews = card.reviews.iter().flat_map(|r| [r.text.as_str(), &r.text_en, &r.source]);
    let stacking = card.stacking.iter().flat_map(|s| [s.text.as_str(), &s.text_en, &s.source]);
    all.extend(limits.chain(evidence).chain(reviews).chain(stacking));
    for version in &card.versions {
        all.push(&version.source);
        if let Some(amount) = &version.amount {
            all.extend([amount.text.as_str(), &amount.text_en, &amount.source, &amount.unit]);
        }
        let mut clauses = Vec::new();
        leaves(&version.when, &mut clauses);
        all.extend(clauses.iter().flat_map(|c| [c.note.text.as_str(), &c.note.text_en, &c.note.source]));
    }
    all
}

#[test]
fn every_condition_amount_limit_and_paper_has_words_in_both_languages_and_a_source() {
    for card in Shelf::open().library().cards() {
        let empty = words(card).iter().filter(|w| w.is_empty()).count();
        assert_eq!(empty, 0, "{} lacks words", card.number);
        assert!(!card.legal.is_empty() && !card.evidence.is_empty() && !card.reviews.is_empty(), "{}", card.number);
    }
}

/// Everything of a card that has a source and says whether it was read there.
fn marks(card: &Card) -> Vec<(&str, bool)> {
    let mut all: Vec<(&str, bool)> = card.limits.iter().map(|l| (l.source.as_str(), l.verified)).collect();
    all.extend(card.evidence.iter().map(|e| (e.source.as_str(), e.verified)));
    all.extend(card.reviews.iter().map(|r| (r.source.as_str(), r.verified)));
    all.extend(card.stacking.iter().map(|s| (s.source.as_str(), s.verified)));
    for version in &card.versions {
        all.extend(version.amount.iter().map(|a| (a.source.as_str(), a.verified)));
        let mut clauses = Vec::new();
        leaves(&version.when, &mut clauses);
        all.extend(clauses.iter().map(|c| (c.note.source.as_str(), c.note.verified)));
    }
    all
}

#[test]
fn what_is_to_be_confirmed_is_never_marked_as_read() {
    for card in Shelf::open().library().cards() {
        assert_eq!(card.verified, card.confidence != "verify", "{}", card.number);
        for (source, verified) in marks(card) {
            assert!(!(verified && source.contains("（待核实）")), "{}: {source}", card.number);
        }
    }
}

#[test]
fn statuses_come_in_the_order_of_the_law_and_the_rest_behind_them() {
    let library = Shelf::open().library();
    let numbers: Vec<&str> = library.in_order().iter().map(|c| c.number.as_str()).collect();
    assert_eq!(numbers[..5], ["P05", "P01", "P02", "P03", "P04"]);
    let stages: Vec<Stage> = library.in_order().iter().map(|c| c.stage).collect();
    assert!(stages.is_sorted());
    let mut all: Vec<&str> = numbers.iter().map(|n| n.get(..3).unwrap()).collect();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all, (1..=35).map(|n| format!("P{n:02}")).collect::<Vec<_>>());
}

#[test]
fn no_name_of_a_child_is_made_public() {
    let library = Shelf::open().library();
    let of = |wanted: fn(&Card) -> bool| {
        let mut numbers: Vec<&str> = library.cards().iter().filter(|c| wanted(c)).map(|c| c.number.as_str()).collect();
        numbers.sort_unstable();
        numbers.join(" ")
    };
    assert_eq!(of(|c| c.no_publicity), "P17 P18 P19 P20 P30 P31 P32");
    assert_eq!(of(|c| c.restricted), "P19 P30 P31 P32");
    assert_eq!(of(|c| c.nature == Nature::Duty), "P30 P32");
    assert_eq!(of(|c| !c.verified), "P19 P21 P22 P29 P31 P33 P34 P35");
}

#[test]
fn exclusions_are_mutual_and_never_also_stacked() {
    let library = Shelf::open().library();
    let by_id = |id: &str| library.cards().iter().find(|c| c.id == id).unwrap();
    for card in library.cards() {
        for other in &card.conflicts {
            assert!(by_id(other).conflicts.contains(&card.id), "{} and {other}", card.id);
            assert!(card.stacking.iter().all(|s| s.with != *other), "{} and {other}", card.id);
        }
        for line in card.stacking.iter().filter(|s| s.how == How::Choose) {
            let back = by_id(&line.with).stacking.iter().find(|s| s.with == card.id);
            assert!(back.is_none_or(|s| s.how == How::Choose), "{} and {}", card.id, line.with);
        }
    }
}

#[test]
fn every_fact_has_words_sources_and_a_question_where_one_is_worth_asking() {
    let library = Shelf::open().library();
    let plan = library.plan("2026-07-15".parse().unwrap()).unwrap();
    let used: Vec<u16> = plan.policies.iter().flat_map(|p| p.facts.iter().chain(&p.amount_facts)).copied().collect();
    for (id, fact) in (0..).zip(library.dictionary().facts()) {
        assert!(!fact.label.is_empty() && !fact.label_en.is_empty() && !fact.sources.is_empty(), "{}", fact.id);
        assert!(fact.choices.iter().all(|c| !c.label.is_empty() && !c.label_en.is_empty()), "{}", fact.id);
        assert!(fact.kind != Kind::Number || !fact.unit.is_empty(), "{} has no unit", fact.id);
        assert!(used.contains(&id), "no policy asks for {}", fact.id);
    }
    for param in library.dictionary().params() {
        assert!(!param.label.is_empty() && !param.label_en.is_empty(), "{}", param.id);
    }
}

#[test]
fn statuses_name_categories_that_the_ledger_has() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/codes/category.toml");
    let codes: toml::Table = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let known: Vec<&str> = codes["items"].as_array().unwrap().iter().map(|i| i["code"].as_str().unwrap()).collect();
    for fact in Shelf::open().library().dictionary().facts() {
        let stray = fact.categories.iter().find(|c| !known.contains(&c.as_str()));
        assert_eq!(stray, None, "{}", fact.id);
        assert!(fact.approved_of.is_none() || !fact.categories.is_empty(), "{} stands in no category", fact.id);
    }
}

#[test]
fn the_example_places_are_complete_and_say_that_they_are_examples() {
    let shelf = Shelf::open();
    let library = shelf.library();
    let (params, places) = shelf.params(library.dictionary());
    let day = "2026-09-15".parse().unwrap();
    let mut lacking = [Vec::new(), Vec::new()];
    for (id, param) in (0..).zip(library.dictionary().params()) {
        let at = |place| params.resolve(library.dictionary(), &places, id, place, day).unwrap();
        let (dingcheng, jiulongpo) = (at("430703"), at("500107"));
        lacking[0].extend(dingcheng.is_none().then_some(param.id.as_str()));
        lacking[1].extend(jiulongpo.is_none().then_some(param.id.as_str()));
        for found in [dingcheng, jiulongpo].into_iter().flatten() {
            assert_eq!(found.example, found.place != "national", "{}", param.id);
            assert!(!(found.example && found.verified), "{}", param.id);
        }
        if let Some(national) = at("national") {
            assert_ne!(param.unit.chars().next(), Some('分'), "{} {national:?}: no amount of money is known", param.id);
        }
    }
    // What a place has switched off needs no value: bands, extensions, pilots, a lower age or level.
    let off = "dibao.band_1 dibao.band_2 dibao.band_3 dis.care_std_ext elder.allow_70 elder.care_sub_mild ltc.min_level \
               ltc.pay_severe ltc.pay_total";
    assert_eq!(lacking.map(|list| list.join(" ")), [off, "mental.guard_award"]);
}
