"""What reading any one letter costs: `homeword try letter` under a limit of memory, given letters that are made to be dear.

The limit is what the program has for itself and 64 MiB more; past it the program fails. Each letter must be read, within a
minute of processor time on a build for tests.
"""

import base64
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

MIB = 1024 * 1024
CEILING = 64 * MIB
# What the program has for itself, threads' stacks and all, whatever it reads.
BASE = 40 * MIB
MOST = 25 * MIB
HEAD = b"From: a@families.example\r\nTo: x@y.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
EDGE = b"Content-Type: multipart/mixed; boundary=e\r\n\r\n"


def lines(raw):
    coded = base64.b64encode(raw)
    return b"\r\n".join(coded[at:at + 76] for at in range(0, len(coded), 76))


def letters():
    """Name and bytes, each up to the size that is taken at all."""
    text = lambda kind, words, more=b"": HEAD + b"Content-Type: " + kind + b"\r\n" + more + b"\r\n" + words * (MOST // len(words))
    coded = b"Content-Transfer-Encoding: base64\r\n"
    yield "words", text(b"text/plain; charset=utf-8", b"word and more words\r\n")
    yield "a quotation", text(b"text/plain; charset=utf-8", b"> word and more words\r\n")
    yield "words in UTF-16", text(b"text/plain; charset=utf-16le", "слово и ещё\r\n".encode("utf-16le"))
    yield "words as quoted-printable", text(b"text/plain; charset=utf-8", b"=D8=A7=D9=84=\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n")
    yield "a page", text(b"text/html; charset=utf-8", b"<div>word <b>x</b>")
    yield "a page of marks", text(b"text/html; charset=utf-8", b"<!-- x --><p class=gmail_quote id=x style='y'>&lt;")
    yield "a page in base64", HEAD + b"Content-Type: text/html; charset=windows-1256\r\n" + coded + b"\r\n" + lines(b"<p>\xc7\xe1" * (17 * MIB // 5))
    yield "a file", HEAD + EDGE + b"--e\r\n\r\nhola\r\n--e\r\nContent-Type: image/jpeg\r\n" + coded + b"\r\n" + lines(os.urandom(17 * MIB)) + b"\r\n--e--\r\n"
    yield "many parts", HEAD + EDGE + b"--e\r\n\r\nx\r\n" * (MOST // 10)
    yield "many parts with heads", HEAD + EDGE + b"--e\r\nX-A: b\r\nX-B: c\r\n\r\nx\r\n" * (MOST // 26)
    yield "parts in parts", HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=e%d\r\n\r\n--e%d\r\n" % (at, at) for at in range(200_000))
    yield "letters in letters", HEAD + b"Content-Type: message/rfc822\r\n\r\n" * (MOST // 32)
    yield "digests in digests", HEAD + b"".join(b"Content-Type: multipart/digest; boundary=e%d\r\n\r\n--e%d\r\n\r\n" % (at, at) for at in range(200_000))
    yield "a million fields", HEAD + b"X-A: b\r\n" * 1_000_000 + b"\r\nx\r\n"
    yield "many fields", HEAD + b"X: b\r\n" * (MOST // 6) + b"\r\nx\r\n"
    yield "many fields below a line of blanks", HEAD + b"X: a\r\n \r\n" + b"X: b\r\n" * (MOST // 6) + b"\r\nx\r\n"
    yield "many fields in a packed letter", HEAD + EDGE + b"--e\r\nContent-Type: message/rfc822\r\n" + coded + b"\r\n" + lines(b"X: b\r\n" * (17 * MIB // 6)) + b"\r\n--e--\r\n"
    yield "a subject of words", HEAD.replace(b"Subject: x", b"Subject: " + b"=?utf-8?q?a?=\r\n " * 1_000_000) + b"\r\nx\r\n"
    yield "a million recipients", HEAD.replace(b"x@y.example", b"a@b.example,\r\n " * 1_000_000) + b"\r\nx\r\n"
    yield "a report", HEAD + b"Content-Type: multipart/report; report-type=delivery-status; boundary=e\r\n\r\n--e\r\nContent-Type: message/delivery-status\r\n\r\n" + b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n" * (MOST // 72)
    yield "zeros", HEAD + b"\r\n" + b"\0" * MOST
    yield "one line", HEAD + b"\r\n" + b"x" * MOST


def read(program, path, limit):
    def bound():
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))

    command = [program, "try", "letter", path]
    try:
        return subprocess.run(command, preexec_fn=bound, capture_output=True, text=True, timeout=90)
    except subprocess.TimeoutExpired as fault:
        return subprocess.CompletedProcess(command, -1, "", f"no end: {fault}")


def main():
    program, passed = sys.argv[1], 0
    with tempfile.TemporaryDirectory(prefix="homeword-memory-") as folder:
        path = pathlib.Path(folder) / "letter.eml"
        path.write_bytes(HEAD + b"\r\nhola\r\n")
        if read(program, path, BASE).returncode != 0:
            raise SystemExit(f"FAILED: the program itself needs more than {BASE // MIB} MiB")
        for name, raw in letters():
            path.write_bytes(raw[:MOST])
            done = read(program, path, BASE + CEILING)
            if done.returncode != 0 or json.loads(done.stdout)["kind"] not in ("reply", "other", "bounce"):
                raise SystemExit(f"FAILED: {name}, over {BASE // MIB} and 64 MiB: {done.returncode} {done.stderr[-300:]}")
            passed += 1
    print(f"{passed} passed, 0 failed, over {BASE // MIB} MiB of the program itself")


main()
