/** What the data plane, put together, can refuse. */
@NullMarked
package io.tulle.agent.code;

import org.jspecify.annotations.NullMarked;
