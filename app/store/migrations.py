"""The schema of both databases, as named functions applied once, each in a transaction with its record."""

from __future__ import annotations

import sqlite_utils
from sqlite_utils.migrations import Migrations as _Migrations

from app.store import identities
from app.store.words import MARKS


class Migrations(_Migrations):
    """sqlite-utils' migrations, which also tell when a file knows more of them than we do."""

    def unknown(self, db: sqlite_utils.Database) -> list[str]:
        """Names applied to ``db`` that this version does not have."""
        known = {migration.name for migration in self._migrations}
        rows = db.query(f"SELECT migration_set, name FROM {self.migrations_table}")
        return [row["name"] for row in rows if row["migration_set"] != self.name or row["name"] not in known]


INDEX = Migrations("index")
USER = Migrations("user")


@INDEX()
def items_and_passages(db: sqlite_utils.Database) -> None:
    """What is read, what it held, and the passages that are searched."""
    db.executescript("""
    CREATE TABLE sources (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL, path TEXT NOT NULL, last_indexed REAL,
        UNIQUE (kind, path)
    ) STRICT;

    -- one file of a source, with the stamp it had when it was read
    CREATE TABLE units (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        path TEXT NOT NULL, stamp TEXT NOT NULL,
        UNIQUE (source_id, path)
    ) STRICT;

    -- unit_id is empty for what the scan itself could not read
    CREATE TABLE skipped (
        id INTEGER PRIMARY KEY,
        source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        unit_id INTEGER REFERENCES units (id) ON DELETE CASCADE,
        uri TEXT NOT NULL, reason TEXT NOT NULL
    ) STRICT;
    CREATE INDEX skipped_unit ON skipped (unit_id);

    -- at, until: seconds since 1970 UTC for comparing; iso, until_iso: as the source wrote them
    CREATE TABLE items (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        uri TEXT NOT NULL UNIQUE,
        source TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
        digest TEXT NOT NULL,
        at REAL, until REAL, iso TEXT NOT NULL, until_iso TEXT NOT NULL,
        people TEXT NOT NULL, place TEXT NOT NULL, about TEXT NOT NULL,
        links TEXT NOT NULL, thread TEXT NOT NULL, path TEXT NOT NULL, meta TEXT NOT NULL,
        ocr INTEGER NOT NULL DEFAULT 0  -- 0 not for OCR, 1 wanting, 2 done
    ) STRICT;
    CREATE INDEX items_thread ON items (thread) WHERE thread <> '';
    CREATE INDEX items_at ON items (at);
    CREATE INDEX items_ocr ON items (at) WHERE ocr = 1;

    -- which files hold an item; the one with the lowest unit_id is the one that is shown
    CREATE TABLE holds (
        item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
        unit_id INTEGER NOT NULL REFERENCES units (id) ON DELETE CASCADE,
        digest TEXT NOT NULL, path TEXT NOT NULL,
        PRIMARY KEY (item_id, unit_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX holds_unit ON holds (unit_id);

    CREATE TABLE people (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL, address TEXT NOT NULL,
        folded TEXT NOT NULL,  -- lower case without accents: what a filter is matched with
        UNIQUE (name, address)
    ) STRICT;
    CREATE TABLE item_people (
        item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
        person_id INTEGER NOT NULL REFERENCES people (id),
        role TEXT NOT NULL,
        PRIMARY KEY (item_id, person_id, role)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX item_people_person ON item_people (person_id);

    -- ids are never used again: the index in memory may still know an old one
    CREATE TABLE passages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
        start INTEGER NOT NULL, "end" INTEGER NOT NULL,
        at REAL,
        embedded INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX passages_item ON passages (item_id);
    CREATE INDEX passages_pending ON passages (at DESC) WHERE embedded = 0;
    """)


@INDEX()
def words(db: sqlite_utils.Database) -> None:
    """Full-text search over passages; its words are derived from the tables and can be rebuilt."""
    db.executescript("""
    CREATE VIEW passage_words AS
        SELECT p.id AS id, i.title AS title, i.people AS people, i.about AS about,
               substr(i.text, p.start + 1, p."end" - p.start) AS text
        FROM passages p JOIN items i ON i.id = p.item_id;

    CREATE VIRTUAL TABLE fts USING fts5 (
        title, people, about, text,
        content = 'passage_words', content_rowid = 'id',
        tokenize = "porter unicode61 remove_diacritics 2"
    );
    INSERT INTO fts (fts, rank) VALUES ('secure-delete', 1);
    """)


