/* The echo server with poll. See echo.h. */
#include "echo.h"
#include <poll.h>

static struct pollfd *fds;
static struct connection **connections; /* the connection of each element of fds */
static int count, room;

static void set_up(void) {
}

static void watch(struct connection *connection) {
    if (count == room) {
        room = room == 0 ? 1024 : 2 * room;
        fds = check_memory(realloc(fds, room * sizeof *fds));
        connections = check_memory(realloc(connections, room * sizeof *connections));
    }
    fds[count] = (struct pollfd){.fd = connection->fd, .events = POLLIN};
    connections[count] = connection;
    connection->index = count++;
}

static void change(struct connection *connection, enum interest interest) {
    fds[connection->index].events = interest == WRITE ? POLLOUT : POLLIN;
}

static void unwatch(struct connection *connection) {
    int index = connection->index, last = --count;
    fds[index] = fds[last];
    connections[index] = connections[last];
    connections[index]->index = index;
}

static void wait_once(void) {
    int found = check(poll(fds, count, -1), "poll");
    /* From the last one to the first one: unwatch moves an element that was processed already. */
    for (int i = count - 1; found > 0; i--) {
        if (fds[i].revents) {
            found--;
            process(connections[i]);
        }
    }
}
