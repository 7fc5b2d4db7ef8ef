/* SPDX-License-Identifier: Apache-2.0 */
#include "record/legal_form.h"

#include "base/text.h"

#include <stdlib.h>

/* clang-format off */

/* Sorted by words. */
const struct legal_form legal_forms[] = {
    {"a s", "as", "NO DK"},
    {"ab", "ab", "SE FI LT"},
    {"abee", "sa", "GR"},
    {"abp", "ab", "FI"},
    {"ad", "ad", "RS BG ME MK"},
    {"ae", "sa", "GR CY"},
    {"ag", "ag", "DE AT CH LI"},
    {"aisbl", "asbl", "BE"},
    {"akciova spolecnost", "as", "CZ"},
    {"aksjeselskap", "as", "NO"},
    {"aktiebolag", "ab", "SE FI"},
    {"aktiengesellschaft", "ag", "DE AT CH LI"},
    {"aktieselskab", "as", "DK"},
    {"aktsionernoe obshchestvo", "ao", "RU KZ"},
    {"al mhduda", "dhmm", "SA JO"},
    {"and co kg", "kg", "DE AT"},
    {"anonim sirketi", "as", "TR"},
    {"anonymi etaireia", "sa", "GR CY"},
    {"anonymos etairia", "sa", "GR"},
    {"anpartsselskab", "aps", "DK"},
    {"ans", "ans", "NO"},
    {"ao", "ao", "RU KZ"},
    {"aps", "aps", "DK"},
    {"as", "as", "NO DK CZ SK EE LV TR"},
    {"asa", "asa", "NO"},
    {"asbl", "asbl", "BE LU CD"},
    {"asc", "asc", "AZ"},
    {"avee", "sa", "GR"},
    {"ba msiulit mhdud", "pjs", "IR"},
    {"ba msuulit mhdud", "pjs", "IR"},
    {"baam", "bm", "IL"},
    {"berhad", "bhd", "MY BN"},
    {"besloten vennootschap", "bv", "NL BE"},
    {"besloten vennootschap met beperkte aansprakelijkheid", "bv", "NL BE"},
    {"bhd", "bhd", "MY BN"},
    {"bm", "bm", "IL"},
    {"borisat", "co ltd", "TH"},
    {"bsc", "bsc", "BH"},
    {"bscc", "bsc", "BH"},
    {"bt", "bt", "HU"},
    {"bv", "bv", "NL BE"},
    {"bvba", "sprl", "BE"},
    {"ca", "ca", "VE EC"},
    {"cc", "cc", "ZA NA"},
    {"chamkat", "co ltd", "TH"},
    {"chup", "chup", "BY"},
    {"chusik hoesa", "co ltd", "KR"},
    {"cia", "cia", "ES BR EC"},
    {"cia ltda", "ltda", "EC CO"},
    {"cic", "cic", "GB"},
    {"cjsc", "zao", "RU BY AM TJ AZ KG"},
    {"clg", "clg", "IE"},
    {"closed joint stock company", "zao", "RU BY AM"},
    {"co", "co", ""},
    {"co kg", "kg", "DE AT"},
    {"co ltd", "co ltd", "CN HK TW JP KR TH VN KH MM"},
    {"compania anonima", "ca", "VE EC"},
    {"compania limitada", "ltda", "EC CO"},
    {"company", "co", ""},
    {"company limited", "co ltd", "CN HK TW TH VN GH"},
    {"company ltd", "co ltd", "CN HK KE"},
    {"cong ty", "cong ty", "VN"},
    {"cong ty co phan", "jsc", "VN"},
    {"cong ty tnhh", "tnhh", "VN"},
    {"corp", "corp", "US CA PH KR JP TW"},
    {"corporation", "corp", "US CA PH KR JP TW"},
    {"cv", "cv", "NL BE ID"},
    {"cvba", "scrl", "BE"},
    {"d oo", "doo", "SI HR RS BA ME MK"},
    {"dac", "dac", "IE"},
    {"dba", "dba", "US"},
    {"dd", "dd", "SI HR BA"},
    {"dh m m", "dhmm", "AE SA QA OM KW LB JO"},
    {"dh mm", "dhmm", "AE SA QA OM KW LB JO"},
    {"dhat al msuulia al mhduda", "dhmm", "AE SA EG"},
    {"dhat msuulia mhduda", "dhmm", "AE SA EG"},
    {"dhmm", "dhmm", "AE SA QA OM KW LB JO"},
    {"dmcc", "dmcc", "AE"},
    {"doo", "doo", "SI HR RS BA ME MK"},
    {"dooel", "doo", "MK"},
    {"drustvo s ogranicenom odgovornoscu", "doo", "HR BA RS"},
    {"druzba z omejeno odgovornostjo", "doo", "SI"},
    {"druzhestvo s ogranichena otgovornost", "ood", "BG"},
    {"dwc llc", "llc", "AE"},
    {"ead", "ead", "BG"},
    {"ee", "ee", "GR"},
    {"eeig", "eeig", "EU"},
    {"eg", "eg", "DE"},
    {"ehf", "ehf", "IS"},
    {"eireli", "eireli", "BR"},
    {"eirl", "eirl", "PE CL"},
    {"ek", "ek", "DE"},
    {"enk", "enk", "NO"},
    {"eood", "eood", "BG"},
    {"epe", "epe", "GR"},
    {"epp", "epp", "BR"},
    {"establishment", "est", "SA AE LI"},
    {"etaireia periorismenis evthynis", "epe", "GR"},
    {"eterorrythmi etaireia", "ee", "GR"},
    {"ets", "ets", "IT"},
    {"eurl", "sarl", "FR DZ"},
    {"ev", "ev", "DE"},
    {"fgup", "gup", "RU"},
    {"fz llc", "fzco", "AE"},
    {"fzc", "fzc", "AE"},
    {"fzco", "fzco", "AE"},
    {"fze", "fze", "AE"},
    {"fzllc", "fzco", "AE"},
    {"gbr", "gbr", "DE"},
    {"gemeinnutzige stiftung", "stiftung", "DE AT CH"},
    {"gesellschaft mit beschrankter haftung", "gmbh", "DE AT CH"},
    {"gesmbh", "gmbh", "AT"},
    {"ggmbh", "gmbh", "DE"},
    {"gie", "gie", "FR SN"},
    {"gk", "gk", "JP"},
    {"gmbh", "gmbh", "DE AT CH"},
    {"gmbh and co kg", "gmbh co kg", "DE AT"},
    {"gmbh co", "gmbh co kg", "DE AT"},
    {"gmbh co kg", "gmbh co kg", "DE AT"},
    {"gmbh und co kg", "gmbh co kg", "DE AT"},
    {"godo kaisha", "gk", "JP"},
    {"gomei kaisha", "gomei", "JP"},
    {"goshi kaisha", "goshi", "JP"},
    {"gufen youxian gongsi", "co ltd", "CN TW"},
    {"gup", "gup", "RU"},
    {"handelsbolag", "hb", "SE"},
    {"hapjahoesa", "lp", "KR"},
    {"hapmyeonghoesa", "gomei", "KR"},
    {"hb", "hb", "SE"},
    {"hf", "hf", "IS"},
    {"i s", "is", "DK"},
    {"idiotiki kefalaiouchiki etaireia", "ike", "GR"},
    {"ike", "ike", "GR"},
    {"inc", "inc", "US CA PH"},
    {"incorporated", "inc", "US CA PH"},
    {"incorporation", "inc", ""},
    {"interessentskab", "is", "DK"},
    {"ip", "ip", "RU KZ"},
    {"ivs", "ivs", "DK"},
    {"jdoo", "doo", "HR"},
    {"joint stock", "jsc", ""},
    {"joint stock company", "jsc", "RU KZ VN"},
    {"jsc", "jsc", "RU UA KZ VN BG GE AM MN LT"},
    {"jusikhoesa", "co ltd", "KR"},
    {"k s", "ks", "DK NO"},
    {"kabushiki gaisha", "kk", "JP"},
    {"kabushiki kaisha", "kk", "JP"},
    {"kb", "kb", "SE"},
    {"kft", "kft", "HU"},
    {"kg", "kg", "DE AT"},
    {"kgaa", "kgaa", "DE"},
    {"khvrt", "co", "IL"},
    {"kk", "kk", "JP"},
    {"kollektivgesellschaft", "kg", "CH"},
    {"kommanditbolag", "kb", "SE"},
    {"kommanditgesellschaft", "kg", "DE AT CH"},
    {"kommanditselskab", "ks", "DK"},
    {"korlatolt felelossegu tarsasag", "kft", "HU"},
    {"ks", "ks", "DK NO"},
    {"ksc", "ksc", "KW"},
    {"kscc", "ksc", "KW"},
    {"ky", "ky", "FI"},
    {"lda", "ltda", "PT AO MZ CV TL"},
    {"limitada", "ltda", "BR PT CL CO"},
    {"limited", "ltd", "GB IE IN AU NZ CA NG KE GH ZA CY MT HK SG IL BD PK LK TZ UG"},
    {"limited joint stock company", "jsc", ""},
    {"limited liability co", "llc", ""},
    {"limited liability company", "llc", "US RU UA KZ UZ"},
    {"limited liability partnership", "llp", "GB US IN"},
    {"limited partnership", "lp", "US GB CA"},
    {"limited sirketi", "ltd sti", "TR"},
    {"limitee", "ltd", "CA"},
    {"limitid", "ltd", "IN NP"},
    {"llc", "llc", "US AE QA RU UA KZ UZ GE AM MN EG OM"},
    {"lllp", "lllp", "US"},
    {"llp", "llp", "GB US IN CA SG KZ"},
    {"lp", "lp", "US GB CA"},
    {"ltd", "ltd", "GB IE IN AU NZ CA NG KE GH ZA CY MT HK SG IL BD PK LK TZ UG"},
    {"ltd sti", "ltd sti", "TR"},
    {"ltda", "ltda", "BR PT CL CO EC BO PY"},
    {"ltee", "ltd", "CA"},
    {"mahachon", "plc", "TH"},
    {"mbh", "gmbh", "DE"},
    {"mchj", "mchj", "UZ"},
    {"mei", "me", "BR"},
    {"mepe", "epe", "GR"},
    {"mhduda", "dhmm", "SA JO"},
    {"mmc", "mmc", "AZ"},
    {"monoprosopi epe", "epe", "GR"},
    {"monoprosopi ike", "ike", "GR"},
    {"msahma", "msahma", "SA EG AE"},
    {"mup", "gup", "RU"},
    {"naamloze vennootschap", "nv", "NL BE SR"},
    {"npc", "npc", "ZA"},
    {"nv", "nv", "NL BE SR CW"},
    {"nyrt", "nyrt", "HU"},
    {"oao", "oao", "RU BY"},
    {"obshchestvo s ogranichennoy otvetstvennostyu", "ooo", "RU BY KZ"},
    {"odo", "odo", "BY"},
    {"oe", "oe", "GR"},
    {"og", "og", "AT"},
    {"ohg", "ohg", "DE AT"},
    {"ojsc", "oao", "RU BY AZ KG TJ"},
    {"omorrythmi etaireia", "oe", "GR"},
    {"onlus", "onlus", "IT"},
    {"ood", "ood", "BG"},
    {"ooo", "ooo", "RU BY"},
    {"open joint stock company", "oao", "RU BY"},
    {"osakeyhtio", "oy", "FI"},
    {"osauhing", "ou", "EE"},
    {"otkrytoe aktsionernoe obshchestvo", "oao", "RU BY"},
    {"ou", "ou", "EE"},
    {"oy", "oy", "FI"},
    {"oyj", "oy", "FI"},
    {"p ltd", "pvt ltd", "IN"},
    {"p s", "ps", "DK"},
    {"pao", "pao", "RU"},
    {"partnerselskab", "ps", "DK"},
    {"pat", "pat", "UA"},
    {"pcl", "plc", "TH"},
    {"persero", "pt", "ID"},
    {"perseroan terbatas", "pt", "ID"},
    {"pjs", "pjs", "IR"},
    {"pjsc", "pao", "RU UA AE JO"},
    {"plc", "plc", "GB IE NG KE ET"},
    {"pllc", "llc", "US"},
    {"pmdn", "pt", "ID"},
    {"praivet", "pvt ltd", "IN NP"},
    {"praivet limited", "pvt ltd", "IN NP"},
    {"praivet limitid", "pvt ltd", "IN NP"},
    {"prat", "prat", "UA"},
    {"private joint stock", "pjs", "IR"},
    {"private joint stock company", "prat", "UA"},
    {"private limited", "pvt ltd", "IN PK BD SG ZW"},
    {"private ltd", "pvt ltd", "IN PK"},
    {"proprietary limited", "pty ltd", "AU ZA"},
    {"psc", "psc", "AE"},
    {"pt", "pt", "ID"},
    {"pte", "pte ltd", "SG FJ"},
    {"pte ltd", "pte ltd", "SG"},
    {"pty", "pty ltd", "AU ZA"},
    {"pty limited", "pty ltd", "AU"},
    {"pty ltd", "pty ltd", "AU ZA BW NA LS SZ"},
    {"publ", "ab", "SE"},
    {"public company limited", "plc", "TH"},
    {"public joint stock company", "pao", "RU UA AE"},
    {"public limited company", "plc", "GB IE"},
    {"public ltd co", "plc", "TH IN"},
    {"publichnoe aktsionernoe obshchestvo", "pao", "RU"},
    {"pvt", "pvt ltd", "IN PK LK NP ZW"},
    {"pvt ltd", "pvt ltd", "IN PK BD LK NP ZW"},
    {"qpsc", "qsc", "QA"},
    {"qsc", "qsc", "QA"},
    {"s de rl", "s de rl", "MX HN PA"},
    {"s de rl de cv", "s de rl", "MX"},
    {"sa", "sa", "FR BE LU CH ES PT AR BR CL MX PE GR PL RO"},
    {"sa de cv", "sa de cv", "MX SV HN"},
    {"sa de rl", "sa de rl", "MX HN"},
    {"sa rl", "sarl", "LU"},
    {"saa", "saa", "PE"},
    {"sab", "sab", "MX"},
    {"sab de cv", "sab", "MX"},
    {"sac", "sac", "PE"},
    {"saci", "saci", "AR CL PY"},
    {"sad", "sad", "ES"},
    {"sae", "sae", "EG"},
    {"sahama khas", "pjs", "IR"},
    {"sahami khas", "pjs", "IR"},
    {"sahami khass", "pjs", "IR"},
    {"saic", "saic", "AR"},
    {"sal", "sal", "LB"},
    {"san ve tic", "tic", "TR"},
    {"saoc", "saoc", "OM"},
    {"saog", "saog", "OM"},
    {"sapi", "sapi", "MX"},
    {"sapi de cv", "sapi", "MX"},
    {"sarl", "sarl", "FR LU CH MA TN SN CI CM BJ BF ML GN"},
    {"sarl au", "sarl", "MA"},
    {"sarl u", "sarl", "CM"},
    {"sarlau", "sarl", "MA"},
    {"sarlu", "sarl", "FR CG CM"},
    {"sas", "sas", "FR CO AR EC IT"},
    {"sas di", "sas", "IT"},
    {"sasu", "sasu", "FR"},
    {"sau", "sau", "ES AR MA"},
    {"sc", "sc", "MX ES"},
    {"sca", "sca", "FR BE LU"},
    {"scarl", "scarl", "IT"},
    {"sci", "sci", "FR"},
    {"scop", "scop", "FR"},
    {"scp", "scp", "FR"},
    {"scrl", "scrl", "BE"},
    {"sdn", "sdn bhd", "MY"},
    {"sdn bhd", "sdn bhd", "MY BN"},
    {"se", "se", "EU"},
    {"senc", "snc", "CA"},
    {"sendirian berhad", "sdn bhd", "MY BN"},
    {"sh dh m m", "dhmm", "EG SD LY"},
    {"sh dh mm", "dhmm", "EG SD LY"},
    {"sh m a", "saog", "OM AE"},
    {"sh m a a", "saog", "OM"},
    {"sh m b", "bsc", "BH"},
    {"sh m k", "ksc", "KW"},
    {"sh m k a", "ksc", "KW"},
    {"sh m k m", "ksc", "KW"},
    {"sh m l", "sal", "LB"},
    {"sh m m", "shmm", "EG"},
    {"sh m q", "qsc", "QA"},
    {"sh ma", "saog", "OM AE"},
    {"sh maa", "saog", "OM"},
    {"sh mb", "bsc", "BH"},
    {"sh mk", "ksc", "KW"},
    {"sh mka", "ksc", "KW"},
    {"sh mkm", "ksc", "KW"},
    {"sh ml", "sal", "LB"},
    {"sh mm", "shmm", "EG"},
    {"sh mq", "qsc", "QA"},
    {"sh pk", "shpk", "AL XK"},
    {"sh sh w", "shshw", "OM AE SA"},
    {"sha", "sha", "AL"},
    {"share company", "sc", "ET"},
    {"sherkat", "sherkat", "IR"},
    {"shmm", "shmm", "EG"},
    {"shpk", "shpk", "AL XK"},
    {"shps", "shps", "GE"},
    {"shrka", "co", "SA AE EG JO"},
    {"shrka msahma", "msahma", "SA EG AE"},
    {"shrkah", "co", "SA AE EG JO"},
    {"shrkt", "sherkat", "IR"},
    {"sia", "sia", "LV"},
    {"sirketi", "sti", "TR"},
    {"sl", "sl", "ES"},
    {"slne", "sl", "ES"},
    {"slp", "sl", "ES"},
    {"slu", "sl", "ES"},
    {"snc", "snc", "FR IT"},
    {"soc ltd", "soc", "ZA"},
    {"sociedad anonima", "sa", "ES MX AR CL CO PE EC VE UY PY BO CR PA GT HN SV NI DO"},
    {"sociedad anonima de capital variable", "sa de cv", "MX"},
    {"sociedad de responsabilidad limitada", "srl", "ES AR PE BO UY"},
    {"sociedad limitada", "sl", "ES"},
    {"sociedad por acciones", "spa", "CL"},
    {"sociedad por acciones simplificada", "sas", "CO AR EC"},
    {"sociedade anonima", "sa", "PT BR AO MZ"},
    {"sociedade limitada", "ltda", "BR PT"},
    {"sociedade por quotas", "ltda", "PT"},
    {"societa a responsabilita limitata", "srl", "IT"},
    {"societa per azioni", "spa", "IT"},
    {"societas europaea", "se", "EU"},
    {"societate cu raspundere limitata", "srl", "RO MD"},
    {"societe a responsabilite limitee", "sarl", "FR LU CH MA TN SN CI CM"},
    {"societe anonyme", "sa", "FR BE LU CH CM SN CI MA TN"},
    {"societe par actions simplifiee", "sas", "FR"},
    {"sp z oo", "sp zoo", "PL"},
    {"sp zoo", "sp zoo", "PL"},
    {"spa", "spa", "IT CL DZ"},
    {"spc", "spc", "BH OM AE"},
    {"spj", "spj", "PL"},
    {"spk", "spk", "PL"},
    {"spol s ro", "sro", "CZ SK"},
    {"spol sro", "sro", "CZ SK"},
    {"spolka akcyjna", "sa", "PL"},
    {"spolka jawna", "spj", "PL"},
    {"spolka komandytowa", "spk", "PL"},
    {"spolka z ograniczona odpowiedzialnoscia", "sp zoo", "PL"},
    {"spolka z oo", "sp zoo", "PL"},
    {"spolka zoo", "sp zoo", "PL"},
    {"sprl", "sprl", "BE CD"},
    {"spy", "spy", "AM"},
    {"spz", "spz", "AM"},
    {"spzoo", "sp zoo", "PL"},
    {"srl", "srl", "IT ES AR PE RO MD BO UY DO BE"},
    {"srls", "srl", "IT"},
    {"sro", "sro", "CZ SK"},
    {"sti", "ltd sti", "TR"},
    {"stichting", "stichting", "NL"},
    {"stiftung", "stiftung", "DE AT CH LI"},
    {"suarl", "sarl", "SN TN"},
    {"tbk", "tbk", "ID"},
    {"tic", "tic", "TR"},
    {"tnhh", "tnhh", "VN"},
    {"too", "too", "KZ"},
    {"tov", "tov", "UA"},
    {"tovarishchestvo s ogranichennoy otvetstvennostyu", "too", "KZ"},
    {"tovarystvo z obmezhenoyu vidpovidalnistyu", "tov", "UA"},
    {"tzov", "tov", "UA"},
    {"uab", "uab", "LT"},
    {"ug", "ug", "DE"},
    {"ug haftungsbeschrankt", "ug", "DE"},
    {"ulc", "ulc", "CA"},
    {"und co kg", "kg", "DE AT"},
    {"unipessoal", "ltda", "PT"},
    {"unipessoal lda", "ltda", "PT"},
    {"unltd", "unltd", "GB"},
    {"unternehmergesellschaft", "ug", "DE"},
    {"vof", "vof", "NL BE"},
    {"vos", "vos", "CZ SK"},
    {"vzw", "asbl", "BE"},
    {"with limited liability", "wll", "BH QA KW"},
    {"wll", "wll", "BH QA KW"},
    {"yk", "yk", "JP"},
    {"youxian gongsi", "co ltd", "CN TW"},
    {"youxian hehuo", "lp", "CN"},
    {"youxian zeren gongsi", "co ltd", "CN"},
    {"yugen kaisha", "yk", "JP"},
    {"yuhanchaegimhoesa", "llc", "KR"},
    {"yuhanchaekimhoesa", "llc", "KR"},
    {"yuhanhoesa", "yuhan", "KR"},
    {"zakrytoe aktsionernoe obshchestvo", "zao", "RU BY"},
    {"zao", "zao", "RU BY"},
    {"zhshs", "too", "KZ"},
    {"zrt", "zrt", "HU"},
};

