#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""From outside, by the command line: what must not leave a node, or reach a user who may not see it, does not,
in whatever file, answer or sentence."""
import json
import signal
import sqlite3
import subprocess
import tempfile
from pathlib import Path

from checks import ENLACE, answer, answers, check, environment, finish, run

services = []


def make(folder, name="node", code="XA"):
    node = folder / name
    answer(None, "init", node, "--code", code, "--name", code, "--country", code, "--language", "en", "--fiction")
    return node


def bring(node, case, *rows):
    """Records, as FollowTheMoney lines; their ids here by the ids they came with."""
    answers(node, "case", "new", case)
    source = node.parent / "rows.json"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = answer(node, "import", source, "--case", case)
    check(done["added"] == len(rows), f"all are taken: {done}")
    return {row["id"]: row for row in rows}


def number(node, case, source):
    """The id of the node's own, of what came as this."""
    for found in answers(node, "find", "Tomas", "--case", case):
        if found["schema"] == "Person":
            code, out, err = run(node, "show", found["id"])
            if f" {source}\n" in out.decode():
                return found["id"]
    return None


def person(id, name, status="suspect", **more):
    properties = {"name": [name], **more.pop("properties", {})}
    return {"id": id, "schema": "Person", "status": status, "properties": properties, **more}


def everything_out(node, case, *words):
    """All that a case's records are in any file, with what is said about it."""
    text = ""
    for form in ("ftm", "csv"):
        code, out, err = run(node, "export", "--format", form, "--case", case, *words)
        text += out.decode()
    for form in ("graphml", "gexf", "csv", "svg"):
        path = node.parent / f"chart.{form}"
        run(node, "chart", case, "-o", path, "--force", *words)
        if path.exists():
            text += path.read_text()
            path.unlink()
    return text


def decisions(folder):
    """A decision about what another gave under H2 is not passed on without a word either."""
    node = make(folder)
    bring(node, "C1", person("A-1", "Tomas Alvear"),
          person("XC-1", "Tomas Alvear", owner="XC", handling=["H0", "H2"]),
          person("XC-2", "Tomas Quiroz", owner="XC"))
    ours, theirs, free = (number(node, "C1", i) for i in ("A-1", "XC-1", "XC-2"))
    first = answer(node, "link", "decide", ours, theirs, "same", "--reason", "as the harbour master told")
    check(first["handling"] == ["H0", "H2"], f"it has the codes of both: {first}")
    second = answer(node, "link", "decide", ours, free, "different", "--reason", "born elsewhere")
    text = everything_out(node, "C1")
    check("harbour master" not in text and theirs not in text and first["id"] not in text, "it stays")
    check("born elsewhere" in text and second["id"] in text, "that about what is free goes")
    code, out, err = run(node, "export", "--format", "ftm", "--case", "C1")
    check(code == 1 and f"{first['id']} stays here: H2" in err, f"and is told: {err}")
    check("harbour master" in everything_out(node, "C1", "--acknowledge"), "with a word it goes")


def serve(node, port=0):
    process = subprocess.Popen([ENLACE, "serve", "--listen", f"127.0.0.1:{port}", "--json"], stdout=subprocess.PIPE,
                               stderr=open(f"{node}.log", "ab"), env=environment(node))
    services.append(process)
    line = process.stdout.readline()
    check(line, f"it serves: {Path(f'{node}.log').read_text()[-500:]}")
    return process, json.loads(line)["port"]


def stop(process):
    process.send_signal(signal.SIGTERM)
    process.wait()


class Pair:
    """Two nodes that agreed on everything; the other serves, ours asks, and the other way round."""

    def __init__(self, folder):
        self.nodes = {code: make(folder, code, code) for code in ("XA", "XB")}
        self.ports, words = {}, {}
        for code, node in self.nodes.items():
            process, self.ports[code] = serve(node)
            words[code] = answer(node, "peer", "invite", "-o", folder / f"{code}.inv", "--url",
                                 f"https://127.0.0.1:{self.ports[code]}")["fingerprint"]
            stop(process)
        for code, other in (("XA", "XB"), ("XB", "XA")):
            answers(self.nodes[code], "peer", "accept", folder / f"{other}.inv", "--fingerprint", words[other])
            answers(self.nodes[code], "peer", "agree", other, "--class",
                    "phone,imei,document,vin,plate,account,wallet,email,person,container", "--quota", "100000")

    def ask(self, asker, other, case):
        """Sources of the asker's records that are hits, the summary, and all that was said."""
        answers(self.nodes[other], "epoch", "new")
        process, _ = serve(self.nodes[other], self.ports[other])
        code, out, err = run(self.nodes[asker], "match", "--case", case, "--peers", other, "--json")
        stop(process)
        lines = [json.loads(line) for line in out.splitlines()]
        check(code == 0 and lines, f"asked: {code} {err}")
        return {line["source"] for line in lines[:-1] if "source" in line}, lines[-1], err


