/* SPDX-License-Identifier: Apache-2.0
 *
 * Our own schemata, beside FollowTheMoney's and in its style. docs/format/schema.md says what
 * each property means; tests/test_schema.c holds that page and this table together.
 *
 * Three ideas:
 * - Whatever was seen at one time and place is a Sighting: a seizure, an intelligence
 *   report, a booking, a line of a targeting list. The identifiers seen (container, ship,
 *   phone) stand there, once, with the type that knows them, and all four give the same keys.
 * - The officer who found, weighed, signed or decided is plain text, never a name or a
 *   LegalEntity: officers must not become keys and be compared with others' suspects.
 * - FollowTheMoney's schemata stay as they are. What a road vehicle needs beyond them is in
 *   a schema of ours that extends theirs.
 */
#include "record/schema_tables.h"

/* clang-format off */
enum { M = PROPERTY_MATCHABLE };

/* ---- What was seen ---- */

static const struct property sighting[] = {
    {"agency",             VALUE_STRING,     0},
    {"caseNumber",         VALUE_IDENTIFIER, M},
    {"case",               VALUE_ENTITY,     M, "Case"},
    {"source",             VALUE_STRING,     0},
    {"place",              VALUE_STRING,     0},
    {"latitude",           VALUE_NUMBER,     0},
    {"longitude",          VALUE_NUMBER,     0},
    /* way */
    {"transportMode",      VALUE_STRING,     0},
    {"originCountry",      VALUE_COUNTRY,    M},
    {"departureCountry",   VALUE_COUNTRY,    M},
    {"transitCountry",     VALUE_COUNTRY,    M},
    {"destinationCountry", VALUE_COUNTRY,    M},
    {"origin",             VALUE_STRING,     0},
    {"departure",          VALUE_STRING,     0},
    {"transit",            VALUE_STRING,     0},
    {"destination",        VALUE_STRING,     0},
    {"routing",            VALUE_STRING,     0},
    /* means of transport */
    {"containerNumber",    VALUE_CONTAINER,  M},
    {"sealDeclared",       VALUE_IDENTIFIER, M},
    {"sealFound",          VALUE_IDENTIFIER, M},
    {"vesselName",         VALUE_NAME,       M},
    {"imoNumber",          VALUE_IMO,        M},
    {"mmsi",               VALUE_MMSI,       M},
    {"voyage",             VALUE_STRING,     0},
    {"flight",             VALUE_STRING,     0},
    {"awb",                VALUE_AWB,        M},
    {"plate",              VALUE_PLATE,      M},
    {"plateCountry",       VALUE_COUNTRY,    M},
    {"vin",                VALUE_VIN,        M},
    /* goods */
    {"coverLoad",          VALUE_STRING,     0},
    {"hsCode",             VALUE_HS,         M},
    {"packagingMark",      VALUE_MARK,       M},
    /* parties and what they carry */
    {"shipper",            VALUE_NAME,       M},
    {"consignee",          VALUE_NAME,       M},
    {"notifyParty",        VALUE_NAME,       M},
    {"companyName",        VALUE_NAME,       M},
    {"phone",              VALUE_PHONE,      M},
    {"notifyPhone",        VALUE_PHONE,      M},
    {"email",              VALUE_EMAIL,      M},
    {"imei",               VALUE_IMEI,       M},
    {"documentNumber",     VALUE_DOCUMENT,   M},
    {"documentCountry",    VALUE_COUNTRY,    M},
    {"iban",               VALUE_IBAN,       M},
    {"wallet",             VALUE_WALLET,     M},
    /* the same as records of their own */
    {"vessel",             VALUE_ENTITY,     M, "Vessel"},
    {"container",          VALUE_ENTITY,     M, "Container"},
    {"vehicle",            VALUE_ENTITY,     M, "Vehicle"},
    {"persons",            VALUE_ENTITY,     M, "Person"},
    {"companies",          VALUE_ENTITY,     M, "Organization"},
    {"phones",             VALUE_ENTITY,     M, "Phone"},
    {"devices",            VALUE_ENTITY,     M, "Device"},
    {"accounts",           VALUE_ENTITY,     M, "BankAccount"},
    {"photos",             VALUE_ENTITY,     M, "Image"},
    {NULL}
};

