/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/report_words.h"

#include "record/date.h"

#include <math.h>
#include <stdio.h>

static const char *const codes[LANGUAGE_COUNT] = {"en", "es", "fr", "pt"};

/* English, Spanish, French, Portuguese. */
static const char *const table[WORD_COUNT][LANGUAGE_COUNT] = {
    [WORD_TITLE] = {"Seizure watch", "Vigilancia de incautaciones",
                    "Veille sur les saisies", "Vigilância de apreensões"},
    [WORD_AS_OF] = {"as of", "a fecha de", "au", "em"},
    [WORD_SOURCE] = {"Source", "Fuente", "Source", "Fonte"},
    [WORD_PERIOD] = {"Period", "Período", "Période", "Período"},
    [WORD_TO] = {"to", "a", "au", "a"},
    [WORD_NO_ROWS] = {"no records", "sin registros", "aucun enregistrement",
                      "sem registos"},
    [WORD_RECORDS] = {"records", "registros", "enregistrements", "registos"},
    [WORD_SEIZURES] = {"seizures", "incautaciones", "saisies", "apreensões"},
    [WORD_ALERTS] = {"alerts", "alertas", "alertes", "alertas"},
    [WORD_NOTICES] = {"data notices", "avisos sobre los datos", "avis sur les données",
                      "avisos sobre os dados"},
    [WORD_REJECTED] = {"rows not used", "filas no usadas", "lignes non utilisées",
                       "linhas não usadas"},
    [WORD_WHAT_IS_NEW] = {"What is new", "Lo nuevo", "Ce qui est nouveau", "O que é novo"},
    [WORD_NO_ALERT] = {"Nothing stands out at the asked rate of false alarms.",
                       "Nada destaca con la tasa de falsas alarmas pedida.",
                       "Rien ne ressort au taux de fausses alertes demandé.",
                       "Nada se destaca com a taxa de falsos alarmes pedida."},
    [WORD_NEW] = {"new", "nueva", "nouvelle", "nova"},
    [WORD_ONGOING] = {"ongoing", "en curso", "en cours", "em curso"},
    [WORD_BY_MONTH] = {"Seizures by month", "Incautaciones por mes", "Saisies par mois",
                       "Apreensões por mês"},
    [WORD_OBSERVED] = {"observed", "observadas", "observées", "observadas"},
    [WORD_EXPECTED] = {"expected by the history before",
                       "esperadas según la historia anterior",
                       "attendues d’après l’historique", "esperadas segundo o histórico"},
    [WORD_FLOWS] = {"From where to where", "De dónde a dónde", "D’où vers où",
                    "De onde para onde"},
    [WORD_FLOWS_KEY] =
        {"Width: number of seizures. Strong colour: also in the last 90 days.",
         "Grosor: número de incautaciones. Color fuerte: también en los últimos "
         "90 días.",
         "Épaisseur : nombre de saisies. Couleur vive : aussi dans les 90 "
         "derniers jours.",
         "Espessura: número de apreensões. Cor forte: também nos últimos 90 "
         "dias."},
    [WORD_UNKNOWN] = {"not stated", "no indicado", "non indiqué", "não indicado"},
    [WORD_DATA_CHANGED] = {"What changed in the reporting", "Qué cambió en la notificación",
                           "Ce qui a changé dans la déclaration",
                           "O que mudou na notificação"},
    [WORD_NO_NOTICE] = {"No change of reporting was found.",
                        "No se encontró ningún cambio en la notificación.",
                        "Aucun changement dans la déclaration n’a été trouvé.",
                        "Não se encontrou nenhuma mudança na notificação."},
    [WORD_NOT_LOOKED_AT] = {"What was not looked at", "Lo que no se examinó",
                            "Ce qui n’a pas été examiné", "O que não foi examinado"},
    [WORD_ALL_LOOKED_AT] = {"All columns could be used.",
                            "Se pudieron usar todas las columnas.",
                            "Toutes les colonnes ont pu être utilisées.",
                            "Todas as colunas puderam ser usadas."},
    [WORD_HOW_TO_READ] = {"How to read this", "Cómo leer esto", "Comment lire ceci",
                          "Como ler isto"},
    [WORD_HOW_1] =
        {"An alert says that more seizures than expected share something. It is a reason "
         "to look, not a finding; it says nothing about any person.",
         "Una alerta dice que más incautaciones de las esperadas tienen algo en común. Es "
         "un motivo para mirar, no una conclusión; no dice nada de ninguna persona.",
         "Une alerte dit que plus de saisies que prévu ont un point commun. C’est une "
         "raison de regarder, pas une conclusion ; elle ne dit rien d’aucune personne.",
         "Um alerta diz que mais apreensões do que o esperado têm algo em comum. É um "
         "motivo para olhar, não uma conclusão; não diz nada sobre nenhuma pessoa."},
    [WORD_HOW_2] =
        {"Seizures are flow × enforcement × reporting: a new patrol or a new form makes a "
         "wave too. That is why changes of the data are looked for first, and explain "
         "alerts away.",
         "Las incautaciones son flujo × control × notificación: una patrulla nueva o un "
         "formulario nuevo también hacen una ola. Por eso los cambios en los datos se "
         "buscan primero y descartan alertas.",
         "Les saisies sont flux × contrôle × déclaration : une nouvelle patrouille ou un "
         "nouveau formulaire font aussi une vague. C’est pourquoi les changements des "
         "données sont cherchés d’abord et écartent des alertes.",
         "As apreensões são fluxo × fiscalização × notificação: uma nova patrulha ou um "
         "novo formulário também fazem uma onda. Por isso as mudanças nos dados "
         "procuram-se primeiro e afastam alertas."},
    [WORD_HOW_3] =
        {"“Once in X years” is how often chance alone makes so strong an alert anywhere in "
         "these data, measured on their own history. Beyond three times the history no "
         "number is given.",
         "«Una vez cada X años» es con qué frecuencia el azar solo produce una alerta tan "
         "fuerte en cualquier parte de estos datos, medida en su propia historia. Más "
         "allá de tres veces la historia no se da ningún número.",
         "« Une fois tous les X ans » dit à quelle fréquence le hasard seul produit une "
         "alerte aussi forte n’importe où dans ces données, mesurée sur leur propre "
         "historique. Au-delà de trois fois l’historique, aucun nombre n’est donné.",
         "“Uma vez a cada X anos” é com que frequência o acaso sozinho produz um alerta "
         "tão forte em qualquer parte destes dados, medida no seu próprio histórico. "
         "Além de três vezes o histórico não se dá nenhum número."},
    [WORD_HOW_4] =
        {"Counts come before kilograms. Recent days are incomplete: reports arrive late.",
         "Los recuentos van antes que los kilogramos. Los últimos días están incompletos: "
         "las notificaciones llegan tarde.",
         "Les nombres passent avant les kilogrammes. Les derniers jours sont incomplets : "
         "les déclarations arrivent en retard.",
         "As contagens vêm antes dos quilogramas. Os últimos dias estão incompletos: as "
         "notificações chegam tarde."},
    [WORD_MORE] = {"and %s more in the report", "y %s más en el informe",
                   "et %s de plus dans le rapport", "e mais %s no relatório"},
    [WORD_PAGE] = {"page %s of 2", "página %s de 2", "page %s sur 2", "página %s de 2"},
    [WORD_SEED] = {"Seed", "Semilla", "Graine", "Semente"},
    [WORD_RECORD_COUNT] = {"%s records", "%s registros", "%s enregistrements",
                           "%s registos"},
    [WORD_BLANK_IN] = {"blank in %s records", "vacío en %s registros",
                       "vide dans %s enregistrements", "vazio em %s registos"},
    [WORD_ALL_THE_SAME] = {"an alert all the same", "alerta a pesar de ello",
                           "une alerte malgré tout", "um alerta apesar disso"},
    [WORD_IN_COMMON] = {"in common too", "también en común", "aussi en commun",
                        "também em comum"},
    [WORD_NO_THRESHOLD] =
        {"There is too little history to set a threshold: no alert can be "
         "raised.",
         "Hay muy poca historia para fijar un umbral: no puede darse "
         "ninguna alerta.",
         "L’historique est trop court pour fixer un seuil : aucune alerte ne "
         "peut être donnée.",
         "Há histórico de menos para fixar um limiar: nenhum alerta pode "
         "ser dado."},
};

