/* The chain with select, which works below 1,024 descriptors. See chain.h. */
#include "chain.h"
#include <sys/select.h>

static fd_set set;
static int highest = -1;

static void set_up(void) {
    FD_ZERO(&set);
}

static void make_room(int requested) {
    (void)requested;
}

static void watch(int index) {
    int fd = readers[index];
    if (fd >= FD_SETSIZE) {
        fprintf(stderr, "select works below %d descriptors\n", FD_SETSIZE);
        exit(1);
    }
    FD_SET(fd, &set);
    highest = fd > highest ? fd : highest;
}

static void unwatch(int index) {
    FD_CLR(readers[index], &set);
}

static void wait_once(void) {
    fd_set ready = set;
    int found = check(select(highest + 1, &ready, NULL, NULL, NULL), "select");
    for (int i = 0; found > 0; i++) {
        if (FD_ISSET(readers[i], &ready)) {
            found--;
            pass_on(i);
        }
    }
}
