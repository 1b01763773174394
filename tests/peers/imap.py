"""A school with one mailbox and nothing else: Homeword fetches letters from a real Dovecot over IMAP.

Under TLS with a password, over a restart of Dovecot while Homeword waits (IDLE), over new numbers (another UIDVALIDITY, with a letter
that came while nobody was there), and then with tokens of an OAuth2 server that Dovecot itself asks about. No letter is lost, none comes
twice, and the mailbox is as it was.
"""

import email
import email.policy
import email.utils
import http.server
import imaplib
import json
import os
import pathlib
import re
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from email.message import EmailMessage

from mail import ROOT, Browser, certificate, check, count, free_port, until
from mail_ends import Plain, announce, demo, read

SCHOOL = "school@mail.maple.example"


class Grants:
    """A company's OAuth2 server: gives tokens for a refresh token, and tells Dovecot whose a token is (RFC 7662)."""

    def __init__(self):
        self.given = []
        grants = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["content-length"])).decode()))
                if self.path == "/token":
                    good = form == {"client_id": "homeword", "client_secret": "app-secret", "grant_type": "refresh_token", "refresh_token": "refresh", "scope": "mail"}
                    grants.given.append(f"token-{len(grants.given)}")
                    answer = {"access_token": grants.given[-1], "token_type": "Bearer", "expires_in": 3600} if good else {"error": "invalid_grant"}
                else:
                    good = True
                    answer = {"active": form.get("token") in grants.given, "username": "school", "scope": "mail", "token_type": "Bearer"}
                body = json.dumps(answer).encode()
                self.send_response(200 if good else 400)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Dovecot:
    """One mailbox, whose plus-addresses are its own."""

    def __init__(self, folder, grants):
        self.folder, self.imaps, self.lmtp = folder / "dovecot", free_port(), free_port()
        for place in ("run", "state", "mail"):
            (self.folder / place).mkdir(parents=True)
        ids = [subprocess.check_output(["id", flag, "mail"], text=True).strip() for flag in ("-u", "-g")]
        (self.folder / "users").write_text(f"school:{{PLAIN}}a password of the test:{ids[0]}:{ids[1]}::{self.folder}/mail::\n")
        (self.folder / "oauth2.conf").write_text(f"""introspection_url = {grants.url}/introspect
introspection_mode = post
username_attribute = username
active_attribute = active
active_value = true
""")
        (self.folder / "dovecot.conf").write_text(f"""base_dir = {self.folder}/run
state_dir = {self.folder}/state
instance_name = homeword-imap-test
listen = 127.0.0.1
protocols = imap lmtp
ssl = required
ssl_cert = <{folder}/tls.pem
ssl_key = <{folder}/tls.key
log_path = {self.folder}/dovecot.log
mail_location = maildir:{self.folder}/mail
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
auth_username_format = %n
auth_mechanisms = plain xoauth2
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
lmtp_hdr_delivery_address = original
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {self.folder}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%n {self.folder}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%n {self.folder}/users
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {self.imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {self.lmtp}
  }}
}}
namespace inbox {{
  inbox = yes
}}
""")
        subprocess.check_call([*ROOT, "chown", "-R", "mail:", str(self.folder / "mail")])
        self.folder.chmod(0o755)
        folder.chmod(0o755)
        self.start()

    def start(self):
        with open(self.folder / "start.log", "w") as log:
            subprocess.check_call([*ROOT, "dovecot", "-c", str(self.folder / "dovecot.conf")], stdout=log, stderr=log)
        for port in (self.imaps, self.lmtp):
            until(f"Dovecot on port {port}", 20, lambda: not socket.socket().connect_ex(("127.0.0.1", port)))

    def stop(self):
        # Sessions would outlive their master: as a machine that goes down, all of it ends.
        subprocess.check_call([*ROOT, "sh", "-c", f"master=$(cat {self.folder}/run/master.pid); kill $master $(pgrep -P $master)"])
        until("Dovecot's end", 20, lambda: all(socket.socket().connect_ex(("127.0.0.1", port)) for port in (self.imaps, self.lmtp)))

    def deliver(self, letter):
        with smtplib.LMTP("127.0.0.1", self.lmtp) as line:
            line.send_message(letter)

    def box(self):
        box = imaplib.IMAP4_SSL("localhost", self.imaps)
        box.login("school", "a password of the test")
        return box

    def seen(self):
        """UIDVALIDITY, how many letters there are, and how many are marked as read."""
        box = self.box()
        try:
            box.select("INBOX", readonly=True)
            validity = box.response("UIDVALIDITY")[1][0].decode()
            return validity, len(box.search(None, "ALL")[1][0].split()), len(box.search(None, "SEEN")[1][0].split())
        finally:
            box.logout()

    def idles(self):
        """Whether somebody waits for letters, as Dovecot's own list of sessions says."""
        said = subprocess.run([*ROOT, "doveadm", "-c", str(self.folder / "dovecot.conf"), "who", "-1"], capture_output=True, text=True).stdout
        return "school" in said

    def renumber(self):
        """As a mailbox that was moved to another server, with one letter more."""
        subprocess.check_call([*ROOT, "sh", "-c", f"rm -f {self.folder}/mail/dovecot*"])