static const struct property seizure[] = {
    {"region",               VALUE_STRING, 0},
    {"subregion",            VALUE_STRING, 0},
    {"administrativeRegion", VALUE_STRING, 0},
    {"location",             VALUE_STRING, 0},
    {"substance",            VALUE_STRING, 0},
    {"commodity",            VALUE_STRING, 0},
    {"quantity",             VALUE_NUMBER, 0},
    {"unit",                 VALUE_STRING, 0},
    {"grossKg",              VALUE_NUMBER, 0},
    {"netKg",                VALUE_NUMBER, 0},
    {"packages",             VALUE_NUMBER, 0},
    {"purity",               VALUE_NUMBER, 0},
    {"concealment",          VALUE_STRING, 0},
    {"detectionMethod",      VALUE_STRING, 0},
    {"value",                VALUE_NUMBER, 0},
    {"currency",             VALUE_STRING, 0},
    {"personProfile",        VALUE_STRING, 0},
    {"reportingChannel",     VALUE_STRING, 0},
    {"receivedDate",         VALUE_DATE,   M},
    {"exhibits",             VALUE_ENTITY, M, "Exhibit"},
    {NULL}
};

static const struct property route_leg[] = {
    {"sighting",      VALUE_ENTITY,  M, "Sighting"},
    {"role",          VALUE_STRING,  0},
    {"certainty",     VALUE_STRING,  0},
    {"order",         VALUE_NUMBER,  0},
    {"country",       VALUE_COUNTRY, M},
    {"port",          VALUE_LOCODE,  M},
    {"place",         VALUE_STRING,  0},
    {"transportMode", VALUE_STRING,  0},
    {"vessel",        VALUE_ENTITY,  M, "Vessel"},
    {"voyage",        VALUE_STRING,  0},
    {"flight",        VALUE_STRING,  0},
    {NULL}
};

static const struct property intelligence[] = {
    {"reportNumber", VALUE_IDENTIFIER, M},
    {"subjects",     VALUE_ENTITY,     M, "Thing"},
    {"facts",        VALUE_TEXT,       0},
    {"assessment",   VALUE_TEXT,       0},
    {NULL}
};

static const struct property booking[] = {
    {"bookingNumber", VALUE_IDENTIFIER, M},
    {"billOfLading",  VALUE_IDENTIFIER, M},
    {"carrier",       VALUE_STRING,     0},
    {"grossKg",       VALUE_NUMBER,     0},
    {"departureDate", VALUE_DATE,       M},
    {"arrivalDate",   VALUE_DATE,       M},
    {NULL}
};

static const struct property targeting[] = {
    {"reason",   VALUE_TEXT,   0},
    {"priority", VALUE_STRING, 0},
    {"action",   VALUE_STRING, 0},
    {"result",   VALUE_STRING, 0},
    {NULL}
};

/* ---- Things that are found again ---- */

static const struct property container[] = {
    {"number",       VALUE_CONTAINER,  M},
    {"sizeType",     VALUE_STRING,     0},
    {"tareKg",       VALUE_NUMBER,     0},
    {"sealNumber",   VALUE_IDENTIFIER, M},
    {"operator",     VALUE_ENTITY,     M, "LegalEntity"},
    {NULL}
};

/* FollowTheMoney's registrationNumber is any vehicle's; a road vehicle's is the plate. */
static const struct property road_vehicle[] = {
    {"registrationNumber", VALUE_PLATE,  M},
    {"vin",                VALUE_VIN,    M},
    {"make",               VALUE_STRING, 0},
    {"color",              VALUE_STRING, 0},
    {NULL}
};

static const struct property phone[] = {
    {"number",   VALUE_PHONE,      M},
    {"imsi",     VALUE_IDENTIFIER, M},
    {"iccid",    VALUE_IDENTIFIER, M},
    {"operator", VALUE_STRING,     0},
    {"holder",   VALUE_ENTITY,     M, "LegalEntity"},
    {NULL}
};

