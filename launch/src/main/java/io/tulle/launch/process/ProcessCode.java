package io.tulle.launch.process;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/** Why a run cannot have its directory, and what is wrong with a running application. */
public enum ProcessCode implements ErrorCode {
    NAME_IN_USE(
            "TUL2045",
            "The instance's name is in use on this host",
            "Another run of this mesh has the name, and its process is alive. Each instance has a name of its own.",
            "Choose another NAME, or end the other run first, or let this one take its place: tulle run --replace."),
    NOT_OURS(
            "TUL2046",
            "A folder that Tulle did not make",
            "A run makes a folder of its own and removes it at its end. It never takes one that is there already.",
            "Name a folder with --run-dir that does not exist yet."),
    NOT_EMPTY(
            "TUL2047",
            "A run's folder holds other files",
            "A run ended without clearing its folder, and something else has put files there. Tulle removes only its own files.",
            "Move the files that the message names elsewhere, or name another folder with --run-dir."),
    PORT_NOT_SERVED(
            "TUL2048",
            "The application does not listen on a port that it exposes",
            "The port gets no traffic until the application listens on it, at 127.0.0.1 or at all addresses.",
            "Name the port that the application listens on with --expose, or let it listen on the exposed one.");

    private final Explanation explanation;

    ProcessCode(String code, String title, String cause, String fix) {
        this.explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }
}