@INDEX()
def vectors(db: sqlite_utils.Database) -> None:
    """Embeddings as 8-bit integers; ids grow, so new ones are found by id."""
    db.executescript("""
    CREATE TABLE vectors (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        passage_id INTEGER NOT NULL UNIQUE REFERENCES passages (id) ON DELETE CASCADE,
        data BLOB NOT NULL
    ) STRICT;
    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    """)


@INDEX()
def sketch(db: sqlite_utils.Database) -> None:
    """Vectors by the model that made them, and their codes for the sketch in memory."""
    db.executescript("""
    -- the newest is the one that vectors are made with; what the others have made is being deleted
    CREATE TABLE embedders (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE
    ) STRICT;
    INSERT INTO embedders (name) SELECT value FROM facts WHERE name = 'embedding_model';
    DROP TABLE facts;
    CREATE TABLE vectors_of (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        embedder_id INTEGER NOT NULL,  -- no reference: deleting an embedder would look at every vector
        passage_id INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
        data BLOB NOT NULL,
        UNIQUE (passage_id, embedder_id)
    ) STRICT;
    INSERT INTO vectors_of (id, embedder_id, passage_id, data)
        SELECT v.id, e.id, v.passage_id, v.data FROM vectors v JOIN embedders e ORDER BY v.id;
    DROP TABLE vectors;
    ALTER TABLE vectors_of RENAME TO vectors;
    CREATE INDEX vectors_of_embedder ON vectors (embedder_id);  -- and the id, in which order they are read

    -- trained: how many vectors there were when it was learned
    CREATE TABLE codebooks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        embedder_id INTEGER NOT NULL REFERENCES embedders (id) ON DELETE CASCADE,
        data BLOB NOT NULL, trained INTEGER NOT NULL
    ) STRICT;
    -- a row a vector, and it goes with it: what is made of a text does not outlive it
    CREATE TABLE codes (
        vector_id INTEGER PRIMARY KEY REFERENCES vectors (id) ON DELETE CASCADE,
        passage_id INTEGER NOT NULL, codebook_id INTEGER NOT NULL, code BLOB NOT NULL
    ) STRICT;
    """)


@INDEX()
def runs(db: sqlite_utils.Database) -> None:
    """Chinese and Japanese put no space between words: every two neighbouring signs are searched as one.

    In SQL, so that the word index can always be checked against what it was made from and built again.
    It is empty after this, and filled beside everything else (app.store.filling).
    """
    db.executescript("""
    DROP TABLE fts;
    DROP VIEW passage_words;
    CREATE VIEW passage_words AS
        WITH words AS (
            SELECT p.id AS id, i.title AS title, i.people AS people, i.about AS about,
                   substr(i.text, p.start + 1, p."end" - p.start) AS text
            FROM passages p JOIN items i ON i.id = p.item_id
        )
        SELECT id, title, people, about, text,
               CASE WHEN octet_length(title || text) > length(title || text)  -- quick to tell
                    AND title || text GLOB '*[぀-ヿ㐀-鿿豈-﫿]*' THEN (
                   WITH RECURSIVE n (rest) AS (  -- the text from each of its characters on
                       SELECT title || char(10) || text
                       UNION ALL SELECT substr(rest, 2) FROM n WHERE rest <> ''
                   )
                   SELECT group_concat(substr(rest, 1, 2), ' ') FROM n
                   WHERE rest GLOB '[぀-ヿ㐀-鿿豈-﫿][぀-ヿ㐀-鿿豈-﫿]*'
               ) END AS runs
        FROM words;

    CREATE VIRTUAL TABLE fts USING fts5 (
        title, people, about, text, runs,
        content = 'passage_words', content_rowid = 'id',
        tokenize = "porter unicode61 remove_diacritics 2"
    );
    INSERT INTO fts (fts, rank) VALUES ('secure-delete', 1);
    """)


@INDEX()
def portions_and_moves(db: sqlite_utils.Database) -> None:
    """Which file a path is, how far a large one was read, and what was read in a picture."""
    db.executescript("""
    -- file: device and inode; reading: the stamp of a file that is not read to its end; cursor: how far
    ALTER TABLE units ADD COLUMN file TEXT NOT NULL DEFAULT '';
    ALTER TABLE units ADD COLUMN reading TEXT NOT NULL DEFAULT '';
    ALTER TABLE units ADD COLUMN cursor TEXT NOT NULL DEFAULT '';
    -- of a file read in portions: 0 not found again yet, 1 found, 2 found in the last portion
    ALTER TABLE holds ADD COLUMN seen INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE items ADD COLUMN written TEXT NOT NULL DEFAULT '';
    """)


