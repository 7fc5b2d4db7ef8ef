#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Finding, ties, charts and decisions at a real node, as its users see them."""
import json
import os
import subprocess
import tempfile
import xml.etree.ElementTree as tree
from pathlib import Path

from checks import ENLACE, check, finish, run as run_at


def run(node, *words, code=0):
    got, out, err = run_at(node, *words)
    check(got == code, f"{words}: exit code {got}, not {code}: {err}")
    return out.decode(), err


def lines(node, *words, code=0):
    out, _ = run(node, *words, "--json", code=code)
    return [json.loads(line) for line in out.splitlines()]


RECORDS = [
    {"id": "p1", "schema": "Person", "status": "suspect", "handling": ["H0", "H1"],
     "evaluation": "4x4:B2",
     "properties": {"name": ["Tomás Alvear Quiroz"], "birthDate": ["1984-03-12"]}},
    {"id": "p2", "schema": "Person", "evaluation": "4x4:A1",
     "properties": {"name": ["Elske van Noordt"], "birthDate": ["1988-06-07"]}},
    {"id": "p3", "schema": "Person", "properties": {"name": ["Щербаков Иван"]}},
    {"id": "p4", "schema": "Person", "properties": {"name": ["محمد القرضاوي"]}},
    {"id": "p5", "schema": "Person", "properties": {"name": ["王伟明"]}},
    {"id": "c1", "schema": "Company", "evaluation": "4x4:A1",
     "properties": {"name": ["NOORDT FRUIT IMPORT B.V."], "address": ["Havenkade 12, Nordhaven"]}},
    {"id": "o1", "schema": "Ownership", "evaluation": "4x4:A1",
     "properties": {"owner": ["p2"], "asset": ["c1"], "percentage": ["60"],
                    "startDate": ["2019-01-01"]}},
    {"id": "s1", "schema": "Seizure", "evaluation": "4x4:A1",
     "properties": {"date": ["2026-02-03"], "place": ["Puerto Velero"],
                    "containerNumber": ["QZAU2045184"], "notifyPhone": ["00999 55-010-7788"],
                    "consignee": ["Noordt Fruit Import B.V."], "persons": ["p1"]}},
    {"id": "i1", "schema": "Person", "status": "informant",
     "properties": {"name": ["Quirino Zubiri"]}},
]


def make(folder):
    node = folder / "node"
    run(node, "init", node, "--code", "XA", "--name", "Costa Alvéa", "--country", "XA", "--fiction")
    run(node, "case", "new", "TD-1", "Tres Delfines")
    run(node, "case", "new", "TD-2")
    path = folder / "td.ftm.json"
    path.write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    run(node, "import", path, "--case", "TD-1")
    run(node, "new", "Seizure", "date=2026-02-20", "place=Luar", "phone=+999 55 010 7788",
        "--case", "TD-2")
    run(node, "new", "Vessel", "name=Alba del Sur", "imoNumber=0007319")
    return node


def best(node, *text):
    found = lines(node, "find", *text)
    return found[0] if found else {"id": None, "caption": None, "score": 0, "why": []}


