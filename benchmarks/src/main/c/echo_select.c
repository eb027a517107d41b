/* The echo server with select, which works below 1,024 descriptors. See echo.h. */
#include "echo.h"
#include <sys/select.h>

static fd_set readers, writers;
static struct connection *connections[FD_SETSIZE]; /* by descriptor */
static int highest = -1;

static void set_up(void) {
    FD_ZERO(&readers);
    FD_ZERO(&writers);
}

static void watch(struct connection *connection) {
    int fd = connection->fd;
    if (fd >= FD_SETSIZE) {
        fprintf(stderr, "select works below %d descriptors\n", FD_SETSIZE);
        exit(1);
    }
    FD_SET(fd, &readers);
    connections[fd] = connection;
    highest = fd > highest ? fd : highest;
}

static void unwatch(struct connection *connection) {
    FD_CLR(connection->fd, &readers);
    FD_CLR(connection->fd, &writers);
}

static void change(struct connection *connection, enum interest interest) {
    unwatch(connection);
    FD_SET(connection->fd, interest == WRITE ? &writers : &readers);
}

static void wait_once(void) {
    fd_set readable = readers, writable = writers;
    int found = check(select(highest + 1, &readable, &writable, NULL, NULL), "select");
    for (int fd = 0; found > 0; fd++) {
        if (FD_ISSET(fd, &readable) || FD_ISSET(fd, &writable)) {
            found--;
            process(connections[fd]);
        }
    }
}
