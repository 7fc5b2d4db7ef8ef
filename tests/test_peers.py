#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Nodes as services that know one another: real processes, real TLS, on loopback."""
import concurrent.futures
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from checks import ENLACE, answer, answers, check, environment, finish, refused, run, skip


def children(pid):
    try:
        return [int(word) for word in
                Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


class Service:
    """`enlace serve` of a node."""

    running = []

    def __init__(self, node, listen="127.0.0.1:0"):
        self.running.append(self)
        self.node = node
        self.log = open(f"{node}.log", "ab")
        # The node is named on the line here, and by the variable in the commands.
        self.process = subprocess.Popen([ENLACE, "-n", str(node), "serve", "--listen", listen, "--json"],
                                        stdout=subprocess.PIPE, stderr=self.log,
                                        env=environment(""))
        line = self.process.stdout.readline()
        check(line != b"", f"{node} does not serve")
        self.said = json.loads(line) if line else {"port": 1}
        self.port = self.said["port"]
        self.url = f"https://127.0.0.1:{self.port}"

    def part(self, front):
        """The process of the front, or of the vault."""
        for pid in children(self.process.pid):
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
            if (b"front-process" in words) == front:
                return pid

    def end(self, how=signal.SIGTERM, code=0):
        self.process.send_signal(how)
        try:
            got = self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            got = self.process.wait()
        check(got == code, f"{self.node} ended with {got}, not {code}")
        self.process.stdout.close()
        self.log.close()


def make(folder, code, *more):
    node = folder / code.lower()
    answer(node, "init", node, "--code", code, "--name", f"Agency {code}", "--country", code,
           "--language", "en", "--fiction", *more)
    return node


def invite(service, path):
    return answer(service.node, "peer", "invite", "-o", path, "--url", service.url)


def find(node, code, *more):
    return next((line for line in answers(node, "peer", "list", *more) if line["peer"] == code), {})


def test_acquaintance(folder):
    xa, xb = make(folder, "XA"), make(folder, "XB")
    a, b = Service(xa), Service(xb)
    said_a = invite(a, folder / "xa.inv")
    said_b = invite(b, folder / "xb.inv")
    check(len(said_a["fingerprint"].split()) == 10 and said_a["code"] == "XA", f"ten words: {said_a}")
    check(said_a["fingerprint"] in (folder / "xa.inv").read_text(), "the words stand in the file")

    # Words: misheard, of another node, right.
    words = said_b["fingerprint"].split()
    refused(xa, "peer", "accept", folder / "xb.inv", "--fingerprint", " ".join(words[:9]), says="10 words")
    refused(xa, "peer", "accept", folder / "xb.inv", "--fingerprint", "nonsense " + " ".join(words[1:]),
            says="no word of a fingerprint")
    refused(xa, "peer", "accept", folder / "xb.inv", "--fingerprint", said_a["fingerprint"],
            says="another key")
    check(answers(xa, "peer", "list") == [], "nothing of these came in")
    refused(xa, "peer", "accept", folder / "xa.inv", says="own invitation")
    text = (folder / "xb.inv").read_text()
    (folder / "forged.inv").write_text(text.replace(b.url, "https://127.0.0.1:1"))
    refused(xa, "peer", "accept", folder / "forged.inv", says="not that of its key")
    (folder / "damaged.inv").write_text(text[:-20])
    refused(xa, "peer", "accept", folder / "damaged.inv", says="damaged")
    refused(xa, "peer", "accept", folder / "nothing.inv", says="nothing.inv")
    refused(xa, "peer", "agree", "XB", "--class", "phone", says="no peer")

    got = answer(xa, "peer", "accept", folder / "xb.inv")
    check(got["confirmed"] is False and got["may_ask"] == {}, f"accepted, not confirmed: {got}")
    reached = find(xa, "XB", "--reach")
    check(reached["reached"] is False and "does not know the node" in reached["error"],
          f"one direction is not enough: {reached}")
    got = answer(xa, "peer", "accept", folder / "xb.inv", "--fingerprint", said_b["fingerprint"])
    check(got["confirmed"] is True, f"confirmed: {got}")
    answer(xb, "peer", "accept", folder / "xa.inv", "--fingerprint", said_a["fingerprint"].upper())
    refused(xa, "peer", "agree", "XB", "--class", "phone,telepathy", code=2, says="telepathy")
    refused(xa, "peer", "agree", "XB", "--class", "phone", "--quota", "many", code=2, says="--quota")
    refused(xa, "peer", "agree", "XC", "--class", "phone", says="no peer")
    got = answer(xa, "peer", "agree", "xb", "--class", "phone,imo", "--circle", "north")
    check(got["may_ask"] == {"phone": {"circle": "north", "quota": 10240},
                             "imo": {"circle": "north", "quota": 256}}, f"usual quotas: {got}")
    answer(xb, "peer", "agree", "XA", "--class", "phone,person", "--quota", "500")
    # A cap a case stays until another is said; 0 is what is usual.
    answer(xa, "peer", "agree", "XB", "--class", "imo", "--circle", "north", "--case-quota", "64")
    got = answer(xa, "peer", "agree", "XB", "--class", "phone,imo", "--circle", "north", "--quota", "256")
    check(got["may_ask"] == {"phone": {"circle": "north", "quota": 256},
                             "imo": {"circle": "north", "quota": 256, "case_quota": 64}}, f"the cap stays: {got}")
    got = answer(xa, "peer", "agree", "XB", "--class", "phone,imo", "--circle", "north", "--case-quota", "0")
    check(got["may_ask"]["imo"] == {"circle": "north", "quota": 256}, f"the cap is lifted: {got}")
    # What is not named stays as it was, and the answer says what that was.
    agree = ["peer", "agree", "XB", "--class", "phone"]
    got = answer(xa, *agree, "--quota", "512", "--at-once")
    check(got["before"] == {"phone": {"circle": "north", "quota": 256}}, f"what it was: {got}")
    got = answer(xa, *agree, "--case-quota", "100")
    check(got["may_ask"]["phone"] == {"circle": "north", "quota": 512, "case_quota": 100, "at_once": True} and
          got["before"] == {"phone": {"circle": "north", "quota": 512, "at_once": True}}, f"the rest stays: {got}")
    refused(xa, *agree, "--at-once", "--not-at-once", code=2, says="--not-at-once")
    got = answer(xa, *agree, "--not-at-once", "--case-quota", "0", "--quota", "10240")
    check(got["may_ask"]["phone"] == {"circle": "north", "quota": 10240}, f"unless it is named: {got}")
    got = answer(xa, "peer", "agree", "XB", "--class", "imo", "--quota", "0")
    check(list(got["may_ask"]) == ["phone"], f"a class is ended: {got}")
    reached = find(xa, "XB", "--reach")
    check(reached["reached"] is True and reached["we_may_ask"] == {
        "phone": {"circle": "common", "quota": 500}, "person": {"circle": "common", "quota": 500}},
        f"what we may ask: {reached}")
    check(abs(reached["clock_ahead"]) < 60, f"clocks: {reached}")
    return a, b


def test_words(a):
    """What is JSON is also said in words."""
    code, out, err = run(a.node, "peer", "list", "--reach")
    check(code == 0 and b"lets us ask for: phone (500 a day, common)" in out, f"in words: {out} {err}")
    code, out, err = run(a.node, "peer", "invite", "-o", f"{a.node}.again.inv", "--url", a.url)
    check(code == 0 and b"another way" in out, f"in words: {out} {err}")


def test_crosswise(a, b):
    """Both ask at once, again and again: nobody waits for the other for ever."""
    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda i: run((a, b)[i % 2].node, "peer", "list", "--reach", "--json"),
                             range(40)))
    good = sum(code == 0 and json.loads(out.splitlines()[0])["reached"] for code, out, _ in done)
    check(good == 40, f"{good} of 40 reached; {time.monotonic() - start:.1f} s")


