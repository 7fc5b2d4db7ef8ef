/* SPDX-License-Identifier: Apache-2.0
 *
 * The identifiers with check digits: what is right, what is wrong and how that is said,
 * what a wrong one may have been. Numbers are published examples (named where they stand)
 * or fiction.
 */
#include "base/text.h"
#include "check.h"
#include "record/compact.h"
#include "record/mrz.h"
#include "record/value.h"

static struct arena arena;

struct clean_case {
    enum value_kind kind;
    const char *raw;
    enum value_grade grade;
    const char *clean; /* NULL: not usable */
    const char *why;   /* a part of the sentence; NULL: none */
};

static bool sentence_has(const char *why, const char *part)
{
    return part == NULL ? why[0] == '\0' : strstr(why, part) != NULL;
}

static void run_cases(const struct clean_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct clean_case *want = &cases[i];
        struct value_result seen;
        value_clean(&seen, want->kind, bytes_text(want->raw), NULL, &arena);
        CHECK_SEEN(seen.grade == want->grade, "%s: grade %d, %s", want->raw,
                   (int)seen.grade, seen.why);
        CHECK_SEEN(bytes_is(seen.clean, want->clean != NULL ? want->clean : ""), "%s: %.*s",
                   want->raw, (int)seen.clean.len, (const char *)seen.clean.at);
        CHECK_SEEN(sentence_has(seen.why, want->why), "%s: %s", want->raw, seen.why);
    }
}

#define RUN(cases) run_cases((cases), sizeof(cases) / sizeof(cases)[0])

static void test_containers(void)
{
    static const struct clean_case cases[] = {
        {VALUE_CONTAINER, "CSQU3054383", VALUE_FINE, "CSQU3054383", NULL},
        {VALUE_CONTAINER, "TCNU7200794", VALUE_FINE, "TCNU7200794", NULL},
        {VALUE_CONTAINER, "TOLU4734787", VALUE_FINE, "TOLU4734787", NULL},
        {VALUE_CONTAINER, "csqu 305438-3", VALUE_FINE, "CSQU3054383", NULL},
        {VALUE_CONTAINER,
         "CSQU\xC2\xA0"
         "305438\xE2\x80\x93"
         "3",
         VALUE_FINE, "CSQU3054383", NULL},
        {VALUE_CONTAINER, "\xD0\xA1SQU3054383", VALUE_FINE, "CSQU3054383", NULL},
        {VALUE_CONTAINER,
         "CSQU\xEF\xBC\x93\xD9\xA0"
         "54383",
         VALUE_FINE, "CSQU3054383", NULL},
        {VALUE_CONTAINER, "QZAU2045184", VALUE_FINE, "QZAU2045184", NULL},
        {VALUE_CONTAINER, "QZAU7719031", VALUE_FINE, "QZAU7719031", NULL},
        {VALUE_CONTAINER, "GYOU4047990", VALUE_DOUBTFUL, "GYOU4047990", "remainder 10"},
        {VALUE_CONTAINER, "QZAU2045190", VALUE_DOUBTFUL, "QZAU2045190",
         "should not be issued"},
        {VALUE_CONTAINER, "CSQU3054384", VALUE_INVALID, NULL,
         "is 4, but CSQU305438 gives 3"},
        {VALUE_CONTAINER, "QZAU2045148", VALUE_INVALID, NULL,
         "is 8, but QZAU204514 gives 2"},
        {VALUE_CONTAINER, "QZAU2045191", VALUE_INVALID, NULL, "gives 0"},
        {VALUE_CONTAINER, "CSQU305438", VALUE_INVALID, NULL,
         "10 characters: an ISO 6346 number has 11"},
        {VALUE_CONTAINER, "CSQU30543833", VALUE_INVALID, NULL, "12 characters"},
        {VALUE_CONTAINER, "CSQU3054Z83", VALUE_INVALID, NULL,
         "character 9 is Z, which should be a digit"},
        {VALUE_CONTAINER, "CSQ13054383", VALUE_INVALID, NULL, "should be a letter"},
        {VALUE_CONTAINER, "CSQX3054383", VALUE_INVALID, NULL, "the fourth letter is X"},
        {VALUE_CONTAINER, "CSQU305438*", VALUE_INVALID, NULL, "has \"*\" in it"},
        {VALUE_CONTAINER, "unknown", VALUE_MISSING, NULL, "not known"},
    };
    RUN(cases);
}

