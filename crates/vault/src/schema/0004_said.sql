-- What a state event changed: its content before (`unsigned.prev_content`); NULL for messages and where it is not known.
ALTER TABLE event ADD COLUMN previous TEXT;
