/* SPDX-License-Identifier: Apache-2.0
 *
 * Scores: what agrees says more than what does not, rare more than common; relatives and swapped
 * dates are no hits; what people decided moves what is stated.
 */
#include "link/score.h"

#include "check.h"

#include <math.h>

enum { VALUES_MAX = 6 };

struct typed {
    const char *values[VALUES_MAX][2];
};

static void make_as(struct thing *thing, const char *schema_name, const struct typed *typed,
                    struct arena *arena)
{
    struct record record;
    struct key_list keys;
    struct err err = {0};
    const struct schema *schema = schema_find(bytes_text(schema_name));
    record_init(&record, schema, arena);
    record.id = "test";
    for (size_t i = 0; i < VALUES_MAX && typed->values[i][0] != NULL; i++) {
        const char *name = typed->values[i][0];
        CHECK(record_add(&record, schema_property(schema, bytes_text(name)), name,
                         bytes_text(typed->values[i][1]), NULL, &err) == OK);
    }
    CHECK_SEEN(record_finish(&record, NULL, &err) == OK, "%s", err.text);
    keys_of_record(&keys, &record, arena);
    thing_of_record(thing, &record, keys.items, keys.count, arena);
}

static void make(struct thing *thing, const struct typed *typed, struct arena *arena)
{
    make_as(thing, "Person", typed, arena);
}

static void score_typed(struct score *score, const struct typed *a, const struct typed *b,
                        struct arena *arena)
{
    struct thing left, right;
    struct score_weights weights;
    make(&left, a, arena);
    make(&right, b, arena);
    score_weights_init(&weights);
    const struct score_context context = {&weights, NULL, 1000};
    score_pair(score, &left, &right, &context, arena);
}