static void test_ships(void)
{
    static const struct clean_case cases[] = {
        {VALUE_IMO, "9319466", VALUE_FINE, "9319466", NULL},
        {VALUE_IMO, "IMO 8814275", VALUE_FINE, "8814275", NULL},
        {VALUE_IMO, "IMO No. 8814275", VALUE_FINE, "8814275", NULL},
        {VALUE_IMO, "imo: 0007319", VALUE_FINE, "0007319", NULL},
        {VALUE_IMO, "8814274", VALUE_DOUBTFUL, "8814274", "is 4, but 881427 gives 5"},
        {VALUE_IMO, "881427", VALUE_INVALID, NULL, "6 characters"},
        {VALUE_IMO, "88I4275", VALUE_INVALID, NULL, "letters"},
        {VALUE_IMO, "0000000", VALUE_INVALID, NULL, "no ship"},
        {VALUE_MMSI, "211378120", VALUE_FINE, "211378120", NULL},
        {VALUE_MMSI, "MMSI 201 000 001", VALUE_FINE, "201000001", NULL},
        {VALUE_MMSI, "775999999", VALUE_FINE, "775999999", NULL},
        {VALUE_MMSI, "200000001", VALUE_DOUBTFUL, "200000001", "begins with 200"},
        {VALUE_MMSI, "776000001", VALUE_DOUBTFUL, "776000001", "begins with 776"},
        {VALUE_MMSI, "002111234", VALUE_DOUBTFUL, "002111234", "coast station"},
        {VALUE_MMSI, "021112345", VALUE_DOUBTFUL, "021112345", "group"},
        {VALUE_MMSI, "970123456", VALUE_DOUBTFUL, "970123456", "search and rescue"},
        {VALUE_MMSI, "992111234", VALUE_DOUBTFUL, "992111234", "aid to navigation"},
        {VALUE_MMSI, "21137812", VALUE_INVALID, NULL, "8 characters: an MMSI has 9"},
        {VALUE_MMSI, "21137812A", VALUE_INVALID, NULL, "letters"},
        {VALUE_MMSI, "000000000", VALUE_INVALID, NULL, "no ship"},
    };
    RUN(cases);
}

static void test_vehicles(void)
{
    static const struct clean_case cases[] = {
        {VALUE_VIN, "1M8GDM9AXKP042788", VALUE_FINE, "1M8GDM9AXKP042788", NULL},
        {VALUE_VIN, "vin: 1m8gdm9axkp042788", VALUE_FINE, "1M8GDM9AXKP042788", NULL},
        {VALUE_VIN, "ZZZENLAC70A000117", VALUE_FINE, "ZZZENLAC70A000117", NULL},
        {VALUE_VIN, "1M8GDM9A1KP042788", VALUE_DOUBTFUL, "1M8GDM9A1KP042788",
         "is 1, but the rest gives X"},
        {VALUE_VIN, "1M8GDM9AXKPO42788", VALUE_INVALID, NULL,
         "character 12 is the letter O"},
        {VALUE_VIN, "1M8GDM9AXKP04278", VALUE_INVALID, NULL, "16 characters"},
        {VALUE_VIN, "00000000000000000", VALUE_INVALID, NULL, "no vehicle"},
        {VALUE_PLATE, "NV-482-K", VALUE_FINE, "NV482K", NULL},
        {VALUE_PLATE, "nv 482 k", VALUE_FINE, "NV482K", NULL},
        {VALUE_PLATE, "NA", VALUE_FINE, "NA", NULL},
        {VALUE_PLATE, "NO 1", VALUE_FINE, "NO1", NULL},
        {VALUE_PLATE, "m\xC3\xBC ab 123", VALUE_FINE,
         "M\xC3\x9C"
         "AB123",
         NULL},
        {VALUE_PLATE,
         "\xD0\x90"
         "123\xD0\x92\xD0\xA1 77",
         VALUE_FINE, "A123BC77", NULL},
        {VALUE_PLATE, "1", VALUE_INVALID, NULL, "1 character: a number plate has 2 to 12"},
        {VALUE_PLATE, "ABCDEFGHIJKLM", VALUE_INVALID, NULL, "13 characters"},
        {VALUE_PLATE, "AB*123", VALUE_INVALID, NULL, "no other signs"},
        {VALUE_PLATE, "-", VALUE_MISSING, NULL, "not known"},
    };
    RUN(cases);
}

static void test_freight(void)
{
    static const struct clean_case cases[] = {
        {VALUE_AWB, "999-12345675", VALUE_FINE, "999-12345675", NULL},
        {VALUE_AWB, "AWB 999 1234 5675", VALUE_FINE, "999-12345675", NULL},
        {VALUE_AWB, "999-12345676", VALUE_INVALID, NULL,
         "is 6, but 1234567 modulo 7 gives 5"},
        {VALUE_AWB, "999-1234567", VALUE_INVALID, NULL, "10 characters"},
        {VALUE_AWB, "999-1234567S", VALUE_INVALID, NULL, "letters"},
        {VALUE_AWB, "000-00000000", VALUE_INVALID, NULL, "no air waybill"},
        {VALUE_LOCODE, "NLRTM", VALUE_FINE, "NLRTM", NULL},
        {VALUE_LOCODE, "nl rtm", VALUE_FINE, "NLRTM", NULL},
        {VALUE_LOCODE, "XAPVL", VALUE_FINE, "XAPVL", NULL},
        {VALUE_LOCODE, "XCNHV", VALUE_FINE, "XCNHV", NULL},
        {VALUE_LOCODE, "XBPSL", VALUE_FINE, "XBPSL", NULL},
        {VALUE_LOCODE, "XBSLA", VALUE_FINE, "XBSLA", NULL},
        {VALUE_LOCODE, "USNY2", VALUE_FINE, "USNY2", NULL},
        {VALUE_LOCODE, "USNY0", VALUE_INVALID, NULL, "has a 0 or 1"},
        {VALUE_LOCODE, "QQRTM", VALUE_INVALID, NULL, "begins with QQ, which is no country"},
        {VALUE_LOCODE, "RTM", VALUE_INVALID, NULL, "3 characters: a UN/LOCODE has 5"},
        {VALUE_HS, "0803 90", VALUE_FINE, "080390", NULL},
        {VALUE_HS, "0803.90", VALUE_FINE, "080390", NULL},
        {VALUE_HS, "HS 080390", VALUE_FINE, "080390", NULL},
        {VALUE_HS, "08", VALUE_FINE, "08", NULL},
        {VALUE_HS, "0803901000", VALUE_DOUBTFUL, "080390", "national"},
        {VALUE_HS, "08039010", VALUE_DOUBTFUL, "080390", "national"},
        {VALUE_HS, "9905", VALUE_DOUBTFUL, "9905", "chapter 99"},
        {VALUE_HS, "7701", VALUE_DOUBTFUL, "7701", "chapter 77"},
        {VALUE_HS, "80390", VALUE_INVALID, NULL, "cut off a 0"},
        {VALUE_HS, "0001", VALUE_INVALID, NULL, "chapter 00"},
        {VALUE_HS, "bananas", VALUE_INVALID, NULL, "2, 4 or 6 digits"},
    };
    RUN(cases);
}

