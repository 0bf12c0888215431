"""A real Dovecot and a real Radicale on loopback, each in a folder of its own, and a line that is cut."""

from __future__ import annotations

import contextlib
import datetime
import grp
import imaplib
import ipaddress
import os
import pwd
import secrets
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "vera@example.org", 'correct "horse" b\\attery'


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def key_id() -> str:
    """Of one certificate among others: who vouches is looked up by name."""
    return secrets.token_hex(6)


def certificate(folder: Path, name: str = "127.0.0.1") -> tuple[Path, Path]:
    """(certificate, key) for this computer, that nobody vouches for until SSL_CERT_FILE names it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    about = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"a test {key_id()}")])
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    who = x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    built = (
        x509.CertificateBuilder(
            about, about, key.public_key(), x509.random_serial_number(), now - day, now + day
        )
        .add_extension(x509.SubjectAlternativeName([who]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "cert.pem", folder / "key.pem"
    public.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return public, private


@dataclass
class Mailbox:
    """A Dovecot of our own: ``tls`` and ``plain`` are its ports."""

    folder: Path
    tls: int
    plain: int

    def url(self, *, port: int = 0, folder: str = "") -> str:
        from app.core.accounts import imap

        return imap(host="127.0.0.1", user=USER, port=port or self.tls, folder=folder).url

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        """Another program of the same person."""
        client = imaplib.IMAP4("127.0.0.1", self.plain)
        client.login(USER, PASSWORD)
        try:
            yield client
        finally:
            with contextlib.suppress(Exception):
                client.logout()

    def fill(self, folder: str, mails: list[bytes]) -> None:
        """Straight into the Maildir, before anybody looks."""
        place = self.folder / "mail" / ("" if folder == "INBOX" else "." + folder.replace("/", "."))
        for name in ("cur", "new", "tmp"):
            (place / name).mkdir(parents=True, exist_ok=True)
        for n, mail in enumerate(mails):
            (place / "cur" / f"{1_600_000_000 + n}.{n}.host,S={len(mail)}:2,S").write_bytes(mail)
        _give(self.folder / "mail")


_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{folder}/mail
mail_uid = {mail_user}
mail_gid = {mail_group}
first_valid_uid = 0
first_valid_gid = 0
disable_plaintext_auth = no
auth_failure_delay = 0 secs
mailbox_idle_check_interval = 1 secs
maildir_very_dirty_syncs = no
{more}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Trash {{
    auto = create
    special_use = \\Trash
  }}
  mailbox Junk {{
    auto = create
    special_use = \\Junk
  }}
  mailbox Archive {{
    auto = create
    special_use = \\Archive
  }}
  {boxes}
}}
"""


