#define _GNU_SOURCE 1

#include "CLinux.h"

#include <errno.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * A worker of the daemon has no capability, and so cannot open a packet socket; the broker opens it and sends it over.
 * libpcap opens its socket inside pcap_activate(3) and can be given none. So this program has a socket(2) of its own, which
 * libpcap calls like everybody else: it asks the broker where only that can help, and the kernel everywhere else.
 */

static int broker = -1;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

void clinux_use_broker(int descriptor) { broker = descriptor; }

static int asked_of_broker(int family, int type, int protocol) {
  struct clinux_broker_request request = {.family = family, .type = type, .protocol = protocol};
  int32_t status = -EPROTO;
  int descriptors[8];
  unsigned int count = 0;
  pthread_mutex_lock(&turn);
  int64_t sent = clinux_send_descriptors(broker, &request, sizeof request, NULL, 0);
  int64_t received =
      sent < 0 ? sent : clinux_receive_descriptors(broker, &status, sizeof status, descriptors, &count);
  pthread_mutex_unlock(&turn);
  if (received < 0) status = (int32_t)received;
  if (status == 0 && count == 1) return descriptors[0];
  for (unsigned int index = 0; index < count; index++) close(descriptors[index]);
  errno = status < 0 ? -status : EPROTO;
  return -1;
}

int socket(int family, int type, int protocol) {
  int kind = type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
  int needs_capability =
      family == AF_PACKET || ((family == AF_INET || family == AF_INET6) && kind == SOCK_RAW);
  if (broker >= 0 && needs_capability) return asked_of_broker(family, type, protocol);
  return (int)syscall(SYS_socket, family, type, protocol);
}
