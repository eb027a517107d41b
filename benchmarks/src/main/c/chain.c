/* The chain with raw epoll, the baseline. See chain.h. */
#include "chain.h"
#include <sys/epoll.h>

enum { MAX_EVENTS = 1024 };

static int epfd;

static void set_up(void) {
    epfd = check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
}

static void make_room(int requested) {
    (void)requested;
}

static void watch(int index) {
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = (uint64_t)index};
    check(epoll_ctl(epfd, EPOLL_CTL_ADD, readers[index], &event), "epoll_ctl(ADD)");
}

static void unwatch(int index) {
    check(epoll_ctl(epfd, EPOLL_CTL_DEL, readers[index], NULL), "epoll_ctl(DEL)");
}

static void wait_once(void) {
    struct epoll_event events[MAX_EVENTS];
    int found = check(epoll_wait(epfd, events, MAX_EVENTS, -1), "epoll_wait");
    for (int i = 0; i < found; i++) {
        pass_on((int)events[i].data.u64);
    }
}
