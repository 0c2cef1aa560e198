//! Tampering straight in the database: audit records, heads, counters, rows and what is repeated of them. `check` finds all.
//!
//! Each tampering is done in a transaction, the check runs inside it, and all of it is rolled back.

use access::{
    audit::{Snapshot, checkpoint},
    on_both,
};
use ground::{Engine, chance::Seeded};
use sea_orm::{
    ColumnTrait as _, ColumnType, ConnectionTrait as _, DatabaseTransaction, EntityName, EntityTrait, IdenStatic as _,
    Iterable as _, Statement, TransactionTrait as _,
};
use server::check::check_in;

use crate::town::world;

/// Tamperings per engine.
fn rounds() -> u64 {
    std::env::var("SHEQIAO_TAMPERINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000)
}

/// What a column holds, as far as it can be edited.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Text,
    Number,
    Flag,
    Day,
    Id,
    Bytes,
}

#[derive(Clone)]
struct Table {
    name: String,
    columns: Vec<(String, Holds)>,
}

/// Columns whose edit nobody can see: the time of the last sign-in, and places of bulk kinds that a division event rewrites.
fn unseen(_table: &str, column: &str) -> bool {
    const PLACES: &[&str] =
        &["village_id", "township_id", "city_id", "province_id", "hukou_village_id", "served_village_id", "place_id"];
    column == "last_login_at" || PLACES.contains(&column)
}

fn table<E: EntityTrait + EntityName>() -> Table {
    let name = E::default().table_name().to_owned();
    let columns = E::Column::iter()
        .filter(|c| !unseen(&name, c.as_str()))
        .map(|c| {
            let holds = match c.def().get_column_type() {
                ColumnType::Uuid => Holds::Id,
                ColumnType::Integer | ColumnType::BigInteger | ColumnType::Double => Holds::Number,
                ColumnType::Boolean => Holds::Flag,
                ColumnType::Date => Holds::Day,
                ColumnType::VarBinary(_) | ColumnType::Blob | ColumnType::Binary(_) => Holds::Bytes,
                _ => Holds::Text,
            };
            (c.as_str().to_owned(), holds)
        })
        .collect();
    Table { name, columns }
}

fn tables() -> Vec<Table> {
    use access::row::{account, organisation, role_grant, task};
    use people::{
        categories::row::category_assignment,
        households::row::{household, membership},
        ledger::row::ledger_entry,
        persons::row::person,
        visits::row::{addendum, visit},
    };
    use places::{
        areas::row::area,
        plaques::row::plaque,
        points::row::point,
        posts::row::{assignment, post},
        stations::row::station,
    };
    vec![
        table::<person::Entity>(),
        table::<visit::Entity>(),
        table::<ledger_entry::Entity>(),
        table::<category_assignment::Entity>(),
        table::<membership::Entity>(),
        table::<household::Entity>(),
        table::<addendum::Entity>(),
        table::<station::Entity>(),
        table::<point::Entity>(),
        table::<area::Entity>(),
        table::<post::Entity>(),
        table::<assignment::Entity>(),
        table::<plaque::Entity>(),
        table::<account::Entity>(),
        table::<role_grant::Entity>(),
        table::<organisation::Entity>(),
        table::<task::Entity>(),
    ]
}

/// Makes tamperings of one engine.
struct Hand<'a> {
    engine: Engine,
    dice: &'a Seeded,
    tables: Vec<Table>,
}

fn pick<'t, T>(dice: &Seeded, items: &'t [T]) -> &'t T {
    &items[usize::try_from(dice.below(items.len() as u64)).unwrap()]
}

async fn number(tx: &DatabaseTransaction, text: &str) -> i64 {
    let row = tx.query_one_raw(Statement::from_string(tx.get_database_backend(), text.to_owned())).await.unwrap();
    row.unwrap().try_get_by_index::<i64>(0).unwrap()
}

