"""Shared by the runners: load, timing, checksums. Status code: 1 eligible, 0 not eligible, 2 unknown."""
import argparse, gc, hashlib, json, os, resource, statistics, time
import numpy as np
from policies import NAMES, FACTS, BOOLS
HERE = os.path.dirname(os.path.abspath(__file__)); DATA = os.environ.get("POLICY_DATA", os.path.join(HERE, "data"))

def args(**kw):
    ap = argparse.ArgumentParser(); ap.add_argument("n", type=int)
    ap.add_argument("--reps", type=int, default=5); ap.add_argument("--threads", type=int, default=2)
    for k, v in kw.items():
        if isinstance(v, bool): ap.add_argument("--" + k, action="store_true")
        else: ap.add_argument("--" + k, type=type(v), default=v)
    return ap.parse_args()

CPU = []
OUT = os.environ.get("POLICY_OUT")            # file of JSON lines that the summary reads
def parquet(n): return os.path.join(DATA, f"persons_{n}.parquet")
def dense(): return {k: np.array(v, np.int32) for k, v in json.load(open(os.path.join(DATA, "params_dense.json"))).items()}

def load_numpy(n):
    """-> person_id, region, {fact: values}, {fact: valid}"""
    import pyarrow.parquet as pq
    t = pq.read_table(parquet(n)); V, K = {}, {}
    for f in FACTS:
        c = t[f].combine_chunks(); c = c.chunk(0) if hasattr(c, "chunks") else c
        K[f] = c.is_valid().to_numpy(zero_copy_only=False)
        V[f] = c.fill_null(False if f in BOOLS else 0).to_numpy(zero_copy_only=False)
    return t["person_id"].to_numpy(), t["region"].to_numpy(), V, K

def timed(fn, reps):
    """wall seconds per repetition; CPU seconds (all threads) go to CPU, since the machine may be shared"""
    ts, r = [], None; CPU.clear()
    for _ in range(reps):
        r = None; gc.collect(); c = time.process_time(); t = time.perf_counter(); r = fn()
        ts.append(time.perf_counter() - t); CPU.append(time.process_time() - c)
    return r, ts

def peak_mb(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

def check(pid, status, amount):
    """status: {name: int8 array}, amount: {name: (int array, valid mask)} in person_id order -> per-policy checksums"""
    w = (pid.astype(np.int64) * 2654435761) % 65521; out = {}
    for n in NAMES:
        s = np.asarray(status[n], np.int64); a, k = amount[n]; a = np.where(k, a, 0).astype(np.int64)
        out[n] = dict(eligible=int((s == 1).sum()), no=int((s == 0).sum()), unknown=int((s == 2).sum()),
                      rows=int(((s + 1) * w).sum()), amount_known=int(np.sum(k)), amount_sum=int(a.sum()), amount_rows=int((a % 1000003 * w).sum()))
    return out

def report(name, n, ts, load_s, chk, **extra):
    med = statistics.median(ts)
    d = dict(engine=name, n=n, eval_s=[round(t, 5) for t in ts], median_s=round(med, 5), load_s=round(load_s, 3),
             persons_per_s=int(n / med), cpu_s=round(statistics.median(CPU), 5), persons_per_cpu_s=int(n / max(1e-9, statistics.median(CPU))),
             load1=round(os.getloadavg()[0], 1), policy_evals_per_s=int(n * len(NAMES) / med), peak_mb=int(peak_mb()),
             checksum=hashlib.sha256(json.dumps(chk, sort_keys=True).encode()).hexdigest()[:16] if chk else None, **extra)
    print(json.dumps(d))
    if OUT: open(OUT, "a").write(json.dumps({**d, "check": chk, "policies": len(NAMES)}) + "\n")

def split_masked(b):      # arrow BooleanArray -> int8 status
    import pyarrow.compute as pc
    return pc.fill_null(b.cast("int8"), 2).to_numpy(zero_copy_only=False)

def arrow_result(tbl):    # arrow table with s_*, a_* and person_id -> status, amount (sorted by person)
    tbl = tbl.combine_chunks(); pid = tbl["person_id"].to_numpy(); o = np.argsort(pid, kind="stable")
    S = {n: split_masked(tbl["s_" + n])[o] for n in NAMES}
    A = {n: (tbl["a_" + n].fill_null(0).to_numpy()[o], tbl["a_" + n].is_valid().to_numpy()[o]) for n in NAMES}
    return pid[o], S, A
