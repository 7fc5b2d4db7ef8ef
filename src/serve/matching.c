/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/matching_inside.h"

#include "base/world.h"
#include "record/normaliser.h"

#include <time.h>

enum status matching_open(struct matching *matching, bool *barred, struct err *err)
{
    struct vault_last last;
    bool is_barred = false;
    normaliser_hash(matching->normaliser);
    enum status status = vault_last(&last, matching->vault, err);
    if (status != OK)
        return status;
    memcpy(matching->key, last.public_key, IDENTITY_KEY);
    status = matching_tell_quota(&is_barred, matching, err);
    if (barred != NULL)
        *barred = is_barred;
    return status;
}

enum status matching_partners(struct partner_list *list, struct matching *matching,
                              struct arena *arena, struct err *err)
{
    *list = (struct partner_list){NULL, 0};
    if (matching->partners.list == NULL)
        return OK;
    enum status status = matching->partners.list(matching->partners.context, &list->items,
                                                 &list->count, arena, err);
    if (status == OK && list->count > PARTNERS_MAX)
        return fail(err, TOO_LARGE, "more than %d partners", PARTNERS_MAX);
    return status;
}

const struct partner *partner_by_key(const struct partner_list *list,
                                     const uint8_t key[IDENTITY_KEY])
{
    for (size_t i = 0; i < list->count; i++)
        if (memcmp(list->items[i].key, key, IDENTITY_KEY) == 0)
            return &list->items[i];
    return NULL;
}

unsigned matching_silent_s(const struct matching *matching, const struct partner *partner)
{
    return matching->silent_s != NULL
               ? matching->silent_s(matching->line.context, partner->key)
               : 0;
}

static enum status add_circle(struct circle_list *circles, const struct circle *circle,
                              unsigned class, struct err *err)
{
    size_t i = 0;
    while (i < circles->count && !circle_equal(&circles->items[i].circle, circle))
        i++;
    if (i == MATCHING_CIRCLES_MAX)
        return fail(err, TOO_LARGE, "more than %d circles", MATCHING_CIRCLES_MAX);
    if (i == circles->count) {
        circles->items[i].circle = *circle;
        circles->items[i].classes = 0;
        circles->count++;
    }
    circles->items[i].classes |= 1U << class;
    return OK;
}

enum status matching_circles(struct circle_list *circles,
                             const struct partner_list *partners,
                             const struct partner *only, struct err *err)
{
    enum status status = OK;
    circles->count = 0;
    for (size_t i = 0; i < partners->count; i++)
        for (unsigned class = 0; class < KEY_CLASSES && status == OK; class ++) {
            const struct partner *partner = &partners->items[i];
            if (partner->classes[class].agreed && (only == NULL || only == partner))
                status = add_circle(circles, &partner->classes[class].circle, class, err);
        }
    return status;
}

void matching_day(char out[MATCHING_DAY], const struct world *world)
{
    time_t now = (time_t)world_now_s(world);
    struct tm day;
    gmtime_r(&now, &day);
    if (strftime(out, MATCHING_DAY, "%Y-%m-%d", &day) == 0)
        memcpy(out, "9999-12-31", MATCHING_DAY);
}
