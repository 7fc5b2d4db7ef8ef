#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `enlace link learn` is worth: does what is stated come nearer to what is wrong?

    make bench-link            bench/learned.py build/enlace [--seed N] [--decisions N]

A file of invented people is imported into a case, and compared with itself; somebody looks at some of the
hits that are in doubt (drawn by chance among those of which at least one in 500 is stated to be wrong) and
decides, rightly, which are the same. What is learned is used on another file of the same kind: other people,
other errors. One JSON line a file and way: pairs that are wrong, and stated, without and with it.
"""
import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import link
import people
import people_elsewhere

DOUBT_LEAST = 0.002


def act(enlace, folder, *words):
    done = subprocess.run([enlace, *map(str, words), "-n", folder / "node", "--purpose", "investigation", "--json"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}: {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def decide(enlace, folder, path, mapping, pairs, number, draw):
    """Decides some, and gives how many were the same, and the file of what is learned."""
    with open(path, newline="") as file:
        person = {row["id"]: row["person"] for row in csv.DictReader(file)}
    doubtful = [pair for pair in pairs if pair["expected_false"] >= DOUBT_LEAST]
    looked_at = draw.sample(doubtful, min(number, len(doubtful)))
    subprocess.run([enlace, "init", folder / "node", "--code", "XA", "--country", "XA"], check=True,
                   stdout=subprocess.DEVNULL)
    act(enlace, folder, "case", "new", "TD-1")
    act(enlace, folder, "import", path, "--map", mapping, "--case", "TD-1")
    same = 0
    for pair in looked_at:
        is_same = person[pair["a"]] == person[pair["b"]]
        same += is_same
        act(enlace, folder, "link", "decide", pair["a"], pair["b"], "same" if is_same else "different",
            "--reason", "looked at", "--case", "TD-1")
    learned = folder / "learned.json"
    act(enlace, folder, "link", "learn", "--case", "TD-1", "-o", learned)
    return len(looked_at), same, learned


def stated(pairs):
    return round(sum(min(1, pair["expected_false"] / (1 + pair["expected_false"])) for pair in pairs), 2)


def compare(enlace, path, words):
    *pairs, end = link.run(enlace, [path, *words])
    return pairs, {"pairs": end["pairs"], "recall": end["recall"],
                   "wrong": round(end["pairs"] * (1 - end["precision"])), "stated": stated(pairs)}


def measure(enlace, make, kind, fields, way, options):
    draw = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first, second, mapping = folder / "first.csv", folder / "second.csv", folder / "m.map"
        people.write(first, make(options.seed, options.rows, kind))
        people.write(second, make(options.seed + 1, options.rows, kind))
        mapping.write_text(link.without(link.INVENTED, *fields[1]))
        words = ["--map", mapping, "--truth", "person", *way]
        pairs, _ = compare(enlace, first, words)
        looked_at, same, learned = decide(enlace, folder, first, mapping, pairs, options.decisions, draw)
        _, before = compare(enlace, second, words)
        _, after = compare(enlace, second, [*words, "--learned", learned])
        link.say(file=kind, way=" ".join(way) or "plain", fields=fields[0], decided=looked_at, same=same,
                 before=before, after=after)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("enlace")
    parser.add_argument("--seed", type=int, default=20261127)
    parser.add_argument("--rows", type=int, default=2500)
    parser.add_argument("--decisions", type=int, default=60)
    options = parser.parse_args()
    options.enlace = Path(options.enlace).resolve()
    number = ("no number", ["idNumber"])
    bare = ("name and birth date", ["idNumber", "address", "email"])
    for make, kind in [(people.people, "kin"), (people_elsewhere.invent, "families")]:
        for fields in (number, bare):
            for way in (["--keys"], []):
                measure(options.enlace, make, kind, fields, way, options)


if __name__ == "__main__":
    main()