static void test_handsets_and_hashes(void)
{
    static const struct clean_case cases[] = {
        {VALUE_IMEI, "490154203237518", VALUE_FINE, "49015420323751", NULL},
        {VALUE_IMEI, "35-417803-685978-9", VALUE_FINE, "35417803685978", NULL},
        {VALUE_IMEI, "IMEI: 001012345678902", VALUE_FINE, "00101234567890", NULL},
        {VALUE_IMEI, "35-686800-004141-20", VALUE_FINE, "35686800004141", NULL},
        {VALUE_IMEI, "IMEISV 35-686800-004141/20", VALUE_FINE, "35686800004141", NULL},
        {VALUE_IMEI, "35417803685978", VALUE_DOUBTFUL, "35417803685978",
         "which would be 9"},
        {VALUE_IMEI, "35-417803-685978-2", VALUE_INVALID, NULL,
         "is 2, but 35417803685978 gives 9"},
        {VALUE_IMEI, "000000000000000", VALUE_INVALID, NULL, "no handset"},
        {VALUE_IMEI, "1111111111111111", VALUE_INVALID, NULL, "no handset"},
        {VALUE_IMEI, "4901542032375", VALUE_INVALID, NULL, "13 characters"},
        {VALUE_IMEI, "49015420323751X", VALUE_INVALID, NULL, "letters"},
        {VALUE_HASH, "900150983CD24FB0D6963F7D28E17F72", VALUE_FINE,
         "900150983cd24fb0d6963f7d28e17f72", NULL}, /* MD5 of "abc", RFC 1321 */
        {VALUE_HASH, "a9993e364706816aba3e25717850c26c9cd0d89d", VALUE_FINE,
         "a9993e364706816aba3e25717850c26c9cd0d89d", NULL}, /* SHA-1 of "abc", RFC 3174 */
        {VALUE_HASH, "D4:1D:8C:D9:8F:00:B2:04:E9:80:09:98:EC:F8:42:7E", VALUE_DOUBTFUL,
         "d41d8cd98f00b204e9800998ecf8427e", "empty file"},
        {VALUE_HASH, "900150983cd24fb0d6963f7d28e17f7", VALUE_INVALID, NULL,
         "31 characters"},
        {VALUE_HASH, "g00150983cd24fb0d6963f7d28e17f72", VALUE_INVALID, NULL,
         "character 1 is G"},
        {VALUE_HASH, "00000000000000000000000000000000", VALUE_INVALID, NULL, "no file"},
    };
    RUN(cases);
}

