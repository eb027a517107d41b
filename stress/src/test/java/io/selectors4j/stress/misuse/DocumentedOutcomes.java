package io.selectors4j.stress.misuse;

import io.selectors4j.AlreadyRegisteredException;
import io.selectors4j.Await;
import io.selectors4j.IoUringSelector;
import io.selectors4j.NativeIOException;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.DatagramBatch;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PidFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.ReceivedMessage;
import io.selectors4j.fd.SignalFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.fd.Systemd;
import io.selectors4j.fd.TcpInfo;
import io.selectors4j.fd.TimerFd;
import io.selectors4j.fd.Transfer;
import io.selectors4j.os.Epoll;
import io.selectors4j.os.IoUring;
import io.selectors4j.os.Kevent;
import io.selectors4j.os.Kqueue;
import io.selectors4j.os.Poll;
import io.selectors4j.os.Select;
import io.selectors4j.process.ChildProcess;
import io.selectors4j.process.ChildProcessBuilder;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.RawMode;
import io.selectors4j.tty.SerialPort;
import io.selectors4j.tty.Terminal;
import io.selectors4j.tty.Termios;
import io.selectors4j.watch.InotifyFd;
import io.selectors4j.watch.InotifyTree;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The documented outcomes of public methods on closed objects or with closed arguments. A test fails for each method
/// that is missing here.
final class DocumentedOutcomes {

    /// Represents a normal return.
    static final Class<? extends Throwable> NO_EXCEPTION = NoException.class;

    /// The name of constructors.
    static final String NEW = "new";

    private static final class NoException extends Throwable {
        private static final long serialVersionUID = 1L;
    }

    private final Map<Class<?>, Map<String, Set<Class<? extends Throwable>>>> byClass = new HashMap<>();

    /// Returns the outcomes of the methods of a closed object.
    static DocumentedOutcomes onClosedObject() {
        DocumentedOutcomes outcomes = new DocumentedOutcomes();
        outcomes.works(Fd.class, "close isOpen fileno toString");
        outcomes.fails(
                Fd.class,
                ClosedChannelException.class,
                "read write isBlocking setBlocking dup dup2 available ioctl redirectFrom redirectTo use");
        outcomes.fails(
                SocketFd.class,
                ClosedChannelException.class,
                "accept bind blockSource connect disconnect finishConnect getOption joinGroup leaveGroup listen"
                        + " localAddress peerCredentials receive receiveFrom receiveMessage send sendFile sendMessage sendTo"
                        + " setOption shutdownInput shutdownOutput unblockSource");
        outcomes.put(
                SocketFd.class, Set.of(NO_EXCEPTION, ClosedChannelException.class), "remoteAddress"); // if it was known
        outcomes.works(SocketFd.class, "domain type");
        outcomes.fails(FileFd.class, ClosedChannelException.class, "position size truncate force");
        outcomes.works(PtyFd.class, "path");
        outcomes.fails(PtyFd.class, ClosedChannelException.class, "setPacketMode");
        outcomes.works(TimerFd.class, "clock");
        outcomes.fails(TimerFd.class, ClosedChannelException.class, "set setAt setAtCancelOnSet disarm get");
        outcomes.works(SignalFd.class, "signals");
        outcomes.works(PidFd.class, "pid");
        outcomes.fails(PidFd.class, ClosedChannelException.class, "exitValue sendSignal");
        outcomes.put(
                PidFd.class,
                Set.of(
                        ClosedChannelException.class,
                        UnsupportedOperationException.class), // if Java has started the process
                "reap");
        outcomes.fails(InotifyFd.class, ClosedChannelException.class, "addWatch removeWatch");
        outcomes.works(InotifyTree.class, "root");
        outcomes.works(RawMode.class, "close previous");
        outcomes.works(ChildProcess.class, "close exitValue pid pidfd stderr stdin stdout terminate toString waitFor");
        outcomes.fails(ChildProcess.class, NativeIOException.class, "sendSignal sendSignalToGroup"); // ESRCH
        outcomes.works(
                ReceivedMessage.class,
                "close control count flags isControlTruncated isTruncated sender takeDescriptors");
        outcomes.works(PipeFd.Pipe.class, "reader writer close equals hashCode toString");
        outcomes.works(PtyFd.Pair.class, "master terminal close equals hashCode toString");
        outcomes.works(SocketFd.Pair.class, "first second close equals hashCode toString");
        outcomes.works(Epoll.class, "close closed fileno toString");
        outcomes.fails(Epoll.class, ClosedChannelException.class, "register modify unregister poll");
        outcomes.works(IoUring.class, "close closed fileno supports toString");
        outcomes.fails(
                IoUring.class,
                ClosedChannelException.class,
                "accept acceptMultishot cancel cancelAll closeFd connect fsync linkTimeout nop poll pollMultishot"
                        + " provideBuffers read readFixed readv recvmsg registerBuffers registerEventfd registerFiles"
                        + " send sendmsg splice submit submitAndWait timeout unregisterBuffers unregisterEventfd"
                        + " unregisterFiles write writeFixed writev");
        outcomes.put(
                IoUring.class,
                Set.of(ClosedChannelException.class, IllegalStateException.class), // for buffers of another ring
                "recv recvMultishot");
        outcomes.works(Kqueue.class, "close closed fileno toString");
        outcomes.fails(Kqueue.class, ClosedChannelException.class, "control");
        outcomes.works(Selector.class, "close isOpen backend wakeup dump toString fileno");
        outcomes.fails(
                Selector.class,
                ClosedSelectorException.class,
                "register unregister modify select selectNow clearWakeup getKey getMap");
        outcomes.fails(IoUringSelector.class, ClosedSelectorException.class, "batch unbatch");
        return outcomes;
    }

