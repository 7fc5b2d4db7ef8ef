/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of all records, sealed in pieces.
 */
#include "store/words.h"

#include "record/normaliser.h"
#include "record/words.h"
#include "store/append.h"
#include "store/version.h"

#include <sodium.h>
#include <stdlib.h>

enum {
    PIECE_MAX = 48 * 1024 * 1024,  /* bytes; a larger one is not kept */
    WAITING_ROWS = WORDS_PIECE,    /* so many changes are put into pieces */
    WORTH_ROWS = 256,              /* fewer wait for the next time */
    WORTH_ENTRIES = 16 * 1024,     /* unless so many entries were read to find them */
    CATCH_UP_ENTRIES = 256 * 1024, /* an import that begins so far behind does not follow */
    PAGE = 512,
    ROW_HEAD = 8 + 8 + 2,
};
/* Where a payload has the number of its entry, a piece has its own with the top bit set. */
static const uint64_t piece_mark = (uint64_t)1 << 63;

/* ---- Rows of a piece ---- */

struct row {
    uint64_t number, case_number;
    struct bytes words;
};

static bool next_row(struct row *row, struct cursor *cursor)
{
    if (cursor->rest.len == 0)
        return false;
    row->number = cursor_be64(cursor);
    row->case_number = cursor_be64(cursor);
    row->words = cursor_take(cursor, cursor_be16(cursor));
    return !cursor->failed;
}

static void add_row(struct buf *out, const struct row *row)
{
    buf_add_be64(out, row->number);
    buf_add_be64(out, row->case_number);
    buf_add_be16(out, (uint16_t)row->words.len);
    buf_add(out, row->words);
}

static void wipe(struct buf *buf)
{
    if (buf->at != NULL)
        sodium_memzero(buf->at, buf->capacity);
    buf_release(buf);
}

void words_release(struct words *words)
{
    wipe(&words->waiting);
    wipe(&words->one);
}

static void make_words(struct words *words, const struct record *record)
{
    words->one.max = WORDS_MAX;
    buf_clear(&words->one);
    words_of_record(&words->one, record);
}

/* ---- What the pieces hold ---- */

static void rules_now(uint8_t rules[WORDS_RULES])
{
    normaliser_hash(rules);
    rules[0] ^= WORDS_VERSION;
}

static enum status read_reached(struct store *store, struct err *err)
{
    struct words *words = &store->words;
    struct buf value = {.max = 8 + WORDS_RULES};
    uint8_t rules[WORDS_RULES];
    if (words->known)
        return OK;
    enum status status = database_setting(&value, store->db, "words", err);
    if (status != OK && status != NOT_FOUND)
        goto out;
    rules_now(rules);
    bool good = status == OK && value.len == 8 + WORDS_RULES &&
                memcmp(value.at + 8, rules, WORDS_RULES) == 0;
    words->reached = good ? load_be64(value.at) : 0;
    words->known = true;
    words->since = store->durable_size;
    status = OK;
    if (!good && value.len > 0) { /* made by other rules */
        status = store_begin(store, err);
        if (status == OK)
            status = words_clear(store, err);
    }
    words->following = words->reached + CATCH_UP_ENTRIES >= words->since;
out:
    buf_release(&value);
    return status;
}

static enum status write_reached(struct store *store, struct err *err)
{
    uint8_t value[8 + WORDS_RULES];
    store->words.reached = store->head.tree.size;
    store_be64(value, store->words.reached);
    rules_now(value + 8);
    return database_set(store->db, "words", bytes_of(value, sizeof value), err);
}

static enum status doom(struct store *store, uint64_t slot, struct err *err)
{
    struct slot_list one = {&slot, 1, 1};
    slot_list_add(&store->doomed, slot);
    return database_add_doomed(store->db, &one, err);
}

