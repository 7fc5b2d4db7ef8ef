/* SPDX-License-Identifier: Apache-2.0 */
#include "record/nobody.h"

#include "base/text.h"

/* clang-format off */

/* Folded; what says that a name is not known, wherever it stands in a person's name. */
static const char *const unknown_words[] = {
    "unknown", "unknwon", "unkown", "unk", "unkn", "unidentified", "unnamed", "undisclosed", "anonymous", "anonym",
    "noname", "placeholder", "unsub", "fnu", "lnu", "nfn", "nln", "nmn",
    "desconocido", "desconocida", "anonimo", "anonima", "desconhecido", "desconhecida", "ignorado", "ignorada",
    "inconnu", "inconnue", "anonyme", "sconosciuto", "sconosciuta", "ignoto", "ignota", "necunoscut", "necunoscuta",
    "unbekannt", "unbekannte", "unbekannter", "namenlos", "onbekend", "onbekende", "okand", "ukjent", "ukendt", "tuntematon",
    "nieznany", "nieznana", "neznamy", "neznama", "neznam", "nepoznat", "nepoznata", "nepoznato", "neznan", "ismeretlen",
    "bilinmeyen", "bilinmiyor", "isimsiz", "neizvestno", "neizvestny", "neizvestnyi", "neizvestnyy", "neizvestnaya",
    "neustanovlennoe", "neustanovlenny", "neustanovlennaya", "bezymyanny", "nevidomo", "nevidomy", "nevidoma", "neizvesten", "neizvestna",
    "agnostos", "agnosti", "agnosto", "agnostou", "anonymos", "mjahul", "mjahula", "majhul", "majhoul", "namlum", "namalum", "namaloom", "ajnat", "agyat",
};

/* ... and when they are all there is. */
static const char *const whole_names[] = {
    "john doe", "jane doe", "jon doe", "baby doe", "richard roe", "jane roe", "joe bloggs", "doe",
    "fulano", "fulana", "fulano tal", "fulana tal", "fulano de tal", "fulano beltrano", "fulano mengano", "mengano", "mengana", "zutano", "perengano", "beltrano", "sicrano",
    "max mustermann", "erika mustermann", "mustermann", "musterfrau", "jan modaal", "medel svensson",
    "n n", "n a", "n k", "n d", "s n", "s d", "no name", "no names", "no known", "not known", "not available", "not applicable", "not given", "not stated", "not provided", "not recorded",
    "no data", "none", "nil", "null", "nan", "na", "nd", "nk", "tba", "tbc", "tbd", "test", "test test", "asdf", "qwerty",
    "sin nombre", "sin apellido", "sin datos", "no consta", "no identificado", "no identificada", "se desconoce", "se ignora",
    "sem nome", "sem dados", "nao identificado", "nao identificada", "nao informado", "nao consta",
    "sans nom", "non identifie", "non identifiee", "non connu", "non renseigne", "neant", "senza nome", "non identificato",
    "ohne name", "ohne namen", "nicht bekannt", "keine angabe", "keine", "geen naam", "niet bekend", "ingen navn",
    "bez imeni", "bez familii", "neust litso", "neizvestnoe litso", "bez imena", "bez nazwiska", "brak", "brak danych", "ime nepoznato", "isim yok", "yok",
    "khong ro", "khong xac dinh", "chua xac dinh", "khong biet", "vo danh", "tidak diketahui", "tanpa nama", "haijulikani", "asiyejulikana", "walang pangalan",
    "bdun asm", "bla asm", "ghir mruf", "ghir mrufa", "mjahul huia", "flan", "flan flani", "flan alflani", "ploni almoni", "almoni",
};

