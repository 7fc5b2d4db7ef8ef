/* SPDX-License-Identifier: Apache-2.0
 *
 * record/eip55.h: the checksum in the capital letters of an Ethereum address (EIP-55).
 *
 * Letter i of the 40 digits is a capital where digit i of Keccak-256(the digits in small
 * letters) is 8 or more. EIP-1191 puts the number of a network and "0x" in front of what is
 * hashed; RSK (30) and its test network (31) do so.
 */
#ifndef RECORD_EIP55_H
#define RECORD_EIP55_H

#include <stdbool.h>
#include <stdint.h>

enum { EIP55_DIGITS = 40 };

/* The letters hold the checksum, of Ethereum or of RSK. */
bool eip55_holds(const uint8_t digits[EIP55_DIGITS]);
/* Give the letters the case that Ethereum's checksum asks for. */
void eip55_write(uint8_t digits[EIP55_DIGITS]);

#endif
