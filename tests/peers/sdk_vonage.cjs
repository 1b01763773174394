// npm's official `@vonage/sms`, as `sdk.py` says. Told: `{"secret", "algorithm"}`. It looks at no time, and is not asked to sign.
"use strict";

const { AlgorithmTypes, Auth } = require("@vonage/auth");
const { SMS } = require("@vonage/sms");

const told = JSON.parse(process.argv[2]);
const algorithm = AlgorithmTypes[told.algorithm.replace("-", "")];
const library = new SMS(new Auth({ apiKey: "abcd1234", apiSecret: "unused" }));

function fields(call) {
  const body = Buffer.from(call.body, "base64").toString("utf8");
  if (body.startsWith("{")) return JSON.parse(body);
  return Object.fromEntries(new URLSearchParams(body || new URL(call.url).search));
}

function genuine(call) {
  const given = fields(call);
  return typeof given.sig === "string" && library.verifySignature(given.sig, given, told.secret, algorithm);
}

require("readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => console.log(String(genuine(JSON.parse(line)))));
