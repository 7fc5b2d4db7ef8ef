/* SPDX-License-Identifier: Apache-2.0
 *
 * Names alone: pairs that are one name and pairs that are not; names across scripts, each of which
 * must find its own and none of the others.
 */
#include "link/name_match.h"

#include "check.h"

static const struct {
    enum name_kind kind;
    const char *a, *b;
    bool same;
} cases[] = {
    {NAME_PERSON, "Tomás Alvear Quiroz", "QUIROZ, Tomas Alvear", true},
    {NAME_PERSON, "Tomas Alvear", "Tomás Alvear Quiroz", true},
    {NAME_PERSON, "T. Alvear", "Tomás Alvear", true},
    {NAME_PERSON, "A. Alvear", "Tomás Alvear", false},
    {NAME_PERSON, "T. A.", "Tomás Alvear", false}, /* initials alone are no name */
    {NAME_PERSON, "TA Quiroz", "Tomas Alvear Quiroz", true},
    {NAME_PERSON, "Wolodymyr Selenko", "Volodymyr Zelenko", true},
    {NAME_PERSON, "Elske van Noordt", "Elske Noort", true},
    {NAME_PERSON, "Elske Noordt", "Elske Norden", false},
    {NAME_PERSON, "ElskeNoordt", "Elske Noordt", true},
    {NAME_PERSON, "Els ke Noordt", "Elske Noordt", true},
    {NAME_PERSON, "E1ske Noordt", "Elske Noordt", true},
    {NAME_PERSON, "Bill Okker", "William Okker", true},
    {NAME_PERSON, "Kim Jong Sik", "Kim Jong Nam", false},
    {NAME_PERSON, "Li Ming", "Lee Min Ho", false},
    {NAME_PERSON, "Hugo Chacón", "Hugo Chávez", false},
    {NAME_PERSON, "Hassan Ali Omar", "Hussein Ali Omar", false},
    {NAME_PERSON, "Abdulrahman Saleh", "Abd al-Rahman Salih", true},
    {NAME_PERSON, "", "Elske", false},
    {NAME_PERSON, "--", "--", false},
    {NAME_COMPANY, "NOORDT FRUIT IMPORT B.V.", "Noordt Fruit Import", true},
    {NAME_COMPANY, "Noordt Fruit Import", "Noordt Fruit Trading", false},
    {NAME_COMPANY, "SiemannAG", "Siemann Aktiengeselschaft", true},
    {NAME_COMPANY, "Velero Bank AG", "Velero Bank GmbH", false},
    {NAME_COMPANY, "ООО «Ромашка»", "Romashka LLC", true},
    {NAME_COMPANY, "First Velero Bank", "1st Velero Bank", true},
    {NAME_COMPANY, "Velero Fund III", "Velero Fund IV", false},
    {NAME_COMPANY, "Velero Group", "Velero Holding", false},
    {NAME_COMPANY, "Velero Group", "Velero", true},
    {NAME_COMPANY, "MV Alba del Sur", "Alba del Sur", true},
    {NAME_COMPANY, "Alba del Sur 2", "Alba del Sur 3", false},
    {NAME_COMPANY, "Velero Brigade Forty-Four", "Velero Brigade 44", true},
    {NAME_COMPANY, "Velero Brigade Forty 4", "Velero Brigade Forty-Four", true},
    {NAME_COMPANY, "Velero Brigade Forty-Four", "Velero Brigade 45", false},
    {NAME_COMPANY, "Velero Brigade Forty-Four", "Velero Brigade 40", false},
    {NAME_COMPANY, "Treinta y Tres Velero", "33 Velero", true},
};

