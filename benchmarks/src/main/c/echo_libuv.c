/* The echo server on libuv, which waits with epoll here. Behaves as echo.c. */
#include "server.h"
#include <signal.h>
#include <uv.h>

enum { BUFFER = 64 * 1024 };

struct connection {
    uv_tcp_t stream;
    uv_write_t request;
    char *pending; /* the bytes that could not be written yet, or NULL */
};

static char buffer[BUFFER];
static uv_tcp_t listener;

static int check_uv(int result, const char *call) {
    if (result < 0) {
        fprintf(stderr, "%s: %s\n", call, uv_strerror(result));
        exit(1);
    }
    return result;
}

static void closed(uv_handle_t *stream) {
    struct connection *connection = (struct connection *)stream;
    free(connection->pending);
    free(connection);
}

static void end(struct connection *connection) {
    uv_close((uv_handle_t *)&connection->stream, closed);
}

static void allocate(uv_handle_t *stream, size_t suggested, uv_buf_t *buf) {
    (void)stream;
    (void)suggested;
    *buf = uv_buf_init(buffer, BUFFER);
}

static void echo(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf);

static void flushed(uv_write_t *request, int status) {
    struct connection *connection = (struct connection *)request->handle;
    if (status < 0) {
        end(connection);
        return;
    }
    free(connection->pending);
    connection->pending = NULL;
    check_uv(uv_read_start(request->handle, allocate, echo), "uv_read_start");
}

static void echo(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf) {
    struct connection *connection = (struct connection *)stream;
    if (count <= 0) {
        if (count < 0) { /* 0 is EAGAIN */
            end(connection);
        }
        return;
    }
    uv_buf_t output = uv_buf_init(buf->base, count);
    int written = uv_try_write(stream, &output, 1);
    if (written < 0 && written != UV_EAGAIN) {
        end(connection);
    } else if (written < count) {
        written = written < 0 ? 0 : written;
        connection->pending = check_memory(malloc(count - written));
        memcpy(connection->pending, buffer + written, count - written);
        output = uv_buf_init(connection->pending, count - written);
        uv_read_stop(stream);
        check_uv(uv_write(&connection->request, stream, &output, 1, flushed), "uv_write");
    }
}

static void accepted(uv_stream_t *server, int status) {
    check_uv(status, "accept");
    struct connection *connection = check_memory(calloc(1, sizeof *connection));
    check_uv(uv_tcp_init(server->loop, &connection->stream), "uv_tcp_init");
    check_uv(uv_accept(server, (uv_stream_t *)&connection->stream), "uv_accept");
    check_uv(uv_tcp_nodelay(&connection->stream, 1), "uv_tcp_nodelay");
    check_uv(uv_read_start((uv_stream_t *)&connection->stream, allocate, echo), "uv_read_start");
}

static void requested(uv_poll_t *input, int status, int events) {
    (void)input;
    (void)events;
    uv_os_fd_t fd;
    check_uv(status, "uv_poll");
    check_uv(uv_fileno((uv_handle_t *)&listener, &fd), "uv_fileno");
    respond(fd);
}

int main(void) {
    uv_loop_t *loop = uv_default_loop();
    uv_poll_t input;
    allow_many_files();
    signal(SIGPIPE, SIG_IGN); /* libuv writes without MSG_NOSIGNAL */
    check_uv(uv_tcp_init(loop, &listener), "uv_tcp_init");
    check_uv(uv_tcp_open(&listener, open_listener(SOCK_NONBLOCK)), "uv_tcp_open");
    check_uv(uv_listen((uv_stream_t *)&listener, BACKLOG, accepted), "uv_listen");
    check_uv(uv_poll_init(loop, &input, STDIN_FILENO), "uv_poll_init");
    check_uv(uv_poll_start(&input, UV_READABLE, requested), "uv_poll_start");
    return uv_run(loop, UV_RUN_DEFAULT);
}
