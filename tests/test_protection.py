#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""From outside, by the command line: what must not leave a node, or reach a user who may not see it, does not,
in whatever file, answer or sentence."""
import json
import tempfile
from pathlib import Path

from checks import answer, answers, check, finish, run


def make(folder, name="node", code="XA"):
    node = folder / name
    answer(None, "init", node, "--code", code, "--name", code, "--country", code, "--language", "en", "--fiction")
    return node


def bring(node, case, *rows):
    """Records, as FollowTheMoney lines; their ids here by the ids they came with."""
    answers(node, "case", "new", case)
    source = node.parent / "rows.json"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = answer(node, "import", source, "--case", case)
    check(done["added"] == len(rows), f"all are taken: {done}")
    return {row["id"]: row for row in rows}


def number(node, case, source):
    """The id of the node's own, of what came as this."""
    for found in answers(node, "find", "Tomas", "--case", case):
        if found["schema"] == "Person":
            code, out, err = run(node, "show", found["id"])
            if f" {source}\n" in out.decode():
                return found["id"]
    return None


def person(id, name, status="suspect", **more):
    properties = {"name": [name], **more.pop("properties", {})}
    return {"id": id, "schema": "Person", "status": status, "properties": properties, **more}


def everything_out(node, case, *words):
    """All that a case's records are in any file, with what is said about it."""
    text = ""
    for form in ("ftm", "csv"):
        code, out, err = run(node, "export", "--format", form, "--case", case, *words)
        text += out.decode()
    for form in ("graphml", "gexf", "csv", "svg"):
        path = node.parent / f"chart.{form}"
        run(node, "chart", case, "-o", path, "--force", *words)
        if path.exists():
            text += path.read_text()
            path.unlink()
    return text


def decisions(folder):
    """A decision about what another gave under H2 is not passed on without a word either."""
    node = make(folder)
    bring(node, "C1", person("A-1", "Tomas Alvear"),
          person("XC-1", "Tomas Alvear", owner="XC", handling=["H0", "H2"]),
          person("XC-2", "Tomas Quiroz", owner="XC"))
    ours, theirs, free = (number(node, "C1", i) for i in ("A-1", "XC-1", "XC-2"))
    first = answer(node, "link", "decide", ours, theirs, "same", "--reason", "as the harbour master told")
    check(first["handling"] == ["H0", "H2"], f"it has the codes of both: {first}")
    second = answer(node, "link", "decide", ours, free, "different", "--reason", "born elsewhere")
    text = everything_out(node, "C1")
    check("harbour master" not in text and theirs not in text and first["id"] not in text, "it stays")
    check("born elsewhere" in text and second["id"] in text, "that about what is free goes")
    code, out, err = run(node, "export", "--format", "ftm", "--case", "C1")
    check(code == 1 and f"{first['id']} stays here: H2" in err, f"and is told: {err}")
    check("harbour master" in everything_out(node, "C1", "--acknowledge"), "with a word it goes")


for scene in (decisions,):
    with tempfile.TemporaryDirectory() as room:
        scene(Path(room))
finish("protection")
