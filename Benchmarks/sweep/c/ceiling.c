// The least that a sweep must do: senders that patch prepared frames, a receiver that counts distinct targets.
//
// Neither retries nor rates nor a scope to guard nor results to write: what a real program can reach at most.
#include <endian.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "ring.h"

enum { MOST_THREADS = 16 };

struct receiver {
    struct ring ring;
    uint64_t base, count;   // targets are the /64s base … base + count - 1
    uint8_t *seen;          // a bit for each target
    uint64_t found, replies, drops;
    volatile int over;
};

static void take(const struct tpacket3_hdr *packet, void *context) {
    struct receiver *self = context;
    uint64_t subnet;
    memcpy(&subnet, (const uint8_t *)packet + packet->tp_mac + 14 + 8, 8);
    uint64_t number = be64toh(subnet) - self->base;
    self->replies++;
    if (number >= self->count || self->seen[number >> 3] >> (number & 7) & 1) return;
    self->seen[number >> 3] |= 1 << (number & 7);
    self->found++;
}

static void *receive(void *argument) {
    struct receiver *self = argument;
    while (!self->over) {
        ring_read(&self->ring, 20, take, self);
        self->drops += ring_drops(&self->ring);
    }
    return NULL;
}

int main(int argc, char **argv) {
    static const struct option options[] = {COMMON_OPTIONS, {"only", 1, 0, 'o'}, {"cooldown", 1, 0, 'C'}, {0}};
    struct sender common = {.echo = {.type = ECHO_REQUEST, .id = 0x7636}};
    const char *only = "";
    double cooldown = 1;
    int threads = 1, letter;
    while ((letter = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (letter == 'o') only = optarg;
        else if (letter == 'C') cooldown = atof(optarg);
        else take_option(letter, &common, &threads);
    }
    if (!common.interface || !common.count || threads < 1 || threads > MOST_THREADS) {
        fprintf(stderr, "usage: ceiling --interface NAME --from-mac MAC --to-mac MAC --vantage ADDRESS --first ADDRESS "
                        "--count N [--threads N] [--rate PPS] [--seconds S] [--cooldown S] [--only send|receive]\n"
                        "receive: counts what comes in for S seconds; send: no receiver\n");
        return 2;
    }
    int sends = strcmp(only, "receive"), receives = strcmp(only, "send");
    struct receiver receiver = {.count = common.count};
    memcpy(&receiver.base, &common.echo.varying, 8);
    receiver.base = be64toh(receiver.base);
    pthread_t receiving, sending[MOST_THREADS];
    if (receives) {
        if (!(receiver.seen = calloc(common.count / 8 + 1, 1))) fail("calloc");
        receiver.ring = ring_open(common.interface, 6, ECHO_REPLY);
        pthread_create(&receiving, NULL, receive, &receiver);
    }
    struct sender senders[MOST_THREADS];
    double began = seconds_now();
    uint64_t sent = 0;
    if (sends) {
        for (int i = 0; i < threads; i++) {
            senders[i] = common;
            senders[i].first = i;
            senders[i].step = threads;
            senders[i].rate = common.rate / threads;
            pthread_create(&sending[i], NULL, sender_run, &senders[i]);
        }
        for (int i = 0; i < threads; i++) {
            pthread_join(sending[i], NULL);
            sent += senders[i].sent;
        }
    }
    double seconds = seconds_now() - began;
    if (receives) {
        fprintf(stderr, sends ? "" : "ready\n");
        double rest = sends ? cooldown : common.seconds;
        for (double until = seconds_now() + rest; seconds_now() < until;)
            nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        receiver.over = 1;
        pthread_join(receiving, NULL);
    }
    printf("{\"sent\": %lu, \"found\": %lu, \"replies\": %lu, \"drops\": %lu, \"seconds\": %.6f}\n", sent,
           receiver.found, receiver.replies, receiver.drops, sends ? seconds : common.seconds);
    return 0;
}
