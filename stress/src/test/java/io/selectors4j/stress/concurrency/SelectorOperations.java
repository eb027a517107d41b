package io.selectors4j.stress.concurrency;

import io.selectors4j.AlreadyRegisteredException;
import io.selectors4j.Interest;
import io.selectors4j.JavaFile;
import io.selectors4j.JavaKernel;
import io.selectors4j.JavaSelector;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Pollable;
import io.selectors4j.SelectorKey;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/// The operations that Lincheck makes on a selector from several threads. Each operation returns its outcome.
///
/// Only one object is ready, because one select dispatches several objects one after the other, not at one moment. Only
/// one thread closes, because a second close returns at once.
@Param(name = "fd", gen = IntGen.class, conf = "1:2")
@Param(name = "data", gen = IntGen.class, conf = "2:3")
@Param(name = "any", gen = IntGen.class, conf = "1:3")
public abstract class SelectorOperations {

    /// The ready object.
    static final int READY = 1;

    /// The data of a key without interest.
    static final int PAUSE = 1;

    static final String CLOSED = "closed";
    static final String ABSENT = "not registered";
    static final String PRESENT = "registered already";
    static final String DONE = "done";

    private final JavaSelector<Integer> selector;
    private final Map<Pollable, SelectorKey<Integer>> map;
    private final List<JavaFile> files = List.of(new JavaFile(0), new JavaFile(1), new JavaFile(2));

    SelectorOperations(boolean live) {
        JavaKernel kernel = new JavaKernel(live);
        kernel.makeReady(READY);
        selector = new JavaSelector<>(kernel);
        map = selector.getMap();
    }

    /// With a live kernel, like epoll.
    public static final class Live extends SelectorOperations {
        public Live() {
            super(true);
        }
    }

    /// With a copying kernel, like poll.
    public static final class Copying extends SelectorOperations {
        public Copying() {
            super(false);
        }
    }

    private interface Call {
        Object onReady() throws IOException;
    }

    private static String outcome(Call step) {
        try {
            return String.valueOf(step.onReady());
        } catch (ClosedSelectorException e) {
            return CLOSED;
        } catch (AlreadyRegisteredException e) {
            return PRESENT;
        } catch (NotRegisteredException e) {
            return ABSENT;
        } catch (IOException e) {
            throw new AssertionError(e); // this kernel refuses no call
        }
    }

    @Operation
    public String register(@Param(name = "fd") int fd, @Param(name = "data") int data) {
        return outcome(
                () -> selector.register(files.get(fd), Interest.READ, data).data());
    }

    @Operation
    public String modify(@Param(name = "fd") int fd, @Param(name = "any") int data) {
        Interest events = data == PAUSE ? Interest.NONE : Interest.READ;
        return outcome(() -> selector.modify(Pollable.borrow(fd), events, data).data());
    }

    @Operation
    public String unregister(@Param(name = "fd") int fd) {
        return outcome(() -> selector.unregister(Pollable.borrow(fd)).data());
    }

    @Operation
    public String getKey(@Param(name = "fd") int fd) {
        return outcome(() -> selector.getKey(Pollable.borrow(fd)).data());
    }

    @Operation
    public String lookUp(@Param(name = "fd") int fd) {
        return String.valueOf(map.containsKey(Pollable.borrow(fd)));
    }

    @Operation(nonParallelGroup = "selecting")
    public String selectNow() {
        return outcome(() -> {
            List<Integer> data = new ArrayList<>();
            selector.select(Duration.ZERO, (key, readiness) -> data.add(key.data()));
            return data;
        });
    }

    @Operation
    public String wakeup() {
        selector.wakeup();
        return DONE;
    }

    @Operation(nonParallelGroup = "closing")
    public String close() {
        selector.close();
        return DONE;
    }
}
