//! What comes in about a person, and the checks that need no database.

use chrono::NaiveDate;
use kernel::{
    Day, Field, Secret,
    document::{self, DocType, Number, Paper, Warning, phone::Phone},
    name,
};
use serde::Deserialize;
use uuid::Uuid;

use super::checks::{Faults, LONG, SHORT};
use crate::categories::NewCategory;

/// Telling somebody that and why data are kept (告知).
#[derive(Debug, Clone, Deserialize, serde::Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// Day, today or earlier.
    pub on: NaiveDate,
    /// Code of list `told_way`.
    pub way: String,
}

/// A new person.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// UUIDv7 made by the client; the same id with the same body is the same write.
    pub id: Uuid,
    /// Name as on the document.
    #[schema(max_length = 50)]
    pub name: String,
    /// Code of list `sex`.
    pub sex: String,
    /// Birth date; taken from the document number when left out.
    pub birth_date: Option<NaiveDate>,
    /// Code of list `ethnicity`.
    pub ethnicity: Option<String>,
    /// Code of list `id_doc_type`.
    pub doc_type: String,
    /// Document number; left out for `none`.
    #[schema(max_length = 64)]
    pub number: Option<Secret>,
    /// The number was copied from an unverified paper: a wrong check digit is then a warning.
    pub paper_unverified: Option<bool>,
    /// Why there is no document; required for `none`.
    #[schema(max_length = 200)]
    pub no_number_reason: Option<String>,
    /// Telephone.
    #[schema(max_length = 30)]
    pub phone: Option<Secret>,
    /// Village or community where the person lives, as `place=`.
    pub village: String,
    /// Address below the village.
    #[schema(max_length = 200)]
    pub address: Option<Secret>,
    /// Place of registration (户籍), a county or below.
    pub hukou_village: Option<String>,
    /// Address of registration.
    #[schema(max_length = 200)]
    pub hukou_address: Option<Secret>,
    /// Since when the person lives there.
    pub residence_since: Option<NaiveDate>,
    /// Name in daily use.
    #[schema(max_length = 50)]
    pub usual_name: Option<String>,
    /// Former names.
    #[schema(max_items = 10)]
    pub former_names: Option<Vec<String>>,
    /// Code of list `marital`.
    pub marital: Option<String>,
    /// Code of list `education`.
    pub education: Option<String>,
    /// Code of list `political`.
    pub political: Option<String>,
    /// Code of list `nationality`.
    pub nationality: Option<String>,
    /// Household to join.
    pub household_id: Option<Uuid>,
    /// Relation to its head, code of list `relation`; `8` when left out.
    pub relation: Option<String>,
    /// Code of list `lead_source`.
    pub lead_source: String,
    /// Found during a visit; the source must then be `visit`.
    pub found_by_visit: Option<bool>,
    /// Note.
    #[schema(max_length = 4000)]
    pub note: Option<String>,
    /// Categories with their evidence; may be empty.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub categories: Vec<NewCategory>,
    /// Whether and how the person was told.
    pub told: Option<Told>,
}

/// What is asked of possible duplicates.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LooksLike {
    /// Name.
    #[schema(max_length = 50)]
    pub name: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// Code of list `sex`.
    pub sex: Option<String>,
    /// Village, as `place=`.
    pub village: Option<String>,
    /// Code of list `id_doc_type`.
    pub doc_type: Option<String>,
    /// Document number.
    #[schema(max_length = 64)]
    pub number: Option<Secret>,
    /// Telephone.
    #[schema(max_length = 30)]
    pub phone: Option<Secret>,
}

/// A document as it is kept.
#[derive(Debug, Clone)]
pub enum Document {
    /// With a number.
    Numbered(Number),
    /// Without; a temporary number is made.
    Missing(String),
}

/// A new person that passed every check of this module.
#[derive(Debug)]
pub struct Checked {
    /// Name.
    pub name: String,
    /// Name in daily use.
    pub usual_name: Option<String>,
    /// Former names.
    pub former_names: Vec<String>,
    /// Birth date, from the form or the number.
    pub birth_date: Option<Day>,
    /// Document.
    pub document: Document,
    /// Phone.
    pub phone: Option<Phone>,
    /// Address below the village.
    pub address: Option<Secret>,
    /// Address of registration.
    pub hukou_address: Option<Secret>,
    /// Note.
    pub note: Option<String>,
    /// What looks odd.
    pub warnings: Vec<Warning>,
}

