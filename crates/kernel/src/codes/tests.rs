use std::collections::{BTreeMap, BTreeSet};

use super::*;

#[test]
fn every_list_has_items_with_unique_codes_and_both_labels() {
    assert!(lists().len() >= 40);
    for (name, list) in lists() {
        let codes: BTreeSet<_> = list.items.iter().map(|i| &i.code).collect();
        assert_eq!(codes.len(), list.items.len(), "{name}: a code stands twice");
        assert!(!list.items.is_empty(), "{name} is empty");
        assert!(list.items.iter().all(|i| !i.label.is_empty() && !i.label_en.is_empty()), "{name}: a label is missing");
        let marks = ["seed", "rule", "rule*", "page", "verify", "design"];
        assert!(marks.contains(&list.confidence.as_str()), "{name}: unknown mark");
        let marks_of_items = list.items.iter().filter_map(|i| i.mark.as_deref());
        assert!(marks_of_items.into_iter().all(|m| marks.contains(&m)), "{name}: unknown mark");
        for item in &list.items {
            assert!(item.next.iter().flatten().all(|n| list.has(n)), "{name}: {} leads nowhere", item.code);
        }
    }
}

#[test]
fn the_standard_lists_have_the_standard_sizes() {
    for (name, size) in [("sex", 4), ("ethnicity", 58), ("marital", 8), ("political", 13), ("relation", 9)] {
        assert_eq!(list(name).unwrap().items.len(), size, "{name}");
    }
    assert_eq!(label("ethnicity", "15", Lang::Zh), "土家族");
    assert_eq!(label("ethnicity", "56", Lang::En), "Jino");
    assert_eq!(label("grade", "A", Lang::Zh), "重点");
    assert_eq!(label("grade", "Z", Lang::Zh), "Z");
    assert!(has("visit_mode", "home") && !has("visit_mode", "HOME") && !has("nothing", "home"));
}

/// Frozen: a change here breaks the mask column of every database in use. Only add lines.
const BITS: &[(&str, u8)] = &[
    ("DIBAO", 0),
    ("NEAR", 1),
    ("RIGID", 2),
    ("TEKUN_H", 3),
    ("TEKUN_I", 4),
    ("ORPHAN", 5),
    ("DEFACTO", 6),
    ("DIFFICULT_CHILD", 7),
    ("LEFT_CHILD", 8),
    ("MIGRANT_CHILD", 9),
    ("STREET_CHILD", 10),
    ("DIS_SEVERE", 11),
    ("DIS_OTHER", 12),
    ("ELDER60", 13),
    ("ELDER80", 14),
    ("ELDER100", 15),
    ("ALONE", 16),
    ("EMPTY", 17),
    ("DISABLED_ELDER", 18),
    ("DEMENTIA", 19),
    ("MENTAL", 20),
    ("CORRECTION", 21),
    ("DETOX", 22),
    ("RECOVERY", 23),
    ("RELEASED", 24),
    ("VETERAN", 25),
    ("ENTITLED", 26),
    ("MIGRANT", 27),
    ("FP_SPECIAL", 28),
    ("POVERTY_WATCH", 29),
    ("DV_VICTIM", 30),
    ("VICTIM_MINOR", 31),
    ("HOMELESS", 32),
    ("DISASTER", 33),
    ("SUDDEN", 34),
    ("LEFT_ELDER", 35),
    ("LEFT_WOMAN", 36),
    ("UNEMPLOYED_HARD", 37),
];

#[test]
fn the_bits_of_categories_are_frozen() {
    for (code, bit) in BITS {
        assert_eq!(category_bit(code), Some(*bit), "{code}");
    }
    let mut users: BTreeMap<u8, usize> = BTreeMap::new();
    for item in &list("category").unwrap().items {
        let bit = item.bit.unwrap_or_else(|| panic!("{} has no bit", item.code));
        assert!(bit <= 62, "{} does not fit in 63 bits", item.code);
        *users.entry(bit).or_default() += 1;
    }
    assert_eq!(users.len(), BITS.len(), "a category has a bit that the frozen table does not know");
    assert_eq!((users[&11], users[&12]), (14, 14));
    assert!(users.iter().all(|(bit, n)| *n == 1 || matches!(bit, 11 | 12)), "two categories share a bit");
}

#[test]
fn disabilities_share_two_bits() {
    assert_eq!(category_bit("DIS_4_2"), Some(11));
    assert_eq!(category_bit("DIS_5_3"), Some(12));
    assert_eq!(category_bit("DIS_8_1"), None);
    assert_eq!(category_mask("DIS"), Some(0b11 << 11));
    assert_eq!(category("DIS_4_2").unwrap().label, "残疾人（肢体二级）");
    assert_eq!(categories_mask(["DIBAO", "DIS_4_2", "DIS_1_1", "?"]), 1 | 1 << 11);
}

#[test]
fn categories_say_whether_they_are_verified_and_restricted() {
    for item in &list("category").unwrap().items {
        assert!(item.statutory.is_some() && item.restricted.is_some() && item.group.is_some(), "{}", item.code);
        let evidence = item.evidence.as_deref().unwrap_or_default();
        assert!(has("evidence_kind", evidence), "{}: unknown evidence {evidence}", item.code);
        assert!(item.source.is_some() && item.start_rule.is_some(), "{}", item.code);
    }
    assert!(category("DIBAO").unwrap().verified);
    assert!(!category("LEFT_ELDER").unwrap().verified && !category("ALONE").unwrap().verified);
    let restricted = ["MENTAL", "CORRECTION", "DETOX", "RECOVERY", "RELEASED", "DV_VICTIM", "VICTIM_MINOR"];
    assert_eq!(restricted_mask(), categories_mask(restricted));
}

#[test]
fn risk_signs_are_red_or_orange_and_division_kinds_have_a_level() {
    let signs = &list("risk_sign").unwrap().items;
    assert_eq!(signs.len(), 13);
    assert!(signs.iter().all(|s| matches!(s.level.as_deref(), Some("red" | "orange")) && s.act.is_some()));
    let kinds = &list("division_kind").unwrap().items;
    assert!(kinds.iter().all(|k| matches!(k.level.as_deref(), Some("1" | "2" | "3" | "4" | "5"))));
}

#[test]
fn an_item_shows_what_the_contract_names_and_no_bit() {
    let shown = serde_json::to_value(category("MENTAL").unwrap()).unwrap();
    assert_eq!(shown["restricted"], true);
    assert_eq!(shown["verified"], true);
    assert_eq!(shown["group"], "health");
    assert!(shown.get("bit").is_none() && shown.get("mark").is_none() && shown.get("next").is_none());
}
