// How Homeword splits, counted by others: Twilio's own calculator (npm `sms-segments-calculator`) cuts the same parts, and
// `split-sms` counts as many.
const { readFileSync } = require("fs");
const { SegmentedMessage } = require("sms-segments-calculator");
const other = require("split-sms");

let passed = 0;
function check(what, ours, theirs) {
  if (JSON.stringify(ours) !== JSON.stringify(theirs)) {
    console.log(`FAILED: ${what}\n  ours:   ${JSON.stringify(ours)}\n  theirs: ${JSON.stringify(theirs)}`);
    console.log(`${passed} passed, 1 failed`);
    process.exit(1);
  }
  passed += 1;
}

for (const line of readFileSync(process.argv[2], "utf8").trim().split("\n")) {
  const { kind, text, encoding, wide, units, parts } = JSON.parse(line);
  // Both know only the number of eight bits, and no national tables.
  if ((kind !== "gsm" && kind !== "ucs2") || wide) continue;
  const ours = parts.map((part) => part.text);
  const theirs = new SegmentedMessage(text);
  check(`encoding of ${JSON.stringify(text)}`, encoding, theirs.getEncodingName() === "GSM-7" ? "gsm7" : "ucs2");
  const words = theirs.segments.map((segment) => Array.from(segment).filter((char) => char.raw).map((char) => char.raw).join(""));
  check(`parts of ${JSON.stringify(text)}`, ours, words);
  check(`units of ${JSON.stringify(text)}`, units, theirs.encodedChars.reduce((sum, char) => sum + char.codeUnits.length, 0));
  check(`parts of ${JSON.stringify(text)}, counted`, ours.length, other.split(text).parts.length);
}
console.log(`${passed} passed, 0 failed`);
