/* Functions for all echo servers. */
#ifndef SERVER_H
#define SERVER_H

#include "common.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

enum { BACKLOG = 16 * 1024 };

static inline int open_listener(int flags) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = check(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0), "socket");
    check(bind(fd, (struct sockaddr *)&address, sizeof address), "bind");
    check(listen(fd, BACKLOG), "listen");
    return fd;
}

static inline void send_at_once(int fd) {
    int on = 1;
    check(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt(TCP_NODELAY)");
}

/* Reads lines from the standard input and prints "port=NUMBER" for each one. Ends at the end of the input. */
static inline void respond(int listener) {
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    char requests[BUFSIZ];
    check(getsockname(listener, (struct sockaddr *)&address, &size), "getsockname");
    ssize_t count = check(read(STDIN_FILENO, requests, sizeof requests), "read");
    if (count == 0) {
        exit(0);
    }
    for (ssize_t i = 0; i < count; i++) {
        if (requests[i] == '\n') {
            printf("port=%d\n", ntohs(address.sin_port));
        }
    }
    fflush(stdout);
}

#endif