def finding(node):
    for text, caption in [
            ("tomas alvear", "Tomás Alvear Quiroz"), ("ALVAER, Tomas", "Tomás Alvear Quiroz"),
            ("shcherbakov", "Щербаков Иван"), ("Ivan Scherbakov", "Щербаков Иван"),
            ("muhammad al-qaradawi", "محمد القرضاوي"), ("wang weiming", "王伟明"),
            ("weiming wang", "王伟明"), ("noord fruit import", "NOORDT FRUIT IMPORT B.V."),
            ("havenkade 12", "NOORDT FRUIT IMPORT B.V."), ("alba sur", "Alba del Sur"),
            ("Elske van Noordt 1988-06-07", "Elske van Noordt"), ("007319", "Alba del Sur")]:
        got = best(node, text)
        check(got["caption"] == caption, f"{text}: {got}")
        check(0 < got["score"] <= 1 and got["why"], f"{text}: a score and a reason: {got}")
    got = best(node, "20451")
    check(got["schema"] == "Seizure" and got["why"] ==
          ['containerNumber: "20451" is a part of it'], f"a part of a number: {got}")
    got = best(node, "QZAU2045148")
    check(got["schema"] == "Seizure", f"two digits swapped: {got}")
    for text in ["puerto velero", "velero", "Puerto Valero"]:
        got = best(node, text)
        check(got["schema"] == "Seizure" and got["why"][0].startswith("place: "), f"{text}: a place: {got}")
    check(best(node, "elske", "van", "noordt", "1988-06-08")["caption"] != "Elske van Noordt"
          if lines_or_none(node, "Elske van Noordt 1988-06-08") else True, "another birth date")
    whole, part = best(node, "Elske van Noordt 1988-06-07"), best(node, "Elske Jansen 1988-06-07")
    check(whole["score"] > 0.99 and part["score"] < 0.7 and 'name: "jansen" is not there' in part["why"],
          f"one name and the date are less than all: {whole} {part}")
    check(best(node, "--key", "person:~ALSK 1988-06-07")["score"] > 0, "by its key")
    for text in ["Maddrid", "Alva", "382991"]:
        check(not any(line["caption"] == "Elske van Noordt" for line in lines_or_none(node, text)), text)
    check(lines(node, "find", "zzyzx qwfpgj", code=1) == [], "nothing is like it")
    found = lines(node, "find", "noordt", "--limit", "1")
    check(len(found) == 1, "no more than was asked for")
    run(node, "find", "noordt", "--limit", "0", code=2)
    run(node, "find", " ... ", code=2)
    run(node, "find", "x" * 600, code=2)
    words, _ = run(node, "find", "alveer tomas")
    check('"alvear" for "alveer": 1 letter differs' in words and "in another order" in words,
          f"in words: {words}")
    scores = [line["score"] for line in lines(node, "find", "noordt")]
    check(scores == sorted(scores, reverse=True), f"the best first: {scores}")


def lines_or_none(node, text):
    got = subprocess.run([ENLACE, "find", text, "--json"], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, env=dict(os.environ, ENLACE_NODE=str(node)))
    return [json.loads(line) for line in got.stdout.splitlines()]


def rights(node):
    run(node, "user", "add", "ben", "--role", "administrator")
    run(node, "user", "add", "eva", "--role", "analyst", "--as", "ben")
    found = lines(node, "find", "tomas alvear", "--as", "eva", code=1)
    check(found == [], f"what is of a case is its members' alone: {found}")
    check(best(node, "alba del sur", "--as", "eva")["caption"] == "Alba del Sur", "of no case")
    alvear = best(node, "tomas alvear")["id"]
    run(node, "near", alvear, "--as", "eva", code=1)
    run(node, "find", "tomas", "--as", "ben", code=1)
    run(node, "chart", "TD-1", "-o", node / "x.svg", "--as", "eva", code=1)
    check(not (node / "x.svg").exists(), "nothing is drawn for who may not see it")


def ties(node):
    elske = best(node, "elske")["id"]
    near = lines(node, "near", elske)
    check([(n["caption"], n["why"]) for n in near] ==
          [("NOORDT FRUIT IMPORT B.V.", ["Ownership (60 %), 2019-01-01"])], f"near: {near}")
    far = lines(node, "near", elske, "--steps", "4")
    check([n["distance"] for n in far] == sorted(n["distance"] for n in far), "nearest first")
    luar = [n for n in far if n["schema"] == "Seizure" and n["distance"] == 3]
    check(len(luar) == 1 and luar[0]["why"] == ["phone number +999550107788"],
          f"across cases, by a phone: {far}")
    alvear = best(node, "tomas alvear")["id"]
    path = lines(node, "path", luar[0]["id"] if luar else elske, alvear)
    check([step["schema"] for step in path] == ["Seizure", "Seizure", "Person"], f"path: {path}")
    check(lines(node, "path", elske, elske)[0]["distance"] == 0, "from itself to itself")
    alba = best(node, "alba del sur")["id"]
    run(node, "path", elske, alba, code=1)
    run(node, "near", alba, code=1)
    owns = [n for n in lines(node, "find", "o1") if n["schema"] == "Ownership"]
    near = lines(node, "near", owns[0]["id"]) if owns else []
    check({n["schema"]: n["why"] for n in near} ==
          {"Person": ["owner"], "Company": ["asset"]}, f"both ends of a line: {owns} {near}")
    run(node, "near", "nonsense", code=1)
    run(node, "near", "0" * 32, code=1)
    run(node, "near", elske, "--steps", "99", code=2)


