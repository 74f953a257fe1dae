/** Istio's policies: what a VirtualService's route and a DestinationRule ask for, a kind a file. */
@NullMarked
package io.tulle.dialects.istio.policy;

import org.jspecify.annotations.NullMarked;
