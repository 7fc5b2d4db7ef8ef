#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One node as its users see it: everything kept, every act an entry, nothing lost."""
import contextlib
import csv
import datetime
import gzip
import io
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from checks import DATA, ENLACE, ROOT, answer, answers, check, environment, finish, refused, run, skip

SEED = 20261124


def make(folder, code="XA", *more):
    node = folder / code.lower()
    answer(None, "init", node, "--code", code, "--name", f"Agency {code}", "--country", code,
           "--language", "en", *more)
    return node


def sound(node, what):
    """The tree and the keys are what entries and records give; the vault has signed the log."""
    got, out, err = run(node, "rebuild", "--json")
    check(got == 0, f"{what}: rebuild finds everything as it was: {err}")
    state = answer(node, "status")
    check(state["signed"] == state["entries"] - 1, f"{what}: all but this act is signed: {state}")
    return state


# ---- Making a node, and who may do what ----

def lost(folder):
    """A node whose database was emptied or lost is never made anew over its keys."""
    node = make(folder)
    database, keys = (node / "store.db").read_bytes(), (node / "store.keys").read_bytes()
    for how in ("emptied", "missing"):
        (node / "store.db").unlink()
        if how == "emptied":
            (node / "store.db").touch()
        got, _, err = run(node, "status")
        check(got == 1 and "put back" in err and "enlace init" not in err, f"{how}: {err}")
        refused(None, "init", node, "--code", "XA", "--country", "xa", says="put ")
        check((node / "store.keys").read_bytes() == keys, f"{how}: the keys stay")
        (node / "store.db").write_bytes(database)
    check(run(node, "status")[0] == 0, "put back, it opens")
    keys = (node / "store.keys").read_bytes()
    for name in ("vault.key", "checkpoint"):
        content = (node / name).read_bytes()
        (node / name).unlink()
        (node / "store.db").rename(folder / "aside")
        got, _, err = run(None, "init", node, "--code", "XA", "--country", "xa")
        check(got == 1 and "put it back" in err, f"{name} and the database missing: {err}")
        check((node / "store.keys").read_bytes() == keys and not (node / name).exists(), "nothing is made")
        (folder / "aside").rename(node / "store.db")
        (node / name).touch(0o600)
        (node / name).write_bytes(content)


def making(folder):
    refused(None, "init", folder / "n", code=2, says="--code")
    refused(None, "init", folder / "n", "--code", "X A", "--country", "xa", code=2, says="hyphens")
    refused(None, "init", folder / "n", "--code", "XA", "--country", "nowhere", code=2, says="ISO 3166")
    refused(None, "init", folder / "n", "--code", "XA", "--country", "xa", "--language", "tlh",
            code=2, says="en, es, fr and pt")
    refused(None, "init", folder / "no/such", "--code", "XA", "--country", "xa", says="cannot be made")
    code, out, _ = run(None, "init", folder / "n", "--code", "XA", "--country", "xa")
    check(code == 0 and b"political, religious, racial or military" in out and b"case new" in out,
          f"the first-run text: what it is not for, and what to do next: {out.decode()}")
    refused(None, "init", folder / "n", "--code", "XA", "--country", "xa", says="already")
    refused(None, "status", code=2, says="ENLACE_NODE")
    refused(folder / "none", "status", says="no node here")
    check(run(None, "-n", folder / "n", "status")[0] == 0, "-n in front of the command")
    check(run(None, "status", "-n", folder / "n")[0] == 0, "-n behind the command")
    check(run(None, "status", f"--node={folder / 'n'}")[0] == 0, "--node")
    for name in ("vault.key", "store.db", "store.keys"):
        check((folder / "n" / name).stat().st_mode & 0o077 == 0, f"{name} is its owner's alone")
    refused(folder / "n", "status", "--as", "prado", says="fiction")
    state = answer(folder / "n", "status")
    check(not state["fiction"] and state["users"] == 1 and state["entries"] >= 2, f"status: {state}")
    os.chmod(folder / "n/vault.key", 0o644)
    refused(folder / "n", "status", says="chmod 600")


def people(folder):
    node = make(folder, "XA", "--fiction")
    me = answers(node, "user", "list")[0]
    check(me["roles"] == ["analyst", "administrator"], f"the first user: {me}")
    got = answer(node, "user", "add", "prado", "Lucía Prado", "--role", "analyst,liaison")
    check(got == {"user": "prado", "name": "Lucía Prado", "roles": ["analyst", "liaison"]}, f"{got}")
    me = answers(node, "user", "list")[0]
    check(me["roles"] == ["administrator"], f"a second analyst: the first user stays the other: {me}")
    refused(node, "user", "add", "prado", "--role", "analyst", says="already")
    refused(node, "user", "add", "x", "--role", "boss", code=2, says="analyst, investigator")
    refused(node, "user", "add", "x", "--role", "analyst,administrator", says="no other role")
    refused(node, "user", "add", "x y", "--role", "analyst", code=2, says="one word")
    refused(node, "user", "role", me["user"], "analyst", says="their own")
    refused(node, "user", "add", "x", "--role", "analyst", "--as", "prado", says="")
    refused(node, "status", "--as", "nobody-here", says="no user of this node")
    answer(node, "user", "add", "quispe", "--role", "supervisor")
    answer(node, "user", "add", "meneses", "--role", "overseer")
    answer(node, "user", "add", "rios", "--role", "investigator")
    answer(node, "user", "role", "rios", "")
    refused(node, "case", "new", "R-1", "--as", "rios")

    # AT-25: the administrator reads no case, whatever way is tried.
    answer(node, "case", "new", "C-1", "Tres Delfines", "--as", "prado")
    record = answer(node, "new", "Seizure", "date=2026-02-03", "containerNumber=QZAU2045184",
                    "--case", "C-1", "--as", "prado")
    loose = answer(node, "new", "Person", "name=Ana Lima", "birthDate=1984-03-12", "--as", "prado")
    for who in (me["user"], "meneses", "quispe", "rios"):
        for words in (["show", record["id"]], ["find", "QZAU2045184"], ["keys", record["id"]],
                      ["export", "--format", "ftm", "--case", "C-1"], ["erase", record["id"],
                      "--reason", "x"], ["edit", record["id"], "place=Y"],
                      ["new", "Seizure", "date=2026-01-01", "--case", "C-1"],
                      ["import", ROOT / "examples/xa.ftm.json", "--case", "C-1"]):
            refused(node, *words, "--as", who)
    for who in (me["user"], "meneses"):
        for words in (["show", loose["id"]], ["export", "--format", "ftm"], ["case", "list"],
                      ["find", "Ana Lima 1984-03-12"], ["case", "new", "C-2"]):
            refused(node, *words, "--as", who)
    refused(node, "rebuild", "--as", "prado")
    for words in (("log", "verify"), ("status",), ("rebuild",), ("epoch", "list"), ("epoch", "new")):
        refused(node, *words, "more", code=2, says="this takes no word")
    check(answer(node, "show", loose["id"], "--as", "quispe")["id"] == loose["id"],
          "what is in no case is the agency's")
    check(answers(node, "case", "list", "--as", "quispe") == [], "no case of hers yet")
    got = answer(node, "case", "member", "C-1", "quispe", "--as", "prado")
    check(got == {"case": "C-1", "user": "quispe", "member": True}, f"a member: {got}")
    check(answer(node, "show", record["id"], "--as", "quispe")["id"] == record["id"], "a member reads")
    check([c["case"] for c in answers(node, "case", "list", "--as", "quispe")] == ["C-1"], "her case")
    answer(node, "case", "member", "C-1", "quispe", "--remove", "--as", "prado")
    refused(node, "show", record["id"], "--as", "quispe")
    refused(node, "case", "new", "C-1", "--as", "prado", says="already")
    refused(node, "case", "member", "C-9", "quispe", "--as", "prado", says="no case of this name")
    refused(node, "import", ROOT / "examples/xa.ftm.json", "--case", "C-9", "--as", "prado",
            says="no case of this name")
    refused(node, "new", "Person", "name=X", "--purpose", "curiosity", "--as", "prado", code=2,
            says="investigation")
    sound(node, "after a good many refusals")


# ---- The story ----

def record_of(node, source, *more):
    for line in run(node, "export", "--format", "ftm", *more)[1].splitlines():
        if json.loads(line)["id"] == source:
            return json.loads(line)
    return None