def charts(node, folder):
    for ending in ["svg", "graphml", "gexf", "csv"]:
        path = folder / f"td.{ending}"
        told = lines(node, "chart", "TD-1", "-o", path)[0]
        check(told["things"] == 7 and told["left_out"] == 0, f"{ending}: {told}")
        text = path.read_text()
        check("Quirino" not in text, f"{ending}: informants stay here")
        check("Ownership (60 %)" in text and "2019-01-01" in text and "H0 H1" in text,
              f"{ending}: ties, dates, handling")
        if ending != "csv":
            tree.fromstring(text.encode())
        check(told["informants"] == 1 and told["not_drawn"] == 0, f"{ending}: who was left out is counted: {told}")
    again = folder / "again.svg"
    run(node, "chart", "TD-1", "-o", again)
    check(again.read_bytes() == (folder / "td.svg").read_bytes(), "the same picture again")
    names = {"g": "http://graphml.graphdrawing.org/xmlns"}
    root = tree.parse(folder / "td.graphml").getroot()
    nodes = {n.get("id") for n in root.iterfind(".//g:node", names)}
    ends = {e.get(end) for e in root.iterfind(".//g:edge", names) for end in ("source", "target")}
    check(ends <= nodes and len(nodes) >= 7, "each end of an edge is there")
    told = lines(node, "chart", "TD-1", "-o", folder / "good.svg", "--evaluation", "4x4:A1")[0]
    check(told["left_out"] == 4 and told["things"] == 3, f"filtered: {told}")
    out, err = run(node, "chart", "TD-1", "-o", folder / "words.svg")
    exported = run(node, "export", "--case", "TD-1", "--format", "ftm")[1]
    said = [line for line in err.splitlines() if "informants" in line]
    check(said and said[0] in exported, f"chart and export say the same of informants: {err} {exported}")
    check("informant" not in (folder / "words.svg").read_text(), "and the picture, which leaves, does not")
    check("a part is what hangs together" in out and "\n    Company NOORDT FRUIT IMPORT B.V.: 2\n" in out, out)
    smaller(node, folder)
    run(node, "chart", "TD-1", "-o", folder / "x.png", code=2)
    run(node, "chart", "TD-1", code=2)
    run(node, "chart", "none", "-o", folder / "x.svg", code=1)


def smaller(node, folder):
    """Of a case that is too large for a picture a part is drawn, and it is said how much is not."""
    path = folder / "part.svg"
    whole = lines(node, "chart", "TD-1", "-o", path)[0]
    check(whole["between"] == sorted(whole["between"], key=lambda n: -n["betweenness"]), f"{whole}")
    for ending in "svg", "graphml", "gexf", "csv":
        part = lines(node, "chart", "TD-1", "-o", path.with_suffix("." + ending), "--most", 2)[0]
        check(part["things"] == 2 and part["not_drawn"] == whole["things"] - 2 and part["ties"] == 1, f"{part}")
    out, err = run(node, "chart", "TD-1", "-o", path, "--most", 2)
    sentence = "the least tied, since there are more than 2 (--most): 5 things"
    check(sentence in err and sentence in path.read_text(), f"on the picture, too: {err}")
    elske = best(node, "elske van noordt")["id"]
    for name in elske, "p2":
        part = lines(node, "chart", "TD-1", "-o", path, "--around", name)[0]
        check(part["things"] == 2 and part["parts"] == 1, f"what is near: {part}")
    check("more than 1 step from p2: 5 things" in path.read_text(), "and what is not")
    other = best(node, "alba del sur")["id"]
    for refused in other, "o1", "nonsense", "0" * 32:
        run(node, "chart", "TD-1", "-o", folder / "no.svg", "--around", refused, code=1)
    check(not (folder / "no.svg").exists(), "nothing is written")
    for wrong in ["--most", "0"], ["--most", "3001"], ["--steps", "2"], ["--around", elske, "--steps", "9"]:
        run(node, "chart", "TD-1", "-o", folder / "no.svg", *wrong, code=2)


