-- After the rows were moved.
DROP TABLE event;
ALTER TABLE event_2 RENAME TO event;
-- By room first: ids are random, and a response would otherwise change a page of the index for each of its events.
CREATE INDEX event_id ON event (room, substr(event, 1, 8));
CREATE INDEX event_shown ON event (room, position, shown) WHERE shown > 0;
CREATE INDEX event_counts ON event (room, position, mentions) WHERE counts = 1;
CREATE INDEX event_relation ON event (room, target, relation, time, event, sender, detail) WHERE target != x'';
CREATE INDEX event_waiting ON event (id) WHERE waiting = 1;
CREATE INDEX event_waiting_room ON event (room, id) WHERE waiting = 1;
CREATE INDEX event_waiting_session ON event (session, room, id) WHERE waiting = 1;
CREATE INDEX event_member ON event (room, state_key, position) WHERE kind = 2;

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
    content TEXT NOT NULL,
    redacted INTEGER NOT NULL,
    encryption INTEGER NOT NULL,
    session TEXT NOT NULL,
    cause INTEGER NOT NULL,
    mentions INTEGER NOT NULL,
    notifies INTEGER NOT NULL,
    edit TEXT                                    -- content of its edit; NULL: none
) STRICT;
