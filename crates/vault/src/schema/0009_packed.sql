-- Every event, shown or not. Rows stand in the order of their time, so that the newest are found without sorting.
CREATE TABLE event_9 (
    id INTEGER PRIMARY KEY,                      -- `order.rs`: half seconds since 2014, and the next free one
    room INTEGER NOT NULL,
    position INTEGER NOT NULL,
    event BLOB NOT NULL,                         -- `event_id.rs`
    sender INTEGER NOT NULL,                     -- name.id
    late INTEGER NOT NULL,                       -- `order.rs`: how long after the moment of its id; few bytes, not six
    kind INTEGER NOT NULL,                       -- name.id
    marks INTEGER NOT NULL,                      -- `marks.rs`; their names are below
    state_key TEXT,                              -- NULL: no state event
    transaction_id TEXT NOT NULL DEFAULT '',
    session TEXT NOT NULL DEFAULT '',            -- Megolm session of an undecryptable event
    cause INTEGER NOT NULL DEFAULT 0,            -- why it is undecryptable
    target BLOB NOT NULL DEFAULT x'',            -- the event it relates to; empty for none
    detail TEXT NOT NULL DEFAULT '',             -- a reaction's key, a member event's membership, …
    edit INTEGER NOT NULL DEFAULT 0,             -- id of the newest valid edit; 0 for none
    print INTEGER NOT NULL DEFAULT 0,            -- `seals.rs`: of its session, sender and words; 0: not known
    turn INTEGER NOT NULL DEFAULT 0,             -- its index in the Megolm session, plus one; 0: not known
    content BLOB NOT NULL,                       -- `content.rs`; empty for none
    previous BLOB,                               -- what a state event changed: its content before; NULL: not known

    -- Computed when they are read.
    time INTEGER NOT NULL AS ((id & 17592186044415) * 500 + 1388534400000 + late),
    encryption INTEGER NOT NULL AS (marks & 15),         -- `projection.rs`: 0 clear, 1 decrypted, 3 undecryptable, …
    shown INTEGER NOT NULL AS (marks >> 4 & 3),          -- 0 no row, 1 a line about the room, 2 a message
    relation INTEGER NOT NULL AS (marks >> 6 & 7),       -- `relation.rs`: 0 none, 1 redaction, 2 edit, 4 in a thread, …
    notifies INTEGER NOT NULL AS (marks >> 9 & 1),
    mentions INTEGER NOT NULL AS (marks >> 10 & 1),
    counts INTEGER NOT NULL AS (marks >> 11 & 1),        -- unread until it is read
    redacted INTEGER NOT NULL AS (marks >> 12 & 1),
    waiting INTEGER NOT NULL AS (marks >> 13 & 1)        -- a key may still open it
) STRICT;

DROP TABLE latest;
-- The newest message of each room again, side by side, as a row of the chat list shows it: a list of 2,000 rooms would
-- otherwise decrypt 2,000 pages. Written by the same transaction as what it repeats.
CREATE TABLE latest (
    room INTEGER PRIMARY KEY,
    event BLOB NOT NULL,
    transaction_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    sender TEXT NOT NULL,
    time INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state_key TEXT,                              -- NULL: no state event
    content BLOB NOT NULL,
    redacted INTEGER NOT NULL,
    encryption INTEGER NOT NULL,
    session TEXT NOT NULL,
    cause INTEGER NOT NULL,
    mentions INTEGER NOT NULL,
    notifies INTEGER NOT NULL,
    target BLOB NOT NULL,
    detail TEXT NOT NULL,
    edit BLOB                                    -- content of its edit; NULL: none
) STRICT;

-- What it found, the primary key finds.
DROP INDEX part_event;
-- Others come in their places, and rows are deleted faster without them.
DROP INDEX event_id;
DROP INDEX event_shown;
DROP INDEX event_counts;
DROP INDEX event_counts_thread;
DROP INDEX event_relation;
DROP INDEX event_thread;
DROP INDEX event_waiting;
DROP INDEX event_waiting_room;
DROP INDEX event_waiting_session;
DROP INDEX event_member;
DROP INDEX event_print;
