-- Each different word of `words` once: parts of words are looked for here.
CREATE TABLE vocabulary (
    id INTEGER PRIMARY KEY,                      -- from 1 on blocks of sorted words; below 0 what came since
    words BLOB NOT NULL                          -- `search/blocks.rs`
) STRICT;
