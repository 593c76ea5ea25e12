-- Of an id, 32 bits of its hash find one row nearly always in a room, and the statement compares the rest.
DROP INDEX event_id;
CREATE INDEX event_id ON event (room, substr(event, 16, 4));
DROP INDEX event_about;
CREATE INDEX event_about ON event (room, substr(target, 16, 4), relation, time) WHERE relation != 4 AND target != x'';
DROP INDEX event_thread;
CREATE INDEX event_thread ON event (room, substr(target, 16, 4), position) WHERE relation = 4;