def phone(id, number, **properties):
    return {"id": id, "schema": "Phone", "properties": {"number": [number], **properties}}


def damaged_twin(folder):
    """A record that cannot be read may be a witness's: who has its keys is kept back; all else goes on."""
    pair = Pair(folder)
    born = {"birthDate": ["1971-10-08"]}
    rows = [person("T", "Ignatius Verhoeven", properties={**born, "phone": ["+999550100001"]}),
            person("T2", "Ignatius Verhoeven", "witness", properties=born),
            person("S", "Leopold Maartens", properties={"birthDate": ["1966-02-27"], "phone": ["+999550100002"]}),
            phone("F", "+999550100003", holder=["T"])]
    theirs = [phone(f"n{i}", f"+99955010000{i}") for i in (1, 2, 3)]
    bring(pair.nodes["XA"], "C", *rows)
    bring(pair.nodes["XB"], "C", *theirs)
    check(pair.ask("XB", "XA", "C")[0] == {"n2"}, "published is the other alone")
    check(pair.ask("XA", "XB", "C")[0] == {"S"}, "and asked about")
    twin = [found["id"] for found in answers(pair.nodes["XA"], "find", "Ignatius", "--case", "C")]
    check(len(twin) == 2, f"both are found: {twin}")
    database = sqlite3.connect(pair.nodes["XA"] / "store.db")
    database.execute("UPDATE payload SET sealed = zeroblob(length(sealed)) WHERE sequence = (SELECT latest FROM record "
                     "WHERE kind = 1 ORDER BY number LIMIT 1 OFFSET 1)")
    database.commit()
    database.close()
    broken = [run(pair.nodes["XA"], "show", one)[0] for one in twin]
    check(sorted(broken) == [0, 1] or sorted(broken) == [0, 3], f"one cannot be read: {broken}")
    check(pair.ask("XB", "XA", "C")[0] == {"n2"}, "nor does the damaged one open what it protected")
    hits, summary, said = pair.ask("XA", "XB", "C")
    check(hits == {"S"} and summary["kept_back"] == 3, f"nor when it is asked about: {hits} {summary}")
    check([f["schema"] for f in answers(pair.nodes["XA"], "find", "Leopold", "--case", "C")] == ["Person"],
          "what can be read is found")
    code, out, err = run(pair.nodes["XA"], "chart", "C", "-o", folder / "c.svg")
    check(code == 1 and "1 record cannot be read" in err and "Leopold" in (folder / "c.svg").read_text(),
          f"and drawn: {code} {err}")
    code, out, err = run(pair.nodes["XA"], "status")
    check(code == 0, f"sound: {err}")


def many_twins(folder):
    """Asked about by itself, one of many records of a person is kept back for the last of them, a witness's."""
    pair = Pair(folder)
    born = {"birthDate": ["1971-10-08"]}
    rows = [person("S", "Ignatius Verhoeven", properties={**born, "phone": ["+999550100001"]}),
            *(person(f"c{i}", "Ignatius Verhoeven", properties=born) for i in range(80)),
            person("W", "Ignatius Verhoeven", "witness", properties=born),
            person("N", "Ignatius Verhoeven", properties={"birthDate": ["1990-01-30"], "phone": ["+999550100002"]}),
            *(person(f"w{i}", f"Leopold Maartens{i}", "witness") for i in range(3))]
    bring(pair.nodes["XA"], "C", *rows)
    bring(pair.nodes["XB"], "C", phone("n1", "+999550100001"), phone("n2", "+999550100002"))
    answers(pair.nodes["XB"], "epoch", "new")
    process, _ = serve(pair.nodes["XB"], pair.ports["XB"])
    for last, kept in (("1", 1), ("2", 0)):
        mine = answers(pair.nodes["XA"], "find", "--key", f"phone:+99955010000{last}", "--case", "C")[0]["id"]
        code, out, err = run(pair.nodes["XA"], "match", "--record", mine, "--peers", "XB", "--json")
        summary = json.loads(out.splitlines()[-1])
        check(code == 0 and summary["kept_back"] == kept and summary["hits"] == 1 - kept, f"{last}: {code} {out} {err}")
    stop(process)


