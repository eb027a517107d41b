/* The chain with poll. See chain.h. */
#include "chain.h"
#include <poll.h>

static struct pollfd *fds; /* by the index of the pipe */

static void set_up(void) {
}

static void make_room(int requested) {
    fds = check_memory(realloc(fds, requested * sizeof *fds));
}

static void watch(int index) {
    fds[index] = (struct pollfd){.fd = readers[index], .events = POLLIN};
}

static void unwatch(int index) {
    fds[index].fd = -1; /* poll ignores it */
}

static void wait_once(void) {
    int found = check(poll(fds, pipes, -1), "poll");
    for (int i = 0; found > 0; i++) {
        if (fds[i].revents) {
            found--;
            pass_on(i);
        }
    }
}
