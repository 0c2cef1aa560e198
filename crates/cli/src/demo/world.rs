//! What a world consists of: its stations in real townships, and where its people live.

use access::{House, placement::division};
use ground::chance::Seeded;
use kernel::{Day, Id, Outcome, day};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Deserialize;

/// A station to be.
pub struct Station {
    /// Id.
    pub id: Id,
    /// Its township.
    pub town: division::Model,
    /// The villages of the township.
    pub villages: Vec<division::Model>,
    /// Opened and plaque hung on.
    pub opened: Day,
    /// Workers: id of the assignment and shown name; the first is the resident worker.
    pub workers: Vec<String>,
    /// Posts planned; as many as workers when nothing else is known.
    pub posts: Option<u64>,
}

/// A world.
pub struct World {
    /// The place of the whole world.
    pub root: division::Model,
    /// Province above it.
    pub province: division::Model,
    /// Stations.
    pub stations: Vec<Station>,
    /// How many clients.
    pub clients: u32,
    /// Every nth village has no point.
    pub point_gap: u64,
    /// Every nth village is rarely visited.
    pub far_village: u64,
    /// Who runs the stations.
    pub operator: String,
    /// How they are run (code list `operating_mode`).
    pub mode: &'static str,
    /// One resident worker does the duties of all posts of a station.
    pub one_worker: bool,
    /// Six-digit codes from which invented numbers take their region.
    pub regions: Vec<String>,
    /// Randomness.
    pub dice: Seeded,
    /// Today.
    pub today: Day,
}

#[derive(Deserialize)]
struct Dingcheng {
    county: String,
    left_out: String,
    page_2021: String,
    project: String,
    operator: String,
    opened_from: Day,
    point_gap: u64,
    far_village: u64,
}

const TOWNSHIP_KINDS: &[&str] = &["town", "township", "ethnic_township", "subdistrict"];
const VILLAGE_KINDS: &[&str] = &["residents_committee", "village_committee"];

impl World {
    /// 鼎城区: 22 stations with one resident worker each.
    pub async fn dingcheng(house: &House, clients: u32) -> anyhow::Result<Self> {
        let facts: Dingcheng = toml::from_str(include_str!("../../../../data/demo/dingcheng.toml"))?;
        let floor = house.floor();
        let root = super::division(floor, &facts.county).await?;
        let province = super::division(floor, "43").await?;
        let dice = Seeded::new(0x4307_0300);
        let towns = townships(house, division::Column::CountyId.eq(root.id)).await?;
        let mut stations = Vec::new();
        for town in towns {
            let both = town.code_civil.is_some() && town.code_stat.is_some();
            if !both || town.code_civil.as_deref() == Some(facts.left_out.as_str()) {
                continue;
            }
            let opened = day::add_days(facts.opened_from, i64::try_from(dice.below(600)).unwrap_or(0));
            stations.push(station(house, town, opened, 1, &dice).await?);
        }
        anyhow::ensure!(stations.len() == 22, "鼎城区 should give 22 stations, got {}", stations.len());
        println!("{} {}", facts.project, facts.page_2021);
        Self {
            root,
            province,
            stations,
            clients,
            point_gap: facts.point_gap,
            far_village: facts.far_village,
            operator: facts.operator,
            mode: "purchased_service",
            one_worker: true,
            regions: Vec::new(),
            dice,
            today: floor.today(),
        }
        .with_regions(house)
        .await
    }

    /// 广东省: a station in every civil-affairs township, a point in most villages, about 30,000 workers.
    pub async fn guangdong(house: &House, clients: u32) -> anyhow::Result<Self> {
        let floor = house.floor();
        let root = super::division(floor, "44").await?;
        let dice = Seeded::new(0x4400_0000);
        let towns = townships(house, division::Column::ProvinceId.eq(root.id)).await?;
        let plaque_day = Day::from_ymd_opt(2021, 10, 20).unwrap_or_default();
        let mut stations = Vec::new();
        // A few townships have none yet, and cities the civil list gives no townships take those of the statistics.
        let without_civil = |t: &division::Model| {
            t.code_stat.as_deref().is_some_and(|c| c.starts_with("4419") || c.starts_with("4420"))
        };
        for town in towns {
            if !(town.code_civil.is_some() || without_civil(&town)) || dice.below(120) == 0 {
                continue;
            }
            let workers = 12 + dice.below(15);
            let opened = day::add_days(plaque_day, -i64::try_from(dice.below(240)).unwrap_or(0));
            stations.push(station(house, town, opened, workers, &dice).await?);
        }
        Self {
            province: root.clone(),
            root,
            stations,
            clients,
            point_gap: 9,
            far_village: 8,
            operator: String::new(),
            mode: "direct_hire",
            one_worker: false,
            regions: Vec::new(),
            dice,
            today: floor.today(),
        }
        .with_regions(house)
        .await
    }

    /// Numbers take their first six digits from the world's own county or counties, then from the rest of the province.
    pub(super) async fn with_regions(mut self, house: &House) -> anyhow::Result<Self> {
        let rows = division::Entity::find()
            .filter(division::Column::ProvinceId.eq(self.province.id))
            .filter(division::Column::Level.eq(3))
            .order_by_asc(division::Column::Id)
            .all(house.floor().db.read())
            .await?;
        let own = self.root.code_civil.clone().unwrap_or_default();
        let mut codes: Vec<String> =
            rows.into_iter().filter_map(|r| r.code_civil.or(r.code_stat)).filter(|c| c.len() == 6).collect();
        codes.sort_by_key(|c| (!c.starts_with(&own), c.clone()));
        codes.dedup();
        // Codes of the past are as good: a number keeps the code of its first registration. So these are spread as well.
        // Three million people need more of them than a birth date has codes today.
        let past = if self.clients > 1_000_000 { 400 } else { 60 };
        let more: Vec<String> = (0..past)
            .map(|n| format!("{}{:04}", &codes.first().map_or("43", |c| c.get(..2).unwrap_or("43")), 2101 + n))
            .collect();
        codes.extend(more);
        self.regions = codes;
        Ok(self)
    }
}

/// Townships and streets inside, in the order of the lists.
pub(super) async fn townships(house: &House, inside: sea_orm::sea_query::SimpleExpr) -> Outcome<Vec<division::Model>> {
    Ok(division::Entity::find()
        .filter(inside)
        .filter(division::Column::Level.eq(4))
        .filter(division::Column::Kind.is_in(TOWNSHIP_KINDS.iter().copied()))
        .filter(division::Column::ValidTo.is_null())
        .order_by_asc(division::Column::Id)
        .all(house.floor().db.read())
        .await?)
}

/// A station of a township with all its villages and so many workers.
pub(super) async fn station(
    house: &House,
    town: division::Model,
    opened: Day,
    workers: u64,
    dice: &Seeded,
) -> anyhow::Result<Station> {
    let villages = division::Entity::find()
        .filter(division::Column::TownshipId.eq(town.id))
        .filter(division::Column::Level.eq(5))
        .filter(division::Column::Kind.is_in(VILLAGE_KINDS.iter().copied()))
        .order_by_asc(division::Column::Id)
        .all(house.floor().db.read())
        .await?;
    let words = super::names::Words::read()?;
    let workers = (0..workers.max(1)).map(|_| words.name(dice, None, 30)).collect();
    Ok(Station { id: house.floor().new_id(), town, villages, opened, workers, posts: None })
}
