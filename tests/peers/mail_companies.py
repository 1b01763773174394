"""Letters over mail companies' HTTP APIs, whole ways: a company of our own at the other end takes them as Mailgun, Postmark and SendGrid
document it, hands a family's answer over, and tells of a mailbox that is gone and of one that has its letter. Signatures are made with
Python's own libraries. Amazon's way in needs a certificate from its own host: the fixtures in crates/email hold that.
"""

import base64
import email
import email.policy
import hashlib
import hmac
import http.client
import http.server
import json
import os
import pathlib
import re
import secrets
import signal
import sys
import tempfile
import threading
import time
import urllib.parse
from email.message import EmailMessage

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mail import check, count, until
from mail_ends import announce, demo


class Company:
    """An API that keeps what it gets."""

    def __init__(self):
        self.calls = []
        company = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                company.calls.append((self.path, dict(self.headers), body))
                status, headers, answer = company.answer(len(company.calls))
                self.send_response(status)
                for name, value in {**headers, "content-type": "application/json", "content-length": str(len(answer))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        os.environ["COMPANY_SECRET"] = "a secret of the test"

    def stop(self):
        self.server.shutdown()


class Mailgun(Company):
    name, letters = "mailgun", "/mime"

    def settings(self):
        return f'kind = "mailgun"\nbase_url = "{self.url}"\ndomain = "mail.maple.example"\napi_key = "env:COMPANY_SECRET"\nsigning_key = "env:COMPANY_SECRET"\n'

    def answer(self, number):
        return 200, {}, json.dumps({"id": f"<{number}@mailgun.example>", "message": "Queued. Thank you."}).encode()

    def taken(self, call):
        """Recipient, our word and the letter, as Python's library reads the form."""
        _, headers, body = call
        kind = {name.lower(): value for name, value in headers.items()}["content-type"]
        form = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body, policy=email.policy.HTTP)
        # A part with a letter inside is read as a letter.
        parts = {part.get_param("name", header="content-disposition"): part for part in form.iter_parts()}
        inner = parts["message"].get_payload(0)
        return parts["to"].get_payload().strip(), parts["v:homeword-reference"].get_payload().strip(), inner["Reply-To"], inner["Content-Language"]

    def signed(self):
        stamp, token = str(int(time.time())), secrets.token_hex(25)
        return {"timestamp": stamp, "token": token, "signature": hmac.new(b"a secret of the test", (stamp + token).encode(), hashlib.sha256).hexdigest()}

    def incoming(self, letter, to):
        fields = {"recipient": to, "sender": "layla@families.example", "body-mime": letter.as_bytes().decode("utf-8", "surrogateescape"), **self.signed()}
        return urllib.parse.urlencode(fields, errors="surrogateescape").encode(), {"content-type": "application/x-www-form-urlencoded"}

    def event(self, kind, reference, to):
        data = {"user-variables": {"homeword-reference": reference}, "recipient": to}
        data.update({"delivered": {"event": "delivered"},
                     "gone": {"event": "failed", "severity": "permanent", "reason": "bounce", "delivery-status": {"code": 550, "enhanced-code": "5.1.1"}}}[kind])
        return json.dumps({"signature": self.signed(), "event-data": data}).encode(), {"content-type": "application/json"}


class Postmark(Company):
    name, letters = "postmark", ""

    def settings(self):
        os.environ["COMPANY_HOOK"] = "homeword:a password of the test"
        return f'kind = "postmark"\nbase_url = "{self.url}"\nserver_token = "env:COMPANY_SECRET"\nhook_password = "env:COMPANY_HOOK"\n'

    def answer(self, number):
        return 200, {}, json.dumps({"ErrorCode": 0, "Message": "OK", "MessageID": f"id-{number}"}).encode()

    def taken(self, call):
        body = json.loads(call[2])
        headers = {header["Name"]: header["Value"] for header in body["Headers"]}
        return body["To"], body["Metadata"]["homeword-reference"], body["ReplyTo"], headers["Content-Language"]

    def headers(self):
        return {"content-type": "application/json", "authorization": "Basic " + base64.b64encode(b"homeword:a password of the test").decode()}

    def incoming(self, letter, to):
        return json.dumps({"FromFull": {"Email": "layla@families.example"}, "OriginalRecipient": to, "MessageID": secrets.token_hex(8),
                           "Headers": [{"Name": "Return-Path", "Value": "<layla@families.example>"}], "RawEmail": letter.as_string()}).encode(), self.headers()

    def event(self, kind, reference, to):
        body = {"delivered": {"RecordType": "Delivery", "Recipient": to}, "gone": {"RecordType": "Bounce", "Type": "HardBounce", "Email": to, "Inactive": True}}[kind]
        return json.dumps({**body, "Metadata": {"homeword-reference": reference}}).encode(), self.headers()


