-- A room, with what its row in the chat list shows, kept up to date by every write that touches it.
CREATE TABLE room (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room TEXT NOT NULL UNIQUE,
    summary TEXT NOT NULL DEFAULT '{}',          -- RoomSummary as JSON
    listed INTEGER NOT NULL DEFAULT 0,           -- joined or invited, and no space
    invited INTEGER NOT NULL DEFAULT 0,
    pinned INTEGER NOT NULL DEFAULT 0,
    muted INTEGER NOT NULL DEFAULT 0,
    members INTEGER NOT NULL DEFAULT 0,          -- how many have joined, as the server counts
    oldest INTEGER,                              -- position of the oldest known event
    newest INTEGER,                              -- position of the newest known event
    ahead TEXT NOT NULL DEFAULT '',              -- token of a hole after the newest event, when no event was beyond it
    unread INTEGER NOT NULL DEFAULT 0,
    mentions INTEGER NOT NULL DEFAULT 0,
    latest INTEGER NOT NULL DEFAULT 0,           -- event.id of the newest message; 0 for none
    latest_position INTEGER NOT NULL DEFAULT 0,
    floor INTEGER NOT NULL DEFAULT 0,            -- order of a room without messages
    sort INTEGER NOT NULL DEFAULT 0,             -- the time the chat list is ordered by
    draft TEXT NOT NULL DEFAULT '',
    drafted INTEGER NOT NULL DEFAULT 0           -- when the draft was last changed
) STRICT;
CREATE INDEX room_list ON room (pinned DESC, sort DESC) WHERE listed = 1;
CREATE INDEX room_attention ON room (invited, muted, unread) WHERE listed = 1;

-- Every event, shown or not.
CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room INTEGER NOT NULL,
    position INTEGER NOT NULL,
    event TEXT NOT NULL,
    sender TEXT NOT NULL,
    time INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state_key TEXT,                              -- NULL: no state event
    content TEXT NOT NULL,                       -- JSON; 'null' once redacted
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
    target TEXT NOT NULL DEFAULT '',             -- the event it relates to
    detail TEXT NOT NULL DEFAULT '',             -- a reaction's key, a member event's membership
    edit INTEGER NOT NULL DEFAULT 0,             -- event.id of the newest valid edit; 0 for none
    UNIQUE (room, event)
) STRICT;
CREATE INDEX event_shown ON event (room, position, shown) WHERE shown > 0;
CREATE INDEX event_counts ON event (room, position, mentions) WHERE counts = 1;
CREATE INDEX event_relation ON event (room, target, relation, time, event, sender, detail) WHERE target != '';
CREATE INDEX event_waiting ON event (id) WHERE waiting = 1;
CREATE INDEX event_waiting_room ON event (room, id) WHERE waiting = 1;
CREATE INDEX event_waiting_session ON event (session, room, id) WHERE waiting = 1;
CREATE INDEX event_member ON event (room, state_key, position) WHERE kind = 'm.room.member';

-- The newest message of each room again, side by side, as a row of the chat list shows it: a list of 2,000 rooms would
-- otherwise decrypt 2,000 pages. Written by the same transaction as what it repeats.
CREATE TABLE latest (
    room INTEGER PRIMARY KEY,
    event TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    sender TEXT NOT NULL,
    time INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state_key TEXT,                              -- NULL: no state event
    content TEXT NOT NULL,
    redacted INTEGER NOT NULL,
    encryption INTEGER NOT NULL,
    session TEXT NOT NULL,
    cause INTEGER NOT NULL,
    mentions INTEGER NOT NULL,
    notifies INTEGER NOT NULL,
    edit TEXT                                    -- content of its edit; NULL: none
) STRICT;

-- Something is missing just before the event at this position.
CREATE TABLE gap (
    room INTEGER NOT NULL,
    before INTEGER NOT NULL,
    token TEXT NOT NULL,
    PRIMARY KEY (room, before)
) STRICT, WITHOUT ROWID;

-- How far a person has read.
CREATE TABLE receipt (
    room INTEGER NOT NULL,
    user TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (room, user)
) STRICT, WITHOUT ROWID;

-- Receipts whose event is not known yet.
CREATE TABLE receipt_ahead (
    room INTEGER NOT NULL,
    event TEXT NOT NULL,
    user TEXT NOT NULL,
    PRIMARY KEY (room, event, user)
) STRICT, WITHOUT ROWID;

CREATE TABLE member (
    room INTEGER NOT NULL,
    user TEXT NOT NULL,
    name TEXT,                                   -- NULL: none set
    avatar TEXT,                                 -- NULL: none set
    joined INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (room, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_joined ON member (room, name) WHERE joined = 1;

-- What a person did and the server may not know yet.
CREATE TABLE intent (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room INTEGER NOT NULL,
    kind INTEGER NOT NULL,                       -- 0 message, 1 receipt, 2 membership
    action TEXT NOT NULL,                        -- Action as JSON
    transaction_id TEXT NOT NULL UNIQUE,
    time INTEGER NOT NULL,
    after INTEGER NOT NULL DEFAULT 0,            -- the room's newest position when it was recorded
    shown INTEGER NOT NULL DEFAULT 0,            -- it will be a message of its own
    state INTEGER NOT NULL DEFAULT 0,            -- 0 pending, 1 sent, 2 failed
    event TEXT NOT NULL DEFAULT '',              -- the event it became
    reason TEXT NOT NULL DEFAULT '',             -- FailReason as JSON
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX intent_message ON intent (room, id) WHERE kind = 0;
CREATE INDEX intent_other ON intent (room, kind) WHERE kind > 0;
CREATE INDEX intent_pending ON intent (id) WHERE state = 0;
CREATE INDEX intent_event ON intent (room, event) WHERE state = 1;

CREATE TABLE document (
    name TEXT NOT NULL PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE notified (
    room INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (room, event)
) STRICT, WITHOUT ROWID;
