package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// The parts of [JdkChannels] that do not depend on a backend.
class JdkChannelsTest {

    @SuppressWarnings({"NullAway", "UnusedVariable"}) // used by name
    private static final ThrowingCallable[] NULLS = {
        () -> JdkChannels.pollable((SelectableChannel) null),
        () -> JdkChannels.pollable((FileChannel) null),
        () -> JdkChannels.pollable((FileInputStream) null),
        () -> JdkChannels.pollable((FileOutputStream) null),
        () -> JdkChannels.pollable((RandomAccessFile) null),
        () -> JdkChannels.pollable((FileDescriptor) null)
    };

    /// Found by fuzzing: the native method of the JDK that returns the number crashed the process.
    @ParameterizedTest
    @FieldSource("NULLS")
    void null_isRefused(ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call);
    }
}
