/* The echo server with raw epoll, the baseline. Prints "port=NUMBER" for each line of its standard input, and ends at the
 * end of its standard input. It serves all the time, in the same thread. */
#include "common.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum { MAX_EVENTS = 1024, BUFFER = 64 * 1024, BACKLOG = 16 * 1024 };

struct connection {
    int fd;
    char *pending; /* the bytes that could not be written yet, or NULL */
    size_t length, written;
};

static int epfd;
static char buffer[BUFFER];
static struct connection input = {.fd = STDIN_FILENO}, listener;

static void control(int operation, struct connection *connection, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    check(epoll_ctl(epfd, operation, connection->fd, &event), "epoll_ctl");
}

static int open_listener(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    listener.fd = check(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
    check(bind(listener.fd, (struct sockaddr *)&address, size), "bind");
    check(listen(listener.fd, BACKLOG), "listen");
    check(getsockname(listener.fd, (struct sockaddr *)&address, &size), "getsockname");
    return ntohs(address.sin_port);
}

static void accept_all(void) {
    int fd, on = 1;
    while ((fd = accept4(listener.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct connection *connection = calloc(1, sizeof *connection);
        check(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt(TCP_NODELAY)");
        connection->fd = fd;
        control(EPOLL_CTL_ADD, connection, EPOLLIN);
    }
    if (errno != EAGAIN && errno != ECONNABORTED) {
        check(fd, "accept4");
    }
}

static void end(struct connection *connection) {
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
        connection->pending = malloc(connection->length);
        memcpy(connection->pending, buffer + written, connection->length);
        control(EPOLL_CTL_MOD, connection, EPOLLOUT);
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
        control(EPOLL_CTL_MOD, connection, EPOLLIN);
    }
}

static void respond(int port) {
    char requests[BUFSIZ];
    ssize_t count = check(read(STDIN_FILENO, requests, sizeof requests), "read");
    if (count == 0) {
        exit(0);
    }
    for (ssize_t i = 0; i < count; i++) {
        if (requests[i] == '\n') {
            printf("port=%d\n", port);
        }
    }
    fflush(stdout);
}

int main(void) {
    struct epoll_event events[MAX_EVENTS];
    struct rlimit files;
    check(getrlimit(RLIMIT_NOFILE, &files), "getrlimit");
    files.rlim_cur = files.rlim_max;
    check(setrlimit(RLIMIT_NOFILE, &files), "setrlimit");
    epfd = check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    int port = open_listener();
    control(EPOLL_CTL_ADD, &input, EPOLLIN);
    control(EPOLL_CTL_ADD, &listener, EPOLLIN);
    for (;;) {
        int found = check(epoll_wait(epfd, events, MAX_EVENTS, -1), "epoll_wait");
        for (int i = 0; i < found; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection == &listener) {
                accept_all();
            } else if (connection == &input) {
                respond(port);
            } else if (connection->pending) {
                flush(connection);
            } else {
                echo(connection);
            }
        }
    }
}
