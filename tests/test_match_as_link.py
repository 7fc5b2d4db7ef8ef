#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`match` between two nodes says of persons what `link --keys` says of the same two lists: the same hits,
as weak, with the same reasons and the same expected number of wrong ones. The lists are of few years and of names that
end alike, so that strangers agree by chance; some persons stand in both, a few of them misspelt."""
import json
import math
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from checks import ENLACE, answer, answers, check, environment, finish, refused

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))
import people  # noqa: E402

STEMS = "Kov Petr Shev Bond Tym Mel Krav Lys Mar Pav Rud Sav Tar Vas Yur Zin".split()
ENDS = ["alenko", "renko", "chenko", "enko", "ushenko", "chuk", "skyi", "ko", "yk", "ak"]
GIVEN = "Anna Boris Oleh Iryna Petro Mykola Oksana Dmytro Taras Yulia Serhii Natalia Ivan Olena".split()


def invent(draw):
    return [f"{draw.choice(GIVEN)} {draw.choice(STEMS)}{draw.choice(ENDS)}",
            f"{draw.randint(1980, 1984)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"]


def write(path, rows):
    path.write_text("".join(json.dumps({"id": f"{path.name[0]}-{i}", "schema": "Person", "status": "suspect",
                                        "properties": dict(zip(("name", "birthDate", "address"),
                                                                ([word] for word in words)))})
                            + "\n" for i, words in enumerate(rows)))


def serve(node):
    process = subprocess.Popen([ENLACE, "-n", str(node), "serve", "--listen", "127.0.0.1:0", "--json"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(""))
    return process, json.loads(process.stdout.readline())["port"]


def told(hits, source):
    """By way of whom a hit follows, each tells in its own words."""
    return sorted([hit[source], [why.split(":")[0] if why.startswith("follows from") else why for why in hit["why"]],
                   hit["expected_false"]] for hit in hits)


def ask(folder, a, b):
    """What XA's `match` says of the people of one file when XB holds those of the other."""
    nodes, services = [folder / "xa", folder / "xb"], []
    for node, code in zip(nodes, ("XA", "XB")):
        answer(node, "init", node, "--code", code, "--name", f"Agency {code}", "--country", code,
               "--language", "en", "--fiction")
    hits = []
    try:
        for node, file in zip(nodes, (a, b)):
            services.append(serve(node))
            answer(node, "case", "new", "C1", "names")
            answer(node, "import", file, "--case", "C1")
        for i, node in enumerate(nodes):
            card = folder / f"{i}.json"
            words = answer(node, "peer", "invite", "-o", card, "--url", f"https://127.0.0.1:{services[i][1]}")
            answer(nodes[1 - i], "peer", "accept", card, "--fingerprint", words["fingerprint"])
        for node, peer in zip(nodes, ("XB", "XA")):
            answer(node, "peer", "agree", peer, "--class", "person", "--quota", "50000",
                   "--case-quota", "100000")
        answers(nodes[1], "epoch", "new")
        *hits, end = answers(nodes[0], "match", "--case", "C1", "--peers", "XB")
        check(end["hits"] == len(hits), f"{end}")
    finally:
        for process, _ in services:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            process.stdout.close()
    return hits


def of_few_years(folder):
    draw = random.Random(20261127)
    ours, theirs = [invent(draw) for _ in range(60)], [invent(draw) for _ in range(400)]
    for i in range(8):
        name, birth = ours[i]
        theirs[7 * i] = [name if i % 2 else name[:-3] + name[-2:], birth]
    a, b = folder / "a.ftm.json", folder / "b.ftm.json"
    write(a, ours)
    write(b, theirs)
    hits = ask(folder, a, b)
    *pairs, _ = answers(None, "link", a, b, "--keys")
    check(len(pairs) >= 6, f"only {len(pairs)} pairs: nothing is shown")
    check(told(hits, "source") == told(pairs, "a"),
          f"match says {told(hits, 'source')}, link --keys {told(pairs, 'a')}")
    right = {f"a-{i}" for i in range(8)}
    found = {hit["source"] for hit in hits}
    exact = {f"a-{i}" for i in range(1, 8, 2)}
    check(exact <= found and len(right - found) <= 2, f"not found: {right - found}")
    check(len(found - right) <= 2, f"strangers: {found - right}")
    # The letters at the ends of their names are no agreement.
    check(all(hit["why"][0] != "last letters of a name agree" for hit in hits), f"{hits}")


