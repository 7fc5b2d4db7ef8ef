/* SPDX-License-Identifier: Apache-2.0
 *
 * What was not looked at, and why, in the language of the page.
 */
#include "watch/report_words.h"

/* The number of records, or of answers, stands for %s. English is what the watch says itself. */
static const struct {
    const char *one[LANGUAGE_COUNT],
        *many[LANGUAGE_COUNT]; /* one NULL: there is no number */
} frames[UNSEEN_KIND_COUNT] = {
    [UNSEEN_UNKNOWN_PLACES] =
        {{NULL,
          "Dónde: %s incautación nombra un lugar desconocido, o que en su país son varios",
          "Où : %s saisie nomme un lieu inconnu, ou qui existe plusieurs fois dans son "
          "pays",
          "Onde: %s apreensão indica um lugar desconhecido, ou que no seu país são vários"},
         {NULL,
          "Dónde: %s incautaciones nombran un lugar desconocido, o que en su país son "
          "varios",
          "Où : %s saisies nomment un lieu inconnu, ou qui existe plusieurs fois dans leur "
          "pays",
          "Onde: %s apreensões indicam um lugar desconhecido, ou que no seu país são "
          "vários"}},
    [UNSEEN_VAGUE] =
        {{NULL, "Dónde: de %s incautación solo se sabe el país; ningún círculo la cuenta",
          "Où : de %s saisie on ne sait que le pays ; aucun cercle ne la compte",
          "Onde: de %s apreensão só se sabe o país; nenhum círculo a conta"},
         {NULL,
          "Dónde: de %s incautaciones solo se sabe el país; ningún círculo las cuenta",
          "Où : de %s saisies on ne sait que le pays ; aucun cercle ne les compte",
          "Onde: de %s apreensões só se sabe o país; nenhum círculo as conta"}},
    [UNSEEN_NOWHERE] =
        {{NULL,
          "Dónde: %s incautación sin lugar en el mapa (ni coordenadas, ni lugar o país "
          "conocido)",
          "Où : %s saisie sans position sur la carte (ni coordonnées, ni lieu ou pays "
          "connu)",
          "Onde: %s apreensão sem lugar no mapa (nem coordenadas, nem lugar ou país "
          "conhecido)"},
         {NULL,
          "Dónde: %s incautaciones sin lugar en el mapa (ni coordenadas, ni lugar "
          "o país conocido)",
          "Où : %s saisies sans position sur la carte (ni coordonnées, ni lieu "
          "ou pays connu)",
          "Onde: %s apreensões sem lugar no mapa (nem coordenadas, nem lugar ou "
          "país conhecido)"}},
    [UNSEEN_ONE_PLACE_EACH] =
        {{NULL},
         {NULL, "Dónde: cada servicio tiene un solo punto; no se buscan círculos",
          "Où : chaque service n’a qu’un point ; aucun cercle n’est cherché",
          "Onde: cada serviço tem um só ponto; não se procuram círculos"}},
    [UNSEEN_BY_COUNTRY] =
        {{NULL,
          "Dónde: %s incautación en el centro de su país, por falta de un lugar conocido",
          "Où : %s saisie placée au milieu de son pays, faute de lieu connu",
          "Onde: %s apreensão no centro do seu país, por falta de um lugar conhecido"},
         {NULL,
          "Dónde: %s incautaciones en el centro de su país, por falta de un "
          "lugar conocido",
          "Où : %s saisies placées au milieu de leur pays, faute de lieu connu",
          "Onde: %s apreensões no centro do seu país, por falta de um lugar "
          "conhecido"}},
    [UNSEEN_NO_ROW] = {{NULL},
                       {NULL, "No hay ninguna fila que mirar",
                        "Il n’y a aucune ligne à examiner",
                        "Não há nenhuma linha para examinar"}},
    [UNSEEN_WEIGHTLESS] =
        {{NULL, "%s fila sin peso: sin cantidad, o en una unidad sin peso",
          "%s ligne sans poids : pas de quantité, ou une unité sans poids",
          "%s linha sem peso: sem quantidade, ou numa unidade sem peso"},
         {NULL, "%s filas sin peso: sin cantidad, o en una unidad sin peso",
          "%s lignes sans poids : pas de quantité, ou une unité sans poids",
          "%s linhas sem peso: sem quantidade, ou numa unidade sem peso"}},
    [UNSEEN_QUARANTINED] = {{NULL, "%s fila de cargas masivas, apartada",
                             "%s ligne d’envois en masse, mise de côté",
                             "%s linha de envios em massa, posta de lado"},
                            {NULL, "%s filas de cargas masivas, apartadas",
                             "%s lignes d’envois en masse, mises de côté",
                             "%s linhas de envios em massa, postas de lado"}},
    [UNSEEN_ANCIENT] = {{NULL, "%s fila de hace más de sesenta años",
                         "%s ligne de plus de soixante ans",
                         "%s linha com mais de sessenta anos"},
                        {NULL, "%s filas de hace más de sesenta años",
                         "%s lignes de plus de soixante ans",
                         "%s linhas com mais de sessenta anos"}},
    [UNSEEN_DELAYS] =
        {{NULL,
          "%s fila con fecha de recepción ilegible o anterior a la incautación: vale el "
          "día de la incautación",
          "%s ligne à date de réception illisible ou antérieure à la saisie : le jour de "
          "la saisie en tient lieu",
          "%s linha com data de receção ilegível ou anterior à apreensão: vale o dia da "
          "apreensão"},
         {NULL,
          "%s filas con fecha de recepción ilegible o anterior a la incautación: "
          "vale el día de la incautación",
          "%s lignes à date de réception illisible ou antérieure à la saisie : le "
          "jour de la saisie en tient lieu",
          "%s linhas com data de receção ilegível ou anterior à apreensão: vale o "
          "dia da apreensão"}},
    [UNSEEN_REJECTED] = {{NULL, "%s fila no se pudo leer", "%s ligne n’a pas pu être lue",
                          "%s linha não pôde ser lida"},
                         {NULL, "%s filas no se pudieron leer",
                          "%s lignes n’ont pas pu être lues",
                          "%s linhas não puderam ser lidas"}},
    [UNSEEN_LONG_RULES] = {{NULL,
                            "Reglas de más de %s respuesta: la tabla es demasiado grande",
                            "Règles de plus de %s réponse : la table est trop grande",
                            "Regras de mais de %s resposta: a tabela é grande demais"},
                           {NULL,
                            "Reglas de más de %s respuestas: la tabla es demasiado grande",
                            "Règles de plus de %s réponses : la table est trop grande",
                            "Regras de mais de %s respostas: a tabela é grande demais"}},
    [UNSEEN_NO_RATE] =
        {{NULL},
         {NULL,
          "Menos de un año de historia: no se sabe la tasa de falsas alarmas; el "
          "umbral es fijo y alto",
          "Moins d’un an d’historique : le taux de fausses alertes n’est pas "
          "connu ; le seuil est fixe et élevé",
          "Menos de um ano de histórico: não se sabe a taxa de falsos alarmes; o "
          "limiar é fixo e alto"}},
    [UNSEEN_NO_SEASON] =
        {{NULL},
         {NULL,
          "Menos de dos años de historia: no se distingue la estación de la "
          "tendencia",
          "Moins de deux ans d’historique : la saison ne se distingue pas de la "
          "tendance",
          "Menos de dois anos de histórico: não se distingue a estação da "
          "tendência"}},
};

const char *unseen_sentence(struct arena *arena, enum language language,
                            const struct watch_unseen *unseen)
{
    size_t number =
        unseen->kind == UNSEEN_LONG_RULES ? unseen->answers : unseen->record_count;
    if (language == LANGUAGE_EN)
        return unseen->text;
    if (unseen->kind == UNSEEN_BLANK)
        return arena_printf(arena, "%s%s%s", facet_caption(language, unseen->facet),
                            words_colon(language),
                            words_counted(arena, language, WORD_BLANK_IN, number));
    const char *one = frames[unseen->kind].one[language];
    const char *frame = one != NULL && language_is_one(language, (double)number)
                            ? one
                            : frames[unseen->kind].many[language];
    const char *parts[] = {words_number(arena, language, (double)number, 0)};
    struct buf out = {.max = 4096};
    words_fill(&out, frame, parts);
    const char *text = arena_text(arena, buf_bytes(&out));
    buf_release(&out);
    return text;
}
