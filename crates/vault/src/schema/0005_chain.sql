-- How far the outbox has come: `chain.rs`. One row.
CREATE TABLE head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    count INTEGER NOT NULL DEFAULT 0,            -- changes so far
    digest BLOB,                                 -- of what is still to be sent; NULL: never computed
    moved INTEGER NOT NULL DEFAULT 0             -- since then: 0 nothing, 1 something went, 2 something came
) STRICT;
INSERT INTO head (id) VALUES (1);
CREATE TRIGGER intent_came AFTER INSERT ON intent BEGIN
    UPDATE head SET moved = 2 WHERE id = 1;
END;
CREATE TRIGGER intent_went AFTER DELETE ON intent BEGIN
    UPDATE head SET moved = max(moved, 1) WHERE id = 1;
END;
CREATE TRIGGER intent_settled AFTER UPDATE OF state ON intent WHEN old.state != new.state BEGIN
    UPDATE head SET moved = max(moved, iif(new.state = 0, 2, 1)) WHERE id = 1;
END;
