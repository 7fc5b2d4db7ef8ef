#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 at seeded moments of import, new, edit and erase: what was answered is there, what was not
is there as a whole or not at all, and the node goes on.

    test_kill.py [MOMENTS [SEED]]      default 30 moments; `make crash` takes 1,000
"""
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from checks import ENLACE, LIMIT_SECONDS, check, environment, finish

MOMENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 30
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20261126
PEOPLE, ROWS, LOOK_OVER = 6, 400, 25


def vault_of(process):
    """The vault's process, by its name: a child may be a sanitizer's helper, which must not be killed."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        named = {Path(f"/proc/{child}/comm").read_text().strip(): int(child) for child in children}
    except OSError:  # ended in between
        return None
    return named.get("enlace-vault")


class Node:
    def __init__(self, folder, seed):
        self.folder, self.chance = folder, random.Random(seed)
        self.environment = environment(folder / "node")
        self.usual = {}  # seconds that a command takes, by its first word
        self.moments = self.entries = 0
        self.call("init", folder / "node", "--code", "XA", "--country", "xa")

    def start(self, *words):
        return subprocess.Popen([ENLACE, *map(str, words), "--json"], env=self.environment,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *words):
        """Exit code, what it wrote, and what it said; one that hangs is ended and has failed."""
        return self.hear(self.start(*words), words)

    @staticmethod
    def hear(process, words):
        try:
            out, err = process.communicate(timeout=LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            check(False, f"{words}: no end within {LIMIT_SECONDS} seconds")
            out, err = process.communicate()
        return process.returncode, out, err

    def call(self, *words, code=0):
        begin = time.monotonic()
        ended, out, err = self.run(*words)
        check(ended == code, f"{words}: exit code {ended}: {err.decode()}")
        self.usual[words[0]] = time.monotonic() - begin
        return json.loads(out) if out and ended == 0 else {}

    def kill(self, *words):
        """The answer of a command that was killed at a random moment, or None."""
        process = self.start(*words)
        time.sleep(self.chance.random() * 1.1 * self.usual[words[0]])
        victim = process.pid
        if self.chance.random() < 0.15:  # the vault alone; the command then says what it can
            victim = vault_of(victim) or victim
        if process.poll() is None:
            self.moments += 1
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                pass
        _, out, _ = self.hear(process, words)
        return json.loads(out) if out.endswith(b"\n") else None

    def look_over(self):
        code, _, err = self.run("rebuild")
        check(code == 0, f"rebuild finds all as it was: {err.decode()}")

    def state(self):
        state = self.call("status")
        check(state.get("entries", 0) > self.entries, f"no entry is lost: {self.entries} {state}")
        self.entries = state.get("entries", self.entries)
        return state


def people_of(node):
    made = [node.call("new", "Person", f"id=P-{i}", "name=Ana Prueba", "position=0") for i in range(PEOPLE)]
    return [{"id": record["id"], "at": 0, "number": i} for i, record in enumerate(made)]


def position_of(node, person):
    """What the node says of the person; None: erased."""
    code, out, err = node.run("show", person["id"])
    if code == 1 and b"erased" in err:
        return None
    check(code == 0, f"a record can be read: {err.decode()}")
    return int(json.loads(out)["properties"]["position"][0]) if out else -1


def edit(node, person):
    wanted = person["at"] + 1
    answer = node.kill("edit", person["id"], f"position={wanted}")
    found = position_of(node, person)
    check(found == wanted if answer else found in (person["at"], wanted),
          f"edited: {person} {answer} {found}")
    person["at"] = found


def erase(node, person):
    answer = node.kill("erase", person["id"], "--reason", "the court says so")
    found = position_of(node, person)
    check(found is None if answer else found in (None, person["at"]), f"erased: {person} {answer} {found}")
    if found is not None:
        node.call("erase", person["id"], "--reason", "the court says so")
        check(position_of(node, person) is None, "and erased when it is done again")
    person["number"] += PEOPLE
    person["at"], person["id"] = 0, new(node, person)


def new(node, person):
    words = ["new", "Person", f"id=P-{person['number']}", "name=Ana Prueba", "position=0",
             f"email=p{person['number']}@example.org"]
    answer = node.kill(*words)
    _, out, err = node.run("find", "--key", f"email:p{person['number']}@example.org")
    found = json.loads(out)["id"] if out else None
    if answer:
        check(found == answer["id"], f"made and answered: {answer} {found} {err.decode()}")
    return found or node.call(*words)["id"]


def take_in(node, turn):
    path = node.folder / f"rows-{turn}.ftm.json"
    path.write_text("".join(json.dumps({"id": f"R-{turn}-{i}", "schema": "Company", "properties": {
        "name": [f"Fruta {turn} {i} S.A."]}}) + "\n" for i in range(ROWS)))
    before = node.state()["records"]
    answer = node.kill("import", path)
    kept = node.state()["records"] - before
    check(kept == ROWS if answer and answer["read"] == ROWS else 0 <= kept <= ROWS,
          f"imported: {answer} {kept}")
    done = node.call("import", path)
    check((done["added"], done["unchanged"]) == (ROWS - kept, kept), f"and finished: {kept} {done}")
    path.unlink()


def main():
    with tempfile.TemporaryDirectory() as name:
        node = Node(Path(name), SEED)
        people = people_of(node)
        path = node.folder / "first.ftm.json"
        path.write_text('{"id":"R","schema":"Company","properties":{"name":["Fruta S.A."]}}\n')
        node.call("import", path)
        node.call("edit", people[0]["id"], "position=0")
        spare = node.call("new", "Person", "name=Spare")
        node.call("erase", spare["id"], "--reason", "to know how long it takes")
        turn = 0
        while node.moments < MOMENTS and turn < 4 * MOMENTS:
            turn += 1
            chance, person = node.chance.random(), node.chance.choice(people)
            if chance < 0.2:
                take_in(node, turn)
            elif chance < 0.5:
                erase(node, person)
            else:
                edit(node, person)
            if turn % LOOK_OVER == 0:
                node.look_over()
        node.look_over()
        node.state()
        check(node.moments >= MOMENTS, f"{node.moments} moments in {turn} turns")
        print(f"{node.moments} times kill -9")


main()
finish("kill")
