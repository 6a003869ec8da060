/** The tables of keys.db. Times are milliseconds since 1970. */
export const KEY_TABLES = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS master_key (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    holder TEXT,               -- file:…; NULL: a command's
    wrapped BLOB NOT NULL,
    proof BLOB NOT NULL,       -- tells the right key from another one
    made INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS index_key (id INTEGER PRIMARY KEY CHECK (id = 1), wrapped BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS data_key (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    subject TEXT NOT NULL,
    wrapped BLOB,              -- NULL: destroyed
    made INTEGER NOT NULL,
    retired INTEGER,           -- seals nothing any more
    destroyed INTEGER);
  CREATE UNIQUE INDEX IF NOT EXISTS data_key_current ON data_key (subject)
    WHERE retired IS NULL AND destroyed IS NULL;
  CREATE INDEX IF NOT EXISTS data_key_subject ON data_key (subject)`;
