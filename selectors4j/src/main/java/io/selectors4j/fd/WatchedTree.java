package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.InotifyBuffer;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
/// An event is read some time after it has happened. What it is about is looked for by path, now, and may be elsewhere by
/// now, or another directory may be in its place. So what the events say and what the kernel says (`inotify_add_watch` of a
/// directory that is watched returns its watch) are compared at each step:
///
/// - A directory that appears gets its watch first, and then is listed: what is made between is reported twice.
/// - If the watch is one that is known, the directory is where the path says, and not where it was thought to be.
/// - A renamed directory that was [Node#touched] so lately that events from before may still be unread is listed again.
/// - What cannot be explained otherwise makes the tree [#doubtful]: once all events have been read, everything is listed.
///
/// A directory that was renamed away is kept aside. IN_MOVED_TO with the same cookie says where it is. The directory's own
/// IN_MOVE_SELF comes after that: if it finds the directory still aside, it has left the tree.
final class WatchedTree {

    private static final int OWN_EVENTS =
            InotifyFd.IN_CREATE | InotifyFd.IN_MOVE | InotifyFd.IN_DELETE_SELF | InotifyFd.IN_MOVE_SELF;
    private static final int SELF_EVENTS = InotifyFd.IN_DELETE_SELF | InotifyFd.IN_MOVE_SELF;
    private static final int UNASKED = InotifyFd.IN_UNMOUNT;

    /// Longer ago than any event, and never over.
    private static final int ALWAYS = Integer.MAX_VALUE;

    private static final Set<Integer> VANISHED =
            Set.of(Errno.ENOENT, Errno.number("ENOTDIR"), Errno.ELOOP, Errno.number("ESTALE"));
    private static final Set<Integer> DENIED = Set.of(Errno.number("EACCES"), Errno.EPERM);

    private final int fd;
    private final Path label;
    private final int asked;
    private final int mask;

    /// The root without symbolic links: what becomes of them later does not lead elsewhere.
    private final Path top;

    private final Node root;
    private final Map<Integer, Node> nodes = new HashMap<>();

    /// Directories whose place is not known, and perhaps some that have one again.
    private final Set<Node> homeless = new HashSet<>();

    /// Those of them that were renamed away, by cookie.
    private final Map<Integer, Node> aside = new HashMap<>();

    /// What one read hands out.
    private List<TreeEvent> events = new ArrayList<>();

    /// Counts reads. All events from before the read `settled` have been seen.
    private int reads;

    private int settled;
    private boolean opening = true;
    private boolean doubtful;
    private boolean unsure;
    private boolean listingAll;
    private boolean gone;

    /// A watched directory.
    private static final class Node {

        final int wd;
        final Map<Path, Node> children = new HashMap<>();

        /// The directory that it is in; null for the root, and for one whose place is not known.
        @Nullable
        Node parent;

        /// Its name in the parent; without one, its last path below the root.
        Path name;

        /// In which read something was looked for by a path through here, for the last time.
        int touched;

        /// In which read it has lost its place.
        int homelessSince;

        /// Whether an event has said that it was renamed to its place, and its own has not come yet.
        boolean arriving;

        Node(int wd, Path name) {
            this.wd = wd;
            this.name = name;
        }

        Path path() {
            return parent == null ? name : parent.path().resolve(name);
        }

        boolean isAt(Node place, Path other) {
            return parent == place && name.equals(other);
        }

        boolean isWithin(Node other) {
            for (Node node = this; node != null; node = node.parent) {
                if (node == other) {
                    return true;
                }
            }
            return false;
        }

        void touch(int read) {
            for (Node node = this; node != null; node = node.parent) {
                node.touched = Math.max(node.touched, read);
            }
        }
    }

