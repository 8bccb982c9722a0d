package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestCoordinatorsCurateTopics: add, rename, deprecate, merge, each with its version; and what publishing says of it.
func TestCoordinatorsCurateTopics(t *testing.T) {
	w := open(t, setting{})
	anna, coordinator := w.enrolled("anna"), w.person("coordinator")
	const quantum = "/v1/topics/quantum-computing"
	anna.get("/v1/topics").is("career", "items", "0", "slug").is(0.0, "items", "0", "version").is(0.0, "items", "0", "openSlots")
	made := coordinator.put(quantum, object{"label": "Quantum computing", "parent": "engineering"}, header("If-Match", `"0"`)).expect(http.StatusOK)
	made.is(map[string]any{
		"slug": "quantum-computing", "label": "Quantum computing", "parent": "engineering", "status": "active", "openSlots": 0.0, "version": 1.0,
	})
	if tag := made.header.Get("ETag"); tag != `"1"` {
		t.Errorf("its tag is %s", tag)
	}
	old := anna.publishes(with(draft(48*time.Hour), "topic", "quantum-computing"))
	coordinator.put(quantum, object{"label": "Q"}, header("If-Match", `"0"`)).refused(http.StatusPreconditionFailed, "version_conflict")
	coordinator.put(quantum, object{"label": "Q"}, header("If-Match", `"0", "7"`)).refused(http.StatusPreconditionFailed, "version_conflict")
	deprecated := object{"label": "Quantum", "status": "deprecated", "mergedInto": "software-design"}
	coordinator.put(quantum, deprecated, header("If-Match", `"7", "1"`)).expect(http.StatusOK).
		is("deprecated", "status").is("software-design", "mergedInto").is(nil, "parent").is(2.0, "version")
	coordinator.put(quantum, deprecated, header("If-Match", `"1"`)).expect(http.StatusOK).is(2.0, "version") // as it is

	const unprocessable = http.StatusUnprocessableEntity
	late := with(draft(60*time.Hour), "topic", "quantum-computing")
	anna.post("/v1/slots", late).refused(unprocessable, "topic_deprecated").is("software-design", "mergedInto")
	anna.post("/v1/slots/batch", object{"slots": []object{draft(72 * time.Hour), late}}).refused(unprocessable, "topic_deprecated")
	other := anna.publishes(with(draft(60*time.Hour), "topic", "software-design"))
	anna.patch("/v1/slots/"+other, object{"topic": "quantum-computing"}).refused(unprocessable, "topic_deprecated")
	anna.patch("/v1/slots/"+old, object{"topic": "quantum-computing", "title": "As it was"}).expect(http.StatusOK)
	for _, topic := range []string{"quantum-computing", "software-design"} {
		anna.get("/v1/slots?topic="+topic).is(old, "items", "0", "id").is(other, "items", "1", "id").is(nil, "items", "2")
		coordinator.get("/v1/reports/programme?topic="+topic).expect(http.StatusOK).is(topic, "topic")
	}
	coordinator.put(quantum, object{"label": "Quantum", "status": "deprecated"}).expect(http.StatusOK)
	anna.post("/v1/slots", late).refused(unprocessable, "topic_deprecated").is(nil, "mergedInto")
	coordinator.put(quantum, object{"label": "Quantum"}).expect(http.StatusOK).is("active", "status")
	anna.publishes(with(late, "startsAt", morning.Add(84*time.Hour).Format(time.RFC3339)))
}

// TestWrongTopics: what is wrong with one is told all at once, and nobody but a coordinator is told anything.
func TestWrongTopics(t *testing.T) {
	w := open(t, setting{})
	anna, coordinator := w.enrolled("anna"), w.person("coordinator")
	for _, test := range []struct {
		path   string
		body   any
		code   string
		faults []string
	}{
		{"cloud", object{}, "invalid_field", []string{"/label required"}},
		{"Cloud_", object{"label": 1, "parent": "", "mergedInto": "nothing", "rank": 1}, "invalid_field",
			[]string{"/label wrong_type", "/rank unknown_field", "/parent not_allowed", "/path/slug bad_format", "/mergedInto not_allowed"}},
		{"cloud", object{"label": "Cloud", "parent": "cloud"}, "invalid_field", []string{"/parent not_allowed"}},
		{"cloud", object{"label": "Cloud", "parent": "security"}, "invalid_field", []string{"/parent not_allowed"}},
		{"cloud", object{"label": "Cloud", "mergedInto": "security"}, "invalid_field", []string{"/mergedInto not_allowed"}},
		{"cloud", object{"label": "Cl\u202eoud"}, "invalid_field", []string{"/label invalid_text"}},
		{"cloud", object{"label": "Cloud", "slug": "sky"}, "unknown_field", []string{"/slug unknown_field"}},
		{"%00", object{"label": "Cloud"}, "invalid_field", []string{"/path/slug bad_format"}},
		{"%ff", object{"label": "Cloud"}, "invalid_field", []string{"/path/slug bad_format"}},
		{strings.Repeat("x", 3000), object{"label": "Cloud"}, "invalid_field", []string{"/path/slug bad_format"}},
		{"%F0%9F%99%82", object{"label": "Cloud"}, "invalid_field", []string{"/path/slug bad_format"}},
	} {
		got := coordinator.put("/v1/topics/"+test.path, test.body)
		if got.status != http.StatusUnprocessableEntity || got.at("code") != test.code || fmt.Sprint(got.faults()) != fmt.Sprint(test.faults) {
			t.Errorf("%s %v: %d %s", test.path, test.body, got.status, got.text)
		}
		anna.put("/v1/topics/"+test.path, test.body).refused(http.StatusForbidden, "forbidden")
	}
	anna.get("/v1/topics").is("Cloud and operations", "items", "13", "label")
}

// TestTopicsInTwoLevels: the list has each topic behind the one above it.
func TestTopicsInTwoLevels(t *testing.T) {
	w := open(t, setting{})
	coordinator := w.person("coordinator")
	for _, slug := range []string{"sewing", "crafts", "knitting"} {
		coordinator.put("/v1/topics/"+slug, object{"label": slug}).expect(http.StatusOK)
	}
	for _, slug := range []string{"knitting", "sewing"} {
		coordinator.put("/v1/topics/"+slug, object{"label": slug, "parent": "crafts"}).expect(http.StatusOK)
	}
	coordinator.put("/v1/topics/crafts", object{"label": "crafts", "parent": "career"}).refused(http.StatusUnprocessableEntity, "invalid_field")
	above := ""
	for _, item := range w.person("zoe").get("/v1/topics").at("items").([]any) {
		topic := item.(map[string]any)
		if topic["parent"] == nil {
			above = topic["slug"].(string)
		} else if topic["parent"] != above {
			t.Errorf("%v stands behind %s", topic, above)
		}
	}
	if above != "crafts" {
		t.Errorf("the last of the upper level is %s", above)
	}
}
