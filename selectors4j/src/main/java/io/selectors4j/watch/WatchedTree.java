package io.selectors4j.watch;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.linux.InotifyBuffer;
import io.selectors4j.internal.posix.PathNames;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.internal.sys.SingleFdPoll;
import io.selectors4j.internal.sys.SystemCall;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What an [InotifyTree] knows: its directories, where they are, and their watches. One thread at a time.
///
/// A watch belongs to a directory, not to a path, and moves with it. Here, each is a node with a name in its parent, so
/// that the paths of all below change with one rename.
///
/// Events tell the past, in order: they say where a known directory is. A directory that is not known yet can only be
/// looked for by path, now, and may be elsewhere by now, or another one in its place. So the two are compared whenever a
/// directory appears: `inotify_add_watch` of one that is watched returns the watch it has.
///
/// - A directory that appears gets its watch first, and then is listed: what is made between is told twice.
/// - If the watch is one that is known, the directory is there, and not where it was thought to be.
/// - Where something was looked for by path is noted ([WatchedDirectory#touched]). If that is renamed before all events from
///   before have been read, it is listed again.
/// - A directory that was renamed away is put aside. IN_MOVED_TO with the same cookie says where it is. Its own
///   IN_MOVE_SELF comes after that: if it finds the directory still aside, it has left the tree.
/// - Whatever does not fit makes the whole [#doubtful]: a directory that has lost its place to another one, or that nobody
///   tells of any more. Then, once all events have been read, everything is listed; what is found elsewhere than thought,
///   and what has appeared since there was no doubt, is told once more.
final class WatchedTree {

    private static final int OWN_EVENTS =
            InotifyFd.IN_CREATE | InotifyFd.IN_MOVE | InotifyFd.IN_DELETE_SELF | InotifyFd.IN_MOVE_SELF;
    private static final int SELF_EVENTS = InotifyFd.IN_DELETE_SELF | InotifyFd.IN_MOVE_SELF;
    private static final int APPEARANCES = InotifyFd.IN_CREATE | InotifyFd.IN_MOVED_TO;

    /// A read that never comes, and so is never long ago.
    private static final int ALWAYS = Integer.MAX_VALUE;

    private final int fd;
    private final Path label;
    private final int asked;
    private final int mask;

    /// The root without symbolic links: what becomes of them later does not lead elsewhere.
    private final Path top;

    private final WatchedDirectory root;
    private final Map<Integer, WatchedDirectory> nodes = new HashMap<>();

    /// Directories whose place is not known, and perhaps some that have one again.
    private final Set<WatchedDirectory> homeless = new HashSet<>();

    /// Those of them that were renamed away, by cookie.
    private final Map<Integer, WatchedDirectory> aside = new HashMap<>();

    /// What one read hands out.
    private List<TreeEvent> events = new ArrayList<>();

    /// Counts reads. All events from before the read `settled` have been seen.
    private int reads;

    private int settled;

    /// The last read after which there was no doubt.
    private int certain;

    private boolean opening = true;
    private boolean doubtful;
    private boolean unsure;
    private boolean listingAll;
    private boolean gone;

    /// A directory that is to be listed.
    ///
    /// @param fresh whether what is in it is news
    private record Visit(WatchedDirectory node, boolean fresh) {}

    /// Watches a directory and all below.
    ///
    /// @param fd the inotify descriptor
    /// @param label the directory as the user has it
    /// @param asked the events that the user asks for
    WatchedTree(int fd, Path label, int asked) throws IOException {
        this.fd = fd;
        this.label = label;
        this.asked = asked;
        int own = asked | OWN_EVENTS | InotifyFd.IN_ONLYDIR | InotifyFd.IN_EXCL_UNLINK;
        mask = own | InotifyFd.IN_DONT_FOLLOW;
        int wd = SystemCall.check(Inotify.addWatch(fd, label, own), () -> call(label));
        top = label.toRealPath();
        root = new WatchedDirectory(wd, Path.of(""));
        nodes.put(wd, root);
        scan(root, true);
        opening = false;
        unsure = doubtful;
        doubtful = false;
        // If nothing has happened meanwhile, everything is where it was found.
        settled = SingleFdPoll.await(fd, PollFlags.POLLIN, 0) != 0 ? 0 : 1;
    }

