/* SPDX-License-Identifier: Apache-2.0
 *
 * The codes of names written in several ways, and the distances that follow from the classes;
 * scripts to Latin as a passport would have it.
 */
#include "record/phonetic.h"
#include "record/script.h"

#include "check.h"

#include <math.h>

static void test_codes(void)
{
    static const struct {
        const char *word, *code;
    } cases[] = {
        {"mohammed", "MMD"},
        {"muhamad", "MMD"},
        {"mhmd", "MMD"},
        {"yusuf", "JSF"},
        {"jusuf", "JSF"},
        {"yousef", "JSF"},
        {"shcherbakov", "SRVKV"},
        {"serbakov", "SRVKV"},
        {"khaled", "HLD"},
        {"haled", "HLD"},
        {"qasim", "KSM"},
        {"kasem", "KSM"},
        {"gasim", "KSM"},
        {"philip", "FLP"},
        {"filip", "FLP"},
        {"alexander", "ALKSNDR"},
        {"aleksandr", "ALKSNDR"},
        {"ivan", "AVN"},
        {"van", "VN"},
        {"wolodymyr", "VLDMR"},
        {"vladimir", "VLDMR"},
        {"djamel", "JML"},
        {"jamal", "JML"},
        {"sarah", "SR"},
        {"sara", "SR"},
        {"", ""},
        {"7", ""},
        {"io", "A"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char code[PHONETIC_CODE_MAX];
        size_t len = phonetic_code(code, bytes_text(cases[i].word));
        CHECK_SEEN(strcmp(code, cases[i].code) == 0 && len == strlen(code),
                   "%s: %s, not %s", cases[i].word, code, cases[i].code);
    }
    char long_word[500], code[PHONETIC_CODE_MAX];
    memset(long_word, 'k', sizeof long_word);
    for (size_t i = 1; i < sizeof long_word; i += 2)
        long_word[i] = 'a';
    CHECK(phonetic_code(code, bytes_of(long_word, sizeof long_word)) ==
          PHONETIC_CODE_MAX - 1);
}

static void test_distances(void)
{
    static const struct {
        const char *a, *b;
        bool vowelless;
        double least, most;
    } cases[] = {
        {"volodymyr", "wolodymyr", false, 0, 0.2},
        {"zelenskyy", "selenskyj", false, 0, 0.5},
        {"mohammed", "mhmd", true, 0, 0.3},
        {"mohammed", "mhmd", false, 0.8, 2},
        {"putin", "pulin", false, 0.9, 1},
        {"ali", "omar", false, 1, 4},
        {"same", "same", false, 0, 0},
        {"", "abc", false, 0.3, 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bytes a = bytes_text(cases[i].a), b = bytes_text(cases[i].b);
        double there = phonetic_distance(a, b, cases[i].vowelless, HUGE_VAL);
        double back = phonetic_distance(b, a, cases[i].vowelless, HUGE_VAL);
        /* Within a bound it is the same, and beyond it is beyond. */
        for (double most = 0; most < 3; most += 0.1) {
            double within = phonetic_distance(a, b, cases[i].vowelless, most);
            CHECK_SEEN(there <= most ? within == there : within > most,
                       "%s, %s: %g, within %g: %g", cases[i].a, cases[i].b, there, most,
                       within);
        }
        CHECK_SEEN(fabs(there - back) < 1e-12, "%s %s", cases[i].a, cases[i].b);
        CHECK_SEEN(there >= cases[i].least && there <= cases[i].most, "%s %s: %g",
                   cases[i].a, cases[i].b, there);
    }
}

static void test_scripts(void)
{
    static const struct {
        const char *text, *latin;
        enum script_reading reading;
    } cases[] = {
        {"Дмитрий Щербаков", "dmitry shcherbakov", SCRIPT_MANDARIN},
        {"Юлия Ёлкина", "yuliya yolkina", SCRIPT_MANDARIN},
        {"Ђорђе Јовановић", "djordje jovanovich", SCRIPT_MANDARIN},
        {"Νικόλαος Μπακογιάννης", "nikolaos bakogiannis", SCRIPT_MANDARIN},
        {"Ευάγγελος Παπαδοπούλου", "evangelos papadopoulou", SCRIPT_MANDARIN},
        {"محمد علي", "mhmd ali", SCRIPT_MANDARIN},
        {"يوسف القرضاوي", "yusf al qrdawi", SCRIPT_MANDARIN},
        {"عبد الله", "abd allah", SCRIPT_MANDARIN},
        {"משה", "msha", SCRIPT_MANDARIN},
        {"राहुल शर्मा", "rahul sharma", SCRIPT_MANDARIN},
        {"김정은", "kim jeongeun", SCRIPT_MANDARIN},
        {"박지성", "park jiseong", SCRIPT_MANDARIN},
        {"习近平", "xi jinping", SCRIPT_MANDARIN},
        {"欧阳修文", "ouyang xiuwen", SCRIPT_MANDARIN},
        {"金正恩", "kim jongun", SCRIPT_KOREAN},
        {"山田太郎", "yamada taro", SCRIPT_JAPANESE},
        {"たなか さくら", "tanaka sakura", SCRIPT_JAPANESE},
        {"Łukasz Ærø Đặng", "lukasz aero dang", SCRIPT_MANDARIN},
        {"Jose\u0301", "jose", SCRIPT_MANDARIN},
        {"O'Brien", "o'brien", SCRIPT_MANDARIN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf out = {.max = SCRIPT_LATIN_MAX};
        const struct script_options options = {true, cases[i].reading};
        bool vowelless;
        CHECK_SEEN(script_to_latin(&out, &vowelless, bytes_text(cases[i].text), &options),
                   "%s", cases[i].text);
        CHECK_TEXT(buf_bytes(&out), cases[i].latin);
        buf_release(&out);
    }
    struct buf out = {.max = SCRIPT_LATIN_MAX};
    const struct script_options japanese = {true, SCRIPT_JAPANESE};
    bool vowelless;
    CHECK(!script_to_latin(&out, &vowelless, BYTES_OF("习近平"), &japanese));
    CHECK(!script_to_latin(&out, &vowelless, BYTES_OF("\xff\xfe"), &japanese));
    CHECK(script_has_han(BYTES_OF("a 习")) && !script_has_han(BYTES_OF("김")));
    buf_release(&out);
}

int main(void)
{
    test_codes();
    test_distances();
    test_scripts();
    return check_done("phonetic");
}