def test_changes(folder, a, b):
    """A move of address; another key under a known code; a removal, seen on the wire."""
    xa, xb = a.node, b.node
    first = invite(a, folder / "old.inv")
    a.end()
    a = Service(xa)
    time.sleep(1.1)
    invite(a, folder / "xa2.inv")
    answer(xb, "peer", "accept", folder / "xa2.inv")
    moved = find(xb, "XA", "--reach")
    check(moved["url"] == a.url and moved["reached"] and moved["confirmed"] and
          list(moved["may_ask"]) == ["phone", "person"], f"moved, all else stays: {moved}")
    refused(xb, "peer", "accept", folder / "old.inv", says="newer invitation")

    other = make(folder / "impostor", "XA")
    run(other, "peer", "invite", "-o", folder / "impostor.inv", "--url", a.url)
    refused(xb, "peer", "accept", folder / "impostor.inv", says="another key")
    # The impostor at the same address is not talked to: its key is not the pinned one.
    port = a.port
    a.end()
    impostor = Service(other, f"127.0.0.1:{port}")
    lost = find(xb, "XA", "--reach")
    check(not lost["reached"] and "another node answers there" in lost["error"], f"pinned: {lost}")
    impostor.end()
    a = Service(xa, f"127.0.0.1:{port}")
    check(find(xb, "XA", "--reach")["reached"], "the right one is back")

    got = answer(xb, "peer", "remove", "XA")
    check(got["state"] == "removed" and got["may_ask"] == {}, f"removed: {got}")
    gone = find(xa, "XB", "--reach")
    check(not gone["reached"] and "ended its agreement" in gone["error"], f"told so: {gone}")
    refused(xb, "peer", "agree", "XA", "--class", "phone", says="no peer")
    back = answer(xb, "peer", "accept", folder / "xa2.inv", "--fingerprint", first["fingerprint"])
    check(back["state"] == "in force" and back["may_ask"] == {}, f"back, without agreement: {back}")
    check(find(xa, "XB", "--reach")["reached"], "and reached again")
    return a


