package io.selectors4j;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Waits for I/O on any number of descriptors: Python's `BaseSelector`.
///
/// ```java
/// server.setBlocking(false);
/// try (Selector<SocketFd> selector = Selector.open()) {
///     selector.register(server, Interest.READ, server);
///     while (true) {
///         selector.select((key, readiness) -> {
///             if (key.data() != server) {
///                 echo(key.data());
///                 return;
///             }
///             SocketFd accepted = server.accept();
///             if (accepted != null) {
///                 selector.register(accepted, Interest.READ, accepted);
///             }
///         });
///     }
/// }
/// ```
///
/// A handler may throw any exception, and `select` throws it too.
///
/// ## Registration
/// An object is registered under the number of its descriptor, one object a number. Readiness is level-triggered: every
/// select reports it until it is gone. The modes of an [Interest] change that: edge-triggered, one-shot, exclusive.
///
/// Any thread may call [#register], [#modify], [#unregister], [#wakeup] and [#close], also while another one selects.
/// They take effect at once; the selecting thread does not have to be woken. After [#unregister] has returned, nothing
/// of that key is delivered, not even from a batch that is being dispatched; except for one handler call that the
/// selecting thread has already begun to dispatch. A list that [#select] has returned is a snapshot. A call that fails
/// leaves everything as it was.
///
/// ## Blocking descriptors
/// Readiness is a hint. Between the wait and the read another thread may take the data; a connection may be gone before
/// `accept`; a datagram may have a wrong checksum. A read, write or accept on a blocking descriptor then waits in the
/// kernel, and the selecting thread with it: one slow client stops all others. So set descriptors non-blocking before
/// you register them. A socket that a non-blocking listener accepts is non-blocking. Source: select(2), BUGS.
///
/// ## Closed descriptors
/// An [io.selectors4j.fd.Fd], an [EpollSelector] and a [KqueueSelector] unregister themselves when they close. A
/// channel of the JDK (see [io.selectors4j.fd.JdkChannels]) is not reported after its close. Unregister any other
/// object before you close it. Otherwise:
/// - SELECT and POLL report it as [Readiness#isInvalid] until it is unregistered. If its number has a new owner, they
///   report that one's readiness.
/// - EPOLL reports nothing, because the kernel forgets the descriptor. If another descriptor refers to the same open
///   file (a duplicate, or one that a child inherited), EPOLL goes on reporting it. Once the key is unregistered, the
///   selector replaces its epoll instance by a new one without that file.
/// - AFD reports it as [Readiness#isInvalid] until it is unregistered or modified, also if its number has a new owner.
///   It does not notice a close between an event and the next select; see [AfdSelector].
/// - KQUEUE reports nothing, whatever else refers to the same open file. For libkqueue see [KqueueSelector].
///
/// [#unregister] works after the descriptor was closed, with the object itself or its number. With the object, it never
/// affects a new owner of the number. If the `fileno()` of a registered object has changed, another object can be
/// registered under the old number, and replaces the dead key.
///
/// ## Waiting
/// One thread at a time selects. A select returns all keys that are ready. It returns when a key is ready, after the
/// timeout, after [#wakeup], and when the thread is interrupted, before or during the wait (its interrupt status stays
/// set). It does not return when a signal interrupts the system call. An interrupt or a wakeup that comes when a select
/// is about to return may end the next one.
///
/// A select never returns before its timeout for lack of precision: timeouts are rounded up. All backends wait to the
/// nanosecond, as far as the kernel's timers allow. EPOLL waits to the millisecond on a kernel before 5.11, POLL on
/// macOS, and AFD always.
///
/// On a virtual thread, a select that waits leaves the carrier to other threads. With EPOLL and KQUEUE, one thread of
/// the library watches for all of them; with SELECT, POLL and AFD, a helper thread for each makes the system call.
///
/// ## Descriptors that are always ready
/// EPOLL refuses regular files, directories and devices such as `/dev/null`, which cannot be polled, with EPERM. SELECT
/// and POLL report them as always ready. KQUEUE takes them: a regular file is always ready to write, and ready to read
/// while its position is before its end, on FreeBSD always. AFD takes sockets only. Source: epoll_ctl(2), select(2),
/// poll(2), kqueue(2).
///
/// Source of the contract: Python's module `selectors`.
///
/// @param <A> type of the data attached to the keys
public interface Selector<A extends @Nullable Object> extends Closeable {

    /// Opens a selector on the best backend of this system: Python's `DefaultSelector`. That is EPOLL on Linux, KQUEUE
    /// on macOS and the BSDs, and AFD on Windows.
    ///
    /// @param <A> type of the data attached to the keys
    /// @return a new selector
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    /// @throws UnsupportedOperationException if no backend is available; the message says why
    static <A extends @Nullable Object> Selector<A> open() throws IOException {
        return Backend.best().open();
    }

