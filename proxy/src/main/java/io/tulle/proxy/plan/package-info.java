/**
 * What a snapshot says, made ready for traffic: immutable. Each resource is a part, which the next plan takes over where it
 * did not change; a cluster that did carries its counters on. Connections and exchanges look here; nothing here knows them.
 */
@NullMarked
package io.tulle.proxy.plan;

import org.jspecify.annotations.NullMarked;
