/* Prints the version of libuv that the programs are linked with. */
#include <stdio.h>
#include <uv.h>

int main(void) {
    puts(uv_version_string());
    return 0;
}
