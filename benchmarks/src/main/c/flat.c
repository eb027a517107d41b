/* One active pipe among idle ones, with raw epoll. Argument: the number of idle pipes.
 * Reads lines "EVENTS" and prints for each one line "event=NS events=N": nanoseconds to write, wait for and read a
 * byte. */
#include "common.h"
#include <sys/epoll.h>

enum { MAX_EVENTS = 1024 };

static int epfd;

static void add_pipe(int fds[2]) {
    check(pipe2(fds, O_CLOEXEC | O_NONBLOCK), "pipe2");
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fds[0]};
    check(epoll_ctl(epfd, EPOLL_CTL_ADD, fds[0], &event), "epoll_ctl(ADD)");
}

static long run(int writer, long events) {
    struct epoll_event ready[MAX_EVENTS];
    char byte = 'e';
    long count = 0;
    while (count < events) {
        check(write(writer, &byte, 1), "write");
        int found = check(epoll_wait(epfd, ready, MAX_EVENTS, -1), "epoll_wait");
        for (int i = 0; i < found; i++) {
            count += check(read(ready[i].data.fd, &byte, 1), "read");
        }
    }
    return count;
}

int main(int argc, char **argv) {
    int fds[2], idle = argc > 1 ? atoi(argv[1]) : 0;
    long events;
    allow_many_files();
    epfd = check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    for (int i = 0; i < idle; i++) {
        add_pipe(fds);
    }
    add_pipe(fds);
    while (scanf("%ld", &events) == 1) {
        long long start = now();
        long count = run(fds[1], events);
        printf("event=%.3f events=%ld\n", (double)(now() - start) / count, count);
        fflush(stdout);
    }
    return 0;
}
