#!/usr/bin/env python3
"""Check an exported journal of Plumbline, without Plumbline.

    python3 check_journal.py FILE [--head SEQ:HASH ...]

Needs Python 3.8 or later and nothing else. It says whether the file is a whole, unbroken chain of entries,
from the first on,

    hash = SHA-256(previous hash || the entry's bytes), the first one following 32 zero bytes

and whether every entry is what its place says. With --head, the entry number and fingerprint that a mail or
the other side gave you, it also says whether this is the history that was shown to you then: nobody can
change an entry up to that one and keep its fingerprint.

It prints the head of the chain, for you to keep, and exits 0; or the first break, and exits 1.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys

FILE_FORMAT = "plumbline-journal-1"
ENTRY_FORMAT = 1
BEGINNING = "0" * 64
HASH = re.compile(r"[0-9a-f]{64}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


class Broken(Exception):
    """The first place that does not hold."""


def check(journal):
    """Walk all entries; return the hashes of the chain, the first entry's first. Raises Broken."""
    if not isinstance(journal, dict) or journal.get("format") != FILE_FORMAT:
        raise Broken(f"this is no journal in the format {FILE_FORMAT}")
    entries = journal.get("entries")
    if not isinstance(entries, list) or not entries:
        raise Broken("the file holds no entries")
    hashes, last_moment = [BEGINNING], ""
    for seq, entry in enumerate(entries, start=1):
        last_moment = check_entry(entry, seq, hashes[-1], journal.get("project"), last_moment)
        hashes.append(entry["hash"])
    return hashes[1:]


def check_entry(entry, seq, previous, project, last_moment):
    """Check one entry against its place in the chain; return its moment."""

    def must(holds, problem):
        if not holds:
            raise Broken(f"entry {seq}: {problem}")

    must(isinstance(entry, dict) and isinstance(entry.get("body"), str), "no entry")
    must(entry.get("seq") == seq, f"entry {entry.get('seq')} stands in its place")
    must(entry.get("previous_hash") == previous, "it does not follow the entry before it")
    body = entry["body"].encode("utf-8", "surrogatepass")
    must(
        hashlib.sha256(bytes.fromhex(previous) + body).hexdigest() == entry.get("hash"),
        "its hash is not its own",
    )
    said = read(body)
    must(isinstance(said, dict), "its bytes cannot be read")
    must(canonical(said) == body, "its bytes are not in canonical form")
    must(said.get("v") == ENTRY_FORMAT, "it is of another format")
    must(said.get("project") == project, "it is of another project")
    must(said.get("seq") == seq, "its bytes name another place")
    moment = said.get("at")
    must(isinstance(moment, str) and MOMENT.fullmatch(moment), "it names no moment")
    must(moment >= last_moment, "it is older than the entry before it")
    facts = said.get("facts")
    must(
        isinstance(facts, dict) and all(is_hash(digest) for digest in facts.values()),
        "its facts have no hashes",
    )
    must(facts or said.get("removed"), "it names no fact")
    return moment


def read(body):
    try:
        return json.loads(body)
    except ValueError:
        return None


def canonical(said):
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def is_hash(value):
    return isinstance(value, str) and HASH.fullmatch(value) is not None


def head(text):
    """An expected head, SEQ:HASH, as an argument; spaces in the hash are left out."""
    seq, _, digest = text.partition(":")
    digest = "".join(digest.split()).lower()
    if not seq.strip().isdigit() or not is_hash(digest):
        raise argparse.ArgumentTypeError("write it as SEQ:HASH, with all 64 digits of the hash")
    return int(seq), digest


def check_heads(hashes, heads):
    """Raises Broken where the chain is not the one of which a head was kept."""
    for seq, digest in sorted(heads):
        if not 1 <= seq <= len(hashes):
            raise Broken(f"entry {seq}: the file ends before it, at entry {len(hashes)}")
        if hashes[seq - 1] != digest:
            raise Broken(f"entry {seq}: this is not the history whose fingerprint you kept")


def main():
    parser = argparse.ArgumentParser(description="Check an exported journal of Plumbline.")
    parser.add_argument("file", help="the exported journal, a JSON file")
    parser.add_argument(
        "--head", type=head, action="append", default=[], metavar="SEQ:HASH", help="from a mail"
    )
    asked = parser.parse_args()
    try:
        with open(asked.file, "rb") as file:
            hashes = check(json.loads(file.read()))
        check_heads(hashes, asked.head)
    except OSError as error:
        print(f"The file cannot be read: {error}", file=sys.stderr)
        return 2
    except (Broken, ValueError, RecursionError) as problem:
        print(f"BROKEN at {problem}" if isinstance(problem, Broken) else f"BROKEN: no JSON: {problem}")
        return 1
    kept = f", and holds the {len(asked.head)} head(s) that you gave" if asked.head else ""
    print(f"The journal is whole: {len(hashes)} entries{kept}. Its head:\n{len(hashes)}:{hashes[-1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