    private String call(Path path) {
        return "inotify_add_watch(fd=" + fd + ", " + path + ", " + Inotify.toString(mask) + ")";
    }

    /// Whether the root is gone, and nothing is watched any more.
    boolean isGone() {
        return gone;
    }

    /// The directories that are watched.
    Set<Path> directories() {
        Set<Path> paths = new TreeSet<>();
        for (WatchedDirectory node : nodes.values()) {
            if (node.isWithin(root)) {
                paths.add(label.resolve(node.path()));
            }
        }
        return paths;
    }

    /// Takes in what a read has found.
    ///
    /// @param buffer what it was read into
    /// @param count how many bytes of events there are
    /// @return what the user is told
    List<TreeEvent> process(InotifyBuffer buffer, int count) throws IOException {
        events = new ArrayList<>();
        reads++;
        for (int event = 0; event < count && !gone; event = buffer.next(event)) {
            take(buffer.wd(event), buffer.mask(event), buffer.cookie(event), buffer.name(event));
        }
        if (buffer.capacity() - count >= InotifyBuffer.LARGEST && !gone) {
            // There was room for more events: these were all.
            homeless.removeIf(node -> node.parent != null);
            aside.values().retainAll(homeless);
            // What has become of a directory that has lost its place is told at once.
            doubtful |= homeless.stream().anyMatch(node -> node.homelessSince < reads);
            if (doubtful) {
                rescan();
            } else {
                certain = reads;
            }
            settled = reads;
        }
        return events;
    }

    private void take(int wd, int what, int cookie, byte[] rawName) throws IOException {
        if ((what & InotifyFd.IN_Q_OVERFLOW) != 0) {
            events.add(new TreeEvent(label, InotifyFd.IN_Q_OVERFLOW, 0));
            rescan();
            return;
        }
        WatchedDirectory node = nodes.get(wd);
        if (node == null) {
            return; // an event from before its watch was removed
        }
        boolean shown = (what & (asked | InotifyFd.IN_UNMOUNT)) != 0;
        if (rawName.length == 0) {
            if (shown || (node == root && (what & SELF_EVENTS) != 0)) {
                report(node.path(), what, cookie);
            }
            takeOwn(node, what);
        } else {
            Path name = PathNames.decode(rawName);
            if (shown) {
                report(node.path().resolve(name), what, cookie);
            }
            if ((what & APPEARANCES) != 0) {
                node.told = reads;
                doubtful |= !node.isWithin(root);
            }
            if ((what & InotifyFd.IN_ISDIR) != 0) {
                takeNamed(node, what, cookie, name);
            }
        }
    }

    /// Takes in what a directory says of itself.
    private void takeOwn(WatchedDirectory node, int what) {
        if ((what & InotifyFd.IN_IGNORED) != 0) {
            detach(node);
            remove(node);
            if (node == root) {
                end();
            }
            for (WatchedDirectory child : List.copyOf(node.children.values())) {
                // A directory that is deleted is empty.
                detach(child);
                doubtful = true;
            }
        } else if ((what & InotifyFd.IN_UNMOUNT) != 0) {
            // The directory that it was mounted on is there again.
            doubtful = true;
        } else if ((what & InotifyFd.IN_MOVE_SELF) != 0) {
            if (node == root) {
                end();
            } else if (node.parent == null && aside.containsValue(node)) {
                drop(node);
            } else {
                doubtful |= node.parent == null || !node.arriving;
                node.arriving = false;
            }
        }
    }

    /// Takes in what a directory says of one in it.
    private void takeNamed(WatchedDirectory parent, int what, int cookie, Path name) throws IOException {
        doubtful |= unsure;
        unsure = false;
        if ((what & InotifyFd.IN_MOVED_FROM) != 0) {
            WatchedDirectory child = leaving(parent, name);
            if (child != null) {
                detach(child);
                child.arriving = false;
                aside.put(cookie, child);
            }
        } else if ((what & InotifyFd.IN_MOVED_TO) != 0) {
            WatchedDirectory arrived = arrive(parent, name, aside.remove(cookie));
            if (arrived != null) {
                arrived.arriving = true;
            }
        } else if ((what & InotifyFd.IN_CREATE) != 0) {
            arrive(parent, name, null);
        }
    }

