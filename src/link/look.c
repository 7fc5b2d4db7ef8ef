/* SPDX-License-Identifier: Apache-2.0 */
#include "link/look.h"

enum { KEY_LOOK = LOOKS - 1, OTHER_LOOK = LOOKS - 3 };

const struct look looks[LOOKS] = {
    {"Person", "person", CIRCLE, "#f2b705"},
    {"Organization", "company or body", SQUARE, "#4f86c6"},
    {"LegalEntity", "company or body", SQUARE, "#4f86c6"},
    {"Sighting", "seizure or sighting", DIAMOND, "#d1495b"},
    {"Event", "event", DIAMOND, "#e98a57"},
    {"Vehicle", "ship, aircraft or vehicle", SQUARE, "#2a9d8f"},
    {"BankAccount", "account or wallet", SQUARE, "#8d6cab"},
    {"CryptoWallet", "account or wallet", SQUARE, "#8d6cab"},
    {"Phone", "phone or device", CIRCLE, "#7fb069"},
    {"Device", "phone or device", CIRCLE, "#7fb069"},
    {"Address", "address", CIRCLE, "#b08968"},
    {"Document", "document", SQUARE, "#9aa5b1"},
    {"Thing", "other thing", CIRCLE, "#c3ccd6"},
    {"Interval", "other tie", CIRCLE, "#dfe5ec"},
    {NULL, "identifier that several share", PILL, "#ffffff"},
};

size_t look_of(const struct graph_node *node)
{
    if (node->kind == GRAPH_KEY)
        return KEY_LOOK;
    const struct schema *schema = schema_find(bytes_text(node->schema));
    for (size_t i = 0; i < KEY_LOOK; i++)
        if (schema_is_a(schema, looks[i].parent))
            return i;
    return OTHER_LOOK;
}

const char *kind_word(const struct graph_node *node)
{
    enum key_class class;
    if (node->kind == GRAPH_KEY &&
        key_class_find(&class, bytes_text(node->schema), NULL) == OK)
        return key_class_row(class)->label;
    return node->schema;
}
