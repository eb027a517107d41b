package io.selectors4j.stress.misuse;

import io.selectors4j.AlreadyRegisteredException;
import io.selectors4j.Await;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.PidFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.SignalFd;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.fd.TimerFd;
import io.selectors4j.os.Epoll;
import io.selectors4j.os.Kevent;
import io.selectors4j.os.Kqueue;
import io.selectors4j.os.Poll;
import io.selectors4j.os.Select;
import io.selectors4j.tty.PtyFd;
import io.selectors4j.tty.RawMode;
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

/// What public methods say of what is closed, as it is documented. One that is not listed here is one that nobody has
/// thought about.
final class Answers {

    /// Stands for no exception.
    static final Class<? extends Throwable> NOTHING = Nothing.class;

    /// The name of constructors.
    static final String NEW = "new";

    private static final class Nothing extends Throwable {
        private static final long serialVersionUID = 1L;
    }

    private final Map<Class<?>, Map<String, Set<Class<? extends Throwable>>>> byClass = new HashMap<>();

    /// What the methods of a closed object say.
    static Answers ofClosed() {
        Answers answers = new Answers();
        answers.works(Fd.class, "close isOpen fileno toString");
        answers.fails(
                Fd.class,
                ClosedChannelException.class,
                "read write isBlocking setBlocking dup redirectFrom redirectTo use");
        answers.fails(
                SocketFd.class,
                ClosedChannelException.class,
                "accept bind connect finishConnect getOption listen localAddress receive receiveFrom send sendTo setOption"
                        + " shutdownInput shutdownOutput");
        answers.put(SocketFd.class, Set.of(NOTHING, ClosedChannelException.class), "remoteAddress"); // if it was known
        answers.works(PtyFd.class, "path");
        answers.fails(PtyFd.class, ClosedChannelException.class, "setPacketMode");
        answers.works(TimerFd.class, "clock");
        answers.fails(TimerFd.class, ClosedChannelException.class, "set setAt setAtCancelOnSet disarm get");
        answers.works(SignalFd.class, "signals");
        answers.works(PidFd.class, "pid");
        answers.fails(PidFd.class, ClosedChannelException.class, "exitValue sendSignal");
        answers.put(
                PidFd.class,
                Set.of(ClosedChannelException.class, UnsupportedOperationException.class), // what Java has started
                "reap");
        answers.fails(InotifyFd.class, ClosedChannelException.class, "addWatch removeWatch");
        answers.works(InotifyTree.class, "root");
        answers.works(RawMode.class, "close previous");
        answers.works(PipeFd.Pipe.class, "reader writer close equals hashCode toString");
        answers.works(PtyFd.Pair.class, "master terminal close equals hashCode toString");
        answers.works(SocketFd.Pair.class, "first second close equals hashCode toString");
        answers.works(Epoll.class, "close closed fileno toString");
        answers.fails(Epoll.class, ClosedChannelException.class, "register modify unregister poll");
        answers.works(Kqueue.class, "close closed fileno toString");
        answers.fails(Kqueue.class, ClosedChannelException.class, "control");
        answers.works(Selector.class, "close isOpen backend wakeup toString fileno");
        answers.fails(
                Selector.class,
                ClosedSelectorException.class,
                "register unregister modify select selectNow getKey getMap");
        return answers;
    }

    /// What methods say that are handed a closed object.
    static Answers toClosed() {
        Answers answers = new Answers();
        answers.fails(Selector.class, IllegalArgumentException.class, "register");
        answers.fails(Selector.class, NotRegisteredException.class, "modify unregister getKey");
        answers.fails(Epoll.class, IllegalArgumentException.class, "register modify unregister");
        answers.fails(Poll.class, IllegalArgumentException.class, "register modify unregister");
        answers.fails(Select.class, IllegalArgumentException.class, "select");
        answers.fails(Await.class, IllegalArgumentException.class, "ready readable writable");
        answers.fails(Kevent.class, IllegalArgumentException.class, NEW);
        answers.fails(Terminal.class, ClosedChannelException.class, "isTerminal windowSize setWindowSize rawMode");
        answers.fails(Termios.class, ClosedChannelException.class, "of apply");
        answers.works(SelectorKey.class, NEW);
        answers.works(AlreadyRegisteredException.class, NEW);
        answers.works(NotRegisteredException.class, NEW);
        return answers;
    }

    private void works(Class<?> type, String names) {
        put(type, Set.of(NOTHING), names);
    }

    private void fails(Class<?> type, Class<? extends Throwable> exception, String names) {
        put(type, Set.of(exception), names);
    }

    private void put(Class<?> type, Set<Class<? extends Throwable>> outcomes, String names) {
        for (String name : names.split(" ", -1)) {
            byClass.computeIfAbsent(type, _ -> new HashMap<>()).put(name, outcomes);
        }
    }

    /// What one of a class may say.
    ///
    /// @param type the class of the object, or the one that has the static method
    /// @param executable a method, inherited perhaps, or a constructor
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
            throw new AssertionError("nobody has thought about what is closed in " + executable + " of " + type);
        }
        return outcomes;
    }
}
