/* SPDX-License-Identifier: Apache-2.0
 *
 * What we hold goes to the vault as keys, and comes back as maps and an announcement. Whether those are a
 * new base or deltas to the last one is for the vault to see: it knows what was withdrawn.
 *
 * A circle's state, `epoch:CIRCLE`: classes agreed 4 | size of the log before 8 | announcement.
 */
#include "serve/matching_inside.h"

#include "base/log.h"
#include "base/world.h"
#include "store/belonging.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

enum { STATE_HEAD = 4 + 8 };

static const char *state_name(char out[STATE_NAME_MAX], const struct circle *circle)
{
    snprintf(out, STATE_NAME_MAX, "epoch:%s", circle->name);
    return out;
}

struct base {
    unsigned classes;
    uint64_t size;
    struct epoch epoch;
    struct buf wire;
};

/* The last announcement for the circle, expired or not. NOT_FOUND: none yet, or none in this form. */
static enum status last_base(struct base *base, struct matching *matching,
                             const struct circle *circle, struct err *err)
{
    char name[STATE_NAME_MAX];
    struct buf value = {.max = STATE_MAX};
    *base = (struct base){.wire = {.max = EPOCH_WIRE_MAX}};
    enum status status =
        store_state(&value, matching->store, state_name(name, circle), err);
    if (status == OK && value.len < STATE_HEAD)
        status =
            fail(err, CONFLICT, "the announcement for circle %s is damaged", circle->name);
    if (status == OK) {
        base->classes = load_be32(value.at);
        base->size = load_be64(value.at + 4);
        buf_add(&base->wire,
                bytes_slice(buf_bytes(&value), STATE_HEAD, value.len - STATE_HEAD));
        status = epoch_is_of_other_form(buf_bytes(&base->wire))
                     ? fail(err, NOT_FOUND, "it was announced by an earlier build")
                     : epoch_parse(&base->epoch, buf_bytes(&base->wire), err);
    }
    buf_release(&value);
    if (status != OK)
        buf_release(&base->wire);
    return status;
}

enum status matching_epoch(struct epoch *epoch, struct buf *wire, struct matching *matching,
                           const struct circle *circle, struct err *err)
{
    struct base base;
    enum status status = last_base(&base, matching, circle, err);
    if (status == NOT_FOUND)
        return fail(err, NOT_FOUND, "nothing is published for circle %s yet", circle->name);
    if (status != OK)
        return status;
    *epoch = base.epoch;
    buf_clear(wire);
    buf_add(wire, buf_bytes(&base.wire));
    buf_release(&base.wire);
    return OK;
}

enum status matching_epochs(struct epoch **out, size_t *count, struct matching *matching,
                            struct arena *arena, struct err *err)
{
    struct partner_list partners;
    struct circle_list circles;
    struct buf wire = {.max = EPOCH_WIRE_MAX};
    *count = 0;
    enum status status = matching_partners(&partners, matching, arena, err);
    if (status == OK)
        status = matching_circles(&circles, &partners, NULL, err);
    if (status != OK)
        return status;
    *out = arena_zalloc(arena, circles.count + 1, sizeof **out);
    for (size_t i = 0; i < circles.count && status == OK; i++) {
        status =
            matching_epoch(&(*out)[*count], &wire, matching, &circles.items[i].circle, err);
        *count += status == OK;
        status = status == NOT_FOUND ? OK : status;
    }
    buf_release(&wire);
    return status;
}

/* ---- Keys ---- */

static enum status interrupted(struct err *err)
{
    return fail(err, BUSY, "interrupted; what was announced before stays in force");
}

/* Until the vault has done what it was told; who needs no vault is answered meanwhile. */
static enum status wait_for_vault(struct matching *matching, struct err *err)
{
    enum { BREATH_MS = 20 };
    while (matching->breathe != NULL && vault_is_busy(matching->vault, BREATH_MS))
        if (matching->breathe(matching->breathe_context))
            return interrupted(err);
    return OK;
}

