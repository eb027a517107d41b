/// The clients of the load test: [io.selectors4j.stress.load.LoadGenerator] is a process full of clients of an echo
/// server. Some clients are long-lived, some are short-lived, some reset their connection, some read slowly or never.
/// All of them compare each echoed byte.
package io.selectors4j.stress.load;
