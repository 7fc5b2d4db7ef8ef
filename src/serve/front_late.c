/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is late, and who is gone, of those that ask us.
 *
 * libmicrohttpd counts silence only: a byte now and then would hold a line for ever. So each line has a
 * deadline for the whole of what it is at, and who is late has the socket shut down under it;
 * libmicrohttpd finds that out and lets go. That something of the next message has come shows in the
 * kernel's count of bytes, and that the other side has left while the core works, in its state of the
 * line: nobody reads from a line then.
 */
#include "serve/front_state.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ESTABLISHED = 1 }; /* of the kernel's states of a line */

/* False: there is no line any more. */
static bool read_line(uint64_t *heard, int fd)
{
    struct tcp_info info = {0};
    socklen_t len = sizeof info;
    *heard = 0;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
        return false;
    *heard = info.tcpi_bytes_received;
    return info.tcpi_state == ESTABLISHED;
}

void front_line_waits(struct front_state *front, struct serve_line *line)
{
    read_line(&line->heard, line->fd);
    line->phase = LINE_WAITS;
    line->begun = false;
    line->deadline_ms = front_in(front, IDLE_MS);
}

void front_line_cut(struct serve_line *line)
{
    if (line->cut)
        return;
    line->cut = true;
    shutdown(line->fd, SHUT_RDWR);
    if (line->phase == LINE_WORKS) {
        line->phase = LINE_SENDS;
        MHD_resume_connection(line->connection);
    }
}

static void look_at(struct front_state *front, struct serve_line *line)
{
    uint64_t heard = 0;
    bool there = read_line(&heard, line->fd);
    if (!line->greeted && tls_session_greeted(line->session)) {
        line->greeted = true;
        front_line_waits(front, line);
    } else if (line->phase == LINE_WAITS && line->greeted && !line->begun &&
               heard != line->heard) {
        line->begun = true;
        line->deadline_ms = front_in(front, PIECE_MS); /* for the whole head */
    }
    if (line->phase == LINE_WORKS && !there) {
        front_line_cut(line);
    } else if (front->now_ms > line->deadline_ms) {
        if (line->phase != LINE_WAITS || !line->greeted || line->begun)
            front_tell(front, "line-late", "the other side is too slow");
        front_line_cut(line);
    }
}

/* ---- Leaving ---- */

static void forget_what_comes(struct front_state *front, struct leaving_line *leaving)
{
    enum { PIECES = 64 };
    uint8_t piece[16 * 1024];
    ssize_t count = 1;
    for (int i = 0; i < PIECES && count > 0; i++)
        count = recv(leaving->fd, piece, sizeof piece, MSG_DONTWAIT);
    bool more = count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
    if (!more || front->now_ms > leaving->deadline_ms) {
        close(leaving->fd);
        leaving->fd = -1;
    }
}

void front_line_leaves(struct front_state *front, const struct serve_line *line)
{
    struct leaving_line *place = &front->leaving[0];
    for (size_t i = 0; i < LEAVING_MAX; i++) {
        struct leaving_line *other = &front->leaving[i];
        if (other->fd < 0 || (place->fd >= 0 && other->deadline_ms < place->deadline_ms))
            place = other;
        if (place->fd < 0)
            break;
    }
    if (place->fd >= 0)
        close(place->fd);
    place->fd = fcntl(line->fd, F_DUPFD_CLOEXEC, 0);
    place->deadline_ms = front_in(front, LEAVE_MS);
    if (place->fd < 0)
        return;
    shutdown(place->fd, SHUT_WR);
    forget_what_comes(front, place);
}

void front_leaving_look(struct front_state *front)
{
    for (size_t i = 0; i < LEAVING_MAX; i++)
        if (front->leaving[i].fd >= 0)
            forget_what_comes(front, &front->leaving[i]);
}

void front_serve_look(struct front_state *front)
{
    for (size_t i = 0; i < LINES_MAX; i++)
        if (front->lines[i].connection != NULL && !front->lines[i].cut)
            look_at(front, &front->lines[i]);
}

void front_late_close(struct front_state *front)
{
    for (size_t i = 0; i < LEAVING_MAX; i++)
        if (front->leaving[i].fd >= 0)
            close(front->leaving[i].fd);
}
