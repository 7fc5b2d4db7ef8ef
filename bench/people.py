#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Invented people, and the same people as other hands would write them: for tuning and for tests.

    bench/people.py --seed 1 --originals 2000 --errors heavy -o people.csv

Names, streets and places are made from syllables and drawn with a few common and many rare ones, as
real ones are. A duplicate has errors of hands, eyes and ears: letters exchanged, left out, doubled,
taken from the next key; sounds written in another way (ph, f); digits misread; a field left out;
given name and surname in each other's place; day and month swapped; words run together or
abbreviated; in `lives` what years bring: marriage, a move, a date estimated; in `catalogue` fields left out or
replaced by others at random, the birth date too; in `kin` the slips of `light`, and with the people live their
relatives, twins, a child with the parent's name, and elsewhere in town a namesake. `person` is the truth. The
same seed gives the same file.
"""
import argparse
import csv
import datetime
import random

ONSETS = "b br c ch d dr f fl g gr h j k kl l m n p pr r s sh st t tr v w z".split()
VOWELS = "a a a e e e i i o o u ai ea ie ou".split()
CODAS = "- - - - l n r s t nd ck ng rt m th ll tt".split()
KEYS = {"q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok",
        "o": "ipl", "p": "ol", "a": "qsz", "s": "awdx", "d": "sefc", "f": "drgv", "g": "fthb",
        "h": "gyjn", "j": "hukm", "k": "jil", "l": "ko", "z": "ax", "x": "zsc", "c": "xdv", "v": "cfb",
        "b": "vgn", "n": "bhm", "m": "nj"}
SOUNDS = [("ph", "f"), ("f", "ph"), ("ck", "k"), ("k", "c"), ("c", "k"), ("th", "t"), ("sh", "sch"),
          ("ie", "y"), ("y", "i"), ("ea", "ee"), ("ou", "u"), ("ai", "ay"), ("ll", "l"), ("tt", "t"),
          ("l", "ll"), ("t", "tt"), ("v", "w"), ("z", "s"), ("e", "a"), ("o", "u")]
EYES = [("l", "1"), ("o", "0"), ("s", "5"), ("m", "rn"), ("cl", "d"), ("vv", "w"), ("b", "6")]
KINDS = ["street", "road", "avenue", "place", "court", "crescent", "close", "drive"]
FIELDS = ["given", "surname", "number", "street", "suburb", "postcode", "state", "birth", "national"]


class Names:
    """A table of invented words, drawn by Zipf's law with a flat head."""

    def __init__(self, draw, count, syllables, offset):
        seen = {}
        while len(seen) < count:
            word = "".join(draw.choice(ONSETS) + draw.choice(VOWELS) + draw.choice(CODAS).strip("-")
                           for _ in range(draw.choice(syllables)))
            seen.setdefault(word)
        self.words = list(seen)
        total, self.sums = 0, []
        for i in range(count):
            total += 1 / (i + offset)
            self.sums.append(total)

    def one(self, draw):
        return draw.choices(self.words, cum_weights=self.sums)[0]


class World:
    def __init__(self, draw):
        self.draw = draw
        self.given = Names(draw, 700, [2, 2, 3], 20)
        self.surname = Names(draw, 4000, [2, 2, 3], 40)
        self.street = Names(draw, 2000, [2, 3], 60)
        self.suburb = Names(draw, 900, [2, 3, 3], 30)
        self.postcodes = {s: [str(draw.randrange(1000, 9999)) for _ in range(draw.choice([1, 1, 2, 3]))]
                          for s in self.suburb.words}
        self.states = {s: draw.choice(["nn", "nn", "sv", "sv", "ot", "wr", "et"])
                       for s in self.suburb.words}
        self.first = datetime.date(1910, 1, 1)

    def person(self):
        draw = self.draw
        suburb = self.suburb.one(draw)
        return {"given": self.given.one(draw) if draw.random() > 0.02 else "",
                "surname": self.surname.one(draw) if draw.random() > 0.01 else "",
                "number": str(int(draw.paretovariate(0.9)) + draw.randrange(60)),
                "street": f"{self.street.one(draw)} {draw.choice(KINDS)}",
                "suburb": suburb, "postcode": draw.choice(self.postcodes[suburb]),
                "state": self.states[suburb] if draw.random() > 0.05 else "",
                "birth": (self.first + datetime.timedelta(draw.randrange(35000))).strftime("%Y%m%d")
                if draw.random() > 0.01 else "",
                "national": str(draw.randrange(1000000, 9999999))}


