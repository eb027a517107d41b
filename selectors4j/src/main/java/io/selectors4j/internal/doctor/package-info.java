/// The program of the jar, which describes the system and tests each backend.
@NullMarked
package io.selectors4j.internal.doctor;

import org.jspecify.annotations.NullMarked;
