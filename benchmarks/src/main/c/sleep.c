/* Waits with nothing ready. Argument: "epoll" for epoll_pwait2 (Linux 5.11), "poll" for ppoll, or "select" for pselect,
 * whose timeouts are in nanoseconds.
 * Reads lines "NANOSECONDS COUNT" and prints for each one line "elapsed=US late=US waits=N": the medians of the duration
 * of a wait and of its delay after the timeout, in microseconds, and the number of waits. */
#include "common.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

static int epfd, fds[2];

static void wait_with_epoll(const struct timespec *timeout) {
    struct epoll_event event;
    check(epoll_pwait2(epfd, &event, 1, timeout, NULL), "epoll_pwait2");
}

static void wait_with_poll(const struct timespec *timeout) {
    struct pollfd pollfd = {.fd = fds[0], .events = POLLIN};
    check(ppoll(&pollfd, 1, timeout, NULL), "ppoll");
}

static void wait_with_select(const struct timespec *timeout) {
    fd_set set;
    FD_ZERO(&set);
    FD_SET(fds[0], &set);
    check(pselect(fds[0] + 1, &set, NULL, NULL, timeout, NULL), "pselect");
}

static int by_size(const void *left, const void *right) {
    long long a = *(const long long *)left, b = *(const long long *)right;
    return (a > b) - (a < b);
}

int main(int argc, char **argv) {
    long long nanoseconds;
    int count;
    const char *mechanism = argc > 1 ? argv[1] : "epoll";
    void (*wait_once)(const struct timespec *) = strcmp(mechanism, "poll") == 0     ? wait_with_poll
                                                 : strcmp(mechanism, "select") == 0 ? wait_with_select
                                                                                    : wait_with_epoll;
    epfd = check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    check(pipe2(fds, O_CLOEXEC | O_NONBLOCK), "pipe2");
    struct epoll_event event = {.events = EPOLLIN};
    check(epoll_ctl(epfd, EPOLL_CTL_ADD, fds[0], &event), "epoll_ctl(ADD)");
    while (scanf("%lld %d", &nanoseconds, &count) == 2 && count > 0) {
        long long *elapsed = check_memory(malloc(count * sizeof *elapsed));
        struct timespec timeout = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
        for (int i = 0; i < count; i++) {
            long long start = now();
            wait_once(&timeout);
            elapsed[i] = now() - start;
        }
        qsort(elapsed, count, sizeof *elapsed, by_size);
        long long median = elapsed[count / 2];
        printf("elapsed=%.3f late=%.3f waits=%d\n", median / 1e3, (median - nanoseconds) / 1e3, count);
        fflush(stdout);
        free(elapsed);
    }
    return 0;
}
