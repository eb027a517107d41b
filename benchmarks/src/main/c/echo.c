/* The echo server with raw epoll, the baseline. See echo.h. */
#include "echo.h"
#include <sys/epoll.h>

enum { MAX_EVENTS = 1024 };

static int epfd;

static void control(int operation, struct connection *connection, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    check(epoll_ctl(epfd, operation, connection->fd, &event), "epoll_ctl");
}

static void set_up(void) {
    epfd = check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
}

static void watch(struct connection *connection) {
    control(EPOLL_CTL_ADD, connection, EPOLLIN);
}

static void change(struct connection *connection, enum interest interest) {
    control(EPOLL_CTL_MOD, connection, interest == WRITE ? EPOLLOUT : EPOLLIN);
}

static void unwatch(struct connection *connection) {
    (void)connection; /* close removes it */
}

static void wait_once(void) {
    struct epoll_event events[MAX_EVENTS];
    int found = check(epoll_wait(epfd, events, MAX_EVENTS, -1), "epoll_wait");
    for (int i = 0; i < found; i++) {
        process(events[i].data.ptr);
    }
}
