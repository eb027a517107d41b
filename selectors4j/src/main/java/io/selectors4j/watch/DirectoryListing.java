package io.selectors4j.watch;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// The entries of a directory.
final class DirectoryListing {

    private DirectoryListing() {}

    /// Lists a directory.
    ///
    /// @return the names of the entries, and whether each is a directory; a symbolic link is not
    static Map<Path, Boolean> of(Path directory) throws IOException {
        Map<Path, Boolean> names = new LinkedHashMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.put(entry.getFileName(), Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS));
            }
        } catch (DirectoryIteratorException e) {
            throw new IOException("cannot list " + directory, e);
        }
        return names;
    }
}
