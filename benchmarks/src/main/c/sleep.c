/* Waits with nothing ready, with epoll_pwait2, whose timeout is in nanoseconds (Linux 5.11).
 * Reads lines "NANOSECONDS COUNT" and prints for each one line "elapsed=US late=US waits=N": the medians of the duration
 * of a wait and of its delay after the timeout, in microseconds, and the number of waits. */
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
        long long *elapsed = check_memory(malloc(count * sizeof *elapsed));
        struct timespec timeout = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
        for (int i = 0; i < count; i++) {
            long long start = now();
            check(epoll_pwait2(epfd, &event, 1, &timeout, NULL), "epoll_pwait2");
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
