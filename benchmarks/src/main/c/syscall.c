/* Makes the cheapest system call many times. Reads lines "COUNT" and prints for each one line "call=NS": the time of one
 * call in nanoseconds. */
#include "common.h"
#include <sys/syscall.h>

int main(void) {
    long count;
    while (scanf("%ld", &count) == 1 && count > 0) {
        long long start = now();
        for (long i = 0; i < count; i++) {
            syscall(SYS_getppid);
        }
        printf("call=%.3f\n", (double)(now() - start) / count);
        fflush(stdout);
    }
    return 0;
}
