//! What is known of a person, of who answers for him or her, and of the household, for every paper.

use access::Scope;
use kernel::{Id, Outcome, codes, codes::Lang, secret::SecretKind};
use people::{
    facts::store::unit_of,
    households, minors,
    persons::{
        self, Masked,
        row::{PersonLine, person},
    },
};
use sea_orm::ColumnTrait as _;

use super::{Print, words};

/// Most members a form names; more are written by hand.
const MEMBERS: usize = 12;

/// Whom to turn to.
#[derive(Debug, Clone, Default)]
pub struct Contact {
    /// The responsible worker; empty when there is none.
    pub worker: String,
    /// The station; empty when the caller sees none.
    pub station: String,
    /// Its telephone.
    pub phone: String,
    /// Its address.
    pub address: String,
    /// When it is open.
    pub hours: String,
    /// Township or subdistrict.
    pub township: String,
}

/// Somebody on a form.
#[derive(Debug, Clone, Default)]
pub struct Member {
    /// Name.
    pub name: String,
    /// Relation to the head of the household.
    pub relation: String,
    /// Sex.
    pub sex: String,
    /// Birth day.
    pub birth: String,
    /// Number of the document.
    pub number: String,
}

/// The person a paper is about.
#[derive(Debug, Clone, Default)]
pub struct Applicant {
    /// The person as a member.
    pub member: Member,
    /// Ethnic group.
    pub ethnicity: String,
    /// Telephone.
    pub phone: String,
    /// Where the person lives.
    pub home: String,
    /// Where the person is registered.
    pub hukou: String,
    /// Those assessed together, the person first.
    pub household: Vec<Member>,
    /// Whether a household says so.
    pub household_known: bool,
}

fn label(list: &str, code: &str) -> String {
    codes::label(list, code, Lang::Zh).to_owned()
}

/// Whom the person turns to: the responsible worker, and the station responsible or else that of the township.
pub async fn contact(scope: &Scope<Print>, person: &person::Model) -> Outcome<Contact> {
    let mut contact = Contact::default();
    if let Some(worker) = person.worker_id {
        contact.worker = scope.account_names(vec![worker]).await?.remove(&worker).unwrap_or_default();
    }
    contact.township = place_name(scope, person.township_id).await?;
    let Ok(network) = scope.also::<places::network::Read>() else { return Ok(contact) };
    if let Some(station) = places::stations::store::of_client(&network, person.station_id, person.township_id).await? {
        contact.station = station.name;
        contact.phone = station.phone.unwrap_or_default();
        contact.address = station.address.unwrap_or_default();
        contact.hours = station.open_hours.unwrap_or_default();
    }
    Ok(contact)
}

async fn place_name(scope: &Scope<Print>, id: i32) -> Outcome<String> {
    Ok(scope.labels([id]).await?.remove(&id).map(|place| place.name).unwrap_or_default())
}

/// Names of province to village; a level the real tree skips is named once.
async fn place_path(scope: &Scope<Print>, path: [i32; 5]) -> Outcome<String> {
    let labels = scope.labels(path).await?;
    let mut ids: Vec<i32> = path.to_vec();
    ids.dedup();
    Ok(ids.iter().filter_map(|id| labels.get(id)).map(|place| place.name.as_str()).collect())
}

/// How numbers and addresses of the person are shown: masked, or in full for a reason that is recorded with each.
pub struct Secrets<'a> {
    scope: &'a Scope<Print>,
    reason: Option<&'a str>,
}

impl<'a> Secrets<'a> {
    /// With a reason in full, without one masked.
    pub fn new(scope: &'a Scope<Print>, reason: Option<&'a str>) -> Self {
        Self { scope, reason }
    }

