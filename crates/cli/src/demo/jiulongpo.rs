//! 九龙坡区: a city district with a station in every unit, each run by a social organisation with several workers.

use access::{House, placement::division};
use ground::chance::Seeded;
use kernel::{Day, day};
use sea_orm::ColumnTrait as _;
use serde::Deserialize;

use super::world::{self, World};

#[derive(Deserialize)]
struct Facts {
    county: String,
    province: String,
    units: usize,
    posts: u64,
    page_2021: String,
    project: String,
    operator: String,
    opened_from: Day,
    filled_of_hundred: u64,
    point_gap: u64,
    far_village: u64,
}

impl World {
    /// 九龙坡区: a station in each of the 19 units of both lists, 757 posts in all.
    pub async fn jiulongpo(house: &House, clients: u32) -> anyhow::Result<Self> {
        let facts: Facts = toml::from_str(include_str!("../../../../data/demo/jiulongpo.toml"))?;
        let floor = house.floor();
        let root = super::division(floor, &facts.county).await?;
        let province = super::division(floor, &facts.province).await?;
        let dice = Seeded::new(0x5001_0700);
        let mut towns = world::townships(house, division::Column::CountyId.eq(root.id)).await?;
        towns.retain(|town| town.code_civil.is_some() && town.code_stat.is_some());
        anyhow::ensure!(towns.len() == facts.units, "九龙坡区 should have {} units, has {}", facts.units, towns.len());
        let mut stations = Vec::new();
        let units = u64::try_from(towns.len())?;
        for (turn, town) in (0..).zip(towns) {
            // Spread evenly, the remainder over the first.
            let posts = facts.posts / units + u64::from(turn < facts.posts % units);
            let opened = day::add_days(facts.opened_from, i64::try_from(dice.below(500))?);
            let mut station = world::station(house, town, opened, posts * facts.filled_of_hundred / 100, &dice).await?;
            station.posts = Some(posts);
            stations.push(station);
        }
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
            one_worker: false,
            regions: Vec::new(),
            dice,
            today: floor.today(),
        }
        .with_regions(house)
        .await
    }
}
