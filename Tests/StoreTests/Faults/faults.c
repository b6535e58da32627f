// Preloaded into a process, it lets one of the calls go wrong by which the process writes to the files of a directory:
// the process dies, the power fails, or the disk refuses. Nothing else of the process is touched.
//
//   FAULT_PREFIX  the files that count: absolute names that begin so
//   FAULT_LOG     a file elsewhere: a line when the fault has happened, and at the end the number of calls
//   FAULT_AT      which call goes wrong, 1 for the first; 0 for none
//   FAULT_KIND    kill       the process is killed instead of the call
//                 torn       half of what was to be written is, then it is killed
//                 power      all that was not synced is lost, then it is killed
//                 scrambled  a part of what was not synced is lost, then it is killed
//                 eio        the call fails, once
//                 enospc     the call fails for want of space, once
//                 full       this call and all later ones that need space fail
//
// The real calls are made by number (syscall(2)), so that nothing has to be looked up.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum need { SPACE, NO_SPACE };

static long calls;
static int is_full;

static const char *setting(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

static int is(const char *kind) { return strcmp(setting("FAULT_KIND"), kind) == 0; }

static int ours(const char *path) {
  const char *prefix = setting("FAULT_PREFIX");
  return *prefix && path && strncmp(path, prefix, strlen(prefix)) == 0;
}

static int name_of(int fd, char path[PATH_MAX]) {
  char link[32];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return ours(path);
}

static void note(const char *text, long number) {
  char line[64];
  int length = snprintf(line, sizeof line, "%s %ld\n", text, number);
  int log = syscall(SYS_openat, AT_FDCWD, setting("FAULT_LOG"), O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (log < 0) return;
  syscall(SYS_write, log, line, length);
  syscall(SYS_close, log);
}

__attribute__((destructor)) static void report(void) {
  if (*setting("FAULT_LOG")) note("calls", calls);
}

// What was written since the file was last synced, the latest first.
struct change {
  struct change *before;
  ino_t inode;
  off_t offset, size;
  size_t length;
  char *old, path[];
};
static struct change *unsynced;

// Remembers what a call is about to write over: from `offset` on, `length` bytes.
static void remember(int fd, const char *path, off_t offset, size_t length) {
  struct stat status;
  size_t name = strlen(path);
  // The index of the log is no part of what has to last: it is made anew after a crash.
  if (!is("power") && !is("scrambled")) return;
  if (fstat(fd, &status) || (name > 4 && strcmp(path + name - 4, "-shm") == 0)) return;
  struct change *change = malloc(sizeof *change + name + 1);
  strcpy(change->path, path);
  change->before = unsynced;
  change->inode = status.st_ino;
  change->offset = offset;
  change->size = status.st_size;
  change->old = malloc(length ? length : 1);
  ssize_t got = syscall(SYS_pread64, fd, change->old, length, offset);
  change->length = got > 0 ? got : 0;
  unsynced = change;
}

static void synced(int fd) {
  struct stat status;
  if (fstat(fd, &status)) return;
  for (struct change **place = &unsynced; *place;) {
    struct change *change = *place;
    if (change->inode != status.st_ino) {
      place = &change->before;
      continue;
    }
    *place = change->before;
    free(change->old);
    free(change);
  }
}

static void lose(int everything) {
  unsigned long chance = calls * 2654435761u;
  for (struct change *change = unsynced; change; change = change->before) {
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    if (!everything && (chance >> 40 & 1)) continue;
    struct stat status;
    int fd = syscall(SYS_openat, AT_FDCWD, change->path, O_RDWR, 0);
    if (fd < 0) continue;
    if (fstat(fd, &status) == 0 && status.st_ino == change->inode) {
      if (everything) {
        syscall(SYS_ftruncate, fd, change->size);
      } else if (status.st_size > change->size && change->offset >= change->size) {
        // The file keeps its length, and the place its zeros.
        char zeros[512] = {0};
        for (off_t place = change->offset; place < status.st_size && place < change->offset + 4096; place += 512)
          syscall(SYS_pwrite64, fd, zeros, sizeof zeros, place);
        syscall(SYS_ftruncate, fd, status.st_size);
      }
      syscall(SYS_pwrite64, fd, change->old, change->length, change->offset);
    }
    syscall(SYS_close, fd);
  }
}

static void die(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

// Whether the call that comes is to fail, with `errno` set. `part` writes half of what was to be written.
static int fails(enum need need, void (*part)(void *), void *what) {
  long number = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
  long at = atol(setting("FAULT_AT"));
  if (is_full && need == SPACE) {
    errno = ENOSPC;
    return 1;
  }
  if (number != at) return 0;
  note("hit", number);
  if (is("full")) {
    is_full = 1;
    errno = ENOSPC;
    return need == SPACE;
  }
  if (is("eio")) errno = EIO;
  if (is("enospc")) errno = ENOSPC;
  if (is("eio") || is("enospc")) return 1;
  if (is("torn") && part) part(what);
  if (is("power") || is("scrambled")) lose(is("power"));
  die();
  return 1;
}

struct writing {
  int fd;
  const void *bytes;
  size_t length;
  off_t offset;
};

static void half(void *what) {
  struct writing *writing = what;
  syscall(SYS_pwrite64, writing->fd, writing->bytes, writing->length / 2, writing->offset);
}

static int refuses(int fd, const void *bytes, size_t length, off_t offset) {
  char path[PATH_MAX];
  if (!name_of(fd, path)) return 0;
  struct writing writing = {fd, bytes, length, offset};
  if (fails(SPACE, half, &writing)) return 1;
  remember(fd, path, offset, length);
  return 0;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
  return refuses(fd, bytes, length, offset) ? -1 : syscall(SYS_pwrite64, fd, bytes, length, offset);
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  return pwrite64(fd, bytes, length, offset);
}
ssize_t write(int fd, const void *bytes, size_t length) {
  off_t offset = lseek(fd, 0, SEEK_CUR);
  return refuses(fd, bytes, length, offset) ? -1 : syscall(SYS_write, fd, bytes, length);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  off_t offset = lseek(fd, 0, SEEK_CUR);
  size_t length = 0;
  for (int i = 0; i < count; i++) length += parts[i].iov_len;
  return refuses(fd, count ? parts->iov_base : "", length, offset) ? -1 : syscall(SYS_writev, fd, parts, count);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t offset) {
  size_t length = 0;
  for (int i = 0; i < count; i++) length += parts[i].iov_len;
  return refuses(fd, count ? parts->iov_base : "", length, offset)
             ? -1 : syscall(SYS_pwritev, fd, parts, count, (long)offset, 0L);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  return pwritev64(fd, parts, count, offset);
}

int ftruncate64(int fd, off_t length) {
  char path[PATH_MAX];
  struct stat status;
  if (name_of(fd, path)) {
    int grows = fstat(fd, &status) == 0 && length > status.st_size;
    if (fails(grows ? SPACE : NO_SPACE, NULL, NULL)) return -1;
    remember(fd, path, grows ? status.st_size : length, grows ? 0 : status.st_size - length);
  }
  return syscall(SYS_ftruncate, fd, length);
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int fallocate64(int fd, int mode, off_t offset, off_t length) {
  char path[PATH_MAX];
  if (name_of(fd, path) && fails(SPACE, NULL, NULL)) return -1;
  return syscall(SYS_fallocate, fd, mode, offset, length);
}
int fallocate(int fd, int mode, off_t offset, off_t length) { return fallocate64(fd, mode, offset, length); }
int posix_fallocate64(int fd, off_t offset, off_t length) {
  return fallocate64(fd, 0, offset, length) ? errno : 0;
}
int posix_fallocate(int fd, off_t offset, off_t length) { return posix_fallocate64(fd, offset, length); }

static int sync_with(long call, int fd) {
  char path[PATH_MAX];
  if (!name_of(fd, path)) return syscall(call, fd);
  if (fails(NO_SPACE, NULL, NULL)) return -1;
  int result = syscall(call, fd);
  if (result == 0) synced(fd);
  return result;
}
int fsync(int fd) { return sync_with(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_with(SYS_fdatasync, fd); }

int unlink(const char *path) {
  return ours(path) && fails(NO_SPACE, NULL, NULL) ? -1 : syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}
int rename(const char *old, const char *new) {
  return ours(new) && fails(NO_SPACE, NULL, NULL) ? -1 : syscall(SYS_renameat, AT_FDCWD, old, AT_FDCWD, new);
}
int link(const char *old, const char *new) {
  return ours(new) && fails(SPACE, NULL, NULL) ? -1 : syscall(SYS_linkat, AT_FDCWD, old, AT_FDCWD, new, 0);
}

// A full disk says so when it is asked.
int statvfs64(const char *path, struct statvfs64 *status) {
  struct statfs found;
  if (syscall(SYS_statfs, path, &found)) return -1;
  memset(status, 0, sizeof *status);
  status->f_bsize = found.f_bsize;
  status->f_frsize = found.f_frsize ? found.f_frsize : found.f_bsize;
  status->f_blocks = found.f_blocks;
  status->f_files = found.f_files;
  status->f_favail = found.f_ffree;
  // Only the directory of the files is asked about.
  status->f_bfree = status->f_bavail = is_full ? 0 : found.f_bavail;
  return 0;
}
int statvfs(const char *path, struct statvfs *status) { return statvfs64(path, (struct statvfs64 *)status); }

// A file that is made.
int open64(const char *path, int flags, ...) {
  mode_t mode = 0;
  if (flags & O_CREAT) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
    if (ours(path) && access(path, F_OK) != 0 && fails(SPACE, NULL, NULL)) return -1;
  }
  return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open64(path, flags, mode);
}