static void test_accounts(void)
{
    static const struct clean_case cases[] = {
        {VALUE_IBAN, "GB82WEST12345698765432", VALUE_FINE, "GB82WEST12345698765432", NULL},
        {VALUE_IBAN, "gb82 west 1234 5698 7654 32", VALUE_FINE, "GB82WEST12345698765432",
         NULL},
        {VALUE_IBAN, "IBAN: GB82 WEST 1234 5698 7654 32", VALUE_FINE,
         "GB82WEST12345698765432", NULL},
        {VALUE_IBAN, "XC55NORV0003000000909090", VALUE_FINE, "XC55NORV0003000000909090",
         NULL},
        {VALUE_IBAN, "XB11BLUA0002000000777001", VALUE_FINE, "XB11BLUA0002000000777001",
         NULL},
        {VALUE_IBAN, "GB82WEST12345698765423", VALUE_INVALID, NULL,
         "the check digits are 82, but the rest gives"},
        {VALUE_IBAN, "GB82WEST1234569876543", VALUE_INVALID, NULL,
         "21 characters: an IBAN of GB has 22"},
        {VALUE_IBAN, "QQ82WEST12345698765432", VALUE_INVALID, NULL,
         "QQ, which is no country"},
        {VALUE_IBAN, "8282WEST12345698765432", VALUE_INVALID, NULL,
         "begins with its country"},
        {VALUE_IBAN, "XC55", VALUE_INVALID, NULL, "15 to 34"},
        {VALUE_IBAN, "GB", VALUE_INVALID, NULL, "begins with its country"},
        {VALUE_BIC, "NEDSZAJJXXX", VALUE_FINE, "NEDSZAJJ", NULL}, /* ISO 9362's example */
        {VALUE_BIC, "nedszajj", VALUE_FINE, "NEDSZAJJ", NULL},
        {VALUE_BIC, "NORVXC2A001", VALUE_FINE, "NORVXC2A001", NULL},
        {VALUE_BIC, "NEDSQQJJ", VALUE_INVALID, NULL, "is QQ, which is none"},
        {VALUE_BIC, "NEDSZAJ", VALUE_INVALID, NULL, "7 characters: a BIC has 8"},
        {VALUE_BIC, "NED5ZAJJ", VALUE_INVALID, NULL, "4 letters of the bank"},
    };
    RUN(cases);
    /* "Any digit changed": every one of them, to every other digit. */
    char iban[] = "GB82WEST12345698765432";
    for (size_t i = 2; iban[i] != '\0'; i++) {
        char given = iban[i];
        for (char digit = '0'; given <= '9' && digit <= '9'; digit++) {
            struct value_result seen;
            iban[i] = digit;
            value_clean(&seen, VALUE_IBAN, bytes_text(iban), NULL, &arena);
            CHECK_SEEN((seen.grade == VALUE_INVALID) == (digit != given), "%s", iban);
        }
        iban[i] = given;
    }
}

static void test_wallets(void)
{
    /* From BIP 13, BIP 173 and BIP 350; Bitcoin's first block; EIP-55; Tron's
     * documentation. */
    static const struct clean_case cases[] = {
        {VALUE_WALLET, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", VALUE_FINE,
         "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", NULL},
        {VALUE_WALLET, "bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa?amount=0.1", VALUE_FINE,
         "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", NULL},
        {VALUE_WALLET, "3P14159f73E4gFr7JterCCQh9QjiTjiZrG", VALUE_FINE,
         "3P14159f73E4gFr7JterCCQh9QjiTjiZrG", NULL},
        {VALUE_WALLET, "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", VALUE_FINE,
         "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", NULL},
        {VALUE_WALLET, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
         VALUE_FINE, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
         NULL},
        {VALUE_WALLET, "BC1SW50QGDZ25J", VALUE_INVALID, NULL, "14 characters"},
        {VALUE_WALLET,
         "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
         VALUE_FINE,
         "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
         NULL},
        {VALUE_WALLET, "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
         VALUE_DOUBTFUL, "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
         "test network"},
        /* BIP 350: bech32 where bech32m must be, and the other way round; padding; mixed
         * case */
        {VALUE_WALLET, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
         VALUE_INVALID, NULL, "checksum"},
        {VALUE_WALLET, "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KEMEAWH", VALUE_INVALID, NULL,
         "checksum"},
        {VALUE_WALLET, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",
         VALUE_INVALID, NULL, "checksum"},
        {VALUE_WALLET, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7Kv8f3t4", VALUE_INVALID, NULL,
         "small and capital"},
        {VALUE_WALLET, "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", VALUE_FINE,
         "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", NULL},
        {VALUE_WALLET, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", VALUE_FINE,
         "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", NULL},
        {VALUE_WALLET, "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", VALUE_FINE,
         "0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359", NULL},
        {VALUE_WALLET, "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", VALUE_FINE,
         "0xdbf03b407c01e7cd3cbea99509d93f8dddc8c6fb", NULL},
        {VALUE_WALLET, "0x8617E340B3D01FA5F11F306F4090FD50E238070D", VALUE_FINE,
         "0x8617e340b3d01fa5f11f306f4090fd50e238070d", NULL},
        /* EIP-1191: the same with the number of a network, here RSK's. */
        {VALUE_WALLET, "0x5aaEB6053f3e94c9b9a09f33669435E7ef1bEAeD", VALUE_FINE,
         "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", NULL},
        /* One letter of the other case, one digit mistyped. */
        {VALUE_WALLET, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", VALUE_INVALID, NULL,
         "capital letters"},
        {VALUE_WALLET, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeBed", VALUE_INVALID, NULL,
         "capital letters"},
        {VALUE_WALLET, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", VALUE_INVALID, NULL,
         "this has 39"},
        {VALUE_WALLET, "0x0000000000000000000000000000000000000000", VALUE_INVALID, NULL,
         "nobody"},
        {VALUE_WALLET, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", VALUE_INVALID, NULL,
         "checksum"},
        {VALUE_WALLET, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN0", VALUE_INVALID, NULL,
         "no form of address"},
    };
    RUN(cases);
}

