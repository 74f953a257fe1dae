package io.tulle.control.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tulle.control.store.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The three patches; documents are written with single quotes here. */
class PatchesTest {
    private static final StrategicMerge STRATEGIC = new StrategicMerge(Map.of("s.ports", "port", "s.tags", ""));

    /** RFC 7396, appendix A, as far as both sides are objects. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':'b'}          | {'a':'c'}              | {'a':'c'}",
                "{'a':'b'}          | {'b':'c'}              | {'a':'b','b':'c'}",
                "{'a':'b'}          | {'a':null}             | {}",
                "{'a':'b','b':'c'}  | {'a':null}             | {'b':'c'}",
                "{'a':['b']}        | {'a':'c'}              | {'a':'c'}",
                "{'a':'c'}          | {'a':['b']}            | {'a':['b']}",
                "{'a':{'b':'c'}}    | {'a':{'b':'d','c':null}} | {'a':{'b':'d'}}",
                "{'a':[{'b':'c'}]}  | {'a':[1]}              | {'a':[1]}",
                "{'e':null}         | {'a':1}                | {'e':null,'a':1}",
                "{}                 | {'a':{'bb':{'ccc':null}}} | {'a':{'bb':{}}}"
            })
    void aMergePatchDoesAsTheRfcShows(String target, String patch, String result) {
        assertEquals(object(result), MergePatch.apply(object(target), object(patch)));
    }

    /** Kubernetes' "Update API Objects in Place Using kubectl patch" and its notes on strategic merge patch. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // merged by key, replaced without
                "{'s':{'ports':[{'port':1,'n':'a'}]}} | {'s':{'ports':[{'port':2}]}} | {'s':{'ports':[{'port':1,'n':'a'},{'port':2}]}}",
                "{'s':{'ports':[{'port':1,'n':'a'}]}} | {'s':{'ports':[{'port':1,'t':3}]}} | {'s':{'ports':[{'port':1,'n':'a','t':3}]}}",
                "{'s':{'other':[1,2]}} | {'s':{'other':[3]}} | {'s':{'other':[3]}}",
                "{'s':{'tags':['a','b']}} | {'s':{'tags':['b','c']}} | {'s':{'tags':['a','b','c']}}",
                // directives
                "{'s':{'ports':[{'port':1},{'port':2}]}} | {'s':{'ports':[{'$patch':'delete','port':1}]}} | {'s':{'ports':[{'port':2}]}}",
                "{'s':{'ports':[{'port':1}]}} | {'s':{'ports':[{'$patch':'replace'},{'port':9}]}} | {'s':{'ports':[{'port':9}]}}",
                "{'s':{'a':1,'b':2}} | {'s':{'$patch':'replace','c':3}} | {'s':{'c':3}}",
                "{'s':{'a':{'x':1}},'t':1} | {'s':{'a':{'$patch':'delete'}}} | {'s':{},'t':1}",
                "{'s':{'a':1,'b':2}} | {'s':{'$retainKeys':['b','c'],'c':3}} | {'s':{'b':2,'c':3}}",
                "{'s':{'tags':['a','b']}} | {'s':{'$deleteFromPrimitiveList/tags':['a']}} | {'s':{'tags':['b']}}",
                "{'s':{'ports':[{'port':1},{'port':2}]}} | {'s':{'$setElementOrder/ports':[{'port':2},{'port':1}],'ports':[{'port':1,'x':1}]}} | {'s':{'ports':[{'port':2},{'port':1,'x':1}]}}",
                "{'s':{'a':1}} | {'s':{'a':null}} | {'s':{}}",
                "{} | {'s':{'ports':[{'port':1,'x':null}]}} | {'s':{'ports':[{'port':1}]}}",
                // a directive for what is not there is no change
                "{'s':{}} | {'s':{'ports':[{'$patch':'delete','port':1}]}} | {'s':{'ports':[]}}",
                "{'s':{}} | {'s':{'$setElementOrder/ports':[{'port':2}]}} | {'s':{}}"
            })
    void aStrategicMergeDoesAsKubernetesSays(String target, String patch, String result) {
        assertEquals(object(result), STRATEGIC.apply(object(target), object(patch)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':1} | [{'op':'add','path':'/b','value':2}] | {'a':1,'b':2}",
                "{'a':[1,3]} | [{'op':'add','path':'/a/1','value':2}] | {'a':[1,2,3]}",
                "{'a':[1]} | [{'op':'add','path':'/a/-','value':2}] | {'a':[1,2]}",
                "{'a':[1,2]} | [{'op':'remove','path':'/a/0'}] | {'a':[2]}",
                "{'a':1} | [{'op':'replace','path':'/a','value':null}] | {'a':null}",
                "{'a':{'b':1},'c':{}} | [{'op':'move','from':'/a/b','path':'/c/d'}] | {'a':{},'c':{'d':1}}",
                "{'a':[1,2,3]} | [{'op':'move','from':'/a/0','path':'/a/2'}] | {'a':[2,3,1]}",
                "{'a':{'b':1}} | [{'op':'copy','from':'/a','path':'/c'}] | {'a':{'b':1},'c':{'b':1}}",
                "{'a/b':1,'m~n':2} | [{'op':'remove','path':'/a~1b'},{'op':'remove','path':'/m~0n'}] | {}",
                "{'a':1} | [{'op':'test','path':'/a','value':1},{'op':'remove','path':'/a'}] | {}"
            })
    void aJsonPatchDoesAsTheRfcShows(String target, String patch, String result) {
        assertEquals(object(result), JsonPatch.apply(object(target), (ArrayNode) node(patch)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':[1]} | [{'op':'add','path':'/a/2','value':2}]",
                "{'a':[1]} | [{'op':'add','path':'/a/01','value':2}]",
                "{'a':[1]} | [{'op':'remove','path':'/a/-'}]",
                "{'a':1}   | [{'op':'add','path':'/a/b','value':2}]",
                "{'a':1}   | [{'op':'replace','path':'/b','value':2}]",
                "{'a':1}   | [{'op':'add','path':'/b'}]",
                "{'a':1}   | [7]"
            })
    void aJsonPatchThatDoesNotApplyIsRefused(String target, String patch) {
        assertThrows(Refusal.class, () -> JsonPatch.apply(object(target), (ArrayNode) node(patch)));
    }

    @Test
    void anItemWithoutItsKeyIsRefused() {
        var patch = object("{'s':{'ports':[{'n':'x'}]}}");
        assertThrows(Refusal.class, () -> STRATEGIC.apply(Json.object(), patch));
        assertThrows(Refusal.class, () -> STRATEGIC.apply(Json.object(), object("{'s':{'$patch':'explode'}}")));
    }

    @Test
    void aPatchLeavesItsTargetAsItWas() {
        var target = object("{'s':{'ports':[{'port':1}],'a':1}}");
        var before = target.deepCopy();
        STRATEGIC.apply(target, object("{'s':{'ports':[{'port':1,'x':2}],'a':null}}"));
        MergePatch.apply(target, object("{'s':{'a':null}}"));
        JsonPatch.apply(target, (ArrayNode) node("[{'op':'remove','path':'/s/a'}]"));
        assertEquals(before, target);
    }

    private static ObjectNode object(String text) {
        return (ObjectNode) node(text);
    }

    private static JsonNode node(String text) {
        try {
            return Json.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
