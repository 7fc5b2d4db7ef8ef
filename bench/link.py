#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How well `enlace link` finds the same person, company or ship: one JSON line a file and way.

    make bench-link            bench/link.py build/enlace [--quick] [--seed N]

Files: invented people of two worlds (bench/people.py, by which what is reckoned was set, and
bench/people_elsewhere.py, by which little was; another seed each time it is given) and, where the shared data is beside the project, febrl1-3, fake_1000, the labelled name pairs and the pairs across
scripts. Ways: plain, --keys, and --private between two halves of the file (and --keys on the same
halves, which must say the same). `false` are the wrong pairs, `stated` what the answers themselves
expected of wrong ones: the sum of expected_false over the pairs given, each counted up to one.
"""
import argparse
import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import people
import people_elsewhere

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared/data"
FEBRL = """schema = Person
id = rec_id
name = given_name + surname
birthDate = date_of_birth %Y%m%d
address = street_number + address_1 + suburb + postcode + state
idNumber = soc_sec_id
country = "au"
@status = "suspect"
"""
FAKE = """schema = Person
id = unique_id
name = first_name + surname
birthDate = dob
email = email
address = city
@status = "suspect"
"""
INVENTED = """schema = Person
id = id
name = given + surname
birthDate = birth %Y%m%d
address = number + street + suburb + postcode + state
idNumber = national
country = "xa"
@status = "suspect"
"""


def without(mapping, *properties):
    return "".join(line for line in mapping.splitlines(True)
                   if line.split(" =")[0] not in properties)


def say(**line):
    print(json.dumps(line), flush=True)


def f1(recall, precision):
    return round(2 * recall * precision / (recall + precision), 4) if recall and precision else 0


def run(enlace, words):
    done = subprocess.run([enlace, "link", *map(str, words), "--json"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"link {' '.join(map(str, words))}: {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def measure(enlace, file, way, fields, words):
    *pairs, end = run(enlace, words)
    recall, precision = end.get("recall") or 0, end.get("precision") or 0
    say(file=file, way=way, fields=fields, rows=end["rows_a"] if end["rows_a"] == end["rows_b"]
        else end["rows_a"] + end["rows_b"], pairs=end["pairs"], recall=recall, precision=precision,
        f1=f1(recall, precision), false=round(end["pairs"] * (1 - precision)),
        stated=round(sum(min(1, p["expected_false"]) for p in pairs), 2), seconds=end["seconds"])


def halves(path, folder, rows_max):
    with open(path, newline="") as file:
        header, *rows = list(csv.reader(file, skipinitialspace=True))
    out = []
    for half in (0, 1):
        out.append(folder / f"{path.stem}-{half}.csv")
        with open(out[-1], "w", newline="") as file:
            csv.writer(file).writerows([header] + rows[:rows_max][half::2])
    return out


def measure_people(enlace, path, folder, mapping, truth, quick):
    maps = {"all": mapping, "no number": without(mapping, "idNumber"),
            "name and birth date": without(mapping, "idNumber", "address", "email")}
    for fields, text in maps.items():
        (folder / "m.map").write_text(text)
        end = ["--map", folder / "m.map", "--truth", truth]
        measure(enlace, path.name, "plain", fields, [path, *end])
        measure(enlace, path.name, "--keys", fields, [path, "--keys", *end])
        # The blind protocol costs a millisecond a key: a part of the file shows the same.
        part = 100 if quick else 400
        two = halves(path, folder, part)
        for way in ("--keys", "--private"):
            measure(enlace, path.name, f"{way}, halves of {part} rows", fields,
                    [*two, way, *end])


def measure_pairs(enlace, path, folder):
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = {"persons": ["Person"], "companies": ["Company", "Organization", "LegalEntity"],
             "ships": ["Vessel"]}
    for kind, schemata in kinds.items():
        part = [row for row in rows if row["schema"] in schemata]
        with open(folder / "pairs.csv", "w", newline="") as file:
            out = csv.DictWriter(file, rows[0].keys())
            out.writeheader()
            out.writerows(part)
        end = run(enlace, ["--pairs", folder / "pairs.csv", "--left", "name1", "--right", "name2",
                           "--schema", "schema", "--truth", "is_match"])[-1]
        say(file=path.name, way="--pairs", fields=kind, **end)


def measure_own_pairs(enlace, folder):
    """Ours: the half that names were made better by, and the half that was kept."""
    path = Path(__file__).resolve().parent / "name_pairs.csv"
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    for part in ("made", "kept"):
        with open(folder / "own.csv", "w", newline="") as file:
            out = csv.DictWriter(file, rows[0].keys())
            out.writeheader()
            out.writerows(row for row in rows if row["part"] == part)
        end = run(enlace, ["--pairs", folder / "own.csv", "--left", "name1", "--right", "name2",
                           "--schema", "schema", "--truth", "is_match"])[-1]
        say(file=path.name, way="--pairs", fields=part, **end)


def measure_scripts(enlace, path, folder):
    pairs = [line.split(",")[:2] for line in path.read_text().splitlines()
             if line.strip() and not line.startswith("#")]
    with open(folder / "scripts.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["left", "right", "truth"])
        out.writerows([a, b, "true"] for a, b in pairs)
    with open(folder / "shuffled.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["left", "right", "truth"])
        count = 0
        for i, (a, _) in enumerate(pairs):
            for j, (_, b) in enumerate(pairs):
                if i != j and pairs[i][1] != b:
                    # "true" here, so that recall is the share that is accepted
                    out.writerow([a, b, "true"])
                    count += 1
    words = ["--left", "left", "--right", "right", "--truth", "truth"]
    right = run(enlace, ["--pairs", folder / "scripts.csv", *words])[-1]
    wrong = run(enlace, ["--pairs", folder / "shuffled.csv", *words])[-1]
    say(file=path.name, way="--pairs", fields="across scripts", pairs=right["pairs"],
        recall=right["recall"], shuffled=wrong["pairs"], shuffled_accepted=wrong["recall"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("enlace")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, default=20261126)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = 600 if options.quick else 2500
        for errors in ("light", "heavy", "lives", "catalogue", "kin"):
            path = folder / f"invented-{errors}.csv"
            people.write(path, people.people(options.seed, size, errors))
            measure_people(options.enlace, path, folder, INVENTED, "person", options.quick)
        for errors in ("registry", "dirty", "families"):
            path = folder / f"elsewhere-{errors}.csv"
            people.write(path, people_elsewhere.invent(options.seed, size, errors))
            measure_people(options.enlace, path, folder, INVENTED, "person", options.quick)
        files = [("febrl1", FEBRL, r"rec_id:rec-(\d+)"), ("febrl2", FEBRL, r"rec_id:rec-(\d+)"),
                 ("febrl3", FEBRL, r"rec_id:rec-(\d+)"), ("fake_1000", FAKE, "cluster")]
        for stem, mapping, truth in files:
            path = DATA / f"people/{stem}.csv"
            if path.exists():
                measure_people(options.enlace, path, folder, mapping, truth, options.quick)
            else:
                print(f"skipped: {path} is not there", file=sys.stderr)
        measure_own_pairs(options.enlace, folder)
        if (DATA / "names").exists():
            measure_pairs(options.enlace, DATA / "names/name-pairs.csv", folder)
            measure_scripts(options.enlace, DATA / "names/cross-script-pairs.csv", folder)


if __name__ == "__main__":
    main()