impl NewPerson {
    /// Checks all that needs no database; `faults` collects what is wrong.
    pub fn check(&self, today: Day, faults: &mut Faults) -> Option<Checked> {
        let name = person_name("name", &self.name, faults);
        let usual_name = optional_name("usual_name", self.usual_name.as_deref(), faults);
        let former_names = former_names(self.former_names.as_deref().unwrap_or_default(), faults);
        faults.code("sex", "sex", &self.sex);
        let lists = [
            ("ethnicity", &self.ethnicity),
            ("marital", &self.marital),
            ("education", &self.education),
            ("political", &self.political),
            ("nationality", &self.nationality),
            ("relation", &self.relation),
        ];
        for (list, code) in lists {
            faults.optional_code(list, list, code.as_deref());
        }
        faults.code("lead_source", "lead_source", &self.lead_source);
        if self.found_by_visit == Some(true) && self.lead_source != "visit" {
            faults.push(Field::new(
                "lead_source",
                "mismatch",
                "走访发现的对象，线索来源请选“走访发现”。",
                "A person found during a visit has the source `visit`; choose it.",
            ));
        }
        let paper = if self.paper_unverified == Some(true) { Paper::Unverified } else { Paper::Seen };
        let number = self.number.as_ref().map(Secret::expose);
        let document = check_document(&self.doc_type, number, self.no_number_reason.as_deref(), paper, today, faults);
        let carried = match &document {
            Some(Document::Numbered(number)) => number.birth,
            _ => None,
        };
        let birth_date = self.birth_date.or(carried);
        if let Some(birth) = self.birth_date {
            faults.birth("birth_date", birth, today);
        }
        if let Some(since) = self.residence_since {
            faults.past("residence_since", since, today);
            faults.not_before("residence_since", since, birth_date, BEFORE_BIRTH.0, BEFORE_BIRTH.1);
        }
        check_told(self.told.as_ref(), today, faults);
        let phone = check_phone(self.phone.as_ref().map(Secret::expose), faults);
        let address = secret_text("address", self.address.as_ref(), faults);
        let hukou_address = secret_text("hukou_address", self.hukou_address.as_ref(), faults);
        let note = faults.optional_text("note", self.note.as_deref(), LONG);
        faults.list("categories", &self.categories);
        for (i, category) in self.categories.iter().enumerate() {
            category.check(&format!("categories[{i}]."), birth_date, today, faults);
            let again = |c: &NewCategory| c.category == category.category || c.id == category.id;
            if self.categories.iter().take(i).any(again) {
                faults.push(Field::new(
                    format!("categories[{i}].category"),
                    "repeated",
                    "同一类别重复填写，请删除一项。",
                    "The category is given twice; remove one.",
                ));
            }
        }
        let (name, document) = (name?, document?);
        let mut warnings = Vec::new();
        if let Document::Numbered(number) = &document {
            warnings.clone_from(&number.warnings);
            warnings.extend(number.disagreements(&self.sex, self.birth_date));
        }
        Some(Checked {
            name,
            usual_name,
            former_names,
            birth_date,
            document,
            phone,
            address,
            hukou_address,
            note,
            warnings,
        })
    }
}

/// A day before the birth date, in words.
pub const BEFORE_BIRTH: (&str, &str) =
    ("日期早于出生日期，请核对。", "The date lies before the birth date; check both.");

/// A name that must be there.
pub fn person_name(field: &str, text: &str, faults: &mut Faults) -> Option<String> {
    name::parse(text).map_err(|e| faults.push(Field::new(field, e.code(), e.zh(), e.en()))).ok()
}

/// A name that may be missing; blank is missing.
pub fn optional_name(field: &str, text: Option<&str>, faults: &mut Faults) -> Option<String> {
    text.filter(|t| !t.trim().is_empty()).and_then(|t| person_name(field, t, faults))
}

/// Former names, at most ten.
pub fn former_names(names: &[String], faults: &mut Faults) -> Vec<String> {
    if names.len() > 10 {
        faults.push(Field::new(
            "former_names",
            "too_many",
            "曾用名最多 10 个，请删减。",
            "At most 10 former names; remove some.",
        ));
    }
    let each = names.iter().enumerate();
    each.filter_map(|(i, text)| person_name(&format!("former_names[{i}]"), text, faults)).collect()
}

