#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Changes of reporting, each in a file in which a new route comes up as well: the change must end as a
notice and raise no alert, and the route must be found all the same.

And real changes that look like one of words: nine of ten rows go over to another drug, means or
country. Each must raise an alert that names it.

    test_watch_artefacts.py [NAME ...]    only these changes; "all": each (minutes)

Without a name those that once raised an alert, or hid the route, in ways of their own."""
import csv
import datetime
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from checks import ENLACE, ROOT, check, finish

HEAD = ("COUNTRY;ADMINISTRATIVE_DIVISION;PLACE;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT;HIDING_PLACE;"
        "INSTALLATION;TRANSPORT;PRODUCING_COUNTRY;DEPARTURE_COUNTRY;DESTINATION_COUNTRY;ROUTING;"
        "RECEIVED_DATE").split(";")
(AGENCY, REGION, PLACE, DAY, DRUG, AMOUNT, UNIT, HIDING, WHERE, MODE, ORIGIN, SOURCE, TARGET,
 ROUTING, RECEIVED) = range(len(HEAD))
FIRST, CHANGE, LAST = (datetime.date(2022, 5, 1), datetime.date(2024, 7, 1),
                       datetime.date(2024, 12, 31))

PLACES = {"Spain": ["Algeciras", "Valencia", "Barcelona", "Madrid", "Vigo"],
          "Portugal": ["Lisboa", "Porto", "Sines", "Faro"],
          "Italy": ["Gioia Tauro", "Genova", "Roma", "Napoli", "Milano"],
          "Colombia": ["Buenaventura", "Cartagena", "Medellin", "Cali", "Tumaco"],
          "Chile": ["San Antonio", "Iquique", "Arica", "Santiago"],
          "Germany": ["Hamburg", "Bremerhaven", "Frankfurt am Main", "Leipzig"]}
DRUGS = ["Cocaine hydrochloride", "Cocaine base", "Heroin", "Cannabis herb", "Amphetamine"]
HIDINGS = ["Container", "Baggage", "Swallowed", "Vehicle body", "Parcel", "In clothing"]
WHERES = ["Seaport", "Airport", "Road", "Post office", "Private dwelling"]
MODES = ["Vessel", "Airplane", "Truck", "Car", "Mail"]
ORIGINS = ["Colombia", "Peru", "Afghanistan", "Morocco"]
SOURCES = ["Ecuador", "Brazil", "Turkey", "Morocco", "Netherlands"]
TARGETS = ["Spain", "Netherlands", "Italy", "France", "Belgium"]
ROUTINGS = ["Border inbound", "Border outbound", "National territory"]
CHOICES = {DRUG: DRUGS, HIDING: HIDINGS, WHERE: WHERES, MODE: MODES, ORIGIN: ORIGINS,
           SOURCE: SOURCES, TARGET: TARGETS, ROUTING: ROUTINGS}
# Each answer common, together never seen.
NEW = {AGENCY: "Italy", PLACE: "Napoli", DRUG: "Amphetamine", HIDING: "Parcel", WHERE: "Road",
       MODE: "Truck", ORIGIN: "Peru", SOURCE: "Turkey", TARGET: "Belgium", ROUTING: "Border outbound"}


def weigh(dice, middle=0.7):
    return round(dice.lognormvariate(middle, 1.3), 2)


def world(seed):
    dice = random.Random(seed)
    routes = []
    for _ in range(36):
        agency = dice.choice(list(PLACES))
        route = {AGENCY: agency, PLACE: dice.choice(PLACES[agency])}
        route.update({column: dice.choice(values) for column, values in CHOICES.items()})
        routes.append(route)
    weights = [1 / (i + 1) ** 0.6 for i in range(len(routes))]
    rows, day = [], FIRST
    while day <= LAST:
        for _ in range(sum(dice.random() < 0.25 for _ in range(22))):
            route = dict(dice.choices(routes, weights)[0])
            for column, values in CHOICES.items():
                if dice.random() < 0.12:
                    route[column] = dice.choice(values)
            if dice.random() < 0.12:
                route[PLACE] = dice.choice(PLACES[route[AGENCY]])
            rows.append({**route, REGION: "", DAY: day, AMOUNT: weigh(dice), UNIT: "Kilogram",
                         RECEIVED: None})
        day += datetime.timedelta(1)
    return rows


def new_route(dice, day, count=9, days=25, **other):
    """A surge of the route that is new, from the day on."""
    return [{**NEW, REGION: "", DAY: day + datetime.timedelta(days * i // count),
             AMOUNT: weigh(dice), UNIT: "Kilogram", RECEIVED: None} for i in range(count)]


def write(path, rows):
    rows = sorted(rows, key=lambda row: row[DAY])
    received = any(row[RECEIVED] for row in rows)
    with open(path, "w", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(HEAD if received else HEAD[:-1])
        for row in rows:
            row = {**row, RECEIVED: row[RECEIVED] or row[DAY]}
            out.writerow([row[i] for i in range(len(HEAD) - (not received))])


# ---- the changes: each takes a row and the dice, and gives the rows that stand for it ----

def later(row):
    return row[DAY] >= CHANGE


def ten_times(row, dice):
    """Small seizures begin to be reported: the same mix, ten times as many."""
    if row[AGENCY] != "Chile" or not later(row):
        return [row]
    others = [r for r in dice.base if r[AGENCY] == "Chile" and r[DAY] < CHANGE]
    return [{**dice.choice(others), DAY: row[DAY], AMOUNT: weigh(dice, -5)} for _ in range(10)]


def ten_times_cloned(row, dice):
    """The same, each a copy of the day's event but for place and weight."""
    if row[AGENCY] != "Chile" or not later(row):
        return [row]
    return [{**row, PLACE: dice.choice(PLACES["Chile"]), AMOUNT: weigh(dice, -5),
             DRUG: row[DRUG] if dice.random() < 0.8 else dice.choice(DRUGS)} for _ in range(10)]