static const struct property device[] = {
    {"imei",         VALUE_IMEI,       M},
    {"serialNumber", VALUE_IDENTIFIER, M},
    {"msisdn",       VALUE_PHONE,      M},
    {"imsi",         VALUE_IDENTIFIER, M},
    {"iccid",        VALUE_IDENTIFIER, M},
    {"macAddress",   VALUE_IDENTIFIER, M},
    {"type",         VALUE_STRING,     0},
    {"make",         VALUE_STRING,     0},
    {"model",        VALUE_STRING,     0},
    {"holder",       VALUE_ENTITY,     M, "LegalEntity"},
    {"phones",       VALUE_ENTITY,     M, "Phone"},
    {NULL}
};

/* ---- Evidence ---- */

static const struct property exhibit[] = {
    {"exhibitNumber",      VALUE_IDENTIFIER, M},
    {"case",               VALUE_ENTITY,     M, "Case"},
    {"seizure",            VALUE_ENTITY,     M, "Seizure"},
    {"sampleOf",           VALUE_ENTITY,     M, "Exhibit"},
    {"copyOf",             VALUE_ENTITY,     M, "Exhibit"},
    {"type",               VALUE_STRING,     0},
    {"foundDate",          VALUE_DATE,       M},
    {"foundPlace",         VALUE_STRING,     0},
    {"foundBy",            VALUE_STRING,     0},
    {"witnessedBy",        VALUE_STRING,     0},
    {"grossWeight",        VALUE_NUMBER,     0},
    {"netWeight",          VALUE_NUMBER,     0},
    {"unit",               VALUE_STRING,     0},
    {"scaleId",            VALUE_STRING,     0},
    {"pieces",             VALUE_NUMBER,     0},
    {"sealNumber",         VALUE_IDENTIFIER, M},
    {"storagePlace",       VALUE_STRING,     0},
    {"device",             VALUE_ENTITY,     M, "Device"},
    {"photos",             VALUE_ENTITY,     M, "Image"},
    /* digital */
    {"contentHash",        VALUE_HASH,       M},
    {"hashAlgorithm",      VALUE_STRING,     0},
    {"acquisitionTool",    VALUE_STRING,     0},
    {"toolVersion",        VALUE_STRING,     0},
    {"writeBlocker",       VALUE_STRING,     0},
    {NULL}
};

static const struct property custody[] = {
    {"exhibit",       VALUE_ENTITY,     M, "Exhibit"},
    {"action",        VALUE_STRING,     0},
    {"from",          VALUE_STRING,     0},
    {"to",            VALUE_STRING,     0},
    {"signatureFrom", VALUE_STRING,     0},
    {"signatureTo",   VALUE_STRING,     0},
    {"witness",       VALUE_STRING,     0},
    {"place",         VALUE_STRING,     0},
    {"reason",        VALUE_STRING,     0},
    {"condition",     VALUE_STRING,     0},
    {"sealBefore",    VALUE_IDENTIFIER, M},
    {"sealAfter",     VALUE_IDENTIFIER, M},
    {"sealState",     VALUE_STRING,     0},
    {"grossWeight",   VALUE_NUMBER,     0},
    {"netWeight",     VALUE_NUMBER,     0},
    {"unit",          VALUE_STRING,     0},
    {"scaleId",       VALUE_STRING,     0},
    {"sample",        VALUE_ENTITY,     M, "Exhibit"},
    {"laboratory",    VALUE_STRING,     0},
    {"method",        VALUE_STRING,     0},
    {"result",        VALUE_STRING,     0},
    {"uncertainty",   VALUE_STRING,     0},
    {"orderNumber",   VALUE_IDENTIFIER, M},
    {NULL}
};

/* ---- The case and its outcome ---- */

