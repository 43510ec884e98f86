package mask_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"hub/internal/lines"
	"hub/internal/mask"
)

// maxData is the most bytes of JSON that the data of a line has.
const maxData = 59 << 10

// lineData is the data of a line event.
type lineData struct {
	Stream string `json:"stream"`
	Line   string `json:"line"`
	Part   int    `json:"part,omitempty"`
	Last   bool   `json:"last,omitempty"`
}

// reader takes events and joins the parts of lines, as readers do.
type reader struct {
	t     *testing.T
	lines []string
	all   []string // the events as "kind data"
	text  string
	part  int
}

func (r *reader) emit(kind string, data []byte) error {
	r.all = append(r.all, kind+" "+string(data))
	if kind != "line" {
		return nil
	}
	var d lineData
	if err := json.Unmarshal(data, &d); err != nil || len(data) > maxData {
		r.t.Fatalf("%d bytes, %v: %.200s", len(data), err, data)
	}
	if d.Part == 0 && r.part == 0 {
		r.lines = append(r.lines, d.Line)
		return nil
	}
	if d.Part != r.part+1 {
		r.t.Fatalf("part %d after part %d", d.Part, r.part)
	}
	r.text, r.part = r.text+d.Line, d.Part
	if d.Last {
		r.lines = append(r.lines, r.text)
		r.text, r.part = "", 0
	}
	return nil
}

