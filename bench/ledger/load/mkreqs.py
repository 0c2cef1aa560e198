"""mkreqs.py DATADIR IDS OUTDIR : request files for wrk, one line a request: METHOD<TAB>PATH<TAB>TOKEN<TAB>BODY

The same persons, townships, search strings and reach for both sides: dj = Django + DRF, sq = sheqiao. IDS is `bench-ids.tsv`,
which `sheqiao bench load` writes: number of the person, our id, township. Numbers of documents are asked for in full: with
us they are encrypted and found by a keyed hash, so a part of one finds nobody.
"""
import csv, datetime as dt, json, os, random, sys
from urllib.parse import quote

D, IDS, O = sys.argv[1:4]
os.makedirs(O, exist_ok=True)
R = random.Random(7)
N = 3000
OURS = {"dibao": "DIBAO", "canji": "DIS_1_2", "bianyuan": "NEAR", "gaoling": "ELDER80", "liushou_et": "LEFT_CHILD", "tekun": "TEKUN_H"}
tok = {u["scope"]: u["token"] for u in json.load(open(D + "/users.json"))}
meta = json.load(open(D + "/meta.json"))
ids = dict(line.split("\t")[:2] for line in open(IDS, encoding="utf-8"))
P = []
with open(D + "/person.csv", encoding="utf-8") as h:
    for r in csv.DictReader(h):
        if int(r["id"]) % 37 == 0:
            P.append((r["id"], r["name"], r["pinyin"], r["id_no"], r["village_code"]))
with open(D + "/worker.csv", encoding="utf-8") as h:
    WK = {r["township_code"]: r["id"] for r in csv.DictReader(h)}
cities = [c for c in tok if len(c) == 4]
# Visits are entered some days late, as workers do: nobody serves more than a day holds.
entered = [(dt.date.today() - dt.timedelta(n)).isoformat() for n in range(1, 20)]
ops = {}


def add(op, method, dj, sq, token, ours=None, bdj="", bsq=""):
    ops.setdefault(op, []).append((method, dj, sq, token, ours or token, bdj, bsq))


for _ in range(N):
    p = R.choice(P)
    town, county, city = p[4][:9], p[4][:6], p[4][:4]
    c = R.choice(list(OURS))
    add("1_list", "GET", f"/api/persons?division={town}&category={c}&ordering=-updated_at", f"/api/v1/persons?place=stat:{town}&category={OURS[c]}&limit=20", tok[county])
    add("1b_list_city", "GET", f"/api/persons?division={city}&category={c}&ordering=-updated_at", f"/api/v1/persons?place=stat:{city}&category={OURS[c]}&limit=20", tok[city])
    q = (p[1][:2], p[2][:2], p[3])[R.randrange(3)]
    add("2_search", "GET", f"/api/persons?q={quote(q)}&ordering=name", f"/api/v1/persons?q={quote(q)}&limit=20", tok[county])
    add("3_open", "GET", f"/api/persons/{p[0]}", f"/api/v1/persons/{ids[p[0]]}?visits=20", tok[county])
    txt = "入户探访，老人精神状态良好，饮食起居基本正常。协助联系村卫生室测量血压并登记健康档案。"
    b = {"worker": int(WK[town]), "person": int(p[0]), "date": meta["as_of"], "kind": "visit", "hours": 0.2, "text": txt}
    o = {"id": "@ID@", "person_id": ids[p[0]], "kind": "routine", "mode": "home", "visited_on": R.choice(entered), "minutes": 12, "contact_result": "met", "summary": txt, "work_field": "assistance"}
    add("4_visit", "POST", "/api/records", "/api/v1/visits", tok[county], f"worker-{town}", json.dumps(b, ensure_ascii=False), json.dumps(o, ensure_ascii=False))
for _ in range(N // 10):
    c = R.choice(cities)
    add("5_cover", "GET", f"/api/coverage?city={c}", f"/api/v1/coverage?place=stat:{c}&kind=service&by=township&from={meta['since90']}", tok[c])
for op, rows in ops.items():
    with open(f"{O}/dj_{op}.tsv", "w", encoding="utf-8") as h:
        for method, dj, _, token, _, body, _ in rows:
            h.write("\t".join((method, dj, "Token " + token, body)) + "\n")
    with open(f"{O}/sq_{op}.tsv", "w", encoding="utf-8") as h:
        for method, _, sq, _, token, _, body in rows:
            h.write("\t".join((method, sq, "Bearer " + token, body)) + "\n")
print({k: len(v) for k, v in ops.items()})
