-- Up to where everything was read, threads too: a receipt without a thread (MSC3771). `position` is the main timeline's.
ALTER TABLE receipt ADD COLUMN everything INTEGER NOT NULL DEFAULT -9223372036854775807;
UPDATE receipt SET everything = position;

-- How far a person has read a thread, where they said so for the thread alone.
CREATE TABLE thread_receipt (
    room INTEGER NOT NULL,
    user TEXT NOT NULL,
    thread BLOB NOT NULL,                        -- its root, `event_id.rs`
    position INTEGER NOT NULL,
    PRIMARY KEY (room, user, thread)
) STRICT, WITHOUT ROWID;

-- Receipts whose event is not known yet.
CREATE TABLE receipt_ahead_2 (
    room INTEGER NOT NULL,
    event TEXT NOT NULL,
    user TEXT NOT NULL,
    thread TEXT NOT NULL DEFAULT '',             -- `reading.rs`: '' everything, 'main', or the id of a thread's root
    PRIMARY KEY (room, event, user, thread)
) STRICT, WITHOUT ROWID;
INSERT INTO receipt_ahead_2 (room, event, user) SELECT room, event, user FROM receipt_ahead;
DROP TABLE receipt_ahead;
ALTER TABLE receipt_ahead_2 RENAME TO receipt_ahead;

CREATE INDEX event_counts_thread ON event (room, position, target, mentions) WHERE counts = 1 AND relation = 4;

-- This person marked the chat as unread (`m.marked_unread`).
ALTER TABLE room ADD COLUMN marked INTEGER NOT NULL DEFAULT 0;
DROP INDEX room_attention;
CREATE INDEX room_attention ON room (invited, muted, unread, marked) WHERE listed = 1;
