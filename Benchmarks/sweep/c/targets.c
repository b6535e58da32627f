// Counts the distinct targets in the first field of CSV lines: the /64s of a prefix, one address in each.
//
// Sixteen million lines are too many for a set of strings; a bit for each target is exact as well.
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sender.h"

int main(int argc, char **argv) {
    struct in6_addr first, address = {0};
    if (argc != 4 || inet_pton(AF_INET6, argv[2], &first) != 1) {
        fprintf(stderr, "usage: targets FILE FIRST-ADDRESS COUNT\n");
        return 2;
    }
    FILE *file = fopen(argv[1], "r");
    if (!file) fail(argv[1]);
    uint64_t count = strtoull(argv[3], NULL, 10), base, subnet, rows = 0, found = 0, strange = 0;
    memcpy(&base, &first, 8);
    uint8_t *seen = calloc(count / 8 + 1, 1);
    char line[4096];
    // The first line is the header.
    if (!seen || !fgets(line, sizeof line, file)) errno = ENODATA, fail(argv[1]);
    while (fgets(line, sizeof line, file)) {
        char *save, *target = strtok_r(line, ",\n", &save), *outcome = strtok_r(NULL, ",\n", &save);
        if (!target || !outcome || (strcmp(outcome, "answered") && strcmp(outcome, "open"))) continue;
        rows++;
        int valid = inet_pton(AF_INET6, target, &address) == 1;
        memcpy(&subnet, &address, 8);
        uint64_t number = be64toh(subnet) - be64toh(base);
        if (!valid || number >= count || memcmp((char *)&address + 8, (char *)&first + 8, 8)) {
            strange++;
        } else if (!(seen[number >> 3] >> (number & 7) & 1)) {
            seen[number >> 3] |= 1 << (number & 7);
            found++;
        }
    }
    printf("{\"rows\": %lu, \"found\": %lu, \"strange\": %lu}\n", rows, found, strange);
    return 0;
}