static void test_documents(void)
{
    static const struct clean_case cases[] = {
        {VALUE_DOCUMENT, "PA 0412873", VALUE_FINE, "PA0412873", NULL},
        {VALUE_DOCUMENT, "L898902C3", VALUE_FINE, "L898902C3", NULL},
        {VALUE_DOCUMENT, "xa:PA0412873", VALUE_FINE, "xa:PA0412873", NULL},
        {VALUE_DOCUMENT, "no:12345678", VALUE_DOUBTFUL, "no:12345678",
         "read as the country"},
        {VALUE_DOCUMENT, "PA04128738XAA8403124M3104183<<<<<<<<<<<<<<06", VALUE_FINE,
         "xa:PA0412873", NULL},
        {VALUE_DOCUMENT, "PB76543214XBA7909250M2901318<<<<<<<<<<<<<<04", VALUE_FINE,
         "xb:PB7654321", NULL},
        /* ICAO 9303 part 4, whose Utopia is no country */
        {VALUE_DOCUMENT, "L898902C36UTO7408122F1204159ZE184226B<<<<<10", VALUE_FINE,
         "L898902C3", NULL},
        {VALUE_DOCUMENT, "PA04128739XAA8403124M3104183<<<<<<<<<<<<<<06", VALUE_INVALID,
         NULL,
         "the check digit of the number is 9, but it gives 8; the check digit of the whole "
         "line"},
        {VALUE_DOCUMENT, "PA04128738XAA8412034M3104183<<<<<<<<<<<<<<06", VALUE_INVALID,
         NULL, "the check digit of the birth date is 4"},
        {VALUE_DOCUMENT, "PA04128738XAA8403124M3104184<<<<<<<<<<<<<<06", VALUE_INVALID,
         NULL, "the check digit of the expiry date is 4, but it gives 3"},
        {VALUE_DOCUMENT, "L898902C36UTO7408122F1204159ZE184226B<<<<<20", VALUE_INVALID,
         NULL, "the check digit of the personal number is 2, but it gives 1"},
        {VALUE_DOCUMENT, "PA04128738XAA8403124M3104183<<<<<<<<<<<<<<07", VALUE_INVALID,
         NULL, "the check digit of the whole line is 7, but it gives 6"},
        {VALUE_DOCUMENT, "PA04128738XAA8403124M3104183<<<<<<<<<<<<<06", VALUE_INVALID, NULL,
         "43 characters"},
        {VALUE_DOCUMENT, "AB1", VALUE_INVALID, NULL, "3 characters"},
        {VALUE_DOCUMENT, "123456789012345678901", VALUE_INVALID, NULL, "21 characters"},
        {VALUE_DOCUMENT, "ALVEAR QUIROZ", VALUE_INVALID, NULL, "no digit"},
        {VALUE_DOCUMENT, "000000000", VALUE_INVALID, NULL, "no document"},
        {VALUE_DOCUMENT, "1.23E+11", VALUE_INVALID, NULL, "has \"+\" in it"},
        {VALUE_DOCUMENT, "none", VALUE_MISSING, NULL, "not known"},
    };
    RUN(cases);
}

static void test_marks(void)
{
    static const struct clean_case cases[] = {
        {VALUE_MARK, "three dolphins", VALUE_FINE, "three dolphins", NULL},
        {VALUE_MARK, "Three Dolphins", VALUE_FINE, "three dolphins", NULL},
        {VALUE_MARK, "THREE  DOLPHINS", VALUE_FINE, "three dolphins", NULL},
        {VALUE_MARK, "\"Three-Dolphins\".", VALUE_FINE, "three dolphins", NULL},
        {VALUE_MARK,
         "\xE2\x80\x9CThree\xC2\xA0"
         "dolphins\xE2\x80\x9D",
         VALUE_FINE, "three dolphins", NULL},
        {VALUE_MARK, "Tr\xC3\xAAs Golfinhos", VALUE_FINE, "tres golfinhos", NULL},
        {VALUE_MARK, "TRE\xCC\x82S GOLFINHOS", VALUE_FINE, "tres golfinhos", NULL},
        {VALUE_MARK,
         "Stra\xC3\x9F"
         "e",
         VALUE_FINE, "strasse", NULL},
        {VALUE_MARK, "B.M.W.", VALUE_FINE, "bmw", NULL},
        {VALUE_MARK, "D & G", VALUE_FINE, "d g", NULL},
        {VALUE_MARK, "\xE2\x98\x85 crown", VALUE_FINE, "\xE2\x98\x85 crown", NULL},
        {VALUE_MARK, "!!", VALUE_INVALID, NULL, "no letter"},
        {VALUE_MARK, "Unknown!", VALUE_MISSING, NULL, "not known"},
        {VALUE_MARK, "Sin datos", VALUE_MISSING, NULL, "not known"},
    };
    RUN(cases);
}

