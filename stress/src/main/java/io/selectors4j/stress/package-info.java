/// Classes that all stress harnesses share: time budget, limits, counts and watchdog.
package io.selectors4j.stress;
