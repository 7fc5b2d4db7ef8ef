/* SPDX-License-Identifier: Apache-2.0
 *
 * Two answers: two words for one thing, or two things? A table of pairs, asked both ways.
 */
#include "check.h"

#include "watch/word_pair.h"

static const struct row {
    enum facet facet;
    const char *a, *b;
    enum word_pair pair;
} rows[] = {
    /* our groups of commodities */
    {FACET_COMMODITY, "cocaine", "ats", TWO_THINGS},
    {FACET_COMMODITY, "cannabis", "opioid", TWO_THINGS},
    {FACET_COMMODITY, "cocaine", "stupéfiants", PERHAPS_ONE},
    /* substances */
    {FACET_SUBSTANCE, "Cocaine hydrochloride", "Amphetamine", TWO_THINGS},
    {FACET_SUBSTANCE, "Cannabis resin", "MDMA", TWO_THINGS},
    {FACET_SUBSTANCE, "Cannabis resin", "Hashish", PERHAPS_ONE},
    {FACET_SUBSTANCE, "Cannabis resin", "Resin of cannabis", ONE_THING},
    {FACET_SUBSTANCE, "Heroin", "Heroin base", ONE_THING},
    {FACET_SUBSTANCE, "Heroin", "an unheard-of thing", PERHAPS_ONE},
    /* means of transport, in four languages */
    {FACET_MODE, "Airplane", "Vessel/boat", TWO_THINGS},
    {FACET_MODE, "Airplane", "Drone", TWO_THINGS},
    {FACET_MODE, "Vessel/boat", "Dron no tripulado", TWO_THINGS},
    {FACET_MODE, "Airplane", "By air", ONE_THING},
    {FACET_MODE, "Airplane", "Aeronave", ONE_THING},
    {FACET_MODE, "Airplane", "Avión", ONE_THING},
    {FACET_MODE, "Airplane", "voie aérienne", ONE_THING},
    {FACET_MODE, "Vessel/boat", "Buque", ONE_THING},
    {FACET_MODE, "Vessel", "Por mar", ONE_THING},
    {FACET_MODE, "Vessel", "navire", ONE_THING},
    {FACET_MODE, "Truck/lorry/van", "Camión", ONE_THING},
    {FACET_MODE, "Truck", "Caminhão", ONE_THING},
    {FACET_MODE, "Truck", "On the road", ONE_THING},
    {FACET_MODE, "Motorboat", "Truck", TWO_THINGS},
    {FACET_MODE, "Motorboat", "Vessel", ONE_THING},
    {FACET_MODE, "Moto de agua", "Camión", TWO_THINGS},
    {FACET_MODE, "Motocicleta", "Camión", ONE_THING},
    {FACET_MODE, "Sea", "Vessel", ONE_THING},
    {FACET_MODE, "Body search", "Vessel", PERHAPS_ONE},
    {FACET_INSTALLATION, "Search area", "Seaport", PERHAPS_ONE},
    {FACET_MODE, "Rail", "Comboio", ONE_THING},
    {FACET_MODE, "Postal/Mail/Express Parcel", "Paquetería", ONE_THING},
    {FACET_MODE, "Pedestrian", "À pied", ONE_THING},
    {FACET_MODE, "Rail", "Private road", TWO_THINGS},
    {FACET_MODE, "Airplane", "Air mail", PERHAPS_ONE},
    {FACET_MODE, "Commercial air", "Martian way", PERHAPS_ONE},
    {FACET_MODE, "Container", "Volcano", PERHAPS_ONE},
    /* where it was found */
    {FACET_INSTALLATION, "Airport", "Seaport", TWO_THINGS},
    {FACET_INSTALLATION, "Airport", "Aeropuerto", ONE_THING},
    {FACET_INSTALLATION, "Seaport", "Port Facilities", ONE_THING},
    {FACET_INSTALLATION, "Post Office", "Airport", PERHAPS_ONE},
    {FACET_INSTALLATION, "Open Air", "Airport", PERHAPS_ONE},
    /* countries */
    {FACET_DEPARTURE, "Brazil", "Bolivia", TWO_THINGS},
    {FACET_DEPARTURE, "Morocco", "Mauritania", TWO_THINGS},
    {FACET_DEPARTURE, "Brazil", "Suriname", TWO_THINGS},
    {FACET_DEPARTURE, "Ecuador", "Estonia", ONE_MISCODED},
    {FACET_DESTINATION, "Netherlands", "Nepal", ONE_MISCODED},
    {FACET_ORIGIN, "Austria", "Australia", ONE_MISCODED},
    {FACET_ORIGIN, "Norvalia", "Norvalia (north)", ONE_THING},
    {FACET_ORIGIN, "Norvalia", "Luar", PERHAPS_ONE},
    /* other words */
    {FACET_CONCEALMENT, "In container", "Container wall", ONE_THING},
    {FACET_CONCEALMENT, "Swallowed", "Ingested", PERHAPS_ONE},
};

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        bool both = word_pair(row->facet, row->a, row->b) == row->pair &&
                    word_pair(row->facet, row->b, row->a) == row->pair;
        if (!both)
            printf("%s | %s: %d\n", row->a, row->b, word_pair(row->facet, row->a, row->b));
        CHECK(both);
    }
    return check_done("word_pair");
}
