/* SPDX-License-Identifier: Apache-2.0 */
#include "record/phone.h"

#include <cstring>
#include <exception>
#include <new>
#include <string>

#include <phonenumbers/logger.h>
#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

using i18n::phonenumbers::NullLogger;
using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

namespace
{

/* The library would write what it cannot read to standard output. */
const PhoneNumberUtil &library()
{
    static const PhoneNumberUtil &instance = []() -> const PhoneNumberUtil & {
        PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
        util->SetLogger(new NullLogger); /* the library's to delete */
        return *util;
    }();
    return instance;
}

enum phone_verdict unread(PhoneNumberUtil::ErrorType error)
{
    switch (error) {
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR:
        return PHONE_UNKNOWN_CODE;
    case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
    case PhoneNumberUtil::TOO_SHORT_NSN:
        return PHONE_TOO_SHORT;
    case PhoneNumberUtil::TOO_LONG_NSN:
        return PHONE_TOO_LONG;
    default:
        return PHONE_UNREADABLE;
    }
}

enum phone_verdict impossible(PhoneNumberUtil::ValidationResult reason)
{
    switch (reason) {
    case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
        return PHONE_LOCAL;
    case PhoneNumberUtil::TOO_SHORT:
        return PHONE_TOO_SHORT;
    case PhoneNumberUtil::TOO_LONG:
        return PHONE_TOO_LONG;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE:
        return PHONE_UNKNOWN_CODE;
    default: /* INVALID_LENGTH: between two right lengths */
        return PHONE_TOO_SHORT;
    }
}

enum phone_verdict read(char *e164, const char *text, const char *region)
{
    const PhoneNumberUtil &util = library();
    PhoneNumber number;
    PhoneNumberUtil::ErrorType error = util.Parse(text, region ? region : "ZZ", &number);
    if (error != PhoneNumberUtil::NO_PARSING_ERROR)
        return unread(error);
    bool valid = util.IsValidNumber(number);
    if (!valid) {
        PhoneNumberUtil::ValidationResult reason = util.IsPossibleNumberWithReason(number);
        if (reason != PhoneNumberUtil::IS_POSSIBLE)
            return impossible(reason);
    }
    std::string formatted;
    util.Format(number, PhoneNumberUtil::E164, &formatted);
    if (formatted.size() >= PHONE_TEXT_SIZE)
        return PHONE_TOO_LONG;
    /* Of a number that is in no plan the library may drop one zero at each reading. What we keep
     * must read as itself: so it is read until it does; each time it is a digit shorter. */
    if (!valid && formatted != text)
        return read(e164, formatted.c_str(), nullptr);
    std::memcpy(e164, formatted.c_str(), formatted.size() + 1);
    return valid ? PHONE_VALID : PHONE_POSSIBLE;
}

} // namespace

enum phone_verdict phone_read(char e164[PHONE_TEXT_SIZE], const char *number,
                              const char *region)
{
    try {
        return read(e164, number, region);
    } catch (const std::bad_alloc &) {
        std::terminate(); /* as everywhere here when memory is out */
    } catch (...) {
        return PHONE_UNREADABLE;
    }
}
