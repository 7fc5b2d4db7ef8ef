/* SPDX-License-Identifier: Apache-2.0
 *
 * The report's page, its workbook and the briefing, of an invented result: complete, well formed,
 * and deaf to what its texts would like it to do.
 */
#include "base/file.h"
#include "base/text.h"
#include "formats/xlsx.h"
#include "watch/briefing.h"
#include "watch/report.h"
#include "watch/report_parts.h"
#include "watch/report_world.h"

#include "check.h"
#include "temporary.h"
#include "watch_sample.h"

#include <sodium.h>

static const char *page_of(const struct watch_result *result, struct arena *arena)
{
    struct buf out = {.max = REPORT_BYTES_MAX};
    struct err err = {0};
    CHECK_SEEN(report_page(&out, result, &err) == OK, "%s", err.text);
    const char *text = arena_text(arena, buf_bytes(&out));
    buf_release(&out);
    return text;
}

/* --- the page is well formed: every element that is opened is closed, in order --- */

enum { OPEN_MAX = 100 };

static const char *const void_elements[] = {"meta", "br", "!DOCTYPE"};

static bool is_void(struct bytes name)
{
    for (size_t i = 0; i < sizeof void_elements / sizeof *void_elements; i++)
        if (bytes_is(name, void_elements[i]))
            return true;
    return false;
}

/* "" or what is wrong. Also collects the names of attributes in used. */
static const char *fault_of(const char *page, struct buf *used, struct arena *arena)
{
    struct bytes open[OPEN_MAX];
    size_t depth = 0;
    for (const char *at = page; *at != '\0'; at++) {
        if (*at == '>')
            return arena_printf(arena, "a > in the text: %.60s", at);
        if (*at != '<')
            continue;
        bool closing = at[1] == '/';
        const char *name = at + 1 + closing;
        size_t len = strcspn(name, " />");
        struct bytes tag = bytes_of(name, len);
        at = name + len;
        for (; *at != '>' && *at != '\0'; at++) {
            if (*at == '<')
                return arena_printf(arena, "a < in a tag: %.60s", at);
            if (*at == '"') {
                const char *quote = strchr(at + 1, '"');
                if (quote == NULL)
                    return "an attribute does not end";
                if (memchr(at, '<', (size_t)(quote - at)) != NULL)
                    return arena_printf(arena, "a < in an attribute: %.60s", at);
                at = quote;
            } else if (*at == ' ') {
                size_t word = strcspn(at + 1, " =/>");
                buf_addf(used, " %.*s ", (int)word, at + 1);
            }
        }
        if (*at == '\0')
            return "a tag does not end";
        if (closing) {
            if (depth == 0 || !bytes_equal(open[depth - 1], tag))
                return arena_printf(arena, "</%.*s> closes nothing", (int)len, name);
            depth--;
        } else if (at[-1] != '/' && !is_void(tag)) {
            if (depth == OPEN_MAX)
                return "too deep";
            open[depth++] = tag;
            if (bytes_is(tag, "style")) /* its text is not markup */
                at = strstr(at, "</style>") - 1;
        }
    }
    return depth == 0 ? "" : "an element is not closed";
}

static void check_deaf(const char *page, const char *name, struct arena *arena)
{
    struct buf used = {.max = 64 * 1024 * 1024};
    const char *fault = fault_of(page, &used, arena);
    CHECK_SEEN(fault[0] == '\0', "%s: %s", name, fault);
    const char *attributes = buf_text(&used);
    static const char *const forbidden[] = {" style ",  " src ",        " onerror ",
                                            " onload ", " xlink:href ", " action ",
                                            " srcset "};
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        CHECK_SEEN(strstr(attributes, forbidden[i]) == NULL, "%s:%s", name, forbidden[i]);
    CHECK(strstr(page, "<script") == NULL && strstr(page, "<img") == NULL);
    CHECK(strstr(page, "<link") == NULL && strstr(page, "@import") == NULL);
    CHECK(strstr(page, "url(") == NULL && strstr(page, "<iframe") == NULL);
    for (const char *at = page; (at = strstr(at, "href=\"")) != NULL; at++)
        CHECK_SEEN(at[6] == '#', "%.60s", at);
    CHECK(utf8_valid(bytes_text(page)));
    CHECK(strstr(page, "\xE2\x80\xAE") == NULL && strchr(page, '\x01') == NULL);
    buf_release(&used);
}

