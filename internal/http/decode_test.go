package http

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/google/go-cmp/cmp"
)

type sharedFields struct {
	Name string `json:"name"`
}

// sample has a field of every kind that bodies have.
type sample struct {
	sharedFields
	Cmd    string            `json:"cmd" check:"required"`
	Cwd    *string           `json:"cwd"`
	Env    map[string]string `json:"env" check:"loose"`
	Count  int               `json:"count"`
	Port   int               `json:"port" check:"loose"`
	Share  float64           `json:"share"`
	Detach bool              `json:"detach"`
	Args   []string          `json:"args"`
	Limits struct {
		Memory string `json:"memory" check:"required"`
	} `json:"limits"`
	Volumes map[string]struct {
		Bind string `json:"bind" check:"required"`
	} `json:"volumes"`
	Data   json.RawMessage `json:"data"`
	Secret string          `json:"-"`
	Plain  string
}

func TestDecodeTakesOneObjectAndLeavesDefaultsAlone(t *testing.T) {
	got := sample{Count: 7, Detach: true}
	err := decodeBody([]byte(` {"cmd":"echo \u00e9 😀","name":"n","cwd":"/tmp","env":{"A":"b","PORT":8080,"RATE":1.5e3},"port":"81","count":null,"share":0.5,
		"args":["a",""],"limits":{"memory":"1g"},"volumes":{"v":{"bind":"/x"}},"data":{"any":[1]},"unknown":{"x":[]},"CMD":"other","Secret":"x","Plain":"x","-":"x"} `), &got)
	if err != nil {
		t.Fatal(err)
	}
	cwd := "/tmp"
	want := sample{Cmd: "echo é 😀", Cwd: &cwd, Env: map[string]string{"A": "b", "PORT": "8080", "RATE": "1.5e3"}, Count: 7, Port: 81, Share: 0.5, Detach: true, Args: []string{"a", ""}, Data: json.RawMessage(`{"any":[1]}`)}
	want.Name, want.Limits.Memory = "n", "1g"
	want.Volumes = map[string]struct {
		Bind string `json:"bind" check:"required"`
	}{"v": {"/x"}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(sample{})); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeNamesEveryFaultByItsPlace(t *testing.T) {
	type place = []any
	typed := func(kind string, loc ...any) fault {
		return fault{append(place{"body"}, loc...), kind + " type expected", "type_error." + kind}
	}
	missing := func(loc ...any) fault {
		return fault{append(place{"body"}, loc...), "field required", "value_error.missing"}
	}
	broken := func(msg string) fault { return fault{place{"body"}, msg, "value_error.jsondecode"} }
	deep := strings.Repeat("[", 40) + strings.Repeat("]", 40)
	for body, want := range map[string][]fault{
		``: {missing()}, " \n": {missing()},
		`{}`: {missing("cmd")}, `{"cmd":null}`: {missing("cmd")}, `{"Cmd":"x"}`: {missing("cmd")},
		`[]`: {typed("dict")}, `"x"`: {typed("dict")}, `null`: {typed("dict")}, `5`: {typed("dict")},
		`{"cmd":5}`: {typed("str", "cmd")}, `{"cmd":["x"]}`: {typed("str", "cmd")}, `{"cmd":true}`: {typed("str", "cmd")},
		`{"cmd":"x","name":1}`:                               {typed("str", "name")},
		`{"cmd":"x","cwd":{}}`:                               {typed("str", "cwd")},
		`{"cmd":"x","count":"5"}`:                            {typed("int", "count")},
		`{"cmd":"x","count":1.5}`:                            {typed("int", "count")},
		`{"cmd":"x","count":1e99}`:                           {typed("int", "count")},
		`{"cmd":"x","port":"x"}`:                             {typed("int", "port")},
		`{"cmd":"x","port":"null"}`:                          {typed("int", "port")},
		`{"cmd":"x","share":"a"}`:                            {typed("float", "share")},
		`{"cmd":"x","detach":1}`:                             {typed("bool", "detach")},
		`{"cmd":"x","args":"a b"}`:                           {typed("list", "args")},
		`{"cmd":"x","args":["a",1,null]}`:                    {typed("str", "args", 1.0), typed("str", "args", 2.0)},
		`{"cmd":"x","env":[]}`:                               {typed("dict", "env")},
		`{"cmd":"x","env":{"A":"b","C":{},"B":[],"D":null}}`: {typed("str", "env", "B"), typed("str", "env", "C"), typed("str", "env", "D")},
		`{"cmd":"x","limits":{}}`:                            {missing("limits", "memory")},
		`{"cmd":"x","volumes":{"v":{},"w":1}}`:               {missing("volumes", "v", "bind"), typed("dict", "volumes", "w")},
		`{"count":"x","detach":"yes"}`:                       {missing("cmd"), typed("int", "count"), typed("bool", "detach")},
		`{"cmd":"x"} {}`:                                     {broken("not one JSON value: invalid character '{' after top-level value at byte 13")},
		`{"cmd":"x",}`:                                       {broken("not one JSON value: invalid character '}' looking for beginning of object key string at byte 12")},
		`{"cmd":`:                                            {broken("not one JSON value: unexpected end of JSON input at byte 7")},
		`cmd=x`:                                              {broken("not one JSON value: invalid character 'c' looking for beginning of value at byte 1")},
		"{\"cmd\":\"a\xffb\"}":                               {broken("not UTF-8 at byte 9")},
		"\ufeff{}":                                           {broken("not one JSON value: invalid character 'ï' looking for beginning of value at byte 1")},
		`{"cmd":"x","data":` + deep + `}`:                    {broken("nested deeper than 32 levels at byte 49")},
	} {
		var answer *apiError
		if err := decodeBody([]byte(body), &sample{}); !errors.As(err, &answer) || answer.Status != 422 {
			t.Errorf("%.60q: %v", body, err)
			continue
		}
		// Compared as a client reads them.
		encoded, err := json.Marshal(answer.Detail)
		if err != nil {
			t.Fatal(err)
		}
		var got []fault
		if err := json.Unmarshal(encoded, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%.60q: %s", body, diff)
		}
	}
}

func TestBracketsInStringsAreNoDepth(t *testing.T) {
	var got sample
	text := strings.Repeat("[{", 50) + `\"` + strings.Repeat("[", 50)
	if err := decodeBody([]byte(`{"cmd":"`+text+`"}`), &got); err != nil {
		t.Error(err)
	}
}

func TestDecodeReadsAtMostTheLimit(t *testing.T) {
	l := serveApp(t, appOptions{BodyLimit: 100}, func(app *fiber.App) {
		app.Post("/", func(c *fiber.Ctx) error {
			var s sample
			if err := decode(c, &s); err != nil {
				return err
			}
			return c.SendString(s.Cmd)
		})
	})
	of := func(size int) string { return `{"cmd":"` + strings.Repeat("x", size-10) + `"}` }
	for _, c := range []struct {
		name, heads, body string
		status            int
	}{
		{"of just the limit", "Content-Length: 100", of(100), 200},
		{"one over", "Content-Length: 101", of(101), 413},
		{"chunked, just the limit", "Transfer-Encoding: chunked", "64\r\n" + of(100) + "\r\n0\r\n\r\n", 200},
		{"chunked, one over", "Transfer-Encoding: chunked", "65\r\n" + of(101) + "\r\n0\r\n\r\n", 413},
		{"chunked, without end", "Transfer-Encoding: chunked", "66\r\n" + of(101), 413},
		{"huge by its own word", "Content-Length: 99999999999", "", 413},
		{"asked for first", "Content-Length: 100\r\nExpect: 100-continue", of(100), 100},
		{"empty", "Content-Length: 0", "", 422},
		{"none at all", "X: y", "", 422},
		{"compressed", "Content-Length: 5\r\nContent-Encoding: gzip", "xxxxx", 415},
		{"cut off", "Transfer-Encoding: chunked", "5\r\nxx\r\nzz", 400},
	} {
		if c.name == "huge by its own word" {
			c.body = "{" // a handler starts with the first byte
		}
		r, body := answerTo(t, l.Addr().String(), "POST / HTTP/1.1\r\nHost: localhost\r\n"+c.heads+"\r\n\r\n"+c.body)
		if r.StatusCode != c.status {
			t.Errorf("a body %s: got %d %s, want %d", c.name, r.StatusCode, body, c.status)
		}
	}
}

// What a handler decoded stays what it was when the connection's buffers are
// used for the next requests.
func TestDecodedStringsAreCopies(t *testing.T) {
	var kept []sample
	l := serveApp(t, appOptions{}, func(app *fiber.App) {
		app.Post("/", func(c *fiber.Ctx) error {
			var s sample
			err := decode(c, &s)
			kept = append(kept, s)
			return err
		})
	})
	var raw strings.Builder
	for i := range 20 {
		body := fmt.Sprintf(`{"cmd":"command number %02d","env":{"KEY%02d":"%02d"}}`, i, i, i)
		fmt.Fprintf(&raw, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	}
	exchange(t, l.Addr().String(), raw.String())
	if len(kept) != 20 {
		t.Fatalf("%d requests arrived", len(kept))
	}
	for i, s := range kept {
		if want := fmt.Sprintf("command number %02d", i); s.Cmd != want || s.Env[fmt.Sprintf("KEY%02d", i)] == "" {
			t.Errorf("request %d is now %+v", i, s)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{``, `{}`, `{"cmd":"x"}`, `{"cmd":5,"env":{"A":null}}`, `[[[`, `{"cmd":"\ud800"}`, `{"port":"1","args":[1]}`, `{"data":{"a":[]}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var s sample
		err := decodeBody(body, &s)
		var answer *apiError
		switch {
		case err == nil && (!json.Valid(body) || !utf8.Valid(body)):
			t.Errorf("took %q", body)
		case err != nil && (!errors.As(err, &answer) || answer.Status != 422):
			t.Errorf("%q: %v", body, err)
		case err != nil:
			if _, err := json.Marshal(answer.Detail); err != nil {
				t.Errorf("%q: %v", body, err)
			}
		}
	})
}
