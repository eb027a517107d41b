package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.internal.ffi.Platform;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A terminal's settings in native memory: [TermiosLayout].
public final class TermiosStruct implements Memory {

    /// The first word of flags: modes of input.
    public static final int C_IFLAG = 0;

    /// The second: modes of output.
    public static final int C_OFLAG = 1;

    /// The third: modes of the line.
    public static final int C_CFLAG = 2;

    /// The fourth: modes of the terminal as its user sees it.
    public static final int C_LFLAG = 3;

    private static final TermiosLayout LAYOUT = TermiosLayout.of(Platform.CURRENT.arch());
    private static final long C_ISPEED = Layouts.offset(LAYOUT.layout(), "c_ispeed");
    private static final long C_OSPEED = Layouts.offset(LAYOUT.layout(), "c_ospeed");

    private final MemorySegment segment = NativeMemory.allocate(LAYOUT.layout());

    /// Reads one word of flags.
    ///
    /// @param word which one, C_IFLAG to C_LFLAG
    /// @return its value
    public int flags(int word) {
        return segment.getAtIndex(ValueLayout.JAVA_INT, word);
    }

    /// Writes one word of flags.
    ///
    /// @param word which one, C_IFLAG to C_LFLAG
    /// @param flags its value
    public void setFlags(int word, int flags) {
        segment.setAtIndex(ValueLayout.JAVA_INT, word, flags);
    }

    /// The line discipline.
    ///
    /// @return its number
    public byte line() {
        return segment.get(ValueLayout.JAVA_BYTE, LAYOUT.line());
    }

    /// Writes the line discipline.
    ///
    /// @param line its number
    public void setLine(byte line) {
        segment.set(ValueLayout.JAVA_BYTE, LAYOUT.line(), line);
    }

    /// The control characters.
    ///
    /// @return all of them
    public byte[] cc() {
        return segment.asSlice(LAYOUT.cc(), TermiosLayout.NCCS).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Writes the control characters.
    ///
    /// @param cc all of them
    public void setCc(byte[] cc) {
        MemorySegment.copy(cc, 0, segment, ValueLayout.JAVA_BYTE, LAYOUT.cc(), TermiosLayout.NCCS);
    }

    /// The input speed.
    ///
    /// @return baud
    public int ispeed() {
        return segment.get(ValueLayout.JAVA_INT, C_ISPEED);
    }

    /// The output speed.
    ///
    /// @return baud
    public int ospeed() {
        return segment.get(ValueLayout.JAVA_INT, C_OSPEED);
    }

    /// Writes the speeds.
    ///
    /// @param ispeed baud
    /// @param ospeed baud
    public void setSpeeds(int ispeed, int ospeed) {
        segment.set(ValueLayout.JAVA_INT, C_ISPEED, ispeed);
        segment.set(ValueLayout.JAVA_INT, C_OSPEED, ospeed);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
