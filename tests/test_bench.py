#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The benchmarks run, at small sizes, and print every number that is promised of them."""
import json
import subprocess
from pathlib import Path

from checks import ENLACE, check, finish

BENCH = Path(ENLACE).resolve().parents[2] / "bench"

# Of each measure the members that must be numbers above zero.
PROMISED = {
    "bench_match": {
        "libsodium ristretto255": ["scalar_multiplication_us", "from_hash_us"],
        "encode one key": ["us", "of_hash_and_multiplication"],
        "evaluate and prove, an element": ["us", "multiplications"],
        "blind, verify and finalize, an element": ["us", "multiplications"],
        "case of strong keys, one peer, map present, both sides": ["keys", "seconds"],
        "map from cached outputs": ["keys", "seconds", "bytes_a_key", "peak_memory_mib"],
        "map look-ups of keys that are held": ["keys", "per_second"],
    },
    "bench_read": {
        "ids rows read and keyed": ["records_a_second", "runs"],
        "ftm entities read and keyed": ["records_a_second", "keys_a_record"],
        "ftm entities read and keyed, persons with a phone": ["records_a_second"],
        "large file read and keyed": ["megabytes", "records", "peak_mib"],
    },
}


for name, words in [("bench_match", ["quick"]), ("bench_read", ["1000", "2"])]:
    done = subprocess.run([BENCH / name, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True)
    check(done.returncode == 0, f"{name}: {done.returncode}: {done.stderr}")
    try:
        lines = [json.loads(line) for line in done.stdout.splitlines()]
    except ValueError:
        check(False, f"{name} prints something else than JSON lines: {done.stdout}")
        continue
    for measure, members in PROMISED[name].items():
        found = [line for line in lines if line["measure"] == measure]
        check(found, f"{name} does not measure \"{measure}\"")
        for line in found:
            check(all(line.get(member, 0) > 0 for member in members), f"{name}: {line}")

finish("bench")