/* Of one; NULL: as of many. */
static const char *const ones[WORD_COUNT][LANGUAGE_COUNT] = {
    [WORD_RECORDS] = {"record", "registro", "enregistrement", "registo"},
    [WORD_SEIZURES] = {"seizure", "incautación", "saisie", "apreensão"},
    [WORD_ALERTS] = {"alert", "alerta", "alerte", "alerta"},
    [WORD_NOTICES] = {"data notice", "aviso sobre los datos", "avis sur les données",
                      "aviso sobre os dados"},
    [WORD_REJECTED] = {"row not used", "fila no usada", "ligne non utilisée",
                       "linha não usada"},
    [WORD_RECORD_COUNT] = {"%s record", "%s registro", "%s enregistrement", "%s registo"},
    [WORD_BLANK_IN] = {"blank in %s record", "vacío en %s registro",
                       "vide dans %s enregistrement", "vazio em %s registo"},
};

static const char *const facets[FACET_COUNT][LANGUAGE_COUNT] = {
    [FACET_AGENCY] = {"Agency", "Organismo", "Service", "Órgão"},
    [FACET_PLACE] = {"Place", "Lugar", "Lieu", "Lugar"},
    [FACET_SUBSTANCE] = {"Substance", "Sustancia", "Substance", "Substância"},
    [FACET_COMMODITY] = {"Commodity", "Mercancía", "Marchandise", "Mercadoria"},
    [FACET_ORIGIN] = {"Origin", "Origen", "Origine", "Origem"},
    [FACET_DEPARTURE] = {"Departure", "Salida", "Départ", "Partida"},
    [FACET_TRANSIT] = {"Transit", "Tránsito", "Transit", "Trânsito"},
    [FACET_DESTINATION] = {"Destination", "Destino", "Destination", "Destino"},
    [FACET_MODE] = {"Transport", "Transporte", "Transport", "Transporte"},
    [FACET_CONCEALMENT] = {"Concealment", "Ocultación", "Dissimulation", "Ocultação"},
    [FACET_INSTALLATION] = {"Installation", "Instalación", "Installation", "Instalação"},
    [FACET_ROUTING] = {"Routing", "Itinerario", "Itinéraire", "Itinerário"},
    [FACET_MARKING] = {"Marking", "Marca", "Marquage", "Marcação"},
};

