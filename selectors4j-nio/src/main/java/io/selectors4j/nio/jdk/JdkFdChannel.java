package io.selectors4j.nio.jdk;

import io.selectors4j.Pollable;
import io.selectors4j.fd.Fd;
import io.selectors4j.nio.FdChannel;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import sun.nio.ch.DefaultSelectorProvider;
import sun.nio.ch.IOUtil;
import sun.nio.ch.Net;
import sun.nio.ch.SelChImpl;
import sun.nio.ch.SelectionKeyImpl;

/// A channel of any descriptor that the JDK's selectors accept.
///
/// A registered number must not be reused before the selector has removed its key. So a close of a registered channel
/// leaves the number open, and the selector's call of [#kill] closes it.
public final class JdkFdChannel extends FdChannel implements SelChImpl {

    private final Pollable object;
    private final int number;
    private final FileDescriptor descriptor;

    private JdkFdChannel(Pollable object, Fd duplicate) throws IOException {
        this.object = object;
        this.number = duplicate.fileno();
        super(DefaultSelectorProvider.get(), object, duplicate);
        this.descriptor = IOUtil.newFD(number);
    }

    /// Opens a channel of a duplicate of a descriptor.
    ///
    /// @param object the object that the program knows, closed with the channel if it is an [Fd]
    /// @param fd its descriptor
    /// @return a new channel
    /// @throws IOException if the system refuses to duplicate the descriptor
    public static FdChannel open(Pollable object, Fd fd) throws IOException {
        Fd duplicate = fd.dup();
        try {
            return new JdkFdChannel(object, duplicate);
        } catch (Throwable t) {
            duplicate.close();
            throw t;
        }
    }

    @Override
    public FileDescriptor getFD() {
        return descriptor;
    }

    @Override
    public int getFDVal() {
        return number;
    }

    @Override
    public boolean translateAndUpdateReadyOps(int events, SelectionKeyImpl key) {
        return translate(events, key, key.nioReadyOps());
    }

    @Override
    public boolean translateAndSetReadyOps(int events, SelectionKeyImpl key) {
        return translate(events, key, 0);
    }

    /// Sets the ready operations of a key. An error or a hang-up makes all operations of interest ready.
    ///
    /// @param events flags of poll(2)
    /// @param before the operations that stay ready
    /// @return whether an operation is ready that was not before
    private static boolean translate(int events, SelectionKeyImpl key, int before) {
        int old = key.nioReadyOps();
        int found = 0;
        if ((events & (Net.POLLERR | Net.POLLHUP)) != 0) {
            found = SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        }
        if ((events & Net.POLLIN) != 0) {
            found |= SelectionKey.OP_READ;
        }
        if ((events & Net.POLLOUT) != 0) {
            found |= SelectionKey.OP_WRITE;
        }
        int ready = before | (found & key.nioInterestOps());
        key.nioReadyOps(ready);
        return (ready & ~old) != 0;
    }

    @Override
    public int translateInterestOps(int ops) {
        return ((ops & SelectionKey.OP_READ) != 0 ? Net.POLLIN : 0)
                | ((ops & SelectionKey.OP_WRITE) != 0 ? Net.POLLOUT : 0);
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        try {
            if (object instanceof Fd fd) {
                fd.close();
            }
        } finally {
            if (!isRegistered()) {
                closeFd();
            }
        }
    }

    @Override
    public void kill() throws IOException {
        closeFd();
    }
}
