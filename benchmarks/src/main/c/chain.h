/* The chain, with the wait that the including program defines. Arguments: the warm-up in milliseconds, and "threads" for
 * a second, idle thread: the kernel and the C library then take the code paths of a process with several threads, as for
 * Java.
 *
 * Reads lines "PIPES ACTIVE WRITES PASSES" and prints for each one line "register=NS run=NS events=N": nanoseconds to
 * remove one pipe from the set and add it again, and nanoseconds per event. */
#ifndef CHAIN_H
#define CHAIN_H

#include "common.h"
#include <pthread.h>

static int pipes, *readers, *writers;
static long written, count, writes;

/* Functions that the including program defines. */
static void set_up(void);             /* called first */
static void make_room(int requested); /* allocates memory for this number of pipes */
static void watch(int index);         /* adds a pipe to the set */
static void unwatch(int index);       /* removes it */
static void wait_once(void);          /* waits, and passes on the bytes of all ready pipes */

static void put(int index) {
    char byte = 'e';
    written += check(write(writers[index], &byte, 1), "write");
}

/* Reads a byte from a pipe, and writes it to the next one unless enough bytes were written. */
static void pass_on(int index) {
    char byte;
    count += check(read(readers[index], &byte, 1), "read");
    if (written < writes) {
        put(index + 1 == pipes ? 0 : index + 1);
    }
}

static void open_pipes(int requested) {
    if (requested == pipes) {
        return;
    }
    for (int i = 0; i < pipes; i++) {
        unwatch(i);
        close(readers[i]);
        close(writers[i]);
    }
    readers = check_memory(realloc(readers, requested * sizeof *readers));
    writers = check_memory(realloc(writers, requested * sizeof *writers));
    make_room(requested);
    for (pipes = 0; pipes < requested; pipes++) {
        int fds[2];
        check(pipe2(fds, O_CLOEXEC | O_NONBLOCK), "pipe2");
        readers[pipes] = fds[0];
        writers[pipes] = fds[1];
        watch(pipes);
    }
}

static void register_again(int passes) {
    for (int pass = 0; pass < passes; pass++) {
        for (int i = 0; i < pipes; i++) {
            unwatch(i);
            watch(i);
        }
    }
}

static void run(int active) {
    written = count = 0;
    for (int i = 0; i < active; i++) {
        put((int)((long)i * pipes / active));
    }
    while (count < written) {
        wait_once();
    }
}

static void *idle(void *nothing) {
    for (;;) {
        pause();
    }
    return nothing;
}

int main(int argc, char **argv) {
    int requested, active, passes;
    long long warm_up = argc > 1 ? atoll(argv[1]) * 1000000 : 0;
    pthread_t thread;
    if (argc > 2 && strcmp(argv[2], "threads") == 0 && pthread_create(&thread, NULL, idle, NULL) != 0) {
        fprintf(stderr, "pthread_create failed\n");
        return 1;
    }
    allow_many_files();
    set_up();
    while (scanf("%d %d %ld %d", &requested, &active, &writes, &passes) == 4) {
        open_pipes(requested);
        for (long long begin = now(); now() - begin < warm_up;) {
            register_again(passes);
            run(active);
        }
        warm_up = 0;
        long long start = now();
        register_again(passes);
        long long registered = now();
        run(active);
        long long end = now();
        printf("register=%.3f run=%.3f events=%ld\n", (double)(registered - start) / passes / pipes,
               (double)(end - registered) / count, count);
        fflush(stdout);
    }
    return 0;
}

#endif
