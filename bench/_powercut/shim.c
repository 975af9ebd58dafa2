/* Remembers what of a SQLite database the disk has promised to keep.
 *
 * Preloaded into every process of an installation. Each write, truncation, creation, removal and
 * sync of the database's files is appended to one log, in the order in which it happened; the real
 * call is made as well. After a "power cut" (SIGKILL of every process) cut.py rebuilds the files
 * from the log, keeping only what a sync has covered.
 *
 * POWERCUT_DB     path of the database       POWERCUT_LOG  path of the log
 * POWERCUT_SLOW   microseconds added to every sync: a slow disk, so that a kill often falls between
 *                 a write and its sync
 *
 * A sync covers what was logged before it BEGAN; a write is logged after it was made. So nothing is
 * ever taken for durable that the disk had not promised.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE, SYNC, CREATE, REMOVE, SYNC_FOLDER, UNMODELLED };
enum { NOTHING = 0, DATABASE, WAL, JOURNAL, FOLDER };

struct record {
    uint32_t magic;
    uint8_t kind, file;
    uint16_t unused;
    uint64_t offset, length;
};

#define FDS 65536
static unsigned char files[FDS];
static char names[5][PATH_MAX];
static int log_fd = -1;
static useconds_t slow;

static int (*real_open)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);
static void *(*real_mmap)(void *, size_t, int, int, int, off_t);

__attribute__((constructor)) static void begin(void) {
    real_open = dlsym(RTLD_NEXT, "open64");
    real_openat = dlsym(RTLD_NEXT, "openat64");
    real_close = dlsym(RTLD_NEXT, "close");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_rename = dlsym(RTLD_NEXT, "rename");
    real_mmap = dlsym(RTLD_NEXT, "mmap64");
    const char *database = getenv("POWERCUT_DB"), *log = getenv("POWERCUT_LOG");
    if (!database || !log || strlen(database) > PATH_MAX - 16) return;
    strcpy(names[DATABASE], database);
    strcat(strcpy(names[WAL], database), "-wal");
    strcat(strcpy(names[JOURNAL], database), "-journal");
    strcpy(names[FOLDER], database);
    *strrchr(names[FOLDER], '/') = 0;
    if (getenv("POWERCUT_SLOW")) slow = (useconds_t)atoi(getenv("POWERCUT_SLOW"));
    log_fd = real_open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static int which(const char *path) {
    if (log_fd < 0 || !path) return NOTHING;
    for (int file = DATABASE; file <= FOLDER; file++)
        if (!strcmp(path, names[file])) return file;
    return NOTHING;
}

static int of(int fd) { return log_fd >= 0 && fd >= 0 && fd < FDS ? files[fd] : NOTHING; }

static void note(int kind, int file, uint64_t offset, uint64_t length, const void *content) {
    int saved = errno;
    struct record record = {0x4e545043u, (uint8_t)kind, (uint8_t)file, 0, offset, length};
    struct iovec parts[2] = {{&record, sizeof record}, {(void *)content, content ? length : 0}};
    ssize_t whole = (ssize_t)(parts[0].iov_len + parts[1].iov_len);
    if (writev(log_fd, parts, 2) != whole) abort(); /* a hole in the log would be a lie */
    errno = saved;
}

static uint64_t now(void) {
    struct stat status;
    return fstat(log_fd, &status) ? 0 : (uint64_t)status.st_size;
}

static int opened(int fd, int file, int is_new) {
    if (fd >= 0 && fd < FDS) {
        files[fd] = (unsigned char)file;
        if (is_new) note(CREATE, file, 0, 0, NULL);
    }
    return fd;
}

int open64(const char *path, int flags, ...) {
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list list;
        va_start(list, flags);
        mode = va_arg(list, mode_t);
        va_end(list);
    }
    int file = which(path);
    int is_new = file && (flags & O_CREAT) && access(path, F_OK);
    int fd = real_open(path, flags, mode);
    if (file && fd >= 0 && (flags & O_TRUNC)) note(TRUNCATE, file, 0, 0, NULL);
    return opened(fd, file, is_new);
}

int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list list;
        va_start(list, flags);
        mode = va_arg(list, mode_t);
        va_end(list);
    }
    return open64(path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list list;
        va_start(list, flags);
        mode = va_arg(list, mode_t);
        va_end(list);
    }
    if (which(path)) return open64(path, flags, mode);
    return opened(real_openat(folder, path, flags, mode), NOTHING, 0);
}

int openat(int folder, const char *path, int flags, ...) {
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list list;
        va_start(list, flags);
        mode = va_arg(list, mode_t);
        va_end(list);
    }
    return openat64(folder, path, flags, mode);
}

int close(int fd) {
    if (fd >= 0 && fd < FDS) files[fd] = NOTHING;
    return real_close(fd);
}

ssize_t write(int fd, const void *content, size_t length) {
    int file = of(fd);
    if (!file) return real_write(fd, content, length);
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t done = real_write(fd, content, length);
    if (done > 0) note(WRITE, file, (uint64_t)at, (uint64_t)done, content);
    return done;
}

ssize_t pwrite64(int fd, const void *content, size_t length, off_t offset) {
    ssize_t done = real_pwrite(fd, content, length, offset);
    int file = of(fd);
    if (file && done > 0) note(WRITE, file, (uint64_t)offset, (uint64_t)done, content);
    return done;
}

ssize_t pwrite(int fd, const void *content, size_t length, off_t offset) {
    return pwrite64(fd, content, length, offset);
}

int ftruncate64(int fd, off_t length) {
    int failed = real_ftruncate(fd, length), file = of(fd);
    if (file && !failed) note(TRUNCATE, file, (uint64_t)length, 0, NULL);
    return failed;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int synced(int fd, int (*real)(int)) {
    int file = of(fd);
    if (!file) return real(fd);
    uint64_t before = now();
    if (slow) usleep(slow);
    int failed = real(fd);
    if (!failed) note(file == FOLDER ? SYNC_FOLDER : SYNC, file, before, 0, NULL);
    return failed;
}

int fsync(int fd) { return synced(fd, real_fsync); }
int fdatasync(int fd) { return synced(fd, real_fdatasync); }

int unlink(const char *path) {
    int failed = real_unlink(path), file = which(path);
    if (file && !failed) note(REMOVE, file, 0, 0, NULL);
    return failed;
}

int rename(const char *from, const char *to) {
    int failed = real_rename(from, to);
    if (!failed && (which(from) || which(to))) note(UNMODELLED, which(to), 0, 0, NULL);
    return failed;
}

void *mmap64(void *where, size_t length, int protection, int flags, int fd, off_t offset) {
    void *found = real_mmap(where, length, protection, flags, fd, offset);
    if (of(fd) && (protection & PROT_WRITE) && (flags & MAP_SHARED) && found != MAP_FAILED)
        note(UNMODELLED, of(fd), 1, 0, NULL);
    return found;
}

void *mmap(void *where, size_t length, int protection, int flags, int fd, off_t offset) {
    return mmap64(where, length, protection, flags, fd, offset);
}