static const char *const notices[NOTICE_KIND_COUNT][LANGUAGE_COUNT] = {
    [NOTICE_SIZES] = {"sizes changed", "cambiaron los tamaños", "les tailles ont changé",
                      "mudaram os tamanhos"},
    [NOTICE_VOCABULARY] = {"a category was renamed", "se renombró una categoría",
                           "une catégorie a été renommée", "uma categoria foi renomeada"},
    [NOTICE_COMPLETENESS] = {"completeness changed", "cambió la exhaustividad",
                             "l’exhaustivité a changé", "mudou a completude"},
    [NOTICE_ENTERED] = {"began to report", "empezó a notificar", "a commencé à déclarer",
                        "começou a notificar"},
    [NOTICE_LEFT] = {"ceased to report", "dejó de notificar", "a cessé de déclarer",
                     "deixou de notificar"},
    [NOTICE_MISSING_MONTHS] = {"months are missing", "faltan meses", "des mois manquent",
                               "faltam meses"},
    [NOTICE_BULK] = {"bulk upload", "carga masiva", "envoi en bloc", "envio em bloco"},
    [NOTICE_REPEATS] = {"identical rows", "filas idénticas", "lignes identiques",
                        "linhas idênticas"},
    [NOTICE_ROUNDED_DATES] = {"dates on a fixed day", "fechas en un día fijo",
                              "dates à jour fixe", "datas em dia fixo"},
    [NOTICE_MISCODING] = {"likely miscoding", "probable error de código",
                          "erreur de code probable", "provável erro de código"},
    [NOTICE_FUTURE] = {"dates in the future", "fechas futuras", "dates futures",
                       "datas futuras"},
    [NOTICE_LEVEL] = {"number of rows changed", "cambió el número de filas",
                      "le nombre de lignes a changé", "mudou o número de linhas"},
    [NOTICE_DATES] = {"dates that cannot be right", "fechas que no pueden ser",
                      "dates impossibles", "datas que não podem ser"},
    [NOTICE_WEIGHTS] = {"weights that cannot be right", "pesos que no pueden ser",
                        "poids impossibles", "pesos que não podem ser"},
};

enum language language_find(const char *code)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        if (strcmp(codes[i], code) == 0)
            return (enum language)i;
    return LANGUAGE_COUNT;
}

const char *language_code(enum language language)
{
    return codes[language];
}

const char *words(enum language language, enum word word)
{
    return table[word][language];
}

bool language_is_one(enum language language, double number)
{
    return number == 1 || (language == LANGUAGE_FR && number >= 0 && number < 2);
}

const char *words_of(enum language language, enum word word, size_t count)
{
    const char *one = ones[word][language];
    return one != NULL && language_is_one(language, (double)count) ? one
                                                                   : words(language, word);
}