/* Beside a word that says so, or beside each other, these are no name either. */
static const char *const fillers[] = {
    "male", "female", "man", "woman", "boy", "girl", "person", "persons", "individual", "adult", "child", "minor", "infant", "baby", "subject", "suspect",
    "driver", "passenger", "caller", "victim", "name", "names", "first", "last", "given", "family", "surname", "party", "owner",
    "persona", "individuo", "hombre", "mujer", "masculino", "femenino", "nombre", "apellido", "apellidos", "sujeto", "homem", "mulher", "nome", "sobrenome", "pessoa",
    "personne", "homme", "femme", "nom", "prenom", "maennlich", "weiblich", "naam", "vrouw", "litso", "muzhchina", "zhenshchina", "osoba", "rjul", "amra", "shkhs", "huia", "asm",
    "company", "firm", "firma", "empresa", "societe", "vessel", "ship", "boat", "buque", "navire", "barco",
};

/* As they are written, where reading aloud would make other names of them. */
static const char *const as_written[] = {
    "不详", "不詳", "未知", "无名", "無名", "不明", "无名氏", "無名氏", "某某", "某", "匿名", "氏名不詳", "身元不明", "名無し", "名前不明",
    "佚名", "ไม่ทราบ", "ไม่ทราบชื่อ", "ไม่ปรากฏชื่อ", "নাম অজানা", "অজ্ঞাত", "অজ্ঞাতনামা", "அறியப்படாத", "பெயர் தெரியாது", "이름 없음", "이름없음", "ללא שם",
    "불명", "미상", "무명", "성명불상", "성명 불상", "신원미상", "신원 미상", "신원불상", "익명", "홍길동",
    "לא ידוע", "לא ידועה", "לא מזוהה", "ישראל ישראלי", "לא ידוע שם",
};
/* clang-format on */

enum { WHOLE_MAX = 64 };

static bool stands_among(struct bytes word, const char *const *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes_is(word, table[i]))
            return true;
    return false;
}
#define STANDS_AMONG(word, table) stands_among(word, table, sizeof(table) / sizeof *(table))

/* NN, XXX: letters put down for want of others. */
static bool is_filling(struct bytes word)
{
    for (size_t i = 1; i < word.len; i++)
        if (word.at[i] != word.at[0])
            return false;
    return word.len > 1 && strchr("nxyz", word.at[0]) != NULL;
}

static bool is_number(struct bytes word)
{
    for (size_t i = 0; i < word.len; i++)
        if (!is_digit(word.at[i]))
            return false;
    return word.len > 0;
}

static bool says_unknown(struct bytes word)
{
    return is_filling(word) || STANDS_AMONG(word, unknown_words);
}

static bool is_whole(const struct name_words_read *words)
{
    char text[WHOLE_MAX];
    size_t len = 0;
    for (size_t i = 0; i < words->count; i++) {
        if (len + words->words[i].len + 1 >= sizeof text)
            return false;
        if (i > 0)
            text[len++] = ' ';
        memcpy(text + len, words->words[i].at, words->words[i].len);
        len += words->words[i].len;
    }
    return STANDS_AMONG(bytes_of(text, len), whole_names);
}

static bool is_nobodys(const struct name_words_read *words, struct bytes text,
                       enum name_kind kind)
{
    if (is_whole(words) || STANDS_AMONG(text_trim(text), as_written))
        return true;
    size_t unknown = 0, filling = 0, telling = 0;
    for (size_t i = 0; i < words->count; i++) {
        struct bytes word = words->words[i];
        bool says = says_unknown(word), fills = STANDS_AMONG(word, fillers);
        unknown += says;
        filling += fills;
        telling += !says && !fills && !is_number(word) && word.len > 1;
    }
    return telling == 0 && (unknown > 0 || (filling > 0 && kind == NAME_PERSON));
}

void nobody_drop(struct name_words_read *words, struct bytes text, enum name_kind kind)
{
    if (words->count == 0)
        return;
    if (is_nobodys(words, text, kind)) {
        words->count = 0;
        return;
    }
    size_t kept = 0;
    for (size_t i = 0; i < words->count; i++)
        if (kind != NAME_PERSON || !says_unknown(words->words[i])) {
            words->joined[kept] = words->joined[i];
            words->words[kept++] = words->words[i];
        }
    words->count = kept;
}
