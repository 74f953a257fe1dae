/**
 * What is told of traffic: one report for each exchange and each connection, once, at its end; and who hears it. Whoever
 * serves traffic tells, whoever observes it listens; neither needs the other.
 */
@NullMarked
package io.tulle.proxy.report;

import org.jspecify.annotations.NullMarked;