impl Hand<'_> {
    fn bytes(&self, hex: &str) -> String {
        match self.engine {
            Engine::Sqlite => format!("x'{hex}'"),
            Engine::Postgres => format!("'\\x{hex}'::bytea"),
        }
    }

    fn new_id(&self) -> String {
        let hex = format!("01900000000070008000{:012x}", self.dice.below(1 << 40));
        match self.engine {
            Engine::Sqlite => format!("x'{hex}'"),
            Engine::Postgres => format!("'{hex}'::uuid"),
        }
    }

    fn day(&self, text: &str) -> String {
        match self.engine {
            Engine::Sqlite => format!("'{text}'"),
            Engine::Postgres => format!("date '{text}'"),
        }
    }

    /// Another value for a column.
    fn edited(&self, column: &str, holds: Holds) -> String {
        match holds {
            Holds::Text => format!("COALESCE({column}, '') || 'x'"),
            Holds::Number => format!("COALESCE({column}, 0) + {}", 1 + self.dice.below(3)),
            Holds::Flag => format!("NOT {column}"),
            // A day that has passed only makes the nightly job look again; the harm is one that never comes.
            Holds::Day if column == "next_check_on" => self.day("2999-12-31"),
            Holds::Day => {
                let (a, b) = (self.day("2026-02-02"), self.day("2026-02-03"));
                format!("CASE WHEN {column} = {a} THEN {b} ELSE {a} END")
            }
            Holds::Id => self.new_id(),
            Holds::Bytes => self.bytes(&format!("{:016x}", self.dice.below(1 << 50))),
        }
    }

    /// A random row of a table by its id.
    async fn row(&self, tx: &DatabaseTransaction, table: &str) -> String {
        let rows = number(tx, &format!("SELECT COUNT(*) FROM {table}")).await;
        let nth = self.dice.below(u64::try_from(rows).unwrap().max(1));
        format!("id = (SELECT id FROM {table} ORDER BY id LIMIT 1 OFFSET {nth})")
    }

    async fn record(&self, tx: &DatabaseTransaction) -> (i64, i64) {
        let rows = number(tx, "SELECT COUNT(*) FROM audit").await;
        let nth = self.dice.below(u64::try_from(rows).unwrap());
        let at = |column: &str| {
            format!("SELECT CAST({column} AS bigint) FROM audit ORDER BY chain, seq LIMIT 1 OFFSET {nth}")
        };
        (number(tx, &at("chain")).await, number(tx, &at("seq")).await)
    }

    async fn audit(&self, tx: &DatabaseTransaction) -> Vec<String> {
        const COLUMNS: &str = "at, actor_id, action, object_kind, object_id, rev, detail, mac";
        let (chain, seq) = self.record(tx).await;
        let at = format!("chain = {chain} AND seq = {seq}");
        let last = number(tx, &format!("SELECT MAX(seq) FROM audit WHERE chain = {chain}")).await;
        let head = |seq: i64| {
            format!(
                "UPDATE audit_head SET seq = {seq}, mac = (SELECT mac FROM audit WHERE chain = {chain} AND seq = {seq}) WHERE chain = {chain}"
            )
        };
        match self.dice.below(9) {
            0 | 1 => {
                let (column, holds) = *pick(
                    self.dice,
                    &[
                        ("at", Holds::Number),
                        ("actor_id", Holds::Id),
                        ("action", Holds::Text),
                        ("object_kind", Holds::Text),
                        ("object_id", Holds::Id),
                        ("rev", Holds::Number),
                        ("detail", Holds::Bytes),
                        ("mac", Holds::Bytes),
                    ],
                );
                vec![format!("UPDATE audit SET {column} = {} WHERE {at}", self.edited(column, holds))]
            }
            2 => vec![format!("DELETE FROM audit WHERE {at}")],
            3 => vec![
                format!("UPDATE audit SET seq = -1 WHERE {at}"),
                format!("UPDATE audit SET seq = seq - 1000000 WHERE chain = {chain} AND seq > {seq}"),
                format!("UPDATE audit SET seq = seq + 999999 WHERE chain = {chain} AND seq < -1"),
                format!("DELETE FROM audit WHERE chain = {chain} AND seq = -1"),
                format!("UPDATE audit_head SET seq = seq - 1 WHERE chain = {chain}"),
            ],
            4 => vec![
                format!(
                    "INSERT INTO audit (chain, seq, {COLUMNS}) SELECT chain, {}, {COLUMNS} FROM audit WHERE {at}",
                    last + 1
                ),
                head(last + 1),
            ],
            5 if last > 1 => {
                let other = if seq == last { seq - 1 } else { last };
                vec![
                    format!("UPDATE audit SET seq = -1 WHERE {at}"),
                    format!("UPDATE audit SET seq = {seq} WHERE chain = {chain} AND seq = {other}"),
                    format!("UPDATE audit SET seq = {other} WHERE chain = {chain} AND seq = -1"),
                ]
            }
            6 if seq > 1 => vec![format!("DELETE FROM audit WHERE chain = {chain} AND seq >= {seq}"), head(seq - 1)],
            7 => vec![format!("UPDATE audit_head SET seq = seq + 1 WHERE chain = {chain}")],
            _ => vec![match self.dice.below(2) {
                0 => format!("DELETE FROM audit_head WHERE chain = {chain}"),
                _ => format!("UPDATE audit_head SET mac = {} WHERE chain = {chain}", self.bytes("00ff")),
            }],
        }
    }

    async fn counters(&self, tx: &DatabaseTransaction) -> Vec<String> {
        let (table, keys) = *pick(
            self.dice,
            &[
                ("client_counter", "place_id, category, grade"),
                ("served_counter", "place_id, last_served_on, in_ledger"),
            ],
        );
        let rows = number(tx, &format!("SELECT COUNT(*) FROM {table}")).await;
        let nth = self.dice.below(u64::try_from(rows).unwrap());
        let one = format!("({keys}) = (SELECT {keys} FROM {table} ORDER BY {keys} LIMIT 1 OFFSET {nth})");
        vec![match self.dice.below(5) {
            0 => format!("UPDATE {table} SET n = n + {} WHERE {one}", 1 + self.dice.below(9)),
            1 => format!("UPDATE {table} SET n = n - 1 WHERE {one}"),
            2 => format!("DELETE FROM {table} WHERE {one}"),
            3 if table == "client_counter" => format!(
                "INSERT INTO client_counter VALUES ({}, '*', '*', {})",
                900_000 + self.dice.below(99),
                self.dice.below(3)
            ),
            3 => format!(
                "INSERT INTO served_counter VALUES ({}, {}, NOT NULL IS NULL, 1)",
                900_000 + self.dice.below(99),
                self.day("2026-01-01")
            ),
            _ => format!("UPDATE {table} SET place_id = place_id + 500000 WHERE {one}"),
        }]
    }

    async fn rows(&self, tx: &DatabaseTransaction) -> Vec<String> {
        let table = pick(self.dice, &self.tables);
        let name = &table.name;
        let one = self.row(tx, name).await;
        match self.dice.below(8) {
            0 => vec![format!("DELETE FROM {name} WHERE {one}")],
            1 => {
                let columns: Vec<&str> = table.columns.iter().map(|(c, _)| c.as_str()).collect();
                let unique = ["username"];
                let values: Vec<String> = columns
                    .iter()
                    .map(|c| match *c {
                        "id" => self.new_id(),
                        "episode" => "episode + 50".to_owned(),
                        c if unique.contains(&c) => format!("{c} || 'x'"),
                        c => c.to_owned(),
                    })
                    .collect();
                // Columns that are not edited keep what the row has: none of them is left out of a copy.
                vec![
                    format!("CREATE TEMPORARY TABLE copied AS SELECT * FROM {name} WHERE {one}"),
                    format!(
                        "UPDATE copied SET {}",
                        columns
                            .iter()
                            .zip(&values)
                            .filter(|(c, v)| *c != v)
                            .map(|(c, v)| format!("{c} = {v}"))
                            .collect::<Vec<_>>()
                            .join(", ")
                    ),
                    format!("INSERT INTO {name} SELECT * FROM copied"),
                    "DROP TABLE copied".to_owned(),
                ]
            }
            2 => vec![format!(
                "UPDATE {name} SET audit_no = (SELECT MAX(audit_no) FROM {name} t WHERE t.id <> {name}.id) WHERE {one}"
            )],
            _ => {
                let (column, holds) = pick(self.dice, &table.columns);
                vec![format!("UPDATE {name} SET {column} = {} WHERE {one}", self.edited(column, *holds))]
            }
        }
    }

    /// A row put back as it was before its last changes, whole and with its old number.
    async fn rolled_back(&self, tx: &DatabaseTransaction) -> Vec<String> {
        let older =
            number(tx, "SELECT COUNT(*) FROM old_person o JOIN person p ON p.id = o.id AND p.rev > o.rev").await;
        let nth = self.dice.below(u64::try_from(older).unwrap());
        let one = format!(
            "(SELECT o.id FROM old_person o JOIN person p ON p.id = o.id AND p.rev > o.rev ORDER BY o.id LIMIT 1 OFFSET {nth})"
        );
        vec![
            format!("CREATE TEMPORARY TABLE back AS SELECT * FROM old_person WHERE id = {one}"),
            "DELETE FROM person WHERE id IN (SELECT id FROM back)".to_owned(),
            "INSERT INTO person SELECT * FROM back".to_owned(),
            "DROP TABLE back".to_owned(),
        ]
    }

    async fn repeated(&self, tx: &DatabaseTransaction) -> Vec<String> {
        let person = self.row(tx, "person").await;
        let one = person.replace("id = ", "person_id = ");
        let key = |table: &str, keys: &str| {
            format!("({keys}) = (SELECT {keys} FROM {table} WHERE {one} ORDER BY {keys} LIMIT 1)")
        };
        vec![match self.dice.below(9) {
            0 => format!("DELETE FROM person_key WHERE {}", key("person_key", "county_id, word, person_id")),
            1 => format!(
                "INSERT INTO person_key (county_id, word, person_id) SELECT county_id, 'n:另一个', id FROM person WHERE {person}"
            ),
            2 => format!(
                "UPDATE person_key SET county_id = county_id + 1 WHERE {}",
                key("person_key", "county_id, word, person_id")
            ),
            3 => format!("UPDATE residence SET village_id = village_id + 1 WHERE {one} AND to_on IS NULL"),
            4 => format!("UPDATE residence SET to_on = {} WHERE {one} AND to_on IS NULL", self.day("2026-11-23")),
            5 => format!("DELETE FROM residence WHERE {one} AND to_on IS NULL"),
            6 => format!(
                "INSERT INTO residence SELECT person_id, {}, NULL, village_id, township_id, county_id, city_id, province_id FROM residence WHERE {one} AND to_on IS NULL",
                self.day("2011-01-01")
            ),
            7 => format!("UPDATE visit SET township_id = township_id + 1 WHERE {one}"),
            _ => format!(
                "UPDATE ledger_transition SET to_state = 'archived' WHERE {one} AND serial = (SELECT MAX(serial) FROM ledger_transition t WHERE t.person_id = ledger_transition.person_id)"
            ),
        }]
    }

    async fn harm(&self, tx: &DatabaseTransaction) -> Vec<String> {
        match self.dice.below(20) {
            0..=5 => self.audit(tx).await,
            6..=9 => self.counters(tx).await,
            10..=15 => self.rows(tx).await,
            16 => self.rolled_back(tx).await,
            _ => self.repeated(tx).await,
        }
    }
}