/// Document kind with number, or with the reason why there is none.
pub fn check_document(
    doc_type: &str,
    number: Option<&str>,
    reason: Option<&str>,
    paper: Paper,
    today: Day,
    faults: &mut Faults,
) -> Option<Document> {
    let Some(kind) = DocType::from_code(doc_type) else {
        faults.code("doc_type", "id_doc_type", doc_type);
        return None;
    };
    let number = number.filter(|n| !n.trim().is_empty());
    if kind == DocType::None {
        if number.is_some() {
            faults.push(Field::new(
                "number",
                "unexpected",
                "证件类型为“无证件”时不填号码；如有号码，请改选证件类型。",
                "Without a document there is no number; choose the document type if there is one.",
            ));
        }
        let reason = faults.text("no_number_reason", reason.unwrap_or_default(), SHORT);
        return Some(Document::Missing(reason));
    }
    match document::parse_from(kind, number.unwrap_or_default(), today, paper) {
        Ok(number) => Some(Document::Numbered(number)),
        Err(e) => {
            faults.push(Field::new("number", e.code(), e.zh(), e.en()));
            None
        }
    }
}

/// A telephone number that may be missing.
pub fn check_phone(text: Option<&str>, faults: &mut Faults) -> Option<Phone> {
    let text = text.filter(|t| !t.trim().is_empty())?;
    document::phone::parse(text).map_err(|e| faults.push(Field::new("phone", e.code(), e.zh(), e.en()))).ok()
}

/// Day and way of telling.
pub fn check_told(told: Option<&Told>, today: Day, faults: &mut Faults) {
    if let Some(told) = told {
        faults.past("told.on", told.on, today);
        faults.code("told.way", "told_way", &told.way);
    }
}

/// An address that may be missing.
pub fn secret_text(field: &str, text: Option<&Secret>, faults: &mut Faults) -> Option<Secret> {
    faults.optional_text(field, text.map(Secret::expose), SHORT).map(Secret::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_of(change: impl FnOnce(&mut serde_json::Value)) -> Vec<(String, &'static str)> {
        let mut json = serde_json::json!({
            "id": "019f0000-0000-7000-8000-000000000001", "name": "单雄信", "sex": "1", "doc_type": "citizen_id",
            "number": "430703196002290000", "village": "430703001001", "lead_source": "visit"
        });
        change(&mut json);
        let new: NewPerson = serde_json::from_value(json).unwrap();
        let mut faults = Faults::default();
        new.check(kernel::day::parse("2026-11-23").unwrap(), &mut faults);
        faults.0.into_iter().map(|f| (f.field, f.code)).collect()
    }

    #[test]
    fn a_plain_person_passes() {
        assert_eq!(faults_of(|_| ()), []);
    }

    #[test]
    fn each_wrong_field_is_named() {
        for (field, value, code) in [
            ("name", serde_json::json!(" "), "required"),
            ("name", serde_json::json!("长".repeat(51)), "too_long"),
            ("sex", serde_json::json!("7"), "unknown_code"),
            ("number", serde_json::json!("430703196002290001"), "check_digit"),
            ("number", serde_json::json!(null), "required"),
            ("doc_type", serde_json::json!("library_card"), "unknown_code"),
            ("birth_date", serde_json::json!("2026-11-24"), "future"),
            ("birth_date", serde_json::json!("0001-01-01"), "range"),
            ("phone", serde_json::json!("123"), "format"),
            ("ethnicity", serde_json::json!("99"), "unknown_code"),
            ("lead_source", serde_json::json!("rumour"), "unknown_code"),
            ("residence_since", serde_json::json!("1959-01-01"), "range"),
            ("note", serde_json::json!("字".repeat(4001)), "too_long"),
        ] {
            assert_eq!(faults_of(|json| json[field] = value.clone()), [(field.to_owned(), code)], "{field} = {value}");
        }
    }

    #[test]
    fn without_a_document_a_reason_is_needed_and_no_number() {
        let got = faults_of(|json| json["doc_type"] = "none".into());
        assert_eq!(got, [("number".to_owned(), "unexpected"), ("no_number_reason".to_owned(), "required")]);
    }

    #[test]
    fn a_number_that_disagrees_is_only_a_warning() {
        let json = serde_json::json!({
            "id": "019f0000-0000-7000-8000-000000000001", "name": "王芳", "sex": "1", "birth_date": "1961-01-01",
            "doc_type": "citizen_id", "number": "11010519491231002X", "village": "430703001001", "lead_source": "visit"
        });
        let new: NewPerson = serde_json::from_value(json).unwrap();
        let mut faults = Faults::default();
        let checked = new.check(kernel::day::parse("2026-11-23").unwrap(), &mut faults).unwrap();
        let codes: Vec<_> = checked.warnings.iter().map(Warning::code).collect();
        assert_eq!(codes, ["sex_differs", "birth_differs"]);
    }
}
