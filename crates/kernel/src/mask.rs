//! Masking (脱敏): what is shown of a secret without a reveal.
//!
//! Domain reference §14.2: name first character + `**`, identity number 6 + 8 stars + 4, phone 3 + 4 stars + 4, address
//! to the village, bank card last 4. Each function is total: short or odd input shows less, never more.

use crate::document::phone;

/// A name (姓名): the first character and two stars, whatever the length, so that the length tells nothing.
pub fn name(name: &str) -> String {
    let mut chars = name.trim().chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    let selectors = chars.take_while(|c| matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}'));
    let mut shown: String = first.to_string();
    shown.extend(selectors);
    shown.push_str("**");
    shown
}

/// A document number (证件号码): 18 characters as 6 + 8 stars + 4; others show a third at most. A generated temporary
/// number (`TMP-…`) says nothing about the person and is shown whole.
pub fn document(number: &str) -> String {
    let number = number.trim();
    if number.starts_with("TMP-") {
        return number.to_owned();
    }
    match number.chars().count() {
        18 => keep(number, 6, 4),
        12.. => keep(number, 2, 2),
        6..=11 => keep(number, 1, 1),
        n => "*".repeat(n),
    }
}

/// A phone number (电话): a mobile as 3 + 4 stars + 4; a landline keeps area code and last two; others the last two.
pub fn phone(number: &str) -> String {
    let number = number.trim();
    match phone::parse(number) {
        Ok(phone) if phone.kind == phone::Kind::Mobile => keep(&phone.normal, 3, 4),
        Ok(phone) => match phone.normal.split_once('-') {
            Some((area, rest)) => format!("{area}-{}", keep(rest, 0, 2)),
            None => keep(&phone.normal, 0, 2),
        },
        Err(_) if number.chars().count() >= 7 => keep(number, 0, 2),
        Err(_) => "*".repeat(number.chars().count()),
    }
}

/// An address (住址): the path down to the village, then stars when there is more.
pub fn address(village_path: &str, detail: &str) -> String {
    match (village_path.trim(), detail.trim()) {
        (path, "") => path.to_owned(),
        ("", _) => "****".to_owned(),
        (path, _) => format!("{path} ****"),
    }
}

/// A bank card (银行卡): the last four digits.
pub fn bank_card(number: &str) -> String {
    let digits: String = number.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.chars().count() < 8 { "*".repeat(digits.chars().count()) } else { keep(&digits, 0, 4) }
}

/// Keeps `head` and `tail` characters and stars the rest.
fn keep(text: &str, head: usize, tail: usize) -> String {
    let count = text.chars().count();
    let hidden = head..count.saturating_sub(tail);
    text.chars().enumerate().map(|(i, c)| if hidden.contains(&i) { '*' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_show_the_first_character() {
        for (from, to) in [
            ("王芳", "王**"),
            ("王", "王**"),
            ("尉迟恭敬", "尉**"),
            ("阿依古丽·买买提", "阿**"),
            ("𠮷田", "𠮷**"),
            ("葛\u{E0100}洪", "葛\u{E0100}**"),
            ("John Smith", "J**"),
            (" 李四 ", "李**"),
            ("", ""),
        ] {
            assert_eq!(name(from), to, "{from}");
        }
    }

    #[test]
    fn documents_show_six_and_four_of_eighteen() {
        for (from, to) in [
            ("430703196002290000", "430703********0000"),
            ("11010519491231002X", "110105********002X"),
            ("130503670401001", "13***********01"),
            ("H12345678", "H*******8"),
            ("12345678", "1******8"),
            ("E1234", "*****"),
            ("TMP-430703001-7", "TMP-430703001-7"),
            ("", ""),
        ] {
            assert_eq!(document(from), to, "{from}");
        }
    }

    #[test]
    fn phones_show_three_and_four() {
        for (from, to) in [
            ("13812345678", "138****5678"),
            ("+86 138 1234 5678", "138****5678"),
            ("0736-7216666", "0736-*****66"),
            ("010-62345678", "010-******78"),
            ("+85291234567", "**********67"),
            ("1234567890123456", "**************56"),
            ("12345", "*****"),
            ("", ""),
        ] {
            assert_eq!(phone(from), to, "{from}");
        }
    }

    #[test]
    fn addresses_end_at_the_village_and_cards_show_four() {
        assert_eq!(address("鼎城区 / 玉霞街道 / 某村", "3组12号"), "鼎城区 / 玉霞街道 / 某村 ****");
        assert_eq!(address("某村", " "), "某村");
        assert_eq!(address("", "3组12号"), "****");
        assert_eq!(bank_card("6222 0000 1111 2222"), "************2222");
        assert_eq!(bank_card("1234567"), "*******");
    }
}
