// Receiving from a TPACKET_V3 ring behind a BPF filter that passes ICMP echo packets alone.
#pragma once
#include <linux/if_packet.h>
#include <stdint.h>

struct ring {
    int fd;
    uint8_t *memory;
    unsigned block; // the next one to read
};

// Packets that come in (never those that go out) over IP `version` 6 or 4 with this ICMP type.
struct ring ring_open(const char *interface, int version, int type);
// Waits up to `milliseconds` and gives every packet of at most one block to `use`.
void ring_read(struct ring *ring, int milliseconds, void (*use)(const struct tpacket3_hdr *packet, void *context),
               void *context);
// How many packets the kernel dropped since the last call because the ring was full.
unsigned ring_drops(struct ring *ring);
