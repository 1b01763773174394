"""Letters both ways through programs that are not ours: Postfix and Dovecot carry, Python's library reads and writes.

Homeword -> Postfix -> Dovecot mailbox -> an answer -> Postfix -> Homeword's LMTP listener -> the teacher's page. Then an
answer address somebody made up, and a mailbox that does not exist. What Homeword signs, dkimpy verifies with keys that OpenSSL
wrote; what dkimpy signs comes in by SMTP and STARTTLS, and Homeword looks its key up in a name server of ours. Everything is on
loopback; servers end by process id.
"""

import base64
import email
import email.policy
import http.client
import imaplib
import json
import os
import pathlib
import re
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse
from email.message import EmailMessage

import dkim
import dnslib.server

ROOT = [] if os.geteuid() == 0 else ["sudo"]
passed = 0


def check(what, holds):
    global passed
    if not holds:
        raise SystemExit(f"FAILED: {what}")
    passed += 1


def count():
    """Checks that held so far."""
    return passed


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(what, seconds, ask):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = ask()
        if found:
            return found
        time.sleep(0.1)
    raise SystemExit(f"FAILED: waited {seconds} s for: {what}")


SERVICES = """pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Servers:
    """Postfix and Dovecot in a folder of their own."""

    def __init__(self, lmtp):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="homeword-mail-"))
        self.folder.chmod(0o755)
        self.smtp, self.imap = free_port(), free_port()
        postfix, dovecot = self.folder / "postfix", self.folder / "dovecot"
        for place in (postfix / "etc", postfix / "spool", postfix / "data", dovecot / "run", dovecot / "state", dovecot / "mail"):
            place.mkdir(parents=True)
        (postfix / "etc/main.cf").write_text(f"""compatibility_level = 3.6
config_directory = {postfix}/etc
queue_directory = {postfix}/spool
data_directory = {postfix}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = mx.families.example
mydestination =
virtual_mailbox_domains = families.example
virtual_mailbox_maps = static:any
virtual_transport = lmtp:unix:{dovecot}/run/lmtp-postfix
relay_domains = mail.maple.example
transport_maps = inline:{{ mail.maple.example=lmtp:inet:127.0.0.1:{lmtp} }}
default_transport = error:no outside mail from a test
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_timeout = 2s
max_use = 1
smtpd_recipient_restrictions = check_recipient_access texthash:{postfix}/access, reject_unauth_destination
alias_maps =
alias_database =
local_recipient_maps =
maillog_file_prefixes = {self.folder}
maillog_file = {self.folder}/postfix.log
lmtp_destination_recipient_limit = 1
""")
        # As a greylist does: the first letter to Layla is put off until the table says otherwise.
        (postfix / "access").write_text("layla@families.example 450 4.7.1 Greylisted, come again\n")
        (postfix / "etc/master.cf").write_text(f"127.0.0.1:{self.smtp} inet n - n - 50 smtpd\n{SERVICES}")
        (dovecot / "dovecot.conf").write_text(f"""base_dir = {dovecot}/run
