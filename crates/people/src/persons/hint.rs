//! Who may be the same as somebody about to be entered (查重提示): asked while the form is typed, inside the scope only.

use access::{Body, House, Page, Problems, Scope};
use axum::Json;
use kernel::{
    Outcome, Secret,
    document::{self, DocType, phone},
};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Create,
    checks::{Faults, MOST_ITEMS},
    keys,
    model::{self, LooksLike},
    row::person,
    search,
    view::{self, PersonRow},
};
use crate::duplicates::{
    model::{Traits, compare},
    store::traits,
};

/// Somebody who may be the same.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Lookalike {
    /// The person.
    pub person: PersonRow,
    /// Why: same_number, same_name_birth, same_name_village, and of near matches what agrees and what differs.
    pub why: Vec<String>,
    /// How alike, 0 to 100; a hint of the machine.
    pub score: i32,
}

/// What was asked, read.
struct Asked {
    name: String,
    number: Option<String>,
    traits: Traits,
    village: Option<kernel::Place>,
    last4: Option<String>,
}

/// Possible duplicates of somebody about to be entered.
#[utoipa::path(post, path = "/persons/duplicates", tag = "people", request_body = LooksLike,
    responses((status = 200, body = Page<Lookalike>), Problems), extensions(("x-permit" = json!("people.persons.create"))))]
async fn duplicates(scope: Scope<Create>, body: Body<LooksLike>) -> Outcome<Json<Page<Lookalike>>> {
    let asked = read(&scope, body.value).await?;
    let most = MOST_ITEMS as u64;
    let mut found: Vec<(person::Model, Vec<String>, i32)> = Vec::new();
    let mut note = |people: Vec<person::Model>, why: &str| {
        for person in people {
            match found.iter_mut().find(|(known, ..)| known.id == person.id) {
                Some((_, reasons, _)) => reasons.push(why.to_owned()),
                None => found.push((person, vec![why.to_owned()], 0)),
            }
        }
    };
    if let Some(normal) = &asked.number {
        note(search::with_number(&scope, normal, most).await?, "same_number");
    }
    if let Some(birth) = asked.traits.birth {
        note(search::with_name_and_birth(&scope, &asked.name, birth, most).await?, "same_name_birth");
    }
    if let Some(village) = asked.village {
        note(search::with_name_in_village(&scope, &asked.name, &village, most).await?, "same_name_village");
    }
    for person in near(&scope, &asked).await? {
        if !found.iter().any(|(known, ..)| known.id == person.id) {
            found.push((person, Vec::new(), 0));
        }
    }
    let mut shown = Vec::with_capacity(found.len());
    for (person, mut why, _) in found {
        let alike = compare(&asked.traits, &traits(&scope, &person)?);
        if why.is_empty() && !alike.is_shown() {
            continue;
        }
        // Found in the village by the sound of the name alone: the reader is told what really agrees.
        if why == ["same_name_village"] && !alike.why.contains(&"same_name") {
            why.clear();
        }
        if why.is_empty() {
            why.extend(alike.why.iter().map(|reason| (*reason).to_owned()));
        }
        shown.push((person, why, alike.score));
    }
    shown.sort_by_key(|(person, _, score)| (std::cmp::Reverse(*score), person.id));
    shown.truncate(MOST_ITEMS);
    let scores: Vec<(Vec<String>, i32)> = shown.iter().map(|(_, why, score)| (why.clone(), *score)).collect();
    let rows = view::rows(&scope, shown.into_iter().map(|(person, ..)| person)).await?;
    let items = rows.into_iter().zip(scores).map(|(person, (why, score))| Lookalike { person, why, score }).collect();
    Ok(Json(Page::whole(items)))
}

async fn read(scope: &Scope<Create>, asked: LooksLike) -> Outcome<Asked> {
    let mut faults = Faults::default();
    let name = model::person_name("name", &asked.name, &mut faults);
    if let Some(birth) = asked.birth_date {
        faults.birth("birth_date", birth, scope.today());
    }
    faults.optional_code("doc_type", "id_doc_type", asked.doc_type.as_deref());
    faults.optional_code("sex", "sex", asked.sex.as_deref());
    let village = match asked.village.as_deref() {
        Some(text) => faults.keep(scope.resolve("village", text).await)?.map(|division| division.place()),
        None => None,
    };
    for (field, text, most) in [("number", &asked.number, 64), ("phone", &asked.phone, 30)] {
        if text.as_ref().is_some_and(|t| t.expose().chars().count() > most) {
            faults.push(kernel::Field::too_long(field, most));
        }
    }
    let name = faults.done(name)?;
    // An unfinished number or telephone finds nobody; whether it is right is said when the form is sent.
    let number = asked.number.as_ref().map(Secret::expose).and_then(document::guess);
    let phone = asked.phone.as_ref().and_then(|p| phone::parse(p.expose()).ok());
    let at = |level| village.as_ref().map_or(0, |v| v.at(level));
    let traits = Traits {
        birth: asked.birth_date,
        sex: asked.sex.unwrap_or_default(),
        village: at(kernel::Level::Village),
        township: at(kernel::Level::Township),
        phone: phone.as_ref().map(|p| scope.index("phone", &p.normal)),
        number: number.clone().filter(|(kind, _)| *kind != DocType::None),
        ..Traits::named([name.as_str()])
    };
    Ok(Asked { name, number: number.map(|(_, normal)| normal), traits, village, last4: phone.map(|p| p.last4()) })
}

/// People found by sound in the township, by birth date and by telephone in the county, inside the reach.
async fn near(scope: &Scope<Create>, asked: &Asked) -> Outcome<Vec<person::Model>> {
    let Some(village) = asked.village else { return Ok(Vec::new()) };
    let above = async |level| scope.division(village.at(level)).await.map(|d| d.place());
    let (township, county) = (above(kernel::Level::Township).await?, above(kernel::Level::County).await?);
    let heard: Vec<String> = keys::name_words(&asked.name, []).into_iter().filter(|w| w.starts_with("q:")).collect();
    let mut wide: Vec<String> = Vec::new();
    if let Some(birth) = asked.traits.birth {
        wide.extend(["0", "1", "2", "9"].map(|sex| keys::birth_word(birth, sex)));
    }
    if let Some(last4) = &asked.last4 {
        wide.push(keys::last4_word(|purpose, text| scope.index(purpose, text), county.id, last4));
    }
    let mut people = search::with_words(scope, &township, &heard).await?;
    people.extend(search::with_words(scope, &county, &wide).await?);
    people.sort_by_key(|p| p.id);
    people.dedup_by_key(|p| p.id);
    Ok(people)
}

/// The route of this file.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(duplicates))
}
