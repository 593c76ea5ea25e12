-- Replies of a thread in their order: a thread is a conversation of its own.
CREATE INDEX event_thread ON event (room, target, position, counts) WHERE relation = 4;

-- What the draft of a chat answers; empty for nothing.
ALTER TABLE room ADD COLUMN draft_reply TEXT NOT NULL DEFAULT '';
-- What was written into a thread and not sent.
CREATE TABLE thread_draft (
    room INTEGER NOT NULL,
    thread BLOB NOT NULL,                        -- its root, `event_id.rs`
    text TEXT NOT NULL,
    reply TEXT NOT NULL DEFAULT '',              -- the message it answers; empty for none
    drafted INTEGER NOT NULL,                    -- when it was last changed
    PRIMARY KEY (room, thread)
) STRICT, WITHOUT ROWID;

-- Messages that this person wants to find again, by their ids: a star outlives the row it was given to.
CREATE TABLE star_2 (
    room INTEGER NOT NULL,
    event BLOB NOT NULL,                         -- `event_id.rs`
    time INTEGER NOT NULL,                       -- when it was starred
    PRIMARY KEY (room, event)
) STRICT, WITHOUT ROWID;
INSERT INTO star_2 (room, event, time) SELECT s.room, e.event, s.time FROM star s JOIN event e ON e.id = s.event;
DROP TABLE star;
ALTER TABLE star_2 RENAME TO star;
