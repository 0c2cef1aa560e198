#!/usr/bin/env python3
"""One person with a hundred policies over HTTP: one_http.py cards FOLDER | measure DATA PORT PID OUT.jsonl

`cards` writes copies of the product's cards under other words into FOLDER until there are a hundred with the product's own. `measure` waits
until the server has nothing to do (a first screening goes on in the background), then asks for everybody a worker answers for, one
connection, eight rounds, and tells the times of adults, of minors (whose opening is written down durably before the answer) and of all.
"""
import gc, glob, http.client, json, os, re, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARY = os.path.join(HERE, "..", "..", "data", "policies")
POLICIES, ROUNDS, WARM = 100, 8, 2


def cards(folder):
    os.makedirs(folder, exist_ok=True)
    own = sorted(glob.glob(os.path.join(LIBRARY, "P*.toml")))
    written = 0
    while written < POLICIES - len(own):
        for path in own:
            text = open(path).read()
            if written == POLICIES - len(own): break
            if re.search(r"^restricted = true", text, re.M): continue
            own_word = re.search(r'^id = "(\w+)"', text, re.M).group(1)
            word = f"{own_word}_{written}"
            text = re.sub(r'^id = "\w+"', f'id = "{word}"', text, flags=re.M)
            # What excludes another policy stands on both cards; copies exclude nobody.
            text = re.sub(r"^(conflicts|stacking) = (\[\n(?:.|\n)*?^\]\n|.*\n)", "", text, flags=re.M)
            with open(os.path.join(folder, f"{word}.toml"), "w") as file: file.write(text)
            written += 1


def rest(pid):
    """Waits until the process used less than a twentieth of a core over five seconds."""
    used = lambda: sum(map(int, open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[11:13])) / os.sysconf("SC_CLK_TCK")
    for _ in range(240):
        before = used(); time.sleep(5)
        if used() - before < .25: return
    sys.exit("the server did not come to rest")


def measure(data, port, pid, out):
    rest(pid)
    gc.disable()
    con = http.client.HTTPConnection("127.0.0.1", int(port))

    def call(method, path, body=None, headers={}):
        con.request(method, "/api/v1" + path, body=body, headers=headers)
        answer = con.getresponse()
        text = answer.read()
        if answer.status != 200: sys.exit(f"{path}: {answer.status} {text[:200]}")
        return text

    login = next(l for l in json.load(open(os.path.join(data, "demo-logins.json"))) if l["username"] == "resident01")
    words = json.dumps({"username": login["username"], "password": login["password"], "bearer": True})
    token = {"authorization": "Bearer " + json.loads(call("POST", "/session", words, {"content-type": "application/json"}))["token"]}
    people, cursor = [], ""
    while cursor is not None:
        page = json.loads(call("GET", f"/persons?limit=200&cursor={cursor}" if cursor else "/persons?limit=200", headers=token))
        people += [p for p in page["items"] if p["ledger_state"] == "active" and p.get("died_on") is None]
        cursor = page["next"]
    times = {"adults": [], "minors": []}
    for turn in range(WARM + ROUNDS):
        for person in people[:2000]:
            began = time.perf_counter()
            text = call("GET", f"/persons/{person['id']}/entitlements", headers=token)
            if turn >= WARM: times["minors" if (person["age"] or 99) < 18 else "adults"].append((time.perf_counter() - began) * 1000)
    items = len(json.loads(text)["items"])
    times["all"] = times["adults"] + times["minors"]
    with open(out, "w") as file:
        for who, took in times.items():
            took.sort()
            for name, part in (("p50", .5), ("p90", .9), ("p99", .99)):
                line = json.dumps({"job": "policy.one_http", "who": who, "answers": items, "bytes": len(text), "requests": len(took),
                                   "metric": f"{name}_ms", "value": round(took[int((len(took) - 1) * part)], 3)})
                file.write(line + "\n"); print(line)


if __name__ == "__main__":
    {"cards": cards, "measure": measure}[sys.argv[1]](*sys.argv[2:])
