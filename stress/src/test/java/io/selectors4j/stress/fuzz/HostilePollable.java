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

/// What a user's own classes can do to the library.
final class HostilePollable {

    private HostilePollable() {}

    /// What a user's own code throws.
    static final class UserException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UserException() {
            super("thrown by a user's own code");
        }
    }

    /// An object that has another descriptor each time, or none, or throws instead.
    static final class ChangingFd implements Pollable {

        /// In place of a number: throw.
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

    /// A kind of address that the library has never heard of.
    static final class UnknownAddress extends SocketAddress {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            return "UnknownAddress";
        }
    }

    /// A family that the library has never heard of.
    record Family(String name) implements ProtocolFamily {}

    /// An option that the library has never heard of.
    record Option(String name) implements SocketOption<Integer> {
        @Override
        public Class<Integer> type() {
            return Integer.class;
        }
    }

    /// A process without a number.
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
            // there is nothing to destroy
        }
    }

    /// A channel that is none of the JDK's.
    static final class Channel extends AbstractSelectableChannel {

        Channel() {
            super(SelectorProvider.provider());
        }

        @Override
        protected void implCloseSelectableChannel() {
            // there is nothing to close
        }

        @Override
        protected void implConfigureBlocking(boolean block) {
            // there is nothing to configure
        }

        @Override
        public int validOps() {
            return SelectionKey.OP_READ;
        }
    }
}