static const struct {
    const char *name;
    struct typed a, b;
    bool hit;
    const char *reason;
} cases[] = {
    {"the same person",
     {{{"name", "Elske Noordt"}, {"birthDate", "1988-06-07"}}},
     {{{"name", "NOORDT, Elske"}, {"birthDate", "1988-06-07"}}},
     true,
     "same birth date"},
    {"a surname by ear and a given name by a letter",
     {{{"name", "-"},
       {"firstName", "Serena"},
       {"lastName", "Philipps"},
       {"birthDate", "1988-06-07"}}},
     {{{"name", "-"},
       {"firstName", "Selena"},
       {"lastName", "Filips"},
       {"birthDate", "1988-06-07"}}},
     true,
     "surname sounds alike: philipps, filips"},
    {"a name alone",
     {{{"name", "Elske Noordt Vandermolen"}}},
     {{{"name", "Elske Noordt Vandermolen"}}},
     false,
     NULL},
    {"the false friend: dates agree only when swapped",
     {{{"name", "Tomás Alvear Quiroz"}, {"birthDate", "1984-03-12"}}},
     {{{"name", "Tomas Alvear"}, {"birthDate", "1984-12-03"}}},
     false,
     "birth dates agree with day and month swapped"},
    {"swapped, and at one address",
     {{{"name", "Tomás Alvear"},
       {"birthDate", "1984-03-12"},
       {"address", "5 Gull Street, Velero 48140"}}},
     {{{"name", "Tomas Alvear"},
       {"birthDate", "1984-12-03"},
       {"address", "5 Gull Street, Velero 48140"}}},
     true,
     "same street and house"},
    {"brothers in one house",
     {{{"name", "Tomás Alvear"},
       {"birthDate", "1984-03-12"},
       {"address", "5 Gull Street, Velero 48140"}}},
     {{{"name", "Rodrigo Alvear"},
       {"birthDate", "1986-11-25"},
       {"address", "5 Gull Street, Velero 48140"}}},
     false,
     "birth dates differ"},
    {"a namesake of the same street",
     {{{"name", "John Smith"},
       {"birthDate", "1980-01-01"},
       {"address", "100 High Street"}}},
     {{{"name", "John Smith"},
       {"birthDate", "1955-07-09"},
       {"address", "222 High Street"}}},
     false,
     "house numbers differ"},
    {"a namesake with the same birthday",
     {{{"name", "Maria Lopez"}, {"birthDate", "1975-05-05"}}},
     {{{"name", "Maria Lopez"}, {"birthDate", "1941-05-05"}}},
     false,
     "birth dates agree in part, or as far as known"},
    {"all the same but the birth date",
     {{{"name", "Elske Noordt"},
       {"birthDate", "1988-06-07"},
       {"address", "5 Gull Street, Velero 48140"}}},
     {{{"name", "Elske Noordt"},
       {"birthDate", "1951-11-28"},
       {"address", "5 Gull Street, Velero 48140"}}},
     false,
     "birth dates differ"},
    {"an initial alone is no name",
     {{{"name", "X"}, {"birthDate", "1988-06-07"}}},
     {{{"name", "X"}, {"birthDate", "1988-06-07"}}},
     false,
     "same initial of a name"},
    {"nor are two",
     {{{"name", "J. K."}, {"birthDate", "1988-06-07"}}},
     {{{"name", "J K"}, {"birthDate", "1988-06-07"}}},
     false,
     "same initial of a name"},
    {"an initial beside a name",
     {{{"name", "J. Noordt"}, {"birthDate", "1988-06-07"}}},
     {{{"name", "J Noordt"}, {"birthDate", "1988-06-07"}}},
     true,
     "same initial of a name"},
    {"a name of two letters is one",
     {{{"name", "Ng"},
       {"birthDate", "1988-06-07"},
       {"address", "5 Gull Street, Velero 48140"}}},
     {{{"name", "Ng"},
       {"birthDate", "1988-06-07"},
       {"address", "5 Gull Street, Velero 48140"}}},
     true,
     "same name ng"},
    {"nothing but the birth date",
     {{{"name", "Helena Bruckmeier"}, {"birthDate", "1984-03-12"}}},
     {{{"name", "Tomas Quiroz"}, {"birthDate", "1984-03-12"}}},
     false,
     "name differs: helena, tomas"},
    {"born on one day, in one house, and of other names",
     {{{"name", "Helena Bruckmeier"},
       {"birthDate", "1984-03-12"},
       {"address", "5 Gull Street, Velero 48140"}}},
     {{{"name", "Tomas Quiroz"},
       {"birthDate", "1984-03-12"},
       {"address", "5 Gull Street, Velero 48140"}}},
     false,
     "same street and house"},
    {"other names, and one passport",
     {{{"name", "Helena Bruckmeier"},
       {"birthDate", "1984-03-12"},
       {"passportNumber", "PA04128738"}}},
     {{{"name", "Lena Quiroz"},
       {"birthDate", "1984-03-12"},
       {"passportNumber", "PA04128738"}}},
     true,
     "same document number"},
    {"a passport with a digit wrong",
     {{{"name", "Elske Noordt"},
       {"birthDate", "1988-06-07"},
       {"passportNumber", "PA04128738"}}},
     {{{"name", "Elske Nordt"},
       {"birthDate", "1988-06-17"},
       {"passportNumber", "PA04128737"}}},
     true,
     "document number differs by a character or two"},
    {"a year alone with a common name",
     {{{"name", "Maria Silva"}, {"birthDate", "1988"}}},
     {{{"name", "Maria Silva"}, {"birthDate", "1988-06-07"}}},
     false,
     NULL},
};