func encoded(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// cut sends a text through a stream in parts cut anywhere between runes.
func cut(t *testing.T, stream *mask.Stream, r *reader, text string) {
	t.Helper()
	for part := 1; ; part++ {
		n := min(rand.IntN(6), len(text))
		for !utf8.RuneStart((text + "x")[n]) {
			n++
		}
		if last := n == len(text); last && part == 1 {
			stream.Event("line", encoded(t, lineData{Line: text}), r.emit)
		} else {
			stream.Event("line", encoded(t, lineData{Line: text[:n], Part: part, Last: last}), r.emit)
		}
		if text = text[n:]; text == "" {
			return
		}
	}
}

// Whatever the secrets, whatever stands around them, wherever the line is cut.
func TestALineInPartsIsMaskedAsIfItWereWhole(t *testing.T) {
	letters := []string{"a", "b", "ab", "\"", "\\", "ä", "<", " ", "😀", "x"}
	random := func(n int) (s string) {
		for range n {
			s += letters[rand.IntN(len(letters))]
		}
		return s
	}
	for round := range 1000 {
		set := new(mask.Set)
		var secrets []string
		for range 1 + rand.IntN(4) {
			secrets = append(secrets, random(4+rand.IntN(6)))
		}
		set.Add(secrets...)
		var text strings.Builder
		for range rand.IntN(10) {
			secret := secrets[rand.IntN(len(secrets))]
			for _, s := range []string{secret, secret[:rand.IntN(len(secret)+1)], secret[rand.IntN(len(secret)+1):], fmt.Sprintf("%q", secret), random(rand.IntN(4))} {
				if rand.IntN(2) == 0 {
					text.WriteString(s)
				}
			}
		}
		whole := strings.ToValidUTF8(text.String(), "")
		stream := mask.Stream{Set: set}
		r := &reader{t: t}
		for range 2 { // a stream goes on
			cut(t, &stream, r, whole)
		}
		want := set.Text(whole)
		if len(r.lines) != 2 || r.lines[0] != want || r.lines[1] != want || r.part != 0 {
			t.Fatalf("round %d, secrets %q, text %q:\n%q, want\n%q", round, secrets, whole, r.lines, want)
		}
		for _, secret := range secrets {
			if strings.TrimSpace(secret) != "" && strings.Contains(r.lines[0], secret) {
				t.Fatalf("round %d: %q is in %q", round, secret, r.lines[0])
			}
		}
	}
}

// A line of half a megabyte goes through a line writer; the secrets are longer than what a part has to spare.
func TestALongLineStaysWithinTheLimit(t *testing.T) {
	secret := strings.Repeat("s3cr\x01t ", 1000)
	set := setOf(secret, "hunter2")
	var text strings.Builder
	for text.Len() < 1<<19 {
		text.WriteString(strings.Repeat("\x01x", rand.IntN(30_000)))
		text.WriteString([]string{secret, secret[:rand.IntN(len(secret))], "hunter2"}[rand.IntN(3)])
	}
	stream := mask.Stream{Set: set}
	r := &reader{t: t}
	w := lines.NewWriter(func(kind string, data []byte) error { return stream.Event(kind, data, r.emit) }, lines.Options{Stream: "stdout"})
	w.Write([]byte(text.String() + "\n"))
	w.Close()
	if len(r.lines) != 1 || r.lines[0] != set.Text(text.String()) || len(r.all) < 8 {
		t.Errorf("%d lines of %d events", len(r.lines), len(r.all))
	}
}

// The first part ends in what may become the secret, which makes the second too long.
func TestAPartThatIsTooLongIsCut(t *testing.T) {
	secret := strings.Repeat("s3cret", 1000)
	text := strings.Repeat("x", 58<<10) + secret[:4000] + strings.Repeat("\x01é", 50<<10)
	stream := mask.Stream{Set: setOf(secret)}
	r := &reader{t: t}
	w := lines.NewWriter(func(kind string, data []byte) error { return stream.Event(kind, data, r.emit) }, lines.Options{Stream: "stdout"})
	w.Write([]byte(text + "\n"))
	w.Close()
	if len(r.lines) != 1 || r.lines[0] != text {
		t.Errorf("%d lines of %d events", len(r.lines), len(r.all))
	}
}

func TestWhatMayBecomeASecretIsHeldBack(t *testing.T) {
	const first, line = `{"stream":"stdout","line":"pass hun","part":1}`, "line "
	for _, c := range []struct {
		what string
		in   []string
		want []string
	}{
		{"it becomes one", []string{line + first, line + `{"stream":"stdout","line":"ter2","part":2,"last":true}`},
			[]string{line + `{"stream":"stdout","line":"pass ","part":1}`, line + `{"stream":"stdout","line":"***","part":2,"last":true}`}},
		{"it does not", []string{line + first, line + `{"stream":"stdout","line":"dred","part":2,"last":true}`},
			[]string{line + `{"stream":"stdout","line":"pass ","part":1}`, line + `{"stream":"stdout","line":"hundred","part":2,"last":true}`}},
		{"all of a part", []string{line + `{"line":"hun","part":1}`, line + `{"line":"ter2","part":2,"last":true}`}, []string{line + `{"line":"***"}`}},
		{"the other output goes on", []string{line + first, line + `{"stream":"stderr","line":"ter2","part":1,"last":true}`, line + `{"stream":"stdout","line":"ter2","part":2,"last":true}`},
			[]string{line + `{"stream":"stdout","line":"pass ","part":1}`, line + `{"stream":"stderr","line":"ter2"}`, line + `{"stream":"stdout","line":"***","part":2,"last":true}`}},
		{"the line does not go on", []string{line + first, line + `{"stream":"stdout","line":"next"}`},
			[]string{line + `{"stream":"stdout","line":"pass ","part":1}`, line + `{"stream":"stdout","line":"hun","part":2}`, line + `{"stream":"stdout","line":"next"}`}},
		{"the end", []string{line + first}, []string{line + `{"stream":"stdout","line":"pass ","part":1}`, line + `{"stream":"stdout","line":"hun","part":2}`}},
		{"the end of a secret", []string{line + `{"line":"hunter2h","part":1}`}, []string{line + `{"line":"***","part":1}`, line + `{"line":"h","part":2}`}},
		{"a state", []string{`progress {"stream":"stdout","line":"42% hunter2 hunte","redraw":true}`, `progress {"line":"42% hu","redraw":true}`},
			[]string{`progress {"stream":"stdout","line":"42% *** ***","redraw":true}`, `progress {"line":"42% hu","redraw":true}`}},
		{"other events", []string{`stage {"stage":"clone","error":"hunter2"}`, line + `{"line":"hunter2","part":1,"level":"x"}`},
			[]string{`stage {"stage":"clone","error":"***"}`, line + `{"line":"***","part":1,"level":"x"}`}},
	} {
		stream := mask.Stream{Set: setOf("hunter2")}
		r := &reader{t: t}
		any := func(kind string, data []byte) error { r.all = append(r.all, kind+" "+string(data)); return nil }
		for _, event := range c.in {
			kind, data, _ := strings.Cut(event, " ")
			if err := stream.Event(kind, []byte(data), any); err != nil {
				t.Error(err)
			}
		}
		if err := stream.Release(any); err != nil || stream.Release(any) != nil {
			t.Error(err)
		}
		if got := strings.Join(r.all, "\n"); got != strings.Join(c.want, "\n") {
			t.Errorf("%s:\n%s\nwant\n%s", c.what, got, strings.Join(c.want, "\n"))
		}
	}
}

func TestNobodyCanOpenLinesWithoutEnd(t *testing.T) {
	stream := mask.Stream{Set: setOf("hunter2")}
	var got []string
	for i := range 1000 {
		stream.Event("line", encoded(t, lineData{Stream: fmt.Sprint(i), Line: "hun", Part: 1}), func(_ string, data []byte) error {
			got = append(got, string(data))
			return nil
		})
	}
	if len(got) < 990 || got[0] != `{"stream":"0","line":"hun","part":1}` {
		t.Errorf("%d events went out, first %s", len(got), got[:1])
	}
}
