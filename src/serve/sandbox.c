/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- Files ---- */

/* By these the C library looks up a host. */
static const char *const readable[] = {"/etc/hosts",         "/etc/resolv.conf",
                                       "/etc/nsswitch.conf", "/etc/host.conf",
                                       "/etc/gai.conf",      "/etc/services"};

static void allow_reading(int rules, const char *path)
{
    struct landlock_path_beneath_attr rule = {.allowed_access =
                                                  LANDLOCK_ACCESS_FS_READ_FILE};
    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return;
    syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(rule.parent_fd);
}

static enum status close_files(bool *closed, struct err *err)
{
    /* Everything that the first version of Landlock knows. */
    const struct landlock_ruleset_attr all = {.handled_access_fs =
                                                  (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    *closed = false;
    if (rules < 0 && (errno == ENOSYS || errno == EOPNOTSUPP))
        return OK;
    if (rules < 0)
        return fail(err, IO_FAILED, "Landlock: %s", strerror(errno));
    for (size_t i = 0; i < sizeof readable / sizeof readable[0]; i++)
        allow_reading(rules, readable[i]);
    long code = syscall(SYS_landlock_restrict_self, rules, 0);
    int fault = errno;
    close(rules);
    if (code != 0)
        return fail(err, IO_FAILED, "Landlock: %s", strerror(fault));
    *closed = true;
    return OK;
}

/* ---- Calls ---- */

static const int calls[] = {SCMP_SYS(read),
                            SCMP_SYS(write),
                            SCMP_SYS(readv),
                            SCMP_SYS(writev),
                            SCMP_SYS(pread64),
                            SCMP_SYS(pwrite64),
                            SCMP_SYS(recvfrom),
                            SCMP_SYS(sendto),
                            SCMP_SYS(recvmsg),
                            SCMP_SYS(sendmsg),
                            SCMP_SYS(sendmmsg),
                            SCMP_SYS(recvmmsg),
                            SCMP_SYS(poll),
                            SCMP_SYS(ppoll),
                            SCMP_SYS(accept4),
                            SCMP_SYS(connect),
                            SCMP_SYS(getsockopt),
                            SCMP_SYS(setsockopt),
                            SCMP_SYS(getsockname),
                            SCMP_SYS(getpeername),
                            SCMP_SYS(shutdown),
                            SCMP_SYS(close),
                            SCMP_SYS(fcntl),
                            SCMP_SYS(ioctl),
                            SCMP_SYS(munmap),
                            SCMP_SYS(mremap),
                            SCMP_SYS(brk),
                            SCMP_SYS(madvise),
                            SCMP_SYS(futex),
                            SCMP_SYS(clock_gettime),
                            SCMP_SYS(clock_getres),
                            SCMP_SYS(gettimeofday),
                            SCMP_SYS(time),
                            SCMP_SYS(nanosleep),
                            SCMP_SYS(clock_nanosleep),
                            SCMP_SYS(getrandom),
                            SCMP_SYS(openat),
                            SCMP_SYS(open),
                            SCMP_SYS(newfstatat),
                            SCMP_SYS(fstat),
                            SCMP_SYS(stat),
                            SCMP_SYS(lseek),
                            SCMP_SYS(access),
                            SCMP_SYS(exit),
                            SCMP_SYS(exit_group),
                            SCMP_SYS(rt_sigaction),
                            SCMP_SYS(rt_sigprocmask),
                            SCMP_SYS(rt_sigreturn),
                            SCMP_SYS(sigaltstack),
                            SCMP_SYS(restart_syscall),
                            SCMP_SYS(getpid),
                            SCMP_SYS(gettid),
                            SCMP_SYS(getuid),
                            SCMP_SYS(geteuid),
                            SCMP_SYS(getgid),
                            SCMP_SYS(getegid),
                            SCMP_SYS(uname),
                            SCMP_SYS(sysinfo),
                            SCMP_SYS(sched_yield),
                            SCMP_SYS(sched_getaffinity),
                            SCMP_SYS(readlink),
                            SCMP_SYS(readlinkat),
                            SCMP_SYS(tgkill),
                            SCMP_SYS(rseq),
                            SCMP_SYS(set_robust_list),
                            SCMP_SYS(statfs),
                            SCMP_SYS(fstatfs),
                            SCMP_SYS(getcwd)};

/* Threads of this process, in which libcurl looks up a name; no other process. What clone3 is to do
 * stands in memory, where a filter cannot look: the C library is told that there is none, and takes
 * clone. */
static int allow_threads(scmp_filter_ctx filter)
{
    const scmp_datum_t thread = CLONE_THREAD | CLONE_VM | CLONE_SIGHAND;
    int code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    if (code == 0)
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                                SCMP_A0(SCMP_CMP_MASKED_EQ, thread, thread));
    return code;
}

static int allow_calls(scmp_filter_ctx filter)
{
    int code = 0;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0] && code == 0; i++)
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
    /* Memory, but none that can be run. */
    if (code == 0)
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (code == 0)
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    /* Sockets of the internet; to the C library's question for a name service on this machine, and
     * for the routing table, the answer is that there is none. */
    for (int family = AF_UNIX; family <= AF_NETLINK && code == 0; family++) {
        bool internet = family == AF_INET || family == AF_INET6;
        if (internet || family == AF_UNIX || family == AF_NETLINK)
            code = seccomp_rule_add(
                filter, internet ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EAFNOSUPPORT),
                SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)family));
    }
    /* Both ends of which are ours. */
    if (code == 0)
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socketpair), 1,
                                SCMP_A0(SCMP_CMP_EQ, AF_UNIX));
    if (code == 0)
        code = allow_threads(filter);
    if (code == 0)
        code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prctl), 0);
    return code;
}

static enum status close_calls(struct err *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    int code = filter != NULL ? allow_calls(filter) : -ENOMEM;
    if (code == 0)
        code = seccomp_load(filter);
    seccomp_release(filter);
    return code == 0 ? OK : fail(err, IO_FAILED, "seccomp: %s", strerror(-code));
}

enum status sandbox_enter(bool *files, struct err *err)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return fail(err, IO_FAILED, "no_new_privs: %s", strerror(errno));
    enum status status = close_files(files, err);
    return status == OK ? close_calls(err) : status;
}