def many_copies(folder):
    """Of a long run hits follow from others, here as there, where a key is shared at all."""
    rows = people.people(4712, 420, "heavy")
    sides = [[], []]
    for i, row in enumerate(rows):
        day = row["birth"]
        sides[i % 2].append([f"{row['given']} {row['surname']}".strip() or "-",
                             f"{day[:4]}-{day[4:6]}-{day[6:]}" if len(day) == 8 else "",
                             f"{row['number']} {row['street']}, {row['suburb']} {row['postcode']}"])
    a, b = folder / "a.ftm.json", folder / "b.ftm.json"
    for file, side in zip((a, b), sides):
        write(file, side)
    hits = ask(folder, a, b)
    *pairs, end = answers(None, "link", a, b, "--keys")
    followed = [pair for pair in pairs if any(why.startswith("follows from") for why in pair["why"])]
    keyless = [pair for pair in followed if len(pair["why"]) == 1]
    check(end["rows_a"] >= 500 and len(followed) > len(keyless) > 0, f"{end} {len(followed)} {len(keyless)}")
    # Rows of whom nothing is known count as asked in a file: the numbers differ in the fourth place.
    match, link = told(hits, "source"), told([pair for pair in pairs if pair not in keyless], "a")
    apart = [(m, l) for m, l in zip(match, link)
             if m[:2] != l[:2] or not math.isclose(m[2], l[2], rel_tol=0.01)]
    check(len(match) == len(link) and not apart, f"match says {len(match)}, link {len(link)}: {apart[:2]}")
    check(any("also that of another of yours" in why for hit in hits for why in hit["why"]), "by way of whom")


def decided(folder):
    """What people decided of hits is stated of the next that agree so: by match, and by link of the file."""
    nodes, services = [folder / "xa", folder / "xb"], []
    twins = [[f"{name} Noordt Alvear", f"19{60 + i}-06-07", f"{i} Gull Street, Velero 48{100 + i}"]
             for i, name in enumerate(("Elske", "Bram", "Jutta", "Pieter", "Nele", "Ruben", "Sanne", "Koen", "Lotte"))]
    others = [["Tomas" + born[0][born[0].index(" "):], *born[1:]] for born in twins]
    a, b, learned = (folder / name for name in ("a.ftm.json", "b.ftm.json", "learned.json"))
    write(a, twins)
    write(b, others)
    hits = ask(folder, a, b)
    check(len(hits) == 9 and all(hit["expected_false"] < 0.5 for hit in hits), f"{hits}")
    for hit in answers(nodes[0], "hits", "--case", "C1")[:-1]:
        answer(nodes[0], "hit", "decide", hit["id"], "no", "--reason", "a brother", "--case", "C1")
    *rows, end = answers(nodes[0], "link", "learn", "--case", "C1", "-o", learned)
    check(end == {"pairs": 8, "same": 0, "different": 8, "gone": 0}, f"{end}")
    total = [row for row in rows if "stated" in row]
    check(len(total) == 1 and total[0]["by"] == "keys" and total[0]["learned"] > 2 * total[0]["stated"], f"{total}")
    check(learned.read_text().startswith('{"learned":[{') and "Noordt" not in learned.read_text(), "counts, and nobody's data")
    services = [serve(node) for node in nodes]
    try:
        # Where the services listen now.
        for i, node in enumerate(nodes):
            card = folder / f"{i}-again.json"
            words = answer(node, "peer", "invite", "-o", card, "--url", f"https://127.0.0.1:{services[i][1]}")
            answer(nodes[1 - i], "peer", "accept", card, "--fingerprint", words["fingerprint"])
        *after, _ = answers(nodes[0], "match", "--case", "C1", "--peers", "XB")
    finally:
        for process, _ in services:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            process.stdout.close()
    # What is not ours is not written over, and what was taken back is in force no more.
    mine = folder / "mine.txt"
    mine.write_text("my own notes")
    refused(nodes[0], "link", "learn", "--case", "C1", "-o", mine, says="choose another name")
    check(mine.read_text() == "my own notes", "not written over")
    for hit in answers(nodes[0], "hits", "--case", "C1")[:-1]:
        answer(nodes[0], "hit", "decide", hit["id"], "unsure", "--reason", "perhaps", "--case", "C1")
    again = answers(nodes[0], "link", "learn", "--case", "C1", "-o", folder / "none-learned.json")
    check(again == [{"pairs": 0, "same": 0, "different": 0, "gone": 0}], f"{again}")
    check((folder / "none-learned.json").read_text() == '{"learned":[]}', "and nothing is learned")
    before = {hit["source"]: hit["expected_false"] for hit in hits}
    check({hit["source"] for hit in after} == set(before), "what was decided hides no hit")
    check(all(hit["expected_false"] > 4 * before[hit["source"]] and hit["weak"] for hit in after), f"{after}")
    said = "people decided of pairs that agree so: 0 the same, 8 not"
    check(all(said in hit["why"] for hit in after), f"{after[0]['why']}")
    *pairs, _ = answers(None, "link", a, b, "--keys", "--learned", learned)
    check(told(after, "source") == told(pairs, "a"), f"match says {told(after, 'source')}, link {told(pairs, 'a')}")
    *blind, _ = answers(None, "link", a, b, "--private", "--learned", learned)
    check(told(blind, "a") == told(pairs, "a"), "and blind the same")
    *plain, _ = answers(None, "link", a, b)
    *plain_after, _ = answers(None, "link", a, b, "--learned", learned)
    check(told(plain, "a") == told(plain_after, "a"), "what is learned by keys says nothing of the clear")
    refused(None, "link", a, b, "--learned", folder / "none.json", says="none.json")
    learned.write_text('{"learned":[{"schema":"Person"}]}')
    refused(None, "link", a, b, "--learned", learned, says="row 1: \"by\"")


for world in (of_few_years, many_copies, decided):
    with tempfile.TemporaryDirectory() as name:
        world(Path(name))
finish("match-as-link")