state_dir = {dovecot}/state
instance_name = homeword-test
listen = 127.0.0.1
protocols = imap lmtp
ssl = no
disable_plaintext_auth = no
log_path = {self.folder}/dovecot.log
mail_location = maildir:{dovecot}/mail/%n
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
auth_username_format = %n
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%n {dovecot}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%n {dovecot}/users
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {self.imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  unix_listener lmtp-postfix {{
    mode = 0666
  }}
}}
namespace inbox {{
  inbox = yes
}}
""")
        uid, gid = subprocess.check_output(["id", "-u", "mail"], text=True).strip(), subprocess.check_output(["id", "-g", "mail"], text=True).strip()
        (dovecot / "users").write_text(f"layla:{{PLAIN}}layla-pass:{uid}:{gid}::{dovecot}/mail/layla::\n")
        subprocess.check_call([*ROOT, "chown", "mail:", str(dovecot / "mail")])
        subprocess.check_call([*ROOT, "chown", "postfix", str(postfix / "data")])
        if ROOT:
            subprocess.check_call([*ROOT, "chown", "-R", "root:", str(postfix / "etc"), str(postfix / "spool")])
        self.postfix, self.dovecot = postfix, dovecot
        # Daemons keep what they were given as output open: never a pipe.
        with open(self.folder / "start.log", "w") as log:
            subprocess.check_call([*ROOT, "dovecot", "-c", str(dovecot / "dovecot.conf")], stdout=log, stderr=log)
            subprocess.check_call([*ROOT, "postfix", "-c", str(postfix / "etc"), "start"], stdout=log, stderr=log)
        for port in (self.smtp, self.imap):
            until(f"a server on port {port}", 20, lambda: not socket.socket().connect_ex(("127.0.0.1", port)))

    def stop(self):
        for pid in (self.dovecot / "run/master.pid", self.postfix / "spool/pid/master.pid"):
            subprocess.call([*ROOT, "sh", "-c", f"kill $(cat {pid})"], stderr=subprocess.DEVNULL)
        until("both servers to end", 20, lambda: all(socket.socket().connect_ex(("127.0.0.1", port)) for port in (self.smtp, self.imap)))
        subprocess.call([*ROOT, "rm", "-rf", str(self.folder)])

    def access(self, line):
        """Another table for recipients, for every process from now on."""
        (self.postfix / "access").write_text(line)
        with open(self.folder / "start.log", "a") as log:
            subprocess.check_call([*ROOT, "postfix", "-c", str(self.postfix / "etc"), "reload"], stdout=log, stderr=log)
        # Who holds a line of Homeword's keeps the table it began with, until the line has been idle for long.
        held = f"pgrep -P $(cat {self.postfix}/spool/pid/master.pid) smtpd"
        until("the lines' end", 30, lambda: subprocess.call([*ROOT, "sh", "-c", held], stdout=subprocess.DEVNULL) != 0)

    def said(self):
        return (self.folder / "postfix.log").read_text(errors="replace")

    def letters(self):
        """Every letter in Layla's mailbox."""
        box = imaplib.IMAP4("127.0.0.1", self.imap)
        try:
            box.login("layla", "layla-pass")
            box.select("INBOX", readonly=True)
            numbers = box.search(None, "ALL")[1][0].split()
            self.raw = [box.fetch(number, "(RFC822)")[1][0][1] for number in numbers]
            return [email.message_from_bytes(raw, policy=email.policy.default) for raw in self.raw]
        finally:
            box.logout()


def certificate(folder):
    """tls.pem and tls.key for localhost."""
    subprocess.check_call(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "tls.key", "-out", folder / "tls.pem", "-days", "9",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"],
        stderr=subprocess.DEVNULL)


class Keys:
    """Homeword's two keys, a family's, a certificate: all by OpenSSL; and a name server that tells the public ones."""

    def __init__(self, folder):
        self.folder = folder
        public = {name: self.key(name, *kind) for name, kind in {
            "rsa": ("RSA", "-pkeyopt", "rsa_keygen_bits:2048"), "ed": ("ED25519",), "layla": ("RSA", "-pkeyopt", "rsa_keygen_bits:2048")}.items()}
        self.names = {
            "rsa._domainkey.maple.example": f"v=DKIM1; k=rsa; p={public['rsa']}",
            # RFC 8463: the bare key, the last 32 octets of what OpenSSL writes.
            "ed._domainkey.maple.example": "v=DKIM1; k=ed25519; p=" + base64.b64encode(base64.b64decode(public["ed"])[-32:]).decode(),
            "layla._domainkey.families.example": f"v=DKIM1; k=rsa; p={public['layla']}",
            "_dmarc.families.example": "v=DMARC1; p=reject",
        }
        certificate(folder)
        self.server = dnslib.server.DNSServer(self, port=0, address="127.0.0.1", logger=dnslib.server.DNSLogger("-request,-reply"))
        self.port = self.server.server.socket.getsockname()[1]
        self.server.start_thread()

    def key(self, name, kind, *more):
        subprocess.check_call(["openssl", "genpkey", "-algorithm", kind, *more, "-out", self.folder / f"{name}.pem"], stderr=subprocess.DEVNULL)
        public = subprocess.check_output(["openssl", "pkey", "-in", self.folder / f"{name}.pem", "-pubout"], text=True)
        return "".join(line for line in public.splitlines() if not line.startswith("--"))

    def resolve(self, request, handler):
        reply = request.reply()
        text = self.names.get(str(request.q.qname).rstrip(".").lower())
        if text is None:
            reply.header.rcode = dnslib.RCODE.NXDOMAIN
        elif request.q.qtype == dnslib.QTYPE.TXT:
            pieces = [text[at:at + 255] for at in range(0, len(text), 255)]
            reply.add_answer(dnslib.RR(request.q.qname, dnslib.QTYPE.TXT, rdata=dnslib.TXT(pieces), ttl=60))
        return reply

    def text(self, name, timeout=5):
        """As dkimpy asks."""
        return self.names.get(name.decode().rstrip(".")).encode()

    def settings(self, smtp):
        key = lambda name: f'{{ domain = "maple.example", selector = "{name}", key = "file:{self.folder}/{name}.pem" }}'
        return f"""dkim = [{key("rsa")}, {key("ed")}]
resolver = "127.0.0.1:{self.port}"
verify_writers = true
listen_smtp = "127.0.0.1:{smtp}"
certificate = "{self.folder}/tls.pem"
certificate_key = "file:{self.folder}/tls.key"
"""