static void test_missing(void)
{
    static const struct clean_case cases[] = {
        {VALUE_NAME, "Unknown", VALUE_MISSING, NULL, "not known"},
        {VALUE_NAME, "  n/a ", VALUE_MISSING, NULL, "not known"},
        {VALUE_NAME, "N.A.", VALUE_MISSING, NULL, "not known"},
        {VALUE_NAME, "(desconocido)", VALUE_MISSING, NULL, "not known"},
        {VALUE_NAME, "N\xC3\x83O DISPON\xC3\x8DVEL", VALUE_MISSING, NULL, "not known"},
        {VALUE_NAME, "inconnu", VALUE_MISSING, NULL, "not known"},
        {VALUE_NAME, "INCONNUE.", VALUE_MISSING, NULL, "not known"},
        {VALUE_NAME, "Ind\u00e9termin\u00e9", VALUE_MISSING, NULL, "not known"},
        {VALUE_NAME, "\u00cdgnorado", VALUE_MISSING, NULL, "not known"},
        {VALUE_NAME, "[Unknown]", VALUE_MISSING, NULL, "not known"},
        {VALUE_NAME, "#N/A", VALUE_MISSING, NULL, "not known"},
        {VALUE_NAME, "non renseign\u00e9", VALUE_MISSING, NULL, "not known"},
        {VALUE_NAME, "\u2026", VALUE_MISSING, NULL, "not known"},
        {VALUE_NAME, "inconnus", VALUE_FINE, "inconnus", NULL},
        {VALUE_NAME, "Unknowm", VALUE_FINE, "Unknowm", NULL},
        {VALUE_IMO, "Sem N\u00famero", VALUE_MISSING, NULL, "not known"},
        {VALUE_IMO, "XXX", VALUE_MISSING, NULL, "not known"},
        {VALUE_NAME, "???", VALUE_MISSING, NULL, "not known"},
        {VALUE_NAME, "\xE2\x80\x94", VALUE_MISSING, NULL, "not known"},
        {VALUE_NAME, "   ", VALUE_MISSING, NULL, "empty"},
        {VALUE_NAME, "#N/A", VALUE_MISSING, NULL, "not known"},
        {VALUE_IMO, "NULL", VALUE_MISSING, NULL, "not known"},
        {VALUE_IMO, "na", VALUE_MISSING, NULL, "not known"},
        {VALUE_IMEI, "Ninguno", VALUE_MISSING, NULL, "not known"},
        {VALUE_IMEI, "0", VALUE_INVALID, NULL, "1 character"},
    };
    RUN(cases);
    /* The same words are a person's name or a country. */
    static const enum value_kind kinds[] = {VALUE_NAME, VALUE_COUNTRY, VALUE_STRING};
    static const char *const words[] = {"Null", "NA", "Nil"};
    for (size_t i = 0; i < 3; i++) {
        struct value_result seen;
        value_clean(&seen, kinds[i], bytes_text(words[i]), NULL, &arena);
        CHECK_SEEN(value_usable(seen.grade), "%s: %s", words[i], seen.why);
    }
}

static void test_long_text(void)
{
    uint8_t *letters = arena_alloc(&arena, VALUE_TEXT_MAX + 1);
    memset(letters, 'A', VALUE_TEXT_MAX + 1);
    struct bytes text = bytes_of(letters, VALUE_TEXT_MAX + 1);
    for (int kind = 0; kind < VALUE_KINDS; kind++) {
        struct value_result seen;
        value_clean(&seen, (enum value_kind)kind, text, NULL, &arena);
        bool takes_it = kind == VALUE_TEXT || kind == VALUE_HTML || kind == VALUE_JSON;
        bool too_long = strstr(seen.why, "at most") != NULL;
        CHECK_SEEN(takes_it ? !too_long : too_long && seen.grade == VALUE_INVALID,
                   "kind %d: %s", kind, seen.why);
    }
}

/* ---- What it may have been ------------------------------------------------------- */

struct suggest_case {
    enum value_kind kind;
    const char *raw;
    const char *first; /* that must be offered, and first */
    const char *last;  /* that must be offered, and last; NULL: as first */
};

