#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`watch scan`, `watch --report` and `watch briefing` as their users and scripts see them; workbooks
read like any table."""
import json
import random
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from checks import DATA, ENLACE, ROOT, check, finish, skip


def enlace(*words):
    done = subprocess.run([ENLACE, *map(str, words)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, cwd=ROOT)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def scan(cases, places, *words):
    code, out, err = enlace("watch", "scan", "--satscan", cases, places, *words, "--json")
    check(code == 0, f"watch scan {words}: {code}: {err}")
    return json.loads(out) if code == 0 else {}


KEYS = ["llr", "observed", "expected", "centre", "places", "radius_km", "from", "to", "p",
        "p_gumbel", "seconds"]


def published():
    """A case whose result another program has published."""
    cases, places = DATA / "watch/big.cas", DATA / "watch/big.geo"
    if not cases.exists():
        skip("../shared/data/watch is absent")
        return
    answers = [scan(cases, places, "--days", 30, "--km", 1000, "--reps", 999, "--seed", 1,
                    "--threads", threads) for threads in (1, 2, 3)]
    for answer in answers:
        check(list(answer) == KEYS, f"keys: {list(answer)}")
        check(f"{answer['llr']:.6f}" == "16.150434", answer["llr"])
        check(answer["observed"] == 18 and f"{answer['expected']:.2f}" == "3.23", answer)
        check(f"{answer['radius_km']:.2f}" == "229.56", answer["radius_km"])
        check((answer["from"], answer["to"]) == ("2025-12-19", "2025-12-31"), answer)
        check(answer["p"] == 0.001 and 0 < answer["p_gumbel"] < 0.01, answer)
        check(answer["centre"] == answer["places"][0] and len(answer["places"]) == 9, answer)
        check({**answer, "seconds": 0} == {**answers[0], "seconds": 0}, "threads do not matter")


def made(folder):
    """A world of our own with a cluster put in."""
    dice = random.Random(7)
    places = [(f"place {i}", dice.uniform(-60, 60), dice.uniform(-170, 170)) for i in range(80)]
    near = [f"near {i}" for i in range(4)]
    places += [(name, 10 + i / 100, 20) for i, name in enumerate(near)]
    cases = [(dice.choice(places)[0], 1, f"2025/{dice.randint(1, 12)}/{dice.randint(1, 28)}")
             for _ in range(1500)]
    cases += [(dice.choice(near), 2, f"2025/12/{dice.randint(20, 28)}") for _ in range(9)]
    geo, cas = folder / "a.geo", folder / "a.cas"
    geo.write_text("".join(f'"{n}" {y} {x}\n' for n, y, x in places))
    cas.write_text("".join(f'"{n}",{c},{d}\n' for n, c, d in cases))
    for statistic in ("permutation", "poisson", "set"):
        answer = scan(cas, geo, "--statistic", statistic, "--reps", 99)
        check(set(answer["places"]) <= set(near) and answer["observed"] >= 12, answer)
        check(answer["p"] == 0.01, f"{statistic}: {answer['p']}")
    earlier = scan(cas, geo, "--as-of", "2025-12-10", "--reps", 99)
    check(earlier["to"] == "2025-12-10" and earlier["p"] > 0.01, earlier)
    again = scan(cas, geo, "--as-of", "2025-12-10", "--reps", 99, "--seed", 2)
    check(earlier["llr"] == again["llr"], "the seed changes only chance")
    code, out, _ = enlace("watch", "scan", "--satscan", cas, geo)
    check(code == 0 and "log likelihood ratio" in out and "around near" in out, out)
    cas.write_text("")
    answer = scan(cas, geo)
    check(answer["llr"] == 0 and answer["centre"] is None and answer["from"] is None, answer)
    code, out, _ = enlace("watch", "scan", "--satscan", cas, geo)
    check(code == 0 and "nothing stands out" in out, out)
    for words, wanted, says in [
            ([], 2, "--satscan"), (["--satscan", cas], 2, "coordinates file"),
            ([folder / "no.csv"], 1, "no.csv"),
            (["--satscan", cas, geo, "--days", "0"], 2, "1 to"),
            (["--satscan", cas, geo, "--km", "-1"], 2, "kilometres"),
            (["--satscan", cas, geo, "--reps", "x"], 2, "whole number"),
            (["--satscan", cas, geo, "--as-of", "2025"], 2, "a day"),
            (["--satscan", cas, geo, "--statistic", "best"], 2, "permutation"),
            (["--satscan", folder / "no.cas", geo], 1, "no.cas")]:
        code, _, err = enlace("watch", "scan", *words)
        check(code in (wanted, 3 if wanted == 1 else wanted) and says in err, f"{words}: {code}: {err}")


HEAD = ("COUNTRY;PLACE;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT;DEPARTURE_COUNTRY;"
        "DESTINATION_COUNTRY;TRANSPORT\n")


def seizures(folder):
    dice = random.Random(3)
    rows = [f"{dice.choice(['Spain', 'Italy', 'Peru'])};Port {dice.randint(1, 9)};"
            f"{2010 + dice.randint(0, 2)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02};"
            f"{dice.choice(['Cocaine', 'Heroin', 'Cannabis'])};{dice.randint(1, 50)};Kilogram;"
            f"{dice.choice(['Colombia', 'Ecuador', ''])};{dice.choice(['Spain', ''])};Sea\n"
            for _ in range(900)]
    path = folder / "seizures.csv"
    path.write_text(HEAD + "".join(rows))
    return path


def coordinates(folder):
    """The same scan on a file of seizures: by coordinates, through a mapping, else by country."""
    dice = random.Random(11)
    lines = ["day,lat,lon,what,who"]
    for _ in range(600):
        lines.append(f"2024-{dice.randint(1, 12):02}-{dice.randint(1, 28):02},"
                     f"{dice.randint(-50, 50)},{dice.randint(-150, 150)},Cocaine,Spain")
    lines += [f"2024-12-{20 + i},{12 + i / 100:.2f},34.5,Cocaine,Spain" for i in range(9)]
    lines += [f"2024-12-{10 + i},95,34.5,Cocaine,Atlantis" for i in range(5)]
    table, mapping = folder / "c.csv", folder / "c.map"
    table.write_text("\n".join(lines) + "\n")
    mapping.write_text("schema = Seizure\ndate = day\nlatitude = lat\nlongitude = lon\n"
                       "substance = what\nagency = who\n")
    code, out, err = enlace("watch", "scan", table, "--map", mapping, "--km", 300, "--reps", 99,
                            "--json")
    check(code == 0, f"seizures with coordinates: {code} {err}")
    answer = json.loads(out) if code == 0 else {}
    check(answer.get("observed") == 9 and answer.get("p") == 0.01, answer)
    check(answer.get("centre", "").endswith(" 34.5000"), answer)
    check("left out" in err, err)
    code, out, err = enlace("watch", "scan", seizures(folder), "--days", 60, "--json")
    check(code == 0 and json.loads(out)["to"] == "2012-12-28", f"by country: {code} {out} {err}")
    check("in the middle of their country" in err, err)


def pages(folder):
    path, page = seizures(folder), folder / "out.html"
    code, _, err = enlace("watch", "replay", path, "--from", "2012-06-01", "--to", "2012-12-28",
                          "--report", page)
    check(code == 0 and page.exists(), f"--report: {code}: {err}")
    text = page.read_text()
    check("default-src 'none'" in text and "<script" not in text, "the page has a policy")
    check(not re.search(r"(src|href)=\"(?!#)", text) and "url(" not in text, "nothing is loaded")
    check("seizures.csv" in text and str(folder) not in text, "the file's name, not its folder")
    code, _, err = enlace("watch", "replay", path, "--from", "2012-06-01", "--to", "2012-12-28",
                          "--report", folder / "out.xlsx")
    check(code == 0 and (folder / "out.xlsx").read_bytes()[:2] == b"PK", f"workbook: {err}")
    code, _, err = enlace("watch", "replay", path, "--from", "2012-06-01", "--to", "2012-12-28",
                          "--report", folder / "no/out.html")
    check(code == 3 and "no/out.html" in err, f"a folder that is not there: {code} {err}")
    for language in ("en", "es", "fr", "pt"):
        pdf = folder / f"{language}.pdf"
        code, out, err = enlace("watch", "briefing", path, "--as-of", "2012-12-28", "--language",
                                language, "--output", pdf, "--json")
        check(code == 0 and json.loads(out)["language"] == language, f"briefing: {err}")
        check(pdf.read_bytes()[:5] == b"%PDF-", "a PDF")
    for words, says in [(["--language", "de", "--output", "x"], "en, es"), ([], "--output"),
                        (["--output", "x", "--as-of", "then"], "a day")]:
        code, _, err = enlace("watch", "briefing", path, *words)
        check(code == 2 and says in err, f"{words}: {code} {err}")


ATTACK = "<img src=http://127.0.0.1:9/x onerror=alert(1)>"


def in_a_browser(folder):
    """A page of hostile texts in a real browser: nothing refused, since nothing was tried."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        skip("chromium is not installed")
        return
    path, page = folder / "hostile.csv", folder / "hostile.html"
    text = seizures(folder).read_text()
    path.write_text(text.replace("Peru", ATTACK).replace("Colombia", "<script>alert(2)</script>"))
    code, _, err = enlace("watch", path, "--as-of", "2012-12-28", "--report", page)
    check(code == 0, f"hostile texts: {code} {err}")
    try:
        done = subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
             f"--user-data-dir={folder}/browser", "--dump-dom", page.as_uri()],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    except subprocess.TimeoutExpired:
        skip("chromium did not come back")
        return
    dom, told = done.stdout.decode(), done.stderr.decode()
    check("<h1>Seizure watch</h1>" in dom and "&lt;img src=http://127" in dom, dom[:300])
    check("<script" not in dom and "<img" not in dom, "the texts stayed texts")
    check("Refused to" not in told and "CONSOLE" not in told, told)


