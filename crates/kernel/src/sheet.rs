//! Text that goes into a spreadsheet (表格单元格): never a formula, never a number that loses digits, and the same text again when it comes back.
//!
//! A cell that a spreadsheet would calculate (`=`, `+`, `-`, `@`, also in full width, tab, carriage return, line feed; OWASP, ASVS 5.0
//! 1.2.10) or turn into another number (more than 11 digits, leading zeros, `1E5`) gets an apostrophe in front. So does a cell that
//! begins with an apostrophe, which makes the rule reversible: [`restore`] takes one apostrophe off.

/// Longest run of digits a spreadsheet shows as it is.
const DIGITS: usize = 11;

/// The text as a spreadsheet may hold it.
pub fn safe(text: &str) -> String {
    if needs_prefix(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text a cell made by [`safe`] stands for.
pub fn restore(cell: &str) -> &str {
    cell.strip_prefix('\'').unwrap_or(cell)
}

fn needs_prefix(text: &str) -> bool {
    // Blanks in front do not stop every program from calculating.
    let seen =
        text.trim_start_matches(|c: char| c.is_whitespace() && !matches!(c, '\t' | '\r' | '\n') || is_invisible(c));
    match seen.chars().next() {
        None => false,
        Some('\'') => true,
        Some(
            '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '﹣' | '﹢' | '﹦' | '﹫' | '|' | '%' | '\t' | '\r'
            | '\n',
        ) => true,
        Some(_) => is_odd_number(seen),
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

/// A number that would come back as another text: many digits, zeros in front, an exponent.
fn is_odd_number(text: &str) -> bool {
    let text = text.trim_end();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let plain = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ' ' | ','));
    let exponent = text.split_once(['e', 'E']).is_some_and(|(a, b)| {
        let number = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_ascii_digit() || c == '.');
        number(a) && number(b.trim_start_matches(['+', '-']))
    });
    exponent || plain && digits > 0 && (digits > DIGITS || (text.starts_with('0') && text.len() > 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_calculate_or_shorten_is_kept_as_text() {
        for text in [
            "=1+1",
            "+cmd|' /C calc'!A0",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1+1",
            "  =1",
            "\u{200B}=1",
            "\u{FEFF}@x",
            "'quoted",
            "430703196002290000",
            "0736",
            "007",
            "1E5",
            "12e+3",
            "123456789012",
            "%0A",
            "|x",
        ] {
            let cell = safe(text);
            assert_eq!(cell, format!("'{text}"));
            assert_eq!(restore(&cell), text);
        }
    }

    #[test]
    fn ordinary_text_and_short_numbers_stay_as_they_are() {
        for text in [
            "",
            "王小明",
            "3组12号",
            "13800000000",
            "72",
            "0",
            "2026-11-23",
            "430703********0021",
            "A=B",
            "a'b",
            "Eve",
            "12.5",
            "E5",
        ] {
            assert_eq!(safe(text), text);
            assert_eq!(restore(text), text);
        }
    }
}