    /// A directory that is to be listed.
    ///
    /// @param fresh whether what is in it is news
    private record Visit(Node node, boolean fresh) {}

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
        int wd = Fd.check(Inotify.addWatch(fd, label, own), () -> call(label));
        top = label.toRealPath();
        root = new Node(wd, Path.of(""));
        nodes.put(wd, root);
        scan(root, true);
        opening = false;
        doubtful = false;
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
        for (Node node : nodes.values()) {
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
            homeless.removeIf(node -> node.parent != null || nodes.get(node.wd) != node);
            aside.values().retainAll(homeless);
            // What has become of a directory without a place is told at once. If it is not, a name was told too late:
            // of
            // two that are exchanged, the first comes to its new place before the second has left it.
            doubtful |= homeless.stream().anyMatch(node -> node.homelessSince < reads);
            if (doubtful) {
                rescan();
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
        Node node = nodes.get(wd);
        if (node == null) {
            return; // an event from before its watch was removed
        }
        if (rawName.length == 0) {
            boolean last = node == root && (what & SELF_EVENTS) != 0;
            if ((what & (asked | UNASKED)) != 0 || last) {
                report(node.path(), what, cookie);
            }
            takeOwn(node, what);
        } else {
            Path name = PathNames.decode(rawName);
            if ((what & (asked | UNASKED)) != 0) {
                report(node.path().resolve(name), what, cookie);
            }
            if ((what & InotifyFd.IN_ISDIR) != 0) {
                takeNamed(node, what, cookie, name);
            }
        }
    }

    /// Takes in what a directory says of itself.
    private void takeOwn(Node node, int what) {
        if ((what & InotifyFd.IN_IGNORED) != 0) {
            nodes.remove(node.wd);
            detach(node);
            if (node == root) {
                end();
            }
            for (Node child : List.copyOf(node.children.values())) {
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
    private void takeNamed(Node parent, int what, int cookie, Path name) throws IOException {
        doubtful |= unsure;
        unsure = false;
        if ((what & InotifyFd.IN_MOVED_FROM) != 0) {
            Node child = parent.children.get(name);
            if (child != null) {
                detach(child);
                child.arriving = false;
                aside.put(cookie, child);
            }
        } else if ((what & InotifyFd.IN_MOVED_TO) != 0) {
            Node arrived = arrive(parent, name, aside.remove(cookie));
            if (arrived != null) {
                arrived.arriving = true;
            }
        } else if ((what & InotifyFd.IN_CREATE) != 0) {
            arrive(parent, name, null);
        }
    }

    /// Notes that a directory has appeared.
    ///
    /// @param expected which one, if it was renamed within the tree
    /// @return which one it is; null if it cannot be told, or is not watched
    private @Nullable Node arrive(Node parent, Path name, @Nullable Node expected) throws IOException {
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
            Node replaced = parent.children.get(name);
            if (replaced != null) {
                detach(replaced);
            }
            notWatched(path, wd);
            return null;
        }
        Node known = nodes.get(wd);
        Node found = known == null ? new Node(wd, path) : known;
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
    private void detach(Node node) {
        Node parent = node.parent;
        if (parent != null) {
            Path path = node.path();
            parent.children.remove(node.name);
            node.name = path;
            node.parent = null;
            node.homelessSince = reads;
            homeless.add(node);
        }
    }

    /// Gives a directory its place.
    ///
    /// @return whether that is possible: a directory is not within itself
    private boolean attach(Node parent, Path name, Node node) {
        if (parent.isWithin(node)) {
            doubtful = true;
            return false;
        }
        Node other = parent.children.get(name);
        if (other != node) {
            if (other != null) {
                detach(other);
            }
            if (node.parent != null) {
                node.parent.touch(reads);
                detach(node);
            }
            parent.children.put(name, node);
            node.parent = parent;
            node.name = name;
            parent.touch(node.touched);
        }
        return true;
    }

    /// Lists a directory, and what is below as far as it is not known for sure.
    private void scan(Node start, boolean fresh) throws IOException {
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
        Node node = visit.node;
        Path path = node.path();
        node.touched = reads;
        Set<Path> found = new HashSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(top.resolve(path))) {
            for (Path entry : entries) {
                Path name = entry.getFileName();
                boolean isDirectory = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
                Visit below = isDirectory ? find(node, name) : null;
                found.add(name);
                if ((visit.fresh || (below != null && below.fresh)) && (asked & InotifyFd.IN_CREATE) != 0) {
                    report(path.resolve(name), InotifyFd.IN_CREATE | (isDirectory ? InotifyFd.IN_ISDIR : 0), 0);
                }
                if (below != null) {
                    next.add(new Visit(below.node, visit.fresh || below.fresh));
                }
            }
        } catch (DirectoryIteratorException e) {
            lost(path, new IOException(e));
            return;
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
        for (Node child : List.copyOf(node.children.values())) {
            if (!found.contains(child.name)) {
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
    private @Nullable Visit find(Node parent, Path name) throws IOException {
        Path path = parent.path().resolve(name);
        int wd = watch(path);
        if (wd < 0) {
            notWatched(path, wd);
            return null;
        }
        Node known = nodes.get(wd);
        Node node = known == null ? new Node(wd, path) : known;
        Node replaced = parent.children.get(name);
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
        if ((wd >= 0 && wd != root.wd) || VANISHED.contains(-wd)) {
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
        for (Node node : List.copyOf(nodes.values())) {
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
    private void drop(Node node) {
        Deque<Node> left = new ArrayDeque<>();
        left.add(node);
        while (!left.isEmpty()) {
            Node one = left.remove();
            left.addAll(one.children.values());
            forget(one);
        }
    }

    private void forget(Node node) {
        nodes.remove(node.wd);
        Inotify.removeWatch(fd, node.wd); // EINVAL if it has been deleted meanwhile
    }

    /// Ends it all, and says so.
    private void end() {
        for (Node node : List.copyOf(nodes.values())) {
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
        if (!VANISHED.contains(-result) && !DENIED.contains(-result)) {
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
