"""summary.py RESULTS OUT N : medians per side and operation, ratios against Django + DRF, JSON lines {job, engine, n, metric, value} to OUT"""
import collections, json, statistics as st, sys

results, out, n = sys.argv[1:4]
runs = collections.defaultdict(list)
for line in open(results, encoding="utf-8"):
    run = json.loads(line)
    runs[run["op"], run["peer"]].append(run)
middle = lambda side, field: st.median(run.get(field, 0) for run in side)
cpu = lambda side: st.median(run.get("cpu_app", 0) + run.get("cpu_pg", 0) for run in side)
GOALS = {"1_list": 100, "1b_list_city": 300, "2_search": 60, "3_open": 50, "4_visit": 20, "5_cover": 500}
PG_GOALS = {op: goal / 2 for op, goal in GOALS.items()} | {"4_visit": 8}
with open(out, "a", encoding="utf-8") as lines:
    for op in GOALS:
        peer = runs.get((op, "django"))
        for engine, goals in (("sqlite", GOALS), ("postgres", PG_GOALS)):
            ours = runs.get((op, engine))
            if not ours:
                continue
            values = {"requests_per_second": middle(ours, "rps"), "p50_ms": middle(ours, "p50"), "p99_ms": middle(ours, "p99"), "cpu_ms_per_request": cpu(ours), "memory_mib": middle(ours, "mem_app")}
            bad = sum(run["bad"] + run["err"] for run in ours)
            if peer:
                values |= {"django_requests_per_second": middle(peer, "rps"), "django_cpu_ms_per_request": cpu(peer)}
                # A peer that answers nothing within its time counts as one answer in it.
                values["ratio_requests"] = values["requests_per_second"] / max(middle(peer, "rps"), 1 / max(run["s"] for run in peer))
                values["ratio_cpu"] = cpu(peer) / max(cpu(ours), 1e-9)
            for metric, value in values.items():
                lines.write(json.dumps({"job": "ledger." + op, "engine": engine, "n": int(n), "metric": metric, "value": round(value, 3)}) + "\n")
            shown = "  ".join(f"{metric} {value:,.2f}" for metric, value in values.items())
            print(f"{op:<13} {engine:<9} goal {goals[op]:>5g}x  {shown}  refused {bad}")
