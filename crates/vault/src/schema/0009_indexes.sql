-- After the rows were moved.
DROP TABLE event;
ALTER TABLE event_9 RENAME TO event;
-- Of an id, 48 bits of its hash find one row nearly always, and the statement compares the rest. By room first: ids are
-- random, and a response would otherwise change a page of the index for each of its events.
CREATE INDEX event_id ON event (room, substr(event, 3, 6));
-- What is said about an event, and, in their order, the replies of a thread.
CREATE INDEX event_about ON event (room, substr(target, 3, 6), relation, time) WHERE relation != 4 AND target != x'';
CREATE INDEX event_thread ON event (room, substr(target, 3, 6), position) WHERE relation = 4;
-- The rows of a conversation, and those that count as unread until they are read.
CREATE INDEX event_shown ON event (room, position, shown, counts, mentions) WHERE shown > 0;
CREATE INDEX event_counts_thread ON event (room, position) WHERE counts = 1 AND relation = 4;
CREATE INDEX event_waiting ON event (id) WHERE waiting = 1;
CREATE INDEX event_waiting_room ON event (room, id) WHERE waiting = 1;
CREATE INDEX event_waiting_session ON event (session, room, id) WHERE waiting = 1;
CREATE INDEX event_member ON event (room, state_key, position) WHERE kind = 2;
CREATE INDEX event_print ON event (room, print) WHERE print != 0;

INSERT INTO latest (room, event, transaction_id, position, sender, time, kind, state_key, content, redacted, encryption,
        session, cause, mentions, notifies, target, detail, edit)
    SELECT m.room, m.event, m.transaction_id, m.position, (SELECT name FROM name WHERE id = m.sender), m.time,
        (SELECT name FROM name WHERE id = m.kind), m.state_key, m.content, m.redacted, m.encryption, m.session, m.cause,
        m.mentions, m.notifies, m.target, m.detail, e.content
    FROM room r JOIN event m ON m.id = r.latest LEFT JOIN event e ON m.edit != 0 AND e.id = m.edit WHERE r.latest != 0;