/* clang-format on */

const size_t legal_form_count = sizeof legal_forms / sizeof *legal_forms;

enum {
    FORM_WORDS_MAX = 6,
    FORM_TEXT_MAX = 80,
    MISSPELT_MIN = 6, /* a word of this many letters may be wrong in one, */
    MISSPELT_TWICE_MIN = 12,
};

static int form_order(const void *a, const void *b)
{
    return strcmp(((const struct legal_form *)a)->words,
                  ((const struct legal_form *)b)->words);
}

/* The words as one text with spaces; false when they are too long for any form. */
static bool joined(char text[static FORM_TEXT_MAX], const struct bytes *words, size_t count)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        if (len + words[i].len + 2 > FORM_TEXT_MAX)
            return false;
        if (i > 0)
            text[len++] = ' ';
        memcpy(text + len, words[i].at, words[i].len);
        len += words[i].len;
    }
    text[len] = '\0';
    return true;
}

static const struct legal_form *find_exact(const struct bytes *words, size_t count)
{
    char text[FORM_TEXT_MAX];
    if (!joined(text, words, count))
        return NULL;
    const struct legal_form wanted = {.words = text};
    return bsearch(&wanted, legal_forms, legal_form_count, sizeof *legal_forms, form_order);
}

/* A form of one long word, or of several with a long last one, with a letter wrong or missing. */
static const struct legal_form *find_misspelt(const struct bytes *words, size_t count)
{
    char text[FORM_TEXT_MAX];
    if (!joined(text, words, count))
        return NULL;
    size_t len = strlen(text);
    if (words[count - 1].len < MISSPELT_MIN || len < MISSPELT_MIN + 2)
        return NULL;
    size_t most = len < MISSPELT_TWICE_MIN ? 1 : 2;
    for (size_t i = 0; i < legal_form_count; i++) {
        size_t form_len = strlen(legal_forms[i].words);
        if (form_len + most < len || len + most < form_len || form_len <= MISSPELT_MIN ||
            legal_forms[i].words[0] != text[0])
            continue;
        if (text_distance(bytes_of(text, len), bytes_text(legal_forms[i].words)) <= most)
            return &legal_forms[i];
    }
    return NULL;
}