def on_paper(folder):
    """The briefing's words, as a reader of PDF sees them: two pages, accents right."""
    if shutil.which("pdftotext") is None:
        skip("poppler-utils is not installed")
        return
    for language, wanted in [
            ("en", ["Seizure watch", "What is new", "page 2 of 2"]),
            ("es", ["Vigilancia de incautaciones", "Cómo leer esto", "notificación", "página 1 de 2"]),
            ("fr", ["Veille sur les saisies", "D’où vers où", "déclaration", "page 2 sur 2"]),
            ("pt", ["Vigilância de apreensões", "não uma conclusão", "Além de três vezes", "página 2 de 2"])]:
        done = subprocess.run(["pdftotext", folder / f"{language}.pdf", "-"],
                              stdout=subprocess.PIPE)
        text = re.sub(r"\s+", " ", done.stdout.decode())
        check(text.count("Enlace ·") == 2, f"{language}: two pages")
        for words in wanted:
            check(words in text, f"{language}: {words}")


def world():
    """The table of the world is what its tool makes of the package."""
    if not (ROOT / "node_modules/world-atlas").exists():
        skip("npm packages are not installed")
        return
    made = subprocess.run([ROOT / "tools/world-table"], stdout=subprocess.PIPE).stdout.decode()
    check(made == (ROOT / "src/watch/report_world.c").read_text(), "tools/world-table made it")


with tempfile.TemporaryDirectory() as name:
    published()
    made(Path(name))
    coordinates(Path(name))
    pages(Path(name))
    on_paper(Path(name))
    in_a_browser(Path(name))
world()
finish("watch_scan")
