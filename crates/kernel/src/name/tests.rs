use super::*;
use crate::document::DocType;

#[test]
fn names_are_kept_as_they_stand_on_the_document() {
    for (typed, kept) in [
        ("王芳", "王芳"),
        ("  王芳\u{3000}", "王芳"),
        ("王\u{3000}芳", "王芳"),
        ("王 芳", "王芳"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("阿依古丽•买买提", "阿依古丽•买买提"),
        ("John  Smith", "John Smith"),
        ("Cafe\u{301}", "Café"),
        ("𠮷𬭳", "𠮷𬭳"),
        ("无名氏01", "无名氏01"),
    ] {
        assert_eq!(parse(typed).as_deref(), Ok(kept), "{typed}");
    }
    assert_eq!(parse(&"𠮷".repeat(50)).map(|n| n.chars().count()), Ok(50));
}

#[test]
fn impossible_names_are_refused_with_a_sentence() {
    for (typed, error) in [
        ("", NameError::Empty),
        (" \u{3000}\n", NameError::Empty),
        ("王\0芳", NameError::Character(0)),
        ("王\u{7}芳", NameError::Character(7)),
        ("王\u{202E}芳", NameError::Character(0x202E)),
        ("王\u{200B}芳", NameError::Character(0x200B)),
        ("王\u{FFFD}", NameError::Character(0xFFFD)),
        ("王\u{E815}", NameError::Private(0xE815)),
    ] {
        assert_eq!(parse(typed), Err(error.clone()), "{typed:?}");
        assert!(!error.zh().is_empty() && !error.en().is_empty());
    }
    assert_eq!(parse(&"王".repeat(51)), Err(NameError::TooLong(51)));
}

#[test]
fn look_alike_dots_spaces_and_widths_have_one_key() {
    let key = "阿依古丽·买买提";
    for dot in ["·", "•", ".", "・", "‧", "∙", "⋅", "･", "．", " · "] {
        assert_eq!(name_key(&format!("阿依古丽{dot}买买提")), key, "{dot}");
    }
    for (name, key) in
        [("John SMITH", "johnsmith"), ("ＪＯＨＮ", "john"), ("Cafe\u{301}", "café"), ("葛\u{E0100}洪", "葛洪")]
    {
        assert_eq!(name_key(name), key);
    }
}

#[test]
fn surnames_are_found_under_their_own_reading_and_the_usual_one() {
    for (name, first, other) in [
        ("单雄信", "shanxiongxin", "danxiongxin"),
        ("查良镛", "zhaliangyong", "chaliangyong"),
        ("曾国藩", "zengguofan", "cengguofan"),
        ("解珍", "xiezhen", "jiezhen"),
        ("仇英", "qiuying", "chouying"),
        ("区大相", "oudaxiang", "qudaxiang"),
        ("盖叫天", "gejiaotian", "gaijiaotian"),
        ("尉迟恭", "yuchigong", "weichigong"),
        ("万俟卨", "moqixie", "wanqixie"),
        ("吕布", "lvbu", "lvbu"),
        ("仲任重", "zhongrenzhong", "zhongrenchong"),
    ] {
        let keys = search_keys(name);
        assert_eq!(keys.pinyin_full.first().map(String::as_str), Some(first), "{name}: {:?}", keys.pinyin_full);
        assert!(keys.pinyin_full.iter().any(|p| p == other), "{name}: {other} not in {:?}", keys.pinyin_full);
    }
    assert!(search_keys("单雄信").initials.iter().any(|i| i == "sxx"));
    assert!(search_keys("单雄信").initials.iter().any(|i| i == "dxx"));
    assert!(!search_keys("王单").pinyin_full.is_empty());
}

#[test]
fn spellings_are_few_and_without_repeats() {
    let keys = search_keys("单曾解仇区盖朴秘召缪折种翟乐行长重");
    assert_eq!(keys.pinyin_full.len(), MAX_SPELLINGS);
    let mut sorted = keys.pinyin_full.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted.len(), MAX_SPELLINGS);
    assert!(keys.initials.len() <= MAX_SPELLINGS);
    assert_eq!(search_keys("张敏静").pinyin_full, ["zhangminjing"]);
    assert_eq!(search_keys("张敏静").initials, ["zmj"]);
}

