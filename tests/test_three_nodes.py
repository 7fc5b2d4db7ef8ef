#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The blind hit between real services over real TLS: the story's seven hits and none of the decoys;
quotas that kill -9 does not refund; what is agreed, ended and removed shows on the wire."""
import concurrent.futures
import json
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from checks import ENLACE, ROOT, check, finish, run as run_at

STORY = [("XB", "XA", "phone"), ("XB", "XA", "mark"), ("XA", "XC", "imo"), ("XA", "XC", "company"),
         ("XB", "XC", "account"), ("XB", "XC", "person"), ("XA", "XC", "container")]
services = []


def run(node, *words):
    code, out, err = run_at(node, *words, "--json")
    return code, [json.loads(line) for line in out.splitlines()], err


def good(node, *words):
    code, lines, err = run(node, *words)
    check(code == 0, f"{words}: exit code {code}: {err}")
    return lines


def serve(node, port=0):
    process = subprocess.Popen([ENLACE, "-n", str(node), "serve", "--listen", f"127.0.0.1:{port}",
                                "--json"], stdout=subprocess.PIPE, stderr=open(f"{node}.log", "ab"))
    services.append(process)
    return process, json.loads(process.stdout.readline())["port"]


def test_story():
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([str(ROOT / "tools/story"), "--json", "--decoys", "300", folder],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=600)
    check(done.returncode == 0, f"story: {done.returncode}: {done.stderr[-2000:]}")
    hits = [json.loads(line) for line in done.stdout.splitlines()]
    check([(hit["from"], hit["peer"], hit["class"]) for hit in hits] == STORY,
          f"exactly the seven hits, in their order: {done.stdout}")
    check(all(hit["why"] and hit["mine"] for hit in hits), "each with its reason")
    check(not any(word in done.stdout for word in ("Alvear", "alvear", "Solar", "-D-")),
          "no false friend, no witness, no decoy")


def phones(path, count):
    with path.open("w") as out:
        for i in range(count):
            out.write(json.dumps({"id": f"P-{i}", "schema": "Phone",
                                  "properties": {"number": [f"+9995501{i:05}"]}}) + "\n")


def introduce(folder, nodes, ports, agreements):
    words = {}
    for code in nodes:
        words[code] = good(nodes[code], "peer", "invite", "-o", folder / f"{code}.inv", "--url",
                           f"https://127.0.0.1:{ports[code]}")[0]["fingerprint"]
    for code in nodes:
        for other in nodes:
            if other != code:
                good(nodes[code], "peer", "accept", folder / f"{other}.inv", "--fingerprint", words[other])
                good(nodes[code], "peer", "agree", other, *agreements[code])


def error_of(node, *words):
    code, lines, err = run(node, *words)
    check(code in (1, 3), f"{words}: exit code {code}: {lines} {err}")
    return next((line["error"] for line in lines if "error" in line), err)


def test_quota(folder):
    nodes, ports, processes = {}, {}, {}
    for code in ("XA", "XB"):
        nodes[code] = folder / code
        good(nodes[code], "init", nodes[code], "--code", code, "--country", code, "--fiction")
        processes[code], ports[code] = serve(nodes[code])
    introduce(folder, nodes, ports, {"XA": ["--class", "phone", "--quota", "80"],
                                     "XB": ["--class", "phone", "--at-once"]})
    xa, xb = nodes["XA"], nodes["XB"]
    phones(folder / "few.json", 40)
    phones(folder / "many.json", 200)
    for name in ("FEW", "MANY"):
        good(xb, "case", "new", name)
        good(xb, "import", folder / f"{name.lower()}.json", "--case", name)
    good(xa, "import", folder / "few.json")
    for node in nodes.values():
        good(node, "epoch", "new")

    why = error_of(xb, "match", "--case", "MANY", "--peers", "XA")
    check("quota" in why or "a day" in why, f"256 are over 80: {why}")
    *hits, summary = good(xb, "match", "--case", "FEW", "--peers", "all")
    check(len(hits) == 40 and summary["quota_left"]["XA"]["phone"] == 16,
          f"40 hits for 64 elements: {len(hits)} {summary}")
    why = error_of(xb, "match", "--case", "FEW", "--peers", "XA")
    check("quota" in why or "a day" in why, f"64 more are over what is left: {why}")
    processes["XA"].send_signal(signal.SIGKILL)
    processes["XA"].wait()
    why = error_of(xb, "match", "--case", "FEW", "--peers", "XA")
    check("cannot be reached" in why, f"nobody there: {why}")
    processes["XA"], _ = serve(xa, ports["XA"])
    why = error_of(xb, "match", "--case", "FEW", "--peers", "XA")
    check("quota" in why or "a day" in why, f"a crash refunds nothing: {why}")

    good(xa, "peer", "agree", "XB", "--class", "phone", "--quota", "1000")
    *hits, summary = good(xb, "match", "--case", "FEW", "--peers", "XA")
    check(len(hits) == 40, f"more was agreed: {summary}")
    # Both ask at once, again and again: each answers while it waits for its own answer.
    good(xa, "case", "new", "FEW")
    good(xa, "import", folder / "few.json", "--case", "FEW")
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda i: run((xa, xb)[i % 2], "match", "--case", "FEW", "--peers", "all"),
                             range(12)))
    check(all(code == 0 and len(lines) > 40 for code, lines, _ in done),
          f"crosswise: {[(code, len(lines), err[-200:]) for code, lines, err in done]}")
    good(xa, "peer", "remove", "XB")
    why = error_of(xb, "match", "--case", "FEW", "--peers", "XA")
    check("ended its agreement" in why, f"removed: {why}")
    for code, process in processes.items():
        process.send_signal(signal.SIGTERM)
        check(process.wait(60) == 0, f"{code} ends cleanly")
        got, lines, err = run(nodes[code], "rebuild")
        check(got == 0, f"{code} is sound: {err}")


def test_claims(folder):
    """A cap for a case; a first claim needs two people; both sides see that it was there before the ask."""
    nodes, ports, processes = {}, {}, {}
    for code in ("XC", "XD"):
        nodes[code] = folder / code
        good(nodes[code], "init", nodes[code], "--code", code, "--country", code, "--fiction")
        processes[code], ports[code] = serve(nodes[code])
    introduce(folder, nodes, ports, {"XC": ["--class", "phone", "--quota", "1000", "--case-quota", "128"],
                                     "XD": ["--class", "phone"]})
    xc, xd = nodes["XC"], nodes["XD"]
    check(good(xc, "peer", "list")[0]["may_ask"]["phone"]["case_quota"] == 128, "the cap is shown")
    phones(folder / "claims.json", 40)
    good(xd, "case", "new", "C-1")
    good(xd, "import", folder / "claims.json", "--case", "C-1")
    good(xc, "import", folder / "claims.json")
    made = good(xc, "epoch", "new")[0]
    base = good(xc, "epoch", "list")[0]
    check(base["base"] == base["epoch"] == made["epoch"] and made["bytes"] > 500, f"a base: {base}")
    good(xd, "match", "--case", "C-1", "--peers", "XC")
    good(xd, "match", "--case", "C-1", "--peers", "XC")
    why = error_of(xd, "match", "--case", "C-1", "--peers", "XC")
    check("for case \"C-1\" 128 elements" in why and "come again in 90 days" in why, f"the cap of a case: {why}")
    processes["XC"].send_signal(signal.SIGKILL)
    processes["XC"].wait()
    processes["XC"], _ = serve(xc, ports["XC"])
    why = error_of(xd, "match", "--case", "C-1", "--peers", "XC")
    check("for case" in why, f"a crash gives nothing of it back: {why}")

    good(xd, "user", "add", "rosa", "--role", "supervisor")
    hit, other = good(xd, "hits")[:2]
    for one in (hit, other):
        good(xd, "hit", "decide", one["id"], "yes", "--reason", "read off the handset")
    good(xd, "case", "member", "C-1", "rosa")
    rosa = ["--as", "rosa"]
    for command, right, wrong, state in (("withdraw", [], rosa, "withdrawn"), ("decline", rosa, [], "declined")):
        claim = good(xd, "claim", hit["id"])[0]
        code, _, err = run(xd, "claim", command, claim["id"], *right)
        check(code == 2 and "--reason" in err, f"with a reason: {code} {err}")
        code, _, err = run(xd, "claim", command, claim["id"], "--reason", "too early", *wrong)
        check(code == 1 and "enlace claim" in err, f"{command} by the wrong person: {code} {err}")
        stopped = good(xd, "claim", command, claim["id"], "--reason", "too early", *right)[0]
        check(stopped["status"] == state and stopped["reason"] == "too early", f"it is stopped: {stopped}")
        shown = [c for c in good(xd, "claims", "--as", "rosa") if c["id"] == claim["id"]]
        check(shown and shown[0]["status"] == state and shown[0]["reason"] == "too early", f"both see it: {shown}")
        code, _, err = run(xd, "claim", "approve", claim["id"], "--as", "rosa")
        check(code == 1 and "does not wait" in err, f"it cannot be approved: {code} {err}")
        code, _, err = run(xd, "claim", command, claim["id"], "--reason", "again", *right)
        check(code == 1 and "does not wait" in err, f"nor stopped twice: {code} {err}")
    check(good(xc, "claims") == [], "and nobody was told")
    good(xd, "case", "member", "C-1", "rosa", "--remove")
    claim = good(xd, "claim", hit["id"], "--urgency", "immediate")[0]
    check(not claim["received"] and claim["held_before"] is None, f"it waits: {claim}")
    check(good(xd, "claims")[-1]["status"] == "waiting" and good(xc, "claims") == [], "and nobody was told")
    code, _, err = run(xd, "claim", "approve", claim["id"])
    check(code == 1 and "second person" in err, f"not by who made it: {code} {err}")
    code, _, err = run(xd, "claim", "approve", claim["id"], "--as", "rosa")
    check(code == 1, "nor by who has nothing to do with the case")
    good(xd, "case", "member", "C-1", "rosa")
    sent = good(xd, "claim", "approve", claim["id"], "--as", "rosa")[0]
    check(sent["received"] and sent["held_before"] is True, f"approved and sent: {sent}")
    mine, theirs = good(xd, "claims")[-1], good(xc, "claims")[0]
    check(mine["status"] == "open" and mine["held_before"] and len(mine["pledges"]) == 1, f"kept: {mine}")
    check(theirs["held_before"] and theirs["pledges"][0]["mine"] == theirs["mine"][0] and
          theirs["pledges"][0]["entry"] == mine["pledges"][0]["entry"] and theirs["pledges"][0]["of"] == 40,
          f"the same there: {theirs}")
    check(good(xd, "claim", other["id"])[0]["received"], "the next needs one person")
    for code, process in processes.items():
        process.send_signal(signal.SIGTERM)
        check(process.wait(60) == 0, f"{code} ends cleanly")
        got, lines, err = run(nodes[code], "rebuild")
        check(got == 0, f"{code} is sound: {err}")


def test_meanwhile(folder):
    """While a service makes maps, commands are carried out; what they change stays, and no second making begins."""
    nodes, ports, processes = {}, {}, {}
    for code in ("XE", "XF"):
        nodes[code] = folder / code
        good(nodes[code], "init", nodes[code], "--code", code, "--country", code, "--fiction")
        processes[code], ports[code] = serve(nodes[code])
    introduce(folder, nodes, ports, {"XE": ["--class", "phone"], "XF": ["--class", "phone"]})
    xe = nodes["XE"]
    phones(folder / "many.json", 30000)
    good(xe, "import", folder / "many.json")
    one = good(xe, "find", "--key", "phone:+999550100007")[0]["id"]
    making = subprocess.Popen([ENLACE, "-n", str(xe), "epoch", "new", "--json"], stdout=subprocess.PIPE, text=True)
    done, busy, made = 0, False, None
    while making.poll() is None:
        good(xe, "show", one)
        if not busy:
            code, _, err = run(xe, "epoch", "new")
            busy = code == 3 and "being made already" in err
            code, _, err = run(xe, "rebuild")
            check(code == 3 and "when that is done" in err or making.poll() is not None, f"no rebuild now: {code} {err}")
            made = good(xe, "new", "Phone", "number=+999550999999")
        done += making.poll() is None
    published = json.loads(making.stdout.read())
    check(making.returncode == 0 and published["keys"] == 30000, f"it was made: {published}")
    check(done >= 2 and busy, f"{done} commands meanwhile, a second making refused: {busy}")
    check(good(xe, "find", "--key", "phone:+999550999999")[0]["id"] == made[0]["id"], "what was made meanwhile is there")
    check(good(xe, "epoch", "new")[0]["keys"] == 30001, "and in the next maps")
    check(run(xe, "rebuild")[0] == 0, "and a rebuild finds all as it was")
    for process in processes.values():
        process.send_signal(signal.SIGTERM)
        check(process.wait(60) == 0, "ends cleanly")


def record(path, *records):
    path.write_text("".join(json.dumps(one) + "\n" for one in records))
    return path


def person(id, phone, status="suspect", **around):
    return {"id": id, "schema": "Person", "status": status,
            "properties": {"name": [f"Somebody {id}"], "birthDate": ["1980-02-03"], "phone": [phone]}, **around}


def words(node, *command):
    code, out, err = run_at(node, *command)
    return code, out.decode(), err


def test_desk(folder):
    """What a record has become, whose it is, which classes are agreed, and what both desks say of it."""
    folder = folder / "desk"
    folder.mkdir()
    nodes, ports = {}, {}
    for code in ("XE", "XF", "XG"):
        nodes[code] = folder / code
        good(nodes[code], "init", nodes[code], "--code", code, "--country", code, "--fiction")
        _, ports[code] = serve(nodes[code])
    introduce(folder, {code: nodes[code] for code in ("XE", "XF")}, ports,
              {"XE": ["--class", "phone,person", "--at-once"], "XF": ["--class", "phone"]})
    xe, xf, xg = nodes["XE"], nodes["XF"], nodes["XG"]
    # XG is let ask for more in the same circle; nobody compares the fingerprints of XE and XG.
    for node, other in ((xe, "XG"), (xf, "XG"), (xg, "XE"), (xg, "XF")):
        good(nodes[other], "peer", "invite", "-o", folder / f"{other}.inv2", "--url",
             f"https://127.0.0.1:{ports[other]}")
        good(node, "peer", "accept", folder / f"{other}.inv2")
        good(node, "peer", "agree", other, "--class", "phone,person,document")
    for command in ("hits", "claims", "case list"):
        code, out, err = words(xe, *command.split())
        check(code == 0 and out.startswith("none"), f"{command}: said in words: {out} {err}")
    good(xe, "case", "new", "C-1")
    good(xe, "case", "new", "C-2")
    ours = [person("A", "+999550100101"), person("W", "+999550100102", "witness"),
            person("H", "+999550100103", handling=["H1"]),
            person("G", "+999550100104", owner="XG", handling=["H2"]), person("T", "+999550100105")]
    good(xf, "import", record(folder / "f.json", *[person(one["id"], one["properties"]["phone"][0]) for one in ours],
                              person("N", "+999550100106"), person("M", "+999550100107")))
    good(xg, "import", record(folder / "g.json", ours[0]))
    for node in (xf, xg):
        good(node, "epoch", "new")

    # Asked at once after an import (here no person: XF does not let it), and after an edit.
    code, lines, err = run(xe, "import", record(folder / "e.json", *ours), "--case", "C-1")
    check(code == 0 and err.count("XF holds the same") == 4 and "not asked" not in err, f"at once: {code} {err}")
    code, lines, err = run(xe, "import", folder / "e.json", "--case", "C-1")
    check(lines[0]["unchanged"] == 5 and err == "", f"nothing new, nothing asked: {err}")
    made = good(xe, "new", "Person", "name=Of No Number", "birthDate=1970-01-01", "--case", "C-1")[0]
    code, lines, err = run(xe, "edit", made["id"], "phone=+999550100106")
    check(code == 0 and "XF holds the same" in err, f"at once after an edit: {err}")
    code, lines, err = run(xe, "import", record(folder / "no.json", person("N2", "+999550100107")))
    check(code == 0 and "names one" in err and "enlace match" in err, f"of no case: {err}")
    phones(folder / "many2.json", 65)
    code, lines, err = run(xe, "import", folder / "many2.json", "--case", "C-2")
    check(code == 0 and "no more than 64" in err, f"too many at once: {err}")

    # Fewer classes than others of the circle: those are asked, and what was not is told.
    *hits, summary = good(xe, "match", "--case", "C-1", "--peers", "XF")
    check(len(hits) == 5 and {hit["class"] for hit in hits} == {"phone"} and summary["asked"] == 5, f"phones: {summary}")
    check(summary["not_asked"]["XF"].keys() == {"person"} and summary["kept_back"] == 1, f"no persons: {summary}")
    check(all(hit["confirmed"] for hit in hits), "the fingerprint was compared")
    code, out, err = words(xe, "match", "--case", "C-1", "--peers", "XF")
    check("1 record of, or naming, witnesses" in err and "of class person" in err, f"in words: {err}")
    *hits, summary = good(xe, "match", "--case", "C-1", "--peers", "XG")
    check({hit["class"] for hit in hits} == {"phone", "person"}, f"XG lets it: {hits}")
    check(not any(hit["confirmed"] for hit in hits), "nobody has compared that one")
    code, out, err = words(xe, "match", "--case", "C-1", "--peers", "XG")
    check("nobody has compared the fingerprint of XG" in err, f"in words: {err}")

    # Words of the command.
    ids = {hit["source"]: hit["mine"] for hit in good(xe, "hits") if hit["source"]}
    for given in (["--record", ids["A"], "--record", ids["T"]], ["--record", f"{ids['A']},{ids['T']}"],
                  ["--record", ids["A"], ids["T"]]):
        summary = good(xe, "match", *given, "--peers", "XF")[-1]
        check(summary["asked"] == 2, f"two records: {given} {summary}")
    code, _, err = run(xe, "match", "--record", ids["A"], "--case", "C-2", "--peers", "XF")
    check(code == 1 and "another case" in err, f"for the case of its records: {code} {err}")
    for bad in (["--basis", "b" * 600], ["--basis", "a\tb"]):
        code, _, err = run(xe, "match", "--case", "C-1", "--peers", "XF", *bad)
        check(code == 2 and "legal basis" in err, f"wrong use: {code} {err}")
    code, _, err = run(xe, "case", "new", "C" * 101)
    check(code == 2, f"a case that no partner could be told: {code} {err}")
    code, _, err = run(xe, "match", "audit", "zz")
    check(code == 1 and "number of an asking" in err, f"no batch: {err}")
    got = words(folder / "none", "serve", "--listen", "127.0.0.1:99999")
    check(got[0] == 2 and "65535" in got[2], f"no such port: {got}")

    # Claims.
    hits = {(hit["peer"], hit["source"]): hit for hit in good(xe, "hits")}
    for key in (("XF", "A"), ("XF", "H"), ("XF", "G"), ("XF", "T"), ("XG", "A")):
        good(xe, "hit", "decide", hits[key]["id"], "yes", "--reason", "the same handset")
    check(good(xe, "claim", hits["XF", "H"]["id"])[0]["received"], "an own H1 goes with it")
    mine, theirs = good(xe, "claims")[-1], good(xf, "claims")[-1]
    check(mine["handling"] == theirs["handling"] == ["H0", "H1"] and mine["received"] and mine["case"] == "C-1" and
          theirs["their_case"] == "C-1", f"both desks show the codes: {mine} {theirs}")
    for node in (xe, xf):
        check("H1: Not to be disclosed in judicial proceedings" in words(node, "claims")[1], "and in words")
    code, _, err = run(xe, "claim", hits["XF", "H"]["id"])
    check(code == 0 and "claimed before" in err, f"a second one: {err}")
    code, _, err = run(xe, "hit", "decide", hits["XF", "H"]["id"], "no", "--reason", "it is another")
    check(code == 0 and "was told" in err, f"no, after it was told: {err}")
    for given in ([], ["--acknowledge"]):
        code, _, err = run(xe, "claim", hits["XF", "G"]["id"], *given)
        check(code == 1 and "XG's, under H2" in err, f"what XG gave stays here: {err}")
    check(theirs["erased"] == [], f"it is there: {theirs}")
    good(xf, "erase", theirs["mine"][0], "--reason", "entered by mistake")
    theirs = next(one for one in good(xf, "claims") if one["id"] == theirs["id"])
    check(theirs["erased"] == theirs["mine"], f"and gone: {theirs}")
    check("which was erased since" in words(xf, "claims")[1], "in words")
    code, _, err = run(xe, "claim", hits["XF", "A"]["id"], "--case", "C-2")
    check(code == 1 and "C-1" in err, f"for the case that was asked for: {err}")
    code, _, err = run(xe, "claim", hits["XG", "A"]["id"])
    check(code == 0 and "nobody has compared" in err, f"to whom: {err}")

    their_t = next(one["id"] for one in good(xf, "find", "--key", "phone:+999550100105"))
    good(xf, "edit", their_t, "@status=witness")
    code, _, err = run(xe, "claim", hits["XF", "T"]["id"])
    check(code == 1 and "no longer held" in err, f"theirs became a witness: {err}")
    last = good(xe, "claims")[-1]
    check(last["status"] == "not held" and last["received"] and "no longer held" in last["reason"], f"an answer: {last}")
    check("their answer: claim: no longer held" in words(xe, "claims")[1], "and in words")
    check(all(claim["their_case"] != "" and claim["mine"] != [their_t] for claim in good(xf, "claims")), "none there")
    good(xe, "edit", ids["A"], "@status=informant")
    before = len(good(xf, "claims"))
    code, _, err = run(xe, "claim", hits["XF", "A"]["id"])
    check(code == 1 and "informant" in err and len(good(xf, "claims")) == before, f"ours became an informant: {err}")
    code, _, err = run(xe, "hit", "decide", hits["XF", "A"]["id"], "yes", "--reason", "sure")
    check(code == 1 and "informant" in err, f"nor is it decided: {err}")
    stands = {(hit["peer"], hit["source"]): hit["stands"] for hit in good(xe, "hits")}
    check(not stands["XF", "A"] and stands["XF", "T"], f"the desk says so: {stands}")
    check("status is informant" in words(xe, "hits")[1], "in words")
    code, _, err = run(xe, "erase", hits["XF", "A"]["id"], "--reason", "tidy")
    check(code == 1 and "hits and claims" in err, f"a hit: {err}")
    check_silent(folder, xe)


def check_silent(folder, xe):
    """A partner that takes the line and says nothing is waited for once; others are asked meanwhile without it."""
    xh, lines = folder / "XH", []
    silent = socket.create_server(("127.0.0.1", 0))

    def take():
        while True:
            try:
                lines.append(silent.accept())
            except OSError:
                return

    threading.Thread(target=take, daemon=True).start()
    good(xh, "init", xh, "--code", "XH", "--country", "XH", "--fiction")
    good(xh, "peer", "invite", "-o", folder / "XH.inv", "--url", f"https://127.0.0.1:{silent.getsockname()[1]}")
    good(xe, "peer", "accept", folder / "XH.inv")
    good(xe, "peer", "agree", "XH", "--class", "phone")
    *hits, summary = good(xe, "match", "--case", "C-1", "--peers", "XF")
    check(len(hits) >= 3 and len(lines) == 1, f"asked what it was shown, once: {len(lines)}")
    good(xe, "match", "--case", "C-1", "--peers", "XF")
    check(len(lines) == 1, f"and not again: {len(lines)}")
    code, answer, err = run(xe, "match", "--case", "C-1", "--peers", "all")
    errors = {line["peer"]: line["error"] for line in answer if "error" in line}
    check(code == 3 and errors.keys() == {"XH"} and "unless you name it" in errors["XH"] and len(lines) == 1,
          f"it is not waited for: {code} {errors} {len(lines)}")
    check(answer[-1]["hits"] > 3, "the others are asked")
    code, answer, err = run(xe, "match", "--case", "C-1", "--peers", "XH")
    check(code == 3 and "cannot be reached" in answer[0]["error"] and len(lines) == 2, f"named, it is tried: {answer}")
    silent.close()
    check_together(folder, xe)


def check_together(folder, xe):
    """Several that are silent are waited for together, not one after another."""
    times = {}

    def hold(server, code):
        line, _ = server.accept()
        began = time.monotonic()
        while line.recv(4096):
            pass
        times[code] = began, time.monotonic()

    codes = ["XI", "XJ", "XK"]
    threads = []
    for code in codes:
        server = socket.create_server(("127.0.0.1", 0))
        threads.append(threading.Thread(target=hold, args=(server, code), daemon=True))
        threads[-1].start()
        path = folder / code
        good(path, "init", path, "--code", code, "--country", code, "--fiction")
        good(path, "peer", "invite", "-o", folder / f"{code}.inv", "--url", f"https://127.0.0.1:{server.getsockname()[1]}")
        good(xe, "peer", "accept", folder / f"{code}.inv")
        good(xe, "peer", "agree", code, "--class", "phone")
    code, answer, err = run(xe, "match", "--case", "C-1", "--peers", ",".join(["XF", *codes]))
    for thread in threads:
        thread.join(30)
    errors = {line["peer"] for line in answer if "error" in line}
    check(code == 3 and errors == set(codes), f"each has its sentence: {code} {errors}")
    check(answer[-1]["hits"] >= 3, f"who answers is asked: {answer[-1]}")
    check(len(times) == 3 and max(t[0] for t in times.values()) < min(t[1] for t in times.values()),
          f"all lines were open at one time: {times}")


def main():
    folder = Path(tempfile.mkdtemp(prefix="enlace-three-"))
    try:
        test_story()
        test_quota(folder)
        test_claims(folder)
        test_meanwhile(folder)
        test_desk(folder)
    finally:
        for process in services:
            if process.poll() is None:
                process.kill()
        shutil.rmtree(folder, ignore_errors=True)
    finish("three_nodes")


main()
