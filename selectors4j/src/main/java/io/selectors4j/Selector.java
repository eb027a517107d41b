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
/// try (Selector<Runnable> selector = Selector.open()) {
///     selector.register(server, Interest.READ, () -> accept(server));
///     while (true) {
///         for (ReadyKey<Runnable> ready : selector.select()) {
///             ready.key().data().run();
///         }
///     }
/// }
/// ```
///
/// ## Registration
/// An object is registered under the number of its descriptor, one object a number. Readiness is level-triggered: it is
/// reported by every select until it is gone; unless the [Interest] has a mode: edge-triggered, one-shot, exclusive.
///
/// [#register], [#modify], [#unregister], [#wakeup] and [#close] may be called by any thread, also while another one
/// selects, and take effect at once; nobody has to be woken for it. What is unregistered is never delivered afterwards,
/// not even from a batch that is being handed to a handler; only a call of the handler that the selecting thread is about
/// to make at this very moment is still made. A list that [#select] has returned is a snapshot.
///
/// A call that fails leaves everything as it was.
///
/// ## Closed descriptors
/// An [io.selectors4j.fd.Fd], an [EpollSelector] and a [KqueueSelector] unregister themselves when they are closed. A channel of the JDK (see
/// [io.selectors4j.fd.JdkChannels]) is not reported any more once it is closed. Any other object should be unregistered
/// first; else:
/// - SELECT and POLL report it as [Readiness#isInvalid] until it is unregistered, or as ready for what a new owner of its
///   number is ready for;
/// - EPOLL reports nothing, since the kernel forgets it; unless another descriptor still refers to the same open file (it
///   was duplicated, or inherited by a child): then EPOLL goes on reporting, and once the key is unregistered the selector
///   builds itself a new epoll set without it;
/// - KQUEUE reports nothing, whatever else refers to the same open file (with libkqueue, see [KqueueSelector]).
///
/// [#unregister] works after the descriptor was closed, by the object itself or its number. By the object, it never touches a
/// new owner of the number.
/// Registering a new object under the number of one whose `fileno()` has become another one replaces the dead key.
///
/// ## Waiting
/// One thread at a time selects. A select returns when something is ready, when the time is over, after [#wakeup],
/// when the thread is or gets interrupted (its interrupt status stays set), and never early for another reason: a signal
/// that interrupts the system call is not noticed. (An interrupt or a wake-up that comes when a select is returning anyway
/// may end the next one.) It never returns before its timeout for lack of precision: what is
/// rounded is rounded up. All backends wait to the nanosecond, as far as the kernel's timers are that good; EPOLL to the
/// millisecond on a kernel before 5.11, and POLL on macOS.
///
/// On a virtual thread a select that waits leaves the carrier to other threads. With EPOLL and KQUEUE, one thread of the library's
/// own watches for all of them; with SELECT and POLL, one for each makes the system call.
///
/// ## What is always ready
/// Regular files, directories, and devices such as `/dev/null` that cannot be polled: EPOLL refuses them (EPERM); SELECT and
/// POLL report them as always ready. KQUEUE takes them: a regular file is always ready to write, and to read while its position
/// is before its end, on FreeBSD always. Source: epoll_ctl(2), select(2), poll(2), kqueue(2).
///
/// Source of the contract: Python's module `selectors`.
///
/// @param <A> type of the data attached to the keys
public interface Selector<A extends @Nullable Object> extends Closeable {

    /// Opens the best selector of this system: Python's `DefaultSelector`. That is EPOLL on Linux, and KQUEUE on
    /// macOS and the BSDs.
    ///
    /// @param <A> type of the data attached to the keys
    /// @return a new selector
    /// @throws NativeIOException if the system has no descriptors or memory left for it
    /// @throws UnsupportedOperationException if no backend is available; the message says why
    static <A extends @Nullable Object> Selector<A> open() throws IOException {
        return Backend.best().open();
    }

    /// The backend of this selector.
    ///
    /// @return the backend
    Backend backend();

    /// Registers an object. From any thread; does not block.
    ///
    /// @param fileobj the object whose descriptor to wait on
    /// @param events what to wait for, not [Interest#NONE]
    /// @param data anything to find in the key again
    /// @return the new key
    /// @throws IllegalArgumentException if `events` is empty, or the object's descriptor is negative (Python's
    ///     `ValueError`), or the one that this selector is woken by
    /// @throws UnsupportedOperationException if the backend cannot do a mode of `events`; see [Backend#supports]
    /// @throws AlreadyRegisteredException if the descriptor is registered (Python's `KeyError`)
    /// @throws NativeIOException if the kernel refuses it: EBADF if the descriptor is not open; with EPOLL also EPERM for
    ///     what cannot be polled (a regular file, a directory, `/dev/null`), ENOSPC at the limit of
    ///     `/proc/sys/fs/epoll/max_user_watches`, ELOOP for epoll instances that watch each other, EINVAL for one that is to
    ///     watch itself, or another one exclusively
    /// @throws ClosedSelectorException if the selector is closed
    SelectorKey<A> register(Pollable fileobj, Interest events, A data) throws IOException;

    /// Unregisters an object. From any thread; does not block. The object may have been closed before.
    ///
    /// @param fileobj the object, or [Pollable#borrow] its descriptor
    /// @return the key it had
    /// @throws NotRegisteredException if it is not registered (Python's `KeyError`)
    /// @throws ClosedSelectorException if the selector is closed
    SelectorKey<A> unregister(Pollable fileobj);