def ten_times_elsewhere(row, dice):
    """Street seizures of all kinds, in towns that were never named before."""
    if row[AGENCY] != "Chile" or not later(row):
        return [row]
    towns = ["Valparaiso", "Temuco", "Rancagua", "Talca", "Osorno", "Copiapo"]
    return [row] + [{**row, PLACE: dice.choice(towns), AMOUNT: weigh(dice, -5), WHERE: "Road",
                     DRUG: dice.choice(DRUGS), HIDING: dice.choice(["In clothing", ""])}
                    for _ in range(9)]


def city_filled_in(row, dice):
    if row[AGENCY] == "Spain":
        row = {**row, REGION: {"Madrid": "Madrid", "Barcelona": "Cataluña"}.get(row[PLACE], "Costa"),
               PLACE: row[PLACE] if later(row) else ""}
    return [row]


def prefix_gone(row, dice):
    if row[AGENCY] in ("Spain", "Portugal") and not later(row):
        row = {**row, PLACE: ("Puerto de " if row[AGENCY] == "Spain" else "Porto de ") + row[PLACE]}
    return [row]


def other_language(row, dice):
    names = {"Lisboa": "Lisbon", "Porto": "Oporto", "Genova": "Genoa", "Roma": "Rome",
             "Milano": "Milan"}
    return [{**row, PLACE: names.get(row[PLACE], row[PLACE])} if later(row) else row]


def enters(row, dice):
    return [] if row[AGENCY] in ("Germany", "Portugal") and not later(row) else [row]


def leaves(row, dice):
    return [] if row[AGENCY] in ("Germany", "Portugal") and later(row) else [row]


def by_year(row, dice):
    gone = {2022: ["Portugal"], 2023: ["Germany", "Chile"], 2024: ["Spain"]}[row[DAY].year]
    return [] if row[AGENCY] in gone else [row]


def months_missing(row, dice):
    return [] if row[AGENCY] == "Colombia" and row[DAY].year == 2024 and row[DAY].month in (7, 8) \
        else [row]


def first_of_month(row, dice):
    if row[AGENCY] == "Colombia" and later(row):
        row = {**row, DAY: row[DAY].replace(day=1)}
    return [row]


def repeats(row, dice):
    return [row] * (1 + (later(row) and dice.random() < 0.14))


def miscoded(row, dice):
    if row[AGENCY] == "Chile" and CHANGE <= row[DAY] < datetime.date(2024, 10, 1):
        row = {**row, AGENCY: "China"}
    return [row]


def miscoded_target(row, dice):
    if row[TARGET] == "Netherlands" and CHANGE <= row[DAY] < datetime.date(2024, 10, 1):
        row = {**row, TARGET: "Nepal"}
    return [row]


def renamed(row, dice):
    if row[WHERE] == "Seaport" and row[DAY] >= CHANGE:
        row = {**row, WHERE: "Port Facilities"}
    return [row]


def renamed_in_one(row, dice):
    if row[AGENCY] == "Colombia" and row[WHERE] == "Seaport" and row[DAY] >= CHANGE:
        row = {**row, WHERE: "Port Facilities"}
    return [row]


def merged(row, dice):
    if row[AGENCY] == "Portugal" and later(row):
        row = {**row, AGENCY: "Spain"}
    return [row]


def unit_lost(row, dice):
    if row[AGENCY] == "Colombia":
        row = {**row, AMOUNT: row[AMOUNT] if not later(row) else round(row[AMOUNT] * 1000)}
    return [row]


def comma_lost(row, dice):
    if row[AGENCY] == "Colombia" and later(row):
        row = {**row, AMOUNT: round(row[AMOUNT] * 100)}
    return [row]


