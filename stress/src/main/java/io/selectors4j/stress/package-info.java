/// What the harnesses share that try to break the library: how long each may go on, and what it has done.
package io.selectors4j.stress;
