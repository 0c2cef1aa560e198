//! The fields of two records side by side, which value is proposed, and what a merge asks for.

use kernel::document::DocType;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::persons::{
    checks::{Faults, SHORT},
    row::person,
};

/// A field whose value is chosen between the two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Name as on the document.
    Name,
    /// Name in daily use.
    UsualName,
    /// Sex.
    Sex,
    /// Birth date.
    BirthDate,
    /// Document with its number.
    Document,
    /// Telephone.
    Phone,
    /// Village, address and where the person lived when.
    Residence,
    /// Place of registration.
    Hukou,
    /// Ethnicity.
    Ethnicity,
    /// Nationality.
    Nationality,
    /// Marital status.
    Marital,
    /// Education.
    Education,
    /// Political status.
    Political,
    /// Whether the person was told.
    Told,
    /// Responsible worker.
    Worker,
    /// Note.
    Note,
    /// State, grade, episodes and steps of the ledger.
    Ledger,
}

impl Field {
    /// All fields in the order of the screen.
    pub const ALL: [(Self, &'static str); 17] = [
        (Self::Name, "name"),
        (Self::UsualName, "usual_name"),
        (Self::Sex, "sex"),
        (Self::BirthDate, "birth_date"),
        (Self::Document, "document"),
        (Self::Phone, "phone"),
        (Self::Residence, "residence"),
        (Self::Hukou, "hukou"),
        (Self::Ledger, "ledger"),
        (Self::Worker, "worker"),
        (Self::Marital, "marital"),
        (Self::Education, "education"),
        (Self::Ethnicity, "ethnicity"),
        (Self::Nationality, "nationality"),
        (Self::Political, "political"),
        (Self::Told, "told"),
        (Self::Note, "note"),
    ];

    /// The field with this name.
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, name)| *name == text).map(|(field, _)| *field)
    }

    /// Sets the field of a record to the value of another; ledger and residence rows follow elsewhere.
    pub fn copy(self, from: &person::Model, to: &mut person::ActiveModel) {
        let from = from.clone();
        match self {
            Self::Name => {
                to.name = Set(from.name);
                to.name_pinyin = Set(from.name_pinyin);
            }
            Self::UsualName => to.usual_name = Set(from.usual_name),
            Self::Sex => to.sex = Set(from.sex),
            Self::BirthDate => to.birth_date = Set(from.birth_date),
            Self::Document => {
                to.doc_type = Set(from.doc_type);
                to.id_number = Set(from.id_number);
                to.id_hash = Set(from.id_hash);
                to.no_number_reason = Set(from.no_number_reason);
            }
            Self::Phone => {
                to.phone = Set(from.phone);
                to.phone_hash = Set(from.phone_hash);
            }
            Self::Residence => {
                to.village_id = Set(from.village_id);
                to.township_id = Set(from.township_id);
                to.county_id = Set(from.county_id);
                to.city_id = Set(from.city_id);
                to.province_id = Set(from.province_id);
                to.address = Set(from.address);
                to.residence_since = Set(from.residence_since);
            }
            Self::Hukou => {
                to.hukou_village_id = Set(from.hukou_village_id);
                to.hukou_address = Set(from.hukou_address);
            }
            Self::Ethnicity => to.ethnicity = Set(from.ethnicity),
            Self::Nationality => to.nationality = Set(from.nationality),
            Self::Marital => to.marital = Set(from.marital),
            Self::Education => to.education = Set(from.education),
            Self::Political => to.political = Set(from.political),
            Self::Told => {
                to.told_on = Set(from.told_on);
                to.told_way = Set(from.told_way);
            }
            Self::Worker => to.worker_id = Set(from.worker_id),
            Self::Note => to.note = Set(from.note),
            Self::Ledger => {}
        }
    }

    /// Whether the rule proposes the absorbed record's value: a verified number before none, something before nothing,
    /// what is told newer where it changes over time.
    pub fn takes(self, survivor: &person::Model, absorbed: &person::Model) -> bool {
        let (s, a) = (survivor, absorbed);
        // Ids of UUIDv7 grow with time: the larger one was entered later.
        let newer = a.id > s.id;
        let either = |mine: bool, theirs: bool, differs: bool, may: bool| theirs && (!mine || (differs && may));
        match self {
            Self::Name | Self::Sex | Self::BirthDate | Self::Document => rank(a) < rank(s),
            Self::UsualName => s.usual_name.is_none() && a.usual_name.is_some(),
            Self::Phone => either(s.phone.is_some(), a.phone.is_some(), s.phone_hash != a.phone_hash, newer),
            Self::Residence => newer && a.residence_since > s.residence_since,
            Self::Hukou => either(s.hukou_village_id.is_some(), a.hukou_village_id.is_some(), true, newer),
            Self::Ethnicity => s.ethnicity.is_none() && a.ethnicity.is_some(),
            Self::Nationality => s.nationality.is_none() && a.nationality.is_some(),
            Self::Marital => either(s.marital.is_some(), a.marital.is_some(), s.marital != a.marital, newer),
            Self::Education => either(s.education.is_some(), a.education.is_some(), s.education != a.education, newer),
            Self::Political => s.political.is_none() && a.political.is_some(),
            Self::Told => s.told_on.is_none() && a.told_on.is_some(),
            Self::Worker => s.worker_id.is_none() && a.worker_id.is_some(),
            Self::Note => s.note.is_none() && a.note.is_some(),
            Self::Ledger => standing(a) > standing(s),
        }
    }
}

/// The rank of the document: smaller is better, none comes last.
fn rank(person: &person::Model) -> usize {
    DocType::ALL.iter().position(|kind| kind.code() == person.doc_type).unwrap_or(usize::MAX)
}

/// How far a ledger is: one that runs before one that ended.
pub fn standing(person: &person::Model) -> u8 {
    match person.ledger_state.as_str() {
        "active" => 6,
        "suspended" => 5,
        "verifying" => 4,
        "lead" => 3,
        "exited" => 2,
        "archived" => 1,
        _ => 0,
    }
}

/// A merge to propose or carry out.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMerge {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// The record that stays.
    pub survivor_id: Uuid,
    /// Its revision as the caller saw it.
    pub survivor_rev: i32,
    /// The record that goes into it.
    pub absorbed_id: Uuid,
    /// Its revision as the caller saw it.
    pub absorbed_rev: i32,
    /// Fields whose value is taken from the absorbed record: name, usual_name, sex, birth_date, document, phone, residence,
    /// hukou, ledger, worker, marital, education, ethnicity, nationality, political, told, note.
    #[schema(max_items = 17)]
    pub take: Vec<String>,
    /// Why the two are one person.
    #[schema(max_length = 200)]
    pub reason: String,
}

impl NewMerge {
    /// Checks the form; gives the fields and the reason.
    pub fn check(&self, faults: &mut Faults) -> (Vec<Field>, String) {
        faults.id("id", self.id);
        faults.list("take", &self.take);
        let mut fields = Vec::new();
        for name in &self.take {
            match Field::named(name) {
                Some(field) => fields.push(field),
                None => faults.push(kernel::Field::new(
                    "take",
                    "unknown_code",
                    "没有这个可选项，请刷新页面后重试。",
                    "There is no such field; reload the page.",
                )),
            }
        }
        if self.survivor_id == self.absorbed_id {
            faults.push(kernel::Field::new(
                "absorbed_id",
                "same",
                "请选择两份不同的档案。",
                "Choose two different records.",
            ));
        }
        (fields, faults.text("reason", &self.reason, SHORT))
    }
}
