#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Short lists of strangers: of few years of birth, few towns, names that end alike; a tenth stand there twice, or nobody.

    bench/strangers.py build/enlace [--keys]

One JSON line a size: how many of the second records `link` finds, how many strangers it takes for one person
(`wrong`), and how many of these the answers themselves expected (`stated`).
"""
import argparse
import json
import random
import sys
import tempfile
from pathlib import Path

import link
import people

KINDS = {"ua": ("Kov Petr Shev Bond Tym Mel Krav Lys Mar Pav Rud Sav Tar Vas Yur Zin Bel Hon Dov Sem".split(),
                "alenko renko chenko enko ushenko chuk skyi ko yk ak iuk".split(),
                "Anna Boris Oleh Iryna Petro Mykola Oksana Dmytro Taras Yulia Serhii Natalia Ivan Olena Andrii Viktor".split()),
         "es": ("Garc Rodrigu Mart Lop Gonzal Per Sanch Ramir Torr Flor Riv Gom Diaz".split(), "ez ia es as o ero ado".split(),
                "Jose Maria Carlos Luis Ana Juan Pedro Carmen Lucia Jorge Diego Miguel Rosa Elena".split()),
         "invented": None}
STREETS = [f"{name} street" for name in "Mill Church Park Lake Hill Garden Station Market River Oak".split()]
SIZES, YEARS, PLACES, SEEDS = (50, 150, 250, 400), (1, 11), (0, 1, 2), (1, 2)


def world(kind, rows, years, place, twice, seed):
    """place: 0 no address, 1 one of four towns of neighbouring postcodes, 2 with street and house."""
    draw = random.Random(seed)
    invented = people.World(random.Random(5)) if KINDS[kind] is None else None
    towns = [f"{draw.choice('Bal Tor Ves Mir'.split())}{draw.choice('ova ton al'.split())}" for _ in range(4)]

    def one():
        person = dict.fromkeys(people.FIELDS, "")
        if invented:
            made = invented.person()
            person.update(given=made["given"], surname=made["surname"])
        else:
            stems, ends, given = KINDS[kind]
            surnames = [draw.choice(stems) + draw.choice(ends) for _ in range(2 if kind == "es" else 1)]
            person.update(given=draw.choice(given), surname=" ".join(surnames))
        if draw.random() > 0.05:
            person["birth"] = f"{1980 + draw.randrange(years)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}"
        if place >= 1:
            person["suburb"] = draw.choice(towns)
            person["postcode"] = str(1000 + towns.index(person["suburb"]))
        if place >= 2:
            person.update(street=draw.choice(STREETS), number=str(draw.randint(1, 60)))
        return person

    out = []
    for number in range(rows - twice):
        person = one()
        out.append(dict(person, id=f"p{number}-0", person=str(number)))
        if number < twice:
            copy = people.spoil(draw, person, 2, 1) if person["birth"] else person
            out.append(dict(copy, id=f"p{number}-1", person=str(number)))
    draw.shuffle(out)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("enlace")
    parser.add_argument("--keys", action="store_true")
    options = parser.parse_args()
    way = ["--keys"] if options.keys else []
    with tempfile.TemporaryDirectory() as name:
        rows, mapping = Path(name) / "rows.csv", Path(name) / "m.map"
        mapping.write_text(link.without(link.INVENTED, "idNumber"))
        for size in SIZES:
            pairs = right = stated = there = runs = 0
            for kind in KINDS:
                for years, place, twice, seed in ((y, p, t, s) for y in YEARS for p in PLACES
                                                  for t in (0, size // 10) for s in SEEDS):
                    people.write(rows, world(kind, size, years, place, twice, seed))
                    *found, end = link.run(options.enlace, [rows, "--map", mapping, "--truth", "person", *way])
                    pairs += end["pairs"]
                    right += round(end["pairs"] * (end.get("precision") or 0))
                    stated += sum(min(1, pair["expected_false"]) for pair in found)
                    there, runs = there + twice, runs + 1
            print(json.dumps({"rows": size, "way": way[0] if way else "plain", "runs": runs, "twice": there,
                              "recall": round(right / there, 4), "wrong": pairs - right, "stated": round(stated, 2)}),
                  flush=True)


if __name__ == "__main__":
    sys.exit(main())