static void test_cases(struct arena *arena)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct score there, back;
        score_typed(&there, &cases[i].a, &cases[i].b, arena);
        score_typed(&back, &cases[i].b, &cases[i].a, arena);
        CHECK_SEEN(there.hit == cases[i].hit, "%s: %g bits", cases[i].name, there.bits);
        CHECK_SEEN(back.hit == there.hit, "%s, the other way round", cases[i].name);
        bool against = there.levels[SCORE_DATE] == SCORE_DIFFERS || there.otherwise_named;
        CHECK(against ? !there.hit && there.expected_false >= 1
                      : fabs(there.expected_false - 1000 * exp2(-there.bits)) < 1e-9);
        CHECK(!there.weak);
        bool said = cases[i].reason == NULL;
        for (size_t k = 0; k < there.why_count; k++)
            said = said || strcmp(there.why[k], cases[i].reason) == 0;
        CHECK_SEEN(said, "%s does not say: %s", cases[i].name, cases[i].reason);
    }
}

/* What only a long run can know: that its file has hardly any households, and some wrong dates. */
static void test_long_run(struct arena *arena)
{
    static const char *const home = "5 Gull Street, Velero 48140";
    static const struct {
        const char *a, *b, *born_a, *born_b, *reason;
    } rows[] = {
        {"Elske Noordt", "Elske Noordt", "1988-06-07", "1951-11-28",
         "a namesake in the same house may be meant"},
        {"Elske Noordt", "Tomas Quiroz", "1988-06-07", "1988-06-07",
         "no name agrees: another of the household may be meant"},
    };
    struct score_weights weights;
    struct mixture mixture;
    score_weights_init(&weights);
    mixture_init(&mixture, MIXTURE_PLAIN);
    mixture.others[0].often = 0;
    const struct score_context context = {&weights, NULL, 1000, &mixture};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (uint64_t queries = MIXTURE_LONG_RUN - 1; queries <= MIXTURE_LONG_RUN;
             queries++) {
            const struct typed a = {
                {{"name", rows[i].a}, {"birthDate", rows[i].born_a}, {"address", home}}};
            const struct typed b = {
                {{"name", rows[i].b}, {"birthDate", rows[i].born_b}, {"address", home}}};
            struct thing left, right;
            struct score score;
            make(&left, &a, arena);
            make(&right, &b, arena);
            mixture.queries = queries;
            score_pair(&score, &left, &right, &context, arena);
            bool known = queries == MIXTURE_LONG_RUN, said = false;
            CHECK_SEEN(score.hit == known && score.weak == known, "%zu: %g", i,
                       score.expected_false);
            for (size_t k = 0; k < score.why_count; k++)
                said = said || strcmp(score.why[k], rows[i].reason) == 0;
            CHECK(said == known);
        }
}

/* In a file of people of one year the birth date says less than in one of other years. */
static void test_dates_of_a_file(struct arena *arena)
{
    static const struct typed one = {
        {{"name", "Elske Noordt"}, {"birthDate", "1988-06-07"}}};
    static const struct typed others[] = {
        {{{"name", "Tomas Quiroz"}, {"birthDate", "1988-11-20"}}},
        {{{"name", "Tomas Quiroz"}, {"birthDate", "1951-11-20"}}}};
    struct score_weights weights;
    struct thing thing;
    double strangers[2];
    score_weights_init(&weights);
    make(&thing, &one, arena);
    for (size_t i = 0; i < 2; i++) {
        struct frequency frequency = {0};
        struct thing other;
        struct score score;
        make(&other, &others[i], arena);
        score_frequency_add(&frequency, &thing);
        score_frequency_add(&frequency, &thing);
        for (int k = 0; k < 50; k++)
            score_frequency_add(&frequency, &other);
        const struct score_context context = {&weights, &frequency, 1000, NULL};
        score_pair(&score, &thing, &thing, &context, arena);
        strangers[i] = score.accord.strangers;
        frequency_release(&frequency);
    }
    CHECK_SEEN(strangers[0] > 10 * strangers[1], "%g, %g", strangers[0], strangers[1]);
}

/* A letter apart: a slip where one of the two forms is rare in the file, two names where both are
 * borne by many of it. Neither is in any table. */