static bool take_from(const struct legal_form **form, struct bytes **words, size_t *count,
                      bool front)
{
    size_t most = *count - 1 < FORM_WORDS_MAX ? *count - 1 : FORM_WORDS_MAX;
    for (size_t len = most; len > 0; len--) {
        const struct bytes *at = front ? *words : *words + *count - len;
        const struct legal_form *found = find_exact(at, len);
        if (found == NULL)
            found = find_misspelt(at, len);
        if (found == NULL)
            continue;
        if (*form == NULL)
            *form = found;
        *count -= len;
        *words += front ? len : 0;
        return true;
    }
    return false;
}

/* A small word between legal forms: "S.A. de C.V.", "GmbH und Co. KG". */
static bool is_joint(struct bytes word)
{
    static const char *const joints[] = {"de", "und", "and", "e", "y", "ve", "et"};
    for (size_t i = 0; i < sizeof joints / sizeof *joints; i++)
        if (bytes_is(word, joints[i]))
            return true;
    return false;
}

/* Of the commonest forms. What is not here may be either. */
enum legal_kind legal_form_kind(const struct legal_form *form)
{
    static const char *const limited[] = {
        "gmbh", "llc", "bv",  "srl",     "sarl", "sl",  "ltda",    "ooo",  "tov", "too",
        "kft",  "doo", "ood", "eood",    "sro",  "ug",  "pvt ltd", "sprl", "aps", "sp zoo",
        "epe",  "sia", "uab", "pty ltd", "dhmm", "ike", "yk",      "yuhan"};
    static const char *const stock[] = {"ag",  "sa",   "spa", "plc", "nv",  "asa", "oyj",
                                        "abp", "oao",  "pao", "zao", "jsc", "zrt", "nyrt",
                                        "se",  "kgaa", "sab", "sae", "tbk"};
    if (form == NULL)
        return LEGAL_EITHER;
    for (size_t i = 0; i < sizeof limited / sizeof *limited; i++)
        if (strcmp(form->form, limited[i]) == 0)
            return LEGAL_LIMITED;
    for (size_t i = 0; i < sizeof stock / sizeof *stock; i++)
        if (strcmp(form->form, stock[i]) == 0)
            return LEGAL_STOCK;
    if (strcmp(form->form, "stiftung") == 0 || strcmp(form->form, "stichting") == 0)
        return LEGAL_FOUNDATION;
    return LEGAL_EITHER;
}

bool legal_forms_drop(const struct legal_form **form, struct bytes **words, size_t *count)
{
    *form = NULL;
    while (*count > 1 && take_from(form, words, count, false))
        ;
    /* What joined two forms stands at the end alone now. */
    while (*form != NULL && *count > 1 && is_joint((*words)[*count - 1])) {
        --*count;
        while (*count > 1 && take_from(form, words, count, false))
            ;
    }
    if (*count > 1)
        take_from(form, words, count, true);
    return *form != NULL;
}
