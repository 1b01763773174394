"""What Homeword sends, read by others: PyPI's `smspdudecoder` takes our parts for texts that came over the air, and `gsmcodecs`
says what each code of each national table means."""

import json
import sys

from gsmcodecs import GSMCHARMAPS
from smspdudecoder.easy import read_incoming_sms

# What a code means where the transcriptions of the tables differ: crates/sms/src/text/indic.rs says why.
COMMA = {(language, 0x2C): ("'", ",") for language in range(4, 14)}
LOCKING = COMMA | {(7, 0x24): ("\u0caa", "\u0ca1")}
SINGLE = {(12, 0x65): (None, "€")}

passed = 0


def check(what, ours, theirs):
    global passed
    if ours != theirs:
        print(f"FAILED: {what}\n  ours:   {ours!r}\n  theirs: {theirs!r}")
        print(f"{passed} passed, 1 failed")
        sys.exit(1)
    passed += 1


def meaning(language, kind, code):
    """What `gsmcodecs` has for a code; None where it has nothing."""
    point = GSMCHARMAPS[language][kind]["decode"].get(code)
    return None if point is None else chr(point)


def table(case):
    locking, single = case["locking"], case["single"]
    letters, extension = case["means"][:128], case["means"][128:]
    for code in range(128):
        if code == 0x1B:
            continue
        theirs = meaning(locking, "locking", code)
        had, wanted = LOCKING.get((locking, code), (theirs, theirs))
        check(f"locking {locking}, code {code:#x}", (letters[code], had), (wanted or "\ufffd", theirs))
        theirs = meaning(single, "singleShift", code)
        had, wanted = SINGLE.get((single, code), (theirs, theirs))
        check(f"extension {single}, code {code:#x}", (extension[code], had), (wanted or letters[code], theirs))


def shifted(codes, locking, single):
    """A text by the tables of `gsmcodecs`."""
    codes = iter(codes)
    for code in codes:
        if code == 0x1B:
            yield meaning(single, "singleShift", next(codes))
        else:
            yield LOCKING.get((locking, code), (None, meaning(locking, "locking", code)))[1]


def septets(octets, header, length):
    """Every seven bits, the lowest first, after the header."""
    bits = int.from_bytes(octets, "little")
    return bytes(bits >> 7 * index & 0x7F for index in range(-(-header * 8 // 7), length))


def over_the_air(data, length, header, ucs2):
    """An SMS-DELIVER of TS 23.040, as a modem shows it."""
    return f"00{'44' if header else '04'}0B912130550101F000{'08' if ucs2 else '00'}62111111000000{length:02X}{data}"


def part(case, number, part):
    data, length, header = part["packed"]
    octets = bytes.fromhex(data)
    what = f"{case['kind']}, part {number} of {case['text']!r}"
    check(f"at most 140 octets: {what}", len(octets) <= 140, True)
    size = octets[0] + 1 if header else 0
    ucs2 = case["encoding"] == "ucs2"
    if case["encoding"] == "gsm7-shift":
        codes = septets(octets, size, length)
        unpacked = bytes.fromhex(part["unpacked"][0])
        check(f"packed and unpacked: {what}", codes, unpacked[size:])
        elements = ([0x24, 1, case["single"]] if case["single"] else []) + ([0x25, 1, case["locking"]] if case["locking"] else [])
        check(f"the header names the tables: {what}", octets[:size].endswith(bytes(elements)), True)
        check(f"read by gsmcodecs: {what}", part["text"], "".join(shifted(codes, case["locking"], case["single"])))
        return
    read = read_incoming_sms(over_the_air(data, length, header, ucs2))
    content = read["content"]
    if not ucs2 and length % 8 == 7:
        # It takes the seven bits that are left of the last octet for "@", though the length says otherwise.
        content = content.removesuffix("@") if len(content) > len(part["text"]) else content
    check(f"read by smspdudecoder: {what}", part["text"], content)
    if header:
        partial = read["partial"] or {}
        reference = case["reference"] if case["wide"] else case["reference"] & 0xFF
        wanted = (f"{reference}-{len(case['parts'])}", number)
        check(f"the part's number: {what}", wanted, (partial.get("reference"), partial.get("part_number")))


for line in open(sys.argv[1], encoding="utf-8"):
    case = json.loads(line)
    if case["kind"] == "table":
        table(case)
        continue
    check("joined they are the text", "".join(one["text"] for one in case["parts"]), case["text"])
    for number, one in enumerate(case["parts"], 1):
        part(case, number, one)
print(f"{passed} passed, 0 failed")
