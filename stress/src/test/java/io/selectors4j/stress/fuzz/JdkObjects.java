package io.selectors4j.stress.fuzz;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Creates objects of the JDK that have a descriptor.
final class JdkObjects {

    private JdkObjects() {}

    /// Returns an object of the JDK that has a descriptor; some of them are closed.
    ///
    /// @return null for another class
    static @Nullable Object make(Class<?> type, ObjectPool pool) throws IOException {
        Input input = pool.input();
        Path file = pool.fixture().directory.resolve("file");
        Object made = null;
        if (type == SelectableChannel.class) {
            made = switch (input.small() % 3) {
                case 0 -> SocketChannel.open();
                case 1 -> DatagramChannel.open();
                default -> new HostilePollable.Channel();
            };
        } else if (type == FileChannel.class) {
            made = FileChannel.open(file, StandardOpenOption.READ);
        } else if (type == FileInputStream.class) {
            made = new FileInputStream(file.toFile());
        } else if (type == FileOutputStream.class) {
            made = new FileOutputStream(file.toFile());
        } else if (type == RandomAccessFile.class) {
            made = new RandomAccessFile(file.toFile(), "r");
        } else if (type == FileDescriptor.class) {
            RandomAccessFile owner = pool.add(new RandomAccessFile(file.toFile(), "r"));
            return input.flag() ? owner.getFD() : new FileDescriptor();
        }
        if (made instanceof AutoCloseable closeable) {
            pool.add(made);
            if (input.small() % 4 == 0) {
                close(closeable);
            }
        }
        return made;
    }

    private static void close(AutoCloseable closeable) throws IOException {
        try {
            closeable.close();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