def test_commands(folder, a):
    """Everything a node can do it does through its service, with the same answers."""
    xa = a.node
    work = folder / "work"
    work.mkdir()
    rows = [{"id": f"P-{i}", "schema": "Phone", "properties": {"number": [f"+99955{i:07}"]}}
            for i in range(500)]
    text = "\n".join(json.dumps(row) for row in rows) + "\n"
    (work / "phones.json").write_text(text)
    answer(xa, "case", "new", "C-1", "A case")
    got = answer(xa, "import", "phones.json", "--case", "C-1", cwd=work)
    check(got["added"] == 500, f"a file named from where one is: {got}")
    got = answer(xa, "import", "-", "--format", "ftm", "--case", "C-1", stdin=text.encode())
    check(got["unchanged"] == 500, f"standard input, handed over: {got}")
    got = answer(xa, "new", "Phone", stdin=b"id=Q-1\nnumber=+999550107788\n\n")
    check(got["properties"]["number"] == ["+999550107788"], f"typed lines: {got}")
    got = answers(xa, "find", "--key", "phone:+999550107788")
    check(len(got) == 1, f"found: {got}")
    refused(xa, "find", "+99912", says="nothing found")
    refused(xa, "show", "0" * 32, says="nothing with this id")
    refused(xa, "show", code=2, says="usage")
    refused(xa, "serve", code=3, says="serve: ")  # a second one
    code, through, _ = run(xa, "export", "--format", "ftm", "--case", "C-1")
    check(code == 0 and len(through.splitlines()) == 500, "export through the service")
    a.end()
    check(not (xa / "socket").exists(), "the socket is gone")
    code, direct, _ = run(xa, "export", "--format", "ftm", "--case", "C-1")
    check(direct == through, "the same without it")
    last = answer(xa, "status")
    check(last["signed"] > 0 and not last["verified"], f"a clean end: {last}")
    return Service(xa, f"127.0.0.1:{a.port}")