    /// Changes what a registered object is waited on for, and its data. From any thread; does not block. One system call at
    /// the most, and none if the events stay the same; two to or from [Interest#exclusive], which the kernel cannot change in
    /// place. One-shot events are armed again, also if they stay the same.
    ///
    /// @param fileobj the object, or [Pollable#borrow] its descriptor
    /// @param events what to wait for from now on; [Interest#NONE] for nothing, not even a hang-up
    /// @param data the data from now on
    /// @return the new key, which keeps the object of the registration
    /// @throws NotRegisteredException if it is not registered (Python's `KeyError`)
    /// @throws UnsupportedOperationException if the backend cannot do a mode of `events`; the key stays as it was
    /// @throws NativeIOException if the kernel refuses it, as for [#register]; the key stays as it was
    /// @throws ClosedSelectorException if the selector is closed
    SelectorKey<A> modify(Pollable fileobj, Interest events, A data) throws IOException;

    /// Waits until something is ready, without a limit of time.
    ///
    /// @return what is ready; empty after [#wakeup] or an interrupt
    /// @throws NativeIOException if the kernel refuses to wait, or EPOLL cannot replace its set (EMFILE; see above)
    /// @throws ClosedSelectorException if the selector is closed, before or meanwhile
    /// @throws IllegalStateException if a thread is selecting with this selector already
    default List<ReadyKey<A>> select() throws IOException {
        return select((Duration) null);
    }

    /// Waits until something is ready.
    ///
    /// @param timeout the longest wait; null for no limit; zero or negative to look without waiting. Rounded up to the
    ///     backend's unit; beyond 292 years there is no limit
    /// @return what is ready; empty when the time is over, after [#wakeup] or an interrupt
    /// @throws NativeIOException if the kernel refuses to wait, or EPOLL cannot replace its set (EMFILE; see above)
    /// @throws ClosedSelectorException if the selector is closed, before or meanwhile
    /// @throws IllegalStateException if a thread is selecting with this selector already
    default List<ReadyKey<A>> select(@Nullable Duration timeout) throws IOException {
        ReadyList<A> ready = new ReadyList<>();
        select(timeout, ready);
        return ready.keys();
    }

    /// Looks what is ready, without waiting.
    ///
    /// @return what is ready
    /// @throws NativeIOException if the kernel refuses to look
    /// @throws ClosedSelectorException if the selector is closed
    /// @throws IllegalStateException if a thread is selecting with this selector already
    default List<ReadyKey<A>> selectNow() throws IOException {
        return select(Duration.ZERO);
    }

    /// Waits until something is ready and hands it to a handler, without creating any object on the way.
    ///
    /// Each key is looked at once more just before it is handed over: what an earlier call of the handler, or another
    /// thread, has unregistered or modified not to wait for is left out. If the handler throws, the rest is delivered by
    /// the next select, which then does not wait.
    ///
    /// @param <X> what the handler may throw
    /// @param timeout the longest wait; null for no limit; zero or negative to look without waiting. Rounded up to the
    ///     backend's unit; beyond 292 years there is no limit
    /// @param handler takes each ready key; may use and close the selector, but not select with it
    /// @return how many keys were handed over
    /// @throws NativeIOException if the kernel refuses to wait, or EPOLL cannot replace its set (EMFILE; see above)
    /// @throws X what the handler throws
    /// @throws ClosedSelectorException if the selector is closed, before or while waiting
    /// @throws IllegalStateException if a thread is selecting with this selector already
    <X extends Exception> int select(@Nullable Duration timeout, ReadyHandler<A, X> handler) throws IOException, X;

    /// Makes the select that is waiting return, or else the next one that would wait. Many wake-ups before it returns count
    /// as one. [#selectNow] leaves a wake-up to the next select that would wait, unlike NIO's, and so does a select that fails. From any thread; does nothing if
    /// the selector is closed.
    ///
    /// @throws IllegalStateException if the thread that is waiting cannot be woken, since somebody has closed the selector's own
    ///     descriptor behind its back
    void wakeup();

    /// The key of an object.
    ///
    /// @param fileobj the object, or [Pollable#borrow] its descriptor
    /// @return its key
    /// @throws NotRegisteredException if it is not registered (Python's `KeyError`)
    /// @throws ClosedSelectorException if the selector is closed
    SelectorKey<A> getKey(Pollable fileobj);

    /// The registered objects and their keys: a live view that cannot be changed, and that is empty once the selector is
    /// closed. Its iterators go over the keys at the time of their creation.
    ///
    /// @return the view
    /// @throws ClosedSelectorException if the selector is closed
    Map<Pollable, SelectorKey<A>> getMap();

    /// Whether the selector is not closed.
    ///
    /// @return whether it is open
    boolean isOpen();

    /// Unregisters everything and gives the selector's own descriptors back. A thread that is selecting returns at once
    /// with a [ClosedSelectorException], and it is this thread that gives them back; a handler that it is running is not
    /// disturbed. From any thread; closing again does nothing.
    ///
    /// @throws IllegalStateException if the selector is closed, but the thread that is waiting cannot be woken, since somebody has
    ///     closed the selector's own descriptor behind its back
    @Override
    void close();
}
