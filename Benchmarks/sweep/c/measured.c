// Runs a command and writes what the kernel accounts to it: wall, user and system seconds, peak memory.
//
// A process of its own, and a small one, because a child's peak resident memory begins with that of the process
// that forked it: under Python, every program would seem to need as much as Python.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sender.h"

static pid_t child;
static volatile sig_atomic_t late;

static void stop(int number) {
    late = number == SIGALRM;
    kill(-child, SIGKILL);
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: measured RESULT SECONDS COMMAND [ARGUMENT…]\n");
        return 2;
    }
    double began = seconds_now();
    child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        setpgid(0, 0);
        execvp(argv[3], argv + 3);
        perror(argv[3]);
        _exit(127);
    }
    setpgid(child, child);
    signal(SIGALRM, stop);
    signal(SIGTERM, stop);
    alarm(atoi(argv[2]));
    int status;
    struct rusage usage;
    if (wait4(child, &status, 0, &usage) != child) fail("wait4");
    double wall = seconds_now() - began;
    FILE *file = fopen(argv[1], "w");
    if (!file) fail(argv[1]);
    fprintf(file, "{\"wall\": %.6f, \"user\": %.6f, \"system\": %.6f, ", wall,
            usage.ru_utime.tv_sec + usage.ru_utime.tv_usec / 1e6, usage.ru_stime.tv_sec + usage.ru_stime.tv_usec / 1e6);
    fprintf(file, "\"peak\": %ld, \"late\": %s, \"status\": %d}\n", usage.ru_maxrss, late ? "true" : "false",
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return fclose(file) ? 1 : 0;
}