def test_many_clients(a):
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        done = list(pool.map(lambda i: run(a.node, "new", "Phone", f"id=M-{i}", f"number=+9995501{i:05}",
                                           "--json"), range(64)))
    check(all(code == 0 for code, _, _ in done), f"64 at once: {[e for c, _, e in done if c][:3]}")


def request(*words, files=()):
    """As a program puts a command to the service (src/cli/host.h)."""
    return (b"c\0" + len(words).to_bytes(2, "big") +
            b"".join(len(word).to_bytes(4, "big") + word.encode() for word in words) + bytes([len(files)]) +
            b"".join(len(name).to_bytes(2, "big") + name.encode() + bytes(4) for name in files))


def raw(service, message, descriptors=(), reply=None):
    """All that the service says to it; the first thing to be written is answered by reply."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
        line.connect(str(service.node / "socket"))
        socket.send_fds(line, [message], descriptors)
        said = b""
        while piece := line.recv(1 << 16):
            said += piece
            if piece[:1] == b"w":
                if reply is None:
                    return said
                line.send(reply)
        return said


def test_bad_clients(folder, a, b):
    """Who stops reading, is killed, or says nothing holds nobody up."""
    big = folder / "big.json"
    with big.open("w") as out:
        for i in range(30000):
            out.write(json.dumps({"id": f"B-{i}", "schema": "Phone",
                                  "properties": {"number": [f"+99977{i:07}"], "name": ["x" * 60]}}) + "\n")
    first = subprocess.Popen([ENLACE, "import", str(big), "--json"], env=environment(a.node),
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(0.5)
    check(find(b.node, "XA", "--reach").get("reached"), "answered in the middle of an import")
    first.send_signal(signal.SIGINT)
    out, err = first.communicate(timeout=120)
    line = json.loads(out)
    if line.get("interrupted"):
        check(first.returncode == 3 and 0 < line["added"] < 30000, f"Ctrl-C: {line} {err}")
    else:
        skip("the import was done before Ctrl-C")
    second = subprocess.Popen([ENLACE, "import", str(big), "--json"], env=environment(a.node),
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.3)
    second.kill()
    second.wait()
    got = answer(a.node, "import", big)
    check(got["read"] == 30000, f"the same command goes on: {got}")
    reader = subprocess.Popen([ENLACE, "export", "--format", "ftm"], env=environment(a.node),
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    time.sleep(0.7)
    start = time.monotonic()
    check(find(b.node, "XA", "--reach").get("reached"), "answered while somebody does not read")
    check(time.monotonic() - start < 20, "at once")
    reader.stdout.close()
    reader.kill()
    reader.wait()
    idle = []
    for _ in range(80):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        line.connect(str(a.node / "socket"))
        idle.append(line)
    idle[0].close()
    for line, bad in zip(idle[1:], (b"", b"c", b"c\0\xff\xff", b"x" * 1000, b"c\0\0\1\xff\xff", request("status") + b"\4\xff")):
        try:
            line.send(bad)
        except OSError:
            pass
    check(answer(a.node, "status").get("agency") == "XA", "80 who say nothing or nonsense")
    # A pipe handed over in the place of a file, into which nobody writes; no file; too many of them.
    ends = os.pipe()
    said = raw(a, request("import", "in", "--json", files=["in"]), ends[:1])
    check(b"cannot be opened: Illegal seek" in said and said.endswith(b"x\3"), f"a pipe: {said}")
    said = raw(a, request("import", "/etc/passwd", "--json"))
    check(b"cannot be opened: Permission denied" in said, f"a name alone opens nothing: {said}")
    said = raw(a, request("import", "in", "--json", files=["other"]), ends[:1])
    check(b"in: cannot be opened: Permission denied" in said, f"another name: {said}")
    check(raw(a, request("status", files=["in"])) == b"", "a name without its file")
    check(raw(a, request("status"), ends[:1]) == b"", "a file without a name")
    check(raw(a, request("status", files=["a"] * 5), ends[:1] * 5) == b"", "five")
    check(raw(a, request("status", files=["a"] * 4), ends[:1] * 4).endswith(b"x\0"), "four")
    # What comes back to be written is answered by nonsense, or not at all.
    for answer_to_it in (b"k", b"k\0\0\0\0", b"k\xff\0\0\0\0", b"x", b"b", None):
        said = raw(a, request("peer", "invite", "-o", "/etc/never", "--url", "https://x:1"), reply=answer_to_it)
        check(b"is gone or does not answer" in said or answer_to_it in (None, b"b"), f"{answer_to_it}: {said}")
    check(not Path("/etc/never").exists(), "and nothing was written")
    for end in ends:
        os.close(end)
    held = len(os.listdir(f"/proc/{a.process.pid}/fd"))
    for _ in range(3):
        raw(a, request("status", files=["in"]))
        raw(a, request("import", "x", files=["x"]), (0,))
    check(len(os.listdir(f"/proc/{a.process.pid}/fd")) <= held, "no descriptor stays behind")
    # What is no command on a node is not run by the service, whoever puts it to it.
    for words in (["init", "/tmp/never", "--code", "XZ", "--country", "XZ"], ["link", "/etc/passwd"],
                  ["keys", "/etc/passwd"], ["serve"], ["help"]):
        said = raw(a, request(*words))
        check(b"no command on a node" in said and said.endswith(b"x\x01"), f"{words}: {said}")
    for line in idle[1:]:
        line.close()


def test_another_user(a):
    if os.geteuid() != 0:
        skip("another user's commands need root to try")
        return
    os.chmod(a.node, 0o711)
    os.chmod(a.node.parent, 0o711)
    code, out, err = run(a.node, "status", user=65534, cwd="/")
    check(code == 1 and "no user of this node" in err, f"a stranger of this machine: {err}")
    answer(a.node, "user", "add", "nobody", "--role", "liaison")
    code, out, err = run(a.node, "peer", "list", "--json", user=65534, cwd="/")
    check(code == 0 and json.loads(out.splitlines()[0])["peer"] == "XB", f"nobody, liaison: {err}")
    for words in (["import", "/etc/shadow"], ["peer", "accept", "/etc/shadow"],
                  ["peer", "invite", "-o", "/etc/enlace-test", "--url", "https://x:1"]):
        code, out, err = run(a.node, *words, user=65534, cwd="/")
        check(code == 3 and "Permission denied" in err, f"{words}: {err}")
    check(not Path("/etc/enlace-test").exists(), "nothing was written with another's rights")


def test_rights(a):
    answer(a.node, "user", "add", "ada", "--role", "investigator")
    refused(a.node, "peer", "agree", "XB", "--class", "phone", "--as", "ada", says="not for the role")
    refused(a.node, "peer", "remove", "XB", "--as", "ada", says="not for the role")
    check(len(answers(a.node, "peer", "list", "--as", "ada")) == 1, "anybody may see with whom we speak")
    refused(a.node, "new", "Peer", "code=XZ", "nodeKey=00", says="peer accept")


def test_processes(a):
    """Three processes, each with what it needs and no more."""
    front, vault = a.part(True), a.part(False)
    check(front is not None and vault is not None, "front and vault")
    status = Path(f"/proc/{front}/status").read_text()
    check("Seccomp:\t2" in status and "NoNewPrivs:\t1" in status, "the front is shut in")
    for pid, name, own in ((front, "front", "nothing"), (vault, "vault", f"{a.node}/vault.")):
        held = [os.readlink(fd) for fd in Path(f"/proc/{pid}/fd").iterdir()]
        check(not any(f"{a.node}/" in path and not path.startswith(own) for path in held),
              f"the {name} has no file of the node but its own: {held}")


def test_faults(a, b):
    """Each process is killed in its turn."""
    os.kill(a.part(True), signal.SIGKILL)
    time.sleep(0.5)
    check(find(b.node, "XA", "--reach").get("reached"), "the front is started anew")
    check(find(a.node, "XB", "--reach").get("reached"), "and calls again")
    os.kill(a.process.pid, signal.SIGKILL)
    a.process.wait()
    time.sleep(0.3)
    before = len(answers(a.node, "find", "--key", "phone:+999550107788"))
    check(before == 1, "direct mode, past the socket that was left")
    a = Service(a.node, f"127.0.0.1:{a.port}")
    check(find(b.node, "XA", "--reach").get("reached"), "back after kill -9")
    os.kill(a.part(False), signal.SIGKILL)
    for _ in range(100):
        if a.process.poll() is not None:
            break
        run(a.node, "status")
        time.sleep(0.1)
    check(a.process.poll() == 3, f"without its vault a node does not go on: {a.process.poll()}")
    a = Service(a.node, f"127.0.0.1:{a.port}")
    check(find(b.node, "XA", "--reach").get("reached"), "back with a new one")
    return a


def test_many_lines(a, b):
    """Each of these makes a front, a certificate and a line of its own; nothing is left of them."""
    def held():
        pids = [b.process.pid, b.part(True), b.part(False)]
        sizes = [int(line.split()[1]) for pid in pids
                 for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmRSS" in line]
        return [len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in pids], sizes
    a.end()
    for _ in range(10):
        run(a.node, "peer", "list", "--reach")
    time.sleep(0.5)
    before, sizes = held()
    good = sum(json.loads(run(a.node, "peer", "list", "--reach", "--json")[1])["reached"]
               for _ in range(60))
    check(good == 60, f"{good} of 60 reached")
    time.sleep(0.5)
    after, larger = held()
    check(before == after, f"descriptors: {before}, then {after}")
    if "asan" in Path(f"/proc/{b.process.pid}/maps").read_text():
        skip("memory is not flat under a sanitizer, which keeps what was freed")
    else:
        check(all(b < 1.1 * a + 1000 for a, b in zip(sizes, larger)), f"memory: {sizes}, then {larger}")
    return Service(a.node, f"127.0.0.1:{a.port}")


class BadLine:
    """A line between two nodes on which things go wrong."""

    def __init__(self, port):
        self.port_behind, self.mode, self.limit = port, "good", 0
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.random = random.Random(7)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listening.accept()
            except OSError:
                return
            if self.mode == "silent":
                self.kept = near
                continue
            far = socket.create_connection(("127.0.0.1", self.port_behind))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    def carry(self, one, other):
        carried, mode = 0, self.mode
        try:
            while data := one.recv(4096):
                if mode == "cut" and carried + len(data) > self.limit:
                    other.sendall(data[:max(0, self.limit - carried)])
                    break
                if mode == "flip" and carried <= self.limit < carried + len(data):
                    data = bytearray(data)
                    data[self.limit - carried] ^= 1 << self.random.randrange(8)
                if mode == "slow":
                    for i in range(0, len(data), 97):
                        other.sendall(data[i:i + 97])
                        time.sleep(0.01)
                else:
                    other.sendall(data)
                carried += len(data)
        except OSError:
            pass
        for line in (one, other):
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def test_bad_lines(folder, a, b):
    """Cut anywhere, changed anywhere, slow, silent: a sentence or the answer, and the nodes sound."""
    line = BadLine(a.port)
    answer(a.node, "peer", "invite", "-o", folder / "bad.inv", "--url", f"https://127.0.0.1:{line.port}")
    time.sleep(1.1)
    answer(b.node, "peer", "accept", folder / "bad.inv")
    check(find(b.node, "XA", "--reach")["reached"], "through a good line")
    told = 0
    places = [0, 1, 5, 40, 130, 250, 400, 700, 900, 1000, 1100, 1300, 1600, 2500]
    for mode in ("cut", "flip"):
        for line.limit in places:
            line.mode = mode
            a_front = a.part(True)  # a fresh front has no kept line that would pass the bad one by
            os.kill(b.part(True), signal.SIGKILL)
            time.sleep(0.1)
            got = find(b.node, "XA", "--reach")
            told += got["reached"] or len(got["error"]) > 30
            check(a.part(True) == a_front, f"{mode} at {line.limit}: the front of the other side lives")
    check(told == 2 * len(places), f"{told} of {2 * len(places)} came to an answer or a sentence")
    line.mode = "slow"
    os.kill(b.part(True), signal.SIGKILL)
    time.sleep(0.1)
    check(find(b.node, "XA", "--reach")["reached"], "through a slow line")
    line.mode = "silent"
    os.kill(b.part(True), signal.SIGKILL)
    time.sleep(0.1)
    start = time.monotonic()
    got = find(b.node, "XA", "--reach")
    check(not got["reached"] and time.monotonic() - start < 60, f"a silent line is given up: {got}")
    line.mode = "good"
    check(find(b.node, "XA", "--reach")["reached"], "and good again")
    line.listening.close()
    time.sleep(1.1)
    invite(a, folder / "good.inv")
    answer(b.node, "peer", "accept", folder / "good.inv")


def test_direct_mode(a, b):
    """Without a service a node can still call; and it is told who is not there."""
    a.end()
    reached = find(a.node, "XB", "--reach")
    check(reached.get("reached"), f"called in direct mode: {reached}")
    lost = find(b.node, "XA", "--reach")
    check(not lost["reached"] and "cannot be reached" in lost["error"], f"nobody there: {lost}")
    code, out, err = run(a.node, "rebuild", "--json")
    check(code == 0, f"all is as it was: {err}")


def test_all_at_once(folder):
    """`peer list --reach` calls everybody at once: those that are silent are waited for together."""
    xs = make(folder, "XS")
    check(run(xs, "peer", "list", "--reach")[1].startswith(b"none; "), "nobody is in the book")
    silent = []
    for code in ("XP", "XQ", "XR"):
        door = socket.create_server(("127.0.0.1", 0))
        door.settimeout(60)
        silent.append(door)
        other = make(folder, code)
        run(other, "peer", "invite", "-o", folder / f"{code}.inv", "--url", f"https://127.0.0.1:{door.getsockname()[1]}")
        answer(xs, "peer", "accept", folder / f"{code}.inv")
    answer(xs, "peer", "remove", "XQ")
    silent.pop(1).close()
    asking = subprocess.Popen([ENLACE, "peer", "list", "--reach", "--json"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, env=environment(xs))
    lines = []
    try:
        for door in silent:
            lines.append(door.accept()[0])
        for line in lines:  # nobody was given up before the last was called
            line.setblocking(False)
            try:
                while (piece := line.recv(65536)) != b"":
                    pass
                check(False, "one was given up before another was called")
            except BlockingIOError:
                check(True, "it still waits")
    except TimeoutError:
        check(False, f"only {len(lines)} were called")
    said = [json.loads(line) for line in asking.communicate(timeout=120)[0].splitlines()]
    check([(line["peer"], line.get("reached")) for line in said] == [("XP", False), ("XQ", None), ("XR", False)],
          f"in the order of the book, the removed one not asked: {said}")
    check(all("there is no answer" in line["error"] for line in said if "error" in line), f"and why: {said}")
    for each in silent + lines:
        each.close()


def main():
    folder = Path(tempfile.mkdtemp(prefix="enlace-peers-"))
    (folder / "impostor").mkdir()
    try:
        a, b = test_acquaintance(folder)
        test_words(a)
        test_crosswise(a, b)
        a = test_changes(folder, a, b)
        a = test_commands(folder, a)
        test_many_clients(a)
        test_bad_clients(folder, a, b)
        test_processes(a)
        test_bad_lines(folder, a, b)
        a = test_faults(a, b)
        test_rights(a)
        test_another_user(a)
        a = test_many_lines(a, b)
        test_direct_mode(a, b)
        test_all_at_once(folder)
        b.end()
        for name in ("xa", "xb"):
            log = (folder / f"{name}.log").read_text()
            check("ERROR: AddressSanitizer" not in log and "runtime error" not in log, log[-2000:])
    finally:
        for service in Service.running:
            if service.process.poll() is None:
                service.process.kill()
        shutil.rmtree(folder, ignore_errors=True)
    finish("peers")


main()
