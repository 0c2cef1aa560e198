//! `Scope<P>`: proof that the caller holds permit `P`, and the only way from a handler to rows, jobs and secrets.

use std::{collections::HashMap, marker::PhantomData, sync::Arc};

use axum::{extract::FromRequestParts, http::request::Parts};
use futures::future::BoxFuture;
use ground::{Floor, Line, Progress};
use kernel::{
    Day, Id, Level, Millis, Outcome, Permit, Place, Problem, Sealed, Secret, Sees, place::DivisionId,
    secret::SecretKind,
};
use sea_orm::{EntityTrait, QueryResult, Value};

use crate::{
    House, PlaceRef,
    audit::{self, Detail, Entry},
    house::Note,
    placement::{self, division},
    reach::{self, Reach},
    roles::{Roles, Rule},
    session::{self, Session},
    shares,
    visible::{PartOf, Placed, Published, Source, Visible, reader},
    writing::{Kept, Writing, Written},
};

/// Somebody opened a record; the record of it is written within a second.
pub struct Opened {
    pub(crate) chain: i32,
    pub(crate) actor: Id,
    pub(crate) kind: &'static str,
    pub(crate) object: Id,
}

/// A permit in the hands of an account: actor, reach, masking, clock, ids, data.
#[must_use]
pub struct Scope<P> {
    house: House,
    session: Arc<Session>,
    reaches: Arc<Vec<Reach>>,
    masked: bool,
    permit: PhantomData<fn() -> P>,
}

impl<P> Clone for Scope<P> {
    fn clone(&self) -> Self {
        Self {
            house: self.house.clone(),
            session: self.session.clone(),
            reaches: self.reaches.clone(),
            masked: self.masked,
            permit: PhantomData,
        }
    }
}

impl<P: Permit> FromRequestParts<House> for Scope<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Problem> {
        let session = session::authenticate(parts, house).await?;
        Scope::of(house.clone(), Arc::new(session))
    }
}

impl<P: Permit> Scope<P> {
    /// The scope of a session, when one of its grants carries the permit.
    pub(crate) fn of(house: House, session: Arc<Session>) -> Outcome<Self> {
        let mut reaches = Vec::new();
        let mut masked = true;
        for grant in &session.grants {
            let Some(allowed) = Roles::embedded().get(&grant.role).and_then(|r| r.permits.get(P::CODE)) else {
                continue;
            };
            masked &= allowed.masked;
            reaches.push(match allowed.rule {
                Rule::Place => Reach::Inside(grant.place),
                Rule::County => Reach::Inside(grant.county),
                Rule::Own => Reach::Own(grant.place, session.account.id),
                Rule::All => Reach::All,
            });
        }
        if reaches.is_empty() {
            return Err(Problem::Forbidden);
        }
        if session.change_due && P::CODE != crate::own::Own::CODE {
            return Err(Problem::refused(
                "password.change_due",
                "密码须先修改：初始密码或已到最长使用期。请修改密码后继续。",
                "The password has to be changed first: it was set by somebody else or is too old. Change it and go on.",
            ));
        }
        let reaches = Arc::new(reach::simplify(reaches));
        Ok(Self { house, session, reaches, masked, permit: PhantomData })
    }

    /// The same session under another permit, for one room that calls another's public function.
    pub fn also<Q: Permit>(&self) -> Outcome<Scope<Q>> {
        Scope::of(self.house.clone(), self.session.clone())
    }

    /// A scope for a named job or the command line, over everything; each use is audited under the name.
    pub async fn on_behalf_of(house: &House, job: &'static str) -> Outcome<Self> {
        let session = session::of_job(house, job).await?;
        Ok(Self {
            house: house.clone(),
            session: Arc::new(session),
            reaches: Arc::new(vec![Reach::All]),
            masked: false,
            permit: PhantomData,
        })
    }

    pub(crate) fn floor(&self) -> &Arc<Floor> {
        &self.house.floor
    }

    pub(crate) fn house(&self) -> &House {
        &self.house
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// The generation under which this request was signed in (see [`crate::known`]): what a room remembers of divisions or
    /// published rules under another one is out of date.
    pub fn generation(&self) -> i64 {
        self.session.generation
    }

    /// Rows of `E` that were published to everybody, wherever they lie.
    pub fn published<E: Published>(&self) -> Visible<'static, E> {
        Visible::part(Source::Read(self.floor().clone()), E::published())
    }

