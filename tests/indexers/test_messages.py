"""Messages: the exports of every messenger, in the forms that phones of different regions write."""

# ruff: noqa: E501 - rows of exports as their programs write them

from __future__ import annotations

import io
import json
import random
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from indexers import _pieces, _whatsapp, messages
from indexers.item import Item, Mark, Skipped, Unit


def every(root: Path) -> tuple[list[Item], list[Skipped]]:
    items: list[Item] = []
    skipped: list[Skipped] = []
    for found in messages.scan(root):
        for one in messages.read(Path(found.path)) if isinstance(found, Unit) else [found]:
            (items if isinstance(one, Item) else skipped).append(one)  # type: ignore[arg-type]
    return items, skipped


FORMS = [
    ("31.12.23, 23:59 - Anna: Prost\n01.01.24, 00:03 - Ben: Danke", "2023-12-31T23:59"),  # German Android
    ("12/31/23, 11:59 PM - Anna: Cheers\n1/1/24, 12:03 AM - Ben: Thanks", "2023-12-31T23:59"),  # American
    (
        "[12/31/23, 11:59:05\u202fPM] Anna: Cheers\n[1/1/24, 12:03:00\u202fAM] Ben: Thanks",
        "2023-12-31T23:59:05",
    ),
    (
        "[31.12.23, 23:59:05] Anna: Prost\n[01.01.24, 00:03:11] Ben: Danke",
        "2023-12-31T23:59:05",
    ),  # German iPhone
    ("31/12/2023, 11:59 pm - Anna: Cheers\n01/01/2024, 12:03 am - Ben: Ta", "2023-12-31T23:59"),  # British
    ("2023-12-31, 23:59 - Anna: Skål\n2024-01-01, 00:03 - Ben: Tack", "2023-12-31T23:59"),  # Swedish
    ("31-12-2023 23:59 - Anna: Proost\n01-01-2024 00:03 - Ben: Dank", "2023-12-31T23:59"),  # Dutch
    ("31.12.2023 klo 23.59 - Anna: Kippis\n1.1.2024 klo 0.03 - Ben: Kiitos", "2023-12-31T23:59"),  # Finnish
    (
        "31/12/23, 11:59 p. m. - Anna: Salud\n1/1/24, 12:03 a. m. - Ben: Gracias",
        "2023-12-31T23:59",
    ),  # Spanish
    (
        "2023. 12. 31. 오후 11:59, Anna : 건배\n2024. 1. 1. 오전 12:03, Ben : 감사",
        "2023-12-31T23:59",
    ),  # Korean
    ("2023/12/31 下午11:59 - Anna: 干杯\n2024/1/1 上午12:03 - Ben: 谢谢", "2023-12-31T23:59"),  # Chinese
]


@pytest.mark.parametrize(("text", "first"), FORMS)
def test_whatsapp_dates_of_every_region(tmp_path: Path, text: str, first: str) -> None:
    (tmp_path / "WhatsApp Chat with Anna.txt").write_text(text, encoding="utf-8")
    items, skipped = every(tmp_path)
    assert not skipped
    assert [item.when and item.when.replace(tzinfo=None) for item in items][:1] == [
        datetime.fromisoformat(first)
    ]
    assert len(items) == 2, "one item a day"
    assert [str(person) for item in items for person in item.people] == ["Anna", "Ben"]
    assert {item.title for item in items} == {"Anna"}
    assert items[0].thread == items[1].thread
    assert items[0].text.startswith("[23:59] Anna: ")
    assert items[1].text.startswith("[00:03] Ben: ")