static const struct property case_file[] = {
    {"caseNumber",  VALUE_IDENTIFIER, M},
    {"agency",      VALUE_STRING,     0},
    {"operation",   VALUE_STRING,     0},
    {"offence",     VALUE_STRING,     0},
    {"stage",       VALUE_STRING,     0},
    {"lead",        VALUE_STRING,     0},
    {"prosecutor",  VALUE_STRING,     0},
    {"court",       VALUE_STRING,     0},
    {"partOf",      VALUE_ENTITY,     M, "Case"},
    {"objects",     VALUE_ENTITY,     M, "Thing"},
    {NULL}
};

static const struct property charge[] = {
    {"case",         VALUE_ENTITY,     M, "Case"},
    {"defendant",    VALUE_ENTITY,     M, "LegalEntity"},
    {"chargeNumber", VALUE_IDENTIFIER, M},
    {"country",      VALUE_COUNTRY,    M},
    {"offence",      VALUE_STRING,     0},
    {"law",          VALUE_STRING,     0},
    {"prosecutor",   VALUE_STRING,     0},
    {"status",       VALUE_STRING,     0},
    {NULL}
};

static const struct property judgment[] = {
    {"case",           VALUE_ENTITY,     M, "Case"},
    {"defendant",      VALUE_ENTITY,     M, "LegalEntity"},
    {"charge",         VALUE_ENTITY,     M, "Charge"},
    {"judgmentNumber", VALUE_IDENTIFIER, M},
    {"country",        VALUE_COUNTRY,    M},
    {"court",          VALUE_STRING,     0},
    {"outcome",        VALUE_STRING,     0},
    {"sentence",       VALUE_STRING,     0},
    {"prisonMonths",   VALUE_NUMBER,     0},
    {"final",          VALUE_STRING,     0},
    {"confiscated",    VALUE_NUMBER,     0},
    {"currency",       VALUE_STRING,     0},
    {NULL}
};

/* ---- Between agencies ---- */

static const struct property hit[] = {
    {"peer",          VALUE_STRING, 0},
    {"keyClass",      VALUE_STRING, 0},
    {"mine",          VALUE_ENTITY, M, "Thing"},
    {"tag",           VALUE_STRING, 0},
    {"why",           VALUE_STRING, 0},
    {"weak",          VALUE_STRING, 0},
    {"expectedFalse", VALUE_NUMBER, 0},
    {"batch",         VALUE_STRING, 0},
    {"case",          VALUE_ENTITY, M, "Case"},
    {"verdict",       VALUE_STRING, 0},
    {"mineReference", VALUE_STRING, 0},
    {"caseReference", VALUE_STRING, 0},
    {"epoch",         VALUE_STRING, 0},
    {"knowledge",     VALUE_STRING, 0},
    {"asked",         VALUE_STRING, 0},
    {"pledged",       VALUE_STRING, 0},
    {"theirRecords",  VALUE_STRING, 0},
    {"earlier",       VALUE_STRING, 0},
    {"notFoundOn",    VALUE_DATE,   0},
    {"peerKey",       VALUE_STRING, 0},
    {"agreement",     VALUE_JSON,   0},
    {NULL}
};

static const struct property claim[] = {
    {"direction",   VALUE_STRING,     0},
    {"hit",         VALUE_ENTITY,     M, "Hit"},
    {"mine",        VALUE_ENTITY,     M, "Thing"},
    {"keyClass",    VALUE_STRING,     0},
    {"theirCase",   VALUE_STRING,     0},
    {"claimNumber", VALUE_IDENTIFIER, M},
    {"peer",        VALUE_STRING,     0},
    {"case",        VALUE_ENTITY,     M, "Case"},
    {"legalBasis",  VALUE_STRING,     0},
    {"urgency",     VALUE_STRING,     0},
    {"filedBy",     VALUE_STRING,     0},
    {"approvedBy",  VALUE_STRING,     0},
    {"status",      VALUE_STRING,     0},
    {"pledge",      VALUE_STRING,     0},
    {"caseReference", VALUE_STRING,   0},
    {"reason",      VALUE_STRING,     0},
    {NULL}
};

