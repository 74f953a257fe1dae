package io.tulle.launch.up;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;
import io.tulle.model.Problem;

/** Why a set of services cannot be planned (TUL223x) or was not kept up (TUL200x). */
public enum UpCode implements ErrorCode {
    FAILED_TO_START(
            "TUL2001",
            "A service did not start",
            "Its process ended before it was ready, as often as its restart policy and patience allow.",
            "Read its last lines, printed with the report; start it alone with the tulle run line shown by up --dry-run."),
    UNHEALTHY(
            "TUL2002",
            "A service is not healthy",
            "Its healthcheck failed as many times in a row as retries says, while services were still being started.",
            "Run the check by hand; give start_period more time if the service only starts slowly."),
    ALREADY_UP(
            "TUL2003",
            "The project is already up",
            "Another tulle up of this mesh holds the project.",
            "tulle down stops it; --project NAME starts a second set beside it."),
    NOT_UP(
            "TUL2004",
            "The project is not up",
            "No tulle up of this mesh holds the project.",
            "tulle ps shows what runs, by namespace, which is the project; --mesh says which mesh is meant."),
    DEPENDENCY_ENDED(
            "TUL2005",
            "A dependency ended",
            "A service waits for another to be healthy or to have succeeded, and that one has ended otherwise.",
            "Read the other's last lines; service_completed_successfully is for services that end with 0."),
    NOT_IN_TIME(
            "TUL2006",
            "Not ready in time",
            "The launcher of a service runs, but has neither started the application nor ended.",
            "Its lines above say what it waits for; --wait-timeout gives more time."),
    CANNOT_RUN(
            "TUL2007",
            "A process could not be started",
            "The operating system refused to start the launcher for this service.",
            "Does the working directory exist, and can you write to the run directory?"),
    STILL_THERE(
            "TUL2008",
            "Not stopped in time",
            "The session was told to stop and is still there.",
            "Press Ctrl-C twice where it runs, or look at what holds it: tulle ps."),

    TWO_PROTOCOLS(
            "TUL2230",
            "Two protocols for one port",
            "ports, expose and labels say different things of one port.",
            "Keep one of them."),
    BAD_LABEL(
            "TUL2231",
            "A tulle label that means nothing",
            "Labels that begin with tulle. are Tulle's own, and this one is not among them or has a value it cannot have.",
            "tulle.protocol.PORT=http|http2|grpc|nest-tcp|tcp, tulle.capture=auto|hook|netns|env, tulle.health.path=/…, "
                    + "tulle.health.port=PORT."),
    SAME_DOOR(
            "TUL2232",
            "Two instances publish one port",
            "A port of the host can belong to one process only.",
            "Publish another port, leave the host's port out (any free one), or keep one replica."),
    BAD_NAME(
            "TUL2233",
            "Not a name for a service",
            "Names of projects, services and instances are DNS labels: a-z, 0-9 and '-', at most 63 characters.",
            "Rename it; the project's name can be given with --project."),
    LABEL_LEFT_OUT(
            "TUL2234",
            "A label that the mesh does not carry",
            "Labels of the mesh follow Kubernetes: at most 63 letters, digits, '-', '_' and '.'.",
            "Nothing to do, unless a subset should match it."),
    NOT_PUBLISHED(
            "TUL2235",
            "An external dependency without a port on this host",
            "An entry with an image and no build runs elsewhere, and is reached at the port that it publishes on this host.",
            "Publish the port that it serves, or write x-tulle: {address: HOST:PORT}."),
    CIRCLE(
            "TUL2236",
            "Services depend on each other in a circle",
            "None of them could be the first to start.",
            "Remove one depends_on of the circle."),
    NOT_STARTED_HERE(
            "TUL2237",
            "A dependency that is not started",
            "The service depends on one that is missing, belongs to another profile, or has no replicas.",
            "Ask for its profile, or write required: false."),
    NOT_WATCHED(
            "TUL2238",
            "An external dependency is not watched",
            "Tulle does not run the entry, so that it cannot know whether it is healthy or has ended; it counts as there.",
            "Nothing to do if it runs before the others start."),
    PORT_SHUT(
            "TUL2254",
            "A declared port that never opened",
            "The application runs and does not listen on a port that expose, ports or the image's EXPOSE declare. All else"
                    + " of it and of the set goes on; calls to that port fail.",
            "Remove the port, correct its number, or let the application listen on it; --wait-timeout gives more time."),
    DEBUGGER(
            "TUL2180",
            "A debugger's port is not in the mesh",
            "A debugger may do anything with an application, so its port gets no door, is told to no caller, and is not waited for."
                    + " Node opens it by itself, on this host, when it is started with --inspect.",
            "Nothing to do. To have the port carried all the same, give the label tulle.protocol.9229: tcp."),
    DOT_ENV(
            "TUL2250",
            "The .env beside the Compose file cannot be read",
            "Without its variables the file would mean something else, so nothing is started.",
            "Let your user read it, save it as UTF-8, or remove it."),
    WHICH_PORT(
            "TUL2252",
            "An external dependency whose port is not clear",
            "x-tulle says an address, and one port of the entry leads to it.",
            "Name the port that callers dial, with expose: [\"5432\"]; leave the address's port out where there are several.");

    private final Explanation explanation;

    UpCode(String code, String title, String cause, String fix) {
        explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }

    Problem problem(String message, Problem.Place where) {
        return problem(message).at(where);
    }

    Problem warning(String message, Problem.Place where) {
        return warning(message).at(where);
    }
}
