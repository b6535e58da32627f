// A thread that sends echo frames as fast as one AF_PACKET socket takes them, or at a rate.
#pragma once
#include "echo.h"

struct sender {
    struct echo echo;
    const char *interface;
    uint64_t first, step, count; // targets first, first + step, … below count
    double rate;                 // packets a second; 0: unlimited
    double seconds;              // begin again until this time is over; 0: once through
    uint64_t sent;               // result
};

void *sender_run(void *sender);
// A packet socket that sends past the queueing discipline and receives nothing.
int sender_open(const char *interface);
// Sends all of them, however often the device must be asked.
struct mmsghdr;
void sender_send(int fd, struct mmsghdr *messages, unsigned count);
double seconds_now(void);
// Prints why and ends the program with 1.
void fail(const char *what) __attribute__((noreturn));
