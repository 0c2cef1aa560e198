#!/usr/bin/env python3
"""Latency of search, list, open and coverage over HTTP against a loaded data folder, with authentication, scope and audit on.

Writes JSON lines {job, engine, n, metric, value}; values in milliseconds. Requests are sequential over one kept connection,
with words drawn from a fixed seed, so two runs ask the same questions.
"""
import argparse, http.client, json, os, random, socket, statistics, subprocess, time
from urllib.parse import quote


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Client:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"content-type": "application/json"}

    def call(self, method, path, body=None):
        began = time.perf_counter()
        self.connection.request(method, path, json.dumps(body) if body else None, self.headers)
        response = self.connection.getresponse()
        text = response.read()
        return response.status, (time.perf_counter() - began) * 1000, json.loads(text) if text else None


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("program", "data", "engine", "clients", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--requests", type=int, default=400)
    args = parser.parse_args()
    port = free_port()
    env = dict(os.environ, RUST_LOG="error", SHEQIAO_REQUESTS_PER_MINUTE="10000000")
    server = subprocess.Popen([args.program, "serve", "--data", args.data, "--listen", f"127.0.0.1:{port}"], env=env)
    try:
        for _ in range(600):
            try:
                if Client(port).call("GET", "/readyz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        logins = {l["role"]: l for l in reversed(json.load(open(f"{args.data}/demo-logins.json", encoding="utf-8")))}
        client = Client(port)
        county = logins["CA"]
        status, _, session = client.call("POST", "/api/v1/session", {"username": county["username"], "password": county["password"], "bearer": True})
        assert status == 200, session
        client.headers["authorization"] = f"Bearer {session['token']}"
        place = county["place"]
        dice = random.Random(7)
        first = client.call("GET", f"/api/v1/persons?place={place}&limit=200")[2]["items"]
        names = [p["name"] for p in first] or ["王"]
        letters = "wlzcyhxs"
        makers = {
            "search_initials": lambda: f"/api/v1/persons?place={place}&q={''.join(dice.choice(letters) for _ in range(3))}",
            "search_name": lambda: f"/api/v1/persons?place={place}&q={quote(dice.choice(names)[:2])}",
            "search_last4": lambda: f"/api/v1/persons?place={place}&q={dice.randrange(10000):04d}",
            "list_category": lambda: f"/api/v1/persons?place={place}&category={dice.choice(['DIBAO', 'TEKUN_H', 'ORPHAN', 'LEFT_CHILD'])}",
            "open_person": lambda: f"/api/v1/persons/{dice.choice(first)['id']}",
            "coverage_service": lambda: f"/api/v1/coverage?place={place}&kind=service&by=child",
        }
        with open(args.out, "a", encoding="utf-8") as out:
            for job, path in makers.items():
                times = []
                for n in range(args.requests + 20):
                    status, ms, answer = client.call("GET", path())
                    assert status == 200, (job, status, answer)
                    if n >= 20:
                        times.append(ms)
                for metric, value in (("p50_ms", statistics.median(times)), ("p95_ms", percentile(times, 0.95)), ("max_ms", max(times))):
                    line = {"job": job, "engine": args.engine, "n": int(args.clients), "metric": metric, "value": round(value, 3)}
                    out.write(json.dumps(line) + "\n")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
