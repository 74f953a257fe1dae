/** The Kubernetes Gateway API for traffic between services (GAMMA): routes whose parent is a Service. */
@NullMarked
package io.tulle.dialects.gatewayapi;

import org.jspecify.annotations.NullMarked;