def letters(draw, text, digits):
    """One slip of hand, eye or ear."""
    if not text:
        return text
    at = draw.randrange(len(text))
    kind = draw.random()
    if kind < 0.2:
        return text[:at] + text[at + 1:]
    if kind < 0.4:
        new = draw.choice("0123456789") if digits else draw.choice("abcdefghijklmnopqrstuvwxyz")
        return text[:at] + new + text[at:]
    if kind < 0.6:
        at = max(1, at) if len(text) > 1 else 0
        return text if at == 0 else text[:at - 1] + text[at] + text[at - 1] + text[at + 1:]
    if kind < 0.8 or digits:
        new = draw.choice("0123456789") if digits else draw.choice(KEYS.get(text[at], "e"))
        return text[:at] + new + text[at + 1:]
    table = [(a, b) for a, b in (SOUNDS if kind < 0.95 else EYES) if a in text]
    if not table:
        return text[:at] + text[at + 1:]
    a, b = draw.choice(table)
    return text.replace(a, b, 1)


def birth(draw, text):
    if len(text) != 8:
        return text
    kind = draw.random()
    if kind < 0.15 and int(text[6:]) <= 12:
        return text[:4] + text[6:] + text[4:6]
    at = draw.randrange(2, 8)
    if kind < 0.35 and at > 2:
        return text[:at - 1] + text[at] + text[at - 1] + text[at + 1:]
    return text[:at] + draw.choice("0123456789") + text[at + 1:]


def valid_birth(text):
    try:
        datetime.datetime.strptime(text, "%Y%m%d")
        return True
    except ValueError:
        return False


def spoil(draw, person, at_most, a_field):
    copy = dict(person)
    spoilt = {}
    for _ in range(draw.randrange(1, at_most + 1)):
        field = draw.choice(["given", "given", "surname", "surname", "street", "street", "suburb",
                             "postcode", "number", "birth", "birth", "state", "national"])
        if spoilt.get(field, 0) >= a_field:
            continue
        spoilt[field] = spoilt.get(field, 0) + 1
        kind = draw.random()
        if field == "birth":
            new = birth(draw, copy["birth"]) if kind > 0.08 else ""
            copy["birth"] = new if new == "" or valid_birth(new) else copy["birth"]
        elif kind < 0.08:
            copy[field] = ""
        elif kind < 0.12 and field in ("given", "surname"):
            copy["given"], copy["surname"] = copy["surname"], copy["given"]
        elif kind < 0.18 and field == "street":
            copy["street"] = copy["street"].replace(" ", "", 1)
        elif kind < 0.24 and field in ("given", "surname") and len(copy[field]) > 4:
            at = draw.randrange(2, len(copy[field]) - 1)
            copy[field] = copy[field][:at] + " " + copy[field][at:]
        else:
            copy[field] = letters(draw, copy[field], field in ("number", "postcode", "national"))
    return copy


def live(draw, world, person):
    """The same person years later, in another clerk's file: married, moved, a date estimated; and slips."""
    copy, other = dict(person), world.person()
    if draw.random() < 0.10:
        copy["surname"] = other["surname"]
    if draw.random() < 0.05:
        copy["given"] = other["given"]
    if draw.random() < 0.05:
        copy["given"], copy["surname"] = copy["surname"], copy["given"]
    kind = draw.random()
    for limit, fields in ((0.08, ["number", "street", "suburb", "postcode", "state"]), (0.16, ["street"]),
                          (0.22, ["number"]), (0.26, ["suburb"])):
        if kind < limit:
            copy.update({field: other[field] for field in fields})
            break
    kind = draw.random()
    if kind < 0.13:
        copy["birth"] = "" if kind < 0.05 else other["birth"] if kind < 0.10 else copy["birth"][:4] + "0101"
    for field, chance in (("given", 0.25), ("surname", 0.25), ("street", 0.3), ("suburb", 0.25),
                          ("postcode", 0.2), ("number", 0.12)):
        while draw.random() < chance:
            copy[field] = letters(draw, copy[field], field in ("number", "postcode"))
            chance /= 3
        if draw.random() < 0.03:
            copy[field] = ""
    if draw.random() < 0.08:
        new = birth(draw, copy["birth"])
        copy["birth"] = new if valid_birth(new) else copy["birth"]
    return dict(copy, national="" if draw.random() < 0.1 else copy["national"])


