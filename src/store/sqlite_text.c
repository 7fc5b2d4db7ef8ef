/* SPDX-License-Identifier: Apache-2.0
 *
 * All statements there are; sqlite_migrate.c makes the tables. docs/format/store.md describes them.
 */
#include "store/sqlite.h"

/* clang-format off */

#define RECORD_COLUMNS "number, case_number, kind, erased, slot, latest, versions, content"

const char *const sqlite_text[SQL_COUNT] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",

    [SQL_HEAD_READ] = "SELECT size, writer, next_slot, edge FROM head WHERE one = 1",
    [SQL_HEAD_FOUND] =
        "INSERT INTO head(one, size, writer, next_slot, edge) VALUES (1, 0, ?1, 0, x'')",
    [SQL_HEAD_WRITE] =
        "UPDATE head SET size = ?1, next_slot = ?2, edge = ?3 WHERE one = 1 AND size = ?4",
    /* slots rise with entries, but for those of versions, which rise with records */
    [SQL_SLOT_HIGHEST] =
        "SELECT max(slot) FROM (SELECT max(slot) AS slot FROM (SELECT slot FROM payload "
        "ORDER BY sequence DESC LIMIT 4096) UNION ALL SELECT max(slot) FROM (SELECT slot "
        "FROM record ORDER BY number DESC LIMIT 1) UNION ALL SELECT max(slot) FROM (SELECT "
        "slot FROM aside ORDER BY sequence DESC LIMIT 1) UNION ALL "
        "SELECT max(slot) FROM words)",
    [SQL_SETTING_READ] = "SELECT value FROM setting WHERE name = ?1",
    [SQL_SETTING_WRITE] = "INSERT INTO setting(name, value) VALUES (?1, ?2) "
                          "ON CONFLICT (name) DO UPDATE SET value = excluded.value",

    [SQL_ENTRY_ADD] = "INSERT INTO entry(sequence, bucket, entry) VALUES (?1, ?2, ?3)",
    [SQL_ENTRY_FROM] = "SELECT sequence, entry FROM entry WHERE sequence >= ?1 "
                       "ORDER BY sequence LIMIT ?2",
    [SQL_TILE_ADD] = "INSERT INTO tile(number, root) VALUES (?1, ?2)",
    [SQL_TILE_FROM] = "SELECT number, root FROM tile WHERE number >= ?1 "
                      "ORDER BY number LIMIT ?2",
    [SQL_TILE_CLEAR] = "DELETE FROM tile",
    [SQL_PAYLOAD_ADD] = "INSERT INTO payload(sequence, slot, sealed) VALUES (?1, ?2, ?3)",
    [SQL_PAYLOAD_READ] = "SELECT slot, sealed FROM payload WHERE sequence = ?1",

    [SQL_RECORD_ADD] = "INSERT INTO record(" RECORD_COLUMNS ") "
                       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [SQL_RECORD_PUT] = "UPDATE record SET case_number = ?2, kind = ?3, erased = ?4, "
                       "slot = ?5, latest = ?6, versions = ?7, content = ?8 WHERE number = ?1",
    [SQL_RECORD_READ] = "SELECT " RECORD_COLUMNS " FROM record WHERE number = ?1",
    /* each names its partial index, if it has one, by repeating the condition */
    [SQL_RECORDS_ALL] = "SELECT " RECORD_COLUMNS " FROM record "
                        "WHERE kind = 1 AND number > ?1 ORDER BY number LIMIT ?2",
    [SQL_RECORDS_NONE] = "SELECT " RECORD_COLUMNS " FROM record WHERE kind = 1 "
                         "AND case_number = 0 AND number > ?1 ORDER BY number LIMIT ?2",
    [SQL_RECORDS_CASE] = "SELECT " RECORD_COLUMNS " FROM record WHERE kind = 1 "
                         "AND case_number = ?3 AND case_number <> 0 AND number > ?1 "
                         "ORDER BY number LIMIT ?2",
    [SQL_RECORDS_KIND] = "SELECT " RECORD_COLUMNS " FROM record WHERE kind = ?3 "
                         "AND kind <> 1 AND number > ?1 ORDER BY number LIMIT ?2",
    [SQL_RECORDS_COUNT] = "SELECT kind, erased, count(*) FROM record GROUP BY kind, erased",

    [SQL_ROLES_READ] = "SELECT roles FROM role WHERE user = ?1",
    [SQL_ROLES_PUT] = "INSERT INTO role(user, roles) VALUES (?1, ?2) "
                      "ON CONFLICT (user) DO UPDATE SET roles = excluded.roles",
    [SQL_ROLES_ALL] = "SELECT user, roles FROM role",
    [SQL_ROLES_CLEAR] = "DELETE FROM role",
    [SQL_MEMBERS_ALL] = "SELECT case_number, user FROM member",
    [SQL_MEMBERS_CLEAR] = "DELETE FROM member",
    [SQL_MEMBER_READ] = "SELECT 1 FROM member WHERE case_number = ?1 AND user = ?2",
    [SQL_MEMBER_OTHER] = "SELECT 1 FROM member JOIN role ON role.user = member.user "
                         "WHERE member.case_number = ?1 AND member.user <> ?2 "
                         "AND (role.roles & ?3) <> 0 LIMIT 1",
    [SQL_MEMBER_ADD] = "INSERT INTO member(case_number, user) VALUES (?1, ?2) "
                       "ON CONFLICT DO NOTHING",
    [SQL_MEMBER_REMOVE] = "DELETE FROM member WHERE case_number = ?1 AND user = ?2",

    [SQL_BLOCK_PUT] = "INSERT INTO key_block(block, rows) VALUES (?1, ?2) "
                      "ON CONFLICT (block) DO UPDATE SET rows = excluded.rows",
    [SQL_BLOCK_NEXT] = "SELECT block, rows FROM key_block WHERE block BETWEEN ?1 AND ?2 "
                       "ORDER BY block LIMIT 1",
    [SQL_BLOCK_BELOW] = "SELECT block, rows FROM key_block WHERE block >= ?1 AND block < ?2 "
                        "ORDER BY block DESC LIMIT 1",
    [SQL_BLOCK_DELETE] = "DELETE FROM key_block WHERE block BETWEEN ?1 AND ?2",
    [SQL_BLOCK_CLEAR] = "DELETE FROM key_block",
    [SQL_RUN_ALL] = "SELECT run, tier, rows, into_run FROM key_run ORDER BY run",
    [SQL_RUN_PUT] = "INSERT INTO key_run(run, tier, rows, into_run) "
                    "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (run) DO UPDATE SET "
                    "rows = excluded.rows, into_run = excluded.into_run",
    [SQL_RUN_DELETE] = "DELETE FROM key_run WHERE run = ?1",
    [SQL_RUN_CLEAR] = "DELETE FROM key_run",

    [SQL_SEARCH_ADD] = "INSERT INTO search(number, sequence, whole) VALUES (?1, ?2, ?3) "
                       "ON CONFLICT DO NOTHING",
    [SQL_SEARCH_SEQUENCES] = "SELECT sequence FROM search WHERE number = ?1",
    [SQL_SEARCH_SLOTS] = "SELECT payload.slot FROM search JOIN payload "
                         "ON payload.sequence = search.sequence "
                         "WHERE search.number = ?1 AND search.whole = 1 "
                         "UNION ALL SELECT aside.slot FROM search JOIN aside "
                         "ON aside.sequence = search.sequence WHERE search.number = ?1",
    [SQL_SEARCH_ASIDES] = "DELETE FROM aside WHERE sequence IN "
                          "(SELECT sequence FROM search WHERE number = ?1)",
    [SQL_ASIDE_ADD] = "INSERT INTO aside(sequence, slot, until, sealed) "
                      "VALUES (?1, ?2, ?3, ?4)",
    [SQL_ASIDE_NEXT] = "SELECT sequence, slot, sealed FROM aside WHERE sequence > ?1 "
                       "ORDER BY sequence LIMIT 1",
    [SQL_ASIDE_REMOVE] = "DELETE FROM aside WHERE sequence = ?1",
    [SQL_ASIDE_EXPIRED] = "SELECT slot FROM aside WHERE until <> 0 AND until <= ?1",
    [SQL_ASIDE_EXPIRE] = "DELETE FROM aside WHERE until <> 0 AND until <= ?1",
    [SQL_SEARCH_REMOVE] = "DELETE FROM search WHERE number = ?1",
    [SQL_VERSIONS] = "SELECT sequence FROM payload "
                     "WHERE sequence BETWEEN ?1 AND ?2 AND slot = ?3",
    [SQL_TOMBSTONE_ADD] = "INSERT INTO tombstone(hi, lo) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    [SQL_TOMBSTONE_READ] = "SELECT 1 FROM tombstone WHERE hi = ?1 AND lo = ?2",
    [SQL_TOMBSTONE_ANY] = "SELECT 1 FROM tombstone LIMIT 1",
    [SQL_TOMBSTONE_REMOVE] = "DELETE FROM tombstone WHERE hi = ?1 AND lo = ?2",
    [SQL_DOOMED_ADD] = "INSERT INTO doomed(slot) VALUES (?1) ON CONFLICT DO NOTHING",
    [SQL_DOOMED_ALL] = "SELECT slot FROM doomed ORDER BY slot",
    [SQL_DOOMED_OF_RECORD] = "SELECT record.number FROM record JOIN doomed "
                             "ON doomed.slot = record.slot WHERE record.erased = 0 LIMIT 1",
    [SQL_DOOMED_OF_ACT] = "SELECT payload.sequence FROM payload JOIN doomed "
                          "ON doomed.slot = payload.slot JOIN entry "
                          "ON entry.sequence = payload.sequence WHERE "
                          "substr(entry.entry, 19, 1) NOT IN (?1, ?2, ?3, ?4) LIMIT 1",
    [SQL_DOOMED_CLEAR] = "DELETE FROM doomed",

    [SQL_PIECE_READ] = "SELECT slot, sealed FROM words WHERE piece = ?1",
    [SQL_PIECE_ADD] = "INSERT INTO words(piece, slot, sealed) VALUES (?1, ?2, ?3)",
    [SQL_PIECE_REMOVE] = "DELETE FROM words WHERE piece = ?1",
    [SQL_PIECE_SLOTS] = "SELECT slot FROM words ORDER BY piece",
    [SQL_PIECE_CLEAR] = "DELETE FROM words",
};

/* clang-format on */
