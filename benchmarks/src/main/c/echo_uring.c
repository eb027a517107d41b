/* The echo server with raw io_uring: multishot accept and receive, and each received buffer is sent back as it is.
 * Behaves as echo.c. Needs Linux 6.1. */
#include "server.h"
#include <linux/io_uring.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum { SQ = 512, CQ = 16 * 1024 };
/* The starts of the buffers differ by a cache line more than a page. */
enum { BUFFERS = 16 * 1024, BUFFER = 4096 + 64, NONE = -1 };
/* The kind of a request, in the low bits of its user data; the others are the connection. */
enum { RECEIVE, SEND, ACCEPT, INPUT, KINDS };

struct connection {
    int fd;
    int first, last; /* the buffers to send, of which the first is being sent, or NONE */
    unsigned sent;   /* the number of bytes of the first one that were sent */
    int receiving, ended;
};

static int ring, listener;
static _Atomic unsigned *sq_head, *sq_tail, *cq_head, *cq_tail;
static struct io_uring_sqe *sqes;
static struct io_uring_cqe *cqes;
static unsigned sq_local;
static struct io_uring_buf_ring *provided;
static unsigned short provided_tail;
static char *buffers;
static int next[BUFFERS];
static unsigned length[BUFFERS];

static int enter(unsigned submit, unsigned wait) {
    int result;
    do {
        result = syscall(SYS_io_uring_enter, ring, submit, wait, IORING_ENTER_GETEVENTS, NULL, 0);
    } while (result < 0 && errno == EINTR);
    return check(result, "io_uring_enter");
}

static unsigned publish(void) {
    atomic_store_explicit(sq_tail, sq_local, memory_order_release);
    return sq_local - atomic_load_explicit(sq_head, memory_order_acquire);
}

static struct io_uring_sqe *request(int opcode, int fd, int kind, struct connection *connection) {
    while (sq_local - atomic_load_explicit(sq_head, memory_order_acquire) == SQ) {
        enter(publish(), 0);
    }
    struct io_uring_sqe *sqe = &sqes[sq_local++ & (SQ - 1)];
    memset(sqe, 0, sizeof *sqe);
    sqe->opcode = opcode;
    sqe->fd = fd;
    sqe->user_data = (uintptr_t)connection | kind;
    return sqe;
}

static void *map(size_t size, off_t offset) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, offset);
    if (memory == MAP_FAILED) {
        check(-1, "mmap");
    }
    return memory;
}

static void open_ring(void) {
    struct io_uring_params params = {.cq_entries = CQ,
                                     .flags = IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL |
                                              IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN};
    ring = check(syscall(SYS_io_uring_setup, SQ, &params), "io_uring_setup");
    char *rings = map(params.cq_off.cqes + CQ * sizeof *cqes + SQ * sizeof(unsigned), IORING_OFF_SQ_RING);
    sqes = map(SQ * sizeof *sqes, IORING_OFF_SQES);
    sq_head = (void *)(rings + params.sq_off.head);
    sq_tail = (void *)(rings + params.sq_off.tail);
    cq_head = (void *)(rings + params.cq_off.head);
    cq_tail = (void *)(rings + params.cq_off.tail);
    cqes = (void *)(rings + params.cq_off.cqes);
    unsigned *array = (void *)(rings + params.sq_off.array);
    for (unsigned i = 0; i < SQ; i++) {
        array[i] = i;
    }
}

static void provide(int id) {
    struct io_uring_buf *buf = &provided->bufs[provided_tail++ & (BUFFERS - 1)];
    buf->addr = (uintptr_t)buffers + (size_t)id * BUFFER;
    buf->len = BUFFER;
    buf->bid = id;
    atomic_store_explicit((_Atomic unsigned short *)&provided->tail, provided_tail, memory_order_release);
}

static void provide_all(void) {
    provided = check_memory(aligned_alloc(4096, BUFFERS * sizeof(struct io_uring_buf)));
    buffers = check_memory(malloc((size_t)BUFFERS * BUFFER));
    memset(provided, 0, BUFFERS * sizeof(struct io_uring_buf));
    struct io_uring_buf_reg registration = {.ring_addr = (uintptr_t)provided, .ring_entries = BUFFERS};
    check(syscall(SYS_io_uring_register, ring, IORING_REGISTER_PBUF_RING, &registration, 1), "IORING_REGISTER_PBUF_RING");
    for (int id = 0; id < BUFFERS; id++) {
        provide(id);
    }
}

