#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`link --private` prints exactly what `link --keys` prints: on random files from a seed, and on
febrl1-3 and fake_1000 split in two where the shared data is there. Between two files, and within one. And in the
clear everything is found that keys find, what follows from other hits too, unless names speak against it."""
import csv
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from checks import DATA, ENLACE, check, finish, skip

PEOPLE = DATA / "people"
RANDOM_FILES = 100
# ./check takes a part of the long files; "all" behind the name of this test takes them whole.
ROWS_MAX = 10 ** 9 if sys.argv[1:] == ["all"] else 160

FEBRL_MAP = """schema = Person
id = rec_id
name = given_name + surname
birthDate = date_of_birth %Y%m%d
address = street_number + address_1 + suburb + postcode + state
idNumber = soc_sec_id
country = "au"
@status = "suspect"
"""
FAKE_MAP = """schema = Person
id = unique_id
name = first_name + surname
birthDate = dob
email = email
"""


def link(*words):
    done = subprocess.run([ENLACE, "link", *map(str, words), "--json"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True)
    lines = done.stdout.splitlines()
    summary = json.loads(lines[-1]) if lines else {}
    summary.pop("seconds", None)
    said = [line for line in done.stderr.splitlines() if not re.fullmatch(r"[0-9.]+ s", line)]
    return done.returncode, lines[:-1], summary, said


def same(what, *words):
    """Both ways, byte for byte; the pairs."""
    open_way = link(*words, "--keys")
    blind = link(*words, "--private")
    check(open_way[0] == 0 and blind[0] == 0, f"{what}: exit codes {open_way[0]}, {blind[0]}: "
          f"{open_way[3]} {blind[3]}")
    check(open_way[1] == blind[1], f"{what}: --keys and --private print other pairs")
    check(open_way[2] == blind[2], f"{what}: summaries {open_way[2]} and {blind[2]}")
    check(open_way[3] == blind[3], f"{what}: says {open_way[3]} and {blind[3]}")
    return open_way[1], open_way[2]


def same_in_words():
    """Without --json too, to the last byte: the time that it took is no part of the answer."""
    root = Path(os.environ["ROOT"])
    outputs = [subprocess.run([ENLACE, "link", root / "examples/xb.ftm.json",
                               root / "examples/xa.ftm.json", mode], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL).stdout for mode in ("--keys", "--private")]
    check(outputs[0] == outputs[1] and b"1 pair " in outputs[0], f"in words: {outputs}")


def random_record(draw, number, side):
    """From small pools, so that keys meet: also one key of many records, and protected people."""
    kind = draw.choice(["Person", "Person", "Company", "Vessel", "Seizure", "BankAccount"])
    phone = f"+99955{draw.randrange(40):07d}"
    given = draw.choice(["Ana", "Élise", "Tomás", "Иван", "Oumar", "Maria", "Jón", "Fatou"])
    family = draw.choice(["Alvear", "Noordt", "Петров", "Diarra", "Costa Luar", "Quiroz", "Okker"])
    properties = {
        "Person": {"name": [f"{given} {family}"], "phone": [phone], "country": ["xa"],
                   "birthDate": [f"19{draw.randrange(60, 63)}-0{draw.randrange(1, 4)}-01"]},
        "Company": {"name": [f"{family} Frutas {draw.choice(['S.A.', 'Lda', 'BV', ''])}"],
                    "registrationNumber": [str(1000 + draw.randrange(20))], "country": ["xb"]},
        "Vessel": {"name": ["Alba"], "imoNumber": [draw.choice(["0007319", "9319466", "8814275"])]},
        "Seizure": {"date": ["2026-02-03"], "packagingMark": [draw.choice(["dolphin", "Three Stars"])],
                    "notifyPhone": [phone]},
        "BankAccount": {"iban": ["XC55NORV0003000000909090"]},
    }[kind]
    record = {"id": f"{side}-{number}", "schema": kind, "properties": properties}
    if kind == "Person" and draw.random() < 0.1:
        record["status"] = draw.choice(["witness", "victim", "informant"])
    return json.dumps(record, ensure_ascii=False)


def random_files(folder):
    draw = random.Random(20261124)
    found = within = 0
    for run in range(RANDOM_FILES):
        paths = []
        for side in "ab":
            path = folder / f"{run}-{side}.ftm.json"
            size = draw.choice([1, 3, 10, 40])
            path.write_text("".join(random_record(draw, i, side) + "\n" for i in range(size)))
            paths.append(path)
        found += len(same(f"random files {run}", *paths)[0])
        within += len(same(f"random file {run} with itself", paths[0])[0]) if run % 4 == 0 else 0
    check(found > 300, f"the random files have only {found} pairs: the test shows nothing")
    check(within > 100, f"the random files have only {within} pairs within: the test shows nothing")


def phones(path, *counts):
    """Of each count so many people, named apart, who have one phone."""
    path.write_text("".join(json.dumps({
        "id": f"{n}-{i}", "schema": "Person", "status": "witness" if i == 0 else "suspect",
        "properties": {"name": [f"Ana {chr(97 + i % 26)}{chr(97 + i // 26 % 26)}{n}"], "phone": [f"+9995500{n:05d}"]}})
        + "\n" for n, count in enumerate(counts) for i in range(count)))


def within_one_file(folder):
    """Rows that five and more share a key with, protected ones, and a key of a thousand rows and one."""
    phones(folder / "few.ftm.json", 1, 2, 4, 5, 6)
    pairs, _ = same("few", folder / "few.ftm.json")
    check(len(pairs) == 1 + 6 + 10 + 15, f"few: {len(pairs)} pairs")
    check(all(p["a"] < p["b"] for p in map(json.loads, pairs)), "each pair once, none with itself")
    phones(folder / "many.ftm.json", 1001, 3)
    pairs, summary = same("many", folder / "many.ftm.json")
    check(len(pairs) == 3, f"many: {len(pairs)} pairs")
    (folder / "none.ftm.json").write_text("")
    check(link(folder / "none.ftm.json", "--private")[0] == link(folder / "none.ftm.json", "--keys")[0], "nothing")


def split_in_two(path, folder):
    """Rows dealt out in turn, so that both halves hold parts of the same clusters; of a long file
    a part, ordered by cluster: the blind protocol takes its time for 24 keys a person."""
    with open(path, newline="") as file:
        header, *rows = list(csv.reader(file, skipinitialspace=True))
    if len(rows) > ROWS_MAX:
        rows = sorted(rows, key=lambda row: row[0].split("-")[:2])[:ROWS_MAX]
    halves = []
    for half in (0, 1):
        halves.append(folder / f"{path.stem}-{half}.csv")
        with open(halves[-1], "w", newline="") as out:
            csv.writer(out).writerows([header] + rows[half::2])
    return halves


def people(folder):
    (folder / "febrl.map").write_text(FEBRL_MAP)
    (folder / "fake.map").write_text(FAKE_MAP)
    for name, mapping, truth in [("febrl1", "febrl.map", r"rec_id:rec-(\d+)"),
                                 ("febrl2", "febrl.map", r"rec_id:rec-(\d+)"),
                                 ("febrl3", "febrl.map", r"rec_id:rec-(\d+)"),
                                 ("fake_1000", "fake.map", "cluster")]:
        path = PEOPLE / f"{name}.csv"
        if not path.exists():
            skip(f"{path} is not there")
            continue
        halves_of = split_in_two(path, folder)
        pairs, summary = same(name, *halves_of, "--map", folder / mapping,
                              "--truth", truth)
        check(len(pairs) > 25, f"{name}: only {len(pairs)} pairs")
        print(f"{name}: {summary}")
        same(f"{name} with itself", halves_of[0], "--map", folder / mapping, "--truth", truth)


with tempfile.TemporaryDirectory() as name:
    same_in_words()
    within_one_file(Path(name))
    random_files(Path(name))
    people(Path(name))
def clear_finds_more(folder):
    """Names and birth dates that are left out and misspelt, five copies a person: much follows by way of others."""
    draw = random.Random(20261127)
    vowels, heads = "aeiou", "b d f g k l m n p r s t v br tr kl st".split()

    def word(count):
        return "".join(draw.choice(heads) + draw.choice(vowels) for _ in range(count)) + draw.choice("nrsl")

    def slip(text):
        at = draw.randrange(1, len(text))
        return text[:at] + text[at + 1:] if draw.random() < .5 else text[:at] + draw.choice("xqj") + text[at:]

    rows = []
    for person in range(260):
        given, surname = word(2), word(3)
        born = f"{draw.randint(1950, 2005)}-{draw.randint(1, 12):02}-{draw.randint(2, 28):02}"
        for copy in range(5):
            names = [given, surname]
            lost = draw.randrange(5)
            names = [name for i, name in enumerate(names) if i != lost]
            at = draw.randrange(2 * len(names))
            if at < len(names):
                names[at] = slip(names[at])
            rows.append([f"{person}-{copy}", " ".join(names), born, person])
    path, mapping = folder / "many.csv", folder / "many.map"
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([["id", "name", "born", "person"], *rows])
    mapping.write_text("schema = Person\nid = id\nname = name\nbirthDate = born\n")
    words = (path, "--map", mapping, "--truth", "person")
    code_keys, keys, sum_keys, _ = link(*words, "--keys")
    code, plain, sum_plain, _ = link(*words)
    check(code == code_keys == 0, "both ran")
    found = {(pair["a"], pair["b"]) for pair in map(json.loads, plain)}
    followed = [pair for pair in map(json.loads, keys) if any(why.startswith("follows") for why in pair["why"])]
    lost = [pair for pair in followed if (pair["a"], pair["b"]) not in found]
    check(len(followed) > 50 and len(lost) <= len(followed) / 20, f"{len(lost)} of {len(followed)} lost: {lost[:2]}")
    check(sum_plain["recall"] >= sum_keys["recall"] > 0.5 and sum_plain["precision"] >= 0.99,
          f"{sum_plain} {sum_keys}")


with tempfile.TemporaryDirectory() as name:
    clear_finds_more(Path(name))
finish("link-private")
