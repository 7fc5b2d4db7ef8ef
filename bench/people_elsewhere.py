#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second, other world of invented people, to judge by: nothing in the program is set by it.

    bench/people_elsewhere.py --seed 1 --people 2000 --errors families -o people.csv

Names of five kinds (Hispanic with two surnames, Portuguese, West African, French, English), made of
stems and endings and drawn by Zipf's law; ages as a population has them; towns with a few streets each.
A copy is what another office has of the person: slips of the hand, sounds, eyes; fields left out; the
second surname dropped; a nickname or an initial; day and month swapped; the year one off; 1 January for an
unknown day; moved house; a married name; names in each other's place. Columns and truth are those of people.py.

    registry   one copy of most people, few errors
    dirty      up to five copies, many errors
    families   two copies at most; half the people live with relatives: spouses, children, twins, a son with
               his father's name; and some have a namesake in their town
"""
import argparse
import datetime
import random

import people

KINDS = {
    "es": ("Jos Mar Car Lui Ju Ped Dieg Ang Ros Ter Carm Luc Migu Fern Raf Alb Bea Glor Yol Est".split(),
           "é ía los s an ro o ela a esa en ia el ando ael erto triz ia anda eban".split(),
           "Garc Rodrígu Mart Lóp Gonzál Pér Sánch Ramír Torr Flor Riv Góm Díaz Rey Mor Ortiz Gut Chav Herr "
           "Medin Agu Varg Cast Jim Rom Álvar Mend Ruiz Vel Sot".split(), "ez ía es as o ero ado illo ano ena".split()),
    "pt": ("Jo Ma An Pau Ped Ti Dio Rui Ca Fil Ine Bea Gui Lu Te Rica Edu Vasc Hel Nun".split(),
           "ão ria tónio lo ro ago go s rla ipe s triz lherme ísa resa rdo ardo o ena o".split(),
           "Sil San Ferr Per Oliv Cost Rodrig Mart Jes Sous Fern Gonç Gom Lop Marq Alv Alm Rib Pint Carv Teix "
           "Mour Corr Mend Nun Soar Vieir Mont Card Roch".split(), "va tos eira a es alho inho ues eiro ão".split()),
    "wa": ("Ama Mou Ibra Fat Aïss Ous Ma Kof Kwa Abd Sek Bin Mar Adj Yao Chi Ngo Olu Emeka Ife".split(),
           "dou ssa hima ou atou mane riam i me oulaye ou ta iama oa  nedu zi mide  oma".split(),
           "Dia Trao Ke Cou Touré Sis Ba So Cam Kon Dou Sang Men Asa Owu Oko Ade Nwo Eze Bal Fof Sec Ndi Gue Thi "
           "Sar Mba Oua Zon Kab".split(), "llo ré ita libaly  soko rry w ara até mbia aré sah nte fo ye".split()),
    "fr": ("Je Pie Mi Phi Al Fran Ni So Ca Isa Lau Sté Oli Thi Va Éli Cé Ger Ber Mo".split(),
           "an rre chel lippe ain çois colas phie therine belle rent phane vier erry lérie se cile ard nard nique".split(),
           "Mart Bern Dub Thom Rob Rich Pet Dur Ler Mor Sim Laur Lef Mich Gar Dav Bert Roux Vinc Fourn Gir Bonn "
           "Dup Lamb Font Rouss Merc Blanch Guer Chev".split(), "in ard ois as ert it eau ault and ier oux".split()),
    "en": ("Ja Jo Ro Wi Ma Da Ri Cha Tho Pa Li Ba Su Je Ka Sa Em Ge An Ste".split(),
           "mes hn bert lliam ry vid chard rles mas tricia nda rbara san nnifer ren rah ily orge thony ven".split(),
           "Smi John Will Brow Jon Tay Dav Wil Ev Thom Rob Wal Wri Hug Hall Gre Woo Cla Har Mor Coop Bak Ship "
           "Thorn Ash Black Hart Marsh Penn Stan".split(), "th son iams n es lor ton field ley er wood man".split()),
}
STREETS = {"es": ["calle", "avenida", "carrera"], "pt": ["rua", "avenida", "travessa"], "wa": ["rue", "road", "avenue"],
           "fr": ["rue", "boulevard", "allee"], "en": ["street", "road", "lane"]}
SHORT = {"calle": "cl", "avenida": "av", "rua": "r", "street": "st", "road": "rd", "boulevard": "bd", "avenue": "ave"}
SOUNDS = {"es": [("b", "v"), ("v", "b"), ("z", "s"), ("ll", "y"), ("g", "j"), ("h", ""), ("qu", "k")],
          "pt": [("ç", "s"), ("ão", "ao"), ("lh", "li"), ("s", "z"), ("x", "ch"), ("ei", "e"), ("ou", "o")],
          "wa": [("ou", "u"), ("u", "ou"), ("dia", "ja"), ("k", "c"), ("é", "e"), ("y", "i"), ("aï", "ai")],
          "fr": [("eau", "o"), ("ault", "aud"), ("ph", "f"), ("é", "e"), ("ck", "c"), ("ie", "i"), ("ss", "s")],
          "en": [("y", "i"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("son", "sen"), ("ey", "y"), ("oo", "u")]}
NEAR = dict(zip("abcdefghijklmnopqrstuvwxyz0123456789",
                "s v x s w d f g u h j k n b i o a t a r y c e z t x 9 2 1 2 3 4 5 6 7 8".split()))


class Zipf:
    def __init__(self, draw, words, power):
        draw.shuffle(words)
        total, self.words, self.sums = 0, words, []
        for rank in range(len(words)):
            total += 1 / (rank + 8) ** power
            self.sums.append(total)

    def one(self, draw):
        return draw.choices(self.words, cum_weights=self.sums)[0]


class Country:
    def __init__(self, draw):
        self.draw = draw
        self.given, self.family, self.streets = {}, {}, {}
        for kind, (starts, ends, stems, tails) in KINDS.items():
            # Real names go in pairs; the crossings make the long tail.
            given = [a + b for a, b in zip(starts, ends)] + [a + b for a in starts for b in ends if draw.random() < 0.4]
            family = [a + b for a in stems for b in tails] + \
                     [a + draw.choice("aeiou") + b for a in stems for b in tails] + \
                     [draw.choice(stems) + draw.choice(stems).lower() + draw.choice(tails) for _ in range(900)]
            self.given[kind] = Zipf(draw, sorted(set(given)), 0.9)
            self.family[kind] = Zipf(draw, sorted(set(family)), 0.8)
        self.towns = []
        for number in range(300):
            kind = draw.choice(list(KINDS))
            name = draw.choice(["san ", "vila ", "port ", "saint ", "", "", "", "new "]) + \
                draw.choice(KINDS[kind][2]).lower() + draw.choice(["ville", "ton", "al", "ique", "ada", "bo", "mar", "ou"])
            streets = [f"{draw.choice(STREETS[kind])} {self.family[draw.choice(list(KINDS))].one(draw).lower()}"
                       for _ in range(25 + 600 // (number + 3))]
            self.towns.append((kind, name, f"{10000 + 97 * number:05d}", streets))
        self.town_weights = [1 / (n + 4) for n in range(len(self.towns))]

    def home(self):
        draw = self.draw
        _, town, postcode, streets = draw.choices(self.towns, self.town_weights)[0]
        return {"number": str(draw.choice([draw.randrange(1, 40), draw.randrange(1, 250)])),
                "street": draw.choice(streets), "suburb": town,
                "postcode": postcode[:3] + str(int(postcode[3:]) // 10 * 10 + draw.randrange(3)).zfill(2), "state": "xa"}

    def birth(self, youngest=3, oldest=92):
        draw = self.draw
        age = draw.triangular(youngest, oldest, youngest + (oldest - youngest) / 3)
        return datetime.date(2026, 1, 1) - datetime.timedelta(int(age * 365.25) + draw.randrange(365))

    def person(self, **given):
        draw = self.draw
        kind = given.pop("kind", None) or draw.choice(list(KINDS))
        family = self.family[kind].one(draw)
        if kind == "es" or (kind == "pt" and draw.random() < 0.5):
            family += " " + self.family[kind].one(draw)
        first = self.given[kind].one(draw)
        if draw.random() < 0.25:
            first += " " + self.given[kind].one(draw)
        return {"kind": kind, "given": first, "surname": family, **self.home(), "birth": self.birth().strftime("%Y%m%d"),
                "national": str(draw.randrange(10 ** 8, 10 ** 9)), **given}

    def household(self):
        """Spouse, children, now and then twins, a son named as his father."""
        draw = self.draw
        head = self.person()
        home = {key: head[key] for key in ("kind", "number", "street", "suburb", "postcode", "state")}
        members = [head]
        if draw.random() < 0.6:
            members.append(self.person(**home))
            if draw.random() < 0.6:
                members[-1]["surname"] = head["surname"]
        child_birth = self.birth(1, 45)
        for number in range(draw.choice([0, 1, 1, 2, 3])):
            child = self.person(**home, birth=child_birth.strftime("%Y%m%d"))
            child["surname"] = head["surname"]
            if number == 0 and draw.random() < 0.06:
                child["given"] = head["given"]
            members.append(child)
            # Twins are one birth in 80.
            if draw.random() > 0.0125 * 2:
                child_birth += datetime.timedelta(draw.randrange(330, 2500))
        return members


def typed(draw, text):
    if not text:
        return text
    at = draw.randrange(len(text))
    kind = draw.randrange(4)
    if kind == 0 and len(text) > 2:
        return text[:at] + text[at + 1:]
    if kind == 1 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2:]
    if kind == 2:
        return text[:at] + text[at] + text[at:]
    return text[:at] + NEAR.get(text[at].lower(), "e") + text[at + 1:]


def heard(draw, text, kind):
    can = [(a, b) for a, b in SOUNDS[kind] if a in text.lower()]
    if not can:
        return typed(draw, text)
    a, b = draw.choice(can)
    return text.lower().replace(a, b, 1)


def slip(draw, text, kind):
    way = draw.random()
    if way < 0.5:
        return typed(draw, text)
    if way < 0.85:
        return heard(draw, text, kind)
    for a, b in (("m", "rn"), ("cl", "d"), ("i", "l"), ("o", "0"), ("n", "h")):
        if a in text:
            return text.replace(a, b, 1)
    return typed(draw, text)


def wrong_birth(draw, text):
    year, month, day = text[:4], text[4:6], text[6:]
    way = draw.random()
    if way < 0.2 and int(day) <= 12:
        return year + day + month
    if way < 0.4:
        return str(int(year) + draw.choice([-10, -1, 1, 10])) + month + day
    if way < 0.55:
        return year + "0101"
    if way < 0.8:
        return year + month + f"{draw.randrange(1, 29):02d}"
    if way < 0.95:
        return year + f"{draw.randrange(1, 13):02d}" + day
    return f"{draw.randrange(1935, 2015)}{draw.randrange(1, 13):02d}{draw.randrange(1, 29):02d}"


def copy_of(draw, country, person, rate):
    """What another office has of the person; `rate` scales how often each thing goes wrong."""
    copy, kind = dict(person), person["kind"]
    often = lambda chance: draw.random() < chance * rate
    if often(0.06):
        copy.update(country.home())
    elif often(0.05):
        copy["number"] = str(draw.randrange(1, 250))
    if often(0.04):
        copy["surname"] = country.family[kind].one(draw)
    words = copy["surname"].split()
    if len(words) > 1 and often(0.15):
        copy["surname"] = words[draw.choice([0, 0, 1])]
    words = copy["given"].split()
    if len(words) > 1 and often(0.3):
        copy["given"] = words[0]
    elif len(words) > 1 and often(0.1):
        copy["given"] = f"{words[0]} {words[1][0]}"
    elif often(0.02):
        copy["given"] = words[0][0]
    elif often(0.03):
        copy["given"] = words[0][:3]
    if often(0.03):
        copy["given"], copy["surname"] = copy["surname"], copy["given"]
    words = copy["street"].split()
    if often(0.3) and words and words[0] in SHORT:
        copy["street"] = " ".join([SHORT[words[0]]] + words[1:])
    for field, chance in (("given", 0.12), ("surname", 0.14), ("street", 0.12), ("suburb", 0.08)):
        while copy[field] and often(chance):
            copy[field] = slip(draw, copy[field], kind)
            chance /= 2
    for field, chance in (("postcode", 0.05), ("number", 0.04)):
        if often(chance):
            copy[field] = typed(draw, copy[field])
    if often(0.06):
        new = wrong_birth(draw, copy["birth"])
        copy["birth"] = new if people.valid_birth(new) else copy["birth"]
    for field, chance in (("given", 0.015), ("surname", 0.005), ("street", 0.02), ("number", 0.03),
                          ("suburb", 0.02), ("postcode", 0.04), ("birth", 0.03), ("national", 0.3)):
        if often(chance):
            copy[field] = ""
    return copy


def invent(seed, count, errors):
    draw = random.Random(seed * 7919 + 3)
    country = Country(draw)
    rate, copies = {"registry": (0.7, [1, 1, 1, 1, 0]), "dirty": (1.6, [0, 1, 1, 2, 3, 4, 5]),
                    "families": (1.0, [0, 0, 1, 1, 2])}[errors]
    persons = []
    while len(persons) < count:
        if errors != "families" or draw.random() < 0.4:
            persons.append(country.person())
        else:
            persons += country.household()
        if errors == "families" and draw.random() < 0.01:
            other = country.person()
            like = draw.choice(persons)
            persons.append(dict(other, given=like["given"], surname=like["surname"], suburb=like["suburb"],
                                postcode=like["postcode"]))
    rows = []
    for number, person in enumerate(persons[:count]):
        rows.append(dict(person, id=f"q{number}-0", person=str(number)))
        for copy in range(draw.choice(copies)):
            rows.append(dict(copy_of(draw, country, person, rate), id=f"q{number}-{copy + 1}", person=str(number)))
    draw.shuffle(rows)
    return [{key: row[key] for key in row if key != "kind"} for row in rows]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--errors", choices=["registry", "dirty", "families"], default="families")
    parser.add_argument("-o", required=True)
    options = parser.parse_args()
    people.write(options.o, invent(options.seed, options.people, options.errors))
