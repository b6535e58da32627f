#include "options.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static void mac(const char *text, uint8_t *out) {
    if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", out, out + 1, out + 2, out + 3, out + 4, out + 5) == 6) return;
    errno = EINVAL;
    fail(text);
}

static void address(const char *text, struct in6_addr *out) {
    if (inet_pton(AF_INET6, text, out) == 1) return;
    errno = EINVAL;
    fail(text);
}

void take_option(int letter, struct sender *sender, int *threads) {
    switch (letter) {
    case 'i': sender->interface = optarg; break;
    case 'm': mac(optarg, sender->echo.from_mac); break;
    case 'M': mac(optarg, sender->echo.to_mac); break;
    case 'v': address(optarg, &sender->echo.fixed); break;
    case 'f': address(optarg, &sender->echo.varying); break;
    case 'c': sender->count = strtoull(optarg, NULL, 10); break;
    case 'r': sender->rate = atof(optarg); break;
    case 's': sender->seconds = atof(optarg); break;
    case 't': *threads = atoi(optarg); break;
    default: exit(2);
    }
}