def deciding(node):
    a = best(node, "tomas alvear")["id"]
    run(node, "new", "Person", "name=T. Alvear Quiroz", "birthDate=1984-03-12", "--case", "TD-1")
    run(node, "new", "Person", "name=Tomas Alvear", "birthDate=1984-12-03", "@status=witness",
        "--case", "TD-1")
    b = [n["id"] for n in lines(node, "find", "T. Alvear Quiroz") if n["caption"][0:2] == "T."][0]
    c = [n["id"] for n in lines(node, "find", "Tomas Alvear") if n["caption"] == "Tomas Alvear"][0]
    first = lines(node, "link", "decide", a, b, "same", "--reason", "one passport")[0]
    check(first["properties"]["verdict"] == ["same"], f"decided: {first}")
    run(node, "link", "decide", a, c, "different", "--reason", "dates agree only when swapped")
    near = {n["id"]: n["why"] for n in lines(node, "near", a)}
    check(any("LinkDecision (same)" in why for why in near.get(b, [])), f"on the chart: {near}")
    check(not any("LinkDecision" in why for why in near.get(c, [])), f"that they differ ties nothing: {near}")
    again = lines(node, "link", "decide", b, a, "unsure", "--reason", "looked again")[0]
    check(again["id"] == first["id"], "one decision a pair, whichever is named first")
    near = {n["id"]: n["why"] for n in lines(node, "near", a)}
    check(not any("LinkDecision" in why for why in near.get(b, [])), f"nor that nobody knows: {near}")
    run(node, "link", "undo", a, b, "--reason", "a slip")
    near = {n["id"]: n["why"] for n in lines(node, "near", a)}
    check(not any("LinkDecision" in why for why in near.get(b, [])), f"taken back: {near}")
    run(node, "link", "undo", a, b, code=1)
    run(node, "link", "decide", a, b, "same", "--reason", "the passport was shown")
    learned = lines(node, "link", "learn", "--case", "TD-1")
    check(learned[-1] == {"pairs": 2, "same": 1, "different": 1, "gone": 0}, f"learned: {learned}")
    check("`match` reads it in this case" in run(node, "link", "learn", "--case", "TD-1")[1], "what for")
    sums = [row for row in learned if "stated" in row]
    check([(row["schema"], row["by"]) for row in sums] == [("Person", "keys"), ("Person", "plain")], f"{sums}")
    dates = {row["level"]: row for row in learned if row.get("field") == "date" and row["by"] == "plain"}
    check(dates["the same"]["same"] == 1 and dates["another year"]["different"] == 1, f"{dates}")
    check(lines(node, "link", "learn", "--case", "TD-1") == learned, "and the same again")
    check(lines(node, "link", "learn") == [{"pairs": 0, "same": 0, "different": 0, "gone": 0}],
          "of no case nothing was decided")
    phone = json.loads(run(node, "new", "Phone", "number=+999550104242", "--case", "TD-1", "--json")[0])["id"]
    _, said = run(node, "link", "decide", a, phone, "same", "--reason", "x", code=1)
    check("a Person and a Phone cannot be the same thing" in said, f"{said}")
    run(node, "link", "decide", a, b, "maybe", "--reason", "x", code=2)
    run(node, "link", "decide", a, b, "same", code=2)
    run(node, "link", "decide", a, a, "same", "--reason", "x", code=2)
    run(node, "link", "decide", a, b, "same", "--reason", "x", "--as", "eva", code=1)