def day_and_month(row, dice):
    """One upload, of August to October, with day and month the other way round where that can be."""
    day = row[DAY]
    if row[AGENCY] == "Colombia" and datetime.date(2024, 8, 1) <= day < datetime.date(2024, 11, 1) \
            and day.day <= 12:
        row = {**row, DAY: day.replace(day=day.month, month=day.day)}
    return [row]


def upload_of_old_years(row, dice):
    """A year and a half of one agency is received on one day."""
    received = row[DAY] + datetime.timedelta(dice.randrange(7))
    if row[AGENCY] == "Chile" and row[DAY] < datetime.date(2024, 8, 20):
        if row[DAY] >= datetime.date(2023, 1, 1):
            received = datetime.date(2024, 8, 20)
    return [{**row, RECEIVED: received}]


def dated_by_upload(row, dice):
    """The day of the seizure gives way to the day on which the file was sent, each Monday."""
    if row[AGENCY] == "Colombia" and later(row):
        row = {**row, DAY: row[DAY] + datetime.timedelta(-row[DAY].weekday() % 7)}
    return [row]


def new_column(row, dice):
    return [row if row[DAY] >= CHANGE else {**row, HIDING: "", SOURCE: ""}]


def new_column_in_one(row, dice):
    if row[AGENCY] == "Spain" and not later(row):
        row = {**row, HIDING: "", TARGET: "Unknown"}
    return [row]


def substance_split(row, dice):
    """One substance becomes two of its group, whose names have nothing of the old one."""
    if row[DRUG] == "Cannabis herb" and later(row):
        row = {**row, DRUG: dice.choice(["Marihuana en flor", "Marihuana prensada"])}
    return [row]


def substance_renamed(row, dice):
    return [{**row, DRUG: "Marihuana"} if row[DRUG] == "Cannabis herb" and later(row) else row]


def modes_translated(row, dice):
    words = {"Vessel": "Buque", "Airplane": "Aeronave", "Truck": "Camión", "Car": "Turismo",
             "Mail": "Paquetería"}
    return [{**row, MODE: words[row[MODE]]} if row[AGENCY] == "Colombia" and later(row) else row]


def misspelled_again(row, dice):
    """Each seizure is reported twice, the second time with a place that no table knows."""
    names = {"Genova": "Genovaa", "Napoli": "Napolli", "Gioia Tauro": "Gioia Taur"}
    if row[AGENCY] == "Italy" and later(row) and row[PLACE] in names:
        return [row, {**row, PLACE: names[row[PLACE]]}]
    return [row]


def small_of_all_kinds(row, dice):
    """Three small seizures beside each, of any drug, at any place."""
    if row[AGENCY] != "Chile" or not later(row):
        return [row]
    return [row] + [{**row, AMOUNT: round(dice.uniform(0.001, 0.05), 3), DRUG: dice.choice(DRUGS),
                     PLACE: dice.choice(PLACES["Chile"])} for _ in range(3)]


# Where one agency floods the whole table with one answer after another, the best rule of a row
# elsewhere is the flood's, and what it hides is not found (docs/watch.md, "What it does not do").
HIDES = {ten_times_elsewhere}

ARTEFACTS = [
    # change, the notices of which one must be told, about the agency (or several)
    (ten_times, {"sizes", "level"}, "Chile"),
    (ten_times_cloned, {"sizes", "level"}, "Chile"),
    (ten_times_elsewhere, {"sizes", "level"}, "Chile"),
    (city_filled_in, {"completeness"}, "Spain"),
    (prefix_gone, {"vocabulary", "miscoding"}, "Spain"),
    (other_language, {"vocabulary", "miscoding"}, "Portugal"),
    (enters, {"agency entered"}, "Germany"),
    (leaves, {"agency left"}, "Germany"),
    (by_year, set(), None),
    (months_missing, {"missing month"}, "Colombia"),
    (first_of_month, {"rounded dates"}, "Colombia"),
    (repeats, {"repeats"}, None),
    (miscoded, {"miscoding"}, None),
    (miscoded_target, {"miscoding", "vocabulary"}, None),
    (renamed, {"vocabulary"}, None),
    (renamed_in_one, {"vocabulary"}, "Colombia"),
    (merged, {"miscoding", "agency left"}, None),
    (unit_lost, {"sizes"}, "Colombia"),
    (comma_lost, {"sizes"}, "Colombia"),
    (day_and_month, {"dates"}, "Colombia"),
    (upload_of_old_years, {"bulk upload"}, "Chile"),
    (dated_by_upload, {"dates"}, "Colombia"),
    (new_column, {"completeness"}, None),
    (new_column_in_one, {"completeness"}, "Spain"),
    (substance_split, {"vocabulary"}, None),
    (substance_renamed, {"vocabulary"}, None),
    (modes_translated, {"vocabulary"}, "Colombia"),
    (misspelled_again, {"repeats"}, "Italy"),
    (small_of_all_kinds, {"sizes", "level"}, "Chile"),
]