    /// The parts of the reach.
    pub fn reaches(&self) -> &[Reach] {
        &self.reaches
    }

    /// The account that acts.
    pub fn actor(&self) -> Id {
        self.session.account.id
    }

    /// The role codes of the account's valid grants.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.session.grants.iter().map(|g| g.role.as_str())
    }

    /// Whether the account holds another permit as well.
    pub fn holds<Q: Permit>(&self) -> bool {
        self.session.permits().any(|p| p == Q::CODE)
    }

    /// Now, in UTC milliseconds.
    pub fn now(&self) -> Millis {
        self.floor().now()
    }

    /// Today in Beijing.
    pub fn today(&self) -> Day {
        self.floor().today()
    }

    /// A new UUIDv7 for a row the server makes itself.
    pub fn new_id(&self) -> Id {
        self.floor().new_id()
    }

    /// Whether names and numbers are masked for this caller.
    pub fn masked(&self) -> bool {
        self.masked
    }

    /// Rows of `E` inside the reach.
    pub fn find<E: Placed>(&self) -> Visible<'static, E>
    where
        P: Sees<E>,
    {
        Visible::new(Source::Read(self.floor().clone()), &self.reaches, None)
    }

    /// Rows of `E` inside both the reach and `place`.
    pub fn find_in<E: Placed>(&self, place: &Place) -> Visible<'static, E>
    where
        P: Sees<E>,
    {
        Visible::new(Source::Read(self.floor().clone()), &self.reaches, Some(place))
    }

    /// Rows of `E` inside the reach, and those handed over that a live share still lets the caller read (never write).
    pub fn find_with_trail<E: Placed>(&self, place: Option<&Place>) -> Visible<'static, E>
    where
        P: Sees<E>,
    {
        Visible::new(Source::Read(self.floor().clone()), &self.reaches, place).or_trail(
            &self.reaches,
            place,
            self.today(),
        )
    }

    /// Only the rows of `E` outside the reach that a live share still lets the caller read.
    pub fn find_trail<E: Placed>(&self, place: Option<&Place>) -> Visible<'static, E>
    where
        P: Sees<E>,
    {
        Visible::nothing(Source::Read(self.floor().clone())).or_trail(&self.reaches, place, self.today())
    }

    /// The read trail this caller has of a subject, if any.
    pub async fn trail_of(&self, subject: Id) -> Outcome<Option<shares::Trail>> {
        shares::trail(reader(self.floor()), &self.reaches, subject, self.today()).await
    }

    /// Rows of `C` that belong to `parent`.
    pub fn parts<C: PartOf<E>, E: EntityTrait>(&self, parent: &E::Model) -> Visible<'static, C> {
        use sea_orm::ColumnTrait as _;
        let condition = sea_orm::Condition::all().add(C::parent_column().eq(C::parent_key(parent)));
        Visible::part(Source::Read(self.floor().clone()), condition)
    }

    /// Rows of `C` that belong to any of these parents: ids of visible rows the caller has at hand, a page of them at the most.
    pub fn parts_of<C: PartOf<E>, E: EntityTrait>(&self, parents: &[Id]) -> Visible<'static, C> {
        use sea_orm::ColumnTrait as _;
        let condition = sea_orm::Condition::all().add(C::parent_column().is_in(parents.iter().copied()));
        Visible::part(Source::Read(self.floor().clone()), condition)
    }

    /// Refuses when `place` lies outside the reach.
    pub fn must_cover(&self, place: &Place) -> Outcome<()> {
        let covered = self.reaches.iter().any(|r| match r {
            Reach::All => true,
            Reach::Inside(p) | Reach::Own(p, _) => p.contains(place),
        });
        if covered { Ok(()) } else { Err(Problem::NotFound) }
    }

    /// Opens hand-written SQL over one place that lies inside the reach (bulk figures only).
    pub fn report(&self, place: &Place) -> Outcome<Report> {
        let covered = self.reaches.iter().any(|r| match r {
            Reach::All => true,
            Reach::Inside(p) => p.contains(place),
            Reach::Own(..) => false,
        });
        if covered { Ok(Report { floor: self.floor().clone(), place: *place }) } else { Err(Problem::NotFound) }
    }

    /// Finds the division a `place=` text names (whether or not it lies inside the reach).
    pub async fn resolve(&self, field: &str, text: &str) -> Outcome<division::Model> {
        let (known, generation) = (&self.house.known, self.session.generation);
        if let Some(found) = known.coded(generation, text) {
            return Ok(found);
        }
        let found = placement::resolve(reader(self.floor()), field, text).await?;
        known.keep_code(generation, text, &found);
        Ok(found)
    }

    /// The division with this id.
    pub async fn division(&self, id: DivisionId) -> Outcome<division::Model> {
        let (known, generation) = (&self.house.known, self.session.generation);
        if let Some(found) = known.division(generation, id) {
            return Ok(found);
        }
        let found = placement::by_id(reader(self.floor()), id).await?;
        known.keep_divisions(generation, std::slice::from_ref(&found));
        Ok(found)
    }

    /// The place a list starts from: what was asked for, else the place of the caller's first grant.
    pub async fn place_or_own(&self, field: &str, text: Option<&str>) -> Outcome<division::Model> {
        match text {
            Some(text) => self.resolve(field, text).await,
            None => match self.session.grants.first() {
                Some(grant) => self.division(grant.place.id).await,
                None => Err(Problem::Forbidden),
            },
        }
    }

    /// Short forms of divisions by id.
    pub async fn labels(&self, ids: impl IntoIterator<Item = DivisionId>) -> Outcome<HashMap<DivisionId, PlaceRef>> {
        Ok(self.divisions(ids).await?.into_iter().map(|(id, row)| (id, row.short())).collect())
    }

    /// Divisions by id; those that do not exist are left out.
    pub async fn divisions(
        &self,
        ids: impl IntoIterator<Item = DivisionId>,
    ) -> Outcome<HashMap<DivisionId, division::Model>> {
        let (known, generation) = (&self.house.known, self.session.generation);
        let (mut out, mut missing) = (HashMap::new(), Vec::new());
        for id in ids.into_iter().filter(|id| *id != 0) {
            if out.contains_key(&id) || missing.contains(&id) {
                continue;
            }
            match known.division(generation, id) {
                Some(found) => drop(out.insert(id, found)),
                None => missing.push(id),
            }
        }
        if !missing.is_empty() {
            let rows = placement::many(reader(self.floor()), missing).await?;
            known.keep_divisions(generation, &rows);
            out.extend(rows.into_iter().map(|row| (row.id, row)));
        }
        Ok(out)
    }

    /// Display names of accounts by id.
    pub async fn account_names(&self, ids: Vec<Id>) -> Outcome<HashMap<Id, String>> {
        let (known, generation) = (&self.house.known, self.session.generation);
        let (mut out, mut missing) = (HashMap::new(), Vec::new());
        for id in ids {
            match known.name(generation, id) {
                Some(name) => drop(out.insert(id, name)),
                None => missing.push(id),
            }
        }
        if !missing.is_empty() {
            let rows = crate::accounts::store::names(reader(self.floor()), missing).await?;
            known.keep_names(generation, &rows);
            out.extend(rows);
        }
        Ok(out)
    }

    /// Everybody who holds or held one of these roles inside `place` (which must lie inside the reach) or above it.
    pub async fn offices(&self, roles: &[&str], place: &Place) -> Outcome<Vec<crate::accounts::store::Office>> {
        self.must_cover(place)?;
        crate::accounts::store::offices(reader(self.floor()), roles, place, self.today()).await
    }

    /// Accounts (in office today) that hold `role` for exactly this place or one above it, nearest first.
    pub async fn holders(&self, role: &str, place: &Place) -> Outcome<Vec<Id>> {
        crate::accounts::store::holders(reader(self.floor()), role, place, self.today()).await
    }

    /// Who may be put to work in a township inside the reach: active accounts with a worker's role there, or for a wider
    /// place that still lies inside the reach. Id and display name, nothing else.
    pub async fn workers_at(&self, township: &Place) -> Outcome<Vec<(Id, String)>> {
        self.must_cover(township)?;
        let mut above = Vec::new();
        for level in Level::ALL.into_iter().filter(|level| *level < Level::Township) {
            let wider = placement::by_id(reader(self.floor()), township.at(level)).await?.place();
            if self.must_cover(&wider).is_ok() {
                above.push(wider.id);
            }
        }
        crate::accounts::store::workers(reader(self.floor()), township.id, &above, self.today()).await
    }

    /// Runs `work` in a write transaction; see `ground::db`.
    pub async fn write<T, F>(&self, work: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a Writing<'a, P>) -> BoxFuture<'a, Outcome<T>> + Send + 'static,
    {
        let scope = self.clone();
        self.floor()
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let writing = Writing::new(tx, scope);
                    work(&writing).await
                })
            })
            .await
    }

    /// Runs what `make` gives in a write transaction, and again (a few times, a moment later) when it collided with another one:
    /// for jobs, which touch many rows. Requests are tried again by the server.
    pub async fn write_again<T, F>(&self, make: impl Fn() -> F) -> Outcome<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a Writing<'a, P>) -> BoxFuture<'a, Outcome<T>> + Send + 'static,
    {
        again(|| self.write(make())).await
    }

    /// Runs `work` once per client-made id: a repeat with the same body changes nothing, with another body is a conflict.
    pub async fn write_once<F>(&self, id: Id, body: &[u8], work: F) -> Outcome<Written>
    where
        F: for<'a> FnOnce(&'a Writing<'a, P>) -> BoxFuture<'a, Outcome<()>> + Send + 'static,
    {
        if id.get_version_num() != 7 {
            return Err(Problem::invalid(kernel::Field::new(
                "id",
                "format",
                "编号格式不正确（应为 UUIDv7），请刷新页面后重试。",
                "The id must be a UUIDv7; reload the page and try again.",
            )));
        }
        let body = body.to_vec();
        self.write(move |tx| {
            Box::pin(async move {
                let written = tx.receipt(id, &body).await?;
                if written == Written::New {
                    work(tx).await?;
                }
                Ok(written)
            })
        })
        .await
    }

    /// Encrypts a secret for a row.
    pub fn seal(&self, secret: &Secret) -> Outcome<Sealed> {
        self.floor().keys.seal(secret).map_err(Problem::internal)
    }

    /// Keyed hash for equality search.
    pub fn index(&self, purpose: &str, text: &str) -> Vec<u8> {
        self.floor().keys.index(purpose, text)
    }

    /// Shows a stored secret as this caller may see it in lists and pages: always masked.
    pub fn show(&self, kind: SecretKind, sealed: &Sealed) -> Outcome<String> {
        let plain = self.floor().keys.open_sealed(sealed).map_err(Problem::internal)?;
        Ok(match kind {
            SecretKind::Number => kernel::mask::document(plain.expose()),
            SecretKind::Phone => kernel::mask::phone(plain.expose()),
            SecretKind::Address => "＊＊＊".to_owned(),
        })
    }

    /// A person's name as this caller may see it.
    pub fn show_name(&self, name: &str) -> String {
        if self.masked { kernel::mask::name(name) } else { name.to_owned() }
    }

    /// Decrypts inside the server, for a comparison or a derived key; the result must not go into an answer.
    pub fn open_for_use(&self, sealed: &Sealed) -> Outcome<Secret> {
        self.floor().keys.open_sealed(sealed).map_err(Problem::internal)
    }

    /// Reveals a stored secret of a visible row: counts it (at most `per_hour`), commits the audit record, then answers.
    pub async fn reveal<E: Kept>(
        &self,
        row: &E::Model,
        field: &'static str,
        sealed: &Sealed,
        reason: &str,
        per_hour: u32,
    ) -> Outcome<String> {
        self.house.limits.take(self.actor(), "reveal", per_hour, 3_600_000, self.now())?;
        let (chain, object, rev) = (E::chain(row), E::id(row), E::rev(row));
        let detail = Detail {
            changes: vec![audit::Change { field: field.to_owned(), before: None, after: None }],
            reason: Some(reason.to_owned()),
        };
        self.keep("reveal", E::KIND, object, chain, rev, detail).await?;
        Ok(self.floor().keys.open_sealed(sealed).map_err(Problem::internal)?.expose().to_owned())
    }

    /// Notes that a record was opened; the audit record is written within a second.
    pub async fn opened<E: Kept>(&self, row: &E::Model) -> Outcome<()> {
        let event = Opened { chain: E::chain(row), actor: self.actor(), kind: E::KIND, object: E::id(row) };
        // A full queue makes the caller wait rather than lose the record.
        self.house.views.send(Note::View(event)).await.map_err(|_| Problem::Unavailable)
    }

    /// Records that a record was opened and commits it before anything is answered: for what is kept closed.
    pub async fn record_opening<E: Kept>(&self, row: &E::Model, reason: Option<String>) -> Outcome<()> {
        let (chain, object, rev) = (E::chain(row), E::id(row), E::rev(row));
        let detail = Detail { changes: Vec::new(), reason };
        self.keep("open", E::KIND, object, chain, rev, detail).await
    }

    /// Appends an audit record that stands alone and answers when it is durable.
    async fn keep(
        &self,
        action: &'static str,
        kind: &'static str,
        object: Id,
        chain: i32,
        rev: i32,
        detail: Detail,
    ) -> Outcome<()> {
        let (on, actor) = (self.floor().clone(), self.actor());
        self.floor()
            .db
            .write_steps(move |steps| {
                Box::pin(async move {
                    let entry = Entry { chain, actor, action, object_kind: kind, object, rev, detail: &detail };
                    audit::append(steps, &on, entry).await.map(|_| ())
                })
            })
            .await
    }

    /// Refuses once the session behind the scope was ended or its account suspended; long jobs ask between their steps.
    ///
    /// # Errors
    /// [`Problem::Unauthenticated`] then.
    pub async fn still_open(&self) -> Outcome<()> {
        let (hash, now) = (self.session.token_hash.clone(), self.now());
        let open = crate::accounts::store::session_is_open(reader(self.floor()), hash, now).await?;
        if open { Ok(()) } else { Err(Problem::Unauthenticated) }
    }

    /// Starts background work under a client-made or new id.
    pub fn start_job<F, R>(&self, id: Id, kind: &'static str, work: F)
    where
        F: FnOnce(Progress) -> R,
        R: std::future::Future<Output = Outcome<serde_json::Value>> + Send + 'static,
    {
        self.floor().jobs.start(id, self.actor(), kind, work);
    }
}

