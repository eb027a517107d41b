/* Waits with nothing ready, on raw epoll with its timeout in nanoseconds (Linux 5.11).
 * Reads lines "NANOSECONDS COUNT" and answers each with one line "elapsed=US late=US waits=N": microseconds that a wait took,
 * and beyond what was asked for, the median of so many. */
#include "common.h"
#include <sys/epoll.h>

static int by_size(const void *left, const void *right) {
    long long a = *(const long long *)left, b = *(const long long *)right;
    return (a > b) - (a < b);
}

int main(void) {
    long long nanoseconds;
    int count, fds[2];
    int epfd = check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    check(pipe2(fds, O_CLOEXEC | O_NONBLOCK), "pipe2");
    struct epoll_event event = {.events = EPOLLIN};
    check(epoll_ctl(epfd, EPOLL_CTL_ADD, fds[0], &event), "epoll_ctl(ADD)");
    while (scanf("%lld %d", &nanoseconds, &count) == 2 && count > 0) {
        long long *taken = check_memory(malloc(count * sizeof *taken));
        struct timespec timeout = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
        for (int i = 0; i < count; i++) {
            long long start = now();
            check(epoll_pwait2(epfd, &event, 1, &timeout, NULL), "epoll_pwait2");
            taken[i] = now() - start;
        }
        qsort(taken, count, sizeof *taken, by_size);
        long long median = taken[count / 2];
        printf("elapsed=%.3f late=%.3f waits=%d\n", median / 1e3, (median - nanoseconds) / 1e3, count);
        fflush(stdout);
        free(taken);
    }
    return 0;
}