static const struct property request[] = {
    {"requestNumber", VALUE_IDENTIFIER, M},
    {"requester",     VALUE_STRING,     0},
    {"responder",     VALUE_STRING,     0},
    {"channel",       VALUE_STRING,     0},
    {"urgency",       VALUE_STRING,     0},
    {"urgencyReason", VALUE_TEXT,       0},
    {"deadline",      VALUE_DATE,       M},
    {"legalBasis",    VALUE_STRING,     0},
    {"offence",       VALUE_STRING,     0},
    {"asks",          VALUE_TEXT,       0},
    {"grounds",       VALUE_TEXT,       0},
    {"personLink",    VALUE_TEXT,       0},
    {"restrictions",  VALUE_TEXT,       0},
    {"about",         VALUE_ENTITY,     M, "Thing"},
    {"case",          VALUE_ENTITY,     M, "Case"},
    {"claim",         VALUE_ENTITY,     M, "Claim"},
    {"sameAs",        VALUE_ENTITY,     M, "Request"},
    {"status",        VALUE_STRING,     0},
    {NULL}
};

static const struct property answer[] = {
    {"request",       VALUE_ENTITY, M, "Request"},
    {"claim",         VALUE_ENTITY, M, "Claim"},
    {"outcome",       VALUE_STRING, 0},
    {"refusalGround", VALUE_STRING, 0},
    {"content",       VALUE_TEXT,   0},
    {"conditions",    VALUE_TEXT,   0},
    {"records",       VALUE_ENTITY, M, "Thing"},
    {"answeredBy",    VALUE_STRING, 0},
    {NULL}
};

static const struct property grant[] = {
    {"object",       VALUE_ENTITY, M, "Thing"},
    {"version",      VALUE_STRING, 0},
    {"recipient",    VALUE_STRING, 0},
    {"use",          VALUE_STRING, 0},
    {"handling",     VALUE_STRING, 0},
    {"grantedBy",    VALUE_STRING, 0},
    {"approvedBy",   VALUE_STRING, 0},
    {"request",      VALUE_ENTITY, M, "Request"},
    {NULL}
};

/* ---- Deciding what is the same ---- */

static const struct property link_decision[] = {
    {"left",         VALUE_ENTITY, 0, "Thing"},
    {"right",        VALUE_ENTITY, 0, "Thing"},
    {"verdict",      VALUE_STRING, 0},
    {"reason",       VALUE_TEXT,   0},
    {"decidedBy",    VALUE_STRING, 0},
    {NULL}
};

static const struct property link_weights[] = {
    {"weights",      VALUE_JSON,   0},
    {"pairs",        VALUE_NUMBER, 0},
    {NULL}
};

/* ---- Watching and planning ---- */

static const struct property alert[] = {
    {"detector",      VALUE_STRING,   0},
    {"rule",          VALUE_STRING,   0},
    {"place",         VALUE_STRING,   0},
    {"latitude",      VALUE_NUMBER,   0},
    {"longitude",     VALUE_NUMBER,   0},
    {"radiusKm",      VALUE_NUMBER,   0},
    {"commodity",     VALUE_STRING,   0},
    {"observed",      VALUE_NUMBER,   0},
    {"expected",      VALUE_NUMBER,   0},
    {"yearsBetween",  VALUE_NUMBER,   0},
    {"seed",          VALUE_STRING,   0},
    {"inputHash",     VALUE_CHECKSUM, M},
    {"seizures",      VALUE_ENTITY,   M, "Seizure"},
    {"follows",       VALUE_ENTITY,   M, "Alert"},
    {"verdict",       VALUE_STRING,   0},
    {NULL}
};

static const struct property calibration[] = {
    {"until",         VALUE_DATE,   0},
    {"seed",          VALUE_STRING, 0},
    {"alarmsPerYear", VALUE_NUMBER, 0},
    {"threshold",     VALUE_NUMBER, 0},
    {"rateLow",       VALUE_NUMBER, 0},
    {"rateHigh",      VALUE_NUMBER, 0},
    {"historyYears",  VALUE_NUMBER, 0},
    {"judgedYears",   VALUE_NUMBER, 0},
    {"seizureCount",  VALUE_NUMBER, 0},
    {"parameters",    VALUE_STRING, 0},
    {NULL}
};

