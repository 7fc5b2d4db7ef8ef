/* SPDX-License-Identifier: Apache-2.0
 *
 * Names alone: pairs that are one name and pairs that are not; names across scripts, each of which
 * must find its own and none of the others.
 */
#include "link/name_match.h"

#include "base/text.h"
#include "link/name_variants.h"

#include "check.h"

static const struct {
    enum name_of of;
    const char *a, *b;
    bool same;
} cases[] = {
    {NAME_OF_PERSON, "Tomás Alvear Quiroz", "QUIROZ, Tomas Alvear", true},
    {NAME_OF_PERSON, "Tomas Alvear", "Tomás Alvear Quiroz", true},
    {NAME_OF_PERSON, "T. Alvear", "Tomás Alvear", true},
    {NAME_OF_PERSON, "A. Alvear", "Tomás Alvear", false},
    {NAME_OF_PERSON, "T. A.", "Tomás Alvear", false}, /* initials alone are no name */
    {NAME_OF_PERSON, "TA Quiroz", "Tomas Alvear Quiroz", true},
    {NAME_OF_PERSON, "Wolodymyr Selenko", "Volodymyr Zelenko", true},
    {NAME_OF_PERSON, "Elske van Noordt", "Elske Noort", true},
    {NAME_OF_PERSON, "Elske Noordt", "Elske Norden", false},
    {NAME_OF_PERSON, "ElskeNoordt", "Elske Noordt", true},
    {NAME_OF_PERSON, "Els ke Noordt", "Elske Noordt", true},
    {NAME_OF_PERSON, "E1ske Noordt", "Elske Noordt", true},
    {NAME_OF_PERSON, "Bill Okker", "William Okker", true},
    {NAME_OF_PERSON, "Kim Jong Sik", "Kim Jong Nam", false},
    {NAME_OF_PERSON, "Li Ming", "Lee Min Ho", false},
    {NAME_OF_PERSON, "Hugo Chacón", "Hugo Chávez", false},
    {NAME_OF_PERSON, "Hassan Ali Omar", "Hussein Ali Omar", false},
    {NAME_OF_PERSON, "Abdulrahman Saleh", "Abd al-Rahman Salih", true},
    {NAME_OF_PERSON, "", "Elske", false},
    {NAME_OF_PERSON, "--", "--", false},
    {NAME_OF_COMPANY, "NOORDT FRUIT IMPORT B.V.", "Noordt Fruit Import", true},
    {NAME_OF_COMPANY, "Noordt Fruit Import", "Noordt Fruit Trading", false},
    {NAME_OF_COMPANY, "SiemannAG", "Siemann Aktiengeselschaft", true},
    {NAME_OF_COMPANY, "Velero Bank AG", "Velero Bank GmbH", false},
    {NAME_OF_COMPANY, "ООО «Ромашка»", "Romashka LLC", true},
    {NAME_OF_COMPANY, "First Velero Bank", "1st Velero Bank", true},
    {NAME_OF_COMPANY, "Velero Fund III", "Velero Fund IV", false},
    {NAME_OF_COMPANY, "Velero Group", "Velero Holding", false},
    {NAME_OF_COMPANY, "Velero Group", "Velero", true},
    {NAME_OF_SHIP, "MV Alba del Sur", "Alba del Sur", true},
    {NAME_OF_COMPANY, "Alba del Sur 2", "Alba del Sur 3", false},
    {NAME_OF_COMPANY, "Velero Brigade Forty-Four", "Velero Brigade 44", true},
    {NAME_OF_COMPANY, "Velero Brigade Forty 4", "Velero Brigade Forty-Four", true},
    {NAME_OF_COMPANY, "Velero Brigade Forty-Four", "Velero Brigade 45", false},
    {NAME_OF_COMPANY, "Velero Brigade Forty-Four", "Velero Brigade 40", false},
    {NAME_OF_COMPANY, "Treinta y Tres Velero", "33 Velero", true},
    /* Two names that many bear are two, however alike; one beside what is no name may be a slip. */
    {NAME_OF_PERSON, "Lucía Hernández", "Lucia Fernandez", false},
    {NAME_OF_PERSON, "Lucía Hernández", "Lucia Hernandz", true},
    {NAME_OF_PERSON, "Pablo Martín", "Pablo Marín", false},
    {NAME_OF_PERSON, "Mario Lombardi", "Maria Lombardi", false},
    {NAME_OF_PERSON, "Marta Lombardi", "Maria Lombardi", false},
    {NAME_OF_PERSON, "Mario Lombardi", "Maario Lombardi", true},
    {NAME_OF_PERSON, "Carlos Quiroz", "Carla Quiroz", false},
    {NAME_OF_PERSON, "Jean Okker", "Joan Okker", false},
    {NAME_OF_PERSON, "Omar Haddad", "Amir Haddad", false},
    {NAME_OF_PERSON, "Hassan Haddad", "Hussein Haddad", false},
    {NAME_OF_PERSON, "حسن حداد", "حسين حداد", false},
    {NAME_OF_PERSON, "حسن حداد", "Hussein Haddad", false},
    {NAME_OF_PERSON, "محمد حداد", "Mahmoud Haddad", false},
    {NAME_OF_PERSON, "محمود حداد", "Mahmoud Haddad", true},
    {NAME_OF_PERSON, "Salim Haddad", "Saleem Haddad", true},
    {NAME_OF_PERSON, "Mamadou Diallo", "Amadou Diallo", false},
    {NAME_OF_PERSON, "Ousmane Diallo", "Usman Diallo", true},
    {NAME_OF_PERSON, "Rajesh Sharma", "Rakesh Sharma", false},
    {NAME_OF_PERSON, "Kamil Nowak", "Camilo Nowak", true}, /* of two languages: one name */
    {NAME_OF_PERSON, "Jan Oord", "Jan Noord", false},      /* in the first letter */
    {NAME_OF_PERSON, "Jana Nováková", "Jana Novak", true},
    {NAME_OF_PERSON, "Alexander Belov", "Alexandra Belova", false},
    {NAME_OF_PERSON, "Omar Quiroz Alvear", "Amir Quiroz Alvear", false},
    {NAME_OF_PERSON, "Hendrik Mulder", "Hendrika Mulder", false}, /* a woman's ending */
    {NAME_OF_PERSON, "Zidan Haddad", "Zidane Haddad", true},
    {NAME_OF_PERSON, "Hakan Demir", "Hasan Demir", false}, /* known, of two languages */
    {NAME_OF_PERSON, "Larsen Okker", "Larson Okker", true},
    /* A syllable's every letter counts. */
    {NAME_OF_PERSON, "Zhang Lei", "Zhang Li", false},
    {NAME_OF_PERSON, "Nguyen Van Minh", "Nguyen Van Manh", false},
    {NAME_OF_PERSON, "Lee Min-jung", "Lee Min-jeong", true},
    {NAME_OF_PERSON, "Zhou Min", "Zhou Ming", false},
    {NAME_OF_PERSON, "Sun Yifan", "Sun Yifang", false},
    {NAME_OF_PERSON, "Kim Min-seo", "Kim Min-seok", false},
    {NAME_OF_PERSON, "王伟明", "王伟民", false},
    {NAME_OF_PERSON, "Hsu Chih-ming", "Xu Zhiming", true},
    {NAME_OF_PERSON, "Lee Seung-woo", "Yi Seung-u", true},
    /* Which of the family. */
    {NAME_OF_PERSON, "John Okker Jr.", "John Okker Sr.", false},
    {NAME_OF_PERSON, "John Okker Jr.", "John Okker", true},
    {NAME_OF_PERSON, "Sr. Juan Quiroz", "Juan Quiroz Jr.", true}, /* Señor */
    {NAME_OF_PERSON, "George W Okker", "George H W Okker", false},
    /* Particles, the faith, other names. */
    {NAME_OF_PERSON, "Sjoerd de Groot", "Sjoerd Degroot", true},
    {NAME_OF_PERSON, "Groot, Sjoerd de", "Sjoerd Degroot", true},
    {NAME_OF_PERSON, "Pierre Blanc", "Pierre Leblanc", false},
    {NAME_OF_PERSON, "Nur ad-Din Zenki", "Noureddine Zenki", true},
    {NAME_OF_PERSON, "Saif al-Din Masri", "Saif Masri", false},
    {NAME_OF_PERSON, "María Luján (née Ferrari)", "Maria Ferrari", true},
    {NAME_OF_PERSON, "Dragan Ilić a.k.a. \"Zmaj\"", "Dragan Ilic", true},
    {NAME_OF_PERSON, "Wi11iam Okker", "William Okker", true},
    {NAME_OF_PERSON, "Иванов Иван Иванович", "Ivanov I. I.",
     true}, /* I is no number here */
    {NAME_OF_PERSON, "Fco. Javier Hdez.", "Francisco Javier Hernandez", true},
    {NAME_OF_PERSON, "Chiang Ching-ko", "Jiang Jingguo", false},
    {NAME_OF_PERSON, "Chiang Ching-kuo", "Jiang Jingguo", true},
    {NAME_OF_PERSON, "Mamadou Diallo", "Mamadu Jallow", true},
    /* Nobody's. */
    {NAME_OF_PERSON, "UNKNOWN", "UNKNOWN", false},
    {NAME_OF_PERSON, "N.N.", "N. N.", false},
    {NAME_OF_PERSON, "XXX", "XXX", false},
    {NAME_OF_PERSON, "John Doe", "John Doe", false},
    {NAME_OF_PERSON, "Unknown male 2", "Unknown male 2", false},
    {NAME_OF_PERSON, "неизвестно", "Неизвестно", false},
    {NAME_OF_PERSON, "مجهول", "مجهول", false},
    {NAME_OF_PERSON, "不详", "不詳", false},
    {NAME_OF_PERSON, "לא ידוע", "לא ידוע", false},
    {NAME_OF_PERSON, "Unknown Okker", "Unknown Quiroz", false},
    {NAME_OF_PERSON, "Unknown Jolande Okker", "Jolande Okker", true},
    {NAME_OF_COMPANY, "Unknown Company", "Unknown company", false},
    {NAME_OF_COMPANY, "Unknown Worlds Ltd", "Unknown Worlds", true},
    {NAME_OF_SHIP, "No name", "No Name", false},
    {NAME_OF_PERSON, "Mr. X", "Mister X", false},
    {NAME_OF_PERSON, "ไม่ทราบชื่อ", "ไม่ทราบชื่อ", false},
    /* What no table brings to Latin letters is heard as nothing, and is not like all else that is. */
    {NAME_OF_PERSON, "ᠮᠣᠩᠭᠣᠯ", "កម្ពុជា", false},
    {NAME_OF_PERSON, "𝕁𝕠𝕙𝕟 𝕊𝕞𝕚𝕥𝕙", "Jolande Okker", false},
    {NAME_OF_PERSON, "ហ៊ុន ម៉ាណាត", "ហ៊ុន ម៉ាណែត", true}, /* a letter in six */
    {NAME_OF_PERSON, "1984-05-06", "00000", false},
    {NAME_OF_PERSON, "バラク・オバマ", "Baraku Obama", true},
    {NAME_OF_PERSON, "Okker\u200f Jolande\u202c", "Jolande Okker", true},
    {NAME_OF_PERSON, "\u0301 \u0302", "\u0301 \u0302", false},
    /* Sisters. */
    {NAME_OF_COMPANY, "Brandal Importadora SA", "Brandal Exportadora SA", false},
    {NAME_OF_COMPANY, "Brandal Fishing", "Brandal Shipping", false},
    {NAME_OF_COMPANY, "Brandal Shipping", "Brandal Shiping", true},
    {NAME_OF_COMPANY, "Brandal Austria", "Brandal Australia", false},
    {NAME_OF_COMPANY, "Brandal del Este", "Brandal del Oeste", false},
    {NAME_OF_COMPANY, "Brandal East", "Brandal Este", true},
    {NAME_OF_COMPANY, "Brandal Germany", "Brandal Deutschland", true},
    {NAME_OF_COMPANY, "Velero I LP", "Velero II LP", false},
    {NAME_OF_COMPANY, "Velero Brothers", "Gebrüder Velero", true},
    {NAME_OF_COMPANY, "Cía. Minera Velero", "Compañía Minera Velero", true},
    {NAME_OF_COMPANY, "华为技术有限公司", "Huawei Technologies Co Ltd", true},
    {NAME_OF_SHIP, "Ocean Star I", "Ocean Star II", false},
    {NAME_OF_SHIP, "Ocean Star II", "Ocean Star 2", true},
    {NAME_OF_SHIP, "Ocean Star Tres", "Ocean Star 3", true},
    {NAME_OF_SHIP, "Ocean Star", "Ocean Stag", false},
    {NAME_OF_SHIP, "Golden Bear", "Golden Pear", false},
    {NAME_OF_SHIP, "Nothern Gull", "Northern Gull", true},
    {NAME_OF_SHIP, "Sea Queen", "Queen Sea", false},
    {NAME_OF_SHIP, "M/V Alba del Sur", "MV ALBA DEL SUR", true},
    {NAME_OF_SHIP, "B/P Alba del Sur", "Alba del Sur", true},
    {NAME_OF_COMPANY, "MS Velero Foods", "MT Velero Foods", false},
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
        name_compare(&there, a, b, cases[i].of, arena);
        name_compare(&back, b, a, cases[i].of, arena);
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
                         NAME_OF_PERSON, arena);
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
        {"elske", "elske", WORD_SAME},       {"bill", "william", WORD_VARIANT},
        {"filip", "philip", WORD_VARIANT},   {"kazem", "qasim", WORD_SOUNDS},
        {"larsen", "larson", WORD_SIMILAR},  {"serena", "selena", WORD_SIMILAR},
        {"min", "mun", WORD_NEAR},           {"e", "elske", WORD_INITIAL},
        {"e", "okker", WORD_DIFFERS},        {"2005", "2006", WORD_DIFFERS},
        {"ar16", "ar17", WORD_DIFFERS},      {"", "a", WORD_DIFFERS},
        {"parkel", "barkel", WORD_SOUNDS},   {"narkel", "darkel", WORD_FRONT},
        {"novak", "novakova", WORD_VARIANT},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        CHECK_SEEN(word_compare(bytes_text(words[i].a), bytes_text(words[i].b), NAME_PERSON,
                                false) == words[i].match,
                   "%s, %s: %d", words[i].a, words[i].b,
                   (int)word_compare(bytes_text(words[i].a), bytes_text(words[i].b),
                                     NAME_PERSON, false));
}

