/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/alert.h: what the watch has to say: alerts, notices, and what it did not look at.
 *
 * A **notice** is about the data: from this day on an agency reports otherwise than before. An
 * **alert** is about the world: this rule, in these days, so many more than expected. A notice
 * comes first and explains alerts away. Both are made by watch/run and only read by who shows
 * them: the command line, the report, the briefing.
 *
 * Everything here, texts and lists, lives in the arena of the struct watch_result it came in,
 * and is complete when it is handed out; nobody else's memory is needed to show it. Days are
 * days since 1970-01-01 and ranges include both ends. Texts are English UTF-8; a page in another
 * language makes its sentence from the numbers.
 *
 * Invariants of an alert:
 *   1. facet_count >= 1, facets in the order of enum facet, each with at least one value;
 *   2. from <= to <= day; observed >= 2; expected > 0;
 *   3. once_in_years is NAN exactly when rarer_than_years is a number, and the other way round;
 *   4. rows are in order of their day; observed counts events, so row_count >= observed.
 */
#ifndef WATCH_ALERT_H
#define WATCH_ALERT_H

#include "record/facets.h"

enum watch_detector { WATCH_PATTERN, WATCH_FIRST, WATCH_SCAN };

/* One facet of a rule: the seizure's answer is one of these values. */
struct watch_facet {
    enum facet facet;
    const char *const *values; /* as written in the file; commodity as our code */
    size_t value_count;
    /* The same events counted without this facet in the rule: how much of the score (natural
     * logarithm) goes. Large: the rule hangs on this facet. */
    double leave_one_out;
    bool shared; /* not what the finding rests on: its rows have it in common */
};

/* A contributing row, or one on the map. */
struct watch_row {
    size_t line;    /* in the file, from 1; 0: not from a file */
    const char *id; /* the record's, or "" */
    int32_t day, received;
    double latitude, longitude;    /* NAN: not given */
    double kg;                     /* NAN: not given */
    uint32_t event;                /* rows of one seizure have the same number */
    const char *text[FACET_COUNT]; /* "" where missing */
};

/* Where it is, for an alert of watch/scan; radius_km NAN for the others. */
struct watch_circle {
    double latitude, longitude, radius_km;
    size_t places;
    const char *centre;
};

/* One bar of the chart of an alert: a week. */
struct watch_bar {
    int32_t from; /* its first day */
    unsigned observed;
    double expected;
};

/* Why more is expected than history says, or than was when the episode was told last. */
enum watch_more {
    MORE_NOT,
    MORE_COMES_AGAIN, /* it was never seen before: as often as such things come again */
    MORE_FEWER,       /* it rests on fewer answers */
    MORE_LONGER,      /* over a longer window */
    MORE_COMMON,      /* its answers are given more often */
    WATCH_MORE_COUNT
};

enum watch_standing { WATCH_NEW, WATCH_ONGOING };

struct watch_alert {
    enum watch_detector detector;
    int32_t day;      /* on which it was raised */
    int32_t from, to; /* the window that stands out */
    const struct watch_facet *facets;
    size_t facet_count;

    unsigned observed;   /* events in the window */
    double expected;     /* by history, the agency's effort and the season */
    double expected_raw; /* by history alone */
    double
        told_expected; /* of the episode's last alert; NAN: this is the first, or no more is expected */
    enum watch_more more; /* why so much is expected */
    double score;         /* what is compared with the threshold, natural logarithm */
    double once_in_years; /* expected once in so many years on this node; NAN: too rare */
    double rarer_than_years; /* three times the history; NAN when the number above is one */
    double kg;               /* of the contributing rows where it is known */
    double unreported_share; /* of the window's seizures, not yet received by then; 0..1 */
    double doubling_days;    /* of the count; NAN: not growing, or too few to say */
    double doubling_low, doubling_high; /* 90 % interval; NAN with it */

    const struct watch_row *rows;
    size_t row_count;
    const struct watch_bar *bars; /* the last year, a bar a week, oldest first */
    size_t bar_count;
    struct watch_circle circle;

    enum watch_standing standing; /* ongoing: raised before, and grown since */
    int32_t first_day;            /* on which the episode was raised first */
    const char *text;      /* "9 seizures in 21 days, expected 0.4, once per 6.2 years" */
    const char *rule_text; /* "cocaine from X to Y by sea" */
    const char *nearest;   /* the nearest known pattern, a sentence */
    const char *falsifier; /* what would show that it is nothing, a sentence */
    uint64_t seed;         /* of the calibration */
    char hash[65];         /* SHA-256 of what it was computed from, hexadecimal */
};

