package io.selectors4j.internal.jfr;

import io.selectors4j.Await;
import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.Selector;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.PipeFd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Event;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/// Uses a selector while JDK Flight Recorder records, and prints the events of the library, one a line.
final class RecordedProgram {

    private static final List<Class<? extends Event>> EVENTS = List.of(
            SelectEvent.class,
            EmptyWaitEvent.class,
            RegistrationEvent.class,
            RebuildEvent.class,
            UnhandledEvent.class,
            ParkEvent.class,
            DescriptorOpenEvent.class,
            DescriptorCloseEvent.class);

    private RecordedProgram() {}

    /// Runs the program.
    ///
    /// @param args the name of the backend
    public static void main(String[] args) throws IOException, InterruptedException {
        try (Recording recording = new Recording()) {
            EVENTS.forEach(event -> recording.enable(event).withoutThreshold());
            recording.start();
            useSelector(Backend.valueOf(args[0]));
            recording.stop();
            Path file = Files.createTempFile("recorded", ".jfr");
            try {
                recording.dump(file);
                RecordingFile.readAllEvents(file).stream()
                        .filter(event -> event.getEventType().getName().startsWith("selectors4j."))
                        .filter(event -> !event.hasField("timeout") || event.getLong("timeout") != 0)
                        .sorted((first, second) -> first.getEndTime().compareTo(second.getEndTime()))
                        .forEach(event -> IO.println(describe(event)));
            } finally {
                Files.delete(file);
            }
        }
    }

    private static void useSelector(Backend backend) throws IOException, InterruptedException {
        try (Selector<String> selector = backend.open();
                PipeFd.Pipe pipe = PipeFd.open()) {
            PipeFd reader = pipe.reader();
            selector.register(reader, Interest.READ, "data");
            selector.select(Duration.ofMillis(1)); // timeout
            selector.wakeup();
            selector.select(); // wakeup
            Thread.currentThread().interrupt();
            selector.select(); // interrupt
            Thread.interrupted();
            pipe.writer().write(ByteBuffer.allocate(1));
            selector.select(); // ready
            for (int i = 0; i < 1100; i++) {
                selector.selectNow((key, readiness) -> {}); // not handled
            }
            reader.read(ByteBuffer.allocate(1));
            Thread virtual = Thread.startVirtualThread(() -> awaitReadable(reader));
            while (virtual.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            pipe.writer().write(ByteBuffer.allocate(1));
            virtual.join();
            selector.modify(reader, Interest.NONE, "data");
            selector.unregister(reader);
            leaveStaleEntry(selector, pipe.writer());
            selector.register(reader, Interest.READ, "data");
        }
    }

    private static void awaitReadable(Fd fd) {
        try {
            Await.readable(fd, null);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Makes EPOLL replace its epoll instance: a duplicate keeps the open file of a descriptor that is closed.
    private static void leaveStaleEntry(Selector<String> selector, Fd fd) throws IOException {
        Pollable stale;
        try (Fd duplicate = fd.dup()) {
            stale = Pollable.borrow(duplicate.fileno());
            selector.register(stale, Interest.WRITE, "stale");
        }
        selector.unregister(stale);
        for (int i = 0; i < 20; i++) {
            selector.select(Duration.ofMillis(1));
        }
    }

    private static String describe(RecordedEvent event) {
        StringBuilder text = new StringBuilder(event.getEventType().getName().substring("selectors4j.".length()));
        event.getEventType().getFields().stream()
                .map(field -> field.getName())
                .filter(name -> !List.of("startTime", "duration", "eventThread", "stackTrace")
                        .contains(name))
                .forEach(name -> {
                    Object value = event.getValue(name);
                    text.append(' ')
                            .append(name)
                            .append('=')
                            .append(value instanceof RecordedClass type ? type.getName() : value);
                });
        return text.append(event.getStackTrace() == null ? "" : " with a stack trace")
                .toString();
    }
}
