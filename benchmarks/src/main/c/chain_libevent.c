/* The chain on libevent (2.0 or newer), which waits with epoll here. See chain.h. */
#include "chain.h"
#include <event2/event.h>
#include <event2/event_struct.h>

static struct event_base *base;
static struct event *events;

static void ready(evutil_socket_t fd, short what, void *index) {
    (void)fd;
    (void)what;
    pass_on((int)(intptr_t)index);
}

static void set_up(void) {
    base = check_memory(event_base_new());
}

static void make_room(int requested) {
    /* No event is in the set, so they may move. */
    events = check_memory(realloc(events, requested * sizeof *events));
}

static void watch(int index) {
    check(event_assign(&events[index], base, readers[index], EV_READ | EV_PERSIST, ready, (void *)(intptr_t)index),
          "event_assign");
    check(event_add(&events[index], NULL), "event_add");
}

static void unwatch(int index) {
    check(event_del(&events[index]), "event_del");
}

static void wait_once(void) {
    check(event_base_loop(base, EVLOOP_ONCE), "event_base_loop");
}