def test_the_order_of_day_and_month_is_found_by_time_going_forward() -> None:
    american = "\n".join(f"{month}/{day}/23, 10:0{day} - A: x" for month in (1, 2, 3) for day in (1, 5, 9))
    european = american.replace("1/1/23", "1/1/23")
    assert [m.when.month for m in _whatsapp.messages(american)] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    european = "\n".join(f"{day}/{month}/23, 10:0{day} - A: x" for month in (1, 2, 3) for day in (1, 5, 9))
    assert [m.when.month for m in _whatsapp.messages(european)] == [1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_what_else_a_whatsapp_chat_holds(tmp_path: Path) -> None:
    text = (
        "[02.06.26, 10:00:00] Chess club: \u200eMessages and calls are end-to-end encrypted.\n"
        "[02.06.26, 10:01:00] Anna: first line\nsecond: line\n\n- a list\n"
        "\u200e[02.06.26, 10:02:00] Ben: \u200eimage omitted\n"
        "\u200e[02.06.26, 10:03:00] Ben: \u200e<attached: 00000012-PHOTO-2026.jpg>\n"
        "[02.06.26, 10:04:00] Anna Berg: see https://chess.example/rules\n"
        "[02.06.26, 10:05:00] \u200eAnna added Cara\n"
        "[99.99.26, 10:05:00] Anna: no such day\n"
    )
    with zipfile.ZipFile(tmp_path / "WhatsApp Chat - Chess club.zip", "w") as archive:
        archive.writestr("_chat.txt", text)
        archive.writestr("00000012-PHOTO-2026.jpg", b"\xff\xd8\xff")
    items, skipped = every(tmp_path)
    assert not skipped
    assert len(items) == 1
    assert items[0].title == "Chess club"
    assert items[0].text.split("\n") == [
        "[10:01] Anna: first line",
        "second: line",
        "",
        "- a list",
        "[10:02] Ben: (image omitted)",
        "[10:03] Ben: (file 00000012-PHOTO-2026.jpg)",
        "[10:04] Anna Berg: see https://chess.example/rules",
        "[10:05] * Anna added Cara",
    ]
    assert items[0].links == ("https://chess.example/rules",)
    assert items[0].meta == {"category": "WhatsApp", "messages": "5", "said": "1 2 1"}


def test_telegram(tmp_path: Path) -> None:
    chat = {
        "name": "Vera",
        "type": "personal_chat",
        "id": 77,
        "messages": [
            {"id": 1, "type": "service", "date": "2026-06-02T09:00:00", "actor": "Vera", "action": "phone_call"},
            {"id": 2, "type": "message", "date": "2026-06-02T10:00:00", "date_unixtime": "1780387200", "from": "Vera",
             "text": ["look at ", {"type": "text_link", "text": "this", "href": "https://v.example"}]},
            {"id": 3, "type": "message", "date": "2026-06-03T10:00:00", "from": None, "text": "", "photo": "p.jpg"},
            {"id": 4, "type": "message", "date": "nonsense", "from": "Vera", "text": "lost in time"},
        ],
    }  # fmt: skip
    (tmp_path / "result.json").write_text(
        json.dumps({"about": "x", "chats": {"about": "y", "list": [chat, chat | {"id": 78, "name": None}]}})
    )
    items, skipped = every(tmp_path)
    assert not skipped
    assert [item.uri.partition("#")[2] for item in items] == [
        "77/2026-06-02",
        "77/2026-06-03",
        "78/2026-06-02",
        "78/2026-06-03",
    ]
    assert "Vera: look at this (https://v.example)" in items[0].text
    assert "* Vera phone call" in items[0].text
    assert items[1].text == "[10:00] Deleted account: (photo)"
    (tmp_path / "result.json").write_text(json.dumps(chat))
    assert [item.title for item in every(tmp_path)[0]] == ["Vera", "Vera"]


FRAMES = [
    {"version": "1", "backupTimeMs": "1780387200000"},
    {"account": {"givenName": "Vera"}},
    {"recipient": {"id": "1", "self": {}}},
    {"recipient": {"id": "2", "contact": {"profileGivenName": "Ben", "profileFamilyName": "Oak", "e164": "4915100"}}},
    {"recipient": {"id": "3", "group": {"snapshot": {"title": {"title": "Chess club"}}}}},
    {"chat": {"id": "7", "recipientId": "3"}},
    {"chatItem": {"chatId": "7", "authorId": "2", "dateSent": "1780387200000", "incoming": {}, "standardMessage": {"text": {"body": "Move at eight?"}}}},
    {"chatItem": {"chatId": "7", "authorId": "1", "dateSent": "1780387260000", "outgoing": {}, "standardMessage": {"text": {"body": "Yes"}, "attachments": [{"pointer": {"fileName": "board.png"}}]}}},
    {"chatItem": {"chatId": "7", "authorId": "2", "dateSent": "1780387270000", "incoming": {}, "updateMessage": {"simpleUpdate": {}}}},
]  # fmt: skip


def test_signal(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.jsonl").write_text("\n".join(map(json.dumps, FRAMES)))
    (tmp_path / "app" / "metadata.json").write_text("{}")
    items, skipped = every(tmp_path)
    assert not skipped
    assert [(item.title, str(item.people[0]), str(item.people[1])) for item in items] == [
        ("Chess club", "Ben Oak", "Me")
    ]
    assert [line.partition("] ")[2] for line in items[0].text.split("\n")] == [
        "Ben Oak: Move at eight?",
        "Me: Yes (file board.png)",
    ]
    (tmp_path / "out" / "Ben").mkdir(parents=True)
    rows = [{"date": "2026-06-02T10:00:00", "sender": "Ben", "body": "hello", "attachments": []}] * 2
    (tmp_path / "out" / "Ben" / "data.json").write_text("\n".join(map(json.dumps, rows)))
    desktop = [
        {
            "sent_at": 1780387200000,
            "type": "incoming",
            "body": "hi",
            "source": "+4915100",
            "conversationId": "c",
        }
    ]
    (tmp_path / "out" / "Ben (+4915100).json").write_text(json.dumps(desktop))
    titles = {item.title: item for item in every(tmp_path / "out")[0]}
    assert set(titles) == {"Ben", "Ben (+4915100)"}
    assert titles["Ben (+4915100)"].people[0].address == "+4915100"


SLACK = {
    "users.json": [
        {"id": "U1", "name": "vera", "profile": {"real_name": "Vera Lind"}},
        {"id": "U2", "name": "ben", "real_name": "Ben Oak", "profile": {}},
    ],
    "channels.json": [{"id": "C1", "name": "general", "members": ["U1", "U2"]}],
    "dms.json": [{"id": "D1", "members": ["U1", "U2"]}],
    "general/2026-06-02.json": [
        {"type": "message", "user": "U1", "ts": "1780387200.0001", "text": "Lunch &amp; talk <@U2> in <#C1|general>?", "thread_ts": "1780387200.0001"},
        {"type": "message", "user": "U2", "ts": "1780390800.0002", "text": "see <https://menu.example|the menu>", "thread_ts": "1780387200.0001"},
        {"type": "message", "subtype": "channel_join", "user": "U2", "ts": "1780387300.0003", "text": "joined"},
        {"type": "message", "user": "U2", "ts": "1780387400.0004", "text": "", "files": [{"title": "plan.pdf"}]},
    ],
    "D1/2026-06-02.json": [{"type": "message", "user": "U2", "ts": "1780387400.0004", "text": "psst"}],
}  # fmt: skip


@pytest.mark.parametrize("packed", [False, True])
def test_slack(tmp_path: Path, packed: bool) -> None:
    for name, rows in SLACK.items():
        if packed:
            with zipfile.ZipFile(tmp_path / "Export.zip", "a", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(name, json.dumps(rows))
        else:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(json.dumps(rows))
    items, skipped = every(tmp_path)
    assert not skipped
    found = {item.title: item for item in items}
    assert set(found) == {"#general", "Vera Lind, Ben Oak"}
    said = [line.partition("] ")[2] for line in found["#general"].text.split("\n")]
    assert said == [
        "Vera Lind: Lunch & talk @Ben Oak in #general?",
        "Ben Oak: see the menu (https://menu.example)",
        "Ben Oak: (file plan.pdf)",
    ]
    assert "  ↳ [" in found["#general"].text, "an answer lies under what it answers"


SMS = """<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<smses count="3">
  <sms address="+49 151 0012345" date="1780387200000" type="1" body="Grüße &#128512; &#55357;&#56832;&#10;two" contact_name="Ben Oak" />
  <sms address="0151 0012345" date="1780387260000" type="2" body="ok" contact_name="Ben Oak" />
  <mms address="+49151000~+49152000" date="1780387300000" msg_box="1" contact_name="Ben, Cara">
    <parts><part seq="-1" ct="application/smil" text="null" /><part seq="0" ct="text/plain" text="all of you" />
    <part seq="1" ct="image/jpeg" name="a.jpg" data="PICTURE" /></parts>
    <addrs><addr address="+49152000" type="137" /><addr address="+49151000" type="151" /></addrs>
  </mms>
</smses>
"""


def test_sms(tmp_path: Path) -> None:
    (tmp_path / "sms-2026.xml").write_text(SMS.replace("PICTURE", "QUJD" * 700_000), encoding="utf-8")
    items, skipped = every(tmp_path)
    assert not skipped
    found = {item.title: item for item in items}
    assert set(found) == {"Ben Oak", "Ben, Cara"}
    assert [line.partition("] ")[2] or line for line in found["Ben Oak"].text.split("\n")] == [
        "Ben Oak: Grüße 😀 😀",
        "two",
        "Me: ok",
    ]
    assert found["Ben, Cara"].text.endswith("+49152000: all of you (file a.jpg)")


def test_damaged_and_foreign_files(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("Dear diary: nothing happened on 31.12.23, 23:59 - really\n")
    (tmp_path / "sms.xml").write_text(SMS[:150])
    (tmp_path / "bomb.xml").write_text(
        '<!DOCTYPE smses [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]><smses><sms body="&b;"/></smses>'
    )
    (tmp_path / "result.json").write_text('{"name": "x", "messages": [' + '{"text": ' * 5000)
    (tmp_path / "deep.json").write_text('{"messages": ' + "[" * 200_000)
    (tmp_path / "other.zip").write_bytes(b"PK\x03\x04 no")
    (tmp_path / "pic.jpg").write_bytes(b"\xff\xd8\xff")
    items, skipped = every(tmp_path)
    assert not items
    assert sorted(Path(skip.uri).name for skip in skipped) == [
        "bomb.xml", "deep.json", "diary.txt", "other.zip", "result.json", "sms.xml",
    ]  # fmt: skip
    assert all(10 < len(skip.reason) < 200 for skip in skipped)


def test_mutations_raise_nothing(tmp_path: Path) -> None:
    chance = random.Random(5)
    seeds = {
        "a.txt": FORMS[0][0].encode() * 20,
        "a.xml": SMS.encode(),
        "main.jsonl": "\n".join(map(json.dumps, FRAMES)).encode(),
        "result.json": json.dumps({"name": "x", "id": 1, "messages": [{"type": "message", "date": "2026-06-02T10:00:00", "from": "A", "text": ["a", {"text": "b"}]}]}).encode(),
    }  # fmt: skip
    for name, data in seeds.items():
        for _ in range(150):
            changed = bytearray(data)
            for _ in range(chance.randint(1, 8)):
                changed[chance.randrange(len(changed))] = chance.choice(b'\0"{}[]<>&:,1a\xff\n')
            (tmp_path / name).write_bytes(changed)
            assert list(messages.read(tmp_path / name)), "neither item nor reason"


@pytest.mark.parametrize("cut", range(1, 18))
def test_a_sign_of_two_halves_is_read_wherever_the_file_is_cut(tmp_path: Path, cut: int) -> None:
    """The program writes it as two references, and files are read in pieces of a mebibyte."""
    row = b'<sms address="+491701234567" date="1700000000000" type="1" contact_name="Anna" body="'
    begin = b"<smses>\n" + row
    body = b"x" * ((1 << 20) - len(begin) - cut) + b"&#55357;&#56832; &amp; so on"
    (tmp_path / "sms.xml").write_bytes(begin + body + b'" />\n</smses>\n')
    from indexers import _sms

    with (tmp_path / "sms.xml").open("rb") as file:
        ((_, said),) = _sms.conversations(file)
    assert said[0].text.endswith("x😀 & so on")


def test_signs_that_get_shorter_are_no_large_piece() -> None:
    """The control: a piece that is larger than it may be is told as such."""
    from indexers import _xml
    from indexers._content import Unreadable

    rows = b'<sms body="' + b"&#55357;&#56832;" * 60 + b'" />\n'
    data = b"<smses>" + rows * 3_000 + b"</smses>"
    assert sum(1 for _ in _xml.stream(io.BytesIO(data), lambda *_: None, most=1_500_000)) == 3
    with pytest.raises(Unreadable, match="larger than any honest one"):
        list(_xml.stream(io.BytesIO(b'<sms body="' + b"x" * 3_500_000), lambda *_: None, most=1_500_000))


def test_damage_costs_no_neighbour(tmp_path: Path) -> None:
    """What is whole is read, and what is not is named once."""
    (tmp_path / "sms.xml").write_text(SMS[:600])
    frames = [json.dumps(frame) for frame in FRAMES]
    (tmp_path / "main.jsonl").write_text("\n".join([*frames, '{"chatItem": {"cha']))
    with zipfile.ZipFile(tmp_path / "WhatsApp Chat.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("WhatsApp Chat with Anna.txt", FORMS[0][0])
        archive.writestr("Backup.xml", "<smses><sms")
        archive.writestr("deep.json", '{"messages": ' + "[" * 200_000)
    with zipfile.ZipFile(tmp_path / "Slack.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in SLACK.items():
            archive.writestr(name, json.dumps(rows))
        archive.writestr("general/2026-06-01.json", "[{]")
    items, skipped = every(tmp_path)
    assert {item.meta["category"] for item in items} == {"SMS", "Signal", "WhatsApp", "Slack"}
    names = {Path(skip.uri).name: skip.reason for skip in skipped}
    assert set(names) == {"sms.xml#rest", "main.jsonl#rest", "WhatsApp%20Chat.zip#rest", "Slack.zip#rest"}
    assert f"line {len(frames) + 1}" in names["main.jsonl#rest"]
    assert "2026-06-01.json" in names["Slack.zip#rest"]
    whole = {item.meta["category"]: item.text for item in items}
    assert "ok" in whole["SMS"]


def test_a_large_export_is_read_on_after_every_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_pieces, "_MOST", 1)
    chats = [
        {
            "name": f"Chat {n}",
            "type": "personal_chat",
            "id": n,
            "messages": [
                {
                    "id": 1,
                    "type": "message",
                    "date": f"2026-06-0{day}T10:00:00",
                    "from": "Vera",
                    "text": "words",
                }
                for day in (1, 2, 3)
            ],
        }
        for n in range(8)
    ]
    path = tmp_path / "result.json"
    path.write_text(json.dumps({"about": "x", "chats": {"about": "y", "list": chats}}))
    whole = [one.uri for one in messages.read(path)]
    assert len(whole) == 24
    given = 0
    for one in messages.portions(path, "", grown=False):
        if isinstance(one, Mark):
            rest = [
                o.uri for o in messages.portions(path, one.cursor, grown=False) if not isinstance(o, Mark)
            ]
            assert rest == whole[given:]
        else:
            given += 1
    assert given == 24
    alone = [
        one
        for one in messages.warily(path, "", grown=False, why="it ended", over=False)
        if isinstance(one, Mark)
    ]
    third = alone[3].cursor
    told = [
        one
        for one in messages.warily(path, third, grown=False, why="it ended", over=True)
        if isinstance(one, Skipped)
    ]
    assert [(one.uri.partition("#")[2], one.reason) for one in told] == [("2", "it ended")]
    assert not messages.large(path)
