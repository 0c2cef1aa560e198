//! Everybody of a place with the facts policies ask for, a thousand persons at a time.
//!
//! The facts come from the same function as those of the page of one person ([`model::facts`]), so bulk and single cannot
//! differ. Standards are those of the registered county (社会救助法 art. 37), without one those of the residence.

use access::{Scope, scope::Report};
use kernel::{Day, Id, Outcome, Permit, Place};
use people::screening::known::{self, Subject, Which};
use policy::{dictionary::Dictionary, person::Facts};

use crate::{entitlements::model, policies::Chain};

/// Persons read at once.
pub const CHUNK: u64 = 1_000;

/// Where standards come from: a county with the places above it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Standards {
    /// The county's id.
    pub county: i32,
    /// County, city and province, as [`crate::policies::here`] takes them.
    pub chain: Chain,
}

/// A person with facts.
pub struct Loaded {
    /// The person.
    pub subject: Subject,
    /// Whose standards hold.
    pub standards: Standards,
    /// Who is assessed together, where a household says so.
    pub together: Option<Vec<Id>>,
    /// The facts as they stand.
    pub facts: Facts,
}

/// Reads everybody of a place, in order of id.
///
/// ```text
/// let mut reader = Reader::new(&scope, &place, dictionary)?;
/// while let Some(chunk) = reader.next().await? { … }
/// ```
pub struct Reader<'a, P> {
    scope: &'a Scope<P>,
    report: Report,
    dictionary: &'a Dictionary,
    today: Day,
    after: Option<Id>,
}

impl<'a, P: Permit> Reader<'a, P> {
    /// Begins with the first person.
    ///
    /// # Errors
    /// `NotFound` when the place lies outside the reach or the reach holds own persons only.
    pub fn new(scope: &'a Scope<P>, place: &Place, dictionary: &'a Dictionary) -> Outcome<Self> {
        let report = scope.report(place)?;
        Ok(Self { scope, report, dictionary, today: scope.today(), after: Some(Id::nil()) })
    }

    /// Goes on behind this person.
    #[must_use]
    pub fn behind(mut self, person: Id) -> Self {
        self.after = Some(person);
        self
    }

    /// The next persons; none when all were read.
    pub async fn next(&mut self) -> Outcome<Option<Vec<Loaded>>> {
        let Some(after) = self.after else { return Ok(None) };
        let chunk = self.read(&Which::Behind(after, CHUNK)).await?;
        self.after = chunk.last().map(|l| l.subject.id).filter(|_| chunk.len() as u64 >= CHUNK);
        Ok(Some(chunk).filter(|c| !c.is_empty()))
    }

    /// These persons, whoever of them lives in the place; a hundred at the most.
    pub async fn these(&self, people: Vec<Id>) -> Outcome<Vec<Loaded>> {
        self.read(&Which::These(people)).await
    }

    async fn read(&self, which: &Which) -> Outcome<Vec<Loaded>> {
        let all = known::read(&self.report, which).await?;
        let mut loaded = Vec::with_capacity(all.len());
        let hukou: Vec<i32> = all.iter().filter_map(|k| k.subject.hukou_village_id).collect();
        let villages = self.scope.divisions(hukou).await?;
        let paths: Vec<[i32; 5]> = all
            .iter()
            .map(|k| {
                k.subject.hukou_village_id.and_then(|id| villages.get(&id)).map_or(k.subject.path(), |v| v.place().path)
            })
            .collect();
        let labels = self
            .scope
            .labels(paths.iter().flat_map(|[province, city, county, ..]| [*county, *city, *province]))
            .await?;
        for (known, [province, city, county, ..]) in all.into_iter().zip(paths) {
            let places = [county, city, province].into_iter();
            let chain = Chain::new(places.filter_map(|id| Some((id, labels.get(&id)?.code.as_str()))));
            let facts = model::facts(
                self.dictionary,
                &model::Known {
                    person: &known.subject,
                    categories: &known.categories,
                    told: &known.told,
                    members: known.together.as_ref().map(Vec::len),
                    today: self.today,
                },
            );
            let standards = Standards { county, chain };
            loaded.push(Loaded { subject: known.subject, standards, together: known.together, facts });
        }
        Ok(loaded)
    }
}