    /// Returns the backend of this selector.
    ///
    /// @return the backend
    Backend backend();

    /// Registers an object. Does not block. Any thread may call it.
    ///
    /// @param fileobj the object whose descriptor to wait for
    /// @param events the events to wait for, not [Interest#NONE]
    /// @param data returned with the key
    /// @return the new key
    /// @throws IllegalArgumentException if `events` is empty, if the object's descriptor is negative (Python's
    ///     `ValueError`), or if it is the descriptor that wakes this selector
    /// @throws UnsupportedOperationException if the backend does not support a mode of `events`, see
    ///     [Backend#supports]; for [Interest#PRIORITY] and [Interest#HANGUP] of a batched socket
    /// @throws IllegalStateException if it is a batched socket of another selector; see [IoUringSelector#batch]
    /// @throws AlreadyRegisteredException if the descriptor is registered (Python's `KeyError`)
    /// @throws NativeIOException if the kernel refuses: EBADF if the descriptor is not open; with EPOLL also EPERM for
    ///     a file that cannot be polled (a regular file, a directory, `/dev/null`), ENOSPC at the limit of
    ///     `/proc/sys/fs/epoll/max_user_watches`, ELOOP for epoll instances that watch each other, EINVAL for one that
    ///     would watch itself, or another one exclusively
    /// @throws ClosedSelectorException if the selector is closed
    SelectorKey<A> register(Pollable fileobj, Interest events, A data) throws IOException;

    /// Unregisters an object, which may be closed. Does not block. Any thread may call it.
    ///
    /// @param fileobj the object, or [Pollable#borrow] of its descriptor
    /// @return its last key
    /// @throws NotRegisteredException if it is not registered (Python's `KeyError`)
    /// @throws ClosedSelectorException if the selector is closed
    SelectorKey<A> unregister(Pollable fileobj);

    /// Changes the events and the data of a registered object. Does not block. Any thread may call it.
    ///
    /// Makes at most one system call, and none if the events stay the same; two to or from [Interest#exclusive], which
    /// the kernel does not change in place, and three with AFD. One-shot events are armed again, also if they stay the
    /// same.
    ///
    /// @param fileobj the object, or [Pollable#borrow] of its descriptor
    /// @param events the events to wait for from now on; [Interest#NONE] for none, not even a hang-up
    /// @param data the data from now on
    /// @return the new key, with the object that was registered
    /// @throws NotRegisteredException if it is not registered (Python's `KeyError`)
    /// @throws UnsupportedOperationException if the backend does not support a mode of `events`, or for
    ///     [Interest#PRIORITY] and [Interest#HANGUP] of a batched socket; the key stays as it was
    /// @throws NativeIOException if the kernel refuses, as for [#register]; the key stays as it was
    /// @throws ClosedSelectorException if the selector is closed
    SelectorKey<A> modify(Pollable fileobj, Interest events, A data) throws IOException;

    /// Waits until a key is ready, without a time limit.
    ///
    /// @return the ready keys; none after [#wakeup] or an interrupt
    /// @throws NativeIOException if the kernel refuses to wait, or EPOLL cannot replace its epoll instance (EMFILE; see
    ///     above)
    /// @throws ClosedSelectorException if the selector is closed, before or during the wait
    /// @throws IllegalStateException if a thread is selecting with this selector
    default List<ReadyKey<A>> select() throws IOException {
        return select((Duration) null);
    }

    /// Waits until a key is ready or the timeout is over.
    ///
    /// @param timeout the longest wait; null for no limit; zero or negative not to wait. Rounded up to the backend's
    ///     unit; more than 292 years are no limit
    /// @return the ready keys; none after the timeout, [#wakeup] or an interrupt
    /// @throws NativeIOException if the kernel refuses to wait, or EPOLL cannot replace its epoll instance (EMFILE; see
    ///     above)
    /// @throws ClosedSelectorException if the selector is closed, before or during the wait
    /// @throws IllegalStateException if a thread is selecting with this selector
    default List<ReadyKey<A>> select(@Nullable Duration timeout) throws IOException {
        ReadyList<A> ready = new ReadyList<>();
        select(timeout, ready);
        return ready.keys();
    }

    /// Returns the ready keys without waiting.
    ///
    /// @return the ready keys
    /// @throws NativeIOException if the system call fails
    /// @throws ClosedSelectorException if the selector is closed
    /// @throws IllegalStateException if a thread is selecting with this selector
    default List<ReadyKey<A>> selectNow() throws IOException {
        return select(Duration.ZERO);
    }

