#pragma once

/*
 * Linux interfaces that Swift cannot import by itself: kernel headers outside the C library's module,
 * calls that the C library hides behind _GNU_SOURCE, and macros that are expressions. Nothing here keeps
 * state, allocates or decides.
 */

#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/timex.h>
#include <time.h>

/* One message of a batch. The layout is that of struct mmsghdr, which <sys/socket.h> shows only to
 * _GNU_SOURCE; CLinux.c asserts that they agree. */
struct clinux_message {
  struct msghdr header;
  unsigned int length;
};

/* sendmmsg(2): the number of messages sent, or a negative errno if not even the first was. */
int clinux_send_batch(int socket, struct clinux_message *messages, unsigned int count);

/* ppoll(2) without a signal mask. `nanoseconds` is relative; negative waits for ever. The number of ready
 * descriptors, or a negative errno. */
int clinux_wait(struct pollfd *descriptors, unsigned int count, int64_t nanoseconds);

/* CLOCK_MONOTONIC and CLOCK_REALTIME in nanoseconds. */
uint64_t clinux_monotonic(void);
uint64_t clinux_realtime(void);

/* A new file without a name in a directory, for reading and writing by this process alone; the descriptor, or a
   negative errno. Where the file system has no such files, the name is taken away at once. */
int clinux_unnamed_file(const char *directory);

/* Lets all threads share this many heaps instead of having one each (mallopt(3), M_ARENA_MAX); to be called before
   there are threads. */
void clinux_share_heaps(int count);

/* Gives free memory of the heap back to the system (malloc_trim(3)). */
void clinux_give_back_memory(void);

/* eventfd(2), non-blocking and closed on exec; a negative errno on failure. */
int clinux_eventfd(void);

/* socket(2) with SOCK_CLOEXEC, plus SOCK_NONBLOCK if asked; a negative errno on failure. */
int clinux_socket(int family, int type, int protocol, int nonblocking);

/* setsockopt(2) with an int; 0 or a negative errno. */
int clinux_set_option(int socket, int level, int option, int value);

/* bind(2) of a packet socket to an interface for sending only (protocol 0 receives nothing, packet(7)). */
int clinux_bind_packet(int socket, int interface);

/* bind(2) of a netlink socket to a bit mask of multicast groups. */
int clinux_bind_netlink(int socket, uint32_t groups);

/* recv(2); the number of bytes or a negative errno. */
int64_t clinux_receive(int socket, void *buffer, size_t capacity);

/* send(2); the number of bytes or a negative errno. */
int64_t clinux_send(int socket, const void *bytes, size_t count);

/* Drop the calling thread's timer slack, so that it wakes when it asked to (PR_SET_TIMERSLACK). */
void clinux_precise_timers(void);

/* Name the calling thread, at most 15 bytes (PR_SET_NAME). */
void clinux_name_thread(const char *name);

/* Give back the pages of code and constants: most were needed once, as by the start of the program. They are clean copies of the
 * program's own file, which the kernel maps again when they are touched; segments that may have been written to are left
 * alone. */
void clinux_give_back_program_pages(void);

/* strerror_r(3), GNU: text for an errno, in `buffer` or static. */
const char *clinux_error_text(int error, char *buffer, size_t capacity);

/* CLOCK_BOOTTIME in nanoseconds: it goes on while the machine sleeps. */
uint64_t clinux_boottime(void);

/* Gives up every capability of the calling thread, for good, and the chance to get one by running another program. To be
 * called before there are threads; 0 or a negative errno. */
int clinux_drop_capabilities(void);

/* Keeps CAP_NET_RAW, as far as it is there, and passes it on to no program that is run; gives up all others. To be called
 * before there are threads; 0 or a negative errno. */
int clinux_keep_net_raw(void);

/* socketpair(2) of AF_UNIX, SOCK_SEQPACKET, closed on exec; 0 or a negative errno. */
int clinux_socket_pair(int descriptors[2]);

/* sendmsg(2) of bytes with descriptors (SCM_RIGHTS), at most 8; the number of bytes or a negative errno. */
int64_t clinux_send_descriptors(int socket, const void *bytes, size_t count, const int *descriptors,
                                unsigned int descriptor_count);

/* recvmsg(2) of bytes with at most 8 descriptors, closed on exec; the number of bytes or a negative errno. What does not
 * fit is -EMSGSIZE, and its descriptors are closed. */
int64_t clinux_receive_descriptors(int socket, void *buffer, size_t capacity, int descriptors[8],
                                   unsigned int *descriptor_count);

/* The user id of who connected a Unix socket (SO_PEERCRED), or a negative errno. */
int64_t clinux_peer_user(int socket);

/* pidfd_open(2): readable when the process has ended; a negative errno on failure. */
int clinux_process_descriptor(pid_t process);

/* memfd_create(2), closed on exec; a negative errno on failure. */
int clinux_memory_file(const char *name);

/* Lets two names change places in one step (renameat2(2), RENAME_EXCHANGE); 0 or a negative errno. */
int clinux_exchange(const char *one, const char *other);

/* From now on packet and raw sockets are asked for over this socket instead of the kernel; see Broker.c. */
void clinux_use_broker(int socket);

/* What is asked for over the broker's socket. */
struct clinux_broker_request {
  int32_t family;
  int32_t type;
  int32_t protocol;
};

/* Values from headers that clash with the C library's own. */
enum {
  CLINUX_SOL_PACKET = 263,
  CLINUX_PACKET_QDISC_BYPASS = 20,
  CLINUX_PACKET_IGNORE_OUTGOING = 23,
  CLINUX_SO_BINDTOIFINDEX = 62,
  CLINUX_IPV6_HDRINCL = 36,
  CLINUX_SO_LOCK_FILTER = 44,
  CLINUX_ARPHRD_ETHER = 1,
  CLINUX_ARPHRD_LOOPBACK = 772,
  CLINUX_IFF_UP = 0x1,
  CLINUX_IFF_LOOPBACK = 0x8,
  CLINUX_IFF_NOARP = 0x80,
  CLINUX_IFF_LOWER_UP = 0x10000,
};
