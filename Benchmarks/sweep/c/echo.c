#include "echo.h"

#include <endian.h>
#include <string.h>

enum { IP = 14, SOURCE = IP + 8, DESTINATION = IP + 24, ICMP = IP + 40 };
enum { CHECKSUM = ICMP + 2, ID = ICMP + 4, SEQUENCE = ICMP + 6 };

static uint32_t words(const uint8_t *bytes, int count, uint32_t sum) {
    for (int i = 0; i < count; i += 2) sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
    return sum;
}

static void put16(uint8_t *at, uint16_t value) {
    at[0] = value >> 8;
    at[1] = value & 255;
}

static int varying_at(const struct echo *echo) { return echo->type == ECHO_REQUEST ? DESTINATION : SOURCE; }

void echo_prepare(struct echo *echo, uint8_t *frame) {
    memset(frame, 0, ECHO_FRAME);
    memcpy(frame, echo->to_mac, 6);
    memcpy(frame + 6, echo->from_mac, 6);
    put16(frame + 12, 0x86dd);
    frame[IP] = 0x60;
    put16(frame + IP + 4, ECHO_FRAME - ICMP);
    frame[IP + 6] = IPPROTO_ICMPV6;
    frame[IP + 7] = 64;
    int varying = varying_at(echo), fixed = varying == SOURCE ? DESTINATION : SOURCE;
    memcpy(frame + fixed, &echo->fixed, 16);
    memcpy(frame + varying, &echo->varying, 16);
    frame[ICMP] = echo->type;
    put16(frame + ID, echo->id);
    memcpy(frame + ICMP + 8, "v6bench", 8);
    // The pseudo-header of RFC 8200 section 8.1, without the eight bytes that echo_patch adds for each target.
    echo->sum = words(frame + fixed, 16, ECHO_FRAME - ICMP + IPPROTO_ICMPV6);
    echo->sum = words(frame + varying + 8, 8, echo->sum);
    echo->sum = words(frame + ICMP, ECHO_FRAME - ICMP, echo->sum);
}

void echo_patch(const struct echo *echo, uint8_t *frame, uint64_t number) {
    uint64_t first;
    memcpy(&first, &echo->varying, 8);
    uint64_t subnet = htobe64(be64toh(first) + number);
    uint8_t *at = frame + varying_at(echo);
    memcpy(at, &subnet, 8);
    put16(frame + SEQUENCE, number);
    uint32_t sum = words(at, 8, echo->sum + (number & 0xffff));
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    put16(frame + CHECKSUM, ~sum);
}