#[test]
fn rare_characters_have_keys_or_are_passed_over() {
    for (name, full) in [
        ("王㙍", "wangduo"),
        ("王䶮", "wangyan"),
        ("𠮷田", "jitian"),
        ("王𬭳", "wangxi"),
        ("王𬎆", "wangying"),
        ("王𪻐", "wangcong"),
        ("王\u{323AF}芳", "wangfang"),
    ] {
        let keys = search_keys(name);
        assert_eq!(keys.name_key, name);
        assert!(keys.pinyin_full.iter().any(|p| p == full), "{name}: {:?}", keys.pinyin_full);
    }
    let none = search_keys("\u{323AF}");
    assert!(none.pinyin_full.is_empty() && none.initials.is_empty() && !none.name_key.is_empty());
}

#[test]
fn minority_and_latin_names_are_found_by_letters() {
    for (name, full, initials) in [
        ("阿依古丽·买买提", "ayigulimaimaiti", "ayglmmt"),
        ("John O'Neil", "johnoneil", "jo"),
        ("Müller-Lüdenscheidt", "mullerludenscheidt", "ml"),
        ("无名氏01", "wumingshi01", "wms01"),
        ("吕绿", "lvlv", "ll"),
    ] {
        let keys = search_keys(name);
        assert!(keys.pinyin_full.iter().any(|p| p == full), "{name}: {:?}", keys.pinyin_full);
        assert!(keys.initials.iter().any(|i| i == initials), "{name}: {:?}", keys.initials);
    }
}

#[test]
fn what_was_typed_decides_the_kind_of_search() {
    let document = |t, n: &str| Query::Document(t, n.to_owned());
    for (typed, kind) in [
        ("", Query::Nothing),
        (" \u{3000}", Query::Nothing),
        ("王", Query::Name("王".into())),
        (" 王 芳", Query::Name("王芳".into())),
        ("阿依古丽•买", Query::Name("阿依古丽·买".into())),
        ("wf", Query::Letters("wf".into())),
        ("WangFang", Query::Letters("wangfang".into())),
        ("xi'an", Query::Letters("xian".into())),
        ("lü", Query::Letters("lv".into())),
        ("ｗｆ", Query::Letters("wf".into())),
        ("1234", Query::Last4("1234".into())),
        ("０２ 3x", Query::Partial("023X".into())),
        ("123x", Query::Last4("123X".into())),
        ("１２３ｘ", Query::Last4("123X".into())),
        ("13812345678", Query::Phone("13812345678".into())),
        ("138 1234 5678", Query::Phone("13812345678".into())),
        ("0736-7216666", Query::Phone("0736-7216666".into())),
        ("430703196002290000", document(DocType::CitizenId, "430703196002290000")),
        ("430703 19600229 0000", document(DocType::CitizenId, "430703196002290000")),
        ("11010519491231002x", document(DocType::CitizenId, "11010519491231002X")),
        ("130503670401001", document(DocType::CitizenId, "130503196704010016")),
        ("810000199001010000", document(DocType::ResidenceHmt, "810000199001010000")),
        ("H12345678", document(DocType::HomeReturnPermit, "H12345678")),
        ("12345678", document(DocType::TaiwanPermit, "12345678")),
        ("e12345678", document(DocType::Passport, "E12345678")),
        ("TMP-430703001-7", document(DocType::None, "TMP-430703001-7")),
        ("138123", Query::Partial("138123".into())),
        ("43070319600229", Query::Partial("43070319600229".into())),
        ("12", Query::Partial("12".into())),
        ("王f", Query::Name("王f".into())),
        ("%_", Query::Name("%_".into())),
    ] {
        assert_eq!(query_kind(typed), kind, "{typed}");
    }
}
