// One ICMPv6 echo frame (RFC 4443 section 4): 14 Ethernet, 40 IPv6, 8 ICMPv6, 8 data; 70 bytes.
#pragma once
#include <netinet/in.h>
#include <stdint.h>

enum { ECHO_FRAME = 70, ECHO_REQUEST = 128, ECHO_REPLY = 129 };

struct echo {
    int type;
    uint8_t from_mac[6], to_mac[6];
    struct in6_addr fixed;   // the one end that never changes: a request's source, a reply's destination
    struct in6_addr varying; // the other end; target N is N subnets of /64 further on
    uint16_t id;
    uint32_t sum;            // of all that is the same in every frame; echo_prepare fills it in
};

// Writes everything that is the same in all frames.
void echo_prepare(struct echo *echo, uint8_t *frame);
// Turns a prepared frame into the one for target `number`: address, sequence number, checksum.
void echo_patch(const struct echo *echo, uint8_t *frame, uint64_t number);
