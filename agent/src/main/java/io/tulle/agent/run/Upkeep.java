package io.tulle.agent.run;

import io.tulle.dialects.compose.ComposeService.Restart;
import io.tulle.launch.process.Console;

/**
 * How a run keeps its application.
 *
 * @param console where the application's streams lead
 * @param restart when it is started again after it has ended by itself
 */
public record Upkeep(Console console, Restart restart) {}
