//! States and acts, and which act may follow: pure.

use kernel::Problem;
use people::applications::row::application;
use policy::card::{Card, Stage};
use serde::{Deserialize, Serialize};

/// Where an application stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being prepared (准备).
    Draft,
    /// Accepted by the township (受理).
    Accepted,
    /// Surveyed at home (入户调查).
    Surveyed,
    /// The township has its opinion (审核意见).
    Opinion,
    /// The opinion hangs out or has hung out (公示).
    Publicity,
    /// Sent on to who decides (上报).
    Submitted,
    /// Confirmed (确认).
    Confirmed,
    /// Not confirmed (不予确认).
    Refused,
    /// Taken back (撤回).
    Withdrawn,
}

impl State {
    /// All states with their words in the database and in Chinese.
    const WORDS: [(Self, &'static str, &'static str); 9] = [
        (Self::Draft, "draft", "准备材料"),
        (Self::Accepted, "accepted", "已受理"),
        (Self::Surveyed, "surveyed", "已入户调查"),
        (Self::Opinion, "opinion", "已提出审核意见"),
        (Self::Publicity, "publicity", "公示"),
        (Self::Submitted, "submitted", "已上报"),
        (Self::Confirmed, "confirmed", "已确认"),
        (Self::Refused, "refused", "不予确认"),
        (Self::Withdrawn, "withdrawn", "已撤回"),
    ];

    /// The state with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, known, _)| *known == word).map(|(state, ..)| *state)
    }

    /// Its word in the database.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(state, ..)| *state == self).map_or("", |(_, word, _)| word)
    }

    fn label(self) -> &'static str {
        Self::WORDS.iter().find(|(state, ..)| *state == self).map_or("", |(.., label)| label)
    }

    /// Neither decided nor withdrawn.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Confirmed | Self::Refused | Self::Withdrawn)
    }
}

/// What somebody does, or records that it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Hands the prepared papers in (递交).
    HandIn,
    /// Accepts them (受理).
    Accept,
    /// Surveys the home (入户调查).
    Survey,
    /// Gives the opinion of the township (审核意见).
    Opinion,
    /// Hangs the opinion out (公示开始).
    PublicityStart,
    /// Ends the notice (公示结束).
    PublicityEnd,
    /// Sends the papers on (上报).
    Submit,
    /// Takes a confirmation back (确认).
    Confirm,
    /// Takes a refusal back (不予确认).
    Refuse,
    /// Publishes a confirmed decision (公布).
    Announce,
    /// Tells the person of the decision (告知).
    Tell,
    /// Takes the application back (撤回).
    Withdraw,
}

impl Act {
    const WORDS: [(Self, &'static str, &'static str); 12] = [
        (Self::HandIn, "hand_in", "递交材料"),
        (Self::Accept, "accept", "受理"),
        (Self::Survey, "survey", "登记入户调查"),
        (Self::Opinion, "opinion", "登记审核意见"),
        (Self::PublicityStart, "publicity_start", "开始公示"),
        (Self::PublicityEnd, "publicity_end", "结束公示"),
        (Self::Submit, "submit", "上报"),
        (Self::Confirm, "confirm", "登记确认结果"),
        (Self::Refuse, "refuse", "登记不予确认"),
        (Self::Announce, "announce", "公布"),
        (Self::Tell, "tell", "告知申请人"),
        (Self::Withdraw, "withdraw", "撤回"),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(act, ..)| *act == self).map_or("", |(_, word, _)| word)
    }

    fn label(self) -> &'static str {
        Self::WORDS.iter().find(|(act, ..)| *act == self).map_or("", |(.., label)| label)
    }

    /// Done by who prepares; the others by the township reviewer.
    pub fn is_of_worker(self) -> bool {
        matches!(self, Self::HandIn | Self::Tell | Self::Withdraw)
    }
}

/// What the card says about the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// Survey and opinion come before the submission.
    pub thorough: bool,
    /// There may be a notice before the decision and a publication after it.
    pub public: bool,
    /// The notice comes before the submission.
    pub notice: bool,
    /// Papers may be completed afterwards (社会救助法 art. 50).
    pub urgent: bool,
}

impl Way {
    /// The way of a card.
    pub fn of(card: &Card) -> Self {
        let thorough = card.stage == Stage::Identity || !super::outcome::categories(card).is_empty();
        // A card may say "不公示" in words without a child or restricted record behind it (法律援助、救助管理).
        let public = !card.no_publicity && !card.publicity.starts_with("不公示");
        let notice = thorough && public && !card.publicity.is_empty();
        Self { thorough, public, notice, urgent: card.stage == Stage::Emergency }
    }

