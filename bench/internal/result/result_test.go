package result

import (
	"strings"
	"testing"
)

func TestTextHasOneLineAFieldInTheOrderOfTheStruct(t *testing.T) {
	var text strings.Builder
	r := Result{Scenario: "fanout", Readers: 1000, CPUPerDelivery: 0.123456, P99: 12345.678}
	if err := r.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(strings.Fields(text.String()), " ")
	for _, want := range []string{"scenario fanout server", "readers 1000", "p99_us 12345 cpu_us_per_delivery 0.1235"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	if strings.Contains(got, "window") {
		t.Errorf("a field that says nothing: %q", got)
	}
}
