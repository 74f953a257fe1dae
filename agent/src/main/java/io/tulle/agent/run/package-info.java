/** One run: an application, its sidecar and its link to the control plane, put together and taken apart in order. */
@NullMarked
package io.tulle.agent.run;

import org.jspecify.annotations.NullMarked;
