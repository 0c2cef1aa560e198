#!/usr/bin/env python3
"""Compares the runs of one set of policies: summary.py RUNS.jsonl SET OUT.jsonl

Medians of CPU seconds per engine over the rounds; ratio of each peer to ours. Ends with 1 when any engine's row-weighted checksums of
statuses and amounts differ from ours.
"""
import json, statistics, sys

SQL_LIKE = ("numpy", "polars", "datafusion", "duckdb")


def main():
    source, name, target = sys.argv[1:]
    runs = {}
    for line in open(source):
        run = json.loads(line)
        runs.setdefault(run["engine"], []).append(run)
    ours = runs.pop("sheqiao")
    wrong = [e for e, rs in runs.items() for r in rs if r["check"] is not None and r["check"] != ours[0]["check"]]
    wrong += [e for e, rs in runs.items() for r in rs if r.get("definite_mismatches")]
    med = lambda rs, key: statistics.median(r[key] for r in rs)
    n, policies, out = ours[0]["n"], ours[0]["policies"], []
    note = lambda engine, metric, value: out.append({"job": f"policy-{name}", "engine": engine, "n": n, "policies": policies, "metric": metric, "value": value})
    fresh, kept, narrow = med(ours, "cpu_s"), med(ours, "kept_cpu_s"), med(ours, "narrowing_cpu_s")
    note("sheqiao", "cpu_s_room_kept", round(kept, 5))
    note("sheqiao", "cpu_s_room_fresh", round(fresh, 5))
    note("sheqiao", "cpu_s_narrowing_once", round(narrow, 5))
    note("sheqiao", "cpu_s_resolving_parameters", round(med(ours, "resolving_cpu_s"), 5))
    note("sheqiao", "persons_per_cpu_s", round(n / kept))
    for key in ("one_wall_p50_us", "one_wall_p99_us", "one_cpu_p50_us", "one_cpu_p99_us"):
        note("sheqiao", key, med(ours, key))
    for engine, rs in sorted(runs.items(), key=lambda kv: med(kv[1], "cpu_s")):
        cpu = med(rs, "cpu_s")
        note(engine, "cpu_s", round(cpu, 4))
        note(engine, "times_slower", round(cpu / kept, 1))
        note(engine, "times_slower_than_fresh", round(cpu / fresh, 1))
        note(engine, "times_slower_than_with_narrowing", round(cpu / (fresh + narrow), 2))
    best = min((med(rs, "cpu_s"), e) for e, rs in runs.items() if e.startswith(SQL_LIKE))
    note(best[1], "best_vectorised_peer_times_slower", round(best[0] / kept, 1))
    note("all", "rows_equal", not wrong)
    with open(target, "a") as file:
        for line in out:
            file.write(json.dumps(line) + "\n")
            print(json.dumps(line))
    if wrong:
        sys.exit(f"rows differ from ours: {sorted(set(wrong))}")


main()