static void start_accept(void) {
    struct io_uring_sqe *sqe = request(IORING_OP_ACCEPT, listener, ACCEPT, NULL);
    sqe->ioprio = IORING_ACCEPT_MULTISHOT;
    sqe->accept_flags = SOCK_CLOEXEC;
}

static void start_input(void) {
    request(IORING_OP_POLL_ADD, STDIN_FILENO, INPUT, NULL)->poll32_events = POLLIN;
}

static void start_receive(struct connection *connection) {
    struct io_uring_sqe *sqe = request(IORING_OP_RECV, connection->fd, RECEIVE, connection);
    sqe->ioprio = IORING_RECV_MULTISHOT;
    sqe->flags = IOSQE_BUFFER_SELECT;
    connection->receiving = 1;
}

static void start_send(struct connection *connection) {
    struct io_uring_sqe *sqe = request(IORING_OP_SEND, connection->fd, SEND, connection);
    sqe->addr = (uintptr_t)buffers + (size_t)connection->first * BUFFER + connection->sent;
    sqe->len = length[connection->first] - connection->sent;
    sqe->msg_flags = MSG_NOSIGNAL;
}

static void end_if_idle(struct connection *connection) {
    if (connection->ended && !connection->receiving && connection->first == NONE) {
        close(connection->fd);
        free(connection);
    }
}

static void accepted(int fd, unsigned flags) {
    if (fd >= 0) {
        struct connection *connection = check_memory(calloc(1, sizeof *connection));
        send_at_once(fd);
        connection->fd = fd;
        connection->first = connection->last = NONE;
        start_receive(connection);
    }
    if (!(flags & IORING_CQE_F_MORE)) {
        start_accept();
    }
}

static void received(struct connection *connection, int result, unsigned flags) {
    connection->receiving = flags & IORING_CQE_F_MORE;
    if (flags & IORING_CQE_F_BUFFER) {
        int id = flags >> IORING_CQE_BUFFER_SHIFT;
        if (result <= 0) {
            provide(id);
        } else {
            length[id] = result;
            next[id] = NONE;
            if (connection->first == NONE) {
                connection->first = connection->last = id;
                connection->sent = 0;
                start_send(connection);
            } else {
                connection->last = next[connection->last] = id;
            }
        }
    }
    if (result == 0 || (result < 0 && result != -ENOBUFS)) {
        connection->ended = 1;
    } else if (!connection->receiving) {
        start_receive(connection);
    }
    end_if_idle(connection);
}

static void sent(struct connection *connection, int result) {
    connection->sent += result < 0 ? 0 : result;
    if (result < 0) {
        connection->ended = 1;
    }
    while (connection->first != NONE && (result < 0 || connection->sent == length[connection->first])) {
        int id = connection->first;
        connection->first = next[id];
        connection->sent = 0;
        provide(id);
    }
    if (connection->first != NONE) {
        start_send(connection);
    }
    end_if_idle(connection);
}

int main(void) {
    allow_many_files();
    open_ring();
    provide_all();
    listener = open_listener(0);
    start_input();
    start_accept();
    for (;;) {
        enter(publish(), 1);
        unsigned head = atomic_load_explicit(cq_head, memory_order_relaxed);
        unsigned tail = atomic_load_explicit(cq_tail, memory_order_acquire);
        for (; head != tail; head++) {
            struct io_uring_cqe cqe = cqes[head & (CQ - 1)];
            struct connection *connection = (void *)(uintptr_t)(cqe.user_data & ~(uint64_t)(KINDS - 1));
            switch (cqe.user_data & (KINDS - 1)) {
            case RECEIVE:
                received(connection, cqe.res, cqe.flags);
                break;
            case SEND:
                sent(connection, cqe.res);
                break;
            case ACCEPT:
                accepted(cqe.res, cqe.flags);
                break;
            default:
                respond(listener);
                start_input();
            }
        }
        atomic_store_explicit(cq_head, head, memory_order_release);
    }
}
