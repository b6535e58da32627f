// Answers every echo request that comes in with N replies instead of one; ends at SIGTERM.
//
// The requests decide what is in the replies, so every program takes them for its own: its whole receiving side can
// be loaded far beyond what its senders could ask for.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "ring.h"
#include "sender.h"

enum { LONGEST = 1514, BATCH = 64, IP = 14, ICMP = 54 };

struct multiplier {
    int fd, times;
    uint64_t requests, sent;
    double began, ended;
    uint8_t frame[LONGEST];
    struct iovec part;
    struct mmsghdr messages[BATCH];
};

static volatile sig_atomic_t over;
static void end(int number) { over = number; }

static void make_reply(const uint8_t *request, uint8_t *reply, unsigned length) {
    memcpy(reply, request, length);
    memcpy(reply, request + 6, 6);
    memcpy(reply + 6, request, 6);
    memcpy(reply + IP + 8, request + IP + 24, 16);
    memcpy(reply + IP + 24, request + IP + 8, 16);
    reply[ICMP] = ECHO_REPLY;
    // RFC 1624: the type grew by one, in the high byte, so the complement of the sum falls by as much.
    uint32_t sum = (uint16_t)~(reply[ICMP + 2] << 8 | reply[ICMP + 3]) + 0x0100u;
    sum = ~((sum & 0xffff) + (sum >> 16));
    reply[ICMP + 2] = sum >> 8;
    reply[ICMP + 3] = sum;
}

static void answer(const struct tpacket3_hdr *packet, void *context) {
    struct multiplier *self = context;
    if (packet->tp_snaplen < ICMP + 8 || packet->tp_snaplen > LONGEST) return;
    make_reply((const uint8_t *)packet + packet->tp_mac, self->frame, packet->tp_snaplen);
    self->part.iov_len = packet->tp_snaplen;
    if (self->requests++ == 0) self->began = seconds_now();
    for (int left = self->times; left > 0; left -= BATCH)
        sender_send(self->fd, self->messages, left < BATCH ? left : BATCH);
    self->sent += self->times;
    self->ended = seconds_now();
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: multiply INTERFACE N\n");
        return 2;
    }
    signal(SIGTERM, end);
    static struct multiplier self;
    self.fd = sender_open(argv[1]);
    self.times = atoi(argv[2]);
    self.part.iov_base = self.frame;
    for (int i = 0; i < BATCH; i++) {
        self.messages[i].msg_hdr.msg_iov = &self.part;
        self.messages[i].msg_hdr.msg_iovlen = 1;
    }
    struct ring ring = ring_open(argv[1], 6, ECHO_REQUEST);
    printf("ready\n");
    fflush(stdout);
    while (!over) ring_read(&ring, 20, answer, &self);
    printf("{\"requests\": %lu, \"sent\": %lu, \"drops\": %u, \"seconds\": %.6f}\n", self.requests, self.sent,
           ring_drops(&ring), self.ended - self.began);
    return 0;
}
