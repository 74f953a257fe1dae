package io.tulle.proxy.nesttcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.proxy.resilience.Failure;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ErrorReplyTest {
    @Test
    void whatAPeersSidecarSaysOfItsApplicationIsAFailureOfTheAttempt() {
        var died = ErrorReply.trouble("{\"code\":\"TUL1606\",\"message\":\"the endpoint closed the connection\"}");
        assertEquals(Optional.of(ErrorReply.Trouble.DIED), died);
        assertEquals(new Failure.ResetBeforeResponse(true, true), died.orElseThrow().failure);

        var deaf = ErrorReply.trouble("{\"code\":\"TUL1605\",\"message\":\"could not connect\"}");
        assertEquals(Failure.CONNECT_FAILED, deaf.orElseThrow().failure);
    }

    @Test
    void whatAnApplicationAnswersIsItsAnswer() {
        assertEquals(Optional.empty(), ErrorReply.trouble("{\"status\":\"error\",\"message\":\"at most 20\"}"));
        assertEquals(Optional.empty(), ErrorReply.trouble("\"TUL1606\""));
        assertEquals(Optional.empty(), ErrorReply.trouble("{\"code\":\"TUL1602\",\"message\":\"denied\"}"));
    }
}
