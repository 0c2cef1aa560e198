//! Prefilled forms of an application: pure. What is not known is a space to write in.

use std::collections::BTreeMap;

use kernel::{
    Day,
    paper::{Block, Check, Document, Entry},
};
use people::applications::row::application;
use policy::card::{Card, Ends};
use serde::{Deserialize, Serialize};

use super::{
    known::{Applicant, Contact, Member},
    sheet, words,
};
use crate::applications::{model, view::APPEAL};

/// Rows of the household table, filled or not.
const ROWS: usize = 5;

/// Who of the applicant's side reads: the form is ours, not the office's.
const OURS: &str = "本件由社工站帮办预填，格式和措辞由社工站整理，待当地民政部门核定；当地有统一格式的，以当地格式为准。\
                    受理和决定以主管部门办理的为准。";

/// A paper of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FormKind {
    /// Application with authorisation to check and promise (申请及授权书).
    Application,
    /// Home survey (入户调查表).
    Survey,
    /// Notice of the opinion (审核意见公示).
    Notice,
    /// Refusal (不予确认告知书).
    Refusal,
}

impl FormKind {
    /// Title of the paper.
    pub fn title(self) -> &'static str {
        match self {
            Self::Application => "社会救助申请及授权书",
            Self::Survey => "入户调查表",
            Self::Notice => "审核意见公示",
            Self::Refusal => "不予确认告知书",
        }
    }
}

/// What a form is made of.
pub struct Filled<'a> {
    /// The application.
    pub row: &'a application::Model,
    /// Its policy.
    pub card: &'a Card,
    /// For whom.
    pub applicant: &'a Applicant,
    /// Whom to turn to.
    pub contact: &'a Contact,
    /// Names of those who surveyed; empty before.
    pub surveyors: &'a [String],
    /// Day of the survey.
    pub surveyed_on: Option<Day>,
    /// First day of the notice.
    pub notice_from: Option<Day>,
    /// Who prints.
    pub printed_by: &'a str,
    /// Today.
    pub today: Day,
}

