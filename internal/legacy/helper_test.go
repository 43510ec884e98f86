package legacy

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// at is the time of each event in these tests; its ts is 1795464707.123.
var at = time.UnixMilli(1795464707123)

// events reads "kind data" lines.
func events(text string) []Event {
	var all []Event
	for row := range strings.Lines(text) {
		if row = strings.TrimSpace(row); row != "" {
			kind, data, _ := strings.Cut(row, " ")
			all = append(all, Event{kind, at, []byte(data)})
		}
	}
	return all
}

func view(form Form, id, text string) (objects []Object) {
	v := NewView(form, id)
	for _, e := range events(text) {
		objects = v.Append(objects, e)
	}
	return objects
}

// expect compares objects with those written in want, one a line, byte for byte.
func expect(t *testing.T, got []Object, want string) {
	t.Helper()
	var have, rows []string
	for _, o := range got {
		if !json.Valid(o.JSON) {
			t.Errorf("not JSON: %s", o.JSON)
		}
		have = append(have, string(o.JSON))
	}
	for row := range strings.Lines(want) {
		if row = strings.TrimSpace(row); row != "" {
			rows = append(rows, row)
		}
	}
	if diff := cmp.Diff(rows, have); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
}