@INDEX()
def accounts(db: sqlite_utils.Database) -> None:
    """Sources elsewhere: how far each of their folders was read, and what went wrong the last time."""
    db.executescript("""
    CREATE TABLE cursors (
        source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        name TEXT NOT NULL, state TEXT NOT NULL,
        PRIMARY KEY (source_id, name)
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE sources ADD COLUMN fault TEXT NOT NULL DEFAULT '';
    """)


@INDEX()
def limits(db: sqlite_utils.Database) -> None:
    """What is of a kind, from a source or within a time is listed without passing all items."""
    db.executescript("""
    CREATE INDEX items_kind ON items (kind, source);
    CREATE INDEX items_until ON items (until, at) WHERE until IS NOT NULL;
    """)


@INDEX()
def editions(db: sqlite_utils.Database) -> None:
    """Of an item that several files hold, the file with the highest edition is the one that is shown."""
    db.execute("ALTER TABLE holds ADD COLUMN edition INTEGER NOT NULL DEFAULT 0")


@INDEX()
def looks(db: sqlite_utils.Database) -> None:
    """What tells pictures that look alike: 64 bits in hexadecimal, empty where it was not looked at."""
    db.execute("ALTER TABLE items ADD COLUMN look TEXT NOT NULL DEFAULT ''")


@INDEX()
def one_person(db: sqlite_utils.Database) -> None:
    """Who is the same person under several names and addresses."""
    db.executescript(identities.SCHEMA)
    identities.refresh(db)


@INDEX()
def still(db: sqlite_utils.Database) -> None:
    """The folders of a source that is told by them to be unchanged, and what waits to be read again."""
    db.executescript("""
    CREATE TABLE still (
        source_id INTEGER PRIMARY KEY REFERENCES sources (id) ON DELETE CASCADE,
        folders TEXT NOT NULL, at REAL NOT NULL
    ) STRICT;
    CREATE INDEX units_waiting ON units (source_id) WHERE stamp = '' OR reading <> '';
    """)


@INDEX()
def pictures(db: sqlite_utils.Database) -> None:
    """Vectors of what pictures show, by the model that made them; empty for one that cannot be opened.

    The digest is the item's when it was made; ids grow, so that a change is seen by the highest.
    """
    db.executescript("""
    CREATE TABLE picture_vectors (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        item_id INTEGER NOT NULL UNIQUE REFERENCES items (id) ON DELETE CASCADE,
        model TEXT NOT NULL, digest TEXT NOT NULL, data BLOB NOT NULL
    ) STRICT;
    """)


@INDEX()
def embedders_in_turn(db: sqlite_utils.Database) -> None:
    """While another embedding model's vectors are made, those of the one before answer."""
    db.executescript("""
    -- role: 1 answers questions, 2 is to follow it, 0 is being deleted with what it made
    ALTER TABLE embedders ADD COLUMN role INTEGER NOT NULL DEFAULT 0;
    UPDATE embedders SET role = 1 WHERE id = (SELECT max(id) FROM embedders);
    CREATE UNIQUE INDEX embedders_role ON embedders (role) WHERE role > 0;
    -- passages.embedded: 0 not yet, 1 by the newest model, 2 only by the one that answers till then
    CREATE INDEX passages_older ON passages (at DESC) WHERE embedded = 2;
    """)


@INDEX()
def shelves(db: sqlite_utils.Database) -> None:
    """All items in order of time, with what they are filtered by; and threads with their newest time."""
    db.executescript("""
    DROP INDEX items_at;
    CREATE INDEX items_shown ON items (at, kind, source);
    DROP INDEX items_thread;
    CREATE INDEX items_threads ON items (thread, at);  -- of all: a partial one is used by no thread = ?
    """)


@INDEX()
def unseen(db: sqlite_utils.Database) -> None:
    """Pictures attached to mails of accounts, kept until the text in them is recognised."""
    db.executescript("""
    CREATE TABLE unseen (
        item_id INTEGER PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE, data BLOB NOT NULL
    ) STRICT;
    """)


@INDEX()
def seen(db: sqlite_utils.Database) -> None:
    """What was recognised in a picture is found by the digest of its bytes: the same comes many times."""
    db.execute("CREATE INDEX items_seen ON items (meta ->> '$.content') WHERE ocr = 2")


@INDEX()
def marks(db: sqlite_utils.Database) -> None:
    """Signs for vowels are parts of words in the scripts of India; they used to cut a word to its letters.

    The word index is empty after this, and filled beside everything else (app.store.filling).
    """
    db.executescript(f"""
    DROP TABLE fts;
    CREATE VIRTUAL TABLE fts USING fts5 (
        title, people, about, text, runs,
        content = 'passage_words', content_rowid = 'id',
        tokenize = "porter unicode61 remove_diacritics 2 tokenchars '{MARKS}'"
    );
    INSERT INTO fts (fts, rank) VALUES ('secure-delete', 1);
    """)


