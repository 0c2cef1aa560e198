//! What can be wrong or odd about a document number, in words.

use super::DocType;
use crate::codes::{self, Lang};

/// Why a document number is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Nothing was typed.
    #[error("empty")]
    Empty,
    /// More characters than the limit.
    #[error("longer than {0} characters")]
    TooLong(usize),
    /// Control or other impossible characters.
    #[error("impossible characters")]
    Characters,
    /// Not the number of characters this document has.
    #[error("{} has {want} characters, not {got}", .doc_type.code())]
    Length {
        /// Kind of document.
        doc_type: DocType,
        /// Characters typed.
        got: usize,
        /// What the document has, in words.
        want: &'static str,
    },
    /// Not the pattern of this document.
    #[error("not the pattern of {}", .0.code())]
    Pattern(DocType),
    /// The birth date in the number is no day of the calendar.
    #[error("impossible birth date")]
    ImpossibleDate,
    /// The birth date in the number lies in the future.
    #[error("birth date in the future")]
    FutureBirth,
    /// The check digit does not fit the other digits.
    #[error("wrong check digit")]
    CheckDigit,
    /// A residence permit whose address code is not 810000, 820000 or 830000.
    #[error("wrong address code")]
    AddressCode,
}

impl DocumentError {
    /// Stable code of the fault for the field list.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "required",
            Self::TooLong(_) => "too_long",
            Self::Characters | Self::Length { .. } | Self::Pattern(_) => "format",
            Self::ImpossibleDate => "impossible_date",
            Self::FutureBirth => "future",
            Self::CheckDigit => "check_digit",
            Self::AddressCode => "address_code",
        }
    }

    /// What is wrong and what to do, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "请填写证件号码；确无证件的，证件类型选“无证件或证件不明”。".into(),
            Self::TooLong(max) => format!("证件号码超过 {max} 个字符，请核对。"),
            Self::Characters => "证件号码含有无法识别的字符，请重新输入。".into(),
            Self::Length { doc_type, got, want } => {
                format!("{}号码应为{}位，现为 {got} 位，请核对。", name(*doc_type, Lang::Zh), want)
            }
            Self::Pattern(doc_type) => {
                format!(
                    "号码不符合{}的格式（{}），请核对号码或证件类型。",
                    name(*doc_type, Lang::Zh),
                    pattern_zh(*doc_type)
                )
            }
            Self::ImpossibleDate => "号码中的出生日期不存在，请核对第 7 至 14 位。".into(),
            Self::FutureBirth => "号码中的出生日期晚于今天，请核对第 7 至 14 位。".into(),
            Self::CheckDigit => "号码校验不符，请逐位核对；只有未核实的纸质材料时，请勾选“未核实纸质材料”。".into(),
            Self::AddressCode => {
                "港澳台居民居住证号码应以 810000、820000 或 830000 开头，请核对号码或证件类型。".into()
            }
        }
    }

    /// What is wrong and what to do, in English.
    pub fn en(&self) -> String {
        match self {
            Self::Empty => "Enter the document number; if there is no document, choose that document type.".into(),
            Self::TooLong(max) => format!("The document number has more than {max} characters; check it."),
            Self::Characters => "The document number has unreadable characters; type it again.".into(),
            Self::Length { doc_type, got, want } => {
                let want = want.replace('或', " or ").replace('至', " to ");
                format!("{}: the number has {want} characters, {got} were given; check it.", name(*doc_type, Lang::En))
            }
            Self::Pattern(doc_type) => {
                format!(
                    "This is not the pattern of: {}; check the number or the document type.",
                    name(*doc_type, Lang::En)
                )
            }
            Self::ImpossibleDate => "The birth date in the number does not exist; check characters 7 to 14.".into(),
            Self::FutureBirth => "The birth date in the number lies in the future; check characters 7 to 14.".into(),
            Self::CheckDigit => {
                "The check digit does not fit; compare digit by digit, or mark the paper as unverified.".into()
            }
            Self::AddressCode => {
                "A residence permit begins with 810000, 820000 or 830000; check the number or the document type.".into()
            }
        }
    }
}

