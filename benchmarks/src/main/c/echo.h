/* The echo server, with the wait that the including program defines. Prints "port=NUMBER" for each line of its standard
 * input, and ends at the end of its standard input. It serves all the time, in the same thread. */
#ifndef ECHO_H
#define ECHO_H

#include "server.h"

enum { BUFFER = 64 * 1024 };
enum interest { READ, WRITE };

struct connection {
    int fd;
    int index;     /* for the including program */
    char *pending; /* the bytes that could not be written yet, or NULL */
    size_t length, written;
};

static char buffer[BUFFER];
static struct connection input = {.fd = STDIN_FILENO}, listener;

/* Functions that the including program defines. */
static void set_up(void);                               /* called first */
static void watch(struct connection *);                 /* adds a connection to the set, for READ */
static void change(struct connection *, enum interest); /* changes the interest of a connection */
static void unwatch(struct connection *);               /* removes a connection, before it is closed */
static void wait_once(void);                            /* waits, and calls process for all ready connections */

static void accept_all(void) {
    int fd;
    while ((fd = accept4(listener.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct connection *connection = check_memory(calloc(1, sizeof *connection));
        send_at_once(fd);
        connection->fd = fd;
        watch(connection);
    }
    if (errno != EAGAIN && errno != ECONNABORTED) {
        check(fd, "accept4");
    }
}

static void end(struct connection *connection) {
    unwatch(connection);
    close(connection->fd);
    free(connection->pending);
    free(connection);
}

static void echo(struct connection *connection) {
    ssize_t count = recv(connection->fd, buffer, BUFFER, 0);
    if (count <= 0) {
        if (count == 0 || errno != EAGAIN) {
            end(connection);
        }
        return;
    }
    ssize_t written = send(connection->fd, buffer, count, MSG_NOSIGNAL);
    if (written < 0 && errno != EAGAIN) {
        end(connection);
    } else if (written < count) {
        written = written < 0 ? 0 : written;
        connection->length = count - written;
        connection->written = 0;
        connection->pending = check_memory(malloc(connection->length));
        memcpy(connection->pending, buffer + written, connection->length);
        change(connection, WRITE);
    }
}

static void flush(struct connection *connection) {
    size_t remaining = connection->length - connection->written;
    ssize_t written = send(connection->fd, connection->pending + connection->written, remaining, MSG_NOSIGNAL);
    if (written < 0) {
        if (errno != EAGAIN) {
            end(connection);
        }
        return;
    }
    connection->written += written;
    if (connection->written == connection->length) {
        free(connection->pending);
        connection->pending = NULL;
        change(connection, READ);
    }
}

static inline void process(struct connection *connection) {
    if (connection == &listener) {
        accept_all();
    } else if (connection == &input) {
        respond(listener.fd);
    } else if (connection->pending) {
        flush(connection);
    } else {
        echo(connection);
    }
}

int main(void) {
    allow_many_files();
    set_up();
    listener.fd = open_listener(SOCK_NONBLOCK);
    watch(&input);
    watch(&listener);
    for (;;) {
        wait_once();
    }
}

#endif