/* Everyday names, as lists of passengers have them. */
static const char *const scripts[][2] = {
    {"فاطمة الزهراء", "Fatima al-Zahra"},
    {"يوسف إبراهيم", "Youssef Ibrahim"},
    {"عمر عبد الرحمن", "Omar Abdel Rahman"},
    {"حسين جواد", "Hussein Jawad"},
    {"سهيل منصور", "Suhail Mansour"},
    {"مصطفى القاسمي", "Mustafa al-Qasimi"},
    {"Наталья Кузнецова", "Natalia Kuznetsova"},
    {"Сергей Шевченко", "Sergei Shevchenko"},
    {"Юлия Тимофеева", "Yulia Timofeeva"},
    {"Ђорђе Петровић", "Djordje Petrovic"},
    {"Василий Чайкин", "Vasily Tchaikin"},
    {"Γεώργιος Παπαδόπουλος", "Georgios Papadopoulos"},
    {"Ελένη Μαυροπούλου", "Eleni Mavropoulou"},
    {"Χρήστος Αγγελόπουλος", "Christos Angelopoulos"},
    {"王芳", "Wang Fang"},
    {"陈晓明", "Chen Xiaoming"},
    {"欧阳娜娜", "Ouyang Nana"},
    {"黃志強", "Huang Zhiqiang"},
    {"राजेश कुमार", "Rajesh Kumar"},
    {"सुनीता शर्मा", "Sunita Sharma"},
    {"विजय वर्मा", "Vijay Verma"},
    {"김민수", "Kim Min-soo"},
    {"이영희", "Lee Young-hee"},
    {"최지우", "Choi Ji-woo"},
    {"윤석호", "Yoon Seok-ho"},
    {"אברהם לוי", "Avraham Levi"},
    {"שרה כהן", "Sarah Cohen"},
    {"יצחק פרץ", "Yitzhak Peretz"},
    {"佐藤健", "Sato Ken"},
    {"鈴木一郎", "Suzuki Ichiro"},
    {"やまだ はなこ", "Yamada Hanako"},
    {"გიორგი ბერიძე", "Giorgi Beridze"},
    {"Արամ Խաչատրյան", "Aram Khachatryan"},
};
enum { SCRIPTS = sizeof scripts / sizeof scripts[0] };

static void test_cases(struct arena *arena)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct name_match there, back;
        struct bytes a = bytes_text(cases[i].a), b = bytes_text(cases[i].b);
        name_compare(&there, a, b, cases[i].kind, arena);
        name_compare(&back, b, a, cases[i].kind, arena);
        CHECK_SEEN(there.same == cases[i].same, "%s, %s: %g (%s)", cases[i].a, cases[i].b,
                   there.score, name_match_why(&there, arena));
        CHECK_SEEN(back.same == there.same, "%s, %s the other way round", cases[i].a,
                   cases[i].b);
        CHECK_SEEN(there.score >= 0 && there.score <= 1 &&
                       there.same == (there.score >= 0.7),
                   "%s, %s: %g", cases[i].a, cases[i].b, there.score);
    }
}

static void test_scripts(struct arena *arena)
{
    size_t strangers = 0;
    for (size_t i = 0; i < SCRIPTS; i++)
        for (size_t j = 0; j < SCRIPTS; j++) {
            struct name_match match;
            name_compare(&match, bytes_text(scripts[i][0]), bytes_text(scripts[j][1]),
                         NAME_PERSON, arena);
            if (i == j)
                CHECK_SEEN(match.same, "%s, %s: %g", scripts[i][0], scripts[j][1],
                           match.score);
            else
                strangers += match.same;
            arena_reset(arena);
        }
    CHECK_SEEN(strangers * 100 <= SCRIPTS * (SCRIPTS - 1), "%zu strangers", strangers);
}

static void test_words(void)
{
    static const struct {
        const char *a, *b;
        enum word_match match;
    } words[] = {
        {"elske", "elske", WORD_SAME},      {"bill", "william", WORD_VARIANT},
        {"filip", "philip", WORD_VARIANT},  {"kasem", "qasim", WORD_SOUNDS},
        {"larsen", "larson", WORD_SIMILAR}, {"serena", "selena", WORD_SIMILAR},
        {"min", "mun", WORD_NEAR},          {"e", "elske", WORD_INITIAL},
        {"e", "okker", WORD_DIFFERS},       {"2005", "2006", WORD_DIFFERS},
        {"ar16", "ar17", WORD_DIFFERS},     {"", "a", WORD_DIFFERS},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        CHECK_SEEN(
            word_compare(bytes_text(words[i].a), bytes_text(words[i].b), false) ==
                words[i].match,
            "%s, %s: %d", words[i].a, words[i].b,
            (int)word_compare(bytes_text(words[i].a), bytes_text(words[i].b), false));
}

int main(void)
{
    struct arena arena = {0};
    test_cases(&arena);
    test_scripts(&arena);
    test_words();
    arena_release(&arena);
    return check_done("name_match");
}