/* Into store->opened. NOT_FOUND without a sentence: the piece is not there. */
static enum status open_piece(uint64_t *slot, struct store *store, uint64_t piece,
                              struct err *err)
{
    uint8_t key[SECRET_KEY];
    enum status status = database_piece(slot, &store->sealed, store->db, piece, err);
    if (status == OK)
        status = keyring_key(key, store->keyring, *slot, err);
    if (status != OK)
        return status;
    status =
        seal_open(&store->opened, key, piece_mark | piece, buf_bytes(&store->sealed), err);
    sodium_memzero(key, sizeof key);
    return status;
}

/* In place of what was there; nothing is kept when rows is empty or too long. */
static enum status write_piece(struct store *store, uint64_t piece, const struct buf *rows,
                               struct err *err)
{
    uint8_t key[SECRET_KEY], commitment[ENTRY_COMMITMENT];
    uint64_t slot = 0;
    enum status status = database_piece(&slot, &store->sealed, store->db, piece, err);
    if (status == OK)
        status = doom(store, slot, err);
    if (status == OK)
        status = database_remove_piece(store->db, piece, err);
    if (status == NOT_FOUND)
        status = OK;
    if (status != OK || rows->len == 0 || rows->overflowed)
        return status;
    status = keyring_take(&slot, key, store->keyring, err);
    if (status != OK)
        return status;
    seal_close(&store->sealed, commitment, key, piece_mark | piece, buf_bytes(rows),
               store->world);
    sodium_memzero(key, sizeof key);
    return database_add_piece(store->db, piece, slot, buf_bytes(&store->sealed), err);
}

/* ---- Acts ---- */

enum status words_write(struct store *store, const struct record_row *row,
                        const struct record *record, bool is_new, struct err *err)
{
    struct words *words = &store->words;
    if (row->kind != KIND_THING)
        return OK;
    enum status status = read_reached(store, err);
    if (status != OK || (!words->following && !words->has_finder))
        return status;
    make_words(words, record);
    if (words->has_finder) {
        if (!is_new)
            words->finder.drop(words->finder.context, row->number);
        if (words->one.len > 0)
            words->finder.put(words->finder.context, row->number, row->case_number,
                              buf_bytes(&words->one));
    }
    if (!words->following)
        return OK;
    words->waiting.max = SIZE_MAX;
    add_row(&words->waiting,
            &(struct row){row->number, row->case_number, buf_bytes(&words->one)});
    words->waiting_count++;
    return words->waiting_count >= WAITING_ROWS ? words_save(store, err) : OK;
}

enum status words_erase(struct slot_list *slots, struct store *store, uint64_t number,
                        struct err *err)
{
    struct words *words = &store->words;
    struct cursor cursor = {.rest = buf_bytes(&words->waiting)};
    struct row row;
    uint64_t slot, piece = number >> WORDS_PIECE_BITS;
    while (next_row(&row, &cursor))
        if (row.number == number)
            sodium_memzero((uint8_t *)words->waiting.at +
                               (row.words.at - words->waiting.at),
                           row.words.len);
    if (words->has_finder)
        words->finder.drop(words->finder.context, number);
    /* What of the piece was saved already does not wait any more: only a finder can make it whole. */
    words->since = store->head.tree.size;
    enum status status = database_piece(&slot, &store->sealed, store->db, piece, err);
    if (status == OK) {
        slot_list_add(slots, slot);
        status = database_remove_piece(store->db, piece, err);
    }
    return status == NOT_FOUND ? OK : status;
}

enum status words_clear(struct store *store, struct err *err)
{
    struct slot_list slots = {0};
    enum status status = database_clear_pieces(&slots, store->db, err);
    for (size_t i = 0; i < slots.count && status == OK; i++)
        status = doom(store, slots.items[i], err);
    slot_list_release(&slots);
    store->words.since = store->head.tree.size;
    return status == OK ? write_reached(store, err) : status;
}

/* ---- What changed since the pieces were written ---- */

struct numbers {
    const struct store *store;
    uint64_t *at;
    size_t count, capacity;
};

