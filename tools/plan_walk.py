#!/usr/bin/env python3
"""Asks every reading operation of the API on a large PostgreSQL database and reads the plan of every statement it ran.

usage: plan_walk.py --program BIN --data DIR --log POSTGRES_LOG      (database_url in SHEQIAO_DATABASE_URL, a superuser)

PostgreSQL's auto_explain writes each plan with the rows it really met. A plan is refused when it scans a large table from end to
end, or sorts more rows than a page holds. A figure (its plan ends in an aggregate) may sort to group, and may read all divisions.
Ends with 1 when any is refused, and names statement and plan. Figures of a past day may read all persons of one county: their
statements are told apart by the table `residence`.
"""
import argparse, http.client, json, os, re, socket, subprocess, sys, time
from urllib.parse import quote, urlencode

LARGE = {"person", "person_key", "residence", "household", "membership", "category_assignment", "ledger_entry", "ledger_transition",
         "visit", "visit_addendum", "audit", "division", "division_word", "division_version", "division_news", "write_receipt"}
MOST_SORTED = 1_000


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Client:
    def __init__(self, port, token=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})

    def call(self, method, path, body=None):
        self.connection.request(method, path, json.dumps(body) if body else None, self.headers)
        response = self.connection.getresponse()
        text = response.read()
        kind = response.headers.get("content-type", "")
        return response.status, json.loads(text) if "json" in kind and text else None


def psql(url, *statements):
    command = ["psql", "-q", "-v", "ON_ERROR_STOP=1", url]
    for statement in statements:
        command += ["-c", statement]
    subprocess.run(command, check=True)


def choices(name, places):
    """Values to try for a query parameter; None leaves it out."""
    known = {
        "place": [None, *places], "category": [None, "DIBAO", "ORPHAN"], "grade": [None, "A"], "state": [None, "active"], "limit": ["20"],
        "q": [None, "wxm", "王", "0123"], "kind": [None], "by": [None, "child"], "on": [None], "from": [None], "to": [None],
    }
    return known.get(name, [None])


def queries(operation, path, places):
    """A few combinations of an operation's query parameters: each alone, and place with each other one."""
    names = [p["name"] for p in operation.get("parameters", []) if p["in"] == "query"]
    base = {"limit": "20"} if "limit" in names else {}
    if path == "/api/v1/coverage":
        for kind in ("station", "point", "staffing", "service", "ledger"):
            for place in places:
                yield {"kind": kind, "place": place, "by": "child"}
        return
    yield base
    for place in places if "place" in names else [None]:
        at = base | ({"place": place} if place else {})
        if place:
            yield at
        for name in names:
            for value in choices(name, places):
                if value is not None and name not in ("place", "limit"):
                    yield at | {name: value}


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def faults(plan):
    figure = plan["Node Type"] == "Aggregate"
    for node in nodes(plan):
        kind, table = node["Node Type"], node.get("Relation Name")
        if figure and (table == "division" or kind in ("Sort", "Incremental Sort")):
            continue
        if kind == "Seq Scan" and table in LARGE and node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0) > MOST_SORTED:
            yield f"end to end over {table}"
        if kind in ("Sort", "Incremental Sort") and node.get("Actual Rows", 0) > MOST_SORTED:
            yield f"sorts {node['Actual Rows']} rows"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("program", "data", "log"):
        parser.add_argument(f"--{name}", required=True)
    args = parser.parse_args()
    url = os.environ["SHEQIAO_DATABASE_URL"]
    psql(url, "VACUUM ANALYZE", "LOAD 'auto_explain'", "ALTER SYSTEM SET session_preload_libraries = 'auto_explain'", "ALTER SYSTEM SET auto_explain.log_min_duration = 0",
         "ALTER SYSTEM SET auto_explain.log_analyze = on", "ALTER SYSTEM SET auto_explain.log_timing = off",
         "ALTER SYSTEM SET auto_explain.log_format = 'json'", "SELECT pg_reload_conf()")
    began = os.path.getsize(args.log)
    port = free_port()
    env = dict(os.environ, RUST_LOG="error", SHEQIAO_REQUESTS_PER_MINUTE="10000000")
    server = subprocess.Popen([args.program, "serve", "--data", args.data, "--listen", f"127.0.0.1:{port}"], env=env)
    asked = refused = 0
    try:
        for _ in range(600):
            try:
                if Client(port).call("GET", "/readyz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        document = Client(port).call("GET", "/api/v1/openapi.json")[1]
        logins = {}
        for login in json.load(open(f"{args.data}/demo-logins.json", encoding="utf-8")):
            logins.setdefault(login["role"], login)
        found = {}
        for role, login in logins.items():
            status, session = Client(port).call("POST", "/api/v1/session", {"username": login["username"], "password": login["password"], "bearer": True})
            assert status == 200, session
            client = Client(port, session["token"])
            code = login["place"]
            places = [code] + [code[:n] for n in (9, 6, 4, 2) if len(code) > n] if code else []
            below = client.call("GET", f"/api/v1/divisions?{urlencode({'parent': code})}")[1] if code else None
            places += [child["code"] for child in (below or {}).get("items", [])[:1]]
            for path, methods in sorted(document["paths"].items(), key=lambda item: item[0].count("{")):
                operation = methods.get("get")
                if operation is None or path.endswith("/events") and "jobs" in path:
                    continue
                targets = [path]
                for name in re.findall(r"{(\w+)}", path):
                    parent = path.split("/{")[0]
                    values = {"code": places, "kind": ["person", "visit", "household"]}.get(name, found.get(parent, []))
                    targets = [t.replace("{" + name + "}", quote(str(v))) for t in targets for v in values[:2]]
                for target in targets:
                    for query in queries(operation, path, places):
                        status, answer = client.call("GET", f"{target}?{urlencode(query)}" if query else target)
                        asked += 1
                        assert status < 500, (status, target, query, answer)
                        if status != 200 or not isinstance(answer, dict):
                            refused += status >= 400
                            continue
                        items = answer.get("items") or []
                        if isinstance(items, list) and items and isinstance(items[0], dict) and "id" in items[0]:
                            found.setdefault(path, [item["id"] for item in items[:2]])
                        if answer.get("next"):
                            client.call("GET", f"{target}?{urlencode(query | {'cursor': answer['next']})}")
                            asked += 1
    finally:
        server.terminate()
        server.wait()
        psql(url, "ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()")
    with open(args.log, encoding="utf-8", errors="replace") as log:
        log.seek(began)
        text = log.read()
    plans, bad = 0, {}
    for block in re.finditer(r"plan:\n\t(\{.*?\n\t\})", text, re.S):
        told = json.loads(block.group(1).replace("\n\t", "\n"))
        statement = told["Query Text"]
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")) or "residence r" in statement:
            continue
        plans += 1
        for fault in faults(told["Plan"]):
            bad.setdefault((fault.split(" rows")[0].rstrip("0123456789"), statement), (fault, told["Plan"]))
    print(f"{asked} requests ({refused} refused by permit, place or form), {plans} plans read, {len(bad)} refused")
    for (_, statement), (fault, plan) in bad.items():
        print(f"\n{fault}:\n{statement[:1500]}\n{json.dumps(plan)[:1500]}")
    sys.exit(1 if bad or plans < 500 else 0)


if __name__ == "__main__":
    main()