class SendGrid(Company):
    name, letters = "sendgrid", "/parse"

    def __init__(self):
        super().__init__()
        self.keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("events", "letters")}

    def settings(self):
        public = {name: base64.b64encode(key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)).decode()
                  for name, key in self.keys.items()}
        return f'kind = "sendgrid"\nbase_url = "{self.url}"\napi_key = "env:COMPANY_SECRET"\nevents_key = "{public["events"]}"\nletters_key = "{public["letters"]}"\n'

    def answer(self, number):
        return 202, {"x-message-id": f"id-{number}"}, b""

    def taken(self, call):
        body = json.loads(call[2])
        one = body["personalizations"][0]
        return one["to"][0]["email"], one["custom_args"]["homeword-reference"], body["reply_to"]["email"], body["headers"]["Content-Language"]

    def signed(self, key, body):
        stamp = str(int(time.time()))
        signature = self.keys[key].sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        return {"x-twilio-email-event-webhook-timestamp": stamp, "x-twilio-email-event-webhook-signature": base64.b64encode(signature).decode()}

    def incoming(self, letter, to):
        part = lambda name, value: f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
        body = part("email", letter.as_bytes()) + part("envelope", json.dumps({"to": [to], "from": "layla@families.example"}).encode()) + b"--edge--\r\n"
        return body, {"content-type": "multipart/form-data; boundary=edge", **self.signed("letters", body)}

    def event(self, kind, reference, to):
        one = {"delivered": {"event": "delivered"}, "gone": {"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 unknown"}}[kind]
        body = json.dumps([{**one, "email": to, "sg_event_id": secrets.token_hex(8), "homeword-reference": reference}]).encode() + b"\r\n"
        return body, {"content-type": "application/json", **self.signed("events", body)}


def play(program, folder, company):
    child, told = demo(program, "", f"server = \"\"\n[accounts.town]\n{company.settings()}", folder)
    try:
        rivera = announce(told)
        mine = lambda: {company.taken(call)[0]: company.taken(call) for call in list(company.calls)}
        [_, reference, reply_to, language] = until("Layla's letter at the company", 30, lambda: mine().get("layla@families.example"))
        to = email.utils.parseaddr(reply_to)[1]
        check(f"{company.name}: her language, our word, an answer address", language == "ar" and re.fullmatch(r"\d+\.\d+\.\d+", reference) and to.startswith("reply+"))

        def say(call, path="", **changed):
            line = http.client.HTTPConnection(urllib.parse.urlsplit(told["homeword"]).netloc, timeout=30)
            body, headers = call
            line.request("POST", f"/hooks/mail/town{path}", changed.get("body", body), {**headers, **changed.get("headers", {})})
            return line.getresponse().status

        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = "Layla Mansour <layla@families.example>", to, "Re"
        letter["Message-ID"] = email.utils.make_msgid(domain="families.example")
        letter.set_content(f"وصلت عبر {company.name}\n", cte="base64")
        call = company.incoming(letter, to)
        check(f"{company.name}: her answer is taken", say(call, company.letters) == 200)
        pages = lambda: "".join(rivera.page(path) for path in set(re.findall(r'href="(/thread/\d+)"', rivera.page("/"))))
        until("her answer on the teacher's page", 30, lambda: f"وصلت عبر {company.name}" in pages())
        check(f"{company.name}: said again it is taken, and nothing comes of it", say(call, company.letters) == 200)
        if company.name == "mailgun":
            check("its word opens no other letter", say(call, company.letters, body=call[0].replace(b"body-mime=", b"body-mime=X-Odd%3A+1%0D%0A")) == 403)
        elif company.name == "postmark":
            check("another password opens nothing", say(call, headers={"authorization": "Basic " + base64.b64encode(b"homeword:wrong").decode()}) == 403)
        else:
            check("no other letter has its signature", say(call, company.letters, body=call[0].replace(b"layla@", b"leila@")) == 403)
        check(f"{company.name}: half a letter is asked for again", say((company.incoming(letter, to)[0][:-40], call[1]), company.letters) in (403, 500))

        [message] = set(re.findall(r'href="(/message/\d+)"', rivera.page("/sent"))) if "/message/" in rivera.page("/sent") else [None]
        check("the message has a page", message)
        check(f"{company.name}: it arrived", say(company.event("delivered", reference, "layla@families.example")) == 200)
        until("that it arrived, on the page", 30, lambda: re.search(r"Arabic \(email\)(?:(?!Arabic \(email\)|English).)*arrived", rivera.page(message), re.S))
        other = next(one for one in mine().values() if one[0] != "layla@families.example")
        check(f"{company.name}: another mailbox is gone", say(company.event("gone", other[1], other[0])) == 200)
        until("that it is gone, on the page", 30, lambda: "does not exist" in rivera.page(message))
        check("each left once", len(company.calls) == len({company.taken(call)[1] for call in company.calls}))
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(20)
        company.stop()


def main():
    with tempfile.TemporaryDirectory(prefix="homeword-companies-") as folder:
        folder = pathlib.Path(folder)
        for company in (Mailgun(), Postmark(), SendGrid()):
            play(sys.argv[1], folder, company)
    print(f"{count()} passed, 0 failed")


if __name__ == "__main__":
    main()
