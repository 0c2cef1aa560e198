//! The plain-words sheet with help list (政策明白纸和帮办单): pure.

use std::collections::HashMap;

use kernel::{
    Day,
    paper::{Block, Check, Document, Entry},
};
use policy::card::Card;

use super::{
    known::Contact,
    words::{self, UNVERIFIED},
};
use crate::entitlements::http::{Answered, Entitlements};

/// Most policies told in full; the others are named in a table.
const IN_FULL: usize = 6;
/// Most questions on the sheet.
const QUESTIONS: usize = 8;
/// Most papers on the receipt.
const RECEIPT: usize = 12;

/// PIPL art. 24: what the sheet is not.
const HINT: &str = "这张纸只是提示，不是审批决定。它按目前知道的情况比对政策得出；能不能享受、享受多少，由主管部门依法决定。\
                    您可以要求说明，也有权拒绝仅通过自动化决策的方式作出决定（个人信息保护法第二十四条）。";
/// 社会救助法 art. 62.
const NOT_ASKED: &str = "身份、户籍、收入、财产等能由部门信息共享查到的材料，不用您提供（社会救助法第六十二条）。";

/// What a sheet is made of.
pub struct Sheet<'a> {
    /// The person's name as the caller may see it.
    pub name: &'a str,
    /// What the policies say.
    pub said: &'a Entitlements,
    /// Cards by their words.
    pub cards: &'a HashMap<&'a str, &'a Card>,
    /// Whom to turn to.
    pub contact: &'a Contact,
    /// Large print.
    pub large: bool,
}

impl Sheet<'_> {
    fn with(&self, status: &str) -> Vec<(&Answered, &Card)> {
        let benefits = self.said.items.iter().filter(|a| a.status == status && a.policy.nature == "benefit");
        let likely = benefits.filter(|a| !a.unlikely);
        likely.filter_map(|a| Some((a, *self.cards.get(a.policy.id.as_str())?))).collect()
    }

    /// The document.
    pub fn document(&self) -> Document {
        let place = self.said.place.as_ref().map(|p| p.name.as_str()).unwrap_or_default();
        let mut blocks = vec![Block::notice(HINT)];
        let fitting = self.with("eligible");
        blocks.extend(self.fitting(&fitting));
        blocks.extend(self.received());
        blocks.extend(self.questions());
        blocks.push(Block::heading("找谁办"));
        blocks.push(contact(self.contact));
        blocks.extend(self.receipt(&fitting));
        Document {
            title: "政策明白纸和帮办单".to_owned(),
            subtitle: format!("{}　{place}　{}", self.name, words::day(self.said.on)),
            foot: format!("{}　只是提示，不是审批决定", self.contact.station),
            day: self.said.on,
            large: self.large,
            blocks,
        }
    }

    fn fitting(&self, fitting: &[(&Answered, &Card)]) -> Vec<Block> {
        let mut blocks = vec![Block::heading("可能符合的政策")];
        if fitting.is_empty() {
            blocks.push(Block::text("按目前知道的情况，还没有能说明可能符合的政策；请先把下面的情况问清。"));
            return blocks;
        }
        for (n, (answer, card)) in fitting.iter().take(IN_FULL).enumerate() {
            blocks.extend(in_full(n + 1, answer, card));
        }
        let rest: Vec<Vec<String>> =
            fitting.iter().skip(IN_FULL).map(|(_, card)| vec![card.title.clone(), card.route.clone()]).collect();
        if !rest.is_empty() {
            blocks.push(Block::subheading("还可能符合"));
            blocks.push(Block::Table { head: strings(&["政策", "到哪里办"]), widths: vec![2, 3], rows: rest });
        }
        blocks.push(Block::note(NOT_ASKED));
        blocks
    }

    fn received(&self) -> Vec<Block> {
        let titles: Vec<&str> = self.with("receives").iter().map(|(_, card)| card.title.as_str()).collect();
        if titles.is_empty() {
            return Vec::new();
        }
        vec![Block::heading("已经享受"), Block::text(titles.join("、"))]
    }

    fn questions(&self) -> Vec<Block> {
        let mut blocks = vec![Block::heading("还要问清的情况")];
        let open: Vec<&str> = self.with("unknown").iter().map(|(_, card)| card.title.as_str()).collect();
        let row = |q: &crate::entitlements::http::Question| {
            let kind = self.said.kinds.iter().find(|kind| kind.code == q.fact)?;
            let asked = if kind.ask.is_empty() { &kind.label } else { &kind.ask };
            let mut titles: Vec<&str> = q.policies.iter().take(4).map(|p| p.title.as_str()).collect();
            if q.policies.len() > titles.len() {
                titles.push("等");
            }
            Some(vec![asked.clone(), titles.join("、"), String::new()])
        };
        let rows: Vec<Vec<String>> = self.said.questions.iter().take(QUESTIONS).filter_map(row).collect();
        if rows.is_empty() {
            blocks.push(Block::text("没有还要问的情况。"));
            return blocks;
        }
        if !open.is_empty() {
            blocks.push(Block::point("问清以后可能符合：", open.join("、")));
        }
        let head = strings(&["要问清的情况", "关系到的政策", "回答（现场填写）"]);
        blocks.push(Block::Table { head, widths: vec![4, 4, 3], rows });
        blocks.push(Block::note("没有列出的政策，也可以向社工站询问。"));
        blocks
    }

    fn receipt(&self, fitting: &[(&Answered, &Card)]) -> Vec<Block> {
        let mut papers: Vec<&str> = Vec::new();
        for text in fitting.iter().take(IN_FULL).flat_map(|(_, card)| words::asked_for(card)) {
            if !papers.contains(&text) {
                papers.push(text);
            }
        }
        papers.truncate(RECEIPT);
        let items = papers.into_iter().chain(["其他：________________"]);
        vec![
            Block::Cut { text: "沿此线撕下，交给本人保存".to_owned() },
            Block::heading("材料回执"),
            Block::Fields {
                across: 2,
                items: vec![
                    Entry::new("对象", self.name),
                    Entry::new("日期", words::day(self.said.on)),
                    Entry::new("经办社工", &*self.contact.worker),
                    Entry::new("社工站电话", &*self.contact.phone),
                ],
            },
            Block::text("今天交来的材料（打√）："),
            Block::Checks { items: items.map(|text| Check { ticked: false, text: text.to_owned() }).collect() },
            Block::signatures(&["交件人签名：", "收件人签名："]),
        ]
    }
}