/// Does what `make` gives, and again (a few times, a moment later) while it collides with other writes.
pub async fn again<T, R>(make: impl Fn() -> R) -> Outcome<T>
where
    R: std::future::Future<Output = Outcome<T>>,
{
    let mut tries = 0;
    loop {
        match make().await {
            Err(Problem::Collided) if tries < 5 => tries += 1,
            done => return done,
        }
        tokio::time::sleep(std::time::Duration::from_millis(20 << tries)).await;
    }
}

/// The longest rest after a write of a job.
const LONGEST_REST: std::time::Duration = std::time::Duration::from_millis(200);

/// Rests as long as a write of a job took: whoever records a visit meanwhile finds the writer free half of the time, at the
/// least.
pub async fn rest_after(began: std::time::Instant) {
    tokio::time::sleep(began.elapsed().min(LONGEST_REST)).await;
}

/// Hand-written SQL over one place inside the reach.
pub struct Report {
    floor: Arc<Floor>,
    place: Place,
}

impl Report {
    /// The place.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The column of placed tables that holds the id of this place's level.
    pub fn column(&self) -> &'static str {
        match self.place.level {
            kernel::Level::Province => "province_id",
            kernel::Level::City => "city_id",
            kernel::Level::County => "county_id",
            kernel::Level::Township => "township_id",
            kernel::Level::Village => "village_id",
        }
    }

    /// The same, with rows read by position.
    pub async fn lines<L: Line>(&self, text: &str, values: Vec<Value>) -> Outcome<Vec<L>> {
        let source = Source::Read(self.floor.clone());
        let backend = source.backend();
        source.lines(sea_orm::Statement::from_sql_and_values(backend, audit::sql(backend, text), values)).await
    }

    /// Runs a query in the neutral subset of both engines; `$1` marks values, and the text must name the place's column.
    pub async fn query(&self, text: &str, values: Vec<Value>) -> Outcome<Vec<QueryResult>> {
        let source = Source::Read(self.floor.clone());
        let backend = source.backend();
        source.rows(sea_orm::Statement::from_sql_and_values(backend, audit::sql(backend, text), values)).await
    }
}