    /// The directory that is renamed away. Of two that are exchanged, the first comes to its new place before the second
    /// has left it.
    private @Nullable WatchedDirectory leaving(WatchedDirectory parent, Path name) {
        for (WatchedDirectory node : homeless) {
            if (node.parent == null && node.displacedFrom == parent && node.name.endsWith(name)) {
                node.displacedFrom = null;
                return node;
            }
        }
        return parent.children.get(name);
    }

    /// Notes that a directory has appeared.
    ///
    /// @param expected which one, if it was renamed within the tree
    /// @return which one it is; null if it cannot be told, or is not watched
    private @Nullable WatchedDirectory arrive(WatchedDirectory parent, Path name, @Nullable WatchedDirectory expected)
            throws IOException {
        if (!parent.isWithin(root)) {
            // The path that this one had may lead elsewhere. It is listed when its place is known again.
            parent.touch(ALWAYS);
            return expected != null && attach(parent, name, expected) ? expected : null;
        }
        Path path = parent.path().resolve(name);
        int wd = watch(path);
        parent.touch(reads);
        if (wd < 0) {
            if (expected != null) {
                boolean attached = attach(parent, name, expected);
                expected.touch(reads); // it has gone elsewhere already, and is listed there
                return attached ? expected : null;
            }
            WatchedDirectory replaced = parent.children.get(name);
            if (replaced != null) {
                displace(replaced, parent);
            }
            notWatched(path, wd);
            return null;
        }
        WatchedDirectory known = nodes.get(wd);
        WatchedDirectory found = known == null ? new WatchedDirectory(wd, path) : known;
        doubtful |= expected != null && found != expected;
        boolean moved = !found.isAt(parent, name);
        if (!attach(parent, name, found)) {
            return null;
        }
        if (known == null) {
            nodes.put(wd, found);
            scan(found, true);
        } else if (moved && (found != expected || found.touched >= settled)) {
            scan(found, found != expected);
        }
        return found;
    }

    /// Takes a directory out of its place.
    private void detach(WatchedDirectory node) {
        if (node.leave()) {
            node.homelessSince = reads;
            homeless.add(node);
        }
    }

    /// Takes a directory out of its place, since another one has come there.
    private void displace(WatchedDirectory node, WatchedDirectory parent) {
        detach(node);
        node.displacedFrom = parent;
    }

    /// Gives a directory its place.
    ///
    /// @return whether that is possible: a directory is not within itself
    private boolean attach(WatchedDirectory parent, Path name, WatchedDirectory node) {
        if (parent.isWithin(node)) {
            doubtful = true;
            return false;
        }
        WatchedDirectory other = parent.children.get(name);
        if (other != node) {
            if (other != null) {
                displace(other, parent);
            }
            if (node.parent != null) {
                node.parent.touch(reads);
                node.leave();
            }
            node.enter(parent, name);
            parent.touch(node.touched);
        }
        return true;
    }

    /// Lists a directory, and what is below as far as it is not known for sure.
    private void scan(WatchedDirectory start, boolean fresh) throws IOException {
        Deque<Visit> visits = new ArrayDeque<>();
        visits.add(new Visit(start, fresh));
        while (!visits.isEmpty()) {
            Visit visit = visits.remove();
            if (visit.node.isWithin(root)) {
                scanOne(visit, visits);
            }
        }
    }

