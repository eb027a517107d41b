package io.selectors4j.internal.sys;

import java.io.FileDescriptor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.util.Objects;

/// Reads the descriptors of the JDK's channels, by reflection into its package `sun.nio.ch`. This requires flags of the
/// `java` command.
public final class JdkDescriptors {

    private static final String PACKAGE = "java.base/sun.nio.ch";

    private JdkDescriptors() {}

    /// Returns the descriptor of a channel of a socket or pipe, as of the channel's creation.
    ///
    /// @throws IllegalArgumentException if the channel is not one of the JDK's default provider
    /// @throws UnsupportedOperationException if the JDK denies access; the message names the flag
    public static int of(SelectableChannel channel) {
        Class<?> type = type("sun.nio.ch.SelChImpl");
        requireOwn(channel, type);
        try {
            return (int) type.getMethod("getFDVal").invoke(channel);
        } catch (IllegalAccessException e) {
            throw hidden(channel.getClass(), "--add-exports", "SocketFd or PipeFd", e);
        } catch (ReflectiveOperationException e) {
            throw new UnsupportedOperationException("this JDK has no sun.nio.ch.SelChImpl.getFDVal()", e);
        }
    }

    /// Returns the descriptor of a file channel, or -1 if it is closed.
    ///
    /// @throws IllegalArgumentException if the channel is not one of the JDK's default provider
    /// @throws UnsupportedOperationException if the JDK denies access; the message names the flag
    public static int of(FileChannel channel) {
        Class<?> type = type("sun.nio.ch.FileChannelImpl");
        requireOwn(channel, type);
        try {
            Field field = type.getDeclaredField("fd");
            field.setAccessible(true);
            return of((FileDescriptor) field.get(channel));
        } catch (InaccessibleObjectException | IllegalAccessException e) {
            throw hidden(channel.getClass(), "--add-opens", "FileFd", e);
        } catch (NoSuchFieldException e) {
            throw new UnsupportedOperationException("this JDK has no field sun.nio.ch.FileChannelImpl.fd", e);
        }
    }

    /// Returns the number of a `FileDescriptor`, or -1 if it is closed.
    ///
    /// @throws UnsupportedOperationException if the JDK denies access; the message names the flag
    public static int of(FileDescriptor descriptor) {
        // The JDK's native code would crash on null.
        Objects.requireNonNull(descriptor, "descriptor");
        FileDescriptor[] standard = {FileDescriptor.in, FileDescriptor.out, FileDescriptor.err};
        for (int fd = 0; fd < standard.length; fd++) {
            if (standard[fd].equals(descriptor)) {
                return fd;
            }
        }
        try {
            return (int) type("sun.nio.ch.IOUtil")
                    .getMethod("fdVal", FileDescriptor.class)
                    .invoke(null, descriptor);
        } catch (IllegalAccessException e) {
            throw hidden(descriptor.getClass(), "--add-exports", "FileFd or Fd.stdin()", e);
        } catch (ReflectiveOperationException e) {
            throw new UnsupportedOperationException("this JDK has no sun.nio.ch.IOUtil.fdVal(FileDescriptor)", e);
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new UnsupportedOperationException("this JDK has no " + name, e);
        }
    }

    private static void requireOwn(Channel channel, Class<?> type) {
        if (!type.isInstance(channel)) {
            throw new IllegalArgumentException("not a channel of the JDK's own provider, but a "
                    + channel.getClass().getName());
        }
    }

    private static UnsupportedOperationException hidden(
            Class<?> type, String flag, String alternative, Exception cause) {
        Module module = JdkDescriptors.class.getModule();
        String target = module.isNamed() ? module.getName() : "ALL-UNNAMED";
        return new UnsupportedOperationException(
                "the JDK does not show the descriptor of a " + type.getName() + ": start java with " + flag + " "
                        + PACKAGE + "=" + target + ", or use " + alternative + " instead, which needs no flag",
                cause);
    }
}
