#define _GNU_SOURCE 1

#include "CLinux.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert(CLINUX_SO_LOCK_FILTER == SO_LOCK_FILTER, "SO_LOCK_FILTER differs");

/* The C library has no wrapper for capset(2). It is not called where there is nothing to give up: a service that has no
 * capability may be refused it. The kernel holds the ambient set within the permitted one. */
static int set_capabilities(uint64_t kept) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  struct __user_cap_data_struct sets[2];
  if (syscall(SYS_capget, &header, sets) < 0) return -errno;
  uint32_t held = 0;
  for (int word = 0; word < 2; word++) held |= sets[word].permitted | sets[word].effective | sets[word].inheritable;
  if (held == 0) return 0;
  for (int word = 0; word < 2; word++) {
    sets[word].permitted &= (uint32_t)(kept >> (32 * word));
    sets[word].effective = sets[word].permitted;
    sets[word].inheritable = 0;
  }
  if (syscall(SYS_capset, &header, sets) < 0) return -errno;
  // A kernel without ambient capabilities has none to take away.
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0UL, 0UL, 0UL) < 0 && errno != EINVAL) return -errno;
  return 0;
}

int clinux_drop_capabilities(void) {
  int status = set_capabilities(0);
  if (status < 0) return status;
  return prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) < 0 ? -errno : 0;
}

int clinux_keep_net_raw(void) { return set_capabilities(UINT64_C(1) << CAP_NET_RAW); }
