# SPDX-License-Identifier: Apache-2.0
"""What the test scripts share: checks that count, and the program run as its users run it.

A script calls check(), and skip() for what cannot be tested here, and ends with finish(), whose line
tests/run adds up. The program under test is ENLACE, the project's folder ROOT; tests/run sets both.
DATA lies beside the project and may be absent: then skip().
"""
import json
import os
import subprocess
import sys
from pathlib import Path

ENLACE = os.environ["ENLACE"]
ROOT = Path(os.environ["ROOT"])
DATA = ROOT.parent / "shared/data"
LIMIT_SECONDS = 200  # a command that takes longer hangs
counts = {"passed": 0, "failed": 0, "skipped": 0}


def check(holds, what):
    counts["passed" if holds else "failed"] += 1
    if not holds:
        print(f"failed: {what}", flush=True)


def skip(why):
    counts["skipped"] += 1
    print(f"skipped: {why}", flush=True)


def finish(name):
    line = f"{name}: {counts['passed']} passed, {counts['failed']} failed"
    print(line + (f", {counts['skipped']} skipped" if counts["skipped"] else ""))
    sys.exit(1 if counts["failed"] or not counts["passed"] else 0)


def environment(node=None, **more):
    """For a command at this node, or at none, whatever the user's own environment says."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ENLACE_")}
    if node is not None:
        clean["ENLACE_NODE"] = str(node)
    return dict(clean, **more)


def run(node, *words, stdin=b"", cwd=None, user=None, **variables):
    """Exit code, standard output as bytes, and what was said."""
    done = subprocess.run([ENLACE, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          input=stdin, cwd=cwd, user=user, env=environment(node, **variables),
                          timeout=LIMIT_SECONDS)
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def answers(node, *words, code=0, **more):
    """The JSON lines of a command that must end with this exit code."""
    got, out, err = run(node, *words, "--json", **more)
    check(got == code, f"{words}: exit code {got}, not {code}: {err}")
    try:
        return [json.loads(line) for line in out.splitlines()]
    except ValueError:
        check(False, f"{words}: not JSON lines: {out[:200]}")
        return []


def answer(node, *words, **more):
    lines = answers(node, *words, **more)
    check(len(lines) == 1, f"{words}: one answer, not {len(lines)}")
    return lines[0] if lines else {}


def refused(node, *words, code=1, says="", **more):
    """No answer, and a sentence."""
    got, out, err = run(node, *words, **more)
    check(got == code, f"{words}: exit code {got}, not {code}: {err}")
    check(says in err and len(err) > 10, f"{words}: \"{says}\" is not said: {err}")
    check(out == b"", f"{words}: an answer all the same: {out[:100]}")