def answer(to, text):
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "Layla Mansour <layla@families.example>", to, "Re: x"
    letter["Message-ID"] = email.utils.make_msgid(domain="families.example")
    letter["Date"] = email.utils.formatdate()
    letter.set_content(text)
    return letter


def play(program, folder, dovecot, grants):
    plain = Plain()
    data = folder / "data"
    data.mkdir()
    password = 'password = "env:HOMEWORD_MAIL_PASSWORD"'
    child, told = demo(program, f"127.0.0.1:{plain.port}", f"""one_mailbox = true
mailboxes = [{{ server = "localhost:{dovecot.imaps}", user = "school", address = "{SCHOOL}", {password} }}]
""", folder, data)
    try:
        rivera = announce(told)
        [letter] = until("Layla's letter", 30, lambda: [one for one in plain.letters if one["to"] == ["layla@families.example"]])[:1]
        to = email.utils.parseaddr(read(letter)["Reply-To"])[1]
        check(f"answers go to the one mailbox: {to}", to.startswith("school+r-") and to.endswith("@mail.maple.example"))

        def shown():
            """Layla's words on the teacher's pages, each as often as it stands there."""
            pages = "".join(rivera.page(path) for path in set(re.findall(r'href="(/thread/\d+)"', rivera.page("/"))))
            words = re.findall(r'<div class="bubble">\s*<p [^>]*>(\w+) كلمة</p>', pages)
            return {word: words.count(word) for word in words}

        until("Homeword at the mailbox", 30, dovecot.idles)
        dovecot.deliver(answer(to, "أولى كلمة"))
        until("the first answer", 30, lambda: "أولى" in shown())
        before = dovecot.seen()
        check("nothing in the mailbox is marked as read", before[1:] == (1, 0))

        dovecot.stop()
        dovecot.start()
        dovecot.deliver(answer(to, "ثانية كلمة"))
        until("the second, after a restart", 60, lambda: "ثانية" in shown())

        dovecot.stop()
        dovecot.renumber()
        dovecot.start()
        # Homeword may be back before it: either way it comes once.
        dovecot.deliver(answer(to, "ثالثة كلمة"))
        until("the third, under new numbers", 60, lambda: "ثالثة" in shown())
        check("the numbers are new", dovecot.seen()[0] != before[0])
        dovecot.deliver(answer(f"The school <{SCHOOL}>", "to the school itself"))
        office = Browser(told["homeword"], "office@maple.example")
        until("what has no token, for the office", 30, lambda: "to the school itself" in office.page("/by-hand"))
        check("the mailbox has all four, unread", dovecot.seen()[1:] == (4, 0))
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(20)

    # The house without its demo: the company's tokens open the mailbox, and what came meanwhile is there.
    settings = (data / "homeword.toml").read_text()
    check("the settings name the password once", settings.count(password) == 1)
    (data / "homeword.toml").write_text(settings.replace(password, f"""oauth = {{ token_url = "{grants.url}/token", client_id = "homeword", \
client_secret = "env:APP", refresh_token = "env:REFRESH", scope = "mail" }}"""))
    os.environ.update(APP="app-secret", REFRESH="refresh")
    dovecot.deliver(answer(to, "رابعة كلمة"))
    child = subprocess.Popen([program, "serve", "--config", data / "homeword.toml"], stdout=subprocess.PIPE, text=True)
    try:
        rivera.host = json.loads(child.stdout.readline())["listening"]
        until("what came while nobody was there", 60, lambda: "رابعة" in shown())
        check("with a token of the company's", len(grants.given) == 1)
        dovecot.deliver(answer(to, "خامسة كلمة"))
        until("and the next", 30, lambda: "خامسة" in shown())
        check(f"each of them once: {shown()}", set(shown().values()) == {1} and len(shown()) == 5)
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(20)
        plain.stop()


def main():
    with tempfile.TemporaryDirectory(prefix="homeword-imap-") as folder:
        folder = pathlib.Path(folder)
        certificate(folder)
        os.environ["SSL_CERT_FILE"] = f"{folder}/tls.pem"
        grants = Grants()
        dovecot = Dovecot(folder, grants)
        try:
            play(sys.argv[1], folder, dovecot, grants)
        finally:
            dovecot.stop()
            subprocess.call([*ROOT, "rm", "-rf", str(folder / "dovecot")])
    print(f"{count()} passed, 0 failed")


if __name__ == "__main__":
    main()