def not_seen(folder):
    """Who may not see a case learns nothing of it: neither its words, nor ids, nor that somebody in it is an informant,
    though their own records have the same name and numbers."""
    node = folder / "node"
    answer(None, "init", node, "--code", "XA", "--name", "XA", "--country", "XA", "--language", "en", "--fiction")
    for user in ("ana", "eve"):
        answer(node, "user", "add", user, "--role", "analyst")
    ana, eve = ["--as", "ana"], ["--as", "eve"]
    for case in ("SECRET", "OPEN"):
        answer(node, "case", "new", case, *ana)
    answers(node, "case", "member", "OPEN", "eve", *ana)
    born = {"birthDate": ["1980-03-14"]}
    seizure = {"id": "Z", "schema": "Seizure", "properties": {"date": ["2026-02-03"], "substance": ["cocaine"]}}
    hidden = [person("I", "Rosalind Achterberg", "informant",
                     properties={**born, "phone": ["+999550100001"], "passportNumber": ["X1234567"], "country": ["de"]}),
              phone("F", "+999550100002", holder=["I"]),
              {"id": "N", "schema": "Intelligence", "properties": {"name": ["a boat at Zanzibarquay"],
                                                                   "source": ["Rosalind Achterberg"]}},
              {**seizure, "properties": {**seizure["properties"], "place": ["Zanzibarquay"], "persons": ["I"]}}]
    own = [person("E1", "Rosalind Achterberg", properties=born), phone("E2", "+999550100002"),
           person("E4", "Bo Lind", properties={"passportNumber": ["X1234567"], "country": ["de"]}),
           {**seizure, "id": "E3", "properties": {**seizure["properties"], "place": ["Puerto"],
                                                  "notes": ["Rosalind Achterberg"], "phone": ["+999550100001"]}}]
    for case, rows in (("SECRET", hidden), ("OPEN", own)):
        (folder / "rows.json").write_text("".join(json.dumps(row) + "\n" for row in rows))
        answer(node, "import", folder / "rows.json", "--case", case, *ana)

    def ids(user):
        found = set()
        for text in ("Rosalind", "Zanzibarquay", "Puerto", "Lind", "+999550100002"):
            code, out, err = run(node, "find", text, "--json", *user)
            found |= {json.loads(line)["id"] for line in out.splitlines()}
        return found

    mine = sorted(ids(eve))
    theirs = sorted(ids(ana) - set(mine))
    check(len(mine) == 4 and len(theirs) == 4, f"each finds what they may see: {mine} {theirs}")
    secrets = ["nformant", "SECRET", "Zanzibar", *theirs]
    tries = [["show", theirs[0]], ["near", theirs[1]], ["path", mine[0], theirs[2]], ["keys", theirs[3]],
             ["link", "decide", mine[0], theirs[0], "same", "--reason", "x"], ["link", "undo", mine[0], theirs[0]],
             ["edit", theirs[0], "alias=x"], ["match", "--record", theirs[0], "--peers", "all"],
             ["export", "--format", "ftm", "--case", "SECRET"], ["chart", "SECRET", "-o", folder / "no.svg"],
             ["import", folder / "rows.json", "--case", "SECRET"], ["find", "Zanzibarquay"],
             *(["near", one, "--steps", "4"] for one in mine), *(["show", one, "--history"] for one in mine),
             ["find", "Rosalind"], ["find", "--key", "document:DEX1234567"], ["find", "--key", "phone:+999550100001"],
             ["export", "--format", "ftm", "--case", "OPEN"], ["export", "--format", "csv", "--case", "OPEN"],
             ["chart", "OPEN", "-o", folder / "yes.svg"], ["case", "list"], ["status"], ["hits"], ["claims"],
             ["link", "learn", "--case", "OPEN"], ["watch", "run"]]
    for words in tries:
        for more in ([], ["--json"]):
            code, out, err = run(node, *words, *more, *eve)
            said = out.decode().replace('"informants":0', "") + err
            for word in words:
                said = said.replace(str(word), "")
            check(not any(secret in said for secret in secrets), f"{words}: {said[:400]}")
    check(not any(secret in (folder / "yes.svg").read_text() for secret in secrets), "nor is it on a chart")
    code, out, err = run(node, "export", "--format", "ftm", "--case", "OPEN", *eve)
    check(len(out.splitlines()) == 4, f"all of their own goes out: {out} {err}")
    code, out, err = run(node, "export", "--format", "ftm", "--case", "SECRET", *ana)
    gone = out.decode()
    check("Zanzibarquay" in gone and "Rosalind" not in gone and "+9995501" not in gone and "X1234567" not in gone and
          "a boat" not in gone, f"of the informant nothing: {gone} {err}")