static void test_suggestions(void)
{
    static const struct suggest_case cases[] = {
        {VALUE_CONTAINER, "QZAU2045148", "QZAU2045184", "QZAU2045142"},
        {VALUE_CONTAINER, "CSQU3O54383", "CSQU3054383", NULL},
        {VALUE_CONTAINER, "C5QU3O54383", "CSQU3054383", NULL},
        {VALUE_CONTAINER, "CSQU3054Z83", "CSQU3054383", NULL},
        {VALUE_CONTAINER, "CSQ3U054383", "CSQU3054383", NULL},
        {VALUE_CONTAINER, "CSQU305438", "CSQU3054383", NULL},
        {VALUE_CONTAINER, "CSQU33054383", "CSQU3054383", NULL},
        {VALUE_CONTAINER, "CSQU3054383 22G1", "CSQU3054383", NULL},
        {VALUE_IMO, "8841275", "8814275", "8841278"},
        {VALUE_IMEI, "490154203237581", "490154203237518", NULL},
        {VALUE_IMEI, "35-417803-685987-9", "354178036859789", "354178036859870"},
        {VALUE_IBAN, "GB82WEST12345698765423", "GB82WEST12345698765432", NULL},
        {VALUE_IBAN, "GB82WE5T12345698765432", "GB82WEST12345698765432", NULL},
        {VALUE_AWB, "999-12345657", "999-12345675", NULL},
        {VALUE_AWB, "999-1234567", "999-12345675", NULL},
        {VALUE_VIN, "1M8GDM9AXKPO42788", "1M8GDM9AXKP042788", NULL},
        {VALUE_LOCODE, "NLRT0", "NLRTO", NULL},
        {VALUE_HS, "80390", "080390", NULL},
        {VALUE_BIC, "NED5ZAJJ", "NEDSZAJJ", NULL},
        {VALUE_WALLET, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfaN",
         "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", NULL},
        {VALUE_WALLET, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
         "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", NULL},
        {VALUE_WALLET, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
         "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", NULL},
        {VALUE_DOCUMENT, "PAO4128738XAA8403124M3104183<<<<<<<<<<<<<<06",
         "PA04128738XAA8403124M3104183<<<<<<<<<<<<<<06", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct suggest_case *want = &cases[i];
        struct bytes offered[16];
        size_t count =
            value_type(want->kind)->suggest(offered, 16, bytes_text(want->raw), &arena);
        CHECK_SEEN(count > 0, "%s: nothing", want->raw);
        if (count == 0)
            continue;
        CHECK_TEXT(offered[0], want->first);
        if (want->last != NULL)
            CHECK_TEXT(offered[count - 1], want->last);
        for (size_t j = 0; j < count; j++) {
            struct value_result seen;
            value_clean(&seen, want->kind, offered[j], NULL, &arena);
            CHECK_SEEN(value_usable(seen.grade), "%s: offers a wrong one", want->raw);
            for (size_t k = 0; k < j; k++)
                CHECK(!bytes_equal(offered[j], offered[k]));
        }
    }
}

/* All that one slip can explain, in the order the contract gives; fewer when fewer are
 * asked. */
static void test_suggestion_order(void)
{
    static const char *const wanted[] = {
        "QZAU2045184", "QZAU2041548",                               /* exchanged */
        "QZAU1045148", "QZAU2545148", "QZAU2015148", "QZAU2049148", /* one digit */
        "QZAU2045348", "QZAU2045158",                               /* the same */
        "QZAU2045142",                                              /* the check digit */
    };
    struct bytes offered[16];
    const struct value_type *type = value_type(VALUE_CONTAINER);
    size_t count = type->suggest(offered, 16, BYTES_OF("QZAU2045148"), &arena);
    CHECK_SEEN(count == sizeof wanted / sizeof wanted[0], "%zu", count);
    for (size_t i = 0; i < count && i < sizeof wanted / sizeof wanted[0]; i++)
        CHECK_TEXT(offered[i], wanted[i]);
    CHECK(type->suggest(offered, 2, BYTES_OF("QZAU2045148"), &arena) == 2);
    CHECK_TEXT(offered[0], "QZAU2045184");
    CHECK_TEXT(offered[1], "QZAU2045142");
    CHECK(type->suggest(offered, 16, BYTES_OF("QZAU2045184"), &arena) == 0);
}

/* ---- Machine-readable zones ------------------------------------------------------ */

static void test_zones(void)
{
    struct mrz mrz;
    struct err err;
    CHECK(mrz_parse(&mrz,
                    BYTES_OF("P<XAAALVEAR<QUIROZ<<TOMAS<<<<<<<<<<<<<<<<<<<\n"
                             "PA04128738XAA8403124M3104183<<<<<<<<<<<<<<06"),
                    &err) == OK);
    CHECK(mrz.form == MRZ_TD3);
    CHECK_TEXT(bytes_text(mrz.number), "PA0412873");
    CHECK_TEXT(bytes_text(mrz.issuer), "xa");
    CHECK_TEXT(bytes_text(mrz.issuer_alpha3), "XAA");
    CHECK_TEXT(bytes_text(mrz.nationality), "xa");
    CHECK_TEXT(bytes_text(mrz.birth), "1984-03-12");
    CHECK_TEXT(bytes_text(mrz.expiry), "2031-04-18");
    CHECK_TEXT(bytes_text(mrz.surname), "ALVEAR QUIROZ");
    CHECK_TEXT(bytes_text(mrz.given), "TOMAS");
    CHECK_TEXT(bytes_text(mrz.personal), "");
    CHECK(mrz.sex == 'M');

    /* ICAO 9303 part 5, appendix B, and part 6: the same person of Utopia on two cards. */
    CHECK(mrz_parse(
              &mrz,
              BYTES_OF("I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\n"
                       "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"),
              &err) == OK);
    CHECK(mrz.form == MRZ_TD1);
    CHECK_TEXT(bytes_text(mrz.number), "D23145890");
    CHECK_TEXT(bytes_text(mrz.birth), "1974-08-12");
    CHECK_TEXT(bytes_text(mrz.expiry), "2012-04-15");
    CHECK_TEXT(bytes_text(mrz.issuer), "");
    CHECK_TEXT(bytes_text(mrz.issuer_alpha3), "UTO");
    CHECK_TEXT(bytes_text(mrz.surname), "ERIKSSON");
    CHECK_TEXT(bytes_text(mrz.given), "ANNA MARIA");
    CHECK(mrz.sex == 'F');
    CHECK(
        mrz_parse(&mrz,
                  BYTES_OF("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F12041"
                           "59<<<<<<<6"),
                  &err) == OK);
    CHECK(mrz.form == MRZ_TD2);
    CHECK_TEXT(bytes_text(mrz.number), "D23145890");

    /* ICAO 9303 part 4 */
    CHECK(mrz_parse(&mrz, BYTES_OF("L898902C36UTO7408122F1204159ZE184226B<<<<<10"), &err) ==
          OK);
    CHECK(mrz.form == MRZ_TD3_LINE2);
    CHECK_TEXT(bytes_text(mrz.personal), "ZE184226B");
    CHECK(mrz.surname[0] == '\0');
    /* ICAO 9303 part 7: a visa has no last check digit. */
    CHECK(mrz_parse(&mrz,
                    BYTES_OF("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                             "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"),
                    &err) == OK);
    CHECK(mrz.form == MRZ_VISA_A);
    CHECK_TEXT(bytes_text(mrz.birth), "1940-09-07");
    CHECK_TEXT(bytes_text(mrz.expiry), "1996-12-10");
    CHECK_TEXT(bytes_text(mrz.nationality), "");
}

/* A card's number of more than nine characters: the rest, and the check digit, stand
 * behind. */
static void test_long_card_number(void)
{
    struct mrz mrz;
    struct err err;
    /* ICAO 9303 part 5, note j: D23145890734, check digit 9. */
    CHECK_SEEN(
        mrz_parse(&mrz,
                  BYTES_OF("I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2"
                           "STEVENSON<<PETER<JOHN<<<<<<<<<"),
                  &err) == OK,
        "%s", err.text);
    CHECK_TEXT(bytes_text(mrz.number), "D23145890734");
    CHECK_TEXT(bytes_text(mrz.birth), "1934-07-12");
    CHECK_TEXT(bytes_text(mrz.expiry), "1995-07-12");
}

static void test_wrong_zones(void)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"", "0 characters"},
        {"P<XAAALVEAR<QUIROZ<<TOMAS<<<<<<<<<<<<<<<<<<<", "first line"},
        {"PA04128738XAA8403124M3104183<<<<<<<<<<<<<<0*", "character 44"},
        /* All check digits right, but the month is 13. */
        {"PA04128738XAA8413125M3104183<<<<<<<<<<<<<<06",
         "the birth date 841312 is no date"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mrz mrz;
        struct err err = {.text = ""};
        CHECK_SEEN(mrz_parse(&mrz, bytes_text(cases[i].text), &err) == BAD_INPUT, "%s",
                   cases[i].text);
        CHECK_SEEN(strstr(err.text, cases[i].why) != NULL, "%s", err.text);
    }
}