static void test_names_of_a_file(struct arena *arena)
{
    static const struct typed one = {
        {{"name", "Elske Kestermop"}, {"birthDate", "1988-06-07"}}};
    static const struct typed other = {
        {{"name", "Elske Kestermot"}, {"birthDate", "1988-06-07"}}};
    static const struct {
        int others; /* that bear the second form */
        enum score_level level;
    } files[] = {{0, SCORE_SIMILAR}, {2, SCORE_SIMILAR}, {60, SCORE_DIFFERS}};
    struct score_weights weights;
    struct thing left, right;
    double bits[3];
    score_weights_init(&weights);
    make(&left, &one, arena);
    make(&right, &other, arena);
    for (size_t i = 0; i < 3; i++) {
        struct frequency frequency = {0};
        struct score score;
        const struct typed filling = {
            {{"name", "Tomas Zeevald"}, {"birthDate", "1951-11-20"}}};
        struct thing stranger;
        make(&stranger, &filling, arena);
        for (int k = 0; k < 1000; k++)
            score_frequency_add(&frequency, k < 40                     ? &left
                                            : k < 40 + files[i].others ? &right
                                                                       : &stranger);
        const struct score_context context = {&weights, &frequency, 1000, NULL};
        score_pair(&score, &left, &right, &context, arena);
        CHECK_SEEN(score.levels[SCORE_NAME] == files[i].level, "%zu: %d", i,
                   (int)score.levels[SCORE_NAME]);
        bits[i] = score.bits;
        frequency_release(&frequency);
    }
    CHECK_SEEN(fabs(bits[0] - bits[1]) < 1 && bits[2] < bits[1] - 5, "%g, %g, %g", bits[0],
               bits[1], bits[2]);
}

enum verdict { NO_HIT, WEAK_HIT, HIT };

