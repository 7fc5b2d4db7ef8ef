#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A folder of src/ includes only folders of the layers below it (docs/ARCHITECTURE.md); and no command of a node
opens by itself a file that somebody named: a service would do it under its own rights (docs/service.md)."""
import re
import sys
from pathlib import Path

LAYERS = [["base"], ["record"], ["ledger", "formats"], ["store"], ["link"],
          ["match", "watch", "casework"], ["exchange"], ["serve"], ["cli"]]
LEVEL = {folder: level for level, layer in enumerate(LAYERS) for folder in layer}

passed = failed = 0
for path in sorted((Path(__file__).parent.parent / "src").rglob("*.[ch]*")):
    own = path.parent.name
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = re.match(r'#include "([a-z]+)/', line)
        if not found:
            if line.startswith('#include "'):
                print(f"{path}:{number}: our own headers are included as \"folder/file.h\": {line}")
                failed += 1
            continue
        other = found.group(1)
        if other == own or LEVEL.get(other, 99) < LEVEL.get(own, -1):
            passed += 1
        else:
            print(f"{path}:{number}: {own} may not use {other}")
            failed += 1
for path in sorted((Path(__file__).parent.parent / "src/cli").glob("cmd_*.c")):
    text = path.read_text()
    if '"cli/desk.h"' not in text:
        continue
    opens = re.findall(r"(?<![a-z_])(file_read|file_write|fopen|open|creat)\(", text)
    passed += not opens
    failed += len(opens)
    for call in opens:
        print(f"{path}: {call}: a command of a node reads and writes files by cli/host.h")
print(f"layers: {passed} passed, {failed} failed")
sys.exit(failed > 0 or passed == 0)
