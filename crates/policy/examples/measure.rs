//! Measures a bulk run for `make bench-policy`: from columns in memory to results in memory, and checks the rows.
//!
//! `measure POLICIES PARAMS PERSONS.parquet ENGINE-NAME REPEATS THREADS`
//! prints one JSON line: seconds of wall and CPU time (median), counts and row-weighted sums per policy.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing
)]

use std::num::NonZero;
use std::path::Path;
use std::time::Instant;

use policy::files;
use policy::library::{Library, Plan};
use policy::local::Local;
use policy::person::{Case, Facts, Held, Seen, questions};
use policy::screen::{Outcome, Screen, Speed};

/// The allocator of the shipped program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [policies, params, persons, name, repeats, threads] = args.as_slice() else {
        eprintln!("usage: measure POLICIES PARAMS PERSONS.parquet NAME REPEATS THREADS");
        std::process::exit(2);
    };
    let repeats: usize = repeats.parse().expect("REPEATS is a number");
    let threads: NonZero<usize> = threads.parse().expect("THREADS is a number above zero");
    let library = files::library(Path::new(policies)).unwrap_or_else(|faults| {
        faults.iter().for_each(|f| eprintln!("{f}"));
        std::process::exit(1);
    });
    let day = chrono::NaiveDate::from_ymd_opt(2026, 7, 1).expect("a day");
    let plan = library.plan(day).expect("a plan");
    let regions = files::parameters(Path::new(params), library.dictionary()).expect("parameters");
    let people = files::persons(Path::new(persons), library.dictionary()).expect("persons");
    let (filled, narrowing) = timed(1, || files::ledger(&library, &plan, &people).expect("within bounds"));
    let ledger = filled;
    let speed = match std::env::var("LANES").as_deref() {
        Ok("avx2") => Speed::Avx2,
        Ok("portable") => Speed::Portable,
        _ => Speed::Best,
    };
    let (locals, resolving) = timed(repeats, || files::locals(&library, &plan, &regions, &people).expect("parameters"));
    // Parameters are resolved for the peers too before their time begins; making the program, room and evaluation count.
    let (fresh, whole) = timed(repeats, || {
        let screen = Screen::new(&plan, ledger.layout(), &locals);
        let mut outcome = screen.outcome(&ledger);
        screen.run_at(speed, &ledger, threads, &mut outcome);
        outcome
    });
    let screen = Screen::new(&plan, ledger.layout(), &locals);
    let mut again = screen.outcome(&ledger);
    screen.run_at(speed, &ledger, threads, &mut again);
    let ((), kept) = timed(repeats, || screen.run_at(speed, &ledger, threads, &mut again));
    assert_eq!(fresh, again, "a second run into the same columns differs");
    let n = people.ids.len();
    let ids: Vec<&str> = plan.policies.iter().filter_map(|p| library.card(p.card)).map(|c| c.id.as_str()).collect();
    let one = one_person(&library, &plan, &locals, &people);
    let check: serde_json::Map<String, serde_json::Value> = ids
        .iter()
        .enumerate()
        .map(|(p, id)| ((*id).to_owned(), sums(&people.ids, ledger.slots(), &fresh, p)))
        .collect();
    let line = serde_json::json!({
        "engine": name, "n": n, "policies": ids.len(), "threads": threads.get(), "lanes": format!("{speed:?}"),
        "cpu_s": whole.1, "wall_s": whole.0, "kept_cpu_s": kept.1, "kept_wall_s": kept.0, "narrowing_cpu_s": narrowing.1, "resolving_cpu_s": resolving.1,
        "persons_per_cpu_s": (n as f64 / whole.1).round(), "kept_persons_per_cpu_s": (n as f64 / kept.1).round(),
        "one_wall_p50_us": one[0], "one_wall_p99_us": one[1], "one_cpu_p50_us": one[2], "one_cpu_p99_us": one[3],
        "check": check,
    });
    println!("{line}");
}

/// The result of the last repetition with medians of wall and CPU seconds of all threads.
fn timed<T>(repeats: usize, mut run: impl FnMut() -> T) -> (T, (f64, f64)) {
    let mut times = (Vec::new(), Vec::new());
    let mut last = None;
    for _ in 0..repeats.max(1) {
        drop(last.take());
        let (cpu, wall) = (cpu_seconds(), Instant::now());
        last = Some(run());
        times.0.push(wall.elapsed().as_secs_f64());
        times.1.push(cpu_seconds() - cpu);
    }
    let median = |mut list: Vec<f64>| {
        list.sort_by(f64::total_cmp);
        list[list.len() / 2]
    };
    (last.expect("at least one run"), (median(times.0), median(times.1)))
}

/// CPU seconds of all threads of this process, living and ended.
fn cpu_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

/// Microseconds for one person: all policies with amounts, missing sets, reasons of every policy, questions in order.
/// [median and 99th percentile of wall time, the same of CPU time of the thread], over up to 20,000 persons.
fn one_person(library: &Library, plan: &Plan, locals: &[Local], people: &files::Persons) -> [f64; 4] {
    let dictionary = library.dictionary();
    let mut times = (Vec::new(), Vec::new());
    for row in 0..people.ids.len().min(20_000) {
        let mut facts = Facts::unknown(dictionary);
        for (fact, values) in &people.facts {
            if let Some(value) = values[row] {
                facts.set(*fact, Seen { held: Held::Known(value), source: String::new(), as_of: Some(plan.day) });
            }
        }
        let cpu = || {
            let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
            time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 * 1e-3
        };
        let (before, wall) = (cpu(), Instant::now());
        let mut case = Case::new(plan, &locals[people.regions[row] as usize], dictionary, &facts);
        let answers = case.answers();
        let reasons: Vec<_> = plan.policies.iter().map(|policy| case.reasons(policy)).collect();
        let asked = questions(&answers, &facts, dictionary, plan.day);
        std::hint::black_box((&answers, &reasons, &asked));
        times.0.push(wall.elapsed().as_secs_f64() * 1e6);
        times.1.push(cpu() - before);
    }
    let at = |list: &mut Vec<f64>, of: f64| {
        list.sort_by(f64::total_cmp);
        (list[((list.len() - 1) as f64 * of) as usize] * 10.0).round() / 10.0
    };
    [at(&mut times.0, 0.5), at(&mut times.0, 0.99), at(&mut times.1, 0.5), at(&mut times.1, 0.99)]
}

fn sums(persons: &[i64], slots: &[u32], outcome: &Outcome, policy: usize) -> serde_json::Value {
    let mut counts = [0_i64; 3];
    let (mut rows, mut known, mut sum, mut amount_rows) = (0_i64, 0_i64, 0_i64, 0_i64);
    for (person, slot) in persons.iter().zip(slots) {
        let weight = (person * 2_654_435_761) % 65_521;
        let cell = outcome.cell(policy, *slot).expect("a row of the ledger");
        let status = cell.status.map_or(2, i64::from);
        counts[status as usize] += 1;
        rows += (status + 1) * weight;
        if let Some(amount) = cell.amount {
            known += 1;
            sum += amount;
            amount_rows += amount.rem_euclid(1_000_003) * weight;
        }
    }
    serde_json::json!({ "eligible": counts[1], "no": counts[0], "unknown": counts[2], "rows": rows,
        "amount_known": known, "amount_sum": sum, "amount_rows": amount_rows })
}
