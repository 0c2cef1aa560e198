//! Open doors (不用登录): what anybody may read, without a session.
//!
//! A handler that asks for an [`Open`] cannot see a row of anybody: there is no `find` here, only the day and the public
//! list of divisions (names and codes), and what was published to everybody. Nobody is asked who they are and nothing is written; an address may ask as often
//! in a minute as an account. Each such operation stands in `open_doors.txt` with its reason.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};
use kernel::{Day, Level, Outcome, Place, Problem, place::DivisionId};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Statement,
};

use crate::{
    House, audit, known,
    placement::{self, PlaceRef, division},
    session,
    visible::{Published, Source, Visible, reader},
};

/// Divisions one answer may hold; no province has as many cities and counties.
const MOST: u64 = 400;

/// A caller whom nobody asks for a name.
pub struct Open {
    house: House,
}

impl FromRequestParts<House> for Open {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Problem> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(a)| network(a.ip()));
        let key = session::job_id(&format!("address {}", address.unwrap_or_default()));
        house.limits.request(key, house.floor.now())?;
        Ok(Self { house: house.clone() })
    }
}

/// The address that counts: of IPv6 its first half, because one household holds 2^64 of the other.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => v6.segments().iter().take(4).map(|part| format!("{part:x}")).collect::<Vec<_>>().join(":"),
    }
}

impl Open {
    /// Today in Beijing.
    pub fn today(&self) -> Day {
        self.house.floor.today()
    }

    /// The generation of now (see [`crate::known`]): what a room remembers of published rules under another is out of date.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn generation(&self) -> Outcome<i64> {
        let conn = reader(&self.house.floor);
        let text = audit::sql(conn.get_database_backend(), "SELECT value FROM setting WHERE name = $1");
        let row = conn
            .query_one_raw(Statement::from_sql_and_values(
                conn.get_database_backend(),
                text,
                [known::GENERATION.into()],
            ))
            .await?;
        let value: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(value.and_then(|value| value.parse().ok()).unwrap_or_default())
    }

    /// Rows of `E` that were published to everybody, wherever they lie.
    pub fn published<E: Published>(&self) -> Visible<'static, E> {
        Visible::part(Source::Read(self.house.floor.clone()), E::published())
    }

    /// The county a code names or lies in, then the city, then the province, by id; a level the tree skips is left out.
    ///
    /// # Errors
    /// `unknown_place` at `field` when no open division has this code.
    pub async fn way_up(&self, field: &str, text: &str) -> Outcome<Vec<(DivisionId, PlaceRef)>> {
        let place = placement::resolve(reader(&self.house.floor), field, text).await?.place();
        let mut ids: Vec<DivisionId> =
            [Level::County, Level::City, Level::Province].map(|level| place.at(level)).to_vec();
        ids.dedup();
        let labels = placement::labels(reader(&self.house.floor), ids.iter().copied()).await?;
        Ok(ids.iter().filter_map(|id| Some((*id, labels.get(id)?.clone()))).collect())
    }

    /// The divisions right below a place down to counties, the provinces for none; of today's civil list.
    ///
    /// # Errors
    /// `unknown_place` at `field` when no open division has this code.
    pub async fn below(&self, field: &str, text: Option<&str>) -> Outcome<Vec<PlaceRef>> {
        let above: Option<Place> = match text {
            Some(text) => Some(placement::resolve(reader(&self.house.floor), field, text).await?.place()),
            None => None,
        };
        let level = |numbers: &[Level]| division::Column::Level.is_in(numbers.iter().map(|l| l.number()));
        let found = division::Entity::find();
        let found = match above {
            None => found.filter(level(&[Level::Province])),
            Some(p) if p.level == Level::Province => {
                found.filter(division::Column::ProvinceId.eq(p.id)).filter(level(&[Level::City, Level::County]))
            }
            Some(p) if p.level == Level::City => {
                found.filter(division::Column::CityId.eq(p.id)).filter(level(&[Level::County]))
            }
            Some(_) => return Ok(Vec::new()),
        };
        let mut rows = found
            .filter(division::Column::ValidTo.is_null())
            .filter(division::Column::CodeCivil.is_not_null())
            .filter(division::Column::Kind.ne("filler"))
            .order_by_asc(division::Column::Id)
            .limit(MOST)
            .all(reader(&self.house.floor))
            .await?;
        // Below a province stand its cities, and the counties that hang on it directly.
        if let Some(p) = above.filter(|p| p.level == Level::Province) {
            rows.retain(|r| r.level == Level::City.number() || r.city_id == p.id);
        }
        Ok(rows.iter().map(division::Model::short).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_household_count_as_one() {
        let network = |text: &str| network(text.parse().unwrap());
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::9"));
        assert_ne!(network("2001:db8:1:2::9"), network("2001:db8:1:3::9"));
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
    }
}
