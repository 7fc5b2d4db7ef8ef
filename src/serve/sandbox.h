/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/sandbox.h: what a process that reads foreign bytes gives up for good.
 *
 * Files: none but the handful by which the C library finds the number of a host (Landlock). Calls
 * into the kernel: those that sockets, memory, threads and time need (seccomp); no exec, no fork, no
 * ptrace, no opening of sockets other than TCP and UDP, no executable memory; another call ends the
 * process.
 * No core dump, no new privileges. Where the kernel has no Landlock it goes without, and says so.
 */
#ifndef SERVE_SANDBOX_H
#define SERVE_SANDBOX_H

#include "base/status.h"

#include <stdbool.h>

/* *files: whether the kernel keeps files away too. After it, nothing more can be opened. */
MUST_USE enum status sandbox_enter(bool *files, struct err *err);

#endif