# agency, column, the facet's name, old, new, share: more of it than one agency writes otherwise.
DISPLACED = [
    ("Colombia", DRUG, "substance", None, "Amphetamine", 0.9),
    ("Colombia", DRUG, "substance", None, "MDMA", 1),
    ("Spain", MODE, "mode", None, "Vessel", 0.9),
    ("Italy", MODE, "mode", None, "Airplane", 0.9),
    ("Italy", MODE, "mode", None, "Drone", 0.9),
    ("Chile", MODE, "mode", None, "Dron no tripulado", 1),
    ("Spain", SOURCE, "departure", "Ecuador", "Estonia", 0.9),
    ("Colombia", SOURCE, "departure", "Brazil", "Bolivia", 1),
    ("Italy", SOURCE, "departure", "Morocco", "Mauritania", 0.9),
    ("Chile", TARGET, "destination", "Netherlands", "Nepal", 0.9),
]
USUAL_DISPLACED = [1, 2, 6]

USUAL = ["ten_times_cloned", "city_filled_in", "prefix_gone", "by_year", "miscoded_target", "new_column"]


def watch(path):
    done = subprocess.run([ENLACE, "watch", "replay", path, "--from", "2024-05-01", "--to", "2024-12-31",
                           "--alarms-per-year", "1", "--json"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, cwd=ROOT)
    check(done.returncode == 0, done.stderr.decode())
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def is_new_route(alert):
    """At least three answers of the rule are the route's, and none contradicts it."""
    names = {"agency": AGENCY, "place": PLACE, "substance": DRUG, "concealment": HIDING,
             "installation": WHERE, "mode": MODE, "origin": ORIGIN, "departure": SOURCE,
             "destination": TARGET, "routing": ROUTING}
    fits = [NEW[column] in alert["rule"][name] for name, column in names.items()
            if name in alert["rule"]]
    return all(fits) and len(fits) >= 3


def judge(folder, change, kinds, agency, seed=1):
    base, dice = world(seed), random.Random(seed + 100)
    dice.base = base
    rows = [made for row in base for made in change(row, dice)]
    rows += new_route(dice, datetime.date(2024, 8, 26))
    path = Path(folder) / f"{change.__name__}.csv"
    write(path, rows)
    lines = watch(path)
    alerts = [line for line in lines if line["kind"] == "alert"]
    name = change.__name__
    others = [line["text"] for line in alerts if not is_new_route(line)]
    told = [line for line in lines if line["kind"] == "notice" and line["notice"] in kinds and
            (agency is None or agency in line["rule"].get("agency", []))]
    check(others == [], (name, others))
    check(any(map(is_new_route, alerts)) or change in HIDES, (name, "the new route was not found"))
    check(not kinds or told != [], (name, sorted({line["notice"] for line in lines if "notice" in line})))


def displace(folder, case, seed=1):
    """What an agency had most (or the old answer) goes over to the new one; never said to be a word."""
    agency, column, name, old, new, share = case
    rows = world(seed)
    begun = CHANGE + datetime.timedelta(40)
    theirs = [row[column] for row in rows if row[AGENCY] == agency and row[column] != new]
    old = old or max(sorted(set(theirs)), key=theirs.count)
    seen = moved = 0
    for row in rows:
        if row[AGENCY] == agency and row[column] == old and row[DAY] >= begun:
            seen += 1
            if share == 1 or seen % 10 != 5:
                row[column] = new
                moved += 1
    path = Path(folder) / "displaced.csv"
    write(path, rows)
    lines = watch(path)
    found = [line for line in lines if line["kind"] == "alert" and
             (new in line["rule"].get(name, []) or name == "substance" and "commodity" in line["rule"])]
    said = [line["text"] for line in lines if line["kind"] == "notice" and "word for the same" in line["text"]]
    check(found != [], (case, old, f"{moved} rows moved, and no alert",
                        [line["text"] for line in lines if line["kind"] == "notice"]))
    check(said == [], (case, old, said))


def main():
    wanted = sys.argv[1:] or USUAL
    with tempfile.TemporaryDirectory() as folder:
        for at, case in enumerate(DISPLACED):
            if "all" in wanted or "displaced" in wanted or (wanted == USUAL and at in USUAL_DISPLACED):
                displace(folder, case)
        for change, kinds, agency in ARTEFACTS:
            if "all" in wanted or change.__name__ in wanted:
                judge(folder, change, kinds, agency)
    finish("test_watch_artefacts")


if __name__ == "__main__":
    main()