    /// The acts that may follow now.
    pub fn next(self, state: State, row: &application::Model) -> Vec<Act> {
        use Act::{
            Accept, Announce, Confirm, HandIn, Opinion, PublicityEnd, PublicityStart, Refuse, Submit, Survey, Tell,
            Withdraw,
        };
        let mut acts = match state {
            State::Draft => vec![HandIn, Accept],
            State::Accepted if self.thorough => vec![Survey],
            State::Accepted => vec![Submit, Survey],
            State::Surveyed => vec![Opinion],
            State::Opinion if self.notice => vec![PublicityStart],
            State::Opinion if self.public => vec![Submit, PublicityStart],
            State::Opinion => vec![Submit],
            State::Publicity if row.publicity_ended_on.is_none() => vec![PublicityEnd],
            State::Publicity => vec![Submit],
            State::Submitted => vec![Confirm, Refuse],
            State::Confirmed | State::Refused => {
                let announce = state == State::Confirmed && self.public && row.announced_on.is_none();
                let tell = row.told_on.is_none().then_some(Tell);
                announce.then_some(Announce).into_iter().chain(tell).collect()
            }
            State::Withdrawn => vec![],
        };
        if state.is_open() {
            acts.push(Withdraw);
        }
        acts
    }

    /// Refuses an act that may not follow, saying what comes first.
    pub fn must_follow(self, act: Act, state: State, row: &application::Model) -> Result<(), Problem> {
        if self.next(state, row).contains(&act) {
            return Ok(());
        }
        let (rule, zh, en) = match act {
            Act::PublicityStart | Act::Announce if !self.public => (
                "application.no_publicity",
                "为保护隐私，本政策不公示、不公布。",
                "To protect privacy this policy is neither notified nor published.",
            ),
            Act::Submit if state == State::Opinion => (
                "application.notice_first",
                "审核意见须先公示，公示期满后才能上报。",
                "The opinion is made public first; submit after the notice has run out.",
            ),
            Act::Submit if state == State::Publicity => (
                "application.notice_runs",
                "公示还没有结束，请先登记公示结束。",
                "The notice has not ended; record its end first.",
            ),
            Act::Announce if state.is_open() => (
                "application.announce_after",
                "公布在确认之后进行，请先登记确认结果。",
                "A decision is published after it is confirmed; record the result first.",
            ),
            _ => {
                let zh = format!("现在的环节是“{}”，不能{}，请刷新页面查看下一步。", state.label(), act.label());
                let en = format!(
                    "The application is `{}`; `{}` cannot follow. Reload to see the next step.",
                    state.word(),
                    act.word()
                );
                return Err(Problem::refused("application.order", zh, en));
            }
        };
        Err(Problem::refused(rule, zh, en))
    }
}

/// The state an act leads to.
pub fn after(act: Act, state: State, objection: bool) -> State {
    match act {
        Act::HandIn | Act::Announce | Act::Tell => state,
        Act::Accept => State::Accepted,
        Act::Survey => State::Surveyed,
        Act::Opinion => State::Opinion,
        Act::PublicityEnd if objection => State::Accepted,
        Act::PublicityStart | Act::PublicityEnd => State::Publicity,
        Act::Submit => State::Submitted,
        Act::Confirm => State::Confirmed,
        Act::Refuse => State::Refused,
        Act::Withdraw => State::Withdrawn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::shelf::shelf;

    fn way(id: &str) -> Way {
        Way::of(shelf().unwrap().library.cards().iter().find(|c| c.id == id).unwrap())
    }

    #[test]
    fn a_status_goes_all_the_way_and_children_are_not_put_on_a_wall() {
        for (id, thorough, public, notice, urgent) in [
            ("dibao", true, true, true, false),
            ("tekun", true, true, true, false),
            ("rigid", true, true, false, false),
            ("orphan", true, false, false, false),
            ("defacto", true, false, false, false),
            ("temp_urgent", false, true, false, true),
            ("legal_aid", false, false, false, false),
            ("elder_allowance", false, true, false, false),
        ] {
            assert_eq!(way(id), Way { thorough, public, notice, urgent }, "{id}");
        }
    }

    #[test]
    fn words_of_states_and_acts_come_back() {
        for (state, word, _) in State::WORDS {
            assert_eq!(State::parse(word), Some(state));
            assert_eq!(serde_json::to_value(state).unwrap(), word);
        }
        for (act, word, _) in Act::WORDS {
            assert_eq!(serde_json::to_value(act).unwrap(), word);
        }
        assert_eq!(State::parse("done"), None);
    }

    #[test]
    fn an_objection_leads_back_to_the_survey() {
        assert_eq!(after(Act::PublicityEnd, State::Publicity, true), State::Accepted);
        assert_eq!(after(Act::PublicityEnd, State::Publicity, false), State::Publicity);
    }
}
