"""Mail programs that are not ours at both ends of Homeword: `smtp-server` (npm) takes its letters, after a login under TLS and a first
refusal for each mailbox; aiosmtpd (Python) takes them plain; nodemailer (npm) answers by SMTP under TLS. No letter is lost, none comes twice.
"""

import base64
import email
import email.policy
import json
import os
import pathlib
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading

from aiosmtpd.controller import Controller
from mail import Browser, certificate, check, count, free_port, until, write


class Npm:
    """tests/peers/ends.cjs."""

    def __init__(self, folder):
        wants = {"key": f"{folder}/tls.key", "cert": f"{folder}/tls.pem", "user": "homeword", "password": "a password of the test"}
        here = pathlib.Path(__file__).with_name("ends.cjs")
        self.child = subprocess.Popen(["node", here, json.dumps(wants)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = json.loads(self.child.stdout.readline())["port"]
        self.letters, self.said = [], queue.Queue()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.child.stdout:
            line = json.loads(line)
            if "letter" in line:
                self.letters.append(line["letter"])
            else:
                self.said.put(line)

    def send(self, **letter):
        self.child.stdin.write(json.dumps({"send": letter}) + "\n")
        self.child.stdin.flush()
        return self.said.get(timeout=30)

    def stop(self):
        self.child.stdin.close()
        self.child.wait(20)


class Plain:
    """aiosmtpd, which offers SMTPUTF8 and no pipelining."""

    def __init__(self):
        self.letters = []
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True)
        self.controller.start()
        self.port = self.controller.port

    async def handle_DATA(self, _server, _session, envelope):
        self.letters.append({"to": envelope.rcpt_tos, "raw": base64.b64encode(envelope.content).decode()})
        return "250 2.0.0 kept"

    def stop(self):
        self.controller.stop()


def demo(program, server, more, folder, data=None):
    lines = folder / "more.toml"
    lines.write_text(more)
    environment = {**os.environ, "SSL_CERT_FILE": f"{folder}/tls.pem", "HOMEWORD_MAIL_PASSWORD": "a password of the test"}
    child = subprocess.Popen([program, "demo", "--machine", "--mail-server", server, "--more-letters", lines, *(["--folder", data] if data else [])],
                             stdout=subprocess.PIPE, text=True, env=environment)
    return child, json.loads(child.stdout.readline())


def announce(told):
    """Ms Rivera writes to her class."""
    rivera = Browser(told["homeword"], "rivera@maple.example")
    write(rivera, "reading-at-home")
    return rivera


def read(letter):
    return email.message_from_bytes(base64.b64decode(letter["raw"]), policy=email.policy.default)


def with_npm(program, folder):
    npm, smtp = Npm(folder), free_port()
    child, told = demo(program, f"localhost:{npm.port}", f"""tls = "starttls"
user = "homeword"
listen_smtp = "127.0.0.1:{smtp}"
certificate = "{folder}/tls.pem"
certificate_key = "file:{folder}/tls.key"
""", folder)
    try:
        rivera = announce(told)
        theirs = lambda: [letter for letter in npm.letters if letter["to"][0]["address"] == "layla@families.example"]
        [letter] = until("Layla's letter, after it was put off once", 60, theirs)
        check("it came under TLS, by who it must", letter["secure"] and letter["user"] == "homeword")
        check("reports are asked for as RFC 3461 has it", letter["dsn"]["ret"].upper() == "HDRS" and [word.upper() for word in letter["to"][0]["dsn"]["notify"]] == ["FAILURE", "DELAY"])
        message = read(letter)
        check("another's library reads it", message["Content-Language"] == "ar" and message.get_body(("plain",)) is not None)
        said = npm.send(port=smtp, ca=f"{folder}/tls.pem", to=message["Reply-To"], subject="Re: " + message["Subject"],
                        **{"from": "Layla <layla@families.example>"}, text="نعم، نقرأ معا\n\n-- \nLayla")
        check(f"nodemailer was served: {said}", said.get("sent", "").startswith("250"))
        until("her answer on the teacher's page", 30, lambda: any(
            "نعم، نقرأ معا" in rivera.page(path) for path in re.findall(r'href="(/thread/\d+)"', rivera.page("/"))))
        said = npm.send(port=smtp, ca=f"{folder}/tls.pem", to="reply+aaaa@mail.maple.example", subject="x", text="x", **{"from": "who@elsewhere.example"})
        check(f"a made-up address is refused: {said}", "550" in said.get("failed", ""))
        names = [read(letter)["Message-ID"] for letter in npm.letters]
        check("no letter came twice", len(names) == len(set(names)))
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(20)
        npm.stop()


def with_aiosmtpd(program, folder):
    plain = Plain()
    child, told = demo(program, f"127.0.0.1:{plain.port}", "", folder)
    try:
        announce(told)
        theirs = until("Layla's letter", 30, lambda: [letter for letter in plain.letters if letter["to"] == ["layla@families.example"]])
        message = read(theirs[0])
        check("another's library reads it", "Rivera" in message["From"] and message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click")
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(20)
        plain.stop()


def main():
    with tempfile.TemporaryDirectory(prefix="homeword-ends-") as folder:
        folder = pathlib.Path(folder)
        certificate(folder)
        with_npm(sys.argv[1], folder)
        with_aiosmtpd(sys.argv[1], folder)
    print(f"{count()} passed, 0 failed")


if __name__ == "__main__":
    main()