static enum status send_keys(struct buf *keys, struct matching *matching, struct err *err)
{
    enum status status = wait_for_vault(matching, err);
    if (status == OK && keys->len > 0)
        status = vault_publish_keys(matching->vault, buf_bytes(keys), err);
    buf_clear(keys);
    return status;
}

static enum status add_record(struct buf *keys, struct matching *matching,
                              const struct shield *shield, const struct shown *shown,
                              unsigned classes, struct arena *arena, struct err *err)
{
    struct key_list list = {0};
    struct kept kept;
    if (!matching_is_ours(matching, &shown->record))
        return OK;
    keys_of_record(&list, &shown->record, arena);
    if (list.count == 0)
        return OK;
    enum status status =
        matching_kept_back(&kept, shield, shown->number, &shown->record, &list, arena, err);
    if (status != OK)
        return status;
    kept_take_out(&list, &kept, &shown->record);
    for (size_t i = 0; i < list.count && status == OK; i++) {
        const struct key *key = &list.items[i];
        if ((classes & 1U << key->class) == 0)
            continue;
        if (keys->len + key->value.len + 16 > VAULT_KEYS_MAX)
            status = send_keys(keys, matching, err);
        vault_keys_add(keys, key->class, key->value, shown->number);
    }
    return status;
}

static enum status send_records(struct matching *matching, struct receipt *receipt,
                                unsigned classes, struct err *err)
{
    enum { BREATH = 64 }; /* records */
    struct arena arena = {0};
    struct buf keys = {.max = VAULT_KEYS_MAX};
    struct shown shown;
    struct shield *shield = matching_shield_open(matching->store, matching->world);
    enum status status = kin_gather(shield->kin, matching, receipt, err);
    for (size_t i = 0; status == OK; i++) {
        status = receipt_next(&shown, receipt, &arena, err);
        if (status == CONFLICT) { /* what cannot be read is not published */
            status = OK;
            continue;
        }
        if (status != OK)
            break;
        if (i % BREATH == 0 && matching->breathe != NULL &&
            matching->breathe(matching->breathe_context))
            status = interrupted(err);
        if (status != OK)
            break;
        status = add_record(&keys, matching, shield, &shown, classes, &arena, err);
        arena_reset(&arena);
        if (status != OK)
            break;
    }
    if (status == NOT_FOUND)
        status = send_keys(&keys, matching, err);
    matching_shield_close(shield);
    buf_release(&keys);
    arena_release(&arena);
    return status;
}

/* ---- A base ---- */

static enum status open_records(struct receipt **receipt, struct matching *matching,
                                const struct act *as, struct err *err)
{
    if (as == NULL)
        return store_publish(receipt, matching->store, err);
    struct act act = *as;
    act.verb = VERB_PUBLISH;
    return act_perform(receipt, matching->store, &act, err);
}

static enum status log_epoch(struct matching *matching, const struct act *as,
                             const char *name, struct bytes wire, struct bytes state,
                             struct err *err)
{
    struct receipt *receipt = NULL;
    enum status status;
    if (as == NULL) {
        const struct note note = {
            .verb = VERB_EPOCH, .body = wire, .state = name, .value = state};
        status = store_note(NULL, matching->store, &note, err);
        return status == OK ? store_commit(matching->store, err) : status;
    }
    struct act act = *as;
    act.verb = VERB_EPOCH;
    act.note = wire;
    act.state = name;
    act.value = state;
    status = act_perform(&receipt, matching->store, &act, err);
    receipt_close(receipt);
    return status;
}

static enum status finish(struct vault_published *published, struct matching *matching,
                          struct err *err)
{
    enum status status = vault_publish_finish(matching->vault, err);
    if (status == OK)
        status = wait_for_vault(matching, err);
    return status == OK ? vault_publish_end(published, matching->vault, err) : status;
}

