#define _GNU_SOURCE 1

#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

_Static_assert(sizeof(struct clinux_message) == sizeof(struct mmsghdr), "struct mmsghdr differs");
_Static_assert(offsetof(struct clinux_message, length) == offsetof(struct mmsghdr, msg_len),
               "struct mmsghdr differs");
_Static_assert(CLINUX_SOL_PACKET == SOL_PACKET, "SOL_PACKET differs");
_Static_assert(CLINUX_PACKET_QDISC_BYPASS == PACKET_QDISC_BYPASS, "PACKET_QDISC_BYPASS differs");
_Static_assert(CLINUX_PACKET_IGNORE_OUTGOING == PACKET_IGNORE_OUTGOING, "PACKET_IGNORE_OUTGOING differs");
_Static_assert(CLINUX_SO_BINDTOIFINDEX == SO_BINDTOIFINDEX, "SO_BINDTOIFINDEX differs");
_Static_assert(CLINUX_IPV6_HDRINCL == IPV6_HDRINCL, "IPV6_HDRINCL differs");

static uint64_t nanoseconds_of(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t clinux_monotonic(void) { return nanoseconds_of(CLOCK_MONOTONIC); }

uint64_t clinux_realtime(void) { return nanoseconds_of(CLOCK_REALTIME); }

uint64_t clinux_boottime(void) { return nanoseconds_of(CLOCK_BOOTTIME); }

int clinux_send_batch(int socket, struct clinux_message *messages, unsigned int count) {
  int sent = sendmmsg(socket, (struct mmsghdr *)messages, count, MSG_DONTWAIT);
  return sent < 0 ? -errno : sent;
}

int clinux_wait(struct pollfd *descriptors, unsigned int count, int64_t nanoseconds) {
  struct timespec timeout = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
  int ready = ppoll(descriptors, count, nanoseconds < 0 ? NULL : &timeout, NULL);
  return ready < 0 ? -errno : ready;
}

int clinux_unnamed_file(const char *directory) {
  int descriptor = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0) return descriptor;
  if (errno != EOPNOTSUPP && errno != EISDIR) return -errno;
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "%s/.v6audit-XXXXXX", directory) >= (int)sizeof path) return -ENAMETOOLONG;
  descriptor = mkostemp(path, O_CLOEXEC);
  if (descriptor < 0) return -errno;
  unlink(path);
  return descriptor;
}

void clinux_share_heaps(int count) { mallopt(M_ARENA_MAX, count); }

void clinux_give_back_memory(void) { malloc_trim(0); }

int clinux_eventfd(void) {
  int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return descriptor < 0 ? -errno : descriptor;
}

int clinux_socket(int family, int type, int protocol, int nonblocking) {
  int descriptor = socket(family, type | SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0), protocol);
  return descriptor < 0 ? -errno : descriptor;
}

int clinux_set_option(int socket, int level, int option, int value) {
  return setsockopt(socket, level, option, &value, sizeof value) < 0 ? -errno : 0;
}

int clinux_bind_packet(int socket, int interface) {
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = 0, .sll_ifindex = interface};
  return bind(socket, (struct sockaddr *)&address, sizeof address) < 0 ? -errno : 0;
}

int clinux_bind_netlink(int socket, uint32_t groups) {
  struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
  return bind(socket, (struct sockaddr *)&address, sizeof address) < 0 ? -errno : 0;
}

int64_t clinux_receive(int socket, void *buffer, size_t capacity) {
  int64_t count = recv(socket, buffer, capacity, 0);
  return count < 0 ? -errno : count;
}

int64_t clinux_send(int socket, const void *bytes, size_t count) {
  int64_t sent = send(socket, bytes, count, 0);
  return sent < 0 ? -errno : sent;
}

void clinux_precise_timers(void) { prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); }

void clinux_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0UL, 0UL, 0UL); }

const char *clinux_error_text(int error, char *buffer, size_t capacity) {
  return strerror_r(error, buffer, capacity);
}

static int give_back_segments(struct dl_phdr_info *object, size_t size, void *unused) {
  (void)size;
  (void)unused;
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  for (int index = 0; index < object->dlpi_phnum; index++) {
    const ElfW(Phdr) *segment = &object->dlpi_phdr[index];
    if (segment->p_type != PT_LOAD || segment->p_flags & PF_W) continue;
    uintptr_t start = (object->dlpi_addr + segment->p_vaddr) & ~(page - 1);
    uintptr_t end = (object->dlpi_addr + segment->p_vaddr + segment->p_memsz + page - 1) & ~(page - 1);
    madvise((void *)start, end - start, MADV_DONTNEED);
  }
  return 0;
}

void clinux_give_back_program_pages(void) { dl_iterate_phdr(give_back_segments, NULL); }
