#!/usr/bin/env python3
"""Invents policies: gen_policies.py COUNT SEED DIR

Writes DIR/rules.json (the form of policies.py, for the peers) and DIR/policies/ (our form, with the dictionary of the benchmark).
Each has 2 to 5 conditions over the benchmark's facts and parameters, half of the thresholds shared between policies, as real
policies share them, and an amount of one of the shapes of the twelve.
"""
import json, os, random, shutil, sys
HERE = os.path.dirname(os.path.abspath(__file__))
FLAGS = ["hukou_rural", "dis_cert", "dibao", "tekun", "has_income", "has_supporter", "living_alone", "hardship", "other_nursing"]
AMOUNTS = ["edge_aid", "tekun_amt", "hl80", "hl90", "hl100", "dis_living", "nurse1", "nurse2", "nurse3", "orphan_amt", "svc_base", "svc_step"]
NUMBERS = {"age": (0, 100), "hh_income_pc": (200, 4000), "hh_size": (1, 7), "hh_assets": (5000, 120000), "care_level": (1, 4), "med_expense": (500, 40000)}
CODES = {"dis_class": 7, "dis_grade": 4, "father_status": 5, "mother_status": 5, "care_level": 4}
SIGNS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "=", "add": "+", "sub": "-", "mul": "*"}


def atom(r, shared):
    if shared and r.random() < .5: return r.choice(shared)
    kind = r.random()
    if kind < .3: a = r.choice(FLAGS); a = ["not", a] if r.random() < .4 else a
    elif kind < .55:
        f = r.choice(list(NUMBERS)); low, high = NUMBERS[f]
        a = [r.choice(["lt", "le", "gt", "ge"]), f, r.randint(low, high)]
    elif kind < .75: a = [r.choice(["lt", "le", "gt", "ge"]), ["mul", r.randint(1, 3), "hh_income_pc"], ["mul", r.randint(1, 6), "p.dibao_std"]]
    elif kind < .82: a = ["le", "hh_assets", ["mul", r.randint(1, 3), "p.asset_cap"]]
    elif kind < .86: a = ["gt", "med_expense", ["mul", r.randint(1, 9), ["mul", "hh_income_pc", "hh_size"]]]
    elif kind < .90: a = ["and", ["eq", r.choice(["p.ext_edge", "p.ext_nurse"]), 1], r.choice(FLAGS)]
    else:
        f = r.choice(list(CODES)); a = ["in", f, sorted(r.sample(range(CODES[f] + 1), r.randint(1, 3)))]
    shared.append(a)
    return a


def when(r, shared):
    parts = []
    for _ in range(r.randint(2, 5)):
        parts.append(["or", *[atom(r, shared) for _ in range(r.randint(2, 3))]] if r.random() < .35 else atom(r, shared))
    return ["and", *parts]


def amount(r):
    p = lambda: "p." + r.choice(AMOUNTS)
    return r.choice([
        lambda: p(),
        lambda: ["mul", 100, ["sub", "p.dibao_std", "hh_income_pc"]],
        lambda: ["case", [["ge", "age", r.randint(80, 100)], p()], [["ge", "age", r.randint(60, 80)], p()], p()],
        lambda: ["case", [["eq", "dis_grade", 1], p()], [["eq", "dis_grade", 2], p()], p()],
        lambda: ["add", p(), ["mul", p(), "care_level"]],
        lambda: ["mul", ["case", [["gt", "hh_size", 3], 3], "hh_size"], ["mul", 100, "p.dibao_std"]],
        lambda: 100 * r.randint(1, 900),
    ])()


def strict(e):
    """A case as SQL reads it falls to the next row when a condition is unknown; ours stays unknown. Written so that both agree."""
    if not isinstance(e, list) or e[0] != "case": return [e[0], *map(strict, e[1:])] if isinstance(e, list) and e[0] in ("add", "mul", "sub") else e
    out = e[-1]
    for c, v in reversed(e[1:-1]): out = ["case", [c, v], [["not", c], out], None]
    return out


def text(e):
    if isinstance(e, int): return str(e)
    if isinstance(e, str): return "@" + e[2:] if e.startswith("p.") else e
    o, a = e[0], e[1:]
    if o in ("and", "or"): return "(" + f" {o} ".join(map(text, a)) + ")"
    if o == "not": return f"not {text(a[0])}"
    if o == "in": return f"{a[0]} in {{{', '.join(map(str, a[1]))}}}"
    return f"({text(a[0])} {SIGNS[o]} {text(a[1])})"


def card(name, c, m):
    leaf = lambda x: '{ is = "%s" }' % text(x)
    out = [f'id = "{name}"', f'title = "{name}"', "example = true", "[[version]]", "from = 2026-01-01", "[version.when]",
           "all = [" + ", ".join(map(leaf, c[1:])) + "]"]
    case = m if isinstance(m, list) and m[0] == "case" else m[1] if isinstance(m, list) and isinstance(m[1], list) and m[1][0] == "case" else None
    table = "table = [%s]" % ", ".join([f'{{ when = "{text(k)}", is = "{text(v)}" }}' for k, v in case[1:-1]] + [f'{{ is = "{text(case[-1])}" }}']) if case else ""
    if case is m and case: out += ["[version.amount]", table]
    elif case: out += ["[[version.let]]", 'name = "part"', table, "[version.amount]", f'is = "part * {text(m[2])}"']
    else: out += ["[version.amount]", f'is = "{text(m)}"']
    return "\n".join(out) + "\n"


def main():
    count, seed, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    r, shared, rules = random.Random(seed), [], []
    cards = os.path.join(folder, "policies")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(cards)
    for i in range(count):
        name, c, m = f"q{i:03}", when(r, shared), amount(r)
        rules.append({"name": name, "when": c, "amount": strict(m)})
        open(os.path.join(cards, name + ".toml"), "w").write(card(name, c, m))
    # The approved statuses are those of the twelve, which are not here.
    lines = [l for l in open(os.path.join(HERE, "policies", "dictionary.toml")) if not l.startswith("approved_of")]
    open(os.path.join(cards, "dictionary.toml"), "w").writelines(lines)
    json.dump(rules, open(os.path.join(folder, "rules.json"), "w"))


main()