def story(folder):
    nodes = {code: make(folder, code, "--fiction") for code in ("XA", "XB", "XC")}
    refused(nodes["XA"], "new", "Seizure", "date=2026-02-03T05:40-05:00",
            "containerNumber=QZAU2045148", says="QZAU2045184")
    check(answer(nodes["XA"], "status")["records"] == 0, "step 1: nothing was kept")
    refused(nodes["XA"], "new", "Seizure", stdin=b"date=2026-02-03\ncontainerNumber=QZAU2045148\n",
            says="perhaps QZAU2045184")
    refused(nodes["XA"], "new", "Siezure", "date=2026-02-03", code=2, says="Seizure")
    refused(nodes["XA"], "new", "Seizure", "containerNumbr=QZAU2045184", says="containerNumber")
    refused(nodes["XA"], "new", "Seizure", "place=Puerto Velero", says="date")
    refused(nodes["XA"], "new", "Person", "name=X", "@status=witnes", says="witness")
    refused(nodes["XA"], "new", "Person", "name", says="name=value")
    code, out, err = run(nodes["XA"], "new", "Vessel", "name=Alba del Sur", "imoNumber=0007318",
                         "--json")
    check(code == 0 and "imoNumber" in err, f"a doubtful number is taken, and told: {err}")

    for code, node in nodes.items():
        case = f"{code}-2026-01"
        answer(node, "case", "new", case)
        path = ROOT / f"examples/{code.lower()}.ftm.json"
        given = [json.loads(line) for line in path.read_text().splitlines()]
        done = answer(node, "import", path, "--case", case)
        check((done["read"], done["added"], done["rejected"]) == (len(given), len(given), 0),
              f"{code}'s records: {done}")
        exported = {r["id"]: r for r in map(json.loads, run(
            node, "export", "--format", "ftm", "--case", case, "--acknowledge")[1].splitlines())}
        check(len(exported) == len(given), f"{code}: as many came out: {len(exported)}")
        for record in given:
            same = exported.get(record["id"], {})
            check(same.get("properties") == record["properties"] and
                  all(same.get(k) == v for k, v in record.items() if k != "handling") and
                  set(same.get("handling", [])) == set(record.get("handling", [])) | {"H0"},
                  f"{record['id']} comes out as it went in: {same}")
        decoys = folder / f"{code}.decoys"
        decoys.write_text("".join(json.dumps(
            {"id": f"{code}-D-{i}", "schema": "Phone",
             "properties": {"number": [f"+999{ord(code[1]) % 10}{i:08d}"]}}) + "\n"
            for i in range(10000)))
        check(answer(node, "import", decoys)["added"] == 10000, f"{code}: the decoys")
    xa, xb, xc = nodes.values()
    done = answer(xa, "import", ROOT / "examples/xa-27-february.ftm.json", "--case", "XA-2026-01")
    check(done["added"] >= 1, f"the booking list: {done}")

    typed = answer(xa, "new", "Seizure", "id=XA-SZ-TYPED", "date=2026-02-03T05:40:00-05:00",
                   "agency=XAPVL", "containerNumber=QZAU2045184", "grossKg=1182.4", "netKg=1106.0",
                   "purity=84", "coverLoad=bananas", "hsCode=080390", "sealDeclared=XA0093317",
                   "sealFound=XA0093371", "imoNumber=0007319", "notifyPhone=00999 55-010-7788",
                   "packagingMark=three dolphins", "consignee=NOORDT FRUIT IMPORT B.V.",
                   "@handling=H1 H2", "@evaluation=4x4:A1", "--case", "XA-2026-01")
    check(typed["properties"]["sourceId"] == ["XA-SZ-TYPED"] and typed["handling"] == ["H0", "H1", "H2"]
          and typed["evaluation"] == "4x4:A1", f"typed: {typed}")
    check(answer(xa, "show", typed["id"]) == typed, "shown as it was typed")
    for what in ("description=24 bags rip-on/rip-off", "description=handset",
                 "description=seal XA0093371", "description=sample 24 x 0.5 g"):
        code, out, err = run(xa, "new", "Exhibit", f"exhibitNumber=E{what[12]}", what, "--case",
                             "XA-2026-01", "--json")
        check(code == 0, f"an exhibit: {err}")

    def finds(node, words, source, why):
        found = answers(node, "find", *words)
        check(any(set(f) == {"id", "schema", "caption", "score", "why"} and why in f["why"]
                  and 0 < f["score"] <= 1 for f in found), f"{words}: {found}")
        ids = {answer(node, "show", f["id"])["properties"].get("sourceId", [""])[0] for f in found}
        check(source in ids, f"{words} finds {source}: {ids}")

    finds(xa, ["999 550107788"], "XA-SZ-2026-0041", "phone:+999550107788")
    finds(xb, ["--key", "phone:00999 55-010-7788"], "XB-SZ-2026-0009", "phone:+999550107788")
    finds(xa, ["Noordt Fruit Import"], "XA-SZ-2026-0041", "company:fruit import noordt")
    finds(xa, ["THREE DOLPHINS"], "XA-SZ-2026-0041", "mark:three dolphins")
    finds(xb, ["--key", "imei:00101234567890"], "XB-SZ-2026-0009", "imei:00101234567890")
    finds(xc, ["XC55NORV0003000000909090"], "XC-FIU-2026-0044", "account:XC55NORV0003000000909090")
    finds(xa, ["Alvear Quiroz, Tomás", "1984-03-12"], "XA-P-0007",
          "person:~ALVR 1984-03-12")
    finds(xa, ["qzau 771903-1"], "XA-BK-2026-0003", "container:QZAU7719031")
    refused(xa, "find", "QZAU7719999")
    finds(xa, ["Tomás Alvear Quiroz"], "XA-P-0007", 'name: "tomas" is there')
    refused(xa, "find", "--key", "telephone:1", code=2, says="phone")
    refused(xa, "find", code=2, says="TEXT")
    keys = answers(xa, "keys", typed["id"])
    check({"phone:+999550107788", "imo:0007319", "container:QZAU2045184"} <= {k["key"] for k in keys}
          and set(keys[0]) == {"id", "key", "bits"}, f"keys of a record: {keys}")
    os.chdir(folder)
    Path(typed["id"]).write_text((ROOT / "examples/xb.ftm.json").read_text())
    keys = answers(xa, "keys", typed["id"])
    check(any(k["id"] == "XB-SZ-2026-0009" for k in keys), "a file of that name stays a file")
    os.chdir(ROOT)
    for node in nodes.values():
        sound(node, "after the story")
    return xa


def editing(folder):
    node = make(folder)
    lines = b"name=Elske van Noordt\nbirthDate=1988-06-07\nalias=Elske N.\nalias=E. Noordt\n\nname=no\n"
    code, out, err = run(node, "new", "Person", "--json", stdin=lines)
    first = json.loads(out)
    check(code == 0 and first["properties"]["alias"] == ["Elske N.", "E. Noordt"] and
          first["properties"]["name"] == ["Elske van Noordt"], f"typed line by line: {out} {err}")
    for odd in (b"name=Ana\0 Lima\n", b"\0name=Ana\n", b"name=Ana\rbirthDate=1990\n"):
        refused(node, "new", "Person", stdin=odd, says="a NUL or a carriage return")
    second = answer(node, "edit", first["id"], "alias=", "birthDate=1988-06-08", "@status=suspect",
                    "nationality=xc")
    check(second["properties"] == {"name": ["Elske van Noordt"], "birthDate": ["1988-06-08"],
                                   "nationality": ["xc"]} and second["status"] == "suspect" and
          second["id"] == first["id"], f"edited: {second}")
    check(answer(node, "show", first["id"]) == second, "shown as edited")
    own = folder / "own.json"
    own.write_bytes(run(node, "export", "--format", "ftm")[1])
    again = answer(node, "import", own)
    check((again["added"], again["changed"], again["unchanged"]) == (0, 0, 1),
          f"an own export of what was typed without an id: {again}")
    check(len(answers(node, "find", "Elske van Noordt 1988-06-08")) == 1, "found under the new date")
    answer(node, "edit", first["id"], "phone=+999550100001")
    second = answer(node, "edit", first["id"], "phone=+999550100002")
    refused(node, "find", "--key", "phone:+999550100001")
    check(len(answers(node, "find", "--key", "phone:+999550100002")) == 1, "and the new number")
    refused(node, "edit", first["id"], "birthDate=yesterday", says="birthDate")
    refused(node, "edit", first["id"], "name=", "birthDate=", "nationality=", "phone=",
            says="nothing would be left")
    refused(node, "edit", first["id"], "@status=potential-offender", says="supervisor")
    refused(node, "new", "Person", "name=X", "@status=potential-offender", says="supervisor")
    theirs = answer(node, "new", "Person", "name=Rui", "@owner=XB", "@handling=H1 H2")
    refused(node, "edit", theirs["id"], "@handling=H1", says="only XB can lift")
    refused(node, "edit", theirs["id"], "@owner=XA", says="stays the owner")
    refused(node, "edit", theirs["id"], "name=Rui S.", says="words are not changed here")
    refused(node, "edit", theirs["id"], "@evaluation=4x4:A1", says="--basis")
    seen = answer(node, "edit", theirs["id"], "@evaluation=4x4:C3", "@handling=H1 H2", "@handling=H3: for XB alone",
                  "--basis", "a second source says otherwise; XB was told")
    check(seen["evaluation"] == "4x4:C3" and seen["handling"] == ["H0", "H1", "H2", "H3: for XB alone"],
          f"seen otherwise, under more conditions: {seen}")
    refused(node, "edit", theirs["id"], "@handling=H1 H2", "@handling=H3: for all", says="only XB can lift")
    refused(node, "edit", first["id"], "@owner=XB", says="stays the owner")
    refused(node, "edit", "00" * 16, "name=X", says="")
    for made in ("LinkDecision", "Hit", "Alert", "Peer"):
        refused(node, "new", made, "name=x", says="command of its own")
    made_up = b"Elske K123456-PA"
    refused(node, "show", made_up.hex())
    check(made_up not in (node / "store.db").read_bytes() and not (node / "store.db-wal").exists(),
          "what somebody typed as an id does not get into the log")
    refused(node, "edit", first["id"], code=2)
    refused(node, "show", "nonsense", says="neither an id of this node")
    refused(node, "show", "ab" * 16)
    check(answer(node, "show", first["id"]) == second, "a refused edit changes nothing")
    sound(node, "after edits")