const char *words_colon(enum language language)
{
    return language == LANGUAGE_FR ? "\xC2\xA0: " : ": ";
}

const char *facet_caption(enum language language, enum facet facet)
{
    return facet < FACET_COUNT ? facets[facet][language] : "";
}

const char *notice_caption(enum language language, enum watch_notice_kind kind)
{
    return kind < NOTICE_KIND_COUNT ? notices[kind][language] : "";
}

/* --- numbers, days, sentences --- */

const char *words_number(struct arena *arena, enum language language, double number,
                         int decimals)
{
    char digits[64];
    if (!isfinite(number) || fabs(number) > 1e15)
        return "–";
    snprintf(digits, sizeof digits, "%.*f", decimals, number);
    size_t whole = strcspn(digits, ".,"), from = digits[0] == '-' ? 1 : 0;
    struct buf out = {.max = 256};
    for (size_t i = 0; i < whole; i++) {
        if (i > from && (whole - i) % 3 == 0 && whole - from > 3)
            buf_add_text(&out, language == LANGUAGE_EN ? "," : "\xC2\xA0");
        buf_add_byte(&out, (uint8_t)digits[i]);
    }
    if (digits[whole] != '\0')
        buf_addf(&out, "%c%s", language == LANGUAGE_EN ? '.' : ',', digits + whole + 1);
    const char *text = arena_text(arena, buf_bytes(&out));
    buf_release(&out);
    return text;
}

const char *words_source(const char *path)
{
    const char *slash = path == NULL ? NULL : strrchr(path, '/');
    return slash != NULL ? slash + 1 : path == NULL ? "" : path;
}

const char *words_day(struct arena *arena, int32_t day)
{
    struct date date = date_from_day_number(day);
    char *text = arena_alloc(arena, DATE_TEXT_SIZE);
    date_print(text, &date);
    return text;
}

const char *words_expectation(struct arena *arena, enum language language, double number)
{
    bool whole = number >= 1 && number == trunc(number);
    int decimals = whole || number >= 10 ? 0 : number >= 0.1 ? 1 : number >= 0.001 ? 3 : 6;
    return words_number(arena, language, number, decimals);
}

void words_fill(struct buf *out, const char *frame, const char *const *texts)
{
    for (const char *at = frame; *at != '\0'; at++) {
        if (at[0] == '%' && at[1] == 's') {
            buf_add_text(out, *texts++);
            at++;
        } else {
            buf_add_byte(out, (uint8_t)*at);
        }
    }
}

const char *words_counted(struct arena *arena, enum language language, enum word word,
                          size_t count)
{
    const char *text = words_number(arena, language, (double)count, 0);
    struct buf out = {.max = 64 * 1024};
    words_fill(&out, words_of(language, word, count), &text);
    const char *filled = arena_text(arena, buf_bytes(&out));
    buf_release(&out);
    return filled;
}

const char *words_more(struct arena *arena, enum language language,
                       const struct watch_alert *alert)
{
    static const char *const why[WATCH_MORE_COUNT][LANGUAGE_COUNT] = {
        [MORE_COMES_AGAIN] = {"so often something new comes again",
                              "así de a menudo se repite algo nuevo",
                              "aussi souvent, du nouveau se répète",
                              "tantas vezes algo novo se repete"},
        [MORE_FEWER] = {"it rests on fewer answers now",
                        "ahora se apoya en menos respuestas",
                        "cela repose maintenant sur moins de réponses",
                        "apoia-se agora em menos respostas"},
        [MORE_LONGER] = {"over a longer time now", "ahora en más tiempo",
                         "maintenant sur plus de temps", "agora em mais tempo"},
        [MORE_COMMON] = {"its answers are commoner now",
                         "sus respuestas son ahora más comunes",
                         "ses réponses sont maintenant plus courantes",
                         "as suas respostas são agora mais comuns"}};
    static const char *const before[LANGUAGE_COUNT] = {"before", "antes", "avant", "antes"};
    if (alert->more == MORE_NOT)
        return "";
    if (isnan(alert->told_expected))
        return arena_printf(arena, " (%s)", why[alert->more][language]);
    return arena_printf(
        arena, " (%s %s%s%s)", words_expectation(arena, language, alert->told_expected),
        before[language], words_colon(language), why[alert->more][language]);
}