    /// Returns the outcomes of methods with a closed argument.
    static DocumentedOutcomes withClosedArgument() {
        DocumentedOutcomes outcomes = new DocumentedOutcomes();
        outcomes.fails(Selector.class, IllegalArgumentException.class, "register");
        outcomes.fails(Selector.class, NotRegisteredException.class, "modify unregister getKey");
        outcomes.fails(IoUringSelector.class, ClosedChannelException.class, "batch");
        outcomes.works(IoUringSelector.class, "unbatch");
        outcomes.fails(Epoll.class, IllegalArgumentException.class, "register modify unregister");
        outcomes.fails(
                IoUring.class,
                IllegalArgumentException.class,
                "accept acceptMultishot cancelAll connect fsync poll pollMultishot read write readv writev readFixed"
                        + " writeFixed recv recvMultishot send recvmsg sendmsg registerEventfd registerFiles splice");
        outcomes.fails(Poll.class, IllegalArgumentException.class, "register modify unregister");
        outcomes.fails(Select.class, IllegalArgumentException.class, "select");
        outcomes.fails(Await.class, IllegalArgumentException.class, "ready readable writable");
        outcomes.fails(Kevent.class, IllegalArgumentException.class, NEW);
        outcomes.fails(SocketFd.class, ClosedChannelException.class, "sendFile");
        outcomes.fails(DatagramBatch.class, ClosedChannelException.class, "receive send");
        outcomes.fails(DatagramBatch.class, IllegalArgumentException.class, "setAddress"); // of another family
        outcomes.fails(
                Terminal.class,
                ClosedChannelException.class,
                "isTerminal windowSize setWindowSize rawMode suspendableRawMode");
        outcomes.fails(Transfer.class, ClosedChannelException.class, "copy sendFile splice tee copyFileRange");
        outcomes.fails(TcpInfo.class, ClosedChannelException.class, "of");
        outcomes.fails(SerialPort.class, ClosedChannelException.class, "lines setLine setBreak setExclusive");
        outcomes.fails(Termios.class, ClosedChannelException.class, "of apply");
        outcomes.works(Systemd.PassedFd.class, NEW);
        outcomes.works(ChildProcessBuilder.class, "pass"); // start fails
        outcomes.works(ChildProcessBuilder.Redirect.class, "of");
        outcomes.works(SelectorKey.class, NEW);
        outcomes.works(AlreadyRegisteredException.class, NEW);
        outcomes.works(NotRegisteredException.class, NEW);
        return outcomes;
    }

    private void works(Class<?> type, String names) {
        put(type, Set.of(NO_EXCEPTION), names);
    }

    private void fails(Class<?> type, Class<? extends Throwable> exception, String names) {
        put(type, Set.of(exception), names);
    }

    private void put(Class<?> type, Set<Class<? extends Throwable>> outcomes, String names) {
        for (String name : names.split(" ", -1)) {
            byClass.computeIfAbsent(type, _ -> new HashMap<>()).put(name, outcomes);
        }
    }

    /// Returns the possible outcomes of a method.
    ///
    /// @param type the class of the object, or the class of the static method
    /// @param executable a method, possibly inherited, or a constructor
    Set<Class<? extends Throwable>> of(Class<?> type, Executable executable) {
        String name = executable instanceof Constructor<?> ? NEW : executable.getName();
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            Set<Class<? extends Throwable>> outcomes =
                    byClass.getOrDefault(each, Map.of()).get(name);
            if (outcomes != null) {
                return outcomes;
            }
        }
        Map<String, Set<Class<? extends Throwable>>> general =
                Selector.class.isAssignableFrom(type) ? byClass.getOrDefault(Selector.class, Map.of()) : Map.of();
        Set<Class<? extends Throwable>> outcomes = general.get(name);
        if (outcomes == null) {
            throw new AssertionError("no outcome is listed for " + executable + " of " + type);
        }
        return outcomes;
    }
}