    /// Waits until a key is ready, without a time limit, and passes each ready key to a handler; see
    /// [#select(Duration, ReadyHandler)].
    ///
    /// @param <X> type of the exception that the handler may throw
    /// @param handler takes each ready key
    /// @return the number of calls of the handler; 0 after [#wakeup] or an interrupt
    /// @throws NativeIOException if the kernel refuses to wait, or EPOLL cannot replace its epoll instance (EMFILE; see
    ///     above)
    /// @throws X what the handler throws
    /// @throws ClosedSelectorException if the selector is closed, before or during the wait
    /// @throws IllegalStateException if a thread is selecting with this selector
    default <X extends Exception> int select(ReadyHandler<A, X> handler) throws IOException, X {
        return select(null, handler);
    }

    /// Waits until a key is ready or the timeout is over, and passes each ready key to a handler. Creates no object.
    ///
    /// Each key is validated just before its call. A key that an earlier call of the handler, or another thread, has
    /// unregistered or modified not to wait for the event is left out. If the handler throws, the next select delivers
    /// the rest and does not wait.
    ///
    /// @param <X> type of the exception that the handler may throw
    /// @param timeout the longest wait; null for no limit; zero or negative not to wait. Rounded up to the backend's
    ///     unit; more than 292 years are no limit
    /// @param handler takes each ready key; may use and close the selector, but not select with it
    /// @return the number of calls of the handler
    /// @throws NativeIOException if the kernel refuses to wait, or EPOLL cannot replace its epoll instance (EMFILE; see
    ///     above)
    /// @throws X what the handler throws
    /// @throws ClosedSelectorException if the selector is closed, before or during the wait
    /// @throws IllegalStateException if a thread is selecting with this selector
    <X extends Exception> int select(@Nullable Duration timeout, ReadyHandler<A, X> handler) throws IOException, X;

    /// Passes each ready key to a handler without waiting; see [#select(Duration, ReadyHandler)].
    ///
    /// @param <X> type of the exception that the handler may throw
    /// @param handler takes each ready key
    /// @return the number of calls of the handler
    /// @throws NativeIOException if the system call fails
    /// @throws X what the handler throws
    /// @throws ClosedSelectorException if the selector is closed
    /// @throws IllegalStateException if a thread is selecting with this selector
    default <X extends Exception> int selectNow(ReadyHandler<A, X> handler) throws IOException, X {
        return select(Duration.ZERO, handler);
    }

    /// Makes the current select return, or else the next one that would wait. Several wakeups before that return count
    /// as one. Any thread may call it. Does nothing if the selector is closed.
    ///
    /// [#selectNow] consumes no wakeup, unlike NIO's, and neither does a select that fails: the next select that would
    /// wait does. [#clearWakeup] discards it.
    ///
    /// @throws IllegalStateException if the selecting thread cannot be woken, because other code has closed the
    ///     selector's own descriptor
    void wakeup();

    /// Discards a [#wakeup] that no select has consumed yet. NIO's `selectNow` is this call followed by [#selectNow].
    /// Does not block.
    ///
    /// @return whether there was one
    /// @throws ClosedSelectorException if the selector is closed
    /// @throws IllegalStateException if a thread is selecting with this selector
    boolean clearWakeup();

    /// Returns the key of an object.
    ///
    /// @param fileobj the object, or [Pollable#borrow] of its descriptor
    /// @return its key
    /// @throws NotRegisteredException if it is not registered (Python's `KeyError`)
    /// @throws ClosedSelectorException if the selector is closed
    SelectorKey<A> getKey(Pollable fileobj);

    /// Returns the registered objects and their keys: a live view, which cannot be modified and is empty once the
    /// selector is closed. An iterator goes over the keys at the time of its creation.
    ///
    /// @return the view
    /// @throws ClosedSelectorException if the selector is closed
    Map<Pollable, SelectorKey<A>> getMap();

    /// Returns the state of this selector and of each key, for people who look for an error in a running program. Any
    /// thread may call it, also while another one selects. Blocks selects, registrations and unregistrations meanwhile.
    ///
    /// @return the state; of a closed selector, without keys
    SelectorDump<A> dump();

    /// Returns whether the selector is open.
    ///
    /// @return false after [#close]
    boolean isOpen();

    /// Unregisters all keys and closes the selector's own descriptors. Does not block. Any thread may call it; closing
    /// again does nothing.
    ///
    /// A thread that is waiting returns at once with a [ClosedSelectorException], and closes the descriptors. A handler
    /// that is running is not interrupted.
    ///
    /// @throws IllegalStateException if the selector is closed, but the waiting thread cannot be woken, because other
    ///     code has closed the selector's own descriptor
    @Override
    void close();
}