/* The policy names the one style by its hash, and lets nothing else in. */
static void check_policy(const char *page)
{
    const char *style = strstr(page, "<style>"), *end = strstr(page, "</style>");
    CHECK(style != NULL && end != NULL);
    uint8_t hash[crypto_hash_sha256_BYTES];
    char text[64];
    crypto_hash_sha256(hash, (const uint8_t *)style + 7, (size_t)(end - style) - 7);
    sodium_bin2base64(text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
    const char *policy = strstr(page, "Content-Security-Policy\" content=\"");
    CHECK(policy != NULL && policy < style);
    CHECK(strstr(policy, "default-src 'none'") != NULL && strstr(policy, "unsafe") == NULL);
    const char *named = strstr(policy, "style-src 'sha256-");
    CHECK(named != NULL && strncmp(named + 18, text, strlen(text)) == 0);
}

static void check_page(void)
{
    struct arena arena = {0};
    struct watch_result result;
    sample_result(&result, false, 3);
    const char *page = page_of(&result, &arena);
    check_deaf(page, "sample", &arena);
    check_policy(page);
    static const char *const wanted[] = {
        "as of 2025-12-31",
        "seizures-2021-2025.xlsx",
        "39,871",
        "Asked for 1 false alarm a year",
        "id=\"alert-3\"",
        "9 seizures in 21 days, expected 0.4, once per 6.2 years",
        "rarer than once in 15 years",
        "doubles in 12 days (90 % interval 8 to 31)",
        "4 places within 120 km of Algeciras",
        "first on 2025-11-01, and grown since",
        "0.4 with the agency’s effort and the season; 0.3 by history alone",
        "22 % of the window",
        "a control of reefers that began in December",
        "cocaine from Guayaquil among bananas",
        "seed 20261124, aaaa",
        "<td>400</td>",
        "in the walls of a reefer",
        "águila azul",
        "<ellipse",
        "bulk upload",
        "Ten times the rows",
        "blank in 86 % of records",
        "Ecuador → Belgium: 800, of the last 90 days 0",
        "not stated → Italy",
        "href=\"#land\""};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        CHECK_SEEN(strstr(page, wanted[i]) != NULL, "not there: %s", wanted[i]);
    arena_release(&result.arena);

    sample_result(&result, true, 3);
    page = page_of(&result, &arena);
    check_deaf(page, "hostile", &arena);
    check_policy(page);
    CHECK(strstr(page, "&lt;script&gt;alert(1)") != NULL);
    arena_release(&result.arena);

    sample_nothing(&result);
    page = page_of(&result, &arena);
    check_deaf(page, "nothing", &arena);
    CHECK(strstr(page, "no records") != NULL && strstr(page, "too little history") != NULL);

    sample_result(&result, false, REPORT_CARDS_MAX + 20);
    page = page_of(&result, &arena);
    check_deaf(page, "many", &arena);
    CHECK(strstr(page, "href=\"#alert-300\"") != NULL);
    CHECK(strstr(page, "#alert-301") == NULL && strstr(page, "id=\"alert-301\"") == NULL);
    struct buf small = {.max = 10000};
    struct err err = {0};
    CHECK(report_page(&small, &result, &err) == TOO_LARGE);
    buf_release(&small);
    arena_release(&result.arena);
    arena_release(&arena);
}

/* --- the workbook can be read again; the briefing is two pages --- */

static void check_files(void)
{
    struct arena arena = {0};
    struct watch_result result;
    struct err err = {0};
    temporary_open();
    for (int hostile = 0; hostile < 2; hostile++) {
        sample_result(&result, hostile, 9);
        const char *path = temporary_path("report.XLSX");
        CHECK_SEEN(report_write(path, &result, &err) == OK, "%s", err.text);
        struct xlsx *xlsx = NULL;
        CHECK_SEEN(xlsx_open(&xlsx, path, &err) == OK, "%s", err.text);
        uint8_t start[4096];
        size_t count = 0;
        CHECK(xlsx_read(&count, xlsx, start, sizeof start, &err) == OK);
        CHECK(count > 200 && memcmp(start, "Alert,Raised,From,To,Rule,", 26) == 0);
        xlsx_close(xlsx);
        for (int language = 0; language < LANGUAGE_COUNT; language++) {
            struct bytes first, again;
            path = temporary_path("briefing.pdf");
            CHECK_SEEN(briefing_write(path, &result, (enum language)language, &err) == OK,
                       "%s", err.text);
            CHECK(file_read(&first, path, 1 << 24, &arena, &err) == OK);
            CHECK(first.len > 10000 && memcmp(first.at, "%PDF-", 5) == 0);
            CHECK(memmem(first.at, first.len, "/Count 2", 8) != NULL);
            CHECK(briefing_write(path, &result, (enum language)language, &err) == OK);
            CHECK(file_read(&again, path, 1 << 24, &arena, &err) == OK);
            CHECK(bytes_equal(first, again));
        }
        CHECK(report_write("/nonexistent/a/report.html", &result, &err) == IO_FAILED);
        CHECK(report_write("/nonexistent/a/report.xlsx", &result, &err) == IO_FAILED);
        CHECK(briefing_write("/nonexistent/a/b.pdf", &result, LANGUAGE_FR, &err) ==
              IO_FAILED);
        arena_release(&result.arena);
    }
    sample_nothing(&result);
    CHECK(report_write(temporary_path("nothing.html"), &result, &err) == OK);
    CHECK(report_write(temporary_path("nothing.xlsx"), &result, &err) == OK);
    CHECK(briefing_write(temporary_path("nothing.pdf"), &result, LANGUAGE_PT, &err) == OK);
    temporary_close();
    arena_release(&arena);
}

/* --- words, numbers, sentences --- */

static void check_words(void)
{
    struct arena arena = {0};
    for (int l = 0; l < LANGUAGE_COUNT; l++) {
        enum language language = (enum language)l;
        CHECK(language_find(language_code(language)) == language);
        for (int w = 0; w < WORD_COUNT; w++)
            CHECK_SEEN(words(language, (enum word)w) != NULL &&
                           utf8_valid(bytes_text(words(language, (enum word)w))),
                       "word %d in %s", w, language_code(language));
        for (int f = 0; f < FACET_COUNT; f++)
            CHECK(facet_caption(language, (enum facet)f)[0] != '\0');
        for (int n = 0; n < NOTICE_KIND_COUNT; n++)
            CHECK(notice_caption(language, (enum watch_notice_kind)n)[0] != '\0');
    }
    CHECK(language_find("de") == LANGUAGE_COUNT);
    CHECK_TEXT(bytes_text(words_number(&arena, LANGUAGE_EN, 1234567.5, 1)), "1,234,567.5");
    CHECK_TEXT(bytes_text(words_number(&arena, LANGUAGE_PT, 1234, 0)), "1\xC2\xA0"
                                                                       "234");
    CHECK_TEXT(bytes_text(words_number(&arena, LANGUAGE_ES, -999.25, 2)), "-999,25");
    CHECK_TEXT(bytes_text(words_number(&arena, LANGUAGE_EN, -1000, 0)), "-1,000");
    CHECK_TEXT(bytes_text(words_number(&arena, LANGUAGE_EN, NAN, 0)), "–");
    struct watch_alert alert = {.observed = 9,
                                .from = 100,
                                .to = 120,
                                .expected = 0.4,
                                .once_in_years = 6.2,
                                .rarer_than_years = NAN};
    CHECK_TEXT(bytes_text(alert_sentence(&arena, LANGUAGE_EN, &alert)),
               "9 seizures in 21 days, expected 0.4; by chance once in 6.2 years");
    CHECK_TEXT(bytes_text(alert_sentence(&arena, LANGUAGE_FR, &alert)),
               "9 saisies en 21 jours, 0,4 attendue; par hasard une fois tous les 6,2 ans");
    alert.to = 100;
    alert.once_in_years = NAN;
    alert.rarer_than_years = 15;
    CHECK_TEXT(
        bytes_text(alert_sentence(&arena, LANGUAGE_ES, &alert)),
        "9 incautaciones en 1 día, se esperaban 0,4; por azar menos de una vez cada 15 "
        "años");
    static const char *const more[][LANGUAGE_COUNT] = {
        {"expected 0.4 (so often something new comes again); by chance",
         "se esperaban 0,4 (así de a menudo se repite algo nuevo); por azar",
         "0,4 attendue (aussi souvent, du nouveau se répète); par hasard",
         "esperavam-se 0,4 (tantas vezes algo novo se repete); por acaso"},
        {"expected 0.4 (0.1 before: it rests on fewer answers now); by",
         "se esperaban 0,4 (0,1 antes: ahora se apoya en menos respuestas); por",
         "0,4 attendue (0,1 avant\xC2\xA0: cela repose maintenant sur moins de réponses); ",
         "esperavam-se 0,4 (0,1 antes: apoia-se agora em menos respostas); por"},
        {"(0.1 before: over a longer time now)", "(0,1 antes: ahora en más tiempo)",
         "(0,1 avant\xC2\xA0: maintenant sur plus de temps)",
         "(0,1 antes: agora em mais tempo)"},
        {"(0.1 before: its answers are commoner now)",
         "(0,1 antes: sus respuestas son ahora más comunes)",
         "(0,1 avant\xC2\xA0: ses réponses sont maintenant plus courantes)",
         "(0,1 antes: as suas respostas são agora mais comuns)"}};
    CHECK(sizeof more / sizeof *more == WATCH_MORE_COUNT - MORE_COMES_AGAIN);
    for (int m = 0; m < WATCH_MORE_COUNT - MORE_COMES_AGAIN; m++)
        for (int l = 0; l < LANGUAGE_COUNT; l++) {
            alert.more = (enum watch_more)(MORE_COMES_AGAIN + m);
            alert.told_expected = m == 0 ? NAN : 0.1;
            const char *said = alert_sentence(&arena, (enum language)l, &alert);
            CHECK_SEEN(strstr(said, more[m][l]) != NULL, "%s", said);
        }
    static const char *const cocaine[] = {"cocaine"}, *const sea[] = {"sea"};
    const struct watch_facet rule[] = {
        {.facet = FACET_COMMODITY, .values = cocaine, .value_count = 1},
        {.facet = FACET_MODE, .values = sea, .value_count = 1, .shared = true},
        {.facet = FACET_AGENCY, .values = sea, .value_count = 1, .shared = true}};
    CHECK_TEXT(bytes_text(rule_sentence(&arena, LANGUAGE_EN, rule, 3)),
               "Commodity: cocaine; in common too — Transport: sea; Agency: sea");
    CHECK_TEXT(bytes_text(rule_sentence(&arena, LANGUAGE_ES, rule, 1)),
               "Mercancía: cocaine");
    double latitude, longitude;
    CHECK(world_find(&latitude, &longitude, "Bolivia") && latitude < -10 && latitude > -25);
    CHECK(world_find(&latitude, &longitude, "FR") && latitude > 42 && longitude > -5);
    CHECK(!world_find(&latitude, &longitude, "XA") &&
          !world_find(&latitude, &longitude, ""));
    for (size_t i = 0; i < world_country_count; i++)
        CHECK_SEEN(world_find(&latitude, &longitude, world_countries[i].name), "%s",
                   world_countries[i].name);
    for (size_t i = 0; i < world_outline_count; i++)
        CHECK(world_outline[i].latitude == WORLD_GAP ||
              (world_outline[i].latitude >= -900 && world_outline[i].latitude <= 900 &&
               world_outline[i].longitude >= -3600 && world_outline[i].longitude <= 3600));
    arena_release(&arena);
}

/* One of anything is not many, in any language. */
static void check_ones(void)
{
    struct arena arena = {0};
    static const struct {
        enum unseen {
            ALERT,
            FIGURE,
            BLANK,
            PLACES,
            VAGUE,
            NOWHERE,
            MIDDLE,
            WEIGHT,
            BULK,
            ANCIENT,
            DELAYS,
            REJECTED
        } what;
        const char *said[LANGUAGE_COUNT]; /* begins so; NULL: the watch says it */
    } cases[] = {
        {ALERT,
         {"1 seizure in 1 day, expected 1; by chance once a year",
          "1 incautación en 1 día, se esperaba 1; por azar una vez al año",
          "1 saisie en 1 jour, 1 attendue; par hasard une fois par an",
          "1 apreensão em 1 dia, esperava-se 1; por acaso uma vez por ano"}},
        {FIGURE, {"1 record", "1 registro", "1 enregistrement", "1 registo"}},
        {BLANK,
         {NULL, "Marca: vacío en 1 registro",
          "Marquage\xC2\xA0: vide dans 1 enregistrement", "Marcação: vazio em 1 registo"}},
        {PLACES,
         {NULL, "Dónde: 1 incautación nombra ", "Où : 1 saisie nomme ",
          "Onde: 1 apreensão indica "}},
        {VAGUE,
         {NULL, "Dónde: de 1 incautación solo ", "Où : de 1 saisie on ",
          "Onde: de 1 apreensão só "}},
        {NOWHERE,
         {NULL, "Dónde: 1 incautación sin ", "Où : 1 saisie sans ",
          "Onde: 1 apreensão sem "}},
        {MIDDLE,
         {NULL, "Dónde: 1 incautación en ", "Où : 1 saisie placée ",
          "Onde: 1 apreensão no "}},
        {WEIGHT, {NULL, "1 fila sin ", "1 ligne sans ", "1 linha sem "}},
        {BULK,
         {NULL, "1 fila de cargas masivas, apartada", "1 ligne d’envois en masse, mise ",
          "1 linha de envios em massa, posta "}},
        {ANCIENT, {NULL, "1 fila de ", "1 ligne de ", "1 linha com "}},
        {DELAYS, {NULL, "1 fila con ", "1 ligne à ", "1 linha com "}},
        {REJECTED, {NULL, "1 fila no se pudo ", "1 ligne n’a pas ", "1 linha não pôde "}},
    };
    static const enum watch_unseen_kind kinds[] = {
        [BLANK] = UNSEEN_BLANK,       [PLACES] = UNSEEN_UNKNOWN_PLACES,
        [VAGUE] = UNSEEN_VAGUE,       [NOWHERE] = UNSEEN_NOWHERE,
        [MIDDLE] = UNSEEN_BY_COUNTRY, [WEIGHT] = UNSEEN_WEIGHTLESS,
        [BULK] = UNSEEN_QUARANTINED,  [ANCIENT] = UNSEEN_ANCIENT,
        [DELAYS] = UNSEEN_DELAYS,     [REJECTED] = UNSEEN_REJECTED};
    const struct watch_alert alert = {.observed = 1,
                                      .from = 100,
                                      .to = 100,
                                      .expected = 1,
                                      .once_in_years = 1,
                                      .rarer_than_years = NAN};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int l = 0; l < LANGUAGE_COUNT; l++) {
            enum language language = (enum language)l;
            struct watch_unseen unseen = {
                .kind = kinds[cases[i].what], .facet = FACET_MARKING, .record_count = 1};
            const char *wanted = cases[i].said[l];
            if (wanted == NULL)
                continue;
            const char *said = cases[i].what == ALERT
                                   ? alert_sentence(&arena, language, &alert)
                               : cases[i].what == FIGURE
                                   ? words_counted(&arena, language, WORD_RECORD_COUNT, 1)
                                   : unseen_sentence(&arena, language, &unseen);
            CHECK_SEEN(strncmp(said, wanted, strlen(wanted)) == 0, "%s: %s",
                       language_code(language), said);
            unseen.record_count = 2;
            CHECK_SEEN(i < BLANK || strncmp(unseen_sentence(&arena, language, &unseen),
                                            wanted, strlen(wanted)) != 0,
                       "%s: two as one", wanted);
        }
    CHECK_TEXT(bytes_text(words_of(LANGUAGE_EN, WORD_ALERTS, 1)), "alert");
    CHECK_TEXT(bytes_text(words_of(LANGUAGE_EN, WORD_ALERTS, 0)), "alerts");
    CHECK_TEXT(bytes_text(words_of(LANGUAGE_FR, WORD_ALERTS, 0)), "alerte");
    CHECK_TEXT(bytes_text(words_of(LANGUAGE_PT, WORD_SEIZURES, 1)), "apreensão");
    CHECK_TEXT(bytes_text(words_of(LANGUAGE_ES, WORD_TITLE, 1)),
               words(LANGUAGE_ES, WORD_TITLE));
    arena_release(&arena);
}

int main(void)
{
    check_ones();
    check_words();
    check_page();
    check_files();
    return check_done("report");
}