/* ---- With whom the node speaks ---- */

static const struct property peer[] = {
    {"code",        VALUE_STRING,   0},
    {"nodeKey",     VALUE_STRING,   0},
    {"nodeAddress", VALUE_STRING,   0},
    {"state",       VALUE_STRING,   0},
    {"confirmed",   VALUE_STRING,   0},
    {"invited",     VALUE_STRING,   0},
    {"agreement",   VALUE_STRING,   0},
    {NULL}
};

static const struct property plan[] = {
    {"type",            VALUE_STRING, 0},
    {"agency",          VALUE_STRING, 0},
    {"case",            VALUE_ENTITY, M, "Case"},
    {"place",           VALUE_STRING, 0},
    {"latitude",        VALUE_NUMBER, 0},
    {"longitude",       VALUE_NUMBER, 0},
    {"radiusKm",        VALUE_NUMBER, 0},
    {"objects",         VALUE_ENTITY, M, "Thing"},
    {"handoverPoint",   VALUE_STRING, 0},
    {"substitution",    VALUE_STRING, 0},
    {"abortRule",       VALUE_TEXT,   0},
    {"authority",       VALUE_STRING, 0},
    {"authorisedUntil", VALUE_DATE,   M},
    {"contact",         VALUE_STRING, 0},
    {"status",          VALUE_STRING, 0},
    {NULL}
};

static const struct property forum[] = {
    {"cases",        VALUE_ENTITY, M, "Case"},
    {"hits",         VALUE_ENTITY, M, "Hit"},
    {"participants", VALUE_STRING, 0},
    {"agenda",       VALUE_TEXT,   0},
    {"followUps",    VALUE_TEXT,   0},
    {NULL}
};

