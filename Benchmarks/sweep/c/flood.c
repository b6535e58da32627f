// Sends echo replies that nobody asked for: what the receiving side of a sweep must bear.
#include <pthread.h>
#include <stdio.h>

#include "options.h"

enum { MOST_THREADS = 16 };

int main(int argc, char **argv) {
    static const struct option options[] = {COMMON_OPTIONS, {0}};
    struct sender common = {.echo = {.type = ECHO_REPLY, .id = 0x7636}}, senders[MOST_THREADS];
    int threads = 1, letter;
    while ((letter = getopt_long(argc, argv, "", options, NULL)) != -1) take_option(letter, &common, &threads);
    if (!common.interface || !common.count || threads < 1 || threads > MOST_THREADS) {
        fprintf(stderr, "usage: flood --interface NAME --from-mac MAC --to-mac MAC --vantage ADDRESS --first ADDRESS "
                        "--count N --seconds S [--rate PPS] [--threads N]\n");
        return 2;
    }
    pthread_t sending[MOST_THREADS];
    double began = seconds_now();
    uint64_t sent = 0;
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
    printf("{\"sent\": %lu, \"seconds\": %.6f}\n", sent, seconds_now() - began);
    return 0;
}