    private void scanOne(Visit visit, Deque<Visit> next) throws IOException {
        WatchedDirectory node = visit.node;
        Path path = node.path();
        node.touched = reads;
        Map<Path, Boolean> found;
        try {
            found = DirectoryListing.of(top.resolve(path));
        } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException e) {
            if (opening && node == root) {
                throw e;
            }
            node.touch(reads); // it has gone, which an event will say; or it is passed over
            return;
        } catch (IOException e) {
            lost(path, e);
            return;
        }
        int wd = watch(path);
        if (wd != node.wd && !Inotify.isDenied(wd)) {
            // Another directory is in its place, which an event will say; this may have been the other one's list.
            if (wd >= 0 && !nodes.containsKey(wd)) {
                Inotify.removeWatch(fd, wd);
            }
            node.touch(reads);
            doubtful = true;
            return;
        }
        // While there was doubt, what has appeared may have been told with a path that it has never had.
        boolean news = visit.fresh || node.unlisted || (listingAll && node.told > certain);
        node.unlisted = false;
        for (Map.Entry<Path, Boolean> entry : found.entrySet()) {
            Path name = entry.getKey();
            Visit below = entry.getValue() ? find(node, name) : null;
            if ((news || (below != null && below.fresh)) && (asked & InotifyFd.IN_CREATE) != 0) {
                report(path.resolve(name), InotifyFd.IN_CREATE | (entry.getValue() ? InotifyFd.IN_ISDIR : 0), 0);
            }
            if (below != null) {
                next.add(new Visit(below.node, visit.fresh || below.fresh));
            }
        }
        for (WatchedDirectory child : List.copyOf(node.children.values())) {
            if (!found.containsKey(child.name)) {
                if (listingAll) {
                    detach(child);
                } else {
                    // An event will say what has become of it, if it has ever been here.
                    doubtful |= child.touched >= settled;
                }
            }
        }
    }

    /// Watches a directory that was found in a list.
    ///
    /// @return whether and how it is to be listed itself; null if not
    private @Nullable Visit find(WatchedDirectory parent, Path name) throws IOException {
        Path path = parent.path().resolve(name);
        int wd = watch(path);
        if (wd < 0) {
            notWatched(path, wd);
            return null;
        }
        WatchedDirectory known = nodes.get(wd);
        WatchedDirectory node = known == null ? new WatchedDirectory(wd, path) : known;
        WatchedDirectory replaced = parent.children.get(name);
        doubtful |= replaced != null && replaced != node;
        // What is in one that was thought to be elsewhere may have been told with a wrong path.
        boolean fresh = !node.isAt(parent, name);
        if (!attach(parent, name, node)) {
            return null;
        }
        nodes.put(wd, node);
        return new Visit(node, fresh);
    }

    /// Lists everything, and removes the watches of what is not found.
    private void rescan() throws IOException {
        int wd = watch(root.path());
        if ((wd >= 0 && wd != root.wd) || Inotify.isMissing(wd)) {
            if (wd >= 0) {
                Inotify.removeWatch(fd, wd);
            }
            end();
            return;
        }
        doubtful = false;
        listingAll = true;
        scan(root, false);
        listingAll = false;
        for (WatchedDirectory node : List.copyOf(nodes.values())) {
            if (!node.isWithin(root)) {
                forget(node);
            }
        }
        homeless.clear();
        aside.clear();
        // If something moves meanwhile, an event comes. If none comes, it would be the same once more.
        unsure = doubtful;
        doubtful = false;
    }

    /// Forgets a directory that has left the tree, and all below.
    private void drop(WatchedDirectory node) {
        Deque<WatchedDirectory> left = new ArrayDeque<>();
        left.add(node);
        while (!left.isEmpty()) {
            WatchedDirectory one = left.remove();
            left.addAll(one.children.values());
            forget(one);
        }
    }

    private void remove(WatchedDirectory node) {
        nodes.remove(node.wd);
        homeless.remove(node);
    }

    private void forget(WatchedDirectory node) {
        remove(node);
        Inotify.removeWatch(fd, node.wd); // EINVAL if it has been deleted meanwhile
    }

    /// Ends it all, and says so.
    private void end() {
        for (WatchedDirectory node : List.copyOf(nodes.values())) {
            forget(node);
        }
        homeless.clear();
        aside.clear();
        gone = true;
        events.add(new TreeEvent(label, InotifyFd.IN_IGNORED, 0));
    }

    private int watch(Path path) {
        return Inotify.addWatch(fd, top.resolve(path), mask);
    }

    private void notWatched(Path path, int result) throws IOException {
        if (!Inotify.isMissing(result) && !Inotify.isDenied(result)) {
            lost(path, new NativeIOException(call(top.resolve(path)), -result));
        }
    }

    /// Events of a directory, or of what is below, will be missing.
    private void lost(Path path, IOException cause) throws IOException {
        if (opening) {
            throw cause;
        }
        events.add(new TreeEvent(label.resolve(path), InotifyFd.IN_Q_OVERFLOW, 0));
    }

    private void report(Path path, int what, int cookie) {
        if (!opening) {
            events.add(new TreeEvent(label.resolve(path), what, cookie));
        }
    }
}
