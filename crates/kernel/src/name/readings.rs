//! Readings (读音) of names: table of the `pinyin` crate plus what it lacks, and surname readings in front.

use pinyin::{ToPinyin, ToPinyinMulti};
use unicode_normalization::UnicodeNormalization;

use super::{MAX_SPELLINGS, half_width, is_han};

/// Single surnames (姓氏异读) whose reading as a name differs from, or is one of, the usual ones.
const SURNAMES: &[(char, &[&str])] = &[
    ('单', &["shan"]),
    ('單', &["shan"]),
    ('查', &["zha"]),
    ('曾', &["zeng"]),
    ('解', &["xie"]),
    ('仇', &["qiu"]),
    ('区', &["ou"]),
    ('區', &["ou"]),
    ('盖', &["ge", "gai"]),
    ('蓋', &["ge", "gai"]),
    ('朴', &["piao", "pu"]),
    ('秘', &["bi", "mi"]),
    ('乜', &["nie", "mie"]),
    ('召', &["shao", "zhao"]),
    ('缪', &["miao"]),
    ('折', &["she", "zhe"]),
    ('种', &["chong"]),
    ('翟', &["zhai", "di"]),
    ('洗', &["xian", "xi"]),
    ('员', &["yun", "yuan"]),
    ('繁', &["po", "fan"]),
    ('覃', &["qin", "tan"]),
    ('谌', &["chen", "shen"]),
    ('那', &["na"]),
    ('祭', &["zhai", "ji"]),
    ('乐', &["yue", "le"]),
    ('郇', &["xun", "huan"]),
    ('郗', &["xi", "chi"]),
    ('佴', &["nai", "er"]),
    ('牟', &["mou", "mu"]),
    ('晁', &["chao"]),
    ('车', &["che"]),
    ('句', &["gou", "ju"]),
    ('纪', &["ji"]),
    ('柏', &["bai", "bo"]),
    ('撒', &["sa"]),
    ('厍', &["she"]),
    ('都', &["du", "dou"]),
    ('叶', &["ye"]),
    ('石', &["shi"]),
    ('呙', &["guo"]),
    ('隗', &["wei", "kui"]),
    ('莘', &["shen", "xin"]),
    ('宓', &["mi", "fu"]),
    ('阚', &["kan"]),
    ('强', &["qiang", "jiang"]),
    ('藏', &["zang", "cang"]),
    ('粘', &["nian"]),
    ('费', &["fei", "bi"]),
    ('角', &["jue", "jiao"]),
    ('炅', &["gui", "jiong"]),
    ('逄', &["pang"]),
    ('不', &["fou", "bu"]),
    ('教', &["jiao"]),
    ('盛', &["sheng"]),
    ('贾', &["jia"]),
    ('冯', &["feng"]),
    ('尹', &["yin"]),
    ('哈', &["ha"]),
    ('过', &["guo"]),
    ('华', &["hua"]),
    ('任', &["ren"]),
    ('宁', &["ning"]),
    ('黑', &["he", "hei"]),
    ('行', &["xing", "hang"]),
    ('重', &["chong", "zhong"]),
    ('可', &["ke"]),
    ('万', &["wan"]),
    ('会', &["gui", "hui"]),
    ('幺', &["yao"]),
    ('妫', &["gui"]),
    ('晟', &["cheng", "sheng"]),
    ('褚', &["chu"]),
    ('戚', &["qi"]),
    ('燕', &["yan"]),
    ('瞿', &["qu"]),
    ('应', &["ying"]),
    ('令', &["ling"]),
    ('占', &["zhan"]),
    ('曲', &["qu"]),
];

/// Double surnames (复姓) with readings of their own.
const DOUBLE_SURNAMES: &[(&str, [&str; 2])] = &[
    ("尉迟", ["yu", "chi"]),
    ("尉遲", ["yu", "chi"]),
    ("单于", ["chan", "yu"]),
    ("万俟", ["mo", "qi"]),
    ("澹台", ["tan", "tai"]),
    ("长孙", ["zhang", "sun"]),
    ("宰父", ["zai", "fu"]),
    ("令狐", ["ling", "hu"]),
    ("鲜于", ["xian", "yu"]),
    ("宿六", ["su", "lu"]),
    ("夏侯", ["xia", "hou"]),
];

/// Characters of names that the table lacks.
const RARE: &[(char, &str)] =
    &[('𠮷', "ji"), ('㙍', "duo"), ('䶮', "yan"), ('𬭳', "xi"), ('𬎆', "ying"), ('𪻐', "cong")];