impl Filled<'_> {
    /// The document of a form.
    pub fn document(&self, form: FormKind) -> Document {
        let (blocks, foot) = match form {
            FormKind::Application => (self.application(), sheet::printed_by(self.printed_by, self.today)),
            FormKind::Survey => (self.survey(), sheet::printed_by(self.printed_by, self.today)),
            // What hangs on a wall or goes to the person does not name who printed it.
            FormKind::Notice => (self.notice(), self.contact.township.clone()),
            FormKind::Refusal => (self.refusal(), self.contact.township.clone()),
        };
        Document {
            title: form.title().to_owned(),
            subtitle: format!("申请事项：{}", self.card.title),
            foot,
            day: self.today,
            large: false,
            blocks,
        }
    }

    fn person(&self) -> Block {
        let Applicant { member, ethnicity, phone, home, hukou, .. } = self.applicant;
        let entries: [(&str, &str); 8] = [
            ("姓名", &member.name),
            ("性别", &member.sex),
            ("出生日期", &member.birth),
            ("民族", ethnicity),
            ("证件号码", &member.number),
            ("联系电话", phone),
            ("户籍地址", hukou),
            ("现住地址", home),
        ];
        Block::Fields { across: 2, items: entries.into_iter().map(|(label, value)| Entry::new(label, value)).collect() }
    }

    fn household(&self) -> Block {
        let row =
            |m: &Member| vec![m.name.clone(), m.relation.clone(), m.sex.clone(), m.birth.clone(), m.number.clone()];
        let known = self.applicant.household.iter().filter(|_| self.applicant.household_known);
        let mut rows: Vec<Vec<String>> = known.map(row).collect();
        while rows.len() < ROWS {
            rows.push(row(&Member::default()));
        }
        let head = ["姓名", "与户主关系", "性别", "出生日期", "证件号码"].map(str::to_owned).to_vec();
        Block::Table { head, widths: vec![3, 4, 2, 4, 6], rows }
    }

    fn application(&self) -> Vec<Block> {
        let answers: BTreeMap<String, String> = serde_json::from_str(&self.row.answers).unwrap_or_default();
        let paper = |text: &str| Check {
            ticked: answers.get(text).is_some_and(|answer| answer == model::HAVE),
            text: text.to_owned(),
        };
        let relative = |is: bool, text: String| Check { ticked: self.row.is_relative == Some(is), text };
        let note = self.row.relative_note.as_deref().unwrap_or("________________");
        let mut blocks = vec![
            Block::note(OURS),
            Block::heading("申请人"),
            self.person(),
            Block::heading("共同生活的家庭成员"),
            self.household(),
            Block::heading("申请理由"),
            Block::Lines { count: 4 },
            Block::heading("提交的材料"),
            Block::Checks { items: words::asked_for(self.card).map(paper).collect() },
            Block::note("能由部门信息共享查到的材料不用提交（社会救助法第六十二条）。"),
            Block::heading("近亲属情况"),
            Block::Checks {
                items: vec![
                    relative(false, "没有近亲属是经办人员或村（社区）干部".to_owned()),
                    relative(true, format!("有，是：{note}")),
                ],
            },
        ];
        blocks.extend(self.authorisation());
        blocks.push(Block::heading("诚信承诺"));
        blocks.push(Block::text(
            "本人所填内容和提交的材料真实、完整。家庭人口、收入、财产发生变化的，及时告知受理机关。隐瞒或者虚报的，依法承担责任。",
        ));
        blocks.push(Block::signatures(&["申请人签名或捺印：", "代办人签名：", "与申请人关系：", "日期："]));
        blocks
    }

    /// The authorisation to check the means (社会救助法 art. 40, 41).
    fn authorisation(&self) -> Vec<Block> {
        let day = self.row.consent_on.map(words::day).unwrap_or_default();
        vec![
            Block::heading("核对授权"),
            Block::text(
                "本人和共同生活的家庭成员同意并授权县级人民政府民政部门，为办理本项社会救助，依法核对家庭的收入、财产和支出等\
                 经济状况（社会救助法第四十条、第四十一条）。核对所得信息只用于社会救助。",
            ),
            Block::Fields {
                across: 2,
                items: vec![
                    Entry::new("授权人", self.row.consent_by.clone().unwrap_or_default()),
                    Entry::new("授权日期", day),
                ],
            },
            Block::signatures(&["授权人签名或捺印：", "其他成年家庭成员签名："]),
        ]
    }

    fn survey(&self) -> Vec<Block> {
        let [first, second] = [0, 1].map(|n| self.surveyors.get(n).map(String::as_str).unwrap_or_default().to_owned());
        let look = [
            "家庭人口和照料情况",
            "住房（产权、结构、面积）",
            "收入（务工、经营、养老金、赡养费等）",
            "财产（存款、车辆、房产等）",
            "主要支出（医疗、教育、残疾照料等）",
            "健康和劳动能力",
            "邻里和村（居）委会反映",
        ];
        let rows = look.iter().map(|text| vec![(*text).to_owned(), String::from("\n\n")]).collect();
        vec![
            Block::note("入户调查由两人以上进行，如实记录看到和听到的情况；被调查人可以查看并要求更正。"),
            Block::heading("调查对象"),
            self.person(),
            Block::heading("共同生活的家庭成员"),
            self.household(),
            Block::heading("调查情况"),
            Block::Fields {
                across: 2,
                items: vec![
                    Entry::new("调查日期", self.surveyed_on.map(words::day).unwrap_or_default()),
                    Entry::new("调查地点", ""),
                    Entry::new("调查人一", first),
                    Entry::new("调查人二", second),
                ],
            },
            Block::Table {
                head: vec!["内容".to_owned(), "看到和听到的情况".to_owned()], widths: vec![3, 7], rows
            },
            Block::heading("调查意见"),
            Block::Lines { count: 3 },
            Block::signatures(&["调查人一签名：", "调查人二签名：", "被调查人签名：", "日期："]),
        ]
    }

    /// Only name, number of persons and amount (最低生活保障审核确认办法 art. 24).
    fn notice(&self) -> Vec<Block> {
        let people =
            if self.applicant.household_known { self.applicant.household.len().to_string() } else { String::new() };
        let amount = self.row.amount.map(words::yuan).unwrap_or_default();
        let days = [self.notice_from, self.row.publicity_to]
            .map(|day| day.map(words::day).unwrap_or("____年__月__日".to_owned()));
        let [from, to] = days;
        vec![
            Block::text("根据申请和调查核实情况，现将审核意见公示如下："),
            Block::Table {
                head: vec!["申请人姓名".to_owned(), "家庭人口（人）".to_owned(), "拟保障金额".to_owned()],
                widths: vec![4, 3, 4],
                rows: vec![vec![self.applicant.member.name.clone(), people, amount]],
            },
            Block::point("公示时间：", format!("{from}至{to}")),
            Block::text("对审核意见有异议的，请在公示期内向乡镇人民政府（街道办事处）反映，并写明姓名和联系方式。"),
            Block::Fields {
                across: 2,
                items: vec![Entry::new("受理单位", &*self.contact.township), Entry::new("联系电话", "")],
            },
            Block::signatures(&["公示单位（盖章）：", "日期："]),
        ]
    }

    fn refusal(&self) -> Vec<Block> {
        let reason = self.row.reason.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let decided = self.row.decided_on.map_or("____年__月__日".to_owned(), words::day);
        let number = self.row.document.clone().unwrap_or_default();
        let mut blocks = vec![
            Block::Fields {
                across: 2,
                items: vec![Entry::new("文号", number), Entry::new("申请人", &*self.applicant.member.name)],
            },
            Block::text(format!(
                "您提出的“{}”申请，经调查核实，{decided}决定不予确认。理由和依据如下：",
                self.card.title
            )),
        ];
        match reason {
            Some(text) => blocks.push(Block::notice(text)),
            None => blocks.push(Block::Lines { count: 4 }),
        }
        blocks.push(Block::heading("不服怎么办"));
        blocks.push(Block::text(APPEAL));
        blocks.push(Block::Fields {
            across: 1,
            items: vec![Entry::new("复议机关和期限", ""), Entry::new("诉讼法院和期限", "")],
        });
        if let Some(told) = self.card.limits.iter().find(|limit| limit.ends == Some(Ends::Told)) {
            let unit = if told.workdays { "个工作日" } else { "天" };
            blocks.push(Block::note(format!(
                "不予确认的，应在作出决定后{}{unit}内书面告知（{}）。",
                told.days,
                words::clause(&told.source)
            )));
        }
        blocks.push(Block::signatures(&["告知单位（盖章）：", "日期：", "收件人签名：", "收到日期："]));
        blocks
    }
}
