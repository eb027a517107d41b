package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.posix.Bytes;
import io.selectors4j.internal.posix.UnixIoctl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Creates network interfaces whose packets a program reads and writes.
final class TunDevice {

    private static final Path CLONE = Path.of("/dev/net/tun");

    // linux/if.h: struct ifreq { char ifr_name[IFNAMSIZ]; short ifr_flags; ... }
    private static final int IFNAMSIZ = 16;
    private static final int IFREQ_SIZE = 40;

    private TunDevice() {}

    /// See [FileFd#tun] and [FileFd#tap].
    static FileFd open(String name, int type) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        if (!name.matches("[!-~]{1,15}") || name.contains("%") || name.contains("/")) {
            throw new IllegalArgumentException("the name of a network interface has 1 to 15 visible ASCII characters,"
                    + " without % and /, unlike " + name.replace('\0', '?'));
        }
        LinuxOnly.require("/dev/net/tun");
        ByteBuffer request = ByteBuffer.allocate(IFREQ_SIZE).order(ByteOrder.nativeOrder());
        request.put(bytes).putShort(IFNAMSIZ, (short) (type | LinuxConstants.IFF_NO_PI));
        FileFd device = FileFd.open(CLONE, FileFd.O_RDWR);
        try {
            device.use(fd -> set(fd, name, new Bytes(request.clear())));
        } catch (IOException | RuntimeException e) {
            device.closeAfter(e);
            throw e;
        }
        return device;
    }

    private static int set(int fd, String name, Bytes request) throws NativeIOException {
        int result =
                UnixIoctl.ioctl(ErrnoCapture.current(), fd, LinuxConstants.tunsetiff(Platform.CURRENT.arch()), request);
        if (result < 0) {
            throw new NativeIOException("ioctl(fd=" + fd + ", TUNSETIFF, " + name + ")", -result);
        }
        return result;
    }
}