/// One piece of a name: its spellings and whether a letter of it belongs to the initials.
struct Piece {
    readings: Vec<String>,
    begins: bool,
}

/// Full spellings and initials of a name, at most [`MAX_SPELLINGS`] of each, likeliest first.
pub(super) fn spellings(name: &str) -> (Vec<String>, Vec<String>) {
    let pieces = pieces(name);
    let full = combine(pieces.iter().map(|p| p.readings.clone()));
    let initials = combine(pieces.iter().filter(|p| p.begins).map(|p| first_letters(&p.readings)));
    (full, initials)
}

/// Cuts a name into characters with readings and runs of letters; everything else only separates.
fn pieces(name: &str) -> Vec<Piece> {
    let chars: Vec<char> = name.nfkc().map(half_width).collect();
    let double = DOUBLE_SURNAMES.iter().find(|(surname, _)| {
        let mut start = chars.iter().copied().filter(|c| !c.is_whitespace());
        surname.chars().all(|c| start.next() == Some(c))
    });
    let (mut pieces, mut in_word, mut han_seen) = (Vec::new(), false, 0_usize);
    for c in chars {
        if is_han(c) {
            let surname = match double {
                Some((_, readings)) => readings.get(han_seen).map_or(&[][..], std::slice::from_ref),
                None if han_seen == 0 && pieces.is_empty() => surname_readings(c),
                None => &[],
            };
            let readings = readings(c, surname);
            han_seen += 1;
            in_word = false;
            if !readings.is_empty() {
                pieces.push(Piece { readings, begins: true });
            }
            continue;
        }
        let letters = plain_letters(c);
        // An apostrophe or a combining mark inside a Latin word does not end it.
        let joins = matches!(c, '\'' | '\u{2019}') || unicode_normalization::char::is_combining_mark(c);
        if !letters.is_empty() {
            pieces.push(Piece { readings: vec![letters], begins: !in_word || c.is_ascii_digit() });
            in_word = true;
        } else if !joins {
            in_word = false;
        }
    }
    pieces
}

fn surname_readings(c: char) -> &'static [&'static str] {
    SURNAMES.iter().find(|(surname, _)| *surname == c).map_or(&[], |(_, readings)| readings)
}

/// All readings of a character without tones, those of the surname first; empty when nobody knows any.
fn readings(c: char, surname: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = surname.iter().map(|r| (*r).to_owned()).collect();
    all.extend(RARE.iter().filter(|(rare, _)| *rare == c).map(|(_, r)| (*r).to_owned()));
    all.extend(c.to_pinyin().map(|p| typed(p.plain())));
    all.extend(c.to_pinyin_multi().into_iter().flatten().map(|p| typed(p.plain())));
    unique(all)
}

/// The way a syllable is typed: ü as v, other marks dropped.
fn typed(syllable: &str) -> String {
    syllable.replace('ü', "v").chars().flat_map(|c| plain_letters(c).chars().collect::<Vec<_>>()).collect()
}

/// The plain lower-case letters and digits of a character: é → e, Ü → v is not meant here; empty for anything else.
fn plain_letters(c: char) -> String {
    std::iter::once(c).nfd().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn first_letters(readings: &[String]) -> Vec<String> {
    unique(readings.iter().filter_map(|r| r.chars().next()).map(String::from).collect())
}

/// Joins one choice per piece in all ways, best first: the less the ranks of the chosen readings add up to, the likelier.
/// Keeping the best [`MAX_SPELLINGS`] after each piece is exact, because ranks only add.
fn combine(pieces: impl Iterator<Item = Vec<String>>) -> Vec<String> {
    let mut best: Vec<(usize, String)> = vec![(0, String::new())];
    for choices in pieces {
        let mut next: Vec<(usize, String)> = Vec::new();
        for (rank, start) in &best {
            next.extend(choices.iter().enumerate().map(|(i, choice)| (rank + i, format!("{start}{choice}"))));
        }
        next.sort_by_key(|(rank, _)| *rank);
        next.truncate(MAX_SPELLINGS);
        best = next;
    }
    unique(best.into_iter().map(|(_, spelling)| spelling).filter(|s| !s.is_empty()).collect())
}

/// Without repeats, the first of each kept.
fn unique(all: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(all.len());
    for one in all {
        if !kept.contains(&one) {
            kept.push(one);
        }
    }
    kept
}
