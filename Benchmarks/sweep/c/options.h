// What the command lines of ceiling and flood have in common.
#pragma once
#include <getopt.h>

#include "sender.h"

#define COMMON_OPTIONS                                                                                              \
    {"interface", 1, 0, 'i'}, {"from-mac", 1, 0, 'm'}, {"to-mac", 1, 0, 'M'}, {"vantage", 1, 0, 'v'},               \
    {"first", 1, 0, 'f'}, {"count", 1, 0, 'c'}, {"rate", 1, 0, 'r'}, {"seconds", 1, 0, 's'}, {"threads", 1, 0, 't'}

// The options of one sender; `*threads` is how many of them.
void take_option(int letter, struct sender *sender, int *threads);
