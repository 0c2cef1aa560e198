#!/usr/bin/env python3
"""bench.py PEER PORT REQDIR OUT --pids P1,P2 [--sec 8] [--rep 3] [--ops a,b] [--c 16] [--nice N]
Runs wrk (1 thread, keep-alive, loopback) for every op, holding the machine lock for the set; appends one JSON line a run.
--pids: root processes of the server and of PostgreSQL as name=pid; their CPU seconds and memory (whole tree) are sampled,
so CPU ms per request can be compared even when other work shares the cores. --nice: priority for these trees and wrk."""
import argparse, glob, json, os, re, subprocess, fcntl
ap = argparse.ArgumentParser(); ap.add_argument("peer"); ap.add_argument("port"); ap.add_argument("dir"); ap.add_argument("out")
ap.add_argument("--pids", required=True); ap.add_argument("--label", default=""); ap.add_argument("--sec", type=int, default=8); ap.add_argument("--rep", type=int, default=3)
ap.add_argument("--ops", default="1_list,1b_list_city,2_search,3_open,4_visit,5_cover"); ap.add_argument("--c", type=int, default=16); ap.add_argument("--nice", type=int, default=0)
a = ap.parse_args(); H = os.path.dirname(os.path.abspath(__file__)); TCK = os.sysconf("SC_CLK_TCK")
roots = {k: int(v) for k, v in (x.split("=") for x in a.pids.split(","))}
def stat(pid):
    try: s = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    except OSError: return None
    return int(s[1]), sum(map(int, s[11:15]))          # ppid, utime+stime+reaped children
def tree(root):
    kids = {}
    for d in glob.glob("/proc/[0-9]*"):
        p = int(d[6:]); s = stat(p)
        if s: kids.setdefault(s[0], []).append(p)
    todo, out = [root], []
    while todo: p = todo.pop(); out.append(p); todo += kids.get(p, [])
    return out
def cpu(root): return sum(s[1] for s in map(stat, tree(root)) if s) / TCK
def mem(root):                                           # PSS: shared pages divided among their users
    t = 0
    for p in tree(root):
        try: t += int(re.search(r"^Pss:\s+(\d+)", open(f"/proc/{p}/smaps_rollup").read(), re.M).group(1))
        except (OSError, AttributeError): pass
    return round(t / 1024)
def own():
    os.setsid(); prio(os.getpid(), a.nice)
def prio(p, n):                                          # Linux groups CPU time by session: the session's weight counts
    for f in (lambda: os.setpriority(os.PRIO_PROCESS, p, n), lambda: open(f"/proc/{p}/autogroup", "w").write(str(n))):
        try: f()
        except OSError: pass
def wrk(op, sec):
    cmd = ["wrk", "-t1", f"-c{a.c}", f"-d{sec}s", "--timeout", "60s", "--latency", "-s", H + "/wrk.lua", f"http://127.0.0.1:{a.port}", "--", f"{a.dir}/{a.peer}_{op}.tsv"]
    o = subprocess.run(cmd, capture_output=True, text=True, timeout=sec + 120, preexec_fn=own).stdout
    return json.loads(re.search(r"^JSON (.*)$", o, re.M).group(1))
lock = open(os.environ.get("BENCH_LOCK", os.path.join(a.dir, "lock")), "a+"); fcntl.flock(lock, fcntl.LOCK_EX)     # held for the whole set: about ops x (sec + 1)
if a.nice:
    for r in roots.values():
        for p in tree(r): prio(p, a.nice)
try:
    for rep in range(a.rep):
        for op in a.ops.split(","):
            if rep == 0: wrk(op, 1)
            c0 = {k: cpu(v) for k, v in roots.items()}; r = wrk(op, a.sec); c1 = {k: cpu(v) for k, v in roots.items()}
            n = max(1, r["n"])
            r = {"peer": a.label or a.peer, "op": op, "c": a.c, "load": float(open("/proc/loadavg").read().split()[0]), **r,
                 **{"cpu_" + k: round((c1[k] - c0[k]) * 1e3 / n, 3) for k in roots}, **{"mem_" + k: mem(v) for k, v in roots.items()}}
            line = json.dumps(r); print(line, flush=True); open(a.out, "a").write(line + "\n")
finally:
    if a.nice:
        for r in roots.values():
            for p in tree(r): prio(p, 0)
