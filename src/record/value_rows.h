/* SPDX-License-Identifier: Apache-2.0
 *
 * record/value_rows.h: each value type's row, for the table in value.c and for nobody else.
 *
 * A row stands in the file that knows its type; everybody else asks value_type() of
 * record/value.h. One name a kind: VALUE_CONTAINER is value_type_container.
 */
#ifndef RECORD_VALUE_ROWS_H
#define RECORD_VALUE_ROWS_H

#include "record/value.h"

/* value_ftm.c, value_lists.c */
extern const struct value_type value_type_address;
extern const struct value_type value_type_checksum;
extern const struct value_type value_type_entity;
extern const struct value_type value_type_gender;
extern const struct value_type value_type_html;
extern const struct value_type value_type_identifier;
extern const struct value_type value_type_json;
extern const struct value_type value_type_language;
extern const struct value_type value_type_mimetype;
extern const struct value_type value_type_name;
extern const struct value_type value_type_number;
extern const struct value_type value_type_string;
extern const struct value_type value_type_text;
extern const struct value_type value_type_topic;

/* value_country.c, value_date.c, value_phone.c, value_net.c */
extern const struct value_type value_type_country;
extern const struct value_type value_type_date;
extern const struct value_type value_type_phone;
extern const struct value_type value_type_domain;
extern const struct value_type value_type_email;
extern const struct value_type value_type_ip;
extern const struct value_type value_type_url;

/* value_transport.c, value_cargo.c */
extern const struct value_type value_type_container;
extern const struct value_type value_type_imo;
extern const struct value_type value_type_mmsi;
extern const struct value_type value_type_vin;
extern const struct value_type value_type_awb;
extern const struct value_type value_type_hs;
extern const struct value_type value_type_locode;
extern const struct value_type value_type_plate;

/* value_money.c, value_wallet.c, value_device.c, value_document.c, value_mark.c */
extern const struct value_type value_type_bic;
extern const struct value_type value_type_iban;
extern const struct value_type value_type_wallet;
extern const struct value_type value_type_hash;
extern const struct value_type value_type_imei;
extern const struct value_type value_type_document;
extern const struct value_type value_type_mark;

#endif