enum watch_notice_kind {
    NOTICE_SIZES,        /* an agency's size distribution broke */
    NOTICE_VOCABULARY,   /* a category was replaced by another with a flat sum */
    NOTICE_COMPLETENESS, /* a column began or ceased to be filled in */
    NOTICE_ENTERED,      /* an agency appears */
    NOTICE_LEFT,         /* an agency ceases to report */
    NOTICE_MISSING_MONTHS,
    NOTICE_BULK,          /* a bulk upload: quarantined */
    NOTICE_REPEATS,       /* identical rows */
    NOTICE_ROUNDED_DATES, /* dates set to the first of the month, or another fixed day */
    NOTICE_MISCODING,     /* a value that stands for another for some months */
    NOTICE_FUTURE,        /* dates after the day of the report */
    NOTICE_LEVEL,         /* an agency's number of rows broke */
    NOTICE_DATES,         /* dates that cannot be, or that mean another day */
    NOTICE_WEIGHTS,       /* weights that cannot be */
    NOTICE_KIND_COUNT
};

struct watch_notice {
    enum watch_notice_kind kind;
    int32_t day;                      /* on which it was told */
    int32_t from, to;                 /* the days it is about */
    const struct watch_facet *facets; /* what it is about: the agency, and the values */
    size_t facet_count;
    double observed, expected; /* in the notice's own measure; NAN where it has none */
    size_t record_count;       /* rows it is about */
    const char *text;          /* one or two sentences */
    unsigned explained;        /* alerts that it has explained away */
    bool raised;               /* most of its rows stand in an alert all the same */
};

const char *watch_notice_name(enum watch_notice_kind kind); /* "bulk upload" */
const char *watch_detector_name(enum watch_detector detector);

enum watch_unseen_kind {
    UNSEEN_BLANK, /* a facet that most rows leave out */
    UNSEEN_UNKNOWN_PLACES,
    UNSEEN_NOWHERE,
    UNSEEN_VAGUE,
    UNSEEN_ONE_PLACE_EACH,
    UNSEEN_BY_COUNTRY,
    UNSEEN_NO_ROW,
    UNSEEN_WEIGHTLESS,
    UNSEEN_QUARANTINED,
    UNSEEN_ANCIENT,
    UNSEEN_DELAYS,
    UNSEEN_REJECTED,
    UNSEEN_LONG_RULES,
    UNSEEN_NO_RATE,
    UNSEEN_NO_SEASON,
    UNSEEN_KIND_COUNT
};

/* Something that was not looked at, and why: "transit: blank in all rows". */
struct watch_unseen {
    enum watch_unseen_kind kind;
    unsigned answers;    /* of UNSEEN_LONG_RULES: the longest that were looked at */
    enum facet facet;    /* FACET_COUNT: not about one facet */
    size_t record_count; /* rows that it concerns */
    const char *text;
};

struct watch_month {
    int32_t from; /* first day of the month */
    unsigned rows, events;
    double kg;       /* of rows where it is known */
    double expected; /* events, by the history before; NAN without one */
    bool marked;     /* a notice begins in it */
};

/* So many events from here to there: for the flow map. Either end may be "" (missing). */
struct watch_flow {
    const char *from, *to;   /* departure, else origin; destination, else the agency */
    unsigned events, recent; /* all, and those of the last 90 days */
    double kg;
};

struct watch_result {
    struct arena arena;          /* owns all below */
    const char *source;          /* the file's name */
    int32_t as_of;               /* nothing received later was looked at */
    int32_t first_day, last_day; /* of the rows; first > last: there are none */
    size_t row_count, event_count, rejected_count;

    const struct watch_alert *alerts; /* by day raised, then score, highest first */
    size_t alert_count;
    const struct watch_notice *notices; /* by day told */
    size_t notice_count;
    const struct watch_unseen *unseen;
    size_t unseen_count;
    const struct watch_month *months; /* without gaps, oldest first */
    size_t month_count;
    const struct watch_flow *flows; /* most events first */
    size_t flow_count;
    const struct watch_row *rows; /* of all alerts' days, for the map; may be none */
    size_t map_row_count;

    double alarms_per_year;     /* asked for */
    double threshold;           /* the score it takes; NAN: too little history to set one */
    double rate_low, rate_high; /* 90 % interval of the alarms a year at the threshold */
    double history_years;       /* that set it */
    uint64_t seed;
};

void watch_result_release(struct watch_result *result);

#endif
