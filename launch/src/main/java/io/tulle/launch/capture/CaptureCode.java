package io.tulle.launch.capture;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/** Why a command cannot be caught as asked. */
public enum CaptureCode implements ErrorCode {
    NO_NETNS(
            "TUL2030",
            "No network namespace here",
            "Capture netns needs Linux, root, and the tools ip, nft, nsenter and unshare; the message says which is missing.",
            "Install it (apt install iproute2 nftables), run as root, or choose --capture hook (Node) or env."),
    NO_COMMAND(
            "TUL2031",
            "No command",
            "There is nothing to start and so nothing to catch.",
            "Write the command after --, as in: tulle run cart --expose 4000 -- node dist/main.js");

    private final Explanation explanation;

    CaptureCode(String code, String title, String cause, String fix) {
        explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }
}