    async fn of(&self, person: &person::Model, field: Masked) -> Outcome<String> {
        let (kind, sealed) = match field {
            Masked::IdNumber => (SecretKind::Number, &person.id_number),
            Masked::Phone => (SecretKind::Phone, &person.phone),
            Masked::Address => (SecretKind::Address, &person.address),
            Masked::HukouAddress => (SecretKind::Address, &person.hukou_address),
            Masked::Name => return Ok(self.scope.show_name(&person.name)),
        };
        match (sealed, self.reason) {
            (None, _) => Ok(String::new()),
            (Some(_), Some(reason)) => {
                let reveal = self.scope.also::<persons::Reveal>()?;
                Ok(persons::revealed(&reveal, person, field, reason).await?.unwrap_or_default())
            }
            // Stars in the place of an address would be in the way of the pen.
            (Some(_), None) if kind == SecretKind::Address => Ok(String::new()),
            (Some(sealed), None) => self.scope.show(kind, sealed),
        }
    }
}

/// Somebody whose file the caller may open.
fn as_member(scope: &Scope<Print>, person: &person::Model, name: String, relation: String) -> Outcome<Member> {
    let number = person.id_number.as_ref().map(|sealed| scope.show(SecretKind::Number, sealed)).transpose()?;
    Ok(Member {
        name,
        relation,
        sex: label("sex", &person.sex),
        birth: person.birth_date.map(words::day).unwrap_or_default(),
        number: number.unwrap_or_default(),
    })
}

/// The person with those assessed together, as the caller may see them.
pub async fn applicant(scope: &Scope<Print>, person: &person::Model, secrets: &Secrets<'_>) -> Outcome<Applicant> {
    let (household, household_known) = household(scope, person).await?;
    let home = place_path(scope, person.path()).await?;
    let hukou = match person.hukou_village_id {
        Some(village) => place_path(scope, scope.division(village).await?.place().path).await?,
        None => String::new(),
    };
    let first = household.iter().find(|(id, _)| *id == person.id).map(|(_, member)| member.clone());
    let mut member = match first {
        Some(member) => member,
        None => as_member(scope, person, scope.show_name(&person.name), String::new())?,
    };
    member.number = secrets.of(person, Masked::IdNumber).await?;
    Ok(Applicant {
        ethnicity: person.ethnicity.as_deref().map(|code| label("ethnicity", code)).unwrap_or_default(),
        phone: secrets.of(person, Masked::Phone).await?,
        home: format!("{home}{}", secrets.of(person, Masked::Address).await?),
        hukou: format!("{hukou}{}", secrets.of(person, Masked::HukouAddress).await?),
        household: household.into_iter().map(|(_, member)| member).collect(),
        household_known,
        member,
    })
}

/// Who is assessed together, the person first; somebody the caller may not see is a row to write in.
async fn household(scope: &Scope<Print>, person: &person::Model) -> Outcome<(Vec<(Id, Member)>, bool)> {
    let Ok(homes) = scope.also::<households::Read>() else { return Ok((Vec::new(), false)) };
    let (mut ids, known) = unit_of(&homes, person).await?;
    ids.sort_by_key(|id| *id != person.id);
    ids.truncate(MEMBERS);
    let people = scope.find::<person::Entity>().filter(person::Column::Id.is_in(ids.clone())).all().await?;
    let lines: Vec<PersonLine> = people.iter().cloned().map(PersonLine::from).collect();
    let open = minors::open_among(scope, &lines).await?;
    let names = minors::names_in(scope, &lines, &open);
    let relations = households::store::open_of_page(&homes, &ids).await?;
    let mut all = Vec::new();
    for id in ids {
        let relation = relations.iter().find(|m| m.person_id == id).map(|m| label("relation", &m.relation));
        let relation = relation.unwrap_or_default();
        let name = names.get(&id).cloned().unwrap_or_default();
        let shown = match people.iter().find(|p| p.id == id && open.contains_key(&id)) {
            Some(found) => as_member(scope, found, name, relation)?,
            // A minor whose file is closed to the caller, or somebody outside the reach.
            None => Member { name, relation, ..Member::default() },
        };
        all.push((id, shown));
    }
    Ok((all, known))
}
