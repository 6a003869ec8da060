/** How `--archive` and `--archive-home` are told of where events are archived. */
export const ARCHIVE_HELP = 'archive events: FILE.db (SQLite), or postgres://user@host/database';
export const ARCHIVE_HOME_HELP =
  "folder of the archive's spool, files and keys (FILE.db.d beside FILE.db)";
