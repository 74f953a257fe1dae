/**
 * What a snapshot says, made ready for traffic: immutable, whole or not at all. Clusters carry their counters from plan
 * to plan. Connections and exchanges look here; nothing here knows them.
 */
@NullMarked
package io.tulle.proxy.plan;

import org.jspecify.annotations.NullMarked;