/* ---- The table ------------------------------------------------------------------- */

static void test_table(void)
{
    for (int kind = 0; kind < VALUE_KINDS; kind++) {
        const struct value_type *type = value_type((enum value_kind)kind);
        CHECK(type->clean != NULL && type->label[0] != '\0' && type->ftm[0] != '\0');
        CHECK_SEEN(value_type_find(bytes_text(type->name)) == type, "%s", type->name);
    }
    CHECK(value_type_find(BYTES_OF("containers")) == NULL);
    CHECK(value_compare(VALUE_CONTAINER, BYTES_OF("CSQU3054383"),
                        BYTES_OF("CSQU3054383")) == 1);
    CHECK(value_compare(VALUE_CONTAINER, BYTES_OF("CSQU3054383"),
                        BYTES_OF("TCNU7200794")) == 0);
    double some =
        value_compare(VALUE_DOCUMENT, BYTES_OF("xa:PA0412873"), BYTES_OF("PA0412873"));
    CHECK_SEEN(some > 0 && some < 1, "%f", some);
    CHECK(value_compare(VALUE_DOCUMENT, BYTES_OF("xa:PA0412873"),
                        BYTES_OF("xb:PA0412873")) == 0);
    CHECK(value_specificity(VALUE_CONTAINER, BYTES_OF("CSQU3054383")) == 1);
    CHECK(value_specificity(VALUE_HS, BYTES_OF("08")) <
          value_specificity(VALUE_HS, BYTES_OF("080390")));
    CHECK(value_specificity(VALUE_DOCUMENT, BYTES_OF("A123")) <
          value_specificity(VALUE_DOCUMENT, BYTES_OF("xa:PA0412873")));
}

/* A number that is bare already costs no copy: its clean form is the text given. */
static void test_no_copy(void)
{
    struct bytes raw = BYTES_OF("CSQU3054383");
    struct value_result seen;
    struct arena untouched = {0};
    value_clean(&seen, VALUE_CONTAINER, raw, NULL, &untouched);
    CHECK(seen.clean.at == raw.at);
    value_clean(&seen, VALUE_IMO, BYTES_OF("9319466"), NULL, &untouched);
    CHECK(seen.grade == VALUE_FINE && untouched.first == NULL);
    arena_release(&untouched);
}

int main(void)
{
    test_containers();
    test_ships();
    test_vehicles();
    test_freight();
    test_handsets_and_hashes();
    test_accounts();
    test_wallets();
    test_documents();
    test_marks();
    test_missing();
    test_long_text();
    test_suggestions();
    test_suggestion_order();
    test_zones();
    test_long_card_number();
    test_wrong_zones();
    test_table();
    test_no_copy();
    arena_release(&arena);
    return check_done("value_identifiers");
}