class Browser:
    def __init__(self, base, name):
        self.host = urllib.parse.urlsplit(base).netloc
        self.cookie = ""
        _, headers, _ = self.ask("POST", "/sign-in", {"name": name, "password": "homeword-demo"})
        self.cookie = headers["set-cookie"].split(";")[0]

    def ask(self, method, path, fields=None):
        line = http.client.HTTPConnection(self.host, timeout=30)
        headers = {"cookie": self.cookie, "content-type": "application/x-www-form-urlencoded"}
        line.request(method, path, urllib.parse.urlencode(fields or {}), headers)
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read().decode()

    def page(self, path):
        return self.ask("GET", path)[2]


def write(rivera, phrase):
    """Ms Rivera writes to her class."""
    form = rivera.page("/compose")
    hidden = {name: re.search(f'name="{name}" value="([^"]*)"', form).group(1) for name in ("token", "id")}
    audience = re.search(r'<option value="([^"]+)"[^>]*>[^<]*Grade 2 reading', form).group(1)
    fields = {**hidden, "audience": audience, "phrase": phrase, "answers": "open", "weight": "routine", "action": "send"}
    check("the message was sent", rivera.ask("POST", "/compose", fields)[0] == 303)


def play(servers, keys, smtp, told):
    rivera = Browser(told["homeword"], "rivera@maple.example")
    write(rivera, "reading-at-home")
    until("Postfix to put Layla's letter off", 30, lambda: "450 4.7.1" in servers.said())
    check("it is not in her mailbox", servers.letters() == [])
    servers.access("# nobody is put off any more\n")
    letter = until("the letter in Layla's mailbox, after it came again", 60, servers.letters)[0]
    check("its language is told", letter["Content-Language"] == "ar")
    check("the subject is Arabic", re.search("[\u0600-\u06ff]", letter["Subject"]))
    check("it says whom it is from", "Rivera" in letter["From"])
    check("it is a text and its HTML", letter.get_content_type() == "multipart/alternative")
    plain, html = letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()
    check("the text is Arabic", re.search("[\u0600-\u06ff]{3}", plain))
    check("the HTML is right to left", 'dir="rtl"' in html and 'lang="ar"' in html)
    check("nothing is remote", "http:" not in html and "https:" not in html and "<img" not in html)
    check("it is marked as written by a machine", letter["Auto-Submitted"] == "auto-generated")
    check("it comes from the school's own address", email.utils.parseaddr(letter["From"])[1] == "school@mail.maple.example")
    raw = servers.raw[0]
    signed = dkim.DKIM(raw)
    check("another's library verifies the RSA signature and the Ed25519 one", all(signed.verify(index, dnsfunc=keys.text) for index in (0, 1)))
    for index in (0, 1):
        found = dkim.DKIM(raw)
        found.verify(index, dnsfunc=keys.text)
        names = {name.lower() for name, _ in found.signed_headers}
        check("both sign the head of a letter to many", {b"from", b"list-unsubscribe", b"list-unsubscribe-post", b"reply-to", b"content-type"} <= names)

    def verifies(raw, index):
        try:
            return dkim.DKIM(raw).verify(index, dnsfunc=keys.text)
        except dkim.ValidationError:
            return False

    for was, now in [(b"text/html", b"text/plain"), (b"One-Click", b"Two-Click"), (b"school@mail.maple.example", b"evil@mail.maple.example"), (b"\nMIME-Version", b"\nCc: evil@x.example\r\nMIME-Version")]:
        check(f"with {was} as {now} it fails both", was in raw and not verifies(raw.replace(was, now, 1), 0) and not verifies(raw.replace(was, now, 1), 1))
    address = email.utils.parseaddr(letter["Reply-To"])[1]
    check("answers go to an address with a token", address.startswith("reply+") and len(address.split("@")[0]) <= 64)

    answer = EmailMessage()
    answer["From"], answer["To"] = "Layla Mansour <layla@families.example>", address
    answer["Subject"], answer["In-Reply-To"], answer["References"] = "Re: " + letter["Subject"], letter["Message-ID"], letter["Message-ID"]
    answer["Message-ID"] = email.utils.make_msgid(domain="families.example")
    quoted = "\n".join("> " + line for line in plain.splitlines())
    answer.set_content(f"نقرأ كل ليلة قبل النوم\n\nOn Tue, Nov 24, 2026 at 5:01 PM Ms Rivera <{address}> wrote:\n{quoted}\n")
    with smtplib.SMTP("127.0.0.1", servers.smtp) as line:
        line.send_message(answer)

    def answered():
        for path in re.findall(r'href="(/thread/\d+)"', rivera.page("/")):
            page = rivera.page(path)
            if "نقرأ كل ليلة قبل النوم" in page:
                return page
        return None

    page = until("Layla's answer on the teacher's page", 30, answered)
    check("it is Layla's", "Layla Mansour" in page)
    check("our own letter is not quoted in it", "wrote:" not in page)

    # By SMTP, as the world's mail servers would: signed, under TLS that Python checks.
    def hand_over(text, sign):
        reply = EmailMessage()
        reply["From"], reply["To"], reply["Subject"] = "Layla Mansour <layla@families.example>", address, "Re: x"
        reply["Message-ID"] = email.utils.make_msgid(domain="families.example")
        reply.set_content(text + "\n")
        raw = reply.as_bytes(policy=email.policy.SMTP)
        if sign:
            raw = dkim.sign(raw, b"layla", b"families.example", (keys.folder / "layla.pem").read_bytes(), canonicalize=(b"relaxed", b"simple")) + raw
        with smtplib.SMTP("localhost", smtp) as line:
            line.starttls(context=ssl.create_default_context(cafile=keys.folder / "tls.pem"))
            line.sendmail("layla@families.example", [address], raw)

    hand_over("وصلتنا رسالتكم عبر الخادم", sign=True)
    until("the signed answer on the teacher's page", 30, lambda: any(
        "وصلتنا رسالتكم عبر الخادم" in rivera.page(path) for path in re.findall(r'href="(/thread/\d+)"', rivera.page("/"))))
    hand_over("لست ليلى", sign=False)
    office = Browser(told["homeword"], "office@maple.example")
    until("the unsigned letter, held for the office", 30, lambda: "may be forged" in office.page("/by-hand"))
    check("no teacher has it", all("لست ليلى" not in rivera.page(path) for path in re.findall(r'href="(/thread/\d+)"', rivera.page("/"))))
    swaks = ["swaks", "--server", f"127.0.0.1:{smtp}", "--tls", "--from", "who@elsewhere.example", "--to", "school@mail.maple.example",
             "--header", "Subject: from swaks", "--body", "Is the school open on Friday?", "--silent", "2"]
    check("swaks is served under TLS", subprocess.call(swaks) == 0)
    until("what swaks wrote, for the office", 30, lambda: "open on Friday" in office.page("/by-hand"))

    del answer["To"], answer["Message-ID"]
    answer["To"] = address.replace("reply+", "reply+aaaa", 1)
    answer["Message-ID"] = email.utils.make_msgid(domain="families.example")
    with smtplib.SMTP("127.0.0.1", servers.smtp) as line:
        line.send_message(answer)
    report = until("Postfix's report to who made the address up", 30, lambda: next((one for one in servers.letters() if one.get_content_type() == "multipart/report"), None))
    check("Homeword refused it at RCPT", "550 5.1.1" in report.as_string() and "RCPT TO" in report.as_string())

    until("Hugo on the list, from Postfix's own report", 30, lambda: "Hugo Ortiz" in office.page("/by-hand"))
    check("the bounce is a reason in words", "does not exist" in office.page("/by-hand"))

    # What Postfix refuses at once needs no report.
    servers.access("layla@families.example 550 5.1.1 No such user here\n")
    known = set(re.findall(r'href="(/message/\d+)"', rivera.page("/sent")))
    write(rivera, "reading-at-home")
    [message] = until("the second message", 30, lambda: set(re.findall(r'href="(/message/\d+)"', rivera.page("/sent"))) - known)
    refused = r"(?s)Arabic \(email\)(?:(?!English).)*did not arrive"
    until("on its page, that Layla's did not arrive", 30, lambda: re.search(refused, rivera.page(message)))


def main():
    letters, smtp = free_port(), free_port()
    servers = Servers(letters)
    keys = Keys(servers.folder)
    more = servers.folder / "more.toml"
    more.write_text(keys.settings(smtp))
    demo = None
    try:
        demo = subprocess.Popen(
            [sys.argv[1], "demo", "--machine", "--mail-server", f"127.0.0.1:{servers.smtp}", "--letters", f"127.0.0.1:{letters}",
             "--more-letters", more],
            stdout=subprocess.PIPE, text=True)
        told = json.loads(demo.stdout.readline())
        play(servers, keys, smtp, told)
        print(f"{passed} passed, 0 failed")
    except BaseException:
        for log in ("start.log", "postfix.log", "dovecot.log"):
            path = servers.folder / log
            if path.exists():
                print(f"--- {log}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-30:]), file=sys.stderr)
        raise
    finally:
        if demo:
            demo.send_signal(signal.SIGINT)
            demo.wait(20)
        servers.stop()


if __name__ == "__main__":
    main()
