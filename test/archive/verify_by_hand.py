"""Checks an archive (SQLite) from what docs/archive-evidence.md says alone: an outside auditor's view.

    python3 verify_by_hand.py ARCHIVE.db [signing.pub.pem]

Prints what it counted as JSON; exits with 1 where something does not fit. Signatures need openssl.
"""

import base64
import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile


def leaf_of(sequence, envelope):
    octets = b"sallyport record 1\n" + sequence.to_bytes(8, "big") + envelope
    return hashlib.sha256(octets).digest()


def signature_holds(key_der, text, signature):
    with tempfile.NamedTemporaryFile() as key, tempfile.NamedTemporaryFile() as data, tempfile.NamedTemporaryFile() as sig:
        key.write(key_der)
        data.write(text)
        sig.write(signature)
        for file in (key, data, sig):
            file.flush()
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", key.name]
        command += ["-rawin", "-in", data.name, "-sigfile", sig.name]
        return subprocess.run(command, capture_output=True).returncode == 0


def ranges_of(sequences):
    runs = []
    for sequence in sequences:
        if runs and runs[-1][1] == sequence - 1:
            runs[-1][1] = sequence
        else:
            runs.append([sequence, sequence])
    return [str(a) if a == b else "%d-%d" % (a, b) for a, b in runs]


def verify(path, public_key=None):
    database = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    meta = dict(database.execute("SELECT name, value FROM meta"))
    erased = dict(database.execute("SELECT sequence, erasure FROM erasure"))
    rows = database.execute(
        "SELECT sequence, envelope, content, NULL, hash, NULL FROM record"
        " UNION ALL SELECT sequence, NULL, NULL, leaf, hash, purge FROM tombstone ORDER BY 1"
    )
    wrong, keys, gone = [], {}, {}
    before, expected, checkpoints, signed = bytes(32), 1, 0, 0
    for sequence, envelope, content, leaf, stored, purge in rows:
        if sequence != expected:
            wrong.append("record %d is missing" % expected)
        expected = sequence + 1
        if envelope is not None:
            leaf = leaf_of(sequence, envelope)
        if hashlib.sha256(before + leaf).digest() != stored:
            wrong.append("record %d is not what was chained" % sequence)
        chained_before, before = before, stored
        if envelope is None:
            gone.setdefault(("purge", purge), []).append((sequence, leaf))
            continue
        said = json.loads(envelope)
        if "content" in said:
            if content is None and sequence not in erased:
                wrong.append("the content of record %d is gone" % sequence)
            if content is not None and hashlib.sha256(content).hexdigest() != said["content"]:
                wrong.append("the content of record %d was changed" % sequence)
        if sequence in erased:
            gone.setdefault(("erase", erased[sequence]), []).append((sequence, leaf))
        audit = said.get("audit", {})
        if audit.get("action") in ("purge", "erase"):
            named = audit.get("details", {})
            taken = gone.pop((audit["action"], sequence), [])
            leaves = hashlib.sha256(b"".join(leaf for _, leaf in taken)).hexdigest()
            fits = named.get("ranges") == ranges_of([n for n, _ in taken]) and named.get("leaves") == leaves
            if taken and not fits:
                wrong.append("record %d names others than those that are gone" % sequence)
        if audit.get("action") == "key" and audit["details"].get("key") == "signing":
            spki = base64.b64decode(audit["details"]["public"])
            keys[hashlib.sha256(spki).hexdigest()] = spki
        if "checkpoint" in said:
            point = said["checkpoint"]
            text = "sallyport checkpoint 1\n%s\n%d\n%s\n%s" % (meta["archive"], point["upTo"], point["hash"], said["at"])
            key = keys.get(point["key"])
            holds = key is not None and signature_holds(key, text.encode(), base64.b64decode(point["signature"]))
            if not holds or point["upTo"] != sequence - 1 or point["hash"] != chained_before.hex():
                wrong.append("checkpoint %d does not hold" % sequence)
            checkpoints, signed = checkpoints + 1, point["upTo"]
    for (action, audit), _ in gone.items():
        wrong.append("record %d is no %s" % (audit, action))
    if meta.get("head") != "%d %s" % (expected - 1, before.hex()):
        wrong.append("the head is another one")
    if public_key is not None:
        pem = open(public_key).read().replace("\n", "").split("-----")[2]
        if hashlib.sha256(base64.b64decode(pem)).hexdigest() not in keys:
            wrong.append("the record tells of no such key")
    return {"last": expected - 1, "hash": before.hex(), "checkpoints": checkpoints, "signed": signed, "wrong": wrong}


if __name__ == "__main__":
    report = verify(*sys.argv[1:3])
    print(json.dumps(report))
    sys.exit(1 if report["wrong"] else 0)
