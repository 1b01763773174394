"""PyPI's official `twilio` at both ends: it signs webhooks that Homeword accepts, and sends what the sandbox accepts."""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request

from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

told = json.loads(sys.argv[1])
homeword, sandbox, token = told["homeword"], told["sandbox"], told["token"]
hook = homeword + "/hooks/sms/twilio"


def post(params, signature):
    body = urllib.parse.urlencode(params).encode()
    request = urllib.request.Request(hook, body, {"X-Twilio-Signature": signature})
    try:
        return urllib.request.urlopen(request).status
    except urllib.error.HTTPError as fault:
        return fault.code


passed = 0


def check(what, holds):
    global passed
    if not holds:
        print(f"FAILED: {what}")
        print(f"{passed} passed, 1 failed")
        sys.exit(1)
    passed += 1


texts = ["hello", "¿Puede llevar su libro?", "ابني مريض اليوم 👍", "a&b=c+d %41", ""]
for number, text in enumerate(texts):
    params = {"MessageSid": f"SMsdk{number}", "From": "+12035550106", "To": "+12035550190", "Body": text, "NumMedia": "0"}
    check(f"a webhook signed by the SDK: {text!r}", post(params, RequestValidator(token).compute_signature(hook, params)) == 200)
    check(f"another token: {text!r}", post(params, RequestValidator("x" * 32).compute_signature(hook, params)) == 403)


class Redirected(TwilioHttpClient):
    """The SDK's client, with the company's host replaced by the sandbox."""

    def request(self, method, url, *args, **kwargs):
        parts = urllib.parse.urlsplit(url)
        return super().request(method, sandbox + parts.path + ("?" + parts.query if parts.query else ""), *args, **kwargs)


client = Client("ACsandbox", token, http_client=Redirected())
sent = client.messages.create(to="+12035550177", from_="+12035550190", body="from the SDK: ñ ع 👍")
check("the sandbox accepts what the SDK sends", sent.sid.startswith("SM") and len(sent.sid) == 34)
phones = json.load(urllib.request.urlopen(sandbox + "/control/phones"))
mine = [phone for phone in phones if phone["number"] == "+12035550177"]
check("the text is on the phone", mine and mine[0]["texts"][0]["body"] == "from the SDK: ñ ع 👍")
try:
    Client("ACsandbox", "wrong", http_client=Redirected()).messages.create(to="+12035550177", from_="+12035550190", body="x")
    check("a wrong token is refused", False)
except Exception as fault:
    check("a wrong token is refused as the SDK expects", getattr(fault, "code", None) == 20003)
print(f"{passed} passed, 0 failed")
