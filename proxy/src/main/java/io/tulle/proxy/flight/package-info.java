/**
 * The one forwarder: carries a load to an endpoint of a cluster, attempt by attempt, whatever the load is. Deadline, faults,
 * limits, retries, the choice of endpoints, mirrors and what outlier detection hears are here and nowhere else; how bytes go
 * is the load's own. It knows no wire and no report.
 */
@NullMarked
package io.tulle.proxy.flight;

import org.jspecify.annotations.NullMarked;
