-- Words that repeat in every event: user ids and event types. The first ones are named in `names.rs`.
CREATE TABLE name (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO name (id, name) VALUES
    (1, 'm.room.message'), (2, 'm.room.member'), (3, 'm.room.encrypted'), (4, 'm.reaction'), (5, 'm.room.redaction');

-- Every event, shown or not. Rows stand in the order of their time, so that the newest are found without sorting.
CREATE TABLE event_2 (
    id INTEGER PRIMARY KEY,                      -- `order.rs`: half seconds since 2014, and the next free one
    room INTEGER NOT NULL,
    position INTEGER NOT NULL,
    event BLOB NOT NULL,                         -- `event_id.rs`
    sender INTEGER NOT NULL,                     -- name.id
    time INTEGER NOT NULL,
    kind INTEGER NOT NULL,                       -- name.id
    state_key TEXT,                              -- NULL: no state event
    content TEXT NOT NULL,                       -- `content.rs`; 'null' once redacted
    redacted INTEGER NOT NULL DEFAULT 0,
    transaction_id TEXT NOT NULL DEFAULT '',
    encryption INTEGER NOT NULL DEFAULT 0,       -- 0 clear, 1 decrypted, 2 suspicious, 3 undecryptable
    session TEXT NOT NULL DEFAULT '',            -- Megolm session of an undecryptable event
    cause INTEGER NOT NULL DEFAULT 0,            -- why it is undecryptable
    waiting INTEGER NOT NULL DEFAULT 0,          -- a key may still open it
    notifies INTEGER NOT NULL DEFAULT 0,
    mentions INTEGER NOT NULL DEFAULT 0,
    counts INTEGER NOT NULL DEFAULT 0,           -- unread until it is read
    shown INTEGER NOT NULL DEFAULT 0,            -- 0 no row, 1 a line about the room, 2 a message
    relation INTEGER NOT NULL DEFAULT 0,         -- 0 none, 1 redaction, 2 edit, 3 reaction, 4 reply in a thread
    target BLOB NOT NULL DEFAULT x'',            -- the event it relates to; empty for none
    detail TEXT NOT NULL DEFAULT '',             -- a reaction's key, a member event's membership
    edit INTEGER NOT NULL DEFAULT 0              -- id of the newest valid edit; 0 for none
) STRICT;

-- What the searchable messages say, cut into words by `search::text`, with tags for who, where and what. No text is
-- repeated: `content=''`. A leaf of the index fits a page of the encrypted file (4,096 bytes less 80 of the cipher's).
CREATE VIRTUAL TABLE words USING fts5(text, content='', columnsize=0, tokenize="ascii tokenchars '_'");
INSERT INTO words (words, rank) VALUES ('pgsz', 3960);
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
-- Pieces are merged in quiet moments; while messages come in, only what would slow a search down.
INSERT INTO words (words, rank) VALUES ('automerge', 12);

-- Each different word of `words` once: parts of words are looked for here.
CREATE TABLE word (
    word TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- What a message carries: pictures, files, links.
CREATE TABLE part (
    room INTEGER NOT NULL,
    kind INTEGER NOT NULL,                       -- `Part`
    position INTEGER NOT NULL,
    event INTEGER NOT NULL,                      -- event.id
    PRIMARY KEY (room, kind, position, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX part_event ON part (event);

-- Messages that this person wants to find again.
CREATE TABLE star (
    event INTEGER PRIMARY KEY,                   -- event.id
    room INTEGER NOT NULL,
    time INTEGER NOT NULL                        -- when it was starred
) STRICT;
CREATE INDEX star_room ON star (room, event);

-- People as rooms know them, to be found by a part of their name.
CREATE TABLE person (
    user TEXT NOT NULL PRIMARY KEY,
    name TEXT,                                   -- NULL: none set
    folded TEXT NOT NULL                         -- name and local part, as `search::text` cuts them
) STRICT, WITHOUT ROWID;

-- Messages that a room pinned (`m.room.pinned_events`).
CREATE TABLE pin (
    room INTEGER NOT NULL,
    event BLOB NOT NULL,
    place INTEGER NOT NULL,                      -- in the order of the list
    PRIMARY KEY (room, event)
) STRICT, WITHOUT ROWID;

CREATE INDEX room_hidden ON room (id) WHERE listed = 0;