on_both! {
    async fn every_one_of_a_thousand_random_tamperings_is_found(engine) {
        let world = world(engine).await;
        let house = &world.house;
        let floor = &house.test.floor;
        house.sql("CREATE TABLE old_person AS SELECT * FROM person").await;
        crate::town::more_changes(&world).await;
        // Accounts of tests come without record.
        house.sql("DELETE FROM role_grant WHERE audit_no = 0").await;
        house.sql("DELETE FROM account WHERE audit_no = 0").await;
        // The newest record is in the checkpoint, so that every cut lies before it.
        house.house.views_written().await;
        checkpoint::write(floor).await.unwrap();
        let clean = server::check::check(floor).await.unwrap();
        assert_eq!(clean.wrong, Vec::<String>::new(), "the untouched world is clean");
        assert!(clean.records > 200, "{} records are too few to tell anything", clean.records);
        let seed = 20_261_125;
        let dice = Seeded::new(seed);
        let hand = Hand { engine, dice: &dice, tables: tables() };
        let (mut tried, mut missed) = (0, Vec::new());
        while tried < rounds() {
            let tx = floor.db.raw_writer().begin().await.unwrap();
            let harm = hand.harm(&tx).await;
            let mut changed = 0;
            for text in &harm {
                match tx.execute_unprepared(text).await {
                    Ok(done) => changed += done.rows_affected(),
                    // The database itself refuses: nothing was tampered with.
                    Err(e) if e.to_string().to_lowercase().contains("constraint") => {
                        changed = 0;
                        break;
                    }
                    Err(e) => panic!("{text}: {e}"),
                }
            }
            let snapshot = Snapshot::of(floor, tx);
            if changed > 0 {
                tried += 1;
                if check_in(&snapshot).await.unwrap().wrong.is_empty() {
                    missed.push(harm.join("; "));
                }
            }
            snapshot.into_inner().rollback().await.unwrap();
        }
        println!("seed {seed}: {} of {tried} tamperings found", tried - missed.len() as u64);
        assert!(missed.is_empty(), "seed {seed}: {} of {tried} tamperings were not found: {missed:#?}", missed.len());
        let clean = server::check::check(floor).await.unwrap();
        assert_eq!(clean.wrong, Vec::<String>::new(), "nothing was left behind");
    }
}

/// Every table that names an audit record is watched, so that no new table escapes the check.
#[tokio::test]
async fn every_audited_table_is_watched() {
    let house = crate::world::house(Engine::Sqlite).await;
    let db = house.test.floor.db.read();
    let text = "SELECT m.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'audit_no' WHERE m.type = 'table' ORDER BY 1";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), text)).await.unwrap();
    let found: std::collections::BTreeSet<String> = rows.iter().map(|r| r.try_get("", "name").unwrap()).collect();
    let mut watched: std::collections::BTreeSet<String> =
        server::check::watched().iter().map(|t| t.table().to_owned()).collect();
    // Divisions change by events only, which are watched; the row names its last event.
    watched.insert("division".to_owned());
    assert_eq!(found, watched);
}
