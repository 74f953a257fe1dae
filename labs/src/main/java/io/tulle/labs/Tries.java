package io.tulle.labs;

import io.tulle.labs.stage.Strain;
import io.tulle.labs.stage.Unmet;
import java.util.ArrayList;
import java.util.function.Supplier;

/**
 * Looks again where the machine, and not what was looked at, may have been at fault. What fails while the machine has time for
 * it has failed; what fails on a starved machine proves nothing, neither way.
 *
 * @param lap how the machine was since it was last asked
 * @param between what makes the next try an easier one
 */
record Tries(Supplier<Strain> lap, Between between) {
    private static final int MOST = 3;

    /** Something that is seen, or is not. */
    interface Look {
        String look() throws Exception;
    }

    /** Waits for a calmer machine, and asks less of it. */
    interface Between {
        void rest() throws InterruptedException;
    }

    /** What became of it. */
    record Seen(LabRun.Verdict verdict, String said) {}

    Seen of(Look look) throws InterruptedException {
        var before = new ArrayList<String>();
        while (true) {
            var _ = lap.get(); // what was before is not this try's
            var said = said(look);
            var strain = lap.get();
            if (said.verdict() == LabRun.Verdict.PASS) return new Seen(said.verdict(), said.said() + told(before));
            if (!strain.starves()) return new Seen(LabRun.Verdict.FAIL, said.said() + told(before));
            before.add("while the machine was starved (" + strain + "): " + said.said());
            if (before.size() == MOST) return new Seen(LabRun.Verdict.STARVED, "nothing is proved" + told(before));
            between.rest();
        }
    }

    private static String told(ArrayList<String> before) {
        var told = new StringBuilder();
        for (var i = 0; i < before.size(); i++) {
            told.append("; try ").append(i + 1).append(" failed ").append(before.get(i));
        }
        return told.toString();
    }

    private static Seen said(Look look) throws InterruptedException {
        try {
            return new Seen(LabRun.Verdict.PASS, look.look());
        } catch (Unmet e) {
            return new Seen(LabRun.Verdict.FAIL, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return new Seen(LabRun.Verdict.FAIL, "the lab itself failed: " + e + " at " + e.getStackTrace()[0]);
        }
    }
}
