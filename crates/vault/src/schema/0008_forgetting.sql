-- Rooms whose messages are being deleted from this computer. Their rows have names that no server gives.
CREATE TABLE forgetting (
    room INTEGER PRIMARY KEY                     -- room.id
) STRICT;

-- Files that only deleted messages named (`mxc:` addresses): copies of them are still to be deleted.
CREATE TABLE orphan (
    address TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