/* What speaks against two of one name: the pair is weak, and says why. */
static const struct {
    const char *schema;
    struct typed a, b;
    enum verdict verdict;
    const char *reason;
} contradicted[] = {
    /* Names that are nobody's, or whose bearers are two. */
    {"Person",
     {{{"name", "John Doe"},
       {"birthDate", "1986-03-02"},
       {"address", "5 Gull Street, Velero 48140"}}},
     {{{"name", "John Doe"},
       {"birthDate", "1986-03-02"},
       {"address", "5 Gull Street, Velero 48140"}}},
     WEAK_HIT,
     "no name is known of one of them: another of the household may be meant"},
    {"Person",
     {{{"name", "N.N."}, {"birthDate", "1986-03-02"}}},
     {{{"name", "N.N."}, {"birthDate", "1986-03-02"}}},
     NO_HIT,
     "same birth date"},
    {"Person",
     {{{"name", "Unknown Okker"}, {"birthDate", "1986-03-02"}}},
     {{{"name", "Unknown Quiroz"}, {"birthDate", "1986-03-02"}}},
     NO_HIT,
     "name differs: okker, quiroz"},
    {"Person",
     {{{"name", "John Okker Jr."}, {"birthDate", "1986-03-02"}}},
     {{{"name", "John Okker Sr."}, {"birthDate", "1986-03-02"}}},
     WEAK_HIT,
     "one is another generation's: Junior, Senior"},
    {"Person",
     {{{"name", "Omar Quiroz Alvear"}, {"birthDate", "1986-03-02"}}},
     {{{"name", "Amir Quiroz Alvear"}, {"birthDate", "1986-03-02"}}},
     WEAK_HIT,
     "not all names agree beside the birth date: a twin may be meant"},
    {"Person",
     {{{"name", "Mario Quiroz Alvear"}, {"birthDate", "1986-03-02"}}},
     {{{"name", "Maria Quiroz Alvear"}, {"birthDate", "1986-03-02"}}},
     WEAK_HIT,
     "name differs: mario, maria"},
    /* Brothers: surnames and house are a family's, and days of birth may be alike. */
    {"Person",
     {{{"name", "Omar Quiroz Alvear"},
       {"birthDate", "1986-03-02"},
       {"address", "5 Gull Street, Velero 48140"}}},
     {{{"name", "Amir Quiroz Alvear"},
       {"birthDate", "1988-03-02"},
       {"address", "5 Gull Street, Velero 48140"}}},
     WEAK_HIT,
     "not all names agree: a brother or sister may be meant"},
    {"Person",
     {{{"name", "Olga Quiroz Alvear"}, {"address", "5 Gull Street, Velero 48140"}}},
     {{{"name", "Ivan Quiroz Alvear"}, {"address", "5 Gull Street, Velero 48140"}}},
     NO_HIT,
     "name differs: olga, ivan"},
    {"Person",
     {{{"name", "Olga Quiroz Alvear"},
       {"birthDate", "1986-03-02"},
       {"passportNumber", "XP1234567"}}},
     {{{"name", "Ivan Quiroz Alvear"},
       {"birthDate", "1988-03-02"},
       {"passportNumber", "XP1234567"}}},
     HIT,
     "name differs: olga, ivan"},
    {"Person",
     {{{"name", "Zhou Min"}, {"birthDate", "1986-03-02"}}},
     {{{"name", "Zhou Ming"}, {"birthDate", "1986-03-02"}}},
     NO_HIT,
     "name differs: min, ming"},
    {"Person",
     {{{"name", "Lee Min Jung"}, {"birthDate", "1986-03-02"}}},
     {{{"name", "Lee Min Jeong"}, {"birthDate", "1986-03-02"}}},
     HIT,
     "name has two forms: jung, jeong"},
    {"Person",
     {{{"name", "Hassan Saleh"}, {"birthDate", "1986-03-02"}}},
     {{{"name", "Hussein Saleh"}, {"birthDate", "1986-03-02"}}},
     NO_HIT,
     "name differs: hassan, hussein"},
    {"Company",
     {{{"name", "Zarandeko Kestrel SA"},
       {"country", "es"},
       {"registrationNumber", "B12345678"}}},
     {{{"name", "Zarandeko Kestrel SA"},
       {"country", "es"},
       {"registrationNumber", "B87654321"}}},
     WEAK_HIT,
     "another company of the name may be meant"},
    {"Company",
     {{{"name", "Zarandeko Kestrel SA"},
       {"country", "es"},
       {"registrationNumber", "B12345678"}}},
     {{{"name", "Zarandeko Kestrel SA"},
       {"country", "es"},
       {"registrationNumber", "B12345678"}}},
     HIT,
     "same registration number"},
    {"Company",
     {{{"name", "Zarandeko Kestrel SA"}, {"country", "es"}}},
     {{{"name", "Zarandeko Kestrel SA"}, {"country", "es"}}},
     HIT,
     "same country"},
    {"Company",
     {{{"name", "General Trading LLC"}, {"country", "ae"}}},
     {{{"name", "General Trading LLC"}, {"country", "ae"}}},
     WEAK_HIT,
     "the name is of common words alone: another company may be meant"},
    {"Person",
     {{{"name", "Andrea Rossi"}, {"birthDate", "1986-03-02"}, {"gender", "female"}}},
     {{{"name", "Andrea Rossi"}, {"birthDate", "1986-03-02"}, {"gender", "male"}}},
     WEAK_HIT,
     "sexes differ"},
    {"Person",
     {{{"name", "Andrea Rossi"}, {"birthDate", "1986-03-02"}, {"gender", "female"}}},
     {{{"name", "Andrea Rossi"}, {"birthDate", "1986-03-02"}, {"gender", "female"}}},
     HIT,
     "same birth date"},
    {"Person",
     {{{"name", "Andrea Rossi"},
       {"birthDate", "1986-03-02"},
       {"passportNumber", "XP1234567"}}},
     {{{"name", "Andrea Rossi"},
       {"birthDate", "1986-03-02"},
       {"passportNumber", "ZQ7654321"}}},
     WEAK_HIT,
     "document numbers differ"},
    {"Person",
     {{{"name", "Andrea Rossi"}, {"birthDate", "1986-03-02"}, {"phone", "+999550001234"}}},
     {{{"name", "Olga Kirova"}, {"birthDate", "1970-10-12"}, {"phone", "+999550001234"}}},
     WEAK_HIT,
     "no name agrees: another who can be reached there may be meant"},
};

