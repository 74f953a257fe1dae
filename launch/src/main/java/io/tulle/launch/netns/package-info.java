/**
 * A network of the application's own: an unnamed network namespace, the pair of virtual interfaces that joins it to this
 * host, the rules that lead its connections to the sidecar, and the name server that gives its mesh names addresses. It
 * lives as long as somebody is in it. Knows nothing of proxies: whoever opens one says what listens there.
 */
@NullMarked
package io.tulle.launch.netns;

import org.jspecify.annotations.NullMarked;