static enum status make_base(struct matching_published *out, struct matching *matching,
                             const struct act *as, const struct circle *circle,
                             unsigned classes, bool new_epoch, struct err *err)
{
    struct base before;
    struct receipt *receipt = NULL;
    struct vault_published published = {0};
    struct buf state = {.max = STATE_MAX};
    struct epoch epoch;
    char name[STATE_NAME_MAX];
    uint64_t size = store_size(matching->store);
    struct vault_publish publish = {
        .circle = *circle, .normaliser = matching->normaliser, .new_seed = new_epoch};
    enum status status = last_base(&before, matching, circle, err);
    if (status == OK) {
        publish.previous = buf_bytes(&before.wire);
        publish.floor = before.epoch.number;
    } else if (status == NOT_FOUND) {
        status = OK;
    }
    if (status == OK)
        status = open_records(&receipt, matching, as, err);
    if (status == OK)
        status = vault_publish_begin(&out->number, matching->vault, &publish, err);
    if (status == OK)
        status = send_records(matching, receipt, classes, err);
    if (status == OK)
        status = finish(&published, matching, err);
    if (status == OK)
        status = epoch_parse(&epoch, published.epoch_wire, err);
    if (status == OK) {
        buf_add_be32(&state, classes);
        buf_add_be64(&state, size);
        buf_add(&state, published.epoch_wire);
        status =
            log_epoch(matching, as, state_name(name, circle),
                      bytes_slice(buf_bytes(&state), STATE_HEAD, state.len - STATE_HEAD),
                      buf_bytes(&state), err);
    }
    if (status == OK) {
        memcpy(out->circle, circle->name, CIRCLE_FIELD);
        out->keys = published.keys;
        out->records = published.records;
        out->evaluated = published.evaluated;
        out->bytes = published.bytes;
        out->base = epoch.base_number;
        out->until_s = epoch.until_s;
    }
    receipt_close(receipt);
    buf_release(&before.wire);
    buf_release(&state);
    return status;
}

/* While it goes on others are answered under the announcement that there is, and none begins another. */
static enum status publish_circle(struct matching_published *out, struct matching *matching,
                                  const struct act *as, const struct circle *circle,
                                  unsigned classes, bool new_epoch, struct err *err)
{
    if (vault_is_publishing(matching->vault))
        return fail(err, BUSY, "maps are being made already");
    vault_set_publishing(matching->vault, true);
    enum status status = make_base(out, matching, as, circle, classes, new_epoch, err);
    if (status != OK)
        vault_publish_give_up(matching->vault);
    vault_set_publishing(matching->vault, false);
    return status;
}

/* ---- Maps that are in force no more ---- */

static bool is_in_force(const struct epoch *epochs, size_t count, const char *name)
{
    uint8_t id[MAP_ID];
    size_t len = strlen(name);
    if (len != 2 * MAP_ID + 4 || !hex_read(id, MAP_ID, bytes_of(name, 2 * MAP_ID)))
        return true; /* none of ours */
    for (size_t i = 0; i < count; i++)
        for (size_t class = 0; class < KEY_CLASSES; class ++)
            if (epochs[i].classes[class].offered &&
                (memcmp(epochs[i].classes[class].map_id, id, MAP_ID) == 0 ||
                 memcmp(epochs[i].classes[class].delta_id, id, MAP_ID) == 0))
                return true;
    return false;
}

