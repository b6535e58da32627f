#define _GNU_SOURCE
#include "sender.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64 };

double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

void fail(const char *what) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

int sender_open(const char *interface) {
    // Protocol 0: this socket receives nothing.
    int fd = socket(AF_PACKET, SOCK_RAW, 0);
    if (fd < 0) fail("socket");
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = if_nametoindex(interface)};
    if (address.sll_ifindex == 0) fail(interface);
    int yes = 1;
    if (setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof yes)) fail("PACKET_QDISC_BYPASS");
    if (bind(fd, (struct sockaddr *)&address, sizeof address)) fail("bind");
    return fd;
}

void sender_send(int fd, struct mmsghdr *messages, unsigned count) {
    for (unsigned done = 0; done < count;) {
        int sent = sendmmsg(fd, messages + done, count - done, 0);
        if (sent > 0)
            done += sent;
        else if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR)
            fail("sendmmsg");
    }
}

static void sleep_until(double due) {
    struct timespec at = {.tv_sec = (time_t)due, .tv_nsec = (long)((due - (time_t)due) * 1e9)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR) {}
}

void *sender_run(void *argument) {
    struct sender *self = argument;
    static _Thread_local uint8_t arena[BATCH][ECHO_FRAME];
    struct iovec parts[BATCH];
    struct mmsghdr messages[BATCH];
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < BATCH; i++) {
        echo_prepare(&self->echo, arena[i]);
        parts[i] = (struct iovec){arena[i], ECHO_FRAME};
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    // A slow sender sends small batches, so that its packets are not bursts a millisecond apart.
    unsigned batch = self->rate == 0 || self->rate > 64000 ? BATCH : self->rate < 1000 ? 1 : self->rate / 1000;
    int fd = sender_open(self->interface);
    double began = seconds_now();
    uint64_t next = self->first;
    for (;;) {
        if (self->seconds > 0 && seconds_now() - began >= self->seconds) break;
        unsigned filled = 0;
        for (; filled < batch && next < self->count; filled++, next += self->step)
            echo_patch(&self->echo, arena[filled], next);
        if (self->rate > 0) sleep_until(began + self->sent / self->rate);
        sender_send(fd, messages, filled);
        self->sent += filled;
        if (next >= self->count) {
            if (self->seconds == 0) break;
            next = self->first;
        }
    }
    return NULL;
}