static void test_contradicted(struct arena *arena)
{
    struct score_weights weights;
    score_weights_init(&weights);
    const struct score_context context = {&weights, NULL, 1, NULL};
    for (size_t i = 0; i < sizeof contradicted / sizeof contradicted[0]; i++) {
        struct thing a, b;
        struct score score;
        make_as(&a, contradicted[i].schema, &contradicted[i].a, arena);
        make_as(&b, contradicted[i].schema, &contradicted[i].b, arena);
        score_pair(&score, &a, &b, &context, arena);
        enum verdict verdict = !score.hit ? NO_HIT : score.weak ? WEAK_HIT : HIT;
        CHECK_SEEN(verdict == contradicted[i].verdict, "%zu: %d, %g", i, (int)verdict,
                   score.expected_false);
        CHECK(verdict == NO_HIT || (verdict == WEAK_HIT) == (score.expected_false >= 0.1));
        bool said = false;
        for (size_t k = 0; k < score.why_count; k++)
            said = said || strcmp(score.why[k], contradicted[i].reason) == 0;
        CHECK_SEEN(said, "%zu does not say: %s", i, contradicted[i].reason);
    }
}

/* Companies, associations and ships, of one country: a word that differs tells two apart. */
static const struct {
    const char *schema, *a, *b;
    const char *more[2]; /* a property that both have alike */
    enum verdict verdict;
} sisters[] = {
    {"Organization",
     "Bund der Fischer und Netzmacher Velero",
     "Bund der Fischer und Netzmacher Norvenia",
     {NULL},
     NO_HIT},
    {"Organization",
     "Bund der Fischer und Netzmacher Ober-Velero",
     "Bund der Fischer und Netzmacher Norven-Quirin",
     {NULL},
     NO_HIT},
    {"Organization",
     "Verein der Velerischen Fruchthändler",
     "Bund der Fruchthändler",
     {NULL},
     NO_HIT},
    {"Company",
     "Quintarro Velero Frutas Norte S.A.",
     "Quintarro Velero Frutas Sur S.A.",
     {NULL},
     NO_HIT},
    {"Company", "Quintarro Velero Plant 2", "Quintarro Velero Plant 3", {NULL}, NO_HIT},
    {"Company",
     "Quintarro Velero Frutas Norte",
     "Quintarro Velero Frutas Sur",
     {"phone", "+999550001234"},
     WEAK_HIT},
    {"Company",
     "Quintarro Velero Frutas Norte",
     "Quintarro Velero Frutas Sur",
     {"registrationNumber", "XA-48140-7731"},
     HIT},
    {"Company",
     "Quintarro Velero Frutas Norte",
     "Quintarro Velero Frutas Sur",
     {"address", "5 Gull Street, Velero 48140"},
     WEAK_HIT},
    {"Company", "Quintarro Velero Frutas", "Quintarro Velero Frutas Sur", {NULL}, WEAK_HIT},
    {"Company",
     "Quintarro Velero Frutas",
     "Quintarro Velero Frutas Sur",
     {"address", "5 Gull Street, Velero 48140"},
     WEAK_HIT},
    {"Company", "Quintarro Velero Group S.A.", "Quintarro Velero Lda", {NULL}, HIT},
    {"Company", "Quintarro of Velero", "Quintarro Velero", {NULL}, HIT},
    {"Company", "Quintarro Velerro", "Quintarro Velero Trading", {NULL}, HIT},
    {"Company", "Quintarro Velero Austria", "Quintarro Velero Australia", {NULL}, NO_HIT},
    {"Company", "Quintarro Velero Slovakia", "Quintarro Velero Slovenia", {NULL}, NO_HIT},
    {"Company", "Quintarro Velero Iran", "Quintarro Velero Iraq", {NULL}, NO_HIT},
    {"Company", "Quintarro Velero Este", "Quintarro Velero Oeste", {NULL}, NO_HIT},
    {"Company", "Quintarro Velero Fonds II", "Quintarro Velero Fonds III", {NULL}, NO_HIT},
    {"Vessel", "Quintarro Velero II", "Quintarro Velero IV", {NULL}, NO_HIT},
    {"Company", "Quintarro Velero Import", "Quintarro Velero Export", {NULL}, NO_HIT},
    {"Company", "Quintarro Velero Fishing", "Quintarro Velero Shipping", {NULL}, NO_HIT},
    {"Company", "Quintarro Velero Fishing", "Quintarro Velero Pesca", {NULL}, HIT},
    {"Company", "Quintarro Velero Group", "Quintarro Velero Holding", {NULL}, HIT},
    {"Company", "Cía. Quintarro Velero", "Compañía Quintarro Velero", {NULL}, HIT},
    {"Company", "Quintarro Velero Spain", "Quintarro Velero España", {NULL}, HIT},
};

