//! The rule of counting in SQL says what the rule in Rust says, over random histories of stations on both engines.

use access::{on_both, testing::TestHouse};
use ground::Engine;
use kernel::{Day, Id, day};
use places::network::{self, sql, status::History};
use sea_orm::{ConnectionTrait as _, Statement};

use crate::network::{COUNTY, TOWN, house, id, station};

on_both! {
    async fn the_sql_of_counting_says_what_the_rule_says(engine) {
        let house = house(engine).await;
        let officer = house.account("officer", &[("CA", COUNTY)]).await;
        let owner = station(&house, &officer, TOWN, "2021-01-01").await;
        let owner: Id = id(&owner).parse().unwrap();
        let first = day::parse("2021-01-01").unwrap();
        let mut dice = Dice(0x5EED);
        for _ in 0..25 {
            let history = random_history(&mut dice, first);
            store(&house, owner, &history).await;
            for offset in (-5_i64..260).step_by(7) {
                let on = day::add_days(first, offset);
                let standing = history.standing(on, network::figures::grace_days(on));
                let expected = standing.nearest().map_or(0, |s| s as i64);
                assert_eq!(rank(&house, owner, on).await, expected, "on {on}: {history:?}");
            }
        }
    }
}

/// The county's number of shortfall by SQL.
async fn rank(house: &TestHouse, owner: Id, on: Day) -> i64 {
    let grace = day::add_days(on, -network::figures::grace_days(on));
    let text = format!("SELECT {} AS n FROM station o WHERE o.id = $3", sql::rank(sql::Owner::Station, "$1", "$2"));
    let db = house.test.floor.db.read();
    let backend = db.get_database_backend();
    let text = if backend == sea_orm::DbBackend::Sqlite { text.replace('$', "?") } else { text };
    let values = [on.into(), grace.into(), owner.into()];
    let row = db.query_one_raw(Statement::from_sql_and_values(backend, text, values)).await.unwrap().unwrap();
    i64::from(row.try_get::<i32>("", "n").unwrap())
}

/// Writes a history over the station's facts, the columns that follow included.
async fn store(house: &TestHouse, owner: Id, history: &History) {
    let key = match house.test.engine {
        Engine::Sqlite => format!("x'{}'", owner.simple()),
        Engine::Postgres => format!("'{owner}'"),
    };
    for table in ["network_status", "plaque"] {
        house.sql(&format!("DELETE FROM {table} WHERE owner_id = {key}")).await;
    }
    house.sql(&format!("DELETE FROM assignment WHERE station_id = {key}")).await;
    for (serial, (on, status)) in history.statuses.iter().enumerate() {
        house
            .sql(&format!(
                "INSERT INTO network_status (owner_id, on_day, serial, owner_kind, status, reason, actor_id, at, county_id) \
                 VALUES ({key}, '{on}', {serial}, 'station', '{status}', '', {key}, 0, 1)"
            ))
            .await;
    }
    for (on, kind) in &history.plaques {
        let id = fresh(house);
        house
            .sql(&format!(
                "INSERT INTO plaque (id, owner_kind, owner_id, kind, on_day, county_id, rev, audit_no) \
                 VALUES ({id}, 'station', {key}, '{kind}', '{on}', 1, 1, 0)"
            ))
            .await;
    }
    for (from, to) in &history.assignments {
        let id = fresh(house);
        let to = to.map_or("NULL".to_owned(), |t| format!("'{t}'"));
        house
            .sql(&format!(
                "INSERT INTO assignment (id, post_id, station_id, worker_name, employment_mode, share_pct, township_id, county_id, \
                 city_id, province_id, from_on, to_on, rev, audit_no) VALUES ({id}, {id}, {key}, '李', 'mixed', 100, 1, 1, 1, 1, '{from}', {to}, 1, 0)"
            ))
            .await;
    }
    let (since, status) = history.statuses.last().unwrap();
    let hung = hung_since(history).map_or("NULL".to_owned(), |d| format!("'{d}'"));
    house
        .sql(&format!(
            "UPDATE station SET status = '{status}', status_on = '{since}', plaque_on = {hung} WHERE id = {key}"
        ))
        .await;
}

fn fresh(house: &TestHouse) -> String {
    match house.test.engine {
        Engine::Sqlite => format!("x'{}'", house.id().simple()),
        Engine::Postgres => format!("'{}'", house.id()),
    }
}

/// What `plaque_on` says after these events.
fn hung_since(history: &History) -> Option<Day> {
    let mut since = None;
    for (on, kind) in &history.plaques {
        since = match kind.as_str() {
            "hang" => Some(*on),
            "remove" => None,
            _ => since,
        };
    }
    since
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn days(&mut self, most: u64) -> i64 {
        i64::try_from(self.roll(most)).unwrap()
    }
}

/// A history the rooms could have written: allowed steps in order, plaque events that make sense, any assignments.
fn random_history(dice: &mut Dice, first: Day) -> History {
    let mut history = History { statuses: vec![(first, "planned".to_owned())], ..History::default() };
    let mut on = first;
    for _ in 0..dice.roll(9) {
        on = day::add_days(on, dice.days(50));
        let all = ["preparing", "staffed", "plaque_hung", "operating", "suspended", "operating", "closed"];
        let now = history.statuses.last().unwrap().1.clone();
        let next: Vec<&str> = all.into_iter().filter(|s| network::status::may_follow(&now, s)).collect();
        // Closing is one of two ways on, so it is taken seldom.
        let Some(next) = next.iter().find(|s| **s != "closed" || dice.roll(6) == 0) else { break };
        history.statuses.push((on, (*next).to_owned()));
    }
    let (mut on, mut hangs) = (first, false);
    for _ in 0..dice.roll(5) {
        on = day::add_days(on, 1 + dice.days(70));
        let kind = match (hangs, dice.roll(2)) {
            (false, _) => "hang",
            (true, 0) => "replace",
            (true, _) => "remove",
        };
        hangs = kind != "remove";
        history.plaques.push((on, kind.to_owned()));
    }
    for _ in 0..dice.roll(4) {
        let from = day::add_days(first, dice.days(200));
        let to = (dice.roll(2) == 0).then(|| day::add_days(from, dice.days(80)));
        history.assignments.push((from, to));
    }
    history
}
