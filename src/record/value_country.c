/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "record/country.h"
#include "record/value_rows.h"
#include "record/value_tools.h"
#include "record/verdict.h"

static void country_clean(struct value_result *out, struct bytes raw,
                          const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    const char *code = country_find(raw);
    if (code != NULL)
        verdict_fine(out, bytes_text(code));
    else
        verdict_refuse(
            out, arena,
            "\"%s\" is no country or territory we know; write its ISO 3166 code (CO, "
            "COL) or its English, Spanish, French or Portuguese name",
            value_shown(raw, arena));
}

/* FollowTheMoney's: a country says little about who somebody is. */
static double country_specificity(struct bytes clean)
{
    (void)clean;
    return 0.1;
}

static size_t country_suggest(struct bytes *out, size_t max, struct bytes raw,
                              struct arena *arena)
{
    const char **names = arena_zalloc(arena, country_table_count, sizeof *names);
    for (size_t i = 0; i < country_table_count; i++)
        names[i] = country_table[i].name;
    const char *near = text_nearest(raw, names, country_table_count);
    if (near == NULL || max == 0)
        return 0;
    out[0] = bytes_text(near);
    return 1;
}

const struct value_type value_type_country = {
    .name = "country",
    .label = "country or territory (ISO 3166)",
    .ftm = "country",
    .clean = country_clean,
    .specificity = country_specificity,
    .suggest = country_suggest,
};
