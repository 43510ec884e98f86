package legacy

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const running = `
	status {"task":"generic_task","status":"running","cmd":"c"}`

// texts are the lines of objects; those without one are "-". Beside each stands for how many events it counts.
func texts(t *testing.T, objects []Object) string {
	t.Helper()
	var all []string
	for _, o := range objects {
		var line struct{ Line *string }
		if err := json.Unmarshal(o.JSON, &line); err != nil {
			t.Fatal(err)
		}
		text := "-"
		if line.Line != nil {
			text = *line.Line
		}
		all = append(all, fmt.Sprintf("%s:%d", text, o.Events))
	}
	return strings.Join(all, " ")
}

// Parts become one line where the last of them stood; other streams' lines keep their order.
func TestParts(t *testing.T) {
	for _, c := range []struct{ name, events, want string }{
		{"joined", `
			line {"stream":"stdout","line":"a","part":1}
			line {"stream":"stdout","line":"\n","part":2}
			line {"stream":"stdout","line":"","part":3,"last":true}
			line {"stream":"stdout","line":"b"}`, "a\n:3 b:1"},
		{"two streams at once", `
			line {"stream":"stdout","line":"o1","part":1}
			line {"stream":"stderr","line":"e1","part":1}
			line {"stream":"stderr","line":"e2","part":2,"last":true}
			line {"stream":"stderr","line":"e3"}
			line {"stream":"stdout","line":"o2","part":2,"last":true}`, "e1e2:2 e3:1 o1o2:2"},
		{"unfinished at the end", `
			line {"stream":"stdout","line":"a","part":1}
			end {"status":"completed","exit_code":0}`, "a:1 -:1"},
		{"unfinished at a gap", `
			line {"stream":"stdout","line":"a","part":1}
			gap {"topic":"tasks/x","count":7,"reason":"slow"}
			line {"stream":"stdout","line":"i","part":9,"last":true}`, "a:1 i:1"},
		{"a part missing", `
			line {"stream":"stdout","line":"a","part":1}
			line {"stream":"stdout","line":"c","part":3}
			line {"stream":"stdout","line":"d","part":4,"last":true}`, "a:1 cd:2"},
		{"never finished", `
			line {"stream":"stdout","line":"a","part":1}
			line {"stream":"stdout","line":"b"}`, "a:1 b:1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := texts(t, view(Posted, "x", running+c.events)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// An unfinished line is held back, and the view says how many events wait in it.
func TestHeld(t *testing.T) {
	v := NewView(Posted, "x")
	for i, want := range []int{0, 1, 2, 3, 1, 0} {
		e := events(running + `
			line {"stream":"stdout","line":"a","part":1}
			line {"stream":"stderr","line":"b","part":1}
			line {"stream":"stdout","line":"c","part":2}
			line {"stream":"stdout","line":"d","part":3,"last":true}
			end {"status":"completed","exit_code":0}`)[i]
		v.Append(nil, e)
		if v.Held() != want {
			t.Errorf("after %s %s: %d held, want %d", e.Kind, e.Data, v.Held(), want)
		}
	}
}

// A line of 2 MB comes whole, as several of at most MaxLine.
func TestHugeLine(t *testing.T) {
	part := strings.Repeat("0123456789abcdé", 3000)
	v := NewView(Posted, "x")
	var objects []Object
	const n = 40
	for i := 1; i <= n; i++ {
		data := fmt.Sprintf(`{"stream":"stdout","line":%q,"part":%d,"last":%t}`, part, i, i == n)
		objects = v.Append(objects, Event{"line", at, []byte(data)})
	}
	var whole strings.Builder
	counted := 0
	for _, o := range objects {
		if len(o.JSON) > MaxLine+1000 {
			t.Errorf("an object of %d bytes", len(o.JSON))
		}
		var line struct{ Line string }
		if err := json.Unmarshal(o.JSON, &line); err != nil {
			t.Fatal(err)
		}
		whole.WriteString(line.Line)
		counted += o.Events
	}
	if whole.String() != strings.Repeat(part, n) {
		t.Errorf("the text is not whole: %d bytes", whole.Len())
	}
	if counted != n || v.Held() != 0 {
		t.Errorf("%d events counted, %d held, of %d", counted, v.Held(), n)
	}
}
