// Writes when each echo request arrived, by the kernel's clock, as 64-bit nanoseconds; ends at SIGTERM.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "ring.h"
#include "sender.h"

static volatile sig_atomic_t over;
static void end(int number) { over = number; }

static void take(const struct tpacket3_hdr *packet, void *context) {
    uint64_t at = (uint64_t)packet->tp_sec * 1000000000 + packet->tp_nsec;
    fwrite(&at, sizeof at, 1, context);
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: arrivals INTERFACE 4|6 FILE\n");
        return 2;
    }
    int version = atoi(argv[2]);
    signal(SIGTERM, end);
    FILE *file = fopen(argv[3], "wb");
    if (!file) fail(argv[3]);
    struct ring ring = ring_open(argv[1], version, version == 6 ? ECHO_REQUEST : 8);
    printf("ready\n");
    fflush(stdout);
    while (!over) ring_read(&ring, 20, take, file);
    // What came before the signal may still be in a block that the kernel has not handed over yet.
    for (int i = 0; i < 5; i++) ring_read(&ring, 20, take, file);
    printf("{\"drops\": %u}\n", ring_drops(&ring));
    return fclose(file) ? 1 : 0;
}
