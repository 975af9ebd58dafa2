/* A slow disk: every sync takes SLOW_DISK_MICROSECONDS longer. Preloaded by bench/vote_burst. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void dawdle(void) {
    const char *text = getenv("SLOW_DISK_MICROSECONDS");
    if (text) usleep((useconds_t)atoi(text));
}

int fsync(int fd) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    dawdle();
    return real(fd);
}

int fdatasync(int fd) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    dawdle();
    return real(fd);
}