const char *alert_sentence(struct arena *arena, enum language language,
                           const struct watch_alert *alert)
{
    /* seizure, seizures, day, days, and the frame that holds them */
    static const char *const nouns[LANGUAGE_COUNT][4] = {
        {"seizure", "seizures", "day", "days"},
        {"incautación", "incautaciones", "día", "días"},
        {"saisie", "saisies", "jour", "jours"},
        {"apreensão", "apreensões", "dia", "dias"}};
    static const char *const frames[LANGUAGE_COUNT] = {
        "%s %s in %s %s, expected %s", "%s %s en %s %s, se esperaban %s",
        "%s %s en %s %s, %s attendues", "%s %s em %s %s, esperavam-se %s"};
    /* one is expected */
    static const char *const frames_one[LANGUAGE_COUNT] = {
        "%s %s in %s %s, expected %s", "%s %s en %s %s, se esperaba %s",
        "%s %s en %s %s, %s attendue", "%s %s em %s %s, esperava-se %s"};
    static const char *const once[LANGUAGE_COUNT] = {
        "by chance once in %s years", "por azar una vez cada %s años",
        "par hasard une fois tous les %s ans", "por acaso uma vez a cada %s anos"};
    static const char *const rarer[LANGUAGE_COUNT] = {
        "by chance rarer than once in %s years", "por azar menos de una vez cada %s años",
        "par hasard moins d’une fois tous les %s ans",
        "por acaso menos de uma vez a cada %s anos"};
    static const char *const once_a_year[LANGUAGE_COUNT] = {
        "by chance once a year", "por azar una vez al año", "par hasard une fois par an",
        "por acaso uma vez por ano"};
    static const char *const rarer_a_year[LANGUAGE_COUNT] = {
        "by chance rarer than once a year", "por azar menos de una vez al año",
        "par hasard moins d’une fois par an", "por acaso menos de uma vez por ano"};
    static const char *const circles[LANGUAGE_COUNT] = {
        "; %s places within %s km of %s", "; %s lugares a menos de %s km de %s",
        "; %s lieux à moins de %s km de %s", "; %s lugares a menos de %s km de %s"};
    unsigned days = (unsigned)(alert->to - alert->from + 1);
    const char *count = words_number(arena, language, alert->observed, 0);
    const char *window = words_number(arena, language, days, 0);
    const char *const *noun = nouns[language];
    struct buf out = {.max = 4096};
    const char *parts[] = {count, noun[language_is_one(language, alert->observed) ? 0 : 1],
                           window, noun[language_is_one(language, days) ? 2 : 3],
                           words_expectation(arena, language, alert->expected)};
    words_fill(&out,
               (language_is_one(language, alert->expected) ? frames_one : frames)[language],
               parts);
    buf_add_text(&out, words_more(arena, language, alert));
    bool known = isfinite(alert->once_in_years);
    double years = known ? alert->once_in_years : alert->rarer_than_years;
    if (isfinite(years) && years > 0) { /* 0: no history to say it from */
        const char *often[] = {words_expectation(arena, language, years)};
        buf_add_text(&out, "; ");
        bool yearly = strcmp(often[0], "1") == 0;
        words_fill(&out,
                   (known    ? yearly ? once_a_year : once
                    : yearly ? rarer_a_year
                             : rarer)[language],
                   often);
    }
    if (isfinite(alert->circle.radius_km) && alert->circle.places > 1) {
        const char *where[] = {
            words_number(arena, language, (double)alert->circle.places, 0),
            words_number(arena, language, alert->circle.radius_km, 0),
            alert->circle.centre};
        words_fill(&out, circles[language], where);
    }
    const char *text = arena_text(arena, buf_bytes(&out));
    buf_release(&out);
    return text;
}

const char *rule_sentence(struct arena *arena, enum language language,
                          const struct watch_facet *rule, size_t count)
{
    static const char *const either[LANGUAGE_COUNT] = {" or ", " o ", " ou ", " ou "};
    struct buf out = {.max = 64 * 1024};
    for (size_t i = 0; i < count; i++) {
        bool first = rule[i].shared && (i == 0 || !rule[i - 1].shared);
        buf_addf(&out, "%s%s%s%s%s", i > 0 ? "; " : "",
                 first ? words(language, WORD_IN_COMMON) : "", first ? " — " : "",
                 facet_caption(language, rule[i].facet), words_colon(language));
        for (size_t v = 0; v < rule[i].value_count; v++)
            buf_addf(&out, "%s%s", v > 0 ? either[language] : "", rule[i].values[v]);
    }
    const char *text = arena_text(arena, buf_bytes(&out));
    buf_release(&out);
    return text;
}