/// What looks odd about an accepted number; shown, never blocking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The first two digits are no province.
    RegionUnknown,
    /// A 15-digit number was brought to 18; such cards ended on 2013-01-01 (居民身份证法 2011).
    Upgraded,
    /// A 15-digit number with sequence 996–999 was read as born in the 1800s (to be confirmed).
    Centenarian,
    /// The birth date makes the person older than 120.
    UnlikelyAge,
    /// The check digit does not fit, accepted from an unverified paper.
    CheckDigit,
    /// The number looks like another kind of document.
    LooksLike(DocType),
    /// The two issue digits at the end of an old travel permit were left out.
    IssueDigitsDropped,
    /// The recorded sex differs from the number's.
    SexDiffers,
    /// The recorded birth date differs from the number's.
    BirthDiffers,
}

impl Warning {
    /// Stable code of the warning.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RegionUnknown => "region_unknown",
            Self::Upgraded => "upgraded",
            Self::Centenarian => "centenarian",
            Self::UnlikelyAge => "unlikely_age",
            Self::CheckDigit => "check_digit",
            Self::LooksLike(_) => "looks_like_other",
            Self::IssueDigitsDropped => "issue_digits_dropped",
            Self::SexDiffers => "sex_differs",
            Self::BirthDiffers => "birth_differs",
        }
    }

    /// What looks odd and what to do, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::RegionUnknown => "号码前两位不是已知的省级代码，请核对。".into(),
            Self::Upgraded => "15 位号码已换算为 18 位；一代证已停用，请尽快核对新证。".into(),
            Self::Centenarian => "15 位号码顺序码为 996 至 999，按 19 世纪出生换算，请核对出生日期。".into(),
            Self::UnlikelyAge => "按号码推算年龄超过 120 岁，请核对。".into(),
            Self::CheckDigit => "号码校验不符（未核实纸质材料），请尽快核对原件。".into(),
            Self::LooksLike(doc_type) => {
                format!("号码像是{}，请核对证件类型。", name(*doc_type, Lang::Zh))
            }
            Self::IssueDigitsDropped => "已略去末尾两位换证次数，以便与新证一致。".into(),
            Self::SexDiffers => "登记的性别与证件号码不一致，请核对。".into(),
            Self::BirthDiffers => "登记的出生日期与证件号码不一致，请核对。".into(),
        }
    }

    /// What looks odd and what to do, in English.
    pub fn en(&self) -> String {
        match self {
            Self::RegionUnknown => "The first two digits are no known province; check them.".into(),
            Self::Upgraded => {
                "The 15-digit number was brought to 18 digits; such cards have ended, see the new one.".into()
            }
            Self::Centenarian => "Sequence 996 to 999 was read as born in the 1800s; check the birth date.".into(),
            Self::UnlikelyAge => "The number makes the person older than 120; check it.".into(),
            Self::CheckDigit => "The check digit does not fit (unverified paper); see the original soon.".into(),
            Self::LooksLike(doc_type) => {
                format!("The number looks like: {}; check the document type.", name(*doc_type, Lang::En))
            }
            Self::IssueDigitsDropped => "The two issue digits at the end were left out to match newer cards.".into(),
            Self::SexDiffers => "The recorded sex differs from the document number; check both.".into(),
            Self::BirthDiffers => "The recorded birth date differs from the document number; check both.".into(),
        }
    }
}

fn name(doc_type: DocType, lang: Lang) -> &'static str {
    codes::label("id_doc_type", doc_type.code(), lang)
}

fn pattern_zh(doc_type: DocType) -> &'static str {
    match doc_type {
        DocType::CitizenId | DocType::ResidenceHmt => "17 位数字加 1 位数字或 X",
        DocType::HomeReturnPermit => "H 或 M 加 8 位数字",
        DocType::TaiwanPermit => "8 位数字",
        DocType::ForeignPr2023 => "以 9 开头的 18 位",
        DocType::ForeignPr2017 => "3 位字母加 12 位数字",
        DocType::Passport | DocType::Military => "不超过 20 个字符",
        DocType::None => "系统生成的 TMP- 临时编号",
    }
}
