package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.testing.Libc;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class PipeFdTest {

    @Test
    void ends_areBlockingAndCloseOnExec() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            assertThat(pipe.reader().isBlocking()).isTrue();
            assertThat(pipe.writer().isBlocking()).isTrue();
            assertThat(Libc.isCloseOnExec(pipe.reader().fileno())).isTrue();
            assertThat(Libc.isCloseOnExec(pipe.writer().fileno())).isTrue();
            assertThat(pipe.reader()).hasToString("PipeFd[fd=" + pipe.reader().fileno() + "]");
        }
    }

    @Test
    void close_closesBothEnds() throws Exception {
        PipeFd.Pipe pipe = PipeFd.open();
        int reader = pipe.reader().fileno();
        int writer = pipe.writer().fileno();
        pipe.close();
        pipe.close();
        assertThat(Libc.isOpen(reader)).isFalse();
        assertThat(Libc.isOpen(writer)).isFalse();
        assertThat(pipe.reader().isOpen()).isFalse();
        assertThat(pipe.writer().isOpen()).isFalse();
    }

    @Test
    void close_afterOneEnd_closesOther() throws Exception {
        PipeFd.Pipe pipe = PipeFd.open();
        pipe.writer().close();
        assertThat(pipe.reader().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        pipe.close();
        assertThat(pipe.reader().isOpen()).isFalse();
    }

    @Test
    @SuppressWarnings("try") // closing early is the subject
    void duplicate_isEndOfItsOwn() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open();
                PipeFd writer = pipe.writer().dup()) {
            pipe.writer().close();
            pipe.reader().setBlocking(false);
            assertThat(pipe.reader().read(ByteBuffer.allocate(1)))
                    .as("the duplicate is still open")
                    .isZero();
            writer.close();
            assertThat(pipe.reader().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }
}
