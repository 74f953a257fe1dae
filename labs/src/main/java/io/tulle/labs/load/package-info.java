/**
 * The open-loop load generator: HTTP/1.1 over raw sockets, strict about what it reads, no Tulle code on its path. It sends each
 * request when it is due, whatever became of the earlier ones; it never retries and keeps every outcome. It judges nothing beyond
 * that: what a run should have shown is the lab's business.
 */
@NullMarked
package io.tulle.labs.load;

import org.jspecify.annotations.NullMarked;