def said(folder):
    """The name of an informant is nowhere in what leaves the node, whatever record says it, wherever in it."""
    node = make(folder)
    name, day = "Tomas Alvear Quiroz", {"date": ["2026-01-02"]}
    rows = [("E1", "Exhibit", {"exhibitNumber": ["stays 1"], "foundBy": [name], "description": [f"Found by {name}"]}),
            ("E2", "Exhibit", {"exhibitNumber": ["stays 2"], "witnessedBy": ["ALVEAR, Tomas"]}),
            ("E3", "Exhibit", {"exhibitNumber": ["stays 3"], "foundBy": ["INF-77"]}),
            ("S1", "Seizure", {**day, "name": [f"Tip of {name}"], "location": ["stays 4"]}),
            ("S2", "Seizure", {**day, "location": [f"flat of {name}"], "concealment": [f"as {name} said"],
                               "marking": ["stays 5"]}),
            ("S3", "Seizure", {**day, "name": [f"Tip of {name}"], "persons": ["INF-77"], "location": ["stays 6"]}),
            ("CS", "Case", {"name": [f"Case of informant {name}"]}),
            ("P1", "Person", {"name": ["stays 7 Marten"], "notes": [f"denounced by {name}"]}),
            ("P2", "Person", {"name": ["stays 8 Marten"], "position": [f"driver of {name}"]}),
            ("O1", "Company", {"name": ["stays 9 Ltd"], "notes": [f"our man inside is {name}"]}),
            ("V1", "Vehicle", {"model": ["stays 10"], "notes": [f"driven by {name}"]}),
            ("A1", "Address", {"full": ["stays 11"], "notes": [f"here lives {name}"]}),
            ("A2", "Address", {"city": ["stays 12"], "full": [f"c/o {name}, stays nowhere 1"]}),
            ("PH", "Phone", {"number": ["+999550100001"], "notes": [f"phone of {name}"]}),
            ("N1", "Note", {"name": ["gone"], "description": [f"{name} says"]})]
    bring(node, "C", person("INF-77", name, "informant"),
          *({"id": id, "schema": schema, "properties": properties} for id, schema, properties in rows),
          *({"id": f"H{i}", "schema": "Seizure", "handling": ["H0", f"H3: as {who} told"],
             "properties": {**day, "location": [word]}} for i, who, word in ((1, name, "gone"), (2, "Bob", "stays 13"))))
    text = everything_out(node, "C", "--acknowledge")
    for word in ("Tomas", "Alvear", "ALVEAR", "Quiroz", "INF-77", "gone"):
        check(word not in text, f"{word}: {[line[:300] for line in text.splitlines() if word in line][:3]}")
    for i in range(1, 14):
        check(f"stays {i}" in text, f"what says nothing of them goes out: {i}")


def decided(folder):
    """What another record of an informant is called, by a decision, names the informant, and so do its numbers."""
    node = make(folder)
    bring(node, "C", person("I", "Tomas Alvear", "informant"),
          person("I2", "Tomas Gomez Ruiz", properties={"phone": ["+999550100009"], "alias": ["Pedro Gomez"]}),
          phone("F", "+999550100010", holder=["I2"]),
          {"id": "N", "schema": "Note", "properties": {"name": ["x"], "description": ["Pedro Gomez says it sails"]}},
          {"id": "S", "schema": "Seizure", "properties": {"date": ["2026-02-03"], "location": ["flat of Pedro Gomez"],
                                                          "marking": ["stays"]}},
          {"id": "K1", "schema": "Call", "properties": {"date": ["2026-02-03"], "callerNumber": ["+999550100009"]}},
          {"id": "K2", "schema": "Call", "properties": {"date": ["2026-02-03"], "callerNumber": ["+999550100010"]}})
    first, second = (number(node, "C", i) for i in ("I", "I2"))
    text = everything_out(node, "C")
    check(text.count("Pedro Gomez") > 2 and "+999550100010" in text, "before the decision they are somebody")
    answer(node, "link", "decide", first, second, "same", "--reason", "x")
    text = everything_out(node, "C")
    check("Gomez" not in text and "+99955010" not in text and "stays" in text, f"and then the informant: {text[:600]}")
    answer(node, "link", "undo", first, second)
    check("Pedro Gomez says it sails" in everything_out(node, "C"), "until it is taken back")


try:
    for scene in (decisions, damaged_twin, many_twins, not_seen, said, decided):
        with tempfile.TemporaryDirectory() as room:
            scene(Path(room))
finally:
    for process in services:
        if process.poll() is None:
            process.kill()
finish("protection")
