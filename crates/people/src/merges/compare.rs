//! Two records side by side, the value proposed for each field, and what would move.

use std::collections::BTreeMap;

use access::Scope;
use kernel::{Id, Outcome, Problem, secret::SecretKind};
use sea_orm::ColumnTrait as _;
use serde::Serialize;

use super::{
    Merge,
    carry::{CARRIED, Carry, Part},
    model::{Field, standing},
};
use crate::{
    minors,
    persons::{self, PersonRow, row::person},
};

/// One field of both records.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FieldPair {
    /// name, usual_name, sex, birth_date, document, phone, residence, hukou, ledger, worker, …
    pub field: String,
    /// The code list of the values; none for plain text.
    pub list: Option<String>,
    /// Value of the record that stays, masked where it is a secret.
    pub survivor: Option<String>,
    /// Value of the other record.
    pub absorbed: Option<String>,
    /// Both say the same.
    pub same: bool,
    /// The rule proposes the absorbed record's value.
    pub take: bool,
}

/// Two records side by side.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Comparison {
    /// The record that stays.
    pub survivor: PersonRow,
    /// Its revision.
    pub survivor_rev: i32,
    /// The record that goes into it.
    pub absorbed: PersonRow,
    /// Its revision.
    pub absorbed_rev: i32,
    /// Fields to choose between.
    pub fields: Vec<FieldPair>,
    /// Rows of the absorbed record that would go to the survivor, by kind.
    pub moves: BTreeMap<String, i64>,
    /// Rows of the absorbed record that stay with it as its own history, by kind.
    pub stays: BTreeMap<String, i64>,
    /// The other record looks like the better one to keep.
    pub rather_swap: bool,
    /// The records lie in different townships: a second person has to confirm.
    pub needs_second: bool,
    /// One record says the person died, the other does not.
    pub one_dead: bool,
}

/// Compares two records inside the scope.
pub async fn compare(scope: &Scope<Merge>, survivor: Id, absorbed: Id) -> Outcome<Comparison> {
    let one = async |id: Id| scope.find::<person::Entity>().filter(person::Column::Id.eq(id)).required().await;
    let (survivor, absorbed) = (one(survivor).await?, one(absorbed).await?);
    for person in [&survivor, &absorbed] {
        let way = minors::must_open(scope, person).await?;
        minors::record(scope, person, Some(way)).await?;
    }
    let people = vec![survivor.clone(), absorbed.clone()];
    let rows = persons::rows(scope, people).await?;
    let (Some(first), Some(second)) = (rows.first(), rows.get(1)) else { return Err(Problem::NotFound) };
    let mut fields = Vec::new();
    for (field, name) in Field::ALL {
        let (mine, theirs) =
            (value(scope, field, &survivor, first).await?, value(scope, field, &absorbed, second).await?);
        if mine.is_none() && theirs.is_none() {
            continue;
        }
        let same = same(field, &survivor, &absorbed) && mine == theirs;
        fields.push(FieldPair {
            field: name.to_owned(),
            list: list_of(field).map(str::to_owned),
            take: !same && field.takes(&survivor, &absorbed),
            survivor: mine,
            absorbed: theirs,
            same,
        });
    }
    let (moves, stays) = counts(scope, &absorbed).await?;
    Ok(Comparison {
        rather_swap: standing(&absorbed) > standing(&survivor)
            || (standing(&absorbed) == standing(&survivor) && absorbed.id < survivor.id),
        needs_second: survivor.township_id != absorbed.township_id,
        one_dead: survivor.died_on.is_some() != absorbed.died_on.is_some(),
        survivor_rev: survivor.rev,
        absorbed_rev: absorbed.rev,
        survivor: first.clone(),
        absorbed: second.clone(),
        fields,
        moves,
        stays,
    })
}

fn list_of(field: Field) -> Option<&'static str> {
    Some(match field {
        Field::Sex => "sex",
        Field::Ethnicity => "ethnicity",
        Field::Nationality => "nationality",
        Field::Marital => "marital",
        Field::Education => "education",
        Field::Political => "political",
        _ => return None,
    })
}

/// Whether what the screen masks is the same too.
fn same(field: Field, a: &person::Model, b: &person::Model) -> bool {
    match field {
        Field::Document => a.id_hash == b.id_hash && a.doc_type == b.doc_type,
        Field::Phone => a.phone_hash == b.phone_hash,
        Field::Residence => a.village_id == b.village_id && a.address.is_none() && b.address.is_none(),
        Field::Hukou => {
            a.hukou_village_id == b.hukou_village_id && a.hukou_address.is_none() && b.hukou_address.is_none()
        }
        // Two ledgers are never one: which goes on is a choice.
        Field::Ledger => false,
        Field::Worker => a.worker_id == b.worker_id,
        _ => true,
    }
}

/// The value of a field as this caller may see it.
async fn value(scope: &Scope<Merge>, field: Field, person: &person::Model, row: &PersonRow) -> Outcome<Option<String>> {
    let hidden = scope.masked();
    let place = |p: &Option<access::PlaceRef>| p.as_ref().map(|p| p.name.clone());
    let p = person.clone();
    Ok(match field {
        Field::Name => Some(row.name.clone()),
        Field::UsualName => p.usual_name.map(|n| scope.show_name(&n)),
        Field::Sex => Some(p.sex),
        Field::BirthDate => row.birth_date.map(|d| d.to_string()),
        Field::Document => row.id_number_masked.clone().or(p.no_number_reason.filter(|_| !hidden)),
        Field::Phone => row.phone_masked.clone(),
        Field::Residence => {
            let stars = p.address.as_ref().map(|a| scope.show(SecretKind::Address, a)).transpose()?;
            let words: Vec<String> = [place(&row.township), place(&row.village), stars].into_iter().flatten().collect();
            Some(words.join(" "))
        }
        Field::Hukou => match p.hukou_village_id {
            Some(id) => Some(scope.division(id).await?.name),
            None => None,
        },
        Field::Ethnicity => p.ethnicity,
        Field::Nationality => p.nationality,
        Field::Marital => p.marital,
        Field::Education => p.education,
        Field::Political => p.political,
        Field::Told => p.told_on.map(|on| on.to_string()),
        Field::Worker => row.worker.as_ref().map(|w| w.name.clone()),
        Field::Note => p.note.filter(|_| !hidden),
        Field::Ledger => Some(format!("{} {}", p.ledger_state, p.grade).trim().to_owned()),
    })
}

type Counts = BTreeMap<String, i64>;

/// Rows of the absorbed record by kind: (those that go, those that stay unless chosen).
async fn counts(scope: &Scope<Merge>, absorbed: &person::Model) -> Outcome<(Counts, Counts)> {
    let report = scope.report(&absorbed.place())?;
    let (mut moves, mut stays) = (Counts::new(), Counts::new());
    for what in CARRIED.iter().filter(|c| !c.word.is_empty()) {
        let only = what.only.map_or(String::new(), |(column, word)| format!(" AND {column} = '{word}'"));
        let sql = format!("SELECT COUNT(*) AS n FROM {} WHERE {} = $1{only}", what.table, what.column);
        let rows = report.query(&sql, vec![absorbed.id.into()]).await?;
        let n: i64 = rows.first().map_or(Ok(0), |row| row.try_get("", "n"))?;
        if n == 0 {
            continue;
        }
        let side =
            if matches!(what.carry, Carry::Follow(Part::Ledger | Part::Residence)) { &mut stays } else { &mut moves };
        *side.entry(what.word.to_owned()).or_default() += n;
    }
    Ok((moves, stays))
}