fn strings(all: &[&str]) -> Vec<String> {
    all.iter().map(|text| (*text).to_owned()).collect()
}

fn in_full(n: usize, answer: &Answered, card: &Card) -> Vec<Block> {
    let mark = if card.verified { "" } else { UNVERIFIED };
    let mut blocks = vec![Block::subheading(format!("{n}. {}{mark}", card.title))];
    blocks.extend(words::amount(answer).map(|text| Block::point("能得到什么：", text)));
    blocks.push(Block::point("到哪里办：", card.route.clone()));
    blocks.push(Block::point("要带什么：", words::bring(card)));
    blocks.extend(words::limits(card).map(|text| Block::point("要多少天：", text)));
    if !card.publicity.is_empty() {
        blocks.push(Block::point("公示：", card.publicity.clone()));
    }
    blocks.push(Block::note(format!("依据：{}", words::clause(&card.legal.join("；")))));
    blocks
}

/// Whom to turn to; what is not known is written by hand.
pub fn contact(contact: &Contact) -> Block {
    Block::Fields {
        across: 2,
        items: vec![
            Entry::new("责任社工", &*contact.worker),
            Entry::new("电话", ""),
            Entry::new("社工站", &*contact.station),
            Entry::new("社工站电话", &*contact.phone),
            Entry::new("地址", &*contact.address),
            Entry::new("开放时间", &*contact.hours),
            Entry::new("乡镇（街道）", &*contact.township),
            Entry::new("约定再见面", ""),
        ],
    }
}

/// The foot of a form: who printed it and when.
pub fn printed_by(name: &str, day: Day) -> String {
    format!("帮办预填件　打印人：{name}　{}", words::day(day))
}