@contextmanager
def dovecot(folder: Path, *, more: str = "", boxes: str = "") -> Iterator[Mailbox]:
    """``more`` goes into its configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    cert, key = certificate(folder)
    mailbox = Mailbox(folder, free_port(), free_port())
    me = pwd.getpwuid(os.getuid()).pw_name
    own = grp.getgrgid(os.getgid()).gr_name
    system = me == "root"  # which Dovecot refuses to read mail as
    values = {
        "folder": folder,
        "cert": cert,
        "key": key,
        "user": "dovenull" if system else me,
        "group": "dovenull" if system else own,
        "mail_user": "dovecot" if system else me,
        "mail_group": "dovecot" if system else own,
        "tls": mailbox.tls,
        "plain": mailbox.plain,
        "more": more,
        "boxes": boxes,
    }
    (folder / "dovecot.conf").write_text(_CONFIG.format(**values))
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
    for name in ("mail", "home", "run", "state"):
        (folder / name).mkdir(exist_ok=True)
    _give(folder / "mail")
    _give(folder / "home")
    words = [shutil.which("dovecot") or "dovecot", "-F", "-c", str(folder / "dovecot.conf")]
    with (folder / "stderr").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log)
    try:
        _until_open(process, mailbox.plain, folder)
        yield mailbox
    finally:
        process.terminate()
        process.wait(20)


def _give(place: Path) -> None:
    """To the user that Dovecot reads mail as, where that is not us."""
    if os.getuid() == 0:
        subprocess.run(["chown", "-R", "dovecot:dovecot", str(place)], check=True)


def _until_open(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    logs = "\n".join(p.read_text() for p in (folder / "stderr", folder / "log") if p.exists())
    raise AssertionError(f"the server did not start:\n{logs[-2000:]}")


class CutLine:
    """A TCP proxy in front of ``port`` that ends each connection after so many bytes from the server.

    ``limits`` gives the number for one connection after another, None for one that is left alone;
    when there are no more, none is cut. Wherever the server says ``mark``, it is cut as well. ``cuts`` counts
    those that were.
    """

    def __init__(self, port: int, limits: Iterator[int | None] | None = None, *, mark: bytes = b"") -> None:
        self._target, self._limits = port, limits or iter(())
        self.mark = mark
        self.cuts = 0
        self._guard = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> CutLine:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.cut()
        self._thread.join(5)

    def cut(self) -> None:
        """Every connection there is, now."""
        with self._guard:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        limit = next(self._limits, None)
        with client, socket.create_connection(("127.0.0.1", self._target)) as server:
            with self._guard:
                self._open |= {client, server}
            try:
                self._pass(client, server, limit)
            except OSError:
                pass  # one side hung up
            finally:
                with self._guard:
                    self._open -= {client, server}

    def _pass(self, client: socket.socket, server: socket.socket, limit: int | None) -> None:
        carried = 0
        while True:
            ready, _, _ = select.select([client, server], [], [])
            for one in ready:
                data = one.recv(65536)
                if not data:
                    return
                if one is client:
                    server.sendall(data)
                    continue
                room = len(data) if limit is None else limit - carried
                marked = data.find(self.mark) if self.mark else -1
                room = min(room, marked) if marked >= 0 else room
                client.sendall(data[:room])
                carried += len(data)
                if marked >= 0 or (limit is not None and carried >= limit):
                    with self._guard:
                        self.cuts += 1
                    return


RADICALE = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/collections
[web]
type = none
[logging]
level = warning
"""


@dataclass
class Calendars:
    """A Radicale of our own, and another program of the same person that uses it."""

    folder: Path
    port: int

    def url(self, *, port: int = 0, path: str = "/") -> str:
        from app.core.accounts import caldav

        return caldav(url=f"http://127.0.0.1:{port or self.port}{path}", user=USER).url

    def request(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, bytes]:
        import base64
        import http.client

        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        word = base64.b64encode(f"{USER}:{DAV_PASSWORD}".encode()).decode()
        sent = {"Authorization": f"Basic {word}", **headers}
        connection.request(method, path, body.encode(), sent)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, data

    def make(self, name: str, title: str) -> str:
        path = f"/{USER}/{name}/"
        body = (
            '<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>'
            f"<d:displayname>{title}</d:displayname></d:prop></d:set></c:mkcalendar>"
        )
        status, data = self.request("MKCALENDAR", path, body)
        assert status == 201, data
        return path

    def put(self, path: str, event: str) -> None:
        status, data = self.request("PUT", path, event, **{"Content-Type": "text/calendar"})
        assert status in (201, 204), data


DAV_PASSWORD = "schön & geheim"


def event(n: int, title: str = "") -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//test//EN",
        "BEGIN:VEVENT",
        f"UID:e{n}@example.org",
        "DTSTAMP:20260301T100000Z",
        f"DTSTART:202603{1 + n % 28:02}T140000Z",
        f"DTEND:202603{1 + n % 28:02}T150000Z",
        f"SUMMARY:{title or f'Meeting {n}'}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines)


@contextmanager
def radicale(folder: Path) -> Iterator[Calendars]:
    folder.mkdir(parents=True, exist_ok=True)
    served = Calendars(folder, free_port())
    (folder / "config").write_text(RADICALE.format(folder=folder, port=served.port))
    (folder / "users").write_text(f"{USER}:{DAV_PASSWORD}\n", encoding="utf-8")
    words = [sys.executable, "-m", "radicale", "--config", str(folder / "config")]
    with (folder / "stderr").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log)
    try:
        _until_open(process, served.port, folder)
        yield served
    finally:
        process.terminate()
        process.wait(20)
