/// Terminals, pseudoterminals and serial ports: their settings as termios(3) has them, raw mode, window sizes, and both
/// sides of a pseudoterminal as descriptors to wait for. A serial port itself is opened with
/// [io.selectors4j.fd.FileFd].
///
/// Linux only, but for [io.selectors4j.tty.Terminal#isTerminal].
///
/// Sources: termios(3), ioctl_tty(2), pty(7).
package io.selectors4j.tty;
