use super::*;
use crate::day;

fn today() -> Day {
    day::parse("2026-11-23").unwrap()
}

fn read(doc_type: DocType, text: &str) -> Result<Number, DocumentError> {
    parse(doc_type, text, today())
}

#[test]
fn every_spelling_of_a_citizen_number_has_one_normal_form() {
    for (typed, normal, birth, sex) in [
        ("11010519491231002X", "11010519491231002X", "1949-12-31", Some(Sex::Female)),
        ("11010519491231002x", "11010519491231002X", "1949-12-31", Some(Sex::Female)),
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", "1949-12-31", Some(Sex::Female)),
        (" 110105 19491231\u{3000}002ｘ\u{200B}", "11010519491231002X", "1949-12-31", Some(Sex::Female)),
        ("440524188001010014", "440524188001010014", "1880-01-01", Some(Sex::Male)),
        ("130503670401001", "130503196704010016", "1967-04-01", Some(Sex::Male)),
        ("130503196704010016", "130503196704010016", "1967-04-01", Some(Sex::Male)),
        ("430703196002290000", "430703196002290000", "1960-02-29", None),
    ] {
        let number = read(DocType::CitizenId, typed).unwrap();
        assert_eq!(number.normal, normal, "{typed}");
        assert_eq!(number.birth, day::parse(birth), "{typed}");
        assert_eq!(number.sex, sex, "{typed}");
        assert_eq!(guess(typed), Some((DocType::CitizenId, normal.to_owned())), "{typed}");
    }
}

#[test]
fn a_wrong_citizen_number_says_what_is_wrong() {
    use DocumentError as E;
    let pattern = || E::Pattern(DocType::CitizenId);
    for (typed, error) in [
        ("", E::Empty),
        (" \u{3000}", E::Empty),
        ("110105194912310021", E::CheckDigit),
        ("11010519491231", E::Length { doc_type: DocType::CitizenId, got: 14, want: "18或15" }),
        ("110105194902300021", E::ImpossibleDate),
        ("430703190002290000", E::ImpossibleDate),
        ("43070320261124001X", E::FutureBirth),
        ("1101051949123100X2", pattern()),
        ("13050367040100X", pattern()),
        ("四三〇七〇三一九六〇〇二二九〇〇〇〇", pattern()),
        ("4307031960022900\u{0}0", E::Characters),
        ("130503670431001", E::ImpossibleDate),
    ] {
        assert_eq!(read(DocType::CitizenId, typed), Err(error.clone()), "{typed}");
        assert!(!error.zh().is_empty() && !error.en().is_empty());
    }
    assert_eq!(read(DocType::CitizenId, &"1".repeat(65)), Err(E::TooLong(64)));
}

#[test]
fn odd_citizen_numbers_are_accepted_with_a_warning() {
    let check = |body: &str| format!("{body}{}", citizen::check_digit(body).unwrap());
    for (typed, warnings) in [
        ("430703196002290000".to_owned(), vec![]),
        (check("99070319600229000"), vec![Warning::LooksLike(DocType::ForeignPr2023)]),
        (check("77070319600229000"), vec![Warning::RegionUnknown]),
        ("810000199001010000".to_owned(), vec![Warning::LooksLike(DocType::ResidenceHmt)]),
        ("440524188001010014".to_owned(), vec![Warning::UnlikelyAge]),
        ("130503670401001".to_owned(), vec![Warning::Upgraded]),
        ("130503950401997".to_owned(), vec![Warning::Centenarian, Warning::UnlikelyAge]),
    ] {
        let number = read(DocType::CitizenId, &typed).unwrap();
        assert_eq!(number.warnings, warnings, "{typed}");
        assert!(warnings.iter().all(|w| !w.zh().contains(&typed) && !w.en().is_empty()));
    }
}

#[test]
fn an_unverified_paper_turns_a_wrong_check_digit_into_a_warning() {
    let number = parse_from(DocType::CitizenId, "110105194912310021", today(), Paper::Unverified).unwrap();
    assert_eq!(number.warnings, [Warning::CheckDigit]);
    assert_eq!(number.normal, "110105194912310021");
    let date = parse_from(DocType::CitizenId, "110105194902300021", today(), Paper::Unverified);
    assert_eq!(date, Err(DocumentError::ImpossibleDate));
}

#[test]
fn debug_output_never_repeats_a_number() {
    let number = format!("{:?}", read(DocType::CitizenId, "430703196002290000").unwrap());
    assert!(number.contains("430703********0000") && !number.contains("1960"), "{number}");
    let phone = format!("{:?}", phone::parse("13812345678").unwrap());
    assert!(phone.contains("138****5678"), "{phone}");
}

