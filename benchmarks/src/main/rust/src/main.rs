//! The echo server on mio. Behaves as echo.c.

use mio::net::{TcpListener, TcpStream};
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use std::io::{self, BufRead, ErrorKind, Read, Write};
use std::os::fd::AsRawFd;
use std::process::exit;

const BUFFER: usize = 64 * 1024;
const MAX_EVENTS: usize = 1024;
const INPUT: Token = Token(usize::MAX);
const LISTENER: Token = Token(usize::MAX - 1);

struct Connection {
    stream: TcpStream,
    /// The bytes that could not be written yet.
    pending: Vec<u8>,
}

impl Connection {
    /// Echoes until the socket has no more bytes or no more room. mio reports only changes of readiness, so this
    /// function must not return earlier. A read that does not fill the buffer has read all bytes (epoll(7)), but only
    /// the next one reports the end of the stream.
    ///
    /// Returns whether the connection is still open.
    fn echo(&mut self, buffer: &mut [u8], is_read_closed: bool) -> io::Result<bool> {
        loop {
            while !self.pending.is_empty() {
                let written = self.stream.write(&self.pending)?;
                self.pending.drain(..written);
            }
            let count = self.stream.read(buffer)?;
            if count == 0 {
                return Ok(false);
            }
            let written = match self.stream.write(&buffer[..count]) {
                Err(e) if e.kind() == ErrorKind::WouldBlock => 0,
                written => written?,
            };
            self.pending.extend_from_slice(&buffer[written..count]);
            if count < buffer.len() && self.pending.is_empty() && !is_read_closed {
                return Ok(true);
            }
        }
    }
}

/// The connections, by descriptor.
struct Connections(Vec<Option<Connection>>);

impl Connections {
    fn accept_all(&mut self, poll: &Poll, listener: &TcpListener) -> io::Result<()> {
        loop {
            let mut stream = match listener.accept() {
                Ok((stream, _)) => stream,
                Err(e) if e.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(e) if e.kind() == ErrorKind::ConnectionAborted => continue,
                Err(e) => return Err(e),
            };
            stream.set_nodelay(true)?;
            let fd = stream.as_raw_fd() as usize;
            poll.registry().register(
                &mut stream,
                Token(fd),
                Interest::READABLE | Interest::WRITABLE,
            )?;
            if fd >= self.0.len() {
                self.0.resize_with(fd + 1, || None);
            }
            self.0[fd] = Some(Connection {
                stream,
                pending: Vec::new(),
            });
        }
    }

    fn echo(&mut self, fd: usize, buffer: &mut [u8], is_read_closed: bool) {
        if let Some(connection) = &mut self.0[fd] {
            let is_open = match connection.echo(buffer, is_read_closed) {
                Err(e) => e.kind() == ErrorKind::WouldBlock,
                Ok(is_open) => is_open,
            };
            if !is_open {
                self.0[fd] = None;
            }
        }
    }
}

/// Prints "port=NUMBER" for each line of the standard input, and ends the process at the end of the input.
fn respond(port: u16) -> io::Result<()> {
    let mut input = io::stdin().lock();
    let requests = input.fill_buf()?;
    if requests.is_empty() {
        exit(0);
    }
    for _ in requests.iter().filter(|&&byte| byte == b'\n') {
        println!("port={port}");
    }
    let count = requests.len();
    input.consume(count);
    Ok(())
}

fn main() -> io::Result<()> {
    let mut poll = Poll::new()?;
    let mut events = Events::with_capacity(MAX_EVENTS);
    let mut listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    let port = listener.local_addr()?.port();
    let input = io::stdin().as_raw_fd();
    poll.registry()
        .register(&mut SourceFd(&input), INPUT, Interest::READABLE)?;
    poll.registry()
        .register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut buffer = vec![0; BUFFER];
    let mut connections = Connections(Vec::new());
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            match event.token() {
                INPUT => respond(port)?,
                LISTENER => connections.accept_all(&poll, &listener)?,
                Token(fd) => connections.echo(fd, &mut buffer, event.is_read_closed()),
            }
        }
    }
}