static enum status note_change(void *context, uint64_t sequence, struct bytes wire,
                               struct err *err)
{
    struct numbers *numbers = context;
    struct entry entry;
    uint64_t number;
    (void)sequence;
    enum status status = entry_parse(&entry, wire, err);
    if (status != OK || entry.verb == VERB_READ || entry.verb == VERB_SEARCH ||
        entry_id_is_none(entry.object))
        return status;
    if (!secrets_number(&number, &numbers->store->secrets, entry.object))
        return OK;
    /* A thing, or a case or a user: that is seen when its row is read. */
    grow_to((void **)&numbers->at, &numbers->capacity, numbers->count, sizeof *numbers->at);
    numbers->at[numbers->count++] = number;
    return OK;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Sorted, each once. */
static enum status find_changes(struct numbers *numbers, struct store *store, uint64_t from,
                                uint64_t to, struct err *err)
{
    enum status status =
        database_entries(store->db, from, to - from, note_change, numbers, err);
    size_t kept = 0;
    if (numbers->count > 0)
        qsort(numbers->at, numbers->count, sizeof *numbers->at, by_number);
    for (size_t i = 0; i < numbers->count; i++)
        if (kept == 0 || numbers->at[i] != numbers->at[kept - 1])
            numbers->at[kept++] = numbers->at[i];
    numbers->count = kept;
    return status;
}

static bool has_number(const struct numbers *numbers, uint64_t number)
{
    return numbers->count > 0 &&
           bsearch(&number, numbers->at, numbers->count, sizeof number, by_number) != NULL;
}

/* ---- Reading ---- */

struct reading {
    struct store *store;
    struct numbers changed;
    struct buf rows; /* of the piece at hand, as it will be written */
    size_t made;     /* rows of it that were made from records */
};

static void tell(struct reading *reading, const struct row *row)
{
    struct words *words = &reading->store->words;
    add_row(&reading->rows, row);
    if (words->has_finder && row->words.len > 0)
        words->finder.put(words->finder.context, row->number, row->case_number, row->words);
}

static enum status make_row(struct reading *reading, const struct record_row *row,
                            struct err *err)
{
    struct store *store = reading->store;
    struct record record;
    unsigned roles;
    if (row->erased || row->kind != KIND_THING)
        return OK;
    arena_reset(&store->scratch);
    enum status status =
        version_read(&record, &roles, store, row->latest, &store->scratch, err);
    if (status != OK)
        return status;
    make_words(&store->words, &record);
    reading->made++;
    if (store->words.one.len > 0)
        tell(reading,
             &(struct row){row->number, row->case_number, buf_bytes(&store->words.one)});
    return OK;
}

static enum status make_piece(struct reading *reading, uint64_t piece, struct err *err)
{
    struct record_row *rows = xmalloc(PAGE * sizeof *rows);
    const struct record_filter things = {.choice = RECORDS_THINGS};
    uint64_t first = piece << WORDS_PIECE_BITS, end = first + WORDS_PIECE;
    uint64_t after = first > 0 ? first - 1 : 0; /* number 0 is the node's first entry */
    enum status status = OK;
    for (;;) {
        size_t count = 0;
        status =
            database_records(rows, &count, PAGE, reading->store->db, &things, after, err);
        if (status != OK || count == 0)
            break;
        for (size_t i = 0; i < count && rows[i].number < end && status == OK; i++)
            status = make_row(reading, &rows[i], err);
        after = rows[count - 1].number;
        if (status != OK || after + 1 >= end)
            break;
    }
    free(rows);
    return status;
}

/* The piece as it was kept, but for what changed, and that from its records. */
static enum status update_piece(struct reading *reading, uint64_t piece, struct err *err)
{
    struct store *store = reading->store;
    struct cursor cursor = {.rest = buf_bytes(&store->opened)};
    struct row row;
    while (next_row(&row, &cursor))
        if (!has_number(&reading->changed, row.number))
            tell(reading, &row);
    if (cursor.failed)
        return fail(err, CONFLICT, "words of records are damaged; run `enlace rebuild`");
    enum status status = OK;
    for (size_t i = 0; i < reading->changed.count && status == OK; i++) {
        struct record_row record;
        if (reading->changed.at[i] >> WORDS_PIECE_BITS != piece)
            continue;
        status = database_record(&record, store->db, reading->changed.at[i], err);
        if (status == OK)
            status = make_row(reading, &record, err);
        if (status == NOT_FOUND) /* an object that is no record: an import */
            status = OK;
    }
    return status;
}

static enum status read_piece(struct reading *reading, uint64_t piece, bool worth,
                              struct err *err)
{
    uint64_t slot;
    buf_clear(&reading->rows);
    reading->made = 0;
    enum status status = open_piece(&slot, reading->store, piece, err);
    if (status == NOT_FOUND)
        status = make_piece(reading, piece, err);
    else if (status == OK)
        status = update_piece(reading, piece, err);
    if (status == OK && (reading->made >= WORTH_ROWS || (worth && reading->made > 0)))
        status = write_piece(reading->store, piece, &reading->rows, err);
    return status;
}

static enum status read_all(struct reading *reading, struct err *err)
{
    struct store *store = reading->store;
    uint64_t size = store->head.tree.size;
    enum status status = read_reached(store, err);
    if (status == OK)
        status = find_changes(&reading->changed, store, store->words.reached, size, err);
    bool worth = reading->changed.count >= WORTH_ROWS ||
                 size - store->words.reached >= WORTH_ENTRIES;
    for (uint64_t piece = 0; status == OK && piece << WORDS_PIECE_BITS < size; piece++)
        status = read_piece(reading, piece, worth, err);
    if (status == OK && worth)
        status = write_reached(store, err);
    store->words.since = size;
    store->words.following = true;
    return status;
}

enum status store_attach(struct store *store, const struct finder *finder, struct err *err)
{
    struct reading reading = {
        .store = store, .changed = {.store = store}, .rows = {.max = PIECE_MAX}};
    struct err why = {0};
    enum status status = store_commit(store, err);
    if (status == OK)
        status = store_begin(store, err);
    if (status != OK)
        return status;
    store->words.finder = *finder;
    store->words.has_finder = true;
    status = read_all(&reading, &why);
    if (status != OK)
        status = store_stop(store, &why, err);
    else
        status = store_commit(store, err);
    wipe(&reading.rows);
    free(reading.changed.at);
    return status;
}

/* ---- Saving what waits ---- */

/* The rows that wait, the last of each number alone, by piece. */
struct waiting_row {
    struct row row;
    size_t place;
};

static int by_piece(const void *a, const void *b)
{
    const struct waiting_row *x = a, *y = b;
    if (x->row.number != y->row.number)
        return x->row.number < y->row.number ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static size_t sort_waiting(struct waiting_row *rows, const struct words *words)
{
    struct cursor cursor = {.rest = buf_bytes(&words->waiting)};
    size_t count = 0, kept = 0;
    while (count < words->waiting_count && next_row(&rows[count].row, &cursor)) {
        rows[count].place = count;
        count++;
    }
    qsort(rows, count, sizeof *rows, by_piece);
    for (size_t i = 0; i < count; i++)
        if (i + 1 == count || rows[i + 1].row.number != rows[i].row.number)
            rows[kept++] = rows[i];
    return kept;
}

/* Rows of one piece go into it. A piece that is missing is written only when all its records came
 * since we follow; else it is made when a finder is attached. */
static enum status save_piece(struct store *store, uint64_t piece,
                              const struct waiting_row *rows, size_t count, struct buf *out,
                              struct err *err)
{
    struct row old;
    uint64_t slot;
    size_t next = 0;
    buf_clear(out);
    enum status status = open_piece(&slot, store, piece, err);
    if (status == NOT_FOUND && piece << WORDS_PIECE_BITS < store->words.since)
        return OK;
    struct cursor cursor = {.rest = buf_bytes(&store->opened)};
    while (status == OK && next_row(&old, &cursor)) {
        for (next = 0; next < count && rows[next].row.number < old.number;)
            next++;
        if (next == count || rows[next].row.number != old.number)
            add_row(out, &old);
    }
    if (status != OK && status != NOT_FOUND)
        return status;
    for (size_t i = 0; i < count; i++) {
        struct record_row record;
        status = database_record(&record, store->db, rows[i].row.number, err);
        if (status != OK)
            return status;
        if (!record.erased && rows[i].row.words.len > 0)
            add_row(out, &rows[i].row);
    }
    return write_piece(store, piece, out, err);
}

static enum status save_waiting(struct store *store, struct err *err)
{
    struct words *words = &store->words;
    struct waiting_row *rows = xmalloc((words->waiting_count + 1) * sizeof *rows);
    struct buf out = {.max = PIECE_MAX};
    size_t count = sort_waiting(rows, words), end;
    enum status status = OK;
    for (size_t i = 0; i < count && status == OK; i = end) {
        uint64_t piece = rows[i].row.number >> WORDS_PIECE_BITS;
        for (end = i + 1; end < count && rows[end].row.number >> WORDS_PIECE_BITS == piece;)
            end++;
        status = save_piece(store, piece, rows + i, end - i, &out, err);
    }
    wipe(&out);
    free(rows);
    if (status == OK)
        status = write_reached(store, err);
    sodium_memzero(words->waiting.at, words->waiting.len);
    buf_clear(&words->waiting);
    words->waiting_count = 0;
    return status;
}

/* Changes from before we follow: few, or none at all when a finder read them. */
static enum status catch_up(struct store *store, struct err *err)
{
    struct words *words = &store->words;
    struct numbers changed = {.store = store};
    enum status status = OK;
    if (words->reached >= words->since)
        return OK;
    status = find_changes(&changed, store, words->reached, words->since, err);
    if (status == OK && changed.count > WORTH_ROWS) {
        words->following = false; /* the next finder reads them */
        sodium_memzero(words->waiting.at, words->waiting.len);
        buf_clear(&words->waiting);
        words->waiting_count = 0;
    }
    struct numbers waiting = {.store = store};
    struct cursor cursor = {.rest = buf_bytes(&words->waiting)};
    struct row row;
    while (words->following && next_row(&row, &cursor)) {
        grow_to((void **)&waiting.at, &waiting.capacity, waiting.count, sizeof *waiting.at);
        waiting.at[waiting.count++] = row.number;
    }
    if (waiting.count > 0)
        qsort(waiting.at, waiting.count, sizeof *waiting.at, by_number);
    for (size_t i = 0; words->following && i < changed.count && status == OK; i++) {
        struct record_row record;
        struct record read;
        unsigned roles;
        if (has_number(&waiting, changed.at[i]))
            continue;
        status = database_record(&record, store->db, changed.at[i], err);
        if (status == NOT_FOUND) { /* an object that is no record: an import */
            status = OK;
            continue;
        }
        if (status != OK || record.erased || record.kind != KIND_THING)
            continue;
        struct arena arena = {0};
        status = version_read(&read, &roles, store, record.latest, &arena, err);
        if (status == OK) {
            make_words(words, &read);
            add_row(&words->waiting, &(struct row){record.number, record.case_number,
                                                   buf_bytes(&words->one)});
            words->waiting_count++;
        }
        arena_release(&arena);
    }
    free(waiting.at);
    free(changed.at);
    return status;
}

enum status words_save(struct store *store, struct err *err)
{
    struct words *words = &store->words;
    if (!words->following || words->waiting_count < WORTH_ROWS)
        return OK;
    enum status status = catch_up(store, err);
    return status == OK && words->following ? save_waiting(store, err) : status;
}
