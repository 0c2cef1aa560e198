#!/usr/bin/env python3
"""Runs policies that were written as SQL over the same facts in DuckDB. run.py IN.json OUT.json

IN: a list of batches {types: {fact: type}, facts: {fact: [values]}, region: [...], params: [{word: value} per region],
sql: [[status, amount] per policy]}. OUT: per batch and policy {status: [...], amount: [...]}, null is unknown.
"""
import json
import sys

import duckdb


def literal(value):
    return "NULL" if value is None else str(value).upper()


def run(con, batch):
    names = list(batch["facts"])
    columns = ", ".join(f'"{name}" {batch["types"][name]}' for name in names)
    con.execute(f"CREATE OR REPLACE TABLE facts (row INTEGER, region INTEGER, {columns})")
    rows = zip(batch["region"], *(batch["facts"][name] for name in names))
    values = ", ".join(f"({i}, " + ", ".join(map(literal, row)) + ")" for i, row in enumerate(rows))
    con.execute(f"INSERT INTO facts VALUES {values}")
    words = list(batch["params"][0])
    columns = ", ".join(f'"{word}" BIGINT' for word in words)
    con.execute(f"CREATE OR REPLACE TABLE params (region INTEGER, {columns})")
    values = ", ".join(f"({i}, " + ", ".join(literal(p[w]) for w in words) + ")" for i, p in enumerate(batch["params"]))
    con.execute(f"INSERT INTO params VALUES {values}")
    out = []
    for start in range(0, len(batch["sql"]), 25):
        part = batch["sql"][start : start + 25]
        select = ", ".join(f"CAST({status} AS BOOLEAN), CAST({amount} AS BIGINT)" for status, amount in part)
        query = f"SELECT {select} FROM facts f JOIN params p ON f.region = p.region ORDER BY f.row"
        columns = list(zip(*con.execute(query).fetchall()))
        out += [{"status": columns[2 * i], "amount": columns[2 * i + 1]} for i in range(len(part))]
    return out


def main():
    source, target = sys.argv[1:]
    con = duckdb.connect(config={"threads": 1})
    # The expressions are large and run once over a few rows: planning them for speed would cost more than running them.
    con.execute("PRAGMA disable_optimizer")
    with open(source, encoding="utf-8") as file:
        batches = json.load(file)
    with open(target, "w", encoding="utf-8") as file:
        json.dump([run(con, batch) for batch in batches], file)


main()