static void drop_old_maps(struct matching *matching, const struct circle_list *circles)
{
    struct arena arena = {0};
    struct epoch *epochs = arena_zalloc(&arena, circles->count + 1, sizeof *epochs);
    struct buf wire = {.max = EPOCH_WIRE_MAX};
    const char *path = arena_printf(&arena, "%s/maps", matching->folder);
    size_t count = 0;
    for (size_t i = 0; i < circles->count; i++)
        count += matching_epoch(&epochs[count], &wire, matching, &circles->items[i].circle,
                                NULL) == OK;
    DIR *folder = opendir(path);
    for (const struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        if (!is_in_force(epochs, count, entry->d_name))
            unlink(arena_printf(&arena, "%s/%s", path, entry->d_name));
    if (folder != NULL)
        closedir(folder);
    buf_release(&wire);
    arena_release(&arena);
}

enum status matching_publish(struct matching_published *out, size_t *count,
                             struct matching *matching, const struct act *as,
                             bool new_epoch, struct err *err)
{
    struct arena arena = {0};
    struct partner_list partners;
    struct circle_list circles;
    *count = 0;
    enum status status = matching_partners(&partners, matching, &arena, err);
    if (status == OK)
        status = matching_circles(&circles, &partners, NULL, err);
    for (size_t i = 0; status == OK && i < circles.count; i++) {
        status = publish_circle(&out[i], matching, as, &circles.items[i].circle,
                                circles.items[i].classes, new_epoch && i == 0, err);
        *count += status == OK;
    }
    if (status == OK)
        drop_old_maps(matching, &circles);
    arena_release(&arena);
    return status;
}

/* ---- From time to time ---- */

/* Was it made by a clock that was ahead? No partner believes it before its time. */
static bool is_from_the_future(int64_t from_s, const struct matching *matching)
{
    return from_s > world_now_s(matching->world) + CLOCK_SKEW_S;
}

/* seed: number of the first announcement under the latest. One under an older seed is due: maps under the
 * latest were begun, and given up. */
static enum status is_due(bool *due, struct matching *matching, const struct circle *circle,
                          unsigned classes, uint64_t seed, struct err *err)
{
    struct base base;
    int64_t now_s = world_now_s(matching->world);
    enum status status = last_base(&base, matching, circle, NULL);
    *due = status != OK || base.classes != classes || now_s >= base.epoch.until_s ||
           base.epoch.number < seed || is_from_the_future(base.epoch.from_s, matching) ||
           memcmp(base.epoch.normaliser, matching->normaliser, NORMALISER) != 0;
    bool old = status == OK && now_s - base.epoch.from_s >= MATCHING_BASE_S;
    buf_release(&base.wire);
    if (*due || !old)
        return OK;
    return store_changed(due, matching->store, base.size, err);
}

/* *first: number of the first announcement under the latest seed; 0: there is none. */
static enum status seed_is_old(bool *old, uint64_t *first, struct matching *matching,
                               struct err *err)
{
    struct vault_epoch epochs[VAULT_EPOCHS_MAX];
    size_t count;
    enum status status = vault_epochs(epochs, &count, matching->vault, err);
    if (status != OK || count == 0) {
        *old = false;
        *first = 0;
        return status;
    }
    const struct vault_epoch *last = &epochs[count - 1];
    bool future = is_from_the_future(last->from_s, matching);
    *old = future || world_now_s(matching->world) - last->from_s >= MATCHING_SEED_S;
    *first = last->first;
    if (future)
        log_event(
            LOG_WARN, "clock-went-back", "why",
            "the last maps are dated more than two days after now: a clock was ahead, or "
            "is behind; new ones are made by the clock as it is now",
            NULL);
    return OK;
}

enum status matching_tend(struct matching *matching, struct err *err)
{
    struct arena arena = {0};
    struct partner_list partners;
    struct circle_list circles;
    struct matching_published published[MATCHING_CIRCLES_MAX];
    size_t count;
    uint64_t seed = 0;
    bool new_seed = false;
    if (vault_is_publishing(matching->vault))
        return OK;
    enum status status = matching_partners(&partners, matching, &arena, err);
    if (status == OK)
        status = matching_circles(&circles, &partners, NULL, err);
    if (status == OK && circles.count > 0)
        status = seed_is_old(&new_seed, &seed, matching, err);
    if (status == OK && new_seed) {
        status = matching_publish(published, &count, matching, NULL, true, err);
        circles.count = 0;
    }
    for (size_t i = 0; status == OK && i < circles.count; i++) {
        bool due;
        status = is_due(&due, matching, &circles.items[i].circle, circles.items[i].classes,
                        seed, err);
        if (status == OK && due)
            status = publish_circle(&published[0], matching, NULL, &circles.items[i].circle,
                                    circles.items[i].classes, false, err);
        if (status == OK && due)
            drop_old_maps(matching, &circles);
    }
    arena_release(&arena);
    return status;
}
