package io.selectors4j.internal.linux;

import io.selectors4j.internal.ffi.Layouts;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.ffi.NativeMemory;
import io.selectors4j.internal.ffi.Platform;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Terminal settings in native memory, in the layout of [TermiosLayout].
public final class TermiosStruct implements Memory {

    /// Index of the input modes.
    public static final int C_IFLAG = 0;

    /// Index of the output modes.
    public static final int C_OFLAG = 1;

    /// Index of the control modes.
    public static final int C_CFLAG = 2;

    /// Index of the local modes.
    public static final int C_LFLAG = 3;

    private static final TermiosLayout LAYOUT = TermiosLayout.of(Platform.CURRENT.arch());
    private static final long C_ISPEED = Layouts.offset(LAYOUT.layout(), "c_ispeed");
    private static final long C_OSPEED = Layouts.offset(LAYOUT.layout(), "c_ospeed");

    private final MemorySegment segment = NativeMemory.allocate(LAYOUT.layout());

    /// Returns a word of flags, C_IFLAG to C_LFLAG.
    public int flags(int word) {
        return segment.getAtIndex(ValueLayout.JAVA_INT, word);
    }

    /// Sets a word of flags, C_IFLAG to C_LFLAG.
    public void setFlags(int word, int flags) {
        segment.setAtIndex(ValueLayout.JAVA_INT, word, flags);
    }

    /// Returns the line discipline.
    public byte line() {
        return segment.get(ValueLayout.JAVA_BYTE, LAYOUT.line());
    }

    /// Sets the line discipline.
    public void setLine(byte line) {
        segment.set(ValueLayout.JAVA_BYTE, LAYOUT.line(), line);
    }

    /// Returns all control characters.
    public byte[] cc() {
        return segment.asSlice(LAYOUT.cc(), TermiosLayout.NCCS).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Sets all control characters.
    public void setCc(byte[] cc) {
        MemorySegment.copy(cc, 0, segment, ValueLayout.JAVA_BYTE, LAYOUT.cc(), TermiosLayout.NCCS);
    }

    /// Returns the input speed in baud.
    public int ispeed() {
        return segment.get(ValueLayout.JAVA_INT, C_ISPEED);
    }

    /// Returns the output speed in baud.
    public int ospeed() {
        return segment.get(ValueLayout.JAVA_INT, C_OSPEED);
    }

    /// Sets both speeds in baud.
    public void setSpeeds(int ispeed, int ospeed) {
        segment.set(ValueLayout.JAVA_INT, C_ISPEED, ispeed);
        segment.set(ValueLayout.JAVA_INT, C_OSPEED, ospeed);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }
}
