#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The watch as its users see it: a new route found and named, silence about reporting, odd files."""
import datetime
import json
import random
import subprocess
import tempfile
import time
from pathlib import Path

from checks import DATA, ENLACE, ROOT, check, finish, skip

REAL = DATA / "seizures/ids-2011-2012.csv.gz"
HEAD = ("COUNTRY;PLACE;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT;HIDING_PLACE;INSTALLATION;TRANSPORT;"
        "DEPARTURE_COUNTRY;DESTINATION_COUNTRY;RECEIVED_DATE")


def watch(*words):
    done = subprocess.run([ENLACE, "watch", *map(str, words), "--json"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, cwd=ROOT)
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    return done.returncode, lines, done.stderr.decode()


def alerts(lines):
    return [line for line in lines if line["kind"] == "alert"]


def notices(lines, kind):
    return [line for line in lines if line["kind"] == "notice" and line["notice"] == kind]


def day(offset):
    return datetime.date(2020, 1, 1) + datetime.timedelta(days=offset)


ROUTES = [("XA", "Velero", "Cocaine", "Hull", "Seaport", "Vessel", "Costa Alvea", "Norvalia"),
          ("XA", "Velero", "Cocaine", "Container", "Seaport", "Vessel", "Costa Alvea", "Luar"),
          ("XB", "Luar", "Heroin", "Baggage", "Airport", "Airplane", "Oriana", "Luar"),
          ("XB", "Praia", "Cocaine", "Swallowed", "Airport", "Airplane", "Costa Alvea", "Norvalia"),
          ("XC", "Nordhaven", "Heroin", "Truck", "Border", "Truck", "Oriana", "Norvalia")]
NEW = ("XC", "Nordhaven", "Cocaine", "Baggage", "Seaport", "Vessel", "Oriana", "Luar")


def world(path, days=1200, seed=7, new_from=None, change=None, delay=0, start=0):
    """Five routes, some noise, and perhaps a new one; `change` rewrites a row of a day."""
    dice = random.Random(seed)
    rows = []
    for offset in range(days):
        for route in ROUTES:
            if dice.random() < 0.6:
                row = [dice.choice(ROUTES)[i] if i > 0 and dice.random() < 0.08 else v
                       for i, v in enumerate(route)]
                rows.append((offset, row))
        if new_from is not None and offset >= new_from and (offset - new_from) % 7 == 0:
            rows.append((offset, list(NEW)))
    with open(path, "w") as file:
        print(HEAD, file=file)
        for offset, row in rows:
            if change:
                row = change(offset, row)
                if row is None:
                    continue
            agency, place, drug, hiding, where, mode, source, target = row
            received = day(start + offset + (dice.randrange(2 * delay) if delay else 0))
            print(f"{agency};{place};{day(start + offset)};{drug};{dice.random() * 9 + 1:.2f};Kilogram;{hiding};"
                  f"{where};{mode};{source};{target};{received}", file=file)


def replay(path, first=900, last=1199, *more):
    return watch("replay", path, "--from", day(first), "--to", day(last), "--alarms-per-year", 1, *more)


def find_new_route(folder):
    path = folder / "new.csv"
    world(path, new_from=1000)
    code, lines, err = replay(path)
    found = alerts(lines)
    check(code == 0 and found, f"the new route raises an alert: {err}")
    first = found[0]
    check(str(day(1007)) <= first["day"] <= str(day(1040)), f"early: {first['day']}")
    for key in ("kind", "from", "to", "rule", "observed", "expected", "once_in_years", "records",
                "text", "day"):
        check(key in first, f"an alert has {key}")
    wanted = {"agency": "XC", "place": "Nordhaven", "substance": "Cocaine", "concealment": "Baggage",
              "installation": "Seaport", "mode": "Vessel", "departure": "Oriana", "destination": "Luar"}
    check(all(wanted.get(k) == v[0] for k, v in first["rule"].items()), f"rule: {first['rule']}")
    check(len(first["rule"]) >= 6, f"named: {first['rule']}")
    text = open(path).read().splitlines()
    check(all(text[line - 1].startswith("XC;Nordhaven") for line in first["records"]), "records")
    check((first["once_in_years"] is None) == ("rarer_than" in first), "a number or a bound")
    check(not [a for a in found if a["day"] < str(day(1000))], "nothing before")
    check(sum(a["standing"] == "new" for a in found) <= 2, f"one episode: {len(found)}")
    again = replay(path)[1]
    check(again == lines, "the same bytes again")
    other = replay(path, 900, 1199, "--calibrate-until", day(800))[1]
    check(alerts(other), "calibrated on less, it is found too")
    said = lambda a: (a["day"], a["from"], a["to"], json.dumps(a["rule"]), a["observed"], a["expected"], a["once_in_years"])
    wanted = [said(a) for a in alerts(other) if a["standing"] == "new" and a["day"] >= str(day(1000))]
    for begin in [953, 961, 988, 996]:
        got = replay(path, begin, 1199, "--calibrate-until", day(800))[1]
        got = [said(a) for a in alerts(got) if a["standing"] == "new" and a["day"] >= str(day(1000))]
        check(got == wanted and wanted, f"begun on day {begin} it says the same: {got} {wanted}")
    words = subprocess.run([ENLACE, "watch", path, "--as-of", str(day(1199))], stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE)
    check(words.returncode == 0 and b"not looked at" in words.stderr, "in words")


def keep_to_what_was_known(folder):
    path = folder / "late.csv"
    world(path, new_from=1000, delay=20)
    lines = replay(path)[1]
    rows = open(path).read().splitlines()
    for alert in alerts(lines):
        known = [rows[line - 1].split(";")[-1] <= alert["day"] for line in alert["records"]]
        check(all(known), "no row is used before it was received")
    check(alerts(lines), "found in spite of the delay")
    cut = folder / "cut.csv"
    last = alerts(lines)[0]["day"] if alerts(lines) else str(day(1199))
    open(cut, "w").write("\n".join([rows[0]] + [r for r in rows[1:] if r.split(";")[-1] <= last]) + "\n")
    seen = watch("replay", cut, "--from", day(900), "--to", last, "--alarms-per-year", 1,
                 "--calibrate-until", day(900))[1]
    whole = replay(path, 900, 1199, "--calibrate-until", day(900))[1]
    strip = lambda a: (a["day"], json.dumps(a["rule"]), a["observed"])
    check([strip(a) for a in alerts(seen)] == [strip(a) for a in alerts(whole) if a["day"] <= last],
          "what comes later changes nothing of what was said before")


def stay_silent(folder):
    """Changes of reporting: each a notice, none an alert."""
    def renamed(offset, row):
        return [("Port Facilities" if v == "Seaport" and offset >= 1000 else v) for v in row]

    def blank(offset, row):
        if row[0] == "XA" and offset < 1000:
            row[3] = row[5] = ""
        return row

    def enters(offset, row):
        return None if row[0] == "XB" and offset < 1000 else row

    def leaves(offset, row):
        return None if row[0] == "XC" and offset >= 1000 else row


    def miscoded(offset, row):
        return ["XB"] + row[1:] if row[0] == "XC" and offset >= 1000 else row

    def modes(offset, row):
        words = {"Vessel": "By sea", "Airplane": "By air", "Truck": "On the road"}
        return [words.get(v, v) if i == 5 and offset >= 1000 else v for i, v in enumerate(row)]

    def split(offset, row):
        kind = "base" if offset % 2 else "salt"
        return [f"Heroin {kind}" if v == "Heroin" and offset >= 1000 else v for v in row]

    def back(offset, row):
        return None if row[0] == "XB" and 600 <= offset < 1000 else row

    for name, change, kind in (("renamed", renamed, "vocabulary"), ("blank", blank, "completeness"),
                               ("miscoded", miscoded, "miscoding"), ("modes", modes, "vocabulary"),
                               ("split", split, "vocabulary"), ("back", back, "agency entered"),
                               ("enters", enters, "agency entered"), ("leaves", leaves, "agency left")):
        path = folder / f"{name}.csv"
        world(path, change=change, seed=11)
        code, lines, err = replay(path, 900, 1199)
        check(code == 0 and notices(lines, kind), f"{name}: a notice ({kind})")
        check(not alerts(lines), f"{name}: no alert: {[a['text'] for a in alerts(lines)][:2]}")


def bulk(folder):
    path = folder / "bulk.csv"
    world(path, seed=5)
    rows = open(path).read().splitlines()
    for i, row in enumerate(rows[1:], 1):
        field = row.split(";")
        if field[0] == "XA" and str(day(1000)) <= field[2] < str(day(1060)):
            field[-1] = str(day(1080))
        rows[i] = ";".join(field)
    open(path, "w").write("\n".join(rows) + "\n")
    lines = replay(path)[1]
    check(notices(lines, "bulk upload") and not alerts(lines), "a bulk upload is set aside and said")


def odd_files(folder):
    empty, one, missing, future, old = (folder / f"{n}.csv" for n in
                                        ("empty", "one", "missing", "future", "old"))
    open(empty, "w").write(HEAD + "\n")
    open(one, "w").write(HEAD + "\nXA;Velero;2020-05-01;Cocaine;1;Kilogram;;;;;;\n")
    open(missing, "w").write(HEAD + "\n" + "".join(
        f";;{day(i)};Unknown;;;;;;;;\n" for i in range(500)))
    open(future, "w").write(HEAD + "\n" + "".join(
        f"XA;Velero;{2900 if i % 2 else 2020}-05-{i % 28 + 1:02};Cocaine;1;Kilogram;;;;;;\n"
        for i in range(200)))
    with open(old, "w") as file:
        print(HEAD, file=file)
        for i in range(0, 50 * 365, 9):
            print(f"XA;Velero;{datetime.date(1970, 1, 1) + datetime.timedelta(days=i)};Cocaine;1;"
                  f"Kilogram;Hull;Seaport;Vessel;Oriana;Luar;", file=file)
    for path in (empty, one, missing, old):
        code, lines, err = watch(path)
        check(code == 0 and not alerts(lines) and "not looked at" in err, f"{path.name}: a useful answer")
    code, lines, err = watch(future)
    check(code == 0 and notices(lines, "future dates"), "future dates are told")
    check(watch(folder / "none.csv")[0] != 0, "a file that is not there")
    bad = subprocess.run([ENLACE, "watch", "replay", str(one), "--from", "2020-13-01", "--to",
                          "2020-12-31"], stderr=subprocess.PIPE)
    check(bad.returncode == 2 and b"2020-13-01" in bad.stderr, "a day that is none")
    for words in (["--alarms-per-year", "0"], ["--alarms-per-year", "x"], ["--seed", "-1"]):
        check(subprocess.run([ENLACE, "watch", str(one), *words],
                             stderr=subprocess.PIPE).returncode == 2, f"{words}")


def benchmark_slice():
    """A small part of `make bench-watch`: an invented world, eleven new combinations."""
    done = subprocess.run([Path(ENLACE).resolve().parents[2] / "bench/bench_watch", "slice"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    found = next((line for line in lines if line["measure"] == "watch: injections found"), None)
    check(done.returncode == 0 and found is not None, f"the benchmark runs: {done.stderr.decode()}")
    if found is None:
        return
    check(found["value"] >= 0.9 and found["median_days"] <= 36 and found["median_seizures"] <= 5 and
          found["recall"] >= 0.75 and found["precision"] >= 0.95, f"as early as it should: {found}")


def real_table():
    if not REAL.exists():
        skip("the public table is not here")
        return
    code, lines, err = watch("replay", REAL, "--from", "2012-01-01", "--to", "2012-12-31",
                             "--alarms-per-year", 4)
    check(code == 0, err)
    check(len(alerts(lines)) <= 8, f"few alerts: {len(alerts(lines))}")
    for kind in ("vocabulary", "completeness", "agency entered", "agency left", "missing month",
                 "repeats", "rounded dates"):
        check(notices(lines, kind), f"the real table has a notice of {kind}")


def node(folder):
    """The same at a node: alerts are kept once, judged, and computed again."""
    path, home = folder / "node.csv", folder / "home"
    world(path, days=800, new_from=740)

    def enlace(*words):
        done = subprocess.run([ENLACE, *map(str, words)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, cwd=folder)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    enlace("init", home, "--code", "XA", "--name", "N", "--country", "XA", "--language", "en",
           "--fiction", "--purpose", "trends")
    code, out, err = enlace("import", path, "-n", home, "--json")
    check(code == 0, f"import: {err}")
    code, out, err = enlace("watch", "run", "-n", home, "--as-of", day(790), "--json")
    found = alerts([json.loads(line) for line in out.splitlines()])
    check(code == 0 and found and "1 alert kept, 0 before" in err, f"run: {err}")
    check(found and all(isinstance(r, str) for r in found[0]["records"]), "records are ids")
    kept = err.split("kept as ")[1].split(":")[0] if "kept as " in err else "none"
    code, out, err = enlace("watch", "run", "-n", home, "--as-of", day(791))
    check(code == 0 and "0 alerts kept, 1 before" in err, f"not kept twice: {err}")
    code, out, err = enlace("alert", "replay", kept, "-n", home, "--json")
    check(code == 0 and json.loads(out) == found[0], f"computed again: {err}")
    check(enlace("alert", "judge", kept, "perhaps", "-n", home)[0] == 2, "no such verdict")
    code, out, err = enlace("alert", "judge", kept, "real", "-n", home)
    check(code == 0 and "real" in out, f"judged: {err}")
    check("1 of 1 were real" in enlace("watch", "run", "-n", home, "--as-of", day(791))[2], "counted")
    enlace("new", "Seizure", f"date={day(770)}", "agency=XC", "substance=Cocaine", "-n", home)
    code, out, err = enlace("alert", "replay", kept, "-n", home)
    check(code in (0, 1), f"after a change it is the same, or said not to be: {err}")


def odd_delays(folder):
    """A day received that cannot be is told, with what was assumed instead."""
    path = folder / "received.csv"
    path.write_text("COUNTRY;SEIZURE_DATE;DRUG_NAME;RECEIVED_DATE\nXA;2024-01-05;Heroin;2024-01-01\n"
                    "XA;2024-01-06;Heroin;soon\nXA;2024-01-06;Cocaine;2024-01-09\nXA;2024-01-07;Cocaine;\n")
    code, lines, err = watch(path, "--as-of", "2024-02-01")
    check(code == 0 and "2 rows have a day received that cannot be read or lies before" in err, f"told: {err}")


def silence(folder):
    """When nobody reports any more it is said, once, whichever day is asked about."""
    path, page = folder / "silence.csv", folder / "silence.html"
    world(path)
    for last, wanted in ((1199, 0), (1210, 0), (1240, 1), (1900, 1)):
        code, lines, err = watch(path, "--as-of", day(last), "--report", page)
        told = [n for n in notices(lines, "agency left") if n["rule"] == {}]
        check(code == 0 and len(told) == wanted, f"silent until day {last}: {told}")
        check(("No seizure of anybody since" in page.read_text()) == bool(wanted), "on the page")
    check(f"since {day(1199)}: 701 days" in told[0]["text"], f"since when, how long: {told}")
    for first, begun in ((1190, None), (1500, day(1500))):
        told = [n for n in notices(replay(path, first, 1900)[1], "agency left") if n["rule"] == {}]
        check(len(told) == 1 and (begun is None or told[0]["day"] == str(begun)), f"in a replay: {told}")


def unusable(folder):
    """A file of which no row can be used says of each why, and what would be right."""
    path, mapping = folder / "unusable.csv", folder / "unusable.map"
    path.write_text("who,when\nXA,31/12/2023\nXA,01/01/2021\nXA,2024\nXA,\nXA,soon\n")
    code, lines, err = watch(path)
    check(code == 1 and "schema = Seizure" in err and "schema = Person" not in err, f"an example of a seizure: {err}")
    check("date   = [when]" in err and "agency = [who]" in err, f"that fits the columns: {err}")
    mapping.write_text("schema = Seizure\nagency = who\ndate = when\n")
    code, lines, err = watch(path, "--map", mapping)
    wanted = ["line 2, date: \"31/12/2023\" alone does not say", "line 3, date: \"01/01/2021\" alone does not say",
              "line 4, date: \"2024\" is no whole day", "line 5: the day of the seizure is missing",
              "line 6, date: \"soon\" is not a date", "write %d/%m/%Y behind the column in the mapping file"]
    for phrase in wanted:
        check(phrase in err, f"\"{phrase}\" is not said: {err}")
    check(code == 1 and lines == [], f"nothing was watched: {code} {lines}")
    mapping.write_text("schema = Seizure\nagency = who\ndate = when %d/%m/%Y\n")
    code, lines, err = watch(path, "--map", mapping)
    check(code == 0 and ": 2 rows, 2 seizures;" in err and "is the month" not in err, f"as it says: {err}")
    people = folder / "people.json"
    people.write_text("".join('{"id":"%d","schema":"Person","properties":{"name":["A"]}}\n' % i for i in range(7)))
    code, lines, err = watch(people)
    check(code == 1 and "line 1: a record of the schema Person is no seizure" in err and "2 more rows" in err,
          f"not seizures at all: {err}")


def taken_back(folder):
    """What seemed a new word and was raised later is in the page once, as an alert; the notice says so. An episode
    that is told again says why more is expected."""
    path, page, dice = folder / "taken.csv", folder / "taken.html", random.Random(1)
    world(path, days=1100, seed=1)
    lines = path.read_text().splitlines()
    for i, line in enumerate(lines):
        cells = line.split(";")
        if cells[0] == "XC" and cells[6] == "Truck" and day(1040) <= datetime.date.fromisoformat(cells[2]):
            first = datetime.date.fromisoformat(cells[2]) < day(1048)
            cells[6] = "In crates" if first or dice.random() < 0.5 else "Truck"
            lines[i] = ";".join(cells)
    path.write_text("\n".join(lines) + "\n")
    code, lines, err = watch(path, "--report", page)
    crates = [a for a in alerts(lines) if "In crates" in a["rule"].get("concealment", [])]
    denied = [n for n in notices(lines, "vocabulary") if "would raise no alert" in n["text"]]
    check(code == 0 and crates and denied, f"first explained, then raised: {lines}")
    check(all(f"stand in the alert of {crates[0]['day']}." in n["text"] for n in denied), f"and says so: {denied}")
    check(not [n for n in notices(lines, "vocabulary") if "raise no alert yet" in n["text"]
               and "In crates" in n["rule"].get("concealment", [])], "and denies it nowhere")
    text = page.read_text()
    at = [text.index(f'id="{name}"') for name in ("alerts", "alert-1", "notices", "months", "unseen")]
    check(at == sorted(at) and "First the data" not in text, f"alerts, then notices: {at}")
    check("an alert all the same" in text, "on the page")

    world(path, days=1100, seed=1)
    with open(path, "a") as file:
        for offset in (1086, 1086, 1088, 1089, 1091, 1092, 1095, 1097):
            print("XC;Port Nuevo;%s;Cocaine;1;Kilogram;In a drone;Seaport;Vessel;Oriana;Luar;%s"
                  % (day(offset), day(offset)), file=file)
    told = [a for a in alerts(watch(path)[1]) if "Port Nuevo" in a["rule"].get("place", [])]
    check([a["standing"] for a in told] == ["new", "ongoing"], f"told, and told again: {told}")
    check(len(told) == 2 and told[1]["expected"] > 100 * told[0]["expected"] and
          "before: it rests on fewer answers now)" in told[1]["text"], f"and why: {told}")
    check(len(told) == 2 and "; in common too: " in told[1]["text"], f"what it rests on first: {told}")


def doubtful(folder):
    """Days received and weights that cannot be are told, by agency."""
    path = Path(folder) / "doubtful.csv"
    rows = [f"XA;Velero;2024-01-{d:02};Cocaine;{d};Kilogram;;;;;;2024-01-{d + 1:02}" for d in range(1, 20)]
    rows += ["XB;Luar;2024-01-05;Cocaine;1;Kilogram;;;;;;2024-01-02",
             "XB;Luar;2024-01-06;Cocaine;900000;Kilogram;;;;;;2024-01-07",
             "XA;Velero;2024-01-07;Coca leaf;400000;Kilogram;;;;;;2024-01-07",
             "XA;Velero;2024-01-08;Cocaine;1;Kilogram;;;;;;2999-01-01"]
    path.write_text("\n".join([HEAD, *rows]) + "\n")
    code, lines, err = watch(path, "--as-of", "2024-02-01")
    check(code == 0, err)
    about = [(line["notice"], line["rule"].get("agency", [""])[0]) for line in lines]
    check(("dates", "XB") in about and ("dates", "") in about, about)
    check(("impossible weights", "XB") in about and ("impossible weights", "XA") not in about, about)


def whole_node(folder):
    """Seizures that lie each in a case of its own are counted; who belongs to none sees counts alone."""
    path, home = folder / "cases.csv", folder / "cases"
    world(path, days=800, new_from=740)
    lines = path.read_text().splitlines()
    new = [line for line in lines if line.startswith("XC;Nordhaven;") and
           line.split(";")[2] >= str(day(740)) and line.split(";")[3] == "Cocaine" and
           line.split(";")[6:11] == list(NEW[3:])]
    check(len(new) >= 8, f"planted: {new}")
    (folder / "base.csv").write_text("\n".join(line for line in lines if line not in new) + "\n")

    def enlace(*words, who="ines"):
        done = subprocess.run([ENLACE, *map(str, words), "-n", home, "--as", who], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, cwd=folder)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    subprocess.run([ENLACE, "init", home, "--code", "XA", "--name", "N", "--country", "XA", "--language", "en",
                    "--fiction", "--purpose", "trends"], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    for login, roles in (("ines", "analyst"), ("rui", "analyst"), ("otto", "investigator")):
        done = subprocess.run([ENLACE, "user", "add", login, "--role", roles, "-n", home], stderr=subprocess.PIPE,
                              stdout=subprocess.DEVNULL)
        check(done.returncode == 0, f"user add: {done.stderr}")
    code, out, err = enlace("import", folder / "base.csv")
    check(code == 0, f"import: {err}")
    theirs = []
    for i, line in enumerate(new):
        (folder / "one.csv").write_text(lines[0] + ";REMARK\n" + line + ";said by the skipper\n")
        enlace("case", "new", f"C-{i}", "a case", who="rui")
        enlace("import", folder / "one.csv", "--case", f"C-{i}", who="rui")
        out = enlace("export", "--format", "ftm", "--case", f"C-{i}", who="rui")[1]
        theirs += [json.loads(line)["id"] for line in out.splitlines()]
    check(len(theirs) == len(new), f"one in each case: {theirs}")
    check(enlace("edit", theirs[0], "@handling=H1", who="rui")[0] == 0, "H1")
    check(enlace("edit", theirs[-1], "@handling=H3: not for statistics", who="rui")[0] == 0, "H3")

    run = ("watch", "run", "--as-of", day(798), "--json")
    code, out, err = enlace(*run)
    every = alerts([json.loads(line) for line in out.splitlines()])
    found = [a for a in every if a["rule"].get("place") == ["Nordhaven"]]
    check(code == 0 and any(a["standing"] == "new" for a in found), f"run: {out} {err}")
    saved = err.count("kept as ")
    check(found and found[-1].get("elsewhere", 0) >= 2 and not set(found[-1]["records"]) & set(theirs),
          f"counted, not named: {found}")
    check(f"{len(new) - 1} of them lie in cases you do not belong to" in err, f"and said: {err}")
    check("1 more was not counted: in cases under H3" in err, f"H3 stays in its case: {err}")
    kept = next((line.split("kept as ")[1].split(":")[0] for line in err.splitlines()
                 if "kept as " in line and "Nordhaven" in line), "none")
    code, out, err = enlace("show", kept, "--json")
    shown = json.loads(out) if code == 0 else {}
    check(code == 0 and not any(i in out for i in theirs) and "skipper" not in out, f"the alert names none: {out}")
    check(set(shown.get("handling", [])) == {"H0", "H1"}, f"it bears the codes of what it counts: {out}")
    for i in theirs[:2]:
        check(enlace("show", i)[0] == 1, "the record itself stays closed")
    code, out, err = enlace("find", "skipper", "--json")
    check(not any(i in out for i in theirs), f"so does the search: {out}")
    code, out, err = enlace("alert", "replay", kept, "--json")
    again = json.loads(out) if code == 0 else {}
    check(again == found[0], f"computed again: {err}")
    check(enlace("alert", "replay", kept, "--json", "--case", "C-0", who="rui")[0] == 0, "whatever case is named")
    code, out, err = enlace("alert", "replay", kept, "--json", who="rui")
    member = json.loads(out) if code == 0 else {}
    check(set(member.get("records", [])) & set(theirs) and "elsewhere" not in member, f"a member sees which: {out}")
    check(member.get("hash") == again.get("hash"), "and it is the same alert")
    code, out, err = enlace(*run, who="rui")
    check(code == 0 and f"0 alerts kept, {saved} before" in err, f"one episode for all: {err}")
    code, out, err = enlace(*run, who="otto")
    check(code == 1 and "not for the role of investigator" in err and out == "", f"not for everybody: {out} {err}")
    code, out, err = enlace(*run, "--case", "C-1", who="rui")
    check(code == 0 and "the case's seizures: 1 row," in err, f"one case by its members: {err}")
    check(enlace(*run, "--case", "C-1")[0] == 1, "and by nobody else")


def words_of_one_case(folder):
    """A word that one case alone has is counted for everybody, and shown to nobody; one of two cases is told."""
    path, home, secret = folder / "words.csv", folder / "words", "Keel of the Aurora"
    world(path, days=800, new_from=740,
          change=lambda offset, row: [*row[:4], secret, *row[5:]] if row == list(NEW) else row)
    lines = path.read_text().splitlines()
    new = [line for line in lines if secret in line]
    (folder / "base.csv").write_text("\n".join(line for line in lines if line not in new) + "\n")

    def enlace(*words, who="ines"):
        done = subprocess.run([ENLACE, *map(str, words), "-n", home, "--as", who], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, cwd=folder)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    subprocess.run([ENLACE, "init", home, "--code", "XA", "--name", "N", "--country", "XA", "--language", "en",
                    "--fiction", "--purpose", "trends"], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    for login in ("ines", "rui"):
        subprocess.run([ENLACE, "user", "add", login, "--role", "analyst", "-n", home], check=True,
                       stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    check(enlace("import", folder / "base.csv")[0] == 0, "import")
    for case, rows in (("C-1", new[:-1]), ("C-2", new[-1:])):
        (folder / "theirs.csv").write_text("\n".join([lines[0], *rows]) + "\n")
        enlace("case", "new", case, "a case", who="rui")
        check(enlace("import", folder / "theirs.csv", "--case", case, who="rui")[0] == 0, f"import into {case}")
        for run in (("watch", "run", "--as-of", day(798)), ("watch", "run", "--as-of", day(798), "--json")):
            code, out, err = enlace(*run)
            shown = secret in out + err
            check(code == 0 and "seizures in" in out and shown == (case == "C-2"),
                  f"{case}: the word of one case stays there: {out} {err}")
        if case == "C-1":
            found = alerts([json.loads(line) for line in out.splitlines()])
            check(any("(told in its case)" in a["rule"].get("installation", []) for a in found), f"counted: {out}")
            kept = enlace("find", "Nordhaven", "--json")[1] + enlace("export", "--format", "ftm")[1]
            check("inputHash" in kept and secret not in kept, "the record that is kept has no such word")
            mine = enlace(*run, who="rui")[1]
            check([a["hash"] for a in alerts([json.loads(line) for line in mine.splitlines()])] ==
                  [a["hash"] for a in found], "the same alert for its members")


def one_case(folder):
    """All rows in one case: an alert of the case is computed again over the case, named or not."""
    path, home = folder / "incase.csv", folder / "incase"
    world(path, days=800, new_from=740)

    def enlace(*words):
        done = subprocess.run([ENLACE, *map(str, words), "-n", home], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, cwd=folder)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    subprocess.run([ENLACE, "init", home, "--code", "XA", "--name", "N", "--country", "XA", "--language", "en",
                    "--fiction", "--purpose", "trends"], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    enlace("case", "new", "T", "t")
    enlace("import", path, "--case", "T")
    code, out, err = enlace("watch", "run", "--case", "T", "--as-of", day(790), "--json")
    found = alerts([json.loads(line) for line in out.splitlines()])
    kept = err.split("kept as ")[1].split(":")[0] if "kept as " in err else "none"
    check(code == 0 and found, f"in the case: {err}")
    for named in ((), ("--case", "T")):
        code, out, err = enlace("alert", "replay", kept, "--json", *named)
        check(code == 0 and json.loads(out) == found[0], f"replay {named}: {err}")
        check("no longer" not in err, f"its calibration is there: {err}")
    code, out, err = enlace("watch", "run", "--as-of", day(790), "--json")
    check(code == 0 and alerts([json.loads(line) for line in out.splitlines()]), f"and in the node: {err}")
    made = err.split("calibration ")[1].split(",")[0]
    code, out, err = enlace("alert", "replay", made)
    check(code != 0 and "is a Calibration and no alert" in err, f"a calibration is no alert: {err}")


def surge(path, days=1300, surge_from=1200, moved_from=None):
    """Twelve places, three offices; then more of everything at three that lie together. Or one place
    gets other coordinates, which is nothing."""
    dice = random.Random(11)
    places = [(f"Port {i}", 36 + dice.random() * 8, -9 + dice.random() * 12) for i in range(12)]
    near = sorted(places, key=lambda p: (p[1] - places[0][1]) ** 2 + (p[2] - places[0][2]) ** 2)[:3]
    with open(path, "w") as file:
        print(HEAD + ";LATITUDE;LONGITUDE", file=file)
        for offset in range(days):
            found = [places[dice.randrange(12)] for _ in range(dice.randrange(7))]
            if surge_from is not None and offset >= surge_from:
                found += [dice.choice(near) for _ in range(dice.randrange(5))]
            for place, latitude, longitude in found:
                route = dice.choice(ROUTES)
                agency = "X" + "ABC"[int(place.split()[1]) % 3]
                if moved_from is not None and place == "Port 0" and offset >= moved_from:
                    latitude += 0.3
                print(f"{agency};{place};{day(offset)};{dice.choice(ROUTES)[2]};{dice.random() * 9 + 1:.2f};"
                      f"Kilogram;{dice.choice(ROUTES)[3]};{route[4]};{route[5]};{route[6]};"
                      f"{dice.choice(ROUTES)[7]};{day(offset)};{latitude:.3f};{longitude:.3f}", file=file)
    return {p[0] for p in near}


def circles(folder):
    """A surge in space is raised by the scan, named by its places, and computed again at a node."""
    path, page, home = folder / "surge.csv", folder / "surge.html", folder / "surge"
    near = surge(path)
    code, lines, err = replay(path, 1100, 1299, "--report", page)
    raised = [a for a in alerts(lines) if a["detector"] == "scan"]
    check(code == 0 and raised, f"a circle is raised: {err}")
    check(all(set(a["rule"].get("place", [])) <= near for a in raised), f"its places: {raised}")
    check(all(str(day(1200)) <= a["day"] <= str(day(1250)) or a["standing"] == "ongoing" for a in raised),
          f"in time: {[a['day'] for a in raised]}")
    for a in raised[:1]:
        check(0 <= a["circle"]["radius_km"] <= 500 and a["circle"]["places"] >= 1, f"circle: {a}")
        check(a["observed"] > 2 * a["expected"] and len(a["records"]) >= a["observed"], f"rows: {a}")
        check(a["leave_one_out"]["place"] > 0 and len(a["hash"]) == 64, f"card: {a}")
    code, lines, err = replay(path, 1100, 1110, "--report", folder / "surge.pdf")
    check(code == 2 and ".html" in err and not (folder / "surge.pdf").exists(), f"no page in a PDF: {err}")
    text = path.read_text().splitlines()
    (folder / "bad.csv").write_text("\n".join(text[:-1] + [text[-1].rsplit(";", 2)[0] + ";91;0"]) + "\n")
    check("1 row has a latitude or longitude that is none" in replay(folder / "bad.csv", 1290, 1291)[2], "told")
    check("class=\"circle\"" in page.read_text(), "the circle is on the map")
    check(not [a for a in alerts(replay(path, 1100, 1199)[1]) if a["detector"] == "scan"], "none before")
    surge(path, surge_from=None, moved_from=1200)
    raised = [a for a in alerts(replay(path, 1100, 1299)[1]) if a["detector"] == "scan"]
    check(not raised, f"a place with other coordinates is no surge: {raised}")

    def enlace(*words):
        done = subprocess.run([ENLACE, *map(str, words)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, cwd=folder)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    surge(path)
    enlace("init", home, "--code", "XA", "--name", "N", "--country", "XA", "--language", "en",
           "--fiction", "--purpose", "trends")
    enlace("import", path, "-n", home, "--json")
    code, out, err = enlace("watch", "run", "-n", home, "--as-of", day(1260), "--json")
    found = [a for a in alerts([json.loads(line) for line in out.splitlines()]) if a["detector"] == "scan"]
    check(code == 0 and found, f"at the node: {err}")
    kept = [line.split()[2][:-1] for line in err.splitlines() if line.startswith("kept as")]
    again = [json.loads(enlace("alert", "replay", k, "-n", home, "--json")[1] or "{}") for k in kept]
    check(found and found[0] in again, f"computed again: {again}")


def status(enlace, home):
    return json.loads(enlace("status", "-n", home, "--json")[1])["watch"]


def served(home, folder, wait=lambda: True):
    """The service of the node, until what is waited for holds; then killed, as power may go."""
    serve = subprocess.Popen([ENLACE, "serve", "-n", home, "--json"], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, cwd=folder)
    serve.stdout.readline()
    for _ in range(600):
        if wait():
            break
        time.sleep(0.2)
    serve.kill()
    return serve.communicate()[1].decode()


def daily(folder):
    """Calibrated once and kept; the service runs the watch once a day, whatever happens to it."""
    path, home = folder / "daily.csv", folder / "daily"
    today = (datetime.date.today() - datetime.date(2020, 1, 1)).days
    world(path, days=800, new_from=740, start=today - 799)

    def enlace(*words):
        done = subprocess.run([ENLACE, *map(str, words)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, cwd=folder)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    enlace("init", home, "--code", "XA", "--name", "N", "--country", "XA", "--language", "en",
           "--fiction", "--purpose", "trends")
    code, out, err = enlace("import", path, "-n", home, "--json")
    check(code == 0, f"import: {err}")
    code, out, err = enlace("watch", "calibrate", "-n", home, "--json")
    made = json.loads(out) if code == 0 else {}
    check(code == 0 and made.get("rate_low", 9) < 1 < made.get("rate_high", 0), f"calibrate: {out} {err}")
    check(made.get("history_years", 0) > 1.5 and made.get("seizures", 0) > 1000, f"calibrate: {out}")
    code, out, err = enlace("show", made.get("calibration"), "-n", home, "--json")
    check(code == 0 and "Calibration" in out, f"the calibration is a record: {out} {err}")
    code, out, err = enlace("watch", "calibrate", path, "--until", day(today - 83), "--json")
    check(code == 0 and json.loads(out)["threshold"] == made.get("threshold"), f"of a file it is the same: {out}")
    check(enlace("watch", "daily", "perhaps", "-n", home)[0] == 2, "no such word")
    check(status(enlace, home) == {"daily": False, "last": None, "state": "never", "kept": 0}, "off at first")
    code, out, err = enlace("watch", "daily", "on", "-n", home, "--json")
    check(code == 0 and json.loads(out)["watch"]["daily"], f"switched on: {err}")
    err = served(home, folder, lambda: status(enlace, home)["state"] == "done")
    now = status(enlace, home)
    check(now["state"] == "done" and now["kept"] >= 1, f"ran and kept: {now} {err}")
    check(err.count("watch-ran") == 1, f"once: {err}")
    started = time.monotonic()
    err = served(home, folder, lambda: time.monotonic() - started > 3)
    check("watch-ran" not in err, f"not twice a day: {err}")
    code, out, err = enlace("watch", "run", "-n", home)
    check(code == 0 and f"0 alerts kept, {now['kept']} before" in err and "kept before" in err, f"it is there: {err}")
    check(made.get("calibration", "none") in err, f"by the calibration that was kept: {err}")
    code, out, err = enlace("new", "Calibration", "parameters=watch 2 until " + str(day(today - 84)) +
                            " seed 5 alarms 1 threshold 1e9 low 1 high 1 history 5 horizon 900 tail 1 1 1 judged 5 "
                            "circles 0 1 seizures 1600", "-n", home)
    check(code == 1 and "a command of its own" in err, f"nobody writes one by hand: {err}")
    code, out, err = enlace("watch", "run", "-n", home, "--alarms-per-year", 3)
    check(code == 0 and "made now and kept" in err, f"another rate, another calibration: {err}")
    code, out, err = enlace("watch", "daily", "off", "-n", home)
    check(code == 0 and "not by itself" in out, f"switched off: {out}")
    code, out, err = enlace("watch", "daily", "on", "-n", home, "--as", "nobody")
    check(code == 1, f"not by nobody: {out} {err}")


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    find_new_route(folder)
    keep_to_what_was_known(folder)
    stay_silent(folder)
    bulk(folder)
    odd_files(folder)
    node(folder)
    odd_delays(folder)
    unusable(folder)
    taken_back(folder)
    doubtful(folder)
    silence(folder)
    whole_node(folder)
    words_of_one_case(folder)
    one_case(folder)
    daily(folder)
    circles(folder)
    benchmark_slice()
    real_table()
finish("watch")
