/* SPDX-License-Identifier: Apache-2.0
 *
 * Legal forms in scripts that set no blank between a name and its form, or that write a form with
 * a sign of its own: they are taken for what they are before the name is brought to Latin.
 */
#include "record/legal_form.h"

#include "base/memory.h"
#include "base/text.h"

/* What is written, and the words of record/legal_form.c that mean it. The longer of two that
 * begin or end alike stands first. */
static const struct {
    const char *written, *words;
} native[] = {
    /* Chinese: mainland, and Taiwan and Hong Kong */
    {"股份有限公司", "gufen youxian gongsi"},
    {"有限责任公司", "youxian zeren gongsi"},
    {"有限責任公司", "youxian zeren gongsi"},
    {"有限公司", "youxian gongsi"},
    {"（有限合伙）", "youxian hehuo"},
    {"(有限合伙)", "youxian hehuo"},
    {"有限合伙", "youxian hehuo"},
    {"有限合夥", "youxian hehuo"},
    /* Japanese */
    {"株式会社", "kabushiki kaisha"},
    {"株式會社", "kabushiki kaisha"},
    {"（株）", "kabushiki kaisha"},
    {"(株)", "kabushiki kaisha"},
    {"㈱", "kabushiki kaisha"},
    {"有限会社", "yugen kaisha"},
    {"有限會社", "yugen kaisha"},
    {"（有）", "yugen kaisha"},
    {"(有)", "yugen kaisha"},
    {"㈲", "yugen kaisha"},
    {"合同会社", "godo kaisha"},
    {"（同）", "godo kaisha"},
    {"(同)", "godo kaisha"},
    {"合資会社", "goshi kaisha"},
    {"合名会社", "gomei kaisha"},
    {"カブシキガイシャ", "kabushiki kaisha"},
    /* Korean */
    {"주식회사", "jusikhoesa"},
    {"（주）", "jusikhoesa"},
    {"(주)", "jusikhoesa"},
    {"㈜", "jusikhoesa"},
    {"유한책임회사", "yuhanchaegimhoesa"},
    {"유한회사", "yuhanhoesa"},
    {"（유）", "yuhanhoesa"},
    {"(유)", "yuhanhoesa"},
    {"합자회사", "hapjahoesa"},
    {"합명회사", "hapmyeonghoesa"},
    /* Thai */
    {"ห้างหุ้นส่วนจำกัด", "limited partnership"},
    {"หจก.", "limited partnership"},
    {"บริษัทจำกัด", "company limited"},
    {"บริษัท", "borisat"},
    {"บจก.", "company limited"},
    {"บมจ.", "public company limited"},
    {"(มหาชน)", "mahachon"},
    {"จำกัด", "chamkat"},
};

static bool starts(struct bytes text, struct bytes with)
{
    return text.len > with.len && memcmp(text.at, with.at, with.len) == 0;
}

static bool ends(struct bytes text, struct bytes with)
{
    return text.len > with.len &&
           memcmp(text.at + text.len - with.len, with.at, with.len) == 0;
}

/* Takes one form from an end of *text and gives its words, or NULL. Something always stays. */
static const char *take(struct bytes *text, bool front)
{
    *text = text_trim(*text);
    for (size_t i = 0; i < sizeof native / sizeof *native; i++) {
        struct bytes form = bytes_text(native[i].written);
        if (!(front ? starts(*text, form) : ends(*text, form)))
            continue;
        *text = bytes_slice(*text, front ? form.len : 0, text->len - form.len);
        return native[i].words;
    }
    return NULL;
}

static bool is_ascii(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] >= 0x80)
            return false;
    return true;
}

struct bytes legal_forms_in_latin(struct bytes text, struct arena *arena)
{
    if (is_ascii(text))
        return text;
    const char *before = "", *after = "", *words;
    struct bytes rest = text;
    while ((words = take(&rest, true)) != NULL)
        before = arena_printf(arena, "%s%s ", before, words);
    while ((words = take(&rest, false)) != NULL)
        after = arena_printf(arena, " %s%s", words, after);
    if (rest.len == 0 || (before[0] == '\0' && after[0] == '\0'))
        return text;
    return bytes_text(arena_printf(arena, "%s%.*s%s", before, (int)rest.len,
                                   (const char *)rest.at, after));
}