/* In Arabic's letters a name is its consonants: each is a spelling of the name it stands beside. */
static void test_consonants(struct arena *arena)
{
    static const char *const names[][2] = {
        {"محمد", "mohammed"}, {"محمود", "mahmoud"}, {"أحمد", "ahmed"},  {"حامد", "hamed"},
        {"حسن", "hassan"},    {"حسين", "hussein"},  {"عمر", "omar"},    {"أمير", "amir"},
        {"سمير", "samir"},    {"سعيد", "said"},     {"سعد", "saad"},    {"جمال", "jamal"},
        {"جميل", "jamil"},    {"رشيد", "rashid"},   {"رشاد", "rashad"}, {"كريم", "karim"},
        {"أكرم", "akram"},    {"خالد", "khalid"},   {"وليد", "walid"},  {"يوسف", "yusuf"},
    };
    enum { NAMES = sizeof names / sizeof *names };
    for (size_t i = 0; i < NAMES; i++) {
        const struct name_read_options how = {.kind = NAME_PERSON};
        struct name_words_read read;
        name_read(&read, bytes_text(names[i][0]), &how, arena);
        CHECK_SEEN(read.count == 1, "%s", names[i][0]);
        for (size_t j = 0; j < NAMES && read.count == 1; j++) {
            enum word_match match =
                word_compare(read.words[0], bytes_text(names[j][1]), NAME_PERSON, true);
            CHECK_SEEN((match >= WORD_SOUNDS) == (i == j), "%s, %s: %d", names[i][0],
                       names[j][1], (int)match);
        }
    }
}

/* Every word of the tables is as name_read folds it, or it would never be met. */
static void test_tables(struct arena *arena)
{
    for (const char *const *line = name_known_people; *line != NULL; line++) {
        struct bytes word, rest = bytes_text(*line);
        while (text_next_word(&word, &rest, ", ")) {
            struct name name;
            name_fold(&name, word, NAME_PERSON, arena);
            CHECK_SEEN(name.count == 1 && bytes_equal(name.tokens[0], word), "%.*s",
                       (int)word.len, (const char *)word.at);
            arena_reset(arena);
        }
    }
}

int main(void)
{
    struct arena arena = {0};
    test_cases(&arena);
    test_scripts(&arena);
    test_words();
    test_consonants(&arena);
    test_tables(&arena);
    arena_release(&arena);
    return check_done("name_match");
}
