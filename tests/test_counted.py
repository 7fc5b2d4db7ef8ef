#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One of anything is not many: what the commands say when there is one row, one record, one alert."""
import datetime
import json
import re
import tempfile
from pathlib import Path

from checks import check, finish, run

# Never "1 rows", whatever stands before it; 21 rows are fine.
NOUNS = ("alert|ask|byte|case|character|day|digit|entr|field|hit|hour|identifier|key|notice|pair|part|partner|peer|"
         "place|record|row|seizure|thing|tie|time|value|year")
MANY_OF_ONE = re.compile(r"(?<![\d.,])1 (?:more |shared |new )?(?:%s)(?:s|ies)\b" % NOUNS)
IDS = ("COUNTRY;PLACE;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT;HIDING_PLACE;INSTALLATION;TRANSPORT;"
       "DEPARTURE_COUNTRY;DESTINATION_COUNTRY;RECEIVED_DATE")


def said(what, node, *words, wanted=(), codes=(0,)):
    code, out, err = run(node, *words)
    text = out.decode("utf-8", "replace") + err
    check(code in codes, f"{what}: exit code {code}: {text}")
    found = MANY_OF_ONE.search(text)
    check(found is None, f"{what}: \"{found and found.group(0)}\" in {text}")
    for phrase in wanted:
        check(phrase in text, f"{what}: \"{phrase}\" is not said: {text}")


def seizures(path, rows):
    path.write_text("\n".join([IDS, *rows]) + "\n", encoding="utf-8")
    return path


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        node = folder / "node"
        code, _, err = run(None, "init", node, "--code", "XA", "--name", "One", "--country", "XA",
                           "--language", "en", "--fiction")
        check(code == 0, err)
        run(node, "case", "new", "ONE", "one of each")

        phone = folder / "phone.json"
        phone.write_text(json.dumps({"id": "P1", "schema": "Phone",
                                     "properties": {"number": ["+999550100001"]}}) + "\n")
        bad = folder / "bad.csv"
        bad.write_bytes(b"rec,who,when\n1,Ana Sol,1984-99-99\n2,Jos\xe9 Sol\n")
        mapping = folder / "bad.map"
        mapping.write_text("schema = Person\nid = rec\nname = who\nbirthDate = when\n")
        one = "Spain;Algeciras;2024-03-05;Cocaine;2;kg;Hull;Seaport;Vessel;Ecuador;Spain;2024-03-06"
        old = "Spain;Algeciras;1931-03-05;Cocaine;2;kg;Hull;Seaport;Vessel;Ecuador;Spain;"
        none = "Spain;Algeciras;;Cocaine;2;kg;Hull;Seaport;Vessel;Ecuador;Spain;2024-03-06"
        nowhere = "Spain;Nowhere at all;2024-03-05;Heroin;;;Hull;Seaport;Vessel;Ecuador;Spain;2023-03-06"
        table = [
            ("an import", ["import", phone, "--case", "ONE"], ["1 row: 1 added", "(0 of them repeat"]),
            ("an import of a bad row", ["import", bad, "--map", mapping, "--rejects", folder / "r.csv"],
             ["1 of 2 rows could not be used", "it stands in", "with its reason", "1 byte was not UTF-8",
              "1 value is not what its column should hold"]),
            ("an export", ["export", "--case", "ONE", "--format", "ftm"], ["1 record written"]),
            ("an export of no seizure", ["export", "--case", "ONE", "--format", "ids"],
             ["1 record is no seizure; this format has no place for it"]),
            ("keys", ["keys", phone], ["1 record, 1 key, 0 protected"]),
            ("status", ["status"], []),
            ("the log", ["log", "verify"], []),
            ("rebuild", ["rebuild"], ["rows made again"]),
            ("the watch of one row", ["watch", seizures(folder / "one.csv", [one])], ["1 row, 1 seizure;"]),
            ("the watch of an old row", ["watch", seizures(folder / "old.csv", [one, old])],
             ["1 row is older than sixty years"]),
            ("the watch of a row that cannot be used", ["watch", seizures(folder / "none.csv", [one, none])],
             ["1 row could not be read"]),
            ("the watch of a row without more", ["watch", seizures(folder / "nowhere.csv", [one, nowhere])],
             ["1 seizure names a place that is not known", "1 row has no weight",
              "1 row has a day received"]),
            ("a calibration", ["watch", "calibrate", folder / "one.csv"], ["from 1 seizure in"]),
        ]
        for what, words, wanted in table:
            said(what, node, *words, wanted=wanted, codes=(0, 1) if "log" in what else (0,))
        day = datetime.date(2024, 3, 5)
        check(MANY_OF_ONE.search("1 rows") and MANY_OF_ONE.search("and 1 more rows")
              and not MANY_OF_ONE.search(f"21 rows of 1,1 records, {day}: 0.1 years, 1 row"), "the measure itself")
    finish("test_counted.py")


main()