def versions(folder):
    """Old versions, and what a case holds: read by members, by an act whose entry counts like any other."""
    node = make(folder, "XA", "--fiction")
    for who, role in (("prado", "analyst"), ("quispe", "analyst"), ("meneses", "overseer"), ("sup", "supervisor")):
        answer(node, "user", "add", who, "--role", role)
    me = ("--case", "C-1", "--as", "prado")
    answer(node, "case", "new", "C-1", "--as", "prado")
    made = answer(node, "new", "Person", "id=P1", "name=Ana Lima", "phone=+999550001234", *me)
    other = answer(node, "new", "Vessel", "name=Tres Delfines", *me)
    loose = answer(node, "new", "Person", "name=Nobody", "--as", "prado")
    answer(node, "edit", made["id"], "name=Ana Lima", "name=Ana Lime", "@status=witness", "--as", "prado",
           "--basis", "as she said")
    last = answer(node, "edit", made["id"], "phone=", "--as", "prado")

    before = answer(node, "status")["entries"]
    got = answers(node, "show", made["id"], "--history", "--as", "prado")
    check(answer(node, "status")["entries"] == before + 2, "one entry for the whole history")
    check([(v["id"], v["version"], v["who"], v["verb"]) for v in got] ==
          [(made["id"], 1, "prado", "new"), (made["id"], 2, "prado", "edit"), (made["id"], 3, "prado", "edit")], f"{got}")
    check(all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", v["when"]) for v in got), "when")
    check(got[0]["entry"] < got[1]["entry"] < got[2]["entry"] < before, "the entries that wrote them")
    check(got[0]["changed"]["name"] == {"before": [], "after": ["Ana Lima"]} and
          got[0]["changed"]["id"] == {"before": [], "after": ["P1"]}, f"the first: {got[0]}")
    check(got[1]["changed"] == {"name": {"before": ["Ana Lima"], "after": ["Ana Lima", "Ana Lime"]},
                                "@status": {"before": ["uncategorised"], "after": ["witness"]}}, f"{got[1]}")
    check(got[2]["changed"] == {"phone": {"before": ["+999550001234"], "after": []}}, f"{got[2]}")
    check(answer(node, "show", made["id"], "--version", "1", "--as", "prado") == made, "as it was")
    check(answer(node, "show", made["id"], "--version", "3", "--as", "prado") == last, "as it is")
    out = run(node, "show", "P1", "--history", *me)[1].decode()
    check("version 2" in out and "Ana Lima -> Ana Lima; Ana Lime" in out, f"in words: {out}")
    refused(node, "show", made["id"], "--version", "4", "--as", "prado", says="no version 4")
    for word in ("0", "x", "-1", ""):
        refused(node, "show", made["id"], "--version", word, "--as", "prado", code=2, says="--history lists")
    refused(node, "show", made["id"], "--version", "1", "--history", "--as", "prado", code=2, says="--history lists")

    lines = answers(node, "case", "show", "C-1", "--as", "prado")
    check(lines == [{"id": made["id"], "schema": "Person", "caption": "Ana Lima", "status": "witness"},
                    {"id": other["id"], "schema": "Vessel", "caption": "Tres Delfines", "status": "uncategorised"}],
          f"what is in the case, and nothing else: {lines}")
    strange = run(node, "case", "show", "C-9", "--as", "quispe")
    check(strange[0] == 1 and strange[2] == run(node, "case", "show", "C-1", "--as", "quispe")[2] != "",
          f"a stranger does not learn that there is such a case: {strange}")
    me = answers(node, "user", "list")[0]["user"]
    for who in ("quispe", "meneses", "sup", me):
        for words in (["show", made["id"], "--history"], ["show", made["id"], "--version", "1"], ["case", "show", "C-1"]):
            refused(node, *words, "--as", who)
    for who in ("meneses", me):
        refused(node, "show", loose["id"], "--history", "--as", who)
    refused(node, "case", "show", code=2, says="reference")
    answer(node, "erase", made["id"], "--reason", "x", "--as", "prado")
    refused(node, "show", made["id"], "--history", "--as", "prado", says="erased")
    check(len(answers(node, "case", "show", "C-1", "--as", "prado")) == 1, "erased: no longer there")
    check(not contains(node, ("Ana Lime", "as she said")), "nor are its old versions")
    sound(node, "after reading old versions")


def overseen(folder):
    """The log as whoever watches over it reads it, and checks it."""
    node = make(folder, "XA", "--fiction")
    for who, role in (("prado", "analyst"), ("meneses", "overseer"), ("sup", "supervisor")):
        answer(node, "user", "add", who, "--role", role)
    me = answers(node, "user", "list")[0]["user"]
    answer(node, "case", "new", "C-1", "Secret title", "--as", "prado")
    made = answer(node, "new", "Person", "name=Xerxes Quillfeather", "--case", "C-1", "--as", "prado")
    answer(node, "new", "Person", "name=Someone Else", "--as", "prado", "--purpose", "border")
    refused(node, "show", made["id"], "--as", "sup")
    refused(node, "rebuild", "--as", "prado")
    run(node, "find", "Quillfeather", "--as", "prado", "--basis", "because of Quillfeather")

    entries = answer(node, "status")["entries"]
    got = answers(node, "log", "--as", "meneses")
    check([r["sequence"] for r in got] == list(range(entries + 1)), f"every entry, and this one: {got}")
    check(all(set(r) == {"sequence", "time", "who", "role", "verb", "object", "case", "purpose", "outcome"} for r in got),
          "the members")
    check((got[-1]["who"], got[-1]["role"], got[-1]["verb"]) == ("meneses", "overseer", "log-read"), f"{got[-1]}")
    check((got[0]["who"], got[0]["role"], got[0]["verb"]) == ("", "node", "init"), f"the node itself: {got[0]}")
    kept = {(r["who"], r["verb"], r["case"], r["purpose"], r["outcome"]) for r in got}
    for row in (("prado", "case-new", "C-1", "investigation", "done"), ("prado", "new", "C-1", "investigation", "done"),
                ("prado", "new", "", "border", "done"), ("prado", "search", "", "investigation", "done"),
                ("sup", "read", "", "investigation", "refused"), ("prado", "rebuild", "", "investigation", "refused")):
        check(row in kept, f"{row} is told: {kept}")
    check([r["object"] for r in got if r["verb"] == "new"][0] == made["id"], "the object")
    for words in (["log"], ["log", "--json"]):
        out = run(node, *words, "--as", "meneses")[1].decode()
        check("prado" in out and "Quillfeather" not in out and "Secret" not in out, "nothing that stands in a record")
    of = answers(node, "log", "--who", "prado", "--as", "meneses")
    check(of and {r["who"] for r in of} == {"prado"}, f"one person's: {of}")
    check(answers(node, "log", "--from", entries, "--to", entries, "--as", "meneses") == [got[-1]], "from, to")
    check(answers(node, "log", "--from", 5, "--to", 4, "--as", "meneses") == [], "none")
    of = answers(node, "log", "--case", "C-1", "--as", "meneses")
    check(len(of) == 3 and {r["case"] for r in of} == {"C-1"}, f"one case's, with this one: {of}")
    refused(node, "log", "--as", "sup", says="name one of your cases")
    refused(node, "log", "--case", "C-1", "--as", "sup", says="no case of this name that you belong to")
    answer(node, "case", "member", "C-1", "sup", "--as", "prado")
    of = answers(node, "log", "--case", "C-1", "--as", "sup")
    check(len(of) >= 4 and {r["case"] for r in of} == {"C-1"}, f"a supervisor's own case: {of}")
    for who in (me, "prado"):
        refused(node, "log", "--as", who, says="not for the role")
        refused(node, "log", "--case", "C-1", "--as", who, says="not for the role")
    refused(node, "log", "verify", "--as", "prado", says="not for the role")
    refused(node, "log", "--who", "nobody", "--as", "meneses", says="no user")
    refused(node, "log", "--from", "x", "--as", "meneses", code=2, says="--from")
    refused(node, "log", "--case", "C-9", "--as", "meneses", says="no case of this name")

    answer(node, "import", ROOT / "examples/xa.ftm.json", "--case", "C-1", "--as", "prado")
    for i in range(3):
        (folder / "many.json").write_text("".join(
            json.dumps({"id": f"p{i}-{k}", "schema": "Person", "properties": {"name": [f"N {k}"]}}) + "\n"
            for k in range(300)))
        answer(node, "import", folder / "many.json", "--as", "prado")
    answer(node, "erase", made["id"], "--reason", "x", "--as", "prado")
    sound(node, "before verifying")
    state = answer(node, "status")
    for who in (me, "meneses", "sup"):
        valid = answer(node, "log", "verify", "--as", who)
        state["entries"] += 1
        check(valid["valid"] and valid["entries"] == state["entries"] and valid["signed"] == state["entries"] - 1, f"{valid}")
    check("The log is sound" in run(node, "log", "verify", "--as", "meneses")[1].decode(), "in words")

    def spoiled(name, *statements):
        bad = folder / name
        shutil.copytree(node, bad)
        with contextlib.closing(sqlite3.connect(bad / "store.db")) as db:
            for text, *values in statements:
                db.execute(text, values)
            db.commit()
        return bad

    with contextlib.closing(sqlite3.connect(node / "store.db")) as db:
        wire = bytearray(db.execute("SELECT entry FROM entry WHERE sequence = 300").fetchone()[0])
    for at in (70, 20, 5, 18, 0):
        flipped = bytes(b ^ (i == at) for i, b in enumerate(wire))
        bad = spoiled(f"bad{at}", ("UPDATE entry SET entry = ? WHERE sequence = 300", flipped))
        check(run(bad, "status")[0] == 0, "a bit that flipped there is in nobody's way")
        got = answer(bad, "log", "verify", "--as", "meneses", code=1)
        check(got["valid"] is False and len(got["why"]) > 20, f"byte {at}: {got}")
        refused(bad, "log", "verify", "--as", "meneses", says="entr")
    bad = spoiled("gone", ("DELETE FROM entry WHERE sequence = 300",))
    check("entry 300" in answer(bad, "log", "verify", "--as", "meneses", code=1)["why"], "which is missing")
    got = run(bad, "log", "--as", "meneses")
    check(got[0] == 1 and "entry 300" in got[2], f"the reader is told, too: {got[0]} {got[2]}")


def looking(folder):
    """What was typed is read as it was meant, or the sentence says as what it was read."""
    node = make(folder)
    zoltan = answer(node, "new", "Person", "name=Zoltan Kovacs", "birthDate=1984-03-12", "phone=+999550001234")
    other = answer(node, "new", "Person", "name=Zoltan Kovacs", "birthDate=1984-12-05")
    box = answer(node, "new", "Seizure", "date=2026-02-03", "containerNumber=QZAU2045184")
    doc = answer(node, "new", "Person", "name=Ana Lima", "passportNumber=20120304")
    for text in ("1984-03-12", "12.03.1984", "12.3.1984", "12 March 1984", "March 12, 1984", "12 mar 1984", "1984/03/12",
                 "12 de marzo de 1984", "5.12.1984"):
        found = answers(node, "find", f"Zoltan Kovacs {text}")
        wanted = other if text == "5.12.1984" else zoltan
        check([f["id"] for f in found] == [wanted["id"]] and any("person:~KVKS 1984" in w for w in found[0]["why"]),
              f"{text}: {found}")
    check({f["id"] for f in answers(node, "find", "Zoltan Kovacs")} == {zoltan["id"], other["id"]}, "both by the name")
    got = run(node, "find", "Zoltan Kovacs 03/12/1984")
    check(got[0] == 0 and "which is the month" in got[2], f"nobody can say: {got}")
    check([f["id"] for f in answers(node, "find", "20120304")] == [doc["id"]], "a number, and no date")
    for text in ("1984-03-12", "12.03.1984"):
        refused(node, "find", text, says="a date is looked for behind a name")
    got = run(node, "find", "Nobody")
    check("date" not in got[2], f"nothing is said of dates: {got[2]}")
    for key, record in (("phone:00999 55 000 1234", zoltan), ("container:qzau 204518-4", box)):
        check([f["id"] for f in answers(node, "find", "--key", key)] == [record["id"]], f"{key}: cleaned")
    refused(node, "find", "--key", "phone:00999 55 000 9999", says="looked for phone:+999550009999")
    refused(node, "find", "--key", "imei:zz", says="letter by letter")
    rows = "".join(json.dumps({"id": f"s{i}", "schema": "Person", "properties": {"name": [f"N {i}"], "phone": ["+999550001111"]}})
                   + "\n" for i in range(300))
    (folder / "many.json").write_text(rows)
    answer(node, "import", folder / "many.json")
    check(len(answers(node, "find", "--key", "phone:+999550001111")) == 300, "all who have it")
    check(len(answers(node, "find", "--key", "phone:+999550001111", "--limit", 5)) == 5, "--limit holds")
    refused(node, "near", "s7", says="1 identifier on the way is had by so many records")
    got = run(node, "near", zoltan["id"])
    check("on the way" not in got[2], f"nothing of the kind: {got[2]}")


def careful(folder):
    """Nothing of somebody's own is overwritten, dropped or lost unseen."""
    node = make(folder)
    answer(node, "case", "new", "C-1")
    answer(node, "new", "Person", "name=Ana Lima", "phone=+999550001234", "--case", "C-1")
    mine = folder / "seizures.csv"
    mine.write_text("my,own\n1,2\n")
    for ending in ("csv", "svg", "graphml", "gexf"):
        path = mine if ending == "csv" else folder / f"own.{ending}"
        path.write_text("<svg>my,own\n1,2\n")
        refused(node, "chart", "C-1", "-o", path, says="--force")
        check(path.read_text() == "<svg>my,own\n1,2\n", f"{ending}: it is as it was")
        answer(node, "chart", "C-1", "-o", path, "--force")
        answer(node, "chart", "C-1", "-o", path)  # a chart over a chart
    mine.write_text("my own")
    invite = ("peer", "invite", "-o", mine, "--url", "https://localhost:1")
    refused(node, *invite, says="--force")
    check(mine.read_text() == "my own", "it is as it was")
    for more in (["--force"], []):
        answer(node, *invite, *more)
    check(mine.read_text().startswith("enlace invitation"), "written")

    for words in (["id=P1", "id=P9"], ["@status=witness", "@status=suspect"], ["@owner=XB", "@owner=XC"],
                  ["@evaluation=4x4:A1", "@evaluation=4x4:B2"], ["@purpose=alert", "@purpose=border"],
                  ["@review=2027-01-01", "@review=2027-01-02"]):
        refused(node, "new", "Person", "name=X", *words, says=f"{words[0].split('=')[0]} is given twice")
    got = answer(node, "new", "Person", "id=P1", "name=X", "@handling=H1", "@handling=H2", "@status=witness")
    check(got["handling"] == ["H0", "H1", "H2"] and got["status"] == "witness", f"of these there may be several: {got}")
    refused(node, "edit", "P1", "@status=suspect", "@status=witness", "--basis", "x", says="given twice")

    for words in (["export", "--format", "csv"], ["status"], ["show", "P1", "--json"]):
        done = subprocess.run(["/bin/sh", "-c", '"$0" "$@" >&-', ENLACE, *words], stderr=subprocess.PIPE,
                              env=environment(node))
        check(done.returncode == 3 and b"standard output" in done.stderr and b"records written" not in done.stderr,
              f"{words}: nobody can read it: {done}")
    sound(node, "after it")
    missing = folder / "nowhere"
    got = run(node, "status", ENLACE_PASSPHRASE_FILE=str(missing))
    check(got[0] == 1 and "nowhere" in got[2] and "passphrase" in got[2] and "vault.key is missing" not in got[2], f"{got}")


def reviewed(folder):
    """Everything has a day on which it is kept or deleted, and what comes back says nothing new."""
    node = make(folder)
    today = datetime.datetime.now(datetime.timezone.utc).date()
    person = answer(node, "new", "Person", "name=Ana Lima", "id=P-1")
    suspect = answer(node, "new", "Person", "name=Caio Brandão", "id=P-2", "@status=suspect")
    dated = answer(node, "new", "Vessel", "name=Alba del Sur", "id=V-1", "@review=2027-01-31")
    late = {str(today + datetime.timedelta(days=n)) for n in (180, 181)}
    check(person["review"] in late, f"uncategorised: 180 days: {person}")
    check(suspect["review"][:4] == str(today.year + 5), f"five years: {suspect}")
    check(dated["review"] == "2027-01-31", f"as it was given: {dated}")
    for record in (person, suspect, dated):
        check(answer(node, "show", record["id"]) == record, "shown alike")
    out = run(node, "export", "--format", "ftm")[1]
    check(all("review" in json.loads(line) for line in out.splitlines()), "exported with its day")
    back = folder / "back.ftm.json"
    back.write_bytes(out)
    done = answer(node, "import", back)
    check((done["added"], done["changed"], done["unchanged"]) == (0, 0, 3), f"nothing new: {done}")
    back.write_bytes(out.replace(b"2027-01-31", b"2028-01-31").replace(b"Ana", b"Eva"))
    done = answer(node, "import", back)
    check((done["added"], done["changed"], done["unchanged"]) == (0, 1, 2), f"one changed, and no review put off: {done}")
    check(answer(node, "show", person["id"])["properties"]["name"] == ["Eva Lima"], "and kept whole")
    check(answer(node, "edit", person["id"], "@status=suspect")["review"] == suspect["review"],
          "categorised: five years")


def conditions(folder):
    """Reviews, acquittals and restrictions move only with a reason, and some only by a second person."""
    node = make(folder, "XA", "--fiction")
    today = datetime.datetime.now(datetime.timezone.utc).date()
    day = lambda n: str(today + datetime.timedelta(days=n))
    far = str(today.replace(year=today.year + 4, day=1))
    refused(node, "new", "Person", "name=X", "@review=2020-01-01", says="in the past")
    refused(node, "new", "Person", "name=X", f"@review={far}", says="--basis")
    refused(node, "new", "Person", "name=X", f"@review={today.year + 9}-01-01", "--basis", "x", says="within 5 years")
    refused(node, "new", "Person", "name=X", "@handling=H3", says="H3 is a restriction in words")
    check(answer(node, "new", "Person", "name=X", f"@review={far}", "--basis", "trial pending")["review"] == far,
          "with a reason")
    caio = answer(node, "new", "Person", "name=Caio", "id=P-9", "@status=suspect", "@handling=H1")
    check(answer(node, "show", "P-9") == caio, "by the id it came with")
    check(run(node, "keys", "P-9")[0] == 0, "keys too")
    refused(node, "show", "P-99", says="neither an id of this node")
    soon = answer(node, "edit", "P-9", "@status=acquitted")["review"]
    check(soon <= day(31), f"acquitted: looked at within 30 days: {soon}")
    refused(node, "edit", "P-9", "@review=" + day(200), says="say with --basis why")
    refused(node, "edit", "P-9", "@status=suspect", says="acquitted")
    check(answer(node, "edit", "P-9", "@status=suspect", "--basis", "appeal allowed")["review"] == soon,
          "and the day stays")
    refused(node, "edit", "P-9", "@handling=", "--basis", "x", says="lifted by a supervisor")
    answer(node, "user", "add", "sup", "--role", "supervisor")
    refused(node, "edit", "P-9", "@handling=", "--as", "sup", says="--basis")
    check(answer(node, "edit", "P-9", "@handling=", "--as", "sup", "--basis", "hearing over")["handling"] == ["H0"],
          "lifted by somebody else")
    answer(node, "edit", "P-9", "@handling=H2", "--as", "sup")
    refused(node, "edit", "P-9", "@handling=", "--as", "sup", "--basis", "x", says="who did not write them")
    sound(node, "after conditions")


def merging(folder):
    """A file brings what its source says anew; what people changed here stands, and no file ends a protection."""
    node = make(folder)
    source = folder / "list.ftm.json"

    def come(*rows):
        source.write_text("".join(json.dumps({"schema": "Person", **row}) + "\n" for row in rows))
        code, out, err = run(node, "import", source, "--json")
        done = json.loads(out)
        check(code == (done["rejected"] == len(rows)), f"an import in which nothing is accepted is refused: {code} {err}")
        return done["added"], done["changed"], done["unchanged"], done["rejected"]

    def reasons():
        return (folder / "list.ftm.json.rejects.csv").read_text()

    karl = {"id": "P1", "properties": {"name": ["Karl Zeuge"], "phone": ["+999550009999"]}}
    theirs = {"id": "P2", "owner": "XC", "properties": {"name": ["Rui"]}, "status": "suspect", "evaluation": "4x4:B2",
              "handling": ["H1", "H2", "H3: FIU only"]}
    check(come(karl, theirs) == (2, 0, 0, 0) and come(karl, theirs) == (0, 0, 2, 0), "twice the same")
    answer(node, "edit", "P1", "@status=witness", "@handling=H1", "alias=Karli")
    check(come(karl) == (0, 0, 1, 0), "not a byte changed in the file")
    shown = answer(node, "show", "P1")
    check(shown["status"] == "witness" and shown["handling"] == ["H0", "H1"] and
          shown["properties"]["alias"] == ["Karli"], f"what people did stands: {shown}")
    karl["properties"] = {"name": ["Karl Zeuge"], "phone": ["+999550009998"], "birthDate": ["1970-01-02"]}
    check(come(karl) == (0, 1, 0, 0), "the source has a new number")
    shown = answer(node, "show", "P1")
    check(shown["status"] == "witness" and shown["properties"]["alias"] == ["Karli"] and
          shown["properties"]["phone"] == ["+999550009998"] and shown["properties"]["birthDate"] == ["1970-01-02"],
          f"the number came, the rest stands: {shown}")
    del karl["properties"]["birthDate"]
    check(come(karl) == (0, 1, 0, 0) and "birthDate" not in answer(node, "show", "P1")["properties"],
          "what the source takes back goes")
    check(come({**karl, "status": "suspect"}) == (0, 0, 0, 1) and "a person decides that" in reasons(),
          "no file ends a protection")
    check(come({**karl, "handling": ["H0"]}) == (0, 0, 0, 1) and "no file lifts them" in reasons(),
          "no file lifts a restriction")
    check(come({**karl, "id": "P3", "status": "potential-offender"}) == (0, 0, 0, 1) and
          "given by a supervisor" in reasons(), "no file makes a potential offender")
    check(come({"id": "D1", "schema": "LinkDecision",
                "properties": {"left": ["P1"], "right": ["P2"], "verdict": ["same"], "decidedBy": ["Elena"]}})
          == (0, 0, 0, 1) and "no file brings one" in reasons(), "no file decides")
    silent = {k: theirs[k] for k in ("id", "owner", "properties")}
    check(come(silent) == (0, 0, 1, 0), "what a file leaves out changes nothing")
    check(come({**silent, "status": "informant", "evaluation": "4x4:A1"}) == (0, 1, 0, 0), "what it says is taken")
    check(come(silent) == (0, 0, 1, 0), "and stays when it says no more")
    found = [json.loads(line) for line in run(node, "export", "--format", "ftm", "--acknowledge")[1].splitlines()]
    check(len(found) == 1, f"an informant stays here: {found}")
    sound(node, "after merging")


def plausible(folder):
    """A slip of the hand is told while the hand is there; what the node writes it can read."""
    node = make(folder)
    for slip, says in (("date=2099-01-01", "future"), ("quantity=-1", "below zero"), ("purity=140", "0 to 100"),
                       ("latitude=95", "-90 to 90"), ("longitude=-181", "180")):
        refused(node, "new", "Seizure", "date=2026-01-02", slip, says=says)
    refused(node, "new", "Seizure", "date=2026-01-02", "grossKg=10", "netKg=12", says="net is part of gross")
    kept = answer(node, "new", "Seizure", "date=2026-01-02", "quantity=3", "purity=80", "netKg=3", "grossKg=3.5")
    refused(node, "edit", kept["id"], "purity=101", says="0 to 100")
    answer(node, "new", "Seizure", "date=2026-02", "quantity=1")
    code, out, err = run(node, "export", "--format", "ids")
    check(code == 0 and len(out.splitlines()) == 2 and "1 seizure is left out" in err, f"whole days go out: {err}")
    (folder / "back.csv").write_bytes(out)
    check(answer(make(folder, "XB"), "import", folder / "back.csv")["rejected"] == 0, "and come in")
    header = run(node, "export", "--format", "ids", "--layout", "2011-2016")[1].splitlines()[0]
    check(header.count(b";") == 15, f"sixteen columns: {header}")


def going_out(folder):
    """What leaves in a file names its records by the ids that stand in it, and says what stays."""
    node = make(folder)
    ana, firm = answer(node, "new", "Person", "name=Ana", "id=P1"), answer(node, "new", "Company", "name=Co", "id=C9")
    answer(node, "new", "Ownership", f"owner={ana['id']}", f"asset={firm['id']}")
    answer(node, "new", "Person", "name=Quiet", "@status=informant")
    answer(node, "new", "Vessel", "name=+cmd|' /C calc'!A0")
    answer(node, "new", "Vessel", "name=Evil\n  status   convicted")
    code, out, err = run(node, "export", "--format", "ftm")
    rows = [json.loads(line) for line in out.splitlines()]
    owns = [row["properties"] for row in rows if row["schema"] == "Ownership"]
    check(code == 0 and owns == [{"owner": ["P1"], "asset": ["C9"]}], f"named as they go out: {owns}")
    check("1 record is of informants" in err, f"and what stays is told: {err}")
    table = run(node, "export", "--format", "csv")[1].decode()
    check("'+cmd|" in table, "no formula")
    book = run(node, "export", "--format", "xlsx")[1]
    check(book[:2] == b"PK", "a workbook")
    (folder / "book.xlsx").write_bytes(book)
    with zipfile.ZipFile(folder / "book.xlsx") as parts:
        words = "".join(parts.read(n).decode() for n in parts.namelist() if n.startswith("xl/"))
    check("+cmd|" in words and "P1" in words and "'+cmd" not in words, "with its texts as they are")
    theirs = answer(node, "new", "Person", "name=Rui", "@owner=XC", "@handling=H2")
    code, out, err = run(node, "export", "--format", "ftm")
    check(code == 1 and "without permission of XC" in err and b"Rui" not in out, f"not passed on: {err}")
    check(b"Rui" in run(node, "export", "--format", "ftm", "--acknowledge")[1], "but with somebody's word")
    lines = run(node, "show", [r for r in rows if "Evil" in str(r["properties"])][0]["id"])[1].decode().splitlines()
    check(not any(line.split() == ["status", "convicted"] for line in lines), f"no value looks like a line: {lines}")
    check(theirs["owner"] == "XC", "whose it is")


def deciding(folder):
    """A decision about two records goes with either of them."""
    node = make(folder)
    a = answer(node, "new", "Person", "name=Xerxes Quillfeather")
    b = answer(node, "new", "Person", "name=X. Quillfeather")
    made = answer(node, "link", "decide", a["id"], b["id"], "same", "--reason", "Quillfeather of the ferry")
    answer(node, "link", "decide", a["id"], b["id"], "unsure", "--reason", "Quillfeather again")
    code, out, err = run(node, "erase", a["id"], "--reason", "court order")
    check(code == 0, f"erased: {err}")
    refused(node, "show", made["id"], says="erased")
    check(b"ferry" not in run(node, "export", "--format", "ftm")[1], "not exported")
    sound(node, "after a decision was erased")


def standard_files(folder):
    """A program without its standard files writes its sentences nowhere, least of all into the node."""
    node = make(folder)
    person = answer(node, "new", "Person", "name=Ana Lima")
    for closed in ("<&-", "2>&-", ">&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"):
        for words in (f"show {person['id']}", "show 00112233445566778899aabbccddeeff"):
            subprocess.run(["sh", "-c", f"{ENLACE} {words} {closed}"], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, env=environment(node))
    sound(node, "after commands without standard files")
    run(node, "import", ROOT / "examples/xa.ftm.json")
    subprocess.run(["sh", "-c", f"{ENLACE} export --format ftm | head -c 1"], env=environment(node),
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    check(not (node / "store.db-wal").exists(), "a reader that goes away: the node was closed")


# ---- Files in and out ----

COLUMNS_14 = ["Seizure Date", "Country/Territory of Seizure", "ISO3", "Subregion", "Region",
              "Drug/Substance", "Quantity Seized", "Measurement Unit", "City",
              "Administrative Region", "Physical Seizure Location",
              "Trafficking Mode of Transportation", "Source", "Reporting Channel"]


def table(rows, delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def rows_of(content, delimiter=","):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def round_trip(folder):
    """AT-02: fourteen columns out and in, nothing changed."""
    node = make(folder)
    rows = [COLUMNS_14]
    chance = random.Random(SEED)
    texts = ["", "Unknown", "MEDELLIN ", " MEDELLIN", "São Luís", "a, b", "a \"quoted\" word", "\"",
             "two\nlines", "semi;colon", "=1+1", "Ñandú", "0", "tab\there"]
    for i in range(300):
        rows.append([f"2026-{i % 12 + 1:02d}-{i % 28 + 1:02d}", chance.choice(["Peru", "XA", "Norvalia"]),
                     chance.choice(["PER", "", "XAA"]), *(chance.choice(texts) for _ in range(2)),
                     chance.choice(["Cocaine HCL", "Heroin", "Khat ", "Unknown"]),
                     chance.choice(["", "0.5", "1106.0", "12", "1e3", "Unknown"]),
                     *(chance.choice(texts) for _ in range(7))])
    rows += rows[1:4]
    path = folder / "ids.csv"
    path.write_bytes(table(rows))
    done = answer(node, "import", path)
    check(done["read"] == done["added"] == len(rows) - 1 and done["repeated"] >= 3 and
          done["rejects"] is None and done["rejected"] == 0, f"fourteen columns in: {done}")
    code, out, err = run(node, "export", "--format", "ids")
    back = rows_of(out)
    check(code == 0 and back[0] == COLUMNS_14, f"the header: {back[0]} {err}")
    wrong = [(a, b) for a, b in zip(rows, back) if a != b]
    check(len(back) == len(rows) and not wrong, f"AT-02: {len(back)} rows, first change {wrong[:1]}")
    other = folder / "again.csv"
    other.write_bytes(out)
    again = answer(node, "import", other)
    check((again["added"], again["changed"], again["unchanged"]) == (0, 0, len(rows) - 1),
          f"what came out goes in as the same: {again}")
    code, out, err = run(node, "export", "--format", "ids", "--layout", "2011-2016")
    check(code == 0 and "no column" in err, f"the other layout says what it cannot hold: {err}")
    refused(node, "export", "--format", "xls", code=2, says="ftm")
    refused(node, "export", "--format", "ids", "--layout", "1999", code=2, says="2011-2026")
    sound(node, "after the round trip")


def rejects(folder):
    node = make(folder)
    good = ["2026-01-01", "Peru", "PER", "", "", "Cocaine", "1", "kg", *[""] * 6]
    path = folder / "ids.csv"
    path.write_bytes(table([COLUMNS_14, good, ["03/04/2026", *good[1:]], [*good[:6], "many", *good[7:]],
                            good]))
    done = answer(node, "import", path)
    check(set(done) == {"read", "added", "changed", "unchanged", "repeated", "rejected", "rejects",
                        "seconds"}, f"the answer: {done}")
    check((done["read"], done["added"], done["repeated"], done["rejected"]) == (4, 2, 1, 2), f"{done}")
    rejected = rows_of(Path(done["rejects"]).read_bytes())
    check(done["rejects"] == f"{path}.rejects.csv" and rejected[0] == ["line", "field", "value", "reason",
          "row"] and [r[0] for r in rejected[1:]] == ["3", "4"], f"rejects: {rejected}")
    again = answer(node, "import", path)
    check((again["added"], again["unchanged"], again["repeated"], again["rejected"]) == (0, 2, 0, 2),
          f"again: {again}")
    path.write_bytes(table([COLUMNS_14, ["x", *good[1:]]]))
    done = answer(node, "import", path, code=1)
    check(done["read"] == done["rejected"] == 1, f"nothing accepted: {done}")
    refused(node, "import", folder / "none", says="none")
    refused(node, "import", code=2, says="file")
    entity = {"id": "p1", "schema": "Person", "properties": {"name": ["Ana Lima"]}}
    path = folder / "p.json"
    for name, counts in (("Ana Lima", (1, 0, 0)), ("Ana Lima", (0, 0, 1)), ("Ana Lima Sá", (0, 1, 0)),
                         ("Ana Lima Sá", (0, 0, 1))):
        entity["properties"]["name"] = [name]
        path.write_text(json.dumps(entity) + "\n")
        done = answer(node, "import", path)
        check((done["added"], done["changed"], done["unchanged"]) == counts, f"{name}: {done}")
    entity["owner"] = "XA"
    path.write_text(json.dumps(entity) + "\n")
    check(answer(node, "import", path)["unchanged"] == 1, "our own code as owner says nothing new")
    with gzip.open(folder / "p.json.gz", "wb") as packed:
        packed.write(path.read_bytes())
    check(answer(node, "import", folder / "p.json.gz")["unchanged"] == 1, "the same, compressed")


def handling(folder):
    node = make(folder)
    people = [("p0", "suspect", ["H0"]), ("p1", "suspect", ["H1"]), ("p2", "suspect", ["H2"]),
              ("p3", "suspect", ["H3: only for the court of Nordhaven"]), ("inf", "informant", ["H0"])]
    path = folder / "people.json"
    path.write_text("".join(json.dumps({"id": i, "schema": "Person", "properties": {"name": [f"Name {i}"]},
                                        "status": s, "handling": h}) + "\n" for i, s, h in people) +
                    json.dumps({"id": "s2", "schema": "Seizure", "handling": "H2", "properties":
                                {"date": ["2026-01-01"], "country": ["xa"], "substance": ["Khat"]}}) + "\n")
    answer(node, "import", path)
    for form, more, wanted, code in (("ftm", [], {"p0", "p1", "p2", "s2"}, 1),
                                     ("ftm", ["--acknowledge"], {"p0", "p1", "p2", "p3", "s2"}, 0),
                                     ("csv", ["--acknowledge"], {"p0", "p1", "p2", "p3", "s2"}, 0)):
        got, out, err = run(node, "export", "--format", form, *more)
        ids = {json.loads(line)["id"] for line in out.splitlines()} if form == "ftm" else \
            {row[0] for row in rows_of(out)[1:]}
        check(got == code and ids == wanted, f"{form} {more}: {got} {ids} {err}")
        check("court of Nordhaven" in err or more, f"the restriction is told: {err}")
        check(b"Name inf" not in out, "an informant never leaves")
    got, out, err = run(node, "export", "--format", "ids")
    check(got == 1 and b"Khat" not in out and "H2" in err, f"ids cannot carry H2: {out} {err}")
    got, out, err = run(node, "export", "--format", "ids", "--acknowledge")
    check(got == 0 and b"Khat" in out and "no seizures" in err, f"with a word: {out} {err}")


# ---- Rows that are good and not taken ----

def colliding(folder):
    node = make(folder)
    def entities(*rows):
        path = folder / "rows.json"
        path.write_text("".join(json.dumps({"id": i, "schema": s, "properties": {"name": [n]}}) + "\n"
                                for i, s, n in rows))
        return path
    answer(node, "import", entities(("1", "Person", "Ana Lima"), ("2", "Person", "Caio Paz")))
    done = answer(node, "import", entities(("1", "Vessel", "Estrella"), ("3", "Vessel", "Aurora")))
    check((done["read"], done["added"], done["changed"], done["rejected"]) == (2, 1, 0, 1),
          f"an id of another thing: {done}")
    rows = rows_of(Path(done["rejects"]).read_bytes())
    check(len(rows) == 2 and "Person here already" in str(rows[1]) and "Estrella" in str(rows[1]),
          f"the reject says why: {rows}")
    path = entities(("4", "Person", "Luz"), ("4", "Person", "Luz Marina"), ("4", "Person", "Luz"))
    done = answer(node, "import", path)
    check((done["added"], done["changed"], done["unchanged"], done["rejected"]) == (1, 0, 1, 1),
          f"an id twice in a file: {done}")
    done = answer(node, "import", path)
    check((done["added"], done["changed"], done["unchanged"], done["rejected"]) == (0, 0, 2, 1),
          f"and again: {done}")
    found = answers(node, "find", "Caio Paz")
    answer(node, "erase", found[0]["id"], "--reason", "the time is over")
    got, out, err = run(node, "import", entities(("2", "Person", "Caio Paz")), "--json")
    done = json.loads(out)
    check(done["added"] == 0 and done["rejected"] == 1 and "erased here" in err, f"erased: {done} {err}")
    answer(node, "new", "Person", "id=2", "name=Caio Paz")
    answers(node, "find", "Caio Paz")


# ---- Erasing ----

def spellings(text):
    for word in {text, text.lower(), text.upper(), text.casefold()}:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
            with contextlib.suppress(UnicodeEncodeError):
                yield word.encode(encoding)


def contains(node, words):
    """Words of which a trace stands in a file of the node."""
    found = set()
    for path in node.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        found |= {f"{word} in {path.name}" for word in words for form in spellings(word)
                  if form in content}
    return found


def erasing(folder):
    """AT-24: after erase the words are in no file of the node; all proofs stay valid."""
    node = make(folder)
    words = ["Zacarías", "Quebrantahuesos", "7781990", "Callejón del Beso"]
    answer(node, "import", ROOT / "examples/xa.ftm.json")
    record = answer(node, "new", "Person", "id=W-ERASE-7781990", "name=Zacarías Quebrantahuesos",
                    "birthDate=1990-08-21", "phone=+99955017781990", "address=Callejón del Beso 3",
                    "@status=witness")
    answer(node, "edit", record["id"], "address=Callejón del Beso 4")
    answer(node, "show", record["id"])
    check(len(answers(node, "find", "Zacarías Quebrantahuesos 1990-08-21")) == 1, "found before")
    entries = answer(node, "status")["entries"]
    check(len(answers(node, "find", "+99955017781990")) == 1, "found by phone before")
    check(answer(node, "status")["entries"] == entries + 2, "a find is one act, whatever the text may be")
    run(node, "export", "--format", "ftm")
    planted = node / "planted"
    planted.write_bytes(b"..." + "Zacarías".upper().encode("utf-16-le"))
    check(contains(node, words) == {"Zacarías in planted"}, "the search finds what is there")
    planted.unlink()
    keys_before = (node / "store.keys").read_bytes()
    before = answer(node, "status")
    refused(node, "erase", record["id"], code=2, says="--reason")
    done = answer(node, "erase", record["id"], "--reason", "court order")
    check(done["id"] == record["id"] and done["erased"] is True, f"erased: {done}")
    keys_after = (node / "store.keys").read_bytes()
    gone = [at for at in range(4096, len(keys_before), 32)
            if any(keys_before[at:at + 32]) and not any(keys_after[at:at + 32])]
    check(len(gone) >= 3, f"the record's key and those of the searches that showed it: {gone}")
    check(not any(keys_before[at:at + 32] in (node / "store.db").read_bytes() for at in gone),
          "no copy of a key in the database")
    check(contains(node, words) == set(), f"AT-24: {contains(node, words)}")
    refused(node, "show", record["id"], says="erased")
    refused(node, "keys", record["id"])
    refused(node, "edit", record["id"], "name=X")
    refused(node, "erase", record["id"], "--reason", "twice")
    refused(node, "find", "Zacarías Quebrantahuesos 1990-08-21")
    check(b"Quebrantahuesos" not in run(node, "export", "--format", "ftm")[1], "not in an export")
    state = sound(node, "AT-24: proofs after erase")
    check(state["erased"] == 1 and state["records"] == before["records"] - 1 or
          state["erased"] == 1, f"counted: {state}")
    # What the refused attempts above said is in sealed payloads; not in clear either.
    check(contains(node, words) == set(), f"after all of it: {contains(node, words)}")


# ---- Interruption ----

def seizure_file(folder):
    """The public file where it is; else one like it."""
    real = DATA / "seizures/ids-2011-2012.csv.gz"
    if real.exists():
        with gzip.open(real) as packed:
            return real, len(rows_of(packed.read(), ";")) - 1
    skip(f"{real} is not there; a made file is used")
    path, chance = folder / "made.csv", random.Random(SEED)
    path.write_bytes(table([COLUMNS_14] + [
        [f"2026-01-{i % 28 + 1:02d}", "Peru", "PER", "", "", "Cocaine", chance.randrange(10 ** 6), "kg",
         f"City {i}", *[""] * 5] for i in range(20000)]))
    return path, 20000


def words_of(node):
    """All records, without the ids that each node gives anew to rows that have none."""
    records = map(json.loads, run(node, "export", "--format", "ftm")[1].splitlines())
    return sorted(json.dumps(dict(r, id=None), sort_keys=True) for r in records)


def killed(folder):
    path, rows = seizure_file(folder)
    chance = random.Random(SEED)
    begin = time.monotonic()
    whole = make(folder, "XB")
    done = answer(whole, "import", path)
    seconds = time.monotonic() - begin
    check(done["read"] == done["added"] == rows and done["rejected"] == 0, f"all of it: {done}")
    again = answer(whole, "import", path)
    check((again["added"], again["changed"], again["unchanged"], again["repeated"]) ==
          (0, 0, rows, 0), f"imported twice adds nothing: {again}")
    print(f"import: {rows} rows, {rows / done['seconds']:.0f} a second; again "
          f"{rows / again['seconds']:.0f} a second")
    wanted = words_of(whole)
    check(len(wanted) == rows, f"exported: {len(wanted)}")

    # How long an import takes is not known well (other work on the machine, and less to do each time), so
    # the moments are drawn from a span that shrinks when they fall behind the end.
    moments, span = 0, 0.9 * seconds
    for turn in range(4):
        node = folder / f"k{turn}"
        answer(None, "init", node, "--code", "XB", "--country", "xb")
        kept = 0
        for _ in range(5):
            process = subprocess.Popen([ENLACE, "import", str(path)], env=environment(node),
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.random() * span)
            if process.poll() is None:
                moments += 1
            else:
                span *= 0.7
            process.kill()
            process.wait()
            state = answer(node, "status")
            check(kept <= state["records"] <= rows, f"nothing kept is lost: {kept} {state}")
            kept = state["records"]
        done = answer(node, "import", path)
        check(done["added"] + done["unchanged"] == rows and done["changed"] == 0 and
              done["unchanged"] >= kept, f"finished after kill -9: {done}")
        check(words_of(node) == wanted,
              "and it holds exactly what was in the file")
        sound(node, "after kill -9")
    check(moments >= 10, f"most of the 20 moments fell into the import: {moments}")

    node = folder / "k9"
    answer(None, "init", node, "--code", "XB", "--country", "xb")
    process = subprocess.Popen([ENLACE, "import", str(path), "--json"], env=environment(node),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(seconds * 0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    told = json.loads(out)
    if told["read"] < rows:
        check(process.returncode == 3 and told["interrupted"] is True and b"goes on" in err,
              f"Ctrl-C: {told} {err}")
    check(told["added"] == told["read"] == answer(node, "status")["records"],
          f"Ctrl-C: what was read is kept: {told}")
    done = answer(node, "import", path)
    check(done["added"] + told["added"] == rows, f"and the rest comes with the next: {done}")
    ftm = DATA / "ftm/donations.ftm.json"
    if ftm.exists():
        first, second = answer(node, "import", ftm), answer(node, "import", ftm)
        check(first["added"] == 475 and second["unchanged"] == 475, f"FollowTheMoney: {first} {second}")
    else:
        skip(f"{ftm} is not there")


# ---- The folder, the lock, the vault ----

def locked(folder):
    node = make(folder)
    holder = subprocess.Popen([ENLACE, "new", "Person"], env=environment(node), stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not any(os.path.realpath(f).endswith("store.db")
                  for f in Path(f"/proc/{holder.pid}/fd").iterdir()):
        time.sleep(0.02)
    code, out, err = run(node, "status")
    check(code == 3 and len(err) > 20 and out == b"", f"the second is told: {code} {err}")
    holder.communicate(b"name=Ana Lima\n")
    check(holder.returncode == 0 and answer(node, "status")["records"] == 1, "the first goes on")


@contextlib.contextmanager
def small_disk(folder, size):
    place = folder / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)],
                          stderr=subprocess.DEVNULL)
    try:
        yield place if done.returncode == 0 else None
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", str(place)])


def disks(folder):
    if os.geteuid() != 0:
        skip("only root can mount a small disk")
        return
    with small_disk(folder, "4m") as place:
        if place is None:
            skip("no disk can be mounted here")
            return
        node = make(place)
        answer(node, "import", ROOT / "examples/xa.ftm.json")
        before = answer(node, "status")["records"]
        people = folder / "many.json"
        people.write_text("".join(json.dumps(
            {"id": f"P{i}", "schema": "Person", "properties": {"name": [f"Name {i}"],
             "summary": ["x" * 500]}}) + "\n" for i in range(20000)))
        code, out, err = run(node, "import", people, "--json")
        check(code == 3 and len(err) > 20, f"a full disk is a failure with a sentence: {code} {err}")
        subprocess.run(["mount", "-o", "remount,size=200m", str(place)], check=True)
        state = sound(node, "after the full disk")
        check(before <= state["records"] < before + 20000, f"nothing kept was lost: {state}")
        done = answer(node, "import", people)
        check(done["added"] + done["unchanged"] == 20000, f"with room it is finished: {done}")
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        code, out, err = run(node, "status")
        check(code in (1, 3) and out == b"" and len(err) > 20, f"a read-only folder: {code} {err}")
        code, out, err = run(None, "init", place / "new", "--code", "XA", "--country", "xa")
        check(code in (1, 3) and len(err) > 20, f"no node on a read-only disk: {code} {err}")


def vault(folder):
    node = make(folder)
    record = answer(node, "new", "Person", "name=Ana Lima")
    copy = folder / "copy"
    shutil.copytree(node, copy)
    answer(node, "edit", record["id"], "name=Ana Lima Sá")
    later = (node / "checkpoint").read_bytes()
    shutil.copytree(copy, folder / "older")
    (folder / "older/checkpoint").write_bytes(later)
    refused(folder / "older", "status", says="older copy")
    check(run(copy, "status")[0] == 0, "the whole copy by itself is a node")
    answer(copy, "new", "Person", "name=Another")
    answer(copy, "new", "Person", "name=And another")
    answer(copy, "new", "Person", "name=And another one")
    (copy / "checkpoint").write_bytes(later)
    refused(copy, "status", says="does not continue")
    refused(copy, "show", record["id"], says="does not continue")
    (copy / "checkpoint").write_bytes(later.replace(b"\n", b"\n1", 1))
    refused(copy, "status", says="not signed by the key")
    (copy / "checkpoint").unlink()
    refused(copy, "status", says="put it back")
    other = make(folder, "XB")
    shutil.copy(other / "vault.key", node / "vault.key")
    refused(node, "status")

    secret = folder / "passphrase"
    secret.write_text("correct horse\n")
    sealed = folder / "sealed"
    got = run(None, "init", sealed, "--code", "XA", "--country", "xa",
              ENLACE_PASSPHRASE_FILE=str(secret))
    check(got[0] == 0, f"sealed: {got}")
    check(run(sealed, "status", ENLACE_PASSPHRASE_FILE=str(secret))[0] == 0, "with its passphrase")
    refused(sealed, "status", says="ENLACE_PASSPHRASE_FILE")
    secret.write_text("battery staple\n")
    refused(sealed, "status", says="not its passphrase", ENLACE_PASSPHRASE_FILE=str(secret))
    secret.write_text("\n")
    refused(sealed, "status", says="empty", ENLACE_PASSPHRASE_FILE=str(secret))


# ---- Complete mediation ----

def leaks(trace, store):
    """Answers (writes to standard output) that left while something written to the store was not
    synced, or before anything was synced at all."""
    dirty, synced, found, answers_seen = set(), False, [], 0
    for line in trace.splitlines():
        call = re.match(r"(?:\d+ +)?(\w+)\((\d+)<([^>]*)>", line)
        if call is None:
            continue
        name, fd, path = call.group(1), int(call.group(2)), call.group(3)
        if name in ("fsync", "fdatasync"):
            dirty.discard(path)
            synced |= Path(path).name == "store.db-wal"
        elif path.startswith(str(store)) and Path(path).name.startswith("store."):
            dirty.add(path)
        elif fd == 1:
            answers_seen += 1
            if dirty or not synced:
                found.append(line)
    return found, answers_seen


def mediation(folder):
    if shutil.which("strace") is None:
        skip("strace is not there")
        return
    node = make(folder)
    wal = f"fdatasync(5<{node}/store.db-wal>) = 0\n"
    write = f"pwrite64(5<{node}/store.db-wal>, \"x\", 1, 0) = 1\n"
    out = "write(1<pipe:[1]>, \"x\", 1) = 1\n"
    check(leaks(write + wal + out, node) == ([], 1) and leaks(write + out + wal, node)[0] and
          leaks(out, node)[0], "the watcher sees an answer that leaves too early")
    answer(node, "case", "new", "C-1")
    answer(node, "import", ROOT / "examples/xa.ftm.json", "--case", "C-1")
    record = answer(node, "new", "Person", "name=Ana Lima", "birthDate=1984-03-12", "--case", "C-1")
    for words in (["show", record["id"]], ["keys", record["id"]], ["find", "QZAU2045184"],
                  ["export", "--format", "ftm", "--case", "C-1"],
                  ["show", record["id"], "--history"], ["case", "show", "C-1"], ["log", "verify"],
                  ["export", "--format", "csv", "--case", "C-1"], ["case", "list"], ["user", "list"],
                  ["status"], ["edit", record["id"], "name=Ana Lima Sá"],
                  ["new", "Person", "name=Caio Brandão"], ["erase", record["id"], "--reason", "x"],
                  ["import", ROOT / "examples/xb.ftm.json"], ["case", "new", "C-2"]):
        trace = folder / "trace"
        done = subprocess.run(
            ["strace", "-f", "-y", "-o", trace, "-e",
             "trace=write,writev,pwrite64,pwritev,fsync,fdatasync,ftruncate,sendmsg,sendto",
             ENLACE, *map(str, words), "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment(node, ASAN_OPTIONS="detect_leaks=0"))
        found, seen = leaks(trace.read_text(), node.resolve())
        check(done.returncode == 0 and seen > 0, f"{words}: traced: {done.stderr.decode()}")
        check(not found, f"{words}: an answer left before its entry was durable: {found[:1]}")


os.chdir(ROOT)
PARTS = (making, lost, people, story, editing, versions, overseen, looking, careful, reviewed, conditions, merging, plausible, going_out, deciding, standard_files, round_trip, rejects, handling, colliding,
         erasing, locked, disks,
         vault, mediation, killed)
for part in [p for p in PARTS if not sys.argv[1:] or p.__name__ in sys.argv[1:]]:
    with tempfile.TemporaryDirectory() as name:
        started = time.monotonic()
        part(Path(name))
        print(f"{part.__name__}: {time.monotonic() - started:.1f} s")
finish("node")
