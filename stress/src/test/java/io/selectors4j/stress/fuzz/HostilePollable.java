package io.selectors4j.stress.fuzz;

import io.selectors4j.Pollable;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.SelectorProvider;

/// Classes of a user that can harm the library.
final class HostilePollable {

    private HostilePollable() {}

    /// An exception of user code.
    static final class UserException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UserException() {
            super("thrown by a user's own code");
        }
    }

    /// An object that returns another number each time, or none, or throws.
    static final class ChangingFd implements Pollable {

        /// Stands for an exception instead of a number.
        static final int THROW = Integer.MIN_VALUE + 1;

        private final int[] numbers;
        private int next;

        ChangingFd(int... numbers) {
            this.numbers = numbers;
        }

        @Override
        public int fileno() {
            int number = numbers[next++ % numbers.length];
            if (number == THROW) {
                throw new UserException();
            }
            return number;
        }

        @Override
        public String toString() {
            return "ChangingFd";
        }
    }

    /// A type of address that is unknown to the library.
    static final class UnknownAddress extends SocketAddress {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            return "UnknownAddress";
        }
    }

    /// A protocol family that is unknown to the library.
    record Family(String name) implements ProtocolFamily {}

    /// An option that is unknown to the library.
    record Option(String name) implements SocketOption<Integer> {
        @Override
        public Class<Integer> type() {
            return Integer.class;
        }
    }

    /// A process without a pid.
    static final class ProcessWithoutPid extends Process {
        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public InputStream getErrorStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public int waitFor() {
            return 0;
        }

        @Override
        public int exitValue() {
            return 0;
        }

        @Override
        public void destroy() {
            // no effect
        }
    }

    /// A channel that is not one of the JDK's classes.
    static final class Channel extends AbstractSelectableChannel {

        Channel() {
            super(SelectorProvider.provider());
        }

        @Override
        protected void implCloseSelectableChannel() {
            // no effect
        }

        @Override
        protected void implConfigureBlocking(boolean block) {
            // no effect
        }

        @Override
        public int validOps() {
            return SelectionKey.OP_READ;
        }
    }
}
