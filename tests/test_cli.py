#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The program as its users and their scripts see it: answers, exit codes, files left behind."""
import json
import os
import subprocess
import tempfile
from pathlib import Path

from checks import DATA, ENLACE, ROOT, check, finish, skip


def enlace(*words, stdin=None):
    done = subprocess.run([ENLACE, *map(str, words)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, input=stdin, cwd=ROOT)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def answers(*words):
    code, out, err = enlace(*words, "--json")
    try:
        return code, [json.loads(line) for line in out.splitlines()], err
    except ValueError:
        check(False, f"{words}: not JSON lines: {out[:200]}")
        return code, [], err


def exit_code(wanted, *words, says=""):
    code, _, err = enlace(*words)
    check(code == wanted, f"{words}: exit code {code}, not {wanted}: {err}")
    check(says in err, f"{words}: \"{says}\" is not said: {err}")


def usage():
    code, out, _ = enlace("help")
    check(code == 0 and "link" in out and "check" in out, "help lists the commands")
    for command in ["check", "keys", "link", "link audit", "completion", "manual", "help", "version"]:
        for words in [["help", *command.split()], [*command.split(), "--help"]]:
            code, out, _ = enlace(*words)
            check(code == 0 and f"enlace {command}" in out, f"{words} explains {command}")
    exit_code(2, "lnik", says="did you mean \"link\"")
    exit_code(2, "link", "a", "--privat", says="--private")
    exit_code(2, "link", "-x", says="two dashes")
    exit_code(2, "link", says="one file or two")
    exit_code(2, "link", "a", "b", "c", says="one file or two")
    exit_code(2, "link", "a", "--private", "--transcript", "t", says="two files")
    exit_code(2, "link", "a", "b", "--private", "--keys", says="exclude")
    exit_code(2, "link", "a", "b", "--transcript", "t", says="--private")
    exit_code(2, "link", "a", "--map-b", "m", says="second file")
    exit_code(2, "link", "a", "--format", "xls", says="ids, ftm and csv")
    exit_code(2, "link", "--pairs", "p", says="--left, --right and --truth")
    exit_code(2, "link", "a", "--truth", "id:(", says="regular expression")
    exit_code(2, "check", says="VALUE")
    exit_code(2, "check", "x", "--as", "containr", says="container")
    exit_code(2, "check", "x", "--as", "q", says="imo")
    exit_code(2, "user", says="\"user add\", \"user role\", \"user list\"")
    exit_code(2, "help", "usr", says="no command")
    exit_code(2, "--json", "--node", says="no command")
    exit_code(2, "--json", "usr", says="no command \"usr\"")
    exit_code(1, "watch", "briefing", "/nowhere", "-o", "x.pdf", says="/nowhere")
    code, out, _ = enlace("--json", "help", "case")
    check(code == 0 and "case new" in out, f"--json in front: {code}")
    for front in [["--json", "-n", "/nowhere"], ["--node", "/nowhere", "--json"], ["--node=/nowhere"]]:
        exit_code(1, *front, "status", says="/nowhere")
    code, out, _ = enlace("help", "case")
    check(code == 0 and "case new" in out and "case member" in out, "help explains a group")
    exit_code(2, "keys", says="file")
    exit_code(1, "link", "/nowhere/a", says="/nowhere/a")
    code, out, _ = enlace("manual")
    check(code == 0, "the manual prints")
    if subprocess.run(["which", "mandoc"], stdout=subprocess.DEVNULL).returncode == 0:
        lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning"], input=out.encode(),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        check(lint.returncode == 0, f"the manual is sound mdoc: {lint.stdout.decode()}")
    code, out, _ = enlace("completion")
    for typed, wanted in [("li", "link"), ("us", "user"), ("user ", "add role list"),
                          ("case m", "member"), ("link --tr", "--transcript --truth"),
                          ("link au", "audit"), ("link audit --se", "--seed"),
                          ("link a b --format f", "ftm"), ("keys READ", "README.md")]:
        words = ["enlace", *typed.split(" ")]
        script = (f"{out}\nCOMP_WORDS=({' '.join(w or repr('') for w in words)}); "
                  f"COMP_CWORD={len(words) - 1}; _enlace; echo \"${{COMPREPLY[@]}}\"\n")
        done = subprocess.run(["bash"], input=script.encode(), stdout=subprocess.PIPE, cwd=ROOT)
        check(done.stdout.decode() == wanted + "\n",
              f"bash completion of \"{typed}\": {done.stdout.decode()}")
    full = open("/dev/full", "w")
    done = subprocess.run([ENLACE, "help"], stdout=full, stderr=subprocess.PIPE)
    check(done.returncode == 3, "a full disk behind standard output is a failure")


def checking():
    code, lines, _ = answers("check", "QZAU2045148", "--as", "container")
    check(code == 1 and not lines[0]["valid"], "step 1 of the story: the wrong digit is refused")
    check("QZAU2045184" in lines[0]["suggestions"][:6], f"the right one is suggested: {lines}")
    code, lines, _ = answers("check", "QZAU2045184", "--as", "container")
    check(code == 0 and lines[0]["valid"] and lines[0]["value"] == "QZAU2045184", "and accepted")
    code, lines, _ = answers("check", "RBQJ9278350", "--as", "container")
    offered = lines[0]["suggestions"]
    exchanged = ["RBQJ9273850", "RBQJ9287350", "RBQJ2978350", "RQBJ9278350"]
    check(offered[:4] == exchanged and "RBQJ9278390" in offered and offered[-1] == "RBQJ9278359",
          f"transpositions, every digit that would be right, the recomputed one: {offered}")
    code, lines, _ = answers("check", "0007319")
    check(code == 0 and any(l["kind"] == "imo" and l["valid"] for l in lines),
          f"a ship's number is recognised: {lines}")
    code, lines, _ = answers("check", "999 550107788", "--as", "phone", "--country", "xa")
    check(code == 0 and lines[0]["value"] == "+999550107788", f"a phone of XA: {lines}")
    code, out, _ = enlace("check", "CSQU3054384")
    check(code == 0 and "CSQU3054383" in out and "number plate" in out,
          f"in words, with what it might be: {out}")


def examples():
    for path in sorted((ROOT / "examples").glob("*.ftm.json")):
        code, _, err = enlace("keys", path, "--quiet")
        check(code == 0 and "kept as given" not in err and "could not" not in err,
              f"{path.name} is understood to the last value: {err}")


def linking(folder):
    code, lines, err = answers("link", "examples/xb.ftm.json", "examples/xa.ftm.json", "--private")
    check(code == 0 and len(lines) == 2, f"one pair and a summary: {lines} {err}")
    check(set(lines[0]) == {"a", "b", "score", "why", "expected_false"}, f"the answer: {lines[0]}")
    check((lines[0]["a"], lines[0]["b"]) == ("XB-SZ-2026-0009", "XA-SZ-2026-0041"), "H-1, H-2")
    check(set(lines[1]) == {"rows_a", "rows_b", "pairs", "seconds"}, f"the summary: {lines[1]}")
    for mode in ([], ["--keys"], ["--private"]):
        _, lines, _ = answers("link", "examples/xa.ftm.json", "examples/xc.ftm.json", *mode)
        found = {(l["a"], l["b"]) for l in lines[:-1]}
        check(found == {("XA-SZ-2026-0041", "XC-IR-2025-0310")}, f"H-3, H-4 {mode}: {found}")
    suspect = Path("examples/xc.ftm.json").read_text().replace('"witness"', '"suspect"')
    (folder / "suspect").write_text(suspect)
    for mode in ([], ["--keys"], ["--private"]):
        _, lines, _ = answers("link", "examples/xa.ftm.json", folder / "suspect", *mode)
        check(not any(l.get("b") == "XC-P-0900" for l in lines), f"the false friend {mode}")

    csv, mapping = folder / "list.csv", folder / "list.map"
    csv.write_text("id;nom;né;tel\n1;Élske van Noordt;07/06/1988;+999 55 010 7788\n"
                   "2;NOORDT Elske;07/06/1988;\n3;Okker;1.1.1970;x\n")
    mapping.write_text("schema = Person\nid = id\nname = nom\nbirthDate = né %d/%m/%Y\nphone = tel\n")
    code, lines, err = answers("link", csv, "--map", mapping)
    check(code == 0 and [(l["a"], l["b"]) for l in lines[:-1]] == [("1", "2")],
          f"duplicates within one file: {lines} {err}")
    check("kept as given" in err and "line 4, birthDate: " in err,
          f"what could not be used is said, and where: {err}")
    exit_code(1, "link", csv, says="mapping")
    mapping.write_text("schema = Person\nnom = nom\n")
    exit_code(1, "link", csv, "--map", mapping, says="line 2")
    pairs = folder / "pairs.csv"
    pairs.write_text("schema,l,r,same\nPerson,Élske van Noordt,\"NOORDT, Elske\",true\n"
                     "Company,Noordt BV,Noordt Ltd,true\nPerson,Ana Alvear,Eva Alvear,false\n"
                     "Person,Ana Alvear,Anna Alvear,true\n")
    code, lines, _ = answers("link", "--pairs", pairs, "--left", "l", "--right", "r", "--schema",
                             "schema", "--truth", "same")
    check(code == 0 and lines == [{"pairs": 4, "recall": 1, "precision": 1, "f1": 1}],
          f"labelled pairs: {lines}")
    pairs.write_text("l,r,same\nAna,Eva,false\n")
    _, out, _ = enlace("link", "--pairs", pairs, "--left", "l", "--right", "r", "--truth", "same")
    check(out == "1 pairs: recall -, precision -, F1 0.0000\n", f"nothing to divide by: {out}")
    pairs.write_text("l,r,same\nAna Lima,Ana Lima,false\nUnknown,unknown,true\nLuis Hernández,Luis Fernandez,true\n")
    _, out, _ = enlace("link", "--pairs", pairs, "--left", "l", "--right", "r", "--truth", "same")
    check(out.splitlines()[:-1] == [
        "taken for one: Ana Lima  |  Ana Lima", "    ana and ana: are the same",
        "not found: Unknown  |  unknown", "    one of them is no name",
        "not found: Luis Hernández  |  Luis Fernandez", "    each name has a word that the other has not"],
          f"what was decided otherwise than labelled: {out}")
    own = ROOT / "bench/name_pairs.csv"
    code, lines, _ = answers("link", "--pairs", own, "--left", "name1", "--right", "name2", "--schema", "schema",
                             "--truth", "is_match")
    check(code == 0 and lines[0]["pairs"] == 366 and lines[0]["f1"] > 0.9, f"pairs of 31 kinds: {lines}")
    exit_code(1, "link", "--pairs", pairs, "--left", "x", "--right", "r", "--truth", "same",
              says="no column \"x\"")


def transcripts(folder):
    """AT-05: two sets of one size leave transcripts of one shape; the audit knows the list."""
    def people(name, letters):
        (folder / name).write_text("".join(json.dumps(
            {"id": f"{name}{i}", "schema": "Phone", "properties": {"number": [f"+99955{letters}{i:03d}"]}}
        ) + "\n" for i in range(9)))
        return folder / name
    one, other, peer = people("one", "123"), people("other", "777"), people("peer", "123")
    sizes = []
    for asked in (one, other):
        transcript = folder / f"{asked.name}.transcript"
        code, lines, err = answers("link", asked, peer, "--private", "--transcript", transcript)
        check(code == 0, f"transcript of {asked.name}: {err}")
        check(len(lines) == (10 if asked is one else 1), f"pairs of {asked.name}: {len(lines)}")
        sizes.append(transcript.stat().st_size)
        seed = Path(f"{transcript}.seed")
        check(seed.exists() and seed.stat().st_mode & 0o077 == 0, "the seed is the owner's alone")
        check(seed.read_bytes()[-32:] not in transcript.read_bytes(), "and not in the transcript")
    check(sizes[0] == sizes[1], f"transcripts of two sets of one size: {sizes}")

    exit_code(1, "link", one, peer, "--private", "--transcript", folder / "one.transcript",
              says="already")
    exit_code(3, "link", one, peer, "--private", "--transcript", "/nowhere/t", says="/nowhere/t")

    audit = ["link", "audit", folder / "one.transcript"]
    code, lines, err = answers(*audit, one)
    check(code == 0 and lines[0]["valid"] is True, f"the true list is accepted: {lines} {err}")
    text = one.read_text().splitlines(True)
    for what, lines_ in [("one changed", [text[0].replace("000", "990"), *text[1:]]),
                         ("one added", text + [text[0].replace("000", "990")]),
                         ("one missing", text[1:])]:
        (folder / "wrong").write_text("".join(lines_))
        code, lines, _ = answers(*audit, folder / "wrong")
        check(code == 1 and lines[0]["valid"] is False and lines[0]["why"], f"{what} is refused")
    for name, source in [("other seed", folder / "other.transcript.seed")]:
        code, lines, _ = answers(*audit, one, "--seed", source)
        check(code == 1, f"{name} is refused: {lines}")
    data = bytearray((folder / "one.transcript").read_bytes())
    asks = [at for at, kind in ask_bytes(data)]
    check(len(asks) > 500, f"bytes of asks in the transcript: {len(asks)}")
    for at in asks[::len(asks) // 40]:
        changed = bytearray(data)
        changed[at] ^= 1
        (folder / "changed").write_bytes(changed)
        code, _, _ = enlace("link", "audit", folder / "changed", one, "--seed",
                            folder / "one.transcript.seed")
        check(code == 1, f"byte {at} of an ask, changed, is refused")
    (folder / "changed").write_bytes(data[:-10])
    code, _, err = enlace("link", "audit", folder / "changed", one, "--seed",
                          folder / "one.transcript.seed")
    check(code == 1 and err, "a transcript that is cut off is refused")


def ask_bytes(data):
    """Positions of the bytes of SESSION_ASK frames (docs/format/session.md)."""
    at = 9  # magic and side
    while at < len(data):
        kind, length = data[at + 1], int.from_bytes(data[at + 2:at + 6], "big")
        at += 6
        if kind == 6:
            yield from ((i, kind) for i in range(at, at + length))
        at += length


def real_data():
    ids = DATA / "seizures/ids-2011-2012.csv.gz"
    if not ids.exists():
        skip(f"{ids} is not there")
        return
    code, _, err = enlace("keys", ids, "--quiet")
    check(code == 0 and "45113 records" in err, f"the seizure file: {err}")
    code, _, err = enlace("keys", DATA / "ftm/donations.ftm.json", "--quiet")
    check(code == 0 and "475 records" in err, f"the FollowTheMoney file: {err}")


os.chdir(ROOT)
usage()
checking()
examples()
with tempfile.TemporaryDirectory() as name:
    linking(Path(name))
    transcripts(Path(name))
real_data()
finish("cli")
