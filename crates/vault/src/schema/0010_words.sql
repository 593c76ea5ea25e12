-- Which messages say a word, no longer where in them (`detail=none`): what is found is compared with what was asked for.
-- Filled like an index of an older version.
DROP TABLE words;
CREATE VIRTUAL TABLE words USING fts5(text, content='', columnsize=0, detail=none, tokenize="ascii tokenchars '_'");
INSERT INTO words (words, rank) VALUES ('pgsz', 3960);
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
INSERT INTO words (words, rank) VALUES ('automerge', 12);
