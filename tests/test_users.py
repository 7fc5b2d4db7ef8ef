#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Several real people at one node: who gets in, whose rights files are opened with, and what is left
when roles change. The people are accounts of this machine, so most of it needs root to try."""
import contextlib
import gzip
import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from checks import ENLACE, answer, answers, check, environment, finish, refused, run, skip

SERVICE, ANA, BEN, STRANGER = 64001, 65534, 2, 1  # "nobody" and "bin" have names, the first has none


def login(uid):
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid-{uid}"


def make(folder, *more, user=None):
    node = folder / "node"
    code, _, err = run(None, "init", node, "--code", "XA", "--country", "XA", *more, user=user)
    check(code == 0, f"init: {err}")
    return node


@contextlib.contextmanager
def service(node, user=None, code=0):
    said = tempfile.TemporaryFile()
    process = subprocess.Popen([ENLACE, "serve", "--json"], stdout=subprocess.PIPE, stderr=said, user=user,
                               env=environment(node), cwd="/")
    check(process.stdout.readline() != b"", "it serves")
    process.warned = lambda: (said.seek(0), said.read().decode())[1]
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        got = process.wait(60)
        check(code is None or got == code, f"the service ended with {got}: {process.warned()}")
        process.stdout.close()
        said.close()


@contextlib.contextmanager
def place(user=None):
    """A folder that everybody may pass through, of this account."""
    folder = Path(tempfile.mkdtemp(prefix="enlace-users-"))
    try:
        os.chmod(folder, 0o755)
        if user is not None:
            os.chown(folder, user, user)
        yield folder
    finally:
        shutil.rmtree(folder)


def home_of(folder, uid):
    """A folder that is that account's alone."""
    home = folder / f"home-{uid}"
    home.mkdir(mode=0o700)
    os.chown(home, uid, uid)
    return home


def put(path, uid, content, mode=0o600):
    path.write_bytes(content)
    os.chown(path, uid, uid)
    os.chmod(path, mode)
    return path


def phones(first, count):
    return "".join(json.dumps({"id": f"P-{i}", "schema": "Phone", "properties": {
        "number": [f"+99955{i:07}"]}}) + "\n" for i in range(first, first + count)).encode()


# ---- A service account, and two people ----

def several(folder):
    node = make(folder, user=SERVICE)
    refused(node, "status", code=3, says="belongs to the account")  # root, too, would leave files of its own
    refused(node, "serve", code=3, says="belongs to the account")
    code, out, err = run(node, "user", "add", login(ANA), "--role", "investigator", user=SERVICE)
    check(code == 0 and "enlace serve" in err and f"chown -R enlace: {node}" in err, f"what to do: {err}")
    code, out, err = run(node, "user", "add", "nobody-at-all", "--role", "liaison", user=SERVICE)
    check(code == 0 and 'no account "nobody-at-all"' in err, f"an account that is not there: {err}")
    for words in (["find", "x"], ["case", "new", "C"], ["export", "--format", "ftm"], ["peer", "list"]):
        code, out, err = run(node, *words, user=SERVICE)
        check(code == 1 and "enlace serve" in err and "user add" in err, f"{words} wants the service: {err}")
    check(run(node, "status", user=SERVICE)[0] == 0, "status goes without")
    refused(node, "status", code=3, says="belongs to the account", user=ANA)
    with service(node, user=SERVICE) as daemon:
        check("closed" not in daemon.warned(), f"the way is open: {daemon.warned()}")
        people(folder, node)
        leaks(node)
    with service(node, user=SERVICE):
        pass
    os.chmod(folder, 0o700)
    with service(node, user=SERVICE) as daemon:
        check(f"cannot pass through {folder}" in daemon.warned(), f"a closed way is told: {daemon.warned()}")
        code, out, err = run(node, "status", user=ANA, cwd="/")
        check(code == 3 and "may not go there" in err, f"and to who stands before it: {err}")
    os.chmod(folder, 0o755)


