-- How an encrypted event was sealed, so that the same ciphertext under another id is noticed.
ALTER TABLE event ADD COLUMN print INTEGER NOT NULL DEFAULT 0;   -- of its session, sender and words; 0: not known
ALTER TABLE event ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;    -- its index in the Megolm session, plus one; 0: not known
CREATE INDEX event_print ON event (room, print) WHERE print != 0;
