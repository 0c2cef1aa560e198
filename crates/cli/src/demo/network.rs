//! Rows of the network: station, its areas, points, posts, assignments, plaques and status history.

use ground::{Floor, chance, clock};
use kernel::{Day, Id, day};
use sea_orm::Value;

use super::{
    load::Rows,
    world::{Station, World},
};

/// All rows of one station.
pub fn rows(world: &World, station: &Station, resident: Option<Id>, actor: Id, floor: &Floor) -> Vec<Rows> {
    let new_id = |on: Day| chance::id(clock::start_of_day(on), &world.dice);
    let town = &station.town;
    let place: [Value; 4] = [town.id.into(), town.county_id.into(), town.city_id.into(), town.province_id.into()];
    let mut stations = Rows::new("station", "station", STATION);
    let mut statuses = Rows::new("network_status", "", STATUS);
    let mut plaques = Rows::new("plaque", "plaque", PLAQUE);
    let mut areas = Rows::new("area", "area", AREA);
    let mut area_villages = Rows::new("area_village", "", AREA_VILLAGE);
    let mut points = Rows::new("point", "point", POINT);
    let mut point_villages = Rows::new("point_village", "", POINT_VILLAGE);
    let mut posts = Rows::new("post", "post", POST);
    let mut assignments = Rows::new("assignment", "assignment", ASSIGNMENT);

    let mode = world.mode;
    let operator = (!world.operator.is_empty()).then(|| world.operator.clone());
    stations.push(
        [Value::from(station.id), format!("{}社会工作服务站", town.name).into()]
            .into_iter()
            .chain(place.clone())
            .chain([
                Some(format!("{}人民政府（办事处）", town.name)).into(),
                operator.into(),
                mode.into(),
                Some(format!("{}便民服务中心", town.name)).into(),
                Value::from(Some(60_i32)),
                "[\"reception\",\"office\",\"case_room\",\"file_cabinet\"]".into(),
                Some("周一至周五 8:30–17:30".to_owned()).into(),
                Some(station.opened).into(),
                Some(station.opened).into(),
                Value::from(None::<Day>),
                "operating".into(),
                station.opened.into(),
                clock::start_of_day(station.opened).into(),
            ]),
    );
    let mut hang = |owner: Id, kind: &str, host: i32, on: Day| {
        plaques.push([
            new_id(on).into(),
            kind.into(),
            owner.into(),
            "hang".into(),
            on.into(),
            Value::from(None::<String>),
            town.county_id.into(),
        ]);
        for (serial, status) in ["planned", "plaque_hung", "operating"].into_iter().enumerate() {
            statuses.push([
                owner.into(),
                on.into(),
                i32::try_from(serial).unwrap_or(0).into(),
                kind.into(),
                status.into(),
                "挂牌运作".into(),
                actor.into(),
                floor.now().into(),
                town.county_id.into(),
                Some(host).into(),
            ]);
        }
    };
    hang(station.id, "station", town.id, station.opened);

    let third = station.villages.len().div_ceil(3).max(1);
    let mut area_ids = Vec::new();
    for (n, villages) in station.villages.chunks(third).enumerate() {
        let id = new_id(station.opened);
        let name = ["东片", "中片", "西片"].get(n).copied().unwrap_or("片区");
        areas.push([
            id.into(),
            station.id.into(),
            name.into(),
            station.opened.into(),
            Value::from(None::<Day>),
            town.county_id.into(),
        ]);
        for village in villages {
            area_ids.push(id);
            area_villages.push([
                id.into(),
                village.id.into(),
                station.id.into(),
                station.opened.into(),
                Value::from(None::<Day>),
            ]);
        }
    }
    let mut staffed: Vec<(Id, Day)> = Vec::new();
    for (n, village) in station.villages.iter().enumerate() {
        let turn = u64::try_from(n).unwrap_or(0);
        if turn % world.point_gap == world.point_gap - 1 {
            continue;
        }
        let on = day::add_days(station.opened, 30 + i64::try_from(world.dice.below(300)).unwrap_or(0)).min(world.today);
        let id = new_id(on);
        points.push(
            [
                Value::from(id),
                station.id.into(),
                area_ids.get(n).copied().into(),
                format!("{}社工点", village.name).into(),
                village.id.into(),
            ]
            .into_iter()
            .chain(place.clone())
            .chain([
                Some("村（居）民委员会活动室".to_owned()).into(),
                Value::from(Some(2_i32)),
                Some(on).into(),
                Value::from(None::<Day>),
                "operating".into(),
                on.into(),
                clock::start_of_day(on).into(),
            ]),
        );
        hang(id, "point", village.id, on);
        // A point also looks after the next village when that one has none (area mode).
        let neighbour = station
            .villages
            .get(n + 1)
            .filter(|_| (turn + 1) % world.point_gap == world.point_gap - 1 && turn % 2 == 0);
        for covered in [Some(village), neighbour].into_iter().flatten() {
            point_villages.push(
                [Value::from(id), covered.id.into(), on.into(), Value::from(None::<Day>)]
                    .into_iter()
                    .chain(place.clone()),
            );
        }
        staffed.push((id, on));
    }
    staff(world, station, resident, &staffed, &place, &new_id, &mut posts, &mut assignments);
    vec![stations, areas, area_villages, points, point_villages, posts, assignments, plaques, statuses]
}

