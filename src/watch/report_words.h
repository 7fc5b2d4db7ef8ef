/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/report_words.h: what reports and briefings say, in four languages, from one table.
 *
 * A sentence is made from numbers in the language of the page; free text stays in its own. Numbers
 * are written as the language does: 1,234.5 in English, 1 234,5 in the others.
 */
#ifndef WATCH_REPORT_WORDS_H
#define WATCH_REPORT_WORDS_H

#include "base/memory.h"
#include "watch/alert.h"

enum language { LANGUAGE_EN, LANGUAGE_ES, LANGUAGE_FR, LANGUAGE_PT, LANGUAGE_COUNT };

/* "en", "es", "fr", "pt"; LANGUAGE_COUNT when it is none of them. */
enum language language_find(const char *code);
const char *language_code(enum language language);

enum word {
    WORD_TITLE,
    WORD_AS_OF,
    WORD_SOURCE,
    WORD_PERIOD,
    WORD_TO, /* between two days */
    WORD_NO_ROWS,
    WORD_RECORDS,
    WORD_SEIZURES,
    WORD_ALERTS,
    WORD_NOTICES,
    WORD_REJECTED,
    WORD_WHAT_IS_NEW,
    WORD_NO_ALERT,
    WORD_NEW,
    WORD_ONGOING,
    WORD_BY_MONTH,
    WORD_OBSERVED,
    WORD_EXPECTED,
    WORD_FLOWS,
    WORD_FLOWS_KEY,
    WORD_UNKNOWN,
    WORD_DATA_CHANGED,
    WORD_NO_NOTICE,
    WORD_NOT_LOOKED_AT,
    WORD_ALL_LOOKED_AT,
    WORD_HOW_TO_READ,
    WORD_HOW_1,
    WORD_HOW_2,
    WORD_HOW_3,
    WORD_HOW_4,
    WORD_MORE, /* "and %s more in the report" */
    WORD_PAGE, /* "page %s of 2" */
    WORD_SEED,
    WORD_RECORD_COUNT, /* "%s records" */
    WORD_BLANK_IN,     /* "blank in %s records" */
    WORD_ALL_THE_SAME, /* of a notice: what it explains was raised */
    WORD_IN_COMMON, /* before what the rows share, besides what the finding rests on */
    WORD_NO_THRESHOLD,
    WORD_COUNT
};

const char *words(enum language language, enum word word);
/* The word of so many, where one is called otherwise than many; a number that is counted as one. */
const char *words_of(enum language language, enum word word, size_t count);
bool language_is_one(enum language language, double number);
const char *words_colon(enum language language); /* with its blanks */
const char *facet_caption(enum language language, enum facet facet);
const char *notice_caption(enum language language, enum watch_notice_kind kind);

/* The frame with each %s in turn replaced. */
void words_fill(struct buf *out, const char *frame, const char *const *texts);
/* A word that has one %s, of so many; in the arena, like the rest. */
const char *words_counted(struct arena *arena, enum language language, enum word word,
                          size_t count);
const char *words_number(struct arena *arena, enum language language, double number,
                         int decimals);
/* A file's name without its folders: where it lies is nobody's business. */
const char *words_source(const char *path);
const char *words_day(struct arena *arena, int32_t day); /* 2012-01-31 */
/* As many decimals as say something: 0.04, 0.4, 3.2, 120. */
const char *words_expectation(struct arena *arena, enum language language, double number);
/* "9 seizures in 21 days, expected 0.4; once in 6.2 years". */
const char *alert_sentence(struct arena *arena, enum language language,
                           const struct watch_alert *alert);
/* " (0.0001 before: it rests on fewer answers now)", behind an expectation; "" when there is nothing to say. */
const char *words_more(struct arena *arena, enum language language,
                       const struct watch_alert *alert);
/* What was not looked at, and why. */
const char *unseen_sentence(struct arena *arena, enum language language,
                            const struct watch_unseen *unseen);
/* "Substance: cocaine; Departure: X or Y". */
const char *rule_sentence(struct arena *arena, enum language language,
                          const struct watch_facet *facets, size_t count);

#endif