def replaced(draw, world, person):
    """A copy as synthetic files have them: of a few fields each is left out, replaced or has a slip."""
    copy, other = dict(person), world.person()
    for field in draw.sample([f for f in FIELDS if f != "national"], draw.choice([1, 2, 2, 3, 4])):
        kind = draw.random()
        if kind < 0.3:
            copy[field] = ""
        elif kind < (0.6 if field == "birth" else 0.4):
            copy[field] = other[field]
        elif field == "birth":
            new = birth(draw, copy["birth"])
            copy["birth"] = new if valid_birth(new) else copy["birth"]
        else:
            copy[field] = letters(draw, copy[field], field in ("number", "postcode"))
    return copy


def kin_of(draw, world, person):
    """Who lives with a person, or bears the name in the same town."""
    kin = []
    for _ in range(draw.choice([0, 0, 1, 1, 2, 3])):
        other = dict(world.person(), **{f: person[f] for f in ("number", "street", "suburb", "postcode", "state")})
        if draw.random() < 0.75:
            other["surname"] = person["surname"]
        kind = draw.random()
        if kind < 0.01:
            other.update(surname=person["surname"], birth=person["birth"])
        elif kind < 0.06:
            other.update(surname=person["surname"], given=person["given"])
        kin.append(other)
    if draw.random() < 0.02:
        kin.append(dict(world.person(), given=person["given"], surname=person["surname"],
                        suburb=person["suburb"], postcode=person["postcode"]))
    return kin


def people(seed, originals, errors):
    """Rows with `id` and `person`, shuffled."""
    draw = random.Random(seed)
    world = World(draw)
    if errors in ("catalogue", "kin"):
        rows, persons = [], []
        while len(persons) < originals:
            persons.append(world.person())
            if errors == "kin":
                persons += kin_of(draw, world, persons[-1])
        for number, person in enumerate(persons[:originals]):
            rows.append(dict(person, id=f"p{number}-0", person=str(number)))
            for copy in range(draw.choice([0, 0, 1, 1, 2, 4] if errors == "catalogue" else [0, 1, 1])):
                spoilt = replaced(draw, world, person) if errors == "catalogue" else spoil(draw, person, 4, 1)
                rows.append(dict(spoilt, id=f"p{number}-{copy + 1}", person=str(number)))
        draw.shuffle(rows)
        return rows
    if errors == "lives":
        rows = []
        for number in range(originals):
            person = world.person()
            rows.append(dict(person, id=f"p{number}-0", person=str(number)))
            for copy in range(draw.choice([1, 1, 1, 2])):
                rows.append(dict(live(draw, world, person), id=f"p{number}-{copy + 1}", person=str(number)))
        draw.shuffle(rows)
        return rows
    at_most, a_field, chance = {"light": (4, 1, 0.4), "heavy": (8, 2, 0.6)}[errors]
    rows = []
    for number in range(originals):
        person = world.person()
        rows.append(dict(person, id=f"p{number}-0", person=str(number)))
        copies = 0
        while copies < 5 and draw.random() < chance:
            copies += 1
            rows.append(dict(spoil(draw, person, at_most, a_field), id=f"p{number}-{copies}",
                             person=str(number)))
    draw.shuffle(rows)
    return rows


def write(path, rows):
    with open(path, "w", newline="") as file:
        out = csv.DictWriter(file, ["id"] + FIELDS + ["person"])
        out.writeheader()
        out.writerows(rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--originals", type=int, default=2000)
    parser.add_argument("--errors", choices=["light", "heavy", "lives", "catalogue", "kin"], default="light")
    parser.add_argument("-o", required=True)
    options = parser.parse_args()
    write(options.o, people(options.seed, options.originals, options.errors))