/// Posts and who fills them: a point counts only with somebody assigned to it, so the time of a worker is split over points.
#[allow(clippy::too_many_arguments)] // the parts of one station
fn staff(
    world: &World,
    station: &Station,
    resident: Option<Id>,
    points: &[(Id, Day)],
    place: &[Value; 4],
    new_id: &dyn Fn(Day) -> Id,
    posts: &mut Rows,
    assignments: &mut Rows,
) {
    let opened = station.opened;
    let count = |n: usize| i32::try_from(n).unwrap_or(0);
    if world.one_worker {
        let post = new_id(opened);
        posts.push(post_row(post, station, None, "resident", 1, opened, place));
        let name = station.workers.first().cloned().unwrap_or_default();
        let share = (100 / (count(points.len()) + 1)).max(1);
        let rest = (100 - share * count(points.len())).max(1);
        assignments.push(assignment_row(
            new_id(opened),
            post,
            station,
            None,
            resident,
            name.clone(),
            rest,
            opened,
            place,
        ));
        for (point, on) in points {
            assignments.push(assignment_row(
                new_id(*on),
                post,
                station,
                Some(*point),
                resident,
                name.clone(),
                share,
                *on,
                place,
            ));
        }
        return;
    }
    let (desk, field) = station.workers.split_at((station.workers.len() / 4).max(1).min(station.workers.len()));
    let desk_post = new_id(opened);
    posts.push(post_row(desk_post, station, None, "transactional", count(desk.len()), opened, place));
    for (n, name) in desk.iter().enumerate() {
        let account = if n == 0 { resident } else { None };
        assignments.push(assignment_row(
            new_id(opened),
            desk_post,
            station,
            None,
            account,
            name.clone(),
            100,
            opened,
            place,
        ));
    }
    if field.is_empty() {
        return;
    }
    let field_post = new_id(opened);
    let planned = station.posts.and_then(|n| usize::try_from(n).ok()).map_or(field.len(), |n| n - desk.len().min(n));
    posts.push(post_row(field_post, station, None, "service", count(planned), opened, place));
    let each = points.len().div_ceil(field.len()).max(1);
    for (n, (point, on)) in points.iter().enumerate() {
        let name = field.get(n % field.len()).cloned().unwrap_or_default();
        assignments.push(assignment_row(
            new_id(*on),
            field_post,
            station,
            Some(*point),
            None,
            name,
            (100 / count(each)).max(1),
            *on,
            place,
        ));
    }
    for name in field.iter().skip(points.len()) {
        assignments.push(assignment_row(
            new_id(opened),
            field_post,
            station,
            None,
            None,
            name.clone(),
            100,
            opened,
            place,
        ));
    }
}

fn post_row(
    id: Id,
    station: &Station,
    point: Option<Id>,
    kind: &str,
    headcount: i32,
    on: Day,
    place: &[Value; 4],
) -> Vec<Value> {
    [
        Value::from(id),
        station.id.into(),
        point.into(),
        kind.into(),
        headcount.into(),
        Value::from(Some("省级补助与县级配套".to_owned())),
    ]
    .into_iter()
    .chain(place.clone())
    .chain([on.into(), Value::from(None::<Day>)])
    .collect()
}

#[allow(clippy::too_many_arguments)] // one row, one call
fn assignment_row(
    id: Id,
    post: Id,
    station: &Station,
    point: Option<Id>,
    account: Option<Id>,
    worker: String,
    share: i32,
    on: Day,
    place: &[Value; 4],
) -> Vec<Value> {
    [
        Value::from(id),
        post.into(),
        station.id.into(),
        point.into(),
        account.into(),
        worker.into(),
        "township_contract".into(),
        share.into(),
    ]
    .into_iter()
    .chain(place.clone())
    .chain([on.into(), Value::from(None::<Day>)])
    .collect()
}

const STATION: &[&str] = &[
    "id",
    "name",
    "township_id",
    "county_id",
    "city_id",
    "province_id",
    "host_org_name",
    "operator_org_name",
    "operating_mode",
    "address",
    "floor_area_m2",
    "facilities",
    "open_hours",
    "opened_on",
    "plaque_on",
    "closed_on",
    "status",
    "status_on",
    "created_at",
];
const STATUS: &[&str] =
    &["owner_id", "on_day", "serial", "owner_kind", "status", "reason", "actor_id", "at", "county_id", "host_id"];
const PLAQUE: &[&str] = &["id", "owner_kind", "owner_id", "kind", "on_day", "document_no", "county_id"];
const AREA: &[&str] = &["id", "station_id", "name", "from_on", "to_on", "county_id"];
const AREA_VILLAGE: &[&str] = &["area_id", "village_id", "station_id", "from_on", "to_on"];
const POINT: &[&str] = &[
    "id",
    "station_id",
    "area_id",
    "name",
    "village_id",
    "township_id",
    "county_id",
    "city_id",
    "province_id",
    "premises",
    "days_open_per_week",
    "plaque_on",
    "closed_on",
    "status",
    "status_on",
    "created_at",
];
const POINT_VILLAGE: &[&str] =
    &["point_id", "village_id", "from_on", "to_on", "township_id", "county_id", "city_id", "province_id"];
const POST: &[&str] = &[
    "id",
    "station_id",
    "point_id",
    "kind",
    "headcount",
    "funded_by",
    "township_id",
    "county_id",
    "city_id",
    "province_id",
    "from_on",
    "to_on",
];
const ASSIGNMENT: &[&str] = &[
    "id",
    "post_id",
    "station_id",
    "point_id",
    "account_id",
    "worker_name",
    "employment_mode",
    "share_pct",
    "township_id",
    "county_id",
    "city_id",
    "province_id",
    "from_on",
    "to_on",
];