def same_or_not(node, folder):
    """A part of a name and a birth date in common tie nobody, nor does one look around whoever has it."""
    run(node, "case", "new", "TD-3")
    path = folder / "same.ftm.json"
    people = [("a", "Wilhelmina Achterberg", "1971-04-09"), ("b", "ACHTERBERG Wilhelmina", "1971-04-09"),
              ("c", "Wilhelmina Zandvliet", "1971-04-09"), ("d", "Wilhelmina Achterberg", "1935-04-09")]
    path.write_text("".join(json.dumps({"id": id, "schema": "Person", "properties": {
        "name": [name], "birthDate": [born], **({"phone": ["+999550104242"]} if id in "cd" else {})}}) + "\n"
        for id, name, born in people)
        + json.dumps({"id": "s", "schema": "Seizure", "properties": {"date": ["2026-02-03"], "place": ["Luar"],
                                                                     "persons": ["b"]}}) + "\n")
    run(node, "import", path, "--case", "TD-3")
    at = ("--case", "TD-3")
    near = lines(node, "near", "a", "--steps", 4, *at)
    check([(n["caption"], n["distance"], n["why"]) for n in near] ==
          [("ACHTERBERG Wilhelmina", 1, ["same name and birth date"]),
           ("Luar", 2, ["it names the former as persons"])], f"the same one, and not two others: {near}")
    check(near[0]["date"] == "1971-04-09" and near[1]["date"] == "2026-02-03" and near[1]["place"] == "Luar",
          f"when and where: {near}")
    words, _ = run(node, "near", "a", "--steps", 2, *at)
    check([line[: len(line) - len(line.lstrip())] for line in words.splitlines()] ==
          [" " * n for n in (2, 6, 4, 8)], f"each under the one it was reached from: {words}")
    _, err = run(node, "path", "a", "c", *at, code=1)
    check("no path of at most 8 steps between them" in err, err)
    path = lines(node, "path", "c", "d", *at)
    check([n["why"] for n in path] == [[], ["phone number +999550104242"]], f"by the phone alone: {path}")
    told = lines(node, "chart", "TD-3", "-o", folder / "same.svg")[0]
    check(told["ties"] == 4 and told["parts"] == 2, f"on the chart, too: {told}")
    run(node, "link", "decide", near[0]["from"], near[0]["id"], "different", "--reason", "two passports", *at)
    run(node, "near", "a", *at, code=1)
    told = lines(node, "chart", "TD-3", "-o", folder / "same.svg")[0]
    check(told["ties"] == 3 and told["parts"] == 3, f"nobody draws what somebody has decided against: {told}")


def erasing(node):
    run(node, "new", "Person", "name=Xanthippe Ollivander")
    gone = best(node, "ollivander")["id"]
    run(node, "erase", gone, "--reason", "a test")
    check(lines(node, "find", "ollivander", code=1) == [], "what was erased is not found")
    for path in node.iterdir():
        content = path.read_bytes().lower()
        check(b"ollivander" not in content and b"xanthippe" not in content,
              f"{path.name} has the words of an erased record")


def served(node):
    """The daemon keeps its index from its start on: what is put, changed and erased there is found so."""
    daemon = subprocess.Popen([ENLACE, "-n", str(node), "serve", "--json"], stdout=subprocess.PIPE)
    check(daemon.stdout.readline() != b"", "it serves")
    try:
        check(best(node, "elske noordt")["caption"] == "Elske van Noordt", "what was there before")
        for round_ in range(2):
            run(node, "new", "Person", "name=Philippa Zwartkruis")
            new = best(node, "zwartkruis")["id"]
            run(node, "edit", new, "name=Philippa Hollebrandse")
            check(best(node, "hollebrandse")["id"] == new, "changed")
            check(lines(node, "find", "zwartkruis", code=1) == [], "by the old name no more")
            run(node, "erase", new, "--reason", "a test")
            check(lines(node, "find", "hollebrandse", code=1) == [], "erased")
    finally:
        daemon.terminate()
        check(daemon.wait(60) == 0, "and ends")
    check(best(node, "elske noordt")["caption"] == "Elske van Noordt", "and without it")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        node = make(folder)
        finding(node)
        ties(node)
        charts(node, folder)
        same_or_not(node, folder)
        rights(node)
        deciding(node)
        erasing(node)
        served(node)
    finish("search")


main()