static void test_sisters(struct arena *arena)
{
    struct score_weights weights;
    score_weights_init(&weights);
    const struct score_context context = {&weights, NULL, 1000, NULL};
    for (size_t i = 0; i < sizeof sisters / sizeof sisters[0]; i++) {
        bool ship = strcmp(sisters[i].schema, "Vessel") == 0;
        const char *country = ship ? "flag" : "country";
        const char *const *more = sisters[i].more;
        const struct typed typed[2] = {
            {{{"name", sisters[i].a}, {country, "de"}, {more[0], more[1]}}},
            {{{"name", sisters[i].b}, {country, "de"}, {more[0], more[1]}}},
        };
        struct thing things[2];
        for (size_t k = 0; k < 2; k++)
            make_as(&things[k], sisters[i].schema, &typed[k], arena);
        for (size_t k = 0; k < 2; k++) {
            struct score score;
            score_pair(&score, &things[k], &things[1 - k], &context, arena);
            enum verdict verdict = !score.hit ? NO_HIT : score.weak ? WEAK_HIT : HIT;
            CHECK_SEEN(verdict == sisters[i].verdict, "%s / %s %s: %d, %g expected",
                       sisters[i].a, sisters[i].b, more[0] != NULL ? more[0] : "",
                       (int)verdict, score.expected_false);
            CHECK(verdict == HIT || score.expected_false >= 0.1);
        }
    }
}

static void test_order(struct arena *arena)
{
    static const struct typed rare = {
        {{"name", "Elske Noordt"}, {"birthDate", "1988-06-07"}}};
    static const struct typed common = {
        {{"name", "Maria Silva"}, {"birthDate", "1988-06-07"}}};
    struct score a, b;
    score_typed(&a, &rare, &rare, arena);
    score_typed(&b, &common, &common, arena);
    CHECK_SEEN(a.bits > b.bits, "rare %g, common %g", a.bits, b.bits);

    /* A name that half of all bear says next to nothing. */
    struct frequency frequency = {0};
    struct score_weights weights;
    struct thing thing;
    make(&thing, &rare, arena);
    for (int i = 0; i < 400; i++)
        score_frequency_add(&frequency, &thing);
    score_weights_init(&weights);
    const struct score_context context = {&weights, &frequency, 1000};
    score_pair(&b, &thing, &thing, &context, arena);
    CHECK_SEEN(b.bits < a.bits - 10, "%g, with frequency %g", a.bits, b.bits);
    frequency_release(&frequency);
}