#[test]
fn recorded_sex_and_birth_are_compared_but_never_refused() {
    let number = read(DocType::CitizenId, "11010519491231002X").unwrap();
    assert_eq!(number.disagreements("2", day::parse("1949-12-31")), []);
    assert_eq!(number.disagreements("9", None), []);
    assert_eq!(number.disagreements("1", day::parse("1949-12-30")), [Warning::SexDiffers, Warning::BirthDiffers]);
    let number = read(DocType::CitizenId, "430703196002290000").unwrap();
    assert_eq!(number.disagreements("1", day::parse("1960-02-29")), [], "sequence 000 is not issued and tells no sex");
    assert_eq!((number.last4().as_str(), number.region()), ("0000", Some("430703")));
}

#[test]
fn other_documents_are_checked_by_their_pattern() {
    use DocType::{
        ForeignPr2017, ForeignPr2023, HomeReturnPermit, Military, None, Passport, ResidenceHmt, TaiwanPermit,
    };
    let foreign = format!("9{}", "4315619850615123");
    let foreign = format!("{foreign}{}", citizen::check_digit(&foreign).unwrap());
    for (doc_type, typed, normal) in [
        (ResidenceHmt, "810000199001010000", Some("810000199001010000")),
        (ResidenceHmt, "430703196002290000", Option::None),
        (ResidenceHmt, "810000900101000", Option::None),
        (HomeReturnPermit, "h12345678", Some("H12345678")),
        (HomeReturnPermit, "Ｍ1234567801", Some("M12345678")),
        (HomeReturnPermit, "H1234567", Option::None),
        (HomeReturnPermit, "A12345678", Option::None),
        (TaiwanPermit, "1234 5678", Some("12345678")),
        (TaiwanPermit, "123456789", Option::None),
        (ForeignPr2017, "usa123456789012", Some("USA123456789012")),
        (ForeignPr2017, "US1234567890123", Option::None),
        (ForeignPr2023, foreign.as_str(), Some(foreign.as_str())),
        (ForeignPr2023, "430703196002290000", Option::None),
        (Passport, " e1234 5678", Some("E12345678")),
        (Passport, "123456789012345678901", Option::None),
        (Military, "军字第１２３４５６７号", Some("军字第1234567号")),
        (None, "tmp-430703001-12", Some("TMP-430703001-12")),
        (None, "430703196002290000", Option::None),
    ] {
        let number = read(doc_type, typed);
        assert_eq!(number.as_ref().ok().map(|n| n.normal.as_str()), normal, "{typed}");
        if let Err(error) = number {
            assert!(!error.zh().contains(typed) && !error.en().contains(typed), "{typed} is repeated");
        }
    }
    assert_eq!(read(None, &temporary("430703-001", 12)).unwrap().normal, "TMP-430703001-12");
}

#[test]
fn kinds_of_document_stand_in_their_list() {
    let list = crate::codes::list("id_doc_type").unwrap();
    assert_eq!(list.items.len(), DocType::ALL.len());
    for doc_type in DocType::ALL {
        assert!(list.has(doc_type.code()));
        assert_eq!(DocType::from_code(doc_type.code()), Some(doc_type));
    }
    assert_eq!(DocType::from_code("111"), Option::None);
}

#[test]
fn phones_have_one_written_form() {
    use phone::{Kind, PhoneError as E, parse};
    for (typed, kind, normal, last4) in [
        ("13812345678", Kind::Mobile, "13812345678", "5678"),
        ("+86 138-1234-5678", Kind::Mobile, "13812345678", "5678"),
        ("008613812345678", Kind::Mobile, "13812345678", "5678"),
        ("8613812345678", Kind::Mobile, "13812345678", "5678"),
        ("１３８１２３４５６７８", Kind::Mobile, "13812345678", "5678"),
        ("0736-7216666", Kind::Landline, "0736-7216666", "6666"),
        ("（0736）721 6666", Kind::Landline, "0736-7216666", "6666"),
        ("07367216666转8001", Kind::Landline, "0736-7216666-8001", "6666"),
        ("0736-7216666-8001", Kind::Landline, "0736-7216666-8001", "6666"),
        ("01062345678", Kind::Landline, "010-62345678", "5678"),
        ("020 8765 4321", Kind::Landline, "020-87654321", "4321"),
        ("+86 736 7216666", Kind::Landline, "0736-7216666", "6666"),
        ("+852 9123 4567", Kind::Abroad, "+85291234567", "4567"),
    ] {
        let phone = parse(typed).unwrap_or_else(|e| panic!("{typed}: {e}"));
        assert_eq!((phone.kind, phone.normal.as_str()), (kind, normal), "{typed}");
        assert_eq!(phone.last4(), last4, "{typed}");
        assert_eq!(parse(normal).unwrap(), phone, "{typed}: the normal form is not stable");
    }
    for (typed, error) in [
        ("", E::Empty),
        ("1381234567", E::MobileLength(10)),
        ("138123456789", E::MobileLength(12)),
        ("7216666", E::NoAreaCode),
        ("12345678901", E::Unknown),
        ("0736-1216666", E::Unknown),
        ("138abc45678", E::Characters),
        ("+1", E::Unknown),
    ] {
        assert_eq!(parse(typed), Err(error.clone()), "{typed}");
        assert!(!error.zh().is_empty() && !error.en().is_empty());
    }
}