const struct schema schema_enlace[] = {
    {.name = "Alert", .parents = {"Interval", "Thing"},
     .captions = {"name", "rule", "place"}, .required = {"rule"},
     .flags = SCHEMA_OURS | SCHEMA_BY_ACT, .properties = alert},
    {.name = "Answer", .parents = {"Interval"},
     .captions = {"outcome"}, .required = {"outcome"},
     .flags = SCHEMA_OURS, .properties = answer},
    {.name = "Booking", .parents = {"Sighting"},
     .captions = {"name", "bookingNumber", "billOfLading", "containerNumber"},
     .flags = SCHEMA_OURS, .properties = booking},
    {.name = "Calibration", .parents = {"Interval"},
     .captions = {"until", "threshold"}, .required = {"parameters"},
     .flags = SCHEMA_OURS | SCHEMA_BY_ACT, .properties = calibration},
    {.name = "Case", .parents = {"Interval", "Thing"},
     .captions = {"name", "caseNumber"}, .required = {"caseNumber"},
     .flags = SCHEMA_OURS, .properties = case_file},
    {.name = "Charge", .parents = {"Interval"},
     .captions = {"offence", "chargeNumber"}, .required = {"case", "defendant"},
     .edge_source = "defendant", .edge_target = "case",
     .flags = SCHEMA_OURS | SCHEMA_EDGE, .properties = charge},
    {.name = "Claim", .parents = {"Interval"},
     .captions = {"claimNumber", "peer"}, .required = {"peer"},
     .flags = SCHEMA_OURS | SCHEMA_BY_ACT, .properties = claim},
    {.name = "Container", .parents = {"Asset"},
     .captions = {"number", "name"}, .required = {"number"},
     .flags = SCHEMA_OURS | SCHEMA_MATCHABLE, .properties = container},
    {.name = "Custody", .parents = {"Interval"},
     .captions = {"action"}, .required = {"exhibit", "action", "date"},
     .flags = SCHEMA_OURS, .properties = custody},
    {.name = "Device", .parents = {"Asset"},
     .captions = {"name", "imei", "serialNumber", "model"},
     .flags = SCHEMA_OURS | SCHEMA_MATCHABLE, .properties = device},
    {.name = "Exhibit", .parents = {"Thing"},
     .captions = {"exhibitNumber", "name"}, .required = {"exhibitNumber"},
     .flags = SCHEMA_OURS, .properties = exhibit},
    {.name = "Forum", .parents = {"Event"},
     .captions = {"name", "date"}, .required = {"name"},
     .flags = SCHEMA_OURS, .properties = forum},
    {.name = "Grant", .parents = {"Interval"},
     .captions = {"recipient", "use"}, .required = {"object", "recipient", "endDate"},
     .flags = SCHEMA_OURS, .properties = grant},
    {.name = "Hit", .parents = {"Interval"},
     .captions = {"peer", "keyClass"}, .required = {"peer", "keyClass", "mine"},
     .flags = SCHEMA_OURS | SCHEMA_BY_ACT, .properties = hit},
    {.name = "Intelligence", .parents = {"Sighting"},
     .captions = {"name", "reportNumber", "summary"},
     .flags = SCHEMA_OURS, .properties = intelligence},
    {.name = "Judgment", .parents = {"Interval"},
     .captions = {"outcome", "judgmentNumber"},
     .required = {"case", "defendant", "outcome"},
     .edge_source = "defendant", .edge_target = "case",
     .flags = SCHEMA_OURS | SCHEMA_EDGE, .properties = judgment},
    {.name = "LinkDecision", .parents = {"Interval"},
     .captions = {"verdict"}, .required = {"left", "right", "verdict"},
     .edge_source = "left", .edge_target = "right",
     .flags = SCHEMA_OURS | SCHEMA_BY_ACT | SCHEMA_EDGE, .properties = link_decision},
    {.name = "LinkWeights", .parents = {"Interval"},
     .captions = {"pairs"}, .required = {"weights"},
     .flags = SCHEMA_OURS | SCHEMA_BY_ACT, .properties = link_weights},
    {.name = "Peer", .parents = {"Thing"},
     .captions = {"name", "code"}, .required = {"code", "nodeKey"},
     .flags = SCHEMA_OURS | SCHEMA_BY_ACT, .properties = peer},
    {.name = "Phone", .parents = {"Thing"},
     .captions = {"number", "name"}, .required = {"number"},
     .flags = SCHEMA_OURS | SCHEMA_MATCHABLE, .properties = phone},
    {.name = "Plan", .parents = {"Interval", "Thing"},
     .captions = {"name", "type", "place"}, .required = {"type", "startDate", "endDate"},
     .flags = SCHEMA_OURS, .properties = plan},
    {.name = "Request", .parents = {"Interval"},
     .captions = {"requestNumber", "asks"}, .required = {"requester", "responder", "asks"},
     .flags = SCHEMA_OURS, .properties = request},
    {.name = "RoadVehicle", .parents = {"Vehicle"},
     .captions = {"name", "registrationNumber", "vin"},
     .flags = SCHEMA_OURS | SCHEMA_MATCHABLE, .properties = road_vehicle},
    {.name = "RouteLeg", .parents = {"Interval"},
     .captions = {"role", "place", "port"}, .required = {"sighting", "role"},
     .flags = SCHEMA_OURS, .properties = route_leg},
    {.name = "Seizure", .parents = {"Sighting"},
     .captions = {"name", "caseNumber", "substance", "place"}, .required = {"date"},
     .flags = SCHEMA_OURS | SCHEMA_MATCHABLE, .properties = seizure},
    {.name = "Sighting", .parents = {"Interval", "Thing"},
     .captions = {"name"},
     .flags = SCHEMA_OURS | SCHEMA_ABSTRACT, .properties = sighting},
    {.name = "Targeting", .parents = {"Sighting"},
     .captions = {"name", "containerNumber", "vesselName"},
     .flags = SCHEMA_OURS, .properties = targeting},
    {.name = NULL}
};
/* clang-format on */