static void score_ships(struct score *score, const struct typed *a, const struct typed *b,
                        struct arena *arena)
{
    struct thing left, right;
    struct score_weights weights;
    make_as(&left, "Vessel", a, arena);
    make_as(&right, "Vessel", b, arena);
    score_weights_init(&weights);
    const struct score_context context = {&weights, NULL, 1000};
    score_pair(score, &left, &right, &context, arena);
}

/* A ship has a flag, a call sign and a year in which it was built. */
static void test_ships(struct arena *arena)
{
    static const struct typed one = {{{"name", "Donna Rosa"},
                                      {"flag", "pa"},
                                      {"callSign", "3F XY2"},
                                      {"buildDate", "1981"}}};
    static const struct typed same = {{{"name", "Dona Rosa"},
                                       {"flag", "lr"},
                                       {"callSign", "3fxy2"},
                                       {"buildDate", "1981"}}};
    static const struct typed named = {{{"name", "Donna Rosa"}, {"flag", "pa"}}};
    static const struct typed other = {{{"name", "Donna Rosa"},
                                        {"flag", "pa"},
                                        {"callSign", "H9QQ"},
                                        {"buildDate", "1994"}}};
    struct score score, bare;
    score_ships(&score, &one, &same, arena);
    CHECK(score.hit && !score.weak && score.levels[SCORE_NUMBER] == SCORE_SAME);
    CHECK(score.levels[SCORE_COUNTRY] == SCORE_DIFFERS);
    bool said = false;
    for (size_t i = 0; i < score.why_count; i++)
        said = said || strcmp(score.why[i], "same call sign") == 0;
    CHECK(said);
    score_ships(&bare, &one, &named, arena);
    CHECK(bare.hit && bare.levels[SCORE_COUNTRY] == SCORE_SAME);
    score_ships(&score, &one, &other, arena);
    CHECK_SEEN(!score.hit || score.weak, "%g", score.expected_false);
    CHECK(score.bits < bare.bits && score.levels[SCORE_NUMBER] == SCORE_DIFFERS &&
          score.levels[SCORE_DATE] == SCORE_DIFFERS);
}

/* What people decided of companies in one country whose names agree in a word and differ in another. */
static void test_reviewed(struct arena *arena)
{
    static const struct typed a = {{{"name", "Gadrel Maritime Velero"}, {"country", "xa"}}};
    struct score_weights weights;
    struct thing left, right;
    struct score before, more, less;
    make_as(&left, "Company", &a, arena);
    make_as(&right, "Company", &a, arena);
    score_weights_init(&weights);
    const struct score_context context = {&weights, NULL, 1000, NULL};
    score_pair(&before, &left, &right, &context, arena);
    CHECK(before.hit && !before.weak);
    weights.reviewed[before.kind][SCORE_COUNTRY][SCORE_SAME] = -2;
    score_pair(&less, &left, &right, &context, arena);
    CHECK(less.hit && less.expected_false == before.expected_false);
    /* More doubt hides nothing, however much it is. */
    weights.reviewed[before.kind][SCORE_COUNTRY][SCORE_SAME] = 40;
    score_pair(&more, &left, &right, &context, arena);
    CHECK(more.hit && fabs(more.expected_false / before.expected_false -
                           exp2(REVIEWED_BITS_MAX)) < 1e-6);
    CHECK(more.weak == (more.expected_false > 0.1));
    CHECK(more.score < before.score);
}

int main(void)
{
    struct arena arena = {0};
    test_cases(&arena);
    test_long_run(&arena);
    test_dates_of_a_file(&arena);
    test_names_of_a_file(&arena);
    test_contradicted(&arena);
    test_sisters(&arena);
    test_order(&arena);
    test_ships(&arena);
    test_reviewed(&arena);
    arena_release(&arena);
    return check_done("score");
}