def leaks(node):
    """With the folder open to pass through, nothing in it is open to read."""
    for path in node.rglob("*"):
        if path.name not in ("socket", "checkpoint"):
            check(path.stat().st_mode & 0o077 == 0, f"{path.name} is the service's alone")
    check(node.stat().st_mode & 0o077 == 0o011, "the folder can be passed, not listed")


def people(folder, node):
    ana, ben = home_of(folder, ANA), home_of(folder, BEN)
    administrator = {"user": SERVICE, "cwd": "/"}
    code, out, err = run(node, "user", "add", login(BEN), "Ben", "--role", "supervisor", **administrator)
    check(code == 0 and err == "", f"the administrator adds one while it runs: {err}")
    at = {"user": ANA, "cwd": ana}
    answer(node, "case", "new", "C-1", **at)

    # Each brings in files of their own, that nobody else may read.
    put(ana / "phones.json", ANA, phones(0, 300))
    got = answer(node, "import", "phones.json", "--case", "C-1", **at)
    check(got["added"] == 300 and got["rejects"] is None, f"an import by another account: {got}")
    put(ana / "phones.json.gz", ANA, gzip.compress(phones(0, 300)))
    check(answer(node, "import", "phones.json.gz", "--case", "C-1", **at)["unchanged"] == 300, "packed")
    check(answer(node, "import", "-", "--case", "C-1", stdin=phones(0, 300), **at)["unchanged"] == 300, "piped")
    put(ana / "list.csv", ANA, b"nr,name\n1,Ana Lima\n2,\n3,Rui\n")
    put(ana / "list.map", ANA, b"schema = Person\nid = nr\nname = name\n@status = \"suspect\"\n")
    got = answer(node, "import", "list.csv", "--map", "list.map", "--case", "C-1", **at)
    check(got["added"] == 3, f"with its mapping file: {got}")
    bad = b'{"id":"B-1","schema":"Phone","properties":{"number":["+999550199999"]}}\n{"id":"B-2","schema":"Fone"}\n'
    put(ana / "bad.json", ANA, bad)
    got = answer(node, "import", "bad.json", "--case", "C-1", **at)
    beside = ana / "bad.json.rejects.csv"
    check(got["rejects"] == "bad.json.rejects.csv" and beside.stat().st_uid == ANA and
          b"Fone" in beside.read_bytes(), f"rejects beside it, and theirs: {got}")
    got = answer(node, "import", "bad.json", "--case", "C-1", "--rejects", "mine.csv", **at)
    check(got["rejects"] == "mine.csv" and (ana / "mine.csv").stat().st_uid == ANA, f"where named: {got}")
    elsewhere = put(folder / "bad.json", BEN, bad, 0o644)
    got = answer(node, "import", elsewhere, "--case", "C-1", **at)
    check(got["rejects"] == "./bad.json.rejects.csv" and (ana / "bad.json.rejects.csv").exists(),
          f"a folder that cannot be written: here instead: {got}")
    refused(node, "import", "bad.json", "--rejects", "phones.json", "--case", "C-1", says="not an earlier rejects",
            **at)
    refused(node, "import", "bad.json", "--rejects", "/dev/full", "--case", "C-1", code=3, says="No space left", **at)
    check((ana / "phones.json").read_bytes() == phones(0, 300), "and it is as it was")

    # Out again.
    got = answer(node, "chart", "C-1", "-o", "case.svg", **at)
    picture = ana / "case.svg"
    check(picture.stat().st_uid == ANA and picture.stat().st_mode & 0o077 == 0 and
          b"</svg>" in picture.read_bytes()[-20:], f"a chart: {got}")
    code, out, err = run(node, "export", "--format", "ftm", "--case", "C-1", **at)
    check(code == 0 and len(out.splitlines()) == 304, f"export: {len(out.splitlines())} {err}")
    code, out, err = run(node, "peer", "invite", "-o", "xa.inv", "--url", "https://xa:1", user=BEN, cwd=ben)
    check(code == 0 and (ben / "xa.inv").stat().st_uid == BEN, f"an invitation: {err}")
    code, out, err = run(node, "peer", "accept", "xa.inv", user=BEN, cwd=ben)
    check(code == 1 and "own invitation" in err, f"and one that is read: {err}")

    # Neither theirs through the service, nor the service's through them.
    secret = put(folder / "secret.json", BEN, phones(900, 1))
    for words in (["import", secret], ["import", node / "store.db"], ["import", node / "vault.key"],
                  ["peer", "accept", secret], ["import", ana / "list.csv", "--map", secret]):
        code, out, err = run(node, *words, "--case", "C-1", user=ANA, cwd="/")
        check(code in (1, 3) and ("Permission denied" in err or "not for the role" in err), f"{words}: {err}")
    for words in (["chart", "C-1", "-o", node / "x.svg"], ["chart", "C-1", "-o", "/etc/enlace-test.svg"],
                  ["chart", "C-1", "-o", ben / "x.svg"]):
        code, out, err = run(node, *words, user=ANA, cwd="/")
        check(code == 3 and "denied" in err and out == b"", f"{words}: {err}")
    check(not (node / "x.svg").exists() and not (ben / "x.svg").exists(), "nothing was written there")
    refused(node, "import", ana, "--case", "C-1", says="a folder", **at)
    refused(node, "import", "nothing.json", "--case", "C-1", says="no such file", **at)

    # Two at once, each with a file.
    answer(node, "case", "member", "C-1", login(BEN), **at)
    put(ana / "more.json", ANA, phones(10000, 3000))
    put(ben / "more.json", BEN, phones(20000, 3000))
    both = [subprocess.Popen([ENLACE, "import", "more.json", "--case", "C-1", "--json"], user=uid, cwd=home,
                             env=environment(node), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for uid, home in ((ANA, ana), (BEN, ben))]
    for process in both:
        out, err = process.communicate(timeout=120)
        check(process.returncode == 0 and json.loads(out)["added"] == 3000, f"two at once: {err}")
    out = run(node, "export", "--format", "ftm", "--case", "C-1", **at)[1]
    check(len(out.splitlines()) == 6304, "and all of it is there")


def killed(folder):
    """Of an import by another account nothing acknowledged is lost, whoever is killed."""
    node = make(folder, user=SERVICE)
    run(node, "user", "add", login(ANA), "--role", "analyst", user=SERVICE)
    home = home_of(folder, ANA)
    rows = 60000  # more than is imported while it is looked
    put(home / "many.json", ANA, phones(0, rows))
    words = [ENLACE, "import", "many.json", "--json"]
    at = {"user": ANA, "cwd": home}

    def begun(more_than):
        """How many records there are, once there are more."""
        while (count := answer(node, "status", **at)["records"]) <= more_than:
            time.sleep(0.02)
        return count

    with service(node, user=SERVICE, code=None) as daemon:
        process = subprocess.Popen(words, env=environment(node), stdout=subprocess.PIPE, stderr=subprocess.PIPE, **at)
        begun(0)
        process.kill()
        process.communicate()
        some = answer(node, "status", **at)["records"]
        check(some < rows, "the program was killed in the middle")
        process = subprocess.Popen(words, env=environment(node), stdout=subprocess.PIPE, stderr=subprocess.PIPE, **at)
        begun(some)
        daemon.kill()
        out, err = process.communicate(timeout=60)
        check(process.returncode == 3 and b"what it acknowledged is kept" in err, f"the service was: {err}")
    code, out, err = run(node, "import", "many.json", **at)
    check(code == 3 and "belongs to the account" in err, f"without it she gets nowhere: {err}")
    with service(node, user=SERVICE):
        got = answer(node, "import", "many.json", **at)
        check(got["added"] + got["unchanged"] == rows and got["unchanged"] > 0, f"it goes on: {got}")
        check(answer(node, "status", **at)["records"] == rows, "nothing twice, nothing lost")


def typing(folder):
    """Whoever types a record line by line, or reads nothing, holds up nobody."""
    node = make(folder, "--fiction")
    with service(node) as daemon:
        typist = subprocess.Popen([ENLACE, "new", "Person"], env=environment(node), stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        typist.stdin.write(b"name=Ana Lima\n")
        typist.stdin.flush()
        time.sleep(0.3)
        start = time.monotonic()
        check(answer(node, "status")["records"] == 0, "somebody types")
        check(time.monotonic() - start < 20, "and nobody waits for it")
        out, _ = typist.communicate(b"birthDate=1984-03-12\n\nname=no\n", timeout=60)
        check(typist.returncode == 0 and b"Ana Lima" in out and b"=no" not in out, f"it is kept: {out}")
        refused(node, "new", "Person", stdin=b"name=A\0b\n", says="a NUL or a carriage return")
        refused(node, "new", "Person", stdin=b"", says="nothing is known")
        refused(node, "new", "Persn", code=2, says="did you mean Person")
        refused(node, "new", "Person", stdin=b"birthDate=yesterday\n", says="birthDate")
        got = answer(node, "new", "Phone", "--purpose", "border", stdin=b"number=+999550107788\n")
        check(got["purpose"] == "border", f"with its options: {got}")
        check(run(node, "new", "Phone", "--try", "number=+999550107788")[1:2] == (b"",), "a try gives no answer")
        refused(node, "new", "Seizure", "--try", "containerNumber=QZAU2045148", says="QZAU2045184")
        check(answer(node, "status")["records"] == 2, "and keeps nothing")

        # At a terminal each line is checked while one types.
        try:
            keyboard, screen = os.openpty()
        except OSError:
            skip("no terminal can be had here: what is checked while one types was not seen")
            return
        typist = subprocess.Popen([ENLACE, "new", "Seizure", "--json"], env=environment(node), stdin=screen,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        os.write(keyboard, b"date=2026-02-03\ncontainerNumber=QZAU2045148\ncontainerNumber=QZAU2045184\n\n")
        out, err = typist.communicate(timeout=60)
        check(typist.returncode == 0 and b"perhaps QZAU2045184" in err and b"one name=value" in err and
              json.loads(out)["properties"]["containerNumber"] == ["QZAU2045184"], f"typed: {out} {err}")
        typist = subprocess.Popen([ENLACE, "new", "Person"], env=environment(node), stdin=screen,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1)
        daemon.send_signal(signal.SIGTERM)
        check(daemon.wait(30) == 0, "it ends while somebody types")
        os.write(keyboard, b"name=x\n\n")
        check(typist.wait(30) == 3, "who is told")
        os.close(keyboard)
        os.close(screen)


def waiting(folder):
    """Two commands at once, and those that come while a service begins."""
    node = make(folder, "--fiction")
    at_once = [subprocess.Popen([ENLACE, "new", "Phone", f"number=+99955010{i:04}"], env=environment(node),
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for i in range(6)]
    said = [process.communicate()[1] for process in at_once]
    check(all(process.returncode == 0 for process in at_once), f"one after the other: {said}")
    answer(node, "import", put(folder / "many.json", os.geteuid(), phones(0, 30000)))
    process = subprocess.Popen([ENLACE, "serve", "--json"], stdout=subprocess.PIPE, env=environment(node))
    early = [subprocess.Popen([ENLACE, "new", "Phone", f"number=+99955020{i:04}"], env=environment(node),
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for i in range(6)]
    said = [one.communicate()[1] for one in early]
    check(all(one.returncode == 0 for one in early), f"while it begins: {said}")
    check(answer(node, "status")["records"] == 30012, "each did what it was to do")
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    check(process.wait(60) == 0, "and it ends")
    process.stdout.close()


def patience(folder):
    """Others are answered while a file is taken in, and while somebody does not read."""
    node = make(folder, "--fiction")
    big = folder / "big.json"
    big.write_bytes(phones(0, 60000))
    with service(node):
        answer(node, "new", "Phone", "number=+999550107788")
        process = subprocess.Popen([ENLACE, "import", big, "--json"], env=environment(node), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        time.sleep(0.3)
        seen = [answer(node, "status")["records"] for _ in range(3)]
        check(len(answers(node, "find", "--key", "phone:+999550107788")) == 1, "found in the middle of it")
        if process.poll() is None:
            check(seen[0] < seen[-1] < 60001, f"it goes on in between: {seen}")
        else:
            skip("the import was done before others had their answers")
        out, err = process.communicate(timeout=200)
        check(process.returncode == 0 and json.loads(out)["added"] == 60000, f"and is whole: {out} {err}")
        check(answer(node, "status")["records"] == 60001, "all of it")
        reader = subprocess.Popen([ENLACE, "export", "--format", "ftm"], env=environment(node), stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE)
        start = time.monotonic()
        answer(node, "new", "Phone", "number=+999550107799")
        check(time.monotonic() - start < 25, "nobody waits for a reader who does not read")
        time.sleep(1)
        out, err = reader.communicate(timeout=60)
        check(reader.returncode == 0 and len(out.splitlines()) >= 60001, f"who gets all when he does: {err}")
        done = subprocess.run(f"{ENLACE} export --format ftm | head -c 100", shell=True, env=environment(node),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        check(len(done.stdout) == 100 and b"Broken pipe" in done.stderr, f"who has seen enough: {done.stderr}")
    check(run(node, "rebuild")[0] == 0, "and the log is sound")


# ---- Strangers ----

def strangers(folder):
    """Whoever is no user leaves an entry, and no flood of them."""
    node = make(folder, user=SERVICE)
    run(node, "user", "add", login(ANA), "--role", "analyst", user=SERVICE)
    at = {"user": ANA, "cwd": "/"}
    with service(node, user=SERVICE):
        before = answer(node, "status", **at)["entries"]
        for i in range(30):
            code, out, err = run(node, "find", f"Secret {i}", user=STRANGER, cwd="/")
            check(code == 1 and "no user of this node" in err and out == b"", f"a stranger: {err}")
        run(node, "find", "Secret", user=BEN, cwd="/")
        run(node, "import", "/etc/passwd", user=BEN, cwd="/")
        after = answer(node, "status", **at)["entries"]
        check(after == before + 3, f"each at once, and then counted: {after - before - 1}")
        for uid in range(70000, 70014):
            check(run(node, "status", user=uid, cwd="/")[0] == 1, "a crowd of strangers")
        crowd = answer(node, "status", **at)["entries"] - after - 1
        check(6 <= crowd <= 9, f"a bounded number of entries: {crowd}")
    with service(node, user=SERVICE):
        last = answer(node, "status", **at)["entries"]
        check(last - after - 1 - crowd > 2, f"what was counted is written at the end: {last - after}")
    database = (node / "store.db").read_bytes()
    check(b"Secret" not in database and login(STRANGER).encode() + b" (" not in database, "and sealed")


def direct_strangers(folder):
    node = make(folder, "--fiction")
    before = answer(node, "status")["entries"]
    refused(node, "show", "0" * 32, "--as", "ghost", says="no user of this node")
    refused(node, "status", "--as", "K1234567", says="no user of this node")
    check(answer(node, "status")["entries"] == before + 3, "an entry each, without a service too")
    check(b"K1234567" not in (node / "store.db").read_bytes(), "what was typed stands there sealed")
    check(run(node, "rebuild")[0] == 0, "and the log is sound")


def places(folder):
    """What is no place for a node, or to listen at."""
    (folder / "open").mkdir()
    os.chmod(folder / "open", 0o777)
    refused(None, "init", folder / "open", "--code", "XA", "--country", "XA", says="chmod o-w")
    check(list((folder / "open").iterdir()) == [], "and nothing was made in it")
    node = make(folder, "--fiction")
    for address in ("127.0.0.1:99999", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:-1", ":", ""):
        refused(node, "serve", "--listen", address, code=2, says="HOST:PORT")
    refused(node, "case", "new", "C-1", "x" * 513, code=2, says="512 bytes")
    check(answer(node, "case", "new", "C-1", "x" * 512)["title"] == "x" * 512, "a long title")
    os.chmod(node, 0o703)
    refused(node, "status", says="chmod o-w")
    os.chmod(node, 0o700)


# ---- Roles and cases ----

def roles(folder):
    node = make(folder, "--fiction")
    me = answer(node, "user", "list")["user"]
    answer(node, "case", "new", "C-0")
    answer(node, "case", "new", "C-1")
    refused(node, "user", "add", "ana", "--role", "analyst", says="C-0, C-1")
    refused(node, "user", "list", "--as", "ana", says="no user")
    answer(node, "user", "add", "ana", "--role", "investigator")
    answer(node, "case", "member", "C-0", "ana")
    refused(node, "user", "role", "ana", "analyst", says=": C-1.")
    answer(node, "case", "member", "C-1", "ana")
    got = answer(node, "user", "role", "ana", "analyst")
    check(got == {"user": "ana", "name": "ana", "roles": ["analyst"]}, f"as it was said: {got}")
    check(next(u for u in answers(node, "user", "list") if u["user"] == me)["roles"] == ["administrator"],
          "the first user gave it up")
    check(len(answers(node, "case", "list", "--as", "ana")) == 2, "and nothing is lost")

    # She is the last who reads them; nobody could let others in.
    for role in ("", "overseer"):
        got, out, err = run(node, "user", "role", "ana", role)
        check(got == 1 and "2 cases" in err and "supervisor" in err and "C-0" not in err, f"refused: {err}")
    answer(node, "user", "role", "ana", "investigator,analyst")
    answer(node, "user", "add", "sup", "Eva", "--role", "supervisor")
    check(answers(node, "case", "list", "--as", "sup") == [], "cases with readers are theirs")
    code, out, err = run(node, "user", "role", "ana", "", "--json")
    check(code == 0 and json.loads(out)["name"] == "ana" and "2 cases are left" in err, f"told: {err}")
    refused(node, "find", "Ana", "--as", "ana", says="you hold no role")
    got = answers(node, "case", "list", "--as", "sup")
    check([(c["case"], c["title"], c["unread"]) for c in got] == [("C-0", "", True), ("C-1", "", True)],
          f"the supervisor finds them: {got}")
    refused(node, "export", "--format", "ftm", "--case", "C-0", "--as", "sup", says="no case of this name")
    answer(node, "case", "member", "C-0", "sup", "--as", "sup")
    got = answers(node, "case", "list", "--as", "sup")
    check([("unread" in c) for c in got] == [False, True], f"one is read again: {got}")
    answer(node, "user", "role", "ana", "analyst")
    check([("unread" in c) for c in answers(node, "case", "list", "--as", "sup")] == [False], "she is back")

    # What is not for a role is refused, with an entry, where there is nothing to do as well.
    answer(node, "user", "add", "inv", "--role", "investigator")
    before = answer(node, "status")["entries"]
    refused(node, "epoch", "new", "--as", "inv", says="not for the role")
    check(answer(node, "status")["entries"] == before + 2, "epoch new: an entry")
    check(run(node, "epoch", "new", "--as", "ana")[0] == 0, "who may is told that nothing is agreed")
    check(run(node, "rebuild")[0] == 0, "and the log gives the same people")


def main():
    for test in (direct_strangers, roles, places, waiting, typing, patience):
        with place() as folder:
            test(folder)
    if os.geteuid() != 0:
        skip("accounts of several people need root to try")
    else:
        for test in (several, killed, strangers):
            with place(SERVICE) as folder:
                test(folder)
    finish("test_users")


if __name__ == "__main__":
    main()
