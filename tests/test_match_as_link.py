#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`match` between two nodes says of persons what `link --keys` says of the same two lists: the same hits,
as weak, with the same reasons and the same expected number of wrong ones. The lists are of few years and of names that
end alike, so that strangers agree by chance; some persons stand in both, a few of them misspelt."""
import json
import random
import signal
import subprocess
import tempfile
from pathlib import Path

from checks import ENLACE, answer, answers, check, environment, finish

STEMS = "Kov Petr Shev Bond Tym Mel Krav Lys Mar Pav Rud Sav Tar Vas Yur Zin".split()
ENDS = ["alenko", "renko", "chenko", "enko", "ushenko", "chuk", "skyi", "ko", "yk", "ak"]
GIVEN = "Anna Boris Oleh Iryna Petro Mykola Oksana Dmytro Taras Yulia Serhii Natalia Ivan Olena".split()


def invent(draw):
    return [f"{draw.choice(GIVEN)} {draw.choice(STEMS)}{draw.choice(ENDS)}",
            f"{draw.randint(1980, 1984)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"]


def write(path, people):
    path.write_text("".join(json.dumps({"id": f"{path.name[0]}-{i}", "schema": "Person", "status": "suspect",
                                        "properties": {"name": [name], "birthDate": [birth]}}) + "\n"
                            for i, (name, birth) in enumerate(people)))


def serve(node):
    process = subprocess.Popen([ENLACE, "-n", str(node), "serve", "--listen", "127.0.0.1:0", "--json"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(""))
    return process, json.loads(process.stdout.readline())["port"]


def told(hits, source):
    return sorted([hit[source], hit["expected_false"], hit["why"]] for hit in hits)


def compare(folder):
    draw = random.Random(20261127)
    ours, theirs = [invent(draw) for _ in range(60)], [invent(draw) for _ in range(400)]
    for i in range(8):
        name, birth = ours[i]
        theirs[7 * i] = [name if i % 2 else name[:-3] + name[-2:], birth]
    a, b = folder / "a.ftm.json", folder / "b.ftm.json"
    write(a, ours)
    write(b, theirs)
    nodes, services = [folder / "xa", folder / "xb"], []
    for node, code in zip(nodes, ("XA", "XB")):
        answer(node, "init", node, "--code", code, "--name", f"Agency {code}", "--country", code,
               "--language", "en", "--fiction")
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


with tempfile.TemporaryDirectory() as name:
    compare(Path(name))
finish("match-as-link")