@USER()
def settings_and_journal(db: sqlite_utils.Database) -> None:
    """What the person set and did; journal rows are only ever added, each chained to the last."""
    db.executescript("""
    CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE sources (
        kind TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (kind, path)
    ) STRICT, WITHOUT ROWID;

    -- refers is empty for a deed; a later change of its state is a row that refers to it
    CREATE TABLE journal (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        refers INTEGER REFERENCES journal (id),
        at TEXT NOT NULL, what TEXT NOT NULL, summary TEXT NOT NULL, state TEXT NOT NULL,
        bytes_out INTEGER NOT NULL, undo_sha256 TEXT NOT NULL, hash TEXT NOT NULL
    ) STRICT;
    CREATE INDEX journal_refers ON journal (refers) WHERE refers IS NOT NULL;
    CREATE TABLE undo (
        journal_id INTEGER PRIMARY KEY REFERENCES journal (id), data BLOB NOT NULL
    ) STRICT;
    """)


@USER()
def approvals(db: sqlite_utils.Database) -> None:
    """Proposals as they were shown, and the person's yes to them; only a token's hash is kept."""
    db.executescript("""
    CREATE TABLE proposals (
        sha256 TEXT PRIMARY KEY, at REAL NOT NULL, body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE approvals (
        token_sha256 TEXT PRIMARY KEY,
        sha256 TEXT NOT NULL REFERENCES proposals (sha256),
        expires REAL NOT NULL, used REAL
    ) STRICT, WITHOUT ROWID;
    """)


@USER()
def conversations(db: sqlite_utils.Database) -> None:
    """What was asked and answered, and texts that were kept."""
    db.executescript("""
    CREATE TABLE conversations (
        id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE turns (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX turns_conversation ON turns (conversation_id);
    CREATE TABLE drafts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, about TEXT NOT NULL
    ) STRICT;
    """)


@USER()
def hats(db: sqlite_utils.Database) -> None:
    """A person's own adapters, and the corrections they learn from: both may hold private words."""
    db.executescript("""
    -- state: active (at most one a task and base), kept, refused; activated orders those worn so far,
    -- and is empty for one never worn or gone back from; learned: ids of corrections, as JSON
    CREATE TABLE own_adapters (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        task TEXT NOT NULL, base TEXT NOT NULL, base_sha256 TEXT NOT NULL,
        origin TEXT NOT NULL, at TEXT NOT NULL,
        peft BLOB NOT NULL, config BLOB NOT NULL, gguf BLOB NOT NULL, gguf_sha256 TEXT NOT NULL,
        rank INTEGER NOT NULL, alpha REAL NOT NULL, targets TEXT NOT NULL, scale REAL NOT NULL,
        scores TEXT NOT NULL, learned TEXT NOT NULL,
        state TEXT NOT NULL, activated INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX own_adapters_active ON own_adapters (task, base_sha256) WHERE state = 'active';

    -- digest: of the task and what was asked, so that the same thing corrected again replaces itself
    CREATE TABLE corrections (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        task TEXT NOT NULL, digest TEXT NOT NULL,
        fields TEXT NOT NULL, said TEXT NOT NULL, accepted TEXT NOT NULL,
        at TEXT NOT NULL, uri TEXT NOT NULL, held_back INTEGER NOT NULL,
        UNIQUE (task, digest)
    ) STRICT;
    """)


@USER()
def exclusions(db: sqlite_utils.Database) -> None:
    """What was forgotten and must not be read again; done is 0 until it is gone from everywhere."""
    db.executescript("""
    CREATE TABLE exclusions (
        kind TEXT NOT NULL, value TEXT NOT NULL, at TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (kind, value)
    ) STRICT, WITHOUT ROWID;
    """)


@USER()
def wordings(db: sqlite_utils.Database) -> None:
    """Which wording of its task's prompt an adapter was trained with; empty where that is not known."""
    db.execute("ALTER TABLE own_adapters ADD COLUMN prompt_sha256 TEXT NOT NULL DEFAULT ''")


@USER()
def shown(db: sqlite_utils.Database) -> None:
    """Which proposal a deed carried out, so that the exact request can be read again.

    The proposal itself goes when what it was made of is forgotten; the journal's line stays.
    """
    db.executescript("""
    CREATE TABLE shown (
        journal_id INTEGER PRIMARY KEY REFERENCES journal (id), sha256 TEXT NOT NULL
    ) STRICT;
    """)
