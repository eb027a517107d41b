/* The chain, whatever waits. Arguments: how long to warm up in milliseconds, and "threads" for a second, idle thread: the
 * kernel and the C library then take the ways of a process with several, as they always do for Java.
 *
 * Reads lines "PIPES ACTIVE WRITES PASSES" and answers each with one line "register=NS run=NS events=N": nanoseconds to
 * take one pipe out of the set and put it in again, and per event. */
#ifndef CHAIN_H
#define CHAIN_H

#include "common.h"
#include <pthread.h>

static int pipes, *readers, *writers;
static long written, count, writes;

/* What a program that includes this has to have. */
static void set_up(void);         /* before anything else */
static void make_room(int wanted); /* for so many pipes */
static void watch(int index);     /* puts a pipe into the set */
static void unwatch(int index);   /* takes it out */
static void wait_once(void);      /* waits, and hands on whatever is ready */

static void put(int index) {
    char byte = 'e';
    written += check(write(writers[index], &byte, 1), "write");
}

/* Takes a byte out of a pipe, and puts it into the next one unless there were enough. */
static void hand_on(int index) {
    char byte;
    count += check(read(readers[index], &byte, 1), "read");
    if (written < writes) {
        put(index + 1 == pipes ? 0 : index + 1);
    }
}

static void open_pipes(int wanted) {
    if (wanted == pipes) {
        return;
    }
    for (int i = 0; i < pipes; i++) {
        unwatch(i);
        close(readers[i]);
        close(writers[i]);
    }
    readers = check_memory(realloc(readers, wanted * sizeof *readers));
    writers = check_memory(realloc(writers, wanted * sizeof *writers));
    make_room(wanted);
    for (pipes = 0; pipes < wanted; pipes++) {
        int fds[2];
        check(pipe2(fds, O_CLOEXEC | O_NONBLOCK), "pipe2");
        readers[pipes] = fds[0];
        writers[pipes] = fds[1];
        watch(pipes);
    }
}

static void register_anew(int passes) {
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
    int wanted, active, passes;
    long long warm_up = argc > 1 ? atoll(argv[1]) * 1000000 : 0;
    pthread_t thread;
    if (argc > 2 && strcmp(argv[2], "threads") == 0 && pthread_create(&thread, NULL, idle, NULL) != 0) {
        fprintf(stderr, "pthread_create failed\n");
        return 1;
    }
    allow_many_files();
    set_up();
    while (scanf("%d %d %ld %d", &wanted, &active, &writes, &passes) == 4) {
        open_pipes(wanted);
        for (long long begin = now(); now() - begin < warm_up;) {
            register_anew(passes);
            run(active);
        }
        warm_up = 0;
        long long start = now();
        register_anew(passes);
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
